"""What people tell beside their wish: when they cannot, who they are, for whom they look, in the ways they say it."""

from datetime import date

import pytest

from fediverse_ehrenamt.understanding.questions import Question, understand

TODAY = date(2026, 11, 27)  # a Friday
ALL_BUT_MONDAY = "zeit=di zeit=mi zeit=do zeit=fr zeit=sa zeit=so"
WORKDAYS = "zeit=mo zeit=di zeit=mi zeit=do zeit=fr"


def ask(text: str) -> Question:
    return understand(text, TODAY)


def pairs(text: str) -> set[str]:
    return {f"{name}={value}" for name, value in ask(text).pairs()}


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("montags arbeite ich", ALL_BUT_MONDAY),
        ("montags ist mein Chor", ALL_BUT_MONDAY),
        ("montags bin ich immer beim Sport", ALL_BUT_MONDAY),
        ("montags geht's nicht", ALL_BUT_MONDAY),
        ("not available on Mondays", ALL_BUT_MONDAY),
        ("ich arbeite werktags, habe abends Zeit", "zeit=abends"),
        ("работаю по будням, свободна вечером", "zeit=abends"),
        ("koi Zeit am Montag", ALL_BUT_MONDAY),
        ("vormittags, weil nachmittags die Kinder da sind", "zeit=vormittags"),
        ("samstags, weil ich montags bis freitags arbeite", "zeit=sa"),
        ("abends, weil ich nur abends Zeit habe", "zeit=abends"),
        ("hab Nachtschicht, kann nur vormittags", "zeit=vormittags"),
        ("nach der Früh- und Spätschicht, samstags", "zeit=sa"),
        ("ich arbeite am Wochenende", WORKDAYS),
        ("montags arbeite ich und dienstags habe ich Zeit", "zeit=di"),
        ("I can't do Saturdays or Sundays", WORKDAYS),
        ("I work on Mondays", ALL_BUT_MONDAY),
        ("pazartesi çalışıyorum", ALL_BUT_MONDAY),
        ("только не по субботам и воскресеньям", WORKDAYS),
        ("не можу в понеділок", ALL_BUT_MONDAY),
        ("ما عدا الاثنين", ALL_BUT_MONDAY),
        (
            "по вечерам, кроме воскресенья",
            " ".join(f"{day}-abends" for day in ALL_BUT_MONDAY.replace("so", "mo").split()),
        ),
    ],
)
def test_when_somebody_has_something_else_to_do_they_cannot(text: str, expected: str) -> None:
    assert {pair for pair in pairs(text) if pair.startswith("zeit")} == set(expected.split())


@pytest.mark.parametrize(
    "text",
    ["montags arbeite ich gern", "montags arbeite ich nicht", "montags mit meinem Chor", "montags ist mein freier Tag"],
)
def test_a_day_on_which_somebody_does_not_work_is_a_day_on_which_they_can(text: str) -> None:
    assert "zeit=mo" in pairs(text)


@pytest.mark.parametrize("text", ["ich arbeite Mo-Fr 8-16 Uhr", "muss bis 15 Uhr arbeiten", "not on Monday mornings"])
def test_hours_of_work_are_no_hours_at_which_somebody_can(text: str) -> None:
    assert not {pair for pair in pairs(text) if pair.startswith("zeit")}


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("freitags den ganzen Tag", "zeit=fr"),
        ("donnerstags nach 16 Uhr und freitags ganztags", "zeit=do-nachmittags zeit=do-abends zeit=fr"),
        ("samstags tagsüber", "zeit=sa-vormittags zeit=sa-mittags zeit=sa-nachmittags"),
        ("höchstens einmal im Monat", "aufwand=monat"),
        ("nicht auf ein Jahr verpflichten", "dauer=6_monate"),
        ("nix, wo man sich für sechs Monate binden muss", "dauer=3_monate"),
        ("nicht viel Zeit, nur für drei Monate", "dauer=3_monate"),
        ("kurzfristig am 3.12.", "kurzfristig=ja von=2026-12-03 bis=2026-12-03"),
        ("kurzfristig am 20.12.", "von=2026-12-20 bis=2026-12-20"),
        ("zwischen Weihnachten und Neujahr", "von=2026-12-27 bis=2026-12-30"),
        ("vorlesen in Hagen, Mai", "ort=Hagen von=2027-05-01 bis=2027-05-31 q=vorlesen"),
        ("in Hagen Tanz in den Mai", "ort=Hagen q=Tanz+Mai"),
        ("next weekend", "von=2026-11-28 bis=2026-11-29"),
        ("на следующей неделе", "von=2026-11-30 bis=2026-12-06"),
        ("yarın Hagen'de", "von=2026-11-28 bis=2026-11-28 ort=Hagen"),
        ("Flensburg? I can speak a bit of German", "ort=Flensburg deutsch=a1"),
        ("Flensburg I can help", "ort=Flensburg"),
        ("ich komme aus Hagen und suche was in Haspe", "ort=Haspe"),
        ("Studentin aus Flensburg", "ort=Flensburg geeignet=studierende"),
        ("ich lerne Deutsch A2", "deutsch=a2"),
        ("keine regelmäßige Verpflichtung", "dauer=keine"),
        ("evden yapılacak iş", "online=ja q=yapılacak+iş"),
    ],
)
def test_what_narrows_no_more_than_it_says(text: str, expected: str) -> None:
    found = {pair.replace(" ", "+") for pair in pairs(text)}
    assert {pair for pair in found if not pair.startswith("q=") or "q=" in expected} == set(expected.split())


@pytest.mark.parametrize(
    "circumstance",
    [
        "seit 1. Oktober in Rente",
        "seit dem 1.10. dabei",
        "gern auch online",
        "remote wäre auch okay",
        "auch remote denkbar",
        "erweitertes Führungszeugnis liegt vor",
        "bin Flüchtling aus Syrien",
        "egal wann",
    ],
)
def test_what_somebody_tells_beside_their_wish_sets_no_filter_and_is_not_searched_for(circumstance: str) -> None:
    found = {pair for pair in ask(f"vorlesen in Haspe, {circumstance}").pairs() if pair[0] != "geeignet"}
    assert found in ({("ort", "Haspe"), ("q", "vorlesen")}, {("ort", "Haspe"), ("q", "vorlesen dabei")})


def test_what_is_dictated_is_not_searched_for() -> None:
    assert ask("Guten Tag Komma ich suche etwas in Haspe Punkt").pairs() == (("ort", "Haspe"),)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("Treppen schaffe ich nicht mehr", "barrierefrei=stufenlos"),
        ("kann keine Treppen mehr steigen", "barrierefrei=stufenlos"),
        ("keine Stufen", "barrierefrei=stufenlos"),
        ("noch nie Ehrenamt gemacht", "geeignet=einsteiger"),
        ("ich habe nicht Führungszeugnis", "fuehrungszeugnis=nein"),
        ("Sportgruppe für Rollstuhlfahrer leiten", "zielgruppe=behinderung q=Sportgruppe+leiten"),
        ("an Jugendliche weitergeben", "zielgruppe=jugendliche q=weitergeben"),
        ("wir sind acht Kollegen", "gruppe=8"),
        ("Social Day, 25 Personen", "geeignet=unternehmen gruppe=25"),
        ("Social Day, Kochen für 25 bedürftige Personen", "geeignet=unternehmen q=Kochen+25+bedürftige+Personen"),
        ("we are 10 people on a Saturday", "gruppe=10 zeit=sa"),
        ("für Sonntach", "zeit=so"),
        ("nüscht mit Kirche", "ohne=kirche_religion"),
        ("with kids", "zielgruppe=kinder"),
        ("not with kids", "ohne=kinder"),
        ("не с детьми", "ohne=kinder"),
        ("I'm 17", "alter=17"),
        ("мне 16 лет", "alter=16"),
        ("yaşım 15", "alter=15"),
        ("عمري ١٧ سنة", "alter=17"),
    ],
)
def test_who_asks_and_for_whom(text: str, expected: str) -> None:
    assert {pair.replace(" ", "+") for pair in pairs(text)} == set(expected.split())


@pytest.mark.parametrize(
    ("text", "label", "left"),
    [
        ("kein Bock auf Büro, vorlesen", "nicht: Büro (danach wird nicht gefiltert)", "vorlesen"),
        ("keine teure Schulung, vorlesen", "nicht: teure Schulung (danach wird nicht gefiltert)", "vorlesen"),
    ],
)
def test_what_somebody_has_no_mind_for_is_not_searched_for(text: str, label: str, left: str) -> None:
    question = ask(text)
    assert [part.label for part in question.parts] == [label]
    assert question.text == left
