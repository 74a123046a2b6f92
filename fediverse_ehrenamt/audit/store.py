"""Writes, finds and erases what stands in the audit log."""

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import select, update

from fediverse_ehrenamt.audit import rules
from fediverse_ehrenamt.audit.model import EntryRow
from fediverse_ehrenamt.audit.rules import Did
from fediverse_ehrenamt.kit import sentences
from fediverse_ehrenamt.storage import ageing
from fediverse_ehrenamt.work import Work

LISTED = 100
"""How many entries a page of the log has."""


@dataclass(frozen=True, slots=True)
class Entry:
    """One entry; `person` is an id, `rules.COMMAND_LINE` or `rules.GONE`, `organisation` a URI or ""."""

    id: int
    at: datetime
    person: str
    on_behalf: bool
    did: Did
    label: str
    uri: str
    organisation: str
    detail: str


@dataclass(frozen=True, slots=True)
class Wanted:
    """Which entries are looked for; "" and 0 stand for all. `before` is the id from which on older ones are shown."""

    did: str = ""
    person: str = ""
    organisation: str = ""
    before: int = 0


def listing(work: Work, wanted: Wanted, limit: int = LISTED) -> list[Entry]:
    """Return up to `limit` entries, the newest first."""
    chosen = select(EntryRow).order_by(EntryRow.id.desc()).limit(limit)
    if wanted.did:
        chosen = chosen.where(EntryRow.did == wanted.did)
    if wanted.person:
        chosen = chosen.where(EntryRow.person == wanted.person)
    if wanted.organisation:
        chosen = chosen.where(EntryRow.organisation == wanted.organisation)
    if wanted.before:
        chosen = chosen.where(EntryRow.id < wanted.before)
    return [_entry(row) for row in work.db.scalars(chosen)]


def of_person(work: Work, person: str, mail: str) -> list[Entry]:
    """Return all that somebody did or that was done to their account or address, for the file of their own data."""
    own = (EntryRow.person == person) | EntryRow.uri.in_((person, rules.mailbox(mail)))
    return [_entry(row) for row in work.db.scalars(select(EntryRow).where(own).order_by(EntryRow.id))]


def forget_person(work: Work, person: str) -> None:
    """Take a person out of the log, who did something or to whom it was done; that it was done stays."""
    work.db.flush()
    work.db.execute(update(EntryRow).where(EntryRow.person == person).values(person=rules.GONE))
    work.db.execute(update(EntryRow).where(EntryRow.uri == person).values(label="", uri="", detail=""))


def forget_mail(work: Work, mail: str) -> None:
    """Take an address out of the log that was invited, before its owner had an account."""
    work.db.flush()
    about = EntryRow.uri == rules.mailbox(mail)
    work.db.execute(update(EntryRow).where(about).values(label="", uri="", detail=""))


def erase_before(work: Work, when: datetime, limit: int) -> int:
    """Erase up to `limit` entries that are older than a time; return how many."""
    return ageing.erase_before(work.db, EntryRow.at, when, limit)


def _entry(row: EntryRow) -> Entry:
    label, detail = sentences.load(row.label), sentences.load(row.detail)
    return Entry(row.id, row.at, row.person, row.on_behalf, Did(row.did), label, row.uri, row.organisation, detail)
