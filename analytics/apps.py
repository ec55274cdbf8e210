"""Figures, each by its one definition."""

from django.apps import AppConfig


class AnalyticsConfig(AppConfig):
    """Figures, each by its one definition."""

    name = "analytics"
