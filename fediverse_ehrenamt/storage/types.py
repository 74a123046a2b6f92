"""Column types: aware UTC times, whose offset SQLite would drop."""

from collections.abc import Callable
from datetime import UTC, datetime

from sqlalchemy import Dialect, Float
from sqlalchemy.types import TypeDecorator


class UtcDateTime(TypeDecorator[datetime]):
    """An aware time, kept as seconds since 1970 in UTC, the same on both databases and quick to compare."""

    impl = Float(53)
    cache_ok = True

    def process_bind_param(self, value: datetime | None, dialect: Dialect) -> float | None:  # noqa: ARG002 - interface
        return _seconds(value)

    def bind_processor(self, dialect: Dialect) -> Callable[[datetime | None], float | None]:  # noqa: ARG002 - interface
        return _seconds  # as it would be by itself, in one call instead of two

    def process_result_value(self, value: float | None, dialect: Dialect) -> datetime | None:  # noqa: ARG002 - interface
        return None if value is None else datetime.fromtimestamp(value, UTC)


def _seconds(value: datetime | None) -> float | None:
    return None if value is None else value.timestamp()
