"""Pages as they were last drawn: all of whom nothing is known get the same page for as long as it shows the same.

Searches come back: the first page, all that is linked from it, what a town talks about. Drawing takes most of the time
of a page, so a drawn one is given again, for a minute at most (`search.cache.HELD`).
"""

from collections.abc import Callable, Mapping
from typing import Final

from starlette.requests import Request
from starlette.responses import HTMLResponse

from fediverse_ehrenamt.search.cache import Cache
from fediverse_ehrenamt.web import rendering

_MOST: Final = 128  # pages of about 60 kB
_LONGEST: Final = 1_000  # characters of an address that is held: the page repeats it
_held: Cache[str] = Cache(_MOST)  # of all instances in this process: what a page shows tells them apart


def page(
    request: Request, template: str, shown: object, values: Callable[[], Mapping[str, object]], *, alone: bool
) -> HTMLResponse:
    """Answer with a template and its `values`, which are worked out only where no such page is held.

    `shown` is all that they are made of beside the request, the moment aside: where it is equal, the page is the same.
    One that is for its visitor `alone`, since it says something of them, is never held.
    """

    def draw() -> str:
        return rendering.draw(request, template, **values())

    if alone or rendering.is_of_somebody(request) or len(request.url.query) > _LONGEST:
        return rendering.answer(request, draw())
    now = request.app.state.workshop.now()
    return rendering.answer(request, _held.get((template, *rendering.around(request)), shown, now, draw))
