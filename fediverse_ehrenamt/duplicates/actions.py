"""What is done about duplicates: note what is thought of a pair, decide about it, take that back.

Nobody's object is touched. Only how Documents are shown changes, through `search.store.show_together`, and each of it
can be taken back.
"""

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass

from fediverse_ehrenamt.duplicates import blocking, grouping, store, wire
from fediverse_ehrenamt.duplicates.desk import Desk
from fediverse_ehrenamt.duplicates.model import AUTOMATIC, DECIDED, DIFFERENT, SAME, WAITING, PairRow
from fediverse_ehrenamt.duplicates.rules import Judgement, Profile
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


def state(judgement: Judgement) -> str:
    """Return the state of a pair that nobody decided about, "" for one that is no question."""
    return AUTOMATIC if judgement.automatic else WAITING if judgement.doubtful else ""


def note(work: Work, row: PairRow, judgement: Judgement) -> bool:
    """Write down what is thought of a pair by now; return whether that changes what is shown together."""
    was, is_ = row.state, state(judgement)
    if is_:
        row.state, row.score, row.against = is_, judgement.score, " ".join(judgement.against)
    else:
        work.db.delete(row)
    return AUTOMATIC in (was, is_) and was != is_


def reconsider(row: PairRow, judgement: Judgement, fresh: Mapping[int, Profile]) -> bool:
    """Keep what a person said unless a text is another one by now; then ask again, where there is a question.

    `fresh` are the profiles of those that changed. Returns whether that changes what is shown together.
    """
    row.score, row.against = judgement.score, " ".join(judgement.against)
    likeness = [
        blocking.likeness(then or b"", blocking.sketch(fresh[number]))
        for number, then in ((row.one, row.sketch_one), (row.other, row.sketch_other))
        if number in fresh
    ]
    if min(likeness, default=1.0) >= STILL or (row.state == DIFFERENT and not state(judgement)):
        return False
    row.state, row.decided_by, row.decided_at = WAITING, "", None
    return True


def decide(work: Work, pair_ids: Collection[int], verdict: str, by: str) -> int:
    """Say of pairs that they are the "same" or "different", for good; return how many. Raises `NotFound`."""
    assert verdict in DECIDED
    store.hold(work)
    rows = store.get(work, pair_ids)
    known = Desk(work).profiles(number for row in rows for number in (row.one, row.other))
    for row in rows:
        row.state, row.decided_by, row.decided_at = verdict, by[:_NAME], work.now
        row.sketch_one, row.sketch_other = _sketch(known.get(row.one)), _sketch(known.get(row.other))
    work.db.flush()
    regroup(work, {number for row in rows for number in (row.one, row.other)})
    return len(rows)


def _sketch(profile: Profile | None) -> bytes:
    return blocking.sketch(profile) if profile else b""


def reset(work: Work, pair_ids: Collection[int]) -> int:
    """Take back what a person said of pairs: they are what is thought of them without. Raises `NotFound`."""
    store.hold(work)
    rows = {(row.one, row.other): row for row in store.get(work, pair_ids)}
    for pair, judgement in Desk(work).judge(rows).items():
        rows[pair].decided_by, rows[pair].decided_at = "", None
        note(work, rows[pair], judgement)
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
