"""`places …`: districts, and newer place data from GeoNames. Nothing else asks another machine where a place is."""

from dataclasses import asdict

import click

from fediverse_ehrenamt.commands import shell
from fediverse_ehrenamt.commands.groups import Group
from fediverse_ehrenamt.commands.shell import JSON
from fediverse_ehrenamt.districts import actions as districts
from fediverse_ehrenamt.districts.actions import Listed
from fediverse_ehrenamt.districts.rules import Origin
from fediverse_ehrenamt.instance import Instance
from fediverse_ehrenamt.kit.errors import PeerError, Unavailable
from fediverse_ehrenamt.places import gazetteer, updating
from fediverse_ehrenamt.places.updating import Changes

_OK = 200
_SECONDS = 120.0


@click.group(name="places", cls=Group)
def places() -> None:
    """Ortsdaten: Orte, Ortsteile und Postleitzahlen, die ohne Internet nachgeschlagen werden."""


@places.command(name="update")
@click.option("--force", is_flag=True, help="Auch dann übernehmen, wenn mehr als ein Zehntel der Orte fehlt.")
@JSON
def places_update(*, force: bool, as_json: bool) -> None:
    """Neuere Postleitzahlen und Orte von GeoNames holen (CC BY 4.0).

    Sie liegen danach neben der Datenbank und gelten ab dem nächsten Start. Ohne Internet ändert sich nichts.
    """

    async def run(instance: Instance) -> Changes:
        settings = instance.workshop.settings
        click.echo(f"Hole {settings.places_url} …", err=True)
        body = await _download(instance, settings.places_url)
        click.echo(f"{len(body) // 1000} KB geholt, prüfe und ordne …", err=True)
        return updating.update(updating.read(body), settings.data / updating.FOLDER, force=force)

    changes = shell.online(run)
    shell.show(asdict(changes), as_json=as_json, text=lambda: "\n".join([*updating.lines(changes), _after()]))


@places.command(name="list")
@click.argument("town", default="")
@JSON
def places_list(*, town: str, as_json: bool) -> None:
    """Stadtteile zeigen, nach denen gesucht werden kann, auch gelernte und eingetragene; mit TOWN die eines Orts.

    Geändert werden sie im Browser unter /verwaltung/stadtteile; ausgeblendete stehen mit dabei.
    """
    with shell.opened() as instance:
        found = instance.workshop.read_now(districts.listing, town)
    shown = [asdict(one.district) | {"origin": str(one.origin), "hidden": one.hidden} for one in found]
    shell.show(shown, as_json=as_json, text=lambda: "\n".join(map(_listed, found)) or "Keine Stadtteile bekannt.")


def _listed(one: Listed) -> str:
    district = one.district
    parts = [
        f"{district.label} ({district.latitude:.4f}, {district.longitude:.4f})",
        _ORIGIN[one.origin],
        f"auch {', '.join(district.aliases)}" if district.aliases else "",
        "ausgeblendet" if one.hidden else "",
    ]
    return ", ".join(filter(None, parts))


_ORIGIN = {Origin.OWN: "", Origin.LEARNT: "gelernt", Origin.ENTERED: "eingetragen"}


def _after() -> str:
    return f"Ein laufender Dienst nimmt sie nach einem Neustart. {gazetteer.ATTRIBUTION}"


async def _download(instance: Instance, url: str) -> bytes:
    unchanged = "Die bisherigen Ortsdaten gelten weiter."
    try:
        answer = await instance.workshop.http.get(
            url, accept="application/zip", limit=updating.MAX_BYTES, seconds=_SECONDS
        )
    except PeerError as error:
        raise Unavailable(f"{url} ist nicht zu erreichen: {error} {unchanged}") from error
    if answer.status != _OK:
        raise Unavailable(f"{url} antwortet mit {answer.status}. {unchanged}")
    return answer.body


COMMANDS = [places]
