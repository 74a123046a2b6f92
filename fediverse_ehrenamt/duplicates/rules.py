"""Are two listings one and the same need? A score with its parts, and what speaks against it. Pure.

The score is 0.5 text + 0.2 title + 0.2 organisation + 0.1 nearness, over those parts that both listings show, or what
a long common text says alone, less `CONTRADICTION` for each fact in which they differ. A text counts by what is said of
this need: what other offers of the same organisation say too counts little, so that the branches of an association with
nearly the same words for all their districts stay apart.
"""

import math
import re
from bisect import bisect_right
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime
from functools import lru_cache
from types import MappingProxyType

from fediverse_ehrenamt.duplicates import facts, words
from fediverse_ehrenamt.duplicates.words import Words
from fediverse_ehrenamt.kit import clock, geo
from fediverse_ehrenamt.kit.clock import HOME

AUTOMATIC, REVIEW = 0.85, 0.6
MARGIN = 0.15  # what is usual left out, a score can still grow by it
WEIGHTS = {"text": 0.5, "title": 0.2, "organisation": 0.2, "near": 0.1}
CONTRADICTION, AT_ONE_HOST = 0.2, 0.3  # a portal seldom shows one need twice with other facts
ANOTHER_HOUR = 0.1  # a lost time zone is no rare fault
NEAR_METRES, BESIDE_METRES, FAR_METRES = 300.0, 1_000.0, 25_000.0
SHORT = 100  # shingles, by their weights; a shorter text says too little for being found in a longer one
PART_OF = 0.9  # what a text that is a part of the other counts
CONTAINED = 0.9  # a title or name all of whose words are in the other
NAMED = 8  # letters of a name that are no accident in a text
APART = 0.3  # organisations of another level or branch
SAME_DOOR = 0.8  # who both invite to the same place at the same minute are taken for one organiser
SAME_NAME = 0.5  # what their texts count at least where they also call it the same
LONG, SAME_TEXT = 120, 0.85  # shingles, by their weights; what the same text makes likely, whoever posts it
MUCH, MUCH_FAR = 0.4, 0.6  # of the runs of a text; who has fewer in common is not found for a common text alone
LITTLE = 0.55  # what texts without a common run may be worth all the same, by what was seen
MAX_HASH = 2**32
SAME_LENGTH = 200  # characters of a text that is the same to the letter, so that it doesn't matter how usual it is
WITHOUT_TEXT = 0.84  # the most that can be said where a text is missing
EVENT = "event"
_ALIKE = 0.6  # from here on two words are taken for one
_NO_OTHER = 0.75  # and from here on not for different ones: "Norbertschule" is not the "Paul-Gerhardt-Schule"
_HOUSE = re.compile(r"\d")  # a number, as streets have one and parts of a town none
_HOUR, _NAMED = 3600, ", "  # what stands between the name of a place and its town


@dataclass(frozen=True, slots=True, kw_only=True)
class Listing:
    """What is compared of a Document; texts are plain or HTML, degrees WGS 84, None or "" where nothing is known.

    `addresses` are its id, its page, and where its author says that it stands too; `district` is its label.
    """

    uri: str
    kind: str
    title: str
    text: str
    organisation: str
    organisation_uri: str
    host: str
    addresses: frozenset[str] = frozenset()
    when: str = ""
    place: str = ""
    district: str = ""
    latitude: float | None = None
    longitude: float | None = None
    anywhere: bool = False
    starts_at: datetime | None = None


@dataclass(frozen=True, slots=True)
class Profile:
    """A Listing with its words.

    `title` are the words that say something beside the organisation and the place; where there is none, all, and it is
    `bare`. `content` is what the text says, without the title that texts of timelines begin with, and `runs` a sketch
    of that (`words.runs`). One without texts (`wire.brief`) has its `runs`: enough for `worthwhile`.
    """

    listing: Listing
    title: Words
    organisation: Words
    place: Words
    bare: bool = False
    content: str = ""
    runs: tuple[int, ...] = ()

    @property
    def facts(self) -> Mapping[str, frozenset[str]]:
        return facts.facts(*_said(self.listing))


@dataclass(frozen=True, slots=True)
class Judgement:
    """What was found of two listings: `score` from 0 to 1, its parts (None: nothing to compare), what contradicts it.

    `sure` says that both are of one actor for one place, or one names the other's address: only then may nobody be
    asked.
    """

    score: float
    parts: Mapping[str, float | None]
    against: tuple[str, ...] = ()
    sure: bool = False

    @property
    def automatic(self) -> bool:
        alike = (self.parts.get("title") or 0.0) >= _ALIKE
        return self.sure and alike and not self.against and self.score >= AUTOMATIC

    @property
    def doubtful(self) -> bool:
        """Whether a person is to decide."""
        return self.score >= REVIEW and not self.automatic


NOTHING_USUAL: Mapping[str, int] = MappingProxyType({})
UNLIKE = Judgement(0.0, MappingProxyType({}))


def profile(listing: Listing) -> Profile:
    organisation = words.organisation(listing.organisation if listing.organisation != listing.host else "")
    place = words.place(listing.place)
    title = words.title(listing.title)
    own = tuple(word for word in title if word not in organisation and word not in place)
    content = _content(listing)
    return Profile(listing, own or title, organisation, place, not own, content, words.runs(content))


def _content(listing: Listing) -> str:
    said, first = words.content(listing.text), words.fold(listing.title[:1])
    if first.isalnum() and not said.startswith(first):
        return said
    return said.removeprefix(words.content(listing.title)).lstrip()


def worthwhile(one: Profile, other: Profile) -> bool:
    """Say whether it is worth reading the texts of two listings; needs no more of them than `wire.brief` keeps.

    Where the texts have few runs in common, what is known of the rest must make up for it; where the places are far
    apart, that is held against them in any case.
    """
    if _excluded(one.listing, other.listing):
        return False
    shared, metres = _shared(one.runs, other.runs), _metres(one.listing, other.listing)
    far = metres is not None and metres > FAR_METRES
    if shared is not None and shared >= (MUCH_FAR if far else MUCH):
        return True
    text, least = shared if shared is None else LITTLE + shared, REVIEW + CONTRADICTION * far
    if _score({"text": text, "title": 1.0, "organisation": 1.0, "near": _close(metres)}) < least:
        return False
    parts = _parts(one, other)
    if shared and not far and one.organisation and not _other_branch(one.organisation, other.organisation):
        parts["organisation"] = max(parts["organisation"] or 0.0, CONTAINED)  # the text may name the other one
    return _score({**parts, "text": text}) >= least


def _shared(mine: tuple[int, ...], yours: tuple[int, ...]) -> float | None:
    """Return about how many of the runs of the shorter text are in the other, None where one of them is empty.

    A full sketch holds all runs up to its last one and says nothing of higher ones; two that cannot be compared count
    as the same.
    """
    if not mine or not yours:
        return None
    last = min(side[-1] if len(side) == words.SKETCH else MAX_HASH for side in (mine, yours))
    least = min(bisect_right(side, last) for side in (mine, yours))
    return len(set(mine) & set(yours)) / least if least else 1.0


def settled(one: Profile, other: Profile) -> Judgement | None:
    """Return what `judge` would, where that takes no look at what else an organisation says; None where it does.

    Those that do not come near `REVIEW` before anything is held against them, and those with one and the same text.
    """
    if _excluded(one.listing, other.listing):
        return UNLIKE
    if one.content == other.content:
        parts = {"text": 1.0 if one.content else None, **_parts(one, other)}
        if one.content and len(one.content) >= SAME_LENGTH:
            return _judgement(one, other, max(_score(parts), SAME_TEXT), parts)
    likely, parts = _likely(one, other, NOTHING_USUAL)
    if likely < REVIEW - MARGIN:
        return UNLIKE
    return _judgement(one, other, likely, parts) if parts["text"] is None else None


def judge(one: Profile, other: Profile, common: Mapping[str, int] = NOTHING_USUAL) -> Judgement:
    """Return what is to be thought of two listings; the same whichever comes first."""
    if _excluded(one.listing, other.listing):
        return UNLIKE
    return _judgement(one, other, *_likely(one, other, common))


def _judgement(one: Profile, other: Profile, likely: float, parts: Mapping[str, float | None]) -> Judgement:
    mine, yours = one.listing, other.listing
    against = tuple(_against(one, other))
    each = AT_ONE_HOST if mine.host == yours.host else CONTRADICTION
    score = max(0.0, likely - sum(ANOTHER_HOUR if name == "time" else each for name in against))
    named = bool(mine.addresses & yours.addresses)
    one_actor = bool(mine.organisation_uri) and mine.organisation_uri == yours.organisation_uri
    sure = named or (one_actor and (parts["near"] != 0.0 or _to_the_letter(one, other)))
    return Judgement(score, parts, against, sure=sure)


def _to_the_letter(one: Profile, other: Profile) -> bool:
    """Say whether two listings are the same but for coordinates: sources look up one address in their own ways.

    Where only the town is named, they may be branches with the same words, unless the places are next to one another.
    """
    mine, yours = one.listing, other.listing
    metres, same = _metres(mine, yours), (one.content, one.place) == (other.content, other.place)
    if (
        metres is None
        or not same
        or len(one.content) < SAME_LENGTH
        or words.title(mine.title) != words.title(yours.title)
    ):
        return False
    return metres <= (FAR_METRES if _NAMED in mine.place and _NAMED in yours.place else BESIDE_METRES)


def _likely(one: Profile, other: Profile, common: Mapping[str, int]) -> tuple[float, dict[str, float | None]]:
    """Return the score before anything is held against it, with its parts.

    A long text that is the same makes it likely by itself: of the offers that stood twice in a real region, 70 of 95
    were posted by two organisations, by an agency under its own name, say.
    """
    text, told = _text(one.content, other.content, common)
    parts = {"text": text, **_parts(one, other)}
    title = parts["title"] or 0.0
    if _at_once(one.listing, other.listing, parts["near"]) and title >= SAME_DOOR:
        parts["text"] = max(text or 0.0, SAME_NAME)
    score = max(_score(parts), SAME_TEXT * (text or 0.0) * (told >= LONG))
    return (min(score, WITHOUT_TEXT, title) if parts["text"] is None else score), parts


def _score(parts: Mapping[str, float | None]) -> float:
    known = {name: value for name, value in parts.items() if value is not None}
    weight = sum(WEIGHTS[name] for name in known)
    return sum(WEIGHTS[name] * value for name, value in known.items()) / weight if known else 0.0


def _excluded(mine: Listing, yours: Listing) -> bool:
    """Say whether two things cannot be one: of another kind, or events at another time."""
    if mine.kind != yours.kind or mine.uri == yours.uri:
        return True
    if mine.starts_at is None or yours.starts_at is None:
        return mine.starts_at is not yours.starts_at and mine.kind == EVENT
    if clock.day(mine.starts_at) != clock.day(yours.starts_at):
        return True
    if mine.starts_at == yours.starts_at or _midnight(mine.starts_at) or _midnight(yours.starts_at):
        return False
    apart = abs((mine.starts_at - yours.starts_at).total_seconds())
    return mine.host == yours.host or apart not in (_HOUR, 2 * _HOUR)  # what a lost time zone makes of it


def _midnight(moment: datetime) -> bool:
    local = moment.astimezone(HOME)
    return (local.hour, local.minute) == (0, 0)


def _parts(one: Profile, other: Profile) -> dict[str, float | None]:
    mine, yours = one.listing, other.listing
    near = _close(_metres(mine, yours))
    organisation = _organisation(one, other)
    if organisation is not None and _at_once(mine, yours, near):
        organisation = max(organisation, SAME_DOOR)
    title = _line(one.title, other.title)
    unnamed = (one.bare or other.bare) and title is not None and title < _ALIKE
    return {"title": None if unnamed else title, "organisation": organisation, "near": near}


def _at_once(mine: Listing, yours: Listing, near: float | None) -> bool:
    return bool(near) and mine.starts_at is not None and mine.starts_at == yours.starts_at


def _text(mine: str, yours: str, common: Mapping[str, int]) -> tuple[float | None, float]:
    """Return how much of two texts is the same: the weighted Jaccard index, or how much of the shorter is in the other.

    A portal that shows only the beginning says the same as the whole text. Comes with how much the shorter one says.
    """
    one, other = words.shingles(mine), words.shingles(yours)
    if not one or not other:
        return None, 0.0
    both = _weight(one & other, common)
    weights = _weight(one, common), _weight(other, common)
    told = min(weights)
    jaccard = both / (sum(weights) - both)
    return max(jaccard, PART_OF * both / told if told >= SHORT else 0.0), told


def _weight(shingles: frozenset[str], common: Mapping[str, int]) -> float:
    """Return the sum of weights: 1 for what nobody else says, and soon next to nothing for what every offer says."""
    if not common:
        return float(len(shingles))
    known = [1.0 / (1 + common[shingle]) ** 2 for shingle in shingles & common.keys()]
    return len(shingles) - len(known) + math.fsum(known)


@lru_cache(maxsize=2_048)
def _line(mine: Words, yours: Words) -> float | None:
    """Return how much two lines share, by the length of their words; all of one in the other is nearly the same."""
    if not mine or not yours:
        return None
    if mine == yours:
        return 1.0
    degrees = _matched(mine, yours), _matched(yours, mine)
    shared = sum(math.fsum(degree * len(word) for word, degree in side.items()) for side in degrees)
    whole = sum(map(len, mine)) + sum(map(len, yours))
    contained = any(all(degree >= _ALIKE for degree in side.values()) for side in degrees)
    return max(shared / whole, CONTAINED if contained else 0.0)


def _matched(mine: Words, yours: Words, least: float = _ALIKE) -> dict[str, float]:
    """Return for each word how alike the most alike of the others is, 0 below `least`."""
    best = {word: words.nearest(word, yours) for word in mine}
    return {word: degree if degree >= least else 0.0 for word, degree in best.items()}


def _organisation(one: Profile, other: Profile) -> float | None:
    mine, yours = one.listing, other.listing
    if mine.organisation_uri and mine.organisation_uri == yours.organisation_uri:
        return 1.0
    value = _line(one.organisation, other.organisation)
    if value is None:
        return None
    if _other_branch(one.organisation, other.organisation):
        return min(value, APART)
    return max(value, CONTAINED) if _mentions(one, other) or _mentions(other, one) else value


@lru_cache(maxsize=2_048)
def _other_branch(mine: Words, yours: Words) -> bool:
    """Say whether two names are of two branches: of another level, in another place, with another number."""
    levels = words.levels(mine), words.levels(yours)
    if all(levels) and (levels[0] != levels[1] or _swapped(mine, yours)):
        return True
    numbers = [{word for word in name if word.isdecimal()} for name in (mine, yours)]
    return all(numbers) and numbers[0].isdisjoint(numbers[1])


def _mentions(one: Profile, other: Profile) -> bool:
    """Say whether a text names the other listing's organisation, as an agency does that passes an offer on."""
    said = [word for word in other.organisation if word in one.content]
    return sum(map(len, said)) >= NAMED and all(word in said or word in one.place for word in other.organisation)


def _swapped(mine: Iterable[str], yours: Iterable[str]) -> bool:
    """Say whether each names something that the other doesn't."""
    one, other = tuple(mine), tuple(yours)
    if not one or not other:
        return False
    sides = _matched(one, other, _NO_OTHER), _matched(other, one, _NO_OTHER)
    return not any(all(side.values()) for side in sides)


def _close(metres: float | None) -> float | None:
    return None if metres is None else float(metres < NEAR_METRES)


def _metres(mine: Listing, yours: Listing) -> float | None:
    """Return the distance of two places, None where one of them is not known or is everywhere."""
    if mine.anywhere or yours.anywhere:
        return None
    if mine.latitude is None or mine.longitude is None or yours.latitude is None or yours.longitude is None:
        return None
    return 1_000 * geo.distance_km(mine.latitude, mine.longitude, yours.latitude, yours.longitude)


def _against(one: Profile, other: Profile) -> Iterator[str]:
    """Yield the facts in which they differ, by name: where, what, on which days, dates, for which ages, numbers."""
    if _elsewhere(one, other):
        yield "place"
    if _another_subject(one, other):
        yield "subject"
    if _said(one.listing) != _said(other.listing):
        yield from (name for name, told in one.facts.items() if told.isdisjoint(other.facts.get(name, told)))
    if one.listing.starts_at != other.listing.starts_at:
        yield "time"


def _elsewhere(one: Profile, other: Profile) -> bool:
    """Say whether they are in two places; two districts at one point are two, at the office of who lists them."""
    metres = _metres(one.listing, other.listing)
    if (metres is not None and metres > FAR_METRES) or _other_district(one.listing, other.listing):
        return True
    if (metres is not None and metres < NEAR_METRES) or _may_lie_in(one.listing.place, other.listing.place):
        return False
    return _swapped(one.place, other.place) and not (_told(one, other) or _told(other, one))


def _may_lie_in(mine: str, yours: str) -> bool:
    """Say whether one names a street and the other only what it may be in: "Markt 1, Hagen" and "Haspe, Hagen"."""
    (first, _, town), (other, _, same) = mine.rpartition(_NAMED), yours.rpartition(_NAMED)
    return town == same and bool(first and other) and bool(_HOUSE.search(first)) != bool(_HOUSE.search(other))


def _other_district(mine: Listing, yours: Listing) -> bool:
    return bool(mine.district and yours.district) and mine.district != yours.district


def _told(one: Profile, other: Profile) -> bool:
    """Say whether the other text tells this listing's place, as an agency's does that gives its own address."""
    return all(word in other.content for word in one.place)


def _another_subject(one: Profile, other: Profile) -> bool:
    """Say whether each title has a word of which the other listing knows nothing, its text included.

    Who passes an offer on may give it a new title; so elsewhere it counts only where each text speaks of it too. Events
    are called by their names.
    """
    mine, yours = _own_words(one, other), _own_words(other, one)
    if one.listing.host == other.listing.host or one.listing.kind == EVENT:
        return bool(mine and yours)
    return any(word in one.content for word in mine) and any(word in other.content for word in yours)


def _own_words(one: Profile, other: Profile) -> list[str]:
    known = (*other.title, *other.organisation, *other.place)
    least = _NO_OTHER if one.listing.host == other.listing.host else _ALIKE
    unmatched = [word for word, degree in _matched(one.title, known, least).items() if not degree]
    return [word for word in unmatched if word not in other.content]


def _said(listing: Listing) -> tuple[str, ...]:
    """Return what `facts.facts` looks at."""
    return listing.kind, listing.title, listing.text, listing.when, listing.place
