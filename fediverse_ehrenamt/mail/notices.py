"""Letters that say one thing and lead to one page: what they hold, and how it becomes text and HTML alike."""

import textwrap
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime

from fediverse_ehrenamt.mail import letters
from fediverse_ehrenamt.mail.letters import Letter
from fediverse_ehrenamt.settings import Settings
from fediverse_ehrenamt.web import i18n, rendering
from fediverse_ehrenamt.web.i18n import Language

_TEMPLATE = "mail/notice.html"


@dataclass(frozen=True, slots=True)
class From:
    """Who writes, and when: the instance by its settings and its name."""

    settings: Settings
    home: str
    now: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class Notice:
    """All that such a letter says, in one language and plain: a button leads to `href`.

    `facts` are labels and values, `quote` is what somebody wrote, `closing` one paragraph each. `reply_to` is the mail
    address that an answer to the letter goes to; without one it goes to the instance, where perhaps nobody reads it.
    """

    subject: str
    opening: str
    button: str
    href: str
    facts: tuple[tuple[str, str], ...] = ()
    quote: str = ""
    closing: tuple[str, ...] = ()
    reply_to: str = ""


def letter(sender: From, to: str, language: str, said: Notice) -> Letter:
    """Return a notice as the letter to a mail address; `language` is the one that it is written in."""
    values = {"said": said, "home": sender.home, "url": sender.settings.url}
    answered = (("Reply-To", said.reply_to),) if said.reply_to else ()
    return Letter(
        id=letters.new_id(),
        to=to,
        sender=sender.home,
        subject=said.subject,
        text=_text(sender, said, i18n.language(language)),
        html=rendering.environment(language).get_template(_TEMPLATE).render(values),
        written_at=sender.now,
        headers=(("Content-Language", language), *answered),
    )


def _text(sender: From, said: Notice, words: Language) -> str:
    parts = [f"{words.gettext('Guten Tag,')}\n\n{said.opening}\n"]
    if said.facts:
        parts.append("\n".join(f"{label}: {value}" for label, value in said.facts) + "\n")
    if said.quote:
        parts.append("\n".join(f"> {line}".rstrip() for line in _folded(said.quote)) + "\n")
    parts.append(f"{said.button}:\n{said.href}\n")
    parts += [f"{sentence}\n" for sentence in said.closing]
    parts.append(f"{sender.home}\n{sender.settings.url}")
    return "\n".join(parts)


def _folded(text: str) -> Iterator[str]:
    for line in text.splitlines():
        yield from textwrap.wrap(line, letters.COLUMNS - len("> "), break_long_words=False) or [""]
