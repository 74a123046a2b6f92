"""Writes actors: `publicKey` is one object (several peers fail on a list), Ed25519 keys stand in `assertionMethod`."""

from fediverse_ehrenamt.kit import clock
from fediverse_ehrenamt.vocab import details
from fediverse_ehrenamt.vocab.keys import Multikey, PublicKey
from fediverse_ehrenamt.vocab.types import Actor
from fediverse_ehrenamt.vocab.writing_parts import Json, image, said


def _public_key(key: PublicKey) -> Json:
    return {"id": key.id, "owner": key.owner, "publicKeyPem": key.pem}


def _multikey(key: Multikey) -> Json:
    return {"id": key.id, "type": "Multikey", "controller": key.controller, "publicKeyMultibase": key.multibase}


def _addresses(value: Actor) -> Json:
    return {
        "inbox": value.inbox,
        "outbox": value.outbox,
        "followers": value.followers,
        "following": value.following,
        "featured": value.featured,
        "upcomingEvents": value.upcoming_events,
        "endpoints": {"sharedInbox": value.shared_inbox} if value.shared_inbox else {},
        "url": value.url,
        "movedTo": value.moved_to,
        "alsoKnownAs": list(value.also_known_as),
    }


def _capabilities(value: Actor) -> Json:
    """Write what the software behind an actor can do (FEP-844e): an Application is that itself."""
    links = [{"type": "Link", "href": one.href} | said({"name": one.name}) for one in value.implements]
    if value.type == "Application" or not links:
        return {"implements": links}
    return {"generator": {"type": "Application", "implements": links}}


def _policy(value: Actor) -> Json:
    """Write who may put an actor into a collection (FEP-7aa9): where nothing is said, nobody may."""
    return {"canFeature": {"automaticApproval": list(value.featured_by)}} if value.featured_by else {}


def actor(value: Actor) -> Json:
    facts = {
        "name": value.name,
        "summary": value.summary,
        "webfinger": value.webfinger,
        "published": clock.write(value.published) if value.published else "",
        "icon": image(value.icon) if value.icon else {},
        "discoverable": value.discoverable,
        "indexable": value.indexable,
        "publicKey": _public_key(value.keys[0]) if value.keys else {},
        "assertionMethod": [_multikey(key) for key in value.assertion_methods],
        **_capabilities(value),
        "interactionPolicy": _policy(value),
        "organisation": details.write_organisation(value.organisation) if value.organisation else {},
        "suspended": value.suspended or None,  # said only where it is so, as Mastodon does
    }
    return (
        {"id": value.id, "type": value.type, "preferredUsername": value.handle}
        | said(_addresses(value) | facts)
        | {"manuallyApprovesFollowers": value.manually_approves_followers}
    )
