"""What leaves us about people: the letter with the link that signs them in, and the one that invites them."""

from dataclasses import dataclass
from datetime import datetime

from fediverse_ehrenamt.accounts.rules import Role
from fediverse_ehrenamt.mail import letters
from fediverse_ehrenamt.mail.letters import Letter
from fediverse_ehrenamt.settings import Settings
from fediverse_ehrenamt.web import i18n, rendering
from fediverse_ehrenamt.web.i18n import Language

INVITATION = "/einladung"
_TEMPLATE = "accounts/letter.html"


@dataclass(frozen=True, slots=True)
class Recipient:
    """To whom a letter goes, and in which language."""

    mail: str
    language: str


@dataclass(frozen=True, slots=True)
class _Words:
    """All that a letter says, in one language; text and HTML are made of it."""

    opening: str
    button: str
    href: str
    closing: str
    home: str
    url: str


def sign_in_url(settings: Settings, token: str) -> str:
    return f"{settings.url}{rendering.SIGN_IN}/{token}"


def invitation_url(settings: Settings, token: str) -> str:
    return f"{settings.url}{INVITATION}/{token}"


def role_label(words: Language, role: Role) -> str:
    """Return what a role is called."""
    return {
        Role.OPERATOR: words.gettext("Betrieb des Portals"),
        Role.COORDINATOR: words.gettext("Ehrenamtskoordination"),
        Role.MODERATOR: words.gettext("Moderation"),
        Role.OWNER: words.gettext("verantwortlich"),
        Role.EDITOR: words.gettext("arbeitet mit"),
    }[role]


def sign_in_letter(settings: Settings, home: str, to: Recipient, token: str, now: datetime) -> Letter:
    """Return the letter with the link that signs somebody in."""
    words = i18n.language(to.language)
    said = _Words(
        opening=words.gettext("mit diesem Link melden Sie sich bei „%(home)s“ an. Er gilt 30 Minuten und nur einmal.")
        % {"home": home},
        button=words.gettext("Jetzt anmelden"),
        href=sign_in_url(settings, token),
        closing=words.gettext(
            "Wenn Sie sich nicht anmelden wollten, tun Sie einfach nichts: Ohne den Link kommt niemand in Ihr Konto."
        ),
        home=home,
        url=settings.url,
    )
    return _letter(to, said, words.gettext("Ihr Link zum Anmelden"), now)


def invitation_letter(
    settings: Settings, home: str, to: Recipient, offer: tuple[Role, str], token: str, now: datetime
) -> Letter:  # fmt: skip
    """Return the letter that invites somebody; `offer` is the role and the name of the organisation ("": none)."""
    words = i18n.language(to.language)
    role, organisation = offer
    if organisation:
        opening = words.gettext("Sie sind eingeladen, auf „%(home)s“ für „%(organisation)s“ mitzuarbeiten.")
    else:
        opening = words.gettext("Sie sind eingeladen, auf „%(home)s“ mitzuarbeiten: %(role)s.")
    said = _Words(
        opening=opening % {"home": home, "organisation": organisation, "role": role_label(words, role)},
        button=words.gettext("Einladung ansehen"),
        href=invitation_url(settings, token),
        closing=words.gettext(
            "Der Link gilt 14 Tage. Wenn Sie das nicht möchten, tun Sie einfach nichts; dann löschen wir die Einladung."
        ),
        home=home,
        url=settings.url,
    )
    return _letter(to, said, words.gettext("Einladung: %(name)s") % {"name": organisation or home}, now)


def _letter(to: Recipient, said: _Words, subject: str, now: datetime) -> Letter:
    words = i18n.language(to.language)
    greeting = words.gettext("Guten Tag,")
    text = f"{greeting}\n\n{said.opening}\n\n{said.button}:\n{said.href}\n\n{said.closing}\n\n{said.home}\n{said.url}"
    return Letter(
        id=letters.new_id(),
        to=to.mail,
        sender=said.home,
        subject=subject,
        text=text,
        html=rendering.environment(to.language).get_template(_TEMPLATE).render(said=said),
        written_at=now,
        headers=(("Content-Language", to.language),),
    )
