"""The languages spoken to customers: English, and every language that has a catalogue in `locale/`. The desk speaks English."""

from pathlib import Path

from django.conf.locale import LANG_INFO
from django.utils.translation import to_language

_CATALOGUES = Path(__file__).resolve().parent.parent.parent / "locale"


def _spoken() -> list[tuple[str, str]]:
    """Code and own name of each language, English first: a further language needs only its file."""
    files = sorted(_CATALOGUES.glob("*/LC_MESSAGES/django.mo"))
    codes = ["en", *(to_language(file.parent.parent.name) for file in files)]
    return [(code, LANG_INFO[code]["name_local"].capitalize() if code in LANG_INFO else code) for code in codes]


LANGUAGE_CODE = "en"
LANGUAGES = _spoken()
LOCALE_PATHS = [_CATALOGUES]
USE_I18N = True
