"""`ehrenamt`: what an operator does from the command line. Exit codes: 0 done, 1 it could not be done, 2 wrong use."""

import asyncio
import json
import sys
from collections.abc import Callable, Coroutine, Iterator
from contextlib import contextmanager
from dataclasses import asdict
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any, NoReturn, TypeVar

import click
from sqlalchemy.exc import OperationalError

from fediverse_ehrenamt import checks, server, setup, worker
from fediverse_ehrenamt.demo import run as demo_run
from fediverse_ehrenamt.federation import sources
from fediverse_ehrenamt.instance import Instance, open_instance
from fediverse_ehrenamt.jobs import overview
from fediverse_ehrenamt.kit.errors import EhrenamtError, Invalid
from fediverse_ehrenamt.organisations import actions as organisations
from fediverse_ehrenamt.publishing import actions as publishing
from fediverse_ehrenamt.publishing import file as publishing_file
from fediverse_ehrenamt.search import store as documents
from fediverse_ehrenamt.settings import ENV_FILE, Settings
from fediverse_ehrenamt.storage import migrate
from fediverse_ehrenamt.things import store as things
from fediverse_ehrenamt.work import Work

T = TypeVar("T")
_JSON = click.option("--json", "as_json", is_flag=True, help="Ausgabe als JSON, für Skripte.")
_ANSWER_SECONDS = 5.0
_SEARCHABLE_SECONDS = 1.0


class _Group(click.Group):
    """Shows expected faults as sentences instead of traces."""

    def invoke(self, ctx: click.Context) -> Any:  # noqa: ANN401 - click's interface
        try:
            return super().invoke(ctx)
        except Invalid as error:
            for problem in error.problems:
                click.secho(f"✗ {problem}", fg="red", err=True)
            sys.exit(1)
        except EhrenamtError as error:
            _end(error.public)
        except OperationalError as error:
            _end(f"Mit der Datenbank geht es nicht: {str(error.orig).strip().partition(chr(10))[0]}")
        except (PermissionError, NotADirectoryError, FileExistsError) as error:
            _end(f"{error.filename}: {error.strerror}")


def _end(reason: str) -> NoReturn:
    click.secho(f"✗ {reason}", fg="red", err=True)
    sys.exit(1)


@click.group(cls=_Group, context_settings={"help_option_names": ["-h", "--help"], "max_content_width": 100})
@click.version_option(package_name="fediverse-ehrenamt", message="ehrenamt %(version)s")
def main() -> None:
    """Ehrenamt im Fediverse: Angebote und Termine veröffentlichen, austauschen, finden.

    Einstellungen stehen in der Umgebung (EHRENAMT_URL, EHRENAMT_DATA …) oder in der Datei ehrenamt.env im
    aktuellen Ordner. Los geht es mit `ehrenamt init`, dann `ehrenamt serve`.
    """


@contextmanager
def _opened() -> Iterator[Instance]:
    """Open the instance of this environment, with a schema that fits."""
    instance = open_instance(Settings.from_environment())
    try:
        setup.require(instance)
        yield instance
    finally:
        asyncio.run(instance.close())


def _write(function: Callable[..., T], *args: object) -> T:
    with _opened() as instance:
        return instance.workshop.write_now(function, *args)


def _online(function: Callable[[Instance], Coroutine[Any, Any, T]]) -> T:
    """Run something that talks to peers."""

    async def run() -> T:
        instance = open_instance(Settings.from_environment())
        try:
            setup.require(instance)
            return await function(instance)
        finally:
            await instance.close()

    return asyncio.run(run())


def _show(value: object, *, as_json: bool, text: Callable[[], str]) -> None:
    click.echo(json.dumps(value, default=str, ensure_ascii=False, indent=2) if as_json else text())


# --- setting up -------------------------------------------------------------------------------------------------------
@main.command()
@click.option("--name", prompt="Name der Instanz (z. B. „Ehrenamt Hagen“)", help="Wie die Instanz heißt.")
@click.option(
    "--url",
    envvar="EHRENAMT_URL",
    prompt="Adresse, später nicht änderbar",
    default="http://127.0.0.1:8000",
    help="Adresse der Instanz, z. B. https://ehrenamt.hagen.de; sonst EHRENAMT_URL. Später nicht änderbar.",
)
@click.option("--handle-domain", help="Domain der Handles, wenn sie anders ist als der Host der Adresse.")
@click.option("--summary", default="", help="Ein Satz darüber, was die Instanz ist.")
def init(name: str, url: str, handle_domain: str | None, summary: str) -> None:
    """Eine neue Instanz einrichten: Datenbank, Schlüssel, ehrenamt.env."""
    given = {"EHRENAMT_URL": url, "EHRENAMT_HANDLE_DOMAIN": handle_domain}
    settings = setup.settings_for_init({key: value for key, value in given.items() if value})
    instance = open_instance(settings)
    try:
        written = setup.create(instance, name, summary, Path(ENV_FILE))
    finally:
        asyncio.run(instance.close())
    click.secho(f"✓ {name} ist eingerichtet.", fg="green")
    click.echo(f"  Adresse: {settings.url}\n  Handles: @name@{settings.handle_domain}\n  Daten:   {settings.data}")
    if written:
        click.echo(f"  Einstellungen: {written}")
    click.echo("Weiter: `ehrenamt organisation add HANDLE NAME`, dann `ehrenamt serve`.")


@main.command(name="migrate")
def migrate_command() -> None:
    """Die Datenbank auf den Stand dieser Version bringen."""
    instance = open_instance(Settings.from_environment())
    try:
        before, after = migrate.upgrade(instance.workshop.engines)
    finally:
        asyncio.run(instance.close())
    click.echo(
        "✓ Die Datenbank ist schon auf dem neuesten Stand." if before == after else f"✓ Stand {before} → {after}."
    )


@main.command()
@_JSON
def check(*, as_json: bool) -> None:
    """Prüfen, ob alles stimmt, und in Sätzen sagen, was nicht."""
    found = _online(checks.run)
    wrong = [finding for finding in found if not finding.good]

    def text() -> str:
        return "\n".join(f"{'✓' if finding.good else '✗'} {finding.sentence}" for finding in found)

    _show([asdict(finding) for finding in found], as_json=as_json, text=text)
    sys.exit(1 if wrong else 0)


# --- running ----------------------------------------------------------------------------------------------------------
@main.command()
@click.option("--host", default="127.0.0.1", show_default=True, help="Adresse, auf der gehört wird.")
@click.option(
    "--port", default=8000, show_default=True, type=click.IntRange(0, 65535), help="Port; 0 nimmt einen freien."
)
def serve(host: str, port: int) -> None:
    """Die Instanz betreiben: Seiten, Postfach und (ohne Redis) alle Hintergrundarbeiten."""
    with _opened():
        pass  # says what is missing before uvicorn says it less well
    server.become(host, port)


@main.command(name="worker")
def worker_command() -> None:
    """Aufträge abarbeiten (nur mit EHRENAMT_REDIS_URL nötig; sonst tut das `ehrenamt serve`)."""
    settings = Settings.from_environment()
    if not settings.redis_url:
        raise EhrenamtError(
            "Ohne EHRENAMT_REDIS_URL arbeitet `ehrenamt serve` alles selbst ab; ein Worker ist nicht nötig."
        )
    with _opened():
        pass
    server.start_log(settings)
    worker.run(settings)


@main.command()
def reindex() -> None:
    """Den Suchindex aus der Datenbank neu aufbauen; gesucht werden kann dabei weiter."""
    with click.progressbar(length=1, label="Suchindex", show_percent=True) as bar:

        def progress(done: int, total: int) -> None:
            bar.length = total
            bar.update(done - bar.pos)

        async def run(instance: Instance) -> int:
            await instance.feed.rebuild(instance.workshop, progress)
            return await instance.workshop.read(setup.count_documents)

        count = _online(run)
    click.echo(f"✓ {count} Einträge im Index.")


# --- organisations and what they publish ------------------------------------------------------------------------------
@main.group()
def organisation() -> None:
    """Organisationen dieser Instanz."""


@organisation.command(name="add")
@click.argument("handle")
@click.argument("name")
@click.option("--summary", default="", help="Kurze Beschreibung.")
@_JSON
def organisation_add(handle: str, name: str, summary: str, *, as_json: bool) -> None:
    """Eine Organisation anlegen; danach kann ihr jeder im Fediverse als @HANDLE@domain folgen."""
    added = _write(organisations.add, handle, name, summary)
    _show(asdict(added), as_json=as_json, text=lambda: f"✓ {added.name}: {added.address}\n  {added.url}")


@organisation.command(name="list")
@_JSON
def organisation_list(*, as_json: bool) -> None:
    """Alle Organisationen zeigen."""
    found = _write(organisations.listing)

    def text() -> str:
        lines = [f"{one.address:<50} {one.followers:>5} Folgende  {one.name}" for one in found]
        return "\n".join(lines) or "Noch keine. Eine anlegen: ehrenamt organisation add HANDLE NAME"

    _show([asdict(one) for one in found], as_json=as_json, text=text)


@main.command()
@click.argument("file", type=click.Path(exists=True, dir_okay=False, path_type=Path))
@click.option("--organisation", "handle", default="", help="Handle der Organisation, statt dem am Anfang der Datei.")
@_JSON
def publish(file: Path, handle: str, *, as_json: bool) -> None:
    """Angebote und Termine aus einer YAML- oder JSON-Datei veröffentlichen, ändern oder zurückziehen.

    Jeder Eintrag hat eine eigene `id`; dieselbe id noch einmal ändert denselben Eintrag. Entweder gelingt alles,
    oder es wird nichts gespeichert und jedes Problem genannt. Ein Beispiel steht in schemas/beispiel.yaml.
    """
    with _opened() as instance:
        entries = publishing_file.read(file.read_text("utf-8", "replace"), file.name, file.parent, handle)
        ready = publishing.with_images(instance.workshop.settings.data, entries)
        outcomes = instance.workshop.write_now(publishing.apply, ready)
        newest = instance.workshop.read_now(documents.newest)
        asyncio.run(instance.feed.wait_until(newest, _SEARCHABLE_SECONDS))
    words = {
        "published": "veröffentlicht",
        "changed": "geändert",
        "unchanged": "unverändert",
        "withdrawn": "zurückgezogen",
        "absent": "war nicht (mehr) veröffentlicht",
    }

    def text() -> str:
        return "\n".join(f"✓ {words[outcome.what]}: {outcome.uri}" for outcome in outcomes) or "Die Datei ist leer."

    _show([asdict(outcome) for outcome in outcomes], as_json=as_json, text=text)


# --- sources ----------------------------------------------------------------------------------------------------------
@main.group()
def source() -> None:
    """Quellen: wem diese Instanz folgt und was sie deshalb im Index hat."""


@source.command(name="add")
@click.argument("address")
@_JSON
def source_add(address: str, *, as_json: bool) -> None:
    """Einer Instanz oder einem Konto folgen: https://ehrenamt.hagen.de oder @verein@beispiel.de."""

    async def run(instance: Instance) -> sources.Source:
        added = await sources.add(instance.workshop, address)
        deadline = instance.workshop.now() + timedelta(seconds=_ANSWER_SECONDS)
        while added.state == "pending" and instance.workshop.now() < deadline:
            await asyncio.sleep(0.2)
            found = await instance.workshop.read(sources.listing)
            added = next((one for one in found if one.uri == added.uri), added)
        return added

    added = _online(run)
    states = {
        "pending": "angefragt; gelesen wird, sobald `ehrenamt serve` läuft",
        "accepted": "zugesagt",
        "rejected": "abgelehnt",
    }
    _show(asdict(added), as_json=as_json, text=lambda: f"✓ {added.name} ({added.uri}): {states[added.state]}")


@source.command(name="list")
@_JSON
def source_list(*, as_json: bool) -> None:
    """Alle Quellen mit Zustand und letztem Lesen zeigen."""
    found = _write(sources.listing)

    def text() -> str:
        lines = [
            f"{one.state:<9} {_said(one.read_at):<17} {one.name} – {one.uri} {one.error}".rstrip() for one in found
        ]
        return "\n".join(lines) or "Noch keine. Eine hinzufügen: ehrenamt source add https://ehrenamt.beispiel.de"

    _show([asdict(one) for one in found], as_json=as_json, text=text)


@source.command(name="remove")
@click.argument("address")
@click.option("--keep", is_flag=True, help="Was von dort schon im Index ist, behalten.")
def source_remove(address: str, *, keep: bool) -> None:
    """Einer Quelle nicht mehr folgen und löschen, was von ihr kam."""

    def run(work: Work) -> int:
        row = sources.remove(work, address)
        theirs = things.of_origin(work, row.origin) if row.whole_origin else things.of_actor(work, row.uri)
        if not keep:
            things.remove(work, theirs)
        return 0 if keep else len(theirs)

    click.echo(f"✓ Quelle entfernt, {_write(run)} Einträge gelöscht.")


def _said(moment: datetime | None) -> str:
    return moment.astimezone().strftime("%d.%m.%Y %H:%M") if moment else "noch nie gelesen"


# --- jobs -------------------------------------------------------------------------------------------------------------
@main.command()
@_JSON
def jobs(*, as_json: bool) -> None:
    """Zeigen, was aussteht und was aufgegeben wurde, je Host."""
    found = _write(overview.lanes)

    def text() -> str:
        lines = [
            f"{lane.host or '(hier)':<40} {lane.waiting:>6} offen {lane.given_up:>6} aufgegeben  {lane.error}".rstrip()
            for lane in found
        ]
        return "\n".join(lines) or "✓ Nichts steht aus."

    _show([asdict(lane) for lane in found], as_json=as_json, text=text)


# --- demo -------------------------------------------------------------------------------------------------------------
@main.command()
@click.option(
    "--data", default="demo-data", show_default=True, type=click.Path(path_type=Path), help="Ordner der drei Städte."
)
@click.option(
    "--port", default=8071, show_default=True, type=click.IntRange(1024, 65000), help="Erster von drei Ports."
)
def demo(data: Path, port: int) -> None:
    """Drei Städte auf diesem Rechner starten, die einander folgen; Strg+C beendet sie, die Daten bleiben."""
    demo_run.run(data.absolute(), port)


if __name__ == "__main__":
    main()
