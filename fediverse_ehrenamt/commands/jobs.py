"""`jobs` and `replay`: what waits to be done, what was given up, and another try at once."""

from dataclasses import asdict

import click

from fediverse_ehrenamt.commands import shell
from fediverse_ehrenamt.commands.groups import Command
from fediverse_ehrenamt.commands.shell import JSON
from fediverse_ehrenamt.jobs import again, overview, queue
from fediverse_ehrenamt.jobs.again import Replayed
from fediverse_ehrenamt.kit import ids
from fediverse_ehrenamt.kit.counts import counted
from fediverse_ehrenamt.mail import sending
from fediverse_ehrenamt.work import Work

HERE = "(hier)"  # the lane of work that reaches no peer


@click.command(cls=Command)
@JSON
def jobs(*, as_json: bool) -> None:
    """Zeigen, was aussteht und was aufgegeben wurde, je Host."""
    found = shell.write(overview.lanes)

    def text() -> str:
        lines = [
            f"{lane.host or HERE:<40} {lane.waiting:>6} offen {lane.given_up:>6} aufgegeben  "
            f"{lane.error if lane.failing or lane.given_up else ''}".rstrip()
            for lane in found
        ]
        return "\n".join(lines) or "✓ Nichts steht aus."

    shell.show([asdict(lane) for lane in found], as_json=as_json, text=text)


@click.command(cls=Command)
@click.argument("host", required=False)
@click.option("--all", "everywhere", is_flag=True, help="Bei allen Hosts.")
@click.option("--given-up", is_flag=True, help="Auch, was schon aufgegeben wurde; es beginnt von vorn.")
@JSON
def replay(host: str | None, *, everywhere: bool, given_up: bool, as_json: bool) -> None:
    """Was bei einem Host (oder mit --all bei allen) aussteht, jetzt gleich noch einmal versuchen.

    HOST ist ein Name wie mastodon.social oder eine Adresse dort. Ausgeführt wird es von `ehrenamt serve` oder
    `ehrenamt worker`.
    """
    if bool(host) is everywhere:
        raise click.UsageError("Bitte entweder einen HOST nennen oder --all.")

    def run(work: Work) -> Replayed:
        return again.replay(work, _lane(host) if host else None, given_up=given_up)

    done = shell.write(run)

    def text() -> str:
        brought = f", {counted(done.given_up, 'davon war', 'davon waren')} aufgegeben" if given_up else ""
        tried = counted(done.waiting + done.given_up, "Auftrag wird", "Aufträge werden")
        return f"✓ {tried} jetzt versucht{brought}."

    shell.show(asdict(done), as_json=as_json, text=text)


def _lane(host: str) -> str:
    own = {HERE: queue.LOCAL, sending.LANE: sending.LANE}
    return own[host] if host in own else ids.host(host) or host.lower()


COMMANDS = [jobs, replay]
