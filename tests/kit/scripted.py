"""Scripted servers, name servers and certificates at real sockets of loopback, and short ways to ask them."""

import asyncio
import datetime as dt
import socket
import ssl
from collections.abc import AsyncIterator, Awaitable, Callable, Mapping, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from ipaddress import ip_address, ip_network
from pathlib import Path

from aiohttp.abc import AbstractResolver, ResolveResult
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID

from fediverse_ehrenamt.kit.http import Client, Response

OK = b"HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok"
ACCEPTED = b"HTTP/1.1 202 Accepted\r\nContent-Length: 0\r\n\r\n"
ACTIVITY = "application/activity+json"
HOME = ip_network("127.0.0.1/32")  # 127.0.0.2 stands for what must never be reached
TEST_S = 20.0
HEADER_BYTES = 65_536

Reply = bytes | Callable[[asyncio.StreamReader, asyncio.StreamWriter], Awaitable[None]]


@dataclass
class Received:
    method: str
    target: str
    headers: dict[str, str]
    body: bytes


@dataclass
class Peer:
    """A scripted server on a socket: one reply for each request, the last one again and again."""

    replies: Sequence[Reply]
    host: str = "127.0.0.1"
    port: int = 0
    scheme: str = "http"
    requests: list[Received] = field(default_factory=list)
    connections: int = 0
    open_now: int = 0
    idle: asyncio.Event = field(default_factory=asyncio.Event)

    @property
    def url(self) -> str:
        return f"{self.scheme}://{f'[{self.host}]' if ':' in self.host else self.host}:{self.port}"

    async def serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        self.connections += 1
        self.open_now += 1
        self.idle.clear()
        try:
            while await self._answer(reader, writer):
                pass
        except (ConnectionError, asyncio.IncompleteReadError, ssl.SSLError):
            pass  # the client has gone, which is its right
        finally:
            self.open_now -= 1
            if not self.open_now:
                self.idle.set()
            writer.close()

    async def _answer(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> bool:
        head = (await reader.readuntil(b"\r\n\r\n")).decode("latin-1")
        line, *fields = head[:-4].split("\r\n")
        method, target, _ = line.split(" ")
        headers = {name.lower(): value.strip() for name, _, value in (one.partition(":") for one in fields)}
        assert len(headers) == len(fields), "a header was sent twice"
        received = Received(method, target, headers, b"")
        self.requests.append(received)
        reply = self.replies[min(len(self.requests), len(self.replies)) - 1]
        if not isinstance(reply, bytes):
            await reply(reader, writer)
            return False
        received.body = await reader.readexactly(int(headers.get("content-length", "0")))
        writer.write(reply)
        await writer.drain()
        return True


@asynccontextmanager
async def peer(
    *replies: Reply,
    host: str = "127.0.0.1",
    port: int = 0,
    tls: ssl.SSLContext | None = None,
    receive_buffer: int = 65_536,
) -> AsyncIterator[Peer]:
    one = Peer(replies or (OK,), host, scheme="https" if tls else "http")
    tasks: set[asyncio.Task[None]] = set()

    async def serve(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        task = asyncio.current_task()
        assert task is not None
        tasks.add(task)
        task.add_done_callback(tasks.discard)
        await one.serve(reader, writer)

    server = await asyncio.start_server(serve, host, port, ssl=tls, limit=HEADER_BYTES)
    server.sockets[0].setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, receive_buffer)
    one.port = server.sockets[0].getsockname()[1]
    try:
        async with asyncio.timeout(TEST_S):
            yield one
    finally:
        server.close()
        for task in tuple(tasks):
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)
        await server.wait_closed()
        await asyncio.sleep(0)


class Names(AbstractResolver):
    """What an attacker's name server says: one list of addresses after the other, the last for good."""

    def __init__(self, answers: Mapping[str, Sequence[Sequence[str]]]) -> None:
        self.answers = {name: list(lists) for name, lists in answers.items()}
        self.asked: list[str] = []

    async def resolve(
        self,
        host: str,
        port: int = 0,
        family: socket.AddressFamily = socket.AF_INET,  # noqa: ARG002 - aiohttp's interface
    ) -> list[ResolveResult]:
        self.asked.append(host)
        lists = self.answers.get(host)
        if lists is None:
            raise socket.gaierror(socket.EAI_NONAME, "Name or service not known")
        found = lists.pop(0) if len(lists) > 1 else lists[0]
        return [
            ResolveResult(
                hostname=host,
                host=address,
                port=port,
                family=socket.AF_INET6 if ":" in address else socket.AF_INET,
                proto=0,
                flags=socket.AI_NUMERICHOST,
            )
            for address in found
        ]

    async def close(self) -> None:
        pass


@dataclass
class Authority:
    certificate: str
    server: ssl.SSLContext

    def trusted(self) -> ssl.SSLContext:
        return ssl.create_default_context(cadata=self.certificate)


def authority(folder: Path) -> Authority:
    """Make a certificate for peer.example and 127.0.0.2 that signs itself."""
    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "peer.example")])
    names = [x509.DNSName("peer.example"), x509.IPAddress(ip_address("127.0.0.2"))]
    now = dt.datetime.now(dt.UTC)
    certificate = (
        x509.CertificateBuilder()
        .subject_name(name)
        .issuer_name(name)
        .public_key(key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(now - dt.timedelta(days=1))
        .not_valid_after(now + dt.timedelta(days=1))
        .add_extension(x509.SubjectAlternativeName(names), critical=False)
        .add_extension(x509.BasicConstraints(ca=True, path_length=0), critical=True)
        .sign(key, hashes.SHA256())
    )
    public = certificate.public_bytes(serialization.Encoding.PEM)
    private = key.private_bytes(
        serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
    )
    path = folder / "peer.pem"
    path.write_bytes(private + public)
    server = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    server.load_cert_chain(path)
    return Authority(public.decode(), server)


def named(answers: Mapping[str, Sequence[Sequence[str]]], tls: ssl.SSLContext | None = None) -> Client:
    return Client(user_agent="t", allowed_networks=[HOME], resolver=Names(answers), tls=tls)


def home(name: str) -> dict[str, list[list[str]]]:
    return {name: [["127.0.0.1"]]}


async def fetch(client: Client, url: str, limit: int = 1000, seconds: float = 5.0) -> Response:
    return await client.get(url, accept=ACTIVITY, limit=limit, seconds=seconds)


def moved(location: str, status: int = 302) -> bytes:
    return f"HTTP/1.1 {status} Found\r\nLocation: {location}\r\nContent-Length: 0\r\n\r\n".encode()
