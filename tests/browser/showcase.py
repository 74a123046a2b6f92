"""One town with everything that pages can show, and the list of all pages and states, which tests walk in a browser.

A new page joins with one line in PAGES: then axe-core, the keyboard, the widths and the transfer are tested on it.
"""

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from types import MappingProxyType

from playwright.sync_api import Browser, BrowserContext, Page, Response
from starlette.applications import Starlette
from starlette.middleware import Middleware
from starlette.routing import Route

from fediverse_ehrenamt.kit.errors import Forbidden, Unavailable
from fediverse_ehrenamt.web import assets, errors
from fediverse_ehrenamt.web.headers import SecurityHeaders
from fediverse_ehrenamt.web.rendering import Look
from tests import servers
from tests.browser import furnishing
from tests.towns import Country, Town

_ERRORS = {Forbidden: "verboten", Unavailable: "belegt", ZeroDivisionError: "kaputt"}
_PROFILE: Mapping[str, str] = MappingProxyType({"bereich": "umwelt_tiere", "zeit": "sa-vormittags", "ort": "Hagen"})


@dataclass(frozen=True, slots=True)
class Shown:
    """A page in one of its states.

    `path` names what was made by `{its key}`. `fill` is typed into the page's last form that posts, which is then
    sent; `profile` says that the visitor told of themselves before, `who` that somebody is signed in (one of
    `furnishing.PEOPLE`). `errors` is a page of what goes wrong.
    """

    path: str
    status: int = 200
    fill: Mapping[str, str] = field(default_factory=dict)
    profile: bool = False
    errors: bool = False
    who: str = ""


_INBOX = "/verwaltung/organisationen/lesewelt/posteingang"
PAGES: Mapping[str, Shown] = MappingProxyType({
    "start": Shown("/"),
    "treffer": Shown("/?art=angebot"),
    "treffer-gefiltert": Shown("/?q=vorlesen&ort=Hagen&umkreis=20&bereich=kultur"),
    "treffer-keine": Shown("/?q=quastenflosser&ort=Flensburg&von={monat}-01"),
    "treffer-tippfehler": Shown("/?q=Gemeinschaftsgartn"),
    "treffer-verstanden": Shown("/?q=samstags+mit+Kindern+in+Hagen"),
    "treffer-minderjaehrig": Shown("/?q=garten&alter=15"),
    "treffer-gleichnamig": Shown("/?ort=Neustadt"),
    "treffer-passend": Shown("/?art=angebot", profile=True),
    "treffer-termine": Shown("/?art=termin"),
    "suche-falsch": Shown("/?q=garten&ort=Xyzzyheim&von=31.2.2026&bereich=unsinn", 422),
    "angebot": Shown("/angebote/{voll}"),
    "angebot-fremd": Shown("/angebote/{fremd}"),
    "angebot-besetzt": Shown("/angebote/{besetzt}"),
    "angebot-lang": Shown("/angebote/{lang}"),
    "angebot-ukrainisch": Shown("/angebote/{ukrainisch}"),
    "angebot-arabisch": Shown("/angebote/{arabisch}"),
    "angebot-leichte-sprache": Shown("/angebote/{voll}?sprache=de-simple"),
    "angebot-englisch": Shown("/angebote/{voll}?sprache=en"),
    "termin": Shown("/termine/{termin}"),
    "termin-abgesagt": Shown("/termine/{abgesagt}"),
    "beitrag": Shown("/beitraege/{beitrag}"),
    "organisation": Shown("/organisationen/lesewelt"),
    "organisation-leer": Shown("/organisationen/leer"),
    "abo-konto": Shown("/abos/kultur"),
    "abo-konto-aendern": Shown("/verwaltung/abos/kultur/aendern", 422, {"name": "x"}, who="coordinator"),
    "ueber": Shown("/ueber"),
    "passung": Shown("/passung"),
    "passung-gemerkt": Shown("/passung?stand=ohne_bedarf", profile=True),
    "passung-falsch": Shown("/passung", 422, {"ort": "Xyzzyheim", "stunden": "viele"}),
    "passung-erklaert": Shown("/so-funktioniert-die-passung", profile=True),
    "suche-merken": Shown("/suche-merken?q=vorlesen&ort=Hagen"),
    "suche-merken-falsch": Shown("/suche-merken?q=vorlesen&ort=Hagen", 422, {"mail": "anna(at)beispiel"}),
    "suche-bestaetigen": Shown("{suche-bestaetigen}"),
    "suche-beenden": Shown("{suche-beenden}"),
    "folgen": Shown("/folgen?wem=@lesewelt@hagen.example"),
    "folgen-falsch": Shown("/folgen?wem=@lesewelt@hagen.example", 422, {"konto": "niemand"}),
    "stimmt-noch": Shown("{stimmt-noch}"),
    "nicht-mehr": Shown("{nicht-mehr}"),
    "keine-erinnerungen": Shown("{keine-erinnerungen}"),
    "kalender": Shown("/kalender?monat={monat}"),
    "kalender-woche": Shown("/kalender?woche={woche}"),
    "kalender-falsch": Shown("/kalender?monat=2026-99", 422),
    "merkliste-leer": Shown("/merkliste"),
    "aushang": Shown("/angebote/{voll}/aushang"),
    "teilen": Shown("/angebote/{voll}/teilen"),
    "melden": Shown("/angebote/{voll}/melden"),
    "anfrage": Shown("/angebote/{voll}/anfrage"),
    "anmelden": Shown("/anmelden"),
    "posteingang": Shown(f"{_INBOX}?stand=alle", who="owner"),
    "posteingang-zu": Shown(f"{_INBOX}?stand=alle&art=antwort&zu=voll", who="owner"),
    "posteingang-leer": Shown("/verwaltung/organisationen/leer/posteingang", who="coordinator"),
    "posteingang-anfrage": Shown(f"{_INBOX}/anfrage/{{gefragt}}", who="owner"),
    "posteingang-anfrage-falsch": Shown(f"{_INBOX}/anfrage/{{gefragt}}", 422, {"schritt": "x"}, who="coordinator"),
    "posteingang-nachricht": Shown(f"{_INBOX}/nachricht/{{gesagt}}", who="owner"),
    "posteingang-loeschen": Shown(f"{_INBOX}/nachricht/{{gesagt}}/loeschen", who="owner"),
    "posteingang-melden": Shown(f"{_INBOX}/nachricht/{{gesagt}}/melden", 422, {"text": ""}, who="owner"),
    "alle-organisationen": Shown("/verwaltung/alle-organisationen", who="coordinator"),
    "organisation-sperren": Shown("/verwaltung/alle-organisationen/leer/sperren", 422, {"text": ""}, who="coordinator"),
    "posteingang-antwort": Shown(f"{_INBOX}/antwort/{{geantwortet}}", who="owner"),
    "anfragen": Shown("/verwaltung/anfragen?stand=unbeantwortet", who="coordinator"),
    "anfragen-leer": Shown("/verwaltung/anfragen", who="coordinator"),
    "anfrage-eintragen-suche": Shown("/verwaltung/anfragen/neu?q=Vorlesen", who="coordinator"),
    "anfrage-eintragen": Shown("/verwaltung/anfragen/neu?angebot={voll}", who="coordinator"),
    "anfrage-eintragen-falsch": Shown("/verwaltung/anfragen/neu?angebot={voll}", 422, {"name": "x"}, who="coordinator"),
    "anfragen-eingetragen": Shown("/verwaltung/anfragen/eingetragen", who="coordinator"),
    "anfrage-blatt": Shown("/verwaltung/anfragen/{eingetragen}/blatt", who="coordinator"),
    "impressum": Shown("/impressum"),
    "datenschutz": Shown("/datenschutz"),
    "organisation-anmelden": Shown("/organisation-anmelden"),
    "organisation-anmelden-falsch": Shown("/organisation-anmelden", 422, {"name": "x", "kurzname": "admin"}),
    "organisation-anmelden-gesendet": Shown("/organisation-anmelden/gesendet"),
    "mein-antrag": Shown("{mein-antrag}"),
    "antraege": Shown("/verwaltung/antraege", who="coordinator"),
    "antrag": Shown("/verwaltung/antraege/{antrag}", who="coordinator"),
    "antrag-ablehnen": Shown("/verwaltung/antraege/{antrag}/ablehnen", 422, {"text": ""}, who="coordinator"),
    "antrag-neu": Shown("/verwaltung/antraege/neu", 422, {"ort": "Xyzzyheim"}, who="coordinator"),
    "stadtteile": Shown("/verwaltung/stadtteile", who="coordinator"),
    "stadtteil": Shown("/verwaltung/stadtteile/hagen/haspe", who="coordinator"),
    "stadtteil-neu": Shown("/verwaltung/stadtteile/neu", 422, {"name": "Bezirk 3", "ort": "Hagen"}, who="coordinator"),
    "verwaltung-organisation": Shown("/verwaltung/organisationen/lesewelt", who="owner"),
    "team": Shown("/verwaltung/organisationen/lesewelt/team", who="owner"),
    "team-falsch": Shown("/verwaltung/organisationen/lesewelt/team", 422, {"mail": "anna"}, who="owner"),
    "profil": Shown("/verwaltung/organisationen/lesewelt/profil", who="owner"),
    "organisation-texte": Shown("/verwaltung/organisationen/lesewelt/texte", who="owner"),
    "impressum-schreiben": Shown("/verwaltung/organisationen/lesewelt/texte/impressum/de", who="owner"),
    "profil-falsch": Shown("/verwaltung/organisationen/lesewelt/profil", 422, {"phone": "x", "name": ""}, who="owner"),
    "fremder-link": Shown("{stimmt-noch}x", 403),
    "fehlt": Shown("/angebote/gibtesnicht", 404),
    "weg": Shown("/angebote/{weg}", 410),
    "verboten": Shown("/verboten", 403, errors=True),
    "kaputt": Shown("/kaputt", 500, errors=True),
    "belegt": Shown("/belegt", 503, errors=True),
})  # fmt: skip
"""Every page and state, by a name that screenshots and failures bear."""

FURTHER: Mapping[str, Shown] = MappingProxyType({
    "regeln": Shown("/regeln"),
    "barrierefreiheit": Shown("/barrierefreiheit"),
    "briefe": Shown("/briefe"),
    "stimmt-nicht-mehr": Shown("/angebote/{voll}/stimmt-nicht-mehr"),
    "anfrage-geloescht": Shown("/anfrage-geloescht"),
    "austreten": Shown("/verwaltung/organisationen/lesewelt/team/austreten", who="owner"),
    "kollegin-entfernen": Shown("/verwaltung/organisationen/lesewelt/team/entfernen/{berta}", who="owner"),
    "posteingang-zitat": Shown(f"{_INBOX}/zitat/{{zitiert}}", who="owner"),
    "posteingang-sammlung": Shown(f"{_INBOX}/sammlung/{{gesammelt}}", who="owner"),
    "vorlage-waehlen": Shown("/verwaltung/vorlage/{voll}", who="coordinator"),
    "eine-organisation": Shown("/verwaltung/alle-organisationen/lesewelt", who="coordinator"),
    "antrag-rueckfrage": Shown("/verwaltung/antraege/{antrag}/rueckfrage", 422, {"text": ""}, who="coordinator"),
    "abo-konto-aufgeben": Shown("/verwaltung/abos/kultur/aufgeben", who="coordinator"),
})  # fmt: skip
"""Pages that have nothing but what others in PAGES have: axe-core alone looks at them."""


@dataclass(frozen=True, slots=True)
class Showcase:
    """The town, where its error pages are, what the braces in PAGES stand for, and the tokens of who is signed in."""

    town: Town
    errors_url: str
    made: Mapping[str, str]
    cookie: str
    tokens: Mapping[str, str]

    def url(self, name: str) -> str:
        shown = _shown(name)
        path = shown.path
        for key, value in self.made.items():
            path = path.replace(f"{{{key}}}", value)
        return path if "://" in path else f"{self.errors_url if shown.errors else self.town.url}{path}"

    def context(self, browser: Browser, name: str, *, width: int = 1280, height: int = 900) -> BrowserContext:
        """Return a window for a page: of a visitor from Germany, who told of themselves if the page wants that."""
        context = browser.new_context(viewport={"width": width, "height": height}, locale="de-DE")
        if _shown(name).profile:
            key, _, value = self.cookie.partition("=")
            context.add_cookies([{"name": key, "value": value, "url": self.town.url}])
        if _shown(name).who:
            token = self.tokens[_shown(name).who]
            context.add_cookies([{"name": "sitzung", "value": token, "url": self.town.url}])
        return context

    def open(self, page: Page, name: str) -> Response:
        """Bring a page into its state and return the answer that it came with."""
        shown = _shown(name)
        answer = page.goto(self.url(name))
        if shown.fill:
            with page.expect_navigation() as navigated:
                page.evaluate(_FILL, dict(shown.fill))
            answer = navigated.value
        assert answer is not None
        assert answer.status == shown.status, name
        page.wait_for_function(_DRAWN)
        page.wait_for_function(_FOCUSED)
        return answer


def _shown(name: str) -> Shown:
    return PAGES[name] if name in PAGES else FURTHER[name]


_DRAWN = """() => [...document.querySelectorAll('details[open] .spot-map .chart-map')].every(
    (map) => map.classList.contains('leaflet-container'))"""
"""A form whose map is open has drawn it: what can be reached in it is there."""
_FOCUSED = "() => !document.querySelector('[autofocus]') || document.activeElement !== document.body"
"""The focus is where the page wants it: browsers put it there as they draw, which may be after all is loaded."""
_FILL = """fields => {
    const forms = [...document.querySelectorAll('main form[method="post"]')];
    const form = forms.filter(one => Object.keys(fields).every(name => one.elements[name])).at(-1);
    for (const [name, value] of Object.entries(fields)) form.elements[name].value = value;
    form.submit();  // without the browser's own checks, as an old one does
}"""


@contextmanager
def showcase(country: Country) -> Iterator[Showcase]:
    """Make the town and what it shows."""
    town = country.town("Hagen")
    made = furnishing.furnish(town)
    town.until_found("Gemeinschaftsgarten", furnishing.GARDEN)
    port = servers.free_port()
    country.serve(_errors(town), port)
    yield Showcase(town, f"http://127.0.0.1:{port}", made, _cookie(town), town.write(furnishing.sign_in))


def _cookie(town: Town) -> str:
    answer = town.client.post(f"{town.url}/passung", data=dict(_PROFILE), headers={"origin": town.url})
    town.client.cookies.clear()
    return answer.headers["set-cookie"].partition(";")[0]


def _errors(town: Town) -> Starlette:
    """Return an app in which everything goes wrong."""

    def refuse(error: Exception) -> Route:
        def endpoint(_request: object) -> None:
            raise error

        return Route(f"/{_ERRORS[type(error)]}", endpoint)

    reasons = (Forbidden("Das darf nur die Koordination."), Unavailable("Die Datenbank ist gerade belegt.", 7))
    app = Starlette(
        routes=[*(refuse(one) for one in (*reasons, ZeroDivisionError())), assets.MOUNT],
        middleware=[Middleware(SecurityHeaders)],
        exception_handlers=dict(errors.HANDLERS),
    )
    app.state.workshop, app.state.instance_name = town.workshop, "Ehrenamt Hagen"
    app.state.look = Look()
    return app
