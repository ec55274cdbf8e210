"""An app knows only the apps below it: in what it imports, and in what its tables point at."""

import ast
import subprocess
import sys

from django.apps import apps

from tests.architecture.source import FLOORS, ROOT, modules


def test_foreign_keys_point_down():
    up = [
        f"{model._meta.label}.{field.name} -> {field.related_model._meta.label}"
        for model in apps.get_models()
        if model._meta.app_label in FLOORS
        for field in model._meta.get_fields()
        if field.concrete and field.is_relation and field.related_model._meta.app_label in FLOORS
        if FLOORS.index(field.related_model._meta.app_label) < FLOORS.index(model._meta.app_label)
    ]
    assert up == []


def test_contracts_of_imports_are_kept():
    command = [sys.executable, "-c", "from importlinter.cli import lint_imports_command as lint; lint()", "--no-cache"]
    run = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=False)
    assert run.returncode == 0, run.stdout[-4000:] + run.stderr[-1000:]


def test_the_core_knows_no_screens_of_django():
    """The contracts cannot name parts of other packages, so this is looked at here."""
    screens = ("django.http", "django.shortcuts", "django.forms", "django.views", "django.contrib.admin", "django.contrib.messages")
    core = [m for m in modules() if m.is_core and m.app not in {"config", "desk"}]
    known = [
        f"{module.name}: {name}"
        for module in core
        for node in ast.walk(module.tree)
        for name in imported(node)
        if name.startswith(screens)
    ]
    assert known == []


def imported(node: ast.AST) -> list[str]:
    """Dotted names of the modules an import statement names."""
    if isinstance(node, ast.ImportFrom):
        return [f"{node.module}.{alias.name}" for alias in node.names]
    return [alias.name for alias in node.names] if isinstance(node, ast.Import) else []


def test_there_is_no_drawer_for_everything():
    drawers = {"utils", "helpers", "services", "core", "common", "misc", "extras"}
    assert [module.name for module in modules() if drawers & set(module.parts)] == []


def test_every_app_is_on_a_floor():
    own = {
        app.name.split(".")[0] for app in apps.get_app_configs() if str(app.path).startswith(f"{ROOT}/") and ".venv" not in app.path
    }
    assert own == set(FLOORS)
