"""`init`, `migrate`, `check`: sets an instance up and says what is wrong with it."""

import asyncio
import sys
from dataclasses import asdict
from pathlib import Path

import click

from fediverse_ehrenamt import checks, setup
from fediverse_ehrenamt.commands import shell
from fediverse_ehrenamt.commands.groups import Command
from fediverse_ehrenamt.commands.shell import JSON
from fediverse_ehrenamt.instance import open_instance
from fediverse_ehrenamt.kit.counts import counted
from fediverse_ehrenamt.settings import ENV_FILE, Settings


@click.command(cls=Command)
@click.option("--name", prompt="Name der Instanz (z. B. „Ehrenamt Hagen“)", help="Wie die Instanz heißt.")
@click.option(
    "--url",
    envvar="EHRENAMT_URL",
    prompt="Adresse, später nicht änderbar",
    default="http://127.0.0.1:8000",
    help="Adresse der Instanz, z. B. https://ehrenamt.hagen.de; sonst EHRENAMT_URL. Später nicht änderbar.",
)
@click.option("--handle-domain", help="Domain der Handles, wenn sie anders ist als der Host der Adresse.")
@click.option("--summary", default="", help="Ein Satz darüber, was die Instanz ist.")
def init(name: str, url: str, handle_domain: str | None, summary: str) -> None:
    """Eine neue Instanz einrichten: Datenbank, Schlüssel, ehrenamt.env."""
    given = {"EHRENAMT_URL": url, "EHRENAMT_HANDLE_DOMAIN": handle_domain}
    settings = setup.settings_for_init({key: value for key, value in given.items() if value})
    instance = open_instance(settings)
    try:
        written = setup.create(instance, name, summary, Path(ENV_FILE), setup.by_command_line)
    finally:
        asyncio.run(instance.close())
    click.secho(f"✓ {name} ist eingerichtet.", fg="green")
    click.echo(f"  Adresse: {settings.url}\n  Handles: @name@{settings.handle_domain}\n  Daten:   {settings.data}")
    if written:
        click.echo(f"  Einstellungen: {written} (mit dem Geheimnis der Schlüssel: bitte sichern, nicht weitergeben)")
    click.echo("Weiter: `ehrenamt organisation add HANDLE NAME`, dann `ehrenamt serve`.")


@click.command(name="migrate", cls=Command)
def migrate_command() -> None:
    """Die Datenbank auf den Stand dieser Version bringen."""
    instance = open_instance(Settings.from_environment())
    try:
        done = setup.upgrade(instance, Path(ENV_FILE))
    finally:
        asyncio.run(instance.close())
    if done.before == done.after:
        click.echo("✓ Die Datenbank ist schon auf dem neuesten Stand.")
    else:
        click.echo(f"✓ Stand {done.before} → {done.after}.")
    if done.sealed:
        click.echo(f"✓ Private Schlüssel von {counted(done.sealed, 'Konto', 'Konten')} verschlüsselt.")
    if done.secret_in:
        click.echo(f"  Das Geheimnis dafür steht als EHRENAMT_SECRET in {done.secret_in}; bitte mit sichern.")


@click.command(cls=Command)
@JSON
def check(*, as_json: bool) -> None:
    """Prüfen, ob alles stimmt, und in Sätzen sagen, was nicht."""
    found = shell.online(checks.run)
    wrong = [finding for finding in found if not finding.good]

    def text() -> str:
        return "\n".join(f"{'✓' if finding.good else '✗'} {finding.sentence}" for finding in found)

    shell.show([asdict(finding) for finding in found], as_json=as_json, text=text)
    sys.exit(1 if wrong else 0)


COMMANDS = [init, migrate_command, check]
