"""Our own actors and what we remember of others; on both databases."""

from dataclasses import replace
from datetime import timedelta

import pytest

from fediverse_ehrenamt.federation import actors, peers
from fediverse_ehrenamt.instance import Instance
from fediverse_ehrenamt.kit.errors import Invalid, NotFound, Rejected
from fediverse_ehrenamt.vocab.keys import PublicKey
from fediverse_ehrenamt.vocab.types import Image
from fediverse_ehrenamt.work import Work, Workshop
from tests import workbench
from tests.workbench import ANNA, PEER, PEM, Clock, person

pytestmark = pytest.mark.anyio
RELAY = "http://hagen.example/ap/actor/relay"


@pytest.fixture
def home(instance: Instance) -> Workshop:
    return instance.workshop


async def refused(home: Workshop, handle: str) -> str:
    with pytest.raises(Invalid) as caught:
        await home.write(workbench.add_organisation, handle)
    (problem,) = caught.value.problems
    assert problem.field == "handle"
    return problem.message


@pytest.mark.parametrize(
    ("handle", "proposal"),
    [
        ("ab", "ab_"),
        ("", "___"),
        ("Bücherei", "buecherei"),
        ("St. Josef-Straße", "st__josef_strasse"),
        ("x" * 31, "x" * 30),
        ("a@b", "ab_"),
        ("böse\n", "boese"),
    ],
)
async def test_no_handle(home: Workshop, handle: str, proposal: str) -> None:
    assert (await refused(home, handle)).endswith(f"z. B. {proposal}")


@pytest.mark.parametrize("handle", sorted(name for name in actors.RESERVED if len(name) > 2))
async def test_a_reserved_handle(town: Instance, handle: str) -> None:
    assert "ist reserviert" in await refused(town.workshop, handle)


async def test_a_handle_is_never_given_out_twice(home: Workshop, clock: Clock) -> None:
    uri = await home.write(workbench.add_organisation, "thw")
    assert "frei wäre zum Beispiel thw_2" in await refused(home, "thw")
    await home.write(workbench.add_organisation, "thw_2")
    assert "thw_3" in await refused(home, "thw")

    def end(work: Work) -> None:
        actors.by_uri(work, uri).gone_at = clock.now

    await home.write(end)
    assert "schon vergeben" in await refused(home, "thw")
    longest = "x" * 30
    await home.write(workbench.add_organisation, longest)
    assert f"{'x' * 27}_2" in await refused(home, longest)


async def test_actors_are_found_or_said_to_be_missing(home: Workshop) -> None:
    uri = await home.write(workbench.add_organisation, "thw")
    assert (await home.read(actors.by_uri, uri)).handle == "thw"
    with pytest.raises(NotFound):
        await home.read(actors.by_uri, f"{uri}x")
    assert (await home.read(actors.instance)).name == "Ehrenamt Hagen"


async def test_an_empty_database_is_no_instance(workshop: Workshop) -> None:
    with pytest.raises(NotFound, match="ehrenamt init"):
        await workshop.read(actors.instance)


async def test_keys_are_made_once(home: Workshop) -> None:
    uri = await home.write(workbench.add_keyless)
    first = await home.write(actors.with_keys, uri)
    again = await home.write(actors.with_keys, uri)
    assert first.rsa_private == again.rsa_private
    assert "PRIVATE" not in first.rsa_private
    key = await home.write(actors.signing_key, uri)
    assert key is await home.write(actors.signing_key, uri)
    assert key.id == f"{uri}#main-key"


# --- others -----------------------------------------------------------------------------------------------------------
async def test_an_actor_is_remembered_as_it_last_described_itself(home: Workshop, clock: Clock) -> None:
    await home.write(peers.remember, person(icon=Image(url=f"{PEER}/i.png")))
    clock.forward(hours=1)
    evil = "<p>Hallo</p><script>alert(1)</script>"
    await home.write(peers.remember, person(name="x" * 300, summary=evil, keys=(), url=""))
    row = await home.read(peers.find, ANNA)
    assert row is not None
    assert (len(row.name), row.url, row.key_id, row.fetched_at) == (200, ANNA, "", clock.now)
    assert "script" not in row.summary
    assert await home.read(peers.known, [ANNA, f"{PEER}/users/x"]) == {ANNA}
    await home.write(peers.forget, ANNA)
    assert await home.read(peers.find, ANNA) is None


@pytest.mark.parametrize(
    "key",
    [
        PublicKey(id=f"{ANNA}#main-key", owner="https://evil.example/users/eve", pem=PEM),
        PublicKey(id="https://evil.example/key", owner=ANNA, pem=PEM),
        PublicKey(id="https://peer.example:444/key", owner=ANNA, pem=PEM),
    ],
)
async def test_a_key_of_another_is_not_remembered(home: Workshop, key: PublicKey) -> None:
    await home.write(peers.remember, person(keys=(key,)))
    assert await home.read(peers.find_by_key, key.id) is None
    good = replace(key, id=f"{ANNA}#second", owner=ANNA)
    await home.write(peers.remember, person(keys=(key, good)))
    assert await home.read(peers.find_by_key, good.id) is not None


async def test_nobody_can_have_deliveries_sent_to_a_third(home: Workshop) -> None:
    await home.write(peers.remember, person())
    for inbox in (
        "https://victim.example/inbox",
        "https://peer.example.evil.example/",
        "https://xpeer.example/inbox",
        "",
    ):
        with pytest.raises(Rejected, match="Posteingang auf einem anderen Host"):
            await home.write(peers.remember, person(name="Eve", inbox=inbox))
    row = await home.read(peers.find, ANNA)
    assert row is not None
    assert (row.name, row.inbox) == ("Anna", f"{ANNA}/inbox")
    shared = f"{PEER}/inbox"
    await home.write(peers.remember, person(inbox="https://in.peer.example/anna", shared_inbox=shared))
    row = await home.read(peers.find, ANNA)
    assert row is not None
    assert (row.inbox, row.shared_inbox) == ("https://in.peer.example/anna", shared)


async def test_strangers_are_forgotten_after_a_day(home: Workshop, clock: Clock) -> None:
    town = "https://town.example/ap/actor/relay"
    await home.write(workbench.add_source)
    await home.write(workbench.add_source, town, whole=True)
    neighbour, fan, stranger = "https://town.example/users/n", f"{PEER}/users/fan", "https://stranger.example/u"
    await home.write(workbench.know, neighbour, fan, stranger)
    await home.write(workbench.add_follower, RELAY, fan)
    assert await home.write(peers.forget_strangers) == 0
    clock.now += timedelta(days=1, seconds=1)
    assert await home.write(peers.forget_strangers) == 1
    everybody = [ANNA, town, neighbour, fan, stranger]
    assert await home.read(peers.known, everybody) == {ANNA, town, neighbour, fan}
