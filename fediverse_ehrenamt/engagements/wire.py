"""What leaves us about an enquiry: the links to it, and the letters to the person and to the organisation."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from typing import Final

from fediverse_ehrenamt.accounts.wire import Recipient
from fediverse_ehrenamt.discover import facts
from fediverse_ehrenamt.engagements import rules
from fediverse_ehrenamt.engagements.model import EnquiryRow
from fediverse_ehrenamt.engagements.rules import Person
from fediverse_ehrenamt.federation import addresses
from fediverse_ehrenamt.mail import letters, notices
from fediverse_ehrenamt.mail.letters import Letter
from fediverse_ehrenamt.mail.links import link
from fediverse_ehrenamt.mail.notices import Notice
from fediverse_ehrenamt.settings import Settings
from fediverse_ehrenamt.vocab.agreements import Agreement
from fediverse_ehrenamt.vocab.types import Accept, Reject
from fediverse_ehrenamt.web import i18n
from fediverse_ehrenamt.web.i18n import Language

PURPOSES: Final = {rules.PERSON: "meine-anfrage", rules.ORGANISATION: "anfrage-beantworten"}
"""The beginnings of the paths of an enquiry's page for either side; part of what their tokens sign."""
_PACKAGE: Final = "engagements"


@dataclass(frozen=True, slots=True)
class From(notices.From):
    """What every letter needs: also the organisation's name."""

    organisation: str


def enquiry_link(settings: Settings, row: EnquiryRow, side: str, now: datetime) -> str:
    """Return the private link of the person or the organisation; whoever has it may act for that side."""
    return link(settings, PURPOSES[side], row.code, row.code, now + rules.LINKS_HOLD)


def contact(person: Person, words: Language) -> Iterator[tuple[str, str]]:
    """Yield label and value of all that somebody said of themselves."""
    yield words.gettext("Name"), person.name
    yield words.gettext("E-Mail"), person.mail
    yield words.gettext("Telefon"), person.phone
    yield words.gettext("So erreichbar"), person.reach
    yield words.gettext("Konto im Fediverse"), person.account
    yield words.gettext("Wann es passt"), "; ".join(facts.week(person.cells, words))


# --- to the person ----------------------------------------------------------------------------------------------------
def question(sender: From, row: EnquiryRow, person: Person) -> Letter:
    """Return the letter that asks whether an enquiry is really theirs."""
    words = i18n.language(row.language)
    about = {"name": sender.organisation, "title": row.title, "home": sender.home}
    said = Notice(
        subject=words.gettext("Bitte bestätigen: Ihre Anfrage zu „%(title)s“") % {"title": letters.short(row.title)},
        opening=words.gettext(
            "jemand – vermutlich Sie – hat über „%(home)s“ bei „%(name)s“ angefragt: „%(title)s“. Bitte bestätigen "
            "Sie, dass die Anfrage von Ihnen ist. Erst dann bekommt die Organisation sie."
        )
        % about,
        button=words.gettext("Anfrage ansehen und bestätigen"),
        href=enquiry_link(sender.settings, row, rules.PERSON, sender.now),
        closing=(
            words.gettext(
                "Derselbe Link zeigt Ihnen später, wie es weitergeht. Dort können Sie antworten, die Anfrage "
                "zurückziehen und alles löschen. Bitte heben Sie diese E-Mail auf und geben Sie den Link nicht weiter."
            ),
            words.gettext(
                "Wenn Sie das nicht waren, tun Sie einfach nichts: Nach drei Tagen ist alles gelöscht, und es kommt "
                "keine weitere E-Mail."
            ),
        ),
    )
    return notices.letter(sender, person.mail, row.language, said)


def to_person(sender: From, row: EnquiryRow, person: Person, step: str, text: str) -> Letter:
    """Return the letter that tells somebody what the organisation did with their enquiry."""
    words = i18n.language(row.language)
    about = {"name": sender.organisation, "title": letters.short(row.title)}
    openings = {
        rules.ANSWER: words.gettext("„%(name)s“ hat auf Ihre Anfrage zu „%(title)s“ geantwortet:"),
        rules.AGREE: words.gettext("gute Nachricht: „%(name)s“ freut sich auf Sie bei „%(title)s“."),
        rules.DECLINE: words.gettext("„%(name)s“ kann Ihre Anfrage zu „%(title)s“ leider nicht annehmen."),
        rules.CLOSE: words.gettext("„%(name)s“ hat Ihre Anfrage zu „%(title)s“ abgeschlossen."),
    }
    subjects = {
        rules.ANSWER: words.gettext("Antwort auf Ihre Anfrage zu „%(title)s“"),
        rules.AGREE: words.gettext("Zusage zu „%(title)s“"),
    }
    elsewhere = words.gettext("Andere Angebote, die vielleicht zu Ihnen passen, finden Sie hier: %(url)s")
    by_link = words.gettext("Bitte antworten Sie über den Link, nicht auf diese E-Mail: Sonst kommt es nicht an.")
    said = Notice(
        subject=subjects.get(step, words.gettext("Ihre Anfrage zu „%(title)s“")) % about,
        opening=openings[step] % about,
        quote=text,
        facts=((words.gettext("Grund"), words.gettext(rules.REASONS[row.reason])),) if step == rules.CLOSE else (),
        button=words.gettext("Anfrage ansehen und antworten"),
        href=enquiry_link(sender.settings, row, rules.PERSON, sender.now),
        closing=(elsewhere % {"url": f"{sender.settings.url}/"} if step in {rules.DECLINE, rules.CLOSE} else by_link,),
    )
    return notices.letter(sender, person.mail, row.language, said)


def plainly(row: EnquiryRow, step: str) -> str:
    """Return what is said in the fediverse of a step that was taken without words."""
    words = i18n.language(row.language)
    if step == rules.CLOSE:
        return words.gettext(rules.REASONS[row.reason])
    return words.gettext("Gern! Wir freuen uns auf Sie bei „%(title)s“.") % {"title": row.title}


def settled(settings: Settings, row: EnquiryRow, to: str, offer: str, text: str, now: datetime) -> Accept | Reject:
    """Return what becomes of the Offer of an Agreement now that it is agreed or over (FEP-0837), for `to` alone.

    The agreement has an id of its own, under which nobody is served: it is between the two.
    """
    activity = addresses.new_activity(settings)
    if row.state != rules.AGREED:
        return Reject(id=activity, actor=row.organisation, object=offer, to=(to,), published=now, content=text)
    _, uri = addresses.new_object(settings)
    made = Agreement(id=uri, attributed_to=row.organisation, satisfies=f"{row.about}#primary")
    return Accept(id=activity, actor=row.organisation, object=offer, to=(to,), published=now, result=made)


# --- to the organisation ----------------------------------------------------------------------------------------------
def to_organisation(sender: From, row: EnquiryRow, person: Person, to: Recipient) -> Letter:
    """Return the letter that brings an enquiry."""
    words = i18n.of_letters(to.language, _PACKAGE)
    assert row.due_at is not None, "it counts"
    about = {"name": person.name, "title": letters.short(row.title), "day": words.long_day(row.due_at)}
    said = Notice(
        subject=words.gettext("Neue Anfrage von %(name)s: „%(title)s“") % about,
        opening=words.gettext("%(name)s interessiert sich für „%(title)s“ und freut sich auf Ihre Antwort.") % about,
        facts=tuple((label, value) for label, value in contact(person, words) if value),
        quote=person.text,
        button=words.gettext("Anfrage ansehen und antworten"),
        href=enquiry_link(sender.settings, row, rules.ORGANISATION, sender.now),
        closing=(
            words.gettext(
                "Bitte antworten Sie bis zum %(day)s. Wenn Sie die Person direkt angeschrieben oder angerufen haben, "
                "klicken Sie auf der Seite bitte auf „Wir sind schon im Gespräch“: Dann erinnern wir Sie nicht."
            )
            % about,
            _confidential(words),
        ),
        reply_to=person.mail,
    )
    return notices.letter(sender, to.mail, words.code, said)


def told_organisation(sender: From, row: EnquiryRow, to: Recipient, person: Person, text: str) -> Letter:
    """Return the letter with what somebody added to their enquiry."""
    words = i18n.of_letters(to.language, _PACKAGE)
    about = {"name": person.name, "title": letters.short(row.title)}
    said = Notice(
        subject=words.gettext("%(name)s hat geschrieben: „%(title)s“") % about,
        opening=words.gettext("%(name)s hat zur Anfrage „%(title)s“ geschrieben:") % about,
        quote=text,
        button=words.gettext("Anfrage ansehen und antworten"),
        href=enquiry_link(sender.settings, row, rules.ORGANISATION, sender.now),
        closing=(_confidential(words),),
        reply_to=person.mail,
    )
    return notices.letter(sender, to.mail, words.code, said)


def withdrawn(sender: From, row: EnquiryRow, to: Recipient) -> Letter:
    """Return the letter that says, without any name, that an enquiry was taken back."""
    words = i18n.of_letters(to.language, _PACKAGE)
    said = Notice(
        subject=words.gettext("Eine Anfrage wurde zurückgezogen: „%(title)s“") % {"title": letters.short(row.title)},
        opening=words.gettext(
            "eine Anfrage zu „%(title)s“ wurde zurückgezogen. Sie müssen nichts mehr tun. Bitte löschen Sie auch die "
            "E-Mails, die Sie dazu bekommen haben."
        )
        % {"title": letters.short(row.title)},
        button=words.gettext("Zur Anfrage"),
        href=enquiry_link(sender.settings, row, rules.ORGANISATION, sender.now),
    )
    return notices.letter(sender, to.mail, words.code, said)


def reminder(sender: From, row: EnquiryRow, person: Person, to: Recipient, *, by_hand: bool = False) -> Letter:
    """Return the letter that reminds an organisation of its promise, before or after its time is over.

    `by_hand` says that a coordinator wished it.
    """
    words = i18n.of_letters(to.language, _PACKAGE)
    assert row.due_at is not None, "it counts"
    late = row.due_at <= sender.now
    about = {"name": person.name, "title": letters.short(row.title), "day": words.long_day(row.due_at)}
    soon = words.gettext("%(name)s wartet auf Ihre Antwort zu „%(title)s“. Sie sollte bis zum %(day)s da sein.")
    over = words.gettext(
        "%(name)s wartet noch immer auf Ihre Antwort zu „%(title)s“. Sie sollte bis zum %(day)s da sein. Auch eine "
        "Absage hilft: Dann kann die Person etwas anderes suchen."
    )
    soon_closing = words.gettext("Wenn Sie schon im Gespräch sind, genügt dort ein Klick.")
    late_closing = words.gettext("Wenn es in drei Tagen keine Antwort gibt, sieht die Koordination nach.")
    by_coordinator = words.gettext("An diese Anfrage erinnert Sie die Koordination von „%(home)s“.") % {
        "home": sender.home
    }
    subject = (
        words.gettext("Überfällig: Anfrage zu „%(title)s“")
        if late
        else words.gettext("Bitte bald antworten: Anfrage zu „%(title)s“")
    )
    said = Notice(
        subject=subject % about,
        opening=(over if late else soon) % about,
        button=words.gettext("Anfrage ansehen und antworten"),
        href=enquiry_link(sender.settings, row, rules.ORGANISATION, sender.now),
        closing=(by_coordinator if by_hand else late_closing if late else soon_closing,),
    )
    return notices.letter(sender, to.mail, words.code, said)


def _confidential(words: Language) -> str:
    return words.gettext(
        "Diese Angaben sind vertraulich. Wer den Link hat, kann für Ihre Organisation antworten; bitte geben Sie ihn "
        "nur dort weiter."
    )
