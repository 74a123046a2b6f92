"""What is shipped is whole: the wheel carries every file, and serves from a virtual environment of its own."""

import os
import re
import subprocess
import sys
import sysconfig
import zipfile
from dataclasses import dataclass
from pathlib import Path

import httpx
import pytest

from tests import servers

ROOT = Path(__file__).resolve().parents[2]
_BESIDE = ("schemas", "static")  # beside the package in a checkout, under _data in the wheel
_SECONDS = 120


@pytest.fixture(scope="module")
def wheel(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return the wheel, built from this checkout."""
    folder = tmp_path_factory.mktemp("wheel")
    _run([sys.executable, "-m", "hatchling", "build", "-t", "wheel", "-d", str(folder)], ROOT)
    (built,) = folder.glob("*.whl")
    return built


@dataclass(frozen=True, slots=True)
class Installed:
    """A virtual environment with the wheel, and an instance's folder beside it."""

    folder: Path
    data: Path

    def environ(self) -> dict[str, str]:
        return {"PATH": os.defpath, "LANG": "C.UTF-8", "HOME": str(self.folder), "EHRENAMT_DATA": str(self.data)}

    def ehrenamt(self, *arguments: str) -> list[str]:
        return [str(self.folder / "bin" / "ehrenamt"), *arguments]

    def run(self, *arguments: str) -> str:
        return _run(self.ehrenamt(*arguments), self.folder, self.environ())

    def python(self, program: str) -> str:
        return _run([str(self.folder / "bin" / "python"), "-I", "-c", program], self.folder, self.environ())


@pytest.fixture(scope="module")
def installed(wheel: Path, tmp_path_factory: pytest.TempPathFactory) -> Installed:
    """Install the wheel alone into a fresh environment; its dependencies are lent from ours, nothing is downloaded."""
    folder = tmp_path_factory.mktemp("installed")
    _run([sys.executable, "-m", "venv", "--without-pip", str(folder)], ROOT)
    python = str(folder / "bin" / "python")
    _run([sys.executable, "-m", "pip", "--python", python, "install", "--quiet", "--no-deps", str(wheel)], ROOT)
    packages = _run([python, "-c", "import sysconfig; print(sysconfig.get_path('purelib'))"], folder).strip()
    (Path(packages) / "lent.pth").write_text(sysconfig.get_path("purelib") + "\n", encoding="utf-8")
    return Installed(folder, folder / "data")


def test_the_wheel_carries_every_file(wheel: Path) -> None:
    with zipfile.ZipFile(wheel) as archive:
        carried = set(archive.namelist())
    wanted = {f"fediverse_ehrenamt/{name}" for name in _files(ROOT / "fediverse_ehrenamt")}
    wanted |= {f"fediverse_ehrenamt/_data/{folder}/{name}" for folder in _BESIDE for name in _files(ROOT / folder)}
    assert wanted - carried == set()
    assert not {name for name in carried if name.startswith(("tests/", "tools/"))}
    for kind in (
        ".jsonld",
        ".schema.json",
        ".css",
        ".js",
        "vendor/leaflet/LICENSE",
        ".html",
        ".po",
        ".tsv.gz",
        ".yaml",
    ):
        assert any(name.endswith(kind) for name in carried), f"no {kind} in the wheel"
    assert any(name.endswith("licenses/LICENSE") for name in carried)


def test_the_installed_package_finds_its_files(installed: Installed) -> None:
    found = installed.python(
        "import fediverse_ehrenamt as package\n"
        "from fediverse_ehrenamt.kit import resources\n"
        "print(package.__file__)\n"
        f"for name in {_BESIDE}: print(resources.folder(name), any(resources.folder(name).iterdir()))"
    ).splitlines()
    assert all(line.startswith(str(installed.folder)) for line in found), found
    assert all(line.endswith(" True") for line in found[1:]), found


def test_the_installed_command_explains_itself(installed: Installed) -> None:
    assert "serve" in installed.run("--help")


def test_the_installed_package_serves(installed: Installed) -> None:
    port = servers.free_port()
    origin = f"http://127.0.0.1:{port}"
    installed.run("init", "--name", "Ehrenamt Musterstadt", "--url", origin)
    command = installed.ehrenamt("serve", "--port", str(port))
    log = installed.folder / "serve.log"
    with httpx.Client(base_url=origin, trust_env=False) as client:
        with servers.running(command, log, lambda: _answers(client), environ=installed.environ()):
            page = client.get("/")
            assert page.status_code == httpx.codes.OK
            assert "Ehrenamt Musterstadt" in page.text
            assets = set(re.findall(r'(?:href|src)="(/static/[^"]+)"', page.text))
            assert assets
            assert {asset: client.get(asset).status_code for asset in assets} == dict.fromkeys(assets, 200)
        assert not _answers(client)


def _answers(client: httpx.Client) -> bool:
    try:
        return client.get("/").status_code < httpx.codes.INTERNAL_SERVER_ERROR
    except httpx.TransportError:
        return False


def _files(folder: Path) -> list[str]:
    paths = (path for path in folder.rglob("*") if path.is_file() and "__pycache__" not in path.parts)
    return [path.relative_to(folder).as_posix() for path in paths]


def _run(command: list[str], folder: Path, environ: dict[str, str] | None = None) -> str:
    done = subprocess.run(
        command, cwd=folder, env=environ, capture_output=True, text=True, check=False, timeout=_SECONDS
    )
    assert done.returncode == 0, f"{' '.join(command)}\n{done.stdout[-2000:]}\n{done.stderr[-2000:]}"
    return done.stdout
