"""Writes Notes and Opportunities. An opportunity is a Note without name and summary: peers show them as a warning."""

from collections.abc import Iterable

from fediverse_ehrenamt.kit import clock
from fediverse_ehrenamt.vocab import details, writing_parts
from fediverse_ehrenamt.vocab.types import EHRENAMT, PUBLIC, Link, Note, Opportunity, OpportunityDetails, Thing
from fediverse_ehrenamt.vocab.writing_parts import Json, said


def _content(value: Thing) -> Json:
    versions = dict(value.content_map)
    if value.language and value.content:
        versions.setdefault(value.language, value.content)
    return {"content": value.content} | said({"contentMap": versions, "inLanguage": value.language})


def _location(value: Thing) -> Json:
    if value.place:
        return writing_parts.place(value.place)
    return writing_parts.virtual_place(value.online_url) if value.online_url else {}


def _times(value: Thing) -> Json:
    return {
        "published": clock.write(value.published) if value.published else "",
        "updated": clock.write(value.updated) if value.updated else "",
    }


def _counts(value: Thing) -> Json:
    """Write how many like and share a thing, as Mastodon reads it: the collections embedded, without their items."""
    counts = {"likes": value.likes, "shares": value.shares}
    return {
        name: {"id": f"{value.id}/{name}", "type": "OrderedCollection", "totalItems": count}
        for name, count in counts.items()
        if count is not None
    }


def _policy(value: Thing) -> Json:
    """Write that everybody may quote what is for everybody (FEP-044f); where nothing is said, Mastodon lets nobody."""
    return {"interactionPolicy": {"canQuote": {"automaticApproval": [PUBLIC]}}} if value.public else {}


def thing(value: Thing, kind: str, more_links: Iterable[Link] = ()) -> Json:
    """Write what Note, Opportunity and Event share, without name and summary."""
    facts = _times(value) | {
        "attributedTo": value.attributed_to,
        "url": value.url,
        "inReplyTo": value.in_reply_to,
        "context": value.context,
        "location": _location(value),
    }
    tags = [*map(writing_parts.hashtag, value.hashtags), *map(writing_parts.mention, value.mentions)]
    return (
        {"id": value.id, "type": kind}
        | said(facts)
        | _content(value)
        | {
            "to": list(value.to),
            "cc": list(value.cc),
            "tag": tags,
            "attachment": writing_parts.attachment(value.images, (*value.links, *more_links)),
        }
        | _policy(value)
        | _counts(value)
    )


def note(value: Note) -> Json:
    return thing(value, "Note") | said({"name": value.name, "summary": value.summary})


_FILLED = "besetzt"


# --- FEP-0837 ---------------------------------------------------------------------------------------------------------
def _quantity(count: int | None) -> Json:
    return {} if count is None else {"hasUnit": "one", "hasNumericalValue": str(count)}


def _intent(own_id: str, offer: OpportunityDetails) -> Json:
    """Write what is wanted in FEP-0837's terms: helpers of one activity, as many as there are places."""
    activity = f"{EHRENAMT}{offer.activities[0]}" if offer.activities else ""
    return {"type": "Intent", "id": f"{own_id}#primary", "action": "deliverService"} | said(
        {
            "resourceConformsTo": activity,
            "resourceQuantity": _quantity(offer.places),
            "availableQuantity": _quantity(0 if offer.status == _FILLED else offer.places_free),
        }
    )


def opportunity(value: Opportunity) -> Json:
    return thing(value, "Note") | {
        "purpose": value.purpose,
        "publishes": _intent(value.id, value.details),
        "opportunity": details.write_opportunity(value.details),
    }
