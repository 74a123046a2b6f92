"""What the search tests are made of: documents with sensible defaults, and a Workshop on a database."""

from collections.abc import Iterable
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from fediverse_ehrenamt.kit.http import Client
from fediverse_ehrenamt.places.gazetteer import Spot
from fediverse_ehrenamt.search import card
from fediverse_ehrenamt.search.engine import Index
from fediverse_ehrenamt.search.model import Cursor, Document
from fediverse_ehrenamt.search.store import Change
from fediverse_ehrenamt.search.writer import Writer
from fediverse_ehrenamt.settings import Settings
from fediverse_ehrenamt.storage.engine import open_engines
from fediverse_ehrenamt.work import Workshop

NOW = datetime(2026, 12, 1, 12, tzinfo=UTC)
HAGEN = Spot("Hagen", "NW", 51.36081, 7.47168, "58095", 190_000)


def document(number: int = 1, **changes: Any) -> Document:
    values: dict[str, Any] = {
        "uri": f"https://a.example/ap/{number}",
        "id": f"{number:022d}",
        "kind": "opportunity",
        "title": "Lesepatin gesucht",
        "text": "Wir suchen Menschen, die Kindern vorlesen.",
        "url": f"https://a.example/angebote/{number}",
        "host": "a.example",
        "local": True,
        "organisation": "Bücherei am Markt",
        "organisation_uri": "https://a.example/ap/buecherei",
        "language": "de",
        "fresh_at": NOW,
    }
    return Document(**values | changes)


def event(number: int, starts: datetime, ends: datetime | None = None, **changes: Any) -> Document:
    return document(number, kind="event", starts_at=starts, ends_at=ends or starts, **changes)


def open_workshop(database_url: str, data: Path) -> Workshop:
    settings = Settings.load({"EHRENAMT_DATABASE_URL": database_url, "EHRENAMT_DATA": str(data)})
    return Workshop(open_engines(settings.database_url), Client(user_agent="test"), settings, lambda: NOW)


def filled(folder: Path, documents: Iterable[Document]) -> Index:
    """Return an Index that holds these documents, written as the feed writes them."""
    index = Index(folder)
    path = index.folder.create()
    changes = [
        Change(Cursor(0, number), document.uri, card.write(document).decode())
        for number, document in enumerate(documents, 1)
    ]
    writer = Writer(path, len(changes))
    writer.add(changes, NOW)
    writer.commit(filling=False)
    writer.finish()
    index.folder.make_current(path)
    return index


def titles(index: Index, query: Any) -> list[str]:
    return [hit.document.title for hit in index.find(query, NOW).hits]
