"""The time zones of one calendar: those that everybody knows by their names, and those that it defines itself.

What reads iCalendar keeps own zones by their names, for all calendars that a process ever reads. But several call
different ones "Customized Time Zone", so an own zone gets a name by what it says.
"""

import hashlib
import re
from collections.abc import Sequence
from functools import cache

import icalendar
from icalendar.timezone import tzp
from icalendar.timezone.windows_to_olson import WINDOWS_TO_OLSON

from fediverse_ehrenamt.kit import clock

_TZID = re.compile(r"TZID(?:;[^:]{0,200})?:(.*)", re.IGNORECASE)
FAULTS = (ValueError, TypeError, AttributeError, ArithmeticError, LookupError)
"""What `icalendar` raises for what it cannot read."""
_OWN_NAME = re.compile(r"own-[0-9a-f]{24}")
_LONGEST_NAME = 200  # characters
_MOST_PARTS = (3, 2)  # of "/mozilla.org/20050126_1/America/Indiana/Knox", the last ones are the name
_MOST_KEPT = 1_000  # own zones that the library remembers

_kept: set[str] = set()


class Zones:
    """The zones of one calendar; those that cannot be read are left out, and their times are of the calendar's zone."""

    def __init__(self) -> None:
        self._own: dict[str, list[str]] = {}
        self._names: dict[str, str] = {}
        self._definitions: dict[str, str] = {}

    def keep(self, lines: Sequence[str]) -> None:
        """Take the unfolded lines of a VTIMEZONE."""
        said = next((found[1] for one in lines if (found := _TZID.fullmatch(one.strip()))), "")
        if said.strip():
            self._own[_bare(said)] = list(lines)

    def name(self, said: str) -> str:
        """Return the name by which a zone of this calendar goes among all, "" where nobody knows it."""
        bare = _bare(said)
        if bare not in self._names:
            self._names[bare] = known(bare) or self._defined(bare)
        return self._names[bare]

    def used(self, whole: str) -> list[str]:
        """Return the definitions of the own zones that some lines name."""
        named = dict.fromkeys(_OWN_NAME.findall(whole))
        return [self._definitions[name] for name in named if name in self._definitions]

    def _defined(self, bare: str) -> str:
        lines = self._own.get(bare)
        if lines is None:
            return ""
        rest = [one for one in lines if not _TZID.fullmatch(one.strip())]
        name = f"own-{hashlib.sha256(chr(10).join(rest).encode('utf-8', 'replace')).hexdigest()[:24]}"
        definition = "\r\n".join([rest[0], f"TZID:{name}", *rest[1:]])
        _make_room(name)
        try:
            icalendar.Calendar.from_ical(f"BEGIN:VCALENDAR\r\n{definition}\r\nEND:VCALENDAR\r\n")
        except FAULTS:
            return ""
        self._definitions[name] = definition
        return name


def _bare(said: str) -> str:
    """Return a name as a parameter has it: in a VTIMEZONE its commas are escaped."""
    return said.replace("\\", "").strip().strip('"').strip()[:_LONGEST_NAME]


def _make_room(name: str) -> None:
    """Let the library forget own zones before they are too many; one that is needed goes along with its event."""
    if name not in _kept and len(_kept) >= _MOST_KEPT:
        _kept.clear()
        tzp.use_default()
    _kept.add(name)


def known(name: str) -> str:
    """Return the zone that a name means everywhere: as it stands, as Windows says it, or with a path before it."""
    found = _by_fold().get(name.casefold(), "")
    for count in _MOST_PARTS if not found else ():
        parts = name.casefold().rsplit("/", count)[-count:]
        found = found or _by_fold().get("/".join(parts), "")
    return found


@cache
def _by_fold() -> dict[str, str]:
    return {one.casefold(): zone for one, zone in WINDOWS_TO_OLSON.items()} | {
        one.casefold(): one for one in clock.zones()
    }
