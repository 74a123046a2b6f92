"""Direct notes and mentions: kept for whom they name, answered directly, private from end to end; on both databases."""

import asyncio
from typing import Any

import orjson
import pytest
from sqlalchemy import select

from fediverse_ehrenamt.conversations import actions, rules, store
from fediverse_ehrenamt.federation import outbox
from fediverse_ehrenamt.federation.model import RecipientRow
from fediverse_ehrenamt.jobs.model import JobRow
from fediverse_ehrenamt.kit.errors import Conflict, Invalid, NotFound
from fediverse_ehrenamt.vocab import codec
from fediverse_ehrenamt.vocab.types import PUBLIC, Create, Mention, Note
from fediverse_ehrenamt.wiring import HOUSEKEEPING
from fediverse_ehrenamt.work import Work
from tests import workbench
from tests.conversations.talking import Hall, activity, note
from tests.workbench import ANNA, HOME, PEER

pytestmark = pytest.mark.anyio
BERTA = f"{PEER}/users/berta"


def direct(hall: Hall, name: str = "1", **fields: Any) -> dict[str, Any]:
    mention = {"type": "Mention", "href": hall.organisation, "name": "@buecherei@hagen.example"}
    words = "<p><span>@buecherei</span> Ist die Stelle noch frei?</p>"
    return note(name, **{"to": [hall.organisation], "tag": [mention], "content": words, **fields})


def recipients(work: Work) -> list[RecipientRow]:
    return list(work.db.scalars(select(RecipientRow)))


# --- what comes in ----------------------------------------------------------------------------------------------------
async def test_a_direct_note_is_a_message(hall: Hall) -> None:
    before = hall.indexed()
    assert await hall.say(activity("Create", direct(hall))) == ["handled"]
    (row,) = hall.messages()
    assert (row.organisation, row.person, row.sent, row.public) == (hall.organisation, ANNA, False, False)
    assert row.content == "<p><span>@buecherei</span> Ist die Stelle noch frei?</p>"
    assert hall.replies() == []
    assert hall.indexed() == before


async def test_nothing_of_it_stays_in_the_raw_store(hall: Hall) -> None:
    public = activity("Create", note("2", cc=[hall.organisation]))
    await hall.say(activity("Create", direct(hall)), public)
    private, open_ = hall.bodies()
    assert private is None
    assert open_ is not None
    again = activity("Create", direct(hall))
    await hall.say(again)  # known by its id, though its body is gone
    assert len(hall.messages()) == 2


async def test_what_a_source_writes_to_its_followers_leaves_too(hall: Hall) -> None:
    hall.write(workbench.add_source)
    before = hall.indexed()
    await hall.say(activity("Create", note(to=[f"{ANNA}/followers"])))
    assert hall.bodies() == [None]
    assert (hall.messages(), hall.indexed()) == ([], before)


async def test_real_messages(hall: Hall) -> None:
    framapiaf = hall.sample(
        "mastodon/mbz-mastodon-post-activity-private.json", ("https://framapiaf.org/users/tcit", hall.organisation)
    )
    lemmy = hall.sample(
        "lemmy/activities_create_or_update_create_private_message_0.19.json",
        ("https://voyager.lemmy.ml/u/nutomic", hall.organisation),
    )
    old_lemmy = hall.sample(
        "lemmy/activities_create_or_update_create_private_message.json",
        ("http://ds9.lemmy.ml/u/lemmy_alpha", hall.organisation),
    )
    world = hall.sample(
        "mastodon/activities_private_message.json", ("https://ds9.lemmy.ml/u/nutomic", hall.organisation)
    )
    author = world["attributedTo"]
    wrapped = activity("Create", world, actor=author, id=f"{world['id']}/activity")
    assert await hall.say(framapiaf, lemmy, old_lemmy, wrapped) == ["handled"] * 4
    rows = hall.messages()
    assert [row.person for row in rows] == [framapiaf["actor"], lemmy["actor"], old_lemmy["actor"], author]
    assert rows[0].content.startswith("<p>cw</p>")
    assert "here is a private message" in rows[0].content
    assert rows[1].content == "<p>hi!</p>"
    assert hall.bodies() == [None] * 4
    assert not any(row.public for row in rows)


async def test_a_public_mention_is_a_public_message_and_no_post(hall: Hall) -> None:
    before = hall.indexed()
    await hall.say(activity("Create", note(cc=[hall.organisation])))
    (row,) = hall.messages()
    assert row.public
    assert hall.indexed() == before


async def test_a_private_answer_to_an_offer_is_a_message_about_it(hall: Hall) -> None:
    await hall.say(activity("Create", direct(hall, inReplyTo=hall.thing)))
    assert [row.about for row in hall.messages()] == [hall.thing]
    assert hall.replies() == []
    unnamed = note("2", to=[f"{ANNA}/followers"], inReplyTo=hall.thing)
    await hall.say(activity("Create", unnamed))
    assert [row.organisation for row in hall.messages()] == [hall.organisation] * 2


async def test_one_note_to_two_organisations_and_to_the_instance(hall: Hall) -> None:
    other = hall.write(workbench.add_organisation, "tafel", "Tafel Hagen")
    relay = hall.write(workbench.instance_actor)
    await hall.say(activity("Create", direct(hall, to=[hall.organisation, other, relay, f"{other}/followers"])))
    assert [row.organisation for row in hall.messages()] == [hall.organisation, other, relay]
    assert [one.organisation for one in hall.write(store.messages, relay)] == [relay]


async def test_to_an_actor_that_is_none(hall: Hall) -> None:
    verdicts = await hall.say(activity("Create", direct(hall, to=[f"{HOME}/ap/actor/nobody"], tag=[])))
    assert "speaks to nobody here" in verdicts[0]
    assert hall.bodies() == [None]


async def test_a_message_can_be_changed_and_taken_back(hall: Hall) -> None:
    await hall.say(activity("Create", direct(hall)))
    newer = direct(hall, content="<p>Hat sich erledigt</p>", updated="2026-11-22T11:30:00Z")
    forged = direct(hall, attributedTo=BERTA, content="<p>!</p>", updated="2026-11-22T11:40:00Z")
    await hall.say(activity("Update", newer, "u1"), activity("Update", forged, "u2", actor=BERTA))
    assert [(row.person, row.content) for row in hall.messages()] == [(ANNA, "<p>Hat sich erledigt</p>")]
    assert hall.bodies() == [None] * 3
    await hall.say(activity("Delete", {"id": f"{PEER}/notes/1", "type": "Tombstone"}, "d1"))
    assert hall.messages() == []


async def test_no_more_than_anybody_reads(hall: Hall, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(rules, "MESSAGES_OF_PERSON", 2)
    monkeypatch.setattr(rules, "MESSAGES_OF_ORGANISATION", 3)
    verdicts = await hall.say(*(activity("Create", direct(hall, str(number))) for number in range(3)))
    assert "as often as is kept" in verdicts[2]
    berta = [activity("Create", direct(hall, f"b{number}", attributedTo=BERTA), actor=BERTA) for number in range(2)]
    assert "as many messages as are kept" in (await hall.say(*berta))[-1]
    assert [row.person for row in hall.messages()] == [ANNA, ANNA, BERTA]
    assert hall.bodies() == [None] * 5


async def test_messages_are_erased_after_half_a_year(hall: Hall) -> None:
    await hall.say(activity("Create", direct(hall)))
    hall.clock.forward(days=100)
    hall.write(actions.answer, hall.messages()[0].id, "Ja, kommen Sie vorbei!")
    hall.clock.forward(days=80, seconds=1)
    _tidy(hall)
    assert [row.sent for row in hall.messages()] == [True]
    hall.clock.forward(days=100)
    _tidy(hall)
    assert hall.messages() == []


def _tidy(hall: Hall) -> None:
    for tidy in HOUSEKEEPING:
        hall.write(tidy)


# --- answers ----------------------------------------------------------------------------------------------------------
async def test_an_answer_is_for_one_person_alone(hall: Hall) -> None:
    """Mastodon: nobody but the person in `to`, a Mention, nothing in `cc`, or it is no direct message."""
    context = f"{PEER}/contexts/5"
    await hall.say(activity("Create", direct(hall, inReplyTo=hall.thing, context=context)))
    message = hall.messages()[0]
    row = hall.write(actions.answer, message.id, "Ja!\n\n1 < 2 & <b>fett</b>\nhttps://hagen.example/x")
    (published,) = [one for one in hall.sent() if one.uri == row.activity]
    create = codec.parse_activity(published.body)
    assert isinstance(create, Create)
    sent = create.object
    assert isinstance(sent, Note)
    assert (create.actor, create.to, create.cc) == (hall.organisation, (ANNA,), ())
    assert (sent.attributed_to, sent.to, sent.cc) == (hall.organisation, (ANNA,), ())
    assert sent.mentions == (Mention(href=ANNA, name="@anna@peer.example"),)
    assert (sent.in_reply_to, sent.context) == (f"{PEER}/notes/1", context)
    assert PUBLIC not in published.body.decode()
    assert "followers" not in published.body.decode()
    assert f'<a href="{PEER}/@anna" class="u-url mention">@<span>anna</span></a>' in sent.content
    assert "<p>1 &lt; 2 &amp; &lt;b&gt;fett&lt;/b&gt;<br>" in sent.content
    assert (row.sent, row.about, row.in_reply_to) == (True, hall.thing, f"{PEER}/notes/1")


async def test_it_goes_to_their_own_inbox_and_nowhere_else(hall: Hall) -> None:
    hall.write(workbench.add_follower, hall.organisation, "https://other.example/users/o")
    await hall.say(activity("Create", direct(hall)))
    row = hall.write(actions.answer, hall.messages()[0].id, "Ja!")

    def jobs(work: Work) -> list[str]:
        return [one.argument for one in work.db.scalars(select(JobRow)) if row.activity in one.argument]

    assert [orjson.loads(one) for one in hall.write(jobs)] == [[row.activity, f"{ANNA}/inbox"]]
    assert [one for one in hall.write(recipients) if one.object == row.uri] == []


async def test_nobody_can_read_it_under_any_address(hall: Hall) -> None:
    await hall.say(activity("Create", direct(hall)))
    row = hall.write(actions.answer, hall.messages()[0].id, "Streng geheim")
    for url in (row.uri, row.activity, f"{row.uri}/replies"):
        assert (await hall.get(url.removeprefix(HOME))).status_code == 404, url
    for page in (f"{hall.organisation}/outbox", f"{hall.organisation}/outbox?page=first"):
        found = await hall.get(page.removeprefix(HOME))
        assert found.status_code == 200
        assert row.activity not in found.text
        assert "geheim" not in found.text


async def test_a_conversation_reads_in_order(hall: Hall) -> None:
    await hall.say(activity("Create", direct(hall)))
    assert [one.answered for one in hall.listed()] == [False]
    hall.clock.forward(minutes=1)
    answer = hall.write(actions.answer, hall.messages()[0].id, "Ja!")
    assert [one.answered for one in hall.listed()] == [True]
    hall.clock.forward(minutes=1)
    thanks = direct(hall, "2", inReplyTo=answer.uri, content="<p>Danke</p>")
    await hall.say(activity("Create", thanks))
    assert [one.answered for one in hall.listed()] == [False, True]
    both = hall.write(store.conversation, answer.id)
    assert [(one.sent, one.person) for one in both] == [
        (False, "@anna@peer.example"),
        (True, "@anna@peer.example"),
        (False, "@anna@peer.example"),
    ]


async def test_later_messages_know_what_it_was_about(hall: Hall) -> None:
    await hall.say(activity("Create", direct(hall, inReplyTo=hall.thing)))
    answer = hall.write(actions.answer, hall.messages()[0].id, "Ja!")
    await hall.say(activity("Create", direct(hall, "2", inReplyTo=answer.uri)))
    assert [row.about for row in hall.messages()] == [hall.thing] * 3


async def test_what_cannot_be_answered(hall: Hall) -> None:
    await hall.say(activity("Create", direct(hall)))
    number = hall.messages()[0].id
    with pytest.raises(NotFound, match="Nummer 99"):
        hall.write(actions.answer, 99, "Ja")
    for text in ("", "  \n ", "x" * (rules.MAX_ANSWER + 1)):
        with pytest.raises(Invalid):
            hall.write(actions.answer, number, text)
    sent = hall.write(actions.answer, number, "Ja")
    with pytest.raises(Conflict, match="selbst eine Antwort"):
        hall.write(actions.answer, sent.id, "Ja")
    await hall.say(activity("Block", hall.organisation, "b1"))
    before = len(hall.sent())
    with pytest.raises(Conflict, match="blockiert"):
        hall.write(actions.answer, number, "Ja")
    assert len(hall.sent()) == before


async def test_after_some_days_it_is_no_longer_ready_to_be_sent(hall: Hall) -> None:
    await hall.say(activity("Create", direct(hall)))
    row = hall.write(actions.answer, hall.messages()[0].id, "Ja!")
    hall.clock.forward(days=7, hours=23)  # behind a breaker a job waits for seven days, whatever its tries
    _tidy(hall)
    assert row.activity in {one.uri for one in hall.sent()}
    hall.clock.forward(hours=2)
    _tidy(hall)
    assert row.activity not in {one.uri for one in hall.sent()}
    assert [one.activity for one in hall.messages()] == ["", ""]


async def test_whoever_leaves_takes_the_conversation_along(hall: Hall) -> None:
    await hall.say(
        activity("Create", direct(hall)), activity("Create", direct(hall, "b", attributedTo=BERTA), actor=BERTA)
    )
    row = hall.write(actions.answer, hall.messages()[0].id, "Ja!")
    await hall.say(activity("Delete", ANNA, "goodbye"))
    assert [one.person for one in hall.messages()] == [BERTA]
    assert row.activity not in {one.uri for one in hall.sent()}
    assert hall.write(outbox.is_buried, ANNA)


async def test_a_note_heard_twice_at_once_is_one_message(hall: Hall) -> None:
    """Two workers, the same note in two activities: from the shared inbox and forwarded."""
    sender = codec.parse_activity(orjson.dumps(activity("Create", direct(hall))))
    assert isinstance(sender, Create)
    hall.write(workbench.know, ANNA)
    found = [hall.instance.workshop.write(_hear, sender) for _ in range(8)]
    await asyncio.gather(*found)
    assert len(hall.messages()) == 1


def _hear(work: Work, sender: Create) -> None:
    actions.keep_message(work, _note_of(sender), ANNA, str(sender.to[0]))


def _note_of(sender: Create) -> Note:
    assert isinstance(sender.object, Note)
    return sender.object
