"""`ehrenamt`: what an operator does from the command line. Exit codes: 0 done, 1 it could not be done, 2 wrong use."""

import sys
from typing import Any, NoReturn

import click
from sqlalchemy.exc import OperationalError

from fediverse_ehrenamt.commands import (
    demo,
    duplicates,
    events,
    feeds,
    imports,
    jobs,
    keys,
    messages,
    peers,
    places,
    policy,
    publishing,
    reports,
    running,
    setting_up,
    sources,
)
from fediverse_ehrenamt.kit.errors import EhrenamtError, Invalid


class _Group(click.Group):
    """Shows expected faults as sentences instead of traces."""

    def invoke(self, ctx: click.Context) -> Any:  # noqa: ANN401 - click's interface
        try:
            return super().invoke(ctx)
        except Invalid as error:
            for problem in error.problems:
                click.secho(f"✗ {problem}", fg="red", err=True)
            sys.exit(1)
        except EhrenamtError as error:
            _end(error.public)
        except OperationalError as error:
            _end(f"Mit der Datenbank geht es nicht: {str(error.orig).strip().partition(chr(10))[0]}")
        except (PermissionError, NotADirectoryError, FileExistsError) as error:
            _end(f"{error.filename}: {error.strerror}")


def _end(reason: str) -> NoReturn:
    click.secho(f"✗ {reason}", fg="red", err=True)
    sys.exit(1)


@click.group(cls=_Group, context_settings={"help_option_names": ["-h", "--help"], "max_content_width": 100})
@click.version_option(package_name="fediverse-ehrenamt", message="ehrenamt %(version)s")
def main() -> None:
    """Ehrenamt im Fediverse: Angebote und Termine veröffentlichen, austauschen, finden.

    Einstellungen stehen in der Umgebung (EHRENAMT_URL, EHRENAMT_DATA …) oder in der Datei ehrenamt.env im
    aktuellen Ordner. Los geht es mit `ehrenamt init`, dann `ehrenamt serve`.
    """


for _command in [
    *setting_up.COMMANDS,
    *running.COMMANDS,
    *publishing.COMMANDS,
    *events.COMMANDS,
    *feeds.COMMANDS,
    *sources.COMMANDS,
    *imports.COMMANDS,
    *duplicates.COMMANDS,
    *places.COMMANDS,
    *messages.COMMANDS,
    *reports.COMMANDS,
    *jobs.COMMANDS,
    *keys.COMMANDS,
    *peers.COMMANDS,
    *policy.COMMANDS,
    *demo.COMMANDS,
]:
    main.add_command(_command)


if __name__ == "__main__":
    main()
