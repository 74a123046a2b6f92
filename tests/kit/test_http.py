"""The client against real servers on loopback: what is sent and given back, redirects, encryption, nothing kept."""

import asyncio
from collections.abc import Mapping
from pathlib import Path

import pytest

from fediverse_ehrenamt.kit import ids
from fediverse_ehrenamt.kit.errors import Rejected, Unavailable
from fediverse_ehrenamt.kit.http import Client, _parsed
from tests.kit.scripted import ACTIVITY, OK, TEST_S, Authority, fetch, home, moved, named, peer

pytestmark = pytest.mark.anyio


async def test_an_answer_is_given_whole(client: Client) -> None:
    reply = b"HTTP/1.1 200 OK\r\nContent-Type: a/b\r\nLink: <1>\r\nLINK: <2>\r\nContent-Length: 3\r\n\r\n\x00\xff\n"
    async with peer(reply) as one:
        response = await fetch(client, f"{one.url}/users/a?page=1#main-key")
    assert response.status == 200
    assert response.body == b"\x00\xff\n"
    assert response.url == f"{one.url}/users/a?page=1#main-key"
    assert response.headers["content-type"] == "a/b"
    assert response.headers["link"] == "<1>, <2>"
    assert one.requests[0].target == "/users/a?page=1"


async def test_only_these_headers_are_sent(client: Client) -> None:
    async with peer() as one:
        await client.get(f"{one.url}/", accept=ACTIVITY, headers={"If-None-Match": '"1"', "Accept-Encoding": "gzip"})
        await client.post(f"{one.url}/inbox", b"{}", content_type="a/b", headers={"User-Agent": "x", "Host": "evil"})
    common = {"host": f"127.0.0.1:{one.port}", "user-agent": "ehrenamt-test", "accept-encoding": "identity"}
    assert one.requests[0].headers == common | {"accept": ACTIVITY, "if-none-match": '"1"'}
    assert one.requests[1].headers == common | {"accept": "*/*", "content-type": "a/b", "content-length": "2"}
    assert (one.requests[1].method, one.requests[1].target, one.requests[1].body) == ("POST", "/inbox", b"{}")


@pytest.mark.parametrize("status", [204, 304, 400, 401, 404, 410, 429, 500, 503])
async def test_every_status_is_an_answer(client: Client, status: int) -> None:
    reply = f"HTTP/1.1 {status} X\r\nRetry-After: 7\r\nContent-Length: 0\r\n\r\n".encode()
    async with peer(reply) as one:
        got = await fetch(client, one.url)
        posted = await client.post(one.url, b"", content_type=ACTIVITY)
    assert (got.status, posted.status) == (status, status)
    assert got.headers["retry-after"] == "7"


@pytest.mark.parametrize(
    "path",
    [
        "",
        "/",
        "/%7Ebob",
        "/a/../b",
        "/ä?q=ö",
        "/%c3%a4",
        "?x=1",
        "/x?",
        "/a%2Fb",
        "/?a=b+c&d=%20;e='\"[]|{}^`<>",
        "/%zz",
    ],
)
async def test_what_is_signed_is_what_is_sent(client: Client, path: str) -> None:
    signed: list[tuple[str, str, bytes]] = []

    def sign(method: str, url: str, body: bytes) -> Mapping[str, str]:
        signed.append((method, url, body))
        return {"Signature": "s"}

    async with peer() as one:
        await client.get(f"{one.url}{path}", accept="*/*", sign=sign)
        await client.post(f"{one.url}{path}", b"body", content_type="a/b", sign=sign)
    (first, second), (get, post) = one.requests, signed
    assert get == ("GET", one.url + first.target, b"")
    assert post == ("POST", one.url + second.target, b"body")
    assert first.headers["host"] == ids.host(get[1])
    assert first.headers["signature"] == second.headers["signature"] == "s"


@pytest.mark.parametrize("url", ["https://PEER.example/", "https://peer.example/ä"])
async def test_what_would_be_sent_in_another_form_is_not_sent(url: str) -> None:
    with pytest.raises(Rejected):
        _parsed(url)


# Redirects


@pytest.mark.parametrize("status", [301, 302, 303, 307, 308])
async def test_three_redirects_are_followed(client: Client, status: int) -> None:
    async with peer(moved("/1", status), moved("2", status), moved("../3?x#y", status), OK) as one:
        response = await fetch(client, f"{one.url}/a/b")
    assert [received.target for received in one.requests] == ["/a/b", "/1", "/2", "/3?x"]
    assert all(received.method == "GET" for received in one.requests)
    assert (response.url, response.body) == (f"{one.url}/3?x#y", b"ok")


async def test_a_redirects_body_is_not_waited_for(client: Client) -> None:
    async def unfinished(_: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        writer.write(b"HTTP/1.1 302 Found\r\nLocation: /2\r\nContent-Length: 900\r\n\r\n")
        await writer.drain()
        await asyncio.sleep(TEST_S)

    async with peer(unfinished, OK) as one:
        assert (await fetch(client, one.url, seconds=TEST_S / 2)).body == b"ok"


async def test_a_fourth_redirect_is_refused(client: Client) -> None:
    async with peer(moved("/again")) as one:
        with pytest.raises(Rejected, match="zu oft"):
            await fetch(client, one.url)
    assert len(one.requests) == 4


@pytest.mark.parametrize("status", [301, 302, 303, 307, 308])
async def test_a_post_is_not_redirected(client: Client, status: int) -> None:
    async with peer(moved("/elsewhere", status)) as one:
        response = await client.post(one.url, b"x", content_type=ACTIVITY)
    assert (response.status, response.headers["location"], len(one.requests)) == (status, "/elsewhere", 1)


async def test_a_redirect_without_location_is_the_answer(client: Client) -> None:
    async with peer(b"HTTP/1.1 302 Found\r\nContent-Length: 0\r\n\r\n") as one:
        assert (await fetch(client, one.url)).status == 302


@pytest.mark.parametrize(
    "location",
    [
        *(
            "http://127.0.0.2:{port}/",
            "http://evil.example:{port}/",
            "https://evil.example:{port}/",
            "ftp://127.0.0.1/",
        ),
        *(
            "file:///etc/passwd",
            "http://user@127.0.0.1:{port}/",
            "http://[::1/",
            "//127.0.0.2:{port}/",
            "http://2130706434/",
        ),
        "javascript:x",
    ],
)
async def test_a_redirect_keeps_to_the_rules(location: str) -> None:
    async with (
        peer(host="127.0.0.2") as evil,
        peer(moved(location.format(port=evil.port))) as one,
        named({"evil.example": [["127.0.0.2"]]}) as client,
    ):
        with pytest.raises(Rejected):
            await fetch(client, one.url)
    assert (evil.connections, len(one.requests)) == (0, 1)


async def test_each_hop_is_signed_anew_and_strangers_get_no_headers(client: Client) -> None:
    def sign(method: str, url: str, body: bytes) -> Mapping[str, str]:
        return {"Signature": f"{method} {url} {len(body)}"}

    async with peer() as other, peer(moved("/2"), moved(f"{other.url}/3")) as one:
        await client.get(f"{one.url}/1", accept=ACTIVITY, sign=sign, headers={"Authorization": "secret", "X-A": "b"})
    first, second = one.requests
    (third,) = other.requests
    assert first.headers["signature"] == f"GET {one.url}/1 0"
    assert second.headers["signature"] == f"GET {one.url}/2 0"
    assert second.headers["authorization"] == "secret"
    assert third.headers["signature"] == f"GET {other.url}/3 0"
    assert third.headers["accept"] == ACTIVITY
    assert not {"authorization", "x-a"} & third.headers.keys()


async def test_what_was_dropped_for_a_stranger_stays_dropped(client: Client) -> None:
    async with peer(moved("/1"), OK) as one, peer(moved(f"{one.url}/back")) as other:
        one.replies = [moved(f"{other.url}/"), OK]
        await client.get(f"{one.url}/", accept="*/*", headers={"Authorization": "secret"})
    assert ["authorization" in received.headers for received in one.requests] == [True, False]


# Encryption


async def test_an_encrypted_answer(vouched: Authority) -> None:
    async with peer(tls=vouched.server) as one, named(home("peer.example"), vouched.trusted()) as client:
        assert (await fetch(client, f"https://peer.example:{one.port}/")).body == b"ok"
    assert one.requests[0].headers["host"] == f"peer.example:{one.port}"


async def test_a_certificate_that_nobody_vouches_for(vouched: Authority) -> None:
    async with peer(tls=vouched.server) as one, named(home("peer.example")) as client:
        with pytest.raises(Unavailable):
            await fetch(client, f"https://peer.example:{one.port}/")
    assert one.requests == []


async def test_a_certificate_for_another_name(vouched: Authority) -> None:
    async with peer(tls=vouched.server) as one, named(home("other.example"), vouched.trusted()) as client:
        with pytest.raises(Unavailable):
            await fetch(client, f"https://other.example:{one.port}/")
    assert one.requests == []


async def test_no_encryption_where_it_was_asked_for() -> None:
    async with peer() as one, named(home("peer.example")) as client:
        with pytest.raises(Unavailable):
            await fetch(client, f"https://peer.example:{one.port}/", seconds=0.5)


async def test_a_redirect_may_begin_encryption_but_not_end_it(vouched: Authority) -> None:
    async with peer() as plain, named(home("peer.example"), vouched.trusted()) as client:
        down = moved(f"http://peer.example:{plain.port}/")
        async with peer(OK, down, tls=vouched.server) as secure:
            plain.replies = [moved(f"https://peer.example:{secure.port}/")]
            assert (await fetch(client, f"http://peer.example:{plain.port}/")).body == b"ok"
            with pytest.raises(Rejected, match="unverschlüsselt"):
                await fetch(client, f"https://peer.example:{secure.port}/")
    assert (len(plain.requests), len(secure.requests)) == (1, 2)


# What is neither kept nor read


async def test_no_cookie_is_kept() -> None:
    cookie = b"HTTP/1.1 200 OK\r\nSet-Cookie: a=b; Path=/\r\nContent-Length: 0\r\n\r\n"
    async with peer(cookie, moved("/next"), OK) as one, named(home("peer.example")) as client:
        await fetch(client, f"http://peer.example:{one.port}/")
        await fetch(client, f"http://peer.example:{one.port}/")
    assert len(one.requests) == 3
    assert not any("cookie" in received.headers for received in one.requests)


async def test_proxies_and_passwords_of_the_surroundings_are_not_read(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    netrc = tmp_path / "netrc"
    netrc.write_text("machine peer.example login me password secret\n", "utf-8")
    netrc.chmod(0o600)
    async with peer() as proxy, peer() as one:
        for name in ("http_proxy", "HTTP_PROXY", "https_proxy", "ALL_PROXY"):
            monkeypatch.setenv(name, proxy.url)
        monkeypatch.setenv("NETRC", str(netrc))
        monkeypatch.delenv("NO_PROXY", raising=False)
        monkeypatch.delenv("no_proxy", raising=False)
        async with named(home("peer.example")) as client:
            await fetch(client, f"http://peer.example:{one.port}/")
    assert proxy.connections == 0
    assert "authorization" not in one.requests[0].headers
