"""A form with a file, sent by POST as multipart/form-data (RFC 7578): bounded before anything of it is looked at."""

from collections.abc import AsyncGenerator
from dataclasses import dataclass

from starlette.datastructures import UploadFile
from starlette.formparsers import MultiPartException, MultiPartParser
from starlette.requests import Request

from fediverse_ehrenamt.kit.errors import Malformed, TooLarge
from fediverse_ehrenamt.kit.sentences import sentence
from fediverse_ehrenamt.web import forms
from fediverse_ehrenamt.web.forms import Fields

_KIND = "multipart/form-data"


@dataclass(frozen=True, slots=True)
class Upload:
    """A file that somebody sent; `name` is what they call it."""

    name: str
    content: bytes


async def posted(request: Request, longest: int, most: int, largest: int) -> tuple[Fields, Upload | None]:
    """Return at most `most` fields in at most `longest` bytes, and a file of at most `largest` bytes, if there is one.

    A form that was sent without a file in the plain way is read, too. Raises as `forms.posted`.
    """
    if not request.headers.get("content-type", "").startswith(_KIND):
        return await forms.posted(request, longest, most), None
    forms.check_site(request)
    parser = MultiPartParser(
        request.headers, _bounded(request, longest, largest), max_files=1, max_fields=most + 1, max_part_size=longest
    )
    try:
        form = await parser.parse()
    except MultiPartException as error:
        raise Malformed("Dieses Formular kam unvollständig an. Bitte senden Sie es noch einmal.") from error
    try:
        fields = [(name, value) for name, value in form.multi_items() if isinstance(value, str)]
        files = [value for _name, value in form.multi_items() if isinstance(value, UploadFile) and value.filename]
        fields = forms.unsealed(request, fields)
        return fields, Upload(files[0].filename or "", await files[0].read()) if files else None
    finally:
        await form.close()


async def _bounded(request: Request, longest: int, largest: int) -> AsyncGenerator[bytes, None]:
    length = 0
    async for chunk in request.stream():
        length += len(chunk)
        if length > longest + largest:
            raise TooLarge(
                sentence(
                    "Das ist zu groß. Eine Datei darf hier höchstens %(most)s MB haben.", most=largest // 1_000_000
                )
            )
        yield chunk
