"""`organisation …` and `publish`: who publishes here, and what."""

import asyncio
from dataclasses import asdict
from pathlib import Path

import click

from fediverse_ehrenamt.commands import shell
from fediverse_ehrenamt.commands.shell import JSON
from fediverse_ehrenamt.organisations import actions as organisations
from fediverse_ehrenamt.publishing import actions as publishing
from fediverse_ehrenamt.publishing import file as publishing_file
from fediverse_ehrenamt.search import store as documents

_SEARCHABLE_SECONDS = 1.0


@click.group()
def organisation() -> None:
    """Organisationen dieser Instanz."""


@organisation.command(name="add")
@click.argument("handle")
@click.argument("name")
@click.option("--summary", default="", help="Kurze Beschreibung.")
@JSON
def organisation_add(handle: str, name: str, summary: str, *, as_json: bool) -> None:
    """Eine Organisation anlegen; danach kann ihr jeder im Fediverse als @HANDLE@domain folgen."""
    added = shell.write(organisations.add, handle, name, summary)
    shell.show(asdict(added), as_json=as_json, text=lambda: f"✓ {added.name}: {added.address}\n  {added.url}")


@organisation.command(name="list")
@JSON
def organisation_list(*, as_json: bool) -> None:
    """Alle Organisationen zeigen."""
    found = shell.write(organisations.listing)

    def text() -> str:
        lines = [f"{one.address:<50} {one.followers:>5} Folgende  {one.name}" for one in found]
        return "\n".join(lines) or "Noch keine. Eine anlegen: ehrenamt organisation add HANDLE NAME"

    shell.show([asdict(one) for one in found], as_json=as_json, text=text)


@click.command()
@click.argument("file", type=click.Path(exists=True, dir_okay=False, path_type=Path))
@click.option("--organisation", "handle", default="", help="Handle der Organisation, statt dem am Anfang der Datei.")
@JSON
def publish(file: Path, handle: str, *, as_json: bool) -> None:
    """Angebote und Termine aus einer YAML- oder JSON-Datei veröffentlichen, ändern oder zurückziehen.

    Jeder Eintrag hat eine eigene `id`; dieselbe id noch einmal ändert denselben Eintrag. Entweder gelingt alles,
    oder es wird nichts gespeichert und jedes Problem genannt. Ein Beispiel steht in schemas/beispiel.yaml.
    """
    with shell.opened() as instance:
        entries = publishing_file.read(file.read_text("utf-8", "replace"), file.name, file.parent, handle)
        ready = publishing.with_images(instance.workshop.settings.data, entries)
        outcomes = instance.workshop.write_now(publishing.apply, ready)
        newest = instance.workshop.read_now(documents.newest)
        asyncio.run(instance.feed.wait_until(newest, _SEARCHABLE_SECONDS))
    words = {
        "published": "veröffentlicht",
        "changed": "geändert",
        "unchanged": "unverändert",
        "withdrawn": "zurückgezogen",
        "absent": "war nicht (mehr) veröffentlicht",
    }

    def text() -> str:
        return "\n".join(f"✓ {words[outcome.what]}: {outcome.uri}" for outcome in outcomes) or "Die Datei ist leer."

    shell.show([asdict(outcome) for outcome in outcomes], as_json=as_json, text=text)


COMMANDS = [organisation, publish]
