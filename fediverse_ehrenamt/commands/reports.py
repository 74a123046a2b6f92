"""`report …`: what visitors and other instances reported."""

from collections.abc import Iterator
from dataclasses import asdict

import click

from fediverse_ehrenamt.commands import moments, shell
from fediverse_ehrenamt.commands.groups import Group
from fediverse_ehrenamt.commands.shell import JSON
from fediverse_ehrenamt.kit import html
from fediverse_ehrenamt.moderation import actions, store
from fediverse_ehrenamt.moderation.store import Report
from fediverse_ehrenamt.work import Work

_LINE = 80
_VISITOR = "jemand, der die Seite besuchte"


@click.group(cls=Group)
def report() -> None:
    """Meldungen von Besuchern und anderen Instanzen über Konten und Einträge."""


@report.command(name="list")
@click.option("--all", "closed", is_flag=True, help="Auch die erledigten.")
@JSON
def report_list(*, closed: bool, as_json: bool) -> None:
    """Die Meldungen zeigen, die auf eine Entscheidung warten."""

    def run(work: Work) -> list[Report]:
        return store.listing(work, closed=closed)

    found = shell.write(run)

    def text() -> str:
        lines = [
            f"{one.id:>6} {'erledigt' if one.closed_at else 'offen':<8} {moments.minute(one.received_at)} "
            f"{one.host or _VISITOR}: "
            f"{html.shorten(one.comment, _LINE) or '(ohne Worte)'}"
            for one in found
        ]
        return "\n".join(lines) or "✓ Keine offenen Meldungen."

    shell.show([asdict(one) for one in found], as_json=as_json, text=text)


@report.command(name="show")
@click.argument("number", metavar="NUMMER", type=int)
@JSON
def report_show(number: int, *, as_json: bool) -> None:
    """Eine Meldung ganz zeigen."""

    def run(work: Work) -> Report:
        return store.report(store.get(work, number))

    found = shell.write(run)
    shell.show(asdict(found), as_json=as_json, text=lambda: "\n".join(_portrait(found)))


def _portrait(one: Report) -> Iterator[str]:
    yield f"Meldung {one.id} vom {moments.minute(one.received_at)}, von {one.reporter or one.host or _VISITOR}"
    yield f"Über: {one.actor}"
    yield from (f"  {uri}" for uri in one.objects if uri != one.actor)
    yield f"Wortlaut: {one.comment or '–'}"
    if one.closed_at:
        yield f"Erledigt am {moments.minute(one.closed_at)}: {one.decision or '–'}"


@report.command(name="close")
@click.argument("number", metavar="NUMMER", type=int)
@click.option("--note", default="", help="Was entschieden wurde.")
def report_close(number: int, note: str) -> None:
    """Eine Meldung als erledigt vermerken."""
    shell.write(actions.close, number, note)
    click.echo(f"✓ Meldung {number} ist erledigt.")


COMMANDS = [report]
