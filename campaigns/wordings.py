"""Comparing two wordings of an agreement: pure, line by line."""

from collections.abc import Sequence
from dataclasses import dataclass
from difflib import SequenceMatcher

SAME, GONE, NEW = "same", "gone", "new"


@dataclass(frozen=True)
class Line:
    """One line of a comparison: whether it stays, goes or comes."""

    kind: str
    text: str


def compared(before: str, after: str) -> list[Line]:
    """The lines of both wordings in order of reading: what goes stands before what comes in its place."""
    old, new = _lines(before), _lines(after)
    found: list[Line] = []
    for what, i1, i2, j1, j2 in SequenceMatcher(a=old, b=new, autojunk=False).get_opcodes():
        if what == "equal":
            found += [Line(SAME, text) for text in old[i1:i2]]
        else:
            found += [Line(GONE, text) for text in old[i1:i2]]
            found += [Line(NEW, text) for text in new[j1:j2]]
    return found


def count_in_words(lines: Sequence[Line]) -> str:
    """How much differs: “2 lines come, 1 goes.”"""
    gone, new = (sum(line.kind == kind for line in lines) for kind in (GONE, NEW))
    if not gone and not new:
        return "Both wordings are the same."
    comes = f"{new} line comes" if new == 1 else f"{new} lines come"
    goes = f"{gone} goes" if gone == 1 else f"{gone} go"
    return f"{comes}, {goes}."


def _lines(text: str) -> list[str]:
    return [line.rstrip() for line in text.replace("\r\n", "\n").strip().split("\n")]
