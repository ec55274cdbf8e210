"""What the pages of an import show: the steps, the facts, the examples."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from django.urls import reverse

from audit.actors import staff
from audit.naming import called
from customers.import_kinds import ImportKind
from customers.models import ImportRun
from customers.states import ImportState
from desk.clock import moment
from desk.parts import Fact, Step, grouped

_STEPS = ("Choose a file", "Name the columns", "See what would change", "Import", "Done")
_AT = {
    ImportState.UPLOADED: 1, ImportState.MAPPED: 2, ImportState.CHECKED: 2, ImportState.QUEUED: 3, ImportState.RUNNING: 3,
    ImportState.DONE: 5,
}  # fmt: skip
_WORDS = {"created": "New", "updated": "Changed", "unchanged": "Unchanged", "rejected": "Rejected"}


def steps_of(run: ImportRun | None, *, can_go_back: bool = True) -> list[Step]:
    """The way of an import, with where it is."""
    here = 0 if run is None else _AT.get(ImportState(run.state), 3 if run.is_storing else 2)
    states = ["done" if place < here else "here" if place == here else "todo" for place in range(len(_STEPS))]
    is_open = run is not None and run.stored_as and not run.is_storing and run.state != ImportState.CANCELLED
    leads_back = can_go_back and is_open and here > 1
    urls = {1: reverse("admin:import_columns", args=[run.reference])} if run is not None and leads_back else {}
    return [Step(label, state, urls.get(place, "")) for place, (label, state) in enumerate(zip(_STEPS, states, strict=True))]


def facts_of(run: ImportRun) -> list[Fact]:
    """What is known about the file and its way."""
    encoding = {"utf-8": "UTF-8", "utf-16": "UTF-16", "cp1252": "Windows (cp1252)"}.get(run.encoding, run.encoding)
    facts = [
        Fact("Size", f"{grouped(run.total_lines)} lines, {grouped(max(1, run.bytes // 1000))} kB"),
        Fact("Letters", f"{encoding}, a guess" if run.is_encoding_guessed else encoding),
        Fact("Uploaded", _when(run.uploaded_at, run)),
    ]
    times = (("Checked", run.checked_at), ("Started", run.started_at), ("Ended", run.finished_at))
    facts += [Fact(label, moment(at)) for label, at in times if at]
    return [*facts, Fact("SHA-256", run.sha256), Fact("Reference", run.reference)]


def _when(at: Any, run: ImportRun) -> str:
    return f"{moment(at)}{f' by {uploader_of(run)}' if run.user else ''}"


def uploader_of(run: ImportRun) -> str:
    """Whoever brought the file, by name; empty where nobody signed in did."""
    return called(staff(run.user).name) if run.user else ""


@dataclass(frozen=True)
class Count:
    """How many lines came out one way."""

    key: str
    label: str
    value: str
    is_some: bool


@dataclass(frozen=True)
class Examples:
    """Counts, exact for the file, and lines to look at."""

    counts: list[Count]
    created: list[dict[str, Any]]
    created_fields: list[str]
    updated: list[dict[str, Any]]
    rejected: list[dict[str, Any]]
    fields: list[tuple[str, str]]
    ignored: list[str]


def examples(run: ImportRun, kind: ImportKind, *, with_lines: bool) -> Examples:
    """What the check found, or what was done; only `with_lines` what stands in them, beside what is wrong with some."""
    findings = run.findings
    labels = {field.name: field.label for field in kind.fields(run.mapping)}
    created, updated = (findings.get(name, []) if with_lines else [] for name in ("created", "updated"))
    shown = [name for name in labels if any(name in each["fields"] for each in created)][:6]
    return Examples(
        counts=_counts(run),
        created=[{**each, "cells": [each["fields"].get(name, "") for name in shown]} for each in created],
        created_fields=[labels[name] for name in shown],
        updated=[{**each, "changes": _changes(each["fields"], labels)} for each in updated],
        rejected=[{**each, "label": _label(each["field"], labels)} for each in findings.get("rejected", [])],
        fields=[(_label(name, labels), grouped(count)) for name, count in sorted(findings.get("fields", {}).items())],
        ignored=findings.get("ignored", []),
    )


def _counts(run: ImportRun) -> list[Count]:
    values = {key: getattr(run, key) for key in _WORDS}
    return [Count(key, label, grouped(values[key]), values[key] > 0) for key, label in _WORDS.items()]


def _changes(fields: Mapping[str, list[str]], labels: Mapping[str, str]) -> list[tuple[str, str, str]]:
    return [(_label(name, labels), before or "nothing", after or "nothing") for name, (before, after) in fields.items()]


def _label(name: str, labels: Mapping[str, str]) -> str:
    own = {"attributes": "Fields of your own", "verified_at": "Verified on"}
    return "; ".join(labels.get(part) or own.get(part, part) for part in name.split("; ")) if name else ""
