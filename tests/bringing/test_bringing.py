"""Listings brought by the browser, on both databases: looked at, taken over once, taken back, never for another."""

import re
from datetime import timedelta
from typing import Any

import httpx
import pytest
from sqlalchemy import select
from sqlalchemy.orm import undefer

from fediverse_ehrenamt.accounts.rules import Grant, Role
from fediverse_ehrenamt.admin import menu
from fediverse_ehrenamt.audit import store as log
from fediverse_ehrenamt.audit.rules import Did
from fediverse_ehrenamt.audit.store import Wanted
from fediverse_ehrenamt.bringing import actions, rules, sample, showing
from fediverse_ehrenamt.bringing.model import BroughtRow
from fediverse_ehrenamt.imports import sources
from fediverse_ehrenamt.imports.topics import Guess
from fediverse_ehrenamt.instance import Instance
from fediverse_ehrenamt.listings import column_names, fetching, formats
from fediverse_ehrenamt.organisations import actions as organisations
from fediverse_ehrenamt.things.model import ThingRow
from fediverse_ehrenamt.web import i18n
from fediverse_ehrenamt.work import Work
from tests.accounts.house import House, Visit
from tests.workbench import Clock, add_organisation

pytestmark = pytest.mark.anyio
BASE = "/verwaltung/organisationen/buecherei/einlesen"
HEAD = "Nr;Was gibt es;Worum geht es;Wann;Ort;Telefon\n"
READ = "1;Vorlesen;Sie lesen Kindern in der Grundschule vor.;dienstags nachmittags;Hagen;02331 123\n"
CAKE = "2;Kuchen backen;Sie backen für das Nachbarschaftscafé.;samstags;Hagen;\n"
BAD = "3;;Hier fehlt der Titel.;;Hagen;\n"
ALL = HEAD + READ + CAKE + BAD
MEANT: dict[str, Any] = {
    "spalte-0": "id",
    "spalte-1": "title",
    "spalte-2": "text",
    "spalte-3": "times",
    "spalte-4": "locality",
}


@pytest.fixture
def hagen(instance: Instance, clock: Clock) -> House:
    return House(instance, clock)


@pytest.fixture
def anna(hagen: House) -> str:
    library = hagen.write(add_organisation, "buecherei", "Stadtbücherei Hagen")
    hagen.write(add_organisation, "tierheim", "Tierheim Hagen e. V.")
    person: str = hagen.add("anna@hagen.de", "Anna Bücherei", Grant(Role.EDITOR, library)).id
    return person


async def send(browser: Visit, content: str | bytes, name: str = "liste.csv", base: str = BASE) -> httpx.Response:
    await browser.get(base)
    data = content.encode() if isinstance(content, str) else content
    fields = {"siegel": browser.seal, "adresse": ""}
    return await browser.client.post(base, data=fields, files={"datei": (name, data)})


async def bring(browser: Visit, content: str, name: str = "liste.csv", base: str = BASE) -> str:
    """Send a table, say what its columns mean, and return the path of its preview."""
    sent = await send(browser, content, name, base)
    path: str = sent.headers["location"]
    await browser.get(path)
    return str((await browser.post(path, **MEANT)).headers["location"])


async def take_over(hagen: House, browser: Visit, path: str) -> str:
    """Take a listing over, let the job run, and return the page of what became of it."""
    await browser.get(path)
    answer = await browser.post(path, aktion="einlesen")
    await hagen.letters()
    return (await browser.get(answer.headers["location"])).text


def things(hagen: House) -> dict[str, ThingRow]:
    rows = hagen.write(lambda work: work.db.scalars(select(ThingRow).where(ThingRow.local)).all())
    return {row.key or "": row for row in rows}


def rows(hagen: House) -> list[BroughtRow]:
    chosen = select(BroughtRow).options(undefer(BroughtRow.content))
    return hagen.write(lambda work: list(work.db.scalars(chosen)))


def plain(page: str) -> str:
    return " ".join(re.sub(r"<[^>]+>", " ", page).split())


# --- the way ----------------------------------------------------------------------------------------------------------
async def test_a_table_is_looked_at_and_taken_over_once(hagen: House, anna: str) -> None:
    async with hagen.visit(anna) as browser:
        path = await bring(browser, ALL)
        await browser.get(path)
        first = await browser.post(path, aktion="einlesen")
        second = await browser.post(path, aktion="einlesen")
        assert first.headers["location"] == second.headers["location"] == f"{path}/ergebnis"
        waiting = (await browser.get(f"{path}/ergebnis")).text
        assert 'http-equiv="refresh"' in waiting
        assert "Wird eingelesen" in waiting
        await hagen.letters()
        done = plain((await browser.get(f"{path}/ergebnis")).text)
        table = (await browser.get(f"{path}/ergebnis.csv")).content.decode("utf-8-sig")
    assert "2 neu" in done
    assert sorted(things(hagen)) == ["import1-1", "import1-2"]
    assert table.splitlines()[0] == "Zeile;Nummer;Ergebnis;Titel;Hinweise"
    assert "der Titel fehlt" in table
    (entry,) = hagen.write(log.listing, Wanted(did=str(Did.IMPORTED)))
    assert (entry.person, entry.label, entry.detail) == (anna, "liste.csv", "2 neu, 1 fehlerhaft")
    (row,) = rows(hagen)
    assert row.content is None
    assert (row.person, row.written) == ("", 2)


async def test_columns_and_entries_are_shown_before_anything_is_done(hagen: House, anna: str) -> None:
    async with hagen.visit(anna) as browser:
        sent = await send(browser, ALL)
        assert sent.headers["location"].endswith("/spalten")
        asked = (await browser.get(sent.headers["location"])).text
        assert "Sie lesen Kindern in der Grundschule vor." in asked
        assert "02331" not in asked, "a telephone number is shown to nobody"
        assert "Angaben zu Menschen" in asked
        path = (await browser.post(sent.headers["location"], **MEANT)).headers["location"]
        look = plain((await browser.get(path)).text)
    for said in ("2 neu", "1 mit Fehlern", "Zeile 4", "der Titel fehlt", "verstanden:", "Di nachmittags"):
        assert said in look
    assert things(hagen) == {}


async def test_the_next_state_of_a_list_is_recognised_and_changes_only_what_changed(hagen: House, anna: str) -> None:
    async with hagen.visit(anna) as browser:
        await take_over(hagen, browser, await bring(browser, ALL))
        before = things(hagen)
        later = ALL.replace("Sie backen für", "Sie backen jeden Samstag für")
        sent = await send(browser, later, "liste (2).csv")
        asked = await browser.get(sent.headers["location"])
        assert '<option value="title" selected>' in asked.text, "what was chosen for these columns before"
        path = await bring(browser, later, "liste (2).csv")
        look = (await browser.get(path)).text
        assert "die neue Fassung von „liste.csv“" in look
        assert "1 geändert 1 unverändert" in plain(look)
        assert "jeden Samstag" in look
        await take_over(hagen, browser, path)
    after = things(hagen)
    assert {key: row.uri for key, row in after.items()} == {key: row.uri for key, row in before.items()}


async def test_what_is_missing_expires_and_what_is_missing_by_far_waits_for_a_word(hagen: House, anna: str) -> None:
    async with hagen.visit(anna) as browser:
        await take_over(hagen, browser, await bring(browser, ALL))
        path = await bring(browser, HEAD + "1;Vorlesen;Sie lesen Kindern in der Grundschule vor.;montags;Hagen;\n")
        assert "1 nicht mehr in der Liste" in plain((await browser.get(path)).text)
        path = await bring(browser, HEAD + "9;Ganz anderes;Sie helfen uns bei etwas anderem.;;Hagen;\n")
        await browser.post(path, aktion="vorschau", liste="1", format="table")
        look = await browser.get(path)
        assert "2 fehlen, bleiben aber" in plain(look.text)
        await browser.post(path, aktion="vorschau", liste="1", format="table", beenden="1")
        assert "2 nicht mehr in der Liste" in plain((await browser.get(path)).text)


async def test_it_is_taken_back(hagen: House, anna: str) -> None:
    async with hagen.visit(anna) as browser:
        path = await bring(browser, ALL)
        await take_over(hagen, browser, path)
        asked = (await browser.get(f"{path}/rueckgaengig")).text
        assert "2 Einträge aus „liste.csv“ werden zurückgezogen" in asked
        for _ in range(2):
            assert (await browser.post(f"{path}/rueckgaengig")).is_redirect
        await hagen.letters()
        assert "2 Einträge sind wieder zurückgezogen" in (await browser.get(f"{path}/ergebnis")).text
        assert things(hagen) == {}
        assert hagen.write(sources.listing) == []
        assert "2 neu" in plain(await take_over(hagen, browser, await bring(browser, ALL))), "corrected, once more"
    assert len(things(hagen)) == 2
    assert [one.did for one in hagen.write(log.listing, Wanted(did=str(Did.WITHDRAWN)))] == [Did.WITHDRAWN]


async def test_a_list_is_given_up_with_or_without_what_came_from_it(hagen: House, anna: str) -> None:
    async with hagen.visit(anna) as browser:
        await take_over(hagen, browser, await bring(browser, ALL))
        more = HEAD + "7;Gassigehen;Sie gehen mit unseren Hunden spazieren.;;Hagen;\n"
        await take_over(hagen, browser, await bring(browser, more, "hunde.csv"))
        assert len(things(hagen)) == 3
        asked = await browser.get(f"{BASE}/liste/1/aufgeben")
        assert "„liste.csv“ wird nicht mehr gelesen" in asked.text
        await browser.post(f"{BASE}/liste/1/aufgeben", aktion="behalten")
        assert len(things(hagen)) == 3
        (number,) = [one.number for one in hagen.write(sources.listing)]
        await browser.get(f"{BASE}/liste/{number}/aufgeben")
        await browser.post(f"{BASE}/liste/{number}/aufgeben", aktion="zurueckziehen")
        assert len(things(hagen)) == 2, "those that were kept"
        assert (await browser.get(f"{BASE}/liste/{number}/aufgeben")).status_code == 404


# --- whose ------------------------------------------------------------------------------------------------------------
async def test_nobody_publishes_in_the_name_of_another(hagen: House, anna: str) -> None:
    text = "angebotsId;einrichtungsname;angebotsname;beschreibung\n1;Tierheim Hagen;Gassigehen;Mit Hunden gehen.\n"
    async with hagen.visit(anna) as browser:
        sent = await send(browser, text)
        assert not sent.headers["location"].endswith("/spalten"), "FreiNet's columns are known"
        await take_over(hagen, browser, sent.headers["location"])
    (thing,) = things(hagen).values()
    library = next(uri for uri, handle in _actors(hagen) if handle == "buecherei")
    assert thing.actor == library
    assert "Ein Angebot von: Tierheim Hagen" in thing.draft


def _actors(hagen: House) -> list[tuple[str, str]]:
    def read(work: Work) -> list[tuple[str, str]]:
        return [(one.uri, one.handle) for one in organisations.listing(work)]

    return hagen.write(read)


async def test_another_desk_sees_nothing(hagen: House, anna: str) -> None:
    shelter = next(uri for uri, handle in _actors(hagen) if handle == "tierheim")
    other = hagen.add("t@hagen.de", "Tina", Grant(Role.OWNER, shelter)).id
    async with hagen.visit(anna) as browser:
        path = await bring(browser, ALL)
        await take_over(hagen, browser, path)
        fresh = await bring(browser, ALL.replace("Vorlesen", "Lesen"))
    async with hagen.visit(other) as browser:
        for page in (
            path,
            fresh,
            f"{path}/ergebnis",
            f"{path}/ergebnis.csv",
            f"{fresh}/spalten",
            f"{path}/rueckgaengig",
        ):
            assert (await browser.get(page.replace("buecherei", "tierheim"))).status_code == 404
        await browser.get(BASE.replace("buecherei", "tierheim"))
        for page in (fresh, f"{path}/rueckgaengig", f"{BASE}/liste/1/aufgeben"):
            assert (await browser.post(page.replace("buecherei", "tierheim"), aktion="einlesen")).status_code == 404
    assert len(things(hagen)) == 2


@pytest.mark.usefixtures("anna")
async def test_a_coordinator_brings_a_list_of_the_whole_town(hagen: House) -> None:
    clara = hagen.add("clara@hagen.de", "Clara", Grant(Role.COORDINATOR)).id
    text = (
        "Nr;Titel;Beschreibung;Organisation\n1;Gassigehen;Sie gehen mit Hunden spazieren.;Tierheim Hagen\n"
        "2;Suppe kochen;Sie kochen für alle im Viertel.;Suppenküche e. V.\n"
    )
    async with hagen.visit(clara) as browser:
        sent = await send(browser, text, base=menu.BRINGING)
        assert sent.headers["location"].startswith(menu.BRINGING)
        columns_page = sent.headers["location"]
        await browser.get(columns_page)
        chosen: dict[str, Any] = {"spalte-0": "id", "spalte-1": "title", "spalte-2": "text", "spalte-3": "organisation"}
        path = (await browser.post(columns_page, **chosen)).headers["location"]
        look = plain((await browser.get(path)).text)
        assert "1 neu 1 mit Fehlern" in look
        assert "die Organisation „Suppenküche e. V.“ gibt es hier nicht" in look
        await browser.post(path, aktion="vorschau", format="table", liste="0", unter="", anlegen="1")
        assert "2 neu" in plain((await browser.get(path)).text)
        await take_over(hagen, browser, path)
    handles = dict(_actors(hagen))
    assert sorted(handles[thing.actor] for thing in things(hagen).values()) == ["suppenkueche_e_v", "tierheim"]


# --- what is wrong ----------------------------------------------------------------------------------------------------
@pytest.mark.parametrize(
    ("content", "said"),
    [
        (b"", "ist leer"),
        (b"\x89PNG\r\n\x1a\n" + b"x" * 50, "ist ein Bild"),
        (b"%PDF-1.7\nxxxx", "ist eine PDF-Datei"),
        (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"x" * 50, "ist eine Excel-Datei von vor 2007"),
        (b"\x00\x01\x02\x03;;\n\x00", "enthält keinen Text"),
        (b"PK\x03\x04" + b"x" * 50, "ist beschädigt"),
        (b"nur ein Satz ohne Tabelle", "enthält keine Tabelle"),
        (b"a;b\n" + b"x" * (rules.LARGEST + 1), "größer als 10 MB"),
    ],
)
async def test_what_is_no_list_is_refused_beside_the_field(hagen: House, anna: str, content: bytes, said: str) -> None:
    async with hagen.visit(anna) as browser:
        answer = await send(browser, content, "datei.bin")
    assert answer.status_code == 422
    assert said in answer.text
    assert 'id="datei-problem"' in answer.text
    assert rows(hagen) == []


async def test_nothing_and_far_too_much_are_refused(hagen: House, anna: str) -> None:
    async with hagen.visit(anna) as browser:
        await browser.get(BASE)
        nothing = await browser.post(BASE, adresse="")
        flood = await send(browser, b"x" * (rules.LARGEST + 100_000))
    assert nothing.status_code == 422
    assert "Bitte wählen Sie eine Datei" in nothing.text
    assert flood.status_code == 413
    assert "höchstens 10 MB" in flood.text


@pytest.mark.parametrize("typed", ["/etc/passwd", "file:///etc/passwd", "ftp://verein.de/x", "nur worte", "https://"])
async def test_only_addresses_of_the_net_are_read(hagen: House, anna: str, typed: str) -> None:
    async with hagen.visit(anna) as browser:
        await browser.get(BASE)
        answer = await browser.post(BASE, adresse=typed)
    assert answer.status_code == 422
    assert "ist keine Webadresse" in answer.text
    assert f'value="{typed}"' in answer.text, "what was typed stays"


async def test_columns_that_contradict_each_other_are_named(hagen: House, anna: str) -> None:
    async with hagen.visit(anna) as browser:
        sent = await send(browser, ALL)
        path = sent.headers["location"]
        await browser.get(path)
        twice = await browser.post(path, **{**MEANT, "spalte-2": "title"})
        none = await browser.post(path, **{**MEANT, "spalte-1": ""})
        personal = await browser.post(path, **{**MEANT, "spalte-5": "text", "spalte-2": ""})
        assert (twice.status_code, none.status_code) == (422, 422)
        assert "ist schon „Was gibt es“" in twice.text
        assert "in welcher Spalte der Titel steht" in none.text
        await take_over(hagen, browser, personal.headers["location"])
    assert all("02331" not in thing.draft for thing in things(hagen).values())


async def test_a_wrong_format_is_said_and_can_be_changed(hagen: House, anna: str) -> None:
    async with hagen.visit(anna) as browser:
        path = await bring(browser, ALL)
        await browser.post(path, aktion="vorschau", format="freinet-json")
        look = await browser.get(path)
        assert look.status_code == 422
        assert "lässt sich so nicht lesen" in look.text
        answer = await browser.post(path, aktion="vorschau", format="table")
        assert answer.headers["location"].endswith("/spalten")


async def test_what_was_sent_twice_lies_there_once_and_what_is_dropped_is_gone(hagen: House, anna: str) -> None:
    async with hagen.visit(anna) as browser:
        first, second = await send(browser, ALL), await send(browser, ALL)
        assert first.headers["location"] == second.headers["location"]
        path = first.headers["location"].removesuffix("/spalten")
        await browser.post(path, aktion="verwerfen")
        assert rows(hagen) == []
        assert (await browser.get(path)).status_code == 404
        assert "Nichts davon ist veröffentlicht" in (await browser.get(f"{BASE}?getan=verwerfen")).text


async def test_files_stay_a_day_and_results_a_month(hagen: House, anna: str, clock: Clock) -> None:
    async with hagen.visit(anna) as browser:
        await take_over(hagen, browser, await bring(browser, ALL))
        await bring(browser, ALL.replace("Vorlesen", "Lesen"))
    clock.now += rules.CONTENT_KEPT + timedelta(minutes=1)
    assert hagen.write(actions.erase_old) == 1
    (left,) = rows(hagen)
    assert left.state == rules.State.DONE
    clock.now += rules.KEPT
    assert hagen.write(actions.erase_old) == 1


async def test_a_desk_keeps_only_so_many(hagen: House, anna: str, clock: Clock) -> None:
    async with hagen.visit(anna) as browser:
        for number in range(rules.AT_ONCE + 2):
            clock.now += timedelta(seconds=1)
            await send(browser, ALL.replace("Vorlesen", f"Vorlesen {number}"))
    assert len(rows(hagen)) == rules.AT_ONCE


# --- addresses --------------------------------------------------------------------------------------------------------
async def test_an_address_is_read_again_on_a_schedule(hagen: House, anna: str, monkeypatch: pytest.MonkeyPatch) -> None:
    asked: list[str] = []

    async def answer(_workshop: object, source: str, *_more: object) -> fetching.Fetched:
        asked.append(source)
        return fetching.Fetched(sample.table(), fetching.Marks())

    monkeypatch.setattr(fetching, "fetch", answer)  # the peer: what is beyond the socket
    clara = hagen.add("clara@hagen.de", "Clara", Grant(Role.COORDINATOR)).id
    async with hagen.visit(anna) as browser:
        await browser.get(BASE)
        sent = await browser.post(BASE, adresse="verein.example/liste.csv")
        columns_page = sent.headers["location"]
        await browser.get(columns_page)
        order = ("id", "title", "text", "times", "categories", "street", "postcode", "locality")
        meant: dict[str, Any] = {f"spalte-{number}": field for number, field in enumerate(order)}
        path = (await browser.post(columns_page, **meant)).headers["location"]
        await browser.post(path, aktion="vorschau", format="table", wieder="24")
        assert "2 neu" in plain(await take_over(hagen, browser, path))
    (source,) = hagen.write(sources.listing)
    assert (source.address, source.every_hours, source.only_own) == ("https://verein.example/liste.csv", 24, True)
    assert asked == ["https://verein.example/liste.csv"]
    async with hagen.visit(clara) as browser:
        await browser.get(menu.BRINGING)
        refused = await browser.post(menu.BRINGING, adresse="https://verein.example/liste.csv")
    assert refused.status_code == 422
    assert "von anderer Stelle eingelesen" in refused.text


def test_every_field_and_format_has_words() -> None:
    assert set(rules.FIELDS) == set(column_names.NAMES)
    assert set(rules.FORMATS) == set(formats.FORMATS)


@pytest.mark.parametrize(
    ("field", "value", "said"),
    [
        ("startDate", "2026-12-05", "Zeitraum von: Samstag, 5. Dezember 2026"),
        ("applyBy", "2027-02-15", "Melden bis: Montag, 15. Februar 2027"),
        ("mode", "online", "Wo: Online"),
        ("minimumAge", "18", "Mindestalter: 18"),
        ("status", "besetzt", "Stand: Besetzt"),
        ("availability.cells", "di-abends", "Zeiten: Di abends"),
        (
            "availability.cells",
            "mo-vormittags, di-vormittags, mi-vormittags, sa-vormittags, sa-abends, so-abends",
            "Zeiten: Mo–Mi vormittags; Sa vormittags, abends; So abends",
        ),
        ("availability.cells", "sa-abends, so-abends, mi-abends", "Zeiten: Mi, Sa, So abends"),
    ],
)
def test_what_was_understood_is_said_in_words(field: str, value: str, said: str) -> None:
    assert showing.guess(Guess(field, value, 0.8), i18n.language(i18n.DEFAULT)) == said


async def test_the_sample_is_understood_by_itself(hagen: House, anna: str) -> None:
    async with hagen.visit(anna) as browser:
        file = await browser.get(f"{BASE}/muster.csv")
        asked = (await browser.get((await send(browser, file.content)).headers["location"])).text
    assert file.headers["content-disposition"] == 'attachment; filename="muster.csv"'
    assert asked.count(" selected>") == 11


def test_a_result_holds_no_formula() -> None:
    from_report = b'{"entries":[{"what":"new","where":"Zeile 2","id":"1","title":"=1+1","notes":[]}]}'
    assert "'=1+1" in showing.table(from_report.decode(), i18n.language("de")).decode("utf-8-sig")


# --- in another language ----------------------------------------------------------------------------------------------
@pytest.mark.parametrize(("content", "said"), [
    (b"\x89PNG\r\n\x1a\n", "File: is a picture. We can read CSV, Excel (.xlsx)"),
    (b"", "is empty"),
    (b"PK\x03\x04 broken", "is damaged"),
    (b"[{", "is no valid JSON; the file may be incomplete"),
])  # fmt: skip
async def test_what_is_wrong_with_a_file_is_said_in_english(hagen: House, anna: str, content: bytes, said: str) -> None:
    async with hagen.visit(anna) as browser:
        browser.client.headers["accept-language"] = "en"
        page = await send(browser, content)
        if page.is_redirect:
            page = await browser.get(page.headers["location"])
        assert page.status_code == 422
        assert said in plain(page.text)


async def test_an_address_columns_and_lines_are_spoken_of_in_english(hagen: House, anna: str) -> None:
    async with hagen.visit(anna) as browser:
        browser.client.headers["accept-language"] = "en"
        await browser.get(BASE)
        wrong = await browser.client.post(
            BASE, data={"siegel": browser.seal, "adresse": "nirgends"}, files={"datei": ("", b"")}
        )
        assert "Address: is no web address. Right would be https://verein.de/angebote.csv" in plain(wrong.text)
        refused = await browser.client.post(
            BASE, data={"siegel": browser.seal, "adresse": "https://10.0.0.1/liste.csv"}, files={"datei": ("", b"")}
        )
        assert "10.0.0.1 points to an address that must not be fetched" in plain(refused.text)
        path = (await send(browser, HEAD + BAD + "4;Zu;viele;Zellen;in;dieser;Zeile\n")).headers["location"]
        await browser.get(path)
        twice = await browser.post(path, **{**MEANT, "spalte-2": "title"})
        assert "“Title” is already “Was gibt es”. Please choose something else here." in plain(twice.text)
        untitled: dict[str, Any] = {"spalte-0": "id"}
        assert "Please say in which column the title is." in plain((await browser.post(path, **untitled)).text)
        looked = plain((await browser.get((await browser.post(path, **MEANT)).headers["location"])).text)
        assert "Line 2" in looked
        assert "the title is missing" in looked
        assert "has 7 cells instead of 6; is a quotation mark missing?" in looked


async def test_what_became_of_a_list_is_read_in_english_later(hagen: House, anna: str) -> None:
    called = "5;Anrufen;Rufen Sie bitte Frau Muster an: 02331 123456.;;Hagen;\n"
    short = "6;Oh;Sie helfen uns bei etwas anderem.;;Hagen;\n"
    async with hagen.visit(anna) as browser:
        path = await bring(browser, ALL + called + short)
        german = plain(await take_over(hagen, browser, path))
        assert "Titel: braucht 3 bis 200 Zeichen" in german
        browser.client.headers["accept-language"] = "en"
        done = plain((await browser.get(f"{path}/ergebnis")).text)
        table = (await browser.get(f"{path}/ergebnis.csv")).content.decode("utf-8-sig")
    for said in ("the title is missing", "Title: needs 3 to 200 characters"):
        assert said in done
        assert said in table
    assert "contact details taken out of the text" in table


CALENDAR = (
    "BEGIN:VCALENDAR\r\nVERSION:2.0\r\nBEGIN:VEVENT\r\nUID:1\r\nSUMMARY:Lesefest\r\nDTSTART:20270303T170000Z\r\n"
    "LOCATION:Vereinsheim\r\nEND:VEVENT\r\nEND:VCALENDAR\r\n"
)


async def test_where_entries_are_that_name_no_town_is_asked_and_kept(hagen: House, anna: str) -> None:
    async with hagen.visit(anna) as browser:
        path = (await send(browser, CALENDAR, "termine.ics")).headers["location"]
        page = await browser.get(path)
        assert "findet sie nicht" in page.text
        wrong = await browser.post(path, aktion="vorschau", format="icalendar", ort="Xyzburgg <b>")
        assert wrong.status_code == 422
        assert 'value="Xyzburgg &lt;b&gt;"' in wrong.text
        assert "kennen wir nicht" in wrong.text
        right = await browser.post(path, aktion="vorschau", format="icalendar", ort=" Hagen ")
        page = await browser.get(right.headers["location"])
        assert 'value="Hagen"' in page.text
        assert "angenommen ist der Ort der Quelle: Hagen." in page.text
        await take_over(hagen, browser, path)
    (thing,) = things(hagen).values()
    assert "Ort der Quelle: Hagen" in (thing.draft or "")
