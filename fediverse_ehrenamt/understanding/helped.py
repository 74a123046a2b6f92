"""Whom an offer is for by its text: who is named in its sentences as those who are helped.

Only people who are helped because of what they are: children are in many texts about something else. Umlauts are
written out, as in a text that is folded.
"""

import re
from collections.abc import Iterable
from typing import Final

from fediverse_ehrenamt.understanding.prose import Statement

MOST: Final = 2
"""Audiences that a text is about; one that names more of them introduces an organisation."""
_ENOUGH = 2  # sentences, or one that says what helpers do with them
# One that holds none of these is not looked at more closely: most name nobody.
_SIGNS = ("senior", "alte", "ältere", "betagt", "heim", "pflege", "behinder", "handicap", "blind", "gehörlos", "krank",
          "demenz", "sterb", "patient", "lebensende", "flücht", "asyl", "migra", "wander", "obdach", "wohnungslos",
          "bedürft", "straf", "haft")  # fmt: skip
_FOLDS = str.maketrans({"ä": "ae", "ö": "oe", "ü": "ue", "ß": "ss"})
_WORD = re.compile(r"[a-z0-9]+")
_PEOPLE = r"(?:mensch|leut|frau|maenner|herr|dame|person|mitbuerger|bewohn|kind|jugend|erwachs)"
_NAMED = {
    slug: re.compile(rf"\b(?:{begins})")
    for slug, begins in {
        "aeltere": rf"senior(?!\w*(?:bueros?|expert)\b)|(?:aeltere|alte|hochbetagte|betagte)[nrm]? (?:\w+ )?{_PEOPLE}|"
        r"altenheim|pflegeheim|hochaltrig|alten und pflege|altenpflegeheim",
        "behinderung": r"mensch\w* mit (?:\w+ ){0,4}(?:behinderung|handicap)|"
        rf"(?:\w+)?behinderte[nr]? (?:\w+ )?{_PEOPLE}|(?:seh|koerper|schwer|mehrfach)behindert|gehoerlose|"
        rf"blinde[nr]? (?:und \w+ )?{_PEOPLE}|mit (?:geistiger|koerperlicher) (?:\w+ )?behinderung",
        "erkrankung": r"(?:psychisch|seelisch|chronisch|schwer|schwerst|unheilbar|dementiell|demenziell) "
        r"(?:erkrankt|krank)|demenz|schwer(?:st)?krank|sterbende|patient(?!in\w* expert)|krebskrank|"
        r"mensch\w* am lebensende|mensch\w* mit (?:\w+ ){0,3}(?:psychischen|seelischen|chronischen) erkrankung",
        "gefluechtete": r"gefluechtet|fluechtling|asylbewerb|asylsuch",
        "migration": r"migrant|zugewandert|zuwanderer|mensch\w* mit (?:\w+ )?(?:migration|zuwanderung)s",
        "wohnungslos_armut": r"wohnungslos|obdachlos|beduerftige",
        "straffaelligkeit": r"strafgefangen|straffaellig|haftentlass|inhaftiert",
    }.items()
}

# A sentence that says what helpers do with them.
_HELPED = re.compile(
    r"\b(?:begleit(?:en|et|ung)|betreu(?:en|t|ung)|unterstuetz(?:en|t|ung)|besuch(?:en|t|e|sdienst)|"
    r"umgang mit|helfen|hilfe fuer|offen(?:heit)? (?:gegenueber|fuer)|spazier)\b"
)

# Where the same words name those who help.
_AS_HELPERS = re.compile(
    r"\b(?:such(?:en|t)|gesucht|willkommen|eingeladen)\b(?: \w+){0,3} (?:senior|migrant|gefluechtet|aeltere)|"
    r"\b(?:senior|migrant|gefluechtet|aeltere)\w*(?: \w+){0,4} (?:gesucht|willkommen)|als (?:senior|migrant)"
)


def audiences(said: Iterable[Statement]) -> tuple[str, ...]:
    """Return the audiences that one statement names as those who are helped, or several name at all; of many, none."""
    named: dict[str, int] = {}
    for one in said:
        lowered = one.text.lower()
        if not any(sign in lowered for sign in _SIGNS):
            continue
        folded = f" {' '.join(_WORD.findall(lowered.translate(_FOLDS)))}"
        if not _AS_HELPERS.search(folded):
            for slug, pattern in _NAMED.items():
                if pattern.search(folded):
                    named[slug] = named.get(slug, 0) + (_ENOUGH if _HELPED.search(folded) else 1)
    found = tuple(slug for slug, times in named.items() if times >= _ENOUGH)
    return found if len(found) <= MOST else ()
