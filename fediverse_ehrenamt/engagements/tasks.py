"""Housekeeping of enquiries: reminds organisations of what they promised, and forgets in time."""

from collections.abc import Callable

from fediverse_ehrenamt.engagements import actions, rules, store, wire
from fediverse_ehrenamt.mail import sending
from fediverse_ehrenamt.organisations import actions as organisations
from fediverse_ehrenamt.work import Work

REMINDED_AT_ONCE = 50
_ERASED_AT_ONCE = 500


def remind(work: Work) -> int:
    """Remind organisations of answers that are due; return how many enquiries were looked at."""
    rows = store.to_remind(work, REMINDED_AT_ONCE)
    for row in rows:
        assert row.confirmed_at is not None, "it counts"
        assert row.due_at is not None, "it counts"
        stage = rules.stage(row.confirmed_at, row.due_at, work.now)
        to = organisations.recipient(work, row.organisation)
        if to and row.told < min(stage, rules.LATE):
            row.reminded_at = work.now
            sending.post(work, wire.reminder(store.sender(work, row), row, store.person(work, row), to))
        row.told = max(row.told, stage)
        row.next_at = rules.next_look(row.confirmed_at, row.due_at, work.now)
    return len(rows)


def erase_unconfirmed(work: Work) -> int:
    """Remove what nobody confirmed within three days; return how many."""
    codes = store.remove_unconfirmed(work, work.now - rules.CONFIRM_WITHIN, _ERASED_AT_ONCE)
    actions.forget_letters(work, codes)
    return len(codes)


def erase_old(work: Work) -> int:
    """Erase personal data that was kept long enough, and what is not counted any more; return how many."""
    rows = store.kept_long_enough(work, _ERASED_AT_ONCE)
    for row in rows:
        actions.forget(work, row)
    return len(rows) + store.remove_counted(work, _ERASED_AT_ONCE)


HOUSEKEEPING: list[Callable[[Work], int]] = [remind, erase_unconfirmed, erase_old]
