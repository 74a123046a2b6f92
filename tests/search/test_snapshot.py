"""Snapshot: what is worked out from one commit is never given for the next."""

from collections.abc import Callable
from pathlib import Path

import pytest

from fediverse_ehrenamt.search import card
from fediverse_ehrenamt.search.engine import Index
from fediverse_ehrenamt.search.model import Cursor
from fediverse_ehrenamt.search.query import Query
from fediverse_ehrenamt.search.snapshot import Snapshot
from fediverse_ehrenamt.search.store import Change
from fediverse_ehrenamt.search.writer import Writer
from tests.search.making import NOW, document


class _Overtaken(Index):
    """An Index that shows what is newly committed just as a search has begun with the commit before."""

    commit: Callable[[], None] | None = None

    @property
    def _snapshot(self) -> Snapshot | None:
        begun_with, commit, self.commit = self._held, self.commit, None
        if commit is not None:
            commit()
            self.refresh()
        return begun_with

    @_snapshot.setter
    def _snapshot(self, snapshot: Snapshot | None) -> None:
        self._held = snapshot


def _commit(writer: Writer, number: int) -> None:
    made = document(number)
    writer.add([Change(Cursor(0, number), made.uri, card.write(made).decode())], NOW)
    writer.commit(filling=False)


@pytest.mark.parametrize(
    "total",
    [
        lambda index: index.find(Query(text="vorlesen"), NOW).total,
        lambda index: index.counts(Query(text="vorlesen"), NOW).portals["a.example"],
        lambda index: index.unplaced(Query(text="vorlesen"), NOW).nowhere,
    ],
    ids=["find", "counts", "unplaced"],
)
def test_what_a_commit_overtook_is_worked_out_anew(tmp_path: Path, total: Callable[[Index], int]) -> None:
    index = _Overtaken(tmp_path)
    writer = Writer(index.folder.create(), 2)
    _commit(writer, 1)
    index.folder.make_current(writer.path)
    index.commit = lambda: _commit(writer, 2)
    assert total(index) == 1
    assert total(index) == 2
    writer.close()
