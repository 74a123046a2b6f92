"""Every route × every role: what is not for everybody says so itself, and lets in whom it says, and nobody else.

A new page for everybody is named in PUBLIC. Any other declares itself with `visits.signed_in`, `visits.needs` or
`visits.needs_for_organisation`, and is tried here without another line.
"""

import itertools
import re
import shutil
from collections.abc import AsyncIterator, Iterator
from dataclasses import dataclass, field
from pathlib import Path

import httpx
import pytest
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import BaseRoute, Mount, Route

from fediverse_ehrenamt import wiring
from fediverse_ehrenamt.accounts import rules, visits
from fediverse_ehrenamt.accounts.rules import Grant, Permission, Role, Visitor
from fediverse_ehrenamt.accounts.visits import Need, Organisation
from tests.accounts.house import House
from tests.conftest import open_set_up
from tests.workbench import Clock, add_keyless

pytestmark = pytest.mark.anyio
PUBLIC = frozenset(
    {
        # peers
        "/.well-known/host-meta", "/.well-known/host-meta.json", "/.well-known/nodeinfo", "/.well-known/webfinger",
        "/nodeinfo/{version}",
        "/@{handle}", "/ap/activity/{key}", "/ap/actor/{key}", "/ap/actor/{key}/featured", "/ap/actor/{key}/followers",
        "/ap/actor/{key}/following", "/ap/actor/{key}/outbox", "/ap/actor/{key}/upcoming", "/ap/object/{key}",
        "/ap/object/{key}/likes", "/ap/object/{key}/replies", "/ap/object/{key}/shares",
        "/ap/quote/{key}",
        # visitors
        "/", "/abos/{handle}", "/angebote/{page}", "/beitraege/{page}", "/folgen", "/organisationen/{handle}",
        "/passung", "/so-funktioniert-die-passung", "/termine/{page}", "/ueber", "/vorschlaege",
        "/media/{name}", "/media/fern/{name}", "/media/{width:number}/{name}", "/media/fern/{width:number}/{name}",
        # the map
        "/karte", "/karte/punkte", "/karte/orte", "/karte/kacheln/{zoom:number}/{column:number}/{row:number}",
        # texts and looks of the instance
        "/impressum", "/datenschutz", "/regeln", "/barrierefreiheit", "/organisationen/{handle}/impressum",
        "/organisationen/{handle}/datenschutz", "/aussehen.css", "/logo.png",
        # keeping, sharing, doubting
        "/merkliste", "/merkliste/uebernehmen", "/angebote/{page}/aushang", "/termine/{page}/aushang",
        "/angebote/{page}/code.svg", "/termine/{page}/code.svg", "/angebote/{page}/stimmt-nicht-mehr",
        "/angebote/{page}/melden", "/termine/{page}/melden", "/beitraege/{page}/melden",
        "/angebote/{page}/teilen", "/termine/{page}/teilen", "/beitraege/{page}/teilen",
        # asking to help, and whoever holds a letter about that
        "/angebote/{page}/anfrage", "/angebote/{page}/anfrage/gesendet", "/termine/{page}/anfrage",
        "/termine/{page}/anfrage/gesendet", "/meine-anfrage/{code}/{token}", "/anfrage-beantworten/{code}/{token}",
        "/meine-anfrage/{code}/{token}/loeschen", "/anfrage-geloescht",
        # organisations that want to take part
        "/organisation-anmelden", "/organisation-anmelden/gesendet", "/mein-antrag/{code}/{token}",
        "/mein-antrag/{code}/{token}/neu",
        # calendars and feeds
        "/kalender", "/suche.ics", "/suche.atom", "/termine/{page}.ics", "/organisationen/{handle}.ics",
        "/organisationen/{handle}.atom",
        # whoever holds a letter of ours
        "/suche-merken", "/suche-bestaetigen/{number}/{token}", "/suche-beenden/{number}/{token}",
        "/suche-beenden/{number}/{token}/alle", "/suche-beenden/{number}/{token}/rhythmus/{rhythmus}",
        "/stimmt-noch/{name}/{token}", "/nicht-mehr/{name}/{token}",
        "/nicht-mehr/{name}/{token}/besetzt", "/nicht-mehr/{name}/{token}/weg",
        "/widerspruch/{number}/{token}",
        "/keine-erinnerungen/{name}/{token}", "/keine-erinnerungen/{name}/{token}/wieder",
        "/einladung/{token}", "/einladung/{token}/neu",
        "/neue-adresse/{token}", "/neue-adresse-stoppen/{token}",
        # letters of an instance that is only tried out
        "/briefe",
        # signing in and out
        "/anmelden", "/anmelden/{token}", "/anmelden/{token}/neu", "/anmelden/passwort", "/anmelden/passkey",
        "/anmelden/passkey/start", "/anmelden/code", "/abmelden",
    }
)  # fmt: skip
SIGNED_IN = ("/konto", "/verwaltung")
"""Below these paths nothing is for everybody."""
HANDLE = "buecherei"
WHO = ("stranger", "visitor", *Role, "owner elsewhere")
_PARAMETER = re.compile(r"\{(\w+)(?::\w+)?\}")


def undeclared(routes: list[BaseRoute]) -> list[str]:
    """Return the paths of routes that say nothing, though they should."""
    found = []
    for route in routes:
        if isinstance(route, Mount) and route.path == "/static":
            continue
        path = getattr(route, "path", repr(route))
        if visits.need_of(route) is None and (path not in PUBLIC or path.startswith(SIGNED_IN)):
            found.append(path)
    return found


def each(routes: list[BaseRoute]) -> Iterator[tuple[str, str, Need | None]]:
    """Yield the method, the path and the need of every route."""
    for route in routes:
        if isinstance(route, Route):
            for method in sorted((route.methods or set()) - {"HEAD"}):
                yield method, route.path, visits.need_of(route)


ROUTES = list(each(wiring.ROUTES))


@dataclass(frozen=True, slots=True)
class Crowded:
    """The database file of a town with two of each role, made once; what their browsers hold: a session and its seal.

    `here` is the organisation of those who have one, `there` that of the owners elsewhere (URIs of actors).
    """

    database: Path
    here: str
    there: str
    browsers: dict[tuple[str, bool], tuple[str, str]] = field(default_factory=dict)

    def grants(self, who: str) -> tuple[Grant, ...]:
        if who in {"stranger", "visitor"}:
            return ()
        if who == "owner elsewhere":
            return (Grant(Role.OWNER, self.there),)
        return (Grant(Role(who), self.here if who in rules.OF_ORGANISATION else ""),)


@pytest.fixture(scope="module")
async def crowded(set_up_sqlite: Path, tmp_path_factory: pytest.TempPathFactory, anyio_backend: str) -> Crowded:
    assert anyio_backend == "asyncio"
    folder = tmp_path_factory.mktemp("crowd")
    database, clock = Path(shutil.copy(set_up_sqlite, folder)), Clock()
    async with open_set_up(f"sqlite:///{database}", folder, clock) as town:
        house = House(town, clock)
        house.add_operator()  # so that another can go
        made = Crowded(database, house.write(add_keyless, HANDLE), house.write(add_keyless, "thw", "THW Hagen"))
        for who, second in itertools.product(WHO[1:], (False, True)):
            mail = f"{who.replace(' ', '-')}-{second:d}@b.de"
            async with house.visit(house.add(mail, "Anna", *made.grants(who)).id) as browser:
                made.browsers[who, second] = browser.token, browser.seal
    return made


@pytest.fixture
async def hagen(crowded: Crowded, tmp_path: Path, clock: Clock) -> AsyncIterator[House]:
    database = shutil.copy(crowded.database, tmp_path / "ehrenamt.sqlite")
    async with open_set_up(f"sqlite:///{database}", tmp_path, clock) as town:
        yield House(town, clock)


@pytest.fixture
def crowd(hagen: House, crowded: Crowded) -> "Crowd":
    return Crowd(hagen, crowded)


def filled(path: str) -> str:
    return _PARAMETER.sub(lambda found: HANDLE if found[1] == visits.HANDLE else "x", path)


class Crowd:
    """Everybody, each in a browser of their own; the second of a role asks where the first may have gone."""

    def __init__(self, house: House, crowded: Crowded) -> None:
        self.house, self.crowded = house, crowded
        self._count = 0

    async def ask(
        self, who: str, method: str, path: str, *, second: bool = False, sealed: bool = True
    ) -> httpx.Response:
        self._count += 1
        async with self.house.visit(at=f"192.0.2.{self._count}") as browser:
            if who != "stranger":
                token, seal = self.crowded.browsers[who, second]
                browser.client.cookies.set("sitzung", token, domain="hagen.example")
                browser.seal = seal if sealed else ""
            return await (browser.get(filled(path)) if method == "GET" else browser.post(filled(path)))


def sent_to_sign_in(answer: httpx.Response) -> bool:
    return answer.status_code == 303 and answer.headers["location"].startswith("/anmelden?weiter=")


def allowed(crowd: Crowd, who: str, need: Need) -> bool:
    if need.permission is None:
        return who != "stranger"
    place = crowd.crowded.here if need.permission in rules.IN_ORGANISATION else ""
    return rules.may(crowd.crowded.grants(who), need.permission, place)


async def check(crowd: Crowd, method: str, path: str, need: Need | None) -> None:
    """Ask for one route as everybody."""
    answers = {who: await crowd.ask(who, method, path) for who in WHO}
    assert max(answer.status_code for answer in answers.values()) < 500
    if need is None:
        assert not any(sent_to_sign_in(answer) or answer.status_code == 401 for answer in answers.values())
        assert len({answer.status_code == 403 for answer in answers.values()}) == 1
        return
    assert sent_to_sign_in(answers["stranger"])
    for who in WHO[1:]:
        refused = answers[who].status_code == 403
        assert refused != allowed(crowd, who, need), f"{who}: {answers[who].status_code}"
        assert not sent_to_sign_in(answers[who])
    if method != "GET":
        someone = next(who for who in WHO if allowed(crowd, who, need))
        unsealed = await crowd.ask(someone, method, path, second=True, sealed=False)
        assert unsealed.status_code == 403, "a form of another site would be taken: read it with `forms.posted`"


def test_every_route_is_for_everybody_or_says_for_whom() -> None:
    assert undeclared(wiring.ROUTES) == []
    there = {path for _, path, _ in ROUTES}
    assert PUBLIC - there == set(), "no such routes any more"


@pytest.mark.unmeasured
@pytest.mark.parametrize(("method", "path", "need"), ROUTES, ids=[f"{method} {path}" for method, path, _ in ROUTES])
async def test_a_route_lets_in_whom_it_should(crowd: Crowd, method: str, path: str, need: Need | None) -> None:
    await check(crowd, method, path, need)


# --- the test is tested: routes as capabilities will have them, and some that are wrong ------------------------------
@visits.needs(Permission.MODERATE)
async def reports(_request: Request, visitor: Visitor) -> Response:
    return Response(visitor.name)


@visits.needs_for_organisation(Permission.EDIT_OFFERS)
async def offers(_request: Request, visitor: Visitor, organisation: Organisation) -> Response:
    return Response(f"{visitor.name} {organisation.uri} {organisation.name} {organisation.handle}")


async def careless(_request: Request) -> Response:
    return Response("everything")


@visits.signed_in
async def unsealed(_request: Request, _visitor: Visitor) -> Response:
    return Response("taken")


@pytest.mark.parametrize("route", [
    Route("/verwaltung/meldungen", reports), Route("/verwaltung/organisationen/{handle}/angebote", offers),
])  # fmt: skip
async def test_declared_routes_pass(crowd: Crowd, route: Route) -> None:
    crowd.house.app._pages.router.routes.append(route)
    assert undeclared([route]) == []
    for method, path, need in each([route]):
        await check(crowd, method, path, need)


async def test_an_organisation_that_is_not_there_is_no_page(hagen: House, crowded: Crowded) -> None:
    hagen.app._pages.router.routes.append(Route("/verwaltung/{handle}", offers))
    async with hagen.visit(hagen.add("c@b.de", "Carla", Grant(Role.COORDINATOR)).id) as browser:
        assert (await browser.get("/verwaltung/nirgends")).status_code == 404
        assert (await browser.get("/verwaltung/relay")).status_code == 404, "the instance is no organisation"
        page = await browser.get("/verwaltung/thw")
        assert page.text == f"Carla {crowded.there} THW Hagen thw"
        assert page.headers["cache-control"] == "no-store"


@pytest.mark.parametrize("path", ["/konto/geheim", "/verwaltung/alles", "/neu"])
def test_a_route_that_says_nothing_is_found(path: str) -> None:
    assert undeclared([Route(path, careless)]) == [path]
    assert undeclared([Mount("/anderes", routes=[Route(path, careless)])]) == ["/anderes"]


@pytest.mark.parametrize(
    "route", [Route("/verwaltung/x", unsealed, methods=["POST"]), Route("/verwaltung/y", careless)]
)
async def test_a_route_that_lets_in_too_many_is_found(crowd: Crowd, route: Route) -> None:
    crowd.house.app._pages.router.routes.append(route)
    need = visits.need_of(route) or Need(Permission.MODERATE)
    for method, path, _ in each([route]):
        with pytest.raises(AssertionError):
            await check(crowd, method, path, need)


async def test_programs_are_told_and_browsers_led_back(hagen: House) -> None:
    async with hagen.visit() as browser:
        page = await browser.get("/konto?x=1&y=2")
        assert page.headers["location"] == "/anmelden?weiter=%2Fkonto%3Fx%3D1%26y%3D2"
        assert page.headers["cache-control"] == "no-store"
        late = {"referer": "http://hagen.example/konto"}
        assert (await browser.post("/konto", headers=late)).headers["location"] == "/anmelden?weiter=%2Fkonto"
        elsewhere = {"referer": "https://evil.example/konto/x"}
        assert (await browser.post("/konto", headers=elsewhere)).headers["location"] == "/anmelden?weiter="
        broken = {"referer": "http://[hagen.example/konto"}
        assert (await browser.post("/konto", headers=broken)).headers["location"] == "/anmelden?weiter="
        program = await browser.get("/konto", headers={"accept": "application/json"})
        assert (program.status_code, program.json()["status"]) == (401, 401)
