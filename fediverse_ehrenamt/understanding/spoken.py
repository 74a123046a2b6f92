"""Which languages beside German help in an offer, read from a description: "Arabisch oder Dari wären hilfreich".

Languages that are taught ("Deutschkurs", "Nachhilfe in Englisch") are none that anybody needs to speak there.
"""

import re
from collections.abc import Iterable, Iterator
from typing import Final

from fediverse_ehrenamt.understanding.conditions import Condition
from fediverse_ehrenamt.understanding.marks import fold
from fediverse_ehrenamt.understanding.prose import Statement
from fediverse_ehrenamt.understanding.question_lexicon import LANGUAGES

FIELD: Final = "languages"
_SAID = 0.6
_MOST = 8
_I = re.IGNORECASE
_SIGNS = ("isch", "farsi", "dari", "paschtu", "paschto", "hindi", "urdu", "tigrinya", "somali")
_WORD = re.compile(r"[^\W\d_]+")
_SPOKEN = re.compile(
    r"sprachkenntnis|\bsprachen?\b|sprech|spricht|muttersprach|zweisprachig|kenntnisse|dolmetsch|sprachmittl|beherrsch|"
    r"von vorteil|hilfreich|wünschenswert|\bplus\b|\bwären?\b|erwünscht|willkommen|\bhilft\b|\bhelfen\b.{0,20}$",
    _I,
)
_TAUGHT = re.compile(
    r"kurs|unterricht|nachhilfe|lern|übersetz|konversation|café|tandem|\büben|\bklassen?\b|\bfach\b|fächer|lehrer|"
    r"beibring|förder|muttersprach\w* deutsch|broschüre|infoblatt|infoblätter|"
    r"(?:keine[mnr]?|wenige?n?|geringe?n?)\W+(?:\w+-?\W+(?:oder|und|bis)\W+)*\w+kenntnis",
    _I,
)
_OF_SKILL = re.compile(r"(?:sprach)?kenntnisse?n?$|sprachig\w{0,2}$|sprachler\w*$", _I)


def read(said: Iterable[Statement]) -> Iterator[Condition]:
    """Yield the languages (BCP 47) that statements say help to speak, each once."""
    found: dict[str, None] = {}
    for one in said:
        words = f"{one.heading}: {one.text}" if one.heading else one.text
        if any(sign in words.lower() for sign in _SIGNS) and _SPOKEN.search(words) and not _TAUGHT.search(words):
            named = (LANGUAGES.get(fold(_OF_SKILL.sub("", word))) for word in _WORD.findall(one.text))
            found.update(dict.fromkeys(filter(None, named)))
    yield from (Condition(FIELD, code, _SAID) for code in list(found)[:_MOST])
