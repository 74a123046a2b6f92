"""What is kept of what people say to organisations, how much of it and how long. Pure."""

from datetime import timedelta

from fediverse_ehrenamt.jobs import retry
from fediverse_ehrenamt.kit import html
from fediverse_ehrenamt.kit.errors import Problem
from fediverse_ehrenamt.kit.sentences import sentence

WAITING, SHOWN, HIDDEN = STATES = ("waiting", "shown", "hidden")
NEW, SEEN, DONE = LOOKED = ("new", "seen", "done")
"""How far an organisation is with a message: nobody has looked, somebody has, it was answered or needs no answer."""

MESSAGES_LAST = timedelta(days=180)
SENT_LASTS = retry.MAX_AGE + timedelta(days=1)  # that an answer stands ready to be delivered; then all tries are over

# Of one object, or of one organisation: beyond that somebody floods it, and nobody reads it any more.
REPLIES_OF_OBJECT = 1_000
REPLIES_OF_AUTHOR = 30
MESSAGES_OF_ORGANISATION = 10_000
MESSAGES_OF_PERSON = 200

MAX_TEXT = 20_000  # characters of HTML that are kept of what somebody writes
MAX_WARNING = 500
MAX_ANSWER = 5_000


def kept(content: str) -> str:
    """Return what is kept of a text: safe HTML; of one that is too long its beginning without markup."""
    safe = html.safe(html.visible(content))
    return safe if len(safe) <= MAX_TEXT else html.paragraphs(html.shorten(html.text(content), MAX_TEXT // 2))


def warning(summary: str) -> str:
    """Return the warning that somebody put before their text, as one plain line."""
    return html.shorten(html.text(html.visible(summary)), MAX_WARNING)


def state_after_change(state: str, *, same_text: bool) -> str:
    """Return the state of a reply that was edited: what was let through once is looked at again."""
    return WAITING if state == SHOWN and not same_text else state


def problems(text: str) -> list[Problem]:
    """Say what is wrong with an answer that somebody typed."""
    if not text.strip():
        return [Problem("text", sentence("fehlt; eine leere Antwort wird nicht gesendet"))]
    if len(text) > MAX_ANSWER:
        return [Problem("text", sentence("ist länger als %(most)s Zeichen; bitte kürzen", most=MAX_ANSWER))]
    return []
