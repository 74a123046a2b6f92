"""Peers that take everything: answers 202 to any POST, on as many loopback addresses as asked.

`python -m tests.benchmarks.sink PORT COUNT` listens on 127.0.1.1, 127.0.1.2, … and on 127.0.0.1.
"""

import asyncio
import re
import resource
import sys
from typing import cast

import uvloop

_HEAD_END = b"\r\n\r\n"
_LENGTH = re.compile(rb"(?i)\ncontent-length: *(\d+)")
_ANSWER = b"HTTP/1.1 202 Accepted\r\ncontent-length: 0\r\n\r\n"
_BACKLOG = 1_000
_IN_A_ROW = 250  # addresses that share their first three bytes


def addresses(count: int) -> list[str]:
    """Return loopback addresses, each another origin."""
    assert 0 < count <= _IN_A_ROW * _IN_A_ROW, "two bytes tell them apart"
    return [f"127.0.{1 + number // _IN_A_ROW}.{1 + number % _IN_A_ROW}" for number in range(count)]


class _Sink(asyncio.Protocol):
    def __init__(self) -> None:
        self._held = b""
        self._transport: asyncio.WriteTransport | None = None

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        self._transport = cast("asyncio.WriteTransport", transport)  # uvloop's is none by inheritance

    def data_received(self, data: bytes) -> None:
        self._held = self._held + data if self._held else data
        while (end := self._held.find(_HEAD_END)) >= 0:
            length = _LENGTH.search(self._held, 0, end + 2)
            whole = end + len(_HEAD_END) + (int(length[1]) if length else 0)
            if len(self._held) < whole:
                return
            self._held = self._held[whole:]
            assert self._transport is not None, "data comes after the connection"
            self._transport.write(_ANSWER)


async def _serve(port: int, hosts: list[str]) -> None:
    _, most = resource.getrlimit(resource.RLIMIT_NOFILE)
    resource.setrlimit(resource.RLIMIT_NOFILE, (most, most))  # each address is a socket
    server = await asyncio.get_running_loop().create_server(_Sink, hosts, port, backlog=_BACKLOG)
    await server.serve_forever()


if __name__ == "__main__":
    uvloop.run(_serve(int(sys.argv[1]), ["127.0.0.1", *addresses(int(sys.argv[2]))]))
