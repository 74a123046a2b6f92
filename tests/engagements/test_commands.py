"""`ehrenamt enquiry …` as a coordinator types it, and a new secret for what is sealed."""

import json
from collections.abc import Iterator
from pathlib import Path

import pytest
from sqlalchemy import select

from fediverse_ehrenamt.engagements import actions, rules, store
from fediverse_ehrenamt.engagements.model import EnquiryRow
from fediverse_ehrenamt.instance import open_instance
from fediverse_ehrenamt.jobs.model import JobRow
from fediverse_ehrenamt.opportunities import actions as opportunities
from fediverse_ehrenamt.organisations import actions as organisations
from fediverse_ehrenamt.settings import Settings
from fediverse_ehrenamt.work import Work
from tests import workbench
from tests.commands import run


@pytest.fixture
def page(begun: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[str]:
    """The address of an offer of an instance in this folder."""
    monkeypatch.chdir(begun)
    run("init", "--name", "Ehrenamt Hagen", "--url", "https://ehrenamt.hagen.example")

    def publish(work: Work) -> str:
        owner = workbench.add_organisation(work)
        organisations.set_mail(work, owner, "info@buecherei.example")
        return opportunities.publish(work, owner, workbench.offer()).page

    workshop = open_instance(Settings.from_environment()).workshop
    yield f"https://ehrenamt.hagen.example/angebote/{workshop.write_now(publish)}-lesepatin"
    workshop.engines.close()


def add(page: str, *more: str) -> int:
    said = run("enquiry", "add", page, "--name", "Berta", "--phone", "02331 2070", *more, "--json")
    return int(json.loads(said.stdout)["id"])


def rows() -> list[EnquiryRow]:
    workshop = open_instance(Settings.from_environment()).workshop
    found = workshop.read_now(lambda work: list(work.db.scalars(select(EnquiryRow))))
    workshop.engines.close()
    return found


def letters() -> int:
    workshop = open_instance(Settings.from_environment()).workshop
    found = workshop.read_now(
        lambda work: len(work.db.scalars(select(JobRow).where(JobRow.name == "send_letter")).all())
    )
    workshop.engines.close()
    return found


def test_a_coordinator_enters_answers_and_closes(page: str) -> None:
    assert "Keine Anfragen." in run("enquiry", "list").stdout
    number = add(page, "--text", "Ich habe kein Internet.", "--time", "mo-abends")
    assert letters() == 1, "the organisation has it at once"
    assert "neu" in run("enquiry", "list", "--organisation", "buecherei", "--state", "neu").stdout
    shown = run("enquiry", "show", str(number)).stdout
    for words in ("Berta", "02331 2070", "Ich habe kein Internet.", "Montag abends", "/anfrage-beantworten/"):
        assert words in shown
    assert "im Gespräch" in run("enquiry", "answer", str(number), "Wir rufen an.").stdout
    assert "zugesagt" in run("enquiry", "answer", str(number), "Gern!", "--agree").stdout
    closed = json.loads(run("enquiry", "close", str(number), "--reason", "passt_nicht", "--json").stdout)
    assert (closed["state"], closed["reason"]) == (rules.CLOSED, "passt_nicht")
    shown = run("enquiry", "show", str(number)).stdout
    assert "Koordination für Stadtbücherei Hagen (zusagen):\nGern!" in shown
    assert "Grund: Es passt für beide nicht." in shown
    assert letters() == 1, "nobody has a mail address to be written to"


def test_answers_of_a_coordinator_reach_whoever_has_mail(page: str) -> None:
    number = add(page, "--mail", "berta@beispiel.de")
    run("enquiry", "answer", str(number), "Leider nein.", "--decline")
    assert letters() == 2


def test_what_is_wrong_is_said(page: str) -> None:
    assert "Telefonnummer" in run("enquiry", "add", page, "--name", "Berta", "--phone", "x", ends=1).output
    assert (
        "gibt es hier nicht"
        in run("enquiry", "add", "https://x.example/1", "--name", "Berta", "--phone", "123456", ends=1).output
    )
    run("enquiry", "add", page, "--name", "Berta", "--time", "nie", ends=2)
    assert "Nummer 9" in run("enquiry", "show", "9", ends=1).output
    number = str(add(page))
    run("enquiry", "close", number, "--reason", "doppelt")
    assert "geht nicht mehr" in run("enquiry", "close", number, "--reason", "doppelt", ends=1).output


def test_what_nobody_answers_and_what_cannot_be_brought(page: str) -> None:
    number = add(page)
    assert "Keine Anfragen." in run("enquiry", "list", "--overdue").stdout
    assert "Keine Anfragen." in run("enquiry", "list", "--unreached").stdout
    run("organisation", "mail", "buecherei", "--remove")
    assert "ohne Mailadresse" in run("enquiry", "list", "--unreached").stdout
    workshop = open_instance(Settings.from_environment()).workshop
    row = rows()[0]
    assert row.due_at is not None
    later = row.due_at + rules.OVERDUE_AFTER
    workshop.now = lambda: later
    assert [one.id for one in workshop.read_now(lambda work: store.listing(work, overdue=True))] == [number]

    def acknowledge(work: Work) -> None:
        actions.take(work, store.get(work, number, changes=True), actions.Step(rules.ORGANISATION, rules.ACKNOWLEDGE))

    workshop.write_now(acknowledge)
    assert workshop.read_now(lambda work: len(store.listing(work, overdue=True))) == 1, "read is not answered"
    run("enquiry", "answer", str(number), "Entschuldigung!")
    assert workshop.read_now(lambda work: store.listing(work, overdue=True)) == []
    workshop.engines.close()


def test_a_new_secret(page: str, monkeypatch: pytest.MonkeyPatch) -> None:
    number = add(page)
    run("enquiry", "answer", str(number), "Wir rufen an.")
    former = Settings.from_environment().secret
    monkeypatch.setenv("EHRENAMT_SECRET", "ein-ganz-anderes-geheimnis-fuer-diese-instanz")
    assert "passt nicht" in run("enquiry", "show", str(number), ends=1).output
    monkeypatch.setenv("EHRENAMT_FORMER_SECRET", former)
    assert "Wir rufen an." in run("enquiry", "show", str(number)).stdout
    assert "Anfragen neu verschlüsselt: 1." in run("keys", "reencrypt").stdout
    monkeypatch.delenv("EHRENAMT_FORMER_SECRET")
    assert "Wir rufen an." in run("enquiry", "show", str(number)).stdout
    assert "Anfragen" not in run("keys", "reencrypt").stdout
    monkeypatch.setenv("EHRENAMT_SECRET", "")
    assert "EHRENAMT_SECRET" in run("enquiry", "add", page, "--name", "Berta", "--phone", "123456", ends=1).output
