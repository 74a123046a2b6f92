"""Installs packages into the environment that runs it: by uv, which takes an eighth of pip's time, or else by pip.

`python tools/install.py --require-hashes -r requirements.lock`: the words are those of `pip install` that uv has too.
pip fetches uv into build/uv, by the version and hashes of requirements-uv.lock. uv reads no settings of pip; those that
say where packages come from are handed on to it. Where there are others, and where uv cannot be had or fails, pip does
it all and says what is wrong, if anything is.
"""

import ast
import os
import subprocess
import sys
from collections.abc import Iterable, Mapping
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
LOCK = ROOT / "requirements-uv.lock"
FOLDER = ROOT / "build" / "uv"
UV = FOLDER / "bin" / "uv"

_PIP = (sys.executable, "-m", "pip", "--disable-pip-version-check", "--no-input")
_SECTIONS = ("global", "install", ":env:")  # the later one holds
# Where packages come from and through what; lists have spaces between their values, in uv's `find-links` commas.
_SAME = {
    "index-url": ("UV_DEFAULT_INDEX",),
    "extra-index-url": ("UV_INDEX",),
    "find-links": ("UV_FIND_LINKS",),
    "trusted-host": ("UV_INSECURE_HOST",),
    "cert": ("SSL_CERT_FILE",),
    "client-cert": ("SSL_CLIENT_CERT",),
    "proxy": ("HTTPS_PROXY", "HTTP_PROXY"),
    "timeout": ("UV_HTTP_TIMEOUT",),
    "default-timeout": ("UV_HTTP_TIMEOUT",),
    "no-cache-dir": ("UV_NO_CACHE",),
}
# What changes nothing of that; a lock file names one version of each package, whatever a constraint says.
_INDIFFERENT = frozenset((
    "break-system-packages", "cache-dir", "constraint", "disable-pip-version-check", "no-color", "no-compile",
    "no-input", "no-warn-script-location", "prefer-binary", "progress-bar", "quiet", "require-virtualenv", "retries",
    "root-user-action", "verbose",
))  # fmt: skip


def settings(listed: Iterable[str]) -> dict[str, str]:
    """Read what `pip config list` prints, lines as `global.index-url='…'`: what holds for `pip install`."""
    found: dict[str, dict[str, str]] = {}
    for line in listed:
        name, _, value = line.partition("=")
        section, _, key = name.rpartition(".")
        found.setdefault(section, {})[key] = str(ast.literal_eval(value))
    return {key: value for section in _SECTIONS for key, value in found.get(section, {}).items()}


def for_uv(given: Mapping[str, str]) -> dict[str, str] | None:
    """Say pip's settings as uv's environment variables; None where uv would miss one."""
    # As pip does: the system's certificates, and all indexes alike, whichever has the version that is asked for.
    said = {"UV_SYSTEM_CERTS": "1", "UV_INDEX_STRATEGY": "unsafe-best-match"}
    for key, value in given.items():
        if key in _INDIFFERENT:
            continue
        if key not in _SAME:
            return None
        between = "," if key == "find-links" else " "
        said |= dict.fromkeys(_SAME[key], between.join(value.split()))
    return said


def _fetch() -> bool:
    """Fetch uv unless it is there, not long looked for: without network, pip's own complaint comes next."""
    if UV.exists() and (FOLDER / LOCK.name).exists() and (FOLDER / LOCK.name).read_bytes() == LOCK.read_bytes():
        return True
    words = ("install", "--retries", "1", "--upgrade", "--target", str(FOLDER), "--require-hashes", "-r", str(LOCK))
    if subprocess.run([*_PIP, *words], capture_output=True, check=False).returncode:
        return False
    (FOLDER / LOCK.name).write_bytes(LOCK.read_bytes())
    return True


def _by_uv(words: list[str]) -> bool:
    listed = subprocess.run([*_PIP, "config", "list"], capture_output=True, text=True, check=False)
    said = None if listed.returncode else for_uv(settings(listed.stdout.splitlines()))
    if said is None or not _fetch():
        return False
    command = [str(UV), "pip", "install", "--quiet", "--python", sys.executable, *words]
    environ = os.environ | said  # noqa: TID251 - handed on to another program, not read
    return subprocess.run(command, env=environ, capture_output=True, check=False).returncode == 0


def main(words: list[str]) -> int:
    """Install; return 0, or what pip ended with."""
    if _by_uv(words):
        return 0
    # What is imported is compiled then, a tenth of all: to compile it here takes a quarter of the time.
    return subprocess.run([*_PIP, "install", "-qq", "--no-compile", *words], check=False).returncode


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
