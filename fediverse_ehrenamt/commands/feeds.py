"""`feed …`: saved searches that people follow as accounts, from Mastodon and the like."""

from dataclasses import asdict

import click

from fediverse_ehrenamt.commands import shell
from fediverse_ehrenamt.commands.groups import Group
from fediverse_ehrenamt.commands.shell import JSON
from fediverse_ehrenamt.feeds import actions


@click.group(cls=Group)
def feed() -> None:
    """Abo-Konten: Suchen, denen man im Fediverse folgen kann."""


@feed.command()
@click.argument("handle")
@click.option("--search", required=True, help="Die Suche, wie sie in der Adresse der Ergebnisse steht.")
@click.option("--name", required=True, help="Wie das Konto heißt, z. B. „Umwelt in Haspe“.")
@click.option("--summary", default="", help="Ein Satz dazu, der auf seiner Seite steht.")
@JSON
def add(handle: str, search: str, name: str, summary: str, *, as_json: bool) -> None:
    """Eine Suche zum Abo-Konto machen: jedes neue Angebot darin wird einmal geteilt.

    Was es schon gibt, wird nicht geteilt. Beispiel: ehrenamt feed add umwelt_haspe --name "Umwelt in Haspe"
    --search "bereich=umwelt_tiere&ort=Haspe"
    """
    made = shell.write(actions.add, handle, name, search, summary)
    shell.show(asdict(made), as_json=as_json, text=lambda: f"✓ {made.name}: {made.address}\n  {made.url}")


@feed.command(name="list")
@JSON
def list_(*, as_json: bool) -> None:
    """Alle Abo-Konten mit ihrer Suche und der Zahl derer, die folgen."""
    found = shell.write(actions.listing)

    def text() -> str:
        lines = [f"{one.address}  {one.name}  ({one.followers} folgen)\n  {one.search}" for one in found]
        return "\n".join(lines) or "Noch kein Abo-Konto; `ehrenamt feed add` macht eins."

    shell.show([asdict(one) for one in found], as_json=as_json, text=text)


@feed.command()
@click.argument("handle")
def remove(handle: str) -> None:
    """Ein Abo-Konto für immer aufgeben; wer ihm folgt, erfährt es. Sein Name wird nicht wieder vergeben."""
    shell.write(actions.remove, handle)
    click.echo(f"✓ @{handle.removeprefix('@')} gibt es nicht mehr.")


COMMANDS = [feed]
