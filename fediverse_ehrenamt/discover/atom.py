"""Documents as an Atom feed (RFC 4287), with their places (GeoRSS). Pure.

Texts are plain and become HTML here (`kit.html.paragraphs`); what XML cannot hold is dropped.
"""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from xml.etree import ElementTree as ET
from xml.etree.ElementTree import Element, SubElement

from fediverse_ehrenamt.discover import view
from fediverse_ehrenamt.discover.view import Reader
from fediverse_ehrenamt.kit import clock, html
from fediverse_ehrenamt.search.model import Document
from fediverse_ehrenamt.vocab import labels

MEDIA_TYPE = "application/atom+xml; charset=utf-8"
ATOM, GEORSS = "http://www.w3.org/2005/Atom", "http://www.georss.org/georss"
_NO_XML = re.compile("[^\t\n\r\x20-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")  # XML 1.0 §2.2
_LANGUAGE = "{http://www.w3.org/XML/1998/namespace}lang"
_TAGS = 20
ET.register_namespace("", ATOM)
ET.register_namespace("georss", GEORSS)


@dataclass(frozen=True, slots=True)
class Heading:
    """What a feed is called; `source` is its own address and its id, `page` shows the same to people."""

    title: str
    subtitle: str
    source: str
    page: str
    author: str


def write(heading: Heading, documents: Sequence[Document], reader: Reader) -> bytes:
    """Return a feed of Documents in their order; one without any was updated at the last full hour."""
    feed = Element(f"{{{ATOM}}}feed", {_LANGUAGE: reader.language.code})
    _text(feed, "id", heading.source)
    _text(feed, "title", heading.title)
    _text(feed, "subtitle", heading.subtitle)
    hour = reader.now.replace(minute=0, second=0, microsecond=0)
    _text(feed, "updated", clock.write(max(map(updated, documents), default=hour)))
    _link(feed, "self", heading.source, "application/atom+xml")
    _link(feed, "alternate", heading.page, "text/html")
    _text(SubElement(feed, f"{{{ATOM}}}author"), "name", heading.author)
    _text(feed, "generator", "Ehrenamt im Fediverse")
    for document in documents:
        _add_entry(feed, document, reader)
    written: bytes = ET.tostring(feed, encoding="utf-8", xml_declaration=True)
    return written


def updated(document: Document) -> datetime:
    """Return when a Document was changed or confirmed last, as far as it says."""
    return document.fresh_at or document.published_at or document.starts_at or _LONG_AGO


_LONG_AGO = datetime.fromisoformat("1970-01-01T00:00:00+00:00")


def _add_entry(feed: Element, document: Document, reader: Reader) -> None:
    words, page = reader.language, reader.home + view.path(document)
    entry = SubElement(feed, f"{{{ATOM}}}entry")
    _text(entry, "id", document.uri)
    status, title = view.status(document, reader), view.title(document, words)
    _text(entry, "title", f"{status}: {title}" if status else title)
    _text(entry, "updated", clock.write(updated(document)))
    if document.published_at:
        _text(entry, "published", clock.write(document.published_at))
    _link(entry, "alternate", page, "text/html")
    if not document.local and (origin := html.web_url(document.url)):
        _link(entry, "via", origin, "text/html")
    _text(SubElement(entry, f"{{{ATOM}}}author"), "name", document.organisation or document.host)
    terms = ((area, words.gettext(labels.label(labels.AREA, area))) for area in document.areas)
    for term, label in (*terms, *((tag, f"#{tag}") for tag in document.hashtags[:_TAGS])):
        SubElement(entry, f"{{{ATOM}}}category", {"term": _held(term), "label": _held(label)})
    _text(entry, "content", _content(document, reader), {"type": "html"})
    if document.latitude is not None and document.longitude is not None and not document.anywhere:
        point = SubElement(entry, f"{{{GEORSS}}}point")
        point.text = f"{document.latitude:.5f} {document.longitude:.5f}"


def _content(document: Document, reader: Reader) -> str:
    """Return when and where it is, and its text, as safe HTML."""
    words = reader.language
    facts = " · ".join(part for part in (view.when(document, words), view.place(document, words)) if part)
    text = html.visible(document.text.removeprefix(document.title).lstrip(" .:–-\n"))
    return html.paragraphs("\n\n".join(part for part in (facts, text) if part))


def _text(parent: Element, name: str, text: str, attributes: dict[str, str] | None = None) -> None:
    SubElement(parent, f"{{{ATOM}}}{name}", attributes or {}).text = _held(text)


def _link(parent: Element, relation: str, href: str, kind: str) -> None:
    SubElement(parent, f"{{{ATOM}}}link", {"rel": relation, "href": _held(href), "type": kind})


def _held(text: str) -> str:
    return _NO_XML.sub("", text)
