"""Our own actors: registered once, keys made on first use, handles never given out twice."""

import re
from dataclasses import replace
from typing import Literal

from sqlalchemy import select

from fediverse_ehrenamt.federation import addresses, own_keys, signatures
from fediverse_ehrenamt.federation.model import InstanceRow, LocalActorRow
from fediverse_ehrenamt.federation.own_keys import Keys, ProvingKey
from fediverse_ehrenamt.kit import html, ids, values
from fediverse_ehrenamt.kit.errors import Conflict, Gone, Invalid, NotFound, Problem
from fediverse_ehrenamt.kit.sentences import sentence
from fediverse_ehrenamt.vocab.keys import PublicKey
from fediverse_ehrenamt.vocab.types import PUBLIC, Actor, Image, Link, OrganisationDetails
from fediverse_ehrenamt.web import assets
from fediverse_ehrenamt.work import Work

RESERVED = frozenset(
    {
        *("relay", "admin", "administrator", "root", "instance", "system", "support", "hilfe", "kontakt", "info"),
        *("mail", "postmaster", "webmaster", "abuse", "security", "moderation", "inbox", "outbox", "api", "ap"),
        *("static", "media", "ueber", "datenschutz", "impressum"),
    }
)
IMPLEMENTS = (
    Link(href="https://datatracker.ietf.org/doc/html/rfc9421", name="RFC-9421: HTTP Message Signatures"),
)  # as FEP-844e's registry has it
FEATURED = frozenset({"Organization", "Service"})
"""The types of those whom anybody may put into a collection (FEP-7aa9); the instance is nobody to be recommended."""
_ICON = "icons/ehrenamt.png"  # of all, until an organisation shows its own
_HANDLE = re.compile(r"[a-z0-9_]{3,30}")
_TRANSLITERATION = str.maketrans({"ä": "ae", "ö": "oe", "ü": "ue", "ß": "ss", "-": "_", " ": "_", ".": "_"})
ActorType = Literal["Organization", "Application", "Group", "Service"]
_PAGES: dict[ActorType, str] = {
    "Organization": "/organisationen/{}",
    "Application": "/ueber",
    "Group": "/gruppen/{}",
    "Service": "/abos/{}",
}


def instance(work: Work) -> InstanceRow:
    """Return what `init` decided; raises `NotFound` before it."""
    row: InstanceRow | None = work.db.scalar(select(InstanceRow))
    if row is None:
        raise NotFound("Diese Instanz ist noch nicht eingerichtet. Bitte zuerst `ehrenamt init` aufrufen.")
    return row


def register(
    work: Work,
    *,
    handle: str,
    kind: ActorType,
    name: str,
    summary: str,
    details: OrganisationDetails | None = None,
) -> LocalActorRow:
    """Add an actor of ours; `summary` is plain text. Raises `Invalid` for a handle that is taken or no handle."""
    if kind != "Application" and (problems := wrong_handle(work, handle)):
        raise Invalid(problems)
    key = addresses.INSTANCE_HANDLE if kind == "Application" else ids.new_id()
    row = LocalActorRow(
        uri=addresses.actor(work.settings, key),
        handle=handle,
        type=kind,
        name=name,
        summary=summary,
        url=f"{work.settings.url}{_PAGES[kind].format(handle)}",
        details=values.dump(details) if details else "",
        created_at=work.now,
    )
    work.db.add(row)
    work.db.flush()
    return row


def wrong_handle(work: Work, handle: str) -> list[Problem]:
    """Say what is wrong with a handle for a new actor: it is none, reserved or taken."""
    if not _HANDLE.fullmatch(handle):
        proposal = re.sub(r"[^a-z0-9_]", "", handle.lower().translate(_TRANSLITERATION))[:30].ljust(3, "_")
        message = sentence(
            "„%(handle)s“ geht nicht: 3 bis 30 Zeichen aus a–z, 0–9 und _, z. B. %(proposal)s",
            handle=handle,
            proposal=proposal,
        )
        return [Problem("handle", message)]
    if handle in RESERVED:
        message = sentence("„%(handle)s“ ist reserviert; bitte einen anderen Namen wählen", handle=handle)
        return [Problem("handle", message)]
    if work.db.scalar(select(LocalActorRow.uri).where(LocalActorRow.handle == handle)):
        free = next(
            f"{handle[:27]}_{number}" for number in range(2, 100) if not _taken(work, f"{handle[:27]}_{number}")
        )
        said = {"handle": handle, "free": free}
        message = sentence("„%(handle)s“ ist schon vergeben; frei wäre zum Beispiel %(free)s", **said)
        return [Problem("handle", message)]
    return []


def _taken(work: Work, handle: str) -> bool:
    return work.db.scalar(select(LocalActorRow.uri).where(LocalActorRow.handle == handle)) is not None


def by_uri(work: Work, uri: str) -> LocalActorRow:
    """Return the actor with a URI; raises `NotFound`."""
    row = work.db.get(LocalActorRow, uri)
    if row is None:
        raise NotFound("Dieses Konto gibt es hier nicht.")
    return row


def check_there(work: Work, uri: str) -> None:
    """Raise `NotFound` for what is no actor of ours, `Gone` for one that is one no more."""
    if by_uri(work, uri).gone_at:
        raise Gone("Dieses Konto gibt es nicht mehr.")


def by_handle(work: Work, handle: str) -> LocalActorRow:
    """Return the actor with a handle ("relay", "buecherei"), also one that is gone; raises `NotFound`."""
    row = work.db.scalar(select(LocalActorRow).where(LocalActorRow.handle == handle.lower().removeprefix("@")))
    if row is None:
        raise NotFound(
            sentence("„%(handle)s“ gibt es hier nicht; `ehrenamt organisation list` zeigt alle.", handle=handle)
        )
    return row


def with_keys(work: Work, uri: str) -> LocalActorRow:
    """Return an actor of ours that has its keys, making them if this is their first use (about 50 ms)."""
    row = by_uri(work, uri)
    if not row.rsa_private or not own_keys.is_sealed(row):
        work.db.refresh(row, with_for_update=True)  # two at once would each make a key, and sign with different ones
    if not row.rsa_private:
        own_keys.put(work, row, own_keys.generate())
    elif not own_keys.is_sealed(row):  # made by an earlier version
        own_keys.seal(work, row)
        work.db.flush()
    return row


def keys(work: Work, uri: str) -> Keys:
    """Return the keys with which an actor of ours signs its requests; makes them on first use."""
    return own_keys.load(work, with_keys(work, uri))


def signing_key(work: Work, uri: str) -> signatures.SigningKey:
    """Return the key with which an actor of ours signs its requests now."""
    return keys(work, uri).current


def proving_key(work: Work, uri: str) -> ProvingKey:
    """Return the Ed25519 key, with its id, with which an actor of ours proves what it publishes (FEP-8b32)."""
    return own_keys.load_proving(work, with_keys(work, uri))


def refuse_suspended(work: Work, uri: str) -> None:
    """Raise `Conflict` for an actor of ours that may publish nothing."""
    row = work.db.get(LocalActorRow, uri)
    if row is not None and row.suspended_at is not None:
        raise Conflict("Diese Organisation ist gesperrt und kann nichts veröffentlichen; warum, steht auf ihrer Seite.")


def to_wire(work: Work, row: LocalActorRow) -> Actor:
    """Return the actor document of an actor that has its keys.

    Of a suspended one it is what Mastodon serves then (its `ActivityPub::ActorSerializer`): `suspended`, and nothing
    that it says of itself. Its keys stay, or nobody could verify its Deletes.
    """
    whole = _whole(work, row)
    if row.suspended_at is None:
        return whole
    bare = replace(whole, name=row.handle, summary="", icon=None, featured_by=(), organisation=None)
    return replace(bare, suspended=True, discoverable=False, indexable=False)


def _whole(work: Work, row: LocalActorRow) -> Actor:
    return Actor(
        id=row.uri,
        type=row.type,
        handle=row.handle,
        inbox=f"{row.uri}/inbox",
        outbox=f"{row.uri}/outbox",
        followers=addresses.followers(row.uri),
        following=f"{row.uri}/following",
        featured=f"{row.uri}/featured",  # empty but of organisations; GoToSocial logs an error for who has none
        upcoming_events="" if row.type == "Service" else f"{row.uri}/upcoming",  # a feed has only what is others'
        implements=IMPLEMENTS,
        shared_inbox=addresses.shared_inbox(work.settings),
        name=row.name,
        summary=html.paragraphs(f"{row.summary}\n\n{row.website}" if row.website else row.summary),
        icon=_icon(work, row),
        url=row.url,
        webfinger=f"{row.handle}@{work.settings.handle_domain}",
        keys=(PublicKey(id=own_keys.rsa_id(row), owner=row.uri, pem=row.rsa_public),),
        assertion_methods=own_keys.assertion_methods(work, row),
        published=row.created_at,
        discoverable=True,
        indexable=True,
        featured_by=(PUBLIC,) if row.type in FEATURED else (),
        organisation=values.load(OrganisationDetails, row.details) if row.details else None,
    )


def _icon(work: Work, row: LocalActorRow) -> Image:
    if row.icon:
        return Image(url=f"{work.settings.url}/media/{row.icon}", media_type="image/jpeg", alt=row.icon_alt)
    return Image(url=f"{work.settings.url}{assets.href(_ICON)}", media_type="image/png", alt="")
