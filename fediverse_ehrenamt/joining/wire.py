"""What leaves us about a request to take part: its private link, and the letters to the person."""

from datetime import timedelta
from typing import Final

from fediverse_ehrenamt.joining import rules
from fediverse_ehrenamt.joining.model import RequestRow
from fediverse_ehrenamt.mail import letters, links, notices
from fediverse_ehrenamt.mail.letters import Letter
from fediverse_ehrenamt.mail.notices import From, Notice
from fediverse_ehrenamt.web import i18n, rendering

PURPOSE: Final = "mein-antrag"
"""The beginning of the path of a request's private page; part of what its token signs."""


def request_link(sender: From, row: RequestRow, holds: timedelta = rules.LINKS_HOLD) -> str:
    """Return the private link of a request; whoever has it may act for the person."""
    return links.link(sender.settings, PURPOSE, row.code, row.code, sender.now + holds)


def question(sender: From, row: RequestRow) -> Letter:
    """Return the letter that asks whether a request is really theirs."""
    words = i18n.language(row.language)
    about = {"name": row.name, "home": sender.home}
    said = Notice(
        subject=words.gettext("Bitte bestätigen: „%(name)s“ anmelden") % {"name": letters.short(row.name)},
        opening=words.gettext(
            "jemand – vermutlich Sie – möchte „%(name)s“ bei „%(home)s“ anmelden. Bitte bestätigen Sie, dass das "
            "stimmt. Erst dann sieht die Koordination den Antrag."
        )
        % about,
        button=words.gettext("Antrag ansehen und bestätigen"),
        href=request_link(sender, row, rules.CONFIRM_WITHIN),
        closing=(
            words.gettext(
                "Wenn Sie das nicht waren, tun Sie einfach nichts: Nach wenigen Tagen ist alles gelöscht, und es kommt "
                "keine weitere E-Mail."
            ),
        ),
    )
    return notices.letter(sender, row.mail, row.language, said)


def receipt(sender: From, row: RequestRow) -> Letter:
    """Return the letter that says that a request has come."""
    words = i18n.language(row.language)
    said = Notice(
        subject=words.gettext("Ihr Antrag ist da: „%(name)s“") % {"name": letters.short(row.name)},
        opening=words.gettext(
            "Ihr Antrag für „%(name)s“ liegt jetzt bei der Koordination von „%(home)s“. Sie bekommen eine E-Mail, "
            "sobald darüber entschieden ist."
        )
        % {"name": row.name, "home": sender.home},
        button=words.gettext("Stand des Antrags ansehen"),
        href=request_link(sender, row),
        closing=(
            words.gettext("Dort können Sie den Antrag auch zurückziehen. Bitte geben Sie den Link nicht weiter."),
        ),
    )
    return notices.letter(sender, row.mail, row.language, said)


def again(sender: From, row: RequestRow) -> Letter:
    """Return the letter with a new link in the place of one that has expired."""
    if row.state == rules.UNCONFIRMED:
        return question(sender, row)
    words = i18n.language(row.language)
    said = Notice(
        subject=words.gettext("Ihr neuer Link: „%(name)s“") % {"name": letters.short(row.name)},
        opening=words.gettext("mit diesem Link sehen Sie, wie es um Ihren Antrag für „%(name)s“ steht.")
        % {"name": row.name},
        button=words.gettext("Stand des Antrags ansehen"),
        href=request_link(sender, row),
    )
    return notices.letter(sender, row.mail, row.language, said)


def asked_back(sender: From, row: RequestRow, text: str) -> Letter:
    """Return the letter with a question of the coordinators."""
    words = i18n.language(row.language)
    said = Notice(
        subject=words.gettext("Rückfrage zu „%(name)s“") % {"name": letters.short(row.name)},
        opening=words.gettext("die Koordination von „%(home)s“ hat eine Frage zu Ihrem Antrag für „%(name)s“:")
        % {"name": row.name, "home": sender.home},
        quote=text,
        button=words.gettext("Antworten"),
        href=request_link(sender, row),
        closing=(words.gettext("Bitte antworten Sie über den Link; eine Antwort auf diese E-Mail kommt nicht an."),),
    )
    return notices.letter(sender, row.mail, row.language, said)


def refused(sender: From, row: RequestRow) -> Letter:
    """Return the letter that says no, and why."""
    words = i18n.language(row.language)
    said = Notice(
        subject=words.gettext("Ihr Antrag für „%(name)s“") % {"name": letters.short(row.name)},
        opening=words.gettext("leider kann „%(name)s“ bei „%(home)s“ nicht mitmachen. Die Begründung:")
        % {"name": row.name, "home": sender.home},
        quote=row.reason,
        button=words.gettext("Antrag ansehen"),
        href=request_link(sender, row),
        closing=(
            words.gettext("Wenn sich daran etwas ändert, können Sie jederzeit einen neuen Antrag stellen: %(url)s")
            % {"url": f"{sender.settings.url}{rendering.JOIN}"},
        ),
    )
    return notices.letter(sender, row.mail, row.language, said)


def approved(sender: From, row: RequestRow, handle: str, href: str) -> Letter:
    """Return the letter that says yes and how to begin; `href` leads in, `handle` is the one that it got."""
    words = i18n.language(row.language)
    address = f"@{handle}@{sender.settings.handle_domain}"
    said = Notice(
        subject=words.gettext("Willkommen: „%(name)s“ ist dabei") % {"name": letters.short(row.name)},
        opening=words.gettext("„%(name)s“ ist jetzt bei „%(home)s“ dabei. So fangen Sie an:")
        % {"name": row.name, "home": sender.home},
        button=words.gettext("Jetzt loslegen"),
        href=href,
        closing=(
            words.gettext("1. Öffnen Sie den Link. Er meldet Sie an; ein Passwort brauchen Sie nicht."),
            words.gettext("2. Schreiben Sie Ihr erstes Angebot: Das dauert drei Minuten."),
            words.gettext("3. Unter „Profil“ zeigen Sie, wer Sie sind; unter „Team“ laden Sie andere ein."),
            words.gettext("Im Fediverse, zum Beispiel von Mastodon aus, kann man Ihnen folgen: %(address)s")
            % {"address": address},
            words.gettext("Der Link gilt 14 Tage. Danach bekommen Sie hier einen neuen: %(url)s")
            % {"url": request_link(sender, row)},
        ),
    )
    return notices.letter(sender, row.mail, row.language, said)
