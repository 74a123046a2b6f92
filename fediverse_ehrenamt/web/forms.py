"""What a form sends by POST: its fields in their order, bounded; and whether it was sent from a page of ours."""

from urllib.parse import parse_qsl

from starlette.requests import Request

from fediverse_ehrenamt.kit.errors import Forbidden, Malformed, TooLarge

_OWN_SITES = ("same-origin", "none")
Fields = list[tuple[str, str]]


async def posted(request: Request, longest: int, most: int) -> Fields:
    """Return the fields of a form: at most `most` in at most `longest` bytes.

    Raises `TooLarge`, `Malformed`, and `Forbidden` for a form that another site had the browser send.
    """
    if request.headers.get("sec-fetch-site", "none") not in _OWN_SITES:
        raise Forbidden("Dieses Formular kam nicht von unserer Seite.")
    body = b""
    async for chunk in request.stream():
        body += chunk
        if len(body) > longest:
            raise TooLarge("Das ist zu lang.")
    try:
        return parse_qsl(body.decode("utf-8", "replace"), max_num_fields=most)
    except ValueError as error:
        raise Malformed("Das sind zu viele Felder.") from error
