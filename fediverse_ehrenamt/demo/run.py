"""`ehrenamt demo`: three towns as three processes on loopback that follow one another, until Ctrl+C."""

import asyncio
import shutil
import signal
import socket
import subprocess
import sys
import threading
import time
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from pathlib import Path

import click

from fediverse_ehrenamt import background, setup
from fediverse_ehrenamt.demo import generator
from fediverse_ehrenamt.demo.towns import TOWNS, Town
from fediverse_ehrenamt.events import actions as events
from fediverse_ehrenamt.events.rules import Draft as EventDraft
from fediverse_ehrenamt.federation import sources
from fediverse_ehrenamt.instance import Instance, open_instance
from fediverse_ehrenamt.kit import clock, sealing
from fediverse_ehrenamt.kit.errors import Conflict, EhrenamtError, Unavailable
from fediverse_ehrenamt.mail import pages as letters
from fediverse_ehrenamt.opportunities import actions as opportunities
from fediverse_ehrenamt.organisations import actions as organisations
from fediverse_ehrenamt.search import store as documents
from fediverse_ehrenamt.settings import ENV_FILE, Settings
from fediverse_ehrenamt.work import Work

SEED = 2026
_LOOPBACK = "127.0.0.1"
_NEEDED_BYTES = 300_000_000
_START_SECONDS = 30.0
_SYNC_SECONDS = 120.0
_STOP_SECONDS = 15.0
_RECEIVED = " empfangen"
_SEAL_FILE = "geheimnis"


@dataclass(frozen=True, slots=True)
class Site:
    """One town of the demo: what is served where."""

    town: Town
    settings: Settings
    environ: Mapping[str, str]

    @property
    def name(self) -> str:
        return self.town.name


def run(data: Path, first_port: int) -> None:
    """Set up what is missing, start the towns, and stay until Ctrl+C. Raises `EhrenamtError` saying what to do."""
    secret = _secret(data)
    sites = [_site(town, data, first_port + number, secret) for number, town in enumerate(TOWNS)]
    _require_room(data, sites)
    for site in sites:
        _fill(site)
    processes = [_serve(site) for site in sites]
    try:
        names = {site.settings.host: site.name for site in sites}
        quiet = threading.Event()
        for site, process in zip(sites, processes, strict=True):
            threading.Thread(target=_tell, args=(site, process, names, quiet), daemon=True).start()
        _wait_for_start(sites, processes)
        asyncio.run(_connect(sites))
        _welcome(sites)
        quiet.set()
        _stay(sites, processes)
        click.echo("Die drei Städte werden beendet …")
    finally:
        _stop(processes)


def _secret(data: Path) -> str:
    """Return the secret of the demo's keys, made when it first starts."""
    data.mkdir(parents=True, exist_ok=True)
    file = data / _SEAL_FILE
    if not file.exists():
        file.touch(0o600)
        file.write_text(sealing.new_secret(), encoding="utf-8")
    return file.read_text(encoding="utf-8").strip()


def _site(town: Town, data: Path, port: int, secret: str) -> Site:
    environ = {
        "EHRENAMT_URL": f"http://{_LOOPBACK}:{port}",
        "EHRENAMT_DATA": str(data / town.key),
        "EHRENAMT_ALLOWED_NETWORKS": "127.0.0.0/8",
        "EHRENAMT_HANDLE_DOMAIN": "",
        "EHRENAMT_DATABASE_URL": "",
        "EHRENAMT_REDIS_URL": "",
        "EHRENAMT_LOG_LEVEL": "info",
        "EHRENAMT_SECOND_FACTOR": "advised",
        "EHRENAMT_SECRET": secret,
    }
    return Site(town, Settings.from_environment(environ), environ)


def _require_room(data: Path, sites: list[Site]) -> None:
    data.mkdir(parents=True, exist_ok=True)
    free = shutil.disk_usage(data).free
    if free < _NEEDED_BYTES:
        raise Unavailable(
            f"In {data} sind nur {free // 1_000_000} MB frei, die Demo braucht {_NEEDED_BYTES // 1_000_000} MB. "
            "Bitte Platz schaffen oder mit `ehrenamt demo --data ORDNER` einen anderen Ort wählen."
        )
    for site in sites:
        port = int(site.settings.host.rpartition(":")[2])
        with socket.socket() as probe:
            probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            try:
                probe.bind((_LOOPBACK, port))
            except OSError as error:
                raise Conflict(
                    f"Port {port} ist belegt; läuft die Demo schon? Sonst mit `ehrenamt demo --port 9071 --data "
                    "ORDNER` andere Ports nehmen (die Adressen stehen in den Daten, darum auch ein anderer Ordner)."
                ) from error


# --- data -------------------------------------------------------------------------------------------------------------
def _fill(site: Site) -> None:
    """Create a town's instance with its organisations and what they posted, unless it is there."""
    if (site.settings.data / "ehrenamt.sqlite").exists():
        instance = open_instance(site.settings)
        try:
            setup.upgrade(instance, site.settings.data / ENV_FILE)
            setup.require(instance)
        finally:
            asyncio.run(instance.close())
        return
    staging = site.settings.data.with_name(f".{site.town.key}.neu")
    shutil.rmtree(staging, ignore_errors=True)
    part = Settings.from_environment({**site.environ, "EHRENAMT_DATA": str(staging)})
    instance = open_instance(part)
    try:
        setup.create(instance, f"Ehrenamt {site.name}", f"Engagement in {site.name}: Angebote und Termine.", None)
        instance.workshop.write_now(_post_everything, site.town)
    finally:
        asyncio.run(instance.close())
    staging.rename(site.settings.data)  # so that an interrupted start leaves nothing half-made


def _post_everything(work: Work, town: Town) -> None:
    owners = {}
    for one in generator.organisations(town, SEED):
        added = organisations.add(work, one.handle, one.name, one.summary, one.details)
        owners[one.handle] = added.uri
    posted = list(generator.entries(town, work.now, SEED))
    with click.progressbar(posted, label=f"{town.name:<15}", show_pos=True) as bar:
        for entry in bar:
            owner = owners[entry.organisation]
            if isinstance(entry.draft, EventDraft):
                events.publish(replace(work, now=entry.published_at), owner, entry.draft)
            else:
                opportunities.publish(replace(work, now=entry.confirmed_at), owner, entry.draft)


# --- processes --------------------------------------------------------------------------------------------------------
def _serve(site: Site) -> subprocess.Popen[str]:
    port = site.settings.host.rpartition(":")[2]
    command = [sys.executable, "-m", "fediverse_ehrenamt.cli", "serve", "--host", _LOOPBACK, "--port", port]
    return subprocess.Popen(  # noqa: S603 - our own program
        command,
        env=Settings.surroundings(site.environ),
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        start_new_session=True,  # Ctrl+C ends the demo, and the demo ends its towns
    )


def _tell(site: Site, process: subprocess.Popen[str], names: Mapping[str, str], welcomed: threading.Event) -> None:
    """Turn a town's log into sentences: "Flensburg hat „Lesepatin gesucht“ von Hagen empfangen"."""
    assert process.stdout is not None
    for line in process.stdout:
        level, _, message = line.rstrip().partition(": ")
        if _RECEIVED in message:
            if welcomed.is_set():
                for host, name in names.items():
                    message = message.replace(host, name)
                click.echo(f"{_clock()} {site.name} hat {message}")
        elif " WARNING " in level or " ERROR " in level or "Traceback" in line:
            click.secho(f"{_clock()} {site.name}: {line.rstrip()}", fg="yellow", err=True)


def _clock() -> str:
    return f"{clock.now().astimezone(clock.HOME):%H:%M:%S}"


def _wait_for_start(sites: list[Site], processes: list[subprocess.Popen[str]]) -> None:
    deadline = time.monotonic() + _START_SECONDS
    for site, process in zip(sites, processes, strict=True):
        port = int(site.settings.host.rpartition(":")[2])
        while not _answers(port):
            if process.poll() is not None:
                raise EhrenamtError(f"{site.name} ist beim Starten stehen geblieben; der Grund steht darüber.")
            if time.monotonic() > deadline:
                raise Unavailable(
                    f"{site.name} antwortet nach {_START_SECONDS:g} s noch nicht. Bitte noch einmal versuchen."
                )
            time.sleep(0.1)


def _answers(port: int) -> bool:
    try:
        with socket.create_connection((_LOOPBACK, port), timeout=1):
            return True
    except OSError:
        return False


# --- following --------------------------------------------------------------------------------------------------------
async def _connect(sites: list[Site]) -> None:
    """Let each town follow the others, and wait until each has what the others posted."""
    instances = [open_instance(site.settings) for site in sites]
    try:
        for site, instance in zip(sites, instances, strict=True):
            known = {source.host for source in await instance.workshop.read(sources.listing)}
            for other in sites:
                if other is not site and other.settings.host not in known:
                    click.echo(f"{site.name} folgt {other.name} …")
                    await sources.add(instance.workshop, other.settings.url)
        await _until_all_have_all(sites, instances)
    finally:
        for instance in instances:
            await instance.close()


async def _until_all_have_all(sites: list[Site], instances: list[Instance]) -> None:
    deadline = time.monotonic() + _SYNC_SECONDS
    for site, instance in zip(sites, instances, strict=True):
        while (pending := await instance.workshop.read(_unread)) or await instance.workshop.read(
            background.anything_due
        ):
            if time.monotonic() > deadline:
                click.secho(
                    f"{site.name} hat noch nicht alles gelesen ({pending} Quellen offen); das geht weiter.", fg="yellow"
                )
                break
            await asyncio.sleep(0.3)
        total = await instance.workshop.read(documents.count)
        click.echo(f"{site.name}: {total} Einträge im Index")


def _unread(work: Work) -> int:
    return sum(source.read_at is None for source in sources.listing(work))


def _welcome(sites: list[Site]) -> None:
    click.secho("\nDrei Städte laufen:", bold=True)
    for site in sites:
        click.echo(f"  {site.name:<16} {site.settings.url}/")
    hagen, _, flensburg = sites
    first = next(iter(generator.organisations(hagen.town, SEED))).handle
    for line in _hints(hagen, flensburg, first):
        click.echo(line)


def _hints(hagen: Site, flensburg: Site, handle: str) -> Iterator[str]:
    yield "\nZum Ausprobieren:"
    yield f"  • {flensburg.settings.url}/?q=vorlesen  – Flensburg findet, was in Hagen gebraucht wird"
    yield "  • Etwas in Hagen veröffentlichen und zusehen, wie es in Flensburg ankommt (in einem zweiten Fenster):"
    secret = f'EHRENAMT_SECRET="$(cat {hagen.settings.data.parent / _SEAL_FILE})"'
    variables = f"EHRENAMT_URL={hagen.settings.url} EHRENAMT_DATA={hagen.settings.data} {secret}"
    yield f"      {variables} .venv/bin/ehrenamt publish schemas/beispiel.yaml --organisation {handle}"
    yield f"  • Ein Konto, dem man folgen kann: @{handle}@{hagen.settings.handle_domain}"
    yield f"  • Briefe, die kein Mailserver verschickt, etwa zum Anmelden: {hagen.settings.url}{letters.PATH}"
    yield "\nStrg+C beendet alles; die Daten bleiben (löschen: make demo-clean).\n"


def _stay(sites: list[Site], processes: list[subprocess.Popen[str]]) -> None:
    """Wait for Ctrl+C or a polite end from outside; say if a town ends by itself."""
    stopped = threading.Event()
    for number in (signal.SIGINT, signal.SIGTERM):
        signal.signal(number, lambda *_: stopped.set())
    while not stopped.wait(0.5):
        for site, process in zip(sites, processes, strict=True):
            if process.poll() is not None:
                raise EhrenamtError(f"{site.name} hat sich beendet; der Grund steht darüber.")


def _stop(processes: list[subprocess.Popen[str]]) -> None:
    for process in processes:
        if process.poll() is None:
            process.terminate()
    for process in processes:
        try:
            process.wait(_STOP_SECONDS)
        except subprocess.TimeoutExpired:
            process.kill()
            process.wait()
