"""Markdown as safe HTML that fits below the one h1 of a page; what an operator still has to fill in is marked.

`[[Anschrift]]` is a gap. `{{portal}}`, `{{adresse}}` and `{{host}}` become the name, the URL and the host of the
instance. HTML and pictures in the Markdown are dropped but for the words in them, which somebody may have pasted: a
text loads nothing, and cannot break the page.
"""

import re
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path

import nh3

from fediverse_ehrenamt.kit import ids

_DEFAULTS = Path(__file__).parent / "defaults"
_KEPT = 64  # rendered texts
_GAP = re.compile(r"\[\[([^\[\]\n]{1,200})\]\]")
_MEANS_SOMETHING = re.compile(r"([\\`*_{}\[\]()#+\-.!<>|~&])")
_CLEANER = nh3.Cleaner(
    tags={
        *("p", "br", "strong", "em", "a", "ul", "ol", "li", "blockquote", "code", "pre", "hr", "mark"),
        *("h2", "h3", "h4", "h5", "h6"),
    },
    attributes={"a": {"href"}, "ol": {"start"}},
    link_rel="noopener noreferrer",
    url_schemes={"http", "https", "mailto", "tel"},
)


@dataclass(frozen=True, slots=True)
class Rendered:
    """A text as a page shows it: plain `title`, safe `html`; its `gaps`, and what was `dropped` of it."""

    title: str
    html: str
    gaps: tuple[str, ...] = ()
    dropped: tuple[str, ...] = ()


@lru_cache(_KEPT)
def rendered(source: str, portal: str, url: str) -> Rendered:
    """Return a text as HTML; the first heading, where it comes first and is of level 1, is its title."""
    from fediverse_ehrenamt.kit import markdown

    title, written, dropped = markdown.read(_filled(source, portal, url))
    gaps = tuple(_GAP.findall(written))
    return Rendered(title, _CLEANER.clean(_GAP.sub(r"<mark>[\1]</mark>", written)).strip(), gaps, dropped)


@lru_cache
def built_in(slug: str, language: str) -> str:
    """Return the Markdown that is shown until an operator writes another, "" where there is none."""
    file = _DEFAULTS / f"{slug}.{language}.md"
    return file.read_text(encoding="utf-8") if file.is_file() else ""


def _filled(source: str, portal: str, url: str) -> str:
    name = _MEANS_SOMETHING.sub(r"\\\1", portal)
    words = {"{{portal}}": name, "{{adresse}}": url, "{{host}}": ids.host(url)}
    for word, value in words.items():
        source = source.replace(word, value)
    return source
