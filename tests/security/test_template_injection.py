"""17: words with braces stay words: neither a text of staff nor a fact typed by a stranger is a program; and no name begins a header."""

from datetime import datetime
from email import message_from_bytes, policy
from email.headerregistry import Address

import pytest
from hypothesis import given
from hypothesis import strategies as st

from audit.actors import SYSTEM
from notices import publishing
from notices.channels.email import message_of
from notices.kinds import COMMON
from notices.models import Template
from notices.refusals import NoticeRefused
from notices.rendering import render
from tests.make import make_customer
from tests.notices.samples import queued

PROGRAMS = [
    "{{ settings.SECRET_KEY }}", "{{ name.__class__ }}", "{{ name|safe }}", "{% load static %}", "{% debug %}", "{% include 'a' %}",
    "{{ 7*7 }}", "{{ name }}{% if 1 %}", "{{", "}}", "{{ }}", "{{ name\n}}", "{{ unsubscribe_url.__init__.__globals__ }}",
]  # fmt: skip
FACTS = [
    *PROGRAMS[:8],
    "${7*7}",
    "#{7*7}",
    "<%= 7*7 %>",
    "{0.__class__}",
    "%(name)s",
    "<script>alert(1)</script>",
    "{{ criteria }}",
]


@pytest.mark.django_db
@pytest.mark.parametrize("words", PROGRAMS)
def test_a_text_that_is_a_program_is_refused_when_it_is_saved(at: datetime, words: str) -> None:
    with pytest.raises(NoticeRefused) as refusal:
        publishing.draft(
            kind="loan_returned", subject="Hi", body=f"{words} {{{{ criteria }}}} {{{{ terms_url }}}}", at=at, by=SYSTEM
        )
    assert refusal.value.code == "unknown_placeholder"
    with pytest.raises(NoticeRefused):
        publishing.draft(kind="loan_returned", subject=words, body="x", at=at, by=SYSTEM)
    assert not Template.objects.filter(version=2).exists()


@pytest.mark.django_db
@pytest.mark.parametrize("typed", FACTS)
def test_a_fact_that_is_a_program_is_written_as_it_was_typed(typed: str) -> None:
    notice = queued("reward_question", facts={"question": f"So {typed}?"})
    assert f"So {typed}?" in notice.body_text
    assert "49" not in notice.body_text
    assert "<script>" not in notice.body_html
    assert "SECRET" not in notice.body_text.replace(typed, "")


@given(st.text(max_size=200))
def test_whatever_a_fact_is_it_comes_out_once_and_calls_nothing(typed: str) -> None:
    facts = dict.fromkeys(COMMON, "") | {"criteria": "secret", "note": f"x{typed}x"}
    rendered = render(subject="About {{ note }}", body="{{ note }}", facts=facts)
    assert "\n" not in rendered.subject
    assert "secret" not in rendered.text.replace(typed, "")


@pytest.mark.django_db
@pytest.mark.parametrize(
    "name",
    [
        "Asha\r\nBcc: everyone@example.org",
        "Asha\nSubject: Won",
        "Asha\u2028Bcc: x@example.org",
        "Asha\x00\x0bCc: x@example.org",
        "=?utf-8?q?Asha=0ABcc:x?=",
    ],
)
def test_a_name_begins_no_header(at: datetime, name: str) -> None:
    notice = queued("friend_signed_up", to=make_customer(), facts={"friend_name": name})
    source = message_of(notice, at).message().as_bytes()
    parsed = message_from_bytes(source, policy=policy.default)
    assert {key.lower() for key in parsed} <= {
        "subject", "from", "to", "message-id", "date", "auto-submitted", "mime-version", "content-type", "reply-to",
    }  # fmt: skip
    assert len(parsed.get_all("To") or []) == 1
    recipients: tuple[Address, ...] = parsed["To"].addresses
    assert [one.addr_spec for one in recipients] == [notice.address]
