"""`organisation …`, `publish`, `confirm` and `announce`: who publishes here, and what."""

import asyncio
from dataclasses import asdict
from pathlib import Path

import click

from fediverse_ehrenamt.commands import moments, shell
from fediverse_ehrenamt.commands.groups import Command, Group
from fediverse_ehrenamt.commands.shell import JSON
from fediverse_ehrenamt.kit.counts import counted
from fediverse_ehrenamt.opportunities import actions as opportunities
from fediverse_ehrenamt.organisations import actions as organisations
from fediverse_ehrenamt.publishing import actions as publishing
from fediverse_ehrenamt.publishing import file as publishing_file
from fediverse_ehrenamt.search import store as documents
from fediverse_ehrenamt.things import actions as things
from fediverse_ehrenamt.things.actions import Shown
from fediverse_ehrenamt.things.store import Outcome
from fediverse_ehrenamt.work import Work

_SEARCHABLE_SECONDS = 1.0


@click.group(cls=Group)
def organisation() -> None:
    """Organisationen dieser Instanz."""


@organisation.command(name="add")
@click.argument("handle")
@click.argument("name")
@click.option("--summary", default="", help="Kurze Beschreibung.")
@click.option("--mail", default="", help="Wohin Anfragen und Erinnerungen gehen; wird nirgends gezeigt.")
@JSON
def organisation_add(handle: str, name: str, summary: str, mail: str, *, as_json: bool) -> None:
    """Eine Organisation anlegen; danach kann ihr jeder im Fediverse als @HANDLE@domain folgen."""
    added = shell.write(organisations.add, handle, name, summary, None, mail)
    shell.show(asdict(added), as_json=as_json, text=lambda: f"✓ {added.name}: {added.address}\n  {added.url}")


@organisation.command(name="list")
@JSON
def organisation_list(*, as_json: bool) -> None:
    """Alle Organisationen zeigen."""
    found = shell.write(organisations.listing)

    def text() -> str:
        lines = [
            f"{one.address:<50} {counted(one.followers, 'Folgender', 'Folgende'):>15}  {one.name}" for one in found
        ]
        return "\n".join(lines) or "Noch keine. Eine anlegen: ehrenamt organisation add HANDLE NAME"

    shell.show([asdict(one) for one in found], as_json=as_json, text=text)


@organisation.command(name="mail")
@click.argument("handle")
@click.argument("address", metavar="[ADRESSE]", default="")
@click.option("--remove", is_flag=True, help="Die Adresse vergessen: Es kommen keine Erinnerungen mehr.")
@JSON
def organisation_mail(handle: str, address: str, *, remove: bool, as_json: bool) -> None:
    """Die Mailadresse einer Organisation setzen, ohne ADRESSE zeigen.

    Dorthin gehen Anfragen von Menschen, die mithelfen möchten, und, höchstens einmal in der Woche, eine Erinnerung,
    bevor ein Angebot abläuft. Sie wird nirgends gezeigt.
    """
    if address and remove:
        raise click.UsageError("Bitte entweder eine ADRESSE nennen oder --remove.")

    def run(work: Work) -> str:
        uri = organisations.get(work, handle).uri
        if address:
            organisations.set_mail(work, uri, address)
        if remove:
            organisations.forget_mail(work, uri)
        return organisations.mail_of(work, uri)

    mail = shell.write(run)
    shell.show({"handle": handle, "mail": mail}, as_json=as_json, text=lambda: mail or "Keine Mailadresse.")


@click.command(cls=Command)
@click.argument("file", type=click.Path(exists=True, dir_okay=False, path_type=Path))
@click.option("--organisation", "handle", default="", help="Handle der Organisation, statt dem am Anfang der Datei.")
@JSON
def publish(file: Path, handle: str, *, as_json: bool) -> None:
    """Angebote und Termine aus einer YAML- oder JSON-Datei veröffentlichen, ändern oder zurückziehen.

    Jeder Eintrag hat eine eigene `id`; dieselbe id noch einmal ändert denselben Eintrag. Entweder gelingt alles,
    oder es wird nichts gespeichert und jedes Problem genannt. Ein Beispiel steht in schemas/beispiel.yaml.
    """
    with shell.opened() as instance:
        entries = publishing_file.read(file.read_text("utf-8", "replace"), file.name, file.parent, handle)
        ready = publishing.with_images(instance.workshop.settings.data, entries)
        outcomes = instance.workshop.write_now(publishing.apply, ready)
        newest = instance.workshop.read_now(documents.newest)
        asyncio.run(instance.feed.wait_until(newest, _SEARCHABLE_SECONDS))
    words = {
        "published": "veröffentlicht",
        "changed": "geändert",
        "confirmed": "bestätigt",
        "unchanged": "unverändert",
        "withdrawn": "zurückgezogen",
        "absent": "war nicht (mehr) veröffentlicht",
    }

    def text() -> str:
        return "\n".join(f"✓ {words[outcome.what]}: {outcome.uri}" for outcome in outcomes) or "Die Datei ist leer."

    shell.show([asdict(outcome) for outcome in outcomes], as_json=as_json, text=text)


@click.command(cls=Command)
@click.argument("handle")
@click.argument("key", metavar="ID")
@JSON
def confirm(handle: str, key: str, *, as_json: bool) -> None:
    """Ein Angebot bestätigen: Es gilt noch, und zwar ein Jahr lang ab heute.

    HANDLE ist die Organisation, ID die id aus der Datei. Ein abgelaufenes Angebot ist danach wieder offen. Wer der
    Organisation folgt, sieht davon nichts, solange sich am Text nichts ändert; andere Portale erfahren es.
    """

    def run(work: Work) -> Outcome:
        return opportunities.confirm(work, organisations.get(work, handle).uri, key)

    outcome = shell.write(run)
    shell.show(asdict(outcome), as_json=as_json, text=lambda: f"✓ bestätigt: {outcome.uri}")


@click.command(cls=Command)
@click.argument("handle")
@click.argument("key", metavar="ID")
@JSON
def announce(handle: str, key: str, *, as_json: bool) -> None:
    """Ein offenes Angebot oder einen Termin im Fediverse noch einmal zeigen, höchstens alle 30 Tage.

    HANDLE ist die Organisation, ID die id aus der Datei. Wer der Organisation folgt, sieht den Beitrag wieder oben.
    """

    def run(work: Work) -> Shown:
        return things.show_again(work, organisations.get(work, handle).uri, key)

    shown = shell.write(run)
    shell.show(
        asdict(shown),
        as_json=as_json,
        text=lambda: f"✓ noch einmal gezeigt: {shown.title} (wieder ab {moments.day(shown.again_from)})\n  {shown.uri}",
    )


COMMANDS = [organisation, publish, confirm, announce]
