"""Which source something comes from, and what was chosen of that source; asked once for each origin of a transaction.

Of all that comes in this is asked, so what was found is kept with the session, which lives as long as its Work.
"""

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import cast

from sqlalchemy import Table, bindparam, select, update

from fediverse_ehrenamt.federation import restrictions
from fediverse_ehrenamt.federation.model import SourceRow
from fediverse_ehrenamt.kit import ids, values
from fediverse_ehrenamt.work import Work

DIRECT, REVIEW = "direct", "review"
TRUST = (DIRECT, REVIEW)
SILENT = ("rejected", "gone")  # states in which nothing of a source is taken

CONTACT_EVERY = timedelta(minutes=10)
_KEPT, _HEARD = "sources of this transaction", "sources heard of in this transaction"
_sources = cast("Table", SourceRow.__table__)
_OF = (
    select(
        _sources.c.uri,
        _sources.c.origin,
        _sources.c.whole_origin,
        _sources.c.trust,
        _sources.c.choice,
        _sources.c.contact_at,
    )
    .where(_sources.c.origin.in_(bindparam("origins", expanding=True)))
    .where(_sources.c.state.not_in(SILENT))
)


@dataclass(frozen=True, slots=True)
class Choice:
    """What of a source is wanted; empty means all.

    `areas` are slugs of the Freiwilligensurvey, `kinds` of `search.model.KINDS`. `place` is a name as it was given,
    its WGS 84 degrees and `radius_km` belong together.
    """

    areas: tuple[str, ...] = ()
    kinds: tuple[str, ...] = ()
    place: str = ""
    latitude: float | None = None
    longitude: float | None = None
    radius_km: float | None = None


@dataclass(frozen=True, slots=True)
class Chosen:
    """A source as those need it who take what it publishes; `choice` is None where everything is wanted."""

    uri: str
    origin: str
    whole: bool
    review: bool
    choice: Choice | None
    contact_at: datetime | None

    def is_author(self, actor: str) -> bool:
        """Say whether what an actor writes is this source's own, not only passed on by it."""
        return actor == self.uri or (self.whole and ids.same_origin(actor, self.uri))


@dataclass(slots=True)
class _Origin:
    """The sources of one origin; the first that stands for all of it counts."""

    by_uri: dict[str, Chosen] = field(default_factory=dict)
    whole: Chosen | None = None


def find(work: Work, *actors: str) -> Chosen | None:
    """Return the source that one of the actors is, the first named first; else the one of whose origin one of them is.

    Those that have refused us, or are gone, are none. The first named is the author: what is blocked comes from no
    source, what is limited only from the author as a source itself.
    """
    known, verdict = _known(work, actors), restrictions.rules(work).of(actors[0])
    if verdict.refusal or verdict.limited:
        return None if verdict.refusal else known[ids.origin(actors[0])].by_uri.get(actors[0])
    origins = {actor: known[ids.origin(actor)] for actor in actors}  # author and sender are mostly one
    for actor, origin in origins.items():
        if actor in origin.by_uri:
            return origin.by_uri[actor]
    return next((origin.whole for origin in origins.values() if origin.whole), None)


def foresee(work: Work, actors: Iterable[str]) -> None:
    """Ask for the sources of a whole batch at once, so that `find` asks no more."""
    _known(work, actors)


def hear(work: Work, source: Chosen) -> None:
    """Note that something was heard of a source: to some minutes, or each activity would cost a write."""
    told = cast("set[str]", work.db.info.setdefault(_HEARD, set()))
    if source.uri not in told and (source.contact_at is None or source.contact_at < work.now - CONTACT_EVERY):
        told.add(source.uri)
        # Another worker may be about to write the same: nobody waits for that.
        free = select(_sources.c.uri).where(_sources.c.uri == source.uri).with_for_update(skip_locked=True)
        work.db.execute(update(_sources).where(_sources.c.uri.in_(free)).values(contact_at=work.now))


def forget(work: Work) -> None:
    """Ask again from now on: sources were changed in this transaction."""
    work.db.info.pop(_KEPT, None)


def _known(work: Work, actors: Iterable[str]) -> dict[str, _Origin]:
    known = cast("dict[str, _Origin]", work.db.info.setdefault(_KEPT, {}))
    missing = {ids.origin(actor) for actor in actors} - known.keys()
    if missing:
        known.update({origin: _Origin() for origin in missing})
        for row in work.db.execute(_OF, {"origins": list(missing)}):
            review, choice = row.trust == REVIEW, read(row.choice)
            one = Chosen(row.uri, row.origin, row.whole_origin, review, choice, row.contact_at)
            here = known[row.origin]
            here.by_uri[one.uri] = one
            if one.whole and here.whole is None:
                here.whole = one
    return known


def read(text: str | None) -> Choice | None:
    """Read a choice as it is stored; one that excludes nothing is None."""
    choice = values.load(Choice, text) if text else Choice()
    return None if choice == Choice() else choice


def write(choice: Choice | None) -> str | None:
    return None if choice in {None, Choice()} else values.dump(choice)
