"""How an entry and a seal are hashed. Pure: text in, hexadecimal SHA-256 out.

Canonical JSON follows the idea of RFC 8785 (sorted keys, no spaces, UTF-8) and allows no floats at all.
"""

import hashlib
import hmac
import json
from collections.abc import Sequence
from datetime import UTC, date, datetime
from decimal import Decimal
from typing import Any


def canonical(value: Any) -> str:
    """Canonical JSON text of `value`. Decimals and dates become strings; a float raises `TypeError`."""
    return _ENCODER.encode(_plain(value))


_AS_THEY_ARE = frozenset({str, int, bool, type(None)})
_ENCODER = json.JSONEncoder(sort_keys=True, separators=(",", ":"), ensure_ascii=False)


def _plain(value: Any) -> Any:
    if isinstance(value, dict):
        return {str(key): item if type(item) in _AS_THEY_ARE else _plain(item) for key, item in value.items()}
    if isinstance(value, list | tuple | set | frozenset):
        return [_plain(item) for item in value]
    if isinstance(value, datetime):
        return value.astimezone(UTC).isoformat(timespec="microseconds")
    if isinstance(value, date):
        return value.isoformat()
    if isinstance(value, Decimal):
        return format(value, "f")
    if isinstance(value, float):
        raise TypeError("Floats have no canonical text; use Decimal or a string.")
    return value


def entry_hash(previous_hash: str, body: dict[str, Any]) -> str:
    """Hash of an entry: SHA-256 of the previous hash, a newline, and the canonical JSON of the entry's body."""
    return hashlib.sha256(f"{previous_hash}\n{canonical(body)}".encode()).hexdigest()


def merkle_root(leaves: Sequence[str]) -> str:
    """Root of the Merkle tree over hexadecimal leaves (RFC 6962 §2.1 shape: prefixes 00 for leaves, 01 for nodes)."""
    if not leaves:
        return hashlib.sha256(b"").hexdigest()
    level = [hashlib.sha256(b"\x00" + leaf.encode()).digest() for leaf in leaves]
    while len(level) > 1:
        pairs = [level[i : i + 2] for i in range(0, len(level), 2)]
        level = [hashlib.sha256(b"\x01" + pair[0] + pair[1]).digest() if len(pair) == 2 else pair[0] for pair in pairs]
    return level[0].hex()


def seal_hash(*, previous_hash: str, n: int, at: datetime, count: int, root: str) -> str:
    """Hash that chains a seal to the one before it."""
    return entry_hash(previous_hash, {"n": n, "at": at, "count": count, "root": root})


def sign(key: str, text: str) -> str:
    """HMAC-SHA256 (RFC 2104) of `text`, hexadecimal."""
    return hmac.new(key.encode(), text.encode(), hashlib.sha256).hexdigest()
