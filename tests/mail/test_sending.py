"""Letters from a transaction to a real mail server, on both databases: sent, kept while it is down, erased."""

from collections.abc import Iterator
from dataclasses import replace

import pytest
from sqlalchemy import select

from fediverse_ehrenamt.federation import neighbours
from fediverse_ehrenamt.jobs import overview, queue
from fediverse_ehrenamt.jobs.model import JobRow
from fediverse_ehrenamt.jobs.runner import Runner
from fediverse_ehrenamt.mail import folder, sending
from fediverse_ehrenamt.wiring import HOUSEKEEPING
from fediverse_ehrenamt.work import Work, Workshop
from tests import servers
from tests.mail.postoffice import PostOffice, parsed, post_office, text_of
from tests.mail.test_letters import letter
from tests.workbench import Clock

pytestmark = pytest.mark.anyio


@pytest.fixture
def office() -> Iterator[PostOffice]:
    with post_office() as opened:
        yield opened


@pytest.fixture
def home(workshop: Workshop, office: PostOffice) -> Workshop:
    workshop.settings = replace(workshop.settings, smtp_url=f"smtp://127.0.0.1:{office.port}")
    return workshop


async def run_due(home: Workshop) -> int:
    return await Runner(home, sending.JOBS).run_due()


def jobs(work: Work) -> list[JobRow]:
    return list(work.db.scalars(select(JobRow)))


async def test_a_letter_goes_and_nothing_of_it_stays(home: Workshop, office: PostOffice) -> None:
    await home.write(sending.post, letter(text="Grüße aus der Bücherei"))
    assert await run_due(home) == 1
    (message,) = office.messages()
    assert text_of(message) == "Grüße aus der Bücherei\n"
    assert message["From"] == "Ehrenamt Hagen <ehrenamt@hagen.example>"
    assert office.taken[0].rcpt_tos == ["vorstand@verein.example"]
    assert await home.read(jobs) == []
    assert await run_due(home) == 0


async def test_a_letter_belongs_to_its_transaction(home: Workshop, office: PostOffice) -> None:
    def change_of_mind(work: Work) -> None:
        sending.post(work, letter())
        raise ZeroDivisionError

    with pytest.raises(ZeroDivisionError):
        await home.write(change_of_mind)
    assert await run_due(home) == 0
    assert office.taken == []


async def test_while_the_server_is_down_letters_wait(workshop: Workshop, clock: Clock) -> None:
    port = servers.free_port()
    workshop.settings = replace(workshop.settings, smtp_url=f"smtp://127.0.0.1:{port}")
    await workshop.write(sending.post, letter())
    assert await run_due(workshop) == 1
    (waiting,) = await workshop.read(jobs)
    assert (waiting.tries, waiting.given_up_at) == (1, None)
    clock.forward(hours=3)
    with post_office(port=port) as office:
        assert await run_due(workshop) == 1
    assert len(office.taken) == 1
    assert await workshop.read(jobs) == []


async def test_a_grey_list_holds_up_one_letter_only(home: Workshop, office: PostOffice, clock: Clock) -> None:
    office.refusals["vorstand@verein.example"] = "451 4.7.1 later"
    await home.write(sending.post, letter())
    await home.write(sending.post, letter(to="andere@verein.example"))
    assert await run_due(home) == 2
    assert [one.rcpt_tos for one in office.taken] == [["andere@verein.example"]]
    office.refusals.clear()
    clock.forward(minutes=2)
    assert await run_due(home) == 1
    assert [one.rcpt_tos for one in office.taken] == [["andere@verein.example"], ["vorstand@verein.example"]]


async def test_a_refusal_is_shown_to_the_operator(home: Workshop, office: PostOffice) -> None:
    office.refusals["vorstand@verein.example"] = "550 5.1.1 unknown"
    await home.write(sending.post, letter())
    await run_due(home)
    (lane,) = await home.read(overview.lanes)
    assert (lane.host, lane.waiting, lane.given_up) == (sending.LANE, 0, 1)
    assert lane.error.startswith("vorstand@verein.example: Der Mailserver 127.0.0.1")
    assert lane.error.endswith("lehnt ab: 550 5.1.1 unknown")
    assert await home.read(neighbours.listing) == [], "a mail server is no host of the fediverse"


async def test_a_second_copy_is_known_as_one(home: Workshop, office: PostOffice, clock: Clock) -> None:
    """A worker that dies between sending and settling leaves the letter to the next."""
    await home.write(sending.post, letter())
    ((job,),) = [lane.jobs for lane in await home.write(queue.claim, 1)]
    await sending.deliver(home, job)
    clock.forward(minutes=6)
    assert await run_due(home) == 1
    assert len({message["Message-ID"] for message in office.messages()}) == 1
    assert len(office.taken) == 2


async def test_without_a_server_letters_become_files(workshop: Workshop) -> None:
    await workshop.write(sending.post, letter(text="Guten Tag"))
    await run_due(workshop)
    (file,) = folder.place(workshop.settings).iterdir()
    assert file.name == "20261122-120000-4h7.eml"
    assert file.stat().st_mode & 0o777 == 0o600
    assert file.parent.stat().st_mode & 0o777 == 0o700
    message = parsed(file.read_bytes())
    assert (message["To"], text_of(message)) == ("vorstand@verein.example", "Guten Tag\n")
    await workshop.write(sending.post, letter(text="Guten Tag"))
    await run_due(workshop)
    assert len(list(file.parent.iterdir())) == 1


async def test_files_of_letters_are_erased_when_others_that_were_given_up_would_be(
    workshop: Workshop, clock: Clock
) -> None:
    await workshop.write(sending.post, letter())
    await run_due(workshop)
    place = folder.place(workshop.settings)
    (place / "20261122-120000-half.part").write_bytes(b"From: a power cut")
    (place / "notes.txt").write_text("of the operator")
    clock.forward(days=30)
    assert folder.erase_old in HOUSEKEEPING
    assert await workshop.write(folder.erase_old) == 0
    clock.forward(seconds=1)
    assert await workshop.write(folder.erase_old) == 2
    assert [file.name for file in place.iterdir()] == ["notes.txt"]
    place.joinpath("notes.txt").unlink()
    place.rmdir()
    assert await workshop.write(folder.erase_old) == 0


async def test_who_has_all_erased_leaves_no_file_either(workshop: Workshop) -> None:
    private = "https://hagen.example/meine-anfrage/code23/" + "x" * 60
    for number, (to, text) in enumerate([("anna@b.de", "Hallo"), ("Verein@b.de", private), ("c@b.de", "Guten Tag")]):
        await workshop.write(sending.post, letter(id=f"{number}", to=to, text=text))
    await run_due(workshop)

    def left() -> set[str]:
        files = folder.place(workshop.settings).iterdir()
        return {str(parsed(file.read_bytes())["To"]) for file in files}

    assert left() == {"anna@b.de", "Verein@b.de", "c@b.de"}
    await workshop.write(sending.forget_about, ["meine-anfrage"], ["code2"])
    await workshop.write(sending.forget_about, ["meine-anfrage"], [])
    await workshop.write(sending.forget, "nna@b.de")
    assert len(left()) == 3
    await workshop.write(sending.forget_about, ["meine-anfrage"], ["code23"])
    assert left() == {"anna@b.de", "c@b.de"}
    await workshop.write(sending.forget, "anna@b.de")
    assert left() == {"c@b.de"}


async def test_a_folder_that_cannot_be_written_keeps_letters(workshop: Workshop) -> None:
    folder.place(workshop.settings).write_text("a file in its place")
    await workshop.write(sending.post, letter())
    await run_due(workshop)
    (waiting,) = await workshop.read(jobs)
    assert waiting.given_up_at is None
    assert "lassen sich nicht" in waiting.error
