"""Whoever had all delivered to somebody else is no follower any more; all others stay: on both databases."""

from typing import cast

from alembic import command
from sqlalchemy import Table, insert, select

from fediverse_ehrenamt.federation.model import FollowerRow, RecipientRow, RemoteActorRow
from fediverse_ehrenamt.storage import migrate
from fediverse_ehrenamt.storage.engine import Engines, open_engines
from tests.workbench import NOW

_HERE = "https://hagen.example/ap/actor/a"
_OFFER = "https://hagen.example/ap/object/1"
_VICTIM, _SHARED, _BELOW = "https://victim.example/inbox", "https://good.example/inbox", "https://in.good.example/inbox"
_MANY = 600  # more than go at once
_GOOD = {
    "https://good.example/users/anna": _SHARED,
    "https://good.example/users/berta": _BELOW,
    "https://victim.example/users/carl": _VICTIM,
}
_FOREIGN = {f"https://evil.example/users/{number}": "https://quiet.example/inbox" for number in range(_MANY)} | {
    "https://evil.example/users/dora": _VICTIM,
    "https://evil.co.uk/users/emil": "https://other.co.uk/inbox",
}


def _to(engines: Engines, revision: str) -> None:
    with engines.writer.begin() as connection:
        made = migrate.config()
        made.attributes["connection"] = connection
        command.upgrade(made, revision)


def _follower(uri: str, inbox: str) -> dict[str, object]:
    return {
        "actor": _HERE, "follower": uri, "follow": f"{uri}#follow", "inbox": inbox, "host": uri.split("/")[2],
        "since": NOW,
    }  # fmt: skip


def _actor(uri: str, inbox: str) -> dict[str, object]:
    texts = ("handle", "name", "summary", "url", "outbox", "key_id", "key_pem", "shared_inbox")
    return dict.fromkeys(texts, "") | {
        "uri": uri, "origin": uri.partition("/users")[0], "type": "Person", "inbox": inbox, "fetched_at": NOW,
    }  # fmt: skip


def test_who_has_a_foreign_inbox_goes(database_url: str) -> None:
    engines = open_engines(database_url)
    followers, recipients, actors = (
        cast("Table", one.__table__) for one in (FollowerRow, RecipientRow, RemoteActorRow)
    )
    everybody = _GOOD | _FOREIGN
    inboxes = set(everybody.values())
    try:
        _to(engines, "0044")
        with engines.writer.begin() as connection:
            connection.execute(insert(followers), [_follower(*one) for one in everybody.items()])
            connection.execute(insert(actors), [_actor(*one) for one in everybody.items()])
            connection.execute(insert(recipients), [{"object": _OFFER, "inbox": inbox} for inbox in inboxes])
        _to(engines, "0045")
        with engines.reader.begin() as connection:
            assert set(connection.scalars(select(followers.c.follower))) == set(_GOOD)
            assert set(connection.scalars(select(actors.c.uri))) == set(_GOOD)
            assert set(connection.scalars(select(recipients.c.inbox))) == set(_GOOD.values())
    finally:
        engines.close()
