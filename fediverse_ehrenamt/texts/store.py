"""The queries of texts. Nothing here decides."""

from collections.abc import Sequence

from sqlalchemy import Select, delete, func, select

from fediverse_ehrenamt.storage import locks
from fediverse_ehrenamt.texts.model import TextRow
from fediverse_ehrenamt.work import Work


def versions(work: Work, owner: str, slug: str, language: str) -> Sequence[TextRow]:
    """Return all versions of a text, the newest first."""
    return work.db.scalars(_of(owner, slug, language)).all()


def newest(work: Work, owner: str, slug: str, language: str) -> TextRow | None:
    return work.db.scalar(_of(owner, slug, language).limit(1))


def all_newest(work: Work) -> Sequence[TextRow]:
    """Return the newest version of every text that anybody wrote, also where it takes the text back."""
    last = select(func.max(TextRow.id)).group_by(TextRow.owner, TextRow.slug, TextRow.language)
    ordered = select(TextRow).where(TextRow.id.in_(last)).order_by(TextRow.owner, TextRow.slug, TextRow.language)
    return work.db.scalars(ordered).all()


def add(work: Work, row: TextRow, keep: int) -> None:
    """Write a version, and forget those before the last `keep`."""
    locks.hold(work.db, f"text {row.owner} {row.slug} {row.language}")
    work.db.add(row)
    work.db.flush()
    for old in versions(work, row.owner, row.slug, row.language)[keep + 1 :]:
        work.db.delete(old)


def remove(work: Work, row: TextRow) -> None:
    work.db.execute(delete(TextRow).where(TextRow.id == row.id))


def _of(owner: str, slug: str, language: str) -> Select[TextRow]:
    here = select(TextRow).where(TextRow.owner == owner, TextRow.slug == slug, TextRow.language == language)
    return here.order_by(TextRow.id.desc())
