"""The one mail of the door: a link to set a new password."""

from allauth.account.forms import default_token_generator
from allauth.account.utils import user_pk_to_url_str
from django.conf import settings
from django.contrib.auth.models import User
from django.core.mail import send_mail
from django.template.loader import render_to_string
from django.urls import reverse

_TEMPLATE = "account/email/password_reset_key"


def mail_password_reset(pk: int) -> int:
    """Mail a fresh link to this member of staff. Answers how many mails went: 1, or 0 when nobody active has the key.

    The address in the link is that of the settings, never one that a request named. An account without a password can be
    given its first one this way.
    """
    user = User.objects.filter(pk=pk, is_active=True, is_staff=True).exclude(email="").first()
    if user is None:
        return 0
    key = {"uidb36": user_pk_to_url_str(user), "key": default_token_generator.make_token(user)}
    words = {
        "username": user.get_username(),
        "site_title": "Lendwell",
        "site_url": settings.SITE_URL,
        "password_reset_url": settings.SITE_URL + reverse("account_reset_password_from_key", kwargs=key),
    }
    subject = render_to_string(f"{_TEMPLATE}_subject.txt", words).strip()
    return send_mail(subject, render_to_string(f"{_TEMPLATE}_message.txt", words), None, [user.email])
