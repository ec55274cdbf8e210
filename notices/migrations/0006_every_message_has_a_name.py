"""Every notice has a Message-ID, also one that is said in another message."""

from urllib.parse import urlsplit

from django.conf import settings
from django.db import migrations, models
from django.db.backends.base.schema import BaseDatabaseSchemaEditor
from django.db.migrations.state import StateApps


def name_them(apps: StateApps, editor: BaseDatabaseSchemaEditor) -> None:
    for notice in apps.get_model("notices", "Notice").objects.filter(message_id=""):
        notice.message_id = f"<{notice.reference}@{urlsplit(settings.SITE_URL).hostname}>"
        notice.save(update_fields=["message_id"])


class Migration(migrations.Migration):
    dependencies = [("notices", "0005_sequences")]

    operations = [
        migrations.RunPython(name_them, migrations.RunPython.noop),
        migrations.AddConstraint(
            model_name="notice",
            constraint=models.CheckConstraint(condition=~models.Q(message_id=""), name="notice_has_a_message_id"),
        ),
    ]
