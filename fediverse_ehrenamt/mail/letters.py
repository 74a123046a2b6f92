"""What a letter is, and how it becomes a message (RFC 5322): plain text in lines of 72 columns, HTML beside it.

Nothing that a person typed can make a header: addresses follow `kit.mailbox`, and other fields lose their controls.
"""

import re
import textwrap
from dataclasses import dataclass
from datetime import datetime
from email.headerregistry import Address
from email.message import EmailMessage
from email.policy import EmailPolicy
from email.utils import format_datetime

from fediverse_ehrenamt.kit import ids, mailbox

COLUMNS = 72
SUBJECT = 150  # characters
_NAME = 80
_TITLE = 80
_HEADERS = ("List-Unsubscribe", "List-Unsubscribe-Post", "List-Id", "Content-Language", "Reply-To")
_CONTROLS = re.compile(r"[\x00-\x1f\x7f-\x9f\u2028\u2029]+")
_WHOLE = {"To", "Message-ID", *_HEADERS}


class _Policy(EmailPolicy):
    """As Python writes messages, but addresses stay in one line: folded, a long one would come out encoded."""

    def fold_binary(self, name: str, value: str) -> bytes:
        """Write one header."""
        if name in _WHOLE:
            return f"{name}: {value}{self.linesep}".encode("ascii")
        return super().fold_binary(name, value)


_POLICY = _Policy(linesep="\r\n")


@dataclass(frozen=True, slots=True, kw_only=True)
class Letter:
    """A letter to one person. `sender` is the name that it comes from, `html` may be "", `headers` are of `_HEADERS`.

    `id` stays the same however often it is sent, so that a second copy is known as one. Raises ValueError for an
    address or a header that is none.
    """

    id: str
    to: str
    sender: str
    subject: str
    text: str
    written_at: datetime
    html: str = ""
    headers: tuple[tuple[str, str], ...] = ()

    def __post_init__(self) -> None:
        if mailbox.read(self.to) != self.to:
            raise ValueError("no mail address")
        for name, value in self.headers:
            if name not in _HEADERS or not value.isascii() or not value.isprintable():
                raise ValueError(f"not a header of a letter: {name}")


def new_id() -> str:
    return ids.new_id()


def short(title: str) -> str:
    """Return as much of a title as a subject quotes."""
    return title if len(title) <= _TITLE else f"{title[:_TITLE].rstrip()}…"


def compose(letter: Letter, address: str) -> bytes:
    """Return the message as it goes over the wire, from the mail address `address`."""
    message = EmailMessage(policy=_POLICY)
    message["From"] = Address(_line(letter.sender, _NAME), addr_spec=address)
    message["To"] = Address(addr_spec=letter.to)
    message["Subject"] = _line(letter.subject, SUBJECT)
    message["Date"] = format_datetime(letter.written_at)
    message["Message-ID"] = f"<{letter.id}@{address.rpartition('@')[2]}>"
    message["Auto-Submitted"] = "auto-generated"  # RFC 3834: nobody's absence notice answers it
    message.set_content(_encodable(wrapped(letter.text)), cte="quoted-printable")
    if letter.html:
        message.add_alternative(_encodable(letter.html), subtype="html", cte="quoted-printable")
    for name, value in letter.headers:  # last: setting the content takes Content-Language away
        message[name] = value
    return message.as_bytes()


def wrapped(text: str) -> str:
    """Return a text in lines of at most 72 columns; what has no space (a link) stays whole."""
    lines = [_wrap(line) for line in text.splitlines()]
    return "\n".join(lines).strip("\n") + "\n"


def _wrap(line: str) -> str:
    if len(line) <= COLUMNS:
        return line  # also "-- ", which begins a signature by the space at its end
    words = line.lstrip()
    indent = line[: len(line) - len(words)]
    return textwrap.fill(
        words,
        COLUMNS,
        initial_indent=indent,
        subsequent_indent=indent,
        break_long_words=False,
        break_on_hyphens=False,
    )


def _line(text: str, length: int) -> str:
    """Return a text as it may stand in a header: one line, no controls, not too long.

    What looks like an encoded word (RFC 2047) is broken: Python decodes it, line breaks and all, when it is set.
    """
    whole = " ".join(_CONTROLS.sub(" ", _encodable(text)).replace("=?", "= ?").split())
    return whole if len(whole) <= length else f"{whole[: length - 1].rstrip()}…"


def _encodable(text: str) -> str:
    return text.encode("utf-8", "replace").decode()
