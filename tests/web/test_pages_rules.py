"""What holds for every page: well-formed, labelled, escaped, translated, protected by headers, and quick to make."""

import gzip
import json
import logging
import re
from collections.abc import AsyncIterator, Callable
from html.parser import HTMLParser

import httpx
import pytest
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import Response

from fediverse_ehrenamt.kit import resources
from fediverse_ehrenamt.kit.errors import Conflict, Forbidden, Gone, Invalid, Problem, Rejected, TooMany, Unavailable
from fediverse_ehrenamt.web import assets, i18n, rendering
from fediverse_ehrenamt.web.headers import CONTENT_SECURITY_POLICY
from tests.discover import samples, site

pytestmark = pytest.mark.anyio

_BYTES = 20_000  # of a page and its style sheet as they are sent, compressed
BROWSER = {"Accept": "text/html,application/xhtml+xml,*/*;q=0.8", "Accept-Language": "de"}
VOID = {"meta", "link", "br", "img", "input", "hr", "source"}
PATHS = [
    "/", "/?q=vorlesen&ort=Hagen", "/?art=angebot&ort=Flensburg&umkreis=50", "/?art=angebot&seite=2", "/?bereich=sport",
    "/?q=quastenflosser", "/?ort=Xyzzyheim&von=31.2.2026&bereich=unsinn", "/?von=2026-12-01&bis=2026-12-31",
    f"/angebote/{samples.REMOTE_ID}", f"/angebote/{samples.LOCAL_ID}-haende", f"/termine/{samples.EVENT_ID}",
    f"/beitraege/{samples.POST_ID}", f"/angebote/{samples.HOSTILE_ID}", "/organisationen/garten", "/ueber",
    "/kalender", "/kalender?monat=2026-12", "/kalender?woche=2026-W50&ort=Flensburg", "/kalender?tag=2026-12-12",
    "/kalender?liste=2026-12&barrierefrei=aufzug", "/kalender?monat=2027-05&q=quastenflosser",
    "/kalender?monat=2026-99", "/kalender?ort=Xyzzyheim",
    "/impressum", "/datenschutz", "/regeln", "/barrierefreiheit",
    "/passung", "/passung?ort=Xyzzyheim&bedarf=aufzug&gewicht_zeit=sehr", "/so-funktioniert-die-passung",
    "/folgen?wem=@garten@flensburg.example",
    f"/angebote/{samples.REMOTE_ID}/aushang", f"/termine/{samples.EVENT_ID}/aushang",
    f"/angebote/{samples.HOSTILE_ID}/aushang", f"/beitraege/{samples.POST_ID}/teilen",
    f"/angebote/{samples.REMOTE_ID}/stimmt-nicht-mehr", f"/angebote/{samples.LOCAL_ID}/stimmt-nicht-mehr?danke=1",
    f"/angebote/{samples.HOSTILE_ID}/melden", f"/termine/{samples.EVENT_ID}/melden?danke=mail",
    "/merkliste", f"/merkliste?a={samples.REMOTE_ID}.{samples.EVENT_ID}.{samples.HOSTILE_ID}", "/merkliste?a=nichts",
    f"/merkliste?weg={samples.REMOTE_ID}&stelle=1", f"/merkliste?geleert={samples.REMOTE_ID}", "/merkliste?voll=1",
    "/angebote/gibtesnicht", "/zuviel", "/gesperrt", "/zurueckgezogen", "/spaeter",
]  # fmt: skip


class Outline(HTMLParser):
    """Reads a page as a browser would: what is open, named and labelled; refuses what is not closed in its turn."""

    def __init__(self) -> None:
        super().__init__()
        self.open: list[str] = []
        self.ids: list[str] = []
        self.tags: list[str] = []
        self.attributes: list[tuple[str, dict[str, str]]] = []
        self.scripts: list[str] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        names = [name for name, _ in attrs]
        assert len(names) == len(set(names)), f"{tag} has an attribute twice"
        values = {name: value or "" for name, value in attrs}
        self.tags.append(tag)
        self.attributes.append((tag, values))
        if "id" in values:
            self.ids.append(values["id"])
        if tag not in VOID:
            self.open.append(tag)

    def handle_startendtag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        assert self.open[-1] in {"svg", "symbol"}, f"{tag} {attrs} may not close itself"

    def handle_endtag(self, tag: str) -> None:
        assert self.open, f"{tag} was never opened"
        assert self.open.pop() == tag, f"{tag} closes something else, line {self.getpos()[0]}"

    def handle_data(self, data: str) -> None:
        if self.open and self.open[-1] in {"script", "style"}:
            self.scripts.append(data)

    def all_of(self, name: str) -> list[str]:
        return [values[name] for _, values in self.attributes if name in values]


def outline(page: str) -> Outline:
    made = Outline()
    made.feed(page)
    made.close()
    assert made.open == []
    return made


def refuse(error: Exception) -> Callable[[Request], Response]:
    def endpoint(_request: Request) -> Response:
        raise error

    return endpoint


def desk(request: Request) -> Response:
    return rendering.page(request, "web/error.html", code=403, public="", problems=(), number="")


desk.__module__ = "fediverse_ehrenamt.accounts.pages"


@pytest.fixture(scope="module")
async def app(tmp_path_factory: pytest.TempPathFactory, anyio_backend: str) -> AsyncIterator[Starlette]:
    """The pages, made once: a test of them only looks."""
    assert anyio_backend == "asyncio"
    folder = tmp_path_factory.mktemp("pages")
    workshop = site.open_workshop(folder)
    index = site.fill(workshop, folder, samples.DOCUMENTS)
    refusals = {
        "/gesperrt": Forbidden("Das darf nur die Koordination."),
        "/zurueckgezogen": Gone("Das gibt es hier nicht mehr."),
        "/spaeter": Unavailable("Die Datenbank ist gerade belegt.", 7.2),
        "/zuviel": TooMany("too many", 30),
        "/abgelehnt": Rejected("Die andere Seite hat abgelehnt."),
        "/falsch": Invalid([Problem("titel", "fehlt; richtig wäre <b>ein Titel</b>")]),
        "/fremd": Conflict("Einen Host „<img src=x>“ kennt diese Instanz zu 100 % nicht."),
        "/kaputt": ZeroDivisionError("the secret reason"),
    }
    refusing = [(path, refuse(error)) for path, error in refusals.items()]
    yield site.application(workshop, index, extra=[*refusing, ("/pult", desk)])
    await workshop.close()


@pytest.fixture
async def client(app: Starlette) -> AsyncIterator[httpx.AsyncClient]:
    transport = httpx.ASGITransport(app, raise_app_exceptions=False)
    async with httpx.AsyncClient(transport=transport, base_url=samples.HOME, headers=BROWSER) as made:
        yield made


@pytest.mark.unmeasured
@pytest.mark.parametrize("language", i18n.LOCALES)
@pytest.mark.parametrize("path", PATHS)
async def test_every_page_is_sound(client: httpx.AsyncClient, path: str, language: str) -> None:
    answer = await client.get(path, headers={"Cookie": f"sprache={language}"})
    page = outline(answer.text)
    assert page.tags.count("h1") == 1
    assert page.tags.count("main") == page.tags.count("footer") == 1
    assert len(page.ids) == len(set(page.ids)), "an id is there twice"
    html = next(values for tag, values in page.attributes if tag == "html")
    assert html == {"lang": language, "dir": "rtl" if language == "ar" else "ltr"}
    assert answer.headers["content-language"] == language
    _check_references(page)
    _check_controls(page)
    style = (resources.folder("static") / "css" / "ehrenamt.css").read_bytes()
    assert sum(len(gzip.compress(text)) for text in (answer.content, style)) <= _BYTES


def _check_references(page: Outline) -> None:
    for name in ("for", "aria-labelledby", "aria-describedby", "form"):
        for reference in page.all_of(name):
            assert reference in page.ids, f"{name} names {reference}, which is not there"
    for href in page.all_of("href"):
        assert not href.startswith("#") or href[1:] in page.ids, href
        assert re.match(r"(#|/|https?://|webcal://|mailto:\?|geo:)", href), href
    assert all(
        re.match(r"/(media/|static/|(angebote|termine)/\w+/code\.svg$)", source) for source in page.all_of("src")
    )


def _check_controls(page: Outline) -> None:
    labelled = set(page.all_of("for"))
    for tag, values in page.attributes:
        assert not any(name.startswith("on") or name == "style" for name in values), f"{tag} {values}"
        if tag in {"input", "select"} and values.get("type") not in {"checkbox", "hidden"}:
            assert values["id"] in labelled
        if tag == "img":
            assert "alt" in values
            assert "width" in values


@pytest.mark.parametrize("path", PATHS)
async def test_pages_load_nothing_from_elsewhere(client: httpx.AsyncClient, path: str) -> None:
    answer = await client.get(path)
    page = outline(answer.text)
    loaded = [
        values["href"] for tag, values in page.attributes if tag == "link" and values["rel"] in {"stylesheet", "icon"}
    ]
    assert all(href.startswith("/static/") for href in loaded)
    policy = answer.headers["content-security-policy"]
    if "/folgen" in answer.text or path.endswith("/teilen"):  # that form leads to the visitor's own server
        assert "form-action 'self' https: http:;" in policy  # this instance is reached by http
        policy = policy.replace("form-action 'self' https: http:;", "form-action 'self';")
    assert policy == CONTENT_SECURITY_POLICY
    assert "unsafe" not in CONTENT_SECURITY_POLICY
    assert answer.headers["referrer-policy"] == "same-origin"
    assert answer.headers["x-content-type-options"] == "nosniff"
    assert "camera=()" in answer.headers["permissions-policy"]
    scripts = [values for tag, values in page.attributes if tag == "script"]
    assert all(values["src"].startswith("/static/") for values in scripts if values["type"] == "module")
    assert {values["type"] for values in scripts} <= {"application/ld+json", "module"}
    for script in page.scripts:
        json.loads(script)


async def test_hostile_texts_stay_texts(client: httpx.AsyncClient) -> None:
    for path in (f"/angebote/{samples.HOSTILE_ID}", "/?art=angebot&q=boese"):
        answer = await client.get(path)
        assert "<script>alert" not in answer.text
        assert "<img src=x" not in answer.text
        assert "onload=" not in answer.text.replace('lang="de&#34; onload=&#34;', "")
        assert "spion.example" not in answer.text
        assert 'href="javascript:' not in answer.text
        assert "\u202e" not in answer.text


async def test_the_menu_of_languages_leads_to_this_page_in_each(client: httpx.AsyncClient) -> None:
    page = (await client.get("/?q=vorlesen&sprache=uk")).text
    menu = page.partition('<details class="languages">')[2].partition("</details>")[0]
    assert re.findall(r'href="([^"]+)"\s+lang="([^"]+)"', menu) == [
        (f"/?q=vorlesen&amp;sprache={code}", code) for code in i18n.LOCALES
    ]
    assert re.findall(r'aria-current="true">(\w+)<', menu) == ["Українська"]


async def test_a_page_for_work_is_not_mixed_from_two_languages(client: httpx.AsyncClient) -> None:
    page = await client.get("/pult?sprache=ar", headers={"Accept-Language": "en"})
    assert '<html lang="en" dir="ltr">' in page.text
    assert "العربية" not in page.text
    assert '<html lang="ar" dir="rtl">' in (await client.get("/ueber")).text


async def test_language_is_kept_in_a_cookie(client: httpx.AsyncClient) -> None:
    first = await client.get("/?q=vorlesen&sprache=en")
    assert "Search for “vorlesen”" in first.text
    assert "samesite=lax" in first.headers["set-cookie"].lower()
    second = await client.get("/ueber")
    assert "About Ehrenamt Flensburg" in second.text
    assert "set-cookie" not in second.headers
    third = await client.get("/ueber?sprache=de")
    assert "Über Ehrenamt Flensburg" in third.text
    other = await client.get(f"/angebote/{samples.REMOTE_ID}?sprache=tr")
    assert "set-cookie" not in other.headers


@pytest.mark.parametrize(
    ("path", "status", "words"),
    [
        ("/gibtesnicht", 404, "Diese Seite gibt es nicht"),
        ("/angebote/gibtesnicht", 404, "Diese Seite gibt es nicht"),
        (f"/termine/{samples.LOCAL_ID}", 404, "Diese Seite gibt es nicht"),
        ("/gesperrt", 403, "Das darf nur die Koordination."),
        ("/gesperrt", 403, "Manche Programme schneiden lange Links ab"),
        ("/zuviel", 429, "Bitte warten Sie eine Minute"),
        ("/zurueckgezogen", 410, "Das gibt es nicht mehr"),
        ("/spaeter", 503, "Die Datenbank ist gerade belegt."),
        ("/abgelehnt", 502, "Die andere Seite hat abgelehnt."),
        ("/falsch", 422, "fehlt; richtig wäre &lt;b&gt;ein Titel&lt;/b&gt;"),
    ],
)
async def test_errors_are_pages_for_browsers(client: httpx.AsyncClient, path: str, status: int, words: str) -> None:
    answer = await client.get(path)
    assert answer.status_code == status
    assert answer.headers["content-type"].startswith("text/html")
    assert words in answer.text


async def test_what_an_error_quotes_stays_text(client: httpx.AsyncClient) -> None:
    answer = await client.get("/fremd")
    assert answer.status_code == 409
    assert "„&lt;img src=x&gt;“ kennt diese Instanz zu 100 % nicht." in answer.text


def test_templates_translate_constants_alone() -> None:
    """`_` takes its text as markup: what is worked out goes through `language.gettext`, and is escaped."""
    for template in rendering.TEMPLATES.rglob("*.html"):
        found = [call for call in re.findall(r"(?<![\w.])_\(\s*([^\s])", template.read_text()) if call not in "\"'"]
        assert found == [], template


async def test_errors_are_problems_for_programs(client: httpx.AsyncClient) -> None:
    accept = {"Accept": "application/activity+json", "Accept-Language": ""}
    gone = await client.get("/zurueckgezogen", headers=accept)
    assert gone.headers["content-type"] == "application/problem+json"
    assert gone.json() == {
        "type": "about:blank", "title": "Gone", "status": 410, "detail": "It is no longer here.",
    }  # fmt: skip
    german = await client.get("/zurueckgezogen", headers={**accept, "Accept-Language": "de"})
    assert german.json()["detail"] == "Das gibt es hier nicht mehr.", "whoever asks for a language gets it"
    wrong = await client.get("/falsch", headers=accept)
    assert wrong.status_code == 422
    assert wrong.json()["problems"] == [{"field": "titel", "message": "fehlt; richtig wäre <b>ein Titel</b>"}]
    later = await client.get("/spaeter", headers=accept)
    assert (later.status_code, later.headers["retry-after"]) == (503, "8")
    refused = await client.post("/", headers=accept)
    assert (refused.status_code, refused.json()["status"]) == (405, 405)
    assert "GET" in refused.headers["allow"]


@pytest.mark.parametrize("accept", ["text/html", "application/json"])
async def test_a_fault_of_ours_has_a_number_and_no_secret(
    client: httpx.AsyncClient, caplog: pytest.LogCaptureFixture, accept: str
) -> None:
    with caplog.at_level(logging.ERROR):
        answer = await client.get("/kaputt", headers={"Accept": accept})
    assert answer.status_code == 500
    assert "secret" not in answer.text
    number = re.search(r"[0-9a-hjkmnp-tv-z]{22}", answer.text)
    assert number is not None
    record = next(record for record in caplog.records if number[0] in record.getMessage())
    assert record.exc_info
    if accept == "text/html":
        assert answer.headers["content-security-policy"] == CONTENT_SECURITY_POLICY


async def test_static_files_are_kept_for_a_year_until_they_change(client: httpx.AsyncClient) -> None:
    style = await client.get(assets.href("css/ehrenamt.css"))
    assert style.status_code == 200
    assert style.headers["content-type"].startswith("text/css")
    assert style.headers["cache-control"] == "public, max-age=31536000, immutable"
    assert style.headers["x-content-type-options"] == "nosniff"
    assert "content-security-policy" not in style.headers
    outdated = await client.get("/static/000000000000/css/ehrenamt.css")
    assert (outdated.status_code, outdated.headers["cache-control"]) == (200, "no-cache")
    for path in (
        "/static/x/../../pyproject.toml",
        "/static/x/%2e%2e/%2e%2e/pyproject.toml",
        "/static/x//etc/passwd",
        "/static/",
    ):
        assert (await client.get(path)).status_code == 404


async def test_styles_and_icons_name_no_other_host() -> None:
    for file in resources.folder("static").rglob("*.css"):
        rules = re.sub(r"/\*.*?\*/", "", file.read_text(encoding="utf-8"), flags=re.DOTALL)
        assert "://" not in rules
        assert "@import" not in rules
