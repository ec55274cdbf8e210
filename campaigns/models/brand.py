"""Name, colours and voice, in one place."""

from django.core.validators import RegexValidator
from django.db import models
from django.db.models import F, Q

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
    news_from_hour = models.PositiveSmallIntegerField(
        "news from", default=9, help_text="Full hour, 0 to 23, where the customer lives. News and offers arrive from then on …"
    )
    news_until_hour = models.PositiveSmallIntegerField("news until", default=20, help_text="… and before this hour, 1 to 24.")
    news_cap = models.PositiveSmallIntegerField(
        "pieces of news at most", default=3, help_text="To one customer, all campaigns together. Nought sends no news at all."
    )
    news_cap_days = models.PositiveSmallIntegerField("within days", default=7)
    texts_urgent = models.BooleanField(
        "also by SMS",
        default=True,
        help_text="Ready to collect, due today and overdue also as a text to customers with a phone number, where SMS is set up.",
    )
    remembers_invitations = models.BooleanField(
        "ask to remember invitations",
        default=True,
        help_text="Visitors of an invitation are asked whether their browser may remember for up to 90 days who invited them, in one cookie. "
        "Off: nobody is asked, and cookies given out before are ignored and taken away.",
    )

    class Meta:
        ordering = ["pk"]
        constraints = [
            models.CheckConstraint(condition=Q(pk=1), name="brand_only_one"),
            models.CheckConstraint(
                condition=Q(news_from_hour__lt=F("news_until_hour"), news_until_hour__lte=24),
                name="brand_news_between_two_hours",
                violation_error_message="News must begin before it ends, on the same day: such as from 9 until 20.",
            ),
            models.CheckConstraint(
                condition=Q(news_cap_days__gte=1),
                name="brand_news_cap_within_days",
                violation_error_message="Count over at least one day.",
            ),
        ]

    def __str__(self) -> str:
        return self.name

    @classmethod
    def current(cls) -> "Brand":
        """The brand as stored, or the built-in one."""
        return cls.objects.filter(pk=1).first() or cls(pk=1)
