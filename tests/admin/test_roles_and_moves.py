"""Every move of every page, sent by everybody in every role: it is refused to exactly those who lack its permission."""

import pytest
from django.contrib import admin
from django.contrib.auth.models import User
from django.db import transaction
from django.db.models import Model
from django.urls import reverse

from config import roles
from config.constraints import own_models
from desk.admin.moves import MovesAdmin
from tests.admin import world
from tests.admin.conftest import As


def with_pages() -> list[type[Model]]:
    """Models of ours that have pages."""
    return [model for model in own_models() if model in admin.site._registry]


def moves() -> list[tuple[str, str]]:
    """Address and permission of each move of the first row of everything, of each move above a list, and of each on many rows."""
    found = []
    for model in with_pages():
        page, row = admin.site._registry[model], model._default_manager.order_by("pk")[0]
        assert isinstance(page, MovesAdmin)
        info = f"admin:{model._meta.app_label}_{model._meta.model_name}"
        found += [(reverse(f"{info}_move", args=[row.pk, move.name]), move.permission) for move in page._all_moves()]
        found += [(reverse(f"{info}_list_move", args=[move.name]), move.permission) for move in page.list_moves]
    return found


def many() -> list[tuple[str, str, str]]:
    """Address of the list, name and permission of each move that can be made on many rows at once."""
    return [
        (reverse(f"admin:{model._meta.app_label}_{model._meta.model_name}_changelist"), one.name, one.move.permission)
        for model in with_pages()
        for one in admin.site._registry[model].listing.bulk
    ]


@pytest.mark.parametrize("role", [role.name for role in roles.ROLES])
def test_a_move_is_refused_to_exactly_those_who_may_not_make_it(signed_in_as: As, role: str) -> None:
    world.fill()
    client = signed_in_as(role)
    user = User.objects.get(username=role.split()[0].lower())
    wrong = []
    for url, permission in moves():
        with transaction.atomic():
            is_refused = client.post(url).status_code == 403
            transaction.set_rollback(True)
        if is_refused == user.has_perm(permission):
            wrong.append((url, permission))
    for url, name, permission in many():
        is_refused = client.post(url, {"move": name}).status_code == 403
        sees = user.has_perm(url.split("/")[2] + ".view_" + url.split("/")[3])
        if is_refused == (sees and user.has_perm(permission)):
            wrong.append((url, name, permission))
    assert wrong == []
