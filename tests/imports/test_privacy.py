"""Persons and how to reach them go out of free texts; dates, hours, ages and postcodes stay."""

import pytest

from fediverse_ehrenamt.imports import privacy


@pytest.mark.parametrize(
    "contact",
    [
        "Bitte melden Sie sich bei Frau Muster, Tel. 0201 123456.",
        "Ansprechpartnerin: Maria Muster",
        "Ihre Ansprechpartner:innen sind Herr Dr. Karl Beispiel und Frau Muster.",
        "Tel.: 0201/12 34 56-78",
        "Telefon: +49 (0) 201 555 44 33",
        "E-Mail: maria.muster@beispiel.de",
        "Schreiben Sie an info (at) verein.de oder rufen Sie an.",
        "Kontakt: Herr Schulze (0176) 12345678",
        "Bei Fragen wenden Sie sich bitte an Frau Dr. Anna-Lena Meier-Müller.",
        "Melden Sie sich gern bei Thomas Meier.",
        "Mobil 0170-1234567, auch per WhatsApp: 0170 1234567",
        "Maria Muster\nTel. 0201 123456",
        "Ihre Sabine Krause",
        "Herzliche Grüße, Ihre Sabine Krause",
        "Koordination: Dr. med. Anna Weber",
        "Geschäftsführerin Anna Weber freut sich auf Ihren Anruf.",
        "Weitere Auskünfte erteilt gerne Maria Schmitz-Özgür.",
        "Für Fragen steht Ihnen Herr Jan Öztürk (Ehrenamtskoordination) zur Verfügung.",
        "Melden Sie sich bei Ayşe Şahin.",
        "info [ät] verein.de",
        "0201.556677",
        "Ansprechpartner:\nDr. Karl-Heinz Beispiel\nTel.: 0201 123456",
        "Ansprechpartnerin: Ines Muster (Soz. Dienst)\nMo-Fr 9-15 Uhr",
        "Bei Interesse: H.-G. Muster, 0171-5550199 (ab 18 Uhr)",
        "Vorsitzender: Karl Muster, Tel. priv. 0201/12 88 77, mobil 0160 123 45 67",
        "Leitung: Frau B. Muster, Tel 0201 77-0 App. 2390",
        "Kontakt über das Asylcafé, z.Hd. Anton Muster, Tel. 0 20 71 / 9 20 55",
        "Bewerbungen an: Jugendhilfe, z. Hd. Frau Sonja Muster, Ringstr. 211, 45127 Essen",
        "Wer Interesse hat, meldet sich bei der Seelsorge (Sr. Agnes oder Pfr. Müller-Muster).",
        "Contactez Mme Dupont au 06 12 34 56 78 ou marie.dupont@beispiel.fr.",
        "Fragen? Martina Muster, Tel. 0201/400-2222",
        "Anrufen: 0201 861820,0171 1234567.",
    ],
)
def test_a_contact_goes_and_the_rest_stays(contact: str) -> None:
    text = f"Sie lesen Kindern vor.\n{contact}\nWir freuen uns auf Sie!"
    shown, taken = privacy.public(text)
    assert shown == "Sie lesen Kindern vor.\nWir freuen uns auf Sie!"
    assert taken >= 1


@pytest.mark.parametrize(
    "text",
    [
        "Vom 01.05.2026 bis 30.06.2026 dienstags, 09.00-12.00 Uhr oder 08:00 - 12:00 Uhr.",
        "Feste Ansprechpartner begleiten Sie von Anfang an.",
        "Ihre Aufgaben sind vielfältig; die Leitung der Gruppe teilen Sie sich.",
        "Jugendleiter Ausbildung und Koordination: alles lernen Sie bei uns.",
        "Kontaktfreudige Menschen sind willkommen.",
        "Frau Holle ist unser nächstes Stück, bei dem Sie mitspielen.",
        "Für Rückfragen stehen wir gern zur Verfügung, wenn Sie zwei Stunden Zeit in der Woche haben und dabei sind.",
        "Gruppe der 10- bis 12-Jährigen in 01067 Dresden, 3 bis 4 Std. pro Woche, Mo. und Mi. um 15.00 Uhr.",
        "Telefonische Beratung von Betroffenen, auch abends.",
        "Gemeinsam basteln mit Pfarrer Braun und den Kindern.",
        "Du hast Interesse an Natur? Dann bewirb dich bei uns.",
        "Wir suchen Interessierte, die mit Frau Holle spielen.",
        "Unser Vorstand trifft sich montags.\nMo-Fr 9-15 Uhr",
    ],
)
def test_what_is_no_contact_stays(text: str) -> None:
    assert privacy.public(text) == (text, 0)


def test_a_long_sentence_loses_the_contact_only() -> None:
    text = (
        "Sie begleiten unsere Kinder beim Lernen und spielen mit ihnen im Hof, helfen bei den Hausaufgaben, "
        "organisieren gemeinsam mit dem Team Ausflüge in den Zoo und ins Museum und rufen bei Krankheit bitte die "
        "Leiterin Frau Schmidt unter 0201 998877 an, damit alle Bescheid wissen."
    )
    shown, taken = privacy.public(text)
    assert taken == 1
    assert "Ausflüge in den Zoo" in shown
    assert "Schmidt" not in shown
    assert "998877" not in shown


@pytest.mark.parametrize(
    ("text", "left"),
    [
        (
            "Begleitung zu Hause oder im Heim Bitte bei Frau Marlies Kratzke melden (03931 71 55 08).",
            "Begleitung zu Hause oder im Heim",
        ),
        ("Sie lesen Kindern etwas vor Ansprechpartnerin: Maria Muster, 0201 123456", "Sie lesen Kindern etwas vor"),
        ("Freude am Umgang mit Kindern Tel. 0201 123456", "Freude am Umgang mit Kindern"),
        ("Zeig uns Akkorde! Rufen Sie mich einfach an! Ihr Dieter Wollmann, Tel. 039320 21014", "Zeig uns Akkorde!"),
    ],
)
def test_a_contact_takes_nothing_else_with_it(text: str, left: str) -> None:
    assert privacy.public(text)[0] == left


def test_a_call_without_a_contact_stays() -> None:
    assert privacy.public("Rufen Sie uns an! Wir freuen uns.") == ("Rufen Sie uns an! Wir freuen uns.", 0)


def test_a_title_keeps_its_words() -> None:
    assert privacy.without_numbers("Fahrer gesucht, Tel. 02331 123456") == "Fahrer gesucht,"


def test_hours_beside_a_contact_are_those_of_reaching_somebody() -> None:
    text = "Wir besuchen alte Menschen. Ansprechpartnerin: Maria Muster, Tel. 0201 123456\nMo-Do von 9 bis 12 Uhr"
    assert privacy.public(text) == ("Wir besuchen alte Menschen.", 2)


@pytest.mark.parametrize(
    ("text", "left"),
    [
        ("Maria Muster freut sich auf Sie!", ""),
        ("Wir spielen Skat.\nMaria Muster", "Wir spielen Skat."),
        (
            "Die Gruppe, die von Maria Muster seit vielen Jahren mit großer Freude begleitet wird, spielt Skat.",
            "Die Gruppe, die von seit vielen Jahren mit großer Freude begleitet wird, spielt Skat.",
        ),
        ("Das Haus am Muster Platz hat einen Garten.", "Das Haus am Muster Platz hat einen Garten."),
    ],
)
def test_whom_the_source_names_as_a_contact_goes_wherever_they_stand(text: str, left: str) -> None:
    assert privacy.public(text, ("Maria Muster",))[0] == left
