"""The demo's towns: as many listings as promised, with the flaws real ones have, all valid, none like another."""

import math
import re
from datetime import UTC, datetime, timedelta
from itertools import combinations

import pytest

from fediverse_ehrenamt.demo.generator import DemoOrganisation, Entry, entries, organisations
from fediverse_ehrenamt.demo.towns import FLENSBURG, HAGEN, NEUBRANDENBURG, TOWNS, Town
from fediverse_ehrenamt.events import rules as event_rules
from fediverse_ehrenamt.opportunities import rules as opportunity_rules
from fediverse_ehrenamt.vocab.types import Place

NOW = datetime(2026, 11, 22, 12, tzinfo=UTC)
YEAR = timedelta(days=365)
AREAS = {
    "sport",
    "kultur",
    "freizeit",
    "soziales",
    "gesundheit",
    "schule_kita",
    "jugend_bildung",
    "umwelt_tiere",
    "politik",
    "beruf",
    "kirche_religion",
    "justiz",
    "rettung_feuerwehr",
    "sonstiges",
}
KINDS = {
    "regelmaessig",
    "projekt",
    "einmalig",
    "schicht",
    "amt",
    "patenschaft",
    "gruppenaktion",
    "online",
    "schnuppern",
}
EVENT_KINDS = {"veranstaltung", "aktionstag", "schnuppertag", "kurs", "beratung", "treffen", "fest", "einsatz"}
ACTIVITIES = {
    "begleiten_betreuen",
    "beraten",
    "unterrichten_vorlesen",
    "lernhilfe",
    "anleiten_gruppenleitung",
    "sport_training",
    "musik_kunst",
    "kochen_verteilen",
    "fahren_transport",
    "handwerk_reparatur",
    "garten_naturpflege",
    "tiere_versorgen",
    "organisieren_veranstalten",
    "verwalten_buero",
    "finanzen_kasse",
    "oeffentlichkeitsarbeit",
    "it_digital",
    "uebersetzen_dolmetschen",
    "spenden_sammeln",
    "vorstand_leitung",
    "rettung_einsatz",
    "forschung_dokumentation",
    "kasse_einlass",
    "sonstiges",
}
AUDIENCES = {
    "kinder",
    "jugendliche",
    "erwachsene",
    "aeltere",
    "familien",
    "behinderung",
    "erkrankung",
    "migration",
    "gefluechtete",
    "wohnungslos_armut",
    "sucht",
    "straffaelligkeit",
    "tiere",
    "natur",
    "alle",
}
SUITED = {
    "einsteiger",
    "berufstaetige",
    "schueler",
    "u14",
    "u18",
    "studierende",
    "senioren",
    "familien",
    "menschen_mit_behinderung",
    "wenig_deutsch",
    "gruppen",
    "unternehmen",
}
CREDENTIALS = {
    "juleica",
    "erste_hilfe",
    "rettungsschwimmen",
    "hygienebelehrung",
    "trainerlizenz",
    "fahrerlaubnis_b",
    "fahrerlaubnis_c",
    "personenbefoerderung",
    "masernschutz",
}
ACCESSIBILITY = {
    "stufenlos",
    "rollstuhl_wc",
    "aufzug",
    "leitsystem",
    "induktionsschleife",
    "gebaerdensprache",
    "leichte_sprache",
    "ruhiger_ort",
    "assistenzhund",
    "sitzend_moeglich",
    "barrierefrei_online",
    "nicht_barrierefrei",
    "unbekannt",
}
BENEFITS = {
    "einarbeitung",
    "fortbildung",
    "supervision",
    "fahrtkosten",
    "verpflegung",
    "bescheinigung",
    "kompetenznachweis",
    "ehrenamtskarte_anrechenbar",
    "dankeschoen",
    "ausstattung",
    "austauschtreffen",
}
LEGAL_FORMS = {
    "verein",
    "ggmbh",
    "stiftung",
    "kirche",
    "koerperschaft",
    "kommune",
    "initiative_ohne_rechtsform",
    "unternehmen",
    "schule_kita",
    "freiwilligenagentur",
}
CELL = re.compile(r"(mo|di|mi|do|fr|sa|so)-(morgens|vormittags|mittags|nachmittags|abends|nachts)")

every_town = pytest.mark.parametrize("town", TOWNS, ids=lambda town: town.key)


def offers(town: Town, seed: int = 1, count: int = 64) -> list[tuple[Entry, opportunity_rules.Draft]]:
    return [
        (entry, entry.draft)
        for entry in entries(town, NOW, seed, opportunities=count, events=0)
        if isinstance(entry.draft, opportunity_rules.Draft)
    ]


def events(town: Town, seed: int = 1, count: int = 22) -> list[tuple[Entry, event_rules.Draft]]:
    return [
        (entry, entry.draft)
        for entry in entries(town, NOW, seed, opportunities=0, events=count)
        if isinstance(entry.draft, event_rules.Draft)
    ]


def text_of(entry: Entry) -> str:
    draft = entry.draft
    title = draft.name if isinstance(draft, event_rules.Draft) else draft.details.title
    return f"{title}\n{draft.text}"


def kilometres(town: Town, place: Place) -> float:
    assert place.latitude is not None
    assert place.longitude is not None
    east = (place.longitude - town.longitude) * math.cos(math.radians(town.latitude))
    return 111.2 * math.hypot(place.latitude - town.latitude, east)


@every_town
def test_a_town_has_what_was_promised(town: Town) -> None:
    posters = organisations(town, 1)
    assert len(posters) >= 25
    assert len(offers(town)) == 64
    assert len(events(town)) == 22
    handles = {poster.handle for poster in posters}
    posting = {entry.organisation for entry in entries(town, NOW, 1)}
    assert posting <= handles
    assert len(posting) >= 25


@every_town
def test_the_same_seed_gives_the_same_town(town: Town) -> None:
    assert list(entries(town, NOW, 7)) == list(entries(town, NOW, 7))
    assert organisations(town, 7) == organisations(town, 7)
    assert list(entries(town, NOW, 7)) != list(entries(town, NOW, 8))


@every_town
@pytest.mark.parametrize("seed", range(4))
def test_every_draft_can_be_published(town: Town, seed: int) -> None:
    for entry, draft in offers(town, seed):
        assert opportunity_rules.problems(draft, NOW) == []
        assert entry.published_at <= entry.confirmed_at <= NOW
        assert draft.details.confirmed_at == entry.confirmed_at
        assert draft.details.expires_at is not None
        assert draft.details.expires_at > NOW + YEAR
    for entry, event in events(town, seed):
        assert event_rules.problems(event, entry.published_at) == []
        assert entry.published_at <= NOW


@every_town
def test_keys_are_different_for_each_organisation(town: Town) -> None:
    keys = [(entry.organisation, entry.draft.key) for entry in entries(town, NOW, 1, opportunities=200, events=60)]
    assert len(keys) == 260
    assert len(set(keys)) == len(keys)


@every_town
@pytest.mark.parametrize("seed", range(4))
def test_the_flaws_of_real_listings(town: Town, seed: int) -> None:
    made = offers(town, seed)

    def share(count: int) -> float:
        return count / len(made)

    stale = sum(NOW - entry.confirmed_at > YEAR for entry, _ in made)
    very_stale = sum(NOW - entry.confirmed_at > 2 * YEAR for entry, _ in made)
    timeless = sum(draft.details.availability is None and draft.details.effort is None for _, draft in made)
    uncategorised = sum(not draft.details.activities for _, draft in made)
    reposted = sum(draft.key.endswith("-weitergabe") for _, draft in made)
    located = [draft.place for _, draft in made if draft.place and draft.details.mode == "vor_ort"]
    assert 0.45 <= share(stale) <= 0.55
    assert 0.33 <= share(very_stale) <= 0.42
    assert 0.30 <= share(timeless) <= 0.37
    assert 0.22 <= share(uncategorised) <= 0.28
    assert 0.03 <= share(reposted) <= 0.07
    assert 0.08 <= sum(not place.postcode for place in located) / len(located) <= 0.35
    assert 0.01 <= sum(place.latitude is None for place in located) / len(located) <= 0.2
    wordings = {draft.details.availability.text for _, draft in made if draft.details.availability}
    assert len(wordings) >= 12


@every_town
def test_no_two_listings_read_the_same(town: Town) -> None:
    """Shared runs of five words ÷ all such runs: below a half, but for what was posted twice."""
    texts = {
        (entry.organisation, entry.draft.key): set(
            zip(*(entry.draft.text.split()[start:] for start in range(5)), strict=False)
        )
        for entry in entries(town, NOW, 1)
    }
    alike = [
        (one[1], other[1])
        for one, other in combinations(texts, 2)
        if len(texts[one] & texts[other]) / len(texts[one] | texts[other]) >= 0.5
    ]
    assert all(f"{one}-weitergabe" == other or f"{other}-weitergabe" == one for one, other in alike), alike


@every_town
def test_what_is_posted_twice_differs_and_names_another_organisation(town: Town) -> None:
    made = {draft.key: (entry, draft) for entry, draft in offers(town)}
    again = [key for key in made if key.endswith("-weitergabe")]
    assert len(again) == 3
    for key in again:
        first, copy = made[key.removesuffix("-weitergabe")], made[key]
        assert first[0].organisation != copy[0].organisation
        assert first[1].text != copy[1].text
        assert first[1].text.split("\n\n")[0] in copy[1].text


def test_only_hagen_looks_for_somebody_to_read_aloud() -> None:
    stem = re.compile("vorles|lesepat", re.IGNORECASE)
    for town in (NEUBRANDENBURG, FLENSBURG):
        for seed in range(5):
            said = [repr(entry) for entry in entries(town, NOW, seed, opportunities=90, events=42)]
            said += [repr(poster) for poster in organisations(town, seed)]
            assert not [text for text in said if stem.search(text)]


@pytest.mark.parametrize("seed", range(5))
def test_hagen_has_the_offer_that_the_demo_tells_of(seed: int) -> None:
    found = [(entry, draft) for entry, draft in offers(HAGEN, seed) if draft.details.title == "Lesepatin gesucht"]
    assert len(found) == 1
    entry, draft = found[0]
    assert "vorlesen" in draft.text
    assert entry.organisation == "buecherhaus_hagen"
    assert NOW - entry.confirmed_at < YEAR
    assert draft.place is not None
    assert draft.place.postcode
    assert draft.place.latitude is not None
    assert draft.details.availability is not None
    assert "schule_kita" in draft.details.areas


@every_town
def test_slugs_are_those_of_the_vocabulary(town: Town) -> None:
    for _, draft in offers(town, count=95):
        details = draft.details
        assert details.kind in KINDS
        assert 1 <= len(details.areas) <= 3
        assert set(details.areas) <= AREAS
        assert set(details.activities) <= ACTIVITIES
        assert set(details.audiences) <= AUDIENCES
        assert set(details.suitable_for) <= SUITED
        assert set(details.credentials) <= CREDENTIALS
        assert set(details.accessibility) <= ACCESSIBILITY
        assert set(details.benefits) <= BENEFITS
        assert details.mode in {"vor_ort", "teilweise_online", "online", "beliebig_im_gebiet"}
        assert details.clearance in {"", "nein", "einfach", "erweitert", "unbekannt"}
        assert details.minimum_duration in {"", "keine", "1_monat", "3_monate", "6_monate", "1_jahr", "laenger"}
        assert all(CELL.fullmatch(cell) for cell in (details.availability.cells if details.availability else ()))
        assert details.effort is None or details.effort.per in {"einmalig", "woche", "monat", "jahr"}
    for _, event in events(town, count=42):
        assert event.details.kind in EVENT_KINDS
        assert set(event.details.areas) <= AREAS
        assert set(event.details.accessibility) <= ACCESSIBILITY


@every_town
@pytest.mark.parametrize("seed", range(4))
def test_all_fourteen_areas_occur(town: Town, seed: int) -> None:
    assert {area for _, draft in offers(town, seed) for area in draft.details.areas} == AREAS


@every_town
def test_everything_is_in_its_town(town: Town) -> None:
    places = [entry.draft.place for entry in entries(town, NOW, 1)] + [
        poster.place for poster in organisations(town, 1)
    ]
    located = [place for place in places if place and place.latitude is not None]
    assert len(located) > 80
    assert all(kilometres(town, place) < 25 for place in located)
    assert {place.locality for place in places if place} == {town.name}


@every_town
def test_organisations_are_complete(town: Town) -> None:
    posters: list[DemoOrganisation] = organisations(town, 1)
    assert all(re.fullmatch(r"[a-z0-9_]{3,30}", poster.handle) for poster in posters)
    assert len({poster.handle for poster in posters}) == len({poster.name for poster in posters}) == len(posters)
    assert all(len(poster.summary) > 30 and "{" not in poster.summary for poster in posters)
    assert all(poster.details.legal_form in LEGAL_FORMS for poster in posters)
    assert all(poster.details.public_benefit in {"anerkannt", "beantragt", "nein", "unbekannt"} for poster in posters)
    assert all(len(poster.details.areas) >= 1 and set(poster.details.areas) <= AREAS for poster in posters)
    assert all(re.search(r" \d+$", poster.place.street) for poster in posters)
    assert any(not poster.place.postcode for poster in posters)


def test_handles_differ_between_towns() -> None:
    handles = [poster.handle for town in TOWNS for poster in organisations(town, 1)]
    assert len(set(handles)) == len(handles)


@every_town
@pytest.mark.parametrize("seed", range(4))
def test_events_lie_ahead_but_for_a_few(town: Town, seed: int) -> None:
    starts = [event.starts_at for _, event in events(town, seed)]
    assert sum(start < NOW for start in starts) == 3
    assert all(NOW - timedelta(days=41) < start < NOW + timedelta(days=91) for start in starts)


@every_town
def test_texts_are_filled_in_and_address_the_reader_in_one_way(town: Town) -> None:
    familiar = re.compile(r"\b([Dd]u|[Dd]ich|[Dd]ir|[Dd]eine?[mnrs]?)\b")
    formal = re.compile(r"\bIhnen\b|\bIhre?[mnrs]?\b|\b(?:können|möchten|haben|sind|werden|bekommen|kommen) Sie\b")
    for seed in range(4):
        for entry in entries(town, NOW, seed, opportunities=90, events=42):
            text = text_of(entry).replace("ärgere dich nicht", "").replace("Ihr trefft", "")
            assert "{" not in text
            if not isinstance(entry.draft, event_rules.Draft):
                assert not (familiar.search(text) and formal.search(text)), text
