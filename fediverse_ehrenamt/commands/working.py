"""`worker`: runs what the web processes of a large instance leave to do."""

import click

from fediverse_ehrenamt import server, worker
from fediverse_ehrenamt.commands import shell
from fediverse_ehrenamt.commands.groups import Command
from fediverse_ehrenamt.kit.errors import EhrenamtError
from fediverse_ehrenamt.settings import Settings


@click.command(name="worker", cls=Command)
def worker_command() -> None:
    """Aufträge abarbeiten (nur mit EHRENAMT_REDIS_URL nötig; sonst tut das `ehrenamt serve`)."""
    settings = Settings.from_environment()
    if not settings.redis_url:
        raise EhrenamtError(
            "Ohne EHRENAMT_REDIS_URL arbeitet `ehrenamt serve` alles selbst ab; ein Worker ist nicht nötig."
        )
    with shell.opened():
        pass
    server.start_log(settings)
    worker.run(settings)


COMMANDS = [worker_command]
