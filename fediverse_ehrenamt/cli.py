"""`ehrenamt`: what an operator does from the command line. Exit codes: 0 done, 1 it could not be done, 2 wrong use."""

import gc
import sys
from importlib import import_module
from typing import Any, NoReturn

import click
from sqlalchemy.exc import OperationalError

from fediverse_ehrenamt.commands import misuse
from fediverse_ehrenamt.commands.groups import Group
from fediverse_ehrenamt.kit import reasons
from fediverse_ehrenamt.kit.errors import EhrenamtError, Invalid
from fediverse_ehrenamt.storage import faults

MODULES = {
    "setting_up": ("init", "migrate", "check"),
    "running": ("serve", "reindex"),
    "working": ("worker",),
    "people": ("person",),
    "texts": ("page",),
    "look": ("look",),
    "publishing": ("organisation", "publish", "confirm", "announce"),
    "events": ("event",),
    "feeds": ("feed",),
    "sources": ("source",),
    "imports": ("import",),
    "duplicates": ("duplicates",),
    "places": ("places",),
    "maps": ("map",),
    "messages": ("message", "reply"),
    "reports": ("report",),
    "stale": ("stale",),
    "enquiries": ("enquiry",),
    "jobs": ("jobs", "replay"),
    "keys": ("keys",),
    "peers": ("peers",),
    "policy": ("block", "allow"),
    "demo": ("demo",),
}
"""The commands that each module of `commands` has in its COMMANDS."""
_HOMES = {name: module for module, names in MODULES.items() for name in names}


class _Group(Group):
    """Shows expected faults as sentences instead of traces, and imports no more than the command that is called.

    All of them together take seconds on a small machine.
    """

    def list_commands(self, _ctx: click.Context) -> list[str]:
        return sorted(_HOMES)

    def get_command(self, _ctx: click.Context, name: str) -> click.Command | None:
        if name not in _HOMES:
            return None
        gc.disable()  # nothing of what is loaded is garbage, and to look through it took a sixth of a start
        try:
            commands: list[click.Command] = import_module(f"fediverse_ehrenamt.commands.{_HOMES[name]}").COMMANDS
        finally:
            gc.enable()
        return next(command for command in commands if command.name == name)

    def parse_args(self, ctx: click.Context, args: list[str]) -> list[str]:
        try:
            return super().parse_args(ctx, args)
        except click.UsageError as error:
            misuse.end(error)

    def invoke(self, ctx: click.Context) -> Any:  # noqa: ANN401 - click's interface
        try:
            return super().invoke(ctx)
        except click.UsageError as error:
            misuse.end(error)
        except Invalid as error:
            for problem in error.problems:
                click.secho(f"✗ {problem}", fg="red", err=True)
            sys.exit(1)
        except EhrenamtError as error:
            _end(error.public)
        except OperationalError as error:
            said = faults.plain(error)
            reason = said.public if isinstance(said, EhrenamtError) else str(error.orig).strip().partition("\n")[0]
            _end(f"Mit der Datenbank geht es nicht: {reason}")
        except (PermissionError, NotADirectoryError, FileExistsError) as error:
            _end(f"{error.filename}: {reasons.of(error)}")


def _end(reason: str) -> NoReturn:
    click.secho(f"✗ {reason}", fg="red", err=True)
    sys.exit(1)


@click.group(cls=_Group, context_settings={"help_option_names": ["-h", "--help"], "max_content_width": 100})
@click.version_option(package_name="fediverse-ehrenamt", message="ehrenamt %(version)s", help="Zeigt die Version.")
def main() -> None:
    """Ehrenamt im Fediverse: Angebote und Termine veröffentlichen, austauschen, finden.

    Einstellungen stehen in der Umgebung (EHRENAMT_URL, EHRENAMT_DATA …) oder in der Datei ehrenamt.env im
    aktuellen Ordner. Los geht es mit `ehrenamt init`, dann `ehrenamt serve`.
    """


if __name__ == "__main__":
    main()
