"""The calendar's pages over a real index: by month, week, list and day, with the filters of the search."""

import re
from collections.abc import AsyncIterator
from dataclasses import replace
from datetime import date
from pathlib import Path

import httpx
import pytest

from fediverse_ehrenamt.search.model import Document
from tests.discover import dates

pytestmark = pytest.mark.anyio


@pytest.fixture
async def client(tmp_path: Path) -> AsyncIterator[httpx.AsyncClient]:
    async with dates.pages(tmp_path, *dates.ALL) as made:
        yield made


async def read(client: httpx.AsyncClient, path: str, status: int = 200) -> str:
    answer = await client.get(path)
    assert answer.status_code == status, path
    return answer.text


def day(page: str, key: str) -> str:
    """Return the cell or the section of a day as words."""
    cell = re.search(rf'<(td|section)((?!</\1>).)*"{key}".*?</\1>', page, re.DOTALL)
    return " ".join(re.sub(r"<[^>]+>", " ", cell[0]).split()) if cell else ""


async def test_a_month_shows_what_begins_what_goes_on_and_leads_to_the_rest(client: httpx.AsyncClient) -> None:
    page = await read(client, "/kalender?monat=2026-12")
    assert '<h1 id="gezeigt">Dezember 2026</h1>' in page
    assert re.search(r'class="count" role="status">14 Termine', page)
    assert 'scope="col"><abbr title="Montag">Mo</abbr>' in page
    assert day(page, "2026-12-05") == (
        "5 Samstag, 5. Dezember 2026 14:00–17:00 Abgesagt: Nikolausfeier Bürgerhaus Nord, Flensburg "
        "bis 24. Dez. Ausstellung „Ehrenamt“ bis 6. Dez. Wochenendseminar"
    )
    assert "<s>Nikolausfeier</s>" in page
    assert "letzter Tag Ausstellung" in day(page, "2026-12-24")
    assert day(page, "2026-12-25") == "25 Freitag, 25. Dezember 2026"
    assert "22:00–03:00 Nachtwache" in day(page, "2026-12-19")
    assert "Nachtwache" not in day(page, "2026-12-20")
    busy = day(page, "2026-12-12")
    assert "08:00–09:00 Treffen 10" in busy
    assert "und 7 weitere (Samstag, 12. Dezember 2026)" in busy
    assert 'href="/kalender?tag=2026-12-12"' in page
    assert 'href="/kalender?monat=2027-01"' in page
    assert 'href="/kalender?monat=2026-11"' in page
    assert "Lesepatin" not in page.partition("<main")[2]


async def test_a_day_has_all_of_it(client: httpx.AsyncClient) -> None:
    page = await read(client, "/kalender?tag=2026-12-12")
    found = day(page, "2026-12-12")
    assert [f"Treffen {10 + number}" in found for number in range(8)] == [True] * 8
    assert "Reparatur-Café" in found
    assert "Ausstellung" in found
    assert "10 Termine" in page
    assert "Bürgerhaus Nord, Flensburg" in found


async def test_a_week_and_a_list(client: httpx.AsyncClient) -> None:
    week = await read(client, "/kalender?woche=2026-W50")
    assert "Woche 50: 7.–13. Dez. 2026" in week
    assert day(week, "2026-12-12").count("Treffen") == 8
    listed = await read(client, "/kalender?liste=2026-12")
    assert listed.count("Ausstellung") == 1, "a list names each date once"
    assert re.findall(r'id="tag-(\S+)"', listed) == [
        "2026-12-01", "2026-12-04", "2026-12-05", "2026-12-12", "2026-12-18", "2026-12-19",
    ]  # fmt: skip


async def test_without_a_time_it_is_this_month_with_today_marked(client: httpx.AsyncClient) -> None:
    page = await read(client, "/kalender")
    assert "November 2026</h1>" in page
    assert "In diesem Monat gibt es hier keine Termine" in page
    assert '<a href="/kalender?monat=2026-12">Zum nächsten Termin am 1. Dezember 2026</a>' in page
    assert 'href="/?art=angebot">Angebote ohne festes Datum ansehen' in page
    week = await read(client, "/kalender?woche=2026-W47")
    assert "In dieser Woche" in week
    december = await read(client, "/kalender?monat=2026-12")
    assert 'aria-current="date"' not in december


def offer(number: int, first: str = "", last: str = "") -> Document:
    """Return an offer that names its days, or none."""
    begins, ends = (date.fromisoformat(day) if day else None for day in (first, last))
    return dates.lasting(number, begins, ends)


PERIODS = (
    offer(1, "2026-12-24", "2027-03-31"),
    offer(2, "2026-12-07", "2027-02-28"),
    offer(3, last="2026-12-20"),
    offer(4, "2026-10-01", "2027-10-01"),
    offer(5, "2026-10-01"),  # has begun, without an end
    offer(6),
    offer(7, "2027-02-01", "2027-02-03"),
    replace(offer(8, "2026-12-08", "2027-02-28"), status="besetzt"),
)


async def test_offers_with_days_stand_once_below_the_dates_what_begins_first(tmp_path: Path) -> None:
    async with dates.pages(tmp_path, *dates.ALL, *PERIODS) as client:
        december = await read(client, "/kalender?monat=2026-12")
        week = await read(client, "/kalender?woche=2026-W53")
        late = await read(client, "/kalender?liste=2026-12&seite=2")
        bounded = await read(client, "/kalender?monat=2026-12&von=2026-12-24")
        elsewhere = await read(client, "/kalender?monat=2026-12&ort=Hagen")
    table, below = december.split('<section class="periods"')
    assert "Helfen" not in table, "no day is filled by what lasts for months"
    assert re.findall(r"Helfen \d", below) == ["Helfen 2", "Helfen 1", "Helfen 3", "Helfen 4"]
    assert "7. Dezember 2026 bis 28. Februar 2027" in below
    assert "bis 20. Dezember 2026" in below
    assert "Alle Angebote dieser Zeit" not in below
    assert re.findall(r"Helfen \d", week) == ["Helfen 2", "Helfen 1", "Helfen 4"]
    assert re.findall(r"Helfen \d", bounded) == ["Helfen 1", "Helfen 2", "Helfen 4"]
    assert "Helfen" not in late + elsewhere


async def test_many_offers_of_a_time_are_all_found_behind_a_link(tmp_path: Path) -> None:
    many = [offer(number, "2026-12-01", f"2027-01-{number:02}") for number in range(1, 10)]
    async with dates.pages(tmp_path, *many) as client:
        page = await read(client, "/kalender?monat=2026-12&q=helfen")
        assert len(re.findall(r"Helfen \d", page)) == 6
        link = re.search(r'href="([^"]+)">Alle Angebote dieser Zeit', page)
        assert link
        all_of_it = await read(client, link[1].replace("&amp;", "&"))
    assert len(set(re.findall(r"Helfen \d", all_of_it))) == 9


async def test_an_empty_time_says_what_to_do(client: httpx.AsyncClient) -> None:
    page = await read(client, "/kalender?monat=2027-02&q=treffen")
    assert "Zum nächsten" not in page, "no meeting comes after it"
    assert '<a href="/kalender?monat=2027-02">Alle Termine dieser Zeit ansehen</a>' in page
    page = await read(client, "/kalender?tag=2027-02-01")
    assert '<a href="/kalender?tag=2027-03-28">Zum nächsten Termin am 28. März 2027</a>' in page
    page = await read(client, "/kalender?monat=2026-10")
    assert "Was vorbei ist, zeigen wir nicht mehr." in page
    page = await read(client, "/kalender?monat=2027-02&bis=2027-02-20")
    assert "Zum nächsten" not in page, "it lies beyond what is searched"


async def test_filters_are_those_of_the_search_and_are_kept(client: httpx.AsyncClient) -> None:
    page = await read(
        client, "/kalender?monat=2026-12&q=nachtwache&ort=Flensburg&umkreis=10&bereich=freizeit&art=angebot"
    )
    assert "1 Termin<" in page
    kept = "q=nachtwache&amp;ort=Flensburg&amp;umkreis=10&amp;bereich=freizeit"
    assert f'href="/kalender?{kept}&amp;monat=2027-01"' in page
    assert f'href="/kalender?{kept}&amp;woche=2026-W49"' in page
    assert 'href="/kalender?ort=Flensburg&amp;umkreis=10&amp;bereich=freizeit&amp;monat=2026-12"' in page
    assert '<input type="hidden" name="monat" value="2026-12">' in page
    assert f'href="/?{kept}&amp;art=termin"' in page
    assert f'href="/suche.atom?{kept}&amp;art=termin"' in page
    assert f'href="/suche.ics?{kept}"' in page, "with the offers that the page shows below its dates"
    assert "von Angeboten mit Zeitraum der erste und der letzte Tag" in page
    assert "0 Termine" in await read(client, "/kalender?monat=2026-12&bereich=sport")
    assert "0 Termine" in await read(client, "/kalender?monat=2026-12&ort=Hagen")


async def test_days_that_are_searched_for_bound_the_view(client: httpx.AsyncClient) -> None:
    page = await read(client, "/kalender?von=2026-12-18&bis=2026-12-19")
    assert "Dezember 2026</h1>" in page
    assert "3 Termine" in page
    assert "Treffen 10" not in page
    page = await read(client, "/kalender?von=2026-12-18&bis=2026-12-19&monat=2027-03")
    assert "0 Termine" in page


async def test_what_says_nothing_of_a_filter_is_marked(client: httpx.AsyncClient) -> None:
    page = await read(client, "/kalender?liste=2026-12&zielgruppe=kinder")
    assert "nicht angegeben: Zielgruppe" in page
    assert "0 Termine" in await read(client, "/kalender?liste=2026-12&zielgruppe=kinder&genau=zielgruppe")


@pytest.mark.parametrize(
    ("path", "words"),
    [
        ("monat=99", "„99“ verstehen wir nicht; richtig wäre zum Beispiel 2026-12"),
        ("monat=2026-99", "„2026-99“ verstehen wir nicht"),
        ("woche=0", "richtig wäre zum Beispiel 2026-W50"),
        ("woche=2026-W00", "„2026-W00“ verstehen wir nicht"),
        ("tag=<script>", "&lt;script&gt;"),
        ("monat=1815-06", "liegt zu weit weg; der Kalender reicht von 11/2025 bis 11/2028"),
        ("tag=9999-12-31", "„9999-12-31“ liegt zu weit weg"),
        ("ort=Xyzzyheim&monat=2026-12", "„Xyzzyheim“ kennen wir nicht."),
    ],
)
async def test_bad_input_is_answered_with_what_would_be_right(client: httpx.AsyncClient, path: str, words: str) -> None:
    page = await read(client, f"/kalender?{path}", 422)
    assert words in page
    assert "<script>" not in page.partition("<main")[2]
    if "ort=" in path:
        assert 'action="/kalender"' in page, "what was typed is kept for the calendar"
        assert 'value="Xyzzyheim"' in page


@pytest.mark.parametrize("page", ["0", "x", "501", "99999999999999"])
async def test_no_page_of_a_list_breaks_it(client: httpx.AsyncClient, page: str) -> None:
    answer = await client.get(f"/kalender?liste=2026-12&seite={page}")
    assert answer.status_code == 422
    assert "ist eine Zahl von 1 bis 500" in answer.text or "seite" in answer.text


async def test_a_long_list_has_pages(tmp_path: Path) -> None:
    many = [dates.dated(100 + number, f"2026-12-{1 + number % 28:02}T10:00") for number in range(120)]
    async with dates.pages(tmp_path, *many) as client:
        first, last = [await read(client, f"/kalender?liste=2026-12&seite={page}") for page in (1, 3)]
        assert "121 Termine, Seite 1 von 3" in first
        assert 'href="/kalender?seite=2&amp;liste=2026-12"' in first
        assert last.count('<li class="row') == 21


async def test_results_lead_to_the_calendar_where_there_are_dates(client: httpx.AsyncClient) -> None:
    page = await read(client, "/?ort=Flensburg&sortierung=datum&seite=2")
    assert 'href="/kalender?ort=Flensburg"' in page
    assert "Im Kalender" not in await read(client, "/?q=vorlesen&ort=Hagen")
    assert "Im Kalender" not in await read(client, "/?art=angebot&ort=Flensburg")
    assert '<li><a href="/kalender">Kalender</a></li>' in page


async def test_it_speaks_english_too(client: httpx.AsyncClient) -> None:
    page = (await client.get("/kalender?monat=2026-12", headers={"Accept-Language": "en"})).text
    assert "December 2026</h1>" in page
    assert "and 7 more" in page
    assert "Cancelled:" in page
