"""Public answers to what we publish: kept for the organisation, shown only when it lets them; on both databases."""

from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy import select

from fediverse_ehrenamt.conversations import actions, rules, store
from fediverse_ehrenamt.federation import outbox, peers
from fediverse_ehrenamt.jobs.model import JobRow
from fediverse_ehrenamt.kit.errors import NotFound
from fediverse_ehrenamt.opportunities import actions as opportunities
from fediverse_ehrenamt.wiring import HOUSEKEEPING, NEEDED
from fediverse_ehrenamt.work import Work
from tests import workbench
from tests.conversations.talking import Hall, activity, note
from tests.workbench import ANNA, HOME, NOW, PEER

pytestmark = pytest.mark.anyio
BERTA = f"{PEER}/users/berta"


def reply(hall: Hall, name: str = "1", **fields: Any) -> dict[str, Any]:
    return note(name, **{"inReplyTo": hall.thing, "cc": [hall.organisation], **fields})


async def test_a_reply_is_kept_made_safe_and_waits(hall: Hall) -> None:
    before = hall.indexed()
    said = activity("Create", reply(hall, summary="Achtung <i>lang</i>"))
    assert await hall.say(said) == ["handled"]
    (row,) = hall.replies()
    assert (row.object, row.organisation, row.author) == (hall.thing, hall.organisation, ANNA)
    assert row.content == "<p>Das mache ich <b>gern</b>!</p>"
    assert (row.warning, row.state, row.url) == ("Achtung lang", "waiting", f"{PEER}/@anna/1")
    assert row.published_at == NOW - timedelta(hours=1)
    assert hall.messages() == []
    assert hall.indexed() == before
    (shown,) = hall.write(store.replies, hall.organisation, rules.WAITING)
    assert (shown.author, shown.author_name) == ("@anna@peer.example", "Anna")
    assert hall.write(store.replies, "", rules.SHOWN) == []


async def test_the_server_of_a_kept_reply_hears_of_changes(hall: Hall) -> None:
    """The offer stands there above the reply: that it is filled must be seen."""
    await hall.say(
        activity("Create", reply(hall)), activity("Create", reply(hall, "2", attributedTo=BERTA), actor=BERTA)
    )
    hall.write(opportunities.publish, hall.organisation, workbench.offer(status="besetzt"))
    jobs = hall.write(lambda work: list(work.db.scalars(select(JobRow.argument).where(JobRow.name == "deliver"))))
    assert [outbox.Delivery.of(job).inbox for job in jobs] == [f"{PEER}/inbox"]


async def test_one_that_names_nobody_is_known_by_what_it_answers(hall: Hall) -> None:
    """Mastodon sends a reply to whom it answers even if the mention was taken out of it."""
    assert await hall.say(activity("Create", reply(hall, cc=[]))) == ["handled"]
    assert len(hall.replies()) == 1


async def test_what_is_answered_may_be_named_by_a_link(hall: Hall) -> None:
    linked = reply(hall, cc=[], inReplyTo={"type": "Link", "href": hall.thing})
    assert await hall.say(activity("Create", linked)) == ["handled"]
    assert len(hall.replies()) == 1


async def test_real_replies(hall: Hall) -> None:
    felix = "https://mastodon.madrid/users/felix"
    mastodon = hall.sample(
        "mastodon/activities_create_note.json",
        ("https://mamot.fr/users/retiolus/statuses/107224244380204526", hall.thing),
        ("https://mamot.fr/users/retiolus", hall.organisation),
    )
    friendica = hall.sample(
        "friendica/activities_create_note.json",
        ("https://lemmy.schuerz.at/post/25360", hall.thing),
        ("https://lemmy.schuerz.at/u/jakob", hall.organisation),
    )
    misskey = hall.sample(
        "misskey/bf-mfm_x_format.json", ("http://localhost:4001/users/akkoma_user", hall.organisation)
    )
    misskey["inReplyTo"] = hall.thing
    author = misskey["attributedTo"]
    created = activity("Create", misskey, actor=author, id=f"{misskey['id']}/activity")
    assert await hall.say(mastodon, friendica, created) == ["handled"] * 3
    rows = hall.replies()
    assert [row.author for row in rows] == [felix, "https://soc.schuerz.at/profile/jakob", author]
    assert "thinkpad" in rows[0].content
    assert rows[0].language == "en"
    assert rows[1].content.endswith("test")
    assert rows[2].content == "<p>this does not get replaced</p>"


async def test_an_answer_to_an_answer_belongs_to_the_same_thread(hall: Hall) -> None:
    await hall.say(activity("Create", reply(hall)))
    inner = note("2", actor=BERTA, inReplyTo=f"{PEER}/notes/1", cc=[hall.organisation])
    assert await hall.say(activity("Create", inner, actor=BERTA)) == ["handled"] * 2
    assert [(row.author, row.object) for row in hall.replies()] == [(ANNA, hall.thing), (BERTA, hall.thing)]


async def test_a_repetition_changes_nothing(hall: Hall) -> None:
    said = activity("Create", reply(hall))
    await hall.say(said, said, said | {"id": f"{PEER}/activities/again"})
    assert len(hall.replies()) == 1


async def test_a_change_by_the_author_is_looked_at_again(hall: Hall) -> None:
    await hall.say(activity("Create", reply(hall)))
    number = hall.replies()[0].id
    hall.write(actions.moderate, number, rules.SHOWN)
    same = reply(hall, updated="2026-11-22T11:10:00Z", summary="Neu")
    await hall.say(activity("Update", same, "u1"))
    assert (hall.replies()[0].state, hall.replies()[0].warning) == ("shown", "Neu")
    other = reply(hall, content="<p>Doch nicht</p>", updated="2026-11-22T11:20:00Z")
    await hall.say(activity("Update", other, "u2"))
    assert (hall.replies()[0].state, hall.replies()[0].content) == ("waiting", "<p>Doch nicht</p>")
    older = reply(hall, content="<p>Von früher</p>", updated="2026-11-22T11:05:00Z")
    await hall.say(activity("Update", older, "u3"))
    assert hall.replies()[0].content == "<p>Doch nicht</p>"
    hall.write(actions.moderate, number, rules.HIDDEN)
    await hall.say(activity("Update", reply(hall, content="x", updated="2026-11-22T11:30:00Z"), "u4"))
    assert hall.replies()[0].state == "hidden"


async def test_nobody_else_changes_it(hall: Hall) -> None:
    await hall.say(activity("Create", reply(hall)))
    theirs = reply(hall, attributedTo=BERTA, content="<p>Unsinn</p>", updated="2026-11-22T11:30:00Z")
    await hall.say(activity("Update", theirs, "u1", actor=BERTA))
    stranger = "https://evil.example/users/e"
    forged = reply(hall, content="<p>Unsinn</p>", updated="2026-11-22T11:30:00Z")
    gone = activity("Delete", f"{PEER}/notes/1", actor=stranger, id="https://evil.example/d")
    await hall.say(activity("Update", forged, "u2", actor=stranger, id="https://evil.example/u"), gone)
    (row,) = hall.replies()
    assert (row.author, row.content) == (ANNA, "<p>Das mache ich <b>gern</b>!</p>")


@pytest.mark.parametrize("first", [True, False])
async def test_what_the_author_deletes_goes_and_stays_away(hall: Hall, first: bool) -> None:
    """Whether the Delete comes after its Create or overtakes it."""
    created = activity("Create", reply(hall))
    gone = activity("Delete", {"id": f"{PEER}/notes/1", "type": "Tombstone"}, "d1")
    await hall.say(*([created, gone] if first else [gone, created]))
    assert hall.replies() == []


async def test_the_author_is_known_as_long_as_the_reply_is_kept(hall: Hall) -> None:
    """Or a Delete that comes weeks later would be dropped as a stranger's."""
    await hall.say(activity("Create", reply(hall)))
    hall.write(workbench.know, BERTA)
    hall.clock.forward(days=30)
    hall.write(peers.forget_strangers, NEEDED)
    assert hall.write(peers.known, [ANNA, BERTA]) == {ANNA}
    assert "handled" in await hall.say(activity("Delete", f"{PEER}/notes/1", "d1"))
    assert hall.replies() == []


async def test_whoever_leaves_takes_all_along(hall: Hall) -> None:
    await hall.say(
        activity("Create", reply(hall)), activity("Create", reply(hall, "2", attributedTo=BERTA), actor=BERTA)
    )
    await hall.say(activity("Delete", ANNA, "goodbye"))
    assert [row.author for row in hall.replies()] == [BERTA]


async def test_no_more_is_kept_than_anybody_reads(hall: Hall, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(rules, "REPLIES_OF_AUTHOR", 2)
    monkeypatch.setattr(rules, "REPLIES_OF_OBJECT", 3)
    anna = [activity("Create", reply(hall, str(number))) for number in range(3)]
    verdicts = await hall.say(*anna)
    assert verdicts[:2] == ["handled", "handled"]
    assert "as often as is kept" in verdicts[2]
    others = [f"{PEER}/users/{name}" for name in "bc"]
    verdicts = await hall.say(
        *(activity("Create", reply(hall, who[-1], attributedTo=who), actor=who) for who in others)
    )
    assert "as many replies as are kept" in verdicts[-1]
    assert len(hall.replies()) == 3


async def test_a_long_text_is_cut_and_stays_safe(hall: Hall) -> None:
    long = "<p>" + "<b>Wort</b> " * 9_000 + "</p>"
    await hall.say(activity("Create", reply(hall, content=long + "\u0000\u202e")))
    content = hall.replies()[0].content
    assert len(content) <= rules.MAX_TEXT
    assert content.startswith("<p>Wort Wort")
    assert content.endswith("…</p>")


async def test_with_the_object_its_replies_go(hall: Hall) -> None:
    await hall.say(activity("Create", reply(hall)))
    draft = workbench.offer()
    over = replace(draft, details=replace(draft.details, status="zurueckgezogen"))
    hall.write(opportunities.publish, hall.organisation, over)
    for tidy in HOUSEKEEPING:
        hall.write(tidy)
    assert hall.replies() == []
    verdicts = await hall.say(activity("Create", reply(hall, "2", cc=[])))
    assert "speaks to nobody here" in verdicts[-1]


async def test_an_answer_to_a_stranger_is_nobodys(hall: Hall) -> None:
    """Of a followed source, so that it is stored; but it speaks to nobody here."""
    hall.write(workbench.add_source)
    await hall.say(activity("Create", note(inReplyTo="https://else.example/1")))
    assert hall.replies() == []
    assert hall.messages() == []


async def test_only_what_is_allowed_is_served(hall: Hall) -> None:
    await hall.say(activity("Create", reply(hall)), activity("Create", reply(hall, "2")))
    address = f"{hall.thing.removeprefix(HOME)}/replies"
    assert (await hall.get(address)).json()["totalItems"] == 0
    hall.write(actions.moderate, hall.replies()[1].id, rules.SHOWN)
    found = (await hall.get(address)).json()
    assert (found["id"], found["type"]) == (f"{hall.thing}/replies", "OrderedCollection")
    assert (found["totalItems"], found["orderedItems"]) == (1, [f"{PEER}/notes/2"])
    assert (await hall.get("/ap/object/nothing/replies")).status_code == 404
    hall.write(opportunities.publish, hall.organisation, workbench.offer(status="zurueckgezogen"))
    assert (await hall.get(address)).status_code == 410


async def test_whoever_moderates_a_number_that_is_none(hall: Hall) -> None:
    with pytest.raises(NotFound, match="77"):
        hall.write(actions.moderate, 77, rules.SHOWN)


async def test_an_unknown_author_is_asked_for(hall: Hall) -> None:
    await hall.say(activity("Create", reply(hall)))

    def forget(work: Work) -> list[JobRow]:
        peers.forget(work, ANNA)
        actions.get_to_know(work, ANNA)
        return list(work.db.scalars(select(JobRow).where(JobRow.name == "introduce")))

    assert [(job.host, job.argument) for job in hall.write(forget)] == [("peer.example", ANNA)]
    assert hall.write(store.replies)[0].author == ANNA
