"""Where a place in Germany is: names and postcodes looked up offline, nothing is ever asked of another machine.

Data: GeoNames (places from 500 inhabitants on, postcodes with their villages and districts), CC BY 4.0. It lies beside
this file as `places.tsv.gz` and `postcodes.tsv.gz`: name, region (ISO 3166-2:DE), latitude, longitude, population,
postcode. `tools/build_gazetteer.py` makes both and names the packages and versions they come from. Each is read once,
when it is first asked for; where `ehrenamt places update` has put newer ones (`data.py`), these. Populations are as
GeoNames has them, good for telling Hagen from Hagen. `districts.tsv` (`districts.py`) is our own and adds districts
that GeoNames lacks, to some 300 m. An instance keeps others, which imports taught it or people entered (`data.teach`).
"""

import gzip
import math
import re
import unicodedata
from array import array
from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cache, cached_property, lru_cache
from importlib.resources import files
from itertools import islice
from pathlib import Path

from fediverse_ehrenamt.kit.geo import distance_km
from fediverse_ehrenamt.kit.sentences import Sentence, sentence
from fediverse_ehrenamt.places import data, name_words, namesakes
from fediverse_ehrenamt.places.districts import District, Key, joined
from fediverse_ehrenamt.places.namesakes import Namesake
from fediverse_ehrenamt.places.spelling import Spelling

ATTRIBUTION = sentence("Ortsdaten: GeoNames (www.geonames.org), Lizenz CC BY 4.0, gekürzt und zusammengeführt")

FROM_TOWN_KM = 15.0  # that a district may lie from the middle of its town
_LONGEST_QUESTION = 120  # characters; longer texts are no place names
_MOST_WORDS = 8
_MOST_PARTS = 4  # "Stadtbücherei, Marktstraße 1, Hagen"
_NAMED = 3  # of what is like an unknown name
_KEPT = 1_024  # names of which it is known which place they mean
_MOST_SUGGESTIONS = 20
_LARGE = 50_000  # inhabitants of a town that is meant by its name everywhere

REGION_NAMES = {
    "BB": "Brandenburg",
    "BE": "Berlin",
    "BW": "Baden-Württemberg",
    "BY": "Bayern",
    "HB": "Bremen",
    "HE": "Hessen",
    "HH": "Hamburg",
    "MV": "Mecklenburg-Vorpommern",
    "NI": "Niedersachsen",
    "NW": "Nordrhein-Westfalen",
    "RP": "Rheinland-Pfalz",
    "SH": "Schleswig-Holstein",
    "SL": "Saarland",
    "SN": "Sachsen",
    "ST": "Sachsen-Anhalt",
    "TH": "Thüringen",
}

_WORDS = re.compile(r"[a-z0-9]+")
_POSTCODE = re.compile(r"(?<!\d)\d{5}(?!\d)")
_UMLAUTS = str.maketrans({"ä": "a", "ö": "o", "ü": "u", "ß": "ss"})
_DIGRAPHS = re.compile("([aou])e")
_SAINT = re.compile(r"\bst\b")
_APOSTROPHES = str.maketrans("", "", "'’`´")  # "D'dorf"
_LEAST_HALF = 5  # letters of the second half of a double name that is looked for by itself: "Rauxel"


@dataclass(frozen=True, slots=True)
class Spot:
    """A place: WGS 84 degrees, `region` as in ISO 3166-2:DE ("NW"), `population` 0 where it is unknown."""

    name: str
    region: str
    latitude: float
    longitude: float
    postcode: str
    population: int


@dataclass(frozen=True)
class _Atlas:
    """The places as columns (a fifth of the memory of objects), most populous first, and where each name stands.

    Districts are the last ones; `districts` has them by the folded names of towns and by their own, `spellings` by
    their aliases too. `learnt` are the numbers of those that this instance's own listings taught.
    """

    names: list[str]
    regions: list[str]
    latitudes: "array[float]"
    longitudes: "array[float]"
    populations: "array[int]"
    postcodes: "array[int]"
    index: dict[str, tuple[int, ...]]
    districts: dict[str, dict[str, District]]
    spellings: dict[str, dict[str, District]]
    learnt: set[int] = field(default_factory=set)

    def add(self, row: tuple[str, str, float, float, int, int]) -> None:
        self.names.append(row[0])
        self.regions.append(row[1])
        self.latitudes.append(row[2])
        self.longitudes.append(row[3])
        self.populations.append(row[4])
        self.postcodes.append(row[5])

    def name(self, *keys: str) -> None:
        """Let `keys` find the place added last, after those that they find already."""
        number = len(self.names) - 1
        for key in dict.fromkeys(keys):
            self.index[key] = (*self.index.get(key, ()), number)

    def spot(self, number: int) -> Spot:
        code = self.postcodes[number]
        return Spot(
            self.names[number],
            self.regions[number],
            round(self.latitudes[number], 4),
            round(self.longitudes[number], 4),
            f"{code:05}" if code else "",
            self.populations[number],
        )

    @cached_property
    def spelling(self) -> Spelling:
        return Spelling({key: self.populations[numbers[0]] for key, numbers in self.index.items()})


def rows(name: str, folder: Path | None = None) -> list[Spot]:
    """Return what one of `data.FILES` says, that of the package where no folder is given."""
    stored = files("fediverse_ehrenamt.places").joinpath(name) if folder is None else folder / name
    return [_read(line) for line in gzip.decompress(stored.read_bytes()).decode().splitlines()]


def find(text: str, *, at_home: bool = False) -> Spot | None:
    """Return the place that `text` names, or None: "Hagen", "58095", "58095 Hagen", "hagen (westf.)", "Frankfurt Main".

    Letter case, umlauts written out or left out, hyphens and "am", "an der" make no difference. A known postcode
    decides over the name beside it. Of places with one name the one whose region or suffix was written wins, else the
    most populous; `at_home`, where somebody here asks, the one that is meant near home (`namesakes`), where nobody said
    where that is, a district that this instance learnt, but for large towns. Of a text with commas that is not one name
    the last part that is a place counts.
    """
    question = text[:_LONGEST_QUESTION]
    for code in _POSTCODE.findall(question)[:_MOST_PARTS]:
        spot = _postcodes(data.folder()).get(code)
        if spot is not None:
            return _read(spot)
    atlas = _atlas()
    question = _POSTCODE.sub(" ", question)
    parts = [part for part in question.split(",") if part.strip()][-_MOST_PARTS:]
    asked = [words for part in [question, *reversed(parts)] if (words := _words(part))]
    asked = [words for words in asked if not _is_region(atlas, words)]
    for whole in (True, False):
        for words in asked:
            number = _number(atlas, words, whole=whole, at_home=at_home)
            if number is not None:
                return atlas.spot(number)
    return None


def of_one_name(text: str) -> list[tuple[Spot, Namesake]]:
    """Return all places that may be called as `text`, the most populous first; none where it says more than a name."""
    words, atlas = (
        _written_out([name_words.EXONYMS.get(word, word) for word in _words(text[:_LONGEST_QUESTION])]),
        _atlas(),
    )
    numbers = () if _POSTCODE.search(text) else atlas.index.get(" ".join(words), ())
    return list(zip(map(atlas.spot, numbers), _namesakes(atlas, numbers, words), strict=True))


def suggest(text: str, limit: int = 5) -> list[Spot]:
    """Return up to `limit` places whose names begin with `text` or are spelt nearly so, the likeliest first."""
    question = " ".join(_words(text[:_LONGEST_QUESTION]))
    atlas = _atlas()
    numbers = {atlas.index[name][0]: None for name in atlas.spelling.near(question, min(limit, _MOST_SUGGESTIONS))}
    return [atlas.spot(number) for number in list(numbers)[:limit]]


def unknown(text: str) -> Sentence:
    """Say of what names no place which ones were probably meant, else how one is named."""
    if near := meant(text):
        return sentence("„%(place)s“ kennen wir nicht. Meinten Sie %(near)s?", place=text, near=near)
    return sentence("„%(place)s“ kennen wir nicht. Richtig wäre zum Beispiel „Hagen“ oder „58095“.", place=text)


def meant(text: str) -> str:
    """Return the places that a misspelt name probably means, "Essen / Esens", "" where none is like it."""
    return " / ".join(dict.fromkeys(spot.name for spot in suggest(text, _NAMED)))


def fold(name: str) -> str:
    """Return the key under which spellings of one name meet: "Luebeck", "Lübeck", "LUBECK" are "lubeck"."""
    return " ".join(_words(name))


def districts(town: str = "") -> list[District]:
    """Return the districts known of a town, without a name of all towns."""
    known = _atlas().districts
    return [one for some in ([known.get(fold(town), {})] if town else known.values()) for one in some.values()]


def districts_by_name(town: str) -> Mapping[str, District]:
    """Return the districts known of a town, by all their folded names."""
    return _atlas().spellings.get(fold(town), {})


@cache
def own_districts() -> Mapping[Key, District]:
    """Return the districts that the program brings, whatever an instance makes of them."""
    return {key(one.town, one.name): one for one in data.own_districts()}


def key(town: str, name: str) -> Key:
    """Return the key under which all spellings of a district meet."""
    return fold(town), fold(name)


def district(text: str) -> District | None:
    """Return the district that is named together with its town: "Hagen-Haspe", "Haspe, Hagen", "Hagen OT Haspe"."""
    known, words = _atlas().spellings, _words(text[:_LONGEST_QUESTION])
    for split in range(1, len(words)):
        first, second = " ".join(words[:split]), " ".join(words[split:])
        found = known.get(first, {}).get(second) or known.get(second, {}).get(first)
        if found is not None:
            return found
    return None


def towns(least_population: int) -> list[Spot]:
    """Return the places with at least so many inhabitants, most populous first."""
    atlas = _atlas()
    return [atlas.spot(number) for number, people in enumerate(atlas.populations) if people >= least_population]


def inside(south: float, west: float, north: float, east: float, most: int) -> list[Spot]:
    """Return at most so many places between two latitudes and two longitudes, most populous first."""
    atlas = _atlas()
    held = (
        number
        for number, (latitude, longitude) in enumerate(zip(atlas.latitudes, atlas.longitudes, strict=True))
        if south <= latitude <= north and west <= longitude <= east
    )
    return [atlas.spot(number) for number in islice(held, most)]


def _words(text: str) -> list[str]:
    plain = text.lower().translate(_APOSTROPHES).translate(_UMLAUTS)
    if not plain.isascii():
        plain = unicodedata.normalize("NFKD", plain).encode("ascii", "ignore").decode()
    words = _WORDS.findall(_SAINT.sub("sankt", _DIGRAPHS.sub(r"\1", plain)))
    return (
        [word for word in words if word not in name_words.LINKS and word not in name_words.COUNTRY]
        if len(words) > 1
        else words
    )


def _is_region(atlas: _Atlas, words: list[str]) -> bool:
    """Say whether the words name a Bundesland and no town: "Schleswig-Holstein" is not Schleswig."""
    name = " ".join(words)
    return name in _region_names() and name not in atlas.index


def _number(atlas: _Atlas, words: list[str], *, whole: bool, at_home: bool) -> int | None:
    """Find the longest beginning of `words` that is a name; what follows chooses between places of that name.

    With `whole`, what follows must fit the place found: "Essen auf Rädern" is nothing then, else it is Essen.
    """
    words = _written_out([name_words.EXONYMS.get(word, word) for word in words[:_MOST_WORDS]])
    if len(words) > 1 and words[0] in name_words.TITLES and " ".join(words) not in atlas.index:
        words = words[1:]
    for length in range(len(words), 0, -1):
        numbers = atlas.index.get(" ".join(words[:length]))
        if numbers:
            if at_home and length == len(words):
                return _at_home(atlas, numbers, words)
            chosen = _choose(atlas, numbers, length, words[length:])
            return numbers[0] if chosen is None and not whole else chosen
    return None


def _written_out(words: list[str]) -> list[str]:
    for length in (2, 1):
        whole = name_words.SHORT_FORMS.get(" ".join(words[:length]))
        if whole is not None and len(words) >= length:
            return [*whole.split(), *words[length:]]
    return words


def _choose(atlas: _Atlas, numbers: tuple[int, ...], length: int, rest: list[str]) -> int | None:
    """Return the most populous place whose further words or region begin with all of `rest`."""
    if not rest:
        return numbers[0]
    for number in numbers:
        beyond = [*_words(atlas.names[number])[length:], *_region_words(atlas.regions[number])]
        if all(any(word.startswith(asked) for word in beyond) for asked in rest):
            return number
    return None


def _at_home(atlas: _Atlas, numbers: tuple[int, ...], words: list[str]) -> int:
    """Return the district that is here, not the small town elsewhere: in Solingen, Burg lies in Solingen."""
    if len(numbers) == 1:
        return numbers[0]
    if data.home() is not None:
        return numbers[_meant_at_home(" ".join(words), data.edition())]
    here = next((number for number in numbers if number in atlas.learnt), None)
    return here if here is not None and atlas.populations[numbers[0]] < _LARGE else numbers[0]


@lru_cache(_KEPT)
def _meant_at_home(name: str, _edition: int) -> int:
    """Return which of the places of one name is meant, by its place among them: all quarters of Hamburg are its own."""
    atlas = _atlas()
    return namesakes.meant(_namesakes(atlas, atlas.index[name], name.split()))


def _namesakes(atlas: _Atlas, numbers: tuple[int, ...], words: list[str]) -> list[Namesake]:
    home, key = data.home(), " ".join(words)
    first_district = len(atlas.names) - sum(map(len, atlas.districts.values()))
    found = []
    for number in numbers:
        point = atlas.latitudes[number], atlas.longitudes[number]
        away = distance_km(*home, *point) if home is not None else math.inf
        district, name = number >= first_district, atlas.names[number]
        whole = district or fold(name) == key
        people = (
            atlas.populations[number] if whole or name_words.SURNAMED.match(name) else atlas.populations[number] // 10
        )
        found.append(Namesake(people, away, whole, district))
    return found


@cache
def _region_names() -> frozenset[str]:
    return frozenset(fold(name) for name in REGION_NAMES.values())


@cache
def _region_words(region: str) -> tuple[str, ...]:
    return (*_words(REGION_NAMES[region]), region.lower(), name_words.REGIONS.get(region, region.lower()))


def _read(line: str) -> Spot:
    name, region, latitude, longitude, population, postcode = line.split("\t")
    return Spot(name, region, float(latitude), float(longitude), postcode, int(population))


@lru_cache(maxsize=1)
def _postcodes(_folder: Path | None) -> dict[str, str]:
    """Return the data line of each postcode; lines take less memory than objects of which few are ever asked for."""
    return {line[-5:]: line for line in data.lines("postcodes.tsv.gz")}


def _atlas() -> _Atlas:
    """Return what is known now; whoever asks twice may be given two, whose numbers differ."""
    return _read_atlas(data.places_edition())


@lru_cache(maxsize=1)
def _read_atlas(_edition: int) -> _Atlas:
    atlas = _Atlas([], [], array("d"), array("d"), array("L"), array("L"), {}, {}, {})
    same = {region: region for region in REGION_NAMES}
    for line in data.lines("places.tsv.gz"):
        name, region, latitude, longitude, population, postcode = line.split("\t")
        words = _words(name)
        # "Frankfurt am Main" is asked for as "Frankfurt" as well, "Bad Homburg vor der Höhe" as "Bad Homburg".
        short = (" ".join(words[:2]),) if words[0] in name_words.NO_NAMES else (words[0],)
        atlas.add((name, same[region], float(latitude), float(longitude), int(population), int(postcode or 0)))
        atlas.name(" ".join(words), *short)
    for one in joined(own_districts(), data.kept_districts()).values():
        _add_district(atlas, one)
    _name_halves(atlas)
    return atlas


def _add_district(atlas: _Atlas, one: District) -> None:
    """Add a district, unless its town is not known or it lies elsewhere."""
    town, name = key(one.town, one.name)
    numbers = atlas.index.get(town)
    if not numbers or name in {"", town}:
        return
    middle = atlas.latitudes[numbers[0]], atlas.longitudes[numbers[0]]
    if distance_km(*middle, one.latitude, one.longitude) > FROM_TOWN_KM:
        return
    region = atlas.regions[numbers[0]]
    atlas.add((one.label, region, one.latitude, one.longitude, 0, int(one.postcode or 0)))
    names = dict.fromkeys([name, *filter(None, map(fold, one.aliases))])
    atlas.name(*(way for each in names for way in (f"{town} {each}", f"{each} {town}", each)))
    atlas.learnt.update([len(atlas.names) - 1] if one.learnt else ())
    atlas.districts.setdefault(town, {})[name] = one
    atlas.spellings.setdefault(town, {}).update(dict.fromkeys(names, one))


def _name_halves(atlas: _Atlas) -> None:
    """Let the second half of a double town ("Castrop-Rauxel") find it, where nothing else has that name."""
    halves: dict[str, list[int]] = {}
    for number, name in enumerate(atlas.names):
        if not atlas.populations[number]:
            continue
        _, hyphen, second = name.rpartition("-")
        if hyphen and len(second) >= _LEAST_HALF:
            halves.setdefault(fold(second), []).append(number)
    for key, numbers in halves.items():
        if key and len(numbers) == 1:
            atlas.index.setdefault(key, (numbers[0],))
