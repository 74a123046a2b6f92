"""Reads activities, and the things embedded in them and in collections.

Create and Update must bring what they speak of in full or as an id; elsewhere an embedded thing that cannot be read
counts as its id.
"""

from collections.abc import Iterable
from typing import Any

from fediverse_ehrenamt.kit.errors import Malformed
from fediverse_ehrenamt.vocab import actors, objects, parts, reader
from fediverse_ehrenamt.vocab.quotes import FeatureRequest, InteractionRequest, QuoteRequest
from fediverse_ehrenamt.vocab.reader import Node
from fediverse_ehrenamt.vocab.types import (
    Accept,
    Activity,
    Announce,
    Block,
    Collection,
    CollectionPage,
    Create,
    Delete,
    Flag,
    Follow,
    Ignore,
    Item,
    Join,
    Leave,
    Like,
    Move,
    Object,
    Offer,
    OtherActivity,
    Reject,
    TentativeAccept,
    Undo,
    Update,
)

KINDS: dict[str, type[Activity]] = {
    "Create": Create,
    "Update": Update,
    "Delete": Delete,
    "Announce": Announce,
    "Follow": Follow,
    "Accept": Accept,
    "Reject": Reject,
    "Undo": Undo,
    "Block": Block,
    "Flag": Flag,
    "Move": Move,
    "Like": Like,
    "EmojiReact": Like,
    "Join": Join,
    "Leave": Leave,
    "Offer": Offer,
    "Ignore": Ignore,
    "TentativeAccept": TentativeAccept,
    "QuoteRequest": QuoteRequest,
    "FeatureRequest": FeatureRequest,
}
# Activities of AS2 and of peers that may stand inside others; anything else inside is an object.
_OTHER_KIND_NAMES = """
    Add Dislike Invite Lock Read Remove TentativeReject View Listen
"""
OTHER_KINDS = frozenset(_OTHER_KIND_NAMES.split())
# What can't be an activity even where an unknown one is let pass. A Question is one (Activity Vocabulary, section 3.1),
# though a poll comes in a Create like any object.
_NO_ACTIVITY_NAMES = """
    Note Event Tombstone Article Page Video Audio Image Document Place Profile Person Organization Application
    Service Group Collection OrderedCollection CollectionPage OrderedCollectionPage
"""
_NO_ACTIVITIES = frozenset(_NO_ACTIVITY_NAMES.split())
_COLLECTIONS = frozenset({"Collection", "OrderedCollection"})
_PAGES = frozenset({"CollectionPage", "OrderedCollectionPage"})
_AGREEMENT = "Agreement"
_READ_WHOLE = OTHER_KINDS.union(KINDS, actors.TYPES, {_AGREEMENT})
SPEAKING = frozenset({Create, Update})  # they bring a thing and are said to those whom it is for
_INVITE, _EVENT, _ANSWERS = "Invite", "Event", frozenset({"Accept", "TentativeAccept", "Reject"})
_NAMES = frozenset({"id", "@context"})
_ANYTHING = "Object"  # of which all things are
_OUTLINED = ("id", "inReplyTo", "to", "cc", "tag", *parts.QUOTES)
# What they are about is known by its id, or asked for.
_NAMES_ONLY = frozenset({Block, Flag, Follow, Move, QuoteRequest, FeatureRequest})
MAX_NESTED = 4
MAX_REPORT = 5_000  # characters, as Mastodon's
MAX_MESSAGE = 1_000  # characters that somebody says on joining
MAX_PAGE = 100


def _one_type(node: Node) -> str:
    types = reader.types(node)
    if len(types) > 1 and _NO_ACTIVITIES.isdisjoint(types):
        # The type of an extension stands beside the one that it extends (Activity Vocabulary, section 2.1).
        types = [one for one in types if one in KINDS or one in OTHER_KINDS]
    if len(types) != 1 or not types[0]:
        raise Malformed("An activity needs exactly one type.")
    return types[0]


def _actor(node: Node, made: type[Activity]) -> str:
    """Return who does it; "" where a FeatureRequest names nobody, as Mastodon's and the examples of FEP-7aa9."""
    actors = reader.values(node, "actor")
    if made is FeatureRequest and not actors:
        return ""
    actor = reader.reference_of(actors[0]) if len(actors) == 1 else ""
    if not actor:
        raise Malformed("An activity needs exactly one actor with an http(s) id.")
    return actor


def _embedded(node: Node, nested: int) -> Object | Activity:
    kind = node.get("type")
    if isinstance(kind, list) and len(kind) == 1:
        kind = kind[0]
    kind = reader.name_of_type(kind)
    if kind in KINDS or kind in OTHER_KINDS:
        return read(node, nested + 1)
    return objects.read(node)


def _with_id(value: Object | Activity) -> Object | Activity:
    if not value.id:
        raise Malformed("The object of an activity needs an http(s) id.")
    return value


def _only_named(value: Node) -> bool:
    """Say whether nothing is embedded but an id: in JSON-LD that is the same as the id alone."""
    return value.keys() <= _NAMES


def _strict(value: object, nested: int) -> Object | Activity | str:
    """Read the object of a Create or Update."""
    if isinstance(value, dict) and not _only_named(value):
        return _with_id(_embedded(value, nested))
    found = reader.reference_of(value)
    if not found:
        raise Malformed("The activity needs an object.")
    return found


def _lenient(value: object, nested: int) -> Object | Activity | str:
    """Read the object of an activity about something known by its id; "" where there is none."""
    if not isinstance(value, dict) or _only_named(value):
        return reader.reference_of(value)
    try:
        found = _embedded(value, nested)
    except Malformed:
        return reader.reference_of(value)
    return found if found.id else reader.reference_of(value) or found  # a Link has no id, and stands for its href


def _object(node: Node, made: type[Activity], nested: int) -> Object | Activity | str:
    values = reader.values(node, "object")
    if made is OtherActivity:
        return _lenient(values[0], nested) if values else ""
    if made is Offer:
        return _proposal(node)
    if made in _NAMES_ONLY:
        return _named(node)
    if len(values) != 1:
        raise Malformed("The activity needs exactly one object.")
    if made in SPEAKING:
        return _strict(values[0], nested)
    found = _lenient(values[0], nested)
    if not found or (isinstance(found, Object) and not found.id):
        raise Malformed("The activity needs an object with an http(s) id.")
    return found


def _proposal(node: Node) -> str:
    """Return the proposal that an Offer commits to: its Intent is a fragment of it (FEP-0837)."""
    for commitment in (one for agreement in _agreements(node) for one in reader.nodes(agreement, "stipulates")):
        found = reader.reference(commitment, "satisfies").partition("#")[0]
        if found:
            return found
    return reader.reference(node, "object")


def _agreements(node: Node) -> Iterable[Node]:
    return (one for one in reader.nodes(node, "object") if _AGREEMENT in reader.types(one))


def _named(node: Node) -> str:
    """Return the first URI among the objects; a report names an actor and what it wrote."""
    found = reader.reference(node, "object")
    if not found:
        raise Malformed("The activity needs an object with an http(s) id.")
    return found


def _particulars(node: Node, made: type[Activity], nested: int) -> dict[str, Any]:
    """Return what only some kinds have."""
    if made is Flag:
        words = reader.word(node, "content", MAX_REPORT) or reader.word(node, "summary", MAX_REPORT)  # Lemmy's
        return {"objects": reader.references(node, "object")[: reader.MAX_ITEMS], "content": words}
    if issubclass(made, InteractionRequest):
        values = reader.values(node, "instrument")
        return {"instrument": _lenient(values[0], nested) if values else ""}
    if made is Join:
        return {"message": reader.word(node, "participationMessage", MAX_MESSAGE)}
    if made is Offer:
        said = (reader.word(one, "content", MAX_MESSAGE) for one in (node, *_agreements(node)))
        return {"message": next(filter(None, said), "")}
    return {"target": reader.reference(node, "target")} if made is Move else {}


def _addressed(node: Node, made: type[Activity]) -> Node:
    """Return what says who is spoken to: of a Create or Update without addressees its object (ActivityPub §6.2)."""
    thing = reader.first_node(node, "object") if made in SPEAKING else None
    return thing if thing and reader.addresses_nobody(node.get("to"), node.get("cc")) else node


def _without_invitation(node: Node) -> Node:
    """Return an invitation to an event as its Create, and the answer to one as an answer to the event.

    So Zap and its kin (Hubzilla, Forte) share events, and say that they come.
    """
    kind, thing = node.get("type"), node.get("object")
    if not isinstance(thing, dict) or not isinstance(kind, str):
        return node
    if kind == _INVITE and _EVENT in reader.types(thing):
        return {**node, "type": "Create"}
    event = reader.reference(thing, "object") if kind in _ANSWERS and thing.get("type") == _INVITE else ""
    return {**node, "object": event} if event else node


def read(node: Node, nested: int = 0) -> Activity:
    """Read an activity; raises Malformed without one type, one actor, or an object where the kind needs one."""
    if nested > MAX_NESTED:
        raise Malformed("Activities are nested too deeply.")
    node = _without_invitation(node)
    kind = _one_type(node)
    if kind in _NO_ACTIVITIES:
        raise Malformed(f"{kind} is no activity.")
    made = KINDS.get(kind, OtherActivity)
    addressed = _addressed(node, made)
    return made(
        id=reader.uri(node, "id"),
        actor=_actor(node, made),
        object=_object(node, made, nested),
        to=reader.references(addressed, "to"),
        cc=reader.references(addressed, "cc"),
        published=reader.moment(node, "published"),
        **_particulars(node, made, nested),
    )


def read_outline(node: Node) -> Activity:
    """Read an activity; of an embedded thing its id, to whom it is, what it answers or quotes.

    Refuses what `read` refuses.
    """
    node = _without_invitation(node)
    for name in ("object", "instrument"):
        thing = node.get(name)
        if isinstance(thing, dict) and not _only_named(thing) and _READ_WHOLE.isdisjoint(reader.types(thing)):
            node = {**node, name: {"type": _ANYTHING, **{key: thing[key] for key in _OUTLINED if key in thing}}}
    return read(node)


# --- documents and collections ----------------------------------------------------------------------------------------
def _item(value: object) -> Item | None:
    """Read one entry of a collection; None where it cannot be read.

    An activity may lack an id here if what it is about has one, as the Announces in the outbox of Mobilizon's relay.
    """
    found = _lenient(value, 0)
    named = isinstance(found, str) or found.id or (isinstance(found, Activity) and found.object_id)
    return found if named else None


def _items(node: Node) -> tuple[Item, ...]:
    key = "orderedItems" if "orderedItems" in node else "items"
    found: Iterable[Item | None] = map(_item, reader.values(node, key, MAX_PAGE))
    return tuple(item for item in found if item)


def read_page(node: Node) -> CollectionPage:
    """Read a page of a collection; entries that cannot be read are left out."""
    return CollectionPage(
        id=reader.uri(node, "id"),
        part_of=reader.reference(node, "partOf"),
        next=reader.reference(node, "next"),
        prev=reader.reference(node, "prev"),
        items=_items(node),
    )


def read_collection(node: Node) -> Collection:
    """Read a collection with its first page where that is embedded."""
    first = node.get("first")
    return Collection(
        id=reader.uri(node, "id"),
        total=reader.integer(node, "totalItems"),
        first=read_page(first) if isinstance(first, dict) else reader.reference(node, "first"),
        items=_items(node),
    )


def read_document(node: Node) -> Object | Activity | Collection | CollectionPage:
    """Read whatever stands at an address; raises Malformed where it has no http(s) id (a collection needs none)."""
    types = reader.types(node)
    found: Object | Activity | Collection | CollectionPage
    if any(kind in _PAGES for kind in types):
        found = read_page(node)
    elif any(kind in _COLLECTIONS for kind in types):
        found = read_collection(node)
    elif any(kind in actors.TYPES for kind in types):
        found = actors.read(node)
    else:
        found = _embedded(node, 0)
    if not found.id and not isinstance(found, Collection | CollectionPage):
        raise Malformed("The document has no http(s) id.")
    return found
