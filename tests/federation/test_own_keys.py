"""Our own keys: sealed at rest, lost by nothing, replaced so that every kind of peer goes on to understand us."""

import asyncio
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest
from alembic import command
from cryptography.hazmat.primitives import serialization
from sqlalchemy import select, text

from fediverse_ehrenamt import setup, wiring
from fediverse_ehrenamt.events import actions as events
from fediverse_ehrenamt.federation import actors, own_keys, peers, recipients, rotation, signatures
from fediverse_ehrenamt.federation.model import FormerKeyRow, LocalActorRow, PublishedRow
from fediverse_ehrenamt.federation.outbox import Delivery
from fediverse_ehrenamt.instance import Instance
from fediverse_ehrenamt.jobs.model import JobRow
from fediverse_ehrenamt.jobs.runner import Runner
from fediverse_ehrenamt.kit import ids
from fediverse_ehrenamt.kit.errors import Gone, NotFound, Unavailable
from fediverse_ehrenamt.search.engine import Index
from fediverse_ehrenamt.search.feed import Feed
from fediverse_ehrenamt.settings import Settings
from fediverse_ehrenamt.storage import migrate
from fediverse_ehrenamt.storage.engine import open_engines
from fediverse_ehrenamt.vocab import codec, multikey
from fediverse_ehrenamt.vocab.types import Actor, Update
from fediverse_ehrenamt.work import Work, Workshop
from tests import workbench
from tests.federation.doors import Door
from tests.federation.origin import Answer, Origin
from tests.workbench import Clock

pytestmark = pytest.mark.anyio
OTHER_SECRET = "ein-anderes-geheimnis-von-vierzig-zeichen"


@pytest.fixture
def both(instance: Instance) -> Workshop:
    """The workshop of an instance on each kind of database in turn."""
    return instance.workshop


def document(work: Work, uri: str) -> Actor:
    return actors.to_wire(work, actors.with_keys(work, uri))


def rotate(work: Work, handle: str = "buecherei", *, leaked: bool = False) -> rotation.Rotation:
    return rotation.rotate(work, handle, own_keys.generate(), leaked=leaked)


def stored(work: Work) -> list[str]:
    """Return all private keys as they lie in the database."""
    rows = work.db.scalars(select(LocalActorRow).where(LocalActorRow.rsa_private != "")).all()
    former = work.db.scalars(select(FormerKeyRow.rsa_private)).all()
    return [*(one for row in rows for one in (row.rsa_private, row.ed25519_private)), *former]


def lay_open(work: Work, uri: str) -> own_keys.Pairs:
    """Put an actor's keys as an earlier version did: as they are."""
    row, pairs = actors.with_keys(work, uri), own_keys.generate()
    row.rsa_private, row.rsa_public = pairs.rsa_private, pairs.rsa_public
    row.ed25519_private, row.ed25519_public = pairs.ed25519_private, pairs.ed25519_public
    return pairs


def with_secrets(home: Workshop, secret: str, former: str = "") -> Settings:
    return replace(home.settings, secret=secret, former_secret=former)


# --- at rest ----------------------------------------------------------------------------------------------------------
async def test_no_private_key_can_be_read_in_the_database(both: Workshop) -> None:
    uri = await both.write(workbench.add_keyless)
    await both.write(actors.with_keys, uri)
    await both.write(rotate)
    found = await both.read(stored)
    assert len(found) == 5  # the instance's and the organisation's pairs, and one former key
    assert all(one.startswith("sealed1.") and "PRIVATE" not in one for one in found)


async def test_the_keys_are_those_that_the_document_shows(both: Workshop) -> None:
    uri = await both.write(workbench.add_keyless)
    shown = await both.write(document, uri)
    signing, proving = await both.write(actors.signing_key, uri), await both.write(actors.proving_key, uri)
    assert signatures.load_public(shown.keys[0].pem) == signing.private.public_key()
    assert (shown.keys[0].id, shown.assertion_methods[0].id) == (signing.id, proving.id)
    public = proving.private.public_key().public_bytes_raw()
    assert multikey.decode(shown.assertion_methods[0].multibase) == public
    assert (signing.id, proving.id) == (f"{uri}#main-key", f"{uri}#ed25519-key")


async def test_a_key_cannot_be_put_to_another_actor(home: Workshop) -> None:
    """Somebody who can write to the database, but has no secret, must not let one actor sign as another."""
    uris = [await home.write(workbench.add_keyless, name) for name in ("thw", "drk")]

    def swap(work: Work) -> None:
        mine, theirs = (actors.with_keys(work, uri) for uri in uris)
        mine.rsa_private, mine.ed25519_private = theirs.rsa_private, mine.rsa_private

    await home.write(swap)
    for function in (actors.keys, actors.proving_key):
        with pytest.raises(Unavailable, match="EHRENAMT_SECRET passt nicht"):
            await home.write(function, uris[0])


async def test_keys_that_lie_open_are_sealed_on_first_use(both: Workshop) -> None:
    uri = await both.write(workbench.add_keyless)
    pairs = await both.write(lay_open, uri)
    key = await both.write(actors.signing_key, uri)
    assert same(pairs.rsa_private, key)
    assert all(one.startswith("sealed1.") for one in await both.read(stored))
    assert (await both.write(document, uri)).keys[0].pem == pairs.rsa_public


def same(pem: str, key: signatures.SigningKey) -> bool:
    return signatures.load_private(pem).private_numbers() == key.private.private_numbers()


async def test_all_keys_are_sealed_by_migrate(town: Instance, tmp_path_factory: pytest.TempPathFactory) -> None:
    home, file = town.workshop, tmp_path_factory.mktemp("env") / "ehrenamt.env"
    pairs = {uri: await home.write(lay_open, uri) for uri in [await home.write(workbench.add_keyless)]}
    done = await asyncio.to_thread(setup.upgrade, town, file)
    assert (done.sealed, done.secret_in) == (1, None)
    for uri, pair in pairs.items():
        assert same(pair.rsa_private, await home.write(actors.signing_key, uri))
    again = await asyncio.to_thread(setup.upgrade, town, file)
    assert (again.sealed, again.before) == (0, again.after)


async def test_migrate_makes_a_secret_where_there_was_none(
    town: Instance, tmp_path_factory: pytest.TempPathFactory
) -> None:
    home, file = town.workshop, tmp_path_factory.mktemp("env") / "ehrenamt.env"
    file.write_text("EHRENAMT_URL=http://hagen.example")
    pairs = await home.write(lay_open, relay(home))
    home.settings = with_secrets(home, "")
    done = await asyncio.to_thread(setup.upgrade, town, file)
    assert (done.sealed, done.secret_in) == (1, file)
    assert file.stat().st_mode & 0o777 == 0o600
    url, secret = file.read_text().splitlines()
    assert url == "EHRENAMT_URL=http://hagen.example"
    home.settings = with_secrets(home, secret.removeprefix("EHRENAMT_SECRET="))
    assert same(pairs.rsa_private, await home.write(actors.signing_key, relay(home)))


async def test_migrate_makes_no_second_secret(town: Instance, tmp_path_factory: pytest.TempPathFactory) -> None:
    file = tmp_path_factory.mktemp("env") / "ehrenamt.env"
    town.workshop.settings = with_secrets(town.workshop, "")
    with pytest.raises(Unavailable, match="EHRENAMT_SECRET fehlt"):
        await asyncio.to_thread(setup.upgrade, town, file)
    assert not file.exists()


def relay(home: Workshop) -> str:
    return f"{home.settings.url}/ap/actor/relay"


def _as_before_keys_were_sealed(database_url: str) -> own_keys.Pairs:
    """Make a database as the first version left it, with one actor of the instance; return its keys."""
    engines, pairs = open_engines(database_url), own_keys.generate()
    values = {
        "uri": "http://hagen.example/ap/actor/relay",
        "a": pairs.rsa_private,
        "b": pairs.rsa_public,
        "c": pairs.ed25519_private,
        "d": pairs.ed25519_public,
    }
    with engines.writer.begin() as connection:
        made = migrate.config()
        made.attributes["connection"] = connection
        command.upgrade(made, "0001")
        connection.execute(
            text(
                "INSERT INTO local_actors (uri, handle, type, name, summary, url, details, rsa_private, rsa_public, "
                "ed25519_private, ed25519_public, created_at) VALUES (:uri, 'relay', 'Application', 'Hagen', '', '', "
                "'', :a, :b, :c, :d, 0)"
            ),
            values,
        )
    engines.close()
    return pairs


async def test_an_instance_of_the_first_version_keeps_its_keys(database_url: str, tmp_path: Path, clock: Clock) -> None:
    pairs = await asyncio.to_thread(_as_before_keys_were_sealed, database_url)
    home = workbench.open_workshop(workbench.settings(database_url, tmp_path), clock)
    index = Index(tmp_path / "index")
    town = Instance(home, index, Feed(index))
    done = await asyncio.to_thread(setup.upgrade, town, tmp_path / "ehrenamt.env")
    assert (done.before, done.sealed, done.secret_in) == ("0001", 1, None)
    assert all(one.startswith("sealed1.") for one in await home.read(stored))
    key = await home.write(actors.signing_key, relay(home))
    assert (key.id, same(pairs.rsa_private, key)) == (f"{relay(home)}#main-key", True)
    assert (await home.write(document, relay(home))).assertion_methods[0].multibase == pairs.ed25519_public
    await town.close()


# --- the secret -------------------------------------------------------------------------------------------------------
@pytest.mark.parametrize(
    ("secret", "sentence"), [("", "EHRENAMT_SECRET fehlt"), (OTHER_SECRET, "EHRENAMT_SECRET passt nicht")]
)
async def test_without_the_secret_nothing_starts(town: Instance, secret: str, sentence: str) -> None:
    setup.require(town)
    town.workshop.settings = with_secrets(town.workshop, secret)
    with pytest.raises(Unavailable, match=sentence):
        setup.require(town)
    with pytest.raises(Unavailable, match=sentence):
        await town.workshop.write(actors.signing_key, relay(town.workshop))


async def test_a_new_secret(town: Instance) -> None:
    """The former one is still understood; afterwards it is needed no more."""
    home = town.workshop
    uri = await home.write(workbench.add_keyless)
    key = await home.write(actors.signing_key, uri)
    await home.write(rotate)
    key = await home.write(actors.signing_key, uri)
    first = home.settings.secret
    home.settings = with_secrets(home, OTHER_SECRET, first)
    setup.require(town)
    assert (await home.write(actors.signing_key, uri)).private.private_numbers() == key.private.private_numbers()
    assert {one.state for one in await home.read(rotation.listing)} == {"former secret"}
    assert await home.write(own_keys.seal_all) == 2
    assert await home.write(own_keys.seal_all) == 0
    home.settings = with_secrets(home, OTHER_SECRET)
    setup.require(town)
    assert (await home.write(actors.keys, uri)).former is not None
    assert {one.state for one in await home.read(rotation.listing)} == {"sealed"}
    home.settings = with_secrets(home, first)
    with pytest.raises(Unavailable, match="passt nicht"):
        setup.require(town)


async def test_no_key_is_made_without_a_secret(home: Workshop) -> None:
    uri = await home.write(workbench.add_keyless)
    home.settings = with_secrets(home, "")
    with pytest.raises(Unavailable, match="EHRENAMT_SECRET fehlt"):
        await home.write(actors.with_keys, uri)


def test_the_secret_is_not_in_a_trace() -> None:
    made = Settings.load({"EHRENAMT_SECRET": workbench.SECRET, "EHRENAMT_FORMER_SECRET": OTHER_SECRET})
    assert workbench.SECRET not in repr(made)
    assert OTHER_SECRET not in repr(made)


# --- replacing --------------------------------------------------------------------------------------------------------
async def test_new_keys_have_new_ids(both: Workshop, clock: Clock) -> None:
    uri = await both.write(workbench.add_keyless)
    first = await both.write(document, uri)
    clock.forward(days=1)
    done = await both.write(rotate)
    assert (done.rsa_id, done.ed25519_id, done.told) == (f"{uri}#main-key-2", f"{uri}#ed25519-key-2", 0)
    second = await both.write(document, uri)
    assert [key.id for key in second.keys] == [f"{uri}#main-key-2"]
    assert second.keys[0].pem != first.keys[0].pem
    assert (await both.write(actors.signing_key, uri)).id == f"{uri}#main-key-2"
    assert (await both.write(actors.proving_key, uri)).id == f"{uri}#ed25519-key-2"
    assert (await both.write(rotate)).rsa_id == f"{uri}#main-key-3"
    (listed,) = [one for one in await both.read(rotation.listing) if one.uri == uri]
    assert (listed.handle, listed.since, listed.rsa_id) == ("buecherei", clock.now, f"{uri}#main-key-3")


async def test_the_former_proving_key_is_shown_while_its_proofs_are_under_way(both: Workshop, clock: Clock) -> None:
    uri = await both.write(workbench.add_keyless)
    first = (await both.write(document, uri)).assertion_methods
    await both.write(rotate)
    assert (await both.write(document, uri)).assertion_methods[1:] == first
    clock.now += own_keys.FORMER_LASTS
    assert await both.write(own_keys.erase_former) == 0
    clock.now += timedelta(seconds=1)
    assert len((await both.write(document, uri)).assertion_methods) == 1
    assert await both.write(own_keys.erase_former) == 1
    assert (await both.write(actors.keys, uri)).former is None


async def test_a_leaked_key_is_out_at_once(both: Workshop) -> None:
    uri = await both.write(workbench.add_keyless)
    await both.write(actors.with_keys, uri)
    await both.write(rotate)
    await both.write(rotate, leaked=True)
    keys = await both.write(actors.keys, uri)
    assert (keys.former, keys.current.id) == (None, f"{uri}#main-key-3")
    assert len((await both.write(document, uri)).assertion_methods) == 1


async def test_parallel_rotations_lose_none(both: Workshop) -> None:
    uri = await both.write(workbench.add_keyless)
    await both.write(actors.with_keys, uri)
    done = await asyncio.gather(*(both.write(rotate) for _ in range(4)))
    assert {one.rsa_id for one in done} == {f"{uri}#main-key-{number}" for number in (2, 3, 4, 5)}
    assert (await both.write(document, uri)).keys[0].id == f"{uri}#main-key-5"


async def test_who_is_not_there_gets_no_key(home: Workshop, clock: Clock) -> None:
    with pytest.raises(NotFound, match="gibt es hier nicht"):
        await home.write(rotate, "niemand")
    uri = await home.write(workbench.add_keyless)

    def leave(work: Work) -> None:
        actors.by_uri(work, uri).gone_at = clock.now

    await home.write(leave)
    with pytest.raises(Gone):
        await home.write(rotate)
    assert await home.read(rotation.handles) == ["relay"]


# --- telling ----------------------------------------------------------------------------------------------------------
def _followed(work: Work, inbox: str) -> str:
    owner = workbench.add_keyless(work)
    actors.with_keys(work, owner)
    workbench.add_follower(work, owner, f"{ids.origin(inbox)}/users/fan", inbox)
    return owner


def _publics(work: Work, uri: str) -> dict[str, str]:
    row = actors.with_keys(work, uri)
    return {own_keys.rsa_id(row): row.rsa_public}


async def test_followers_hear_of_it_by_the_key_that_they_know(home: Workshop, peer: Origin) -> None:
    """Misskey would believe no other, and Mastodon lets all followers follow again where no known key has signed."""
    owner = await home.write(_followed, peer.at("/inbox"))
    door = Door(peer, await home.write(_publics, owner), lambda way: way == "cavage", welcome=Answer(status=202))
    done = await home.write(rotate)
    assert done.told == 1
    assert await Runner(home, wiring.JOBS).run_due() == 1
    assert (door.key_ids, door.ways) == (["main-key"], ["cavage"])
    update = codec.parse_activity(peer.bodies[0])
    assert isinstance(update, Update)
    assert isinstance(update.object, Actor)
    assert (update.actor, update.object.keys[0].id) == (owner, f"{owner}#main-key-2")


async def test_all_that_know_the_actor_hear_of_it(home: Workshop) -> None:
    """GoToSocial takes no other key from whom it knows, unless told: where an offer was shared, where a source is."""
    reader, source = "https://liest.example/inbox", "https://verein.example/users/thw"
    calendar = "https://gancio.example/federation/u/relay"  # which never answers an Update of an actor

    def settle(work: Work) -> None:
        owner = workbench.add_organisation(work)
        thing = events.publish(work, owner, workbench.fest()).uri
        recipients.note_sent(work, [(thing, reader)])
        workbench.add_organisation(work, "museum", "Museum")
        workbench.add_source(work, source)
        workbench.add_source(work, calendar)
        peers.note_host(work, "gancio.example", "gancio", sister=False)

    await home.write(settle)
    assert await home.write(_told_by, "buecherei") == {reader}
    assert await home.write(_told_by, "museum") == set()
    assert await home.write(_told_by, "relay") == {reader, "https://verein.example/inbox"}


def _told_by(work: Work, handle: str) -> set[str]:
    before = {job.id for job in work.db.scalars(select(JobRow))}
    done = rotate(work, handle)
    inboxes = [Delivery.of(job.argument).inbox for job in work.db.scalars(select(JobRow)) if job.id not in before]
    assert done.told == len(inboxes)
    return set(inboxes)


async def test_who_knows_only_the_new_key_hears_of_it_too(home: Workshop, peer: Origin) -> None:
    """It has fetched the document since, and has nothing under the old id."""
    owner = await home.write(_followed, peer.at("/inbox"))
    await home.write(rotate)
    door = Door(peer, await home.write(_publics, owner), lambda way: way == "cavage", welcome=Answer(status=202))
    assert await Runner(home, wiring.JOBS).run_due() == 1
    assert door.key_ids == ["main-key", "main-key-2"]
    assert len(peer.bodies) == 2


async def test_all_else_is_signed_with_the_new_key(home: Workshop, peer: Origin) -> None:
    owner = await home.write(_followed, peer.at("/inbox"))
    before = await home.write(_publics, owner)
    await home.write(rotate)
    door = Door(peer, before | await home.write(_publics, owner), lambda _: True, welcome=Answer(status=202))
    await home.write(events.publish, owner, workbench.fest())
    await Runner(home, wiring.JOBS).run_due()
    assert sorted(door.key_ids) == ["main-key", "main-key-2"]


async def test_a_sister_takes_the_new_key_over(home: Workshop) -> None:
    """What we send about our keys is what we understand of others'."""
    owner = await home.write(workbench.add_keyless)
    await home.write(rotate)

    def announced(work: Work) -> bytes:
        return work.db.scalars(select(PublishedRow.body).where(PublishedRow.kind == "Update")).one()

    update = codec.parse_activity(await home.read(announced))
    assert isinstance(update.object, Actor)
    await home.write(peers.remember, update.object)
    assert await home.read(peers.find_by_key, f"{owner}#main-key-2") is not None
    ed25519 = serialization.load_pem_public_key(update.object.keys[0].pem.encode())
    assert ed25519 == (await home.write(actors.signing_key, owner)).private.public_key()
