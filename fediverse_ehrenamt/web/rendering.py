"""From a template to an answer: everything is escaped unless `kit.html` made it safe, in the visitor's language."""

import re
from functools import lru_cache
from http import HTTPStatus
from pathlib import Path
from typing import Final
from urllib.parse import urlencode

from jinja2 import Environment, FileSystemLoader, StrictUndefined
from jinja2.ext import Extension
from starlette.requests import Request
from starlette.responses import HTMLResponse

from fediverse_ehrenamt.web import assets, i18n
from fediverse_ehrenamt.web.i18n import Language

TEMPLATES: Final = Path(__file__).parent / "templates"
LANGUAGE_PARAMETER: Final = "sprache"
"""Query parameter and cookie that hold a visitor's choice of language."""
_INDENTATION = re.compile(r"\n[ \t]+")
_A_YEAR = 365 * 24 * 3600
_VARY = "Accept, Accept-Language, Cookie"
_OWN_PATHS = {
    "start": "/",
    "map": "/karte",
    "about": "/ueber",
    "follow": "/folgen",
    "save": "/suche-merken",
    "profile": "/passung",
    "matching": "/so-funktioniert-die-passung",
}


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
    made.globals.update(static=assets.href, language=language, paths=_OWN_PATHS)
    return made


def language_of(request: Request) -> Language:
    """Return the language of the page: asked for in the URL, chosen before (cookie), or wanted by the browser."""
    asked = request.query_params.get(LANGUAGE_PARAMETER, "")
    wish = asked if asked in i18n.LOCALES else request.cookies.get(LANGUAGE_PARAMETER, "")
    return i18n.choose(wish, request.headers.get("accept-language", ""))


def page(request: Request, template: str, status: int = HTTPStatus.OK, **values: object) -> HTMLResponse:
    """Render a template as an answer to `request`, in its language.

    Every template also finds: `language`, `languages` (code, own name, URL of this page in it), `instance_name`,
    `static(name)`, `paths`.
    """
    language = language_of(request)
    body = (
        environment(language.code)
        .get_template(template)
        .render(
            values,
            instance_name=request.app.state.instance_name,
            languages=[(code, i18n.OWN_NAMES[code], _in_language(request, code)) for code in i18n.LOCALES],
        )
    )
    response = HTMLResponse(
        body, status, {"Content-Language": language.code, "Vary": _VARY, "Cache-Control": "no-cache"}
    )
    if request.query_params.get(LANGUAGE_PARAMETER) in i18n.LOCALES:
        secure = request.url.scheme == "https"
        response.set_cookie(
            LANGUAGE_PARAMETER, language.code, max_age=_A_YEAR, samesite="lax", httponly=True, secure=secure
        )
    return response


def _in_language(request: Request, code: str) -> str:
    kept = [(name, value) for name, value in request.query_params.multi_items() if name != LANGUAGE_PARAMETER]
    return f"{request.url.path}?{urlencode([*kept, (LANGUAGE_PARAMETER, code)])}"
