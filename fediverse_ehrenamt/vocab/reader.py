"""Reads single properties of untyped JSON: what is typed wrong, too long or no web address reads as missing.

Nothing here raises. A list where one value is wanted gives its first usable one, a single value where a list is wanted
gives a list of one: JSON-LD knows no difference.
"""

import html
import re
from collections.abc import Iterator, Mapping
from datetime import date, datetime
from functools import lru_cache
from math import isfinite
from zoneinfo import ZoneInfo

from fediverse_ehrenamt.kit import clock
from fediverse_ehrenamt.vocab.types import PUBLIC

Node = Mapping[str, object]

AS2 = "https://www.w3.org/ns/activitystreams#"
MAX_ITEMS = 100
MAX_ADDRESSEES = 1_000
MAX_LANGUAGES = 20
MAX_URI = 2_048
MAX_LINE = 1_000
MAX_TEXT = 10_000
MAX_HTML = 100_000
MAX_NUMBER = 1_000_000
_REGION, _SCRIPT = 2, 4  # letters of these parts of a language tag (RFC 5646 §2.1.1)

# A scheme, an authority without user and password, and whatever follows without white space and quotes.
_URI = re.compile(r"https?://[^\s/?#@\\<>\"'\x00-\x20\x7f]+(?:[/?#][^\s<>\"\\\x00-\x20\x7f]*)?")
_MAIL = re.compile(r"""mailto:([^\s@?&,;<>"'%]{1,64}@[^\s@?&,;<>"'%/]{1,253})(?:\?.*)?""", re.IGNORECASE)
_LANGUAGE = re.compile(r"[A-Za-z]{2,8}(?:-[A-Za-z0-9]{1,8}){0,6}")
_ZONE = re.compile(r"[A-Za-z0-9_+-]+(?:/[A-Za-z0-9_+-]+){0,2}")
_CONTROLS = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f]")
_HIDDEN = re.compile(r"<(script|style)\b.*?(?:</\1\s*>|\Z)", re.IGNORECASE | re.DOTALL)
_BLOCK = re.compile(r"</?(?:p|br|div|h[1-6]|li|ul|ol|tr|td|th|blockquote)\b[^<>]*>", re.IGNORECASE)
_TAG = re.compile(r"</?[A-Za-z!][^<>]*>")
_PUBLIC_FORMS = frozenset({PUBLIC, "as:Public", "Public"})


def values(node: Node, key: str, limit: int = MAX_ITEMS) -> list[object]:
    """Return what stands under `key` as a list without nulls, at most `limit` long."""
    value = node.get(key)
    if value is None:
        return []
    if isinstance(value, list):
        return [item for item in value[:limit] if item is not None]
    return [value]


def single(node: Node, key: str) -> object:
    """Return what stands under `key`, of a list the first that is no null."""
    value = node.get(key)
    if isinstance(value, list):
        return next((item for item in value[:MAX_ITEMS] if item is not None), None)
    return value


def nodes(node: Node, key: str) -> Iterator[Node]:
    """Yield the objects among what stands under `key`."""
    return (value for value in values(node, key) if isinstance(value, dict))


def first_node(node: Node, key: str) -> Node | None:
    return next(nodes(node, key), None)


def name_of_type(value: object) -> str:
    """Return a type's short name: "Note" of "Note", "as:Note" and its full IRI; "" where it is no text."""
    if not isinstance(value, str) or len(value) > MAX_LINE:
        return ""
    return value.removeprefix("as:").removeprefix(AS2)


def types(node: Node) -> list[str]:
    """Return the short names of an object's types in the order given."""
    value = node.get("type")
    if isinstance(value, str):
        return [name_of_type(value)]
    return [name for name in map(name_of_type, values(node, "type")) if name]


# --- addresses --------------------------------------------------------------------------------------------------------
@lru_cache(maxsize=1_024)
def _is_uri(text: str) -> bool:
    """Remember the verdict: the same actors, followers and addresses come again and again."""
    return _URI.fullmatch(text) is not None


def uri_of(value: object) -> str:
    """Return `value` where it is an http(s) URI of bounded length, else ""."""
    return value if isinstance(value, str) and len(value) <= MAX_URI and _is_uri(value) else ""


def uri(node: Node, key: str) -> str:
    return uri_of(single(node, key))


def mail_link(node: Node, key: str) -> str:
    """Return a `mailto:` URI without what it would have written into the letter, "" for anything else."""
    found = _MAIL.fullmatch(word(node, key, MAX_URI))
    return f"mailto:{found[1]}" if found else ""


def reference_of(value: object) -> str:
    """Return the URI that a string, an object with an id or a Link stands for, else ""."""
    if isinstance(value, dict):
        value = value.get("id") or value.get("href")
    return PUBLIC if isinstance(value, str) and value in _PUBLIC_FORMS else uri_of(value)


def reference(node: Node, key: str) -> str:
    """Return the first URI under `key`, which may be a string, an object or a list of them."""
    value = node.get(key)
    if not isinstance(value, list):
        return reference_of(value)
    return next(filter(None, map(reference_of, value[:MAX_ITEMS])), "")


def references(node: Node, key: str) -> tuple[str, ...]:
    """Return all URIs under `key`, each once; the short forms of Public in full."""
    value = node.get(key)
    if isinstance(value, list) and len(value) != 1:
        return tuple(dict.fromkeys(filter(None, map(reference_of, value[:MAX_ADDRESSEES]))))
    found = reference_of(value[0] if isinstance(value, list) else value)
    return (found,) if found else ()


def addresses_nobody(to: object, cc: object) -> bool:
    """Say whether nothing stands under `to` and `cc`, neither of which was read yet."""
    return not to and not cc


def _link(value: object) -> tuple[str, str]:
    """Return address and media type of a string, a Link or an object with a URL."""
    if not isinstance(value, dict):
        return uri_of(value), ""
    kind = value.get("mediaType")
    href = value.get("href")
    return uri_of(value.get("url") if href is None else href), kind if isinstance(kind, str) else ""


def web_address(node: Node, key: str) -> str:
    """Return the page for people under `key`: the link to text/html, else the first."""
    value = node.get(key)
    if isinstance(value, str):
        return uri_of(value)
    links = [link for link in map(_link, values(node, key)) if link[0]]
    return next((href for href, kind in links if kind == "text/html"), links[0][0] if links else "")


# --- texts ------------------------------------------------------------------------------------------------------------
def _without_controls(text: str) -> str:
    return text if text.isprintable() else _CONTROLS.sub("", text)


def plain(value: object, limit: int = MAX_LINE) -> str:
    """Return one line of plain text: tags stripped, entities decoded, controls removed, white space collapsed."""
    if not isinstance(value, str):
        return ""
    value = value[: 4 * limit]
    if "<" in value:
        value = _TAG.sub("", _BLOCK.sub(" ", _HIDDEN.sub(" ", value)))
    if "&" in value:
        value = html.unescape(value)
    return " ".join(_without_controls(value).split())[:limit].rstrip()


def line(node: Node, key: str, limit: int = MAX_LINE) -> str:
    """Return one line of plain text that may have come as HTML."""
    return plain(single(node, key), limit)


def word_of(value: object, limit: int = MAX_LINE) -> str:
    """Return a short text as it came, without controls and white space around it."""
    return _without_controls(value).strip()[:limit].rstrip() if isinstance(value, str) else ""


def word(node: Node, key: str, limit: int = MAX_LINE) -> str:
    return word_of(single(node, key), limit)


def markup_of(value: object) -> str:
    """Return HTML as it came, bounded; cutting is harmless, since it is made safe before it is shown."""
    return value[:MAX_HTML] if isinstance(value, str) else ""


def paragraphs(text: str) -> str:
    """Return plain text as HTML, a paragraph for each block between blank lines."""
    blocks = re.split(r"\n\s*\n", text.strip())
    return "".join(f"<p>{html.escape(block, quote=False)}</p>".replace("\n", "<br>") for block in blocks if block)


# --- numbers and truth ------------------------------------------------------------------------------------------------
def number_of(value: object) -> float | None:
    """Return a finite number between 0 and a million."""
    if isinstance(value, bool) or not isinstance(value, int | float):
        return None
    return float(value) if 0 <= value <= MAX_NUMBER else None


def integer_of(value: object) -> int | None:
    """Return a whole number between 0 and a million; 3.0 is one, "3" is none."""
    number = number_of(value)
    return int(number) if number is not None and number.is_integer() else None


def integer(node: Node, key: str) -> int | None:
    return integer_of(single(node, key))


def flag_of(value: object) -> bool | None:
    return value if isinstance(value, bool) else None


def flag(node: Node, key: str) -> bool | None:
    return flag_of(single(node, key))


def degrees(value: object, limit: float) -> float | None:
    """Return a coordinate from a number or a numeric text, None beyond ±`limit`."""
    if isinstance(value, bool) or not isinstance(value, int | float | str) or len(str(value)) > MAX_ITEMS:
        return None
    try:
        number = float(value)
    except (ValueError, OverflowError):
        return None
    return number if isfinite(number) and abs(number) <= limit else None


# --- languages --------------------------------------------------------------------------------------------------------
@lru_cache(maxsize=512)
def _tag(value: str) -> str:
    value = value.replace("_", "-")  # as a locale is written
    if not _LANGUAGE.fullmatch(value):
        return ""
    first, *rest = value.lower().split("-")
    cased = [part.upper() if len(part) == _REGION else part.title() if len(part) == _SCRIPT else part for part in rest]
    return "" if first == "und" else "-".join([first, *cased])


def language_of(value: object) -> str:
    """Return a BCP 47 tag in its usual casing, "" for "und" and for what is none."""
    return _tag(value) if isinstance(value, str) else ""


def by_language(node: Node, key: str) -> dict[str, str]:
    """Return the texts of a language map by BCP 47 tag, as they came."""
    value = node.get(key)
    if not isinstance(value, dict):
        return {}
    pairs = ((language_of(tag), markup_of(text)) for tag, text in list(value.items())[:MAX_LANGUAGES])
    return {tag: text for tag, text in pairs if tag and text}


# --- times ------------------------------------------------------------------------------------------------------------
@lru_cache(maxsize=256)
def zone(name: str) -> ZoneInfo | None:
    """Return an IANA time zone, None where there is none of that name."""
    if len(name) > MAX_ITEMS or not _ZONE.fullmatch(name):
        return None
    try:
        return ZoneInfo(name)
    except (KeyError, ValueError, OSError):  # unknown; no plain name; the name of a folder
        return None


def moment_of(value: object) -> datetime | None:
    return clock.parse(value)


def moment(node: Node, key: str) -> datetime | None:
    return clock.parse(single(node, key))


def date_of(value: object) -> date | None:
    """Return a calendar day from "2026-12-12" or from the first part of a time."""
    found = clock.parse(value[:10]) if isinstance(value, str) else None
    return found.date() if found else None
