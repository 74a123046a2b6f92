"""Serves the tiles of the map: images and nothing else, kept by browsers for a week."""

from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import BaseRoute, Route

from fediverse_ehrenamt.kit.buckets import Rate
from fediverse_ehrenamt.maps import tiles
from fediverse_ehrenamt.web import throttle
from fediverse_ehrenamt.web.paths import NUMBER

ASKED = Rate(2_000, 600)  # of a tile server by one connection, which may be a school's: a screen is twenty tiles

_HEADERS = {
    "Cache-Control": "public, max-age=604800",
    "X-Content-Type-Options": "nosniff",
    "Content-Security-Policy": "default-src 'none'; sandbox",
}


async def tile(request: Request) -> Response:
    """One tile, by zoom, column and row (slippy map, Web Mercator)."""
    place = request.path_params

    def may_ask() -> None:
        throttle.check_rate(request, tiles.PATH, ASKED, tiles.UNREACHABLE)

    found = await tiles.get(request.app.state.workshop, place["zoom"], place["column"], place["row"], may_ask)
    return Response(found.body, media_type=found.media_type, headers=_HEADERS)


_TILE = f"{tiles.PATH}/{{zoom:{NUMBER}}}/{{column:{NUMBER}}}/{{row:{NUMBER}}}"
ROUTES: list[BaseRoute] = [Route(_TILE, tile, name="map-tile")]
