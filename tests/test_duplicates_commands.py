"""`ehrenamt duplicates …` as a coordinator meets it: what waits, both texts side by side, verdicts, faults."""

import json
from pathlib import Path

import pytest

from fediverse_ehrenamt.instance import open_instance
from fediverse_ehrenamt.settings import Settings
from tests import commands
from tests.commands import Run
from tests.duplicates.making import TEXT, document, put, shown


@pytest.fixture
def run(begun: Path, monkeypatch: pytest.MonkeyPatch) -> Run:
    """Run a command in-process in a folder with an instance that holds two doubtful pairs' listings."""
    monkeypatch.chdir(begun)

    commands.run("init", "--name", "Ehrenamt Hagen", "--url", "https://ehrenamt.hagen.example")
    return commands.run


def fill() -> None:
    text = TEXT.replace("Bilderbücher", "dicke Bücher")
    copy = document(2, "b.example", title="Vorlesen\x1b[31m\nim Haus", text=text, when="dienstags")
    put(open_instance(Settings.from_environment()).workshop, document(), copy)


def _shown() -> dict[str, tuple[str, ...]]:
    return shown(open_instance(Settings.from_environment()).workshop)


def test_what_waits_is_shown_and_decided(run: Run) -> None:
    assert "Nichts wartet" in run("duplicates", "list").output
    fill()
    (pair,) = json.loads(run("duplicates", "list", "--json").output)
    assert pair["state"] == "waiting"
    assert 0.6 <= pair["score"] < 1.0
    number = str(pair["id"])
    listed = run("duplicates", "list").output
    assert number in listed
    assert "wartet" in listed
    assert "„Vorlesen im Haus“ von Stadtbücherei Hagen (b.example)".replace(" im", "[31m im") in listed
    assert "\x1b" not in listed
    side_by_side = run("duplicates", "show", number).output
    for words in ("[Bilderbücher]", "[dicke Bücher]", "≠", "dienstags", "a.example", "b.example", "Organisation 1.00"):
        assert words in side_by_side
    assert len(json.loads(run("duplicates", "show", number, "--json").output)["listings"]) == 2

    assert "1 Paare sind dasselbe" in run("duplicates", "same", number).output
    assert len(_shown()) == 1
    assert "Nichts wartet" in run("duplicates", "list", "--waiting").output
    assert "dasselbe" in run("duplicates", "list", "--all").output
    assert "Befehlszeile" in run("duplicates", "show", number).output
    run("duplicates", "different", number)
    assert len(_shown()) == 2
    assert "verschieden" in run("duplicates", "list", "--all").output
    run("duplicates", "reset", number)
    assert "wartet" in run("duplicates", "list").output


@pytest.mark.parametrize("verb", ["show", "same", "different", "reset"])
def test_faults_are_sentences(run: Run, verb: str) -> None:
    assert "Dieses Paar gibt es nicht (mehr): 4711" in run("duplicates", verb, "4711", ends=1).output
    run("duplicates", verb, "keine-zahl", ends=2)
    run("duplicates", verb, ends=2)
