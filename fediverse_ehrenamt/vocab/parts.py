"""Reads the parts of objects: texts with their languages, tags, attachments, pictures, places. Nothing here raises."""

import re
from collections.abc import Iterable, Iterator
from typing import NamedTuple

from fediverse_ehrenamt.kit import ids
from fediverse_ehrenamt.vocab import reader
from fediverse_ehrenamt.vocab.reader import Node
from fediverse_ehrenamt.vocab.types import PUBLIC, Hashtag, Image, Link, Mention, Place

_PLAIN_MEDIA_TYPES = frozenset({"text/plain", "text/markdown"})
_FILES = frozenset({"Document", "Audio", "Video"})
_BANNER = "Banner"  # what Mobilizon names its title picture; no text alternative
_PREFERRED = ("de", "en")
MAX_PIXELS = 100_000
QUOTES = ("quote", "quoteUri", "quoteUrl", "_misskey_quote")
"""What a post names by that it quotes: FEP-044f, Fedibird, Pleroma and Misskey, Misskey."""
QUOTING = frozenset(
    {
        *("https://misskey-hub.net/ns#_misskey_quote", "https://w3id.org/fep/044f#quote"),
        *("http://fedibird.com/ns#quoteUri", "https://www.w3.org/ns/activitystreams#quoteUrl"),
    }
)
"""What a link to an object (FEP-e232) is called that is a quote."""
_PICTURE = re.compile(r"[^?#]+\.(?:jpe?g|png|webp|gif)(?:[?#].*)?", re.IGNORECASE)
_OBJECT_TYPES = ("application/activity+json", "application/ld+json")
_ACTIVITYSTREAMS = "https://www.w3.org/ns/activitystreams"


# --- texts and their languages ----------------------------------------------------------------------------------------
def _key_of(text: str, versions: dict[str, str]) -> str:
    """Return the language whose text is `text`, or the only language there is."""
    if len(versions) == 1:
        return next(iter(versions))
    return next((tag for tag, version in versions.items() if text and version == text), "")


def _chosen(versions: dict[str, str]) -> str:
    """Return the language to show where no text stands outside the map."""
    return next((tag for tag in _PREFERRED if tag in versions), next(iter(versions), ""))


def _declared(node: Node) -> str:
    """Return the language named beside the text: `inLanguage`, or Lemmy's `language` node."""
    language = node.get("language")
    if isinstance(language, dict):
        language = language.get("identifier")
    return reader.language_of(node.get("inLanguage")) or reader.language_of(language)


def default_language(node: Node) -> str:
    """Return the last `@language` that the contexts written into an object set, or ""."""
    found = ""
    for context in reader.nodes(node, "@context"):
        found = reader.language_of(context.get("@language")) or found
    return found


class Texts(NamedTuple):
    """`name` is plain; `content` and `versions` are HTML."""

    name: str
    summary: str
    content: str
    versions: dict[str, str]
    language: str


def _either(node: Node, key: str, versions: dict[str, str], language: str = "") -> str:
    """Return the text under `key`, else the best of its versions."""
    text = reader.markup_of(reader.single(node, key))
    if text or not versions:
        return text
    return versions[language if language in versions else _chosen(versions)]


def _as_html(node: Node, text: str) -> str:
    media_type = reader.single(node, "mediaType")
    plain = isinstance(media_type, str) and media_type.partition(";")[0].strip().lower() in _PLAIN_MEDIA_TYPES
    return reader.paragraphs(text) if plain else text


def texts(node: Node) -> Texts:
    """Read name, summary and content with their maps, and the BCP 47 tag of the content ("" if unknown)."""
    contents, names = reader.by_language(node, "contentMap"), reader.by_language(node, "nameMap")
    summaries = reader.by_language(node, "summaryMap")
    content = _either(node, "content", contents)
    language = _key_of(content, contents) or _declared(node)
    name = _either(node, "name", names, language)
    return Texts(
        name=reader.plain(name),
        summary=_either(node, "summary", summaries, language),
        content=_as_html(node, content),
        versions={tag: _as_html(node, text) for tag, text in contents.items()},
        language=language or _key_of(name, names) or default_language(node),
    )


def names(node: Node) -> dict[str, str]:
    """Read the names in all languages, as plain text."""
    versions = reader.by_language(node, "nameMap")
    return {tag: name for tag, text in versions.items() if (name := reader.plain(text))}


# --- tags -------------------------------------------------------------------------------------------------------------
def _kinds(node: Node) -> str | list[str]:
    """Return the type for an `in` test; most objects have exactly one."""
    kind = node.get("type")
    return [kind] if isinstance(kind, str) else reader.types(node)


def tags(node: Node) -> tuple[tuple[Hashtag, ...], tuple[Mention, ...]]:
    """Read hashtags (without "#", each once) and mentions; a hashtag without a name is none."""
    hashtags: dict[str, Hashtag] = {}
    mentions: dict[str, Mention] = {}
    for tag in reader.nodes(node, "tag"):
        kinds, href = _kinds(tag), reader.uri(tag, "href")
        if "Mention" in kinds and href:
            mentions[href] = Mention(href=href, name=reader.line(tag, "name"))
        elif "Hashtag" in kinds or "as:Hashtag" in kinds:
            name = reader.line(tag, "name").removeprefix("#").replace(" ", "")
            if name:
                hashtags.setdefault(name.lower(), Hashtag(name=name, href=href))
    return tuple(hashtags.values()), tuple(mentions.values())


def quoted(node: Node) -> str:
    """Return the URI of what a post quotes, "" for most."""
    named = (reader.reference(node, key) for key in QUOTES if key in node)
    return next(filter(None, named), "") or quoted_by_link(node)


def quoted_by_link(node: Node) -> str:
    """Return the URI of what a post quotes by a link to it among its tags (FEP-e232), "" for most."""
    return next((link.href for link, quotes in _object_links(node) if quotes), "")


def _object_links(node: Node) -> Iterator[tuple[Link, bool]]:
    """Yield the links to ActivityPub objects that stand among the tags, and whether each says that it is a quote."""
    for tag in reader.nodes(node, "tag"):
        media_type = reader.word(tag, "mediaType")
        kind, _, parameters = media_type.partition(";")
        kind = kind.strip().lower()
        is_object = kind == _OBJECT_TYPES[0] or (kind == _OBJECT_TYPES[1] and _ACTIVITYSTREAMS in parameters)
        href = reader.uri(tag, "href") if is_object and "Link" in _kinds(tag) else ""
        if href:
            yield (
                Link(href=href, name=reader.line(tag, "name"), media_type=media_type),
                not QUOTING.isdisjoint(map(str, reader.values(tag, "rel"))),
            )


# --- pictures and links -----------------------------------------------------------------------------------------------
def _pixels(node: Node, key: str) -> int | None:
    size = reader.integer(node, key)
    return size if size is not None and 0 < size <= MAX_PIXELS else None


def _is_picture(node: Node) -> bool:
    """Say whether an attachment is a picture: by its type or media type, else a Document by the end of its address."""
    kinds = _kinds(node)
    if "Image" in kinds:
        return True
    if "Link" in kinds:
        return False
    media_type = node.get("mediaType") or next((link.get("mediaType") for link in reader.nodes(node, "url")), None)
    if isinstance(media_type, str):
        return media_type.startswith("image/")
    return (not kinds or "Document" in kinds) and _PICTURE.fullmatch(reader.web_address(node, "url")) is not None


def picture(value: object) -> Image | None:
    """Read a picture from an Image, a Document, a Link or a bare address; None where there is no address."""
    if not isinstance(value, dict):
        url = reader.uri_of(value)
        return Image(url=url) if url else None
    url = reader.web_address(value, "url") or reader.uri(value, "href")
    if not url:
        return None
    alt = reader.line(value, "summary", reader.MAX_TEXT) or reader.line(value, "name", reader.MAX_TEXT)
    return Image(
        url=url,
        media_type=reader.word(value, "mediaType"),
        alt="" if alt == _BANNER else alt,
        width=_pixels(value, "width"),
        height=_pixels(value, "height"),
    )


def first_picture(node: Node, key: str) -> Image | None:
    return next((found for found in map(picture, reader.values(node, key)) if found), None)


def _unique(pictures: Iterable[Image | None]) -> tuple[Image, ...]:
    by_url: dict[str, Image] = {}
    for found in pictures:
        if found:
            by_url.setdefault(found.url, found)
    return tuple(by_url.values())


def pictures(node: Node) -> tuple[Image, ...]:
    """Read the pictures of an object: Mobilizon's "Banner", the other attachments, then `image`.

    What is marked as sensitive has none: nothing here hides a picture until somebody asks for it.
    """
    if reader.flag(node, "sensitive"):
        return ()
    attached = [item for item in reader.nodes(node, "attachment") if _is_picture(item)]
    attached = [item for item in attached if not reader.flag(item, "sensitive")]
    attached.sort(key=lambda item: item.get("name") != _BANNER)
    if not attached and node.get("image") is None:
        return ()
    return _unique(map(picture, [*attached, *reader.values(node, "image")]))


def _file(node: Node) -> str:
    """Return the address of an attached file that is no picture, "" for other things and what is to be hidden."""
    if _FILES.isdisjoint(_kinds(node)) or _is_picture(node) or reader.flag(node, "sensitive"):
        return ""
    return reader.web_address(node, "url") or reader.uri(node, "href")


def _target(link: Node) -> str:
    """Return where a Link leads; NodeBB says it in `url`, as of a thing."""
    return reader.uri(link, "href") or reader.web_address(link, "url")


def links(node: Node) -> tuple[Link, ...]:
    """Read attached Links and files, except those to pictures (they are pictures) and to the object's own page.

    Links to other objects among the tags (FEP-e232) are links too, unless they are quotes.
    """
    own = reader.web_address(node, "url")
    found = [link for link, quotes in _object_links(node) if not quotes and link.href != own]
    for item in reader.nodes(node, "attachment"):
        href = _target(item) if "Link" in _kinds(item) else _file(item)
        if href and href != own:
            link = Link(href=href, name=reader.line(item, "name"), media_type=reader.word(item, "mediaType"))
            found.append(link)
    return tuple(found)


# --- places -----------------------------------------------------------------------------------------------------------
_POSTCODE_AND_TOWN = re.compile(r"(?:^|[\s,;])(\d{5})\s+([^\d\s,;][^\d,;]*)")
_ADDRESS_IN_NAME = re.compile(r"(?:^|[,;])\s*(\d{5})\s+([^\d\s,;][^\d,;]*)")
_LONGEST_ADDRESS = 300


def _address(node: Node) -> Node:
    """Return the address node; one line of text, as Gancio's, is a street unless postcode and town end it."""
    address = node.get("address")
    if not isinstance(address, str):
        return address if isinstance(address, dict) else {}
    address = address[:_LONGEST_ADDRESS]
    found = _POSTCODE_AND_TOWN.search(address)
    if found is None:
        return {"streetAddress": address}
    street = address[: found.start()].rstrip(" ,;")
    return {"streetAddress": street, "postalCode": found[1], "addressLocality": found[2]}


def _country(address: Node) -> str:
    country = address.get("addressCountry")
    return reader.line(country, "name") if isinstance(country, dict) else reader.plain(country)


def _coordinates(node: Node) -> tuple[float | None, float | None]:
    """Return latitude and longitude, both or none; 0, 0 is what software writes that knows neither."""
    latitude, longitude = reader.degrees(node.get("latitude"), 90), reader.degrees(node.get("longitude"), 180)
    if latitude is None or longitude is None or (latitude == 0 and longitude == 0):
        return None, None
    return latitude, longitude


def _named_with_address(name: str) -> tuple[str, Node]:
    """Return name and address out of "Rathaus, Markt 1, 58095 Hagen", as they stand in a name that has to say all."""
    found = _ADDRESS_IN_NAME.search(name[:_LONGEST_ADDRESS])
    if found is None:
        return name, {}
    name, _, street = name[: found.start()].partition(",")
    return name, {"streetAddress": street.strip(" ,;"), "postalCode": found[1], "addressLocality": found[2]}


def place(value: object) -> Place | None:
    """Read a Place from its object or its name; None where nothing is said."""
    if not isinstance(value, dict):
        value = {"name": value}
    name, address = reader.line(value, "name"), _address(value)
    if not address:
        name, address = _named_with_address(name)
    latitude, longitude = _coordinates(value)
    found = Place(
        id=reader.uri(value, "id"),
        name=name,
        street=reader.line(address, "streetAddress"),
        postcode=reader.line(address, "postalCode"),
        locality=reader.line(address, "addressLocality"),
        region=reader.line(address, "addressRegion"),
        country=_country(address),
        latitude=latitude,
        longitude=longitude,
    )
    return found if found != Place() else None


def _virtual_url(value: object) -> str | None:
    """Return the address of a VirtualLocation ("" if it has none), None where the location is no virtual one."""
    if not isinstance(value, dict):
        return reader.uri_of(value) or None
    for node in (value, value.get("address")):
        if isinstance(node, dict) and "VirtualLocation" in _kinds(node):
            return reader.web_address(node, "url") or reader.web_address(value, "url")
    return None


def searchable(node: Node) -> bool | None:
    """Say whether everybody may find something or what somebody writes (FEP-268d), None where that is not said."""
    said = reader.values(node, "searchableBy")  # also names that are none, as Fedibird's "as:Limited"
    return PUBLIC in reader.references(node, "searchableBy") if said else None


class Where(NamedTuple):
    """The first physical place, the first virtual one's address, and whether there is a virtual one at all."""

    place: Place | None
    online_url: str
    virtual: bool


def where(node: Node) -> Where:
    """Read `location`: a name, an object, or a list with physical and virtual places (FEP-8a8e).

    A bare URI is an address on the net, as people write it; but one of the object's own origin is a Place by its id
    alone, of which nothing is known: no meeting is at the server of the event.
    """
    found, online_url, virtual = None, "", False
    own = reader.uri(node, "id")
    for value in reader.values(node, "location"):
        if isinstance(value, str) and reader.uri_of(value) and own and ids.same_origin(value, own):
            continue
        url = _virtual_url(value)
        if url is None:
            found = found or place(value)
        else:
            virtual = True
            online_url = online_url or url
    return Where(found, online_url, virtual)
