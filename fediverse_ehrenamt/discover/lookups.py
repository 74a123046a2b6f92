"""What the pages ask of the capabilities: things, who published them, organisations, sources."""

from sqlalchemy import select

from fediverse_ehrenamt.discover.pages import Lookups
from fediverse_ehrenamt.discover.view import OrganisationPage, Publisher, Source
from fediverse_ehrenamt.federation import sources
from fediverse_ehrenamt.federation.model import LocalActorRow, RemoteActorRow
from fediverse_ehrenamt.kit import html, ids, values
from fediverse_ehrenamt.kit.errors import Gone, NotFound
from fediverse_ehrenamt.organisations import actions as organisations
from fediverse_ehrenamt.search import store as documents
from fediverse_ehrenamt.search.model import KINDS, Document
from fediverse_ehrenamt.texts import actions as texts
from fediverse_ehrenamt.things import store as things
from fediverse_ehrenamt.things.model import ThingRow
from fediverse_ehrenamt.vocab import labels
from fediverse_ehrenamt.vocab.types import OrganisationDetails
from fediverse_ehrenamt.work import Work

SHOWN = 60  # things on the page of one organisation


def publisher(work: Work, uri: str) -> Publisher | None:
    """Return who an actor is, ours or somebody else's, as far as it is known."""
    own = work.db.get(LocalActorRow, uri)
    if own is not None:
        domain = work.settings.handle_domain
        return Publisher(own.name, own.handle, domain, page=f"/organisationen/{own.handle}", url=own.url)
    peer = work.db.get(RemoteActorRow, uri)
    return Publisher(peer.name, peer.handle, ids.host(uri), url=peer.url) if peer else None


def followed(work: Work) -> tuple[Source, ...]:
    return tuple(
        Source(source.name, source.url, source.host, whole=source.whole_origin) for source in sources.listing(work)
    )


def organisation(work: Work, handle: str) -> OrganisationPage:
    """Return an organisation of ours with what it offers, newest first; raises `NotFound`."""
    row = work.db.scalar(select(LocalActorRow).where(LocalActorRow.handle == handle.lower()))
    if row is None or row.type != "Organization":
        raise NotFound("Eine Organisation mit diesem Namen gibt es hier nicht.")
    details = values.load(OrganisationDetails, row.details) if row.details else OrganisationDetails()
    return OrganisationPage(
        actor=row.uri,
        name=row.name,
        handle=row.handle,
        domain=work.settings.handle_domain,
        summary=html.paragraphs(row.summary),
        details=_facts(details),
        url="",
        place="",
        documents=_documents(work, row.uri),
        local=True,
        followers=organisations.followers(work, row.uri),
        texts=texts.of_organisation(work, row.handle),
    )


def _facts(details: OrganisationDetails) -> tuple[tuple[str, str], ...]:
    said = {
        "areas": ", ".join(labels.label(labels.AREA, area) for area in details.areas),
        "legal_form": labels.label(labels.LEGAL_FORM, details.legal_form),
        "public_benefit": labels.label(labels.PUBLIC_BENEFIT, details.public_benefit),
        "opening_hours": details.opening_hours,
    }
    return tuple((labels.ORGANISATION[fact], value) for fact, value in said.items() if value)


def _documents(work: Work, actor: str) -> tuple[Document, ...]:
    newest = select(ThingRow.uri).where(ThingRow.actor == actor).order_by(ThingRow.version.desc()).limit(SHOWN)
    found: list[Document] = []
    for uri in work.db.scalars(newest):
        try:
            found.append(documents.get(work, uri))
        except (Gone, NotFound):  # its time is over: it has left the index
            continue
    return tuple(found)


LOOKUPS = Lookups(
    things=dict.fromkeys(KINDS, things.get), publisher=publisher, sources=followed, organisation=organisation
)
