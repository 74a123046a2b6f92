"""What an Update of an actor changes: its name, its words, its key, where it is sent things; on both databases."""

import pytest
from sqlalchemy import select

from fediverse_ehrenamt.conversations import store
from fediverse_ehrenamt.federation import peers
from fediverse_ehrenamt.federation.model import FollowerRow
from fediverse_ehrenamt.instance import Instance
from fediverse_ehrenamt.jobs.model import JobRow
from fediverse_ehrenamt.opportunities import actions as opportunities
from tests import workbench
from tests.conversations.talking import Hall, activity, note
from tests.workbench import ANNA, PEER, Clock, offer

pytestmark = pytest.mark.anyio
BERTA = f"{PEER}/users/berta"
CHANGED = {
    "id": ANNA,
    "type": "Person",
    "preferredUsername": "anna",
    "name": "Anna Neu",
    "summary": "<p>Hallo <script>x</script></p>",
    "inbox": f"{ANNA}/neu",
    "publicKey": {"id": f"{ANNA}#neu", "owner": ANNA, "publicKeyPem": workbench.PEM},
}


@pytest.fixture
def hall(instance: Instance, clock: Clock) -> Hall:
    made = Hall(instance, clock)
    made.open()
    return made


async def test_name_key_and_inbox(hall: Hall) -> None:
    await hall.say(activity("Follow", hall.organisation, "f1"), activity("Update", CHANGED, "u1"))
    row = hall.write(peers.find, ANNA)
    assert row is not None
    assert (row.name, row.inbox, row.key_id, row.shared_inbox) == ("Anna Neu", f"{ANNA}/neu", f"{ANNA}#neu", "")
    assert row.summary == "<p>Hallo </p>"
    inboxes = hall.write(lambda work: list(work.db.scalars(select(FollowerRow.inbox))))
    assert inboxes == [f"{ANNA}/neu"]
    hall.write(opportunities.publish, hall.organisation, offer("zweites"))
    arguments = hall.write(lambda work: list(work.db.scalars(select(JobRow.argument).where(JobRow.name == "deliver"))))
    assert any(f"{ANNA}/neu" in argument for argument in arguments)


async def test_what_they_said_stands_under_the_new_name(hall: Hall) -> None:
    reply = note(inReplyTo=hall.thing, cc=[hall.organisation])
    await hall.say(activity("Create", reply))
    assert [one.author_name for one in hall.write(store.replies)] == ["Anna"]
    await hall.say(activity("Update", CHANGED, "u1"))
    assert [one.author_name for one in hall.write(store.replies)] == ["Anna Neu"]


async def test_nobody_changes_another(hall: Hall) -> None:
    hall.write(workbench.know, ANNA)
    await hall.say(activity("Update", CHANGED, "u1", actor=BERTA))
    row = hall.write(peers.find, ANNA)
    assert row is not None
    assert row.name == "Anna"


async def test_a_follow_taken_back_whole_or_by_its_id(hall: Hall) -> None:
    first, second = (activity("Follow", hall.organisation, f"f{number}") for number in (1, 2))
    await hall.say(first, activity("Undo", first, "u1"))
    assert hall.write(lambda work: list(work.db.scalars(select(FollowerRow)))) == []
    await hall.say(second, activity("Undo", second["id"], "u2", actor=BERTA))
    assert len(hall.write(lambda work: list(work.db.scalars(select(FollowerRow))))) == 1
    await hall.say(activity("Undo", second["id"], "u3"))
    assert hall.write(lambda work: list(work.db.scalars(select(FollowerRow)))) == []
