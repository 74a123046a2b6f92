"""The serving process towards whoever sends it too much before a body."""

import asyncio
import socket
from collections.abc import Awaitable, Callable
from typing import Any
from urllib.parse import quote

import pytest
import uvicorn

from fediverse_ehrenamt.server import BoundedHead
from tests import servers

pytestmark = pytest.mark.anyio
_PIECE = b"x" * 16_384


async def _echo_length(
    scope: Any, receive: Callable[[], Awaitable[Any]], send: Callable[[Any], Awaitable[None]]
) -> None:
    assert scope["type"] == "http"
    size, more = 0, True
    while more:
        message = await receive()
        size, more = size + len(message["body"]), message.get("more_body", False)
    headers = [(b"x-query-length", b"%d" % len(scope["query_string"]))]
    await send({"type": "http.response.start", "status": 200, "headers": headers})
    await send({"type": "http.response.body", "body": b"%d" % size})


class _Server(uvicorn.Server):
    def __init__(self, config: uvicorn.Config) -> None:
        super().__init__(config)
        self.listens, self.ends = asyncio.Event(), asyncio.Event()

    async def startup(self, sockets: list[socket.socket] | None = None) -> None:
        await super().startup(sockets)
        self.listens.set()

    async def shutdown(self, sockets: list[socket.socket] | None = None) -> None:
        self.ends.set()
        await super().shutdown(sockets)


async def _said(first: bytes, pieces: int, last: bytes = b"") -> tuple[int, bytes]:
    """Return how many bytes were taken of a request in pieces, and the first line of the answer with its end."""
    port = servers.free_port()
    config = uvicorn.Config(_echo_length, port=port, http=BoundedHead, lifespan="off", log_config=None)
    server = _Server(config)
    serving = asyncio.create_task(server.serve())
    await server.listens.wait()
    reader, writer = await asyncio.open_connection("127.0.0.1", port)
    sent = 0
    try:
        for piece in (first, *[_PIECE] * pieces, last):
            writer.write(piece)
            await writer.drain()
            sent += len(piece)
            await asyncio.sleep(0.001)
            if reader.at_eof() or writer.is_closing():
                break
        answer = await asyncio.wait_for(reader.read(65_536), 10)
    except (OSError, ConnectionResetError, BrokenPipeError):
        answer = b""
    finally:
        writer.close()
        server.should_exit = True
        await serving
    return sent, answer


async def test_whoever_has_just_come_is_answered_before_the_process_ends() -> None:
    port = servers.free_port()
    config = uvicorn.Config(_echo_length, port=port, http=BoundedHead, lifespan="off", log_config=None)
    server = _Server(config)
    serving = asyncio.create_task(server.serve())
    await server.listens.wait()
    reader, writer = await asyncio.open_connection("127.0.0.1", port)
    server.should_exit = True
    await server.ends.wait()
    writer.write(b"GET / HTTP/1.1\r\nhost: a\r\n\r\n")
    answer = await asyncio.wait_for(reader.read(), 10)
    assert answer.startswith(b"HTTP/1.1 200 ")
    writer.close()
    await serving


@pytest.mark.parametrize("first", [b"GET / HTTP/1.1\r\nhost: a\r\nx-much: ", b"GET /"], ids=["header", "address"])
async def test_a_head_without_end_is_not_kept(first: bytes) -> None:
    sent, answer = await _said(first, 2_000)
    assert sent < 2_000_000, "far from the 32 MB that were offered"
    assert not answer or answer.startswith(b"HTTP/1.1 400 ")


@pytest.mark.parametrize("length", [100, 59_000, 70_000, 900_000])
async def test_of_a_long_address_the_beginning_counts(length: int) -> None:
    query = b"q=" + b"%F0%9F%8C%B3" * (length // 12)
    _, answer = await _said(b"GET /?" + query + b" HTTP/1.1\r\nhost: a\r\n\r\n", 0)
    assert answer.startswith(b"HTTP/1.1 200 ")
    kept = int(answer.partition(b"x-query-length: ")[2].partition(b"\r\n")[0])
    assert kept == min(len(query), 60_000 - len(b"/?"))


@pytest.mark.parametrize("said", ["Grünpflege", "القراءة", "🌳" * 1_000])
async def test_letters_of_any_script_may_stand_in_an_address_as_they_are(said: str) -> None:
    _, answer = await _said(f"GET /?q={said} HTTP/1.1\r\nhost: a\r\nx-note: ä\r\n\r\n".encode(), 0)
    assert answer.startswith(b"HTTP/1.1 200 ")
    assert b"x-query-length: %d\r\n" % len(f"q={quote(said)}") in answer
    _, answer = await _said(b"GET /?q=Gr\xfcn HTTP/1.1\r\nhost: a\r\n\r\n", 0)
    assert answer.startswith(b"HTTP/1.1 200 "), "nor are those of an old code page an error"


async def test_a_body_of_any_bytes_stays_as_it_is() -> None:
    body = "Grün".encode() * 100
    head = b"POST /?q=\xc3\xbc HTTP/1.1\r\nhost: a\r\ncontent-length: %d\r\n\r\n" % len(body)
    for pieces in ((head + body,), (head, body)):
        _, answer = await _said(pieces[0], 0, b"".join(pieces[1:]))
        assert answer.endswith(b"%d\r\n0\r\n\r\n" % len(body))


async def test_who_would_rather_speak_another_protocol_is_answered_in_this_one() -> None:
    """As Java's client offers HTTP/2 with its first request; its body and what comes after it are not lost."""
    port = servers.free_port()
    server = _Server(uvicorn.Config(_echo_length, port=port, http=BoundedHead, lifespan="off", log_config=None))
    serving = asyncio.create_task(server.serve())
    await server.listens.wait()
    reader, writer = await asyncio.open_connection("127.0.0.1", port)
    tricky = b"x\r\nupgrade: y"
    offer = b"POST / HTTP/1.1\r\nhost: a\r\nconnection: Upgrade\r\nUPGRADE: h2c\r\ncontent-length: %d\r\n\r\n"
    try:
        for body, cut in ((tricky, 0), (tricky, 0), (tricky, 40), (b"x", 40)):
            request = offer % len(body) + body
            for piece in (request[:cut], request[cut:]):
                writer.write(piece)
                await writer.drain()
                await asyncio.sleep(0.05)
            answer = await asyncio.wait_for(reader.readuntil(b"\r\n0\r\n\r\n"), 10)
            assert answer.startswith(b"HTTP/1.1 200 ")
            assert answer.endswith(b"\r\n%d\r\n0\r\n\r\n" % len(body))
    finally:
        writer.close()
        server.should_exit = True
        await serving


@pytest.mark.parametrize("first", [b"\x16\x03\x01 hallo\r\n\r\n", b"GET / HTTP/1.1\r\nhost: \x00\r\n\r\n"])
async def test_what_cannot_be_read_is_refused_in_words_for_people(first: bytes) -> None:
    _, answer = await _said(first, 0)
    assert answer.startswith(b"HTTP/1.1 400 ")
    head, _, page = answer.partition(b"\r\n\r\n")
    assert b"content-length: %d\r\n" % len(page) in head
    assert "Zur Startseite" in page.decode()


async def test_a_long_body_is_no_head() -> None:
    size = 40 * len(_PIECE)
    _, answer = await _said(b"POST / HTTP/1.1\r\nhost: a\r\ncontent-length: %d\r\n\r\n" % size, 40)
    assert answer.startswith(b"HTTP/1.1 200 ")
    assert answer.endswith(b"%d\r\n0\r\n\r\n" % size)
