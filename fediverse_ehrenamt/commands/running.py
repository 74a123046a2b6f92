"""`serve`, `reindex`: runs an instance."""

import asyncio

import click

from fediverse_ehrenamt import server, setup
from fediverse_ehrenamt.commands import shell
from fediverse_ehrenamt.commands.groups import Command
from fediverse_ehrenamt.first_run import process
from fediverse_ehrenamt.instance import Instance, open_instance
from fediverse_ehrenamt.kit import collector
from fediverse_ehrenamt.kit.counts import counted
from fediverse_ehrenamt.settings import Settings


@click.command(cls=Command)
@click.option("--host", default="127.0.0.1", show_default=True, help="Adresse, auf der gehört wird.")
@click.option(
    "--port", default=8000, show_default=True, type=click.IntRange(0, 65535), help="Port; 0 nimmt einen freien."
)
def serve(host: str, port: int) -> None:
    """Die Instanz betreiben: Seiten, Postfach und (ohne Redis) alle Hintergrundarbeiten.

    Ist noch nichts eingerichtet, steht in der Ausgabe ein Link, unter dem das im Browser geht.
    """
    if not _is_set_up():
        process.run(host, port)
    with shell.opened():
        pass  # says what is missing before uvicorn says it less well
    server.become(host, port)


def _is_set_up() -> bool:
    instance = open_instance(Settings.from_environment())
    try:
        return setup.is_set_up(instance)
    finally:
        asyncio.run(instance.close())


@click.command(cls=Command)
def reindex() -> None:
    """Den Suchindex aus der Datenbank neu aufbauen; gesucht werden kann dabei weiter."""
    with click.progressbar(length=1, label="Suchindex", show_percent=True) as bar:

        def progress(done: int, total: int) -> None:
            bar.length = total
            bar.update(done - bar.pos)

        async def run(instance: Instance) -> int:
            await instance.feed.rebuild(instance.workshop, progress)
            return await instance.workshop.read(setup.count_documents)

        with collector.spared():
            count = shell.online(run)
    click.echo(f"✓ {counted(count, 'Eintrag', 'Einträge')} im Index.")


COMMANDS = [serve, reindex]
