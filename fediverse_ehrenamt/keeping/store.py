"""Finds what a Merkliste names: Documents, and of those that are gone what is still known of them."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import select

from fediverse_ehrenamt.kit import html, ids
from fediverse_ehrenamt.search import store as documents
from fediverse_ehrenamt.search.model import Document
from fediverse_ehrenamt.things import store as things
from fediverse_ehrenamt.things.model import ThingRow
from fediverse_ehrenamt.vocab.types import Event, Opportunity
from fediverse_ehrenamt.work import Work


@dataclass(frozen=True, slots=True)
class Lost:
    """What was on a list and is gone; `title` is "" where nothing is left of it, `came_at` when it came here."""

    page: str
    title: str
    came_at: datetime | None


Item = Document | Lost


def items(work: Work, pages: Sequence[str]) -> tuple[Item, ...]:
    """Return what a list names, in its order."""
    found = documents.of_pages(work, pages)
    titles = _titles(work, [page for page in pages if found.get(page) is None])
    return tuple(found.get(page) or Lost(page, titles.get(page, ""), ids.made_at(page)) for page in pages)


def known(work: Work, pages: Sequence[str]) -> tuple[str, ...]:
    """Return those ids that have, or had, a page here."""
    found = documents.of_pages(work, pages)
    return tuple(page for page in pages if page in found)


def title(work: Work, page: str) -> str:
    """Return the title of a page, "" where nothing is left of it."""
    (item,) = items(work, [page])
    return html.visible(item.title)


def _titles(work: Work, pages: Sequence[str]) -> dict[str, str]:
    """Return the titles of our own that are over but not withdrawn: of those the whole is still there."""
    rows = work.db.execute(select(ThingRow.id, ThingRow.uri).where(ThingRow.id.in_(pages)))
    return {row.id: title_of(work, row.uri) for row in rows}


def title_of(work: Work, uri: str) -> str:
    """Return the title of a thing that is held, "" where it has none."""
    thing = things.get(work, uri)
    if isinstance(thing, Opportunity):
        return html.visible(thing.details.title)
    return html.visible(thing.name) if isinstance(thing, Event) else ""
