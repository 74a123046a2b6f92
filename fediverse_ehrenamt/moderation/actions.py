"""What is done with reports and first posts: received, decided about, and whoever is concerned is told why."""

import hashlib
from collections.abc import Callable
from dataclasses import dataclass, replace

import orjson

from fediverse_ehrenamt.accounts import people
from fediverse_ehrenamt.accounts.rules import Grant, Role
from fediverse_ehrenamt.accounts.wire import Recipient
from fediverse_ehrenamt.federation import actors, updates
from fediverse_ehrenamt.federation.model import LocalActorRow
from fediverse_ehrenamt.federation.rules import Restriction, Severity, canonical
from fediverse_ehrenamt.kit import html, ids
from fediverse_ehrenamt.kit.errors import Conflict, Forbidden, Gone, Invalid, NotFound, Problem, Unavailable
from fediverse_ehrenamt.kit.sentences import sentence
from fediverse_ehrenamt.kit.tokens import WrongToken
from fediverse_ehrenamt.mail import links, sending
from fediverse_ehrenamt.mail.letters import Letter
from fediverse_ehrenamt.moderation import rules, store, wire
from fediverse_ehrenamt.moderation.model import MeasureRow, ReportRow
from fediverse_ehrenamt.moderation.rules import ABOUT_SOURCE, Ground, Kind, Measure, Outcome
from fediverse_ehrenamt.moderation.store import Report
from fediverse_ehrenamt.organisations import actions as organisations
from fediverse_ehrenamt.search import store as documents
from fediverse_ehrenamt.search.model import EVENT, Document
from fediverse_ehrenamt.settings import Settings
from fediverse_ehrenamt.things import actions as own_things
from fediverse_ehrenamt.things import moderating, review
from fediverse_ehrenamt.things import store as things
from fediverse_ehrenamt.things.model import ThingRow
from fediverse_ehrenamt.vocab.types import Flag
from fediverse_ehrenamt.work import Work

_AT_ONCE = 500
CROWDED = sentence("Heute kamen schon zu viele Meldungen. Bitte morgen noch einmal.")
TAKEN_AT_ONCE = 200  # things of suspended organisations, in one transaction
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
        raise Unavailable(CROWDED)
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


@dataclass(frozen=True, slots=True)
class Heard:
    """What an organisation of ours reports of the fediverse: the note's URI, whose it is, and how it begins, plain."""

    uri: str
    person: str
    quote: str


def hand_on(work: Work, organisation: str, heard: Heard, comment: str, language: str) -> None:
    """Keep what an organisation reports of what it was sent, and confirm it by mail; the same again is kept once.

    Raises `Unavailable` where too many reports wait.
    """
    things.hold(work, "reports")
    key = f"organisation#{hashlib.sha256(orjson.dumps([organisation, heard.uri])).hexdigest()}"
    if store.find(work, key) is not None:
        return
    if store.count_open(work) >= rules.OPEN_AT_MOST:
        raise Unavailable(sentence("Es warten schon zu viele Meldungen. Bitte morgen noch einmal."))
    said = [html.visible(line) for line in comment.strip().splitlines()]
    quoted = [f"> {html.visible(line)}" for line in heard.quote.splitlines() if line.strip()]
    row = ReportRow(
        activity=key,
        reporter=organisation,
        host="",
        actor=heard.person,
        objects="[]",
        comment="\n".join([*said, "", *quoted]),
        received_at=work.now,
        decision="",
        mail=next((to.mail for to in recipients(work, organisation)), ""),
        language=language,
    )
    work.db.add(row)
    work.db.flush()
    if row.mail:
        sending.post(work, wire.receipt(work.settings, actors.instance(work).name, row, heard.person, work.now))


# --- deciding ---------------------------------------------------------------------------------------------------------
@dataclass(frozen=True, slots=True)
class Reasons:
    """Why something was taken down, as its organisation is told: `text` in a moderator's own words.

    `person` is the id of that moderator, `report` the number of the report that it was decided about, None for none.
    """

    ground: Ground
    text: str
    reported: bool = False
    person: str = ""
    report: int | None = None


@dataclass(frozen=True, slots=True)
class Lifted:
    """A suspension that does not hold any more: the number of its measure, and the name of its organisation."""

    measure: int
    name: str


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
    why = replace(reasons, report=number)
    taken = [one for uri in closed.objects if (one := _take_down(work, uri, why)) is not None]
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
    owner, title = row.actor, _title(work, uri)
    measure = _note(work, owner, title, Kind.REMOVED, reasons)
    _withdraw(work, row, measure)
    _tell(work, measure, wire.taken_down)
    return Taken(uri, title, owner)


def _withdraw(work: Work, row: ThingRow, measure: MeasureRow) -> None:
    """Withdraw a thing of ours everywhere; as it was handed in it is kept, to be put back if the measure is undone."""
    assert row.key is not None, "what is ours has one"
    store.keep(work, measure.id, row)
    own_things.withdraw(work, row.actor, row.key, "Event" if row.kind == EVENT else "Note")


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
        raise Invalid(
            [Problem("text", sentence("ist länger als %(most)s Zeichen; bitte kürzen", most=rules.MAX_DECISION))]
        )


def _note(work: Work, organisation: str, title: str, kind: Kind, reasons: Reasons) -> MeasureRow:
    """Note what is done to an organisation and why: it reads that at its desk."""
    row = MeasureRow(
        organisation=organisation,
        title=title,
        kind=str(kind),
        ground=str(reasons.ground),
        reason="\n".join(html.visible(line) for line in reasons.text.strip().splitlines()),
        reported=reasons.reported,
        person=reasons.person,
        report=reasons.report,
        at=work.now,
    )
    work.db.add(row)
    work.db.flush()
    return row


def _tell(work: Work, row: MeasureRow, letter: Callable[[Settings, str, Recipient, str, MeasureRow], Letter]) -> None:
    """Tell an organisation by mail, where it has any address, what was done and why (DSA Art. 17)."""
    home, name = actors.instance(work).name, work.db.get_one(LocalActorRow, row.organisation).name
    for to in recipients(work, row.organisation):
        sending.post(work, letter(work.settings, home, to, html.visible(name), row))


# --- suspending -------------------------------------------------------------------------------------------------------
def suspend(work: Work, organisation: str, reasons: Reasons) -> None:
    """Let an organisation of ours (the URI of its actor) publish nothing any more, and tell it why.

    Its things are taken down everywhere by Delete, `TAKEN_AT_ONCE` of them here and the others by `sweep`: only
    Mastodon and its kin know a suspended actor, all others would go on to show them. What was handed in is kept, so
    that it can be put back under new ids: nobody takes an object under the id of one that was deleted (Mastodon's
    `Create#tombstone_exists?`, and ours). The actor itself stays, as `suspended`: after a 410 peers would forget its
    followers and its keys. Raises `NotFound`, `Conflict` where it is suspended already, `Invalid`.
    """
    check(reasons.text)
    row = _organisation(work, organisation)
    if row.suspended_at is not None:
        raise Conflict("Diese Organisation ist schon gesperrt.")
    row.suspended_at = work.now
    measure = _note(work, organisation, html.visible(row.name), Kind.SUSPENDED, reasons)
    sweep(work)
    updates.tell(work, organisation)
    _tell(work, measure, wire.suspended)


def sweep(work: Work) -> int:
    """Take down what stands of suspended organisations, a bounded amount; return how much."""
    rows = store.of_suspended(work, TAKEN_AT_ONCE)
    for uri in [row.uri for row in rows]:
        row = things.find(work, uri)
        measure = store.suspension(work, row.actor) if row is not None else None
        if row is not None and measure is not None:  # a date goes with what it belongs to
            _withdraw(work, row, measure)
    return len(rows)


def lift(work: Work, organisation: str) -> Lifted:
    """Let a suspended organisation publish again; what was taken down is put back by whoever calls this.

    The organisation is told, unless the answer to its objection does (`judge`).
    Raises `NotFound`, `Conflict` where it is not suspended.
    """
    row = _organisation(work, organisation)
    measure = store.suspension(work, organisation)
    if row.suspended_at is None or measure is None:
        raise Conflict("Diese Organisation ist nicht (mehr) gesperrt.")
    row.suspended_at, measure.lifted_at = None, work.now
    updates.tell(work, organisation)
    if measure.outcome != Outcome.UPHELD:
        _tell(work, measure, wire.lifted)
    return Lifted(measure.id, row.name)


def _organisation(work: Work, uri: str) -> LocalActorRow:
    row = actors.by_uri(work, uri)
    if row.type != "Organization" or row.gone_at is not None:
        raise NotFound("Eine Organisation mit diesem Namen gibt es hier nicht.")
    work.db.refresh(row, with_for_update=True)
    return row


# --- objections -------------------------------------------------------------------------------------------------------
def admit(work: Work, number: int, token: str) -> tuple[MeasureRow, bool]:
    """Return the measure of a private link, and whether the time to object is over.

    Raises `Forbidden` where the link was not made here, `NotFound` where nothing is known of the measure any more.
    """
    try:
        until = links.valid_until(work.settings, wire.OBJECT, str(number), token)
    except WrongToken as error:
        raise Forbidden("Dieser Link ist unvollständig oder nicht von uns.") from error
    return store.get_measure(work, number), until <= work.now


def contest(work: Work, row: MeasureRow, text: str) -> None:
    """Note what an organisation says against a measure, and confirm it (DSA Art. 20); the same again changes nothing.

    Raises `Conflict` where it has objected before or nothing is left to object to, `Invalid`.
    """
    store.hold_measure(work, row)
    said = "\n".join(html.visible(line) for line in text.strip().splitlines())
    if row.objected_at is not None and row.objection == said:
        return
    if row.objected_at is not None:
        raise Conflict("Sie haben schon widersprochen; was Sie geschrieben haben, steht hier.")
    if row.lifted_at is not None:
        raise Conflict("Das ist schon zurückgenommen; es gibt nichts mehr, wogegen Sie widersprechen müssten.")
    least, most = rules.OBJECTION
    if not least <= len(said) <= most:
        raise Invalid([Problem("text", "Bitte schreiben Sie in ein, zwei Sätzen, warum Sie nicht einverstanden sind.")])
    row.objection, row.objected_at = said, work.now
    work.db.flush()
    _tell(work, row, wire.objected)


def judge(work: Work, number: int, outcome: Outcome, text: str) -> MeasureRow:
    """Decide about an objection and tell its organisation; what an upheld one is about, the caller puts back.

    Raises `NotFound`, `Conflict` where there is none or it was decided already, `Invalid` for a refusal without reason.
    """
    row = store.get_measure(work, number)
    store.hold_measure(work, row)
    if row.objected_at is None or row.answered_at is not None:
        raise Conflict("Über diesen Widerspruch ist schon entschieden.")
    if outcome is Outcome.REJECTED:
        check(text)
    row.outcome, row.answered_at = str(outcome), work.now
    row.answer = "\n".join(html.visible(line) for line in text.strip().splitlines())
    if outcome is Outcome.UPHELD and row.kind == Kind.REMOVED:  # a suspension is lifted by name
        row.lifted_at = work.now
    work.db.flush()
    _tell(work, row, wire.answered)
    return row


def recipients(work: Work, organisation: str) -> list[Recipient]:
    """Return where an organisation is written to: its own address, else those of its owners."""
    if to := organisations.recipient(work, organisation):
        return [to]
    owner = Grant(Role.OWNER, organisation)
    owners = [person for person in people.colleagues(work, organisation) if owner in person.grants]
    return [Recipient(person.mail, person.language) for person in owners[:_OWNERS]]


def of_person(work: Work, person: people.Person) -> list[dict[str, object]]:
    """Return what somebody reported whom an answer is owed, as it goes into the file of their own data."""
    return [
        {"about": store.report(row).objects, "comment": row.comment, "received_at": row.received_at, "mail": row.mail}
        for row in store.of_mail(work, person.mail)
    ]


def erase_person(work: Work, person: people.Person) -> None:
    """Erase to whom an answer goes, and who decided; what was reported and decided stays so."""
    for row in store.of_mail(work, person.mail):
        row.mail = ""
    store.erase_decider(work, person.id)
    work.db.flush()


def close(work: Work, number: int, decision: str = "", measure: Measure | None = None) -> Report:
    """Close a report with what was decided; raises `NotFound`, `Conflict` where it is closed already, `Invalid`."""
    things.hold(work, f"report {number}")
    row = store.get(work, number)
    if row.closed_at is not None:
        raise Conflict(sentence("Die Meldung %(number)s ist schon erledigt.", number=number))
    if len(decision) > rules.MAX_DECISION:
        raise Invalid(
            [Problem("note", sentence("ist länger als %(most)s Zeichen; bitte kürzen", most=rules.MAX_DECISION))]
        )
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
