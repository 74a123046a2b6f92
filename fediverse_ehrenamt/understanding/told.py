"""The statements of a description that say when help is wanted; opening hours, telephone hours and trainings are none.

"Wir suchen dienstags 15–17 Uhr …" is one, "Unser Büro ist Mo–Fr 9–12 Uhr erreichbar" is not. What says neither is left
alone: a time that nobody meant is worse than none.
"""

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace

from fediverse_ehrenamt.understanding.prose import Statement

SURE, LIKELY = 0.85, 0.7  # how often such a statement is about the help itself
_LONGEST = 400  # characters of a statement; a longer one names more than one time
_A_FEW = 8  # words that say nothing but a time
_BESIDE = 3  # words of another kind in a longer statement that says nothing but a time

_SIGNS = (
    "tag", "woche", "wöchent", "monat", "stunde", "abend", "morgen", "mittwoch", "ferien", "flexib", "absprache",
    "vereinbar", "uhr", "jahr", "std",
)  # fmt: skip
_DIGIT = re.compile(r"\d")
# These are read in small letters: a pattern that ignores the case takes three times as long.
_TIME = re.compile(
    r"\b(?:mo|di|mi|do|fr|sa|so|we)\b|tags?\b|\d\s?(?:uhr|h|std|stunden?|min)\b|stunde|uhr\b|woche|monat|"
    r"vormittag|nachmittag|abend|tägl|tägig|ferien|flexib|absprache|vereinbarung|jahr"
)
_OTHER = re.compile(
    r"büro|geschäftsstelle|sekretariat|sprech(?:zeit|stunde)|öffnungszeit|geöffnet|öffne[nt]|offen\b|geschlossen|"
    r"erreich|telefon|\btel\b|(?<!video)anruf|\brufen? sie|\bruf uns|kontakt|rückfrag|auskunft|"
    r"info(?:rmation)?s?-?(?:abend|veranstaltung|treffen|nachmittag|termin|tag)|kennenlern|"
    r"schulung|\bwir schulen\b|fortbildung|ausbildung|weiterbildung|kurs(?:e|es)?\b|"
    r"kurs(?:abend|tag|termin)|seminar|lehrgang|qualifizierung|vorbereitung|"
    r"supervision|austausch|team(?:treffen|sitzung|besprechung)|besprechung|stammtisch|einführung|einarbeitung|"
    r"treffen des teams|ehrenamts?treffen|\btr[ie]ff\w+ sich zwanglos|gruppe aller (?:ehrenamtlich|freiwillig)|"
    r"treffen sich die (?:ehrenamtlich|freiwillig)\w+ .{0,60}\bund besprechen|\bteam trifft|"
    r"vermittlung (?:von|der) (?:ehrenamtlich|freiwillig)|"
    r"bewerb|anmeld|frist|besuchszeit|schnupper|hospit|probe(?:zeit|tag)|"
    r"\bbeginn(?:t|en)?\b.{0,40}\b(?:jan|feb|mär|apr|mai|jun|jul|aug|sep|okt|nov|dez)|"
    r"gegründet|besteht seit|\bseit \d|in den letzten|\bfrüher\b|im alter|jahren? alt|monatsbeitrag|"
    r"führerschein|fahrerlaubnis|erfahrung(?!sgem)|zurücklieg|abstinent|rund um die uhr|"
    r"\d{1,2}\.\s?\d{1,2}\.|\d{1,2}\.\s?(?:jan|feb|mär|apr|mai|jun|jul|aug|sep|okt|nov|dez)"
)
# Words of which a statement consists that only says when: "samstags, je zwei Stunden, etwa zweimal im Monat".
_WORD = re.compile(r"[^\W_]+")
_OF_WHEN = re.compile(
    r"\d+|\w*tags?|\w*tage?n?|mittwochs?|\w*(?:mittag|abend|morgen|nacht|nächt)\w{0,3}|mo|di|mi|do|fr|sa|so|we|"
    r"\w*(?:woche|monat|stunde|jahr|quartal|ferien|minute|tägig|wöchentlich|mal)\w{0,2}|std|stdn|h|min|uhr|x|"
    r"ein|eine[nmrs]?|zwei|drei|vier|fünf|sechs|acht|zehn|halbe?n?|jede[nrms]?|pro|je|à|a|ca|etwa|rund|circa|ungefähr|"
    r"mindestens|höchstens|maximal|meist|meistens|und|oder|u|o|bzw|von|bis|ab|zwischen|gegen|am|an|im|in|zum|der|den|"
    r"zeit|zeiten|treffen|frei|vereinbar|vereinbarung|absprache|flexibel|nach|die|das|des|nicht|außer|auch|nur|erste[nrs]?|zweite[nrs]?|dritte[nrs]?|letzte[nrs]?|gerade[nr]?|ungerade[nr]?",
    re.IGNORECASE,
)
_HOUR = r"\d{1,2}(?:[.:]\d{2})?"
_ONLY_HOURS = re.compile(
    rf"(?:von|um|ab|zwischen)?\s?{_HOUR}(?:\suhr)?(?:\s?(?:bis|-|–|und)\s?{_HOUR})?\suhr\W{{0,3}}", re.IGNORECASE
)
_WEEKDAY = re.compile(r"\b(?:mon|diens|donners|frei|sams|sonn)(?:tag|abend)|\bmittwoch", re.IGNORECASE)
_GET_IN_TOUCH = re.compile(r"\bmeld(?:e|en|et)\b")
_HAVE_TIME = re.compile(r"\bzeit (?:haben|hast|habt|mitbring|und lust)|\b(?:haben sie|hast du)\b.{1,60}\bzeit\b")
_HELP = re.compile(
    r"^termine\b|\bsuch(?:en|t)\b|gesucht|\bbrauch(?:en|t)\b|benötig|wünschen uns|freuen uns|"
    r"einsatz|einsätze|dienst(?:e|en|zeit|zeiten)?\b|schicht|zeit(?:aufwand|umfang|rahmen|bedarf|fenster|punkt)|"
    r"(?:einsatz|arbeits|dienst|betreuungs|besuchs)zeit|\bzeiten\b|aufwand|umfang|umfasst|"
    r"\bmöglich (?:sind|ist)\b|ehrenamtlich|freiwillig|"
    r"\bhelfer|\bhelfe|\bmithelf|mithilfe|mitarbeit|unterstütz|engagement|tätigkeit|aufgabe|"
    r"(?-i:\bSie\b|\bIhnen\b|\bIhre?\b)|\bdu\b|\bdich\b|\bdir\b",
    re.IGNORECASE,
)
_MEETS = re.compile(
    r"\bprob(?:t|en)\b|\btrainier(?:t|en)\b|^(?:jede[nr]?|immer|einmal|zweimal|alle|\w+tags|mittwochs)\b.{1,80}\bwir\b|"
    r"\bl(?:äuft|aufen)\b.{1,60}\b(?:von|um|ab)\s\d|"
    r"\bfinde[nt]\b.{1,120}\bstatt\b|stattfinde|\btr[ie]ff(?:en|t) (?:sich|uns|wir)\b",
    re.IGNORECASE,
)
_OF_TIME = re.compile(
    r"zeit|umfang|aufwand|\bwann\b|einsatz|einsätze|termine|stunden|dauer\b|rhythmus|wie oft|turnus", re.IGNORECASE
)
_NO_LEISURE = re.compile(r"freizeit|mahlzeit|zeitung|zeitschrift|hochzeit|zeitzeug|auszeit", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Told:
    """Words that say when help is wanted; `sure` is how often words of this kind do.

    `free` lets them say "flexible", which else is said of people. `over` is the heading that is about time.
    """

    words: str
    sure: float
    free: bool
    over: str = ""


def times(said: Iterable[Statement]) -> Iterator[Told]:
    """Yield what statements say about the times of help, in their order."""
    for statement in _with_their_hours(said):
        words = f"{statement.heading}: {statement.text}" if statement.heading else statement.text
        lowered = words.lower()
        if not _may_tell(lowered):
            continue
        if len(words) > _LONGEST or not _TIME.search(lowered) or _is_other(lowered):
            continue
        spoken = words if _TIME.search(statement.heading.lower()) else statement.text
        headed = _is_of_time(statement.heading)
        if headed or _HELP.search(words):
            yield Told(spoken, SURE, free=_is_of_time(words), over=statement.heading if headed else "")
        elif _MEETS.search(words):
            yield Told(spoken, LIKELY, free=False)
        elif _only_says_when(statement.text):
            sure = LIKELY if statement.text.endswith((".", "!")) else SURE  # "Der Chor probt mittwochs." is a sentence
            yield Told(spoken, sure, free=_is_of_time(words))


def _with_their_hours(said: Iterable[Statement]) -> Iterator[Statement]:
    """Yield statements, only hours as the end of the one before: "Wir treffen uns mittwochs. Um 14 Uhr."."""
    kept: Statement | None = None
    for one in said:
        if kept is not None and _ONLY_HOURS.fullmatch(one.text) and _WEEKDAY.search(kept.text):
            kept = replace(kept, text=f"{kept.text.rstrip('.! ')}, {one.text}")
            continue
        if kept is not None:
            yield kept
        kept = one
    if kept is not None:
        yield kept


def _may_tell(lowered: str) -> bool:
    """Say cheaply whether a closer look is worth while: most statements hold no sign of a time."""
    return any(sign in lowered for sign in _SIGNS) or _DIGIT.search(lowered) is not None


def _only_says_when(text: str) -> bool:
    """Say whether a statement is short, or has hardly a word that is not about when."""
    words = _WORD.findall(text)
    return len(text.split()) <= _A_FEW or sum(not _OF_WHEN.fullmatch(word) for word in words) <= _BESIDE


def _is_other(lowered: str) -> bool:
    """Say whether a statement is about when somebody is reached, learns or meets others."""
    return bool(_OTHER.search(lowered) or (_GET_IN_TOUCH.search(lowered) and not _HAVE_TIME.search(lowered)))


def _is_of_time(words: str) -> bool:
    return bool(_OF_TIME.search(_NO_LEISURE.sub("", words)))
