"""Duplicates on both databases: found by housekeeping, shown as one, decided by a person, and all of it taken back."""

import logging
from dataclasses import replace
from datetime import timedelta

import pytest
from sqlalchemy import func, select

from fediverse_ehrenamt.demo.chance import chance
from fediverse_ehrenamt.duplicates import actions, store
from fediverse_ehrenamt.duplicates.model import AUTOMATIC, DIFFERENT, SAME, WAITING, KeyRow, ListingRow, PairRow
from fediverse_ehrenamt.kit.errors import NotFound
from fediverse_ehrenamt.search import store as search
from fediverse_ehrenamt.search.model import START, Document
from fediverse_ehrenamt.work import Work, Workshop
from tests.duplicates.making import OTHER_TEXT, TEXT, document, follow, put, remove, shown
from tests.workbench import NOW

pytestmark = pytest.mark.anyio
ONE, COPY = document(1), document(2, "b.example", title="Lesepaten gesucht")
LINKED = replace(COPY, same_as=(ONE.url,))


def _states(workshop: Workshop) -> list[tuple[int, str]]:
    return workshop.read_now(lambda work: [(row.id, row.state) for row in work.db.scalars(select(PairRow))])


def _only(workshop: Workshop) -> int:
    ((number, _),) = _states(workshop)
    return number


def _decide(workshop: Workshop, verdict: str) -> None:
    assert workshop.write_now(actions.decide, [_only(workshop)], verdict, "Anna") == 1


async def test_a_copy_that_names_the_original_is_shown_with_it(workshop: Workshop) -> None:
    put(workshop, ONE, LINKED)
    assert shown(workshop) == {"a.example/1": ("b.example",)}
    assert [state for _, state in _states(workshop)] == [AUTOMATIC]
    covered = workshop.read_now(search.get, LINKED.uri)
    assert covered.covered
    assert covered.also == (("a.example", ONE.url),)
    assert replace(covered, covered=False, also=()) == LINKED, "nobody's object is touched"


async def test_doubtful_ones_wait_and_a_verdict_joins_and_parts_them(workshop: Workshop) -> None:
    put(workshop, ONE, COPY)
    both = {"a.example/1": (), "b.example/2": ()}
    assert [state for _, state in _states(workshop)] == [WAITING]
    assert shown(workshop) == both
    _decide(workshop, SAME)
    assert shown(workshop) == {"a.example/1": ("b.example",)}
    _decide(workshop, DIFFERENT)
    assert shown(workshop) == both
    assert workshop.write_now(actions.reset, [_only(workshop)]) == 1
    assert [state for _, state in _states(workshop)] == [WAITING]
    assert shown(workshop) == both


async def test_different_counts_more_than_what_is_sure(workshop: Workshop) -> None:
    put(workshop, ONE, LINKED)
    _decide(workshop, DIFFERENT)
    assert shown(workshop) == {"a.example/1": (), "b.example/2": ()}
    put(workshop, replace(LINKED, title="Lesepatin gesucht!"))
    assert shown(workshop) == {"a.example/1": (), "b.example/2": ()}, "a small change asks nobody again"
    workshop.write_now(actions.reset, [_only(workshop)])
    assert shown(workshop) == {"a.example/1": ("b.example",)}


async def test_a_verdict_is_asked_again_when_the_text_is_another(workshop: Workshop) -> None:
    put(workshop, ONE, COPY)
    _decide(workshop, SAME)
    put(workshop, replace(COPY, text=TEXT + " Kommen Sie gern vorbei."))
    assert [state for _, state in _states(workshop)] == [SAME]
    put(workshop, replace(COPY, text=OTHER_TEXT, title="Fahrerin gesucht"))
    assert [state for _, state in _states(workshop)] == [WAITING]
    assert shown(workshop) == {"a.example/1": (), "b.example/2": ()}


async def test_a_withdrawn_representative_lets_the_other_be_seen(workshop: Workshop) -> None:
    put(workshop, ONE, LINKED)
    remove(workshop, ONE)
    assert shown(workshop) == {"b.example/2": ()}
    assert _states(workshop) == []
    put(workshop, ONE)
    assert shown(workshop) == {"a.example/1": ("b.example",)}
    remove(workshop, LINKED)
    assert shown(workshop) == {"a.example/1": ()}


async def test_ones_own_stands_before_the_original_and_that_before_others(workshop: Workshop) -> None:
    third = document(3, "c.example", local=True, same_as=(ONE.url,))
    put(workshop, LINKED, ONE)
    assert list(shown(workshop)) == ["a.example/1"]
    put(workshop, third)
    assert shown(workshop) == {"c.example/3": ("a.example", "b.example")}
    remove(workshop, third)
    assert shown(workshop) == {"a.example/1": ("b.example",)}


async def test_the_order_in_which_they_come_changes_nothing(workshop: Workshop) -> None:
    put(workshop, LINKED)
    put(workshop, ONE)
    assert shown(workshop) == {"a.example/1": ("b.example",)}
    before = workshop.read_now(search.newest)
    follow(workshop)
    assert workshop.read_now(search.newest) == before, "its own changes are nothing new"


async def test_a_newer_state_keeps_its_place_and_names_its_new_address(workshop: Workshop) -> None:
    put(workshop, ONE, LINKED)
    put(workshop, replace(LINKED, url="https://b.example/neu", fresh_at=NOW + timedelta(days=1)))
    found = workshop.read_now(search.get, ONE.uri)
    assert found.also == (("b.example", "https://b.example/neu"),)
    put(workshop, replace(LINKED, text=OTHER_TEXT, title="Fahrerin gesucht", same_as=()))
    assert shown(workshop) == {"a.example/1": (), "b.example/2": ()}
    assert _states(workshop) == []


async def test_three_are_one_but_never_across_a_verdict(workshop: Workshop) -> None:
    third = document(3, "c.example", same_as=(ONE.url,))
    put(workshop, ONE, LINKED, third)
    assert shown(workshop) == {"a.example/1": ("b.example", "c.example")}
    pairs = workshop.read_now(
        lambda work: [case.id for case in actions.cases(work, store.listed(work, [AUTOMATIC, WAITING]))
                      if {case.one.host, case.other.host} == {"b.example", "c.example"}]
    )  # fmt: skip
    workshop.write_now(actions.decide, pairs, DIFFERENT, "Anna")
    found = shown(workshop)
    assert len(found) == 2
    assert "c.example" not in found.get("b.example/2", ())


async def test_a_key_of_too_many_is_left_out(workshop: Workshop, caplog: pytest.LogCaptureFixture) -> None:
    """Nobody is compared any more by a phrase that too many have, and that is all that is kept of it; said once."""
    caplog.set_level(logging.INFO)

    def unlike(number: int) -> Document:
        named = {"title": f"T{number:x}", "organisation": f"Verein{number}", "at": None, "place": ""}
        return document(number, f"h{number}.example", **named)

    def keys(work: Work) -> dict[int, int]:
        rows = work.db.execute(select(KeyRow.key, func.count()).group_by(KeyRow.key))
        return {row[0]: row[1] for row in rows}

    put(workshop, *(unlike(number) for number in range(1, store.CROWD + 2)))
    assert max(workshop.read_now(keys).values()) == store.CROWD + 1
    before = len(_states(workshop))
    put(workshop, unlike(300), unlike(301))
    assert sum("tell nothing any more" in record.message for record in caplog.records) == 1
    put(workshop, unlike(302))
    assert max(workshop.read_now(keys).values()) <= 2
    assert len(_states(workshop)) == before, "not compared with all the others"
    assert len(workshop.read_now(lambda work: work.db.scalars(select(ListingRow.number)).all())) == store.CROWD + 4


async def test_a_restored_database_is_followed_from_its_beginning(workshop: Workshop) -> None:
    put(workshop, ONE, LINKED)
    workshop.write_now(store.note_followed, START._replace(xid=2**60, seq=2**60))
    follow(workshop)
    assert workshop.read_now(store.followed) == START
    put(workshop, document(5, "d.example", same_as=(ONE.url,)))
    assert shown(workshop) == {"a.example/1": ("b.example", "d.example")}


async def test_what_is_not_there_cannot_be_decided(workshop: Workshop) -> None:
    with pytest.raises(NotFound, match="4711"):
        workshop.write_now(actions.decide, [4711], SAME, "Anna")


async def test_nothing_is_kept_of_what_is_gone(workshop: Workshop) -> None:
    put(workshop, ONE, COPY)
    remove(workshop, ONE, COPY)

    def left(work: Work) -> list[int | None]:
        return [work.db.scalar(select(func.count()).select_from(row)) for row in (ListingRow, KeyRow, PairRow)]

    assert workshop.read_now(left) == [0, 0, 0]


@pytest.mark.parametrize("seed", range(4))
async def test_of_what_is_covered_another_is_always_shown(workshop: Workshop, seed: int) -> None:
    """Whatever comes, changes, goes and is decided: each Document is seen itself or named by one that is seen."""
    luck = chance("duplicates", seed)
    hosts = [f"{letter}.example" for letter in "abcde"]
    there: dict[str, Document] = {}
    for _ in range(14):
        host = luck.choice(hosts)
        if host in there and luck.random() < 0.4:
            remove(workshop, there.pop(host))
        else:
            same = tuple(one.url for one in luck.sample(list(there.values()), min(len(there), luck.randint(0, 2))))
            text = luck.choice([TEXT, TEXT + " Bitte melden.", OTHER_TEXT])
            there[host] = document(1, host, same_as=same, text=text, local=luck.random() < 0.2)
            put(workshop, there[host])
        if (states := _states(workshop)) and luck.random() < 0.3:
            workshop.write_now(actions.decide, [luck.choice(states)[0]], luck.choice([SAME, DIFFERENT]), "Anna")
            follow(workshop)
        found = shown(workshop)
        seen = {key.partition("/")[0] for key in found}
        named = {host for beside in found.values() for host in beside}
        assert seen | named == there.keys()
        assert seen.isdisjoint(named), "shown once only"


async def test_branches_with_the_same_words_do_not_hide_the_same_branch_of_another_source(workshop: Workshop) -> None:
    branches = [
        document(
            number,
            place=f"{district}, Hagen",
            district=f"Hagen-{district}",
            at=(51.3 + number / 50, 7.4),
        )
        for number, district in enumerate(("Boele", "Eilpe", "Emst", "Dahl", "Haspe"), 1)
    ]
    again = document(9, place="Haspe, Hagen", district="Hagen-Haspe", at=(51.38, 7.42))
    put(workshop, *branches)
    put(workshop, again)
    assert sorted(map(len, shown(workshop).values())) == [0, 0, 0, 0, 1], "four alone, Haspe of both sources on one"
