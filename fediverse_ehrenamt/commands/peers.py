"""`peers`: the hosts around this instance, who they are to us and how it goes with them."""

from collections.abc import Iterator
from dataclasses import asdict
from datetime import datetime

import click

from fediverse_ehrenamt.commands import moments, shell
from fediverse_ehrenamt.commands.groups import Group
from fediverse_ehrenamt.commands.shell import JSON
from fediverse_ehrenamt.federation import neighbours
from fediverse_ehrenamt.federation.neighbours import Neighbour, Portrait
from fediverse_ehrenamt.jobs.overview import Trouble
from fediverse_ehrenamt.work import Work

_NONE = "–"


@click.group(cls=Group, invoke_without_command=True)
@JSON
@click.option("--failing", is_flag=True, help="Nur Hosts, bei denen etwas nicht geht oder aufgegeben wurde.")
@click.pass_context
def peers(context: click.Context, *, as_json: bool, failing: bool) -> None:
    """Die Hosts, mit denen diese Instanz zu tun hat, und wie es mit ihnen geht."""
    if context.invoked_subcommand is not None:
        return

    def run(work: Work) -> list[Neighbour]:
        return neighbours.listing(work, failing=failing)

    found = shell.write(run)

    def text() -> str:
        nobody = "✓ Überall läuft es." if failing else "Noch keine. Andere finden: ehrenamt source add …"
        return "\n".join(_line(one) for one in found) or nobody

    shell.show([asdict(one) for one in found], as_json=as_json, text=text)


@peers.command(name="show")
@click.argument("host")
@JSON
def peers_show(host: str, *, as_json: bool) -> None:
    """Einen Host zeigen, mit seinen Quellen und dem, was dort misslang."""
    found = shell.write(neighbours.get, host)
    shell.show(asdict(found), as_json=as_json, text=lambda: "\n".join(_portrait(found)))


def _line(one: Neighbour) -> str:
    counts = f"{one.waiting:>6} offen {one.failing:>6} misslungen {one.given_up:>6} aufgegeben"
    health = f"Pause bis {_said(one.opened_until)}" if one.opened_until else f"zuletzt {_said(one.last_success_at)}"
    trouble = (one.unread or one.error) if one.in_trouble else ""
    return f"{one.host:<32} {_software(one):<14} {one.followers:>6} folgen {counts}  {health}  {trouble}".rstrip()


def _portrait(found: Portrait) -> Iterator[str]:
    one = found.neighbour
    rows = {
        "Host": one.host,
        "Software": _software(one),
        "Folgen uns": one.followers,
        "Aufträge": f"{one.waiting} offen, {one.failing} davon misslungen, {one.given_up} aufgegeben",
        "Gerade": "wird zugestellt" if one.running else "nichts unterwegs",
        "Letzter Erfolg": _said(one.last_success_at),
        "Letzter Kontakt": _said(one.heard_at),
        "Misslingt seit": _said(one.failing_since),
        "Pause bis": _said(one.opened_until),
        "Letzter Fehler": f"{one.error} ({_said(one.error_at)})" if one.error else _NONE,
    }
    yield from (f"{name + ':':<17}{value}" for name, value in rows.items())
    for source in found.sources:
        yield f"Quelle {source.state}, gelesen {_said(source.read_at)}: {source.uri} {source.error}".rstrip()
    yield from (_trouble(job) for job in found.troubles)


def _trouble(job: Trouble) -> str:
    what = f"aufgegeben {_said(job.given_up_at)}" if job.given_up_at else f"wieder {_said(job.due_at)}"
    return f"✗ {job.name}, {job.tries} Mal versucht, {what}: {job.argument}\n  {job.error}"


def _software(one: Neighbour) -> str:
    return "Schwester" if one.sister else one.software or "unbekannt"


def _said(moment: datetime | None) -> str:
    return moments.minute(moment) if moment else _NONE


COMMANDS = [peers]
