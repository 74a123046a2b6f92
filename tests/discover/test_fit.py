"""What somebody said of themselves orders and explains the results, and nothing else changes."""

import html
import re
from collections.abc import AsyncIterator
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import httpx
import pytest
from starlette.applications import Starlette

from fediverse_ehrenamt.discover import fit
from fediverse_ehrenamt.matching import week
from fediverse_ehrenamt.matching.profile import Profile
from fediverse_ehrenamt.matching.weights import Weights
from fediverse_ehrenamt.search.engine import Index
from fediverse_ehrenamt.search.model import Document, Facts
from fediverse_ehrenamt.search.query import Query
from fediverse_ehrenamt.vocab.types import Effort, Skill
from fediverse_ehrenamt.web import i18n
from tests.discover import samples, site
from tests.search import making

pytestmark = pytest.mark.anyio

BROWSER = {"Accept": "text/html", "Accept-Language": "de", "Origin": samples.HOME}


def offer(number: int, title: str, **changes: Any) -> Document:
    """Return an open offer in the middle of Hagen, confirmed `number` days ago by an organisation of its own."""
    base = replace(
        samples.READING_CARD, uri=f"https://hagen.example/{number}", id=f"01fit{number:03}", title=title, text=title,
        areas=(), organisation_uri=f"https://hagen.example/org/{number}", latitude=51.3608, longitude=7.4717,
        fresh_at=samples.NOW - timedelta(days=number), image="", facts=None,
    )  # fmt: skip
    return replace(base, **changes)


SATURDAY = Facts(kind="regelmaessig", activities=("garten_naturpflege",), cells=("sa-vormittags",))
MONDAY = Facts(kind="regelmaessig", activities=("verwaltung",), cells=("mo-abends",))
OFFERS = (
    offer(1, "Buchhaltung am Montag", areas=("kultur",), facts=MONDAY),
    offer(2, "Garten ohne Zeiten", areas=("umwelt_tiere",), facts=Facts(kind="regelmaessig")),
    offer(3, "Garten am Samstag", areas=("umwelt_tiere",), facts=SATURDAY),
    offer(4, "Garten in Flensburg", areas=("umwelt_tiere",), facts=SATURDAY, latitude=54.78, longitude=9.43),
    offer(5, "Garten voll besetzt", areas=("umwelt_tiere",), facts=SATURDAY, status="besetzt"),
    replace(
        samples.CAFE_CARD, id="01fitcafe", uri="https://hagen.example/cafe", title="Gartentag am Samstag",
        areas=("umwelt_tiere",), latitude=51.37, longitude=7.48, starts_at=datetime(2026, 12, 5, 8, 0, tzinfo=UTC),
        ends_at=datetime(2026, 12, 5, 11, 0, tzinfo=UTC),
    ),
    samples.NEWS_CARD,
)  # fmt: skip
SAID = {"bereich": "umwelt_tiere", "zeit": "sa-vormittags", "ort": "Hagen", "umkreis": "20"}


@pytest.fixture
async def app(tmp_path: Path) -> AsyncIterator[Starlette]:
    workshop = site.open_workshop(tmp_path)
    yield site.application(workshop, site.fill(workshop, tmp_path, OFFERS))
    await workshop.close()


@pytest.fixture
async def client(app: Starlette) -> AsyncIterator[httpx.AsyncClient]:
    transport = httpx.ASGITransport(app)
    async with httpx.AsyncClient(transport=transport, base_url=samples.HOME, headers=BROWSER) as made:
        yield made


async def says(client: httpx.AsyncClient, **answers: str | list[str]) -> None:
    assert (await client.post("/passung", data=answers)).status_code == 303


def titles(page: str) -> list[str]:
    return re.findall(r'class="card-title"[^>]*>\s*<a href="[^"]*">([^<]*)</a>', page)


def sentences(page: str) -> dict[str, str]:
    """Return the sentence on each card, "" where there is none, by title."""
    cards = page.split("<article")[1:]
    found = [re.search(r'class="card-fit">([^<]*)<', card) for card in cards]
    return dict(zip(titles(page), [one.group(1) if one else "" for one in found], strict=True))


async def test_the_order_follows_the_profile(client: httpx.AsyncClient) -> None:
    before = titles((await client.get("/?art=angebot")).text)
    assert before == [
        "Buchhaltung am Montag", "Garten ohne Zeiten", "Garten am Samstag", "Garten in Flensburg",
        "Garten voll besetzt",
    ]  # fmt: skip
    await says(client, **SAID)
    after = titles((await client.get("/?art=angebot")).text)
    assert after == ["Garten am Samstag", "Garten ohne Zeiten", "Buchhaltung am Montag"]
    await says(client, bereich="kultur", zeit="mo-abends")
    assert titles((await client.get("/?art=angebot")).text)[0] == "Buchhaltung am Montag"


async def test_what_is_searched_now_counts_before_what_was_said_once(client: httpx.AsyncClient) -> None:
    await says(client, **SAID)
    found = titles((await client.get("/?art=angebot&zeit=mo-abends")).text)
    assert found == ["Buchhaltung am Montag", "Garten ohne Zeiten"], "the garden fits better, but maybe at other times"


async def test_each_card_says_why(client: httpx.AsyncClient) -> None:
    await says(client, **SAID)
    found = sentences((await client.get("/?art=angebot")).text)
    assert found["Garten am Samstag"] == "Passt zu 100 %: Bereich Umwelt &amp; Tiere ✓, Samstag vormittags ✓, 0 km"
    assert found["Garten ohne Zeiten"].endswith("; nicht angegeben: Zeiten")
    assert found["Buchhaltung am Montag"].endswith("; passt nicht: Bereich, Zeiten")
    english = (await client.get("/?art=angebot", headers={"Accept-Language": "en"})).text
    assert "100 % match: area Nature &amp; animals ✓, Saturday morning ✓" in english


async def test_what_is_left_out_is_counted_with_what_to_loosen(client: httpx.AsyncClient) -> None:
    await says(client, **SAID)
    page = " ".join((await client.get("/?art=angebot")).text.split())
    assert "3 Treffer" in page
    assert "2 ausgeschlossen: 1 nicht mehr offen, 1 zu weit weg." in page
    assert '<a href="/passung#umkreis">Umkreis</a> (+1)' in page
    await says(client, alter="u14", merken="ja")
    minor = (await client.get("/?art=angebot")).text
    assert "nicht für Minderjährige freigegeben" in minor
    assert "#alter" not in minor, "nobody is asked to say another age"


async def test_the_words_searched_for_count_too(client: httpx.AsyncClient) -> None:
    await says(client, **SAID)
    page = (await client.get("/?q=garten&art=angebot")).text
    assert titles(page) == ["Garten am Samstag", "Garten ohne Zeiten"]
    assert "Suchwort ✓" in sentences(page)["Garten am Samstag"]


async def test_events_are_judged_by_what_they_say_and_posts_come_last(client: httpx.AsyncClient) -> None:
    await says(client, **SAID)
    page = (await client.get("/?sortierung=passung")).text
    assert titles(page) == [
        "Garten am Samstag", "Gartentag am Samstag", "Garten ohne Zeiten", "Buchhaltung am Montag",
        samples.NEWS_CARD.title,
    ]  # fmt: skip
    found = sentences(page)
    assert found["Gartentag am Samstag"].startswith("Passt zu 9")
    assert "Samstag vormittags ✓" in found["Gartentag am Samstag"]
    assert found[samples.NEWS_CARD.title] == ""


async def test_of_a_card_without_facts_nothing_is_claimed(
    app: Starlette, client: httpx.AsyncClient, tmp_path: Path
) -> None:
    old = offer(9, "Von einer früheren Version", areas=("umwelt_tiere",))
    app.state.index = site.fill(app.state.workshop, tmp_path / "old", [*OFFERS, old])
    await says(client, **SAID)
    found = sentences((await client.get("/?art=angebot")).text)
    assert list(found)[1:3] == ["Garten ohne Zeiten", "Von einer früheren Version"]
    assert found["Von einer früheren Version"] == ""


async def test_every_order_is_a_link_that_can_be_kept(client: httpx.AsyncClient) -> None:
    hint = "brauchen wir ein paar Angaben von Ihnen"
    usual = titles((await client.get("/?art=angebot")).text)
    unanswered = (await client.get("/?art=angebot&sortierung=passung")).text
    assert titles(unanswered) == usual
    assert hint in unanswered
    await says(client, **SAID)
    page = (await client.get("/?art=angebot")).text
    assert 'href="/?art=angebot&amp;sortierung=treffer">Ohne meine Angaben sortieren' in page
    assert hint not in page
    without = (await client.get("/?art=angebot&sortierung=treffer")).text
    assert titles(without) == usual
    assert set(sentences(without).values()) == {""}
    assert 'href="/?art=angebot">Nach meinen Angaben sortieren' in without
    newest = (await client.get("/?q=garten&sortierung=datum")).text
    assert titles(newest) == [
        "Garten ohne Zeiten", "Garten am Samstag", "Garten in Flensburg", "Gartentag am Samstag", "Garten voll besetzt",
    ]  # fmt: skip
    assert (await client.get("/?sortierung=beliebtheit")).status_code == 422


def choices(page: str) -> list[tuple[str, str]]:
    select = page.split('<select name="sortierung"')[1].split("</select>", maxsplit=1)[0]
    return re.findall(r'<option value="(\w*)"[^>]*>([^<]*)</option>', select)


async def test_the_form_offers_the_orders_there_are(client: httpx.AsyncClient) -> None:
    page = (await client.get("/?art=angebot")).text
    assert choices(page) == [
        ("", "Beste Treffer zuerst"), ("beginn", "Nächste Termine zuerst"), ("datum", "Zuletzt bestätigte zuerst"),
    ]  # fmt: skip
    assert 'href="/passung">Was passt zu mir?' in page
    assert 'href="/passung">Was passt zu mir?' in (await client.get("/")).text
    await says(client, **SAID)
    page = (await client.get("/?art=angebot&sortierung=datum")).text
    assert choices(page) == [
        ("", "Passendes zuerst"), ("treffer", "Beste Treffer zuerst"), ("beginn", "Nächste Termine zuerst"),
        ("datum", "Zuletzt bestätigte zuerst"),
    ]  # fmt: skip
    assert re.search(r'<option value="datum" selected>', page)


async def test_pages_hold_each_hit_once(app: Starlette, client: httpx.AsyncClient, tmp_path: Path) -> None:
    many = [offer(number, f"Angebot {number}", areas=("sport",)) for number in range(1, 51)]
    app.state.index = site.fill(app.state.workshop, tmp_path / "many", many)
    await says(client, bereich="sport")
    pages = [titles((await client.get(f"/?art=angebot&seite={number}")).text) for number in (1, 2, 3)]
    assert [len(page) for page in pages] == [20, 20, 10]
    assert len({title for page in pages for title in page}) == 50
    assert titles((await client.get("/?art=angebot&seite=2")).text) == pages[1]
    first = (await client.get("/?art=angebot")).text
    assert "Seite 1 von 3" in " ".join(first.split())
    assert titles((await client.get("/?art=angebot&seite=9")).text) == []


async def test_only_the_best_are_compared_and_the_page_says_so(
    app: Starlette, client: httpx.AsyncClient, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(fit, "COMPARED", 10)
    far = [offer(number, f"Fern {number}", latitude=54.78, longitude=9.43) for number in range(1, 31)]
    near = [offer(number, f"Nah {number}") for number in range(31, 36)]
    app.state.index = site.fill(app.state.workshop, tmp_path / "many", [*far, *near])
    await says(client, ort="Hagen")
    page = " ".join((await client.get("/?art=angebot")).text.split())
    assert sorted(titles(page)) == sorted(f"Nah {number}" for number in range(31, 36)), "however new the far ones are"
    assert "30 ausgeschlossen: 30 zu weit weg." in page
    assert "Verglichen haben wir" not in page
    await says(client, bereich="kultur")
    page = " ".join((await client.get("/?art=angebot")).text.split())
    assert len(titles(page)) == 10
    assert "Verglichen haben wir die ersten 10 von 35 Treffern." in page


async def test_what_shows_a_profile_is_kept_nowhere(client: httpx.AsyncClient) -> None:
    assert (await client.get("/?art=angebot")).headers["cache-control"] == "no-cache"
    await says(client, **SAID)
    for sort in ("", "&sortierung=treffer"):
        answer = await client.get(f"/?art=angebot{sort}")
        assert answer.headers["cache-control"] == "private, no-store"
        assert "Cookie" in answer.headers["vary"]
        links = set(re.findall(r'href="(/[^"]*)"', answer.text))
        assert not [link for link in links if "umwelt" in link or "Hagen" in link]


async def test_without_a_profile_nothing_is_compared(
    client: httpx.AsyncClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.delattr(Index, "best")
    await says(client, gewicht_zeit="sehr", online="auch")
    assert len(titles((await client.get("/?art=angebot")).text)) == 5, "nothing was answered that orders anything"
    assert (await client.get("/?q=garten&sortierung=passung", headers={"Cookie": "profil=x"})).status_code == 200


async def test_while_the_index_is_built_the_page_says_so(
    app: Starlette, client: httpx.AsyncClient, tmp_path: Path
) -> None:
    app.state.index = Index(tmp_path / "nothing")
    await says(client, **SAID)
    assert "wird gerade neu aufgebaut" in (await client.get("/?q=garten")).text


async def test_hostile_offers_are_harmless(app: Starlette, client: httpx.AsyncClient, tmp_path: Path) -> None:
    bad = Facts(
        kind=samples.HOSTILE, activities=(samples.HOSTILE,), cells=(samples.HOSTILE, "sa-vormittags"),
        german_level=samples.HOSTILE, effort=Effort(min_hours=1e300, max_hours=-1, per=samples.HOSTILE),
        skills=(Skill(name=samples.HOSTILE, required=True),), places=0, minimum_duration=samples.HOSTILE,
    )  # fmt: skip
    evil = replace(samples.EVIL_CARD, status="", facts=bad)
    app.state.index = site.fill(app.state.workshop, tmp_path / "evil", [evil])
    await says(client, **SAID, koennen="Gitarre", stunden="2", deutsch="b1", dauer="keine")
    answer = await client.get("/?art=angebot")
    assert "Passt zu" in answer.text
    assert samples.HOSTILE not in answer.text


# --- from a Document to an Offer --------------------------------------------------------------------------------------
def test_every_fact_reaches_the_rules() -> None:
    facts = Facts(
        kind="amt", activities=("a",), audiences=("kinder",), suitable_for=("u18",), mode="beliebig_im_gebiet",
        cells=("mo-abends",), flexible=True, effort=Effort(min_hours=1, max_hours=2, per="woche"),
        minimum_duration="keine", municipality="hagen", german_level="b1", languages=("uk",),
        skills=(Skill(name="Geduld", required=True),), minimum_age=16, clearance="nein", accessibility=("aufzug",),
        apply_by=samples.NOW.date(), end_date=samples.NOW.date(), places=3, told=("cells",),
    )  # fmt: skip
    document = offer(1, "Angebot", areas=("sport",), facts=facts)
    made = fit.offer(document, 0.5)
    renamed = {"end_date": "end"}
    for name in set(Facts.__slots__) - {
        "group_size",
        "registration",
        "start_date",
    }:  # no profile asks for these
        expected = week.mask(facts.cells) if name == "cells" else getattr(facts, name)
        assert getattr(made, renamed.get(name, name)) == expected, name
    assert (made.areas, made.confirmed_at, made.text_score) == (document.areas, document.fresh_at, 0.5)
    assert (made.latitude, made.longitude, made.status) == (document.latitude, document.longitude, "")
    assert fit.offer(replace(document, anywhere=True)).mode == "online"


@pytest.mark.parametrize(
    ("starts", "hours", "cells"),
    [
        (datetime(2026, 12, 12, 13, 0, tzinfo=UTC), 3, ["sa-nachmittags"]),
        (datetime(2026, 12, 12, 12, 30, tzinfo=UTC), 1, ["sa-mittags", "sa-nachmittags"]),
        (datetime(2026, 12, 12, 12, 30, tzinfo=UTC), 0, ["sa-mittags"]),
        (datetime(2026, 12, 12, 21, 0, tzinfo=UTC), 4, ["sa-nachts"]),
        (datetime(2026, 12, 13, 23, 30, tzinfo=UTC), 1, ["so-nachts"]),
        (datetime(2026, 7, 12, 4, 0, tzinfo=UTC), 1, ["so-morgens"]),
        (datetime(2026, 12, 12, 8, 0, tzinfo=UTC), 72, []),
        (datetime(2026, 12, 12, 8, 0, tzinfo=UTC), -2, ["sa-vormittags"]),
    ],
)
def test_the_parts_of_days_an_event_takes(starts: datetime, hours: int, cells: list[str]) -> None:
    event = replace(samples.CAFE_CARD, starts_at=starts, ends_at=starts + timedelta(hours=hours))
    made = fit.offer(event)
    assert list(week.cells(made.cells)) == cells
    assert made.confirmed_at is None


def test_which_answers_count() -> None:
    assert not fit.counts(Profile())
    assert not fit.counts(Profile(levels=(("zeit", "sehr"),), online="auch", remember_needs=True))
    assert fit.counts(Profile(areas=frozenset({"sport"})))
    assert fit.counts(Profile(online="nein"))
    assert fit.counts(Profile(age="16_17"))


# --- their place in the search ----------------------------------------------------------------------------------------
_PLACE_FIELD = re.compile(r'name="ort"[^>]*?value="([^"]*)"')
_RADIUS_FIELD = re.compile(r'<option value="(\d+)" selected>[^<]* km')


def filled(answer: httpx.Response) -> tuple[str, str]:
    """What stands in the fields of place and radius."""
    (place,), (radius, *_) = _PLACE_FIELD.findall(answer.text), _RADIUS_FIELD.findall(answer.text)
    return place, radius


async def test_their_place_is_filled_in_seen_and_taken_out(client: httpx.AsyncClient) -> None:
    assert filled(await client.get("/")) == ("", "20")
    await client.post("/passung", data=SAID | {"umkreis": "10"})
    for path in ("/", "/?bereich=umwelt_tiere", "/?q=Garten&sortierung=treffer"):
        page = await client.get(path)
        assert filled(page) == ("Hagen", "10"), path
        assert "Ihr Ort ist schon eingetragen: Hagen, 10 km." in page.text
        assert page.headers["cache-control"] == "private, no-store"
    assert "Garten in Flensburg" in (await client.get("/?q=Garten&sortierung=treffer")).text, "only filled in"
    other = await client.get("/?bereich=umwelt_tiere&ort=Flensburg")
    assert (filled(other), "Ihr Ort ist" in other.text) == (("Flensburg", "20"), False)
    page = await client.get("/?bereich=umwelt_tiere")
    (way,) = re.findall(r'<a href="([^"]+)">Ort herausnehmen</a>', page.text)
    assert html.unescape(way) == "/?bereich=umwelt_tiere&ort="
    for path in (html.unescape(way), "/?bereich=sport", "/", "/?seite=2&q=Garten"):
        page = await client.get(path)
        assert filled(page) == ("", "20"), "not again behind any link"
        assert "Ihr Ort ist" not in page.text
    assert "zu weit weg" in (await client.get("/?q=Garten")).text, "what fits them is still near them"


@pytest.mark.parametrize("way", ["/?q=Garten&ort=&umkreis=20", "/?ort=+", "/?q=samstags+Garten&ort="])
async def test_an_emptied_field_stays_empty_until_a_place_is_searched(client: httpx.AsyncClient, way: str) -> None:
    await client.post("/passung", data=SAID)
    emptied = await client.get(way)
    assert "private" in emptied.headers["cache-control"]
    assert filled(await client.get("/"))[0] == ""
    assert 'value="Hagen"' in (await client.get("/passung")).text, "their answer stays"
    await client.get("/?q=Garten&ort=Flensburg")
    assert filled(await client.get("/"))[0] == "Hagen"
    await client.get(way)
    await client.post("/passung", data=SAID)
    assert filled(await client.get("/"))[0] == "Hagen"


async def test_who_told_no_place_has_nothing_filled_in(client: httpx.AsyncClient) -> None:
    await client.post("/passung", data={"bereich": "umwelt_tiere"})
    page = await client.get("/?bereich=sport")
    assert filled(page)[0] == ""
    assert "set-cookie" not in (await client.get("/?bereich=sport&ort=")).headers


def test_what_was_long_not_confirmed_is_shown_where_nothing_else_fits(tmp_path: Path) -> None:
    old = [offer(number, f"Garten {number}", areas=("umwelt_tiere",), facts=SATURDAY) for number in (800, 900)]
    full = offer(1, "Garten voll besetzt", areas=("umwelt_tiere",), status="besetzt")

    def found(*offers: Document) -> tuple[list[str], str]:
        folder = tmp_path / str(len(offers))
        profile, german = Profile(areas=frozenset({"umwelt_tiere"})), i18n.language("de")
        fitting = fit.find(making.filled(folder, offers), Query(), profile, Weights(), german, samples.NOW)
        return [hit.document.title for hit in fitting.results.hits], fitting.left

    assert found(full, *old)[0] == ["Garten 800", "Garten 900"]
    titles, left = found(full, *old, offer(2, "Garten am Samstag"))
    assert (titles, "2 lange nicht bestätigt" in left) == (["Garten am Samstag"], True)
