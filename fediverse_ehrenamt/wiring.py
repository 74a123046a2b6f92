"""The table of contents: which routes, handlers, jobs and tables there are. The only file that lists capabilities."""

from collections.abc import Callable

from fediverse_ehrenamt.discover import pages as discover
from fediverse_ehrenamt.events import inbox as events_inbox
from fediverse_ehrenamt.federation import delivery, follows, inbox, peers, sources
from fediverse_ehrenamt.federation import pages as federation_pages
from fediverse_ehrenamt.federation.handlers import Handlers
from fediverse_ehrenamt.jobs.runner import JobFunction
from fediverse_ehrenamt.media import pages as media_pages
from fediverse_ehrenamt.opportunities import actions as opportunities_actions
from fediverse_ehrenamt.opportunities import inbox as opportunities_inbox
from fediverse_ehrenamt.posts import inbox as posts_inbox
from fediverse_ehrenamt.search import store as search_store
from fediverse_ehrenamt.storage.base import Base
from fediverse_ehrenamt.things import inbox as things_inbox
from fediverse_ehrenamt.things import pages as things_pages
from fediverse_ehrenamt.work import Work

ROUTES = [
    *federation_pages.ROUTES,
    *things_pages.ROUTES,
    *media_pages.ROUTES,
    *discover.ROUTES,
]

HANDLERS = Handlers(
    [
        *follows.HANDLERS,
        *things_inbox.HANDLERS,
        *opportunities_inbox.HANDLERS,
        *events_inbox.HANDLERS,
        *posts_inbox.HANDLERS,
    ]
)

JOBS: dict[str, JobFunction] = {"deliver": delivery.deliver, **sources.jobs(HANDLERS)}

HOUSEKEEPING: list[Callable[[Work], int]] = [
    search_store.expire,
    opportunities_actions.expire,
    inbox.erase_bodies,
    peers.forget_strangers,
    sources.read_again,
]

TABLES = Base.metadata  # complete, because every module that has tables is imported above
