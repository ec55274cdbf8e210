"""People in their roles, at the clock of the desk's tests."""

from tests.admin.conftest import administrator, clock, desk, eve, manager, signed_in_as

__all__ = ["administrator", "clock", "desk", "eve", "manager", "signed_in_as"]
