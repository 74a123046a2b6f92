"""How the queues show what they are about: offers, dates, posts and organisations, each with the link that opens it."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from sqlalchemy import select
from starlette.requests import Request

from fediverse_ehrenamt.discover import view
from fediverse_ehrenamt.federation.model import LocalActorRow
from fediverse_ehrenamt.kit import html, ids
from fediverse_ehrenamt.search import store as documents
from fediverse_ehrenamt.search.model import Document
from fediverse_ehrenamt.things import store as things
from fediverse_ehrenamt.work import Work

EXCERPT = 280  # characters
LONGEST_NUMBER = 18  # digits


@dataclass(frozen=True, slots=True)
class Item:
    """Something that a queue is about; `href` is its page here ("" where it is gone), `kind` "" for an organisation.

    `organisation_uri` is the actor's behind it.
    """

    uri: str
    title: str
    href: str
    kind: str = ""
    organisation: str = ""
    organisation_uri: str = ""
    host: str = ""
    local: bool = False
    excerpt: str = ""
    page: str = ""


def items(work: Work, uris: Iterable[str]) -> Mapping[str, Item]:
    """Return what is known here of things and organisations by their URIs; what is not there any more has its URI.

    What has expired is not found any more, but is still known by its title.
    """
    wanted = list(dict.fromkeys(uris))
    found = {document.uri: item(document) for document in documents.among(work, wanted)}
    for row in work.db.scalars(select(LocalActorRow).where(LocalActorRow.uri.in_(wanted))):
        excerpt = html.shorten(html.text(row.summary), EXCERPT)
        name = html.visible(row.name)
        found[row.uri] = Item(
            uri=row.uri,
            title=name,
            href=f"/organisationen/{row.handle}",
            organisation=name,
            organisation_uri=row.uri,
            host=work.settings.host,
            local=True,
            excerpt=excerpt,
        )
    expired = things.titles(work, [uri for uri in wanted if uri not in found])
    return {uri: found.get(uri) or _hidden(work, uri, *expired.get(uri, (uri, ""))) for uri in wanted}


def _hidden(work: Work, uri: str, title: str, kind: str) -> Item:
    host = ids.host(uri)
    return Item(uri, html.visible(title), "", kind, host=host, local=host == work.settings.host)


def item(document: Document) -> Item:
    return Item(
        uri=document.uri,
        title=html.visible(document.title),
        href=view.path(document),
        kind=document.kind,
        organisation=html.visible(document.organisation),
        organisation_uri=document.organisation_uri,
        host=document.host,
        local=document.local,
        excerpt=view.excerpt(document, EXCERPT),
        page=document.id,
    )


def number(request: Request, name: str) -> int:
    """Return a number of the query, or of the path; 0 for what is none."""
    said = str(request.path_params.get(name) or request.query_params.get(name, ""))
    return int(said) if said.isascii() and said.isdecimal() and len(said) <= LONGEST_NUMBER else 0
