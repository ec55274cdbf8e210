"""Reading the house's own source."""

import ast
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache, cached_property
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent.parent
FLOORS = ("config", "analytics", "rewards", "referrals", "notices", "campaigns", "equipment", "customers", "audit", "desk")
"""Top to bottom."""

SCREENS = frozenset({"views", "admin", "forms", "tables", "filters", "api", "urls", "desk_moves"})
"""Modules that speak with people or machines outside; the rest of an app is its core."""

EDGES = SCREENS | frozenset({"jobs", "receivers", "middleware", "management", "apps"})
"""Modules where the outside world, and with it the clock, comes in."""


@dataclass(frozen=True)
class Module:
    """One source file of ours."""

    path: Path

    @property
    def name(self) -> str:
        """Path from the root, for people."""
        return str(self.path.relative_to(ROOT))

    @property
    def parts(self) -> tuple[str, ...]:
        """Folders and the module's own name."""
        return self.path.relative_to(ROOT).with_suffix("").parts

    @property
    def app(self) -> str:
        """The app it belongs to."""
        return self.parts[0]

    @cached_property
    def text(self) -> str:
        """The source."""
        return self.path.read_text(encoding="utf-8")

    @cached_property
    def tree(self) -> ast.Module:
        """The source, parsed."""
        return ast.parse(self.text)

    @property
    def is_core(self) -> bool:
        """Whether it is neither a screen nor a door for the outside world."""
        return not EDGES & set(self.parts)


@cache
def modules() -> tuple[Module, ...]:
    """All our source files but migrations, by path."""
    found = (path for floor in FLOORS for path in (ROOT / floor).rglob("*.py"))
    return tuple(Module(path) for path in sorted(found) if "migrations" not in path.parts)


def functions(tree: ast.AST) -> Iterator[ast.FunctionDef | ast.AsyncFunctionDef]:
    """All functions and methods in a tree."""
    return (node for node in ast.walk(tree) if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef))


def called(call: ast.Call) -> str:
    """The name a call is written with: `trail.record`, `record`; empty for anything longer."""
    function = call.func
    if isinstance(function, ast.Name):
        return function.id
    if isinstance(function, ast.Attribute) and isinstance(function.value, ast.Name):
        return f"{function.value.id}.{function.attr}"
    return ""
