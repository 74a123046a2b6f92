"""Collector: how often a process that has much to do looks for cycles of objects that nobody needs any more."""

import gc
from collections.abc import Iterator
from contextlib import contextmanager

_OBJECTS_BETWEEN_LOOKS = 20_000


def spare() -> None:
    """Let the collector leave alone what was loaded and stays, and look at the rest less often.

    It took a tenth of the time of a busy inbox: requests make many short-lived objects and hardly a cycle.
    """
    gc.collect()
    gc.freeze()
    gc.set_threshold(_OBJECTS_BETWEEN_LOOKS, *gc.get_threshold()[1:])


@contextmanager
def spared() -> Iterator[None]:
    """Do so meanwhile: what an import plans is no garbage, however often thousands of entries are looked at."""
    threshold = gc.get_threshold()
    spare()
    try:
        yield
    finally:
        gc.unfreeze()
        gc.set_threshold(*threshold)
