"""Names of browsers for people."""

_BROWSERS = (("Edg", "Edge"), ("OPR/", "Opera"), ("Firefox", "Firefox"), ("Chrome", "Chrome"), ("Safari", "Safari"))
"""In the order in which they are looked for: each also calls itself by the names after it."""

_SYSTEMS = (
    ("iPhone", "iPhone"), ("iPad", "iPad"), ("Android", "Android"), ("Windows", "Windows"), ("Mac OS", "Mac"), ("Linux", "Linux"),
)  # fmt: skip


def spoken(user_agent: str) -> str:
    """What a browser calls itself, as people would: "Firefox on Windows"."""
    browser, system = _found(user_agent, _BROWSERS), _found(user_agent, _SYSTEMS)
    return " on ".join(filter(None, (browser or "A browser", system)))


def _found(text: str, marks: tuple[tuple[str, str], ...]) -> str:
    return next((name for mark, name in marks if mark in text), "")
