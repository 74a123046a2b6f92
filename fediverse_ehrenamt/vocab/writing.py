"""Writes values as plain ActivityStreams in the one shape that all known peers read (research: interop, §1.3, §3, §8).

`type` is one string; to, cc, tag and attachment are lists; coordinates are floats; one Place stands in `location`,
never with a url; embedded objects carry no context of their own.
"""

from fediverse_ehrenamt.kit import clock
from fediverse_ehrenamt.vocab import context, writing_actors, writing_events
from fediverse_ehrenamt.vocab.agreements import Agreement
from fediverse_ehrenamt.vocab.context import Context
from fediverse_ehrenamt.vocab.featured import FeaturedCollection
from fediverse_ehrenamt.vocab.quotes import (
    FeatureAuthorization,
    FeatureRequest,
    InteractionAuthorization,
    InteractionRequest,
    QuoteAuthorization,
    QuoteRequest,
)
from fediverse_ehrenamt.vocab.types import (
    Accept,
    Activity,
    Actor,
    Collection,
    CollectionPage,
    Event,
    Flag,
    Item,
    Join,
    Move,
    Note,
    Object,
    Opportunity,
    OtherActivity,
    Reject,
    Tombstone,
)
from fediverse_ehrenamt.vocab.writing_parts import Json, said
from fediverse_ehrenamt.vocab.writing_things import note, opportunity

Document = Object | Activity | Collection | CollectionPage | InteractionAuthorization

_TERMS: dict[type, tuple[str, ...]] = {
    Note: context.NOTE,
    Opportunity: context.OPPORTUNITY,
    Event: context.EVENT,
    Actor: context.ACTOR,
    QuoteAuthorization: context.QUOTE_AUTHORIZATION,
    QuoteRequest: context.QUOTE_REQUEST,
    FeatureAuthorization: context.FEATURE_AUTHORIZATION,
    FeatureRequest: context.FEATURE_REQUEST,
}


def _terms(value: Document | str) -> tuple[str, ...]:
    """Return the terms beyond ActivityStreams that a value needs in its context, in a stable order."""
    if isinstance(value, Activity):
        return _terms_of_activity(value)
    if isinstance(value, Event) and value.opportunity:
        return context.SHIFT
    if isinstance(value, CollectionPage):
        return _all_terms(value.items)
    if isinstance(value, Collection):
        return _all_terms((*value.items, value.first))
    return _TERMS.get(type(value), ())


def _terms_of_activity(value: Activity) -> tuple[str, ...]:
    if isinstance(value, Join) and value.message:
        return context.JOIN
    if isinstance(value, Accept) and isinstance(value.result, Agreement):
        return context.AGREEMENT
    return _TERMS.get(type(value), ()) or _terms(value.object)


def _all_terms(values: tuple[Item | CollectionPage, ...]) -> tuple[str, ...]:
    return tuple(dict.fromkeys(term for value in values for term in _terms(value)))


def _tombstone(value: Tombstone) -> Json:
    deleted = clock.write(value.deleted) if value.deleted else ""
    return {"id": value.id, "type": "Tombstone"} | said({"formerType": value.former_type, "deleted": deleted})


def _object(value: Object) -> Json:
    match value:
        case Opportunity():
            return opportunity(value)
        case Note():
            return note(value)
        case Event():
            return writing_events.event(value)
        case Tombstone():
            return _tombstone(value)
        case Actor():
            return writing_actors.actor(value)
        case FeaturedCollection():
            raise ValueError("Collections of actors are not written by this software.")
    raise ValueError(f"{value.type or 'An object without a type'} is not written by this software.")


def _item(value: Item) -> Json | str:
    if isinstance(value, str):
        return value
    return _activity(value) if isinstance(value, Activity) else _object(value)


def _particulars(value: Activity) -> Json:
    """Return what only some kinds have."""
    if isinstance(value, Flag):
        return {"object": list(value.objects or (value.object_id,)), "content": value.content}
    if isinstance(value, Join):
        return said({"participationMessage": value.message})
    if isinstance(value, Accept):
        return said({"result": _agreement(value.result) if isinstance(value.result, Agreement) else value.result})
    if isinstance(value, InteractionRequest):
        return {"instrument": value.instrument_id}
    if isinstance(value, Reject):
        return said({"content": value.content})
    return {"target": value.target} if isinstance(value, Move) else {}


def _agreement(value: Agreement) -> Json:
    """Write what was agreed on (FEP-0837, "Accepting the offer"): one person's commitment."""
    one = {"hasUnit": "one", "hasNumericalValue": "1"}
    commitment = {
        "id": f"{value.id}#primary",
        "type": "Commitment",
        "satisfies": value.satisfies,
        "resourceQuantity": one,
    }
    return {"id": value.id, "type": "Agreement", "attributedTo": value.attributed_to, "stipulates": commitment}


def _activity(value: Activity) -> Json:
    if isinstance(value, OtherActivity):
        raise ValueError("An activity without a kind cannot be written.")  # noqa: TRY004 - the value is at fault
    published = clock.write(value.published) if value.published else ""
    return (
        said({"id": value.id})
        | {"type": type(value).__name__, "actor": value.actor, "object": _item(value.object)}
        | _particulars(value)
        | {"to": list(value.to), "cc": list(value.cc)}
        | said({"published": published})
    )


def _stamp(value: InteractionAuthorization) -> Json:
    """Write a stamp; it embeds nothing, for whoever reads it may not be allowed to read that (FEP-044f)."""
    return {
        "id": value.id,
        "type": type(value).__name__,
        "attributedTo": value.attributed_to,
        "interactingObject": value.interacting_object,
        "interactionTarget": value.interaction_target,
    }


def _page(value: CollectionPage) -> Json:
    links = said({"partOf": value.part_of, "next": value.next, "prev": value.prev})
    items = {"orderedItems": [_item(item) for item in value.items]}
    return {"id": value.id, "type": "OrderedCollectionPage"} | links | items


def _collection(value: Collection) -> Json:
    first = _page(value.first) if isinstance(value.first, CollectionPage) else value.first
    # A number without its items is a collection that keeps them to itself (who likes a thing).
    listed = value.items or not (first or value.total)
    items = {"orderedItems": [_item(item) for item in value.items]} if listed else {}
    return {"id": value.id, "type": "OrderedCollection"} | said({"totalItems": value.total, "first": first}) | items


def document(value: Document, *, proved: bool = False) -> Json:
    """Return a value as a JSON-LD document; raises ValueError for what this software never sends.

    `proved` says that a proof will be added: the terms of proofs then stand in the context.
    """
    written: Json
    match value:
        case CollectionPage():
            written = _page(value)
        case Collection():
            written = _collection(value)
        case InteractionAuthorization():
            written = _stamp(value)
        case _:
            written = _activity(value) if isinstance(value, Activity) else _object(value)
    found: Context = context.inline(_terms(value), proved=proved)
    return {"@context": found} | written
