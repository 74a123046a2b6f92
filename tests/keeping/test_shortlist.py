"""The Merkliste without an account: kept by a cookie, shown in its order, shared by a link, undone by one click."""

import re
from collections.abc import AsyncIterator
from urllib.parse import quote

import httpx
import pytest
from starlette.requests import Request

from fediverse_ehrenamt import app
from fediverse_ehrenamt.instance import Instance
from fediverse_ehrenamt.opportunities import actions as opportunities
from fediverse_ehrenamt.search import store as search
from fediverse_ehrenamt.things.model import ThingRow
from fediverse_ehrenamt.web import shortlist
from fediverse_ehrenamt.work import Work
from tests import workbench
from tests.alerts.test_alerts import offer
from tests.workbench import HOME

pytestmark = pytest.mark.anyio
PATH = "/merkliste"


@pytest.fixture
async def browser(instance: Instance) -> AsyncIterator[httpx.AsyncClient]:
    made = app.build(instance)
    made.state.instance_name = "Ehrenamt Hagen"
    headers = {"accept": "text/html", "sec-fetch-site": "same-origin"}
    async with httpx.AsyncClient(
        transport=httpx.ASGITransport(made), base_url=HOME, headers=headers, follow_redirects=True
    ) as client:
        yield client


def put(instance: Instance, *titles: str) -> list[str]:
    """Put offers of other portals; return the ids of their pages."""
    made = [offer(number, title=title) for number, title in enumerate(titles, 1)]
    instance.workshop.write_now(search.put, made)
    return [one.id for one in made]


def publish(work: Work) -> str:
    """Publish an offer of our own; return the id of its page."""
    outcome = opportunities.publish(work, workbench.add_organisation(work), workbench.offer())
    return work.db.get_one(ThingRow, outcome.uri).id


def kept(browser: httpx.AsyncClient) -> shortlist.Ids:
    return shortlist.parse(browser.cookies.get(shortlist.COOKIE) or "")


async def test_a_page_is_kept_and_found_again(instance: Instance, browser: httpx.AsyncClient) -> None:
    (second,) = put(instance, "Gärtnern")
    first = instance.workshop.write_now(publish)
    page = await browser.get(f"/angebote/{first}")
    assert "zur-merkliste" not in page.text
    assert page.headers["cache-control"] == "no-cache"
    before = await browser.post(
        f"{PATH}?zurueck=/angebote/{first}?sprache=en", data={"merken": first}, follow_redirects=False
    )
    assert before.status_code == 303
    assert before.headers["location"] == f"/angebote/{first}?sprache=en#m-{first}"
    said = before.headers["set-cookie"].lower()
    assert "httponly" in said
    assert "samesite=lax" in said
    assert "max-age=31536000" in said
    for _ in range(2):
        await browser.post(PATH, data={"merken": second})
    assert kept(browser) == (first, second)
    page = await browser.get(f"/angebote/{first}")
    assert page.headers["cache-control"] == "private, no-cache"
    assert '<span class="kept-count">2</span>' in page.text
    assert re.search(rf'name="weg"\s+value="{first}"', page.text)
    page = await browser.get(PATH)
    assert page.text.index("Lesepatin") < page.text.index("Gärtnern")
    assert page.headers["cache-control"] == "private, no-cache"
    assert f"{HOME}{PATH}?a={first}.{second}" in page.text


async def test_what_is_taken_off_comes_back_where_it_was(instance: Instance, browser: httpx.AsyncClient) -> None:
    pages = put(instance, "Vorlesen", "Gärtnern", "Kochen")
    for page in pages:
        await browser.post(PATH, data={"merken": page})
    answer = await browser.post(f"{PATH}?zurueck={PATH}", data={"weg": pages[1]})
    assert "„Gärtnern“ ist von der Merkliste genommen." in answer.text
    assert kept(browser) == (pages[0], pages[2])
    assert f'action="{PATH}?stelle=1"' in answer.text
    assert str(answer.url) == f"{HOME}{PATH}?weg={pages[1]}&stelle=1"
    answer = await browser.post(f"{PATH}?stelle=1", data={"merken": pages[1]})
    assert kept(browser) == tuple(pages)
    assert "genommen" not in answer.text
    answer = await browser.post(f"{PATH}?zurueck=/", data={"weg": pages[0]}, follow_redirects=False)
    assert answer.headers["location"] == f"/#m-{pages[0]}"
    await browser.post(PATH, data={"weg": pages[0]})  # once more changes nothing
    assert kept(browser) == (pages[1], pages[2])


async def test_all_is_taken_off_and_back(instance: Instance, browser: httpx.AsyncClient) -> None:
    pages = put(instance, "Vorlesen", "Gärtnern")
    for page in pages:
        await browser.post(PATH, data={"merken": page})
    answer = await browser.post(PATH, data={"alles": "weg"})
    assert "Die Merkliste ist geleert." in answer.text
    assert "Noch ist nichts gemerkt" in answer.text
    assert shortlist.COOKIE not in browser.cookies
    await browser.post(f"{PATH}/uebernehmen?a={'.'.join(pages)}")
    assert kept(browser) == tuple(pages)


async def test_a_list_is_shared_by_its_link_and_joined(instance: Instance, browser: httpx.AsyncClient) -> None:
    own, both, others = put(instance, "Vorlesen", "Gärtnern", "Kochen")
    for page in (own, both):
        await browser.post(PATH, data={"merken": page})
    answer = await browser.get(f"{PATH}?a={others}.{both}.nichts.<b>")
    assert "Geteilte Merkliste" in answer.text
    assert "Vorlesen" not in answer.text
    assert kept(browser) == (own, both)
    await browser.post(f"{PATH}/uebernehmen?a={others}.{both}")
    assert kept(browser) == (own, both, others)
    assert "Alles davon steht schon" in (await browser.get(f"{PATH}?a={others}")).text
    assert "Jemand hat" not in (await browser.get(f"{PATH}?a={own}.{both}.{others}")).text
    assert "nicht vollständig" in (await browser.get(f"{PATH}?a=nichts")).text


async def test_what_is_gone_is_said_to_be_gone(instance: Instance, browser: httpx.AsyncClient) -> None:
    (remote,) = put(instance, "Vorlesen")

    ours = instance.workshop.write_now(publish)
    for page in (remote, ours):
        await browser.post(PATH, data={"merken": page})
    uris = ["https://a.example/1", f"{HOME}/ap/object/{ours}"]
    instance.workshop.write_now(search.remove, uris)  # as their ends do
    answer = await browser.get(PATH)
    assert answer.text.count("Das gibt es nicht mehr") == 2
    assert "Lesepatin gesucht" in answer.text, "of our own the title is known"
    assert "Ein Eintrag vom" in answer.text
    assert "Vorlesen" not in answer.text
    answer = await browser.post(f"{PATH}?zurueck={PATH}", data={"weg": remote})
    assert "Der Eintrag ist von der Merkliste genommen." in answer.text


async def test_it_is_bounded_and_says_so(instance: Instance, browser: httpx.AsyncClient) -> None:
    pages = put(instance, *(f"Angebot {number}" for number in range(shortlist.MOST + 1)))
    await browser.post(f"{PATH}/uebernehmen?a={'.'.join(pages[:-1])}")
    assert len(kept(browser)) == shortlist.MOST
    answer = await browser.post(PATH, data={"merken": pages[-1]})
    assert "Mehr als 50 Einträge fasst die Merkliste nicht." in answer.text
    told = await browser.post(PATH, data={"merken": pages[-1]}, headers={"accept": "application/json"})
    assert told.json()["said"].startswith("Die Merkliste ist voll.")
    assert not told.json()["kept"]
    answer = await browser.post(f"{PATH}/uebernehmen?a={pages[-1]}")
    assert "Mehr als 50" in answer.text
    assert kept(browser) == tuple(pages[:-1])


async def test_scripts_are_told_in_the_page_s_language(instance: Instance, browser: httpx.AsyncClient) -> None:
    (page,) = put(instance, "Vorlesen")
    asking = {"accept": "application/json", "accept-language": "en"}
    told = (await browser.post(PATH, data={"merken": page}, headers=asking)).json()
    assert (told["kept"], told["name"], told["count"], told["words"]) == (True, "weg", 1, "Saved")
    assert kept(browser) == (page,)
    told = (await browser.post(PATH, data={"weg": page}, headers=asking)).json()
    assert (told["kept"], told["name"], told["count"], told["words"]) == (False, "merken", 0, "Save")


@pytest.mark.parametrize(
    "where", ["//evil.example", "/\\evil.example", "https://evil.example", "/a\r\nX: y", "", f"/{'a' * 5_000}"]
)
async def test_nobody_is_sent_elsewhere(instance: Instance, browser: httpx.AsyncClient, where: str) -> None:
    (page,) = put(instance, "Vorlesen")
    answer = await browser.post(f"{PATH}?zurueck={quote(where)}", data={"merken": page}, follow_redirects=False)
    assert answer.headers["location"] == PATH


async def test_the_way_back_may_have_any_number_of_fields(instance: Instance, browser: httpx.AsyncClient) -> None:
    (page,) = put(instance, "Vorlesen")
    many = quote(f"{PATH}?{'x=1&' * 300}")
    answer = await browser.post(f"{PATH}?zurueck={many}", data={"weg": page}, follow_redirects=False)
    assert answer.is_redirect


async def test_only_what_is_here_and_only_from_here(instance: Instance, browser: httpx.AsyncClient) -> None:
    (page,) = put(instance, "Vorlesen")
    for wrong in ("gibtesnicht", "<script>"):
        assert (await browser.post(PATH, data={"merken": wrong})).status_code == 404
    foreign = {"sec-fetch-site": "cross-site"}
    assert (await browser.post(PATH, data={"merken": page}, headers=foreign)).status_code == 403
    assert (await browser.post(f"{PATH}/uebernehmen?a={page}", headers=foreign)).status_code == 403
    assert kept(browser) == ()


@pytest.mark.parametrize("cookie", ["", "....", "a-b", "x" * 41, "ä.ö", "1" * 9_000])
async def test_a_cookie_of_somebody_else_is_an_empty_list(cookie: str) -> None:
    request = Request({"type": "http", "headers": [(b"cookie", f"merkliste={cookie}".encode())]})
    assert shortlist.read(request) == ()
