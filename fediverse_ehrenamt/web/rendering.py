"""From a template to an answer: everything is escaped unless `kit.html` made it safe, in the visitor's language."""

import re
from collections.abc import Callable, Hashable, Sequence
from dataclasses import dataclass
from functools import lru_cache
from http import HTTPStatus
from pathlib import Path
from typing import Final
from urllib.parse import urlencode

from jinja2 import Environment, FileSystemLoader, StrictUndefined
from jinja2.ext import Extension
from markupsafe import Markup
from starlette.requests import Request
from starlette.responses import HTMLResponse

from fediverse_ehrenamt.web import assets, i18n, sessions, shortlist
from fediverse_ehrenamt.web.i18n import Language

TEMPLATES: Final = Path(__file__).parent / "templates"
LANGUAGE_PARAMETER: Final = "sprache"
"""Query parameter and cookie that hold a visitor's choice of language."""
SIGN_IN: Final = "/anmelden"
SECOND_STEP: Final = "/konto/zweiter-schritt"
ONWARD: Final = "weiter"
"""Query parameter of `SIGN_IN` and `SECOND_STEP`: the path to go on to."""
SIGNED_OUT: Final = "abgemeldet"
"""Query parameter of the start page to which somebody comes who has just signed out."""
STYLE: Final = "/aussehen.css"
LOGO: Final = "/logo.png"
JOIN: Final = "/organisation-anmelden"
IMPRINT: Final = "/impressum"
DESK: Final = "/verwaltung/organisationen"
_PACKAGE = __name__.partition(".")[0]
_SHARED = "web"  # what answers where nothing else does: errors
_INDENTATION = re.compile(r"\n[ \t]+")
_POSTING = re.compile(r'<form\b[^>]*\bmethod="post"[^>]*>')
_A_YEAR = 365 * 24 * 3600
_MOST_MESSAGES = 4_096  # of a language that are held ready
_VARY = "Accept, Accept-Language, Cookie"
_OWN_PATHS = {
    "start": "/",
    "calendar": "/kalender",
    "map": "/karte",
    "about": "/ueber",
    "follow": "/folgen",
    "save": "/suche-merken",
    "profile": "/passung",
    "matching": "/so-funktioniert-die-passung",
    "sign_in": SIGN_IN,
    "sign_out": "/abmelden",
    "account": "/konto",
    "desk": DESK,
    "admin": "/verwaltung",
    "shortlist": "/merkliste",
    "join": JOIN,
    "imprint": IMPRINT,
    "privacy": "/datenschutz",
    "rules": "/regeln",
    "accessibility": "/barrierefreiheit",
}


@dataclass(frozen=True, slots=True)
class Look:
    """What an operator chose for all pages; what they left is "". A logo's size is in pixels."""

    style_version: str = ""
    logo_version: str = ""
    logo_width: int = 0
    logo_height: int = 0
    tagline: str = ""
    languages: tuple[str, ...] = ()
    """The languages of the visitors' pages; () for all that there are."""

    @property
    def style(self) -> str:
        """Where the style sheet is, "" where there is none."""
        return f"{STYLE}?v={self.style_version}" if self.style_version else ""

    @property
    def logo(self) -> str:
        """Where the logo is, "" where there is none."""
        return f"{LOGO}?v={self.logo_version}" if self.logo_version else ""


class Unindented(Extension):
    """Drops the indentation of templates, which is for their readers and would be a third of a page."""

    def preprocess(self, source: str, name: str | None, filename: str | None = None) -> str:
        """Return the source without white space at the beginning of lines."""
        del name, filename
        return _INDENTATION.sub("\n", source)


@lru_cache
def environment(code: str) -> Environment:
    """Return the template environment of one language; templates are compiled once for each."""
    language = i18n.language(code)
    made = Environment(
        loader=FileSystemLoader(TEMPLATES),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
        auto_reload=False,
        extensions=["jinja2.ext.i18n", Unindented],
    )
    # The extension has the method, Jinja's type stubs know only of extensions in general.
    made.install_gettext_translations(language.catalogue, newstyle=True)  # type: ignore[attr-defined]
    made.policies["ext.i18n.trimmed"] = True
    made.policies["json.dumps_kwargs"] = {"ensure_ascii": False}
    made.globals.update(static=assets.href, language=language, paths=_OWN_PATHS, _=_translating(language))
    return made


def _translating(language: Language) -> Callable[..., Markup]:
    """Return `_` for the templates of one language; a page has hundreds, and most are the same on every page."""

    @lru_cache(_MOST_MESSAGES)
    def unfilled(message: str) -> Markup:
        return Markup(language.gettext(message))  # noqa: S704 - of templates, which give constants alone (tested)

    @lru_cache(_MOST_MESSAGES)
    def plain(message: str) -> Markup:
        return unfilled(message) % {}

    def translated(message: str, /, **values: object) -> Markup:
        return unfilled(message) % values if values else plain(message)

    return translated


def language_of(request: Request) -> Language:
    """Return the language of the page: asked for in the URL, chosen before (cookie), or wanted by the browser."""
    asked = request.query_params.get(LANGUAGE_PARAMETER, "")
    wish = asked if asked in i18n.LOCALES else request.cookies.get(LANGUAGE_PARAMETER, "")
    return i18n.choose(wish, request.headers.get("accept-language", ""), _offered(request))


def _offered(request: Request) -> Sequence[str]:
    """Return the languages of the page that answers, which is one of the package its endpoint is in."""
    ours, _, inside = str(getattr(request.scope.get("endpoint"), "__module__", "")).partition(".")
    known = i18n.offered(inside.partition(".")[0] if ours == _PACKAGE else _SHARED)
    chosen: Sequence[str] = request.app.state.look.languages
    return [code for code in known if code in chosen] if chosen and known != i18n.WORKING else known


def page(request: Request, template: str, status: int = HTTPStatus.OK, **values: object) -> HTMLResponse:
    """Render a template as an answer to `request`, in its language.

    Every template also finds: `language`, `language_name` (what it calls itself), `languages` (code, own name, URL of
    this page in it), `instance_name`, `look`, `static(name)`, `paths`, `visitor` (somebody who is signed in, None where
    nobody is or nobody looked), `saved` (the ids of the visitor's Merkliste), `here` (path and query of this page).
    Forms that post carry the session's seal.
    """
    return answer(request, draw(request, template, **values), status)


def draw(request: Request, template: str, **values: object) -> str:
    """Return the page that `page` answers with, its forms not sealed yet."""
    language = language_of(request)
    return (
        environment(language.code)
        .get_template(template)
        .render(
            values,
            instance_name=request.app.state.instance_name,
            look=request.app.state.look,
            languages=_languages(request),
            language_name=i18n.OWN_NAMES[language.code],
            visitor=_visitor(request),
            saved=shortlist.read(request),
            here=_here(request),
        )
    )


def around(request: Request) -> tuple[Hashable, ...]:
    """Return what `draw` shows beside a page's own values to somebody of whom nothing is known."""
    state = request.app.state
    return language_of(request).code, state.instance_name, state.look, *_offered(request), _here(request)


def is_of_somebody(request: Request) -> bool:
    """Say whether `draw` shows something of who asks: who is signed in, or what they keep."""
    return bool(_visitor(request) or shortlist.read(request))


def answer(request: Request, drawn: str, status: int = HTTPStatus.OK) -> HTMLResponse:
    """Answer `request` with what `draw` has drawn for it, or for somebody to whom it looks the same."""
    caching = "private, no-cache" if is_of_somebody(request) else "no-cache"
    language = language_of(request).code
    response = HTMLResponse(
        _sealed(request, drawn), status, {"Content-Language": language, "Vary": _VARY, "Cache-Control": caching}
    )
    asked = request.query_params.get(LANGUAGE_PARAMETER, "")
    if asked in i18n.LOCALES:
        secure = request.url.scheme == "https"
        response.set_cookie(LANGUAGE_PARAMETER, asked, max_age=_A_YEAR, samesite="lax", httponly=True, secure=secure)
    return response


def _visitor(request: Request) -> object:
    return getattr(request.state, "visitor", None)


def _sealed(request: Request, page: str) -> str:
    """Put the seal of the session into every form that posts; nothing that people wrote has such a tag."""
    seal = sessions.seal(request)
    if not seal:
        return page
    return _POSTING.sub(rf'\g<0><input type="hidden" name="{sessions.SEAL_FIELD}" value="{seal}">', page)


def _here(request: Request) -> str:
    query = request.url.query
    return f"{request.url.path}?{query}" if query else request.url.path


def _languages(request: Request) -> list[tuple[str, str, str]]:
    """Return the languages of a page: code, own name, and where this page is in it."""
    kept = [(name, value) for name, value in request.query_params.multi_items() if name != LANGUAGE_PARAMETER]
    here = f"{request.url.path}?{urlencode([*kept, (LANGUAGE_PARAMETER, '')])}"
    return [(code, i18n.OWN_NAMES[code], here + code) for code in _offered(request)]
