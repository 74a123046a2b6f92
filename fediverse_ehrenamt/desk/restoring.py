"""What a moderator took down is put back: as it was handed in, under new ids, and what refers to it follows.

An id that was deleted never comes back: peers keep its tombstone and refuse it, as we do. So everybody is sent new
objects, many of them quietly, and likes and public answers stay behind.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

from sqlalchemy import update

from fediverse_ehrenamt.desk import drafting, store
from fediverse_ehrenamt.desk.model import SeriesRow
from fediverse_ehrenamt.engagements import store as enquiries
from fediverse_ehrenamt.events import actions as events
from fediverse_ehrenamt.events import rules as event_rules
from fediverse_ehrenamt.imports import store as imports
from fediverse_ehrenamt.imports.actions import SHOWN_AT_ONCE
from fediverse_ehrenamt.moderation import actions as moderation
from fediverse_ehrenamt.moderation import store as measures
from fediverse_ehrenamt.moderation.model import TakenRow
from fediverse_ehrenamt.opportunities import actions as opportunities
from fediverse_ehrenamt.opportunities import rules as opportunity_rules
from fediverse_ehrenamt.publishing.drafts import Draft
from fediverse_ehrenamt.things import bulk
from fediverse_ehrenamt.things import store as things
from fediverse_ehrenamt.work import Work


@dataclass(frozen=True, slots=True)
class Restored:
    """How much was put back, and how much could not be, which its organisation finds among what it has begun."""

    count: int
    left: int


@dataclass(frozen=True, slots=True)
class _Taken:
    row: TakenRow
    draft: Draft


def lift(work: Work, organisation: str) -> tuple[str, Restored]:
    """Let a suspended organisation publish again, and put back what stood; return its name too.

    Raises as `moderation.actions.lift`.
    """
    lifted = moderation.lift(work, organisation)
    return lifted.name, restore(work, organisation, lifted.measure)


def restore(work: Work, organisation: str, measure: int) -> Restored:
    """Publish again what a measure (its number) took down, but for what is over or stands already."""
    kept = [_Taken(row, imports.load(row.kind, row.draft)) for row in measures.kept(work, measure)]
    standing = things.own_keys(work, organisation, [one.row.key for one in kept])
    ready = [one for one in kept if one.row.key not in standing and _holds(one.draft, work)]
    alone = [one for one in ready if not one.row.series]
    renamed = _publish_alone(work, organisation, alone)
    # What a date belongs to comes first, the first of a series too, which is the context of its others.
    dates = sorted((one for one in ready if one.row.series), key=lambda one: bool(_series_of(one.draft)))
    for one in dates:
        renamed[one.row.uri] = _publish_date(work, organisation, one, renamed)
    left = [one for one in kept if one.row.key not in standing and one not in ready and not one.row.series]
    for one in left:
        store.keep(work, organisation, drafting.of_published(one.draft))
    _follow(work, organisation, renamed)
    measures.forget_kept(work, [measure])
    return Restored(len(ready), len(left))


def _holds(draft: Draft, work: Work) -> bool:
    if isinstance(draft, event_rules.Draft):
        return draft.ends_at > work.now and not event_rules.problems(draft, work.now)
    return not opportunity_rules.problems(draft, work.now)


def _series_of(draft: Draft) -> str:
    return draft.series if isinstance(draft, event_rules.Draft) else ""


def _is_open(draft: Draft) -> bool:
    if isinstance(draft, event_rules.Draft):
        return draft.status == "confirmed"
    return draft.details.status == opportunity_rules.OPEN


def _publish_alone(work: Work, organisation: str, taken: Sequence[_Taken]) -> dict[str, str]:
    """Publish what belongs to nothing else, in timelines only few open ones; return the new URIs by the old."""
    shown = [one for one in taken if _is_open(one.draft)]
    shown = shown if len(shown) <= SHOWN_AT_ONCE else []
    renamed = {one.row.uri: _publish(work, organisation, one.draft) for one in shown}
    quiet = [one for one in taken if one not in shown]
    for kind in (event_rules.Draft, opportunity_rules.Draft):
        some = [one for one in quiet if isinstance(one.draft, kind)]
        for start in range(0, len(some), bulk.MOST):
            batch = some[start : start + bulk.MOST]
            outcomes = _publish_quietly(work, organisation, [one.draft for one in batch])
            renamed |= {one.row.uri: new for one, new in zip(batch, outcomes, strict=True)}
    return renamed


def _publish(work: Work, organisation: str, draft: Draft, row: str = "") -> str:
    if isinstance(draft, event_rules.Draft):
        return events.publish(work, organisation, draft, row).uri
    return opportunities.publish(work, organisation, draft).uri


def _publish_quietly(work: Work, organisation: str, drafts: Sequence[Draft]) -> list[str]:
    dated = [draft for draft in drafts if isinstance(draft, event_rules.Draft)]
    offers = [draft for draft in drafts if isinstance(draft, opportunity_rules.Draft)]
    found = events.publish_quietly(work, organisation, dated) if dated else []
    found += opportunities.publish_quietly(work, organisation, offers) if offers else []
    return [one.uri for one in found]


def _publish_date(work: Work, organisation: str, one: _Taken, renamed: Mapping[str, str]) -> str:
    draft, context = one.draft, _series_of(one.draft)
    if isinstance(draft, event_rules.Draft):
        draft = replace(draft, series=renamed.get(context, context))
    row = one.row.series if one.row.series != context else ""
    return _publish(work, organisation, draft, row)


def _follow(work: Work, organisation: str, renamed: Mapping[str, str]) -> None:
    """Let what refers to things by their URIs refer to the new ones."""
    for old, new in renamed.items():
        mine = SeriesRow.actor == organisation, SeriesRow.context == old
        work.db.execute(update(SeriesRow).where(*mine).values(context=new))
        enquiries.follow(work, old, new)
        imports.follow(work, old, new)
