"""Compacts JSON-LD to our terms with the contexts in `schemas/contexts/`, and never asks the network for one."""

from collections.abc import Callable, Mapping
from typing import TypeVar

from pyld import jsonld

from fediverse_ehrenamt.kit.errors import Malformed
from fediverse_ehrenamt.vocab import context
from fediverse_ehrenamt.vocab.reader import AS2

Json = dict[str, object]

_Result = TypeVar("_Result")
_MAX_CAUSES = 10
_KEY_TYPES = ("sec:multibase", "https://w3id.org/security#multibase")
_PREFIXES = ("as:", AS2, "sec:", "https://w3id.org/security#")


def _load(url: str, _options: Mapping[str, object]) -> Json:
    """Answer the processor's wish for a context from the bundled ones.

    One that we do not have is read as an empty one, as it is by those who read plain JSON: its terms say nothing to us.
    Nothing is ever fetched.
    """
    document = context.bundled(url) or {"@context": {}}
    return {"contentType": "application/ld+json", "contextUrl": None, "documentUrl": url, "document": document}


_OPTIONS: Mapping[str, object] = {"documentLoader": _load, "base": "", "processingMode": "json-ld-1.1"}


def _reason(error: jsonld.JsonLdError) -> str:
    """Return the processor's code for the innermost fault, such as "loading document failed"."""
    code, fault = error.code, error.__cause__
    for _ in range(_MAX_CAUSES):
        if not isinstance(fault, jsonld.JsonLdError):
            break
        code, fault = fault.code or code, fault.__cause__
    return str(code or "no reason given")


def _process(process: Callable[[], _Result]) -> _Result:
    """Run the processor; whatever it stumbles over makes the document malformed."""
    try:
        return process()
    except jsonld.JsonLdError as error:
        raise Malformed(f"The document is no JSON-LD that this server understands: {_reason(error)}.") from error
    except (TypeError, ValueError, LookupError, AttributeError, RecursionError) as error:  # its slips on odd input
        raise Malformed("The document is no JSON-LD that this server understands.") from error


def _plain_keys(value: object) -> object:
    """Write terms that compaction left prefixed (a text where the context wants an IRI) under their plain names."""
    if isinstance(value, list):
        return [_plain_keys(item) for item in value]
    if not isinstance(value, dict):
        return value
    if value.keys() == {"@value", "type"} and value["type"] in _KEY_TYPES:  # as Fedify writes a publicKeyMultibase
        return value["@value"]
    plain: Json = {}
    for key, inner in value.items():
        name = key.removeprefix(next((prefix for prefix in _PREFIXES if key.startswith(prefix)), ""))
        if name in plain:
            raise Malformed(f"The document says {name!r} twice in different words.")
        plain[name] = _plain_keys(inner)
    return plain


def expand(document: Json) -> list[Json]:
    """Expand a document: absolute IRIs for every term; raises Malformed."""
    expanded: list[Json] = _process(lambda: jsonld.expand(document, dict(_OPTIONS)))
    return expanded


def compact(document: Json) -> Json:
    """Write a document in the terms that our readers know; raises Malformed where that cannot be done."""
    compacted = _process(lambda: jsonld.compact(document, context.reading(), dict(_OPTIONS)))
    plain = _plain_keys({key: value for key, value in compacted.items() if key != "@context"})
    if not isinstance(plain, dict) or "@graph" in plain or not plain:
        raise Malformed("The document does not hold exactly one object.")
    return plain
