"""What leaves us about an offer that is about to expire: the links that answer for it, and the letter they stand in."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from fediverse_ehrenamt.freshness import rules
from fediverse_ehrenamt.mail import letters
from fediverse_ehrenamt.mail.letters import Letter
from fediverse_ehrenamt.mail.links import link
from fediverse_ehrenamt.settings import Settings
from fediverse_ehrenamt.web import i18n, rendering

CONFIRM, CLOSE, STOP = "stimmt-noch", "nicht-mehr", "keine-erinnerungen"
"""What a link is for: the beginning of its path, and part of what its token signs."""

_LANGUAGE = "de"  # of letters: nobody asked the organisation for another one
_TEMPLATE = "freshness/letter.html"


@dataclass(frozen=True, slots=True)
class Asked:
    """An offer in a letter: `page` is the opaque id of its page, `place` one line or "".

    `said` is what visitors say against it, in one line; a letter asks because of that, or because of its end, not both.
    """

    uri: str
    page: str
    title: str
    place: str
    confirmed_at: datetime
    expires_at: datetime
    said: str = ""


@dataclass(frozen=True, slots=True)
class Addressee:
    """The organisation that is written to; `uri` is its actor's."""

    uri: str
    handle: str
    name: str
    mail: str


@dataclass(frozen=True, slots=True)
class _Question:
    """An offer as the letter words it."""

    title: str
    place: str
    ends: str
    confirmed: str
    confirm: str
    close: str
    said: str


# --- the letter -------------------------------------------------------------------------------------------------------
def letter(settings: Settings, home: str, to: Addressee, offers: Sequence[Asked], now: datetime) -> Letter:
    """Return the letter of the instance called `home` that asks about offers, at least one."""
    until = now + rules.LINKS_HOLD
    questions = [_question(settings, offer, until) for offer in offers]
    stop = link(settings, STOP, to.uri, to.handle, until)
    values = {
        "home": home,
        "url": settings.url,
        "name": to.name,
        "opening": _opening(home, to.name, questions),
        "questions": questions,
        "until": _day(until),
        "stop": stop,
    }
    return Letter(
        id=letters.new_id(),
        to=to.mail,
        sender=home,
        subject=_subject(questions),
        text=_text(values, questions),
        html=rendering.environment(_LANGUAGE).get_template(_TEMPLATE).render(values),
        written_at=now,
        headers=(
            ("List-Unsubscribe", f"<{stop}>"),
            ("List-Unsubscribe-Post", "List-Unsubscribe=One-Click"),  # RFC 8058
            ("Content-Language", _LANGUAGE),
        ),
    )


def _question(settings: Settings, offer: Asked, until: datetime) -> _Question:
    return _Question(
        title=offer.title,
        place=offer.place,
        ends=_day(offer.expires_at),
        confirmed=_day(offer.confirmed_at),
        confirm=link(settings, CONFIRM, offer.uri, offer.page, until),
        close=link(settings, CLOSE, offer.uri, offer.page, until),
        said=offer.said,
    )


def _subject(questions: Sequence[_Question]) -> str:
    if len(questions) > 1:
        return f"Stimmen diese {len(questions)} Angebote noch?"
    return f"Stimmt das noch? „{letters.short(questions[0].title)}“"


def _opening(home: str, name: str, questions: Sequence[_Question]) -> str:
    count = len(questions)
    if questions[0].said:
        return (
            f"auf „{home}“ haben Menschen gesagt, dass {'ein Angebot' if count == 1 else f'{count} Angebote'} von "
            f"„{name}“ nicht mehr {'stimmt' if count == 1 else 'stimmen'}. Ist das so? Ein Klick genügt, eine "
            "Anmeldung brauchen Sie nicht."
        )
    what = f"stehen {count} Angebote von „{name}“, die bald ablaufen. Stimmen sie noch?"
    if count == 1:
        what = f"steht ein Angebot von „{name}“, das bald abläuft. Stimmt es noch?"
    return f"auf „{home}“ {what} Ein Klick genügt, eine Anmeldung brauchen Sie nicht."


def _text(values: Mapping[str, object], questions: Sequence[_Question]) -> str:
    parts = [f"Guten Tag,\n\n{values['opening']}\n"]
    for one in questions:
        said = [f"gesagt wurde: {one.said}"] if one.said else []
        facts = [one.title, *([one.place] if one.place else []), *said, f"zuletzt bestätigt am {one.confirmed}"]
        parts.append("\n".join([*facts, f"läuft ab am {one.ends}\n"]))
        parts.append(f"  Ja, es stimmt noch:\n  {one.confirm}\n")
        parts.append(f"  Ist besetzt oder gibt es nicht mehr:\n  {one.close}\n\n")
    parts.append(
        "Was Sie bestätigen, gilt ein weiteres Jahr. Wenn Sie nichts tun, verschwindet ein Angebot an seinem letzten "
        "Tag von selbst aus der Suche.\n\nVielen Dank, dass Sie Menschen zum Mithelfen einladen!\n"
    )
    parts.append(f"{values['home']}\n{values['url']}\n\n-- ")
    parts.append(
        f"Die Links gelten bis zum {values['until']}. Wer sie hat, kann für Ihre Organisation antworten; bitte geben "
        f"Sie sie nur dort weiter.\n\nKeine Erinnerungen mehr bekommen:\n{values['stop']}"
    )
    return "\n".join(parts)


def _day(moment: datetime) -> str:
    return i18n.language(_LANGUAGE).long_day(moment)
