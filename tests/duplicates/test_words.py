"""Words as they are compared: folded, without endings, legal forms and what only says how to get in touch."""

import time

import pytest

from fediverse_ehrenamt.duplicates import words


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("Lesepatin gesucht", "Lesepate (m/w/d)"),
        ("Helfer*innen gesucht", "Helferinnen und Helfer"),
        ("Helfer:in", "HelferInnen"),
        ("Trainer/-in für Kinder", "Trainer(in) Kinder"),
        ("Häuser für Ältere", "Haeuser fuer Aeltere"),
        ("<b>Gassigeher</b>&nbsp;dringend gesucht!", "Gassigeher"),
    ],
)
def test_titles_that_say_the_same(one: str, other: str) -> None:
    assert words.title(one) == words.title(other) != ()


def test_a_title_of_calls_only_keeps_its_words() -> None:
    assert words.title("Ehrenamtliche gesucht") == ("ehrenamtlich", "gesucht")
    assert words.title("") == words.title("! ? –") == ()


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("Tafel Lippstadt e.V.", "Tafel Lippstadt"),
        ("Tafel Lippstadt e. V.", "TAFEL Lippstadt gGmbH"),
        ("DRK Kreisverband Unna e.V.", "Deutsches Rotes Kreuz KV Unna"),
        ("AWO Hagen", "Arbeiterwohlfahrt Hagen eingetragener Verein".removesuffix(" Verein")),
        ("Ev. Johannesgemeinde", "Evangelische Johannesgemeinde"),
        ("VHS Werl", "Volkshochschule Werl"),
    ],
)
def test_names_of_one_organisation(one: str, other: str) -> None:
    assert words.organisation(one) == words.organisation(other) != ()


def test_the_level_of_a_branch_stays() -> None:
    district, local = words.organisation("DRK-Kreisverband Unna e.V."), words.organisation("DRK Ortsverein Unna")
    assert words.levels(district) == {"kreis"}
    assert words.levels(local) == {"ort"}
    assert words.levels(words.organisation("DRK Unna")) == frozenset()


def test_content_leaves_out_what_each_portal_writes_anew() -> None:
    one = "Sie lesen vor.\nKontakt: Frau Sommer, Tel. 02331 123450, vorlesen@buecherei.example"
    other = "<p>Sie lesen&nbsp;vor. Weitere Infos unter https://a.example/1</p><br/>Bei Interesse melden Sie sich!"
    assert words.content(one) == words.content(other) == "sie lesen vor"


def test_content_reads_what_was_escaped_twice() -> None:
    assert words.content("B&amp;uuml;cher &amp;lt;br&amp;gt; vorlesen") == "bucher vorlesen"


@pytest.mark.parametrize(
    "text", ["Kontaktfreudige Menschen für die Theke", "Informatikkurs für Ältere", "Schreibwerkstatt am Montag"]
)
def test_content_keeps_what_only_begins_like_a_contact(text: str) -> None:
    assert len(words.content(text).split()) == len(text.split())


@pytest.mark.parametrize(
    ("one", "other", "alike"),
    [
        ("adventskonzert", "konzert", True),
        ("hausaufgabenhilf", "hausaufgabehilf", True),
        ("rikscha", "riksha", True),
        ("alteness", "borbeck", False),
        ("u10", "u12", False),
        ("kind", "rind", False),
    ],
)
def test_words_that_are_taken_for_one(one: str, other: str, *, alike: bool) -> None:
    assert (words.alike(one, other) >= 0.6) is alike
    assert words.alike(one, other) == words.alike(other, one)


@pytest.mark.parametrize(
    "piece", ["a", "<", "&amp;", "a@", "(m/w/d) ", "Kontakt: ", "<div", "ä*in", "\n", "&lt;p&gt;", "9. ", "("]
)
def test_time_is_bounded_whatever_the_text(piece: str) -> None:
    began = time.process_time()
    words.content(piece * (200_000 // len(piece)))
    words.title(piece * (200_000 // len(piece)))
    words.organisation(piece * (200_000 // len(piece)))
    assert time.process_time() - began < 1.0
