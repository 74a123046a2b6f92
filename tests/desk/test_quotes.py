"""Quotes and collections in an organisation's inbox, on both databases: seen, allowed no longer, senders refused."""

from typing import Any

import pytest

from fediverse_ehrenamt.audit import store as audit
from fediverse_ehrenamt.audit.store import Wanted
from fediverse_ehrenamt.desk import inbox
from fediverse_ehrenamt.instance import Instance
from fediverse_ehrenamt.opportunities import actions as opportunities
from fediverse_ehrenamt.quotes import rules, store
from fediverse_ehrenamt.quotes.store import Quote
from tests import workbench
from tests.conversations.talking import note
from tests.desk.test_inbox import DESK, INBOX, Office
from tests.workbench import ANNA, PEER, Clock

pytestmark = pytest.mark.anyio
BUTTON = "Zitat nicht mehr erlauben"


@pytest.fixture
def office(instance: Instance, clock: Clock) -> Office:
    return Office(instance, clock)


async def ask(office: Office, number: str = "1", content: str = "<p>Wer hat <b>Zeit</b>?</p>") -> None:
    """Let Anna's server ask whether she may quote the library's offer."""
    thing = office.hall.thing
    said: dict[str, Any] = {
        "id": f"{ANNA}/quote_requests/{number}",
        "type": "QuoteRequest",
        "actor": ANNA,
        "object": thing,
        "instrument": note(number, content=content, quote=thing),
    }
    await office.hall.say(said)


def quotes(office: Office) -> list[Quote]:
    found: list[Quote] = office.hall.write(store.quotes, office.organisation, range(1, 9))
    return found


async def test_a_quote_is_new_until_somebody_of_the_organisation_looks(office: Office) -> None:
    await ask(office)
    assert (office.names(), office.new()) == (["Anna"], 1)
    (quote,) = quotes(office)
    path = f"{INBOX}/zitat/{quote.id}"
    async with office.at(office.coordinator) as browser:
        page = await browser.get(path)
        assert "Wer hat <b>Zeit</b>?" in page.text
        assert "@anna@peer.example" in page.text
        assert f'href="{PEER}/@anna/1"' in page.text
    assert office.new() == 1, "a coordinator only looks"
    async with office.at(office.editor) as browser:
        assert "Zitat" in (await browser.get(INBOX)).text
        assert BUTTON in (await browser.get(path)).text
        assert office.new() == 0
        assert (office.names(), office.names(inbox.DONE)) == ([], ["Anna"])
        overview = (await browser.get(DESK)).text
        assert "1-mal zitiert" in overview
        page_of_thing = office.hall.thing.rpartition("/")[2]
        listed = (await browser.get(f"{INBOX}?stand=alle&art=zitat&zu={page_of_thing}")).text
        assert "Nur Zitate von „" in listed
        assert f'href="{path}"' in listed


async def test_a_quote_is_allowed_no_longer(office: Office) -> None:
    await ask(office)
    (quote,) = quotes(office)
    path = f"{INBOX}/zitat/{quote.id}"
    async with office.at(office.editor) as browser:
        for _ in range(2):
            assert (await browser.post(f"{path}/widerrufen")).headers["location"] == f"{path}?erledigt=1"
        page = (await browser.get(f"{path}?erledigt=1")).text
        assert "Das Zitat ist nicht mehr erlaubt." in page
        assert BUTTON not in page
        assert "1-mal zitiert" not in (await browser.get(DESK)).text
        assert "nicht mehr erlaubt" in (await browser.get(f"{INBOX}?stand=alle")).text
    (quote,) = quotes(office)
    assert (quote.state, quote.seen) == (rules.REVOKED, True)
    assert [did for did, _, _ in office.noted()] == ["quote revoked"]
    (entry,) = office.hall.write(audit.listing, Wanted())
    assert entry.uri == office.hall.thing


async def test_one_that_nobody_asked_for_cannot_be_ended_here(office: Office) -> None:
    said = note("1", quoteUrl=office.hall.thing, content="")
    await office.hall.say({"id": f"{PEER}/activities/1", "type": "Create", "actor": ANNA, "object": said})
    (quote,) = quotes(office)
    async with office.at(office.editor) as browser:
        page = (await browser.get(f"{INBOX}/zitat/{quote.id}")).text
        assert BUTTON not in page
        assert "fragt nicht um Erlaubnis" in page
        assert "Der Text ist hier nicht bekannt" in page
        assert (await browser.post(f"{INBOX}/zitat/{quote.id}/widerrufen")).is_redirect
    assert [one.state for one in quotes(office)] == [rules.UNASKED]
    assert office.noted() == []


async def test_of_a_refused_sender_no_quote_stands(office: Office) -> None:
    await ask(office)
    (quote,) = quotes(office)
    path = f"{INBOX}/zitat/{quote.id}"
    async with office.at(office.editor) as browser:
        assert "Diesen Absender nicht mehr annehmen" in (await browser.get(path)).text
        assert "Wer hat Zeit?" in (await browser.get(f"{path}/melden")).text
        assert (await browser.post(f"{path}/absender")).is_redirect
    assert [one.state for one in quotes(office)] == [rules.REVOKED]
    await ask(office, "2")
    assert len(quotes(office)) == 1


async def test_nobody_reads_the_quotes_of_others(office: Office) -> None:
    await ask(office)
    (quote,) = quotes(office)
    office.hall.write(workbench.add_keyless, "thw", "THW Hagen")
    other = f"/verwaltung/organisationen/thw/posteingang/zitat/{quote.id}"
    async with office.at(office.coordinator) as browser:
        assert (await browser.get(other)).status_code == 404
        assert (await browser.post(f"{other}/widerrufen")).status_code == 404
        assert (await browser.get(f"{other}/melden")).status_code == 404
        assert (await browser.get(f"{INBOX}/zitat/keine")).status_code == 404
    assert [one.state for one in quotes(office)] == [rules.ALLOWED]


async def test_what_is_quoted_may_be_gone(office: Office) -> None:
    await ask(office)
    (quote,) = quotes(office)
    office.hall.write(opportunities.publish, office.organisation, workbench.offer(status="zurueckgezogen"))
    async with office.at(office.editor) as browser:
        assert (await browser.get(f"{INBOX}/zitat/{quote.id}")).status_code == 200


async def test_an_organisation_leaves_a_collection(office: Office) -> None:
    collection = f"{PEER}/ap/users/1/collections/7"
    said = {"id": f"{ANNA}/feature_requests/1", "type": "FeatureRequest", "actor": ANNA, "instrument": collection}
    await office.hall.say(said | {"object": office.organisation})
    (row,) = quotes(office)
    path = f"{INBOX}/sammlung/{row.id}"
    assert (office.names(), office.new()) == (["Anna"], 1)
    async with office.at(office.editor) as browser:
        assert "Sammlung" in (await browser.get(INBOX)).text
        page = (await browser.get(path)).text
        assert f'href="{collection}"' in page
        assert "Aus der Sammlung nehmen" in page
        assert office.new() == 0
        assert "-mal zitiert" not in (await browser.get(DESK)).text
        assert (await browser.post(f"{path}/widerrufen")).headers["location"] == f"{path}?erledigt=1"
        page = (await browser.get(f"{path}?erledigt=1")).text
        assert "Diese Sammlung darf Sie nicht mehr zeigen." in page
        assert "Aus der Sammlung nehmen" not in page
        assert (await browser.get(f"{path}/melden")).status_code == 200
    assert [one.state for one in quotes(office)] == [rules.REVOKED]
    assert [did for did, _, _ in office.noted()] == ["collection left"]
