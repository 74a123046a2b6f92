"""Once: a condition on what a query returns, which PostgreSQL can't run again for each row that it looks at."""

from typing import Any

from sqlalchemy import Boolean, ColumnElement, Select
from sqlalchemy.ext.compiler import compiles
from sqlalchemy.sql.compiler import SQLCompiler
from sqlalchemy.sql.functions import FunctionElement


class among(FunctionElement[bool]):  # noqa: N801 - used as a function, as SQLAlchemy's own are
    """The condition that a column has one of the values of a query, which is run once whatever the plan.

    `IN (SELECT …)` PostgreSQL may join row by row, and run the query anew for each: with `skip_locked` and a limit it
    then takes others each time, and more than were asked for; and without, 10,000 jobs took 155 s instead of 0.03 where
    the statistics were of a time when the queue was empty, as it mostly is. SQLite runs it once either way.
    """

    type = Boolean()
    inherit_cache = True

    def __init__(self, column: ColumnElement[Any], query: Select[Any]) -> None:
        super().__init__(column, query.scalar_subquery())


@compiles(among)
def _plain(element: among, compiler: SQLCompiler, **how: object) -> str:
    column, query = element.clauses
    return f"{compiler.process(column, **how)} IN {compiler.process(query, **how)}"


@compiles(among, "postgresql")
def _of_array(element: among, compiler: SQLCompiler, **how: object) -> str:
    column, query = element.clauses
    return f"{compiler.process(column, **how)} = ANY (ARRAY{compiler.process(query, **how)})"
