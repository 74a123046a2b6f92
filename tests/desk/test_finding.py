"""The place of an offer: found by its name, chosen, set to the metre, and told where it lies far away."""

from collections.abc import AsyncIterator

import pytest

from fediverse_ehrenamt.accounts.rules import Grant, Role
from fediverse_ehrenamt.desk import finding
from fediverse_ehrenamt.instance import Instance
from tests.accounts.house import House
from tests.desk.test_desk import DESK, WRITTEN, Desk, problems, with_
from tests.workbench import Clock, add_organisation


@pytest.fixture
async def desk(instance: Instance, clock: Clock) -> AsyncIterator[Desk]:
    house = House(instance, clock)
    actor = house.write(add_organisation)
    editor = house.add("eva@buecherei.example", "Eva", Grant(Role.EDITOR, actor))
    async with house.visit(editor.id) as browser:
        yield Desk(house, browser, actor, editor.id)


def named(locality: str, postcode: str = "") -> list[str]:
    typed = {"place.locality": [locality], "place.postcode": [postcode]}
    return [f"{one.postcode} {one.name}" for one in finding.choices(typed)]


def test_a_place_is_found_by_its_name_its_beginning_or_its_postcode() -> None:
    assert named("Haspe")[0] == "58135 Hagen-Haspe"
    assert finding.choices({"place.locality": ["Haspe"]})[0].region == "Nordrhein-Westfalen"
    assert named("Flensbu")[0] == "24937 Flensburg"
    assert named("", "58095")[0] == "58095 Hagen"
    assert "58135 Hagen-Haspe" in named("Hagen"), "a town comes with its districts"
    assert named("Hagen", "58095") == [], "it is one already"
    assert named("x") == named("xqzwv") == named("") == []
    assert len(named("Neu" * 50)) <= 12


@pytest.mark.parametrize(
    "value", ["", "a;b", "91,0;7,4;58135;Hagen", "nan;7,4;58135;Hagen", "51,3;7,4;58135;", "x" * 5_000, "51;7;1"]
)
def test_what_is_no_choice_changes_nothing(value: str) -> None:
    assert finding.taken(value) is None


def test_a_point_far_from_its_town_is_told() -> None:
    typed = {"place.locality": ["Hagen"], "place.latitude": ["54,78"], "place.longitude": ["9,43"]}
    assert finding.away(typed) > 300
    assert finding.away({**typed, "place.latitude": ["51,36"], "place.longitude": ["7,47"]}) == 0
    assert finding.away({"place.latitude": ["nördlich"]}) == 0


@pytest.mark.parametrize(
    ("postcode", "locality", "town"),
    [
        ("58095", "Flensburg", "Hagen"),  # the town was changed alone
        ("85095", "Hagen", "Denkendorf"),  # two digits were
        ("58135", "Haspe", ""),
        ("15230", "Frankfurt", ""),  # a town that has the name of a larger one
        ("33790", "Halle", ""),
        ("67433", "Neustadt", ""),
        ("58095", "Xqzwv", ""),
        ("99999", "Hagen", ""),
        ("", "Hagen", ""),
        ("58095", "", ""),
    ],
)
def test_a_postcode_of_another_town_is_told(postcode: str, locality: str, town: str) -> None:
    assert finding.elsewhere({"place.postcode": [postcode], "place.locality": [locality]}) == town


@pytest.mark.anyio
async def test_a_postcode_of_another_town_is_said_beside_the_form(desk: Desk) -> None:
    path = await desk.begin()
    said = "Die Postleitzahl 58095 gehört zu Hagen"
    assert said in (await desk.send(path, with_(WRITTEN, place__locality="Flensburg"), "vorschau")).text
    assert said not in (await desk.send(path, WRITTEN, "vorschau")).text


@pytest.mark.anyio
async def test_a_place_is_chosen_without_scripts(desk: Desk) -> None:
    path = await desk.begin()
    unplaced = with_(WRITTEN, place__postcode=None, place__locality="Haspe")
    sought = await desk.send(path, unplaced, "ort")
    assert "Welchen Ort meinen Sie?" in sought.text
    value = next(one.value for one in finding.choices({"place.locality": ["Haspe"]}) if one.name == "Hagen-Haspe")
    assert f'value="{value}"' in sought.text
    taken = await desk.send(path, [*unplaced, ("place.choice", value)], "ort")
    assert "Welchen Ort meinen Sie?" not in taken.text
    assert all(f'value="{said}"' in taken.text for said in ("58135", "Hagen-Haspe", "51,34800", "7,41800"))
    assert "Der Ort ist gefunden." in taken.text
    unknown = await desk.send(path, with_(unplaced, place__locality="Xqzwv"), "ort")
    assert "Diesen Ort kennen wir nicht." in unknown.text
    live = await desk.send(path, unplaced, "speichern", headers={"hx-request": "true"})
    assert 'id="orte" hx-swap-oob="true"' in live.text
    assert "Welchen Ort meinen Sie?" in live.text


@pytest.mark.anyio
async def test_a_point_is_set_to_the_metre_and_stays(desk: Desk) -> None:
    path = await desk.begin()
    point = with_(WRITTEN, place__latitude="51,35941", place__longitude="7,47512")
    half = await desk.send(path, with_(point, place__longitude=None))
    assert problems(half)["place-longitude"] == "bitte ausfüllen"
    beyond = await desk.send(path, with_(point, place__latitude="95"))
    assert "höchstens 90" in problems(beyond)["place-latitude"]
    assert (await desk.send(path, point)).status_code == 303
    (draft,) = desk.drafts()
    assert draft.place is not None
    assert (draft.place.latitude, draft.place.longitude) == (51.35941, 7.47512)
    form = (await desk.browser.get(f"{DESK}/angebot/{desk.page()}")).text
    assert all(f'value="{said}"' in form for said in ("51,35941", "7,47512"))
    assert 'data-spot="51.35941,7.47512"' in form
    without = with_(WRITTEN, place__latitude=None)
    assert (await desk.send(f"{DESK}/angebot/{desk.page()}", without)).status_code == 303
    form = (await desk.browser.get(f"{DESK}/angebot/{desk.page()}")).text
    assert 'value="51,' not in form, "what is only looked up is not typed"
    far = await desk.send(path, with_(point, place__latitude="54,78", place__longitude="9,43"), "vorschau")
    assert "km vom Ort entfernt" in far.text
