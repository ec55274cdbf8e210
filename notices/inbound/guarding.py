"""Whether what providers tell can be told from what anybody else says."""

from collections.abc import Mapping

from django.conf import settings

_SIGNING: Mapping[str, tuple[str, ...]] = {
    "mailersend": ("MAILERSEND_SIGNING_SECRET",),
    "mailgun": ("MAILGUN_WEBHOOK_SIGNING_KEY", "MAILGUN_API_KEY"),
    "mailtrap": ("MAILTRAP_WEBHOOK_SECRET",),
    "mandrill": ("MANDRILL_WEBHOOK_KEY",),
    "postal": ("POSTAL_WEBHOOK_KEY",),
    "resend": ("RESEND_SIGNING_SECRET",),
    "sendgrid": ("SENDGRID_TRACKING_WEBHOOK_VERIFICATION_KEY",),
    "unisender_go": ("UNISENDER_GO_API_KEY",),
}
"""Providers whose signature django-anymail checks, with the settings of which one holds the key. All others need a secret in the address."""


def email_is_guarded() -> bool:
    """Whether the chosen mail provider signs what it tells, or has a secret in the address it tells it to."""
    keys = ("WEBHOOK_SECRET", *_SIGNING.get(settings.EMAIL_PROVIDER, ()))
    return any(settings.ANYMAIL.get(key) for key in keys)


def what_email_needs() -> str:
    """What has to be set for that, in words."""
    keys = _SIGNING.get(settings.EMAIL_PROVIDER, ())
    own = f"{' or '.join(keys)} in EMAIL_PROVIDER_OPTIONS, or " if keys else ""
    return f"Set {own}EMAIL_WEBHOOK_SECRET to “user:password” and write both into the address at the provider."
