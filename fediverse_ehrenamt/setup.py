"""Sets an instance up once, from the command line or in a browser, and says to later commands what is missing."""

import os
from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from pathlib import Path

from sqlalchemy import inspect, select

from fediverse_ehrenamt.audit import actions as audit
from fediverse_ehrenamt.audit.rules import About, By, Did
from fediverse_ehrenamt.federation import actors, addresses, own_keys
from fediverse_ehrenamt.federation.model import InstanceRow, LocalActorRow
from fediverse_ehrenamt.instance import Instance
from fediverse_ehrenamt.kit import sealing
from fediverse_ehrenamt.kit.errors import Conflict, Invalid, NotFound, Problem, Unavailable
from fediverse_ehrenamt.kit.sentences import sentence
from fediverse_ehrenamt.search import store as documents
from fediverse_ehrenamt.settings import Settings
from fediverse_ehrenamt.storage import locks, version
from fediverse_ehrenamt.storage.engine import may_be_there
from fediverse_ehrenamt.work import Work

_NAME = (3, 200)
_PRIVATE = 0o600


def settings_for_init(given: Mapping[str, str]) -> Settings:
    """Return the settings of the environment with what was given in their place, with a new secret if there is none."""
    settings = Settings.from_environment(given)
    return settings if settings.secret else replace(settings, secret=sealing.new_secret())


def wrong_name(name: str) -> list[Problem]:
    """Say what is wrong with the name of an instance."""
    if _NAME[0] <= len(name.strip()) <= _NAME[1]:
        return []
    least, most = _NAME
    said = sentence("braucht %(least)s bis %(most)s Zeichen, z. B. „Ehrenamt Hagen“", least=least, most=most)
    return [Problem("name", said)]


def obstacles(settings: Settings, remember_in: Path) -> list[str]:
    """Say in sentences why nothing can be set up here: where it cannot be written, and what must be."""
    found = list[str]()
    if not _writable(settings.data):
        found.append(
            sentence(
                "In den Ordner %(folder)s darf dieses Programm nicht schreiben. Bitte die Rechte ändern oder "
                "EHRENAMT_DATA auf einen anderen setzen.",
                folder=str(settings.data),
            )
        )
    if not Settings.is_given("secret") and not _writable(remember_in.absolute()):
        found.append(
            sentence(
                "EHRENAMT_SECRET fehlt, und %(file)s kann nicht geschrieben werden. Bitte EHRENAMT_SECRET setzen "
                "(`openssl rand -base64 32` macht eines) und neu starten.",
                file=str(remember_in.absolute()),
            )
        )
    return found


def _writable(path: Path) -> bool:
    """Say whether a file or folder can be written, or made where it is not there yet."""
    there = next(one for one in (path, *path.parents) if one.exists())
    return (there == path or there.is_dir()) and os.access(there, os.W_OK)


def by_command_line(_work: Work) -> By:
    """Do nothing else while setting up: it is the command line that does."""
    return By()


def create(
    instance: Instance,
    name: str,
    summary: str,
    remember_in: Path | None,
    also: Callable[[Work], By] | None = None,
) -> Path | None:
    """Set up an empty database; raises `Conflict` if it is set up.

    Writes the settings to the file `remember_in`; where that is there already only those that the next process would
    not find, as a secret that was made for this instance. Returns the file if it wrote to it. `also` is done in
    the same transaction and says who does all this, for the log.
    """
    from fediverse_ehrenamt.storage import migrate

    settings = instance.workshop.settings
    if wrong := wrong_name(name):
        raise Invalid(wrong)
    settings.data.mkdir(parents=True, exist_ok=True)
    migrate.upgrade(instance.workshop.engines)
    return instance.workshop.write_now(_create, name.strip(), summary.strip(), remember_in, also)


def _create(
    work: Work, name: str, summary: str, remember_in: Path | None, also: Callable[[Work], By] | None
) -> Path | None:
    locks.hold(work.db, "set up")
    if work.db.query(InstanceRow).first() is not None:
        raise Conflict(
            sentence(
                "Diese Instanz ist schon eingerichtet (%(folder)s). Weiter mit `ehrenamt serve`.",
                folder=str(work.settings.data),
            )
        )
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
    if also is not None:
        audit.note(work, also(work), Did.SET_UP, About(name, addresses.instance_actor(work.settings)))
    # Before the commit: keys whose secret could not be written down would be lost.
    return _remember(work.settings, remember_in) if remember_in else None


def _remember(settings: Settings, file: Path) -> Path | None:
    """Write the settings beside where `ehrenamt` was called, so that the next call finds the same instance."""
    found = _said(Settings.from_environment())
    wanted = _said(settings)
    missing = {key: value for key, value in wanted.items() if found[key] != value}
    if file.exists():
        return _append(file, missing) if missing else None
    if not missing and not _writable(file.absolute()):  # all of it comes from elsewhere
        return None
    lines = {key: value for key, value in wanted.items() if key in {*missing, *_ALWAYS}}
    if not settings.sqlite:
        lines["EHRENAMT_DATABASE_URL"] = settings.database_url
    file.touch(_PRIVATE)
    file.write_text("".join(f"{key}={value}\n" for key, value in lines.items()), encoding="utf-8")
    return file.absolute()


_ALWAYS = ("EHRENAMT_URL", "EHRENAMT_HANDLE_DOMAIN", "EHRENAMT_DATA")


def _said(settings: Settings) -> dict[str, str]:
    return {
        "EHRENAMT_URL": settings.url,
        "EHRENAMT_HANDLE_DOMAIN": settings.handle_domain,
        "EHRENAMT_DATA": str(settings.data),
        "EHRENAMT_SECRET": settings.secret,
    }


def _append(file: Path, lines: Mapping[str, str]) -> Path:
    """Write settings below what an operator has written, readable by the owner only."""
    file.touch(_PRIVATE)
    file.chmod(_PRIVATE)
    before = file.read_text(encoding="utf-8")
    added = "".join(f"{key}={value}\n" for key, value in lines.items())
    end = "" if before.endswith("\n") or not before else "\n"
    file.write_text(f"{before}{end}{added}", encoding="utf-8")
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
    from fediverse_ehrenamt.storage import migrate

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
    return sealed, _append(remember_in, {"EHRENAMT_SECRET": secret}) if sealed else None


def is_set_up(instance: Instance) -> bool:
    """Say whether there is an instance, of whatever version."""
    with instance.workshop.engines.reader.begin() as connection:
        there = "instance" in inspect(connection).get_table_names()
        return there and connection.scalar(select(InstanceRow.id)) is not None


def require_database(settings: Settings) -> None:
    """Raise as `require` where there cannot be an instance, before one is opened: that makes a file and its folder."""
    if not may_be_there(settings.database_url):
        raise _nothing_in(settings)


def require(instance: Instance) -> None:
    """Raise, with what to do, unless the instance is set up, up to date and the one that the settings speak of."""
    engines, settings = instance.workshop.engines, instance.workshop.settings
    with engines.reader.begin() as connection:
        if "instance" not in inspect(connection).get_table_names():
            raise _nothing_in(settings)
    if not version.is_current(engines):
        raise Conflict(sentence("Die Datenbank ist von einer anderen Version. Bitte `ehrenamt migrate` aufrufen."))
    instance.workshop.read_now(_same_instance)
    instance.workshop.read_now(_secret_fits)


def _nothing_in(settings: Settings) -> NotFound:
    folder = str(settings.data)
    return NotFound(
        sentence("In %(folder)s ist noch keine Instanz. Bitte zuerst `ehrenamt init` aufrufen.", folder=folder)
    )


def _same_instance(work: Work) -> None:
    row = actors.instance(work)
    for key, held, wanted in (
        ("EHRENAMT_URL", row.url, work.settings.url),
        ("EHRENAMT_HANDLE_DOMAIN", row.handle_domain, work.settings.handle_domain),
    ):
        if held != wanted:
            message = sentence(
                "ist „%(wanted)s“, aber die Instanz wurde mit „%(held)s“ eingerichtet; das ist nicht mehr änderbar",
                wanted=wanted,
                held=held,
            )
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
