"""The queries of enquiries; the only place where what is sealed is opened. Nothing here decides."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import cast

from sqlalchemy import ColumnElement, Table, delete, func, or_, select, update

from fediverse_ehrenamt.engagements import rules, wire
from fediverse_ehrenamt.engagements.model import EnquiryRow, EntryRow
from fediverse_ehrenamt.engagements.rules import Person, Waited
from fediverse_ehrenamt.federation import actors, own_keys
from fediverse_ehrenamt.kit import html, sealing, values
from fediverse_ehrenamt.kit.errors import NotFound, Unavailable
from fediverse_ehrenamt.kit.sentences import sentence
from fediverse_ehrenamt.organisations.model import ContactRow
from fediverse_ehrenamt.storage import locks
from fediverse_ehrenamt.storage.once import among
from fediverse_ehrenamt.things import store as things
from fediverse_ehrenamt.work import Work

LISTED = 200
_MEASURED = 1_000  # enquiries of one organisation, the newest
_enquiries = cast("Table", EnquiryRow.__table__)


@dataclass(frozen=True, slots=True)
class Entry:
    """One step as those who may see it read it: `text` is plain."""

    at: datetime
    writer: str
    step: str
    text: str


# --- sealed -----------------------------------------------------------------------------------------------------------
def seal(work: Work, text: str, place: str) -> str:
    if not work.settings.secret:
        raise Unavailable(own_keys.MISSING)
    return sealing.seal(work.settings.secret, text, place)


def _open(work: Work, sealed: str, place: str) -> str:
    secrets = (one for one in (work.settings.secret, work.settings.former_secret) if one)
    secret = next((one for one in secrets if sealing.is_sealed_by(one, sealed)), "")
    try:
        return sealing.unseal(secret, sealed, place)
    except sealing.WrongSecret as error:
        raise Unavailable(own_keys.WRONG) from error


def set_person(work: Work, row: EnquiryRow, person: Person) -> None:
    row.sealed = seal(work, values.dump(person), _place(row))


def person(work: Work, row: EnquiryRow) -> Person:
    """Return who asks; nobody any more, once that was erased."""
    return values.load(Person, _open(work, row.sealed, _place(row))) if row.sealed else Person(name="")


def sender(work: Work, row: EnquiryRow) -> wire.From:
    """Return what letters about an enquiry need."""
    name = html.visible(things.author(work, row.organisation).name)
    return wire.From(work.settings, actors.instance(work).name, work.now, name)


def _place(row: EnquiryRow) -> str:
    return f"enquiry {row.code}"


def fingerprint(work: Work, text: str) -> str:
    """Return by what the same mail address, number or form is found again."""
    if not work.settings.secret:
        raise Unavailable(own_keys.MISSING)
    return sealing.fingerprint(work.settings.secret, text)


def reseal(work: Work) -> int:
    """Seal with the present secret what was sealed with the former one; return how many enquiries there were."""
    changed = 0
    for row in work.db.scalars(select(EnquiryRow).where(EnquiryRow.sealed != "").with_for_update()):
        if not sealing.is_sealed_by(work.settings.secret, row.sealed):
            set_person(work, row, person(work, row))
            changed += 1
            for entry in _entries(work, row):
                entry.sealed = seal(work, _open(work, entry.sealed, _place(row)), _place(row))
    return changed


# --- one enquiry ------------------------------------------------------------------------------------------------------
def hold(work: Work, *names: str) -> None:
    """Let nobody else decide about addresses or organisations until this transaction ends."""
    locks.hold(work.db, *sorted(f"enquiries {name}" for name in names if name))


def find(work: Work, code: str, *, changes: bool = False) -> EnquiryRow | None:
    """Return the enquiry with a code; held, where something is to be `changed`."""
    chosen = select(EnquiryRow).where(EnquiryRow.code == code)
    return work.db.scalar(chosen.with_for_update() if changes else chosen)


def get(work: Work, number: int, *, changes: bool = False) -> EnquiryRow:
    """Return the enquiry with a number; raises `NotFound` also for one that nobody confirmed."""
    chosen = select(EnquiryRow).where(EnquiryRow.id == number, EnquiryRow.confirmed_at.is_not(None))
    row = work.db.scalar(chosen.with_for_update() if changes else chosen)
    if row is None:
        raise NotFound(sentence("Eine Anfrage mit der Nummer %(number)s gibt es nicht (mehr).", number=number))
    return row


def find_form(work: Work, form: str) -> EnquiryRow | None:
    return work.db.scalar(select(EnquiryRow).where(EnquiryRow.form == form))


def find_open(work: Work, organisation: str, mark: str) -> EnquiryRow | None:
    """Return the newest enquiry to an organisation by whoever has a mark that is still open, held."""
    mine = EnquiryRow.mark == mark, EnquiryRow.organisation == organisation, EnquiryRow.state.in_(rules.OPEN)
    return work.db.scalar(select(EnquiryRow).where(*mine).order_by(EnquiryRow.id.desc()).limit(1).with_for_update())


def asked_since(work: Work, about: str, mark: str, since: datetime) -> Sequence[EnquiryRow]:
    """Return the open enquiries about an object by whoever has a mark that were made after a moment."""
    mine = EnquiryRow.mark == mark, EnquiryRow.about == about, EnquiryRow.state.in_(rules.OPEN)
    return work.db.scalars(select(EnquiryRow).where(*mine, EnquiryRow.asked_at > since)).all()


def of_mark(work: Work, mark: str) -> Sequence[EnquiryRow]:
    """Return all enquiries by whoever has a mark, held."""
    return work.db.scalars(select(EnquiryRow).where(EnquiryRow.mark == mark).with_for_update()).all()


def made_by(work: Work, mark: str) -> Sequence[EnquiryRow]:
    """Return all enquiries by whoever has a mark, to be read only."""
    return work.db.scalars(select(EnquiryRow).where(EnquiryRow.mark == mark).order_by(EnquiryRow.id)).all()


def was_sent(work: Work, form: str) -> bool:
    """Say whether a step with this form was taken already."""
    return work.db.scalar(select(EntryRow.id).where(EntryRow.form == form)) is not None


def add_entry(work: Work, row: EnquiryRow, entry: Entry, form: str | None) -> None:
    sealed = seal(work, entry.text, _place(row))
    made = EntryRow(enquiry=row.id, at=entry.at, writer=entry.writer, step=entry.step, sealed=sealed, form=form)
    work.db.add(made)
    work.db.flush()


def entries(work: Work, row: EnquiryRow) -> list[Entry]:
    """Return the steps of an enquiry, the oldest first."""
    return [Entry(one.at, one.writer, one.step, _open(work, one.sealed, _place(row))) for one in _entries(work, row)]


def _entries(work: Work, row: EnquiryRow) -> Sequence[EntryRow]:
    chosen = select(EntryRow).where(EntryRow.enquiry == row.id).order_by(EntryRow.id)
    return work.db.scalars(chosen.limit(rules.ENTRIES)).all()


def count_entries(work: Work, row: EnquiryRow) -> int:
    return work.db.scalar(select(func.count()).select_from(EntryRow).where(EntryRow.enquiry == row.id)) or 0


# --- many -------------------------------------------------------------------------------------------------------------
def count(work: Work, *conditions: ColumnElement[bool]) -> int:
    return work.db.scalar(select(func.count()).select_from(_enquiries).where(*conditions)) or 0


def newest(work: Work) -> int:
    """Return the number of the newest enquiry, 0 where there is none."""
    return work.db.scalar(select(func.max(_enquiries.c.id))) or 0


def since(work: Work) -> ColumnElement[bool]:
    """Choose what was asked within a day."""
    return _enquiries.c.asked_at > work.now - rules.DAY


def listing(
    work: Work, organisation: str = "", states: Collection[str] = (), *, overdue: bool = False
) -> Sequence[EnquiryRow]:
    """Return up to `LISTED` confirmed enquiries, the newest first; `overdue`: those that the coordinator is to see."""
    chosen = select(EnquiryRow).where(EnquiryRow.confirmed_at.is_not(None))
    if organisation:
        chosen = chosen.where(EnquiryRow.organisation == organisation)
    if states:
        chosen = chosen.where(EnquiryRow.state.in_(states))
    if overdue:
        chosen = chosen.where(*_waits(), is_overdue(work))
    return work.db.scalars(chosen.order_by(EnquiryRow.id.desc()).limit(LISTED)).all()


def of_numbers(work: Work, numbers: Collection[int]) -> Sequence[EnquiryRow]:
    """Return the enquiries with these numbers, those that there are."""
    return work.db.scalars(select(EnquiryRow).where(EnquiryRow.id.in_(numbers))).all()


def counts_of(work: Work, uris: Collection[str]) -> dict[str, int]:
    """Count the confirmed enquiries about each of these objects; what nobody asked about is not named."""
    c = _enquiries.c
    chosen = select(c.about, func.count()).where(c.about.in_(uris), c.confirmed_at.is_not(None)).group_by(c.about)
    return {row[0]: row[1] for row in work.db.execute(chosen)}


def follow(work: Work, old: str, new: str) -> None:
    """Let enquiries about an object be about the one that has taken its place."""
    work.db.execute(update(EnquiryRow).where(EnquiryRow.about == old).values(about=new))


def waiting(work: Work, *conditions: ColumnElement[bool], start: int, limit: int) -> Sequence[EnquiryRow]:
    """Return enquiries of all organisations that wait for a first answer, the longest promised first."""
    chosen = select(EnquiryRow).where(EnquiryRow.confirmed_at.is_not(None), ~EnquiryRow.erased, *_waits(), *conditions)
    return work.db.scalars(chosen.order_by(EnquiryRow.due_at, EnquiryRow.id).offset(start).limit(limit)).all()


def entered(work: Work) -> Sequence[EnquiryRow]:
    """Return up to `LISTED` enquiries in any state that coordinators entered for somebody, the newest first."""
    mine = EnquiryRow.way == rules.COORDINATOR_WAY, ~EnquiryRow.erased
    return work.db.scalars(select(EnquiryRow).where(*mine).order_by(EnquiryRow.id.desc()).limit(LISTED)).all()


def is_overdue(work: Work) -> ColumnElement[bool]:
    """Choose what is so late that the coordinator is to see it."""
    return EnquiryRow.due_at <= work.now - rules.OVERDUE_AFTER


def is_unreached() -> ColumnElement[bool]:
    """Choose what was asked of organisations without a mail address, which nobody has told."""
    return ~select(ContactRow.actor).where(ContactRow.actor == EnquiryRow.organisation).exists()


def count_overdue(work: Work) -> int:
    """Count what the coordinator is to see."""
    return count(work, EnquiryRow.confirmed_at.is_not(None), ~EnquiryRow.erased, *_waits(), is_overdue(work))


def to_remind(work: Work, limit: int) -> Sequence[EnquiryRow]:
    """Return up to `limit` enquiries whose next reminder is due, held; those of another worker are left to it."""
    chosen = select(EnquiryRow).where(EnquiryRow.next_at <= work.now).order_by(EnquiryRow.next_at)
    return work.db.scalars(chosen.limit(limit).with_for_update(skip_locked=True)).all()


def _waits() -> tuple[ColumnElement[bool], ...]:
    return EnquiryRow.answered_at.is_(None), EnquiryRow.state.in_((rules.NEW, rules.READ))


def usual_days(work: Work, organisation: str) -> int | None:
    """Return within how many days an organisation usually answers, None where that cannot be said."""
    c = _enquiries.c
    chosen = (
        select(c.confirmed_at, c.due_at, c.answered_at)
        .where(c.organisation == organisation, c.confirmed_at > work.now - rules.ANSWERS_COUNT)
        .where(or_(c.state != rules.WITHDRAWN, c.answered_at.is_not(None)))  # nobody answers what was taken back
        .order_by(c.asked_at.desc())
    )
    rows = work.db.execute(chosen.limit(_MEASURED))
    return rules.usual_days((Waited(row.confirmed_at, row.due_at, row.answered_at) for row in rows), work.now)


# --- erasing ----------------------------------------------------------------------------------------------------------
def erase(work: Work, row: EnquiryRow) -> None:
    """Erase who asked and all that was said; that there was an enquiry stays for a while, to be counted."""
    work.db.execute(delete(EntryRow).where(EntryRow.enquiry == row.id))
    row.sealed, row.mark, row.form, row.message = "", "", None, None
    row.erased, row.next_at = True, None
    work.db.flush()


def remove_unconfirmed(work: Work, before: datetime, limit: int) -> list[str]:
    """Remove up to `limit` enquiries that nobody confirmed in time; return their codes."""
    old = select(_enquiries.c.id).where(_enquiries.c.confirmed_at.is_(None), _enquiries.c.asked_at <= before)
    gone = delete(_enquiries).where(among(_enquiries.c.id, old.limit(limit))).returning(_enquiries.c.code)
    return list(work.db.scalars(gone))


def kept_long_enough(work: Work, limit: int) -> Sequence[EnquiryRow]:
    """Return up to `limit` enquiries whose personal data has to go."""
    done = ~EnquiryRow.state.in_(rules.OPEN) & (EnquiryRow.changed_at <= work.now - rules.CLOSED_LASTS)
    forgotten = EnquiryRow.changed_at <= work.now - rules.UNTOUCHED_LASTS
    chosen = select(EnquiryRow).where(~EnquiryRow.erased, EnquiryRow.confirmed_at.is_not(None), done | forgotten)
    return work.db.scalars(chosen.order_by(EnquiryRow.changed_at).limit(limit).with_for_update(skip_locked=True)).all()


def remove_counted(work: Work, limit: int) -> int:
    """Remove up to `limit` erased enquiries that are not counted any more; return how many."""
    old = select(_enquiries.c.id).where(_enquiries.c.erased, _enquiries.c.changed_at <= work.now - rules.COUNTED)
    return work.db.connection().execute(delete(_enquiries).where(among(_enquiries.c.id, old.limit(limit)))).rowcount
