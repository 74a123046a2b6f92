"""Letters to people whose roles somebody else has changed: what they may do now, who did it, whom to ask."""

from dataclasses import dataclass

from fediverse_ehrenamt.accounts import rules, wire
from fediverse_ehrenamt.accounts.people import Person
from fediverse_ehrenamt.accounts.rules import Grant, Role
from fediverse_ehrenamt.federation import actors
from fediverse_ehrenamt.mail import notices, sending
from fediverse_ehrenamt.mail.notices import From, Notice
from fediverse_ehrenamt.web import i18n
from fediverse_ehrenamt.web.i18n import Language
from fediverse_ehrenamt.work import Work


@dataclass(frozen=True, slots=True)
class Decider:
    """Who has decided, as whoever is concerned knows them: `name` is "" for the instance's own people.

    `path` is the page that says how they are reached.
    """

    path: str
    name: str = ""


def tell(work: Work, person: Person, grant: Grant, decider: Decider, *, taken: bool = False) -> None:
    """Write to somebody that they have a role now, or that it is `taken` from them."""
    words, home = i18n.language(person.language), actors.instance(work).name
    organisation = actors.by_uri(work, grant.organisation).name if grant.organisation else ""
    said = _lost(words, grant.role, organisation or home) if taken else _given(words, grant.role, organisation or home)
    who = decider.name or words.gettext("die Verwaltung dieses Portals")
    asked = words.gettext("Entschieden hat das %(who)s. Bei Fragen, oder wenn es ein Versehen war: %(url)s")
    notice = Notice(
        subject=said[0],
        opening=said[1],
        button=words.gettext("Zu Ihrem Konto"),
        href=f"{work.settings.url}{rules.HOME}",
        closing=(asked % {"who": who, "url": f"{work.settings.url}{decider.path}"},),
    )
    sending.post(work, notices.letter(From(work.settings, home, work.now), person.mail, person.language, notice))


def _lost(words: Language, role: Role, where: str) -> tuple[str, str]:
    """Return the subject and the words of a letter about a role that somebody has no more."""
    if role in rules.OF_ORGANISATION:
        subject = words.gettext("Sie arbeiten nicht mehr für „%(name)s“ mit")
        opening = words.gettext(
            "Sie gehören nicht mehr zum Team von „%(name)s“. Sie können dort nichts mehr ansehen und ändern. Ihr Konto "
            "bleibt bestehen, und was Sie geschrieben haben, bleibt bei der Organisation."
        )
    else:
        subject = words.gettext("Ihre Rolle bei „%(name)s“ ist zu Ende")
        opening = words.gettext(
            "Sie haben bei „%(name)s“ diese Rolle nicht mehr: %(role)s. Ihr Konto und andere Rollen darin bleiben."
        )
    values = {"name": where, "role": wire.role_label(words, role)}
    return subject % values, opening % values


def _given(words: Language, role: Role, where: str) -> tuple[str, str]:
    """Return the subject and the words of a letter about a role that somebody has now."""
    subject = words.gettext("Ihre Rolle bei „%(name)s“ hat sich geändert")
    if role == Role.OWNER:
        opening = words.gettext(
            "Sie sind jetzt für „%(name)s“ verantwortlich: Sie können auch das Profil ändern und andere einladen oder "
            "entfernen."
        )
    elif role == Role.EDITOR:
        opening = words.gettext(
            "Sie arbeiten jetzt für „%(name)s“ mit: Sie schreiben Angebote und beantworten Anfragen. Profil und Team "
            "ändern andere."
        )
    else:
        opening = words.gettext("Sie haben bei „%(name)s“ jetzt diese Rolle: %(role)s.")
    values = {"name": where, "role": wire.role_label(words, role)}
    return subject % values, opening % values
