"""On PostgreSQL: how a name or surname begins is found by an index, whatever the collation of the database.

The expressions are those that Django writes for `name__istartswith` and for `customers.finding.surname`.
"""

from django.db import migrations

INDEXES = {
    "customer_name_begins": 'UPPER("name"::text) text_pattern_ops',
    "customer_surname_begins": "UPPER(SUBSTRING(\"name\", (STRPOS(\"name\", ' ') + 1))) text_pattern_ops",
}


def create(apps, editor):
    if editor.connection.vendor == "postgresql":
        for name, expression in INDEXES.items():
            editor.execute(f"CREATE INDEX {name} ON customers_customer ({expression})")


def drop(apps, editor):
    if editor.connection.vendor == "postgresql":
        for name in INDEXES:
            editor.execute(f"DROP INDEX {name}")


class Migration(migrations.Migration):

    dependencies = [("customers", "0003_indexes_of_lists")]

    operations = [migrations.RunPython(create, drop)]
