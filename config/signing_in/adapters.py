"""Where our rules meet allauth: what it asks before, during and after a log-in."""

from typing import Any

from allauth.account.adapter import DefaultAccountAdapter
from allauth.account.internal.flows.login import get_authentication_records
from allauth.core.exceptions import ImmediateHttpResponse
from allauth.mfa.adapter import DefaultMFAAdapter
from django.conf import settings
from django.contrib.auth import authenticate
from django.contrib.auth.models import User
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils import timezone
from django.utils.http import url_has_allowed_host_and_scheme

from config.signing_in import guessing
from config.signing_in.backends import StaffBackend
from config.signing_in.ciphers import decrypt, encrypt
from desk.rate_limits import TooOften


class StaffAccountAdapter(DefaultAccountAdapter):
    """Staff only, no sign-up, no door but the form; guessing is counted by us."""

    error_messages = DefaultAccountAdapter.error_messages | {
        "username_password_mismatch": "User name and password do not fit together. Check both; capitals matter in the password.",
        "incorrect_password": "That is not your password. Capitals matter.",
        "enter_current_password": "That is not your password of today. Capitals matter.",
        "too_many_login_attempts": "Too many wrong codes. Wait 15 minutes, then try again with a new code.",
        "rate_limited": "Too many wrong codes. Wait 15 minutes, then try again with a new code.",
        "invalid_password_reset": "This link was used already, or is older than an hour. Ask for a new one.",
    }

    def is_open_for_signup(self, request: HttpRequest) -> bool:
        """Accounts are made by administrators."""
        return False

    def is_ajax(self, request: HttpRequest) -> bool:
        """Pages answer people. allauth's second way of answering, for scripts, stays shut."""
        return False

    def get_client_ip(self, request: HttpRequest) -> str:
        """The address behind our proxies."""
        return guessing.address_of(request)

    def is_safe_url(self, url: str) -> bool:
        """Whether somebody may be sent there after a log-in: a path of this site, and nothing that could be read as more."""
        is_plain = url.startswith("/") and url.isprintable() and "\\" not in url
        return is_plain and url_has_allowed_host_and_scheme(url, allowed_hosts=None)

    def authenticate(self, request: HttpRequest, **credentials: Any) -> User | None:
        """Who this is, if the password is right; axes counts when it is not. Raises `ImmediateHttpResponse` (429)."""
        at = timezone.now()
        try:
            guessing.slow_down(request, guessing.name_tried(request, credentials), at)
        except TooOften as refusal:
            raise ImmediateHttpResponse(guessing.slow_page(request, refusal, at)) from refusal
        user = authenticate(request, **credentials)
        # allauth keeps somebody whose password is right but who may not sign in, to tell them so; here they read the same words.
        StaffBackend.unstash_authenticated_user()
        return user if isinstance(user, User) else None

    def respond_user_inactive(self, request: HttpRequest, user: Any) -> HttpResponse:
        """Who was switched off between password and code starts again, as a stranger."""
        return redirect("account_login")

    def post_login(self, request: HttpRequest, user: Any, **hooks: Any) -> HttpResponse:
        """Keep in mind when the session began, and that this browser is one of theirs."""
        request.session["began_at"] = timezone.now().timestamp()
        response: HttpResponse = super().post_login(request, user, **hooks)
        guessing.remember_browser(request, response, user)
        return response

    def is_reauthentication_required(self, *, app: str, **kwargs: Any) -> bool:
        """Not within five minutes of the log-in itself: the password was asked just now."""
        records = get_authentication_records(self.request, self.request.user)
        last = max((record["at"] for record in records), default=0.0)
        return timezone.now().timestamp() - last >= settings.ACCOUNT_REAUTHENTICATION_TIMEOUT


class StaffFactorAdapter(DefaultMFAAdapter):
    """Secrets lie encrypted; the app on the phone shows the user name, not an address."""

    error_messages = DefaultMFAAdapter.error_messages | {
        "incorrect_code": "That code is not right, or no longer. Wait for the next one in your app and type it without pause.",
    }

    def encrypt(self, text: str) -> str:
        """What the database keeps."""
        return encrypt(text)

    def decrypt(self, encrypted_text: str) -> str:
        """What the database kept. Raises `Unreadable`."""
        return decrypt(encrypted_text)

    def get_totp_label(self, user: Any) -> str:
        """The name under which the app lists this account."""
        return str(user.get_username())
