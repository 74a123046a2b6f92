"""The one line of when and how much of an offer, for readers of other languages than German, in which it is written.

The index keeps the line (`opportunities.rules.when`); what the program wrote there is known again, an organisation's
own words stay as they are.
"""

from datetime import date

from fediverse_ehrenamt.discover import facts
from fediverse_ehrenamt.opportunities import rules
from fediverse_ehrenamt.vocab import labels
from fediverse_ehrenamt.web import i18n
from fediverse_ehrenamt.web.i18n import Language


def said(line: str, words: Language) -> str:
    """Return the line in the reader's language."""
    if words.code == i18n.DEFAULT:
        return line
    return rules.SEPARATOR.join(_part(part, words) for part in line.split(rules.SEPARATOR))


def _part(part: str, words: Language) -> str:
    if part == rules.FLEXIBLE:
        return words.gettext("flexibel nach Absprache")
    if hours := rules.amount_of(part):
        return facts.effort(hours, words)
    if days := rules.period_of(part):
        return _period(*days, words)
    cells, more = rules.cells_of(part)
    return ", ".join(_cell(cell, words) for cell in cells) + more if cells else part


def _period(first: date | None, last: date | None, words: Language) -> str:
    if first is None or last is None:
        sentence = words.gettext("ab %(day)s") if first else words.gettext("bis %(day)s")
        day = first or last
        assert day is not None, "a period has one of them"
        return sentence % {"day": words.long_day(day)}
    return words.long_day(first) if first == last else words.days(first, last)


def _cell(cell: str, words: Language) -> str:
    """Write "di-nachmittags" without its hours: "Tuesday afternoon"."""
    day, _, part = cell.partition("-")
    return f"{words.gettext(labels.WEEKDAY[day])} {words.gettext(labels.DAYPART[part]).partition(' (')[0]}"
