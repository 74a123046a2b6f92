"""How a Document lies in the index: its fields, the terms of its words, and the keys it is ordered by.

Whoever changes a field, the terms (`language`) or a key raises VERSION: every index of another version is built anew by
itself.
"""

import hashlib
import math
import zlib
from dataclasses import replace
from datetime import UTC, date, datetime, time, timedelta
from functools import lru_cache
from typing import NamedTuple

import tantivy

from fediverse_ehrenamt.kit.clock import HOME
from fediverse_ehrenamt.language import folding
from fediverse_ehrenamt.search import card, crowds, facets, series, words
from fediverse_ehrenamt.search.circle import ANYWHERE, NOWHERE, PLACED, along, cells
from fediverse_ehrenamt.search.filters import DISTRICT, UNSAID
from fediverse_ehrenamt.search.model import OPPORTUNITY, Cursor, Document, Facts, leaves_at

VERSION = 14
SPLIT = "whitespace"  # the engine's tokenizer: `words` has made the terms already
TEASER = 500  # characters of the text that a hit carries
ORDER = "along"
"""The column that the index is sorted by: near places lie side by side, so a search in a circle reads little else."""
UNDATED = "undated"  # a second kind of opportunities without a date, so that a date filter can count them
LATER = "later"  # a second kind of dates that come after another one of their series
Fields = dict[str, object]
_POLE, _DATE_LINE = 90.0, 180.0
FOREVER = 1 << 40  # seconds; past every date
MASKS = tuple(f"facets_{column}" for column in range(len(facets.LAYOUT)))
"""Columns that hold the slugs of `facets` as bits, to count those of a few Documents."""
_PORTALS_KEPT = 4_096
_CURSOR_KIND = "cursor"
_EXACT = ("kind", "host", "language")
_LAST_SECOND = (1 << 33) - 1  # the year 2242
_TIE_BITS, _SECOND_BITS = 28, 33
_YEAR_SECONDS = 31_556_952.0
_FRESHNESS_FROM = datetime(2020, 1, 1, tzinfo=UTC).timestamp()
_FADING = -math.log(0.85)  # a year without a word from its organisation costs a Document 15 % of its score
_MAX_FACTOR = 500.0
_TIE_NOISE = 2.0**-23  # below what anybody could call a better match; 32-bit scores can still tell it apart


def build() -> tantivy.Schema:
    """Return the schema; texts are found by their terms, `_EXACT` fields by equality, the others by range."""
    builder = tantivy.SchemaBuilder()
    for name in ("title", "organisation", "hashtags"):
        builder.add_text_field(name, tokenizer_name=SPLIT, index_option="freq")
    builder.add_text_field("text", tokenizer_name=SPLIT, index_option="position")
    builder.add_text_field("written", tokenizer_name=SPLIT, index_option="basic")
    builder.add_text_field("name", tokenizer_name="raw", index_option="basic")
    for name in _EXACT:
        builder.add_text_field(name, tokenizer_name="raw", index_option="basic")
    builder.add_text_field("facets", tokenizer_name=SPLIT, index_option="basic")
    builder.add_text_field("district", tokenizer_name="raw", index_option="basic")
    builder.add_unsigned_field("cells", indexed=True)
    builder.add_unsigned_field(ORDER, fast=True)
    builder.add_boolean_field("covered", indexed=True)
    builder.add_integer_field("key", indexed=True, fast=True)
    builder.add_integer_field("series", indexed=True, fast=True)
    for name in ("latitude", "longitude", "freshness"):
        builder.add_float_field(name, fast=True)
    for name in ("starts", "ends", "after", "leaves", "by_freshness", "by_date", "portal", "quarter", *MASKS):
        builder.add_integer_field(name, fast=True)
    builder.add_bytes_field("card", stored=True)
    return builder.build()


FIELDS = build()


def key(uri: str) -> int:
    """Return the number of a Document by which `nearby.Meaning` knows it: 63 bits that only chance gives to two."""
    return int.from_bytes(hashlib.blake2b(uri.encode("utf-8", "replace"), digest_size=8).digest()) >> 1


def exact(word: str) -> str:
    """Return a word as `_EXACT` fields hold it: what cannot be encoded (a lone surrogate) is replaced."""
    return word if word.isascii() else word.encode("utf-8", "replace").decode()


def field(name: str) -> str:
    """Return the field that holds the slugs of a filter: districts, which may be very many, are apart."""
    return "district" if name == DISTRICT else "facets"


@lru_cache(2 * _PORTALS_KEPT)
def code(name: str) -> int:
    """Return a number for a host, or for the slug of a district, by which the Documents of each can be counted."""
    return int.from_bytes(hashlib.blake2b(exact(name).encode(), digest_size=7).digest())


def entry(document: Document, now: datetime) -> tantivy.Document:
    """Return the index's form of a Document; `now` bounds a freshness that claims to be of the future."""
    slugs = facets.slugs(document)
    district, *others = slugs
    times, crowd = _times(document, now)
    kinds = [exact(document.kind)]
    if crowd == crowds.UNDATED:
        kinds.append(UNDATED)
    fields: Fields = {
        **_words(document),
        **times,
        **_place(document, crowds.of(crowd, facets.areas(document))),
        "kind": kinds,
        "host": exact(document.host),
        "language": exact(document.language),
        "key": key(document.uri),
        "facets": " ".join((*others, *facets.bars(document))),
        "district": exact(district),
        "portal": code(document.host),
        "card": _short(document, slugs),
    }
    number = series.code(document, slugs)
    if number is not None:
        fields["series"] = number
        if document.after is not None:
            kinds.append(LATER)
            fields["after"] = math.floor(document.after.timestamp())
    if document.covered:  # what is not needs no term: nearly nothing is
        fields["covered"] = True
    if document.district:
        fields["quarter"] = code(district)
    for name, mask in zip(MASKS, facets.masks(slugs), strict=True):
        if mask:  # an empty one costs nothing
            fields[name] = mask
    return tantivy.Document.from_dict(fields, FIELDS)  # one call: each of fifty would cost as much as a lookup


def _short(document: Document, slugs: tuple[str, ...]) -> bytes:
    """Return the card of a Document with the beginning of its text, and what the whole of it said."""
    if len(document.text) <= TEASER:
        return card.write(document)
    said = facets.with_registration(document.facts, slugs)
    return card.write_beginning(document if said is document.facts else replace(document, facts=said), TEASER)


def read_card(searcher: tantivy.Searcher, address: tantivy.DocAddress) -> Document:
    return card.read(_stored(searcher, address))


def _stored(searcher: tantivy.Searcher, address: tantivy.DocAddress) -> bytes:
    stored = searcher.doc(address).get_first("card")
    if not isinstance(stored, bytes):
        raise ValueError("an entry of the index has no card")  # noqa: TRY004 - a fault of the file, not of a caller
    return stored


def _words(document: Document) -> Fields:
    """Return the terms of each text in its own field, where they count more, and all in `text`, where each is found.

    `written` and `name`, of who offers it, are what suggestions are made of (`suggest.py`), beside the newest cards.
    """
    parts = _parts(document)
    return {
        "title": parts.title,
        "organisation": parts.organisation,
        "hashtags": parts.hashtags,
        "text": parts.whole,
        "written": words.written(parts.written),
        **({"name": parts.name} if parts.name else {}),
    }


class _Parts(NamedTuple):
    """The terms of a Document's texts, the chunks that may be suggested, and its organisation as that may be."""

    title: str
    organisation: str
    hashtags: str
    whole: str
    written: list[str]
    name: str


def _parts(document: Document) -> _Parts:
    title, text = folding.chunks(document.title), folding.chunks(document.text)
    of_title, of_text = words.terms(title, document.language), words.terms(text, document.language)
    of_organisation, name = words.of_organisation(document.organisation)
    of_place, (of_tags, tags) = words.of_place(document.place, document.district), words.of_hashtags(document.hashtags)
    whole = f"{of_title} {of_text} {of_organisation} {of_place} {of_tags}"
    return _Parts(of_title, of_organisation, of_tags, whole, title + tags, name)


def terms(document: Document) -> list[str]:
    """Return the terms by which a Document is found, in their order."""
    return _parts(document).whole.split()


def point(document: Document) -> tuple[float, float] | None:
    """Return where a Document is to be measured from, None where it has no place, or none on this globe."""
    latitude, longitude = document.latitude, document.longitude
    if latitude is None or longitude is None or not (abs(latitude) <= _POLE and abs(longitude) <= _DATE_LINE):
        return None
    return latitude, longitude


class Span(NamedTuple):
    """The seconds from which on and up to which a Document is, and from which on it is gone; no date: None twice.

    An offer is in the days on which help is needed: from a first one on without end, or ever since up to a last one.
    """

    starts: int | None
    ends: int | None
    leaves: int


def span(document: Document) -> Span:
    leaves = leaves_at(document)
    gone = FOREVER if leaves is None else math.ceil(leaves.timestamp())
    if document.starts_at is None:
        return Span(*_period(document.facts), gone)
    ends = math.ceil((document.ends_at or document.starts_at).timestamp())
    return Span(math.floor(document.starts_at.timestamp()), ends, gone)


def _period(facts: Facts | None) -> tuple[int | None, int | None]:
    """Return the first and last second of the days that an offer names, None twice where it names none."""
    if facts is None or not (facts.start_date or facts.end_date):
        return None, None
    starts = 0 if facts.start_date is None else midnight(facts.start_date)
    return starts, FOREVER if facts.end_date is None else midnight(facts.end_date, last=True)


def midnight(day: date, *, last: bool = False) -> int:
    """Return the first second of a day in Germany, or its last one."""
    begins = datetime.combine(day + timedelta(days=last), time(), HOME).astimezone(UTC)
    return int(begins.timestamp()) - last


def _place(document: Document, its_crowds: tuple[int, ...]) -> Fields:
    """Return where it is, for each of its crowds."""
    here = point(document)
    if document.anywhere:  # what goes everywhere is near everybody, so its own place is not measured
        return {"cells": crowds.listed(its_crowds, [ANYWHERE]), ORDER: ANYWHERE}
    if here is None:
        return {"cells": crowds.listed(its_crowds, [NOWHERE]), ORDER: NOWHERE}
    marks = crowds.listed(its_crowds, [PLACED, *cells(*here)])
    return {"cells": marks, ORDER: along(*here), "latitude": here[0], "longitude": here[1]}


def _times(document: Document, now: datetime) -> tuple[Fields, int]:
    """Return when it is, and the mark of the crowd that it is in by that."""
    fresh = min(document.fresh_at or document.published_at or document.starts_at or now, now)
    starts, ends, leaves = span(document)
    tie = zlib.crc32(document.uri.encode("utf-8", "replace"))
    is_open = document.status == ""
    fields: Fields = {
        "leaves": leaves,
        "by_freshness": _order_key(fresh, tie, last=is_open),
        "by_date": _order_key(document.starts_at, tie, last=not is_open),
        "freshness": _freshness(fresh, tie),
    }
    if starts is None or ends is None:
        return fields, crowds.UNDATED if document.kind == OPPORTUNITY else crowds.ALL
    return {**fields, "starts": starts, "ends": ends}, crowds.DATED


def _order_key(moment: datetime | None, tie: int, *, last: bool) -> int:
    """Return a number that sorts by `last`, then by time to the second, then by a hash of the id, so that pages of
    equal Documents never overlap.
    """
    seconds = _LAST_SECOND if moment is None else min(max(int(moment.timestamp()), 0), _LAST_SECOND)
    return last << (_SECOND_BITS + _TIE_BITS) | seconds << _TIE_BITS | tie >> (32 - _TIE_BITS)


def _freshness(fresh: datetime, tie: int) -> float:
    """Return the weight field: the engine multiplies a score by log2(2 + weight), so this is 2**factor - 2.

    The factor grows exponentially with the date, so that the ratio of two Documents never changes with time and
    nothing has to be indexed again only because it grew older.
    """
    years = max(0.0, fresh.timestamp() - _FRESHNESS_FROM) / _YEAR_SECONDS
    factor = min(math.exp(_FADING * years), _MAX_FACTOR) * (1 + (tie >> 19) * _TIE_NOISE)
    return float(2.0**factor - 2.0)


def portals(searcher: tantivy.Searcher) -> dict[int, str]:
    """Return the most frequent hosts by their `code`."""
    return {code(host): host for host, _count in searcher.terms_with_prefix("host", "", limit=_PORTALS_KEPT)}


def districts(searcher: tantivy.Searcher) -> dict[int, str]:
    """Return the slugs of the districts that most Documents are in by their `code`."""
    found = searcher.terms_with_prefix("district", f"{DISTRICT}:", limit=_PORTALS_KEPT)
    return {code(slug): slug for slug, _count in found if slug != f"{DISTRICT}:{UNSAID}"}


def cursor_entry(cursor: Cursor, *, filling: bool) -> tantivy.Document:
    """Return the reserved Document that says how far the index is; no search finds it, for it has no `leaves`."""
    result = tantivy.Document()
    result.add_text("kind", _CURSOR_KIND)
    result.add_bytes("card", f"{cursor.xid} {cursor.seq} {int(filling)}".encode())
    return result


def delete_cursor(writer: tantivy.IndexWriter) -> None:
    writer.delete_documents_by_term("kind", _CURSOR_KIND)


def read_cursor(searcher: tantivy.Searcher, fields: tantivy.Schema) -> tuple[Cursor, bool]:
    """Return how far an index is and whether it is still being filled for the first time; raises ValueError."""
    hits = searcher.search(tantivy.Query.term_query(fields, "kind", _CURSOR_KIND), 1).hits
    if not hits:
        raise ValueError("the index has no cursor")
    xid, seq, filling = _stored(searcher, hits[0][1]).split()
    return Cursor(int(xid), int(seq)), filling != b"0"
