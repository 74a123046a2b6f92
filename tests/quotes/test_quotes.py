"""Who quotes what is ours: asked for as Mastodon asks, allowed by a stamp, revoked; on both databases."""

from pathlib import Path
from typing import Any

import orjson
import pytest
from sqlalchemy import select

from fediverse_ehrenamt.conversations import actions as conversations
from fediverse_ehrenamt.conversations import store as talks
from fediverse_ehrenamt.federation import peers, rules
from fediverse_ehrenamt.federation.model import ReceivedRow, RecipientRow
from fediverse_ehrenamt.federation.rules import Restriction
from fediverse_ehrenamt.instance import Instance
from fediverse_ehrenamt.jobs.model import JobRow
from fediverse_ehrenamt.opportunities import actions as opportunities
from fediverse_ehrenamt.quotes import actions, store
from fediverse_ehrenamt.quotes import rules as quoting
from fediverse_ehrenamt.quotes.model import QuoteRow
from fediverse_ehrenamt.things import moderating
from fediverse_ehrenamt.vocab import codec
from fediverse_ehrenamt.vocab.types import PUBLIC, Accept, Delete, Reject
from fediverse_ehrenamt.work import Work
from tests import hearing, workbench
from tests.hearing import BERTA, UNWANTED, Home, Json
from tests.quotes.kept import rows, said
from tests.workbench import ANNA, HOME, PEER, Clock, offer

_SAMPLE = Path(__file__).parent.parent / "wire" / "mastodon" / "quote-request.json"
POST = f"{ANNA}/statuses/115600000000000001"
pytestmark = pytest.mark.anyio


@pytest.fixture
def home(instance: Instance) -> Home:
    return hearing.found(instance)


def request(home: Home, **changes: Any) -> Json:
    """A QuoteRequest as Mastodon 4.5 sends it."""
    text = _SAMPLE.read_text().replace("https://hagen.example/ap/object/offer", home.offer)
    found: Json = orjson.loads(text)
    return found | changes


def post(about: str, number: int = 1, actor: str = ANNA, **changes: Any) -> Json:
    """A post that quotes something, as Misskey tells its author's server of it."""
    note: Json = {
        "id": f"{actor}/notes/{number}",
        "type": "Note",
        "attributedTo": actor,
        "content": f'<p>Hört!<span class="quote-inline"><br><br>RE: <a href="{about}">{about}</a></span></p>',
        "published": "2026-11-22T11:00:00Z",
        "to": [PUBLIC],
        "cc": [f"{actor}/followers"],
        "_misskey_quote": about,
        "quoteUrl": about,
    }
    note |= changes
    return {"id": f"{note['id']}/activity", "type": "Create", "actor": actor, "object": note, "to": note["to"]}


async def inboxes(home: Home, activity: str) -> list[str]:
    """To which inboxes an activity of ours is on its way."""

    def read(work: Work) -> list[str]:
        jobs = work.db.scalars(select(JobRow.argument).where(JobRow.name == "deliver"))
        return sorted(inbox for named, inbox in map(orjson.loads, jobs) if named == activity)

    return await home.workshop.read(read)


# --- asked and allowed ------------------------------------------------------------------------------------------------
async def test_what_is_ours_says_that_everybody_may_quote_it(home: Home) -> None:
    for uri in (home.offer, home.event):
        document = (await home.get(uri)).json()
        assert document["interactionPolicy"] == {"canQuote": {"automaticApproval": [PUBLIC]}}
        terms = document["@context"][-1]
        assert terms["gts"] == "https://gotosocial.org/ns#"
        assert terms["canQuote"] == {"@id": "gts:canQuote", "@type": "@id"}


async def test_a_request_of_mastodon_is_accepted_with_a_stamp(home: Home) -> None:
    asked = request(home)
    assert await home.say(asked) == "handled"
    (row,) = await rows(home)
    assert (row.uri, row.object, row.organisation, row.author) == (POST, home.offer, home.owner, ANNA)
    assert (row.state, row.seen, row.url) == (quoting.ALLOWED, False, f"{PEER}/@anna/115600000000000001")
    assert row.content == "<p>Wer hat <b>Zeit</b>?</p>", "what stands there for those that know no quotes is not kept"
    (accept,) = await said(home, "Accept")
    assert (accept["actor"], accept["to"], accept["result"]) == (home.owner, [ANNA], row.stamp)
    assert accept["object"] == {
        "id": asked["id"], "type": "QuoteRequest", "actor": ANNA, "object": home.offer, "instrument": POST,
        "to": [], "cc": [],
    }  # fmt: skip
    assert accept["@context"][-1] == {"QuoteRequest": "https://w3id.org/fep/044f#QuoteRequest"}
    assert await inboxes(home, accept["id"]) == [f"{ANNA}/inbox"]
    assert await home.workshop.read(lambda work: work.db.scalars(select(ReceivedRow.rest)).all()) == [None]


async def test_the_stamp_is_what_mastodon_compares(home: Home) -> None:
    await home.say(request(home))
    (row,) = await rows(home)
    answer = await home.get(str(row.stamp))
    assert answer.headers["content-type"] == "application/activity+json"
    stamp = answer.json()
    assert stamp.pop("@context") == [
        "https://www.w3.org/ns/activitystreams",
        {
            "gts": "https://gotosocial.org/ns#",
            "QuoteAuthorization": "https://w3id.org/fep/044f#QuoteAuthorization",
            "interactingObject": {"@id": "gts:interactingObject", "@type": "@id"},
            "interactionTarget": {"@id": "gts:interactionTarget", "@type": "@id"},
        },
    ]
    assert stamp == {
        "id": row.stamp,
        "type": "QuoteAuthorization",
        "attributedTo": home.owner,
        "interactingObject": POST,
        "interactionTarget": home.offer,
    }
    assert (await home.get(f"{HOME}/ap/quote/none")).status_code == 404


async def test_who_asks_again_gets_the_same_stamp(home: Home) -> None:
    for _ in range(2):
        assert await home.say(request(home)) == "handled"
    await home.say(request(home, id=f"{ANNA}/quote_requests/2"))
    (row,) = await rows(home)
    assert {one["result"] for one in await said(home, "Accept")} == {row.stamp}


async def test_the_post_may_only_be_named(home: Home) -> None:
    assert await home.say(request(home, instrument=POST)) == "handled"
    (row,) = await rows(home)
    assert (row.uri, row.content, row.url, row.state) == (POST, "", POST, quoting.ALLOWED)
    assert await home.say(post(home.offer, id=POST)) == "handled"
    (row,) = await rows(home)
    assert "Hört!" in row.content, "what it says may come later"
    assert row.state == quoting.ALLOWED


async def test_what_is_not_for_everybody_is_allowed_and_not_kept(home: Home) -> None:
    asked: dict[str, Any] = request(home)
    asked["instrument"] |= {"to": [f"{ANNA}/followers"], "cc": []}
    assert await home.say(asked) == "handled"
    (row,) = await rows(home)
    assert (row.content, row.state) == ("", quoting.ALLOWED)


async def test_whoever_quotes_hears_of_changes(home: Home) -> None:
    await home.say(request(home))

    def told(work: Work) -> list[str]:
        return list(work.db.scalars(select(RecipientRow.inbox).where(RecipientRow.object == home.offer)))

    assert f"{PEER}/inbox" in await home.workshop.read(told)


async def test_what_is_no_request(home: Home) -> None:
    assert await home.say(request(home, object=f"{PEER}/notes/1")) == UNWANTED
    assert (await home.say(request(home, object=f"{HOME}/ap/object/none"))).startswith("dropped: ")
    foreign = f"{BERTA.replace('peer', 'stranger')}/statuses/1"
    assert "no post of" in await home.say(request(home, id=f"{ANNA}/q/1", instrument=foreign))
    assert "no post of" in await home.say(request(home, id=f"{ANNA}/q/2", instrument={}))
    await home.say(request(home, id=f"{ANNA}/q/3"))
    theft = request(home, id=f"{BERTA}/q/1", actor=BERTA, instrument=POST)
    assert "is by" in await home.say(theft)
    assert [row.author for row in await rows(home)] == [ANNA]
    assert await said(home, "Reject") == []


async def test_one_post_quotes_one_object(home: Home) -> None:
    await home.say(request(home))
    await home.say(request(home, id=f"{ANNA}/q/2", object=home.event))
    assert [row.object for row in await rows(home)] == [home.offer]
    (reject,) = await said(home, "Reject")
    assert reject["object"]["object"] == home.event


async def test_an_author_who_floods_is_rejected(home: Home, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(quoting, "QUOTES_OF_AUTHOR", 2)
    for number in range(3):
        await home.say(request(home, id=f"{ANNA}/q/{number}", instrument=f"{ANNA}/statuses/{number}"))
    assert len(await rows(home)) == 2
    assert len(await said(home, "Reject")) == 1
    monkeypatch.setattr(quoting, "QUOTES_OF_OBJECT", 2)
    await home.say(request(home, id=f"{BERTA}/q/1", actor=BERTA, instrument=f"{BERTA}/statuses/1"))
    assert len(await rows(home)) == 2


# --- quoted without asking --------------------------------------------------------------------------------------------
async def test_a_quote_by_misskey_is_kept_without_a_stamp(home: Home) -> None:
    assert await home.say(post(home.offer)) == "handled"
    assert await home.say(post(home.event, 2, _misskey_quote=None, quoteUrl=None, quoteUri=home.event)) == "handled"
    first, second = await rows(home)
    assert (first.uri, first.state, first.stamp) == (f"{ANNA}/notes/1", quoting.UNASKED, None)
    assert first.content == "<p>Hört!</p>"
    assert second.object == home.event
    assert await home.workshop.read(store.counts_of, [home.offer, home.event]) == {home.offer: 1, home.event: 1}
    assert await said(home, "Accept") == []


async def test_it_follows_its_edits_and_may_ask_later(home: Home) -> None:
    await home.say(post(home.offer))
    edit = post(home.offer, content="<p>Hört bitte!</p>", updated="2026-11-22T11:30:00Z")
    await home.say({**edit, "id": f"{ANNA}/activities/2", "type": "Update"})
    await home.say({**post(home.offer), "id": f"{ANNA}/activities/3"})
    assert [row.content for row in await rows(home)] == ["<p>Hört bitte!</p>"]
    await home.say(request(home, instrument=f"{ANNA}/notes/1"))
    (row,) = await rows(home)
    assert row.state == quoting.ALLOWED
    assert row.stamp


async def test_a_quote_that_is_addressed_to_us_is_no_message_unless_it_mentions_us(home: Home) -> None:
    await home.say(post(home.offer, to=[PUBLIC, home.owner]))
    assert await home.workshop.read(talks.messages, home.owner) == []
    mention = {"type": "Mention", "href": home.owner, "name": "@buecherei@hagen.example"}
    await home.say(post(home.offer, 2, tag=[mention]))
    assert len(await home.workshop.read(talks.messages, home.owner)) == 1
    assert len(await rows(home)) == 2


async def test_quotes_of_others_and_of_nothing_are_none(home: Home) -> None:
    assert await home.say(post(f"{PEER}/notes/9")) == UNWANTED
    assert (await home.say(post(f"{HOME}/ap/object/none", 2))).startswith("dropped: ")
    assert await home.say(post(home.offer, 3, to=[f"{ANNA}/followers"])) == "handled"
    assert await rows(home) == []


# --- no longer --------------------------------------------------------------------------------------------------------
async def revoke(home: Home) -> None:
    def act(work: Work) -> None:
        actions.revoke(work, work.db.scalars(select(QuoteRow)).one())

    await home.workshop.write(act)


async def test_a_revoked_stamp_is_deleted_everywhere_and_stays_so(home: Home) -> None:
    await home.workshop.write(workbench.add_follower, home.owner, "https://other.example/users/o")
    await home.say(request(home))
    for _ in range(2):
        await revoke(home)
    (row,) = await rows(home)
    (delete,) = await said(home, "Delete")
    found = codec.parse_activity(orjson.dumps(delete))
    assert isinstance(found, Delete)
    assert (found.actor, found.object_id, found.to) == (home.owner, row.stamp, (PUBLIC,))
    assert delete["object"]["formerType"] == "QuoteAuthorization"
    assert await inboxes(home, delete["id"]) == ["https://other.example/inbox", f"{PEER}/inbox"]
    gone = await home.get(str(row.stamp))
    assert (gone.status_code, gone.json()["type"]) == (410, "Tombstone")
    await home.say(request(home))
    (reject,) = await said(home, "Reject")
    assert (reject["actor"], reject["to"], reject["object"]["instrument"]) == (home.owner, [ANNA], POST)
    assert [row.state for row in await rows(home)] == [quoting.REVOKED]
    assert await home.workshop.read(store.counts_of, [home.offer]) == {}


async def test_what_nobody_asked_for_cannot_be_revoked(home: Home) -> None:
    await home.say(post(home.offer))
    await revoke(home)
    assert [row.state for row in await rows(home)] == [quoting.UNASKED]
    assert await said(home, "Delete") == []


async def test_whoever_is_refused_may_not_quote(home: Home) -> None:
    await home.workshop.write(conversations.refuse, home.owner, ANNA)
    assert await home.say(request(home)) == "handled"
    await home.say(post(home.offer))
    assert await rows(home) == []
    assert len(await said(home, "Reject")) == 1


async def test_what_the_refused_quoted_before_is_revoked(home: Home) -> None:
    await home.say(request(home))
    await home.say(request(home, id=f"{BERTA}/q/1", actor=BERTA, instrument=f"{BERTA}/statuses/1"))
    await home.workshop.write(actions.revoke_of, home.owner, ANNA)
    assert [row.state for row in await rows(home)] == [quoting.REVOKED, quoting.ALLOWED]


@pytest.mark.parametrize("subject", ["peer.example", ANNA], ids=["host", "account"])
async def test_what_the_blocked_quoted_is_revoked(home: Home, subject: str) -> None:
    await home.workshop.write(workbench.add_follower, home.owner, "https://other.example/users/o")
    await home.say(request(home))
    await home.workshop.write(moderating.restrict, Restriction(subject, "limit"))
    await home.tidy()
    assert [row.state for row in await rows(home)] == [quoting.ALLOWED], "whoever is only limited may"
    await home.workshop.write(moderating.restrict, Restriction(subject, "block"))
    await home.tidy()
    (row,) = await rows(home)
    assert row.state == quoting.REVOKED
    (delete,) = await said(home, "Delete")
    assert "https://other.example/inbox" in await inboxes(home, delete["id"])
    assert (await home.get(str(row.stamp))).status_code == 410


async def test_an_exemption_from_a_block_holds_for_quotes(home: Home) -> None:
    await home.say(request(home))
    entries = Restriction("example", "block"), Restriction("peer.example", "none", reject_media=True)
    assert rules.Rules(entries).of(ANNA).refusal == ""
    await home.workshop.write(moderating.restrict, *entries)
    await home.tidy()
    assert [row.state for row in await rows(home)] == [quoting.ALLOWED]


async def test_a_stamp_ends_with_what_is_quoted(home: Home) -> None:
    await home.say(request(home))
    (row,) = await rows(home)
    await home.workshop.write(opportunities.publish, home.owner, offer(status="zurueckgezogen"))
    assert (await home.get(str(row.stamp))).status_code == 410
    await home.tidy()
    assert await rows(home) == []
    assert (await home.get(str(row.stamp))).status_code == 410
    assert "withdrawn" in await home.say(request(home, id=f"{ANNA}/q/2"))


async def test_it_goes_with_the_post_and_with_its_author(home: Home) -> None:
    await home.say(request(home))
    (row,) = await rows(home)
    await home.say({"id": f"{POST}#delete", "type": "Delete", "actor": ANNA, "object": POST, "to": [PUBLIC]})
    assert await rows(home) == []
    assert (await home.get(str(row.stamp))).status_code == 410
    assert "no post of" in await home.say(request(home)), "a request that comes late does not bring it back"
    await home.say(request(home, id=f"{ANNA}/q/2", instrument=f"{ANNA}/statuses/2"))
    await home.say({"id": f"{ANNA}#delete", "type": "Delete", "actor": ANNA, "object": ANNA, "to": [PUBLIC]})
    assert await rows(home) == []


async def test_whoever_quotes_stays_known(home: Home, clock: Clock) -> None:
    await home.say(request(home))
    clock.forward(days=3)
    await home.tidy()
    assert await home.workshop.read(peers.known, [ANNA, BERTA]) == {ANNA}


def test_what_is_answered_is_read_back() -> None:
    """A sister that quotes would read it so; what the result is, nobody here asks."""
    body = {"type": "Accept", "actor": ANNA, "id": f"{ANNA}/1", "object": f"{HOME}/q", "result": f"{ANNA}/stamps/1"}
    assert isinstance(codec.parse_activity(orjson.dumps(body)), Accept)
    assert isinstance(codec.parse_activity(orjson.dumps({**body, "type": "Reject"})), Reject)
