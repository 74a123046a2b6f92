"""Reads schema.org in a page, as JSON-LD or marked up: events, offers as JobPosting (VOLUNTEER) or VolunteerAction.

Only what stands in the page is read: no context is fetched, no link followed. The usual shapes are understood: one
node, a list, `@graph`, ItemList, events within others.
"""

import re
from collections.abc import Iterator, Mapping, Sequence
from datetime import datetime, timedelta
from itertools import islice
from typing import Any

import orjson

from fediverse_ehrenamt.kit import clock, html
from fediverse_ehrenamt.kit.clock import HOME
from fediverse_ehrenamt.kit.errors import Invalid, Problem
from fediverse_ehrenamt.kit.sentences import sentence
from fediverse_ehrenamt.listings import addresses, columns, loose_json, markup, moments, openactive, schedules
from fediverse_ehrenamt.listings.decoding import decode
from fediverse_ehrenamt.listings.record import EVENT, MAX_CELL, MAX_LIST, OFFER, Fault, Read, Record

Node = Mapping[str, object]

_MAX_SCRIPTS = 500
_MAX_NODES = 20_000
_MAX_DEPTH = 12
_OFFERS = frozenset({"VolunteerAction", "JobPosting", "VolunteerOpportunity"})
_EVENTS = frozenset({"Festival", "CourseInstance", "Hackathon", "EventSeries"}) | openactive.DATES
_ORGANISERS = ("organizer", "hiringOrganization", "agent", "provider")
_PLACES = ("location", "jobLocation")
_CANCELLED = frozenset({"EventCancelled", "EventPostponed"})  # nobody should go there on that day
_IN_THE_NET = "VirtualLocation"
_MODES = {"OnlineEventAttendanceMode": "online", "MixedEventAttendanceMode": "teilweise_online"}
_VOLUNTEER = re.compile(r"\bVOLUNTEER\b", re.IGNORECASE)
_LONGEST_SHIFT = timedelta(hours=12)
_SUB_EVENTS = ("subEvent", "subEvents")
# What holds for all within an event, unless they say something else.
_OF_ALL = (*_ORGANISERS, "location", "isAccessibleForFree", "offers", "eventAttendanceMode", "inLanguage")
_WHOLE_DAY = timedelta(hours=23, minutes=59, seconds=59)
_LONGEST_TITLE = 80  # characters of one that a fault names
# As a calendar for WordPress writes: "2026-9-18T10:30+2:00", and before, the hour twice, "2026-9-18T10-10-30-00".
_SHORT_MOMENT = re.compile(
    r"(\d{4})-(\d{1,2})-(\d{1,2})T(?:(?:\d{2})-)?(\d{2})[:-](\d{2})(?:[:-]\d{2})?(?:([+-])(\d{1,2})(?::?00)?)?"
)
_MOST_TYPES = 10  # that a fault names
_DAY_ONLY = 10  # characters of "2026-12-12"
_OPENS = re.compile(r"<!--|<script(?=[\s>])", re.IGNORECASE)
_JSON_LD = re.compile(r"""\stype\s{0,3}=\s{0,3}["']?application/ld\+json""", re.IGNORECASE)
_LONGEST_TAG = 2_000  # characters
_COMMENT_ENDS, _SCRIPT_ENDS = "-->", "</script"


def _scripts(page: str) -> Iterator[tuple[int, str]]:
    """Yield the scripts of a page that hold JSON-LD, each with the line where it begins; linear in the length."""
    lowered = page.lower()
    start = line = counted = found = 0
    while (opens := _OPENS.search(page, start)) and found < _MAX_SCRIPTS:
        if opens[0] == "<!--":
            end = lowered.find(_COMMENT_ENDS, opens.end())
            start = end if end >= 0 else len(page)
            continue
        begin = page.find(">", opens.end(), opens.end() + _LONGEST_TAG) + 1
        end = lowered.find(_SCRIPT_ENDS, begin) if begin else -1
        if end < 0:
            return
        if _JSON_LD.search(page, opens.end(), begin):
            line += page.count("\n", counted, begin)
            counted, found = begin, found + 1
            yield line + 1, page[begin:end]
        start = end


def read(data: bytes, now: datetime) -> Read:
    """Yield the entries of a page, or of a JSON-LD file, of recurring events the dates that end after `now`.

    Raises `Invalid` where it says nothing of itself.
    """
    text = decode(data)
    is_json = text.lstrip()[:1] in {"{", "["}
    scripts = [(1, text)] if is_json else list(_scripts(text))
    marked = [] if is_json else markup.nodes(text)
    if not scripts and not marked:
        said = sentence("enthält keine Angaben für Suchmaschinen (schema.org als JSON-LD, Mikrodaten oder RDFa)")
        raise Invalid([Problem("Seite", said)])
    return _read(scripts, marked, now)


def _read(
    scripts: Sequence[tuple[int, str]], marked: Sequence[tuple[int, Node]], now: datetime
) -> Iterator[Record | Fault]:
    """Yield the entries of the scripts, where they name none those that the page marks."""
    types: dict[str, None] = {}
    heard = False
    for found in (_of_scripts(scripts), _of_markup(marked)):
        holds = False
        for where, node in _within_bounds(found):
            entries = [node] if isinstance(node, Fault) else list(_entry(node, where, now))
            yield from entries
            heard = heard or bool(entries)
            if not isinstance(node, Fault):
                types |= dict.fromkeys(_types(node))
                holds = holds or "eventSchedule" in node or any(isinstance(one, Record) for one in entries)
        if holds:
            return
    if heard:
        return
    named = sentence(
        "nennt weder Termine noch Gesuche nach Freiwilligen (VOLUNTEER); beschrieben sind: %(types)s",
        types=", ".join(list(types)[:_MOST_TYPES]) or "–",
    )
    yield Fault("Seite", named, ends=True)


def _of_scripts(scripts: Sequence[tuple[int, str]]) -> Iterator[tuple[str, Node | Fault]]:
    for line, text in scripts:
        try:
            root = loose_json.loads(_bare(text))
        except orjson.JSONDecodeError as error:
            said = sentence(
                "Angaben für Suchmaschinen (JSON-LD), die kein gültiges JSON sind; was darin steht, fehlt hier"
            )
            yield "", Fault(f"Zeile {line + error.lineno - 1}", said, ends=True)
            continue
        nodes = list(islice(_nodes(openactive.unpacked(root)), _MAX_NODES + 1))
        known = {name: node for node in nodes if (name := _text(node, "@id")) and len(node) > 1}
        for number, node in enumerate(nodes, 1):
            yield f"Zeile {line}, JSON-LD {number}", _resolved(node, known)
        if openactive.is_part(root) and any(_is_event(_types(node)) for node in nodes):
            yield "", Fault("Feed", openactive.ONE_PAGE, ends=True)


def _bare(script: str) -> str:
    """Return a script without the comment that all of it stands in, as for browsers of 1996."""
    text = script.strip()
    hidden = text.startswith("<!--") and text.find(_COMMENT_ENDS) in {-1, len(text) - len(_COMMENT_ENDS)}
    return text.removeprefix("<!--").removesuffix(_COMMENT_ENDS) if hidden else text


def _of_markup(marked: Sequence[tuple[int, Node]]) -> Iterator[tuple[str, Node | Fault]]:
    for line, top in marked:
        for number, node in enumerate(_nodes(top), 1):
            yield f"Zeile {line}, {number}", node


def _within_bounds(found: Iterator[tuple[str, Node | Fault]]) -> Iterator[tuple[str, Node | Fault]]:
    for number, one in enumerate(found):
        if number >= _MAX_NODES:
            raise Invalid([Problem("Seite", sentence("enthält mehr als %(most)s Angaben", most=_MAX_NODES))])
        yield one


def _resolved(node: Node, known: Mapping[str, Node]) -> Node:
    """Return a node with what it only points to: {"@id": …} is how a graph names the organiser of each entry."""
    pointed = {
        name: target
        for name in (*_ORGANISERS, *_PLACES)
        if (target := known.get(_text(_first(node.get(name)), "@id"))) and len(_first(node[name])) == 1
    }
    return {**node, **pointed} if pointed else node


def _nodes(node: object, depth: int = 0) -> Iterator[Node]:
    """Yield every object, those around before those within."""
    if depth > _MAX_DEPTH:
        return
    if isinstance(node, list):
        for one in node:
            yield from _nodes(one, depth + 1)
    elif isinstance(node, dict):
        yield node
        for name in ("@graph", "itemListElement", "item", "subEvent", "subEvents", "event", "events", "mainEntity"):
            if name in node:
                of_all = {of: node[of] for of in _OF_ALL if of in node} if name in _SUB_EVENTS else {}
                yield from ({**of_all, **one} for one in _nodes(node[name], depth + 1))


def _types(node: Node) -> set[str]:
    return {name.rpartition("/")[2].rpartition(":")[2] for name in _texts(node.get("@type"))}


def _is_event(types: set[str]) -> bool:
    return any(name.endswith("Event") or name in _EVENTS for name in types)


def _entry(node: Node, where: str, now: datetime) -> Iterator[Record | Fault]:
    types = _types(node)
    is_event = _is_event(types)
    if not is_event and not types & _OFFERS:
        return
    if "JobPosting" in types and not any(map(_VOLUNTEER.search, _texts(node.get("employmentType")))):
        return
    title = _text(node, "name") or _text(node, "title")
    if not title:
        elsewhere = isinstance(node.get("superEvent"), str)
        yield Fault(where, openactive.NAMED_ELSEWHERE if elsewhere else "der Titel fehlt (name)", _id(node, ""))
        return
    record = _record(node, where, title)
    planned = _calendars(node, now) if is_event else []
    if planned:
        yield from _by_schedule(planned, node, record, now)
    elif is_event and _stands_for_others(node, types):
        return
    elif is_event and not _texts(node.get("startDate")):
        yield Fault(where, "der Beginn fehlt (startDate)", record["id"])
    elif is_event:
        yield from _event(node, record)
    else:
        yield Record(**record | _of_offer(node))


def _record(node: Node, where: str, title: str) -> dict[str, Any]:
    place = next((found for field in _PLACES if (found := _located(node.get(field)))), {})
    organisation = next((name for field in _ORGANISERS if (name := _named(node.get(field)))), "")
    return {
        "id": _id(node, title),
        "where": where,
        "title": title,
        "text": "\n".join(_texts(node.get("description"))) or _text(node, "disambiguatingDescription"),
        "organisation": organisation,
        "categories": columns.parts([*_texts(node.get("keywords")), *_texts(node.get("occupationalCategory"))]),
        "url": _page(node),
        "language": _text(node, "inLanguage")[:2].lower() if len(_text(node, "inLanguage")) in {2, 5} else "",
        "cost": _cost(node),
        "persons": _persons(node),
        **_of_place(place),
    }


def _page(node: Node) -> str:
    """Return the page of an entry, which may stand as its name: an @id without "#" is one."""
    said = (_text(node, "url"), _text(node, "mainEntityOfPage"), _text(_first(node.get("mainEntityOfPage")), "@id"))
    named = _text(node, "@id")
    return next(filter(None, map(html.web_url, (*said, "" if "#" in named else named))), "")


def _of_place(place: Node) -> dict[str, Any]:
    if _text(place, "@type") == _IN_THE_NET:
        return {"mode": "online"}
    address = place.get("address", place)
    if isinstance(address, str):
        found = addresses.read(address)
        if addresses.is_town(found["venue"]) and not (found["street"] or found["locality"]):
            found |= {"venue": "", "locality": found["venue"]}
        return found | {"venue": _text(place, "name") or found["venue"]}
    inner = _first(address)
    geo = _first(place.get("geo"))
    latitude, longitude = (columns.number(_text(geo, name)) for name in ("latitude", "longitude"))
    both = latitude is not None and longitude is not None
    said = {
        "venue": _text(place, "name") if "address" in place or "@type" in place else "",
        "street": _text(inner, "streetAddress"),
        "postcode": _text(inner, "postalCode"),
        "locality": _plain(_text(inner, "addressLocality")),
    }
    country = inner.get("addressCountry")
    return {
        **addresses.told(said),
        "country": addresses.country(_text(_first(country), "name") or _text(inner, "addressCountry")),
        "latitude": latitude if both else None,
        "longitude": longitude if both else None,
    }


def _event(node: Node, record: dict[str, Any]) -> Iterator[Record | Fault]:
    begin, end = _text(node, "startDate"), _text(node, "endDate")
    starts_at, ends_at = _moment(begin), _moment(end)
    if starts_at is None:
        where = f"{record['where']}, „{record['title'][:_LONGEST_TITLE]}“"
        yield Fault(where, sentence("„%(said)s“ ist kein Beginn (startDate)", said=begin[:40]), str(record["id"]))
        return
    if ends_at is not None and len(end) == _DAY_ONLY:
        ends_at += _WHOLE_DAY
    status = _text(node, "eventStatus").rpartition("/")[2]
    attendance = _text(node, "eventAttendanceMode").rpartition("/")[2]
    times = {"kind": EVENT, "starts_at": starts_at, "ends_at": ends_at, "cancelled": status in _CANCELLED}
    mode = {"mode": _MODES[attendance]} if attendance in _MODES else {}
    yield Record(**record | times | mode)


def _stands_for_others(node: Node, types: set[str]) -> bool:
    """Say whether an event is but a roof over those within it, which are read themselves."""
    holds = any(isinstance(node.get(name), dict | list) and node[name] for name in _SUB_EVENTS)
    return holds and ("EventSeries" in types or not _texts(node.get("startDate")))


def _calendars(node: Node, now: datetime) -> list[str]:
    """Return the schedules of an event that say when it is, each as a calendar."""
    begin, end = _moment(_text(node, "startDate")), _moment(_text(node, "endDate"))
    given = node.get("eventSchedule")
    listed = [one for one in (given if isinstance(given, list) else [given])[:MAX_LIST] if isinstance(one, dict)]
    said = ({name: _texts(value) for name, value in one.items()} for one in listed)
    return [made for one in said if (made := schedules.calendar(one, begin, end, now))]


def _by_schedule(planned: Sequence[str], node: Node, record: dict[str, Any], now: datetime) -> Iterator[Record | Fault]:
    """Yield the dates to come that the schedules of an event make; of one that cannot be read why."""
    from fediverse_ehrenamt.listings import calendars

    for one in planned:
        for found in calendars.read(one.encode(), now):
            yield _on_date(found, record, node)


def _on_date(found: Record | Fault, record: dict[str, Any], node: Node) -> Record | Fault:
    if isinstance(found, Fault):
        return Fault(str(record["where"]), found.message, str(record["id"]))
    event_id = _id({**node, "startDate": ""}, str(record["title"]))
    planned = found.id.partition("/")[2]
    cancelled = _text(node, "eventStatus").rpartition("/")[2] in _CANCELLED
    dated = {
        "id": f"{event_id}/{planned}" if planned else event_id,
        "kind": EVENT,
        "text": "\n\n".join(filter(None, [found.text, str(record["text"])])),
        "starts_at": found.starts_at,
        "ends_at": found.ends_at,
        "series": event_id if planned else "",
        "cancelled": cancelled,
    }
    return Record(**record | dated)


def _of_offer(node: Node) -> dict[str, Any]:
    until = moments.moment(_text(node, "validThrough"))
    posted = moments.moment(_text(node, "datePosted") or _text(node, "dateModified"))
    remote = _text(node, "jobLocationType").upper() == "TELECOMMUTE"
    return {
        "kind": OFFER,
        "times": _text(node, "workHours"),
        "requirements": _text(node, "qualifications") or _text(node, "skills"),
        "benefits": _text(node, "jobBenefits"),
        "tasks": _text(node, "responsibilities"),
        "last_day": clock.day(until) if until else None,
        "changed_at": posted,
        **_of_action(node),
        **({"mode": "online"} if remote else {}),
    }


def _of_action(node: Node) -> dict[str, Any]:
    """Return when an action begins and ends; one that takes some hours of a day is wanted once, for so long."""
    begin, end = _moment(_text(node, "startTime")), _moment(_text(node, "endTime"))
    if begin is None or end is None:
        return {name: clock.day(when) for name, when in (("first_day", begin), ("last_day", end)) if when}
    found: dict[str, Any] = {"first_day": clock.day(begin), "last_day": clock.day(end)}
    if timedelta() < end - begin <= _LONGEST_SHIFT:
        here = [one.astimezone(HOME) for one in (begin, end)]
        hours = round((end - begin) / timedelta(hours=1), 2)
        found |= {"hours": hours, "per": "einmalig", "times": f"{here[0]:%d.%m.%Y, %H:%M} – {here[1]:%H:%M} Uhr"}
    return found


# --- values -----------------------------------------------------------------------------------------------------------
def _id(node: Node, title: str) -> str:
    """Return what names a node: its @id, identifier or address, else what it says and when."""
    identifier = node.get("identifier")
    given = _text(node, "@id") or (_text(_first(identifier), "value") if isinstance(identifier, dict) else "")
    given = given or (_text(node, "identifier") if isinstance(identifier, str) else "") or _text(node, "url")
    day = _text(node, "startDate")
    # One page often has several dates under one address.
    said = f"{given}#{day}" if given and day and not _text(node, "@id") else given
    return columns.foreign_id({"id": said, "postcode": day}, title)


def _moment(text: str) -> datetime | None:
    if short := _SHORT_MOMENT.fullmatch(text):
        year, month, day, hour, minute, sign, offset = short.groups()
        text = f"{year}-{int(month):02}-{int(day):02}T{hour}:{minute}" + (f"{sign}{int(offset):02}:00" if sign else "")
    return moments.moment(text.replace("T", " ", 1) if len(text) > _DAY_ONLY else text) or moments.moment(text)


def _text(node: Node, name: str) -> str:
    return next(iter(_texts(node.get(name))), "")


def _texts(value: object) -> list[str]:
    """Return what a value says: a text, a number, an object's @value, of a list all of it."""
    if isinstance(value, list):
        return [text for one in value[:MAX_LIST] if not isinstance(one, list) for text in _texts(one)]
    if isinstance(value, dict):
        return _texts(value.get("@value", value.get("name", "")))
    if isinstance(value, str | int | float) and not isinstance(value, bool):
        return [text] if (text := str(value)[:MAX_CELL].strip()) else []
    return []


def _named(value: object) -> str:
    """Return the first organisation that a value names; a person who organises is nobody's business."""
    names = (
        _text(one, "name") if isinstance(one, dict) else str(one)[:200]
        for one in _listed(value)
        if not (isinstance(one, dict) and _text(one, "@type") == "Person") and not html.web_url(str(one))
    )
    return _plain(next(filter(None, names), ""))


def _plain(name: str) -> str:
    """Return a name in which signs may be written as in HTML: "M&uuml;ller &amp; Sohn"."""
    return html.text(name) if "&" in name else name


def _located(value: object) -> Node:
    """Return the first place where somebody can go, else that in the net; one that is only named is an address."""
    places = [{"address": one} if isinstance(one, str) else one for one in _listed(value)]
    real = (one for one in places if _text(one, "@type") != _IN_THE_NET)
    return next(real, places[0] if places else {})


def _listed(value: object) -> list[Node | str]:
    """Return the objects and texts of a value that may be one of them or a list."""
    listed = value if isinstance(value, list) else [value]
    return [one for one in listed[:MAX_LIST] if isinstance(one, dict) or (isinstance(one, str) and one.strip())]


def _persons(node: Node) -> tuple[str, ...]:
    """Return whom an entry names as contacts."""
    about = [_first(node.get(name)) for name in (*_ORGANISERS, "applicationContact", "contactPoint")]
    named = [_text(one, "name") for one in about if _text(one, "@type") in {"Person", "ContactPoint"}]
    return tuple(name for name in named if " " in name)


def _cost(node: Node) -> str:
    """Return what an entry says of its price: "kostenlos", "8–12 €"."""
    if node.get("isAccessibleForFree") is True:
        return "kostenlos"
    offers = node.get("offers")
    listed = [one for one in (offers if isinstance(offers, list) else [offers])[:MAX_LIST] if isinstance(one, dict)]
    prices = sorted({price for one in listed if (price := columns.number(_text(one, "price"))) is not None})
    if not prices or any(_text(one, "priceCurrency") not in {"", "EUR"} for one in listed):
        return ""
    said = "–".join(f"{price:g}".replace(".", ",") for price in dict.fromkeys((prices[0], prices[-1])))
    return f"{said} €" if prices[-1] > 0 else "kostenlos"


def _first(value: object) -> Node:
    one = value[0] if isinstance(value, list) and value else value
    return one if isinstance(one, dict) else {}
