"""Files, functions and templates stay small enough to be read at one go."""

import ast
import statistics

from tests.architecture.source import ROOT, Module, functions, modules

FILE, FUNCTION, TEMPLATE = 400, 40, 150


def length(function: ast.FunctionDef | ast.AsyncFunctionDef) -> int:
    assert function.end_lineno is not None
    return function.end_lineno - function.lineno + 1


def test_files_are_short():
    everything = [*modules(), *(Module(path) for path in sorted((ROOT / "tests").rglob("*.py")))]
    assert [module.name for module in everything if module.text.count("\n") > FILE] == []


def test_functions_are_short():
    assert [f"{m.name}: {f.name}" for m in modules() for f in functions(m.tree) if length(f) > FUNCTION] == []


def test_most_functions_are_very_short():
    assert statistics.median(length(f) for m in modules() for f in functions(m.tree)) <= 12


def test_templates_are_short():
    templates = [
        path for folder in ROOT.iterdir() if not folder.name.startswith(".") for path in folder.rglob("templates/**/*.html")
    ]
    templates += (ROOT / "templates").rglob("*.html")
    assert [str(path.relative_to(ROOT)) for path in templates if path.read_text().count("\n") > TEMPLATE] == []
