"""The queries of people, their roles and sign-ins. Nothing here decides."""

from collections import defaultdict
from collections.abc import Collection, Iterable, Sequence
from datetime import datetime
from typing import cast

from sqlalchemy import Table, delete, func, or_, select, update

from fediverse_ehrenamt.accounts.model import (
    ChallengeRow,
    CodeRow,
    FactorRow,
    GrantRow,
    InvitationRow,
    LinkRow,
    MoveRow,
    PasskeyRow,
    PasswordRow,
    PersonRow,
    SessionRow,
)
from fediverse_ehrenamt.accounts.rules import Grant, Role
from fediverse_ehrenamt.audit import store as audit
from fediverse_ehrenamt.federation.model import LocalActorRow
from fediverse_ehrenamt.storage import locks, upsert
from fediverse_ehrenamt.work import Work

_people = cast("Table", PersonRow.__table__)
_grants = cast("Table", GrantRow.__table__)
_sessions = cast("Table", SessionRow.__table__)
_passwords = cast("Table", PasswordRow.__table__)
_passkeys = cast("Table", PasskeyRow.__table__)
_factors = cast("Table", FactorRow.__table__)
_codes = cast("Table", CodeRow.__table__)
_challenges = cast("Table", ChallengeRow.__table__)
_links = cast("Table", LinkRow.__table__)
_moves = cast("Table", MoveRow.__table__)
_invitations = cast("Table", InvitationRow.__table__)


def hold(work: Work, what: str) -> None:
    """Let nobody else decide about an address or about who operates until this transaction ends."""
    locks.hold(work.db, f"people {what}")


# --- people -----------------------------------------------------------------------------------------------------------
def find(work: Work, person: str) -> PersonRow | None:
    return work.db.get(PersonRow, person)


def of_mail(work: Work, mail: str) -> PersonRow | None:
    return work.db.scalar(select(PersonRow).where(PersonRow.mail == mail))


def everybody(work: Work) -> Sequence[PersonRow]:
    return work.db.scalars(select(PersonRow).order_by(PersonRow.name, PersonRow.mail)).all()


def some(work: Work, people: Collection[str]) -> Sequence[PersonRow]:
    chosen = select(PersonRow).where(PersonRow.id.in_(people))
    return work.db.scalars(chosen.order_by(PersonRow.name, PersonRow.mail)).all()


def erase(work: Work, person: str) -> None:
    """Erase a person with all that is kept of them here."""
    work.db.flush()
    row = find(work, person)
    if row is not None:
        audit.forget_mail(work, row.mail)
    inviting = _invitations.c.mail.in_(select(_people.c.mail).where(_people.c.id == person))
    work.db.execute(delete(_invitations).where((_invitations.c.inviter == person) | inviting))
    for table in (_links, _moves, _challenges, _codes, _factors, _passkeys, _passwords, _sessions, _grants):
        work.db.execute(delete(table).where(table.c.person == person))
    audit.forget_person(work, person)
    work.db.execute(delete(PersonRow).where(PersonRow.id == person))


# --- roles ------------------------------------------------------------------------------------------------------------
def grants(work: Work, people: Collection[str]) -> dict[str, tuple[Grant, ...]]:
    """Return the roles of some people; who has none has no entry."""
    chosen = select(GrantRow).where(GrantRow.person.in_(people)).order_by(GrantRow.organisation, GrantRow.role)
    found: dict[str, list[Grant]] = defaultdict(list)
    for row in work.db.scalars(chosen):
        found[row.person].append(Grant(Role(row.role), row.organisation))
    return {person: tuple(held) for person, held in found.items()}


def grants_of(work: Work, person: str) -> tuple[Grant, ...]:
    return grants(work, [person]).get(person, ())


def with_roles(work: Work, roles: Iterable[Role], organisation: str = "") -> list[str]:
    """Return who has one of some roles, of the instance or of an organisation."""
    here = _grants.c.organisation.in_(("", organisation))
    chosen = select(_grants.c.person).where(_grants.c.role.in_([str(role) for role in roles]), here).distinct()
    return list(work.db.scalars(chosen))


def to_call(work: Work, before: datetime) -> Sequence[PersonRow]:
    """Return, held, who has a role of the instance, wants to be called and was not since a moment.

    Those whom another worker has in hand are left to it.
    """
    for_instance = select(GrantRow.person).where(GrantRow.person == PersonRow.id, GrantRow.organisation == "")
    rested = or_(PersonRow.called_at.is_(None), PersonRow.called_at <= before)
    chosen = select(PersonRow).where(PersonRow.called, rested, for_instance.exists())
    return work.db.scalars(chosen.order_by(PersonRow.id).with_for_update(skip_locked=True)).all()


def of_organisation(work: Work, organisation: str) -> list[str]:
    return list(work.db.scalars(select(_grants.c.person).where(_grants.c.organisation == organisation).distinct()))


def remove_grants(work: Work, person: str, organisation: str, role: Role | None = None) -> int:
    """Take a role of a person, or all that they have in an organisation; return how many they had."""
    gone = delete(_grants).where(_grants.c.person == person, _grants.c.organisation == organisation)
    if role is not None:
        gone = gone.where(_grants.c.role == str(role))
    work.db.flush()
    return work.db.connection().execute(gone).rowcount


def names(work: Work, organisations: Collection[str]) -> dict[str, str]:
    """Return the names of organisations by their URIs."""
    chosen = select(LocalActorRow.uri, LocalActorRow.name).where(LocalActorRow.uri.in_(organisations))
    return {row.uri: row.name for row in work.db.execute(chosen)}


def is_suspended(work: Work, organisation: str) -> bool:
    """Say whether an organisation may publish nothing for now."""
    chosen = select(LocalActorRow.uri).where(LocalActorRow.uri == organisation, LocalActorRow.suspended_at.is_not(None))
    return work.db.scalar(chosen) is not None


# --- sign-ins ---------------------------------------------------------------------------------------------------------
def session(work: Work, digest: str) -> SessionRow | None:
    return work.db.get(SessionRow, digest)


def sessions(work: Work, person: str) -> Sequence[SessionRow]:
    """Return the sign-ins of a person that hold, the one used last first."""
    here = select(SessionRow).where(SessionRow.person == person, SessionRow.expires_at > work.now, ~SessionRow.half)
    return work.db.scalars(here.order_by(SessionRow.seen_on.desc(), SessionRow.created_at.desc())).all()


def end_sessions(work: Work, person: str, ids: Collection[str]) -> None:
    work.db.flush()
    work.db.execute(delete(SessionRow).where(SessionRow.person == person, SessionRow.id.in_(ids)))


def password(work: Work, person: str) -> PasswordRow | None:
    return work.db.get(PasswordRow, person)


def put_password(work: Work, person: str, hashed: str) -> None:
    upsert.put(work.db, _passwords, ["person"], [{"person": person, "hash": hashed, "since": work.now}])


def remove_password(work: Work, person: str) -> None:
    work.db.execute(delete(PasswordRow).where(PasswordRow.person == person))


def factor(work: Work, person: str, *, held: bool = False) -> FactorRow | None:
    """Return what makes a person's one-time codes, held where a code is to be used up."""
    return work.db.get(FactorRow, person, with_for_update=held, populate_existing=held)


def factors(work: Work) -> Sequence[FactorRow]:
    return work.db.scalars(select(FactorRow)).all()


def has_factor(work: Work, person: str) -> bool:
    row = factor(work, person)
    return row is not None and row.confirmed


def has_second_step(work: Work, person: str) -> bool:
    """Say whether a person has codes, or a passkey that checks who holds it."""
    verified = select(_passkeys.c.digest).where(_passkeys.c.person == person, _passkeys.c.verified)
    return has_factor(work, person) or work.db.execute(verified.limit(1)).first() is not None


def note_strength(work: Work, person: str, *, strong: bool, session: str = "") -> None:
    """Write down that a sign-in has shown a second step, or that it counts no more; without `session` for all."""
    work.db.flush()
    theirs = update(SessionRow).where(SessionRow.person == person)
    work.db.execute((theirs.where(SessionRow.id == session) if session else theirs).values(strong=strong))


def end_weak(work: Work, person: str) -> None:
    """End the sign-ins of a person that have shown no second step."""
    work.db.flush()
    work.db.execute(delete(SessionRow).where(SessionRow.person == person, ~SessionRow.strong))


def remove_factor(work: Work, person: str) -> None:
    work.db.execute(delete(FactorRow).where(FactorRow.person == person))
    work.db.execute(delete(CodeRow).where(CodeRow.person == person))


def put_codes(work: Work, person: str, digests: Iterable[str]) -> None:
    """Replace the codes on paper."""
    work.db.execute(delete(CodeRow).where(CodeRow.person == person))
    work.db.add_all([CodeRow(digest=digest, person=person) for digest in digests])


def count_codes(work: Work, person: str) -> int:
    return work.db.scalar(select(func.count()).select_from(_codes).where(_codes.c.person == person)) or 0


def take_code(work: Work, person: str, digest: str) -> bool:
    """Use a code on paper up; say whether there was one."""
    here = delete(_codes).where(_codes.c.person == person, _codes.c.digest == digest)
    return bool(work.db.connection().execute(here).rowcount)


def passkey(work: Work, digest: str) -> PasskeyRow | None:
    """Return a passkey, held: what it has counted is compared with what it counts now."""
    return work.db.get(PasskeyRow, digest, with_for_update=True)


def passkeys(work: Work, person: str) -> Sequence[PasskeyRow]:
    here = select(PasskeyRow).where(PasskeyRow.person == person)
    return work.db.scalars(here.order_by(PasskeyRow.created_at)).all()


def remove_passkey(work: Work, person: str, digest: str) -> None:
    work.db.execute(delete(PasskeyRow).where(PasskeyRow.person == person, PasskeyRow.digest == digest))


def remove_passkeys(work: Work, person: str) -> None:
    work.db.execute(delete(PasskeyRow).where(PasskeyRow.person == person))


def take_challenge(work: Work, digest: str, person: str) -> bool:
    """Use a challenge of a person up ("": of whoever signs in); say whether it held."""
    here = delete(_challenges).where(_challenges.c.digest == digest, _challenges.c.person == person)
    return bool(work.db.connection().execute(here.where(_challenges.c.expires_at > work.now)).rowcount)


def link(work: Work, digest: str) -> LinkRow | None:
    return work.db.get(LinkRow, digest)


def links_since(work: Work, person: str, since: datetime) -> int:
    chosen = select(func.count()).select_from(_links).where(_links.c.person == person, _links.c.created_at > since)
    return work.db.scalar(chosen) or 0


# --- new addresses ----------------------------------------------------------------------------------------------------
def move(work: Work, digest: str) -> MoveRow | None:
    """Return the new address that a token confirms, held until this transaction ends."""
    return work.db.get(MoveRow, digest, with_for_update=True)


def move_to_stop(work: Work, digest: str) -> MoveRow | None:
    """Return the new address that a token stops, held until this transaction ends."""
    return work.db.scalar(select(MoveRow).where(MoveRow.stop == digest).with_for_update())


def moves(work: Work, person: str) -> Sequence[MoveRow]:
    return work.db.scalars(select(MoveRow).where(MoveRow.person == person)).all()


def remove_waiting_moves(work: Work, person: str) -> None:
    """Forget new addresses of a person that nobody has confirmed."""
    work.db.execute(delete(MoveRow).where(MoveRow.person == person, ~MoveRow.confirmed))


def remove_moves(work: Work, person: str) -> None:
    work.db.flush()
    work.db.execute(delete(MoveRow).where(MoveRow.person == person))


# --- invitations ------------------------------------------------------------------------------------------------------
def invitation(work: Work, digest: str) -> InvitationRow | None:
    return work.db.get(InvitationRow, digest)


def take_invitation(work: Work, digest: str) -> InvitationRow | None:
    """Remove an invitation that holds and return what it was; whoever comes second gets None."""
    here = delete(InvitationRow).where(InvitationRow.digest == digest, InvitationRow.expires_at > work.now)
    return work.db.scalar(here.returning(InvitationRow))


def invitations(work: Work, organisation: str) -> Sequence[InvitationRow]:
    """Return the invitations into an organisation that nobody has taken, expired ones too, the newest first."""
    here = select(InvitationRow).where(InvitationRow.organisation == organisation)
    return work.db.scalars(here.order_by(InvitationRow.created_at.desc())).all()


def invited_by(work: Work, inviter: str) -> Sequence[InvitationRow]:
    """Return whom a person has invited, as long as nobody has taken it."""
    return work.db.scalars(select(InvitationRow).where(InvitationRow.inviter == inviter)).all()


def invitations_of(work: Work, mail: str) -> Sequence[InvitationRow]:
    """Return the invitations to an address that nobody has taken yet."""
    return work.db.scalars(select(InvitationRow).where(InvitationRow.mail == mail)).all()


def invited_since(work: Work, inviter: str, since: datetime) -> int:
    by = select(func.count()).select_from(_invitations).where(_invitations.c.inviter == inviter)
    return work.db.scalar(by.where(_invitations.c.created_at > since)) or 0


def is_invited_since(work: Work, mail: str, given: Grant, inviter: str, since: datetime) -> bool:
    """Say whether a person has invited an address into the same role after a moment, and nobody has taken it."""
    chosen = select(InvitationRow.digest).where(
        InvitationRow.mail == mail,
        InvitationRow.organisation == given.organisation,
        InvitationRow.role == str(given.role),
        InvitationRow.inviter == inviter,
        InvitationRow.created_at > since,
    )
    return work.db.scalar(chosen.limit(1)) is not None


def remove_invitations(work: Work, mail: str, organisation: str) -> int:
    work.db.flush()
    gone = delete(_invitations).where(_invitations.c.mail == mail, _invitations.c.organisation == organisation)
    return work.db.connection().execute(gone).rowcount


# --- housekeeping -----------------------------------------------------------------------------------------------------
def erase_expired(work: Work, links_before: datetime, invited_before: datetime, limit: int) -> int:
    """Erase sign-ins and challenges that are over, links and invitations that were over at a moment; count them."""
    count = 0
    now = work.now
    for table, before in (
        (_sessions, now),
        (_invitations, invited_before),
        (_moves, now),
        (_challenges, now),
        (_links, links_before),
    ):
        over = select(table.c.digest).where(table.c.expires_at <= before).limit(limit)
        count += work.db.connection().execute(delete(table).where(table.c.digest.in_(over.scalar_subquery()))).rowcount
    return count
