"""No file of any list makes a spreadsheet calculate, whatever customers and staff typed."""

import csv
import io

from django.test import Client

from campaigns.models import Campaign
from customers.models import Customer
from equipment.models import Unit
from notices.models import Notice
from referrals.models import Referral
from rewards.models import Reward
from tests.admin import world
from tests.admin.test_lists import lists

NASTY = [
    "=1+1", "+1", "-1", "@SUM(A1)", "\t=1", "\r=1", "\n=1", "|cmd", "%0a", "＝1", "＋1", "－1", "＠1",
    " =1", "\u00a0=1", "\ufeff=1", "\u200b=1", "0;=1", "0,=1",
]  # fmt: skip
FIELDS = (
    (Customer, "name"), (Customer, "city"), (Campaign, "name"), (Campaign, "owner"), (Unit, "note"), (Notice, "subject"),
    (Referral, "variant"), (Reward, "reason"),
)  # fmt: skip
FORMULA = tuple("=+-@\t\r\n|%＝＋－＠")


def test_no_export_of_any_list_holds_a_formula(administrator: Client) -> None:
    world.fill()
    for text in NASTY:
        for model, field in FIELDS:
            model._default_manager.update(**{field: text})
        for name, url in ((name, url) for name, page, url in lists() if page.model in {model for model, _ in FIELDS}):
            assert formulas(administrator, url) == [], (name, text)
    for name, _, url in lists():
        assert formulas(administrator, url) == [], name


def formulas(client: Client, url: str) -> list[str]:
    """Cells of both kinds of file that a spreadsheet would calculate, whichever separator it reads them with."""
    found = []
    for kind in ("comma", "semicolon"):
        text = b"".join(client.post(url, {"export": kind}).streaming_content).decode("utf-8-sig")
        for separator in ",;":
            cells = (cell for line in csv.reader(io.StringIO(text, newline=""), delimiter=separator) for cell in line)
            found += [cell for cell in cells if cell.lstrip(" \u00a0\u200b\ufeff").startswith(FORMULA) and not is_number(cell)]
    return found


def is_number(cell: str) -> bool:
    """Numbers are written as they are, also those below nought."""
    try:
        float(cell)
    except ValueError:
        return False
    return not cell.startswith("+") and cell == cell.strip()
