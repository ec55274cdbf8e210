from django.db import migrations


def keep_chosen_ones(apps, schema_editor):
    """Every promo code that was chosen before gets its row."""
    codes = apps.get_model('referrals', 'Code').objects.exclude(promo_code=None).exclude(promo_code='')
    look_alikes = str.maketrans({'O': '0', 'I': '1', 'L': '1', '-': None, ' ': None, '_': None, '.': None})
    rows = apps.get_model('referrals', 'PromoCode').objects
    for code in codes.iterator():
        key = code.promo_code.strip().upper().translate(look_alikes)
        rows.get_or_create(key=key, defaults={'code': code, 'text': code.promo_code, 'chosen_at': code.issued_at})


class Migration(migrations.Migration):

    dependencies = [
        ('referrals', '0006_promo_codes_and_own_words'),
    ]

    operations = [
        migrations.RunPython(keep_chosen_ones, migrations.RunPython.noop),
    ]
