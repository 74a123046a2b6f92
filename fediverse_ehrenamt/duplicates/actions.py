"""What is done about duplicates: look at what changed, decide about a pair, take that back. Nobody's object is touched.

Only how Documents are shown changes, through `search.store.show_together`, and each of it can be taken back.
"""

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass

from fediverse_ehrenamt.duplicates import blocking, grouping, rules, store, wire
from fediverse_ehrenamt.duplicates.desk import Desk, Pair
from fediverse_ehrenamt.duplicates.model import AUTOMATIC, DECIDED, DIFFERENT, SAME, WAITING, PairRow
from fediverse_ehrenamt.duplicates.rules import Judgement, Profile
from fediverse_ehrenamt.duplicates.store import Entry
from fediverse_ehrenamt.search import store as search
from fediverse_ehrenamt.search.model import Document
from fediverse_ehrenamt.work import Work

STILL = 0.5  # of what both said when somebody decided; where less of it stands, the question is asked again
_ROUNDS = 8  # of looking for who belongs to a group
_MOST = 500  # listings that are grouped at once
_NAME = 100


@dataclass(frozen=True, slots=True)
class Case:
    """A pair as a person is shown it: both Documents, and what is thought of them."""

    id: int
    state: str
    judgement: Judgement
    score: float
    decided_by: str
    one: Document
    other: Document


def look(work: Work, documents: Iterable[Document], gone: Collection[str]) -> None:
    """Compare Documents that are new or changed, and leave out those that are gone."""
    profiles = {wire.number(document.uri): rules.profile(wire.listing(document)) for document in documents}
    known = store.entries(work, profiles.keys())
    touched = store.forget(work, [wire.number(uri) for uri in gone])
    entries = {number: _entry(number, one, known.get(number)) for number, one in profiles.items()}
    fresh = {number: entry for number, entry in entries.items() if entry.mark != _mark(known.get(number))}
    store.put(work, list(fresh.values()), [known[number] for number in fresh if number in known])
    touched |= _compare(work, {number: profiles[number] for number in fresh})
    touched |= {number for number, entry in known.items() if entry.team is not None}
    regroup(work, touched)


def _entry(number: int, profile: Profile, known: Entry | None) -> Entry:
    keys = (blocking.organisation_key(profile), *blocking.keys(profile))
    listing = profile.listing
    team = known.team if known else None
    return Entry(number, listing.uri, wire.mark(listing), tuple(dict.fromkeys(keys)), team)


def _mark(entry: Entry | None) -> bytes:
    return entry.mark if entry else b""


def _compare(work: Work, profiles: Mapping[int, Profile]) -> set[int]:
    """Write down what is thought of the pairs of some listings; return the listings whose pairs changed."""
    desk = Desk(work)
    for number, profile in profiles.items():
        desk.lay(number, profile)
    before = {(row.one, row.other): row for row in store.pairs(work, profiles.keys())}
    wanted = desk.candidates(profiles)
    judged = desk.judge(wanted | before.keys())
    touched: set[int] = set()
    for pair, judgement in judged.items():
        row, state = before.get(pair), _state(judgement)
        if row is not None and row.state in DECIDED:
            changed = _reconsider(row, judgement, desk)
        else:
            changed = _note(work, row, pair, judgement, state)
        touched.update(pair if changed else ())
    work.db.flush()
    return touched


def _state(judgement: Judgement) -> str:
    """Return the state of a pair that nobody decided about, "" for one that is no question."""
    return AUTOMATIC if judgement.automatic else WAITING if judgement.doubtful else ""


def _note(work: Work, row: PairRow | None, pair: Pair, judgement: Judgement, state: str) -> bool:
    """Write down what is thought of a pair; return whether that changes what is shown together."""
    was = row.state if row is not None else ""
    if not state:
        if row is not None:
            work.db.delete(row)
    elif row is None:
        work.db.add(_row(work, pair, judgement, state))
    else:
        row.state, row.score, row.against = state, judgement.score, " ".join(judgement.against)
    return AUTOMATIC in (was, state) and was != state


def _row(work: Work, pair: Pair, judgement: Judgement, state: str) -> PairRow:
    return PairRow(
        one=pair[0],
        other=pair[1],
        score=judgement.score,
        state=state,
        against=" ".join(judgement.against),
        found_at=work.now,
        decided_by="",
    )


def _reconsider(row: PairRow, judgement: Judgement, desk: Desk) -> bool:
    """Keep what a person said unless a text is another one by now; then ask again, where there is a question."""
    row.score, row.against = judgement.score, " ".join(judgement.against)
    likeness = [
        blocking.likeness(then or b"", blocking.sketch(profile))
        for number, then in ((row.one, row.sketch_one), (row.other, row.sketch_other))
        if (profile := desk.profile(number))
    ]
    if min(likeness, default=1.0) >= STILL or (row.state == DIFFERENT and not _state(judgement)):
        return False
    row.state, row.decided_by, row.decided_at = WAITING, "", None
    return True


def decide(work: Work, pair_ids: Collection[int], verdict: str, by: str) -> int:
    """Say of pairs that they are the "same" or "different", for good; return how many. Raises `NotFound`."""
    assert verdict in DECIDED
    store.hold(work)
    rows = store.get(work, pair_ids)
    desk = Desk(work)
    desk.fetch({number for row in rows for number in (row.one, row.other)})
    for row in rows:
        row.state, row.decided_by, row.decided_at = verdict, by[:_NAME], work.now
        row.sketch_one, row.sketch_other = _sketch(desk, row.one), _sketch(desk, row.other)
    work.db.flush()
    regroup(work, {number for row in rows for number in (row.one, row.other)})
    return len(rows)


def _sketch(desk: Desk, number: int) -> bytes:
    profile = desk.profile(number)
    return blocking.sketch(profile) if profile else b""


def reset(work: Work, pair_ids: Collection[int]) -> int:
    """Take back what a person said of pairs: they are what is thought of them without. Raises `NotFound`."""
    store.hold(work)
    rows = {(row.one, row.other): row for row in store.get(work, pair_ids)}
    for pair, judgement in Desk(work).judge(rows).items():
        rows[pair].decided_by, rows[pair].decided_at = "", None
        _note(work, rows[pair], pair, judgement, _state(judgement))
    work.db.flush()
    regroup(work, {number for pair in rows for number in pair})
    return len(rows)


def cases(work: Work, rows: Iterable[PairRow]) -> list[Case]:
    """Return pairs with both Documents; those of which one is gone by now are left out."""
    listed = list(rows)
    known = store.entries(work, {number for row in listed for number in (row.one, row.other)})
    uris = [entry.uri for entry in known.values()]
    documents: dict[int, Document] = {}
    for start in range(0, len(uris), search.BATCH):
        found = search.among(work, uris[start : start + search.BATCH])
        documents.update({wire.number(document.uri): document for document in found})
    judged = Desk(work).judge((row.one, row.other) for row in listed)
    return [
        Case(
            row.id,
            row.state,
            judged[row.one, row.other],
            row.score,
            row.decided_by,
            documents[row.one],
            documents[row.other],
        )
        for row in listed
        if (row.one, row.other) in judged
    ]


def regroup(work: Work, numbers: Collection[int]) -> int:
    """Show together what is one and apart what isn't, of some listings and all that belong to them.

    Returns how many Documents are shown in another way than before.
    """
    whole, rows = _belonging(work, numbers)
    known = store.entries(work, whole)
    documents = {
        wire.number(document.uri): document for document in search.among(work, [entry.uri for entry in known.values()])
    }
    apart = [(row.one, row.other) for row in rows if row.state == DIFFERENT]
    joined = [pair for pair in store.joined(rows) if documents.keys() >= set(pair)]
    teams = [
        grouping.ordered(wire.members(documents[number] for number in group))
        for group in grouping.groups(documents.keys(), joined, apart)
    ]
    heads = {one.number: team[0].number if len(team) > 1 else None for team in teams for one in team}
    store.set_teams(work, {number: head for number, head in heads.items() if head != known[number].team})
    return search.show_together(work, [[one.uri for one in team] for team in teams])


def _belonging(work: Work, numbers: Collection[int]) -> tuple[set[int], list[PairRow]]:
    """Return some listings with all that are or were in a group with them, and all pairs of these."""
    whole = set(numbers)
    rows: list[PairRow] = []
    for _ in range(_ROUNDS):
        heads = [entry.team for entry in store.entries(work, whole).values() if entry.team is not None]
        rows = store.pairs(work, whole)
        found = whole | set(store.teams(work, heads))
        found |= {number for row in rows if row.state in (AUTOMATIC, SAME) for number in (row.one, row.other)}
        if found == whole or len(found) > _MOST:
            break
        whole = found
    return whole, [row for row in rows if {row.one, row.other} <= whole]
