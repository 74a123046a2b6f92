"""What is done about feeds: add, describe and remove one, look at what changed, announce what is new; all in one Work.

Nothing here is called when something is published: feeds follow the changes of the documents by themselves, so that
what comes from elsewhere is announced as what is ours.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from urllib.parse import parse_qsl

from sqlalchemy import delete, select

from fediverse_ehrenamt.duplicates import store as duplicates
from fediverse_ehrenamt.duplicates import wire as duplicates_wire
from fediverse_ehrenamt.federation import actors, addresses, outbox, passing_on, updates
from fediverse_ehrenamt.federation.model import FollowerRow, LocalActorRow, PublishedRow, RecipientRow
from fediverse_ehrenamt.feeds import rules, store
from fediverse_ehrenamt.feeds.model import EntryRow, FeedRow
from fediverse_ehrenamt.kit.errors import EhrenamtError, Gone, Invalid, NotFound, Problem
from fediverse_ehrenamt.kit.sentences import sentence
from fediverse_ehrenamt.organisations import actions as organisations
from fediverse_ehrenamt.search import query as queries
from fediverse_ehrenamt.search import saved
from fediverse_ehrenamt.search import store as search
from fediverse_ehrenamt.search.model import START, Document, leaves_at
from fediverse_ehrenamt.search.query import MAX_PARAMS, Query
from fediverse_ehrenamt.search.store import Change
from fediverse_ehrenamt.things import showings
from fediverse_ehrenamt.things import store as things
from fediverse_ehrenamt.vocab.types import Delete, Event
from fediverse_ehrenamt.work import Work

BATCH = 100  # changes in one transaction
MOST_FEEDS = 1_000
_TABLE = "feeds"
_ERASED_AT_ONCE = 1_000


@dataclass(frozen=True, slots=True)
class Feed:
    """A feed as it is listed; `address` is what people type into Mastodon, `search` the parameters of its search.

    `announced_at` is when it shared something last, None for never.
    """

    uri: str
    handle: str
    name: str
    summary: str
    address: str
    url: str
    search: str
    followers: int
    since: datetime
    paused: bool = False
    announced_at: datetime | None = None


# --- adding and removing ----------------------------------------------------------------------------------------------
def add(work: Work, handle: str, name: str, params: str, summary: str = "") -> Feed:
    """Add a feed over a search, given as the parameters of its address; raises `Invalid` naming all faults.

    What is found already is not announced.
    """
    query, problems = _read(params)
    problems += [*actors.wrong_handle(work, handle), *_wrong(name, summary)]
    if len(store.all_of(work)) >= MOST_FEEDS:
        full = sentence("mehr als %(most)s Abo-Konten kann eine Instanz nicht haben", most=MOST_FEEDS)
        problems.append(Problem("handle", full))
    if problems:
        raise Invalid(problems)
    actor = actors.register(work, handle=handle, kind="Service", name=name.strip(), summary=summary)
    now = search.newest(work)
    row = FeedRow(
        actor=actor.uri,
        params=query.params(),
        created_at=work.now,
        since_xid=now.xid,
        since_seq=now.seq,
        xid=START.xid,
        seq=START.seq,
    )
    work.db.add(row)
    work.db.flush()
    return _listed(work, row, actor)


def _wrong(name: str, summary: str) -> Iterator[Problem]:
    """Name what is wrong with how a feed is called and described."""
    if not organisations.NAME[0] <= len(name.strip()) <= organisations.NAME[1]:
        yield Problem("name", sentence("braucht 3 bis 200 Zeichen, z. B. „Umwelt in Haspe“"))
    if len(summary) > organisations.SUMMARY:
        yield Problem("summary", sentence("ist länger als %(most)s Zeichen; bitte kürzen", most=organisations.SUMMARY))


def describe(work: Work, handle: str, name: str, summary: str) -> bool:
    """Call and describe a feed otherwise, and tell its followers; say whether that changes anything.

    Its search stays: those who follow have chosen it. Raises `NotFound`, and `Invalid` naming all faults.
    """
    actor = get(work, handle)
    problems = list(_wrong(name, summary))
    if problems:
        raise Invalid(problems)
    changed = (actor.name, actor.summary) != (name.strip(), summary)
    if changed:
        actor.name, actor.summary = name.strip(), summary
        work.db.flush()
        updates.tell(work, actor.uri)
    return changed


def _read(params: str) -> tuple[Query, list[Problem]]:
    given = params.strip().removeprefix("/").removeprefix("?")
    try:
        query = saved.plain(queries.read(parse_qsl(given, max_num_fields=MAX_PARAMS)))
    except Invalid as error:
        return Query(), list(error.problems)
    except ValueError:
        return Query(), [Problem("search", "hat zu viele Angaben")]
    if query == Query():
        return query, [Problem("search", "sucht nichts; richtig wäre zum Beispiel bereich=umwelt_tiere&ort=Haspe")]
    return query, []


def remove(work: Work, handle: str) -> None:
    """Give a feed up for good: its followers are told, its handle stays taken. Raises `NotFound`."""
    store.hold(work)
    actor = get(work, handle)
    row = store.find(work, actor.uri)
    assert row is not None, "it was found by it"
    followers = select(FollowerRow.inbox).where(FollowerRow.actor == actor.uri).distinct()
    inboxes = list(work.db.scalars(followers))
    said = work.db.execute(select(PublishedRow.uri, PublishedRow.kind).where(PublishedRow.actor == actor.uri)).all()
    for each in said:
        outbox.bury(work, *each)
    work.db.execute(delete(PublishedRow).where(PublishedRow.actor == actor.uri))
    work.db.execute(delete(FollowerRow).where(FollowerRow.actor == actor.uri))
    to, cc = outbox.audience(actor.uri)
    gone = Delete(
        id=addresses.new_activity(work.settings), actor=actor.uri, object=actor.uri, to=to, cc=cc, published=work.now
    )
    outbox.send(work, gone, inboxes)
    store.remove(work, row)
    actors.with_keys(work, actor.uri).gone_at = work.now


def pause(work: Work, handle: str, *, paused: bool) -> bool:
    """Let a feed share nothing new for a while, or again; say whether that changes anything. Raises `NotFound`.

    What it finds meanwhile is not shared later: nobody wants a month of news at once.
    """
    store.hold(work)
    row = store.find(work, get(work, handle).uri)
    assert row is not None, "it was found by it"
    changed = row.paused != paused
    row.paused = paused
    return changed


def get(work: Work, handle: str) -> LocalActorRow:
    """Return the account of a feed; raises `NotFound` with the handles that there are."""
    wanted = handle.lower().removeprefix("@")
    live = select(LocalActorRow).join(FeedRow, FeedRow.actor == LocalActorRow.uri)
    row = work.db.scalar(live.where(LocalActorRow.handle == wanted))
    if row is None:
        names = work.db.scalars(live.with_only_columns(LocalActorRow.handle).order_by(LocalActorRow.handle).limit(10))
        raise NotFound(
            sentence(
                "Ein Abo-Konto „%(handle)s“ gibt es hier nicht. Vorhanden: %(known)s",
                handle=handle,
                known=", ".join(names) or sentence("noch keins"),
            )
        )
    return row


def show(work: Work, handle: str) -> Feed:
    """Return a feed; raises `Gone` for one that was given up, `NotFound` where there never was one."""
    actor = work.db.scalar(select(LocalActorRow).where(LocalActorRow.handle == handle.lower()))
    row = None if actor is None else store.find(work, actor.uri)
    if actor is None or row is None:
        if actor is not None and actor.type == "Service" and actor.gone_at is not None:
            raise Gone("Dieses Abo-Konto gibt es nicht mehr.")
        raise NotFound("Ein Abo-Konto mit diesem Namen gibt es hier nicht.")
    return _listed(work, row, actor)


def of_search(work: Work, params: str) -> str:
    """Return the handle of a feed over a search, given as `Query.params` without its order, "" where there is none."""
    named = select(LocalActorRow.handle).join(FeedRow, FeedRow.actor == LocalActorRow.uri)
    return work.db.scalar(named.where(FeedRow.params == params).order_by(FeedRow.id).limit(1)) or ""


def listing(work: Work) -> list[Feed]:
    return [_listed(work, row, work.db.get_one(LocalActorRow, row.actor)) for row in store.all_of(work)]


def asking_for(work: Work, name: str, value: str) -> list[Feed]:
    """Return the feeds whose search asks for a value of a filter."""
    return [feed for feed in listing(work) if saved.asks_for(feed.search, name, value)]


def _listed(work: Work, row: FeedRow, actor: LocalActorRow) -> Feed:
    return Feed(
        uri=actor.uri,
        handle=actor.handle,
        name=actor.name,
        summary=actor.summary,
        address=f"@{actor.handle}@{work.settings.handle_domain}",
        url=actor.url,
        search=row.params,
        followers=organisations.followers(work, actor.uri),
        since=row.created_at,
        paused=row.paused,
        announced_at=store.announced_at(work, actor.uri),
    )


# --- following --------------------------------------------------------------------------------------------------------
def follow(work: Work) -> int:
    """Look at the next changes for those feeds that have come furthest, else for others; return how many there were.

    Only what was compared with other listings already is looked at: one need is announced once.
    """
    store.hold(work)
    feeds = store.all_of(work)
    compared, newest = duplicates.followed(work), search.newest(work)
    for here in sorted({store.cursor(feed) for feed in feeds}, reverse=True):
        group = [feed for feed in feeds if store.cursor(feed) == here]
        if here > newest:  # the database was restored from an older copy
            store.begin_anew(group, newest)
            return len(group)
        changes = [change for change in search.changes(work, here, BATCH) if change.number <= compared]
        if changes:
            _look(work, group, changes)
            store.note_followed(work, group, changes[-1].number)
            return len(changes)
    return 0


def _look(work: Work, feeds: Sequence[FeedRow], changes: Sequence[Change]) -> None:
    percolator, _ = saved.bring_up(work, _TABLE, [feed.id for feed in feeds], lambda ids: store.searches(work, ids))
    known = store.entries(work, [change.uri for change in changes])
    for change in changes:
        document = search.read(change)
        found = set(percolator.find(document, work.now)) if document else set[int]()
        for feed in feeds:
            entry = known.get((feed.id, change.uri))
            if document is None:
                _end(work, feed, entry)
            elif feed.id in found:
                _found(work, feed, document, entry, old=change.number <= (feed.since_xid, feed.since_seq))
            else:
                _lost(work, feed, document, entry)
    work.db.flush()


def _found(work: Work, feed: FeedRow, document: Document, entry: EntryRow | None, *, old: bool) -> None:
    """Announce what is new; what is known stands in the outbox again."""
    if entry is not None:
        entry.gone_at, entry.leaves_at = None, leaves_at(document)
        _tell_of_change(work, feed, document, entry, listed=True)
        return
    entry = EntryRow(
        feed=feed.id,
        uri=document.uri,
        author=document.organisation_uri,
        announcement="",
        leaves_at=leaves_at(document),
    )
    work.db.add(entry)
    if not old and not feed.paused and not _told_of_another(work, feed, document):
        _announce(work, feed, document, entry)


def _announce(work: Work, feed: FeedRow, document: Document, entry: EntryRow) -> None:
    entry.due_at = _waits(work, document)
    if entry.due_at is None:
        entry.announcement = outbox.share(work, feed.actor, document.uri, document.organisation_uri)


def _waits(work: Work, document: Document) -> datetime | None:
    shown = showings.find(work, document.uri)
    hidden = shown is not None and shown.shown_at is None
    return rules.waits_until(work.now, document.starts_at, of_series=_of_series(work, document), hidden=hidden)


def _of_series(work: Work, document: Document) -> bool:
    """Say whether something is a date after another one, or one of a thing that is held here."""
    if document.starts_at is None or document.after is not None:
        return document.after is not None
    try:
        thing = things.get(work, document.uri)
    except EhrenamtError:
        return False
    return isinstance(thing, Event) and bool(thing.context) and things.find(work, thing.context) is not None


def _told_of_another(work: Work, feed: FeedRow, document: Document) -> bool:
    """Say whether a feed has announced another listing of the same need."""
    if not document.also:
        return False
    (known,) = duplicates.entries(work, [duplicates_wire.number(document.uri)]).values() or [None]
    if known is None or known.team is None:
        return False
    team = duplicates.entries(work, duplicates.teams(work, [known.team]))
    return store.has_announced(work, feed.id, [one.uri for one in team.values() if one.uri != document.uri])


def _lost(work: Work, feed: FeedRow, document: Document, entry: EntryRow | None) -> None:
    """Leave out of the outbox what is found no more. Its Announce stands: whoever saw it hears what becomes of it."""
    if entry is None:
        return
    if entry.due_at is not None:  # nobody was told of it: it is new if it comes back
        work.db.delete(entry)
        return
    entry.leaves_at = leaves_at(document)
    _tell_of_change(work, feed, document, entry, listed=False)


def _tell_of_change(work: Work, feed: FeedRow, document: Document, entry: EntryRow, *, listed: bool) -> None:
    """Pass on the change of what is another's; what is ours has sent its own Update. Sisters are told to look."""
    if entry.announcement:
        passing_on.list_share(work, entry.announcement, listed=listed)
        passing_on.forget_repeated(work, feed.actor, document.uri, entry.announcement)
        outbox.share(work, feed.actor, document.uri, document.organisation_uri, again=True)
        if not document.local:
            passing_on.pass_on(work, document.uri, document.organisation_uri, feed.actor)


def _end(work: Work, feed: FeedRow, entry: EntryRow | None) -> None:
    """Take back what was announced of others and is gone before its time; what is ours ends by its own Delete."""
    if entry is None or entry.gone_at is not None:
        return
    entry.gone_at, entry.due_at = work.now, None
    if not entry.announcement:
        return
    passing_on.list_share(work, entry.announcement, listed=False)
    if addresses.is_ours(work.settings, entry.uri):
        return
    passing_on.pass_on(work, entry.uri, entry.author, feed.actor)
    if rules.ended_early(work.now, entry.leaves_at):
        outbox.take_back(work, entry.announcement)
    # Another feed that announced it too may still have to take that back, but to its followers alone.
    work.db.execute(delete(RecipientRow).where(RecipientRow.object == entry.uri))


def announce_due(work: Work) -> int:
    """Look again at what was too far away to be announced; return how much."""
    store.hold(work)
    due = store.due(work, BATCH)
    documents = {one.uri: one for one in search.among(work, [entry.uri for entry in due])}
    feeds = {feed.id: feed for feed in store.all_of(work)}
    for entry in due:
        document, entry.due_at = documents.get(entry.uri), None
        if document is not None and entry.feed in feeds and not feeds[entry.feed].paused:
            _announce(work, feeds[entry.feed], document, entry)
    work.db.flush()
    return len(due)


def forget_gone(work: Work) -> int:
    return store.forget_gone(work, work.now - rules.REMEMBERED, _ERASED_AT_ONCE)
