"""Judges keys and contexts: nothing may mean one thing to a plain JSON reader and another to a JSON-LD processor.

Refused are `@graph`, `@included`, `@reverse`, `@nest`, `@import`, `@json` under core terms, and contexts that give a
core term of ActivityStreams or the security vocabulary another meaning. The attack is a body whose signature is checked
for one actor while the other half of the fediverse sees another.
"""

from collections.abc import Iterator, Mapping
from functools import lru_cache

import orjson

from fediverse_ehrenamt.kit.errors import Malformed
from fediverse_ehrenamt.vocab.reader import AS2

SECURITY = "https://w3id.org/security#"
MAX_CONTEXT_DEPTH = 8
MAX_CONTEXT_BYTES = 262_144  # of all contexts of a document; to judge them takes 0.2 ms for each KB
_MAX_CACHED = 16_384

_SMUGGLERS = frozenset({"@graph", "@included", "@reverse", "@nest", "@import"})
_AS2_TERMS = (
    "actor object target result origin instrument to cc bto bcc audience attributedTo inReplyTo url name summary "
    "content published updated startTime endTime tag attachment inbox outbox followers following endpoints "
    "sharedInbox preferredUsername items orderedItems first next partOf Create Update Delete Announce Follow Accept "
    "Reject Undo Note Event Tombstone Person Organization Application Service Group"
)
_SECURITY_TERMS = "publicKey owner publicKeyPem assertionMethod controller publicKeyMultibase proof"
# Core terms with the ways in which a context may write their meaning.
_CORE: dict[str, frozenset[str]] = {
    "id": frozenset({"@id"}),
    "type": frozenset({"@type"}),
    "as": frozenset({AS2}),
    "sec": frozenset({SECURITY}),
    **{term: frozenset({f"as:{term}", AS2 + term}) for term in _AS2_TERMS.split()},
    **{term: frozenset({f"sec:{term}", SECURITY + term}) for term in _SECURITY_TERMS.split()},
    "orderedItems": frozenset({"as:items", AS2 + "items", "as:orderedItems", AS2 + "orderedItems"}),
}
_KEYWORDS = frozenset({"@value", "@list", "@set", "@language", "@index"})
_MEANINGS = frozenset(meaning for meanings in _CORE.values() for meaning in meanings) | _KEYWORDS
_DEFINITION_KEYS = frozenset({"@id", "@type", "@container", "@protected"})
_PLAIN_CONTAINERS = ("@list", "@set", None)
_FOREIGN = ("@", "as:", "sec:", AS2, SECURITY)


def has_foreign_keys(keys: set[str]) -> bool:
    """Say whether terms are written as keywords or in full; raises Malformed for keywords that are refused."""
    if not _SMUGGLERS.isdisjoint(keys):
        raise Malformed("@graph, @included, @reverse and the like are not accepted.")
    together = "\n".join(keys - {"@context"})
    if "@" not in together and ":" not in together:  # as in most bodies; quicker than to ask each
        return False
    return any(key.startswith(_FOREIGN) for key in keys if key != "@context")


def _refuse_smugglers(definition: object) -> None:
    """Refuse a definition that is, has or contains one of the refused keywords."""
    said = definition if isinstance(definition, dict | list) else [definition]
    if any(isinstance(word, str) and word in _SMUGGLERS for word in said):
        raise Malformed("A context uses a keyword that is not accepted.")


def _check_core(term: str, definition: object, meaning: object) -> None:
    plain = isinstance(meaning, str) and meaning in _CORE[term]
    if isinstance(definition, dict):
        plain = plain and _DEFINITION_KEYS.issuperset(definition) and definition.get("@type") != "@json"
        plain = plain and definition.get("@container") in _PLAIN_CONTAINERS
    if not plain:
        raise Malformed(f"A context gives the term {term!r} another meaning.")


def _is_alias(term: str, definition: object, depth: int) -> bool:
    """Judge one term; say whether it is another name for a core term or for a keyword."""
    _refuse_smugglers(definition)
    meaning = definition
    inner = False
    if isinstance(definition, Mapping):
        meaning = definition.get("@id")
        _refuse_smugglers(definition.get("@container"))
        _refuse_smugglers(meaning)
        inner = "@context" in definition and _judge(definition["@context"], depth + 1)
    if term in _CORE:
        _check_core(term, definition, meaning)
        return inner
    return inner or (isinstance(meaning, str) and meaning in _MEANINGS)


def _parts(context: object) -> Iterator[Mapping[str, object]]:
    for part in context if isinstance(context, list) else [context]:
        if isinstance(part, dict):
            yield part
        elif part is not None and not isinstance(part, str):
            raise Malformed("A context must be a URL, an object or a list of them.")


def _judge(context: object, depth: int) -> bool:
    if depth > MAX_CONTEXT_DEPTH:
        raise Malformed(f"Contexts are nested deeper than {MAX_CONTEXT_DEPTH} levels.")
    aliased = False
    for part in _parts(context):
        _refuse_smugglers(part)
        for term, definition in part.items():
            if not term.startswith("@"):
                aliased = _is_alias(term, definition, depth) or aliased
    return aliased


@lru_cache(maxsize=256)
def _judge_written(contexts: bytes) -> bool:
    verdicts = [_judge(context, 0) for context in orjson.loads(contexts)]  # all of them, any() would stop early
    return any(verdicts)


def judge(contexts: list[object]) -> bool:
    """Say whether contexts give core terms other names; raises Malformed where they give core terms other meanings.

    Verdicts are remembered: a peer sends the same contexts with everything.
    """
    written = [context for context in contexts if not isinstance(context, str)]
    if not written:
        return False
    key = orjson.dumps(written)
    if len(key) > MAX_CONTEXT_BYTES:
        raise Malformed(f"The contexts of a document may have {MAX_CONTEXT_BYTES} bytes.")
    return _judge_written(key) if len(key) <= _MAX_CACHED else _judge_written.__wrapped__(key)
