"""Fixtures for the tests of meaning: the databases that search is tested on."""

from tests.search.conftest import sqlite_workshop, workshop

__all__ = ["sqlite_workshop", "workshop"]
