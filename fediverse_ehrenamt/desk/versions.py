"""The versions of a text in other languages and in Leichte Sprache: fields of their own in the form. Pure.

What is typed for Ukrainian stands under "version.uk.title" and "version.uk.text"; `TAGS` lists which there are.
"""

from collections.abc import Iterable, Sequence
from typing import Any, Final

from fediverse_ehrenamt.desk import fields
from fediverse_ehrenamt.desk.fields import Field
from fediverse_ehrenamt.kit.errors import Problem
from fediverse_ehrenamt.search.model import EVENT
from fediverse_ehrenamt.web.i18n import PLAIN

OFFERED: Final = (
    *(PLAIN, "en", "uk", "ru", "ar", "tr", "pl", "ro", "bg", "fr", "es", "it", "pt", "el", "hr", "sq", "fa", "ku"),
    *("ti", "so", "vi"),
)
"""BCP 47 tags, those first that most people here need."""
TAGS, NEW, GROUP = "versions", "version.new", "version"
_TEXTS, _PLAIN_TEXT = "textMap", "plainLanguage"  # terms of `publishing`
_HELP: Final = "Kurze Sätze, eine Aussage je Satz. Lassen Sie den Text möglichst von anderen prüfen."


def chosen(pairs: Iterable[tuple[str, str]], added: str = "", removed: str = "") -> list[str]:
    """Return the tags of the versions that a form has as it was sent, in the order in which they are offered."""
    there = {value for name, value in pairs if name == TAGS} | {added}
    return [tag for tag in OFFERED if tag in there and tag != removed]


def of(tags: Sequence[str]) -> tuple[Field, ...]:
    """Return the fields of some versions."""
    return tuple(field for tag in tags if tag in OFFERED for field in _fields(tag))


def _fields(tag: str) -> tuple[Field, Field]:
    name = f"{GROUP}.{tag}"
    return (
        Field(f"{name}.title", "Titel", group=fields.VERSIONS, tag=tag),
        Field(
            f"{name}.text",
            "Text",
            fields.TEXT,
            _HELP if tag == PLAIN else "",
            required=True,
            longest=20_000,
            group=fields.VERSIONS,
            tag=tag,
        ),
    )


def put(given: dict[str, Any], kind: str, tags: Sequence[str]) -> list[Problem]:
    """Turn what was read of the versions into terms of an entry of `publishing`; return which texts are missing.

    A title of a language that has no text here stays as it is: it came from a file.
    """
    said, titles_term = given.pop(GROUP, {}), _titles(kind)
    before = {*given.pop(_TEXTS, {}), PLAIN}
    given.pop(_PLAIN_TEXT, None)
    titles = {tag: title for tag, title in given.pop(titles_term, {}).items() if tag not in before}
    texts: dict[str, str] = {}
    for tag in tags:
        if title := said.get(f"{tag}.title"):
            titles[tag] = title
        if text := said.get(f"{tag}.text"):
            texts[tag] = text
    if kind != EVENT and PLAIN in texts:
        given[_PLAIN_TEXT] = texts.pop(PLAIN)
    given |= {term: there for term, there in ((titles_term, titles), (_TEXTS, texts)) if there}
    return [
        Problem(f"{GROUP}.{tag}.text", "bitte ausfüllen, oder entfernen Sie die Sprache")
        for tag in tags
        if not said.get(f"{tag}.text")
    ]


def typed(given: dict[str, Any], kind: str) -> dict[str, list[str]]:
    """Return the versions of an entry as they stand in a form; those in languages that it does not offer stay out."""
    texts, titles = dict(given.get(_TEXTS, {})), given.get(_titles(kind), {})
    if _PLAIN_TEXT in given:
        texts[PLAIN] = given[_PLAIN_TEXT]
    tags = [tag for tag in OFFERED if tag in texts]
    found: dict[str, list[str]] = {TAGS: tags} if tags else {}
    for tag in tags:
        found[f"{GROUP}.{tag}.text"] = [texts[tag]]
        if tag in titles:
            found[f"{GROUP}.{tag}.title"] = [titles[tag]]
    return found


def field_of(problem: Problem) -> str:
    """Return the term of the field in the form that a problem of `publishing` is about, "" where it is no version."""
    outer, _, tag = problem.field.partition(".")
    if outer == _PLAIN_TEXT:
        return f"{GROUP}.{PLAIN}.text"
    part = {_TEXTS: "text", "titleMap": "title", "nameMap": "title"}.get(outer)
    return f"{GROUP}.{tag}.{part}" if part and tag in OFFERED else ""


def _titles(kind: str) -> str:
    return "nameMap" if kind == EVENT else "titleMap"
