"""`ehrenamt keys …` and the secret, as an operator meets them: sentences, JSON, files, exit codes."""

import json
import sqlite3
from collections.abc import Callable
from contextlib import closing
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from fediverse_ehrenamt import cli
from fediverse_ehrenamt.federation import own_keys
from fediverse_ehrenamt.kit import sealing

Run = Callable[..., Result]
SETTINGS = ("URL", "HANDLE_DOMAIN", "DATA", "DATABASE_URL", "REDIS_URL", "ALLOWED_NETWORKS", "LOG_LEVEL", "SECRET")
OWN = "ein-geheimnis-das-der-betreiber-selbst-setzt"


@pytest.fixture
def run(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Run:
    """Run a command in an empty folder, with nothing of ours set around it."""
    monkeypatch.chdir(tmp_path)
    for name in (*SETTINGS, "FORMER_SECRET"):
        monkeypatch.delenv(f"EHRENAMT_{name}", raising=False)

    def call(*words: str, ends: int = 0, **environ: str) -> Result:
        env = {f"EHRENAMT_{name}": value for name, value in ({"ALLOWED_NETWORKS": "127.0.0.0/8"} | environ).items()}
        result = CliRunner(env=env).invoke(cli.main, list(words))
        if result.exception and not isinstance(result.exception, SystemExit):
            raise result.exception
        assert result.exit_code == ends, result.output
        return result

    return call


INIT = ("init", "--name", "Ehrenamt Hagen", "--url", "http://127.0.0.1:8099")


@pytest.fixture
def ready(begun: Path, run: Run) -> Run:
    assert Path.cwd() == begun
    run(*INIT)
    run("organisation", "add", "buecherei", "Stadtbücherei Hagen")
    return run


def env_file() -> dict[str, str]:
    return dict(line.partition("=")[::2] for line in Path("ehrenamt.env").read_text().splitlines())


def private_keys() -> list[str]:
    with closing(sqlite3.connect("data/ehrenamt.sqlite")) as connection:
        rows = connection.execute("SELECT rsa_private, ed25519_private FROM local_actors WHERE rsa_private != ''")
        return [text for row in rows for text in row]


def listed(run: Run) -> dict[str, dict[str, str]]:
    return {one["handle"]: one for one in json.loads(run("keys", "list", "--json").stdout)}


def test_init_makes_a_secret(run: Run) -> None:
    assert "bitte sichern" in run(*INIT).stdout
    assert len(env_file()["EHRENAMT_SECRET"]) >= sealing.MIN_SECRET
    assert Path("ehrenamt.env").stat().st_mode & 0o777 == 0o600
    assert all(sealing.is_sealed_by(env_file()["EHRENAMT_SECRET"], text) for text in private_keys())
    assert len(private_keys()) == 2
    run("keys", "list")


def test_init_leaves_a_given_secret_where_it_is(run: Run) -> None:
    run(*INIT, SECRET=OWN)
    assert "EHRENAMT_SECRET" not in env_file()
    assert all(sealing.is_sealed_by(OWN, text) for text in private_keys())
    run("keys", "list", SECRET=OWN)
    assert "EHRENAMT_SECRET fehlt" in run("keys", "list", ends=1).stderr


def test_init_adds_the_secret_to_a_file_that_is_there(run: Run) -> None:
    Path("ehrenamt.env").write_text("EHRENAMT_LOG_LEVEL=error")
    run(*INIT)
    added = ["EHRENAMT_URL", "EHRENAMT_HANDLE_DOMAIN", "EHRENAMT_SECRET"]
    assert list(env_file()) == ["EHRENAMT_LOG_LEVEL", *added]
    assert Path("ehrenamt.env").stat().st_mode & 0o777 == 0o600
    run("keys", "list")


def test_init_once_more_changes_no_secret(ready: Run) -> None:
    before = Path("ehrenamt.env").read_text()
    assert "schon eingerichtet" in ready(*INIT, ends=1).stderr
    assert Path("ehrenamt.env").read_text() == before


@pytest.mark.parametrize("command", [("check",), ("serve",), ("organisation", "list"), ("keys", "list")])
def test_a_wrong_secret_is_a_sentence(ready: Run, command: tuple[str, ...]) -> None:
    found = ready(*command, ends=1, SECRET=OWN)
    assert "✗ EHRENAMT_SECRET passt nicht" in found.stderr
    assert "Traceback" not in found.output


def test_a_short_secret_is_a_sentence(ready: Run) -> None:
    assert "mindestens 32" in ready("check", ends=1, SECRET="kurz").stderr


def test_keys_are_listed_without_their_secret_half(ready: Run) -> None:
    ready("keys", "rotate", "buecherei")
    assert listed(ready)["relay"]["rsa_id"] == "http://127.0.0.1:8099/ap/actor/relay#main-key"
    assert listed(ready)["buecherei"]["rsa_id"].endswith("#main-key-2")
    text = ready("keys", "list").stdout
    assert "verschlüsselt" in text
    assert not any(key in text + json.dumps(listed(ready)) for key in private_keys())


def test_keys_are_replaced_one_or_all(ready: Run) -> None:
    assert "buecherei" in ready("keys", "rotate", "@buecherei").stdout
    done = json.loads(ready("keys", "rotate", "--all", "--leaked", "--json").stdout)
    assert [(one["handle"], one["rsa_id"].rpartition("#")[2]) for one in done] == [
        ("relay", "main-key-2"),
        ("buecherei", "main-key-3"),
    ]
    assert "gibt es hier nicht" in ready("keys", "rotate", "niemand", ends=1).stderr
    for wrong in ((), ("buecherei", "--all")):
        assert "entweder" in ready("keys", "rotate", *wrong, ends=2).stderr


def test_the_secret_is_changed(ready: Run) -> None:
    ready("keys", "rotate", "--all")
    old = env_file()["EHRENAMT_SECRET"]
    assert "anderen Geheimnis" in ready("keys", "list", SECRET=OWN, FORMER_SECRET=old).stdout
    assert "2 Konten" in ready("keys", "reencrypt", SECRET=OWN, FORMER_SECRET=old).stdout
    assert "schon" in ready("keys", "reencrypt", SECRET=OWN, FORMER_SECRET=old).stdout
    assert all(sealing.is_sealed_by(OWN, text) for text in private_keys())
    ready("keys", "list", SECRET=OWN)
    assert "passt nicht" in ready("keys", "list", ends=1).stderr


def test_migrate_seals_what_lay_open(ready: Run) -> None:
    from_before = "UPDATE local_actors SET rsa_private = ?, ed25519_private = ? WHERE handle = 'relay'"
    pairs = own_pairs()
    with closing(sqlite3.connect("data/ehrenamt.sqlite")) as connection, connection:
        connection.execute(from_before, pairs)
    lines = Path("ehrenamt.env").read_text().splitlines()
    Path("ehrenamt.env").write_text("\n".join(line for line in lines if "SECRET" not in line) + "\n")
    said = ready("migrate").stdout
    assert "1 Konto verschlüsselt" in said
    assert str(Path("ehrenamt.env").absolute()) in said
    assert all(sealing.is_sealed_by(env_file()["EHRENAMT_SECRET"], text) for text in private_keys())
    ready("keys", "list")
    assert "schon auf dem neuesten Stand" in ready("migrate").stdout


def own_pairs() -> tuple[str, str]:
    made = own_keys.generate()
    return made.rsa_private, made.ed25519_private
