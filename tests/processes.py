"""Processes of ours beside a test, forked from one that has imported the program: to import it takes a second."""

import multiprocessing
import os
from collections.abc import Mapping, Sequence
from concurrent.futures import ProcessPoolExecutor
from pathlib import Path
from subprocess import CompletedProcess

from click.testing import CliRunner

from fediverse_ehrenamt import cli

FORKS = multiprocessing.get_context("forkserver")
"""Whose processes share nothing with the test's: neither memory nor threads nor open files."""
FORKS.set_forkserver_preload([f"fediverse_ehrenamt.commands.{name}" for name in cli.MODULES])

_SECONDS = 60.0


def command(words: Sequence[str], folder: Path, environ: Mapping[str, str]) -> CompletedProcess[str]:
    """Run `ehrenamt …` in a folder and a process of its own, whatever it ends with; what it raises, is raised here."""
    with ProcessPoolExecutor(1, FORKS) as process:
        return process.submit(_command, words, folder, environ).result(_SECONDS)


def _command(words: Sequence[str], folder: Path, environ: Mapping[str, str]) -> CompletedProcess[str]:
    os.chdir(folder)
    result = CliRunner(env=environ).invoke(cli.main, words)
    if result.exception and not isinstance(result.exception, SystemExit):
        raise result.exception
    return CompletedProcess(words, result.exit_code, result.stdout, result.stderr)
