"""The only conversions of events: draft → wire type → Document."""

from dataclasses import replace
from datetime import datetime

from fediverse_ehrenamt.events import rules
from fediverse_ehrenamt.events.rules import Draft
from fediverse_ehrenamt.federation import outbox
from fediverse_ehrenamt.search.model import EVENT, Document, Facts
from fediverse_ehrenamt.settings import Settings
from fediverse_ehrenamt.things import wire, writing
from fediverse_ehrenamt.things.wire import Author
from fediverse_ehrenamt.things.writing import Names
from fediverse_ehrenamt.vocab.types import Event, Link

_CANCELLED = "Fällt aus: "
_HOME_ZONE = "Europe/Berlin"
_OPEN = "veroeffentlicht"  # of a shift


def to_wire(
    draft: Draft, settings: Settings, names: Names, published: datetime, updated: datetime, taken: int = 0
) -> Event:
    """Return the object that federates (FEP-8a8e as Mobilizon, Gancio and Event Bridge read it).

    `taken` is how many people said that they come.
    """
    url = f"{settings.url}/termine/{names.page}"
    place = writing.place(settings, draft.place)
    tags = writing.hashtags(settings, draft.hashtags)
    where = wire.place_label(place) or ("online" if draft.online_url else "")
    line = " · ".join(part for part in (rules.date_line(draft.starts_at, draft.ends_at, draft.timezone), where) if part)
    cancelled = draft.status == "cancelled"
    title = rules.headline(draft, taken)
    text = writing.content(title, line, draft.text, (draft.contact_url or url, writing.MORE_OF_EVENT), tags)
    images = writing.images(settings, draft.image, draft.image_alt)
    first = title.removesuffix(draft.name)
    versions = {draft.language: text} | {
        tag: writing.version(draft.names.get(tag, ""), first, draft.name, said)
        for tag, said in draft.texts.items()
        if tag != draft.language
    }
    called = {draft.language: title, **{tag: first + name for tag, name in draft.names.items()}} if draft.names else {}
    to, cc = outbox.audience(names.actor)
    return Event(
        id=names.uri,
        attributed_to=names.actor,
        name_map=called,
        name=title[: rules.NAME[1]],  # Mobilizon would lose a cancellation over its own first word
        summary=_CANCELLED + line if cancelled else line,
        content=text,
        content_map=versions,
        language=draft.language,
        published=published,
        updated=updated if updated != published else None,  # GoToSocial and Takahē show what has one as edited
        url=url,
        to=to,
        cc=cc,
        hashtags=tags,
        images=images,
        links=(Link(href=draft.online_url or url, name="Website", media_type="text/html"),) if images else (),
        place=place,
        online_url=draft.online_url,
        starts_at=draft.starts_at,
        ends_at=draft.ends_at,
        timezone=draft.timezone,
        status=draft.status,
        online=bool(draft.online_url),
        join_mode="external",
        participation_url=draft.contact_url or f"{url}#mitmachen",
        capacity=draft.capacity,
        participants=taken if taken or draft.capacity is not None else None,
        category=draft.category,
        details=draft.details,
        opportunity=draft.shift,
        context=draft.series,
    )


def to_document(thing: Event, author: Author, page: str, *, local: bool = False) -> Document:
    """Return how an event, own or received, is searched and listed."""
    details, shift = thing.details, thing.opportunity
    base = wire.document(thing, author, page, EVENT, local=local)
    cancelled = thing.status == "cancelled"
    return replace(
        base,
        # Cards have a label for what is cancelled; the word in the name is for timelines, which have none.
        title=base.title.removeprefix(rules.first_words(thing.status, shift) or rules.FULL),
        text=writing.without_end(writing.without_facts(base.text, facts(thing))),
        areas=rules.areas_of(thing),
        when=rules.date_line(thing.starts_at, thing.ends_at, thing.timezone or _HOME_ZONE),
        anywhere=thing.online and thing.place is None,
        starts_at=thing.starts_at,
        ends_at=thing.ends_at or thing.starts_at,
        expires_at=details.expires_at if details else None,
        status="abgesagt" if cancelled else _state(thing),
        facts=_facts(thing),
    )


def _facts(thing: Event) -> Facts | None:
    """Return what a shift says to those who may help, else what the event says to those who may come."""
    if thing.opportunity:
        return wire.facts(thing.opportunity, thing.place, thing.language)
    details = thing.details
    if details is None:
        return None
    return Facts(audiences=details.audiences, accessibility=details.accessibility, languages=details.languages)


def _state(thing: Event) -> str:
    """Return the state of a shift that is not open, "besetzt" of an event whose organiser says that it is full."""
    if thing.opportunity and thing.opportunity.status != _OPEN:
        return thing.opportunity.status
    return "besetzt" if thing.name.startswith(rules.FULL) else ""


def facts(thing: Event) -> str:
    """Return the line of facts as it stands in the content of one that this software wrote."""
    return thing.summary.removeprefix(_CANCELLED)


def name_in(thing: Event, tag: str) -> str:
    """Return what an event is called in another language, "" where it does not say, without words for timelines."""
    return thing.name_map.get(tag, "").removeprefix(rules.first_words(thing.status, thing.opportunity) or rules.FULL)
