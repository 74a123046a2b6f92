"""iCalendar read by a library and Atom by its RFC: what they say, to whom they send nothing, what they refuse."""

from collections.abc import AsyncIterator
from dataclasses import replace
from datetime import UTC, date, datetime, time, timedelta
from email.utils import format_datetime
from pathlib import Path
from typing import Any
from xml.etree import ElementTree as ET

import httpx
import icalendar
import pytest

from fediverse_ehrenamt.discover import atom, ics, subscriptions
from fediverse_ehrenamt.discover.view import Reader
from fediverse_ehrenamt.feeds import actions as feeds
from fediverse_ehrenamt.kit.clock import HOME
from fediverse_ehrenamt.search.query import Query
from fediverse_ehrenamt.web import i18n
from tests.discover import dates, samples

pytestmark = pytest.mark.anyio
A, RSS = f"{{{atom.ATOM}}}", f"{{{atom.GEORSS}}}"
READER = Reader(i18n.language("de"), samples.NOW, samples.HOME)


@pytest.fixture
async def client(tmp_path: Path) -> AsyncIterator[httpx.AsyncClient]:
    async with dates.pages(tmp_path, *dates.ALL) as made:
        yield made


async def calendar(client: httpx.AsyncClient, path: str) -> Any:
    """Return a calendar as the library reads it, whose values may be of any type."""
    answer = await client.get(path, headers={"Accept": "*/*"})
    assert answer.status_code == 200
    assert answer.headers["content-type"] == "text/calendar; charset=utf-8"
    assert answer.content.endswith(b"END:VCALENDAR\r\n")
    assert max(len(line) for line in answer.content.split(b"\r\n")) <= 75, "lines are folded (RFC 5545 §3.1)"
    assert b"\n" not in answer.content.replace(b"\r\n", b"")
    read: Any = icalendar.Calendar.from_ical(answer.content)
    assert read["version"] == "2.0"
    assert read["prodid"]
    for event in read.events:
        assert {"UID", "DTSTAMP", "DTSTART", "SUMMARY", "SEQUENCE", "LAST-MODIFIED", "URL", "STATUS"} <= set(event)
    return read


def of(read: Any, uri: str) -> Any:
    return next(event for event in read.events if event["uid"] == uri)


# --- iCalendar --------------------------------------------------------------------------------------------------------
async def test_a_search_is_a_calendar_of_its_dates(client: httpx.AsyncClient) -> None:
    read = await calendar(client, "/suche.ics?ort=Flensburg")
    assert len(read.events) == 1 + len(dates.ALL), "offers without a date are left out"
    assert read["x-wr-calname"] == "Ehrenamt Flensburg: 20 km um Flensburg"
    assert read["source"] == "http://127.0.0.1:8000/suche.ics?ort=Flensburg"
    assert read["url"] == "http://127.0.0.1:8000/kalender?ort=Flensburg"
    assert read["refresh-interval"].dt == timedelta(hours=6)
    assert [zone["tzid"] for zone in read.timezones] == ["Europe/Berlin"]
    cafe = of(read, samples.CAFE.id)
    assert cafe["summary"] == "Reparatur-Café: bringen, schrauben, plaudern"
    assert cafe["dtstart"].params["TZID"] == "Europe/Berlin"
    assert cafe.start == samples.CAFE.starts_at
    assert cafe.end == samples.CAFE.ends_at
    assert cafe["location"] == "Bürgerhaus Nord, Flensburg"
    assert cafe["geo"].to_ical() == "54.806;9.442"
    assert cafe.categories == ["Freizeit und Geselligkeit"]
    assert cafe["status"] == "CONFIRMED"
    assert cafe["url"].startswith(f"{samples.HOME}/termine/{samples.EVENT_ID}-reparatur-caf")
    assert cafe["description"].startswith("Gartenfreunde Förde\n\nKaputte Lampe")
    assert [event.start for event in read.events if isinstance(event.start, datetime)] == sorted(
        event.start for event in read.events if isinstance(event.start, datetime)
    )


async def test_offers_with_days_are_their_first_and_last_day_and_nobody_is_busy(tmp_path: Path) -> None:
    offers = (
        dates.lasting(1, date(2026, 12, 24), date(2027, 3, 31)),
        dates.lasting(2, last=date(2026, 12, 20)),
        dates.lasting(3, date(2026, 12, 6), date(2026, 12, 6)),
        dates.lasting(4, date(2026, 10, 1)),  # has begun, without an end
        replace(dates.lasting(5, date(2026, 12, 9)), status="besetzt"),
        dates.lasting(6),
    )
    async with dates.pages(tmp_path, *offers) as client:
        read = await calendar(client, "/suche.ics?q=helfen&bereich=umwelt_tiere")
        assert [(event["summary"], event.start) for event in read.events] == [
            ("Helfen 3", date(2026, 12, 6)),
            ("Letzter Tag: Helfen 2", date(2026, 12, 20)),
            ("Beginnt: Helfen 1", date(2026, 12, 24)),
            ("Letzter Tag: Helfen 1", date(2027, 3, 31)),
        ]
        assert len({event["uid"] for event in read.events}) == 4
        assert {event["transp"] for event in read.events} == {"TRANSPARENT"}
        english = await calendar(client, "/suche.ics?q=helfen&art=angebot&sprache=en")
        assert "Last day: Helfen 2" in [event["summary"] for event in english.events]
        assert (await calendar(client, "/suche.ics?q=helfen&art=termin")).events == []
        bounded = await calendar(client, "/suche.ics?q=helfen&bereich=umwelt_tiere&von=2026-12-22")
        assert [event["summary"] for event in bounded.events] == ["Beginnt: Helfen 1", "Letzter Tag: Helfen 1"]


async def test_kinds_of_dates(client: httpx.AsyncClient) -> None:
    read = await calendar(client, "/suche.ics")
    cancelled = of(read, dates.CANCELLED.uri)
    assert (cancelled["status"], cancelled["summary"]) == ("CANCELLED", "Abgesagt: Nikolausfeier")
    assert cancelled["sequence"] == 9 * 24 * 3600, "it grows with every change"
    assert of(read, samples.CAFE.id)["sequence"] == 0
    exhibition = of(read, dates.EXHIBITION.uri)
    assert (exhibition.start, exhibition.end) == (date(2026, 12, 1), date(2026, 12, 25))
    spring = of(read, dates.SPRING.uri)
    assert spring.end - spring.start == timedelta(hours=2)
    assert (spring.end.astimezone(UTC) - spring.start.astimezone(UTC)) == timedelta(hours=1), (
        "the clock was put forward"
    )
    remote = of(read, dates.REMOTE.uri)
    assert remote["url"] == dates.REMOTE.url
    assert "Zeile eins; Zeile, zwei\\drei\n\nUnd ein Absatz danach." in remote["description"]


async def test_the_time_zone_says_when_clocks_change(client: httpx.AsyncClient) -> None:
    (zone,) = (await calendar(client, "/suche.ics")).timezones
    described = zone.to_tz()
    for day in (date(2026, 12, 1), date(2027, 3, 28), date(2027, 7, 1), date(2029, 11, 1)):
        noon = datetime.combine(day, time(12), HOME)
        assert described.utcoffset(noon.replace(tzinfo=None)) == noon.utcoffset(), day


async def test_a_calendar_without_dates_is_one_all_the_same(client: httpx.AsyncClient) -> None:
    for path in (
        "/suche.ics?q=quastenflosser",
        "/suche.ics?art=angebot&von=2027-08-01",
        "/suche.ics?bis=2026-11-01",
        "/suche.ics?art=beitrag",
    ):
        assert (await calendar(client, path)).events == []
    assert len((await calendar(client, "/suche.ics?von=2027-01-01&art=termin")).events) == 1


async def test_what_was_yesterday_is_still_there_and_what_is_far_is_cut(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    yesterday = dates.dated(50, "2026-11-21T20:00", 2)
    async with dates.pages(tmp_path, yesterday, *dates.ALL) as client:
        read = await calendar(client, "/suche.ics")
        assert read.events[0]["uid"] == yesterday.uri
        monkeypatch.setattr(subscriptions, "DATES", 3)
        assert len((await calendar(client, "/suche.ics?q=treffen")).events) == 3


async def test_one_date_has_its_whole_address(client: httpx.AsyncClient) -> None:
    page = (await client.get(f"/termine/{samples.EVENT_ID}")).text
    path = f"/termine/{samples.EVENT_ID}-reparatur-caf-bringen-schrauben-plaudern.ics"
    assert f'href="{path}"' in page
    (event,) = (await calendar(client, path)).events
    assert event["location"] == "Bürgerhaus Nord, Apenrader Straße 3, 24939 Flensburg"
    answer = await client.get(path)
    assert answer.headers["content-disposition"] == (
        'attachment; filename="reparatur-caf-bringen-schrauben-plaudern.ics"'
    )
    assert (await client.get("/termine/gibtesnicht.ics")).status_code == 404
    assert (await client.get(f"/termine/{samples.LOCAL_ID}.ics")).status_code == 404, "an offer is no date"


def test_a_date_without_an_end_or_a_beginning() -> None:
    open_end = dates.dated(
        60, "2026-12-12T10:00", 0, latitude=None, longitude=None, place="", published_at=None, fresh_at=None
    )
    heading = ics.Heading("Name", "https://a.example/x.ics", "https://a.example/")
    read: Any = icalendar.Calendar.from_ical(ics.write(heading, [open_end, samples.GARDEN_CARD], samples.HOME, "en"))
    (event,) = read.events
    assert not {"DTEND", "GEO", "LOCATION", "CREATED"} & set(event)
    assert event["dtstamp"].dt == datetime(1970, 1, 1, tzinfo=UTC)
    assert event.categories == ["Leisure and social life"] or event.categories
    ancient = replace(open_end, starts_at=datetime(1905, 5, 1, tzinfo=UTC), ends_at=datetime(2190, 5, 1, tzinfo=UTC))
    assert len(icalendar.Calendar.from_ical(ics.write(heading, [ancient], samples.HOME, "de")).events) == 1


async def test_hostile_texts_stay_texts(tmp_path: Path) -> None:
    evil = dates.dated(
        70, "2026-12-13T10:00", 1, f"{samples.HOSTILE}\r\nATTACH:https://spion.example", text="a\r\nEND:VEVENT"
    )
    async with dates.pages(tmp_path, evil) as client:
        event = of(await calendar(client, "/suche.ics"), evil.uri)
        assert "ATTACH" not in set(event)
        assert "\u202e" not in event["summary"]
    alone = ics.write(ics.Heading(samples.HOSTILE, samples.HOME, samples.HOME), [evil], samples.HOME, "de").decode()
    assert "\u202e" not in alone


# --- Atom -------------------------------------------------------------------------------------------------------------
def checked(body: bytes) -> ET.Element:
    """Read a feed and check what RFC 4287 §4.1 demands of it."""
    feed = ET.fromstring(body)  # noqa: S314 - our own
    assert feed.tag == f"{A}feed"
    for one in (feed, *feed.findall(f"{A}entry")):
        for name in ("id", "title", "updated"):
            assert len(one.findall(f"{A}{name}")) == 1, name
        assert ":" in (one.findtext(f"{A}id") or "")
        moment = datetime.fromisoformat(one.findtext(f"{A}updated") or "")
        assert moment.tzinfo is not None
        assert one.findtext(f"{A}author/{A}name"), "each has an author"
        links = [(link.get("rel"), link.get("type"), link.get("hreflang")) for link in one.findall(f"{A}link")]
        assert (
            len([rel for rel in links if rel[0] == "alternate"])
            == len({rel for rel in links if rel[0] == "alternate"})
            == 1
        )
        assert all(link.get("href", "").startswith("http") for link in one.findall(f"{A}link"))
    for entry in feed.findall(f"{A}entry"):
        content = entry.find(f"{A}content")
        assert content is not None
        assert content.get("type") == "html"
        assert all(category.get("term") for category in entry.findall(f"{A}category"))
    ids = [entry.findtext(f"{A}id") for entry in feed.findall(f"{A}entry")]
    assert len(ids) == len(set(ids))
    return feed


async def test_a_search_is_a_feed_of_what_is_newest(client: httpx.AsyncClient) -> None:
    answer = await client.get("/suche.atom?sortierung=beginn&seite=2", headers={"Accept": "*/*"})
    assert answer.headers["content-type"] == "application/atom+xml; charset=utf-8"
    feed = checked(answer.content)
    assert feed.findtext(f"{A}title") == "Ehrenamt Flensburg"
    assert feed.findtext(f"{A}id") == "http://127.0.0.1:8000/suche.atom", "whatever the order, it is one feed"
    assert len(feed.findall(f"{A}entry")) == 50
    moments = [entry.findtext(f"{A}updated") or "" for entry in feed.findall(f"{A}entry")]
    assert max(moments) == moments[0] == feed.findtext(f"{A}updated") == "2026-11-21T09:30:00Z"
    narrow = checked((await client.get("/suche.atom?q=vorlesen&ort=Hagen")).content)
    assert narrow.findtext(f"{A}title") == "Ehrenamt Flensburg: „vorlesen“, 20 km um Hagen"
    (entry,) = narrow.findall(f"{A}entry")
    assert entry.findtext(f"{A}id") == samples.READING.id
    assert entry.findtext(f"{A}updated") == "2026-11-02T09:30:00Z"
    assert entry.findtext(f"{A}published") == "2026-08-24T09:30:00Z"
    hrefs = {link.get("rel"): link.get("href") for link in entry.findall(f"{A}link")}
    assert hrefs["alternate"] == f"{samples.HOME}/angebote/{samples.REMOTE_ID}-lesepatin-oder-lesepate-gesucht"
    assert hrefs["via"] == samples.READING.url
    assert [category.get("label") for category in entry.findall(f"{A}category")][-2:] == ["#vorlesen", "#hagen"]
    assert entry.findtext(f"{RSS}point") == "51.35710 7.47280"
    content = entry.findtext(f"{A}content") or ""
    assert content.startswith("<p>dienstags · 1–2 Stunden pro Woche · Hagen-Wehringhausen</p>")


async def test_a_feed_without_entries_is_one_all_the_same(client: httpx.AsyncClient) -> None:
    feed = checked((await client.get("/suche.atom?q=quastenflosser")).content)
    assert feed.findall(f"{A}entry") == []
    assert feed.findtext(f"{A}updated") == "2026-11-22T09:00:00Z"
    misspelt = checked((await client.get("/suche.atom?q=Gemeinschaftsgartn")).content)
    assert misspelt.findall(f"{A}entry") == [], "a feed finds what was asked for and nothing else"


def test_hostile_texts_stay_texts_in_a_feed_too() -> None:
    evil = replace(samples.EVIL_CARD, text=f"{samples.HOSTILE} \x00\x0b\ufffe\ud800 & <b>", organisation="")
    heading = atom.Heading("T\x07", "", "https://a.example/x.atom", "https://a.example/", "A")
    feed = checked(atom.write(heading, [evil], READER))
    entry = feed.find(f"{A}entry")
    assert entry is not None
    assert "<script>" not in (entry.findtext(f"{A}content") or "")
    assert (entry.findtext(f"{A}title") or "").startswith(f"{samples.HOSTILE[:8]}")
    assert [link.get("rel") for link in entry.findall(f"{A}link")] == ["alternate"]


async def test_words_are_german_unless_the_address_wishes_otherwise(client: httpx.AsyncClient) -> None:
    german = await client.get("/suche.atom?bereich=sport", headers={"Accept-Language": "en"})
    english = await client.get("/suche.atom?bereich=sport&sprache=en")
    assert "Sport und Bewegung" in german.text
    assert "Sport und Bewegung" not in english.text
    assert checked(english.content).findtext(f"{A}id", "").endswith("/suche.atom?bereich=sport&sprache=en")
    page = (await client.get("/?bereich=sport", headers={"Accept-Language": "en"})).text
    assert 'href="/suche.atom?bereich=sport&amp;sprache=en"' in page
    assert (await client.get("/suche.ics?sprache=xx")).status_code == 200


# --- asking again -----------------------------------------------------------------------------------------------------
@pytest.mark.parametrize("path", ["/suche.ics", "/suche.atom?ort=Hagen", "/organisationen/garten.atom"])
async def test_whoever_has_it_is_sent_nothing(client: httpx.AsyncClient, path: str) -> None:
    first = await client.get(path)
    again = await client.get(path)
    assert first.content == again.content
    assert first.headers["cache-control"] == "public, max-age=900"
    assert first.headers["x-robots-tag"] == "noindex"
    tag, modified = first.headers["etag"], first.headers["last-modified"]
    for known in ({"If-None-Match": tag}, {"If-None-Match": f'"x", W/{tag}'}, {"If-Modified-Since": modified}):
        answer = await client.get(path, headers=known)
        assert (answer.status_code, answer.content, answer.headers["etag"]) == (304, b"", tag)
    earlier = format_datetime(samples.NOW - timedelta(hours=2), usegmt=True)
    for known in ({"If-None-Match": '"x"', "If-Modified-Since": modified}, {"If-Modified-Since": earlier}):
        assert (await client.get(path, headers=known)).status_code == 200
    for nonsense in ("gestern", "", "Sun, 99 Nov 2026 09:00:00 GMT", "Sun, 22 Nov 2026 09:00:00 -0000"):
        assert (await client.get(path, headers={"If-Modified-Since": nonsense})).status_code == 200


@pytest.mark.parametrize("ending", ["ics", "atom"])
async def test_what_is_no_search_is_refused(client: httpx.AsyncClient, ending: str) -> None:
    answer = await client.get(f"/suche.{ending}?ort=Xyzzyheim&von=31.2.2026", headers={"Accept": "*/*"})
    assert answer.status_code == 422
    assert [problem["field"] for problem in answer.json()["problems"]] == ["ort", "von"]
    assert (await client.get(f"/suche.{ending}?q={'x' * 5_000}")).status_code == 200
    assert (await client.get(f"/organisationen/gibtesnicht.{ending}")).status_code == 404


# --- where they are told of -------------------------------------------------------------------------------------------
async def test_results_tell_of_all_ways_to_subscribe(client: httpx.AsyncClient) -> None:
    page = (await client.get("/?q=treffen&ort=Flensburg&sortierung=datum")).text
    wanted = "q=treffen&amp;ort=Flensburg"
    for name, kind in (("atom", "application/atom+xml"), ("ics", "text/calendar")):
        assert f'type="{kind}"' in page.partition("</head>")[0]
        assert f'href="/suche.{name}?{wanted}"' in page.partition("</head>")[0]
    block = page.partition("Diese Suche abonnieren")[2]
    assert f'href="webcal://127.0.0.1:8000/suche.ics?{wanted}"' in block
    assert f'href="/suche-merken?{wanted}"' in block
    assert 'href="/ueber#folgen"' in block
    assert "von Angeboten mit Zeitraum der erste und der letzte Tag" in block
    offers = (await client.get("/?art=angebot")).text
    assert "suche.ics" not in offers, "there would be nothing in it"


async def test_a_search_with_an_account_of_its_own_leads_there(tmp_path: Path) -> None:
    async with dates.pages(tmp_path) as client:
        workshop = client._transport.app.state.workshop  # type: ignore[attr-defined] # the app that was just made
        workshop.write_now(feeds.add, "haspe", "Umwelt in Haspe", "ort=Flensburg&bereich=umwelt_tiere")
        page = (await client.get("/?bereich=umwelt_tiere&ort=Flensburg&sortierung=datum")).text
        assert 'href="/abos/haspe"' in page
        assert 'href="/abos/haspe"' not in (await client.get("/?bereich=umwelt_tiere")).text


def test_addresses_are_canonical() -> None:
    links = subscriptions.of_search(Query(text="a b", sort="datum", page=4), "https://ehrenamt.hagen.de", "de")
    assert links.ics == "/suche.ics?q=a+b"
    assert links.webcal == "webcal://ehrenamt.hagen.de/suche.ics?q=a+b"
    assert subscriptions.of_search(Query(), "https://a.example", "de").atom == "/suche.atom"
