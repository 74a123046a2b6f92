"""Who puts an actor of ours into a collection: asked for as Mastodon asks, looked at, left; on both databases."""

from pathlib import Path
from typing import Any

import orjson
import pytest
from sqlalchemy import select, update

from fediverse_ehrenamt import wiring
from fediverse_ehrenamt.conversations import actions as conversations
from fediverse_ehrenamt.federation import actors, authority, inbox
from fediverse_ehrenamt.federation.model import LocalActorRow, ReceivedRow
from fediverse_ehrenamt.federation.rules import Restriction
from fediverse_ehrenamt.federation.signatures import Signed
from fediverse_ehrenamt.federation.wanted import Arrival
from fediverse_ehrenamt.instance import Instance
from fediverse_ehrenamt.jobs.model import JobRow
from fediverse_ehrenamt.opportunities import actions as opportunities
from fediverse_ehrenamt.quotes import actions
from fediverse_ehrenamt.quotes import rules as quoting
from fediverse_ehrenamt.quotes.model import QuoteRow
from fediverse_ehrenamt.things import moderating
from fediverse_ehrenamt.vocab import codec
from fediverse_ehrenamt.vocab.featured import FeaturedCollection
from fediverse_ehrenamt.vocab.quotes import FeatureRequest
from fediverse_ehrenamt.vocab.types import PUBLIC
from fediverse_ehrenamt.work import Work
from tests import hearing, workbench
from tests.hearing import BERTA, Home, Json
from tests.quotes.kept import rows, said
from tests.workbench import ANNA, HOME, PEER, Clock, offer

_SAMPLES = Path(__file__).parent.parent / "wire" / "mastodon"
COLLECTION = f"{PEER}/ap/users/1/collections/7"
pytestmark = pytest.mark.anyio


@pytest.fixture
def home(instance: Instance) -> Home:
    return hearing.found(instance)


async def ask(home: Home, featured: str = "", signer: str = ANNA, **changes: Any) -> str:
    """Ask as Mastodon does: without an actor, which is whoever signs. Return what became of it."""
    said: Json = orjson.loads((_SAMPLES / "feature-request.json").read_bytes())
    said |= {"object": featured or home.owner} | changes
    body = orjson.dumps(said)
    activity = authority.by_signer(signer, codec.parse_activity(body))
    assert await home.workshop.write(inbox.store, [Arrival(Signed(signer, body, "cavage"), activity)])
    await home.workshop.write(inbox.process, wiring.HANDLERS)
    found = select(ReceivedRow.verdict).order_by(ReceivedRow.id.desc()).limit(1)
    verdict: str = await home.workshop.read(lambda work: work.db.scalars(found).one())
    return verdict


def collection(home: Home, **changes: Any) -> FeaturedCollection:
    """The collection as Mastodon shows it once our stamp has come."""
    text = (
        (_SAMPLES / "featured-collection.json").read_text().replace("https://hagen.example/ap/actor/verein", home.owner)
    )
    found = codec.parse_object(orjson.dumps(orjson.loads(text) | changes))
    assert isinstance(found, FeaturedCollection)
    return found


async def waiting(home: Home, name: str) -> list[str]:
    def read(work: Work) -> list[str]:
        return sorted(work.db.scalars(select(JobRow.argument).where(JobRow.name == name)))

    return await home.workshop.read(read)


def _feed(work: Work) -> str:
    return actors.register(work, handle="umwelt", kind="Service", name="Umwelt in Haspe", summary="").uri


# --- asked and allowed ------------------------------------------------------------------------------------------------
async def test_organisations_and_feeds_say_that_everybody_may_recommend_them(home: Home) -> None:
    for uri in (home.owner, await home.workshop.write(_feed)):
        document = (await home.get(uri)).json()
        assert document["interactionPolicy"] == {"canFeature": {"automaticApproval": [PUBLIC]}}
        assert document["@context"][-1]["canFeature"] == {"@id": "https://w3id.org/fep/7aa9#canFeature", "@type": "@id"}
    assert "interactionPolicy" not in (await home.get(await home.workshop.read(workbench.instance_actor))).json()


async def test_a_request_of_mastodon_is_accepted_with_a_stamp(home: Home) -> None:
    assert await ask(home) == "handled"
    (row,) = await rows(home)
    assert (row.uri, row.object, row.organisation, row.author) == (COLLECTION, home.owner, home.owner, ANNA)
    assert (row.state, row.seen, row.content) == (quoting.ALLOWED, False, "")
    (accept,) = await said(home, "Accept")
    asked = orjson.loads((_SAMPLES / "feature-request.json").read_bytes())
    assert (accept["actor"], accept["to"], accept["result"]) == (home.owner, [ANNA], row.stamp)
    assert accept["object"] == {
        "id": asked["id"], "type": "FeatureRequest", "actor": ANNA, "object": home.owner, "instrument": COLLECTION,
        "to": [], "cc": [],
    }  # fmt: skip
    assert accept["@context"][-1] == {"FeatureRequest": "https://w3id.org/fep/7aa9#FeatureRequest"}
    assert await waiting(home, "obtain") == [COLLECTION]
    await ask(home)
    assert {one["result"] for one in await said(home, "Accept")} == {row.stamp}, "who asks again gets the same"
    assert len(await rows(home)) == 1


async def test_the_stamp_is_what_mastodon_compares(home: Home) -> None:
    await ask(home)
    (row,) = await rows(home)
    answer = await home.get(str(row.stamp))
    assert answer.headers["content-type"] == "application/activity+json"
    stamp = answer.json()
    assert stamp.pop("@context")[1]["FeatureAuthorization"] == "https://w3id.org/fep/7aa9#FeatureAuthorization"
    assert stamp == {
        "id": row.stamp,
        "type": "FeatureAuthorization",
        "attributedTo": home.owner,
        "interactingObject": COLLECTION,
        "interactionTarget": home.owner,
    }


async def test_one_collection_may_recommend_several(home: Home) -> None:
    feed = await home.workshop.write(_feed)
    assert await ask(home) == "handled"
    assert await ask(home, feed, id=f"{ANNA}/feature_requests/2") == "handled"
    first, second = await rows(home)
    assert {first.object, second.object} == {home.owner, feed}
    assert first.stamp != second.stamp


@pytest.mark.parametrize("signer", [BERTA, "https://stranger.example/users/s"])
async def test_only_its_own_server_asks_for_a_collection(home: Home, signer: str) -> None:
    await home.workshop.write(workbench.know, "https://stranger.example/users/s")
    await ask(home)
    assert (await ask(home, signer=signer, id=f"{signer}/feature_requests/2")).startswith("dropped")
    assert [row.author for row in await rows(home)] == [ANNA]
    assert len(await said(home, "Accept")) == 1


async def test_who_is_not_recommended(home: Home) -> None:
    instance = await home.workshop.read(workbench.instance_actor)
    assert (await ask(home, instance)).startswith("dropped")
    assert (await ask(home, f"{HOME}/ap/actor/none", id=f"{ANNA}/q/2")).startswith("dropped")
    assert await said(home, "Accept") == []
    await home.workshop.write(conversations.refuse, home.owner, ANNA)
    assert await ask(home, id=f"{ANNA}/q/3") == "handled"
    (reject,) = await said(home, "Reject")
    assert (reject["actor"], reject["to"], reject["object"]["instrument"]) == (home.owner, [ANNA], COLLECTION)
    assert await rows(home) == []


def test_who_asks_may_be_named_and_the_request_embeds_the_collection() -> None:
    body = orjson.loads((_SAMPLES / "feature-request.json").read_bytes())
    whole = orjson.loads((_SAMPLES / "featured-collection.json").read_bytes())
    asked = codec.parse_activity(orjson.dumps(body | {"actor": ANNA, "instrument": whole}))
    assert isinstance(asked, FeatureRequest)
    assert (asked.actor, asked.instrument_id, asked.object) == (
        ANNA,
        COLLECTION,
        "https://hagen.example/ap/actor/verein",
    )


# --- looked at --------------------------------------------------------------------------------------------------------
async def test_a_collection_says_what_it_is_called(home: Home) -> None:
    await ask(home)
    await home.workshop.write(actions.look, collection(home))
    (row,) = await rows(home)
    assert row.content == "<p><strong>Gutes &amp; Nahes</strong></p><p>Wem man hier folgen sollte</p>"
    assert row.url == f"{PEER}/collections/7"


async def test_it_is_looked_at_every_week(home: Home, clock: Clock) -> None:
    await ask(home)
    await home.workshop.write(actions.look, collection(home))
    assert await home.workshop.write(actions.look_again) == 0
    clock.forward(days=8)
    assert await home.workshop.write(actions.look_again) == 1
    assert await home.workshop.write(actions.look_again) == 0


async def test_whoever_is_taken_out_there_is_so_here(home: Home, clock: Clock) -> None:
    await ask(home)
    (row,) = await rows(home)
    empty = collection(home, orderedItems=[], totalItems=0)
    await home.workshop.write(actions.look, empty)
    assert len(await rows(home)) == 1, "our stamp may still be on its way"
    clock.forward(days=8)
    await home.workshop.write(actions.look, collection(home, orderedItems=["https://peer.example/items/3"]))
    assert len(await rows(home)) == 1, "it does not say who is in it"
    await home.workshop.write(actions.look, empty)
    assert await rows(home) == []
    assert (await home.get(str(row.stamp))).status_code == 410


async def test_a_collection_of_somebody_else_has_no_stamp(home: Home) -> None:
    await ask(home)
    await home.workshop.write(actions.look, collection(home, attributedTo=BERTA))
    assert await rows(home) == []


async def test_it_goes_when_it_is_not_there_twice(home: Home) -> None:
    await ask(home)
    await home.workshop.write(actions.lose, COLLECTION, again=False)
    assert await waiting(home, "ask_again") == [COLLECTION]
    assert len(await rows(home)) == 1
    await home.workshop.write(actions.lose, COLLECTION, again=True)
    assert await rows(home) == []


# --- no longer --------------------------------------------------------------------------------------------------------
async def leave(home: Home) -> None:
    await home.workshop.write(lambda work: actions.revoke(work, work.db.scalars(select(QuoteRow)).one()))


async def test_a_collection_that_was_left_is_told_and_may_not_ask_again(home: Home) -> None:
    await ask(home)
    await leave(home)
    (row,) = await rows(home)
    (delete,) = await said(home, "Delete")
    assert (delete["actor"], delete["object"]["id"]) == (home.owner, row.stamp)
    assert delete["object"]["formerType"] == "FeatureAuthorization"
    gone = await home.get(str(row.stamp))
    assert (gone.status_code, gone.json()["formerType"]) == (410, "FeatureAuthorization")
    await ask(home, id=f"{ANNA}/feature_requests/2")
    assert len(await said(home, "Reject")) == 1
    await home.workshop.write(actions.look, collection(home, orderedItems=[], totalItems=0))
    assert [row.state for row in await rows(home)] == [quoting.REVOKED], "or it could ask anew"


async def test_what_the_blocked_recommend_is_revoked(home: Home) -> None:
    await ask(home)
    await home.workshop.write(moderating.restrict, Restriction("peer.example", "block"))
    await home.tidy()
    assert [row.state for row in await rows(home)] == [quoting.REVOKED]


async def test_a_suspended_organisation_is_recommended_no_more(home: Home) -> None:
    await ask(home)
    (row,) = await rows(home)
    suspended = update(LocalActorRow).where(LocalActorRow.uri == home.owner)
    await home.workshop.write(lambda work: work.db.execute(suspended.values(suspended_at=work.now)))
    assert "interactionPolicy" not in (await home.get(home.owner)).json()
    assert (await ask(home, id=f"{ANNA}/q/2")).startswith("dropped")
    await home.tidy()
    assert await rows(home) == []
    assert (await home.get(str(row.stamp))).status_code == 410


async def test_whoever_asked_may_take_it_back(home: Home) -> None:
    await ask(home)
    (row,) = await rows(home)
    asked = orjson.loads((_SAMPLES / "feature-request.json").read_bytes()) | {"object": home.owner}
    undo = {"id": f"{ANNA}#undo", "type": "Undo", "actor": ANNA, "object": asked}
    for told in (undo | {"id": f"{BERTA}#undo", "actor": BERTA}, undo):
        assert len(await rows(home)) == 1
        body = orjson.dumps(told)
        activity = authority.by_signer(str(told["actor"]), codec.parse_activity(body))
        await home.workshop.write(inbox.store, [Arrival(Signed(activity.actor, body, "cavage"), activity)])
        await home.workshop.write(inbox.process, wiring.HANDLERS)
    assert await rows(home) == []
    assert (await home.get(str(row.stamp))).status_code == 410


async def test_it_goes_with_its_author(home: Home) -> None:
    await ask(home)
    await home.say({"id": f"{ANNA}#delete", "type": "Delete", "actor": ANNA, "object": ANNA, "to": [PUBLIC]})
    assert await rows(home) == []


async def test_it_stays_when_an_offer_is_withdrawn(home: Home) -> None:
    await ask(home)
    await home.workshop.write(opportunities.publish, home.owner, offer(status="zurueckgezogen"))
    await home.tidy()
    assert len(await rows(home)) == 1
