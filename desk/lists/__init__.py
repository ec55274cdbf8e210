"""Lists of the desk: rows, filters, a table, an export and moves on many rows, declared in a few lines per model.

A list is a class (`ListPage`) that a ModelAdmin names as its `list_page`; `docs/adding-a-model.md` shows one whole.
"""

from desk.lists.bulk import BulkMove
from desk.lists.page import ListPage, WayIn

__all__ = ["BulkMove", "ListPage", "WayIn"]
