"""Letters before offers expire: when, how many, about what; on both databases, with a clock that is moved."""

import threading
from datetime import date, timedelta

import pytest
from sqlalchemy import func, select

from fediverse_ehrenamt.freshness import actions
from fediverse_ehrenamt.freshness.model import ReminderRow
from fediverse_ehrenamt.instance import Instance
from fediverse_ehrenamt.opportunities import actions as opportunities
from fediverse_ehrenamt.organisations import actions as organisations
from fediverse_ehrenamt.work import Work
from tests import workbench
from tests.freshness.asking import MAIL, Town, paths, waiting
from tests.mail.postoffice import text_of
from tests.workbench import Clock

pytestmark = pytest.mark.anyio


async def test_a_month_and_a_week_before_it_ends(hagen: Town, clock: Clock) -> None:
    hagen.publish()
    came: dict[int, str] = {}
    clock.forward(days=325)
    for day in range(325, 370):
        for letter in await hagen.letters():
            came[365 - day] = str(letter["Subject"])
        clock.forward(days=1)
    assert came == {30: "Stimmt das noch? „Lesepatin gesucht“", 7: "Stimmt das noch? „Lesepatin gesucht“"}


async def test_the_letter(hagen: Town, clock: Clock) -> None:
    hagen.publish(title="Lesepatin und Vorleser A & O")
    clock.forward(days=340)
    (letter,) = await hagen.letters()
    text = text_of(letter)
    assert letter["To"] == MAIL
    assert letter["From"] == "Ehrenamt Hagen <ehrenamt@hagen.example>"
    assert text.startswith("Guten Tag,\n\nauf „Ehrenamt Hagen“ steht ein Angebot von „Stadtbücherei Hagen“")
    assert (
        "Lesepatin und Vorleser A & O\nBücherei, Hagen\nzuletzt bestätigt am 22. November 2026\n"
        "läuft ab am 22. November 2027\n" in text
    )
    assert [path.split("/")[1] for path in paths(letter)] == ["stimmt-noch", "nicht-mehr", "keine-erinnerungen"]
    assert "\n-- \nDie Links gelten bis zum 27. Dezember 2027." in text
    assert max(len(line) for line in text.splitlines() if "http" not in line) <= 72
    stop = paths(letter)[-1]
    assert letter["List-Unsubscribe"] == f"<http://hagen.example{stop}>"
    html = letter.get_body(("html",))
    assert html is not None
    assert "Lesepatin und Vorleser A &amp; O" in html.get_content()
    for path in paths(letter):
        assert f'href="http://hagen.example{path}"' in html.get_content()


async def test_all_that_is_due_soon_stands_in_one_letter(hagen: Town, clock: Clock) -> None:
    """What would fall due within the week is asked now, since no other letter may follow before."""
    for number in range(4):
        hagen.publish(f"angebot{number}")
        clock.forward(days=5)
    clock.forward(days=365 - 20 - 30)
    (letter,) = await hagen.letters()
    assert letter["Subject"] == "Stimmen diese 2 Angebote noch?"
    assert [f"Angebot{number} gesucht" in text_of(letter) for number in range(4)] == [True, True, False, False]
    seen: list[tuple[int, str]] = []
    for day in range(1, 40):
        clock.forward(days=1)
        seen += [(day, str(one["Subject"])) for one in await hagen.letters()]
    assert seen == [
        (10, "Stimmen diese 2 Angebote noch?"),  # the first question of the others
        (23, "Stimmen diese 2 Angebote noch?"),  # the last one of the first two, a week before the first ends
        (33, "Stimmen diese 2 Angebote noch?"),
    ]


async def test_one_letter_a_week(hagen: Town, clock: Clock) -> None:
    hagen.publish("eins")
    clock.forward(days=30)
    hagen.publish("zwei")
    clock.forward(days=365 - 60)
    assert len(await hagen.letters()) == 1
    hagen.publish("drei", expires_at=clock.now + timedelta(days=15))
    sent: list[int] = []
    for day in range(1, 30):
        clock.forward(days=1)
        sent += [day] * len(await hagen.letters())
    assert all(later - earlier >= 7 for earlier, later in zip([0, *sent], sent, strict=False))
    assert sent


async def test_each_organisation_gets_its_own(hagen: Town, clock: Clock) -> None:
    hagen.publish()
    other = hagen.write(workbench.add_organisation, "thw", "THW Hagen")
    silent = hagen.write(workbench.add_organisation, "verein", "Verein")
    hagen.write(organisations.set_mail, other, "thw@hagen.example")
    for owner in (other, silent):
        hagen.write(opportunities.publish, owner, workbench.offer())
    clock.forward(days=350)
    assert sorted(str(letter["To"]) for letter in await hagen.letters()) == [MAIL, "thw@hagen.example"]
    assert await hagen.letters() == []


@pytest.mark.parametrize("status", ["besetzt", "pausiert", "zurueckgezogen"])
async def test_what_is_not_open_is_not_asked_about(hagen: Town, clock: Clock, status: str) -> None:
    hagen.publish()
    clock.forward(days=300)
    hagen.publish(status=status)
    clock.forward(days=50)
    assert await hagen.letters() == []


async def test_what_ends_by_itself_is_not_asked_about(hagen: Town, clock: Clock) -> None:
    hagen.publish("frist", apply_by=date(2027, 3, 1))
    hagen.publish("projekt", end_date=date(2027, 3, 1))
    clock.forward(days=80)
    assert await hagen.letters() == []
    assert hagen.write(lambda work: work.db.scalar(select(func.count()).select_from(ReminderRow))) == 2
    hagen.publish("befristet", expires_at=clock.now + timedelta(days=70))
    clock.forward(days=45)
    assert len(await hagen.letters()) == 1


async def test_a_confirmation_begins_anew(hagen: Town, clock: Clock) -> None:
    hagen.publish()
    clock.forward(days=336)
    assert len(await hagen.letters()) == 1
    hagen.write(opportunities.confirm, hagen.owner, "lesepatin")
    for _ in range(33):
        clock.forward(days=10)
        assert await hagen.letters() == []
    clock.forward(days=6)
    assert len(await hagen.letters()) == 1


async def test_a_late_address_gets_one_letter(hagen: Town, clock: Clock) -> None:
    hagen.write(organisations.forget_mail, hagen.owner)
    hagen.publish()
    clock.forward(days=353)
    assert await hagen.letters() == []
    hagen.write(organisations.set_mail, hagen.owner, MAIL)
    for day in range(12):
        assert len(await hagen.letters()) == (day == 0), day
        clock.forward(days=1)


async def test_nothing_is_noted_longer_than_it_counts(hagen: Town, clock: Clock) -> None:
    hagen.publish()
    clock.forward(days=340)
    await hagen.letters()
    assert hagen.write(actions.erase_old) == 0
    clock.forward(days=30)
    assert hagen.write(actions.erase_old) == 1


async def test_a_crash_loses_and_doubles_nothing(hagen: Town, clock: Clock) -> None:
    def die(work: Work) -> None:
        assert actions.remind(work) == 1
        raise ZeroDivisionError

    hagen.publish()
    clock.forward(days=340)
    with pytest.raises(ZeroDivisionError):
        hagen.write(die)
    assert hagen.write(waiting) == []
    assert len(await hagen.letters()) == 1
    assert await hagen.letters() == []


async def test_workers_at_once_send_one_letter(hagen: Town, instance: Instance, clock: Clock) -> None:
    for handle in ("aaa", "bbb", "ccc"):
        owner = hagen.write(workbench.add_organisation, handle, f"Verein {handle}")
        hagen.write(organisations.set_mail, owner, f"{handle}@verein.example")
        hagen.write(opportunities.publish, owner, workbench.offer())
    clock.forward(days=340)
    others = [workbench.open_workshop(instance.workshop.settings, clock) for _ in range(3)]
    begin = threading.Barrier(4)
    written: list[int] = []

    def work_once(number: int) -> None:
        begin.wait()
        written.append([instance.workshop, *others][number].write_now(actions.remind))

    threads = [threading.Thread(target=work_once, args=(number,)) for number in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sum(written) == 3
    assert len({job.argument for job in hagen.write(waiting)}) == len(hagen.write(waiting)) == 3
    for other in others:
        await other.close()


async def test_a_letter_is_bounded(hagen: Town, clock: Clock, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(actions, "OFFERS", 3)
    for number in range(5):
        hagen.publish(f"angebot{number}")
    clock.forward(days=336)
    (first,) = await hagen.letters()
    assert await hagen.letters() == []
    clock.forward(days=7)
    (second,) = await hagen.letters()
    named = [f"Angebot{number} gesucht" for number in range(5)]
    assert [sum(one in text_of(letter) for one in named) for letter in (first, second)] == [3, 2]
