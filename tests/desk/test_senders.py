"""Senders in the fediverse whom an organisation refuses, accepts again or reports, on both databases."""

from typing import Any

import pytest

from fediverse_ehrenamt.accounts.rules import Grant, Role
from fediverse_ehrenamt.admin import menu
from fediverse_ehrenamt.conversations import actions, store
from fediverse_ehrenamt.conversations.model import MessageRow, RefusedRow
from fediverse_ehrenamt.desk import inbox
from fediverse_ehrenamt.federation import restrictions
from fediverse_ehrenamt.instance import Instance
from fediverse_ehrenamt.kit.errors import Conflict
from fediverse_ehrenamt.moderation import actions as moderation
from fediverse_ehrenamt.moderation import store as reports
from fediverse_ehrenamt.moderation.actions import Reasons
from fediverse_ehrenamt.moderation.model import ReportRow
from fediverse_ehrenamt.moderation.rules import Ground
from fediverse_ehrenamt.organisations import actions as organisations
from tests.conversations.talking import activity, note
from tests.desk.test_inbox import INBOX, Office
from tests.mail.postoffice import text_of
from tests.workbench import ANNA, Clock

pytestmark = pytest.mark.anyio
WHY = "Das ist Werbung für Wundermittel."


@pytest.fixture
def office(instance: Instance, clock: Clock) -> Office:
    return Office(instance, clock)


async def say(office: Office, number: str, content: str = "<p>Kauft das!</p>", **more: Any) -> None:
    said: dict[str, Any] = {"content": content, "to": [office.organisation], **more}
    await office.hall.say(activity("Create", note(number, **said)))


async def test_a_sender_is_refused_by_one_organisation_alone(office: Office) -> None:
    other = office.hall.write(organisations.add, "verein", "Ein Verein").uri
    await say(office, "1")
    (row,) = office.hall.messages()
    async with office.at(office.editor) as browser:
        assert "Diesen Absender nicht mehr annehmen" in (await browser.get(f"{INBOX}/nachricht/{row.id}")).text
        for _ in range(2):
            done = await browser.post(f"{INBOX}/nachricht/{row.id}/absender")
            assert done.headers["location"] == f"{INBOX}?erledigt=ablehnen"
        shown = (await browser.get(f"{INBOX}?erledigt=ablehnen")).text
        assert "kommt bei Ihnen nichts mehr an" in shown
        assert "Wieder annehmen" in shown
    assert (office.names(), office.names(inbox.DONE)) == ([], ["Anna"]), "what waits is settled, and stays to be read"
    await say(office, "2")
    await say(office, "3", inReplyTo=office.hall.thing, to=["https://www.w3.org/ns/activitystreams#Public"])
    assert len(office.hall.messages()) == 1
    assert office.hall.replies() == []
    await say(office, "4", to=[other])
    assert [one.organisation for one in office.hall.messages()] == [office.organisation, other]
    assert [(did, detail) for did, _, detail in office.noted()] == [("blocked", "")]


async def test_whoever_was_refused_is_accepted_again(office: Office) -> None:
    office.hall.write(actions.refuse, office.organisation, ANNA)
    await say(office, "1")
    async with office.at(office.editor) as browser:
        assert "Wieder annehmen" in (await browser.get(INBOX)).text
        for _ in range(2):
            done = await browser.post(f"{INBOX}/absender/annehmen", absender=ANNA)
            assert done.headers["location"] == f"{INBOX}?erledigt=annehmen"
        assert "Wieder annehmen" not in (await browser.get(f"{INBOX}?erledigt=annehmen")).text
    assert [did for did, _, _ in office.noted()] == ["unblocked"]
    await say(office, "2")
    assert office.names() == ["Anna"]


async def test_public_answers_that_wait_are_hidden(office: Office) -> None:
    await say(office, "1", inReplyTo=office.hall.thing, to=["https://www.w3.org/ns/activitystreams#Public"])
    (row,) = office.hall.replies()
    async with office.at(office.editor) as browser:
        assert "Diesen Absender nicht mehr annehmen" in (await browser.get(f"{INBOX}/antwort/{row.id}")).text
        assert (await browser.post(f"{INBOX}/antwort/{row.id}/absender")).is_redirect
    assert [one.state for one in office.hall.replies()] == ["hidden"]
    await say(office, "1", "<p>Kauft das jetzt!</p>", inReplyTo=office.hall.thing)
    assert "jetzt" not in office.hall.replies()[0].content


async def test_whoever_asks_to_help_can_be_refused_too(office: Office) -> None:
    await say(office, "1", inReplyTo=office.hall.thing)
    (item,) = office.hall.write(inbox.listing, office.organisation, inbox.Wanted(), 0).items
    path = f"{INBOX}/anfrage/{item.id}"
    async with office.at(office.editor) as browser:
        page = (await browser.get(path)).text
        assert f"{path}/absender" in page
        assert "Kauft das!" in (await browser.get(f"{path}/melden")).text
        assert (await browser.post(f"{path}/absender")).is_redirect
        by_mail = office.ask("Berta", mail="berta@beispiel.de")
        assert "/absender" not in (await browser.get(f"{INBOX}/anfrage/{by_mail}")).text
        assert (await browser.post(f"{INBOX}/anfrage/{by_mail}/absender")).status_code == 404
    assert [one.uri for one in office.hall.write(store.refused, office.organisation)] == [ANNA]


async def test_a_sender_is_reported_and_the_coordinators_block_the_account(office: Office) -> None:
    await say(office, "1")
    (row,) = office.hall.messages()
    path = f"{INBOX}/nachricht/{row.id}/melden"
    async with office.at(office.editor) as browser:
        assert "Kauft das!" in (await browser.get(path)).text
        short = await browser.post(path, text="äh")
        assert (short.status_code, ">äh</textarea>" in short.text) == (422, True)
        long = await browser.post(path, text="x" * 4_001)
        assert (long.status_code, "4.000" in long.text) == (422, True)
        for _ in range(2):
            assert (await browser.post(path, text=WHY)).headers["location"] == f"{INBOX}?erledigt=melden"
    (letter,) = await office.house.letters()
    assert letter["To"] == "info@buecherei.example"
    (report,) = office.hall.write(reports.listing)
    assert (report.reporter, report.actor, report.objects) == (office.organisation, ANNA, ())
    assert report.comment == f"{WHY}\n\n> Kauft das!"
    mo = office.house.add("mo@hagen.de", "Mo", Grant(Role.MODERATOR)).id
    async with office.at(mo) as browser:
        assert "von Stadtbücherei Hagen" in (await browser.get(menu.REPORTS)).text
        page = f"{menu.REPORTS}/{report.id}"
        shown = (await browser.get(page)).text
        assert "Das Konto sperren" in shown
        assert "Eintrag ausblenden" not in shown
        decided: dict[str, Any] = {"massnahme": "actor blocked", "grund": "rules", "text": WHY, "sicher": "ja"}
        assert (await browser.post(page, **decided)).is_redirect
    assert [one.subject for one in office.hall.write(restrictions.listing)] == [ANNA]
    assert "gesperrt" in text_of((await office.house.letters())[-1])


async def test_what_is_kept_of_a_sender_goes_with_them(office: Office) -> None:
    await say(office, "1")
    (row,) = office.hall.messages()
    office.hall.write(actions.refuse, office.organisation, ANNA)
    heard = moderation.Heard(row.uri, ANNA, "Kauft das!")
    office.hall.write(moderation.hand_on, office.organisation, heard, WHY, "de")
    await office.hall.say(activity("Delete", ANNA))
    assert office.house.rows([RefusedRow, MessageRow]) == {"RefusedRow": 0, "MessageRow": 0}
    assert [one.comment for one in office.hall.write(reports.listing)] == [""]
    assert office.house.rows([ReportRow]) == {"ReportRow": 1}


async def test_what_is_anothers_is_not_there(office: Office) -> None:
    await say(office, "1")
    (row,) = office.hall.messages()
    other = office.hall.write(organisations.add, "verein", "Ein Verein").uri
    vera = office.house.add("v@b.de", "Vera", Grant(Role.OWNER, other)).id
    base = INBOX.replace("buecherei", "verein")
    async with office.at(vera) as browser:
        for path in (f"nachricht/{row.id}", f"unsinn/{row.id}", "antwort/99", "nachricht/x"):
            assert (await browser.post(f"{base}/{path}/absender")).status_code == 404
            assert (await browser.get(f"{base}/{path}/melden")).status_code == 404


async def test_a_suspended_organisation_sends_nothing(office: Office) -> None:
    await say(office, "1")
    (row,) = office.hall.messages()
    office.hall.write(moderation.suspend, office.organisation, Reasons(Ground.LAW, WHY))
    with pytest.raises(Conflict, match="gesperrt"):
        office.hall.write(actions.answer, row.id, "Hallo")
    async with office.at(office.editor) as browser:
        refused = await browser.post(f"{INBOX}/nachricht/{row.id}", was="antworten", text="Hallo", nach=str(row.id))
        assert (refused.status_code, ">Hallo</textarea>" in refused.text) == (409, True)
