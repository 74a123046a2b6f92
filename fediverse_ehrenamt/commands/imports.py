"""`import …`: listings of others, read once or on a schedule, shown beforehand, confirmed, given up."""

import asyncio
import sys
from collections.abc import Callable
from contextlib import ExitStack
from dataclasses import asdict, dataclass, replace
from datetime import datetime
from itertools import islice
from pathlib import Path

import click

from fediverse_ehrenamt import wiring
from fediverse_ehrenamt.commands import import_reports, moments, shell
from fediverse_ehrenamt.commands.groups import Group
from fediverse_ehrenamt.commands.shell import JSON
from fediverse_ehrenamt.imports import plan, report, sources, store
from fediverse_ehrenamt.imports.actions import Run
from fediverse_ehrenamt.imports.report import Report
from fediverse_ehrenamt.imports.sources import Source, Wish
from fediverse_ehrenamt.imports.store import Marked
from fediverse_ehrenamt.instance import Instance
from fediverse_ehrenamt.kit import collector
from fediverse_ehrenamt.kit.counts import counted
from fediverse_ehrenamt.kit.errors import Invalid
from fediverse_ehrenamt.listings import column_names, columns, fetching, formats, tables
from fediverse_ehrenamt.listings.fetching import Marks
from fediverse_ehrenamt.listings.record import Fault, Record
from fediverse_ehrenamt.search import store as documents
from fediverse_ehrenamt.work import Work

_SEARCHABLE_SECONDS = 1.0
_PREVIEWED = 3
_LISTED = 500
_READ = "read"
_FORCE = click.option("--force", is_flag=True, help="Auch dann beenden, wenn mehr als die Hälfte der Einträge fehlt.")
_DRY = click.option("--dry-run", is_flag=True, help="Nur zeigen, was neu, geändert oder verschwunden wäre.")


class _Imports(Group):
    """`ehrenamt import DATEI` means `ehrenamt import read DATEI`."""

    def parse_args(self, ctx: click.Context, args: list[str]) -> list[str]:
        if args and args[0] not in {*self.commands, *ctx.help_option_names}:
            args = [_READ, *args]
        return super().parse_args(ctx, args)


@click.group(name="import", cls=_Imports)
def import_group() -> None:
    """Angebote und Termine aus fremden Listen übernehmen: ehrenamt import DATEI oder ADRESSE.

    Gelesen werden Exporte von FreiNet, Tabellen (CSV, Excel, OpenDocument), Kalender (iCalendar), Seiten mit Angaben
    nach schema.org und API Engagement. Noch einmal eingelesen, ändert sich nur, was sich in der Quelle geändert hat.
    """


@dataclass(frozen=True, slots=True)
class _Preview:
    """A table as it would be understood: fields with their columns, columns that are not read, the first entries."""

    format: str
    columns: dict[str, str]
    personal: list[str]
    unread: list[str]
    entries: list[Record]
    problems: list[str]


@import_group.command(name=_READ)
@click.argument("source")
@click.option("--format", "form", type=click.Choice(formats.FORMATS), help="Sonst wird es am Inhalt erkannt.")
@click.option("--organisation", help="Handle, unter dem erscheint, wessen Organisation es hier nicht gibt.")
@click.option("--create-organisations", is_flag=True, default=None, help="Organisationen anlegen, die es nicht gibt.")
@click.option("--mapping", type=click.Path(exists=True, dir_okay=False, path_type=Path), help="Welche Spalte was ist.")
@click.option("--every", type=click.IntRange(0, 8760), help="Alle so vielen Stunden wieder lesen; 0: nicht von selbst.")
@click.option("--place", help="Ort der Einträge, die selbst keinen nennen, z. B. Hagen.")
@click.option("--preview", is_flag=True, help="Nur zeigen, welche Spalte als was verstanden wird.")
@_DRY
@_FORCE
@JSON
def import_read(  # noqa: PLR0913 - one for each option
    source: str,
    form: str | None,
    organisation: str | None,
    mapping: Path | None,
    every: int | None,
    place: str | None,
    *,
    create_organisations: bool | None,
    preview: bool,
    dry_run: bool,
    force: bool,
    as_json: bool,
) -> None:
    """Eine Liste einlesen: SOURCE ist eine Datei oder eine Adresse.

    Wer eine Organisation angelegt hat, unter deren Namen erscheint ein Eintrag; alle anderen erscheinen unter
    --organisation, mit dem Namen im Text. Was hier von Hand geändert wird, bleibt so. Was aus der Liste verschwindet,
    gilt als abgelaufen.
    """
    chosen = tables.read_mapping(mapping.read_text("utf-8", "replace"), mapping.name) if mapping else None
    if preview:
        _show_preview(shell.online(lambda instance: _preview(instance, source, form, chosen)), as_json=as_json)
        return
    wish = Wish(form, organisation, create_organisations, chosen, every, place=place)

    async def run(instance: Instance) -> tuple[int, Report]:
        with ExitStack() as stack:
            bar = _Bar(stack)
            how = Run(wiring.UNDERSTAND, dry_run, force, bar.moved, bar.planned)
            number, found = await sources.read(instance.workshop, source, wish, how)
        await _until_searchable(instance)
        return number, found

    with collector.spared():
        number, found = shell.online(run)
    _show(number, found, as_json=as_json, dry=dry_run)


async def _until_searchable(instance: Instance) -> None:
    newest = await instance.workshop.read(documents.newest)
    await instance.feed.wait_until(newest, _SEARCHABLE_SECONDS)


def _nothing(_count: int) -> None:
    """Stand in for the bar where none is shown."""


class _Bar:
    """A bar on the terminal that shows how many entries are written; where there is no terminal, none."""

    def __init__(self, open_bars: ExitStack) -> None:
        self._open = open_bars
        self._update: Callable[[int], None] = _nothing

    async def planned(self, length: int) -> None:
        if sys.stderr.isatty():
            bar = click.progressbar(range(length), label="Einträge", file=sys.stderr)
            self._update = self._open.enter_context(bar).update

    async def moved(self, count: int) -> None:
        self._update(count)


def _show(number: int, found: Report, *, as_json: bool, dry: bool) -> None:
    begin = "Probelauf, nichts wurde geändert.\n" if dry else ""
    end = "\nSind sie wirklich weg: noch einmal mit --force." if found.counts[report.HELD] else ""
    end += f"\nImport {number}; einzeln: ehrenamt import show {number}" if number else ""
    shell.show(
        found.json(number=number, dryRun=dry), as_json=as_json, text=lambda: f"{begin}{import_reports.text(found)}{end}"
    )


# --- preview ----------------------------------------------------------------------------------------------------------
async def _preview(instance: Instance, source: str, form: str | None, chosen: dict[str, str] | None) -> _Preview:
    fetched = await fetching.fetch(instance.workshop, fetching.settled(source), Marks())
    return await asyncio.to_thread(_understood, fetched.data or b"", form, chosen, instance.workshop.now())


def _understood(data: bytes, form: str | None, chosen: dict[str, str] | None, now: datetime) -> _Preview:
    known = form or formats.detect(data)
    problems: list[str] = []
    entries: list[Record] = []
    try:
        read = formats.read(data, known, now, chosen)
        useful = (one for one in read if isinstance(one, Fault) or not plan.is_over(one, now))
        for one in islice(useful, _PREVIEWED):
            if isinstance(one, Record):
                entries.append(replace(one, persons=()))
            elif not (one.heading or one.sheet):
                problems.append(f"{one.where}: {one.message}")
    except Invalid as error:  # of a table that nobody understands yet the columns are what helps
        problems += map(str, error.problems)
    if known not in {formats.TABLE, formats.FREINET_CSV}:
        return _Preview(known, {}, [], [], entries, problems)
    headings = formats.table(data, now.year).headings
    meant = columns.meanings(headings) if chosen is None else chosen
    personal = [name for name in headings if columns.is_personal(name)]
    unread = [name for name in headings if name not in {*meant.values(), *personal}]
    return _Preview(known, meant, personal, unread, entries, problems)


def _show_preview(found: _Preview, *, as_json: bool) -> None:
    def text() -> str:
        lines = [f"# Format: {found.format}"]
        lines += [f'{field}: "{name}"' for field, name in found.columns.items()]
        lines += [f"# nicht veröffentlicht (Personen): {name}" for name in found.personal]
        lines += [f"# nicht gelesen: {name}" for name in found.unread]
        lines += [f"# ✗ {problem}" for problem in found.problems]
        lines += [f"# {one.where}: {_first_words(one)}" for one in found.entries]
        if found.columns or found.unread:
            lines.append("# In eine Datei geschrieben und berichtigt, gilt das mit --mapping DATEI. Mögliche Felder:")
            lines.append(f"# {', '.join(column_names.NAMES)}")
        return "\n".join(lines)

    shell.show(asdict(found), as_json=as_json, text=text)


def _first_words(record: Record) -> str:
    said = (record.title, record.organisation, record.locality, ", ".join(record.categories), record.times)
    return " | ".join(part[:60] for part in said if part)


# --- what there is ----------------------------------------------------------------------------------------------------
@import_group.command(name="list")
@JSON
def import_list(*, as_json: bool) -> None:
    """Alle Importe zeigen, mit Zeitplan und dem, was beim letzten Mal war."""
    found = shell.write(sources.listing)

    def line(one: Source) -> str:
        when = f"alle {one.every_hours} Std., wieder {_said(one.next_at)}" if one.every_hours else "nur auf Wunsch"
        counts = ", ".join(f"{count} {report.WORDS[what]}" for what, count in one.counts.items()) or "noch nichts"
        fault = f"\n   ✗ {one.error}" if one.error else ""
        return (
            f"{one.number:>3} {one.format:<14} {one.address}\n   {when}; zuletzt {_said(one.read_at)}: {counts}{fault}"
        )

    empty = "Noch keiner. Einen anlegen: ehrenamt import angebote.csv --organisation HANDLE"
    shell.show([asdict(one) for one in found], as_json=as_json, text=lambda: "\n".join(map(line, found)) or empty)


@import_group.command(name="run")
@click.argument("number", type=int)
@_DRY
@_FORCE
@JSON
def import_run(number: int, *, dry_run: bool, force: bool, as_json: bool) -> None:
    """Einen Import jetzt noch einmal lesen; NUMBER steht in `ehrenamt import list`."""

    async def run(instance: Instance) -> Report:
        with ExitStack() as stack:
            bar = _Bar(stack)
            how = Run(wiring.UNDERSTAND, dry_run, force, bar.moved, bar.planned)
            found = await sources.run(instance.workshop, number, how)
        await _until_searchable(instance)
        return found

    with collector.spared():
        found = shell.online(run)
    _show(number, found, as_json=as_json, dry=dry_run)


@import_group.command(name="show")
@click.argument("number", type=int)
@JSON
def import_show(number: int, *, as_json: bool) -> None:
    """Einen Import zeigen: die letzten Fehler, und was die Maschine verstanden und noch niemand bestätigt hat."""

    def run(work: Work) -> tuple[Source, list[Marked]]:
        return sources.get(work, number), store.marked(work, number, _LISTED)

    found, marked = shell.write(run)

    def text() -> str:
        lines = [f"Import {number}: {found.address} ({found.format}), zuletzt {_said(found.read_at)}"]
        lines += [f"  ✗ {found.error}"] if found.error else []
        lines += [f"  ✗ {import_reports.trouble(problem)}" for problem in found.problems]
        lines += [f"  ? {one.key} „{one.title}“: {import_reports.guesses(one.understood)}" for one in marked]
        if marked:
            lines.append("Stimmt es, bestätigt es: ehrenamt import confirm ENTRY. Sonst mit `ehrenamt publish` ändern.")
        return "\n".join(lines)

    shell.show({**asdict(found), "understood": [asdict(one) for one in marked]}, as_json=as_json, text=text)


@import_group.command(name="confirm")
@click.argument("entry")
@JSON
def import_confirm(entry: str, *, as_json: bool) -> None:
    """Bestätigen, was die Maschine von einem Eintrag verstanden hat; ENTRY ist seine id, z. B. import1-4711."""
    found = shell.write(store.confirm, entry)
    said = import_reports.guesses(found.understood) or "daran war nichts zu bestätigen"
    shell.show(asdict(found), as_json=as_json, text=lambda: f"✓ bestätigt: „{found.title}“: {said}")


@import_group.command(name="remove")
@click.argument("number", type=int)
@click.option("--keep", is_flag=True, help="Was daraus veröffentlicht wurde, behalten.")
def import_remove(number: int, *, keep: bool) -> None:
    """Einen Import aufgeben und zurückziehen, was daraus veröffentlicht wurde."""
    withdrawn = shell.online(lambda instance: sources.remove(instance.workshop, number, keep=keep))
    click.echo(f"✓ Import {number} entfernt, {counted(withdrawn, 'Eintrag', 'Einträge')} zurückgezogen.")


def _said(moment: datetime | None) -> str:
    return moments.minute(moment) if moment else "noch nie"


COMMANDS = [import_group]
