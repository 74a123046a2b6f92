"""Telling others of a thing: the notice with its code, the address to copy, the way to one's own server."""

import io
import re
from collections.abc import AsyncIterator
from pathlib import Path

import httpx
import pytest
import segno

from fediverse_ehrenamt.discover import sharing
from fediverse_ehrenamt.instance import Instance
from fediverse_ehrenamt.opportunities import actions as opportunities
from tests.accounts.house import House
from tests.discover import samples, site
from tests.workbench import Clock, add_organisation, offer

pytestmark = pytest.mark.anyio
OFFER, EVENT = f"/angebote/{samples.REMOTE_ID}", f"/termine/{samples.EVENT_ID}"


@pytest.fixture
async def client(tmp_path: Path) -> AsyncIterator[httpx.AsyncClient]:
    workshop = site.open_workshop(tmp_path)
    app = site.application(workshop, site.fill(workshop, tmp_path, samples.DOCUMENTS))
    headers = {"accept": "text/html", "accept-language": "de", "origin": samples.HOME}
    async with httpx.AsyncClient(transport=httpx.ASGITransport(app), base_url=samples.HOME, headers=headers) as made:
        yield made
    await workshop.close()


# --- the notice -------------------------------------------------------------------------------------------------------
async def test_the_notice_says_what_one_has_to_know(client: httpx.AsyncClient) -> None:
    page = (await client.get(f"{OFFER}-lesepatin/aushang")).text
    for said in ("Lesepatin oder Lesepate gesucht", "Goldbergstraße 12", "1–2 Stunden pro Woche", "Mindestalter"):
        assert said in page
    assert "nicht angegeben" not in page
    assert f"127.0.0.1:8000{OFFER}<" in page, "short, to be typed"
    assert len(re.findall(r"<li>\s*<img", page)) == 8
    assert "Herzliche Einladung" in (await client.get(f"{EVENT}/aushang")).text
    assert "Besetzt" in (await client.get(f"/angebote/{samples.LOCAL_ID}/aushang")).text


async def test_the_notice_leaves_out_what_leads_nowhere_on_paper(town: Instance, clock: Clock) -> None:
    hagen = House(town, clock)
    library = hagen.write(add_organisation, "buecherei", "Stadtbücherei Hagen")
    page = hagen.write(opportunities.publish, library, offer(text="Sie lesen Kindern vor.")).page
    async with hagen.visit() as browser:
        assert "Mehr und Kontakt" in (await browser.get(f"/angebote/{page}")).text
        notice = (await browser.get(f"/angebote/{page}/aushang")).text
    assert "Sie lesen Kindern vor.</p>" in notice
    assert "Mehr und Kontakt" not in notice


@pytest.mark.parametrize("path", [OFFER, EVENT])
async def test_the_code_leads_to_the_page(client: httpx.AsyncClient, path: str) -> None:
    answer = await client.get(f"{path}-mit-worten/code.svg")
    assert answer.headers["content-type"] == "image/svg+xml"
    assert answer.headers["cache-control"] == "public, max-age=86400"
    expected = io.BytesIO()
    look = {"light": "#fff", "xmldecl": False, "border": 2, "scale": 4, "svgclass": None}
    segno.make(samples.HOME + path, error="m").save(expected, kind="svg", **look)
    assert answer.content == expected.getvalue()
    assert b"<script" not in answer.content


@pytest.mark.parametrize("rest", ["aushang", "code.svg", "teilen"])
async def test_what_is_not_there_has_no_notice(client: httpx.AsyncClient, rest: str) -> None:
    assert (await client.get(f"/angebote/gibtesnicht/{rest}")).status_code == 404
    assert (await client.get(f"/termine/{samples.REMOTE_ID}/{rest}")).status_code == 404


# --- sharing ----------------------------------------------------------------------------------------------------------
async def test_a_page_has_its_address_to_copy_and_to_mail(client: httpx.AsyncClient) -> None:
    page = (await client.get(OFFER)).text
    address = f"{samples.HOME}{OFFER}-lesepatin-oder-lesepate-gesucht"
    assert f'value="{address}" readonly' in page
    assert 'href="mailto:?subject=Lesepatin%20oder%20Lesepate%20gesucht&amp;body=http%3A//127.0.0.1' in page
    assert f'{OFFER}-lesepatin-oder-lesepate-gesucht/teilen"' in page
    assert re.search(r'hidden\s+data-share="', page), "a button that only scripts can serve is not there without them"


@pytest.mark.parametrize(
    "said", ["mastodon.social", " @anna@Mastodon.Social ", "https://mastodon.social/", "https://mastodon.social/@anna"]
)
async def test_visitors_are_sent_to_their_own_server(client: httpx.AsyncClient, said: str) -> None:
    page = await client.get(f"{OFFER}/teilen")
    assert "form-action 'self' https:" in page.headers["content-security-policy"]
    answer = await client.post(f"{OFFER}/teilen", data={"server": said})
    assert answer.status_code == 303
    where = httpx.URL(answer.headers["location"])
    assert (where.scheme, where.host, where.path) == ("https", "mastodon.social", "/share")
    assert where.params["text"] == (
        f"Lesepatin oder Lesepate gesucht\n{samples.HOME}{OFFER}-lesepatin-oder-lesepate-gesucht"
    )
    assert answer.headers["referrer-policy"] == "no-referrer"


async def test_a_server_whose_name_has_umlauts_is_one(client: httpx.AsyncClient) -> None:
    answer = await client.post(f"{OFFER}/teilen", data={"server": "@anna@Zürich.Social"})
    assert answer.headers["location"].startswith("https://xn--zrich-kva.social/share?")


@pytest.mark.parametrize(
    "said",
    [
        "", "mastodon", "a b.de", "javascript:alert(1)", "evil.de/x?y", "x@y@z.de", "a" * 300 + ".de", "<b>.de",
        "a.de:99999999", "a_.de",
    ],
)  # fmt: skip
async def test_what_is_no_server_is_said_beside_the_field(client: httpx.AsyncClient, said: str) -> None:
    assert sharing.host(said) == ""
    answer = await client.post(f"{OFFER}/teilen", data={"server": said})
    assert answer.status_code == 422
    assert "Das ist kein Server" in answer.text
    assert 'aria-invalid="true"' in answer.text


async def test_a_form_of_another_site_sends_nobody(client: httpx.AsyncClient) -> None:
    sent = {"server": "mastodon.social"}
    answer = await client.post(f"{OFFER}/teilen", data=sent, headers={"sec-fetch-site": "cross-site"})
    assert answer.status_code == 403
