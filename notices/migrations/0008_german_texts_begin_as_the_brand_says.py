"""Shipped German texts began and ended with words of their own; now the brand may say how, as in English.

Published texts are never changed, so what is still as it was shipped gets a second version. What staff wrote stays.
"""

from django.db import migrations

BEFORE = (("Hallo {{ name }},\n", "{{ greeting }} {{ name }},\n"), ("Viele Grüße\ndein Team von {{ brand_name }}", "{{ sign_off }}"))


def publish_second_versions(apps, schema_editor):
    """Of general German mails that have one version only, the shipped one."""
    rows = apps.get_model("notices", "Template").objects.using(schema_editor.connection.alias)
    general = rows.filter(language="de", channel="email", campaign__isnull=True)
    written_anew = set(general.filter(version__gt=1).values_list("kind", flat=True))
    for shipped in general.filter(version=1, state="published").exclude(kind__in=written_anew):
        body = shipped.body
        for old, new in BEFORE:
            body = body.replace(old, new)
        if body != shipped.body:
            rows.create(
                kind=shipped.kind, channel="email", language="de", version=2, subject=shipped.subject, body=body, state="published",
                published_at=shipped.published_at,
            )  # fmt: skip


class Migration(migrations.Migration):
    dependencies = [("notices", "0007_found_by_what_they_speak_of")]

    operations = [migrations.RunPython(publish_second_versions, migrations.RunPython.noop)]
