"""Judges the values of an entry, read from a file or typed into a form: everything that is wrong is found at once."""

import re
from collections.abc import Callable, Mapping
from typing import Any, Final, ParamSpec, TypeVar

from fediverse_ehrenamt.kit.errors import Invalid, Problem
from fediverse_ehrenamt.kit.sentences import sentence
from fediverse_ehrenamt.publishing import drafts, whereabouts
from fediverse_ehrenamt.publishing.drafts import Draft
from fediverse_ehrenamt.vocab.types import Place

INVISIBLE: Final = sentence("enthält unsichtbare Steuerzeichen; bitte neu schreiben")
_UNFIT = re.compile(r"[\x00-\x08\x0b-\x1f\x7f-\x9f\ud800-\udfff]")  # in no text that people write
P = ParamSpec("P")
T = TypeVar("T")


def is_unfit(text: str) -> bool:
    """Say whether a text has characters that no database and no peer wants."""
    return bool(_UNFIT.search(text))


def draft(kind: str, given: Mapping[str, Any], problems: list[Problem]) -> Draft | None:
    """Return the draft of values whose `problems` with their schema are known, None where there are any.

    What else is wrong, also with its place, is added to them. `kind` is one of `schema`.
    """
    place = tried(problems, _place, given, problems)
    return None if problems else tried(problems, drafts.draft, kind, given, place)


def tried(problems: list[Problem], read: Callable[P, T], *args: P.args, **kwargs: P.kwargs) -> T | None:
    """Return what `read` returns; what it finds wrong is added to the problems."""
    try:
        return read(*args, **kwargs)
    except Invalid as error:
        problems.extend(error.problems)
        return None


def _place(given: Mapping[str, Any], problems: list[Problem]) -> Place | None:
    """Return the place of an entry; one that does not fit its schema is not looked up."""
    said = given.get("place")
    if not said or any(problem.field.partition(".")[0] == "place" for problem in problems):
        return None
    return whereabouts.place(said)
