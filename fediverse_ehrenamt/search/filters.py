"""FILTERS: what a visitor can search by. The form, the query in the URL and the manual are all drawn from this list."""

from dataclasses import dataclass

from fediverse_ehrenamt.search.model import EVENT, OPPORTUNITY, POST

Choices = tuple[tuple[str, str], ...]

# The 14 areas of the Freiwilligensurvey.
AREAS: Choices = (
    ("sport", "Sport und Bewegung"),
    ("kultur", "Kultur und Musik"),
    ("freizeit", "Freizeit und Geselligkeit"),
    ("soziales", "Sozialer Bereich"),
    ("gesundheit", "Gesundheitsbereich"),
    ("schule_kita", "Schule oder Kindergarten"),
    ("jugend_bildung", "Außerschulische Jugendarbeit oder Bildungsarbeit für Erwachsene"),
    ("umwelt_tiere", "Umwelt, Naturschutz oder Tierschutz"),
    ("politik", "Politik oder politische Interessenvertretung"),
    ("beruf", "Berufliche Interessenvertretung außerhalb des Betriebes"),
    ("kirche_religion", "Kirchlicher oder religiöser Bereich"),
    ("justiz", "Justiz oder Kriminalitätsprobleme"),
    ("rettung_feuerwehr", "Unfall- oder Rettungsdienst oder freiwillige Feuerwehr"),
    ("sonstiges", "Sonstiger Bereich"),
)
KINDS = {"angebot": OPPORTUNITY, "termin": EVENT, "beitrag": POST}  # slug in the URL → Document.kind
RADII_KM = (5, 10, 20, 50, 100)
DEFAULT_RADIUS_KM = 20
BY_HITS, BY_FIT, BY_DATE = "treffer", "passung", "datum"
SORTINGS: Choices = (
    (BY_HITS, "Beste Treffer zuerst"),
    (BY_FIT, "Passendes zuerst"),
    (BY_DATE, "Zuletzt bestätigte zuerst"),
)


@dataclass(frozen=True, slots=True)
class Filter:
    """One thing to search by: `name` in the URL, German `label` and `help` (translated when they are shown).

    `widget` is "search", "place", "select", "checkboxes", "date" or "hidden". `choices` are (value, label) pairs.
    """

    name: str
    label: str
    help: str
    widget: str
    choices: Choices = ()
    multiple: bool = False


FILTERS: tuple[Filter, ...] = (
    Filter("q", "Suchwort", "Zum Beispiel „vorlesen“ oder „Garten Kinder“; alle Wörter müssen vorkommen.", "search"),
    Filter("ort", "Ort oder Postleitzahl", "Zum Beispiel „Hagen“ oder „58095“.", "place"),
    Filter(
        "umkreis",
        "Umkreis",
        "Wie weit es vom Ort höchstens entfernt ist.",
        "select",
        tuple((str(radius), f"{radius} km") for radius in RADII_KM),
    ),
    Filter("bereich", "Bereich", "Mehrere sind möglich; einer davon muss passen.", "checkboxes", AREAS, multiple=True),
    Filter(
        "art",
        "Art",
        "Angebote suchen Menschen, die helfen; Termine finden zu einer bestimmten Zeit statt.",
        "checkboxes",
        (("angebot", "Angebote"), ("termin", "Termine"), ("beitrag", "Beiträge")),
        multiple=True,
    ),
    Filter("von", "Von", "Erster Tag, zum Beispiel 24.12.2026. Angebote ohne Datum bleiben dann außen vor.", "date"),
    Filter("bis", "Bis", "Letzter Tag, zum Beispiel 31.12.2026. Angebote ohne Datum bleiben dann außen vor.", "date"),
    Filter(
        "sortierung",
        "Sortierung",
        "Ohne Wahl steht zuerst, was zu Ihren Angaben passt; wenn Sie keine gemacht haben, die besten Treffer.",
        "select",
        SORTINGS,
    ),
    Filter("seite", "Seite", "Welche Seite der Treffer.", "hidden"),
)
