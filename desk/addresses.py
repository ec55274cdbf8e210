"""Where a request comes from, and a word for it that cannot be turned back."""

from django.conf import settings
from django.http import HttpRequest
from django.utils.crypto import salted_hmac


def client_address(request: HttpRequest) -> str:
    """The address of whoever asks.

    `X-Forwarded-For` is believed only as far as it was written by proxies named in `TRUSTED_PROXIES`: it is read from the
    right, and the first address that is not one of ours is the client's. Anything further left could be invented.
    """
    address: str = request.META.get("REMOTE_ADDR", "")
    hops = [hop.strip() for hop in request.META.get("HTTP_X_FORWARDED_FOR", "").split(",") if hop.strip()]
    while address in settings.TRUSTED_PROXIES and hops:
        address = hops.pop()
    return address[:64]


def hashed(address: str) -> str:
    """A word that is the same for the same address, made under our key: 64 hexadecimal characters."""
    return salted_hmac("desk.addresses", address, algorithm="sha256").hexdigest()
