"""Pages of the desk itself, and what the admin pages of all apps are made from."""

from desk.admin import all_records, parts_page  # noqa: F401  (they add themselves to the site)
