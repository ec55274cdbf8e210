"""People at the desk, for the pages of campaigns."""

from tests.admin.conftest import administrator, approver, clock, desk, eve, manager, signed_in_as

__all__ = ["administrator", "approver", "clock", "desk", "eve", "manager", "signed_in_as"]
