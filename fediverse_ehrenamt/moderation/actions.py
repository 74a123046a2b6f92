"""What the operator does with reports: receive, close."""

import orjson

from fediverse_ehrenamt.kit import html, ids
from fediverse_ehrenamt.kit.errors import Conflict, Invalid, NotFound, Problem
from fediverse_ehrenamt.moderation import rules, store
from fediverse_ehrenamt.moderation.model import ReportRow
from fediverse_ehrenamt.moderation.store import Report
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


def close(work: Work, number: int, decision: str = "") -> Report:
    """Close a report with what was decided; raises `NotFound`, `Conflict` where it is closed already, `Invalid`."""
    row = store.get(work, number)
    if row.closed_at is not None:
        raise Conflict(f"Die Meldung {number} ist schon erledigt.")
    if len(decision) > rules.MAX_DECISION:
        raise Invalid([Problem("note", f"ist länger als {rules.MAX_DECISION} Zeichen; bitte kürzen")])
    row.closed_at, row.decision = work.now, decision.strip()
    return store.report(row)


def expire(work: Work) -> int:
    """Erase reports that were closed long ago."""
    return store.erase_closed(work, work.now - rules.CLOSED_LAST, _AT_ONCE)
