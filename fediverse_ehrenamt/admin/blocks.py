"""The pages of blocks: which hosts and accounts this portal does not speak to, put and lifted again."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from http import HTTPStatus
from typing import Final, cast
from urllib.parse import urlencode

from starlette.requests import Request
from starlette.responses import RedirectResponse, Response
from starlette.routing import BaseRoute, Route

from fediverse_ehrenamt.accounts import visits
from fediverse_ehrenamt.accounts.rules import Permission, Visitor
from fediverse_ehrenamt.admin import allowed, asking, menu
from fediverse_ehrenamt.audit import actions as audit
from fediverse_ehrenamt.audit.rules import SEVERITIES, About, By, Did
from fediverse_ehrenamt.federation import domain_blocks, restrictions, rules
from fediverse_ehrenamt.federation.restrictions import Touched
from fediverse_ehrenamt.federation.rules import Restriction, Severity
from fediverse_ehrenamt.kit import ids, sentences
from fediverse_ehrenamt.kit.errors import Gone, Invalid, Malformed, NotFound, PeerError
from fediverse_ehrenamt.kit.sentences import sentence
from fediverse_ehrenamt.things import moderating
from fediverse_ehrenamt.web import forms, rendering
from fediverse_ehrenamt.web.i18n import Language
from fediverse_ehrenamt.work import Work, Workshop

PATH: Final = menu.BLOCKS
NEW: Final = f"{PATH}/neu"
LIST: Final = f"{PATH}/liste"
LIFT: Final = f"{PATH}/aufheben"
EXPORT: Final = f"{PATH}/liste.csv"
DONE: Final = "getan"
_PAGE = 100
_LONGEST_BODY, _MOST_FIELDS = 40_000, 12
_ADDRESS, _SEVERITY, _MEDIA, _REPORTS, _REASON, _PUBLIC, _OBFUSCATE, _SURE = (
    *("adresse", "stufe", "keine_bilder", "keine_meldungen", "grund", "oeffentlich", "verschleiern", "sicher"),
)
_TEXTS = (_REASON, _PUBLIC)
_TICKS = (_MEDIA, _REPORTS, _OBFUSCATE)
_PART, _AFTER, _SUBJECT = "q", "nach", "eintrag"
_LONGEST_ADDRESS = 2_100
_SUBJECT_SHOWN = 300


@dataclass(frozen=True, slots=True)
class Line:
    """An entry in the list, in the reader's language."""

    subject: str
    said: str
    reason: str
    public: str
    since: str
    change: str


# --- the list ---------------------------------------------------------------------------------------------------------
@visits.needs(Permission.BLOCK)
async def overview(request: Request, visitor: Visitor) -> Response:
    """Show the entries, which can be narrowed to those with a text in their address."""
    workshop: Workshop = request.app.state.workshop
    words = rendering.language_of(request)
    part, after = (request.query_params.get(name, "").strip()[:_SUBJECT_SHOWN] for name in (_PART, _AFTER))
    found = await workshop.read(restrictions.page, part, after, _PAGE + 1)
    more = f"{PATH}?{urlencode({_PART: part, _AFTER: found[_PAGE - 1].subject})}" if len(found) > _PAGE else ""
    return menu.page(
        request,
        visitor,
        "admin/blocks.html",
        lines=[line(one, words) for one in found[:_PAGE]],
        part=part,
        further=more,
        begins=bool(after),
        notice=_notice(request, words),
        again=_again(request),
        allowlist=workshop.settings.federation == "allowlist",
        paths_of={
            "new": NEW,
            "list": LIST,
            "lift": LIFT,
            "export": EXPORT,
            "base": PATH,
            "allowed": allowed.PATH,
        },
    )


def line(one: Restriction, words: Language) -> Line:
    """Return an entry as it is read."""
    return Line(
        one.subject,
        said(one, words),
        one.reason,
        one.public_comment,
        words.long_day(one.since) if one.since else "",
        f"{NEW}?{urlencode({_ADDRESS: one.subject})}",
    )


def said(one: Restriction, words: Language) -> str:
    """Say in words what an entry does."""
    severity = {
        "block": words.gettext("gesperrt"),
        "limit": words.gettext("eingeschränkt"),
        "none": words.gettext("sonst frei"),
    }[one.severity]
    more = ((words.gettext("keine Bilder"), one.reject_media), (words.gettext("keine Meldungen"), one.reject_reports))
    return ", ".join([severity, *(told for told, is_so in more if is_so)])


def _notice(request: Request, words: Language) -> str:
    about = request.query_params.get(_SUBJECT, "")[:_SUBJECT_SHOWN]
    new = asking.number(request, _SUBJECT)
    sentences = {
        "gesetzt": words.gettext("Für %(subject)s gilt das ab jetzt."),
        "aufgehoben": words.gettext("%(subject)s ist wieder frei. Quellen von dort bitte neu hinzufügen."),
        "eingelesen": words.ngettext(
            "%(subject)s neuer Eintrag gilt ab jetzt.", "%(subject)s neue Einträge gelten ab jetzt.", new
        ),
    }
    sentence = sentences.get(request.query_params.get(DONE, ""), "")
    return sentence % {"subject": about} if sentence and about else ""


def _again(request: Request) -> str:
    """Return where an entry that was just lifted can be put again."""
    if request.query_params.get(DONE) != "aufgehoben":
        return ""
    kept = {name: request.query_params.get(name, "") for name in (_SEVERITY, *_TEXTS, *_TICKS)}
    return f"{NEW}?{urlencode({_ADDRESS: request.query_params.get(_SUBJECT, ''), **kept})}"


# --- putting ----------------------------------------------------------------------------------------------------------
@visits.needs(Permission.BLOCK)
async def ask(request: Request, visitor: Visitor) -> Response:
    """Show the form, with what holds for an address already."""
    workshop: Workshop = request.app.state.workshop
    typed = {name: request.query_params.get(name, "") for name in (_ADDRESS, _SEVERITY, *_TEXTS, *_TICKS)}
    held = await workshop.read(restrictions.find, typed[_ADDRESS])
    return _form(request, visitor, _typed(held) if held else typed, {})


def _typed(entry: Restriction) -> dict[str, str]:
    ticks = (entry.reject_media, entry.reject_reports, entry.obfuscate)
    ticked = {name: "ja" if is_so else "" for name, is_so in zip(_TICKS, ticks, strict=True)}
    texts = {_REASON: entry.reason, _PUBLIC: entry.public_comment}
    return {_ADDRESS: entry.subject, _SEVERITY: entry.severity, **texts, **ticked}


def _form(request: Request, visitor: Visitor, typed: Mapping[str, str], problems: Mapping[str, str]) -> Response:
    words = rendering.language_of(request)
    t = words.gettext
    severities = [
        ("block", t("Sperren"), t("Nichts kommt mehr an, nichts geht mehr hin; alles von dort wird hier gelöscht.")),
        ("limit", t("Einschränken"), t("Nur was selbst als Quelle gewählt ist, wird noch gezeigt.")),
        ("none", t("Nur Bilder oder Meldungen ablehnen"), t("Alles andere bleibt, wie es ist.")),
    ]
    empty = dict.fromkeys((_ADDRESS, *_TEXTS, *_TICKS), "")
    chosen = typed.get(_SEVERITY) or "block"
    return menu.page(
        request,
        visitor,
        "admin/block.html",
        HTTPStatus.UNPROCESSABLE_ENTITY if problems else HTTPStatus.OK,
        typed={**empty, **typed, _SEVERITY: chosen},
        problems=problems,
        severities=severities,
        longest=domain_blocks.COMMENT_LENGTH,
        action=NEW,
        base=PATH,
    )


@visits.needs(Permission.BLOCK)
async def put(request: Request, visitor: Visitor) -> Response:
    """Put an entry, after a page that says what follows."""
    typed = dict(reversed(await forms.posted(request, _LONGEST_BODY, _MOST_FIELDS)))
    workshop: Workshop = request.app.state.workshop
    words = rendering.language_of(request)
    problems = _problems(typed, words)
    subject = ""
    if _ADDRESS not in problems:
        try:
            subject = await moderating.subject(workshop, typed[_ADDRESS].strip())
        except Invalid as error:
            problems[_ADDRESS] = words.gettext(error.problems[0].message)
        except (PeerError, Gone, Malformed) as error:
            problems[_ADDRESS] = _unreachable(typed[_ADDRESS].strip(), words.gettext(error.public), words)
    if problems:
        return _form(request, visitor, typed, problems)
    entry = _entry(typed, subject)
    if _SURE not in typed:
        follows = await workshop.read(_follows, entry, words)
        return _asked(request, visitor, typed | {_ADDRESS: subject}, entry, follows)
    await workshop.write(_put, entry, visits.by(visitor))
    await workshop.write(moderating.sweep)  # what is more than one step, housekeeping drops
    return _back("gesetzt", subject)


def _unreachable(address: str, reason: str, words: Language) -> str:
    """Say why an account was not found, and what can be blocked all the same."""
    sentence = words.gettext("%(reason)s. Solange das so ist, lässt sich nur der ganze Host sperren: %(host)s")
    return sentence % {"reason": reason.rstrip("."), "host": address.rpartition("@")[2]}


def _problems(typed: Mapping[str, str], words: Language) -> dict[str, str]:
    problems: dict[str, str] = {}
    if not 0 < len(typed.get(_ADDRESS, "").strip()) <= _LONGEST_ADDRESS:
        problems[_ADDRESS] = words.gettext(
            "Bitte nennen Sie einen Host (beispiel.de) oder ein Konto (@name@beispiel.de)."
        )
    severity = typed.get(_SEVERITY, "")
    if severity not in rules.SEVERITIES:
        problems[_SEVERITY] = words.gettext("Bitte wählen Sie, was geschehen soll.")
    elif severity == "none" and not (typed.get(_MEDIA) or typed.get(_REPORTS)):
        problems[_MEDIA] = words.gettext("Bitte kreuzen Sie an, was Sie ablehnen: Bilder, Meldungen oder beides.")
    for name in _TEXTS:
        if said := forms.too_long(typed.get(name, ""), domain_blocks.COMMENT_LENGTH, words):
            problems[name] = said
    return problems


def _entry(typed: Mapping[str, str], subject: str) -> Restriction:
    return Restriction(
        subject=subject,
        severity=cast("Severity", typed[_SEVERITY]),
        reject_media=bool(typed.get(_MEDIA)),
        reject_reports=bool(typed.get(_REPORTS)),
        reason=typed.get(_REASON, "").strip(),
        public_comment=typed.get(_PUBLIC, "").strip(),
        obfuscate=bool(typed.get(_OBFUSCATE)),
    )


def _follows(work: Work, entry: Restriction, words: Language) -> list[str]:
    t = words.gettext
    touched = restrictions.touched(work, [replace(entry, severity="block")])
    things = moderating.count(work, entry.subject)
    if entry.severity == "block":
        found = [t("Nichts von dort kommt mehr an, und nichts von hier geht mehr hin."), *_lost(touched, things, words)]
    elif entry.severity == "limit":
        sentence = t("Von %(things)s Einträgen bleiben hier nur die, deren Konto selbst als Quelle gewählt ist.")
        found = [sentence % {"things": words.number(things)}]
    else:
        found = [t("Einträge, Folgende und Quellen bleiben, wie sie sind.")]
    if "://" not in entry.subject:
        found.append(t("Es gilt auch für alle Hosts darunter, zum Beispiel sozial.%(host)s.") % {"host": entry.subject})
    else:
        sentence = t(
            "Es gilt nur für das Konto mit dieser Adresse. Meinen Sie alle von dort, nennen Sie den Host: %(host)s"
        )
        found.append(sentence % {"host": ids.host(entry.subject)})
    return [*found, t("Sie können das jederzeit aufheben. Gelöschtes kommt dann erst wieder, wenn es neu geholt wird.")]


def _lost(touched: Touched, things: int, words: Language) -> list[str]:
    """Say what a block ends or deletes, as far as there is any of it."""
    counted = [
        (
            touched.followers,
            words.ngettext(
                "%(number)s Konto von dort folgt hier dann niemandem mehr, auf Dauer.",
                "%(number)s Konten von dort folgen hier dann niemandem mehr, auf Dauer.",
                touched.followers,
            ),
        ),
        (
            touched.sources,
            words.ngettext(
                "%(number)s Quelle geht auf Dauer verloren.",
                "%(number)s Quellen gehen auf Dauer verloren.",
                touched.sources,
            ),
        ),
        (
            things,
            words.ngettext(
                "%(number)s Eintrag von dort wird hier gelöscht.",
                "%(number)s Einträge von dort werden hier gelöscht.",
                things,
            ),
        ),
    ]
    lost = [sentence % {"number": words.number(number)} for number, sentence in counted if number]
    return lost or [words.gettext("Zurzeit ist von dort nichts hier.")]


def _asked(
    request: Request, visitor: Visitor, typed: Mapping[str, str], entry: Restriction, follows: list[str]
) -> Response:
    words = rendering.language_of(request)
    kept = [(name, typed.get(name, "")) for name in (_ADDRESS, _SEVERITY, *_TEXTS, *_TICKS)]
    asked = {
        "block": words.gettext("%(subject)s sperren?"),
        "limit": words.gettext("%(subject)s einschränken?"),
        "none": words.gettext("Bilder oder Meldungen von %(subject)s ablehnen?"),
    }[entry.severity]
    return menu.page(
        request,
        visitor,
        "admin/sure.html",
        heading=asked % {"subject": entry.subject},
        follows=follows,
        quoted=entry.reason,
        kept=[*((name, value) for name, value in kept if value), (_SURE, "ja")],
        action=NEW,
        yes=words.gettext("Ja, so einrichten"),
        back=f"{NEW}?{urlencode(kept)}",
    )


def _put(work: Work, entry: Restriction, by: By) -> None:
    moderating.restrict(work, entry)
    detail = sentences.joined((sentence(SEVERITIES[entry.severity]), entry.reason), " ")
    audit.note(work, by, Did.BLOCKED, About(entry.subject, entry.subject), detail)


def _back(done: str, subject: str, **more: str) -> Response:
    return RedirectResponse(f"{PATH}?{urlencode({DONE: done, _SUBJECT: subject, **more})}", HTTPStatus.SEE_OTHER)


# --- lifting ----------------------------------------------------------------------------------------------------------
@visits.needs(Permission.BLOCK)
async def lift(request: Request, visitor: Visitor) -> Response:
    """Take an entry back; it can be put again with one click, so nothing is asked."""
    typed = dict(reversed(await forms.posted(request, _LONGEST_BODY, _MOST_FIELDS)))
    workshop: Workshop = request.app.state.workshop
    subject = typed.get(_SUBJECT, "")
    try:
        entry = await workshop.write(_lift, subject, visits.by(visitor))
    except NotFound:  # it was lifted already
        return RedirectResponse(PATH, HTTPStatus.SEE_OTHER)
    kept = {name: value for name, value in _typed(entry).items() if value and name != _ADDRESS}
    return _back("aufgehoben", subject, **kept)


def _lift(work: Work, subject: str, by: By) -> Restriction:
    found = moderating.lift(work, subject)
    audit.note(work, by, Did.UNBLOCKED, About(subject, subject), found.reason)
    return found


ROUTES: list[BaseRoute] = [
    Route(PATH, overview, name="admin-blocks"),
    Route(NEW, ask, name="admin-block-ask"),
    Route(NEW, put, methods=["POST"], name="admin-block"),
    Route(LIFT, lift, methods=["POST"], name="admin-unblock"),
]
