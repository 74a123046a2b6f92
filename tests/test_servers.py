"""The servers that tests stand on really run, keep tests apart, and are gone afterwards."""

import ast
import socket
import subprocess
import sys
from contextlib import ExitStack
from pathlib import Path

import psutil
import psycopg
import pytest
import redis
from sqlalchemy import create_engine, text
from sqlalchemy.engine import make_url

from tests import servers


def test_each_database_is_fresh_and_keeps_what_is_written(database_url: str) -> None:
    engine = create_engine(database_url)
    try:
        with engine.begin() as connection:
            connection.execute(text("CREATE TABLE word (spelling TEXT)"))  # fails where a table was left behind
            connection.execute(text("INSERT INTO word VALUES ('Übungsleiterpauschale')"))
        with engine.begin() as connection:
            assert connection.execute(text("SELECT spelling FROM word")).scalars().all() == ["Übungsleiterpauschale"]
    finally:
        engine.dispose()


def test_a_database_can_be_copied_from_a_template(postgres_server: servers.Postgres) -> None:
    with postgres_server.database() as template:
        engine = create_engine(postgres_server.url(template))
        with engine.begin() as connection:
            connection.execute(text("CREATE TABLE ready (n INTEGER)"))
        engine.dispose()
        with postgres_server.database(template) as copy:
            engine = create_engine(postgres_server.url(copy))
            with engine.begin() as connection:
                assert connection.execute(text("SELECT count(*) FROM ready")).scalar() == 0
            engine.dispose()


def test_a_database_that_is_lent_again_is_as_its_template(postgres_server: servers.Postgres) -> None:
    with postgres_server.database() as template:
        _ordered(
            postgres_server.url(template),
            "CREATE TABLE kind (name TEXT PRIMARY KEY)",
            "CREATE TABLE offer (id SERIAL PRIMARY KEY, kind TEXT NOT NULL REFERENCES kind)",
            "INSERT INTO kind VALUES ('Ehrenamt'), ('Fest')",
        )
        names = []
        for change in (
            "INSERT INTO offer (kind) VALUES ('Fest'), ('Fest')",
            "UPDATE kind SET name = 'Übung' WHERE name = 'Ehrenamt'",
            "DELETE FROM kind WHERE name = 'Ehrenamt'; INSERT INTO kind VALUES ('Feier')",
            "TRUNCATE kind CASCADE",
            "ALTER TABLE offer ADD COLUMN title TEXT",
            "SELECT nextval('offer_id_seq')",
        ):
            with postgres_server.lent(template) as name:
                url = postgres_server.url(name)
                assert _ordered(url, "SELECT name FROM kind ORDER BY name") == [("Ehrenamt",), ("Fest",)], change
                assert _ordered(url, "SELECT * FROM offer") == []
                assert _ordered(url, "INSERT INTO offer (kind) VALUES ('Fest') RETURNING *") == [(1, "Fest")]
                _ordered(url, change)
                names.append(name)
        assert len(set(names[:5])) == 1  # one and the same, until its schema was changed
        assert names[5] != names[0]


def test_two_at_once_are_lent_two_databases(postgres_server: servers.Postgres, migrated_postgres: str) -> None:
    with postgres_server.lent(migrated_postgres) as one, postgres_server.lent(migrated_postgres) as other:
        assert one != other


def test_what_a_test_left_connected_ends_before_the_database_is_lent_again(
    postgres_server: servers.Postgres, migrated_postgres: str
) -> None:
    with postgres_server.lent(migrated_postgres) as name:
        left = psycopg.connect(host="127.0.0.1", port=postgres_server.port, user="postgres", dbname=name)
        left.execute("LOCK TABLE alembic_version")
    with postgres_server.lent(migrated_postgres) as again, left:
        assert again == name
        with pytest.raises(psycopg.errors.AdminShutdown):
            left.execute("SELECT 1")


def _ordered(url: str, *orders: str) -> list[tuple[object, ...]]:
    engine = create_engine(url)
    try:
        with engine.begin() as connection:
            done = [connection.exec_driver_sql(order) for order in orders]
            return [tuple(row) for row in done[-1]] if done[-1].returns_rows else []
    finally:
        engine.dispose()


def test_postgres_does_not_run_as_root(postgres_server: servers.Postgres) -> None:
    assert psutil.Process(postgres_server.process_id).uids().effective != 0


def test_redis_keeps_a_value(redis_url: str) -> None:
    with redis.Redis.from_url(redis_url) as client:
        client.set("klingel", "ja")
        assert client.get("klingel") == b"ja"


def test_no_port_is_given_twice_not_even_to_two_runs() -> None:
    ours = [servers.free_port() for _ in range(20)]
    code = "from tests import servers; print([servers.free_port() for _ in range(20)])"
    folder = Path(__file__).parents[1]
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True, cwd=folder)
    assert len({*ours, *ast.literal_eval(done.stdout)}) == 40


def test_a_port_that_somebody_listens_on_is_not_given() -> None:
    free = servers.free_port()
    with socket.create_server(("127.0.0.1", free + 1)):
        assert servers.free_port() not in {free, free + 1}


def test_a_server_is_gone_after_its_block() -> None:
    with servers.redis_server() as url:
        port = make_url(url).port
        assert port is not None
        socket.create_connection(("127.0.0.1", port), timeout=5).close()
    with pytest.raises(ConnectionRefusedError):
        socket.create_connection(("127.0.0.1", port), timeout=5).close()


def test_a_server_is_gone_after_a_failing_block() -> None:
    with ExitStack() as stack:
        server = stack.enter_context(servers.postgres())
        assert psutil.pid_exists(server.process_id)
        with pytest.raises(RuntimeError, match="a test fails"), stack.pop_all():
            raise RuntimeError("a test fails")
    assert not psutil.pid_exists(server.process_id)


def test_a_server_that_dies_shows_its_last_words(tmp_path: Path) -> None:
    command = [sys.executable, "-c", "raise SystemExit('kein Platz')"]
    with (
        pytest.raises(AssertionError, match="kein Platz"),
        servers.running(command, tmp_path / "log", ready=lambda: False),
    ):
        raise NotImplementedError("never entered")


def test_node_is_of_the_pinned_line(node: Path) -> None:
    done = subprocess.run([node, "--version"], capture_output=True, text=True, check=True)
    assert done.stdout.startswith("v22.")


def test_chromium_starts(chromium: Path) -> None:
    done = subprocess.run([chromium, "--version"], capture_output=True, text=True, check=True, timeout=60)
    assert "Chromium" in done.stdout


def test_a_command_of_ours_gets_only_the_settings_that_the_test_names(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("EHRENAMT_URL", "https://echt.example")
    environ = servers.environ(EHRENAMT_DATA="hier")
    assert {name: value for name, value in environ.items() if name.startswith("EHRENAMT_")} == {"EHRENAMT_DATA": "hier"}
    assert "PATH" in environ
