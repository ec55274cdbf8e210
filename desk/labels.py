"""Names of columns as a person says them: for fields whose name is made for code, as Django's labels are made of it."""

import re

from django.utils.text import capfirst

_OWN = {"at": "when", "n": "number", "nth": "number of the referral", "sha256": "SHA-256"}
_OF_CODE = re.compile(r"^is (?=\w)|(?<=\w) at$")


def spoken(label: str) -> str:
    """The label with a capital: “Verified” for “verified at”, “Typed” for “is typed”, “When” for “at”. Other words stay as they are."""
    return str(capfirst(_OWN.get(label.lower()) or _OF_CODE.sub("", label)))
