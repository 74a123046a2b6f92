"""What of the things that come in is indexed: with consent, as far as its source was chosen for it, while it is valid.

FEP-5feb: only what is addressed to everybody, and posts only of authors who say that they may be searched. A date or
an offer of help is published to be found, and whoever is its source was chosen for that; a post is talk.
"""

from dataclasses import replace
from datetime import datetime

from fediverse_ehrenamt.federation.chosen import Choice
from fediverse_ehrenamt.kit import geo
from fediverse_ehrenamt.search.model import OPPORTUNITY, POST, Document, leaves_at
from fediverse_ehrenamt.things.wire import Author, Thing
from fediverse_ehrenamt.vocab import lifetimes
from fediverse_ehrenamt.vocab.types import PUBLIC

# How long something holds that doesn't say so itself, from when its author last touched it. An event ends by its date.
LASTS = {OPPORTUNITY: lifetimes.OFFER_HOLDS, POST: lifetimes.POST_HOLDS}


def consented(thing: Thing, author: Author, kind: str) -> bool:
    """Say whether a thing may be indexed here: addressed `to` everybody, a post also by an `indexable` author."""
    return PUBLIC in thing.to and (kind != POST or author.indexable is True)


def bounded(document: Document, now: datetime) -> Document:
    """Return the Document with an end, also where its author named none: a Delete may never arrive."""
    lasts = LASTS.get(document.kind)
    if document.expires_at is not None or lasts is None:
        return document
    said = (moment for moment in (document.fresh_at, document.published_at) if moment is not None and moment <= now)
    return replace(document, expires_at=next(said, now) + lasts)


def is_over(document: Document, now: datetime) -> bool:
    """Say whether a Document would leave the index at once."""
    ends = leaves_at(document)
    return ends is not None and ends <= now


def fits(choice: Choice | None, document: Document) -> bool:
    """Say whether a Document is what a source was chosen for.

    Posts name no area and no place: they are wanted or not as a kind. An event or an opportunity that doesn't say its
    area or where it is does not fit where that is asked; one that is online or goes anywhere fits every place.
    """
    if choice is None:
        return True
    if choice.kinds and document.kind not in choice.kinds:
        return False
    if document.kind == POST:
        return True
    if choice.areas and not set(choice.areas).intersection(document.areas):
        return False
    return document.anywhere or _is_near(choice, document)


def _is_near(choice: Choice, document: Document) -> bool:
    if choice.radius_km is None or choice.latitude is None or choice.longitude is None:
        return True
    if document.latitude is None or document.longitude is None:
        return False
    far = geo.distance_km(choice.latitude, choice.longitude, document.latitude, document.longitude)
    return far <= choice.radius_km
