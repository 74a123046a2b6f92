"""Lists of blocked hosts as Mastodon writes them: read whole or not at all, every wrong row named with its line."""

import pytest

from fediverse_ehrenamt.federation import domain_blocks
from fediverse_ehrenamt.federation.domain_blocks import BYTES, ROWS, Listed, Skipped
from fediverse_ehrenamt.federation.rules import Restriction
from fediverse_ehrenamt.kit.errors import Invalid

OURS = {"ehrenamt.hagen.example"}
# As Mastodon 4's administration exports it.
EXPORT = """#domain,#severity,#reject_media,#reject_reports,#public_comment,#obfuscate
evil.example,suspend,false,false,"Spam, und mehr",false
half.example,silence,true,false,,false
pictures.example,noop,true,false,,true
"""
ENTRIES = (
    Restriction("evil.example", "block", public_comment="Spam, und mehr"),
    Restriction("half.example", "limit", reject_media=True),
    Restriction("pictures.example", "none", reject_media=True, obfuscate=True),
)


def read(text: str) -> Listed:
    return domain_blocks.read(text.encode(), OURS)


def problems(text: str) -> list[str]:
    with pytest.raises(Invalid) as caught:
        read(text)
    return [str(problem) for problem in caught.value.problems]


def test_mastodons_own_export_is_read_and_written() -> None:
    assert read(EXPORT) == Listed(ENTRIES, ())
    assert domain_blocks.write(ENTRIES) == EXPORT


def test_what_is_written_is_read_again() -> None:
    wild = Restriction("a.example", "block", True, True, "", 'Mit "Zitat",\nzwei Zeilen; und Ümläuten', True)
    assert read(domain_blocks.write([wild])).entries == (wild,)


def test_actors_have_no_word_in_this_format() -> None:
    actor = Restriction("https://evil.example/users/anna", "block")
    assert domain_blocks.write([actor, *ENTRIES]) == EXPORT


def test_a_list_for_the_public_stars_out_what_is_obfuscated() -> None:
    written = domain_blocks.write(ENTRIES, public=True)
    assert "evil.example," in written
    assert "pictures.example" not in written
    assert read(written).skipped[0].why.startswith("ist verschleiert")


def test_a_file_without_a_header_is_a_list_of_hosts_to_block() -> None:
    found = read("evil.example\r\n\r\nbad.example\r\n")
    assert found.entries == (Restriction("evil.example", "block"), Restriction("bad.example", "block"))


def test_columns_may_stand_in_any_order_be_missing_or_more() -> None:
    found = read("severity,created_at,domain\nsilence,2026,a.example\n,,b.example\n")
    assert found.entries == (Restriction("a.example", "limit"), Restriction("b.example", "block"))


def test_a_byte_order_mark_and_other_spellings_are_no_matter() -> None:
    content = b"\xef\xbb\xbf#domain,#severity,#reject_media\n *.Evil.Example , Suspend , True \n"
    (entry,) = domain_blocks.read(content, OURS).entries
    assert entry == Restriction("evil.example", "block", reject_media=True)


def test_what_says_nothing_that_could_be_done_is_named_and_skipped() -> None:
    found = read(
        "#domain,#severity\nev**.example,suspend\nevil.example,suspend\nEVIL.example,silence\nfree.example,noop\n"
        "xyz,suspend\n*.рф,suspend\n"
    )
    assert found.entries == (Restriction("evil.example", "block"),)
    assert found.skipped == (
        Skipped(2, "ev**.example", "ist verschleiert; gemeint sein könnten mehrere"),
        Skipped(4, "evil.example", "steht schon weiter oben"),
        Skipped(5, "free.example", "verlangt nichts (noop)"),
        Skipped(6, "xyz", "ist kein Host, sondern eine ganze Endung"),
        Skipped(7, "рф", "ist kein Host, sondern eine ganze Endung"),
    )


def test_every_wrong_row_is_named_with_its_line() -> None:
    said = problems(
        "#domain,#severity,#reject_media,#public_comment\n"
        "good.example,suspend,false,\n"
        "kein host,suspend,false,\n"
        "a.example,verbannt,false,\n"
        'b.example,suspend,vielleicht,"ein\nKommentar über\ndrei Zeilen"\n'
        "https://c.example/users/x,suspend,false,\n"
        "ehrenamt.hagen.example,suspend,false,\n"
        "hagen.example,suspend,false,\n"
        f"d.example,suspend,false,{'x' * 3000}\n"
        ",suspend,false,\n"
    )
    assert [line.partition(":")[0] for line in said] == [f"Zeile {line}" for line in (3, 4, 5, 8, 9, 10, 11, 12)]
    assert "kein Host" in said[0]
    assert "suspend, silence, noop" in said[1]
    assert "#reject_media" in said[2]
    assert "kein Host" in said[3]
    assert "diese Instanz selbst" in said[4]
    assert "diese Instanz selbst" in said[5], "nor what would cover it"


def test_very_many_wrong_rows_are_counted() -> None:
    said = problems("#domain\n" + "kein host\n" * 500)
    assert len(said) == 101
    assert said[-1] == "Datei: und 400 weitere falsche Zeilen"


@pytest.mark.parametrize(
    ("content", "words"),
    [
        (b"#domain\n" + b"a.example\n" * (ROWS + 1), "mehr als 20000 Zeilen"),
        (b"x" * (BYTES + 1), "größer als 5 MB"),
        ("#domain\nmüller.example\n".encode("latin-1"), "UTF-8"),
        (b'#domain\n"a.example\n', "kein CSV"),
        (b'#domain\n"a".example\n', "kein CSV"),
    ],
)
def test_a_file_that_is_no_list(content: bytes, words: str) -> None:
    with pytest.raises(Invalid) as caught:
        domain_blocks.read(content, OURS)
    assert words in str(caught.value)


def test_an_empty_file_lists_nothing() -> None:
    assert read("") == read("#domain,#severity\n") == Listed((), ())
