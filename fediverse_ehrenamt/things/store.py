"""Puts and finds things; a row and its Document are always written together."""

from collections.abc import Collection, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import NamedTuple, cast

from sqlalchemy import BindParameter, Table, bindparam, delete, func, null, select, type_coerce

from fediverse_ehrenamt.federation import addresses, outbox, peers
from fediverse_ehrenamt.federation.model import LocalActorRow, TombstoneRow
from fediverse_ehrenamt.kit import ids
from fediverse_ehrenamt.kit.errors import Gone, NotFound
from fediverse_ehrenamt.kit.sentences import sentence
from fediverse_ehrenamt.search import store as search
from fediverse_ehrenamt.search.model import Document
from fediverse_ehrenamt.storage import locks, upsert
from fediverse_ehrenamt.things import wire
from fediverse_ehrenamt.things.model import HIDDEN, SUSPENDED, ReviewRow, ThingRow
from fediverse_ehrenamt.things.wire import Author, Thing
from fediverse_ehrenamt.vocab import codec
from fediverse_ehrenamt.vocab.types import Opportunity
from fediverse_ehrenamt.work import Work

_things = cast("Table", ThingRow.__table__)
_tombstones = cast("Table", TombstoneRow.__table__)
_reviews = cast("Table", ReviewRow.__table__)

# Of all that comes in these are asked. As plain columns: whole rows as objects cost four times as much.
_URIS: BindParameter[str] = bindparam("uris", expanding=True)
_NOTHING = (null().label("id"), type_coerce(null(), _things.c.version.type).label("version"))
_STANDING = (
    select(_things.c.uri, _things.c.id, _things.c.version)
    .where(_things.c.uri.in_(_URIS))
    .union_all(
        select(_tombstones.c.uri, *_NOTHING).where(_tombstones.c.uri.in_(_URIS)),
        select(_reviews.c.uri, *_NOTHING).where(_reviews.c.uri.in_(_URIS), _reviews.c.state.in_((HIDDEN, SUSPENDED))),
    )
)
_FORESEEN = "standings foreseen in this transaction"
_PUT_OFF = "things to be written at the end of this batch"
_LONG_AGO = datetime(1970, 1, 1, tzinfo=UTC)
_CLOCKS_DIFFER = timedelta(minutes=5)


@dataclass(frozen=True, slots=True)
class Own:
    """What belongs to a thing of our own beside the thing itself."""

    key: str
    draft: str


class Held(NamedTuple):
    """The opaque id of a thing's page here, and the version that is held."""

    id: str
    version: datetime


class Standing(NamedTuple):
    """What has to be known of a thing to decide whether another state of it counts; what is hidden here is `buried`."""

    buried: bool
    held: Held | None


@dataclass(frozen=True, slots=True)
class Outcome:
    """What became of something handed in.

    `what` is "published", "changed", "confirmed" (it reads as before), "unchanged", "withdrawn", or "absent": not
    there to be withdrawn, `uri` is then its key.
    """

    uri: str
    page: str
    what: str


class Put(NamedTuple):
    """A thing with its Document; `own` of our own, `source` who passed it on, None where its author is a source."""

    thing: Thing
    document: Document
    own: Own | None = None
    source: str | None = None


def put(work: Work, thing: Thing, document: Document, own: Own | None = None, source: str | None = None) -> None:
    """Write a thing and its Document. Whoever calls this has decided that it is newer than what is held.

    `source` is who passed it on, None where its author is a source itself.
    """
    put_all(work, [Put(thing, document, own, source)])


def put_all(work: Work, batch: Sequence[Put]) -> None:
    """Write many things at once, as `put` does."""
    upsert.put(work.db, _things, ["uri"], [_row(one, work.now) for one in batch])
    search.put(work, [one.document for one in batch])


def put_soon(work: Work, one: Put) -> None:
    """Write a thing at the end of the batch that it belongs to (`together`), at once where it belongs to none."""
    put_off: list[Put] | None = work.db.info.get(_PUT_OFF)
    if put_off is None:
        put_all(work, [one])
    else:
        put_off.append(one)


@contextmanager
def together(work: Work) -> Iterator[None]:
    """Put off what `put_soon` is given until the end, or until this module is asked for things or to remove some.

    Fifty things in two statements take a third less time than in a hundred, everything else included.
    """
    work.db.info[_PUT_OFF] = []
    try:
        yield
        _settle(work)
    finally:
        del work.db.info[_PUT_OFF]


def _settle(work: Work) -> None:
    put_off: list[Put] | None = work.db.info.get(_PUT_OFF)
    if put_off:
        work.db.info[_PUT_OFF] = []
        put_all(work, put_off)


def _row(one: Put, now: datetime) -> dict[str, object]:
    thing, document, own = one.thing, one.document, one.own
    return {
        "uri": thing.id,
        "id": document.id,
        "kind": document.kind,
        "actor": thing.attributed_to,
        "local": own is not None,
        "body": thing.raw or codec.write(thing),
        "version": heard_version(thing, now) if own is None else version(thing),
        "published_at": thing.published,
        "expires_at": None if document.status else document.expires_at,
        "key": own.key if own else None,
        "draft": own.draft if own else "",
        "source": one.source,
    }


def version(thing: Thing) -> datetime:
    """Return the time by which newer and older states of one thing are told apart."""
    told = thing.updated or thing.published or _LONG_AGO
    # A confirmation changes no word, and so leaves `updated` as it was (`actions.change`).
    confirmed = thing.details.confirmed_at if isinstance(thing, Opportunity) else None
    return max(told, confirmed) if confirmed else told


def heard_version(thing: Thing, now: datetime) -> datetime:
    """Return the same of what came from elsewhere; a date that lies far ahead counts as now.

    Otherwise all that follows it would be older. Clocks differ by less.
    """
    told = version(thing)
    return told if told <= now + _CLOCKS_DIFFER else now


def next_version(work: Work, held: ThingRow) -> datetime:
    """Return the `updated` of a change made now: peers drop an Update that is not newer to the second."""
    return max(work.now, held.version + timedelta(seconds=1))


def hold(work: Work, name: str) -> None:
    """Let nobody else decide about a thing until this transaction ends; there may be no row yet that could be locked.

    `name` is its URI, or the owner's with the key. SQLite has one writer anyway.
    """
    locks.hold(work.db, name)


def find(work: Work, uri: str) -> ThingRow | None:
    _settle(work)
    return work.db.get(ThingRow, uri)


def foresee(work: Work, uris: Collection[str]) -> None:
    """Hold the things of a whole batch and ask for all their standings at once."""
    locks.hold(work.db, *sorted(uris))
    work.db.info[_FORESEEN] = _ask(work, uris)


def standing(work: Work, uri: str) -> Standing:
    """Hold a thing; return whether it was deleted, and what is held of it.

    What was foreseen serves once, and only until anything is removed: then another activity may have changed it.
    """
    foreseen: dict[str, Standing] = work.db.info.get(_FORESEEN, {})
    if uri in foreseen:
        return foreseen.pop(uri)
    hold(work, uri)
    return _ask(work, [uri])[uri]


def _ask(work: Work, uris: Collection[str]) -> dict[str, Standing]:
    _settle(work)
    found = dict.fromkeys(uris, Standing(buried=False, held=None))
    for row in work.db.execute(_STANDING, {"uris": list(uris)}):
        before, held = found[row.uri], Held(row.id, row.version) if row.id else None
        found[row.uri] = Standing(before.buried or held is None, before.held or held)
    return found


def find_own(work: Work, actor: str, key: str) -> ThingRow | None:
    """Return what an organisation handed in under a key."""
    _settle(work)
    return work.db.scalar(select(ThingRow).where(ThingRow.actor == actor, ThingRow.key == key))


def own_keys(work: Work, actor: str, keys: Sequence[str]) -> set[str]:
    """Return those of these keys under which an organisation has handed something in."""
    _settle(work)
    return set(work.db.scalars(select(_things.c.key).where(_things.c.actor == actor, _things.c.key.in_(keys))))


def get(work: Work, uri: str) -> Thing:
    """Return a thing; raises `NotFound`, or `Gone` where it was deleted."""
    row = find(work, uri)
    if row is None:
        raise (
            Gone(sentence("Das wurde zurückgezogen."))
            if outbox.is_buried(work, uri)
            else NotFound("Das gibt es hier nicht.")
        )
    return cast("Thing", codec.parse_object(row.body))


def titles(work: Work, uris: Sequence[str]) -> dict[str, tuple[str, str]]:
    """Return the title and kind of some things by their URIs, of what has expired too; unknown ones are left out."""
    rows = work.db.execute(select(_things.c.uri, _things.c.kind).where(_things.c.uri.in_(uris)))
    kinds = {row.uri: row.kind for row in rows}
    return {uri: (wire.title(thing), kinds[uri]) for uri, thing in parsed(work, uris).items()}


def parsed(work: Work, uris: Sequence[str]) -> dict[str, Thing]:
    """Return some things as they were published or received, by their URIs; unknown ones are left out."""
    rows = work.db.execute(select(_things.c.uri, _things.c.body).where(_things.c.uri.in_(uris)))
    read = {row.uri: codec.parse_object(row.body) for row in rows}
    return {uri: thing for uri, thing in read.items() if isinstance(thing, Thing)}


def remove(work: Work, uris: Sequence[str]) -> None:
    """Erase things with their Documents."""
    _settle(work)
    work.db.info.pop(_FORESEEN, None)
    for start in range(0, len(uris), search.BATCH):
        some = list(uris[start : start + search.BATCH])
        work.db.execute(delete(ThingRow).where(ThingRow.uri.in_(some)))
        search.remove(work, some)


def of_actor(work: Work, actor: str) -> list[str]:
    _settle(work)
    return list(work.db.scalars(select(ThingRow.uri).where(ThingRow.actor == actor)))


def count_own(work: Work) -> int:
    """Count what this instance published itself, for NodeInfo."""
    return work.db.scalar(select(func.count()).select_from(ThingRow).where(ThingRow.local)) or 0


def author(work: Work, uri: str) -> Author:
    """Return what is known of who a thing is from; a stranger is named by the host."""
    host = ids.host(uri)
    if addresses.is_ours(work.settings, uri):
        own = work.db.get(LocalActorRow, uri)
        return Author(uri, own.name if own else host, host, own.url if own else uri)
    peer = peers.described(work, uri)
    if peer is None:
        return Author(uri, host, host, uri)
    return Author(uri, peer.name, host, peer.url, peer.indexable, peer.suspended)
