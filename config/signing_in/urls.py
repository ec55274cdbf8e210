"""All addresses of the door, one by one: what allauth offers beside them (sign-up, e-mail addresses, log-in by mail) has none.

They come before the admin's own, so that its log-in, its log-out and its change of a password are these.
"""

from django.urls import path, re_path
from django.views.generic import RedirectView

from config.signing_in import views

urlpatterns = [
    path("login/", views.SignIn.as_view(), name="account_login"),
    path("logout/", views.SignOut.as_view(), name="account_logout"),
    path("password_change/", RedirectView.as_view(pattern_name="account_change_password")),
    path("password_change/done/", RedirectView.as_view(pattern_name="account_change_password")),
    path("account/", RedirectView.as_view(pattern_name="mfa_index"), name="account"),
    path("account/code/", views.EnterCode.as_view(), name="mfa_authenticate"),
    path("account/confirm/", views.ConfirmPassword.as_view(), name="account_reauthenticate"),
    path("account/confirm/code/", views.ConfirmCode.as_view(), name="mfa_reauthenticate"),
    path("account/password/", views.ChangePassword.as_view(), name="account_change_password"),
    path("account/forgotten/", views.Forgotten.as_view(), name="account_reset_password"),
    path("account/forgotten/sent/", views.ForgottenSent.as_view(), name="account_reset_password_done"),
    re_path(
        r"^account/forgotten/(?P<uidb36>[0-9A-Za-z]+)-(?P<key>[0-9A-Za-z-]+)/$",
        views.NewPassword.as_view(),
        name="account_reset_password_from_key",
    ),
    path("account/forgotten/done/", views.NewPasswordSet.as_view(), name="account_reset_password_from_key_done"),
    path("account/factor/", views.Factors.as_view(), name="mfa_index"),
    path("account/factor/set-up/", views.SetUp.as_view(), name="mfa_activate_totp"),
    path("account/factor/remove/", views.TakeAway.as_view(), name="mfa_deactivate_totp"),
    path("account/codes/", views.RecoveryCodes.as_view(), name="mfa_view_recovery_codes"),
    path("account/codes/new/", views.NewRecoveryCodes.as_view(), name="mfa_generate_recovery_codes"),
    path("account/codes/download/", views.download_codes, name="mfa_download_recovery_codes"),
    path("account/clock/", views.change_clock, name="account_clock"),
    path("account/browsers/", views.Sessions.as_view(), name="usersessions_list"),
]
