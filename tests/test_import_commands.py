"""`ehrenamt import …` as an operator meets it: short form, preview, dry run, JSON, confirmation, sentences."""

import json
from collections.abc import Callable
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from fediverse_ehrenamt import cli
from tests.listings.reading import SAMPLES
from tests.listings.test_workbooks import workbook

Run = Callable[..., Result]
LIST = str(SAMPLES / "freinet.csv")


@pytest.fixture
def run(begun: Path, monkeypatch: pytest.MonkeyPatch) -> Run:
    """Run a command in-process in a folder with an instance that is set up."""
    monkeypatch.chdir(begun)

    def call(*words: str, ends: int = 0) -> Result:
        result = CliRunner(env={"EHRENAMT_ALLOWED_NETWORKS": "127.0.0.0/8"}).invoke(cli.main, list(words))
        if result.exception and not isinstance(result.exception, SystemExit):
            raise result.exception
        assert result.exit_code == ends, result.output
        return result

    call("init", "--name", "Ehrenamt Hagen", "--url", "http://127.0.0.1:8099")
    call("organisation", "add", "agentur", "Freiwilligenagentur Hagen")
    return call


def test_from_the_preview_to_what_is_found(run: Run) -> None:
    preview = run("import", LIST, "--preview").output
    assert 'title: "angebotsname"' in preview
    assert "# nicht veröffentlicht (Personen): telefon" in preview
    dry = run("import", LIST, "--organisation", "agentur", "--dry-run").output
    assert dry.startswith("Probelauf")
    assert "Zusammen: 3 neu, 2 fehlerhaft." in dry
    assert "von der Maschine verstanden: Zeiten: " in dry
    assert "availability" not in dry
    assert run("import", "list").output.startswith("Noch keiner")
    found = json.loads(run("import", LIST, "--organisation", "agentur", "--every", "24", "--json").stdout)
    assert found["counts"]["new"] == 3
    failed = [(one["where"], one["id"]) for one in found["entries"] if one["what"] == "failed"]
    assert failed == [("Zeile 5", "4713"), ("Zeile 6", "4714")]
    assert "3 neu" in run("import", "list").output
    assert "alle 24 Std." in run("import", "list").output
    assert "3 unverändert" in run("import", "run", "1").output
    shown = run("import", "show", "1").output
    assert "import1-4712" in shown
    assert "Bereich: Umwelt & Tiere (" in shown
    assert "Bereich: Umwelt & Tiere (" in run("import", "confirm", "import1-4712").output
    assert "import1-4712" not in run("import", "show", "1").output
    assert "3 Einträge zurückgezogen" in run("import", "remove", "1").output
    assert json.loads(run("import", "list", "--json").stdout) == []


def test_what_was_wrong_is_shown_later_in_the_words_of_the_forms(run: Run, tmp_path: Path) -> None:
    file = tmp_path / "liste.csv"
    file.write_text("Nr;Angebot;Beschreibung\n1;X;Wir singen zusammen im Chor.\n2;Chor;Wir singen.\n")
    said = run("import", str(file), "--organisation", "agentur").output
    shown = run("import", "show", "1").output
    for text in (said, shown):
        assert "Titel:" in text
        assert "title:" not in text
    assert "✗ Zeile 2: Titel:" in shown
    (problem,) = json.loads(run("import", "show", "1", "--json").stdout)["problems"]
    assert problem.startswith("Zeile 2: ")


def test_an_edit_by_publish_stays(run: Run, tmp_path: Path) -> None:
    run("import", LIST, "--organisation", "agentur")
    file = tmp_path / "meins.yaml"
    file.write_text(
        "organisation: agentur\nopportunities:\n  - id: import1-4711\n    title: Lesepatin in Haspe\n"
        "    kind: regelmaessig\n    areas: [schule_kita]\n    text: Einmal in der Woche lesen Sie Kindern vor.\n"
    )
    run("publish", str(file))
    again = run("import", "run", "1").output
    assert "hier geändert: Titel („Lesepatin in Haspe“); Quelle sagt „Lesepate für die Grundschule“" in again


def test_a_workbook_with_a_mapping(run: Run, tmp_path: Path) -> None:
    book, mapping = tmp_path / "liste.xlsx", tmp_path / "spalten.yaml"
    book.write_bytes(
        workbook(
            [["Unser Wunsch", "Genauer", "Ansprechpartner"], ["Gartenhilfe", "Sie gießen Blumen im Park.", "Frau M."]]
        )
    )
    assert "keine ist als Titel zu erkennen" in run("import", str(book), "--organisation", "agentur", ends=1).output
    preview = run("import", str(book), "--preview").output
    assert "# nicht gelesen: Unser Wunsch" in preview
    assert "# nicht veröffentlicht (Personen): Ansprechpartner" in preview
    mapping.write_text("title: Unser Wunsch\ntext: Genauer\n")
    assert "1 neu" in run("import", str(book), "--organisation", "agentur", "--mapping", str(mapping)).output
    # The columns are remembered; the number of what could not be read is given to nothing else.
    assert "1 unverändert" in run("import", "run", "2").output


def test_what_cannot_be_done_is_a_sentence(run: Run, tmp_path: Path) -> None:
    assert "gibtsnicht.csv" in run("import", "gibtsnicht.csv", "--organisation", "agentur", ends=1).output
    (tmp_path / "seite.html").write_text("<!doctype html><html><body>nichts</body></html>")
    assert "JSON-LD" in run("import", "seite.html", "--organisation", "agentur", ends=1).output
    assert "Vorhanden: agentur" in run("import", LIST, "--organisation", "niemand", ends=1).output
    assert "gibt es nicht" in run("import", "run", "7", ends=1).output
    assert "gibt es nicht" in run("import", "remove", "7", ends=1).output
    assert "hat kein Import" in run("import", "confirm", "import1-1", ends=1).output
    run("import", "run", "eins", ends=2)
    assert run("import", "list").output.startswith("Noch keiner")
