"""Finds and erases quotes and collections; none outlives what it shows, and stamps leave tombstones."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import ColumnElement, Select, delete, func, select, update

from fediverse_ehrenamt.conversations import store as talks
from fediverse_ehrenamt.federation import actors, outbox
from fediverse_ehrenamt.federation.model import LocalActorRow, RemoteActorRow
from fediverse_ehrenamt.kit.errors import Gone, NotFound
from fediverse_ehrenamt.quotes import rules
from fediverse_ehrenamt.quotes.model import QuoteRow
from fediverse_ehrenamt.quotes.wire import kind_of_stamp
from fediverse_ehrenamt.things import store as things
from fediverse_ehrenamt.things.model import ThingRow
from fediverse_ehrenamt.vocab.quotes import FeatureRequest, InteractionRequest
from fediverse_ehrenamt.work import Work

AT_ONCE = 200
_IS_COLLECTION = QuoteRow.object == QuoteRow.organisation


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
    is_collection: bool


@dataclass(frozen=True, slots=True)
class Shown:
    """What of ours is shown elsewhere, and by which actor it is: of an actor both are its URI."""

    uri: str
    actor: str

    @property
    def is_actor(self) -> bool:
        return self.uri == self.actor


def asked_for(work: Work, asked: InteractionRequest) -> Shown:
    """Return what of ours somebody wants to show; `Gone` or `NotFound` where it is not there, or not to be shown."""
    if not isinstance(asked, FeatureRequest):
        return our_thing(work, asked.object_id)
    row = actors.by_uri(work, asked.object_id)
    if row.gone_at is not None or row.suspended_at is not None or row.type not in actors.FEATURED:
        raise Gone(f"{row.uri} is not to be recommended")
    return Shown(row.uri, row.uri)


def our_thing(work: Work, uri: str) -> Shown:
    """Return the thing of ours that a URI names; all of them are for everybody. `Gone` or `NotFound` otherwise."""
    row = things.find(work, uri)
    if row is None or not row.local:
        raise Gone(f"{uri} was withdrawn") if outbox.is_buried(work, uri) else NotFound(f"{uri} is no object of ours")
    return Shown(row.uri, row.actor)


def find(work: Work, uri: str, shown: Shown) -> QuoteRow | None:
    """Return what is held of a post, whichever thing it quotes, or of a collection with an actor of ours in it."""
    found = select(QuoteRow).where(QuoteRow.uri == uri).limit(1)
    return work.db.scalar(found.where(QuoteRow.object == shown.uri) if shown.is_actor else found)


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
        is_collection=row.object == row.organisation,
    )


def allowed(work: Work, which: ColumnElement[bool]) -> list[QuoteRow]:
    """Return up to `AT_ONCE` quotes that have our stamp."""
    return list(work.db.scalars(select(QuoteRow).where(which, QuoteRow.state == rules.ALLOWED).limit(AT_ONCE)))


def collections(work: Work, uri: str) -> list[QuoteRow]:
    """Return what is held of a collection: one row for each actor of ours that it recommends."""
    return list(work.db.scalars(select(QuoteRow).where(QuoteRow.uri == uri, _IS_COLLECTION)))


def collections_with(work: Work, actor: str) -> list[Quote]:
    """Return up to `AT_ONCE` collections that may recommend an actor of ours, the newest first."""
    chosen = select(QuoteRow.id).where(QuoteRow.object == actor, _IS_COLLECTION, QuoteRow.state == rules.ALLOWED)
    numbers = work.db.scalars(chosen.order_by(QuoteRow.id.desc()).limit(AT_ONCE)).all()
    return sorted(quotes(work, actor, numbers), key=lambda one: -one.id)


def to_look_at(work: Work) -> list[str]:
    """Return some collections that nobody has looked at for long, and note that somebody does so now."""
    old = QuoteRow.version < work.now - rules.LOOKED_AT_EVERY
    uris = list(work.db.scalars(select(QuoteRow.uri).where(_IS_COLLECTION, old).distinct().limit(AT_ONCE)))
    work.db.execute(update(QuoteRow).where(QuoteRow.uri.in_(uris), _IS_COLLECTION).values(version=work.now))
    return uris


def people() -> list[Select[str]]:
    """Return the queries of all actors that something is kept of: they have to stay known, to be able to delete it."""
    return [select(QuoteRow.author)]


# --- erasing ----------------------------------------------------------------------------------------------------------
def erase(work: Work, which: ColumnElement[bool], limit: int | None = None) -> int:
    """Erase quotes, and leave a tombstone of their stamps; return how many."""
    rows = work.db.scalars(select(QuoteRow).where(which).limit(limit)).all()
    for row in rows:
        if row.stamp:
            outbox.bury(work, row.stamp, kind_of_stamp(row))
    if rows:
        work.db.execute(delete(QuoteRow).where(QuoteRow.id.in_([row.id for row in rows])))
    return len(rows)


def erase_orphans(work: Work) -> int:
    """Erase some quotes of what we took back, and what recommends an actor of ours that is gone or suspended."""
    held = select(ThingRow.uri).where(ThingRow.uri == QuoteRow.object)
    there = LocalActorRow.gone_at.is_(None), LocalActorRow.suspended_at.is_(None)
    known = select(LocalActorRow.uri).where(LocalActorRow.uri == QuoteRow.object, *there)
    return erase(work, ~held.exists() & ~known.exists(), AT_ONCE)
