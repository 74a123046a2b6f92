"""`source …`: whom this instance follows and indexes."""

import asyncio
from dataclasses import asdict
from datetime import datetime, timedelta

import click

from fediverse_ehrenamt.commands import shell
from fediverse_ehrenamt.commands.shell import JSON
from fediverse_ehrenamt.federation import sources
from fediverse_ehrenamt.instance import Instance
from fediverse_ehrenamt.things import store as things
from fediverse_ehrenamt.work import Work

_ANSWER_SECONDS = 5.0


@click.group()
def source() -> None:
    """Quellen: wem diese Instanz folgt und was sie deshalb im Index hat."""


@source.command(name="add")
@click.argument("address")
@JSON
def source_add(address: str, *, as_json: bool) -> None:
    """Einer Instanz oder einem Konto folgen: https://ehrenamt.hagen.de oder @verein@beispiel.de."""

    async def run(instance: Instance) -> sources.Source:
        added = await sources.add(instance.workshop, address)
        deadline = instance.workshop.now() + timedelta(seconds=_ANSWER_SECONDS)
        while added.state == "pending" and instance.workshop.now() < deadline:
            await asyncio.sleep(0.2)
            found = await instance.workshop.read(sources.listing)
            added = next((one for one in found if one.uri == added.uri), added)
        return added

    added = shell.online(run)
    states = {
        "pending": "angefragt; gelesen wird, sobald `ehrenamt serve` läuft",
        "accepted": "zugesagt",
        "rejected": "abgelehnt",
    }
    shell.show(asdict(added), as_json=as_json, text=lambda: f"✓ {added.name} ({added.uri}): {states[added.state]}")


@source.command(name="list")
@JSON
def source_list(*, as_json: bool) -> None:
    """Alle Quellen mit Zustand und letztem Lesen zeigen."""
    found = shell.write(sources.listing)

    def text() -> str:
        lines = [
            f"{one.state:<9} {_said(one.read_at):<17} {one.name} – {one.uri} {one.error}".rstrip() for one in found
        ]
        return "\n".join(lines) or "Noch keine. Eine hinzufügen: ehrenamt source add https://ehrenamt.beispiel.de"

    shell.show([asdict(one) for one in found], as_json=as_json, text=text)


@source.command(name="remove")
@click.argument("address")
@click.option("--keep", is_flag=True, help="Was von dort schon im Index ist, behalten.")
def source_remove(address: str, *, keep: bool) -> None:
    """Einer Quelle nicht mehr folgen und löschen, was von ihr kam."""

    def run(work: Work) -> int:
        row = sources.remove(work, address)
        theirs = things.of_origin(work, row.origin) if row.whole_origin else things.of_actor(work, row.uri)
        if not keep:
            things.remove(work, theirs)
        return 0 if keep else len(theirs)

    click.echo(f"✓ Quelle entfernt, {shell.write(run)} Einträge gelöscht.")


def _said(moment: datetime | None) -> str:
    return moment.astimezone().strftime("%d.%m.%Y %H:%M") if moment else "noch nie gelesen"


COMMANDS = [source]
