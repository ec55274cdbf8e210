"""What the links of a message can do is for its reader alone: colleagues see the message without the signed words in its addresses.

Whoever may read a message must not thereby be able to confirm an address, answer an offer or stop news in a customer's name.
"""

import re

COVER = "…"

_SIGNED_WORD = re.compile(r"(?<=/)[\w.=-]+(?:(?::|%3A)[\w-]+)*(?::|%3A)[\w-]{43}")
"""A word signed by Django's signer: what it says, perhaps when, and 43 letters of HMAC-SHA256 in base64 without padding."""


def covered(text: str) -> str:
    """The text or HTML of a message with every signed word in an address replaced by `COVER`."""
    return _SIGNED_WORD.sub(COVER, text)
