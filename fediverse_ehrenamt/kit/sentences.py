"""Sentences with values in them: German as they stand, and still to be said in another language where they are shown.

`gettext` of a reader's language (`web.i18n`) takes them apart again; for all others they are plain strings. In the
database they are kept as `dump` writes them, so that they can be said in any language later.
"""

import json
from collections.abc import Iterable, Mapping


class Sentence(str):
    """A filled-in sentence, with the `template` that translators see and the `values` that stand in it."""

    __slots__ = ("template", "values")
    template: str
    values: Mapping[str, object]


def sentence(template: str, **values: object) -> Sentence:
    """Fill in a template such as "hat mehr als %(most)s Zeilen"."""
    filled = Sentence(template % values)
    filled.template, filled.values = template, values
    return filled


def joined(parts: Iterable[str], between: str) -> str:
    """Return texts and sentences as one, without those that are empty; each is still said in its own words."""
    named = {f"part{number}": part for number, part in enumerate(parts) if part}
    if len(named) <= 1:
        return next(iter(named.values()), "")
    return sentence(between.join(f"%({name})s" for name in named), **named)


_MARK = "\x1e"  # begins what is kept of a sentence; nothing that people read does


def dump(said: str) -> str:
    """Return a sentence as text of which `load` makes it again; any other string is such text already."""
    if not isinstance(said, Sentence):
        return said
    values = {name: dump(one) if isinstance(one, str) else one for name, one in said.values.items()}
    return _MARK + json.dumps([said.template, values], ensure_ascii=False)


def load(kept: str) -> str:
    """Return the sentence that `dump` was given, or a string as it stands."""
    if not kept.startswith(_MARK):
        return kept
    template, values = json.loads(kept.removeprefix(_MARK))
    return sentence(template, **{name: load(one) if isinstance(one, str) else one for name, one in values.items()})
