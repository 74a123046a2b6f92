"""What is done about enquiries: ask, confirm, take a step, remind, erase. Each in one Work.

Whoever holds an enquiry's private link acts for one side; `admit` is the one place that decides who may. Looking
changes nothing, for mail scanners follow every link that they see.
"""

from dataclasses import dataclass, replace
from datetime import datetime

from sqlalchemy import ColumnElement

from fediverse_ehrenamt.conversations import store as talks
from fediverse_ehrenamt.conversations.model import MessageRow
from fediverse_ehrenamt.discover import view
from fediverse_ehrenamt.engagements import replying, rules, store, wire
from fediverse_ehrenamt.engagements.model import EnquiryRow
from fediverse_ehrenamt.engagements.rules import Person
from fediverse_ehrenamt.engagements.store import Entry
from fediverse_ehrenamt.federation import actors, peers
from fediverse_ehrenamt.kit import html, ids
from fediverse_ehrenamt.kit.errors import Conflict, Forbidden, Gone, Invalid, NotFound, TooMany
from fediverse_ehrenamt.kit.tokens import WrongToken
from fediverse_ehrenamt.mail import links, sending
from fediverse_ehrenamt.organisations import actions as organisations
from fediverse_ehrenamt.search import store as documents
from fediverse_ehrenamt.search.model import POST, Document
from fediverse_ehrenamt.things import store as things
from fediverse_ehrenamt.things.wire import Thing
from fediverse_ehrenamt.vocab.types import Event, Opportunity, OpportunityDetails
from fediverse_ehrenamt.web import i18n
from fediverse_ehrenamt.work import Work

_TITLE = 200


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


@dataclass(frozen=True, slots=True)
class Enquiry:
    """An enquiry as those who may see it read it; all texts are plain. `path` is the offer's page, "" once it is gone.

    `told` says that the organisation can be reached by mail.
    """

    id: int
    code: str
    title: str
    path: str
    organisation: str
    name: str
    way: str
    state: str
    reason: str
    person: Person
    entries: tuple[Entry, ...]
    asked_at: datetime
    confirmed_at: datetime | None
    due_at: datetime | None
    answered_at: datetime | None
    erased: bool
    told: bool


@dataclass(frozen=True, slots=True)
class Step:
    """A step as somebody takes it; `form` names the form that was sent, so that the same twice is one."""

    writer: str
    step: str
    text: str = ""
    reason: str = ""
    form: str = ""


# --- asking -----------------------------------------------------------------------------------------------------------
def offered(work: Work, page: str) -> Offer:
    """Return what may be asked about by its page's id.

    Raises `NotFound`, `Gone` where it was withdrawn, `Conflict` where it is another instance's or not open.
    """
    document = documents.find(work, page)
    if document is None and documents.is_gone(work, page):
        raise Gone("Das ist abgelaufen oder wurde zurückgezogen.")
    if document is None:
        raise NotFound("Diese Seite gibt es hier nicht.")
    return _opened(work, document)


def _opened(work: Work, document: Document) -> Offer:
    if document.kind == POST:
        raise NotFound("Diese Seite gibt es hier nicht.")
    if not document.local:
        raise Conflict("Dieses Angebot kommt aus einem anderen Portal; bitte melden Sie sich dort.")
    if document.status or (document.expires_at is not None and document.expires_at <= work.now):
        raise Conflict("Dieses Angebot ist nicht mehr offen.")
    author = things.author(work, document.organisation_uri)
    return Offer(
        uri=document.uri,
        title=html.shorten(html.visible(document.title), _TITLE),
        organisation=document.organisation_uri,
        name=html.visible(author.name),
        home=author.url,
        path=view.path(document),
        helps=_wanted(things.get(work, document.uri)) is not None,
        promised=_promised(work, document.uri),
        usual=store.usual_days(work, document.organisation_uri),
    )


def _wanted(thing: Thing) -> OpportunityDetails | None:
    """Return what is said of the help that is looked for."""
    if isinstance(thing, Event):
        return thing.opportunity
    return thing.details if isinstance(thing, Opportunity) else None


def _promised(work: Work, uri: str) -> int | None:
    wanted = _wanted(things.get(work, uri))
    return wanted.answer_within_days if wanted else None


def ask(work: Work, page: str, person: Person, form: str, language: str) -> EnquiryRow:
    """Note that somebody wants to help; by mail they are asked to confirm, by telephone it counts at once.

    The same form sent again is the same enquiry. Raises as `offered`, `Invalid`, and `TooMany` with a sentence.
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
    held = store.find_form(work, formed) if formed else None
    if held is not None:
        return held
    _bound(work, offer.organisation, mark, way)
    row = new_row(work, offer, way, language)
    row.mark, row.form = mark, formed
    store.set_person(work, row, person)
    work.db.add(row)
    work.db.flush()
    if way == rules.MAIL_WAY:
        sending.post(work, wire.question(sender(work, row), row, person))
    else:
        arrive(work, row, offer.promised)
    return row


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
            raise TooMany(
                "Heute kamen auf diesem Weg schon zu viele Anfragen. Bitte versuchen Sie es morgen noch einmal, oder "
                "wenden Sie sich direkt an die Organisation.",
                rules.DAY.total_seconds(),
            )


def arrive(work: Work, row: EnquiryRow, promised: int | None, text: str = "") -> None:
    """Let an enquiry count from now on, and bring it to the organisation; `text` is what was said in the fediverse."""
    row.confirmed_at = row.changed_at = work.now
    row.due_at = rules.due(work.now, promised)
    row.next_at = rules.next_look(work.now, row.due_at, work.now)
    mail = organisations.mail_of(work, row.organisation)
    if mail:
        person = store.person(work, row)
        said = replace(person, text=person.text or text)
        sending.post(work, wire.to_organisation(sender(work, row), row, said, mail))
    work.db.flush()


def sender(work: Work, row: EnquiryRow) -> wire.From:
    name = html.visible(things.author(work, row.organisation).name)
    return wire.From(work.settings, actors.instance(work).name, work.now, name)


# --- who may ----------------------------------------------------------------------------------------------------------
def admit(work: Work, side: str, code: str, token: str, *, changes: bool = False) -> EnquiryRow:
    """Return the enquiry that a private link lets its holder act in for one side, held where something `changes`.

    Raises `Forbidden` where the link was not made here, `Gone` where it has expired, was not confirmed in time or the
    enquiry was erased; the organisation still sees that one was withdrawn.
    """
    row = store.find(work, code, changes=changes)
    try:
        until = links.valid_until(work.settings, wire.PURPOSES[side], code, token)
    except WrongToken as error:
        raise Forbidden("Dieser Link ist unvollständig oder nicht von uns.") from error
    seen = row is not None and (not row.erased or (side == rules.ORGANISATION and row.state == rules.WITHDRAWN))
    if row is None or not seen:
        raise Gone("Diese Anfrage ist gelöscht.")
    if row.confirmed_at is None and row.asked_at + rules.CONFIRM_WITHIN <= work.now:
        raise Gone(
            "Diese Anfrage wurde nicht rechtzeitig bestätigt und ist gelöscht. Bitte stellen Sie sie noch einmal."
        )
    if until <= work.now:
        raise Gone("Dieser Link ist abgelaufen.")
    return row


def look(work: Work, row: EnquiryRow) -> Enquiry:
    """Return an enquiry with all that was said."""
    thing = things.find(work, row.about)
    person = store.person(work, row)
    return Enquiry(
        id=row.id,
        code=row.code,
        title=row.title,
        path=f"{view.PATHS[thing.kind]}/{thing.id}" if thing else "",
        organisation=row.organisation,
        name=html.visible(things.author(work, row.organisation).name),
        way=row.way,
        state=row.state,
        reason=row.reason,
        person=person,
        entries=tuple(sorted([*store.entries(work, row), *_heard(work, row, person)], key=lambda entry: entry.at)),
        asked_at=row.asked_at,
        confirmed_at=row.confirmed_at,
        due_at=row.due_at,
        answered_at=row.answered_at,
        erased=row.erased,
        told=bool(organisations.mail_of(work, row.organisation)),
    )


def _heard(work: Work, row: EnquiryRow, person: Person) -> list[Entry]:
    """Return what somebody said to the organisation in the fediverse since they asked."""
    notes = talks.said(work, row.organisation, person.account, row.asked_at) if person.account else ()
    return [Entry(note.at, rules.PERSON, rules.WRITE, html.text(note.content)) for note in notes]


def look_by_link(work: Work, side: str, code: str, token: str) -> Enquiry:
    """Return the enquiry of a private link; raises as `admit` does."""
    return look(work, admit(work, side, code, token))


def account(work: Work, side: str, code: str, token: str) -> str:
    """Return the fediverse account that an enquiry came from, "" for none; raises as `admit` does."""
    return store.person(work, admit(work, side, code, token)).account


# --- steps ------------------------------------------------------------------------------------------------------------
def confirm(work: Work, row: EnquiryRow) -> None:
    """Say that an enquiry is one's own, so that the organisation gets it; once more changes nothing."""
    if row.confirmed_at is None:
        arrive(work, row, _promised(work, row.about) if things.find(work, row.about) else None)


def take(work: Work, row: EnquiryRow, step: Step) -> bool:
    """Take a step in an enquiry that is held, and tell the other side; return False where it was taken before.

    Raises `Conflict` where its state does not allow it, `Invalid` where words or a reason are missing.
    """
    assert step.step in rules.STEPS[step.writer]
    formed = store.fingerprint(work, f"{step.form} {row.code} {step!r}") if step.form else None
    if formed and store.was_sent(work, formed):
        return False
    if row.confirmed_at is None or row.erased or store.count_entries(work, row) >= rules.ENTRIES:
        raise Conflict("Das geht nicht mehr: Der Stand dieser Anfrage hat sich inzwischen geändert.")
    state = rules.after(row.state, step.step)
    said = replace(step, text=step.text.strip())
    if wrong := [*rules.wrong_text(step.step, said.text), *rules.wrong_reason(step.step, step.reason)]:
        raise Invalid(wrong)
    row.state, row.changed_at = state, work.now
    row.reason = step.reason if step.step == rules.CLOSE else ""
    if step.step in rules.FIRST_ANSWERS and row.answered_at is None:
        row.answered_at = work.now
    if row.answered_at is not None or state not in rules.OPEN:
        row.next_at = None
    store.add_entry(work, row, Entry(work.now, step.writer, step.step, said.text), formed)
    _tell(work, row, said)
    return True


def _tell(work: Work, row: EnquiryRow, step: Step) -> None:
    person = store.person(work, row)
    writer = sender(work, row)
    if step.writer == rules.PERSON:
        mail = organisations.mail_of(work, row.organisation)
        if mail and step.step == rules.WRITE:
            sending.post(work, wire.told_organisation(writer, row, mail, person.name, step.text))
        elif mail:
            sending.post(work, wire.withdrawn(writer, row, mail))
    elif step.step in {rules.ACKNOWLEDGE, rules.TALK}:
        return  # the state tells it
    elif person.account:
        replying.answer(work, row, person, step.step, step.text)
    elif person.mail:
        sending.post(work, wire.to_person(writer, row, person, step.step, step.text))


# --- the fediverse ----------------------------------------------------------------------------------------------------
def hear(work: Work, message: MessageRow, way: str = rules.FEDIVERSE_WAY) -> None:
    """Let a direct message about an open offer of ours be an enquiry; one to an organisation that was asked goes on.

    What is about nothing, or too much for a day, stays a message like any other.
    """
    if message.sent or message.public or message.at < work.now:
        return  # the last: it was heard before
    mark = store.fingerprint(work, message.person)
    store.hold(work, mark, message.organisation)
    held = store.find_open(work, message.organisation, mark)
    _, name = talks.named(message.person, peers.find(work, message.person))
    if held is not None:
        _go_on(work, held, name, message, way)
        return
    document = next(iter(documents.among(work, [message.about])), None) if message.about else None
    if document is None or store.count(work, store.since(work) & (EnquiryRow.mark == mark)) >= rules.ASKED_OF_ADDRESS:
        return
    try:
        offer = _opened(work, document)
    except (NotFound, Conflict):
        return
    row = new_row(work, offer, way, i18n.DEFAULT)
    row.mark, row.message = mark, message.id
    store.set_person(work, row, Person(name=html.shorten(html.visible(name), rules.NAME[1]), account=message.person))
    work.db.add(row)
    work.db.flush()
    arrive(work, row, offer.promised, html.text(message.content))


def _go_on(work: Work, row: EnquiryRow, name: str, message: MessageRow, way: str) -> None:
    if row.message == message.id:
        return
    row.changed_at = work.now
    if way == rules.AGREEMENT_WAY and message.about == row.about:
        row.way, row.message = way, message.id  # from now on this is what is accepted or rejected
    mail = organisations.mail_of(work, row.organisation)
    if mail:
        sending.post(work, wire.told_organisation(sender(work, row), row, mail, name, html.text(message.content)))


def take_back(work: Work, account: str, offer: str) -> None:
    """Follow somebody who takes back the Offer of an Agreement (by its id): they do not wait any more."""
    for row in store.of_mark(work, store.fingerprint(work, account)) if work.settings.secret else ():
        if (
            row.way == rules.AGREEMENT_WAY
            and rules.may(row.state, rules.WITHDRAW)
            and replying.offer(work, row) == offer
        ):
            take(work, row, Step(rules.PERSON, rules.WITHDRAW))


def lose(work: Work, account: str) -> None:
    """Follow what somebody in the fediverse deleted: an enquiry of which nothing is left was withdrawn."""
    for row in store.of_mark(work, store.fingerprint(work, account)) if work.settings.secret else ():
        if row.message is not None and not talks.said(work, row.organisation, account, row.asked_at):
            erase(work, row)


def erase(work: Work, row: EnquiryRow) -> None:
    """Erase all that a person gave, at their wish; the organisation sees that the enquiry was withdrawn."""
    mail = organisations.mail_of(work, row.organisation)
    if row.confirmed_at is None:
        work.db.delete(row)
        return
    if mail and row.state != rules.WITHDRAWN:
        sending.post(work, wire.withdrawn(sender(work, row), row, mail))
    row.state, row.reason, row.changed_at = rules.WITHDRAWN, "", work.now
    forget(work, row)


def forget(work: Work, row: EnquiryRow) -> None:
    """Erase who asked and all that was said, also in the fediverse."""
    account = store.person(work, row).account
    if account:
        own = (MessageRow.organisation == row.organisation) & (MessageRow.person == account)
        talks.erase_messages(work, own & (MessageRow.at >= row.asked_at))
    store.erase(work, row)


def remind(work: Work, row: EnquiryRow) -> None:
    """Write to an organisation at a coordinator's wish that somebody waits, at most once a day for each enquiry.

    Raises `Conflict` where nobody waits any more, a letter went out within a day, or there is no address.
    """
    if row.answered_at is not None or row.state not in {rules.NEW, rules.READ}:
        raise Conflict("Diese Anfrage ist schon beantwortet oder beendet.")
    if row.reminded_at is not None and work.now < row.reminded_at + rules.DAY:
        raise Conflict("An diese Anfrage wurde heute schon erinnert. Morgen geht es wieder.")
    mail = organisations.mail_of(work, row.organisation)
    if not mail:
        raise Conflict("Diese Organisation hat keine Mailadresse hinterlegt; bitte rufen Sie dort an.")
    row.reminded_at = work.now
    sending.post(work, wire.reminder(sender(work, row), row, store.person(work, row), mail, by_hand=True))
