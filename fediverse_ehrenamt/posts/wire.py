"""The only conversion of posts: wire type → Document."""

from fediverse_ehrenamt.search.model import POST, Document
from fediverse_ehrenamt.things import wire
from fediverse_ehrenamt.things.wire import Author
from fediverse_ehrenamt.vocab.types import Note


def to_document(thing: Note, author: Author, page: str) -> Document:
    """Return how a post is searched and listed; its title is its first line."""
    return wire.document(thing, author, page, POST, local=False)
