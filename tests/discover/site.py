"""The pages as a real application over a real database and a real search index, filled with samples."""

from collections.abc import Callable, Iterable
from datetime import datetime, timedelta
from pathlib import Path

import tantivy
from starlette.applications import Starlette
from starlette.middleware import Middleware
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from fediverse_ehrenamt.discover import pages, sharing, sheet
from fediverse_ehrenamt.discover.pages import Lookups
from fediverse_ehrenamt.discover.view import Listed, OrganisationPage, Publisher, Source
from fediverse_ehrenamt.doubts import pages as doubts
from fediverse_ehrenamt.keeping import pages as keeping
from fediverse_ehrenamt.kit.errors import NotFound
from fediverse_ehrenamt.kit.http import Client
from fediverse_ehrenamt.preferences.rules import Preferences
from fediverse_ehrenamt.search import schema, store
from fediverse_ehrenamt.search.engine import Index
from fediverse_ehrenamt.search.folder import Folder
from fediverse_ehrenamt.search.model import KINDS, Cursor, Document
from fediverse_ehrenamt.settings import Settings
from fediverse_ehrenamt.storage.engine import open_engines
from fediverse_ehrenamt.texts import pages as texts
from fediverse_ehrenamt.views.rules import Tally
from fediverse_ehrenamt.vocab.types import Event, Note, Opportunity
from fediverse_ehrenamt.web import errors
from fediverse_ehrenamt.web.headers import SecurityHeaders
from fediverse_ehrenamt.web.rendering import Look
from fediverse_ehrenamt.work import Work, Workshop
from tests import databases
from tests.discover import samples

SECRET = "a secret of this test, long enough to be one"
_HEAP = 15_000_000  # the engine's least


def open_workshop(folder: Path, now: Callable[[], datetime] = lambda: samples.NOW) -> Workshop:
    """Return a Workshop on a new SQLite file whose clock stands still. Needs a running loop."""
    given = {"EHRENAMT_URL": samples.HOME, "EHRENAMT_DATA": str(folder), "EHRENAMT_SECRET": SECRET}
    settings = Settings.load(given)
    databases.migrated(folder / "ehrenamt.sqlite")
    return Workshop(open_engines(settings.database_url), Client(user_agent="tests"), settings, now=now)


def fill(workshop: Workshop, folder: Path, documents: Iterable[Document]) -> Index:
    """Write Documents into the table and into an index; return the index."""
    listed = tuple(documents)
    workshop.write_now(store.put, listed)
    place = Folder(folder / "index")
    generation = place.create()
    index = tantivy.Index.open(str(generation))
    writer = index.writer(_HEAP, 1)
    for document in listed:
        writer.add_document(schema.entry(document, samples.NOW))
    writer.add_document(schema.cursor_entry(Cursor(0, len(listed)), filling=False))
    writer.commit()
    writer.wait_merging_threads()
    place.make_current(generation)
    return Index(place.path)


def thing(_work: Work, uri: str) -> Opportunity | Event | Note:
    if uri not in samples.THINGS:
        raise NotFound("Das gibt es hier nicht.")
    return samples.THINGS[uri]


def publisher(_work: Work, uri: str) -> Publisher | None:
    return samples.PUBLISHERS.get(uri)


def sources(_work: Work) -> tuple[Source, ...]:
    return samples.SOURCES


def organisation(_work: Work, handle: str, _offers: int, _dates: int) -> OrganisationPage:
    if handle != "garten":
        raise NotFound("Eine Organisation mit diesem Namen gibt es hier nicht.")
    return OrganisationPage(
        actor="https://flensburg.example/ap/actor/garten",
        name="Gartenfreunde Förde",
        handle="garten",
        domain="flensburg.example",
        summary="<p>Wir gärtnern <b>zusammen</b>.</p><script>alert(1)</script>",
        details=(("Rechtsform", ("Verein",)),),
        url="https://garten.example/",
        place="Flensburg",
        local=True,
        followers=17,
        offers=Listed((samples.GARDEN_CARD,), 1),
        dates=Listed((samples.CAFE_CARD,), 1),
        over=3,
        answer_days=2.5,
        since=samples.NOW - timedelta(days=300),
        fresh_at=samples.NOW - timedelta(days=9),
    )


def published(work: Work, handle: str, kind: str, most: int) -> tuple[OrganisationPage, tuple[Document, ...]]:
    page = organisation(work, handle, 1, 1)
    documents = (*page.dates.documents, *page.offers.documents)
    return page, tuple(one for one in documents if one.kind == (kind or one.kind))[:most]


def answer_days(_work: Work, _uri: str) -> int | None:
    return 2


def broken(_request: Request) -> Response:
    raise ZeroDivisionError("the secret reason")


def application(
    workshop: Workshop, index: Index, *, extra: Iterable[tuple[str, Callable[..., object]]] = ()
) -> Starlette:
    app = Starlette(
        routes=[
            *(Route(path, endpoint) for path, endpoint in extra),
            *keeping.ROUTES,
            *doubts.ROUTES,
            *sheet.ROUTES,
            *sharing.ROUTES,
            *texts.ROUTES,
            *pages.ROUTES,
        ],
        middleware=[Middleware(SecurityHeaders)],
        exception_handlers=errors.HANDLERS,
    )
    app.state.workshop = workshop
    app.state.index = index
    app.state.instance_name = "Ehrenamt Flensburg"
    app.state.look, app.state.preferences = Look(), Preferences()
    app.state.views = Tally()
    app.state.lookups = Lookups(dict.fromkeys(KINDS, thing), publisher, sources, organisation, published, answer_days)
    return app
