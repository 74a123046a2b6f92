"""A town that is only tried out: whoever signs in reads the letter in the browser."""

import re

from fediverse_ehrenamt.accounts import people
from fediverse_ehrenamt.mail import pages
from tests.towns import AS_BROWSER, Country


def test_the_link_of_a_letter_is_read_and_signs_in(country: Country) -> None:
    hagen = country.town("Hagen")
    hagen.write(people.add, "anna@beispiel.de", "Anna Beispiel")
    assert "Noch wurde kein Brief geschrieben." in hagen.get(pages.PATH, AS_BROWSER).text
    assert hagen.client.post(
        f"{hagen.url}/anmelden", data={"mail": "anna@beispiel.de"}, headers={"origin": hagen.url}
    ).is_success
    hagen.until(lambda: "Ihr Link zum Anmelden" in hagen.get(pages.PATH, AS_BROWSER).text, "shows the letter")
    page = hagen.get(pages.PATH, AS_BROWSER)
    assert "an anna@beispiel.de, " in page.text
    assert page.headers["cache-control"] == "no-store"
    (link,) = set(re.findall(rf'href="({re.escape(hagen.url)}/anmelden/[a-z2-7]+)"', page.text))
    assert "Jetzt anmelden" in hagen.get(link, AS_BROWSER).text
    assert hagen.get(pages.PATH, {**AS_BROWSER, "host": "evil.example"}).status_code == 404
