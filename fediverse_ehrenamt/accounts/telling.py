"""Letters about roles: to whom somebody else has given or taken one, and to coordinators where the last owner goes."""

from collections.abc import Iterable
from dataclasses import dataclass

from fediverse_ehrenamt.accounts import people, rules, wire
from fediverse_ehrenamt.accounts.people import Kept, Person
from fediverse_ehrenamt.accounts.rules import Grant, Permission, Role
from fediverse_ehrenamt.federation import actors
from fediverse_ehrenamt.mail import notices, sending
from fediverse_ehrenamt.mail.notices import From, Notice
from fediverse_ehrenamt.web import i18n, rendering
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
    words, home = i18n.of_letters(person.language, wire.PACKAGE), actors.instance(work).name
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
    sending.post(work, notices.letter(From(work.settings, home, work.now), person.mail, words.code, notice))


def remove(work: Work, person: str, kept: Iterable[Kept], decider: Decider | None = None, reason: str = "") -> None:
    """Erase a person as `people.remove` does, and tell coordinators for which organisations nobody is left.

    They are written to where it was the `decider`'s doing, with the `reason` if there is one; None is for those who
    went by themselves. Raises as `people.remove` does.
    """
    known = people.get(work, person)
    alone = left_alone(work, known)
    people.remove(work, person, kept)
    if decider is not None:
        _tell_removed(work, known, decider, reason)
    for organisation in alone:
        for one in people.who_may(work, Permission.MANAGE_COLLEAGUES, organisation):
            _tell_alone(work, one, organisation)


def left_alone(work: Work, person: Person) -> list[str]:
    """Return the organisations (the URIs of their actors) for which nobody else is responsible."""
    organisations = [grant.organisation for grant in person.grants if grant.role == Role.OWNER]
    return [uri for uri in organisations if people.owners(work, uri) == [person.id]]


def _tell_removed(work: Work, to: Person, decider: Decider, reason: str) -> None:
    """Write to somebody whose account is gone; their address goes with this letter."""
    words, home = i18n.of_letters(to.language, wire.PACKAGE), actors.instance(work).name
    who = decider.name or words.gettext("die Verwaltung dieses Portals")
    asked = f"{work.settings.url}{decider.path}"
    notice = Notice(
        subject=words.gettext("Ihr Konto bei „%(home)s“ ist gelöscht") % {"home": home},
        opening=words.gettext(
            "Ihr Konto bei „%(home)s“ ist gelöscht. Das hat %(who)s entschieden. Sie können sich nicht mehr anmelden."
        )
        % {"home": home, "who": who},
        facts=((words.gettext("Grund"), reason),) if reason else (),
        button=words.gettext("Wen Sie fragen können"),
        href=asked,
        closing=(
            words.gettext(
                "Wenn Sie Fragen haben oder nicht einverstanden sind, schreiben Sie bitte an die Stelle, die dort "
                "steht."
            ),
            words.gettext(
                "Name, Mailadresse, Rollen und Anmeldungen sind bei uns gelöscht. Was Sie für eine Organisation "
                "geschrieben haben, bleibt bei ihr. Weitere E-Mails bekommen Sie nicht."
            ),
        ),
    )
    sending.post(work, notices.letter(From(work.settings, home, work.now), to.mail, words.code, notice))


def _tell_alone(work: Work, to: Person, organisation: str) -> None:
    words, home = i18n.of_letters(to.language, wire.PACKAGE), actors.instance(work).name
    row = actors.by_uri(work, organisation)
    notice = Notice(
        subject=words.gettext("Für „%(name)s“ ist niemand mehr verantwortlich") % {"name": row.name},
        opening=words.gettext(
            "wer zuletzt für „%(name)s“ verantwortlich war, hat kein Konto mehr bei „%(home)s“. Angebote und Anfragen "
            "bleiben. Bitte fragen Sie dort nach und laden Sie jemanden ein."
        )
        % {"name": row.name, "home": home},
        button=words.gettext("Team ansehen"),
        href=f"{work.settings.url}{rendering.DESK}/{row.handle}/team",
        closing=(
            words.gettext(
                "Bis dahin gehen Anfragen und Erinnerungen nur an die Mailadresse, die die Organisation hinterlegt "
                "hat. Was unbeantwortet bleibt, sehen Sie unter „Anfragen“."
            ),
        ),
    )
    sending.post(work, notices.letter(From(work.settings, home, work.now), to.mail, words.code, notice))


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
