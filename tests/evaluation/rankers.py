"""What is judged, and what it is measured by: the real engine, plain BM25, and the order of date."""

from collections.abc import Callable, Sequence
from functools import cache
from pathlib import Path

import numpy as np
import tantivy

from fediverse_ehrenamt.discover import understood
from fediverse_ehrenamt.meaning.encoder import Bytes, Encoder, digest
from fediverse_ehrenamt.meaning.finder import Finder
from fediverse_ehrenamt.meaning.table import Table
from fediverse_ehrenamt.search import query as searches
from fediverse_ehrenamt.search import schema
from fediverse_ehrenamt.search.engine import Index
from fediverse_ehrenamt.search.filters import BY_DATE
from fediverse_ehrenamt.search.model import Cursor, Document
from tests.evaluation.collection import NOW, Listed
from tests.search.making import filled

DEPTH = 40  # places that are looked at: two pages
Ranker = Callable[[str], list[str]]
"""What somebody typed → URIs of Documents, the best first."""


def engine(listed: Sequence[Listed], folder: Path) -> Index:
    """Return the real index of these documents."""
    return filled(folder, (one.document for one in listed))


def meaning(listed: Sequence[Listed], folder: Path) -> Finder:
    """Return what the extra `[semantic]` makes of these documents."""
    table = Table(folder)
    table.open_for_writing()
    documents = tuple({one.document.uri: one.document for one in listed}.values())
    keys = np.asarray([schema.key(document.uri) for document in documents], dtype=np.int64)
    digests = np.asarray([digest(document) for document in documents], dtype=np.uint64)
    table.put(keys, digests, _vectors(documents))
    table.save(Cursor(0, len(documents)))
    return Finder(folder, _encoder())


@cache
def _encoder() -> Encoder:
    return Encoder()


@cache
def _vectors(documents: tuple[Document, ...]) -> Bytes:
    """Read the documents, once for all parts: it takes the longest of all."""
    return _encoder().documents(documents)


def ours(index: Index, sort: str = "") -> Ranker:
    """Return the search as a visitor has it: what was typed is understood first, then searched for."""

    def rank(text: str) -> list[str]:
        typed = [("q", text), ("sortierung", sort)]
        query = searches.read(understood.meant(typed, NOW.date()) or typed)
        pages = [index.find(query.on_page(page), NOW) for page in (1, 2)]
        beside = pages[min(pages[0].pages, 2) - 1].beside
        return [hit.document.uri for hit in (*pages[0].hits, *pages[1].hits, *beside)]

    return rank


def by_date(index: Index) -> Ranker:
    """Return the same hits, what was confirmed last first."""
    return ours(index, BY_DATE)


def bm25(listed: Sequence[Listed], *, stemmer: str = "") -> Ranker:
    """Return BM25 as an engine has it without further work: words as they are, or the stemmer of a language."""
    builder = tantivy.TextAnalyzerBuilder(tantivy.Tokenizer.simple()).filter(tantivy.Filter.lowercase())
    if stemmer:
        builder = builder.filter(tantivy.Filter.stemmer(stemmer))
    fields = tantivy.SchemaBuilder()
    fields.add_text_field("uri", stored=True, tokenizer_name="raw")
    fields.add_text_field("body", tokenizer_name="plain")
    index = tantivy.Index(fields.build())
    index.register_tokenizer("plain", builder.build())
    writer = index.writer(15_000_000, 1)
    for one in listed:
        writer.add_document(tantivy.Document(uri=[one.document.uri], body=[body(one.document)]))
    writer.commit()
    index.reload()
    searcher = index.searcher()

    def rank(text: str) -> list[str]:
        wanted, _ = index.parse_query_lenient(text, ["body"])
        found = searcher.search(wanted, DEPTH).hits
        return [str(searcher.doc(address).get_first("uri")) for _, address in found]

    return rank


def body(document: Document) -> str:
    """Return all words of a document."""
    return "\n".join((document.title, document.text, document.organisation, document.place, *document.hashtags))
