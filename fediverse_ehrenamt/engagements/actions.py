"""What is done about enquiries: look, confirm, take a step, remind, erase. Each in one Work.

Whoever holds an enquiry's private link acts for one side; `admit` is the one place that decides who may. Looking
changes nothing, for mail scanners follow every link that they see.
"""

from collections.abc import Collection
from dataclasses import dataclass, replace
from datetime import datetime

from fediverse_ehrenamt.conversations import store as talks
from fediverse_ehrenamt.conversations.model import MessageRow
from fediverse_ehrenamt.discover import view
from fediverse_ehrenamt.engagements import asking, replying, rules, store, wire
from fediverse_ehrenamt.engagements.model import EnquiryRow
from fediverse_ehrenamt.engagements.rules import Person
from fediverse_ehrenamt.engagements.store import Entry
from fediverse_ehrenamt.kit import html
from fediverse_ehrenamt.kit.errors import Conflict, Forbidden, Gone, Invalid
from fediverse_ehrenamt.kit.tokens import WrongToken
from fediverse_ehrenamt.mail import links, sending
from fediverse_ehrenamt.organisations import actions as organisations
from fediverse_ehrenamt.things import store as things
from fediverse_ehrenamt.work import Work


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
        asking.arrive(work, row, asking.promised(work, row.about) if things.find(work, row.about) else None)


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
    writer = store.sender(work, row)
    if step.writer == rules.PERSON:
        to = organisations.recipient(work, row.organisation)
        if to and step.step == rules.WRITE:
            sending.post(work, wire.told_organisation(writer, row, to, person, step.text))
        elif to:
            sending.post(work, wire.withdrawn(writer, row, to))
    elif step.step in {rules.ACKNOWLEDGE, rules.TALK}:
        return  # the state tells it
    elif person.account:
        replying.answer(work, row, person, step.step, step.text)
    elif person.mail:
        sending.post(work, wire.to_person(writer, row, person, step.step, step.text))


# --- reminding and erasing --------------------------------------------------------------------------------------------
def erase(work: Work, row: EnquiryRow) -> None:
    """Erase all that a person gave, at their wish; the organisation sees that the enquiry was withdrawn."""
    to = organisations.recipient(work, row.organisation)
    if row.confirmed_at is None:
        forget_letters(work, [row.code])
        work.db.delete(row)
        return
    is_news = row.state != rules.WITHDRAWN
    row.state, row.reason, row.changed_at = rules.WITHDRAWN, "", work.now
    forget(work, row)
    if to and is_news:
        sending.post(work, wire.withdrawn(store.sender(work, row), row, to))


def forget(work: Work, row: EnquiryRow) -> None:
    """Erase who asked and all that was said, also in the fediverse."""
    account = store.person(work, row).account
    if account:
        own = (MessageRow.organisation == row.organisation) & (MessageRow.person == account)
        talks.erase_messages(work, own & (MessageRow.at >= row.asked_at))
    forget_letters(work, [row.code])
    store.erase(work, row)


def forget_letters(work: Work, codes: Collection[str]) -> None:
    """Erase what still waits in letters about enquiries, or could not be delivered."""
    sending.forget_about(work, wire.PURPOSES.values(), codes)


def remind(work: Work, row: EnquiryRow) -> None:
    """Write to an organisation at a coordinator's wish that somebody waits, at most once a day for each enquiry.

    Raises `Conflict` where nobody waits any more, a letter went out within a day, or there is no address.
    """
    if row.answered_at is not None or row.state not in {rules.NEW, rules.READ}:
        raise Conflict("Diese Anfrage ist schon beantwortet oder beendet.")
    if row.reminded_at is not None and work.now < row.reminded_at + rules.DAY:
        raise Conflict("An diese Anfrage wurde heute schon erinnert. Morgen geht es wieder.")
    to = organisations.recipient(work, row.organisation)
    if to is None:
        raise Conflict("Diese Organisation hat keine Mailadresse hinterlegt; bitte rufen Sie dort an.")
    row.reminded_at = work.now
    sending.post(work, wire.reminder(store.sender(work, row), row, store.person(work, row), to, by_hand=True))
