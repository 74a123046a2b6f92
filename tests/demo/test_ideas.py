"""The texts are well-formed: every idea can be posted by somebody, and there are as many as promised."""

import pytest

from fediverse_ehrenamt.demo import ideas
from fediverse_ehrenamt.demo.towns import TOWNS


def test_there_are_enough_ideas() -> None:
    for town in TOWNS:
        assert len(ideas.offer_ideas(town.key)) >= 61 + 20
        assert len(ideas.event_ideas(town.key)) >= 25
    assert len(ideas.organisation_ideas()) >= 25


def test_every_idea_has_an_organisation() -> None:
    types = {idea.type for idea in ideas.organisation_ideas()}
    for town in TOWNS:
        for offer in ideas.offer_ideas(town.key):
            assert set(offer.by) <= types, offer.key
        for event in ideas.event_ideas(town.key):
            assert set(event.by) <= types, event.key
        assert {by for offer in ideas.offer_ideas(town.key) for by in offer.by} == types


def test_keys_and_titles_are_different() -> None:
    for town in TOWNS:
        offers, events = ideas.offer_ideas(town.key), ideas.event_ideas(town.key)
        assert len({idea.key for idea in offers}) == len(offers)
        assert len({idea.key for idea in events}) == len(events)
        titles = [title for offer in offers for title in offer.titles]
        titles += [title for event in events for title in event.titles]
        assert len(set(titles)) == len(titles)


def test_paired_alternatives_come_in_pairs() -> None:
    for town in TOWNS:
        for offer in ideas.offer_ideas(town.key):
            if offer.paired:
                assert len(offer.titles) == len(offer.open) == len(offer.task) == len(offer.wish), offer.key


def test_a_misspelt_field_is_refused() -> None:
    with pytest.raises(ValueError, match="titels"):
        ideas._frozen(ideas.EventIdea, {"key": "x", "titels": []})
