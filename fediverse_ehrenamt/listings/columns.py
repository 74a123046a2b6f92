"""Which column or field of a listing means what: FreiNet's names, those of spreadsheets, and what is never read.

A name is compared folded ("E-Mail-Adresse" is "emailadresse"). Names of persons and how to reach them are known by
their columns and go nowhere (domain.md C5).
"""

import hashlib
import re
from collections.abc import Mapping, Sequence
from functools import lru_cache
from typing import Any

from fediverse_ehrenamt.kit.sentences import Sentence, sentence
from fediverse_ehrenamt.listings import addresses, answers, moments, points
from fediverse_ehrenamt.listings.column_names import NAMES, PERSONAL, PERSONAL_NAMES
from fediverse_ehrenamt.listings.record import MAX_CELL, MAX_LIST, Fault, Record

Values = Mapping[str, str | Sequence[str]]

_DATE, _START_DATE = "date", "startdate"
_WHOM, _WHAT_FOR = ("wensuchenwir", "wenwirsuchen", "werwirdgesucht"), "wofuer"
_EXACT = frozenset(name for names in NAMES.values() for name in names)
_LISTS = frozenset({"categories", "audiences", "districts"})
# Where an offer names no place of its own, FreiNet's nested form has that of its organisation.
_OF_ORGANISATION = {"organisation": "name", "street": "strasse", "postcode": "plz", "locality": "ort"}
_ORGANISATION = "einrichtung"


# A column that says whether an entry may appear, by part of its folded name or all of it, and what means that not.
_CONSENT, _CONSENTS = ("veroeffentlich", "freigabe"), frozenset({"freigegeben", "aktiv", "sichtbar", "published"})
_STATUS = "status"
_ENDED = re.compile(r"inaktiv|deaktiviert|archiviert|gelöscht|entwurf|gesperrt|beendet", re.IGNORECASE)
_REFUSED = re.compile(rf"nein|no?|0|false|falsch|nicht\b.{{0,30}}|{_ENDED.pattern}", re.IGNORECASE)

_BLANK = re.compile(
    r"[-–—_./*?]{1,10}|x{2,10}|k\.?\s?a\.?|s\.\s?[ou]\.?|n\.?\s?n\.?|n/a|null|none|unbekannt|entfällt|folgt|"
    r"(?:s\.|siehe|vgl\.)\s?(?:oben|unten|text|beschreibung|homepage|website)|nicht angegeben|"
    r"(?:keine|ohne)\s(?:nähere\s)?angaben?",
    re.IGNORECASE,
)
_LONGEST_BLANK = 25  # characters
_FOLDS = str.maketrans({"ä": "ae", "ö": "oe", "ü": "ue", "ß": "ss"})
_NO_WORD = re.compile(r"[^a-z0-9]+")
_PARTS = re.compile(r"[;|\n•]|,(?!\d)|\s/\s")
_BRACKETS = " []{}\"'"  # of lists that a database wrote into a cell
_AGE = re.compile(r"(?:(?:ab|mind\.?|mindestens)\s)?(\d{1,2})(?:\s?(?:j\.?|jahren?))?", re.IGNORECASE)
_NUMBER = re.compile(r"-?\d{1,12}(?:[.,]\d{1,12})?")
# A word that is parted in a narrow cell, "Neujahrs-\nlauf"; "Kinder-\nund Jugendarbeit" is none.
_HYPHEN = re.compile(r"([^\W\d_])-[ \t]{0,3}\n\s{0,3}(?=[a-zäöüß])(?!(?:und|oder|bzw|sowie|u\.)\b)")
BY_WORDS = "~"  # begins the id of an entry that goes by what it says
TOO_MANY_PLACES = 10_000  # nobody seeks so many
_NO_AGE = 100
_LONGEST_TICK = 5  # characters
_SERIAL = 5  # digits
_KEY = 150  # characters of a foreign id; a key of ours has room for 200


@lru_cache(4096)
def fold(name: str) -> str:
    """Return the form in which "Straße / Hausnr." and "strasse_hausnr" meet."""
    return _NO_WORD.sub("", name[:120].lower().translate(_FOLDS))


@lru_cache(4096)
def is_personal(name: str) -> bool:
    """Say whether a column holds a person's name or how to reach somebody."""
    folded = fold(name)
    return folded in PERSONAL_NAMES or any(part in folded for part in PERSONAL)


def meanings(names: Sequence[str]) -> dict[str, str]:
    """Return the fields of a Record with the name that means each; a name means one field, persons' none.

    A name that is none of those known goes by its words ("Titel des Angebots", "Zeitaufwand / Umfang").
    """
    by_fold = {fold(name): name for name in reversed(names) if not is_personal(name)}
    found: dict[str, str] = {}
    for field, known in NAMES.items():
        name = next((by_fold[one] for one in known if one in by_fold), None)
        if name is not None and name not in found.values():
            found[field] = name
    for name in reversed(by_fold.values()):
        field = "" if name in found.values() else _meant(name)
        if field:
            found.setdefault(field, name)
    return _by_whom(_without_issue(found), by_fold)


def _without_issue(found: dict[str, str]) -> dict[str, str]:
    """Return meanings without the "date" of an entry that has a "start_date": it is when that was written."""
    if fold(found.get("starts_at", "")) == _DATE and fold(found.get("first_day", "")) == _START_DATE:
        return {field: name for field, name in found.items() if field != "starts_at"}
    return found


def _by_whom(found: dict[str, str], by_fold: Mapping[str, str]) -> dict[str, str]:
    """Return meanings in which whom a club seeks is the title where else only what for is said."""
    whom, what_for = next((by_fold[name] for name in _WHOM if name in by_fold), ""), by_fold.get(_WHAT_FOR, "")
    if not whom or found.get("title") != what_for:
        return found
    return {"tasks": what_for} | {field: name for field, name in found.items() if name != whom} | {"title": whom}


def of_person(inner: Values) -> dict[str, str]:
    """Return what stands within a field about a person: how to reach them, and their name as that of a contact."""
    said = {name: _text(value) for name, value in inner.items()}
    named = next((value for name, value in said.items() if fold(name) in _NAMES_OF_PERSONS and value), "")
    reached = {name: value for name, value in said.items() if is_personal(name)}
    return reached | ({_CONTACTS[0]: named} if named else {})


def unfolded(name: str, inner: Values) -> dict[str, str | list[str]]:
    """Return what stands within a field as fields of the entry; nothing where it is one value, or about a person.

    An organisation's name and address go by FreiNet's names for them: the entry may have a place of its own.
    """
    meant = {} if is_personal(name) else meanings(list(inner))
    if fold(name) in NAMES["organisation"]:
        own = {field: inner[meant[field]] for field in ("street", "postcode", "locality") if field in meant}
        named = meant.get("organisation") or meant.get("title")
        said = own | ({"organisation": inner[named]} if named else {})
        return {f"{_ORGANISATION}_{_OF_ORGANISATION[field]}": _text(value) for field, value in said.items()}
    if fold(name) in NAMES["text"]:  # a short one and a long one
        return {name: max((said for said in inner.values() if isinstance(said, str)), key=len, default="")}
    of_place = fold(name) in _OF_PLACE
    if len(meant.keys() - {"id", "title"}) < (1 if of_place else _LEAST_PARTS):
        return {}
    if of_place and "title" in meant:
        inner = {**inner, "einsatzort": inner[meant.pop("title")]}
        meant["venue"] = "einsatzort"
    return {key: value if isinstance(value := inner[key], str) else list(value) for key in meant.values()}


_OF_PLACE = frozenset({*NAMES["venue"], "ort", "adresse", "anschrift", "place"})
_LEAST_PARTS = 2  # of a field that is an address or a point, and not one value in a shell


# Fields that a heading of several words may mean. Not those of numbers and days: "Anzahl der Mitglieder" counts no
# places, and "Nr. des Vereins" does not tell its offers apart.
_BY_WORDS = (
    "title", "summary", "text", "tasks", "requirements", "benefits", "accessibility", "times", "organisation",
    "categories", "audiences", "districts", "venue", "street", "postcode", "locality", "changed_at", "url",
    "minimum_age",
)  # fmt: skip
_LONGEST_HEADING = 60  # characters; what is longer is a sentence
_ENDING = re.compile(r"\((?:e|n|en|er|in|innen|s)\)|/-?in(?:nen)?\b|[*:_]in(?:nen)?\b", re.IGNORECASE)
_HEADING_WORD = re.compile(r"[a-z0-9]+")
_OF = frozenset({"der", "des", "zum", "zur", "am", "im", "fuer", "vom", "von", "bei"})
_SEEKS = (["sucht"], ["suche"], ["suchen"])
_NAMED = frozenset({"name", "bezeichnung", "titel"})
_NO_FIELD = (["id"], ["uuid"], ["nr"], ["nummer"], ["type"], ["typ"])  # last words of what only tells things apart
_SHORTEST_END = 6  # letters of a known name that may end a longer word: "Tätigkeitsbeschreibung"


def _meant(heading: str) -> str:
    """Return the field that the words of a heading speak of, "" where there is none.

    Of two words the last says it ("Einrichtung Straße"), of "Adresse des Vereins" what stands before "des"; but "Name
    der Einrichtung" is about the institution.
    """
    if len(heading) > _LONGEST_HEADING:
        return ""
    words = _HEADING_WORD.findall(_ENDING.sub("", heading).lower().translate(_FOLDS))
    if words[-1:] in _NO_FIELD:  # "organization_id"
        return ""
    if words[:1] in _SEEKS:  # "Sucht Ehrenamtliche für"
        return "title"
    if any(word.startswith("beschreib") for word in words):  # "Beschreiben Sie kurz die Tätigkeit"
        return "text"
    of = next((number for number, word in enumerate(words) if word in _OF), len(words))
    about, rest = words[:of], words[of:]
    only_named = bool(about) and set(about) <= _NAMED
    for group in (rest, about) if only_named else (about, rest):
        meant = [field for word in reversed(group) if (field := _of_word(word))]
        if meant:
            return meant[0]
    return ""


@lru_cache(4096)
def _of_word(word: str) -> str:
    """Return the field that one word means, also in the genitive or as the end of a compound."""
    known = {name: field for field in reversed(_BY_WORDS) for name in NAMES[field]}
    for form in (word, word.removesuffix("es"), word.removesuffix("s")):
        if form in known:
            return known[form]
    ends = [name for name in known if len(name) >= _SHORTEST_END and word.endswith(name)]
    return known[max(ends, key=len)] if ends else ""


def record(
    values: Values, where: str, chosen: Mapping[str, str] | None = None, *, only: bool = False
) -> Record | Fault:
    """Return what a row says; `chosen` maps fields to its names, None where they are to be recognised.

    With `only` nothing but these is read: a person chose them.
    """
    found = meanings([name for name, value in values.items() if value]) if chosen is None else chosen
    if refused := _refused(values):
        return Fault(where, refused)
    texts = {field: _stated(values.get(name, "")) for field, name in found.items()}
    said = {} if only else {fold(name): _stated(value) for name, value in values.items() if not is_personal(name)}
    for field, more in (("requirements", answers.requirements(said)), ("benefits", answers.benefits(said))):
        texts[field] = "\n".join(filter(None, (texts.get(field, ""), *more)))
    if not only:
        texts["times"] = ", ".join(filter(None, (answers.days(said), *_times(values))))
        texts["changed_at"] = texts.get("changed_at") or _stated(_other(values, "changed_at"))
    title = " ".join(_HYPHEN.sub(r"\1", texts.get("title", "")).split())
    if unreal := moments.wrong(texts):
        return Fault(where, unreal, texts.get("id", "")[:_KEY])
    if not title:
        given = texts.get("id", "")
        return Fault(where, "der Titel fehlt", given[:_KEY])
    rest = {name: value for name, value in values.items() if name != found.get("title")}
    lists = {field: parts(values.get(name, "")) for field, name in found.items() if field in _LISTS}
    for field in () if only else _LISTS:
        lists[field] = lists.get(field) or parts(_other(rest, field))
    told = {**_plain(texts), **_located(texts, values), **moments.dated(texts), **lists}
    told["locality"], district = addresses.parted(told["locality"])
    districts = told.get("districts") or ((district,) if district else ())
    told["districts"] = tuple(dict.fromkeys(map(addresses.bare_district, districts)))
    if not told["locality"] and len(told["districts"]) == 1:
        told["locality"] = addresses.town_of_district(told["districts"][0], told.get("postcode", ""))
    full, persons = answers.is_taken(said), _persons(values)
    return Record(id=foreign_id(texts, title), where=where, title=title, full=full, persons=persons, **told)


def _refused(values: Values) -> Sentence | None:
    """Return why an entry may not appear, where a column of its own says so: whoever filled in a form was asked."""
    for name, value in values.items():
        if isinstance(value, str) and 0 < len(value) <= _LONGEST_TICK and answers.is_done(fold(name), value):
            return sentence("ist erledigt: „%(name)s“ ist „%(said)s“", name=name[:100], said=value.strip()[:20])
        if not (isinstance(value, str) and value and _REFUSED.fullmatch(value.strip())) or is_personal(name):
            continue
        folded = fold(name)
        asked = folded in _CONSENTS or any(part in folded for part in _CONSENT)
        if asked or (folded == _STATUS and _ENDED.fullmatch(value.strip())):
            return sentence("soll nicht erscheinen: „%(name)s“ ist „%(said)s“", name=name[:100], said=value.strip())
    return None


def _persons(values: Values) -> tuple[str, ...]:
    """Return whom a row names as contacts, as they may stand in its texts: with first name and surname."""
    named = {
        fold(name): value.strip() for name, value in values.items() if isinstance(value, str) and is_personal(name)
    }
    first, last = named.get("vorname", ""), named.get("nachname", "") or named.get("familienname", "")
    whole = [text for name, text in named.items() if name.startswith(_CONTACTS) and _FULL_NAME.fullmatch(text)]
    if first and last:
        whole += [f"{first} {last}", f"{last}, {first}", f"{first[0]}. {last}"]
    return tuple(dict.fromkeys(whole))


_CONTACTS = ("ansprech", "kontaktperson", "contact", "ihrname", "deinname", "meinname", "name")
_NAMES_OF_PERSONS = frozenset({"name", "fullname", "displayname"})
_FULL_NAME = re.compile(r"[^\W\d_][\w.'’-]{1,30}(?:\s[\w.'’-]{1,30}){1,3}")


_SIMPLE = (
    "summary", "text", "tasks", "requirements", "benefits", "accessibility", "times", "organisation", "url", "cost",
)  # fmt: skip


def _times(values: Values) -> Sequence[str]:
    """Return what all columns about time say: FreiNet has zeitlicherrahmen and zeitspenden, others days and hours."""
    said: list[str] = []
    for name, value in values.items():
        if value and not is_personal(name) and _is_of_times(name):
            text = _stated(value)
            text = answers.amount(fold(name), text) or text
            bare = text.isdecimal() and len(text) >= _SERIAL  # the number of a day in a spreadsheet
            said += [text] if text and not bare and not any(text in other for other in said) else []
    return said


@lru_cache(4096)
def _is_of_times(name: str) -> bool:
    folded = fold(name)
    if folded in NAMES["times"] or answers.amount(folded, "1"):
        return True
    return folded not in _EXACT and _meant(name) == "times"


def _other(values: Values, field: str) -> str | Sequence[str]:
    """Return what another column of the same meaning says, where the best known one says nothing."""
    by_fold = {fold(name): name for name, value in values.items() if value}
    names = (by_fold[known] for known in NAMES[field] if known in by_fold)
    return next((values[name] for name in names if _stated(values[name])), "")


def _plain(texts: Mapping[str, str]) -> dict[str, Any]:
    return {
        "places": count(texts.get("places", ""), TOO_MANY_PLACES),
        "minimum_age": _age(texts.get("minimum_age", "")),
        "maximum_age": _age(texts.get("maximum_age", "")),
        **{name: texts.get(name, "") for name in _SIMPLE},
    }


def count(text: str, below: int) -> int | None:
    """Return a whole number above 0 and below `below`, else None.

    Most listings have a 0 where nobody counts: 2,011 of 2,311 in one town.
    """
    found = number(text)
    return int(found) if found and 0 < found < below else None


def _age(text: str) -> int | None:
    """Return an age as people write it: "16", "18 J.", "ab 18 Jahren"."""
    found = _AGE.fullmatch(text)
    return count(found[1] if found else text, _NO_AGE)


def foreign_id(texts: Mapping[str, str], title: str) -> str:
    """Return the source's id of a row; one that has none goes by what it says."""
    given = "".join(character for character in texts.get("id", "").strip() if character.isprintable())
    if given and len(given) <= _KEY:
        return given
    said = given or "\x1f".join([title, *(texts.get(name, "") for name in ("organisation", "street", "postcode"))])
    return f"{BY_WORDS}{hashlib.sha256(said.encode('utf-8', 'replace')).hexdigest()[:24]}"


def _located(texts: Mapping[str, str], values: Values) -> dict[str, Any]:
    given = {name: texts.get(name, "") for name in addresses.FIELDS}
    if texts.get("house_number") and given["street"] and not given["street"][-1:].isdecimal():
        given["street"] = f"{given['street']} {texts['house_number'].removesuffix('.0')}"
    own = addresses.told(given)
    organisation = texts.get("organisation", "") or _of_organisation(values, "organisation")
    if not any((own["street"], own["postcode"], own["locality"])):
        own |= {name: _of_organisation(values, name) for name in ("street", "postcode", "locality")}
    apart = points.number(texts.get("latitude", "")), points.number(texts.get("longitude", ""))
    latitude, longitude = apart if all(apart) else points.pair(texts.get("point", "")) or (None, None)
    point = {"latitude": latitude, "longitude": longitude}
    return {**own, **point, "organisation": " ".join(organisation.split())}


def _of_organisation(values: Values, field: str) -> str:
    return _stated(values.get(f"{_ORGANISATION}_{_OF_ORGANISATION[field]}", ""))


# --- values -----------------------------------------------------------------------------------------------------------
def _text(value: str | Sequence[str]) -> str:
    text = value if isinstance(value, str) else ", ".join(value)
    return text[:MAX_CELL].strip()


def _stated(value: str | Sequence[str]) -> str:
    """Return what a cell says, "" where it only says that nothing is said there: "k.A.", "s.o.", "n.n.", "-"."""
    text = _text(value)
    return "" if is_blank(text) else text


def is_blank(text: str) -> bool:
    return len(text) <= _LONGEST_BLANK and bool(_BLANK.fullmatch(text))


def parts(value: str | Sequence[str]) -> tuple[str, ...]:
    """Return the parts of a list, or of a cell that holds one: "Kinder, Familien"; each once."""
    listed = _PARTS.split(value[:MAX_CELL]) if isinstance(value, str) else value
    cleaned = (" ".join(part.split()).strip(_BRACKETS)[:200] for part in list(listed)[:MAX_LIST])
    return tuple(dict.fromkeys(part for part in cleaned if part and not is_blank(part)))


def number(text: str) -> float | None:
    """Return a number as people write it ("51,36"), None of anything else."""
    found = _NUMBER.fullmatch(text.strip())
    return float(found[0].replace(",", ".")) if found else None
