"""The visitor's pages over a real index: what is found is shown, linked, and quick to draw."""

import re
import time
from collections.abc import AsyncIterator, Sequence
from dataclasses import replace
from datetime import timedelta
from http import HTTPStatus
from pathlib import Path

import httpx
import pytest
from starlette.applications import Starlette

from fediverse_ehrenamt.discover import view
from fediverse_ehrenamt.discover.view import Reader
from fediverse_ehrenamt.search import schema, store
from fediverse_ehrenamt.search.engine import Index
from fediverse_ehrenamt.search.model import EVENT
from fediverse_ehrenamt.vocab.types import EventDetails
from fediverse_ehrenamt.web import i18n, rendering
from tests.discover import samples, site
from tests.search.making import document

pytestmark = pytest.mark.anyio

BROWSER = {"Accept": "text/html", "Accept-Language": "de"}


@pytest.fixture
async def app(tmp_path: Path) -> AsyncIterator[Starlette]:
    workshop = site.open_workshop(tmp_path)
    yield site.application(workshop, site.fill(workshop, tmp_path, samples.DOCUMENTS))
    await workshop.close()


@pytest.fixture
async def client(app: Starlette) -> AsyncIterator[httpx.AsyncClient]:
    transport = httpx.ASGITransport(app)
    async with httpx.AsyncClient(transport=transport, base_url=samples.HOME, headers=BROWSER) as made:
        yield made


def titles(page: str) -> list[str]:
    return re.findall(r'class="card-title"[^>]*>\s*<a href="[^"]*">([^<]*)</a>', page)


async def test_the_start_page_asks_and_shows_the_newest(client: httpx.AsyncClient) -> None:
    page = (await client.get("/")).text
    assert "Wo möchten Sie mithelfen?" in page
    assert len(titles(page)) == 6
    assert 'href="/?bereich=umwelt_tiere"' in page
    assert "Insgesamt sind hier 52 Angebote und Termine zu finden." in page


async def test_the_start_page_has_one_card_for_a_series(tmp_path: Path) -> None:
    weeks = [samples.NOW + timedelta(days=7 * number) for number in range(1, 9)]
    dates = [document(number, kind=EVENT, title="Reparaturcafé", starts_at=day) for number, day in enumerate(weeks)]
    workshop = site.open_workshop(tmp_path)
    shown = [*(replace(one, fresh_at=samples.NOW) for one in dates), *samples.DOCUMENTS]
    transport = httpx.ASGITransport(site.application(workshop, site.fill(workshop, tmp_path, shown)))
    async with httpx.AsyncClient(transport=transport, base_url=samples.HOME, headers=BROWSER) as visitor:
        found = titles((await visitor.get("/")).text)
    await workshop.close()
    assert len(found) == 6
    assert found.count("Reparaturcafé") == 1


async def test_an_offer_of_another_town_is_found_and_its_origin_linked(client: httpx.AsyncClient) -> None:
    page = (await client.get("/?q=vorlesen&ort=Hagen&umkreis=10")).text
    assert titles(page) == ["Lesepatin oder Lesepate gesucht"]
    assert f'href="/angebote/{samples.REMOTE_ID}-lesepatin-oder-lesepate-gesucht"' in page
    assert f'<a href="{samples.READING.url}" rel="noopener nofollow">ehrenamt.hagen.example' in page
    assert "0,4&nbsp;km" in page or "0,4 km" in page
    assert "bestätigt vor 3 Wochen" in page


async def test_who_is_under_age_is_told_why_there_is_nothing_and_what_to_do(client: httpx.AsyncClient) -> None:
    page = (await client.get("/?q=garten&alter=15")).text
    assert titles(page) == []
    assert "Dazu haben wir nichts gefunden" in page
    assert "Sie zeigen wir Minderjährigen nicht" in page or "Ihn zeigen wir Minderjährigen nicht" in page
    assert '<a href="/ueber">Wer wir sind' in page
    assert "ohne Altersangabe" in page
    assert "Mindestalter ein" in page
    assert "allgemeineres Wort" not in page  # no other word helps
    grown = (await client.get("/?q=garten&alter=18")).text
    assert titles(grown) != []
    assert "ohne Altersangabe" not in grown


async def test_a_page_says_what_comes_from_another_portal(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    there = replace(samples.CAFE_CARD, local=False, host="hagen.example", url="https://hagen.example/termine/3")
    monkeypatch.setitem(samples.THINGS, samples.CAFE.id, replace(samples.CAFE, participation_url=""))
    workshop = site.open_workshop(tmp_path)
    transport = httpx.ASGITransport(
        site.application(workshop, site.fill(workshop, tmp_path, [there, samples.READING_CARD]))
    )
    async with httpx.AsyncClient(transport=transport, base_url=samples.HOME, headers=BROWSER) as visitor:
        date = (await visitor.get(f"/termine/{there.id}", follow_redirects=True)).text
        offer = (await visitor.get(f"/angebote/{samples.REMOTE_ID}", follow_redirects=True)).text
    await workshop.close()
    assert "Dieser Termin kommt aus einem anderen Portal: Der Knopf führt zu hagen.example" in date
    assert "Dieses Angebot" not in date
    assert "Dieses Angebot kommt aus einem anderen Portal: Der Knopf führt zu ehrenamt.hagen.example" in offer


@pytest.mark.parametrize(
    ("path", "uri"),
    [
        (f"/angebote/{samples.LOCAL_ID}", samples.GARDEN.id),
        (f"/angebote/{samples.REMOTE_ID}", samples.READING.id),
        ("/organisationen/garten", "https://flensburg.example/ap/actor/garten"),
    ],
)
async def test_a_peer_is_sent_from_a_page_to_the_object(client: httpx.AsyncClient, path: str, uri: str) -> None:
    for accept in ("application/activity+json", 'application/ld+json; profile="https://www.w3.org/ns/activitystreams"'):
        answer = await client.get(path, headers={"Accept": accept})
        assert (answer.status_code, answer.headers["location"], answer.headers["vary"]) == (303, uri, "Accept")
    assert (await client.get(path)).status_code == 200
    assert f'href="{uri}"' in (await client.get(path)).text


@pytest.mark.parametrize("path", ["/", "/ueber"])
async def test_a_peer_that_asks_for_the_site_is_sent_to_its_actor(client: httpx.AsyncClient, path: str) -> None:
    answer = await client.get(path, headers={"Accept": "application/activity+json"})
    assert (answer.status_code, answer.headers["vary"]) == (303, "Accept")
    assert answer.headers["location"].endswith("/ap/actor/relay")
    for url, accept in ((path, "*/*"), (path, BROWSER["Accept"]), (f"{path}?q=x", "application/activity+json")):
        shown = await client.get(url, headers={"Accept": accept})
        assert shown.status_code == (303 if url == "/ueber?q=x" else 200)


async def test_results_have_pages(client: httpx.AsyncClient) -> None:
    first = (await client.get("/?art=angebot")).text
    second = (await client.get("/?art=angebot&seite=2")).text
    assert len(titles(first)) == len(titles(second)) == 20
    assert 'href="/?art=angebot&amp;seite=2"' in first
    assert 'aria-current="page"' in second
    assert 'start="21"' in second
    assert "Seite 2 von 3" in second


async def test_a_district_narrows_and_what_names_none_is_offered(client: httpx.AsyncClient) -> None:
    page = (await client.get("/?ort=Hagen&umkreis=10")).text
    assert re.search(r'name="stadtteil"\s+value="Hagen-Wehringhausen"[^>]*>\s*<span>Wehringhausen ', page)
    page = (await client.get("/?ort=Hagen&umkreis=10&stadtteil=Hagen-Wehringhausen")).text
    assert titles(page) == ["Lesepatin oder Lesepate gesucht"]
    assert 'href="/?ort=Hagen&amp;umkreis=10"' in page, "it can be taken away"
    page = (await client.get("/?stadtteil=Hagen-Wehringhausen")).text
    (link,) = re.findall(r'href="([^"]*)">[0-9]+ weitere Treffer, bei denen kein Stadtteil angegeben ist', page)
    assert link == "/?stadtteil=unbekannt"
    assert titles((await client.get(link)).text)


@pytest.mark.parametrize("value", ["", "x", "Hagen-Nirgends", "<script>", "%00", "%ff", "Hagen-%ud800", "-" * 500])
async def test_any_district_is_answered_with_a_page(client: httpx.AsyncClient, value: str) -> None:
    answer = await client.get(f"/?stadtteil={value}&stadtteil={value}")
    assert answer.status_code in {200, 422}
    assert "<script>" not in answer.text.partition("<main")[2]


async def test_dates_leave_undated_offers_a_link_away(client: httpx.AsyncClient) -> None:
    page = (await client.get("/?von=2026-12-12&bis=12.12.2026")).text
    assert titles(page) == ["Reparatur-Café: bringen, schrauben, plaudern"]
    assert "weitere Angebote ohne festes Datum" in page


async def test_nothing_found_gives_advice(client: httpx.AsyncClient) -> None:
    page = (await client.get("/?q=quastenflosser&ort=Flensburg")).text
    assert "Dazu haben wir nichts gefunden" in page
    assert re.search(r"Ohne „quastenflosser“ suchen \([1-9][0-9]* Treffer\)", page)
    assert "Umkreis auf 50 km vergrößern" not in page, "that would bring nothing either"


async def test_a_portal_without_any_entry_says_so_on_each_page(tmp_path: Path) -> None:
    workshop = site.open_workshop(tmp_path)
    transport = httpx.ASGITransport(site.application(workshop, site.fill(workshop, tmp_path, [])))
    async with httpx.AsyncClient(transport=transport, base_url=samples.HOME, headers=BROWSER) as client:
        for path in ("/", "/?art=angebot", "/?q=vorlesen&ort=Hagen"):
            page = (await client.get(path)).text
            assert "Noch ist hier nichts veröffentlicht." in page
            assert "Das hilft oft weiter" not in page, "nothing does"
    await workshop.close()


async def test_one_entry_is_not_counted_as_many(tmp_path: Path) -> None:
    workshop = site.open_workshop(tmp_path)
    transport = httpx.ASGITransport(site.application(workshop, site.fill(workshop, tmp_path, samples.DOCUMENTS[:1])))
    async with httpx.AsyncClient(transport=transport, base_url=samples.HOME, headers=BROWSER) as client:
        assert "Insgesamt ist hier 1 Angebot oder Termin zu finden." in (await client.get("/")).text
    await workshop.close()


class _Sense:
    """Takes one Document for the meaning of everything."""

    def __init__(self, uri: str) -> None:
        self._key = schema.key(uri)

    def nearest(self, text: str, keys: Sequence[int] | None, limit: int) -> list[int]:
        return [self._key][:limit] if text and (keys is None or self._key in keys) else []

    def order(self, text: str, keys: Sequence[int]) -> list[int]:
        return self.nearest(text, keys, len(keys))


async def test_the_page_says_what_was_found_by_meaning_or_by_some_words(
    app: Starlette, client: httpx.AsyncClient
) -> None:
    page = (await client.get("/?q=vorlesen+quastenflosser")).text
    assert "Das könnte auch passen" in page
    assert "einige der Wörter kommen vor" in page
    assert "nach Bedeutung gefunden" not in page, "without the extra nothing is"
    app.state.index.meaning = _Sense(samples.READING.id)
    page = (await client.get("/?q=quastenflosser")).text
    assert "Genau das haben wir nicht gefunden, aber Ähnliches" in page
    assert "Dazu haben wir nichts gefunden" not in page
    assert titles(page) == [samples.READING.details.title]
    assert "nach Bedeutung gefunden" in page
    page = (await client.get("/?q=quastenflosser", headers={"Accept-Language": "en"})).text
    assert "found by its meaning" in page


async def test_a_misspelt_word_is_corrected_and_the_page_says_so(client: httpx.AsyncClient) -> None:
    page = (await client.get("/?q=Gemeinschaftsgartn")).text
    assert "Zu „Gemeinschaftsgartn“ gibt es nichts. Das sind Ergebnisse für „Gemeinschaftsgarten“." in page
    assert titles(page)[0] == "Hände für den Gemeinschaftsgarten"


@pytest.mark.parametrize("text", ["vorlesen " * 60, "x" * 50_000, "\x00\u202e🐶" * 900, "title: AND (" * 90])
async def test_a_search_of_any_length_is_answered_by_its_beginning(client: httpx.AsyncClient, text: str) -> None:
    answer = await client.get("/", params={"q": text})
    assert answer.status_code == HTTPStatus.OK
    assert "So viel auf einmal suchen wir nicht." in answer.text


async def test_a_question_in_whole_sentences_is_answered(client: httpx.AsyncClient) -> None:
    asked = "Ich bin seit kurzem in Rente und möchte gerne ein paar Stunden in der Woche vorlesen, am liebsten samstags"
    answer = await client.get("/", params={"q": asked}, follow_redirects=True)
    assert answer.status_code == HTTPStatus.OK
    assert dict(answer.url.params.multi_items())["q"] == "vorlesen"
    assert "So viel auf einmal" not in answer.text


async def test_a_question_becomes_filters_that_can_be_taken_away(client: httpx.AsyncClient) -> None:
    asked = await client.get("/", params={"q": "vorlesen samstags ohne Deutschkenntnisse"})
    assert asked.status_code == HTTPStatus.SEE_OTHER
    page = await client.get(asked.headers["Location"])
    assert page.status_code == HTTPStatus.OK
    assert "„vorlesen samstags ohne Deutschkenntnisse“ verstanden als:" in page.text
    assert ">Samstag<" in page.text
    assert "ohne Deutschkenntnisse" in page.text
    literal = await client.get("/", params={"q": "vorlesen samstags", "wortlaut": "ja"})
    assert "verstanden als:" not in literal.text


async def test_suggestions_while_typing(client: httpx.AsyncClient) -> None:
    answer = await client.get("/vorschlaege", params={"q": "gemeinsch"})
    assert answer.headers["content-type"] == "application/json"
    typed, suggested = answer.json()
    assert typed == "gemeinsch"
    assert "Gemeinschaftsgarten" in suggested
    for odd in ("", "x", "\x00", "a" * 5000, "…", "\ud83d"):
        answer = await client.get("/vorschlaege", params={"q": odd.encode("utf-8", "surrogatepass")})
        assert answer.status_code == 200
        assert len(answer.json()) == 2
    assert (await client.get("/vorschlaege")).json() == ["", []]


async def test_a_wrong_search_comes_back_with_all_that_was_typed(client: httpx.AsyncClient) -> None:
    answer = await client.get("/?q=garten&ort=Xyzzyheim&von=31.2.2026&bereich=sport")
    assert answer.status_code == 422
    assert 'value="garten"' in answer.text
    assert 'value="Xyzzyheim"' in answer.text
    assert 'value="31.2.2026"' in answer.text
    assert 'href="#ort"' in answer.text
    assert 'aria-describedby="ort-problem"' in answer.text
    assert re.search(r'value="sport"[^>]*checked', answer.text)


@pytest.mark.parametrize(
    ("language", "said"),
    [
        ("en", "We do not know “Hagn”. Did you mean Hagen"),
        ("de-simple", "Wir kennen „Hagn“ nicht. Meinen Sie Hagen"),
        ("uk", "Ми не знаємо «Hagn»."),
        ("ar", "لا نعرف «Hagn»."),
    ],
)
async def test_a_wrong_search_is_answered_in_the_language_of_the_page(
    client: httpx.AsyncClient, language: str, said: str
) -> None:
    for path in ("/", "/passung"):
        answer = await client.get(f"{path}?ort=Hagn&sprache={language}")
        assert answer.status_code == 422
        assert said in answer.text
        assert "kennen wir nicht" not in answer.text
    english = (await client.get("/kalender?monat=99&sprache=en")).text
    assert "We do not understand “99”" in english


async def test_the_head_of_a_page_for_other_programs(client: httpx.AsyncClient) -> None:
    own = (await client.get(f"/angebote/{samples.LOCAL_ID}-irgendwas")).text
    assert re.search(rf'<link\s+rel="alternate"\s+type="application/activity\+json"\s+href="{samples.GARDEN.id}">', own)
    assert f'<link rel="canonical" href="{samples.HOME}{view.path(samples.GARDEN_CARD)}">' in own
    event = (await client.get(f"/termine/{samples.EVENT_ID}")).text
    assert re.search(
        r'<meta\s+property="og:description"\s+content="Sa\., 12\. Dez\. 2026, 14:00–17:00 Uhr · Bürgerhaus', event
    )
    remote = (await client.get(f"/angebote/{samples.REMOTE_ID}")).text
    assert f'href="{samples.READING.id}">' in remote, "for a Mastodon into which somebody pastes it"
    assert "\\u003c" not in remote or "<\\/script" not in remote


async def test_plain_language_is_switched_in_place(client: httpx.AsyncClient) -> None:
    page = (await client.get(f"/angebote/{samples.REMOTE_ID}?sprache=de-simple")).text
    assert re.search(r'id="text"\s+dir="auto"\s+lang="de-simple"', page)
    assert "Sie lesen den Kindern vor." in page
    assert "Vorlesen für Kinder" in page
    assert '<html lang="de-simple"' in page


async def test_about_names_the_sources(client: httpx.AsyncClient) -> None:
    page = (await client.get("/ueber")).text
    assert "Ehrenamt Hagen" in page
    assert "53 Angebote und Termine" in page
    assert "@relay@127.0.0.1:8000" in page
    assert "GeoNames" in page, "CC BY 4.0 asks for it"
    assert "Places: GeoNames (www.geonames.org), licence CC BY 4.0" in (await client.get("/ueber?sprache=en")).text


async def test_while_the_index_is_built_pages_say_so(app: Starlette, client: httpx.AsyncClient, tmp_path: Path) -> None:
    app.state.index = Index(tmp_path / "nothing")
    assert "wird gerade neu aufgebaut" in (await client.get("/")).text
    assert "wird gerade neu aufgebaut" in (await client.get("/?q=garten")).text


async def test_what_was_taken_out_is_gone(app: Starlette, client: httpx.AsyncClient) -> None:
    app.state.workshop.write_now(store.remove, [samples.GARDEN.id])
    answer = await client.get(f"/angebote/{samples.LOCAL_ID}")
    assert answer.status_code == 410
    assert "Das gibt es nicht mehr" in answer.text
    accept = {"accept": "application/json", "accept-language": "de"}
    program = await client.get(f"/angebote/{samples.LOCAL_ID}", headers=accept)
    assert program.json()["detail"] == "Das ist abgelaufen oder wurde zurückgezogen."


async def test_what_is_gone_has_similar_things_beside_it(app: Starlette, client: httpx.AsyncClient) -> None:
    uris = [samples.READING.id, samples.GARDEN.id, samples.CAFE.id]
    app.state.workshop.write_now(store.remove, uris)
    by_address = (await client.get(f"/angebote/{samples.REMOTE_ID}-hausaufgabenhilfe-nordstadt")).text
    assert "Ähnliches, das es noch gibt" in by_address
    assert "Hausaufgabenhilfe Nordstadt" in by_address
    assert "Fahrdienst zum Seniorenfrühstück" not in by_address
    unknown = (await client.get(f"/angebote/{samples.REMOTE_ID}")).text
    assert "Das ist gerade neu" in unknown
    assert unknown.count("<article") == 6
    assert samples.REMOTE_ID not in unknown.partition("<main")[2].partition("</main")[0]
    nonsense = (await client.get(f"/angebote/{samples.REMOTE_ID}-xyzzy-plugh")).text
    assert "Das ist gerade neu" in nonsense


async def test_of_our_own_that_is_over_title_and_areas_are_known(
    app: Starlette, client: httpx.AsyncClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    workshop = app.state.workshop
    details = replace(samples.GARDEN.details, title="Fahrdienst gesucht")
    school = EventDetails(kind="treffen", areas=("schule_kita",))
    own = replace(samples.GARDEN, id=f"{samples.HOME}/ap/object/{samples.LOCAL_ID}", details=details)
    date = replace(samples.CAFE, id=f"{samples.HOME}/ap/object/{samples.EVENT_ID}", name="Xyzzy", details=school)
    monkeypatch.setattr(samples, "THINGS", {thing.id: thing for thing in (own, date)})
    workshop.write_now(store.remove, [samples.GARDEN.id, samples.CAFE.id])
    over = (await client.get(f"/angebote/{samples.LOCAL_ID}-ganz-andere-worte")).text
    assert over.count("Fahrdienst zum Seniorenfrühstück</a>") == 6
    over = (await client.get(f"/termine/{samples.EVENT_ID}")).text
    assert over.count("Hausaufgabenhilfe Nordstadt</a>") >= 5, "by its area"


async def test_a_post_is_found_without_an_organisation_page(client: httpx.AsyncClient) -> None:
    answer = await client.get(f"/beitraege/{samples.POST_ID}")
    assert answer.status_code == 200
    assert "Danke für 120 neue Anmeldungen" in answer.text


async def test_a_result_page_is_drawn_quickly() -> None:
    """20 cards from Documents to HTML take 2 ms on an idle machine; the bound is for a slow and busy one."""
    reader = Reader(i18n.language("de"), samples.NOW, samples.HOME)
    context = {"language": reader.language, "saved": ()}
    module = rendering.environment("de").get_template("discover/card.html").make_module(context)
    draw = module.card_of  # type: ignore[attr-defined]  # a macro is an attribute of a template's module
    rounds = []
    for _ in range(20):
        started = time.process_time()
        page = "".join(draw(view.card(document, reader, 3.2)) for document in samples.MANY[:20])
        rounds.append(time.process_time() - started)
        assert page.count("<article") == 20
    assert min(rounds) <= 0.03
