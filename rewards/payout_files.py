"""Reading what the bank tells about a batch: a CSV file with one payment per line."""

from pathlib import Path

from desk.csv_files import open_csv
from rewards.payouts import Told

REQUIRED = ("payment", "status")
OPTIONAL = ("amount", "reason")


def read(path: Path) -> list[Told]:
    """The lines of the file. Refuses like `desk.csv_files.open_csv`, and with `column_missing`."""
    file = open_csv(path)
    file.require(REQUIRED)
    columns = {name: file.find(name) for name in (*REQUIRED, *OPTIONAL)}
    return [
        Told(line.number, "", "", "", line.problem) if line.problem else _told(line.number, line.values, columns)
        for line in file.lines()
    ]


def _told(number: int, values: dict[str, str], columns: dict[str, str]) -> Told:
    payment, status, amount, reason = (values.get(columns[name], "") if columns[name] else "" for name in (*REQUIRED, *OPTIONAL))
    return Told(number, payment, status, amount, reason)
