"""The look of an instance: chosen, shown, given up; and how every process hears of it within a second."""

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from sqlalchemy import delete, select

from fediverse_ehrenamt.kit.errors import Conflict, Invalid, Problem
from fediverse_ehrenamt.kit.sentences import sentence
from fediverse_ehrenamt.look import rules
from fediverse_ehrenamt.look.model import FORMER, NOW, LookRow
from fediverse_ehrenamt.look.rules import Accent
from fediverse_ehrenamt.media import images
from fediverse_ehrenamt.media.limits import Logo
from fediverse_ehrenamt.web.rendering import Look
from fediverse_ehrenamt.work import Work

_VERSION = 12


@dataclass(frozen=True, slots=True)
class Wishes:
    """What is to change; None leaves a part as it is, "" gives it up."""

    accent: str | None = None
    accent_dark: str | None = None
    tagline: str | None = None
    hashtag: str | None = None
    logo: Path | Logo | None = None
    without_logo: bool = False


@dataclass(frozen=True, slots=True)
class Chosen:
    """What was chosen; `contrast` is the least of the accent in the light and in the dark scheme."""

    accent: str
    accent_dark: str
    contrast: tuple[float, ...]
    tagline: str
    hashtag: str
    logo: tuple[int, int] | None


def choose(work: Work, wishes: Wishes) -> Chosen:
    """Change the look; raises `Invalid` naming all faults, and `Conflict` for a dark accent without a light one."""
    row, problems = _row(work) or _new(NOW), list[Problem]()
    try:
        _colours(row, wishes)
    except Invalid as error:
        problems += error.problems
    tagline = row.tagline if wishes.tagline is None else " ".join(wishes.tagline.split())
    hashtag = row.hashtag if wishes.hashtag is None else wishes.hashtag.strip().removeprefix("#")
    problems += rules.wrong_words(tagline, hashtag)
    if problems:
        raise Invalid(problems)
    row.tagline, row.hashtag = tagline, hashtag
    if wishes.logo or wishes.without_logo:
        logo = images.logo(wishes.logo) if isinstance(wishes.logo, Path) else wishes.logo
        _set_logo(row, logo)
    row.changed_at = work.now
    work.db.add(row)
    work.db.flush()
    return show(work)


def show(work: Work) -> Chosen:
    row = _row(work)
    if row is None:
        return Chosen("", "", (), "", "", None)
    accent = _accent(row)
    contrast = (rules.weakest(accent.light, rules.LIGHT), rules.weakest(accent.dark, rules.DARK)) if accent else ()
    size = (row.logo_width, row.logo_height) if row.logo_version else None
    dark = accent.dark if accent else ""
    return Chosen(row.accent, dark, tuple(round(one, 2) for one in contrast), row.tagline, row.hashtag, size)


def keep_former_logo(work: Work, logo: Logo | None) -> None:
    """Keep the logo that there was before a change, or that there was none."""
    row = work.db.get(LookRow, FORMER) or _new(FORMER)
    _set_logo(row, logo)
    row.changed_at = work.now
    work.db.add(row)
    work.db.flush()


def wishes_for_former_logo(work: Work) -> Wishes:
    """Return what brings back the logo that there was before the last change; nothing where that was not kept."""
    row = work.db.get(LookRow, FORMER)
    if row is None:
        return Wishes()
    logo = _logo_of(row)
    return Wishes(logo=logo, without_logo=logo is None)


def whole_logo(work: Work) -> Logo | None:
    """Return the logo with its size."""
    row = _row(work)
    return _logo_of(row) if row is not None else None


def reset(work: Work) -> None:
    work.db.execute(delete(LookRow))


def current(work: Work) -> Look:
    """Return what pages have to know of the look."""
    row = _row(work)
    if row is None:
        return Look()
    version = _hash(style(work).encode()) if row.accent else ""
    return Look(version, row.logo_version, row.logo_width, row.logo_height, row.tagline)


def style(work: Work) -> str:
    """Return the style sheet of the look, "" where there is no colour."""
    row = _row(work)
    accent = _accent(row) if row else None
    return rules.style(accent) if accent else ""


def logo(work: Work) -> bytes:
    """Return the logo as PNG, b"" where there is none."""
    return work.db.scalar(select(LookRow.logo).where(LookRow.id == NOW)) or b""


def hashtag(work: Work) -> str:
    """Return the instance's own hashtag, "" where it has none."""
    return work.db.scalar(select(LookRow.hashtag).where(LookRow.id == NOW)) or ""


def tags(hashtags: Sequence[str], own: str) -> tuple[str, ...]:
    """Return the hashtags of a post of ours with the instance's own."""
    known = {tag.lower() for tag in hashtags}
    return tuple(hashtags) if not own or own.lower() in known else (*hashtags, own)


def _row(work: Work) -> LookRow | None:
    row: LookRow | None = work.db.scalar(select(LookRow).where(LookRow.id == NOW))
    return row


def _new(number: int) -> LookRow:
    row = LookRow(id=number, accent="", accent_dark="", tagline="", hashtag="")
    _set_logo(row, None)
    return row


def _logo_of(row: LookRow) -> Logo | None:
    return Logo(row.logo, row.logo_width, row.logo_height) if row.logo else None


def _set_logo(row: LookRow, logo: Logo | None) -> None:
    row.logo = logo.content if logo else None
    row.logo_version = _hash(logo.content) if logo else ""
    row.logo_width, row.logo_height = (logo.width, logo.height) if logo else (0, 0)


def _accent(row: LookRow) -> Accent | None:
    return rules.accent(row.accent, row.accent_dark) if row.accent else None


def _colours(row: LookRow, wishes: Wishes) -> None:
    faults = [
        rules.problem(field, typed, scheme)
        for field, typed, scheme in (
            ("accent", wishes.accent, rules.LIGHT),
            ("accent_dark", wishes.accent_dark, rules.DARK),
        )
        if typed
    ]
    if found := [fault for fault in faults if fault]:
        raise Invalid(found)
    if wishes.accent is not None:
        # Another accent has another shade for the dark, unless that is chosen too.
        row.accent, row.accent_dark = rules.read_colour(wishes.accent), ""
    if wishes.accent_dark is not None:
        row.accent_dark = rules.read_colour(wishes.accent_dark)
    if row.accent_dark and not row.accent:
        raise Conflict(sentence("Eine Farbe nur für die dunkle Ansicht geht nicht; bitte auch --accent nennen."))


def _hash(content: bytes) -> str:
    return hashlib.sha256(content).hexdigest()[:_VERSION]
