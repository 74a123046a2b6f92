"""The life of a thing of ours, whatever its kind: handed in, changed, confirmed, shown again, withdrawn.

Each is one transaction. People in timelines see a thing when it is published, when its words change, and when it is
shown again; facts that change without a word are told to sisters alone.
"""

from collections.abc import Callable, Collection
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import TypeVar

from sqlalchemy import select

from fediverse_ehrenamt.federation import actors, addresses, outbox
from fediverse_ehrenamt.kit import clock
from fediverse_ehrenamt.kit.errors import Conflict, Gone, Invalid, NotFound, Problem
from fediverse_ehrenamt.kit.sentences import sentence
from fediverse_ehrenamt.reactions import store as reactions
from fediverse_ehrenamt.search import store as search
from fediverse_ehrenamt.search.model import leaves_at
from fediverse_ehrenamt.things import showings, store
from fediverse_ehrenamt.things.model import ShowingRow, ThingRow
from fediverse_ehrenamt.things.store import Outcome, Own
from fediverse_ehrenamt.things.wire import Thing
from fediverse_ehrenamt.things.writing import Names
from fediverse_ehrenamt.vocab import codec, labels
from fediverse_ehrenamt.vocab.types import Event, Opportunity
from fediverse_ehrenamt.work import Work

AGAIN = timedelta(days=30)  # between two showings of one offer
STANDS = timedelta(days=7)  # then everybody has seen it; taken back, it makes room for the next
NEAR = timedelta(days=14)  # before it begins, a date of a series is shown
AT_ONCE = 50

T = TypeVar("T", bound=Thing)


@dataclass(frozen=True, slots=True)
class Maker:
    """How a kind of thing is made and kept.

    `make` is given (names, published, updated) and changes nothing. `keep` is given the thing and the opaque id of its
    page, and writes it down with its Document.
    """

    make: Callable[[Names, datetime, datetime], Thing]
    keep: Callable[[Thing, str], None]


def hand_in(work: Work, owner: str, own: Own, kind: str, maker: Maker, *, series: str = "") -> Outcome:
    """Publish what the actor `owner` hands in, or change what it handed in before under the same key.

    A date of a `series` (the URI of what it belongs to) waits until it is near before followers see it. Raises
    `Conflict` where the owner may publish nothing.
    """
    actors.refuse_suspended(work, owner)
    store.hold(work, f"{owner} {own.key}")
    held = store.find_own(work, owner, own.key)
    if held is None:
        page, uri = addresses.new_object(work.settings)
        thing = maker.make(Names(uri, page, owner), work.now, work.now)
        maker.keep(thing, page)
        showings.begin(work, thing, series=series, waits=bool(series))
        (outbox.introduce if series else outbox.create)(work, thing)
        return Outcome(uri, page, "published")
    if held.kind != kind:
        raise Invalid(
            [Problem("id", sentence("„%(key)s“ heißt bei dieser Organisation schon etwas anderes", key=own.key))]
        )
    if held.draft == own.draft:
        return Outcome(held.uri, held.id, "unchanged")
    return change(work, held, maker)


def change(work: Work, held: ThingRow, maker: Maker) -> Outcome:
    """Change what is held and tell those who should know.

    What reads as before is only confirmed: its `updated` stays, so that nobody is shown an edit, unless nothing else
    would tell the newer state from the older.
    """
    published = held.published_at or work.now
    told = store.get(work, held.uri)
    thing = maker.make(Names(held.uri, held.id, held.actor), published, store.next_version(work, held))
    reads_as_before = _words(thing) == _words(told)
    if reads_as_before:
        unedited = replace(thing, updated=told.updated)
        thing = unedited if store.version(unedited) > held.version else thing
    maker.keep(thing, held.id)
    if reads_as_before:
        outbox.confirm(work, thing)
        return Outcome(held.uri, held.id, "confirmed")
    showings.follow(work, thing)
    (outbox.change_quietly if _waits(work, held.uri) else outbox.change)(work, thing)
    return Outcome(held.uri, held.id, "changed")


def _words(thing: T) -> bytes:
    """Return a thing without what can change while it reads the same: when it was confirmed, how long it holds."""
    bare = replace(thing, updated=None, likes=None, shares=None, raw=b"")
    if isinstance(bare, Opportunity):
        return codec.write(replace(bare, details=replace(bare.details, confirmed_at=None, expires_at=None)))
    if isinstance(bare, Event):
        details = replace(bare.details, expires_at=None) if bare.details else None
        return codec.write(replace(bare, details=details, participants=None))
    return codec.write(bare)


def _waits(work: Work, uri: str) -> bool:
    showing = showings.find(work, uri)
    return showing is not None and showing.shown_at is None


def withdraw(work: Work, owner: str, key: str, former_type: str) -> Outcome:
    """Take something back for good (an error, or consent withdrawn) with its dates; what is not there is no fault."""
    store.hold(work, f"{owner} {key}")
    held = store.find_own(work, owner, key)
    if held is None:
        return Outcome(key, "", "absent")  # a file that still says so may be handed in again
    for date in showings.dates(work, held.uri):
        _erase(work, date.uri, owner, Event.__name__)
    _erase(work, held.uri, owner, former_type)
    return Outcome(held.uri, held.id, "withdrawn")


def _erase(work: Work, uri: str, owner: str, former_type: str) -> None:
    shown = not _waits(work, uri)
    showings.end(work, uri)
    store.remove(work, [uri])
    reactions.forget_object(work, uri)
    outbox.withdraw(work, uri, owner, former_type, shown=shown)


def hold(work: Work, uris: Collection[str]) -> list[ThingRow]:
    """Return those of these things of ours that are still there, held as `hand_in` holds them: by name, then the row.

    For changes that no organisation asked for; what one hands in at this moment comes first, and is in these rows.
    """
    named = select(ThingRow.actor, ThingRow.key).where(ThingRow.uri.in_(uris), ThingRow.local)
    for name in sorted(f"{row.actor} {row.key}" for row in work.db.execute(named)):
        store.hold(work, name)
    chosen = select(ThingRow).where(ThingRow.uri.in_(uris), ThingRow.local).order_by(ThingRow.uri).with_for_update()
    return list(work.db.scalars(chosen, execution_options={"populate_existing": True}))


# --- when followers see it --------------------------------------------------------------------------------------------
def show_near(work: Work) -> int:
    """Show dates of series that are near, of each series one at a time; return how many."""
    rows = showings.near(work, work.now + NEAR, AT_ONCE)
    for row in rows:
        row.shown_at = work.now
        outbox.create(work, store.get(work, row.uri))
    return len(rows)


def has_been_shown(work: Work, uri: str) -> bool:
    """Say whether followers saw a date of a series, or of anything else of ours."""
    return not _waits(work, uri)


@dataclass(frozen=True, slots=True)
class Shown:
    """What was shown again, and from when on it may be shown once more."""

    uri: str
    title: str
    again_from: datetime


def show_again(work: Work, owner: str, key: str) -> Shown:
    """Let the actor `owner` announce what it published once more to its followers, at most every 30 days.

    Raises `NotFound` where there is nothing under this key, `Conflict` with the reason and the next day where it is
    not open or was shown too recently.
    """
    store.hold(work, f"{owner} {key}")
    held = store.find_own(work, owner, key)
    if held is None:
        raise NotFound(
            sentence(
                "„%(key)s“ gibt es bei dieser Organisation nicht (mehr); gemeint ist die id aus der Datei.", key=key
            )
        )
    title = _open_title(work, held)
    row = _showing(work, held)
    since = _shown_at(row)
    if work.now < since + AGAIN:
        raise Conflict(
            sentence(
                "„%(title)s“ stand zuletzt am %(day)s in den Timelines; wieder ab %(again)s.",
                title=title,
                day=_day(since),
                again=_day(since + AGAIN),
            )
        )
    if row.announcement:
        outbox.take_back(work, row.announcement)
    row.announcement, row.shown_at = outbox.show_again(work, held.uri, owner), work.now
    return Shown(held.uri, title, work.now + AGAIN)


def _open_title(work: Work, held: ThingRow) -> str:
    """Return the title of what is open; raises `Conflict` for all else."""
    try:
        document = search.get(work, held.uri)
    except (Gone, NotFound) as error:
        raise Conflict(
            sentence("„%(key)s“ ist abgelaufen; bitte zuerst bestätigen oder ändern.", key=held.key)
        ) from error
    leaves = leaves_at(document)
    if document.status or (leaves and leaves <= work.now) or (document.ends_at and document.ends_at <= work.now):
        state = labels.label(labels.STATUS, document.status or "abgelaufen")
        raise Conflict(
            sentence(
                "Der Stand von „%(title)s“ ist: %(state)s. Noch einmal gezeigt wird nur, was offen ist.",
                title=document.title,
                state=sentence(state),
            )
        )
    return document.title


def _showing(work: Work, held: ThingRow) -> ShowingRow:
    row = showings.find(work, held.uri)
    assert row is not None, "of all that is ours is written down when it was shown"
    return row


def _shown_at(row: ShowingRow) -> datetime:
    if row.shown_at is None:
        raise Conflict(sentence("Dieser Termin wird von selbst gezeigt, sobald er näher rückt."))
    return row.shown_at


def _day(moment: datetime) -> str:
    return f"{clock.day(moment):%d.%m.%Y}"


def take_back_shown(work: Work) -> int:
    """Undo what was announced again a week ago, so that the next time counts as new; return how many."""
    rows = showings.standing(work, work.now - STANDS, AT_ONCE)
    for row in rows:
        outbox.take_back(work, row.announcement)
        row.announcement = ""
    return len(rows)
