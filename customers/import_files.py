"""Where uploaded files lie: in one folder, under random names, readable by the program alone."""

import hashlib
import json
import os
import secrets
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path

from django.conf import settings

from customers.models import ImportRun
from desk.csv_files import CsvFile, open_csv
from desk.csv_imports import Taken

_ENDINGS = (".csv", ".rejects.csv", ".rejects.csv.part", ".taken", ".csv.part")


@dataclass(frozen=True)
class Stored:
    """A file as it arrived."""

    name: str
    sha256: str
    bytes: int


def folder() -> Path:
    """The imports folder, made when it is not there."""
    path = Path(settings.VAR_DIR) / "imports"
    path.mkdir(mode=0o700, parents=True, exist_ok=True)
    return path


def store(pieces: Iterable[bytes]) -> Stored:
    """Write an upload under a name that nobody chose."""
    name = secrets.token_hex(16)
    digest = hashlib.sha256()
    size = 0
    handle = os.open(_path(name, ".csv"), os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    with os.fdopen(handle, "wb") as file:
        for piece in pieces:
            digest.update(piece)
            size += len(piece)
            file.write(piece)
    return Stored(name, digest.hexdigest(), size)


def _path(name: str, ending: str) -> Path:
    return folder() / f"{name}{ending}"


def path_of(stored_as: str) -> Path:
    """The file itself."""
    return _path(stored_as, ".csv")


def open_file(run: ImportRun) -> CsvFile:
    """The file, looked through once. Refuses with `FileRefused`."""
    encoding = "cp1252" if run.encoding == "cp1252" else "utf-8"
    return open_csv(path_of(run.stored_as), encoding=encoding)


def rejects_target(run: ImportRun) -> Path:
    """What the writer of rejects is told; it keeps them beside it until they are fetched."""
    return _path(run.stored_as, ".rejects.csv")


def rejects_of(run: ImportRun) -> Path | None:
    """The refused lines, when there are any and they are not deleted yet."""
    path = _path(run.stored_as, ".rejects.csv.part")
    return path if run.stored_as and run.rejected and path.exists() else None


def delete(stored_as: str) -> None:
    """Delete a file and all that was written beside it."""
    for ending in _ENDINGS:
        _path(stored_as, ending).unlink(missing_ok=True)


class TakenFile:
    """The list of taken keys of one run, written down so that another process can go on."""

    def __init__(self, run: ImportRun, taken: Taken) -> None:
        path = _path(run.stored_as, ".taken")
        self._taken = taken
        if run.taken_bytes:
            os.truncate(path, run.taken_bytes)
            with path.open(encoding="utf-8") as file:
                taken.recall((kind, key, line) for kind, key, line in map(json.loads, file))
        self._file = path.open("a" if run.taken_bytes else "w", encoding="utf-8")

    def make_safe(self) -> int:
        """Write down what was taken since. Answers how many bytes the list has."""
        self._file.writelines(f"{json.dumps(news)}\n" for news in self._taken.news())
        self._file.flush()
        os.fsync(self._file.fileno())
        return os.fstat(self._file.fileno()).st_size

    def close(self) -> None:
        """Let go of the list, for another process to take up."""
        self._file.close()
