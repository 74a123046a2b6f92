"""What people get wrong in a file is told with entry, line and field; what they mean beyond doubt is taken."""

import json
from dataclasses import replace
from datetime import UTC, date, datetime
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from fediverse_ehrenamt.events.rules import Draft as EventDraft
from fediverse_ehrenamt.kit import resources
from fediverse_ehrenamt.opportunities.rules import Draft as OpportunityDraft
from fediverse_ehrenamt.publishing import file
from fediverse_ehrenamt.publishing.entry import MAX_PROBLEMS
from tests.publishing.files import EVENT, OPPORTUNITY, event, opportunity, problems, read

# lines of an opportunity → the field (all stand in line 8 or, where missing, in the line of the entry), the message
WRONG_OPPORTUNITY = [
    ("area: [kultur]", 8, "area", "meinten Sie „areas“?"),
    ("Mindestalter: 16", 8, "Mindestalter", "meinten Sie „minimumAge“?"),
    ("xyzzy: 1", 8, "xyzzy", "kennen wir nicht; möglich: id, organisation, status, title"),
    ("status: geheim", 8, "status", "gibt es nicht; möglich: veroeffentlicht, pausiert, besetzt"),
    ("status: Zurückgezogen!", 8, "status", "möglich: zurueckgezogen, veroeffentlicht"),
    ("mode: vorort", 8, "mode", "„vorort“ gibt es nicht; möglich: vor_ort, teilweise_online"),
    ("activities: fahren_transport", 8, "activities", "eine Liste, z. B. [begleiten_betreuen]"),
    ("activities: [fahren]", 8, "activities[0]", "„fahren“ gibt es nicht; möglich: fahren_transport"),
    ("audiences: [kinder, kinder]", 8, "audiences", "doppelt"),
    ("availability: {cells: [dienstags]}", 8, "availability.cells[0]", "„sa-vormittags“"),
    ("availability: dienstags", 8, "availability", "darunter eingerückt: cells, flexible"),
    ("availability: {}", 8, "availability", "ist leer; bitte weglassen oder ausfüllen: cells"),
    ("effort: {minHours: 2,5}", 8, "effort.5", "kennen wir nicht"),
    ("effort: {minHours: '2,5'}", 8, "effort.minHours", "eine Zahl mit Punkt und ohne Anführungszeichen"),
    ("effort: {minHours: -1}", 8, "effort.minHours", "mindestens 0"),
    ("effort: {per: tag}", 8, "effort.per", "möglich: einmalig, woche, monat, jahr"),
    ("minimumDuration: 1 Monat", 8, "minimumDuration", "möglich: 1_monat"),
    ("startDate: 31.02.2027", 8, "startDate", "ein Tag, den es gibt, z. B. 2026-12-12"),
    ("endDate: bald", 8, "endDate", "„bald“ geht hier nicht"),
    ("applyBy: 2026-12-12 14:00", 8, "applyBy", "ein Tag, den es gibt"),
    ("places: '3'", 8, "places", "eine ganze Zahl ohne Anführungszeichen"),
    ("germanLevel: [b1]", 8, "germanLevel", "eine Liste geht hier nicht; richtig wäre ein Wort aus der Liste, z. B."),
    ("places: true", 8, "places", "true geht hier nicht; richtig wäre eine ganze Zahl"),
    ("places: drei", 8, "places", "„drei“ geht hier nicht; richtig wäre eine ganze Zahl"),
    ("places: 2.5", 8, "places", "eine ganze Zahl"),
    ("places: 99999999", 8, "places", "höchstens 1e+06"),
    ("minimumAge: 200", 8, "minimumAge", "höchstens 120"),
    ("trial: ja", 8, "trial", "„ja“ geht hier nicht; richtig wäre true oder false"),
    ("languages: [Deutsch]", 8, "languages[0]", "BCP 47"),
    ("skills: [{required: true}]", 8, "skills[0].name", "fehlt: Fähigkeit"),
    ("skills: [Vorlesen]", 8, "skills[0]", "darunter eingerückt: name, required"),
    ("skills: {name: Vorlesen}", 8, "skills", "jeder Eintrag mit „- “ beginnt"),
    ("clearance: ja", 8, "clearance", "möglich: nein, einfach, erweitert, unbekannt"),
    ("compensation: 12 Euro je Stunde", 8, "compensation", "möglich: keine, auslagen"),
    ("confirmedAt: gestern", 8, "confirmedAt", "ein Tag oder Zeitpunkt"),
    ("sameAs: [www.beispiel.de]", 8, "sameAs[0]", "https://"),
    ("titleMap: {Deutsch: Hallo}", 8, "titleMap", "„Deutsch“ geht hier nicht; richtig wäre: Sprachkürzel"),
    ("transit: <br>", 8, "transit", "einfachen Text ohne HTML"),
    ('transit: "Bus \\0 512"', 8, "transit", "Steuerzeichen"),
    ("plainLanguage: [a]", 8, "plainLanguage", "eine Liste geht hier nicht; richtig wäre ein Text"),
    ("language: deutsch!", 8, "language", "„de“"),
    ("contactUrl: beispiel.de", 8, "contactUrl", "https://"),
    ("contactUrl: https://user@beispiel.de/", 8, "contactUrl", "https://beispiel.de/mitmachen"),
    ("hashtags: Vorlesen", 8, "hashtags", "eine Liste"),
    ("hashtags: [laut lesen]", 8, "hashtags[0]", "Ein Wort ohne Leerzeichen"),
    ("hashtags: [a, ]\nhashtags: [b]", 8, "hashtags", "steht in Zeile 8 und noch einmal in Zeile 9"),
    ("place: Hagen", 8, "place", "darunter eingerückt: name, street, postcode, locality"),
    ("place: {}", 8, "place", "ist leer"),
    ("place: {ort: Hagen}", 8, "place.ort", "meinten Sie „locality“?"),
    ("place: {locality: Hgen}", 8, "place.locality", "„Hgen“ kennen wir nicht. Meinten Sie Hagen?"),
    ("place: {locality: Qqqxyz}", 8, "place.locality", "„Qqqxyz“ kennen wir nicht. Sonst bitte latitude"),
    ("place: {name: Bücherei}", 8, "place.locality", "Ort oder Postleitzahl"),
    ("place: {postcode: '5809'}", 8, "place.postcode", "nicht fünf Ziffern"),
    ("place: {postcode: '00000'}", 8, "place.postcode", "„00000“ kennen wir nicht; bitte den Ort"),
    ("place: {locality: Kopenhagen, country: DK}", 8, "place.latitude", "außerhalb Deutschlands"),
    ("place: {country: Deutschland, locality: Hagen}", 8, "place.country", "Zwei Großbuchstaben"),
    ("place: {latitude: 51.3}", 8, "place.longitude", "fehlt: Grad nach WGS 84"),
    ("place: {latitude: 7.475, longitude: 51.36}", 8, "place.latitude", "latitude: 51.36, longitude: 7.475"),
    ("place: {latitude: 95, longitude: 7}", 8, "place.latitude", "höchstens 90"),
    ("image: bild.jpg", 8, "image", "darunter eingerückt: file, alt"),
    ("image: {file: bild.jpg}", 8, "image.alt", "was auf dem Bild zu sehen ist"),
    ("image: {file: ../bild.jpg, alt: Ein Bild}", 8, "image.file", "außerhalb des Ordners"),
    (f"image: {{file: {'a/' * 500_000}b, alt: Ein Bild}}", 8, "image.file", "höchstens 255 Zeichen"),
    (f'confirmedAt: "12.12.2026 14:00{" " * 1_000_000}x"', 8, "confirmedAt", "ein Tag oder Zeitpunkt"),
    ("image: {file: /etc/hostname, alt: Ein Bild}", 8, "image.file", "außerhalb des Ordners"),
]
WRONG_EVENT = [
    ("status: abgesagt", 9, "status", "möglich: confirmed, tentative, cancelled, withdrawn"),
    ("timezone: Hagen", 9, "timezone", "Europe/Berlin"),
    ("capacity: viele", 9, "capacity", "eine ganze Zahl"),
    ("category: community center", 9, "category", "möglich: COMMUNITY"),
    ("onlineUrl: zoom", 9, "onlineUrl", "https://"),
    ("registerBy: 12/12/2026", 9, "registerBy", "2026-12-12 14:00"),
    ("livestream: nein", 9, "livestream", "https://"),
    ("cost: {euro: 5}", 9, "cost", "eine Gruppe von Angaben geht hier nicht; richtig wäre ein Text"),
    ("areas: [sport, kultur, freizeit, beruf]", 9, "areas", "zu viele, richtig wären höchstens 3"),
    ("title: Fest", 9, "title", "kennen wir nicht; meinten Sie"),
]


@pytest.mark.parametrize(("lines", "line", "field", "message"), WRONG_OPPORTUNITY, ids=lambda value: str(value)[:30])
def test_a_wrong_opportunity_is_told(lines: str, line: int, field: str, message: str, tmp_path: Path) -> None:
    [(where, said)] = problems(opportunity(lines), tmp_path)
    assert where == f"opportunities[0] (lesepatin), Zeile {line}: {field}"
    assert message in said


@pytest.mark.parametrize(("lines", "line", "field", "message"), WRONG_EVENT)
def test_a_wrong_event_is_told(lines: str, line: int, field: str, message: str) -> None:
    [(where, said)] = problems(event(lines))
    assert where == f"events[0] (fest), Zeile {line}: {field}"
    assert message in said


# a line of a right file, what stands there instead → where, message
REPLACED = [
    (OPPORTUNITY, "title: Lesepatin gesucht", "", "3: title", "fehlt: Wofür Hilfe gesucht wird"),
    (OPPORTUNITY, "title: Lesepatin gesucht", "title: ab", "4: title", "mindestens 3 Zeichen, hat 2"),
    (OPPORTUNITY, "title: Lesepatin gesucht", "title:", "4: title", "fehlt: Wofür Hilfe"),
    (OPPORTUNITY, "title: Lesepatin gesucht", "title: <br>", "4: title", "ohne HTML"),
    (OPPORTUNITY, "kind: regelmaessig", "kind: Regelmäßig", "5: kind", "möglich: regelmaessig, projekt"),
    (OPPORTUNITY, "kind: regelmaessig", "", "3: kind", "fehlt: Wie das Engagement abläuft"),
    (OPPORTUNITY, "areas: [schule_kita]", "areas: []", "6: areas", "zu wenige, richtig wären mindestens 1"),
    (OPPORTUNITY, "areas: [schule_kita]", "areas: schule_kita", "6: areas", "eine Liste, z. B. [sport]"),
    (
        OPPORTUNITY,
        "areas: [schule_kita]",
        "areas: [kultur, ]\n    areas: [sport]",
        "6: areas",
        "noch einmal in Zeile 7",
    ),
    (OPPORTUNITY, "text: Einmal in der Woche lesen Sie Kindern vor.", "", "3: text", "fehlt: Was zu tun ist"),
    (OPPORTUNITY, "text: Einmal in der Woche lesen Sie Kindern vor.", "text: Lesen", "7: text", "mindestens 20"),
    (EVENT, "endTime: 2026-12-12 17:00", "", "3: endTime", "fehlt: Wann es endet"),
    (EVENT, "endTime: 2026-12-12 17:00", "endTime: 2026-12-12", "8: endTime", "ein Tag mit Uhrzeit"),
    (EVENT, "endTime: 2026-12-12 17:00", "endTime: 12.12.2026 25:00", "8: endTime", "ein Tag mit Uhrzeit"),
    (EVENT, "startTime: 2026-12-12 14:00", "startTime: 14 Uhr", "7: startTime", "ein Tag mit Uhrzeit"),
    (EVENT, "kind: fest", "kind: party", "5: kind", "möglich: veranstaltung"),
    (EVENT, "name: Vorlesefest", "", "3: name", "fehlt: Wie die Veranstaltung heißt"),
]


@pytest.mark.parametrize(("text", "old", "new", "where", "message"), REPLACED)
def test_a_required_field_that_is_wrong_is_told(text: str, old: str, new: str, where: str, message: str) -> None:
    [(place, said)] = problems(text.replace(old, new or "# weg"))
    assert place.endswith(f"), Zeile {where}")
    assert message in said


WRONG_FILES = [
    ("", "angebote.yaml", "ist leer"),
    ("# nur Erklärung", "angebote.yaml", "ist leer"),
    ("Lesepatin gesucht", "angebote.yaml", "keine Liste von Angaben"),
    ("- a\n- b", "angebote.yaml", "„opportunities:“ oder „events:“"),
    ("organisation: thw", "angebote.yaml", "fehlt: Angebote oder Termine"),
    ("opportunities: {id: a}", "angebote.yaml, Zeile 1: opportunities", "eine Liste"),
    ("opportunities: Lesen", "angebote.yaml, Zeile 1: opportunities", "eine Liste"),
    ("opportunity: [a]", "angebote.yaml, Zeile 1: opportunity", "eine Liste geht hier nicht"),
    ("opportunities: [Lesen]", "opportunities[0], Zeile 1", "darunter eingerückt: id, organisation"),
    ("events:\n  -\n", "events[0], Zeile 2", "ist leer"),
    ("events: []\norganisatoin: thw", "angebote.yaml, Zeile 2: organisatoin", "meinten Sie „organisation“?"),
    ("events: []\nangebote: []", "angebote.yaml, Zeile 2: angebote", "meinten Sie „opportunities“?"),
    ("events: []\nevents: []", "angebote.yaml, Zeile 1: events", "noch einmal in Zeile 2"),
    ("events: []\norganisation: [a]", "angebote.yaml, Zeile 2: organisation", "richtig wäre ein Text"),
    (OPPORTUNITY.replace("organisation:", "#"), "opportunities[0] (lesepatin), Zeile 3: organisation", "fehlt: Handle"),
    (OPPORTUNITY.replace("id: lesepatin", "# weg"), "opportunities[0], Zeile 4: id", "fehlt: Ihr eigener kurzer Name"),
]


@pytest.mark.parametrize(("text", "where", "message"), WRONG_FILES)
def test_a_wrong_file_is_told(text: str, where: str, message: str) -> None:
    found = problems(text)
    assert where in [place for place, _ in found], found
    assert any(message in said for place, said in found if place == where)


def test_all_problems_of_all_entries_are_told_in_the_order_of_lines() -> None:
    text = opportunity("trial: ja\nplaces: drei\nplace: {locality: Hgen}\nimage: {file: ../a.jpg, alt: Ein Bild}")
    text += EVENT.removeprefix("organisation: stadtbuecherei\n").replace("kind: fest", "kind: party")
    assert [place for place, _ in problems(text)] == [
        "opportunities[0] (lesepatin), Zeile 8: trial",
        "opportunities[0] (lesepatin), Zeile 9: places",
        "opportunities[0] (lesepatin), Zeile 10: place.locality",
        "opportunities[0] (lesepatin), Zeile 11: image.file",
        "events[0] (fest), Zeile 15: kind",
    ]


def test_an_id_that_stands_twice_is_told() -> None:
    text = OPPORTUNITY + EVENT.removeprefix("organisation: stadtbuecherei\n").replace("id: fest", "id: lesepatin")
    [(where, said)] = problems(text)
    assert where == "events[0] (lesepatin), Zeile 9: id"
    assert "heißt schon opportunities[0] (lesepatin) in Zeile 3" in said


def test_one_id_may_stand_for_two_organisations() -> None:
    text = OPPORTUNITY + OPPORTUNITY.partition("opportunities:\n")[2].replace("id:", "organisation: thw\n    id:")
    assert [entry.organisation for entry in read(text)] == ["stadtbuecherei", "thw"]


def test_no_more_problems_are_listed_than_one_mends() -> None:
    found = problems("organisation: a\nopportunities: [" + "{}," * 2_000 + "]")
    assert len(found) == MAX_PROBLEMS + 1
    assert found[-1][1].startswith("und 9500 weitere")


# --- what is taken ----------------------------------------------------------------------------------------------------
def _opportunity(lines: str) -> OpportunityDraft:
    [entry] = read(opportunity(lines))
    assert isinstance(entry.draft, OpportunityDraft)
    return entry.draft


def _event(lines: str, text: str = EVENT) -> EventDraft:
    [entry] = read(text + "".join(f"    {line}\n" for line in lines.splitlines()))
    assert isinstance(entry.draft, EventDraft)
    return entry.draft


@pytest.mark.parametrize("said", ["2026-12-01", "01.12.2026", "1.12.2026", "'2026-12-01'"])
def test_days_are_read_as_people_write_them(said: str) -> None:
    assert _opportunity(f"startDate: {said}").details.start_date == date(2026, 12, 1)


@pytest.mark.parametrize(
    "said",
    [
        "2026-12-12 14:00",
        "2026-12-12T14:00:00",
        "2026-12-12T14:00+01:00",
        "2026-12-12T13:00:00Z",
        "12.12.2026 14:00",
        "12.12.2026, 14.00 Uhr",
        "12.12.2026 um 14 Uhr",
    ],
)
def test_times_are_in_the_zone_of_the_event_unless_they_say_another(said: str) -> None:
    draft = _event("", EVENT.replace("startTime: 2026-12-12 14:00", f'startTime: "{said}"'))
    assert draft.starts_at == datetime(2026, 12, 12, 13, tzinfo=UTC)
    assert draft.ends_at == datetime(2026, 12, 12, 16, tzinfo=UTC)


def test_the_zone_of_the_event_counts() -> None:
    draft = _event("timezone: Europe/Kyiv\nregisterBy: 2026-12-11")
    assert (draft.timezone, draft.starts_at) == ("Europe/Kyiv", datetime(2026, 12, 12, 12, tzinfo=UTC))
    assert draft.details.register_by == datetime(2026, 12, 11, 21, 59, 59, tzinfo=UTC)


def test_a_day_alone_is_a_beginning_or_an_end() -> None:
    details = _opportunity("confirmedAt: 2026-11-20\nexpiresAt: 30.06.2027").details
    assert details.confirmed_at == datetime(2026, 11, 19, 23, tzinfo=UTC)
    assert details.expires_at == datetime(2027, 6, 30, 21, 59, 59, tzinfo=UTC)


def test_unquoted_numbers_are_texts_where_texts_belong() -> None:
    draft = _opportunity("place: {postcode: 01067, locality: Dresden, street: 1}\nlanguages: [no]")
    assert draft.place is not None
    assert (draft.place.postcode, draft.place.street) == ("01067", "1")
    assert draft.details.languages == ("no",)


@pytest.mark.parametrize(
    ("place", "latitude", "longitude"),
    [
        ("{postcode: 58095, locality: Flensburg}", 51.36, 7.47),  # the postcode counts
        ("{postcode: 58000, locality: Hagen}", 51.36, 7.47),  # a postcode for post office boxes
        ("{locality: Neubrandenburg}", 53.56, 13.26),
        ("{locality: Hagen, latitude: 51.4, longitude: 7.5}", 51.4, 7.5),
        ("{locality: København, country: DK, latitude: 55.68, longitude: 12.57}", 55.68, 12.57),
    ],
)
def test_places_are_found_or_given(place: str, latitude: float, longitude: float) -> None:
    found = _opportunity(f"place: {place}").place
    assert found is not None
    assert found.latitude == pytest.approx(latitude, abs=0.05)
    assert found.longitude == pytest.approx(longitude, abs=0.05)


def test_no_place_is_allowed() -> None:
    assert _opportunity("mode: online").place is None


def test_hashtags_are_without_their_sign_and_once() -> None:
    assert _opportunity("hashtags: ['#Vorlesen', Vorlesen, Größe_2]").hashtags == ("Vorlesen", "Größe_2")


def test_an_empty_field_is_a_field_that_is_not_there() -> None:
    assert _opportunity("place:\ntransit: ~\nactivities: []\nlanguage:") == _opportunity("")


def test_one_entry_may_stand_alone() -> None:
    text = "opportunity:\n" + OPPORTUNITY.partition("opportunities:\n")[2].replace("- ", "  ")
    [entry] = file.read(text, "a.yaml", Path(), "thw")
    assert (entry.organisation, entry.label, entry.line) == ("thw", "opportunity (lesepatin)", 2)


def test_the_organisation_is_the_entrys_then_the_one_asked_for_then_the_files() -> None:
    named = OPPORTUNITY.replace("id:", "organisation: thw\n    id:")
    assert [entry.organisation for entry in file.read(named, "a", Path(), "asb")] == ["thw"]
    assert [entry.organisation for entry in file.read(OPPORTUNITY, "a", Path(), "asb")] == ["asb"]
    assert [entry.organisation for entry in file.read(OPPORTUNITY, "a", Path())] == ["stadtbuecherei"]
    without = OPPORTUNITY.partition("\n")[2]
    assert [entry.organisation for entry in file.read(without, "a", Path(), "asb")] == ["asb"]


def test_a_withdrawal_needs_its_id_only() -> None:
    text = "organisation: a\nopportunities: [{id: x, status: zurueckgezogen}]\nevents: [{id: y, status: withdrawn}]"
    first, second = (entry.draft for entry in read(text))
    assert isinstance(first, OpportunityDraft)
    assert isinstance(second, EventDraft)
    assert (first.key, first.details.status, second.key, second.status) == ("x", "zurueckgezogen", "y", "withdrawn")


def test_an_image_is_looked_for_beside_the_file(tmp_path: Path) -> None:
    [entry] = read(opportunity("image: {file: bilder/bild.jpg, alt: Ein Kind liest}"), tmp_path)
    assert entry.image_file == tmp_path / "bilder" / "bild.jpg"
    assert entry.draft.image_alt == "Ein Kind liest"


def test_an_image_behind_a_link_out_of_the_folder_is_refused(tmp_path: Path) -> None:
    (tmp_path / "geheim.jpg").write_bytes(b"x")
    folder = tmp_path / "dateien"
    folder.mkdir()
    (folder / "bild.jpg").symlink_to(tmp_path / "geheim.jpg")
    [(where, _)] = problems(opportunity("image: {file: bild.jpg, alt: Ein Bild}"), folder)
    assert where.endswith("image.file")


@pytest.mark.parametrize("indent", [None, 2, "\t"])
@pytest.mark.parametrize("ascii_only", [True, False])
def test_json_is_read_as_well(indent: int | str | None, *, ascii_only: bool) -> None:
    title = "Bücher 📚 und \\ud83d\\udcda / mehr"
    entry = {
        "id": "lesepatin",
        "title": title,
        "kind": "regelmaessig",
        "areas": ["schule_kita"],
        "text": "Zeile eins, lang genug.\n\nZeile „zwei“ 🎈",
        "place": {"postcode": "58095", "latitude": 51.36, "longitude": 7.47},
        "trial": True,
        "places": None,
    }
    text = json.dumps({"organisation": "a", "opportunities": [entry]}, ensure_ascii=ascii_only, indent=indent)
    [found] = file.read(text, "a.json", Path())
    assert isinstance(found.draft, OpportunityDraft)
    assert found.draft.details.title == title
    assert found.draft.text == entry["text"]
    assert (found.draft.details.trial, found.draft.details.places) == (True, None)


def test_problems_in_json_name_their_line() -> None:
    entry = {"id": "x", "status": "zurueckgezogen", "trial": "ja"}
    text = json.dumps({"organisation": "a", "opportunity": entry}, indent=1)
    assert [place for place, _ in problems(text)] == ["opportunity (x), Zeile 6: trial"]


def test_the_example_says_the_same_in_json() -> None:
    example = resources.folder("schemas") / "beispiel.yaml"
    entries = file.read(example.read_text(encoding="utf-8"), example.name, example.parent)
    assert [entry.label for entry in entries] == [
        "opportunities[0] (lesepatin)",
        "opportunities[1] (onleihe-hilfe)",
        "events[0] (vorlesefest-2030)",
        "events[1] (infoabend-2030)",
    ]
    again = file.read("\ufeff" + example.read_text(encoding="utf-8").replace("\n", "\r\n"), "b", example.parent)
    assert [replace(entry, lines={}) for entry in again] == [replace(entry, lines={}) for entry in entries]


# --- anything ---------------------------------------------------------------------------------------------------------
FRAGMENTS = [
    *("organisation: a\n", "opportunities:\n", "events:\n", "opportunity:\n", "  - id: x\n", "    kind: fest\n"),
    *("    place: {", "locality: Hagen", "}", "[", "]", "- ", ": ", "'", '"', "\t", "    status: withdrawn\n", "|\n"),
    *("    areas: [sport]\n", "    image: {file: a, alt: b}\n", "\\0", "2026-12-12", "&a", "*a", "!!int 3", "---\n"),
    *("startTime: ", "    text: ein Text, der lang genug ist\n", "? ", ", Zeile x: ", "1e999", "_", ".inf", "0x1F"),
]


@settings(max_examples=300)
@given(st.one_of(st.text(max_size=200), st.lists(st.sampled_from(FRAGMENTS), max_size=40).map("".join)))
def test_any_text_is_a_list_of_entries_or_invalid(text: str) -> None:
    assert all(where and said and "\x00" not in said for where, said in problems(text))
