"""Handles made of names, names that are alike, and whose a mail address is."""

import pytest

from fediverse_ehrenamt.joining import rules


@pytest.mark.parametrize(("name", "locality", "handles"), [
    ("Stadtbücherei Hagen e. V.", "Hagen", ["stadtbuecherei_hagen", "stadtbuecherei_hagen", "sh_hagen"]),
    ("THW", "Hagen", ["thw", "thw_hagen", "thw_2"]),
    ("Žena gGmbH", "", ["zena", "zena_2", "zena_3"]),
    ("Волонтери", "Hagen", []),
    ("!!", "", []),
])  # fmt: skip
def test_handles_fit_a_name(name: str, locality: str, handles: list[str]) -> None:
    assert list(rules.handles(name, locality))[:3] == handles


@pytest.mark.parametrize(
    "name", ["x" * 200, "Ein sehr langer Name " * 9, "a b c d e f g h i j k l m n o p q r s t u v"]
)
def test_handles_are_never_too_long(name: str) -> None:
    found = list(rules.handles(name, "Lutherstadt Wittenberg"))
    assert found
    assert all(rules.HANDLE[0] <= len(one) <= rules.HANDLE[1] for one in found)


def test_names_that_are_alike() -> None:
    others = ["Stadtbücherei Hagen", "Hagen Stadtbücherei gGmbH", "Stadtbuecherei Hagn", "Bücherstube Herne", ""]
    assert rules.alike("Stadtbücherei Hagen e.V.", others) == others[:3]
    assert rules.alike("", others) == []


@pytest.mark.parametrize(("mail", "website", "whose"), [
    ("a@verein.de", "https://www.verein.de/x", rules.SAME), ("a@mail.verein.de", "https://verein.de", rules.SAME),
    ("a@verein.de", "https://shop.verein.de", rules.SAME), ("a@anders.de", "https://verein.de", rules.OTHER),
    ("a@gmx.de", "https://verein.de", rules.FREE), ("a@verein.de", "", rules.UNKNOWN),
    ("a@evilverein.de", "https://verein.de", rules.OTHER),
])  # fmt: skip
def test_whose_a_mail_address_is(mail: str, website: str, whose: str) -> None:
    assert rules.whose_mail(mail, website) == whose
