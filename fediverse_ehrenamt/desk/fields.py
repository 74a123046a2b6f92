"""The fields of the forms in which organisations write offers and dates: the few that are needed first. Pure.

A field's `term` is where its value stands in an entry of `publishing` ("title", "place.locality"), so that a form and a
file are judged by one schema.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final

from fediverse_ehrenamt.desk import repeating
from fediverse_ehrenamt.vocab import labels
from fediverse_ehrenamt.vocab.details import UNKNOWN

LINE, TEXT, NUMBER, WHOLE, DAY, MOMENT, SELECT, CHECKS, TICK, WEEK, WORDS, SKILLS, DATES = (
    *("line", "text", "number", "whole", "day", "moment", "select", "checks", "tick", "week", "words", "skills"),
    "dates",
)
"""Kinds of fields: one line, many lines, numbers with and without a fraction, a day, a day with a time, one of some
choices, several of them, a tick, the cells of a week, words with commas between them, skills likewise, the dates of a
series."""


@dataclass(frozen=True, slots=True)
class Field:
    """One field; `label`, `help` and `group` are German and translated where they are shown.

    `tag` is the language of what is typed, where it is not that of all else. `choices` are values with their labels.
    The short form has the fields without a `group`.
    """

    term: str
    label: str
    kind: str = LINE
    help: str = ""
    choices: Mapping[str, str] | None = None
    required: bool = False
    longest: int = 200
    group: str = ""
    tag: str = ""

    @property
    def id(self) -> str:
        """The id of its control in the page."""
        return self.term.replace(".", "-")

    @property
    def is_answered(self) -> bool:
        """Whether the form itself answers it, by the first of its choices, until somebody takes another."""
        return self.kind == SELECT and "" not in (self.choices or {})


def _without(choices: Mapping[str, str], *slugs: str) -> dict[str, str]:
    return {slug: label for slug, label in choices.items() if slug not in slugs}


REPEATED, WHO, EXTENT, SUPPORT, ACCESS, FINDING, VERSIONS = (
    "Wiederholt sich",
    "Wen Sie suchen",
    "Dauer, Plätze und Fristen",
    "Was Sie bieten",
    "Barrierefreiheit und Anfahrt",
    "Schlagworte, eigene Seite",
    "Weitere Sprachen und Leichte Sprache",
)
GROUPS: Final = (REPEATED, EXTENT, WHO, SUPPORT, ACCESS, VERSIONS, FINDING)
"""What the further fields are grouped by, in their order."""

SPOT: Final = "Genauer Punkt auf der Karte"
"""The group of the degrees, which stands beside the place."""
LATITUDE, LONGITUDE = "place.latitude", "place.longitude"

NOTHING: Final = {"": "keine Angabe"}
_PLACE: Final = (
    Field("place.name", "Name des Ortes", help="Zum Beispiel „Stadtbücherei“ oder „Gemeindehaus“."),
    Field("place.street", "Straße und Hausnummer", help="Zum Beispiel „Springe 1“."),
    Field("place.postcode", "Postleitzahl", longest=10),
    Field("place.locality", "Ort oder Stadtteil", help="Zum Beispiel „Hagen“ oder „Hagen-Haspe“."),
    Field(
        LATITUDE,
        "Breitengrad",
        NUMBER,
        "Grad nach Norden, in Deutschland 47 bis 55. Bleibt es leer, nehmen wir die Mitte des Ortes.",
        longest=12,
        group=SPOT,
    ),
    Field(LONGITUDE, "Längengrad", NUMBER, "Grad nach Osten, in Deutschland 6 bis 15.", longest=12, group=SPOT),
)
_IMAGE_ALT: Final = Field(
    "image.alt",
    "Was ist auf dem Bild zu sehen?",
    help="Ein Satz für Menschen, die es nicht sehen können: „Eine Frau liest drei Kindern vor.“",
    longest=1_500,
)
_OWN_PAGE: Final = Field(
    "contactUrl",
    "Ihre eigene Seite für Anfragen",
    help="Beginnt mit https://. Lassen Sie es frei, wenn Anfragen über dieses Portal kommen sollen.",
    longest=2_000,
    group=FINDING,
)
_HASHTAGS: Final = Field(
    "hashtags",
    "Schlagworte",
    WORDS,
    "Mit Kommas dazwischen, zum Beispiel „Vorlesen, Kita“.",
    longest=500,
    group=FINDING,
)

OFFER: Final = (
    Field("title", "Wen oder was suchen Sie?", help="Zum Beispiel „Lesepatin für die Grundschule“.", required=True),
    Field(
        "text",
        "Was ist zu tun?",
        TEXT,
        "Was macht man dort, mit wem, und wofür ist es gut? Zwei bis fünf Sätze genügen.",
        required=True,
        longest=20_000,
    ),
    Field("areas", "Bereich", CHECKS, "Bis zu drei.", labels.AREA_SHORT, required=True),
    Field("kind", "Form", SELECT, choices=labels.KIND, required=True),
    Field("mode", "Wo hilft man?", SELECT, choices=NOTHING | _without(labels.MODE, UNKNOWN)),
    *_PLACE,
    Field(
        "availability.text",
        "Wann?",
        help="In Ihren Worten: „dienstags ab 15 Uhr“, „nach Absprache“. Daraus lesen wir Wochentag und Tageszeit.",
        longest=500,
    ),
    Field("startDate", "Zeitraum von", DAY, "Nur wenn Sie nicht das ganze Jahr über Hilfe suchen: der erste Tag."),
    Field("endDate", "Zeitraum bis", DAY, "Der letzte Tag. Danach ist das Angebot von selbst nicht mehr zu sehen."),
    Field("effort.minHours", "Stunden, mindestens", NUMBER),
    Field("effort.maxHours", "Stunden, höchstens", NUMBER),
    Field("effort.per", "Die Stunden gelten", SELECT, choices=NOTHING | labels.PER),
    _IMAGE_ALT,
    Field(
        "availability.cells",
        "Wochentage und Tageszeiten",
        WEEK,
        "Lassen Sie alles frei: Dann nehmen wir, was bei „Wann?“ steht.",
        group=EXTENT,
    ),
    Field("availability.flexible", "Die Zeiten lassen sich absprechen", TICK, group=EXTENT),
    Field("minimumDuration", "Wie lange mindestens?", SELECT, choices=NOTHING | labels.MINIMUM_DURATION, group=EXTENT),
    Field("trial", "Einmal schnuppern ist möglich", TICK, group=EXTENT),
    Field("places", "Wie viele Menschen suchen Sie?", WHOLE, group=EXTENT),
    Field("applyBy", "Melden bis", DAY, group=EXTENT),
    Field(
        "answerWithinDays",
        "Wir antworten innerhalb von … Tagen",
        WHOLE,
        "Wer das liest, meldet sich eher. Wir erinnern Sie rechtzeitig.",
        longest=3,
        group=EXTENT,
    ),
    Field("activities", "Tätigkeit", CHECKS, choices=labels.ACTIVITY, group=WHO),
    Field("audiences", "Für wen ist das Engagement da?", CHECKS, choices=labels.AUDIENCE, group=WHO),
    Field("suitableFor", "Gut geeignet für", CHECKS, choices=labels.SUITABLE_FOR, group=WHO),
    Field("minimumAge", "Mindestalter", WHOLE, group=WHO),
    Field("maximumAge", "Höchstalter", WHOLE, group=WHO),
    Field(
        "germanLevel",
        "Wie gut muss man Deutsch sprechen?",
        SELECT,
        choices=NOTHING | _without(labels.GERMAN_LEVEL, UNKNOWN),
        group=WHO,
    ),
    Field(
        "skills", "Was man können oder mitbringen sollte", SKILLS, "Mit Kommas dazwischen.", longest=1_000, group=WHO
    ),
    Field("clearance", "Führungszeugnis", SELECT, choices=NOTHING | _without(labels.CLEARANCE, UNKNOWN), group=WHO),
    Field("benefits", "Unterstützung und Dank", CHECKS, choices=labels.BENEFIT, group=SUPPORT),
    Field("insurance", "Versicherung", CHECKS, choices=_without(labels.INSURANCE, UNKNOWN), group=SUPPORT),
    Field("compensation", "Auslagen und Entschädigung", SELECT, choices=NOTHING | labels.COMPENSATION, group=SUPPORT),
    Field("induction", "Wie Sie einarbeiten", longest=1_000, group=SUPPORT),
    Field("accessibility", "Barrierefreiheit", CHECKS, choices=_without(labels.ACCESSIBILITY, UNKNOWN), group=ACCESS),
    Field("accessibilityNote", "Mehr zur Barrierefreiheit", longest=1_000, group=ACCESS),
    Field("transit", "Bus und Bahn", help="Zum Beispiel „Bus 512 bis Springe“.", longest=500, group=ACCESS),
    _HASHTAGS,
    _OWN_PAGE,
)

_REPEATED: Final = (
    Field(
        repeating.TERM_EVERY,
        "Wie oft?",
        SELECT,
        "„Am selben Wochentag“ heißt zum Beispiel: immer am 1. Samstag.",
        repeating.EVERY,
        group=REPEATED,
    ),
    Field(repeating.TERM_UNTIL, "Bis wann?", DAY, "Der letzte Tag. Oder sagen Sie, wie oft:", group=REPEATED),
    Field(repeating.TERM_TIMES, "Wie viele Termine?", WHOLE, f"Höchstens {repeating.MOST}.", longest=3, group=REPEATED),
    Field(
        repeating.TERM_WITHOUT,
        "Die Termine",
        DATES,
        "Nehmen Sie das Häkchen weg, wo ein Termin ausfällt, zum Beispiel in den Ferien.",
        group=REPEATED,
    ),
)

EVENT: Final = (
    Field("name", "Wie heißt der Termin?", help="Zum Beispiel „Vorlesefest auf dem Marktplatz“.", required=True),
    Field("text", "Worum geht es?", TEXT, "Zwei bis fünf Sätze genügen.", required=True, longest=20_000),
    Field("startTime", "Beginn", MOMENT, "Zum Beispiel 12.12.2026 14:00.", required=True),
    Field("endTime", "Ende", MOMENT, "Zum Beispiel 12.12.2026 17:00.", required=True),
    *_REPEATED,
    Field("kind", "Art", SELECT, choices=labels.EVENT_KIND, required=True),
    Field("areas", "Bereich", CHECKS, "Bis zu drei.", labels.AREA_SHORT),
    *_PLACE,
    Field("onlineUrl", "Adresse, wenn es online ist", help="Beginnt mit https://.", longest=2_000),
    _IMAGE_ALT,
    Field("capacity", "Wie viele können kommen?", WHOLE, group=EXTENT),
    Field("registerBy", "Anmelden bis", DAY, group=EXTENT),
    Field("cost", "Kosten", help="Zum Beispiel „kostenlos“ oder „5 Euro“.", group=EXTENT),
    Field("audiences", "Für wen?", CHECKS, choices=labels.AUDIENCE, group=WHO),
    Field("accessibility", "Barrierefreiheit", CHECKS, choices=_without(labels.ACCESSIBILITY, UNKNOWN), group=ACCESS),
    Field("accessibilityNote", "Mehr zur Barrierefreiheit", longest=1_000, group=ACCESS),
    _HASHTAGS,
    _OWN_PAGE,
)

DATE: Final = tuple(field for field in EVENT if field.group != REPEATED)
"""One date of a series: it does not repeat itself."""
