"""Every verb records exactly one entry for what it did itself, or does nothing itself but call other verbs.

A verb is a public function of the core that is told who acts (`by`) and when (`at`). What is counted are calls to the trail
in it and in the private functions of its module; a verb it calls records for itself.
"""

import ast
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import cache

import pytest

from tests.architecture.source import Module, called, modules

RECORDERS = {"trail.record", "trail.record_many", "record", "record_many"}
MANY = 3
"""Counting stops here."""

EXCEPTIONS: dict[str, str] = {}
"""`module.function` of verbs that record another number of entries themselves, each with the reason."""


@dataclass(frozen=True)
class Ways:
    """How many entries can have been recorded when a block is left at its end (`on`) or by a return (`out`)."""

    on: frozenset[int]
    out: frozenset[int] = frozenset()

    def then(self, other: "Ways") -> "Ways":
        """One block after the other."""
        return Ways(_sums(self.on, other.on), self.out | _sums(self.on, other.out))

    def either(self, other: "Ways") -> "Ways":
        """One block or the other."""
        return Ways(self.on | other.on, self.out | other.out)


NOTHING = Ways(frozenset({0}))


def _sums(some: frozenset[int], others: frozenset[int]) -> frozenset[int]:
    return frozenset(min(a + b, MANY) for a in some for b in others)


class Counter:
    """Follows the ways through the functions of one module."""

    def __init__(self, module: Module) -> None:
        self.functions = {node.name: node for node in module.tree.body if isinstance(node, ast.FunctionDef)}
        self._counting: set[str] = set()

    def ways_through(self, name: str) -> frozenset[int]:
        """How many entries `name` can have recorded when it is done."""
        if name in self._counting:
            return frozenset({0})
        self._counting.add(name)
        ways = self._block(self.functions[name].body)
        self._counting.discard(name)
        return ways.on | ways.out

    def _block(self, statements: Sequence[ast.stmt]) -> Ways:
        ways = NOTHING
        for statement in statements:
            ways = ways.then(self._statement(statement))
        return ways

    def _statement(self, statement: ast.stmt) -> Ways:
        match statement:
            case ast.If(test=test, body=body, orelse=orelse):
                return self._expression(test).then(self._block(body).either(self._block(orelse)))
            case ast.For(iter=source, body=body) | ast.While(test=source, body=body):
                return self._expression(source).then(self._block(body).either(NOTHING))
            case ast.With(items=items, body=body):
                return self._expression(*(item.context_expr for item in items)).then(self._block(body))
            case ast.Try():
                return self._try(statement)
            case ast.Return():
                return Ways(frozenset(), self._expression(statement).on)
            case ast.Raise():
                return Ways(frozenset())
        return self._expression(statement)

    def _try(self, statement: ast.Try) -> Ways:
        ways = self._block(statement.body).then(self._block(statement.orelse))
        for handler in statement.handlers:
            ways = ways.either(self._block(handler.body))
        return ways.then(self._block(statement.finalbody))

    def _expression(self, *nodes: ast.AST) -> Ways:
        ways = NOTHING
        for call in (node for root in nodes for node in ast.walk(root) if isinstance(node, ast.Call)):
            name = called(call)
            if name in RECORDERS:
                ways = ways.then(Ways(frozenset({1})))
            elif name.startswith("_") and name in self.functions:
                ways = ways.then(Ways(self.ways_through(name)))
        return ways


def only_delegates(function: ast.FunctionDef) -> bool:
    """Whether it calls another verb: something that is told who and when."""
    calls = (node for node in ast.walk(function) if isinstance(node, ast.Call))
    return any({"by", "at"} <= {keyword.arg for keyword in call.keywords} and called(call) not in RECORDERS for call in calls)


def is_verb(function: ast.FunctionDef) -> bool:
    named = {argument.arg for argument in function.args.kwonlyargs}
    return not function.name.startswith("_") and {"by", "at"} <= named


@cache
def verbs() -> dict[str, frozenset[int]]:
    return dict(_verbs())


def _verbs() -> Iterator[tuple[str, frozenset[int]]]:
    for module in modules():
        if module.is_core and module.app not in {"audit", "desk", "config"}:
            counter = Counter(module)
            for function in counter.functions.values():
                ways = counter.ways_through(function.name)
                if is_verb(function) and not (max(ways, default=0) == 0 and only_delegates(function)):
                    yield ".".join((*module.parts, function.name)), ways


def test_there_are_verbs():
    assert len(verbs()) >= 20


def test_a_verb_never_records_twice_and_never_nothing():
    wrong = {name: sorted(ways) for name, ways in verbs().items() if max(ways, default=0) != 1 and name not in EXCEPTIONS}
    assert wrong == {}


def test_exceptions_are_still_needed_and_have_reasons():
    assert {name for name in EXCEPTIONS if max(verbs().get(name, {1})) == 1} == set()
    assert all(len(reason) > 20 for reason in EXCEPTIONS.values())


@pytest.mark.parametrize(
    ("body", "ways"),
    [
        ("trail.record('a.b')", {1}),
        ("if x:\n  return\ntrail.record('a.b')", {0, 1}),
        ("if x:\n  trail.record('a.b')\n  return\ntrail.record('a.c')", {1}),
        ("if x:\n  trail.record('a.b')\ntrail.record('a.c')", {1, 2}),
        ("with y:\n  _deeper()", {1}),
        ("try:\n  trail.record('a.b')\nexcept E:\n  raise R from None", {1}),
        ("_deeper()\n_deeper()", {2}),
        ("while x:\n  pass", {0}),
    ],
)
def test_the_count_follows_every_way(tmp_path, body, ways):
    indented = "\n".join(f"    {line}" for line in body.splitlines())
    file = tmp_path / "verbs.py"
    file.write_text(f"def verb():\n{indented}\n\ndef _deeper():\n    return trail.record('a.d')\n")
    assert Counter(Module(file)).ways_through("verb") == ways
