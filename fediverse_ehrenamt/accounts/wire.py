"""What leaves us about people: the letter with the link that signs them in, and the one that invites them."""

from dataclasses import dataclass
from datetime import datetime

from fediverse_ehrenamt.accounts.rules import Role
from fediverse_ehrenamt.mail import notices
from fediverse_ehrenamt.mail.letters import Letter
from fediverse_ehrenamt.mail.notices import From, Notice
from fediverse_ehrenamt.settings import Settings
from fediverse_ehrenamt.web import i18n, rendering
from fediverse_ehrenamt.web.i18n import Language

INVITATION = "/einladung"
CONFIRM, STOP = "/neue-adresse", "/neue-adresse-stoppen"
PACKAGE = "accounts"
"""Whose languages letters about accounts are in."""


@dataclass(frozen=True, slots=True)
class Recipient:
    """To whom a letter goes, and in which language."""

    mail: str
    language: str


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
    words = i18n.of_letters(to.language, PACKAGE)
    said = Notice(
        subject=words.gettext("Ihr Link zum Anmelden"),
        opening=words.gettext("mit diesem Link melden Sie sich bei „%(home)s“ an. Er gilt 30 Minuten und nur einmal.")
        % {"home": home},
        button=words.gettext("Jetzt anmelden"),
        href=sign_in_url(settings, token),
        closing=(
            words.gettext(
                "Wenn Sie sich nicht anmelden wollten, tun Sie einfach nichts: Ohne den Link kommt niemand in Ihr "
                "Konto."
            ),
        ),
    )
    return notices.letter(From(settings, home, now), to.mail, words.code, said)


def invitation_letter(
    settings: Settings, home: str, to: Recipient, offer: tuple[Role, str], token: str, now: datetime
) -> Letter:  # fmt: skip
    """Return the letter that invites somebody; `offer` is the role and the name of the organisation ("": none)."""
    words = i18n.of_letters(to.language, PACKAGE)
    role, organisation = offer
    if organisation:
        opening = words.gettext("Sie sind eingeladen, auf „%(home)s“ für „%(organisation)s“ mitzuarbeiten.")
    else:
        opening = words.gettext("Sie sind eingeladen, auf „%(home)s“ mitzuarbeiten: %(role)s.")
    said = Notice(
        subject=words.gettext("Einladung: %(name)s") % {"name": organisation or home},
        opening=opening % {"home": home, "organisation": organisation, "role": role_label(words, role)},
        button=words.gettext("Einladung ansehen"),
        href=invitation_url(settings, token),
        closing=(
            words.gettext(
                "Der Link gilt 14 Tage. Wenn Sie das nicht möchten, tun Sie einfach nichts; dann löschen wir die "
                "Einladung."
            ),
        ),
    )
    return notices.letter(From(settings, home, now), to.mail, words.code, said)


def move_letter(settings: Settings, home: str, to: Recipient, token: str, now: datetime) -> Letter:
    """Return the letter with the link that confirms a new address."""
    words = i18n.of_letters(to.language, PACKAGE)
    said = Notice(
        subject=words.gettext("Ihre neue Mailadresse"),
        opening=words.gettext(
            "mit diesem Link bestätigen Sie, dass Ihr Konto bei „%(home)s“ künftig diese Mailadresse hat. Er gilt "
            "einen Tag."
        )
        % {"home": home},
        button=words.gettext("Adresse bestätigen"),
        href=f"{settings.url}{CONFIRM}/{token}",
        closing=(words.gettext("Wenn Sie das nicht wollten, tun Sie einfach nichts; dann ändert sich nichts."),),
    )
    return notices.letter(From(settings, home, now), to.mail, words.code, said)


def taken_letter(settings: Settings, home: str, to: Recipient, now: datetime) -> Letter:
    """Return what is written to an address that was wanted for another account, though it has one."""
    words = i18n.of_letters(to.language, PACKAGE)
    said = Notice(
        subject=words.gettext("Ihre neue Mailadresse"),
        opening=words.gettext(
            "jemand möchte ein Konto bei „%(home)s“ auf diese Mailadresse umstellen. Zu ihr gibt es dort aber schon "
            "ein Konto, deshalb ändert sich nichts."
        )
        % {"home": home},
        button=words.gettext("Mit dieser Adresse anmelden"),
        href=f"{settings.url}{rendering.SIGN_IN}",
        closing=(words.gettext("Wollten Sie selbst umstellen, löschen Sie bitte zuerst das eine der beiden Konten."),),
    )
    return notices.letter(From(settings, home, now), to.mail, words.code, said)


def stop_letter(settings: Settings, home: str, to: Recipient, wanted: str, token: str, now: datetime) -> Letter:
    """Return the note to the former address, with the link that stops it; `wanted` is the new one."""
    words = i18n.of_letters(to.language, PACKAGE)
    said = Notice(
        subject=words.gettext("Ihr Konto bekommt eine andere Mailadresse"),
        opening=words.gettext(
            "Ihr Konto bei „%(home)s“ soll künftig eine andere Mailadresse haben: %(mail)s. Wenn Sie das so wollten, "
            "ist nichts weiter zu tun."
        )
        % {"home": home, "mail": wanted},
        button=words.gettext("Das wollte ich nicht"),
        href=f"{settings.url}{STOP}/{token}",
        closing=(
            words.gettext(
                "Der Link gilt 14 Tage, auch wenn die neue Adresse schon bestätigt ist: Dann gilt wieder diese hier, "
                "und alle werden aus dem Konto abgemeldet."
            ),
        ),
    )
    return notices.letter(From(settings, home, now), to.mail, words.code, said)
