"""The page of a segment: written as the rules of a campaign are, with a live count."""

import re
from datetime import timedelta
from typing import Any

import pytest
from django.core.exceptions import PermissionDenied
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from audit.actors import SYSTEM, staff
from audit.models import Entry
from campaigns import audience, segmenting
from campaigns.models import Segment
from campaigns.recipe_parts import RulePart
from campaigns.refusals import CampaignRefused
from tests.campaigns.pages.test_rules_tab import NINETY, count_in, typed
from tests.make import AT, make_customer

pytestmark = pytest.mark.django_db

ADD = "/admin/campaigns/segment/add/"
VIP = {"field": "tags", "operator": "is", "value": "vip", "sentence": "In the group “vip”."}


def page_of(segment: Segment) -> str:
    return f"/admin/campaigns/segment/{segment.pk}/change/"


def make_segment(*rules: dict[str, Any], name: str = "Members") -> Segment:
    return Segment.objects.create(slug="members", name=name, rules=list(rules))


@pytest.fixture
def people() -> list[Any]:
    """Three members of two years, and one of ten days."""
    return [make_customer(f"Member {n}") for n in range(3)] + [
        make_customer("Chloe Lund", member_since=timezone.now().date() - timedelta(days=10))
    ]


def test_marketing_writes_a_segment_without_a_line_of_code(manager: Client, people: list[Any]) -> None:
    page = manager.get(ADD).content.decode()
    assert "JSON" not in page and "<textarea" not in page
    added = manager.post(ADD, typed(action="add:referrer", name="Old friends")).content.decode()
    assert 'value="Old friends"' in added and "Days as a member" in added
    answer = manager.post(ADD, typed(NINETY, action="save", name="Old friends", base=""))
    segment = Segment.objects.get()
    assert answer["Location"] == page_of(segment)
    assert (segment.slug, segment.name) == ("old-friends", "Old friends")
    assert segment.rules == [
        {"field": "membership_days", "operator": "at_least", "value": 90, "sentence": "A member for at least 90 days."}
    ]
    assert Entry.objects.get(event="segment.begun").subject_reference == "old-friends"
    text = manager.get(page_of(segment)).content.decode()
    assert count_in(text) == audience.matching(segmenting.rules_of(segment), on=timezone.localdate()).count() == 3
    assert "Written, with 1 rule." in text


def test_who_is_in_it_is_counted_while_it_is_typed(manager: Client, people: list[Any]) -> None:
    segment = make_segment({**NINETY, "value": 90, "sentence": "A member."})
    asked = typed({**NINETY, "value": "5"}, part="live", name="Members")
    live = manager.get(page_of(segment), asked).content.decode()
    assert "<html" not in live and count_in(live) == 4
    assert "1 more" in live and "Nothing is saved yet" in live
    assert not Entry.objects.exists()
    assert segment.rules == Segment.objects.get().rules


def test_a_segment_is_changed_and_its_page_tells_by_whom(manager: Client) -> None:
    segment = make_segment({**NINETY, "value": 90, "sentence": "A member."})
    sent = typed(NINETY, VIP, action="save", name="Best members", base=segmenting.stamp(segment))
    assert manager.post(page_of(segment), sent).status_code == 302
    segment.refresh_from_db()
    assert (segment.name, segment.slug, len(segment.rules)) == ("Best members", "members", 2)
    text = manager.get(page_of(segment)).content.decode()
    assert "Changed; it has 2 rules now." in text and "by marketing" in text


def test_saving_what_is_so_already_leaves_no_trace(manager: Client) -> None:
    segment = make_segment(VIP)
    manager.post(page_of(segment), typed(VIP, action="save", name="Members", base=segmenting.stamp(segment)))
    assert not Entry.objects.exists()


@pytest.mark.parametrize(
    ("rules", "name", "says"),
    [
        ((NINETY,), " ", "This field is required."),
        ((), "Empty", "A segment without a rule would be everybody"),
        (({**NINETY, "value": "ninety"},), "Typed", "“ninety” is not a number."),
        (({"field": ""},), "Typed", "Choose a field, or remove this rule."),
        (({"field": "age", "operator": "at_least", "value": "18"},), "Typed", "Write why this campaign may use it."),
        (({"field": "no_such", "operator": "is", "value": "1"},), "Typed", "Select a valid choice"),
    ],
)
def test_what_is_wrong_is_said_and_what_was_typed_stays(manager: Client, rules: Any, name: str, says: str) -> None:
    answer = manager.post(ADD, typed(*rules, action="save", name=name, base=""))
    assert answer.status_code == 422
    text = answer.content.decode()
    assert says in text and f'value="{name.strip()}"' in text.replace(f'value="{name}"', f'value="{name.strip()}"')
    if rules and rules[0].get("value") == "ninety":
        assert 'value="ninety"' in text
    assert not Segment.objects.exists() and not Entry.objects.exists()


@pytest.mark.parametrize("total", ["-1", "none", "99999", "٣"])
def test_a_mangled_form_saves_nothing(manager: Client, total: str) -> None:
    answer = manager.post(ADD, {"total": total, "base": "", "name": "Odd", "action": "save"})
    assert answer.status_code == 422 and not Segment.objects.exists()


def test_what_somebody_else_saved_meanwhile_is_not_overwritten(manager: Client) -> None:
    segment = make_segment(VIP)
    seen = segmenting.stamp(segment)
    Segment.objects.update(name="Another name")
    answer = manager.post(page_of(segment), typed(NINETY, action="save", name="Mine", base=seen))
    assert answer.status_code == 422 and "Somebody else has saved this segment meanwhile" in answer.content.decode()
    assert Segment.objects.get().name == "Another name"
    with pytest.raises(CampaignRefused, match="meanwhile"):
        segmenting.change(segment=segment, name="Mine", rules=segmenting.parts_of(segment), seen=seen, at=AT, by=SYSTEM)


def test_two_segments_of_one_name_get_short_names_of_their_own(manager: Client) -> None:
    for name in ("Members", "Members", "会员"):
        manager.post(ADD, typed(VIP, action="save", name=name, base=""))
    assert sorted(Segment.objects.values_list("slug", flat=True)) == ["members", "members-2", "segment"]


def test_chloe_is_tried_by_the_rules_as_typed(manager: Client, people: list[Any]) -> None:
    segment = make_segment({**NINETY, "value": 90, "sentence": "A member."})
    told = manager.get(page_of(segment), {"q": "chloe"}).content.decode()
    assert "Not in it" in told and "Known: 10 days." in told and "Does not qualify" not in told
    tried = typed({**NINETY, "value": "5"}, action="try", q="Chloe", name="Members")
    assert ">In it<" in manager.post(page_of(segment), tried).content.decode()


def test_nobody_learns_scores_by_counting_a_segment(manager: Client) -> None:
    source = {"source": "own account history", "justification": "Risk"}
    rule = {"field": "credit_score", "operator": "at_least", "value": "600", **source}
    text = manager.get(ADD, typed(rule, part="live", name="Rich")).content.decode()
    assert "needs the permission to read credit scores" in text and "rule-count" not in text
    assert manager.post(ADD, typed(rule, action="save", name="Rich", base="")).status_code == 403
    assert not Segment.objects.exists()


def test_the_auditor_reads_and_tries_a_segment_and_changes_nothing(eve: Client, people: list[Any]) -> None:
    segment = make_segment({**NINETY, "value": 90, "sentence": "A member for a while."})
    text = eve.get(page_of(segment)).content.decode()
    assert "A member for a while." in text and count_in(text) == 3 and "Save the segment" not in text
    for action in ("save", "add:referrer", "remove:0"):
        assert eve.post(page_of(segment), typed(VIP, action=action, name="Mine")).status_code == 403
    assert (eve.get(ADD).status_code, eve.post(ADD, typed(VIP, action="save", name="Mine")).status_code) == (403, 403)
    reader = staff(eve.get("/admin/").wsgi_request.user)
    rules = segmenting.parts_of(segment)
    with pytest.raises(PermissionDenied):
        segmenting.begin(name="Mine", rules=rules, at=AT, by=reader)
    with pytest.raises(PermissionDenied):
        segmenting.change(segment=segment, name="Mine", rules=rules, seen=segmenting.stamp(segment), at=AT, by=reader)
    assert list(Segment.objects.values_list("name", flat=True)) == ["Members"]


@pytest.mark.parametrize("stored", [{"field": "tags"}, ["vip"], [None], [{"field": "no_such", "operator": "is", "value": {}}]])
def test_what_was_typed_by_hand_before_and_is_no_rule_is_met_by_nobody_and_can_be_mended(
    manager: Client, people: list[Any], stored: Any
) -> None:
    segment = Segment.objects.create(slug="old", name="Old", rules=stored)
    assert audience.matching(segmenting.rules_of(segment), on=AT.date()).count() == 0
    assert manager.get(page_of(segment)).status_code == 200
    sent = typed(VIP, action="save", name="Old", base=segmenting.stamp(segment))
    assert manager.post(page_of(segment), sent).status_code == 302


def test_every_way_a_rule_can_be_comes_back_from_the_row_as_it_was_written() -> None:
    rules = (
        RulePart("referrer", "country", "one_of", ("DE", "FR"), "Living in Germany or France.", group="A"),
        RulePart("referrer", "is_verified", "is", True, "Confirmed.", group="A"),
        RulePart("referrer", "age", "at_least", 18, "Of age.", justification="The law asks for it."),
    )
    segment = segmenting.begin(name="All", rules=rules, at=AT, by=SYSTEM)
    assert segmenting.parts_of(Segment.objects.get(pk=segment.pk)) == rules


def test_a_segment_that_is_not_there_is_not_found(manager: Client) -> None:
    for key in ("999999", "nonsense"):
        assert manager.get(f"/admin/campaigns/segment/{key}/change/").status_code == 404


def test_the_page_asks_as_often_for_many_rules_and_customers_as_for_few(manager: Client) -> None:
    segment = make_segment(VIP)
    counts = []
    for _ in range(2):
        manager.get(page_of(segment))
        with CaptureQueriesContext(connection) as queries:
            manager.get(page_of(segment), {"q": "asha"})
        counts.append(len(queries))
        for _ in range(5):
            make_customer()
        Segment.objects.update(rules=[VIP] * 6)
    assert counts[0] >= counts[1]


def test_the_list_leads_to_the_page_and_to_a_new_one(manager: Client) -> None:
    segment = make_segment(VIP)
    text = manager.get("/admin/campaigns/segment/").content.decode()
    assert page_of(segment) in text and re.search(r'href="[^"]*segment/add/"', text)
