"""How many invitations may be open at one time, so that hardly ever more accept than there is to lend. Pure.

With n invitations open, each leading to a verified friend with the probability p, the number who do is binomial. The most that may
be open is the largest n with P(Bin(n, p) > units) ≤ risk. Units that may come back in time count with the probability that they do:
how many of them do is Poisson-binomial, and independent of how many friends come. It is a meter, not a promise: a friend too many
waits, and what is promised to whom is decided under the pool's lock.
"""

from collections.abc import Sequence
from math import sqrt

_Z = 1.2815515594
"""90 % quantile of the normal distribution."""
NO_LIMIT = 1_000_000


def most_open(units: int, share: float, risk: float, *, returns: Sequence[float] = (), each: int = 1) -> int:
    """The largest number of open invitations, for `share` above 0 up to 1 and `risk` above 0 below 1.

    `units` are free now (negative: so many people wait already); `returns` are the probabilities, one for each unit that is out,
    that it can be lent again in time. Every friend takes `each` units.
    """
    back = how_many(returns)
    friends = [max(units + came, 0) // each for came in range(len(back))]
    at_most = [1.0] + [0.0] * friends[-1]
    for number in range(1, NO_LIMIT + 1):
        # One invitation more: with `share` it takes one unit more than the others did. What grows beyond them all falls out.
        for taken in range(friends[-1], 0, -1):
            at_most[taken] = at_most[taken] * (1 - share) + at_most[taken - 1] * share
        at_most[0] *= 1 - share
        enough = sum(chance * sum(at_most[: served + 1]) for chance, served in zip(back, friends, strict=True))
        if 1 - enough > risk + 1e-12:
            return number - 1
    return NO_LIMIT


def how_many(chances: Sequence[float]) -> list[float]:
    """The probabilities that 0, 1, 2, … of some independent things happen (the Poisson-binomial distribution)."""
    found = [1.0]
    for chance in chances:
        found = [one * (1 - chance) + before * chance for one, before in zip([*found, 0.0], [0.0, *found], strict=True)]
    return found


def careful_share(accepted: int, sent: int) -> float:
    """The share that accepts, taken at the upper end of what `sent` invitations say (90 %, one-sided), 1 while none was sent.

    E. B. Wilson, Journal of the American Statistical Association 22 (1927), 209-212.
    """
    if not sent:
        return 1.0
    square = _Z * _Z
    spread = _Z * sqrt(accepted * (sent - accepted) / sent + square / 4)
    return min((accepted + square / 2 + spread) / (sent + square), 1.0)
