"""What leaves us about reports: the receipt, what was decided, and to an organisation why something was taken down.

None quotes what the reporter wrote, nor says who it was.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from types import MappingProxyType

from fediverse_ehrenamt.mail import letters, links
from fediverse_ehrenamt.mail.letters import Letter
from fediverse_ehrenamt.moderation.model import MeasureRow, ReportRow
from fediverse_ehrenamt.moderation.rules import MEASURES_LAST, Ground, Kind, Measure, Outcome
from fediverse_ehrenamt.settings import Settings
from fediverse_ehrenamt.web import i18n

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
_ELSEWHERE = (
    "an eine zugelassene Streitbeilegungsstelle wenden (Artikel 21 des Gesetzes über digitale Dienste) oder an ein "
    "Gericht."
)
_ANEW = (
    "Andere Portale bekommen alles neu. Was dort als „gefällt mir“ oder als Antwort daran stand, kommt nicht zurück."
)
_GERMAN = "de"  # of letters to organisations: nobody asked them for another language


def taken_down(settings: Settings, home: str, to: str, name: str, row: MeasureRow) -> Letter:
    """Return the letter that tells the organisation called `name` what was taken down and why (DSA Art. 17)."""
    cause = "Jemand hatte den Eintrag gemeldet" if row.reported else "Der Eintrag ist uns selbst aufgefallen"
    said = [
        (
            f"wir haben den Eintrag „{row.title}“ von „{name}“ zurückgezogen. Er ist hier und in allen anderen "
            "Portalen gelöscht, die ihn von uns hatten."
        ),
        _grounds(row),
        f"{cause}. Ein Mensch hat ihn geprüft und entschieden; keine Maschine.",
        _redress(settings, row),
        f"Unsere Regeln stehen unter {settings.url}/regeln. Eine berichtigte Fassung dürfen Sie neu veröffentlichen.",
    ]
    return _to_organisation(settings, home, to, f"Zurückgezogen: „{row.title}“", said, row.at)


def suspended(settings: Settings, home: str, to: str, name: str, row: MeasureRow) -> Letter:
    """Return the letter that tells the organisation called `name` that it is suspended and why (DSA Art. 17)."""
    cause = "Jemand hatte Ihre Organisation gemeldet" if row.reported else "Es ist uns selbst aufgefallen"
    said = [
        (
            f"wir haben „{name}“ auf diesem Portal gesperrt, bis auf Weiteres. Ihre Angebote und Termine sind hier "
            "nicht mehr zu sehen und in allen anderen Portalen gelöscht, die sie von uns hatten. Veröffentlichen und "
            "Nachrichten ins Fediverse schreiben können Sie zurzeit nicht. Anmelden und alles lesen können Sie weiter."
        ),
        _grounds(row),
        f"{cause}. Ein Mensch hat es geprüft und entschieden; keine Maschine.",
        _redress(settings, row),
        (
            f"Unsere Regeln stehen unter {settings.url}/regeln. Was Sie geschrieben haben, bewahren wir auf: Wird die "
            "Sperre aufgehoben, steht es wieder da."
        ),
    ]
    return _to_organisation(settings, home, to, f"Gesperrt: „{row.title}“", said, row.at)


def lifted(settings: Settings, home: str, to: str, name: str, row: MeasureRow) -> Letter:
    """Return the letter that tells the organisation called `name` that its suspension is over."""
    said = [
        (
            f"die Sperre von „{name}“ ist aufgehoben. Sie können wieder veröffentlichen. Ihre Angebote und Termine "
            "stehen wieder da; nur was inzwischen abgelaufen ist, nicht."
        ),
        _ANEW,
    ]
    return _to_organisation(settings, home, to, f"Sperre aufgehoben: „{row.title}“", said, row.lifted_at or row.at)


def _grounds(row: MeasureRow) -> str:
    ground = GROUNDS[row.ground]
    return f"Grund: {ground[0].lower()}{ground[1:]}.\n{row.reason}"


def objection_link(settings: Settings, number: int, at: datetime) -> str:
    """Return the private link to the page on which a measure of `at` is objected to, "" where none can be signed."""
    if not settings.secret:
        return ""
    return links.link(settings, OBJECT, str(number), str(number), at + MEASURES_LAST)


def _redress(settings: Settings, row: MeasureRow) -> str:
    until = i18n.language(_GERMAN).long_day(row.at + MEASURES_LAST)
    link = objection_link(settings, row.id, row.at)
    how = f"auf dieser Seite:\n{link}\n" if link else f"bei der Stelle im Impressum ({settings.url}/impressum). "
    return (
        f"Wenn Sie nicht einverstanden sind, können Sie bis zum {until} widersprechen, {how}"
        f"Jemand prüft es noch einmal, kostenlos. Sie können sich auch {_ELSEWHERE}"
    )


def objected(settings: Settings, home: str, to: str, name: str, row: MeasureRow) -> Letter:
    """Return the letter that confirms an objection of the organisation called `name`."""
    said = [
        f"der Widerspruch von „{name}“ zu „{row.title}“ ist angekommen.",
        "Ein Mensch prüft ihn, möglichst nicht der, der entschieden hat. Was dabei herauskommt, schreiben wir Ihnen.",
    ]
    return _to_organisation(
        settings, home, to, f"Ihr Widerspruch ist da: „{row.title}“", said, row.objected_at or row.at
    )


def answered(settings: Settings, home: str, to: str, name: str, row: MeasureRow) -> Letter:
    """Return the letter that tells the organisation called `name` what became of its objection (DSA Art. 20 (5)).

    Of a suspension that still holds it says that it is lifted: whoever upholds the objection does so.
    """
    if row.outcome == Outcome.UPHELD:
        right = f"Sie hatten recht: Wir haben dem Widerspruch von „{name}“ zu „{row.title}“ stattgegeben."
        back = "Was zurückgezogen war, steht wieder da; nur was inzwischen abgelaufen ist, finden Sie unter „Begonnen“."
        if row.kind != Kind.SUSPENDED:
            said = [f"{right} {back}"]
        elif row.lifted_at is None:
            said = [f"{right} Die Sperre ist aufgehoben, Sie können wieder veröffentlichen. {back}", _ANEW]
        else:
            said = [f"{right} Die Sperre war schon aufgehoben."]
        said += [row.answer] if row.answer else []
    else:
        said = [
            f"wir haben den Widerspruch von „{name}“ zu „{row.title}“ geprüft. Es bleibt bei der Entscheidung.",
            f"Der Grund:\n{row.answer}",
            f"Ein Mensch hat das geprüft und entschieden; keine Maschine. Sie können sich noch {_ELSEWHERE}",
        ]
    return _to_organisation(settings, home, to, f"Ihr Widerspruch: „{row.title}“", said, row.answered_at or row.at)


@dataclass(frozen=True, slots=True)
class Looked:
    """That somebody looked at what waited: given back for a `reason`, or shown (""); `href` is where it goes on."""

    title: str
    href: str
    reason: str
    at: datetime


def looked_at(settings: Settings, home: str, to: str, looked: Looked) -> Letter:
    """Return the letter that tells an organisation what became of what it handed in."""
    if looked.reason:
        subject = f"Noch nicht veröffentlicht: „{looked.title}“"
        said = [
            f"wir haben uns „{looked.title}“ angesehen und noch nicht veröffentlicht. Der Grund:",
            looked.reason,
            "Alles, was Sie geschrieben haben, ist noch da. Bitte ändern Sie es, und geben Sie es noch einmal ab.",
            looked.href,
        ]
    else:
        subject = f"Veröffentlicht: „{looked.title}“"
        said = [
            f"wir haben uns „{looked.title}“ angesehen und veröffentlicht:\n{looked.href}",
            "Was Sie ab jetzt veröffentlichen, steht sofort da.",
        ]
    return _to_organisation(settings, home, to, subject, said, looked.at)


def _to_organisation(settings: Settings, home: str, to: str, subject: str, said: list[str], at: datetime) -> Letter:
    return Letter(
        id=letters.new_id(),
        to=to,
        sender=home,
        subject=subject,
        text="\n\n".join(["Guten Tag,", *said, f"{home}\n{settings.url}"]),
        written_at=at,
        headers=(("Content-Language", _GERMAN),),
    )


def receipt(settings: Settings, home: str, row: ReportRow, title: str, now: datetime) -> Letter:
    """Return the letter that confirms a report (DSA Art. 16 (4))."""
    t = i18n.language(row.language).gettext
    said = t(
        "Ihre Meldung über „%(title)s“ ist angekommen; sie hat die Nummer %(number)s. Ein Mensch sieht sie sich an. "
        "Was entschieden wurde, schreiben wir Ihnen; danach löschen wir Ihre Adresse."
    ) % {"title": title, "number": row.id}
    closing = t("Wenn Sie nichts gemeldet haben, hat jemand Ihre Adresse angegeben. Dann brauchen Sie nichts zu tun.")
    return _letter(settings, home, row, t("Ihre Meldung ist angekommen"), [said, closing], now)


def decided(settings: Settings, home: str, row: ReportRow, now: datetime) -> Letter:
    """Return the letter that tells what was decided (DSA Art. 16 (5))."""
    t = i18n.language(row.language).gettext
    said = t("Ihre Meldung mit der Nummer %(number)s wurde von einem Menschen geprüft.") % {"number": row.id}
    done, why = t(MEASURES.get(row.measure, "")) if row.measure else "", row.decision
    told = " ".join(filter(None, (done, why))) or t("Die Prüfung ist abgeschlossen.")
    decision = t("Entschieden wurde: %(decision)s") % {"decision": told}
    closing = t(
        "Wenn Sie damit nicht einverstanden sind, wenden Sie sich bitte an die Stelle, die im Impressum steht. Ihre "
        "Adresse ist bei uns jetzt gelöscht."
    )
    return _letter(settings, home, row, t("Ihre Meldung ist entschieden"), [said, decision, closing], now)


def _letter(settings: Settings, home: str, row: ReportRow, subject: str, parts: list[str], now: datetime) -> Letter:
    words = i18n.language(row.language)
    return Letter(
        id=letters.new_id(),
        to=row.mail,
        sender=home,
        subject=subject,
        text="\n\n".join([words.gettext("Guten Tag,"), *parts, f"{home}\n{settings.url}"]),
        written_at=now,
        headers=(("Content-Language", row.language),),
    )
