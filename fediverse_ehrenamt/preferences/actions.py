"""What an instance prefers: read by every process each second, and changed."""

from sqlalchemy import select

from fediverse_ehrenamt.kit import values
from fediverse_ehrenamt.places import data
from fediverse_ehrenamt.preferences.model import PreferencesRow
from fediverse_ehrenamt.preferences.rules import Preferences
from fediverse_ehrenamt.storage import locks
from fediverse_ehrenamt.work import Work

_ONE_ROW = 1


def current(work: Work) -> Preferences:
    """Return what the instance prefers."""
    said = work.db.scalar(select(PreferencesRow.value))
    return values.load(Preferences, said) if said else Preferences()


def settle(work: Work) -> Preferences:
    """Let this process know where the instance is at home, so that names mean places there; return what it prefers."""
    preferred = current(work)
    data.settle((preferred.home.latitude, preferred.home.longitude) if preferred.home else None)
    return preferred


def put(work: Work, wanted: Preferences) -> None:
    """Prefer this from now on."""
    locks.hold(work.db, "preferences")
    row = work.db.get(PreferencesRow, _ONE_ROW) or PreferencesRow(id=_ONE_ROW)
    row.value, row.changed_at = values.dump(wanted), work.now
    work.db.add(row)
    work.db.flush()
