"""`keys …`: the keys of our actors: which there are, new ones, and with which secret they are encrypted."""

from dataclasses import asdict

import click

from fediverse_ehrenamt.accounts import factors
from fediverse_ehrenamt.commands import moments, shell
from fediverse_ehrenamt.commands.groups import Group
from fediverse_ehrenamt.commands.shell import JSON
from fediverse_ehrenamt.engagements import store as engagements
from fediverse_ehrenamt.federation import own_keys, rotation
from fediverse_ehrenamt.kit.counts import counted

_STATES = {
    "none": "entstehen bei der ersten Benutzung",
    "plain": "unverschlüsselt; `ehrenamt migrate` ändert das",
    "sealed": "verschlüsselt",
    "former secret": "mit einem anderen Geheimnis verschlüsselt; `ehrenamt keys reencrypt` ändert das",
}


@click.group(cls=Group)
def keys() -> None:
    """Die Schlüssel dieser Instanz und ihrer Organisationen."""


@keys.command(name="list")
@JSON
def keys_list(*, as_json: bool) -> None:
    """Alle Schlüssel zeigen, ohne ihren geheimen Teil."""
    found = shell.write(rotation.listing)

    def text() -> str:
        return "\n".join(
            f"{one.handle:<30} seit {moments.day(one.since)}  {_STATES[one.state]}\n  {one.rsa_id}" for one in found
        )

    shell.show([asdict(one) for one in found], as_json=as_json, text=text)


@keys.command(name="rotate")
@click.argument("handle", default="")
@click.option("--all", "everybody", is_flag=True, help="Für alle Konten dieser Instanz, auch für sie selbst (relay).")
@click.option(
    "--leaked", is_flag=True, help="Der alte Schlüssel ist in falschen Händen: er wird auch zur Übergabe nicht benutzt."
)
@JSON
def keys_rotate(handle: str, *, everybody: bool, leaked: bool, as_json: bool) -> None:
    """Einem Konto neue Schlüssel geben und es allen sagen, die ihm folgen.

    Laufende Prozesse nehmen die neuen Schlüssel nach spätestens 30 Sekunden; unterwegs geht nichts verloren.
    """
    if everybody == bool(handle):
        raise click.UsageError("Bitte entweder ein HANDLE angeben oder --all.")
    with shell.opened() as instance:
        workshop = instance.workshop
        # Each in a transaction of its own, its keys made before that: a running instance must not wait for all.
        done = [
            workshop.write_now(rotation.rotate, one, own_keys.generate(), leaked=leaked)
            for one in (workshop.read_now(rotation.handles) if everybody else [handle])
        ]

    def text() -> str:
        return "\n".join(f"✓ {one.handle}: {one.rsa_id}, {one.told} Postfächer erfahren es" for one in done)

    shell.show([asdict(one) for one in done], as_json=as_json, text=text)


@keys.command(name="reencrypt")
def keys_reencrypt() -> None:
    """Alle privaten Schlüssel, Geheimnisse und Anfragen mit dem jetzigen EHRENAMT_SECRET verschlüsseln.

    Zum Wechseln des Geheimnisses: das alte als EHRENAMT_FORMER_SECRET eintragen, das neue als EHRENAMT_SECRET, alle
    Prozesse neu starten, diesen Befehl aufrufen, EHRENAMT_FORMER_SECRET wieder löschen.
    """
    changed = shell.write(own_keys.seal_all)
    shell.write(factors.seal_all)
    click.echo(
        f"✓ Schlüssel von {counted(changed, 'Konto', 'Konten')} neu verschlüsselt."
        if changed
        else "✓ Alle sind es schon."
    )
    if enquiries := shell.write(engagements.reseal):
        click.echo(f"✓ Anfragen neu verschlüsselt: {enquiries}.")


COMMANDS = [keys]
