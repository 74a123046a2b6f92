"""The only conversion of posts: wire type → Document."""

from dataclasses import replace

from fediverse_ehrenamt.kit import html
from fediverse_ehrenamt.search.model import POST, Document
from fediverse_ehrenamt.things import wire
from fediverse_ehrenamt.things.wire import TITLE_LENGTH, Author
from fediverse_ehrenamt.vocab.types import Note


def to_document(thing: Note, author: Author, page: str) -> Document:
    """Return how a post is searched and listed.

    Its title is the warning that it stands under, else its first line: whoever reads a list is warned as well.
    """
    document = wire.document(thing, author, page, POST, local=False)
    warning = html.shorten(html.text(thing.summary), TITLE_LENGTH)
    return replace(document, title=warning) if warning and document.text else document
