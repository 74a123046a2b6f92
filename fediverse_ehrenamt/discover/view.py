"""What a page shows of things found: Documents and wire types turned into words for one reader. Pure, no HTML."""

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from urllib.parse import quote

from fediverse_ehrenamt.discover import whens
from fediverse_ehrenamt.kit import clock, html, ids
from fediverse_ehrenamt.media import remote, widths
from fediverse_ehrenamt.search.model import EVENT, OPPORTUNITY, POST, Document
from fediverse_ehrenamt.vocab import labels, lifetimes
from fediverse_ehrenamt.vocab.types import Event, Note, Opportunity
from fediverse_ehrenamt.web.i18n import Language

PATHS = {OPPORTUNITY: "/angebote", EVENT: "/termine", POST: "/beitraege"}
MEDIA = "/media/"

_EXCERPT = 190
_SLUG = 60
_TITLE = 200
_FOLDED = str.maketrans({"ä": "ae", "ö": "oe", "ü": "ue", "ß": "ss"})
_AREAS = 5


@dataclass(frozen=True, slots=True)
class Reader:
    """For whom a page is made: language, the moment, and the address of this instance ("https://ehrenamt.hagen.de").

    `portals` are the names of other instances by their hosts, `pictures` the URLs of remote pictures that we have.
    """

    language: Language
    now: datetime
    home: str
    portals: Mapping[str, str] = field(default_factory=dict)
    pictures: frozenset[str] = frozenset()


@dataclass(frozen=True, slots=True)
class Publisher:
    """Who published a thing: `handle` without "@", `page` its page here or "", `url` its own web page or "".

    `phone` and `on_site` (when somebody is there, in words) are for those who want no form, "" where nothing was said.
    """

    name: str
    handle: str
    domain: str
    page: str = ""
    url: str = ""
    phone: str = ""
    on_site: str = ""

    @property
    def address(self) -> str:
        """What is typed into Mastodon's search to follow it: "@handle@domain"."""
        return f"@{self.handle}@{self.domain}"


@dataclass(frozen=True, slots=True)
class Detail:
    """One thing with all that is known of it; HTML in `thing` is not yet safe.

    `answer_days` is within how many days its organisation usually answers, None where that is not known.
    """

    document: Document
    thing: Opportunity | Event | Note
    publisher: Publisher | None = None
    answer_days: int | None = None


@dataclass(frozen=True, slots=True)
class Listed:
    """One page of what an organisation offers; `total` counts all pages."""

    documents: tuple[Document, ...] = ()
    total: int = 0
    page: int = 1
    pages: int = 1


@dataclass(frozen=True, slots=True)
class Contact:
    """How an organisation wants to be reached; all is plain text, "" where nothing was said.

    `imprint` and `privacy` are addresses of pages elsewhere.
    """

    mail: str = ""
    phone: str = ""
    on_site: str = ""
    imprint: str = ""
    privacy: str = ""


@dataclass(frozen=True, slots=True)
class OrganisationPage:
    """An organisation as its page shows it.

    `actor` is its ActivityPub id; `summary` is HTML, not yet safe; `place` is one plain line. `details` are labels with
    their values, in German. `since` is when it came here, `fresh_at` when it last published, changed or confirmed
    something; `over` counts its dates and offers whose time is over. `texts` are the slugs of its own texts, such as
    its imprint. `picture` is the path of its picture or logo, "" for none.
    """

    actor: str
    name: str
    handle: str
    domain: str
    summary: str
    details: tuple[tuple[str, tuple[str, ...]], ...]
    url: str
    place: str
    local: bool
    followers: int
    offers: Listed = Listed()
    dates: Listed = Listed()
    over: int = 0
    answer_days: float | None = None
    since: datetime | None = None
    fresh_at: datetime | None = None
    texts: tuple[str, ...] = ()
    picture: str = ""
    picture_alt: str = ""
    contact: Contact = Contact()

    @property
    def address(self) -> str:
        return f"@{self.handle}@{self.domain}"

    @property
    def path(self) -> str:
        return f"/organisationen/{self.handle}"


@dataclass(frozen=True, slots=True)
class Source:
    """An actor whose things this instance shows; `url` is its page for people, `whole` if it is a whole instance."""

    name: str
    url: str
    host: str
    whole: bool = False


@dataclass(frozen=True, slots=True)
class Freshness:
    """When somebody last said that it holds, in words; `stale` where that is too long ago to rely on."""

    words: str
    stale: bool


@dataclass(frozen=True, slots=True)
class Elsewhere:
    """Another portal at which a thing stands too; `url` is checked, "" where there is none to go to."""

    host: str
    url: str


@dataclass(frozen=True, slots=True)
class Card:
    """One hit as a list shows it; all texts are plain, all links checked. `faded`: less to be relied on than others.

    `silent` names what it says nothing about though somebody filters by it, `met` what it says that somebody wants.
    `id` is the opaque one of its page. `dates` are when it takes place too, each with the path of its page; so many
    `further` ones are listed at `further_href`.
    """

    id: str
    kind: str
    kind_label: str
    href: str
    title: str
    status: str
    organisation: str
    place: str
    distance: str
    when: str
    excerpt: str
    language: str
    areas: tuple[tuple[str, str], ...]
    freshness: Freshness | None
    origin: str
    origin_url: str
    image: str
    image_alt: str
    faded: bool
    also: tuple[Elsewhere, ...] = ()
    fit: str = ""
    nearly: str = ""
    silent: str = ""
    met: str = ""
    dates: tuple[tuple[str, str], ...] = ()
    further: int = 0
    further_href: str = ""

    @property
    def image_set(self) -> str:
        """The picture in several widths, as `srcset`."""
        return widths.srcset(self.image)


def card(document: Document, reader: Reader, distance_km: float | None = None, fit: str = "", nearly: str = "") -> Card:
    """Return a Document as a card; `distance_km` is from the place that was searched for, `fit` says why it fits.

    `nearly` says how it was found, where it answers a search only nearly (`Hit.nearly`).
    """
    words = reader.language
    return Card(
        id=document.id,
        kind=document.kind,
        kind_label=words.gettext(labels.label(labels.DOCUMENT_KIND, document.kind)),
        href=path(document),
        title=title(document, words),
        status=status(document, reader),
        organisation=html.visible(document.organisation),
        place=place(document, words),
        distance="" if distance_km is None else words.distance(distance_km),
        when=when(document, words),
        excerpt=excerpt(document),
        language=document.language,
        areas=areas(document, words),
        freshness=freshness(document, reader),
        origin=origin(document, reader),
        origin_url="" if document.local else html.web_url(document.url),
        image=own_image(document, reader),
        image_alt=html.visible(document.image_alt),
        faded=fades(document, reader),
        also=also(document),
        fit=fit,
        nearly=nearly,
    )


def dates(documents: Iterable[Document], reader: Reader) -> tuple[tuple[str, str], ...]:
    """Return when each takes place, or would have, with the path of its page."""
    return tuple((_date(document, reader), path(document)) for document in documents)


def _date(document: Document, reader: Reader) -> str:
    said, state = when(document, reader.language), status(document, reader)
    return f"{said} ({state})" if state else said


def also(document: Document) -> tuple[Elsewhere, ...]:
    """Return where a thing stands too, each address once."""
    return tuple(Elsewhere(host, html.web_url(url)) for host, url in dict.fromkeys(document.also))


def origin(document: Document, reader: Reader) -> str:
    """Return where a thing comes from, by name where that is known: "Ehrenamt Hagen (ehrenamt.hagen.de)"."""
    if document.local:
        return ""
    name = html.visible(reader.portals.get(document.host, ""))
    return f"{name} ({document.host})" if name else document.host


def enquiry_path(document: Document) -> str:
    """Return the path of the form with which people ask about a thing of ours."""
    return f"{path(document)}/anfrage"


def path(document: Document) -> str:
    """Return the path of a thing's page here: "/angebote/<id>-lesepatin-gesucht"."""
    words = slug(document.title)
    return f"{PATHS[document.kind]}/{quote(document.id, safe='')}" + (f"-{words}" if words else "")


TEMPLATES = "/verwaltung/vorlage"
"""Where something is taken as a template for an offer of one's own (`desk`): the id of its page comes after it."""


def page_id(segment: str) -> str:
    """Return the id in the last segment of a page's path; our ids have no hyphen."""
    return segment.partition("-")[0]


def slug(words: str) -> str:
    """Return words as they stand in a URL, cut between words: "Größe 3!" is "groesse-3"."""
    folded = re.sub(r"[^a-z0-9]+", "-", words[:_TITLE].lower().translate(_FOLDED)).strip("-")
    return folded if len(folded) <= _SLUG else folded[:_SLUG].rpartition("-")[0]


def title(document: Document, words: Language) -> str:
    """Return the title, never empty and never a page long."""
    return html.shorten(html.visible(document.title), _TITLE) or words.gettext("Ohne Titel")


def when(document: Document, words: Language) -> str:
    """Return the one line of time and effort, dates and hours in the reader's language, free words as they are."""
    if document.starts_at:
        return words.span(document.starts_at, document.ends_at)
    return whens.said(html.visible(document.when), words)


def place(document: Document, words: Language) -> str:
    """Return the line that says where; online and whole areas have words of their own."""
    return html.visible(document.place) or (words.gettext("Online oder überall") if document.anywhere else "")


def status(document: Document, reader: Reader) -> str:
    """Return what a reader must know first ("Besetzt", "Abgesagt"), "" while the thing is open."""
    expired = document.expires_at is not None and document.expires_at <= reader.now
    slug_ = document.status or ("abgelaufen" if expired else "")
    return reader.language.gettext(html.visible(labels.label(labels.STATUS, slug_))) if slug_ else ""


def freshness(document: Document, reader: Reader) -> Freshness | None:
    """Return how long ago an offer was confirmed; dates speak for themselves, so events have none."""
    words = reader.language
    if document.kind != OPPORTUNITY or document.fresh_at is None:
        return None
    if reader.now - document.fresh_at > lifetimes.OFFER_HOLDS:
        return Freshness(words.gettext("seit über einem Jahr nicht bestätigt"), stale=True)
    if clock.day(document.fresh_at) >= clock.day(reader.now):
        return Freshness(words.gettext("heute bestätigt"), stale=False)
    ago = words.ago(document.fresh_at, reader.now)
    return Freshness(words.gettext("zuletzt bestätigt %(ago)s") % {"ago": ago}, stale=False)


def answering(days: int | None, words: Language) -> str:
    """Return how soon an organisation usually answers, "" where that is not known."""
    if days is None:
        return ""
    return words.ngettext(
        "antwortet meist innerhalb von %(number)s Tag", "antwortet meist innerhalb von %(number)s Tagen", days
    ) % {"number": words.number(days)}


def fades(document: Document, reader: Reader) -> bool:
    """Say whether a thing is not open any more, or an offer that nobody has confirmed for half a year."""
    aged = document.fresh_at is not None and reader.now - document.fresh_at > lifetimes.OFFER_FADES
    return bool(status(document, reader)) or (document.kind == OPPORTUNITY and aged)


def excerpt(document: Document, longest: int = _EXCERPT) -> str:
    """Return the beginning of the text, up to `longest` characters, without state and title before it."""
    text = document.text.removeprefix(labels.FIRST_WORDS.get(document.status, "")).removeprefix(document.title)
    return html.shorten(html.visible(text.lstrip(" .:–-\n")), longest)


def areas(document: Document, words: Language) -> tuple[tuple[str, str], ...]:
    """Return slug and short name of each area."""
    return tuple(
        (area, words.gettext(html.visible(labels.label(labels.AREA_SHORT, area)))) for area in document.areas[:_AREAS]
    )


def own_image(document: Document, reader: Reader) -> str:
    """Return the path of the picture, or of our copy of it: nothing is loaded from elsewhere (DESIGN §8)."""
    if not document.local:
        return remote.PATH + remote.name(document.image) if document.image in reader.pictures else ""
    image = document.image.removeprefix(reader.home)
    return image if image.startswith(MEDIA) and ".." not in image else ""


def origin_of(url: str) -> str:
    """Return the host a link leads to, for people ("ehrenamt.hagen.de")."""
    return ids.host(url)
