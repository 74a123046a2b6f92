"""The queue of reports: what is reported, what is decided about it, and who is told; and what is hidden here."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from http import HTTPStatus
from typing import Final

from starlette.requests import Request
from starlette.responses import RedirectResponse, Response
from starlette.routing import BaseRoute, Route

from fediverse_ehrenamt.accounts import visits
from fediverse_ehrenamt.accounts.rules import Permission, Visitor
from fediverse_ehrenamt.admin import menu, objections, reasons, shown
from fediverse_ehrenamt.admin.shown import Item
from fediverse_ehrenamt.audit import actions as audit
from fediverse_ehrenamt.audit.rules import About, By, Did
from fediverse_ehrenamt.federation import restrictions
from fediverse_ehrenamt.federation.restrictions import Touched
from fediverse_ehrenamt.kit import html, ids, sentences
from fediverse_ehrenamt.kit.errors import Conflict
from fediverse_ehrenamt.kit.sentences import sentence
from fediverse_ehrenamt.moderation import actions, rules, store, wire
from fediverse_ehrenamt.moderation.actions import Reasons
from fediverse_ehrenamt.moderation.rules import Ground, Measure
from fediverse_ehrenamt.moderation.store import Decision, Report
from fediverse_ehrenamt.things import moderating, review
from fediverse_ehrenamt.things.model import HIDDEN
from fediverse_ehrenamt.things.review import Waiting
from fediverse_ehrenamt.web import forms, rendering
from fediverse_ehrenamt.web.i18n import Language
from fediverse_ehrenamt.work import Work, Workshop

PATH: Final = menu.REPORTS
_HIDDEN: Final = f"{PATH}/ausgeblendet"
_PAGE = 50
_LONGEST_BODY, _MOST_FIELDS = 40_000, 10
_STATE, _AFTER, _DONE, _CLOSED = "stand", "nach", "erledigt", "erledigt"
_MEASURE, _SURE, _URI = "massnahme", "sicher", "eintrag"
_GROUND, _TEXT = reasons.GROUND, reasons.TEXT


@dataclass(frozen=True, slots=True)
class _Line:
    """A report in the list, in the reader's language."""

    href: str
    title: str
    who: str
    since: str
    comment: str
    decision: str


@dataclass(frozen=True, slots=True)
class _Case:
    """A report with what it is about; `source` is the host or "" where it is of this portal, `touched` what ends with
    a block of it.
    """

    report: Report
    about: tuple[Item, ...]
    source: str
    touched: Touched
    reached: bool
    objections: list[tuple[Decision, str]]
    reporter: Item | None


# --- the list ---------------------------------------------------------------------------------------------------------
@visits.needs(Permission.MODERATE)
async def overview(request: Request, visitor: Visitor) -> Response:
    """Show the reports that wait, the oldest first, or those that are decided, the newest first."""
    workshop: Workshop = request.app.state.workshop
    words = rendering.language_of(request)
    closed = request.query_params.get(_STATE) == _CLOSED
    found, about = await workshop.read(_listed, shown.number(request, _AFTER), closed=closed)
    against = await workshop.read(objections.listed, answered=closed) if not shown.number(request, _AFTER) else []
    more = len(found) > _PAGE
    state = f"{_STATE}={_CLOSED}&" if closed else ""
    return menu.page(
        request,
        visitor,
        "admin/reports.html",
        lines=[_line(one, about, workshop, words) for one in found[:_PAGE]],
        objections=[objections.line(one, name, words) for one, name in against],
        closed=closed,
        done=shown.number(request, _DONE),
        further=f"{PATH}?{state}{_AFTER}={found[_PAGE - 1].id}" if more else "",
        begins=shown.number(request, _AFTER) > 0,
        base=PATH,
        hidden=_HIDDEN,
    )


def _listed(work: Work, after: int, *, closed: bool) -> tuple[list[Report], Mapping[str, Item]]:
    found = store.page(work, closed=closed, before=after, limit=_PAGE + 1)
    return found, shown.items(work, (uri for one in found for uri in (*_first(one), one.reporter) if uri))


def _first(report: Report) -> tuple[str, ...]:
    return report.objects[-1:]


def _line(one: Report, about: Mapping[str, Item], workshop: Workshop, words: Language) -> _Line:
    title = next((about[uri].title for uri in _first(one)), one.actor)
    ago = words.ago(one.closed_at or one.received_at, workshop.now())
    comment = html.shorten(one.comment, shown.EXCERPT)
    who = _who(one, about.get(one.reporter), words)
    return _Line(f"{PATH}/{one.id}", title, who, ago, comment, _decided(one, words))


def _who(one: Report, reporter: Item | None, words: Language) -> str:
    """Return who reported: another portal, an organisation of ours, or a visitor, of whom nothing is known."""
    if one.host or not one.reporter:
        return one.host or words.gettext("jemand, der diese Seiten besuchte")
    return reporter.title if reporter else one.reporter


def _decided(one: Report, words: Language) -> str:
    return words.gettext(wire.MEASURES[one.measure]) if one.measure in wire.MEASURES else ""


# --- one report -------------------------------------------------------------------------------------------------------
@visits.needs(Permission.MODERATE)
async def show(request: Request, visitor: Visitor) -> Response:
    """Show a report with all that is reported, and the form that decides about it."""
    workshop: Workshop = request.app.state.workshop
    case = await workshop.read(_case, shown.number(request, "number"))
    return _page(request, visitor, case, {})


def _case(work: Work, number: int) -> _Case:
    report = store.report(store.get(work, number))
    about = tuple(shown.items(work, report.objects[: store.LISTED]).values())
    reporter = shown.items(work, [report.reporter])[report.reporter] if report.reporter else None
    source = actions.source_of(work, report)
    touched = Touched()
    if source:
        touched = restrictions.touched(work, [actions.entry(report, Measure.HOST_BLOCKED, source, "")])
    own = next((one.organisation_uri for one in about if one.local), "")
    reached = bool(own and actions.recipients(work, own))
    return _Case(report, about, ids.host(source), touched, reached, objections.about(work, number), reporter)


def _page(
    request: Request, visitor: Visitor, case: _Case, typed: Mapping[str, str], problems: Mapping[str, str] | None = None
) -> Response:
    words = rendering.language_of(request)
    report = case.report
    return menu.page(
        request,
        visitor,
        "admin/report.html",
        HTTPStatus.UNPROCESSABLE_ENTITY if problems else HTTPStatus.OK,
        report=report,
        about=case.about,
        objections=[objections.line(one, name, words) for one, name in case.objections],
        who=_who(report, case.reporter, words),
        since=words.span(report.received_at, None),
        closed=words.span(report.closed_at, None) if report.closed_at else "",
        decision=_decided(report, words),
        choices=_choices(case, visitor, words),
        grounds=reasons.grounds(words),
        typed={_MEASURE: "", _GROUND: str(Ground.RULES), _TEXT: "", **typed},
        problems=problems or {},
        longest=reasons.LONGEST,
        base=PATH,
        conflict=_SURE in request.query_params,
    )


def _choices(case: _Case, visitor: Visitor, words: Language) -> list[tuple[str, str, str]]:
    """Return what may be decided: value, words, what it means."""
    t = words.gettext
    standing = [one for one in case.about if one.kind]
    stays = t("Der Eintrag bleibt, wie er ist.") if standing else t("Alles bleibt, wie es ist.")
    found = [(Measure.NOTHING, t("Nichts weiter tun"), stays)]
    if any(one.local for one in standing):
        help_ = t("Er wird hier und in allen anderen Portalen gelöscht; die Organisation erfährt, warum.")
        found.append((Measure.REMOVED, t("Eintrag zurückziehen"), help_))
    elif standing:
        help_ = t("Er wird nur hier nicht mehr gezeigt. Das lässt sich zurücknehmen.")
        found.append((Measure.REMOVED, t("Eintrag ausblenden"), help_))
    if case.source and visitor.may(Permission.BLOCK):
        host = {"host": case.source}
        found += [
            (
                Measure.ACTOR_BLOCKED,
                t("Eintrag ausblenden und sein Konto sperren") if standing else t("Das Konto sperren"),
                t("Von diesem Konto kommt hier nichts mehr an; anderes von %(host)s schon.") % host,
            ),
            (
                Measure.HOST_LIMITED,
                (t("Eintrag ausblenden und %(host)s einschränken") if standing else t("%(host)s einschränken")) % host,
                t("Von dort bleibt nur, was selbst als Quelle gewählt ist."),
            ),
            (
                Measure.HOST_BLOCKED,
                (t("Eintrag ausblenden und %(host)s sperren") if standing else t("%(host)s sperren")) % host,
                t("Mit %(host)s spricht dieses Portal nicht mehr; alles von dort wird hier gelöscht.") % host,
            ),
        ]
    return [(str(value), said, help_) for value, said, help_ in found]


@visits.needs(Permission.MODERATE)
async def decide(request: Request, visitor: Visitor) -> Response:
    """Decide about a report; what takes something away is asked once more on a page that says what follows."""
    typed = dict(reversed(await forms.posted(request, _LONGEST_BODY, _MOST_FIELDS)))
    workshop: Workshop = request.app.state.workshop
    words = rendering.language_of(request)
    case = await workshop.read(_case, shown.number(request, "number"))
    href = f"{PATH}/{case.report.id}"
    if case.report.closed_at is not None:
        return RedirectResponse(f"{href}?{_SURE}=1", HTTPStatus.SEE_OTHER)
    problems = _problems(typed, case, visitor, words)
    if problems:
        return _page(request, visitor, case, typed, problems)
    measure = Measure(typed[_MEASURE])
    if measure is not Measure.NOTHING and _SURE not in typed:
        return _asked(request, visitor, case, typed)
    by = visits.by(visitor)
    why = reasons.read(typed, by, reported=True)
    try:
        await workshop.write(_decide, case.report.id, measure, why, by)
    except Conflict:
        return RedirectResponse(f"{href}?{_SURE}=1", HTTPStatus.SEE_OTHER)
    if measure in rules.ABOUT_SOURCE:
        await workshop.write(moderating.sweep)  # what is more than one step, housekeeping drops
    return RedirectResponse(f"{PATH}?{_DONE}={case.report.id}", HTTPStatus.SEE_OTHER)


def _problems(typed: Mapping[str, str], case: _Case, visitor: Visitor, words: Language) -> dict[str, str]:
    problems: dict[str, str] = {}
    measure = typed.get(_MEASURE, "")
    if measure not in {value for value, _said, _help in _choices(case, visitor, words)}:
        problems[_MEASURE] = words.gettext("Bitte wählen Sie, was geschehen soll.")
    if said := reasons.problem(typed.get(_TEXT, ""), words, needed=measure != Measure.NOTHING):
        problems[_TEXT] = said
    return problems


def _asked(request: Request, visitor: Visitor, case: _Case, typed: Mapping[str, str]) -> Response:
    """Say what follows, and ask whether it is to be so."""
    words = rendering.language_of(request)
    kept = [(name, typed.get(name, "")) for name in (_MEASURE, _GROUND, _TEXT)]
    choice = next(said for value, said, _ in _choices(case, visitor, words) if value == typed[_MEASURE])
    return menu.page(
        request,
        visitor,
        "admin/sure.html",
        heading=f"{choice}?",
        follows=_follows(case, Measure(typed[_MEASURE]), words),
        quoted=typed.get(_TEXT, ""),
        kept=[*kept, (_SURE, "ja")],
        action=f"{PATH}/{case.report.id}",
        yes=words.gettext("Ja, so entscheiden"),
        back=f"{PATH}/{case.report.id}",
    )


def _follows(case: _Case, measure: Measure, words: Language) -> list[str]:
    t = words.gettext
    found = []
    for one in (one for one in case.about if one.kind):
        said = {"title": one.title, "name": one.organisation}
        if one.local:
            found.append(t("„%(title)s“ wird hier und in allen anderen Portalen gelöscht, auf Dauer.") % said)
            found.append(
                t("„%(name)s“ bekommt eine E-Mail mit Ihrer Begründung und liest sie auf der eigenen Seite.") % said
                if case.reached
                else t("„%(name)s“ liest Ihre Begründung auf der eigenen Seite; eine Mailadresse kennen wir nicht.")
                % said
            )
        else:
            found.append(t("„%(title)s“ wird hier nicht mehr gezeigt, auch wenn es sich dort ändert.") % said)
    if measure is Measure.HOST_BLOCKED:
        found.append(
            t("Mit %(host)s endet jeder Austausch: %(followers)s Folgende und %(sources)s Quellen gehen verloren.")
            % {
                "host": case.source,
                "followers": words.number(case.touched.followers),
                "sources": words.number(case.touched.sources),
            }
        )
    if case.report.answered:
        found.append(t("Wer gemeldet hat, bekommt eine E-Mail mit der Entscheidung und Ihrer Begründung."))
    return found


def _decide(work: Work, number: int, measure: Measure, why: Reasons, by: By) -> None:
    closed, taken = actions.decide(work, number, measure, why)
    about = shown.items(work, _first(closed))
    titles = {one.uri: one.title for one in taken}
    uri = next(iter(about), closed.actor)
    label = titles.get(uri) or (about[uri].title if uri in about else closed.actor)
    did = sentences.joined((sentence(wire.MEASURES[measure]), why.text), " ")
    audit.note(work, by, Did.REPORT_CLOSED, About(f"{number}: {label}", uri), did)
    for one in taken:
        audit.note(work, by, Did.WITHDRAWN, About(one.title, one.uri, one.organisation), why.text)
    if measure in rules.ABOUT_SOURCE:
        entry = actions.entry(closed, measure, actions.source_of(work, closed), why.text)
        audit.note(work, by, Did.BLOCKED, About(entry.subject, entry.subject), entry.reason)


# --- what is hidden here ----------------------------------------------------------------------------------------------
@visits.needs(Permission.MODERATE)
async def hidden(request: Request, visitor: Visitor) -> Response:
    """Show what of other portals is hidden here, to be shown again."""
    workshop: Workshop = request.app.state.workshop
    words = rendering.language_of(request)
    found = await workshop.read(review.waiting, "", HIDDEN)
    rows = [(replace(one, title=html.visible(one.title)), words.ago(one.came_at, workshop.now())) for one in found]
    return menu.page(request, visitor, "admin/hidden.html", rows=rows, action=_HIDDEN, base=PATH)


@visits.needs(Permission.MODERATE)
async def show_again(request: Request, visitor: Visitor) -> Response:
    """Show again what was hidden."""
    typed = dict(reversed(await forms.posted(request, _LONGEST_BODY, _MOST_FIELDS)))
    workshop: Workshop = request.app.state.workshop
    await workshop.write(_show_again, typed.get(_URI, ""), visits.by(visitor))
    return RedirectResponse(_HIDDEN, HTTPStatus.SEE_OTHER)


def _show_again(work: Work, uri: str, by: By) -> None:
    found: dict[str, Waiting] = {one.uri: one for one in review.waiting(work, "", HIDDEN)}
    if uri in found:  # else it is shown again already
        review.accept(work, [uri], HIDDEN)
        audit.note(work, by, Did.POST_LET_IN, About(html.visible(found[uri].title), uri))


ROUTES: list[BaseRoute] = [
    Route(PATH, overview, name="admin-reports"),
    Route(_HIDDEN, hidden, name="admin-hidden"),
    Route(_HIDDEN, show_again, methods=["POST"], name="admin-show-again"),
    Route(f"{PATH}/{{number}}", show, name="admin-report"),
    Route(f"{PATH}/{{number}}", decide, methods=["POST"], name="admin-report-decide"),
    *objections.ROUTES,
]
