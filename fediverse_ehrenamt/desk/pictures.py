"""A picture that comes with a form of the desk: kept, or what is wrong with it."""

from starlette.concurrency import run_in_threadpool

from fediverse_ehrenamt.kit.errors import Problem
from fediverse_ehrenamt.kit.sentences import sentence
from fediverse_ehrenamt.media import images
from fediverse_ehrenamt.media.limits import Unreadable
from fediverse_ehrenamt.web.uploads import Upload
from fediverse_ehrenamt.work import Workshop

_NAME = 80  # characters of a file's name


async def keep(workshop: Workshop, upload: Upload, field: str, problems: list[Problem]) -> str:
    """Return the name of an uploaded picture that was kept, "" where it cannot be used, which `problems` then say."""
    try:
        return await run_in_threadpool(images.keep_content, workshop.settings.data, upload.content)
    except Unreadable as error:
        problems.append(
            Problem(field, sentence("„%(file)s“ %(problem)s", file=upload.name[:_NAME], problem=error.said))
        )
        return ""
