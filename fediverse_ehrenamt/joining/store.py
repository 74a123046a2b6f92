"""The queries of requests to take part. Nothing here decides."""

from collections.abc import Sequence
from datetime import datetime
from typing import cast

from sqlalchemy import ColumnElement, Table, delete, func, select

from fediverse_ehrenamt.accounts.model import PersonRow
from fediverse_ehrenamt.federation.model import LocalActorRow, RemoteActorRow
from fediverse_ehrenamt.joining import rules, wire
from fediverse_ehrenamt.joining.model import NoteRow, RequestRow
from fediverse_ehrenamt.kit.errors import NotFound
from fediverse_ehrenamt.mail import sending
from fediverse_ehrenamt.storage import locks
from fediverse_ehrenamt.work import Work

LISTED = 200
_LOOKED_AT = 200  # actors elsewhere whose names share a word
_requests = cast("Table", RequestRow.__table__)
_notes = cast("Table", NoteRow.__table__)


def hold(work: Work) -> None:
    """Let nobody else ask or decide until this transaction ends: it happens seldom, and handles are for all."""
    locks.hold(work.db, "joining")


def find(work: Work, code: str) -> RequestRow | None:
    return work.db.scalar(select(RequestRow).where(RequestRow.code == code))


def find_form(work: Work, form: str) -> RequestRow | None:
    return work.db.scalar(select(RequestRow).where(RequestRow.form == form))


def get(work: Work, number: int) -> RequestRow:
    """Return a confirmed request by its number; raises `NotFound`."""
    row = work.db.get(RequestRow, number)
    if row is None or row.state == rules.UNCONFIRMED:
        raise NotFound("Diesen Antrag gibt es nicht (mehr).")
    return row


def listing(work: Work, states: Sequence[str]) -> Sequence[RequestRow]:
    """Return up to `LISTED` requests in some states, what waits longest first, what was decided last first."""
    chosen = select(RequestRow).where(RequestRow.state.in_(states))
    order = RequestRow.asked_at if states == rules.OPEN else RequestRow.changed_at.desc()
    return work.db.scalars(chosen.order_by(order, RequestRow.id).limit(LISTED)).all()


def count(work: Work, *which: ColumnElement[bool]) -> int:
    return work.db.scalar(select(func.count()).select_from(RequestRow).where(*which)) or 0


def of_person(work: Work, account: str, mail: str) -> Sequence[RequestRow]:
    """Return what somebody asked with their account, or with their mail address."""
    own = (RequestRow.account == account) | (RequestRow.mail == mail)
    return work.db.scalars(select(RequestRow).where(own).order_by(RequestRow.id)).all()


def waiting(work: Work) -> int:
    """Count the requests that a coordinator has to decide about now."""
    return count(work, RequestRow.state == rules.WAITING)


def since_when(work: Work) -> list[datetime]:
    """Return since when each of them waits, the last `LISTED`."""
    chosen = select(RequestRow.changed_at).where(RequestRow.state == rules.WAITING)
    return list(work.db.scalars(chosen.order_by(RequestRow.changed_at.desc()).limit(LISTED)))


def wanted_handle(work: Work, handle: str, but: int = 0) -> bool:
    """Say whether an open request wants a handle, other than the one with the number `but`."""
    open_ = RequestRow.state.in_((rules.UNCONFIRMED, *rules.OPEN))
    return count(work, RequestRow.handle == handle, open_, RequestRow.id != but) > 0


# --- notes ------------------------------------------------------------------------------------------------------------
def notes(work: Work, request: int) -> Sequence[NoteRow]:
    """Return what was asked and answered, the oldest first."""
    chosen = select(NoteRow).where(NoteRow.request == request).order_by(NoteRow.id)
    return work.db.scalars(chosen.limit(rules.NOTES)).all()


def was_sent(work: Work, form: str) -> bool:
    return work.db.scalar(select(NoteRow.id).where(NoteRow.form == form)) is not None


def erase_notes(work: Work, request: int) -> None:
    work.db.flush()
    work.db.execute(delete(_notes).where(_notes.c.request == request))


# --- names ------------------------------------------------------------------------------------------------------------
def names_here(work: Work) -> dict[str, str]:
    """Return the names of all organisations of ours by their handles."""
    chosen = select(LocalActorRow.handle, LocalActorRow.name).where(LocalActorRow.type == "Organization")
    return {row.handle: row.name for row in work.db.execute(chosen)}


def names_elsewhere(work: Work, word: str) -> dict[str, str]:
    """Return the names of organisations elsewhere that have a word in their names, by their URIs."""
    kinds = RemoteActorRow.type.in_(("Organization", "Group", "Service"))
    named = func.lower(RemoteActorRow.name).contains(word.lower(), autoescape=True)
    chosen = select(RemoteActorRow.uri, RemoteActorRow.name).where(kinds, named).limit(_LOOKED_AT)
    return {row.uri: row.name for row in work.db.execute(chosen)}


# --- housekeeping -----------------------------------------------------------------------------------------------------
def erase(work: Work, states: Sequence[str], before: datetime, limit: int) -> int:
    """Erase requests in some states that nothing happened to since a moment; count them."""
    work.db.flush()
    old = select(_requests.c.id).where(_requests.c.state.in_(states), _requests.c.changed_at <= before).limit(limit)
    return _erase(work, list(work.db.scalars(old)))


def erase_without_account(work: Work, limit: int) -> int:
    """Erase requests of accounts that are gone; count them."""
    work.db.flush()
    there = select(PersonRow.id).where(PersonRow.id == _requests.c.account).exists()
    left = select(_requests.c.id).where(_requests.c.account != "", ~there).limit(limit)
    return _erase(work, list(work.db.scalars(left)))


def erase_those(work: Work, gone: Sequence[int]) -> None:
    """Erase requests by their numbers."""
    work.db.flush()
    _erase(work, gone)


def _erase(work: Work, gone: Sequence[int]) -> int:
    work.db.execute(delete(_notes).where(_notes.c.request.in_(gone)))
    codes = work.db.scalars(delete(_requests).where(_requests.c.id.in_(gone)).returning(_requests.c.code)).all()
    sending.forget_about(work, [wire.PURPOSE], codes)
    return len(codes)
