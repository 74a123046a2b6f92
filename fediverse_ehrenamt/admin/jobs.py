"""What waits in the background, by kind and state, with the reasons of what failed; each tried again or given up.

What a job is about is not shown: a letter or an activity may hold what somebody wrote.
"""

from collections.abc import Callable
from dataclasses import dataclass

from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import BaseRoute, Route

from fediverse_ehrenamt.accounts import visits
from fediverse_ehrenamt.accounts.rules import Permission, Visitor
from fediverse_ehrenamt.admin import asking, menu
from fediverse_ehrenamt.audit import actions as audit
from fediverse_ehrenamt.audit.rules import About, Did
from fediverse_ehrenamt.jobs import again, overview, queue
from fediverse_ehrenamt.jobs.overview import Kind, Listed, Wanted
from fediverse_ehrenamt.kit.sentences import sentence
from fediverse_ehrenamt.mail import sending
from fediverse_ehrenamt.web import i18n, rendering
from fediverse_ehrenamt.web.i18n import Language
from fediverse_ehrenamt.work import Work, Workshop

_STATE, _NAME, _HOST = "zustand", "art", "host"
_STATES = {"offen": overview.WAITING, "misslungen": overview.FAILING, "aufgegeben": overview.GIVEN_UP}
_AGAIN, _ENDED = "erneut", "aufgegeben"
_LONGEST, _DIGITS = 300, 19
_NO_HOSTS = (queue.LOCAL, sending.LANE)


@dataclass(frozen=True, slots=True)
class _Line:
    """A job as it is read; `host` is "" for work that reaches no peer."""

    id: int
    name: str
    host: str
    state: str
    given_up: bool
    tries: int
    error: str


@visits.needs(Permission.OPERATE)
async def show(request: Request, visitor: Visitor) -> Response:
    """Show how many jobs there are of each kind, and a page of those that are asked for."""
    workshop: Workshop = request.app.state.workshop
    words = rendering.language_of(request)
    asked = request.query_params
    kinds = await workshop.read(overview.kinds)
    state, name = asked.get(_STATE, ""), asked.get(_NAME, "")
    wanted = Wanted(
        state=_STATES.get(state, ""),
        name=name if name in {kind.name for kind in kinds} else "",
        host=asked.get(_HOST, "").strip().lower()[:_LONGEST],
        page=min(asking.number(request, asking.PAGE, 1), overview.PAGES),
    )
    found = await workshop.read(overview.listing, wanted)
    kept = {_STATE: state if wanted.state else "", _NAME: wanted.name, _HOST: wanted.host}
    seen = (wanted.page - 1) * overview.LISTED + len(found)
    return menu.page(
        request,
        visitor,
        "admin/jobs.html",
        kinds=[(name_of(kind.name, words), kind) for kind in kinds],
        every=_sum(kinds),
        lines=[_line(job, words) for job in found[: overview.LISTED]],
        wanted=kept,
        states=[("", words.gettext("alle")), ("offen", words.gettext("offen")),
                ("misslungen", words.gettext("misslungen, wird wieder versucht")),
                ("aufgegeben", words.gettext("aufgegeben"))],
        names=[("", words.gettext("alle")), *((kind.name, name_of(kind.name, words)) for kind in kinds)],
        paging=asking.paging(menu.JOBS, kept, wanted.page, overview.LISTED, seen),
        notice=_notice(request, words),
        base=menu.JOBS,
        host=f"{menu.NETWORK}/host",
    )  # fmt: skip


def name_of(name: str, words: Language) -> str:
    """Return what a kind of job is called."""
    return {
        "deliver": words.gettext("Zustellen"),
        "read_outbox": words.gettext("Quelle lesen"),
        "obtain": words.gettext("Eintrag holen"),
        "ask_again": words.gettext("Eintrag noch einmal suchen"),
        "identify": words.gettext("Software erfragen"),
        "ask_origin": words.gettext("Ursprung fragen"),
        "move": words.gettext("Umzug eines Kontos"),
        "introduce": words.gettext("Konto kennenlernen"),
        "follow_suspension": words.gettext("Sperrung eines Kontos"),
        "forget_posts": words.gettext("Beiträge löschen"),
        "forget_source": words.gettext("Quelle löschen"),
        "fetch_pictures": words.gettext("Bilder holen"),
        "send_letter": words.gettext("E-Mail schicken"),
        "write_sign_in_link": words.gettext("Link zum Anmelden schreiben"),
        "import": words.gettext("Liste einlesen"),
        "bring": words.gettext("Liste einlesen"),
        "add_source": words.gettext("Quelle hinzufügen"),
        "place_again": words.gettext("Stadtteile neu zuordnen"),
        "describe_again": words.gettext("Angebote neu beschreiben"),
    }.get(name, name)


def _sum(kinds: list[Kind]) -> Kind:
    parts = [(kind.waiting, kind.failing, kind.given_up) for kind in kinds]
    waiting, failing, given_up = (sum(column) for column in zip(*parts, strict=True)) if parts else (0, 0, 0)
    return Kind("", waiting, failing, given_up)


def _line(job: Listed, words: Language) -> _Line:
    if job.given_up_at:
        state = words.gettext("aufgegeben: %(day)s") % {"day": words.span(job.given_up_at, None)}
    elif job.tries:
        state = words.gettext("wieder: %(day)s") % {"day": words.span(job.due_at, None)}
    else:
        state = words.gettext("wartet seit: %(day)s") % {"day": words.span(job.created_at, None)}
    host = "" if job.host in _NO_HOSTS else job.host
    return _Line(
        job.id, name_of(job.name, words), host, state, bool(job.given_up_at), job.tries, words.gettext(job.error)
    )


def _notice(request: Request, words: Language) -> str:
    return {
        _AGAIN: words.gettext("Der Auftrag wird jetzt noch einmal versucht."),
        _ENDED: words.gettext("Der Auftrag ist aufgegeben. Er lässt sich noch einmal versuchen."),
    }.get(request.query_params.get(asking.DONE, ""), "")


# --- one of them ------------------------------------------------------------------------------------------------------
@visits.needs(Permission.OPERATE)
async def replay(request: Request, visitor: Visitor) -> Response:
    """Try one job again now."""
    return await _do(request, visitor, again.replay_one, Did.SENT_AGAIN, _AGAIN)


@visits.needs(Permission.OPERATE)
async def give_up(request: Request, visitor: Visitor) -> Response:
    """Give one job up, which can be tried again for a month."""
    return await _do(request, visitor, again.give_up_one, Did.GIVEN_UP, _ENDED)


async def _do(request: Request, visitor: Visitor, do: Callable[[Work, int], str], did: Did, done: str) -> Response:
    await asking.typed(request)
    workshop: Workshop = request.app.state.workshop
    said = request.path_params["number"]
    number = int(said) if said.isascii() and said.isdecimal() and len(said) < _DIGITS else 0

    def run(work: Work) -> None:
        name = overview.name_of(work, number)
        host = do(work, number)
        label = name_of(name, i18n.language(i18n.DEFAULT))
        about = About(label if host in _NO_HOSTS else f"{host}: {label}", "" if host in _NO_HOSTS else host)
        audit.note(work, visits.by(visitor), did, about, sentence("1 Auftrag"))

    await workshop.write(run)
    return asking.back(menu.JOBS, done)


ROUTES: list[BaseRoute] = [
    Route(menu.JOBS, show, name="admin-jobs"),
    Route(f"{menu.JOBS}/{{number}}/erneut", replay, methods=["POST"], name="admin-job-again"),
    Route(f"{menu.JOBS}/{{number}}/aufgeben", give_up, methods=["POST"], name="admin-job-give-up"),
]
