"""Why a file or a port cannot be had is said in our own words."""

from pathlib import Path

import pytest

from fediverse_ehrenamt.kit import reasons


@pytest.mark.parametrize(
    ("name", "fault", "said"),
    [
        ("nowhere.csv", FileNotFoundError, "das gibt es nicht"),
        (".", IsADirectoryError, "das ist ein Ordner, keine Datei"),
    ],
)
def test_what_the_system_says_is_said_in_german(tmp_path: Path, name: str, fault: type[OSError], said: str) -> None:
    with pytest.raises(fault) as caught:
        (tmp_path / name).read_bytes()
    assert reasons.of(caught.value) == said


def test_what_is_rare_keeps_the_words_of_the_system() -> None:
    assert reasons.of(OSError(1_000, "Strange")) == "Strange"
    assert reasons.of(OSError()) == "das ist nicht möglich"
