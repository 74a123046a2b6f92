"""Reads what sources published: whole at first, then only what is new, and nothing where nothing has changed.

A look at an outbox asks for its collection and its first page on condition (ETag, Last-Modified) and ends where
something is met that the last look has seen. Some outboxes are not in the order of publication, so that this holds only
for pages that are; and once a week all is read to the bounds, for what changed and was not told. Mobilizon's begins
with the events of years ago: where it is longer than the bounds, pages of events that are over are passed by.
"""

import asyncio
import hashlib
import logging
import re
from collections.abc import AsyncIterator, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from itertools import pairwise

from fediverse_ehrenamt.federation import fetch, inbox
from fediverse_ehrenamt.federation.handlers import Handlers
from fediverse_ehrenamt.jobs import queue
from fediverse_ehrenamt.jobs.queue import NewJob
from fediverse_ehrenamt.kit import ids
from fediverse_ehrenamt.kit.errors import EhrenamtError, Gone, Rejected
from fediverse_ehrenamt.kit.sentences import sentence
from fediverse_ehrenamt.vocab import codec
from fediverse_ehrenamt.vocab.types import (
    PUBLIC,
    Activity,
    Actor,
    Announce,
    Collection,
    CollectionPage,
    Create,
    Event,
    Item,
    Note,
    Opportunity,
    Unsupported,
)
from fediverse_ehrenamt.work import Work, Workshop

ITEMS = 300  # of an outbox that are read at most
PAGES = 30
_EMPTY_PAGES = 2  # one after another: a Gancio without events names a next page for ever
_SAMPLED_PAGES = 1  # beside the collection itself
WHOLE_AGAIN_AFTER = timedelta(days=7)
_STORED_AT_ONCE = 50
_SEEN = 100  # items that the next look recognises
_DIGEST_BYTES = 8
_VALIDATOR = 200  # characters
_HALVINGS = 20  # of a million pages
_NUMBERED = re.compile(r"(.*[?&]page=)(\d{1,6})")

Thing = Note | Opportunity | Event
_log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class Mark:
    """What a server calls the state of a document."""

    url: str
    etag: str = ""
    modified: str = ""

    def condition(self) -> dict[str, str]:
        given = {"if-none-match": self.etag, "if-modified-since": self.modified}
        return {name: value for name, value in given.items() if value}


@dataclass(frozen=True, slots=True)
class Marks:
    """What one look at an outbox leaves for the next: `seen` digests of its newest items, `first` the first page.

    `indexable` says whether the actor consented to being searched then: if it did not, its posts were left out.
    """

    whole_at: datetime | None = None
    first: str = ""
    seen: tuple[str, ...] = ()
    documents: tuple[Mark, ...] = ()
    indexable: bool = True

    def of(self, url: str) -> dict[str, str]:
        return next((mark.condition() for mark in self.documents if mark.url == url), {})


@dataclass(frozen=True, slots=True)
class Reading:
    """What one look brought: `items` met, `things` handed to handlers, `asked` for at their origins by jobs."""

    items: int
    things: int
    asked: int
    marks: Marks


async def read(workshop: Workshop, handlers: Handlers, actor: Actor, before: Marks) -> Reading:
    """Take over what an actor published, up to `ITEMS`. What it embeds under its own origin is taken as it is now.

    With empty marks everything is read. Raises `Gone`, `Rejected`, `Unavailable` or `Malformed` where the outbox, or a
    page that it names, cannot be had.
    """
    look = _Look(workshop, actor, before)
    found = [item async for item in look.items()]
    if before.whole_at is None and ids.same_origin(actor.upcoming_events, actor.id):
        # An outbox does not list the dates of a series that are still far (FEP-8a8e, "upcomingEvents").
        calendar = _Look(workshop, replace(actor, outbox=actor.upcoming_events), Marks())
        found += [item async for item in calendar.items()]
    things = [thing for item in found if (thing := _current(item, actor.id)) is not None]
    others = {other for item in found if _current(item, actor.id) is None and (other := _reference(item))}
    for author in sorted({thing.attributed_to for thing in things}):
        await introduce(workshop, author)
    for start in range(0, len(things), _STORED_AT_ONCE):
        await workshop.write(_take, handlers, things[start : start + _STORED_AT_ONCE], actor.id)
    await workshop.write(_enqueue, [inbox.obtain(other, actor.id) for other in sorted(others)])
    return Reading(len(found), len(things), len(others), look.left())


@dataclass(frozen=True, slots=True)
class Sample:
    """What stands at the beginning of an outbox: things to be shown, and how many items it says it has (None: no)."""

    total: int | None
    things: tuple[Thing, ...]


async def sample(workshop: Workshop, actor: Actor, most: int) -> Sample:
    """Return the newest things of an outbox that may be taken as they are, without keeping any. Raises as `read`."""
    look, found = _Look(workshop, actor, Marks()), list[Thing]()
    total: int | None = None
    seen = 0
    async for page in look.pages():
        total = page.total if isinstance(page, Collection) else total
        found += [thing for item in page.items if (thing := _embedded(item, actor.id)) is not None]
        seen += 1
        if len(found) >= most or seen > _SAMPLED_PAGES:
            break
    return Sample(total, tuple(found[:most]))


async def introduce(workshop: Workshop, author: str) -> None:
    """Learn an author's name and consent where that is possible; else what it wrote is shown under its host."""
    try:
        await fetch.ensure_actor(workshop, author)
    except EhrenamtError as error:
        _log.info("nothing is known of %s: %s", author, error)


# --- one look ---------------------------------------------------------------------------------------------------------
@dataclass(slots=True)
class _Look:
    """One look at an actor's outbox, and what it learns for the next."""

    workshop: Workshop
    actor: Actor
    before: Marks
    first: str = ""
    seen: list[str] = field(default_factory=list)
    documents: list[Mark] = field(default_factory=list)

    def left(self) -> Marks:
        whole_at = self.before.whole_at or self.workshop.now()
        seen, documents = tuple(self.seen or self.before.seen), tuple(self.documents)
        return Marks(whole_at, self.first, seen, documents, bool(self.actor.indexable))

    async def items(self) -> AsyncIterator[Item]:
        """Yield the items of the outbox, newest first where it keeps that order, up to the bounds."""
        read = 0
        async for page in self.pages():
            for item in page.items:
                if read >= ITEMS:
                    return
                read += 1
                if len(self.seen) < _SEEN:
                    self.seen.append(_digest(item))
                yield item
            if self._is_known(page.items):
                return

    def _is_known(self, items: Sequence[Item]) -> bool:
        """Say whether nothing new follows: the last look has seen one of these, and newer ones stand before older.

        Without dates, or where all are equal, there is no order that could say so.
        """
        if self.before.seen and not {_digest(item) for item in items}.isdisjoint(self.before.seen):
            dates = [date for item in items if (date := _published(item)) is not None]
            return len(set(dates)) > 1 and all(newer >= older for newer, older in pairwise(dates))
        return False

    async def pages(self) -> AsyncIterator[Collection | CollectionPage]:
        """Yield the collection, if it has changed, and then its pages, the first only if it has changed."""
        page = await self._collection()
        yield page
        read, total = len(page.items), (page.total if isinstance(page, Collection) else None) or 0
        asked, empty = {self.actor.outbox}, 0
        for number in range(PAGES):
            following = await self._after(page, asked, more=read < total)
            if following is None:
                return
            page = following
            yield page
            read += len(page.items)
            empty = 0 if page.items else empty + 1
            if empty == _EMPTY_PAGES:
                return
            if number == 0 and total > ITEMS:
                page = await self._last_over(page, total)

    async def _last_over(self, first: Collection | CollectionPage, total: int) -> Collection | CollectionPage:
        """Return the last page of events that are over, by halves; the first one where they do not rise by their dates.

        The pages are numbered. Comments may stand between the events, and alone behind them.
        """
        events, numbered = self._events(first), _NUMBERED.fullmatch(first.id)
        if not numbered or not _rise(events) or not self._over(events):
            return first
        found, past = first, int(numbered[2])
        beyond = past + total // len(events) + 1
        for _ in range(_HALVINGS):
            middle = (past + beyond) // 2
            if middle == past:
                break
            page = await self._guess(f"{numbered[1]}{middle}")
            if page is not None and self._over(self._events(page)):
                found, past = page, middle
            else:
                beyond = middle
        return found

    async def _guess(self, url: str) -> Collection | CollectionPage | None:
        """Ask for a page that nobody has named, None where there is none."""
        try:
            return await self._ask(url, marked=False)
        except (Rejected, Gone):
            return None

    def _events(self, page: Collection | CollectionPage) -> list[Event]:
        inner = (_embedded(item, self.actor.id) for item in page.items)
        return [thing for thing in inner if isinstance(thing, Event)]

    def _over(self, events: Sequence[Event]) -> bool:
        """Say whether there are events and all of them are over."""
        now = self.workshop.now()
        return bool(events) and all((event.ends_at or event.starts_at) < now for event in events)

    async def _collection(self) -> Collection | CollectionPage:
        if not self.actor.outbox:
            return CollectionPage(id="")
        found = await self._ask(self.actor.outbox, marked=True)
        if found is None:  # as it was; its first page may have changed all the same
            self.first = self.before.first
            return CollectionPage(id="", next=self.first)
        first = found.first if isinstance(found, Collection) else ""
        self.first = first if isinstance(first, str) else ""
        return found

    async def _after(
        self, page: Collection | CollectionPage, asked: set[str], *, more: bool
    ) -> Collection | CollectionPage | None:
        """Return the page after one, None after the last and where it is as it was.

        Older Mobilizons never name the next page, though there are `more` items; their pages have numbers.
        """
        named = page.first if isinstance(page, Collection) else page.next
        if isinstance(named, CollectionPage):
            return named
        url = named or (_numbered_after(page.id) if more and page.items else "")
        if not url or url in asked or not ids.same_origin(url, self.actor.id):
            return None
        asked.add(url)
        return await (self._ask(url, marked=url == self.first) if named else self._guess(url))

    async def _ask(self, url: str, *, marked: bool) -> Collection | CollectionPage | None:
        """Ask for a part of the outbox, None where it is `marked` and as it was; the source's origin must answer."""
        response = await fetch.changed(self.workshop, url, self.before.of(url) if marked else {})
        if response is None:
            self.documents += [mark for mark in self.before.documents if mark.url == url]
            return None
        value = await asyncio.to_thread(codec.parse_object, response.body)
        ours = ids.same_origin(response.url, self.actor.id) and ids.same_origin(value.id or url, self.actor.id)
        if not isinstance(value, Collection | CollectionPage) or not ours:
            raise Rejected(sentence("%(url)s ist keine Sammlung von %(actor)s", url=url, actor=self.actor.id))
        if marked:
            named = (response.headers.get(name, "") for name in ("etag", "last-modified"))
            self.documents.append(Mark(url, *(text if len(text) <= _VALIDATOR else "" for text in named)))
        return value


def _numbered_after(url: str) -> str:
    numbered = _NUMBERED.fullmatch(url)
    return f"{numbered[1]}{int(numbered[2]) + 1}" if numbered else ""


def _rise(events: Sequence[Event]) -> bool:
    """Say whether events stand in the order of their beginnings, the earliest first."""
    starts = [event.starts_at for event in events]
    return len(set(starts)) > 1 and starts == sorted(starts)


# --- items ------------------------------------------------------------------------------------------------------------
def _digest(item: Item) -> str:
    uri = item if isinstance(item, str) else item.id or getattr(item, "object_id", "")
    return hashlib.blake2b(uri.encode(), digest_size=_DIGEST_BYTES).hexdigest()


def _published(item: Item) -> datetime | None:
    """Return when an item was published, of a Create its object: Mobilizon says of every Create that it is of now."""
    inner = _published(item.object) if isinstance(item, Activity) else None
    own: datetime | None = getattr(item, "published", None)
    return inner or own if isinstance(item, Create) else own or inner


def _embedded(item: Item, source: str) -> Thing | None:
    """Return the public object in an item if the source's own origin vouches for it."""
    thing = item.object if isinstance(item, Create | Announce) else item
    if isinstance(thing, Create):
        thing = thing.object
    if not isinstance(thing, Note | Opportunity | Event) or not thing.public or not ids.same_origin(thing.id, source):
        return None
    author = thing.attributed_to or source
    return replace(thing, attributed_to=author) if ids.same_origin(author, source) else None


def _current(item: Item, source: str) -> Thing | None:
    """Return what `_embedded` does, unless it may have changed since.

    A WordPress announces an author's Create once, as it was then. What Mobilizon announces has no id and is of now.
    """
    announced_then = isinstance(item, Announce) and bool(item.id) and isinstance(item.object, Create)
    return None if announced_then else _embedded(item, source)


def _reference(item: Item) -> str:
    """Return the URI that an item names without our being able to trust what it embeds."""
    if isinstance(item, str):
        return item
    inner = item.object if isinstance(item, Announce | Create) else Unsupported(id="", type="")
    inner = inner.object if isinstance(inner, Activity) else inner
    return "" if isinstance(inner, Unsupported) else inner if isinstance(inner, str) else inner.id


def _take(work: Work, handlers: Handlers, things: Sequence[Thing], via: str) -> None:
    for thing in things:
        activity = Create(id="", actor=thing.attributed_to, object=thing, to=(PUBLIC,), via=via)
        inbox.dispatch(work, handlers, activity)


def _enqueue(work: Work, new: Sequence[NewJob]) -> None:
    queue.enqueue(work, new)
