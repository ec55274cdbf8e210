"""Name, colours and voice, in one place."""

from django.core.validators import RegexValidator
from django.db import models
from django.db.models import Q

_COLOUR = RegexValidator(r"\A#[0-9a-f]{6}\Z", "Write a colour as #rrggbb in lower case.")


class Brand(models.Model):
    """The one brand shown on pages, in messages and on paper."""

    name = models.CharField(max_length=60, default="Lendwell")
    company = models.CharField(max_length=120, blank=True, help_text="Legal name, for the foot of messages.")
    address = models.CharField(max_length=200, blank=True)
    support_email = models.EmailField(blank=True)
    colour = models.CharField(max_length=7, default="#0b6157", validators=[_COLOUR])
    colour_dark = models.CharField(max_length=7, default="#5ec8b0", validators=[_COLOUR])
    greeting = models.CharField(max_length=60, default="Hello")
    sign_off = models.CharField(max_length=120, default="Yours, the Lendwell team")

    class Meta:
        ordering = ["pk"]
        constraints = [models.CheckConstraint(condition=Q(pk=1), name="brand_only_one")]

    def __str__(self) -> str:
        return self.name

    @classmethod
    def current(cls) -> "Brand":
        """The brand as stored, or the built-in one."""
        return cls.objects.filter(pk=1).first() or cls(pk=1)
