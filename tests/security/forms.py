"""Forms of a page as a browser would send them: found in its HTML, each field with what stands in it."""

from dataclasses import dataclass, field
from html.parser import HTMLParser

_TYPED = {"text", "search", "email", "tel", "url", "number", "date", "datetime-local", "time", "color", "textarea"}


@dataclass
class Control:
    """One field; `kind` is its type, `select` or `textarea`."""

    name: str
    kind: str
    value: str = ""
    options: list[str] = field(default_factory=list)

    @property
    def is_typed(self) -> bool:
        """Whether people type into it."""
        return self.kind in _TYPED


@dataclass
class PostedForm:
    """A form that is sent by POST, with the button that sends it first."""

    action: str
    controls: list[Control] = field(default_factory=list)
    has_button: bool = False

    def filled(self) -> dict[str, list[str]]:
        """What is sent when nothing is changed."""
        sent: dict[str, list[str]] = {}
        has_button = False
        for one in self.controls:
            if one.kind == "submit":
                if has_button:
                    continue
                has_button = True
            if one.kind != "file":
                sent.setdefault(one.name, []).extend(one.options if one.kind == "select" else [one.value])
        return sent


def posted_forms(html: str) -> list[PostedForm]:
    """All forms of a page that are sent by POST, but those of the shell."""
    reader = _Reader()
    reader.feed(html)
    return [form for form in reader.forms if not form.action.endswith("/logout/")]


class _Reader(HTMLParser):
    def __init__(self) -> None:
        super().__init__()
        self.forms: list[PostedForm] = []
        self._form: PostedForm | None = None
        self._control: Control | None = None
        self._is_default = True

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        given = {name: value or "" for name, value in attrs}
        if tag == "form":
            self._form = PostedForm(given.get("action", "")) if given.get("method", "").lower() == "post" else None
            self.forms += [self._form] if self._form else []
        elif self._form is not None:
            self._field(tag, given, self._form)

    def _field(self, tag: str, given: dict[str, str], form: PostedForm) -> None:
        if tag == "option" and self._control is not None and self._control.kind == "select":
            self._option(given, self._control)
        form.has_button |= given.get("type", "submit" if tag == "button" else "") == "submit"
        if tag not in ("input", "select", "textarea", "button") or not given.get("name") or "disabled" in given:
            return
        kind = given.get("type", "submit" if tag == "button" else "text") if tag in ("input", "button") else tag
        if kind in ("checkbox", "radio") and "checked" not in given:
            return
        control = Control(given["name"], kind, given.get("value", "on" if kind == "checkbox" else ""))
        form.controls.append(control)
        self._control = control if tag in ("select", "textarea") else None
        self._is_default = True

    def _option(self, given: dict[str, str], select: Control) -> None:
        """The chosen options; the first one where none is."""
        if "selected" in given:
            select.options = [*(() if self._is_default else select.options), given.get("value", "")]
            self._is_default = False
        elif not select.options:
            select.options = [given.get("value", "")]
            self._is_default = True

    def handle_data(self, data: str) -> None:
        if self._control is not None and self._control.kind == "textarea":
            self._control.value += data

    def handle_endtag(self, tag: str) -> None:
        if tag == "form":
            self._form = None
        if tag in ("select", "textarea"):
            self._control = None
