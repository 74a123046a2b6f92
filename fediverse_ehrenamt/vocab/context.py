"""The JSON-LD contexts we write and those we know. `schemas/ehrenamt.jsonld` is the only place where a term is defined.

What we send carries our terms inline, only those that its type needs: several peers resolve contexts over the network.
"""

from collections.abc import Mapping
from functools import lru_cache

import orjson

from fediverse_ehrenamt.kit import resources

ACTIVITYSTREAMS = "https://www.w3.org/ns/activitystreams"
SECURITY = "https://w3id.org/security/v1"
# Of the two versions the one that peers which process JSON-LD have with them (Friendica; Fedify and Mitra send it).
DATA_INTEGRITY = "https://w3id.org/security/data-integrity/v1"

Context = str | list[object]

_FOLDER = resources.folder("schemas")
_FILES = {
    ACTIVITYSTREAMS: "activitystreams",
    SECURITY: "security-v1",
    "https://www.w3.org/ns/did/v1": "did-v1",
    DATA_INTEGRITY: "data-integrity-v1",
    "https://w3id.org/security/data-integrity/v2": "data-integrity-v1",
    "https://w3id.org/security/multikey/v1": "multikey-v1",
    "https://litepub.social/litepub/context.jsonld": "litepub",
    "https://w3id.org/identity/v1": "identity-v1",  # Fedify puts these two around everything
    "https://gotosocial.org/ns": "gotosocial",
}
_LITEPUB = "/litepub-0.1.jsonld"  # every Pleroma serves its own copy

_PLACE = (
    "sc address PostalAddress VirtualLocation streetAddress postalCode addressLocality addressRegion addressCountry"
)
_OFFER = "ehrenamt opportunity"
_QUOTABLE = "gts interactionPolicy canQuote automaticApproval"
_THING = f"Hashtag inLanguage {_PLACE} {_QUOTABLE}"
NOTE = tuple(_THING.split())
OPPORTUNITY = tuple(
    f"{_THING} {_OFFER} vf om2 purpose publishes Intent action resourceConformsTo resourceQuantity availableQuantity "
    "hasUnit hasNumericalValue".split()
)
EVENT = tuple(
    f"{_THING} ehrenamt eventDetails mz pt ical timezone isOnline joinMode externalParticipationUrl participantCount "
    "repliesModerationOption commentsEnabled maximumAttendeeCapacity remainingAttendeeCapacity category status "
    "eventStatus".split()
)
SHIFT = (*EVENT, "opportunity")
JOIN = ("mz", "participationMessage")
_QUANTITY = ("resourceQuantity", "hasUnit", "hasNumericalValue")
QUOTE_REQUEST, FEATURE_REQUEST = ("QuoteRequest",), ("FeatureRequest",)
_STAMP = ("interactingObject", "interactionTarget")
QUOTE_AUTHORIZATION = ("gts", "QuoteAuthorization", *_STAMP)
FEATURE_AUTHORIZATION = ("gts", "FeatureAuthorization", *_STAMP)
AGREEMENT = ("vf", "om2", "Agreement", "stipulates", "Commitment", "satisfies", *_QUANTITY)
_ACTOR = (
    "ehrenamt toot sec manuallyApprovesFollowers discoverable indexable suspended featured upcomingEvents implements "
    "alsoKnownAs movedTo webfinger assertionMethod Multikey controller publicKeyMultibase organisation "
    "gts interactionPolicy canFeature automaticApproval"
)
ACTOR = tuple(_ACTOR.split())


def _read(name: str) -> dict[str, object]:
    document = orjson.loads((_FOLDER / name).read_bytes())
    assert isinstance(document, dict), name
    return document


def _own_terms() -> dict[str, object]:
    terms = _read("ehrenamt.jsonld")["@context"]
    assert isinstance(terms, dict)
    return terms


_TERMS = _own_terms()


@lru_cache(maxsize=16)
def _document(name: str) -> Mapping[str, object]:
    return _read(f"contexts/{name}.jsonld")


def bundled(url: str) -> Mapping[str, object] | None:
    """Return the context document that a URL names, None where it is not among the bundled ones."""
    name = "litepub" if url.endswith(_LITEPUB) else _FILES.get(url)
    return _document(name) if name else None


def inline(terms: tuple[str, ...], *, proved: bool = False) -> Context:
    """Return the context for an object that uses these terms beside those of ActivityStreams.

    One that carries a proof names the terms of proofs, in a list: Mastodon compares the two contexts as lists.
    """
    if not terms and not proved:
        return ACTIVITYSTREAMS
    own = {term: _TERMS[term] for term in terms}
    keys = [SECURITY] if "publicKeyMultibase" in own else []
    proofs = [DATA_INTEGRITY] if proved else []
    return [ACTIVITYSTREAMS, *keys, *proofs, *([own] if own else [])]


@lru_cache(maxsize=1)
def reading() -> Context:
    """Return the context that foreign documents are compacted to: all that we know."""
    return [ACTIVITYSTREAMS, SECURITY, dict(_TERMS)]
