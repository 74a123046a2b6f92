"""`ehrenamt block …` and `ehrenamt allow …` as an operator meets them: sentences, JSON, lists from other instances."""

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner, Result

from fediverse_ehrenamt import cli
from fediverse_ehrenamt.instance import open_instance
from fediverse_ehrenamt.settings import Settings
from fediverse_ehrenamt.work import Work
from tests import workbench
from tests.workbench import ANNA

Run = Callable[..., Result]
LIST = """#domain,#severity,#reject_media,#reject_reports,#public_comment,#obfuscate
peer.example,suspend,false,false,Spam,false
half.example,silence,true,true,,false
ev**.example,suspend,false,false,,true
old.example,suspend,false,false,,false
"""


@pytest.fixture
def run(begun: Path, monkeypatch: pytest.MonkeyPatch) -> Run:
    """Run a command in-process in a folder with an instance that is set up."""
    monkeypatch.chdir(begun)

    def call(*words: str, ends: int = 0, **environ: str) -> Result:
        env = {f"EHRENAMT_{name}": value for name, value in environ.items()}
        result = CliRunner(env=env).invoke(cli.main, list(words))
        if result.exception and not isinstance(result.exception, SystemExit):
            raise result.exception
        assert result.exit_code == ends, result.output
        return result

    call(
        "init",
        "--name",
        "Ehrenamt Hagen",
        "--url",
        "https://ehrenamt.hagen.example",
        "--handle-domain",
        "hagen.example",
    )
    return call


def fill() -> None:
    """Let the instance of this folder have a source and a follower at peer.example."""

    def write(work: Work) -> None:
        workbench.add_source(work, ANNA)
        workbench.add_follower(work, workbench.add_organisation(work), ANNA)

    open_instance(Settings.from_environment()).workshop.write_now(write)


def listed(run: Run) -> list[dict[str, Any]]:
    found: list[dict[str, Any]] = json.loads(run("block", "list", "--json").stdout)
    return found


def test_a_host_is_blocked_shown_and_freed(run: Run) -> None:
    assert "Noch keine" in run("block", "list").output
    fill()
    words = ("--reason", "Beschwerde", "--public-comment", "Spam")
    said = run("block", "add", "https://Peer.example/", *words).output
    assert said == "✓ peer.example: gesperrt. Gelöscht: 0 Einträge, 1 Folgender, 1 Quelle.\n"
    assert run("block", "list").output.split("  ")[0] == "peer.example"
    assert "gesperrt – Beschwerde – Spam" in run("block", "list").output
    (entry,) = listed(run)
    assert (entry["subject"], entry["severity"], entry["public_comment"]) == ("peer.example", "block", "Spam")
    assert "wieder frei" in run("block", "remove", "PEER.example").output
    assert listed(run) == []
    assert "keinen Eintrag" in run("block", "remove", "peer.example", ends=1).output


def test_the_other_severities_and_an_actor(run: Run) -> None:
    assert "eingeschränkt, keine Bilder" in run("block", "add", "a.example", "--limit", "--reject-media").output
    assert "sonst frei, keine Meldungen" in run("block", "add", "b.example", "--only", "--reject-reports").output
    assert f"{ANNA}: gesperrt" in run("block", "add", ANNA).output
    assert {one["subject"]: one["severity"] for one in listed(run)} == {
        "a.example": "limit",
        "b.example": "none",
        ANNA: "block",
    }
    dropped = json.loads(run("block", "add", "a.example", "--json").stdout)["dropped"]
    assert dropped == {"things": 0, "followers": 0, "sources": 0}
    assert len(listed(run)) == 3, "a second call replaces the entry"


@pytest.mark.parametrize(
    ("address", "words"),
    [
        ("de", "weder ein Host"),
        ("kein host", "weder ein Host"),
        ("peer.example/@anna", "weder ein Host"),
        ("ehrenamt.hagen.example", "diese Instanz selbst"),
        ("hagen.example", "diese Instanz selbst"),
        ("https://ehrenamt.hagen.example/ap/actor/relay", "diese Instanz selbst"),
    ],
)
def test_what_cannot_be_blocked(run: Run, address: str, words: str) -> None:
    assert words in run("block", "add", address, ends=1).output
    assert listed(run) == []


def test_only_needs_something_to_reject(run: Run) -> None:
    assert "--reject-media oder --reject-reports" in run("block", "add", "a.example", "--only", ends=1).output


def test_a_list_shows_what_it_would_do_and_does_it(run: Run, tmp_path: Path) -> None:
    file = tmp_path / "liste.csv"
    file.write_text(LIST)
    fill()
    run("block", "add", "old.example", "--limit")
    said = run("block", "import", str(file), "--dry-run").output
    assert "2 kämen hinzu, 1 war schon da, 1 übersprungen" in said
    assert "+ half.example" in said
    assert "Es endeten 1 Folgender und 1 Quelle" in said
    assert "Zeile 4: ev**.example ist verschleiert" in said
    assert len(listed(run)) == 1, "nothing was done"
    done = json.loads(run("block", "import", str(file), "--reason", "Nachbarn", "--json").stdout)
    assert done["dropped"] == {"things": 0, "followers": 1, "sources": 1}
    assert (done["known"], [one["line"] for one in done["skipped"]]) == (["old.example"], [4])
    entries = {one["subject"]: (one["severity"], one["reason"]) for one in listed(run)}
    assert entries["old.example"] == ("limit", ""), "what has an entry keeps it"
    assert entries["half.example"] == ("limit", "Nachbarn")
    assert "0 hinzugefügt, 3 waren schon da" in run("block", "import", str(file)).output


def test_a_wrong_row_stops_the_whole_list(run: Run, tmp_path: Path) -> None:
    file = tmp_path / "liste.csv"
    file.write_text(f"{LIST}kein host,suspend,false,false,,false\nb.example,verbannt,,,,\n")
    said = run("block", "import", str(file), ends=1).output
    assert "Zeile 6: „kein host“ ist kein Host" in said
    assert "Zeile 7: „verbannt“ gibt es nicht" in said
    assert listed(run) == []


def test_what_is_exported_can_be_imported(run: Run, tmp_path: Path) -> None:
    run("block", "add", "a.example", "--public-comment", "Spam, viel", "--obfuscate")
    run("block", "add", ANNA)
    result = run("block", "export")
    assert result.stdout == f'{LIST.splitlines()[0]}\na.example,suspend,false,false,"Spam, viel",true\n'
    assert "1 gesperrte" in result.stderr
    assert "a.example" not in run("block", "export", "--public").stdout
    file = tmp_path / "liste.csv"
    file.write_text(result.stdout)
    run("block", "remove", "a.example")
    run("block", "import", str(file))
    assert [one["obfuscate"] for one in listed(run)] == [True, False]


def test_the_allow_list(run: Run) -> None:
    assert "Noch keine" in run("allow", "list").output
    assert "gilt erst mit EHRENAMT_FEDERATION=allowlist" in run("allow", "add", "https://Nachbar.example/").output
    said = run("allow", "add", "freund.example", "--reason", "Kreis", FEDERATION="allowlist").output
    assert said == "✓ freund.example ist erlaubt.\n"
    assert [one["host"] for one in json.loads(run("allow", "list", "--json").stdout)] == [
        "freund.example",
        "nachbar.example",
    ]
    assert "Kreis" in run("allow", "list").output
    assert "nicht mehr auf der Liste" in run("allow", "remove", "nachbar.example").output
    assert "steht nicht auf der Liste" in run("allow", "remove", "nachbar.example", ends=1).output
    assert "kein Host" in run("allow", "add", "de", ends=1).output


def test_with_an_allow_list_a_source_elsewhere_is_refused_in_a_sentence(run: Run) -> None:
    said = run("source", "add", "https://fremd.example", ends=1, FEDERATION="allowlist").output
    assert said.startswith("✗")
    run("block", "add", "boese.example")
    assert "spricht diese Instanz nicht" in run("source", "add", "https://boese.example/users/x", ends=1).output
