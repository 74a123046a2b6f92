"""Links in letters: whoever holds one may do one thing with one subject until a moment, without logging in."""

from datetime import datetime

from fediverse_ehrenamt.kit import tokens
from fediverse_ehrenamt.kit.tokens import WrongToken
from fediverse_ehrenamt.settings import Settings


def link(settings: Settings, purpose: str, subject: str, name: str, until: datetime) -> str:
    """Return the link that lets its holder do `purpose` with a subject until a moment; `name` stands for it."""
    token = tokens.sign(settings.secret, purpose, subject, until)
    return f"{settings.url}/{purpose}/{name}/{token}"


def valid_until(settings: Settings, purpose: str, subject: str, token: str) -> datetime:
    """Return until when the token of a link counts, whether or not that is over; raises WrongToken.

    Links signed with a secret that was changed since are still in somebody's letters.
    """
    try:
        return tokens.check(settings.secret, token, purpose, subject)
    except WrongToken:
        if not settings.former_secret:
            raise
        return tokens.check(settings.former_secret, token, purpose, subject)
