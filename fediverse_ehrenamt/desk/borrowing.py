"""An offer or a date of another organisation, also of another town, as a template for one's own. Pure.

What holds anywhere is copied: what is to be done, by whom, how much. Where, when, whom to ask and the picture are not,
nor names and numbers in the text.
"""

import re
from collections.abc import Mapping
from typing import Final

from fediverse_ehrenamt.desk import drafting, reading
from fediverse_ehrenamt.desk.drafting import Written
from fediverse_ehrenamt.discover import detail
from fediverse_ehrenamt.discover.view import Detail
from fediverse_ehrenamt.events import rules as events
from fediverse_ehrenamt.imports import privacy
from fediverse_ehrenamt.kit import html
from fediverse_ehrenamt.kit.errors import NotFound
from fediverse_ehrenamt.search.model import EVENT, OPPORTUNITY
from fediverse_ehrenamt.vocab import details
from fediverse_ehrenamt.vocab.types import Event, Opportunity

_OF_OFFERS: Final[tuple[str, ...]] = (
    *("title", "kind", "mode", "areas", "activities", "audiences", "suitableFor", "effort", "minimumDuration"),
    *("minimumAge", "maximumAge", "germanLevel", "skills", "clearance", "trial", "induction"),
)
_OF_EVENTS: Final[tuple[str, ...]] = ("kind", "areas", "audiences")
_PARAGRAPH = re.compile(r"<p>(.*?)</p>", re.DOTALL)
_LINK = re.compile(r"<a\b[^>]*>.*?</a>", re.DOTALL)


def written(found: Detail, key: str) -> Written:
    """Return a copy for something new of one's own; raises `NotFound` where it is neither an offer nor a date."""
    thing = found.thing
    if isinstance(thing, Opportunity):
        node = details.write_opportunity(thing.details)
        given: reading.Given = {term: node[term] for term in _OF_OFFERS if term in node}
        return Written(OPPORTUNITY, key, _typed(found, given, OPPORTUNITY))
    if isinstance(thing, Event):
        node = details.write_event(thing.details) if thing.details else {}
        given = {term: node[term] for term in _OF_EVENTS if term in node}
        given["name"] = found.document.title[: events.NAME[1]]
        return Written(EVENT, key, _typed(found, given, EVENT))
    raise NotFound("Daraus lässt sich kein Angebot machen.")


def _typed(found: Detail, given: reading.Given, kind: str) -> reading.Typed:
    given["text"], _ = privacy.public(_text(found))
    shown = reading.shown(given, drafting.FORMS[kind])
    fields = (field for field in drafting.FORMS[kind] if field.term in shown)
    known = ((field.term, _known(field.choices, shown[field.term])) for field in fields)
    return {term: values for term, values in known if values}


def _known(choices: Mapping[str, str] | None, values: list[str]) -> list[str]:
    """Return those of some values that the form has: another portal may know more."""
    return [value for value in values if choices is None or value in choices]


def _text(found: Detail) -> str:
    """Return the text without what stands around it in timelines: title, facts, a link at its end, hashtags."""
    thing = found.thing
    content = detail.body(thing.content or thing.summary, found)
    paragraphs = _PARAGRAPH.findall(content)
    while paragraphs and not html.text(_LINK.sub("", paragraphs[-1])):
        last = f"<p>{paragraphs.pop()}</p>"
        content = content[: content.rindex(last)] if last in content else content
    return html.text(content)
