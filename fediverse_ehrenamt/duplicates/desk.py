"""A desk on which listings are compared: what was taken out of the database stays there for one batch."""

from collections import Counter
from collections.abc import Collection, Iterable

from fediverse_ehrenamt.duplicates import blocking, rules, store, wire
from fediverse_ehrenamt.duplicates.rules import Judgement, Profile, Tally
from fediverse_ehrenamt.search import store as search
from fediverse_ehrenamt.work import Work

MOST_COMPARED = 20  # listings that one is compared with: those with whom it shares the most and the rarest keys
SAMPLE = 40  # offers of an organisation that are looked at to learn what is usual in them
COUNTED = 20  # of these, at the same host

Pair = tuple[int, int]


class Desk:
    """Compares listings by their numbers; asks the database for each of them once."""

    def __init__(self, work: Work) -> None:
        self._work = work
        self._profiles: dict[int, Profile] = {}
        self._samples: dict[int, list[int]] = {}
        self._met: set[Pair] = set()
        self._met_by_text: set[Pair] = set()
        self._tallies: dict[tuple[int, str], Tally] = {}

    def lay(self, number: int, profile: Profile) -> None:
        self._profiles[number] = profile

    def fetch(self, numbers: Collection[int]) -> None:
        """Take listings out of the database; what is not there any more is left out."""
        missing = [number for number in numbers if number not in self._profiles]
        uris = [entry.uri for entry in store.entries(self._work, missing).values()]
        for start in range(0, len(uris), search.BATCH):
            for document in search.among(self._work, uris[start : start + search.BATCH]):
                self.lay(wire.number(document.uri), rules.profile(wire.listing(document)))

    def profile(self, number: int) -> Profile | None:
        return self._profiles.get(number)

    def candidates(self, numbers: Collection[int]) -> set[Pair]:
        """Return the pairs to compare of listings that lie here, the smaller number first."""
        keys = {number: blocking.keys(self._profiles[number]) for number in numbers}
        shared = store.sharing(self._work, {key for some in keys.values() for key in some})
        for number, own in keys.items():
            weights: Counter[int] = Counter()
            for sharing in (shared.get(key, []) for key in own):
                weights.update(dict.fromkeys(sharing, 1_000 // len(sharing)) if sharing else {})
            weights.pop(number, None)
            nearest = {other for other, _ in weights.most_common(MOST_COMPARED)}
            by_text = {other for key in blocking.text_keys(self._profiles[number]) for other in shared.get(key, [])}
            self._met.update(ordered(number, other) for other in nearest)
            self._met_by_text.update(ordered(number, other) for other in nearest & by_text)
        return set(self._met)

    def judge(self, pairs: Iterable[Pair]) -> dict[Pair, Judgement]:
        """Return what is to be thought of each pair; of those with a listing that is gone, nothing."""
        wanted = sorted(pairs)
        self.fetch({number for pair in wanted for number in pair})
        found: dict[Pair, Judgement] = {}
        for pair in wanted:
            one, other = (self._profiles.get(number) for number in pair)
            if one is not None and other is not None:
                hopeless = pair in self._met and pair not in self._met_by_text and not rules.possible(one, other)
                found[pair] = rules.UNLIKE if hopeless else self._judge(one, other)
        return found

    def _judge(self, one: Profile, other: Profile) -> Judgement:
        if not rules.promising(one, other):
            return rules.UNLIKE
        return rules.judge(one, other, rules.usual(one, other, (self._tally(one), self._tally(other))))

    def _tally(self, profile: Profile) -> Tally:
        key, host = blocking.organisation_key(profile), profile.listing.host
        if (key, host) not in self._tallies:
            numbers = store.sample(self._work, key, SAMPLE)
            self.fetch(numbers)
            offers = [offer for number in numbers if (offer := self._profiles.get(number))]
            here = [offer for offer in offers if offer.listing.host == host][:COUNTED]
            self._tallies[key, host] = rules.tally(here)
        return self._tallies[key, host]


def ordered(one: int, other: int) -> Pair:
    return (one, other) if one < other else (other, one)
