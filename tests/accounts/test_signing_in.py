"""Signing in by a link on both databases: once, in time, whoever asks; sessions that are seen, slide and end."""

import re
from collections.abc import AsyncIterator, Callable, Iterator
from contextlib import contextmanager
from dataclasses import replace
from datetime import UTC, date, datetime
from typing import Concatenate

import pytest
from sqlalchemy import event

from fediverse_ehrenamt.accounts import entering, people, rules
from fediverse_ehrenamt.accounts.model import LinkRow, SessionRow
from fediverse_ehrenamt.accounts.rules import Grant, Role
from fediverse_ehrenamt.instance import Instance
from fediverse_ehrenamt.kit import clock
from fediverse_ehrenamt.kit.errors import Unavailable
from fediverse_ehrenamt.work import P, T, Work, Workshop
from tests.accounts.house import ANNA, House, Visit, link, token_of
from tests.mail.postoffice import text_of
from tests.workbench import Clock, add_keyless

pytestmark = pytest.mark.anyio
PHONE = "Mozilla/5.0 (Linux; Android 15) AppleWebKit/537.36 Chrome/140 Mobile Safari/537.36"


@pytest.fixture
def hagen(instance: Instance, clock: Clock) -> House:
    return House(instance, clock)


@pytest.fixture
async def browser(hagen: House) -> AsyncIterator[Visit]:
    async with hagen.visit() as made:
        yield made


@contextmanager
def counted(instance: Instance) -> Iterator[list[str]]:
    """Note every statement that the database is asked."""
    asked: list[str] = []

    def note(_connection: object, _cursor: object, statement: str, *_rest: object) -> None:
        asked.append(statement)

    engines = {instance.workshop.engines.reader, instance.workshop.engines.writer}
    for engine in engines:
        event.listen(engine, "before_cursor_execute", note)
    yield asked
    for engine in engines:
        event.remove(engine, "before_cursor_execute", note)


# --- the link ---------------------------------------------------------------------------------------------------------
async def test_a_link_signs_in_once(hagen: House, browser: Visit) -> None:
    hagen.add()
    assert 'type="email"' in (await browser.get("/anmelden")).text
    assert "Postfach" in (await browser.post("/anmelden", mail="Anna@Beispiel.de")).text
    (letter,) = await hagen.letters()
    assert letter["To"] == ANNA
    assert letter["Content-Language"] == "de"
    for _ in range(3):  # as mail scanners do
        page = await browser.get(link(letter))
        assert (page.status_code, page.headers["referrer-policy"], page.headers["cache-control"]) == (
            200, "no-referrer", "no-store",
        )  # fmt: skip
    assert not await browser.signed_in()
    entered = await browser.post(link(letter))
    assert (entered.status_code, entered.headers["location"]) == (303, "/verwaltung")
    assert (await browser.get("/verwaltung")).headers["location"] == "/konto", "who has no role has no work here"
    cookie = entered.headers["set-cookie"].lower()
    assert all(words in cookie for words in ("sitzung=", "httponly", "samesite=lax", "path=/"))
    assert await browser.signed_in()
    assert "Anna Beispiel" in (await browser.get("/")).text
    again = await browser.post(link(letter))
    assert (again.status_code, again.headers["location"]) == (303, "/verwaltung"), "a second press does no harm"
    used = (await browser.get(link(letter))).text
    assert ("Sie sind schon angemeldet" in used, "Neuen Link schicken" in used) == (True, False)
    async with hagen.visit() as stranger:
        used = (await stranger.get(link(letter))).text
        assert ("Sie sind schon angemeldet" in used, "Neuen Link schicken" in used) == (False, True)
        refused = await stranger.post(link(letter))
        assert (refused.status_code, "schon benutzt" in refused.text) == (410, True)
        assert not await stranger.signed_in()


def kept(work: Work, kind: type[LinkRow | SessionRow]) -> list[dict[str, object]]:
    return [vars(row) for row in work.db.query(kind)]


async def test_only_digests_are_kept(hagen: House, browser: Visit) -> None:
    hagen.add()
    await browser.post("/anmelden", mail=ANNA)
    (letter,) = await hagen.letters()
    await browser.post(link(letter))
    async with hagen.visit() as other:
        await other.post("/anmelden", mail=ANNA)
    for kind, secret in ((LinkRow, token_of(link(letter))), (SessionRow, browser.token)):
        rows = hagen.write(kept, kind)
        assert rows
        assert secret
        assert secret not in repr(rows)


async def test_an_expired_link_offers_a_new_one(hagen: House, browser: Visit) -> None:
    hagen.add()
    await browser.post("/anmelden?weiter=/ueber", mail=ANNA)
    (letter,) = await hagen.letters()
    hagen.clock.forward(minutes=30)
    page = await browser.get(link(letter))
    assert page.status_code == 410
    assert "abgelaufen" in page.text
    assert (await browser.post(link(letter))).status_code == 410
    action = re.findall(r'action="([^"]+/neu)"', page.text)[0]
    assert ANNA not in page.text, "whoever holds an old link learns nothing"
    assert "Postfach" in (await browser.post(action)).text
    (fresh,) = await hagen.letters()
    assert fresh["To"] == ANNA
    assert (await browser.post(link(fresh))).headers["location"] == "/ueber"


async def test_links_that_were_never_made_lead_to_the_form(hagen: House, browser: Visit) -> None:
    for path in ("/anmelden/x", f"/anmelden/{'a' * 32}"):
        for page in (await browser.get(path), await browser.post(path), await browser.post(f"{path}/neu")):
            assert page.status_code == 410
            assert 'href="/anmelden"' in page.text
    assert await hagen.letters() == []
    assert hagen.rows([SessionRow]) == {"SessionRow": 0}


@pytest.mark.parametrize(("wish", "where"), [("/ueber?x=1", "/ueber?x=1"), ("//evil.example", "/verwaltung")])
async def test_it_goes_on_where_somebody_wanted_to_go(hagen: House, browser: Visit, wish: str, where: str) -> None:
    hagen.add()
    page = await browser.get("/anmelden", params={"weiter": wish})
    action = re.findall(r'action="(/anmelden[^"]*)"', page.text)[0].replace("&amp;", "&")
    await browser.post(action, mail=ANNA)
    (letter,) = await hagen.letters()
    assert (await browser.post(link(letter))).headers["location"] == where
    assert (await browser.get("/anmelden", params={"weiter": wish})).headers["location"] == where


async def test_nobody_learns_whether_an_address_is_known(hagen: House, instance: Instance) -> None:
    hagen.add()
    answers, statements = [], []
    for mail in (ANNA, "bert@beispiel.de"):
        async with hagen.visit() as asking:
            with counted(instance) as asked:
                page = await asking.post("/anmelden", mail=mail)
            answers.append((page.status_code, page.text.replace(mail, "…"), sorted(page.headers)))
            statements.append(asked)
    assert answers[0] == answers[1]
    assert statements[0] == statements[1], "the same work, so the same time"
    assert [letter["To"] for letter in await hagen.letters()] == [ANNA]


async def test_an_address_cannot_be_flooded(hagen: House) -> None:
    hagen.add()
    for number in range(rules.LINKS_AN_HOUR + 3):
        async with hagen.visit(at=f"192.0.2.{number}") as asking:
            assert (await asking.post("/anmelden", mail=ANNA)).status_code == 200
    letters = await hagen.letters()
    assert len(letters) == rules.LINKS_AN_HOUR
    async with hagen.visit() as anna:
        assert (await anna.post(link(letters[0]))).status_code == 303, "those that came still hold"
    hagen.clock.forward(hours=1, minutes=1)
    async with hagen.visit() as anna:
        await anna.post("/anmelden", mail=ANNA)
    assert len(await hagen.letters()) == 1


@pytest.mark.parametrize(("first", "second", "same"), [
    ("198.51.100.7", "198.51.100.7", True), ("198.51.100.7", "198.51.100.8", False),
    ("2001:db8::1", "2001:db8::ffff", True), ("2001:db8::1", "2001:db8:0:1::1", False),
])  # fmt: skip
async def test_a_client_cannot_ask_without_end(hagen: House, first: str, second: str, *, same: bool) -> None:
    async with hagen.visit(at=first) as asking:
        for number in range(10):
            assert (await asking.post("/anmelden", mail=f"a{number}@b.de")).status_code == 200
    async with hagen.visit(at=second) as asking:
        page = await asking.post("/anmelden", mail="dora@beispiel.de")
        assert page.status_code == (429 if same else 200)
        if same:
            assert "Bitte warten Sie 1 Minute." in page.text
            assert 'value="dora@beispiel.de"' in page.text
            assert (await asking.post(f"/anmelden/{'a' * 32}/neu")).status_code == 429
        hagen.clock.forward(minutes=2)
        assert (await asking.post("/anmelden", mail="dora@beispiel.de")).status_code == 200


@pytest.mark.parametrize("mail", ["", "anna", "anna@beispiel.de\r\nBcc: x@y.de", "x" * 300 + "@y.de"])
async def test_what_is_no_address_is_said_beside_the_field(hagen: House, browser: Visit, mail: str) -> None:
    page = await browser.post("/anmelden", mail=mail)
    assert page.status_code == 422
    assert "Das ist keine Mailadresse" in page.text
    assert await hagen.letters() == []


async def test_another_site_cannot_sign_somebody_in(hagen: House, browser: Visit) -> None:
    token = hagen.write(entering.make_link, hagen.add().id)
    page = await browser.post(f"/anmelden/{token}", headers={"sec-fetch-site": "cross-site"})
    assert page.status_code == 403
    assert browser.token == ""


async def test_signing_in_again_ends_the_session_before(hagen: House) -> None:
    anna, bert = hagen.add(), hagen.add("bert@beispiel.de", "Bert")
    async with hagen.visit(anna.id) as browser:
        token = hagen.write(entering.make_link, bert.id)
        await browser.get(f"/anmelden/{token}")
        await browser.post(f"/anmelden/{token}")
        assert "Bert" in (await browser.get("/konto")).text
    assert hagen.write(entering.listing, anna.id) == []


async def test_under_https_the_cookie_is_out_of_reach_of_neighbours(instance: Instance, clock: Clock) -> None:
    instance.workshop.settings = replace(instance.workshop.settings, url="https://hagen.example")
    hagen = House(instance, clock)
    token = hagen.write(entering.make_link, hagen.add().id)
    async with hagen.visit(https=True) as browser:
        cookie = (await browser.post(f"/anmelden/{token}")).headers["set-cookie"]
        assert cookie.startswith("__Host-sitzung=")
        assert "Secure" in cookie
        assert "Domain" not in cookie
        assert await browser.signed_in()
        browser.client.cookies.set("sitzung", browser.client.cookies["__Host-sitzung"])
        del browser.client.cookies["__Host-sitzung"]
        assert not await browser.signed_in(), "a neighbour could have set that one"


# --- sessions ---------------------------------------------------------------------------------------------------------
async def test_who_comes_after_midnight_was_here_on_the_new_day(hagen: House) -> None:
    hagen.clock.now = datetime(2026, 12, 31, 22, 50, tzinfo=UTC)
    anna = hagen.add()
    async with hagen.visit(anna.id) as browser:
        hagen.clock.forward(minutes=20)
        assert await browser.signed_in()
    assert hagen.write(people.get, anna.id).seen_on == date(2027, 1, 1)
    (session,) = hagen.write(entering.listing, anna.id)
    assert (session.begun, session.seen_on) == (date(2026, 12, 31), date(2027, 1, 1))


async def test_a_session_slides_and_ends(hagen: House) -> None:
    anna = hagen.add()
    async with hagen.visit(anna.id) as browser:
        for _ in range(7):
            hagen.clock.forward(days=25)
            assert await browser.signed_in()
            assert hagen.write(people.get, anna.id).seen_on == clock.day(hagen.clock.now)
        hagen.clock.forward(days=6)
        assert not await browser.signed_in(), "180 days are the most"
    async with hagen.visit(anna.id) as browser:
        hagen.clock.forward(days=30)
        assert not await browser.signed_in()
        page = await browser.get("/")
        assert "Anna" not in page.text
        assert 'href="/anmelden"' in page.text
    hagen.tidy()
    assert hagen.rows([SessionRow]) == {"SessionRow": 0}


async def test_sessions_are_seen_and_ended(hagen: House) -> None:
    anna, bert = hagen.add(), hagen.add("bert@beispiel.de", "Bert")
    async with hagen.visit(anna.id) as desk, hagen.visit(anna.id, agent=PHONE) as phone, hagen.visit(bert.id) as other:
        page = await desk.get("/konto")
        assert "Firefox auf Linux" in page.text
        assert "Chrome auf Android" in page.text
        assert page.text.count("dieses Gerät") == 1
        (end,) = re.findall(r'action="(/konto/sitzungen/\w{22}/beenden)"', page.text)
        assert (await other.post(end)).status_code == 303
        assert await phone.signed_in(), "nobody ends the sessions of others"
        assert (await desk.post(end)).status_code == 303
        assert not await phone.signed_in()
        assert await desk.signed_in()
        async with hagen.visit(anna.id, agent=PHONE) as again:
            await again.post("/konto/sitzungen/andere-beenden")
            assert await again.signed_in()
        assert not await desk.signed_in()
        assert await other.signed_in()


async def test_signing_out(hagen: House) -> None:
    async with hagen.visit(hagen.add().id) as browser:
        held = browser.token
        assert "Sie sind abgemeldet." not in (await browser.get("/?abgemeldet=ja")).text, (
            "who is signed in is not told so"
        )
        page = await browser.post("/abmelden")
        assert (page.status_code, page.headers["location"]) == (303, "/?abgemeldet=ja")
        assert browser.token == ""
        assert "Sie sind abgemeldet." in (await browser.get("/?abgemeldet=ja")).text
        assert "You have signed out." in (await browser.get("/?abgemeldet=ja&sprache=en")).text
        assert "You have signed out." not in (await browser.get("/")).text
        browser.client.cookies.set("sitzung", held)
        assert not await browser.signed_in(), "a cookie that was kept elsewhere is of no use"
    async with hagen.visit() as nobody:
        assert (await nobody.post("/abmelden")).status_code == 303


async def test_there_are_only_so_many_sessions(hagen: House, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(rules, "SESSIONS", 2)
    anna = hagen.add()
    async with hagen.visit(anna.id) as first:
        hagen.clock.forward(days=1)
        async with hagen.visit(anna.id) as second, hagen.visit(anna.id) as third:
            assert not await first.signed_in()
            assert await second.signed_in()
            assert await third.signed_in()


async def test_who_sends_no_cookie_costs_no_query(hagen: House, instance: Instance, browser: Visit) -> None:
    with counted(instance) as asked:
        assert (await browser.get("/anmelden")).status_code == 200
    assert asked == []
    browser.client.cookies.set("sitzung", "../../etc/passwd")
    with counted(instance) as asked:
        assert (await browser.get("/anmelden")).status_code == 200
    assert asked == [], "nor does what is no token"
    async with hagen.visit(hagen.add().id) as anna:
        await anna.get("/ueber")
        with counted(instance) as asked:
            await anna.get("/static/x")
            await anna.get("/ap/object/x")
        assert not [one for one in asked if "people" in one]


async def test_a_database_that_is_busy_is_no_reason_to_refuse_what_is_for_everybody(
    hagen: House, monkeypatch: pytest.MonkeyPatch
) -> None:
    async with hagen.visit(hagen.add().id) as anna:
        read = Workshop.read

        async def busy(
            workshop: Workshop, function: Callable[Concatenate[Work, P], T], *args: P.args, **kwargs: P.kwargs
        ) -> T:
            if function is entering.find:
                raise Unavailable("Die Datenbank ist gerade belegt.")
            return await read(workshop, function, *args, **kwargs)

        monkeypatch.setattr(Workshop, "read", busy)
        assert (await anna.get("/ueber")).status_code == 200
        assert (await anna.get("/konto")).status_code == 503


# --- the seal of forms ------------------------------------------------------------------------------------------------
async def test_every_form_of_somebody_signed_in_carries_the_seal(hagen: House) -> None:
    async with hagen.visit(hagen.add().id) as anna, hagen.visit(hagen.add("b@b.de", "Bert").id) as bert:
        for path in ("/konto", "/suche-merken?q=vorlesen", "/passung", "/ueber"):
            page = await anna.get(path)
            forms = re.findall(r'<form\b[^>]*method="post"[^>]*>(<input type="hidden"[^>]+>)?', page.text)
            assert all(anna.seal in form for form in forms), path
            assert page.headers["cache-control"] in {"no-store", "private, no-cache"}
        assert anna.seal != bert.seal
        sealed, anna.seal = anna.seal, ""
        for wrong in ("", "0" * 32, bert.seal):
            page = await anna.post("/konto", name="Anders", sprache="de", siegel=wrong)
            assert (page.status_code, "älter als Ihre Anmeldung" in page.text) == (403, True)
        assert "Anna Beispiel" in (await anna.get("/konto")).text
        assert (await anna.post("/konto", name="Anders", sprache="de", siegel=sealed)).status_code == 303
        site = {"sec-fetch-site": "cross-site"}
        assert (await anna.post("/konto", headers=site, name="X", sprache="de", siegel=sealed)).status_code == 403


async def test_pages_for_everybody_have_no_seal(browser: Visit) -> None:
    assert "siegel" not in (await browser.get("/suche-merken?q=vorlesen")).text


# --- the account ------------------------------------------------------------------------------------------------------
async def test_name_and_language_are_changed(hagen: House) -> None:
    anna = hagen.add()
    async with hagen.visit(anna.id) as browser:
        saved = await browser.post("/konto", name="  Änne   Beispiel ", sprache="en")
        page = await browser.get(saved.headers["location"])
        assert "Änne Beispiel" in page.text
        assert "Your account" in page.text
        assert 'lang="en"' in (await browser.get("/ueber")).text
        await browser.post("/abmelden")
        await browser.post("/anmelden", mail=ANNA)
        (letter,) = await hagen.letters()
        assert "this link signs you in" in text_of(letter)


@pytest.mark.parametrize(("name", "language"), [("", "de"), ("x" * 101, "de"), ("Anna", "xx"), ("An\x01na", "de")])
async def test_what_is_wrong_is_said_and_nothing_lost(hagen: House, name: str, language: str) -> None:
    async with hagen.visit(hagen.add().id) as browser:
        page = await browser.post("/konto", name=name, sprache=language)
        assert page.status_code == 422
        assert "Hier fehlt Ihr Name" in page.text
        assert name.strip("\x01") in page.text
        assert "Anna Beispiel" in (await browser.get("/konto")).text


async def test_roles_are_shown_with_their_organisations(hagen: House) -> None:
    owner = hagen.write(add_keyless)
    anna = hagen.add(ANNA, "Anna", Grant(Role.COORDINATOR), Grant(Role.OWNER, owner))
    async with hagen.visit(anna.id) as browser:
        page = await browser.get("/konto")
    assert "Ehrenamtskoordination" in page.text
    assert "<bdi>Stadtbücherei Hagen</bdi>: verantwortlich" in page.text
