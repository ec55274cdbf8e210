"""How messages travel: mail by SMTP or a provider's interface (django-anymail), texts by one that speaks Twilio's."""

import environ

env = environ.Env()

# The name of a provider as django-anymail spells it, such as postmark, mailgun or amazon_ses; empty: EMAIL_URL says how.
EMAIL_PROVIDER = env.str("EMAIL_PROVIDER", default="")
# Its keys as django-anymail names them, such as POSTMARK_SERVER_TOKEN=…,MAILGUN_WEBHOOK_SIGNING_KEY=…
ANYMAIL: dict[str, object] = {"REQUESTS_TIMEOUT": 10, **env.dict("EMAIL_PROVIDER_OPTIONS", default={})}
# “user:password” in the address to which the provider tells what became of mails; for providers that sign nothing.
EMAIL_WEBHOOK_SECRET = env.str("EMAIL_WEBHOOK_SECRET", default="")
if EMAIL_WEBHOOK_SECRET:
    ANYMAIL["WEBHOOK_SECRET"] = EMAIL_WEBHOOK_SECRET

vars().update(env.email_url("EMAIL_URL", default="filemail://" if env.bool("DEMO", default=False) else "smtp://localhost:25"))
if EMAIL_PROVIDER:
    EMAIL_BACKEND = f"anymail.backends.{EMAIL_PROVIDER}.EmailBackend"
EMAIL_TIMEOUT = 10
DEFAULT_FROM_EMAIL = env.str("DEFAULT_FROM_EMAIL", default="Lendwell <hello@localhost>")

# “twilio” for a provider that speaks Twilio's interface at SMS_URL, “file” for the mailbox of the demo, empty for none.
SMS_PROVIDER = env.str("SMS_PROVIDER", default="file" if env.bool("DEMO", default=False) else "")
SMS_URL = env.str("SMS_URL", default="https://api.twilio.com").rstrip("/")
SMS_ACCOUNT = env.str("SMS_ACCOUNT", default="")
SMS_TOKEN = env.str("SMS_TOKEN", default="")
# A number, a name of up to eleven letters, or the id of a messaging service (MG…).
SMS_SENDER = env.str("SMS_SENDER", default="")
