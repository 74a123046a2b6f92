"""An entry of another listing becomes a draft of ours: safe text, place, areas, and a mark on what was understood."""

from dataclasses import replace
from datetime import UTC, date, datetime
from typing import Any

import pytest

from fediverse_ehrenamt.events.rules import Draft as EventDraft
from fediverse_ehrenamt.imports import differences, drafts, plan, spots
from fediverse_ehrenamt.imports.drafts import Made
from fediverse_ehrenamt.imports.topics import Guess
from fediverse_ehrenamt.listings import categories
from fediverse_ehrenamt.listings.record import EVENT, Record
from fediverse_ehrenamt.opportunities.rules import Draft
from fediverse_ehrenamt.vocab import labels
from tests.imports.conftest import tuesdays
from tests.imports.wordless import understand_nothing
from tests.listings.reading import NOW

ENTRY = Record(id="1", where="Zeile 2", title="Lesepate gesucht", text="Sie lesen Kindern in der Grundschule vor.")


def made(**changes: Any) -> Made:
    return drafts.make(replace(ENTRY, **changes), "import1-1", understand_nothing)


def offer(**changes: object) -> Draft:
    draft = made(**changes).draft
    assert isinstance(draft, Draft)
    return draft


def test_html_becomes_text_that_says_everything_once() -> None:
    text = "<p>Sie lesen vor.</p><script>alert(1)</script><ul><li>jede Woche</li></ul>"
    draft = offer(text=text, summary="Sie lesen vor.", requirements="Geduld", benefits="<b>Kaffee</b>")
    assert draft.text == "Sie lesen vor.\n- jede Woche\n\nAnforderungen: Geduld\n\nLeistungen: Kaffee"
    cut = offer(text="<p>Sie h&ouml;ren zu und lesen vor.</p>", summary="Sie hören zu und lesen v&oum")
    assert "&" not in cut.text
    assert offer(text="&lt;p&gt;Doppelt geschützt, wie aus alten Systemen.&lt;/p&gt;").text.startswith("Doppelt")


def test_plain_text_stays_in_its_lines_and_words_in_one_piece() -> None:
    text = "Kinder <6 Jahre & ihre Eltern\nlange Spazier\u00adga\u0308nge\nMehr: <https://beispiel.de/a>\nBis bald!"
    assert offer(text=text).text == (
        "Kinder <6 Jahre & ihre Eltern\nlange Spaziergänge\nMehr: https://beispiel.de/a\nBis bald!"
    )


@pytest.mark.parametrize(
    ("title", "status"),
    [
        ("ABGESAGT: Stadtteilfest", "cancelled"),
        ("Fällt aus! Seniorentanz", "cancelled"),
        ("Seniorentanz (entfällt)", "cancelled"),
        ("Warum das Fest nicht abgesagt wird", "confirmed"),
        ("Fallobst sammeln", "confirmed"),
    ],
)
def test_a_title_says_that_a_date_is_called_off(title: str, status: str) -> None:
    begin = datetime(2026, 12, 14, 14, tzinfo=UTC)
    draft = made(kind=EVENT, title=title, starts_at=begin).draft
    assert isinstance(draft, EventDraft)
    assert draft.status == status


def test_contacts_go_nowhere() -> None:
    found = made(
        text="Sie lesen vor, jede Woche eine Stunde. Kontakt: Frau Muster, 02331 123456", times="Tel. 02331 7777777"
    )
    assert "Muster" not in repr(found.draft)
    assert "123456" not in repr(found.draft)
    assert "7777777" not in repr(found.draft)
    assert found.notes == ("Kontaktdaten an 2 Stellen aus dem Text genommen",)


def test_a_text_that_is_too_short_or_missing_is_completed() -> None:
    for text in ("", "Kurz."):
        assert plan.problems_of(offer(text=text), NOW) == []


def test_stated_categories_are_no_guess_and_missing_ones_are() -> None:
    stated = made(categories=("Umwelt/Natur/Klimaschutz",))
    assert isinstance(stated.draft, Draft)
    assert stated.draft.details.areas == ("umwelt_tiere",)
    assert [guess.field for guess in stated.understood] == ["activities"]
    guessed = made()
    assert isinstance(guessed.draft, Draft)
    assert guessed.draft.details.areas[0] == "schule_kita"
    assert guessed.understood[0].field == "areas"
    assert 0 < guessed.understood[0].confidence <= 0.9
    assert offer(title="Etwas", text="Hier steht nichts, woran man etwas erkennt.").details.areas == ("sonstiges",)


@pytest.mark.parametrize(
    ("category", "areas"),
    [
        ("Sozialer Bereich", ("soziales",)),
        ("Umwelt, Natur- oder Tierschutz", ("umwelt_tiere",)),
        ("Heimatpflege / Brauchtum", ("kultur", "freizeit")),
        ("Altenpflege", ("gesundheit",)),
        ("Kinder & Jugend", ("jugend_bildung",)),
        ("Flüchtlinge / Migration", ("soziales",)),
        ("Rettungsdienst / Feuerwehr", ("rettung_feuerwehr",)),
        ("Kirche/Religion", ("kirche_religion",)),
        ("Justiz/ Kriminalitätsprobleme", ("justiz",)),
        ("Handwerk", ()),
        *((name, (slug,)) for slug, name in labels.AREA.items()),
    ],
)
def test_categories_of_agencies(category: str, areas: tuple[str, ...]) -> None:
    assert categories.areas_of([category]) == areas


@pytest.mark.parametrize(
    ("title", "area"),
    [
        ("Hospizbegleiterin", "gesundheit"),
        ("Streckenposten für den Volkslauf", "sport"),
        ("Frühjahrsputz am Fluss", "umwelt_tiere"),
        ("Kleidertausch: Aufbau", "umwelt_tiere"),
        ("Mittagstisch austeilen", "soziales"),
        ("Ferienbetreuung", "jugend_bildung"),
    ],
)
def test_what_a_title_is_about(title: str, area: str) -> None:
    assert categories.guess(title, "").slugs[0] == area


def test_at_most_three_areas_and_the_vague_one_last() -> None:
    found = categories.areas_of(["Sonstiges", "Sport", "Kultur", "Gesundheit", "Politik"])
    assert found == ("sport", "kultur", "gesundheit")
    assert categories.areas_of(["Sonstiges", "Sport"]) == ("sport", "sonstiges")
    assert categories.areas_of(["Sport", "Kinder"]) == ("sport",)
    assert categories.areas_of(["Kinder"]) == categories.areas_of(["Kinder", "Handwerk"]) == ("jugend_bildung",)
    assert categories.audiences_of(["Kinder und Jugendliche", "Senioren"]) == ("kinder", "jugendliche", "aeltere")


@pytest.mark.parametrize(
    ("title", "audiences"),
    [
        ("Lernpaten für geflüchtete Kinder", ("kinder", "gefluechtete")),
        ("Betreuung im Demenzcafé", ("erkrankung",)),
        ("Seniorennachmittag", ("aeltere",)),
        ("Spaziergänge mit alten Menschen", ("aeltere",)),
        ("Alte Bücher sortieren", ()),
        ("Kinderwagen reparieren im Familienzentrum", ()),
        ("Ein Angebot für alle", ()),
        ("Freizeit ohne Kinder", ()),
        ("Pate für junge Suchtkranke", ("sucht",)),
        ("Hundeausführer gesucht", ()),
    ],
)
def test_audiences_that_a_title_names(title: str, audiences: tuple[str, ...]) -> None:
    assert categories.audiences_in(title) == audiences


def test_a_category_names_an_audience_too_and_less_surely() -> None:
    found = made(title="Klubnachmittag", categories=("Senioren", "Fahren"))
    assert found.draft.details.audiences == ("aeltere",)
    assert Guess("audiences", "aeltere", 0.7) in found.understood
    assert offer(title="Kinderstunde", categories=("Migration",)).details.audiences == ("kinder", "migration")
    assert offer(categories=("Migration",), audiences=("Senioren",)).details.audiences == ("aeltere",)


@pytest.mark.parametrize(
    ("name", "audiences"),
    [
        ("Kleinkinder", ("kinder",)),
        ("Grundschulkinder", ("kinder",)),
        ("Konfirmanden", ("jugendliche",)),
        ("Rollstuhlfahrer", ("behinderung",)),
        ("einkommensschwache Haushalte", ("wohnungslos_armut",)),
        ("Jugendliche (Alter 10-16)", ("jugendliche",)),
        ("Alte", ("aeltere",)),
        ("Krebskranke", ("erkrankung",)),
        ("Gehbehinderte", ("behinderung",)),
        ("Mieter", ()),
        ("Kinder, alte Leute", ("kinder", "aeltere")),
        ("Schwerstkranke", ("erkrankung",)),
        ("Besucher", ()),
    ],
)
def test_audiences_as_agencies_name_them(name: str, audiences: tuple[str, ...]) -> None:
    assert categories.audiences_of([name]) == audiences


def test_what_the_source_calls_it_can_be_found_by() -> None:
    text = offer(categories=("Senioren", "Vorlesen", "4711", "a@b.example"), audiences=("Kinder", "Hochbetagte")).text
    assert text.endswith("\n\nStichworte: Senioren, Vorlesen, Hochbetagte")  # "Kinder" is in the text
    assert "Stichworte" not in offer(categories=("Kinder",)).text


def test_the_source_knows_better_for_whom_it_is_than_a_title() -> None:
    named, stated = made(title="Vorlesen für Kinder"), made(title="Vorlesen für Kinder", audiences=("Senioren",))
    assert [guess.value for guess in named.understood if guess.field == "audiences"] == ["kinder"]
    assert not [guess for guess in stated.understood if guess.field == "audiences"]
    assert [draft.details.audiences for draft in (named.draft, stated.draft)] == [("kinder",), ("aeltere",)]


@pytest.mark.parametrize(
    ("title", "area"),
    [
        ("Gassigehen mit Tierheimhunden", "umwelt_tiere"),
        ("Übungsleiterin für Kinderturnen", "sport"),
        ("Sterbebegleitung im Hospiz", "gesundheit"),
        ("Mitarbeit in der Stadtteilbibliothek", "kultur"),
        ("Sprachcafé für Geflüchtete", "jugend_bildung"),
        ("Schöffin oder Schöffe werden", "justiz"),
        ("Wahlhelfer gesucht", "politik"),
    ],
)
def test_areas_by_words(title: str, area: str) -> None:
    assert area in categories.guess(title, "").slugs


def test_words_about_time_stay_and_what_they_mean_is_marked() -> None:
    entry = replace(ENTRY, times="dienstags vormittags, zwei Stunden", categories=("Sport",))
    found = drafts.make(entry, "import1-1", tuesdays)
    assert isinstance(found.draft, Draft)
    times = found.draft.details.availability
    assert times is not None
    assert (times.text, times.cells) == ("dienstags vormittags, zwei Stunden", ("di-vormittags",))
    assert found.understood == (
        Guess("availability.cells", "di-vormittags", 0.9),
        Guess("effort", "2 Std./Woche", 0.9),
        Guess("activities", "unterrichten_vorlesen", 0.45),
    )
    unsure = drafts.make(entry, "import1-1", lambda words: replace(tuesdays(words), confidence=0.3))
    assert isinstance(unsure.draft, Draft)
    assert unsure.draft.details.effort is None
    assert [guess.field for guess in unsure.understood] == ["activities"]


# --- places -----------------------------------------------------------------------------------------------------------
def test_where_it_is() -> None:
    place = spots.place(replace(ENTRY, locality="Hagen", districts=("Haspe",)), of_event=False)
    assert place is not None
    assert place.name == "Haspe"
    assert place.latitude == pytest.approx(51.35, abs=0.02)
    swapped = spots.place(replace(ENTRY, locality="Hagen", latitude=7.42, longitude=51.35), of_event=True)
    assert swapped is not None
    assert (swapped.latitude, swapped.longitude) == (51.35, 7.42)
    unknown = spots.place(replace(ENTRY, locality="Nirgendwodorf"), of_event=False)
    assert unknown is not None
    assert unknown.latitude is None
    misspelt = spots.place(replace(ENTRY, postcode="20457", districts=("Hamnburg",)), of_event=False)
    assert misspelt
    assert (misspelt.name, misspelt.locality) == ("", "Hamburg")
    assert spots.place(ENTRY, of_event=False) is None


def test_no_district_at_all() -> None:
    assert spots.mode(replace(ENTRY, districts=("Ortsunabhängig",))) == "beliebig_im_gebiet"
    assert spots.mode(replace(ENTRY, locality="Online / von zu Hause")) == "online"
    assert spots.mode(replace(ENTRY, districts=("Allendorf",))) == ""
    assert spots.mode(replace(ENTRY, street="Homeoffice", locality="Hagen")) == "online"
    assert spots.mode(replace(ENTRY, street="Digitalstraße 3", locality="Hagen")) == ""
    assert spots.mode(replace(ENTRY, venue="Landkreis Stendal")) == "beliebig_im_gebiet"
    assert spots.mode(replace(ENTRY, venue="am Telefon")) == "online"
    assert spots.mode(replace(ENTRY, venue="per Telefon / Skype")) == "online"


def test_a_place_is_named_once_as_it_is_written_and_is_no_post_box() -> None:
    place = spots.place(replace(ENTRY, venue="Hagen", street="Postfach 10 01 65", locality="HAGEN"), of_event=False)
    assert place is not None
    assert (place.name, place.street, place.locality) == ("", "", "Hagen")
    shouted = spots.place(replace(ENTRY, locality="NIRGENDWODORF", street="Poststr. 3"), of_event=False)
    assert shouted is not None
    assert (shouted.locality, shouted.street) == ("NIRGENDWODORF", "Poststr. 3")
    plate = spots.place(replace(ENTRY, locality="HA", postcode="58095"), of_event=False)
    assert plate is not None
    assert plate.locality == "Hagen"


# --- times ------------------------------------------------------------------------------------------------------------
def test_an_old_offer_that_is_still_listed_stays_and_is_seen_to_be_old() -> None:
    edited = datetime(2023, 1, 1, tzinfo=UTC)
    draft = plan.lasting(offer(changed_at=edited), NOW)
    assert isinstance(draft, Draft)
    assert draft.details.confirmed_at == edited
    assert draft.details.expires_at is not None
    assert draft.details.expires_at > NOW
    ending = plan.lasting(offer(last_day=date(2027, 1, 31)), NOW)
    assert isinstance(ending, Draft)
    assert ending.details.expires_at is None  # its last day says it


def test_an_event_without_an_end_gets_one() -> None:
    begin = datetime(2027, 5, 1, 13, tzinfo=UTC)
    found = made(kind=EVENT, starts_at=begin, url="www.fest.example").draft
    assert isinstance(found, EventDraft)
    assert found.ends_at == datetime(2027, 5, 1, 15, tzinfo=UTC)
    assert found.contact_url == "https://www.fest.example"
    assert made(url="mailto:anna@beispiel.example").draft.contact_url == ""


def test_what_is_wanted_once_is_once_and_marked() -> None:
    found = made(times="einmalig, 7-15 Uhr")
    assert isinstance(found.draft, Draft)
    assert found.draft.details.kind == "einmalig"
    assert Guess("kind", "einmalig", 0.9) in found.understood
    for words in (
        "einmalig oder regelmäßig",
        "einmal im Monat",
        "einmalig die Woche 2 Stunden",
        "wöchentlich, einmalige Einarbeitung",
        "",
    ):
        assert offer(times=words).details.kind == "regelmaessig"
    stated = made(per="einmalig", hours=3.0)
    assert [guess.field for guess in stated.understood if guess.field == "kind"] == []


def test_what_all_of_town_shares_is_nowhere_in_particular() -> None:
    assert offer(venue="Ortsunabhängig").details.mode == "beliebig_im_gebiet"


def test_tasks_alone_need_no_heading() -> None:
    assert offer(text="", tasks="Sie lesen Kindern in der Grundschule vor.").text.startswith("Sie lesen")


def test_the_organisation_says_what_an_offer_is_about_too() -> None:
    found = made(title="Küchenhilfe", text="Schnippeln, rühren und spülen für Bedürftige.", organisation="Suppenküche")
    assert isinstance(found.draft, Draft)
    assert found.draft.details.areas == ("soziales",)


@pytest.mark.parametrize(
    ("postcode", "shown"),
    [("21335.0", "21335"), ("D-21335", "21335"), ("1067.0", "01067"), ("1067", "01067"), ("8010", ""), ("n.n.", "")],
)
def test_postcodes_as_spreadsheets_write_them(postcode: str, shown: str) -> None:
    place = spots.place(replace(ENTRY, postcode=postcode, street="Markt 1"), of_event=False)
    assert place is not None
    assert place.postcode == shown


@pytest.mark.parametrize(
    ("district", "mode"),
    [
        ("online und vor Ort", "teilweise_online"),
        ("online / Probenraum", "teilweise_online"),
        ("Homeoffice / von zu Hause", "online"),
        ("ganz Deutschland, online", "online"),
        ("LK Lüneburg", "beliebig_im_gebiet"),
        ("Stadt und LK", "beliebig_im_gebiet"),
        ("Kreideberg", ""),
    ],
)
def test_where_helpers_are_by_what_a_list_says(district: str, mode: str) -> None:
    assert spots.mode(replace(ENTRY, districts=(district,))) == mode


def test_brackets_behind_a_district_are_said_in_the_text_alone() -> None:
    draft = offer(locality="Lüneburg", districts=("Kaltenmoor (Bülows Kamp)",))
    assert draft.place is not None
    assert draft.place.name == "Kaltenmoor"
    assert "Stadtteil: Kaltenmoor (Bülows Kamp)" in draft.text


def test_a_village_that_a_town_lists_as_a_district_lies_where_it_is() -> None:
    village = spots.place(replace(ENTRY, locality="Lüneburg", districts=("Adendorf",)), of_event=False)
    town = spots.place(replace(ENTRY, locality="Lüneburg"), of_event=False)
    assert village is not None
    assert town is not None
    assert (village.latitude, village.longitude) != (town.latitude, town.longitude)


def test_a_year_of_service_is_one() -> None:
    found = made(title="FÖJ / BFD im Naturschutz")
    assert isinstance(found.draft, Draft)
    assert found.draft.details.kind == "freiwilligendienst"
    assert "kind" in {one.field for one in found.understood}


def test_everybody_is_no_keyword() -> None:
    assert "Stichworte: Weltladen" in offer(categories=("Weltladen",), audiences=("Alle",)).text
    assert "Alle" not in offer(categories=("Weltladen",), audiences=("Alle",)).text


def test_areas_that_weigh_the_same_are_in_the_same_order_at_every_run() -> None:
    found = [
        categories.guess(title, "").slugs
        for title in ("Sport und Musik", "Theater und Feuerwehr", "Garten und Museum", "Fußball und Kirche")
    ]
    assert all(len(areas) > 1 for areas in found)
    assert [tuple(sorted(areas)) for areas in found] == found


def test_a_change_of_a_long_text_shows_where_it_begins() -> None:
    before = offer(
        text="Wir singen jeden Mittwoch im Gemeindehaus und trinken danach Tee miteinander. " * 3 + "Bis bald!"
    )
    after = offer(
        text="Wir singen jeden Mittwoch im Gemeindehaus und trinken danach Tee miteinander. " * 3 + "Bis Montag!"
    )
    (change,) = differences.changed(before, after)
    assert "Bis bald" in change.before
    assert "Bis Montag" in change.after
    (title,) = differences.changed(offer(title="Lesepate"), offer(title="Lesepatin"))
    assert (title.before, title.after) == ("Lesepate", "Lesepatin")
