"""Texts that staff wrote, within sentences of ours."""

from django.utils import translation

from desk.speaking import clause, joined, said


def test_a_sentence_within_another_loses_its_full_stop_in_whichever_language_it_is() -> None:
    translations = {"de": {"You live in Bonn.": "Du lebst in Bonn."}}
    with translation.override("de"):
        parts = [
            clause(said(text, written_in="en", translations=translations)) for text in ("You live in Bonn.", "You are a member.")
        ]
    both = joined("; ", parts)
    assert both == "Du lebst in Bonn; You are a member"
    assert both.html == 'Du lebst in Bonn; <span lang="en">You are a member</span>'
