"""Markdown as safe HTML that fits below the one h1 of a page; what an operator still has to fill in is marked.

`[[Anschrift]]` is a gap. `{{portal}}`, `{{adresse}}` and `{{host}}` become the name, the URL and the host of the
instance. HTML and pictures in the Markdown are dropped but for the words in them, which somebody may have pasted: a
text loads nothing, and cannot break the page.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path

import nh3
from markdown_it import MarkdownIt
from markdown_it.token import Token

from fediverse_ehrenamt.kit import html, ids

_DEFAULTS = Path(__file__).parent / "defaults"
_KEPT = 64  # rendered texts
_GAP = re.compile(r"\[\[([^\[\]\n]{1,200})\]\]")
_TAG = re.compile(r"<\s*([a-zA-Z][a-zA-Z0-9-]*)")
_MEANS_SOMETHING = re.compile(r"([\\`*_{}\[\]()#+\-.!<>|~&])")
_DEEPEST, _BELOW_TITLE = 6, 2
_MARKDOWN = MarkdownIt("commonmark", {"breaks": True})  # people write addresses in lines
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
    tokens = _MARKDOWN.parse(_filled(source, portal, url))
    dropped = tuple(dict.fromkeys(_drop(tokens)))
    title = ""
    if tokens and tokens[0].type == "heading_open" and tokens[0].tag == "h1":
        title, tokens = _plain(tokens[1]), tokens[3:]
    _shift(tokens)
    written = _MARKDOWN.renderer.render(tokens, _MARKDOWN.options, {})
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


def _drop(tokens: list[Token]) -> Iterator[str]:
    """Take HTML and pictures out of the tokens, and name what was taken."""
    for token in list(tokens):
        if token.type in {"html_block", "html_inline"}:
            yield from (f"<{name.lower()}>" for name in _TAG.findall(token.content))
            at = tokens.index(token)
            tokens[at : at + 1] = _said(token.content) if token.type == "html_block" else ()
        elif token.type == "image":
            yield f"Bild „{token.content}“"
            tokens[tokens.index(token)] = Token("text", "", 0, content=token.content)
        elif token.children:
            yield from _drop(token.children)


def _said(block: str) -> Iterator[Token]:
    """Yield paragraphs with the words of a block of HTML."""
    for paragraph in filter(None, html.text(block).split("\n\n")):
        lines = [Token("text", "", 0, content=line) for line in paragraph.split("\n")]
        broken = [token for line in lines for token in (line, Token("hardbreak", "br", 0))][:-1]
        yield Token("paragraph_open", "p", 1)
        yield Token("inline", "", 0, children=broken)
        yield Token("paragraph_close", "p", -1)


def _plain(inline: Token) -> str:
    return "".join(token.content or " " for token in inline.children or () if token.nesting == 0)


def _shift(tokens: list[Token]) -> None:
    """Let the highest heading be an h2, and the others follow it."""
    headings = [token for token in tokens if token.type in {"heading_open", "heading_close"}]
    highest = min((int(token.tag[1]) for token in headings), default=_BELOW_TITLE)
    for token in headings:
        token.tag = f"h{min(int(token.tag[1]) - highest + _BELOW_TITLE, _DEEPEST)}"
