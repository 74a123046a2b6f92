"""An organisation at its desk, on both databases: it writes, is told what is wrong, publishes, changes, withdraws."""

import io
import re
from collections.abc import AsyncIterator, Iterable
from datetime import UTC, datetime, timedelta
from html import unescape

import httpx
import orjson
import pytest
from PIL import Image
from starlette.requests import Request
from starlette.types import Message

from fediverse_ehrenamt.accounts.rules import Grant, Role
from fediverse_ehrenamt.desk import pictures, store
from fediverse_ehrenamt.desk.model import UnfinishedRow
from fediverse_ehrenamt.events import actions as events
from fediverse_ehrenamt.instance import Instance
from fediverse_ehrenamt.kit import values
from fediverse_ehrenamt.opportunities import actions as opportunities
from fediverse_ehrenamt.opportunities.rules import Draft
from fediverse_ehrenamt.things.model import ThingRow
from fediverse_ehrenamt.web import uploads
from tests.accounts.house import House, Visit
from tests.workbench import Clock, add_organisation, fest, offer

pytestmark = pytest.mark.anyio
DESK = "/verwaltung/organisationen/buecherei"
Pairs = Iterable[tuple[str, str]]
WRITTEN = (
    ("title", "Lesepatin für die Grundschule"),
    ("text", "Einmal in der Woche lesen Sie Kindern vor. Wir helfen Ihnen am Anfang."),
    ("areas", "schule_kita"),
    ("areas", "kultur"),
    ("kind", "regelmaessig"),
    ("mode", "vor_ort"),
    ("place.name", "Stadtbücherei"),
    ("place.postcode", "58095"),
    ("place.locality", "Hagen"),
    ("availability.text", "dienstags nachmittags"),
    ("effort.minHours", "1,5"),
    ("effort.maxHours", "2"),
    ("effort.per", "woche"),
    ("minimumAge", "16"),
    ("skills", "Geduld, Freude am Vorlesen"),
    ("hashtags", "Vorlesen, #Hagen"),
    ("answerWithinDays", "5"),
)


class Desk:
    """The library of Hagen at its desk: a browser in which one of its editors is signed in."""

    def __init__(self, house: House, browser: Visit, actor: str, editor: str) -> None:
        self.house, self.browser, self.actor, self.editor = house, browser, actor, editor

    async def begin(self, kind: str = "angebot") -> str:
        """Open an empty form and return its path."""
        answer = await self.browser.get(f"{DESK}/{kind}/neu")
        assert answer.status_code == 303
        return answer.headers["location"]

    async def send(
        self,
        path: str,
        pairs: Pairs,
        what: str = "veroeffentlicht",
        picture: bytes | None = None,
        headers: dict[str, str] | None = None,
    ) -> httpx.Response:
        """Send the form as a browser does."""
        await self.browser.get(path)
        files = {"bild": ("bild.png" if picture else "", picture or b"", "application/octet-stream")}
        data: dict[str, list[str]] = {"siegel": [self.browser.seal], "aktion": [what]}
        for name, value in pairs:
            data.setdefault(name, []).append(value)
        return await self.browser.client.post(path, data=data, files=files, headers=headers)

    def drafts(self) -> list[Draft]:
        rows = self.house.write(lambda work: [row.draft for row in work.db.query(ThingRow).order_by(ThingRow.id)])
        return [values.load(Draft, row) for row in rows]

    def begun(self) -> int:
        return self.house.rows([UnfinishedRow])["UnfinishedRow"]

    async def do(self, page: str, what: str) -> httpx.Response:
        await self.browser.get(DESK)
        return await self.browser.post(f"{DESK}/eintrag/{page}", was=what)

    def page(self) -> str:
        return self.house.write(lambda work: store.published(work, self.actor)[0].id)


@pytest.fixture
async def desk(instance: Instance, clock: Clock) -> AsyncIterator[Desk]:
    house = House(instance, clock)
    actor = house.write(add_organisation)
    editor = house.add("eva@buecherei.example", "Eva", Grant(Role.EDITOR, actor))
    async with house.visit(editor.id) as browser:
        yield Desk(house, browser, actor, editor.id)


def with_(pairs: Pairs, **changes: str | None) -> list[tuple[str, str]]:
    """Return pairs with some others; "__" stands for the dot, None takes a field out."""
    given = {name.replace("__", "."): value for name, value in changes.items()}
    kept = [pair for pair in pairs if pair[0] not in given]
    return [*kept, *((name, value) for name, value in given.items() if value is not None)]


def problems(answer: httpx.Response) -> dict[str, str]:
    """Return what is said below each field, by the id of its control."""
    found = re.findall(r'id="([\w-]+)-problem">(?:<svg.*?</svg>)?\s*(.*?)</p>', answer.text, re.DOTALL)
    return {field: " ".join(text.split()) for field, text in found}


def held(answer: httpx.Response) -> dict[str, list[str]]:
    """Return the fields that a page has its browser send once more, the seal of its session among them."""
    found: dict[str, list[str]] = {}
    main = answer.text.partition("<main")[2]
    for name, value in re.findall(r'<input type="hidden" name="([^"]+)" value="([^"]*)">', main):
        found.setdefault(name, []).append(unescape(value))
    return found


def png(size: tuple[int, int] = (640, 480)) -> bytes:
    out = io.BytesIO()
    Image.new("RGB", size, "orange").save(out, "PNG")
    return out.getvalue()


# --- writing ----------------------------------------------------------------------------------------------------------
async def test_an_offer_is_written_published_and_changed(desk: Desk) -> None:
    path = await desk.begin()
    sent = await desk.send(path, WRITTEN)
    assert sent.status_code == 303, problems(sent)
    (draft,) = desk.drafts()
    said = draft.details
    assert (said.title, said.areas, said.minimum_age, said.answer_within_days) == (
        "Lesepatin für die Grundschule", ("schule_kita", "kultur"), 16, 5,
    )  # fmt: skip
    assert said.effort is not None
    assert (said.effort.min_hours, said.effort.max_hours, said.effort.per) == (1.5, 2, "woche")
    assert said.availability is not None
    assert said.availability.cells == ("di-nachmittags",), "read from the organisation's own words"
    assert [skill.name for skill in said.skills] == ["Geduld", "Freude am Vorlesen"]
    assert draft.hashtags == ("Vorlesen", "Hagen")
    assert draft.place is not None
    assert (round(draft.place.latitude or 0), round(draft.place.longitude or 0)) == (51, 7)
    assert desk.begun() == 0
    shown = await desk.browser.get(sent.headers["location"])
    assert "„Lesepatin für die Grundschule“ ist veröffentlicht." in shown.text
    # again, under the address of its page: everything stands there, and a change changes the same offer
    edit = f"{DESK}/angebot/{desk.page()}"
    form = (await desk.browser.get(edit)).text
    for value in ("Lesepatin für die Grundschule", "58095", 'value="1,5"', "Geduld, Freude am Vorlesen"):
        assert value in form
    changed = await desk.send(edit, with_(WRITTEN, title="Lesepate gesucht", minimumAge=None))
    assert changed.status_code == 303
    (draft,) = desk.drafts()
    assert (draft.details.title, draft.details.minimum_age) == ("Lesepate gesucht", None)


async def test_other_words_about_the_time_mean_other_times(desk: Desk) -> None:
    """What was read out of the former words, nobody has ticked; what somebody has ticked stays."""
    await desk.send(await desk.begin(), WRITTEN)
    edit = f"{DESK}/angebot/{desk.page()}"
    for ticked, words, cells in (
        ((), "mittwochs 17-18 Uhr", ("mi-nachmittags",)),
        ((), "samstags, 10 bis 12 Uhr", ("sa-vormittags",)),
        ((("availability.cells", "fr-abends"),), "samstags, 10 bis 12 Uhr", ("fr-abends",)),
        ((), "sonntags, 10 bis 12 Uhr", ("fr-abends",)),
    ):
        form = (await desk.browser.get(edit)).text
        shown = [("availability.cells", cell) for cell in re.findall(r'value="(\w\w-\w+)"\s+checked', form)]
        sent = await desk.send(edit, [*with_(WRITTEN, availability__text=words), *shown, *ticked])
        assert sent.status_code == 303, problems(sent)
        (draft,) = desk.drafts()
        assert draft.details.availability is not None
        assert (draft.details.availability.text, draft.details.availability.cells) == (words, cells)


async def test_what_has_no_field_survives_a_change(desk: Desk) -> None:
    given = offer(credentials=("juleica",), same_as=("https://alt.example/1",), title_map={"en": "Reading mentor"})
    desk.house.write(opportunities.publish, desk.actor, given)
    edit = f"{DESK}/angebot/{desk.page()}"
    form = (await desk.browser.get(edit)).text
    assert "Lesepatin gesucht" in form
    sent = await desk.send(edit, with_(WRITTEN, title="Vorlesen"))
    assert sent.status_code == 303, problems(sent)
    (draft,) = desk.drafts()
    assert (draft.key, draft.details.title) == ("lesepatin", "Vorlesen")
    assert (draft.details.credentials, draft.details.same_as) == (("juleica",), ("https://alt.example/1",))
    assert dict(draft.details.title_map) == {"en": "Reading mentor"}


async def test_an_end_of_its_own_stays_until_it_is_over(desk: Desk) -> None:
    end = desk.house.clock.now + timedelta(days=20)
    desk.house.write(opportunities.publish, desk.actor, offer(expires_at=end))
    edit = f"{DESK}/angebot/{desk.page()}"
    assert (await desk.send(edit, with_(WRITTEN, title="Vorlesen"))).status_code == 303
    assert desk.drafts()[0].details.expires_at == end
    desk.house.clock.forward(days=21)
    desk.house.write(opportunities.expire)
    assert (await desk.send(edit, with_(WRITTEN, title="Wieder vorlesen"))).status_code == 303
    assert desk.drafts()[0].details.expires_at is None, "it holds for a year, as any other"
    assert ">Offen</span>" in (await desk.browser.get(DESK)).text


async def test_help_is_needed_for_some_weeks(desk: Desk) -> None:
    path = await desk.begin()
    only = with_(WRITTEN, availability__text=None, startDate="1.2.2027", endDate="2027-03-31")
    looked = await desk.send(path, only, "vorschau")
    assert "1.2. bis 31.3.2027 · 1,5–2 Std./Woche" in looked.text
    assert "Wann man gebraucht wird" not in looked.text.split("Es fehlt noch:")[1].split("</p>")[0]
    kept = (await desk.browser.get(path)).text
    assert ('value="1.2.2027"' in kept, 'value="2027-03-31"' in kept) == (True, True)
    assert (await desk.send(path, only)).status_code == 303
    copy = await desk.browser.get(f"{DESK}/angebot/neu?vorlage={desk.page()}")
    copied = (await desk.browser.get(copy.headers["location"])).text
    assert ('value="2027-02-01"' in copied, 'value="2027-03-31"' in copied) == (True, True)
    page = await desk.browser.client.get(f"/angebote/{desk.page()}", follow_redirects=True)
    assert "1. Februar 2027 bis 31. März 2027" in page.text
    await desk.house.instance.feed.follow(desk.house.instance.workshop)
    found = {
        day: (await desk.browser.get(f"/?{day}")).text for day in ("von=2027-03-31", "von=2027-04-01", "bis=2027-01-31")
    }
    assert {day: "Lesepatin für die Grundschule" in text for day, text in found.items()} == {
        "von=2027-03-31": True, "von=2027-04-01": False, "bis=2027-01-31": False,
    }  # fmt: skip


async def test_what_is_still_missing_is_told_in_the_order_of_the_form(desk: Desk) -> None:
    """And not what the form itself answers, by the first of its choices."""
    begun = (await desk.browser.get(await desk.begin())).text
    missing = begun.split("Es fehlt noch oder stimmt nicht:")[1].split("</p>")[0]
    assert missing.strip() == "Wen oder was suchen Sie?, Was ist zu tun?, Bereich"


async def test_that_nothing_is_said_is_offered_once(desk: Desk) -> None:
    begun = (await desk.browser.get(await desk.begin())).text
    assert 'value="unbekannt"' not in begun
    assert begun.count("keine Angabe") > 3


async def test_an_offer_is_over_with_its_last_day(desk: Desk) -> None:
    end = desk.house.clock.now.date() + timedelta(days=3)
    await desk.send(await desk.begin(), with_(WRITTEN, endDate=end.isoformat()))
    desk.house.clock.forward(days=3)
    desk.house.write(opportunities.expire)
    assert desk.drafts()[0].details.status == "veroeffentlicht", "it is the last day"
    desk.house.clock.forward(days=1)
    desk.house.write(opportunities.expire)
    assert desk.drafts()[0].details.status == "abgelaufen"
    refused = await desk.do(desk.page(), "bestaetigen")
    assert refused.status_code == 422
    assert "liegt in der Vergangenheit" in refused.text
    desk.browser.client.headers["accept-language"] = "en"
    assert "is in the past" in (await desk.do(desk.page(), "bestaetigen")).text


@pytest.mark.parametrize(
    ("field", "changes", "words"),
    [
        ("title", {"title": "Oh"}, "needs at least 3 characters, has 2"),
        ("skills", {"skills": "Ge\x1bduld"}, "invisible control characters"),
        (
            "place-postcode",
            {"place__postcode": "99999", "place__locality": None},
            "We do not know “99999”; please add the town. Otherwise please search for the spot, or show it on the map",
        ),
        (
            "place-locality",
            {"place__postcode": None, "place__locality": "Hagn"},
            "We do not know “Hagn”. Did you mean",
        ),
    ],
)
async def test_what_is_wrong_is_said_in_the_language_of_the_page(
    desk: Desk, field: str, changes: dict[str, str | None], words: str
) -> None:
    desk.browser.client.headers["accept-language"] = "en"
    sent = await desk.send(await desk.begin(), with_(WRITTEN, **changes))
    assert sent.status_code == 422
    assert words in problems(sent)[field]


@pytest.mark.parametrize(
    ("field", "changes", "words"),
    [
        ("title", {"title": ""}, "bitte ausfüllen"),
        ("title", {"title": "Oh"}, "mindestens 3 Zeichen"),
        ("text", {"text": "Hilfe!"}, "mindestens 20 Zeichen"),
        ("areas", {"areas": None}, "bitte mindestens eines ankreuzen"),
        ("effort-minHours", {"effort__minHours": "viel"}, "„viel“ ist keine Zahl; richtig wäre zum Beispiel 2"),
        ("effort-minHours", {"effort__minHours": "9"}, "ist mehr als"),
        ("places", {"places": "ein paar"}, "ist keine ganze Zahl"),
        ("endDate", {"endDate": "31.2.2027"}, "ist kein Tag, den es gibt"),
        ("endDate", {"endDate": "2020-05-01"}, "liegt in der Vergangenheit"),
        ("endDate", {"startDate": "2027-06-01", "endDate": "1.5.2027"}, "liegt vor dem Beginn am 01.06.2027"),
        ("minimumAge", {"maximumAge": "12"}, "das Mindestalter liegt über dem Höchstalter"),
        ("place-postcode", {"place__postcode": "581"}, "hat nicht fünf Ziffern"),
        ("place-locality", {"place__postcode": None, "place__locality": "Hagn"}, "kennen wir nicht. Meinten Sie"),
        ("contactUrl", {"contactUrl": "buecherei.example"}, "https://"),
        ("title", {"title": "Lese\x01patin"}, "unsichtbare Steuerzeichen"),
        ("skills", {"skills": "Ge\x1bduld"}, "unsichtbare Steuerzeichen"),
    ],
)
async def test_what_is_wrong_is_said_beside_its_field_and_nothing_is_lost(
    desk: Desk, field: str, changes: dict[str, str | None], words: str
) -> None:
    path = await desk.begin()
    sent = await desk.send(path, with_(WRITTEN, **changes))
    assert sent.status_code == 422
    assert words in problems(sent)[field]
    assert f'href="#{field}"' in sent.text, "the summary leads to it"
    for value in (value for value in changes.values() if value):
        assert value in sent.text, "what was typed stands there"
    assert desk.drafts() == []
    again = (await desk.browser.get(path)).text
    assert "Wir helfen Ihnen am Anfang." in again or field == "text"
    assert desk.begun() == 1


async def test_a_second_press_does_not_double(desk: Desk) -> None:
    path = await desk.begin()
    await desk.send(path, WRITTEN)
    again = await desk.send(path, WRITTEN)
    assert again.status_code == 303
    assert len(desk.drafts()) == 1


async def test_it_saves_itself_and_shows_how_it_will_look(desk: Desk) -> None:
    path = await desk.begin()
    empty = (await desk.browser.get(path)).text
    assert "Die Vorschau erscheint" in empty
    beside = await desk.send(path, WRITTEN, "speichern", headers={"hx-request": "true"})
    assert "<html" not in beside.text
    assert "Gespeichert um" in beside.text
    assert '<article class="card card-opportunity' in beside.text
    assert "#<span>Vorlesen</span>" in beside.text, "as in a timeline"
    overview = (await desk.browser.get(DESK)).text
    assert "Begonnen, noch nicht veröffentlicht" in overview
    assert 'value="Lesepatin für die Grundschule"' in (await desk.browser.get(path)).text
    dropped = await desk.browser.post(f"{path}/verwerfen")
    assert (dropped.status_code, desk.begun()) == (303, 0)
    assert desk.drafts() == []


async def test_nothing_is_lost_when_the_session_ends_while_somebody_writes(desk: Desk) -> None:
    """The text comes back, is sent again by whoever has signed in, and says once more that it is theirs."""
    path, client, token = await desk.begin(), desk.browser.client, desk.browser.token
    text = 'Dienstags turnen 15 Kinder.\n\nSie helfen beim "Aufbau" & beim Trösten.'
    written = with_(WRITTEN, text=text)
    await desk.send(path, WRITTEN, "speichern")
    client.cookies.delete("sitzung")
    beside = await desk.send(path, written, "speichern", headers={"hx-request": "true"})
    assert "<html" not in beside.text
    assert "Sie sind nicht mehr angemeldet. Ihr Text steht noch im Formular" in beside.text
    handed_back = await desk.send(path, written, picture=png())
    assert (handed_back.status_code, handed_back.headers["cache-control"]) == (401, "no-store")
    assert "Nur die Datei „bild.png“" in handed_back.text
    assert desk.drafts() == []
    client.cookies.set("sitzung", token, domain="hagen.example")
    asked = await client.post(path, data=held(handed_back))
    assert (asked.status_code, "älter als Ihre Anmeldung" in asked.text) == (403, True)
    assert desk.drafts() == []
    sent = await client.post(path, data=held(asked))
    assert sent.status_code == 303, problems(sent)
    (draft,) = desk.drafts()
    assert draft.text == text
    assert draft.details.areas == ("schule_kita", "kultur")


async def test_a_file_of_somebody_who_is_not_signed_in_is_not_read(desk: Desk) -> None:
    sent = httpx.Request("POST", "http://hagen.example/x", data={"title": "Ja"}, files={"bild": ("a.png", png())})
    headers = [(b"sec-fetch-site", b"same-origin"), *((name.lower(), said) for name, said in sent.headers.raw)]
    scope = {"type": "http", "method": "POST", "path": "/x", "headers": headers, "app": desk.house.app}
    body = await sent.aread()

    async def receive() -> Message:
        return {"type": "http.request", "body": body}

    for unread, content in ((True, b""), (False, png())):
        fields, upload = await uploads.posted(Request(scope, receive), 100, 5, 100_000, unread=unread)
        assert fields == [("title", "Ja")]
        assert upload is not None
        assert (upload.name, upload.content) == ("a.png", content)


async def test_what_no_page_of_ours_sent_is_not_handed_back(desk: Desk) -> None:
    path, client = await desk.begin(), desk.browser.client
    client.cookies.delete("sitzung")
    for headers in ({"sec-fetch-site": "cross-site"}, {"origin": "https://boese.example"}, {"origin": "null"}):
        sent = await desk.send(path, WRITTEN, headers=headers)
        assert sent.status_code == 303
        assert sent.headers["location"].startswith("/anmelden?weiter=")
    pressed = await desk.do("x", "pausieren")
    assert pressed.headers["location"].startswith("/anmelden?weiter="), "there is nothing to be lost"


async def test_it_says_so_when_a_form_of_a_former_session_saves_itself_no_more(desk: Desk) -> None:
    path = await desk.begin()
    await desk.send(path, WRITTEN, "speichern")
    desk.browser.seal = "0" * 32
    said = await desk.browser.post(path, headers={"hx-request": "true"}, title="Lesepatin gesucht")
    assert "<html" not in said.text
    assert "Sie haben sich neu angemeldet. Ihr Text steht noch im Formular" in said.text


async def test_hints_say_what_readers_would_stumble_over(desk: Desk) -> None:
    path = await desk.begin()
    bare = with_(WRITTEN, place__locality=None, place__name=None)
    ticked = [("availability.cells", "fr-abends"), ("availability.cells", "sa-abends")]
    for written, postcode, times in (
        (WRITTEN, False, False),
        (bare, True, False),
        (with_(bare, place__street="Springe 1"), False, False),
        ([*WRITTEN, *ticked], False, True),
        ([*WRITTEN, *ticked, ("availability.cells", "di-nachmittags")], False, False),
        ([*with_(WRITTEN, availability__text="nach Absprache"), *ticked], False, False),
    ):
        said = (await desk.send(path, written, "vorschau")).text
        assert ("Als Ort lesen Gäste nur „58095“." in said) is postcode
        assert ("Angekreuzt sind andere Zeiten, als Sie unter" in said) is times


async def test_hints_are_no_obstacles(desk: Desk) -> None:
    desk.house.write(opportunities.publish, desk.actor, offer(title="Lesepatin für die Grundschulen"))
    path = await desk.begin()
    text = "Rufen Sie bitte Frau Muster an, Tel. 02331 123456, und lesen Sie dann Kindern vor."
    sent = await desk.send(path, with_(WRITTEN, text=text), "vorschau")
    assert sent.status_code == 200
    assert "Bei „Was ist zu tun?“ scheint ein Name" in sent.text
    assert "Das haben Sie vielleicht schon" in sent.text
    assert "Barrierefreiheit" in sent.text.split("Es fehlt noch:")[1].split("</p>")[0]
    assert (await desk.send(path, with_(WRITTEN, text=text))).status_code == 303


async def test_a_picture_is_kept_and_needs_words(desk: Desk) -> None:
    path = await desk.begin()
    wordless = await desk.send(path, WRITTEN, picture=png())
    assert (wordless.status_code, "image-alt" in problems(wordless)) == (422, True)
    (name,) = re.findall(r'src="/media/(\w+\.jpg)"', wordless.text)[:1]
    assert (await desk.browser.get(f"/media/{name}")).status_code == 200
    sent = await desk.send(path, with_(WRITTEN, image__alt="Eine orange Fläche"))
    assert sent.status_code == 303, "it need not be sent again"
    (draft,) = desk.drafts()
    assert (draft.image, draft.image_alt) == (name, "Eine orange Fläche")
    edit = f"{DESK}/angebot/{desk.page()}"
    await desk.send(edit, with_(WRITTEN, image__alt="Eine orange Fläche"), "bild_weg")
    assert (await desk.send(edit, WRITTEN)).status_code == 303
    assert desk.drafts()[0].image == ""


async def test_a_picture_leaves_with_what_showed_it(desk: Desk, clock: Clock) -> None:
    names = {}
    for title, size in (("Vorlesen in der Kita", (40, 40)), ("Waffeln backen im Hof", (900, 40))):
        sent = await desk.send(await desk.begin(), with_(WRITTEN, title=title, image__alt="Fläche"), picture=png(size))
        assert sent.status_code == 303
        names[title] = next(draft.image for draft in desk.drafts() if draft.details.title == title)
    stays, goes = names.values()
    assert (await desk.browser.get(f"/media/320/{goes}")).status_code == 200
    rows = desk.house.write(lambda work: {row.draft: row.id for row in work.db.query(ThingRow)})
    page = next(page for draft, page in rows.items() if goes in draft)
    assert (await desk.browser.post(f"{DESK}/eintrag/{page}/zurueckziehen")).status_code == 303
    clock.now = datetime.now(UTC)
    desk.house.write(pictures.erase_unused)
    assert (await desk.browser.get(f"/media/{goes}")).status_code == 200, "just handed in"
    clock.forward(days=1, hours=1)
    desk.house.write(pictures.erase_unused)
    kept = [(await desk.browser.get(path)).status_code for path in (f"/media/{stays}", f"/media/{goes}")]
    assert kept == [200, 404]
    assert (await desk.browser.get(f"/media/320/{goes}")).status_code == 404


@pytest.mark.parametrize(
    ("content", "words"), [(b"GIF89a kein Bild", "ist kein Bild"), (png((8_000, 8_000)), "das ist zu viel")]
)
async def test_what_is_no_picture_is_refused_in_a_sentence(desk: Desk, content: bytes, words: str) -> None:
    sent = await desk.send(await desk.begin(), with_(WRITTEN, image__alt="Bild"), picture=content)
    assert sent.status_code == 422
    assert words in problems(sent)["bild"]
    assert "Wir helfen Ihnen am Anfang." in sent.text
    assert "image.file" not in sent.text
    assert set(problems(sent)) == {"bild"}
    more = await desk.send(await desk.begin(), with_(WRITTEN, title="x", image__alt="Bild"), picture=content)
    assert set(problems(more)) == {"bild", "title"}, "all that is wrong at once"


async def test_a_picture_that_is_too_large_costs_nothing_that_was_typed(desk: Desk) -> None:
    large = await desk.send(await desk.begin(), with_(WRITTEN, title="x"), picture=bytes(21_000_000))
    assert large.status_code == 422
    assert "ist größer als 20 MB; bitte verkleinern" in problems(large)["bild"]
    assert set(problems(large)) == {"bild", "title"}
    assert "Wir helfen Ihnen am Anfang." in large.text


async def test_a_body_that_is_too_large_or_broken_is_refused(desk: Desk) -> None:
    path = await desk.begin()
    large = await desk.send(path, WRITTEN, picture=bytes(62_000_000))
    assert large.status_code == 413
    headers = {"content-type": "multipart/form-data; boundary=x"}
    broken = await desk.browser.client.post(path, content=b"--y\r\nnothing", headers=headers)
    assert broken.status_code == 400
    unsealed = await desk.browser.client.post(path, data={"title": "Fremd"}, files={"bild": ("", b"")})
    assert unsealed.status_code == 403
    elsewhere = await desk.send(path, WRITTEN, headers={"sec-fetch-site": "cross-site"})
    assert elsewhere.status_code == 403
    assert desk.drafts() == []


async def test_a_date_is_written_and_changed(desk: Desk) -> None:
    path = await desk.begin("termin")
    pairs = [
        ("name", "Vorlesefest"), ("kind", "fest"), ("text", "Zwanzig Menschen lesen vor."),
        ("startTime", "2027-05-18T14:00"), ("endTime", "18.05.2027 17:30"), ("place.locality", "Hagen"),
        ("registerBy", "16.05.2027"), ("capacity", "40"),
    ]  # fmt: skip
    wrong = await desk.send(path, with_(pairs, endTime="2027-05-18T13:00"))
    assert (wrong.status_code, list(problems(wrong))) == (422, ["endTime"])
    assert (await desk.send(path, pairs)).status_code == 303
    form = (await desk.browser.get(f"{DESK}/termin/{desk.page()}")).text
    assert all(value in form for value in ("2027-05-18T14:00", "2027-05-18T17:30", "2027-05-16", 'value="40"'))
    assert (await desk.do(desk.page(), "absagen")).status_code == 303
    assert "Abgesagt" in (await desk.browser.get(DESK)).text
    assert (await desk.do(desk.page(), "oeffnen")).status_code == 303
    assert (await desk.do(desk.page(), "pausieren")).status_code == 409


# --- looking after ----------------------------------------------------------------------------------------------------
async def test_states_change_by_one_press_and_back(desk: Desk) -> None:
    desk.house.write(opportunities.publish, desk.actor, offer())
    page = desk.page()
    for what, state in (("besetzt", "Besetzt"), ("oeffnen", "Offen"), ("pausieren", "Pausiert"), ("oeffnen", "Offen")):
        answer = await desk.do(page, what)
        assert answer.status_code == 303, what
        shown = (await desk.browser.get(answer.headers["location"])).text
        assert f">{state}</span>" in shown
        assert "„Lesepatin gesucht“" in shown
    assert (await desk.do(page, "zeigen")).status_code == 409, "it has just been published"
    assert "zuletzt am" in (await desk.do(page, "zeigen")).text
    desk.house.clock.forward(days=400)
    desk.house.write(opportunities.expire)
    later = Desk(desk.house, desk.browser, desk.actor, desk.editor)
    async with desk.house.visit(desk.editor) as later.browser:  # the sign-in is over too
        assert "Abgelaufen" in (await later.browser.get(DESK)).text
        assert (await later.do(page, "bestaetigen")).status_code == 303
        assert ">Offen</span>" in (await later.browser.get(DESK)).text


async def test_withdrawing_is_asked_for_first(desk: Desk) -> None:
    desk.house.write(opportunities.publish, desk.actor, offer())
    path = f"{DESK}/eintrag/{desk.page()}/zurueckziehen"
    asked = await desk.browser.get(path)
    assert "„Lesepatin gesucht“ zurückziehen?" in asked.text
    assert len(desk.drafts()) == 1
    done = await desk.browser.post(path)
    assert "überall gelöscht" in (await desk.browser.get(done.headers["location"])).text
    assert desk.drafts() == []
    assert (await desk.browser.get(path)).status_code == 404


async def test_an_earlier_one_is_a_template(desk: Desk) -> None:
    desk.house.write(opportunities.publish, desk.actor, offer(status="besetzt", minimum_age=16))
    begun = await desk.browser.get(f"{DESK}/angebot/neu?vorlage={desk.page()}")
    form = (await desk.browser.get(begun.headers["location"])).text
    assert "Neues Angebot" in form
    assert 'value="Lesepatin gesucht"' in form
    sent = await desk.send(begun.headers["location"], with_(WRITTEN, title="Noch eine Lesepatin"))
    assert sent.status_code == 303
    assert {draft.details.status for draft in desk.drafts()} == {"besetzt", "veroeffentlicht"}
    assert (await desk.browser.get(f"{DESK}/angebot/neu?vorlage=nichts")).status_code == 404


async def test_dates_of_series_do_not_flood_the_list(desk: Desk) -> None:
    desk.house.write(events.publish, desk.actor, fest())
    shown = (await desk.browser.get(DESK)).text
    assert shown.count('class="desk-item"') == 1


# --- who --------------------------------------------------------------------------------------------------------------
async def test_who_works_for_one_organisation_goes_there_at_once(desk: Desk) -> None:
    answer = await desk.browser.get("/verwaltung/organisationen")
    assert (answer.status_code, answer.headers["location"]) == (303, DESK)
    nobody = desk.house.add("neu@example.org", "Neu")
    async with desk.house.visit(nobody.id) as browser:
        assert "gehört zu keiner Organisation" in (await browser.get("/verwaltung/organisationen")).text
        assert (await browser.get(DESK)).status_code == 403
    boss = desk.house.add("koordination@hagen.example", "Kora", Grant(Role.COORDINATOR))
    async with desk.house.visit(boss.id) as browser:
        assert "Stadtbücherei Hagen" in (await browser.get("/verwaltung/organisationen")).text
        assert "Sie handeln im Namen von Stadtbücherei Hagen" in (await browser.get(DESK)).text


async def test_what_is_not_there_is_not_there(desk: Desk) -> None:
    for path in (f"{DESK}/unsinn/neu", f"{DESK}/angebot/unsinn", f"{DESK}/termin/{'0' * 21}z{'z' * 40}"):
        assert (await desk.browser.get(path)).status_code == 404, path
    desk.house.write(opportunities.publish, desk.actor, offer())
    assert (await desk.browser.get(f"{DESK}/termin/{desk.page()}")).status_code == 404
    assert (await desk.do(desk.page(), "sprengen")).status_code == 404


async def test_what_nobody_touched_for_long_goes(desk: Desk) -> None:
    await desk.send(await desk.begin(), WRITTEN, "speichern")
    desk.house.clock.forward(days=179)
    assert desk.house.write(store.erase_old) == 0
    desk.house.clock.forward(days=2)
    assert desk.house.write(store.erase_old) == 1
    assert desk.begun() == 0


async def test_the_oldest_of_very_many_goes(desk: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(store, "_MOST_UNFINISHED", 2)
    for number in range(3):
        await desk.send(await desk.begin(), with_(WRITTEN, title=f"Angebot {number}"), "speichern")
        desk.house.clock.forward(minutes=1)
    kept = desk.house.write(lambda work: [row.typed for row in work.db.query(UnfinishedRow)])
    assert {orjson.loads(row)["title"][0] for row in kept} == {"Angebot 1", "Angebot 2"}
