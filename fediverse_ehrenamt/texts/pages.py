"""The pages of texts: the instance's under a path of their own, an organisation's below its page."""

from dataclasses import dataclass
from datetime import datetime

from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import BaseRoute, Route

from fediverse_ehrenamt.kit.errors import NotFound
from fediverse_ehrenamt.texts import actions, rules, wire
from fediverse_ehrenamt.web import rendering
from fediverse_ehrenamt.work import Workshop

TITLES = {
    rules.IMPRINT: "Impressum",
    rules.PRIVACY: "Datenschutz",
    rules.RULES: "Regeln",
    rules.ACCESSIBILITY: "Barrierefreiheit",
}


@dataclass(frozen=True, slots=True)
class Shown:
    """A text for a visitor: `other` names its language where it is not the one of the page."""

    title: str
    html: str
    language: str
    edited_at: datetime | None
    other: str


async def of_instance(request: Request) -> Response:
    return await _page(request, request.url.path.strip("/"), rules.INSTANCE)


async def of_organisation(request: Request) -> Response:
    return await _page(request, request.url.path.rpartition("/")[2], request.path_params["handle"].lower())


async def about(request: Request) -> Shown | None:
    """Return what the operator says about the instance, None where they said nothing."""
    return await _shown(request, rules.ABOUT, rules.INSTANCE)


async def _page(request: Request, slug: str, owner: str) -> Response:
    shown = await _shown(request, slug, owner)
    if shown is None:
        raise NotFound("Diesen Text gibt es hier nicht.")
    back = f"/organisationen/{owner}" if owner else ""
    return rendering.page(request, "texts/text.html", shown=shown, plain_title=TITLES[slug], back=back)


async def _shown(request: Request, slug: str, owner: str) -> Shown | None:
    workshop: Workshop = request.app.state.workshop
    language = rendering.language_of(request)
    text = await workshop.read(actions.find, slug, language.code, owner)
    if text is None:
        return None
    # Rendering is remembered by the source, so that every process shows a change at once.
    read = wire.rendered(text.source, request.app.state.instance_name, workshop.settings.url)
    other = language.language_name(text.language) if text.language != language.code else ""
    return Shown(read.title, read.html, text.language, text.edited_at, other)


ROUTES: list[BaseRoute] = [
    *(Route(f"/{slug}", of_instance, name=slug) for slug in rules.PUBLIC),
    *(Route(f"/organisationen/{{handle}}/{slug}", of_organisation) for slug in rules.OF_ORGANISATIONS),
]
