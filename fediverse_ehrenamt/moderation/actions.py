"""What is done with reports: received from peers and visitors, closed by the operator, who may owe an answer."""

import hashlib

import orjson

from fediverse_ehrenamt.federation import actors
from fediverse_ehrenamt.kit import html, ids
from fediverse_ehrenamt.kit.errors import Conflict, Invalid, NotFound, Problem, Unavailable
from fediverse_ehrenamt.mail import sending
from fediverse_ehrenamt.moderation import rules, store, wire
from fediverse_ehrenamt.moderation.model import ReportRow
from fediverse_ehrenamt.moderation.store import Report
from fediverse_ehrenamt.search.model import Document
from fediverse_ehrenamt.things import store as things
from fediverse_ehrenamt.vocab.types import Flag
from fediverse_ehrenamt.work import Work

_AT_ONCE = 500


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


def close(work: Work, number: int, decision: str = "") -> Report:
    """Close a report with what was decided; raises `NotFound`, `Conflict` where it is closed already, `Invalid`."""
    row = store.get(work, number)
    if row.closed_at is not None:
        raise Conflict(f"Die Meldung {number} ist schon erledigt.")
    if len(decision) > rules.MAX_DECISION:
        raise Invalid([Problem("note", f"ist länger als {rules.MAX_DECISION} Zeichen; bitte kürzen")])
    row.closed_at, row.decision = work.now, decision.strip()
    if row.mail:
        sending.post(work, wire.decided(work.settings, actors.instance(work).name, row, work.now))
        row.mail = ""
    return store.report(row)


def expire(work: Work) -> int:
    """Erase reports that were closed long ago, and the address of whoever was not answered for as long."""
    before = work.now - rules.CLOSED_LAST
    return store.erase_mails(work, before) + store.erase_closed(work, before, _AT_ONCE)
