"""A real mail server on loopback (aiosmtpd), in a thread of its own, that keeps what it takes and refuses as told."""

import ssl
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from email import message_from_bytes, policy
from email.message import EmailMessage

from aiosmtpd.controller import Controller
from aiosmtpd.smtp import SMTP, AuthResult, Envelope, LoginPassword, Session

from fediverse_ehrenamt.mail import folder
from fediverse_ehrenamt.settings import Settings
from tests import servers

USER, PASSWORD = "stadt", "geheim:ä@#"


@dataclass
class PostOffice:
    """`refusals` are answers by recipient ("550 5.1.1 unknown"); `taken` is what was accepted, in its order."""

    port: int
    refusals: dict[str, str] = field(default_factory=dict)
    at_the_end: str = ""
    taken: list[Envelope] = field(default_factory=list)
    encrypted: list[bool] = field(default_factory=list)

    async def handle_RCPT(  # noqa: N802 - aiosmtpd's name
        self, _server: SMTP, _session: Session, envelope: Envelope, address: str, _options: list[str]
    ) -> str:
        if address in self.refusals:
            return self.refusals[address]
        envelope.rcpt_tos.append(address)
        return "250 OK"

    async def handle_DATA(self, _server: SMTP, session: Session, envelope: Envelope) -> str:  # noqa: N802 - as above
        if self.at_the_end:
            return self.at_the_end
        self.taken.append(envelope)
        self.encrypted.append(session.ssl is not None)
        return "250 taken"

    def messages(self) -> list[EmailMessage]:
        return [parsed(one.content) for one in self.taken]


def parsed(content: bytes | str | None) -> EmailMessage:
    """Read a message as a mail program does; it must be without a fault."""
    assert isinstance(content, bytes)
    message = message_from_bytes(content, policy=policy.default)
    assert isinstance(message, EmailMessage)
    assert not message.defects
    return message


def text_of(message: EmailMessage) -> str:
    part = message.get_body(("plain",))
    assert part is not None
    return str(part.get_content()).replace("\r\n", "\n")


@contextmanager
def post_office(
    *,
    host: str = "127.0.0.1",
    port: int = 0,
    tls: ssl.SSLContext | None = None,
    implicit: bool = False,
    login: bool = False,
) -> Iterator[PostOffice]:
    """Run a server; with `tls` it offers STARTTLS (`implicit`: begins encrypted), with `login` it asks for one."""
    office = PostOffice(port or servers.free_port())

    def authenticate(
        _server: object, _session: object, _envelope: object, _how: str, data: LoginPassword
    ) -> AuthResult:
        good = (data.login.decode(), data.password.decode()) == (USER, PASSWORD)
        return AuthResult(success=good, handled=good)

    controller = Controller(
        office,
        hostname=host,
        port=office.port,
        ssl_context=tls if implicit else None,
        tls_context=None if implicit else tls,
        authenticator=authenticate if login else None,
        auth_required=login and tls is not None,
        auth_require_tls=tls is not None,
        ready_timeout=servers.START_SECONDS,
    )
    controller.start()
    try:
        yield office
    finally:
        controller.stop()


def taken(settings: Settings) -> Iterator[EmailMessage]:
    """Take the letters that were sent into the folder out of it; what has another name yet is half written."""
    for file in sorted(folder.place(settings).glob("*.eml")):
        yield parsed(file.read_bytes())
        file.unlink()
