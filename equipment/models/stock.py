"""What is lent and where it stands: equipment models, pools, units."""

from datetime import date, datetime, timedelta
from zoneinfo import available_timezones

from django.conf import settings
from django.core.exceptions import ValidationError
from django.core.validators import RegexValidator
from django.db import models
from django.db.models import F, Q

from desk.references import new_reference
from desk.speaking import Words, said
from equipment.opening import Opening
from equipment.states import Service

_MOMENT = timedelta(microseconds=1)


def validate_time_zone(name: str) -> None:
    """Refuse a name that is no time zone of the IANA database."""
    if name not in available_timezones():
        raise ValidationError(f"“{name}” is no time zone. Write it like Europe/Berlin.")


class EquipmentModel(models.Model):
    """A kind of thing that is lent: what it is, for how long, how to use it and how to bring it back."""

    subject_type = "equipment_model"

    sku = models.SlugField(unique=True)
    name = models.CharField(max_length=120)
    summary = models.CharField(max_length=200, blank=True)
    drawing = models.CharField(
        max_length=100, blank=True, help_text="Path of a drawing below static/, such as img/models/camera.svg."
    )
    replacement_value = models.DecimalField(max_digits=10, decimal_places=2, default=0)
    use_value_per_day = models.DecimalField(max_digits=10, decimal_places=2, default=0)
    currency = models.CharField(
        max_length=3,
        default="EUR",
        validators=[RegexValidator(r"\A[A-Z]{3}\Z", "Write three capital letters, such as EUR.")],
        help_text="Of both values (ISO 4217): what a thing costs does not depend on the campaign that lends it.",
    )
    loan_days = models.PositiveSmallIntegerField(default=14)
    turnaround_days = models.PositiveSmallIntegerField(default=2)
    setup_guide = models.TextField(blank=True)
    return_protocol = models.TextField(blank=True)
    translations = models.JSONField(default=dict, editable=False, help_text="Language -> text -> what it reads in that language.")
    checklist = models.JSONField(default=list, blank=True, help_text="What is ticked at hand-over, one text each.")
    accessories = models.JSONField(
        default=list, blank=True, help_text="What goes along and has to come back, one name each. What is missing then stays open."
    )

    class Meta:
        ordering = ["name"]
        verbose_name = "equipment model"
        constraints = [models.CheckConstraint(condition=Q(loan_days__gte=1), name="equipment_model_lent_for_a_day_at_least")]

    def __str__(self) -> str:
        return self.name

    @property
    def reference(self) -> str:
        """The public name: its SKU."""
        return self.sku

    def called(self) -> Words:
        """Its name, in the language of whoever reads."""
        return self._said(self.name)

    def guide(self) -> Words:
        """How to set it up, in the language of whoever reads."""
        return self._said(self.setup_guide)

    def way_back(self) -> Words:
        """How to bring it back, in the language of whoever reads."""
        return self._said(self.return_protocol)

    def description(self) -> Words:
        """What it is, in the language of whoever reads."""
        return self._said(self.summary)

    def _said(self, text: str) -> Words:
        return said(text, written_in=settings.LANGUAGE_CODE, translations=self.translations)


class Pool(models.Model):
    """All units of one model at one place. Capacity is counted per pool; its row is what is locked."""

    subject_type = "pool"

    model = models.ForeignKey(EquipmentModel, on_delete=models.PROTECT, related_name="pools")
    place = models.CharField(max_length=80)
    country = models.CharField(
        max_length=2, blank=True, help_text="ISO 3166-1 alpha-2; customers there are served from here first."
    )
    time_zone = models.CharField(max_length=40, default="UTC", validators=[validate_time_zone])
    open_days = models.CharField(
        max_length=7,
        default="1111100",
        help_text="Monday to Sunday, 1 open, 0 closed; open on one day at least.",
        validators=[RegexValidator(r"\A(?=.*1)[01]{7}\Z", "Write seven digits, Monday first, 1 for open and 0 for closed.")],
    )
    reserve = models.PositiveSmallIntegerField(default=0, help_text="Units never promised.")
    claim_days = models.PositiveSmallIntegerField(
        default=7, help_text="How long a unit is held for someone promoted from the queue."
    )
    pickup_days = models.PositiveSmallIntegerField(default=7, help_text="How long an unlocked unit waits to be collected.")
    turnaround_days = models.PositiveSmallIntegerField(
        null=True, blank=True, help_text="Open days between two loans here; empty: as the model says."
    )
    measures_turnaround = models.BooleanField(
        "turnaround is measured",
        default=False,
        help_text="Go by what nine of ten returns here took to be back in service, as soon as there are enough of them.",
    )
    measured_days = models.PositiveSmallIntegerField(null=True, editable=False)
    measured_returns = models.PositiveIntegerField(default=0, editable=False)
    closed_days = models.JSONField(
        default=list, editable=False, help_text="First and last days of the closures of its place, copied from them."
    )

    class Meta:
        ordering = ["model__name", "place"]
        constraints = [
            models.UniqueConstraint(fields=["model", "place"], name="pool_one_per_model_and_place"),
            models.CheckConstraint(condition=Q(open_days__contains="1"), name="pool_open_one_day_a_week_at_least"),
        ]

    def __str__(self) -> str:
        return f"{self.model}, {self.place}"

    @property
    def reference(self) -> str:
        """The public name: SKU and place."""
        return f"{self.model.sku}@{self.place}"

    def opening(self) -> Opening:
        """The days of this place."""
        closed = tuple((date.fromisoformat(first), date.fromisoformat(last)) for first, last in self.closed_days)
        return Opening(self.time_zone, self.open_days, closed)

    @property
    def turnaround(self) -> int:
        """Open days between two loans: measured where that is wanted and known, else as typed here, else as the model says."""
        if self.measures_turnaround and self.measured_days is not None:
            return self.measured_days
        return self.model.turnaround_days if self.turnaround_days is None else self.turnaround_days

    def due_at(self, handed_over_at: datetime) -> datetime:
        """When a unit handed over then is due: the end of the last day of the loan, moved to the next open day."""
        return self.opening().after(handed_over_at, days=self.model.loan_days)

    def free_again(self, back_at: datetime) -> datetime:
        """When a unit that is back by then can go out again: after its turnaround, counted in open days."""
        return self.opening().free_again(back_at, turnaround_days=self.turnaround)

    def collect_by(self, unlocked_at: datetime) -> datetime:
        """Until when something unlocked then waits to be collected: the end of an open day."""
        return self.opening().after(unlocked_at, days=self.pickup_days)

    def blocked_by_hand_over(self, handed_over_at: datetime) -> datetime:
        """Until when a unit is taken that is handed over then, comes back in time and is turned round."""
        return self.free_again(self.due_at(handed_over_at))

    def blocked_by_unlock(self, unlocked_at: datetime) -> datetime:
        """Until when a unit is taken at the latest that is unlocked then and collected on the last day."""
        return self.blocked_by_hand_over(self.collect_by(unlocked_at) - _MOMENT)

    def blocked_by_hold(self, until: datetime) -> datetime:
        """Until when a unit is taken at the latest that is held until then and unlocked at the last moment."""
        return self.blocked_by_unlock(until - _MOMENT)


def closure_reference() -> str:
    """A fresh opaque name for a closure."""
    return new_reference("closure")


class Closure(models.Model):
    """Days on which a place is closed beside its weekly ones: nothing is due then, and no turnaround goes on."""

    subject_type = "closure"

    reference = models.CharField(max_length=24, unique=True, default=closure_reference, editable=False)
    place = models.CharField(max_length=80)
    first_on = models.DateField()
    last_on = models.DateField()
    reason = models.CharField(max_length=120)
    made_at = models.DateTimeField()
    withdrawn_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        ordering = ["first_on", "id"]
        constraints = [
            models.CheckConstraint(condition=Q(last_on__gte=F("first_on")), name="closure_ends_after_it_begins"),
            models.CheckConstraint(condition=~Q(reason=""), name="closure_has_a_reason"),
            models.UniqueConstraint(
                fields=["place", "first_on", "last_on"],
                condition=Q(withdrawn_at__isnull=True),
                name="closure_once_per_place_and_days",
            ),
        ]

    def __str__(self) -> str:
        days = f"{self.first_on:%-d %b %Y}"
        return days if self.first_on == self.last_on else f"{days} to {self.last_on:%-d %b %Y}"


class Unit(models.Model):
    """One physical thing with a serial number."""

    subject_type = "unit"

    pool = models.ForeignKey(Pool, on_delete=models.PROTECT, related_name="units")
    serial = models.CharField(max_length=64, unique=True)
    service = models.CharField(max_length=12, choices=Service, default=Service.IN_SERVICE)
    service_since = models.DateTimeField()
    note = models.CharField(max_length=200, blank=True)
    created_at = models.DateTimeField()

    class Meta:
        ordering = ["pool", "serial"]
        permissions = [
            ("import_units", "Can import units"),
            ("change_service", "Can take a unit out of service and back"),
        ]
        indexes = [models.Index(fields=["pool", "service"], name="unit_pool_service")]

    def __str__(self) -> str:
        return self.serial

    @property
    def reference(self) -> str:
        """The public name: its serial number."""
        return self.serial
