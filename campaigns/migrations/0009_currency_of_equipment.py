from collections import defaultdict

from django.db import migrations


def take_from_campaigns(apps, schema_editor):
    """The value of a thing was read in the currency of the campaigns that lend it. Where they have several, staff must say which."""
    alias = schema_editor.connection.alias
    campaigns = apps.get_model("campaigns", "Campaign").objects.using(alias)
    tiers = apps.get_model("campaigns", "Tier").objects.using(alias).filter(equipment_model__isnull=False)
    lent_in = defaultdict(set)
    for model, currency in (*campaigns.values_list("equipment_model", "currency"), *tiers.values_list("equipment_model", "campaign__currency")):
        lent_in[model].add(currency)
    everywhere = {currency for known in lent_in.values() for currency in known}
    for model in apps.get_model("equipment", "EquipmentModel").objects.using(alias):
        known = lent_in.get(model.pk, everywhere)
        if len(known) == 1:
            model.currency = next(iter(known))
            model.save(update_fields=["currency"])


class Migration(migrations.Migration):

    dependencies = [
        ('campaigns', '0008_brand_with_logo_and_voices'),
        ('equipment', '0009_currency_of_values'),
    ]

    operations = [migrations.RunPython(take_from_campaigns, migrations.RunPython.noop)]
