"""`source …`: whom this instance follows and indexes, what it wants of them, and how they are doing."""

import asyncio
from collections.abc import Callable
from dataclasses import asdict, dataclass
from datetime import datetime, timedelta
from typing import TypeVar

import click

from fediverse_ehrenamt import wiring
from fediverse_ehrenamt.commands import moments, shell, source_reviews, source_wishes
from fediverse_ehrenamt.commands.groups import Group
from fediverse_ehrenamt.commands.shell import JSON
from fediverse_ehrenamt.federation import catching_up, chosen, sources
from fediverse_ehrenamt.federation.outboxes import Reading
from fediverse_ehrenamt.federation.sources import Source
from fediverse_ehrenamt.instance import Instance
from fediverse_ehrenamt.kit.counts import counted
from fediverse_ehrenamt.things import origins, review
from fediverse_ehrenamt.work import Work

_ANSWER_SECONDS = 5.0
_STATES = {"pending": "angefragt", "accepted": "zugesagt", "rejected": "abgelehnt", "gone": "fort"}
_TRUST = {chosen.DIRECT: "direkt", chosen.REVIEW: "nach Prüfung"}
_NO_CONSENT = (
    "\n  Beiträge dieses Kontos kommen nicht in den Index, denn es erlaubt die Suche darin nicht (indexable fehlt oder"
    " ist false); nur seine Angebote und Termine."
)
T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class _Listed:
    """A source with what it gave: `objects` things that are indexed, `waiting` ones that wait to be reviewed."""

    source: Source
    objects: int
    waiting: int

    def json(self) -> dict[str, object]:
        return {**asdict(self.source), "objects": self.objects, "waiting": self.waiting}


@click.group(cls=Group)
def source() -> None:
    """Quellen: wem diese Instanz folgt und was sie deshalb im Index hat."""


@source.command(name="add")
@click.argument("address")
@JSON
def source_add(address: str, *, as_json: bool) -> None:
    """Einer Instanz oder einem Konto folgen: https://ehrenamt.hagen.de oder @verein@beispiel.de.

    ADDRESS ist die Adresse einer Instanz, eines Profils, einer Gruppe oder einer Seite, oder ein @Handle@Host.
    """

    async def run(instance: Instance) -> Source:
        added = await sources.add(instance.workshop, address)
        deadline = instance.workshop.now() + timedelta(seconds=_ANSWER_SECONDS)
        while added.state == "pending" and instance.workshop.now() < deadline:
            await asyncio.sleep(0.2)
            found = await instance.workshop.read(sources.listing)
            added = next((one for one in found if one.uri == added.uri), added)
        return added

    added = shell.online(run)
    states = _STATES | {"pending": "angefragt; gelesen wird, sobald `ehrenamt serve` läuft"}
    shell.show(
        asdict(added),
        as_json=as_json,
        text=lambda: (
            f"✓ {added.what} „{added.name}“ auf {added.host} ({added.uri}): {states[added.state]}{_consent(added)}"
        ),
    )


def _consent(one: Source) -> str:
    """Say that posts are not indexed; of a whole instance or calendar that is for each of its authors to say."""
    return _NO_CONSENT if one.indexable is False and not one.whole_origin else ""


def _with(address: str, function: Callable[[Work, str], T]) -> T:
    """Do something with the source that an address names, which its host may have to be asked for."""

    async def run(instance: Instance) -> T:
        return await instance.workshop.write(function, await sources.find(instance.workshop, address))

    return shell.online(run)


@source.command(name="list")
@JSON
def source_list(*, as_json: bool) -> None:
    """Alle Quellen mit Zustand, letztem Kontakt, Zahl der Einträge und nächstem Blick zeigen."""
    found = shell.write(_listing)

    def line(one: _Listed) -> str:
        waiting = f", {one.waiting} zu prüfen" if one.waiting else ""
        facts = f"{_STATES[one.source.state]:<9} {counted(one.objects, 'Eintrag', 'Einträge'):>15}{waiting}"
        again = f", wieder {_said(one.source.next_at)}" if one.source.next_at else ""
        contact = f"Kontakt {_said(one.source.contact_at)}{again}"
        fault = f"\n  ✗ {one.source.error}" if one.source.error else ""
        return f"{facts}  {one.source.what} „{one.source.name}“ – {one.source.uri}\n  {contact}{fault}"

    empty = "Noch keine. Eine hinzufügen: ehrenamt source add https://ehrenamt.beispiel.de"
    shell.show([one.json() for one in found], as_json=as_json, text=lambda: "\n".join(map(line, found)) or empty)


def _listing(work: Work) -> list[_Listed]:
    found = sources.listing(work)
    objects, waiting = origins.count(work, found), review.count(work)
    return [_Listed(one, objects[one.uri], waiting.get(one.uri, 0)) for one in found]


@source.command(name="show")
@click.argument("address")
@JSON
def source_show(address: str, *, as_json: bool) -> None:
    """Alles zeigen, was von einer Quelle bekannt ist."""
    found = _with(address, _one)
    shell.show(found.json(), as_json=as_json, text=lambda: _sheet(found))


def _one(work: Work, uri: str) -> _Listed:
    return next(one for one in _listing(work) if one.source.uri == uri)


def _sheet(listed: _Listed) -> str:
    one = listed.source
    lines = {
        "Konto": one.uri,
        "Seite": one.url,
        "Zustand": _STATES[one.state],
        "Vertrauen": _TRUST[one.trust],
        "Auswahl": source_wishes.said(one.choice),
        "Einträge": f"{listed.objects}",
        "Zu prüfen": f"{listed.waiting}",
        "Dabei seit": _said(one.added_at),
        "Letzter Kontakt": _said(one.contact_at),
        "Zuletzt gelesen": _said(one.read_at),
        "Nächster Blick": _said(one.next_at, "steht noch nicht fest"),
        "Fehler": f"{one.error} ({one.failures}-mal nacheinander)" if one.error else "keiner",
    }
    facts = "\n".join(f"  {name + ':':<17} {value}" for name, value in lines.items())
    return f"{one.what} „{one.name}“ auf {one.host}\n{facts}{_consent(one)}"


@source.command(name="set")
@click.argument("address")
@click.option("--areas", help="Nur diese Bereiche, mit Komma getrennt, z. B. soziales,sport; „alle“ hebt es auf.")
@click.option("--place", help="Nur um diesen Ort (Name oder Postleitzahl); „alle“ hebt es auf.")
@click.option("--radius", type=click.FloatRange(1, 1000), help="Wie weit um den Ort, in km; sonst 20.")
@click.option("--kinds", help="Nur opportunity, event oder post, mit Komma getrennt; „alle“ hebt es auf.")
@click.option("--trust", type=click.Choice(chosen.TRUST), help="direct: gleich im Index; review: erst nach Prüfung.")
@JSON
def source_set(  # noqa: PLR0913 - one for each option
    address: str,
    areas: str | None,
    place: str | None,
    radius: float | None,
    kinds: str | None,
    trust: str | None,
    *,
    as_json: bool,
) -> None:
    """Bestimmen, was von einer Quelle in den Index kommt, und ob erst jemand prüft.

    Was nicht mehr passt, wird gelöscht; was nun passt, wird von der Quelle neu gelesen. Nicht Genanntes bleibt.
    """
    wish = source_wishes.Wish(areas, place, radius, kinds)

    def run(work: Work, uri: str) -> tuple[_Listed, int, int]:
        row = sources.get(work, uri)
        choice = source_wishes.apply(chosen.read(row.choice), wish)
        row = sources.change(work, row.uri, choice, trust or row.trust)
        dropped = origins.refit(work, row)
        accepted = review.accept_all(work, row.uri) if row.trust == chosen.DIRECT else 0
        return _one(work, uri), dropped, accepted

    found, dropped, accepted = _with(address, run)
    gone = counted(dropped, "Eintrag", "Einträge")
    more = f", {counted(accepted, 'geprüfter', 'geprüfte')} aufgenommen" if accepted else ""
    shell.show(
        {**found.json(), "dropped": dropped, "accepted": accepted},
        as_json=as_json,
        text=lambda: f"{_sheet(found)}\n✓ Gespeichert, {gone} gelöscht{more}; die Quelle wird neu gelesen.",
    )


@source.command(name="read")
@click.argument("address")
@click.option("--all", "whole", is_flag=True, help="Alles lesen, nicht nur, was neu ist.")
@JSON
def source_read(address: str, *, whole: bool, as_json: bool) -> None:
    """Jetzt nachsehen, was eine Quelle veröffentlicht hat."""

    async def run(instance: Instance) -> Reading:
        workshop = instance.workshop
        uri = await sources.find(workshop, address)
        return await catching_up.read_outbox(workshop, wiring.HANDLERS, uri, whole=whole)

    reading = shell.online(run)
    read = {"items": reading.items, "things": reading.things, "asked": reading.asked}
    read_now = counted(reading.items, "Eintrag", "Einträge")
    origins_asked = counted(reading.asked, "wird bei seinem", "werden bei ihrem")
    asked = f", {origins_asked} Ursprung erfragt" if reading.asked else ""
    text = f"✓ {read_now} gelesen{asked}." if reading.items else "✓ Nichts Neues."
    shell.show(read, as_json=as_json, text=lambda: text)


@source.command(name="remove")
@click.argument("address")
@click.option("--keep", is_flag=True, help="Was von dort schon im Index ist, behalten.")
def source_remove(address: str, *, keep: bool) -> None:
    """Einer Quelle nicht mehr folgen und löschen, was von ihr kam."""

    def run(work: Work, uri: str) -> int:
        row = sources.remove(work, uri)
        return 0 if keep else origins.drop(work, row)

    click.echo(f"✓ Quelle entfernt, {counted(_with(address, run), 'Eintrag', 'Einträge')} gelöscht.")


def _said(moment: datetime | None, unknown: str = "noch nie") -> str:
    return moments.minute(moment) if moment else unknown


source.add_command(source_reviews.review_group)
COMMANDS = [source]
