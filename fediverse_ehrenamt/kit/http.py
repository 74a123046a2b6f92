"""The one HTTP client that leaves the machine: it reaches only checked addresses and reads nothing without a bound.

Each rule is kept where it cannot be talked around: addresses at the socket, sizes on raw bytes, time over the whole
exchange. No cookies are kept, no proxy or password is read from the surroundings, answers are asked for unencoded.
"""

import asyncio
import socket
import ssl
from collections.abc import AsyncGenerator, Callable, Coroutine, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import aclosing
from dataclasses import dataclass
from functools import cache, lru_cache, partial
from types import TracebackType
from typing import Self
from urllib.parse import urljoin

import aiohttp
import httpx
from aiohttp.abc import AbstractResolver, ResolveResult
from httpx_aiohttp import AiohttpTransport

from fediverse_ehrenamt.kit import addresses, ids
from fediverse_ehrenamt.kit.addresses import Target
from fediverse_ehrenamt.kit.errors import PeerError, Rejected, Unavailable, Unreachable
from fediverse_ehrenamt.kit.sentences import sentence

Sign = Callable[[str, str, bytes], Mapping[str, str]]
"""(method, URL, body) → headers to add. The URL is the one on the wire, its Host header `kit.ids.host(url)`."""

Guard = Callable[[str, str], None]
"""(method, host) → raises a `PeerError` where this host must not be spoken to now; asked for each redirect, too."""

_Permit = Callable[[str], bool]

_REDIRECTS = 3
_REDIRECT_STATUSES = frozenset({301, 302, 303, 307, 308})
_CONNECTIONS_PER_HOST = 8
_KEEP_ALIVE_S = 15.0
_LOOKUP_THREADS = 16  # looking up a dead name takes seconds, which other threads' work must not wait for
_ADDRESSES_PER_NAME = 8
_REMEMBERED_URLS = 1024
_LENGTH_DIGITS = 15
_NO_URL = sentence("Das ist keine Adresse, die abgerufen werden kann")


@dataclass(frozen=True, slots=True)
class Response:
    """A peer's answer, whatever its status.

    A 3xx comes without its body, and so does an error, or an answer to POST, whose body is encoded or too large.
    """

    status: int
    url: str  # the one that was asked for, or redirected to
    headers: Mapping[str, str]  # lower-case names, repeated ones joined by ", "
    body: bytes


class _RefusedAddress(OSError):
    """An address that must not be connected to; always with one text, since the connector merges errors by text."""

    def __init__(self) -> None:
        super().__init__("refused address")


class Client:
    """HTTP(S) to peers; one for each process, shared by any number of tasks of one event loop, to be closed.

    Plain HTTP and literal addresses are for `allowed_networks` only. A request waits for one of `max_connections` (8
    for each host) within its own time, so callers should not start many more at once. Plain connections are counted
    apart. `resolver` and `tls` replace the system's.
    """

    def __init__(
        self,
        *,
        user_agent: str,
        allowed_networks: Sequence[addresses.Network] = (),
        max_connections: int = 100,
        resolver: AbstractResolver | None = None,
        tls: ssl.SSLContext | None = None,
    ) -> None:
        self.guard: Guard = _anybody
        self._user_agent = user_agent
        self._allowed = tuple(allowed_networks)
        self._max_connections = max_connections
        self._names = resolver or _SystemNames()
        self._tls = tls or _trusted()
        self._secure = self._transport(self._permits)
        self._plain = self._transport(self._allows)

    async def __aenter__(self) -> Self:
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        await self.aclose()

    async def aclose(self) -> None:
        """Close every connection."""
        await self._secure.aclose()
        await self._plain.aclose()
        await self._names.close()

    async def get(
        self,
        url: str,
        *,
        accept: str,
        sign: Sign | None = None,
        headers: Mapping[str, str] | None = None,
        limit: int = 1_000_000,
        seconds: float = 10.0,
    ) -> Response:
        """Fetch `url` within `seconds`, redirects (3 at most) and body (at most `limit` bytes) included.

        Raises `Rejected` where URL, address, redirect or body break a rule (`peer_status` tells the answer's status,
        if there was one), `Unavailable` where no whole answer came (`Unreachable`: no connection).
        """
        fields = _lowered(headers) | {"accept": accept}
        return await _within(seconds, url, self._follow(url, fields, sign, limit))

    async def post(  # noqa: PLR0913 - all but URL and body are named, and have the defaults of most calls
        self,
        url: str,
        body: bytes,
        *,
        content_type: str,
        sign: Sign | None = None,
        headers: Mapping[str, str] | None = None,
        limit: int = 64_000,
        seconds: float = 10.0,
    ) -> Response:
        """Send `body` to `url` within `seconds`, following no redirect; errors as of `get`.

        An answer's body that is encoded or beyond `limit` bytes is dropped: what counts is whether the peer took ours.
        """
        fields = _lowered(headers) | {"content-type": content_type}
        return await _within(seconds, url, self._deliver(url, body, fields, sign, limit))

    async def _follow(self, url: str, fields: dict[str, str], sign: Sign | None, limit: int) -> Response:
        target = self._checked(url)
        for _ in range(_REDIRECTS + 1):
            response = await self._send("GET", target, self._headers("GET", target, fields, sign, b""), b"", limit)
            location = response.headers.get("location")
            if response.status not in _REDIRECT_STATUSES or not location:
                return response
            following = self._redirected(target, location, response.status)
            if not ids.same_origin(target.wire, following.wire):
                fields = {"accept": fields["accept"]}
            target = following
        raise Rejected(sentence("%(host)s leitet zu oft weiter", host=ids.host(url)))

    async def _deliver(self, url: str, body: bytes, fields: dict[str, str], sign: Sign | None, limit: int) -> Response:
        target = self._checked(url)
        headers = self._headers("POST", target, fields, sign, body)
        try:
            return await self._send("POST", target, headers, body, limit)
        except httpx.HTTPError as error:
            if not _was_closed(error):
                raise
            # Peers close idle connections (Node after 5 s), perhaps just as one is used. For GET aiohttp itself tries
            # again; a POST may come twice, too: activities are told apart by their ids, and jobs would try later.
            return await self._send("POST", target, headers, body, limit)

    def _headers(
        self, method: str, target: Target, fields: Mapping[str, str], sign: Sign | None, body: bytes
    ) -> dict[str, str]:
        signature = _lowered(sign(method, target.wire, body)) if sign else {}
        ours = {"host": target.host, "user-agent": self._user_agent, "accept-encoding": "identity"}
        return {**fields, **signature, **ours}

    async def _send(self, method: str, target: Target, headers: dict[str, str], body: bytes, limit: int) -> Response:
        self.guard(method, target.host)
        request = httpx.Request(method, _parsed(target.wire), headers=headers, content=body or None)
        # The transport itself: httpx's client above it would keep cookies, log each request and take its time.
        transport = self._secure if target.secure else self._plain
        answer = await transport.handle_async_request(request)
        try:
            fields = _fields(answer)
            needed = method == "GET" and answer.is_success
            return Response(answer.status_code, target.asked, fields, await _body(answer, fields, limit, needed=needed))
        finally:
            await answer.aclose()

    def _checked(self, url: str) -> Target:
        try:
            target = addresses.target(url)
        except ValueError as error:
            raise Rejected(_NO_URL) from error
        if not target.secure and not self._allowed:
            raise Rejected(sentence("%(host)s: ohne Verschlüsselung (http) wird nichts abgerufen", host=ids.host(url)))
        if target.literal is not None and not addresses.is_within(target.literal, self._allowed):
            raise _refusal(url)
        return target

    def _redirected(self, target: Target, location: str, status: int) -> Target:
        try:
            following = self._checked(urljoin(target.wire, location))
        except (ValueError, Rejected) as error:
            raise Rejected(
                sentence("%(host)s leitet auf eine unzulässige Adresse weiter", host=ids.host(target.wire)), status
            ) from error
        if target.secure and not following.secure:
            raise Rejected(
                sentence("%(host)s leitet auf eine unverschlüsselte Adresse weiter", host=ids.host(target.wire)), status
            )
        return following

    def _allows(self, host: str) -> bool:
        address = addresses.read(host)
        return address is not None and addresses.is_within(address, self._allowed)

    def _permits(self, host: str) -> bool:
        address = addresses.read(host)
        return address is not None and (addresses.is_within(address, self._allowed) or addresses.is_public(address))

    def _transport(self, permit: _Permit) -> AiohttpTransport:
        # Given as a function, the session is made when a loop runs.
        return AiohttpTransport(verify=self._tls, trust_env=False, client=partial(self._session, permit))

    def _session(self, permit: _Permit) -> aiohttp.ClientSession:
        connector = aiohttp.TCPConnector(
            resolver=_CheckedNames(self._names, permit),
            use_dns_cache=False,
            socket_factory=partial(_open, permit),
            ssl=self._tls,
            limit=self._max_connections,
            limit_per_host=_CONNECTIONS_PER_HOST,
            keepalive_timeout=_KEEP_ALIVE_S,
        )
        return aiohttp.ClientSession(connector=connector, cookie_jar=aiohttp.DummyCookieJar(), trust_env=False)


class _SystemNames(AbstractResolver):
    """The system's resolver, in threads of its own."""

    def __init__(self) -> None:
        self._threads = ThreadPoolExecutor(_LOOKUP_THREADS, thread_name_prefix="names")

    async def resolve(
        self, host: str, port: int = 0, family: socket.AddressFamily = socket.AF_INET
    ) -> list[ResolveResult]:
        lookup = partial(socket.getaddrinfo, host, port, family=family, type=socket.SOCK_STREAM)
        found = await asyncio.get_running_loop().run_in_executor(self._threads, lookup)
        flags = socket.AI_NUMERICHOST | socket.AI_NUMERICSERV
        return [
            ResolveResult(hostname=host, host=str(address[0]), port=port, family=kind, proto=protocol, flags=flags)
            for kind, _, protocol, _, address in found
        ]

    async def close(self) -> None:
        self._threads.shutdown(wait=False, cancel_futures=True)


class _CheckedNames(AbstractResolver):
    """Another resolver without the refused addresses, so that a peer with one bad record beside a good one is reached.

    The socket checks again: a literal address is never resolved.
    """

    def __init__(self, names: AbstractResolver, permit: _Permit) -> None:
        self._names = names
        self._permit = permit

    async def resolve(
        self, host: str, port: int = 0, family: socket.AddressFamily = socket.AF_INET
    ) -> list[ResolveResult]:
        found = await self._names.resolve(host, port, family)
        permitted = [result for result in found if self._permit(result["host"])]
        if permitted:
            return permitted[:_ADDRESSES_PER_NAME]
        raise _RefusedAddress if found else OSError("no address")

    async def close(self) -> None:
        """Leave the other resolver open, which both connectors share."""


def _anybody(_method: str, _host: str) -> None:
    """Stand in for the guard where nobody set one."""


def _open(permit: _Permit, info: aiohttp.AddrInfoType) -> socket.socket:
    """Make the socket for the very address that is connected to next."""
    family, kind, protocol, _, address = info
    if not permit(str(address[0])):
        raise _RefusedAddress
    return socket.socket(family, kind, protocol)


@cache  # to read the authorities takes a tenth of a second
def _trusted() -> ssl.SSLContext:
    """Trust the bundled authorities, and the system's, where a town may have added its own."""
    context = httpx.create_ssl_context(trust_env=False)
    context.load_default_certs()
    context.set_alpn_protocols(["http/1.1"])
    return context


@lru_cache(_REMEMBERED_URLS)
def _parsed(wire: str) -> httpx.URL:
    parsed = httpx.URL(wire)
    if str(parsed) != wire:  # it would be signed in one form and sent in another
        raise Rejected(_NO_URL)
    return parsed


def _lowered(headers: Mapping[str, str] | None) -> dict[str, str]:
    return {name.lower(): value for name, value in headers.items()} if headers else {}


def _fields(answer: httpx.Response) -> dict[str, str]:
    fields: dict[str, str] = {}
    for raw_name, raw_value in answer.headers.raw:
        name, value = raw_name.decode("latin-1").lower(), raw_value.decode("latin-1")
        fields[name] = f"{fields[name]}, {value}" if name in fields else value
    return fields


async def _body(answer: httpx.Response, fields: Mapping[str, str], limit: int, *, needed: bool) -> bytes:
    """Read at most `limit` bytes; a body that must not be read is an error only where it is what was asked for."""
    try:
        return b"" if answer.status_code in _REDIRECT_STATUSES else await _bounded(answer, fields, limit)
    except Rejected:
        if needed:
            raise
        return b""


async def _bounded(answer: httpx.Response, fields: Mapping[str, str], limit: int) -> bytes:
    if fields.get("content-encoding", "").strip().lower() not in {"", "identity"}:
        raise Rejected(sentence("Die Antwort ist komprimiert, obwohl das nicht gewünscht war"), answer.status_code)
    too_large = Rejected(sentence("Die Antwort ist größer als %(most)s Bytes", most=limit), answer.status_code)
    length = fields.get("content-length", "0")
    if len(length) > _LENGTH_DIGITS or int(length) > limit:
        raise too_large
    body = bytearray()
    assert isinstance(answer.stream, httpx.AsyncByteStream)
    chunks = aiter(answer.stream)
    assert isinstance(chunks, AsyncGenerator)  # to be closed when we stop in the middle
    async with aclosing(chunks):
        async for chunk in chunks:
            body += chunk
            if len(body) > limit:
                raise too_large
    return bytes(body)


async def _within(seconds: float, url: str, exchange: Coroutine[None, None, Response]) -> Response:
    """Wait for the whole exchange at most `seconds`, and say in our two errors what went wrong."""
    try:
        async with asyncio.timeout(seconds):
            return await exchange
    except TimeoutError as error:
        raise Unavailable(sentence("%(host)s hat nicht rechtzeitig geantwortet", host=ids.host(url))) from error
    except (httpx.HTTPError, aiohttp.ClientError, OSError) as error:
        raise _fault(url, error) from error


def _was_closed(error: httpx.HTTPError) -> bool:
    """Say whether a connection that stood was closed before any answer."""
    cause = error.__cause__
    return isinstance(cause, aiohttp.ServerDisconnectedError | aiohttp.ClientOSError) and not isinstance(
        cause, aiohttp.ClientConnectorError
    )


def _fault(url: str, error: Exception) -> PeerError:
    # httpx-aiohttp calls every failed connection a time-out or a connection error: the cause below tells them apart.
    cause = error.__cause__
    if isinstance(cause, aiohttp.ClientConnectorError) and isinstance(cause.os_error, _RefusedAddress):
        return _refusal(url)
    # A connection that broke off may have been an idle one; one that could not be made says something of the host.
    kind = Unreachable if isinstance(cause, aiohttp.ClientConnectorError) else Unavailable
    return kind(sentence("%(host)s ist nicht zu erreichen", host=ids.host(url)))


def _refusal(url: str) -> Rejected:
    return Rejected(sentence("%(host)s zeigt auf eine Adresse, die nicht abgerufen werden darf", host=ids.host(url)))
