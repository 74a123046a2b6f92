"""What is done with the entries of a file: their images are kept, then all are published in one transaction or none."""

from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path

from fediverse_ehrenamt.events import actions as events
from fediverse_ehrenamt.events.rules import Draft as EventDraft
from fediverse_ehrenamt.kit.errors import Invalid, NotFound, Problem
from fediverse_ehrenamt.media import images
from fediverse_ehrenamt.opportunities import actions as opportunities
from fediverse_ehrenamt.organisations import actions as organisations
from fediverse_ehrenamt.publishing import series
from fediverse_ehrenamt.publishing.entry import Entry, bounded
from fediverse_ehrenamt.things.store import Outcome
from fediverse_ehrenamt.work import Work


def with_images(data: Path, entries: Sequence[Entry]) -> list[Entry]:
    """Store the images of entries under the data folder and return the entries with their names.

    To be called before `apply`, outside of the transaction: an image that nothing refers to does no harm. Raises
    `Invalid` naming every entry whose image cannot be used.
    """
    kept: list[Entry] = []
    problems: list[Problem] = []
    for entry in entries:
        if entry.image_file is None:
            kept.append(entry)
            continue
        try:
            name = images.keep(data, entry.image_file)
        except Invalid as error:
            problems.extend(map(entry.located, error.problems))
        else:
            kept.append(replace(entry, draft=replace(entry.draft, image=name), image_file=None))
    if problems:
        raise Invalid(bounded(problems))
    return kept


def apply(work: Work, entries: Sequence[Entry]) -> list[Outcome]:
    """Publish, change or withdraw all entries, in their order; raises `Invalid` with the problems of all of them.

    The outcomes of an entry's further dates follow its own.

    After `Invalid` the transaction must not be committed: the entries without problems are written in it already.
    """
    outcomes: list[Outcome] = []
    problems: list[Problem] = []
    for entry in entries:
        try:
            owner = _owner(work, entry)
            outcome = _publish(work, owner, entry)
            outcomes += [outcome, *series.publish(work, owner, outcome, entry)]
        except Invalid as error:
            problems.extend(map(entry.located, error.problems))
    if problems:
        raise Invalid(bounded(problems))
    return outcomes


def _owner(work: Work, entry: Entry) -> str:
    try:
        return organisations.get(work, entry.organisation).uri
    except NotFound as error:
        raise Invalid([Problem("organisation", error.public)]) from error


def _publish(work: Work, owner: str, entry: Entry) -> Outcome:
    assert entry.image_file is None, "images are kept before"
    if isinstance(entry.draft, EventDraft):
        return events.publish(work, owner, entry.draft)
    return opportunities.publish(work, owner, entry.draft)
