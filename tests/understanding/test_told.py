"""Which statements of a description say when help is wanted, and what conditions stand in it."""

import time
from collections.abc import Callable

import pytest
from hypothesis import given
from hypothesis import strategies as st

from fediverse_ehrenamt.understanding import conditions, german, prose, suited, told
from fediverse_ehrenamt.understanding.conditions import Condition
from fediverse_ehrenamt.vocab import labels

SLUGS = {
    "clearance": labels.CLEARANCE,
    "credentials": labels.CREDENTIAL,
    "german_level": labels.GERMAN_LEVEL,
    "benefits": labels.BENEFIT,
    "compensation": labels.COMPENSATION,
    "suitable_for": labels.SUITABLE_FOR,
    "mode": labels.MODE,
}


def read(text: str) -> list[Condition]:
    said = list(prose.statements(text))
    return [*conditions.read(said), *german.read(said), *suited.read(said)]


def asked(text: str) -> set[tuple[str, str | int]]:
    return {(one.field, one.value) for one in read(text)}


# --- statements -------------------------------------------------------------------------------------------------------
def test_a_heading_says_of_each_item_what_it_is() -> None:
    text = (
        "Sie lesen vor. Das macht Spaß.\n\nVoraussetzungen:\n- Volljährigkeit\n- Geduld\n\nKontakt\nim Büro, ca. 9 Uhr"
    )
    assert [(one.heading, one.text) for one in prose.statements(text)] == [
        ("", "Sie lesen vor."),
        ("", "Das macht Spaß."),
        ("Voraussetzungen", "Volljährigkeit"),
        ("Voraussetzungen", "Geduld"),
        ("Kontakt", "im Büro, ca. 9 Uhr"),
    ]
    assert [one.heading for one in prose.statements("Zeitaufwand: 2 Stunden. Danach Kaffee.")] == ["Zeitaufwand", ""]


# --- times ------------------------------------------------------------------------------------------------------------
@pytest.mark.parametrize(
    "text",
    [
        "Wir suchen für dienstags 15–17 Uhr jemanden zum Vorlesen.",
        "Der Einsatz umfasst ca. 2 Stunden pro Woche.",
        "Zeitaufwand: 3 Std./Woche",
        "Einsatzzeiten:\n- Mo 10–12 Uhr",
        "Wenn Sie mindestens 2 Stunden pro Woche Zeit haben, melden Sie sich gern.",
        "Das Sprachcafé findet jeden Mittwoch von 17 bis 19 Uhr statt.",
        "Der Umfang beträgt erfahrungsgemäß 2–4 Stunden wöchentlich.",
        "Unsere AGs laufen Mo und Di von 14 bis 15 Uhr.",
        "Für die Hausaufgabenhilfe (Mo–Do, 14–16 Uhr) brauchen wir Unterstützung.",
    ],
)
def test_when_help_is_wanted(text: str) -> None:
    assert len(list(told.times(prose.statements(text)))) == 1


@pytest.mark.parametrize(
    "text",
    [
        "Unser Büro ist Mo–Fr 9–12 Uhr erreichbar.",
        "Öffnungszeiten: Mo–Fr 9–17 Uhr",
        "Öffnungszeiten\nMo–Fr 9–17 Uhr",
        "Telefonisch erreichen Sie uns dienstags von 14 bis 16 Uhr.",
        "Bitte melden Sie sich montags zwischen 9 und 12 Uhr.",
        "Die Schulung umfasst 100 Stunden und findet samstags statt.",
        "Einmal im Monat treffen sich die Ehrenamtlichen zum Austausch.",
        "Der Infoabend ist am Donnerstag um 19 Uhr.",
        "Der Verein besteht seit 1990 und betreut 20 Kinder an fünf Tagen in der Woche von morgens bis abends.",
        "Die Kinder kommen mittags aus der Schule und machen dann bis zum Nachmittag ihre Aufgaben selbst.",
        "Sie haben seit mindestens 2 Jahren einen Führerschein.",
        "Am 3.12. ab 15 Uhr brauchen wir Hilfe.",
        "Wir betreuen rund um die Uhr 80 Bewohner.",
        "Termine: Beginn ist jedes Jahr Anfang Februar, dann immer mittwochs 19-21 Uhr.",
        "Der Chor probt mittwochs um 19.30 Uhr.",
        "Wir schulen Sie an Montagabenden von 19 bis 22 Uhr.",
        "Für Sie beginnt es mit einer Reihe von Kursabenden, dienstags von 18 bis 20 Uhr.",
        "Bei unseren Info-Abenden jeden ersten Mittwoch im Monat lernen Sie uns kennen.",
        "Unser Team trifft sich jeden 2. Montag im Monat um 18 Uhr, Sie sind eingeladen.",
        "Einmal im Monat treffen sich die Freiwilligen der Gruppe im Laden und besprechen, was ansteht.",
        "Die Vermittlung von Ehrenamtlichen geschieht dienstags von 9 bis 17 Uhr.",
    ],
)
def test_other_times_are_not_those_of_help(text: str) -> None:
    assert [
        one.words for one in told.times(prose.statements(text)) if one.sure >= told.SURE and "Aufgaben" not in one.words
    ] == []


def test_people_are_flexible_and_so_are_times() -> None:
    assert [one.free for one in told.times(prose.statements("Wir suchen flexible Menschen für den Abend."))] == [False]
    assert [one.free for one in told.times(prose.statements("Die Einsatzzeit ist flexibel."))] == [True]


# --- conditions -------------------------------------------------------------------------------------------------------
@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("Mindestalter 18", {("minimum_age", 18)}),
        ("Mindestalter: 16 Jahre", {("minimum_age", 16)}),
        ("Du bist mindestens 18 Jahre alt.", {("minimum_age", 18)}),
        ("Mitmachen können alle ab 16 Jahren.", {("minimum_age", 16)}),
        ("Voraussetzungen: Volljährigkeit", {("minimum_age", 18)}),
        ("Ein erweitertes Führungszeugnis ist erforderlich.", {("clearance", "erweitert")}),
        ("Sie legen ein erweitertes polizeiliches Führungszeugnis vor.", {("clearance", "erweitert")}),
        ("Nur mit erw. Führungszeugnis", {("clearance", "erweitert")}),
        ("Du solltest mindestens 16 sein.", {("minimum_age", 16)}),
        ("Voraussetzungen: Geduld, 18+", {("minimum_age", 18)}),
        ("Gute Deutschkenntnisse in Wort und Schrift", {("german_level", "b2")}),
        ("Die Fahrtkosten tragen wir.", {("benefits", "fahrtkosten")}),
        ("Sie können kostenlos an Fortbildungen teilnehmen.", {("benefits", "fortbildung")}),
        ("Rentner bevorzugt", {("suitable_for", "senioren")}),
        ("Ein Führungszeugnis brauchen wir.", {("clearance", "einfach")}),
        ("Ein Führungszeugnis ist nicht erforderlich.", {("clearance", "nein")}),
        ("Führerschein Klasse B wird vorausgesetzt.", {("credentials", "fahrerlaubnis_b")}),
        ("Voraussetzungen:\n- PKW-Führerschein", {("credentials", "fahrerlaubnis_b")}),
        ("LKW-Führerschein Klasse C1 erforderlich", {("credentials", "fahrerlaubnis_c")}),
        ("Ein Nachweis über Masernschutz ist nötig.", {("credentials", "masernschutz")}),
        ("Sie sollten gut Deutsch sprechen.", {("german_level", "b2")}),
        ("Gute Deutschkenntnisse (mind. B1) erforderlich", {("german_level", "b1")}),
        ("Deutschkenntnisse sind nicht nötig.", {("german_level", "nicht_noetig")}),
        ("Fahrtkosten werden erstattet.", {("benefits", "fahrtkosten")}),
        ("Wir bieten: Erstattung der Fahrkosten", {("benefits", "fahrtkosten")}),
        ("Sie erhalten eine Aufwandsentschädigung.", {("compensation", "aufwandsentschaedigung")}),
        ("Ideal für Rentner", {("suitable_for", "senioren")}),
        ("Auch für Studierende gut geeignet", {("suitable_for", "studierende")}),
        ("Wir suchen rüstige Rentner.", {("suitable_for", "senioren")}),
        ("Führungszeugnis nach § 30a BZRG", {("clearance", "erweitert")}),
        ("Deutsch ab B1, Geduld", {("german_level", "b1")}),
        ("Kein Deutsch nötig!", {("german_level", "nicht_noetig")}),
        ("Für das Zeltlager fehlen Betreuer*innen ab 18, gern mit Juleica.", {("minimum_age", 18)}),
        ("Ab 18 wg. Jugendschutz.", {("minimum_age", 18)}),
        ("Ab 21 J., mit Vorerfahrung.", {("minimum_age", 21)}),
        ("Du bist zwischen 18 und 35 und hast Lust?", {("minimum_age", 18)}),
        ("Auch für Familien mit Hund.", {("suitable_for", "familien")}),
        ("Auch Gruppen können eine Schicht übernehmen.", {("suitable_for", "gruppen")}),
        ("Verteilen ist auch als Familie möglich.", {("suitable_for", "familien")}),
        ("Betriebe und Schulklassen nach Absprache", {("suitable_for", "gruppen"), ("suitable_for", "unternehmen")}),
        ("Gern auch Freiwillige mit Behinderung.", {("suitable_for", "menschen_mit_behinderung")}),
        ("Familien, Nachbarn, alle willkommen", {("suitable_for", "familien")}),
        ("Eine Schicht geht 3 Std. Auch Gruppen können eine übernehmen.", {("suitable_for", "gruppen")}),
        ("Vieles geht von zu Hause.", {("mode", "teilweise_online")}),
        ("überw. Homeoffice", {("mode", "teilweise_online")}),
        ("Sie arbeiten in unserem Büro und von zu Hause aus.", {("mode", "teilweise_online")}),
        ("Eine Mischung aus Terminen und Arbeit von zuhause.", {("mode", "teilweise_online")}),
        ("Sie haben ein offenes Ohr und sprechen sehr gut Deutsch.", {("german_level", "c1")}),
        ("Voraussetzungen: gute bis sehr gute Deutschkenntnisse", {("german_level", "b2")}),
        ("Ihr müsst über 18 Jahre alt sein.", {("minimum_age", 18)}),
    ],
)  # fmt: skip
def test_conditions(text: str, found: set[tuple[str, str | int]]) -> None:
    assert asked(text) == found


@pytest.mark.parametrize(
    "text",
    [
        "Angebote für Kinder ab 6 Jahren und Jugendliche ab 14 Jahren.",
        "Menschen ab 18 Jahren mit Behinderung kegeln hier.",
        "Seit mindestens 20 Jahren gibt es unsere Helfer.",
        "Volljährige Menschen mit Behinderung freuen sich auf Sie.",
        "Das Mindestalter der Kinder ist 12 Jahre.",
        "Führerschein von Vorteil",
        "Ein Führerschein ist nicht erforderlich.",
        "Je nach Einsatz brauchen wir ein Führungszeugnis.",
        "Sie helfen Geflüchteten, gut Deutsch zu lernen.",
        "Wir unterstützen Menschen mit geringen Deutschkenntnissen.",
        "Mit Liedern haben sie einen einfachen Zugang zur deutschen Sprache.",
        "Es gibt keine Aufwandsentschädigung, Fahrtkosten werden nicht erstattet.",
        "Freizeitangebote für Rentner und Familien",
        "Sie erteilen Nachhilfe in Deutsch.",
        "Wir beraten Alleinstehende und auch Familien.",
        "Die Helfer treffen sich ab 18 Uhr.",
        "Ab 18 Uhr ist Probe.",
        "Ab 18 Jahren Jugendarbeit haben wir Erfahrung.",
        "Er spricht gut Deutsch und braucht Hilfe beim Schreiben.",
        "Die meisten Kinder sprechen schon gut Deutsch.",
        "Sie haben bereits gute Deutschkenntnisse erworben und suchen eine Lehrstelle.",
        "Eine der Bewohnerinnen hat ihre Deutschkenntnisse verloren.",
        "Freiwillige, die ihnen die Grundlagen der deutschen Sprache näher bringen",
        "Wir suchen jemanden, der mit ihnen auf B2-Level Deutsch redet.",
        "Hilfe bei: Problemen mit Behörden, Deutschkenntnissen",
        "Unsere Fahrer holen die Gäste von zu Hause ab; wir suchen jemanden, um sie von Zuhause abzuholen.",
        "Die Leute nehmen kaputte Sachen von zu Hause mit.",
        "Wir helfen Jugendlichen, die ab Volljährigkeit allein wohnen.",
        "Ein Führerschein wäre schön.",
        "Sie begleiten Sterbende im Hospiz oder zu Hause.",
        "Welche Seiten sind für meine Deutschkenntnisse wichtig?",
        "Perfekt wäre jemand mit Führerschein, der hilft.",
        "Ehrenamtliche bekommen Schulungen und den Erwerb der Juleica kostenlos.",
        "Die Teilnehmer kommen zum Erfahrungsaustausch.",
        "Du bist zwischen 18 und 20 Uhr da.",
        "Für Menschen mit Behinderung gibt es ein Café.",
    ],
)
def test_what_is_said_of_others_or_only_welcome_asks_for_nothing(text: str) -> None:
    assert asked(text) == set()


def test_of_what_clashes_nothing_is_believed() -> None:
    assert asked("Helfer ab 16 Jahren. Voraussetzung: Mindestalter 18.") == set()


@given(st.text(max_size=400))
def test_any_text_is_read(text: str) -> None:
    list(told.times(prose.statements(text)))
    for one in read(text):
        assert 0 < one.sure <= 1
        assert one.field == "minimum_age" or one.value in SLUGS[one.field]


@pytest.mark.parametrize("unit", ["ab 16 ", "deutsch gut ", "für Rentner ", "Fahrtkosten ", "a. B", "- x\n", "Zeit: "])
@pytest.mark.parametrize("reader", [asked, lambda text: list(told.times(prose.statements(text)))])
def test_reading_is_linear_in_the_length_of_the_text(unit: str, reader: Callable[[str], object]) -> None:
    def seconds(length: int) -> float:
        text = (unit * length)[:length]
        best = 9.0
        for _ in range(3):
            started = time.process_time()
            reader(text)
            best = min(best, time.process_time() - started)
        return best

    assert seconds(prose.LONGEST) < 40 * seconds(prose.LONGEST // 10) + 0.05


@pytest.mark.parametrize(
    ("text", "is_told"),
    [
        ("Samstags und sonntags, je zwei Stunden, etwa zweimal im Monat.", True),
        ("Jugendtraining freitags 17 bis 19 Uhr (nicht in den Schulferien).", True),
        ("Termine nach Vereinbarung, mittwochvormittags oder bei den Leuten daheim.", True),
        ("Unser Frauenchor probt montags von 19:30 bis 21:30 Uhr im Gemeindehaus am Markt.", True),
        ("Jeden zweiten Freitag kochen wir ab 17 Uhr für die ganze Nachbarschaft.", True),
        ("Der Chor ist an einem Freitag im Mai vor zehn Jahren am Marktplatz zum ersten Mal aufgetreten.", False),
    ],
)
def test_a_longer_statement_that_says_little_but_when_is_about_the_help(text: str, *, is_told: bool) -> None:
    assert bool(list(told.times([prose.Statement(text)]))) is is_told


def test_a_range_of_classes_ends_a_sentence() -> None:
    said = "Mathe, Klasse 1-4. Einmal die Woche am Nachmittag. Am 4. Mai ist frei, Termin: 12.-14. Mai. Bis dann."
    assert [one.text for one in prose.statements(said)] == [
        "Mathe, Klasse 1-4.",
        "Einmal die Woche am Nachmittag.",
        "Am 4. Mai ist frei, Termin: 12.-14. Mai.",
        "Bis dann.",
    ]
