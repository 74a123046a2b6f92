"""The one way by which letters leave the machine: SMTP to the operator's own mail server, one connection each.

A password travels encrypted or not at all; without one, encryption is used where the server offers it. A server on this
machine is spoken to plainly: its certificate names nobody and nothing passes a wire.
"""

import asyncio
import re
import ssl
from contextlib import suppress
from dataclasses import dataclass, field
from functools import lru_cache
from urllib.parse import unquote, urlsplit

import aiosmtplib

from fediverse_ehrenamt.kit.errors import PeerError, Rejected, Unavailable, Unreachable
from fediverse_ehrenamt.kit.sentences import sentence

_STEP_SECONDS, _GOODBYE_SECONDS = 20.0, 5.0
_PORTS = {"smtps": 465, "smtp": 25}
_SUBMISSION = 587  # where one logs in (RFC 6409)
_LOOPBACK = ("localhost", "127.0.0.1", "::1")
_SHUTS_DOWN, _FAILED_FOR_GOOD = 421, 500
_WORDS = 300  # characters kept of what a server says
_CONTROLS = re.compile(r"[\x00-\x1f\x7f]+")


@dataclass(frozen=True, slots=True)
class Server:
    """A mail server as `smtp://user:password@host:port` names it; `smtps` begins encrypted."""

    host: str
    port: int
    encrypted: bool
    user: str = ""
    password: str = field(default="", repr=False)

    @property
    def start_tls(self) -> bool | None:
        """True: it must be encrypted after the greeting; None: where that is offered; False: it needs not be."""
        if self.encrypted or self.host in _LOOPBACK:
            return False
        return True if self.password else None


def read(url: str) -> Server:
    """Read the address of a mail server; user and password may be percent-encoded. Raises ValueError."""
    parts = urlsplit(url)
    if parts.scheme not in _PORTS or not parts.hostname or parts.path not in {"", "/"} or parts.query or parts.fragment:
        raise ValueError("no address of a mail server")
    user, password = unquote(parts.username or ""), unquote(parts.password or "")
    if bool(user) is not bool(password):
        raise ValueError("user and password belong together")
    usual = _SUBMISSION if user and parts.scheme == "smtp" else _PORTS[parts.scheme]
    return Server(parts.hostname, parts.port or usual, parts.scheme == "smtps", user, password)


async def send(
    server: Server,
    sender: str,
    recipient: str,
    message: bytes,
    *,
    seconds: float = 60.0,
    tls: ssl.SSLContext | None = None,
) -> None:
    """Hand a message (RFC 5322) over within `seconds`; `tls` replaces the system's certificates.

    Raises `Unreachable` where the server cannot be had or does not let us in, `Unavailable` where it wants us to come
    again (4xx), `Rejected` where it refuses this letter for good (5xx).
    """
    client = _client(server, sender, tls)
    try:
        async with asyncio.timeout(seconds):
            await client.connect()
            await client.sendmail(sender, [recipient], message)
        # It is taken from here on: what goes wrong at the goodbye must not send it again.
        with suppress(aiosmtplib.SMTPException, OSError):
            await client.quit(timeout=_GOODBYE_SECONDS)
    except (aiosmtplib.SMTPException, OSError, ValueError) as error:
        raise _fault(server, error) from error
    finally:
        client.close()


async def greet(server: Server, sender: str, *, tls: ssl.SSLContext | None = None) -> None:
    """Connect, log in and leave; raises as `send` does."""
    client = _client(server, sender, tls)
    try:
        async with asyncio.timeout(_STEP_SECONDS):
            await client.connect()
            await client.quit()
    except (aiosmtplib.SMTPException, OSError, ValueError) as error:
        raise _fault(server, error) from error
    finally:
        client.close()


def _client(server: Server, sender: str, tls: ssl.SSLContext | None) -> aiosmtplib.SMTP:
    return aiosmtplib.SMTP(
        hostname=server.host,
        port=server.port,
        username=server.user or None,
        password=server.password or None,
        local_hostname=sender.rpartition("@")[2],
        timeout=_STEP_SECONDS,
        use_tls=server.encrypted,
        start_tls=server.start_tls,
        tls_context=tls or _trusted(),
    )


@lru_cache
def _trusted() -> ssl.SSLContext:
    return ssl.create_default_context()


def _fault(server: Server, error: Exception) -> PeerError:
    """Return what a failure means for the letter: of several refusals, that of the only recipient."""
    if isinstance(error, aiosmtplib.SMTPRecipientsRefused):
        error = error.recipients[0]
    about = {"server": f"{server.host}:{server.port}"}
    if isinstance(error, aiosmtplib.SMTPAuthenticationError):
        return Unreachable(
            sentence("Der Mailserver %(server)s nimmt die Anmeldung nicht an: %(reason)s", **about, reason=_said(error))
        )
    if isinstance(error, aiosmtplib.SMTPConnectError) or not isinstance(error, aiosmtplib.SMTPResponseException):
        reason = _words(str(error) or type(error).__name__)
        return Unreachable(
            sentence("Der Mailserver %(server)s ist nicht zu erreichen: %(reason)s", **about, reason=reason)
        )
    if error.code >= _FAILED_FOR_GOOD:
        said = sentence("Der Mailserver %(server)s lehnt ab: %(reason)s", **about, reason=_said(error))
        return Rejected(said, error.code)
    kind = Unreachable if error.code == _SHUTS_DOWN else Unavailable
    return kind(sentence("Der Mailserver %(server)s vertröstet: %(reason)s", **about, reason=_said(error)))


def _said(error: aiosmtplib.SMTPResponseException) -> str:
    return _words(f"{error.code} {error.message}")


def _words(text: str) -> str:
    return _CONTROLS.sub(" ", text)[:_WORDS]
