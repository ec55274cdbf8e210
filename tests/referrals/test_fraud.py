import pytest
from hypothesis import given
from hypothesis import strategies as st

from referrals.fraud import DISPOSABLE_DOMAINS, Context, Person, Signal, risk, signals

ASHA = Person("Asha Rao", "asha@example.org", "+491701234567", "10115", "DE", frozenset({"h1", "h2"}))
BEN = Person("Ben Okoro", "ben@example.org", "+491707654321", "20095", "DE", frozenset({"h3"}))


def names(referrer: Person, referee: Person, context: Context | None = None) -> list[str]:
    return [signal.name for signal in signals(referrer, referee, context)]


def test_two_different_people_raise_no_doubt() -> None:
    assert signals(ASHA, BEN) == []
    assert risk([]) == 0


@pytest.mark.parametrize(
    ("changes", "expected"),
    [
        ({"mailbox_key": "asha@example.org"}, ["same_mailbox"]),
        ({"phone": "+491701234567"}, ["same_phone"]),
        ({"name": "RAO, Ásha", "postcode": "101 15"}, ["same_name_and_postcode"]),
        ({"name": "Asha Rao"}, []),
        ({"postcode": "10115"}, []),
        ({"name": "Asha Rao", "postcode": "10115", "country": "AT"}, []),
        ({"visitor_hashes": frozenset({"h2", "h9"})}, ["same_visitor"]),
        ({"mailbox_key": "ben@mailinator.com"}, ["disposable_mail_domain"]),
        ({"mailbox_key": "ben@eu.Mailinator.com"}, ["disposable_mail_domain"]),
        ({"mailbox_key": "ben@notmailinator.com"}, []),
        ({"mailbox_key": "asha@example.org", "phone": "+491701234567"}, ["same_mailbox", "same_phone"]),
    ],
)
def test_each_likeness_has_its_signal(changes: dict[str, object], expected: list[str]) -> None:
    values = {name: getattr(BEN, name) for name in Person.__dataclass_fields__}
    assert names(ASHA, Person(**{**values, **changes})) == expected  # type: ignore[arg-type]


def test_what_is_unknown_about_both_is_not_alike() -> None:
    assert names(Person(), Person()) == []


@pytest.mark.parametrize(("count", "strength"), [(1, None), (5, None), (6, 40), (8, 60), (10, 80), (100, 80)])
def test_more_sign_ups_in_an_hour_than_the_limit_look_ever_more_like_a_machine(count: int, strength: int | None) -> None:
    found = signals(ASHA, BEN, Context(sign_ups_in_last_hour=count, hourly_limit=5))
    assert [signal.strength for signal in found] == ([] if strength is None else [strength])


def test_evidence_names_nobody() -> None:
    everything = Person("Asha Rao", "asha@mailinator.com", "+491701234567", "10115", "DE", frozenset({"h1"}))
    for signal in signals(everything, everything, Context(9, 5)):
        assert len(signal.evidence) <= 300
        assert not any(word in signal.evidence for word in ("Asha", "@", "+49", "10115"))


@pytest.mark.parametrize(
    ("strengths", "expected"),
    [([], 0), ([40], 40), ([50, 50], 75), ([60, 70], 88), ([95, 85], 99), ([100, 10], 100), ([99, 99, 99], 99)],
)
def test_risk_is_one_number_from_all_signals(strengths: list[int], expected: int) -> None:
    assert risk(Signal("s", strength, "") for strength in strengths) == expected


@given(strengths=st.lists(st.integers(0, 100), max_size=12), more=st.integers(0, 100), data=st.data())
def test_risk_stays_between_its_strongest_signal_and_100_and_only_grows(
    strengths: list[int], more: int, data: st.DataObject
) -> None:
    found = [Signal(f"s{n}", strength, "") for n, strength in enumerate(strengths)]
    value = risk(found)
    assert max(strengths, default=0) <= value <= 100
    assert risk([*found, Signal("more", more, "")]) >= value
    assert risk(data.draw(st.permutations(found))) == value


@given(domain=st.sampled_from(sorted(DISPOSABLE_DOMAINS)), name=st.from_regex(r"\A[a-z]{1,8}\Z"))
def test_every_listed_domain_is_known_as_disposable(domain: str, name: str) -> None:
    assert names(ASHA, Person(mailbox_key=f"{name}@{domain}")) == ["disposable_mail_domain"]
