"""What was asked for where nobody could ask: numbers only."""

from django.db import models

from equipment.models.stock import Pool


class DeniedHour(models.Model):
    """How many loans of a pool were asked for in one hour and refused before they were one. It names no person.

    `account` is an opaque name, as on a loan.
    """

    pool = models.ForeignKey(Pool, on_delete=models.CASCADE, related_name="denied_hours")
    account = models.CharField(max_length=80, blank=True)
    hour = models.DateTimeField(help_text="The beginning of the hour (UTC).")
    number = models.PositiveIntegerField()

    class Meta:
        ordering = ["-hour", "id"]
        verbose_name = "hour of denied demand"
        verbose_name_plural = "hours of denied demand"
        constraints = [
            models.UniqueConstraint(fields=["pool", "account", "hour"], name="denied_once_per_pool_account_and_hour"),
        ]
        indexes = [models.Index(fields=["hour"], name="denied_hour")]

    def __str__(self) -> str:
        return f"{self.number} of {self.pool} on {self.hour:%-d %B %Y, %H} UTC"
