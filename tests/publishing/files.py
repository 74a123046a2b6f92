"""Files as people write them, for the tests of publishing."""

from pathlib import Path

from fediverse_ehrenamt.kit.errors import Invalid
from fediverse_ehrenamt.publishing import file
from fediverse_ehrenamt.publishing.entry import Entry

OPPORTUNITY = """\
organisation: stadtbuecherei
opportunities:
  - id: lesepatin
    title: Lesepatin gesucht
    kind: regelmaessig
    areas: [schule_kita]
    text: Einmal in der Woche lesen Sie Kindern vor.
"""
EVENT = """\
organisation: stadtbuecherei
events:
  - id: fest
    name: Vorlesefest
    kind: fest
    text: Wir lesen vor.
    startTime: 2026-12-12 14:00
    endTime: 2026-12-12 17:00
"""


def read(text: str, folder: Path = Path()) -> list[Entry]:
    return file.read(text, "angebote.yaml", folder)


def problems(text: str, folder: Path = Path()) -> list[tuple[str, str]]:
    """Return what is wrong with a file as pairs of place and message, none where it can be read."""
    try:
        read(text, folder)
    except Invalid as error:
        return [(problem.field, problem.message) for problem in error.problems]
    return []


def opportunity(lines: str) -> str:
    """Return a file with one opportunity that has `lines` from line 8 on, unindented here."""
    return OPPORTUNITY + _indented(lines)


def event(lines: str) -> str:
    """Return a file with one event that has `lines` from line 9 on, unindented here."""
    return EVENT + _indented(lines)


def _indented(lines: str) -> str:
    return "".join(f"    {line}\n" for line in lines.splitlines())
