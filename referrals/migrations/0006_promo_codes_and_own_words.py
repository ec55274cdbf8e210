import django.db.models.deletion
from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('referrals', '0005_substitutes_and_risks'),
    ]

    operations = [
        migrations.AddField(
            model_name='code',
            name='invitation_text',
            field=models.CharField(blank=True, editable=False, help_text="The invitation in the customer's own words.", max_length=400),
        ),
        migrations.CreateModel(
            name='PromoCode',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('text', models.CharField(max_length=24)),
                ('key', models.CharField(editable=False, max_length=24, unique=True)),
                ('chosen_at', models.DateTimeField()),
                ('code', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='promo_codes', to='referrals.code')),
            ],
            options={
                'ordering': ['chosen_at', 'id'],
                'constraints': [models.CheckConstraint(condition=models.Q(('key', ''), _negated=True), name='promo_code_has_a_key')],
            },
        ),
    ]
