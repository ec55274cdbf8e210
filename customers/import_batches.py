"""Storing one batch of imported customers in few statements, with their entries in the trail."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime, time
from typing import Any

from audit.actors import Actor
from audit.trail import Happening, record_many
from customers.import_lines import Person, Score
from customers.models import CreditScore, Customer
from customers.states import MEMBERSHIP_MOVES, Membership, Origin
from desk.csv_imports import LineRefused, Outcome, Taken, Watch

_IDS, _EMAILS = "id", "email"
_HIDDEN = "…"
"""Stands for a value that not everybody may see."""


@dataclass
class _Plan:
    """What a batch will write."""

    created: list[Customer] = field(default_factory=list)
    updated: list[Customer] = field(default_factory=list)
    columns: set[str] = field(default_factory=set)
    scores: list[CreditScore] = field(default_factory=list)
    corrected: list[CreditScore] = field(default_factory=list)
    happenings: list[Happening] = field(default_factory=list)


class Store:
    """Stores batches of people and remembers, across batches, which line took which id and address.

    `watch` is told what each line would write; scores and sensitive attributes are named there without their values.
    """

    def __init__(self, *, at: datetime, by: Actor, taken: Taken | None = None, watch: Watch | None = None) -> None:
        self._at = at
        self._by = by
        self._taken = taken or Taken()
        self._watch = watch

    def store(self, people: Sequence[Person]) -> list[Outcome | LineRefused]:
        """Write a batch inside the caller's transaction and answer, person by person, what became of them."""
        batch = _Batch(people, self._taken, self._at, self._by, self._watch)
        results: list[Outcome | LineRefused] = []
        for person in people:
            try:
                results.append(batch.plan(person))
            except LineRefused as refusal:
                results.append(refusal)
        batch.write()
        return results

    def claim(self, people: Sequence[Person], results: Sequence[Outcome | LineRefused]) -> None:
        """Remember ids and addresses of the people that were stored, once their transaction is through."""
        for person, result in zip(people, results, strict=True):
            if isinstance(result, Outcome):
                self._taken.take(_IDS, person.external_id, person.line)
                self._taken.take(_EMAILS, person.email_key, person.line)


class _Batch:
    def __init__(self, people: Sequence[Person], taken: Taken, at: datetime, by: Actor, watch: Watch | None) -> None:
        self._at, self._by, self._watch = at, by, watch
        self._ids, self._emails = taken.of(_IDS), taken.of(_EMAILS)
        self._todo = _Plan()
        wanted = {person.external_id for person in people}
        rows = Customer.objects.select_for_update().filter(external_id__in=wanted).order_by("pk")
        self._known = {str(row.external_id): row for row in rows}
        keys = {person.email_key for person in people}
        self._owners = dict(
            Customer.objects.filter(email_key__in=keys, erased_at__isnull=True).values_list("email_key", "reference")
        )
        self._readings = self._readings_of([person for person in people if person.score is not None])

    def _readings_of(self, people: Sequence[Person]) -> dict[int, list[CreditScore]]:
        """Scores already stored, by customer, newest first."""
        known = [self._known[person.external_id].pk for person in people if person.external_id in self._known]
        readings: dict[int, list[CreditScore]] = {}
        for reading in CreditScore.objects.filter(customer__in=known).order_by("-scored_on", "-id") if known else []:
            readings.setdefault(reading.customer_id, []).append(reading)
        return readings

    def plan(self, person: Person) -> Outcome:
        """Decide what is to be written for one person. Raises `LineRefused` when id or address is somebody else's."""
        known = self._known.get(person.external_id)
        self._refuse_repeats(person, known)
        outcome = self._plan_new(person) if known is None else self._plan_known(known, person)
        self._ids[person.external_id] = self._emails[person.email_key] = person.line
        return outcome

    def _refuse_repeats(self, person: Person, known: Customer | None) -> None:
        if person.external_id in self._ids:
            sentence = f"Line {self._ids[person.external_id]} has the same external_id; the first one counts."
            raise LineRefused(("external_id", sentence))
        if person.email_key in self._emails:
            sentence = f"Line {self._emails[person.email_key]} has the same e-mail address; two customers cannot share one."
            raise LineRefused(("email", sentence))
        owner = self._owners.get(person.email_key)
        if owner is not None and (known is None or owner != known.reference):
            raise LineRefused(("email", f"This e-mail address already belongs to customer {owner}."))

    def _plan_new(self, person: Person) -> Outcome:
        values: dict[str, Any] = {"origin": Origin.IMPORT, "attributes": dict(sorted(person.attributes.items()))}
        customer = Customer(**{**values, **person.columns}, created_at=self._at, verified_at=_midnight(person))
        self._todo.created.append(customer)
        if person.score is not None:
            self._todo.scores.append(self._reading(customer, person.score))
        self._tell(person, {column: (None, value) for column, value in person.columns.items() if column != "email_key"})
        words = {"membership": str(customer.membership), "origin": str(customer.origin)}
        self._todo.happenings.append(Happening("customer.imported", customer, self._by, self._at, words))
        return Outcome.CREATED

    def _plan_known(self, customer: Customer, person: Person) -> Outcome:
        wanted = {**person.columns, "attributes": dict(sorted({**customer.attributes, **person.attributes}.items()))}
        if customer.verified_at is None and person.verified_on is not None:
            wanted["verified_at"] = _midnight(person)
        if customer.origin != Origin.UNKNOWN:
            # Where somebody came from is said once; a later file does not rewrite it.
            wanted = {column: value for column, value in wanted.items() if column not in ("origin", "origin_reason")}
        changed = {column: value for column, value in wanted.items() if getattr(customer, column) != value}
        _refuse_forbidden_move(customer, changed)
        told = sorted(set(changed) - {"email_key"}) + (["credit_score"] if self._plan_score(customer, person.score) else [])
        if not told:
            return Outcome.UNCHANGED
        seen = [(name, getattr(customer, name, _HIDDEN), changed.get(name, _HIDDEN)) for name in told]
        self._tell(person, {name: (_HIDDEN, _HIDDEN) if name == "attributes" else (before, after) for name, before, after in seen})
        self._owners.pop(customer.email_key if "email_key" in changed else "", None)
        for column, value in changed.items():
            setattr(customer, column, value)
        if changed:
            self._todo.updated.append(customer)
            self._todo.columns |= set(changed)
        self._todo.happenings.append(Happening("customer.updated", customer, self._by, self._at, {"fields": ", ".join(told)}))
        return Outcome.UPDATED

    def _tell(self, person: Person, changes: Mapping[str, tuple[object, object]]) -> None:
        if self._watch is not None:
            self._watch(person.line, person.external_id, changes)

    def _plan_score(self, customer: Customer, score: Score | None) -> bool:
        """Note a score that is news; whether it was."""
        if score is None:
            return False
        earlier = [reading for reading in self._readings.get(customer.pk, []) if reading.source == score.source]
        day = score.scored_on or self._at.date()
        same_day = next((reading for reading in earlier if reading.scored_on == day), None)
        if same_day is not None:
            return self._correct(same_day, score.score)
        # Without a day of its own, the newest score repeated says nothing new.
        if score.scored_on is None and earlier and earlier[0].score == score.score:
            return False
        self._todo.scores.append(self._reading(customer, score))
        return True

    def _correct(self, reading: CreditScore, score: int) -> bool:
        if reading.score == score:
            return False
        reading.score = score
        self._todo.corrected.append(reading)
        return True

    def _reading(self, customer: Customer, score: Score) -> CreditScore:
        day = score.scored_on or self._at.date()
        return CreditScore(customer=customer, score=score.score, source=score.source, scored_on=day)

    def write(self) -> None:
        """Write the plan: changes first, so that an address given up is free for the new."""
        todo = self._todo
        if todo.updated:
            Customer.objects.bulk_update(todo.updated, sorted(todo.columns))
        Customer.objects.bulk_create(todo.created)
        CreditScore.objects.bulk_create(todo.scores)
        if todo.corrected:
            CreditScore.objects.bulk_update(todo.corrected, ["score"])
        record_many(todo.happenings)


def _midnight(person: Person) -> datetime | None:
    return datetime.combine(person.verified_on, time(), tzinfo=UTC) if person.verified_on else None


def _refuse_forbidden_move(customer: Customer, changed: dict[str, Any]) -> None:
    after = changed.get("membership")
    if after is not None and after not in MEMBERSHIP_MOVES[Membership(customer.membership)]:
        raise LineRefused(("membership", f"A customer who is {customer.membership} cannot become {after}."))
