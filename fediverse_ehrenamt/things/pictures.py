"""Follows the changes of Documents, as the index does, and wants the pictures that they show. No handler waits for it.

So whatever takes a Document out (a Delete, its expiry, the end of a source, a block) takes its picture along.
"""

from fediverse_ehrenamt.federation import restrictions
from fediverse_ehrenamt.federation.rules import Rules
from fediverse_ehrenamt.kit import ids
from fediverse_ehrenamt.media import remote
from fediverse_ehrenamt.search import card
from fediverse_ehrenamt.search import store as search
from fediverse_ehrenamt.search.model import Cursor
from fediverse_ehrenamt.work import Work

BATCH = 500


def follow(work: Work) -> int:
    """Look at the next changes and return how many there were."""
    mark = remote.followed(work)
    if mark is None:
        return 0  # another worker is at it
    changes = search.changes(work, Cursor(*mark), BATCH)
    if not changes:
        if mark > search.newest(work):  # a restored database begins to count anew
            remote.rewind(work)
        return 0
    rules = restrictions.rules(work)
    remote.assign(work, {change.uri: _picture(work, rules, change.card) for change in changes})
    remote.note_followed(work, *changes[-1].number)
    return len(changes)


def _picture(work: Work, rules: Rules, written: str) -> str:
    """Return the URL of the remote picture that a Document shows and may show, or ""."""
    document = card.read(written) if written else None
    if document is None or document.local or not document.image or not work.settings.pictures_mb:
        return ""
    host = ids.host(document.image)
    if not host or host == work.settings.host or len(document.image) > remote.URL_LENGTH:
        return ""
    verdicts = rules.of(document.organisation_uri), rules.of_host(document.host), rules.of_host(host)
    return "" if any(verdict.reject_media for verdict in verdicts) else document.image
