"""`ehrenamt places update`: fetched from a server, checked, in force at the next start; nothing without one."""

import json
import threading
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

import pytest

from fediverse_ehrenamt.districts import actions as districts
from fediverse_ehrenamt.districts.rules import Typed
from fediverse_ehrenamt.instance import open_instance
from fediverse_ehrenamt.places import data, gazetteer
from fediverse_ehrenamt.places.districts import District
from fediverse_ehrenamt.places.gazetteer import Spot
from fediverse_ehrenamt.settings import Settings
from tests import commands
from tests.commands import Run
from tests.places.dumps import known, line, packed

NEW = Spot("Hagen-Neuland", "NW", 51.37, 7.45, "58090", 0)


@pytest.fixture
def answers() -> dict[str, bytes]:
    """What the server answers, by path; anything else is 404."""
    return {}


@pytest.fixture
def server(answers: dict[str, bytes]) -> Iterator[str]:
    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            body = answers.get(self.path)
            self.send_response(404 if body is None else 200)
            self.end_headers()
            self.wfile.write(body or b"")

        def log_message(self, *_: object) -> None:
            pass

    with ThreadingHTTPServer(("127.0.0.1", 0), Handler) as serving:
        thread = threading.Thread(target=serving.serve_forever)
        thread.start()
        yield f"http://127.0.0.1:{serving.server_port}"
        serving.shutdown()
        thread.join()


@pytest.fixture
def run(begun: Path, monkeypatch: pytest.MonkeyPatch, server: str) -> Iterator[Run]:
    monkeypatch.chdir(begun)
    monkeypatch.setenv("EHRENAMT_PLACES_URL", f"{server}/DE.zip")
    monkeypatch.setenv("EHRENAMT_ALLOWED_NETWORKS", "127.0.0.0/8")

    commands.run("init", "--name", "Ehrenamt Hagen", "--url", "https://ehrenamt.hagen.example")
    yield commands.run
    data.prefer(begun / "nowhere")


def test_newer_places_are_fetched_and_in_force_at_the_next_start(run: Run, answers: dict[str, bytes]) -> None:
    answers["/DE.zip"] = packed(map(line, [*known(), NEW]))
    said = run("places", "update").output
    assert "1 neu, 0 entfallen" in said
    assert "CC BY 4.0" in said
    open_instance(Settings.from_environment()).workshop.engines.close()
    found = gazetteer.find("58090")
    assert found is not None
    assert found.name == "Hagen-Neuland"
    again = json.loads(run("places", "update", "--json").stdout)
    assert (again["postcodes_new"], again["places_gone"]) == (0, 0)


def test_districts_are_listed_as_the_instance_keeps_them(run: Run) -> None:
    assert "Hagen-Haspe (51.3480, 7.4180)\n" in run("places", "list").output
    assert "Keine Stadtteile bekannt" in run("places", "list", "Essen").output
    workshop = open_instance(Settings.from_environment()).workshop
    workshop.write_now(districts.learn, [District("Essen", "Werden", 51.388, 7.004, "45239")])
    workshop.write_now(districts.add, Typed("Kettwig", "Essen", "45219"))
    workshop.write_now(districts.merge, ("hagen", "emst"), ("hagen", "haspe"))
    workshop.write_now(districts.hide, ("hagen", "delstern"))
    workshop.engines.close()
    learnt, entered = reversed(run("places", "list", "Essen").output.splitlines())
    assert learnt == "Essen-Werden (51.3880, 7.0040), gelernt"
    assert entered.endswith("eingetragen")
    hagen = run("places", "list", "Hagen").output.splitlines()
    assert "Hagen-Haspe (51.3480, 7.4180), auch Emst" in hagen
    assert hagen[-1] == "Hagen-Delstern (51.3330, 7.5060), ausgeblendet"
    _, one = json.loads(run("places", "list", "Essen", "--json").stdout)
    assert (one["town"], one["name"], one["postcode"], one["learnt"]) == ("Essen", "Werden", "45239", True)
    assert (one["origin"], one["hidden"], one["aliases"]) == ("learnt", False, [])


@pytest.mark.parametrize("body", [None, b"no zip", packed(map(line, known()[:2_000]))])
def test_without_a_whole_answer_nothing_changes(
    run: Run, answers: dict[str, bytes], tmp_path: Path, body: bytes | None
) -> None:
    if body is not None:
        answers["/DE.zip"] = body
    said = run("places", "update", ends=1).output
    assert "antwortet mit 404" in said or "GeoNames" in said
    assert not list(tmp_path.rglob("*.tsv.gz"))


def test_without_a_network_a_sentence_says_so(run: Run, monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setenv("EHRENAMT_PLACES_URL", "http://127.0.0.1:9/DE.zip")
    said = run("places", "update", ends=1).output
    assert "Die bisherigen Ortsdaten gelten weiter" in said
    assert "Traceback" not in said
    assert not list(tmp_path.rglob("*.tsv.gz"))
