"""Follows the changes of Documents: what is found out about them, reading only, and what is then written down.

The first takes the time, and nobody waits for it: on SQLite, whose one writer everybody shares, only the second holds
that up, for some milliseconds.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field

from fediverse_ehrenamt.duplicates import actions, blocking, rules, store, wire
from fediverse_ehrenamt.duplicates.desk import Desk, Pair
from fediverse_ehrenamt.duplicates.model import DECIDED, PairRow
from fediverse_ehrenamt.duplicates.rules import Judgement, Listing, Profile
from fediverse_ehrenamt.duplicates.store import Entry
from fediverse_ehrenamt.search import store as search
from fediverse_ehrenamt.search.model import START, Cursor
from fediverse_ehrenamt.search.store import Change
from fediverse_ehrenamt.work import Work

BATCH = 300  # changes; what is usual in an organisation is learnt once for all of them
_MOST_AGAIN = 50  # listings that are compared again because another is gone


@dataclass(frozen=True, slots=True)
class Findings:
    """What was found out about the changes between two cursors.

    `seen` are the numbers of all Documents that were put, `fresh` the profiles of those that are new or say something
    else than before, `entries` what is kept of these, `gone` those that are not there any more, `again` those that were
    like one of these. `judged` is what is thought of pairs of them; `full` and `crowded` as of `Desk`.
    """

    before: Cursor
    after: Cursor
    changes: int = 0
    seen: frozenset[int] = frozenset()
    gone: tuple[int, ...] = ()
    fresh: Mapping[int, Profile] = field(default_factory=dict)
    entries: Sequence[Entry] = ()
    again: frozenset[int] = frozenset()
    judged: Mapping[Pair, Judgement] = field(default_factory=dict)
    full: frozenset[int] = frozenset()
    crowded: frozenset[int] = frozenset()


def examine(work: Work, limit: int = BATCH) -> Findings:
    """Find out about the next changes, up to `limit`; writes nothing.

    A restored database begins to count anew, and so does this: what was looked at already is known by its mark.
    """
    cursor = store.followed(work)
    changes = search.changes(work, cursor, limit)
    if not changes:
        return Findings(cursor, START if cursor > search.newest(work) else cursor)
    read = {wire.number(change.uri): _listing(change) for change in changes}
    listings = {number: listing for number, listing in read.items() if listing is not None}
    gone = tuple(read.keys() - listings.keys())
    known = store.entries(work, listings)
    marks = {number: wire.mark(listing) for number, listing in listings.items()}
    same = {number for number, entry in known.items() if entry.mark == marks[number]}
    fresh = {number: rules.profile(listing) for number, listing in listings.items() if number not in same}
    desk = Desk(work, fresh, gone)
    again = frozenset(desk.profiles(_left(work, gone, fresh)))
    judged = desk.compare(fresh.keys() | again)
    pairs = {(row.one, row.other) for row in store.pairs(work, fresh.keys() & known.keys())}
    judged |= desk.judge(pairs - judged.keys())
    return Findings(
        before=cursor,
        after=changes[-1].number,
        changes=len(changes),
        seen=frozenset(listings),
        gone=gone,
        fresh=fresh,
        entries=[_entry(number, profile, marks[number], desk.keys[number]) for number, profile in fresh.items()],
        again=again,
        judged=judged,
        full=frozenset(desk.full),
        crowded=frozenset(desk.crowded),
    )


def _listing(change: Change) -> Listing | None:
    document = search.read(change)
    return None if document is None else wire.listing(document)


def _left(work: Work, gone: Iterable[int], fresh: Mapping[int, Profile]) -> list[int]:
    """Return those that were like one that is gone: it may have stood between them and others."""
    numbers = list(gone)
    left = {number for row in store.pairs(work, numbers) for number in (row.one, row.other)}
    return sorted(left - set(numbers) - fresh.keys())[:_MOST_AGAIN]


def note(work: Work, found: Findings) -> int:
    """Write down what was found out, unless somebody else was quicker; return how many changes it is about."""
    store.hold(work)
    if store.followed(work) != found.before:
        return found.changes
    if found.after != found.before:
        store.note_followed(work, found.after)
    if not found.changes:
        return 0
    touched = store.forget(work, found.gone)
    known = store.entries(work, found.seen)
    store.put(work, found.entries, [known[number] for number in found.fresh if number in known], found.full)
    store.close(work, found.crowded)
    touched |= _note_pairs(work, found, found.fresh.keys() & known.keys() | found.again)
    touched |= {number for number, entry in known.items() if entry.team is not None}
    if touched:
        actions.regroup(work, touched)
    return found.changes


def _entry(number: int, profile: Profile, mark: bytes, keys: Iterable[int]) -> Entry:
    held = tuple(dict.fromkeys((blocking.organisation_key(profile), *keys)))
    return Entry(number, profile.listing.uri, mark, held, brief=wire.brief(profile))


def _note_pairs(work: Work, found: Findings, old: Iterable[int]) -> set[int]:
    """Write down what is thought of pairs; return the listings that are shown in another way now."""
    rows = {(row.one, row.other): row for row in store.pairs(work, set(old))}
    touched: set[int] = set()
    new: dict[Pair, tuple[Judgement, str]] = {}
    for pair, judgement in found.judged.items():
        row, state = rows.get(pair), actions.state(judgement)
        if row is not None:
            touched.update(pair if _change(work, row, judgement, found.fresh) else ())
        elif state:
            new[pair] = judgement, state
            touched.update(pair if judgement.automatic else ())
    work.db.flush()
    store.note_pairs(work, [_values(work, pair, *said) for pair, said in new.items()])
    return touched


def _change(work: Work, row: PairRow, judgement: Judgement, fresh: Mapping[int, Profile]) -> bool:
    if row.state in DECIDED:
        return actions.reconsider(row, judgement, fresh)
    return actions.note(work, row, judgement)


def _values(work: Work, pair: Pair, judgement: Judgement, state: str) -> dict[str, object]:
    return {
        "one": pair[0],
        "other": pair[1],
        "score": judgement.score,
        "state": state,
        "against": " ".join(judgement.against),
        "found_at": work.now,
        "decided_by": "",
    }
