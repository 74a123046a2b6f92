"""Markdown as HTML whose headings fit below the one h1 of a page, without the HTML and the pictures within it."""

import re
from collections.abc import Iterator

from markdown_it import MarkdownIt
from markdown_it.token import Token

from fediverse_ehrenamt.kit import html

_TAG = re.compile(r"<\s*([a-zA-Z][a-zA-Z0-9-]*)")
_DEEPEST, _BELOW_TITLE = 6, 2
_MARKDOWN = MarkdownIt("commonmark", {"breaks": True})  # people write addresses in lines


def read(source: str) -> tuple[str, str, tuple[str, ...]]:
    """Return title (a first heading of level 1), HTML, and what was dropped of the HTML and the pictures in it."""
    tokens = _MARKDOWN.parse(source)
    dropped = tuple(dict.fromkeys(_drop(tokens)))
    title = ""
    if tokens and tokens[0].type == "heading_open" and tokens[0].tag == "h1":
        title, tokens = _plain(tokens[1]), tokens[3:]
    _shift(tokens)
    return title, _MARKDOWN.renderer.render(tokens, _MARKDOWN.options, {}), dropped


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
