"""Files brought in through the browser, step by step."""

from dataclasses import dataclass
from datetime import timedelta
from typing import Any

from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client

from customers import import_running
from customers.models import ImportRun
from customers.states import IMPORT_WORKED_ON
from tests.make import AT

NOW = AT + timedelta(minutes=10)


def run_now(run: ImportRun) -> ImportRun:
    """Let the background work on this import until it rests."""
    for _ in range(50):
        import_running.carry_on(run=run, at=NOW)
        run.refresh_from_db()
        if run.state not in IMPORT_WORKED_ON:
            return run
    raise AssertionError(f"{run} does not come to rest: {run.state}, line {run.done_line}")


@dataclass
class Importing:
    """Somebody at the pages of imports."""

    client: Client
    kind: str = "customers"

    def upload(self, content: bytes | str, name: str = "customers.csv") -> Any:
        """The answer to the upload of a file."""
        content = content.encode() if isinstance(content, str) else content
        return self.client.post(f"/admin/import/{self.kind}/new/", {"file": SimpleUploadedFile(name, content)})

    def uploaded(self, content: bytes | str, name: str = "customers.csv") -> ImportRun:
        """The import of a file that is good."""
        answer = self.upload(content, name)
        assert answer.status_code == 302, answer.content.decode()[-3000:]
        return ImportRun.objects.get(reference=answer["Location"].split("/")[-3])

    def columns(self, run: ImportRun, **query: str) -> Any:
        """The page on which the columns are named."""
        return self.client.get(f"/admin/import/{run.reference}/columns/", query)

    def filled(self, run: ImportRun, **query: str) -> dict[str, str]:
        """The form as it is filled in for the person."""
        form = self.columns(run, **query).context["form"]
        return {name: form[name].value() or "" for name in form.fields if form[name].value() not in (None, False)}

    def name_columns(self, run: ImportRun, **changes: str) -> Any:
        """The answer to the form as proposed, but for these changes."""
        return self.client.post(f"/admin/import/{run.reference}/columns/", {**self.filled(run), **changes})

    def do(self, run: ImportRun, what: str) -> Any:
        """The answer to a button on the page of the import."""
        return self.client.post(f"/admin/import/{run.reference}/", {"do": what}, follow=True)

    def checked(self, content: bytes | str, **changes: str) -> ImportRun:
        """Upload, columns as proposed, and the check."""
        run = self.uploaded(content)
        answer = self.name_columns(run, **changes)
        assert answer.status_code == 302, answer.content.decode()[-6000:]
        return run_now(run)

    def imported(self, content: bytes | str, **changes: str) -> ImportRun:
        """All the way to the end."""
        run = self.checked(content, **changes)
        self.do(run, "start")
        return run_now(run)

    def page(self, run: ImportRun) -> str:
        """The page of the import."""
        return self.client.get(f"/admin/import/{run.reference}/").content.decode()


def counts(run: ImportRun) -> tuple[int, int, int, int]:
    """New, changed, unchanged, rejected."""
    return run.created, run.updated, run.unchanged, run.rejected
