"""Organisations ask to take part, on both databases: asked, confirmed, answered, decided, withdrawn, erased."""

import re
from datetime import timedelta

import pytest

from fediverse_ehrenamt.accounts import people
from fediverse_ehrenamt.accounts.rules import Grant, Role
from fediverse_ehrenamt.audit import store as audit
from fediverse_ehrenamt.audit.rules import STRANGER, By, Did
from fediverse_ehrenamt.audit.store import Wanted
from fediverse_ehrenamt.instance import Instance
from fediverse_ehrenamt.jobs.model import JobRow
from fediverse_ehrenamt.joining import actions, rules
from fediverse_ehrenamt.joining.model import NoteRow, RequestRow
from fediverse_ehrenamt.joining.tasks import HOUSEKEEPING
from fediverse_ehrenamt.kit import ids
from fediverse_ehrenamt.kit.errors import Conflict
from fediverse_ehrenamt.organisations import actions as organisations
from tests.accounts.house import House, link
from tests.joining.applying import ANNA, FORM, QUEUE, TYPED, applied, apply, coordinator, private, rows
from tests.mail.postoffice import text_of
from tests.workbench import Clock, add_keyless

pytestmark = pytest.mark.anyio


@pytest.fixture
def hagen(instance: Instance, clock: Clock) -> House:
    return House(instance, clock)


# --- asking -----------------------------------------------------------------------------------------------------------
async def test_somebody_asks_and_confirms(hagen: House) -> None:
    coordinator(hagen)
    async with hagen.visit() as browser:
        assert (await browser.get(FORM)).status_code == 200
        assert (await apply(browser)).headers["location"] == f"{FORM}/gesendet"
        (question,) = await hagen.letters()
        assert question["To"] == ANNA
        page = private(question)
        assert "Ja, Antrag abschicken" in (await browser.get(page)).text
        assert [row.state for row in rows(hagen)] == [rules.UNCONFIRMED], "looking changes nothing"
        for _twice in range(2):
            assert (await browser.post(page, schritt="bestaetigen")).is_redirect
        assert "wartet auf Entscheidung" in (await browser.get(page)).text
    assert [one["To"] for one in await hagen.letters()] == [ANNA]
    (row,) = rows(hagen)
    assert (row.state, row.handle) == (rules.WAITING, "foodsharing_hagen")
    assert row.website == "https://www.foodsharing-hagen.de"


async def test_a_coordinator_lets_an_organisation_in(hagen: House) -> None:
    clara = coordinator(hagen)
    page, row = await applied(hagen)
    async with hagen.visit(clara) as browser:
        assert "Foodsharing Hagen e. V." in (await browser.get(QUEUE)).text
        detail = (await browser.get(f"{QUEUE}/{row.id}")).text
        assert "Mailadresse und Internetseite gehören zusammen." in detail
        assert "Keine Organisation heißt ähnlich." in detail
        for _twice in range(2):
            assert (await browser.post(f"{QUEUE}/{row.id}/zulassen", kurzname="foodsharing_hagen")).is_redirect
    (welcome,) = await hagen.letters()
    made = hagen.write(organisations.get, "foodsharing_hagen")
    assert (made.name, made.website) == ("Foodsharing Hagen e. V.", "https://www.foodsharing-hagen.de")
    assert hagen.write(organisations.mail_of, made.uri) == ANNA
    assert hagen.write(organisations.profile, made.uri).latitude == pytest.approx(51.36, abs=0.1)
    async with hagen.visit() as browser:
        assert 'value="Anna Beispiel"' in (await browser.get(link(welcome))).text, "she has said it already"
        led = await browser.post(link(welcome), name="Anna Beispiel")
        led = await browser.get((await browser.get(led.headers["location"])).headers["location"])
        assert led.headers["location"] == "/verwaltung/organisationen/foodsharing_hagen?getan=willkommen"
        assert (await browser.get(led.headers["location"])).status_code == 200
        assert "zugelassen" in (await browser.get(page)).text
    (anna,) = hagen.write(people.colleagues, made.uri)
    assert anna.grants == (Grant(Role.OWNER, made.uri),)
    found = [(one.did, one.person) for one in hagen.write(audit.listing, Wanted())]
    assert found == [(Did.ORGANISATION_APPROVED, clara), (Did.ORGANISATION_ASKED, STRANGER)]


async def test_whoever_is_signed_in_confirms_nothing_and_is_let_in_at_once(hagen: House) -> None:
    anna = hagen.add().id
    clara = coordinator(hagen)
    async with hagen.visit(anna) as browser:
        form = (await browser.get(FORM)).text
        assert 'name="mail"' not in form
        answer = await apply(browser, mail="evil@example.com", person="Nobody")
        page = answer.headers["location"]
        assert "wartet auf Entscheidung" in (await browser.get(page)).text
        (row,) = rows(hagen)
        assert (row.mail, row.person, row.account) == ("anna@beispiel.de", "Anna Beispiel", anna)
        hagen.write(actions.approve, row.id, "foodsharing", By(clara))
        assert (await browser.get("/verwaltung/organisationen/foodsharing")).status_code == 200


async def test_the_form_keeps_what_was_typed_and_says_what_would_be_right(hagen: House) -> None:
    hagen.write(add_keyless, "foodsharing_hagen", "Foodsharing Hagen")
    async with hagen.visit() as browser:
        answer = await apply(
            browser, name="F", text="kurz", plz="580", ort="Xyzzyheim", webseite="nix nix", mail="anna", regeln="",
            kurzname="admin", person="",
        )  # fmt: skip
        assert answer.status_code == 422
        for field in ("name", "text", "plz", "ort", "webseite", "mail", "regeln", "kurzname", "person"):
            assert f'id="{field}-problem"' in answer.text, field
        summary = answer.text.partition('role="alert"')[2].partition("</ul>")[0]
        assert re.findall(r'href="#(\w+)"', summary) == [
            "name", "text", "plz", "ort", "webseite", "kurzname", "person", "mail", "regeln",
        ], "as they stand in the form"  # fmt: skip
        assert 'value="Xyzzyheim"' in answer.text
        assert re.search(r'required\s+value="ja" aria-invalid', answer.text)
        answer = await apply(browser, mail="anna")
        assert re.search(r'required\s+value="ja" checked>', answer.text), "what was ticked stays so"
        taken = await apply(browser, kurzname="foodsharing_hagen")
        assert "<code>foodsharing_hagen_2</code>" in taken.text
        assert rows(hagen) == []
        assert (await apply(browser, kurzname="@Foodsharing_2")).is_redirect
        assert (await apply(browser, mail="berta@example.org")).is_redirect
        robot = await apply(browser, fax="x", mail="robot@example.org")
        assert robot.headers["location"] == f"{FORM}/gesendet"
    first, second = rows(hagen)
    assert first.handle == "foodsharing_2"
    assert second.handle not in {"foodsharing_hagen", first.handle}


async def test_the_same_form_twice_is_one_request_and_many_are_too_many(hagen: House) -> None:
    form = ids.new_id()
    async with hagen.visit() as browser:
        for _twice in range(2):
            assert (await apply(browser, formular=form)).is_redirect
        assert len(rows(hagen)) == 1
        for number in range(1, rules.ASKED_OF_ADDRESS):
            assert (await apply(browser, name=f"Verein {number}")).is_redirect
        refused = await apply(browser, name="Noch ein Verein")
        assert (refused.status_code, refused.headers["retry-after"]) == (429, "86400")
        assert "Noch ein Verein" in refused.text
        assert (await apply(browser, name="Anderer Verein", mail="b@example.org")).is_redirect


# --- the private page -------------------------------------------------------------------------------------------------
async def test_a_link_that_is_over_offers_a_new_one(hagen: House, clock: Clock) -> None:
    async with hagen.visit() as browser:
        await apply(browser)
        (question,) = await hagen.letters()
        page = private(question)
        clock.now += rules.CONFIRM_WITHIN + timedelta(minutes=1)
        over = await browser.get(page)
        assert (over.status_code, "Neuen Link schicken" in over.text) == (410, True)
        assert (await browser.post(page, schritt="bestaetigen")).status_code == 410
        assert (await browser.post(f"{page}/neu")).status_code == 200
        (another,) = await hagen.letters()
        assert (another["To"], another["Subject"]) == (ANNA, question["Subject"])
        assert (await browser.post(private(another), schritt="bestaetigen")).is_redirect
        assert (await browser.get(f"{page}x")).status_code == 403
        found = [(await browser.post(f"{page}/neu")).status_code for _ in range(12)]
        assert (found[0], found[-1]) == (200, 429)


async def test_a_question_is_answered_by_the_private_link(hagen: House) -> None:
    clara = coordinator(hagen)
    page, row = await applied(hagen)
    async with hagen.visit(clara) as browser:
        assert (await browser.get(f"{QUEUE}/{row.id}/rueckfrage")).status_code == 200
        empty = await browser.post(f"{QUEUE}/{row.id}/rueckfrage", text=" ")
        assert (empty.status_code, "Hier fehlt noch der Text." in empty.text) == (422, True)
        form = ids.new_id()
        for _twice in range(2):
            await browser.post(f"{QUEUE}/{row.id}/rueckfrage", text="Seit wann gibt es Sie?", formular=form)
    (asked,) = await hagen.letters()
    assert "> Seit wann gibt es Sie?" in text_of(asked)
    async with hagen.visit() as browser:
        assert "Seit wann gibt es Sie?" in (await browser.get(private(asked))).text
        assert (await browser.post(page, schritt="antworten", text="")).status_code == 422
        form = ids.new_id()
        for _twice in range(2):
            assert (await browser.post(page, schritt="antworten", text="Seit 2013.", formular=form)).is_redirect
    assert hagen.rows([NoteRow]) == {"NoteRow": 2}
    assert rows(hagen)[0].state == rules.WAITING, "it is her turn again"
    async with hagen.visit(clara) as browser:
        assert "Seit 2013." in (await browser.get(f"{QUEUE}/{row.id}")).text
        assert '<strong class="admin-number">1' in (await browser.get("/verwaltung")).text


async def test_a_refusal_says_why_and_is_final(hagen: House) -> None:
    clara = coordinator(hagen)
    page, row = await applied(hagen)
    async with hagen.visit(clara) as browser:
        assert "ablehnen?" in (await browser.get(f"{QUEUE}/{row.id}/ablehnen")).text
        assert (await browser.post(f"{QUEUE}/{row.id}/ablehnen", text="")).status_code == 422
        assert (await browser.post(f"{QUEUE}/{row.id}/ablehnen", text="Nur gemeinnützige.")).is_redirect
        late = await browser.post(f"{QUEUE}/{row.id}/zulassen", kurzname="foodsharing")
        assert late.headers["location"] == f"{QUEUE}/{row.id}"
        assert (await browser.get(f"{QUEUE}/{row.id}/ablehnen")).is_redirect
    (letter,) = await hagen.letters()
    assert "> Nur gemeinnützige." in text_of(letter)
    async with hagen.visit() as browser:
        assert "Nur gemeinnützige." in (await browser.get(page)).text
        assert (await browser.post(page, schritt="zurueckziehen")).status_code == 409
    with pytest.raises(Conflict):
        hagen.write(actions.approve, row.id, "foodsharing", By(clara))
    assert hagen.write(organisations.listing) == []


async def test_whoever_withdraws_leaves_nothing_of_themselves(hagen: House, clock: Clock) -> None:
    page, row = await applied(hagen)
    hagen.write(actions.send_link, *page.split("/")[2:])
    assert hagen.rows([JobRow]) == {"JobRow": 1}
    async with hagen.visit() as browser:
        for _twice in range(2):
            assert (await browser.post(page, schritt="zurueckziehen")).is_redirect
        assert ANNA not in (await browser.get(page)).text
    (left,) = rows(hagen)
    assert (left.state, left.mail, left.person, left.summary) == (rules.WITHDRAWN, "", "", "")
    assert hagen.rows([JobRow]) == {"JobRow": 0}, "a letter that still waited"
    async with hagen.visit() as browser:
        await apply(browser, name="Radtreff Hagen e. V.")
        assert hagen.rows([JobRow]) == {"JobRow": 1}
    clock.now += rules.UNCONFIRMED_KEPT
    assert hagen.write(actions.erase_unconfirmed) == 1
    assert hagen.rows([JobRow]) == {"JobRow": 0}, "a letter that could not be delivered"
    with pytest.raises(Conflict):
        hagen.write(actions.refuse, row.id, "Zu spät.", By())


async def test_the_way_in_is_sent_again_only_while_nobody_works_there(hagen: House) -> None:
    page, row = await applied(hagen)
    made = hagen.write(actions.approve, row.id, "foodsharing", By())
    await hagen.letters()
    async with hagen.visit() as browser:
        assert (await browser.post(page, schritt="anmelden")).is_redirect
        (letter,) = await hagen.letters()
        assert letter["To"] == ANNA
        berta = hagen.add("berta@b.de", "Berta", Grant(Role.OWNER, made.uri))
        assert (await browser.post(page, schritt="anmelden")).status_code == 409
        assert berta.grants


# --- the queue --------------------------------------------------------------------------------------------------------
async def test_hints_name_what_is_alike_and_whose_the_mail_is(hagen: House) -> None:
    hagen.write(add_keyless, "foodsharing", "foodsharing Hagen")
    _page, row = await applied(hagen, mail="anna@web.de")
    hints = hagen.write(lambda work: actions.hints(work, work.db.get_one(RequestRow, row.id)))
    assert hints.here == {"foodsharing": "foodsharing Hagen"}
    assert hints.mail == rules.FREE
    clara = coordinator(hagen)
    async with hagen.visit(clara) as browser:
        assert "Ähnlich heißt hier schon:" in (await browser.get(f"{QUEUE}/{row.id}")).text
        taken = await browser.post(f"{QUEUE}/{row.id}/zulassen", kurzname="foodsharing")
        assert (taken.status_code, "kurzname-problem" in taken.text) == (422, True)


async def test_a_coordinator_enters_an_organisation_and_invites(hagen: House) -> None:
    clara = coordinator(hagen)
    async with hagen.visit(clara) as browser:
        assert (await browser.get(f"{QUEUE}/neu")).status_code == 200
        nothing = (await browser.post(f"{QUEUE}/neu", name="x")).text
        assert 'href="#mail"' in nothing
        assert 'href="#person"' not in nothing, "there is no such field: whoever is invited says how they are called"
        wrong = await browser.post(f"{QUEUE}/neu", **{**TYPED, "mail": "x"})
        assert (wrong.status_code, "mail-problem" in wrong.text) == (422, True)
        assert (await browser.post(f"{QUEUE}/neu", **TYPED)).is_redirect
    (invitation,) = await hagen.letters()
    async with hagen.visit() as browser:
        assert (await browser.post(link(invitation), name="Anna")).is_redirect
        assert (await browser.get("/verwaltung/organisationen/foodsharing_hagen")).status_code == 200


# --- housekeeping -----------------------------------------------------------------------------------------------------
async def test_what_is_old_is_erased(hagen: House, clock: Clock) -> None:
    page, _row = await applied(hagen)
    async with hagen.visit() as browser:
        await apply(browser, name="Ein anderer Verein")
        assert [hagen.write(one) for one in HOUSEKEEPING] == [0, 0, 0]
        clock.now += rules.UNCONFIRMED_KEPT
        assert [hagen.write(one) for one in HOUSEKEEPING] == [1, 0, 0]
        await browser.post(page, schritt="zurueckziehen")
        clock.now += rules.DECIDED_KEPT
        assert [hagen.write(one) for one in HOUSEKEEPING] == [0, 1, 0]
        assert (await browser.get(page)).status_code == 410
    assert rows(hagen) == []


async def test_whoever_has_an_account_gets_what_they_asked_for_and_takes_it_along(hagen: House) -> None:
    anna = hagen.add().id
    async with hagen.visit(anna) as browser:
        await browser.get(FORM)
        await apply(browser)
        (own,) = (await browser.get("/konto/daten.json")).json()["requests_to_join"]
        assert (own["name"], own["mail"], own["state"]) == (TYPED["name"], "anna@beispiel.de", rules.WAITING)
    assert [hagen.write(one) for one in HOUSEKEEPING] == [0, 0, 0]
    hagen.write(people.remove, anna, ())
    assert [hagen.write(one) for one in HOUSEKEEPING] == [0, 0, 1]
    assert rows(hagen) == []
