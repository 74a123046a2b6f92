"""After an update with new facts: what the search knows of offers is read again from what was published or received.

The changes of Documents are followed from the first one on, as `placing` does. Only what becomes different is written.
"""

from collections.abc import Sequence
from dataclasses import replace
from typing import Final

from fediverse_ehrenamt.jobs.queue import Job
from fediverse_ehrenamt.jobs.runner import JobFunction
from fediverse_ehrenamt.search import store as search
from fediverse_ehrenamt.search.model import OPPORTUNITY, START, Document
from fediverse_ehrenamt.things import store, wire
from fediverse_ehrenamt.vocab.types import Opportunity
from fediverse_ehrenamt.work import Work, Workshop

DESCRIBE_AGAIN: Final = "describe_again"  # the migration that asks for it names it too
_MOST_BATCHES: Final = 20_000  # of `search.BATCH` Documents


async def describe_again(workshop: Workshop, _job: Job) -> None:
    """Look through all offers; what was described before a failure needs nothing the next time."""
    cursor = START
    for _ in range(_MOST_BATCHES):
        found = await workshop.read(search.changes, cursor)
        uris = [one.uri for one in map(search.read, found) if one is not None and one.kind == OPPORTUNITY]
        if uris:
            await workshop.write(describe, uris)
        if len(found) < search.BATCH:
            return
        cursor = found[-1].number


def describe(work: Work, uris: Sequence[str]) -> int:
    """Read the facts of some offers (up to `search.BATCH`) anew; return how many have changed."""

    def decide(held: Sequence[Document]) -> list[Document]:
        things = store.parsed(work, [one.uri for one in held])
        offers = ((one, thing) for one in held if isinstance(thing := things.get(one.uri), Opportunity))
        said = ((one, wire.facts(thing.details, thing.place, thing.language)) for one, thing in offers)
        return [replace(one, facts=facts) for one, facts in said if facts != one.facts]

    return search.amend(work, uris, decide)


JOBS: dict[str, JobFunction] = {DESCRIBE_AGAIN: describe_again}
