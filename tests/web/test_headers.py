"""What protects every HTML answer, over all routes of the real app; and what is compressed, and what is not."""

import gzip
import re
from collections.abc import AsyncIterator
from dataclasses import replace
from typing import Final

import httpx
import pytest
from starlette.applications import Starlette
from starlette.middleware import Middleware
from starlette.requests import Request
from starlette.responses import PlainTextResponse, StreamingResponse
from starlette.routing import Route

from fediverse_ehrenamt import app, wiring
from fediverse_ehrenamt.instance import Instance
from fediverse_ehrenamt.opportunities import actions as opportunities
from fediverse_ehrenamt.settings import Settings
from fediverse_ehrenamt.web import assets, compression, throttle
from fediverse_ehrenamt.work import Work
from tests import workbench
from tests.workbench import HOME

pytestmark = [pytest.mark.anyio, pytest.mark.unmeasured]
BROWSER: Final = {"Accept": "text/html", "Origin": HOME, "Accept-Encoding": "identity"}
_MOST_ROUTES = 1_000
_NAME = re.compile(r"\{\w+(:\w+)?\}")


@pytest.fixture
async def client(town: Instance) -> AsyncIterator[httpx.AsyncClient]:
    def publish(work: Work) -> None:
        opportunities.publish(work, workbench.add_organisation(work), workbench.offer())

    town.workshop.write_now(publish)
    made = app.build(town)
    made.state.instance_name = "Ehrenamt Hagen"
    transport = httpx.ASGITransport(made, raise_app_exceptions=False)
    async with httpx.AsyncClient(transport=transport, base_url=HOME, headers=BROWSER) as opened:
        yield opened


async def every_page(client: httpx.AsyncClient) -> dict[str, httpx.Response]:
    """Ask every route with each of its methods; return the HTML answers."""
    found: dict[str, httpx.Response] = {}
    for route in wiring.ROUTES[:_MOST_ROUTES]:
        if isinstance(route, Route):
            path = _NAME.sub("buecherei", route.path)  # which there is or is not
            for method in sorted((route.methods or {"GET"}) - {"HEAD"}):
                answer = await client.request(method, path)
                if answer.headers.get("content-type", "").startswith("text/html"):
                    found[f"{method} {route.path}"] = answer
                assert answer.headers["x-content-type-options"] == "nosniff", route.path
    assert {"GET /", "GET /organisationen/{handle}", "GET /passung", "POST /folgen"} <= found.keys()
    return found


def directives(answer: httpx.Response) -> dict[str, list[str]]:
    policy = [part.split() for part in answer.headers["content-security-policy"].split(";")]
    return {name: sources for name, *sources in policy}


async def test_no_page_runs_a_script_that_stands_in_it(client: httpx.AsyncClient) -> None:
    for route, answer in (await every_page(client)).items():
        policy = directives(answer)
        assert policy["default-src"] == ["'none'"], route
        assert policy["script-src"] == policy["style-src"] == ["'self'"], route
        assert policy["base-uri"] == ["'none'"], route
        assert not any("unsafe" in source or source == "*" for sources in policy.values() for source in sources), route
        assert not re.search(
            r"<script(?! type=\"application/ld\+json\"|[^>]* src=)|<style|\son\w+=|\sstyle=", answer.text
        )


async def test_no_page_stands_in_a_frame(client: httpx.AsyncClient) -> None:
    for route, answer in (await every_page(client)).items():
        assert directives(answer)["frame-ancestors"] == ["'none'"], route


async def test_no_page_tells_other_sites_where_a_visitor_was(client: httpx.AsyncClient) -> None:
    for route, answer in (await every_page(client)).items():
        assert answer.headers["referrer-policy"] in {"same-origin", "no-referrer"}, route


async def test_no_page_may_use_what_belongs_to_the_device(client: httpx.AsyncClient) -> None:
    for route, answer in (await every_page(client)).items():
        policy = answer.headers["permissions-policy"].split(", ")
        assert {f"{one}=()" for one in ("camera", "geolocation", "microphone", "payment", "usb")} <= set(policy), route


async def test_no_page_shares_its_window_with_other_sites(client: httpx.AsyncClient) -> None:
    for route, answer in (await every_page(client)).items():
        assert answer.headers["cross-origin-opener-policy"] == "same-origin", route


async def test_forms_lead_nowhere_else(client: httpx.AsyncClient) -> None:
    for route, answer in (await every_page(client)).items():
        elsewhere = 'action="/folgen' in answer.text  # to the visitor's own server, wherever that is
        assert (directives(answer)["form-action"] == ["'self'"]) is not elsewhere, route


async def test_who_came_encrypted_comes_so_again(client: httpx.AsyncClient) -> None:
    for path in ("/", "/angebote/gibtesnicht", assets.href("css/ehrenamt.css")):
        plain, safe = await client.get(path), await client.get(path, headers={"X-Forwarded-Proto": "https"})
        assert "strict-transport-security" not in plain.headers
        assert safe.headers["strict-transport-security"] == "max-age=31536000"


@pytest.mark.parametrize(
    ("caller", "is_believed"), [("127.0.0.9", True), ("172.20.0.3", True), ("198.51.100.7", False)]
)
async def test_who_came_encrypted_is_said_by_our_web_servers_alone(
    town: Instance, caller: str, *, is_believed: bool
) -> None:
    proxies = Settings.load({"EHRENAMT_TRUSTED_PROXIES": "127.0.0.0/8, 172.16.0.0/12"}).trusted_proxies
    town.workshop.settings = replace(town.workshop.settings, trusted_proxies=proxies)
    transport = httpx.ASGITransport(app.build(town), client=(caller, 4711))
    async with httpx.AsyncClient(transport=transport, base_url=HOME, headers=BROWSER) as client:
        answer = await client.get(assets.href("css/ehrenamt.css"), headers={"X-Forwarded-Proto": "https"})
    assert ("strict-transport-security" in answer.headers) is is_believed


async def test_a_stranger_gets_handed_back_only_so_much_of_what_is_sent(town: Instance) -> None:
    made = app.build(town)
    made.state.instance_name = "Ehrenamt Hagen"
    transport = httpx.ASGITransport(made, client=("93.184.216.34", 4711))
    written = {"text": "Wir suchen jemanden, der mit den Kindern liest."}
    async with httpx.AsyncClient(transport=transport, base_url=HOME, headers=BROWSER) as client:
        answers = [await client.post("/konto", data=written) for _ in range(int(throttle.BY_CLIENT.burst) + 1)]
    assert {written["text"] in answer.text for answer in answers[:-1]} == {True}
    assert written["text"] not in answers[-1].text
    assert answers[-1].status_code == httpx.codes.SEE_OTHER, "to sign in, as before"


async def test_every_cookie_stays_with_us(client: httpx.AsyncClient) -> None:
    asked = {"X-Forwarded-Proto": "https"}
    answers = [
        await client.get("/?sprache=en", headers=asked),
        await client.post("/passung", data={"bereich": "sport"}, headers=asked),
        await client.post("/passung", data={"aktion": "loeschen"}, headers=asked),
    ]
    cookies = [cookie.lower() for answer in answers for cookie in answer.headers.get_list("set-cookie")]
    assert len(cookies) == 3
    for cookie in cookies:
        assert "samesite=lax" in cookie
        assert "; httponly" in cookie
        assert "; secure" in cookie


# --- compression ------------------------------------------------------------------------------------------------------
SMALL: Final = {"Accept-Encoding": "br;q=1.0, gzip;q=0.8"}


@pytest.mark.parametrize("path", ["/", "/?q=Lesepatin", "/angebote/gibtesnicht"])
async def test_a_page_is_sent_small_to_who_takes_it_so(client: httpx.AsyncClient, path: str) -> None:
    whole, small = await client.get(path), await client.get(path, headers=SMALL)
    assert "content-encoding" not in whole.headers
    assert small.headers["content-encoding"] == "gzip"
    assert int(small.headers["content-length"]) < len(whole.content) / 2
    assert small.text == whole.text
    for answer in (whole, small):
        assert "Accept-Encoding" in answer.headers["vary"]
        assert "Accept-Language" in answer.headers["vary"], "what it said before stays"


@pytest.mark.parametrize("coding", ["", "br", "gzip;q=0", "gzip; q=0.0", "xgzip"])
async def test_who_does_not_take_it_gets_it_whole(client: httpx.AsyncClient, coding: str) -> None:
    for path in ("/", assets.href("css/ehrenamt.css")):
        answer = await client.get(path, headers={"Accept-Encoding": coding})
        assert "content-encoding" not in answer.headers


async def test_what_is_for_one_reader_is_never_compressed(client: httpx.AsyncClient) -> None:
    await client.post("/passung", data={"bereich": "sport"})
    for path in ("/passung", "/?art=angebot", "/suche-merken?q=vorlesen", "/stimmt-noch/x/y"):
        answer = await client.get(path, headers=SMALL)
        assert re.search("no-store|private", answer.headers["cache-control"]), path
        assert "content-encoding" not in answer.headers, path


async def test_the_head_of_an_answer_says_what_the_answer_would_say(client: httpx.AsyncClient) -> None:
    head, whole = await client.head("/", headers=SMALL), await client.get("/", headers=SMALL)
    for name in ("content-encoding", "content-length", "vary"):
        assert head.headers[name] == whole.headers[name]


async def test_what_is_short_or_comes_in_pieces_is_sent_as_it_is() -> None:
    async def pieces(_request: Request) -> StreamingResponse:
        return StreamingResponse(iter(["a" * 2_000, "b" * 2_000]), media_type="text/plain")

    async def short(_request: Request) -> PlainTextResponse:
        return PlainTextResponse("a" * 999)

    made = Starlette(
        routes=[Route("/pieces", pieces), Route("/short", short)], middleware=[Middleware(compression.Compression)]
    )
    async with httpx.AsyncClient(transport=httpx.ASGITransport(made), base_url=HOME) as client:
        for path, length in (("/pieces", 4_000), ("/short", 999)):
            answer = await client.get(path, headers=SMALL)
            assert "content-encoding" not in answer.headers
            assert len(answer.content) == length


async def test_static_files_are_small_and_asked_for_once(client: httpx.AsyncClient) -> None:
    path = assets.href("css/ehrenamt.css")
    whole, small = await client.get(path), await client.get(path, headers=SMALL)
    assert small.headers["content-encoding"] == "gzip"
    assert small.content == whole.content
    assert small.headers["content-type"] == whole.headers["content-type"]
    assert small.headers["cache-control"] == whole.headers["cache-control"] == "public, max-age=31536000, immutable"
    assert "Accept-Encoding" in whole.headers["vary"]
    async with client.stream("GET", path, headers=SMALL) as answer:
        raw = b"".join([part async for part in answer.aiter_raw()])
    assert gzip.decompress(raw) == whole.content
    for tag in (whole.headers["etag"], small.headers["etag"]):
        again = await client.get(path, headers=SMALL | {"If-None-Match": tag})
        assert (again.status_code, again.content) == (304, b"")
    picture = await client.get(assets.href("icons/ehrenamt.png"), headers=SMALL)
    assert "content-encoding" not in picture.headers
