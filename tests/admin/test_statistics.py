"""The statistics: pages with plots and tables over the chosen months, and each table as a file."""

import csv
import io
import re
from datetime import date

import pytest

from fediverse_ehrenamt.accounts.rules import Grant, Role
from fediverse_ehrenamt.admin import statistics
from fediverse_ehrenamt.figures import store
from fediverse_ehrenamt.figures.rules import What
from fediverse_ehrenamt.instance import Instance
from fediverse_ehrenamt.web import plots, spreadsheets
from fediverse_ehrenamt.web.plots import Point
from fediverse_ehrenamt.work import Work
from tests.accounts.house import House
from tests.figures import years
from tests.workbench import Clock

pytestmark = pytest.mark.anyio
PAGE = "/verwaltung/statistik"


@pytest.fixture
def hagen(instance: Instance, clock: Clock) -> House:
    return House(instance, clock)


def coordinator(hagen: House) -> str:
    return hagen.add("clara@hagen.de", "Clara Koordination", Grant(Role.COORDINATOR)).id


def table(text: str) -> list[list[str]]:
    assert text.startswith("\ufeff")
    return list(csv.reader(io.StringIO(text[1:]), delimiter=";"))


async def test_before_the_first_snapshot_the_page_says_so(hagen: House) -> None:
    async with hagen.visit(coordinator(hagen)) as browser:
        page = await browser.get(PAGE)
        assert page.status_code == 200
        assert "Noch ist nichts gezählt" in page.text
        assert table((await browser.get(f"{PAGE}/bereiche.csv")).text) == [
            ["Bereich", "offen", "neu", "beendet", "vor einem Jahr offen"]
        ]


async def test_months_are_compared_with_those_of_the_year_before(hagen: House) -> None:
    hagen.write(years.remember)
    async with hagen.visit(coordinator(hagen)) as browser:
        text = (await browser.get(PAGE)).text
        half = (await browser.get(f"{PAGE}?monate=6")).text
        other = (await browser.get(f"{PAGE}?monate=7000")).text
        offers = await browser.get(f"{PAGE}/angebote.csv")
        areas = table((await browser.get(f"{PAGE}/bereiche.csv")).text)
        fresh = table((await browser.get(f"{PAGE}/frische.csv?monate=24")).text)
        assert (await browser.get(f"{PAGE}/unsinn.csv")).status_code == 404
    assert "November 2026: 156 (im Vorjahr: 108)" in text
    assert text.count('role="img"') == 7
    assert len(re.findall(r'<th role="rowheader"', half)) < len(re.findall(r'<th role="rowheader"', text))
    assert other.count('role="rowheader"') == text.count('role="rowheader"')
    assert offers.headers["content-type"] == "text/csv; charset=utf-8"
    assert offers.headers["content-disposition"] == 'attachment; filename="statistik-angebote.csv"'
    heading, newest, *_rest, oldest = table(offers.text)
    assert heading == ["Monat", "offen", "neu", "beendet", "davon eigene", "Termine", "offen im Vorjahr"]
    assert newest == ["2026-11", "156", "13", "8", "86", "16", "108"]
    assert oldest[0] == "2025-12"
    assert areas[1] == ["Schule & Kita", "35", "48", "30", "23"]
    assert [fresh[1][3], len(fresh)] == ["68", 25]


async def test_what_was_counted_afterwards_is_marked(hagen: House) -> None:
    hagen.write(years.remember, 12)
    async with hagen.visit(coordinator(hagen)) as browser:
        text = (await browser.get(PAGE)).text
    assert "<bdi>Dezember 2025</bdi> *" in " ".join(text.split())
    assert "<bdi>November 2026</bdi> *" not in " ".join(text.split())
    assert "nachträglich gezählt" in text
    assert "im Vorjahr" not in text, "nothing is known of it"


async def test_what_is_unknown_is_not_nothing(hagen: House) -> None:
    def put(work: Work) -> None:
        store.put(work, date(2026, 11, 1), {(What.OPEN, ""): 0})

    hagen.write(put)
    async with hagen.visit(coordinator(hagen)) as browser:
        text = (await browser.get(PAGE)).text
        rows = table((await browser.get(f"{PAGE}/angebote.csv?monate=6")).text)
    assert "Dazu ist noch nichts gezählt." in text
    assert rows[1] == ["2026-11", "0", "", "", "", ""]
    assert statistics.SPANS[0] == len(rows) - 1


def test_a_spreadsheet_calculates_nothing_that_people_wrote() -> None:
    answer = spreadsheets.answer("x", ["=1+1"], [["@summe", 1.5], ["-2;3", None], ["Haspe", 1_234_567.0]])
    assert bytes(answer.body).decode("utf-8-sig").split("\r\n") == [
        "'=1+1", "'@summe;1,5", '"\'-2;3";', "Haspe;1234567", "",
    ]  # fmt: skip


@pytest.mark.parametrize(
    ("most", "line"), [(0, 1), (1, 1), (7, 10), (11, 20), (23, 25), (26, 50), (99, 100), (1e6, 1e6)]
)
def test_bars_fit_below_a_round_number(most: float, line: float) -> None:
    plot = plots.upright([Point(most, None, "so"), Point(0, None, "nichts"), Point(None, None, "unbekannt")])
    assert plot is not None
    assert plot.lines[-1][1] == line
    assert len(plot.bars) == (1 if most else 0)
    assert all(8 <= bar.y < 80 and bar.y + bar.height == pytest.approx(80) for bar in plot.bars)


def test_bars_stand_beside_those_of_the_year_before() -> None:
    plot = plots.upright([Point(4, 2, "a"), Point(4_000, None, "b")])
    assert plot is not None
    assert plot.compared
    former, now, much = plot.bars
    assert (former.former, now.former) == (True, False)
    assert former.x + former.width == pytest.approx(now.x, abs=0.02)
    assert now.x + now.width < much.x < much.x + much.width <= 100
    assert plots.upright([Point(None, None, "")]) is None
    assert plots.lengths([4, 1, 0]) == (100, 25, 0)
    assert plots.lengths([0]) == (0,)
