"""Things of sources that are not trusted directly: they wait here, unsearchable, until a coordinator decides.

What was accepted is a thing like any other, and its Updates need no second look. What was rejected doesn't come back,
nor does what a moderator has hidden until it is shown again. What is by somebody whom their own server has suspended
is kept out for as long, as Mastodon keeps it.
"""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import cast

from sqlalchemy import Table, delete, func, select, update

from fediverse_ehrenamt.federation import chosen, inbox, outbox, peers
from fediverse_ehrenamt.federation.chosen import Choice
from fediverse_ehrenamt.jobs import queue
from fediverse_ehrenamt.kit import html
from fediverse_ehrenamt.kit.errors import Conflict, NotFound
from fediverse_ehrenamt.kit.sentences import sentence
from fediverse_ehrenamt.search import card
from fediverse_ehrenamt.search import store as search
from fediverse_ehrenamt.search.model import POST, Document, leaves_at
from fediverse_ehrenamt.storage import upsert
from fediverse_ehrenamt.things import fitting, store, wire
from fediverse_ehrenamt.things.model import HIDDEN, REJECTED, SUSPENDED, WAITING, ReviewRow, ThingRow
from fediverse_ehrenamt.things.wire import Thing
from fediverse_ehrenamt.vocab import codec
from fediverse_ehrenamt.work import Work

SHOWN = 200
AT_ONCE = 500  # decided in one transaction
_UNDECIDED = (WAITING, SUSPENDED)
_reviews = cast("Table", ReviewRow.__table__)


@dataclass(frozen=True, slots=True)
class Waiting:
    """A thing that waits to be decided about; `suspended` is whether its author is, by their own server."""

    uri: str
    kind: str
    title: str
    organisation: str
    url: str
    source: str
    came_at: datetime
    suspended: bool


def submit(work: Work, thing: Thing, document: Document, source: str, state: str = WAITING) -> None:
    """Let a thing wait (or be `SUSPENDED`), or the newer state of one that does; one that was rejected stays so."""
    version = store.heard_version(thing, work.now)
    known = work.db.get(ReviewRow, thing.id)
    if known is not None and (known.state != state or known.version > version):
        return
    row = {
        "uri": thing.id,
        "source": source,
        "actor": thing.attributed_to,
        "state": state,
        "body": thing.raw or codec.write(thing),
        "card": card.write(document).decode(),
        "version": version,
        "came_at": known.came_at if known else work.now,
        "leaves_at": leaves_at(document),
    }
    upsert.put(work.db, _reviews, ["uri"], [row])


def waiting(work: Work, source: str = "", state: str = WAITING) -> list[Waiting]:
    """Return up to `SHOWN` things that wait (or are `HIDDEN`), the oldest first; of one source, or of all."""
    columns = (_reviews.c.card, _reviews.c.actor, _reviews.c.source, _reviews.c.came_at)
    wanted = select(*columns).where(_reviews.c.state == state)
    if source:
        wanted = wanted.where(_reviews.c.source == source)
    rows = work.db.execute(wanted.order_by(_reviews.c.came_at, _reviews.c.uri).limit(SHOWN)).all()
    suspended = _suspended(work, {row.actor for row in rows})
    return [_shown(card.read(row.card), row.source, row.came_at, suspended=row.actor in suspended) for row in rows]


def _shown(document: Document, source: str, came_at: datetime, *, suspended: bool) -> Waiting:
    return Waiting(
        document.uri, document.kind, document.title, document.organisation, document.url, source, came_at, suspended
    )


def _suspended(work: Work, actors: set[str]) -> set[str]:
    """Return those of the actors whom their own server has suspended."""
    peers.foresee(work, actors)
    return {actor for actor in actors if (known := peers.described(work, actor)) is not None and known.suspended}


def count(work: Work) -> dict[str, int]:
    """Return how many things wait, by source."""
    counted = select(_reviews.c.source, func.count()).where(_reviews.c.state == WAITING).group_by(_reviews.c.source)
    return {row[0]: row[1] for row in work.db.execute(counted)}


def accept(work: Work, uris: Sequence[str], state: str = WAITING) -> int:
    """Index things that wait (or are `HIDDEN`) and return how many.

    Raises `NotFound` naming those that do not wait, `Conflict` naming those whose author's own server keeps them out;
    then none is indexed.
    """
    rows = _rows(work, uris, state)
    if state != SUSPENDED:
        _refuse_suspended(work, rows)
    for row in rows:
        store.hold(work, row.uri)
        if not outbox.is_buried(work, row.uri):
            thing, source = codec.parse_object(row.body), chosen.find(work, row.actor, row.source)
            assert isinstance(thing, Thing), "nothing else was submitted"
            via = None if source and source.is_author(row.actor) else row.source
            document = replace(card.read(row.card), district=wire.district(thing.place))  # others may be known by now
            store.put(work, thing, document, source=via)
        work.db.delete(row)
    work.db.flush()
    return len(rows)


def _refuse_suspended(work: Work, rows: Sequence[ReviewRow]) -> None:
    suspended = _suspended(work, {row.actor for row in rows})
    titles = [f"„{html.visible(card.read(row.card).title)}“" for row in rows if row.actor in suspended]
    if titles:
        raise Conflict(
            sentence(
                "Der Server, von dem das kommt, hat das Konto gesperrt, das es veröffentlicht hat; hier kann es erst "
                "gezeigt werden, wenn er die Sperre aufhebt: %(titles)s",
                titles=", ".join(titles),
            )
        )


def reject(work: Work, uris: Sequence[str]) -> int:
    """Refuse things that wait, for good, and return how many; raises `NotFound` as `accept`."""
    rows = _rows(work, uris)
    for row in rows:
        row.state, row.body, row.card = REJECTED, b"", ""
    work.db.flush()
    return len(rows)


def hide(work: Work, uri: str) -> str:
    """Take a thing of another portal out of what is shown here, and return its title; raises `NotFound`, `Gone`.

    It stays out, whatever its author changes, until it is shown again (`accept`), deleted, or over.
    """
    store.hold(work, uri)
    held, document = store.find(work, uri), search.get(work, uri)
    if held is None or held.local:
        raise NotFound("Das gibt es hier nicht.")
    _keep_out(work, held, document, HIDDEN)
    return document.title


def _keep_out(work: Work, held: ThingRow, document: Document, state: str) -> None:
    row = {
        "uri": held.uri,
        "source": held.source or held.actor,
        "actor": held.actor,
        "state": state,
        "body": held.body,
        "card": card.write(document).decode(),
        "version": held.version,
        "came_at": work.now,
        "leaves_at": leaves_at(document),
    }
    upsert.put(work.db, _reviews, ["uri"], [row])
    store.remove(work, [held.uri])


def suspend(work: Work, actor: str) -> None:
    """Keep out what is by an actor elsewhere that its own server has suspended, until that lifts it."""
    uris = store.of_actor(work, actor)
    for start in range(0, len(uris), AT_ONCE):
        for document in search.among(work, uris[start : start + AT_ONCE]):
            store.hold(work, document.uri)
            held = store.find(work, document.uri)
            if held is not None and not held.local:
                _keep_out(work, held, document, SUSPENDED)


def lift(work: Work, actor: str) -> None:
    """Show again what was kept out by `suspend`, and ask its origin what it is now.

    Where a Delete was missed the origin knows of it: a town takes down what is by those whom it suspends, and puts it
    back under new ids. Posts of somebody who no longer consents to being searched (FEP-5feb) go.
    """
    mine = select(_reviews.c.uri, _reviews.c.card).where(_reviews.c.actor == actor, _reviews.c.state == SUSPENDED)
    rows = work.db.execute(mine.order_by(_reviews.c.uri)).all()
    if not rows:
        return
    consents = bool(store.author(work, actor).indexable)
    shown = [row.uri for row in rows if consents or card.read(row.card).kind != POST]
    for start in range(0, len(shown), AT_ONCE):
        accept(work, shown[start : start + AT_ONCE], SUSPENDED)
    forget(work, [row.uri for row in rows if row.uri not in set(shown)])
    queue.enqueue(work, [inbox.obtain(uri, actor) for uri in shown])


def _rows(work: Work, uris: Sequence[str], state: str = WAITING) -> list[ReviewRow]:
    wanted = list(dict.fromkeys(uris))[:AT_ONCE]
    here = select(ReviewRow).where(ReviewRow.uri.in_(wanted), ReviewRow.state == state)
    rows = list(work.db.scalars(here.order_by(ReviewRow.uri).with_for_update()))
    if missing := set(wanted) - {row.uri for row in rows}:
        raise NotFound(sentence("Wartet nicht auf eine Entscheidung: %(missing)s", missing=", ".join(sorted(missing))))
    return rows


def forget(work: Work, uris: Sequence[str]) -> None:
    """Erase what is known of things here: they are gone, or are not wanted any more."""
    work.db.execute(delete(_reviews).where(_reviews.c.uri.in_(list(uris))))


def lose(work: Work, uri: str) -> None:
    """Erase a thing that waits and of which its origin knows nothing; that it was rejected or hidden still holds."""
    work.db.execute(delete(_reviews).where(_reviews.c.uri == uri, _reviews.c.state.in_(_UNDECIDED)))


def withdraw(work: Work, uri: str, source: str) -> None:
    """Erase a thing that waits and that its source has taken back; one that its author is the source of stays."""
    theirs = (_reviews.c.uri == uri, _reviews.c.source == source, _reviews.c.actor != source)
    work.db.execute(delete(_reviews).where(*theirs, _reviews.c.state.in_(_UNDECIDED)))


def is_undecided(work: Work, uri: str) -> bool:
    """Say whether a thing waits for a moderator, or for its author's server to lift a suspension."""
    waits = select(_reviews.c.uri).where(_reviews.c.uri == uri, _reviews.c.state.in_(_UNDECIDED))
    return work.db.scalar(waits) is not None


def forget_actor(work: Work, actor: str) -> None:
    """Erase what an author wrote that waits, or was rejected."""
    work.db.execute(delete(_reviews).where(_reviews.c.actor == actor))


def forget_source(work: Work, source: str) -> None:
    """Erase what came through a source and waits, or was rejected."""
    work.db.execute(delete(_reviews).where(_reviews.c.source == source))


def refit(work: Work, source: str, choice: Choice | None) -> int:
    """Erase what waits, of a source, and is no longer what it was chosen for; return how many."""
    rows = work.db.execute(
        select(_reviews.c.uri, _reviews.c.card).where(_reviews.c.source == source, _reviews.c.state == WAITING)
    ).all()
    uris = [row.uri for row in rows if not fitting.fits(choice, card.read(row.card))]
    for start in range(0, len(uris), AT_ONCE):
        forget(work, uris[start : start + AT_ONCE])
    return len(uris)


def accept_all(work: Work, source: str) -> int:
    """Index all that waits of a source, which is trusted from now on; return how many.

    What is by somebody whom their own server has suspended goes on to wait, but for that to end.
    """
    wanted = select(_reviews.c.uri, _reviews.c.actor).where(_reviews.c.source == source, _reviews.c.state == WAITING)
    rows = work.db.execute(wanted).all()
    suspended = _suspended(work, {row.actor for row in rows})
    theirs = update(_reviews).where(_reviews.c.source == source, _reviews.c.state == WAITING)
    work.db.execute(theirs.where(_reviews.c.actor.in_(suspended)).values(state=SUSPENDED))
    uris = [row.uri for row in rows if row.actor not in suspended]
    return sum(accept(work, uris[start : start + AT_ONCE]) for start in range(0, len(uris), AT_ONCE))


def expire(work: Work) -> int:
    """Erase up to `AT_ONCE` things whose time was over before anybody decided, or that were rejected until then."""
    over = select(_reviews.c.uri).where(_reviews.c.leaves_at <= work.now).limit(AT_ONCE)
    uris = list(work.db.scalars(over))
    forget(work, uris)
    return len(uris)
