"""Who may do what, and for how long a sign-in holds. The one place where roles are checked. Pure."""

import hmac
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum
from types import MappingProxyType
from unicodedata import normalize


class Role(StrEnum):
    """What somebody is: of the instance, or (owner, editor) of one organisation."""

    OPERATOR = "operator"
    COORDINATOR = "coordinator"
    MODERATOR = "moderator"
    OWNER = "owner"
    EDITOR = "editor"


OF_INSTANCE = frozenset({Role.OPERATOR, Role.COORDINATOR, Role.MODERATOR})
OF_ORGANISATION = frozenset({Role.OWNER, Role.EDITOR})


NEED_TWO = frozenset({Role.OPERATOR, Role.COORDINATOR})
"""Whose account is worth most to a thief: they need a second step, or are advised to have one."""


class Permission(StrEnum):
    """What can be allowed; those of `IN_ORGANISATION` always for one organisation."""

    MANAGE_PEOPLE = "manage people"
    OPERATE = "operate"  # peers, jobs, keys
    EDIT_INSTANCE = "edit the instance"  # its pages, texts, colours, areas
    MANAGE_SOURCES = "manage sources"  # and feeds
    BLOCK = "block"
    MODERATE = "moderate"  # reports, first posts, replies
    APPROVE_ORGANISATIONS = "approve organisations"
    REVIEW_DUPLICATES = "review duplicates"
    REVIEW_OFFERS = "review offers"  # stale ones, and what came from sources that are reviewed first
    FOLLOW_UP_ENQUIRIES = "follow up enquiries"  # unanswered ones, and those of people without e-mail
    SEE_STATISTICS = "see statistics"
    SEE_LOG = "see the log"
    EDIT_OFFERS = "edit offers"
    ANSWER_ENQUIRIES = "answer enquiries"
    ANSWER_MESSAGES = "answer messages"  # of the fediverse
    EDIT_ORGANISATION = "edit the organisation"
    MANAGE_COLLEAGUES = "manage colleagues"


_ALL_OF_INSTANCE = frozenset({Role.OPERATOR, Role.COORDINATOR, Role.MODERATOR})
_LEADING = frozenset({Role.OPERATOR, Role.COORDINATOR})
_COORDINATING = frozenset({Role.COORDINATOR})
_WORKING_THERE = frozenset({Role.OWNER, Role.EDITOR, Role.COORDINATOR})
_LEADING_THERE = frozenset({Role.OWNER, Role.COORDINATOR})
# Operators look after machines and people, coordinators after what is offered: who is both, has both roles. So no
# operator reads what somebody has written to an organisation merely because they run the server.
ALLOWED: Mapping[Permission, frozenset[Role]] = MappingProxyType(
    {
        Permission.MANAGE_PEOPLE: frozenset({Role.OPERATOR}),
        Permission.OPERATE: frozenset({Role.OPERATOR}),
        Permission.EDIT_INSTANCE: _LEADING,
        Permission.MANAGE_SOURCES: _LEADING,
        Permission.BLOCK: frozenset({Role.OPERATOR, Role.MODERATOR}),
        Permission.MODERATE: _ALL_OF_INSTANCE,
        Permission.APPROVE_ORGANISATIONS: _LEADING,
        Permission.REVIEW_DUPLICATES: _LEADING,
        Permission.REVIEW_OFFERS: _COORDINATING,
        Permission.FOLLOW_UP_ENQUIRIES: _COORDINATING,
        Permission.SEE_STATISTICS: _LEADING,
        Permission.SEE_LOG: _ALL_OF_INSTANCE,
        Permission.EDIT_OFFERS: _WORKING_THERE,
        Permission.ANSWER_ENQUIRIES: _WORKING_THERE,
        Permission.ANSWER_MESSAGES: _WORKING_THERE,
        Permission.EDIT_ORGANISATION: _LEADING_THERE,
        Permission.MANAGE_COLLEAGUES: _LEADING_THERE,
    }
)
IN_ORGANISATION = frozenset(permission for permission, roles in ALLOWED.items() if roles & OF_ORGANISATION)


@dataclass(frozen=True, slots=True)
class Grant:
    """A role that somebody has; `organisation` is the URI of its actor, "" for a role of the instance."""

    role: Role
    organisation: str = ""

    def __post_init__(self) -> None:
        if bool(self.organisation) != (self.role in OF_ORGANISATION):
            raise ValueError(f"{self.role} of {self.organisation or 'the instance'}")


@dataclass(frozen=True, slots=True)
class Visitor:
    """Somebody who is signed in; `session` is the opaque id of this sign-in, `strong` if a second step was shown."""

    id: str
    name: str
    mail: str
    language: str
    grants: tuple[Grant, ...]
    session: str
    strong: bool = False

    def may(self, permission: Permission, organisation: str = "") -> bool:
        return may(self.grants, permission, organisation)

    def may_somewhere(self, permission: Permission) -> bool:
        """Say whether they may do something for any organisation at all; for links that lead to a choice."""
        return any(grant.role in ALLOWED[permission] for grant in self.grants)

    @property
    def for_instance(self) -> bool:
        """Whether they have work to do for the whole instance; for menus."""
        return any(grant.role in OF_INSTANCE for grant in self.grants)

    @property
    def organisations(self) -> tuple[str, ...]:
        """The URIs of the organisations that they work for."""
        return tuple(grant.organisation for grant in self.grants if grant.organisation)


def may(grants: Iterable[Grant], permission: Permission, organisation: str = "") -> bool:
    """Say whether these roles allow something: for the instance, or for the organisation with this URI.

    Raises ValueError where a permission is asked for without its organisation, or the other way round.
    """
    if (permission in IN_ORGANISATION) != bool(organisation):
        raise ValueError(f"{permission}: {organisation or 'for which organisation?'}")
    roles = ALLOWED[permission]
    return any(grant.role in roles and grant.organisation in {"", organisation} for grant in grants)


def needs_two(grants: Iterable[Grant]) -> bool:
    """Say whether somebody has a role that needs a second step."""
    return any(grant.role in NEED_TWO for grant in grants)


def must_show_second(visitor: Visitor, *, required: bool) -> bool:
    """Say whether somebody has to show or set up a second step before anything of the administration opens to them.

    `required` is what the operator has set. Their own account stays open: it is where they set it up.
    """
    return required and not visitor.strong and needs_two(visitor.grants)


def may_change_ways(visitor: Visitor, *, required: bool, has_second: bool) -> bool:
    """Say whether somebody may change how they sign in: who reads their mail must not put their own step in its place.

    Without a second step yet (`has_second`) they set one up; with one they have to show it first.
    """
    return not (has_second and must_show_second(visitor, required=required))


def on_behalf(grants: Iterable[Grant], organisation: str) -> bool:
    """Say whether somebody acts for an organisation without belonging to it, which the log then says."""
    return all(grant.organisation != organisation for grant in grants)


# --- sign-ins ---------------------------------------------------------------------------------------------------------
LINK_HOLDS = timedelta(minutes=30)
INVITATION_HOLDS = timedelta(days=14)
INVITATIONS_KEPT = timedelta(days=30)  # expired ones, to offer a new one
LINKS_KEPT = timedelta(days=7)  # expired ones, to offer a new one
LINKS_AN_HOUR = 5  # for one person; further ones change nothing, the earlier ones still hold
MOVE_HOLDS = timedelta(days=1)  # a new address waits so long to be confirmed
MOVE_STOPS = timedelta(days=14)  # so long the former address can stop it, or take it back
TWICE = timedelta(seconds=10)  # so soon again, it is the same click
INVITATIONS_A_DAY = 50  # by one person
AN_HOUR, A_DAY = timedelta(hours=1), timedelta(days=1)
SESSION_IDLE = timedelta(days=30)
SESSION_LONGEST = timedelta(days=180)
SESSIONS = 20  # of one person, the longest unused one leaves
HALF_HOLDS = timedelta(minutes=10)  # a sign-in that waits for its second step
CODES = 10  # for whoever has lost their telephone
CHALLENGE_HOLDS = timedelta(minutes=5)
PASSKEYS = 20  # of one person
PASSKEY_NAME = 60  # characters
NAME = 100  # characters
_LONGEST_PATH = 500
HOME = "/konto"
"""One's own account."""
START = "/verwaltung"
"""Where somebody lands after signing in who did not want to go elsewhere: where their work is, if they have any."""


def session_until(begun: datetime, now: datetime) -> datetime:
    """Return until when a sign-in holds that is in use now."""
    return min(now + SESSION_IDLE, begun + SESSION_LONGEST)


# --- one-time codes ---------------------------------------------------------------------------------------------------
_STEP_SECONDS, _DIGITS = 30, 6
_STEPS_ASIDE = 1  # clocks differ, and people type slowly


def one_time_code(secret: bytes, step: int) -> str:
    """Return the code of a step of 30 seconds since 1970 (RFC 6238 §4, RFC 4226 §5.3: HMAC-SHA-1, six digits)."""
    mac = hmac.digest(secret, step.to_bytes(8, "big"), "sha1")
    start = mac[-1] & 0xF
    number = int.from_bytes(mac[start : start + 4], "big") & 0x7FFFFFFF
    return str(number % 10**_DIGITS).zfill(_DIGITS)


def step_of(secret: bytes, code: str, now: datetime, last: int) -> int | None:
    """Return the step whose code that is, None for a wrong one, and for one that was used (`last`) or is older."""
    said = "".join(code.split())
    if not said.isascii():
        return None
    current = int(now.timestamp()) // _STEP_SECONDS
    steps = range(max(current - _STEPS_ASIDE, last + 1), current + _STEPS_ASIDE + 1)
    return next((step for step in steps if hmac.compare_digest(one_time_code(secret, step), said)), None)


# --- passwords --------------------------------------------------------------------------------------------------------
PASSWORD = (10, 200)  # characters
_DIFFERENT = 5  # characters that are not the same
_OWN_WORD = 4  # characters of a name or an address from which on they are looked for
_ROWS = ("qwertzuiop", "qwertyuiop", "asdfghjkl", "yxcvbnm", "zxcvbnm", "1234567890", "abcdefghijklmnopqrstuvwxyz")


class Weakness(StrEnum):
    """Why a password is refused (NIST SP 800-63B §3.1.1.2, without a list of leaked ones)."""

    SHORT = "short"
    LONG = "long"
    OWN = "own"
    PLAIN = "plain"


def prepared(password: str) -> str:
    """Return a password in the one form that all keyboards lead to (RFC 8265 §4.2.1)."""
    return normalize("NFC", password)


def weakness(password: str, name: str, mail: str) -> Weakness | None:
    """Say what is wrong with a new password of somebody, None for nothing."""
    if len(password) < PASSWORD[0]:
        return Weakness.SHORT
    if len(password) > PASSWORD[1]:
        return Weakness.LONG
    said = password.casefold()
    own = [word for word in (*name.casefold().split(), *mail.casefold().partition("@")[::2]) if len(word) >= _OWN_WORD]
    rest = said
    for word in own:
        rest = rest.replace(word, "")
    if len(rest) < PASSWORD[0] // 2:
        return Weakness.OWN
    repeated = len(set(said)) < _DIFFERENT or said in (said + said)[1:-1]
    return Weakness.PLAIN if repeated or any(_is_part(said, row) for row in _ROWS) else None


def _is_part(said: str, row: str) -> bool:
    """Say whether a password is nothing but keys in a row, there or back, also round the end."""
    round_ = row * (len(said) // len(row) + 2)
    return said in round_ or said in round_[::-1]


def local(path: str, otherwise: str = START) -> str:
    """Return a path of ours to go on to, another one for whatever could lead elsewhere ("//elsewhere")."""
    ours = path.startswith("/") and not path.startswith(("//", "/\\")) and len(path) <= _LONGEST_PATH
    return path if ours and path.isascii() and path.isprintable() and "\\" not in path else otherwise


# --- devices ----------------------------------------------------------------------------------------------------------
# What a user agent says, the first that fits; the order is that of who pretends to be whom.
_BROWSERS = (
    ("Edg", "Edge"), ("OPR/", "Opera"), ("SamsungBrowser", "Samsung Internet"), ("Firefox", "Firefox"),
    ("FxiOS", "Firefox"), ("CriOS", "Chrome"), ("Chromium", "Chromium"), ("Chrome", "Chrome"), ("Safari", "Safari"),
)  # fmt: skip
_SYSTEMS = (
    ("iPhone", "iPhone"), ("iPad", "iPad"), ("Android", "Android"), ("Windows", "Windows"), ("CrOS", "ChromeOS"),
    ("Mac OS X", "Mac"), ("Linux", "Linux"),
)  # fmt: skip


def device(user_agent: str) -> tuple[str, str]:
    """Return browser and system of a user agent as people call them, each "" where it is not known."""
    browser = next((name for sign, name in _BROWSERS if sign in user_agent), "")
    system = next((name for sign, name in _SYSTEMS if sign in user_agent), "")
    return browser, system
