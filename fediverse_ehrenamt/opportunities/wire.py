"""The only conversions of opportunities: draft → wire type → Document."""

from dataclasses import replace
from datetime import datetime

from fediverse_ehrenamt.federation import outbox
from fediverse_ehrenamt.opportunities import rules
from fediverse_ehrenamt.opportunities.rules import Draft
from fediverse_ehrenamt.search.model import OPPORTUNITY, Document
from fediverse_ehrenamt.settings import Settings
from fediverse_ehrenamt.things import wire, writing
from fediverse_ehrenamt.things.wire import Author
from fediverse_ehrenamt.things.writing import Names
from fediverse_ehrenamt.vocab import labels, lifetimes
from fediverse_ehrenamt.vocab.types import Opportunity

_PLAIN = "de-simple"


def to_wire(draft: Draft, settings: Settings, names: Names, published: datetime, updated: datetime) -> Opportunity:
    """Return the object that federates."""
    url = f"{settings.url}/angebote/{names.page}"
    place = writing.place(settings, draft.place)
    tags = writing.hashtags(settings, draft.hashtags)
    text = writing.content(
        rules.headline(draft.details),
        rules.facts(draft.details, wire.place_label(place)),
        draft.text,
        (draft.contact_url or url, writing.MORE_OF_OFFER),
        tags,
    )
    versions = {draft.language: text}
    texts = {_PLAIN: draft.plain_language, **draft.texts}
    titles, first = draft.details.title_map, labels.FIRST_WORDS.get(draft.details.status, "")
    for tag, said in texts.items():
        if said and tag != draft.language:
            versions[tag] = writing.version(titles.get(tag, ""), first, draft.details.title, said)
    to, cc = outbox.audience(names.actor)
    return Opportunity(
        id=names.uri,
        attributed_to=names.actor,
        content=text,
        content_map=versions,
        language=draft.language,
        published=published,
        updated=updated if updated != published else None,  # GoToSocial and Takahē show what has one as edited
        url=url,
        to=to,
        cc=cc,
        hashtags=tags,
        images=writing.images(settings, draft.image, draft.image_alt),
        place=place,
        details=draft.details,
    )


def to_document(thing: Opportunity, author: Author, page: str, *, local: bool = False) -> Document:
    """Return how an opportunity, own or received, is searched and listed."""
    details = thing.details
    base = wire.document(thing, author, page, OPPORTUNITY, local=local)
    return replace(
        base,
        title=details.title,
        text=writing.without_end(writing.without_facts(base.text, facts(thing))),
        areas=details.areas,
        when=rules.when(details),
        anywhere=details.mode == "online",
        fresh_at=details.confirmed_at or thing.updated or thing.published,
        expires_at=lifetimes.said_end(details),
        status="" if details.status == rules.OPEN else details.status,
        same_as=details.same_as,
        facts=wire.facts(details, thing.place, thing.language),
    )


def facts(thing: Opportunity) -> str:
    """Return the line of facts as it stands in the content of one that this software wrote."""
    return rules.facts(thing.details, wire.place_label(thing.place))
