"""What is known of a listing that somebody brings: its states, its limits, and what its columns can mean. Pure."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import timedelta
from enum import StrEnum
from types import MappingProxyType
from typing import Final

LARGEST: Final = 10_000_000  # bytes of a file
CONTENT_KEPT: Final = timedelta(days=1)  # of a file that nobody has taken over by then
KEPT: Final = timedelta(days=30)  # of what became of it
AT_ONCE: Final = 20  # listings of one desk that wait to be looked at
LONGEST_NAME: Final = 120  # characters


class State(StrEnum):
    """How far a listing is; the value is what the database keeps."""

    BROUGHT = "brought"
    WAITING = "waiting"
    DONE = "done"
    FAILED = "failed"
    UNDOING = "undoing"
    UNDONE = "undone"


UNDER_WAY: Final = frozenset({State.WAITING, State.UNDOING})


@dataclass(frozen=True, slots=True)
class Desk:
    """Where somebody brings a listing: that of an organisation (its actor's URI), or of the whole instance ("").

    `base` is the path of its first page, `handle` and `name` are the organisation's.
    """

    base: str
    actor: str = ""
    handle: str = ""
    name: str = ""


EVERY: Final[Mapping[int, str]] = MappingProxyType(
    {0: "nur dieses Mal", 6: "alle 6 Stunden", 24: "einmal am Tag", 168: "einmal in der Woche"}
)
"""How often an address can be read again, in hours."""

FORMATS: Final[Mapping[str, str]] = MappingProxyType(
    {
        "table": "Tabelle (CSV, Excel, OpenDocument)",
        "freinet-csv": "FreiNet, CSV",
        "freinet-xml": "FreiNet, XML",
        "freinet-json": "FreiNet, JSON",
        "icalendar": "Kalender (iCalendar)",
        "jsonld": "Webseite oder JSON-LD mit Angaben nach schema.org",
        "api-engagement": "API Engagement",
    }
)
"""The formats (`imports.formats.FORMATS`) as people call them."""

FIELDS: Final[Mapping[str, str]] = MappingProxyType(
    {
        "title": "Titel",
        "text": "Beschreibung",
        "summary": "Kurzbeschreibung",
        "tasks": "Aufgaben",
        "requirements": "Anforderungen",
        "benefits": "Was Sie bieten",
        "times": "Zeiten in Worten (wann und wie viel)",
        "categories": "Bereiche",
        "audiences": "Für wen (Zielgruppen)",
        "organisation": "Organisation",
        "venue": "Einsatzort (Name)",
        "street": "Straße und Hausnummer",
        "house_number": "Hausnummer, wenn sie allein steht",
        "postcode": "Postleitzahl",
        "locality": "Ort",
        "districts": "Stadtteile",
        "latitude": "Breitengrad",
        "longitude": "Längengrad",
        "point": "Koordinaten in einer Spalte",
        "starts_at": "Beginn eines Termins",
        "clock": "Uhrzeit eines Termins",
        "ends_at": "Ende eines Termins",
        "first_day": "Erster Tag",
        "last_day": "Letzter Tag",
        "apply_by": "Melden bis",
        "places": "Wie viele Menschen gesucht werden",
        "minimum_age": "Mindestalter",
        "maximum_age": "Höchstalter",
        "accessibility": "Barrierefreiheit",
        "cost": "Kosten",
        "url": "Webseite",
        "changed_at": "Zuletzt geändert am",
        "id": "Nummer in Ihrer Liste",
    }
)
"""The fields of an entry (`imports.column_names.NAMES`) as people call them, the most asked for first."""

UNDERSTOOD: Final[Mapping[str, str]] = MappingProxyType(
    {
        "areas": "Bereich",
        "activities": "Tätigkeit",
        "audiences": "Für wen",
        "kind": "Art",
        "status": "Stand",
        "mode": "Wo",
        "place": "Ort",
        "startDate": "Zeitraum von",
        "endDate": "Zeitraum bis",
        "applyBy": "Melden bis",
        "availability.cells": "Zeiten",
        "availability.flexible": "flexibel",
        "availability.recurrence": "Wiederholung",
        "availability.duringHolidays": "Auch in den Ferien",
        "effort": "Umfang",
        "minimumDuration": "Mindestdauer",
        "minimumAge": "Mindestalter",
        "clearance": "Führungszeugnis",
        "credentials": "Nachweise",
        "germanLevel": "Deutschkenntnisse",
        "languages": "Weitere Sprachen",
        "suitableFor": "Geeignet für",
        "benefits": "Leistungen",
        "compensation": "Vergütung",
        "insurance": "Versicherung",
        "accessibility": "Barrierefreiheit",
        "cost": "Kosten",
    }
)
"""What a machine reads from words (`imports.drafts.Guess.field`), as people call it."""
