"""Which signatures a host reads is found out by knocking: bounded, remembered, and with the key that counts now."""

from collections.abc import AsyncIterator
from pathlib import Path

import pytest
from sqlalchemy import select

from fediverse_ehrenamt.federation import actors, challenges, own_keys, rotation, sending
from fediverse_ehrenamt.federation.model import HostRow
from fediverse_ehrenamt.federation.rfc9421 import Wish
from fediverse_ehrenamt.jobs.model import JobRow
from fediverse_ehrenamt.kit import ids
from fediverse_ehrenamt.kit.errors import Unavailable
from fediverse_ehrenamt.kit.http import Response
from fediverse_ehrenamt.work import Work, Workshop
from tests import workbench
from tests.federation.doors import Door
from tests.federation.origin import Answer, Origin
from tests.workbench import Clock

pytestmark = pytest.mark.anyio
RELAY = "http://hagen.example/ap/actor/relay"
BODY = b'{"type":"Create"}'
JSON = "application/activity+json"


async def keys(home: Workshop) -> dict[str, str]:
    """Return the public keys that the instance's actor shows now, by their ids."""
    actor = await home.write(lambda work: actors.to_wire(work, actors.with_keys(work, RELAY)))
    return {key.id: key.pem for key in actor.keys}


async def post(home: Workshop, peer: Origin, path: str = "/inbox") -> Response:
    return await sending.post(home, RELAY, peer.at(path), BODY, content_type=JSON)


async def get(home: Workshop, url: str, seconds: float = 10.0) -> Response:
    return await sending.get(home, url, accept=JSON, seconds=seconds)


def restart(home: Workshop) -> None:
    """Forget what the process knew."""
    sending._memories.pop(home, None)


async def scheme(home: Workshop, peer: Origin) -> str | None:
    chosen = select(HostRow.scheme).where(HostRow.host == ids.host(peer.url))
    return await home.read(lambda work: work.db.scalar(chosen))


# --- knocking ---------------------------------------------------------------------------------------------------------
async def test_who_reads_draft_cavage_is_asked_once(home: Workshop, peer: Origin) -> None:
    door = Door(peer, await keys(home), lambda way: way == "cavage")
    assert (await post(home, peer)).status == 200
    assert (await get(home, peer.at("/users/anna?page=1"))).status == 200
    assert door.ways == ["cavage", "cavage"]
    assert await scheme(home, peer) is None


@pytest.mark.parametrize("refusal", [400, 401])
async def test_who_reads_only_rfc9421_is_asked_twice_once(home: Workshop, peer: Origin, refusal: int) -> None:
    door = Door(peer, await keys(home), lambda way: way == "rfc9421", Answer(status=refusal))
    for _ in range(2):
        assert (await post(home, peer)).status == 200
        assert (await get(home, peer.at("/outbox?page=1"))).status == 200
    assert door.ways == ["cavage", *["rfc9421"] * 4]
    assert await scheme(home, peer) == "rfc9421"
    restart(home)
    await post(home, peer)
    assert door.ways[5:] == ["rfc9421"]


async def test_rfc9421_is_signed_as_mastodon_and_fedify_read_it(home: Workshop, peer: Origin, clock: Clock) -> None:
    door = Door(peer, await keys(home), lambda way: way == "rfc9421")
    await post(home, peer)
    await get(home, peer.at("/users/anna"))
    parameters = f';created={int(clock.now.timestamp())};keyid="{RELAY}#main-key";alg="rsa-v1_5-sha256"'
    assert door.inputs == [
        f'sig1=("@method" "@target-uri" "content-digest"){parameters}',
        f'sig1=("@method" "@target-uri"){parameters}',
    ]
    assert peer.headers[1]["content-digest"].startswith("sha-256=:")
    assert peer.headers[1]["content-type"] == JSON
    assert "date" in peer.headers[1]


async def test_who_turns_back_to_draft_cavage_is_understood_too(home: Workshop, peer: Origin) -> None:
    door = Door(peer, await keys(home), lambda way: way == "rfc9421")
    await post(home, peer)
    door.opens = lambda way: way == "cavage"
    for _ in range(2):
        assert (await post(home, peer)).status == 200
    assert door.ways == ["cavage", "rfc9421", "rfc9421", "cavage", "cavage"]
    assert await scheme(home, peer) == "cavage"


async def test_who_opens_to_nobody_is_left_alone(home: Workshop, peer: Origin) -> None:
    """The first answer counts; nothing is remembered."""
    door = Door(peer, await keys(home), lambda _: False)
    for _ in range(2):
        assert (await post(home, peer)).status == 401
    assert door.ways == ["cavage", "rfc9421"] * 2
    assert await scheme(home, peer) is None


async def test_the_first_refusal_is_the_one_that_is_told(home: Workshop, peer: Origin) -> None:
    Door(peer, {}, lambda _: False, Answer(status=400))
    assert (await post(home, peer)).status == 400


@pytest.mark.parametrize(("failure", "told"), [(500, 400), (503, 503)])
async def test_who_falls_over_another_signature_has_said_no_before(
    home: Workshop, peer: Origin, failure: int, told: int
) -> None:
    """Gancio refuses an event that it cannot read with 400, and answers a signature of RFC 9421 with 500."""
    door = Door(peer, await keys(home), lambda way: way == "rfc9421", Answer(status=400), Answer(status=failure))
    assert (await post(home, peer)).status == told
    assert door.ways == ["cavage", "rfc9421"]
    assert await scheme(home, peer) is None


@pytest.mark.parametrize("status", [403, 404, 410, 429, 500, 503])
async def test_other_answers_are_no_matter_of_signatures(home: Workshop, peer: Origin, status: int) -> None:
    door = Door(peer, await keys(home), lambda _: False, Answer(status=status))
    assert (await post(home, peer)).status == status
    assert (await get(home, peer.at("/x?y"))).status == status
    assert door.ways == ["cavage", "cavage"]


async def test_what_is_not_there_is_not_there_by_the_second_way_either(home: Workshop, peer: Origin) -> None:
    door = Door(peer, await keys(home), lambda way: way == "rfc9421", welcome=Answer(status=404))
    assert (await get(home, peer.at("/users/gone"))).status == 404
    assert door.ways == ["cavage", "rfc9421"]


async def test_who_signs_the_path_only_is_understood(home: Workshop, peer: Origin) -> None:
    """Mobilizon and Friendica leave the query out of (request-target)."""
    door = Door(peer, await keys(home), lambda way: way == "cavage-path")
    for _ in range(2):
        assert (await get(home, peer.at("/outbox?page=2"))).status == 200
    assert door.ways == ["cavage", "rfc9421", "cavage-path", "cavage-path"]
    door.opens = lambda way: way == "cavage"  # without a query the two are the same
    assert (await post(home, peer)).status == 200
    assert await scheme(home, peer) == "cavage-path"


async def test_each_origin_on_the_way_is_signed_as_it_reads(home: Workshop, peer: Origin, other: Origin) -> None:
    Door(other, await keys(home), lambda way: way == "rfc9421")
    peer.move("/go", other.at("/users/anna"))
    assert (await get(home, peer.at("/go"))).url == other.at("/users/anna")
    assert "signature-input" not in peer.headers[-1]
    assert (await scheme(home, other), await scheme(home, peer)) == ("rfc9421", None)


async def test_all_tries_share_the_time(home: Workshop, peer: Origin, monkeypatch: pytest.MonkeyPatch) -> None:
    Door(peer, await keys(home), lambda _: False, Answer(status=401, wait=1.5))
    with pytest.raises(Unavailable):
        await get(home, peer.at("/x"), seconds=2.9)  # a busy machine comes to ask twice too
    assert len(peer.requests) == 2
    monkeypatch.setattr(sending, "_LEAST_SECONDS", 10.0)
    assert (await get(home, peer.at("/x"), seconds=10.0)).status == 401  # what is left is too little for another
    assert len(peer.requests) == 3


async def test_a_host_that_is_new_is_also_asked_what_it_is(home: Workshop, peer: Origin) -> None:
    Door(peer, await keys(home), lambda way: way == "rfc9421")
    await post(home, peer)
    jobs = await home.read(lambda work: [(job.name, job.argument) for job in work.db.scalars(select(JobRow))])
    assert jobs == [("identify", peer.url)]


async def test_memory_is_bounded(home: Workshop, peer: Origin, other: Origin, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sending, "_HOSTS_REMEMBERED", 1)
    for one in (peer, other):
        Door(one, await keys(home), lambda way: way == "rfc9421")
        await post(home, one)
    assert list(sending._memories[home].schemes) == [ids.host(other.url)]


# --- Accept-Signature -------------------------------------------------------------------------------------------------
def challenge(text: str) -> Answer:
    return Answer(status=401, headers=(("Accept-Signature", text),))


async def test_a_peer_may_say_how_it_wants_it(home: Workshop, peer: Origin) -> None:
    wish = (
        'door=("@method" "@authority" "content-type" "date");created;expires;nonce="n-1";tag="ap";alg="rsa-v1_5-sha256"'
    )
    door = Door(peer, await keys(home), lambda way: way == "rfc9421 wished", challenge(wish))
    assert (await post(home, peer)).status == 200
    assert door.ways == ["cavage", "rfc9421 wished"]
    (given,) = door.inputs
    assert given.startswith(
        'door=("@method" "@target-uri" "content-digest" "@authority" "content-type" "date");created='
    )
    assert ';nonce="n-1";tag="ap"' in given
    assert await scheme(home, peer) == "rfc9421"


async def test_wishes_are_met_once_and_no_more_than_three_tries_are_made(home: Workshop, peer: Origin) -> None:
    door = Door(peer, await keys(home), lambda _: False, challenge('a=("@authority");nonce="1"'))
    assert (await get(home, peer.at("/x?y"))).status == 401
    assert door.ways == ["cavage", "rfc9421 wished", "rfc9421"]


async def test_what_a_peer_wants_never_weakens_a_signature(home: Workshop, peer: Origin) -> None:
    """A signature over nothing but a nonce could be used at another server."""
    door = Door(peer, await keys(home), lambda _: False, challenge('a=();nonce="1"'))
    await post(home, peer)
    assert door.inputs[0].startswith('a=("@method" "@target-uri" "content-digest");')


KEY_ID = f"{RELAY}#main-key"


@pytest.mark.parametrize(
    ("header", "wishes"),
    [
        ('a=("@method");created', (Wish("a", ("@method",)),)),
        ('a=("@path" "@query");nonce="n";tag="t";expires', (Wish("a", ("@path", "@query"), True, "n", "t"),)),
        (f'a=();keyid="{KEY_ID}";alg="rsa-v1_5-sha256"', (Wish("a"),)),
        ("a=(), b=()", (Wish("a"), Wish("b"))),
        ("a=(), b=(), c=(), d=(), e=()", (Wish("a"), Wish("b"), Wish("c"), Wish("d"))),
        ('a=("@status"), b=("@method")', (Wish("b", ("@method",)),)),
        ('a=("cookie")', ()),
        ('a=("@query-param";name="x")', ()),
        ('a=("date";sf)', ()),
        ("a=(date)", ()),
        ('a=();alg="ed25519"', ()),
        ('a=();keyid="https://evil.example/k"', ()),
        (f'a=();nonce="{"n" * 257}"', ()),
        ('a=();nonce="a b"', ()),
        ("a=();nonce=1", ()),
        ("a=();tag", ()),
        ("a=1", ()),
        ("a=(", ()),
        ("", ()),
        (f'a=("{"x" * 9000}")', ()),
        ("ä=()", ()),
    ],
)
def test_wishes_that_can_be_met(header: str, wishes: tuple[Wish, ...]) -> None:
    assert challenges.read(header, KEY_ID) == wishes


# --- keys that were replaced ------------------------------------------------------------------------------------------
@pytest.fixture
async def command_line(home: Workshop, clock: Clock, tmp_path: Path) -> AsyncIterator[Workshop]:
    """Another process on the same database."""
    opened = workbench.open_workshop(workbench.settings(home.settings.database_url, tmp_path), clock)
    yield opened
    await opened.close()


def rotate(work: Work) -> rotation.Rotation:
    return rotation.rotate(work, "relay", own_keys.generate())


async def test_a_refusal_makes_a_process_look_for_a_new_key(
    home: Workshop, command_line: Workshop, peer: Origin
) -> None:
    """The clock stands still, so that nothing else could tell it."""
    door = Door(peer, await keys(home), lambda way: way == "cavage")
    await post(home, peer)
    await command_line.write(rotate)
    door.keys = await keys(home)
    assert (await post(home, peer)).status == 200
    assert door.key_ids == ["main-key", "main-key", "main-key-2"]
    assert door.ways == ["cavage", "unknown key", "cavage"]
    await post(home, peer)
    assert door.key_ids[3:] == ["main-key-2"]
    assert await scheme(home, peer) is None


async def test_without_a_refusal_it_looks_after_half_a_minute(
    home: Workshop, command_line: Workshop, peer: Origin, clock: Clock
) -> None:
    door = Door(peer, await keys(home), lambda way: way == "cavage")
    await post(home, peer)
    await command_line.write(rotate)
    door.keys |= await keys(home)
    await post(home, peer)
    clock.now += sending.KEYS_LAST
    await post(home, peer)
    assert door.key_ids == ["main-key", "main-key", "main-key-2"]
