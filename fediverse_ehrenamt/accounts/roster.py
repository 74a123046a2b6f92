"""Who has an account, for those who look after people: found by name, address and role, page by page."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import Select, func, or_, select

from fediverse_ehrenamt.accounts import people, store
from fediverse_ehrenamt.accounts.model import FactorRow, GrantRow, InvitationRow, PasskeyRow, PersonRow, SessionRow
from fediverse_ehrenamt.accounts.people import Person
from fediverse_ehrenamt.accounts.rules import Role
from fediverse_ehrenamt.work import Work

LISTED = 50
"""How many people a page has."""
PAGES = 1_000
INVITED = 200
"""How many invitations are shown."""
NO_ROLE = "none"
_WORDS = 100  # characters


@dataclass(frozen=True, slots=True)
class Sought:
    """Who is looked for: a part of the name or address, and a role (`NO_ROLE`: nobody's); "" stands for all."""

    words: str = ""
    role: str = ""
    page: int = 1


@dataclass(frozen=True, slots=True)
class Member:
    """A person, with the ways in which they prove that it is them beside a link or a password."""

    person: Person
    second_step: bool
    passkey: bool


@dataclass(frozen=True, slots=True)
class Invited:
    """An invitation that nobody has taken yet; `inviter` is a name, "" for the command line or whoever left.

    `over` says that it has expired.
    """

    mail: str
    role: Role
    until: datetime
    inviter: str
    over: bool


def find(work: Work, sought: Sought) -> tuple[list[Member], int]:
    """Return the people of a page, by name, and how many there are on all pages."""
    count = work.db.scalar(select(func.count()).select_from(_chosen(sought).subquery())) or 0
    before = (min(max(sought.page, 1), PAGES) - 1) * LISTED
    rows = work.db.scalars(_chosen(sought).order_by(PersonRow.name, PersonRow.mail).offset(before).limit(LISTED)).all()
    return _members(work, rows), count


def get(work: Work, person: str) -> Member:
    """Return one; raises `NotFound`."""
    found = people.get(work, person)
    return _members(work, store.some(work, [found.id]))[0]


def signed_in(work: Work, person: str) -> int:
    """Return in how many places somebody is signed in."""
    return len(store.sessions(work, person))


def end_all(work: Work, person: str) -> int:
    """Sign somebody out everywhere, also where the second step is missing yet; return in how many places."""
    rows = work.db.scalars(select(SessionRow).where(SessionRow.person == person)).all()
    store.end_sessions(work, person, [row.id for row in rows])
    return sum(not row.half for row in rows)


def invitations(work: Work) -> list[Invited]:
    """Return the invitations into roles of the instance that nobody has taken, expired ones too, the newest first."""
    chosen = (
        select(InvitationRow, PersonRow.name)
        .outerjoin(PersonRow, PersonRow.id == InvitationRow.inviter)
        .where(InvitationRow.organisation == "")
        .order_by(InvitationRow.created_at.desc(), InvitationRow.mail)
        .limit(INVITED)
    )
    return [
        Invited(row.mail, Role(row.role), row.expires_at, name or "", row.expires_at <= work.now)
        for row, name in work.db.execute(chosen)
    ]


def _chosen(sought: Sought) -> Select[PersonRow]:
    chosen = select(PersonRow)
    words = sought.words.strip()[:_WORDS]
    if words:
        # SQLite compares only the letters of English without regard to case, so names are tried in three ways.
        ways = dict.fromkeys((words, words.lower(), words.title()))
        named = [PersonRow.name.icontains(way, autoescape=True) for way in ways]
        chosen = chosen.where(or_(*named, PersonRow.mail.contains(words.lower(), autoescape=True)))
    held = select(GrantRow.person).where(GrantRow.person == PersonRow.id)
    if sought.role == NO_ROLE:
        chosen = chosen.where(~held.exists())
    elif sought.role:
        chosen = chosen.where(held.where(GrantRow.role == sought.role).exists())
    return chosen


def _members(work: Work, rows: Sequence[PersonRow]) -> list[Member]:
    ids = [row.id for row in rows]
    factors = select(FactorRow.person).where(FactorRow.person.in_(ids), FactorRow.confirmed)
    two, keys = set(work.db.scalars(factors)), set(_with_passkey(work, ids))
    return [Member(one, one.id in two, one.id in keys) for one in people.those(work, rows)]


def _with_passkey(work: Work, ids: Sequence[str]) -> Sequence[str]:
    return work.db.scalars(
        select(PasskeyRow.person).where(PasskeyRow.person.in_(ids), PasskeyRow.verified).distinct()
    ).all()
