"""Sentences with values in them: German as they stand, and still to be said in another language where they are shown.

`gettext` of a reader's language (`web.i18n`) takes them apart again; for all others they are plain strings.
"""

from collections.abc import Mapping


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
