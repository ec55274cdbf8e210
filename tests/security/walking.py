"""Every address of the desk, found in the routes themselves, so that a new page is walked without being named here."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from itertools import product
from typing import Any

from django.apps import apps
from django.contrib import admin
from django.db.models import Model
from django.urls import URLPattern, reverse

from audit.admin.screens import READING
from config.constraints import own_models
from customers.import_kinds import kind_called
from desk import screens
from desk.admin.moves import Move, MovesAdmin
from referrals.admin.at_risk_page import FixScreen

_PAGES = ("changelist", "add", "change", "delete", "history")


@dataclass(frozen=True)
class Address:
    """One page: its name, where it is, and the permissions of which one opens it; None where the route itself does not say.

    `besides` are permissions that are needed as well, all of them.
    """

    name: str
    url: str
    permissions: tuple[str, ...] | None
    besides: tuple[str, ...] = ()

    @property
    def kind(self) -> str:
        """The name of the screen, or which page of a row it is."""
        return self.name.split()[1]


def addresses() -> list[Address]:
    """All pages of rows of ours (of the first row of each) and all screens."""
    return [*_rows(), *_screens()]


def first(model: type[Model]) -> Any:
    """The row whose pages are walked."""
    return model._default_manager.order_by("pk").first()


def _rows() -> Iterator[Address]:
    for model in own_models():
        row = first(model) if model in admin.site._registry else None
        if row is None:
            continue
        meta = model._meta
        view = (f"{meta.app_label}.view_{meta.model_name}", f"{meta.app_label}.change_{meta.model_name}")
        for page in _PAGES:
            arguments = [] if page in ("changelist", "add") else [row.pk]
            url = reverse(f"admin:{meta.app_label}_{meta.model_name}_{page}", args=arguments)
            yield Address(f"{meta.label} {page}", url, view if page in ("changelist", "change") else None)


def _screens() -> Iterator[Address]:
    for route in screens.routes(admin.site):
        screen = route.callback.__wrapped__.view_class if hasattr(route.callback, "__wrapped__") else None
        wanted = getattr(screen, "permission", ())
        permissions = (wanted,) if isinstance(wanted, str) else tuple(wanted)
        for arguments in _arguments(route):
            url = reverse(f"admin:{route.name}", kwargs=arguments) + QUERIES.get(str(route.name), str)()
            finer = NARROWER.get(str(route.name))
            wide = finer(arguments) if finer else permissions
            reading = (READING,) if getattr(screen, "is_readable", False) else ()
            told = " ".join(str(value) for value in arguments.values())
            besides = BESIDES[str(route.name)](arguments) if str(route.name) in BESIDES else ()
            yield Address(f"screen {route.name} {told}".strip(), url, (*wide, *reading), besides)


def _arguments(route: URLPattern) -> list[dict[str, Any]]:
    """What the address of a screen asks for, of rows that exist; of none where nothing is named for it here."""
    names = list(route.pattern.converters)
    if not names:
        return [{}]
    examples = EXAMPLES.get(str(route.name)) or {"campaign": EXAMPLES["campaign"]["campaign"]}
    if set(names) - set(examples):
        return []
    return [dict(zip(names, values, strict=True)) for values in product(*(examples[name]() for name in names))]


def unnamed() -> list[str]:
    """Screens for whose address no row is named in `EXAMPLES`, so that nobody walks them."""
    routes = screens.routes(admin.site)
    return [str(route.name) for route in routes if set(route.pattern.converters) - {"campaign"} and str(route.name) not in EXAMPLES]


def _of(label: str, field: str, **rows: Any) -> Callable[[], list[Any]]:
    """The value of a field of the first row that is like this."""

    def find() -> list[Any]:
        return list(apps.get_model(label)._default_manager.filter(**rows).order_by("pk").values_list(field, flat=True)[:1])

    return find


def _these(*values: Any) -> Callable[[], list[Any]]:
    return lambda: list(values)


def _moves_of_campaigns() -> dict[str, Move]:
    page = admin.site._registry[apps.get_model("campaigns.Campaign")]
    assert isinstance(page, MovesAdmin)
    return {move.name: move for move in page._all_moves()}


_CAMPAIGN = {"campaign": _of("campaigns.Campaign", "slug")}
_LOAN = {"reference": _of("equipment.Loan", "reference", state="closed")}
_OF_ONE_IMPORT = ("import_columns", "import_map", "import_rejects", "import_progress", "import_run")
_IMPORT = {"reference": _of("customers.ImportRun", "reference")}
_REWARD = {"reference": _of("rewards.Reward", "reference")}
EXAMPLES: dict[str, dict[str, Callable[[], list[Any]]]] = {
    "campaign": _CAMPAIGN,
    "campaign_move": _CAMPAIGN | {"move": lambda: list(_moves_of_campaigns())},
    "campaign_part_new": _CAMPAIGN | {"kind": _these("tier", "promotion", "limit", "arm")},
    "campaign_part": _CAMPAIGN | {"kind": _these("tier"), "key": _of("campaigns.Tier", "key")},
    "campaign_terms_write": _CAMPAIGN | {"side": _these("campaign", "loan")},
    "campaign_terms_new": _CAMPAIGN | {"side": _these("campaign")},
    "campaign_terms_version": _CAMPAIGN | {"side": _these("campaign"), "number": _these(1)},
    "help_page": {"slug": _these("campaigns")},
    "import_upload": {"kind": _these("customers", "units")},
    **dict.fromkeys(_OF_ONE_IMPORT, _IMPORT),
    **dict.fromkeys(("approvals_decide", "approvals_undo"), _REWARD),
    "promise_fix": {
        "promise": _of("referrals.Promise", "pk"),
        "fix": _these(*FixScreen.permissions),
        "pool": _of("equipment.Pool", "pk"),
    },
    "notices_letter": {"reference": _of("notices.Notice", "reference")},
    **dict.fromkeys(("handover_loan", "handover_receipt", "handover_return_receipt", "handover_terms"), _LOAN),
    "statement": {"reference": _of("customers.Customer", "reference")},
    "appeal": {"reference": _of("rewards.Appeal", "reference")},
    **dict.fromkeys(("payout_batch", "payout_file"), {"reference": _of("rewards.Batch", "reference")}),
    "mailing": {"reference": _of("referrals.Mailing", "reference")},
    **dict.fromkeys(
        ("campaign_sequence", "campaign_sequence_plan"), _CAMPAIGN | {"reference": _of("notices.Sequence", "reference")}
    ),
    "unit_labels": {"pk": _of("equipment.Pool", "pk")},
    "handover_photo": {"name": _of("equipment.ConditionPhoto", "name")},
}
"""For the address of each screen that asks for something: values that exist in the world of the tests."""
NARROWER: dict[str, Callable[[dict[str, Any]], tuple[str, ...]]] = {
    "campaign_move": lambda asked: (_moves_of_campaigns()[asked["move"]].permission,),
    "import_upload": lambda asked: (kind_called(asked["kind"]).permission,),
    **dict.fromkeys(_OF_ONE_IMPORT, lambda asked: (kind_called("customers").permission,)),
}
"""Screens that ask for a permission of what their address names."""
BESIDES: dict[str, Callable[[dict[str, Any]], tuple[str, ...]]] = {
    "promise_fix": lambda asked: (FixScreen.permissions[asked["fix"]],),
    "import_rejects": lambda asked: ("customers.read_contact",),
}
"""Screens that ask for another permission beside their own."""
QUERIES: dict[str, Callable[[], str]] = {"campaign_messages_letter": lambda: f"?template={_of('notices.Template', 'pk')()[0]}"}
"""What the address of a screen goes on with, where it shows nothing otherwise."""
