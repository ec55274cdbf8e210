"""What the handover desk is asked."""

from dataclasses import dataclass
from datetime import timedelta

from django import forms

from customers.models import AgreementVersion
from desk.admin.moves import MoveForm, ReasonForm
from equipment.models import Pool, Unit
from equipment.states import PRESENT, SERVICE_MOVES, Grade, Service


@dataclass(frozen=True)
class Document:
    """A wording shown in full above a form."""

    title: str
    note: str
    body: str


def _lines(text: str) -> list[str]:
    return [line.strip() for line in text.splitlines() if line.strip()]


class PrepareForm(MoveForm):
    """Which unit."""

    unit = forms.ModelChoiceField(Unit.objects.none(), label="Unit", empty_label=None)

    def prepare(self) -> None:
        """Offer units of the loan's pool that are in service and in no other open loan."""
        free = self.row.pool.units.filter(service=Service.IN_SERVICE).exclude(loans__state__in=PRESENT)
        self.offer_rows("unit", free.order_by("serial"))
        if not free.exists():
            self.fields["unit"].help_text = "No unit of this pool is free to be picked now."


class ConditionForm(MoveForm):
    """How a unit looks."""

    grade = forms.ChoiceField(label="Condition", choices=Grade)
    accessories = forms.CharField(
        label="Accessories", required=False, help_text="One a line.", widget=forms.Textarea(attrs={"rows": 2}), max_length=1000
    )
    note = forms.CharField(label="Note", required=False, max_length=1000, widget=forms.Textarea(attrs={"rows": 2}))

    def clean_accessories(self) -> list[str]:
        """The lines."""
        return _lines(self.cleaned_data["accessories"])


class CheckOutForm(ConditionForm):
    """The borrower's yes to the terms shown, the checklist, and the condition of the unit."""

    version = forms.ModelChoiceField(AgreementVersion.objects.none(), required=False, widget=forms.HiddenInput)
    typed_name = forms.CharField(
        label="Name of the borrower, typed by them", max_length=120, help_text="Typing the name accepts the terms above."
    )
    checklist = forms.MultipleChoiceField(label="Checklist", required=False, widget=forms.CheckboxSelectMultiple)

    field_order = ["version", "typed_name", "checklist", "grade", "accessories", "note"]

    def prepare(self) -> None:
        """Show the current wording of the loan's terms and the checklist of its model."""
        self.terms = self.row.terms.current() if self.row.terms else None
        self.offer_rows("version", AgreementVersion.objects.filter(agreement=self.row.terms))
        self.initial["version"] = self.terms
        checklist = self.row.pool.model.checklist
        self.offer("checklist", [(item, item) for item in checklist])
        if not checklist:
            del self.fields["checklist"]

    @property
    def documents(self) -> list[Document]:
        """The terms the borrower accepts."""
        if self.terms is None:
            return [Document("Loan terms", "No published terms belong to this loan, so it cannot be handed over.", "")]
        return [Document(str(self.terms), "The borrower reads this and types their name below.", self.terms.body)]


class FaultForm(ReasonForm):
    """Where a faulty unit goes, and what is wrong with it."""

    service = forms.ChoiceField(
        label="The unit goes to", choices=[(s.value, s.label) for s in (Service.QUARANTINE, Service.REPAIR, Service.RETIRED)]
    )

    field_order = ["service", "reason"]


class NoteForm(MoveForm):
    """A note that may be left out."""

    note = forms.CharField(label="Note", required=False, max_length=300, help_text="Stays on the trail: name nobody.")


class ExtendForm(MoveForm):
    """The new last day."""

    until = forms.DateField(label="New last day", widget=forms.DateInput(attrs={"type": "date"}))

    def prepare(self) -> None:
        """Propose one more loan."""
        if self.row.due_at:
            self.initial["until"] = self.row.pool.opening().last_day(self.row.due_at) + timedelta(
                days=self.row.pool.model.loan_days
            )


class ServiceForm(ReasonForm):
    """Another service status, and why."""

    service = forms.ChoiceField(label="New status")

    field_order = ["service", "reason"]

    def prepare(self) -> None:
        """Offer where the unit can go from here."""
        allowed = SERVICE_MOVES[Service(self.row.service)]
        self.offer("service", [(service.value, str(service.label)) for service in Service if service in allowed])


class UnitForm(MoveForm):
    """A new unit of the pool on whose page this is."""

    serial = forms.CharField(label="Serial number", max_length=64)
    note = forms.CharField(label="Note", required=False, max_length=200)


class PooledUnitForm(UnitForm):
    """A new unit of any pool."""

    pool = forms.ModelChoiceField(Pool.objects.select_related("model"), label="Pool", empty_label=None)

    field_order = ["pool", "serial", "note"]
