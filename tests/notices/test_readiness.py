"""A campaign goes live only when all it has to say can be said."""

from datetime import datetime
from typing import Any

import pytest

from campaigns import readiness
from campaigns.readiness import Check
from notices import kinds
from notices.kinds import Kind
from notices.models import Template
from tests.make import make_campaign

pytestmark = pytest.mark.django_db


def notices_check(at: datetime) -> Check:
    (found,) = [check for check in readiness.check(make_campaign(), at=at) if check.code == "notices"]
    return found


def test_with_the_shipped_texts_a_campaign_can_say_everything(at: datetime) -> None:
    assert notices_check(at).is_ok


def test_a_kind_nobody_wrote_words_for_holds_a_campaign_back(at: datetime, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(kinds.KINDS, "birthday", Kind("birthday", "Your birthday", ("item",)))
    check = notices_check(at)
    assert not check.is_ok
    assert "“Your birthday”: there is no published template." in check.sentence
    assert check.fix


def test_published_words_without_the_terms_hold_a_campaign_back(at: datetime) -> None:
    values: dict[str, Any] = {"kind": "loan_returned", "language": "de", "version": 2, "subject": "x", "body": "{{ criteria }}"}
    Template.objects.create(**values, state="published", published_at=at)
    check = notices_check(at)
    assert not check.is_ok
    assert "version 2 in “de”: Readers must be able to read the terms." in check.sentence
