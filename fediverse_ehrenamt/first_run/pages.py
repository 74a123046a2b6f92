"""The app of the first run: the page for setting up, for whoever holds the link, and a sentence for everybody else."""

import asyncio
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from http import HTTPStatus
from pathlib import Path
from urllib.parse import urlencode

from starlette.applications import Starlette
from starlette.middleware import Middleware
from starlette.requests import Request
from starlette.responses import RedirectResponse, Response
from starlette.routing import Route
from uvicorn.middleware.proxy_headers import ProxyHeadersMiddleware

from fediverse_ehrenamt import setup
from fediverse_ehrenamt.accounts import passwords
from fediverse_ehrenamt.admin import asking, menu
from fediverse_ehrenamt.first_run import creating, door, reading
from fediverse_ehrenamt.first_run.door import Door
from fediverse_ehrenamt.first_run.reading import Problems, Typed
from fediverse_ehrenamt.instance import Instance
from fediverse_ehrenamt.kit.errors import Conflict
from fediverse_ehrenamt.look import rules as look
from fediverse_ehrenamt.settings import ENV_FILE, Settings
from fediverse_ehrenamt.web import answers, assets, errors, forms, i18n, rendering, sessions
from fediverse_ehrenamt.web.headers import SecurityHeaders
from fediverse_ehrenamt.web.rendering import Look

_LONGEST_BODY, _MOST_FIELDS = 40_000, 40
_RETRY_SECONDS, _RELOAD_SECONDS = 60, 1
_LOOK_SECONDS = 2.0
_LEAVING_SECONDS = 0.5  # after which nobody new is let in by uvicorn: whoever comes now waits for the next process
_EVERYTHING = "/{path:path}"
_METHODS = ["GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS"]


def build(instance: Instance, address: str, left: Callable[[], None]) -> Starlette:
    """Return the app; `address` is where its link leads to, `left` is called once there is an instance."""

    @asynccontextmanager
    async def lifespan(app: Starlette) -> AsyncIterator[None]:
        watching = asyncio.create_task(_watch(instance, app.state.door))
        yield
        watching.cancel()
        await asyncio.wait([watching])
        await instance.close()
        if app.state.made is not None:
            await app.state.made.close()

    app = Starlette(
        routes=[
            assets.MOUNT,
            Route(f"{door.PATH}/{{token}}", show),
            Route(f"{door.PATH}/{{token}}", create, methods=["POST"]),
            Route(_EVERYTHING, wait, methods=_METHODS),
        ],
        middleware=[
            Middleware(ProxyHeadersMiddleware, trusted_hosts=instance.workshop.settings.proxies),
            Middleware(SecurityHeaders),
        ],
        exception_handlers=dict(errors.HANDLERS),
        lifespan=lifespan,
    )
    instance.workshop.http.guard = _anybody
    app.state.workshop = instance.workshop
    app.state.made = None
    app.state.alone = asyncio.Lock()
    app.state.look = Look()
    app.state.instance_name = "Ehrenamt"
    app.state.door = Door(address, instance.workshop.now, left)
    return app


def _anybody(_method: str, _host: str) -> None:
    """Let every host be asked: nobody is blocked yet, and there are no tables to look into."""


async def _watch(instance: Instance, here: Door) -> None:
    """Leave as soon as there is an instance that somebody else made: by a command, or by another process."""
    while not here.done:
        await asyncio.sleep(_LOOK_SECONDS)
        if await asyncio.to_thread(setup.is_set_up, instance) and not here.done:
            here.shut()


async def wait(request: Request) -> Response:
    """Ask for a little patience, whatever was wanted."""
    here: Door = request.app.state.door
    words = rendering.language_of(request)
    sentence = words.gettext("Dieses Portal wird gerade eingerichtet.")
    if not errors.wants_html(request):
        fields = {"Retry-After": str(_RETRY_SECONDS)}
        return errors.answer(request, HTTPStatus.SERVICE_UNAVAILABLE, sentence, fields)
    response = rendering.page(
        request, "first_run/waiting.html", HTTPStatus.SERVICE_UNAVAILABLE, done=here.done, seconds=_RELOAD_SECONDS
    )
    response.headers["Retry-After"] = str(_RELOAD_SECONDS if here.done else _RETRY_SECONDS)
    response.headers["Cache-Control"] = "no-store"
    return response


async def show(request: Request) -> Response:
    """Show the page to whoever holds the link."""
    here: Door = request.app.state.door
    if not here.lets_in(request.path_params["token"]):
        return _no_link(request)
    return _page(request, Typed(url="" if Settings.is_given("url") else _here(request)), {})


def _here(request: Request) -> str:
    """Return the address under which the page was called, which is most probably that of the portal."""
    return f"{request.url.scheme}://{request.url.netloc}"


async def create(request: Request) -> Response:
    """Set up what the page describes and sign its operator in, or say what is wrong with it."""
    here: Door = request.app.state.door
    fields = await forms.posted(request, _LONGEST_BODY, _MOST_FIELDS)
    async with request.app.state.alone:  # who sends it twice sets up once
        if not here.lets_in(request.path_params["token"]):
            return _no_link(request)
        typed = reading.read(fields)
        settings, found = await _judge(request, typed)
        if found or settings is None:
            return _page(request, typed, found)
        return await _made(request, typed, settings)


async def _judge(request: Request, typed: Typed) -> tuple[Settings | None, Problems]:
    words = rendering.language_of(request)
    settings, found = reading.settings(typed, words)
    found |= reading.problems(typed, words)
    if settings and not Settings.is_given("url") and reading.looks_wrong(settings.url) and not typed.trial:
        found[reading.URL] = words.gettext(
            "Unter „%(address)s“ kann Sie von außen niemand erreichen, oder nur unverschlüsselt. Richtig wäre zum "
            "Beispiel https://ehrenamt.hagen.de. Wenn Sie nur ausprobieren, bestätigen Sie das bitte hier."
        ) % {"address": settings.url}
    if wrong := await creating.wrong_sources(request.app.state.workshop, typed, words):
        found[reading.SOURCES] = wrong
    if found and typed.password:  # which does not come back in the page
        again = words.gettext("Bitte geben Sie das Passwort noch einmal ein.")
        found[reading.PASSWORD] = f"{found.get(reading.PASSWORD, '')} {again}".strip()
    return settings, found


async def _made(request: Request, typed: Typed, settings: Settings) -> Response:
    here: Door = request.app.state.door
    if setup.obstacles(settings, Path(ENV_FILE)):
        return _page(request, typed, {}, HTTPStatus.SERVICE_UNAVAILABLE)
    hashed = await asyncio.to_thread(passwords.digest, typed.password) if typed.password else ""
    agent, language = request.headers.get("user-agent", ""), rendering.language_of(request).code
    try:
        made = await asyncio.to_thread(creating.create, settings, typed, hashed, language, agent)
    except Conflict:  # somebody was quicker, elsewhere
        here.shut()
        return _no_link(request)
    request.app.state.made = made.instance
    request.app.state.workshop = made.instance.workshop
    here.shut()
    await asyncio.sleep(_LEAVING_SECONDS)
    done = f"{menu.PATH}?{urlencode({asking.DONE: menu.SET_UP})}"
    response = RedirectResponse(done, HTTPStatus.SEE_OTHER, {"Connection": "close", **answers.PRIVATE})
    sessions.give(request, response, made.session)
    return response


def _no_link(request: Request) -> Response:
    here: Door = request.app.state.door
    response = rendering.page(request, "first_run/no_link.html", HTTPStatus.GONE, done=here.done)
    response.headers.update(answers.PRIVATE)
    return response


def _page(request: Request, typed: Typed, found: Problems, status: int | None = None) -> Response:
    words = rendering.language_of(request)
    labels = {
        reading.NAME: words.gettext("Name des Portals"),
        reading.SUMMARY: words.gettext("Ein Satz dazu"),
        reading.PLACE: words.gettext("Ort"),
        reading.ACCENT: words.gettext("Farbe"),
        reading.URL: words.gettext("Adresse"),
        reading.HANDLES: words.gettext("Was in Fediverse-Adressen hinten steht"),
        reading.PERSON: words.gettext("Ihr Name"),
        reading.MAIL: words.gettext("Ihre Mailadresse"),
        reading.PASSWORD: words.gettext("Passwort"),
        reading.SOURCES: words.gettext("Erste Quellen"),
    }
    settings = Settings.from_environment()
    usual = HTTPStatus.UNPROCESSABLE_ENTITY if found else HTTPStatus.OK
    page = rendering.page(
        request,
        "first_run/form.html",
        status or usual,
        typed=reading.without_secrets(typed),
        labels=labels,
        problems=found,
        summary=reading.first_of(labels, found),
        obstacles=setup.obstacles(settings, Path(ENV_FILE)),
        fixed_url=settings.url if Settings.is_given("url") else "",
        fixed_handles=settings.handle_domain if Settings.is_given("handle_domain") else "",
        suspicious=reading.looks_wrong(settings.url if Settings.is_given("url") else typed.url),
        nearest=look.nearest(look.read_colour(typed.accent), look.LIGHT) if look.read_colour(typed.accent) else "",
        tongues=[(code, i18n.OWN_NAMES[code]) for code in i18n.LOCALES],
        german=i18n.DEFAULT,
        letters_in="" if settings.smtp_url else str(settings.data / "mail"),
        backgrounds={scheme: list(one.values()) for scheme, one in look.BACKGROUNDS.items()},
        least=look.LEAST,
        folder=str(settings.data),
        database="SQLite" if settings.sqlite else "PostgreSQL",
    )
    page.headers.update(answers.PRIVATE)
    return page
