"""The shipped texts, and publishing new ones."""

import re
from datetime import datetime
from io import StringIO

import pytest
from django.contrib.auth.models import User
from django.core.exceptions import PermissionDenied
from django.core.management import call_command
from django.db import DatabaseError, transaction

from audit import timeline
from audit.actors import SYSTEM, Actor, staff
from notices import choosing, default_templates, publishing
from notices.kinds import KINDS
from notices.models import Template
from notices.refusals import NoticeRefused
from notices.states import Channel, TemplateState
from tests.make import make_campaign

GOOD = "Hello {{ name }},\n\n{{ item }}\n\n{{ criteria }}\n{{ terms_url }}"


def draft(**changes: object) -> Template:
    values = {"kind": "loan_returned", "channel": "email", "subject": "Back: {{ item }}", "body": GOOD, "version": 2}
    return Template.objects.create(**{**values, **changes})


@pytest.mark.django_db
def test_every_kind_speaks_english_and_german_from_the_start() -> None:
    there = set(
        Template.objects.filter(state="published", campaign=None, version=1, channel="email").values_list("kind", "language")
    )
    assert there == {(kind, language) for kind in KINDS for language in ("en", "de")}


@pytest.mark.django_db
@pytest.mark.parametrize("language", ["en", "de"])
@pytest.mark.parametrize("kind", KINDS)
def test_a_shipped_text_may_be_published_and_uses_every_fact_of_its_kind(kind: str, language: str) -> None:
    template = Template.objects.get(kind=kind, language=language, channel="email")
    publishing.check(template)
    assert all(f"{{{{ {name} }}}}" in template.subject + template.body for name in KINDS[kind].variables)


@pytest.mark.django_db
def test_loading_the_templates_again_changes_nothing(at: datetime) -> None:
    before = list(Template.objects.order_by("pk").values())
    said = StringIO()
    call_command("load_templates", stdout=said)
    assert said.getvalue() == "0 templates installed.\n"
    assert default_templates.install(at=at) == 0
    assert list(Template.objects.order_by("pk").values()) == before


@pytest.mark.django_db
def test_texts_of_an_earlier_release_are_renewed_only_when_asked_and_once(at: datetime) -> None:
    own = draft(
        kind="loan_overdue", channel="sms", campaign=make_campaign(), state="published", published_at=at, body="Own {{ terms_url }}"
    )
    old = draft(
        kind="loan_overdue",
        channel="sms",
        language="en",
        subject="",
        body="Back? {{ terms_url }}",
        state="published",
        published_at=at,
    )
    call_command("load_templates", stdout=StringIO())
    assert choosing.template_for("loan_overdue", channel=Channel.SMS, language="en") == old
    said = StringIO()
    call_command("load_templates", "--renew", stdout=said)
    assert said.getvalue() == "0 templates installed.\nloan_overdue, en, sms: version 3 is published.\n"
    renewed = choosing.template_for("loan_overdue", channel=Channel.SMS, language="en")
    assert "{{ criteria }}" in renewed.body
    assert [entry.event for entry in timeline.of(renewed.reference)] == ["template.drafted", "template.published"]
    assert choosing.template_for("loan_overdue", channel=Channel.SMS, language="en", campaign=own.campaign) == own
    said = StringIO()
    call_command("load_templates", "--renew", stdout=said)
    assert said.getvalue() == "0 templates installed.\n"


@pytest.mark.django_db(transaction=True)
def test_after_the_tables_were_emptied_the_texts_are_there() -> None:
    assert Template.objects.filter(channel="email").count() == 2 * len(KINDS)


@pytest.mark.django_db(transaction=True)
def test_after_the_tables_were_emptied_again_the_texts_are_there_again() -> None:
    assert Template.objects.filter(channel="email").count() == 2 * len(KINDS)


@pytest.mark.django_db
def test_publishing_a_draft_lets_it_speak_and_is_on_the_trail(at: datetime) -> None:
    template = publishing.publish(template=draft(), at=at, by=SYSTEM)
    assert template.state == TemplateState.PUBLISHED
    assert choosing.template_for("loan_returned", channel=Channel.EMAIL, language="en") == template
    assert [entry.event for entry in timeline.of(template.reference)] == ["template.published"]


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("changes", "code"),
    [
        ({"body": "Hello {{ name }}, {{ terms_url }}"}, "criteria_missing"),
        ({"body": "Hello {{ name }}, {{ criteria }}"}, "terms_missing"),
        ({"body": "Hello", "subject": "{{ criteria }} {{ terms_url }}"}, "criteria_missing"),
        ({"body": GOOD + "{{ verify_url }}"}, "unknown_placeholder"),
        ({"body": GOOD, "subject": "{{ nobody }}"}, "unknown_placeholder"),
        ({"body": GOOD + "{% load x %}"}, "unknown_placeholder"),
        ({"subject": "  "}, "subject_missing"),
        ({"body": " "}, "body_missing"),
        ({"kind": "birthday"}, "unknown_kind"),
    ],
)
def test_words_that_may_not_be_sent_are_not_published(at: datetime, changes: dict[str, str], code: str) -> None:
    template = draft(**changes)
    with pytest.raises(NoticeRefused) as refusal:
        publishing.publish(template=template, at=at, by=SYSTEM)
    assert refusal.value.code == code
    template.refresh_from_db()
    assert template.state == TemplateState.DRAFT


@pytest.mark.django_db
def test_a_published_template_is_not_published_twice(at: datetime) -> None:
    template = publishing.publish(template=draft(), at=at, by=SYSTEM)
    with pytest.raises(NoticeRefused) as refusal:
        publishing.publish(template=template, at=at, by=SYSTEM)
    assert refusal.value.code == "wrong_state"


@pytest.mark.django_db
def test_publishing_needs_the_permission(at: datetime) -> None:
    eve = staff(User.objects.create_user("eve", is_staff=True))
    for act in (
        lambda: publishing.publish(template=draft(), at=at, by=eve),
        lambda: publishing.draft(kind="loan_returned", subject="x", body=GOOD, at=at, by=eve),
    ):
        with pytest.raises(PermissionDenied):
            act()


@pytest.mark.django_db
def test_published_words_do_not_change_in_the_database_itself(at: datetime) -> None:
    template = publishing.publish(template=draft(), at=at, by=SYSTEM)
    rows = Template.objects.filter(pk=template.pk)
    for act in (lambda: rows.update(body="other"), lambda: rows.update(state="draft"), rows.delete):
        with pytest.raises(DatabaseError, match="append-only"), transaction.atomic():
            act()


@pytest.mark.django_db
def test_a_draft_may_be_changed_and_thrown_away() -> None:
    template = draft()
    template.body = "other"
    template.save()
    template.delete()


@pytest.mark.django_db
def test_new_words_are_a_new_version(at: datetime) -> None:
    def write(by: Actor = SYSTEM) -> Template:
        return publishing.draft(kind="loan_returned", subject="x", body=GOOD, at=at, by=by)

    assert [write().version, write().version] == [2, 3]
    assert [e.event for e in timeline.of(Template.objects.get(version=3).reference)] == ["template.drafted"]


@pytest.mark.django_db
def test_the_campaigns_own_words_come_before_the_general_ones(at: datetime) -> None:
    mine, other = make_campaign(), make_campaign()
    own = publishing.publish(template=draft(campaign=mine), at=at, by=SYSTEM)

    def chosen(language: str, campaign: object) -> Template:
        return choosing.template_for("loan_returned", channel=Channel.EMAIL, language=language, campaign=campaign)  # type: ignore[arg-type]

    assert chosen("en", mine) == own
    assert chosen("de", mine) == own
    assert chosen("de", other).language == "de"
    assert chosen("de", other).campaign is None
    assert chosen("fr", other).language == "en"
    assert chosen("en", None).campaign is None


@pytest.mark.django_db
def test_a_draft_never_speaks(at: datetime) -> None:
    draft(version=9)
    assert choosing.template_for("loan_returned", channel=Channel.EMAIL, language="en").version == 1


@pytest.mark.django_db
def test_a_kind_without_a_template_is_refused_in_words() -> None:
    with pytest.raises(NoticeRefused) as refusal:
        choosing.template_for("loan_returned", channel=Channel.SMS, language="en")
    assert refusal.value.code == "no_template"


@pytest.mark.django_db
@pytest.mark.parametrize("language", ["en", "de"])
def test_what_is_urgent_has_words_for_sms_from_the_start(language: str) -> None:
    urgent = {name for name, kind in KINDS.items() if kind.is_urgent}
    templates = list(Template.objects.filter(channel="sms", language=language))
    assert {template.kind for template in templates} == urgent
    for template in templates:
        publishing.check(template)


SHIPPED = list(default_templates.shipped())
NAMES = [f"{text.kind}-{text.language}-{text.channel}" for text in SHIPPED]


@pytest.mark.parametrize(
    "text", [text for text in SHIPPED if text.language == "en"], ids=lambda text: f"{text.kind}-{text.channel}"
)
def test_an_english_line_begins_with_a_capital_letter(text: default_templates.Text) -> None:
    assert [line for line in text.body.splitlines() if line[:1].islower()] == []


@pytest.mark.parametrize("text", SHIPPED, ids=NAMES)
def test_a_thing_is_named_without_an_article_for_not_every_name_takes_one(text: default_templates.Text) -> None:
    articles = r"\b(a|an|the|your|every|this|ein|eine|einen|der|die|das|dein|deine|collect) \{\{ (item|reward|promised|first) \}\}"
    assert re.findall(articles, f"{text.subject}\n{text.body}", re.IGNORECASE) == []
