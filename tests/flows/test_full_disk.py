"""A disk without room: a clear sentence, nothing lost, and on again as soon as there is room."""

import subprocess
import sys
from pathlib import Path

import pytest
from sqlalchemy import select

from fediverse_ehrenamt.federation.model import InstanceRow
from fediverse_ehrenamt.kit.errors import Unavailable
from fediverse_ehrenamt.search import store as documents
from fediverse_ehrenamt.work import Work
from tests import servers, towns
from tests.flows.peer import Peer
from tests.towns import Country, Town


def _pages(work: Work) -> int:
    return int(work.db.connection().exec_driver_sql("PRAGMA page_count").scalar_one())


def _limit(work: Work, pages: int) -> None:
    """Let SQLite answer as it does on a full disk: no page more than it has."""
    work.db.connection().exec_driver_sql(f"PRAGMA max_page_count = {pages}")


def _fill(town: Town) -> None:
    """Publish into the pages that are still free."""
    for number in range(50):
        town.publish(towns.opportunity(f"Nummer {number}", "Viel Text. " * 1_500, key=f"nummer-{number}"))


def test_a_full_disk_is_said_plainly_and_loses_nothing(country: Country) -> None:
    town, peer = country.town("Hagen"), Peer(country)
    town.add()
    anna = peer.actor()
    town.follow(anna)
    peer.until("Follow")
    first = towns.opportunity("Lesepatin gesucht")
    town.publish(first)
    town.until_found("Lesepatin", "Lesepatin gesucht")
    town.until_quiet()
    town.write(_limit, town.read(_pages))

    large = towns.opportunity("Märchenerzähler gesucht", "Sagen und Märchen. " * 900, key="zweites")
    with pytest.raises(Unavailable, match="kein Platz mehr; nichts wurde gespeichert"):
        _fill(town)
    with pytest.raises(Unavailable, match="kein Platz"):
        town.publish(large)
    note = peer.note(anna, "Apfelfest im Garten. " + "Mit vielen Äpfeln. " * 5_000)
    create = peer.activity("Create", anna, note)
    answer = peer.send(f"{town.url}/inbox", create)
    assert answer.status_code == 503
    assert int(answer.headers["retry-after"]) > 0
    assert town.titles("Lesepatin") == ["Lesepatin gesucht"]  # what is there is served
    assert town.titles("Märchen") == []

    town.write(_limit, 1_000_000)
    assert town.publish(large).what == "published"
    town.until_found("Märchen", "Märchenerzähler gesucht")
    assert peer.send(f"{town.url}/inbox", create).status_code == 202  # all that runs beside requests is alive
    assert town.until_handled(create["id"]) == "handled"
    town.until(lambda: bool(town.titles("Apfelfest")), "found what came when there was room")


def test_a_command_on_a_full_disk_says_so_and_changes_nothing(country: Country, tmp_path: Path) -> None:
    town = country.town("Hagen")
    town.add()
    town.publish(towns.opportunity("Lesepatin gesucht"))
    before = town.read(documents.count)
    file = tmp_path / "viele.yaml"
    text = "Ein langer Text über das Vorlesen. " * 500
    entries = [
        f"  - {{id: a-{number}, title: Angebot {number}, kind: projekt, areas: [kultur], mode: online, text: {text}}}"
        for number in range(150)
    ]
    file.write_text("organisation: buecherei\nopportunities:\n" + "\n".join(entries))
    command = f'ulimit -f 4000; exec {sys.executable} -m fediverse_ehrenamt.cli publish "$0"'
    done = subprocess.run(
        ["bash", "-c", command, file],
        env=servers.environ(**town.environ),
        cwd=town.folder,
        capture_output=True,
        text=True,
        check=False,
        timeout=60,
    )
    assert done.returncode == 1, done.stdout
    assert "nichts wurde gespeichert" in done.stderr
    assert "Traceback" not in done.stderr
    assert town.read(documents.count) == before
    assert town.read(lambda work: work.db.scalars(select(InstanceRow)).one().name) == "Ehrenamt Hagen"
    town.publish(towns.opportunity("Märchenerzähler gesucht", key="zweites"))
    town.until_found("Märchenerzähler", "Märchenerzähler gesucht")
