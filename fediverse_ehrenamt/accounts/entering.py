"""Signing in and out: links by mail, sessions. All in one Work.

Whoever asks for a link hears the same, as quickly, whether or not the address has an account: the request only puts a
job into the queue, and the job looks. Opening a link changes nothing, for mail scanners open all; its button does.
"""

from dataclasses import dataclass
from datetime import date

from sqlalchemy import update

from fediverse_ehrenamt.accounts import rules, store, wire
from fediverse_ehrenamt.accounts.model import LinkRow, PersonRow, SessionRow
from fediverse_ehrenamt.accounts.rules import Visitor
from fediverse_ehrenamt.accounts.wire import Recipient
from fediverse_ehrenamt.federation import actors
from fediverse_ehrenamt.jobs import queue
from fediverse_ehrenamt.jobs.queue import NewJob
from fediverse_ehrenamt.kit import clock, ids, values
from fediverse_ehrenamt.kit.errors import Gone
from fediverse_ehrenamt.mail import sending
from fediverse_ehrenamt.web import sessions
from fediverse_ehrenamt.work import Work

JOB = "write_sign_in_link"


@dataclass(frozen=True, slots=True)
class Asked:
    """A wish for a link: the address as `people.address` gives it, and the path to go on to."""

    mail: str
    onward: str


@dataclass(frozen=True, slots=True)
class Found:
    """The link that somebody has opened; `over` if it is expired or was used."""

    name: str
    mail: str
    over: bool


@dataclass(frozen=True, slots=True)
class Session:
    """A sign-in as its owner sees it."""

    id: str
    browser: str
    system: str
    begun: date
    seen_on: date


# --- links ------------------------------------------------------------------------------------------------------------
def ask(work: Work, asked: Asked) -> None:
    """Have a link sent to an address if it has an account."""
    queue.enqueue(work, [NewJob(queue.LOCAL, JOB, values.dump(asked))])


def write(work: Work, asked: Asked) -> None:
    """Send the link that was asked for, if there is anybody to get it who has not had enough of them."""
    store.hold(work, asked.mail)
    row = store.of_mail(work, asked.mail)
    if row is None or store.links_since(work, row.id, work.now - rules.AN_HOUR) >= rules.LINKS_AN_HOUR:
        return
    token, home = make_link(work, row.id, asked.onward), actors.instance(work).name
    sending.post(work, wire.sign_in_letter(work.settings, home, Recipient(row.mail, row.language), token, work.now))


def make_link(work: Work, person: str, onward: str = rules.START) -> str:
    """Return the token of a new link that signs a person in."""
    token = sessions.new_token()
    row = LinkRow(
        digest=sessions.digest(token),
        person=person,
        onward=rules.local(onward),
        created_at=work.now,
        expires_at=work.now + rules.LINK_HOLDS,
    )
    work.db.add(row)
    work.db.flush()
    return token


def look(work: Work, token: str) -> Found:
    """Return what a link is about; raises `Gone` where there is none."""
    row, person = _link(work, token)
    return Found(person.name, person.mail, row.expires_at <= work.now)


def ask_again(work: Work, token: str) -> None:
    """Have a new link sent in place of one that is over; raises `Gone` where that is forgotten."""
    row, person = _link(work, token)
    ask(work, Asked(person.mail, row.onward))


def enter(work: Work, token: str, user_agent: str) -> tuple[str, str]:
    """Use a link up; return the token of the new session and the path to go on to. Raises `Gone`."""
    use = update(LinkRow).where(LinkRow.digest == sessions.digest(token), LinkRow.expires_at > work.now)
    used = work.db.execute(use.values(expires_at=work.now).returning(LinkRow.person, LinkRow.onward)).first()
    if used is None:
        raise Gone("Dieser Link ist abgelaufen oder wurde schon benutzt.")
    return begin(work, used.person, user_agent), used.onward


def _link(work: Work, token: str) -> tuple[LinkRow, PersonRow]:
    row = store.link(work, sessions.digest(token))
    person = store.find(work, row.person) if row else None
    if row is None or person is None:
        raise Gone("Dieser Link ist abgelaufen oder wurde schon benutzt.")
    return row, person


# --- sessions ---------------------------------------------------------------------------------------------------------
def begin(work: Work, person: str, user_agent: str, *, proven: bool = False) -> str:
    """Sign a person in and return the token for their browser; too many sign-ins end the one unused longest.

    Whoever has codes as a second step is let in half only, unless a second step is `proven` already.
    """
    half = not proven and store.has_factor(work, person)
    held = store.sessions(work, person)
    store.end_sessions(work, person, [row.id for row in held[rules.SESSIONS - 1 :]])
    token = sessions.new_token()
    browser, system = rules.device(user_agent)
    row = SessionRow(
        digest=sessions.digest(token),
        id=ids.new_id(),
        person=person,
        browser=browser,
        system=system,
        created_at=work.now,
        seen_on=clock.day(work.now),
        expires_at=work.now + rules.HALF_HOLDS if half else rules.session_until(work.now, work.now),
        half=half,
        strong=proven,
    )
    work.db.add(row)
    work.db.flush()
    if not half:
        _see(work, person)
    return token


def waiting(work: Work, token: str) -> str:
    """Return the person whose sign-in waits for its second step, "" for nobody."""
    row = store.session(work, sessions.digest(token)) if token else None
    return row.person if row and row.half and row.expires_at > work.now else ""


def find(work: Work, token: str) -> tuple[Visitor, bool] | None:
    """Return who a browser's token stands for, and whether `touch` is due today; None for nobody."""
    row = store.session(work, sessions.digest(token))
    person = store.find(work, row.person) if row and row.expires_at > work.now and not row.half else None
    if row is None or person is None:
        return None
    grants = store.grants_of(work, person.id)
    visitor = Visitor(person.id, person.name, person.mail, person.language, grants, row.id, row.strong)
    return visitor, row.seen_on < clock.day(work.now)


def touch(work: Work, token: str) -> None:
    """Let a session that is in use hold on."""
    row = store.session(work, sessions.digest(token))
    if row is not None and row.expires_at > work.now:
        row.seen_on, row.expires_at = clock.day(work.now), rules.session_until(row.created_at, work.now)
        _see(work, row.person)


def listing(work: Work, person: str) -> list[Session]:
    """Return the sign-ins of a person, the one used last first."""
    return [
        Session(row.id, row.browser, row.system, clock.day(row.created_at), row.seen_on)
        for row in store.sessions(work, person)
    ]


def end(work: Work, person: str, session: str) -> None:
    """Sign a person out in one place; where they are not signed in there is nothing to do."""
    store.end_sessions(work, person, [session])


def end_others(work: Work, person: str, session: str) -> int:
    """Sign a person out everywhere but here; return in how many places."""
    others = [row.id for row in store.sessions(work, person) if row.id != session]
    store.end_sessions(work, person, others)
    return len(others)


def _see(work: Work, person: str) -> None:
    row = store.find(work, person)
    if row is not None:
        row.seen_on = clock.day(work.now)
