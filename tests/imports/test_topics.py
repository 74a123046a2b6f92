"""What an entry is about by its words: one word speaks once, a verb is no audience, a text names those it helps."""

from dataclasses import replace

import pytest

from fediverse_ehrenamt.imports import drafts, topics, wordings
from fediverse_ehrenamt.listings import categories
from fediverse_ehrenamt.listings.record import Record
from fediverse_ehrenamt.understanding import prose
from fediverse_ehrenamt.vocab.types import OpportunityDetails

ENTRY = Record(id="1", where="Zeile 1", title="Hilfe gesucht", locality="Hagen")


def audiences(title: str = "Hilfe gesucht", text: str = "", done: tuple[str, ...] = ()) -> tuple[str, ...]:
    return topics.audiences(replace(ENTRY, title=title), done, list(prose.statements(text)))[0]


@pytest.mark.parametrize(
    ("title", "found"),
    [
        ("Kleiderladen sucht Verstärkung", ()),
        ("Sucht jemand ein Ehrenamt?", ()),
        ("Begleitung bei Sucht", ("sucht",)),
        ("Gruppe für Menschen mit Suchtkrankheit", ("sucht",)),
        ("Alter und Sucht", ("sucht",)),
        ("Verkauf von Kinderkleidung", ()),
        ("Basar für Kinder-Secondhand", ()),
        ("Kinderturnen", ("kinder",)),
    ],
)
def test_a_title_names_whom_an_offer_is_for(title: str, found: tuple[str, ...]) -> None:
    assert audiences(title) == found


def test_a_category_of_many_things_makes_no_offer_one_for_animals() -> None:
    assert categories.audiences_of_category("Natur, Tiere & Umwelt") == ()
    assert categories.audiences_of_category("Tiere") == ("tiere",)


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("Sie begleiten Menschen mit geistiger Behinderung ins Kino.", ("behinderung",)),
        ("Hier leben 40 Menschen mit Behinderung. Die Menschen mit Behinderung kochen gern.", ("behinderung",)),
        ("Hier leben 40 Menschen mit Behinderung. Sie kochen zusammen.", ()),
        ("Freude am Umgang mit alten Menschen", ("aeltere",)),
        ("Wir suchen Seniorinnen und Senioren. Senioren sind willkommen.", ()),
        ("Wir helfen Senioren, Obdachlosen und Geflüchteten.\nAlles für Senioren, Obdachlose, Geflüchtete.", ()),
        ("Die Kinder basteln. Kinder freuen sich.", ()),
    ],
)  # fmt: skip
def test_a_text_names_those_who_are_helped(text: str, found: tuple[str, ...]) -> None:
    assert audiences(text=text) == found


def test_a_title_that_names_somebody_is_enough_and_an_office_helps_nobody_in_person() -> None:
    text = "Sie unterstützen geflüchtete Menschen."
    assert audiences("Spielen mit Kindern", text) == ("kinder",)
    assert audiences("Hilfe im Büro", text, ("verwalten_buero",)) == ()
    assert audiences("Hilfe im Büro", text, ("verwalten_buero", "begleiten_betreuen")) == ("gefluechtete",)


def test_what_a_text_names_is_less_sure_than_what_a_title_names() -> None:
    said = list(prose.statements("Sie besuchen Senioren."))
    (told,) = topics.audiences(ENTRY, (), said)[1]
    (named,) = topics.audiences(replace(ENTRY, title="Besuche bei Senioren"), (), said)[1]
    assert (told.value, named.value) == ("aeltere", "aeltere")
    assert told.confidence < named.confidence


@pytest.mark.parametrize(
    ("title", "text", "found"),
    [
        ("Mitmachen", "Unser Verein wurde 2008 gegründet, um Patenschaften zu vermitteln.", ()),  # one word
        ("Stadtteilgeschichte aufschreiben", "In der Geschichtswerkstatt.", ("kultur",)),
        ("Näharbeiten für Bewohner", "in der näheren Umgebung", ("soziales",)),
        ("Sportverein sucht Hilfe", "Sie betreuen und begleiten.", ("sport",)),
    ],
)
def test_areas_by_words_that_speak_for_them(title: str, text: str, found: tuple[str, ...]) -> None:
    assert categories.guess(title, text).slugs == found


def cells(record: Record) -> tuple[str, ...]:
    details = drafts.make(record, "import1-1", wordings.read).draft.details
    assert isinstance(details, OpportunityDetails)
    assert details.availability is not None
    return details.availability.cells


@pytest.mark.parametrize(
    ("title", "organisation", "days"),
    [
        ("Vorlesen", "Grundschule am Park", "mo di mi do fr"),
        ("Hilfe in der Kita", "Verein", "mo di mi do fr"),
        ("Vorlesen", "Bücherei", "mo di mi do fr sa so"),
        ("Chor leiten", "Musikschule", "mo di mi do fr sa so"),
    ],
)
def test_a_part_of_the_day_is_on_no_weekend_at_a_school(title: str, organisation: str, days: str) -> None:
    record = replace(ENTRY, title=title, organisation=organisation, times="nachmittags")
    assert cells(record) == tuple(f"{day}-nachmittags" for day in days.split())


def test_a_weekend_that_a_school_names_stays() -> None:
    record = replace(ENTRY, title="Schulfest", organisation="Grundschule", times="samstags nachmittags")
    assert cells(record) == ("sa-nachmittags",)
