"""Everyday questions: what they ask for becomes filters that are told."""

from datetime import date

import pytest

from fediverse_ehrenamt.places import gazetteer
from fediverse_ehrenamt.understanding.question_lexicon import PHRASES
from fediverse_ehrenamt.understanding.questions import understand
from fediverse_ehrenamt.vocab import labels
from tests.understanding.asking import ask, pairs


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("am Wochenende mit Kindern", "zeit=sa zeit=so zielgruppe=kinder"),
        ("kurzfristig samstags in Haspe", "kurzfristig=ja zeit=sa ort=Haspe"),
        ("etwas mit Tieren ohne Deutschkenntnisse", "bereich=umwelt_tiere deutsch=nicht_noetig q=Tieren"),
        ("abends von zu Hause", "zeit=abends online=ja"),
        ("2 Stunden pro Woche in Hagen und Umgebung", "aufwand=2-woche ort=Hagen umkreis=20"),
        ("mindestens 5 Stunden im Monat", "aufwand=ab-5-monat"),
        ("einmal im Monat", "aufwand=monat"),
        ("im Umkreis von 10 km um Dortmund", "umkreis=10 ort=Dortmund"),
        ("für Rollstuhlfahrer", "barrierefrei=stufenlos"),
        ("ab 16", "alter=16"),
        ("ab 16 Uhr", "zeit=nachmittags zeit=abends"),
        ("unter 18", "alter=17"),
        ("ohne erweitertes Führungszeugnis", "fuehrungszeugnis=nein"),
        ("am 12. Dezember", "von=2026-12-12 bis=2026-12-12"),
        ("am 1.3.", "von=2027-03-01 bis=2027-03-01"),
        ("vom 1. bis 5. Dezember", "von=2026-12-01 bis=2026-12-05"),
        ("ab 1. Januar", "von=2027-01-01"),
        ("bis 31.12.", "bis=2026-12-31"),
        ("nächste Woche", "von=2026-11-30 bis=2026-12-06"),
        ("diese Woche", "von=2026-11-27 bis=2026-11-29"),
        ("dieses Wochenende", "von=2026-11-28 bis=2026-11-29"),
        ("nächsten Freitag", "von=2026-12-04 bis=2026-12-04"),
        ("im Dezember", "von=2026-12-01 bis=2026-12-31"),
        ("nächsten Monat", "von=2026-12-01 bis=2026-12-31"),
        ("heute Abend", "von=2026-11-27 bis=2026-11-27 zeit=abends"),
        ("am Morgen", "zeit=morgens"),
        ("morgen", "von=2026-11-28 bis=2026-11-28"),
        ("in den nächsten 14 Tagen", "von=2026-11-27 bis=2026-12-11"),
        ("einmalig", "aufwand=einmalig"),
        ("als Gruppe mit 10 Kollegen", "gruppe=10"),
        ("zu zweit", "gruppe=2"),
        ("Bäume pflanzen mit 30 Kollegen", "gruppe=30 q=Bäume#pflanzen"),
        ("als Gruppe mit 10 kochen", "gruppe=10 q=kochen"),
        ("mit 3 Kindern", "q=3#Kindern"),
        ("mit dem Kegelclub, 12 Personen", "gruppe=12"),
        ("Schulklasse 25 Schüler", "gruppe=25"),
        ("Team-Event Firma 20 Leute", "geeignet=unternehmen gruppe=20"),
        ("Verein mit 300 Mitgliedern sucht Kassenwart", "q=Verein#300#Mitgliedern#sucht#Kassenwart"),
        ("als Paar", "gruppe=2"),
        ("gemeinsam mit meiner Frau kochen", "gruppe=2 q=kochen"),
        ("Familie mit zwei kleinen Kindern", "geeignet=familien"),
        ("Familie mit Kindern unterstützen", "zielgruppe=kinder q=Familie"),
        ("ich höre schlecht", "barrierefrei=induktionsschleife"),
        ("ich höre nicht mehr so gut", "barrierefrei=induktionsschleife"),
        ("ich höre gut zu", "q=höre"),
        ("hab nur ne Stunde pro Woche", "aufwand=1-woche"),
        ("ich bin 15", "alter=15"),
        ("16-jährig", "alter=16"),
        ("minderjährig", "alter=17"),
        ("Veranstaltungen am 5.12.", "art=termin von=2026-12-05 bis=2026-12-05"),
        ("Veranstaltungen in Hagen", "art=termin ort=Hagen"),
        ("bei Veranstaltungen helfen", "q=Veranstaltungen"),
        ("was ist hier los", "art=termin"),
        ("Was ist am 5. Dezember los?", "von=2026-12-05 bis=2026-12-05"),
        ("an Heiligabend", "von=2026-12-24 bis=2026-12-24"),
        ("mit kleinen Kindern und alten Menschen", "zielgruppe=kinder zielgruppe=aeltere"),
        ("vom 28.12. bis 3.1.", "von=2026-12-28 bis=2027-01-03"),
        ("auf Türkisch", "sprache=tr"),
        ("ich spreche wenig Deutsch", "deutsch=a1"),
        ("Deutsch A2", "deutsch=a2"),
        ("mit meinen Kindern am Samstag", "geeignet=familien zeit=sa"),
        ("als Rentner in Köln", "geeignet=senioren ort=Köln"),
        ("für Geflüchtete und Obdachlose", "zielgruppe=gefluechtete zielgruppe=wohnungslos_armut"),
        ("mit Menschen mit Behinderung", "zielgruppe=behinderung"),
        ("nicht am Wochenende", "zeit=mo zeit=di zeit=mi zeit=do zeit=fr"),
        ("Mittwochnachmittag", "zeit=mi-nachmittags"),
        ("in Bad Homburg", "ort=Bad#Homburg"),
        ("in meiner Nähe", ""),
    ],
)
def test_the_filters_of_a_question(text: str, expected: str) -> None:
    assert pairs(text) == {pair.replace("#", " ") for pair in expected.split()}


@pytest.mark.parametrize(
    ("text", "today", "expected"),
    [
        ("vom 28.12. bis 3.1.", date(2026, 12, 30), "von=2026-12-30 bis=2027-01-03"),
        ("vom 28.12. bis 3.1.", date(2027, 1, 2), "von=2027-01-02 bis=2027-01-03"),
        ("vom 28.12. bis 3.1.", date(2027, 1, 4), "von=2027-12-28 bis=2028-01-03"),
        ("vom 28.12. bis 3.1.2027", date(2026, 11, 27), "von=2026-12-28 bis=2027-01-03"),
        ("vom 5. bis 1.3.", date(2026, 11, 27), "q=5 bis=2027-03-01"),
        ("am 31.12.", date(2026, 12, 31), "von=2026-12-31 bis=2026-12-31"),
        ("am 31.12.", date(2027, 1, 1), "von=2027-12-31 bis=2027-12-31"),
        ("am 29. Februar", date(2027, 1, 1), "von=2028-02-29 bis=2028-02-29"),
        ("am 29. Februar", date(2028, 2, 29), "von=2028-02-29 bis=2028-02-29"),
        ("am 29. Februar", date(2028, 3, 1), "von=2032-02-29 bis=2032-02-29"),
        ("ab 1. Dezember", date(2026, 12, 2), "von=2026-12-02"),
        ("ab 1. Dezember", date(2027, 1, 31), "von=2027-12-01"),
        ("ab 1. Dezember 2026", date(2026, 12, 2), "von=2026-12-01"),
        ("ab 30.2.", date(2026, 12, 2), "q=ab#30#2"),
        ("übermorgen", date(2026, 12, 31), "von=2027-01-02 bis=2027-01-02"),
        ("nächsten Monat", date(2026, 12, 31), "von=2027-01-01 bis=2027-01-31"),
        ("nächsten Monat", date(2028, 1, 31), "von=2028-02-01 bis=2028-02-29"),
        ("diese Woche", date(2026, 12, 31), "von=2026-12-31 bis=2027-01-03"),
        ("diese Woche", date(2027, 1, 3), "von=2027-01-03 bis=2027-01-10"),
        ("zwischen den Jahren", date(2026, 12, 31), "von=2027-12-27 bis=2027-12-30"),
        ("an Silvester", date(2026, 12, 31), "von=2026-12-31 bis=2026-12-31"),
        ("im Januar", date(2026, 12, 31), "von=2027-01-01 bis=2027-01-31"),
    ],
)
def test_days_at_the_turns_of_the_year(text: str, today: date, expected: str) -> None:
    found = {f"{name}={value}" for name, value in ask(text, today).pairs()}
    assert found == {pair.replace("#", " ") for pair in expected.split()}


@pytest.mark.parametrize(
    ("text", "place", "words"),
    [
        ("in Essen", "Essen", ""),
        ("Essen ausgeben in Essen", "Essen", "Essen ausgeben"),
        ("vorlesen hagen", "hagen", "vorlesen"),
        ("Vorlesen in Hagen-Haspe am Mittwoch", "Hagen-Haspe", "Vorlesen"),
        ("Senioren besuchen 58095 Hagen", "58095 Hagen", "Senioren besuchen"),
        ("in der Nähe von Frankfurt am Main", "Frankfurt am Main", ""),
        ("in Hagen am Wochenende", "Hagen", ""),
        ("in Singen", "Singen", ""),
        ("Tafel Hamburg", "Hamburg", "Tafel"),
        ("Hagen Westfalen", "Hagen Westfalen", ""),
        ("in der Stadt Hagen", "Hagen", ""),
        ("Halle (Saale)", "Halle (Saale)", ""),
    ],
)
def test_places(text: str, place: str, words: str) -> None:
    question = ask(text)
    assert dict(question.pairs())["ort"] == place
    assert gazetteer.find(place)
    assert question.text == words


@pytest.mark.parametrize(
    "text",
    [
        "Essen ausgeben", "sich um Essen kümmern", "Singen mit Senioren", "Singen am Bodensee", "bei Regen", "Regen",
        "Lesen mit Kindern", "Garten", "Blumen gießen", "große Halle", "in langen Nächten", "in großen Gruppen",
        "in Sachsen", "in NRW", "am Bahnhof", "Wald und Wiesen", "Bad Foobar", "Dortmunder Tafel", "bei Kindern in Not",
    ],
)  # fmt: skip
def test_everyday_words_are_no_places(text: str) -> None:
    assert "ort" not in dict(ask(text).pairs())


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("kann nicht so gut Deutsch", "deutsch=a1"),
        ("Mein Deutsch ist noch nicht so gut", "deutsch=a1"),
        ("ich lerne noch Deutsch", "deutsch=a1"),
        ("von daheim aus", "online=ja"),
        ("kann schlecht laufen", "barrierefrei=sitzend_moeglich"),
        ("bin nicht mehr so gut zu Fuß", "barrierefrei=sitzend_moeglich"),
        ("zu Hause am Computer", "online=ja"),
        ("unsere Firma möchte helfen", "geeignet=unternehmen"),
        ("wir sind eine Familie mit zwei Kindern", "geeignet=familien"),
        ("Mama mit Baby", "geeignet=familien"),
        ("mein Kind mitbringen", "geeignet=familien"),
        ("kann nicht mehr so lange stehen", "barrierefrei=sitzend_moeglich"),
        ("Studentin sucht Aufgabe", "geeignet=studierende"),
        ("Manager mit wenig Zeit", "geeignet=berufstaetige"),
        ("als Führungskraft mit wenig Zeit", "geeignet=berufstaetige"),
        ("habe einen Vollzeitjob", "geeignet=berufstaetige"),
        ("am Samstag mit Familie", "zeit=sa geeignet=familien"),
        ("ne Stunde in der Woche", "aufwand=1-woche"),
        ("wat kann ick für olle Leute machen", "zielgruppe=aeltere"),
        ("i mecht gern was mit alte Leit machen", "zielgruppe=aeltere"),
        ("17 Jahre, Garten", "alter=17 q=Garten"),
        ("Schülerin 15 nachmittags", "alter=15 zeit=nachmittags"),
        ("w, 16", "alter=16"),
        ("Maurer 66 Jahre noch fit", "alter=66 q=Maurer"),
        ("12 Jahre Fußball gespielt, Trainer", "q=Fußball#gespielt#Trainer"),
        ("wir sind 8", "gruppe=8"),
        ("wir sind 15 und 16", "q=15#16"),
        ("Garten, mit unserer Abteilung", "geeignet=unternehmen q=Garten"),
        ("mein Deutsch ist A2, Garten", "deutsch=a2 q=Garten"),
        ("Deutsch auf Niveau B1", "deutsch=b1"),
        ("ich spreche Arabisch und Deutsch B2", "sprache=ar deutsch=b2"),
        ("mit 13 schon zur Feuerwehr", "alter=13 q=Feuerwehr"),
        ("Schreiner 70 Jahre sucht Kinder", "alter=70 q=Schreiner#sucht#Kinder"),
        ("Rollifahrerin, vormittags", "barrierefrei=stufenlos zeit=vormittags"),
        ("15 Mitarbeiter wollen im Wald arbeiten", "gruppe=15 q=Wald"),
        ("was kann man mit 16 machen", "alter=16"),
        ("kann man mit 16 Kindern basteln", "q=16#Kindern#basteln"),
        ("trotz Sehbehinderung", "barrierefrei=leitsystem"),
        ("bin auf den Rollstuhl angewiesen, Beratung", "barrierefrei=stufenlos q=Beratung"),
        ("mit Aufzug", "barrierefrei=aufzug"),
        ("Aufzug reparieren", "q=Aufzug#reparieren"),
        ("vorbestraft, Garten", "fuehrungszeugnis=nein q=Garten"),
        ("für Vorbestrafte", "zielgruppe=straffaelligkeit"),
        ("arbeite im Schichtdienst, mal abends", "zeit=abends"),
        ("ich studiere Informatik, Garten", "geeignet=studierende q=Garten"),
        ("wenn man nur Englisch spricht", "sprache=en"),
        ("my German is A2, garden", "deutsch=a2 q=garden"),
        ("we speak only Turkish", "sprache=tr"),
        ("abends, wenn die Kleine schläft", "zeit=abends"),
        ("vormittags wenn die Kinder in der Schule sind", "zeit=vormittags"),
        ("ich komme aus der Ukraine, vormittags Garten", "zeit=vormittags q=Garten"),
        ("IT Support für Vereine in Hagen", "ort=Hagen q=IT#Support#Vereine"),
        ("samstags it support", "zeit=sa q=it#support"),
    ],
)
def test_what_people_say_of_themselves(text: str, expected: str) -> None:
    assert pairs(text) == {pair.replace("#", " ") for pair in expected.split()}


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("für drei Monate", "dauer=3_monate"),
        ("nur für ca. 4 Monate", "dauer=3_monate"),
        ("ein Schulhalbjahr lang", "dauer=6_monate"),
        ("für ein Schuljahr", "dauer=1_jahr"),
        ("nur ein Semester", "dauer=6_monate"),
        ("befristet auf ein halbes Jahr", "dauer=6_monate"),
        ("für zwei Wochen", "dauer=keine"),
        ("für ein paar Wochen", "dauer=1_monat"),
        ("in den Semesterferien", "q=Semesterferien"),
        ("ohne feste Verpflichtung", "dauer=keine"),
        ("für ein Semester in Flensburg", "dauer=6_monate ort=Flensburg"),
        ("für 2 Jahre", "q=für#2#Jahre"),
        ("für 3 Stunden im Monat", "aufwand=3-monat"),
        ("für ein Jahr alte Kinder", "q=Jahr#alte#Kinder"),
        ("Ferienspiele", "q=Ferienspiele"),
    ],
)
def test_how_long_somebody_can(text: str, expected: str) -> None:
    assert pairs(text) == {pair.replace("#", " ") for pair in expected.split()}


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("bis 14 Uhr", "zeit=morgens zeit=vormittags zeit=mittags"),
        ("montags bis 12 Uhr", "zeit=mo-morgens zeit=mo-vormittags"),
        ("nachmittags ab 14 Uhr", "zeit=nachmittags"),
        ("um 15 Uhr", "zeit=nachmittags"),
        ("nach 20 Uhr", "zeit=abends"),
        ("putzen, morgens ab 8", "zeit=morgens zeit=vormittags q=putzen"),
        ("mittwochs ab 15", "zeit=mi-nachmittags zeit=mi-abends"),
        ("samstags ab 16 Jahren", "zeit=sa alter=16"),
    ],
)
def test_from_or_until_when_somebody_can(text: str, expected: str) -> None:
    assert pairs(text) == set(expected.split())


def test_no_hour_is_an_age() -> None:
    workdays = {f"zeit={day}-{part}" for day in ("mo", "di", "mi", "do", "fr") for part in ("morgens", "vormittags")}
    assert pairs("Mo-Fr bis 12, Garten") == workdays | {"q=Garten"}


def test_on_a_sunday_this_week_is_the_one_that_begins() -> None:
    found = understand("diese Woche", date(2026, 11, 29))
    assert found.pairs() == (("von", "2026-11-29"), ("bis", "2026-12-06"))


def test_how_many_years_somebody_did_something_is_not_searched_for() -> None:
    assert ask("40 Jahre Lehrerin, vormittags").text == "Lehrerin"
    assert ask("Nachhilfe 10. Klasse, abends").text == "Nachhilfe 10 Klasse"


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("meine Tochter (14) mag Pferde", "alter=14 q=Pferde"),
        ("mein Sohn, 17, mag Computer", "alter=17 q=Computer"),
        ("sie ist 15 und mag Pferde", "alter=15 q=Pferde"),
        ("ich bin Lena, 15 Jahre, und mag Kinder", "alter=15 q=Kinder"),
        ("Garten mit meiner Tochter (8)", "geeignet=familien q=Garten"),
        ("ich bin seit 10 Jahren im Chor", "q=Chor"),
        ("mein Sohn ab 15 Uhr", "zeit=nachmittags zeit=abends"),
        ("ich arbeite Vollzeit, Garten", "geeignet=berufstaetige q=Garten"),
        ("ich gehe noch zur Schule, Garten", "geeignet=schueler q=Garten"),
        ("Nachhilfe für Schüler in Mathe", "q=Nachhilfe+Schüler+Mathe"),
        ("ich studiere, Garten", "geeignet=studierende q=Garten"),
        ("ich bin querschnittsgelähmt, Garten", "barrierefrei=stufenlos q=Garten"),
    ],
)
def test_facts_of_who_asks_or_is_asked_for_are_filters(text: str, expected: str) -> None:
    assert {pair.replace(" ", "+") for pair in pairs(text)} == set(expected.split())


@pytest.mark.parametrize("text", ["mittwochs habe ich frei", "hab mittwochs frei", "mittwochs frei"])
def test_a_day_off_is_a_day_on_which_somebody_can(text: str) -> None:
    assert pairs(text) == {"zeit=mi"}


def test_the_filters_of_phrases_are_known_slugs() -> None:
    known = {
        "bereich": labels.AREA, "geeignet": labels.SUITABLE_FOR, "deutsch": labels.GERMAN_LEVEL,
        "barrierefrei": labels.ACCESSIBILITY, "fuehrungszeugnis": labels.CLEARANCE,
        "zeit": labels.WEEKDAY | labels.DAYPART,
    }  # fmt: skip
    for words, entry in PHRASES.items():
        assert set(entry.values) <= set(known.get(entry.name, entry.values)), words


@pytest.mark.parametrize("asked", ["Behinderte im Rollstuhl schieben", "Rollstuhl begleiten"])
def test_who_helps_people_in_wheelchairs_needs_no_ramp(asked: str) -> None:
    assert not any(part.filter == "barrierefrei" for part in ask(asked).parts)
