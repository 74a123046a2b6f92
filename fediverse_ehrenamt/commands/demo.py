"""`demo`: three towns on this machine."""

from pathlib import Path

import click

from fediverse_ehrenamt.commands.groups import Command
from fediverse_ehrenamt.demo import run as demo_run


@click.command(cls=Command)
@click.option(
    "--data", default="demo-data", show_default=True, type=click.Path(path_type=Path), help="Ordner der drei Städte."
)
@click.option(
    "--port", default=8071, show_default=True, type=click.IntRange(1024, 65000), help="Erster von drei Ports."
)
def demo(data: Path, port: int) -> None:
    """Drei Städte auf diesem Rechner starten, die einander folgen; Strg+C beendet sie, die Daten bleiben."""
    demo_run.run(data.absolute(), port)


COMMANDS = [demo]
