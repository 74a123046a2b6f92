"""The address of an organisation from the command line, and a letter that was refused, as an operator sees them."""

import asyncio
import json
from collections.abc import Callable
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from fediverse_ehrenamt import cli
from fediverse_ehrenamt.instance import open_instance
from fediverse_ehrenamt.jobs import queue
from fediverse_ehrenamt.jobs.queue import Outcome
from fediverse_ehrenamt.kit.errors import Rejected
from fediverse_ehrenamt.mail import sending
from fediverse_ehrenamt.settings import Settings
from fediverse_ehrenamt.work import Work
from tests.mail.test_letters import letter

Run = Callable[..., Result]


@pytest.fixture
def run(begun: Path, monkeypatch: pytest.MonkeyPatch) -> Run:
    """Run commands in a folder with a new instance."""
    monkeypatch.chdir(begun)
    for name in ("URL", "HANDLE_DOMAIN", "DATA", "DATABASE_URL", "SECRET", "SMTP_URL", "MAIL_FROM"):
        monkeypatch.delenv(f"EHRENAMT_{name}", raising=False)

    def call(*words: str, ends: int = 0) -> Result:
        result = CliRunner(env={"EHRENAMT_ALLOWED_NETWORKS": "127.0.0.0/8"}).invoke(cli.main, list(words))
        assert result.exit_code == ends, result.output
        return result

    call("init", "--name", "Ehrenamt Hagen", "--url", "http://127.0.0.1:8099")
    return call


def test_the_address_of_an_organisation(run: Run) -> None:
    assert "keine Mailadresse" in run("organisation", "add", "thw", "THW Hagen", "--mail", "thw", ends=1).stderr
    added = run("organisation", "add", "thw", "THW Hagen", "--mail", "thw@hagen.example", "--json").output
    assert "thw@hagen.example" not in added, "it is shown where it is asked for, and nowhere else"
    assert run("organisation", "mail", "thw").output == "thw@hagen.example\n"
    assert run("organisation", "mail", "thw", "post@thw.example").output == "post@thw.example\n"
    assert "richtig wäre" in run("organisation", "mail", "thw", "post@thw", ends=1).stderr
    run("organisation", "mail", "thw", "post@thw.example", "--remove", ends=2)
    assert run("organisation", "mail", "thw", "--remove").output == "Keine Mailadresse.\n"
    assert json.loads(run("organisation", "mail", "thw", "--json").output) == {"handle": "thw", "mail": ""}
    assert "gibt es hier nicht" in run("organisation", "mail", "verein", ends=1).stderr


def test_a_refused_letter_is_shown_and_tried_again(run: Run) -> None:
    def refused(work: Work) -> None:
        sending.post(work, letter())
        (lane,) = queue.claim(work, 1)
        queue.settle(work, [[Outcome(lane.jobs[0], Rejected("vorstand@verein.example: 550 unknown"))]])

    workshop = open_instance(Settings.from_environment()).workshop
    workshop.write_now(refused)
    asyncio.run(workshop.close())
    assert "1 aufgegeben  vorstand@verein.example: 550 unknown" in run("jobs").output
    assert run("peers").output.startswith("Noch keine.")
    assert "kennt diese Instanz nicht" in run("peers", "show", "E-Mail", ends=1).stderr
    assert "✓ 1 Auftrag wird jetzt versucht" in run("replay", "E-Mail", "--given-up").output
