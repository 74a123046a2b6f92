"""A form with a file, sent by POST as multipart/form-data (RFC 7578): bounded before anything of it is looked at."""

from collections.abc import AsyncGenerator
from dataclasses import dataclass
from typing import Final

from starlette.datastructures import UploadFile
from starlette.formparsers import MultiPartException, MultiPartParser
from starlette.requests import Request

from fediverse_ehrenamt.kit.errors import Malformed, TooLarge
from fediverse_ehrenamt.kit.sentences import sentence
from fediverse_ehrenamt.web import forms
from fediverse_ehrenamt.web.forms import Fields

_KIND = "multipart/form-data"
PATIENCE: Final = 3
"""Times as large as it may be, a file is still read past, for the sake of the fields around it."""


@dataclass(frozen=True, slots=True)
class Upload:
    """A file that somebody sent; `name` is what they call it. Of one that is `too_large` there is no content."""

    name: str
    content: bytes
    too_large: bool = False


async def posted(
    request: Request, longest: int, most: int, largest: int, *, patient: bool = False, unread: bool = False
) -> tuple[Fields, Upload | None]:
    """Return at most `most` fields in at most `longest` bytes, and a file of at most `largest` bytes, if there is one.

    A form that was sent without a file in the plain way is read, too. Raises as `forms.posted`; whoever is `patient` is
    told of a file that is too large and gets the fields, so that nothing that was typed is lost. Of a file that is
    `unread` there is no content: strangers, too, can send one.
    """
    if not request.headers.get("content-type", "").startswith(_KIND):
        return await forms.posted(request, longest, most), None
    forms.check_site(request)
    body = _bounded(request, longest + largest * (PATIENCE if patient else 1), largest)
    parser = MultiPartParser(request.headers, body, max_files=1, max_fields=most + 1, max_part_size=longest)
    try:
        form = await parser.parse()
    except MultiPartException as error:
        raise Malformed(sentence("Dieses Formular kam unvollständig an. Bitte senden Sie es noch einmal.")) from error
    try:
        fields = [(name, value) for name, value in form.multi_items() if isinstance(value, str)]
        files = [value for _name, value in form.multi_items() if isinstance(value, UploadFile) and value.filename]
        fields = forms.unsealed(request, fields)
        readable = -1 if unread else largest if patient else longest + largest
        return fields, await _upload(files[0], readable) if files else None
    finally:
        await form.close()


async def _upload(file: UploadFile, most: int) -> Upload:
    name, too_large = file.filename or "", (file.size or 0) > most
    return Upload(name, b"" if too_large else await file.read(), too_large)


async def _bounded(request: Request, most: int, largest: int) -> AsyncGenerator[bytes, None]:
    length = 0
    async for chunk in request.stream():
        length += len(chunk)
        if length > most:
            raise TooLarge(
                sentence(
                    "Das ist zu groß. Eine Datei darf hier höchstens %(most)s MB haben.", most=largest // 1_000_000
                )
            )
        yield chunk
