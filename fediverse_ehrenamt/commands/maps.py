"""`map …`: the operator's file of map tiles. Without one the map shows outlines and names from the package."""

import hashlib
import shutil
import sys
from dataclasses import asdict, dataclass
from pathlib import Path

import click

from fediverse_ehrenamt.commands import shell
from fediverse_ehrenamt.commands.groups import Group
from fediverse_ehrenamt.commands.shell import JSON
from fediverse_ehrenamt.instance import Instance
from fediverse_ehrenamt.kit.errors import NotFound, PeerError, Unavailable
from fediverse_ehrenamt.kit.http import Response
from fediverse_ehrenamt.maps import archive, tiles
from fediverse_ehrenamt.maps.archive import About
from fediverse_ehrenamt.settings import Settings

_CHUNK = 8_000_000  # bytes that are asked for at once, and written
_MOST_CHUNKS = 20_000  # 160 GB
_SECONDS = 120.0
_OK, _PART = 200, 206
_ANY = "application/octet-stream, */*"
_LABEL = "Kartendatei"


@click.group(name="map", cls=Group)
def maps() -> None:
    """Kartenbilder: ohne sie zeigt die Karte Umrisse und Ortsnamen, die das Programm mitbringt."""


@maps.command(name="fetch")
@click.argument("source", metavar="DATEI|URL")
@JSON
def fetch(source: str, *, as_json: bool) -> None:
    """Eine Kartendatei (PMTiles mit Bildkacheln) in den Datenordner holen.

    Aus einer Datei oder von einer Adresse; was abbricht, geht beim nächsten Aufruf dort weiter. Geprüft wird zuerst der
    Anfang: Vektorkacheln kann die Karte nicht zeigen. Die bisherige Datei gilt, bis die neue ganz da ist.
    """
    found = shell.online(lambda instance: _fetch(instance, source))
    shell.show(asdict(found), as_json=as_json, text=lambda: f"✓ Ab jetzt auf der Karte. {_described(found)}")


@maps.command(name="show")
@JSON
def show(*, as_json: bool) -> None:
    """Sagen, woher die Kartenbilder kommen."""
    with shell.opened() as instance:
        settings = instance.workshop.settings
    chosen = tiles.source(settings)
    if chosen is None:
        shell.show(None, as_json=as_json, text=lambda: "Umrisse und Ortsnamen aus dem Programm, keine Kartenbilder.")
    elif isinstance(chosen, str):
        whose = {"server": chosen, "attribution": settings.map_attribution}
        shell.show(whose, as_json=as_json, text=lambda: f"Vom Kachelserver {chosen} ({settings.map_attribution})")
    else:
        found = archive.about(chosen)
        shell.show(
            {"file": str(chosen), **asdict(found)}, as_json=as_json, text=lambda: f"{chosen}: {_described(found)}"
        )


@maps.command(name="remove")
def remove() -> None:
    """Die geholte Kartendatei löschen; die Karte zeigt dann wieder Umrisse und Ortsnamen."""
    with shell.opened() as instance:
        path = tiles.file(instance.workshop.settings)
    if not path.is_file():
        raise NotFound("Es gibt keine geholte Kartendatei.")
    path.unlink()
    click.echo("✓ Die Kartendatei ist gelöscht.")


def _described(found: About) -> str:
    zooms = f"{found.media_type}, Stufen {found.least_zoom} bis {found.most_zoom}"
    edges = f"{found.west:.2f}–{found.east:.2f}° Ost, {found.south:.2f}–{found.north:.2f}° Nord"
    return (
        f"{zooms}, {edges}. {found.attribution or 'Die Datei sagt nicht, von wem sie ist: EHRENAMT_MAP_ATTRIBUTION.'}"
    )


async def _fetch(instance: Instance, source: str) -> About:
    target = tiles.file(instance.workshop.settings)
    target.parent.mkdir(parents=True, exist_ok=True)
    part = await _download(instance, source) if "://" in source else _copied(Path(source), instance.workshop.settings)
    found = archive.about(part)
    part.replace(target)
    return found


def _copied(source: Path, settings: Settings) -> Path:
    archive.about(source)
    part = _part(settings, "copy")
    size = source.stat().st_size
    with (
        source.open("rb") as given,
        part.open("wb") as taken,
        click.progressbar(length=size, label=_LABEL, file=sys.stderr) as bar,
    ):
        while chunk := given.read(_CHUNK):
            taken.write(chunk)
            bar.update(len(chunk))
    shutil.copystat(source, part)
    return part


@dataclass(frozen=True, slots=True)
class _Edition:
    """What a server has now: its size, and what tells it from an earlier one."""

    size: int
    mark: str


async def _download(instance: Instance, url: str) -> Path:
    """Fetch a file piece by piece, going on where an earlier try of the same file ended."""
    first = await _get(instance, url, 0)
    archive.read_header(first.body)
    settings = instance.workshop.settings
    edition = _edition(first)
    part = _part(settings, hashlib.sha256(f"{url} {edition.mark} {edition.size}".encode()).hexdigest()[:16])
    for other in part.parent.glob("*.part"):
        if other != part:
            other.unlink()
    if first.status == _OK or not part.is_file():
        part.write_bytes(first.body)
    with click.progressbar(length=edition.size, label=_LABEL, file=sys.stderr) as bar:
        bar.update(part.stat().st_size)
        for _ in range(_MOST_CHUNKS):
            held = part.stat().st_size
            if held >= edition.size:
                break
            piece = await _get(instance, url, held)
            if _edition(piece) != edition or not piece.body:
                raise Unavailable("Die Datei hat sich beim Holen geändert; bitte noch einmal.")
            with part.open("ab") as file:
                file.write(piece.body)
            bar.update(len(piece.body))
    return part


async def _get(instance: Instance, url: str, start: int) -> Response:
    """Ask for a piece; a server that gives whole files only may give a small one."""
    wanted = {"range": f"bytes={start}-{start + _CHUNK - 1}"}
    try:
        answer = await instance.workshop.http.get(url, accept=_ANY, headers=wanted, limit=_CHUNK, seconds=_SECONDS)
    except PeerError as error:
        raise Unavailable(
            f"{url} ist nicht zu holen: {error} Was schon da ist, bleibt für den nächsten Versuch."
        ) from error
    if answer.status != _PART and not (answer.status == _OK and start == 0):
        raise Unavailable(f"{url} antwortet mit {answer.status}.")
    return answer


def _edition(answer: Response) -> _Edition:
    total = answer.headers.get("content-range", "").rpartition("/")[2]
    size = int(total) if answer.status == _PART and total.isdecimal() else len(answer.body)
    return _Edition(size, answer.headers.get("etag", "") or answer.headers.get("last-modified", ""))


def _part(settings: Settings, name: str) -> Path:
    return tiles.file(settings).with_name(f"{name}.part")


COMMANDS = [maps]
