"""Posts as they are searched."""

import pytest

from fediverse_ehrenamt.posts.wire import to_document
from fediverse_ehrenamt.things.wire import Author
from tests.workbench import ANNA, note

AUTHOR = Author(ANNA, "Anna", "peer.example", f"{ANNA}/page")


@pytest.mark.parametrize(
    ("content", "title"),
    [
        ("<p>Danke an alle!</p><p>Bis bald</p>", "Danke an alle!"),
        ("Danke<br>an alle", "Danke"),
        ("<script>alert(1)</script><p>Hallo</p>", "Hallo"),
        ("<p>&lt;b&gt; ist kein Fett</p>", "<b> ist kein Fett"),
    ],
)
def test_the_title_is_the_first_line(content: str, title: str) -> None:
    document = to_document(note(content=content), AUTHOR, "1")
    assert (document.title, document.kind, document.local) == (title, "post", False)
    assert document.organisation == "Anna"


def test_a_long_line_is_cut() -> None:
    document = to_document(note(content=f"<p>{'Wort ' * 50}</p>"), AUTHOR, "1")
    assert len(document.title) <= 100
    assert document.title.endswith("…")


@pytest.mark.parametrize(
    ("summary", "title"),
    [
        ("Achtung: \u202eSpinnen", "Achtung: Spinnen"),
        ("<p>Achtung: <b>Spinnen</b></p>", "Achtung: Spinnen"),  # HTML by the specification, plain text by Mastodon
        ("Wir <3 Spinnen", "Wir <3 Spinnen"),
        ("", "Sie ist groß"),
    ],
)
def test_a_warning_stands_before_what_it_warns_of(summary: str, title: str) -> None:
    document = to_document(note(summary=summary, content="<p>Sie ist groß</p>"), AUTHOR, "1")
    assert (document.title, document.text) == (title, "Sie ist groß")


def test_the_post_of_a_blog_goes_by_its_own_title() -> None:
    document = to_document(note(name="Fest im Park", content="<p>Wir suchen Leute.</p>"), AUTHOR, "1")
    assert (document.title, document.text) == ("Fest im Park", "Wir suchen Leute.")
