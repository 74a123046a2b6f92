"""From a letter to another town in a real browser: one click, one button, no scripts, on a phone, light and dark."""

import pytest
from playwright.sync_api import Browser, expect

from fediverse_ehrenamt.freshness import actions
from fediverse_ehrenamt.mail import folder
from fediverse_ehrenamt.organisations import actions as organisations
from tests import towns
from tests.browser.looking import look, open_page, picture, too_wide
from tests.freshness.asking import links_of
from tests.mail.postoffice import parsed
from tests.towns import Country, Town

_LETTER = "brief.html"


def letter(town: Town) -> dict[str, str]:
    """Let housekeeping ask; return the links of the letter that comes, and keep its HTML to be looked at."""
    town.write(actions.remind)  # the town's own housekeeping may have come first
    place = folder.place(town.settings)
    town.until(lambda: place.is_dir() and any(place.glob("*.eml")), "a letter")
    (file,) = place.glob("*.eml")
    message = parsed(file.read_bytes())
    file.unlink()
    html = message.get_body(("html",))
    assert html is not None
    (town.folder / _LETTER).write_text(html.get_content(), "utf-8")
    return links_of(message, town.url)


def asked(country: Country, *others: str) -> tuple[Town, list[Town], str]:
    """Return a town with an offer that is about to expire, its friends, and the URI of its organisation."""
    hagen, *friends = [country.town(name) for name in ("Hagen", *others)]
    owner = hagen.add()
    towns.befriend(hagen, *friends)
    hagen.write(organisations.set_mail, owner, "info@buecherei.example")
    hagen.publish(towns.opportunity("Lesepatin gesucht", key="lesepatin"))
    for friend in friends:
        friend.until_found("Lesepatin", "Lesepatin gesucht")
    country.clock.advance(days=340)
    return hagen, friends, owner


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_letter_and_pages_on_a_phone(country: Country, browser: Browser, scheme: str) -> None:
    hagen, _, owner = asked(country)
    links = letter(hagen)
    page = open_page(browser, 320, scheme, scripts=False)
    page.goto(f"file://{hagen.folder / _LETTER}")
    picture(page, f"brief-{scheme}")
    assert too_wide(page) == []
    for name, link in links.items():
        page.goto(link)
        look(page, f"{name}-{scheme}")
    page.get_by_role("button", name="Keine Erinnerungen mehr").click()
    expect(page.get_by_text("bekommt keine Erinnerungen mehr")).to_be_visible()
    assert hagen.read(organisations.is_quiet, owner)
    page.get_by_role("button", name="Doch wieder erinnern").click()
    expect(page.get_by_text("bekommt wieder Erinnerungen")).to_be_visible()
    assert not hagen.read(organisations.is_quiet, owner)
    page.goto(links["stimmt-noch"][:-1])
    expect(page.get_by_role("heading", level=1)).to_contain_text("nicht von uns")
    look(page, f"falscher-link-{scheme}")
    page.context.close()


def test_the_other_town_learns_of_an_answer(country: Country, browser: Browser) -> None:
    hagen, (flensburg,), _ = asked(country, "Flensburg")
    links = letter(hagen)
    assert "zuletzt bestätigt vor 11 Monaten" in flensburg.search("Lesepatin")[0].text
    page = open_page(browser, 320, "light", scripts=False)
    page.goto(links["stimmt-noch"])
    page.get_by_role("button", name="Ja, es stimmt noch").click()
    expect(page.get_by_role("heading", level=1)).to_contain_text("Das Angebot ist bestätigt")
    look(page, "bestaetigt")
    page.goto(links["stimmt-noch"])
    expect(page.get_by_role("heading", level=1)).to_contain_text("ist schon bestätigt")
    flensburg.until(
        lambda: "vor 11 Monaten" not in flensburg.search("Lesepatin")[0].text, "the confirmation in Flensburg"
    )
    page.goto(links["nicht-mehr"])
    page.get_by_role("button", name="Ist besetzt").click()
    expect(page.get_by_text("als besetzt gemeldet")).to_be_visible()
    flensburg.until(lambda: flensburg.search("Lesepatin")[0].status == "Besetzt", "the end of it in Flensburg")
    page.context.close()
