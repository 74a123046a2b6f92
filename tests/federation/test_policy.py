"""The policy in memory: whom it refuses, how much it lets anybody cause, that it sees changes, and what leaves."""

import asyncio
import timeit
from pathlib import Path

import pytest
from sqlalchemy import select

from fediverse_ehrenamt.federation import fetch, outbox, peers, policy, restrictions
from fediverse_ehrenamt.federation.keyring import Keyring
from fediverse_ehrenamt.federation.outbox import Delivery
from fediverse_ehrenamt.federation.policy import FETCHES, REFRESH_SECONDS, STRANGERS_TOGETHER, Policy
from fediverse_ehrenamt.federation.rules import Restriction
from fediverse_ehrenamt.jobs.model import JobRow
from fediverse_ehrenamt.kit.buckets import Rate
from fediverse_ehrenamt.kit.errors import BadSignature, Forbidden, NotFound, Rejected, TooMany, Unavailable
from fediverse_ehrenamt.vocab.types import Follow
from fediverse_ehrenamt.work import Work, Workshop
from tests import workbench
from tests.federation.origin import Origin
from tests.workbench import ANNA, Clock

pytestmark = pytest.mark.anyio
EVIL = "https://evil.example/users/eva"


def block(work: Work, *subjects: str) -> None:
    restrictions.put(work, [Restriction(subject, "block") for subject in subjects])


async def passed(workshop: Workshop, clock: Clock, seconds: float = REFRESH_SECONDS) -> Policy:
    """Let time pass and the policy read again, as it does beside requests."""
    found = policy.of(workshop)
    clock.forward(seconds=seconds)
    found.refusal(ANNA, clock())
    await asyncio.sleep(0)
    await found.refresh()
    return found


# --- who --------------------------------------------------------------------------------------------------------------
async def test_a_blocked_host_is_forbidden_from_the_first_call_on(workshop: Workshop, clock: Clock) -> None:
    await workshop.write(block, "evil.example")
    found = policy.of(workshop)
    refusal = found.refusal("https://sub.evil.example/users/eva", clock())
    assert isinstance(refusal, Forbidden)
    assert refusal.public == "evil.example is blocked here"
    assert found.refusal(ANNA, clock()) is None
    with pytest.raises(Forbidden):
        found.forbid(EVIL)
    with pytest.raises(Forbidden):
        found.meet(f"{EVIL}#main-key")


async def test_what_another_process_changes_is_seen_seconds_later(workshop: Workshop, clock: Clock) -> None:
    other = workbench.open_workshop(workshop.settings, clock)
    try:
        assert policy.of(workshop).refusal(EVIL, clock()) is None
        await other.write(block, "evil.example", ANNA)
        found = await passed(workshop, clock)
        assert isinstance(found.refusal(EVIL, clock()), Forbidden)
        assert isinstance(found.refusal(ANNA, clock()), Forbidden)
        assert found.refusal("https://peer.example/users/bela", clock()) is None
        await other.write(restrictions.remove, "evil.example")
        assert (await passed(workshop, clock)).refusal(EVIL, clock()) is None
    finally:
        await other.close()


async def test_requests_alone_let_it_read_again(workshop: Workshop, clock: Clock) -> None:
    found = policy.of(workshop)
    assert found.refusal(EVIL, clock()) is None
    await workshop.write(block, "evil.example")
    clock.forward(seconds=REFRESH_SECONDS)
    for _ in range(1_000):
        if found.refusal(EVIL, clock()) is not None:
            return
        await asyncio.sleep(0.01)
    raise AssertionError("it never read again")


async def test_a_transaction_sees_its_own_entries_and_a_failed_one_leaves_nothing(workshop: Workshop) -> None:
    def try_it(work: Work) -> None:
        assert not restrictions.rules(work).of(EVIL).refusal
        block(work, "evil.example")
        assert restrictions.rules(work).of(EVIL).refusal
        raise NotFound("rolled back")

    with pytest.raises(NotFound):
        await workshop.write(try_it)
    assert not await workshop.read(lambda work: restrictions.rules(work).of(EVIL).refusal)
    with pytest.raises(NotFound, match="block list"):
        await workshop.write(restrictions.remove, "evil.example")


async def test_with_an_allow_list_only_its_hosts_and_we_ourselves_are_spoken_to(
    migrated_url: str, tmp_path: Path, clock: Clock
) -> None:
    tiles = "https://kacheln.example/{z}/{x}/{y}.png"
    given = workbench.settings(migrated_url, tmp_path, FEDERATION="allowlist", MAP_TILES=tiles, MAP_ATTRIBUTION="© OSM")
    made = workbench.open_workshop(given, clock)
    try:
        await made.write(restrictions.allow, "peer.example", "Nachbarn")
        found = policy.of(made)
        assert found.refusal(ANNA, clock()) is None
        assert isinstance(found.refusal(EVIL, clock()), Forbidden)
        found.guard("POST", "peer.example")
        found.guard("GET", "hagen.example")
        found.guard("GET", "kacheln.example")
        with pytest.raises(Rejected):
            found.guard("GET", "evil.example")
        listed = await made.read(restrictions.allowed)
        assert [(one.host, one.reason) for one in listed] == [("peer.example", "Nachbarn")]
        await made.write(restrictions.disallow, "peer.example")
        assert isinstance((await passed(made, clock)).refusal(ANNA, clock()), Forbidden)
        with pytest.raises(NotFound):
            await made.write(restrictions.disallow, "peer.example")
    finally:
        await made.close()


# --- how much ---------------------------------------------------------------------------------------------------------
async def test_a_stranger_may_send_so_much_and_is_told_when_to_come_back(workshop: Workshop, clock: Clock) -> None:
    found = policy.of(workshop)
    for _ in range(workshop.settings.inbox_per_minute):
        assert found.refusal(ANNA, clock()) is None
        found.count(ANNA, clock())
    refusal = found.refusal("https://peer.example/users/bela", clock())
    assert isinstance(refusal, TooMany)
    assert (refusal.status, refusal.retry_after) == (429, 1)
    assert found.refusal(EVIL, clock()) is None
    clock.forward(seconds=1)
    assert found.refusal(ANNA, clock()) is None


async def test_who_only_claims_to_be_somebody_uses_nothing_up(workshop: Workshop, clock: Clock) -> None:
    found = policy.of(workshop)
    assert all(found.refusal(ANNA, clock()) is None for _ in range(3 * workshop.settings.inbox_per_minute))


async def test_a_sources_burst_of_ten_thousand_is_not_limited(workshop: Workshop, clock: Clock) -> None:
    await workshop.write(workbench.add_source, ANNA)
    found = policy.of(workshop)
    for _ in range(10_000):
        assert found.refusal(ANNA, clock()) is None
        found.count(ANNA, clock())


async def test_a_sister_may_send_more_than_a_stranger(workshop: Workshop, clock: Clock) -> None:
    await workshop.write(lambda work: peers.note_host(work, "peer.example", "ehrenamt", sister=True))
    found, most = policy.of(workshop), workshop.settings.inbox_per_minute
    for _ in range(10 * most):
        assert found.refusal(ANNA, clock()) is None
        found.count(ANNA, clock())
    assert isinstance(found.refusal(ANNA, clock()), TooMany)


async def test_strangers_are_limited_for_each_domain_that_somebody_registered(workshop: Workshop) -> None:
    found = policy.of(workshop)
    for number in range(workshop.settings.strangers_per_day):
        if number % 900 == 0:
            found._met._left.pop("", None)  # the limit of all together has its own test
        key_id = f"https://sub{number}.evil.example/users/x#main-key"
        found.meet(key_id)
        found.count_stranger(key_id)
    with pytest.raises(TooMany) as caught:
        found.meet("https://another.evil.example/users/x#main-key")
    assert caught.value.retry_after == 87  # a thousandth of a day
    found._met._left.pop("", None)
    found.meet("https://sub.good.example/users/x#main-key")


async def test_who_is_only_named_does_not_count(home: Workshop, peer: Origin) -> None:
    """Else a thousand bad signatures in the names of strangers would keep a whole server's people out for a day."""
    keys, found = Keyring(home), policy.of(home)
    key_id = f"{peer.actor().id}#main-key"
    full = len(found._met)
    await keys.find(key_id)
    host = f"127.0.0.1:{peer.port}"
    assert (len(found._met), host in found._met._left) == (full + 1, False), "only all strangers together are counted"
    keys.proved(key_id)
    left = found._met._left[host][0]
    keys.proved(key_id)
    assert found._met._left[host][0] == left == home.settings.strangers_per_day - 1, "once"


async def test_strangers_of_all_domains_together_are_limited(workshop: Workshop, clock: Clock) -> None:
    await workshop.write(workbench.add_source, ANNA)
    found = policy.of(workshop)
    for number in range(int(STRANGERS_TOGETHER.burst)):
        found.meet(f"https://host{number}.example/users/x#main-key")
    with pytest.raises(TooMany):
        found.meet("https://host-x.example/users/x#main-key")
    found.meet("https://peer.example/users/new#main-key")  # of a source's host
    clock.forward(seconds=1)
    found.meet("https://host-x.example/users/x#main-key")


async def test_a_key_that_was_never_seen_counts_a_known_one_does_not(
    home: Workshop, peer: Origin, clock: Clock
) -> None:
    workshop, anna = home, peer.actor()
    keys = Keyring(workshop)
    await keys.find(f"{anna.id}#main-key")
    found = policy.of(workshop)
    while not found._met.take(f"127.0.0.1:{peer.port}", Rate(1000, 86_400.0), clock().timestamp()):
        pass
    asked = len(peer.requests)
    with pytest.raises(TooMany):
        await keys.find(f"{peer.actor('/users/bela').id}#main-key")
    assert len(peer.requests) == asked
    assert (await keys.find(f"{anna.id}#main-key")).owner == anna.id
    assert (await Keyring(workshop).find(f"{anna.id}#main-key")).owner == anna.id, "another process knows it, too"
    clock.forward(minutes=6)
    found._met.take(f"127.0.0.1:{peer.port}", Rate(1000, 86_400.0), clock().timestamp())
    await keys.find(f"{anna.id}#main-key", refresh=True)
    assert len(peer.requests) == asked + 1, "a known key may be fetched anew"


# --- what leaves ------------------------------------------------------------------------------------------------------
async def test_nothing_leaves_for_a_blocked_host_nor_by_redirect(
    home: Workshop, peer: Origin, other: Origin, clock: Clock
) -> None:
    workshop, anna, bela = home, peer.actor(), other.actor("/users/bela")
    await workshop.write(block, f"127.0.0.1:{other.port}")
    await passed(workshop, clock)
    assert (await fetch.actor(workshop, anna.id)).id == anna.id
    with pytest.raises(Rejected, match="gesperrt"):
        await fetch.actor(workshop, bela.id)
    with pytest.raises(Rejected, match="gesperrt"):
        await workshop.http.post(f"{other.url}/inbox", b"{}", content_type="application/activity+json")
    with pytest.raises(Rejected, match="gesperrt"):
        await fetch.document(workshop, peer.move("/moved", other.at("/users/bela")))
    with pytest.raises(BadSignature):
        await Keyring(workshop).find(f"{peer.move('/key', other.at('/users/bela'))}#main-key")
    assert other.requests == []


async def test_a_host_is_not_asked_too_often(workshop: Workshop, peer: Origin) -> None:
    document = peer.serve("/x", {"id": peer.at("/x"), "type": "Note"})
    found = policy.of(workshop)
    for _ in range(int(FETCHES.burst)):
        found.guard("GET", f"127.0.0.1:{peer.port}")
    with pytest.raises(Unavailable) as caught:
        await workshop.http.get(document, accept="application/activity+json")
    assert caught.value.retry_after
    assert peer.requests == []
    found.guard("POST", f"127.0.0.1:{peer.port}")


async def test_no_job_is_made_for_an_inbox_that_is_not_spoken_to(home: Workshop) -> None:
    def send(work: Work) -> list[str]:
        block(work, "evil.example")
        follow = Follow(id=f"{work.settings.url}/ap/activity/1", actor=workbench.instance_actor(work), object=ANNA)
        outbox.send(work, follow, [f"{ANNA}/inbox", f"{EVIL}/inbox", "https://x.evil.example/inbox"])
        return [Delivery.of(job.argument).inbox for job in work.db.scalars(select(JobRow))]

    assert await home.write(send) == [f"{ANNA}/inbox"]


# --- what it costs ----------------------------------------------------------------------------------------------------
async def test_the_check_of_each_request_costs_next_to_nothing(workshop: Workshop, clock: Clock) -> None:
    await workshop.write(lambda work: block(work, *(f"host{number}.example" for number in range(2_000))))
    await workshop.write(workbench.add_source, ANNA)
    found, now = policy.of(workshop), clock()
    assert found.refusal(ANNA, now) is None
    seconds = min(timeit.repeat(lambda: found.refusal(ANNA, now), number=2_000, repeat=5)) / 2_000
    assert seconds < 200e-6  # some hundredth of it on an idle machine


async def test_memory_is_bounded(workshop: Workshop, clock: Clock) -> None:
    found = policy.of(workshop)
    found._arrived._limit = 100
    for number in range(1_000):
        found.count(f"https://host{number}.example/users/x", clock())
    assert len(found._arrived) == 100
