"""How much German helpers must speak, read from a description: "sehr gute Deutschkenntnisse", "mindestens B1".

Only what is asked of helpers counts: of most offers that speak of German it is those who are helped that learn it.
"""

import re
from collections.abc import Iterable, Iterator
from typing import Final

from fediverse_ehrenamt.understanding import prose
from fediverse_ehrenamt.understanding.conditions import DENIED, LIKELY, OPTIONAL, SAID, STATED, Condition
from fediverse_ehrenamt.understanding.prose import Statement

LEVEL: Final = "german_level"
_I = re.IGNORECASE
_NO_GERMAN = re.compile(
    r"(?:keine?|ohne|wenig) (?:\w+ ){0,2}deutsch(?:kenntnisse)?\b|deutschkenntnisse (?:\w+ ){0,3}(?:nicht|keine) |"
    r"auch ohne deutsch|deutsch (?:\w+ )?ist (?:kein muss|nicht (?:nötig|notwendig))",
    _I,
)
_LITTLE_GERMAN = re.compile(
    r"(?:\bwenig|\bkaum|noch nicht (?:so )?(?:gut|viel)|nicht so gut) (?:\w+ ){0,2}deutsch|deutsch (?:erst|noch) lern",
    _I,
)
_WELCOME = re.compile(r"willkommen|gern gesehen|\bgern\w? auch\b|\bauch (?:für|helfer|menschen|leute|personen)\b", _I)
_LEVEL = re.compile(
    r"(?:deutsch|sprach)\w*\W+(?:\w+\W+){0,4}?(?P<after>[abc][12])\b|\b(?P<before>[abc][12])\W{0,3}(?:\w+\W+){0,2}deutsch",
    _I,
)
_WITHIN = r"\w*\W+(?:\w+\W+){0,2}deutsch"
_HOW_WELL = (
    ("b2", re.compile(rf"\bgute? bis sehr gut{_WITHIN}", _I)),
    ("c1", re.compile(rf"(?:sehr gut|ausgezeichnet|perfekt|verhandlungssicher|hervorragend){_WITHIN}", _I)),
    ("b2", re.compile(rf"(?:\bgut|fließend|sicher|fundiert){_WITHIN}|deutsch (?:\w+ )?(?:fließend|gut)\b", _I)),
    ("a2", re.compile(rf"(?:grund|basis|einfach|etwas|ein wenig){_WITHIN}", _I)),
)
_LANGUAGE = re.compile(r"deutsch(?!land)|sprachniveau", _I)
_GERMAN_ALONE = re.compile(
    r"(?:gute bis )?(?:sehr )?(?:gute|sichere|fließende|solide|fundierte|ausreichende) (?:\w+ )?deutsch|"
    r"deutschkenntnisse\b|"
    r".{0,40}\bdeutsch (?:ab|mind\.|mindestens) [abc][12]\b",
    _I,
)
_PLAIN_GERMAN = re.compile(r"deutschkenntnisse|deutsche sprachkenntnisse|kenntnisse der deutschen sprache", _I)
_TAUGHT = re.compile(r"unterricht|kurs|nachhilfe|übe[nr]\b|vermittel|förder|beibring|für menschen, die", _I)
_LEARNERS = re.compile(
    r"\bzugang zu|lern|unterricht|kurs|verbesser|nachhilfe|übe[nr]|fehlend|gering|mangel|vermittel|förder|vertief|"
    r"anwend|ausweit|auszuweit|ausbau|auszubau|näher ?(?:zu)?bringen|trainier|konversation|grundlagen der|"
    r"\bhilfe (?:bei|in)\b",
    _I,
)
# It must be said of helpers: "Die Kinder sprechen schon gut Deutsch" and "Sie hat ihre Deutschkenntnisse verloren" are
# of those whom they help; "Sie haben schon gute Deutschkenntnisse" too, for nobody says "schon" of a helper.
_ASKED_OF_HELPERS = re.compile(
    r"voraussetzung|anforderung|vorausgesetzt|setzen wir\b|voraus\b|erforderlich|notwendig|nötig|benötig|profil|"
    r"mitbring|bring(?:en|st|t) (?:sie|du|ihr)|zwingend|wichtig|selbstverständlich|mindest|\bmind\.|"
    r"\b(?:suchen|gesucht|brauchen)\b|wünschen (?:wir )?uns|erwarten|sollt(?:e|en|est|et)\b|muss|"
    r"müssen|müsst|reich(?:t|en)\b|genüg|"
    r"(?-i:\bSie\b) (?:\w+ ){0,4}(?:sprechen|haben|verfügen|beherrschen|können|besitzen)|"
    r"\bdu (?:sprichst|hast|verfügst|beherrschst|kannst)|freiwillige|ehrenamtlich|helfer|\bwer\b|jemand",
    _I,
)
_SAID_OF_OTHERS = re.compile(
    r"\b(?:schon|bereits|erworben\w*|verloren|die meisten|manche|viele|einige)\b|\bsprechen alle\b|"
    r"(?-i:\bihre[nr]?\b|\bmeine[nr]?\b) (?:\w+ )?deutsch|"
    r"(?-i:\b(?:[Ee]r|[Ee]s|sie|die)\b) (?:\w+ )?(?:spricht|versteht|hat)\b|"
    r"(?:kind\w*|schüler\w*|bewohner\w*|eltern|mütter\w*|familien?|teilnehm\w*|jugendliche\w*|klient\w*|geflüchtete\w*|"
    r"frauen|männer) (?:\w+ ){0,2}(?:sprechen|spricht|haben|verstehen|wünschen)\b|-level\b|"
    r"auf (?:dem )?niveau [abc][12]\b.{0,40}\bred",
    _I,
)


def read(said: Iterable[Statement]) -> Iterator[Condition]:
    """Yield which level of German statements ask for, none of several, and that those who learn it are welcome."""
    found: dict[tuple[str, str | int], Condition] = {}
    for one in prose.items(said):
        words = f"{one.heading}: {one.text}" if one.heading else one.text
        if _LANGUAGE.search(words):
            for condition in (*_asked(words, one.text), *_learners(words)):
                known = found.setdefault((condition.field, condition.value), condition)
                if known.sure < condition.sure:
                    found[condition.field, condition.value] = condition
    levels = [one for one in found.values() if one.field == LEVEL]
    yield from (one for one in found.values() if one.field != LEVEL or len(levels) == 1)


def _asked(words: str, said: str) -> Iterator[Condition]:
    if _LEARNERS.search(words):
        return
    if _NO_GERMAN.search(words):
        if re.search(
            r"nötig|notwendig|erforderlich|vorausge|kein muss|brauch|reich|genüg|auch ohne|zwingend", words, _I
        ):
            yield Condition(LEVEL, "nicht_noetig", SAID)
        return
    asked = _ASKED_OF_HELPERS.search(words) or _GERMAN_ALONE.match(said)
    if OPTIONAL.search(words) or DENIED.search(words) or _SAID_OF_OTHERS.search(words) or not asked:
        return
    if match := _LEVEL.search(words):
        level = (match["after"] or match["before"]).lower()
        yield Condition(LEVEL, "c1" if level == "c2" else level, STATED)
    elif level := next((level for level, pattern in _HOW_WELL if pattern.search(words)), ""):
        yield Condition(LEVEL, level, LIKELY)
    elif _PLAIN_GERMAN.search(words):
        yield Condition(LEVEL, "b1", LIKELY)


def _learners(words: str) -> Iterator[Condition]:
    """Read that those are welcome who still learn German."""
    if _LITTLE_GERMAN.search(words) and _WELCOME.search(words) and not _TAUGHT.search(words):
        yield Condition(LEVEL, "a1", LIKELY)
        yield Condition("suitable_for", "wenig_deutsch", LIKELY)
