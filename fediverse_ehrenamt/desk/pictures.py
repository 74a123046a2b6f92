"""Pictures that come with the forms of the desk: kept or refused, and erased once nothing shows them any more."""

import os
import re
from collections.abc import Iterator
from datetime import timedelta
from typing import Final

from sqlalchemy import select
from starlette.concurrency import run_in_threadpool

from fediverse_ehrenamt.desk.model import HeldRow, SeriesRow, UnfinishedRow
from fediverse_ehrenamt.federation.model import LocalActorRow
from fediverse_ehrenamt.kit.errors import Problem
from fediverse_ehrenamt.kit.sentences import sentence
from fediverse_ehrenamt.media import images, widths
from fediverse_ehrenamt.media.limits import Unreadable
from fediverse_ehrenamt.moderation.model import TakenRow
from fediverse_ehrenamt.things.model import ThingRow
from fediverse_ehrenamt.web.uploads import Upload
from fediverse_ehrenamt.work import Work, Workshop

UNUSED_LASTS: Final = timedelta(days=1)  # a form that was sent with a picture may not be published yet
_LOOKED_AFTER: Final = timedelta(hours=6)
_MARK: Final = "durchgesehen"  # a file: when it was last looked for what nothing shows
_NAME = 80  # characters of a file's name
_IN_DRAFT = re.compile(r'"([0-9a-f]{32}\.jpg)"')


async def keep(workshop: Workshop, upload: Upload, field: str, problems: list[Problem]) -> str:
    """Return the name of an uploaded picture that was kept, "" where it cannot be used, which `problems` then say."""
    if upload.too_large:
        problems.append(Problem(field, images.too_large(f"„{upload.name[:_NAME]}“")))
        return ""
    try:
        return await run_in_threadpool(images.keep_content, workshop.settings.data, upload.content)
    except Unreadable as error:
        problems.append(
            Problem(field, sentence("„%(file)s“ %(problem)s", file=upload.name[:_NAME], problem=error.said))
        )
        return ""


def erase_unused(work: Work) -> int:
    """Erase pictures that nothing shows any more, a few times a day: who withdraws an offer takes its picture along."""
    folder = images.folder(work.settings.data)
    mark = folder / _MARK
    looked_at = mark.stat().st_mtime if mark.exists() else 0.0
    if not folder.exists() or work.now.timestamp() < looked_at + _LOOKED_AFTER.total_seconds():
        return 0
    unused = list(images.unwanted(work.settings.data, set(_shown(work)), work.now - UNUSED_LASTS))
    for file in unused:
        widths.remove(file)
    mark.touch()
    os.utime(mark, (work.now.timestamp(), work.now.timestamp()))
    return 0  # all of it is done


def _shown(work: Work) -> Iterator[str]:
    """Yield the names of all pictures that are shown, or will be once something is published or put back."""
    for column in (LocalActorRow.icon, UnfinishedRow.image, HeldRow.image, SeriesRow.image):
        yield from work.db.scalars(select(column).where(column != ""))
    for draft in (ThingRow.draft, TakenRow.draft, SeriesRow.draft):
        for written in work.db.scalars(select(draft).where(draft.contains(".jpg"))):
            yield from _IN_DRAFT.findall(written)
