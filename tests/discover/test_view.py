"""Cards and detail pages as values: links are checked, texts are bounded, dates are of the reader's language."""

import json
from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest

from fediverse_ehrenamt.discover import detail, view
from fediverse_ehrenamt.discover.view import Detail, Reader
from fediverse_ehrenamt.media import remote
from fediverse_ehrenamt.vocab.types import Link, Place
from fediverse_ehrenamt.web import i18n
from tests.discover import samples

DE = Reader(i18n.language("de"), samples.NOW, samples.HOME)
EN = Reader(i18n.language("en"), samples.NOW, samples.HOME)
READING = Detail(samples.READING_CARD, samples.READING, samples.PUBLISHERS[samples.READING.attributed_to])
GARDEN = Detail(samples.GARDEN_CARD, samples.GARDEN, samples.PUBLISHERS[samples.GARDEN.attributed_to])
CAFE = Detail(samples.CAFE_CARD, samples.CAFE, samples.PUBLISHERS[samples.CAFE.attributed_to])
NEWS = Detail(samples.NEWS_CARD, samples.NEWS)
EVIL = Detail(samples.EVIL_CARD, samples.EVIL)


def test_a_card_of_another_portal() -> None:
    card = view.card(samples.READING_CARD, DE, 3.24)
    assert card.href == f"/angebote/{samples.REMOTE_ID}-lesepatin-oder-lesepate-gesucht"
    assert (card.kind_label, card.status, card.distance) == ("Angebot", "", "3,2 km")
    assert (card.origin, card.origin_url) == ("ehrenamt.hagen.example", samples.READING.url)
    assert card.areas == (("schule_kita", "Schule & Kita"), ("jugend_bildung", "Jugend & Bildung"))
    assert card.image == ""  # a remote picture would tell its host who looks at it
    assert card.freshness == view.Freshness("zuletzt bestätigt vor 3 Wochen", stale=False)
    assert card.excerpt.startswith("Einmal in der Woche")
    assert len(card.excerpt) <= 190


def test_a_remote_picture_is_shown_from_our_copy_if_there_is_one() -> None:
    url = "https://ehrenamt.hagen.example/media/b.webp"
    document = replace(samples.READING_CARD, image=url, image_alt="Ein Buch")
    shown = view.card(document, replace(DE, pictures=frozenset({url})))
    assert (shown.image, shown.image_alt) == (remote.PATH + remote.name(url), "Ein Buch")
    assert url not in shown.image
    claimed = replace(document, image=f"{samples.HOME}/media/a.webp")
    assert view.card(claimed, DE).image == "", "what others call ours is not ours"


@pytest.mark.parametrize(
    ("language", "said"),
    [
        ("de", "2–3 Std./Woche · dienstags, je 2 Std./Woche"),
        ("de-simple", "2–3 Stunden in der Woche · dienstags, je 2 Std./Woche"),
        ("en", "2–3 hours per week · dienstags, je 2 Std./Woche"),
        ("uk", "2–3 годин на тиждень · dienstags, je 2 Std./Woche"),
        ("ar", "2–3 ساعات في الأسبوع · dienstags, je 2 Std./Woche"),
    ],
)
def test_hours_on_a_card_are_in_the_readers_language_and_own_words_as_they_are(language: str, said: str) -> None:
    document = replace(samples.READING_CARD, when="2–3 Std./Woche · dienstags, je 2 Std./Woche")
    assert view.card(document, replace(DE, language=i18n.language(language))).when == said


@pytest.mark.parametrize(
    ("when", "said"),
    [
        ("flexibel nach Absprache", "flexible, by arrangement"),
        ("ab 11.1.2027 · Di nachmittags, Sa vormittags", "from 11 January 2027 · Tuesday afternoon, Saturday morning"),
        ("bis 31.3.2027 · 4 Std. einmalig", "until 31 March 2027 · 4 hours once"),
        ("1.2. bis 31.3.2027", "1 Feb\u2009–\u200931 Mar 2027"),
        ("am 1.2.2027 · Mo abends, Di nachts …", "1 February 2027 · Monday evening, Tuesday night …"),
        ("ab sofort · Di ab 15 Uhr", "ab sofort · Di ab 15 Uhr"),
        ("", ""),
    ],
)
def test_what_the_program_wrote_on_a_card_is_in_the_readers_language(when: str, said: str) -> None:
    document = replace(samples.READING_CARD, when=when)
    assert view.card(document, EN).when == said
    assert view.card(document, DE).when == when


def test_a_card_of_our_own() -> None:
    own = replace(samples.GARDEN_CARD, image=f"{samples.HOME}/media/a.webp", image_alt="Beete")
    card = view.card(own, EN)
    assert (card.kind_label, card.status, card.origin, card.distance) == ("Opportunity", "Filled", "", "")
    assert (card.image, card.image_alt) == ("/media/a.webp", "Beete")
    assert card.freshness == view.Freshness("not confirmed for over a year", stale=True)
    assert view.card(replace(own, image="/media/../ap/x"), EN).image == ""


def test_a_card_of_a_date() -> None:
    card = view.card(samples.CAFE_CARD, EN)
    assert card.when == "Sat, 12 Dec 2026, 14:00–17:00"
    assert card.freshness is None
    assert view.card(replace(samples.CAFE_CARD, status="abgesagt"), DE).status == "Abgesagt"


def test_small_cases() -> None:
    bare = replace(samples.GARDEN_CARD, title=" \u202e ", place="", anywhere=True, status="", fresh_at=samples.NOW)
    card = view.card(replace(bare, expires_at=samples.NOW), DE)
    assert (card.title, card.place, card.status) == ("Ohne Titel", "Online oder überall", "Abgelaufen")
    assert card.freshness == view.Freshness("heute bestätigt", stale=False)
    assert card.href == f"/angebote/{samples.LOCAL_ID}"
    long = view.card(replace(bare, title="Wort " * 90), DE)
    assert len(long.title) <= 200
    assert len(long.href) < 110


@pytest.mark.parametrize(
    ("days", "words", "stale", "faded"),
    [
        (0, "heute bestätigt", False, False),
        (92, "zuletzt bestätigt vor 3 Monaten", False, False),
        (183, "zuletzt bestätigt vor 6 Monaten", False, False),
        (184, "zuletzt bestätigt vor 6 Monaten", False, True),
        (360, "zuletzt bestätigt vor 12 Monaten", False, True),
        (366, "seit über einem Jahr nicht bestätigt", True, True),
    ],
)
def test_an_offer_fades_with_time(days: int, words: str, stale: bool, faded: bool) -> None:
    document = replace(samples.READING_CARD, fresh_at=samples.NOW - timedelta(days=days))
    card = view.card(document, DE)
    assert card.freshness == view.Freshness(words, stale=stale)
    assert card.faded is faded


@pytest.mark.parametrize(("status", "first"), [("abgesagt", "ABGESAGT: "), ("besetzt", "BESETZT: "), ("", "")])
def test_a_card_says_once_what_it_is_of_and_how_it_stands(status: str, first: str) -> None:
    text = f"{first}{samples.CAFE_CARD.title}\n\nWir reparieren gemeinsam."
    assert view.excerpt(replace(samples.CAFE_CARD, status=status, text=text)) == "Wir reparieren gemeinsam."


def test_what_was_confirmed_last_night_was_not_confirmed_today() -> None:
    midnight = datetime(2026, 12, 11, 23, 0, tzinfo=UTC)
    reader = replace(DE, now=midnight + timedelta(minutes=30))
    said = [
        view.card(replace(samples.READING_CARD, fresh_at=midnight - timedelta(minutes=ago)), reader).freshness
        for ago in (0, 1)
    ]
    assert said == [
        view.Freshness("heute bestätigt", stale=False),
        view.Freshness("zuletzt bestätigt vor 1 Tag", stale=False),
    ]


def test_what_is_over_is_faded_and_dates_are_not() -> None:
    now = replace(samples.READING_CARD, fresh_at=samples.NOW)
    assert view.card(replace(now, status="besetzt"), DE).faded
    assert view.card(replace(now, expires_at=samples.NOW), DE).faded
    assert not view.card(replace(samples.CAFE_CARD, fresh_at=samples.NOW - timedelta(days=900)), DE).faded


@pytest.mark.parametrize(
    ("words", "slug"),
    [("Größe & Maß: 3!", "groesse-mass-3"), ("Юні", ""), ("a" * 90, ""), ("eins " * 20, "-".join(["eins"] * 12))],
)
def test_slugs(words: str, slug: str) -> None:
    assert view.slug(words) == slug
    assert view.page_id(f"01abc-{slug}") == "01abc"


def test_the_page_of_a_remote_offer() -> None:
    page = detail.page(READING, DE)
    assert page.content.startswith("<p>Einmal in der Woche")  # the bold title is the heading already
    assert (page.content_language, page.title) == ("de", "Lesepatin oder Lesepate gesucht")
    assert [version.tag for version in page.versions] == ["de-simple", "de", "uk"]
    assert [version.current for version in page.versions] == [False, True, False]
    assert page.canonical == page.origin_url == samples.READING.url
    assert page.activity_url == samples.READING.id
    there = "ehrenamt.hagen.example"
    assert page.answer == detail.Answer("Ich möchte helfen", samples.READING.url, there, elsewhere=True)
    assert page.where == detail.Where(
        "Grundschule am Goldberg", ("Goldbergstraße 12", "58095 Hagen"),
        "https://www.openstreetmap.org/?mlat=51.35710&mlon=7.47280#map=17/51.35710/7.47280", "",
        "51.35710,7.47280",
    )  # fmt: skip
    assert (page.published, page.updated) == ("24. August 2026", "2. November 2026")
    assert page.description.startswith("dienstags · 1–2 Stunden pro Woche · Hagen-Wehringhausen · Einmal")
    assert page.organisation_page == samples.READING.attributed_to
    assert page.publisher
    assert page.publisher.address == "@lesewelt@hagen.example"


@pytest.mark.parametrize(
    ("wanted", "reader", "language"),
    [("de-simple", DE, "de-simple"), ("uk", EN, "uk"), ("", EN, "de"), ("fr", DE, "de")],
)
def test_the_language_of_the_text(wanted: str, reader: Reader, language: str) -> None:
    page = detail.page(READING, reader, wanted)
    assert page.content_language == language
    assert page.title == ("Vorlesen für Kinder" if wanted == "de-simple" else "Lesepatin oder Lesepate gesucht")


def test_the_page_of_a_filled_offer_of_our_own() -> None:
    page = detail.page(GARDEN, DE)
    assert (page.status, page.answer, page.where, page.versions) == ("Besetzt", None, None, ())
    assert page.canonical == f"{samples.HOME}{view.path(samples.GARDEN_CARD)}"
    assert page.activity_url == samples.GARDEN.id
    assert page.organisation_page == "/organisationen/garten"
    opened = replace(GARDEN, document=replace(GARDEN.document, status=""))
    asked = detail.Answer("Ich möchte helfen", f"{view.path(samples.GARDEN_CARD)}/anfrage", "")
    assert detail.page(opened, DE).answer == asked
    assert detail.page(opened, DE).answering == ""
    assert detail.page(replace(opened, answer_days=1), DE).answering == "antwortet meist innerhalb von 1 Tag"


def test_where_to_answer_what_has_no_page_at_its_origin() -> None:
    elsewhere = replace(GARDEN, document=replace(GARDEN.document, status="", local=False, url=""))
    elsewhere = replace(elsewhere, thing=replace(GARDEN.thing, url=""))
    assert detail.page(elsewhere, DE).answer == detail.Answer(
        "Ich möchte helfen", "https://garten.example/", "garten.example"
    )
    linked = replace(
        elsewhere, thing=replace(elsewhere.thing, links=(Link(href="javascript:x"), Link(href="https://l.example/")))
    )
    answer = detail.page(linked, DE).answer
    assert answer
    assert answer.host == "l.example"
    assert detail.page(replace(elsewhere, publisher=None), DE).answer is None


def test_the_page_of_a_date_and_of_a_post() -> None:
    page = detail.page(CAFE, EN)
    assert page.answer == detail.Answer("Sign up", "https://garten.example/anmelden", "garten.example")
    assert page.where
    assert (
        page.where.map_url
        == "https://www.openstreetmap.org/search?query=Apenrader%20Stra%C3%9Fe%203%2C%2024939%20Flensburg"
    )
    post = detail.page(NEWS, DE)
    assert (post.sections, post.linked_data, post.kind_label) == ((), {}, "Beitrag")
    assert post.answer
    assert post.answer.words == "Zur Seite des Veranstalters"


def test_for_a_date_one_may_sign_up_by_mail() -> None:
    """The address stands among the facts; the button leads to the page where the date is from."""
    mailed = replace(
        CAFE,
        document=replace(samples.CAFE_CARD, local=False),
        thing=replace(samples.CAFE, participation_url="mailto:fest@verein.example"),
    )
    page = detail.page(mailed, DE)
    said = {fact.label: fact.values for section in page.sections for fact in section.facts}
    assert [(value.text, value.href) for value in said["Anmeldung"]] == [
        ("fest@verein.example", "mailto:fest@verein.example")
    ]
    assert page.answer
    assert page.answer.words == "Zur Seite des Veranstalters"


def test_what_is_attached_elsewhere_is_linked_unless_the_page_does_so_anyway() -> None:
    links = (
        Link(href="https://l.example/flyer.pdf", name="Flyer \u202eund Plan"),
        Link(href="https://l.example/nameless"),
        Link(href="javascript:x", name="Klick"),
        Link(href=CAFE.thing.url, name="Website"),
    )
    event = replace(CAFE, thing=replace(CAFE.thing, links=links), document=replace(CAFE.document, local=False))
    found = {section.key: section for section in detail.page(event, EN).sections}
    assert found["anhang"].title == "Attached"
    (fact,) = found["anhang"].facts
    assert [(value.text, value.href) for value in fact.values] == [
        ("Flyer und Plan", "https://l.example/flyer.pdf"),
        ("https://l.example/nameless", "https://l.example/nameless"),
    ]
    own = replace(event, document=replace(event.document, local=True))
    assert "anhang" not in {section.key for section in detail.page(own, EN).sections}


def test_the_page_of_a_hostile_thing_has_no_hostile_link() -> None:
    page = detail.page(EVIL, DE)
    assert (page.origin_url, page.organisation_page, page.image, page.answer) == ("", "", "", None)
    assert page.canonical.startswith(samples.HOME)
    assert "\u202e" not in repr(page)
    assert not [
        value.href for section in page.sections for fact in section.facts for value in fact.values if value.href
    ]


@pytest.mark.parametrize(
    ("content", "left"),
    [
        ("<p><strong>Titel</strong></p><p>Text</p>", "<p>Text</p>"),
        ("<p><b>BESETZT: Titel</b><br>Wo und wann</p>\n<p>Text</p>", "<p>Wo und wann</p>\n<p>Text</p>"),
        ("<p><strong>Anderes</strong></p><p>Text</p>", "<p><strong>Anderes</strong></p><p>Text</p>"),
        ("<p><strong>Titel</strong> ist mehr</p>", "<p><strong>Titel</strong> ist mehr</p>"),
        ("Titel", "Titel"),
        ("", ""),
    ],
)
def test_a_bold_title_is_not_said_twice(content: str, left: str) -> None:
    assert detail.without_title(content, "Titel") == left


def test_linked_data_of_an_offer() -> None:
    data = detail.page(READING, DE).linked_data
    assert data["@type"] == "JobPosting"
    assert data["employmentType"] == "VOLUNTEER"
    assert "baseSalary" not in data
    assert data["validThrough"] == "2027-05-01T09:30:00Z"
    assert data["hiringOrganization"] == {"@type": "Organization", "name": "Lesewelt Hagen e. V."}
    assert data["jobLocation"] == {
        "@type": "Place",
        "name": "Grundschule am Goldberg",
        "address": {
            "@type": "PostalAddress", "streetAddress": "Goldbergstraße 12", "postalCode": "58095",
            "addressLocality": "Hagen", "addressRegion": "Nordrhein-Westfalen", "addressCountry": "DE",
        },
        "geo": {"@type": "GeoCoordinates", "latitude": 51.3571, "longitude": 7.4728},
    }  # fmt: skip
    assert data["totalJobOpenings"] == 2
    assert "alert(1)" not in json.dumps(data)


def test_linked_data_of_a_date() -> None:
    data = detail.page(CAFE, DE).linked_data
    assert (data["startDate"], data["endDate"]) == ("2026-12-12T13:00:00Z", "2026-12-12T16:00:00Z")
    assert data["isAccessibleForFree"] is True
    assert data["eventStatus"] == "https://schema.org/EventScheduled"
    assert data["eventAttendanceMode"] == "https://schema.org/OfflineEventAttendanceMode"
    online = replace(CAFE, thing=replace(samples.CAFE, online=True, place=None, status="cancelled", details=None))
    data = detail.page(online, DE).linked_data
    assert data["eventStatus"] == "https://schema.org/EventCancelled"
    assert data["location"] == [{"@type": "VirtualLocation", "url": detail.page(online, DE).canonical}]
    assert "isAccessibleForFree" not in data


def test_a_place_without_an_address_still_has_its_map() -> None:
    spot = replace(READING, thing=replace(samples.READING, place=Place(latitude=51.5, longitude=7.5, name="Hagen")))
    page = detail.page(spot, DE)
    assert page.where
    assert page.where.lines == ()
    assert "mlat=51.50000" in page.where.map_url
    assert detail.page(replace(spot, thing=replace(spot.thing, place=Place())), DE).where is None


def test_a_change_right_after_publishing_is_none() -> None:
    published = samples.NOW - timedelta(days=2)
    thing = replace(samples.READING, published=published, updated=published + timedelta(minutes=5))
    assert detail.page(replace(READING, thing=thing), DE).updated == ""


def test_what_somebody_needs_to_decide_stands_beside_the_button() -> None:
    made = detail.page(READING, DE)
    assert made.promise == "Die Organisation verspricht eine Antwort innerhalb von 5 Tagen."
    assert made.freshness == view.Freshness("zuletzt bestätigt vor 3 Wochen", stale=False)
    aged = replace(samples.READING_CARD, fresh_at=samples.NOW - timedelta(days=200))
    warned = detail.page(replace(READING, document=aged), DE).freshness
    assert warned is not None
    assert warned.stale
    assert "bitte fragen Sie nach, ob es noch gilt" in warned.words
