"""Settings: what the operator decides, read from the environment once and passed on as a frozen value."""

import ipaddress
import os
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from types import MappingProxyType

from starlette.config import Config

from fediverse_ehrenamt.kit import ids
from fediverse_ehrenamt.kit.errors import Invalid, Problem

PREFIX = "EHRENAMT_"
ENV_FILE = "ehrenamt.env"
_LOG_LEVELS = ("debug", "info", "warning", "error")
_DATABASES = ("sqlite:///", "postgresql+psycopg://")
_REDIS = ("redis://", "rediss://", "unix://")
Network = ipaddress.IPv4Network | ipaddress.IPv6Network


@dataclass(frozen=True, slots=True, kw_only=True)
class Settings:
    """All settings; each is read from `EHRENAMT_` and its name; `metadata["help"]` explains it to operators."""

    url: str = field(metadata={"help": "Adresse dieser Instanz, z. B. https://ehrenamt.hagen.de; nach `init` fest"})
    handle_domain: str = field(metadata={"help": "Domain der Handles (@name@domain), sonst der Host von EHRENAMT_URL"})
    data: Path = field(metadata={"help": "Ordner für Datenbank, Suchindex und Bilder, sonst ./data"})
    database_url: str = field(
        metadata={"help": "postgresql+psycopg://… für den großen Betrieb, sonst SQLite in EHRENAMT_DATA"}
    )
    redis_url: str = field(metadata={"help": "redis://… : Aufträge laufen in `ehrenamt worker`, sonst im Webprozess"})
    allowed_networks: tuple[Network, ...] = field(
        metadata={
            "help": "sonst verbotene Netze, die angesprochen werden dürfen, z. B. 127.0.0.0/8 (nur zum Ausprobieren)"
        }
    )
    log_level: str = field(metadata={"help": "debug, info, warning oder error, sonst info"})

    @property
    def sqlite(self) -> bool:
        return self.database_url.startswith("sqlite")

    @property
    def host(self) -> str:
        """Host (with a non-default port) under which this instance is served."""
        return ids.host(self.url)

    @classmethod
    def from_environment(cls, given: Mapping[str, str] = MappingProxyType({})) -> "Settings":
        """Read the settings of this process: what is `given`, its environment, then `ehrenamt.env` in its folder."""
        return cls.load({**os.environ, **given}, Path(ENV_FILE))  # noqa: TID251 - the one place

    @staticmethod
    def surroundings(given: Mapping[str, str]) -> dict[str, str]:
        """Return the environment for another process of ours: this one's, with `given` in place of our settings."""
        kept = {name: value for name, value in os.environ.items() if not name.startswith(PREFIX)}  # noqa: TID251 - see above
        return {**kept, **given}

    @classmethod
    def load(cls, environ: Mapping[str, str], env_file: Path | None = None) -> "Settings":
        """Read and check all settings; raises `Invalid` naming every wrong one at once."""
        config = Config(env_file if env_file and env_file.is_file() else None, environ=environ, env_prefix=PREFIX)
        url = str(config("URL", default="http://127.0.0.1:8000")).rstrip("/")
        data = Path(str(config("DATA", default="data"))).absolute()
        networks, problems = _networks(str(config("ALLOWED_NETWORKS", default="")))
        made = cls(
            url=url,
            handle_domain=str(config("HANDLE_DOMAIN", default="")).lower() or ids.host(url),
            data=data,
            database_url=_with_driver(str(config("DATABASE_URL", default="")) or f"sqlite:///{data}/ehrenamt.sqlite"),
            redis_url=str(config("REDIS_URL", default="")),
            allowed_networks=networks,
            log_level=str(config("LOG_LEVEL", default="info")).lower(),
        )
        if problems := [*_wrong(made), *problems]:
            raise Invalid(problems)
        return made


def _with_driver(database_url: str) -> str:
    return database_url.replace("postgresql://", "postgresql+psycopg://", 1)


def _wrong(made: Settings) -> Iterator[Problem]:
    if not made.host or ids.origin(made.url) != made.url:
        message = f"„{made.url}“ ist keine Adresse ohne Pfad; richtig wäre https://ehrenamt.beispiel.de"
        yield Problem("EHRENAMT_URL", message)
    elif ids.host(f"https://{made.handle_domain}") != made.handle_domain:
        message = f"„{made.handle_domain}“ ist keine Domain; richtig wäre beispiel.de, ohne https:// und ohne Pfad"
        yield Problem("EHRENAMT_HANDLE_DOMAIN", message)
    if made.log_level not in _LOG_LEVELS:
        yield Problem("EHRENAMT_LOG_LEVEL", f"„{made.log_level}“ gibt es nicht; möglich: {', '.join(_LOG_LEVELS)}")
    if not made.database_url.startswith(_DATABASES):
        message = "beginnt mit sqlite:/// oder postgresql+psycopg://; anderes wird nicht bedient"
        yield Problem("EHRENAMT_DATABASE_URL", message)
    if made.redis_url and not made.redis_url.startswith(_REDIS):
        yield Problem("EHRENAMT_REDIS_URL", f"„{made.redis_url}“ beginnt nicht mit redis://, rediss:// oder unix://")


def _networks(text: str) -> tuple[tuple[Network, ...], list[Problem]]:
    networks: list[Network] = []
    problems: list[Problem] = []
    for part in text.replace(",", " ").split():
        try:
            networks.append(ipaddress.ip_network(part))
        except ValueError:
            problems.append(Problem("EHRENAMT_ALLOWED_NETWORKS", f"„{part}“ ist kein Netz; richtig wäre 127.0.0.0/8"))
    return tuple(networks), problems
