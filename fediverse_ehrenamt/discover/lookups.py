"""What the pages ask of the capabilities: things, who published them, organisations, sources."""

from collections.abc import Callable
from dataclasses import replace

from sqlalchemy import ColumnElement, func, select

from fediverse_ehrenamt.discover.pages import Lookups
from fediverse_ehrenamt.discover.view import MEDIA, Contact, Listed, OrganisationPage, Publisher, Source
from fediverse_ehrenamt.federation import sources
from fediverse_ehrenamt.federation.model import LocalActorRow, RemoteActorRow
from fediverse_ehrenamt.kit import html, ids, values
from fediverse_ehrenamt.kit.errors import Forbidden, NotFound
from fediverse_ehrenamt.organisations import actions as organisations
from fediverse_ehrenamt.search import card
from fediverse_ehrenamt.search.model import EVENT, KINDS, Document, DocumentRow
from fediverse_ehrenamt.texts import actions as texts
from fediverse_ehrenamt.things import store as things
from fediverse_ehrenamt.things.model import ShowingRow, ThingRow
from fediverse_ehrenamt.vocab import labels
from fediverse_ehrenamt.vocab.types import OrganisationDetails
from fediverse_ehrenamt.work import Work

SHOWN = 24  # offers, and dates, on a page of one organisation
_RULES = 14  # of opening hours


def publisher(work: Work, uri: str) -> Publisher | None:
    """Return who an actor is, ours or somebody else's, as far as it is known."""
    own = work.db.get(LocalActorRow, uri)
    if own is not None:
        domain, page = work.settings.handle_domain, f"/organisationen/{own.handle}"
        shown = organisations.profile(work, uri)
        return Publisher(own.name, own.handle, domain, page, own.url, shown.phone, shown.on_site)
    peer = work.db.get(RemoteActorRow, uri)
    return Publisher(peer.name, peer.handle, ids.host(uri), url=peer.url) if peer else None


def followed(work: Work) -> tuple[Source, ...]:
    return tuple(
        Source(source.name, source.url, source.host, whole=source.whole_origin) for source in sources.listing(work)
    )


def organisation(work: Work, handle: str, offers: int = 1, dates: int = 1) -> OrganisationPage:
    """Return an organisation of ours with one page of what it offers and of its dates.

    Raises `NotFound`, `Forbidden` where it is suspended.
    """
    row = _organisation(work, handle)
    newest = select(func.max(ThingRow.version)).join(DocumentRow, DocumentRow.uri == ThingRow.uri)
    return replace(
        _page(work, row),
        offers=_listed(work, (*_own(row.uri), ThingRow.kind != EVENT), offers),
        dates=_listed(work, (*_own(row.uri), ThingRow.kind == EVENT), dates, by_start=True),
        over=_count(work, _own(row.uri, gone=True)),
        fresh_at=work.db.scalar(newest.where(*_own(row.uri))),
    )


def published(work: Work, handle: str, kind: str, most: int) -> tuple[OrganisationPage, tuple[Document, ...]]:
    """Return an organisation of ours with up to `most` of its next dates, or of all its newest.

    Raises as `organisation`.
    """
    row = _organisation(work, handle)
    of_kind = (ThingRow.kind == kind,) if kind else ()
    return _page(work, row), _documents(work, (*_own(row.uri), *of_kind), most, 0, by_start=bool(kind))


def _organisation(work: Work, handle: str) -> LocalActorRow:
    row = work.db.scalar(select(LocalActorRow).where(LocalActorRow.handle == handle.lower()))
    if row is None or row.type != "Organization":
        raise NotFound("Eine Organisation mit diesem Namen gibt es hier nicht.")
    if row.suspended_at is not None:  # for a time, so it is no 410, after which others would forget it (as Mastodon)
        raise Forbidden("Diese Organisation ist zurzeit gesperrt. Von ihr ist hier nichts zu sehen.")
    return row


def _page(work: Work, row: LocalActorRow) -> OrganisationPage:
    details = values.load(OrganisationDetails, row.details) if row.details else OrganisationDetails()
    shown = organisations.profile(work, row.uri)
    return OrganisationPage(
        actor=row.uri,
        name=row.name,
        handle=row.handle,
        domain=work.settings.handle_domain,
        summary=html.paragraphs(row.summary),
        details=_facts(details),
        url=row.website,
        place=shown.place,
        local=True,
        followers=organisations.followers(work, row.uri),
        answer_days=details.answer_days_median,
        since=row.created_at,
        texts=texts.of_organisation(work, row.handle),
        picture=f"{MEDIA}{row.icon}" if row.icon else "",
        picture_alt=row.icon_alt,
        contact=Contact(shown.mail, shown.phone, shown.on_site, shown.imprint, shown.privacy),
    )


def _facts(details: OrganisationDetails) -> tuple[tuple[str, tuple[str, ...]], ...]:
    said: dict[str, tuple[str, ...]] = {
        "areas": tuple(labels.label(labels.AREA, area) for area in details.areas),
        "legal_form": (labels.label(labels.LEGAL_FORM, details.legal_form),),
        "public_benefit": (labels.label(labels.PUBLIC_BENEFIT, details.public_benefit),),
        "opening_hours": tuple(part.strip() for part in details.opening_hours.split(";")[:_RULES]),
    }
    return tuple((labels.ORGANISATION[fact], found) for fact, given in said.items() if (found := _some(given)))


def _some(given: tuple[str, ...]) -> tuple[str, ...]:
    return tuple(value for value in given if value)


_Chosen = tuple[ColumnElement[bool], ...]


def _own(actor: str, *, gone: bool = False) -> _Chosen:
    """Choose what an organisation of ours published and did not withdraw: what is here, or else whose time is over."""
    return ThingRow.actor == actor, ThingRow.local.is_(True), DocumentRow.gone.is_(gone)


def _count(work: Work, chosen: _Chosen) -> int:
    joined = select(func.count()).select_from(ThingRow).join(DocumentRow, DocumentRow.uri == ThingRow.uri)
    return work.db.scalar(joined.where(*chosen)) or 0


def _listed(work: Work, chosen: _Chosen, page: int, *, by_start: bool = False) -> Listed:
    total = _count(work, chosen)
    pages = max(-(-total // SHOWN), 1)
    page = min(max(page, 1), pages)
    return Listed(_documents(work, chosen, SHOWN, (page - 1) * SHOWN, by_start=by_start), total, page, pages)


def _documents(work: Work, chosen: _Chosen, most: int, after: int, *, by_start: bool) -> tuple[Document, ...]:
    """Return some of what was chosen, by its beginning or the newest first."""
    cards = select(DocumentRow.card, DocumentRow.beside).select_from(ThingRow)
    joined = cards.join(DocumentRow, DocumentRow.uri == ThingRow.uri)
    shown = joined.outerjoin(ShowingRow, ShowingRow.uri == ThingRow.uri).where(*chosen)
    newest = ThingRow.version.desc(), ThingRow.id.desc()  # ids are sorted by time, too
    ordered = shown.order_by(ShowingRow.starts_at, ThingRow.id) if by_start else shown.order_by(*newest)
    return tuple(card.read(row.card, row.beside) for row in work.db.execute(ordered.limit(most).offset(after)))


def lookups(answer_days: Callable[[Work, str], int | None]) -> Lookups:
    """Return what the pages ask; `answer_days` is a capability's that knows more than they may."""
    return Lookups(
        things=dict.fromkeys(KINDS, things.get),
        publisher=publisher,
        sources=followed,
        organisation=organisation,
        published=published,
        answer_days=answer_days,
    )
