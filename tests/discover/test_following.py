"""Following from elsewhere: the visitor's server is asked, at a real socket; what it names is where they are sent."""

import re
from collections.abc import AsyncIterator
from urllib.parse import quote

import anyio
import httpx
import pytest

from fediverse_ehrenamt import app
from fediverse_ehrenamt.federation import remote_follow
from fediverse_ehrenamt.federation.remote_follow import Account
from fediverse_ehrenamt.instance import Instance
from fediverse_ehrenamt.kit.errors import Unavailable
from tests import workbench
from tests.federation import origin
from tests.federation.origin import Answer, Origin
from tests.workbench import HOME

pytestmark = pytest.mark.anyio
TARGET = "@buecherei@hagen.example"
BROWSER = {"accept": "text/html", "accept-language": "de", "origin": HOME}
SUBSCRIBE = "http://ostatus.org/schema/1.0/subscribe"


@pytest.fixture
async def peer(anyio_backend: str) -> AsyncIterator[Origin]:
    assert anyio_backend == "asyncio"
    async with origin.origin() as one:
        yield one


@pytest.fixture
async def client(town: Instance) -> AsyncIterator[httpx.AsyncClient]:
    town.workshop.write_now(workbench.add_organisation)
    front = app.build(town)
    front.state.instance_name = "Ehrenamt Hagen"
    transport = httpx.ASGITransport(front)
    async with httpx.AsyncClient(transport=transport, base_url=HOME, headers=BROWSER) as made:
        yield made


def knows(peer: Origin, template: object, name: str = "anna", rel: str = SUBSCRIBE) -> str:
    """Let a server know an account and name a page for following; return the account's address."""
    address = f"{name}@127.0.0.1:{peer.port}"
    links = [{"rel": "self", "href": peer.at("/users/anna")}, "nonsense", {"rel": rel, "template": template}]
    path = f"/.well-known/webfinger?resource=acct:{address}"
    peer.serve(path, {"subject": f"acct:{address}", "links": links}, kind="application/jrd+json")
    return address


async def send(client: httpx.AsyncClient, account: str, target: str = TARGET) -> httpx.Response:
    return await client.post("/folgen", params={"wem": target}, data={"konto": account})


# --- the way ----------------------------------------------------------------------------------------------------------
@pytest.mark.parametrize("form", ["@{}", "{}", " {} ", "acct:{}"])
async def test_visitors_are_sent_home_with_whom_they_want_to_follow(
    client: httpx.AsyncClient, peer: Origin, form: str
) -> None:
    address = knows(peer, peer.at("/authorize_interaction?uri={uri}"))
    answer = await send(client, form.format(address))
    assert answer.status_code == 303
    assert answer.headers["location"] == peer.at("/authorize_interaction?uri=buecherei%40hagen.example")
    assert answer.headers["referrer-policy"] == "no-referrer"


@pytest.mark.parametrize("intent", ["Follow", "Object"])
async def test_a_server_may_name_an_intent_alone(client: httpx.AsyncClient, peer: Origin, intent: str) -> None:
    """FEP-3b86: it is told the id, percent-encoded, and nothing for what it wants to know besides."""
    template = peer.at("/intents?object={object}&then={on-success}")
    answer = await send(client, knows(peer, template, rel=f"https://w3id.org/fep/3b86/{intent}"))
    assert answer.status_code == 303
    begin, _, end = answer.headers["location"].partition(quote(f"{HOME}/ap/actor/", safe=""))
    assert (begin, end[-6:]) == (peer.at("/intents?object="), "&then=")
    assert (await send(client, f"anna@127.0.0.1:{peer.port}", "@fremd@other.example")).status_code == 422
    assert (await send(client, f"anna@127.0.0.1:{peer.port}", "@niemand@hagen.example")).status_code == 422


async def test_the_address_of_a_profile_will_do(client: httpx.AsyncClient, peer: Origin) -> None:
    knows(peer, peer.at("/follow?acct={uri}"))
    for path in ("/@anna", "/users/anna", "/@anna/"):
        assert (await send(client, peer.at(path))).headers["location"].startswith(peer.at("/follow?acct="))


async def test_pages_have_the_form(client: httpx.AsyncClient) -> None:
    for path in ("/organisationen/buecherei", "/ueber", f"/folgen?wem={TARGET}"):
        page = await client.get(path)
        assert page.status_code == 200
        assert re.search(r'<form class="follow"\s+method="post"', page.text)
        address = TARGET if path != "/ueber" else "@relay@hagen.example"
        assert f'action="/folgen?wem={quote(address)}"' in page.text
        # Browsers hold this against the redirect that answers the form.
        assert "form-action 'self' https: http:;" in page.headers["content-security-policy"]
    assert "https:" not in (await client.get("/")).headers["content-security-policy"]


# --- what can be wrong ------------------------------------------------------------------------------------------------
@pytest.mark.parametrize(
    "typed",
    ["", "anna", "@anna", "anna@", "anna@@x.example", "anna@-x", "an na@x.example", "https://x.example/", "@" * 9_000],
)
async def test_what_is_no_address_is_told(client: httpx.AsyncClient, typed: str) -> None:
    answer = await send(client, typed)
    assert answer.status_code == (422 if len(typed) < 4_000 else 413)
    if answer.status_code == 422:
        assert "Das ist keine Adresse im Fediverse" in answer.text
        assert TARGET in answer.text


async def test_what_was_typed_stays_in_the_form_as_text(client: httpx.AsyncClient) -> None:
    answer = await send(client, '"><script>alert(1)</script>')
    assert "<script>alert" not in answer.text
    assert "&lt;script&gt;alert(1)" in answer.text


async def test_servers_that_cannot_help_are_told_of(client: httpx.AsyncClient, peer: Origin, free_port: int) -> None:
    host = f"127.0.0.1:{peer.port}"
    nobody = await send(client, f"nobody@{host}")
    assert f"Ein Konto „nobody“ gibt es auf {host} nicht." in nobody.text
    knows(peer, peer.at("/{uri}"), rel="self")
    none = await send(client, f"anna@{host}")
    assert f"{host} nennt keine Seite zum Folgen. Bitte geben Sie dort {TARGET} in die Suche ein." in none.text
    away = await send(client, f"anna@127.0.0.1:{free_port}")
    assert "antwortet gerade nicht" in away.text
    assert {nobody.status_code, none.status_code, away.status_code} == {422}


@pytest.mark.parametrize(
    "template",
    [
        "/authorize?uri={uri}", "javascript:alert('{uri}')", "https://x.example/authorize", "https:///{uri}", 7, None,
        "https://x.example/{uri}\r\nSet-Cookie: a=b", "https://x.example/ {uri}",
        "https://x.example/{uri}" + "x" * 2_000, "https://user:word@x.example/{uri}", "data:text/html,{uri}", "",
    ],
)  # fmt: skip
async def test_templates_that_lead_nowhere_good(client: httpx.AsyncClient, peer: Origin, template: object) -> None:
    answer = await send(client, knows(peer, template))
    assert answer.status_code == 422
    assert "nennt keine Seite zum Folgen" in answer.text


@pytest.mark.parametrize("wem", ["", "buecherei", "javascript:alert(1)", "@a@b@c", "@buecherei@hagen.example/x"])
async def test_nobody_to_follow(client: httpx.AsyncClient, wem: str) -> None:
    assert (await client.get("/folgen", params={"wem": wem})).status_code == 404
    assert (await send(client, "anna@x.example", wem)).status_code == 404


@pytest.mark.parametrize("address", ["169.254.169.254", "10.0.0.1", "[::1]", "localhost:1", "2130706433"])
async def test_no_way_into_our_own_network(client: httpx.AsyncClient, address: str) -> None:
    """Only what the operator allows for trying out (here 127.0.0.0/8) may be asked besides public addresses."""
    answer = await send(client, f"anna@{address}")
    assert answer.status_code == 422
    assert "location" not in answer.headers


async def test_few_look_ups_at_a_time(town: Instance, peer: Origin) -> None:
    """A visitor must not make us ask the world."""
    address = knows(peer, peer.at("/{uri}"))
    path = next(iter(peer.answers))
    peer.answers[path] = Answer(peer.answers[path].body, kind="application/jrd+json", wait=0.5)
    visitor, target = remote_follow.account(address), Account("buecherei", "hagen.example")
    assert visitor is not None
    refused = 0

    async def ask() -> None:
        nonlocal refused
        try:
            await remote_follow.page(town.workshop, visitor, target)
        except Unavailable:
            refused += 1

    async with anyio.create_task_group() as tasks:
        for _ in range(remote_follow._AT_ONCE + 3):
            tasks.start_soon(ask)
    assert refused == 3


def test_accounts_are_written_as_people_know_them() -> None:
    assert str(Account("buecherei", "hagen.example")) == TARGET
    assert remote_follow.account("@Anna.B-c@Mastodon.Social:8443") == Account("Anna.B-c", "mastodon.social:8443")
    assert remote_follow.account("@anna@Zürich.Social") == Account("anna", "xn--zrich-kva.social")
    assert remote_follow.account("https://zürich.social/@anna") == Account("anna", "xn--zrich-kva.social")
