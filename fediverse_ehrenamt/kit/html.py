"""HTML of strangers: made safe to show, or read as plain text. Nothing remote reaches a page but through here.

`safe` is a parser with a list of what may stay (ammonia); `text` is quick and its result is plain text, so it must be
escaped like any other text when shown. All work is linear in the length, which is bounded.
"""

import html as entities
import re
from collections.abc import Iterator
from functools import lru_cache

import nh3

from fediverse_ehrenamt.kit import ids

MAX_HTML = 100_000
"""Characters of HTML that are looked at; what comes after them is dropped."""

_LINK_REL = "nofollow noopener noreferrer ugc"
_HEADINGS = {"h1": "h3", "h2": "h3", "h3": "h4", "h4": "h5", "h5": "h6", "h6": "h6"}  # h1 and h2 belong to our page
_MAX_TAGS = 5_000  # building a tree of elements that are never closed takes quadratic time

_CLEANER = nh3.Cleaner(
    tags={
        "p", "br", "strong", "em", "b", "i", "u", "s", "del", "a", "ul", "ol", "li", "blockquote", "code", "pre",
        "span", *_HEADINGS,
    },
    clean_content_tags={"script", "style", "template", "noscript", "iframe", "object", "svg", "math", "title"},
    attributes={"a": {"href", "hreflang"}, "span": {"lang"}, "p": {"lang"}},
    link_rel=_LINK_REL,
    url_schemes={"http", "https", "mailto"},
    url_relative="deny",  # a relative link of a peer would point into our own site
)  # fmt: skip

_HEADING = re.compile(r"<(/?)(h[1-6])>")
_UNSEEN = ("script", "style", "template", "noscript")
_OPENS_UNSEEN = re.compile(r"<(script|style|template|noscript|!--)", re.IGNORECASE)
# A tag's name must follow at once and no "<" may stand inside: so "a < b" is text, and no input costs quadratic time.
_TAG = re.compile(r"<(/?[a-zA-Z!?][a-zA-Z0-9]*)[^<>]*>")
_BLOCKS = (
    "p", "div", "ul", "ol", "h1", "h2", "h3", "h4", "h5", "h6", "blockquote", "pre", "table", "tr", "section",
    "article", "header", "footer", "hr", "dl", "dt", "dd",
)  # fmt: skip
_BREAKS = {
    **{slash + name: "\n\n" for slash in ("", "/") for name in _BLOCKS},
    "li": "\n\n- ",
    "br": "\n",
    **{slash + name: " " for slash in ("", "/") for name in ("td", "th")},
}
_GAP = re.compile(r"\n{3,}")
_LONE_DASH = re.compile(r"^-\n+(?=.)", re.MULTILINE)  # of an item whose text stands in a paragraph of its own
_LOOSE_ITEM = re.compile(r"\n{2,}(?=- )")
# Control characters, and those that turn the direction of the text around them, have no place in a title; a soft hyphen
# tears a word in two for whoever searches for it.
_INVISIBLE = re.compile("[\xad\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\u200b\u202a-\u202e\u2066-\u2069\ufeff]+")
_URL = re.compile(r"https?://[^\s<>\"'„“”»«]{4,2000}")
_AFTER_URL = ".,;:!?)]}"


def safe(html: str) -> str:
    """Return the HTML with only harmless text markup and links left: fit to stand in a page as it is.

    Images, styles, classes and embedded things go; links keep only http, https and mailto targets; headings begin at
    h3. A text without any tag is taken as plain text.
    """
    html = html[:MAX_HTML]
    if "<" not in html:
        return paragraphs(entities.unescape(html))
    if html.count("<") > _MAX_TAGS:
        return paragraphs(text(html))
    return _HEADING.sub(lambda tag: f"<{tag[1]}{_HEADINGS[tag[2]]}>", _CLEANER.clean(_INVISIBLE.sub("", html))).strip()


@lru_cache(maxsize=8)
def text(html: str) -> str:
    """Return what the HTML says as plain text: a blank line between paragraphs, "- " before list items.

    About 40 µs for each KB; remembered for a moment, since a title and a description are often made of one text.
    """
    html = html[:MAX_HTML]
    if "<" in html:
        if _OPENS_UNSEEN.search(html):
            html = "".join(_seen(html))
        parts = _TAG.split(" ".join(html.split()))
        parts[1::2] = [_BREAKS.get(name) or _BREAKS.get(name.lower(), "") for name in parts[1::2]]
        html = "".join(parts)
    plain = entities.unescape(html) if "&" in html else html
    if not plain.replace("\n", " ").isprintable():  # looking is a tenth of what the pattern takes
        plain = _INVISIBLE.sub("", plain)
    plain = "\n".join([" ".join(line.split()) for line in plain.split("\n")])
    if "-\n" in plain:
        plain = _LONE_DASH.sub("- ", plain)
    if "\n\n\n" in plain:
        plain = _GAP.sub("\n\n", plain)
    return (_LOOSE_ITEM.sub("\n", plain) if "\n\n- " in plain else plain).strip()


def first_line(html: str, limit: int) -> str:
    """Return the first line that says something, cut between words to at most `limit` characters."""
    return shorten(text(html).split("\n", 1)[0].removeprefix("- "), limit)


def beginning(html: str, limit: int) -> str:
    """Return how a text begins, its lines as one: in the first of some stands only whom it is for (WordPress)."""
    return shorten(text(html), limit)


def shorten(plain: str, limit: int) -> str:
    """Cut a plain text between words to at most `limit` characters, the ellipsis included; lines become one."""
    line = " ".join(plain[: limit * 4].split())
    if len(line) <= limit:
        return line
    cut = line[:limit]
    words = cut.rpartition(" ")[0]
    return (words if len(words) > limit // 2 else cut[:-1]).rstrip(" ,;:.–-") + "…"


def paragraphs(plain: str) -> str:
    """Return a plain text as safe HTML: paragraphs, line breaks, "- " lists, and bare web addresses as links."""
    blocks = re.split(r"\n[ \t]*\n", plain[:MAX_HTML].replace("\r\n", "\n").strip())
    return "\n".join(part for block in blocks for part in _block(block.strip("\n")))


def visible(plain: str) -> str:
    """Return a plain text without control characters and without those that turn the text around them."""
    return plain if plain.isascii() and plain.isprintable() else _INVISIBLE.sub("", plain)


def web_url(url: str) -> str:
    """Return the URL if a browser may be sent there (http or https with a host), else ""."""
    return url if ids.origin(url) and not re.search(r"[\s<>\"\\\x00-\x1f]", url) else ""


def _block(block: str) -> Iterator[str]:
    """Write one block's runs of list items and of other lines, in their order."""
    items: list[str] = []
    lines: list[str] = []
    for line in block.split("\n"):
        item = line.lstrip().startswith(("- ", "• ", "* "))
        if item and lines:
            yield _paragraph(lines)
            lines = []
        elif items and not item:
            yield _items(items)
            items = []
        (items if item else lines).append(line.lstrip()[2:] if item else line)
    if items:
        yield _items(items)
    if any(lines):
        yield _paragraph(lines)


def _paragraph(lines: list[str]) -> str:
    return "<p>" + "<br>\n".join(_linked(line.strip()) for line in lines) + "</p>"


def _items(items: list[str]) -> str:
    return "<ul>" + "".join(f"<li>{_linked(item.strip())}</li>" for item in items) + "</ul>"


def _linked(line: str) -> str:
    """Escape a line and link the web addresses in it."""
    parts: list[str] = []
    end = 0
    for found in _URL.finditer(line):
        url = found[0].rstrip(_AFTER_URL)
        if not web_url(url):
            continue
        shown = entities.escape(url)
        parts += [entities.escape(line[end : found.start()]), f'<a href="{shown}" rel="{_LINK_REL}">{shown}</a>']
        end = found.start() + len(url)
    return "".join([*parts, entities.escape(line[end:])])


def _seen(html: str) -> Iterator[str]:
    """Yield the parts outside scripts, styles and comments; one that is never closed hides all that follows."""
    lowered = html.lower()
    start = 0
    while found := _OPENS_UNSEEN.search(html, start):
        yield html[start : found.start()]
        name = found[1].lower()
        closing = "-->" if name == "!--" else f"</{name}"
        end = lowered.find(closing, found.end())
        start = len(html) if end < 0 else end + len(closing)
        if name in _UNSEEN and start < len(html):
            start = html.find(">", start) + 1 or len(html)
    yield html[start:]
