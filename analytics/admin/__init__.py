"""Figures on the desk: on the first page, and on the pages of campaigns."""

from analytics.admin import equipment_panels, home, performance, rehearsal  # noqa: F401  (they add themselves)
