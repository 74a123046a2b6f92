"""From the tree of an entry to plain values as its schema wants them, lenient where the meaning is beyond doubt.

An unquoted number where a text belongs is that text (postcode: 01067), German dates become ISO ones, an empty field
is a field that is not there. All else stays as it was, for the schema to judge.
"""

from datetime import tzinfo

from fediverse_ehrenamt.publishing import dates, schema
from fediverse_ehrenamt.publishing.schema import Schema
from fediverse_ehrenamt.publishing.tree import Branch, Items, Leaf, Node

MAX_ITEMS = 5_000  # of a list that the schema does not know
_FROM_MORNING = "confirmedAt"  # a day alone means its beginning here, its end in all others


def value(node: Node, form: Schema, zone: tzinfo, name: str = "") -> object:
    """Return the value of a node; `zone` is that of times without an offset, `name` the field's."""
    if isinstance(node, Branch):
        fields = ((key, child, schema.at(form, (key,))) for key, child in node.nodes.items())
        # What nobody knows is told of even when it is empty: "{minHours: 2,5}" has an empty field "5".
        return {key: value(child, inner, zone, key) for key, child, inner in fields if not (inner and _is_empty(child))}
    if isinstance(node, Items):
        inner = schema.at(form, (0,))
        # One more than there may be is enough for the schema to see; comparing all of them is quadratic.
        return [value(child, inner, zone, name) for child in node.nodes[: form.get("maxItems", MAX_ITEMS) + 1]]
    if form.get("type") != "string" or node.value is None:
        return node.value
    return _text(node, str(form.get("format", "")), zone, name)


def _is_empty(node: Node) -> bool:
    return isinstance(node, Leaf) and node.value is None


def _text(node: Leaf, form: str, zone: tzinfo, name: str) -> str:
    found: str | None = None
    if form == schema.DAY:
        found = dates.day(node.text)
    elif form == schema.MOMENT:
        found = dates.moment(node.text, zone, dates.BEGIN if name == _FROM_MORNING else dates.END)
    elif form == schema.LOCAL_MOMENT:
        found = dates.moment(node.text, zone)
    return found or node.text
