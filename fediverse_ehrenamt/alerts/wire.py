"""What leaves us about saved searches: the letter that asks for confirmation, the letters that tell what is new."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from fediverse_ehrenamt.alerts import rules
from fediverse_ehrenamt.alerts.model import AlertRow
from fediverse_ehrenamt.discover import results, view
from fediverse_ehrenamt.discover.view import Reader
from fediverse_ehrenamt.mail import letters
from fediverse_ehrenamt.mail.letters import Letter
from fediverse_ehrenamt.mail.links import link
from fediverse_ehrenamt.search import saved
from fediverse_ehrenamt.search.model import Document
from fediverse_ehrenamt.search.query import Query
from fediverse_ehrenamt.settings import Settings
from fediverse_ehrenamt.web import i18n, rendering
from fediverse_ehrenamt.web.i18n import Language

CONFIRM, STOP = "suche-bestaetigen", "suche-beenden"
"""What a link is for: the beginning of its path, and part of what its token signs."""

_TEMPLATE = "alerts/letter.html"


@dataclass(frozen=True, slots=True)
class _Found:
    """An offer in a letter; every text is one plain line."""

    title: str
    kind: str
    facts: tuple[str, ...]
    href: str


@dataclass(frozen=True, slots=True)
class _Words:
    """All that a letter says, in one language; text and HTML are made of it."""

    opening: str
    found: tuple[_Found, ...]
    more: str
    button: str
    button_href: str
    closing: str
    stop: str
    stop_href: str
    home: str
    url: str


def shown(params: str, words: Language) -> str:
    """Return a saved search in words: "„Garten“ · 20 km um Hagen · Kultur und Musik"."""
    query = saved.query(params) or Query()
    return " · ".join(choice.label for choice in results.active(query, words))


def subject_of(row: AlertRow) -> str:
    """Return what the token of a link about a search signs."""
    return f"{row.id} {row.mail}"


def question(settings: Settings, home: str, row: AlertRow, now: datetime) -> Letter:
    """Return the letter that asks whether somebody wants to be written to."""
    words = i18n.language(row.language)
    until = row.asked_at + rules.CONFIRM_WITHIN
    name = shown(row.params, words)
    opening = words.gettext(
        "jemand – vermutlich Sie – möchte von „%(home)s“ per E-Mail erfahren, was es zu dieser Suche Neues gibt: "
        "%(search)s"
    ) % {"home": home, "search": name}
    closing = words.gettext(
        "Der Link gilt zwei Tage. Wenn Sie das nicht waren, tun Sie einfach nichts: Dann wird Ihre Adresse gelöscht, "
        "und es kommt keine weitere E-Mail."
    )
    said = _Words(
        opening=opening,
        found=(),
        more="",
        button=words.gettext("Ja, schreiben Sie mir"),
        button_href=link(settings, CONFIRM, subject_of(row), str(row.id), until),
        closing=closing,
        stop="",
        stop_href="",
        home=home,
        url=settings.url,
    )
    return _letter(row, said, words.gettext("Bitte bestätigen: Neues zu Ihrer Suche"), now)


def digest(settings: Settings, home: str, row: AlertRow, documents: Sequence[Document], now: datetime) -> Letter:
    """Return the letter with what is new, at least one Document; it names LISTED of them and counts the others."""
    words = i18n.language(row.language)
    name = shown(row.params, words)
    count = len(documents)
    until = now + rules.LINKS_HOLD
    opening = words.ngettext(
        "zu Ihrer Suche (%(search)s) gibt es %(number)s neuen Treffer:",
        "zu Ihrer Suche (%(search)s) gibt es %(number)s neue Treffer:",
        count,
    ) % {"search": name, "number": words.number(count)}
    left = count - rules.LISTED
    more = words.ngettext("und %(number)s weiterer", "und %(number)s weitere", left) % {"number": words.number(left)}
    query = saved.query(row.params) or Query()
    reader = Reader(words, now, settings.url)
    said = _Words(
        opening=opening,
        found=tuple(_found(settings, document, reader) for document in documents[: rules.LISTED]),
        more=more if left > 0 else "",
        button=words.gettext("Alle Ergebnisse ansehen"),
        button_href=settings.url + results.href(query.pairs()),
        closing=words.gettext("Sie bekommen diese E-Mail, weil Sie das so bestellt haben."),
        stop=words.gettext("Keine E-Mails mehr zu dieser Suche"),
        stop_href=link(settings, STOP, subject_of(row), str(row.id), until),
        home=home,
        url=settings.url,
    )
    subject = words.ngettext("%(number)s neuer Treffer: %(search)s", "%(number)s neue Treffer: %(search)s", count)
    about = {"number": words.number(count), "search": letters.short(name)}
    return _letter(row, said, subject % about, now)


def _found(settings: Settings, document: Document, reader: Reader) -> _Found:
    card = view.card(document, reader)
    facts = [card.organisation, card.place, card.when, card.status, card.origin]
    return _Found(card.title, card.kind_label, tuple(fact for fact in facts if fact), settings.url + card.href)


def _letter(row: AlertRow, said: _Words, subject: str, now: datetime) -> Letter:
    headers = [("Content-Language", row.language)]
    if said.stop_href:
        one_click = ("List-Unsubscribe-Post", "List-Unsubscribe=One-Click")  # RFC 8058
        headers += [("List-Unsubscribe", f"<{said.stop_href}>"), one_click]
    return Letter(
        id=letters.new_id(),
        to=row.mail,
        sender=said.home,
        subject=subject,
        text=_text(said, i18n.language(row.language)),
        html=rendering.environment(row.language).get_template(_TEMPLATE).render(said=said),
        written_at=now,
        headers=tuple(headers),
    )


def _text(said: _Words, words: Language) -> str:
    parts = [f"{words.gettext('Guten Tag,')}\n\n{said.opening}\n"]
    for number, one in enumerate(said.found, 1):
        parts.append("\n".join([f"{number}. {one.title} ({one.kind})", *(f"   {fact}" for fact in one.facts)]))
        parts.append(f"   {one.href}\n")
    if said.more:
        parts.append(f"… {said.more}\n")
    parts.append(f"{said.button}:\n{said.button_href}\n\n{said.closing}\n\n{said.home}\n{said.url}")
    if said.stop:
        parts.append(f"\n-- \n{said.stop}:\n{said.stop_href}")
    return "\n".join(parts)
