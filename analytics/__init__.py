"""Figures, each by its one definition."""
