"""Districts that an instance keeps, on both databases: learnt once, changed, taken back, known to every process."""

import asyncio
from collections.abc import Callable, Iterator
from typing import Any

import pytest

from fediverse_ehrenamt import wiring
from fediverse_ehrenamt.districts import actions, rules, store, tasks
from fediverse_ehrenamt.districts.rules import Origin, Typed, What
from fediverse_ehrenamt.jobs.runner import Runner
from fediverse_ehrenamt.kit.errors import Conflict, Invalid, NotFound
from fediverse_ehrenamt.places import data, districts, gazetteer, naming, updating
from fediverse_ehrenamt.places.districts import District
from fediverse_ehrenamt.work import Workshop

pytestmark = pytest.mark.anyio
MITTE = District("Hagen", "Haspe-Mitte", 51.3485, 7.42, "58135", learnt=True)
WERDEN = District("Essen", "Werden", 51.388, 7.004, learnt=True)
HASPE, HASPE_MITTE = ("hagen", "haspe"), ("hagen", "haspe mitte")


@pytest.fixture(autouse=True)
def forgetting() -> Iterator[None]:
    """Know at the end no more than at the beginning."""
    yield
    data.teach(())


class Town:
    def __init__(self, workshop: Workshop) -> None:
        self.workshop = workshop

    def do(self, function: Any, *args: Any) -> Any:
        done = self.workshop.write_now(function, *args)
        self.workshop.read_now(actions.teach)
        return done

    def labels(self) -> list[str]:
        """Return what is known of Hagen and differs from what the program brings."""
        own = {one.label for one in gazetteer.own_districts().values()}
        known = {one.label for one in gazetteer.districts()}
        return sorted([*(f"-{label}" for label in own - known), *(known - own)])

    def newest(self) -> int:
        return self.workshop.read_now(store.edition)


@pytest.fixture
def town(workshop: Workshop) -> Town:
    return Town(workshop)


def wrong(town: Town, function: Any, *args: Any) -> dict[str, str]:
    with pytest.raises(Invalid) as error:
        town.do(function, *args)
    return {one.field: one.message for one in error.value.problems}


async def test_what_is_learnt_is_learnt_once(town: Town) -> None:
    assert town.do(actions.learn, [MITTE, WERDEN, WERDEN]) == [MITTE, WERDEN]
    assert town.do(actions.learn, [MITTE, District("Hagen", "Haspe", 51.4, 7.4)]) == []
    assert town.labels() == ["Essen-Werden", "Hagen-Haspe-Mitte"]
    assert gazetteer.districts("Essen") == [WERDEN]
    found = {one.district.label: one.origin for one in town.do(actions.listing)}
    assert (found["Hagen-Haspe"], found["Essen-Werden"]) == (Origin.OWN, Origin.LEARNT)
    assert [one.district for one in town.do(actions.listing, "essen")] == [WERDEN]


async def test_there_is_room_for_so_many(town: Town, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(rules, "MOST", 1)
    assert town.do(actions.learn, [MITTE, WERDEN]) == [MITTE]
    assert "nicht möglich" in wrong(town, actions.add, Typed("Werden", "Essen", "45239"))["name"]


async def test_a_merged_district_is_another_name(town: Town) -> None:
    town.do(actions.learn, [MITTE])
    for _ in range(2):  # sent twice
        assert town.do(actions.merge, HASPE_MITTE, HASPE).key == HASPE
    assert town.labels() == []
    assert gazetteer.districts_by_name("Hagen")["haspe mitte"].label == "Hagen-Haspe"
    assert town.do(actions.learn, [MITTE]) == [], "an import that names it again means the other one"
    one = town.do(actions.get, HASPE_MITTE)
    assert (one.key, one.district.aliases) == (HASPE, ("Haspe-Mitte",))
    assert town.do(actions.part, HASPE_MITTE).district == MITTE
    assert town.labels() == ["Hagen-Haspe-Mitte"]


async def test_what_lay_in_a_merged_district_lies_in_the_other_one(town: Town) -> None:
    emst, spot = ("hagen", "emst"), (51.348, 7.501)
    for name in ("Gemeindehaus", "Gemeindehaus Emst"):
        found = naming.district(name, "Hagen", "58093", spot)
        assert found is not None
        assert found.label == "Hagen-Emst"
    town.do(actions.merge, emst, HASPE)
    for name in ("Gemeindehaus", "Gemeindehaus Emst", "Emst"):
        found = naming.district(name, "Hagen", "58093", spot)
        assert found is not None, f"{name}: six kilometres from the middle of Haspe, but it was said to go there"
        assert found.label == "Hagen-Haspe"
    assert naming.district("Gemeindehaus", "Hagen", "58093", (51.358, 7.520)) is None


async def test_a_renamed_district_is_found_by_its_former_names(town: Town) -> None:
    town.do(actions.learn, [MITTE])
    town.do(actions.merge, HASPE_MITTE, HASPE)
    renamed = town.do(actions.change, HASPE, Typed("Hagen-Haspe am Berg", "", "58135", (51.35, 7.42)))
    assert (renamed.district.label, renamed.origin) == ("Hagen-Haspe am Berg", Origin.OWN)
    assert renamed.district.aliases == ("Haspe", "Haspe-Mitte")
    assert town.labels() == ["-Hagen-Haspe", "Hagen-Haspe am Berg"]
    back = town.do(actions.change, renamed.key, Typed("Haspe", "", "58135", (51.35, 7.42)))
    assert (back.key, back.district.aliases) == (HASPE, ("Haspe am Berg", "Haspe-Mitte"))
    before = town.newest()
    town.do(actions.change, renamed.key, Typed("Haspe", "", "58135", (51.35, 7.42)))
    assert town.newest() == before, "by a page that is out of date, the same is nothing new"
    spelt = town.do(actions.change, HASPE, Typed("HASPE", "", "58135", (51.35, 7.42)))
    assert (spelt.key, spelt.district.name) == (HASPE, "HASPE")


async def test_what_was_called_otherwise_is_known_by_its_present_name(town: Town) -> None:
    town.do(actions.learn, [MITTE])
    town.do(actions.merge, HASPE_MITTE, HASPE)
    renamed = town.do(actions.change, HASPE, Typed("Haspe am Berg", "", "58135", (51.35, 7.42)))
    labels = ["Hagen-Haspe", "Hagen-Haspe-Mitte", "Hagen-Haspe am Berg", "Castrop-Rauxel-Mitte", "Nirgendwo-Mitte", "-"]
    former = {"Hagen-Haspe": "Hagen-Haspe am Berg", "Hagen-Haspe-Mitte": "Hagen-Haspe am Berg"}
    assert town.do(actions.present, labels) == former
    town.do(actions.change, renamed.key, Typed("HASPE am Berg", "", "58135", (51.35, 7.42)))
    assert town.do(actions.present, ["Hagen-Haspe am Berg"]) == {"Hagen-Haspe am Berg": "Hagen-HASPE am Berg"}


async def test_a_hidden_district_is_not_learnt_again(town: Town) -> None:
    town.do(actions.learn, [MITTE])
    for _ in range(2):
        town.do(actions.hide, HASPE_MITTE)
    town.do(actions.hide, HASPE)
    assert town.labels() == ["-Hagen-Haspe"]
    assert town.do(actions.learn, [MITTE]) == []
    assert "ausgeblendet" in wrong(town, actions.add, Typed("Haspe-Mitte", "Hagen", "58135"))["name"]
    with pytest.raises(NotFound):
        town.do(actions.merge, HASPE_MITTE, ("hagen", "emst"))
    town.do(actions.show, HASPE_MITTE)
    town.do(actions.show, HASPE)
    assert town.labels() == ["Hagen-Haspe-Mitte"]


async def test_what_cannot_be_a_district_is_said(town: Town) -> None:
    town.do(actions.add, Typed(" Werden ", "essen", "45239"))
    (one,) = gazetteer.districts("Essen")
    assert (one.name, one.town, one.learnt) == ("Werden", "Essen", False)
    assert "gibt es in diesem Ort schon" in wrong(town, actions.add, Typed("werden", "Essen", "45239"))["name"]
    assert wrong(town, actions.add, Typed("Bezirk 3", "Nirgendwodorf", "4523")).keys() == {"name", "town", "postcode"}
    assert "ganzen Ortes" in wrong(town, actions.add, Typed("Essen", "Essen", "45239"))["name"]
    assert "15 km" in wrong(town, actions.add, Typed("Kettwig", "Essen", "", (53.0, 7.0)))["point"]
    assert "nicht zu finden" in wrong(town, actions.add, Typed("Xyzzyheim", "Essen"))["point"]
    town.do(actions.merge, HASPE, ("hagen", "emst"))
    assert "anderer Name von Emst" in wrong(town, actions.add, Typed("Haspe", "Hagen", "58135"))["name"]
    assert "desselben Ortes" in wrong(town, actions.merge, ("hagen", "emst"), ("essen", "werden"))["name"]
    with pytest.raises(NotFound):
        town.do(actions.get, ("hagen", "nirgends"))


async def test_what_was_done_is_taken_back(town: Town) -> None:
    town.do(actions.learn, [MITTE])
    typed = Typed("Kipper", "Hagen", "58135")
    done: list[tuple[Callable[[], object], list[str]]] = [
        (lambda: town.do(actions.add, typed), ["Hagen-Haspe-Mitte", "Hagen-Kipper"]),
        (lambda: town.do(actions.merge, ("hagen", "kipper"), HASPE), ["Hagen-Haspe-Mitte"]),
        (lambda: town.do(actions.hide, HASPE), ["-Hagen-Haspe", "Hagen-Haspe-Mitte"]),
        (lambda: town.do(actions.change, HASPE_MITTE, Typed("Mitten", "", "58135")), ["-Hagen-Haspe", "Hagen-Mitten"]),
    ]
    states = [town.labels()]
    for act, after in done:
        act()
        states.append(town.labels())
        assert states[-1] == after
    undoable = town.do(store.undoable, 10)
    assert [one.did for one in undoable] == [What.CHANGED, What.HIDDEN, What.MERGED, What.ADDED]
    with pytest.raises(Conflict):
        town.do(actions.undo, undoable[3].id)  # Kipper was merged since
    for change, before in zip(undoable, reversed(states[:-1]), strict=True):
        assert town.do(actions.undo, change.id) == change.label
        assert town.labels() == before
        with pytest.raises(NotFound):
            town.do(actions.undo, change.id)
    assert town.do(store.undoable, 10) == []
    assert town.do(actions.get, HASPE).origin == Origin.OWN


async def test_what_others_stand_for_is_not_taken_back(town: Town) -> None:
    town.do(actions.learn, [MITTE])
    kipper = town.do(actions.add, Typed("Kipper", "Hagen", "58135")).key
    (added,) = town.do(store.undoable, 1)
    town.do(actions.merge, HASPE_MITTE, kipper)
    with pytest.raises(Conflict):
        town.do(actions.undo, added.id)
    town.do(actions.part, HASPE_MITTE)
    (parted, *_) = town.do(store.undoable, 1)
    town.do(actions.merge, kipper, HASPE_MITTE)
    with pytest.raises(Conflict):
        town.do(actions.undo, parted.id)  # each would stand for the other one
    assert town.labels() == ["Hagen-Haspe-Mitte"]
    assert town.do(actions.get, kipper).key == HASPE_MITTE


async def test_old_changes_go(town: Town, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(rules, "CHANGES", 2)
    for name in ("aa", "bb", "cc", "dd"):
        town.do(actions.add, Typed(f"Kipp{name}", "Hagen", "58135"))
    assert len(town.do(store.undoable, 10)) == 4, "as long as nothing was looked through for them"
    town.do(lambda work: store.set_placed(work, list(store.unplaced(work))))
    town.do(actions.hide, HASPE)
    assert [one.did for one in town.do(store.undoable, 10)] == [What.HIDDEN, What.ADDED]


async def test_the_file_of_a_former_version_is_taken_over_once(workshop: Workshop) -> None:
    folder = workshop.settings.data / updating.FOLDER
    folder.mkdir()
    lines = districts.write([MITTE, WERDEN, District("Nirgendwodorf", "Nord", 51.3, 7.4)])
    (folder / data.DISTRICTS).write_text(f"{lines}# mein Kommentar\n", "utf-8")
    await asyncio.to_thread(tasks.begin, workshop)
    assert gazetteer.districts("Essen") == [WERDEN]
    kept = workshop.read_now(store.kept)
    assert len(kept) == 3, "also what no town is known for"
    assert (folder / tasks.TAKEN).read_text("utf-8").endswith("# mein Kommentar\n")
    assert not (folder / data.DISTRICTS).exists()
    workshop.write_now(actions.hide, ("essen", "werden"))
    (folder / data.DISTRICTS).write_text(lines, "utf-8")  # another machine of the instance has the same
    await asyncio.to_thread(tasks.begin, workshop)
    assert gazetteer.districts("Essen") == []
    assert len(workshop.read_now(store.kept)) == 3


async def test_a_file_that_stays_where_it_is_does_no_harm(workshop: Workshop) -> None:
    folder = workshop.settings.data / updating.FOLDER
    (folder / tasks.TAKEN).mkdir(parents=True)  # a file cannot take its place
    (folder / data.DISTRICTS).write_bytes(b"\xff\xfe\n" + districts.write([WERDEN, MITTE]).encode())
    for _ in range(2):
        await asyncio.to_thread(tasks.begin, workshop)
        assert len(workshop.read_now(store.kept)) == 2
    assert (folder / data.DISTRICTS).is_file()


async def test_a_process_sees_what_another_one_changed(workshop: Workshop) -> None:
    step = tasks.follow(workshop)
    await step()
    edition = data.edition()
    await step()
    assert data.edition() == edition
    workshop.write_now(actions.learn, [WERDEN])  # as a process of another machine does
    assert gazetteer.districts("Essen") == []
    await step()
    assert gazetteer.districts("Essen") == [WERDEN]


async def test_a_job_without_changes_has_nothing_to_do(workshop: Workshop) -> None:
    workshop.write_now(actions.learn, [WERDEN])
    workshop.write_now(lambda work: store.set_placed(work, list(store.unplaced(work))))
    assert await Runner(workshop, wiring.JOBS).run_due() == 1
    assert workshop.read_now(store.progress) is None
