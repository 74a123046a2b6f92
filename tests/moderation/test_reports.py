"""Reports of other instances about ours: kept once, for the operator alone; on both databases."""

from typing import Any

import pytest
from sqlalchemy import select

from fediverse_ehrenamt.federation import peers
from fediverse_ehrenamt.instance import Instance
from fediverse_ehrenamt.kit.errors import Conflict, Invalid, NotFound
from fediverse_ehrenamt.moderation import actions, rules, store
from fediverse_ehrenamt.moderation.model import ReportRow
from fediverse_ehrenamt.wiring import HOUSEKEEPING, NEEDED
from tests.conversations.talking import CONTEXT, Hall
from tests.workbench import HOME, Clock

pytestmark = pytest.mark.anyio
REPORTER = "https://m.example/actor"


@pytest.fixture
def hall(instance: Instance, clock: Clock) -> Hall:
    made = Hall(instance, clock)
    made.open()
    return made


def flag(*about: str, name: str = "1", actor: str = REPORTER, content: str = "Spam", **fields: Any) -> dict[str, Any]:
    origin = actor.rpartition("/")[0]
    made = {"@context": CONTEXT, "id": f"{origin}/flags/{name}", "type": "Flag", "actor": actor, "object": list(about)}
    return made | {"content": content} | fields


def reports(hall: Hall) -> list[ReportRow]:
    return hall.write(lambda work: list(work.db.scalars(select(ReportRow).order_by(ReportRow.id))))


async def test_a_real_report_of_an_account_and_its_posts(hall: Hall) -> None:
    payload = hall.sample(
        "mastodon/activities_flag.json",
        ("https://example.com/users/1", hall.organisation),
        ("https://example.com/posts/380590", hall.thing),
    )
    assert await hall.say(payload) == ["handled"]
    (one,) = hall.write(store.listing)
    assert (one.reporter, one.host, one.actor) == (
        "https://mastodon.example/actor",
        "mastodon.example",
        hall.organisation,
    )
    assert one.objects == (hall.organisation, hall.thing)
    assert one.comment == "Please take a look at this user and their posts"
    assert hall.bodies() == [None]


async def test_the_synthetic_report_speaks_for_another_origin(hall: Hall) -> None:
    """Its id is not of its actor's origin; with one that is, it counts."""
    pairs = [("https://verein.example/u/thw", hall.organisation), ("https://verein.example/o/1", hall.thing)]
    payload = hall.sample("synthetic/flag-multi-object.json", *pairs)
    assert await hall.say(payload) == []
    assert await hall.say(payload | {"id": "https://m.example/flags/9"}) == ["handled"]
    assert [one.objects for one in hall.write(store.listing)] == [(hall.organisation, hall.thing)]


async def test_a_report_of_a_post_alone_is_about_its_author(hall: Hall) -> None:
    single = flag(content="", summary="Lemmys Grund") | {"object": hall.thing}
    await hall.say(single)
    (one,) = hall.write(store.listing)
    assert (one.actor, one.objects, one.comment) == (hall.organisation, (hall.thing,), "Lemmys Grund")


async def test_what_is_not_ours_or_not_there_is_left_out(hall: Hall) -> None:
    elsewhere = "https://else.example/users/x"
    await hall.say(flag(elsewhere, hall.organisation, f"{HOME}/ap/object/nothing"))
    assert [one.objects for one in hall.write(store.listing)] == [(hall.organisation,)]
    verdicts = await hall.say(flag(f"{HOME}/ap/object/nothing", name="2"))
    assert "nothing here is reported" in verdicts[-1]
    assert len(await hall.say(flag(elsewhere, name="3"))) == len(verdicts)  # not even stored
    assert len(reports(hall)) == 1
    assert hall.bodies() == [None, None]


async def test_one_report_for_each_activity(hall: Hall) -> None:
    said = flag(hall.organisation)
    await hall.say(said, said | {"content": "Noch einmal"})
    without_id = {name: value for name, value in flag(hall.organisation, content="x").items() if name != "id"}
    await hall.say(without_id)
    await hall.say(without_id | {"published": "2026-11-22T11:00:00Z"})
    assert [one.comment for one in reports(hall)] == ["Spam", "x"]


async def test_a_flood_is_bounded(hall: Hall, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(rules, "OF_HOST_IN_A_DAY", 2)
    verdicts = await hall.say(*(flag(hall.organisation, name=str(number)) for number in range(3)))
    assert verdicts[:2] == ["handled", "handled"]
    assert "as many reports as are looked at" in verdicts[2]
    await hall.say(flag(hall.organisation, actor="https://other.example/actor"))
    hall.clock.forward(days=1, seconds=1)
    await hall.say(flag(hall.organisation, name="later"))
    assert [one.host for one in reports(hall)] == ["m.example", "m.example", "other.example", "m.example"]
    monkeypatch.setattr(rules, "OPEN_AT_MOST", 4)
    assert "as many" in (await hall.say(flag(hall.organisation, actor="https://third.example/actor")))[-1]


async def test_the_words_are_bounded_and_harmless(hall: Hall) -> None:
    await hall.say(flag(hall.organisation, content="a\u0000\u001b[31m\u202eb\r\nc" + "x" * 9_000))
    (one,) = reports(hall)
    assert one.comment.startswith("a[31mb\nc")
    assert len(one.comment) <= 5_000


async def test_closing(hall: Hall) -> None:
    await hall.say(flag(hall.organisation))
    number = reports(hall)[0].id
    with pytest.raises(Invalid):
        hall.write(actions.close, number, "x" * (rules.MAX_DECISION + 1))
    hall.write(actions.close, number, " Kein Verstoß ")
    assert hall.write(store.listing) == []
    (one,) = hall.write(lambda work: store.listing(work, closed=True))
    assert (one.decision, one.closed_at) == ("Kein Verstoß", hall.clock.now)
    with pytest.raises(Conflict):
        hall.write(actions.close, number)
    with pytest.raises(NotFound):
        hall.write(actions.close, 99)


async def test_closed_ones_are_erased_after_half_a_year_open_ones_never(hall: Hall) -> None:
    await hall.say(flag(hall.organisation), flag(hall.organisation, name="2", content="Bleibt"))
    hall.write(actions.close, reports(hall)[0].id)
    hall.clock.forward(days=180)
    for tidy in HOUSEKEEPING:
        hall.write(tidy)
    assert len(reports(hall)) == 2
    hall.clock.forward(seconds=1)
    for tidy in HOUSEKEEPING:
        hall.write(tidy)
    assert [one.comment for one in reports(hall)] == ["Bleibt"]


async def test_what_somebody_wrote_leaves_with_them(hall: Hall) -> None:
    person = "https://pleroma.example/users/p"
    await hall.say(flag(hall.organisation, actor=person))
    hall.clock.forward(days=30)
    hall.write(peers.forget_strangers, NEEDED)
    gone = {"@context": CONTEXT, "id": f"{person}#delete", "type": "Delete", "actor": person, "object": person}
    await hall.say(gone)
    (one,) = reports(hall)
    assert (one.reporter, one.comment, one.objects) == ("", "", f'["{hall.organisation}"]')
