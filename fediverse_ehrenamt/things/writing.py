"""How a thing of ours reads in a timeline: title in bold, one line of facts, the text, a link, hashtags."""

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass, replace
from html import escape
from urllib.parse import quote

from fediverse_ehrenamt.kit import html, values
from fediverse_ehrenamt.settings import Settings
from fediverse_ehrenamt.vocab.types import Hashtag, Image, Place

MORE_OF_OFFER, MORE_OF_EVENT = "Mehr und Kontakt", "Mehr dazu"
"""The words of the link that a content ends in."""
ALWAYS = "Ehrenamt"  # the hashtag under which all towns' offers are found
_MEDIA_TYPE = "image/jpeg"


@dataclass(frozen=True, slots=True)
class Names:
    """What never changes of a thing of ours: its URI, the opaque id of its page here, the URI of its actor."""

    uri: str
    page: str
    actor: str


def hashtags(settings: Settings, names: Sequence[str]) -> tuple[Hashtag, ...]:
    """Return hashtags, each once, with the page here that lists them."""
    distinct = dict.fromkeys([*names, ALWAYS])
    return tuple(Hashtag(name=name, href=f"{settings.url}/?q={quote('#' + name)}") for name in distinct)


def content(title: str, facts: str, text: str, link: tuple[str, str], tags: Sequence[Hashtag]) -> str:
    """Return the HTML that Mastodon shows; `text` is plain, `link` its address and its words."""
    parts = [f"<p><strong>{escape(title)}</strong></p>"]
    if facts:
        parts.append(f"<p>{escape(facts)}</p>")
    parts.append(html.paragraphs(text))
    address, words = link
    parts.append(f'<p><a href="{escape(address)}">{escape(words)}</a></p>')
    anchors = (
        f'<a href="{escape(tag.href)}" class="mention hashtag" rel="tag">#<span>{escape(tag.name)}</span></a>'
        for tag in tags
    )
    parts.append(f"<p>{' '.join(anchors)}</p>")
    return "".join(parts)


def version(title: str, first: str, main_title: str, text: str) -> str:
    """Return the HTML of a text in another language, under its own title where it has one.

    What is no longer open says so here too, in its `first` words, then with the `main_title` where there is no other.
    """
    said = first + (title or main_title) if title or first else ""
    return (f"<p><strong>{escape(said)}</strong></p>" if said else "") + html.paragraphs(text)


def without_facts(plain: str, facts: str) -> str:
    """Return the text of a content without its line of facts: where they are fields, nobody needs them twice."""
    return plain.replace(f"\n\n{' '.join(facts.split())}\n\n", "\n\n", 1) if facts else plain


def without_end(plain: str) -> str:
    """Return the text of a content without the link and the hashtags that it ends in, which are for timelines."""
    *before, more, tags = ["", "", *plain.split("\n\n")]
    ours = more in {MORE_OF_OFFER, MORE_OF_EVENT} and all(word.startswith("#") for word in tags.split())
    return "\n\n".join(before[2:]) if ours else plain


def place(settings: Settings, spot: Place | None) -> Place | None:
    """Return a place under an id that holds its content: Mobilizon never refreshes an address that it knows.

    It has a name in any case, without which Gancio refuses the event and Friendica shows no place. Gancio finds places
    again by their names alone, so a street goes by its town too, and a town is not named like a street in it.
    """
    if spot is None:
        return None
    named = spot.name or ", ".join(part for part in (spot.street, spot.locality) if part) or spot.postcode
    spot = replace(spot, name=named)
    digest = hashlib.sha256(values.dump(replace(spot, id="")).encode()).hexdigest()[:20]
    return replace(spot, id=f"{settings.url}/ap/place/{digest}")


def images(settings: Settings, name: str, alt: str) -> tuple[Image, ...]:
    """Return the one picture of ours that a thing shows, or none."""
    return (Image(url=f"{settings.url}/media/{name}", media_type=_MEDIA_TYPE, alt=alt),) if name else ()
