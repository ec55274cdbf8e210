"""Pages of the desk itself, and what the admin pages of all apps are made from."""

from desk.admin import parts_page  # noqa: F401  (it adds itself to the site)
