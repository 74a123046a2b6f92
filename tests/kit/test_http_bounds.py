"""The client's bounds on size, time and connections, and answers that are none."""

import asyncio
import time
from ipaddress import ip_network

import pytest

from fediverse_ehrenamt.kit.errors import Rejected, Unavailable
from fediverse_ehrenamt.kit.http import Client
from tests.kit.scripted import (
    ACCEPTED,
    ACTIVITY,
    HOME,
    OK,
    TEST_S,
    Reply,
    fetch,
    moved,
    named,
    peer,
)

pytestmark = pytest.mark.anyio


# Sizes, encodings, time


async def endless(_: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
    writer.write(b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n")
    while True:
        writer.write(b"10000\r\n" + b"x" * 65_536 + b"\r\n")
        await writer.drain()


async def announced(_: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
    writer.write(b"HTTP/1.1 200 OK\r\nContent-Length: 1001\r\n\r\n")
    await writer.drain()
    await asyncio.sleep(TEST_S)


async def until_closed(_: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
    writer.write(b"HTTP/1.1 200 OK\r\n\r\n" + b"x" * 1001)
    await writer.drain()


@pytest.mark.parametrize("reply", [endless, announced, until_closed])
async def test_a_body_beyond_the_limit_is_refused_at_once(client: Client, reply: Reply) -> None:
    async with peer(reply, OK) as one:
        with pytest.raises(Rejected, match="1000 Bytes") as caught:
            await fetch(client, one.url)
        assert (await fetch(client, one.url)).body == b"ok"  # what was not read is not the next answer's beginning
    assert caught.value.peer_status == 200


async def test_a_body_of_exactly_the_limit_is_taken(client: Client) -> None:
    async with peer(b"HTTP/1.1 200 OK\r\nContent-Length: 1000\r\n\r\n" + b"x" * 1000) as one:
        assert len((await fetch(client, one.url)).body) == 1000


@pytest.mark.parametrize("encoding", ["gzip", "br", "GZIP", "identity, gzip", "zstd", "x"])
async def test_an_encoded_body_is_refused(client: Client, encoding: str) -> None:
    async with peer(f"HTTP/1.1 200 OK\r\nContent-Encoding: {encoding}\r\nContent-Length: 2\r\n\r\nok".encode()) as one:
        with pytest.raises(Rejected, match="komprimiert"):
            await fetch(client, one.url)


async def test_an_unencoded_body_may_say_so(client: Client) -> None:
    async with peer(b"HTTP/1.1 200 OK\r\nContent-Encoding: Identity\r\nContent-Length: 2\r\n\r\nok") as one:
        assert (await fetch(client, one.url)).body == b"ok"


@pytest.mark.parametrize("head", ["Content-Encoding: gzip\r\nContent-Length: 2000", "Content-Length: 2000"])
async def test_a_useless_body_does_not_hide_a_status(client: Client, head: str) -> None:
    """A 503 must stay one to be tried again, a 202 one that was delivered."""
    replies = [f"HTTP/1.1 {status} X\r\n{head}\r\n\r\n".encode() + b"x" * 2000 for status in (503, 202)]
    async with peer(*replies) as one:
        got = await fetch(client, one.url)
        posted = await client.post(one.url, b"x", content_type=ACTIVITY, limit=1000)
    assert (got.status, got.body, posted.status, posted.body) == (503, b"", 202, b"")


async def drip(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
    writer.write(b"HTTP/1.1 200 OK\r\nContent-Length: 900\r\n\r\n")
    for _ in range(900):  # one byte after the other
        writer.write(b"x")
        await writer.drain()
        await asyncio.sleep(0.05)
        assert not reader.at_eof()


async def silent(_: asyncio.StreamReader, __: asyncio.StreamWriter) -> None:
    await asyncio.sleep(TEST_S)


@pytest.mark.parametrize("reply", [drip, silent])
async def test_time_is_limited_as_a_whole(client: Client, reply: Reply) -> None:
    async with peer(reply) as one:
        begun = time.monotonic()
        with pytest.raises(Unavailable, match="rechtzeitig"):
            await fetch(client, one.url, seconds=0.3)
        assert time.monotonic() - begun < 8


async def test_redirects_share_one_time_limit(client: Client) -> None:
    async def slow(_: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        await asyncio.sleep(1.0)
        writer.write(moved("/again"))
        await writer.drain()

    async with peer(slow) as one:
        with pytest.raises(Unavailable):
            await fetch(client, one.url, seconds=2.8)
    assert len(one.requests) in {2, 3}, "on a busy machine one second is more, but never less"


async def test_a_peer_that_answers_without_reading_holds_nobody_up(client: Client) -> None:
    async with peer(announced, receive_buffer=4096) as one:
        begun = time.monotonic()
        with pytest.raises(Unavailable):
            await client.post(one.url, b"x" * 1_000_000, content_type=ACTIVITY, seconds=0.5, limit=2000)
        assert time.monotonic() - begun < 8


# Failures


async def half(_: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
    writer.write(b"HTTP/1.1 200 OK\r\nContent-Length: 900\r\n\r\nhalf")
    await writer.drain()


async def nothing(_: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
    writer.close()


@pytest.mark.parametrize(
    "reply",
    [
        half,
        nothing,
        b"220 mail.example ESMTP\r\n\r\n",
        b"HTTP/1.1 200 OK\r\nContent-Length: x\r\n\r\n",
        b"HTTP/1.1 200 OK\r\nContent-Length: 1\r\nContent-Length: 2\r\n\r\nok",
        b"HTTP/1.1 200 OK\r\nContent-Length: 2\r\nContent-Length: 2\r\n\r\nok",
        b"HTTP/1.1 200 OK\r\nContent-Length: 2, 2\r\n\r\nok",
        b"HTTP/1.1 200 OK\r\nContent-Length: 18446744073709551617\r\n\r\nok",
        b"HTTP/1.1 200 OK\r\nContent-Length: -1\r\n\r\nok",
        b"HTTP/1.1 200 OK\r\nContent-Length: 2\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n",
        b"HTTP/1.1 200 OK\r\nX: " + b"x" * 20_000 + b"\r\n\r\n",
        b"HTTP/1.1 200 OK\r\n" + b"".join(b"X-%d: y\r\n" % n for n in range(500)) + b"\r\n",
        b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\nzz\r\n",
    ],
)
async def test_a_broken_answer_is_no_answer(client: Client, reply: Reply) -> None:
    async with peer(reply) as one:
        with pytest.raises(Unavailable):
            await fetch(client, one.url)
        with pytest.raises(Unavailable):
            await client.post(one.url, b"x", content_type=ACTIVITY)


async def test_nobody_there(client: Client) -> None:
    async with peer() as one:
        pass
    with pytest.raises(Unavailable, match="nicht zu erreichen"):
        await fetch(client, one.url)


@pytest.mark.parametrize("answers", [{}, {"gone.example": [[]]}])
async def test_a_name_without_address(answers: dict[str, list[list[str]]]) -> None:
    async with named(answers) as client:
        with pytest.raises(Unavailable):
            await fetch(client, "https://gone.example/")


async def test_the_systems_resolver_is_asked() -> None:
    networks = [ip_network("127.0.0.0/8"), ip_network("::1/128")]
    async with Client(user_agent="t", allowed_networks=networks) as client, peer() as one:
        assert (await fetch(client, f"http://localhost:{one.port}/")).body == b"ok"
    async with Client(user_agent="t") as client:
        with pytest.raises(Rejected):
            await fetch(client, f"https://localhost:{one.port}/")


# Connections


async def test_a_connection_is_used_again(client: Client) -> None:
    async with peer(ACCEPTED) as one:
        for _ in range(3):
            await client.post(one.url, b"x", content_type=ACTIVITY)
    assert one.connections == 1


async def reset(_: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
    writer.transport.abort()


@pytest.mark.parametrize("end", [nothing, reset])
async def test_what_met_an_idle_connection_at_its_end_is_sent_once_more(client: Client, end: Reply) -> None:
    async with peer(ACCEPTED, end, ACCEPTED) as one:
        await client.post(one.url, b"x", content_type=ACTIVITY)
        assert (await client.post(one.url, b"y", content_type=ACTIVITY)).status == 202
        assert [request.method for request in one.requests] == ["POST"] * 3
        assert one.requests[1].headers == one.requests[2].headers
        assert one.requests[2].body == b"y"


async def test_a_server_that_always_hangs_up_is_asked_twice(client: Client) -> None:
    async with peer(nothing) as one:
        with pytest.raises(Unavailable):
            await client.post(one.url, b"x", content_type=ACTIVITY)
    assert len(one.requests) == 2


async def test_connections_are_bounded() -> None:
    busy: list[int] = []  # how many requests were under way at each one's beginning
    now = 0

    async def slow(_: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        nonlocal now
        now += 1
        busy.append(now)
        await asyncio.sleep(0.2)
        now -= 1
        writer.write(OK)
        await writer.drain()

    async with (
        peer(slow) as one,
        peer(slow) as other,
        Client(user_agent="t", allowed_networks=[HOME], max_connections=10) as client,
    ):
        await asyncio.gather(*(fetch(client, one.url) for _ in range(20)))
        assert max(busy) == 8
        await asyncio.gather(*(fetch(client, url) for url in (one.url, other.url) * 12))
        assert max(busy) == 10


async def test_closing_leaves_no_connection() -> None:
    async with peer() as one:
        async with Client(user_agent="t", allowed_networks=[HOME]) as short:
            await fetch(short, one.url)
            assert one.open_now == 1
        await asyncio.wait_for(one.idle.wait(), TEST_S)
