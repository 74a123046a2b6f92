"""The first run in a browser, on both databases: one link, one page, and what `init` would have made, with more."""

import asyncio
import io
import logging
import re
from collections.abc import AsyncIterator, Callable
from dataclasses import dataclass, field
from datetime import timedelta
from pathlib import Path
from typing import Any

import httpx
import pytest
from sqlalchemy import select

from fediverse_ehrenamt import setup
from fediverse_ehrenamt.accounts import entering, passwords, people
from fediverse_ehrenamt.accounts.rules import Grant, Role
from fediverse_ehrenamt.audit import store
from fediverse_ehrenamt.audit.rules import Did
from fediverse_ehrenamt.audit.store import Wanted
from fediverse_ehrenamt.federation import actors, sources
from fediverse_ehrenamt.first_run import door, pages, reading
from fediverse_ehrenamt.instance import Instance, open_instance
from fediverse_ehrenamt.jobs.model import JobRow
from fediverse_ehrenamt.look import actions as look
from fediverse_ehrenamt.look import rules as look_rules
from fediverse_ehrenamt.preferences import actions as preferences
from fediverse_ehrenamt.settings import Settings
from fediverse_ehrenamt.work import Work
from tests.federation import origin

pytestmark = pytest.mark.anyio
ADDRESS = "http://127.0.0.1:8000"
HAGEN = {
    "name": "Ehrenamt Hagen", "satz": "Mithelfen in Hagen.", "adresse": "https://ehrenamt.hagen.de",
    "handles": "hagen.de", "ort": "58095", "sprachen": "uk", "person": "Anna Beispiel", "mail": "Anna@Hagen.de",
    "passwort": "vier ganze Wörter hier", "koordination": "ja", "farbe": "#7a3b00",
}  # fmt: skip


@dataclass
class Waiting:
    """A portal that waits to be set up, a browser at it, and what its log says."""

    instance: Instance
    app: Any
    client: httpx.AsyncClient
    log: io.StringIO
    left: list[bool] = field(default_factory=list)

    @property
    def path(self) -> str:
        """The path of the newest link in the log."""
        paths: list[str] = re.findall(rf"{ADDRESS}({door.PATH}/[a-z2-7]{{32}})", self.log.getvalue())
        return paths[-1]

    async def send(self, path: str = "", **changes: str) -> httpx.Response:
        return await self.client.post(path or self.path, data=HAGEN | changes)

    def read(self, function: Callable[..., Any], *args: object) -> Any:
        """Ask the instance that was made."""
        return self.app.state.made.workshop.write_now(function, *args)


@pytest.fixture
async def waiting(database_url: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> AsyncIterator[Waiting]:
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("EHRENAMT_DATABASE_URL", database_url)
    monkeypatch.setenv("EHRENAMT_DATA", str(tmp_path / "data"))
    monkeypatch.setenv("EHRENAMT_ALLOWED_NETWORKS", "127.0.0.0/8")
    instance = open_instance(Settings.from_environment())
    left: list[bool] = []
    log = logging.StreamHandler(io.StringIO())
    logging.getLogger(door.__name__).addHandler(log)
    app = pages.build(instance, ADDRESS, lambda: left.append(True))
    transport = httpx.ASGITransport(app, raise_app_exceptions=False)
    accept = {"accept": "text/html", "accept-language": "de"}
    async with (
        app.router.lifespan_context(app),
        httpx.AsyncClient(transport=transport, base_url=ADDRESS, headers=accept) as client,
    ):
        yield Waiting(instance, app, client, log.stream, left)
    logging.getLogger(door.__name__).removeHandler(log)


async def test_everybody_else_is_asked_for_patience(waiting: Waiting) -> None:
    page = await waiting.client.get("/angebote/x")
    assert (page.status_code, page.headers["retry-after"]) == (503, "60")
    assert "wird gerade eingerichtet" in page.text
    for method, path in (("GET", "/ap/actor/relay"), ("POST", "/inbox")):
        answer = await waiting.client.request(method, path, headers={"accept": "application/activity+json"})
        assert (answer.status_code, answer.headers["retry-after"]) == (503, "60")
        assert answer.json()["detail"] == "Dieses Portal wird gerade eingerichtet."
    for token in ("a" * 32, "x", "ä"):
        assert (await waiting.client.get(f"{door.PATH}/{token}")).status_code == 410
        assert (await waiting.send(f"{door.PATH}/{token}")).status_code == 410
    assert not setup.is_set_up(waiting.instance)


async def test_all_that_was_typed_is_kept(waiting: Waiting, tmp_path: Path) -> None:
    assert "Ihr Portal einrichten" in (await waiting.client.get(waiting.path)).text
    answer = await waiting.send()
    assert (answer.status_code, answer.headers["location"]) == (303, "/verwaltung?getan=eingerichtet")
    assert waiting.left == [True]
    setup.require(waiting.app.state.made)
    row = waiting.read(actors.instance)
    assert (row.name, row.summary, row.url, row.handle_domain) == (
        "Ehrenamt Hagen", "Mithelfen in Hagen.", "https://ehrenamt.hagen.de", "hagen.de",
    )  # fmt: skip
    anna = waiting.read(people.get_by_mail, "anna@hagen.de")
    assert set(anna.grants) == {Grant(Role.OPERATOR), Grant(Role.COORDINATOR)}
    assert passwords.fits(waiting.read(passwords.held, "anna@hagen.de"), HAGEN["passwort"])
    token = re.findall(r"__Host-sitzung=([a-z2-7]{32});", answer.headers["set-cookie"])[0]
    assert waiting.read(entering.find, token)[0].id == anna.id
    assert waiting.read(look.show).accent == "#7a3b00"
    preferred = waiting.read(preferences.current)
    assert preferred.languages == ("de", "uk")
    assert preferred.home.place == "Hagen"
    (entry,) = waiting.read(store.listing, Wanted())
    assert (entry.did, entry.person, entry.label) == (Did.SET_UP, anna.id, "Ehrenamt Hagen")
    written = (tmp_path / "ehrenamt.env").read_text()
    assert "EHRENAMT_URL=https://ehrenamt.hagen.de\nEHRENAMT_HANDLE_DOMAIN=hagen.de\n" in written
    assert len(Settings.from_environment().secret) >= 32


async def test_without_a_password_in_the_usual_colour_for_one_who_only_operates(waiting: Waiting) -> None:
    fields = {name: value for name, value in HAGEN.items() if name not in {"koordination", "handles", "sprachen"}}
    answer = await waiting.client.post(waiting.path, data=fields | {"farbe": look_rules.USUAL, "passwort": ""})
    assert answer.status_code == 303
    anna = waiting.read(people.get_by_mail, "anna@hagen.de")
    assert anna.grants == (Grant(Role.OPERATOR),)
    assert not waiting.read(passwords.has, anna.id)
    assert waiting.read(look.show).accent == ""
    assert waiting.read(preferences.current).languages == ("de",)
    assert waiting.read(actors.instance).handle_domain == "ehrenamt.hagen.de"


@pytest.mark.parametrize(("change", "said"), [
    ({"name": "x"}, "braucht 3 bis 200 Zeichen"),
    ({"satz": "x" * 501}, "höchstens 500 Zeichen"),
    ({"ort": "Xyzzyheim"}, "„Xyzzyheim“ kennen wir nicht"),
    ({"ort": "Flensbrug"}, "Meinten Sie Flensburg"),
    ({"ort": "neustadt"}, "Meinen Sie „Neustadt an der Weinstraße“?"),
    ({"ort": ""}, "Bitte nennen Sie einen Ort"),
    ({"adresse": "http://127.0.0.1:8000"}, "kann Sie von außen niemand erreichen"),
    ({"adresse": "https://hagen.de/ehrenamt"}, "keine Adresse ohne Pfad"),
    ({"handles": "https://hagen.de"}, "ist keine Domain"),
    ({"person": ""}, "Bitte nennen Sie Ihren Namen"),
    ({"mail": "anna"}, "keine Mailadresse"),
    ({"passwort": "kurz"}, "mindestens 10 Zeichen"),
    ({"farbe": "#ffff00"}, "Am nächsten liegt #"),
    ({"quellen": "ftp://x"}, "ist keine Adresse"),
    ({"quellen": "\n".join(f"https://{one}.example" for one in range(6))}, "Bitte höchstens 5"),
    ({"quellen": "http://127.0.0.1:9"}, "127.0.0.1"),
])  # fmt: skip
async def test_what_is_wrong_is_said_beside_it_and_nothing_is_lost(
    waiting: Waiting, change: dict[str, str], said: str
) -> None:
    answer = await waiting.send(**change)
    assert answer.status_code == 422
    assert said in answer.text
    (name,) = change
    assert f'id="{name}-problem"' in answer.text
    assert f'href="#{name}"' in answer.text
    if name != "name":
        assert 'value="Ehrenamt Hagen"' in answer.text
    assert HAGEN["passwort"] not in answer.text
    assert "das Passwort noch einmal" in answer.text
    assert not setup.is_set_up(waiting.instance)


async def test_what_is_wrong_with_an_address_is_said_in_the_readers_language(waiting: Waiting) -> None:
    answer = await waiting.send(f"{waiting.path}?sprache=en", adresse="https://hagen.de/ehrenamt")
    assert "“https://hagen.de/ehrenamt” is no address without a path" in answer.text


async def test_the_nearest_colour_can_be_taken(waiting: Waiting) -> None:
    assert (await waiting.send(farbe="#ffff00", farbe_stattdessen="#7a3b00")).status_code == 303
    assert waiting.read(look.show).accent == "#7a3b00"


async def test_a_trial_is_possible(waiting: Waiting) -> None:
    assert (await waiting.send(adresse="http://127.0.0.1:8000", handles="", probe="ja")).status_code == 303
    assert waiting.read(actors.instance).url == "http://127.0.0.1:8000"


async def test_the_operators_settings_are_shown_and_kept(
    waiting: Waiting, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.setenv("EHRENAMT_URL", "http://localhost:8000")
    (tmp_path / "ehrenamt.env").write_text("EHRENAMT_HANDLE_DOMAIN=hagen.de")
    text = (await waiting.client.get(waiting.path)).text
    assert "EHRENAMT_URL" in text
    assert "nur zum Ausprobieren" in text
    assert "@name@hagen.de" in text
    assert 'name="adresse"' not in text
    assert 'name="handles"' not in text
    assert (await waiting.send()).status_code == 303
    row = waiting.read(actors.instance)
    assert (row.url, row.handle_domain) == ("http://localhost:8000", "hagen.de")
    assert re.fullmatch(
        r"EHRENAMT_HANDLE_DOMAIN=hagen\.de\nEHRENAMT_SECRET=.{32,}\n", (tmp_path / "ehrenamt.env").read_text()
    )


async def test_a_link_is_over_after_a_day_and_the_log_has_a_new_one(
    waiting: Waiting, monkeypatch: pytest.MonkeyPatch
) -> None:
    old, now = waiting.path, waiting.instance.workshop.now()
    monkeypatch.setattr(waiting.app.state.door, "_now", lambda: now + timedelta(days=1, minutes=1))
    assert (await waiting.send(old)).status_code == 410
    assert waiting.path != old
    assert (await waiting.client.get(old)).status_code == 410
    assert (await waiting.client.get(waiting.path)).status_code == 200


async def test_of_two_at_once_one_wins(waiting: Waiting) -> None:
    answers = await asyncio.gather(waiting.send(), waiting.send(mail="other@hagen.de"))
    assert sorted(one.status_code for one in answers) == [303, 410]
    assert len(waiting.read(people.listing)) == 1
    assert (await waiting.client.get("/verwaltung")).text.count('http-equiv="refresh"') == 1
    assert "schon eingerichtet" in (await waiting.client.get(waiting.path)).text


async def test_whoever_is_quicker_elsewhere_wins(waiting: Waiting, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(pages, "_LOOK_SECONDS", 60)
    with monkeypatch.context() as patched:
        patched.setenv("EHRENAMT_SECRET", "x" * 40)
        other = open_instance(Settings.from_environment())
        await asyncio.to_thread(setup.create, other, "Schneller", "", None)
    await other.close()
    assert (await waiting.send()).status_code == 410
    assert waiting.left == [True]


async def test_an_instance_made_by_the_command_line_is_noticed(
    waiting: Waiting, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("EHRENAMT_SECRET", "x" * 40)
    other = open_instance(Settings.from_environment())
    await asyncio.to_thread(setup.create, other, "Ehrenamt Hagen", "", None, setup.by_command_line)
    (entry,) = other.workshop.write_now(store.listing, Wanted())
    assert (entry.did, entry.person) == (Did.SET_UP, "")
    await other.close()
    async with asyncio.timeout(60):
        while not waiting.left:  # noqa: ASYNC110 - as its process does
            await asyncio.sleep(0.1)


async def test_sources_are_asked_and_followed_later(waiting: Waiting) -> None:
    async with origin.origin() as sister:
        links = [{"rel": "http://nodeinfo.diaspora.software/ns/schema/2.1", "href": f"{sister.url}/nodeinfo/2.1"}]
        sister.serve("/.well-known/nodeinfo", {"links": links})
        sister.serve("/nodeinfo/2.1", {"software": {"name": "ehrenamt"}})
        assert (await waiting.send(quellen=f"{sister.url}/\n\n{sister.url}")).status_code == 303

        def waits(work: Work) -> list[tuple[str, str]]:
            return [(row.name, row.argument) for row in work.db.scalars(select(JobRow))]

        assert waiting.read(waits) == [(sources.ADD_SOURCE, sister.url)]


async def test_where_nothing_can_be_written_a_sentence_says_so(
    waiting: Waiting, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    (tmp_path / "file").touch()
    monkeypatch.setattr(pages, "ENV_FILE", tmp_path / "file" / "ehrenamt.env")
    text = (await waiting.client.get(waiting.path)).text
    assert "EHRENAMT_SECRET fehlt" in text
    assert "EHRENAMT_SECRET is missing, and" in (await waiting.client.get(f"{waiting.path}?sprache=en")).text
    answer = await waiting.send()
    assert answer.status_code == 503
    assert 'value="Ehrenamt Hagen"' in answer.text
    assert not setup.is_set_up(waiting.instance)
    monkeypatch.setenv("EHRENAMT_SECRET", "x" * 40)
    assert "EHRENAMT_SECRET fehlt" not in (await waiting.client.get(waiting.path)).text
    monkeypatch.setenv("EHRENAMT_DATA", str(tmp_path / "file" / "data"))
    (sentence,) = setup.obstacles(Settings.from_environment(), tmp_path / "ehrenamt.env")
    assert "EHRENAMT_DATA" in sentence


@pytest.mark.parametrize(("url", "wrong"), [
    ("https://ehrenamt.hagen.de", False), ("http://ehrenamt.hagen.de", True), ("https://localhost", True),
    ("https://192.0.2.7", True), ("https://[::1]:8000", True), ("https://portal.local", True),
])  # fmt: skip
def test_addresses_that_look_wrong(url: str, wrong: bool) -> None:
    assert reading.looks_wrong(url) is wrong


def test_the_usual_accent_is_that_of_the_style_sheet() -> None:
    sheet = Path(__file__).parents[2] / "static" / "css" / "ehrenamt.css"
    assert f"--brand: {look_rules.USUAL};" in sheet.read_text()
