"""`ehrenamt stale …` and reports of visitors as an operator meets them."""

import json
from pathlib import Path

import pytest

from fediverse_ehrenamt.doubts import actions
from fediverse_ehrenamt.instance import open_instance
from fediverse_ehrenamt.moderation import actions as moderation
from fediverse_ehrenamt.search import store as search
from fediverse_ehrenamt.settings import Settings
from fediverse_ehrenamt.work import Work
from tests.alerts.test_alerts import offer
from tests.commands import run


def test_a_coordinator_sees_what_is_doubted_and_clears_it(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    run("init", "--name", "Ehrenamt Hagen", "--url", "https://ehrenamt.hagen.example")
    remote = offer(1)

    def fill(work: Work) -> None:
        search.put(work, [remote])
        actions.doubt(work, remote.id, "192.0.2.1", "besetzt")
        moderation.complain(work, remote, "Das ist Betrug.", "", "de")

    open_instance(Settings.from_environment()).workshop.write_now(fill)
    assert "Kein Angebot" in run("stale", "list").output
    listed = run("stale", "list", "--all").output
    for said in (remote.id, "Vorlesen 1 (Bücherei)", "Ist schon besetzt: 1", "aus dem Portal a.example"):
        assert said in listed
    assert json.loads(run("stale", "list", "--all", "--json").output)[0]["reasons"] == {"besetzt": 1}
    assert "1 Hinweis vergessen" in run("stale", "clear", remote.id).output
    assert json.loads(run("stale", "list", "--all", "--json").output) == []
    assert "gibt es" in run("stale", "clear", "gibtesnicht", ends=1).output
    assert "jemand, der die Seite besuchte: Das ist Betrug." in run("report", "list").output
    assert "von jemand, der die Seite besuchte" in run("report", "show", "1").output
