"""Tables of districts, however odd they are, and what the gazetteer makes of those that an instance keeps."""

from collections.abc import Iterator

import pytest

from fediverse_ehrenamt.places import data, districts, gazetteer, naming
from fediverse_ehrenamt.places.districts import District, Kept
from fediverse_ehrenamt.search import query as queries

HASPE = District("Hagen", "Haspe", 51.348, 7.418, "58135")
RUETTENSCHEID = "Essen\tRüttenscheid\t51.4310\t7.0050\t45130\n"


@pytest.fixture(autouse=True)
def forgetting() -> Iterator[None]:
    """Know at the end no more than at the beginning."""
    yield
    data.teach(())


def _keep(table: str) -> None:
    data.teach([_kept(one) for one in districts.read(table, learnt=True)])


def _kept(one: District, stands_for: str = "", *, hidden: bool = False) -> Kept:
    return Kept(gazetteer.key(one.town, one.name), one, stands_for, hidden)


def test_a_table_is_read_as_it_was_written() -> None:
    some = [HASPE, District("Halle (Saale)", "St. Georgen-Süd", 51.48, 11.97)]
    assert districts.read(districts.write(some)) == some
    assert districts.read(districts.write(some), learnt=True)[0].learnt
    assert HASPE.label == "Hagen-Haspe"


@pytest.mark.parametrize(
    "line",
    [
        "",
        "Hagen",
        "Hagen\tHaspe\t51.3\t7.4",
        "Hagen\tHaspe\t51.3\t7.4\t58135\tmehr",
        "Hagen\tHaspe\tx\t7.4\t58135",
        "Hagen\tHaspe\tnan\tinf\t58135",
        "Hagen\tHaspe\t0\t0\t58135",
        "Hagen\tHaspe\t51.3\t7.4\t5813",
        "Hagen\tHaspe\t51.3\t7.4\t٥٨١٣٥",
        "Hagen\t\t51.3\t7.4\t58135",
        "\tHaspe\t51.3\t7.4\t58135",
        "Hagen\tHaspe 2\t51.3\t7.4\t58135",
        "Hagen\tIm ganzen Stadtgebiet; bitte fragen!\t51.3\t7.4\t58135",
        f"Hagen\t{'x' * 41}\t51.3\t7.4\t58135",
        f"{'x' * 200}\tHaspe\t51.3\t7.4\t58135",
        "<b>\t<script>\t51.3\t7.4\t58135",
    ],
)
def test_what_is_no_district_is_left_out(line: str) -> None:
    assert districts.read(f"{line}\nHagen\tHaspe\t51.348\t7.418\t58135") == [HASPE]


def test_a_table_has_an_end() -> None:
    assert len(districts.read("Hagen\tHaspe\t51.348\t7.418\t58135\n" * 6_000)) == 5_000


def test_a_visitor_means_the_district_here_and_no_small_town_elsewhere() -> None:
    _keep("Solingen\tGräfrath\t51.2100\t7.0720\t42653\nSolingen\tEssen\t51.1700\t7.0800\t42651\n")
    assert gazetteer.find("gräfrath") != gazetteer.find("gräfrath", at_home=True)  # Grafrath lies in Bavaria
    for typed, name in (("gräfrath", "Solingen-Gräfrath"), ("Essen", "Essen"), ("Grafrath, Bayern", "Grafrath")):
        spot = queries.read([("ort", typed)]).spot
        assert spot is not None
        assert spot.name == name  # a large town is meant everywhere
        assert spot == gazetteer.find(typed, at_home=True)


def test_what_was_learnt_is_found_like_any_other_place() -> None:
    assert gazetteer.find("Rüttenscheid") is None
    _keep(RUETTENSCHEID)
    for text in (
        "Rüttenscheid",
        "Essen-Rüttenscheid",
        "Rüttenscheid, Essen",
        "essen ruettenscheid",
        "Essen OT Rüttenscheid",
    ):
        found = gazetteer.find(text)
        assert found is not None
        assert (found.name, found.latitude, found.postcode, found.region) == (
            "Essen-Rüttenscheid",
            51.431,
            "45130",
            "NW",
        )
    assert gazetteer.suggest("Rüttenschei")[0].name == "Essen-Rüttenscheid"
    assert [one.label for one in gazetteer.districts("Essen")] == ["Essen-Rüttenscheid"]
    data.teach(())
    assert gazetteer.find("Rüttenscheid") is None


def test_what_was_known_before_stays_what_it_was() -> None:
    before = {text: gazetteer.find(text) for text in ("Hagen", "Haspe", "Mitte", "Berlin", "Neustadt", "58135")}
    _keep(
        "Essen\tMitte\t51.45\t7.01\t\nEssen\tBerlin\t51.45\t7.01\t\n"
        "Essen\tNeustadt\t51.45\t7.01\t\nHagen\tHagen\t51.36\t7.47\t\nNirgendwodorf\tMitte\t51.45\t7.01\t\n"
        "Hagen\tWeitweg\t54.0\t10.0\t\n",
    )
    assert {text: gazetteer.find(text) for text in before} == before
    assert [one.label for one in gazetteer.districts() if one.learnt] == [
        "Essen-Mitte",
        "Essen-Berlin",
        "Essen-Neustadt",
    ]


def test_what_is_kept_counts_more_than_what_the_program_brings() -> None:
    west = District("Hagen", "Haspe-West", 51.349, 7.41, "58135")
    data.teach([_kept(west), _kept(HASPE, "haspe west"), _kept(District("Hagen", "Emst", 51.348, 7.501), hidden=True)])
    found = gazetteer.district("Haspe, Hagen")
    assert found is not None
    assert (found.label, found.aliases) == ("Hagen-Haspe-West", ("Haspe",))
    for text in ("Haspe", "Hagen-Haspe", "Hagen OT Haspe", "Haspe-West"):
        spot = gazetteer.find(text)
        assert spot is not None
        assert spot.name == "Hagen-Haspe-West"
    assert gazetteer.district("Hagen-Emst") is None
    labels = [one.label for one in gazetteer.districts("Hagen")]
    assert labels.count("Hagen-Haspe-West") == 1
    assert not {"Hagen-Haspe", "Hagen-Emst"} & set(labels)


def test_a_place_is_in_a_district_by_its_other_names() -> None:
    data.teach([_kept(District("Hagen", "Haspe-Mitte", 51.348, 7.42), "haspe")])
    point = 51.3482, 7.4182
    for name, locality in (("Haspe-Mitte", "Hagen"), ("Treff", "Hagen-Haspe-Mitte"), ("Treff", "Haspe-Mitte")):
        found = naming.district(name, locality, "", None)
        assert found is not None, (name, locality)
        assert found.label == "Hagen-Haspe"
    near = naming.district("Treff", "Hagen", "58135", point)
    assert near is not None, "that it has two names makes it no rival of itself"
    assert near.label == "Hagen-Haspe"


def test_names_of_names_lead_to_the_last_and_a_ring_to_none() -> None:
    own = {("hagen", "haspe"): HASPE}
    names = [_kept(District("Hagen", name, 51.3, 7.4), other) for name, other in (("A", "b"), ("B", "haspe"))]
    assert districts.joined(own, names)["hagen", "haspe"].aliases == ("A", "B")
    ring = [_kept(District("Hagen", name, 51.3, 7.4), other) for name, other in (("A", "b"), ("B", "a"))]
    assert districts.joined(own, ring) == own
    hidden = [_kept(HASPE, hidden=True), *names]
    assert districts.joined(own, hidden) == {}


def test_editions_tell_apart_what_was_known() -> None:
    first = data.edition()
    data.teach(())
    assert data.edition() == first, "nothing new"
    _keep(RUETTENSCHEID)
    assert data.edition() != first
