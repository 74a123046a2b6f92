"""Packages come from where pip was told to take them, also where uv fetches them; and by their hashes alone."""

import hashlib
import subprocess
import sys
import zipfile
from pathlib import Path

import pytest

from tests import servers
from tools import install


def test_the_more_particular_setting_of_pip_holds() -> None:
    listed = [
        "global.index-url='https://spiegel.example/simple'",
        "install.find-links='/raeder'",
        "global.find-links='/alle'",
        "freeze.timeout='3'",
        ":env:.index-url='https://naeher.example/a=b'",
    ]
    assert install.settings(listed) == {"index-url": "https://naeher.example/a=b", "find-links": "/raeder"}


@pytest.mark.parametrize(
    ("given", "said"),
    [
        ({"index-url": "https://ich:pw@spiegel.example/"}, {"UV_DEFAULT_INDEX": "https://ich:pw@spiegel.example/"}),
        ({"extra-index-url": "\nhttps://a.example\nfile:///b"}, {"UV_INDEX": "https://a.example file:///b"}),
        ({"find-links": "/a /b"}, {"UV_FIND_LINKS": "/a,/b"}),
        ({"trusted-host": "a.example b.example"}, {"UV_INSECURE_HOST": "a.example b.example"}),
        ({"proxy": "http://p.example:3128"}, dict.fromkeys(("HTTP_PROXY", "HTTPS_PROXY"), "http://p.example:3128")),
        ({"cert": "/ca.pem", "client-cert": "/ich.pem"}, {"SSL_CERT_FILE": "/ca.pem", "SSL_CLIENT_CERT": "/ich.pem"}),
        ({"default-timeout": "180", "no-cache-dir": "1"}, {"UV_HTTP_TIMEOUT": "180", "UV_NO_CACHE": "1"}),
        ({"constraint": "/grenzen.txt", "quiet": "1"}, {}),
    ],
)
def test_uv_is_told_where_pip_would_look(given: dict[str, str], said: dict[str, str]) -> None:
    alone = install.for_uv({})
    assert alone is not None
    assert install.for_uv(given) == alone | said


@pytest.mark.parametrize("key", ["no-index", "no-binary", "target", "was-es-noch-nicht-gibt"])
def test_pip_alone_installs_where_uv_would_miss_a_setting(key: str) -> None:
    assert install.for_uv({"index-url": "https://spiegel.example/simple", key: "1"}) is None


@pytest.mark.parametrize(("changed", "code"), [(b"", 0), (b"#", 1)])
def test_what_is_installed_has_the_hash_that_is_named(tmp_path: Path, changed: bytes, code: int) -> None:
    """Where an index is forbidden, by pip; by uv, each `make test` in a fresh checkout installs all by their hashes."""
    wheel = tmp_path / "probe-1-py3-none-any.whl"
    with zipfile.ZipFile(wheel, "w") as archive:
        archive.writestr("probe.py", "")
        archive.writestr("probe-1.dist-info/METADATA", "Metadata-Version: 2.1\nName: probe\nVersion: 1\n")
        archive.writestr("probe-1.dist-info/WHEEL", "Wheel-Version: 1.0\nRoot-Is-Purelib: true\nTag: py3-none-any\n")
        archive.writestr("probe-1.dist-info/RECORD", "")
    lock = tmp_path / "lock"
    lock.write_text(f"probe==1 --hash=sha256:{hashlib.sha256(wheel.read_bytes() + changed).hexdigest()}\n")
    done = subprocess.run(
        [sys.executable, install.__file__, "--target", tmp_path / "to", "--require-hashes", "-r", lock],
        env=servers.unmeasured(PIP_NO_INDEX="1", PIP_FIND_LINKS=str(tmp_path), PIP_CONFIG_FILE="/dev/null"),
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == code, done.stderr
    assert (tmp_path / "to" / "probe.py").exists() == (code == 0)
