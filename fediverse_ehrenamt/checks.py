"""`ehrenamt check`: looks at what an operator can get wrong, and says it in sentences."""

import asyncio
import shutil
from collections.abc import Callable, Coroutine
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

from fediverse_ehrenamt.federation import actors, addresses, discovery, rotation
from fediverse_ehrenamt.instance import Instance
from fediverse_ehrenamt.jobs import overview
from fediverse_ehrenamt.kit import smtp
from fediverse_ehrenamt.kit.counts import counted
from fediverse_ehrenamt.kit.errors import EhrenamtError
from fediverse_ehrenamt.mail import folder
from fediverse_ehrenamt.maps import archive, tiles
from fediverse_ehrenamt.organisations import actions as organisations
from fediverse_ehrenamt.search import store as documents
from fediverse_ehrenamt.texts import actions as texts
from fediverse_ehrenamt.texts import rules
from fediverse_ehrenamt.work import Work

_ENOUGH_BYTES = 500_000_000
_GAPS_SAID = 3  # of each text
_TILE = (6, 33, 21)  # zoom, column and row: the middle of Germany


@dataclass(frozen=True, slots=True)
class Finding:
    good: bool
    sentence: str


async def run(instance: Instance) -> list[Finding]:
    """Return all findings; each check is independent of the others."""
    checks: list[Callable[[Instance], Coroutine[Any, Any, Finding]]] = [
        _setup,
        _disk,
        _network,
        _handles,
        _index,
        _jobs,
        _keys,
        _mail,
        _texts,
        _map,
    ]
    return [await check(instance) for check in checks]


async def _setup(instance: Instance) -> Finding:
    row = await instance.workshop.read(actors.instance)
    return Finding(
        good=True, sentence=f"„{row.name}“ ist eingerichtet unter {row.url}, Handles @name@{row.handle_domain}."
    )


async def _disk(instance: Instance) -> Finding:
    free = shutil.disk_usage(instance.workshop.settings.data).free
    if free < _ENOUGH_BYTES:
        return Finding(
            good=False, sentence=f"Auf der Festplatte sind nur noch {free // 1_000_000} MB frei; bitte Platz schaffen."
        )
    return Finding(good=True, sentence=f"Auf der Festplatte sind {free // 1_000_000_000} GB frei.")


async def _network(instance: Instance) -> Finding:
    networks = instance.workshop.settings.allowed_networks
    if networks and instance.workshop.settings.url.startswith("https://"):
        named = ", ".join(str(network) for network in networks)
        return Finding(good=False, sentence=f"EHRENAMT_ALLOWED_NETWORKS öffnet {named}; im Betrieb bitte leer lassen.")
    return Finding(good=True, sentence="Private Adressen sind vor Anfragen aus dem Netz geschützt.")


async def _handles(instance: Instance) -> Finding:
    """Ask WebFinger as peers do: at the handles' domain, which must lead back to us."""
    settings = instance.workshop.settings
    handle = f"@{addresses.INSTANCE_HANDLE}@{settings.handle_domain}"
    try:
        found = await discovery.find_actor(instance.workshop, handle)
    except EhrenamtError as error:
        if settings.handle_domain == urlsplit(settings.url).netloc:
            advice = (
                f"Läuft `ehrenamt serve`, und reicht der Webserver davor an ihn weiter, was nach {settings.url} geht?"
            )
        else:
            well_known = f"https://{settings.handle_domain}/.well-known/webfinger"
            advice = f"Bitte {well_known} nach {settings.url} umleiten und `ehrenamt serve` starten."
        return Finding(good=False, sentence=f"{handle} ist von außen nicht zu finden ({error.public}). {advice}")
    if found != addresses.instance_actor(settings):
        return Finding(good=False, sentence=f"{handle} führt zu {found}, nicht zu dieser Instanz.")
    return Finding(good=True, sentence=f"{handle} ist von außen zu finden.")


async def _index(instance: Instance) -> Finding:
    total = await instance.workshop.read(documents.count)
    behind = await instance.workshop.read(_behind, instance)
    if behind:
        return Finding(
            good=False, sentence="Der Suchindex hinkt hinterher; läuft `ehrenamt serve`? Sonst `ehrenamt reindex`."
        )
    return Finding(
        good=True, sentence=f"Der Suchindex ist auf dem Stand der Datenbank ({counted(total, 'Eintrag', 'Einträge')})."
    )


def _behind(work: Work, instance: Instance) -> bool:
    instance.index.refresh()
    return documents.newest(work) > instance.index.cursor


async def _jobs(instance: Instance) -> Finding:
    lanes = await instance.workshop.read(overview.lanes)
    given_up = sum(lane.given_up for lane in lanes)
    if given_up:
        lost = counted(given_up, "Auftrag wurde", "Aufträge wurden")
        return Finding(good=False, sentence=f"{lost} aufgegeben; `ehrenamt jobs` zeigt, was.")
    waiting = counted(sum(lane.waiting for lane in lanes), "Auftrag steht", "Aufträge stehen")
    return Finding(good=True, sentence=f"{waiting} aus, keiner ist aufgegeben.")


async def _keys(instance: Instance) -> Finding:
    """That the secret fits at all was found when the instance was opened; here every key is looked at."""
    states = [one.state for one in await instance.workshop.read(rotation.listing)]
    if plain := states.count("plain"):
        accounts = counted(plain, "Konto", "Konten")
        return Finding(
            good=False, sentence=f"Schlüssel von {accounts} sind unverschlüsselt; bitte `ehrenamt migrate` aufrufen."
        )
    if former := states.count("former secret"):
        accounts = counted(former, "Konto", "Konten")
        return Finding(
            good=False,
            sentence=f"Schlüssel von {accounts} passen nicht zu EHRENAMT_SECRET. Wurde es gewechselt, bitte das "
            "alte als EHRENAMT_FORMER_SECRET eintragen und `ehrenamt keys reencrypt` aufrufen.",
        )
    return Finding(
        good=True,
        sentence=f"Alle privaten Schlüssel sind verschlüsselt ({counted(states.count('sealed'), 'Konto', 'Konten')}).",
    )


async def _texts(instance: Instance) -> Finding:
    """The law wants an imprint and a privacy notice of whoever can be reached by others."""
    missing = {
        slug: gaps
        for slug in (rules.IMPRINT, rules.PRIVACY, rules.ACCESSIBILITY)
        if (gaps := await instance.workshop.read(texts.gaps, slug))
    }
    if not missing:
        return Finding(good=True, sentence="Impressum, Datenschutz und Barrierefreiheit sind ausgefüllt.")
    said = "; ".join(f"{slug}: {', '.join(gaps[:_GAPS_SAID])}" for slug, gaps in missing.items())
    advice = "`ehrenamt page show impressum > impressum.md`, ausfüllen, `ehrenamt page set impressum impressum.md`."
    good = not instance.workshop.settings.url.startswith("https://")  # when trying out, nobody is owed an imprint
    return Finding(good=good, sentence=f"In Texten der Instanz fehlt noch etwas ({said}). {advice}")


async def _mail(instance: Instance) -> Finding:
    """Letters that nobody gets are a fault where there are organisations to be written to."""
    settings = instance.workshop.settings
    if not settings.smtp_url:
        place = folder.place(settings)
        waiting = await instance.workshop.read(organisations.with_mail)
        advice = (
            f" Organisationen, die so keine Post bekommen: {waiting}. Bitte einen Mailserver eintragen."
            if waiting
            else ""
        )
        return Finding(
            good=not (waiting and folder.is_lost_on_people(settings)),
            sentence=f"Ohne EHRENAMT_SMTP_URL werden Briefe als Dateien nach {place} geschrieben und nach "
            f"{folder.KEPT.days} Tagen gelöscht.{advice}",
        )
    server = smtp.read(settings.smtp_url)
    try:
        await smtp.greet(server, settings.mail_from)
    except EhrenamtError as error:
        return Finding(good=False, sentence=f"{error.public} (EHRENAMT_SMTP_URL)")
    return Finding(
        good=True, sentence=f"Der Mailserver {server.host}:{server.port} ist bereit; Absender ist {settings.mail_from}."
    )


async def _map(instance: Instance) -> Finding:
    """A damaged file and a tile server that gives nothing are not seen on a page: it goes back to outlines."""
    workshop = instance.workshop
    chosen = tiles.source(workshop.settings)
    if chosen is None:
        advice = "Genauere Kartenbilder holt `ehrenamt map fetch`."
        return Finding(good=True, sentence=f"Die Karte zeigt Umrisse und Ortsnamen. {advice}")
    try:
        if isinstance(chosen, Path):
            await asyncio.to_thread(archive.about, chosen)
        else:
            await tiles.get(workshop, *_TILE)
    except EhrenamtError as error:
        return Finding(good=False, sentence=f"Die Karte hat keine Kartenbilder: {error.public} (EHRENAMT_MAP_TILES)")
    if not tiles.attribution(workshop.settings):
        sentence = "Bei den Kartenbildern steht nicht, von wem sie sind; bitte EHRENAMT_MAP_ATTRIBUTION eintragen."
        return Finding(good=False, sentence=sentence)
    return Finding(good=True, sentence=f"Die Kartenbilder kommen aus {chosen}.")
