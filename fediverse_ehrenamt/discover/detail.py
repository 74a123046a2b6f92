"""The page of one thing: its facts, its text made safe, where it came from and how to answer. Pure."""

import html as entities
import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import timedelta
from urllib.parse import quote

from fediverse_ehrenamt.discover import facts, linked_data, view
from fediverse_ehrenamt.discover.facts import Section
from fediverse_ehrenamt.discover.view import Detail, Elsewhere, Freshness, Publisher, Reader
from fediverse_ehrenamt.events import wire as events
from fediverse_ehrenamt.kit import html, ids
from fediverse_ehrenamt.media import widths
from fediverse_ehrenamt.opportunities import wire as opportunities
from fediverse_ehrenamt.vocab import labels
from fediverse_ehrenamt.vocab.types import Event, Link, Note, Opportunity, Place
from fediverse_ehrenamt.web.i18n import PLAIN

_PARAGRAPH = re.compile(r"<p>(.*?)</p>\s*", re.DOTALL)
_HASHTAGS = re.compile(r"<p>(?:\s*<a [^>]*>#<span>[^<]*</span></a>)+\s*</p>\s*")
_LINK_TO = r'<p><a href="{}"[^>]*>[^<]*</a></p>\s*'
_BOLD_LINE = re.compile(r"<(strong|b)>(.*?)</\1>(?:<br>\s*|$)", re.DOTALL)
_DESCRIPTION = 200
_VERSIONS = 40
_TAGS = 30
_EDITED = timedelta(hours=1)
_MAP = "https://www.openstreetmap.org/"
_ZOOM = 17
_POLE, _DATE_LINE = 90.0, 180.0


@dataclass(frozen=True, slots=True)
class Version:
    """One language of the text; `href` shows it in place."""

    tag: str
    name: str
    href: str
    current: bool


@dataclass(frozen=True, slots=True)
class Where:
    """Where it is: lines of an address, a link to a map, both checked; `spot` are degrees, "51.35710,7.47280"."""

    name: str
    lines: tuple[str, ...]
    map_url: str
    online_url: str
    spot: str = ""


@dataclass(frozen=True, slots=True)
class Answer:
    """Where somebody who wants to help or to come goes; `host` tells where the link leads, "" for a form of ours.

    `elsewhere` says that it is another portal that has the form.
    """

    words: str
    url: str
    host: str
    elsewhere: bool = False


@dataclass(frozen=True, slots=True)
class DetailPage:
    """Everything the detail template shows; `content` is safe HTML, all links are checked, the rest is plain.

    `path` is that of the page here, `here` its whole address.
    """

    id: str
    kind: str
    kind_label: str
    title: str
    title_language: str
    status: str
    when: str
    place: str
    effort: str
    where: Where | None
    content: str
    content_language: str
    versions: tuple[Version, ...]
    sections: tuple[Section, ...]
    areas: tuple[tuple[str, str], ...]
    hashtags: tuple[str, ...]
    organisation: str
    organisation_page: str
    publisher: Publisher | None
    answer: Answer | None
    promise: str
    answering: str
    freshness: Freshness | None
    published: str
    updated: str
    origin: str
    origin_url: str
    also: tuple[Elsewhere, ...]
    image: str
    image_alt: str
    path: str
    here: str
    canonical: str
    calendar_file: str
    activity_url: str
    description: str
    linked_data: dict[str, object]

    @property
    def image_set(self) -> str:
        """The picture in several widths, as `srcset`."""
        return widths.srcset(self.image)


def page(detail: Detail, reader: Reader, wanted: str = "") -> DetailPage:
    """Return the page of a thing; `wanted` is the language tag of the text that was asked for."""
    document, thing, words = detail.document, detail.thing, reader.language
    tag, text = _text(detail, reader, wanted)
    here = reader.home + view.path(document)
    origin_url = "" if document.local else html.web_url(document.url)
    title = _title(detail, reader, tag)
    when = view.when(document, words)
    place = view.place(document, words)
    description = " · ".join(part for part in (when, place, view.excerpt(document)) if part)
    return DetailPage(
        id=document.id,
        kind=document.kind,
        kind_label=words.gettext(labels.label(labels.DOCUMENT_KIND, document.kind)),
        title=title,
        title_language=tag.partition("-")[0],
        status=view.status(document, reader),
        when=when,
        place=place,
        effort=facts.effort(thing.details.effort, words) if isinstance(thing, Opportunity) else "",
        where=_where(detail),
        content=body(text, detail, title),
        content_language=tag,
        versions=_versions(detail, reader, tag),
        sections=_sections(detail, reader),
        areas=view.areas(document, words),
        hashtags=tuple(dict.fromkeys(html.visible(name) for name in document.hashtags if name))[:_TAGS],
        organisation=html.visible(document.organisation),
        organisation_page=_organisation_page(detail),
        publisher=detail.publisher,
        answer=_answer(detail, reader, origin_url),
        answering=view.answering(detail.answer_days, words),
        promise=facts.promise(thing.details.answer_within_days, words) if isinstance(thing, Opportunity) else "",
        freshness=_freshness(detail, reader),
        published=words.long_day(thing.published) if thing.published else "",
        updated=_updated(detail, reader),
        origin=view.origin(document, reader),
        origin_url=origin_url,
        also=view.also(document),
        image=view.own_image(document, reader),
        image_alt=html.visible(document.image_alt),
        path=view.path(document),
        here=here,
        canonical=origin_url or here,
        calendar_file=f"{view.path(document)}.ics" if document.starts_at else "",
        activity_url=html.web_url(document.uri),
        description=html.shorten(description, _DESCRIPTION),
        linked_data=linked_data.of(detail, origin_url or here),
    )


def body(text: str, detail: Detail, title: str = "") -> str:
    """Return a text of a thing as safe HTML without its title, which may be another in its language, and its facts.

    Nor does it end in hashtags or in a link to itself, as contents for timelines do.
    """
    titles = detail.document.title, title
    bare = without_facts(_without_titles(html.safe(text), *titles), _facts(detail.thing))
    return without_end(bare, detail.document.url)


def without_title(content: str, title: str) -> str:
    """Return safe HTML without a bold title as its first line: the page has it as its heading already.

    Such a line is what timelines show of things whose name they drop (DESIGN §6).
    """
    first = _PARAGRAPH.match(content)
    bold = _BOLD_LINE.match(first[1]) if first else None
    if not first or not bold or not _same(html.text(bold[2]), title):
        return content
    rest = first[1][bold.end() :].strip()
    return (f"<p>{rest}</p>\n" if rest else "") + content[first.end() :]


def _without_titles(content: str, *titles: str) -> str:
    """Return safe HTML without its title in the language of the text, or in that of all else."""
    return next((bare for title in titles if (bare := without_title(content, title)) != content), content)


def without_facts(content: str, line: str) -> str:
    """Return safe HTML without its first paragraph if that is the line of facts, which the page shows as fields."""
    first = _PARAGRAPH.match(content)
    if not line or not first or html.text(first[1]) != " ".join(line.split()):
        return content
    return content[first.end() :]


def without_end(content: str, url: str) -> str:
    """Return safe HTML without a last paragraph of hashtags, and before that of a link to `url`: the page has both."""
    bare = _without_last(content, _HASHTAGS)
    return _without_last(bare, re.compile(_LINK_TO.format(re.escape(entities.escape(url))))) if url else bare


def _without_last(content: str, said: re.Pattern[str]) -> str:
    start = content.rfind("<p>")
    return content[:start].rstrip() if start >= 0 and said.fullmatch(content, start) else content


def _facts(thing: Opportunity | Event | Note) -> str:
    if isinstance(thing, Opportunity):
        return opportunities.facts(thing)
    return events.facts(thing) if isinstance(thing, Event) else ""


def _same(line: str, title: str) -> bool:
    return line.casefold().rpartition(": ")[2].strip() == title.casefold().rpartition(": ")[2].strip()


def _text(detail: Detail, reader: Reader, wanted: str) -> tuple[str, str]:
    """Choose the language asked for, else the reader's, else the one it was written in; return tag and HTML."""
    thing = detail.thing
    for tag in (wanted, reader.language.code, thing.language):
        if tag and tag in thing.content_map:
            return tag, thing.content_map[tag]
    return thing.language or detail.document.language, thing.content or thing.summary


def _title(detail: Detail, reader: Reader, tag: str) -> str:
    thing = detail.thing
    title = thing.details.title_map.get(tag, "") if isinstance(thing, Opportunity) else ""
    if isinstance(thing, Event) and tag != thing.language:
        title = events.name_in(thing, tag)
    return html.visible(title) or view.title(detail.document, reader.language)


def _versions(detail: Detail, reader: Reader, current: str) -> tuple[Version, ...]:
    """List the languages to switch to, where there is more than one; Leichte Sprache comes first."""
    thing = detail.thing
    tags = list(dict.fromkeys([*thing.content_map, *((thing.language,) if thing.language and thing.content else ())]))
    if not tags[1:]:  # one is no choice
        return ()
    tags.sort(key=lambda tag: (tag != PLAIN, tag != thing.language))
    here = view.path(detail.document)
    return tuple(
        Version(tag, reader.language.language_name(tag), f"{here}?sprache={quote(tag, safe='')}", tag == current)
        for tag in tags[:_VERSIONS]
    )


def _sections(detail: Detail, reader: Reader) -> tuple[Section, ...]:
    thing, attached = detail.thing, facts.attached(_attached(detail), reader.language)
    if isinstance(thing, Opportunity):
        return facts.of_opportunity(thing.details, reader.language) + attached
    return (facts.of_event(thing, reader.language) if isinstance(thing, Event) else ()) + attached


def _attached(detail: Detail) -> Iterator[Link]:
    """Yield what is attached to a thing from elsewhere, but for the links that its page has anyway."""
    thing = detail.thing
    shown = {thing.url, thing.online_url, detail.document.url, detail.document.uri}
    if isinstance(thing, Event):
        shown.add(thing.participation_url)
    if not detail.document.local:
        yield from (link for link in thing.links if link.href not in shown)


def _where(detail: Detail) -> Where | None:
    place = detail.thing.place or Place()
    town = f"{place.postcode} {place.locality}".strip()
    lines = tuple(html.visible(line) for line in (place.street, town) if line)
    online = html.web_url(detail.thing.online_url)
    if not (place.name or lines or online):
        return None
    name = "" if place.name in lines or place.name == place.locality else place.name
    return Where(html.visible(name), lines, _map(place, lines), online, _spot(place))


def _spot(place: Place) -> str:
    """Return the point of a place as geo links (RFC 5870) and our map have it, "" where there is none on the earth."""
    latitude, longitude = place.latitude, place.longitude
    if latitude is None or longitude is None or abs(latitude) > _POLE or abs(longitude) > _DATE_LINE:
        return ""
    return f"{latitude:.5f},{longitude:.5f}"


def _map(place: Place, lines: tuple[str, ...]) -> str:
    """Link a map, which nobody visits unless they choose to."""
    if place.latitude is not None and place.longitude is not None:
        spot = f"{place.latitude:.5f}", f"{place.longitude:.5f}"
        return f"{_MAP}?mlat={spot[0]}&mlon={spot[1]}#map={_ZOOM}/{spot[0]}/{spot[1]}"
    return f"{_MAP}search?query={quote(', '.join(lines))}" if lines else ""


def _organisation_page(detail: Detail) -> str:
    """Prefer the organisation's page here; a browser that asks for an actor's id is sent to its page there."""
    if detail.publisher and detail.publisher.page:
        return detail.publisher.page
    return html.web_url(detail.document.organisation_uri)


def _answer(detail: Detail, reader: Reader, origin_url: str) -> Answer | None:
    """Find where to answer: the sign-up it names, else our form for what is ours, else its page at its origin.

    What answers nothing there leads to the organisation's own site.
    """
    thing, document = detail.thing, detail.document
    if document.status or view.status(document, reader):
        return None
    words = reader.language
    asks_for_help = isinstance(thing, Opportunity) or (isinstance(thing, Event) and thing.opportunity is not None)
    signing_up = html.web_url(thing.participation_url) if isinstance(thing, Event) else ""
    if document.local and not isinstance(thing, Note) and (not signing_up or ids.same_origin(signing_up, document.uri)):
        label = words.gettext("Ich möchte helfen") if asks_for_help else words.gettext("Anmelden oder nachfragen")
        return Answer(label, view.enquiry_path(document), "")
    elsewhere = "" if ids.same_origin(thing.url, document.uri) and document.local else thing.url
    own_site = detail.publisher.url if detail.publisher else ""
    candidates = (signing_up, origin_url, elsewhere, *(link.href for link in thing.links), own_site)
    url = next((checked for candidate in candidates if (checked := html.web_url(candidate))), "")
    if not url:
        return None
    if asks_for_help:
        label = words.gettext("Ich möchte helfen")
    elif signing_up:
        label = words.gettext("Zur Anmeldung")
    else:
        label = words.gettext("Zur Seite des Veranstalters")
    return Answer(label, url, view.origin_of(url), elsewhere=url == origin_url)


def _freshness(detail: Detail, reader: Reader) -> Freshness | None:
    """Say when it was last confirmed, as a warning from half a year on, when cards fade."""
    said = view.freshness(detail.document, reader)
    aged = said is not None and not view.status(detail.document, reader) and view.fades(detail.document, reader)
    if said is None or not aged:
        return said
    words = reader.language.gettext("%(said)s: bitte fragen Sie nach, ob es noch gilt") % {"said": said.words}
    return Freshness(words, stale=True)


def _updated(detail: Detail, reader: Reader) -> str:
    """Say when it was changed, unless that was right after it was published."""
    thing = detail.thing
    if not thing.updated or (thing.published and thing.updated - thing.published < _EDITED):
        return ""
    return reader.language.long_day(thing.updated)
