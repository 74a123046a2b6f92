"""What becomes of things without anybody's asking: consent is withdrawn, a source goes, time passes."""

from typing import cast

from sqlalchemy import Table, delete, select

from fediverse_ehrenamt.federation import peers, sources
from fediverse_ehrenamt.federation.model import SourceRow
from fediverse_ehrenamt.jobs.queue import Job
from fediverse_ehrenamt.jobs.runner import JobFunction
from fediverse_ehrenamt.search import store as search
from fediverse_ehrenamt.search.model import POST
from fediverse_ehrenamt.things import origins, review, store
from fediverse_ehrenamt.things.model import ThingRow
from fediverse_ehrenamt.work import Work, Workshop

_things = cast("Table", ThingRow.__table__)


async def forget_posts(workshop: Workshop, job: Job) -> None:
    """Erase the posts of an author who doesn't consent to being searched any more (FEP-5feb)."""
    await workshop.write(_forget_posts, job.argument)


def _forget_posts(work: Work, actor: str) -> int:
    if store.author(work, actor).indexable:  # changed their mind again meanwhile
        return 0
    posts = select(_things.c.uri).where(_things.c.actor == actor, _things.c.kind == POST, ~_things.c.local)
    uris = list(work.db.scalars(posts))
    store.remove(work, uris)
    review.forget_actor(work, actor)
    return len(uris)


async def follow_suspension(workshop: Workshop, job: Job) -> None:
    """Keep out what is by whom their own server has suspended (Mastodon's `toot:suspended`), or let it in again."""
    await workshop.write(_follow_suspension, job.argument)


def _follow_suspension(work: Work, actor: str) -> None:
    # As it is known now: where both were heard of at once, the later counts, whichever job runs last.
    (review.suspend if store.author(work, actor).suspended else review.lift)(work, actor)


async def forget_source(workshop: Workshop, job: Job) -> None:
    """Erase what a source gave that is gone."""
    await workshop.write(_forget_source, job.argument)


def _forget_source(work: Work, uri: str) -> int:
    row = work.db.get(SourceRow, uri)
    return origins.drop(work, row) if row is not None and row.state == sources.GONE else 0


def expire(work: Work) -> int:
    """Take out what is over, a bounded amount: of others' things all, of our own only the Document."""
    uris = search.due(work)
    work.db.execute(delete(_things).where(_things.c.uri.in_(uris), ~_things.c.local))
    search.remove(work, uris)
    return len(uris)


JOBS: dict[str, JobFunction] = {
    peers.FORGET_POSTS: forget_posts,
    peers.FOLLOW_SUSPENSION: follow_suspension,
    sources.FORGET_SOURCE: forget_source,
}
