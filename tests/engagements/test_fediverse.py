"""Asking from the fediverse: direct notes about an offer and Offer{Agreement} are enquiries, answers are direct."""

from email.message import EmailMessage
from typing import Any

import orjson
import pytest
from sqlalchemy import delete, select

from fediverse_ehrenamt.conversations.model import MessageRow
from fediverse_ehrenamt.engagements import actions, rules, store
from fediverse_ehrenamt.engagements.actions import Enquiry, Step
from fediverse_ehrenamt.engagements.model import EnquiryRow
from fediverse_ehrenamt.engagements.tasks import HOUSEKEEPING
from fediverse_ehrenamt.federation.model import ReceivedRow
from fediverse_ehrenamt.instance import Instance
from fediverse_ehrenamt.jobs.runner import Runner
from fediverse_ehrenamt.kit.errors import Conflict
from fediverse_ehrenamt.mail import sending
from fediverse_ehrenamt.opportunities import actions as opportunities
from fediverse_ehrenamt.organisations import actions as organisations
from fediverse_ehrenamt.vocab import codec
from fediverse_ehrenamt.vocab.types import Offer
from fediverse_ehrenamt.work import Work
from tests import workbench
from tests.conversations.talking import Hall, activity, note
from tests.engagements.asking import LIBRARY, link
from tests.mail.postoffice import taken, text_of
from tests.vocab import samples
from tests.workbench import ANNA, PEER, Clock

pytestmark = pytest.mark.anyio
Json = dict[str, Any]
_OTHER = "https://a.example/2"


@pytest.fixture
def hall(instance: Instance, clock: Clock) -> Hall:
    made = Hall(instance, clock)
    made.open()
    made.write(organisations.set_mail, made.organisation, LIBRARY)
    return made


def direct(hall: Hall, name: str = "1", **fields: Any) -> Json:
    said = note(name, content="<p>Das würde ich gern machen!</p>", to=[hall.organisation], inReplyTo=hall.thing)
    return activity("Create", said | fields)


def agreement(hall: Hall, **fields: Any) -> Json:
    stipulates = {"type": "Commitment", "satisfies": f"{hall.thing}#primary"}
    made = {"type": "Agreement", "content": "Ich komme am Montag.", "stipulates": stipulates}
    return activity("Offer", made, "offer-1", to=[hall.organisation]) | fields


async def letters(hall: Hall) -> list[EmailMessage]:
    while sum([hall.write(one) for one in HOUSEKEEPING]):
        pass
    await Runner(hall.instance.workshop, sending.JOBS).run_due()
    return list(taken(hall.instance.workshop.settings))


def rows(hall: Hall) -> list[EnquiryRow]:
    return hall.write(lambda work: list(work.db.scalars(select(EnquiryRow).order_by(EnquiryRow.id))))


def seen(hall: Hall) -> Enquiry:
    (row,) = rows(hall)
    return hall.write(actions.look, row)


def take(hall: Hall, step: str, text: str = "", reason: str = "") -> None:
    def run(work: Work) -> None:
        row = store.get(work, work.db.scalars(select(EnquiryRow.id)).one(), changes=True)
        actions.take(work, row, Step(rules.ORGANISATION, step, text, reason))

    hall.write(run)


async def test_a_direct_note_about_an_offer_is_an_enquiry(hall: Hall) -> None:
    assert await hall.say(direct(hall)) == ["handled"]
    found = seen(hall)
    assert (found.way, found.state, found.person.name, found.person.account) == ("fediverse", "new", "Anna", ANNA)
    assert [entry.text for entry in found.entries] == ["Das würde ich gern machen!"]
    (letter,) = await letters(hall)
    assert letter["To"] == LIBRARY
    assert "> Das würde ich gern machen!" in text_of(letter)
    assert ANNA in text_of(letter)
    assert link(letter).startswith("/anfrage-beantworten/")

    hall.clock.forward(hours=1)
    take(hall, rules.ANSWER, "Kommen Sie vorbei!")
    (sent,) = hall.sent()
    answer = orjson.loads(sent.body)["object"]
    assert (answer["to"], answer["inReplyTo"]) == ([ANNA], f"{PEER}/notes/1")
    assert "Kommen Sie vorbei!" in answer["content"]

    hall.clock.forward(hours=1)
    await hall.say(direct(hall, "2", inReplyTo=answer["id"], content="<p>Bis Montag!</p>"))
    found = seen(hall)
    assert [entry.text for entry in found.entries] == [
        "Das würde ich gern machen!",
        "Kommen Sie vorbei!",
        "Bis Montag!",
    ]
    (wrote,) = await letters(hall)
    assert "> Bis Montag!" in text_of(wrote)
    hall.clock.forward(hours=1)
    take(hall, rules.AGREE)
    newest = orjson.loads(hall.sent()[-1].body)["object"]
    assert newest["inReplyTo"] == f"{PEER}/notes/2"
    assert "freuen uns auf Sie" in newest["content"]
    assert seen(hall).state == rules.AGREED


async def test_an_offered_agreement_is_one_too(hall: Hall) -> None:
    assert await hall.say(agreement(hall)) == ["handled"]
    found = seen(hall)
    assert [entry.text for entry in found.entries] == ["Ich komme am Montag."]
    assert found.path.startswith("/angebote/")
    assert hall.write(lambda work: work.db.scalars(select(ReceivedRow.rest)).all()) == [None]
    hall.clock.forward(hours=1)
    take(hall, rules.CLOSE, reason="besetzt")
    note_, rejected = (orjson.loads(sent.body) for sent in hall.sent())
    answer = note_["object"]
    assert (answer["inReplyTo"], "niemand mehr gesucht" in answer["content"]) == (f"{PEER}/activities/offer-1", True)
    assert (rejected["type"], rejected["object"]) == ("Reject", f"{PEER}/activities/offer-1")
    assert (rejected["to"], rejected["content"]) == ([ANNA], "Es wird niemand mehr gesucht.")


async def test_a_yes_to_an_offer_is_an_accept_with_the_agreement(hall: Hall) -> None:
    await hall.say(agreement(hall))
    take(hall, rules.AGREE, "Bis Montag!")
    written, accepted = (orjson.loads(sent.body) for sent in hall.sent())
    assert "Bis Montag!" in written["object"]["content"]
    result = accepted.pop("result")
    assert accepted.pop("@context")[-1]["satisfies"] == {"@id": "vf:satisfies", "@type": "@id"}
    assert {key: accepted[key] for key in ("type", "actor", "object", "to")} == {
        "type": "Accept", "actor": hall.organisation, "object": f"{PEER}/activities/offer-1", "to": [ANNA],
    }  # fmt: skip
    assert (result["type"], result["attributedTo"]) == ("Agreement", hall.organisation)
    commitment = result["stipulates"]
    assert commitment["id"] == f"{result['id']}#primary"
    assert (commitment["type"], commitment["satisfies"]) == ("Commitment", f"{hall.thing}#primary")
    assert commitment["resourceQuantity"] == {"hasUnit": "one", "hasNumericalValue": "1"}
    take(hall, rules.DECLINE, "Es tut uns leid, doch nicht.")
    assert orjson.loads(hall.sent()[-1].body)["type"] == "Reject"
    assert seen(hall).state == rules.DECLINED


async def test_an_offer_within_a_conversation_is_what_is_accepted(hall: Hall) -> None:
    await hall.say(direct(hall))
    hall.clock.forward(hours=1)
    await hall.say(agreement(hall))
    take(hall, rules.AGREE)
    assert orjson.loads(hall.sent()[-1].body)["object"] == f"{PEER}/activities/offer-1"
    assert len(rows(hall)) == 1


@pytest.mark.parametrize("whole", [True, False])
async def test_an_offer_is_taken_back(hall: Hall, whole: bool) -> None:
    await hall.say(agreement(hall))
    await letters(hall)
    other = agreement(hall)["id"] if not whole else agreement(hall)
    await hall.say(activity("Undo", f"{PEER}/activities/offer-9", "undo-9"))
    assert seen(hall).state == rules.NEW
    await hall.say(activity("Undo", other, "undo-1"))
    assert seen(hall).state == rules.WITHDRAWN
    (letter,) = await letters(hall)
    assert "zurückgezogen" in letter["Subject"]
    with pytest.raises(Conflict):
        take(hall, rules.AGREE)


async def test_a_direct_note_is_answered_by_notes_alone(hall: Hall) -> None:
    await hall.say(direct(hall))
    take(hall, rules.AGREE, "Gern!")
    assert [orjson.loads(sent.body)["type"] for sent in hall.sent()] == ["Create"]


async def test_what_is_about_nothing_of_ours_is_no_enquiry(hall: Hall) -> None:
    await hall.say(direct(hall, inReplyTo=None))
    assert len(hall.messages()) == 1
    public = note("3", inReplyTo=hall.thing)
    await hall.say(activity("Create", public))
    said = len(await hall.say())
    assert len(await hall.say(agreement(hall, id=f"{PEER}/activities/offer-2", object={"type": "Agreement"}))) == said
    stipulates = {"stipulates": {"satisfies": f"{hall.organisation}#primary"}}
    strange = {"object": {"type": "Agreement"} | stipulates}
    assert (await hall.say(agreement(hall, id=f"{PEER}/activities/offer-3", **strange)))[-1].startswith("dropped: ")
    hall.write(opportunities.publish, hall.organisation, workbench.offer(status="besetzt"))
    await hall.say(direct(hall, "4"))
    assert rows(hall) == []
    assert len(hall.messages()) == 2


async def test_one_conversation_is_one_enquiry_and_a_day_has_a_bound(hall: Hall) -> None:
    for number in range(3):
        await hall.say(direct(hall, str(number)))
        hall.clock.forward(minutes=1)
    assert len(rows(hall)) == 1
    for number in range(3, 3 + rules.ASKED_OF_ADDRESS):
        for row in rows(hall):
            hall.write(_close, row.id)
        await hall.say(direct(hall, str(number)))
        hall.clock.forward(minutes=1)
    assert len(rows(hall)) == rules.ASKED_OF_ADDRESS


def _close(work: Work, number: int) -> None:
    row = store.get(work, number, changes=True)
    if row.state in rules.OPEN:
        actions.take(work, row, Step(rules.ORGANISATION, rules.CLOSE, reason="doppelt"))


async def test_who_deletes_what_they_wrote_withdraws(hall: Hall) -> None:
    await hall.say(direct(hall))
    hall.clock.forward(minutes=1)
    await hall.say(direct(hall, "2"))
    await letters(hall)
    await hall.say(activity("Delete", f"{PEER}/notes/1"))
    assert [entry.text for entry in seen(hall).entries] == ["Das würde ich gern machen!"]
    assert rows(hall)[0].state == rules.NEW
    await hall.say(activity("Delete", f"{PEER}/notes/2"))
    (row,) = rows(hall)
    assert (row.state, row.sealed) == (rules.WITHDRAWN, "")
    (letter,) = await letters(hall)
    assert "zurückgezogen" in letter["Subject"]


async def test_all_of_an_account_goes_with_it(hall: Hall) -> None:
    await hall.say(agreement(hall))
    await hall.say(activity("Delete", ANNA, "gone"))
    (row,) = rows(hall)
    assert (row.state, row.sealed, row.mark) == (rules.WITHDRAWN, "", "")
    assert hall.messages() == []


async def test_messages_leave_with_their_enquiry(hall: Hall) -> None:
    await hall.say(direct(hall))
    take(hall, rules.DECLINE, "Leider nein.")
    hall.clock.forward(days=90)
    await letters(hall)
    assert rows(hall)[0].erased
    assert hall.messages() == []


async def test_what_has_gone_cannot_be_answered(hall: Hall) -> None:
    await hall.say(direct(hall))
    hall.write(lambda work: work.db.execute(delete(MessageRow)))
    with pytest.raises(Conflict, match="gibt es nicht mehr"):
        take(hall, rules.ANSWER, "Gern!")
    assert rows(hall)[0].state == rules.NEW


@pytest.mark.parametrize(
    ("thing", "named", "message"),
    [
        ({"type": "Agreement", "stipulates": {"satisfies": "https://a.example/1#primary"}}, "https://a.example/1", ""),
        ({"type": "Agreement", "stipulates": [{"satisfies": "x"}, {"satisfies": _OTHER}]}, _OTHER, ""),
        ({"type": "Agreement", "content": "Gern!", "stipulates": None}, "", "Gern!"),
        ("https://a.example/o/1", "https://a.example/o/1", ""),
        ({"type": "Person", "id": "https://a.example/u"}, "https://a.example/u", ""),
    ],
)  # fmt: skip
def test_how_an_offer_is_read(thing: object, named: str, message: str) -> None:
    body = {"id": "https://b.example/1", "type": "Offer", "actor": "https://b.example/u", "object": thing}
    for parsed in (codec.parse_activity(orjson.dumps(body)), codec.parse_outline(orjson.dumps(body)).activity):
        assert isinstance(parsed, Offer)
        assert (parsed.object, parsed.message) == (named, message)


def test_a_real_agreement() -> None:
    body = samples.read("synthetic/offer-agreement.json")
    parsed = codec.parse_activity(body)
    assert isinstance(parsed, Offer)
    assert parsed.object == "https://verein.example/o/1"
