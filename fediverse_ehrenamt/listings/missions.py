"""Reads missions in the shape of API Engagement (api-engagement.beta.gouv.fr), which hubs exchange: v0, v2, and XML."""

from collections.abc import Iterator, Mapping
from datetime import datetime, time, timedelta
from html import escape
from typing import Any
from xml.parsers import expat

from fediverse_ehrenamt.kit import clock
from fediverse_ehrenamt.kit.clock import HOME
from fediverse_ehrenamt.kit.errors import Invalid, Problem
from fediverse_ehrenamt.kit.sentences import sentence
from fediverse_ehrenamt.listings import addresses, columns, freinet, moments
from fediverse_ehrenamt.listings.freinet import parse_json
from fediverse_ehrenamt.listings.record import MAX_CELL, MAX_LIST, MAX_ROWS, Fault, Read, Record

Node = Mapping[str, object]

# Its 20 domains (`domain`), as this model has them.
_AREAS = {
    "environnement": "umwelt_tiere",
    "animaux": "umwelt_tiere",
    "solidarite-insertion": "soziales",
    "humanitaire": "politik",
    "sante": "gesundheit",
    "culture-loisirs": "kultur",
    "education": "schule_kita",
    "emploi": "jugend_bildung",
    "formation": "jugend_bildung",
    "sport": "sport",
    "vivre-ensemble": "freizeit",
    "prevention-protection": "rettung_feuerwehr",
    "secourisme": "rettung_feuerwehr",
    "memoire-et-citoyennete": "politik",
    "citoyennete": "politik",
    "benevolat-competences": "sonstiges",
    "handicap": "soziales",
    "justice": "justiz",
    "jeunesse": "jugend_bildung",
    "autre": "sonstiges",
}
_AUDIENCES = {
    "seniors": "Senioren",
    "persons_with_disabilities": "Behinderung",
    "people_in_difficulty": "Bedürftige",
    "parents": "Eltern",
    "children": "Kinder",
    "refugees": "Flüchtlinge",
    "people_being_excluded": "Obdachlose",
    "people_sick": "Kranke",
    "any_public": "Alle",
}
_MODES = {"no": "vor_ort", "possible": "teilweise_online", "full": "online", "local": "beliebig_im_gebiet"}
_LISTS = ("data", "missions", "hits")
_SIGNS = frozenset({"clientId", "applicationUrl", "publisherId"})
_GONE = frozenset({"REFUSED", "DELETED"})
_ADULT = 18
_A_FEW_DAYS, _MORNING = timedelta(days=3), 6


def read(data: bytes) -> Read:
    """Yield the missions of a file, JSON or the XML that partners hand in; raises `Invalid` where there are none."""
    found = _of_xml(data) if data.lstrip().startswith(b"<") else listed(parse_json(data))
    if not any(is_mission(one) for one in found):
        raise Invalid([Problem("Datei", "enthält keine Einsätze in der Form von API Engagement (clientId, title)")])
    if len(found) > MAX_ROWS:
        raise Invalid(
            [Problem("Datei", sentence("hat mehr als %(most)s Einträge; bitte auf mehrere verteilen", most=MAX_ROWS))]
        )
    return _read(found)


def listed(root: object) -> list[object]:
    """Return what an answer of the interface lists, whatever its version calls the list."""
    inner = next((root[name] for name in _LISTS if name in root), root) if isinstance(root, dict) else root
    return inner if isinstance(inner, list) else [inner]


def _of_xml(data: bytes) -> list[object]:
    try:
        root = freinet.parse_xml(data)
    except expat.ExpatError as error:
        where = sentence("Zeile %(line)s, Spalte %(column)s", line=error.lineno, column=error.offset + 1)
        raise Invalid([Problem(where, sentence("ist kein gültiges XML"))]) from error
    return [_values(one) for one in _elements(root, "mission")]


def _elements(node: freinet.Node, name: str) -> Iterator[freinet.Node]:
    for child in node.children:
        yield from [child] if child.name == name else _elements(child, name)


def _values(node: freinet.Node) -> dict[str, object]:
    """Return an element of XML as the same mission has it in JSON, but lists in one text."""
    return {child.name: _value(child) for child in node.children}


def _value(node: freinet.Node) -> object:
    if not node.children:
        return "".join(node.text).strip()
    alike = len({child.name for child in node.children}) == 1
    if alike and (len(node.children) > 1 or node.name.startswith(node.children[0].name)):  # addresses › address
        return [_value(child) for child in node.children]
    return _values(node)


def is_mission(node: object) -> bool:
    return isinstance(node, dict) and "title" in node and not _SIGNS.isdisjoint(node)


def _read(found: list[object]) -> Iterator[Record | Fault]:
    language = _usual_language(found)
    for number, node in enumerate(found, 1):
        where = f"Eintrag {number}"
        if not isinstance(node, dict):
            yield Fault(where, "ist kein Einsatz, sondern etwas anderes")
        elif not _text(node, "title"):
            yield Fault(where, "der Titel fehlt (title)", _text(node, "clientId"))
        elif not (_text(node, "statusCode").upper() in _GONE or node.get("deleted") is True):
            yield _record(node, where, language)


def _usual_language(found: list[object]) -> str:
    """Return the language of most missions with an address, for those that have none: online ones."""
    told = [_language(node) for node in found if isinstance(node, dict) and _country(node)]
    return max(sorted(set(told)), key=told.count, default="")


def _language(node: Node) -> str:
    return "fr" if _country(node) == "FR" else ""


def _country(node: Node) -> str:
    return addresses.country(_text(_address(node), "country"))


def _record(node: Node, where: str, usual: str) -> Record:
    title = " ".join(_text(node, "title").split())
    domain = _text(node, "domain")
    begin, end = moments.moment(_text(node, "startAt")), moments.moment(_text(node, "endAt"))
    country = _country(node)
    return Record(
        id=columns.foreign_id({"id": _text(node, "clientId") or _text(node, "_id") or _text(node, "id")}, title),
        where=where,
        title=title,
        text=(_text(node, "descriptionHtml") or _text(node, "description")) + _further_places(node),
        tasks=", ".join(_texts(node, "tasks")),
        requirements=", ".join([*_texts(node, "requirements"), *_texts(node, "softSkills")]),
        times=_text(node, "schedule") or _hours(begin, end),
        organisation=_organisation(node),
        categories=columns.parts(_texts(node, "tags") or ([domain] if domain not in _AREAS else [])),
        areas=(_AREAS[domain],) if domain in _AREAS else (),
        audiences=tuple(_AUDIENCES.get(name, name) for name in _texts(node, "audience")),
        mode=_MODES.get(_text(node, "remote"), ""),
        url=_text(node, "applicationUrl"),
        accessibility="barrierearm erreichbar" if _flag(node, "reducedMobilityAccessible") else "",
        changed_at=moments.moment(_text(node, "updatedAt") or _text(node, "postedAt")),
        first_day=clock.day(begin) if begin else None,
        last_day=clock.day(end) if end else None,
        places=columns.count(_text(node, "places"), columns.TOO_MANY_PLACES),
        minimum_age=_ADULT if _text(node, "openToMinors").lower() in {"no", "false"} else None,
        language=_language(node) if country else usual,
        country=country,
        **_place(_address(node)),
    )


def _hours(begin: datetime | None, end: datetime | None) -> str:
    """Return the hours of what takes a few days: "18:00–24:00 Uhr"; midnight as a beginning is only a day."""
    if begin is None or end is None or not begin < end < begin + _A_FEW_DAYS or begin.time() == time():
        return ""
    first, last = begin.astimezone(HOME), end.astimezone(HOME)
    until = "24:00" if last.time() == time() else f"{last:%H:%M}"
    return f"{first:%H:%M}–{until} Uhr" if first.hour >= _MORNING else ""


def _address(node: Node) -> Node:
    listed = node.get("addresses")
    first = listed[0] if isinstance(listed, list) and listed else node
    return first if isinstance(first, dict) else {}


def _further_places(node: Node) -> str:
    """Return the places of a mission beside the first, which is the one that it is found by, as the end of its text."""
    given = node.get("addresses")
    towns = [_text(one, "city") for one in given if isinstance(one, dict)] if isinstance(given, list) else []
    named = list(dict.fromkeys(filter(None, towns)))[:MAX_LIST]
    return f"<p>Orte: {', '.join(map(escape, named))}</p>" if len(named) > 1 else ""


def _place(address: Node) -> dict[str, Any]:
    spot = address.get("location")
    point = spot if isinstance(spot, dict) else address
    latitude, longitude = (columns.number(_text(point, name)) for name in ("lat", "lon"))
    both = latitude is not None and longitude is not None
    district = _text(address, "district")
    return {
        "street": _text(address, "street") or _text(address, "address"),
        "postcode": _text(address, "postalCode"),
        "locality": _text(address, "city"),
        "districts": (district,) if district else (),
        "latitude": latitude if both else None,
        "longitude": longitude if both else None,
    }


def _organisation(node: Node) -> str:
    inner = node.get("organization")
    return (_text(inner, "name") if isinstance(inner, dict) else "") or _text(node, "organizationName")


def _flag(node: Node, name: str) -> bool:
    return node.get(name) is True or _text(node, name).lower() in {"yes", "true", "oui"}


def _text(node: Node, name: str) -> str:
    value = node.get(name)
    if isinstance(value, bool):
        return str(value).lower()
    return str(value)[:MAX_CELL].strip() if isinstance(value, str | int | float) else ""


def _texts(node: Node, name: str) -> list[str]:
    """Return the texts of a list, which partners write as one with commas."""
    value = node.get(name)
    parts = value if isinstance(value, list) else str(value or "").split(",")
    return [one.strip()[:200] for one in parts[:MAX_LIST] if isinstance(one, str) and one.strip()]
