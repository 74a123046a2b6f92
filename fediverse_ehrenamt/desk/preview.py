"""How what is being written will look: as a card here, and as a post in Mastodon."""

from dataclasses import dataclass
from datetime import datetime
from html import escape

from fediverse_ehrenamt.desk import drafting, reading
from fediverse_ehrenamt.desk.drafting import Written
from fediverse_ehrenamt.discover import view
from fediverse_ehrenamt.discover.view import Card, Reader
from fediverse_ehrenamt.events import rules as event_rules
from fediverse_ehrenamt.events import wire as events_wire
from fediverse_ehrenamt.kit import html
from fediverse_ehrenamt.kit.errors import Invalid
from fediverse_ehrenamt.opportunities import wire as opportunities_wire
from fediverse_ehrenamt.publishing.drafts import Draft
from fediverse_ehrenamt.search.model import Document
from fediverse_ehrenamt.settings import Settings
from fediverse_ehrenamt.things.wire import Author, Thing
from fediverse_ehrenamt.things.writing import Names
from fediverse_ehrenamt.vocab.types import Event

_PAGE = "vorschau"


@dataclass(frozen=True, slots=True)
class Post:
    """A post as Mastodon shows it; `content` is safe HTML, `image` the path of a picture or ""."""

    name: str
    address: str
    content: str
    image: str
    image_alt: str


@dataclass(frozen=True, slots=True)
class Version:
    """The text in another language, as visitors read it; `content` is safe HTML, `tag` BCP 47."""

    tag: str
    name: str
    content: str


@dataclass(frozen=True, slots=True)
class Preview:
    """Both views and the versions in other languages.

    Or the German labels of the fields that have to be filled in first (`missing`).
    """

    card: Card | None = None
    post: Post | None = None
    versions: tuple[Version, ...] = ()
    missing: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Publisher:
    """Who would publish it: the URI of its actor, its name, "@handle@domain"."""

    uri: str
    name: str
    address: str


def preview(written: Written, publisher: Publisher, settings: Settings, reader: Reader) -> Preview:
    """Return how what was written would look if it were published now."""
    try:
        draft = drafting.draft(written, reader.now)
    except Invalid as error:
        wrong = [reading.field_of(problem, written.form) for problem in error.problems]
        return Preview(missing=tuple(field.label for field in written.form if field in wrong and not field.is_answered))
    thing, document = _made(draft, publisher, settings, reader.now)
    shown = view.card(document, reader)
    image = f"{view.MEDIA}{draft.image}" if draft.image else ""
    content = html.safe(thing.content)
    if isinstance(thing, Event):  # of what is no Note, Mastodon shows name, summary and link
        parts = (f"<strong>{escape(thing.name)}</strong>", escape(thing.summary), escape(thing.url))
        content = html.safe("".join(f"<p>{part}</p>" for part in parts))
    post = Post(publisher.name, publisher.address, content, image, draft.image_alt)
    others = tuple(
        Version(tag, reader.language.language_name(tag), html.safe(said))
        for tag, said in thing.content_map.items()
        if tag != thing.language
    )
    return Preview(shown, post, others)


def card(draft: Draft, publisher: Publisher, settings: Settings, reader: Reader) -> Card:
    """Return how a draft would look as a card if it were published now."""
    return view.card(_made(draft, publisher, settings, reader.now)[1], reader)


def _made(draft: Draft, publisher: Publisher, settings: Settings, now: datetime) -> tuple[Thing, Document]:
    names = Names(f"{settings.url}/ap/object/{_PAGE}", _PAGE, publisher.uri)
    author = Author(publisher.uri, publisher.name, "", "")
    if isinstance(draft, event_rules.Draft):
        event = events_wire.to_wire(draft, settings, names, now, now)
        return event, events_wire.to_document(event, author, _PAGE, local=True)
    offer = opportunities_wire.to_wire(draft, settings, names, now, now)
    return offer, opportunities_wire.to_document(offer, author, _PAGE, local=True)
