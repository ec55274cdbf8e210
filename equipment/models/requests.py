"""What borrowers ask of the desk."""

from django.db import models
from django.db.models import Q

from desk.references import new_reference
from equipment.models.loans import Loan
from equipment.states import RequestState, Wish


def loan_request_reference() -> str:
    """A fresh opaque name for something a borrower asks."""
    return new_reference("req")


class LoanRequest(models.Model):
    """Something a borrower wants of the desk about a loan: a day to bring it back, more time, help with a problem.

    A booked day holds at once and is agreed until somebody says otherwise; the others wait for an answer.
    """

    subject_type = "loan_request"

    reference = models.CharField(max_length=24, unique=True, default=loan_request_reference, editable=False)
    loan = models.ForeignKey(Loan, on_delete=models.PROTECT, related_name="requests")
    kind = models.CharField(max_length=10, choices=Wish)
    state = models.CharField(max_length=10, choices=RequestState, default=RequestState.OPEN)
    on = models.DateField(null=True, blank=True, help_text="The day that is booked, or the new last day that is asked for.")
    words = models.TextField(blank=True, help_text="What the borrower wrote.")
    answer = models.CharField(max_length=300, blank=True, help_text="What the borrower reads.")
    asked_at = models.DateTimeField()
    answered_at = models.DateTimeField(null=True, blank=True)
    answered_by = models.CharField(max_length=120, blank=True)

    class Meta:
        ordering = ["-asked_at", "-id"]
        permissions = [("answer_request", "Can answer what borrowers ask")]
        constraints = [
            models.UniqueConstraint(
                fields=["loan"], condition=Q(kind=Wish.RETURN, state=RequestState.AGREED), name="loan_request_one_booked_day"
            ),
            models.UniqueConstraint(
                fields=["loan"], condition=Q(kind=Wish.EXTENSION, state=RequestState.OPEN), name="loan_request_one_open_extension"
            ),
            models.CheckConstraint(condition=Q(kind=Wish.PROBLEM) | Q(on__isnull=False), name="loan_request_about_a_day"),
            models.CheckConstraint(
                condition=Q(state__in=[RequestState.OPEN, RequestState.WITHDRAWN]) | Q(answered_at__isnull=False),
                name="loan_request_answered_at_an_instant",
            ),
        ]
        indexes = [models.Index(fields=["state", "asked_at"], name="loan_request_state")]

    def __str__(self) -> str:
        return f"{self.get_kind_display()}, {self.loan_id}"
