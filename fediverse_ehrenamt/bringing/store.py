"""Finds and keeps listings that were brought by the browser; each lies on one desk and is seen from nowhere else."""

from collections.abc import Sequence
from datetime import datetime
from typing import Final

from sqlalchemy import delete, select, update
from sqlalchemy.orm import undefer

from fediverse_ehrenamt.bringing.model import BroughtRow
from fediverse_ehrenamt.bringing.rules import AT_ONCE, UNDER_WAY, Desk, State
from fediverse_ehrenamt.kit import ids
from fediverse_ehrenamt.kit.errors import NotFound
from fediverse_ehrenamt.work import Work

LISTED: Final = 20  # of one desk on its page


def get(work: Work, desk: Desk, name: str, *, lock: bool = False) -> BroughtRow:
    """Return a listing of a desk with all that is kept of it; raises `NotFound` for one of another desk as well."""
    row = find(work, name, lock=lock)
    if row is None or row.actor != desk.actor:
        raise NotFound("Diese Liste gibt es hier nicht mehr. Bitte laden Sie die Datei noch einmal hoch.")
    return row


def find(work: Work, name: str, *, lock: bool = False) -> BroughtRow | None:
    if ids.made_at(name) is None:
        return None
    whole = (undefer(BroughtRow.content), undefer(BroughtRow.report))
    chosen = select(BroughtRow).where(BroughtRow.id == name).options(*whole)
    return work.db.scalar(chosen.with_for_update() if lock else chosen)


def listing(work: Work, desk: Desk) -> Sequence[BroughtRow]:
    """Return what was brought to a desk, the newest first, without contents and reports."""
    chosen = (
        select(BroughtRow).where(BroughtRow.actor == desk.actor).order_by(BroughtRow.added_at.desc(), BroughtRow.id)
    )
    return work.db.scalars(chosen.limit(LISTED)).all()


def had_read_by(work: Work, person: str) -> Sequence[BroughtRow]:
    """Return what is under way because somebody (an id) wanted it."""
    return work.db.scalars(select(BroughtRow).where(BroughtRow.person == person).order_by(BroughtRow.id)).all()


def same(work: Work, desk: Desk, digest: str) -> str:
    """Return the id of a listing of a desk with the same content that waits or is read just now, "" for none."""
    open_ones = BroughtRow.state.in_([State.BROUGHT, *UNDER_WAY])
    chosen = select(BroughtRow.id).where(BroughtRow.actor == desk.actor, BroughtRow.digest == digest, open_ones)
    return work.db.scalar(chosen.limit(1)) or ""


def make_room(work: Work, desk: Desk) -> None:
    """Forget the oldest that nobody has taken over, where a desk has very many."""
    waiting = select(BroughtRow.id).where(BroughtRow.actor == desk.actor, BroughtRow.state == State.BROUGHT)
    old = work.db.scalars(waiting.order_by(BroughtRow.added_at.desc()).offset(AT_ONCE - 1).limit(AT_ONCE)).all()
    work.db.execute(delete(BroughtRow).where(BroughtRow.id.in_(old)))


def count(work: Work, name: str, *, planned: int = 0, written: int = 0) -> None:
    """Note how many entries are to be written, and how many more were."""
    chosen = update(BroughtRow).where(BroughtRow.id == name)
    if planned:
        work.db.execute(chosen.values(planned=planned, written=0))
    else:
        work.db.execute(chosen.values(written=BroughtRow.written + written))


def expired(work: Work, brought_before: datetime, done_before: datetime, limit: int) -> Sequence[BroughtRow]:
    """Return up to `limit` listings that nobody took over in time, that never came to an end, or are long done."""
    late = BroughtRow.state.in_([State.BROUGHT, *UNDER_WAY]) & (BroughtRow.added_at < brought_before)
    chosen = select(BroughtRow).where(late | (BroughtRow.added_at < done_before))
    return work.db.scalars(chosen.order_by(BroughtRow.added_at).limit(limit)).all()
