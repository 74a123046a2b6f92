"""Finds and erases quotes; none outlives what it quotes, and a stamp that is no more leaves a tombstone."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import ColumnElement, Select, delete, func, select

from fediverse_ehrenamt.conversations import store as talks
from fediverse_ehrenamt.federation import outbox
from fediverse_ehrenamt.federation.model import RemoteActorRow
from fediverse_ehrenamt.kit.errors import Gone, NotFound
from fediverse_ehrenamt.quotes import rules
from fediverse_ehrenamt.quotes.model import QuoteRow
from fediverse_ehrenamt.quotes.wire import STAMP
from fediverse_ehrenamt.things import store as things
from fediverse_ehrenamt.things.model import ThingRow
from fediverse_ehrenamt.work import Work

AT_ONCE = 200


@dataclass(frozen=True, slots=True)
class Quote:
    """A quote as it is listed; `content` is safe HTML, `author` "@anna@peer.example"."""

    id: int
    uri: str
    object: str
    author: str
    author_name: str
    author_uri: str
    content: str
    url: str
    published_at: datetime
    state: str
    seen: bool


def our_thing(work: Work, uri: str) -> ThingRow:
    """Return the thing of ours that a URI names; all of them are for everybody. `Gone` or `NotFound` otherwise."""
    row = things.find(work, uri)
    if row is None or not row.local:
        raise Gone(f"{uri} was withdrawn") if outbox.is_buried(work, uri) else NotFound(f"{uri} is no object of ours")
    return row


def find(work: Work, uri: str) -> QuoteRow | None:
    return work.db.scalar(select(QuoteRow).where(QuoteRow.uri == uri))


def get(work: Work, organisation: str, number: int) -> QuoteRow:
    """Return a quote of an organisation's; raises `NotFound`."""
    row = work.db.get(QuoteRow, number)
    if row is None or row.organisation != organisation:
        raise NotFound("Das gibt es hier nicht (mehr).")
    return row


def by_stamp(work: Work, stamp: str) -> QuoteRow | None:
    return work.db.scalar(select(QuoteRow).where(QuoteRow.stamp == stamp))


def is_full(work: Work, thing: str, author: str) -> bool:
    """Say whether as many quotes of an object, or by this author, are kept as ever are."""
    counted = select(func.count()).select_from(QuoteRow).where(QuoteRow.object == thing)
    if (work.db.scalar(counted) or 0) >= rules.QUOTES_OF_OBJECT:
        return True
    return (work.db.scalar(counted.where(QuoteRow.author == author)) or 0) >= rules.QUOTES_OF_AUTHOR


def counts_of(work: Work, uris: Collection[str]) -> dict[str, int]:
    """Count the quotes of each of some objects that may be shown; what nobody quotes is not named."""
    counted = select(QuoteRow.object, func.count()).where(QuoteRow.object.in_(uris), QuoteRow.state != rules.REVOKED)
    return {row[0]: row[1] for row in work.db.execute(counted.group_by(QuoteRow.object))}


def quotes(work: Work, organisation: str, numbers: Collection[int]) -> list[Quote]:
    """Return those of the numbers that are quotes of an organisation's."""
    chosen = select(QuoteRow, RemoteActorRow).outerjoin(RemoteActorRow, RemoteActorRow.uri == QuoteRow.author)
    rows = work.db.execute(chosen.where(QuoteRow.organisation == organisation, QuoteRow.id.in_(numbers))).all()
    return [_quote(row, actor) for row, actor in rows]


def _quote(row: QuoteRow, actor: RemoteActorRow | None) -> Quote:
    address, name = talks.named(row.author, actor)
    return Quote(
        id=row.id,
        uri=row.uri,
        object=row.object,
        author=address,
        author_name=name,
        author_uri=row.author,
        content=row.content,
        url=row.url,
        published_at=row.published_at,
        state=row.state,
        seen=row.seen,
    )


def allowed(work: Work, which: ColumnElement[bool]) -> list[QuoteRow]:
    """Return up to `AT_ONCE` quotes that have our stamp."""
    return list(work.db.scalars(select(QuoteRow).where(which, QuoteRow.state == rules.ALLOWED).limit(AT_ONCE)))


def people() -> list[Select[str]]:
    """Return the queries of all actors that something is kept of: they have to stay known, to be able to delete it."""
    return [select(QuoteRow.author)]


# --- erasing ----------------------------------------------------------------------------------------------------------
def erase(work: Work, which: ColumnElement[bool], limit: int | None = None) -> int:
    """Erase quotes, and leave a tombstone of their stamps; return how many."""
    rows = work.db.execute(select(QuoteRow.id, QuoteRow.stamp).where(which).limit(limit)).all()
    for row in rows:
        if row.stamp:
            outbox.bury(work, row.stamp, STAMP)
    if rows:
        work.db.execute(delete(QuoteRow).where(QuoteRow.id.in_([row.id for row in rows])))
    return len(rows)


def erase_orphans(work: Work) -> int:
    """Erase some quotes of what we took back."""
    held = select(ThingRow.uri).where(ThingRow.uri == QuoteRow.object)
    return erase(work, ~held.exists(), AT_ONCE)
