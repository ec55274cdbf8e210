"""The frame's own memory: when background work was last seen alive."""

from django.db import models


class Heartbeat(models.Model):
    """Last sign of life of a part of the system, written by the part itself and read by the watchdog outside it."""

    name = models.CharField(max_length=40, unique=True)
    at = models.DateTimeField()

    class Meta:
        ordering = ["name"]

    def __str__(self) -> str:
        return self.name
