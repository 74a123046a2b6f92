"""Facts in words: every field of an offer and of a date is shown, and what matters is named where it is missing."""

from dataclasses import fields, replace
from datetime import UTC, datetime

import pytest

from fediverse_ehrenamt.discover import facts
from fediverse_ehrenamt.vocab.types import (
    Availability,
    Effort,
    Event,
    EventDetails,
    GroupSize,
    OpportunityDetails,
)
from fediverse_ehrenamt.web import i18n
from tests.discover import samples

DE, EN = i18n.language("de"), i18n.language("en")
BARE = OpportunityDetails(title="Hilfe", kind="", areas=())


def shown(sections: tuple[facts.Section, ...]) -> dict[str, tuple[str, ...]]:
    return {fact.label: tuple(value.text for value in fact.values) for one in sections for fact in one.facts}


def test_every_field_of_an_offer_is_shown() -> None:
    full = replace(
        samples.READING.details, maximum_age=70, guardian_consent=True, insurance=("unfall_gesetzlich", "unbekannt")
    )
    read = shown(facts.of_opportunity(full, DE))
    assert read == {
        "Art": ("Regelmäßig",),
        "Bereich": (
            "Schule oder Kindergarten", "Außerschulische Jugendarbeit oder Bildungsarbeit für Erwachsene",
        ),
        "Tätigkeiten": ("Unterrichten und vorlesen", "Tee kochen"),
        "Für wen": ("Kinder",),
        "Geeignet für": ("Neulinge im Ehrenamt", "Seniorinnen und Senioren"),
        "Ort der Aufgabe": ("Vor Ort",),
        "Gruppengröße": ("3 bis 5 Personen",),
        "Plätze": ("2 von 5 frei",),
        "Wann": ("dienstags nach der großen Pause",),
        "Wiederholung": ("jede Woche: Dienstag",),
        "Tage und Tageszeiten": (
            "Dienstag vormittags (9–12 Uhr), nachmittags (14–18 Uhr)", "Donnerstag vormittags (9–12 Uhr)",
        ),
        "Zeiten nach Absprache": ("Nein",),
        "Auch in den Ferien": ("Nein",),
        "Zeitaufwand": ("1–2 Stunden pro Woche",),
        "Mindestdauer": ("6 Monate",),
        "Zeitraum": ("11. Januar 2027 bis 2. Juli 2027",),
        "Bewerben bis": ("20. Dezember 2026",),
        "Schnuppern möglich": ("Ja",),
        "Mindestalter": ("18 Jahre",),
        "Höchstalter": ("70 Jahre",),
        "Einwilligung der Eltern nötig": ("Ja",),
        "Deutschkenntnisse": ("B2 (fließend)",),
        "Weitere Sprachen": ("Ukrainisch", "Türkisch"),
        "Nötig": ("Geduld",),
        "Schön wäre": ("Vorlesen mit verteilten Stimmen",),
        "Nachweise": ("Masernschutz",),
        "Führungszeugnis": ("Erweitertes Führungszeugnis (§ 30a BZRG)",),
        "Einarbeitung": ("Zwei Stunden Einführung, danach hören Sie einmal zu.",),
        "Leistungen": ("Fahrtkosten werden erstattet", "Fortbildung"),
        "Vergütung": ("Auslagen werden ersetzt",),
        "Versicherung": ("Gesetzliche Unfallversicherung",),
        "Antwort": ("Die Organisation verspricht eine Antwort innerhalb von 5 Tagen.",),
        "Barrierefreiheit": ("Stufenlos erreichbar", "Aufzug"),
        "Hinweise": ("Der Eingang ist auf der Hofseite.",),
        "Assistenz möglich": ("Ja",),
        "Bus und Bahn": ("Bus 510 bis Goldbergschule",),
        "Zuletzt bestätigt": ("2. November 2026",),
        "Gültig bis": ("1. Mai 2027",),
        "Lizenz des Textes": ("CC-BY-4.0",),
        "Auch zu finden unter": ("https://freiwillig.example/angebote/77",),
    }  # fmt: skip
    in_heading = {"version", "title", "title_map", "status"}
    alone = (
        {field.name for field in fields(OpportunityDetails)} - in_heading - {"availability", "places_free", "skills"}
    )
    # skills are needed or nice to have; the first and the last day are one
    assert len(read) == len(alone) + len(fields(Availability)) + 1


def test_what_matters_is_named_where_it_is_missing() -> None:
    sections = facts.of_opportunity(replace(BARE, german_level="unbekannt", insurance=("unbekannt",)), EN)
    assert all(fact.missing for section in sections for fact in section.facts)
    assert shown(sections) == dict.fromkeys(
        ("Minimum age", "German skills", "Criminal record certificate", "Compensation", "Insurance", "Accessibility"),
        ("not stated",),
    )


def test_every_field_of_a_date_is_shown() -> None:
    event = replace(samples.CAFE, online_url="https://meet.example/x", opportunity=samples.READING.details)
    assert event.details
    event = replace(event, details=replace(event.details, accessibility_note="Klingeln Sie."))
    read = shown(facts.of_event(event, DE))
    assert read["Art"] == ("Regelmäßig",)  # of the help that is wanted there, which comes last
    expected = {
        "Bereich": read["Bereich"],
        "Für wen": ("Kinder",),
        "Sprachen": ("Deutsch", "Arabisch"),
        "Online": ("https://meet.example/x",),
        "Übertragung im Netz": ("https://video.example/live",),
        "Untertitel": ("Englisch",),
        "Kosten": ("Kostenlos",),
        "Angemeldet": ("12",),
        "Anmelden bis": ("Do., 10. Dez. 2026, 23:59 Uhr",),
        "Anmeldung": ("https://garten.example/anmelden",),
    }
    assert {label: read[label] for label in expected} == expected


def test_a_date_of_mobilizon_is_in_the_area_of_its_category() -> None:
    event = replace(samples.CAFE, details=None, category="SPORTS")
    assert shown(facts.of_event(event, DE))["Bereich"] == ("Sport und Bewegung",)
    helped = replace(event, opportunity=samples.READING.details)
    assert (
        shown(facts.of_event(helped, DE))["Bereich"]
        == shown(facts.of_opportunity(samples.READING.details, DE))["Bereich"]
    )


def test_a_bare_date() -> None:
    event = Event(
        id="https://a.example/1",
        starts_at=datetime(2026, 12, 12, 13, tzinfo=UTC),
        online=True,
        online_url="javascript:x",
    )
    assert shown(facts.of_event(event, DE)) == {
        "Wann": ("Sa., 12. Dez. 2026, 14:00 Uhr",),
        "Online": ("Ja",),
        "Kosten": ("nicht angegeben",),
        "Barrierefreiheit": ("nicht angegeben",),
    }
    paid = replace(event, details=EventDetails(kind="kurs", cost="5 Euro"), capacity=1200)
    assert shown(facts.of_event(paid, DE))["Kosten"] == ("5 Euro",)
    assert shown(facts.of_event(paid, DE))["Plätze"] == ("1.200",)


@pytest.mark.parametrize(
    ("effort", "german", "english"),
    [
        (None, "", ""),
        (Effort(per="woche"), "", ""),
        (Effort(min_hours=1, max_hours=1, per="monat"), "1 Stunde pro Monat", "1 hour per month"),
        (Effort(min_hours=2.5, max_hours=4, per="woche"), "2,5–4 Stunden pro Woche", "2.5–4 hours per week"),
        (Effort(min_hours=3, per="jahr"), "ab 3 Stunden pro Jahr", "3 hours or more per year"),
        (Effort(max_hours=0.5, per="einmalig"), "bis zu 0,5 Stunden einmalig", "up to 0.5 hours once"),
        (Effort(min_hours=8, max_hours=8, per="quartal"), "8 Stunden Quartal", "8 hours Quartal"),
        (Effort(min_hours=8, max_hours=8), "8 Stunden", "8 hours"),
    ],
)
def test_effort(effort: Effort | None, german: str, english: str) -> None:
    assert facts.effort(effort, DE) == german
    assert facts.effort(effort, EN) == english


@pytest.mark.parametrize(
    ("rule", "words"),
    [
        ("", ""),
        ("FREQ=DAILY", "jeden Tag"),
        ("FREQ=WEEKLY;INTERVAL=2;BYDAY=MO,FR", "alle 2 Wochen: Montag, Freitag"),
        ("freq=monthly", "jeden Monat"),
        ("FREQ=YEARLY;INTERVAL=3", "alle 3 Jahre"),
        ("FREQ=MONTHLY;BYDAY=1TU,3TU", "jeden Monat: 1. Dienstag, 3. Dienstag"),
        ("FREQ=MONTHLY;BYDAY=-1FR", "jeden Monat: letzter Freitag"),
        ("FREQ=MONTHLY;BYDAY=9TU", "FREQ=MONTHLY;BYDAY=9TU"),
        ("FREQ=WEEKLY;COUNT=4", "FREQ=WEEKLY;COUNT=4"),
        ("FREQ=WEEKLY;INTERVAL=x", "FREQ=WEEKLY;INTERVAL=x"),
        ("jeden Dienstag", "jeden Dienstag"),
    ],
)
def test_recurrence(rule: str, words: str) -> None:
    assert facts.recurrence(rule, DE) == words


@pytest.mark.parametrize(
    ("details", "label", "words"),
    [
        (replace(BARE, places=3), "Plätze", "3"),
        (replace(BARE, places_free=1), "Plätze", "1 frei"),
        (replace(BARE, group_size=GroupSize(min=1)), "Gruppengröße", "ab 1 Person"),
        (replace(BARE, group_size=GroupSize(max=8)), "Gruppengröße", "bis zu 8 Personen"),
        (replace(BARE, minimum_age=1), "Mindestalter", "1 Jahr"),
        (
            replace(BARE, answer_within_days=1),
            "Antwort",
            "Die Organisation verspricht eine Antwort innerhalb von 1 Tag.",
        ),
        (
            replace(BARE, availability=Availability(cells=("feiertage", "mo-spaet"))),
            "Tage und Tageszeiten",
            "Montag Spaet",
        ),
        (replace(BARE, licence="https://lizenz.example/"), "Lizenz des Textes", "https://lizenz.example/"),
        (replace(BARE, kind="neue_art"), "Art", "Neue art"),
    ],
)
def test_single_facts(details: OpportunityDetails, label: str, words: str) -> None:
    assert shown(facts.of_opportunity(details, DE))[label][0] == words


def test_a_sign_up_on_the_page_itself_is_no_fact() -> None:
    page = "https://hagen.example/termine/1"
    for url, said in (
        (f"{page}#mitmachen", None),
        ("https://hagen.example/anmelden", ("https://hagen.example/anmelden",)),
    ):
        event = replace(samples.CAFE, url=page, participation_url=url)
        assert shown(facts.of_event(event, DE)).get("Anmeldung") == said


def test_empty_group_size_is_no_fact() -> None:
    assert "Gruppengröße" not in shown(facts.of_opportunity(replace(BARE, group_size=GroupSize()), DE))


def test_lists_and_directions_are_bounded() -> None:
    many = replace(BARE, activities=tuple(f"a{number}\u202e" for number in range(900)))
    values = shown(facts.of_opportunity(many, DE))["Tätigkeiten"]
    assert len(values) == 30
    assert values[0] == "A0"


def test_what_mobilizon_says_of_wheelchairs_is_shown_in_the_reader_s_language() -> None:
    event = replace(samples.CAFE, details=EventDetails(kind="", accessibility=("teilweise_rollstuhlgerecht",)))
    assert shown(facts.of_event(event, DE))["Barrierefreiheit"] == ("Teilweise rollstuhlgerecht",)
    assert shown(facts.of_event(event, EN))["Accessibility"] == ("Partly accessible by wheelchair",)
