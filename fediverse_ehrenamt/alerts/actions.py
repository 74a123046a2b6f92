"""What is done about searches that are saved by mail: ask, confirm, stop, look at what is new, write. All in one Work.

Whoever asks hears the same whether an address is known or not. Only `confirm` and `stop` change anything for good: mail
scanners follow every link that they see, so looking at one must not.
"""

from collections.abc import Sequence
from dataclasses import dataclass

from fediverse_ehrenamt.accounts.people import Person
from fediverse_ehrenamt.alerts import rules, store, wire
from fediverse_ehrenamt.alerts.model import AlertRow
from fediverse_ehrenamt.federation import actors
from fediverse_ehrenamt.kit import ids
from fediverse_ehrenamt.kit.errors import Conflict, Forbidden, Gone, NotFound, Unavailable
from fediverse_ehrenamt.kit.sentences import sentence
from fediverse_ehrenamt.kit.tokens import WrongToken
from fediverse_ehrenamt.mail import links, sending
from fediverse_ehrenamt.search import saved, series
from fediverse_ehrenamt.search import store as search
from fediverse_ehrenamt.search.model import START, Document
from fediverse_ehrenamt.search.query import Query
from fediverse_ehrenamt.things import fitting
from fediverse_ehrenamt.work import Work

BATCH = 20  # changes in one transaction: each may be found by thousands
LETTERS = 50
CROWDED = sentence("Heute haben schon zu viele Menschen eine Suche gespeichert. Bitte morgen noch einmal.")
_TABLE = "alerts"
_ERASED_AT_ONCE = 1_000


@dataclass(frozen=True, slots=True)
class Alert:
    """A saved search as whoever holds a link about it sees it; `others` are further ones of the same address."""

    params: str
    rhythm: str
    confirmed: bool
    others: int = 0


# --- who has an account -----------------------------------------------------------------------------------------------
def of_person(work: Work, person: Person) -> list[dict[str, object]]:
    """Return the searches of somebody's mail address, as they go into the file of their own data."""
    return [
        {"search": row.params, "rhythm": row.rhythm, "asked_at": row.asked_at, "confirmed_at": row.confirmed_at}
        for row in store.all_of_mail(work, person.mail)
    ]


def erase_person(work: Work, person: Person) -> None:
    """Erase the searches of somebody's mail address."""
    store.remove(work, [row.id for row in store.all_of_mail(work, person.mail)])


# --- asking, confirming, stopping -------------------------------------------------------------------------------------
def ask(work: Work, mail: str, query: Query, rhythm: str, language: str) -> None:
    """Write to an address (as `mailbox.read` gives it) and ask whether it wants to hear of a search.

    Nothing tells whether that address is known, or had its letters for today. Raises `Unavailable` where too many ask.
    """
    assert rhythm in rules.RHYTHMS
    address = mail.lower()
    store.hold(work, address)
    since = work.now - rules.DAY
    if store.asked_since(work, since) >= rules.ASKED_A_DAY:
        raise Unavailable(CROWDED)
    if store.asked_since(work, since, address) >= rules.LETTERS_A_DAY:
        return
    row = AlertRow(
        mail=address,
        params=saved.plain(query).params(),
        rhythm=rhythm,
        language=language,
        asked_at=work.now,
    )
    work.db.add(row)
    work.db.flush()
    sending.post(work, wire.question(work.settings, actors.instance(work).name, row, work.now))


def look(work: Work, purpose: str, number: str, token: str) -> Alert:
    """Return the saved search that a link is about.

    Raises `Forbidden` where the link was not made here, `Gone` where it has expired or the search was given up.
    """
    return _shown(work, _get(work, purpose, number, token))


def confirm(work: Work, number: str, token: str) -> Alert:
    """Begin to write; once more changes nothing. Raises as `look` does, and `Conflict` where an address has too many.

    The same search in another rhythm takes the place of the one there is.
    """
    row = _get(work, wire.CONFIRM, number, token)
    if row.confirmed_at is not None:
        return _shown(work, row)
    store.hold(work, row.mail)
    same = [other.id for other in store.of_mail(work, row.mail) if other.params == row.params]
    if len(store.of_mail(work, row.mail)) - len(same) >= rules.SEARCHES:
        raise Conflict(sentence("Mehr als %(most)s Suchen können Sie nicht speichern.", most=rules.SEARCHES))
    store.remove(work, same)
    row.confirmed_at = work.now
    if store.followed(work) is None:
        store.note_followed(work, search.newest(work))
    return _shown(work, row)


def set_rhythm(work: Work, rhythm: str, number: str, token: str) -> Alert:
    """Write at other times from the next find on, by the link that stops; raises as `look` does, and `NotFound`."""
    if rhythm not in rules.RHYTHMS:
        raise NotFound("Diese Seite gibt es hier nicht.")
    row = _get(work, wire.STOP, number, token)
    row.rhythm = rhythm
    work.db.flush()
    return _shown(work, row)


def stop(work: Work, number: str, token: str) -> None:
    """Write no more about a search and erase the address; of one that is stopped already there is nothing to do."""
    row = _find(work, wire.STOP, number, token)
    if row is not None:
        store.remove(work, [row.id])


def stop_all(work: Work, number: str, token: str) -> None:
    """Stop all searches of the address that a link was written to."""
    row = _find(work, wire.STOP, number, token)
    if row is not None:
        store.remove(work, [row.id, *(other.id for other in store.of_mail(work, row.mail))])


def _get(work: Work, purpose: str, number: str, token: str) -> AlertRow:
    row = _find(work, purpose, number, token)
    if row is None:
        raise Gone("Diese Suche ist nicht mehr gespeichert.")
    return row


def _find(work: Work, purpose: str, number: str, token: str) -> AlertRow | None:
    """Return what a link is about, None where that is gone: the address it was signed with is gone too."""
    is_number = number.isascii() and number.isdigit() and len(number) <= len(str(1 << 31))
    row = work.db.get(AlertRow, int(number)) if is_number else None
    if row is None:
        return None
    try:
        until = links.valid_until(work.settings, purpose, wire.subject_of(row), token)
    except WrongToken as error:
        raise Forbidden("Dieser Link ist unvollständig oder nicht von uns.") from error
    if until <= work.now:
        raise Gone("Dieser Link ist abgelaufen.")
    return row


def _shown(work: Work, row: AlertRow) -> Alert:
    others = [other for other in store.of_mail(work, row.mail) if other.id != row.id]
    return Alert(row.params, row.rhythm, row.confirmed_at is not None, len(others))


# --- what is new ------------------------------------------------------------------------------------------------------
def follow(work: Work) -> int:
    """Look at the next changes for all who saved a search; return how many there were, or searches read meanwhile."""
    store.hold(work)
    cursor = store.followed(work)
    if cursor is None:
        return 0
    changes = search.changes(work, cursor, BATCH)
    if not changes:
        if cursor > search.newest(work):  # restored from an older copy
            store.note_followed(work, START)
        return 0
    percolator, missing = saved.bring_up(work, _TABLE, store.live(work), lambda ids: store.searches(work, ids))
    if missing:
        return missing
    store.forget(work, [change.uri for change in changes if not change.card])
    for change in changes:
        document = search.read(change)
        if document is not None:
            found = set(percolator.find(document, work.now))
            store.drop_waiting(work, document.id, found)
            _note(work, document, found)
    store.note_followed(work, changes[-1].number)
    return len(changes)


def _note(work: Work, document: Document, found: set[int]) -> None:
    """Let a Document wait for those who saved their search before it came here; what is over is of no use to them."""
    came_at = ids.made_at(document.id)
    if came_at is None or document.status or not found:
        return
    fresh = store.add_hits(work, document.id, store.older(work, found, came_at))
    for row in store.unscheduled(work, fresh):
        row.next_at = rules.next_letter(row.rhythm, work.now, row.written_at)


def write(work: Work) -> int:
    """Send the letters that are due; return how many searches were looked at.

    While more has come than one look takes (an import), they wait: all of it stands in one letter.
    """
    cursor = store.followed(work)
    if cursor is None or len(search.changes(work, cursor, BATCH)) == BATCH:
        return 0
    due = store.due(work, LETTERS)
    home = actors.instance(work).name if due else ""
    for row in due:
        documents = _still(work, store.waiting(work, row.id))
        row.next_at = None
        store.set_told(work, row.id)
        if documents:
            row.written_at = work.now
            sending.post(work, wire.digest(work.settings, home, row, documents, work.now))
    return len(due)


def _still(work: Work, pages: Sequence[str]) -> list[Document]:
    """Return what can still be found of Documents, one of each group that is shown as one and of each series."""
    held = [search.find(work, page) for page in pages]
    return series.firsts(
        one for one in held if one and not one.covered and not one.status and not fitting.is_over(one, work.now)
    )


def erase_unconfirmed(work: Work) -> int:
    """Erase who did not confirm within two days; return how many."""
    found = store.unconfirmed(work, work.now - rules.CONFIRM_WITHIN, _ERASED_AT_ONCE)
    store.remove(work, found)
    return len(found)
