"""Every message speaks the language of its reader to the last sentence."""

import pytest

from notices.kinds import KINDS
from tests.english import english_in
from tests.occasions import STORIES, happen

pytestmark = pytest.mark.django_db


def test_there_is_a_story_of_every_kind() -> None:
    assert set(STORIES) == set(KINDS)


@pytest.mark.parametrize("kind", KINDS)
def test_a_message_in_german_has_no_english_in_it(kind: str) -> None:
    notice = happen(kind, "de")
    assert notice.language == "de"
    assert english_in(f"{notice.subject}\n{notice.body_text}") == [], notice.body_text


@pytest.mark.parametrize("kind", KINDS)
def test_english_is_found_where_it_is(kind: str) -> None:
    assert english_in(happen(kind, "en").body_text) != []
