"""What is kept of quotes of what we publish and of collections that recommend us, and how much of it. Pure."""

import re
from datetime import timedelta
from html import escape

from fediverse_ehrenamt.conversations import rules as talking

ALLOWED, UNASKED, REVOKED = STATES = ("allowed", "unasked", "revoked")
"""Whether it has our stamp, came from a server that asks for none, or may be shown no longer."""

# Of one object: beyond that somebody floods it, and nobody reads it any more.
QUOTES_OF_OBJECT = 1_000
QUOTES_OF_AUTHOR = 30
# How often a collection is asked whether it is still there, and until when whoever was allowed has to have taken it up.
LOOKED_AT_EVERY, TAKEN_UP_WITHIN = timedelta(days=7), timedelta(days=1)

# What Mastodon and others write for those that know no quotes: "RE: <address>".
_FALLBACK = re.compile(r"""<(p|span) class=["']quote-inline["']>.*?</\1>""", re.DOTALL)


def kept(content: str) -> str:
    """Return what is kept of a text, safe HTML, without the address of what it quotes."""
    return talking.kept(_FALLBACK.sub("", content))


def described(name: str, summary: str) -> str:
    """Return what is kept of a collection, safe HTML: its name (plain) and what it says of itself (HTML)."""
    return talking.kept(f"<p><strong>{escape(name)}</strong></p>{summary}" if name else summary)
