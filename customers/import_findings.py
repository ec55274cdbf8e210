"""What a check shows: examples of what would be written and of what would be refused, and how often each field changes."""

from collections.abc import Mapping
from typing import Any

from desk.csv_files import Line
from desk.csv_imports import LineRefused, Outcome

EXAMPLES = {"created": 10, "updated": 25, "rejected": 50}
"""How many lines of each kind are shown; the counts are exact for the whole file."""
_LONGEST = 80


class Findings:
    """Collects findings line by line into `content`, which is plain data that can be stored and taken up again."""

    def __init__(self, content: Mapping[str, Any]) -> None:
        empty: dict[str, Any] = {"created": [], "updated": [], "rejected": [], "fields": {}, "ignored": []}
        self.content: dict[str, Any] = {**empty, **content}
        self._planned: dict[int, tuple[str, Mapping[str, tuple[object, object]]]] = {}

    def would_write(self, line: int, key: str, changes: Mapping[str, tuple[object, object]]) -> None:
        """Told what a line would write."""
        self._planned[line] = (key, changes)

    def became(self, line: Line, result: Outcome | LineRefused) -> None:
        """Told what would become of a line."""
        key, changes = self._planned.pop(line.number, ("", {}))
        if isinstance(result, LineRefused):
            self._show("rejected", {"line": line.number, "field": result.fields(), "reason": _short(result.reason(), 400)})
        elif result is Outcome.CREATED:
            self._show(
                "created",
                {"line": line.number, "key": key, "fields": {name: _short(after) for name, (_, after) in changes.items()}},
            )
        elif result is Outcome.UPDATED:
            for name in changes:
                self.content["fields"][name] = self.content["fields"].get(name, 0) + 1
            both = {name: [_short(before), _short(after)] for name, (before, after) in changes.items()}
            self._show("updated", {"line": line.number, "key": key, "fields": both})

    def _show(self, kind: str, example: dict[str, Any]) -> None:
        if len(self.content[kind]) < EXAMPLES[kind]:
            self.content[kind].append(example)


def _short(value: object, longest: int = _LONGEST) -> str:
    text = ", ".join(map(str, value)) if isinstance(value, list) else "" if value is None else str(value)
    return text if len(text) <= longest else f"{text[:longest]}…"
