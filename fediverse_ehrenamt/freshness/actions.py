"""Asks organisations whether their offers still hold, and does what a link in such a letter says. One transaction each.

A link is signed, needs no login and is good for one thing. Only `confirm`, `fill`, `withdraw` and `stop` change
anything: mail scanners follow every link that they see, so looking at one must not.
"""

from dataclasses import dataclass, replace
from datetime import datetime

from sqlalchemy import select

from fediverse_ehrenamt.accounts import people
from fediverse_ehrenamt.accounts.wire import Recipient
from fediverse_ehrenamt.federation import actors
from fediverse_ehrenamt.federation.model import LocalActorRow
from fediverse_ehrenamt.freshness import rules, store, wire
from fediverse_ehrenamt.freshness.wire import Addressee, Asked, Said
from fediverse_ehrenamt.kit import html, values
from fediverse_ehrenamt.kit.errors import Conflict, Forbidden, Gone, NotFound
from fediverse_ehrenamt.kit.tokens import WrongToken
from fediverse_ehrenamt.mail import links, sending
from fediverse_ehrenamt.opportunities import actions as opportunities
from fediverse_ehrenamt.opportunities.rules import EXPIRED, FILLED, OPEN, WITHDRAWN, Draft
from fediverse_ehrenamt.organisations import actions as organisations
from fediverse_ehrenamt.organisations.model import ContactRow
from fediverse_ehrenamt.things import store as things
from fediverse_ehrenamt.things import wire as things_wire
from fediverse_ehrenamt.things.model import ThingRow
from fediverse_ehrenamt.vocab.types import Opportunity
from fediverse_ehrenamt.work import Work

ORGANISATIONS_AT_ONCE = 20
OFFERS = 100  # in one letter: mail programs cut longer ones off; what is over that is asked next week
_ERASED_AT_ONCE = 1_000


# --- letters ----------------------------------------------------------------------------------------------------------
def remind(work: Work) -> int:
    """Write to organisations whose offers are about to expire, one letter each; return how many letters."""
    return sum(_remind(work, contact) for contact in store.hold(work, store.waiting(work, ORGANISATIONS_AT_ONCE)))


def _remind(work: Work, contact: ContactRow) -> bool:
    looked_at = [(row, told, _asked(work, row)) for row, told in store.expiring(work, contact.actor, OFFERS)]
    offers: list[Asked] = []
    if any(offer and _stage(offer, work.now) > told for _, told, offer in looked_at):
        soon = work.now + rules.WEEK  # there is no other letter until then
        offers = [offer for _, told, offer in looked_at if offer and _stage(offer, soon) > told]
        contact.reminded_at = work.now
        home = actors.instance(work).name
        sending.post(work, wire.letter(work.settings, home, addressee(work, contact), offers, work.now))
    _note(work, [(row, told) for row, told, _ in looked_at], {offer.uri for offer in offers})
    return bool(offers)


def _stage(offer: Asked, moment: datetime) -> int:
    return rules.stage(offer.confirmed_at, offer.expires_at, moment)


def _asked(work: Work, row: ThingRow) -> Asked | None:
    """Return an offer as it would be asked about, None where its end is its own: there is nothing to confirm."""
    offer = question(work, row)
    return offer if offer and rules.can_go_on(values.load(Draft, row.draft).details) else None


def question(work: Work, row: ThingRow) -> Asked | None:
    """Return an open offer of ours as a letter asks about it, None for anything else."""
    thing = things.get(work, row.uri)
    if not isinstance(thing, Opportunity):
        return None
    assert row.expires_at is not None, "it was found by its end"
    confirmed = thing.details.confirmed_at or row.version
    title, place = _words(thing)
    return Asked(row.uri, row.id, title, place, confirmed, row.expires_at)


def _words(thing: Opportunity) -> tuple[str, str]:
    """Return title and place as one visible line each."""
    return html.visible(thing.details.title), html.visible(things_wire.place_label(thing.place))


def addressee(work: Work, contact: ContactRow) -> Addressee:
    """Return to whom letters for an organisation go."""
    actor = work.db.get_one(LocalActorRow, contact.actor)
    language = people.language_at(work, contact.mail, contact.actor)
    return Addressee(actor.uri, actor.handle, actor.name, Recipient(contact.mail, language))


def _note(work: Work, rows: list[tuple[ThingRow, int]], asked: set[str]) -> None:
    stages: dict[str, tuple[datetime, int]] = {}
    for row, told in rows:
        assert row.expires_at is not None, "it was found by its end"
        near = rules.nearness(row.expires_at, work.now + rules.WEEK if row.uri in asked else work.now)
        if near > told:
            stages[row.uri] = row.expires_at, near
    store.note(work, stages)


@dataclass(frozen=True, slots=True)
class Nearing:
    """An open offer of ours that ends soon unless somebody confirms it; `stage` is that of its last question.

    `reminded_at` is when its organisation last had a letter about any of its offers, `reached` whether it can have one
    and wants it.
    """

    uri: str
    title: str
    confirmed_at: datetime
    expires_at: datetime
    stage: int
    reminded_at: datetime | None
    reached: bool


def nearing(work: Work, limit: int) -> list[Nearing]:
    """Return up to `limit` offers that end within a month and could go on if they were confirmed, the next first."""
    found = []
    for row, stage, reminded_at, reached in store.nearing(work, limit):
        if asked := _asked(work, row):
            facts = (asked.uri, asked.title, asked.confirmed_at, asked.expires_at)
            found.append(Nearing(*facts, stage, reminded_at, reached))
    return found


def nearing_uris(work: Work, limit: int) -> list[str]:
    """Return the URIs of what `nearing` returns, which is cheap enough for a number in a menu."""
    rows = (row for row, *_ in store.nearing(work, limit))
    return [row.uri for row in rows if rules.can_go_on(values.load(Draft, row.draft).details)]


def remind_about(work: Work, uri: str, said: Said = ()) -> str:
    """Ask an organisation about one of its offers now, and return its title; `said` is what speaks against it.

    Raises `NotFound`, and `Conflict` where it cannot be asked: it has no address, wants no reminders, or had a letter
    within a day.
    """
    row = things.find(work, uri)
    asked = question(work, row) if row is not None and row.local and row.expires_at is not None else None
    if row is None or asked is None:
        raise NotFound("Dieses Angebot gibt es nicht mehr, oder es ist nicht offen.")
    contact = store.contact(work, row.actor)
    if contact is None:
        raise Conflict("Von dieser Organisation kennen wir keine Mailadresse. Vielleicht hilft ein Anruf.")
    if contact.quiet:
        raise Conflict("Diese Organisation möchte keine Erinnerungen. Vielleicht hilft ein Anruf.")
    if contact.reminded_at is not None and contact.reminded_at > work.now - rules.BY_HAND:
        raise Conflict("Diese Organisation wurde heute schon erinnert. Bitte warten Sie auf ihre Antwort.")
    contact.reminded_at = work.now
    home, to = actors.instance(work).name, addressee(work, contact)
    sending.post(work, wire.letter(work.settings, home, to, [replace(asked, said=said)], work.now))
    return asked.title


def erase_old(work: Work) -> int:
    return store.erase_old(work, _ERASED_AT_ONCE)


# --- answers ----------------------------------------------------------------------------------------------------------
@dataclass(frozen=True, slots=True)
class Offer:
    """An offer as whoever holds a link sees it; `status` is "" while it is open or has expired.

    `confirmed` says that it was confirmed since the link was written, `expires_at` until when it then holds.
    """

    owner: str
    key: str
    organisation: str
    title: str
    place: str
    status: str
    confirmed: bool
    expires_at: datetime | None


def look(work: Work, purpose: str, page: str, token: str) -> Offer:
    """Return the offer that a link is about.

    Raises `Forbidden` where the link was not made here, `Gone` where it has expired or the offer was withdrawn.
    """
    uri = f"{work.settings.url}/ap/object/{page}"
    until = _valid_until(work, purpose, uri, token)
    row = things.find(work, uri)
    if row is None or row.key is None:
        raise Gone("Dieses Angebot wurde zurückgezogen.")
    thing = things.get(work, uri)
    assert isinstance(thing, Opportunity)
    status = "" if thing.details.status in {OPEN, EXPIRED} else thing.details.status
    confirmed_at = thing.details.confirmed_at
    title, place = _words(thing)
    return Offer(
        owner=row.actor,
        key=row.key,
        organisation=things.author(work, row.actor).name,
        title=title,
        place=place,
        status=status,
        confirmed=not status and confirmed_at is not None and confirmed_at >= until - rules.LINKS_HOLD,
        expires_at=thing.details.expires_at,
    )


def confirm(work: Work, page: str, token: str) -> Offer:
    """Say that the offer of a link still holds, for another year; once more changes nothing. Raises as `look` does.

    One that is not open any more stays as it is.
    """
    offer = look(work, wire.CONFIRM, page, token)
    if not offer.confirmed and not offer.status:
        opportunities.confirm(work, offer.owner, offer.key, go_on=True)
    return look(work, wire.CONFIRM, page, token)


def fill(work: Work, page: str, token: str) -> Offer:
    """Say that whoever was looked for was found ("BESETZT:"). Raises as `look` does."""
    offer = look(work, wire.CLOSE, page, token)
    _publish(work, offer, FILLED)
    return replace(offer, status=FILLED)


def withdraw(work: Work, page: str, token: str) -> Offer:
    """Take the offer of a link back for good. Raises as `look` does."""
    offer = look(work, wire.CLOSE, page, token)
    _publish(work, offer, WITHDRAWN)
    return offer


def _publish(work: Work, offer: Offer, status: str) -> None:
    things.hold(work, f"{offer.owner} {offer.key}")
    row = things.find_own(work, offer.owner, offer.key)
    if row is None:
        raise Conflict("Dieses Angebot wurde gerade geändert. Bitte versuchen Sie es noch einmal.")
    draft = values.load(Draft, row.draft)
    opportunities.publish(work, offer.owner, replace(draft, details=replace(draft.details, status=status)))


@dataclass(frozen=True, slots=True)
class Reader:
    """An organisation that gets reminders; `reached` says that it still does."""

    uri: str
    name: str
    reached: bool


def reader(work: Work, handle: str, token: str) -> Reader:
    """Return whose reminders a link would end; raises `Forbidden` and `Gone` as `look` does."""
    row = work.db.scalar(select(LocalActorRow).where(LocalActorRow.handle == handle))
    _valid_until(work, wire.STOP, row.uri if row else "", token)
    assert row is not None, "a token is signed for an actor of ours"
    reached = bool(organisations.mail_of(work, row.uri)) and not organisations.is_quiet(work, row.uri)
    return Reader(row.uri, row.name, reached)


def stop(work: Work, handle: str, token: str) -> Reader:
    """Remind an organisation no more; once more changes nothing. Its address stays, for what people ask of it."""
    found = reader(work, handle, token)
    organisations.be_quiet(work, found.uri, quiet=True)
    return found


def go_on(work: Work, handle: str, token: str) -> Reader:
    """Remind an organisation again that had ended it by the same link."""
    found = reader(work, handle, token)
    organisations.be_quiet(work, found.uri, quiet=False)
    return found


def _valid_until(work: Work, purpose: str, uri: str, token: str) -> datetime:
    try:
        until = links.valid_until(work.settings, purpose, uri, token)
    except WrongToken as error:
        raise Forbidden("Dieser Link ist unvollständig oder nicht von uns.") from error
    if until <= work.now:
        raise Gone("Dieser Link ist abgelaufen.")
    return until
