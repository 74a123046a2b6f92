"""People from the command line, as an operator without a mail server begins."""

import asyncio
import json
import re
from collections.abc import Callable
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from fediverse_ehrenamt import cli
from fediverse_ehrenamt.accounts import factors
from fediverse_ehrenamt.instance import open_instance
from fediverse_ehrenamt.settings import Settings

Run = Callable[..., Result]
URL = "http://127.0.0.1:8099"


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

    call("init", "--name", "Ehrenamt Hagen", "--url", URL)
    call("organisation", "add", "thw", "THW Hagen")
    return call


def test_people_are_added_listed_and_removed(run: Run) -> None:
    assert "Noch keine" in run("person", "list").output
    added = run("person", "add", "olga@b.de", "--name", "Olga", "--role", "operator", "--role", "moderator")
    assert re.search(rf"{URL}/anmelden/[a-z2-7]{{32}}$", added.output.strip())
    assert "schon ein Konto" in run("person", "add", "olga@b.de", "--name", "Olga", ends=1).stderr
    assert "richtig wäre" in run("person", "add", "olga", "--name", "Olga", ends=1).stderr
    run("person", "add", "x@b.de", "--name", "X", "--role", "owner", ends=2)
    assert "noch nie angemeldet" in run("person", "list").output
    (listed,) = json.loads(run("person", "list", "--json").output)
    assert (listed["mail"], listed["name"], listed["seen_on"]) == ("olga@b.de", "Olga", None)
    assert [grant["role"] for grant in listed["grants"]] == ["moderator", "operator"]
    assert "anmelden/" in run("person", "link", "olga@b.de").output
    assert "gibt es nicht" in run("person", "link", "bert@b.de", ends=1).stderr
    assert "Betrieb des Portals" in run("person", "remove", "olga@b.de", ends=1).stderr
    assert json.loads(run("person", "add", "b@b.de", "--name", "B", "--json").output)["link"].startswith(URL)
    assert "gelöscht: b@b.de" in run("person", "remove", "b@b.de").output


def test_who_lost_telephone_and_codes_is_let_in_again(run: Run) -> None:
    added = json.loads(run("person", "add", "b@b.de", "--name", "B", "--json").output)
    workshop = open_instance(Settings.from_environment()).workshop
    workshop.write_now(factors.start, added["id"])
    assert run("keys", "reencrypt").output == "✓ Alle sind es schon.\n"
    assert workshop.read_now(factors.secret, added["id"])
    run("person", "link", "b@b.de")
    assert workshop.read_now(factors.secret, added["id"])
    run("person", "link", "b@b.de", "--without-code")
    assert workshop.read_now(factors.secret, added["id"]) == ""
    asyncio.run(workshop.close())


def test_roles_are_given_and_taken(run: Run) -> None:
    run("person", "add", "b@b.de", "--name", "Bert")
    assert "coordinator" in run("person", "role", "b@b.de", "coordinator").output
    assert "owner http" in run("person", "role", "b@b.de", "owner", "--organisation", "thw").output
    run("person", "role", "b@b.de", "owner", ends=2)
    run("person", "role", "b@b.de", "operator", "--organisation", "thw", ends=2)
    assert "gibt es hier nicht" in run("person", "role", "b@b.de", "owner", "--organisation", "x", ends=1).stderr
    run("person", "role", "b@b.de", "coordinator", "--remove")
    run("person", "role", "b@b.de", "owner", "--organisation", "thw", "--remove")
    assert json.loads(run("person", "list", "--json").output)[0]["grants"] == []


def test_an_invitation_is_shown_where_no_letter_can_go(run: Run) -> None:
    said = run("person", "invite", "e@b.de", "--organisation", "thw", "--role", "owner").output
    assert re.search(rf"{URL}/einladung/[a-z2-7]{{32}}$", said.strip())
    assert json.loads(run("person", "invite", "e@b.de", "--organisation", "thw", "--json").output)["role"] == "editor"
    run("person", "invite", "e@b.de", ends=2)
