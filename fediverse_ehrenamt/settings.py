"""Settings: what the operator decides, read from the environment once and passed on as a frozen value."""

import ipaddress
import os
import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from types import MappingProxyType

from starlette.config import Config

from fediverse_ehrenamt.kit import ids, mailbox, sealing, smtp
from fediverse_ehrenamt.kit.errors import Invalid, Problem
from fediverse_ehrenamt.kit.sentences import sentence

PREFIX = "EHRENAMT_"
ENV_FILE = "ehrenamt.env"
_DIGITS = 9
_LOG_LEVELS = ("debug", "info", "warning", "error")
_DATABASES = ("sqlite:///", "postgresql+psycopg://")
_FEDERATION = ("open", "allowlist")
_SECOND_FACTOR = ("required", "advised")
_ON, _OFF = ("on", "true", "1", "ja"), ("off", "false", "0", "nein", "")
_NETWORKS = {"ALLOWED_NETWORKS": "", "TRUSTED_PROXIES": "127.0.0.0/8, ::1"}
_SWITCHES = {"SECURE_MODE": "off", "SEMANTIC": "on"}
_PLACES = "https://download.geonames.org/export/zip/DE.zip"
_REDIS = ("redis://", "rediss://", "unix://")
# The slugs of `matching.weights.CRITERIA`, which is above this layer; a test keeps the two in step.
_CRITERIA = (
    "bereich", "taetigkeit", "zeit", "naehe", "faehigkeiten", "umfang", "zielgruppe", "sprache", "art", "bedarf",
    "suchtext",
)  # fmt: skip
_WEIGHT = re.compile(r"[0-2](?:\.[0-9]{1,2})?|3(?:\.0{1,2})?")
_PLACEHOLDER = re.compile(r"\{[xyz]\}")
_PLACEHOLDERS = {"{x}", "{y}", "{z}"}
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
    secret: str = field(
        repr=False,
        metadata={"help": "Geheimnis, mit dem private Schlüssel verschlüsselt sind; macht `init`, nie weitergeben"},
    )
    former_secret: str = field(
        repr=False,
        metadata={"help": "das bisherige EHRENAMT_SECRET nach einem Wechsel, bis `ehrenamt keys reencrypt` lief"},
    )
    allowed_networks: tuple[Network, ...] = field(
        metadata={
            "help": "sonst verbotene Netze, die angesprochen werden dürfen, z. B. 127.0.0.0/8 (nur zum Ausprobieren)"
        }
    )
    trusted_proxies: tuple[Network, ...] = field(
        metadata={
            "help": "Netze der Webserver davor, die mit X-Forwarded-For und -Proto sagen, wer fragt, z. B. "
            "172.16.0.0/12 bei Containern; sonst nur dieser Rechner"
        }
    )
    federation: str = field(
        metadata={"help": "open: alle außer gesperrten Hosts; allowlist: nur Hosts von `ehrenamt allow add`"}
    )
    secure_mode: bool = field(
        metadata={"help": "on: Objekte, Konten und Sammlungen nur auf signierte Anfragen herausgeben; sonst off"}
    )
    inbox_per_minute: int = field(
        metadata={
            "help": "Aktivitäten, die ein fremder Host je Minute senden darf (Schwestern 10×, Quellen 100×), sonst 600"
        }
    )
    strangers_per_day: int = field(
        metadata={"help": "noch nie gesehene Konten je Domain und Tag, deren Schlüssel geholt wird, sonst 1000"}
    )
    pictures_mb: int = field(
        metadata={"help": "Platz für Bilder aus anderen Instanzen in MB, die ältesten weichen; sonst 2000, 0: keine"}
    )
    matching_weights: tuple[tuple[str, float], ...] = field(
        metadata={
            "help": "was bei der Passung wie viel zählt, von 0 bis 3, z. B. bereich=1.5,zeit=1.2; sonst wie üblich"
        }
    )
    semantic: bool = field(
        metadata={"help": "off: nicht nach Bedeutung suchen, auch wenn das Zusatzpaket [semantic] da ist; sonst on"}
    )
    places_url: str = field(
        metadata={"help": "woher `ehrenamt places update` Ortsdaten holt, sonst die Postleitzahlen von GeoNames"}
    )
    map_tiles: str = field(
        metadata={
            "help": "Kartenbilder: eine PMTiles-Datei oder ein Kachelserver, https://…/{z}/{x}/{y}.png, sonst die "
            "Datei von `ehrenamt map fetch`, sonst Umrisse und Ortsnamen"
        }
    )
    map_attribution: str = field(metadata={"help": "von wem die Kartenbilder sind, sonst was die Datei sagt"})
    second_factor: str = field(
        metadata={
            "help": "required: ohne zweiten Schritt beim Anmelden öffnet sich für Betrieb und Koordination keine Seite "
            "der Verwaltung; advised: er wird nur empfohlen; sonst required"
        }
    )
    smtp_url: str = field(
        repr=False,
        metadata={
            "help": "Mailserver für Briefe, smtp://name:passwort@host:587 oder smtps://…, sonst Dateien in data/mail, "
            "die nach 30 Tagen gelöscht werden"
        },
    )
    mail_from: str = field(metadata={"help": "Absender der Briefe, sonst ehrenamt@ und die Domain der Handles"})
    log_level: str = field(metadata={"help": "debug, info, warning oder error, sonst info"})

    @property
    def sqlite(self) -> bool:
        return self.database_url.startswith("sqlite")

    @property
    def proxies(self) -> list[str]:
        """The trusted proxies, as uvicorn reads them."""
        return [str(network) for network in self.trusted_proxies]

    @property
    def debugs(self) -> bool:
        return self.log_level == "debug"

    @property
    def second_factor_required(self) -> bool:
        return self.second_factor == "required"

    @property
    def host(self) -> str:
        """Host (with a non-default port) under which this instance is served."""
        return ids.host(self.url)

    @classmethod
    def from_environment(cls, given: Mapping[str, str] = MappingProxyType({})) -> "Settings":
        """Read the settings of this process: what is `given`, its environment, then `ehrenamt.env` in its folder."""
        return cls.load({**_environ(), **given}, Path(ENV_FILE))

    @staticmethod
    def is_given(name: str) -> bool:
        """Say whether the operator has decided about a setting ("url"), so that nobody else need be asked."""
        file = Path(ENV_FILE)
        config = Config(file if file.is_file() else None, environ=_environ(), env_prefix=PREFIX)
        return bool(config(name.upper(), default=""))

    @staticmethod
    def surroundings(given: Mapping[str, str]) -> dict[str, str]:
        """Return the environment for another process of ours: this one's, with `given` in place of our settings."""
        kept = {name: value for name, value in _environ().items() if not name.startswith(PREFIX)}
        return {**kept, **given}

    @classmethod
    def load(cls, environ: Mapping[str, str], env_file: Path | None = None) -> "Settings":
        """Read and check all settings; raises `Invalid` naming every wrong one at once."""
        config = Config(env_file if env_file and env_file.is_file() else None, environ=environ, env_prefix=PREFIX)
        scheme, slashes, host = str(config("URL", default="http://127.0.0.1:8000")).rstrip("/").partition("://")
        url = f"{scheme}{slashes}{_in_ascii(host)}"
        data = Path(str(config("DATA", default="data"))).absolute()
        domain = _in_ascii(str(config("HANDLE_DOMAIN", default="")).lower()) or ids.host(url)
        problems: list[Problem] = []
        networks, proxies = (
            _networks(f"{PREFIX}{name}", str(config(name, default=usual)), problems)
            for name, usual in _NETWORKS.items()
        )
        weights, wrong_weights = _weights(str(config("MATCHING_WEIGHTS", default="")))
        switches = {name: str(config(name, default=usual)).lower() for name, usual in _SWITCHES.items()}
        made = cls(
            url=url,
            handle_domain=domain,
            data=data,
            database_url=_with_driver(str(config("DATABASE_URL", default="")) or f"sqlite:///{data}/ehrenamt.sqlite"),
            redis_url=str(config("REDIS_URL", default="")),
            secret=str(config("SECRET", default="")),
            former_secret=str(config("FORMER_SECRET", default="")),
            allowed_networks=networks,
            trusted_proxies=proxies,
            federation=str(config("FEDERATION", default="open")).lower(),
            secure_mode=switches["SECURE_MODE"] in _ON,
            inbox_per_minute=_count(str(config("INBOX_PER_MINUTE", default="600"))),
            strangers_per_day=_count(str(config("STRANGERS_PER_DAY", default="1000"))),
            pictures_mb=_count(str(config("PICTURES_MB", default="2000"))),
            matching_weights=weights,
            semantic=switches["SEMANTIC"] in _ON,
            places_url=str(config("PLACES_URL", default=_PLACES)),
            map_tiles=str(config("MAP_TILES", default="")),
            map_attribution=str(config("MAP_ATTRIBUTION", default="")),
            second_factor=str(config("SECOND_FACTOR", default="required")).lower(),
            smtp_url=str(config("SMTP_URL", default="")),
            mail_from=_address(str(config("MAIL_FROM", default="")) or f"ehrenamt@{domain.partition(':')[0]}"),
            log_level=str(config("LOG_LEVEL", default="info")).lower(),
        )
        sender = str(config("MAIL_FROM", default=""))
        wrong = [
            *_wrong(made),
            *_wrong_policy(made),
            *_wrong_map(made),
            *_wrong_switches(switches),
            *_wrong_mail(made, sender),
        ]
        if problems := [*wrong, *problems, *wrong_weights]:
            raise Invalid(problems)
        return made


def _environ() -> Mapping[str, str]:
    return os.environ  # noqa: TID251 - the one place


def _in_ascii(domain: str) -> str:
    """Return a domain, which may have a port, as peers write it: umlauts in ASCII. What is none stays as it is."""
    name, colon, port = domain.lower().partition(":")
    return domain if domain.isascii() else (ids.in_ascii(name) or name) + colon + port


def _with_driver(database_url: str) -> str:
    return database_url.replace("postgresql://", "postgresql+psycopg://", 1)


def _unknown(named: str, known: Iterable[str]) -> str:
    return sentence("„%(named)s“ gibt es nicht; möglich: %(known)s", named=named, known=", ".join(known))


def _wrong(made: Settings) -> Iterator[Problem]:
    if not made.host or ids.origin(made.url) != made.url:
        message = sentence(
            "„%(url)s“ ist keine Adresse ohne Pfad; richtig wäre https://ehrenamt.beispiel.de", url=made.url
        )
        yield Problem("EHRENAMT_URL", message)
    elif ids.host(f"https://{made.handle_domain}") != made.handle_domain:
        message = sentence(
            "„%(domain)s“ ist keine Domain; richtig wäre beispiel.de, ohne https:// und ohne Pfad",
            domain=made.handle_domain,
        )
        yield Problem("EHRENAMT_HANDLE_DOMAIN", message)
    if made.log_level not in _LOG_LEVELS:
        yield Problem("EHRENAMT_LOG_LEVEL", _unknown(made.log_level, _LOG_LEVELS))
    if not made.database_url.startswith(_DATABASES):
        message = sentence("beginnt mit sqlite:/// oder postgresql+psycopg://; anderes wird nicht bedient")
        yield Problem("EHRENAMT_DATABASE_URL", message)
    for name, secret in (("SECRET", made.secret), ("FORMER_SECRET", made.former_secret)):
        if secret and len(secret) < sealing.MIN_SECRET:
            message = sentence(
                "braucht mindestens %(least)s zufällige Zeichen; `openssl rand -base64 32` macht sie",
                least=sealing.MIN_SECRET,
            )
            yield Problem(f"EHRENAMT_{name}", message)
    if made.redis_url and not made.redis_url.startswith(_REDIS):
        yield Problem(
            "EHRENAMT_REDIS_URL",
            sentence("„%(url)s“ beginnt nicht mit redis://, rediss:// oder unix://", url=made.redis_url),
        )


def _wrong_policy(made: Settings) -> Iterator[Problem]:
    if made.federation not in _FEDERATION:
        yield Problem("EHRENAMT_FEDERATION", _unknown(made.federation, _FEDERATION))
    if made.second_factor not in _SECOND_FACTOR:
        yield Problem("EHRENAMT_SECOND_FACTOR", _unknown(made.second_factor, _SECOND_FACTOR))
    if not ids.origin(made.places_url):
        message = sentence("„%(url)s“ ist keine Adresse; richtig wäre %(right)s", url=made.places_url, right=_PLACES)
        yield Problem("EHRENAMT_PLACES_URL", message)
    for name, least in (("inbox_per_minute", 1), ("strangers_per_day", 1), ("pictures_mb", 0)):
        if getattr(made, name) < least:
            yield Problem(f"{PREFIX}{name.upper()}", sentence("braucht eine ganze Zahl ab %(least)s", least=least))


def _wrong_map(made: Settings) -> Iterator[Problem]:
    if "://" not in made.map_tiles:
        return
    plain = _PLACEHOLDER.sub("", made.map_tiles)
    if set(_PLACEHOLDER.findall(made.map_tiles)) != _PLACEHOLDERS or "{" in plain or not ids.origin(plain):
        message = sentence(
            "„%(url)s“ ist kein Kachelserver; richtig wäre https://karten.beispiel.de/{z}/{x}/{y}.png",
            url=made.map_tiles,
        )
        yield Problem("EHRENAMT_MAP_TILES", message)
    elif not made.map_attribution:
        yield Problem(
            "EHRENAMT_MAP_ATTRIBUTION", sentence("fehlt; ein Kachelserver sagt nicht selbst, von wem seine Karten sind")
        )


def _wrong_switches(switches: Mapping[str, str]) -> Iterator[Problem]:
    for name, given in switches.items():
        if given not in (*_ON, *_OFF):
            yield Problem(f"{PREFIX}{name}", _unknown(given, ("on", "off")))


def _wrong_mail(made: Settings, sender: str) -> Iterator[Problem]:
    try:
        if made.smtp_url:
            smtp.read(made.smtp_url)
    except ValueError:  # it may hold a password, and is not repeated
        message = sentence(
            "ist keine Adresse eines Mailservers; richtig wäre smtp://name:passwort@mail.beispiel.de:587"
        )
        yield Problem(
            "EHRENAMT_SMTP_URL",
            sentence("%(message)s (Sonderzeichen im Passwort als %%-Zeichen, z. B. %%40 für @)", message=message),
        )
    if sender and mailbox.read(sender) is None:
        yield Problem(
            "EHRENAMT_MAIL_FROM",
            sentence("„%(mail)s“ ist keine Mailadresse; richtig wäre ehrenamt@beispiel.de", mail=sender),
        )


def _address(text: str) -> str:
    return mailbox.read(text) or text


def _count(text: str) -> int:
    """Read a whole number, -1 where it is none."""
    return int(text) if text.isascii() and text.isdigit() and len(text) <= _DIGITS else -1


def _networks(name: str, text: str, problems: list[Problem]) -> tuple[Network, ...]:
    networks: list[Network] = []
    for part in text.replace(",", " ").split():
        try:
            networks.append(ipaddress.ip_network(part))
        except ValueError:
            problems.append(Problem(name, sentence("„%(part)s“ ist kein Netz; richtig wäre 127.0.0.0/8", part=part)))
    return tuple(networks)


def _weights(text: str) -> tuple[tuple[tuple[str, float], ...], list[Problem]]:
    weights: dict[str, float] = {}
    problems: list[Problem] = []
    for part in text.replace(",", " ").split():
        slug, _, weight = part.partition("=")
        if slug not in _CRITERIA:
            problems.append(Problem("EHRENAMT_MATCHING_WEIGHTS", _unknown(slug, _CRITERIA)))
        elif not _WEIGHT.fullmatch(weight):
            message = sentence(
                "„%(part)s“ ist kein Gewicht von 0 bis 3; richtig wäre %(slug)s=1.5", part=part, slug=slug
            )
            problems.append(Problem("EHRENAMT_MATCHING_WEIGHTS", message))
        else:
            weights[slug] = float(weight)
    return tuple(weights.items()), problems
