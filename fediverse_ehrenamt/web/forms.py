"""What a form sends by POST: its fields in their order, bounded, and whether it was sent from a page of ours.

Two things say so: what the browser says of the page (`origins`), and for people who are signed in the seal that
`rendering.page` puts into every form.
"""

from collections.abc import Iterable, Sequence
from urllib.parse import parse_qsl

from starlette.requests import Request

from fediverse_ehrenamt.kit.errors import Forbidden, Malformed, Problem, TooLarge
from fediverse_ehrenamt.kit.sentences import sentence
from fediverse_ehrenamt.web import legible, origins, sessions
from fediverse_ehrenamt.web.i18n import Language
from fediverse_ehrenamt.web.origins import Outdated

Fields = list[tuple[str, str]]
_UNKEPT = (sessions.SEAL_FIELD, origins.MARK_FIELD)


async def posted(request: Request, longest: int, most: int) -> Fields:
    """Return the fields of a form: at most `most` in at most `longest` bytes.

    Raises `TooLarge`, `Malformed`, and `Forbidden` for a form that another site had the browser send, that was made for
    another session, or of which nothing says where it comes from.
    """
    check_site(request)
    body = b""
    async for chunk in request.stream():
        body += chunk
        if len(body) > longest:
            raise TooLarge(sentence("Das ist zu lang."))
    try:
        fields = parse_qsl(body.decode("utf-8", "replace"), max_num_fields=most + 1)
    except ValueError as error:
        raise Malformed(sentence("Das sind zu viele Felder.")) from error
    return unsealed(request, fields)


def told(problems: Iterable[Problem], words: Language, order: Sequence[str] = ()) -> dict[str, str]:
    """Return what is wrong in each field, in the `order` of the form, else as it was found; the first counts."""
    said: dict[str, str] = {}
    ranks = {name: rank for rank, name in enumerate(order)}
    for one in sorted(problems, key=lambda problem: ranks.get(problem.field, len(ranks))):
        said.setdefault(one.field, words.gettext(one.message))
    return said


def too_long(text: str, longest: int, words: Language) -> str:
    """Say of a text that it is longer than so many characters, "" where it is not."""
    if len(text) <= longest:
        return ""
    sentence = words.gettext("Das ist zu lang; richtig wären höchstens %(number)s Zeichen.")
    return sentence % {"number": words.number(longest)}


def check_site(request: Request) -> None:
    """Raise `Forbidden` for a form that another site had the browser send."""
    if origins.is_ours(request) is False:
        raise Forbidden("Dieses Formular kam nicht von unserer Seite.")


def unsealed(request: Request, fields: Fields) -> Fields:
    """Return fields as they can be kept, without the seal.

    Raises `Forbidden` where it is not that of this session, or there is none and nothing else speaks for the form.
    """
    said = dict(fields)
    kept = [(name, legible.text(value)) for name, value in fields if name not in _UNKEPT]
    if not sessions.is_sealed(request, said.get(sessions.SEAL_FIELD, "")):
        words = sentence(
            "Dieses Formular ist älter als Ihre Anmeldung. Bitte laden Sie die Seite neu und senden Sie es noch einmal."
        )
        raise Outdated(words, kept) if origins.is_ours(request) else Forbidden(words)
    origins.check(request, said.get(origins.MARK_FIELD, ""), kept)
    return kept
