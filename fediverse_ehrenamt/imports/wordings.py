"""Reads the free words about time of an imported entry; what isn't sure enough stays words."""

from dataclasses import replace
from functools import lru_cache
from typing import Any

from fediverse_ehrenamt.imports.understood import Times
from fediverse_ehrenamt.understanding import times

_LEAST = 0.7  # of ten such readings a person would have made seven
_TAKEN = ("cells", "flexible", "effort", "recurrence", "during_holidays", "minimum_duration")


@lru_cache(4096)  # organisations write the same words again and again
def read(words: str) -> Times:
    """Return what words mean, as sure as the least sure of it."""
    found = times.read(words)
    sure = {name: found.confidence[name] for name in _TAKEN if found.confidence.get(name, 0) >= _LEAST}
    values: dict[str, Any] = {name: getattr(found, name) for name in sure}
    return replace(Times(), confidence=min(sure.values(), default=0.0), **values)
