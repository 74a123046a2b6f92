"""`jobs`: what waits to be done and what was given up."""

from dataclasses import asdict

import click

from fediverse_ehrenamt.commands import shell
from fediverse_ehrenamt.commands.shell import JSON
from fediverse_ehrenamt.jobs import overview


@click.command()
@JSON
def jobs(*, as_json: bool) -> None:
    """Zeigen, was aussteht und was aufgegeben wurde, je Host."""
    found = shell.write(overview.lanes)

    def text() -> str:
        lines = [
            f"{lane.host or '(hier)':<40} {lane.waiting:>6} offen {lane.given_up:>6} aufgegeben  {lane.error}".rstrip()
            for lane in found
        ]
        return "\n".join(lines) or "✓ Nichts steht aus."

    shell.show([asdict(lane) for lane in found], as_json=as_json, text=text)


COMMANDS = [jobs]
