"""A wish in a whole sentence is searched for as the wish alone is, whatever people wrap it in."""

from datetime import date

import pytest

from fediverse_ehrenamt.language import questions
from fediverse_ehrenamt.search.words import analyser
from fediverse_ehrenamt.understanding.questions import understand

TODAY = date(2026, 11, 27)
WRAPPED = """
habt ihr was mit Fahrrädern
gibt's was mit Fahrrädern
Mich würde interessieren, ob man was mit Fahrrädern machen kann
könnt ihr mir sagen, wo noch jemand für Fahrräder gebraucht wird
können Sie mir etwas mit Fahrrädern empfehlen
was empfehlt ihr zum Thema Fahrräder
Liebes Team, ich möchte mich um Fahrräder kümmern
Infos zu Fahrrädern
Tipps für Fahrräder
mein Hobby ist Fahrräder
Fahrräder liegen mir am Herzen
ich brenne für Fahrräder
ich bin Fan von Fahrrädern
hauptsächlich Fahrräder
Hauptsache irgendwas mit Fahrrädern
vorzugsweise Fahrräder
und zwar Fahrräder
hm, Fahrräder vielleicht?
ganz unverbindlich Fahrräder
mal Fahrräder ausprobieren
Fahrräder o.ä.
Fahrräder oder ähnliches
sowas wie Fahrräder
sofern möglich Fahrräder
jetzt, wo ich in Rente bin, wäre Zeit für Fahrräder
mit anderen zusammen Fahrräder
Mitglieder gesucht Fahrräder
Helferinnen für Fahrräder
Freiwilligenarbeit Fahrräder
Stichwort Fahrräder
i mecht gern Fahrräder
keine Verpflichtung, Fahrräder
bin begeistert von Fahrrädern
I'm good at bicycles
are there any volunteering opportunities with bicycles
is there something related to bicycles
bisiklet konusunda yardım etmek istiyorum
bisiklet ile ilgileniyorum
меня интересуют велосипеды
есть ли что-то велосипеды
мені подобаються велосипеди
кому потрібна допомога велосипеди
"""


@pytest.mark.parametrize("text", WRAPPED.strip().splitlines())
def test_what_a_wish_is_wrapped_in_is_asked_of_no_offer(text: str) -> None:
    wishes = questions.read(analyser(), understand(text, TODAY).text)
    (wish,) = (wish.typed.lower() for wish in wishes)
    assert wish.startswith(("fahrr", "bicycle", "bisiklet", "велосипед"))


@pytest.mark.parametrize(
    "text", ["Leichte Sprache", "Rat", "Recht", "Herz", "Gruppe leiten", "Kurs", "Termine", "Team"]
)
def test_what_is_typed_alone_is_searched_for(text: str) -> None:
    assert questions.read(analyser(), understand(text, TODAY).text)
