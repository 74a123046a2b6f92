"""A desk on which listings are compared: what was taken out of the database stays there for one batch."""

from collections import Counter
from collections.abc import Collection, Iterable, Mapping
from heapq import nsmallest

from fediverse_ehrenamt.duplicates import blocking, rules, store, usual, wire
from fediverse_ehrenamt.duplicates.rules import Judgement, Profile
from fediverse_ehrenamt.duplicates.usual import Tally
from fediverse_ehrenamt.search import store as search
from fediverse_ehrenamt.work import Work

MOST_LOOKED_AT = 6  # listings with whom one shares the most and the rarest keys
ENOUGH = 2  # others that are surely the same text as one; through them it belongs to all further ones
MOST_QUESTIONS = 5  # about one listing, the most alike
SAMPLE = 12  # offers of an organisation that are looked at to learn what is usual in them
COUNTED = 6  # of these, at the same host
_WEIGHT = 1_000

Pair = tuple[int, int]


class Desk:
    """Compares listings by their numbers; asks the database for each of them once. Writes nothing.

    Found on the way: the `keys` of those compared; `full` are keys that nobody needs to be given any more, `crowded`
    those whose listings can be forgotten.
    """

    def __init__(self, work: Work, laid: Mapping[int, Profile] | None = None, gone: Collection[int] = ()) -> None:
        self._work = work
        self._profiles: dict[int, Profile] = dict(laid or {})
        self._briefs: dict[int, Profile] = {}
        self._uris: dict[int, str] = {}
        self._gone = frozenset(gone)
        self._tallies: dict[tuple[int, str], Tally] = {}
        self.keys: dict[int, tuple[int, ...]] = {}
        self.full: set[int] = set()
        self.crowded: set[int] = set()

    def profiles(self, numbers: Iterable[int]) -> dict[int, Profile]:
        """Return listings, taken out of the database where they don't lie here; what is gone is left out."""
        wanted = list(dict.fromkeys(numbers))
        self._fetch(wanted)
        return {number: self._profiles[number] for number in wanted if number in self._profiles}

    def compare(self, numbers: Collection[int]) -> dict[Pair, Judgement]:
        """Return what is thought of listings that lie here and those they may be the same as, the most alike ones."""
        nearest = self._nearest(numbers)
        self._fetch_briefs({other for others in nearest.values() for other in others})
        hopeful = {
            number: [other for other in others if self._worthwhile(number, other)] for number, others in nearest.items()
        }
        first = self.judge({ordered(number, other) for number, others in hopeful.items() for other in others[:ENOUGH]})
        found: dict[Pair, Judgement] = {}
        for number, others in hopeful.items():
            found.update(self._questions(number, others, first))
        return found

    def judge(self, pairs: Iterable[Pair]) -> dict[Pair, Judgement]:
        """Return what is to be thought of each pair; of those with a listing that is gone, nothing."""
        wanted = sorted(pairs)
        known = self.profiles(number for pair in wanted for number in pair)
        sides = {pair: (known[pair[0]], known[pair[1]]) for pair in wanted if known.keys() >= set(pair)}
        found = {pair: rules.settled(*both) for pair, both in sides.items()}
        self._count(side for pair, settled in found.items() if settled is None for side in sides[pair])
        return {pair: settled or self._judge(*sides[pair]) for pair, settled in found.items()}

    def _questions(self, number: int, others: list[int], done: Mapping[Pair, Judgement]) -> dict[Pair, Judgement]:
        """Judge a listing and others, the likeliest first, until `ENOUGH` are the same; return the most alike ones."""
        found: dict[Pair, Judgement] = {}
        same = 0
        for other in others:
            pair = ordered(number, other)
            judgement = done[pair] if pair in done else self.judge([pair]).get(pair, rules.UNLIKE)
            if judgement.score >= rules.REVIEW:
                found[pair] = judgement
            one_text = judgement.parts.get("text") == 1.0 and not judgement.against  # branches may hide the same one
            same += judgement.score >= rules.AUTOMATIC or one_text
            if same >= ENOUGH:
                break
        best = sorted(found, key=lambda pair: (not found[pair].automatic, -found[pair].score, pair))
        return {pair: found[pair] for pair in best[:MOST_QUESTIONS]}

    def _nearest(self, numbers: Collection[int]) -> dict[int, list[int]]:
        """Return for each listing those who share keys with it, the most and the rarest first."""
        keys = self.keys = {number: blocking.keys(self._profiles[number]) for number in numbers}
        here: dict[int, list[int]] = {}
        for number, own in keys.items():
            for key in own:
                here.setdefault(key, []).append(number)
        offers = {blocking.organisation_key(self._profiles[number]) for number in numbers}
        shared = store.sharing(self._work, here.keys() | offers)
        self.full = {key for key, some in shared.items() if len(some) > store.CROWD or store.CROWDED in some}
        self.crowded = {key for key in self.full if store.CROWDED not in shared[key]} - offers
        together = {
            key: {*some, *shared.get(key, ())}
            for key, some in here.items()
            if (key in shared or len(some) > 1) and key not in self.full and len(some) <= store.CROWD
        }
        return {
            number: self._ranked(number, [together[key] for key in own if key in together])
            for number, own in keys.items()
        }

    def _ranked(self, number: int, groups: list[set[int]]) -> list[int]:
        if not groups:
            return []
        weights: Counter[int] = Counter()
        for group in groups:
            weight = _WEIGHT // len(group)
            for other in group:
                weights[other] += weight
        del weights[number]
        return nsmallest(MOST_LOOKED_AT, weights.keys() - self._gone, key=lambda other: (-weights[other], other))

    def _worthwhile(self, number: int, other: int) -> bool:
        known = self._profiles.get(other) or self._briefs.get(other)
        return known is not None and rules.worthwhile(self._profiles[number], known)

    def _fetch_briefs(self, numbers: Iterable[int]) -> None:
        missing = [number for number in numbers if number not in self._profiles and number not in self._briefs]
        for number, uri, brief in store.briefs(self._work, missing):
            self._uris[number], self._briefs[number] = uri, wire.read_brief(brief)

    def _fetch(self, numbers: Iterable[int]) -> None:
        missing = [number for number in numbers if number not in self._profiles]
        unknown = [number for number in missing if number not in self._uris]
        self._uris.update({number: entry.uri for number, entry in store.entries(self._work, unknown).items()})
        uris = [self._uris[number] for number in missing if number in self._uris]
        for start in range(0, len(uris), search.BATCH):
            for document in search.among(self._work, uris[start : start + search.BATCH]):
                self._profiles[wire.number(document.uri)] = rules.profile(wire.listing(document))

    def _judge(self, one: Profile, other: Profile) -> Judgement:
        return rules.judge(one, other, usual.usual(one, other, (self._tally(one), self._tally(other))))

    def _count(self, profiles: Iterable[Profile]) -> None:
        """Learn what is usual in the offers of these organisations, all at once."""
        asked = {(blocking.organisation_key(one), one.listing.host) for one in profiles} - self._tallies.keys()
        shared = store.sharing(self._work, {key for key, _ in asked}) if asked else {}
        samples = {key: sorted({*numbers} - {store.CROWDED})[:SAMPLE] for key, numbers in shared.items()}
        known = self.profiles(number for sample in samples.values() for number in sample)
        for key, host in asked:
            offers = [known[number] for number in samples.get(key, ()) if number in known]
            here = [offer for offer in offers if offer.listing.host == host]
            self._tallies[key, host] = usual.tally(here[:COUNTED])

    def _tally(self, profile: Profile) -> Tally:
        return self._tallies[blocking.organisation_key(profile), profile.listing.host]


def ordered(one: int, other: int) -> Pair:
    return (one, other) if one < other else (other, one)
