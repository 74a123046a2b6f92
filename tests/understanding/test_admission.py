"""What descriptions say of prices and of getting in; what is about something else, or holds but partly, is not read."""

import pytest

from fediverse_ehrenamt.understanding import admission, prose

FREE = admission.FREE


@pytest.mark.parametrize(
    ("text", "cost"),
    [
        ("Konzert im Park. Der Eintritt ist frei.", FREE),
        ("Freier Eintritt!", FREE),
        ("Die Teilnahme ist für alle kostenfrei, um Anmeldung wird gebeten.", FREE),
        ("Eintritt: frei", FREE),
        ("Keine Teilnahmegebühr", FREE),
        ("Eintritt frei – Spenden erbeten", f"{FREE}, Spende willkommen"),
        ("Eintritt frei. Wir freuen uns über eine Spende.", f"{FREE}, Spende willkommen"),
        ("Eintritt: 5 € / erm. 3 €", "5 € / erm. 3 €"),
        ("VVK 12 €, AK 15 €. Einlass ab 19 Uhr.", "VVK 12 €, AK 15 €"),
        ("Kosten:\n12,50 €", "12,50 €"),
        ("Teilnahmegebühr 10,- Euro", "Teilnahmegebühr 10,- Euro"),
        ("Eintritt 8 Euro. Der Eintritt für Kinder ist frei.", "8 Euro"),
        ("Kostenlose Parkplätze am Haus.", ""),
        ("Eintritt frei für Mitglieder", ""),
        ("Kinder bis 6 Jahre frei", ""),
        ("Getränke 2 €", ""),
        ("Unser Spendenziel sind 5.000 €.", ""),
        ("Es gibt Preise im Wert von 500 €.", ""),
        ("Kaffee und Kuchen gegen Spende.", ""),
        ("", ""),
    ],
)
def test_what_it_costs(text: str, cost: str) -> None:
    assert admission.cost(prose.statements(text)) == cost


def test_a_long_statement_is_cut_around_its_price() -> None:
    found = admission.cost(
        prose.statements(f"Der Eintritt {'und so weiter ' * 30} beträgt 7 Euro {'je nach Platz ' * 30}")
    )
    assert "7 Euro" in found
    assert len(found) <= 120


@pytest.mark.parametrize(
    ("text", "slugs"),
    [
        ("Der Veranstaltungsort ist barrierefrei zugänglich.", ["stufenlos"]),
        ("Rollstuhlgerecht.", ["stufenlos"]),
        ("Barrierefreiheit: ja", ["stufenlos"]),
        ("Barrierefrei: nein", ["nicht_barrierefrei"]),
        ("Der Saal ist leider nicht barrierefrei.", ["nicht_barrierefrei"]),
        ("Die Räume sind nur über eine Treppe zu erreichen.", ["nicht_barrierefrei"]),
        ("Eine Induktionsschleife ist vorhanden.", ["induktionsschleife"]),
        ("2. OG, Aufzug vorhanden, Behinderten-WC", ["rollstuhl_wc", "aufzug"]),
        ("Mit Gebärdensprachdolmetscher (DGS)", ["gebaerdensprache"]),
        ("Stufenloser Zugang, barrierefreie Toilette", ["rollstuhl_wc", "stufenlos"]),
        ("Das Haus ist barrierefrei. Der Saal ist nicht barrierefrei.", []),
        ("Vortrag über barrierefreies Wohnen im Alter", []),
        ("Gebärdensprache lernen: Kurs für Anfänger", []),
        ("Teilweise barrierefrei", []),
        ("Wir setzen uns für eine barrierefreie Stadt ein.", []),
        ("Begleitung von Rollstuhlfahrern", []),
        ("Kein Aufzug vorhanden.", []),
        ("Ohne Aufzug", []),
    ],
)
def test_getting_in(text: str, slugs: list[str]) -> None:
    assert [one.value for one in admission.accessibility(prose.statements(text))] == slugs


@pytest.mark.parametrize(
    ("words", "cost"), [("0,00 €", FREE), ("frei", FREE), ("nein", FREE), ("keine", FREE), (" 5  € ", "5 €"), ("", "")]
)
def test_a_field_for_the_price(words: str, cost: str) -> None:
    assert admission.settled(words) == cost
