"""What people type finds what organisations write: pairs of real German that must meet, and pairs that must not."""

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from fediverse_ehrenamt.language import folding, questions
from fediverse_ehrenamt.places import data, gazetteer
from fediverse_ehrenamt.places.districts import District, Kept
from fediverse_ehrenamt.search import words
from fediverse_ehrenamt.search.engine import Index
from fediverse_ehrenamt.search.percolation import Percolator
from fediverse_ehrenamt.search.query import Query
from tests.search.making import NOW, document, filled

# What is typed, and what an offer says.
MEET = [
    ("Semesterferien", "Teamer für die Ferienspiele"),
    ("ich habe einen Hund", "Besuchshundeteams"),
    ("Hundebesitzer", "Besuchshundeteams"),
    ("it support", "Technikhilfe für Vereine"),
    ("IT", "Computer einrichten"),
    ("Informatik", "Programmieren mit Kindern"),
    ("Straffälligen helfen", "Bewährungshelfer"),
    ("stricken", "Nähen und Handarbeit"),
    ("Maurer", "Renovieren im Vereinsheim"),
    ("Bar", "Theke im Jugendcafé"),
    ("Büro", "Empfang und Telefon"),
    ("Fußball spielen", "Jugendtrainer gesucht"),
    ("Corporate Volunteering", "Social Day"),
    ("unregelmäßige Zeiten, Garten", "Gärtnern"),
    ("Seniorenbetreuung", "Betreuung von Senioren"),
    ("Betreuung von Senioren", "Seniorenbetreuung im Stadtteil"),
    ("Senioren betreuen", "Wir suchen Hilfe in der Seniorenbetreuung"),
    ("Seniorenbetreuung", "Du betreust unsere Seniorinnen und Senioren"),
    ("Hausaufgabenhilfe", "Hilfe bei Hausaufgaben"),
    ("Hausaufgabenhilfe", "Unterstützung bei den Hausaufgaben (Mathe)"),
    ("Hilfe bei den Hausaufgaben", "Hausaufgabenhilfe für die Klassen 3 bis 6"),
    ("Hausaufgabenhilfe", "Nachhilfe in Englisch"),
    ("Nachhilfe", "Lernhilfe am Nachmittag"),
    ("Flüchtlingshilfe", "Hilfe für Geflüchtete"),
    ("Flüchtlinge", "Unterstützung für geflüchtete Familien"),
    ("Geflüchtete", "Flüchtlingscafé sucht Helfer"),
    ("fluechtlinge", "Begleitung für Flüchtlinge"),
    ("Geflüchtetenhilfe", "Flüchtlingshilfe Haspe"),
    ("Besuchsdienst", "Krankenhausbesuchsdienst"),
    ("Besuchsdienst", "Ehrenamtlicher Dienst: Besuch bei Kranken"),
    ("Senioren", "Zeit für ältere Menschen"),
    ("ältere Menschen", "Seniorennachmittag mit Kaffee"),
    ("Computer für Senioren", "Handy-Sprechstunde für Ältere"),
    ("Sterbende begleiten", "Hospizgruppe sucht Verstärkung"),
    ("Krankenbesuche", "Grüne Damen und Herren: Besuchsdienst im Krankenhaus"),
    ("spazieren gehen", "Spaziergang im Park"),
    ("alte Leute", "Spaziergänge mit Seniorinnen"),
    ("Rentner", "Senioren am Computer"),
    ("Rentner helfen", "Besuche bei Seniorinnen"),
    ("im Garten mithelfen", "Beete im Schulgarten pflegen"),
    ("was mit Hunden", "Unsere Vierbeiner brauchen Auslauf"),
    ("Pferde", "Ziegen und Ponys versorgen"),
    ("zum Doktor", "Lotsen beim Arztbesuch"),
    ("Schwimmbad putzen", "Frühjahrsputz im Freibad"),
    ("Sani werden", "Sanitäterin im Katastrophenschutz"),
    ("Alkohol", "Gruppe für Alkoholabhängige"),
    ("Kleider sortieren", "Sortieren und Ausgabe von Kleidung"),
    ("Autofahren", "Fahrer mit eigenem PKW"),
    ("Essen ausfahren", "Sie bringen warme Menüs zu den Leuten"),
    ("reinschnuppern", "Ehrenamt einen Tag lang unverbindlich kennenlernen"),
    ("etwas draußen", "Hecken schneiden im Park"),
    ("Deutsch beibringen", "Sprachpartnerschaft mit zugewanderten Frauen"),
    ("Karten spielen", "Skat- und Rommérunde"),
    ("Jugendgruppe leiten", "Leitung einer Jungschar"),
    ("Demenzkranke", "Betreuungsgruppe für Menschen mit Demenz"),
    ("Ferien", "Betreuung in den Osterferien"),
    ("vorlesen", "Lesepatin gesucht"),
    ("Lesepate", "Vorlesen in der Kita"),
    ("Lesepaten", "Lesepat_innen gesucht"),
    ("Lesepatin", "Lesepatinnen und Lesepaten gesucht"),
    ("Vorleser", "Wer liest vor? Vorlesestunde in der Bücherei"),
    ("Tafel", "Lebensmittelausgabe am Bahnhof"),
    ("Tafel", "Fahrer:in für die Hagener Tafeln"),
    ("Lebensmittelausgabe", "Die Tafel sucht Helfende"),
    ("Kita", "Gartenopa für unseren Kindergarten"),
    ("Kindergarten", "Kitas suchen Vorlesende"),
    ("Teens", "Gruppe für Jugendliche"),
    ("Jugendarbeit", "Arbeit mit Jugend im Stadtteil"),
    ("Wohnungslose", "Kältebus für Obdachlose"),
    ("Obdachlosenhilfe", "Hilfe für wohnungslose Menschen"),
    ("Behinderung", "Inklusionssport sucht Helfer*innen"),
    ("Handicap", "Menschen mit Behinderungen begleiten"),
    ("Brandschutz", "Freiwillige Feuerwehr Haspe"),
    ("Feuerwehr", "Feuerwehrfrau werden"),
    ("Sanitäter", "Erste Hilfe leisten beim Stadtfest"),
    ("Erste Hilfe", "Sanitätsdienst bei Konzerten"),
    ("Helfer", "Helfer:innen gesucht"),
    ("Helferin", "Helfer/-innen für das Sommerfest"),
    ("Helferinnen", "HelferInnen gesucht"),
    ("Übungsleiter", "Übungsleiter(in) für Kinderturnen"),
    ("Trainerin", "Trainer*in für die F-Jugend"),
    ("Ärztin", "Ärzt:innen für die Sprechstunde"),
    ("Fahrradwerkstatt", "Fahrräder reparieren mit Kindern"),
    ("Fahrrad reparieren", "Offene Fahrradwerkstatt: Reparatur mit Geflüchteten"),
    ("Repair-Café", "Repaircafé sucht Bastler"),
    ("Repaircafe", "Reparaturcafé Wehringhausen"),
    ("Gassi gehen", "Hunde aus dem Tierheim ausführen"),
    ("Tierheim", "Tierschutzverein sucht Katzenfreunde"),
    ("Hund", "Besuchshunde im Altenheim"),
    ("Müll sammeln", "Frühjahrsputz am Hengsteysee"),
    ("Naturschutz", "Biotoppflege am Wochenende"),
    ("Deutsch lernen", "Sprachcafé für Neuzugewanderte"),
    ("Deutschkurs", "Deutschunterricht für Frauen"),
    ("Sprachpate", "Sprachpatinnen gesucht"),
    ("Babysitter", "Kinderbetreuung beim Elternabend"),
    ("Kinderbetreuung", "Betreuung der Kinder während des Kurses"),
    ("Ferienlager", "Zeltlager für Kinder"),
    ("Ferienbetreuung für Kinder", "Kinderferienbetreuung"),
    ("Fahrdienst", "Fahrer für den Bürgerbus"),
    ("einkaufen", "Einkaufshilfe für Nachbarn"),
    ("Spaziergang", "Spazierengehen mit Bewohnern: gemeinsam spazieren"),
    ("Altenheim", "Besuche im Seniorenheim"),
    ("Altenpflegeheim", "Pflegeheim St. Anna"),
    ("Krankenhaus", "Marienkrankenhaus"),
    ("Klinik", "Grüne Damen im Krankenhaus"),
    ("Krankenhausbesuchsdienst", "Besuchsdienst im Krankenhaus"),
    ("Trauerbegleitung", "Trauernde begleiten: Begleitung in Trauer"),
    ("Sterbebegleitung", "Hospizdienst sucht Ehrenamtliche"),
    ("Hospiz", "Begleitung Sterbender, Hospizarbeit"),
    ("Kirchengemeinde", "Pfarrei St. Marien"),
    ("Chor", "Singen im Frauenchor"),
    ("Schulwegbegleitung", "Begleitung auf dem Schulweg"),
    ("Schülerlotse", "Schulweghelfer:in an der Hauptstraße"),
    ("Vorstandsarbeit", "Wir suchen Verstärkung im Vorstand"),
    ("Kassenwart", "Schatzmeister gesucht"),
    ("Öffentlichkeitsarbeit", "Social Media für unseren Verein"),
    ("Smartphone", "Handy-Sprechstunde"),
    ("Computerhilfe", "Digitalpaten für Ältere"),
    ("online", "digital von zu Hause"),
    ("von zu Hause", "Online-Beratung per Chat"),
    ("THW", "Technisches Hilfswerk Ortsverband Hagen"),
    ("DRK", "Deutsches Rotes Kreuz"),
    ("Jugendhaus", "Jugendhäuser in Hagen"),
    ("Klamotten sortieren", "Kleiderkammer: sortieren und ausgeben"),
    ("schwerkranke Menschen", "Begleitung Sterbender, Hospizarbeit"),
    ("Kälte Bus", "Kältebus für Obdachlose"),
    ("Essen ausgeben", "Die Tafel sucht Helfende"),
    ("unter Leute", "Begegnungscafé sucht Gastgeber"),
    ("psychisch krank", "Frühstück für psychisch erkrankte Menschen"),
    ("Kinder trainieren", "Trainer*in für die Kindergruppe"),
    ("Natur aufräumen", "Müll sammeln in der Natur"),
    ("Weihnachtsmarkt", "Standdienst auf dem Markt an Weihnachten"),
    ("Gartenarbeit", "Beete pflegen im Gemeinschaftsgarten"),
    ("Garten", "Kleingartenverein"),
    ("Schwimmen", "Schwimmkurse für Kinder"),
    ("Rettungsschwimmer", "Wasserwacht am See"),
    ("Oma", "Wunschoma gesucht"),
    ("Leihoma", "Leihgroßeltern gesucht"),
    ("Männer", "Männerkochgruppe"),
    ("Strassenfest", "Straßenfest"),
    ("Buecherei", "Bücherei"),
    ("Cafe", "Café der Begegnung"),
    ("JUGENDTREFF", "Jugendzentrum"),
    ("ich möchte gern Kindern vorlesen", "Vorlesen für Kinder"),
    ("etwas mit Tieren", "Tiere pflegen"),
    ("Wer hilft bei der Tafel?", "Tafel sucht Hilfe"),
]
# What is typed, and what an offer says that has nothing to do with it.
MISS = [
    ("Altenheim", "Elternabend"),
    ("Eltern", "Altenheim"),
    ("Reiten", "Büroarbeiten vorbereiten"),
    ("Reiten", "Unterlagen verbreiten"),
    ("Rat", "Fahrrad"),
    ("Haus", "Krankenhaus"),
    ("Garten", "Kindergarten"),
    ("Tee", "Komitee"),
    ("Heim", "Rosenheim"),
    ("Berg", "Nürnberg"),
    ("Stadt", "Darmstadt"),
    ("Ehe", "Ehemalige"),
    ("Strophe", "Katastrophe"),
    ("Fahrer", "Fahne"),
    ("Senioren", "Wir restaurieren ältere Möbel"),
    ("Kinder", "Kino"),
    ("Vereine", "vereinbaren"),
    ("Termin", "Terminal"),
    ("Chor", "Chorweiler"),
    ("Hund", "hundert"),
    ("Senioren", "Juniorenteam"),
    ("Musik", "Museum"),
    ("Beratung", "Bestrahlung"),
    ("Ausflug", "Flughafen"),
    ("Seniorenbetreuung", "Kinderbetreuung"),
    ("Flüchtlingshilfe", "Starthilfe"),
]


@dataclass(frozen=True, repr=False)
class Shelf:
    """An index that holds each offer once."""

    index: Index
    ids: dict[str, int]

    def find(self, typed: str) -> list[int]:
        found = []
        for page in range(1, 20):
            hits = self.index.find(Query(text=typed, page=page), NOW)
            assert not hits.corrected
            found += [int(hit.document.id) for hit in hits.hits]
            if page >= hits.pages:
                break
        return found


@pytest.fixture(scope="module")
def shelf(tmp_path_factory: pytest.TempPathFactory) -> Shelf:
    offers = list(dict.fromkeys(offer for _typed, offer in (*MEET, *MISS)))
    documents = [
        document(at, title=offer, text="", organisation="", language="en" if offer.startswith("kind ") else "de")
        for at, offer in enumerate(offers, 1)
    ]
    ids = {offer: at for at, offer in enumerate(offers, 1)}
    return Shelf(filled(tmp_path_factory.mktemp("shelf"), documents), ids)


@pytest.mark.parametrize(("typed", "offer"), MEET)
def test_what_is_meant_is_found(shelf: Shelf, typed: str, offer: str) -> None:
    assert shelf.ids[offer] in shelf.find(typed)


@pytest.mark.parametrize(("typed", "offer"), MISS)
def test_what_only_looks_alike_is_not(shelf: Shelf, typed: str, offer: str) -> None:
    assert shelf.ids[offer] not in shelf.find(typed)


def _order(tmp_path: Path, typed: str, *titles: str) -> list[str]:
    index = filled(tmp_path, [document(at, title=title, text="") for at, title in enumerate(titles, 1)])
    return [hit.document.title for hit in index.find(Query(text=typed), NOW).hits]


@pytest.mark.parametrize(
    ("typed", "titles"),
    [
        ("Senioren", ["Fest mit Senioren", "Fest mit Rentnern", "Fest der Seniorenbetreuung"]),
        ("Tafel", ["Die Tafel hilft", "Die Lebensmittelausgabe hilft"]),
        ("Hausaufgabenhilfe", ["Hausaufgabenhilfe am Montag", "Hilfe am Montag bei Hausaufgaben"]),
        ("Flüchtlinge", ["Kochen mit Flüchtlingen", "Kochen mit Geflüchteten", "Kochen im Flüchtlingsheim"]),
        ("vorlesen", ["Vorlesen am Montag", "Lesepate am Montag"]),
    ],
)
def test_the_word_itself_is_before_its_synonym_and_that_before_a_part(
    tmp_path: Path, typed: str, titles: list[str]
) -> None:
    assert _order(tmp_path, typed, *reversed(titles)) == titles


@pytest.mark.parametrize(
    ("place", "district", "term"),
    [
        ("Pferdemarkt, Hagen", "Hagen-Pferdemarkt", "-pferd"),
        ("Hagen-Pferdemarkt", "Hagen-Pferdemarkt", "-pferd"),
        ("Pferdemarkt", "Hagen-Pferdemarkt", "-pferd"),
        ("Rathaus, Essen", "", "-ess"),
        ("Reitbahnviertel, Neubrandenburg", "", "-reit"),
    ],
)
def test_towns_and_districts_are_about_nothing(place: str, district: str, term: str) -> None:
    assert term not in words.of_place(place, district).split()


@pytest.mark.parametrize("district", ["Pferdemarkt", "Hafen"])
def test_a_district_is_found_by_its_name(tmp_path: Path, district: str) -> None:
    learnt = District("Hagen", district, 51.36, 7.47, learnt=True)
    data.teach([Kept(gazetteer.key("Hagen", district), learnt)])
    offer = document(1, title="Kochen", text="", place=f"{district}, Hagen", district=f"Hagen-{district}")
    hits = filled(tmp_path, [offer]).find(Query(text=f"kochen {district.lower()}"), NOW).total
    percolator = Percolator()
    percolator.add(0, Query(text=f"kochen {district}"))
    found = percolator.find(offer, NOW)
    data.teach(())
    assert (hits, len(found)) == (1, 1)


def test_what_stands_in_a_place_may_be_what_an_offer_is_about() -> None:
    assert {"-pferd", "-tier", "hag"} <= set(words.of_place("Tierheim Pferdehof, Hagen", "Hagen-Haspe").split())


def test_a_synonym_counts_more_in_a_title(tmp_path: Path) -> None:
    told = document(
        1, title="Lager am Hafen", text="Wir liegen neben der Kleiderkammer. Wer in die Kleiderkammer will, läutet."
    )
    titled = document(
        2, title="Kleiderkammer am Hafen", text="Wir sortieren an zwei Tagen, wer mag, kommt dazu und hilft mit."
    )
    found = filled(tmp_path, [told, titled]).find(Query(text="Klamotten"), NOW)
    assert [hit.document.title for hit in found.hits] == ["Kleiderkammer am Hafen", "Lager am Hafen"]


def test_a_title_with_a_common_word_of_many_is_not_nearest(tmp_path: Path) -> None:
    common = [document(at, title=f"Treffen {at}", text="Wir reden über alles.") for at in range(3, 40)]
    titled = document(1, title="Reden und reden lassen", text="Jeden Abend.")
    rare = document(2, title="Offener Treff", text="Für psychisch kranke Menschen aus der Stadt.")
    index = filled(tmp_path, [titled, rare, *common])
    found = index.find(Query(text="psychisch kranke reden basteln"), NOW)
    assert not found.hits
    assert [hit.document.title for hit in found.beside[:2]] == ["Offener Treff", "Reden und reden lassen"]


def test_parts_far_apart_are_no_compound(tmp_path: Path) -> None:
    far = "Hilfe gesucht. " + "Wir treffen uns jeden Montag um zehn im großen Saal am Markt. " * 3 + "Hausaufgaben."
    index = filled(
        tmp_path, [document(1, title="Haus", text=far), document(2, title="Hilfe bei Hausaufgaben", text="")]
    )
    assert [hit.document.title for hit in index.find(Query(text="Hausaufgabenhilfe"), NOW).hits] == [
        "Hilfe bei Hausaufgaben"
    ]


@pytest.mark.parametrize(
    ("language", "written", "typed"),
    [
        ("en", "We are looking for volunteers", "volunteering"),
        ("tr", "Gönüllüler arıyoruz", "gönüllü"),
        ("fr", "Nous cherchons des bénévoles", "bénévole"),
        ("ru", "Ищем волонтёров", "волонтёр"),
        ("uk", "Шукаємо волонтерів", "волонтерів"),
        ("ar", "نبحث عن متطوعين", "متطوع"),
    ],
)
def test_other_languages_are_found_by_their_own_words(tmp_path: Path, language: str, written: str, typed: str) -> None:
    index = filled(tmp_path, [document(1, title=written, text="", language=language), document(2)])
    assert [hit.document.id[-1] for hit in index.find(Query(text=typed), NOW).hits] == ["1"]


def _found_either_way(tmp_path: Path, typed: str, texts: Sequence[str]) -> tuple[str, str]:
    """Return the numbers of the texts that a search finds, and of those that a saved search is told of."""
    documents = [document(at, title="Angebot", text=text) for at, text in enumerate(texts, 1)]
    hits = filled(tmp_path, documents).find(Query(text=typed), NOW).hits
    percolator = Percolator()
    percolator.add(0, Query(text=typed))
    told = "".join(one.id[-1] for one in documents if percolator.find(one, NOW))
    return "".join(sorted(hit.document.id[-1] for hit in hits)), told


# --- in quotes --------------------------------------------------------------------------------------------------------
@pytest.mark.parametrize(
    ("typed", "found"),
    [
        ('"Freiwillige Feuerwehr"', "12"),
        ("„freiwilligen feuerwehr“", "12"),
        ("»Feuerwehr freiwillig«", "3"),
        ('"Hilfe bei Hausaufgaben"', "4"),
        ('"Hausaufgaben"', "4"),
        ('"Hausaufgabe" bei', "4"),
        ('"Freiwillige Feuerwehr" Nord', "2"),
        ('"Freiwillige Feuerwehr" "löscht"', "1"),
        ('"Brandschutz"', ""),
        ('"Feuerwehr', "123"),
    ],
)
def test_what_stands_in_quotes_is_found_in_its_order_and_without_what_means_the_same(
    tmp_path: Path, typed: str, found: str
) -> None:
    texts = ["Unsere Freiwillige Feuerwehr löscht", "bei der freiwilligen Feuerwehr Nord", "Feuerwehr, freiwillig",
             "Hilfe bei Hausaufgaben", "Hausaufgabenhilfe und Nachhilfe"]  # fmt: skip
    assert _found_either_way(tmp_path, typed, texts) == (found, found)


def test_beside_a_phrase_stands_what_has_its_words(tmp_path: Path) -> None:
    index = filled(tmp_path, [document(1, title="Hausaufgabenhilfe", text="")])
    found = index.find(Query(text='"Hilfe bei Hausaufgaben"'), NOW)
    assert (found.total, [hit.document.title for hit in found.beside]) == (0, ["Hausaufgabenhilfe"])


# --- typing errors ----------------------------------------------------------------------------------------------------
@pytest.mark.parametrize(
    ("typed", "corrected"),
    [
        ("Feuerwer", "Feuerwehr"),
        ("Hausaufgabn", "Hausaufgaben"),
        ("Vorlsen", "Vorlesen"),
        ("Vorleesn in der Kita", "Vorlesen in der Kita"),
        ("Feurewehr", "Feuerwehr"),
        ("Gaten", "Garten"),
    ],
)
def test_a_misspelt_word_that_is_nowhere_is_corrected_and_said(tmp_path: Path, typed: str, corrected: str) -> None:
    offers = ["Feuerwehr", "Hilfe bei Hausaufgaben", "Vorlesen in der Kita", "Garten", "Anderes"]
    index = filled(tmp_path, [document(at, title=title, text="Text") for at, title in enumerate(offers, 1)])
    found = index.find(Query(text=typed), NOW)
    assert found.corrected == corrected
    assert found.total >= 1


def test_of_two_misspelt_words_the_one_that_is_known_is_corrected(tmp_path: Path) -> None:
    index = filled(tmp_path, [document(1, title="Vorlesen in der Kita", text="")])
    found = index.find(Query(text="Vorlehsen Kxnda"), NOW)
    assert (found.corrected, found.total) == ("Vorlesen Kxnda", 0)
    assert [hit.document.title for hit in found.beside] == ["Vorlesen in der Kita"]


def test_a_rare_word_is_kept_and_the_frequent_one_offered(tmp_path: Path) -> None:
    documents = [document(at, title="Garten", text="") for at in range(1, 31)]
    index = filled(tmp_path, [*documents, document(99, title="Garben binden", text="")])
    found = index.find(Query(text="Garben"), NOW)
    assert (found.total, found.corrected, found.meant) == (1, "", "Garten")
    assert index.find(Query(text="Garten"), NOW).meant == ""


@pytest.mark.parametrize("typed", ["Hunden", "Kuchen", "Katzenbabys", "Maurer"])
def test_a_word_that_is_known_is_not_misspelt_though_nobody_has_it(tmp_path: Path, typed: str) -> None:
    index = filled(tmp_path, [document(at, title="Kunden bekochen", text="Katzen, Mauer") for at in range(1, 13)])
    found = index.find(Query(text=typed), NOW)
    assert (found.corrected, found.meant) == ("", "")


def test_what_is_right_or_hopeless_is_not_corrected(tmp_path: Path) -> None:
    index = filled(tmp_path, [document(1, title="Vorlesen", text="für Kinder")])
    for typed in ("Vorlesen", "Xqzvwkjy", "Kin", "vorlesen mit Kindern", "12345", "…"):
        found = index.find(Query(text=typed), NOW)
        assert (found.corrected, found.meant) == ("", ""), typed


def test_a_typing_error_in_body_text_words_is_found_too(tmp_path: Path) -> None:
    index = filled(tmp_path, [document(1, title="Hilfe", text="Wir bauen Nistkästen im Stadtwald.")])
    assert index.find(Query(text="Nistkäten"), NOW).corrected == "Nistkästen"


@given(st.text(max_size=80))
@example("Helfer*innen: A =\u0338 B – 14-tägig, Lesepat_in\u200bnen (Ost)")
def test_a_name_is_looked_up_by_all_its_words(text: str) -> None:
    shown = " ".join(text.encode("utf-8", "replace").decode().split())
    key = " ".join(filter(None, map(folding.fold, folding.words(shown))))
    assert words.name(text) == (f"{key}{words.SHOWN}{shown}" if key else "")


@given(st.text(max_size=60))
def test_names_and_words_for_suggestions_are_single_terms(text: str) -> None:
    name = words.name(text)
    assert not name or name.count(words.SHOWN) >= 1
    for term in words.written(text.split()).split(" "):
        assert not term or len(term.split(words.SHOWN)) == 2


@pytest.mark.parametrize(
    ("typed", "corrected"), [("Fusball", "Fußball"), ("Altenhaim", "Altenheim"), ("Flüchtlinhe", "")]
)
def test_a_misspelt_word_may_stand_in_a_part_of_another_or_in_a_synonym(
    tmp_path: Path, typed: str, corrected: str
) -> None:
    titles = ["Trainer für Fußballjugend", "Vorleser im Seniorenstift", "Chor"]
    index = filled(tmp_path, [document(at, title=title, text="") for at, title in enumerate(titles, 1)])
    found = index.find(Query(text=typed), NOW)
    assert (found.corrected, found.total) == (corrected, int(bool(corrected)))


# --- with "oder" ------------------------------------------------------------------------------------------------------
@pytest.mark.parametrize(
    ("typed", "found"),
    [
        ("Vorlesen oder Hausaufgaben betreuen", "12"),
        ("Vorlesen Hausaufgaben betreuen", ""),
        ("Kinder Schach oder Chor", "4"),
        ("Chor oder Schach", "45"),
        ("Schach, Chor oder Lesepatin", "145"),
    ],
)
def test_of_alternatives_one_is_enough(tmp_path: Path, typed: str, found: str) -> None:
    texts = [
        "Lesepatin gesucht",
        "Betreuung bei den Hausaufgaben",
        "Betreuung im Heim",
        "Schach für Kinder",
        "Chorprobe",
    ]
    assert _found_either_way(tmp_path, typed, texts) == (found, found)


def test_a_word_that_became_a_filter_orders_what_is_silent_about_it(tmp_path: Path) -> None:
    texts = ["Übersetzen bei Gesprächen", "Türkisch übersetzen bei Gesprächen", "Wir übersetzen Arabisch"]
    index = filled(tmp_path, [document(at, title="Angebot", text=text) for at, text in enumerate(texts, 1)])
    asked = "ich spreche Türkisch und kann übersetzen"
    first = index.find(Query(text="übersetzen", asked=asked), NOW).hits[0]
    assert first.document.id[-1] == "2"
    denied = index.find(Query(text="übersetzen", asked="übersetzen, aber kein Türkisch"), NOW).hits[0]
    assert denied.document.id[-1] != "2"
    literal = index.find(Query(text="übersetzen", asked=asked, literal=True), NOW).hits[0]
    assert literal.document.id == denied.document.id


# --- what is denied, and who offers it --------------------------------------------------------------------------------
@pytest.mark.parametrize(
    ("text", "things"),
    [
        ("was mit Musik, aber kein Chor", ("Chor",)),
        ("nicht so gern mit Katzen, lieber Pferde", ("Katzen",)),
        ("ohne Kinder und keine Büroarbeit", ("Kinder", "Büroarbeit")),
        ("keine Lust auf Garten", ("Garten",)),
        ("Menschen ohne Wohnung helfen", ()),
        ("ich habe kein Auto", ()),
        ("nicht nur mit Kindern", ()),
        ("das ist nicht weit", ()),
        ("", ()),
    ],
)
def test_things_that_are_denied_by_name(text: str, things: tuple[str, ...]) -> None:
    assert questions.denied(text) == things


def test_what_a_question_denies_stands_behind(tmp_path: Path) -> None:
    denied = document(1, title="Katzen und andere Tiere pflegen", text="Tiere, Tiere, Tiere")
    other = document(2, title="Stallhilfe", text="Wir haben auch Tiere.")
    index = filled(tmp_path, [denied, other])
    for asked, order in (("was mit Tieren", "12"), ("was mit Tieren, aber keine Katzen", "21")):
        hits = index.find(Query(text="Tieren", asked=asked), NOW).hits
        assert "".join(hit.document.id[-1] for hit in hits) == order, "nothing is left out"


def test_who_is_named_stands_before_what_is_called_so(tmp_path: Path) -> None:
    theirs = document(1, title="Büro", text="Ablage", organisation="Hilfe für Nachbarn e. V.")
    other = document(2, title="Hilfe für Nachbarn", text="Hilfe für unsere Nachbarn", organisation="Stadtteilbüro")
    hits = filled(tmp_path, [other, theirs]).find(Query(text="Hilfe für Nachbarn"), NOW).hits
    assert [hit.document.id[-1] for hit in hits] == ["1", "2"]
