"""What Fedify does with what is ours: likes, shares, answers, joins, reports, blocks, and takes it back."""

from datetime import UTC, datetime

import pytest
from sqlalchemy import select

from fediverse_ehrenamt.conversations import actions as conversations_actions
from fediverse_ehrenamt.conversations import rules
from fediverse_ehrenamt.conversations import store as conversations
from fediverse_ehrenamt.conversations.store import Reply
from fediverse_ehrenamt.events import actions as events
from fediverse_ehrenamt.moderation import store as moderation
from fediverse_ehrenamt.quotes import actions as quotes
from fediverse_ehrenamt.quotes.model import QuoteRow
from fediverse_ehrenamt.vocab.types import PUBLIC
from fediverse_ehrenamt.work import Work
from tests import towns
from tests.peers.conftest import (
    NEXT,
    FedifyPeer,
    Organisation,
    Received,
    came_from,
    follow_ours,
    parsed,
    until,
    until_handled,
    until_received,
)
from tests.towns import Town

_START = datetime(NEXT, 6, 1, 12, 0, tzinfo=UTC)


@pytest.fixture
def offer(organisation: Organisation) -> str:
    return organisation.publish(towns.opportunity("Lesepatin gesucht"))


@pytest.fixture
def anna(fedify: FedifyPeer) -> FedifyPeer:
    """Somebody on Fedify."""
    return fedify.another("anna", type="Person", name="Anna Apfel")


@pytest.fixture
def bert(fedify: FedifyPeer) -> FedifyPeer:
    """Somebody else on Fedify."""
    return fedify.another("bert", type="Person", name="Bert Birne")


# --- counted ----------------------------------------------------------------------------------------------------------
@pytest.fixture(params=[("Like", "likes"), ("Announce", "shares")], ids=lambda param: str(param[0]))
def reaction(request: pytest.FixtureRequest) -> tuple[str, str]:
    """An activity and the collection in which it is counted."""
    activity, name = request.param
    return activity, name


@pytest.mark.parametrize("bare", [False, True], ids=["whole", "by its id"])
def test_it_reads_how_many_like_and_share(
    organisation: Organisation, reaction: tuple[str, str], anna: FedifyPeer, bert: FedifyPeer, *, bare: bool
) -> None:
    hagen, (activity, name) = organisation.town, reaction
    offer = organisation.publish(towns.opportunity("Lesepatin gesucht"))
    nothing = {"likes": 0, "shares": 0, "replies": None}  # they are not named: every Mastodon would come and ask
    assert anna.reactions(offer) == nothing
    said = [who.say(activity, offer, to=organisation.uri, followers=True) for who in (anna, anna, bert)]
    for one in said:
        assert until_handled(hagen, one) == "handled"
    assert anna.reactions(offer) == {**nothing, name: 2}  # who says it twice counts once
    assert until_handled(hagen, bert.undo(said[2], bare=bare)) == "handled"
    assert anna.reactions(offer) == {**nothing, name: 1}
    assert anna.collection(f"{offer}/{name}") == {"type": "OrderedCollection", "total": 1, "items": []}
    assert came_from(hagen, anna) == [("rfc9421", "handled")] * 4


# --- quoted -----------------------------------------------------------------------------------------------------------
def test_it_asks_to_quote_and_reads_the_stamp(
    hagen: Town, organisation: Organisation, offer: str, anna: FedifyPeer, bert: FedifyPeer
) -> None:
    assert anna.quotable(offer) == [PUBLIC]
    asked, post = anna.quote(offer, "<p>Wer liest vor?</p>", to=organisation.uri)
    assert until_handled(hagen, asked) == "handled"
    accept = until_received(hagen, anna, "Accept", asked)
    assert (accept.actor, accept.to) == (organisation.uri, (anna.actor,))
    assert accept.result is not None
    stamp = {"attributedTo": organisation.uri, "interactingObject": post, "interactionTarget": offer}
    assert bert.stamp(accept.result) == stamp
    (row,) = hagen.read(_quotes_of, offer)
    assert (row.author, row.uri, row.content) == (anna.actor, post, "<p>Wer liest vor?</p>")
    assert came_from(hagen, anna) == [("rfc9421", "handled")]

    hagen.write(lambda work: quotes.revoke(work, _quotes_of(work, offer)[0]))
    delete = until_received(hagen, anna, "Delete", accept.result)
    assert delete.actor == organisation.uri
    assert bert.stamp(accept.result) is None


def _quotes_of(work: Work, offer: str) -> list[QuoteRow]:
    return list(work.db.scalars(select(QuoteRow).where(QuoteRow.object == offer)))


# --- answered ---------------------------------------------------------------------------------------------------------
def test_its_answer_is_kept_shown_changed_and_deleted(
    hagen: Town, organisation: Organisation, offer: str, anna: FedifyPeer
) -> None:
    answer = anna.post(
        "<p>Auch am <b>Samstag</b>?</p>", inReplyTo=offer, mentions=[organisation.uri], tell=[organisation.uri]
    )
    until(hagen, lambda: bool(_replies(organisation)), "keeps the answer")
    (reply,) = _replies(organisation)
    assert (reply.uri, reply.object, reply.state) == (answer, offer, rules.WAITING)
    assert reply.author == anna.handle
    assert reply.author_name == "Anna Apfel"
    assert "Samstag" in reply.content
    assert hagen.titles("Samstag") == []
    assert anna.collection(f"{offer}/replies")["total"] == 0

    hagen.write(conversations_actions.moderate, reply.id, rules.SHOWN)
    listed = anna.collection(f"{offer}/replies")
    assert (listed["total"], [item["id"] for item in listed["items"]]) == (1, [answer])

    anna.update(answer, content="<p>Auch am Sonntag?</p>")
    until(hagen, lambda: "Sonntag" in _replies(organisation)[0].content, "reads the change")
    assert _replies(organisation)[0].state == rules.WAITING  # what was shown was something else
    anna.delete(answer)
    until(hagen, lambda: not _replies(organisation), "forgets the answer")


def _replies(organisation: Organisation) -> list[Reply]:
    return organisation.town.read(conversations.replies, organisation.uri)


def test_its_direct_message_is_answered_to_the_person_alone(
    hagen: Town, organisation: Organisation, offer: str, anna: FedifyPeer, bert: FedifyPeer
) -> None:
    follow_ours(hagen, bert, organisation.uri)
    question = anna.post(
        "<p>Ist noch <i>ein Platz</i> frei?</p>", inReplyTo=offer, mentions=[organisation.uri],
        tell=[organisation.uri], direct=True,
    )  # fmt: skip
    until(hagen, lambda: bool(hagen.read(conversations.messages, organisation.uri)), "keeps the message")
    (message,) = hagen.read(conversations.messages, organisation.uri)
    assert (message.person_uri, message.about, message.public) == (anna.actor, offer, False)
    assert "ein Platz" in message.content
    (row,) = hagen.received(f"{question}#create")
    assert (row.how, row.verdict, row.body) == ("rfc9421", "handled", None)  # private, so nothing is left of it here

    hagen.command("message", "answer", str(message.id), "Ja, gern!\n\nBis Dienstag.")
    until(hagen, lambda: bool(_said_to(anna)), "sends the answer")
    (sent,) = _said_to(anna)
    assert (sent.actor, sent.to, sent.cc) == (organisation.uri, (anna.actor,), ())
    note = sent.object
    assert note is not None
    assert (note["type"], note["attributedTo"], note["inReplyTo"]) == ("Note", organisation.uri, question)
    assert (note["to"], note["cc"]) == ([anna.actor], [])
    assert note["mentions"] == [{"href": anna.actor, "name": anna.handle}]
    assert "<p>Ja, gern!</p>" in note["content"]
    assert anna.fetch(note["id"]) is None  # nobody can read it who was not sent it
    arrived = [(one.path, one.scheme, one.verified) for one in anna.state().arrivals]
    assert arrived == [(f"/users/{name}/inbox", "cavage", True) for name in ("bert", "anna")]

    anna.delete(question)
    until(hagen, lambda: not hagen.read(conversations.messages, organisation.uri), "forgets the question")


def _said_to(person: FedifyPeer) -> list[Received]:
    return [one for one in person.state().of("Create") if person.actor in one.to]


# --- joined -----------------------------------------------------------------------------------------------------------
def _join(organisation: Organisation, person: FedifyPeer, event: str) -> str:
    """Let somebody join and return the answer."""
    join = person.say("Join", event, to=organisation.uri)
    until(organisation.town, lambda: bool(_about(person, join)), "answers the Join")
    (answer,) = _about(person, join)
    assert (answer.actor, answer.to) == (organisation.uri, (person.actor,))
    return answer.activity


def _about(person: FedifyPeer, uri: str) -> list[Received]:
    return [one for one in person.state().received if one.object_id == uri]


def _names(person: FedifyPeer, event: str) -> list[str]:
    """Return the names that an event got by its Updates."""
    return [one.object["name"] for one in person.state().of("Update", event) if one.object is not None]


def _coming(town: Town, event: str) -> int:
    return int(town.get(event).json()["participantCount"])


def test_it_joins_an_event_until_that_is_full(
    hagen: Town, organisation: Organisation, anna: FedifyPeer, bert: FedifyPeer
) -> None:
    event = organisation.publish(towns.event("Vorlesefest", _START, capacity=1))
    assert _join(organisation, anna, event) == "Accept"
    assert _coming(hagen, event) == 1
    assert _join(organisation, bert, event) == "Reject"
    assert _join(organisation, anna, event) == "Accept"  # she has her place
    assert _coming(hagen, event) == 1

    hagen.write(events.tell_full)
    assert parsed(hagen, anna, "Update", event)["name"] == "BESETZT: Vorlesefest"  # she is told of all changes

    assert until_handled(hagen, anna.say("Leave", event, to=organisation.uri)) == "handled"
    assert _coming(hagen, event) == 0
    assert _join(organisation, bert, event) == "Accept"
    assert _coming(hagen, event) == 1
    organisation.publish(towns.event("Vorlesefest", _START, capacity=1, status="cancelled"))
    until(hagen, lambda: "ABGESAGT: Vorlesefest" in _names(bert, event), "tells who comes that it is cancelled")
    assert _join(organisation, anna, event) == "Reject"


def test_it_takes_a_join_back(hagen: Town, organisation: Organisation, anna: FedifyPeer, bert: FedifyPeer) -> None:
    event = organisation.publish(towns.event("Waffelfest", _START, capacity=1))
    join = anna.say("Join", event, to=organisation.uri)
    until_received(hagen, anna, "Accept", join)
    assert until_handled(hagen, anna.undo(join)) == "handled"
    assert _join(organisation, bert, event) == "Accept"
    assert _coming(hagen, event) == 1


def test_what_has_no_date_cannot_be_joined(organisation: Organisation, offer: str, anna: FedifyPeer) -> None:
    assert _join(organisation, anna, offer) == "Ignore"


# --- reported and blocked ---------------------------------------------------------------------------------------------
def test_its_report_waits_for_the_operator(
    hagen: Town, organisation: Organisation, offer: str, fedify: FedifyPeer
) -> None:
    flag = fedify.say("Flag", organisation.uri, offer, to=organisation.uri, content="Das ist Werbung.")
    assert until_handled(hagen, flag) == "handled"
    (report,) = [one for one in hagen.read(moderation.listing) if one.actor == organisation.uri]
    assert (report.reporter, report.comment) == (fedify.actor, "Das ist Werbung.")
    assert set(report.objects) == {organisation.uri, offer}
    (row,) = hagen.received(flag)
    assert (row.how, row.body) == ("rfc9421", None)


def test_who_blocks_us_hears_nothing_until_that_is_undone(
    hagen: Town, organisation: Organisation, fedify: FedifyPeer
) -> None:
    lonely = fedify.another("still", sharedInbox=False)  # nobody else gets what goes to this inbox
    follow_ours(hagen, lonely, organisation.uri)
    first = organisation.publish(towns.opportunity("Lesepatin gesucht", key="eins"))
    until_received(hagen, lonely, "Create", first)
    block = lonely.say("Block", organisation.uri, to=organisation.uri)
    assert until_handled(hagen, block) == "handled"
    assert hagen.followers(organisation.uri) == []

    before = len(lonely.state().arrivals)
    organisation.publish(towns.opportunity("Lesepate gesucht", key="eins"))
    organisation.publish(towns.opportunity("Vorleserin gesucht", key="zwei"))
    hagen.until_quiet()
    assert len(lonely.state().arrivals) == before

    assert until_handled(hagen, lonely.undo(block)) == "handled"
    follow_ours(hagen, lonely, organisation.uri)
    third = organisation.publish(towns.opportunity("Erzählerin gesucht", key="drei"))
    until_received(hagen, lonely, "Create", third)
    told = [one.activity for one in lonely.state().received]
    assert told == ["Accept", "Create", "Accept", "Create"]
