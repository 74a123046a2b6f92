"""What leaves us about an offer that is about to expire: the links that answer for it, and the letter they stand in."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from fediverse_ehrenamt.accounts.wire import Recipient
from fediverse_ehrenamt.freshness import rules
from fediverse_ehrenamt.mail import letters
from fediverse_ehrenamt.mail.letters import Letter
from fediverse_ehrenamt.mail.links import link
from fediverse_ehrenamt.settings import Settings
from fediverse_ehrenamt.web import i18n, rendering
from fediverse_ehrenamt.web.i18n import Language

CONFIRM, CLOSE, STOP = "stimmt-noch", "nicht-mehr", "keine-erinnerungen"
"""What a link is for: the beginning of its path, and part of what its token signs."""

Said = tuple[tuple[str, int], ...]
"""What visitors say against an offer, as labels that are still to be translated, and how many say it."""
_TEMPLATE = "freshness/letter.html"


@dataclass(frozen=True, slots=True)
class Asked:
    """An offer in a letter: `page` is the opaque id of its page, `place` one line or "".

    A letter asks because of what is `said` against it, or because of its end, not both.
    """

    uri: str
    page: str
    title: str
    place: str
    confirmed_at: datetime
    expires_at: datetime
    said: Said = ()


@dataclass(frozen=True, slots=True)
class Addressee:
    """The organisation that is written to; `uri` is its actor's."""

    uri: str
    handle: str
    name: str
    to: Recipient


@dataclass(frozen=True, slots=True)
class _Question:
    """An offer as the letter words it; `doubted` says that visitors speak against it."""

    title: str
    facts: tuple[str, ...]
    confirm: str
    close: str
    doubted: bool


@dataclass(frozen=True, slots=True)
class _Words:
    """All that the letter says, in one language and plain; `closing` one paragraph each."""

    home: str
    url: str
    opening: str
    questions: Sequence[_Question]
    confirm: str
    close: str
    closing: tuple[str, ...]
    confidential: str
    stop: str
    stop_href: str


# --- the letter -------------------------------------------------------------------------------------------------------
def letter(settings: Settings, home: str, to: Addressee, offers: Sequence[Asked], now: datetime) -> Letter:
    """Return the letter of the instance called `home` that asks about offers, at least one."""
    words = i18n.of_letters(to.to.language, "freshness")
    until = now + rules.LINKS_HOLD
    questions = [_question(settings, words, offer, until) for offer in offers]
    stop = link(settings, STOP, to.uri, to.handle, until)
    said = _Words(
        home=home,
        url=settings.url,
        opening=_opening(words, home, to.name, questions),
        questions=questions,
        confirm=words.gettext("Ja, es stimmt noch"),
        close=words.gettext("Ist besetzt oder gibt es nicht mehr"),
        closing=(
            words.gettext(
                "Was Sie bestätigen, gilt ein weiteres Jahr. Wenn Sie nichts tun, verschwindet ein Angebot an seinem "
                "letzten Tag von selbst aus der Suche."
            ),
            words.gettext("Vielen Dank, dass Sie Menschen zum Mithelfen einladen!"),
        ),
        confidential=words.gettext(
            "Die Links gelten bis zum %(day)s. Wer sie hat, kann für Ihre Organisation antworten; bitte geben Sie sie "
            "nur dort weiter."
        )
        % {"day": words.long_day(until)},
        stop=words.gettext("Keine Erinnerungen mehr bekommen"),
        stop_href=stop,
    )
    return Letter(
        id=letters.new_id(),
        to=to.to.mail,
        sender=home,
        subject=_subject(words, questions),
        text=_text(said, words),
        html=rendering.environment(words.code).get_template(_TEMPLATE).render(said=said),
        written_at=now,
        headers=(
            ("List-Unsubscribe", f"<{stop}>"),
            ("List-Unsubscribe-Post", "List-Unsubscribe=One-Click"),  # RFC 8058
            ("Content-Language", words.code),
        ),
    )


def _question(settings: Settings, words: Language, offer: Asked, until: datetime) -> _Question:
    facts = [
        offer.place,
        words.gettext("gesagt wurde: %(reasons)s") % {"reasons": _against(words, offer.said)} if offer.said else "",
        words.gettext("zuletzt bestätigt am %(day)s") % {"day": words.long_day(offer.confirmed_at)},
        words.gettext("läuft ab am %(day)s") % {"day": words.long_day(offer.expires_at)},
    ]
    return _Question(
        title=offer.title,
        facts=tuple(fact for fact in facts if fact),
        confirm=link(settings, CONFIRM, offer.uri, offer.page, until),
        close=link(settings, CLOSE, offer.uri, offer.page, until),
        doubted=bool(offer.said),
    )


def _against(words: Language, said: Said) -> str:
    """Write what is said against an offer in one line: "ist schon besetzt, stimmt nicht mehr (2)"."""
    named = [(words.gettext(label), count) for label, count in said]
    parts = [f"{label} ({words.number(count)})" if count > 1 else label for label, count in named]
    return ", ".join(part[0].lower() + part[1:] for part in parts)


def _subject(words: Language, questions: Sequence[_Question]) -> str:
    count = len(questions)
    if count > 1:
        several = words.ngettext("Stimmt %(number)s Angebot noch?", "Stimmen diese %(number)s Angebote noch?", count)
        return several % {"number": words.number(count)}
    return words.gettext("Stimmt das noch? „%(title)s“") % {"title": letters.short(questions[0].title)}


def _opening(words: Language, home: str, name: str, questions: Sequence[_Question]) -> str:
    count = len(questions)
    if questions[0].doubted:
        what = words.ngettext(
            "auf „%(home)s“ haben Menschen gesagt, dass ein Angebot von „%(name)s“ nicht mehr stimmt. Ist das so?",
            "auf „%(home)s“ haben Menschen gesagt, dass %(number)s Angebote von „%(name)s“ nicht mehr stimmen. Ist das "
            "so?",
            count,
        )
    else:
        what = words.ngettext(
            "auf „%(home)s“ steht ein Angebot von „%(name)s“, das bald abläuft. Stimmt es noch?",
            "auf „%(home)s“ stehen %(number)s Angebote von „%(name)s“, die bald ablaufen. Stimmen sie noch?",
            count,
        )
    about = {"home": home, "name": name, "number": words.number(count)}
    easy = words.gettext("Ein Klick genügt, eine Anmeldung brauchen Sie nicht.")
    return f"{what % about} {easy}"


def _text(said: _Words, words: Language) -> str:
    parts = [f"{words.gettext('Guten Tag,')}\n\n{said.opening}\n"]
    for one in said.questions:
        parts.append("\n".join([one.title, *one.facts]) + "\n")
        parts.append(f"  {said.confirm}:\n  {one.confirm}\n")
        parts.append(f"  {said.close}:\n  {one.close}\n\n")
    parts += [f"{sentence}\n" for sentence in said.closing]
    parts.append(f"{said.home}\n{said.url}\n\n-- \n{said.confidential}\n\n{said.stop}:\n{said.stop_href}")
    return "\n".join(parts)
