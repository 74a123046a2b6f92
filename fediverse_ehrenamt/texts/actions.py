"""Texts: written, taken back, undone; and what is shown to whom."""

from dataclasses import dataclass
from datetime import datetime

from fediverse_ehrenamt.kit.errors import Conflict, Invalid
from fediverse_ehrenamt.kit.sentences import sentence
from fediverse_ehrenamt.texts import rules, store, wire
from fediverse_ehrenamt.texts.model import TextRow
from fediverse_ehrenamt.texts.rules import INSTANCE
from fediverse_ehrenamt.web import i18n
from fediverse_ehrenamt.work import Work


@dataclass(frozen=True, slots=True)
class Text:
    """A text as it counts now; `edited_at` is None for what is built in, `earlier` how many versions lie behind it."""

    owner: str
    slug: str
    language: str
    source: str
    edited_at: datetime | None = None
    earlier: int = 0


@dataclass(frozen=True, slots=True)
class Summary:
    """A text in a list; `gaps` are what is still to be filled in, `dropped` what of it is not shown."""

    owner: str
    slug: str
    language: str
    own: bool
    edited_at: datetime | None
    characters: int
    gaps: tuple[str, ...]
    dropped: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Version:
    """One version of a text; an empty one took it back."""

    number: int
    source: str
    edited_at: datetime


def find(work: Work, slug: str, wanted: str, owner: str = INSTANCE) -> Text | None:
    """Return the text that a visitor is shown.

    What somebody wrote here comes first, in the language that is wanted or in German; then what is built in, likewise.
    """
    languages = rules.order(wanted, i18n.DEFAULT)
    for language in languages:
        row = store.newest(work, owner, slug, language)
        if row is not None and row.source:
            return Text(owner, slug, language, row.source, row.edited_at)
    if owner == INSTANCE:
        for language in languages:
            if source := wire.built_in(slug, language):
                return Text(owner, slug, language, source)
    return None


def get(work: Work, slug: str, language: str, owner: str = INSTANCE) -> Text:
    """Return a text in exactly this language, an empty one where there is none; raises `Invalid`."""
    _check(owner, slug, language)
    versions = store.versions(work, owner, slug, language)
    if versions and versions[0].source:
        return Text(owner, slug, language, versions[0].source, versions[0].edited_at, len(versions) - 1)
    source = "" if owner else wire.built_in(slug, language)
    return Text(owner, slug, language, source, None, max(len(versions) - 1, 0))


def write(work: Work, slug: str, language: str, source: str, owner: str = INSTANCE) -> Summary:
    """Put a text in the place of the one before it; raises `Invalid`."""
    _check(owner, slug, language)
    source = source.replace("\r\n", "\n").strip() + "\n"
    if wrong := rules.wrong_source(source):
        raise Invalid(wrong)
    read = wire.rendered(source, "", work.settings.url)
    if not read.html and not read.title:  # there was nothing but HTML
        raise Invalid(rules.wrong_source(""))
    row = _add(work, owner, slug, language, source)
    return _summary(work, (owner, slug, language), row)


def history(work: Work, slug: str, language: str, owner: str = INSTANCE) -> list[Version]:
    """Return the versions of a text, the newest first; raises `Invalid`."""
    _check(owner, slug, language)
    return [Version(row.id, row.source, row.edited_at) for row in store.versions(work, owner, slug, language)]


def reset(work: Work, slug: str, language: str, owner: str = INSTANCE) -> None:
    """Go back to what is built in (of an organisation: to nothing); `undo` takes it back. Raises `Conflict`."""
    if get(work, slug, language, owner).edited_at is None:
        raise Conflict(
            sentence("Für „%(slug)s“ (%(language)s) ist nichts Eigenes hinterlegt.", slug=slug, language=language)
        )
    _add(work, owner, slug, language, "")


def undo(work: Work, slug: str, language: str, owner: str = INSTANCE) -> Text:
    """Take the last change back and return what counts now; raises `Conflict` where nothing was changed."""
    _check(owner, slug, language)
    row = store.newest(work, owner, slug, language)
    if row is None:
        raise Conflict(sentence("An „%(slug)s“ (%(language)s) wurde nichts geändert.", slug=slug, language=language))
    store.remove(work, row)
    return get(work, slug, language, owner)


def listing(work: Work) -> list[Summary]:
    """Return the instance's texts in each language they are there in, then those of organisations."""
    own = {(row.owner, row.slug, row.language): row for row in store.all_newest(work) if row.source}
    built_in = [(INSTANCE, slug, code) for slug in rules.SLUGS for code in i18n.LOCALES if wire.built_in(slug, code)]
    keys = [*built_in, *(key for key in own if key not in built_in)]
    return [_summary(work, key, own.get(key)) for key in sorted(keys, key=_place)]


def gaps(work: Work, slug: str) -> tuple[str, ...]:
    """Return what is missing in a text of the instance as people read it in German."""
    text = find(work, slug, i18n.DEFAULT)
    return wire.rendered(text.source, "", work.settings.url).gaps if text else ()


def of_organisation(work: Work, handle: str) -> tuple[str, ...]:
    """Return the slugs of the texts that an organisation has."""
    rows = [row for row in store.all_newest(work) if row.owner == handle and row.source]
    return tuple(slug for slug in rules.OF_ORGANISATIONS if any(row.slug == slug for row in rows))


def _summary(work: Work, key: tuple[str, str, str], row: TextRow | None) -> Summary:
    owner, slug, language = key
    source = row.source if row else wire.built_in(slug, language)
    read = wire.rendered(source, "", work.settings.url)
    edited_at = row.edited_at if row else None
    return Summary(owner, slug, language, row is not None, edited_at, len(source), read.gaps, read.dropped)


def _place(key: tuple[str, str, str]) -> tuple[str, int, int]:
    owner, slug, language = key
    return owner, rules.SLUGS.index(slug), list(i18n.LOCALES).index(language)


def _add(work: Work, owner: str, slug: str, language: str, source: str) -> TextRow:
    row = TextRow(owner=owner, slug=slug, language=language, source=source, edited_at=work.now)
    store.add(work, row, rules.VERSIONS)
    return row


def _check(owner: str, slug: str, language: str) -> None:
    if wrong := rules.problems(owner, slug, language, tuple(i18n.LOCALES)):
        raise Invalid(wrong)
