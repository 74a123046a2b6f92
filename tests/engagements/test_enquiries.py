"""The whole way of an enquiry on both databases, through the pages and the letters, until nothing is left of it."""

import re

import pytest
from sqlalchemy import select, text

from fediverse_ehrenamt.engagements import rules, tasks
from fediverse_ehrenamt.federation.model import PublishedRow
from fediverse_ehrenamt.kit import ids, sealing
from fediverse_ehrenamt.opportunities import actions as opportunities
from fediverse_ehrenamt.organisations import actions as organisations
from fediverse_ehrenamt.search import store as search
from fediverse_ehrenamt.search.model import Document
from fediverse_ehrenamt.work import Work
from tests import workbench
from tests.engagements.asking import ANNA, LIBRARY, Town, link
from tests.mail.postoffice import text_of
from tests.workbench import HOME

pytestmark = pytest.mark.anyio


# --- the journey ------------------------------------------------------------------------------------------------------
async def test_from_the_offer_to_an_agreement_until_nothing_is_left(hagen: Town) -> None:
    person = await ask_by_the_form(hagen)
    desk = await confirm_by_the_letter(hagen, person)
    await talk(hagen, person, desk)
    await hagen.act(desk, rules.AGREE)
    (agreed,) = await hagen.letters()
    assert agreed["Subject"].startswith("Zusage zu")
    assert "freut sich auf Sie" in (await hagen.get(person)).text
    assert "haben zugesagt" in (await hagen.get(desk)).text
    assert [row.state for row in hagen.rows()] == [rules.AGREED]
    await leave_in_time(hagen, person, desk)


async def ask_by_the_form(hagen: Town) -> str:
    offer = await hagen.get(hagen.offer)
    (form,) = re.findall(r'href="(/angebote/[^"]+/anfrage)"', offer.text)
    page = await hagen.get(form)
    assert "Versprochen ist eine Antwort innerhalb von 5 Tagen." in page.text
    assert "noindex" in page.text
    assert f'href="{HOME}/organisationen/buecherei"' in page.text, "who would rather get in touch by themselves"
    nonce = re.findall(r'name="formular" value="(\w{22})"', page.text)[0]
    sent = await hagen.ask(formular=nonce, telefon="02331 2070", zeit=["mo-abends", "sa-vormittags"])
    assert (sent.status_code, sent.headers["location"]) == (303, f"{form}/gesendet")
    told = await hagen.get(sent.headers["location"])
    assert "Postfach" in told.text
    assert ANNA not in told.text
    (question,) = await hagen.letters()
    assert question["To"] == ANNA
    assert "bei „Stadtbücherei Hagen“ angefragt" in " ".join(text_of(question).split())
    return link(question)


async def confirm_by_the_letter(hagen: Town, person: str) -> str:
    looked = await hagen.get(person)  # as mail scanners do
    assert "Ja, Anfrage abschicken" in looked.text
    assert (looked.headers["referrer-policy"], looked.headers["cache-control"]) == ("no-referrer", "no-store")
    assert await hagen.letters() == []
    confirmed = await hagen.act(person, "bestaetigen")
    assert confirmed.headers["location"] == f"{person}?erledigt=bestaetigen"
    assert "jetzt bei der Organisation" in (await hagen.get(confirmed.headers["location"])).text
    (brought,) = await hagen.letters()
    assert (brought["To"], brought["Reply-To"]) == (LIBRARY, ANNA), "who answers the letter answers her"
    for words in ("Anna Beispiel", ANNA, "02331 2070", "Ich lese gern vor.", "Montag abends", "27. November 2026"):
        assert words in text_of(brought)
    await hagen.act(person, "bestaetigen")
    assert await hagen.letters() == []
    return link(brought)


async def talk(hagen: Town, person: str, desk: str) -> None:
    for _ in range(2):
        assert "Anfrage von Anna Beispiel" in (await hagen.get(desk)).text
        assert hagen.rows()[0].state == rules.NEW, "looking changes nothing"
    await hagen.act(desk, rules.ACKNOWLEDGE)
    assert "hat Ihre Anfrage gelesen" in (await hagen.get(person)).text
    await hagen.act(desk, rules.ANSWER, text="Kommen Sie am <b>Montag</b>?\n\nWir freuen uns.")
    (answer,) = await hagen.letters()
    assert answer["To"] == ANNA
    assert "> Kommen Sie am <b>Montag</b>?\n>\n> Wir freuen uns." in text_of(answer)
    assert "Bitte antworten Sie über den Link" in text_of(answer), "not to the address of the instance"
    assert link(answer).split("/")[2] == person.split("/")[2]
    read = await hagen.get(person)
    assert "im Gespräch" in read.text
    assert "Kommen Sie am &lt;b&gt;Montag&lt;/b&gt;?" in read.text
    await hagen.act(person, rules.WRITE, text="Ja, gern um 16 Uhr.")
    (wrote,) = await hagen.letters()
    assert (wrote["To"], wrote["Reply-To"]) == (LIBRARY, ANNA)
    assert "> Ja, gern um 16 Uhr." in text_of(wrote)


async def leave_in_time(hagen: Town, person: str, desk: str) -> None:
    hagen.clock.forward(days=179)
    assert await hagen.letters() == []
    assert "Anna Beispiel" in (await hagen.get(desk)).text
    hagen.clock.forward(days=1)
    assert await hagen.letters() == []
    for path in (person, desk):
        assert (await hagen.get(path)).status_code == 410
    (left,) = hagen.rows()
    assert (left.erased, left.sealed, left.mark, left.form, left.state) == (True, "", "", None, rules.AGREED)
    assert hagen.entries() == []
    hagen.clock.forward(days=731)
    await hagen.letters()
    assert hagen.rows() == []


async def test_nothing_of_it_federates_or_lies_open(hagen: Town) -> None:
    before = hagen.write(_published)
    person, desk = await hagen.asked(telefon="02331 2070")
    await hagen.act(desk, rules.ANSWER, text="Ein Geheimnis")
    await hagen.act(person, rules.WRITE, text="Noch ein Geheimnis")
    assert hagen.write(_published) == before
    await hagen.letters()
    everything = hagen.write(_everything)
    for secret in ("Anna", ANNA, "02331 2070", "023312070", "Geheimnis", "lese gern vor"):
        assert secret not in everything
    (row,) = hagen.rows()
    assert sealing.is_sealed(row.sealed)
    outbox = await hagen.get(
        f"{hagen.organisation}/outbox?page=1".removeprefix(HOME), accept="application/activity+json"
    )
    assert "Anna" not in outbox.text


def _published(work: Work) -> list[str]:
    return list(work.db.scalars(select(PublishedRow.uri).order_by(PublishedRow.uri)))


def _everything(work: Work) -> str:
    """Return the texts of all tables that could hold any of it."""
    tables = ("enquiries", "enquiry_entries", "jobs", "published", "documents", "messages")
    return "\n".join(str(tuple(row)) for table in tables for row in work.db.execute(text(f"SELECT * FROM {table}")))  # noqa: S608 - names of ours


# --- asking -----------------------------------------------------------------------------------------------------------
async def test_the_same_said_again_after_the_back_button_is_no_other_enquiry(hagen: Town) -> None:
    for _ in range(2):  # a page that was loaded again has another number
        assert (await hagen.ask(formular=ids.new_id())).is_redirect
    assert len(hagen.rows()) == len(await hagen.letters()) == 1
    await hagen.ask(formular=ids.new_id(), text="Geht es auch samstags?")
    assert len(hagen.rows()) == len(await hagen.letters()) + 1 == 2
    hagen.clock.forward(minutes=11)
    await hagen.ask(formular=ids.new_id())
    assert len(hagen.rows()) == 3, "perhaps the first letter never came"


async def test_the_same_form_twice_is_one_enquiry_and_another_text_is_another(hagen: Town) -> None:
    nonce = ids.new_id()
    answers = [await hagen.ask(formular=nonce) for _ in range(3)]
    assert {answer.status_code for answer in answers} == {303}
    assert len(await hagen.letters()) == 1
    await hagen.ask(formular=nonce, text="Doch lieber am Samstag.")
    assert len(hagen.rows()) == 2


async def test_what_is_wrong_is_said_beside_its_field_and_nothing_is_lost(hagen: Town) -> None:
    page = await hagen.ask(name="", mail="anna@", telefon="keins", text="x" * 2_001, zeit=["mo-abends"])
    assert page.status_code == 422
    for words in (
        "Bitte nennen Sie einen Namen",
        "keine Mailadresse",
        "keine Telefonnummer",
        "länger als 2000 Zeichen",
    ):
        assert page.text.count(words) == 2, "in the summary and beside the field"
    assert 'value="anna@"' in page.text
    assert re.search(r'value="mo-abends"\s+checked', page.text) or 'value="mo-abends" checked' in page.text
    nothing = await hagen.ask(mail="")
    assert "eines genügt" in nothing.text
    assert 'aria-describedby="mail-problem mail-hilfe"' in nothing.text
    english = await hagen.post(f"{hagen.offer}/anfrage?sprache=en", name="Anna")
    assert "one of the two is enough" in english.text
    assert hagen.rows() == []


async def test_a_trap_for_programs(hagen: Town) -> None:
    answer = await hagen.ask(webseite="https://spam.example")
    assert answer.status_code == 303
    assert hagen.rows() == []
    assert await hagen.letters() == []


async def test_a_form_of_another_site_is_refused(hagen: Town) -> None:
    answer = await hagen._send("POST", f"{hagen.offer}/anfrage", {"sec-fetch-site": "cross-site"}, data={"name": "A"})
    assert answer.status_code == 403


async def test_with_a_number_only_the_organisation_has_it_at_once(hagen: Town) -> None:
    answer = await hagen.ask(mail="", telefon="02331 2070")
    person = answer.headers["location"]
    assert person.startswith("/meine-anfrage/")
    (brought,) = await hagen.letters()
    assert (brought["To"], "02331 2070" in text_of(brought)) == (LIBRARY, True)
    desk = await hagen.get(link(brought))
    assert "nur eine Telefonnummer" in desk.text
    assert 'href="tel:023312070"' in desk.text
    await hagen.act(link(brought), rules.TALK)
    assert await hagen.letters() == []
    assert "im Gespräch" in (await hagen.get(person)).text


async def test_nothing_is_left_of_what_nobody_confirms(hagen: Town) -> None:
    await hagen.ask()
    (question,) = await hagen.letters()
    hagen.clock.forward(hours=71)
    await hagen.letters()
    assert len(hagen.rows()) == 1
    hagen.clock.forward(hours=1)
    late = await hagen.act(link(question), "bestaetigen")
    assert (late.status_code, "nicht rechtzeitig bestätigt" in late.text) == (410, True)
    assert await hagen.letters() == []
    assert hagen.rows() == []
    assert (await hagen.get(link(question))).status_code == 410


async def test_who_asks_too_often_is_told_so(hagen: Town) -> None:
    for number in range(rules.ASKED_OF_ADDRESS):
        assert (await hagen.ask(text=str(number))).status_code == 303
    page = await hagen.ask(mail=ANNA.upper())
    assert (page.status_code, page.headers["retry-after"]) == (429, "86400")
    assert "morgen noch einmal" in page.text
    assert "Ich lese gern vor." in page.text
    assert (await hagen.ask(mail="berta@beispiel.de")).status_code == 303
    for said in ("02331 2070", "(02331) 20-70"):
        assert (await hagen.ask(mail="", telefon=said)).status_code == 303
    assert (await hagen.ask(mail="", telefon="02331/2070")).status_code == 429
    hagen.clock.forward(hours=25)
    assert (await hagen.ask()).status_code == 303
    assert (await hagen.ask(mail="", telefon="02331/2070")).status_code == 303


async def test_many_numbers_cannot_flood_an_organisation(hagen: Town) -> None:
    answers = [(await hagen.ask(mail="", telefon=f"02331 {number}")).status_code for number in range(1000, 1011)]
    assert answers == [303] * rules.PHONES_OF_ORGANISATION + [429]


@pytest.mark.parametrize("change", ["besetzt", "withdrawn"])
async def test_what_is_not_open_cannot_be_asked_about(hagen: Town, change: str) -> None:
    hagen.write(
        opportunities.publish,
        hagen.organisation,
        workbench.offer(status="zurueckgezogen" if change == "withdrawn" else change),
    )
    for page in (
        await hagen.get(f"{hagen.offer}/anfrage"),
        await hagen.ask(),
        await hagen.get(f"{hagen.offer}/anfrage/gesendet"),
    ):
        if change == "besetzt":
            assert (page.status_code, page.headers["location"]) == (303, hagen.offer)
        else:
            assert page.status_code == 410
    assert hagen.rows() == []


async def test_an_offer_of_another_town_is_asked_about_there(hagen: Town) -> None:
    document = Document(
        uri="https://flensburg.example/1", id=ids.new_id(), kind="opportunity", title="Chor", text="", local=False,
        url="https://flensburg.example/1", host="flensburg.example", organisation="Chor",
        organisation_uri="https://flensburg.example/a",
    )  # fmt: skip
    hagen.write(search.put, [document])
    page = await hagen.get(f"/angebote/{document.id}/anfrage")
    assert (page.status_code, page.headers["location"]) == (303, f"/angebote/{document.id}")
    assert (await hagen.get("/angebote/gibtesnicht/anfrage")).status_code == 404


# --- the two private pages --------------------------------------------------------------------------------------------
async def test_a_link_of_the_other_side_or_of_nobody_does_nothing(hagen: Town) -> None:
    person, desk = await hagen.asked()
    _, purpose, code, token = desk.split("/")
    wrong = [f"/meine-anfrage/{code}/{token}", f"/{purpose}/{code}/{'0' * 34}", f"/{purpose}/{code}/x"]
    for path in wrong:
        assert (await hagen.get(path)).status_code == 403
        assert (await hagen.act(path, rules.WITHDRAW)).status_code == 403
    for path in wrong[0], wrong[0].replace(token, "x"):
        assert (await hagen.get(f"{path}/loeschen")).status_code == 403
        assert (await hagen.post(f"{path}/loeschen")).status_code == 403
    assert (await hagen.post(f"{desk}/loeschen")).status_code == 404, "an organisation erases nothing"
    assert (await hagen.get(f"/{purpose}/{ids.new_id()}/{token}")).status_code == 403
    for path, step in (
        (person, rules.AGREE),
        (desk, rules.WITHDRAW),
        (desk, "loeschen"),
        (desk, "bestaetigen"),
        (desk, ""),
    ):
        assert (await hagen.act(path, step, text="x")).status_code == 422
    assert [row.state for row in hagen.rows()] == [rules.NEW]
    hagen.clock.forward(days=401)
    assert (await hagen.get(desk)).status_code == 410


async def test_a_step_sent_twice_is_one_and_one_too_late_is_explained(hagen: Town) -> None:
    person, desk = await hagen.asked()
    nonce = ids.new_id()
    for _ in range(2):
        assert (await hagen.act(desk, rules.ANSWER, text="Gern!", formular=nonce)).status_code == 303
    assert len(await hagen.letters()) == 1
    assert len(hagen.entries()) == 1
    empty = await hagen.act(desk, rules.DECLINE, text=" ")
    assert (empty.status_code, "Hier fehlt noch der Text." in empty.text) == (422, True)
    assert (await hagen.act(desk, rules.CLOSE, grund="weil")).status_code == 422
    assert (await hagen.act(person, rules.WITHDRAW)).status_code == 303
    late = await hagen.act(desk, rules.AGREE, text="Kommen Sie!")
    assert (late.status_code, "Das geht nicht mehr" in late.text) == (409, True)
    (letter,) = await hagen.letters()
    assert "zurückgezogen" in letter["Subject"]
    assert "Anna" not in text_of(letter)


async def test_a_refusal_and_a_closing_are_told_kindly(hagen: Town) -> None:
    person, desk = await hagen.asked()
    page = await hagen.get(desk)
    assert "Guten Tag Anna Beispiel," in page.text, "the words of a refusal are proposed"
    await hagen.act(desk, rules.DECLINE, text="Leider nein.")
    (letter,) = await hagen.letters()
    assert f"{HOME}/" in text_of(letter)
    assert "Leider nein." in text_of(letter)
    assert "abgesagt" in (await hagen.get(person)).text
    await hagen.act(desk, rules.ANSWER, text="Jetzt doch!")
    assert [row.state for row in hagen.rows()] == [rules.TALKING]
    await hagen.letters()
    await hagen.act(desk, rules.CLOSE, grund="besetzt")
    (closed,) = await hagen.letters()
    assert "Es wird niemand mehr gesucht." in text_of(closed)
    assert "Es wird niemand mehr gesucht." in (await hagen.get(person)).text
    hagen.clock.forward(days=90)
    await hagen.letters()
    assert (await hagen.get(person)).status_code == 410


async def test_everything_is_erased_at_once(hagen: Town) -> None:
    person, desk = await hagen.asked()
    await hagen.act(desk, rules.ANSWER, text="Gern!")
    await hagen.letters()
    asked = await hagen.get(f"{person}/loeschen")
    assert "Wirklich alles löschen?" in asked.text
    assert f'href="{person}"' in asked.text
    assert (await hagen.act(person, "loeschen")).status_code == 422, "nothing goes unasked"
    assert len(hagen.entries()) == 1
    gone = await hagen.post(f"{person}/loeschen")
    assert (gone.status_code, gone.headers["location"]) == (303, "/anfrage-geloescht")
    assert "Alles ist gelöscht" in (await hagen.get("/anfrage-geloescht")).text
    (row,) = hagen.rows()
    assert (row.sealed, row.state) == ("", rules.WITHDRAWN)
    assert hagen.entries() == []
    (letter,) = await hagen.letters()
    assert (letter["To"], "Anna" in text_of(letter)) == (LIBRARY, False)
    page = await hagen.get(desk)
    assert "zurückgezogen" in page.text
    assert "Anna" not in page.text
    assert "<textarea" not in page.text
    assert (await hagen.act(desk, rules.ANSWER, text="Schade")).status_code == 409
    assert (await hagen.get(person)).status_code == 410
    assert (await hagen.get(f"{person}/loeschen")).status_code == 410
    assert (await hagen.post(f"{person}/loeschen")).status_code == 410


async def test_what_is_not_confirmed_is_erased_without_a_trace(hagen: Town) -> None:
    await hagen.ask()
    (question,) = await hagen.letters()
    await hagen.post(f"{link(question)}/loeschen")
    assert hagen.rows() == []
    assert await hagen.letters() == []


async def test_letters_that_still_wait_are_erased_with_their_enquiry(hagen: Town) -> None:
    await hagen.ask()
    (question,) = await hagen.letters()
    await hagen.act(link(question), "bestaetigen")
    await hagen.ask(name="Bert Beispiel", mail="bert@beispiel.de")
    assert [to for to, _ in hagen.waiting()] == [LIBRARY, "bert@beispiel.de"]
    await hagen.post(f"{link(question)}/loeschen")
    (_, to_bert), (to, told) = hagen.waiting()
    assert (to, "zurückgezogen" in told, "Anna" in told) == (LIBRARY, True, False)
    assert "Anna" not in to_bert
    hagen.clock.forward(days=3)
    hagen.write(tasks.erase_unconfirmed)
    assert [to for to, _ in hagen.waiting()] == [LIBRARY], "nobody answered at Bert's address"


async def test_letters_and_pages_in_english(hagen: Town) -> None:
    await hagen.post(f"{hagen.offer}/anfrage?sprache=en", name="Anna", mail=ANNA)
    (question,) = await hagen.letters()
    assert question["Content-Language"] == "en"
    assert "Please confirm" in question["Subject"]
    page = await hagen.get(f"{link(question)}?sprache=en")
    assert "Yes, send my enquiry" in page.text
    await hagen.act(link(question), "bestaetigen")
    (brought,) = await hagen.letters()
    assert brought["Content-Language"] == "de"


async def test_an_organisation_without_mail_is_still_shown_the_enquiry(hagen: Town) -> None:
    hagen.write(organisations.forget_mail, hagen.organisation)
    await hagen.ask()
    (question,) = await hagen.letters()
    await hagen.act(link(question), "bestaetigen")
    await hagen.act(link(question), rules.WRITE, text="Hallo?")
    hagen.clock.forward(days=6)
    assert await hagen.letters() == []
    assert [row.state for row in hagen.rows()] == [rules.NEW]


# --- promises ---------------------------------------------------------------------------------------------------------
async def test_an_organisation_is_reminded_before_and_after(hagen: Town) -> None:
    await hagen.asked()
    hagen.clock.forward(days=4)
    (soon,) = await hagen.letters()
    assert (soon["To"], soon["Subject"].startswith("Bitte bald antworten")) == (LIBRARY, True)
    assert await hagen.letters() == []
    hagen.clock.forward(days=2)
    (late,) = await hagen.letters()
    assert late["Subject"].startswith("Überfällig")
    assert "Auch eine Absage hilft" in " ".join(text_of(late).split())
    hagen.clock.forward(days=30)
    assert await hagen.letters() == []


async def test_who_has_answered_is_not_reminded(hagen: Town) -> None:
    for step in (rules.ANSWER, rules.TALK, rules.AGREE, rules.DECLINE, rules.CLOSE):
        _, desk = await hagen.asked(mail=f"{step}@beispiel.de")
        await hagen.act(desk, step, text="Gern!", grund="doppelt")
        await hagen.letters()
    hagen.clock.forward(days=20)
    assert await hagen.letters() == []


async def test_how_soon_they_answer_is_shown_from_five_answers_on(hagen: Town) -> None:
    for number in range(5):
        assert "antwortet meist" not in (await hagen.get(hagen.offer)).text
        _, desk = await hagen.asked(mail=f"person{number}@beispiel.de")
        hagen.clock.forward(hours=40)
        await hagen.act(desk, rules.ANSWER, text="Gern!")
        await hagen.letters()
    for path in (hagen.offer, "/organisationen/buecherei", f"{hagen.offer}/anfrage"):
        assert "meist innerhalb von 2 Tagen" in (await hagen.get(path)).text
