"""Gives an actor of ours other keys and tells all that know it: no delivery that is under way gets lost by it.

The Update is signed with the key that peers know, as Mastodon does it: some never fetch a key again that they have.
GoToSocial refuses for good what an actor that it knows signs with a key of which nobody told it.
Everything later is signed with the new one, under an id that no peer has seen, so that each fetches it.
"""

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import select

from fediverse_ehrenamt.federation import actors, addresses, outbox, own_keys, recipients
from fediverse_ehrenamt.federation.model import LocalActorRow
from fediverse_ehrenamt.federation.own_keys import Pairs
from fediverse_ehrenamt.kit.errors import Gone
from fediverse_ehrenamt.kit.sentences import sentence
from fediverse_ehrenamt.vocab.types import Update
from fediverse_ehrenamt.work import Work


@dataclass(frozen=True, slots=True)
class Rotation:
    """What became of one actor's keys; `told` is the number of inboxes that the Update goes to."""

    handle: str
    rsa_id: str
    ed25519_id: str
    told: int


@dataclass(frozen=True, slots=True)
class Listed:
    """The keys of one actor as `ehrenamt keys list` shows them: `state` is none, plain, sealed or former secret."""

    handle: str
    uri: str
    rsa_id: str
    ed25519_id: str
    since: datetime
    state: str


def rotate(work: Work, handle: str, pairs: Pairs, *, leaked: bool = False) -> Rotation:
    """Replace both keys of an actor by `own_keys.generate()`; raises `NotFound`, or `Gone` for one that has left.

    With `leaked` the old keys are of no use from this moment on: they sign nothing more and leave the document, so that
    peers which never fetch a known actor again have to be told by other ways.
    """
    found = actors.by_handle(work, handle)
    if found.gone_at is not None:
        raise Gone(sentence("„%(handle)s“ gibt es nicht mehr; ein neuer Schlüssel hilft da nicht.", handle=handle))
    row = actors.with_keys(work, found.uri)
    work.db.refresh(row, with_for_update=True)  # two rotations at once would leave one of them unknown to peers
    activity = addresses.new_activity(work.settings)
    own_keys.replace(work, row, pairs, "" if leaked else activity)
    inboxes = recipients.acquainted(work, row.uri)
    to, cc = outbox.audience(row.uri)
    update = Update(id=activity, actor=row.uri, object=actors.to_wire(work, row), to=to, cc=cc, published=work.now)
    outbox.send(work, update, inboxes)
    return Rotation(row.handle, own_keys.rsa_id(row), own_keys.ed25519_id(row), len(inboxes))


def handles(work: Work) -> list[str]:
    """Return the handles of all actors of ours that have not left."""
    present = select(LocalActorRow.handle).where(LocalActorRow.gone_at.is_(None))
    return list(work.db.scalars(present.order_by(LocalActorRow.created_at)))


def listing(work: Work) -> list[Listed]:
    rows = work.db.scalars(select(LocalActorRow).order_by(LocalActorRow.created_at))
    return [_listed(work, row) for row in rows]


def _listed(work: Work, row: LocalActorRow) -> Listed:
    since = row.keys_made_at or row.created_at
    return Listed(row.handle, row.uri, own_keys.rsa_id(row), own_keys.ed25519_id(row), since, _state(work, row))


def _state(work: Work, row: LocalActorRow) -> str:
    if not row.rsa_private:
        return "none"
    if not own_keys.is_sealed(row):
        return "plain"
    return "sealed" if own_keys.is_current(work, row) else "former secret"
