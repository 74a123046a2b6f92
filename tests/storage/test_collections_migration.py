"""What was kept of quotes stays when collections come to stand beside them, and when they leave: on both databases."""

from typing import cast

import pytest
from alembic import command
from sqlalchemy import Table, insert, select
from sqlalchemy.exc import IntegrityError

from fediverse_ehrenamt.quotes.model import QuoteRow
from fediverse_ehrenamt.storage import migrate
from fediverse_ehrenamt.storage.engine import Engines, open_engines
from tests.workbench import NOW

_OURS, _THING = "https://hagen.example/ap/actor/a", "https://hagen.example/ap/object/1"
_quotes = cast("Table", QuoteRow.__table__)


def _to(engines: Engines, revision: str, *, down: bool = False) -> None:
    with engines.writer.begin() as connection:
        made = migrate.config()
        made.attributes["connection"] = connection
        (command.downgrade if down else command.upgrade)(made, revision)


def _row(uri: str, shown: str, owner: str = _OURS) -> dict[str, object]:
    times = dict.fromkeys(("published_at", "version", "received_at"), NOW)
    return times | {
        "uri": uri, "object": shown, "organisation": owner, "author": "https://peer.example/users/anna",
        "stamp": f"{shown}/stamp", "content": "", "url": uri, "state": "allowed", "seen": False,
    }  # fmt: skip


def test_quotes_stay(database_url: str) -> None:
    engines = open_engines(database_url)
    post, collection, other = "https://peer.example/notes/1", "https://peer.example/c/1", f"{_OURS}b"
    try:
        _to(engines, "0047")
        with engines.writer.begin() as connection:
            connection.execute(insert(_quotes), [_row(post, _THING)])
        _to(engines, "0048")
        with engines.writer.begin() as connection:
            connection.execute(insert(_quotes), [_row(collection, _OURS), _row(collection, other, other)])
        with pytest.raises(IntegrityError), engines.writer.begin() as connection:
            connection.execute(insert(_quotes), [_row(collection, _OURS) | {"stamp": None}])
        _to(engines, "0047", down=True)
        with engines.reader.begin() as connection:
            assert list(connection.scalars(select(_quotes.c.uri))) == [post]
    finally:
        engines.close()
