"""Letters to a real mail server: encryption, login, and what each refusal means."""

import asyncio
import ssl
import time

import pytest

from fediverse_ehrenamt.kit import smtp
from fediverse_ehrenamt.kit.errors import PeerError, Rejected, Unavailable, Unreachable
from fediverse_ehrenamt.kit.smtp import Server
from tests import servers
from tests.kit.scripted import Authority
from tests.mail.postoffice import PASSWORD, USER, post_office

pytestmark = pytest.mark.anyio
FROM, TO = "ehrenamt@hagen.example", "vorstand@verein.example"
MESSAGE = b"Subject: Hallo\r\n\r\nHallo\r\n.\r\n..Welt\r\n"
WIRE = "127.0.0.2"  # to us a server elsewhere, since it is none of the names of this machine


async def failure(server: Server, *, seconds: float = 10.0, tls: ssl.SSLContext | None = None) -> PeerError:
    with pytest.raises(PeerError) as caught:
        await smtp.send(server, FROM, TO, MESSAGE, seconds=seconds, tls=tls)
    return caught.value


# --- addresses of servers ---------------------------------------------------------------------------------------------
@pytest.mark.parametrize(
    ("url", "server"),
    [
        ("smtp://mail.example", Server("mail.example", 25, encrypted=False)),
        ("smtp://mail.example:2525/", Server("mail.example", 2525, encrypted=False)),
        ("smtps://mail.example", Server("mail.example", 465, encrypted=True)),
        ("smtp://stadt:a%40b%3A%23@mail.example", Server("mail.example", 587, False, "stadt", "a@b:#")),
        ("smtps://stadt%40hagen.de:wort@mail.example", Server("mail.example", 465, True, "stadt@hagen.de", "wort")),
    ],
)
def test_servers(url: str, server: Server) -> None:
    assert smtp.read(url) == server
    assert not server.password or server.password not in repr(server)


@pytest.mark.parametrize(
    "url",
    ["", "mail.example", "http://mail.example", "smtp://", "smtp://a@mail.example", "smtp://:b@mail.example",
     "smtp://mail.example/pfad", "smtp://mail.example:99999", "smtp://mail.example:x", "smtp://m.example?a=b"],
)  # fmt: skip
def test_no_servers(url: str) -> None:
    with pytest.raises(ValueError):  # noqa: PT011 - of several makers
        smtp.read(url)


# --- sending ----------------------------------------------------------------------------------------------------------
async def test_a_letter_arrives_whole() -> None:
    with post_office() as office:
        server = smtp.read(f"smtp://127.0.0.1:{office.port}")
        await smtp.send(server, FROM, TO, MESSAGE)
        await smtp.greet(server, FROM)
    (taken,) = office.taken
    assert (taken.mail_from, taken.rcpt_tos, taken.content) == (FROM, [TO], MESSAGE)


async def test_a_server_elsewhere_is_spoken_to_encrypted_where_it_offers_that(vouched: Authority) -> None:
    with post_office(host=WIRE, tls=vouched.server) as office:
        await smtp.send(Server(WIRE, office.port, encrypted=False), FROM, TO, MESSAGE, tls=vouched.trusted())
    with post_office(host=WIRE) as plain:
        await smtp.send(Server(WIRE, plain.port, encrypted=False), FROM, TO, MESSAGE)
    assert (office.encrypted, plain.encrypted) == ([True], [False])


async def test_a_server_that_begins_encrypted(vouched: Authority) -> None:
    with post_office(host=WIRE, tls=vouched.server, implicit=True) as office:
        await smtp.send(Server(WIRE, office.port, encrypted=True), FROM, TO, MESSAGE, tls=vouched.trusted())
    assert len(office.taken) == 1


async def test_a_certificate_that_nobody_vouches_for(vouched: Authority) -> None:
    with post_office(host=WIRE, tls=vouched.server) as office:
        fault = await failure(Server(WIRE, office.port, encrypted=False, user=USER, password=PASSWORD))
    assert isinstance(fault, Unreachable)
    assert office.taken == []


async def test_login(vouched: Authority) -> None:
    with post_office(host=WIRE, tls=vouched.server, login=True) as office:
        server = Server(WIRE, office.port, encrypted=False, user=USER, password=PASSWORD)
        await smtp.send(server, FROM, TO, MESSAGE, tls=vouched.trusted())
        wrong = Server(WIRE, office.port, encrypted=False, user=USER, password="falsch")
        fault = await failure(wrong, tls=vouched.trusted())
    assert (len(office.taken), office.encrypted) == (1, [True])
    # Not the letter's fault: it is kept until the operator has mended the password.
    assert isinstance(fault, Unreachable)
    assert "Anmeldung" in fault.public
    assert "falsch" not in fault.public


async def test_a_password_never_travels_in_the_clear() -> None:
    """Somebody on the way who strikes STARTTLS out of the greeting gets nothing."""
    with post_office(host=WIRE, login=True) as office:
        fault = await failure(Server(WIRE, office.port, encrypted=False, user=USER, password=PASSWORD))
    assert isinstance(fault, Unreachable)
    assert office.taken == []


# --- refusals ---------------------------------------------------------------------------------------------------------
@pytest.mark.parametrize(
    ("answer", "kind"),
    [
        ("550 5.1.1 unknown user", Rejected),
        ("552 mailbox\x07 full", Rejected),
        ("451 4.7.1 greylisted", Unavailable),
        ("450 busy", Unavailable),
        ("421 closing", Unreachable),
    ],
)
async def test_what_a_refusal_means(answer: str, kind: type[PeerError]) -> None:
    with post_office() as office:
        office.refusals[TO] = answer
        fault = await failure(Server("127.0.0.1", office.port, encrypted=False))
        assert type(fault) is kind
        assert answer[:3] in fault.public
        assert fault.public.isprintable()
        office.refusals.clear()
        office.at_the_end = answer
        assert type(await failure(Server("127.0.0.1", office.port, encrypted=False))) is kind
    assert not isinstance(fault, Rejected) or fault.peer_status == int(answer[:3])


async def test_nobody_there() -> None:
    assert isinstance(await failure(Server("127.0.0.1", servers.free_port(), encrypted=False)), Unreachable)
    with pytest.raises(Unreachable):
        await smtp.greet(Server("127.0.0.1", servers.free_port(), encrypted=False), FROM)


async def test_a_server_that_says_nothing_is_left() -> None:
    left = asyncio.Event()

    async def silent(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        await reader.read()
        writer.close()
        left.set()

    async with await asyncio.start_server(silent, "127.0.0.1") as listening:
        begun = time.monotonic()
        fault = await failure(Server("127.0.0.1", listening.sockets[0].getsockname()[1], encrypted=False), seconds=0.3)
        assert isinstance(fault, Unreachable)
        assert time.monotonic() - begun < 8
        await left.wait()
