"""The same offer from two towns is one card; a verdict makes it two again; one that goes lets the other be seen."""

from fediverse_ehrenamt.duplicates import tasks
from tests import towns
from tests.flows.conftest import Found
from tests.towns import Town

TEXT = (
    "Einmal in der Woche lesen Sie in unserer Kinderecke Bilderbücher vor. Acht bis zwölf Kinder zwischen vier und "
    "sieben Jahren kommen regelmäßig, viele sprechen zu Hause eine andere Sprache. Die Bücher suchen wir gemeinsam aus."
)

READING, AGAIN = "Lesepatin gesucht", "Vorlesen in der Bücherei"


def _tidy(town: Town) -> None:
    while town.write(tasks.follow):
        pass


def _shown(town: Town, *titles: str) -> None:
    town.until(lambda: sorted(town.titles("Bilderbücher")) == sorted(titles), f"shows {titles}")


def _decide(town: Town, verdict: str, number: str, cards: int) -> None:
    town.command("duplicates", verdict, number)
    town.until(lambda: len(town.titles("Bilderbücher")) == cards, f"shows {cards} cards")


def _is_named_with(town: Town, *hosts: str) -> None:
    (card,) = town.search("Bilderbücher")
    page = town.get("/", towns.AS_BROWSER, q="Bilderbücher").text
    assert "1 Treffer" in page
    for shown in (page, town.get(card.href, towns.AS_BROWSER).text):
        assert "auch bei:" in shown
        assert all(host in shown for host in hosts)


def test_one_card_for_two_sources(found: Found) -> None:
    hagen, agency, flensburg = found("Hagen"), found("Greifswald"), found("Flensburg")
    hagen.add()
    agency.add("agentur", "Freiwilligenagentur")
    for town in (hagen, agency):
        flensburg.follow(town.url)
        towns.until_followed(flensburg, town)
    offers = {
        READING: (hagen, towns.opportunity(READING, TEXT)),
        AGAIN: (agency, towns.opportunity(AGAIN, f"Die Bücherei sucht: {TEXT}")),
    }
    for town, draft in offers.values():
        town.publish(draft)
    _shown(flensburg, READING, AGAIN)

    _tidy(flensburg)
    (pair,) = flensburg.commanded("duplicates", "list")
    assert pair["state"] == "waiting"
    number = str(pair["id"])
    _decide(flensburg, "same", number, 1)
    _is_named_with(flensburg, hagen.host, agency.host)
    _decide(flensburg, "different", number, 2)
    assert "auch bei:" not in flensburg.get("/", towns.AS_BROWSER, q="Bilderbücher").text

    _decide(flensburg, "same", number, 1)
    (title,) = flensburg.titles("Bilderbücher")
    town, draft = offers.pop(title)
    town.publish(towns.withdrawn(draft))
    flensburg.until(lambda: title not in flensburg.titles("Bilderbücher"), "loses the one that stood for both")
    _tidy(flensburg)
    _shown(flensburg, *offers)
