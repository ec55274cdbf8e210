"""The pages of the door. allauth's views; what they show is in `templates/account`, `templates/mfa`, `templates/usersessions`."""

from typing import Any, cast

from allauth.account import views as account
from allauth.mfa.base import views as mfa
from allauth.mfa.recovery_codes import views as codes
from allauth.mfa.totp import views as totp
from allauth.usersessions import views as sessions
from django.contrib import admin, messages
from django.contrib.auth.models import User
from django.http import HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import render
from django.urls import reverse_lazy
from django.utils import timezone
from django.views.generic import FormView

from config.signing_in import clocks, factors
from config.signing_in.forms import ClockForm
from desk.browsers import spoken


class Answered:
    """A form that was sent and is shown again has something wrong: 422, not 200. `title` stands above the page."""

    title = ""

    def dispatch(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        """The page."""
        response: HttpResponseBase = super().dispatch(request, *args, **kwargs)  # type: ignore[misc]
        if request.method == "POST" and response.status_code == 200:
            response.status_code = 422
        return response

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        """With the title, and where the account's other pages are."""
        context: dict[str, Any] = super().get_context_data(**kwargs)  # type: ignore[misc]
        return {"title": self.title, "place": self.request.resolver_match.url_name, **context}  # type: ignore[attr-defined]


class SignIn(Answered, account.LoginView):
    """The door."""

    title = "Log in"


class SignOut(Answered, account.LogoutView):
    """Leaving: by POST; the page asks whoever came by a link."""

    title = "Log out"

    def post(self, *args: Any, **kwargs: Any) -> HttpResponse:
        """Leave, and have the browser forget what it kept of these pages."""
        response: HttpResponse = super().post(*args, **kwargs)
        response["Clear-Site-Data"] = '"cache", "storage"'
        return response


class Forgotten(Answered, account.PasswordResetView):
    """Asking for a link."""

    title = "Forgotten password"


class ForgottenSent(Answered, account.PasswordResetDoneView):
    """The same words for every address."""

    title = "Look into your mail"


class NewPassword(Answered, account.PasswordResetFromKeyView):
    """A new password by link. Nobody is let in by it: the log-in with its second factor comes after."""

    title = "Set a new password"


class NewPasswordSet(Answered, account.PasswordResetFromKeyDoneView):
    """It was set."""

    title = "Your password was changed"


class ChangePassword(Answered, account.PasswordChangeView):
    """A new password for whoever knows the old one; all other browsers are logged out by it."""

    title = "Password"


class ConfirmPassword(Answered, account.ReauthenticateView):
    """The password again."""

    title = "Is it you?"


class EnterCode(Answered, mfa.AuthenticateView):
    """The second step of a log-in."""

    title = "Second step"


class ConfirmCode(Answered, mfa.ReauthenticateView):
    """A code again."""

    title = "Is it you?"


class Factors(Answered, mfa.IndexView):
    """What is set up."""

    title = "Second factor"

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        """With how many recovery codes are left."""
        return super().get_context_data(codes_left=factors.codes_left(self.request.user), **kwargs)


class SetUp(Answered, totp.ActivateTOTPView):
    """Setting an app up."""

    title = "Set up your second factor"

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        """With the key in groups of four, as apps show it."""
        context = super().get_context_data(**kwargs)
        secret = context["form"].secret
        return context | {"key_parts": [secret[start : start + 4] for start in range(0, len(secret), 4)]}

    def form_valid(self, form: Any) -> HttpResponse:
        """Set it up, and use the code up with it."""
        response: HttpResponse = super().form_valid(form)
        factors.remember_set_up(self.request.user, form.secret, form.cleaned_data["code"])
        return response


class TakeAway(Answered, totp.DeactivateTOTPView):
    """Taking an app away, to set up another."""

    title = "Remove the app"


class RecoveryCodes(Answered, codes.ViewRecoveryCodesView):
    """The codes for the day the phone is lost."""

    title = "Recovery codes"


class NewRecoveryCodes(Answered, codes.GenerateRecoveryCodesView):
    """New ones, for those that were used or seen."""

    title = "New recovery codes"


class Sessions(Answered, sessions.ListUserSessionsView):
    """Where somebody is logged in."""

    title = "Where you are logged in"

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        """With browsers called as people call them."""
        context = super().get_context_data(**kwargs)
        return context | {"rows": [(session, spoken(session.user_agent)) for session in context["sessions"]]}


class Clock(Answered, FormView):
    """Which clock one's own pages go by."""

    title = "Time zone"
    template_name = "account/clock.html"
    form_class = ClockForm
    success_url = reverse_lazy("account_clock")

    def get_initial(self) -> dict[str, Any]:
        """The one that is chosen."""
        return {"zone": clocks.of_session(self.request.session).key}

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        """With the time it is there."""
        return super().get_context_data(now=timezone.now(), **kwargs)

    def form_valid(self, form: Any) -> HttpResponse:
        """Keep it."""
        zone = form.cleaned_data["zone"]
        clocks.choose(user=cast(User, self.request.user), zone=zone)
        clocks.keep(self.request.session, zone)
        messages.success(self.request, f"Times are shown on the clock of {zone.rpartition('/')[2].replace('_', ' ')} now.")
        return super().form_valid(form)


change_clock = admin.site.admin_view(Clock.as_view())
download_codes = codes.download_recovery_codes


def too_many(request: HttpRequest) -> HttpResponse:
    """429 of the door's own limits."""
    return render(request, "429.html", status=429)
