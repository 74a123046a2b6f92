"""The page on which an organisation says who it is, where it is and how it is reached."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from http import HTTPStatus

from starlette.concurrency import run_in_threadpool
from starlette.requests import Request
from starlette.responses import RedirectResponse, Response
from starlette.routing import BaseRoute, Route

from fediverse_ehrenamt.accounts import rules as accounts
from fediverse_ehrenamt.accounts import visits
from fediverse_ehrenamt.accounts.rules import Permission, Visitor
from fediverse_ehrenamt.accounts.visits import Organisation
from fediverse_ehrenamt.audit import actions as audit
from fediverse_ehrenamt.audit.rules import About, By, Did
from fediverse_ehrenamt.desk import pictures, writing
from fediverse_ehrenamt.discover.view import MEDIA
from fediverse_ehrenamt.federation import actors
from fediverse_ehrenamt.kit import html, sentences, values
from fediverse_ehrenamt.kit.errors import Invalid, Problem
from fediverse_ehrenamt.kit.sentences import sentence
from fediverse_ehrenamt.media import images, limits
from fediverse_ehrenamt.organisations import actions, rules
from fediverse_ehrenamt.organisations.rules import Changes, Profile
from fediverse_ehrenamt.vocab import labels
from fediverse_ehrenamt.vocab.types import OrganisationDetails
from fediverse_ehrenamt.web import forms, rendering, uploads
from fediverse_ehrenamt.work import Work, Workshop

PROFILE = "profil"
_LONGEST_BODY, _MOST_FIELDS = 64_000, 30
_ACTION, _NO_IMAGE, _IMAGE, _DONE = "aktion", "bild_weg", "bild", "getan"
_REMINDERS = "erinnerungen"
_TEXTS = ("summary", "on_site")  # fields of many lines


@dataclass(frozen=True, slots=True)
class Field:
    """A field of the form: its name in `Changes` or `Profile`; `label` and `help` are German."""

    name: str
    label: str
    help: str = ""
    longest: int = rules.LINE
    kind: str = "text"
    complete: str = "off"


WHO = (
    Field("name", "Name der Organisation", longest=rules.NAME[1], complete="organization"),
    Field("summary", "Wer sind Sie, und was tun Sie?", "Zwei bis vier Sätze.", rules.SUMMARY, "lines"),
    Field("legal_form", "Rechtsform", kind="legal"),
    Field("website", "Ihre Seite im Internet", "Zum Beispiel https://www.verein.de.", rules.WEBSITE, "url", "url"),
)
WHERE = (
    Field("street", "Straße und Hausnummer", complete="street-address"),
    Field("postcode", "Postleitzahl", longest=5, complete="postal-code"),
    Field("locality", "Ort", complete="address-level2"),
)
CONTACT = (
    Field("mail", "Mailadresse für alle", "Steht auf Ihrer Seite. Lassen Sie sie frei, wenn niemand sie sehen soll.",
          254, "email", "email"),
    Field("phone", "Telefon für alle", "Für alle, die lieber anrufen.", 40, "tel", "tel"),
    Field("on_site", "Wann ist jemand da?", "Zum Beispiel „Di und Do 10–12 Uhr, im Büro im ersten Stock“.",
          rules.ON_SITE, "lines"),
    Field("contact", "Mailadresse für Anfragen", "Dorthin schicken wir Anfragen und Erinnerungen. Niemand sieht sie.",
          254, "email", "email"),
)  # fmt: skip
LEGAL = (
    Field("imprint", "Adresse Ihres Impressums", "Wenn es auf Ihrer eigenen Seite steht.", rules.WEBSITE, "url"),
    Field("privacy", "Adresse Ihrer Datenschutzerklärung", "", rules.WEBSITE, "url"),
)
ALT = Field(
    "icon_alt", "Was ist auf dem Bild zu sehen?", "Ein Satz, zum Beispiel „Unser Logo: ein offenes Buch“.", rules.ALT
)
GROUPS = (
    ("Wer Sie sind", WHO),
    ("Wo Sie sind", WHERE),
    ("Wie man Sie erreicht", CONTACT),
    ("Impressum und Datenschutz", LEGAL),
)
_SHOWN = ("street", "postcode", "locality", "mail", "phone", "on_site", "imprint", "privacy")


@visits.needs_for_organisation(Permission.EDIT_ORGANISATION)
async def show(request: Request, visitor: Visitor, organisation: Organisation) -> Response:
    """Show the form with what is said so far."""
    workshop: Workshop = request.app.state.workshop
    current = await workshop.read(_current, organisation.uri)
    return _page(request, visitor, organisation, current)


def _current(work: Work, uri: str) -> Changes:
    row = actors.by_uri(work, uri)
    details = values.load(OrganisationDetails, row.details) if row.details else OrganisationDetails()
    return Changes(
        name=row.name,
        summary=row.summary,
        website=row.website,
        legal_form=details.legal_form,
        contact=actions.mail_of(work, uri),
        profile=actions.profile(work, uri),
        icon=row.icon,
        icon_alt=row.icon_alt,
        reminders=not actions.is_quiet(work, uri),
    )


@visits.needs_for_organisation(Permission.EDIT_ORGANISATION)
async def save(request: Request, visitor: Visitor, organisation: Organisation) -> Response:
    """Save what was typed and tell the followers, or say beside the field what is wrong."""
    pairs, upload = await uploads.posted(request, _LONGEST_BODY, _MOST_FIELDS, limits.BYTES, patient=True)
    workshop: Workshop = request.app.state.workshop
    before = await workshop.read(_current, organisation.uri)
    wanted = _typed(pairs, before)
    problems: list[Problem] = []
    if dict(pairs).get(_ACTION) == _NO_IMAGE:
        wanted = replace(wanted, icon="")
    elif upload is not None:
        wanted = replace(wanted, icon=await pictures.keep(workshop, upload, _IMAGE, problems) or wanted.icon)
    elif not await run_in_threadpool(images.is_kept, workshop.settings.data, wanted.icon):
        wanted = replace(wanted, icon=before.icon)
    if problems:
        return _page(request, visitor, organisation, wanted, [*problems, *rules.problems(wanted)])
    try:
        await workshop.write(_save, organisation, wanted, visits.by(visitor, organisation.uri))
    except Invalid as error:
        return _page(request, visitor, organisation, wanted, error.problems)
    return RedirectResponse(f"{_path(organisation)}?{_DONE}=1", HTTPStatus.SEE_OTHER)


def _save(work: Work, organisation: Organisation, wanted: Changes, by: By) -> None:
    before = _current(work, organisation.uri)
    actions.change(work, organisation.uri, wanted)
    if changed := sentences.joined(_changed(before, _current(work, organisation.uri)), ", "):
        about = About(wanted.name, organisation.uri, organisation.uri)
        audit.note(work, by, Did.ORGANISATION_CHANGED, about, changed)


def _changed(before: Changes, after: Changes) -> Sequence[str]:
    """Return the labels of what is not as it was."""
    fields = (*WHO, *WHERE, *CONTACT, *LEGAL)
    found = [sentence(field.label) for field in fields if _value(before, field.name) != _value(after, field.name)]
    found += [sentence("Erinnerungen")] if before.reminders != after.reminders else []
    return found + ([sentence("Bild")] if (before.icon, before.icon_alt) != (after.icon, after.icon_alt) else [])


def _typed(pairs: forms.Fields, before: Changes) -> Changes:
    said = {name: html.visible(value).replace("\r\n", "\n").strip() for name, value in reversed(pairs)}
    texts = {name: value if name in _TEXTS else " ".join(value.split()) for name, value in said.items()}
    legal_form = texts.get("legal_form", "")
    return replace(
        before,
        name=texts.get("name", ""),
        summary=texts.get("summary", ""),
        website=_address(texts.get("website", "")),
        legal_form=legal_form if legal_form in labels.LEGAL_FORM else "",
        contact=texts.get("contact", ""),
        icon=texts.get("icon", ""),  # of a picture that came before what else was wrong
        icon_alt=texts.get("icon_alt", ""),
        reminders=_REMINDERS in texts,
        profile=Profile(
            street=texts.get("street", ""),
            postcode=texts.get("postcode", ""),
            locality=texts.get("locality", ""),
            mail=texts.get("mail", ""),
            phone=texts.get("phone", ""),
            on_site=texts.get("on_site", ""),
            imprint=_address(texts.get("imprint", "")),
            privacy=_address(texts.get("privacy", "")),
        ),
    )


def _address(typed: str) -> str:
    """Return a web address as a browser wants it: people leave the scheme out."""
    return typed if not typed or "://" in typed else f"https://{typed}"


def _value(wanted: Changes, name: str) -> str:
    return str(getattr(wanted.profile if name in _SHOWN else wanted, name))


def _page(
    request: Request, visitor: Visitor, organisation: Organisation, wanted: Changes, found: Sequence[Problem] = ()
) -> Response:
    words = rendering.language_of(request)
    told = forms.told(found, words)
    fields = [field for _title, group in GROUPS for field in group]
    named = {field.name: field.label for field in (*fields, ALT)} | {_IMAGE: "Bild"}
    return rendering.page(
        request,
        "desk/profile.html",
        HTTPStatus.UNPROCESSABLE_ENTITY if found else HTTPStatus.OK,
        organisation=organisation,
        on_behalf=accounts.on_behalf(visitor.grants, organisation.uri),
        home=f"{writing.PATH}/{organisation.handle}",
        action=_path(organisation),
        public=f"/organisationen/{organisation.handle}",
        groups=GROUPS,
        alt=ALT,
        typed={field.name: _value(wanted, field.name) for field in (*fields, ALT)},
        problems=told,
        summary=[(name, words.gettext(named.get(name, name)), problem) for name, problem in told.items()],
        legal_forms=[(slug, words.gettext(label)) for slug, label in labels.LEGAL_FORM.items()],
        icon_name=wanted.icon,
        reminders=wanted.reminders,
        image=f"{MEDIA}{wanted.icon}" if wanted.icon else "",
        texts=f"{writing.PATH}/{organisation.handle}/texte",
        done=_DONE in request.query_params,
    )


def _path(organisation: Organisation) -> str:
    return f"{writing.PATH}/{organisation.handle}/{PROFILE}"


_PATH = f"{writing.PATH}/{{handle}}/{PROFILE}"
ROUTES: list[BaseRoute] = [
    Route(_PATH, show, name="profile-edit"),
    Route(_PATH, save, methods=["POST"], name="profile-save"),
]
