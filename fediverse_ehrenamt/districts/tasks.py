"""How a process comes to know the districts of its instance: at its start, and within a second of every change."""

import asyncio
import logging
from pathlib import Path
from typing import Final

from fediverse_ehrenamt.districts import actions, store
from fediverse_ehrenamt.jobs.pump import Step
from fediverse_ehrenamt.places import data, updating
from fediverse_ehrenamt.places import districts as tables
from fediverse_ehrenamt.work import Workshop

SECONDS: Final = 1.0
"""How often a process looks whether districts changed."""
TAKEN: Final = "districts-uebernommen.tsv"
"""What the file is called, in which former versions kept them, once the database has them."""
_log = logging.getLogger(__name__)


def begin(workshop: Workshop) -> None:
    """Know the districts; those of a file of a former version are taken over first. Blocks."""
    path = workshop.settings.data / updating.FOLDER / data.DISTRICTS
    if path.is_file():
        _take_over(workshop, path)
    workshop.read_now(actions.teach)


def _take_over(workshop: Workshop, path: Path) -> None:
    """Keep in the database what a file says, and rename it; where that fails, nothing comes twice at the next start."""
    try:
        with path.open("rb") as file:
            found = tables.read(file.read(tables.MOST_BYTES).decode("utf-8", "replace"))
        learnt = workshop.write_now(actions.learn, found)
        _log.info("%s: %s districts are taken over into the database", path, len(learnt))
        path.replace(path.with_name(TAKEN))
    except OSError as error:
        _log.warning("%s cannot be taken over, or not be renamed: %s", path, error)


def follow(workshop: Workshop) -> Step:
    """Return the step that lets this process know the districts, and then what was changed elsewhere."""
    known = -1

    async def step() -> int:
        nonlocal known
        if known < 0:
            await asyncio.to_thread(begin, workshop)
        if await workshop.read(store.edition) != known:
            known = await workshop.read(actions.teach)
        return 0

    return step
