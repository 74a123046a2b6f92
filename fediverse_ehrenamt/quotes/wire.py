"""The only conversions of quotes: a post or a collection → row; row → the stamp, and what whoever asked is answered."""

from datetime import UTC, datetime

from fediverse_ehrenamt.conversations import wire as talking
from fediverse_ehrenamt.federation import addresses, outbox
from fediverse_ehrenamt.quotes import rules
from fediverse_ehrenamt.quotes.model import QuoteRow
from fediverse_ehrenamt.settings import Settings
from fediverse_ehrenamt.vocab.featured import FeaturedCollection
from fediverse_ehrenamt.vocab.quotes import (
    FeatureAuthorization,
    InteractionAuthorization,
    InteractionRequest,
    QuoteAuthorization,
)
from fediverse_ehrenamt.vocab.types import Accept, Delete, Note, Reject, Tombstone

_UNKNOWN = datetime(1970, 1, 1, tzinfo=UTC)  # the version of that of which only the URI is known: any is newer


def new(uri: str, author: str, thing: str, organisation: str, now: datetime) -> QuoteRow:
    """Return the row of a post or a collection of which nothing but its URI is known."""
    return QuoteRow(
        uri=uri,
        object=thing,
        organisation=organisation,
        author=author,
        content="",
        url=uri,
        published_at=now,
        version=_UNKNOWN,
        received_at=now,
        state=rules.UNASKED,
        seen=False,
    )


def write(row: QuoteRow, note: Note, now: datetime) -> None:
    """Write what a post says unless a newer state is held; of one that is not for everybody, nothing."""
    version = talking.version(note, now)
    if version < row.version:
        return
    row.content = rules.kept(note.content) if note.public else ""
    row.url = talking.page(note)
    row.published_at = min(note.published or now, now)
    row.version = version


def write_collection(row: QuoteRow, found: FeaturedCollection, now: datetime) -> None:
    """Write what a collection says of itself."""
    row.content = rules.described(found.name, found.summary)
    row.url = found.url or found.id
    row.version = now


def _stamp_of(row: QuoteRow) -> type[InteractionAuthorization]:
    return FeatureAuthorization if row.object == row.organisation else QuoteAuthorization


def kind_of_stamp(row: QuoteRow) -> str:
    """Return the type of a row's stamp, also of one that is no more."""
    return _stamp_of(row).__name__


def stamp(row: QuoteRow) -> InteractionAuthorization:
    assert row.stamp is not None, "asked for by its URI"
    return _stamp_of(row)(
        id=row.stamp, attributed_to=row.organisation, interacting_object=row.uri, interaction_target=row.object
    )


def _bare(asked: InteractionRequest) -> InteractionRequest:
    """Return a request as it is given back: by its ids alone, what the post says is nobody else's."""
    return type(asked)(id=asked.id, actor=asked.actor, object=asked.object_id, instrument=asked.instrument_id)


def accepted(settings: Settings, row: QuoteRow, asked: InteractionRequest, now: datetime) -> Accept:
    return Accept(
        id=addresses.new_activity(settings),
        actor=row.organisation,
        object=_bare(asked),
        to=(asked.actor,),
        published=now,
        result=row.stamp,
    )


def rejected(settings: Settings, organisation: str, asked: InteractionRequest, now: datetime) -> Reject:
    return Reject(
        id=addresses.new_activity(settings), actor=organisation, object=_bare(asked), to=(asked.actor,), published=now
    )


def revoked(settings: Settings, row: QuoteRow, now: datetime) -> Delete:
    assert row.stamp is not None, "only what was allowed is revoked"
    to, cc = outbox.audience(row.organisation)
    gone = Tombstone(id=row.stamp, former_type=kind_of_stamp(row), deleted=now)
    return Delete(id=addresses.new_activity(settings), actor=row.organisation, object=gone, to=to, cc=cc, published=now)
