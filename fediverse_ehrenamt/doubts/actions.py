"""What is done with doubts: count them, ask the organisation, list them for a coordinator. They hide nothing."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import datetime

from fediverse_ehrenamt.doubts import rules, store
from fediverse_ehrenamt.doubts.model import DoubtRow
from fediverse_ehrenamt.federation import actors
from fediverse_ehrenamt.freshness import actions as freshness
from fediverse_ehrenamt.freshness import wire
from fediverse_ehrenamt.freshness.wire import Said
from fediverse_ehrenamt.kit import clock, html
from fediverse_ehrenamt.kit.errors import Conflict, Gone, NotFound, Unavailable
from fediverse_ehrenamt.kit.sentences import sentence
from fediverse_ehrenamt.mail import sending
from fediverse_ehrenamt.organisations.model import ContactRow
from fediverse_ehrenamt.search import store as documents
from fediverse_ehrenamt.search.model import OPPORTUNITY, Document
from fediverse_ehrenamt.work import Work

LISTED = 200
CROWDED = sentence("Heute kamen schon zu viele Hinweise. Bitte morgen noch einmal.")
_ORGANISATIONS_AT_ONCE, _OFFERS = 20, 100  # in one letter


@dataclass(frozen=True, slots=True)
class Doubted:
    """An offer that visitors doubt; `reasons` counts doubts by `rules.REASONS`, those without one by "".

    `asked_at` is when its organisation was asked about it, None where it never was: it has no mail address, or the
    offer is another portal's.
    """

    page: str
    uri: str
    title: str
    organisation: str
    host: str
    local: bool
    count: int
    reasons: Mapping[str, int]
    last_at: datetime
    asked_at: datetime | None


def look(work: Work, page: str) -> Document:
    """Return the offer of a page; raises `NotFound`, or `Gone` where it is over."""
    document = documents.find(work, page)
    if document is None and documents.is_gone(work, page):
        raise Gone("Das ist abgelaufen oder wurde zurückgezogen.")
    if document is None or document.kind != OPPORTUNITY:
        raise NotFound("Diese Seite gibt es hier nicht.")
    return document


def doubt(work: Work, page: str, client: str, reason: str = "") -> None:
    """Count one doubt about an offer, of each client once a day; a reason may follow.

    Raises as `look` does, and `Unavailable` where too many came today.
    """
    uri = look(work, page).uri
    if not work.settings.secret:
        raise Conflict("Dieses Portal kann gerade keine Hinweise annehmen: Ihm fehlt EHRENAMT_SECRET.")
    store.hold(work, uri)
    mark = rules.mark(work.settings.secret, clock.day(work.now), uri, client)
    row = store.find(work, mark)
    if row is not None:
        row.reason = reason or row.reason
        return
    if store.count_since(work, work.now - rules.MARKS_LAST) >= rules.A_DAY:
        raise Unavailable(CROWDED)
    work.db.add(DoubtRow(uri=uri, reason=reason, at=work.now, mark=mark))
    work.db.flush()


def ask(work: Work) -> int:
    """Write to organisations about those of their offers that visitors doubt; return how many letters."""
    return sum(_ask(work, contact) for contact in store.waiting(work, _ORGANISATIONS_AT_ONCE))


def _ask(work: Work, contact: ContactRow) -> bool:
    offers = []
    for row in store.askable(work, contact.actor, _OFFERS):
        asked = freshness.question(work, row)
        assert asked is not None, "only offers are doubted"
        store.remove(work, row.uri, asked.confirmed_at)  # the organisation has answered those without being asked
        reasons, _ = store.of(work, row.uri, asked.confirmed_at)
        if reasons:
            offers.append(replace(asked, said=_said(reasons)))
    if offers:
        home = actors.instance(work).name
        addressee = freshness.addressee(work, contact)
        sending.post(work, wire.letter(work.settings, home, addressee, offers, work.now))
        store.note_letter(work, contact.actor, [offer.uri for offer in offers])
    return bool(offers)


def _said(reasons: Mapping[str, int]) -> Said:
    named = {"": "Stimmt nicht mehr", **rules.REASONS}
    return tuple((named[reason], count) for reason, count in sorted(reasons.items()))


def listing(work: Work, least: int = rules.ENOUGH) -> list[Doubted]:
    """Return up to `LISTED` offers with so many doubts at least since they were last confirmed."""
    uris = store.doubted(work, least, LISTED)
    found = {document.uri: document for document in documents.among(work, uris)}
    listed = [_doubted(work, found[uri]) for uri in uris if uri in found]
    return sorted((one for one in listed if one and one.count >= least), key=lambda one: -one.count)


def _doubted(work: Work, document: Document) -> Doubted | None:
    reasons, last_at = store.of(work, document.uri, document.fresh_at)
    if last_at is None:
        return None
    return Doubted(
        page=document.id,
        uri=document.uri,
        title=html.visible(document.title),
        organisation=html.visible(document.organisation),
        host=document.host,
        local=document.local,
        count=sum(reasons.values()),
        reasons=dict(reasons),
        last_at=last_at,
        asked_at=store.asked_at(work, document.uri),
    )


def remind(work: Work, uri: str) -> str:
    """Ask an organisation about one offer now, for the doubts that there are or because it ends soon; return its title.

    Raises as `freshness.remind_about`.
    """
    document = documents.get(work, uri)
    reasons, _ = store.of(work, uri, document.fresh_at)
    title = freshness.remind_about(work, uri, _said(reasons))
    if reasons:
        store.note_letter(work, document.organisation_uri, [uri])
    return title


def clear(work: Work, page: str) -> int:
    """Forget the doubts about an offer, because somebody has looked; return how many. Raises as `look` does."""
    return store.remove(work, look(work, page).uri, work.now)


def erase_old(work: Work) -> int:
    """Erase at once what tells clients apart when its day is over, and doubts that are too old to count."""
    return store.erase_marks(work, work.now - rules.MARKS_LAST) + store.erase_old(work, work.now - rules.WINDOW)
