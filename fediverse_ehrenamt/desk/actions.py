"""What an organisation does with its offers and dates on its own pages. Each function is one transaction."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from types import MappingProxyType
from typing import Final

from fediverse_ehrenamt.audit import actions as audit
from fediverse_ehrenamt.audit.rules import About, By, Did
from fediverse_ehrenamt.conversations import store as talks
from fediverse_ehrenamt.desk import borrowing, drafting, series, store
from fediverse_ehrenamt.desk.drafting import Written
from fediverse_ehrenamt.desk.model import SeriesRow
from fediverse_ehrenamt.desk.store import Held
from fediverse_ehrenamt.discover import pages, view
from fediverse_ehrenamt.discover.pages import Lookups
from fediverse_ehrenamt.engagements import store as enquiries
from fediverse_ehrenamt.events import actions as events
from fediverse_ehrenamt.events import rules as event_rules
from fediverse_ehrenamt.kit import ids, values
from fediverse_ehrenamt.kit.errors import Conflict, NotFound
from fediverse_ehrenamt.opportunities import actions as opportunities
from fediverse_ehrenamt.opportunities import rules as opportunity_rules
from fediverse_ehrenamt.publishing.drafts import Draft
from fediverse_ehrenamt.quotes import store as quoting
from fediverse_ehrenamt.reactions import store as reactions
from fediverse_ehrenamt.search import store as documents
from fediverse_ehrenamt.search.model import EVENT, OPPORTUNITY
from fediverse_ehrenamt.things import actions as things
from fediverse_ehrenamt.things import showings
from fediverse_ehrenamt.things import wire as things_wire
from fediverse_ehrenamt.things.model import ShowingRow, ThingRow
from fediverse_ehrenamt.things.store import Outcome
from fediverse_ehrenamt.views import store as views
from fediverse_ehrenamt.views.store import Views
from fediverse_ehrenamt.work import Work

PAUSED: Final = "pausiert"
OVER: Final = "vorbei"  # of events; the vocabulary has no word for it, since nobody has to be told


@dataclass(frozen=True, slots=True)
class Entry:
    """One offer or date as its organisation sees it; `state` is a status of the vocabulary, or OVER.

    `ends_at` is when it leaves by itself or is over, `again_from` when it may be shown to followers once more, `views`
    how often its page was opened, `replies` how many have answered it in public, `quotes` how many quote it. Of what
    repeats itself, `page` is its key, `dates` those to come, and the times are of the next one.
    """

    page: str
    kind: str
    title: str
    place: str
    state: str
    ends_at: datetime | None
    starts_at: datetime | None
    likes: int
    shares: int
    replies: int
    quotes: int
    enquiries: int
    views: Views
    again_from: datetime | None
    dates: tuple["Entry", ...] = ()


def entries(work: Work, actor: str) -> list[Entry]:
    """Return all that an organisation has published, what it may have to look after first."""
    found = _entries(work, store.published(work, actor))
    found += [_series_entry(work, row) for row in store.all_series(work, actor)]
    return sorted(found, key=lambda entry: _LATE.get(entry.state, 0))


_NEVER: Final = datetime.max.replace(tzinfo=UTC)
_LATE: Final[Mapping[str, int]] = MappingProxyType({opportunity_rules.FILLED: 1, "abgesagt": 1, OVER: 2})


def _entries(work: Work, rows: Sequence[ThingRow]) -> list[Entry]:
    """Return these rows in their order, with all that is counted of them."""
    uris = [row.uri for row in rows]
    counts, shown = reactions.counts_of(work, uris), showings.find_all(work, uris)
    asked, said = enquiries.counts_of(work, uris), talks.counts_of(work, uris)
    quoted, seen = quoting.counts_of(work, uris), views.of_pages(work, [row.id for row in rows])
    found = []
    for row in rows:
        draft, again = _draft(row), _again_from(shown.get(row.uri))
        entry = Entry(
            page=row.id,
            kind=row.kind,
            title=title_of(draft),
            place=things_wire.place_label(draft.place),
            state=state(draft, row, work.now),
            ends_at=draft.ends_at if isinstance(draft, event_rules.Draft) else row.expires_at,
            starts_at=draft.starts_at if isinstance(draft, event_rules.Draft) else None,
            likes=counts[row.uri].likes,
            shares=counts[row.uri].shares,
            replies=said.get(row.uri, 0),
            quotes=quoted.get(row.uri, 0),
            enquiries=asked.get(row.uri, 0),
            views=seen[row.id],
            again_from=again if again is not None and again > work.now else None,
        )
        found.append(entry)
    return found


def _again_from(shown: ShowingRow | None) -> datetime | None:
    if shown is None:
        return None
    # a date that waits for its time is shown by itself
    return shown.shown_at + things.AGAIN if shown.shown_at is not None else _NEVER


def _series_entry(work: Work, row: SeriesRow) -> Entry:
    """Return what repeats itself, with its dates to come."""
    dates = _entries(work, store.dates(work, row.actor, row.key))
    coming = tuple(one for one in dates if one.state != OVER and one.ends_at is not None and one.ends_at > work.now)
    held = [one for one in coming if one.state == OPENED]
    draft = values.load(event_rules.Draft, row.draft)
    following = next(iter(held or coming), None)
    return Entry(
        page=row.key,
        kind=EVENT,
        title=draft.name,
        place=things_wire.place_label(draft.place),
        state=OPENED if held else "abgesagt" if coming else OVER,
        ends_at=following.ends_at if following else draft.ends_at,
        starts_at=following.starts_at if following else draft.starts_at,
        likes=sum(one.likes for one in dates),
        shares=sum(one.shares for one in dates),
        replies=sum(one.replies for one in dates),
        quotes=sum(one.quotes for one in dates),
        enquiries=sum(one.enquiries for one in dates),
        views=Views(sum(one.views.total for one in dates), sum(one.views.recent for one in dates)),
        again_from=_NEVER,  # its dates are shown by themselves
        dates=coming,
    )


def state(draft: Draft, row: ThingRow, now: datetime) -> str:
    """Return the state of something published, as a status of the vocabulary or OVER."""
    if isinstance(draft, event_rules.Draft):
        if draft.status == "cancelled":
            return "abgesagt"
        return OVER if draft.ends_at <= now else opportunity_rules.OPEN
    if draft.details.status == opportunity_rules.OPEN and row.expires_at is not None and row.expires_at <= now:
        return opportunity_rules.EXPIRED
    return draft.details.status


def _draft(row: ThingRow) -> Draft:
    if row.kind == EVENT:
        return values.load(event_rules.Draft, row.draft)
    return values.load(opportunity_rules.Draft, row.draft)


# --- writing ----------------------------------------------------------------------------------------------------------
@dataclass(frozen=True, slots=True)
class Opened:
    """What stands in a form that is opened; `page` is that of what is published, "" for something new.

    `saved_at` is when what stands there was saved without being published, None where nothing is unfinished. `held` is
    what was handed in under its key and waits, or was given back, None for neither.
    """

    written: Written
    page: str
    saved_at: datetime | None
    held: Held | None = None


def opened(work: Work, actor: str, kind: str, name: str) -> Opened:
    """Return the form of something published (`name` is its page or key), begun, or new under the key `name`.

    Raises `NotFound` where it is none of these.
    """
    published, page = _published(work, actor, name)
    key = published.key if published else name
    begun, held = store.begun(work, actor, key), store.held(work, actor, key)
    if begun is not None:
        written, saved_at = begun
        return Opened(replace(written, before=published.before if published else None), page, saved_at, held)
    if held is not None:
        return Opened(held.written, "", None, held)
    if published is not None and published.kind == kind:
        return Opened(published, page, None)
    if published is None and ids.made_at(name) is not None:
        return Opened(Written(kind, name, {}), "", None)
    raise NotFound("Das gibt es hier nicht (mehr).")


def _published(work: Work, actor: str, name: str) -> tuple[Written | None, str]:
    """Return the form of something published and its page, that of what repeats itself under its key."""
    repeated = store.series(work, actor, name)
    if repeated is not None:
        before = drafting.of_published(values.load(event_rules.Draft, repeated.draft)).before
        return replace(store.written_of(repeated), before=before), repeated.key
    row = store.find(work, actor, name)
    return (None, "") if row is None else (drafting.of_published(_draft(row)), row.id)


def template(work: Work, lookups: Lookups, actor: str, name: str, key: str) -> tuple[Written, str]:
    """Return a copy for something new: of what is published here, or of anything in the index by the id of its page.

    The second value is that id where it is from others. Raises `NotFound`, `Gone` where it expired or was withdrawn.
    """
    published, _ = _published(work, actor, name)
    if published is not None:
        return drafting.as_template(published, key), ""
    page = view.page_id(name.rpartition("/")[2])
    document = documents.find(work, page)
    if document is None:
        raise NotFound("Diese Vorlage gibt es hier nicht (mehr).")
    return borrowing.written(pages.read(work, lookups, document.kind, page), key), page


def publish(work: Work, actor: str, written: Written, by: By) -> Outcome:
    """Publish what was written, or change what is published under its key, and note who did; raises `Invalid`."""
    draft = drafting.draft(written, work.now)
    row = store.find(work, actor, written.key)
    if isinstance(draft, event_rules.Draft):
        outcome = _publish_event(work, actor, written, draft)
    elif row is not None and row.draft == values.dump(draft):
        outcome = opportunities.confirm(work, actor, draft.key, go_on=True)  # who saves it has looked: it holds
    else:
        outcome = opportunities.publish(work, actor, draft)
    store.forget(work, actor, written.key)
    store.release(work, actor, written.key)
    audit.note(work, by, Did.PUBLISHED, About(title_of(draft), outcome.uri, actor))
    return outcome


def _publish_event(work: Work, actor: str, written: Written, draft: event_rules.Draft) -> Outcome:
    if drafting.planned(written):
        return series.publish(work, actor, written, draft)
    if not drafting.is_date(written.key):
        series.end(work, actor, written)
    held = store.find(work, actor, written.key)
    if held is not None and held.kind == EVENT:  # what links a date with others has no field
        before = values.load(event_rules.Draft, held.draft)
        draft = replace(draft, series=before.series, shift=before.shift)
    return events.publish(work, actor, draft)


# --- states -----------------------------------------------------------------------------------------------------------
def change(work: Work, actor: str, page: str, verb: str, by: By) -> str:
    """Do one of VERBS with something published, note who did, and return its title.

    Raises `NotFound`, `Conflict` with the reason where it cannot be done now, and `Invalid` where what it says of
    itself is over.
    """
    if verb not in VERBS:
        raise NotFound("Das gibt es hier nicht (mehr).")
    row = store.find(work, actor, page)
    if row is None:
        return _change_series(work, actor, page, verb, by)
    draft, uri = _draft(row), row.uri
    if isinstance(draft, event_rules.Draft):
        _change_event(work, actor, draft, verb)
    else:
        _change_offer(work, actor, draft, verb)
    did = _NOTED.get(verb, Did.STATE_CHANGED)
    audit.note(work, by, did, About(title_of(draft), uri, actor), verb if did is Did.STATE_CHANGED else "")
    return title_of(draft)


def _change_series(work: Work, actor: str, key: str, verb: str, by: By) -> str:
    row = store.series(work, actor, key)
    if row is None:
        raise NotFound("Das gibt es hier nicht (mehr).")
    if verb not in _STATUS_OF_EVENTS:
        raise Conflict("Das geht nur bei Angeboten.")
    did, uri = _NOTED.get(verb, Did.STATE_CHANGED), row.context
    title = series.set_status(work, row, _STATUS_OF_EVENTS[verb])
    audit.note(work, by, did, About(title, uri, actor), verb if did is Did.STATE_CHANGED else "")
    return title


def _change_offer(work: Work, actor: str, draft: opportunity_rules.Draft, verb: str) -> None:
    if verb == CONFIRM:
        opportunities.confirm(work, actor, draft.key, go_on=True)
    elif verb == SHOW:
        things.show_again(work, actor, draft.key)
    elif verb in _STATUS_OF_OFFERS:
        details = replace(draft.details, status=_STATUS_OF_OFFERS[verb])
        if verb == OPEN:
            details = opportunity_rules.going_on(details, work.now)
        opportunities.publish(work, actor, replace(draft, details=details))
    else:
        raise Conflict("Das geht nur bei Terminen.")


def _change_event(work: Work, actor: str, draft: event_rules.Draft, verb: str) -> None:
    if verb == SHOW:
        things.show_again(work, actor, draft.key)
    elif verb in _STATUS_OF_EVENTS:
        events.publish(work, actor, replace(draft, status=_STATUS_OF_EVENTS[verb]))
        if verb == WITHDRAW and drafting.is_date(draft.key):
            series.leave_out(work, actor, draft.key)
    else:
        raise Conflict("Das geht nur bei Angeboten.")


CONFIRM, PAUSE, FILL, OPEN, SHOW, CANCEL, WITHDRAW = (
    *("bestaetigen", "pausieren", "besetzt", "oeffnen", "zeigen", "absagen", "zurueckziehen"),
)
_NOTED: Final[Mapping[str, Did]] = MappingProxyType(
    {CONFIRM: Did.CONFIRMED, SHOW: Did.SHOWN_AGAIN, WITHDRAW: Did.WITHDRAWN}
)
VERBS: Final = (CONFIRM, PAUSE, FILL, OPEN, SHOW, CANCEL, WITHDRAW)
_STATUS_OF_OFFERS: Final[Mapping[str, str]] = MappingProxyType(
    {
        PAUSE: PAUSED,
        FILL: opportunity_rules.FILLED,
        OPEN: opportunity_rules.OPEN,
        WITHDRAW: opportunity_rules.WITHDRAWN,
    }
)
_STATUS_OF_EVENTS: Final[Mapping[str, str]] = MappingProxyType(
    {CANCEL: "cancelled", OPEN: "confirmed", WITHDRAW: event_rules.WITHDRAWN}
)

EXPIRED, FILLED, OPENED = opportunity_rules.EXPIRED, opportunity_rules.FILLED, opportunity_rules.OPEN
_OF_OFFERS: Final[Mapping[str, tuple[str, ...]]] = MappingProxyType(
    {OPENED: (CONFIRM, FILL, PAUSE, SHOW), EXPIRED: (CONFIRM,), PAUSED: (OPEN, FILL), FILLED: (OPEN,)}
)
_OF_EVENTS: Final[Mapping[str, tuple[str, ...]]] = MappingProxyType({OPENED: (SHOW, CANCEL), "abgesagt": (OPEN,)})


def verbs(entry: Entry) -> tuple[str, ...]:
    """Return what can be done with something published in its state, besides changing and withdrawing it."""
    offered = (_OF_OFFERS if entry.kind == OPPORTUNITY else _OF_EVENTS).get(entry.state, ())
    return tuple(verb for verb in offered if verb != SHOW or entry.again_from is None)


# --- titles -----------------------------------------------------------------------------------------------------------
@dataclass(frozen=True, slots=True)
class Title:
    """How something published is called."""

    page: str
    key: str
    title: str


def titles(work: Work, actor: str, kind: str) -> list[Title]:
    """Return how all of a kind is called that an organisation has published."""
    drafts = [(row.id, _draft(row)) for row in store.published(work, actor) if row.kind == kind]
    return [Title(page, draft.key, title_of(draft)) for page, draft in drafts]


@dataclass(frozen=True, slots=True)
class Named:
    """What something published is: its title and kind, `day` of one date of a series, `repeats` for all of them."""

    title: str
    kind: str
    day: datetime | None = None
    repeats: bool = False


def look_up(work: Work, actor: str, page: str) -> Named:
    """Return what something published is; raises `NotFound`."""
    row, repeated = store.find(work, actor, page), store.series(work, actor, page)
    if row is not None:
        draft = _draft(row)
        if isinstance(draft, event_rules.Draft):
            return Named(draft.name, EVENT, draft.starts_at if drafting.is_date(draft.key) else None)
        return Named(draft.details.title, OPPORTUNITY)
    if repeated is not None:
        return Named(values.load(event_rules.Draft, repeated.draft).name, EVENT, repeats=True)
    raise NotFound("Das gibt es hier nicht (mehr).")


def named(work: Work, actor: str, page: str) -> str:
    """Return how something published is called; raises `NotFound`."""
    return look_up(work, actor, page).title


def title_of(draft: Draft) -> str:
    """Return how something written is called."""
    return draft.name if isinstance(draft, event_rules.Draft) else draft.details.title
