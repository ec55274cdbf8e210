"""Figures on the desk: on the first page, and on the pages of campaigns."""

from analytics.admin import home, performance, rehearsal  # noqa: F401  (they add themselves)
