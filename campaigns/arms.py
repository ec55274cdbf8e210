"""Which arm of a test a code belongs to: worked out from its name, so that nothing has to be remembered. Pure."""

import hashlib
from collections.abc import Sequence


def arm_of(code: str, campaign: str, arms: Sequence[tuple[str, int]]) -> str:
    """The key of the arm for a code of a campaign, in proportion to the weights of `arms` (key, weight); empty without a test.

    Every visitor of one code sees the same arm, on whatever device. The first 64 bits of SHA-256 are taken modulo the sum of weights.
    """
    whole = sum(weight for _, weight in arms)
    if not whole:
        return ""
    place = int.from_bytes(hashlib.sha256(f"{campaign}:{code}".encode()).digest()[:8], "big") % whole
    for key, weight in arms:
        if place < weight:
            return key
        place -= weight
    return ""
