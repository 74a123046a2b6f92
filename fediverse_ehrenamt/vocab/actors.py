"""Reads actors and their keys; an actor without an id or an inbox is none."""

from typing import Any

from fediverse_ehrenamt.kit.errors import Malformed
from fediverse_ehrenamt.vocab import details, parts, reader
from fediverse_ehrenamt.vocab.keys import Multikey, PublicKey
from fediverse_ehrenamt.vocab.reader import Node
from fediverse_ehrenamt.vocab.types import Actor, Link

TYPES = ("Person", "Organization", "Application", "Service", "Group")
MAX_KEYS = 10
MAX_HANDLE = 128
_MAX_PEM = 10_000
_MAX_MULTIBASE = 1_000


def _text(node: Node, key: str, limit: int) -> str:
    value = node.get(key)
    return value if isinstance(value, str) and len(value) <= limit else ""


def public_key(node: Node) -> PublicKey | None:
    """Read one key of the W3ID security vocabulary; None without id, owner or PEM."""
    key = PublicKey(
        id=reader.uri(node, "id"),
        owner=reader.reference(node, "owner") or reader.reference(node, "controller"),
        pem=_text(node, "publicKeyPem", _MAX_PEM),
    )
    return key if key.id and key.owner and key.pem else None


def _public_keys(node: Node) -> tuple[PublicKey, ...]:
    keys = map(public_key, list(reader.nodes(node, "publicKey"))[:MAX_KEYS])
    return tuple(key for key in keys if key)


def _multikey(node: Node) -> Multikey | None:
    """Read one key with its end, that of FEP-521a or that of W3C's Controlled Identifiers."""
    ends = (reader.moment(node, "expires"), reader.moment(node, "revoked"))
    key = Multikey(
        id=reader.uri(node, "id"),
        controller=reader.reference(node, "controller"),
        multibase=_text(node, "publicKeyMultibase", _MAX_MULTIBASE),
        until=min((end for end in ends if end), default=None),
    )
    return key if "Multikey" in reader.types(node) and key.id and key.controller and key.multibase else None


def _multikeys(node: Node) -> tuple[Multikey, ...]:
    keys = map(_multikey, list(reader.nodes(node, "assertionMethod"))[:MAX_KEYS])
    return tuple(key for key in keys if key)


def _keys_elsewhere(node: Node) -> tuple[str, ...]:
    """Return the addresses of keys that an actor names by them alone, as documents of their own."""
    named = (value for name in ("publicKey", "assertionMethod") for value in reader.values(node, name, MAX_KEYS))
    return tuple(dict.fromkeys(uri for value in named if isinstance(value, str) and (uri := reader.uri_of(value))))


def _of_mastodon(node: Node, name: str) -> bool | None:
    """Read a flag of Mastodon's namespace, such as what somebody says of being found; Takahē writes its prefix out."""
    return reader.flag(node, name if name in node else f"toot:{name}")


def _addresses(node: Node) -> dict[str, Any]:
    endpoints = reader.first_node(node, "endpoints") or {}
    return {
        "inbox": reader.reference(node, "inbox"),
        "outbox": reader.reference(node, "outbox"),
        "followers": reader.reference(node, "followers"),
        "following": reader.reference(node, "following"),
        "featured": reader.reference(node, "featured"),
        "upcoming_events": reader.reference(node, "upcomingEvents"),
        "shared_inbox": reader.reference(endpoints, "sharedInbox"),
        "url": reader.web_address(node, "url"),
        "moved_to": reader.reference(node, "movedTo"),
        "also_known_as": reader.references(node, "alsoKnownAs")[: reader.MAX_ITEMS],
    }


def _implements(node: Node) -> tuple[Link, ...]:
    """Read what an Application itself, or the one behind an actor, says that it implements (FEP-844e)."""
    said = (*reader.nodes(node, "implements"), *reader.nodes(reader.first_node(node, "generator") or {}, "implements"))
    links = (Link(href=reader.uri(one, "href"), name=reader.word(one, "name", reader.MAX_LINE)) for one in said)
    return tuple(link for link in links if link.href)[: reader.MAX_ITEMS]


def _featured_by(node: Node) -> tuple[str, ...]:
    policy = reader.first_node(reader.first_node(node, "interactionPolicy") or {}, "canFeature")
    return reader.references(policy or {}, "automaticApproval")[: reader.MAX_ITEMS]


def read(node: Node) -> Actor:
    """Read an actor; raises Malformed without id, inbox or a type of an actor."""
    kind = next((kind for kind in reader.types(node) if kind in TYPES), "")
    addresses, own = _addresses(node), reader.uri(node, "id")
    if not (kind and own and addresses["inbox"]):
        raise Malformed("An actor needs a type, an id and an inbox.")
    texts, searchable = parts.texts(node), parts.searchable(node)
    return Actor(
        id=own,
        type=kind,
        handle=reader.word(node, "preferredUsername", MAX_HANDLE),
        name=texts.name,
        summary=texts.summary,
        webfinger=reader.word(node, "webfinger").removeprefix("acct:"),
        keys=_public_keys(node),
        assertion_methods=_multikeys(node),
        keys_elsewhere=_keys_elsewhere(node),
        implements=_implements(node),
        icon=parts.first_picture(node, "icon"),
        published=reader.moment(node, "published"),
        discoverable=_of_mastodon(node, "discoverable"),
        indexable=_of_mastodon(node, "indexable") if searchable is None else searchable,  # FEP-268d comes first
        manually_approves_followers=reader.flag(node, "manuallyApprovesFollowers") is True,
        suspended=_of_mastodon(node, "suspended") is True,
        featured_by=_featured_by(node),
        organisation=details.read_organisation(node),
        **addresses,
    )


def read_key_document(node: Node) -> PublicKey | Multikey | Actor:
    """Read what stands at a key's address: an actor, GoToSocial's stub of one, or the bare key of either kind.

    Raises Malformed where there is no usable key.
    """
    if any(kind in TYPES for kind in reader.types(node)) and reader.reference(node, "inbox"):
        return read(node)
    key = _multikey(node) or public_key(node) or next(iter(_public_keys(node)), None)
    if key is None:
        raise Malformed("The document holds no public key with id, owner and key.")
    return key
