"""Sets an instance up once, and says to later commands what is missing."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from pathlib import Path

from sqlalchemy import inspect

from fediverse_ehrenamt.federation import actors, addresses, own_keys
from fediverse_ehrenamt.federation.model import InstanceRow, LocalActorRow
from fediverse_ehrenamt.instance import Instance
from fediverse_ehrenamt.kit import sealing
from fediverse_ehrenamt.kit.errors import Conflict, Invalid, NotFound, Problem, Unavailable
from fediverse_ehrenamt.search import store as documents
from fediverse_ehrenamt.settings import Settings
from fediverse_ehrenamt.storage import migrate
from fediverse_ehrenamt.work import Work

_NAME = (3, 200)
_PRIVATE = 0o600


def settings_for_init(given: Mapping[str, str]) -> Settings:
    """Return the settings of the environment with what was given in their place, with a new secret if there is none."""
    settings = Settings.from_environment(given)
    return settings if settings.secret else replace(settings, secret=sealing.new_secret())


def create(instance: Instance, name: str, summary: str, remember_in: Path | None) -> Path | None:
    """Set up an empty database; raises `Conflict` if it is set up.

    Writes the settings to the file `remember_in` unless it is there already, and returns it if it did. A secret that
    was made for this instance is written there in any case.
    """
    settings = instance.workshop.settings
    if not _NAME[0] <= len(name.strip()) <= _NAME[1]:
        raise Invalid([Problem("name", f"braucht {_NAME[0]} bis {_NAME[1]} Zeichen, z. B. „Ehrenamt Hagen“")])
    settings.data.mkdir(parents=True, exist_ok=True)
    migrate.upgrade(instance.workshop.engines)
    return instance.workshop.write_now(_create, name.strip(), summary.strip(), remember_in)


def _create(work: Work, name: str, summary: str, remember_in: Path | None) -> Path | None:
    if work.db.query(InstanceRow).first() is not None:
        raise Conflict(f"Diese Instanz ist schon eingerichtet ({work.settings.data}). Weiter mit `ehrenamt serve`.")
    work.db.add(
        InstanceRow(
            id=1,
            name=name,
            url=work.settings.url,
            handle_domain=work.settings.handle_domain,
            summary=summary,
            created_at=work.now,
        )
    )
    actors.register(work, handle=addresses.INSTANCE_HANDLE, kind="Application", name=name, summary=summary)
    actors.with_keys(work, addresses.instance_actor(work.settings))
    # Before the commit: keys whose secret could not be written down would be lost.
    return _remember(work.settings, remember_in) if remember_in else None


def _remember(settings: Settings, file: Path) -> Path | None:
    """Write the settings beside where `ehrenamt` was called, so that the next call finds the same instance."""
    new_secret = settings.secret if Settings.from_environment().secret != settings.secret else ""
    if file.exists():
        return _add_secret(file, new_secret) if new_secret else None
    lines = {
        "EHRENAMT_URL": settings.url,
        "EHRENAMT_HANDLE_DOMAIN": settings.handle_domain,
        "EHRENAMT_DATA": str(settings.data),
    }
    if not settings.sqlite:
        lines["EHRENAMT_DATABASE_URL"] = settings.database_url
    if new_secret:
        lines["EHRENAMT_SECRET"] = new_secret
    file.touch(_PRIVATE)
    file.write_text("".join(f"{key}={value}\n" for key, value in lines.items()))
    return file.absolute()


def _add_secret(file: Path, secret: str) -> Path:
    """Write a new secret below what an operator has written, readable by the owner only."""
    file.touch(_PRIVATE)
    file.chmod(_PRIVATE)
    before = file.read_text()
    file.write_text(f"{before}{'' if before.endswith(chr(10)) or not before else chr(10)}EHRENAMT_SECRET={secret}\n")
    return file.absolute()


@dataclass(frozen=True, slots=True)
class Upgrade:
    """What `upgrade` did: the schema's versions, how many actors' keys were sealed, where a new secret was written."""

    before: str
    after: str
    sealed: int
    secret_in: Path | None


def upgrade(instance: Instance, remember_in: Path) -> Upgrade:
    """Bring the database to the schema of this version, and seal keys that an earlier one has left readable.

    Makes a secret if keys need one and there is none, and writes it to `remember_in`. Raises `Unavailable` where keys
    are sealed with a secret that the settings don't have.
    """
    before, after = migrate.upgrade(instance.workshop.engines)
    sealed, secret_in = instance.workshop.write_now(_seal, remember_in)
    return Upgrade(before, after, sealed, secret_in)


def _seal(work: Work, remember_in: Path) -> tuple[int, Path | None]:
    if work.settings.secret:
        return own_keys.seal_all(work), None
    if own_keys.anything_sealed(work):
        raise Unavailable(own_keys.MISSING)
    secret = sealing.new_secret()
    sealed = own_keys.seal_all(replace(work, settings=replace(work.settings, secret=secret)))
    return sealed, _add_secret(remember_in, secret) if sealed else None


def require(instance: Instance) -> None:
    """Raise, with what to do, unless the instance is set up, up to date and the one that the settings speak of."""
    engines, settings = instance.workshop.engines, instance.workshop.settings
    with engines.reader.begin() as connection:
        if "instance" not in inspect(connection).get_table_names():
            raise NotFound(f"In {settings.data} ist noch keine Instanz. Bitte zuerst `ehrenamt init` aufrufen.")
    if not migrate.is_current(engines):
        raise Conflict("Die Datenbank ist von einer anderen Version. Bitte `ehrenamt migrate` aufrufen.")
    instance.workshop.read_now(_same_instance)
    instance.workshop.read_now(_secret_fits)


def _same_instance(work: Work) -> None:
    row = actors.instance(work)
    for key, held, wanted in (
        ("EHRENAMT_URL", row.url, work.settings.url),
        ("EHRENAMT_HANDLE_DOMAIN", row.handle_domain, work.settings.handle_domain),
    ):
        if held != wanted:
            message = f"ist „{wanted}“, aber die Instanz wurde mit „{held}“ eingerichtet; das ist nicht mehr änderbar"
            raise Invalid([Problem(key, message)])


def _secret_fits(work: Work) -> None:
    """Open one key: better than to find out with the first delivery."""
    if not work.settings.secret:
        raise Unavailable(own_keys.MISSING)
    row = work.db.get(LocalActorRow, addresses.instance_actor(work.settings))
    if row is not None and row.rsa_private:
        own_keys.load(work, row)


def count_documents(work: Work) -> int:
    return documents.count(work)
