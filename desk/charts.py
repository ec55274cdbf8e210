"""Charts drawn by the server: numbers in, geometry of an SVG out. Pure; `templates/desk/parts/` draws it.

Lines live in a box that the browser stretches to its place; words stand outside of that box, in pixels and per cent, so that text
never scales. Widths are attributes of SVG, since no page of ours may carry inline styles.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from decimal import Decimal
from fractions import Fraction
from itertools import pairwise
from math import ceil, floor, log10

Number = int | float | Decimal | Fraction
Box = tuple[int, int]

STRETCHED: Box = (1000, 1000)
"""The box of a line on a screen: it is stretched to the width of its place."""
PAPER: Box = (640, 190)
"""The box of a line on paper, where nothing is stretched: width and height in pixels."""
PLOT_TOP = 14
PLOT_HEIGHT = 190
CHART_HEIGHT = 236
"""Pixels: where the plot begins, how high it is, and how high the whole chart is with its words."""
INKS = ("#0b6157", "#c77700", "#4a5fb0", "#7a4a86")
"""Colours of the series on paper; the stylesheet has its own for screens, light and dark."""
MAX_SERIES = len(INKS)
_STEPS = (1, 2, 5)
_TICKS = 5
"""At most so many steps up to the highest value."""
_DATES = 5
"""At most so many words under the chart."""


@dataclass(frozen=True)
class Series:
    """One line: a value for each label; None leaves a gap. `step` overrides that of the chart; `is_quiet` draws it dashed."""

    name: str
    values: Sequence[Number | None]
    step: bool | None = None
    is_quiet: bool = False


@dataclass(frozen=True)
class Line:
    """A series as paths in the box. `number` (from 1) chooses its colour, `ink` is that colour on paper."""

    name: str
    number: int
    path: str
    area: str
    ink: str
    is_quiet: bool


@dataclass(frozen=True)
class YTick:
    """A line across the chart at `y` pixels, with its value in words."""

    y: float
    words: str
    is_zero: bool


@dataclass(frozen=True)
class XTick:
    """A label under the chart at `x` per cent; on a narrow screen the odd ones are left out."""

    x: float
    words: str
    anchor: str
    is_odd: bool


@dataclass(frozen=True)
class Hit:
    """A strip over one label, `x` and `width` in per cent, that says its values under the pointer."""

    x: float
    width: float
    words: str


@dataclass(frozen=True)
class Row:
    """One label with its values in words, for the table under the chart."""

    label: str
    values: tuple[str, ...]


@dataclass(frozen=True)
class Chart:
    """A line chart ready to be drawn by `desk/parts/chart.html`."""

    label: str
    labels_title: str
    lines: tuple[Line, ...]
    y_ticks: tuple[YTick, ...]
    x_ticks: tuple[XTick, ...]
    hits: tuple[Hit, ...]
    rows: tuple[Row, ...]
    box: Box
    top: int = PLOT_TOP
    plot_height: int = PLOT_HEIGHT
    height: int = CHART_HEIGHT

    @property
    def is_empty(self) -> bool:
        """Whether there is nothing to draw."""
        return not self.rows

    @property
    def is_paper(self) -> bool:
        """Whether it is drawn for paper: unstretched, without strips for a pointer."""
        return self.box != STRETCHED


@dataclass(frozen=True)
class _Scale:
    """From values to heights: `low` and `high` are multiples of `step`."""

    low: Fraction
    high: Fraction
    step: Fraction

    def height(self, value: Number, of: int) -> float:
        """Distance of the value from the top of something `of` high."""
        return round(float(of * (self.high - Fraction(value)) / (self.high - self.low)), 1)

    def ticks(self) -> list[Fraction]:
        """Values at which lines go across, from the lowest up."""
        return [self.low + self.step * count for count in range(int((self.high - self.low) / self.step) + 1)]


def line(
    labels: Sequence[str],
    series: Sequence[Series],
    *,
    step: bool = False,
    label: str = "",
    labels_title: str = "Date",
    box: Box = STRETCHED,
) -> Chart:
    """A line chart of up to four series over `labels`; `label` says what it shows, for those who cannot see it.

    `step` draws values that hold until the next label, such as units in a pool. `labels_title` heads the labels in the table.
    Values may be negative. Raises `ValueError` when a series has not one value for each label, or there are too many series.
    """
    _refuse_what_does_not_fit(labels, series)
    scale = _scale([value for one in series for value in one.values if value is not None])
    return Chart(
        label=label,
        labels_title=labels_title,
        lines=tuple(_line(one, number, scale, box, step) for number, one in enumerate(series, start=1)) if labels else (),
        y_ticks=_y_ticks(scale),
        x_ticks=_x_ticks(labels),
        hits=_hits(labels, series),
        rows=tuple(Row(name, tuple(words(one.values[place]) for one in series)) for place, name in enumerate(labels)),
        box=box,
    )


def words(value: Number | None) -> str:
    """A value for people: thousands apart, at most one place after the point; a dash for none."""
    if value is None:
        return "–"
    if Fraction(value).denominator == 1:
        return f"{int(value):,}"
    return f"{float(value):,.1f}"


def _refuse_what_does_not_fit(labels: Sequence[str], series: Sequence[Series]) -> None:
    if len(series) > MAX_SERIES:
        raise ValueError(f"A chart of {len(series)} lines cannot be read. Draw at most {MAX_SERIES}.")
    for one in series:
        if len(one.values) != len(labels):
            raise ValueError(f"The series {one.name!r} has {len(one.values)} values for {len(labels)} labels.")


def _scale(values: Sequence[Number]) -> _Scale:
    """The smallest scale in round steps that holds nought and all values."""
    highest = Fraction(max([0, *values]))
    lowest = Fraction(min([0, *values]))
    whole_numbers = all(Fraction(value).denominator == 1 for value in values)
    step = _round_step((highest - lowest) / _TICKS)
    if whole_numbers:
        step = max(step, Fraction(1))
    low = step * floor(lowest / step)
    high = step * ceil(highest / step)
    return _Scale(low, high if high > low else low + step, step)


def _round_step(least: Fraction) -> Fraction:
    """The smallest of …, 1, 2, 5, 10, 20, … that is not below `least`; 1 for nought."""
    if least <= 0:
        return Fraction(1)
    power = Fraction(10) ** floor(log10(least))
    return next(power * one for one in (*_STEPS, 10, 20) if power * one >= least)


def _line(series: Series, number: int, scale: _Scale, box: Box, step: bool) -> Line:
    is_stepped = step if series.step is None else series.step
    width, height = box
    across = width / max(1, len(series.values) - 1)
    points = [
        None if value is None else (round(across * place, 1), scale.height(value, height))
        for place, value in enumerate(series.values)
    ]
    runs = [_widened(run, width) if len(points) == 1 else run for run in _runs(points)]
    paths = [_path(run, is_stepped) for run in runs]
    base = scale.height(0, height)
    areas = [f"{path}V{base:g}H{run[0][0]:g}Z" for path, run in zip(paths, runs, strict=True)]
    return Line(series.name, number, "".join(paths), "".join(areas), INKS[number - 1], series.is_quiet)


def _runs(points: Iterable[tuple[float, float] | None]) -> list[list[tuple[float, float]]]:
    """The points without the gaps, as runs of neighbours."""
    runs: list[list[tuple[float, float]]] = [[]]
    for point in points:
        if point is not None:
            runs[-1].append(point)
        elif runs[-1]:
            runs.append([])
    return [run for run in runs if run]


def _widened(run: list[tuple[float, float]], width: int) -> list[tuple[float, float]]:
    """One day alone is drawn as a level line, or nothing would be seen of it."""
    return [*run, (float(width), run[0][1])]


def _path(run: Sequence[tuple[float, float]], is_stepped: bool) -> str:
    first_x, first_y = run[0]
    start = f"M{first_x:g} {first_y:g}"
    if is_stepped:
        return start + "".join(f"H{x:g}V{y:g}" for x, y in run[1:])
    return start + "".join(f"L{x:g} {y:g}" for x, y in run[1:])


def _y_ticks(scale: _Scale) -> tuple[YTick, ...]:
    return tuple(YTick(PLOT_TOP + scale.height(value, PLOT_HEIGHT), words(value), value == 0) for value in scale.ticks())


def _x_ticks(labels: Sequence[str]) -> tuple[XTick, ...]:
    places = _label_places(len(labels))
    last = len(labels) - 1
    return tuple(
        XTick(
            x=round(100 * place / max(1, last), 2),
            words=labels[place],
            anchor="start" if place == 0 else "end" if place == last else "middle",
            is_odd=count % 2 == 1 and place != last,
        )
        for count, place in enumerate(places)
    )


def _label_places(count: int) -> list[int]:
    """Places spread evenly from the first to the last, few enough to be read."""
    last = max(0, count - 1)
    gaps = min(_DATES - 1, last)
    return [round(last * number / gaps) for number in range(gaps + 1)] if gaps else list(range(count))


def _hits(labels: Sequence[str], series: Sequence[Series]) -> tuple[Hit, ...]:
    apart = 100 / max(1, len(labels) - 1)
    marks = [0.0, *(apart * (place + 0.5) for place in range(len(labels) - 1)), 100.0]
    return tuple(
        Hit(round(start, 2), round(end - start, 2), _said(name, place, series))
        for place, (name, (start, end)) in enumerate(zip(labels, pairwise(marks), strict=False))
    )


def _said(name: str, place: int, series: Sequence[Series]) -> str:
    values = ", ".join(f"{one.name} {words(one.values[place])}" for one in series)
    return f"{name}: {values}"


@dataclass(frozen=True)
class FunnelStep:
    """One step: how many reached it, its `width` in per cent of the largest, and per cent of the step before (None: no such)."""

    name: str
    count: int
    words: str
    width: float
    of_before: int | None


@dataclass(frozen=True)
class Funnel:
    """Steps from many to few, for `desk/parts/funnel.html`."""

    steps: tuple[FunnelStep, ...]

    @property
    def is_empty(self) -> bool:
        """Whether nobody reached any step."""
        return not any(step.count for step in self.steps)


def funnel(steps: Sequence[tuple[str, int]]) -> Funnel:
    """A funnel of (name, count). A step may be larger than the one before it: then it is more than 100 % of it."""
    largest = max([1, *(count for _, count in steps)])
    before = [None, *(count for _, count in steps)]
    return Funnel(
        tuple(
            FunnelStep(name, count, words(count), round(100 * count / largest, 1), _percent(count, last) if last else None)
            for (name, count), last in zip(steps, before, strict=False)
        )
    )


@dataclass(frozen=True)
class Bar:
    """A share as a bar `width` per cent long, with the share in words; `tone` colours it."""

    width: float
    words: str
    tone: str


def bar(share: Number | None, *, tone: str = "") -> Bar:
    """A share (1 is all) as a bar. Beyond all of it the bar is full and the words say how much; None is a dash.

    `tone` is one of desk.badges.TONES, or nothing for the colour of the brand.
    """
    if share is None:
        return Bar(0.0, "–", "plain")
    width = min(Fraction(100), max(Fraction(0), 100 * Fraction(share)))
    return Bar(round(float(width), 1), f"{_percent(Fraction(share), 1)}%", tone)


def _percent(part: Number, whole: int) -> int:
    """Whole per cent, halves rounded up."""
    return floor(100 * Fraction(part) / whole + Fraction(1, 2))
