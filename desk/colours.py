"""Colours as #rrggbb: mixing them, and what can be read on what."""

WHITE, BLACK, INK = "#ffffff", "#000000", "#06231d"
LIGHT_GROUND, DARK_GROUND = "#f3f5f4", "#171f1c"
"""The hardest grounds of `static/css/tokens.css` to stand on: the canvas when light, the surface when dark."""

READABLE = 4.5
"""The contrast that text needs (WCAG 2.2, success criterion 1.4.3, level AA)."""
SOFT = 0.12
"""The share of a colour in a soft tint of it, on which it stands as well."""
_STEPS = 256


def on(colour: str) -> str:
    """White or ink: the one that is read more easily on `colour`."""
    return max(WHITE, INK, key=lambda text: contrast(text, colour))


def contrast(one: str, other: str) -> float:
    """Contrast ratio of two colours, 1 to 21 (https://www.w3.org/TR/WCAG22/#dfn-contrast-ratio)."""
    darker, lighter = sorted((_luminance(one), _luminance(other)))
    return (lighter + 0.05) / (darker + 0.05)


def legibility(colour: str, ground: str) -> float:
    """Contrast ratio of text in `colour` on a page with this ground: on the ground and on a soft tint of itself, whichever is less."""
    return min(contrast(colour, ground), contrast(colour, mix(ground, colour, SOFT)))


def nearest_readable(colour: str, ground: str) -> str:
    """`colour` where text in it can be read on `ground`, else its nearest darker (on a dark ground: lighter) shade in which it can."""
    away = max(BLACK, WHITE, key=lambda end: contrast(end, ground))
    shades = (mix(colour, away, step / _STEPS) for step in range(_STEPS + 1))
    return next((shade for shade in shades if legibility(shade, ground) >= READABLE), away)


def mix(one: str, other: str, share: float) -> str:
    """`one` with a share (0 to 1) of `other` in it."""
    pairs = zip(_channels(one), _channels(other), strict=True)
    return "#" + "".join(f"{round(a + (b - a) * share):02x}" for a, b in pairs)


def _channels(colour: str) -> list[int]:
    return [int(colour[start : start + 2], 16) for start in (1, 3, 5)]


def _luminance(colour: str) -> float:
    red, green, blue = (_linear(channel / 255) for channel in _channels(colour))
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


def _linear(value: float) -> float:
    return value / 12.92 if value <= 0.04045 else ((value + 0.055) / 1.055) ** 2.4
