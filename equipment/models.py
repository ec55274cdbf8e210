"""Equipment models, the pools and units of them, and loans."""

from datetime import datetime, timedelta
from zoneinfo import available_timezones

from django.core.exceptions import ValidationError
from django.core.validators import RegexValidator
from django.db import models
from django.db.models import F, Q

from customers.models import Acceptance, Agreement, Customer
from desk.references import new_reference
from equipment.opening import Opening
from equipment.querysets import LoanQuerySet
from equipment.states import CONSUMING, LOAN_TERMINAL, PRESENT, Grade, LoanState, Service

_MOMENT = timedelta(microseconds=1)


def loan_reference() -> str:
    """A fresh opaque name for a loan."""
    return new_reference("loan")


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
    loan_days = models.PositiveSmallIntegerField(default=14)
    turnaround_days = models.PositiveSmallIntegerField(default=2)
    setup_guide = models.TextField(blank=True)
    return_protocol = models.TextField(blank=True)
    checklist = models.JSONField(default=list, blank=True, help_text="What is ticked at hand-over, one text each.")

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
        return Opening(self.time_zone, self.open_days)

    def due_at(self, handed_over_at: datetime) -> datetime:
        """When a unit handed over then is due: the end of the last day of the loan, moved to the next open day."""
        return self.opening().after(handed_over_at, days=self.model.loan_days)

    def free_again(self, back_at: datetime) -> datetime:
        """When a unit that is back by then can go out again: after the model's turnaround, counted in open days."""
        return self.opening().free_again(back_at, turnaround_days=self.model.turnaround_days)

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


class Loan(models.Model):
    """One hold of one unit for one customer: from the promise to the inspected return.

    `purpose` says in an opaque word what it is for; it is unique, so that one thing never gets two loans. `account` is an
    opaque word under which loans are counted against a limit. Intervals are half open; `blocked_until` includes turnaround.
    """

    subject_type = "loan"

    reference = models.CharField(max_length=24, unique=True, default=loan_reference, editable=False)
    pool = models.ForeignKey(Pool, on_delete=models.PROTECT, related_name="loans")
    unit = models.ForeignKey(Unit, on_delete=models.PROTECT, null=True, blank=True, related_name="loans")
    borrower = models.ForeignKey(Customer, on_delete=models.PROTECT, related_name="loans")
    purpose = models.CharField(max_length=80, unique=True)
    account = models.CharField(max_length=80, blank=True)
    account_limit = models.PositiveIntegerField(
        null=True, blank=True, help_text="Units of the pool this account may have at a time; asked again when the queue moves."
    )
    terms = models.ForeignKey(
        Agreement, on_delete=models.PROTECT, null=True, blank=True, related_name="+", help_text="What the borrower must accept."
    )
    state = models.CharField(max_length=12, choices=LoanState)
    reason = models.CharField(max_length=300, blank=True)

    created_at = models.DateTimeField()
    queued_at = models.DateTimeField(null=True, blank=True)
    place_at_joining = models.PositiveIntegerField(null=True, blank=True)
    starts_at = models.DateTimeField(null=True, blank=True)
    blocked_until = models.DateTimeField(null=True, blank=True)
    hold_expires_at = models.DateTimeField(null=True, blank=True)
    unlocked_at = models.DateTimeField(null=True, blank=True)
    collect_by = models.DateTimeField(null=True, blank=True)
    ready_at = models.DateTimeField(null=True, blank=True)
    handed_over_at = models.DateTimeField(null=True, blank=True)
    first_due_at = models.DateTimeField(null=True, blank=True)
    due_at = models.DateTimeField(null=True, blank=True)
    returned_at = models.DateTimeField(null=True, blank=True)
    ended_at = models.DateTimeField(null=True, blank=True)
    acceptance = models.ForeignKey(Acceptance, on_delete=models.PROTECT, null=True, blank=True, related_name="+")
    checklist_done = models.JSONField(default=list, blank=True)

    objects = LoanQuerySet.as_manager()

    class Meta:
        ordering = ["-created_at", "-id"]
        permissions = [
            ("prepare_loan", "Can pick a unit for a loan"),
            ("check_out_loan", "Can check a unit out"),
            ("check_in_loan", "Can check a unit in"),
            ("inspect_loan", "Can inspect a returned unit"),
            ("extend_loan", "Can extend a loan"),
            ("cancel_loan", "Can cancel a loan"),
            ("settle_loan", "Can settle lost and unresolved loans"),
        ]
        constraints = [
            models.UniqueConstraint(fields=["unit"], condition=Q(state__in=sorted(PRESENT)), name="loan_one_present_per_unit"),
            models.CheckConstraint(
                condition=Q(starts_at__isnull=True) | Q(blocked_until__gt=F("starts_at")), name="loan_blocks_a_real_interval"
            ),
            models.CheckConstraint(
                condition=~Q(state__in=sorted(CONSUMING)) | Q(starts_at__isnull=False, blocked_until__isnull=False),
                name="loan_taking_capacity_has_an_interval",
            ),
            models.CheckConstraint(condition=~Q(state__in=sorted(PRESENT)) | Q(unit__isnull=False), name="loan_present_has_a_unit"),
            models.CheckConstraint(
                condition=~Q(state=LoanState.WAITLISTED)
                | Q(unit__isnull=True, queued_at__isnull=False, place_at_joining__isnull=False),
                name="loan_waitlisted_has_a_place_and_no_unit",
            ),
            models.CheckConstraint(
                condition=~Q(state=LoanState.HELD) | Q(hold_expires_at__isnull=False), name="loan_held_until_an_instant"
            ),
            models.CheckConstraint(
                condition=~Q(state__in=[LoanState.UNLOCKED, LoanState.READY])
                | Q(unlocked_at__isnull=False, collect_by__isnull=False),
                name="loan_unlocked_waits_until_an_instant",
            ),
            models.CheckConstraint(
                condition=~Q(state=LoanState.READY) | Q(ready_at__isnull=False), name="loan_ready_since_an_instant"
            ),
            models.CheckConstraint(
                condition=~Q(state__in=sorted({*LOAN_TERMINAL, LoanState.LOST})) | Q(ended_at__isnull=False),
                name="loan_ended_at_an_instant",
            ),
            models.CheckConstraint(
                condition=~Q(state__in=[LoanState.ON_LOAN, LoanState.RETURNED, LoanState.UNRESOLVED, LoanState.LOST])
                | Q(handed_over_at__isnull=False, due_at__isnull=False, first_due_at__isnull=False, acceptance__isnull=False),
                name="loan_handed_over_with_accepted_terms",
            ),
            models.CheckConstraint(
                condition=~Q(state__in=[LoanState.RETURNED, LoanState.UNRESOLVED])
                | Q(returned_at__isnull=False, returned_at__gte=F("handed_over_at")),
                name="loan_returned_after_hand_over",
            ),
            models.CheckConstraint(
                condition=~Q(state__in=[LoanState.CANCELLED, LoanState.DECLINED, LoanState.UNRESOLVED]) | ~Q(reason=""),
                name="loan_given_up_with_a_reason",
            ),
            models.CheckConstraint(
                condition=Q(due_at__isnull=True) | Q(due_at__gte=F("first_due_at")), name="loan_due_never_earlier"
            ),
        ]
        indexes = [
            models.Index(fields=["pool", "state"], name="loan_pool_state"),
            models.Index(fields=["state", "hold_expires_at"], name="loan_state_hold"),
            models.Index(fields=["created_at", "id"], name="loan_newest"),
            models.Index(fields=["state", "created_at", "id"], name="loan_newest_in_state"),
            models.Index(fields=["account", "handed_over_at"], name="loan_account_handed_over"),
        ]

    def __str__(self) -> str:
        return self.reference

    def is_overdue(self, at: datetime) -> bool:
        """Whether the unit is out and should have been back by `at`."""
        return self.state == LoanState.ON_LOAN and self.due_at is not None and self.due_at < at

    def parties(self) -> list[str]:
        """References of everyone and everything this loan concerns, for the trail."""
        return [self.borrower.reference, self.purpose, *([self.unit.serial] if self.unit else [])]


class ConditionReport(models.Model):
    """How a unit looked when it went out or came in."""

    loan = models.ForeignKey(Loan, on_delete=models.PROTECT, related_name="condition_reports")
    direction = models.CharField(max_length=3, choices=[("out", "Going out"), ("in", "Coming in")])
    grade = models.CharField(max_length=8, choices=Grade)
    accessories = models.JSONField(default=list, blank=True)
    note = models.TextField(blank=True)
    by = models.CharField(max_length=120)
    at = models.DateTimeField()

    class Meta:
        ordering = ["at", "id"]

    def __str__(self) -> str:
        return f"{self.get_direction_display()}: {self.get_grade_display()}"


class ConditionPhoto(models.Model):
    """A photo of a unit at a step of its loan. The file is not public; its name is random and says nothing."""

    class Moment(models.TextChoices):
        """When it was taken."""

        CHECK_OUT = "check_out", "At the check-out"
        CHECK_IN = "check_in", "At the check-in"
        INSPECT = "inspect", "At the inspection"

    loan = models.ForeignKey(Loan, on_delete=models.PROTECT, related_name="photos")
    moment = models.CharField(max_length=9, choices=Moment)
    name = models.CharField(max_length=32, unique=True, editable=False)
    sha256 = models.CharField(max_length=64, editable=False)
    width = models.PositiveSmallIntegerField(help_text="In pixels.")
    height = models.PositiveSmallIntegerField(help_text="In pixels.")
    by = models.CharField(max_length=120)
    at = models.DateTimeField()

    class Meta:
        ordering = ["at", "id"]
        constraints = [models.CheckConstraint(condition=Q(width__gte=1, height__gte=1), name="condition_photo_has_a_size")]

    def __str__(self) -> str:
        return f"{self.get_moment_display()}, {self.at:%-d %b %Y}"
