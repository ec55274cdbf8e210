"""The frame's own memory: when background work was last seen alive, how often an address has tried a thing, whose clock is which."""

from django.conf import settings
from django.db import models


class Heartbeat(models.Model):
    """Last sign of life of a part of the system, written by the part itself and read by the watchdog outside it."""

    name = models.CharField(max_length=40, unique=True)
    at = models.DateTimeField()

    class Meta:
        ordering = ["name"]

    def __str__(self) -> str:
        return self.name


class Tally(models.Model):
    """How often one address did one thing in one window of time. The address stands in the key as a word made under our key."""

    key = models.CharField(max_length=160, unique=True)
    count = models.PositiveIntegerField()
    until = models.DateTimeField(db_index=True)

    class Meta:
        ordering = ["key"]
        verbose_name_plural = "tallies"

    def __str__(self) -> str:
        return f"{self.key}: {self.count}"


class StaffClock(models.Model):
    """The time zone somebody reads the desk in; whoever has none reads it in that of the installation."""

    user = models.OneToOneField(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="clock")
    zone = models.CharField(max_length=40)

    class Meta:
        ordering = ["user"]

    def __str__(self) -> str:
        return self.zone
