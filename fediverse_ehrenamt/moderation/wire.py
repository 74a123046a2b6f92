"""What leaves us about reports of visitors: the receipt, and what was decided. Neither quotes what somebody wrote."""

from datetime import datetime

from fediverse_ehrenamt.mail import letters
from fediverse_ehrenamt.mail.letters import Letter
from fediverse_ehrenamt.moderation.model import ReportRow
from fediverse_ehrenamt.settings import Settings
from fediverse_ehrenamt.web import i18n


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
    decision = t("Entschieden wurde: %(decision)s") % {"decision": row.decision or t("Die Prüfung ist abgeschlossen.")}
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
