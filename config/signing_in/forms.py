"""What is typed at the door. allauth's forms in the words of the house, and with codes that are good only once."""

from typing import Any

from allauth.account import forms as account_forms
from allauth.core import context
from allauth.mfa.base import forms as factor_forms
from allauth.mfa.models import Authenticator
from allauth.mfa.totp import forms as totp_forms
from allauth.mfa.totp.internal.auth import SECRET_SESSION_KEY
from django import forms
from django.core.exceptions import ValidationError

from config.signing_in import ciphers, factors
from desk.queue import enqueue
from desk.time_zones import by_region

_PASSWORD_HELP = "At least 12 characters: a sentence is fine. Not your name, and none of the passwords everybody uses."


class Plain:
    """Labels stand above the fields; nothing stands in them that is not typed."""

    label_suffix = ""
    labels: dict[str, str] = {}
    helps: dict[str, str] = {}
    cursor = ""
    """The field in which one types at once, where the form is all there is on its page."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **{"label_suffix": "", **kwargs})
        fields: dict[str, forms.Field] = self.fields  # type: ignore[attr-defined]
        for name, field in fields.items():
            field.widget.attrs.pop("placeholder", None)
            field.label = self.labels.get(name, field.label)
            field.help_text = self.helps.get(name, "")
        if self.cursor:
            fields[self.cursor].widget.attrs["autofocus"] = True


class ClockForm(Plain, forms.Form):
    """The time zone of one's own pages."""

    helps = {"zone": "Days and times on the pages of the desk are shown on its clock. Files and the audit search stay in UTC."}

    zone = forms.ChoiceField(label="Time zone")

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["zone"].choices = by_region()  # type: ignore[attr-defined]


class SignInForm(Plain, account_forms.LoginForm):
    """User name and password."""

    labels = {"login": "User name"}
    cursor = "login"


class ForgottenPasswordForm(Plain, account_forms.ResetPasswordForm):
    """Where the link goes. Known or not: the same words, and the same work now; the mail is written in the background."""

    labels = {"email": "Your e-mail address"}
    cursor = "email"

    def save(self, request: Any, **kwargs: Any) -> str:
        """Ask for the mail. For an address nobody has, the job finds nobody."""
        for pk in [user.pk for user in self.users] or [0]:
            enqueue("config.jobs.mail_password_reset", pk)
        return str(self.cleaned_data["email"])


class NewPasswordForm(Plain, account_forms.ChangePasswordForm):
    """A new password for somebody who knows the old one."""

    labels = {"oldpassword": "Password of today", "password1": "New password", "password2": "New password, again"}
    helps = {"password1": _PASSWORD_HELP}


class ResetPasswordForm(Plain, account_forms.ResetPasswordKeyForm):
    """A new password for somebody who has the link."""

    labels = {"password1": "New password", "password2": "New password, again"}
    cursor = "password1"
    helps = {"password1": _PASSWORD_HELP}


class ConfirmPasswordForm(Plain, account_forms.ReauthenticateForm):
    """The password again, before something that matters."""

    labels = {"password": "Your password"}
    cursor = "password"


class _OnceMixin:
    """Codes of an app are good once, in whichever process of the site they are typed."""

    def clean_code(self) -> str:
        """The code, if it is right and was not used before."""
        try:
            code = str(super().clean_code())  # type: ignore[misc]
            authenticator: Authenticator = self.authenticator  # type: ignore[attr-defined]
            is_fresh = authenticator.type != Authenticator.Type.TOTP or factors.spend(authenticator, code)
        except ciphers.Unreadable as problem:
            text = "Your second factor cannot be read any more, because a key of this site was changed. Ask an administrator to reset it."
            raise ValidationError(text, code="unreadable") from problem
        if not is_fresh:
            raise ValidationError("That code was used already. Wait for the next one in your app.", code="used_code")
        return code


_CODE = {"code": "Code"}
_CODE_HELP = {"code": "Six digits from your app, or one of your recovery codes."}


class CodeForm(_OnceMixin, Plain, factor_forms.AuthenticateForm):
    """The second step of a log-in."""

    labels, helps = _CODE, _CODE_HELP
    cursor = "code"


class ConfirmCodeForm(_OnceMixin, Plain, factor_forms.ReauthenticateForm):
    """A code again, before something that matters."""

    labels, helps = _CODE, _CODE_HELP
    cursor = "code"


class SetUpForm(Plain, totp_forms.ActivateTOTPForm):
    """The first code of a new app. Until it is right the secret waits in the session, and there too it lies encrypted."""

    labels = {"code": "The six digits your app shows now"}

    secret: str

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        waiting = self.secret
        self.secret = ciphers.decrypt(waiting) if ciphers.is_encrypted(waiting) else waiting
        context.request.session[SECRET_SESSION_KEY] = ciphers.encrypt(self.secret)
        self.fields["code"].widget.attrs["inputmode"] = "numeric"
