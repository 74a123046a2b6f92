"""Bodies that came before stay as they are, and on the way back all get their beginnings again: on both databases."""

from typing import Any

from alembic import command
from sqlalchemy import Connection, LargeBinary, bindparam, text

from fediverse_ehrenamt.storage import migrate
from fediverse_ehrenamt.storage.engine import Engines, open_engines
from tests.workbench import NOW

_BEGINNING = b'{"@context":["https://www.w3.org/ns/activitystreams"],'
_REST = b'"id":"https://peer.example/1","content":"\xc3\xbc\\u0000 \x00"}'
_MANY = 1_100  # more than are put together at once
_ROW = "activity, actor, how, mark, received_at, due_at, tries, verdict"
_VALUES = ":activity, 'https://peer.example/a', 'cavage', '', :now, NULL, 1, ''"


def _to(engines: Engines, revision: str, *, back: bool = False) -> None:
    with engines.writer.begin() as connection:
        made = migrate.config()
        made.attributes["connection"] = connection
        (command.downgrade if back else command.upgrade)(made, revision)


def _add(connection: Connection, columns: str, rows: list[dict[str, Any]]) -> None:
    names = [name.strip() for name in columns.split(",")]
    values = ", ".join(f":{name}" for name in names)
    statement = text(f"INSERT INTO received ({_ROW}, {columns}) VALUES ({_VALUES}, {values})")  # noqa: S608 - constants
    body = bindparam(names[-1], type_=LargeBinary)
    connection.execute(statement.bindparams(body), [{"now": NOW.timestamp(), **row} for row in rows])


def _bodies(connection: Connection, column: str) -> dict[str, bytes | None]:
    rows = connection.execute(text(f"SELECT activity, {column} AS body FROM received"))  # noqa: S608 - constants
    return {row.activity: None if row.body is None else bytes(row.body) for row in rows}


def test_there_and_back(database_url: str) -> None:
    engines = open_engines(database_url)
    before = {"whole": _BEGINNING + _REST, "erased": None}
    try:
        _to(engines, "0046")
        with engines.writer.begin() as connection:
            _add(connection, "body", [{"activity": name, "body": body} for name, body in before.items()])
        _to(engines, "0047")
        with engines.writer.begin() as connection:
            assert _bodies(connection, "rest") == before
            opening = text("INSERT INTO openings (id, digest, text, used_at) VALUES (7, 'd', :text, :now)")
            opening = opening.bindparams(bindparam("text", type_=LargeBinary))
            connection.execute(opening, {"text": _BEGINNING, "now": NOW.timestamp()})
            begun = [{"activity": f"begun {number}", "opening": 7, "rest": _REST} for number in range(_MANY)]
            _add(connection, "opening, rest", [*begun, {"activity": "erased since", "opening": 7, "rest": None}])
        _to(engines, "0046", back=True)
        with engines.reader.begin() as connection:
            whole = {one["activity"]: _BEGINNING + _REST for one in begun}
            assert _bodies(connection, "body") == before | whole | {"erased since": None}
        _to(engines, "0047")
    finally:
        engines.close()
