"""The invitation in one's own words: plain, short, and without links."""

import pytest
from django.core.exceptions import PermissionDenied

from audit.actors import Actor, customer
from audit.models import Entry
from referrals.models import Code
from referrals.refusals import ReferralRefused
from referrals.sharing.invitation_texts import write_invitation
from referrals.sharing.kit import share_kit
from tests.make import AT, make_customer

pytestmark = pytest.mark.django_db


def test_own_words_replace_the_standard_ones_everywhere_until_they_are_taken_back(code: Code, herself: Actor) -> None:
    standard = share_kit(code, at=AT).text
    write_invitation(code=code, text="  Try this\r\ncamera!\x07\u202e ", at=AT, by=herself)
    kit = share_kit(Code.objects.get(pk=code.pk), at=AT)
    assert kit.text == "Try this\ncamera!"
    assert kit.is_own_text
    assert all("Try%20this" in way.href for way in kit.ways if way.name != "social")
    write_invitation(code=code, text=" ", at=AT, by=herself)
    assert share_kit(Code.objects.get(pk=code.pk), at=AT).text == standard
    assert [entry.sentence for entry in Entry.objects.filter(event="code.invitation_written").order_by("n")] == [
        "The invitation is in the customer's own words.",
        "The invitation is in the standard words again.",
    ]


def test_the_same_again_changes_nothing(code: Code, herself: Actor) -> None:
    for _ in range(2):
        write_invitation(code=code, text="Try this", at=AT, by=herself)
    assert Entry.objects.filter(event="code.invitation_written").count() == 1


@pytest.mark.parametrize(
    ("text", "why"),
    [
        ("x" * 401, "invitation_too_long"),
        ("x" * 100_000, "invitation_too_long"),
        ("\n".join("abcdefghi"), "invitation_too_long"),
        ("Look at https://evil.example/", "invitation_has_a_link"),
        ("Look at WWW.evil.example", "invitation_has_a_link"),
        ("Look at evil-shop.com", "invitation_has_a_link"),
    ],
)
def test_what_cannot_be_sent_is_refused_in_words_and_what_was_kept_stays(code: Code, herself: Actor, text: str, why: str) -> None:
    write_invitation(code=code, text="Try this", at=AT, by=herself)
    with pytest.raises(ReferralRefused) as refusal:
        write_invitation(code=code, text=text, at=AT, by=herself)
    assert refusal.value.code == why
    assert Code.objects.get(pk=code.pk).invitation_text == "Try this"


def test_nobody_writes_for_somebody_else(code: Code) -> None:
    with pytest.raises(PermissionDenied):
        write_invitation(code=code, text="Try this", at=AT, by=customer(make_customer("Eve Lund").reference))
