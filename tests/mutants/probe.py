"""Runs tests against a copy of the package, once for each mutant: `python -m tests.mutants.probe COPY < numbers`.

A process of its own takes each mutant after a fork, so that what all of them need is imported only once. Writes the
number of each mutant that no test noticed.
"""

import gc
import importlib
import io
import os
import sys
from contextlib import redirect_stderr, redirect_stdout
from importlib.util import cache_from_source
from pathlib import Path

import pytest

from tests.mutants.table import MUTANTS, TESTS, Mutant

# What the tests import and no mutant is in; without it each fork would spend a second on it.
_NEEDED = ("cryptography.hazmat.primitives.serialization", "http_message_signatures", "httpx_aiohttp")
_ALSO_NEEDED = ("alembic.command", "http_sf", "orjson", "psycopg", "pyld", "sqlalchemy.orm", "starlette.config", "yarl")
_KILLED = int(pytest.ExitCode.TESTS_FAILED)


def survives(copy: Path, mutant: Mutant | None, tests: tuple[str, ...]) -> bool:
    """Say whether all tests pass with a mutant, or without one."""
    child = os.fork()
    if child == 0:
        os._exit(_run(copy, mutant, tests))
    _, status = os.waitpid(child, 0)
    code = os.waitstatus_to_exitcode(status)
    if code not in {0, _KILLED}:
        raise RuntimeError(f"{mutant}: the tests ended with {code}")
    return code == 0


def _run(copy: Path, mutant: Mutant | None, tests: tuple[str, ...]) -> int:
    # Bytecode is kept where nothing is changed, and never of what is: that of one mutant must not serve the next.
    sys.dont_write_bytecode = mutant is not None
    if mutant is None:
        return _tests(tests)
    file = copy / "fediverse_ehrenamt" / mutant.file
    Path(cache_from_source(str(file))).unlink(missing_ok=True)
    whole = file.read_text("utf-8")
    file.write_text(whole.replace(mutant.old, mutant.new), "utf-8")
    code = _tests(tests)
    file.write_text(whole, "utf-8")
    return code


def _tests(tests: tuple[str, ...]) -> int:
    with redirect_stdout(io.StringIO()), redirect_stderr(io.StringIO()):
        return int(pytest.main(["-x", "-q", "--tb=no", "--noconftest", *tests]))


def main(copy: Path) -> None:
    """Try the tests once without a mutant, which must go well, then each mutant; write the survivors."""
    for module in (*_NEEDED, *_ALSO_NEEDED):
        importlib.import_module(module)
    _tests((str(Path(__file__).with_name("table.py")),))  # has no tests, yet loads pytest and its plugins
    gc.freeze()  # or each child would walk through all of it, and so get its own copy
    for tests in set(TESTS.values()):
        if not survives(copy, None, tests):
            raise SystemExit(f"without a mutant, {tests} fail already")
    for number, mutant in enumerate(MUTANTS):
        if survives(copy, mutant, TESTS[mutant.file]):
            sys.stdout.write(f"{number}\n")


if __name__ == "__main__":
    main(Path(sys.argv[1]))
