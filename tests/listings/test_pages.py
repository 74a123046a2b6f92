"""Pages that say otherwise than in clean JSON-LD what they hold: markup, loose JSON, schedules; and empty ones."""

import contextlib
import json
import time

import pytest

from fediverse_ehrenamt.kit.clock import HOME
from fediverse_ehrenamt.kit.errors import Invalid
from fediverse_ehrenamt.listings import formats
from fediverse_ehrenamt.listings.record import Record
from tests.listings.reading import read

MICRODATA = """<!DOCTYPE html><html><head><script>var x = "<div itemscope itemtype='https://schema.org/Event'>";</script>
<!-- <div itemscope itemtype="https://schema.org/Event"><span itemprop="name">Früher</span></div> --></head><body>
<p itemprop="name">Außerhalb</p>
<article itemscope itemtype="https://schema.org/MusicEvent">
  <h2 itemprop="name">Offenes <em>Singen</em> &amp; Tee</h2>
  <time itemprop="startDate" datetime="2026-12-12T18:00">Samstag</time>
  <meta itemprop="endDate" content="2026-12-12T20:00">
  <a itemprop="url" href="https://beispiel.de/singen"><img itemprop="image" src="/bild.jpg" alt="">mehr</a>
  <div itemprop="location" itemscope itemtype="http://schema.org/Place"><b itemprop="name">Bürgerhaus</b>
    <span itemprop="address" itemscope itemtype="https://schema.org/PostalAddress">
    <span itemprop="streetAddress">Marktstr. 1</span>
    <span itemprop="postalCode">58095</span> <span itemprop="addressLocality">Hagen</span></span></div>
  <div itemprop="organizer" itemscope itemtype="https://schema.org/Organization">
    <span itemprop="name">Chor Hagen</span></div>
  <div itemprop="description"><p>Für alle.</p><p>Noten sind da.</p></div>
</article></body></html>"""


def rdfa(page: str) -> str:
    page = page.replace("itemscope itemtype=", "typeof=").replace("itemprop=", "property=")
    return page.replace("https://schema.org/MusicEvent", "schema:MusicEvent").replace('"name"', '"schema:name"')


@pytest.mark.parametrize("page", [MICRODATA, rdfa(MICRODATA)])
def test_what_is_marked_up(page: str) -> None:
    assert formats.detect(page.encode()) == formats.JSONLD
    (one,), faults = read(page)
    assert faults == []
    assert (one.title, one.organisation, one.url) == (
        "Offenes Singen & Tee",
        "Chor Hagen",
        "https://beispiel.de/singen",
    )
    assert f"{one.starts_at} {one.ends_at}" == "2026-12-12 18:00:00+01:00 2026-12-12 20:00:00+01:00"
    assert (one.venue, one.street, one.postcode, one.locality) == ("Bürgerhaus", "Marktstr. 1", "58095", "Hagen")
    assert one.text == "Für alle.\nNoten sind da."


def test_markup_counts_where_the_scripts_name_no_entry() -> None:
    site = '<script type="application/ld+json">{"@type": "WebSite", "name": "Chor"}</script>'
    assert [one.title for one in read(MICRODATA + site)[0]] == ["Offenes Singen & Tee"]
    both = script('{"@type": "Event", "name": "Probe", "startDate": "2026-12-13T18:00"}') + MICRODATA
    assert [one.title for one in read(both)[0]] == ["Probe"]


def test_elements_that_nobody_closes() -> None:
    items = "".join(
        f'<li itemscope itemtype="https://schema.org/Event"><b itemprop=name>Termin {number}</b>'
        f"<meta itemprop=startDate content=2026-12-1{number}>"
        for number in range(3)
    )
    records, faults = read(f"<html><ul>{items}</ul>")
    assert ([one.title for one in records], faults) == (["Termin 0", "Termin 1", "Termin 2"], [])


@pytest.mark.parametrize("piece", ["<a ", "<!--", '<a x="', "<div itemscope itemprop=a>", "</div>", "<p>", "<script "])
def test_no_page_costs_seconds(piece: str) -> None:
    begun = time.process_time()
    with contextlib.suppress(Invalid):
        read("<html><i itemscope itemtype=Event itemprop=a>" + piece * (1_000_000 // len(piece)))
    assert time.process_time() - begun < 8


# --- scripts ----------------------------------------------------------------------------------------------------------
def script(text: str) -> str:
    return f'<html><script type="application/ld+json">{text}</script></html>'


EVENT = '"@type": "Event", "name": "Putztag", "startDate": "2026-12-12T10:00"'


@pytest.mark.parametrize(
    "text",
    [
        "{" + EVENT + ", }",
        "{" + EVENT + ', "keywords": ["a", "b",], };',
        "// am Samstag\n{" + EVENT + ", // Anfang\n /* mehr */ }",
        "<!-- am Samstag -->\n{" + EVENT + "}",
        "<!--\n{" + EVENT + "}\n-->",
        "//<![CDATA[\n{" + EVENT + "}\n//]]>",
        "{" + EVENT + ', "description": "Erst\n\tdies, // dann das,}"}',
    ],
)
def test_json_as_it_stands_in_pages(text: str) -> None:
    records, faults = read(script(text))
    assert ([one.title for one in records], faults) == (["Putztag"], [])
    assert not records[0].text or records[0].text.endswith("// dann das,}")


def test_json_that_is_too_broken_names_its_line() -> None:
    _, faults = read(script('{\n"@type": "Event",\n"name": "Fest" "x"}'))
    assert faults[0].where == "Zeile 3"
    assert faults[0].ends


@pytest.mark.parametrize("piece", ['"', '\\"', "/*", "<!--", ", ", "//", "[", "]]"])
def test_no_script_costs_seconds(piece: str) -> None:
    begun = time.process_time()
    _, faults = read(script('{"' + piece * (300_000 // len(piece))))
    assert len(faults) == 1
    assert time.process_time() - begun < 8


def test_names_with_signs_as_in_html() -> None:
    place = '{"@type": "Place", "address": {"addressLocality": "L&uuml;neburg", "addressCountry": "Germany"}}'
    page = script("{" + EVENT + ', "organizer": {"name": "M&uuml;ller &amp; Sohn"}, "location": ' + place + "}")
    (one,), _ = read(page)
    assert (one.organisation, one.locality, one.country) == ("Müller & Sohn", "Lüneburg", "DE")


@pytest.mark.parametrize(
    ("said", "begins"),
    [
        ("2026-12-5T18:30+1:00", "05.12. 18:30"),
        ("2027-6-18T10:30+2:00", "18.06. 10:30"),
        ("2026-12-5T18-18-30-00", "05.12. 18:30"),
        ("2026-12-05T18:30", "05.12. 18:30"),
        ("2026-12-05T17:30Z", "05.12. 18:30"),
        ("2026-12-05T18:30:00+01:00", "05.12. 18:30"),
        ("2026-12-05T19:30:00+02:00", "05.12. 18:30"),
    ],
)
def test_moments_as_a_calendar_for_wordpress_writes_them(said: str, begins: str) -> None:
    (one,), faults = read(script("{" + EVENT.replace("2026-12-12T10:00", said) + "}"))
    assert faults == []
    assert one.starts_at is not None
    assert f"{one.starts_at.astimezone(HOME):%d.%m. %H:%M}" == begins


def test_where_one_can_go_and_who_is_no_person_come_first() -> None:
    net = '{"@type": "VirtualLocation", "url": "https://beispiel.de/raum"}'
    place = '{"@type": "Place", "name": "Bürgerhaus", "address": "Marktstr. 1, 58095 Hagen"}'
    by = '[{"@type": "Person", "name": "Erika Muster"}, {"@type": "Organization", "name": "NABU"}]'
    mixed = '"eventAttendanceMode": "https://schema.org/MixedEventAttendanceMode"'
    (one,), _ = read(script("{" + f'{EVENT}, "location": [{net}, {place}], "organizer": {by}, {mixed}' + "}"))
    assert (one.venue, one.locality, one.organisation, one.mode) == ("Bürgerhaus", "Hagen", "NABU", "teilweise_online")
    assert one.persons == ("Erika Muster",)
    (one,), _ = read(script("{" + f'{EVENT}, "location": [{net}], "organizer": "NABU Hagen"' + "}"))
    assert (one.venue, one.mode, one.organisation) == ("", "online", "NABU Hagen")


# --- schedules --------------------------------------------------------------------------------------------------------
def scheduled(**schedule: object) -> tuple[list[Record], list[str]]:
    node = {"@type": "Event", "name": "Treff", "eventSchedule": {"@type": "Schedule", "startTime": "18:00", **schedule}}
    records, faults = read(script(json.dumps(node)))
    return records, [str(fault.message) for fault in faults]


def test_certain_weeks_of_each_month_without_a_beginning() -> None:
    records, faults = scheduled(byDay="https://schema.org/Wednesday", byMonthWeek=[1, 3])
    assert faults == []
    assert [f"{one.starts_at:%a %d.%m. %H:%M}" for one in records[:4]] == [
        "Wed 02.12. 18:00", "Wed 16.12. 18:00", "Wed 06.01. 18:00", "Wed 20.01. 18:00",
    ]  # fmt: skip


def test_days_of_each_month_without_a_beginning() -> None:
    records, faults = scheduled(repeatFrequency="P1M", byMonthDay=[1, 15])
    assert ([f"{one.starts_at:%d.%m.}" for one in records[:3]], faults) == (["01.12.", "15.12.", "01.01."], [])


def test_what_comes_every_other_week_needs_a_beginning() -> None:
    assert scheduled(repeatFrequency="P2W", byDay="Monday") == ([], ["der Beginn fehlt (startDate)"])


def test_a_series_that_is_over_is_no_fault() -> None:
    over = {"startDate": "2020-01-01", "endDate": "2020-03-01", "repeatFrequency": "P1W", "byDay": "Monday"}
    (first,), faults = scheduled(**over)
    assert (f"{first.starts_at:%Y-%m-%d}", faults) == ("2020-01-06", [])


# --- pages without entries --------------------------------------------------------------------------------------------
def test_what_a_page_describes_instead_of_entries_is_told() -> None:
    job = {"@type": "JobPosting", "title": "Buchhaltung", "employmentType": "FULL_TIME"}
    for text, types in (
        (json.dumps([job, {"@type": "Organization", "name": "x"}]), "JobPosting, Organization"),
        ("{}", "–"),
    ):
        records, (fault,) = read(script(text))
        assert (records, fault.where, fault.ends) == ([], "Seite", True)
        assert str(fault.message).endswith(f"(VOLUNTEER); beschrieben sind: {types}")


def test_a_page_that_says_nothing_of_itself() -> None:
    with pytest.raises(Invalid, match="JSON-LD, Mikrodaten oder RDFa"):
        read("<html><p>Am Samstag ist Putztag.</p></html>")
