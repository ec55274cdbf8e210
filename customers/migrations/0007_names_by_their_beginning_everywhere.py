"""How a name or surname begins is found by an index on SQLite as well; on PostgreSQL by the same two, known to the model now."""

import customers.surnames
import desk.beginnings
import django.db.models.functions.text
from django.db import migrations

NAMES = ("customer_name_begins", "customer_surname_begins")


def drop(apps, editor):
    if editor.connection.vendor == "postgresql":
        for name in NAMES:
            editor.execute(f"DROP INDEX IF EXISTS {name}")


class Migration(migrations.Migration):

    dependencies = [
        ('customers', '0006_terms_in_several_languages'),
    ]

    operations = [
        migrations.RunPython(drop, migrations.RunPython.noop),
        migrations.AddIndex(
            model_name='customer',
            index=desk.beginnings.BeginningIndex(django.db.models.functions.text.Upper('name'), name='customer_name_begins'),
        ),
        migrations.AddIndex(
            model_name='customer',
            index=desk.beginnings.BeginningIndex(customers.surnames.Surname('name'), name='customer_surname_begins'),
        ),
    ]
