"""Name, logo, colours and voice, in one place."""

import math
import re

from django.conf import settings
from django.core.exceptions import ValidationError
from django.core.validators import RegexValidator
from django.db import models
from django.db.models import F, Q
from django.urls import reverse

from desk.colours import DARK_GROUND, INK, LIGHT_GROUND, READABLE, WHITE, legibility, nearest_readable

_HEX = re.compile(r"\A#[0-9a-f]{6}\Z")
_COLOUR = RegexValidator(_HEX.pattern, "Write a colour as #rrggbb in lower case.")


LARGEST_LOGO = (320, 96)
"""Pixels of a logo's file, at most: pages show it at half that size, so that it is sharp on a fine screen."""


def validate_readable_on_light(colour: str) -> None:
    """Refuse a colour in which text cannot be read on a light page, and say the nearest shade in which it can."""
    _demand_readable(colour, LIGHT_GROUND, "light")


def validate_readable_on_dark(colour: str) -> None:
    """Refuse a colour in which text cannot be read on a dark page, and say the nearest shade in which it can."""
    _demand_readable(colour, DARK_GROUND, "dark")


def _demand_readable(colour: str, ground: str, page: str) -> None:
    if not _HEX.match(colour):
        return  # which is refused by that
    ratio = legibility(colour, ground)
    if ratio < READABLE:
        # Cut, not rounded: what is refused must not read like what is asked for.
        raise ValidationError(
            f"Text in {colour} has a contrast of {math.floor(ratio * 100) / 100:.2f} to 1 on a {page} page, and people need {READABLE} to 1 "
            f"to read it (WCAG 2.2, 1.4.3). The nearest shade that has it is {nearest_readable(colour, ground)}.",
            code="unreadable",
        )


class Brand(models.Model):
    """The one brand shown on pages, in messages and on paper."""

    name = models.CharField(max_length=60, default="Lendwell")
    company = models.CharField(max_length=120, blank=True, help_text="Legal name, for the foot of messages.")
    address = models.CharField(max_length=200, blank=True)
    support_email = models.EmailField(blank=True)
    logo = models.CharField(max_length=64, blank=True, editable=False, help_text="SHA-256 of its file; empty: the name alone.")
    logo_width = models.PositiveSmallIntegerField(
        default=0, editable=False, help_text="Pixels of the file, twice those of the page."
    )
    logo_height = models.PositiveSmallIntegerField(default=0, editable=False)
    colour = models.CharField(max_length=7, default="#0b6157", validators=[_COLOUR, validate_readable_on_light])
    colour_dark = models.CharField(max_length=7, default="#5ec8b0", validators=[_COLOUR, validate_readable_on_dark])
    greeting = models.CharField(max_length=60, blank=True)
    sign_off = models.CharField(max_length=120, blank=True)
    voices = models.JSONField(default=dict, editable=False, help_text="Other language -> greeting and sign_off as said in it.")
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
                condition=Q(logo="", logo_width=0, logo_height=0)
                | (~Q(logo="") & Q(logo_width__range=(1, LARGEST_LOGO[0]), logo_height__range=(1, LARGEST_LOGO[1]))),
                name="brand_logo_has_a_size",
            ),
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

    @property
    def logo_path(self) -> str:
        """The address of the logo on our own pages; empty without one."""
        return reverse("brand_logo", args=[self.logo]) if self.logo else ""

    @property
    def logo_address(self) -> str:
        """The full address of the logo, for what is read elsewhere; empty without one."""
        return f"{settings.SITE_URL}{self.logo_path}" if self.logo else ""

    @property
    def logo_shown(self) -> tuple[int, int]:
        """Width and height in CSS pixels: half of what the file has, so that it is sharp on a fine screen."""
        return math.ceil(self.logo_width / 2), math.ceil(self.logo_height / 2)

    @property
    def colour_on_white(self) -> str:
        """Its colour, or the nearest shade in which text can be read on white; ink where what is stored is no colour: mails go out all the same."""
        return nearest_readable(self.colour, WHITE) if _HEX.match(self.colour) else INK
