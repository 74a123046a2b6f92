"""From the categories of other systems to ours: areas of the Freiwilligensurvey, audiences; and from words to areas.

Names of categories differ from agency to agency ("Umwelt/Natur/Tierschutz", "Natur und Garten"), so they are known by
their stems. All words are our own. What stands in a category is a translation; what is drawn from a text is a guess,
and says how sure it is.
"""

import re
import unicodedata
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import lru_cache

from fediverse_ehrenamt.listings import activity_words, area_words
from fediverse_ehrenamt.listings.stems import Stems
from fediverse_ehrenamt.vocab import labels
from fediverse_ehrenamt.vocab.details import MAX_AREAS

OTHER = "sonstiges"
_FOLDS = {"ä": "ae", "ö": "oe", "ü": "ue", "ß": "ss"}
_LONGEST = 4_000  # characters of a text that are looked at

# Stems of categories; the first area whose stem a name holds is the first of several that it means.
_CATEGORY_STEMS: dict[str, tuple[str, ...]] = {
    "rettung_feuerwehr": ("rettung", "feuerwehr", "katastrophen", "unfall", "bevoelkerungsschutz", "notfall"),
    "umwelt_tiere": ("umwelt", "natur", "tier", "klima", "garten", "nachhaltig", "energie"),
    "sport": ("sport", "bewegung", "fitness"),
    "kultur": ("kultur", "kunst", "musik", "theater", "museum", "museen", "bibliothek", "buecherei", "denkmal",
               "heimat", "literatur", "medien", "film", "geschicht", "erinnerung", "archiv", "gesang", "chor"),
    "kirche_religion": ("kirch", "religi", "glaube", "gemeindearbeit", "konfession"),
    "justiz": ("justiz", "straf", "krimin", "opferhilfe", "bewaehrung", "gefaengnis", "gericht"),
    "gesundheit": ("gesundheit", "krank", "hospiz", " pflege", "altenpflege", "sucht", "selbsthilfe", "demenz",
                   "palliativ", "psychi", "seelisch", "medizin", "trauer", "sterbe"),
    "schule_kita": ("schule", "schueler", "kindergarten", "kita", "kindertag", "lesepat", "hausaufgaben", "vorlesen",
                    "lernhilfe", "nachhilfe"),
    "jugend_bildung": ("jugend", "bildung", "ausbildung", "beruf", "wissen", "sprachfoerder", "deutschkurs",
                       "computer", "internet", "digital", "edv", "sprache", "spracherwerb", "alphabet",
                       "nachwuchs", "kinder"),
    "politik": ("politi", "demokrat", "beteiligung", "menschenrecht", "interessenvertret", "eine welt", "einewelt",
                "entwicklungs", "internation", "buergerinit", "gleichstell", "frieden"),
    "beruf": ("gewerkschaft", "berufsverband", "wirtschaftl selbsthilfe", "arbeitnehmer"),
    "freizeit": ("freizeit", "gesellig", "begegnung", "nachbarschaft", "stadtteil", "quartier", "feste", "hobby",
                 "spiel", "unterhaltung", "brauchtum"),
    "soziales": ("sozial", "senior", "aelter", "alte mensch", "altenhilfe", "fluecht", "geflue", "migra", "integra",
                 "asyl", "behinder", "inklusion", "handicap", "obdach", "wohnungslos", "armut", "tafel", "famili",
                 "beratung", "betreuung", "begleitung", "patenschaft", "besuchsdienst", "generation", "frauen",
                 "fahrdienst", "hilfe", "notlage", "maenner", "queer", "lsbt", "mobilitaet"),
}  # fmt: skip

_CHILDREN = "kinder"
_MOST_GUESSED = 3  # areas, or activities, of one entry
_ENOUGH = 2  # of weight; one word in a text says nothing
_BESIDE = 0.6  # of the first area's weight has another that is named beside it
_BESIDE_AREA = 3  # of weight has an area beside the first: two words of a text speak of many things
_SURE = 6  # weight from which on it is as sure as it gets
_MOST_SURE = 0.9

_AUDIENCE_STEMS: dict[str, tuple[str, ...]] = {
    "kinder": ("kind", "baby", "schueler"),
    "jugendliche": ("jugend", "junge mensch", "junge leute", "schueler", "konfirmand", "auszubildend", "azubi"),
    "aeltere": ("senior", "aelter", "alte ", "alten", "hochbetagt"),
    "familien": ("famili", "eltern", "alleinerzieh", "schwanger"),
    "behinderung": ("behinder", "handicap", "beeintraechtig", "blind", "gehoerlos", "rollstuhl", "sehbehinder",
                    "schwerbehinder"),
    "erkrankung": ("krank", "demenz", "pflegebeduerft", "sterbend", "patient", "psychisch", "schwerkrank",
                   "schwerstkrank"),
    "migration": ("migra", "zuwander", "auslaend", "internation", "aussiedl"),
    "gefluechtete": ("fluecht", "geflue", "asyl"),
    "wohnungslos_armut": ("obdach", "wohnungslos", "arm", "beduerftig", "arbeitslos", "erwerbslos", "benachteilig",
                          "sozial schwach", "verschuld", "langzeitarbeit", "einkommensschwach", "geringem einkommen",
                          "wenig geld"),
    "sucht": ("sucht", "drogen", "abhaengig"),
    "straffaelligkeit": ("straf", "haft", "gefangen"),
    "tiere": ("tier", "hund", "katze"),
    "natur": ("natur", "umwelt", "pflanzen", "garten"),
    "alle": ("alle", "keine besondere", "jede", "zielgruppenuebergreifend", "allgemein", "bevoelkerung",
             "interessierte", "buerger"),
    "erwachsene": ("erwachsen", "maenner", "frauen", "studier"),
}  # fmt: skip
_AREAS_OF_AUDIENCES = {
    "aeltere": "soziales", "behinderung": "soziales", "migration": "soziales", "gefluechtete": "soziales",
    "wohnungslos_armut": "soziales", "familien": "soziales", "erkrankung": "gesundheit", "sucht": "gesundheit",
    "straffaelligkeit": "justiz", "tiere": "umwelt_tiere", "natur": "umwelt_tiere",
}  # fmt: skip
_BY_AUDIENCE = 0.4  # how sure an area is that only those speak for whom an offer is for
# Those that compounds name too: "Schulkinder", "Krebskranke", "Gehbehinderte".
_WITHIN_NAMES = {"kinder": "kinder", "erkrankung": "kranke", "behinderung": "behindert"}
_GOODS = "second|kleid|sachen|spielzeug|buech|moebel|waren|literatur"  # "Kinderkleidung" is sold to others
_NAMED_IN_TITLES = {
    slug: re.compile(rf"\b(?:{begins})")
    for slug, begins in {
        "kinder": rf"kind(?:er|ern|es)?\b(?! (?:{_GOODS}))|kinder(?=[a-z])(?!wagen|heits|{_GOODS})|kleinkind|"
        r"babys?\b|kita|grundschul|schulkind|"
        r"[d-g] jugend\b|bambini\b|krabbelgruppe|krabbelkreis|hausaufgaben|vorschul|schuelerinnen|schueler\b",
        "jugendliche": r"jugend(?!herberg|schoeff)|teenager|schueler\b|azubi|auszubildend",
        "aeltere": r"senior|aelter\w* (?:mensch|leut|frau|maenner|mitbuerger)|alte[nr]? (?:mensch|leut)|altenheim|"
        r"altenpfleg|altenzentrum|pflegeheim|hochbetagt|hochaltrig",
        "familien": r"familie?n?\b|familien(?!zentr|bildung|haus|name)|alleinerzieh|eltern\b|schwanger",
        "behinderung": r"\w*behinder|blinde|sehbehinder|gehoerlos|rollstuhl",
        "erkrankung": r"demenz|(?!sucht)\w*kranke?n?\b|erkrankt|patient|sterbend|hospiz|pflegebeduerft|psychisch",
        "migration": r"migrant|migration|zugewandert|zuwander|aussiedl",
        "gefluechtete": r"\w*fluechtl|gefluechtet|asyl",
        "wohnungslos_armut": r"obdachlos|wohnungslos|beduerftig|arme menschen|armut",
        "sucht": r"suchtkrank|sucht(?:hilf|berat|praev|klinik)|drogen|abhaengige",
        "straffaelligkeit": r"straffaell|strafgefang|gefangene|haeftling|bewaehrungshilf",
        "tiere": r"tiere?n?\b|tier(?:heim|schutz|pfleg|rett)|\w*hunde?n?\b|\w*katzen?\b|katzen",
    }.items()
}
_TEAM_OF_CHILDREN = re.compile(r"^(?!.*jugend.*jugend).* [d-g] jugend\b")  # the youth of a sports club begins at six
# The noun, for "Verein sucht Helfer" speaks of nobody's addiction.
_ADDICTION = re.compile(
    r"(?:bei|mit|gegen|von|und|oder|der|die|zur|aus|einer|thema:?) Sucht\b|^Sucht(?:$|:| im | und )|\bSucht-"
)
_OF_NATURE = re.compile(r"\b(?:natur|umwelt|pflanze|klima|garten)")
_ANIMALS = "tiere"
_DENIES = re.compile(r"\b(?:ohne|nicht|keine?n?)\b")
MAX_AUDIENCES = 6


@dataclass(frozen=True, slots=True)
class Guess:
    """Slugs of what a text seems to be about, the likeliest first, and how sure that is (0 to 1)."""

    slugs: tuple[str, ...]
    confidence: float


def fold(text: str) -> str:
    """Return a text in which a stem is looked for: lower case, without umlauts, words apart by one blank."""
    plain = text[:_LONGEST].lower()
    for umlaut, letters in _FOLDS.items():  # one table for all takes ten times as long
        plain = plain.replace(umlaut, letters)
    if not plain.isascii():
        plain = unicodedata.normalize("NFKD", plain).encode("ascii", "ignore").decode()
    return f" {' '.join(_WORDS.findall(plain))}"


_WORDS = re.compile(r"[a-z0-9]+")


def areas_of(categories: Iterable[str]) -> tuple[str, ...]:
    """Return the areas that categories of another system mean, at most three; those that are too general go last."""
    named = list(categories)
    found: dict[str, None] = {}
    # "Sport, Kinder" says for whom there is sport; only "Kinder" alone says what it is about.
    for name in [one for one in named if one.strip().lower() != _CHILDREN and _area_names(one)] or named:
        found.update(dict.fromkeys(_area_names(name)))
    ordered = sorted(found, key=lambda area: area == OTHER)  # stable: what comes first is meant first
    return tuple(ordered[:MAX_AREAS])


@lru_cache(4096)
def _area_names(category: str) -> tuple[str, ...]:
    folded = fold(category)
    exact = {fold(name): slug for table in (labels.AREA, labels.AREA_SHORT) for slug, name in table.items()}
    exact |= {fold(slug): slug for slug in labels.AREA}
    if folded in exact:
        return (exact[folded],)
    places = ((folded.find(stem), area) for area, stems in _CATEGORY_STEMS.items() for stem in stems)
    first: dict[str, int] = {}
    for place, area in places:
        if place >= 0:
            first[area] = min(place, first.get(area, place))
    return tuple(sorted(first, key=lambda area: first[area]))[:2]


def audiences_of(names: Iterable[str]) -> tuple[str, ...]:
    """Return the audiences that target groups of another system mean."""
    found: dict[str, None] = {}
    for name in names:
        found.update(dict.fromkeys(_audience_names(name)))
    return tuple(found)[:MAX_AUDIENCES]


@lru_cache(4096)
def _audience_names(name: str) -> tuple[str, ...]:
    folded = f"{fold(name)} "
    return tuple(
        slug
        for slug, stems in _AUDIENCE_STEMS.items()
        if any(f" {stem}" in folded for stem in stems) or (slug in _WITHIN_NAMES and _WITHIN_NAMES[slug] in folded)
    )


def audiences_in(title: str) -> tuple[str, ...]:
    """Return the audiences that a title names, as a word or as the beginning of one: "Kinderchor", "Demenzcafé".

    Fewer words than as the name of a target group: "alte Bücher" and "für alle" speak of nobody.
    """
    folded = fold(title)
    if _DENIES.search(folded):
        return ()
    found = [slug for slug, named in _NAMED_IN_TITLES.items() if named.search(folded)]
    if "sucht" not in found and _ADDICTION.search(title):
        found.append("sucht")
    if _TEAM_OF_CHILDREN.search(folded) and "jugendliche" in found:
        found.remove("jugendliche")
    return tuple(found)[:MAX_AUDIENCES]


def audiences_of_category(name: str) -> tuple[str, ...]:
    """Return the audiences that a category names; "Natur, Tiere & Umwelt" is no offer for animals for that."""
    found = audiences_in(name)
    return tuple(slug for slug in found if slug != _ANIMALS) if _OF_NATURE.search(fold(name)) else found


def guess(title: str, text: str) -> Guess:
    """Return the areas that an offer seems to be about by its words; none where hardly a word speaks for any."""
    return _likely(_AREA_STEMS.weights(fold(title), fold(text)), _BESIDE_AREA)


def guess_by(audiences: Iterable[str]) -> Guess:
    """Return the area of those whom an offer is for: who helps homeless people helps in the social area."""
    found = dict.fromkeys(_AREAS_OF_AUDIENCES[slug] for slug in audiences if slug in _AREAS_OF_AUDIENCES)
    return Guess(tuple(found)[:1], _BY_AUDIENCE if found else 0.0)


def activities(title: str, text: str) -> Guess:
    """Return what helpers seem to do by its words, as slugs of activities; none where hardly a word says it."""
    return _likely(_ACTIVITY_STEMS.weights(fold(title), fold(text)))


def _likely(weights: Mapping[str, int], beside: int = _ENOUGH) -> Guess:
    """Return what weighs most, at most three, and how sure that is; what does not weigh as much weighs `beside`."""
    ranked = sorted(weights.items(), key=lambda pair: (-pair[1], pair[0]))  # the same at every run
    if not ranked or ranked[0][1] < _ENOUGH:
        return Guess((), 0.0)
    best = ranked[0][1]
    chosen = tuple(slug for slug, weight in ranked[:_MOST_GUESSED] if weight >= min(best, max(beside, _BESIDE * best)))
    others = sum(weight for _, weight in ranked) - sum(weights[slug] for slug in chosen)
    clear = 1 - others / (2 * sum(weights.values()))
    return Guess(chosen, round(_MOST_SURE * min(1.0, best / _SURE) * clear, 2))


_AREA_STEMS, _ACTIVITY_STEMS = Stems(area_words.STEMS), Stems(activity_words.STEMS)
