"""Hosts and jobs in the browser, on both databases: seen, tried again, given up; what is in them stays unseen."""

import pytest
from sqlalchemy import select

from fediverse_ehrenamt import wiring
from fediverse_ehrenamt.admin import jobs as pages_of_jobs
from fediverse_ehrenamt.admin import network
from fediverse_ehrenamt.audit import store as log
from fediverse_ehrenamt.audit.rules import Did
from fediverse_ehrenamt.audit.store import Wanted
from fediverse_ehrenamt.instance import Instance
from fediverse_ehrenamt.jobs import overview, queue
from fediverse_ehrenamt.jobs.model import JobRow, LaneRow
from fediverse_ehrenamt.jobs.queue import NewJob
from fediverse_ehrenamt.mail import sending
from fediverse_ehrenamt.web import i18n
from fediverse_ehrenamt.work import Work
from tests.accounts.house import House
from tests.workbench import Clock, add_follower, instance_actor

pytestmark = pytest.mark.anyio
NETWORK, JOBS = "/verwaltung/netz", "/verwaltung/auftraege"
FAULTY = "kaputt.example"
SECRET = "anna@privat.example"


@pytest.fixture
def hagen(instance: Instance, clock: Clock) -> House:
    made = House(instance, clock)
    made.write(furnish)
    return made


@pytest.fixture
def olga(hagen: House) -> str:
    return hagen.add_operator().id


def test_every_kind_of_job_has_a_name() -> None:
    words = i18n.language("en")
    assert [name for name in wiring.JOBS if pages_of_jobs.name_of(name, words) == name] == []


def furnish(work: Work) -> None:
    """Let two jobs have failed at one host, one of them for good, and others wait; a letter is among them."""
    queue.enqueue(
        work,
        [
            *[NewJob(FAULTY, "deliver", SECRET, key=str(one)) for one in range(3)],
            NewJob("gut.example", "read_outbox", "https://gut.example/a"),
            NewJob(sending.LANE, sending.JOB, SECRET),
        ],
    )
    first, second, *_ = jobs(work)
    first.tries, first.error, first.given_up_at = 12, "antwortet 404", work.now
    second.tries, second.error = 2, "keine Antwort"
    lane = work.db.get_one(LaneRow, FAULTY)
    lane.last_error = "keine Antwort"
    add_follower(work, instance_actor(work), "https://gut.example/users/a")


def jobs(work: Work) -> list[JobRow]:
    return list(work.db.scalars(select(JobRow).order_by(JobRow.id)))


def states(hagen: House) -> list[tuple[str, int, bool]]:
    return [(one.host, one.tries, one.given_up_at is not None) for one in hagen.write(jobs)]


def noted(hagen: House) -> list[tuple[Did, str, str, str]]:
    return [(one.did, one.label, one.uri, one.detail) for one in hagen.write(log.listing, Wanted())]


async def test_hosts_are_listed_and_narrowed(hagen: House, olga: str) -> None:
    async with hagen.visit(olga) as browser:
        every = (await browser.get(NETWORK)).text
        faulty = (await browser.get(NETWORK, params={"nur": "probleme"})).text
        found = (await browser.get(NETWORK, params={"host": "GUT"})).text
        nothing = (await browser.get(NETWORK, params={"host": "x" * 900, "seite": "99999"})).text
    assert every.index(FAULTY) < every.index("gut.example"), "the fullest queue first"
    assert "2 offen, 1 davon misslungen, 1 aufgegeben" in every
    assert "1 Konto folgt uns" in every
    assert "ehrenamt keys rotate" in every
    assert "keine Antwort" in faulty
    assert "gut.example" not in faulty
    assert FAULTY not in found
    assert "mit keinem anderen Server zu tun" in nothing


async def test_a_host_is_tried_again(hagen: House, olga: str) -> None:
    async with hagen.visit(olga) as browser:
        page = (await browser.get(network.href(FAULTY))).text
        again = await browser.post(f"{NETWORK}/host/erneut", host=FAULTY)
        told = (await browser.get(again.headers["location"])).text
        assert states(hagen)[0] == (FAULTY, 12, True)
        await browser.post(f"{NETWORK}/host/erneut", host=FAULTY, aufgegeben="ja")
        stray = await browser.post(f"{NETWORK}/host/erneut", host="nirgends.example")
        every = await browser.post(f"{NETWORK}/erneut")
    assert "antwortet 404" in page
    assert "Zustellen" in page
    assert "12 Versuche" in page
    assert SECRET not in page
    assert "2 Aufträge werden jetzt noch einmal versucht." in told
    assert states(hagen)[0] == (FAULTY, 0, False), "begun anew"
    assert stray.status_code == 404
    assert every.headers["location"].endswith("anzahl=5")
    assert noted(hagen) == [
        (Did.SENT_AGAIN, "alle Hosts", "alle Hosts", "Aufträge: 5"),
        (Did.SENT_AGAIN, FAULTY, FAULTY, "Aufträge: 3"),
        (Did.SENT_AGAIN, FAULTY, FAULTY, "Aufträge: 2"),
    ]


async def test_a_host_is_given_up_after_a_question(hagen: House, olga: str) -> None:
    async with hagen.visit(olga) as browser:
        asked = (await browser.get(f"{NETWORK}/host/aufgeben", params={"host": FAULTY})).text
        assert sum(ended for _, _, ended in states(hagen)) == 1
        done = await browser.post(f"{NETWORK}/host/aufgeben", host=FAULTY)
        await browser.post(f"{NETWORK}/host/aufgeben", host=FAULTY)
        told = (await browser.get(done.headers["location"])).text
    assert "2 Aufträge warten dort." in asked
    assert "2 Aufträge sind aufgegeben." in told
    assert "Von Hand aufgegeben" in told
    assert [ended for _, _, ended in states(hagen)] == [True, True, True, False, False]
    assert noted(hagen) == [(Did.GIVEN_UP, FAULTY, FAULTY, "Aufträge: 2")]


async def test_jobs_are_listed_by_kind_and_state(hagen: House, olga: str) -> None:
    async with hagen.visit(olga) as browser:
        every = (await browser.get(JOBS)).text
        ended = (await browser.get(JOBS, params={"zustand": "aufgegeben"})).text
        failing = (await browser.get(JOBS, params={"zustand": "misslungen"})).text
        letters = (await browser.get(JOBS, params={"art": sending.JOB})).text
        there = (await browser.get(JOBS, params={"host": "gut.example", "art": "unsinn", "zustand": "unsinn"})).text
    assert every.count("/erneut") == 5
    assert every.count("/aufgeben") == 4
    assert SECRET not in every, "what is in a letter is nobody's business"
    assert "E-Mail schicken" in letters
    for text, count in ((ended, 1), (failing, 1), (letters, 1), (there, 1)):
        assert text.count("/erneut") == count
    assert "antwortet 404" in ended
    assert "keine Antwort" in failing


async def test_one_job_is_tried_again_or_given_up(hagen: House, olga: str) -> None:
    first, second, *_ = (one.id for one in hagen.write(jobs))
    async with hagen.visit(olga) as browser:
        await browser.get(JOBS)
        again = await browser.post(f"{JOBS}/{first}/erneut")
        ended = await browser.post(f"{JOBS}/{second}/aufgeben")
        told = (await browser.get(again.headers["location"])).text
        gone = [await browser.post(f"{JOBS}/{number}/erneut") for number in ("999999", "x", "9" * 40)]
    assert "wird jetzt noch einmal versucht" in told
    assert ended.headers["location"].endswith("aufgegeben")
    assert [one.status_code for one in gone] == [404, 404, 404]
    assert states(hagen)[:2] == [(FAULTY, 0, False), (FAULTY, 2, True)]
    assert hagen.write(jobs)[1].error == "keine Antwort"
    label = f"{FAULTY}: Zustellen"
    assert noted(hagen) == [
        (Did.GIVEN_UP, label, FAULTY, "1 Auftrag"), (Did.SENT_AGAIN, label, FAULTY, "1 Auftrag"),
    ]  # fmt: skip


async def test_lists_are_paged(hagen: House, olga: str) -> None:
    hagen.write(_many)
    async with hagen.visit(olga) as browser:
        hosts = (await browser.get(NETWORK, params={"host": "viele"})).text
        beyond = (await browser.get(NETWORK, params={"host": "viele", "seite": "2"})).text
        listed = (await browser.get(JOBS, params={"art": "identify"})).text
        older = (await browser.get(JOBS, params={"art": "identify", "seite": "2"})).text
    assert "51 Server" in hosts
    assert f'href="{NETWORK}?host=viele&amp;seite=2"' in hosts
    assert beyond.count("host?host=") == 1
    assert listed.count("/erneut") == overview.LISTED
    assert older.count("/erneut") == 1
    assert "Nächste Seite" not in older


def _many(work: Work) -> None:
    queue.enqueue(work, [NewJob(f"viele{number:02}.example", "identify", "x") for number in range(network.LISTED + 1)])
