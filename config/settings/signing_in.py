"""How staff sign in: one door, a second factor, short sessions, slow guessing. `docs/security/sign-in.md` tells the whole of it."""

from datetime import timedelta

import environ

env = environ.Env()

# Turned on by production. Where it is off, a second factor may be set up but nobody is made to.
STAFF_SECOND_FACTOR = False
# Encrypts the secrets of second factors. Empty: SECRET_KEY does, and then cannot be changed without setting all up again.
MFA_KEY = env.str("MFA_KEY", default="")

# The first refuses who is locked out and knows nobody; the second knows staff, and nobody else.
AUTHENTICATION_BACKENDS = ["axes.backends.AxesStandaloneBackend", "config.signing_in.backends.StaffBackend"]
LOGIN_URL = "account_login"
LOGIN_REDIRECT_URL = "admin:index"
LOGOUT_REDIRECT_URL = "account_login"
PASSWORD_RESET_TIMEOUT = 3600

# --- sessions: seconds ----------------------------------------------------------------------------------------------
SESSION_COOKIE_AGE = 30 * 60
SESSION_ABSOLUTE_AGE = 12 * 3600
KNOWN_BROWSER_COOKIE = "known-browser"

# --- the door -------------------------------------------------------------------------------------------------------
ACCOUNT_ADAPTER = "config.signing_in.adapters.StaffAccountAdapter"
ACCOUNT_LOGIN_METHODS = {"username"}
ACCOUNT_SIGNUP_FIELDS = ["username*", "password1*"]
ACCOUNT_EMAIL_VERIFICATION = "none"
ACCOUNT_EMAIL_UNKNOWN_ACCOUNTS = False
ACCOUNT_SESSION_REMEMBER = False
ACCOUNT_REAUTHENTICATION_TIMEOUT = 300
ACCOUNT_PASSWORD_RESET_TOKEN_GENERATOR = "django.contrib.auth.tokens.PasswordResetTokenGenerator"
# `login_failed` counts wrong codes of one person. Wrong passwords are counted by axes and config/signing_in/guessing.py:
# counted here they would be counted per name, and a stranger could lock anybody out.
ACCOUNT_RATE_LIMITS = {"login_failed": "5/15m/key", "change_password": "5/m/user", "reauthenticate": "10/m/user"}
ACCOUNT_FORMS = {
    "login": "config.signing_in.forms.SignInForm",
    "change_password": "config.signing_in.forms.NewPasswordForm",
    "reset_password": "config.signing_in.forms.ForgottenPasswordForm",
    "reset_password_from_key": "config.signing_in.forms.ResetPasswordForm",
    "reauthenticate": "config.signing_in.forms.ConfirmPasswordForm",
}

# --- the second factor ----------------------------------------------------------------------------------------------
MFA_ADAPTER = "config.signing_in.adapters.StaffFactorAdapter"
MFA_SUPPORTED_TYPES = ["totp", "recovery_codes"]
MFA_TOTP_ISSUER = "Lendwell"
# One step early or late, for clocks that go wrong. A code is still good only once: config/signing_in/factors.py sees to it.
MFA_TOTP_TOLERANCE = 1
# Addresses of staff are written by administrators; nobody has to prove theirs before a factor is set up.
MFA_ALLOW_UNVERIFIED_EMAIL = True
MFA_FORMS = {
    "authenticate": "config.signing_in.forms.CodeForm",
    "reauthenticate": "config.signing_in.forms.ConfirmCodeForm",
    "activate_totp": "config.signing_in.forms.SetUpForm",
}

# --- guessing -------------------------------------------------------------------------------------------------------
# What is locked is a name together with an address, so that nobody can lock somebody else out from elsewhere.
AXES_LOCKOUT_PARAMETERS = [["username", "ip_address"]]
AXES_FAILURE_LIMIT = 5
AXES_COOLOFF_TIME = timedelta(minutes=15)
AXES_RESET_ON_SUCCESS = True
AXES_RESET_COOL_OFF_ON_FAILURE_DURING_LOCKOUT = False
AXES_CLIENT_IP_CALLABLE = "config.signing_in.guessing.address_of"
AXES_USERNAME_CALLABLE = "config.signing_in.guessing.name_tried"
AXES_LOCKOUT_CALLABLE = "config.signing_in.guessing.locked_page"
AXES_SENSITIVE_PARAMETERS = ["username", "login", "ip_address", "password", "code", "csrfmiddlewaretoken", "next"]
# Who signed in is on the trail, without addresses; axes keeps no log of its own, and no pages.
AXES_DISABLE_ACCESS_LOG = True
AXES_ENABLE_ADMIN = False
AXES_VERBOSE = False
