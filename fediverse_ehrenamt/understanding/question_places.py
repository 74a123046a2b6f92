"""Places in everyday questions: "in Haspe", "im Umkreis von 10 km um Dortmund", "58095", "Haspe oder Boele"."""

import math
import re
from collections.abc import Iterator
from dataclasses import replace
from functools import lru_cache

from fediverse_ehrenamt.kit.geo import distance_km
from fediverse_ehrenamt.kit.sentences import Sentence, sentence
from fediverse_ehrenamt.places import data, gazetteer, telling
from fediverse_ehrenamt.places.gazetteer import Spot
from fediverse_ehrenamt.understanding import lexicon
from fediverse_ehrenamt.understanding.asking import Asked, Part
from fediverse_ehrenamt.understanding.question_lexicon import EVERYDAY, NO_PLACES, STOP_WORDS

BESIDE_KM = 10  # how far around the farther one of two towns is looked
NEAR_KM = 20  # what "und Umgebung" and "in der Nähe von" mean
_MOST_KM = 200
_MOST_WORDS = 6  # of a name: "Frankfurt am Main", "Hagen - Haspe"
_LEAST_POPULATION = 10_000  # of a town that is named without "in"; a village's name may be any word
_SHORTEST = 4  # letters of such a name
_POSTCODE = 5
_BEHIND_A_WORD, _ALONE, _POSTED = 0.9, 0.8, 0.95

_BEFORE = frozenset(["in", "stadt", "stadtteil", "ortsteil", "innerhalb"])
_OTHER = frozenset(["oder", "bzw", "und", "&", "/"])
_FROM = "aus"
_BEFORE_NO_EVERYDAY_WORD = frozenset(["bei", "um", _FROM, "nach"])
_AROUND = (("und", "umgebung"), ("u", ".", "umgebung"), ("+", "umgebung"), ("&", "umgebung"), ("umgebung",),
           ("und", "umland"), ("und", "umkreis"))  # fmt: skip
_NEARBY = (
    ("in", "der", "nahe", "von"), ("in", "der", "umgebung", "von"), ("im", "umland", "von"), ("im", "umkreis", "von"),
    ("rund", "um"), ("im", "raum"), ("raum",), ("nahe",), ("in", "der", "nahe"), ("umkreis",),
)  # fmt: skip
_HERE = (("in", "meiner", "nahe"), ("in", "der", "nahe"), ("in", "meiner", "umgebung"), ("um", "die", "ecke"),
         ("in", "der", "umgebung"), ("hier", "in", "der", "nahe"))  # fmt: skip
_RADIUS = re.compile(
    r"(?:\bim |\bin einem )?\b(?:umkreis|radius|umgebung)(?: von| bis| ab)?(?: ca\.?| etwa)?"
    r" ?(\d{1,3}) ?(?:km|kilometern?)\b"
    r"|\b(?:bis(?: zu)?|max\.?|maximal|höchstens|unter|innerhalb von)"
    r" (\d{1,3}) ?(?:km|kilometern?)(?: entfernt| weit)?\b"
    r"|\b(\d{1,3}) ?(?:km|kilometer)\b(?: umkreis| entfernung| rund)?",
    re.IGNORECASE,
)
_HALVES = frozenset(["bad", "neu", "alt", "gross", "klein", "ober", "unter", "sankt", "st"])
_LINKS = frozenset(
    ["am", "an", "auf", "bei", "der", "die", "im", "in", "ob", "von", "vor", "und", "mit", "-", ".", ",", "/", "'", "’"]
)
_ENDS = frozenset("?!;:…")  # signs that stand in no name
_CASES = frozenset(["de", "da", "te", "ta", "den", "dan", "ten", "tan", "deki", "daki", "e", "a", "ye", "ya"])


def read(asked: Asked) -> Iterator[Part]:
    """Find the place of a question and how far around it; at most one of each, or two places as alternatives."""
    kilometres, span, behind = _radius(asked)
    found = _place(asked, behind)
    if found is None:
        if span:
            yield Part(
                (("umkreis", str(kilometres)),), sentence("bis %(number)s km", number=kilometres), (span,), _ALONE
            )
        yield from _here(asked)
        return
    first, start, end, near, sure = found
    words = _written(asked, start, end)
    if (second := _second(asked, end)) and (either := tuple(_either(asked, first, (start, end), second, kilometres))):
        yield from (replace(part, spans=(span,)) if span and part.filter == "umkreis" else part for part in either)
        return
    around = next((len(row) for row in _AROUND if asked.keys(end, len(row)) == row), 0)
    place = (asked.take(first, end if around else _case_end(asked, end)),)
    said = telling.apart(words)
    yield Part((("ort", _findable(words)),), said, tuple(sorted([*place, *_origins(asked)])), sure)
    if span:
        yield Part((("umkreis", str(kilometres)),), _around(kilometres, said), (span,), sure)
    elif around or near:
        spans = (asked.take(end, end + around),) if around else place
        yield Part((("umkreis", str(NEAR_KM)),), _around(NEAR_KM, said), spans, sure)


def _around(kilometres: int, place: str) -> Sentence:
    return sentence("bis %(number)s km um %(place)s", number=kilometres, place=place)


def _written(asked: Asked, start: int, end: int) -> str:
    return asked.text[asked.words[start].start : asked.words[end - 1].end]


def _second(asked: Asked, at: int) -> tuple[int, int] | None:
    """Return where another place begins and ends behind "Haspe oder (in)", None where none is named."""
    if asked.key(at) not in _OTHER:
        return None
    is_introduced = asked.key(at + 1) in _BEFORE
    start = at + 1 + is_introduced
    end = _name_end(asked, start) if asked.key(start) else 0
    named = end and (
        _may_follow(asked, start, end, strict=False) if is_introduced else _stands_alone(asked, start, end)
    )
    return (start, end) if named else None


def _either(asked: Asked, first: int, one: tuple[int, int], other: tuple[int, int], kilometres: int) -> Iterator[Part]:
    """Understand two places: districts as both of them, others by a circle around the first that reaches the second.

    Where that would be too wide, nothing is understood.
    """
    names = [_written(asked, *place) for place in (one, other)]
    spots = [spot for name in names if (spot := _spot(name))]
    districts = [found for spot in spots if (found := gazetteer.district(spot.name))]
    label = sentence("%(one)s oder %(other)s", one=names[0], other=names[1])
    if len(districts) == len(names) and not kilometres:
        pairs = tuple(("stadtteil", district.label) for district in districts)
        yield Part(pairs, label, (asked.take(first, other[1]),), _BEHIND_A_WORD)
        return
    apart = distance_km(spots[0].latitude, spots[0].longitude, spots[1].latitude, spots[1].longitude)
    radius = math.ceil(apart) + (kilometres or BESIDE_KM)
    if radius <= _MOST_KM:
        place = (asked.take(first, other[1]),)
        yield Part((("ort", _findable(names[0])),), label, place, _BEHIND_A_WORD)
        yield Part((("umkreis", str(radius)),), _around(radius, names[0]), place, _BEHIND_A_WORD)


def _findable(name: str) -> str:
    """Return a name that the gazetteer finds: the one that is written, else the whole one."""
    spot = None if gazetteer.find(name) else _spot(name)
    return spot.name if spot else name


def _radius(asked: Asked) -> tuple[int, tuple[int, int] | None, int]:
    """Return the kilometres, their characters, and the number of the word behind them."""
    for match in asked.search(_RADIUS):
        kilometres = int(next(filter(None, match.groups())))
        if 0 < kilometres <= _MOST_KM:
            span = asked.take_match(match)
            return kilometres, span, asked.between(*span)[1]
    return 0, None, -1


def _here(asked: Asked) -> Iterator[Part]:
    """Understand "in meiner Nähe", which sets no filter: where the person is nobody knows."""
    for at in range(len(asked.words)):
        for row in _HERE:
            if asked.keys(at, len(row)) == row:
                yield Part(
                    (),
                    sentence("in der Nähe (bitte einen Ort angeben)"),
                    (asked.take(at, at + len(row)),),
                    _BEHIND_A_WORD,
                )
                return


def _place(asked: Asked, behind: int) -> tuple[int, int, int, bool, float] | None:
    """Return the first word that belongs to a place, where its name begins and ends, whether "near" is said, how sure.

    A name behind "in" and the like counts more than one that stands alone, and than where somebody comes from.
    """
    alone = home = None
    for at in range(len(asked.words)):
        before, near, strict = _introduced(asked, at, behind)
        start = at + before
        if before or at == behind:
            end = _name_end(asked, start)
            if end and _may_follow(asked, start, end, strict=strict):
                found = at, start, end, near, _BEHIND_A_WORD
                if asked.key(at) != _FROM:
                    return found
                home = home or found
        key = asked.key(at)
        if len(key) == _POSTCODE and key.isdecimal() and gazetteer.find(key):
            return at, at, max(at + 1, _name_end(asked, at + 1)), False, _POSTED
        if alone is None and (end := _name_end(asked, at)) and _stands_alone(asked, at, end):
            alone = at, at, end, False, _ALONE
    return home or alone


def _introduced(asked: Asked, at: int, behind: int) -> tuple[int, bool, bool]:
    """Return how many words introduce a place at `at`, whether they say "near", whether an everyday word is none."""
    for row in _NEARBY:
        if asked.keys(at, len(row)) == row:
            return len(row), True, False
    key = asked.key(at)
    if key in _BEFORE:
        return 1, False, False
    if key in _BEFORE_NO_EVERYDAY_WORD or (key == "von" and at == behind):
        return 1, False, at != behind
    return 0, False, False


def _name_end(asked: Asked, start: int) -> int:
    """Return the number behind the last word of the longest name that begins at `start`, 0 where none does."""
    for length in range(len(asked.keys(start, _MOST_WORDS)), 0, -1):
        ends = asked.words[start].key, asked.words[start + length - 1].key
        if any(key in _LINKS for key in ends) or not _ENDS.isdisjoint(asked.keys(start, length)):
            continue
        name = _written(asked, start, start + length)
        # The gazetteer passes over words that say nothing: "Flensburg I" is Flensburg to it.
        shorter = _written(asked, start, start + length - 1) if length > 1 and ends[1].isalpha() else ""
        if gazetteer.fold(name) != gazetteer.fold(shorter) and _spot(name):
            return start + length
    return 0


def _origins(asked: Asked) -> Iterator[tuple[int, int]]:
    """Take the places where somebody comes from who looks for something in another one."""
    for at in range(len(asked.words)):
        end = _name_end(asked, at + 1) if asked.key(at) == _FROM and asked.key(at + 1) else 0
        if end and _may_follow(asked, at + 1, end, strict=True):
            yield asked.take(at, end)


def _case_end(asked: Asked, end: int) -> int:
    """Return the number behind the Turkish ending of a name: "Hagen'de" is in Hagen."""
    return end + 2 if asked.key(end) in {"'", "’"} and asked.key(end + 1) in _CASES else end


def _may_follow(asked: Asked, start: int, end: int, *, strict: bool) -> bool:
    key = asked.key(start)
    if end - start > 1:
        return True
    if key in NO_PLACES or _is_half(asked, start):
        return False
    return key not in EVERYDAY or not (strict or _is_adjective(asked, start))


def _is_half(asked: Asked, at: int) -> bool:
    """Say whether a name is the end of another that nobody knows: "Bad Foobar" lies not in Foobar."""
    return at > 0 and asked.words[at - 1].key in _HALVES


def _is_adjective(asked: Asked, at: int) -> bool:
    """Say whether a word is written small before one that is written large: "in langen Nächten"."""
    following = asked.words[at + 1] if at + 1 < len(asked.words) else None
    small = asked.text[asked.words[at].start].islower()
    return small and following is not None and asked.text[following.start].isupper()


def _stands_alone(asked: Asked, start: int, end: int) -> bool:
    """Say whether a name that nothing introduces is surely one."""
    key = asked.key(start)
    if end - start == 1 and (
        _is_half(asked, start)
        or key in NO_PLACES | EVERYDAY | STOP_WORDS
        or key in lexicon.WORDS
        or len(key) < _SHORTEST
    ):
        return False
    spot = _spot(asked.text[asked.words[start].start : asked.words[end - 1].end])
    # Districts have no population; those that the gazetteer knows are its own, and no villages.
    return spot is not None and (spot.population >= _LEAST_POPULATION or _is_sure(spot, end - start))


def _is_sure(spot: Spot, words: int) -> bool:
    """Say whether the name of a place without inhabitants is no other word: what a listing taught may be any."""
    district = gazetteer.district(spot.name)
    return spot.population == 0 and (district is None or not district.learnt or words > len(district.name.split()))


def _spot(name: str) -> Spot | None:
    """Look up a name of which every word belongs to the place; "Haspe Kinder" is none."""
    return _looked_up(name, data.edition())


@lru_cache(maxsize=2_048)
def _looked_up(name: str, _edition: int) -> Spot | None:
    words = gazetteer.fold(name).split()
    if not words or all(word.isdecimal() for word in words) or " ".join(words) in _regions():
        return None
    spot = gazetteer.find(name, at_home=True)
    if spot is None:
        return _begun(name, words)
    known = gazetteer.fold(spot.name).split()
    region = {*gazetteer.fold(gazetteer.REGION_NAMES[spot.region]).split(), spot.region.lower(), "nrw"}
    while len(words) > 1 and words[-1] in region and words[-1] not in known:
        words = words[:-1]  # "Hagen Westfalen"
    whole = known[: len(words)] == words or known[-len(words) :] == words
    return spot if whole or len(words) == 1 else None  # one word is a whole name, or what guests call the town


def _begun(name: str, words: list[str]) -> Spot | None:
    """Find "Bad Homburg", which is called "Bad Homburg vor der Höhe"."""
    if len(words) == 1 or words[0] not in _HALVES:
        return None
    spots = gazetteer.suggest(name, limit=1)
    return spots[0] if spots and gazetteer.fold(spots[0].name).split()[: len(words)] == words else None


@lru_cache(maxsize=1)
def _regions() -> frozenset[str]:
    return frozenset(gazetteer.fold(name) for name in gazetteer.REGION_NAMES.values()) - {"berlin", "bremen", "hamburg"}
