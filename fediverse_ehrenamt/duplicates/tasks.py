"""Housekeeping: follows the changes of Documents, as the index does, and finds duplicates. No handler waits for it."""

from fediverse_ehrenamt.duplicates import actions, store
from fediverse_ehrenamt.search import card
from fediverse_ehrenamt.search import store as search
from fediverse_ehrenamt.search.model import START, Document
from fediverse_ehrenamt.search.store import Change
from fediverse_ehrenamt.work import Work

BATCH = 50  # some 0.3 s, in which SQLite's one writer does nothing else


def follow(work: Work) -> int:
    """Look at the next changes and return how many there were.

    A restored database begins to count anew, and so does this: what was looked at already is known by its mark.
    """
    store.hold(work)
    cursor = store.followed(work)
    changes = search.changes(work, cursor, BATCH)
    if not changes:
        if cursor > search.newest(work):
            store.note_followed(work, START)
        return 0
    found = {change.uri: _read(change) for change in changes}
    gone = [uri for uri, document in found.items() if document is None]
    actions.look(work, [document for document in found.values() if document], gone)
    store.note_followed(work, changes[-1].number)
    return len(changes)


def _read(change: Change) -> Document | None:
    """Return what a change put, None where it is gone or cannot be read, which the index's log tells."""
    try:
        return card.read(change.card, change.beside) if change.card else None
    except (ValueError, TypeError, KeyError):
        return None
