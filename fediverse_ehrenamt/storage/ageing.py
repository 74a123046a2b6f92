"""Erases rows that are older than they may become, so many at a time that no transaction gets long."""

from datetime import datetime

from sqlalchemy import delete, inspect, select
from sqlalchemy.orm import InstrumentedAttribute, Session

Moment = InstrumentedAttribute[datetime] | InstrumentedAttribute[datetime | None]


def erase_before(db: Session, moment: Moment, before: datetime, limit: int) -> int:
    """Erase up to `limit` rows whose column `moment` lies before a time, the oldest first; return how many."""
    (key,) = inspect(moment.class_).primary_key
    old = db.scalars(select(key).where(moment < before).order_by(moment).limit(limit)).all()
    if old:
        db.execute(delete(moment.class_).where(key.in_(old)))
    return len(old)
