"""The client reaches no refused address, whatever a URL, a name server or a redirect says."""

from ipaddress import ip_network

import aiohttp
import httpx
import pytest

from fediverse_ehrenamt.kit import addresses
from fediverse_ehrenamt.kit.errors import Rejected, Unavailable
from fediverse_ehrenamt.kit.http import Client, _CheckedNames
from tests.kit.scripted import ACTIVITY, HOME, Names, fetch, home, named, peer

pytestmark = pytest.mark.anyio


@pytest.mark.parametrize(
    "found",
    [["127.0.0.2"], ["::ffff:127.0.0.2"], ["127.0.0.2", "10.0.0.1", "::1"], ["127.0.0.2"] * 3, ["fe80::1%lo"]],
)
@pytest.mark.parametrize("scheme", ["http", "https"])
async def test_a_name_for_a_refused_address_is_refused(found: list[str], scheme: str) -> None:
    async with peer(host="127.0.0.2") as evil, named({"evil.example": [found]}) as client:
        with pytest.raises(Rejected, match="darf"):
            await fetch(client, f"{scheme}://evil.example:{evil.port}/")
    assert evil.connections == 0


@pytest.mark.parametrize("order", [["127.0.0.2", "127.0.0.1"], ["127.0.0.1", "127.0.0.2"], ["::1", "127.0.0.1"]])
async def test_of_mixed_addresses_only_the_good_one_is_reached(order: list[str]) -> None:
    async with (
        peer() as good,
        peer(host="127.0.0.2", port=good.port) as evil,
        named({"mixed.example": [order]}) as client,
    ):
        assert (await fetch(client, f"http://mixed.example:{good.port}/")).body == b"ok"
    assert (good.connections, evil.connections) == (1, 0)


async def test_a_refused_address_beside_a_dead_one_is_worth_another_try(free_port: int) -> None:
    async with (
        peer(host="127.0.0.2", port=free_port) as evil,  # one that the system gave may be anybody's on the dead address
        named({"mixed.example": [["127.0.0.1", "127.0.0.2"]]}) as client,
    ):
        with pytest.raises(Unavailable):
            await fetch(client, f"http://mixed.example:{evil.port}/")
    assert evil.connections == 0


async def test_a_name_that_changes_its_address_is_checked_again() -> None:
    closing = b"HTTP/1.1 200 OK\r\nConnection: close\r\nContent-Length: 2\r\n\r\nok"
    async with (
        peer(closing) as good,
        peer(host="127.0.0.2", port=good.port) as evil,
        named({"rebind.example": [["127.0.0.1"], ["127.0.0.2"]]}) as client,
    ):
        url = f"http://rebind.example:{good.port}/"
        assert (await fetch(client, url)).status == 200
        with pytest.raises(Rejected):
            await fetch(client, url)
    assert evil.connections == 0


@pytest.mark.parametrize("literal", ["127.0.0.2", "[::ffff:7f00:2]"])
async def test_the_socket_refuses_whatever_the_url_said(client: Client, literal: str) -> None:
    """A literal address is never resolved: this goes past our reading of URLs, straight to the transport."""
    async with peer(host="127.0.0.2") as evil:
        for transport in (client._plain, client._secure):
            with pytest.raises(httpx.TransportError) as caught:
                await transport.handle_async_request(httpx.Request("GET", f"http://{literal}:{evil.port}/"))
            assert isinstance(caught.value.__cause__, aiohttp.ClientConnectorError)
            assert str(caught.value.__cause__.os_error) == "refused address"
    assert evil.connections == 0


@pytest.mark.parametrize(
    "host",
    [
        *("127.0.0.2", "10.0.0.1", "8.8.8.8", "[::1]", "[2606:4700::1111]", "[::ffff:7f00:2]", "169.254.169.254"),
        *("2130706434", "127.2", "0x7f.0.0.2", "0177.0.0.2", "127.0.0.2.", "[fe80::1%25lo]", "１２７.0.0.2"),
    ],
)
@pytest.mark.parametrize("scheme", ["http", "https"])
async def test_literal_addresses_are_refused(host: str, scheme: str) -> None:
    async with named({}) as client:
        with pytest.raises(Rejected):
            await fetch(client, f"{scheme}://{host}/")


async def test_an_allowed_network_opens_literal_addresses_of_both_families() -> None:
    networks = [ip_network("127.0.0.0/8"), ip_network("::1/128")]
    async with Client(user_agent="t", allowed_networks=networks) as client:
        for host in ("127.0.0.2", "::1"):
            async with peer(host=host) as one:
                assert (await fetch(client, one.url)).body == b"ok"
        async with peer() as one:
            assert (await fetch(client, f"http://[::ffff:7f00:1]:{one.port}/")).body == b"ok"


@pytest.mark.parametrize("networks", [[], [HOME]])
async def test_plain_http_is_for_allowed_networks_only(networks: list[addresses.Network]) -> None:
    names = Names({"peer.example": [["93.184.216.34"]]})
    async with Client(user_agent="t", allowed_networks=networks, resolver=names) as client:
        with pytest.raises(Rejected):
            await fetch(client, "http://peer.example/")
    assert names.asked == (["peer.example"] if networks else [])


async def test_a_name_has_at_most_eight_addresses() -> None:
    names = _CheckedNames(Names({"many.example": [[f"8.8.8.{n}" for n in range(50)]]}), lambda _: True)
    assert len(await names.resolve("many.example")) == 8


@pytest.mark.parametrize(
    "url",
    [
        *(
            "",
            "x",
            "/inbox",
            "//peer.example/",
            "https://",
            "https:///x",
            "https:peer.example",
            "https://peer.example:x/",
        ),
        *(
            "ftp://127.0.0.1/",
            "file:///etc/passwd",
            "gopher://127.0.0.1/",
            "unix:///run/x",
            "data:,x",
            "ws://127.0.0.1/",
        ),
        *(
            "https://user@peer.example/",
            "https://user:pw@peer.example/",
            "https://@peer.example/",
            "https://a:@b.example/",
        ),
        *(
            "https://peer.example:99999/",
            "https://peer..example/",
            "https://[::1/",
            "https://peer.example\\@evil.example/",
        ),
        *(
            "https://peer.example/\r\nX: y",
            "https://peer.example/\x00",
            "https://peer.example/a b",
            " https://peer.example/",
        ),
        *(
            f"https://{'a' * 64}.example/",
            f"https://{'a.' * 127}example/",
            "https://%61.example/",
            "https://peer!.example/",
        ),
        "https://peer.example/" + "a" * 2048,
    ],
)
async def test_bad_urls_are_refused_before_anything_is_asked(url: str) -> None:
    names = Names({"peer.example": [["127.0.0.1"]]})
    async with Client(user_agent="t", allowed_networks=[HOME], resolver=names) as client:
        with pytest.raises(Rejected):
            await fetch(client, url)
        with pytest.raises(Rejected):
            await client.post(url, b"", content_type=ACTIVITY)
    assert names.asked == []


async def test_a_name_in_its_own_letters_is_asked_for_in_ascii() -> None:
    async with peer() as one, named(home("xn--mller-kva.example")) as client:
        await fetch(client, f"http://müller.example:{one.port}/")
    assert one.requests[0].headers["host"] == f"xn--mller-kva.example:{one.port}"
