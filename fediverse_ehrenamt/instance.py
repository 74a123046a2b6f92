"""One instance, opened: its workshop, its index and what feeds it. Every process and every test begins with it."""

from dataclasses import dataclass
from importlib.metadata import version

from fediverse_ehrenamt.federation import policy
from fediverse_ehrenamt.kit.http import Client
from fediverse_ehrenamt.places import data, updating
from fediverse_ehrenamt.search.engine import Index
from fediverse_ehrenamt.search.feed import Feed
from fediverse_ehrenamt.settings import Settings
from fediverse_ehrenamt.storage.engine import open_engines
from fediverse_ehrenamt.work import Workshop


@dataclass(frozen=True, slots=True)
class Instance:
    workshop: Workshop
    index: Index
    feed: Feed

    async def close(self) -> None:
        await self.workshop.close()


def open_instance(settings: Settings) -> Instance:
    """Open an instance; nothing is connected, created or started yet."""
    data.prefer(settings.data / updating.FOLDER)
    agent = f"ehrenamt/{version('fediverse-ehrenamt')} (+{settings.url})"
    client = Client(user_agent=agent, allowed_networks=settings.allowed_networks)
    index = Index(settings.data / "index")
    workshop = Workshop(open_engines(settings.database_url), client, settings)
    policy.stand_guard(workshop)
    return Instance(workshop, index, Feed(index))
