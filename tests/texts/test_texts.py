"""Texts on both databases and over the real app: written, shown, taken back; what is dropped and what is missing."""

import re
from datetime import timedelta

import httpx
import pytest

from fediverse_ehrenamt import app
from fediverse_ehrenamt.accounts import rules as accounts
from fediverse_ehrenamt.alerts import rules as alerts
from fediverse_ehrenamt.attendance import rules as attendance
from fediverse_ehrenamt.audit import rules as audit
from fediverse_ehrenamt.conversations import rules as conversations
from fediverse_ehrenamt.desk import store as unfinished
from fediverse_ehrenamt.doubts import rules as doubts
from fediverse_ehrenamt.engagements import rules as enquiries
from fediverse_ehrenamt.federation import inbox
from fediverse_ehrenamt.instance import Instance
from fediverse_ehrenamt.jobs import again
from fediverse_ehrenamt.joining import rules as joining
from fediverse_ehrenamt.kit.errors import Conflict, Invalid
from fediverse_ehrenamt.mail import folder
from fediverse_ehrenamt.moderation import rules as moderation
from fediverse_ehrenamt.texts import actions, rules, store, wire
from fediverse_ehrenamt.web import i18n
from tests import workbench
from tests.workbench import HOME, Clock

pytestmark = pytest.mark.anyio


async def see(instance: Instance, path: str, language: str = "de", status: int = 200) -> str:
    made = app.build(instance)
    made.state.instance_name = "Ehrenamt *Hagen* & Co"
    async with httpx.AsyncClient(transport=httpx.ASGITransport(made), base_url=HOME) as client:
        answer = await client.get(path, headers={"accept": "text/html", "accept-language": language})
    assert answer.status_code == status
    return answer.text


def write(instance: Instance, slug: str, source: str, language: str = "de", owner: str = "") -> actions.Summary:
    return instance.workshop.write_now(actions.write, slug, language, source, owner)


@pytest.mark.parametrize("slug", rules.PUBLIC)
async def test_every_page_has_a_text_from_the_start_and_stands_in_each_footer(instance: Instance, slug: str) -> None:
    german, english = await see(instance, f"/{slug}"), await see(instance, f"/{slug}", "en")
    assert re.findall("<h1[^>]*>", german) == ['<h1 lang="de" dir="auto">']
    assert "Ehrenamt *Hagen* &amp; Co" in german
    assert f'<a href="/{slug}">' in await see(instance, "/gibtesnicht", status=404)
    assert '<h1 lang="en" dir="auto">' in english
    assert "Ihrer Sprache" not in german + english
    assert "{{" not in german


async def test_what_is_written_is_shown_at_once_and_undone_step_by_step(instance: Instance, clock: Clock) -> None:
    before = await see(instance, "/impressum")
    assert "<mark>[Mailadresse]</mark>" in before
    write(instance, "impressum", "# Wer wir sind\n\nVerein Hagen\nRathausstraße 1\n\n[Mail](mailto:a@hagen.example)")
    first = await see(instance, "/impressum")
    assert '<h1 lang="de" dir="auto">Wer wir sind</h1>' in first
    assert "Verein Hagen<br" in first
    assert '<a href="mailto:a@hagen.example" rel="noopener noreferrer">Mail</a>' in first
    assert "Zuletzt geändert am 22. November 2026" in first
    assert "<mark>" not in first
    clock.forward(days=1)
    write(instance, "impressum", "Zweite Fassung von {{portal}} unter {{adresse}} ({{host}})")
    second = await see(instance, "/impressum")
    assert "<h1>Impressum</h1>" in second
    assert f"Zweite Fassung von Ehrenamt *Hagen* &amp; Co unter {HOME} (hagen.example)" in second
    instance.workshop.write_now(actions.reset, "impressum", "de")
    assert await see(instance, "/impressum") == before
    with pytest.raises(Conflict, match="nichts Eigenes"):
        instance.workshop.write_now(actions.reset, "impressum", "de")
    assert instance.workshop.write_now(actions.undo, "impressum", "de").source.startswith("Zweite")
    assert instance.workshop.write_now(actions.undo, "impressum", "de").source.startswith("# Wer wir sind")
    assert instance.workshop.write_now(actions.undo, "impressum", "de").edited_at is None
    with pytest.raises(Conflict, match="nichts geändert"):
        instance.workshop.write_now(actions.undo, "impressum", "de")


async def test_ten_earlier_versions_are_kept(instance: Instance) -> None:
    for number in range(rules.VERSIONS + 3):
        write(instance, "regeln", f"Fassung {number}")
    kept = [row.source for row in instance.workshop.read_now(store.versions, "", "regeln", "de")]
    assert kept == [f"Fassung {number}\n" for number in range(12, 1, -1)]
    assert instance.workshop.read_now(actions.get, "regeln", "de").earlier == rules.VERSIONS


async def test_own_words_in_german_come_before_built_in_ones_in_another_language(instance: Instance) -> None:
    write(instance, "datenschutz", "# Eigenes\n\nNur deutsch.")
    english = await see(instance, "/datenschutz", "en")
    assert '<h1 lang="de" dir="auto">Eigenes</h1>' in english
    assert "This text is not available in your language yet. Here it is in German." in english
    assert '<div class="prose text" lang="de" dir="auto"><p>Nur deutsch.</p></div>' in english
    write(instance, "datenschutz", "# Ours\n\nIn English.", "en")
    assert "not available" not in await see(instance, "/datenschutz", "en")
    assert "Nur deutsch" in await see(instance, "/datenschutz")


async def test_the_page_about_the_instance_says_what_the_operator_wrote(instance: Instance) -> None:
    write(instance, "ueber", "# Wer dahintersteht\n\n## Team\n\nDie Freiwilligenagentur.")
    page = await see(instance, "/ueber")
    assert '<h2 lang="de" dir="auto">Wer dahintersteht</h2>' in page
    assert "<h2>Team</h2>" in page
    assert page.count("<h1>") == 1


async def test_organisations_have_an_imprint_of_their_own(instance: Instance) -> None:
    instance.workshop.write_now(workbench.add_organisation, "buecherei", "Stadtbücherei Hagen")
    await see(instance, "/organisationen/buecherei/impressum", status=404)
    assert "/impressum" not in (await see(instance, "/organisationen/buecherei")).partition("<footer")[0]
    write(instance, "impressum", "Stadtbücherei\nSpringe 1", owner="buecherei")
    assert '<a href="/organisationen/buecherei/impressum">' in await see(instance, "/organisationen/buecherei")
    own = await see(instance, "/organisationen/Buecherei/impressum", "en")
    assert "<h1>Imprint</h1>" in own
    assert "Springe 1" in own
    assert "Springe 1" not in await see(instance, "/impressum")
    assert instance.workshop.read_now(actions.listing)[-1].owner == "buecherei"
    with pytest.raises(Invalid, match="möglich sind impressum, datenschutz"):
        write(instance, "regeln", "Nein", owner="buecherei")


@pytest.mark.parametrize(
    ("slug", "language", "source", "said"),
    [
        ("kontakt", "de", "Text", "„kontakt“ gibt es nicht; möglich sind impressum"),
        ("regeln", "xx", "Text", "„xx“ kennen wir nicht; möglich sind de"),
        ("regeln", "de", " \n", "ist leer"),
        ("regeln", "de", "<div>\n<script>nur()</script>\n</div>", "ist leer"),
        ("regeln", "de", "a" * 50_001, "mehr als 50000"),
    ],
)
async def test_what_is_no_text_is_refused(instance: Instance, slug: str, language: str, source: str, said: str) -> None:
    with pytest.raises(Invalid, match=said):
        write(instance, slug, source, language)
    assert "mitgeliefert" not in await see(instance, "/regeln")
    assert not instance.workshop.read_now(store.all_newest)


def test_the_words_of_pasted_html_stay() -> None:
    source = "<p><b>Verein &amp; Co.</b><br>Weg 1</p>\n<p>*Tel.* 1</p><script>alert(1)</script>\n\n**Eva**"
    read = wire.rendered(source, "P", HOME)
    assert read.html.replace("\n", "") == ("<p>Verein &amp; Co.<br>Weg 1</p><p>*Tel.* 1</p><p><strong>Eva</strong></p>")
    assert read.dropped == ("<p>", "<b>", "<br>", "<script>")


def test_nothing_foreign_gets_into_a_page() -> None:
    source = (
        "Hallo <b onclick='x()'>fett</b> <!-- weg --> ![Logo](https://spion.example/x.png)\n\n"
        "<script>alert(1)</script>\n\n[a](javascript:alert(1)) [b](/regeln) <https://gut.example>"
    )
    read = wire.rendered(source, "P", HOME)
    assert read.dropped == ("<b>", "Bild „Logo“", "<script>")
    assert "alert(1)" not in read.html.replace("[a](javascript:alert(1))", "")
    assert "spion.example" not in read.html
    assert "Hallo fett" in read.html
    assert '<a href="/regeln" rel="noopener noreferrer">b</a>' in read.html
    assert 'href="javascript' not in read.html


@pytest.mark.parametrize(
    ("source", "headings", "title"),
    [
        ("# A *b* `c`\n\n## B\n\n### C", ["h2", "h3"], "A b c"),
        ("## B\n\n# A\n\n###### F", ["h3", "h2", "h6"], ""),
        ("### C\n\n#### D", ["h2", "h3"], ""),
        ("# A\n\n# B", ["h2"], "A"),
        ("nichts", [], ""),
    ],
)
def test_headings_fit_below_the_title(source: str, headings: list[str], title: str) -> None:
    read = wire.rendered(source, "P", HOME)
    assert re.findall(r"<(h\d)", read.html) == headings
    assert read.title == title


def test_what_is_built_in_has_the_same_parts_in_both_languages() -> None:
    for slug in rules.PUBLIC:
        german, english = (wire.rendered(wire.built_in(slug, code), "P", HOME) for code in ("de", "en"))
        assert re.findall(r"<(h\d|li)", german.html) == re.findall(r"<(h\d|li)", english.html)
        assert len(german.gaps) == len(english.gaps)
        assert german.dropped == english.dropped == ()
    assert not wire.rendered(wire.built_in("regeln", "de"), "P", HOME).gaps


@pytest.mark.parametrize("code", ["de", "en"])
def test_the_privacy_notice_says_how_long_things_are_really_kept(code: str) -> None:
    text = wire.built_in("datenschutz", code)
    day = timedelta(days=1)
    days = {"de": "Tage", "en": "days"}[code]
    assert f"{alerts.CONFIRM_WITHIN // timedelta(hours=1)} {'Stunden' if code == 'de' else 'hours'}" in text
    assert conversations.MESSAGES_LAST == moderation.CLOSED_LAST
    assert text.count(f"{moderation.CLOSED_LAST // day} {days}") == 5  # and enquiries that nobody touches
    assert (joining.DECIDED_KEPT, moderation.MEASURES_LAST) == (moderation.CLOSED_LAST, moderation.CLOSED_LAST)
    assert joining.UNTOUCHED_KEPT == audit.KEPT
    assert 7 * day == joining.UNCONFIRMED_KEPT
    assert (enquiries.UNTOUCHED_LASTS, unfinished.KEPT) == (moderation.CLOSED_LAST, moderation.CLOSED_LAST)
    for lasts in (
        audit.KEPT,
        enquiries.CONFIRM_WITHIN,
        enquiries.CLOSED_LASTS,
        enquiries.COUNTED,
        accounts.SESSION_IDLE,
    ):
        assert re.search(rf"\b{lasts // day} {days}", text), lasts
    unsent = re.search(r"^## E-?[Mm]ails\b.*\n\n(.*)", text, re.MULTILINE)
    assert unsent is not None
    assert f" {again.GIVEN_UP_LAST // day} {days}" in unsent[1]
    assert again.GIVEN_UP_LAST == folder.KEPT
    assert re.search(rf"\b{accounts.INVITATION_HOLDS // day} {days}", text)
    assert day == doubts.MARKS_LAST
    assert f"7 {days} " in text
    assert attendance.KEPT == inbox._BODIES_LAST == 7 * day


def test_a_listing_says_what_is_missing(instance: Instance) -> None:
    listed = {(one.slug, one.language): one for one in instance.workshop.read_now(actions.listing)}
    assert {slug for slug, _ in listed} == set(rules.PUBLIC)
    assert {"de", "en"} <= {code for _, code in listed} <= set(i18n.LOCALES)
    assert "Mailadresse" in listed["impressum", "de"].gaps
    assert "Mailadresse" in instance.workshop.read_now(actions.gaps, "impressum")
    assert instance.workshop.read_now(actions.gaps, "ueber") == ()
