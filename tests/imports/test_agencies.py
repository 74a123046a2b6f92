"""What listings of agencies in West and East held that was read wrongly or not at all: what is taken, no's, days."""

from datetime import date
from typing import Any

import pytest

from fediverse_ehrenamt.imports import homes
from fediverse_ehrenamt.listings import addresses
from fediverse_ehrenamt.listings.record import Record
from fediverse_ehrenamt.opportunities import rules
from tests.imports.test_cities import cells, details, made
from tests.listings.reading import read

NAMED = {"title": "Helferin", "text": "Wir suchen Menschen, die anpacken."}


# --- tables -----------------------------------------------------------------------------------------------------------
def test_headings_that_only_together_make_sense() -> None:
    head = "Träger;Einsatzfeld;Kurzbeschreibung;Einsatzort;Einsatzzeiten;Frist"
    (one,), _ = read(f"{head}\nDiakonie;Pflege der Wiesen;Mähen;Alter Park;samstags;Bewerbung bis 31.12.2026\n")
    assert (one.title, one.categories, one.venue) == ("Pflege der Wiesen", (), "Alter Park")
    assert one.apply_by == date(2026, 12, 31)


def test_a_register_of_clubs_that_seek_helpers() -> None:
    head = "Vereinsname;Sitz;Vorsitzende/r;Zweck;sucht Ehrenamtliche für"
    (one,), _ = read(f"{head}\nSchützen e. V.;33106 Paderborn-Elsen;Hubert Beispiel;Brauchtum;Jugendarbeit\n")
    assert (one.title, one.organisation, one.postcode, one.locality) == (
        "Jugendarbeit", "Schützen e. V.", "33106", "Paderborn",
    )  # fmt: skip
    assert (one.categories, one.districts) == (("Brauchtum",), ("Elsen",))
    assert "Hubert" not in repr(one)


def test_headings_that_ask_how_often_and_name_partners() -> None:
    (one,), _ = read("Partner;Was wird gemacht?;Wie oft/wie lange?\nGrundschule;Lesen üben;1 x Woche, 60 min\n")
    assert (one.organisation, one.title, one.times) == ("Grundschule", "Lesen üben", "1 x Woche, 60 min")


def test_whom_a_club_seeks_is_the_title_where_else_only_what_for_is_said() -> None:
    (one,), _ = read("Verein;Wen suchen wir?;Wofür?;Wann?\nSV;Trainer;Training der Bambini;mittwochs\n")
    assert (one.title, one.tasks, one.requirements) == ("Trainer", "Training der Bambini", "")
    (other,), _ = read("Verein;Angebot;Wen suchen wir?\nSV;Training;geduldige Leute\n")
    assert (other.title, other.requirements) == ("Training", "geduldige Leute")


def test_the_number_of_a_day_is_no_word_about_time() -> None:
    (one,), _ = read("Verein;Angebot;Wann;Zeitaufwand\nTafel;Besuch;dienstags;46113\n")
    assert one.times == "dienstags"


HOUSES = [
    ("Görlitz, Stadion der Freundschaft", "Görlitz", "Stadion der Freundschaft"),
    ("Görlitz (Ort nicht öffentlich)", "Görlitz", ""),
    ("Zittau, Weinaupark", "Zittau", "Weinaupark"),  # another town near by
    ("Bautzen", "Bautzen", ""),
    ("Zittauer Gebirge", "Görlitz", "Zittauer Gebirge"),
    ("Mitte, Bürgerhaus", "Görlitz", "Mitte, Bürgerhaus"),  # not the one in Berlin
    ("Gesundbrunnen", "Görlitz", "Gesundbrunnen"),
]


@pytest.mark.parametrize(("venue", "town", "house"), HOUSES)
def test_a_town_before_a_house(venue: str, town: str, house: str) -> None:
    one = homes.placed(Record(id="1", where="", title="Hilfe", venue=venue), homes.Home("Görlitz", homes.MOST))
    assert (one.locality, one.venue) == (town, house)


def test_the_town_of_a_source_that_stands_before_its_houses() -> None:
    venues = ["Görlitz, Stadion", "Görlitz, Annenkapelle", "Görlitz", "Zittau, Weinaupark"]
    listed = [Record(id=one, where="", title="Hilfe", venue=one) for one in venues]
    assert homes.find(listed, "liste.xlsx") == homes.Home("Görlitz", homes.MOST)


def test_a_street_before_its_town() -> None:
    assert addresses.read("Puschkinstr. 13, Schwerin") == {
        "venue": "", "street": "Puschkinstr. 13", "postcode": "", "locality": "Schwerin",
    }  # fmt: skip


@pytest.mark.parametrize(
    ("days", "first", "last", "times"),
    [
        ("Mo/Mi", "9:00 Uhr", "10:00 Uhr", "Mo/Mi 9:00–10:00 Uhr"),
        ("Mo 9-12 Uhr", "9:00", "10:00", "Mo 9-12 Uhr"),
        ("Fr", "", "", "Fr"),
    ],
)
def test_hours_in_columns_of_their_own(days: str, first: str, last: str, times: str) -> None:
    (one,), _ = read(f"Verein;Angebot;Tage;von;bis\nKita;Vorlesen;{days};{first};{last}\n")
    assert one.times == times


def test_a_district_behind_its_town() -> None:
    (one,), _ = read("Verein;Angebot;Ort\nFeuerwehr;Betreuer;Bautzen OT Salzenforst\n")
    assert (one.locality, one.districts) == ("Bautzen", ("Salzenforst",))
    assert addresses.parted("Rothenburg ob der Tauber") == ("Rothenburg ob der Tauber", "")


def test_a_description_in_several_pieces() -> None:
    page = """<script type="application/ld+json">{"@type": "Event", "name": "Messe", "startDate": "2027-02-06T11:00",
    "description": ["60 Vereine stellen sich vor.", "Mit Gebärdensprachdolmetschung."]}</script>"""
    (one,), _ = read(page)
    assert one.text == "60 Vereine stellen sich vor.\nMit Gebärdensprachdolmetschung."


# --- what is over -----------------------------------------------------------------------------------------------------
@pytest.mark.parametrize(
    ("said", "taken"),
    [
        ({"title": "Hausnotruf - NICHT MEHR AKTUELL"}, True),
        ({"title": "Archiviert: Kegelclub"}, True),
        ({"title": "Kegelclub (erledigt!)"}, True),
        ({"title": "Gartenhilfe – besetzt"}, True),
        ({"title": "Leider schon vergeben: Gartenhilfe"}, True),
        ({"title": "Gartenhilfe", "text": "Die Stelle ist besetzt."}, True),
        ({"title": "Archivarin gesucht"}, False),
        ({"title": "Archiv-Ordnung: Fotos sortieren"}, False),
        ({"title": "Telefon besetzen"}, False),
        ({"title": "Gut besetztes Orchester sucht Geige"}, False),
        ({"title": "Gartenhilfe", "text": "Eine Stelle ist besetzt, drei sind noch frei."}, False),
    ],
)
def test_an_offer_that_says_that_it_is_taken(said: dict[str, str], taken: bool) -> None:
    status = rules.FILLED if taken else rules.OPEN
    assert details(**{**NAMED, **said}).status == status


# --- days and hours ---------------------------------------------------------------------------------------------------
def test_what_lasts_until_a_day_is_no_single_day() -> None:
    found = details(**NAMED, times="2 x 45 min / Woche, nachmittags, bis Schuljahresende (30.06.2027)")
    assert (found.kind, found.start_date, found.end_date) == ("regelmaessig", None, date(2027, 6, 30))
    assert found.effort is not None
    assert (found.effort.min_hours, found.effort.per) == (1.5, "woche")


def test_hours_of_a_single_day_are_of_its_weekday() -> None:
    assert cells(**NAMED, times="einmalig 17.04.2027, 9-12 Uhr") == ("sa-vormittags",)
    assert cells(**NAMED, times="Sa., 17.04.2027, 9-12 Uhr") == ("sa-vormittags",)


def test_some_days_in_a_row_have_no_other_weekdays() -> None:
    found = cells(**NAMED, times="02.-06.01.2027, 14-18 Uhr")
    assert found == tuple(f"{day}-nachmittags" for day in ("mo", "di", "mi", "sa", "so"))
    assert len(cells(**NAMED, times="02.-12.01.2027, 14-18 Uhr")) == 7


def test_hours_in_a_sentence_of_their_own_belong_to_the_day_before() -> None:
    text = "Wir suchen Sie! Wir treffen uns am Mittwoch.\nVon 14 Uhr bis 16 Uhr."
    assert cells(title="Texte prüfen", text=text) == ("mi-nachmittags",)


def test_what_a_group_does_on_a_day() -> None:
    text = "Einmal die Woche, donnerstags von 10:30 bis 11:30 Uhr, singen wir Volkslieder. Uns fehlt ein Klavier."
    assert cells(title="Klavierspieler", text=text) == ("do-vormittags",)


def test_how_long_somebody_stays_is_read_beside_all_else() -> None:
    text = "Dienste: 8.00-13.00 Uhr, einmal pro Woche. Mindestens 1 Jahr."
    assert details(title="Hilfe am Zug", text=text, times="1 Dienst pro Woche").minimum_duration == "1_jahr"
    asked = "Die eigene Trauer sollte mindestens ein Jahr zurückliegen"
    assert details(title="Sterbebegleitung", text="Wir begleiten.", requirements=asked).minimum_duration == ""


# --- what is asked, given and said of getting in ----------------------------------------------------------------------
@pytest.mark.parametrize(
    ("said", "field", "value"),
    [
        ({"requirements": "Alter: 25 bis 65 J."}, "minimum_age", 25),
        ({"text": "Fahren mit Herz. Alter 21-75 Jahre."}, "minimum_age", 21),
        ({"text": "Alter der Kinder: 18-36 Monate."}, "minimum_age", None),
        ({"requirements": "FS Klasse B; belastbar"}, "credentials", ("fahrerlaubnis_b",)),
        ({"requirements": "FS Kl. C"}, "credentials", ("fahrerlaubnis_c",)),
        ({"text": "Wir brauchen Sie an der FS Pestalozzi."}, "credentials", ()),
        ({"requirements": "Belehrung nach § 43 Infektionsschutzgesetz"}, "credentials", ("hygienebelehrung",)),
        ({"requirements": "DRSA Silber, Erste Hilfe nicht älter als 2 Jahre"}, "credentials",
         ("erste_hilfe", "rettungsschwimmen")),
        ({"benefits": "Erste-Hilfe-Kurs kostenlos"}, "credentials", ()),
        ({"requirements": "Masern-Immunität"}, "credentials", ("masernschutz",)),
        ({"requirements": "Masernschutz; keine Scheu vor Krankheit"}, "credentials", ("masernschutz",)),
        ({"requirements": "volljährig, erw. polizeil. Führungszeugnis"}, "clearance", "erweitert"),
        ({"text": "Deutsch auf A2-Niveau reicht."}, "german_level", "a2"),
        ({"text": "Keine Sorge: Du wirst gut eingearbeitet."}, "benefits", ()),
        ({"text": "Du wirst von uns eingearbeitet."}, "benefits", ("einarbeitung",)),
        ({"benefits": "Arbeitskleidung, Frühstück"}, "benefits", ("verpflegung", "ausstattung")),
        ({"benefits": "Kosten für Bus & Bahn werden erstattet"}, "benefits", ("fahrtkosten",)),
        ({"text": "Für Ihre Verpflegung ist gesorgt."}, "benefits", ("verpflegung",)),
        ({"benefits": "Vergütung: 20 € pro Stunde"}, "compensation", "aufwandsentschaedigung"),
        ({"text": "Treffen online per Zoom od. im Café, ganz wie Sie mögen."}, "mode", "teilweise_online"),
    ],
)  # fmt: skip
def test_what_is_asked_and_given(said: dict[str, str], field: str, value: object) -> None:
    assert getattr(details(**said), field) == value


@pytest.mark.parametrize(
    ("said", "access"),
    [
        ({"accessibility": "barrierefreier Zugang: nein"}, ("nicht_barrierefrei",)),
        ({"accessibility": "rollstuhlgerecht: nein, Aufzug: ja"}, ("nicht_barrierefrei",)),
        ({"accessibility": "barrierefreier Zugang: ja"}, ("stufenlos",)),
        ({"text": "Behinderten-WC: nein"}, ()),
        ({"text": "Sie prüfen Texte in Leichter Sprache."}, ()),
        ({"text": "Die Führung ist in Leichter Sprache."}, ("leichte_sprache",)),
    ],
)
def test_a_no_behind_what_it_denies(said: dict[str, str], access: tuple[str, ...]) -> None:
    assert details(**said).accessibility == access


# --- what it is about -------------------------------------------------------------------------------------------------
@pytest.mark.parametrize(
    ("said", "areas", "activities"),
    [
        ({"title": "Rettungsschwimmer am Strand"}, ("rettung_feuerwehr",), ("rettung_einsatz",)),
        ({"title": "Pflege der Obstbäume"}, None, None),
        ({"title": "Lotsin beim Arztbesuch", "audiences": ("Senioren",)}, ("soziales",), ("begleiten_betreuen",)),
        ({"title": "Deutschlehrer:in", "text": "Unterricht für Anfänger"}, ("jugend_bildung",),
         ("unterrichten_vorlesen",)),
        ({"title": "Lernbegleitung Mathe"}, ("schule_kita",), ("lernhilfe",)),
        ({"title": "Kältebus fahren", "text": "Tee für Obdachlose"}, ("soziales",), ("fahren_transport",)),
    ],
)  # fmt: skip
def test_areas_and_activities(
    said: dict[str, Any], areas: tuple[str, ...] | None, activities: tuple[str, ...] | None
) -> None:
    found = made(**said).details
    if areas is None:
        assert "gesundheit" not in found.areas
        return
    assert (found.areas, found.activities) == (areas, activities)
