"""What was seen of a unit as it went out, came in and was inspected."""

from django.db import models
from django.db.models import Q

from equipment.models.loans import Loan
from equipment.models.stock import Unit
from equipment.states import Grade


class ConditionReport(models.Model):
    """How a unit looked when it went out or came in."""

    loan = models.ForeignKey(Loan, on_delete=models.PROTECT, related_name="condition_reports")
    unit = models.ForeignKey(Unit, on_delete=models.PROTECT, null=True, related_name="+")
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
    unit = models.ForeignKey(Unit, on_delete=models.PROTECT, null=True, related_name="+")
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
