"""The queue of first posts: what waits to be shown, what new organisations published first, what people replied."""

from dataclasses import dataclass
from http import HTTPStatus
from typing import Final

from starlette.requests import Request
from starlette.responses import RedirectResponse, Response
from starlette.routing import BaseRoute, Route

from fediverse_ehrenamt.accounts import visits
from fediverse_ehrenamt.accounts.rules import Permission, Visitor
from fediverse_ehrenamt.admin import asking, menu, shown, withdrawing
from fediverse_ehrenamt.admin import held as held_posts
from fediverse_ehrenamt.admin.shown import Item
from fediverse_ehrenamt.audit import actions as audit
from fediverse_ehrenamt.audit.rules import About, By, Did
from fediverse_ehrenamt.conversations import actions as conversations
from fediverse_ehrenamt.conversations import rules as reply_rules
from fediverse_ehrenamt.conversations import store as replies
from fediverse_ehrenamt.conversations.store import Reply
from fediverse_ehrenamt.desk import store as desk
from fediverse_ehrenamt.kit import html
from fediverse_ehrenamt.kit.errors import Gone, NotFound
from fediverse_ehrenamt.moderation import actions, rules, store
from fediverse_ehrenamt.web import forms, rendering
from fediverse_ehrenamt.web.i18n import Language
from fediverse_ehrenamt.work import Work, Workshop

PATH: Final = menu.FIRST_POSTS
_OK: Final = f"{PATH}/in-ordnung"
_REPLY: Final = f"{PATH}/antwort"
_WITHDRAW: Final = f"{PATH}/zurueckziehen"
_PAGE = 50
_LONGEST_BODY, _MOST_FIELDS = 8_000, 5
_URI, _NUMBER, _VERDICT, _SHOW = "eintrag", "nummer", "was", "zeigen"


@dataclass(frozen=True, slots=True)
class _Post:
    """A first post; `since` is when it was published, in words."""

    item: Item
    since: str


@dataclass(frozen=True, slots=True)
class _Said:
    """A reply that waits: what was said, by whom, to what."""

    id: int
    author: str
    text: str
    about: Item
    since: str


@visits.needs(Permission.MODERATE)
async def overview(request: Request, visitor: Visitor) -> Response:
    """Show the first posts that nobody has looked at, and the replies that wait; what was decided makes room."""
    workshop: Workshop = request.app.state.workshop
    words = rendering.language_of(request)
    posts, said, about = await workshop.read(_waiting)
    held = await workshop.read(held_posts.waiting, _PAGE)
    return menu.page(
        request,
        visitor,
        "admin/first_posts.html",
        held=[held_posts.line(one, name, words.ago(one.handed_in_at, workshop.now())) for one, name in held],
        notice=_notice(request, words),
        settings=menu.AREAS if visitor.may(Permission.EDIT_INSTANCE) else "",
        posts=[_Post(about[one.uri], words.ago(one.published_at, workshop.now())) for one in posts[:_PAGE]],
        more_posts=max(0, len(posts) - _PAGE),
        replies=[
            _Said(
                one.id,
                f"{one.author_name} ({one.author})",
                "\n".join(filter(None, (one.warning, html.shorten(html.text(one.content), shown.EXCERPT * 2)))),
                about[one.object],
                words.ago(one.published_at, workshop.now()),
            )
            for one in said[:_PAGE]
        ],
        more_replies=max(0, len(said) - _PAGE),
        first=rules.FIRST_POSTS,
        days=rules.NEW_FOR.days,
        paths_of={"ok": _OK, "reply": _REPLY, "withdraw": _WITHDRAW},
    )


def _waiting(work: Work) -> tuple[list[store.First], list[Reply], dict[str, Item]]:
    posts, said = store.first_posts(work), replies.replies(work, state=reply_rules.WAITING)
    about = shown.items(work, [*(one.uri for one in posts[:_PAGE]), *(one.object for one in said[:_PAGE])])
    return posts, said, dict(about)


def _notice(request: Request, words: Language) -> str:
    return {
        held_posts.PUBLISHED: words.gettext("Veröffentlicht. Die Organisation erfährt es."),
        held_posts.RETURNED: words.gettext("Zurückgegeben. Die Organisation liest den Grund."),
    }.get(request.query_params.get(asking.DONE, ""), "")


def count(work: Work) -> int:
    """Count what waits in this queue."""
    return len(store.first_posts(work)) + replies.count_waiting(work) + desk.count_held(work)


@visits.needs(Permission.MODERATE)
async def approve(request: Request, visitor: Visitor) -> Response:
    """Note that a first post is in order."""
    typed = dict(reversed(await forms.posted(request, _LONGEST_BODY, _MOST_FIELDS)))
    workshop: Workshop = request.app.state.workshop
    await workshop.write(_approve, typed.get(_URI, ""), visits.by(visitor))
    return RedirectResponse(PATH, HTTPStatus.SEE_OTHER)


def _approve(work: Work, uri: str, by: By) -> None:
    waiting = {one.uri: one for one in store.first_posts(work)}
    if uri in waiting:  # else somebody else was quicker, or it was withdrawn
        title = actions.approve(work, uri)
        audit.note(work, by, Did.POST_LET_IN, About(title, uri, waiting[uri].actor))


@visits.needs(Permission.MODERATE)
async def moderate(request: Request, visitor: Visitor) -> Response:
    """Let a reply be shown, or hide it."""
    typed = dict(reversed(await forms.posted(request, _LONGEST_BODY, _MOST_FIELDS)))
    workshop: Workshop = request.app.state.workshop
    number = typed.get(_NUMBER, "")
    state = reply_rules.SHOWN if typed.get(_VERDICT) == _SHOW else reply_rules.HIDDEN
    if number.isascii() and number.isdecimal() and len(number) < shown.LONGEST_NUMBER:
        await workshop.write(_moderate, int(number), state, visits.by(visitor))
    return RedirectResponse(f"{PATH}#antworten", HTTPStatus.SEE_OTHER)


def _moderate(work: Work, number: int, state: str, by: By) -> None:
    try:
        before = replies.get_reply(work, number).state
    except (Gone, NotFound):  # its author has deleted it meanwhile
        return
    row = conversations.moderate(work, number, state)
    if before != state:
        did = Did.POST_LET_IN if state == reply_rules.SHOWN else Did.POST_KEPT_OUT
        label = html.shorten(html.text(row.content), shown.EXCERPT)
        audit.note(work, by, did, About(label, row.object, row.organisation))


_withdrawing = withdrawing.pages(Permission.MODERATE, _WITHDRAW, PATH)
ROUTES: list[BaseRoute] = [
    Route(PATH, overview, name="admin-first-posts"),
    Route(_OK, approve, methods=["POST"], name="admin-approve"),
    Route(_REPLY, moderate, methods=["POST"], name="admin-reply"),
    *_withdrawing,
    *held_posts.ROUTES,
]
