"""Secrets at rest: AES-256-GCM under a key that is in the environment and never in the database."""

import base64
import os

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF
from django.conf import settings

_VERSION = "1."
_NONCE_BYTES = 12


class Unreadable(Exception):
    """What is stored was encrypted under another key, or was altered."""


def encrypt(text: str) -> str:
    """`text` as it may lie in the database; another word every time."""
    nonce = os.urandom(_NONCE_BYTES)
    sealed = nonce + AESGCM(_key()).encrypt(nonce, text.encode(), _VERSION.encode())
    return _VERSION + base64.urlsafe_b64encode(sealed).decode()


def decrypt(stored: str) -> str:
    """What was encrypted. Raises `Unreadable`."""
    if not is_encrypted(stored):
        raise Unreadable
    try:
        sealed = base64.urlsafe_b64decode(stored.removeprefix(_VERSION))
        return AESGCM(_key()).decrypt(sealed[:_NONCE_BYTES], sealed[_NONCE_BYTES:], _VERSION.encode()).decode()
    except (InvalidTag, ValueError) as problem:
        raise Unreadable from problem


def is_encrypted(stored: str) -> bool:
    """Whether this was written by `encrypt`."""
    return stored.startswith(_VERSION)


def _key() -> bytes:
    secret = settings.MFA_KEY or settings.SECRET_KEY
    return HKDF(algorithm=SHA256(), length=32, salt=None, info=b"lendwell second factors").derive(secret.encode())
