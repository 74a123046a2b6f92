"""Signs what leaves us, and finds out which signatures a host reads: draft-cavage first, on 400 or 401 the others.

What worked is remembered for each host, in memory and in the database. The keys of our actors are held in memory for
half a minute, so that every process soon uses a key that was replaced by another; a refusal makes it look at once.
"""

import asyncio
from collections import OrderedDict
from collections.abc import Awaitable, Callable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from typing import Literal, cast, get_args
from weakref import WeakKeyDictionary

from sqlalchemy import Table, select, update

from fediverse_ehrenamt.federation import actors, addresses, challenges, own_keys, rfc9421, signatures
from fediverse_ehrenamt.federation.model import HostRow
from fediverse_ehrenamt.federation.own_keys import Keys
from fediverse_ehrenamt.federation.rfc9421 import Wish
from fediverse_ehrenamt.federation.signatures import SigningKey
from fediverse_ehrenamt.jobs import queue
from fediverse_ehrenamt.jobs.queue import NewJob
from fediverse_ehrenamt.kit import ids
from fediverse_ehrenamt.kit.http import Response, Sign
from fediverse_ehrenamt.storage import upsert
from fediverse_ehrenamt.work import Work, Workshop

Scheme = Literal["cavage", "rfc9421", "cavage-path"]
"""draft-cavage, RFC 9421, and draft-cavage over the path without its query, as Mobilizon and Friendica read it."""

TRIES = 3  # of one request, whatever was refused
KEYS_LAST = timedelta(seconds=30)
_ORDER: tuple[Scheme, ...] = get_args(Scheme)
_REFUSALS = frozenset({400, 401})
_READ = range(200, 400)  # the peer has read the signature
_UNREAD = _REFUSALS | {500}  # Gancio's parser falls over one of RFC 9421: what it said before is its answer
_LEAST_SECONDS = 0.2  # less than that is no time for another try
_HOSTS_REMEMBERED = 20_000

_hosts = cast("Table", HostRow.__table__)


@dataclass(frozen=True, slots=True)
class _Knock:
    """One way to sign a request."""

    key: SigningKey
    scheme: Scheme
    wishes: tuple[Wish, ...] = ()

    @property
    def name(self) -> tuple[str, ...]:
        """Tell it apart from others; wishes that differ in a nonce only are one way."""
        return self.key.id, self.scheme, "as wished" if self.wishes else ""

    def sign(self, method: str, url: str, body: bytes, now: datetime, fields: Mapping[str, str]) -> Mapping[str, str]:
        if self.scheme == "rfc9421":
            return rfc9421.sign(self.key, method, url, body, now, fields=fields, wishes=self.wishes)
        signed = url.partition("?")[0] if self.scheme == "cavage-path" else url
        return signatures.sign(self.key, method, signed, body, now)


@dataclass(slots=True)
class _Memory:
    """What a process knows: the keys of our actors with the time when they were read, and the schemes of hosts."""

    keys: dict[str, tuple[datetime, Keys]] = field(default_factory=dict)
    schemes: OrderedDict[str, Scheme] = field(default_factory=OrderedDict)
    loaded: bool = False


_memories: WeakKeyDictionary[Workshop, _Memory] = WeakKeyDictionary()  # tests run several instances in one process


@dataclass(frozen=True, slots=True)
class _Request:
    """Who asks for what: `ask` sends it once, signed, within some seconds."""

    actor: str
    activity: str
    fields: Mapping[str, str]
    ask: Callable[[Sign, float], Awaitable[Response]]
    seconds: float


async def post(  # noqa: PLR0913 - who sends what to whom, and the client's own bounds
    workshop: Workshop,
    actor: str,
    url: str,
    body: bytes,
    *,
    content_type: str,
    activity: str = "",
    seconds: float = 10.0,
) -> Response:
    """Post `body` signed by an actor of ours; `activity` is its id. Returns any answer, errors as of `kit.http`."""

    async def ask(sign: Sign, left: float) -> Response:
        return await workshop.http.post(url, body, content_type=content_type, sign=sign, seconds=left)

    return await _exchange(workshop, _Request(actor, activity, {"content-type": content_type}, ask, seconds))


async def get(
    workshop: Workshop,
    url: str,
    *,
    accept: str,
    headers: Mapping[str, str] | None = None,
    limit: int = 1_000_000,
    seconds: float = 10.0,
) -> Response:
    """Fetch `url` signed by the instance, within `seconds` with all tries. Returns any answer, errors as of `kit.http`.

    `headers` are not signed and not sent on to another origin (`If-None-Match` and the like).
    """

    async def ask(sign: Sign, left: float) -> Response:
        return await workshop.http.get(url, accept=accept, sign=sign, headers=headers, limit=limit, seconds=left)

    instance = addresses.instance_actor(workshop.settings)
    return await _exchange(workshop, _Request(instance, "", {"accept": accept}, ask, seconds))


# --- knocking ---------------------------------------------------------------------------------------------------------
async def _exchange(workshop: Workshop, request: _Request) -> Response:
    """Ask once, and again while the answer is a refusal that another signature could change."""
    memory = await _memory(workshop)
    keys = await _keys(workshop, memory, request.actor)
    first_key = keys.for_activity(request.activity)
    others: dict[str, _Knock] = {}  # by origin, since redirects lead elsewhere

    def knock(url: str) -> _Knock:
        other = others.get(ids.origin(url)) if others else None
        return other or _Knock(first_key, memory.schemes.get(ids.host(url), "cavage"))

    def sign(method: str, url: str, body: bytes) -> Mapping[str, str]:
        return knock(url).sign(method, url, body, workshop.now(), request.fields)

    loop = asyncio.get_running_loop()
    deadline = loop.time() + request.seconds
    first = response = await request.ask(sign, request.seconds)
    tried: set[tuple[str, ...]] = set()
    while response.status in _REFUSALS and len(tried) < TRIES - 1:
        origin, left = ids.origin(response.url), deadline - loop.time()
        tried.add((origin, *knock(origin).name))
        if not others:
            keys = await _keys(workshop, memory, request.actor, anew=True)
        ways = _ways(knock(origin), keys.current, response)
        following = next((way for way in ways if (origin, *way.name) not in tried), None)
        if following is None or left < _LEAST_SECONDS:
            break
        others[origin] = following
        response = await request.ask(sign, left)
    if response.status not in _READ:
        return first if response.status in _UNREAD else response
    for origin, worked in others.items():
        await _remember(workshop, memory, origin, worked.scheme)
    return response


def _ways(refused: _Knock, key: SigningKey, response: Response) -> Iterator[_Knock]:
    """Yield the other ways to knock: with the key of now, as the peer wants it, by the other schemes."""
    yield replace(refused, key=key)
    wishes = challenges.read(response.headers.get("accept-signature", ""), key.id)
    if wishes:
        yield _Knock(key, "rfc9421", wishes)
    for scheme in _ORDER if "?" in response.url else _ORDER[:2]:
        yield _Knock(key, scheme)


# --- what is known ----------------------------------------------------------------------------------------------------
async def _memory(workshop: Workshop) -> _Memory:
    """Return what this process knows; the schemes are read once, so that no delivery asks the database for them."""
    memory = _memories.setdefault(workshop, _Memory())
    if not memory.loaded:
        for host, scheme in await workshop.read(_schemes):
            memory.schemes.setdefault(host, scheme)
        memory.loaded = True
    return memory


def _schemes(work: Work) -> list[tuple[str, Scheme]]:
    known = select(HostRow.host, HostRow.scheme).where(HostRow.scheme.is_not(None)).limit(_HOSTS_REMEMBERED)
    return [(host, scheme) for host, scheme in work.db.execute(known) if scheme in _ORDER]


async def _remember(workshop: Workshop, memory: _Memory, origin: str, scheme: Scheme) -> None:
    host = ids.host(origin)
    if memory.schemes.get(host, "cavage") == scheme:
        return
    memory.schemes[host] = scheme
    if len(memory.schemes) > _HOSTS_REMEMBERED:
        memory.schemes.popitem(last=False)
    await workshop.write(_note, origin, scheme)


def _note(work: Work, origin: str, scheme: Scheme) -> None:
    """Write down the scheme of a host; one that is not known yet is also asked what it is, as every new one."""
    host = ids.host(origin)
    noted = work.db.execute(update(_hosts).where(_hosts.c.host == host).values(scheme=scheme).returning(_hosts.c.host))
    if noted.first() is None:
        row = {"host": host, "software": "", "sister": False, "asked_at": work.now, "scheme": scheme}
        upsert.add_missing(work.db, _hosts, ["host"], [row])
        queue.enqueue(work, [NewJob(host, "identify", origin)])


async def _keys(workshop: Workshop, memory: _Memory, actor: str, *, anew: bool = False) -> Keys:
    """Return the keys of an actor of ours, from memory for KEYS_LAST."""
    now, known = workshop.now(), memory.keys.get(actor)
    if known is not None and not anew and now - known[0] < KEYS_LAST:
        return known[1]
    if known is not None:
        memory.keys[actor] = (now, known[1])  # those who come meanwhile need not look too
    found = await workshop.read(_find, actor)
    if found is None:
        found = await workshop.write(actors.keys, actor)
    memory.keys[actor] = (now, found)
    return found


def _find(work: Work, actor: str) -> Keys | None:
    """Return the keys unless they are still to be made, or sealed, which takes a transaction that may write."""
    row = actors.by_uri(work, actor)
    return own_keys.load(work, row) if row.rsa_private and own_keys.is_sealed(row) else None
