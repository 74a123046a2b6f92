"""The formats that listings come in: which one a file has, and what reads it."""

from collections.abc import Mapping
from contextlib import suppress
from datetime import datetime
from types import MappingProxyType
from typing import Final

from fediverse_ehrenamt.kit.errors import Invalid, Problem
from fediverse_ehrenamt.kit.sentences import Sentence, sentence
from fediverse_ehrenamt.listings import (
    columns,
    freinet,
    linked_data,
    missions,
    openactive,
    page_tables,
    referrals,
    tables,
)
from fediverse_ehrenamt.listings.decoding import decode
from fediverse_ehrenamt.listings.record import Read
from fediverse_ehrenamt.listings.tables import Table

FREINET_CSV, FREINET_XML, FREINET_JSON = "freinet-csv", "freinet-xml", "freinet-json"
TABLE, ICALENDAR, JSONLD, ENGAGEMENT = "table", "icalendar", "jsonld", "api-engagement"
FORMATS = (FREINET_CSV, FREINET_XML, FREINET_JSON, TABLE, ICALENDAR, JSONLD, ENGAGEMENT)

_LAST_YEAR = 9_999
_HEAD = 4_000  # bytes that are looked at
NO_LISTS: Final[Mapping[bytes, str]] = MappingProxyType(
    {
        b"\x89PNG": "ist ein Bild",
        b"\xff\xd8\xff": "ist ein Bild",
        b"GIF8": "ist ein Bild",
        b"%PDF": "ist eine PDF-Datei",
        b"{\\rtf": "ist ein Textdokument",
        b"\xd0\xcf\x11\xe0": "ist eine Excel-Datei von vor 2007 (.xls)",
        b"\x1f\x8b": "ist gepackt",
        b"Rar!": "ist gepackt",
        b"7z\xbc\xaf": "ist gepackt",
    }
)
"""What people take for lists, by their first bytes."""
_PAGES = ("<!doctype html", "<html", "<head", "<body", "<script", "<table", "itemscope", "typeof=")
_DESCRIBED = (b"application/ld+json", b"itemscope", b"typeof=")  # in a page that says of itself what it holds


def detect(data: bytes) -> str:
    """Return the format of a file by what is in it; raises `Invalid` where it is empty."""
    if not data.strip():
        raise Invalid([Problem("Datei", "ist leer")])
    if data.startswith(tables.XLSX):
        return TABLE
    _check_kind(data)
    head = decode(data[:_HEAD]).lstrip()
    lowered = head.lower()
    if "begin:vcalendar" in lowered or lowered.startswith("begin:vevent"):
        return ICALENDAR
    if lowered.startswith("<"):
        if "<mission" in lowered:
            return ENGAGEMENT
        return _of_page(data) if any(sign in lowered for sign in _PAGES) else FREINET_XML
    return _of_json(data) if head[:1] in {"{", "["} else _of_table(head)


def _of_page(data: bytes) -> str:
    lowered = data.lower()
    if any(sign in lowered for sign in _DESCRIBED):
        return JSONLD
    return TABLE if any(map(_has_titles, _page_tables(data))) else JSONLD


def is_no_list(data: bytes) -> str:
    """Say by the first bytes of a file what it is if it can be no listing, "" where it may be one."""
    return next((said for begin, said in NO_LISTS.items() if data.startswith(begin)), "")


def _check_kind(data: bytes) -> None:
    if no_list := is_no_list(data):
        raise Invalid([Problem("Datei", unreadable(sentence(no_list)))])


def unreadable(problem: Sentence) -> Sentence:
    """Return what is wrong with a file, with what would be right."""
    return sentence(
        "%(problem)s. Lesen können wir CSV, Excel (.xlsx), OpenDocument (.ods), iCalendar, FreiNet, schema.org und API "
        "Engagement.",
        problem=problem,
    )


def _of_json(data: bytes) -> str:
    root = freinet.parse_json(data)
    if openactive.is_page(root):
        return JSONLD
    if referrals.is_answer(root):
        raise Invalid([Problem("Datei", referrals.NO_LIST)])
    first = next(iter(missions.listed(root)), None)
    if missions.is_mission(first):
        return ENGAGEMENT
    named = first if isinstance(first, dict) else {}
    return JSONLD if named.keys() & {"@context", "@graph", "@type"} else FREINET_JSON


def _of_table(head: str) -> str:
    line = head.split("\n", 1)[0]
    if referrals.is_table(line.replace('"', "").strip().split(",")):
        raise Invalid([Problem("Datei", referrals.NO_LIST)])
    first = columns.fold(line)
    return FREINET_CSV if "angebotsname" in first or "angebotsid" in first else TABLE


def read(data: bytes, form: str, now: datetime, chosen: Mapping[str, str] | None = None) -> Read:
    """Return the entries of a file; raises `Invalid` where it cannot be read at all.

    `chosen` maps fields to the columns of a table, None where they are to be recognised.
    """
    _check_kind(data)
    if form in {TABLE, FREINET_CSV}:
        return tables.records_of(_tables(data, now.year), chosen)
    if form == ICALENDAR:
        from fediverse_ehrenamt.listings import calendars

        return calendars.read(data, now)
    if form == JSONLD:
        return linked_data.read(data, now)
    reader = {FREINET_XML: freinet.read_xml, FREINET_JSON: freinet.read_json}
    return reader.get(form, missions.read)(data)


def table(data: bytes, year: int = _LAST_YEAR) -> Table:
    """Return the table of a CSV file, or of a workbook the first one that holds in a year, else in the newest."""
    return _tables(data, year)[0]


def _tables(data: bytes, year: int) -> list[Table]:
    if data.lstrip().startswith(b"<"):
        return [_of_page_tables(data)]
    if not data.startswith(tables.XLSX):
        return [tables.read_csv(data)]
    from fediverse_ehrenamt.listings import workbooks

    return workbooks.read(data, year)


def _page_tables(data: bytes) -> list[Table]:
    """Return the tables of a page that have headings, those with the most rows first."""
    made: list[Table] = []
    for rows in sorted(page_tables.read(decode(data)), key=len, reverse=True):
        with suppress(Invalid):
            made.append(tables.of_rows(iter(rows)))
    return made


def _has_titles(table: Table) -> bool:
    """Say whether a table lists something; most of a page only arrange it."""
    return "title" in columns.meanings(table.headings)


def _of_page_tables(data: bytes) -> Table:
    made = _page_tables(data)
    if not made:
        raise Invalid([Problem("Seite", "enthält keine Tabelle mit Überschriften")])
    return next(filter(_has_titles, made), made[0])
