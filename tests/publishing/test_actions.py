"""What a file says is done whole or not at all, on real databases; the second time nothing is done again."""

from collections.abc import Callable, Iterator
from datetime import UTC, datetime
from pathlib import Path

import anyio
import pytest
from PIL import Image
from sqlalchemy import func, select

from fediverse_ehrenamt.federation import actors
from fediverse_ehrenamt.federation.model import PublishedRow
from fediverse_ehrenamt.kit import resources
from fediverse_ehrenamt.kit.errors import Invalid
from fediverse_ehrenamt.kit.http import Client
from fediverse_ehrenamt.media import images
from fediverse_ehrenamt.organisations import actions as organisations
from fediverse_ehrenamt.publishing import actions, file
from fediverse_ehrenamt.search.model import DocumentRow
from fediverse_ehrenamt.settings import Settings
from fediverse_ehrenamt.storage.engine import open_engines
from fediverse_ehrenamt.things.model import ThingRow
from fediverse_ehrenamt.things.store import Outcome
from fediverse_ehrenamt.work import Work, Workshop
from tests.publishing.files import EVENT, OPPORTUNITY, event, opportunity, read

NOW = datetime(2026, 11, 22, 12, tzinfo=UTC)
_RIGHT = OPPORTUNITY + EVENT.removeprefix("organisation: stadtbuecherei\n")


@pytest.fixture
def workshop(migrated_url: str, tmp_path: Path) -> Iterator[Workshop]:
    """A workshop with an empty database and the organisation "stadtbuecherei"."""
    environ = {
        "EHRENAMT_URL": "https://hagen.example",
        "EHRENAMT_DATA": str(tmp_path / "data"),
        "EHRENAMT_DATABASE_URL": migrated_url,
        "EHRENAMT_SECRET": "das-geheimnis-dieser-instanz-nur-im-test",
    }
    settings = Settings.load(environ)
    shop = Workshop(open_engines(settings.database_url), Client(user_agent="test"), settings, lambda: NOW)
    shop.write_now(actors.register, handle="relay", kind="Application", name="Hagen", summary="")
    shop.write_now(organisations.add, "stadtbuecherei", "Stadtbücherei Hagen")
    yield shop
    anyio.run(shop.close)


def _apply(shop: Workshop, text: str) -> list[str]:
    return [outcome.what for outcome in _outcomes(shop, text)]


def _outcomes(shop: Workshop, text: str) -> list[Outcome]:
    return shop.write_now(actions.apply, read(text))


def _problems(call: Callable[[], object]) -> list[tuple[str, str]]:
    with pytest.raises(Invalid) as caught:
        call()
    return [(problem.field, problem.message) for problem in caught.value.problems]


def _count(work: Work) -> tuple[int, ...]:
    """Return how many things, searchable documents and activities there are."""
    gone = select(func.count()).select_from(DocumentRow).where(DocumentRow.gone.is_(False))
    counts = [select(func.count()).select_from(ThingRow), gone, select(func.count()).select_from(PublishedRow)]
    return tuple(work.db.scalar(count) or 0 for count in counts)


def test_publish_change_unchanged_withdraw(workshop: Workshop) -> None:
    first = _outcomes(workshop, _RIGHT)
    assert [outcome.what for outcome in first] == ["published", "published"]
    assert workshop.read_now(_count)[:2] == (2, 2)
    assert _apply(workshop, _RIGHT) == ["unchanged", "unchanged"]
    changed = _outcomes(workshop, _RIGHT.replace("Lesepatin gesucht", "Lesepate gesucht"))
    assert [outcome.what for outcome in changed] == ["changed", "unchanged"]
    assert [outcome.uri for outcome in changed] == [outcome.uri for outcome in first]
    withdrawn = "organisation: stadtbuecherei\nopportunity: {id: lesepatin, status: zurueckgezogen}\n"
    withdrawn += "event: {id: fest, status: withdrawn}"
    assert _apply(workshop, withdrawn) == ["withdrawn", "withdrawn"]
    assert workshop.read_now(_count)[:2] == (0, 0)


def test_the_example_is_published(workshop: Workshop) -> None:
    example = resources.folder("schemas") / "beispiel.yaml"
    entries = file.read(example.read_text(encoding="utf-8"), example.name, example.parent)
    outcomes = workshop.write_now(actions.apply, actions.with_images(workshop.settings.data, entries))
    assert [outcome.what for outcome in outcomes] == ["published"] * 5  # one of them a date of another


def test_nothing_is_saved_when_one_of_three_is_wrong(workshop: Workshop) -> None:
    before = workshop.read_now(_count)
    third = EVENT.partition("events:\n")[2].replace("id: fest", "id: zweites").replace("2026-12", "2026-10")
    [(where, said)] = _problems(lambda: _apply(workshop, _RIGHT + third))
    assert where == "events[1] (zweites), Zeile 19: startTime"
    assert "liegt in der Vergangenheit" in said
    assert workshop.read_now(_count) == before
    assert _apply(workshop, _RIGHT) == ["published", "published"]


def test_the_problems_of_all_entries_are_told(workshop: Workshop) -> None:
    text = opportunity("applyBy: 2025-01-01\nplaces: 2\nplacesFree: 3\neffort:\n  minHours: 3\n  maxHours: 2")
    text += event("endTime: x").partition("\n")[2].replace("2026-12-12 17:00", "2026-12-12 13:00")
    text = text.replace("    endTime: x\n", "    organisation: thw\n")
    told = [f"{where}: {said}" for where, said in _problems(lambda: _apply(workshop, text))]
    past = "01.01.2025 liegt in der Vergangenheit; bitte ein künftiges Datum oder weglassen"
    unknown = "Eine Organisation „thw“ gibt es hier nicht. Vorhanden: stadtbuecherei"
    assert told == [
        f"opportunities[0] (lesepatin), Zeile 8: applyBy: {past}",
        "opportunities[0] (lesepatin), Zeile 10: placesFree: 3 > 2: freie Plätze können nicht mehr sein als Plätze",
        "opportunities[0] (lesepatin), Zeile 12: effort.minHours: 3 > 2: mindestens ist mehr als höchstens",
        f"events[0] (fest), Zeile 21: organisation: {unknown}",
    ]


def test_an_end_before_its_start_is_told(workshop: Workshop) -> None:
    text = EVENT.replace("2026-12-12 17:00", "2026-12-12 13:00")
    [(where, said)] = _problems(lambda: _apply(workshop, text))
    assert where == "events[0] (fest), Zeile 8: endTime"
    assert said == "12.12.2026, 13:00 Uhr liegt nicht nach dem Beginn am 12.12.2026, 14:00 Uhr", "as it was typed"


def test_an_id_cannot_become_something_else(workshop: Workshop) -> None:
    _apply(workshop, OPPORTUNITY)
    [(where, said)] = _problems(lambda: _apply(workshop, EVENT.replace("id: fest", "id: lesepatin")))
    assert where == "events[0] (lesepatin), Zeile 3: id"
    assert "heißt bei dieser Organisation schon etwas anderes" in said


def test_a_file_that_still_withdraws_may_be_handed_in_again(workshop: Workshop) -> None:
    _apply(workshop, EVENT)
    text = "organisation: '@Stadtbuecherei'\nevent:\n  id: fest\n  status: withdrawn"
    assert [_apply(workshop, text)[0] for _ in range(3)] == ["withdrawn", "absent", "absent"]


# --- images -----------------------------------------------------------------------------------------------------------
def test_an_image_is_kept_and_published(workshop: Workshop, tmp_path: Path) -> None:
    Image.new("RGB", (40, 30), "navy").save(tmp_path / "bild.png")
    entries = read(opportunity("image: {file: bild.png, alt: Blau}"), tmp_path)
    data = workshop.settings.data
    [kept] = actions.with_images(data, entries)
    assert kept.image_file is None
    assert images.path(data, kept.draft.image).is_file()
    assert [outcome.what for outcome in workshop.write_now(actions.apply, [kept])] == ["published"]
    [body] = workshop.read_now(lambda work: list(work.db.scalars(select(ThingRow.body))))
    assert f"/media/{kept.draft.image}" in body.decode()
    again = workshop.write_now(actions.apply, actions.with_images(data, entries))
    assert [outcome.what for outcome in again] == ["unchanged"]


def test_every_image_that_is_none_is_told(tmp_path: Path) -> None:
    (tmp_path / "bild.jpg").write_text("kein Bild")
    text = opportunity("image:\n  file: bild.jpg\n  alt: Ein Bild")
    text += event("image: {file: fehlt.jpg, alt: Ein Bild}").partition("\n")[2]
    entries = read(text, tmp_path)
    (first, unread), (second, missing) = _problems(lambda: actions.with_images(tmp_path / "data", entries))
    assert first == "opportunities[0] (lesepatin), Zeile 9: image.file"
    assert unread.startswith("bild.jpg ist kein Bild")
    assert second == "events[0] (fest), Zeile 18: image.file"
    assert "kann nicht gelesen werden" in missing


def test_an_image_that_is_a_link_in_a_circle_is_told(tmp_path: Path) -> None:
    (tmp_path / "bild.jpg").symlink_to("bild.jpg")
    text = opportunity("image: {file: bild.jpg, alt: Ein Bild}")
    # Python up to 3.12 finds the circle when the path is read, later ones when the file is.
    [(where, _)] = _problems(lambda: actions.with_images(tmp_path / "data", read(text, tmp_path)))
    assert where == "opportunities[0] (lesepatin), Zeile 8: image.file"


def test_entries_without_images_are_as_they_were(tmp_path: Path) -> None:
    entries = read(_RIGHT)
    assert actions.with_images(tmp_path, entries) == entries
