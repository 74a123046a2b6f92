"""Moments as the command line says them: by the clock of the volunteers, wherever the server stands."""

from datetime import datetime

from fediverse_ehrenamt.kit import clock


def day(moment: datetime) -> str:
    """Write the day of a moment: "12.12.2026"."""
    return f"{clock.day(moment):%d.%m.%Y}"


def minute(moment: datetime) -> str:
    """Write a moment to the minute: "12.12.2026 14:00"."""
    return f"{moment.astimezone(clock.HOME):%d.%m.%Y %H:%M}"
