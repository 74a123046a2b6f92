"""The audit log, on both databases: what is done at the desk stands there, is read and narrowed, and leaves on time."""

from datetime import timedelta

import pytest

from fediverse_ehrenamt.accounts import people
from fediverse_ehrenamt.accounts.rules import Grant, Role
from fediverse_ehrenamt.admin import menu
from fediverse_ehrenamt.audit import actions, rules, store
from fediverse_ehrenamt.audit.rules import About, By, Did
from fediverse_ehrenamt.audit.store import Wanted
from fediverse_ehrenamt.desk import actions as desk
from fediverse_ehrenamt.districts import rules as districts
from fediverse_ehrenamt.engagements import rules as enquiries
from fediverse_ehrenamt.instance import Instance
from fediverse_ehrenamt.kit import sentences
from fediverse_ehrenamt.kit.sentences import joined, sentence
from fediverse_ehrenamt.moderation.rules import Measure
from fediverse_ehrenamt.moderation.wire import MEASURES
from fediverse_ehrenamt.opportunities import actions as opportunities
from tests.accounts.house import House
from tests.workbench import Clock, add_organisation, offer

pytestmark = pytest.mark.anyio
LOG = "/verwaltung/protokoll"


@pytest.fixture
def hagen(town: Instance, clock: Clock) -> House:
    return House(town, clock)


def note(hagen: House, person: str, did: Did, label: str, **more: str) -> None:
    hagen.write(actions.note, By(person), did, About(label, **more))


async def test_what_a_coordinator_does_on_behalf_of_an_organisation_is_marked(hagen: House) -> None:
    library = hagen.write(add_organisation, "buecherei", "Stadtbücherei Hagen")
    page = hagen.write(opportunities.publish, library, offer()).page
    clara = hagen.add("clara@hagen.de", "Clara Koordination", Grant(Role.COORDINATOR)).id
    anna = hagen.add("anna@hagen.de", "Anna Bücherei", Grant(Role.EDITOR, library)).id
    async with hagen.visit(anna) as browser:
        await browser.get("/verwaltung/organisationen/buecherei")
        assert (await browser.post(f"/verwaltung/organisationen/buecherei/eintrag/{page}", was="besetzt")).is_redirect
        assert (await browser.get(LOG)).status_code == 403
        assert (await browser.get(menu.PATH)).headers["location"] == "/verwaltung/organisationen"
    async with hagen.visit(clara) as browser:
        await browser.get("/verwaltung/organisationen/buecherei")
        assert (await browser.post(f"/verwaltung/organisationen/buecherei/eintrag/{page}", was="oeffnen")).is_redirect
        text = (await browser.get(LOG)).text
        narrowed = (await browser.get(f"{LOG}?wer={anna}")).text
    newest, former = hagen.write(store.listing, Wanted())
    assert (newest.person, newest.on_behalf, newest.detail) == (clara, True, desk.OPEN)
    assert (former.person, former.on_behalf, former.detail) == (anna, False, desk.FILL)
    assert {newest.organisation, former.organisation} == {library}
    assert "im Namen von <bdi>Stadtbücherei Hagen</bdi>" in text
    assert "wieder geöffnet" in text, "the words of what was done, not its slug"
    assert "als besetzt gekennzeichnet" in text
    assert "Anna Bücherei</bdi> ·" in narrowed
    assert "im Namen von" not in narrowed


def test_every_step_has_its_words() -> None:
    """A verb or a step that is new needs its words in the log; withdrawing and showing are deeds of their own."""
    deeds_of_their_own = {desk.SHOW, desk.WITHDRAW}
    answers = enquiries.STEPS[enquiries.ORGANISATION]
    assert {*desk.VERBS, *answers} - deeds_of_their_own == set(rules.STEPS)


@pytest.mark.parametrize(
    ("did", "kept", "shown", "german"),
    [
        (Did.INVITED, "editor", "works there", "arbeitet mit"),
        (Did.ROLE_GIVEN, "Betrieb des Portals", "running this site", "Betrieb des Portals"),
        (Did.BLOCKED, "block Spam", "blocked Spam", "gesperrt Spam"),
        (Did.BLOCKED, "block", "blocked", "gesperrt"),
        (Did.BLOCKED, "blockiert uns", "blockiert uns", "blockiert uns"),
        (Did.GIVEN_UP, "1 Aufträge", "1 job", "1 Auftrag"),
        (Did.SENT_AGAIN, "12 Aufträge", "12 jobs", "12 Aufträge"),
        (Did.SOURCE_REMOVED, "1200 Einträge", "1,200 entries", "1.200 Einträge"),
        (Did.IMPORTED, "3 neu, 1 geändert", "3 new, 1 changed", "3 neu, 1 geändert"),
        (Did.FEED_CHANGED, "pausiert", "paused", "pausiert"),
        (
            Did.ORGANISATION_CHANGED,
            "Wer sind Sie, und was tun Sie?, Ort, Erinnerungen",
            "Who are you, and what do you do?, Place, Reminders",
            "Wer sind Sie, und was tun Sie?, Ort, Erinnerungen",
        ),
        (
            Did.INSTANCE_CHANGED,
            "Ort: Hagen; Sprachen: de, en; ausgeblendet: sport; erste Angebote: erst nach Prüfung",
            "Place: Hagen; Languages: de, en; hidden: Sport; first offers: only after review",
            "Ort: Hagen; Sprachen: de, en; ausgeblendet: Sport; erste Angebote: erst nach Prüfung",
        ),
        (
            Did.SOURCE_CHANGED,
            "Termin; Umwelt, Naturschutz oder Tierschutz, Sport und Bewegung; bis 20 km um Hagen",
            "Event; Environment, nature or animal protection, Sport and exercise; up to 20 km around Hagen",
            "Termin; Umwelt, Naturschutz oder Tierschutz, Sport und Bewegung; bis 20 km um Hagen",
        ),
        (Did.SOURCE_CHANGED, "alles; nach Prüfung", "everything; after review", "alles; nach Prüfung"),
        (
            Did.LOOK_CHANGED,
            "Ehrenamt → Hagen hilft; Logo",
            "Ehrenamt → Hagen hilft; Logo",
            "Ehrenamt → Hagen hilft; Logo",
        ),
        (Did.WITHDRAWN, "2 Beschwerden", "2 Beschwerden", "2 Beschwerden"),
    ],
)
async def test_what_the_program_wrote_is_said_in_the_readers_language(
    hagen: House, did: Did, kept: str, shown: str, german: str
) -> None:
    note(hagen, "", did, "3 Hosts")
    hagen.write(actions.note, By(""), did, About("Umwelt"), kept)
    async with hagen.visit(hagen.add_operator().id) as browser:
        assert f"<bdi>{shown}</bdi>" in (await browser.get(f"{LOG}?sprache=en")).text
        assert f"<bdi>{german}</bdi>" in (await browser.get(f"{LOG}?sprache=de")).text


async def test_what_is_written_now_is_kept_with_its_parts(hagen: House) -> None:
    parts = (sentence("Bild"), "", sentence("%(name)s: %(value)s", name=sentence("Ort"), value="100 % Hagen; Haspe"))
    hagen.write(
        actions.note, By(""), Did.LOOK_CHANGED, About(sentence("Hosts: %(number)s", number=3)), joined(parts, "; ")
    )
    (entry,) = hagen.write(store.listing, Wanted())
    assert (entry.label, entry.detail) == ("Hosts: 3", "Bild; Ort: 100 % Hagen; Haspe")
    async with hagen.visit(hagen.add_operator().id) as browser:
        for language, shown in (("en", "Picture; Place: 100 % Hagen; Haspe"), ("de", entry.detail)):
            page = (await browser.get(f"{LOG}?sprache={language}")).text
            assert f"<bdi>{shown}</bdi>" in page
            assert "<bdi>Hosts: 3</bdi>" in page


def test_of_a_sentence_that_is_too_long_the_beginning_is_kept() -> None:
    said = joined((sentence("Bild"), "x" * 400), "; ")
    assert sentences.load(rules.kept(said, 1_000, 2_000)) == said
    for longest, bound in ((100, 2_000), (1_000, 100)):
        assert rules.kept(said, longest, bound) == rules.cut(said, longest)


async def test_a_text_is_named_in_the_readers_language(hagen: House) -> None:
    note(hagen, "", Did.TEXT_CHANGED, "Datenschutz (Deutsch)")
    note(hagen, "", Did.SENT_AGAIN, "alle Hosts")
    async with hagen.visit(hagen.add_operator().id) as browser:
        shown = (await browser.get(f"{LOG}?sprache=en")).text
    assert "<bdi>Privacy (Deutsch)</bdi>" in shown
    assert "<bdi>all hosts</bdi>" in shown


@pytest.mark.parametrize(
    ("kept", "shown"),
    [
        (
            f"{MEASURES[Measure.HOST_BLOCKED]} Das ist Betrug.",
            "The entry is no longer shown here, and its source is blocked. Das ist Betrug.",
        ),
        (MEASURES[Measure.REMOVED], "The entry is no longer shown here."),
        (districts.WORDS[districts.What.MERGED], "merged"),
        ("Das ist Betrug.", "Das ist Betrug."),
    ],
)
async def test_a_detail_is_said_in_the_readers_language(hagen: House, kept: str, shown: str) -> None:
    hagen.write(actions.note, By(""), Did.REPORT_CLOSED, About("2: Schwarze Kasse"), kept)
    async with hagen.visit(hagen.add_operator().id) as browser:
        assert f"<bdi>{shown}</bdi>" in (await browser.get(f"{LOG}?sprache=en")).text
        assert f"<bdi>{kept}</bdi>" in (await browser.get(f"{LOG}?sprache=de")).text


async def test_the_log_is_narrowed_and_paged(hagen: House) -> None:
    olga = hagen.add_operator().id
    for number in range(store.LISTED + 1):
        note(hagen, olga, Did.BLOCKED, f"host{number}.example")
    note(hagen, "", Did.TEXT_CHANGED, "Impressum", organisation="https://nowhere.example/ap/actor/x")
    async with hagen.visit(olga) as browser:
        first = (await browser.get(LOG)).text
        second = (await browser.get(f"{LOG}?vor={store.LISTED}")).text
        blocks = (await browser.get(f"{LOG}?was=blocked")).text
        nothing = await browser.get(f"{LOG}?was=danced&vor=x9&wer=%00&organisation=%F0%9F%92%A9")
    assert "Impressum" in first
    assert "Befehlszeile" in first
    assert "Ältere" in first
    assert "host0.example" not in first
    assert "host0.example" in second
    assert "Neueste" in second
    assert "<bdi>Impressum</bdi>" not in blocks
    assert nothing.status_code == 200
    assert "Dazu steht nichts im Protokoll." in nothing.text


async def test_whoever_leaves_leaves_the_log(hagen: House) -> None:
    olga, anna = hagen.add_operator().id, hagen.add().id
    note(hagen, anna, Did.LOOK_CHANGED, "Farbe")
    note(hagen, olga, Did.ROLE_GIVEN, "Anna Beispiel", uri=anna)
    async with hagen.visit(anna) as browser:
        assert [one["did"] for one in (await browser.get("/konto/daten.json")).json()["log"]] == [
            "look changed", "role given",
        ]  # fmt: skip
    hagen.write(people.remove, anna, ())
    given, changed = hagen.write(store.listing, Wanted())
    assert (given.person, given.label, given.uri) == (olga, "", "")
    assert (changed.person, changed.label) == (rules.GONE, "Farbe")
    async with hagen.visit(olga) as browser:
        assert "gelöschtes Konto" in (await browser.get(LOG)).text


async def test_entries_are_erased_after_a_year(hagen: House, clock: Clock) -> None:
    note(hagen, "", Did.SET_UP, "Hagen")
    clock.now += rules.KEPT - timedelta(minutes=1)
    assert hagen.write(actions.erase_old) == 0
    clock.now += timedelta(minutes=2)
    assert hagen.write(actions.erase_old) == 1
    assert hagen.write(store.listing, Wanted()) == []


def test_what_is_noted_is_one_line_of_bounded_length() -> None:
    assert rules.cut("a\nb  c", 10) == "a b c"
    assert rules.cut("abcdef", 4) == "abc…"
    assert set(rules.WORDS) == set(Did)


async def test_every_section_has_a_page_that_its_readers_are_led_to(hagen: House) -> None:
    both = hagen.add("o@b.de", "Olga", Grant(Role.OPERATOR), Grant(Role.COORDINATOR), Grant(Role.MODERATOR)).id
    async with hagen.visit(both) as browser:
        overview = (await browser.get(menu.PATH)).text
        for section in menu.SECTIONS:
            assert f'href="{section.path}"' in overview
            page = await browser.get(section.path)
            assert page.status_code == 200
            assert f'href="{section.path}" aria-current="page"' in " ".join(page.text.split())
