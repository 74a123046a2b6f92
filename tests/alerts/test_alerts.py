"""Searches saved by mail on both databases: confirmed twice over, told of what is new once, ended by one click."""

import re
from datetime import UTC, datetime, timedelta
from email.message import EmailMessage
from typing import Any

import httpx
import pytest
from sqlalchemy import select

from fediverse_ehrenamt import app
from fediverse_ehrenamt.alerts import actions, rules, store
from fediverse_ehrenamt.alerts.model import AlertRow, HitRow
from fediverse_ehrenamt.alerts.tasks import HOUSEKEEPING
from fediverse_ehrenamt.instance import Instance
from fediverse_ehrenamt.jobs.model import JobRow
from fediverse_ehrenamt.jobs.runner import Runner
from fediverse_ehrenamt.kit import ids
from fediverse_ehrenamt.mail import sending
from fediverse_ehrenamt.search import store as search
from fediverse_ehrenamt.search.model import START, Document
from tests.mail.postoffice import taken, text_of
from tests.workbench import HOME, Clock

pytestmark = pytest.mark.anyio
ANNA = "anna@beispiel.de"
SEARCH = "/suche-merken?q=vorlesen&ort=Hagen"
_LINK = re.compile(rf"{HOME}(/suche-(?:bestaetigen|beenden)/\S+)")


class Town:
    """A town with its mailbox, and a browser without cookies."""

    def __init__(self, instance: Instance, clock: Clock) -> None:
        self.instance, self.clock = instance, clock

    async def get(self, path: str) -> httpx.Response:
        return await self._ask("GET", path)

    async def post(self, path: str, **data: str) -> httpx.Response:
        return await self._ask("POST", path, data=data)

    async def _ask(self, method: str, path: str, **more: Any) -> httpx.Response:
        made = app.build(self.instance)
        made.state.instance_name = "Ehrenamt Hagen"
        async with httpx.AsyncClient(transport=httpx.ASGITransport(made), base_url=HOME) as client:
            return await client.request(method, path, headers={"accept": "text/html", "origin": HOME}, **more)

    async def letters(self) -> list[EmailMessage]:
        """Let housekeeping do all it has to, and return the letters that came since the last time."""
        while sum([self.instance.workshop.write_now(one) for one in HOUSEKEEPING]):
            pass
        await Runner(self.instance.workshop, sending.JOBS).run_due()
        return list(taken(self.instance.workshop.settings))

    async def ask(self, mail: str = ANNA, rhythm: str = rules.AT_ONCE, path: str = SEARCH) -> httpx.Response:
        return await self.post(path, mail=mail, rhythmus=rhythm)

    async def save(self, mail: str = ANNA, rhythm: str = rules.AT_ONCE, path: str = SEARCH) -> None:
        """Ask, and confirm."""
        assert (await self.ask(mail, rhythm, path)).status_code == 200
        (letter,) = await self.letters()
        page = await self.post(link(letter))
        assert "Ihre Suche ist gespeichert" in page.text
        assert f'href="/?{path.partition("?")[2].partition("&")[0]}' in page.text, "it leads to the search"

    def rows(self) -> list[AlertRow]:
        return self.instance.workshop.read_now(lambda work: list(work.db.scalars(select(AlertRow))))

    def hits(self) -> list[tuple[int, str, bool]]:
        chosen = select(HitRow.alert, HitRow.document, HitRow.waiting)
        return self.instance.workshop.read_now(
            lambda work: [(row[0], row[1], row[2]) for row in work.db.execute(chosen)]
        )

    def put(self, *documents: Document) -> None:
        self.instance.workshop.write_now(search.put, documents)

    def remove(self, *documents: Document) -> None:
        self.instance.workshop.write_now(search.remove, [one.uri for one in documents])


def link(letter: EmailMessage) -> str:
    return str(_LINK.findall(text_of(letter))[-1])


def offer(number: int = 1, **changes: Any) -> Document:
    values: dict[str, Any] = {
        "uri": f"https://a.example/{number}", "id": ids.new_id(), "kind": "opportunity", "title": f"Vorlesen {number}",
        "text": "Wir lesen Kindern vor.", "url": f"https://a.example/{number}", "host": "a.example", "local": False,
        "organisation": "Bücherei", "organisation_uri": "https://a.example/a", "place": "Hagen",
        "latitude": 51.36, "longitude": 7.47,
    }  # fmt: skip
    return Document(**values | changes)


@pytest.fixture
def hagen(instance: Instance, clock: Clock) -> Town:
    return Town(instance, clock)


# --- asking and confirming --------------------------------------------------------------------------------------------
async def test_nobody_is_written_to_before_confirming(hagen: Town) -> None:
    page = await hagen.get(SEARCH)
    assert "20 km um Hagen" in page.text
    assert 'type="email"' in page.text
    answer = await hagen.ask()
    assert "Postfach" in answer.text
    (letter,) = await hagen.letters()
    assert letter["To"] == ANNA
    assert "vorlesen" in text_of(letter)
    assert "List-Unsubscribe" not in letter
    hagen.put(offer())
    assert await hagen.letters() == []
    looked_at = await hagen.get(link(letter))  # as mail scanners do
    assert "Ja, schreiben Sie mir" in looked_at.text
    assert (looked_at.headers["referrer-policy"], looked_at.headers["cache-control"]) == ("no-referrer", "no-store")
    assert hagen.rows()[0].confirmed_at is None
    for _ in range(2):
        assert "Ihre Suche ist gespeichert" in (await hagen.post(link(letter))).text
    hagen.put(offer(2))
    (told,) = await hagen.letters()
    assert "Vorlesen 2" in text_of(told)
    assert "Vorlesen 1" not in text_of(told), "that was there before"


async def test_the_page_of_results_leads_there(hagen: Town) -> None:
    page = await hagen.get("/?q=Chor&ort=Hagen&bereich=kultur&sortierung=datum&seite=2")
    assert page.status_code == 200
    assert 'href="/suche-merken?q=Chor&amp;ort=Hagen&amp;bereich=kultur"' in page.text


async def test_nothing_is_left_of_who_does_not_confirm(hagen: Town) -> None:
    await hagen.ask()
    (letter,) = await hagen.letters()
    hagen.clock.forward(hours=47)
    assert await hagen.letters() == []
    assert len(hagen.rows()) == 1
    hagen.clock.forward(hours=1)
    assert (await hagen.post(link(letter))).status_code == 410
    assert await hagen.letters() == []
    assert hagen.rows() == []
    assert hagen.instance.workshop.read_now(lambda work: work.db.scalars(select(JobRow)).all()) == []
    assert (await hagen.post(link(letter))).status_code == 410


async def test_an_address_cannot_be_flooded_and_nobody_learns_whether_it_is_known(hagen: Town) -> None:
    await hagen.save()
    known = [await hagen.ask(ANNA, path=f"/suche-merken?q=wort{number}") for number in range(6)]
    strange = await hagen.ask("bert@beispiel.de", path="/suche-merken?q=wort5")
    assert {page.status_code for page in known} == {strange.status_code} == {200}
    assert known[5].text == strange.text.replace("bert@", "anna@")
    sent = [letter["To"] for letter in await hagen.letters()]
    assert sent.count(ANNA) == rules.LETTERS_A_DAY - 1
    assert sent.count("bert@beispiel.de") == 1
    await hagen.ask(ANNA.upper())
    assert await hagen.letters() == []
    hagen.clock.forward(hours=25)
    await hagen.ask()
    assert len(await hagen.letters()) == 1


async def test_all_together_cannot_flood_either(hagen: Town, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(rules, "ASKED_A_DAY", 3)
    answers = [(await hagen.ask(f"person{number}@beispiel.de")).status_code for number in range(4)]
    assert answers == [200, 200, 200, 503]


@pytest.mark.parametrize("mail", ["", "anna", "anna@", "a@b", "anna@beispiel.de\r\nBcc: x@y.de", "x" * 300 + "@y.de"])
async def test_what_is_no_address_is_said_beside_the_field(hagen: Town, mail: str) -> None:
    page = await hagen.ask(mail)
    assert page.status_code == 422
    assert "Das ist keine Mailadresse" in page.text
    assert "20 km um Hagen" in page.text
    assert hagen.rows() == []


@pytest.mark.parametrize(
    "path", ["/suche-merken", "/suche-merken?ort=Nirgendwohausen", "/suche-merken?sortierung=datum"]
)
async def test_no_search_is_nothing_to_save(hagen: Town, path: str) -> None:
    for page in (await hagen.get(path), await hagen.ask(path=path)):
        assert (page.status_code, page.headers["location"]) == (303, "/")
    assert hagen.rows() == []


@pytest.mark.parametrize("token", ["", "abc", "0" * 34, "ffffffff" + "a" * 26])
async def test_a_link_that_is_not_ours_does_nothing(hagen: Town, token: str) -> None:
    await hagen.save()
    number = hagen.rows()[0].id
    for action in ("bestaetigen", "beenden"):
        for one in (number, "x", "9" * 30):
            page = await hagen.post(f"/suche-{action}/{one}/{token}")
            assert page.status_code in {200, 403, 404, 410}
    assert [row.id for row in hagen.rows()] == [number]
    (question,) = [one for one in hagen.rows() if one.confirmed_at]
    assert question.mail == ANNA


async def test_the_same_search_again_has_another_rhythm(hagen: Town) -> None:
    await hagen.save(rhythm=rules.AT_ONCE)
    await hagen.save(rhythm=rules.WEEKLY)
    assert [row.rhythm for row in hagen.rows()] == [rules.WEEKLY]


async def test_an_address_has_a_bounded_number_of_searches(hagen: Town, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(rules, "SEARCHES", 2)
    for number in range(2):
        await hagen.save(path=f"/suche-merken?q=wort{number}")
    await hagen.ask(path="/suche-merken?q=wort3")
    (letter,) = await hagen.letters()
    assert (await hagen.post(link(letter))).status_code == 409


# --- telling ----------------------------------------------------------------------------------------------------------
async def test_what_is_new_is_told_once_in_a_readable_letter(hagen: Town) -> None:
    await hagen.save()
    one = offer(title="Vorlesen <b>am</b> Abend & mehr", when="dienstags, 2 Stunden")
    hagen.put(one, offer(2, text="Fußball", title="Trainerin"), offer(3, latitude=53.5, longitude=10.0))
    (letter,) = await hagen.letters()
    text = text_of(letter)
    assert letter["Subject"].startswith("1 neuer Treffer: „vorlesen“")
    for words in ("1. Vorlesen <b>am</b> Abend & mehr", "Bücherei", "Hagen", f"{HOME}/angebote/{one.id}"):
        assert words in text
    assert all(len(line) <= 72 or "http" in line for line in text.splitlines())
    html = letter.get_body(("html",))
    assert html is not None
    page = html.get_content()
    assert "Vorlesen &lt;b&gt;am&lt;/b&gt; Abend &amp; mehr" in page
    assert '<html lang="de" dir="ltr">' in page
    assert f'href="{HOME}/?q=vorlesen&amp;ort=Hagen"' in page
    hagen.put(one, offer(uri=one.uri, id=one.id, text="Wir lesen immer noch vor."))
    assert await hagen.letters() == []


async def test_a_search_in_a_district_is_told_what_is_in_it(hagen: Town) -> None:
    await hagen.save(path="/suche-merken?stadtteil=Hagen-Haspe")
    hagen.put(offer(title="In Haspe", district="Hagen-Haspe"), offer(2, title="In Boele", district="Hagen-Boele"))
    (letter,) = await hagen.letters()
    assert letter["Subject"].startswith("1 neuer Treffer: Hagen-Haspe")
    assert "In Haspe" in text_of(letter)


async def test_letters_are_in_the_language_in_which_they_were_ordered(hagen: Town) -> None:
    await hagen.save(path=f"{SEARCH}&sprache=en")
    hagen.put(offer(), offer(2))
    (letter,) = await hagen.letters()
    assert letter["Content-Language"] == "en"
    assert "there are 2 new results for your search" in text_of(letter)


async def test_a_digest_waits_for_its_morning_and_names_what_is_left(hagen: Town) -> None:
    await hagen.save(rhythm=rules.WEEKLY)  # on a Sunday
    gone, filled, other, stays = offer(1), offer(2), offer(3), [offer(number) for number in range(4, 38)]
    hagen.put(gone, filled, other, *stays)
    assert await hagen.letters() == []
    hagen.remove(gone)
    hagen.put(offer(2, id=filled.id, status="besetzt"), offer(3, id=other.id, title="Fußball", text="Ball"))
    hagen.clock.now = datetime(2026, 11, 23, 5, 59, tzinfo=UTC)
    assert await hagen.letters() == []
    hagen.clock.forward(minutes=1)
    (letter,) = await hagen.letters()
    text = text_of(letter)
    assert letter["Subject"].startswith("34 neue Treffer")
    assert "… und 4 weitere" in text
    assert len(re.findall(r"^\d+\. Vorlesen", text, re.MULTILINE)) == rules.LISTED
    hagen.clock.forward(days=8)
    assert await hagen.letters() == []


async def test_what_one_import_brings_at_once_stands_in_one_letter(hagen: Town) -> None:
    await hagen.save()
    hagen.put(*(offer(number) for number in range(60)))
    (letter,) = await hagen.letters()
    hagen.put(offer(100))
    assert await hagen.letters() == []
    hagen.clock.forward(minutes=15)
    (second,) = await hagen.letters()
    assert letter["Subject"].startswith("60")
    assert second["Subject"].startswith("1 ")


async def test_a_weekly_course_is_one_entry_of_a_letter(hagen: Town) -> None:
    await hagen.save()
    begins = [hagen.clock.now + timedelta(days=1, weeks=week) for week in range(6)]
    course = [offer(number, kind="event", title="Vorlesen", starts_at=one) for number, one in enumerate(begins)]
    hagen.put(*reversed(course), offer(9))
    (letter,) = await hagen.letters()
    assert letter["Subject"].startswith("2 ")
    assert course[0].id in text_of(letter)
    assert not any(one.id in text_of(letter) for one in course[1:])


async def test_nothing_is_told_twice_after_a_restored_copy(hagen: Town) -> None:
    await hagen.save()
    hagen.put(offer())
    assert len(await hagen.letters()) == 1

    hagen.clock.forward(hours=1)
    hagen.instance.workshop.write_now(store.note_followed, START)
    assert await hagen.letters() == []


# --- stopping ---------------------------------------------------------------------------------------------------------
async def test_one_click_ends_it_and_erases_the_address(hagen: Town) -> None:
    await hagen.save()
    await hagen.save(path="/suche-merken?q=Garten")
    hagen.put(offer())
    (letter,) = await hagen.letters()
    stop = letter["List-Unsubscribe"].strip("<>").removeprefix(HOME)
    assert stop == link(letter)
    assert letter["List-Unsubscribe-Post"] == "List-Unsubscribe=One-Click"
    assert "Keine E-Mails mehr" in (await hagen.get(stop)).text
    assert len(hagen.rows()) == 2, "looking changes nothing"
    done = await hagen.post(stop, **{"List-Unsubscribe": "One-Click"})  # what RFC 8058 has mail programs send
    assert done.status_code == 200
    assert [row.params for row in hagen.rows()] == ["q=Garten"]
    assert hagen.hits() == []
    assert (await hagen.post(stop)).status_code == 200, "once more does no harm"
    hagen.put(offer(2))
    assert await hagen.letters() == []


async def test_how_often_is_changed_by_the_link_that_ends(hagen: Town) -> None:
    await hagen.save(rhythm=rules.AT_ONCE)
    hagen.put(offer())
    (letter,) = await hagen.letters()
    asked = (await hagen.get(link(letter))).text
    assert "Nur ändern: einmal in der Woche, montags" in asked
    assert "Nur ändern: sofort" not in asked
    changed = await hagen.post(f"{link(letter)}/rhythmus/{rules.WEEKLY}")
    assert "So oft schreiben wir ab jetzt." in changed.text
    assert "einmal in der Woche, montags" in changed.text
    assert [row.rhythm for row in hagen.rows()] == [rules.WEEKLY]
    hagen.put(offer(2))
    assert await hagen.letters() == [], "not before Monday"
    hagen.clock.forward(days=7)
    assert len(await hagen.letters()) == 1
    assert (await hagen.post(f"{link(letter)}/rhythmus/stuendlich")).status_code == 404
    assert (await hagen.post(f"{link(letter)}x/rhythmus/{rules.WEEKLY}")).status_code == 403
    await hagen.post(link(letter))
    assert (await hagen.post(f"{link(letter)}/rhythmus/{rules.WEEKLY}")).status_code == 410


async def test_all_searches_of_an_address_end_together(hagen: Town) -> None:
    await hagen.save()
    await hagen.save(path="/suche-merken?q=Garten")
    await hagen.save("bert@beispiel.de")
    hagen.put(offer())
    letters = {letter["To"]: letter for letter in await hagen.letters()}
    assert "Alle meine Suchen beenden" in (await hagen.get(link(letters[ANNA]))).text
    assert (await hagen.post(f"{link(letters[ANNA])}/alle")).status_code == 200
    assert [row.mail for row in hagen.rows()] == ["bert@beispiel.de"]


async def test_letters_that_still_wait_go_with_their_address(hagen: Town) -> None:
    await hagen.ask()
    await hagen.ask("bert@beispiel.de")
    hagen.clock.forward(days=1)
    await hagen.ask("carla@beispiel.de")
    hagen.clock.forward(days=1)
    hagen.instance.workshop.write_now(actions.erase_unconfirmed)
    waiting = hagen.instance.workshop.read_now(lambda work: list(work.db.scalars(select(JobRow.argument))))
    assert [mail for mail in (ANNA, "bert@", "carla@") if mail in "".join(waiting)] == ["carla@"]


async def test_what_is_gone_is_forgotten(hagen: Town) -> None:
    await hagen.save()
    one = offer()
    hagen.put(one)
    await hagen.letters()
    assert len(hagen.hits()) == 1
    hagen.remove(one)
    await hagen.letters()
    assert hagen.hits() == []


# --- rules ------------------------------------------------------------------------------------------------------------
@pytest.mark.parametrize(
    ("rhythm", "now", "expected"),
    [
        (rules.DAILY, "2026-11-22T05:59", "2026-11-22T06:00"),  # 7:00 in Berlin in winter
        (rules.DAILY, "2026-11-22T06:00", "2026-11-23T06:00"),
        (rules.DAILY, "2026-10-24T20:00", "2026-10-25T06:00"),  # the night in which summer time ends
        (rules.DAILY, "2026-07-01T12:00", "2026-07-02T05:00"),
        (rules.WEEKLY, "2026-11-22T12:00", "2026-11-23T06:00"),
        (rules.WEEKLY, "2026-11-23T05:00", "2026-11-23T06:00"),
        (rules.WEEKLY, "2026-11-23T06:00", "2026-11-30T06:00"),
        (rules.WEEKLY, "2026-10-20T12:00", "2026-10-26T06:00"),
        (rules.AT_ONCE, "2026-11-22T12:00", "2026-11-22T12:00"),
    ],
)
async def test_letters_come_in_the_morning(rhythm: str, now: str, expected: str) -> None:
    moment = datetime.fromisoformat(now).replace(tzinfo=UTC)
    assert rules.next_letter(rhythm, moment, None) == datetime.fromisoformat(expected).replace(tzinfo=UTC)


async def test_between_two_letters_at_once_there_is_a_pause() -> None:
    now = datetime(2026, 11, 22, 12, tzinfo=UTC)
    last = now - timedelta(minutes=5)
    assert rules.next_letter(rules.AT_ONCE, now, last) == now + timedelta(minutes=10)
