"""Commands run in this process, as somebody types them."""

from collections.abc import Callable, Iterator

import click
from click.testing import CliRunner, Result

from fediverse_ehrenamt import cli

Run = Callable[..., Result]


def run(*words: str, ends: int = 0) -> Result:
    """Run `ehrenamt` with these words; it has to end with the exit code `ends`, and raise nothing."""
    result = CliRunner().invoke(cli.main, list(words))
    if result.exception and not isinstance(result.exception, SystemExit):
        raise result.exception
    assert result.exit_code == ends, result.output
    return result


def every() -> dict[tuple[str, ...], click.Command]:
    """Return all commands and groups of `ehrenamt` by their words."""
    return dict(_below(cli.main))


def _below(group: click.Group, path: tuple[str, ...] = ()) -> Iterator[tuple[tuple[str, ...], click.Command]]:
    context = click.Context(group)
    for name in group.list_commands(context):
        command = group.get_command(context, name)
        assert command is not None
        yield (*path, name), command
        if isinstance(command, click.Group):
            yield from _below(command, (*path, name))
