"""The only door between JSON on the wire and the frozen values of `types`: bytes in, bytes out, no dict passes.

Reading is lenient where peers differ and strict where plain JSON and JSON-LD readers could be told different things.
All faults are Malformed (400). Reading plain ActivityStreams takes microseconds; a body with aliased JSON-LD terms
takes milliseconds, so callers on an event loop should parse in a thread.
"""

import orjson

from fediverse_ehrenamt.vocab import activities, actors, outline, writing
from fediverse_ehrenamt.vocab.body import load, load_plain
from fediverse_ehrenamt.vocab.keys import Multikey, PublicKey
from fediverse_ehrenamt.vocab.outline import Outline
from fediverse_ehrenamt.vocab.quotes import InteractionAuthorization
from fediverse_ehrenamt.vocab.types import Activity, Actor, Collection, CollectionPage, Object


def parse_activity(body: bytes) -> Activity:
    """Read what was sent to an inbox; raises Malformed with the reason in English."""
    return activities.read(load(body))


def parse_outline(body: bytes) -> Outline:
    """Read who did what to which thing; an embedded thing is no more than its id. Raises as `parse_activity` does.

    A tenth of the time for most: enough to decide whether an activity is kept. Activities and actors inside are read
    in full. Without an activity where the body has aliased terms, which takes `parse_activity` and a thread.
    """
    found = outline.read(body)
    if found is not None:
        return found
    node = load_plain(body)
    return Outline(None, proved=True) if node is None else Outline(activities.read_outline(node), "proof" in node)


def parse_object(body: bytes) -> Object | Activity | Collection | CollectionPage:
    """Read a fetched document; raises Malformed, also for an actor without an inbox."""
    return activities.read_document(load(body))


def parse_key_document(body: bytes) -> PublicKey | Multikey | Actor:
    """Read what stands at a `keyId`: the actor, GoToSocial's stub of it, or a bare key; raises Malformed."""
    return actors.read_key_document(load(body))


def write(value: Object | Activity | Collection | CollectionPage | InteractionAuthorization) -> bytes:
    """Write a value as a document of its own, with the context it needs."""
    return orjson.dumps(writing.document(value))
