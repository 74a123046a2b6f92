"""The command line as an operator meets it: help, exit codes, sentences, JSON, a few real processes."""

import asyncio
import json
import re
import resource
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterator
from datetime import UTC, datetime, timedelta
from importlib import import_module
from pathlib import Path
from typing import Any

import click
import httpx
import pytest
from click.testing import CliRunner, Result
from sqlalchemy import update

from fediverse_ehrenamt import cli
from fediverse_ehrenamt.instance import open_instance
from fediverse_ehrenamt.jobs import queue
from fediverse_ehrenamt.jobs.queue import NewJob, Outcome
from fediverse_ehrenamt.kit.errors import Rejected
from fediverse_ehrenamt.posts import wire as posts
from fediverse_ehrenamt.settings import Settings
from fediverse_ehrenamt.things import inbox as things_inbox
from fediverse_ehrenamt.things.model import ShowingRow
from fediverse_ehrenamt.vocab.types import Collection
from fediverse_ehrenamt.work import Work
from tests import commands, servers, workbench
from tests.federation import origin
from tests.federation.origin import Answer, Origin
from tests.workbench import ANNA, creation

Run = Callable[..., Result]
OFFER = """
organisation: buecherei
opportunities:
  - id: lesepatin
    title: Lesepatin gesucht
    kind: regelmaessig
    areas: [kultur]
    text: Wir suchen Menschen, die Kindern vorlesen.
    {more}
"""


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """An empty folder to stand in, with nothing of ours set around it."""
    monkeypatch.chdir(tmp_path)
    given = ("URL", "HANDLE_DOMAIN", "DATA", "DATABASE_URL", "REDIS_URL", "ALLOWED_NETWORKS", "LOG_LEVEL", "SECRET")
    for name in given:
        monkeypatch.delenv(f"EHRENAMT_{name}", raising=False)
    return tmp_path


@pytest.fixture
def run(folder: Path) -> Run:
    """Run a command in-process in the folder."""
    assert folder.is_dir()

    def call(*words: str, ends: int = 0, **environ: str) -> Result:
        given = {"ALLOWED_NETWORKS": "127.0.0.0/8"} | environ
        env = {f"EHRENAMT_{name}": value for name, value in given.items()}
        result = CliRunner(env=env).invoke(cli.main, list(words))
        if result.exception and not isinstance(result.exception, SystemExit):
            raise result.exception
        assert result.exit_code == ends, result.output
        return result

    return call


@pytest.fixture
def ready(begun: Path, run: Run) -> Run:
    assert Path.cwd() == begun
    run("init", "--name", "Ehrenamt Hagen", "--url", "http://127.0.0.1:8099")
    return run


def change(function: Callable[..., Any], *args: object) -> Any:
    """Do something with the instance in this folder."""
    instance = open_instance(Settings.from_environment())
    try:
        return instance.workshop.write_now(function, *args)
    finally:
        asyncio.run(instance.close())


# --- help -------------------------------------------------------------------------------------------------------------
ALL = commands.every()


def test_every_module_is_found_by_its_commands() -> None:
    folder = Path(cli.__file__).parent / "commands"
    assert {path.stem for path in folder.glob("*.py") if "\nCOMMANDS = " in path.read_text()} == set(cli.MODULES)
    for name, theirs in cli.MODULES.items():
        module = import_module(f"fediverse_ehrenamt.commands.{name}")
        assert tuple(command.name for command in module.COMMANDS) == theirs


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (("bogus",), "Den Befehl „bogus“ gibt es nicht."),
        (("--bogus",), "Die Option „--bogus“ gibt es nicht."),
        (("person", "ad"), "Den Befehl „ad“ gibt es nicht. Meinten Sie add?"),
        (("person", "add", "a@b.de", "--rol", "x"), "Die Option „--rol“ gibt es nicht. Meinten Sie --role?"),
        (("person", "add"), "Es fehlt: MAIL."),
        (("person", "add", "a@b.de"), "Es fehlt: --name."),
        (("person", "add", "a@b.de", "--role", "chef"), "Das passt nicht zu --role; möglich sind coordinator, "),
        (("serve", "--port", "x"), "Das passt nicht zu --port; richtig wäre eine Zahl von 0 bis 65535."),
        (("publish", "fehlt.yaml"), "Das passt nicht zu FILE; die Datei oder der Ordner fehlt"),
        (("replay",), "Bitte entweder einen HOST nennen oder --all."),
    ],
)
def test_wrong_use_is_answered_in_german_with_the_way_to_the_help(run: Run, words: tuple[str, ...], said: str) -> None:
    result = run(*words, ends=2)
    assert f"Fehler: {said}" in result.stderr
    assert "Aufruf: " in result.stderr
    assert "--help\n" in result.stderr
    assert result.stdout == ""


def test_a_group_alone_shows_its_help(run: Run) -> None:
    assert "Befehle:" in run("person", ends=2).output


@pytest.mark.parametrize("path", ALL, ids=" ".join)
def test_every_command_explains_itself(run: Run, path: tuple[str, ...]) -> None:
    command = ALL[path]
    assert command.help
    output = run(*path, "--help").output
    assert output.startswith("Aufruf: ")
    assert re.search(r"Usage:|Options:|Commands:|Show this", output) is None
    assert command.help.split("\n", maxsplit=1)[0][:40] in output
    for parameter in command.params:
        if isinstance(parameter, click.Option):
            assert parameter.help, parameter.name
    if isinstance(command, click.Group):
        for name in command.list_commands(click.Context(command)):
            said = " ".join((ALL[(*path, name)].help or "").partition("\n\n")[0].split())
            assert said in " ".join(output.split()), "whole sentences: none ends where a line is full"


def test_what_there_is(run: Run) -> None:
    wanted = "init serve worker check migrate reindex publish confirm announce jobs demo organisation source"
    assert set(wanted.split()) <= {path[0] for path in ALL}
    assert {("source", "add"), ("source", "list"), ("source", "remove"), ("organisation", "add")} <= set(ALL)
    assert run("--version").output.startswith("ehrenamt 0.")
    assert "Ehrenamt im Fediverse" in run("-h").output


@pytest.mark.parametrize("words", [("nothing",), ("source",), ("serve", "--port", "x"), ("publish", "missing.yaml")])
def test_wrong_use_ends_with_two(run: Run, words: tuple[str, ...]) -> None:
    run(*words, ends=2)


# --- setting up -------------------------------------------------------------------------------------------------------
def test_init_sets_up_and_remembers(run: Run, folder: Path) -> None:
    words = ["--name", "Ehrenamt Hagen", "--url", "https://ehrenamt.hagen.de", "--handle-domain", "hagen.de"]
    output = run("init", *words).output
    assert "✓ Ehrenamt Hagen ist eingerichtet." in output
    assert "@name@hagen.de" in output
    file = folder / "ehrenamt.env"
    assert file.stat().st_mode & 0o777 == 0o600
    remembered = dict(line.split("=", 1) for line in file.read_text().splitlines())
    assert len(remembered.pop("EHRENAMT_SECRET")) == 43
    assert remembered == {
        "EHRENAMT_URL": "https://ehrenamt.hagen.de",
        "EHRENAMT_HANDLE_DOMAIN": "hagen.de",
        "EHRENAMT_DATA": str(folder / "data"),
    }
    assert "schon eingerichtet" in run("init", *words, ends=1).stderr
    assert run("organisation", "list").output.startswith("Noch keine")


def test_init_adds_to_a_file_that_is_there_what_the_next_call_needs(run: Run, folder: Path) -> None:
    (folder / "ehrenamt.env").write_text("EHRENAMT_LOG_LEVEL=error\n")
    output = run("init", "--name", "Hagen", "--url", "http://127.0.0.1:8099", SECRET="x" * 40).output
    assert "Einstellungen:" in output
    url, domain = "EHRENAMT_URL=http://127.0.0.1:8099\n", "EHRENAMT_HANDLE_DOMAIN=127.0.0.1:8099\n"
    assert (folder / "ehrenamt.env").read_text() == f"EHRENAMT_LOG_LEVEL=error\n{url}{domain}"


def test_init_on_postgresql(run: Run, folder: Path, postgres_url: str) -> None:
    run("init", "--name", "Hagen", "--url", "http://127.0.0.1:8099", DATABASE_URL=postgres_url)
    assert f"EHRENAMT_DATABASE_URL={postgres_url}" in (folder / "ehrenamt.env").read_text()
    assert run("organisation", "list").exit_code == 0


@pytest.mark.parametrize(
    ("name", "url", "said"),
    [("x", "http://127.0.0.1:8099", "name: braucht 3"), ("Hagen", "hagen.de", "EHRENAMT_URL")],
)
def test_init_says_what_is_wrong(run: Run, folder: Path, name: str, url: str, said: str) -> None:
    assert said in run("init", "--name", name, "--url", url, ends=1).stderr
    assert not (folder / "ehrenamt.env").exists()


def test_before_init(run: Run, folder: Path) -> None:
    for words in (("organisation", "list"), ("check",), ("reindex",), ("jobs",)):
        assert "zuerst `ehrenamt init`" in run(*words, ends=1).stderr
    assert list(folder.iterdir()) == [], "nor does any of them leave something there"


def test_other_settings_than_it_was_set_up_with(ready: Run) -> None:
    for name, value in (("URL", "https://other.example"), ("HANDLE_DOMAIN", "other.example")):
        said = ready("jobs", ends=1, **{name: value}).stderr
        assert f"EHRENAMT_{name}" in said
        assert "nicht mehr änderbar" in said


def _age(work: Work) -> None:
    work.db.connection().exec_driver_sql("UPDATE alembic_version SET version_num = '0000'")


def test_migrate(ready: Run, folder: Path) -> None:
    assert "schon auf dem neuesten Stand" in ready("migrate").output
    change(_age)
    assert "ehrenamt migrate" in ready("jobs", ends=1).stderr
    (folder / "data" / "ehrenamt.sqlite").unlink()
    assert re.search(r"Stand +→ \w+", ready("migrate").output)


def test_a_database_that_cannot_be_reached(run: Run) -> None:
    url = f"postgresql://127.0.0.1:{servers.free_port()}/x"
    said = run("check", ends=1, DATABASE_URL=url).stderr
    assert said.startswith("✗ ")
    assert "Traceback" not in said
    assert len(said.splitlines()) == 1


def test_a_disk_that_takes_nothing_more(ready: Run) -> None:
    """SQLite then speaks of an "I/O error" where it would begin its log."""
    soft, hard = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (0, hard))
    try:
        said = ready("organisation", "list", ends=1).output
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, (soft, hard))
    assert "Mit der Datenbank geht es nicht: Die Festplatte meldet einen Fehler" in said
    assert "Vielleicht ist sie voll." in said


def test_a_folder_that_cannot_be_made(run: Run, folder: Path) -> None:
    (folder / "file").write_text("")
    said = run(
        "init", "--name", "Hagen", "--url", "http://127.0.0.1:8099", ends=1, DATA=str(folder / "file" / "x")
    ).stderr
    assert said.startswith(f"✗ {folder}")


# --- organisations and what they publish ------------------------------------------------------------------------------
def test_organisations(ready: Run) -> None:
    assert "✓ Bücherei: @buecherei@127.0.0.1:8099" in ready("organisation", "add", "buecherei", "Bücherei").output
    assert "schon vergeben" in ready("organisation", "add", "buecherei", "Andere", ends=1).stderr
    added = json.loads(ready("organisation", "add", "thw", "THW", "--summary", "Hilft", "--json").output)
    assert (added["handle"], added["followers"]) == ("thw", 0)
    assert re.search(r"@buecherei@127.0.0.1:8099 +0 Folgende  Bücherei", ready("organisation", "list").output)
    assert [one["handle"] for one in json.loads(ready("organisation", "list", "--json").output)] == ["buecherei", "thw"]


def test_publishing(ready: Run, folder: Path) -> None:
    ready("organisation", "add", "buecherei", "Bücherei")
    file = folder / "offer.yaml"
    for more, said in (
        ("", "✓ veröffentlicht: http://127.0.0.1:8099/ap/object/"),
        ("", "✓ unverändert: "),
        ("places: 3", "✓ geändert: "),
        ("status: zurueckgezogen", "✓ zurückgezogen: "),
        ("status: zurueckgezogen", "✓ war nicht (mehr) veröffentlicht: "),
    ):
        file.write_text(OFFER.format(more=more))
        assert said in ready("publish", str(file)).output
    file.write_text(OFFER.format(more=""))
    (found,) = json.loads(ready("publish", str(file), "--json").output)
    assert found["what"] == "published"
    file.write_text(OFFER.format(more="ages: 3"))
    assert "ages" in ready("publish", str(file), ends=1).stderr
    file.write_text("organisation: buecherei\n")
    assert "fehlt: Angebote oder Termine" in ready("publish", str(file), ends=1).stderr


def test_confirming_and_showing_again(ready: Run, folder: Path) -> None:
    ready("organisation", "add", "buecherei", "Bücherei")
    (folder / "offer.yaml").write_text(OFFER.format(more=""))
    ready("publish", "offer.yaml")
    assert "✓ bestätigt: http://127.0.0.1:8099/ap/object/" in ready("confirm", "buecherei", "lesepatin").output
    assert json.loads(ready("confirm", "@buecherei", "lesepatin", "--json").output)["what"] == "confirmed"
    assert re.search(r"stand zuletzt am .* wieder ab", ready("announce", "buecherei", "lesepatin", ends=1).stderr)
    change(_long_ago)
    assert "✓ noch einmal gezeigt: Lesepatin gesucht (wieder ab " in ready("announce", "buecherei", "lesepatin").output
    change(_long_ago)
    shown = json.loads(ready("announce", "buecherei", "lesepatin", "--json").output)
    assert (shown["title"], set(shown)) == ("Lesepatin gesucht", {"uri", "title", "again_from"})
    for command in ("confirm", "announce"):
        assert "Eine Organisation „thw“ gibt es hier nicht" in ready(command, "thw", "lesepatin", ends=1).stderr
        assert "gibt es bei dieser Organisation nicht" in ready(command, "buecherei", "andere", ends=1).stderr


def _long_ago(work: Work) -> None:
    work.db.execute(update(ShowingRow).values(shown_at=work.now - timedelta(days=40)))


def test_publishing_for_nobody(ready: Run, folder: Path) -> None:
    (folder / "offer.yaml").write_text(OFFER.format(more=""))
    assert "Eine Organisation „buecherei“ gibt es hier nicht" in ready("publish", "offer.yaml", ends=1).stderr


# --- jobs -------------------------------------------------------------------------------------------------------------
def _give_up(work: Work) -> None:
    queue.enqueue(work, [NewJob("peer.example", "deliver", "x"), NewJob("", "obtain", "y")])
    (lane, *_) = [lane for lane in queue.claim(work, 9) if lane.host]
    queue.settle(work, [[Outcome(lane.jobs[0], Rejected("nein, danke"))]])


def test_jobs(ready: Run) -> None:
    assert "✓ Nichts steht aus." in ready("jobs").output
    change(_give_up)
    output = ready("jobs").output
    assert re.search(r"peer\.example +0 offen +1 aufgegeben  nein, danke", output)
    assert re.search(r"\(hier\) +1 offen", output)
    assert {lane["host"]: lane["given_up"] for lane in json.loads(ready("jobs", "--json").output)} == {
        "peer.example": 1,
        "": 0,
    }


# --- check ------------------------------------------------------------------------------------------------------------
def test_check_says_in_sentences_what_is_wrong(ready: Run) -> None:
    change(_give_up)
    output = ready("check", ends=1).output
    assert "✓ „Ehrenamt Hagen“ ist eingerichtet" in output
    assert "✗ @relay@127.0.0.1:8099 ist von außen nicht zu finden" in output
    assert "✗ 1 Auftrag wurde aufgegeben" in output
    findings = json.loads(ready("check", "--json", ends=1).output)
    assert [finding["good"] for finding in findings] == [True, True, True, False, True, False, True, True, True, True]


# --- sources ----------------------------------------------------------------------------------------------------------
@pytest.fixture
def peer() -> Iterator[Origin]:
    """Somebody else's server, in a thread of its own."""
    loop, made, over = asyncio.new_event_loop(), list[Origin](), asyncio.Event()

    async def serve() -> None:
        async with origin.origin() as one:
            made.append(one)
            await over.wait()

    thread = threading.Thread(target=lambda: loop.run_until_complete(serve()))
    thread.start()
    servers.wait_until(lambda: bool(made), "the peer")
    yield made[0]
    loop.call_soon_threadsafe(over.set)
    thread.join()
    loop.close()


def test_sources(ready: Run, peer: Origin) -> None:
    anna = peer.actor()
    peer.serve("/users/anna/outbox", Collection(id=anna.outbox))
    peer.answers["/users/anna/inbox"] = Answer(status=202)
    assert ready("source", "list").output.startswith("Noch keine.")
    added = ready("source", "add", anna.id).output
    assert added.startswith(f"✓ Konto „Anna“ auf 127.0.0.1:{peer.port} ({anna.id}): angefragt")
    (listed,) = json.loads(ready("source", "list", "--json").output)
    assert (listed["uri"], listed["state"], listed["error"], listed["objects"]) == (anna.id, "pending", "", 0)
    pattern = r"angefragt +0 Einträge +Konto „Anna“ – http\S+\n +Kontakt noch nie\n"
    assert re.fullmatch(pattern, ready("source", "list").output)
    assert ready("source", "read", anna.id).output == "✓ Nichts Neues.\n"
    pattern = r"Kontakt (\d\d\.\d\d\.\d{4} \d\d:\d\d), wieder \d\d\.\d\d\.\d{4} \d\d:\d\d\n"
    assert re.search(pattern, ready("source", "list").output)
    assert json.loads(ready("source", "add", anna.id, "--json").output)["uri"] == anna.id
    assert "✓ Quelle entfernt, 0 Einträge gelöscht." in ready("source", "remove", anna.url).output
    assert "ist keine Quelle" in ready("source", "remove", anna.url, ends=1).stderr


def _with_a_source(ready: Run, peer: Origin) -> tuple[str, str]:
    """Follow somebody who has published one note; return her host and the note's id."""
    anna = peer.actor()
    thing = workbench.note(peer.at("/notes/1"), attributed_to=anna.id, published=datetime.now(UTC))
    peer.serve("/users/anna/outbox", Collection(id=anna.outbox, items=(thing,)))
    peer.answers["/users/anna/inbox"] = Answer(status=202)
    ready("source", "add", anna.id)
    return f"127.0.0.1:{peer.port}", thing.id


def test_what_is_wanted_of_a_source(ready: Run, peer: Origin) -> None:
    host, _ = _with_a_source(ready, peer)
    shown = json.loads(ready("source", "show", f"@anna@{host}", "--json").output)
    assert (shown["choice"], shown["trust"], shown["objects"]) == (None, "direct", 0)
    wish = ("--areas", "soziales, sport", "--place", "58095", "--kinds", "angebot,post")
    assert "✓ Gespeichert, 0 Einträge gelöscht" in ready("source", "set", host, *wish, "--trust", "review").output
    choice = json.loads(ready("source", "show", host, "--json").output)["choice"]
    assert (choice["areas"], choice["kinds"], choice["radius_km"]) == (
        ["soziales", "sport"],
        ["opportunity", "post"],
        20,
    )
    sheet = ready("source", "set", host, "--radius", "35").output
    assert "angebot, beitrag; Sozialer Bereich, Sport und Bewegung; bis 35 km um Hagen" in sheet
    assert "nach Prüfung" in sheet

    ready("source", "set", host, "--trust", "direct")
    ready("source", "read", host)
    assert json.loads(ready("source", "show", host, "--json").output)["objects"] == 1
    dropped = json.loads(ready("source", "set", host, "--kinds", "event", "--json").output)
    assert (dropped["dropped"], dropped["objects"]) == (1, 0)
    everything = ("--kinds", "alle", "--areas", "alle", "--place", "alle", "--trust", "direct")
    assert json.loads(ready("source", "set", host, *everything, "--json").output)["choice"] is None
    assert json.loads(ready("source", "read", host, "--all", "--json").output) == {"items": 1, "things": 1, "asked": 0}
    assert "alles\n" in ready("source", "show", host).output
    assert json.loads(ready("source", "show", host, "--json").output)["objects"] == 1


def test_a_source_by_any_address_that_it_was_added_by(ready: Run, peer: Origin) -> None:
    """Its handle may be of another domain, a page may be on another host: who has them knows whom they mean."""
    host, _ = _with_a_source(ready, peer)
    elsewhere = f"localhost:{peer.port}"
    self_link = {"rel": "self", "type": "application/activity+json", "href": peer.at("/users/anna")}
    finger = {"subject": f"acct:anna@{elsewhere}", "links": [self_link]}
    peer.serve(f"/.well-known/webfinger?resource=acct:anna@{elsewhere}", finger, kind="application/jrd+json")
    peer.actor("/users/berta")
    link = '<link rel="alternate" type="application/activity+json" href="{}">'
    for path, name in (("/verein", "anna"), ("/anderer", "berta")):
        peer.serve(path, link.format(peer.at(f"/users/{name}")).encode(), kind="text/html")
    handle, page = f"@anna@{elsewhere}", f"http://{elsewhere}/verein"
    for address in (handle, page):
        assert peer.at("/users/anna") in ready("source", "show", address).output
    assert "ist keine Quelle" in ready("source", "show", peer.at("/anderer"), ends=1).stderr
    assert ready("source", "read", page).output == "✓ 1 Eintrag gelesen.\n"
    assert "✓ Gespeichert" in ready("source", "set", handle, "--kinds", "event").output
    assert "✓ Quelle entfernt" in ready("source", "remove", handle).output
    assert "ist keine Quelle" in ready("source", "remove", host, ends=1).stderr


@pytest.mark.parametrize(("indexable", "silent"), [(None, True), (True, False)])
def test_whose_posts_are_not_indexed_is_said(ready: Run, peer: Origin, indexable: bool | None, *, silent: bool) -> None:
    """Takahē never says `indexable`: then nothing of such an account comes, and nothing is wrong."""
    anna = peer.actor(indexable=indexable)
    peer.answers["/users/anna/inbox"] = Answer(status=202)
    for output in (ready("source", "add", anna.id).output, ready("source", "show", anna.id).output):
        assert ("Beiträge dieses Kontos kommen nicht in den Index" in output) is silent


def test_what_waits_to_be_reviewed(ready: Run, peer: Origin) -> None:
    host, uri = _with_a_source(ready, peer)
    ready("source", "set", host, "--trust", "review")
    assert ready("source", "read", host).output == "✓ 1 Eintrag gelesen.\n"
    assert "1 zu prüfen" in ready("source", "list").output
    (waiting,) = json.loads(ready("source", "review", "list", host, "--json").output)
    assert (waiting["uri"], waiting["title"]) == (uri, "Helfer:innen gesucht")
    assert "Beitrag  „Helfer:innen gesucht“ von Anna" in ready("source", "review", "list").output
    assert ready("source", "review", "accept", uri).output == "✓ 1 Eintrag aufgenommen.\n"
    assert ready("source", "review", "list").output == "✓ Nichts wartet.\n"
    assert json.loads(ready("source", "show", host, "--json").output)["objects"] == 1
    assert "wartet nicht" in ready("source", "review", "reject", uri, ends=1).stderr.lower()
    assert ready("source", "review", "reject", "--source", host).output == "✓ 0 Einträge abgelehnt.\n"
    assert "entweder" in ready("source", "review", "accept", ends=1).stderr


def test_what_cannot_be_wanted_of_a_source(ready: Run) -> None:
    change(workbench.add_source)
    wish = ("--areas", "soziales,garten", "--kinds", "feste", "--place", "Nirgendwohausen")
    said = ready("source", "set", ANNA, *wish, ends=1).stderr
    assert "areas: „garten“ gibt es nicht; möglich: sport, kultur" in said
    assert "kinds: „feste“ gibt es nicht" in said
    assert "place: „Nirgendwohausen“ ist nicht bekannt" in said
    assert "braucht auch einen Ort" in ready("source", "set", ANNA, "--radius", "5", ends=1).stderr
    ready("source", "set", ANNA, "--trust", "blind", ends=2)
    for words in (("show", "x"), ("set", "x"), ("read", "x"), ("review", "list", "x")):
        assert "„x“ ist keine Quelle" in ready("source", *words, ends=1).stderr


def test_a_source_that_is_not_there(ready: Run) -> None:
    said = ready("source", "add", f"http://127.0.0.1:{servers.free_port()}/u", ends=1).stderr
    assert "ist nicht zu erreichen" in said


def _received(work: Work, *, whole: bool) -> None:
    workbench.add_source(work, whole=whole)
    for number in range(3):
        thing = workbench.note(f"{workbench.PEER}/notes/{number}", published=work.now)
        activity = creation(thing)
        things_inbox.take(work, activity, thing, posts.to_document)


@pytest.mark.parametrize(("keep", "whole", "count"), [(False, False, 3), (False, True, 3), (True, False, 0)])
def test_what_came_from_a_source_goes_with_it(ready: Run, count: int, *, keep: bool, whole: bool) -> None:
    change(lambda work: _received(work, whole=whole))
    output = ready("source", "remove", ANNA, *(["--keep"] if keep else [])).output
    assert f"{count} Einträge gelöscht" in output
    assert f"{3 - count} Einträge im Index" in ready("reindex").output


# --- processes --------------------------------------------------------------------------------------------------------
def ehrenamt(folder: Path, *words: str, **environ: str) -> subprocess.CompletedProcess[str]:
    command = [sys.executable, "-m", "fediverse_ehrenamt.cli", *words]
    env = servers.environ(**{f"EHRENAMT_{name}": value for name, value in environ.items()})
    return subprocess.run(command, cwd=folder, env=env, capture_output=True, text=True, check=False, timeout=60)


@pytest.mark.unmeasured
def test_a_process_ends_with_its_code_and_speaks_on_the_right_line(folder: Path) -> None:
    done = ehrenamt(folder, "jobs")
    assert (done.returncode, done.stdout) == (1, "")
    assert "ehrenamt init" in done.stderr
    port = servers.free_port()
    done = ehrenamt(folder, "init", "--name", "Hagen", "--url", f"http://127.0.0.1:{port}")
    assert done.returncode == 0, done.stderr
    assert ehrenamt(folder, "serve", "--nothing").returncode == 2
    assert "ein Worker ist nicht nötig" in ehrenamt(folder, "worker").stderr


def test_serve_answers_and_ends_when_told(folder: Path) -> None:
    port = servers.free_port()
    url = f"http://127.0.0.1:{port}"
    assert ehrenamt(folder, "init", "--name", "Hagen", "--url", url).returncode == 0
    command = [sys.executable, "-m", "fediverse_ehrenamt.cli", "serve", "--port", str(port)]
    env = servers.environ(EHRENAMT_ALLOWED_NETWORKS="127.0.0.0/8")
    with servers.running(command, folder / "log", lambda: _answers(url), environ=env) as process:
        assert httpx.get(f"{url}/nodeinfo/2.1").json()["software"]["name"] == "ehrenamt"
        checked = ehrenamt(folder, "check", ALLOWED_NETWORKS="127.0.0.0/8")
        assert f"✓ @relay@127.0.0.1:{port} ist von außen zu finden." in checked.stdout
        taken = ehrenamt(folder, "serve", "--port", str(port))
        assert taken.returncode == 1
        assert "Traceback" not in taken.stderr
        process.send_signal(signal.SIGTERM)
        assert process.wait(20) in {0, -signal.SIGTERM}
    assert "Traceback" not in (folder / "log").read_text()


def _answers(url: str) -> bool:
    try:
        return httpx.get(f"{url}/.well-known/nodeinfo").is_success
    except httpx.TransportError:
        return False


def test_a_worker_works_and_ends_when_told(folder: Path, redis_url: str) -> None:
    assert ehrenamt(folder, "init", "--name", "Hagen", "--url", "http://127.0.0.1:8099").returncode == 0
    change(lambda work: queue.enqueue(work, [NewJob("", "unknown", "x")]))
    command = [sys.executable, "-m", "fediverse_ehrenamt.cli", "worker"]
    env = servers.environ(EHRENAMT_REDIS_URL=redis_url)
    begun = time.monotonic()
    with servers.running(command, folder / "log", lambda: time.monotonic() > begun + 1, environ=env) as process:
        servers.wait_until(lambda: "1 aufgegeben" in ehrenamt(folder, "jobs").stdout, "the worker's first look")
        process.send_signal(signal.SIGTERM)
        assert process.wait(20) == 0
    assert "Traceback" not in (folder / "log").read_text()
