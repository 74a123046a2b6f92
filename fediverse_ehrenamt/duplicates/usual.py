"""What is usual in the offers of one organisation: how often each piece of their texts stands in them. Pure."""

from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field

from fediverse_ehrenamt.duplicates import words
from fediverse_ehrenamt.duplicates.rules import Profile


@dataclass(frozen=True, slots=True)
class Tally:
    """How often each shingle stands in some offers of an organisation at one host, and which these offers are."""

    counts: Mapping[str, int] = field(default_factory=dict)
    uris: frozenset[str] = frozenset()


def tally(offers: Iterable[Profile]) -> Tally:
    """Count what offers of one organisation say; the more of them, the better what is usual shows."""
    listed = tuple(offers)
    counts = Counter(shingle for offer in listed for shingle in words.shingles(offer.content))
    return Tally(counts, frozenset(offer.listing.uri for offer in listed))


def usual(one: Profile, other: Profile, tallies: Iterable[Tally]) -> Mapping[str, int]:
    """Return for what two listings say in how many others of an organisation it stands, where that is at all.

    Both are left out of what was counted. Other portals' copies of the same offer should not be in a tally: they would
    make usual what is not.
    """
    both = {side.listing.uri: words.shingles(side.content) for side in (one, other)}
    said = frozenset().union(*both.values())
    found: dict[str, int] = {}
    for counted in tallies:
        counts = counted.counts
        others = {shingle: counts[shingle] for shingle in said & counts.keys()}
        for uri in both.keys() & counted.uris:
            for shingle in both[uri] & others.keys():
                others[shingle] -= 1
        for shingle, count in others.items():
            if count > found.get(shingle, 0):
                found[shingle] = count
    return found
