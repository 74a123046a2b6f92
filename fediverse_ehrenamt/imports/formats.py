"""The formats that listings come in: which one a file has, and what reads it."""

from collections.abc import Mapping
from datetime import datetime

from fediverse_ehrenamt.imports import columns, freinet, linked_data, missions, tables
from fediverse_ehrenamt.imports.decoding import decode
from fediverse_ehrenamt.imports.record import Read
from fediverse_ehrenamt.imports.tables import Table
from fediverse_ehrenamt.kit.errors import Invalid, Problem

FREINET_CSV, FREINET_XML, FREINET_JSON = "freinet-csv", "freinet-xml", "freinet-json"
TABLE, ICALENDAR, JSONLD, ENGAGEMENT = "table", "icalendar", "jsonld", "api-engagement"
FORMATS = (FREINET_CSV, FREINET_XML, FREINET_JSON, TABLE, ICALENDAR, JSONLD, ENGAGEMENT)

_LAST_YEAR = 9_999
_HEAD = 4_000  # bytes that are looked at
_PAGES = ("<!doctype html", "<html", "<head", "<body", "<script", "itemscope", "typeof=")


def detect(data: bytes) -> str:
    """Return the format of a file by what is in it; raises `Invalid` where it is empty."""
    if not data.strip():
        raise Invalid([Problem("Datei", "ist leer")])
    if data.startswith(tables.XLSX):
        return TABLE
    head = decode(data[:_HEAD]).lstrip()
    lowered = head.lower()
    if "begin:vcalendar" in lowered or lowered.startswith("begin:vevent"):
        return ICALENDAR
    if lowered.startswith("<"):
        if "<mission" in lowered:
            return ENGAGEMENT
        return JSONLD if any(sign in lowered for sign in _PAGES) else FREINET_XML
    return _of_json(data) if head[:1] in {"{", "["} else _of_table(head)


def _of_json(data: bytes) -> str:
    root = freinet.parse_json(data)
    first = next(iter(missions.listed(root)), None)
    if missions.is_mission(first):
        return ENGAGEMENT
    named = first if isinstance(first, dict) else {}
    return JSONLD if named.keys() & {"@context", "@graph", "@type"} else FREINET_JSON


def _of_table(head: str) -> str:
    first = columns.fold(head.split("\n", 1)[0])
    return FREINET_CSV if "angebotsname" in first or "angebotsid" in first else TABLE


def read(data: bytes, form: str, now: datetime, chosen: Mapping[str, str] | None = None) -> Read:
    """Return the entries of a file; raises `Invalid` where it cannot be read at all.

    `chosen` maps fields to the columns of a table, None where they are to be recognised.
    """
    if form in {TABLE, FREINET_CSV}:
        return tables.records_of(_tables(data, now.year), chosen)
    if form == ICALENDAR:
        from fediverse_ehrenamt.imports import calendars

        return calendars.read(data, now)
    if form == JSONLD:
        return linked_data.read(data, now)
    reader = {FREINET_XML: freinet.read_xml, FREINET_JSON: freinet.read_json}
    return reader.get(form, missions.read)(data)


def table(data: bytes, year: int = _LAST_YEAR) -> Table:
    """Return the table of a CSV file, or of an XLSX file the first one that holds in a year, else in the newest."""
    return _tables(data, year)[0]


def _tables(data: bytes, year: int) -> list[Table]:
    if not data.startswith(tables.XLSX):
        return [tables.read_csv(data)]
    from fediverse_ehrenamt.imports import workbooks

    return workbooks.read(data, year)
