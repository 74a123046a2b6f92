"""What is kept of quotes of what we publish, and how much of it. Pure."""

import re

from fediverse_ehrenamt.conversations import rules as talking

ALLOWED, UNASKED, REVOKED = STATES = ("allowed", "unasked", "revoked")
"""Whether a quote has our stamp, came from a server that asks for none, or may be shown as a quote no longer."""

# Of one object: beyond that somebody floods it, and nobody reads it any more.
QUOTES_OF_OBJECT = 1_000
QUOTES_OF_AUTHOR = 30

# What Mastodon and others write for those that know no quotes: "RE: <address>".
_FALLBACK = re.compile(r"""<(p|span) class=["']quote-inline["']>.*?</\1>""", re.DOTALL)


def kept(content: str) -> str:
    """Return what is kept of a text, safe HTML, without the address of what it quotes."""
    return talking.kept(_FALLBACK.sub("", content))
