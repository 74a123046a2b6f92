"""What an operator sees of the hosts around: `peers`, `peers show` and `replay`, from the command line too."""

import json
from pathlib import Path
from typing import Any

import pytest
from click.testing import Result

from fediverse_ehrenamt.federation import neighbours, peers
from fediverse_ehrenamt.federation.model import SourceRow
from fediverse_ehrenamt.instance import Instance, open_instance
from fediverse_ehrenamt.jobs import queue
from fediverse_ehrenamt.jobs.queue import NewJob, Outcome
from fediverse_ehrenamt.kit.errors import NotFound, Rejected, Unreachable
from fediverse_ehrenamt.settings import Settings
from fediverse_ehrenamt.work import Work
from tests import commands, workbench
from tests.commands import Run
from tests.workbench import Clock

pytestmark = pytest.mark.anyio
MASTODON, SISTER, QUIET, AWAY = "social.example", "flensburg.example", "quiet.example", "away.example"


def fill(work: Work) -> None:
    """Four hosts: one that follows and refuses, a sister that we index, one only asked what it is, one that is away."""
    owner = workbench.add_organisation(work)
    for name in ("anna", "berta"):
        workbench.add_follower(work, owner, f"https://{MASTODON}/users/{name}")
    workbench.add_follower(work, workbench.instance_actor(work), f"https://{MASTODON}/users/anna")
    workbench.add_source(work, f"https://{SISTER}/ap/actor/relay", whole=True)
    peers.note_host(work, MASTODON, "mastodon", sister=False)
    peers.note_host(work, SISTER, "ehrenamt", sister=True)
    peers.note_host(work, QUIET, "gancio", sister=False)
    answers = {MASTODON: Rejected(f"{MASTODON} answered 403"), SISTER: None, AWAY: Unreachable("no connection")}
    queue.enqueue(work, [NewJob(host, "deliver", f"to {host}") for host in (*answers, "")])
    lanes = [lane for lane in queue.claim(work, 9) if lane.host]
    queue.settle(work, [[Outcome(job, answers[lane.host]) for job in lane.jobs] for lane in lanes])


def _listing(work: Work) -> dict[str, neighbours.Neighbour]:
    return {one.host: one for one in neighbours.listing(work)}


async def test_every_host_is_shown_with_who_it_is_and_how_it_goes(instance: Instance, clock: Clock) -> None:
    await instance.workshop.write(fill)
    found = await instance.workshop.read(_listing)
    assert set(found) == {MASTODON, SISTER, QUIET, AWAY}  # local work is no peer
    one = found[MASTODON]
    assert (one.software, one.sister, one.followers, one.sources) == ("mastodon", False, 2, 0)
    assert (one.waiting, one.failing, one.given_up) == (0, 0, 1)
    assert (one.last_success_at, one.heard_at) == (None, clock.now)
    assert one.error == f"{MASTODON} answered 403"
    one = found[SISTER]
    assert (one.sister, one.followers, one.sources, one.last_success_at) == (True, 0, 1, clock.now)
    assert not one.in_trouble
    one = found[AWAY]
    assert (one.software, one.waiting, one.failing, one.failing_since) == ("", 1, 1, clock.now)
    assert one.opened_until is not None
    assert one.opened_until > clock.now
    assert (found[QUIET].waiting, found[QUIET].error, found[QUIET].in_trouble) == (0, "", False)
    clock.forward(hours=1)
    later = await instance.workshop.read(_listing)
    assert later[AWAY].opened_until is None  # it will be asked at the next look
    assert later[AWAY].in_trouble


async def test_only_those_in_trouble(instance: Instance) -> None:
    await instance.workshop.write(fill)

    def failing(work: Work) -> list[str]:
        return [one.host for one in neighbours.listing(work, failing=True)]

    assert sorted(await instance.workshop.read(failing)) == [AWAY, MASTODON]

    def unread(work: Work) -> None:
        work.db.get_one(SourceRow, f"https://{SISTER}/ap/actor/relay").error = "its outbox is no collection"

    await instance.workshop.write(unread)
    assert sorted(await instance.workshop.read(failing)) == [AWAY, SISTER, MASTODON]


async def test_one_host_by_its_name_or_an_address(instance: Instance) -> None:
    await instance.workshop.write(fill)
    for name in (SISTER, f"https://{SISTER}/ap/actor/relay"):
        found = await instance.workshop.read(neighbours.get, name)
        assert [(one.uri, one.state) for one in found.sources] == [(f"https://{SISTER}/ap/actor/relay", "accepted")]
        assert found.troubles == ()
    (trouble,) = (await instance.workshop.read(neighbours.get, MASTODON)).troubles
    assert (trouble.argument, trouble.error) == (f"to {MASTODON}", f"{MASTODON} answered 403")
    with pytest.raises(NotFound, match="nirgends"):
        await instance.workshop.read(neighbours.get, "nirgends.example")


# --- the command line -------------------------------------------------------------------------------------------------
@pytest.fixture
def run(begun: Path, monkeypatch: pytest.MonkeyPatch) -> Run:
    """Run a command in the folder of an instance that is set up and filled."""
    monkeypatch.chdir(begun)
    for name in ("URL", "DATA", "DATABASE_URL", "REDIS_URL"):
        monkeypatch.delenv(f"EHRENAMT_{name}", raising=False)

    commands.run("init", "--name", "Ehrenamt Hagen", "--url", "https://hagen.example")
    opened = open_instance(Settings.from_environment())
    opened.workshop.write_now(fill)
    opened.workshop.engines.close()
    return commands.run


def _json(result: Result) -> Any:
    return json.loads(result.output)


def test_the_commands_say_it_in_words_and_in_json(run: Run) -> None:
    listed = run("peers").output
    assert f"{SISTER}" in listed
    assert "Schwester" in listed
    line = next(one for one in listed.splitlines() if one.startswith(MASTODON))
    assert "mastodon" in line
    assert "2 folgen" in line
    assert "1 aufgegeben" in line
    assert line.endswith("answered 403")
    assert "Pause bis" in next(one for one in listed.splitlines() if one.startswith(AWAY))
    found = {one["host"]: one for one in _json(run("peers", "--json"))}
    assert found[MASTODON]["given_up"] == 1
    assert {one["host"] for one in _json(run("peers", "--json", "--failing"))} == {MASTODON, AWAY}
    shown = run("peers", "show", AWAY).output
    assert "Misslingt seit:" in shown
    assert "✗ deliver, 1 Mal versucht, wieder" in shown
    assert _json(run("peers", "show", SISTER, "--json"))["sources"][0]["state"] == "accepted"
    assert "kennt diese Instanz nicht" in run("peers", "show", "nirgends.example", ends=1).stderr


def test_replay_says_how_many(run: Run) -> None:
    assert "✓ 1 Auftrag wird jetzt versucht." in run("replay", AWAY).output
    assert not _json(run("peers", "--json"))[0]["opened_until"]
    assert _json(run("replay", f"https://{MASTODON}/users/anna", "--given-up", "--json")) == {
        "waiting": 0,
        "given_up": 1,
    }
    assert (
        "✓ 3 Aufträge werden jetzt versucht, 0 davon waren aufgegeben." in run("replay", "--all", "--given-up").output
    )
    assert "✓ 1 Auftrag wird" in run("replay", "(hier)").output
    assert _json(run("peers", "--failing", "--json"))[0]["host"] == AWAY  # it has failed, and is not tried yet
    assert "ging noch nichts" in run("replay", "nirgends.example", ends=1).stderr
    run("replay", ends=2)
    run("replay", AWAY, "--all", ends=2)


def test_there_is_nobody_yet(run: Run) -> None:
    opened = open_instance(Settings.from_environment())

    def forget(work: Work) -> None:
        for one in ("followers", "sources", "hosts", "lanes", "jobs"):
            work.db.connection().exec_driver_sql(f"DELETE FROM {one}")  # noqa: S608 - fixed words

    opened.workshop.write_now(forget)
    opened.workshop.engines.close()
    assert "Noch keine" in run("peers").output
    assert "✓ Überall läuft es." in run("peers", "--failing").output
    assert _json(run("peers", "--json")) == []
