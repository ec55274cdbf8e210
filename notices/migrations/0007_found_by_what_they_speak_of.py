from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('campaigns', '0006_texts_in_several_languages'),
        ('customers', '0007_names_by_their_beginning_everywhere'),
        ('notices', '0006_every_message_has_a_name'),
    ]

    operations = [
        migrations.AddIndex(
            model_name='notice',
            index=models.Index(condition=models.Q(('about', ''), _negated=True), fields=['about'], name='notice_about'),
        ),
        migrations.AddIndex(
            model_name='providerevent',
            index=models.Index(condition=models.Q(('message', ''), _negated=True), fields=['message'], name='provider_event_of_message'),
        ),
    ]
