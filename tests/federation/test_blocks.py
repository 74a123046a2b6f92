"""Somebody blocks an actor of ours: they follow it no longer, and it sends them nothing; on both databases."""

from typing import Any

import pytest
from sqlalchemy import select

from fediverse_ehrenamt.federation import blocks, peers, recipients
from fediverse_ehrenamt.federation.model import BlockedByRow, FollowerRow
from fediverse_ehrenamt.instance import Instance
from fediverse_ehrenamt.opportunities import actions as opportunities
from fediverse_ehrenamt.work import Work
from tests import workbench
from tests.conversations.talking import Hall, activity
from tests.workbench import ANNA, PEER, Clock, offer, person

pytestmark = pytest.mark.anyio
BERTA = f"{PEER}/users/berta"


@pytest.fixture
def hall(instance: Instance, clock: Clock) -> Hall:
    made = Hall(instance, clock)
    made.open()
    return made


def followers(work: Work) -> list[str]:
    return list(work.db.scalars(select(FollowerRow.follower).order_by(FollowerRow.follower)))


def blockers(work: Work) -> list[tuple[str, str]]:
    return [(row.actor, row.blocker) for row in work.db.scalars(select(BlockedByRow))]


def follow(hall: Hall, name: str = "f1", actor: str = ANNA) -> dict[str, Any]:
    return activity("Follow", hall.organisation, name, actor=actor)


def block(hall: Hall, actor: str = ANNA) -> dict[str, Any]:
    return activity("Block", hall.organisation, "b1", actor=actor)


async def test_whoever_blocks_follows_no_longer(hall: Hall) -> None:
    await hall.say(follow(hall), follow(hall, "f2", BERTA))
    assert (await hall.say(block(hall)))[-1] == "handled"
    assert hall.write(followers) == [BERTA]
    assert hall.write(blockers) == [(hall.organisation, ANNA)]
    await hall.say(block(hall) | {"id": f"{PEER}/b2"})  # again, in other words
    assert hall.write(blockers) == [(hall.organisation, ANNA)]


async def test_they_may_follow_again_only_after_its_end(hall: Hall) -> None:
    """A Follow that overtakes the Undo waits for it."""
    await hall.say(block(hall))
    assert "has blocked" in (await hall.say(follow(hall)))[-1]
    assert hall.write(followers) == []
    await hall.say(activity("Undo", block(hall), "u1"))
    assert hall.write(blockers) == []
    hall.clock.forward(minutes=1)
    assert await hall.handle() == ["handled"] * 3
    assert hall.write(followers) == [ANNA]


async def test_a_real_block_and_its_real_end(hall: Hall) -> None:
    ours = ("http://localtesting.pleroma.lol/users/lain", hall.organisation)
    made = hall.sample("mastodon/plr-mastodon-block-activity.json", ours)
    await hall.say(made)
    assert hall.write(blockers) == [(hall.organisation, made["actor"])]
    await hall.say(hall.sample("mastodon/plr-mastodon-unblock-activity.json", ours))
    assert hall.write(blockers) == []


async def test_its_end_by_the_id_alone(hall: Hall) -> None:
    await hall.say(block(hall), activity("Undo", f"{PEER}/activities/b1", "u1"))
    assert hall.write(blockers) == []


async def test_nobody_else_ends_it(hall: Hall) -> None:
    await hall.say(block(hall))
    await hall.say(activity("Undo", f"{PEER}/activities/b1", "u1", actor=BERTA))
    await hall.say(activity("Undo", block(hall), "u2", actor=BERTA))
    assert hall.write(blockers) == [(hall.organisation, ANNA)]


async def test_a_block_of_one_is_none_of_another(hall: Hall) -> None:
    other = hall.write(workbench.add_organisation, "tafel", "Tafel")
    await hall.say(follow(hall), activity("Follow", other, "f2"), block(hall))
    assert hall.write(followers) == [ANNA]
    assert not hall.write(blocks.is_blocked, other, ANNA)
    verdicts = await hall.say(activity("Block", f"{other}x", "b2"))
    assert "no actor here" in verdicts[-1]


async def test_changes_of_what_they_were_sent_pass_them_by(hall: Hall) -> None:
    """Where they have an inbox of their own; a shared one is that of others too."""

    def meet(work: Work) -> None:
        peers.remember(work, person(ANNA, shared_inbox=""))

    hall.write(meet)
    await hall.say(follow(hall), follow(hall, "f2", BERTA))
    uri = hall.write(opportunities.publish, hall.organisation, offer("zweites")).uri
    assert hall.write(recipients.were_sent, uri) == {f"{ANNA}/inbox", f"{PEER}/inbox"}
    await hall.say(block(hall), block(hall, BERTA) | {"id": f"{PEER}/b9"})
    assert hall.write(recipients.were_sent, uri) == {f"{PEER}/inbox"}


async def test_with_the_account_its_blocks_go(hall: Hall) -> None:
    await hall.say(block(hall), activity("Delete", ANNA, "goodbye"))
    assert hall.write(blockers) == []


async def test_who_blocked_stays_known(hall: Hall) -> None:
    await hall.say(block(hall))
    hall.clock.forward(days=30)
    hall.write(peers.forget_strangers)
    assert hall.write(peers.known, [ANNA]) == {ANNA}
