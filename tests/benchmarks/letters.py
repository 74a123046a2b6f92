"""Signed activities made beforehand: real demo texts as a followed source's organisations would send them.

Each letter has an id, a date and a digest of its own and is one whole HTTP request, ready to be written to a socket.
"""

from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from itertools import cycle, islice
from pathlib import Path

from fediverse_ehrenamt.demo import generator
from fediverse_ehrenamt.demo.towns import TOWNS
from fediverse_ehrenamt.events import rules as event_rules
from fediverse_ehrenamt.events import wire as event_wire
from fediverse_ehrenamt.federation import addresses, peers, signatures
from fediverse_ehrenamt.federation.model import SourceRow
from fediverse_ehrenamt.federation.signatures import SigningKey
from fediverse_ehrenamt.kit import ids
from fediverse_ehrenamt.opportunities import rules as opportunity_rules
from fediverse_ehrenamt.opportunities import wire as opportunity_wire
from fediverse_ehrenamt.settings import Settings
from fediverse_ehrenamt.things.writing import Names
from fediverse_ehrenamt.vocab import codec
from fediverse_ehrenamt.vocab.keys import PublicKey
from fediverse_ehrenamt.vocab.types import Activity, Actor, Create, Event, Opportunity
from fediverse_ehrenamt.work import Work

ACTORS = 50
_SEED = 7
_DISTINCT = 200  # texts for each town; later letters repeat them under other ids
_SPREAD_SECONDS = 3_600  # dates lie within the last hour

Draft = opportunity_rules.Draft | event_rules.Draft


@dataclass(frozen=True, slots=True)
class Sender:
    """An organisation of the source and the key that it signs with."""

    actor: Actor
    public_pem: str
    key: SigningKey


class Source:
    """Another instance, of which only its signatures and its texts are needed."""

    def __init__(self, now: datetime) -> None:
        self.settings = Settings.load({"EHRENAMT_URL": "https://ehrenamt.quelle.example"})
        self.now = now
        self.senders = [self._sender(number) for number in range(ACTORS)]
        self.drafts = [
            entry.draft
            for town in TOWNS
            for entry in generator.entries(town, now, _SEED, opportunities=_DISTINCT * 3 // 4, events=_DISTINCT // 4)
            if not isinstance(entry.draft, event_rules.Draft) or entry.draft.ends_at > now  # what is over is not kept
        ]

    def _sender(self, number: int) -> Sender:
        uri = addresses.actor(self.settings, f"verein{number}")
        private, public = signatures.make_rsa()
        key = SigningKey(f"{uri}#main-key", signatures.load_private(private))
        actor = Actor(
            id=uri,
            type="Organization",
            handle=f"verein{number}",
            name=f"Verein Nummer {number}",
            inbox=f"{uri}/inbox",
            shared_inbox=addresses.shared_inbox(self.settings),
            outbox=f"{uri}/outbox",
            keys=(PublicKey(id=key.id, owner=uri, pem=public),),
        )
        return Sender(actor, public, key)

    def introduce(self, work: Work) -> None:
        """Make this a followed source of an instance that knows all its actors."""
        instance = addresses.instance_actor(self.settings)
        work.db.add(
            SourceRow(
                uri=instance,
                origin=ids.origin(instance),
                whole_origin=True,
                follow=f"{work.settings.url}/ap/activity/follow",
                state="accepted",
                added_at=work.now,
                read_at=work.now,
            )
        )
        for sender in self.senders:
            peers.remember(work, sender.actor)

    def write_keys(self, file: Path) -> None:
        """Write the public keys for the bare app: key id and PEM, one after the other, parted by empty lines."""
        file.write_text("\n\n".join(f"{sender.key.id}\n{sender.public_pem.strip()}" for sender in self.senders))

    def letters(self, inbox: str, count: int) -> list[bytes]:
        """Return `count` signed requests to an inbox, a quarter of them with events, no two alike."""
        pairs = zip(cycle(self.drafts), cycle(self.senders), strict=False)
        return [self.letter(inbox, sender, draft, age) for age, (draft, sender) in enumerate(islice(pairs, count))]

    def activities(self) -> Iterator[Activity]:
        """Yield activities without end; texts repeat under other ids."""
        return (
            self.activity(sender, draft) for draft, sender in zip(cycle(self.drafts), cycle(self.senders), strict=False)
        )

    def letter(self, inbox: str, sender: Sender, draft: Draft, age: int) -> bytes:
        body = codec.write(self.activity(sender, draft))
        made = self.now - timedelta(seconds=age % _SPREAD_SECONDS)
        headers = signatures.sign(sender.key, "POST", inbox, body, made)
        path = "/" + inbox.partition("://")[2].partition("/")[2]
        lines = [f"POST {path} HTTP/1.1", *(f"{name}: {value}" for name, value in headers.items())]
        lines += ["user-agent: Quelle/1.0", "accept: */*", "content-type: application/activity+json"]
        return "\r\n".join([*lines, f"content-length: {len(body)}", "", ""]).encode() + body

    def titled(self, inbox: str, title: str) -> bytes:
        """Return a letter with an offer of that title."""
        draft = next(draft for draft in self.drafts if isinstance(draft, opportunity_rules.Draft))
        named = replace(draft, details=replace(draft.details, title=title))
        return self.letter(inbox, self.senders[0], named, 0)

    def activity(self, sender: Sender, draft: Draft) -> Activity:
        """Return the Create by which a sender publishes a draft; each has ids of its own."""
        page, uri = addresses.new_object(self.settings)
        thing = self._thing(draft, Names(uri, page, sender.actor.id))
        return Create(
            id=addresses.new_activity(self.settings),
            actor=sender.actor.id,
            object=thing,
            to=thing.to,
            cc=thing.cc,
            published=self.now,
        )

    def _thing(self, draft: Draft, names: Names) -> Opportunity | Event:
        if isinstance(draft, event_rules.Draft):
            return event_wire.to_wire(draft, self.settings, names, self.now, self.now)
        details = replace(draft.details, expires_at=self.now + timedelta(days=90), confirmed_at=self.now)
        details = replace(details, end_date=None, apply_by=None)
        return opportunity_wire.to_wire(replace(draft, details=details), self.settings, names, self.now, self.now)
