"""Versions of a text in other languages and in Leichte Sprache: added, saved, judged, published, read, taken out."""

from collections.abc import AsyncIterator

import orjson
import pytest

from fediverse_ehrenamt.accounts.rules import Grant, Role
from fediverse_ehrenamt.events.rules import Draft as EventDraft
from fediverse_ehrenamt.instance import Instance
from fediverse_ehrenamt.kit import values
from fediverse_ehrenamt.things.model import ThingRow
from tests.accounts.house import House
from tests.desk.test_desk import DESK, WRITTEN, Desk, problems, with_
from tests.desk.test_series import WEEKLY
from tests.workbench import Clock, add_organisation

pytestmark = pytest.mark.anyio
ENGLISH = (
    ("versions", "en"), ("version.en.title", "Reading mentor"), ("version.en.text", "Read to children once a week."),
)  # fmt: skip
SIMPLE = (("versions", "de-simple"), ("version.de-simple.text", "Sie lesen Kindern vor.\n\nEinmal in der Woche."))


@pytest.fixture
async def desk(instance: Instance, clock: Clock) -> AsyncIterator[Desk]:
    house = House(instance, clock)
    actor = house.write(add_organisation)
    editor = house.add("eva@buecherei.example", "Eva", Grant(Role.EDITOR, actor))
    async with house.visit(editor.id) as browser:
        yield Desk(house, browser, actor, editor.id)


async def test_a_language_is_added_saved_and_taken_out(desk: Desk) -> None:
    path = await desk.begin()
    added = await desk.send(path, [*WRITTEN, ("version.new", "uk")], "sprache")
    assert (added.status_code, 'name="version.uk.text"' in added.text) == (200, True)
    assert "<legend>Ukrainisch</legend>" in added.text
    saved = await desk.send(path, [*WRITTEN, *ENGLISH, ("versions", "uk"), ("version.uk.text", "Читати")], "speichern")
    assert "Читати" in saved.text
    assert "Read to children" in (await desk.browser.get(path)).text
    removed = await desk.send(path, [*WRITTEN, *ENGLISH, ("versions", "uk")], "sprache_weg:uk")
    assert 'name="version.uk.text"' not in removed.text
    assert 'name="version.en.text"' in removed.text
    unknown = await desk.send(path, [*WRITTEN, ("version.new", "tlh")], "sprache")
    assert 'name="version.tlh.text"' not in unknown.text


async def test_what_is_missing_or_too_long_is_said_beside_its_field(desk: Desk) -> None:
    path = await desk.begin()
    empty = await desk.send(path, [*WRITTEN, ("versions", "uk"), ("version.uk.title", "Читач")])
    assert empty.status_code == 422
    assert "bitte ausfüllen" in problems(empty)["version-uk-text"]
    assert 'href="#version-uk-text">Text (Ukrainisch)</a>' in empty.text
    long = await desk.send(path, with_([*WRITTEN, *ENGLISH], version__en__title="x" * 201))
    assert "höchstens 200 Zeichen" in problems(long)["version-en-title"]
    hidden = await desk.send(path, with_([*WRITTEN, *ENGLISH], version__en__text="Re\x1bad"))
    assert "Steuerzeichen" in problems(hidden)["version-en-text"]


async def test_an_offer_speaks_several_languages_on_the_wire_and_on_its_page(desk: Desk) -> None:
    path = await desk.begin()
    beside = await desk.send(path, [*WRITTEN, *ENGLISH, *SIMPLE], "vorschau", headers={"hx-request": "true"})
    assert "<p><strong>Reading mentor</strong></p>" in beside.text, "the preview shows it"
    assert (await desk.send(path, [*WRITTEN, *ENGLISH, *SIMPLE])).status_code == 303
    body = orjson.loads(desk.house.write(lambda work: work.db.query(ThingRow).one().body))
    assert list(body["contentMap"]) == ["de", "de-simple", "en"], "its own language first, as Mastodon reads it"
    assert body["contentMap"]["de-simple"] == "<p>Sie lesen Kindern vor.</p>\n<p>Einmal in der Woche.</p>"
    assert body["opportunity"]["titleMap"] == {"en": "Reading mentor"}
    english = (await desk.browser.get(f"/angebote/{desk.page()}?sprache=en")).text
    assert '<h1 dir="auto" lang="en">Reading mentor</h1>' in english
    assert english.count("Reading mentor") == english.replace("<strong>Reading mentor", "").count("Reading mentor")
    form = (await desk.browser.get(f"{DESK}/angebot/{desk.page()}")).text
    assert all(said in form for said in ("Read to children once a week.", "Sie lesen Kindern vor."))
    assert (await desk.send(f"{DESK}/angebot/{desk.page()}", [*WRITTEN, *SIMPLE])).status_code == 303
    (draft,) = desk.drafts()
    assert (dict(draft.texts), dict(draft.details.title_map)) == ({}, {})
    assert draft.plain_language.startswith("Sie lesen")


async def test_an_event_speaks_several_languages_too(desk: Desk) -> None:
    path = await desk.begin("termin")
    pairs = [pair for pair in WEEKLY if not pair[0].startswith("repeat")]
    simple = [("versions", "de-simple"), ("version.de-simple.text", "Kommen Sie.")]
    assert (await desk.send(path, [*pairs, *ENGLISH, *simple])).status_code == 303
    row = desk.house.write(lambda work: work.db.query(ThingRow).one())
    body = orjson.loads(row.body)
    assert body["nameMap"] == {"de": "Reparaturcafé", "en": "Reading mentor"}
    assert body["contentMap"]["en"].startswith("<p><strong>Reading mentor</strong></p>")
    assert values.load(EventDraft, row.draft).texts == {
        "en": "Read to children once a week.", "de-simple": "Kommen Sie.",
    }  # fmt: skip
    assert (
        '<h1 dir="auto" lang="en">Reading mentor</h1>' in (await desk.browser.get(f"/termine/{row.id}?sprache=en")).text
    )
    await desk.do(row.id, "absagen")
    cancelled = (await desk.browser.get(f"/termine/{row.id}?sprache=en")).text
    assert '<h1 dir="auto" lang="en">Reading mentor</h1>' in cancelled
    body = orjson.loads(desk.house.write(lambda work: work.db.query(ThingRow).one().body))
    assert body["nameMap"]["en"] == "ABGESAGT: Reading mentor"
