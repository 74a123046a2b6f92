"""HTML of strangers: nothing of it may act in a page, and reading it as text must be quick whatever it is."""

import time
from html.parser import HTMLParser

import pytest
from hypothesis import given
from hypothesis import strategies as st

from fediverse_ehrenamt.kit import html

ALLOWED = {
    "p", "br", "strong", "em", "b", "i", "u", "s", "del", "a", "ul", "ol", "li", "blockquote", "h3", "h4", "h5", "h6",
    "code", "pre", "span",
}  # fmt: skip
ATTACKS = [
    "<script>alert(1)</script>x",
    "<SCRIPT SRC=//boese.example/x.js></SCRIPT>",
    '<img src=x onerror="alert(1)">',
    "<svg/onload=alert(1)>",
    "<svg><script>alert(1)</script></svg>",
    "<math><mtext><table><mglyph><style><!--</style><img title='--&gt;&lt;img src=1 onerror=alert(1)&gt;'>",
    '<a href="javascript:alert(1)">x</a>',
    '<a href=" jAvA\tscript:alert(1)">x</a>',
    '<a href="java&#x0A;script:alert(1)">x</a>',
    '<a href="data:text/html;base64,PHNjcmlwdD4=">x</a>',
    '<a href="//boese.example">x</a>',
    '<a href="/admin">x</a>',
    '<p style="background:url(//boese.example)" class="top" id="inhalt" onclick="x()">x</p>',
    "<iframe srcdoc='<script>alert(1)</script>'></iframe>",
    "<form action=//boese.example><input name=q><button>Suchen</button></form>",
    "<base href=//boese.example>",
    "<meta http-equiv=refresh content=0;url=//boese.example>",
    "<link rel=stylesheet href=//boese.example>",
    "<style>@import '//boese.example'</style>x",
    "<object data=x></object><embed src=x>",
    "<noscript><p title='</noscript><img src=x onerror=alert(1)>'></noscript>",
    "<video><source onerror=alert(1)></video>",
    "</p></div></main><h1>Ich bin die Seite</h1>",
    "<template><script>alert(1)</script></template>",
    "<!--><script>alert(1)</script>-->",
    "<p>\x00<scr\x00ipt>alert(1)</script>",
    "<a href='https://ok.example' target=_top ping=//boese.example rel=opener>x</a>",
]
SLOW = [
    "<b>", "<a>", "<", "<script", "<!--", "<p><b>", "https://", "- \n", "&amp", "<ul><li>", '<p lang="', "<b><i></b>",
    "<b></i>", " ", "\xa0", "\n \n", "<style></style", "<br", "</", "<table><b>", "http://a.bc ", "* ",
]  # fmt: skip


class Tree(HTMLParser):
    """Checks that a fragment has only harmless parts, each closed in its turn."""

    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.open: list[str] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        assert tag in ALLOWED
        for name, value in attrs:
            assert name in {"href", "hreflang", "rel", "lang"}
            assert name != "href" or (value or "").startswith(("http://", "https://", "mailto:"))
        if tag == "a" and any(name == "href" for name, _ in attrs):
            assert ("rel", "nofollow noopener noreferrer ugc") in attrs
        if tag != "br":
            self.open.append(tag)

    def handle_endtag(self, tag: str) -> None:
        assert self.open.pop() == tag

    def handle_comment(self, data: str) -> None:
        pytest.fail(f"a comment came through: {data}")


def check(fragment: str) -> None:
    tree = Tree()
    tree.feed(fragment)
    tree.close()
    assert tree.open == []


@pytest.mark.parametrize("attack", ATTACKS)
def test_nothing_of_an_attack_is_left(attack: str) -> None:
    made = html.safe(f"<p>vorher</p>{attack}")
    check(made)
    assert "vorher" in made
    assert "alert(" not in made.replace("&lt;", "<") or "<script" not in made.lower()


@given(st.text(alphabet="<>/=\"'& abipsc:!-#;\n\x00", max_size=120))
def test_whatever_comes_is_harmless(text: str) -> None:
    check(html.safe(text))
    check(html.paragraphs(text))


def test_harmless_markup_stays() -> None:
    given_ = '<p>Hallo <b>Welt</b><br>&amp; <a href="https://a.example/x?y=1&amp;z">mehr</a></p><ul><li>eins</li></ul>'
    rel = 'rel="nofollow noopener noreferrer ugc"'
    assert html.safe(given_) == given_.replace('z">', f'z" {rel}>')


def test_headings_stay_below_those_of_the_page() -> None:
    assert html.safe("<h1>a</h1><h2>b</h2><h3>c</h3><h6>d</h6>") == "<h3>a</h3><h3>b</h3><h4>c</h4><h6>d</h6>"


def test_a_text_without_tags_is_plain_text() -> None:
    assert html.safe("Eins &amp; zwei\n\ndrei") == "<p>Eins &amp; zwei</p>\n<p>drei</p>"


def test_pages_of_unclosed_tags_become_text() -> None:
    assert html.safe("<b>x" * 6_000).startswith("<p>xxx")


@pytest.mark.parametrize("part", SLOW)
def test_no_input_takes_long(part: str) -> None:
    hostile = part * (html.MAX_HTML // len(part) + 10)
    for read in (html.safe, html.text, html.paragraphs, lambda text: html.first_line(text, 80)):
        started = time.process_time()
        read(hostile)
        assert time.process_time() - started < 15, part


@pytest.mark.parametrize(
    ("given_", "read"),
    [
        ("<p>Eins</p><p>Zwei<br/>drei</p>", "Eins\n\nZwei\ndrei"),
        ("<p>Mit</p>\n\n<ul>\n<li>eins</li>\n<li><p>zwei</p></li></ul><p>Ende</p>", "Mit\n- eins\n- zwei\n\nEnde"),
        ("<ul><li>eins</li><li>zwei</li></ul>", "- eins\n- zwei"),
        ("<h2>Titel</h2>Text", "Titel\n\nText"),
        ("Gr&ouml;&szlig;e &lt;3&nbsp;m", "Größe <3 m"),
        ('<span class="invisible">https://</span><span>a.example/b</span>', "https://a.example/b"),
        ("a < b und c > d<br>", "a < b und c > d"),
        ("<style>p{}</style>a<script>b</script >c<!-- d > e -->f", "acf"),
        ("vor<script>alert(1)", "vor"),
        ("<SCRIPT>x</ScRiPt>y", "y"),
        ("plain\r\ntext\n\n\n\nmit   Lücken", "plain\ntext\n\nmit Lücken"),
        ("ab\u202ecd\x00\x07ef\u2066g", "abcdefg"),
        ("<table><tr><td>a</td><td>b</td></tr></table>", "a b"),
        ("", ""),
    ],
)
def test_text(given_: str, read: str) -> None:
    assert html.text(given_) == read


def test_a_beginning_goes_on_after_whom_it_is_for() -> None:
    reply = '<p><a rel="mention" href="https://hagen.example/ap/object/1">@buecherei</a></p><p>Wir helfen gern mit!</p>'
    assert html.beginning(reply, 80) == "@buecherei Wir helfen gern mit!"
    assert html.beginning(reply, 20) == "@buecherei Wir…"
    assert html.beginning("", 20) == ""


def test_first_line_ends_between_words() -> None:
    assert html.first_line("<p><b>Lesepatin gesucht</b></p><p>mehr</p>", 80) == "Lesepatin gesucht"
    assert html.first_line("<ul><li>eins</li></ul>", 80) == "eins"
    assert html.first_line("<p>Wir suchen Menschen mit Geduld</p>", 20) == "Wir suchen Menschen…"
    assert html.first_line("<p>Donaudampfschifffahrt</p>", 10) == "Donaudamp…"
    assert html.first_line("", 10) == ""


def test_plain_text_becomes_paragraphs_lists_and_links() -> None:
    plain = (
        "Hallo & <b>\nzweite\n- eins\n- zwei (https://a.example/x?y=1&z=2).\nEnde\n\nhttps:// und https://b.example/,"
    )
    rel = 'rel="nofollow noopener noreferrer ugc"'
    assert html.paragraphs(plain) == (
        "<p>Hallo &amp; &lt;b&gt;<br>\nzweite</p>\n"
        f'<ul><li>eins</li><li>zwei (<a href="https://a.example/x?y=1&amp;z=2" {rel}>https://a.example/x?y=1&amp;z=2</a>).'
        "</li></ul>\n<p>Ende</p>\n"
        f'<p>https:// und <a href="https://b.example/" {rel}>https://b.example/</a>,</p>'
    )


@pytest.mark.parametrize("url", ["https://a.example/x", "http://127.0.0.1:8000/", "https://ä.example/ö?x=1#y"])
def test_web_urls(url: str) -> None:
    assert html.web_url(url) == url


@pytest.mark.parametrize(
    "url",
    ["", "javascript:alert(1)", "https://", "//a.example", "/a", "https://u:p@a.example", "https://a.example/ x",
     "java\nscript:x", "https://a.example/\x01", 'https://a.example/"', "data:text/html,x", "https://[::1"],
)  # fmt: skip
def test_no_web_urls(url: str) -> None:
    assert html.web_url(url) == ""


def test_visible() -> None:
    assert html.visible("Öl\u202eab\x00") == "Ölab"
    assert html.visible("plain") == "plain"
    assert html.visible("عربي 👩‍🌾") == "عربي 👩‍🌾"
