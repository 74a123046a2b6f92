"""Sets an instance up once, and says to later commands what is missing."""

from collections.abc import Mapping
from pathlib import Path

from sqlalchemy import inspect

from fediverse_ehrenamt.federation import actors, addresses
from fediverse_ehrenamt.federation.model import InstanceRow
from fediverse_ehrenamt.instance import Instance
from fediverse_ehrenamt.kit.errors import Conflict, Invalid, NotFound, Problem
from fediverse_ehrenamt.search import store as documents
from fediverse_ehrenamt.settings import Settings
from fediverse_ehrenamt.storage import migrate
from fediverse_ehrenamt.work import Work

_NAME = (3, 200)


def settings_for_init(given: Mapping[str, str]) -> Settings:
    """Return the settings of the environment with what was given on the command line in their place."""
    return Settings.from_environment(given)


def create(instance: Instance, name: str, summary: str, remember_in: Path | None) -> Path | None:
    """Set up an empty database; raises `Conflict` if it is set up.

    Writes the settings to the file `remember_in` unless it is there already, and returns it if it did.
    """
    settings = instance.workshop.settings
    if not _NAME[0] <= len(name.strip()) <= _NAME[1]:
        raise Invalid([Problem("name", f"braucht {_NAME[0]} bis {_NAME[1]} Zeichen, z. B. „Ehrenamt Hagen“")])
    settings.data.mkdir(parents=True, exist_ok=True)
    migrate.upgrade(instance.workshop.engines)
    instance.workshop.write_now(_create, name.strip(), summary.strip())
    return _remember(settings, remember_in) if remember_in else None


def _create(work: Work, name: str, summary: str) -> None:
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


def _remember(settings: Settings, file: Path) -> Path | None:
    """Write the settings beside where `ehrenamt` was called, so that the next call finds the same instance."""
    if file.exists():
        return None
    lines = {
        "EHRENAMT_URL": settings.url,
        "EHRENAMT_HANDLE_DOMAIN": settings.handle_domain,
        "EHRENAMT_DATA": str(settings.data),
    }
    if not settings.sqlite:
        lines["EHRENAMT_DATABASE_URL"] = settings.database_url
    file.touch(0o600)
    file.write_text("".join(f"{key}={value}\n" for key, value in lines.items()))
    return file.absolute()


def require(instance: Instance) -> None:
    """Raise, with what to do, unless the instance is set up, up to date and the one that the settings speak of."""
    engines, settings = instance.workshop.engines, instance.workshop.settings
    with engines.reader.begin() as connection:
        if "instance" not in inspect(connection).get_table_names():
            raise NotFound(f"In {settings.data} ist noch keine Instanz. Bitte zuerst `ehrenamt init` aufrufen.")
    if not migrate.is_current(engines):
        raise Conflict("Die Datenbank ist von einer anderen Version. Bitte `ehrenamt migrate` aufrufen.")
    instance.workshop.read_now(_same_instance)


def _same_instance(work: Work) -> None:
    row = actors.instance(work)
    for key, held, wanted in (
        ("EHRENAMT_URL", row.url, work.settings.url),
        ("EHRENAMT_HANDLE_DOMAIN", row.handle_domain, work.settings.handle_domain),
    ):
        if held != wanted:
            message = f"ist „{wanted}“, aber die Instanz wurde mit „{held}“ eingerichtet; das ist nicht mehr änderbar"
            raise Invalid([Problem(key, message)])


def count_documents(work: Work) -> int:
    return documents.count(work)
