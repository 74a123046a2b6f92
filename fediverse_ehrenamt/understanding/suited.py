"""Whom an offer suits, read from a description: "auch für Familien", "Gruppen willkommen", "Helfer mit Behinderung".

Only what is said of helpers counts: "Beratung für Familien" suits nobody for that.
"""

import re
from collections.abc import Iterable, Iterator
from typing import Final

from fediverse_ehrenamt.understanding import prose
from fediverse_ehrenamt.understanding.conditions import DENIED, Condition
from fediverse_ehrenamt.understanding.prose import Statement

FIELD: Final = "suitable_for"
_SAID = 0.8
_I = re.IGNORECASE
_SIGNS = ("rentner", "ruhest", "ruheständ", "pensionär", "senior", "student", "studis", "studierende", "schüler",
          "familie", "berufstätige", "gruppe", "unternehmen", "firm", "betrieb", "klasse", "team", "verein",
          "einsteiger", "anfänger", "neulinge", "behinderung", "handicap", "beeinträchtig")  # fmt: skip

_WHO = (
    ("senioren", r"rentner|ruheständler|pensionär|vorruheständler|menschen im ruhestand|aktive senior"),
    ("studierende", r"studierende|student|studis\b"),
    ("schueler", r"schüler"),
    ("berufstaetige", r"berufstätige"),
    ("familien", r"familien"),
    ("gruppen", r"gruppen\b|schulklassen\b"),
    ("unternehmen", r"unternehmen\b|firmen\b|betriebe\b"),
    ("einsteiger", r"einsteiger|anfänger|neulinge"),
)
_MEET = r"(?:geeignet|ideal|perfekt|bestens|passend|eignet sich|passt|möglich|tätigkeit|ehrenamt|einsatz|aufgabe)"
_VERY = r"(?:(?:auch|gut|besonders|vor|allem|gerade|sehr)\W+){0,3}"
_SUITS = tuple(
    (slug, re.compile(pattern, _I))
    for slug, who in _WHO
    for pattern in (
        rf"{_MEET}\W+{_VERY}(?:für|als)\W+(?:\w+\W+){{0,3}}?(?:{who})",
        rf"für (?:\w+ (?:und|oder) )?(?:{who})\w* (?:\w+ ){{0,2}}(?:geeignet|passend|möglich)",
    )
)
_INVITED = tuple(
    (
        slug,
        re.compile(
            rf"\b(?:{who})\w*\W+(?:(?:sind|alle|sehr|herzlich|gerne?|ausdrücklich|\w+,)\W+){{0,3}}(?:willkommen|gesehen)",
            _I,
        ),
    )
    for slug, who in _WHO
    if slug in {"studierende", "berufstaetige", "einsteiger", "familien", "gruppen", "unternehmen"}
)
_TOGETHER = {"familien", "gruppen", "unternehmen"}
_DO = r"(?:übernehmen|mitmachen|mithelfen|mitkommen|helfen|kommen|anpacken)"
# At the beginning of a statement: "Auch für Familien", "Auch Gruppen können …"; "Beratung auch für Familien" is none.
_TOO = tuple(
    (
        slug,
        re.compile(
            rf"(?:^|[.!?]\s)\W*(?:gerne?\s)?auch (?:für\s(?:\w+\s)?(?:{who})\b|(?:{who})\b.{{0,80}}\b{_DO}\b)", _I
        ),
    )
    for slug, who in _WHO
    if slug in _TOGETHER
)
_TOGETHER_AS = tuple(
    (slug, re.compile(rf"\bals (?:ganze )?(?:{who})\b.{{0,40}}(?:möglich|willkommen|{_DO})", _I))
    for slug, who in (
        ("familien", "familie"),
        ("gruppen", "gruppe|klasse|team|verein"),
        ("unternehmen", "firma|betrieb"),
    )
)
_BY_ARRANGEMENT = tuple(
    (slug, re.compile(rf"\b(?:\w+-)?(?:{who}).{{0,40}}\bnach (?:absprache|vereinbarung|anmeldung)", _I))
    for slug, who in _WHO
    if slug in {"gruppen", "unternehmen"}
)
_HELPERS_WITH = re.compile(
    r"\b(?:freiwillige|helfer\w{0,3}(?:[*:_]innen)?|ehrenamtliche|engagierte) mit (?:einer )?"
    r"(?:behinderung|handicap|beeinträchtigung|einschränkung)",
    _I,
)
_SOUGHT = re.compile(
    r"(?:suchen|gesucht|freuen uns (?:auch )?(?:auf|über))\W+(?:\w+\W+){0,3}(?:rentner|pensionär|ruheständler)|"
    r"(?:rüstige|fitte|rentner\w*|pensionär\w*)\W+(?:\w+\W+){0,3}gesucht|rüstige\w? rentner|"
    r"(?:rentner|pensionär|ruheständler)\w*\W+(?:\w+\W+){0,2}(?:bevorzugt|willkommen)",
    _I,
)


def read(said: Iterable[Statement]) -> Iterator[Condition]:
    """Yield for whom statements say that an offer is, each once."""
    found: dict[str, None] = {}
    for statement in said:
        lowered = statement.text.lower()
        if any(sign in lowered for sign in _SIGNS):
            for one in prose.items([statement]):
                words = f"{one.heading}: {one.text}" if one.heading else one.text
                if not DENIED.search(words):
                    found.update(dict.fromkeys(_suited(words, one.text)))
    yield from (Condition(FIELD, slug, _SAID) for slug in found)


def _suited(words: str, said: str) -> Iterator[str]:
    lowered = said.lower()
    for signs, patterns in _PATTERNS:
        if any(sign in lowered for sign in signs):
            yield from (slug for slug, pattern in patterns if pattern.search(words))
    if "auch " in lowered:
        yield from (slug for slug, pattern in _TOO if pattern.search(said))


_PATTERNS = (
    (("für", "als"), _SUITS),
    (("willkommen", "gesehen"), _INVITED),
    (("als ",), _TOGETHER_AS),
    (("nach ",), _BY_ARRANGEMENT),
    (("rentner", "pension", "ruhest"), (("senioren", _SOUGHT),)),
    (("mit ",), (("menschen_mit_behinderung", _HELPERS_WITH),)),
)
"""Patterns with the signs of which each of them needs one: most statements have none."""
