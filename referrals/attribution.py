"""Who is credited for a new customer: pure rules over the stored touches, so that another policy can be replayed.

Order of evidence: a code typed by hand beats a visit. Weights are decimals of 12 places and sum to exactly 1.
"""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from decimal import ROUND_DOWN, Decimal, localcontext

from desk import plurals

PLACES = Decimal("1e-12")
"""Weights are multiples of this, the smallest share anybody gets."""

HALF_LIFE = timedelta(days=7)
"""Time decay: a touch this much older counts half."""

END_SHARE = Decimal("0.4")
"""Position based: what the first and the last touch get each; the ones between share the rest evenly."""


@dataclass(frozen=True)
class Touch:
    """One visit through a code, or one code typed by hand. `at` is aware; `token` tells two touches of one instant apart."""

    token: str
    code: str
    at: datetime
    is_typed: bool = False
    is_bot: bool = False


@dataclass(frozen=True)
class Share:
    """What a touch earned of one new customer, and why."""

    touch: Touch
    code: str
    weight: Decimal
    reason: str


def credit(touches: Iterable[Touch], *, model: str, window_days: int, at: datetime) -> list[Share]:
    """Shares of a sign-up at `at` under `model`, oldest touch first; empty when no touch counts.

    Only touches of people in `[at - window_days, at]` count. The newest typed code among them takes everything. The order
    of the input does not matter. The last share takes the remainder of rounding. Raises `ValueError` for an unknown model.
    """
    if model not in _MODELS:
        raise ValueError(f"There is no attribution model called {model}. Use one of: {', '.join(sorted(_MODELS))}.")
    counted = _counted(touches, window_days=window_days, at=at)
    typed = [touch for touch in counted if touch.is_typed]
    if typed:
        return [Share(typed[-1], typed[-1].code, Decimal(1), "The code was typed by hand, and that beats a visit.")]
    chosen, raw = _MODELS[model](counted) if counted else ([], [])
    reason = _REASONS[model].format(visits=plurals.counted(len(counted), "visit"), days=plurals.days(window_days))
    weights = _exact(raw)
    return [Share(touch, touch.code, weight, reason) for touch, weight in zip(chosen, weights, strict=True)]


def _counted(touches: Iterable[Touch], *, window_days: int, at: datetime) -> list[Touch]:
    start = at - timedelta(days=window_days)
    return sorted(
        (touch for touch in set(touches) if not touch.is_bot and start <= touch.at <= at),
        key=lambda touch: (touch.at, touch.token, touch.code),
    )


def _exact(raw: Sequence[Decimal]) -> list[Decimal]:
    """`raw` scaled to 12 places with the sum 1: each rounded down but never to nothing, the last takes what is left."""
    if not raw:
        return []
    total = sum(raw)
    shares = [max((weight / total).quantize(PLACES, rounding=ROUND_DOWN), PLACES) for weight in raw[:-1]]
    return [*shares, Decimal(1) - sum(shares)]


_Weighed = tuple[list[Touch], list[Decimal]]


def _first_click(touches: list[Touch]) -> _Weighed:
    return touches[:1], [Decimal(1)]


def _last_click(touches: list[Touch]) -> _Weighed:
    return touches[-1:], [Decimal(1)]


def _linear(touches: list[Touch]) -> _Weighed:
    return touches, [Decimal(1)] * len(touches)


def _time_decay(touches: list[Touch]) -> _Weighed:
    newest = touches[-1].at
    with localcontext(prec=40):
        return touches, [Decimal(2) ** -(Decimal((newest - touch.at) / HALF_LIFE)) for touch in touches]


def _position_based(touches: list[Touch]) -> _Weighed:
    between = len(touches) - 2
    if between <= 0:
        return _linear(touches)
    middle = (1 - 2 * END_SHARE) / between
    return touches, [END_SHARE, *[middle] * between, END_SHARE]


_MODELS: Mapping[str, Callable[[list[Touch]], _Weighed]] = {
    "first_click": _first_click,
    "last_click": _last_click,
    "linear": _linear,
    "time_decay": _time_decay,
    "position_based": _position_based,
}
_REASONS: Mapping[str, str] = {
    "first_click": "The first of {visits} in {days} takes all.",
    "last_click": "The last of {visits} in {days} takes all.",
    "linear": "Each of {visits} in {days} counts alike.",
    "time_decay": "Of {visits} in {days}, one a week older counts half.",
    "position_based": "Of {visits} in {days}, first and last take 40 % each, the others share 20 %.",
}
MODELS = frozenset(_MODELS)
"""Names of the models."""
