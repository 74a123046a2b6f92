"""A page is held for those of whom nothing is known, and only while it would be drawn the same."""

import re
from collections.abc import AsyncIterator
from dataclasses import dataclass, replace
from datetime import datetime
from itertools import count
from pathlib import Path

import httpx
import pytest
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import Response

from fediverse_ehrenamt.discover import drawing
from fediverse_ehrenamt.discover.view import Source
from fediverse_ehrenamt.search.cache import HELD
from fediverse_ehrenamt.web import sessions, shortlist
from fediverse_ehrenamt.web.rendering import Look
from tests.discover import samples, site

pytestmark = pytest.mark.anyio

BROWSER = {"Accept": "text/html", "Accept-Language": "de"}
OFFERS = (samples.READING_CARD, samples.GARDEN_CARD)
PATH = "/gezeichnet"


@dataclass
class Town:
    """An instance whose clock, and what its page at `PATH` shows, the test changes."""

    app: Starlette
    now: datetime = samples.NOW
    shown: object = "eins"
    alone: bool = False

    async def get(self, path: str, **headers: str) -> str:
        transport = httpx.ASGITransport(self.app)
        async with httpx.AsyncClient(transport=transport, base_url=samples.HOME, headers={**BROWSER, **headers}) as one:
            return (await one.get(path)).raise_for_status().text


@pytest.fixture
async def town(tmp_path: Path) -> AsyncIterator[Town]:
    drawn = count(1)
    made = Town(Starlette())

    def values() -> dict[str, object]:
        return {"code": 500, "problems": (), "public": "", "number": f"Zeichnung {next(drawn)}"}

    async def numbered(request: Request) -> Response:
        return drawing.page(request, "web/error.html", made.shown, values, alone=made.alone)

    workshop = site.open_workshop(tmp_path, lambda: made.now)
    made.app = site.application(workshop, site.fill(workshop, tmp_path, OFFERS), extra=[(PATH, numbered)])
    made.app.state.instance_name = f"Portal {tmp_path.name}"  # what is held of other tests is not this one's
    yield made
    await workshop.close()


async def number(town: Town, path: str = PATH, **headers: str) -> int:
    """Return the how manieth drawing somebody gets."""
    found = re.search(r"Zeichnung (\d+)", await town.get(path, **headers))
    assert found, "the page shows its number"
    return int(found[1])


async def test_what_shows_the_same_is_drawn_once(town: Town) -> None:
    assert [await number(town) for _ in range(3)] == [1, 1, 1]
    town.shown = "zwei"
    assert [await number(town) for _ in range(2)] == [2, 2]


async def test_another_address_language_or_look_is_another_page(town: Town) -> None:
    assert await number(town) == 1
    assert await number(town, f"{PATH}?q=x") == 2
    assert await number(town, **{"Accept-Language": "en"}) == 3
    town.app.state.look = Look(tagline="Miteinander")
    assert await number(town) == 4


async def test_it_is_drawn_anew_after_a_minute(town: Town) -> None:
    assert await number(town) == 1
    town.now += HELD
    assert await number(town) == 2


async def test_what_is_for_one_visitor_is_given_to_no_other(town: Town) -> None:
    keeps = f"{shortlist.COOKIE}={samples.REMOTE_ID}"
    assert [await number(town, Cookie=keeps) for _ in range(2)] == [1, 2]
    town.alone = True
    assert [await number(town) for _ in range(2)] == [3, 4]
    town.alone = False
    assert await number(town) == 5


async def test_a_long_address_is_not_held(town: Town) -> None:
    """It stands in the page several times: whoever sends many would fill the memory."""
    assert [await number(town, f"{PATH}?q={'x' * 2_000}") for _ in range(2)] == [1, 2]


async def test_forms_carry_the_seal_of_who_asks_only(town: Town) -> None:
    session = sessions.new_token()
    sealed = await town.get(PATH, Cookie=f"sitzung={session}")
    other = await town.get(PATH)
    assert sessions.SEAL_FIELD in sealed
    assert sessions.SEAL_FIELD not in other, "it is put in after drawing"
    assert await number(town) == 1


async def test_results_show_what_somebody_keeps_to_them_alone(town: Town) -> None:
    search = "/?q=vorlesen"
    plain = await town.get(search)
    own = await town.get(search, Cookie=f"{shortlist.COOKIE}={samples.REMOTE_ID}")
    assert "Lesepatin" in plain
    assert "Gemerkt" in own
    assert await town.get(search) == plain


async def test_results_follow_the_portals_that_are_named(town: Town) -> None:
    search, named = "/?art=angebot", Source("Ehrenamt an der Volme", "", "ehrenamt.hagen.example", whole=True)
    assert "Ehrenamt an der Volme" not in await town.get(search)
    town.app.state.lookups = replace(town.app.state.lookups, sources=lambda _work: (named,))
    assert "Ehrenamt an der Volme (ehrenamt.hagen.example)" in await town.get(search)
