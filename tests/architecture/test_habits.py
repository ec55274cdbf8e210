"""Habits of the house that a machine can see."""

import ast
import io
import os
import re
import subprocess
import sys

import pytest
from django.core.management import call_command
from django.template import engines

from config.constraints import own_models
from config.diagnosing import template_names
from tests.architecture.source import ROOT, functions, modules

CLOCKS = {"now", "utcnow", "today", "localtime", "localdate"}
READS_THE_CLOCK = {
    "config": "the frame starts what happens: it is where the clock comes in",
}
"""Apps whose core may ask for the time, with the reason."""

PRODUCTION = {
    "DJANGO_SETTINGS_MODULE": "config.settings.prod",
    "SECRET_KEY": "abcdefghij" * 6,
    "SEAL_KEY": "klmnopqrst" * 6,
    "ALLOWED_HOSTS": "lendwell.example.org",
    "SITE_URL": "https://lendwell.example.org",
    "DATABASE_URL": "postgres://lendwell@localhost/lendwell",
    "EMAIL_URL": "smtp+tls://user:word@mail.example.org:587",
}


def test_the_core_is_told_the_time():
    asked = [
        f"{module.name}:{node.lineno}"
        for module in modules()
        if module.is_core and module.app not in READS_THE_CLOCK
        for node in ast.walk(module.tree)
        if isinstance(node, ast.Attribute) and node.attr in CLOCKS and isinstance(node.value, ast.Name)
        if node.value.id in {"timezone", "datetime", "date"}
    ]
    assert asked == []


def test_imports_stand_at_the_top():
    """But in `AppConfig.ready`: what stands on models cannot be imported before they are there."""
    hidden = [
        f"{module.name}:{node.lineno}"
        for module in modules()
        for function in functions(module.tree)
        if not (module.parts[-1] == "apps" and function.name == "ready")
        for node in ast.walk(function)
        if isinstance(node, ast.Import | ast.ImportFrom)
    ]
    assert hidden == []


def test_nothing_is_left_to_be_written_later():
    marks = re.compile(r"\b(TODO|FIXME|XXX|NotImplemented(Error)?)\b")
    assert [module.name for module in modules() if marks.search(module.text)] == []


def test_no_test_is_skipped():
    skips = re.compile(r"pytest\.(mark\.)?(skip|skipif|xfail|importorskip)\b")
    files = (path for path in sorted((ROOT / "tests").rglob("*.py")) if path.name != "test_habits.py")
    assert [str(path.relative_to(ROOT)) for path in files if skips.search(path.read_text())] == []


@pytest.mark.parametrize("model", list(own_models()), ids=lambda model: model._meta.label)
def test_a_model_has_a_name_an_order_and_named_constraints(model):
    assert "__str__" in vars(model)
    assert model._meta.ordering
    prefix = re.compile(r"[a-z0-9_]{5,63}")
    assert all(prefix.fullmatch(constraint.name) for constraint in [*model._meta.constraints, *model._meta.indexes])


def test_names_of_constraints_are_unique():
    names = [constraint.name for model in own_models() for constraint in model._meta.constraints]
    assert sorted({name for name in names if names.count(name) > 1}) == []


@pytest.mark.django_db
def test_no_migration_is_missing():
    out = io.StringIO()
    call_command("makemigrations", "--check", "--dry-run", stdout=out)
    assert out.getvalue() == "No changes detected\n"


@pytest.mark.parametrize("name", template_names())
def test_a_template_compiles(name):
    engines["django"].get_template(name)


def test_templates_carry_no_script_or_style_of_their_own():
    inline = re.compile(r"<script(?![^>]*\bsrc=)|<style\b|\sstyle=|\son[a-z]+=|javascript:", re.IGNORECASE)
    mail = {"notices"}
    guilty = [
        name
        for name in template_names()
        if name.split("/")[0] not in mail and inline.search(engines["django"].get_template(name).template.source)
    ]
    assert guilty == []


def test_settings_of_production_pass_the_checks_for_deployment(tmp_path):
    command = [sys.executable, "manage.py", "check", "--deploy", "--fail-level", "WARNING"]
    # The browser of this run may have left a setting for itself that no production has.
    inherited = {name: value for name, value in os.environ.items() if not name.startswith("DJANGO_")}
    environment = {**inherited, **PRODUCTION, "VAR_DIR": str(tmp_path)}
    run = subprocess.run(command, cwd=ROOT, env=environment, capture_output=True, text=True, check=False)
    assert run.returncode == 0, run.stderr


@pytest.mark.parametrize("name", ["SECRET_KEY", "SEAL_KEY", "ALLOWED_HOSTS", "SITE_URL", "DATABASE_URL", "EMAIL_URL"])
def test_production_refuses_to_start_without(name, tmp_path):
    environment = {**os.environ, **PRODUCTION, "VAR_DIR": str(tmp_path)}
    del environment[name]
    code = (
        "import environ; environ.Env.read_env = classmethod(lambda *a, **k: None)\n"
        "from django.conf import settings; settings.INSTALLED_APPS"
    )
    run = subprocess.run([sys.executable, "-c", code], cwd=ROOT, env=environment, capture_output=True, text=True, check=False)
    assert run.returncode != 0
    assert f"Set the {name} environment variable" in run.stderr


def test_every_name_of_the_environment_is_in_the_example_and_the_other_way_round():
    settings = "".join(path.read_text() for path in (ROOT / "config" / "settings").glob("*.py"))
    read = set(re.findall(r"env\.\w+\(\s*\"([A-Z_]+)\"", settings))
    example = re.findall(r"^(?:# )?([A-Z_]+)=", (ROOT / ".env.example").read_text(), re.MULTILINE)
    assert sorted(example) == sorted(read)


def test_settings_are_short():
    assert all(path.read_text().count("\n") <= 200 for path in (ROOT / "config" / "settings").glob("*.py"))


def test_requirements_are_locked_with_hashes_and_name_no_index():
    for name in ("requirements.txt", "requirements-dev.txt"):
        text = (ROOT / name).read_text()
        pinned = re.findall(r"^[a-z0-9][\w.\[\],-]*==", text, re.MULTILINE)
        assert len(pinned) > 20
        assert text.count("--hash=sha256:") >= len(pinned)
        assert not re.search(r"--(extra-)?index-url|--find-links|https?://", text)
