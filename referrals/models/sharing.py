"""What a customer chose for passing an invitation on."""

from django.db import models
from django.db.models import Q

from referrals.models.codes import Code

SPOKEN_LENGTH = 60


class PromoCode(models.Model):
    """A memorable code that a customer chose, now or once: what was printed or said keeps working.

    `key` is how it is compared: upper case, no dashes, look-alikes as one. `Code.promo_code` is the one that is shown.
    """

    code = models.ForeignKey(Code, on_delete=models.CASCADE, related_name="promo_codes")
    text = models.CharField(max_length=24)
    key = models.CharField(max_length=24, unique=True, editable=False)
    chosen_at = models.DateTimeField()

    class Meta:
        ordering = ["chosen_at", "id"]
        constraints = [models.CheckConstraint(condition=~Q(key=""), name="promo_code_has_a_key")]

    def __str__(self) -> str:
        return self.text


class SpokenName(models.Model):
    """A name by which the owner of a code chose to be found. Nobody who did not choose it is ever found by name.

    `key` is how names are compared: without case, accents and order, so that one name means one invitation.
    """

    code = models.OneToOneField(Code, on_delete=models.CASCADE, related_name="spoken_name")
    text = models.CharField(max_length=SPOKEN_LENGTH)
    key = models.CharField(max_length=SPOKEN_LENGTH * 2, unique=True, editable=False)
    chosen_at = models.DateTimeField()

    class Meta:
        ordering = ["chosen_at", "id"]
        constraints = [models.CheckConstraint(condition=~Q(key=""), name="spoken_name_has_a_key")]

    def __str__(self) -> str:
        return self.text
