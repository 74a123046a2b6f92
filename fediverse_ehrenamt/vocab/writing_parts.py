"""Writes the parts of objects: tags, pictures, links, places. Missing things stand nowhere."""

import mimetypes
from collections.abc import Iterable
from urllib.parse import urlsplit

from fediverse_ehrenamt.vocab.types import Hashtag, Image, Link, Mention, Place

Json = dict[str, object]

_HTML = "text/html"
_PICTURE = "image/jpeg"
WEBSITE = "Website"  # the name by which Mobilizon knows an event's link


def said(pairs: Json) -> Json:
    """Return what is there: not None, "", {} or []."""
    return {key: value for key, value in pairs.items() if value is not None and value not in ("", {}, [])}


def hashtag(tag: Hashtag) -> Json:
    return {"type": "Hashtag", "name": f"#{tag.name}"} | said({"href": tag.href})


def mention(tag: Mention) -> Json:
    """Write a mention; Gancio fails on a tag without a name."""
    return {"type": "Mention", "href": tag.href, "name": tag.name or f"@{tag.href.rstrip('/').rpartition('/')[2]}"}


def _media_type(picture: Image) -> str:
    """Return the media type, by the ending where it is unknown: Gancio fails on an attachment without one."""
    guessed = mimetypes.guess_type(urlsplit(picture.url).path)[0] or ""
    return picture.media_type or (guessed if guessed.startswith("image/") else _PICTURE)


def image(picture: Image) -> Json:
    return {"type": "Image", "mediaType": _media_type(picture), "url": picture.url} | said(
        {"name": picture.alt, "width": picture.width, "height": picture.height}
    )


def link(value: Link) -> Json:
    return {"type": "Link", "mediaType": value.media_type or _HTML, "href": value.href} | said({"name": value.name})


def attachment(images: Iterable[Image], links: Iterable[Link]) -> list[Json]:
    """Write pictures, then links; without a picture no links, since Gancio downloads the first attachment as one."""
    pictures = [image(picture) for picture in images]
    return [*pictures, *map(link, links)] if pictures else []


def _address(value: Place) -> Json:
    found = said(
        {
            "streetAddress": value.street,
            "postalCode": value.postcode,
            "addressLocality": value.locality,
            "addressRegion": value.region,
            "addressCountry": value.country,
        }
    )
    return {"type": "PostalAddress"} | found if found else {}


def place(value: Place) -> Json:
    """Write a Place; Mobilizon takes coordinates as floats only and never reads an id twice."""
    known = value.latitude is not None and value.longitude is not None
    coordinates = {"latitude": float(value.latitude or 0), "longitude": float(value.longitude or 0)} if known else {}
    return {"type": "Place"} | said({"id": value.id, "name": value.name, "address": _address(value)}) | coordinates


def virtual_place(url: str) -> Json:
    """Write a place on the net as Gancio does: an object of its own type is unknown to Mobilizon.

    By the name in lower case Gancio and Event Bridge know it from a venue; Gancio takes no Update without a street that
    is a text.
    """
    address = {"type": "VirtualLocation", "url": url, "streetAddress": ""}
    return {"type": "Place", "id": url, "name": "online", "address": address}
