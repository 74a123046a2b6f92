"""The profile's form, what the browser keeps of it, and the page that says how matching works."""

import re
from collections.abc import AsyncIterator
from dataclasses import replace
from pathlib import Path
from urllib.parse import parse_qsl, urlencode

import httpx
import pytest
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import Response

from fediverse_ehrenamt.discover import matching, profile, questions
from fediverse_ehrenamt.kit import sealing
from fediverse_ehrenamt.kit.errors import Conflict, Invalid
from fediverse_ehrenamt.matching import gates, params, parts, rules
from fediverse_ehrenamt.matching.profile import Profile
from fediverse_ehrenamt.matching.weights import CRITERIA, Weights
from fediverse_ehrenamt.search.engine import Index
from fediverse_ehrenamt.vocab import labels
from fediverse_ehrenamt.web import i18n
from fediverse_ehrenamt.work import Workshop
from tests.discover import samples, site

pytestmark = pytest.mark.anyio

DE = i18n.language("de")
BROWSER = {"Accept": "text/html", "Accept-Language": "de", "Origin": samples.HOME}
SAID = {
    "bereich": ["sport", "umwelt_tiere"], "zeit": "sa-vormittags", "ort": "Hagen", "stunden": "2,5", "bedarf": "aufzug",
    "alter": "16_17", "zeugnis": "ja", "gewicht_bereich": "sehr", "koennen": "Gitarre",
}  # fmt: skip


@pytest.fixture
async def workshop(tmp_path: Path) -> AsyncIterator[Workshop]:
    made = site.open_workshop(tmp_path)
    yield made
    await made.close()


@pytest.fixture
async def client(workshop: Workshop, tmp_path: Path) -> AsyncIterator[httpx.AsyncClient]:
    app = site.application(workshop, Index(tmp_path / "nothing"))
    transport = httpx.ASGITransport(app)
    async with httpx.AsyncClient(transport=transport, base_url=samples.HOME, headers=BROWSER) as made:
        yield made


def ticked(page: str) -> set[tuple[str, str]]:
    boxes = re.findall(r'<input type="checkbox"\s+name="(\w+)"[^>]*?value="([\w-]+)"\s+checked', page)
    return {(name, value) for name, value in boxes}


def kept(client: httpx.AsyncClient) -> Profile:
    """Open the cookie as the server does."""
    sealed = client.cookies[profile.COOKIE].strip('"')
    return params.read(parse_qsl(sealing.unseal(site.SECRET, sealed, "cookie profil")))


async def send(client: httpx.AsyncClient, **fields: object) -> httpx.Response:
    return await client.post("/passung", data=fields)


async def test_nothing_is_kept_by_looking(client: httpx.AsyncClient) -> None:
    answer = await client.get("/passung")
    assert answer.status_code == 200
    assert "set-cookie" not in answer.headers
    assert "Was interessiert Sie?" in answer.text
    assert ticked(answer.text) == set()
    assert "Angaben löschen" not in answer.text


async def test_answers_are_kept_sealed_until_the_browser_is_closed(client: httpx.AsyncClient) -> None:
    answer = await send(client, **SAID, merken="ja")
    assert (answer.status_code, answer.headers["location"]) == (303, "/passung?stand=gemerkt")
    cookie = answer.headers["set-cookie"]
    assert "HttpOnly" in cookie
    assert "SameSite=lax" in cookie
    assert "Max-Age" not in cookie
    assert "expires" not in cookie.lower()
    assert "umwelt" not in cookie
    said = kept(client)
    assert (said.areas, said.hours, said.needs, said.age) == (
        frozenset({"sport", "umwelt_tiere"}), 2.5, frozenset({"aufzug"}), "16_17",
    )  # fmt: skip
    shown = await client.get("/passung?stand=gemerkt")
    assert shown.headers["cache-control"] == "no-store"
    page = shown.text
    assert "Ihre Angaben sind gemerkt, bis Sie den Browser schließen." in page
    assert {("bereich", "sport"), ("zeit", "sa-vormittags"), ("bedarf", "aufzug"), ("zeugnis", "ja")} <= ticked(page)
    assert 'value="Hagen"' in page
    assert 'value="2.5"' in page
    assert re.search(r'<option value="sehr" selected>', page)


async def test_who_wants_to_see_what_fits_is_led_there_at_once(client: httpx.AsyncClient) -> None:
    answer = await send(client, **SAID, merken="ja", aktion="zeigen")
    assert (answer.status_code, answer.headers["location"]) == (303, "/?art=angebot")
    assert kept(client).areas
    answer = await send(client, **SAID, aktion="zeigen")
    assert answer.headers["location"] == "/passung?stand=ohne_bedarf", "what was not kept is said before"
    wrong = await send(client, ort="Xyzzyheim", aktion="zeigen")
    assert wrong.status_code == 422


async def test_without_the_tick_nothing_sensitive_is_kept(client: httpx.AsyncClient) -> None:
    answer = await send(client, **SAID)
    assert answer.headers["location"] == "/passung?stand=ohne_bedarf"
    assert not kept(client).sensitive
    assert kept(client).areas
    page = (await client.get(answer.headers["location"])).text
    assert "Bedarf, Alter und Führungszeugnis haben wir nicht gemerkt" in page
    assert not {name for name, _ in ticked(page)} & {"bedarf", "zeugnis"}


async def test_a_new_answer_without_the_tick_forgets_what_was_sensitive(client: httpx.AsyncClient) -> None:
    await send(client, **SAID, merken="ja")
    await send(client, bereich="sport")
    assert kept(client) == Profile(areas=frozenset({"sport"}))


async def test_answers_are_deleted(client: httpx.AsyncClient) -> None:
    await send(client, bereich="sport")
    assert "Angaben löschen" in (await client.get("/passung")).text
    answer = await send(client, bereich="sport", aktion="loeschen")
    assert answer.headers["location"] == "/passung?stand=geloescht"
    assert profile.COOKIE not in client.cookies
    assert ticked((await client.get("/passung")).text) == set()


async def test_what_is_wrong_stands_beside_its_field_and_nothing_is_lost(client: httpx.AsyncClient) -> None:
    answer = await send(client, **(SAID | {"ort": "Xyzzyheim", "stunden": "viele"}))
    assert answer.status_code == 422
    assert "set-cookie" not in answer.headers
    assert 'value="Xyzzyheim"' in answer.text
    assert 'value="viele"' in answer.text
    assert 'href="#stunden"' in answer.text
    assert 'aria-describedby="stunden-problem"' in answer.text
    assert ("bedarf", "aufzug") in ticked(answer.text), "what was typed comes back, though it is not kept"


@pytest.mark.parametrize("query", ["bereich=unsinn", "gewicht_zeit=5", "zeit=immer", "alter=200", "bedarf=%00"])
async def test_a_wrong_link_is_no_error_of_ours(client: httpx.AsyncClient, query: str) -> None:
    assert (await client.get(f"/passung?{query}")).status_code == 422


async def test_a_link_shows_its_answers_and_keeps_nothing(client: httpx.AsyncClient) -> None:
    await send(client, bereich="kultur")
    answer = await client.get("/passung?bereich=sport&sprache=de")
    assert ("bereich", "sport") in ticked(answer.text)
    assert kept(client).areas == frozenset({"kultur"})


@pytest.mark.parametrize(
    "cookie", ["", "x", "sealed1.000000000000.AAAA", "sealed1." + "A" * 5000, "{tampered}", "{elsewhere}", "{strange}"]
)
async def test_a_cookie_that_is_not_ours_is_none(client: httpx.AsyncClient, cookie: str) -> None:
    honest = sealing.seal(site.SECRET, "bereich=sport", "cookie profil")
    made = cookie.format(
        tampered=honest[:-6] + "AAAAAA",
        elsewhere=sealing.seal(site.SECRET, "bereich=sport", "another place"),
        strange=sealing.seal(site.SECRET, "bereich=was_es_nicht_mehr_gibt", "cookie profil"),
    )
    client.cookies.set(profile.COOKIE, honest)
    assert ("bereich", "sport") in ticked((await client.get("/passung")).text)
    client.cookies.clear()
    client.cookies.set(profile.COOKIE, made)
    answer = await client.get("/passung")
    assert answer.status_code == 200
    assert ticked(answer.text) == set()


async def test_sensitive_answers_without_consent_are_not_read_either(client: httpx.AsyncClient) -> None:
    client.cookies.set(profile.COOKIE, sealing.seal(site.SECRET, "bedarf=aufzug&bereich=sport", "cookie profil"))
    assert ticked((await client.get("/passung")).text) == {("bereich", "sport")}


async def test_another_site_cannot_answer_for_somebody(client: httpx.AsyncClient) -> None:
    for site_, status in (("cross-site", 403), ("same-site", 403), ("same-origin", 303), ("none", 303)):
        answer = await client.post("/passung", data={"bereich": "sport"}, headers={"Sec-Fetch-Site": site_})
        assert answer.status_code == status


async def test_too_much_is_refused(client: httpx.AsyncClient) -> None:
    assert (await send(client, bereich="x" * 20_000)).status_code == 413
    assert (await client.post("/passung", content="a=1&" * 400)).status_code == 400
    assert (await client.post("/passung", content=b"\xff\x00=\xfe")).status_code == 303


def _request(app: Starlette, scheme: str = "http") -> Request:
    return Request({"type": "http", "app": app, "scheme": scheme, "headers": [(b"host", b"a.example")], "path": "/"})


async def test_what_does_not_fit_into_a_cookie_is_said(workshop: Workshop, tmp_path: Path) -> None:
    app = site.application(workshop, Index(tmp_path / "nothing"))
    everything = urlencode(
        [(name, slug) for name, known in (("bereich", labels.AREA), ("taetigkeit", labels.ACTIVITY),
         ("art", labels.KIND)) for slug in known] + [("koennen", "☃" * 200)]
    )  # fmt: skip
    full = replace(params.read(parse_qsl(everything)), cells=2**42 - 1)
    with pytest.raises(Invalid):
        profile.keep(_request(app), Response(), full)
    usual = replace(full, skills=(), cells=0)
    response = Response()
    profile.keep(_request(app, "https"), response, usual)
    assert "Secure" in response.headers["set-cookie"]
    workshop.settings = replace(workshop.settings, secret="")
    with pytest.raises(Conflict):
        profile.keep(_request(app), Response(), Profile())
    assert profile.find(_request(app)) == Profile()


# --- how it works -----------------------------------------------------------------------------------------------------
async def test_the_page_is_drawn_from_the_rules(client: httpx.AsyncClient, monkeypatch: pytest.MonkeyPatch) -> None:
    page = " ".join((await client.get("/so-funktioniert-die-passung")).text.split())
    for criterion in CRITERIA:
        assert f"<strong>{criterion.label}</strong> <span>Gewicht {DE.number(criterion.weight)}</span>" in page
    for gate in gates.GATES:
        assert gate.rule.replace("%(days)s", "365") in page
    assert "Passt zu 83 %: Bereich Umwelt &amp; Tiere ✓, Garten und Naturpflege ✓, Samstag vormittags ✓, 3,2 km" in page
    assert "Unter den ersten 10 stehen höchstens 3 von derselben Organisation." in page
    monkeypatch.setattr(rules, "MOST_OF_ONE", 2)
    monkeypatch.setattr(parts, "FLEXIBLE", 0.7)
    changed = (await client.get("/so-funktioniert-die-passung")).text
    assert "Unter den ersten 10 stehen höchstens 2 von derselben Organisation." in changed
    assert "Zeiten nach Absprache: 70\N{NO-BREAK SPACE}%" in changed


async def test_weights_of_the_instance_and_of_the_visitor(client: httpx.AsyncClient, workshop: Workshop) -> None:
    workshop.settings = replace(workshop.settings, matching_weights=(("bereich", 2.5), ("zeit", 0.25)))
    await send(client, gewicht_zeit="sehr", gewicht_art="egal")
    page = " ".join((await client.get("/so-funktioniert-die-passung")).text.split())
    assert "<strong>Bereich</strong> <span>Gewicht 2,5</span>" in page
    assert "<span>Gewicht 0,25, <strong>bei Ihnen 0,5</strong></span>" in page
    assert "<span>Gewicht 0,6, <strong>bei Ihnen 0</strong></span>" in page


async def test_every_page_links_it(client: httpx.AsyncClient) -> None:
    page = (await client.get("/ueber")).text
    assert 'href="/so-funktioniert-die-passung"' in page
    assert 'href="/passung"' in page


def test_the_example_adds_up() -> None:
    example = matching.example(Weights(), i18n.language("en"))
    weights = [(float(weight), float(share)) for _, weight, share in example.rows]
    percent = sum(weight * share for weight, share in weights) / sum(weight for weight, _ in weights)
    assert example.sentence.startswith(f"{round(percent)} % match: area Nature & animals ✓, ")
    assert example.sentence.endswith("Saturday morning ✓, 3.2 km; not stated: Accessibility")


def test_every_question_is_one_that_is_read() -> None:
    known = {name for name, _ in params.write(params.read(parse_qsl(
        "bereich=sport&taetigkeit=lernhilfe&zielgruppe=kinder&art=amt&bedarf=aufzug&zeit=mo-abends&ort=Hagen&umkreis=5"
        "&stunden=2&online=auch&dauer=keine&deutsch=b1&sprachen=uk&koennen=x&alter=u14&zeugnis=ja&merken=ja"
    )))}  # fmt: skip
    asked = {question.name for question in questions.ALL if not question.name.startswith(params.IMPORTANCE)}
    assert asked == known
