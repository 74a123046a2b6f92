"""Letters as messages: what a mail program reads, and that nothing typed by anybody becomes a header."""

from datetime import UTC, datetime
from email.utils import parsedate_to_datetime
from typing import Any

import pytest

from fediverse_ehrenamt.mail import letters
from fediverse_ehrenamt.mail.letters import Letter
from tests.mail.postoffice import parsed, text_of

FROM = "ehrenamt@hagen.example"
WRITTEN = datetime(2026, 11, 22, 12, tzinfo=UTC)
LINK = f"https://ehrenamt.hagen-an-der-volme.example/stimmt-noch/{'4' * 22}/{'a' * 34}"


def letter(**changes: Any) -> Letter:
    values: dict[str, Any] = {
        "id": "4h7",
        "to": "vorstand@verein.example",
        "sender": "Ehrenamt Hagen",
        "subject": "Stimmt das noch?",
        "text": "Guten Tag",
        "written_at": WRITTEN,
    }
    return Letter(**values | changes)


def test_a_letter_as_a_mail_program_reads_it() -> None:
    unsubscribe = (("List-Unsubscribe", f"<{LINK}>"), ("List-Unsubscribe-Post", "List-Unsubscribe=One-Click"))
    subject = "Stimmt das noch? „Lesepatin für die Bücherei gesucht“ und weitere Angebote"
    message = parsed(
        letters.compose(letter(subject=subject, html="<p>Grüße</p>", headers=unsubscribe, sender="Bürgeramt"), FROM)
    )
    assert message["From"] == "Bürgeramt <ehrenamt@hagen.example>"
    assert message["To"] == "vorstand@verein.example"
    assert message["Subject"] == subject
    assert parsedate_to_datetime(message["Date"]) == WRITTEN
    assert message["Message-ID"] == "<4h7@hagen.example>"
    assert message["Auto-Submitted"] == "auto-generated"
    assert message["List-Unsubscribe"] == f"<{LINK}>"
    assert message["List-Unsubscribe-Post"] == "List-Unsubscribe=One-Click"
    assert message.get_content_type() == "multipart/alternative"
    assert text_of(message) == "Guten Tag\n"


def test_lines_are_short_enough_for_every_server() -> None:
    long = "Wörter " * 60
    made = letters.compose(letter(subject=long, text=f"{long}\n\n  {LINK}\n.\n{'x' * 3000}", html=long * 9), FROM)
    assert made.isascii()
    assert max(len(line) for line in made.split(b"\r\n")) <= 998
    for line in made.partition(b"\r\n\r\n")[0].split(b"\r\n"):
        assert not line.startswith((b"Subject", b"From", b" ")) or len(line) <= 78
    assert b"\n" not in made.replace(b"\r\n", b"")


def test_text_has_72_columns_and_whole_links() -> None:
    wrapped = letters.wrapped(f"  {'Wörter und noch mehr ' * 9}\n\n{LINK}\n\n\n")
    first, _, last = wrapped.partition("\n\n")
    assert all(20 < len(line) <= 72 and line.startswith("  ") for line in first.splitlines()[:-1])
    assert last == f"{LINK}\n"


@pytest.mark.parametrize("end", ["\r\n", "\n", "\r", "\u2028", "\x0b", "\x85"])
def test_no_text_becomes_a_header(end: str) -> None:
    evil = f"Hallo{end}Bcc: opfer@anderswo.example{end}{end}<b>Inhalt</b>"
    message = parsed(letters.compose(letter(sender=evil, subject=evil, text=evil), FROM))
    assert set(message.keys()) == {
        "From", "To", "Subject", "Date", "Message-ID", "Auto-Submitted", "Content-Type", "Content-Transfer-Encoding",
        "MIME-Version",
    }  # fmt: skip
    assert message["Subject"].startswith("Hallo Bcc:")
    assert [address.addr_spec for address in message["From"].addresses] == [FROM]


@pytest.mark.parametrize("text", ["\ud800", "\x00", "", "x" * 10_000, "=?utf-8?q?=0D=0ABcc:_a@b.de?=", "🎈" * 500])
def test_odd_texts_make_a_message(text: str) -> None:
    message = parsed(letters.compose(letter(sender=text, subject=text, text=text, html=text), FROM))
    assert "Bcc" not in message
    assert len(message["Subject"]) <= letters.SUBJECT


@pytest.mark.parametrize(
    "changes",
    [
        {"to": "a@x.de\r\nBcc: b@x.de"},
        {"to": "a@x.de, b@x.de"},
        {"to": ""},
        {"headers": (("Bcc", "b@x.de"),)},
        {"headers": (("List-Id", "x\r\nBcc: b@x.de"),)},
        {"headers": (("List-Id", "Grüße"),)},
    ],
)
def test_what_is_no_letter(changes: dict[str, Any]) -> None:
    with pytest.raises(ValueError):  # noqa: PT011 - its words name what is wrong
        letter(**changes)


def test_a_long_address_stays_whole() -> None:
    to = f"{'v' * 64}@{'verein.' * 26}example"
    assert parsed(letters.compose(letter(to=to), FROM))["To"] == to
