"""Who asks and for whom: age, size of a group, and the people that help is for, in everyday questions."""

import re
from collections.abc import Iterator

from fediverse_ehrenamt.kit.sentences import sentence
from fediverse_ehrenamt.understanding.asking import Asked, Part
from fediverse_ehrenamt.understanding.lexicon import WORDS
from fediverse_ehrenamt.understanding.marks import fold
from fediverse_ehrenamt.understanding.question_lexicon import (
    AUDIENCES,
    BEFORE_AUDIENCE,
    GROUP,
    OLD,
    PEOPLE,
    STOP_WORDS,
    YOUNG,
)  # fmt: skip
from fediverse_ehrenamt.vocab import labels

_SURE, _LIKELY = 0.9, 0.8
_YOUNGEST, _OLDEST, _OF_AGE = 6, 99, 18
_LARGEST_GROUP = 500
JOINS = frozenset(["und", "oder", ",", "/", "&", "+", "sowie"])
_ARTICLES = frozenset(["den", "die", "der", "anderen", "andere"])

_END = r"(?=\s*(?:$|[,.;!?]))"
_NOT_A_TIME = r"(?!\s*(?:uhr|h\b|std|stunden?|euro|€|km|prozent|%|:\d|\.\s?\d|-\d|\d))"
_RELATIVE = r"\b(?:tochter|sohn|enkel(?:in|kind)?|kind|bruder|schwester|nichte|neffe|mutter|vater|mama|papa|oma|opa)"
_COMES_ALONG = "".join(f"(?<!{word} )" for word in ("mit meiner", "mit meinem", "mit unserer", "mit unserem", "mit"))
_IS = r" (?:ist|wird)(?: noch| erst| schon)? "
_AGE = r"(?P<age>\d{1,2})\b\)?(?: jahre(?: alt)?)?"
_TO_DO = r"(?:in|im|bei|beim|auf|schon|etwas|was|ehrenamt\w*|helfen|mithelfen|machen|mitmachen|tun)"
_OF_THE_PAST = r" (?:lang|erfahrung|als|in|im|bei|berufs|.{0,60}\bge\w{2,20}(?:t|en)\b)"  # years of somebody's life
_IN_OTHER_LANGUAGES = (
    r"\b(?:i am|i['’]m|im) (?P<age>\d{1,2})\b(?: years? old\b)?" + _NOT_A_TIME,
    r"\b(?P<age>\d{1,2}) years? old\b",
    r"\b(?P<age>\d{1,2}) yaşında(?:yım)?\b|\byaşım (?P<told>\d{1,2})\b",
    r"\b(?:мне|мені) (?P<age>\d{1,2})\b(?: лет| год\w?| рок\w{1,2})?",
    r"\bعمري (?P<age>\d{1,2})\b(?: سنة| سنوات| عام\w?)?",
)
_AGES = tuple(
    re.compile(pattern, re.IGNORECASE)
    for pattern in (
        rf"{_COMES_ALONG}{_RELATIVE}(?:{_IS}|, ?| ?\(){_AGE}{_NOT_A_TIME}",
        rf"\b(?:sie|er){_IS}{_AGE}{_NOT_A_TIME}",
        rf"\bich (?:bin|heiße) (?:die |der )?[^\W\d]{{2,20}}(?:, ?| ?\(){_AGE}{_NOT_A_TIME}",
        r"\b(?:ich )?bin (?:erst |schon )?(?P<age>\d{1,2})(?: jahre(?: alt)?)?\b" + _NOT_A_TIME,
        r"\bab (?P<age>\d{1,2})\b(?: jahren?| j\.)?" + _NOT_A_TIME,
        r"\b(?P<age>\d{1,2})[- ]?jährig(?:e[rn]?)?\b",
        r"\b(?P<age>\d{1,2}) jahre alt\b",
        r"\bmit (?P<age>\d{1,2})\b(?: jahren\b|(?= schon\b| bereits\b)|" + _END + ")",
        rf"\b(?:kann|darf) (?:man|ich|sie|er) (?:schon |auch )?mit (?P<age>\d{{1,2}})\b(?:{_END}|(?= {_TO_DO}\b))",
        r"\bunter (?P<below>\d{1,2})\b(?: jahren?)?" + _NOT_A_TIME,
        r"\b(?P<minor>minderjährige?r?)\b",
        r"\bsch(?:ü|ue)ler(?:in)?,? \(?(?P<age>1\d)\b\)?" + _NOT_A_TIME,
        r"^\s*(?:m|w|d|männlich|weiblich)[ ,/]{1,2}(?P<age>[1-9]\d)\b" + _NOT_A_TIME,
        rf"^\s*(?P<age>1[2-7]|[5-9]\d) jahre?\b(?!{_OF_THE_PAST})",
        r"\b(?P<age>[5-9]\d) jahre(?: alt)?(?= (?:sucht|suche|möchte|will)\b)",
        *_IN_OTHER_LANGUAGES,
        r"\b(?P<age>[5-9]\d) jahre (?:jung|(?:und |aber )?(?:noch )?(?:sehr |ganz |top)?(?:fit|rüstig|gesund))\b",
    )
)
_MANY = r"(?P<size>\d{1,3}|zwei|drei|vier|fünf|sechs|sieben|acht|neun|zehn|elf|zwölf|fünfzehn|zwanzig)"
_AS_A_GROUP = (
    r"\b(?:als|mit einer|mit einem|mit unserer|mit unserem|für eine|für ein|wir sind eine|wir sind ein|in einer)"
    r" (?:\w{1,20})?(?:gruppe|team|firma|verein|klasse|abteilung)"
    rf" (?:mit|von|aus) {_MANY}\b(?: (?P<whom>\w{{4,20}}))?"
)
_COMING_AS = (
    r"\b(?:(?:mit|als|wir sind) )?(?:(?:dem|der|unserem|unserer|meinem|meiner|ein|eine) )?"
    r"\w{0,20}(?:gruppe|team|firma|verein|klasse|abteilung|club|klub|stammtisch|mannschaft),? "
    r"(?:mit |von |aus |ca\.? |etwa )?"
    r"(?P<size>\d{1,3}) (?:personen|leuten?|mann|kolleg\w+|mitarbeit\w+|schülern?|schülerinnen)\b"
)
_WITH_ONE = (
    r"\b(?:zusammen|gemeinsam) mit (?:meiner|meinem) "
    r"(?P<word>frau|mann|freundin|freund|partnerin|partner|schwester|bruder|nachbarin|nachbarn?)\b"
)
# "wir sind 15 und 16" says how old they are, and "wir sind 15" may.
_SO_MANY = (
    r"\bwir sind (?:insgesamt |etwa |ca\.? )?(?P<size>[2-9]|1[01]|[2-9]\d)"
    r"(?=\s*(?:$|[.;!?]|,(?! ?\d)| und (?!\d)| aus\b))"
)
_WHO_WANT = (
    r"\b(?P<size>\d{1,3}) (?:mitarbeit\w+|kolleg\w+|azubis|leute|personen|schüler(?:innen)?)"
    r"(?= (?:wollen|möchten|suchen|würden|haben|aus|sollen)\b)"
)
_GROUPS = tuple(
    re.compile(pattern, re.IGNORECASE)
    for pattern in (
        _AS_A_GROUP,
        rf"\b(?:mit|wir sind|für|zu) {_MANY} (?P<whom>\w{{5,20}})\b",
        r"\b(?P<size>\d{1,3})er[- ](?:gruppe|team)\b",
        _COMING_AS,
        r"\bzu (?P<word>zweit|dritt|viert|fünft|sechst)\b",
        r"\bals (?P<word>(?:ehe)?paar)\b",
        _WITH_ONE,
        _SO_MANY,
        _WHO_WANT,
        r"\b(?:we are|we['’]re|team of|group of) (?P<size>\d{1,3})\b(?: (?:people|persons|colleagues|students)\b)?",
    )
)
_OF_A_FIRM = re.compile(r"firma\b|betrieb\b|unternehmen\b|belegschaft\b", re.IGNORECASE)
# "Social Day 25 Personen": of others these are those who are cooked for.
_COMPANY = re.compile(
    r"\b(?:social day|team\w{0,10}|firm\w{1,10}|betrieb\w{0,10}|gruppe|abteilung|belegschaft|unternehmen|azubis)\b",
    re.IGNORECASE,
)
_OF_A_COMPANY = re.compile(
    r"(?<!für )(?<!von )\b(?P<size>\d{1,3}) (?:personen|leuten?|mann|kolleg\w+|mitarbeit\w+|teilnehm\w+)\b",
    re.IGNORECASE,
)
_SIZES = {"dritt": 3, "viert": 4, "fünft": 5, "sechst": 6}
_TWO = 2  # whoever comes as a couple or with one other


def groups(asked: Asked) -> Iterator[Part]:
    """Find how many come together: "als Gruppe mit 10 Kollegen"."""
    for pattern in (*_GROUPS, *([_OF_A_COMPANY] if _COMPANY.search(asked.text) else [])):
        for match in asked.search(pattern):
            named = match.groupdict()
            size = _size(named)
            whom = asked.words[asked.between(*match.span())[1] - 1].key if named.get("whom") else ""
            start, end = match.span()
            if whom and whom not in GROUP:
                if pattern is not _GROUPS[0]:
                    continue
                end = match.start("whom")  # "als Gruppe mit 10 kochen": the rest is what they want to do
            if 1 < size <= _LARGEST_GROUP:
                span = (asked.take(*asked.between(start, end)),)
                yield Part((("gruppe", str(size)),), sentence("%(number)s Personen", number=size), span, _SURE)
                if _OF_A_FIRM.search(match[0]):
                    yield Part((("geeignet", "unternehmen"),), "für Unternehmen", span, _SURE)
                return


def _size(named: dict[str, str | None]) -> int:
    word, size = (named.get("word") or "").lower(), (named.get("size") or "0").lower()
    if word:
        return _SIZES.get(word, _TWO)
    return int(size) if size.isdecimal() else int(WORDS[fold(size)].low or 0)


def ages(asked: Asked) -> Iterator[Part]:
    """Find how old somebody is: "ab 16", "ich bin 15"; "für Kinder ab 6" is about others."""
    for pattern in _AGES:
        for match in asked.search(pattern):
            first, _ = asked.between(*match.span())
            if first and (asked.words[first - 1].key in AUDIENCES.keys() | PEOPLE or _is_hour(asked, first, match[0])):
                continue
            age = _age(match.groupdict())
            if _YOUNGEST <= age <= _OLDEST:
                yield Part(
                    (("alter", str(age)),),
                    sentence("%(number)s Jahre alt", number=age),
                    (asked.take_match(match),),
                    _SURE,
                )
                return


def _is_hour(asked: Asked, at: int, said: str) -> bool:
    """Say whether "ab 15" stands behind a day or a daypart: "mittwochs ab 15"."""
    before = WORDS.get(asked.words[at - 1].key)
    return (
        said.isascii() and "ab " in said.lower() and "jahr" not in said.lower() and bool(before and before.tag in "DPX")
    )


def _age(named: dict[str, str | None]) -> int:
    if named.get("minor"):
        return _OF_AGE - 1
    below = named.get("below")
    return int(below) - 1 if below else int(named.get("age") or named.get("told") or 0)


def audiences(asked: Asked) -> Iterator[Part]:
    """Find whom help is for, where "mit", "für", "bei" say so: "mit Kindern und Jugendlichen"."""
    for at in range(len(asked.words)):
        if asked.key(at) in BEFORE_AUDIENCE:
            for slug, span in rows(asked, at, at + 1):
                yield Part((("zielgruppe", slug),), sentence(labels.AUDIENCE[slug]), (span,), _SURE)


def rows(asked: Asked, start: int, behind: int) -> Iterator[tuple[str, tuple[int, int]]]:
    """Take the people who are named one after the other `behind` what stands before them from `start` on.

    Yields their slugs and where they stand.
    """
    first = behind
    while asked.key(behind) in YOUNG | _ARTICLES and behind - first < len(("den", "kleinen")):
        behind += 1
    while length := _audience(asked, behind):
        yield AUDIENCES[_noun(asked, behind, length)], asked.take(start, behind + length)
        start = behind + length
        if asked.key(start) not in JOINS:
            return
        behind = start + 1


def _audience(asked: Asked, at: int) -> int:
    """Return how many words name people, 0 where they name none: "alte Menschen", "Menschen mit Behinderung"."""
    key, following = asked.key(at), asked.key(at + 1)
    if key in PEOPLE and following == "mit" and asked.key(at + 2) in AUDIENCES:
        return len(("Menschen", "mit", "Behinderung"))
    if key in OLD and following in PEOPLE:
        return len(("alte", "Menschen"))
    if key in OLD and following and following not in STOP_WORDS | JOINS:
        return 0  # "in alten Häusern"
    return 1 if key in AUDIENCES else 0


def _noun(asked: Asked, at: int, length: int) -> str:
    """Return the word of an audience that says which: the first that does."""
    return next(asked.words[number].key for number in _order(at, length) if asked.words[number].key in AUDIENCES)


def _order(at: int, length: int) -> range:
    """Look at "Behinderung" of "Kinder mit Behinderung" first, at "alte" of "alte Menschen"."""
    return range(at + length - 1, at - 1, -1) if length > len(("alte", "Menschen")) else range(at, at + length)
