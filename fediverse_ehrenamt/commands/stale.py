"""`stale …`: offers of which visitors say that they do not hold any more."""

from dataclasses import asdict

import click

from fediverse_ehrenamt.commands import moments, shell
from fediverse_ehrenamt.commands.groups import Group
from fediverse_ehrenamt.commands.shell import JSON
from fediverse_ehrenamt.doubts import actions, rules
from fediverse_ehrenamt.doubts.actions import Doubted
from fediverse_ehrenamt.kit import html
from fediverse_ehrenamt.kit.counts import counted
from fediverse_ehrenamt.work import Work

_TITLE = 60
_ALL = 1


@click.group(cls=Group)
def stale() -> None:
    """Angebote, von denen Besucher sagen, dass sie nicht mehr stimmen."""


@stale.command(name="list")
@click.option("--all", "everything", is_flag=True, help="Schon ab dem ersten Hinweis.")
@JSON
def stale_list(*, everything: bool, as_json: bool) -> None:
    """Angebote zeigen, die nach drei Hinweisen in 30 Tagen jemand ansehen sollte; ausgeblendet wird nichts."""

    def run(work: Work) -> list[Doubted]:
        return actions.listing(work, _ALL if everything else rules.ENOUGH)

    found = shell.write(run)
    shell.show([asdict(one) for one in found], as_json=as_json, text=lambda: _lines(found))


def _lines(found: list[Doubted]) -> str:
    return "\n".join(map(_line, found)) or "✓ Kein Angebot, an dem mehrere zweifeln."


def _line(one: Doubted) -> str:
    reasons = ", ".join(f"{rules.REASONS.get(slug, 'ohne Grund')}: {count}" for slug, count in one.reasons.items())
    asked = f"gefragt am {moments.day(one.asked_at)}" if one.asked_at else "die Organisation wurde nicht gefragt"
    where = asked if one.local else f"aus dem Portal {one.host}"
    title = html.shorten(one.title, _TITLE)
    last = moments.day(one.last_at)
    return f"{one.count:>4} {one.page} {title} ({one.organisation})\n     {reasons}; zuletzt {last}; {where}"


@stale.command(name="clear")
@click.argument("page", metavar="SEITE")
def stale_clear(page: str) -> None:
    """Die Hinweise zu einem Angebot vergessen (nach dem Ansehen); SEITE steht in der Liste."""
    count = shell.write(actions.clear, page)
    click.echo(f"✓ {counted(count, 'Hinweis', 'Hinweise')} vergessen.")


COMMANDS = [stale]
