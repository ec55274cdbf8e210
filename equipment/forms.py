"""What the handover desk is asked."""

from dataclasses import dataclass
from datetime import timedelta

from django import forms

from customers.models import AgreementVersion
from desk.admin.moves import MoveForm, ReasonForm
from equipment import accessories, conditions, finding, photos
from equipment.models import Closure, Pool, Unit
from equipment.refusals import PhotoRefused
from equipment.states import PRESENT, SERVICE_MOVES, Grade, Service

TRAIL = "Stays on the trail: name no person, address or number."


@dataclass(frozen=True)
class Document:
    """A wording shown in full above a form."""

    title: str
    note: str
    body: str


def _lines(text: str) -> list[str]:
    return [line.strip() for line in text.splitlines() if line.strip()]


class LinesField(forms.CharField):
    """A list of short texts, written one a line."""

    widget = forms.Textarea

    def __init__(self, **kwargs) -> None:
        super().__init__(**{"required": False, "widget": forms.Textarea(attrs={"rows": 4}), **kwargs})

    def prepare_value(self, value):
        """The list as lines."""
        return "\n".join(value) if isinstance(value, list) else value

    def clean(self, value) -> list[str]:
        """The lines as a list, each once."""
        return list(dict.fromkeys(_lines(super().clean(value))))

    def has_changed(self, initial, data) -> bool:
        """Whether the lines are others."""
        return self.clean(data) != (initial or [])


class PhotosInput(forms.ClearableFileInput):
    """Takes several photos at once; on a phone it opens the camera."""

    allow_multiple_selected = True

    def __init__(self) -> None:
        super().__init__({"accept": "image/*", "capture": "environment", "multiple": True, "class": "photos-input"})


class PhotosField(forms.FileField):
    """Photos, each drawn anew when it is read."""

    widget = PhotosInput

    def __init__(self) -> None:
        most, size = photos.MAX_PHOTOS, photos.MAX_BYTES // 10**6
        super().__init__(
            label="Photos", required=False, help_text=f"Up to {most} photos of up to {size} MB. Of the unit, not of people."
        )

    def clean(self, data, initial=None) -> list[photos.Photo]:
        """The photos; says which file is wrong and why."""
        files = [super(PhotosField, self).clean(file) for file in data or []]
        if len(files) > photos.MAX_PHOTOS:
            raise forms.ValidationError(f"These are {len(files)} photos; up to {photos.MAX_PHOTOS} are possible. Choose fewer.")
        return [self._read(file) for file in files]

    def _read(self, file) -> photos.Photo:
        try:
            return photos.read(file, size=file.size)
        except PhotoRefused as refused:
            raise forms.ValidationError(f"{file.name}: {refused.sentence}") from refused


class TickedField(forms.MultipleChoiceField):
    """Things to tick; none ticked is an answer too."""

    widget = forms.CheckboxSelectMultiple

    def to_python(self, value) -> list[str]:
        """What was ticked."""
        return [item for item in super().to_python(value) if item]


class PrepareForm(MoveForm):
    """Which unit: scanned from its label, or chosen from those that are free."""

    scanned = forms.CharField(
        label="Scan the label of the unit", required=False, max_length=200, help_text="Or choose it below.",
        widget=forms.TextInput(
            attrs={"autocomplete": "off", "autocapitalize": "characters", "spellcheck": "false", "autofocus": True}
        ),
    )  # fmt: skip
    unit = forms.ModelChoiceField(Unit.objects.none(), label="Unit", empty_label=None, required=False)

    def prepare(self) -> None:
        """Offer units of the loan's pool that are in service and in no other open loan."""
        free = self.row.pool.units.filter(service=Service.IN_SERVICE).exclude(loans__state__in=PRESENT)
        self.offer_rows("unit", free.order_by("serial"))
        if not free.exists():
            self.fields["unit"].help_text = "No unit of this pool is free to be picked now."

    def clean(self):
        """What was scanned goes before what is chosen."""
        code = self.cleaned_data.get("scanned")
        unit = finding.unit_called(code) if code else self.cleaned_data.get("unit")
        if unit is None and "unit" not in self.errors:
            problem = f"No unit has the serial number “{code}”. Scan it again, or choose it below." if code else "Choose a unit."
            self.add_error("scanned" if code else "unit", problem)
        return {**self.cleaned_data, "unit": unit}


class AnotherUnitForm(PrepareForm):
    """Another unit than the one picked, why, and what becomes of the one put back."""

    service = forms.ChoiceField(
        label="The unit that was picked",
        choices=[
            (Service.IN_SERVICE.value, "is fine and goes back on the shelf"),
            (Service.REPAIR.value, "goes to repair"),
            (Service.QUARANTINE.value, "is put aside to be looked at"),
        ],
        widget=forms.RadioSelect,
        initial=Service.IN_SERVICE.value,
    )
    reason = forms.CharField(label="Why", max_length=300, help_text=TRAIL, widget=forms.Textarea(attrs={"rows": 2}))

    def prepare(self) -> None:
        """As when one is picked, without the cursor: this is not what the page is opened for."""
        super().prepare()
        del self.fields["scanned"].widget.attrs["autofocus"]


class ExchangeForm(AnotherUnitForm):
    """Another unit than the one the borrower has, why, and what becomes of the one they brought."""

    brought_grade = forms.ChoiceField(label="Condition of the unit they brought", choices=Grade, initial=Grade.DAMAGED)
    service = forms.ChoiceField(
        label="The unit they brought",
        choices=[
            (Service.QUARANTINE.value, "is put aside to be looked at"),
            (Service.REPAIR.value, "goes to repair"),
            (Service.RETIRED.value, "is beyond repair and is retired"),
        ],
        widget=forms.RadioSelect,
        initial=Service.QUARANTINE.value,
    )
    grade = forms.ChoiceField(label="Condition of the unit they get", choices=Grade, initial=Grade.GOOD)


class MissingForm(MoveForm):
    """Which of the things that are missing."""

    names = forms.MultipleChoiceField(label="Which", widget=forms.CheckboxSelectMultiple)

    def prepare(self) -> None:
        """Offer what is still missing, all of it chosen."""
        names = accessories.still_missing(self.row)
        self.offer("names", [(name, name) for name in names])
        self.initial["names"] = names


class SettleMissingForm(MissingForm):
    """How it ended with things that do not come back."""

    outcome = forms.CharField(label="How it ended", max_length=300, help_text=f"Such as: paid, replaced, written off. {TRAIL}")


class FoundMissingForm(MissingForm):
    """What was ticked as back and is not there."""

    def prepare(self) -> None:
        """Offer what went out and is not noted as missing yet."""
        known = accessories.still_missing(self.row)
        self.offer("names", [(name, name) for name in conditions.accessories_out(self.row) if name not in known])


class ConditionForm(MoveForm):
    """How a unit looks."""

    grade = forms.ChoiceField(label="Condition", choices=Grade)
    accessories: forms.Field = forms.CharField(
        label="Goes along",
        required=False,
        help_text="One a line. All of it has to come back.",
        widget=forms.Textarea(attrs={"rows": 2}),
        max_length=1000,
    )
    note = forms.CharField(label="Note", required=False, max_length=1000, widget=forms.Textarea(attrs={"rows": 2}))
    photos = PhotosField()

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

    field_order = ["version", "typed_name", "checklist", "grade", "accessories", "note", "photos"]

    def prepare(self) -> None:
        """Show the current wording of the loan's terms and the checklist of its model."""
        self.initial["grade"] = Grade.GOOD
        self.initial["accessories"] = "\n".join(self.row.pool.model.accessories)
        self.terms = self.row.terms.current() if self.row.terms else None
        self.offer_rows("version", AgreementVersion.objects.filter(agreement=self.row.terms))
        self.initial["version"] = self.terms
        checklist = self.row.pool.model.checklist
        self.offer("checklist", [(item, item) for item in checklist])
        if not checklist:
            del self.fields["checklist"]

    def clean_checklist(self) -> list[str]:
        """All of it: asked here already, so that nobody accepts terms of a hand-over that cannot be."""
        done: list[str] = self.cleaned_data["checklist"]
        missing = [item for item in self.row.pool.model.checklist if item not in done]
        if missing:
            raise forms.ValidationError(f"Still to be ticked: {'; '.join(missing)}.")
        return done

    @property
    def documents(self) -> list[Document]:
        """The terms the borrower accepts."""
        if self.terms is None:
            return [Document("Loan terms", "No published terms belong to this loan, so it cannot be handed over.", "")]
        return [Document(str(self.terms), "The borrower reads this and types their name below.", self.terms.body)]


class CheckInForm(ConditionForm):
    """What is back, and how it looks."""

    accessories = TickedField(label="Back with it", required=False)

    field_order = ["accessories", "grade", "note", "photos"]

    def prepare(self) -> None:
        """Offer everything that went out with the unit."""
        went_out = self.row.condition_reports.filter(direction="out").last()
        self.initial["grade"] = went_out.grade if went_out else Grade.GOOD
        things = conditions.went_out_with(self.row)
        self.offer("accessories", [(thing, thing) for thing in things])
        if not things:
            del self.fields["accessories"]

    def clean_accessories(self) -> list[str]:
        """What was ticked."""
        ticked: list[str] = self.cleaned_data["accessories"]
        return ticked


class InspectForm(MoveForm):
    """How the inspection ended."""

    FINE = "fine"
    outcome = forms.ChoiceField(
        label="What did you find?",
        choices=[
            (FINE, "All fine: it can be lent again"),
            (Service.REPAIR.value, "Damaged: it goes to repair"),
            (Service.QUARANTINE.value, "Something is missing or doubtful: it is put aside"),
            (Service.RETIRED.value, "Beyond repair: it is retired"),
        ],
        widget=forms.RadioSelect,
    )
    note = forms.CharField(
        label="Note", required=False, max_length=300, help_text="Needed unless all is fine. Stays on the trail: name nobody.",
        widget=forms.Textarea(attrs={"rows": 2}),
    )  # fmt: skip
    photos = PhotosField()

    def clean(self):
        """What is not fine needs words."""
        data = self.cleaned_data
        if data.get("outcome", self.FINE) != self.FINE and not data.get("note", "").strip():
            self.add_error("note", "Write what is wrong in a few words; it is kept with the loan.")
        return data


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


class ExtendManyForm(MoveForm):
    """By how many days."""

    days = forms.IntegerField(
        label="Days longer",
        min_value=1,
        max_value=90,
        initial=7,
        help_text="From the due day, or from today where that has passed.",
    )


class ManyServiceForm(ReasonForm):
    """Another status for several units, and why."""

    service = forms.ChoiceField(label="New status", choices=Service)

    field_order = ["service", "reason"]


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


class ClosureForm(ReasonForm):
    """First and last closed day, and why."""

    first_on = forms.DateField(label="First closed day", widget=forms.DateInput(attrs={"type": "date"}))
    last_on = forms.DateField(label="Last closed day", widget=forms.DateInput(attrs={"type": "date"}))

    field_order = ["first_on", "last_on", "reason"]

    def clean(self):
        """The days in their order."""
        first, last = self.cleaned_data.get("first_on"), self.cleaned_data.get("last_on")
        if first and last and last < first:
            self.add_error("last_on", "The last closed day is before the first one.")
        return self.cleaned_data


class ReopenForm(MoveForm):
    """Which closure is called off."""

    closure = forms.ModelChoiceField(Closure.objects.none(), label="Closed days", empty_label=None)

    def prepare(self) -> None:
        """Offer the closures of the pool's place."""
        self.offer_rows("closure", Closure.objects.filter(place=self.row.place, withdrawn_at=None))
