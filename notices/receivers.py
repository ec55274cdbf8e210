"""What this app does when others act: shipped texts after a migrate, blank notices after an erasure, a check before a launch."""

from typing import Any

from anymail.signals import tracking
from django.apps import AppConfig
from django.db import connections
from django.db.models.signals import post_migrate
from django.utils import timezone

from campaigns import readiness
from customers.erasing import register_eraser
from notices import default_templates
from notices.erasing import blank_notices
from notices.inbound.mails import receive_mail_event
from notices.models import Template
from notices.readiness import check_templates


def install_templates(sender: AppConfig, using: str = "default", **kwargs: Any) -> None:
    """Put the shipped texts in place after a migrate. Does nothing while the table is away (a migration backwards)."""
    if sender.name == "notices" and Template._meta.db_table in connections[using].introspection.table_names():
        default_templates.install(at=timezone.now(), using=using)


def keep_mail_event(sender: Any, event: Any, esp_name: str, **kwargs: Any) -> None:
    """What a mail provider told, checked by django-anymail: kept at once, applied by a job."""
    receive_mail_event(event, esp_name, at=timezone.now())


tracking.connect(keep_mail_event, dispatch_uid="notices.mail_events")
post_migrate.connect(install_templates, dispatch_uid="notices.default_templates")
register_eraser(blank_notices)
readiness.register(check_templates)
