"""How an enquiry begins: what may be asked about, and who asked, by whichever way, up to where it counts."""

from dataclasses import dataclass, replace

from sqlalchemy import ColumnElement

from fediverse_ehrenamt.discover import view
from fediverse_ehrenamt.engagements import rules, store, wire
from fediverse_ehrenamt.engagements.model import EnquiryRow
from fediverse_ehrenamt.engagements.rules import Person
from fediverse_ehrenamt.kit import html, ids
from fediverse_ehrenamt.kit.errors import Conflict, Gone, Invalid, NotFound, TooMany
from fediverse_ehrenamt.kit.sentences import sentence
from fediverse_ehrenamt.mail import sending
from fediverse_ehrenamt.organisations import actions as organisations
from fediverse_ehrenamt.search import store as documents
from fediverse_ehrenamt.search.model import POST, Document
from fediverse_ehrenamt.things import store as things
from fediverse_ehrenamt.things.wire import Thing
from fediverse_ehrenamt.vocab.types import Event, Opportunity, OpportunityDetails
from fediverse_ehrenamt.work import Work

CROWDED = sentence(
    "Heute kamen auf diesem Weg schon zu viele Anfragen. Bitte versuchen Sie es morgen noch einmal, oder wenden Sie "
    "sich direkt an die Organisation."
)
_TITLE = 200  # characters


@dataclass(frozen=True, slots=True)
class Offer:
    """An open offer or event of ours that may be asked about; `path` is its page, `home` that of its organisation.

    `helps` says that helpers are looked for. An answer is promised, and usual, within so many days.
    """

    uri: str
    title: str
    organisation: str
    name: str
    home: str
    path: str
    helps: bool
    promised: int | None
    usual: int | None


def offered(work: Work, page: str) -> Offer:
    """Return what may be asked about by its page's id.

    Raises `NotFound`, `Gone` where it was withdrawn, `Conflict` where it is another instance's or not open.
    """
    document = documents.find(work, page)
    if document is None and documents.is_gone(work, page):
        raise Gone("Das ist abgelaufen oder wurde zurückgezogen.")
    if document is None:
        raise NotFound("Diese Seite gibt es hier nicht.")
    return opened(work, document)


def opened(work: Work, document: Document) -> Offer:
    if document.kind == POST:
        raise NotFound("Diese Seite gibt es hier nicht.")
    if not document.local:
        raise Conflict("Das kommt aus einem anderen Portal; bitte melden Sie sich dort.")
    if document.status or (document.expires_at is not None and document.expires_at <= work.now):
        raise Conflict("Das ist nicht mehr offen.")
    author = things.author(work, document.organisation_uri)
    return Offer(
        uri=document.uri,
        title=html.shorten(html.visible(document.title), _TITLE),
        organisation=document.organisation_uri,
        name=html.visible(author.name),
        home=author.url,
        path=view.path(document),
        helps=_wanted(things.get(work, document.uri)) is not None,
        promised=promised(work, document.uri),
        usual=store.usual_days(work, document.organisation_uri),
    )


def _wanted(thing: Thing) -> OpportunityDetails | None:
    """Return what is said of the help that is looked for."""
    if isinstance(thing, Event):
        return thing.opportunity
    return thing.details if isinstance(thing, Opportunity) else None


def promised(work: Work, uri: str) -> int | None:
    wanted = _wanted(things.get(work, uri))
    return wanted.answer_within_days if wanted else None


def ask(work: Work, page: str, person: Person, form: str, language: str) -> EnquiryRow:
    """Note that somebody wants to help; by mail they are asked to confirm, by telephone it counts at once.

    The same form sent again is the same enquiry, and so is the same said again soon, by the back button. Raises as
    `offered`, `Invalid`, and `TooMany` with a sentence.
    """
    offer = offered(work, page)
    return _enter(work, offer, person, rules.MAIL_WAY if person.mail else rules.PHONE_WAY, form, language)


def enter(work: Work, page: str, person: Person, language: str, form: str = "") -> EnquiryRow:
    """Note an enquiry that a coordinator brings for somebody; it counts at once. Raises as `ask` does."""
    return _enter(work, offered(work, page), person, rules.COORDINATOR_WAY, form, language)


def _enter(work: Work, offer: Offer, person: Person, way: str, form: str, language: str) -> EnquiryRow:
    if found := rules.problems(person, way):
        raise Invalid(found)
    reached = person.mail.lower() or "".join(filter(str.isdigit, person.phone))
    mark = store.fingerprint(work, reached) if reached else ""
    formed = store.fingerprint(work, f"{form} {offer.uri} {person!r}") if form else None
    store.hold(work, mark, offer.organisation)
    held = (store.find_form(work, formed) if formed else None) or _just_asked(work, offer, mark, person)
    if held is not None:
        return held
    _bound(work, offer.organisation, mark, way)
    row = new_row(work, offer, way, language)
    row.mark, row.form = mark, formed
    store.set_person(work, row, person)
    work.db.add(row)
    work.db.flush()
    if way == rules.MAIL_WAY:
        sending.post(work, wire.question(store.sender(work, row), row, person))
    else:
        arrive(work, row, offer.promised)
    return row


def _just_asked(work: Work, offer: Offer, mark: str, person: Person) -> EnquiryRow | None:
    """Return the enquiry in which somebody has said the same a moment ago."""
    rows = store.asked_since(work, offer.uri, mark, work.now - rules.SAME_LASTS) if mark else ()
    return next((row for row in rows if store.person(work, row) == person), None)


def new_row(work: Work, offer: Offer, way: str, language: str) -> EnquiryRow:
    return EnquiryRow(
        code=ids.new_id(),
        organisation=offer.organisation,
        about=offer.uri,
        title=offer.title,
        language=language,
        way=way,
        state=rules.NEW,
        asked_at=work.now,
        changed_at=work.now,
    )


def _bound(work: Work, organisation: str, mark: str, way: str) -> None:
    """Raise `TooMany` where somebody asks too often, or too many do."""
    today, own = store.since(work), EnquiryRow.mark == mark
    phones = today & (EnquiryRow.way == rules.PHONE_WAY)
    here = EnquiryRow.organisation == organisation
    bounds: dict[str, list[tuple[int, ColumnElement[bool]]]] = {
        rules.MAIL_WAY: [
            (rules.ASKED_OF_ADDRESS, today & own),
            (rules.ASKED_UNCONFIRMED, today & EnquiryRow.confirmed_at.is_(None)),
        ],
        rules.PHONE_WAY: [
            (rules.ASKED_OF_PHONE, today & own),
            (rules.PHONES_OF_ORGANISATION, phones & here),
            (rules.PHONES_A_DAY, phones),
        ],
    }
    for most, which in [*bounds.get(way, []), (rules.KEPT_OF_ORGANISATION, here & ~EnquiryRow.erased)]:
        if store.count(work, which) >= most:
            raise TooMany(CROWDED, rules.DAY.total_seconds())


def arrive(work: Work, row: EnquiryRow, promised: int | None, text: str = "") -> None:
    """Let an enquiry count from now on, and bring it to the organisation; `text` is what was said in the fediverse."""
    row.confirmed_at = row.changed_at = work.now
    row.due_at = rules.due(work.now, promised)
    row.next_at = rules.next_look(work.now, row.due_at, work.now)
    to = organisations.recipient(work, row.organisation)
    if to:
        person = store.person(work, row)
        said = replace(person, text=person.text or text)
        sending.post(work, wire.to_organisation(store.sender(work, row), row, said, to))
    work.db.flush()
