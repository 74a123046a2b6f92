"""Things as the index and the stores give them: own texts, fictional organisations, the flaws of real listings."""

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta

from fediverse_ehrenamt.discover.view import Publisher, Source
from fediverse_ehrenamt.search.model import EVENT, OPPORTUNITY, POST, Document
from fediverse_ehrenamt.things import wire
from fediverse_ehrenamt.vocab.types import (
    Availability,
    Effort,
    Event,
    EventDetails,
    GroupSize,
    Hashtag,
    Note,
    Opportunity,
    OpportunityDetails,
    Place,
    Skill,
)

HOME = "http://127.0.0.1:8000"
NOW = datetime(2026, 11, 22, 9, 30, tzinfo=UTC)
HAGEN = "https://ehrenamt.hagen.example"
REMOTE_ID, LOCAL_ID, EVENT_ID, POST_ID, HOSTILE_ID = (
    "01hagen00000000000les", "01flensburg0000000gart", "01flensburg0000000cafe", "01hagen00000000000post", "01boese",
)  # fmt: skip
HOSTILE = "<script>alert(1)</script>\"><img src=x onerror=alert(2)></script></title> ' \u202eboese"

READING = Opportunity(
    id=f"{HAGEN}/ap/things/1",
    attributed_to=f"{HAGEN}/ap/actors/lesen",
    content=(
        "<p><strong>Lesepatin oder Lesepate gesucht</strong><br>Hagen-Wehringhausen · dienstags · 1–2 Stunden</p>"
        "<p>Einmal in der Woche lesen Sie vier Kindern der zweiten Klasse vor. Sie suchen die Geschichten selbst aus, "
        "wir haben eine gut gefüllte Bücherkiste.</p><ul><li>Einführung durch unsere Leseförderung</li><li>Treffen mit "
        "anderen Patinnen und Paten alle zwei Monate</li></ul><p onclick='x()'>Fragen? Schreiben Sie uns über unsere "
        '<a href="https://lesewelt.example/kontakt">Seite</a>.</p><script>alert(1)</script>'
    ),
    content_map={
        "de": "<p><strong>Lesepatin oder Lesepate gesucht</strong></p><p>Einmal in der Woche lesen Sie vier Kindern "
        "der zweiten Klasse vor. Sie suchen die Geschichten selbst aus, wir haben eine gut gefüllte Bücherkiste.</p>"
        "<ul><li>Einführung durch unsere Leseförderung</li><li>Treffen mit anderen Patinnen und Paten alle zwei "
        "Monate</li></ul>",
        "de-simple": "<p>Kinder hören gern Geschichten.</p><p>Sie lesen den Kindern vor.</p><p>Das ist jeden "
        "Dienstag. Es dauert eine Stunde.</p>",
        "uk": "<p>Раз на тиждень ви читаєте дітям уголос.</p>",
    },
    language="de",
    published=NOW - timedelta(days=90),
    updated=NOW - timedelta(days=20),
    url=f"{HAGEN}/angebote/1-lesepatin",
    hashtags=(Hashtag(name="vorlesen"), Hashtag(name="hagen")),
    place=Place(
        name="Grundschule am Goldberg", street="Goldbergstraße 12", postcode="58095", locality="Hagen",
        region="Nordrhein-Westfalen", country="DE", latitude=51.3571, longitude=7.4728,
    ),
    details=OpportunityDetails(
        title="Lesepatin oder Lesepate gesucht",
        kind="regelmaessig",
        areas=("schule_kita", "jugend_bildung"),
        activities=("unterrichten_vorlesen", "tee_kochen"),
        audiences=("kinder",),
        suitable_for=("einsteiger", "senioren"),
        mode="vor_ort",
        availability=Availability(
            cells=("di-vormittags", "di-nachmittags", "do-vormittags"), flexible=False, during_holidays=False,
            recurrence="FREQ=WEEKLY;BYDAY=TU", text="dienstags nach der großen Pause",
        ),
        effort=Effort(min_hours=1, max_hours=2, per="woche"),
        minimum_duration="6_monate",
        start_date=date(2027, 1, 11),
        end_date=date(2027, 7, 2),
        apply_by=date(2026, 12, 20),
        places=5,
        places_free=2,
        group_size=GroupSize(min=3, max=5),
        minimum_age=18,
        german_level="b2",
        languages=("uk", "tr"),
        skills=(Skill(name="Geduld", required=True), Skill(name="Vorlesen mit verteilten Stimmen")),
        credentials=("masernschutz",),
        clearance="erweitert",
        accessibility=("stufenlos", "aufzug"),
        accessibility_note="Der Eingang ist auf der Hofseite.",
        transit="Bus 510 bis Goldbergschule",
        induction="Zwei Stunden Einführung, danach hören Sie einmal zu.",
        assistance=True,
        benefits=("fahrtkosten", "fortbildung"),
        compensation="auslagen",
        trial=True,
        answer_within_days=5,
        confirmed_at=NOW - timedelta(days=20),
        expires_at=NOW + timedelta(days=160),
        licence="CC-BY-4.0",
        same_as=("https://freiwillig.example/angebote/77", "javascript:alert(1)"),
        title_map={"de-simple": "Vorlesen für Kinder"},
    ),
)  # fmt: skip

GARDEN = Opportunity(
    id=f"{HOME}/ap/things/2",
    attributed_to=f"{HOME}/ap/actors/garten",
    content="<p><strong>Hände für den Gemeinschaftsgarten</strong></p><p>Wir jäten, säen und ernten zusammen.</p>",
    language="de",
    published=NOW - timedelta(days=800),
    url=f"{HOME}/angebote/{LOCAL_ID}",
    details=OpportunityDetails(
        title="Hände für den Gemeinschaftsgarten", kind="projekt", areas=("umwelt_tiere",), german_level="unbekannt"
    ),
)

CAFE = Event(
    id=f"{HOME}/ap/things/3",
    attributed_to=f"{HOME}/ap/actors/garten",
    name="Reparatur-Café: bringen, schrauben, plaudern",
    content="<p>Kaputte Lampe, lose Naht? Wir reparieren <b>gemeinsam</b>.</p>",
    language="de",
    published=NOW - timedelta(days=9),
    starts_at=datetime(2026, 12, 12, 13, 0, tzinfo=UTC),
    ends_at=datetime(2026, 12, 12, 16, 0, tzinfo=UTC),
    participation_url="https://garten.example/anmelden",
    capacity=40,
    participants=12,
    place=Place(name="Bürgerhaus Nord", street="Apenrader Straße 3", postcode="24939", locality="Flensburg"),
    details=EventDetails(
        kind="treffen", areas=("freizeit",), audiences=("alle",), cost="kostenlos", languages=("de", "ar"),
        accessibility=("stufenlos", "rollstuhl_wc"), livestream="https://video.example/live", subtitles=("en",),
        register_by=datetime(2026, 12, 10, 22, 59, tzinfo=UTC),
    ),
)  # fmt: skip

NEWS = Note(
    id=f"{HAGEN}/ap/things/4",
    content="<p>Danke für 120 neue Anmeldungen in diesem Jahr!</p>",
    language="de",
    published=NOW - timedelta(days=2),
    url=f"{HAGEN}/beitraege/4",
)

EVIL = Opportunity(
    id="https://boese.example/1",
    content=f"<p>{HOSTILE}</p><img src=https://spion.example/p.gif><a href='javascript:alert(3)'>klick</a>",
    language='de"><script>alert(9)</script>',
    url="javascript:alert(4)",
    hashtags=(Hashtag(name=HOSTILE),),
    place=Place(name=HOSTILE, street=HOSTILE, locality=HOSTILE),
    details=OpportunityDetails(
        title=HOSTILE, kind=HOSTILE, areas=(HOSTILE,), licence="javascript:alert(5)", induction=HOSTILE
    ),
)

READING_CARD = Document(
    uri=READING.id, id=REMOTE_ID, kind=OPPORTUNITY, title=READING.details.title,
    text="Lesepatin oder Lesepate gesucht\n\nEinmal in der Woche lesen Sie vier Kindern der zweiten Klasse vor. Sie "
    "suchen die Geschichten selbst aus, wir haben eine gut gefüllte Bücherkiste und helfen beim Einstieg mit einer "
    "Einführung durch unsere Leseförderung.",
    url=READING.url, host="ehrenamt.hagen.example", local=False, organisation="Lesewelt Hagen e. V.",
    organisation_uri=READING.attributed_to, language="de", areas=READING.details.areas,
    hashtags=("vorlesen", "hagen"), when="dienstags · 1–2 Stunden pro Woche", place="Hagen-Wehringhausen",
    district="Hagen-Wehringhausen",
    latitude=51.3571, longitude=7.4728, published_at=READING.published, fresh_at=READING.details.confirmed_at,
    expires_at=READING.details.expires_at, image="https://ehrenamt.hagen.example/media/a.webp", image_alt="Ein Kind",
    facts=wire.facts(READING.details, READING.place),
)  # fmt: skip

GARDEN_CARD = Document(
    uri=GARDEN.id, id=LOCAL_ID, kind=OPPORTUNITY, title=GARDEN.details.title,
    text="Wir jäten, säen und ernten zusammen, und im Herbst kochen wir Suppe für die Nachbarschaft.",
    url=GARDEN.url, host="127.0.0.1:8000", local=True, organisation="Gartenfreunde Förde", language="de",
    organisation_uri=GARDEN.attributed_to, areas=("umwelt_tiere", "freizeit"), place="Flensburg-Weiche",
    latitude=54.767, longitude=9.4, published_at=GARDEN.published, fresh_at=GARDEN.published, status="besetzt",
)  # fmt: skip

CAFE_CARD = Document(
    uri=CAFE.id, id=EVENT_ID, kind=EVENT, title=CAFE.name, text="Kaputte Lampe, lose Naht? Wir reparieren gemeinsam.",
    url=f"{HOME}/termine/{EVENT_ID}", host="127.0.0.1:8000", local=True, organisation="Gartenfreunde Förde",
    organisation_uri=CAFE.attributed_to, language="de", areas=("freizeit",), place="Bürgerhaus Nord, Flensburg",
    latitude=54.806, longitude=9.442, starts_at=CAFE.starts_at, ends_at=CAFE.ends_at, published_at=CAFE.published,
    fresh_at=CAFE.published, when="Sa, 12.12.2026, 14–17 Uhr",
)  # fmt: skip

NEWS_CARD = Document(
    uri=NEWS.id, id=POST_ID, kind=POST, title="Danke für 120 neue Anmeldungen in diesem Jahr!",
    text="Danke für 120 neue Anmeldungen in diesem Jahr!", url=NEWS.url, host="ehrenamt.hagen.example", local=False,
    organisation="Lesewelt Hagen e. V.", organisation_uri=READING.attributed_to, language="de",
    published_at=NEWS.published, fresh_at=NEWS.published,
)  # fmt: skip

EVIL_CARD = Document(
    uri=EVIL.id, id=HOSTILE_ID, kind=OPPORTUNITY, title=HOSTILE, text=HOSTILE, url=EVIL.url, host="boese.example",
    local=False, organisation=HOSTILE, organisation_uri="javascript:alert(6)", language='de" onload="alert(7)',
    areas=(HOSTILE,), hashtags=(HOSTILE,), when=HOSTILE, place=HOSTILE, image="https://spion.example/p.gif",
    image_alt=HOSTILE, status=HOSTILE, fresh_at=NOW - timedelta(days=30),
)  # fmt: skip

_TASKS = (
    ("Fahrdienst zum Seniorenfrühstück", "Diakoniekreis Mürwik", ("soziales",), "mittwochs, 8–11 Uhr"),
    ("Hausaufgabenhilfe Nordstadt", "Jugendtreff Hafenspitze", ("schule_kita", "jugend_bildung"), "nach Absprache"),
    ("Trainerin für die Mädchenmannschaft U13", "SV Fördeblick 08", ("sport",), "2× pro Woche"),
    ("Vorstandsamt Kassenwart", "Förderverein Stadtbücherei Flensburg", ("kultur",), ""),
    ("Kleiderkammer sortieren", "Nachbarschaftshilfe Engelsby", ("soziales",), "flexibel, auch samstags"),
    ("Nistkästen bauen und betreuen", "Naturwacht Angeln e. V.", ("umwelt_tiere",), "Frühjahr und Herbst"),
    ("Begleitung beim Deutschlernen", "Sprachcafé Brücke", ("jugend_bildung",), "1–2 Stunden pro Woche"),
    ("Sanitätsdienst bei Veranstaltungen", "Helfende Hand Flensburg", ("rettung_feuerwehr", "gesundheit"), ""),
)  # fmt: skip
MANY = tuple(
    replace(
        GARDEN_CARD,
        uri=f"{HOME}/ap/things/m{number}", id=f"01many{number:04}", title=title, organisation=organisation,
        text=f"{title}. Wir freuen uns über Menschen, die regelmäßig ein paar Stunden Zeit mitbringen. Vorkenntnisse "
        "sind nicht nötig, wir arbeiten Sie in Ruhe ein und Sie lernen ein nettes Team kennen.",
        areas=areas, when=when, status="", latitude=54.7837 + number / 900, longitude=9.4335,
        place=("Flensburg", "Glücksburg", "Harrislee")[number % 3], fresh_at=NOW - timedelta(days=9 * number + 1),
        url=f"{HOME}/angebote/01many{number:04}",
    )
    for number, (title, organisation, areas, when) in enumerate(_TASKS * 6)
)  # fmt: skip

THINGS = {thing.id: thing for thing in (READING, GARDEN, CAFE, NEWS, EVIL)}
DOCUMENTS = (READING_CARD, GARDEN_CARD, CAFE_CARD, NEWS_CARD, EVIL_CARD, *MANY)
PUBLISHERS = {
    READING.attributed_to: Publisher("Lesewelt Hagen e. V.", "lesewelt", "hagen.example"),
    GARDEN.attributed_to: Publisher(
        "Gartenfreunde Förde", "garten", "flensburg.example", "/organisationen/garten", "https://garten.example/"
    ),
}
SOURCES = (Source("Ehrenamt Hagen", f"{HAGEN}/", "ehrenamt.hagen.example"), Source("Wolke", "", "wolke.example"))

GONE_ID = "01hagen00000000000weg"
GONE = replace(READING_CARD, uri=f"{HAGEN}/ap/things/weg", id=GONE_ID)
"""A Document that a test puts and takes out again."""
