"""Reads the free words about time of an imported entry; what isn't sure enough stays words."""

from fediverse_ehrenamt.imports.drafts import Times
from fediverse_ehrenamt.understanding import times

_LEAST = 0.7  # of ten such readings a person would have made seven


def read(words: str) -> Times:
    """Return the cells, the amount and the flexibility that words mean, as sure as the least sure of them."""
    found = times.read(words)
    sure = {
        name: confidence
        for name, confidence in found.confidence.items()
        if name in {"cells", "effort", "flexible"} and confidence >= _LEAST
    }
    return Times(
        cells=found.cells if "cells" in sure else (),
        flexible=found.flexible if "flexible" in sure else None,
        effort=found.effort if "effort" in sure else None,
        confidence=min(sure.values(), default=0.0),
    )
