"""FILTERS: what a visitor can search by. The form, the query in the URL and the manual are all drawn from this list."""

import re
from collections.abc import Mapping
from dataclasses import dataclass

from fediverse_ehrenamt.kit.sentences import sentence
from fediverse_ehrenamt.search.model import EVENT, OPPORTUNITY, POST
from fediverse_ehrenamt.vocab import labels

Choices = tuple[tuple[str, str], ...]

KINDS = {"angebot": OPPORTUNITY, "termin": EVENT, "beitrag": POST}  # slug in the URL → Document.kind
RADII_KM = (1, 2, 5, 10, 20, 50, 100, 200)
DEFAULT_RADIUS_KM = 20
BY_HITS, BY_FIT, BY_DISTANCE, BY_START, BY_DATE = "treffer", "passung", "entfernung", "beginn", "datum"
SORTINGS: Choices = (
    (BY_HITS, "Beste Treffer zuerst"),
    (BY_FIT, "Passendes zuerst"),
    (BY_DISTANCE, "Nächstgelegene zuerst"),
    (BY_START, "Nächste Termine zuerst"),
    (BY_DATE, "Zuletzt bestätigte zuerst"),
)
UNSAID = "unbekannt"
"""The value of what a thing says nothing about."""

DISTRICT = "stadtteil"
TODAY, THIS_WEEK = "heute", "woche"
LANGUAGES = (
    "tr", "ar", "en", "ru", "uk", "pl", "fr", "es", "it", "pt", "ro", "bg", "el", "fa", "ku", "sq", "sr", "hr", "bs",
    "vi", "zh", "ti", "so", "ps", "nl", "hu", "ja", "hi", "ur", "da",
)  # fmt: skip
"""Languages (ISO 639) that one can filter by; others are found by their name."""

WHAT, WHEN, WHERE, WHO, ORIGIN = "was", "wann", "wo", "wer", "herkunft"
GROUPS = {
    WHAT: "Aufgabe",
    WHEN: "Zeit und Umfang",
    WHERE: "Ort und Barrierefreiheit",
    WHO: "Wer mitmachen kann",
    ORIGIN: "Herkunft",
}


@dataclass(frozen=True, slots=True)
class Filter:
    """One thing to search by: `name` in the URL, German `label` and `help` (translated when they are shown).

    `widget` is "search", "place", "select", "checkboxes", "week", "number", "date" or "hidden". `choices` are (value,
    label) pairs; `pattern` allows more values than those, `most` is the largest number (from 1 on). `group` is one of
    GROUPS, "" for the few that everybody sees. `fact` says that a thing may be silent about it: what is silent stays,
    behind what isn't, unless the filter is among those of "genau". `bars` says that what has one of the values is left
    out. `like` says what values look like that come from what is listed; `pattern` allows them.
    """

    name: str
    label: str
    help: str
    widget: str
    choices: Choices = ()
    multiple: bool = False
    group: str = ""
    fact: bool = False
    bars: bool = False
    most: int = 0
    pattern: str = ""
    like: str = ""

    def reads(self, value: str) -> bool:
        """Say whether somebody can filter by a value."""
        if self.most:
            return (
                value.isascii()
                and value.isdigit()
                and len(value) <= len(str(self.most))
                and 1 <= int(value) <= self.most
            )
        if any(value == choice for choice, _label in self.choices):
            return True
        return bool(self.pattern and re.fullmatch(self.pattern, value))


def _choices(of: Mapping[str, str], *without: str) -> Choices:
    return tuple((slug, label) for slug, label in of.items() if slug not in without)


AREAS: Choices = tuple(labels.AREA.items())
WEEK: Choices = (
    *labels.WEEKDAY.items(),
    *labels.DAYPART.items(),
    *((f"{day}-{part}", f"{day}-{part}") for day in labels.WEEKDAY for part in labels.DAYPART),
)
"""Whole days, parts of every day, and the 42 cells of a week, which are called by their day and part."""

_HOURS: Choices = (
    ("einmalig", "Einmalig"),
    ("1-woche", "Bis 1 Stunde pro Woche"),
    ("2-woche", "Bis 2 Stunden pro Woche"),
    ("3-woche", "Bis 3 Stunden pro Woche"),
    ("5-woche", "Bis 5 Stunden pro Woche"),
    ("10-woche", "Bis 10 Stunden pro Woche"),
    ("5-monat", "Bis 5 Stunden pro Monat"),
    ("10-monat", "Bis 10 Stunden pro Monat"),
)
_AMOUNT = r"(ab-)?[0-9]{1,3}(\.[0-9]{1,2})?(-(woche|monat|jahr|einmalig))?|woche|monat|jahr|einmalig"
_HOST = r"[a-z0-9][a-z0-9.:\[\]-]{0,299}"
_DISTRICT = r"(?=[^-]+-[^-])[^\W\d_](?:[^\W\d_]|[ .'’()/-]){2,149}"

FILTERS: tuple[Filter, ...] = (
    Filter("q", "Suchwort", "Zum Beispiel „vorlesen“ oder „Garten Kinder“; alle Wörter müssen vorkommen.", "search"),
    Filter("ort", "Ort oder Postleitzahl", "Zum Beispiel „Hagen“, „Hagen-Haspe“ oder „58095“.", "place"),
    Filter(
        "umkreis",
        "Umkreis",
        "Wie weit es vom Ort höchstens entfernt ist; für einen Stadtteil genügen 1 oder 2 km.",
        "select",
        tuple((str(radius), f"{radius} km") for radius in RADII_KM),
        most=RADII_KM[-1],
    ),
    Filter(
        "bereich",
        "Bereich",
        "Mehrere sind möglich; einer davon muss passen.",
        "checkboxes",
        (*AREAS, (UNSAID, "Nicht angegeben")),
        multiple=True,
    ),
    Filter(
        "taetigkeit",
        "Tätigkeit",
        "Was zu tun ist; eine davon muss passen.",
        "checkboxes",
        _choices(labels.ACTIVITY),
        multiple=True,
        group=WHAT,
        fact=True,
    ),
    Filter(
        "zielgruppe",
        "Zielgruppe",
        "Für wen Sie da sein möchten; eine davon muss passen.",
        "checkboxes",
        _choices(labels.AUDIENCE),
        multiple=True,
        group=WHAT,
        fact=True,
    ),
    Filter(
        "ohne",
        "Ausgeschlossene Zielgruppe",
        "Was für diese Menschen ist, bleibt weg. Was dazu nichts angibt, bleibt dabei.",
        "checkboxes",
        _choices(labels.AUDIENCE, "alle"),
        multiple=True,
        group=WHAT,
        bars=True,
        pattern="|".join(labels.AREA),
    ),
    Filter(
        "geeignet",
        "Geeignet für",
        "Für wen die Aufgabe gemacht ist; eines davon muss passen.",
        "checkboxes",
        _choices(labels.SUITABLE_FOR),
        multiple=True,
        group=WHO,
        fact=True,
    ),
    Filter(
        "art",
        "Art",
        "Angebote suchen Menschen, die helfen; Termine finden zu einer bestimmten Zeit statt.",
        "checkboxes",
        (("angebot", "Angebote"), ("termin", "Termine"), ("beitrag", "Beiträge")),
        multiple=True,
    ),
    Filter(
        "engagement",
        "Form des Engagements",
        "Zum Beispiel regelmäßig oder nur einmal.",
        "checkboxes",
        _choices(labels.KIND),
        multiple=True,
        group=WHAT,
        fact=True,
    ),
    Filter(
        "zeit",
        "Wochentage und Tageszeiten",
        "Wann Sie können; eine der Zeiten muss passen. Was nach Absprache geht, steht dahinter.",
        "week",
        WEEK,
        multiple=True,
        group=WHEN,
        fact=True,
    ),
    Filter(
        "kurzfristig",
        "Kurzfristig",
        "Was in den nächsten Tagen ist und keine Anmeldung braucht.",
        "select",
        ((TODAY, "Heute ohne Anmeldung"), (THIS_WEEK, "In den nächsten 7 Tagen ohne Anmeldung")),
        group=WHEN,
        fact=True,
    ),
    Filter(
        "von",
        "Von",
        "Erster Tag, zum Beispiel 24.12.2026. Angebote ohne Datum bleiben dann außen vor.",
        "date",
        group=WHEN,
    ),
    Filter(
        "bis",
        "Bis",
        "Letzter Tag, zum Beispiel 31.12.2026. Angebote ohne Datum bleiben dann außen vor.",
        "date",
        group=WHEN,
    ),
    Filter(
        "aufwand",
        "Zeitaufwand",
        "Wie viel Zeit es höchstens braucht.",
        "select",
        _HOURS,
        group=WHEN,
        fact=True,
        pattern=_AMOUNT,
    ),
    Filter(
        "dauer",
        "Mindestdauer",
        "Wie lange man sich höchstens verpflichtet.",
        "select",
        tuple(
            (slug, "Ohne Mindestdauer" if slug == "keine" else f"Höchstens {label}")
            for slug, label in _choices(labels.MINIMUM_DURATION, "laenger")
        ),
        group=WHEN,
        fact=True,
    ),
    Filter(
        DISTRICT,
        "Stadtteil",
        "Wo genau es ist, soweit das bekannt ist; mehrere sind möglich.",
        "checkboxes",
        ((UNSAID, "Nicht angegeben"),),
        multiple=True,
        group=WHERE,
        pattern=_DISTRICT,
        like=sentence("Stadtteile mit ihrer Stadt wie Hagen-Haspe"),
    ),
    Filter(
        "online",
        "Online",
        "Ob man von zu Hause aus helfen kann.",
        "select",
        (("ja", "Von zu Hause aus (online)"), ("nein", "Nur vor Ort")),
        group=WHERE,
        fact=True,
    ),
    Filter(
        "barrierefrei",
        "Barrierefreiheit",
        "Was Sie brauchen; alles davon muss da sein.",
        "checkboxes",
        _choices(labels.ACCESSIBILITY, "nicht_barrierefrei", UNSAID),
        multiple=True,
        group=WHERE,
        fact=True,
    ),
    Filter(
        "deutsch",
        "Ihr Deutsch",
        "Wie gut Sie Deutsch sprechen; mehr darf nicht verlangt sein.",
        "select",
        (
            ("nicht_noetig", "Noch kein Deutsch"),
            *((slug, label) for slug, label in _choices(labels.GERMAN_LEVEL, "nicht_noetig", UNSAID)),
        ),
        group=WHO,
        fact=True,
    ),
    Filter(
        "sprachen",
        "Weitere Sprachen",
        "Eine Sprache neben Deutsch, in der man sich verständigen kann.",
        "select",
        tuple((code, code) for code in LANGUAGES),
        multiple=True,
        group=WHO,
        fact=True,
    ),
    Filter(
        "alter",
        "Ihr Alter",
        "In Jahren. Unter 18 zeigen wir nur, was ein Mindestalter nennt oder für Jüngere gedacht ist.",
        "number",
        group=WHO,
        fact=True,
        most=120,
    ),
    Filter(
        "fuehrungszeugnis",
        "Führungszeugnis",
        "Ob man eines vorlegen muss.",
        "select",
        (("nein", "Ohne Führungszeugnis"), ("einfach", "Höchstens ein einfaches Führungszeugnis")),
        group=WHO,
        fact=True,
    ),
    Filter(
        "gruppe",
        "Größe der Gruppe",
        "Wie viele Personen Sie sind, wenn Sie zusammen helfen möchten.",
        "number",
        group=WHO,
        fact=True,
        most=100,
    ),
    Filter(
        "quelle",
        "Portal",
        "Aus welchem Portal es kommt; mehrere sind möglich.",
        "checkboxes",
        multiple=True,
        group=ORIGIN,
        pattern=_HOST,
        like=sentence("Namen von Portalen wie hagen.de"),
    ),
    Filter("gefragt", "Gefragt", "Der Satz, aus dem die Filter gelesen wurden.", "hidden"),
    Filter("wortlaut", "Im Wortlaut", "Mit „ja“ wird nach den Wörtern gesucht, wie sie dastehen.", "hidden"),
    Filter("genau", "Nur mit Angabe", "Ohne das, was dazu nichts angibt.", "hidden", multiple=True),
    Filter(
        "sortierung",
        "Sortierung",
        "Ohne Wahl steht zuerst, was zu Ihren Angaben passt; wenn Sie keine gemacht haben, die besten Treffer.",
        "select",
        SORTINGS,
    ),
    Filter("seite", "Seite", "Welche Seite der Treffer.", "hidden"),
)
BY_NAME = {item.name: item for item in FILTERS}
CHOSEN = tuple(item for item in FILTERS if item.fact or item.bars or item.like)
"""The filters whose values a Query holds in `chosen`, in the order of the URL."""
