"""What leaves us about reports: the receipt, what was decided, and to an organisation why something was taken down.

None quotes what the reporter wrote, nor says who it was.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime
from types import MappingProxyType

from fediverse_ehrenamt.accounts.wire import Recipient
from fediverse_ehrenamt.mail import letters, links
from fediverse_ehrenamt.mail.letters import Letter
from fediverse_ehrenamt.moderation.model import MeasureRow, ReportRow
from fediverse_ehrenamt.moderation.rules import MEASURES_LAST, Ground, Kind, Measure, Outcome
from fediverse_ehrenamt.settings import Settings
from fediverse_ehrenamt.web import i18n
from fediverse_ehrenamt.web.i18n import Language

MEASURES: Mapping[str, str] = MappingProxyType(
    {
        Measure.NOTHING: "Der Eintrag bleibt, wie er ist.",
        Measure.REMOVED: "Der Eintrag wird hier nicht mehr gezeigt.",
        Measure.ACTOR_BLOCKED: "Der Eintrag wird hier nicht mehr gezeigt, und sein Konto ist gesperrt.",
        Measure.HOST_LIMITED: "Der Eintrag wird hier nicht mehr gezeigt, und seine Quelle ist eingeschränkt.",
        Measure.HOST_BLOCKED: "Der Eintrag wird hier nicht mehr gezeigt, und seine Quelle ist gesperrt.",
    }
)
"""What was decided, in words for whoever reported it."""
GROUNDS: Mapping[str, str] = MappingProxyType(
    {
        Ground.RULES: "Verstößt gegen die Regeln dieses Portals",
        Ground.LAW: "Verstößt gegen ein Gesetz",
        Ground.OUTDATED: "Stimmt nicht mehr oder ist veraltet",
    }
)
"""Why something was taken down, in words."""
OBJECT = "widerspruch"
"""The purpose of the links by which organisations object, and the beginning of their path."""
_PACKAGE = "moderation"


# --- to the organisation ----------------------------------------------------------------------------------------------
def taken_down(settings: Settings, home: str, to: Recipient, name: str, row: MeasureRow) -> Letter:
    """Return the letter that tells the organisation called `name` what was taken down and why (DSA Art. 17)."""
    words = _words(to)
    t = words.gettext
    said = [
        t(
            "wir haben den Eintrag „%(title)s“ von „%(name)s“ zurückgezogen. Er ist hier und in allen anderen Portalen "
            "gelöscht, die ihn von uns hatten."
        )
        % {"title": row.title, "name": name},
        _grounds(words, row),
        t("Jemand hatte den Eintrag gemeldet. Ein Mensch hat ihn geprüft und entschieden; keine Maschine.")
        if row.reported
        else t("Der Eintrag ist uns selbst aufgefallen. Ein Mensch hat ihn geprüft und entschieden; keine Maschine."),
        _redress(settings, words, row),
        t("Unsere Regeln stehen unter %(url)s. Eine berichtigte Fassung dürfen Sie neu veröffentlichen.")
        % {"url": _rules(settings)},
    ]
    subject = t("Zurückgezogen: „%(title)s“") % {"title": row.title}
    return _letter(settings, home, Recipient(to.mail, words.code), subject, said, row.at)


def suspended(settings: Settings, home: str, to: Recipient, name: str, row: MeasureRow) -> Letter:
    """Return the letter that tells the organisation called `name` that it is suspended and why (DSA Art. 17)."""
    words = _words(to)
    t = words.gettext
    said = [
        t(
            "wir haben „%(name)s“ auf diesem Portal gesperrt, bis auf Weiteres. Ihre Angebote und Termine sind hier "
            "nicht mehr zu sehen und in allen anderen Portalen gelöscht, die sie von uns hatten. Veröffentlichen und "
            "Nachrichten ins Fediverse schreiben können Sie zurzeit nicht. Anmelden und alles lesen können Sie weiter."
        )
        % {"name": name},
        _grounds(words, row),
        t("Jemand hatte Ihre Organisation gemeldet. Ein Mensch hat es geprüft und entschieden; keine Maschine.")
        if row.reported
        else t("Es ist uns selbst aufgefallen. Ein Mensch hat es geprüft und entschieden; keine Maschine."),
        _redress(settings, words, row),
        t(
            "Unsere Regeln stehen unter %(url)s. Was Sie geschrieben haben, bewahren wir auf: Wird die Sperre "
            "aufgehoben, steht es wieder da."
        )
        % {"url": _rules(settings)},
    ]
    subject = t("Gesperrt: „%(title)s“") % {"title": row.title}
    return _letter(settings, home, Recipient(to.mail, words.code), subject, said, row.at)


def lifted(settings: Settings, home: str, to: Recipient, name: str, row: MeasureRow) -> Letter:
    """Return the letter that tells the organisation called `name` that its suspension is over."""
    words = _words(to)
    opening = words.gettext(
        "die Sperre von „%(name)s“ ist aufgehoben. Sie können wieder veröffentlichen. Ihre Angebote und Termine stehen "
        "wieder da; nur was inzwischen abgelaufen ist, nicht."
    )
    subject = words.gettext("Sperre aufgehoben: „%(title)s“") % {"title": row.title}
    said = [opening % {"name": name}, _anew(words)]
    return _letter(settings, home, Recipient(to.mail, words.code), subject, said, row.lifted_at or row.at)


def _words(to: Recipient) -> Language:
    return i18n.of_letters(to.language, _PACKAGE)


def _rules(settings: Settings) -> str:
    return f"{settings.url}/regeln"


def _grounds(words: Language, row: MeasureRow) -> str:
    ground = words.gettext(GROUNDS[row.ground])
    return words.gettext("Grund: %(reason)s.") % {"reason": f"{ground[0].lower()}{ground[1:]}"} + f"\n{row.reason}"


def objection_link(settings: Settings, number: int, at: datetime) -> str:
    """Return the private link to the page on which a measure of `at` is objected to, "" where none can be signed."""
    if not settings.secret:
        return ""
    return links.link(settings, OBJECT, str(number), str(number), at + MEASURES_LAST)


def _redress(settings: Settings, words: Language, row: MeasureRow) -> str:
    day, link = words.long_day(row.at + MEASURES_LAST), objection_link(settings, row.id, row.at)
    if link:
        how = words.gettext(
            "Wenn Sie nicht einverstanden sind, können Sie bis zum %(day)s widersprechen, auf dieser Seite:"
        )
        how = f"{how % {'day': day}}\n{link}\n"
    else:
        how = words.gettext(
            "Wenn Sie nicht einverstanden sind, können Sie bis zum %(day)s widersprechen, bei der Stelle im Impressum "
            "(%(url)s)."
        )
        how = f"{how % {'day': day, 'url': f'{settings.url}/impressum'}} "
    return how + words.gettext(
        "Jemand prüft es noch einmal, kostenlos. Sie können sich auch an eine zugelassene Streitbeilegungsstelle "
        "wenden (Artikel 21 des Gesetzes über digitale Dienste) oder an ein Gericht."
    )


def _anew(words: Language) -> str:
    return words.gettext(
        "Andere Portale bekommen alles neu. Was dort als „gefällt mir“ oder als Antwort daran stand, kommt nicht "
        "zurück."
    )


def objected(settings: Settings, home: str, to: Recipient, name: str, row: MeasureRow) -> Letter:
    """Return the letter that confirms an objection of the organisation called `name`."""
    words = _words(to)
    t = words.gettext
    about = {"name": name, "title": row.title}
    said = [
        t("der Widerspruch von „%(name)s“ zu „%(title)s“ ist angekommen.") % about,
        t(
            "Ein Mensch prüft ihn, möglichst nicht der, der entschieden hat. Was dabei herauskommt, schreiben wir "
            "Ihnen."
        ),
    ]
    subject = t("Ihr Widerspruch ist da: „%(title)s“") % about
    return _letter(settings, home, Recipient(to.mail, words.code), subject, said, row.objected_at or row.at)


def answered(settings: Settings, home: str, to: Recipient, name: str, row: MeasureRow) -> Letter:
    """Return the letter that tells the organisation called `name` what became of its objection (DSA Art. 20 (5)).

    Of a suspension that still holds it says that it is lifted: whoever upholds the objection does so.
    """
    words = _words(to)
    about = {"name": name, "title": row.title}
    upheld = row.outcome == Outcome.UPHELD
    said = list(_upheld(words, row, about) if upheld else _rejected(words, row, about))
    subject = words.gettext("Ihr Widerspruch: „%(title)s“") % about
    return _letter(settings, home, Recipient(to.mail, words.code), subject, said, row.answered_at or row.at)


def _upheld(words: Language, row: MeasureRow, about: Mapping[str, str]) -> Iterator[str]:
    t = words.gettext
    right = t("Sie hatten recht: Wir haben dem Widerspruch von „%(name)s“ zu „%(title)s“ stattgegeben.") % about
    back = t("Was zurückgezogen war, steht wieder da; nur was inzwischen abgelaufen ist, finden Sie unter „Begonnen“.")
    if row.kind != Kind.SUSPENDED:
        yield f"{right} {back}"
    elif row.lifted_at is None:
        yield " ".join((right, t("Die Sperre ist aufgehoben, Sie können wieder veröffentlichen."), back))
        yield _anew(words)
    else:
        yield " ".join((right, t("Die Sperre war schon aufgehoben.")))
    if row.answer:
        yield row.answer


def _rejected(words: Language, row: MeasureRow, about: Mapping[str, str]) -> Iterator[str]:
    t = words.gettext
    yield t("wir haben den Widerspruch von „%(name)s“ zu „%(title)s“ geprüft. Es bleibt bei der Entscheidung.") % about
    yield "\n".join((t("Der Grund:"), row.answer))
    yield t(
        "Ein Mensch hat das geprüft und entschieden; keine Maschine. Sie können sich noch an eine zugelassene "
        "Streitbeilegungsstelle wenden (Artikel 21 des Gesetzes über digitale Dienste) oder an ein Gericht."
    )


@dataclass(frozen=True, slots=True)
class Looked:
    """That somebody looked at what waited: given back for a `reason`, or shown (""); `href` is where it goes on."""

    title: str
    href: str
    reason: str
    at: datetime


def looked_at(settings: Settings, home: str, to: Recipient, looked: Looked) -> Letter:
    """Return the letter that tells an organisation what became of what it handed in."""
    words = _words(to)
    t = words.gettext
    about = {"title": looked.title}
    if looked.reason:
        subject = t("Noch nicht veröffentlicht: „%(title)s“")
        said = [
            t("wir haben uns „%(title)s“ angesehen und noch nicht veröffentlicht. Der Grund:") % about,
            looked.reason,
            t("Alles, was Sie geschrieben haben, ist noch da. Bitte ändern Sie es, und geben Sie es noch einmal ab."),
            looked.href,
        ]
    else:
        subject = t("Veröffentlicht: „%(title)s“")
        shown = t("wir haben uns „%(title)s“ angesehen und veröffentlicht:") % about
        said = [f"{shown}\n{looked.href}", t("Was Sie ab jetzt veröffentlichen, steht sofort da.")]
    return _letter(settings, home, Recipient(to.mail, words.code), subject % about, said, looked.at)


# --- to whoever reported ----------------------------------------------------------------------------------------------
def receipt(settings: Settings, home: str, row: ReportRow, title: str, now: datetime) -> Letter:
    """Return the letter that confirms a report (DSA Art. 16 (4))."""
    words = i18n.of_letters(row.language, _PACKAGE)
    t = words.gettext
    said = t(
        "Ihre Meldung über „%(title)s“ ist angekommen; sie hat die Nummer %(number)s. Ein Mensch sieht sie sich an. "
        "Was entschieden wurde, schreiben wir Ihnen; danach löschen wir Ihre Adresse."
    ) % {"title": title, "number": row.id}
    closing = t("Wenn Sie nichts gemeldet haben, hat jemand Ihre Adresse angegeben. Dann brauchen Sie nichts zu tun.")
    to = Recipient(row.mail, words.code)
    return _letter(settings, home, to, t("Ihre Meldung ist angekommen"), [said, closing], now)


def decided(settings: Settings, home: str, row: ReportRow, now: datetime) -> Letter:
    """Return the letter that tells what was decided (DSA Art. 16 (5))."""
    words = i18n.of_letters(row.language, _PACKAGE)
    t = words.gettext
    said = t("Ihre Meldung mit der Nummer %(number)s wurde von einem Menschen geprüft.") % {"number": row.id}
    done, why = t(MEASURES.get(row.measure, "")), row.decision
    told = " ".join(filter(None, (done, why))) or t("Die Prüfung ist abgeschlossen.")
    decision = t("Entschieden wurde: %(decision)s") % {"decision": told}
    closing = t(
        "Wenn Sie damit nicht einverstanden sind, wenden Sie sich bitte an die Stelle, die im Impressum steht. Ihre "
        "Adresse ist bei uns jetzt gelöscht."
    )
    to = Recipient(row.mail, words.code)
    return _letter(settings, home, to, t("Ihre Meldung ist entschieden"), [said, decision, closing], now)


def _letter(settings: Settings, home: str, to: Recipient, subject: str, parts: list[str], at: datetime) -> Letter:
    """Return a letter of these paragraphs; they are in the language of `to`."""
    return Letter(
        id=letters.new_id(),
        to=to.mail,
        sender=home,
        subject=subject,
        text="\n\n".join([i18n.language(to.language).gettext("Guten Tag,"), *parts, f"{home}\n{settings.url}"]),
        written_at=at,
        headers=(("Content-Language", to.language),),
    )
