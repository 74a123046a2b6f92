"""What Mobilizon says of an event in PropertyValues among its attachments: access, tickets, where it can be seen.

Its keys are those of its `EventMetadata`; what is only of use beside the event (polls, notes, replays) is left out.
"""

from typing import NamedTuple

from fediverse_ehrenamt.vocab import reader
from fediverse_ehrenamt.vocab.reader import Node

_WHEELCHAIR, _SIGNED = "mz:accessibility:wheelchairAccessible", "mz:accessibility:live:sign_language"
_TICKETS, _LIVE, _MEETING = "mz:ticket:external_url", "mz:live:", "mz:visio:"
_BY_WHEELCHAIR = {"fully": "stufenlos", "partially": "teilweise_rollstuhlgerecht", "no": "nicht_barrierefrei"}


class Metadata(NamedTuple):
    """Slugs of `labels.ACCESSIBILITY` or as readable, and addresses on the web; empty where nothing is said."""

    accessibility: tuple[str, ...] = ()
    livestream: str = ""
    meeting: str = ""
    tickets: str = ""


def read(node: Node) -> Metadata:
    """Read the PropertyValues of an event; those of others, and what they say wrong, are passed over."""
    said: dict[str, object] = {}
    for item in reader.nodes(node, "attachment"):
        if item.get("type") == "PropertyValue":
            said.setdefault(reader.word(item, "propertyID"), item.get("value"))
    if not said:
        return Metadata()
    wheelchair = _BY_WHEELCHAIR.get(reader.word_of(said.get(_WHEELCHAIR)), "")
    signed = "gebaerdensprache" if said.get(_SIGNED) is True else ""
    return Metadata(
        accessibility=tuple(filter(None, (wheelchair, signed))),
        livestream=_first(said, _LIVE),
        meeting=_first(said, _MEETING),
        tickets=reader.uri_of(said.get(_TICKETS)),
    )


def _first(said: dict[str, object], begin: str) -> str:
    return next((url for key, value in said.items() if key.startswith(begin) and (url := reader.uri_of(value))), "")
