"""`ehrenamt page …` as an operator meets it."""

import json
from pathlib import Path

import pytest

from tests.commands import run


@pytest.fixture(autouse=True)
def _folder(begun: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(begun)
    run("init", "--name", "Ehrenamt Hagen", "--url", "https://ehrenamt.hagen.example")


def test_a_text_is_a_template_for_its_successor(tmp_path: Path) -> None:
    template = run("page", "show", "impressum").output
    assert template.startswith("# Impressum\n")
    file = tmp_path / "impressum.md"
    file.write_text("# Impressum\n\n[[Anschrift]] <b>fett</b>", encoding="utf-8")
    said = run("page", "set", "impressum", str(file)).output
    assert "✓ „impressum“ (de) ist übernommen: " in said
    assert "Noch auszufüllen: Anschrift" in said
    assert "Weggelassen, weil hier nur Markdown ohne Bilder und HTML gilt: <b>" in said
    listed = run("page", "list").output
    assert "eigener Text vom " in listed
    assert "; noch auszufüllen: 1" in listed
    assert "mitgelieferter Text" in listed
    file.write_text("Ganz neu", encoding="utf-8-sig")
    assert json.loads(run("page", "set", "impressum", str(file), "--json").output)["gaps"] == []
    assert "Es gilt wieder die Fassung vom " in run("page", "undo", "impressum").output
    assert "✓ „impressum“ (de) ist zurückgesetzt" in run("page", "reset", "impressum").output
    shown = json.loads(run("page", "show", "impressum", "--json").output)
    assert (shown["edited_at"], shown["earlier"]) == (None, 1)
    assert "[[Anschrift]]" in json.loads(run("page", "undo", "impressum", "--json").output)["source"]
    assert "✓ Es gilt wieder der mitgelieferte Text." in run("page", "undo", "impressum").output
    assert "nichts geändert" in run("page", "undo", "impressum", ends=1).output


def test_files_that_are_no_texts_are_refused_in_a_sentence(tmp_path: Path) -> None:
    file = tmp_path / "regeln.md"
    for content, said in (
        (b"\xff\xfe\x00", "regeln.md ist kein Text in UTF-8; bitte so speichern"),
        ("ä".encode() * 100_001, "mehr als 50000 werden es nicht"),
        (b"x" + "ä".encode() * 100_001, "mehr als 50000 werden es nicht"),
        (b"", "ist leer"),
    ):
        file.write_bytes(content)
        assert said in run("page", "set", "regeln", str(file), ends=1).output
    assert "möglich sind impressum" in run("page", "show", "kontakt", ends=1).output
    assert (
        "Eine Organisation „niemand“ gibt es hier nicht"
        in run("page", "show", "impressum", "--organisation", "niemand", ends=1).output
    )


def test_check_says_what_the_operator_has_to_fill_in(tmp_path: Path) -> None:
    said = run("check", ends=1).output
    assert "In Texten der Instanz fehlt noch etwas (impressum: Name der Stadt" in said
    assert "barrierefreiheit: " in said
    file = tmp_path / "text.md"
    file.write_text("Alles da.", encoding="utf-8")
    for slug in ("impressum", "datenschutz", "barrierefreiheit"):
        run("page", "set", slug, str(file))
    assert "Impressum, Datenschutz und Barrierefreiheit sind ausgefüllt." in run("check", ends=1).output


def test_an_imprint_of_an_organisation(tmp_path: Path) -> None:
    run("organisation", "add", "buecherei", "Stadtbücherei Hagen")
    file = tmp_path / "impressum.md"
    file.write_text("Springe 1", encoding="utf-8")
    run("page", "set", "impressum", str(file), "--organisation", "@buecherei")
    assert "buecherei/impressum" in run("page", "list").output
    assert run("page", "show", "impressum", "--organisation", "buecherei").output == "Springe 1\n"
    assert "Springe" not in run("page", "show", "impressum").output
