"""Commands run in this process, as somebody types them."""

from collections.abc import Callable

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
