"""Where a form comes from: whatever a browser says of it, with a session or without, it is taken, asked for or refused.

Old browsers say less: Firefox before 70 sent no Origin with a form, before 90 no Sec-Fetch-Site, Safari none before
16.4; pages whose address is secret make the Origin "null", and some proxies take the Referer away.
"""

import itertools
import re
from collections.abc import AsyncIterator, Mapping
from dataclasses import replace
from urllib.parse import quote

import httpx
import pytest

from fediverse_ehrenamt.alerts import rules as alerts
from fediverse_ehrenamt.alerts.model import AlertRow
from fediverse_ehrenamt.instance import Instance
from tests.accounts.house import House, Visit
from tests.workbench import HOME, Clock

pytestmark = pytest.mark.anyio
OURS, FOREIGN = HOME, "https://evil.example"
SITES = {"": None, "same-origin": True, "none": True, "same-site": False, "cross-site": False, "nonsense": False}
ORIGINS = {"": None, "null": None, OURS: True, FOREIGN: False, f"{OURS}.evil.example": False, "https:": False}
REFERERS = {"": None, f"{OURS}/suche-merken?q=x": True, f"{FOREIGN}/?{OURS}": False, "http://[": False}
SAVE = "/suche-merken?q=vorlesen"
TYPED = {"mail": "anna@beispiel.de", "rhythmus": alerts.DAILY}
_HIDDEN = re.compile(r'<input type="hidden" name="([^"]+)" value="([^"]*)">')


@pytest.fixture
def hagen(town: Instance, clock: Clock) -> House:
    return House(town, clock)


@pytest.fixture
async def silent(hagen: House) -> AsyncIterator[Visit]:
    """A browser that says nothing of where a form comes from."""
    async with hagen.visit() as browser:
        del browser.client.headers["origin"]
        yield browser


def said(*values: str) -> dict[str, str]:
    names = ("sec-fetch-site", "origin", "referer")
    return {name: value for name, value in zip(names, values, strict=True) if value}


def verdict(site: str, origin: str, referer: str) -> bool | None:
    """The first that is said decides."""
    known = (SITES[site], ORIGINS[origin], REFERERS[referer])
    return next((one for one in known if one is not None), None)


COMBINATIONS = list(itertools.product(SITES, ORIGINS, REFERERS))


async def test_without_a_session_what_the_browser_says_decides_else_it_is_asked(silent: Visit) -> None:
    assert len(COMBINATIONS) == 144
    for values in COMBINATIONS:
        answer = await silent.post("/anmelden", headers=said(*values), mail="")
        wanted = verdict(*values)
        assert (answer.status_code == 422) == (wanted is True), values
        assert (answer.status_code == 403) == (wanted is not True), values
        assert ('name="bestaetigt"' in answer.text) == (wanted is None), values


async def test_with_a_session_its_seal_is_needed_and_is_enough_where_nothing_is_said(hagen: House) -> None:
    async with hagen.visit(hagen.add().id) as browser:
        del browser.client.headers["origin"]
        seal = browser.seal
        for values in COMBINATIONS:
            browser.seal = seal
            sealed = await browser.post("/konto", headers=said(*values), name="", sprache="de")
            browser.seal = ""
            unsealed = await browser.post("/konto", headers=said(*values), name="", sprache="de")
            assert (sealed.status_code == 403) == (verdict(*values) is False), values
            assert unsealed.status_code == 403, values
            assert 'name="bestaetigt"' not in sealed.text + unsealed.text


async def send(browser: Visit, path: str, fields: Mapping[str, str]) -> httpx.Response:
    return await browser.client.post(path, data=fields)


def rows(hagen: House) -> int:
    return hagen.rows([AlertRow])["AlertRow"]


def fields(page: str) -> Mapping[str, str]:
    return dict(_HIDDEN.findall(page))


async def test_whoever_confirms_loses_no_word(hagen: House, silent: Visit) -> None:
    asked = await send(silent, SAVE, TYPED)
    assert (asked.status_code, rows(hagen)) == (403, 0)
    assert f'action="{SAVE}"' in asked.text
    assert asked.headers["cache-control"] == "no-store"
    assert "HttpOnly" in asked.headers["set-cookie"]
    assert "SameSite=strict" in asked.headers["set-cookie"]
    held = fields(asked.text)
    assert TYPED.items() <= held.items()
    done = await send(silent, SAVE, held)
    assert (done.status_code, rows(hagen)) == (200, 1)


async def test_a_mark_is_of_one_browser_one_connection_one_form_and_one_hour(
    hagen: House, silent: Visit, clock: Clock
) -> None:
    held = fields((await send(silent, SAVE, TYPED)).text)
    cookie = silent.client.cookies["bestaetigung"]
    for at, kept in (("127.0.0.1", ""), ("127.0.0.1", "a" * 32), ("85.1.2.3", cookie)):
        async with hagen.visit(at=at) as other:
            del other.client.headers["origin"]
            if kept:
                other.client.cookies.set("bestaetigung", kept, domain="hagen.example")
            assert (await send(other, SAVE, held)).status_code == 403
    wanted = f"/folgen?wem={quote('@buecherei@hagen.example')}"
    assert (await silent.post(wanted, konto="anna", bestaetigt=held["bestaetigt"])).status_code == 403
    silent.client.cookies.clear()
    silent.client.cookies.set("bestaetigung", cookie, domain="hagen.example")
    clock.forward(hours=1, seconds=1)
    assert (await send(silent, SAVE, held)).status_code == 403
    assert rows(hagen) == 0


async def test_a_password_is_typed_again_and_stands_in_no_page(silent: Visit) -> None:
    page = (await silent.post("/anmelden/passwort", mail="anna@beispiel.de", passwort="ganz geheim")).text
    assert "ganz geheim" not in page
    assert 'type="password"' in page
    assert 'value="anna@beispiel.de"' in page


async def test_programs_are_told(silent: Visit, hagen: House) -> None:
    answer = await silent.client.post(SAVE, headers={"accept": "*/*"}, data=TYPED)
    assert (answer.status_code, answer.headers["content-type"]) == (403, "application/problem+json")
    settings = hagen.instance.workshop.settings
    hagen.instance.workshop.settings = replace(settings, secret="")
    assert (await send(silent, SAVE, TYPED)).status_code == 403, "without a secret nothing can be marked"


async def test_the_secret_in_the_address_of_a_letters_page_is_enough(silent: Visit) -> None:
    """So a mail program may unsubscribe by one request (RFC 8058), which says nothing of where it comes from."""
    assert (await silent.post("/suche-beenden/1/x")).status_code == 200
    for origin, refused in (("", False), ("null", False), (OURS, False), (FOREIGN, True)):
        answer = await silent.post("/einladung/x", headers=said("", origin, ""))
        assert (answer.status_code == 403) == refused


async def test_an_address_under_which_we_are_tried_out_is_ours_too(hagen: House, silent: Visit) -> None:
    local = {"host": "192.168.2.7:8080", "origin": "http://192.168.2.7:8080"}
    assert (await silent.post("/anmelden", headers=local, mail="")).status_code == 422
    settings = hagen.instance.workshop.settings
    hagen.instance.workshop.settings = replace(settings, url="https://hagen.example")
    encrypted = {"host": "hagen.example", "origin": "https://hagen.example"}
    assert (await silent.post("/anmelden", headers=encrypted, mail="")).status_code == 422
    assert (await silent.post("/anmelden", headers={**encrypted, "origin": HOME}, mail="")).status_code == 403
