"""Dates of all kinds for tests of the calendar and of what can be subscribed to, and the pages over them."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Any

import httpx

from fediverse_ehrenamt.kit.clock import HOME
from fediverse_ehrenamt.search.model import Document, Facts
from tests.discover import samples, site

BROWSER = {"Accept": "text/html", "Accept-Language": "de"}


def dated(number: int, day: str, hours: float = 2, title: str = "", **changes: Any) -> Document:
    """Return an event that begins at "2026-12-05T14:00" in Germany and lasts so many hours there."""
    first = datetime.fromisoformat(day).replace(tzinfo=HOME)
    last = first + timedelta(hours=hours)  # by the clock on the wall
    values: dict[str, Any] = {
        "uri": f"{samples.HOME}/ap/things/e{number}",
        "id": f"01ev{number:04}",
        "title": title or f"Treffen {number}",
        "starts_at": first.astimezone(UTC),
        "ends_at": last.astimezone(UTC),
    }
    return replace(samples.CAFE_CARD, **values | changes)


def lasting(number: int, first: date | None = None, last: date | None = None) -> Document:
    """Return an offer that names its first or last day, both, or none."""
    return replace(
        samples.GARDEN_CARD,
        uri=f"{samples.HOME}/ap/things/p{number}",
        id=f"01per{number:04}",
        title=f"Helfen {number}",
        status="",
        facts=Facts(start_date=first, end_date=last),
    )


EXHIBITION = dated(1, "2026-12-01T00:00", 24 * 24, "Ausstellung „Ehrenamt“")
CANCELLED = dated(2, "2026-12-05T14:00", 3, "Nikolausfeier", status="abgesagt", fresh_at=samples.NOW)
NIGHT = dated(3, "2026-12-19T22:00", 5, "Nachtwache im Kältebus")
SEMINAR = dated(4, "2026-12-04T10:00", 52, "Wochenendseminar")
SPRING = dated(5, "2027-03-28T01:30", 2, "Sommerzeit-Lauf", district="Flensburg-Weiche")
REMOTE = dated(
    6, "2026-12-18T18:00", 2, "Fremdes & Vertrautes", uri=f"{samples.HAGEN}/ap/e/6", host="ehrenamt.hagen.example",
    local=False, url=f"{samples.HAGEN}/termine/6", text="Zeile eins; Zeile, zwei\\drei\n\nUnd ein Absatz \x07danach.",
)  # fmt: skip
BUSY = tuple(dated(10 + number, f"2026-12-12T{8 + number:02}:00", 1) for number in range(8))
ALL = (EXHIBITION, CANCELLED, NIGHT, SEMINAR, SPRING, REMOTE, *BUSY)


@asynccontextmanager
async def pages(folder: Path, *documents: Document) -> AsyncIterator[httpx.AsyncClient]:
    """Serve the pages over samples and these dates."""
    workshop = site.open_workshop(folder)
    app = site.application(workshop, site.fill(workshop, folder, (*samples.DOCUMENTS, *documents)))
    transport = httpx.ASGITransport(app)
    async with httpx.AsyncClient(transport=transport, base_url=samples.HOME, headers=BROWSER) as client:
        yield client
    await workshop.close()
