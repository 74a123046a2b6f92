"""The load: requests that are ready as bytes, written to many kept-alive connections, answers looked at for one word.

It must be able to do twice what the quickest server here can, so it parses nothing and makes nothing.
"""

import asyncio
import time
from collections.abc import Iterator, Sequence
from typing import cast

import uvloop

CONNECTIONS = 192  # at once, each with one request under way
_ACCEPTED = b"HTTP/1.1 202"
_END_OF_HEAD = b"\r\n\r\n"
_LONGEST_SECONDS = 60.0


def send(port: int, letters: Sequence[bytes], connections: int = CONNECTIONS) -> float:
    """Send all letters to a server on this machine and return the seconds that it took to accept them.

    AssertionError where one is not accepted. Connections are made before the clock starts.
    """
    with asyncio.Runner(loop_factory=uvloop.new_event_loop) as runner:
        return runner.run(_send(port, letters, min(connections, len(letters))))


async def _send(port: int, letters: Sequence[bytes], connections: int) -> float:
    loop = asyncio.get_running_loop()
    done: asyncio.Future[None] = loop.create_future()
    delivery = _Delivery(iter(letters), len(letters), done)
    pipes = []
    for _ in range(connections):
        _, pipe = await loop.create_connection(lambda: _Pipe(delivery), "127.0.0.1", port)
        pipes.append(pipe)
    started = time.perf_counter()
    for pipe in pipes:
        pipe.send_next()
    async with asyncio.timeout(_LONGEST_SECONDS):
        await done
    seconds = time.perf_counter() - started
    for pipe in pipes:
        pipe.close()
    return seconds


class _Delivery:
    """What all connections share: the letters to come, and how many are still to be answered."""

    def __init__(self, letters: Iterator[bytes], waiting: int, done: asyncio.Future[None]) -> None:
        self.letters = letters
        self.waiting = waiting
        self.done = done

    def answered(self, answer: bytes) -> None:
        self.waiting -= 1
        if not answer.startswith(_ACCEPTED):
            self.fail(f"not accepted: {answer[:300]!r}")
        elif not self.waiting and not self.done.done():
            self.done.set_result(None)

    def fail(self, reason: str) -> None:
        if not self.done.done():
            self.done.set_exception(AssertionError(reason))


class _Pipe(asyncio.Protocol):
    """One connection; the next letter follows the answer to the one before."""

    def __init__(self, delivery: _Delivery) -> None:
        self._delivery = delivery
        self._answer = b""
        self._transport: asyncio.WriteTransport | None = None

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        self._transport = cast("asyncio.WriteTransport", transport)  # uvloop's is none by inheritance

    def send_next(self) -> None:
        letter = next(self._delivery.letters, None)
        if letter is not None and self._transport is not None:
            self._transport.write(letter)

    def data_received(self, data: bytes) -> None:
        self._answer += data
        if _END_OF_HEAD in self._answer:
            answer, self._answer = self._answer, b""
            self._delivery.answered(answer)
            self.send_next()

    def connection_lost(self, exc: Exception | None) -> None:
        if self._delivery.waiting:
            self._delivery.fail(f"the server closed the connection: {exc}")

    def close(self) -> None:
        if self._transport is not None:
            self._transport.close()
