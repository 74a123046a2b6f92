"""Sentences with values: plain where they are written down, said in the reader's language where they are shown."""

import copy

import orjson
import pytest

from fediverse_ehrenamt.kit.sentences import dump, load, sentence
from fediverse_ehrenamt.web import i18n

TEMPLATE = "hat mehr als %(most)s Zeilen"


def test_it_is_german_text_and_english_where_that_is_read() -> None:
    said = sentence(TEMPLATE, most=5)
    assert said == "hat mehr als 5 Zeilen"
    assert f"Datei: {said}" == "Datei: hat mehr als 5 Zeilen"
    assert orjson.loads(orjson.dumps({"said": said})) == {"said": "hat mehr als 5 Zeilen"}
    assert i18n.language("en").gettext(said) == "has more than 5 lines"
    assert i18n.language("de").gettext(said) == "hat mehr als 5 Zeilen"


def test_a_sentence_in_a_sentence_is_said_too_and_what_somebody_typed_is_not() -> None:
    both = sentence("„%(file)s“ %(problem)s", file="Titel", problem=sentence("ist leer"))
    assert i18n.language("en").gettext("Titel") == "Title"
    assert i18n.language("en").gettext(both) == "“Titel” is empty"


def test_a_copy_is_said_alike() -> None:
    copied = copy.deepcopy({"notes": (sentence(TEMPLATE, most=5),)})["notes"][0]
    assert i18n.language("en").gettext(copied) == "has more than 5 lines"


def test_a_value_may_hold_what_looks_like_a_place_for_one() -> None:
    said = sentence("eine Spalte „%(name)s“ gibt es nicht; vorhanden: %(found)s", name="100 %s", found="%(name)s")
    assert "„100 %s“" in said
    assert i18n.language("en").gettext(said) == "there is no column “100 %s”; there are: %(name)s"


def test_what_a_template_needs_has_to_be_given() -> None:
    with pytest.raises(KeyError):
        sentence(TEMPLATE)


def test_it_is_kept_and_said_in_any_language_later() -> None:
    inner = sentence("ist leer")
    said = sentence("„%(file)s“ %(problem)s", file="100 % Titel", problem=inner)
    kept = load(orjson.loads(orjson.dumps(dump(said))))
    assert kept == said == "„100 % Titel“ ist leer"
    assert i18n.language("en").gettext(kept) == "“100 % Titel” is empty"
    assert load(dump("was jemand schrieb: %(most)s")) == "was jemand schrieb: %(most)s"
