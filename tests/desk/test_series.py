"""An event that repeats itself, on both databases: each date is an event; one alone, or all of them, are changed."""

import re
from collections.abc import AsyncIterator
from datetime import UTC, datetime

import pytest
from sqlalchemy import select

from fediverse_ehrenamt.accounts.rules import Grant, Role
from fediverse_ehrenamt.desk import store as held
from fediverse_ehrenamt.desk.model import SeriesRow
from fediverse_ehrenamt.events.rules import Draft
from fediverse_ehrenamt.instance import Instance
from fediverse_ehrenamt.kit import values
from fediverse_ehrenamt.things import actions as things
from fediverse_ehrenamt.things import store
from fediverse_ehrenamt.things.model import ShowingRow, ThingRow
from fediverse_ehrenamt.vocab.types import Event
from fediverse_ehrenamt.work import Work
from tests.accounts.house import House
from tests.conversations.talking import Hall, activity, note
from tests.desk.test_desk import DESK, Desk, problems, with_
from tests.workbench import Clock, add_organisation

pytestmark = pytest.mark.anyio
WEEKLY = (
    ("name", "Reparaturcafé"), ("kind", "fest"), ("text", "Wir reparieren, was kaputt ist."),
    ("startTime", "2026-12-01T19:00"), ("endTime", "2026-12-01T21:00"), ("place.locality", "Hagen"),
    ("repeat.every", "woche"), ("repeat.until", "2026-12-31"),
)  # fmt: skip
LISTED = ("2026-12-01", "2026-12-08", "2026-12-15", "2026-12-22", "2026-12-29")


@pytest.fixture
async def desk(instance: Instance, clock: Clock) -> AsyncIterator[Desk]:
    house = House(instance, clock)
    actor = house.write(add_organisation)
    editor = house.add("eva@buecherei.example", "Eva", Grant(Role.EDITOR, actor))
    async with house.visit(editor.id) as browser:
        yield Desk(house, browser, actor, editor.id)


def ticks(*without: str) -> list[tuple[str, str]]:
    """What the list of dates sends where some of it have no tick."""
    shown = [("repeat.shown", day) for day in LISTED]
    return shown + [("repeat.on", day) for day in LISTED if day not in without]


def dates(desk: Desk) -> dict[str, Draft]:
    """Return all dates that are published, by their day."""

    def read(work: Work) -> dict[str, Draft]:
        rows = work.db.scalars(select(ThingRow).where(ThingRow.kind == "event"))
        drafts = [values.load(Draft, row.draft) for row in rows]
        return {f"{draft.starts_at:%Y-%m-%d}": draft for draft in sorted(drafts, key=lambda one: one.starts_at)}

    return desk.house.write(read)


def pages(desk: Desk) -> dict[str, str]:
    def read(work: Work) -> dict[str, str]:
        rows = work.db.scalars(select(ThingRow).where(ThingRow.kind == "event"))
        return {f"{values.load(Draft, row.draft).starts_at:%Y-%m-%d}": row.id for row in rows}

    return desk.house.write(read)


async def publish(desk: Desk, *without: str) -> str:
    path = await desk.begin("termin")
    sent = await desk.send(path, [*WEEKLY, *ticks(*without)])
    assert sent.status_code == 303, problems(sent)
    return path


async def test_each_date_is_an_event_and_those_left_out_are_none(desk: Desk) -> None:
    path = await desk.begin("termin")
    shown = await desk.send(path, WEEKLY, "vorschau")
    assert re.findall(r'name="repeat.on"\s+id="am-([\d-]+)"\s+value="[\d-]+" checked', shown.text) == list(LISTED)
    assert "5 Termine finden statt." in shown.text
    assert (await desk.send(path, [*WEEKLY, *ticks("2026-12-22", "2026-12-29")])).status_code == 303
    assert list(dates(desk)) == ["2026-12-01", "2026-12-08", "2026-12-15"]
    overview = (await desk.browser.get(DESK)).text
    assert "noch 3 Termine, der nächste: Di., 1. Dez. 2026, " in overview, re.findall("noch.*", overview)
    assert overview.count("Reparaturcafé</bdi>") == 1, "one line for all"
    form = (await desk.browser.get(path)).text
    assert "2 Termine finden statt" not in form
    assert 'id="am-2026-12-22"' in form
    assert "3 Termine finden statt." in form


async def test_they_are_linked_and_shown_one_at_a_time_when_they_are_near(desk: Desk) -> None:
    await publish(desk)

    def read(work: Work) -> tuple[list[str], list[bool]]:
        rows = list(work.db.scalars(select(ShowingRow).order_by(ShowingRow.starts_at)))
        found = [store.get(work, row.uri) for row in rows]
        contexts = [one.context for one in found if isinstance(one, Event)]
        assert set(contexts[1:]) == {rows[0].uri}
        return contexts, [row.shown_at is not None for row in rows]

    contexts, shown = desk.house.write(read)
    assert contexts[0] == ""
    assert shown == [False] * 5
    assert desk.house.write(things.show_near) == 1
    assert desk.house.write(read)[1] == [True, False, False, False, False]
    assert desk.house.write(things.show_near) == 0, "the next one when this one has begun"


async def test_a_change_reaches_all_dates_to_come_that_nobody_changed_by_hand(desk: Desk) -> None:
    path = await publish(desk)
    by_hand = f"{DESK}/termin/{pages(desk)['2026-12-15']}"
    form = (await desk.browser.get(by_hand)).text
    assert "Das ist ein Termin einer Reihe." in form
    assert "repeat.every" not in form
    alone = [pair for pair in WEEKLY if not pair[0].startswith("repeat")]
    one = with_(alone, startTime="2026-12-16T18:00", endTime="2026-12-16T20:00")
    assert (await desk.send(by_hand, one)).status_code == 303
    desk.house.clock.now = datetime(2026, 12, 5, 12, tzinfo=UTC)
    changed = with_(WEEKLY, name="Nähcafé", startTime="2026-12-01T17:30", repeat__until="2026-12-24")
    assert (await desk.send(path, changed)).status_code == 303
    found = dates(desk)
    assert {day: draft.name for day, draft in found.items()} == {
        "2026-12-01": "Reparaturcafé", "2026-12-08": "Nähcafé", "2026-12-16": "Reparaturcafé", "2026-12-22": "Nähcafé",
    }  # fmt: skip
    assert found["2026-12-08"].starts_at == datetime(2026, 12, 8, 16, 30, tzinfo=UTC)
    assert len({draft.series for draft in found.values()}) == 2, "all but the first name the first"
    assert found["2026-12-16"].series == found["2026-12-22"].series


async def test_one_date_is_cancelled_or_taken_back_alone(desk: Desk) -> None:
    path = await publish(desk)
    assert (await desk.do(pages(desk)["2026-12-08"], "absagen")).status_code == 303
    assert (await desk.do(pages(desk)["2026-12-15"], "zurueckziehen")).status_code == 303
    overview = (await desk.browser.get(DESK)).text
    assert "Abgesagt" in overview
    assert "noch 3 Termine, der nächste: Di., 1. Dez. 2026, " in overview, re.findall("noch.*", overview)
    assert (await desk.send(path, with_(WEEKLY, name="Nähcafé"))).status_code == 303
    found = dates(desk)
    assert list(found) == ["2026-12-01", "2026-12-08", "2026-12-22", "2026-12-29"], "it does not come again"
    assert found["2026-12-08"].status == "cancelled"
    assert found["2026-12-22"].name == "Nähcafé"


async def test_a_whole_series_is_cancelled_held_after_all_and_taken_back(desk: Desk) -> None:
    path = await publish(desk)
    key = path.rpartition("/")[2]
    desk.house.clock.now = datetime(2026, 12, 2, 12, tzinfo=UTC)
    assert (await desk.do(key, "absagen")).status_code == 303
    assert [draft.status for draft in dates(desk).values()] == ["confirmed", *["cancelled"] * 4]
    assert (await desk.do(key, "oeffnen")).status_code == 303
    assert {draft.status for draft in dates(desk).values()} == {"confirmed"}
    assert (await desk.do(key, "pausieren")).status_code == 409
    asked = await desk.browser.get(f"{DESK}/eintrag/{key}/zurueckziehen")
    assert "„Reparaturcafé“ zurückziehen?" in asked.text
    assert "Alle künftigen Termine werden" in asked.text
    one = desk.house.write(lambda work: held.dates(work, desk.actor, key)[-1].id)
    asked = await desk.browser.get(f"{DESK}/eintrag/{one}/zurueckziehen")
    assert re.search(r"„Reparaturcafé“ am \d+\. \w+ \d{4} zurückziehen\?", asked.text)
    assert "„Absagen“ besser" in asked.text
    assert (await desk.browser.post(f"{DESK}/eintrag/{key}/zurueckziehen")).status_code == 303
    assert list(dates(desk)) == ["2026-12-01"], "what has been stays"
    assert desk.house.rows([SeriesRow])["SeriesRow"] == 0


async def test_answers_to_its_dates_are_counted_together_and_lead_to_all_of_them(desk: Desk, clock: Clock) -> None:
    path = await publish(desk)
    hall = Hall(desk.house.instance, clock, desk.actor)
    uris = hall.write(lambda work: list(work.db.scalars(select(ThingRow.uri).order_by(ThingRow.uri))))
    for number, uri in enumerate(uris[:2]):
        await hall.say(activity("Create", note(f"{number}", content=f"<p>Antwort {number}</p>", inReplyTo=uri)))
    assert "2 öffentliche Antworten" in (await desk.browser.get(DESK)).text
    key = path.rpartition("/")[2]
    narrowed = (await desk.browser.get(f"{DESK}/posteingang?stand=alle&art=antwort&zu={key}")).text
    assert "Nur öffentliche Antworten zu „Reparaturcafé“" in narrowed
    assert narrowed.count('<p dir="auto">Antwort') == 2


async def test_one_event_becomes_a_series_and_one_again(desk: Desk) -> None:
    path = await desk.begin("termin")
    alone = [pair for pair in WEEKLY if not pair[0].startswith("repeat")]
    assert (await desk.send(path, alone)).status_code == 303
    (page,) = pages(desk).values()
    assert (await desk.send(path, WEEKLY)).status_code == 303
    assert list(dates(desk)) == list(LISTED)
    assert pages(desk)["2026-12-01"] == page, "whoever has its address finds it"
    assert (await desk.send(path, alone)).status_code == 303
    assert pages(desk) == {"2026-12-01": page}
    assert 'class="desk-series"' not in (await desk.browser.get(DESK)).text


@pytest.mark.parametrize(
    ("changes", "field", "words"),
    [
        ({"repeat__until": None}, "repeat-until", "bis wann oder wie oft"),
        ({"repeat__until": "2026-11-24"}, "repeat-until", "liegt vor dem ersten Termin"),
        ({"repeat__until": "2030-01-01"}, "repeat-until", "mehr als 60 Termine"),
        ({"repeat__times": "viele"}, "repeat-times", "ist keine ganze Zahl"),
        ({"repeat__until": "bald"}, "repeat-until", "ist kein Tag"),
        ({"startTime": "", "endTime": ""}, "startTime", "bitte ausfüllen"),
    ],
)
async def test_what_is_wrong_is_said_beside_its_field(
    desk: Desk, changes: dict[str, str | None], field: str, words: str
) -> None:
    sent = await desk.send(await desk.begin("termin"), with_(WEEKLY, **changes))
    assert sent.status_code == 422
    assert words in problems(sent)[field]
    assert dates(desk) == {}


async def test_nothing_is_published_where_no_date_is_left(desk: Desk) -> None:
    sent = await desk.send(await desk.begin("termin"), [*WEEKLY, *ticks(*LISTED)])
    assert sent.status_code == 422
    assert "kein Termin" in problems(sent)["repeat-until"]
    again = await desk.send(await desk.begin("termin"), [*WEEKLY, ("registerBy", "2026-11-30")])
    assert again.status_code == 303
    assert [draft.details.register_by.day for draft in dates(desk).values() if draft.details.register_by] == [
        30, 7, 14, 21, 28,
    ]  # fmt: skip
