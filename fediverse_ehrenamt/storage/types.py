"""Column types: aware UTC times, whose offset SQLite would drop."""

from datetime import UTC, datetime

from sqlalchemy import Dialect, Float
from sqlalchemy.types import TypeDecorator


class UtcDateTime(TypeDecorator[datetime]):
    """An aware time, kept as seconds since 1970 in UTC, the same on both databases and quick to compare."""

    impl = Float(53)
    cache_ok = True

    def process_bind_param(self, value: datetime | None, dialect: Dialect) -> float | None:  # noqa: ARG002 - interface
        return None if value is None else value.timestamp()

    def process_result_value(self, value: float | None, dialect: Dialect) -> datetime | None:  # noqa: ARG002 - interface
        return None if value is None else datetime.fromtimestamp(value, UTC)
