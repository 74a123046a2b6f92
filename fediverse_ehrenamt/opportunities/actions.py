"""What an organisation does with its opportunities. Each is one transaction."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime
from functools import partial

from sqlalchemy import select

from fediverse_ehrenamt.kit import values
from fediverse_ehrenamt.kit.errors import Conflict, Invalid, NotFound
from fediverse_ehrenamt.kit.sentences import sentence
from fediverse_ehrenamt.look import actions as look
from fediverse_ehrenamt.opportunities import rules, wire
from fediverse_ehrenamt.opportunities.rules import Draft
from fediverse_ehrenamt.search.model import OPPORTUNITY
from fediverse_ehrenamt.things import actions, bulk, store
from fediverse_ehrenamt.things.actions import Maker
from fediverse_ehrenamt.things.model import ThingRow
from fediverse_ehrenamt.things.store import Outcome, Own
from fediverse_ehrenamt.things.wire import Thing
from fediverse_ehrenamt.things.writing import Names
from fediverse_ehrenamt.vocab import labels
from fediverse_ehrenamt.vocab.types import Opportunity
from fediverse_ehrenamt.work import Work

EXPIRED_AT_ONCE = 50


def publish(work: Work, owner: str, draft: Draft) -> Outcome:
    """Publish an opportunity of the actor `owner`, change or withdraw the one with the same key; raises `Invalid`."""
    if draft.details.status == rules.WITHDRAWN:
        return actions.withdraw(work, owner, draft.key, "Note")
    if faults := rules.problems(draft, work.now):
        raise Invalid(faults)
    return actions.hand_in(work, owner, _own(draft), OPPORTUNITY, _maker(work, draft))


def publish_quietly(work: Work, owner: str, drafts: Sequence[Draft]) -> list[Outcome]:
    """Publish many new opportunities of the actor `owner` at once, in nobody's timeline (`things.bulk`).

    Whoever calls this has asked `rules.problems` of each. Raises `Conflict` where one of the keys is taken.
    """
    document, hashtag = partial(wire.to_document, local=True), look.hashtag(work)
    fresh = [bulk.Fresh(_own(draft), partial(_made, work, draft, hashtag), document) for draft in drafts]
    return bulk.publish_quietly(work, owner, fresh)


def confirm(work: Work, owner: str, key: str, *, go_on: bool = False) -> Outcome:
    """Say of an open offer that it still holds; one that has expired is open again.

    It counts as fresh and holds for a year from now, or as long as the organisation said; with `go_on` for a year also
    where it named an earlier end (`expires_at`). Raises `NotFound`, `Conflict` where it is filled or paused, `Invalid`
    where what it says of its end is over.
    """
    store.hold(work, f"{owner} {key}")
    held = store.find_own(work, owner, key)
    if held is None or held.kind != OPPORTUNITY:
        raise NotFound(sentence("Ein Angebot „%(key)s“ gibt es bei dieser Organisation nicht (mehr).", key=key))
    draft = values.load(Draft, held.draft)
    if draft.details.status not in {rules.OPEN, rules.EXPIRED}:
        raise Conflict(
            sentence(
                "Der Stand von „%(title)s“ ist: %(state)s. Bestätigt wird nur, was offen ist.",
                title=draft.details.title,
                state=sentence(labels.label(labels.STATUS, draft.details.status)),
            )
        )
    details = rules.going_on(draft.details, work.now) if go_on else draft.details
    opened = replace(draft, details=replace(details, status=rules.OPEN))
    renewed = replace(opened, details=replace(opened.details, confirmed_at=None))
    if faults := rules.problems(renewed, work.now):
        raise Invalid(faults)
    return actions.change(work, held, _maker(work, renewed, opened))


def expire(work: Work) -> int:
    """Say of own offers whose time is over that they are ("ABGELAUFEN:"), to all that were sent them."""
    due = select(ThingRow.uri).where(ThingRow.local, ThingRow.kind == OPPORTUNITY, ThingRow.expires_at <= work.now)
    held = actions.hold(work, work.db.scalars(due.limit(EXPIRED_AT_ONCE)).all())
    # Another worker may have said it meanwhile, or the organisation that it still holds.
    rows = [row for row in held if row.expires_at is not None and row.expires_at <= work.now]
    for row in rows:
        draft, told = values.load(Draft, row.draft), store.get(work, row.uri)
        assert isinstance(told, Opportunity)
        over = replace(draft, details=replace(draft.details, status=rules.EXPIRED))
        # That its time is over confirms nothing: it keeps its dates.
        confirmed = told.details.confirmed_at
        said = replace(over, details=replace(over.details, confirmed_at=confirmed, expires_at=row.expires_at))
        actions.change(work, row, _maker(work, said, over))
    return len(rows)


def _own(draft: Draft) -> Own:
    return Own(draft.key, values.dump(draft))


def _maker(work: Work, draft: Draft, kept: Draft | None = None) -> Maker:
    """Return how an opportunity is made; `kept` is what the organisation handed in, where `draft` says more."""

    def make(names: Names, published: datetime, updated: datetime) -> Opportunity:
        return _made(work, draft, look.hashtag(work), names, published, updated)

    return Maker(make, partial(_keep, work, _own(kept or draft)))


def _made(work: Work, draft: Draft, hashtag: str, names: Names, published: datetime, updated: datetime) -> Opportunity:
    confirmed = min(draft.details.confirmed_at or updated, updated)
    details = replace(draft.details, confirmed_at=confirmed, expires_at=rules.expires_at(draft.details, confirmed))
    tagged = replace(draft, details=details, hashtags=look.tags(draft.hashtags, hashtag))
    return wire.to_wire(tagged, work.settings, names, published, updated)


def _keep(work: Work, own: Own, thing: Thing, page: str) -> None:
    assert isinstance(thing, Opportunity)
    document = wire.to_document(thing, store.author(work, thing.attributed_to), page, local=True)
    store.put(work, thing, document, own)
