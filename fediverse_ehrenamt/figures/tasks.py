"""Background of figures: a snapshot a day, for which the offers are read in slices while nothing else is due."""

from fediverse_ehrenamt.figures import actions, store
from fediverse_ehrenamt.work import Workshop

_MOST_SLICES = 5_000  # ten million offers


async def step(workshop: Workshop) -> int:
    """Take the snapshot of today, if there is none yet; return 1 for one that was taken."""
    if not await workshop.read(actions.due):
        return 0
    stock, after = await workshop.read(actions.begin), ""
    for _ in range(_MOST_SLICES):
        found = await workshop.read(store.offers, after)
        for offer in found.offers:
            stock.add(offer)
        after = found.last
        if not after:
            break
    return int(await workshop.write(actions.take, stock))
