"""What is done with reports and first posts: received, decided about, and whoever is concerned is told why."""

import hashlib
from dataclasses import dataclass

import orjson

from fediverse_ehrenamt.accounts import people
from fediverse_ehrenamt.accounts.rules import Grant, Role
from fediverse_ehrenamt.federation import actors
from fediverse_ehrenamt.federation.model import LocalActorRow
from fediverse_ehrenamt.federation.rules import Restriction, Severity, canonical
from fediverse_ehrenamt.kit import html, ids
from fediverse_ehrenamt.kit.errors import Conflict, Gone, Invalid, NotFound, Problem, Unavailable
from fediverse_ehrenamt.mail import sending
from fediverse_ehrenamt.moderation import rules, store, wire
from fediverse_ehrenamt.moderation.model import MeasureRow, ReportRow
from fediverse_ehrenamt.moderation.rules import ABOUT_SOURCE, Ground, Measure
from fediverse_ehrenamt.moderation.store import Report
from fediverse_ehrenamt.organisations import actions as organisations
from fediverse_ehrenamt.search import store as documents
from fediverse_ehrenamt.search.model import EVENT, Document
from fediverse_ehrenamt.things import actions as own_things
from fediverse_ehrenamt.things import moderating, review
from fediverse_ehrenamt.things import store as things
from fediverse_ehrenamt.vocab.types import Flag
from fediverse_ehrenamt.work import Work

_AT_ONCE = 500
_OWNERS = 5  # of one organisation that are written to


def receive(work: Work, flag: Flag) -> None:
    """Keep a report once; raises `NotFound` where nothing of ours is named, `Conflict` where there are too many."""
    named = store.ours(work, flag.objects or (flag.object_id,))
    if not named.objects:
        raise NotFound("nothing here is reported")
    things.hold(work, "reports")
    host = ids.host(flag.actor)
    key = flag.id or f"{flag.actor}#{orjson.dumps([named.objects, flag.content]).decode()}"[:2_000]
    if store.find(work, key) is not None:
        return
    if store.count_of_host(work, host) >= rules.OF_HOST_IN_A_DAY or store.count_open(work) >= rules.OPEN_AT_MOST:
        raise Conflict(f"as many reports as are looked at ({host})")
    row = ReportRow(
        activity=key,
        reporter=flag.actor,
        host=host,
        actor=named.actor,
        objects=orjson.dumps(named.objects).decode(),
        comment="\n".join(html.visible(flag.content).splitlines()),
        received_at=work.now,
        decision="",
    )
    work.db.add(row)
    work.db.flush()


def complain(work: Work, about: Document, comment: str, mail: str, language: str) -> None:
    """Keep what a visitor reports about something that is shown here, and confirm it by mail to an address if given.

    The same again is kept once. Raises `Unavailable` where too many report.
    """
    things.hold(work, "reports")
    key = f"visitor#{hashlib.sha256(orjson.dumps([about.uri, comment, mail])).hexdigest()}"
    if store.find(work, key) is not None:
        return
    if store.count_of_host(work, "") >= rules.OF_VISITORS_IN_A_DAY or store.count_open(work) >= rules.OPEN_AT_MOST:
        raise Unavailable("Heute kamen schon zu viele Meldungen. Bitte morgen noch einmal.")
    written = mail and store.count_of_mail(work, mail) < rules.RECEIPTS_IN_A_DAY
    row = ReportRow(
        activity=key,
        reporter="",
        host="",
        actor=about.organisation_uri,
        objects=orjson.dumps([about.uri]).decode(),
        comment="\n".join(html.visible(line) for line in comment.splitlines()),
        received_at=work.now,
        decision="",
        mail=mail,
        language=language,
    )
    work.db.add(row)
    work.db.flush()
    if written:
        home = actors.instance(work).name
        sending.post(work, wire.receipt(work.settings, home, row, html.visible(about.title), work.now))


# --- deciding ---------------------------------------------------------------------------------------------------------
@dataclass(frozen=True, slots=True)
class Reasons:
    """Why something was taken down, as its organisation is told: `text` in a moderator's own words."""

    ground: Ground
    text: str
    reported: bool = False


@dataclass(frozen=True, slots=True)
class Taken:
    """What was taken down: its title, and the URI of the organisation of ours that it was of, "" of another portal."""

    uri: str
    title: str
    organisation: str


def decide(work: Work, number: int, measure: Measure, reasons: Reasons) -> tuple[Report, list[Taken]]:
    """Do what was decided about a report, close it, and tell those concerned; return what was taken down.

    Raises `NotFound`, `Conflict` where it is closed already or where the measure does not fit, `Invalid`.
    """
    held = store.report(store.get(work, number))
    if held.closed_at is None and measure is not Measure.NOTHING:
        check(reasons.text)
        if measure in ABOUT_SOURCE and not source_of(work, held):
            raise Conflict("Das kommt von diesem Portal selbst und lässt sich nicht sperren.")
    closed = close(work, number, reasons.text, measure)
    if measure is Measure.NOTHING:
        return closed, []
    taken = [one for uri in closed.objects if (one := _take_down(work, uri, reasons)) is not None]
    if measure in ABOUT_SOURCE:
        moderating.restrict(work, entry(closed, measure, source_of(work, closed), reasons.text))
    return closed, taken


def source_of(work: Work, report: Report) -> str:
    """Return the URI of the actor elsewhere that what is reported came from, "" for one of ours."""
    host = canonical(ids.host(report.actor))
    return report.actor if host and host not in moderating.ours(work.settings) else ""


def entry(report: Report, measure: Measure, source: str, reason: str) -> Restriction:
    """Return the entry that a measure about the source of a report puts."""
    subject = source if measure is Measure.ACTOR_BLOCKED else canonical(ids.host(source))
    severity: Severity = "limit" if measure is Measure.HOST_LIMITED else "block"
    return Restriction(subject, severity, reason=f"Meldung {report.id}: {reason}")


def _take_down(work: Work, uri: str, reasons: Reasons) -> Taken | None:
    """Take one thing down where it is one and still there: an organisation itself is not taken down here."""
    try:
        return take_down(work, uri, reasons)
    except (Gone, NotFound):
        return None


def take_down(work: Work, uri: str, reasons: Reasons) -> Taken:
    """Withdraw a thing of ours everywhere and tell its organisation why, or hide one of another portal here.

    Raises `NotFound` or `Gone` where it is not there, `Invalid` where no reason is given.
    """
    check(reasons.text)
    row = things.find(work, uri)
    if row is None or not row.local:
        return Taken(uri, html.visible(review.hide(work, uri)), "")
    assert row.key is not None, "what is ours has one"
    owner, key, title = row.actor, row.key, _title(work, uri)
    own_things.withdraw(work, owner, key, "Event" if row.kind == EVENT else "Note")
    _tell(work, owner, title, reasons)
    return Taken(uri, title, owner)


def _title(work: Work, uri: str) -> str:
    try:
        return html.visible(documents.get(work, uri).title)
    except (Gone, NotFound):  # its time is over, so it has left the index already
        return uri


def check(reason: str) -> None:
    """Raise `Invalid` for what tells nobody why."""
    if len(reason.strip()) < rules.MIN_REASON:
        raise Invalid([Problem("text", "fehlt; in einem Satz: was ist daran nicht in Ordnung?")])
    if len(reason) > rules.MAX_DECISION:
        raise Invalid([Problem("text", f"ist länger als {rules.MAX_DECISION} Zeichen; bitte kürzen")])


def _tell(work: Work, organisation: str, title: str, reasons: Reasons) -> None:
    """Tell an organisation what was taken down and why (DSA Art. 17): at its desk, and by mail where it has one."""
    said = "\n".join(html.visible(line) for line in reasons.text.strip().splitlines())
    row = MeasureRow(
        organisation=organisation,
        title=title,
        ground=str(reasons.ground),
        reason=said,
        reported=reasons.reported,
        at=work.now,
    )
    work.db.add(row)
    work.db.flush()
    home, name = actors.instance(work).name, work.db.get_one(LocalActorRow, organisation).name
    for mail in addresses_of(work, organisation):
        sending.post(work, wire.taken_down(work.settings, home, mail, name, row))


def addresses_of(work: Work, organisation: str) -> list[str]:
    """Return where an organisation is written to: its own address, else those of its owners."""
    if mail := organisations.mail_of(work, organisation):
        return [mail]
    owner = Grant(Role.OWNER, organisation)
    return [person.mail for person in people.colleagues(work, organisation) if owner in person.grants][:_OWNERS]


def close(work: Work, number: int, decision: str = "", measure: Measure | None = None) -> Report:
    """Close a report with what was decided; raises `NotFound`, `Conflict` where it is closed already, `Invalid`."""
    things.hold(work, f"report {number}")
    row = store.get(work, number)
    if row.closed_at is not None:
        raise Conflict(f"Die Meldung {number} ist schon erledigt.")
    if len(decision) > rules.MAX_DECISION:
        raise Invalid([Problem("note", f"ist länger als {rules.MAX_DECISION} Zeichen; bitte kürzen")])
    row.closed_at, row.decision, row.measure = work.now, decision.strip(), str(measure or "")
    if row.mail:
        sending.post(work, wire.decided(work.settings, actors.instance(work).name, row, work.now))
        row.mail = ""
    return store.report(row)


def expire(work: Work) -> int:
    """Erase reports that were closed long ago, the address of whoever was not answered for as long, what organisations
    were told when the time to object is over, and what was noted of first posts that are none any more.
    """
    before = work.now - rules.CLOSED_LAST
    erased = store.erase_mails(work, before) + store.erase_closed(work, before, _AT_ONCE)
    erased += store.erase_measures(work, work.now - rules.MEASURES_LAST, _AT_ONCE)
    return erased + store.erase_looks(work, work.now - rules.LOOKED_AT_WITHIN, _AT_ONCE)


# --- first posts ------------------------------------------------------------------------------------------------------
def approve(work: Work, uri: str) -> str:
    """Say that a first post is in order, and return its title; raises `Gone` or `NotFound` where it is not there."""
    row = things.find(work, uri)
    if row is None or not row.local:
        raise NotFound("Das gibt es hier nicht mehr.")
    store.look(work, [uri])
    return _title(work, uri)
