"""What people tell beside their wish: how they work, where they come from, since when, what is all the same to them.

Nothing is read from these words and nothing is searched for by them.
"""

import re
from functools import lru_cache

from fediverse_ehrenamt.understanding.asking import Spans
from fediverse_ehrenamt.understanding.question_dates import MONTHS
from fediverse_ehrenamt.understanding.question_lexicon import COUNTRIES

_KEPT = 256
_HOUR = r"\d{1,2}(?:[.:]\d\d)?"
_FROM_HOME = r"(?:online|remote|digital|von zu ?hause(?: aus)?|(?:im )?home ?office)"
_IS_FINE = r"(?:möglich|denkbar|okay|ok|gut|machbar)"
_CHILD = (
    r"\b(?:wenn|während|solange) (?:die|das|der|mein\w{0,2}|unser\w{0,2}) (?:\w{1,20} )?"
    r"(?:kind(?:er)?|kleine[nr]?|tochter|töchter|sohn|söhne|baby|enkel)\b"
    r"(?: \w{1,20}){0,4} (?:schläft|schlafen|ist|sind)\b"
)
_SHIFTS = (
    r"\b(?:arbeiten? (?:im |in )?|im |in |als |bin )(?:schicht(?:en|dienst|arbeiter|arbeiterin)?|wechselschicht)\b"
)
# Those who ask tell when they work, not in which shift they want to help.
_SHIFT = (
    r"\b(?:(?:vor|nach|bei|in|im|während|wegen|trotz|habe|hab|arbeite|arbeite in) )?(?:der |meiner |die |wechsel )?"
    r"(?:(?:früh|spät|nacht|tag)(?:schicht)?(?:-? ?(?:und|oder|/) ?))?(?:früh|spät|nacht|tag|mittel)schicht(?:en)?\b"
)
_SLEEP = r"\b(?:schlafe? ich|ich schlafe?) (?:dann )?(?:bis )?(?:mittags?|(?:vor|nach)mittags?|abends?)\b"
_WORK = (  # "ich arbeite bis 16 Uhr": then they cannot, and nobody knows on which days they can afterwards
    r"\b(?:arbeiten?(?: ich| wir)?|muss(?: ich)?)(?: [^\s,;!?]{1,12}){0,4}?"
    rf" (?:bis (?:um |ca\.? |etwa )?|{_HOUR}(?: uhr)? ?(?:-|–|bis) ?){_HOUR}"
    r"(?: ?uhr\b| ?h\b|\b)(?: arbeiten\b)?(?! (?:stunden|std|h)\b)"
)
_ORIGIN = (
    r"\b(?:komme|kommen|komm|bin|sind|stamme) (?:ursprünglich |eigentlich )?"
    r"(?:(?:ein |eine )?(?:flüchtling|geflüchteter?) )?aus (?:der |dem |den )?"
    rf"(?:{'|'.join(sorted(COUNTRIES))})\b"
)
_SINCE = (
    rf"\bseit (?:dem |anfang |mitte |ende )?(?:(?:\d{{1,2}}\. ?)?(?:{MONTHS})\b|\d{{1,2}}\.\d{{1,2}}\.)(?: ?\d{{2,4}})?"
)
_CERTIFICATE = (
    r"\b(?:(?:erweitertes|polizeiliches|aktuelles|ein) ){0,3}führungszeugnis "
    r"(?:liegt vor|(?:ist )?vorhanden|habe ich|hab ich)\b"
)
# What may be done from home too need not be: a filter would leave out what is done here.
_ALSO_FROM_HOME = (
    rf"\b(?:gerne?|notfalls|zur not) auch (?:mal )?{_FROM_HOME}",
    rf"\bauch {_FROM_HOME} {_IS_FINE}\b",
    rf"\b{_FROM_HOME} (?:wäre |ist |geht |ginge )?(?:auch|ebenfalls) (?:{_IS_FINE}|gerne?)\b",
    r"\b(?:online|remote|from home) (?:is |would be )?(?:also |too )?(?:fine|ok|okay|possible)\b",
)
_CIRCUMSTANCES = tuple(
    re.compile(pattern, re.IGNORECASE)
    for pattern in (
        _CHILD,
        r"(?<=[^\W\d_] )\(\d{1,2}(?:(?:,| und|/) ?\d{1,2}){0,4}(?: jahre?(?: alt)?)?\)",  # "Tochter (8)"
        _SHIFTS,
        _SHIFT,
        _SLEEP,
        _WORK,
        r"\b\d{1,2} jahre (?:berufs|lebens)?erfahrung\b",
        _ORIGIN,
        _SINCE,
        _CERTIFICATE,
        *_ALSO_FROM_HOME,
        r"^\s*(?:(?:einen )?(?:schönen )?guten (?:tag|morgen|abend)|moin(?: moin)?|servus|grüß gott)\b",
        r"\bkomma\b|\b(?:punkt|fragezeichen|ausrufezeichen)\s*$",  # as it is dictated
        r"\b(?:ich )?(?:bin|als) (?:eine? )?(?:witwer?|verwitwet|geschieden|verheiratet|single|alleinstehend)\b",
        r"\bist (?:mein|unser) (?:\w{1,20} )?freier tag\b",
        r"\b(?:ich )?(?:kann|komme) überall ?hin\b|\bi (?:don['’]?t|do not) have a car\b",
        r"\begal,? (?:wann|wo|was|wie|welche[rs]?)\b",
    )
)


@lru_cache(_KEPT)
def spans(text: str) -> Spans:
    """Return the characters of a question that tell of circumstances."""
    return tuple(match.span() for pattern in _CIRCUMSTANCES for match in pattern.finditer(text))
