"""`source review …`: decides about what came from sources that are not trusted directly."""

from collections.abc import Callable, Sequence
from dataclasses import asdict

import click

from fediverse_ehrenamt.commands import shell
from fediverse_ehrenamt.commands.groups import Group
from fediverse_ehrenamt.commands.shell import JSON
from fediverse_ehrenamt.federation import sources
from fediverse_ehrenamt.kit.counts import counted
from fediverse_ehrenamt.kit.errors import Invalid, Problem
from fediverse_ehrenamt.things import review
from fediverse_ehrenamt.work import Work

_KINDS = {"opportunity": "Angebot", "event": "Termin", "post": "Beitrag"}
_SOURCE = click.option("--source", "address", default="", help="Alles, was von dieser Quelle wartet (bis zu 200).")


@click.group(name="review", cls=Group)
def review_group() -> None:
    """Prüfen, was von Quellen mit `--trust review` kommt."""


@review_group.command(name="list")
@click.argument("address", default="")
@JSON
def review_list(address: str, *, as_json: bool) -> None:
    """Zeigen, was auf eine Entscheidung wartet, von einer Quelle oder von allen."""
    found = shell.write(_waiting, address)

    def text() -> str:
        lines = [f"{_KINDS[one.kind]:<8} „{one.title}“ von {one.organisation}\n  {one.uri}" for one in found]
        return "\n".join(lines) or "✓ Nichts wartet."

    shell.show([asdict(one) for one in found], as_json=as_json, text=text)


@review_group.command(name="accept")
@click.argument("uris", nargs=-1)
@_SOURCE
def review_accept(uris: tuple[str, ...], address: str) -> None:
    """Einträge in den Index aufnehmen; spätere Änderungen daran gelten dann ohne Prüfung."""
    accepted = shell.write(_decide, review.accept, uris, address)
    click.echo(f"✓ {counted(accepted, 'Eintrag', 'Einträge')} aufgenommen.")


@review_group.command(name="reject")
@click.argument("uris", nargs=-1)
@_SOURCE
def review_reject(uris: tuple[str, ...], address: str) -> None:
    """Einträge ablehnen; sie werden nicht noch einmal vorgelegt."""
    rejected = shell.write(_decide, review.reject, uris, address)
    click.echo(f"✓ {counted(rejected, 'Eintrag', 'Einträge')} abgelehnt.")


def _waiting(work: Work, address: str) -> list[review.Waiting]:
    return review.waiting(work, sources.get(work, address).uri if address else "")


def _decide(work: Work, verdict: Callable[[Work, Sequence[str]], int], uris: Sequence[str], address: str) -> int:
    if bool(uris) == bool(address):
        raise Invalid([Problem("URI", "bitte entweder Einträge nennen oder mit --source eine Quelle")])
    return verdict(work, uris or [one.uri for one in _waiting(work, address)])
