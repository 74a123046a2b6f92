"""What came in for an organisation, in one list: enquiries, messages from the fediverse, public answers, quotes
and collections.

Of what somebody wrote there is one line, their newest message; what belongs to an enquiry stands there. What is late
comes first, then the newest.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from types import MappingProxyType
from typing import Final

from sqlalchemy import ColumnElement, Select, and_, case, func, literal, or_, select, true, union_all
from sqlalchemy.orm import aliased

from fediverse_ehrenamt.conversations import actions as conversations
from fediverse_ehrenamt.conversations import rules as talking
from fediverse_ehrenamt.conversations import store as talks
from fediverse_ehrenamt.conversations.model import MessageRow, ReplyRow
from fediverse_ehrenamt.conversations.store import Message, Reply
from fediverse_ehrenamt.engagements import rules, store
from fediverse_ehrenamt.engagements.model import EnquiryRow, EntryRow
from fediverse_ehrenamt.kit import html
from fediverse_ehrenamt.quotes import store as quoting
from fediverse_ehrenamt.quotes.model import QuoteRow
from fediverse_ehrenamt.quotes.store import Quote
from fediverse_ehrenamt.search import store as documents
from fediverse_ehrenamt.work import Work

ENQUIRY, MESSAGE, REPLY, QUOTE, COLLECTION = KINDS = ("anfrage", "nachricht", "antwort", "zitat", "sammlung")
"""What a line is; these are also parts of paths."""
WAITING, TALKS, DONE, ALL = "offen", "gespraech", "erledigt", "alle"
VIEWS: Final[Mapping[str, str]] = MappingProxyType(
    {WAITING: "Zu tun", TALKS: "Im Gespräch", DONE: "Erledigt", ALL: "Alles"}
)
"""Which lines are wanted, by what stands in the address, with their words (German)."""
LISTED: Final = 25  # lines of a page
PAGES: Final = 200  # that can be turned to
_EXCERPT: Final = 140  # characters


@dataclass(frozen=True, slots=True)
class Item:
    """One line: of what `kind`, by whom, about which offer (its title, "" for none), and how it begins; all plain.

    `state` is one of `engagements.rules.STATES`, `conversations.rules.LOOKED` or `.STATES`, by its kind; of a
    quote or a collection
    `conversations.rules.NEW`, then one of `quotes.rules.STATES`. `due_at` is until when an answer was promised, None
    where nobody waits for one. `new` says that nobody has looked at it.
    """

    kind: str
    id: int
    who: str
    about: str
    excerpt: str
    state: str
    since: datetime
    due_at: datetime | None
    new: bool


@dataclass(frozen=True, slots=True)
class Listing:
    """One page of lines, and whether there are more."""

    items: list[Item]
    more: bool


@dataclass(frozen=True, slots=True)
class Wanted:
    """Which lines are wanted: in which of VIEWS, and, where it is said, of which `kind` and about which objects."""

    view: str = WAITING
    kind: str = ""
    about: tuple[str, ...] | None = None


_Keys = Select[str, int, datetime, int]  # what it is, its number, since when, and 1 where it is late


# --- which there are --------------------------------------------------------------------------------------------------
_first, _other, _entry = aliased(MessageRow), aliased(MessageRow), aliased(EntryRow)


def listing(work: Work, organisation: str, wanted: Wanted, page: int) -> Listing:
    """Return a page (from 0) of what came in for an organisation (the URI of its actor)."""
    each = {
        ENQUIRY: (_enquiries(work, organisation, wanted.view), EnquiryRow.about),
        MESSAGE: (_messages(organisation, wanted.view), MessageRow.about),
        REPLY: (_replies(organisation, wanted.view), ReplyRow.object),
        QUOTE: (_quotes(organisation, wanted.view), QuoteRow.object),
        COLLECTION: (_quotes(organisation, wanted.view, COLLECTION), QuoteRow.object),
    }
    parts = [each[wanted.kind]] if wanted.kind else each.values()
    chosen = [keys if wanted.about is None else keys.where(about.in_(wanted.about)) for keys, about in parts]
    c = union_all(*chosen).subquery().c
    ordered = select(c.kind, c.id).order_by(c.late.desc(), c.at.desc(), c.kind, c.id.desc())
    rows = work.db.execute(ordered.limit(LISTED + 1).offset(page * LISTED)).all()
    keys = [(row.kind, row.id) for row in rows[:LISTED]]
    found = _load(work, organisation, keys)
    return Listing([found[key] for key in keys if key in found], len(rows) > LISTED)


def count_new(work: Work, organisation: str) -> int:
    """Count what nobody of an organisation has looked at or answered yet."""
    unread = or_(EnquiryRow.state == rules.NEW, _is_answered_by_person())
    enquiries = store.count(work, EnquiryRow.organisation == organisation, _counts(), unread)
    messages = _messages(organisation, ALL).where(MessageRow.state == talking.NEW).subquery()
    shown = (_quotes(organisation, WAITING, kind).subquery() for kind in (QUOTE, COLLECTION))
    all_ = (messages, _replies(organisation, WAITING).subquery(), *shown)
    written = sum(work.db.scalar(select(func.count()).select_from(one)) or 0 for one in all_)
    return enquiries + written


def count_erased(work: Work, organisation: str, about: tuple[str, ...]) -> int:
    """Count the enquiries about some objects of which nothing is left but that they were made."""
    mine = EnquiryRow.organisation == organisation, EnquiryRow.confirmed_at.is_not(None)
    return store.count(work, *mine, EnquiryRow.about.in_(about), EnquiryRow.erased.is_(true()))


def _counts() -> ColumnElement[bool]:
    return and_(EnquiryRow.confirmed_at.is_not(None), ~EnquiryRow.erased)


def _waits() -> ColumnElement[bool]:
    return and_(EnquiryRow.answered_at.is_(None), EnquiryRow.state.in_((rules.NEW, rules.READ)))


def _is_answered_by_person() -> ColumnElement[bool]:
    """Choose enquiries that go on and in which the person said something last, here or in the fediverse."""
    last = select(func.max(_entry.id)).where(_entry.enquiry == EnquiryRow.id).scalar_subquery()
    here = select(EntryRow.id).where(EntryRow.id == last, EntryRow.writer == rules.PERSON).exists()
    there = (
        select(_other.id)
        .join(_first, _first.person == _other.person)
        .where(_first.id == EnquiryRow.message, _other.organisation == EnquiryRow.organisation)
        .where(~_other.sent, _other.at >= EnquiryRow.asked_at, _other.state == talking.NEW)
    ).exists()
    return and_(EnquiryRow.state.in_((rules.TALKING, rules.AGREED)), or_(here, there))


def _enquiries(work: Work, organisation: str, view: str) -> _Keys:
    which = {
        WAITING: or_(_waits(), _is_answered_by_person()),
        TALKS: EnquiryRow.state.in_((rules.TALKING, rules.AGREED)),
        DONE: ~EnquiryRow.state.in_(rules.OPEN),
    }
    late = case((and_(_waits(), EnquiryRow.due_at < work.now), 1), else_=0)
    at = case((EnquiryRow.state == rules.NEW, EnquiryRow.confirmed_at), else_=EnquiryRow.changed_at)
    columns = literal(ENQUIRY).label("kind"), EnquiryRow.id.label("id"), at.label("at"), late.label("late")
    return select(*columns).where(EnquiryRow.organisation == organisation, _counts(), which.get(view, true()))


def _messages(organisation: str, view: str) -> _Keys:
    open_ = MessageRow.state != talking.DONE
    which = {WAITING: open_, TALKS: ~true(), DONE: ~open_}
    pair = _other.organisation == MessageRow.organisation, _other.person == MessageRow.person
    newer = select(_other.id).where(*pair, ~_other.sent, _other.id > MessageRow.id).exists()
    columns = (
        literal(MESSAGE).label("kind"), MessageRow.id.label("id"), MessageRow.at.label("at"), literal(0).label("late"),
    )  # fmt: skip
    mine = MessageRow.organisation == organisation, ~MessageRow.sent, ~newer, ~_enquiry_of(MessageRow).exists()
    return select(*columns).where(*mine, which.get(view, true()))


def _enquiry_of(message: type[MessageRow] | MessageRow) -> Select[int]:
    """Select the enquiry that a message belongs to: one, or each of a query where the class is given."""
    return (
        select(EnquiryRow.id)
        .join(_first, _first.id == EnquiryRow.message)
        .where(EnquiryRow.organisation == message.organisation, _first.person == message.person)
        .where(EnquiryRow.asked_at <= message.at)
        .order_by(EnquiryRow.id.desc())
        .limit(1)
    )


def enquiry_of(work: Work, message: MessageRow) -> int | None:
    """Return the number of the enquiry that a message belongs to, None for none."""
    return work.db.scalar(_enquiry_of(message))


def _replies(organisation: str, view: str) -> _Keys:
    open_ = ReplyRow.state == talking.WAITING
    which = {WAITING: open_, TALKS: ~true(), DONE: ~open_}
    columns = (
        literal(REPLY).label("kind"), ReplyRow.id.label("id"), ReplyRow.received_at.label("at"),
        literal(0).label("late"),
    )  # fmt: skip
    return select(*columns).where(ReplyRow.organisation == organisation, which.get(view, true()))


def _quotes(organisation: str, view: str, kind: str = QUOTE) -> _Keys:
    """Select quotes of what an organisation published, or collections that recommend it."""
    is_collection = QuoteRow.object == QuoteRow.organisation
    which = {WAITING: ~QuoteRow.seen, TALKS: ~true(), DONE: QuoteRow.seen}
    columns = (
        literal(kind).label("kind"), QuoteRow.id.label("id"), QuoteRow.received_at.label("at"),
        literal(0).label("late"),
    )  # fmt: skip
    mine = QuoteRow.organisation == organisation, is_collection if kind == COLLECTION else ~is_collection
    return select(*columns).where(*mine, which.get(view, true()))


def is_news(work: Work, row: EnquiryRow) -> bool:
    """Say whether somebody has written from the fediverse to their enquiry what nobody has looked at."""
    first = work.db.get(MessageRow, row.message) if row.message else None
    said = talks.said(work, row.organisation, first.person, row.asked_at) if first else ()
    return any(one.state == talking.NEW for one in said)


def see(work: Work, row: EnquiryRow) -> None:
    """Note that what was written from the fediverse to an enquiry has been looked at."""
    first = work.db.get(MessageRow, row.message) if row.message else None
    if first is not None:
        conversations.mark(work, first, talking.SEEN)


# --- what they say ----------------------------------------------------------------------------------------------------
def _load(work: Work, organisation: str, keys: list[tuple[str, int]]) -> dict[tuple[str, int], Item]:
    numbers = {kind: [number for one, number in keys if one == kind] for kind in KINDS}
    enquiries = store.of_numbers(work, numbers[ENQUIRY])
    firsts = [row.message for row in enquiries if row.message is not None]
    messages = {one.id: one for one in talks.messages_of(work, {*numbers[MESSAGE], *firsts})}
    replies = talks.replies(work, numbers=numbers[REPLY])
    quotes = quoting.quotes(work, organisation, [*numbers[QUOTE], *numbers[COLLECTION]])
    about = {one.about for one in messages.values()} | {one.object for one in replies} | {one.object for one in quotes}
    titles = {one.uri: html.visible(one.title) for one in documents.among(work, sorted(about - {""}))}
    items = [_of_enquiry(work, row, messages) for row in enquiries]
    items += [_of_message(messages[number], titles) for number in numbers[MESSAGE] if number in messages]
    items += [_of_reply(one, titles) for one in replies]
    items += [_of_quote(one, titles) for one in quotes]
    return {(item.kind, item.id): item for item in items}


def _of_enquiry(work: Work, row: EnquiryRow, messages: Mapping[int, Message]) -> Item:
    person = store.person(work, row)
    first = messages.get(row.message or 0)
    waits = row.answered_at is None and row.state in {rules.NEW, rules.READ}
    posted = html.beginning(first.content, _EXCERPT) if first else ""
    return Item(
        kind=ENQUIRY,
        id=row.id,
        who=person.name,
        about=row.title,
        excerpt=html.shorten(person.text, _EXCERPT) or posted,
        state=row.state,
        since=row.confirmed_at or row.asked_at,
        due_at=row.due_at if waits else None,
        new=row.state == rules.NEW,
    )


def _of_message(one: Message, titles: Mapping[str, str]) -> Item:
    return Item(
        kind=MESSAGE,
        id=one.id,
        who=html.visible(one.person_name),
        about=titles.get(one.about, ""),
        excerpt=html.beginning(one.content, _EXCERPT),
        state=one.state,
        since=one.at,
        due_at=None,
        new=one.state == talking.NEW,
    )


def _of_reply(one: Reply, titles: Mapping[str, str]) -> Item:
    return Item(
        kind=REPLY,
        id=one.id,
        who=html.visible(one.author_name),
        about=titles.get(one.object, ""),
        excerpt=html.beginning(one.warning or one.content, _EXCERPT),
        state=one.state,
        since=one.published_at,
        due_at=None,
        new=one.state == talking.WAITING,
    )


def _of_quote(one: Quote, titles: Mapping[str, str]) -> Item:
    return Item(
        kind=COLLECTION if one.is_collection else QUOTE,
        id=one.id,
        who=html.visible(one.author_name),
        about=titles.get(one.object, ""),
        excerpt=html.beginning(one.content, _EXCERPT),
        state=one.state if one.seen else talking.NEW,
        since=one.published_at,
        due_at=None,
        new=not one.seen,
    )
