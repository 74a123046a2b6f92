"""What the slugs of domain.md C3 are called in German; an unknown slug is shown readable, never dropped. Pure.

The German words are the message ids of the translations in `web/translations`.
"""

from collections.abc import Mapping

KIND = {
    "regelmaessig": "Regelmäßig",
    "projekt": "Projekt auf Zeit",
    "einmalig": "Einmaliger Einsatz",
    "schicht": "Schichten zum Eintragen",
    "amt": "Ehrenamtliches Amt (Vorstand u. Ä.)",
    "patenschaft": "Patenschaft/Tandem",
    "gruppenaktion": "Gruppen- und Firmenaktion",
    "online": "Digitales Engagement",
    "schnuppern": "Schnupperangebot",
    "freiwilligendienst": "Freiwilligendienst (nur Hinweis)",
}

EVENT_KIND = {
    "veranstaltung": "Veranstaltung",
    "aktionstag": "Aktionstag",
    "schnuppertag": "Schnuppertag",
    "kurs": "Kurs",
    "beratung": "Beratung",
    "treffen": "Treffen",
    "fest": "Fest",
    "einsatz": "Einsatz",
}

# What timelines, which have no label for it, show before the title of what is no longer open (DESIGN §6).
FIRST_WORDS = {
    "besetzt": "BESETZT: ",
    "abgelaufen": "ABGELAUFEN: ",
    "pausiert": "PAUSIERT: ",
    "abgesagt": "ABGESAGT: ",
}

# The 14 areas of the Freiwilligensurvey.
AREA = {
    "sport": "Sport und Bewegung",
    "kultur": "Kultur und Musik",
    "freizeit": "Freizeit und Geselligkeit",
    "soziales": "Sozialer Bereich",
    "gesundheit": "Gesundheitsbereich",
    "schule_kita": "Schule oder Kindergarten",
    "jugend_bildung": "Außerschulische Jugendarbeit oder Bildungsarbeit für Erwachsene",
    "umwelt_tiere": "Umwelt, Naturschutz oder Tierschutz",
    "politik": "Politik oder politische Interessenvertretung",
    "beruf": "Berufliche Interessenvertretung außerhalb des Betriebes",
    "kirche_religion": "Kirchlicher oder religiöser Bereich",
    "justiz": "Justiz oder Kriminalitätsprobleme",
    "rettung_feuerwehr": "Unfall- oder Rettungsdienst oder freiwillige Feuerwehr",
    "sonstiges": "Sonstiger Bereich",
}

# The same areas where there is room for two words: on chips.
AREA_SHORT = {
    "sport": "Sport",
    "kultur": "Kultur & Musik",
    "freizeit": "Freizeit",
    "soziales": "Soziales",
    "gesundheit": "Gesundheit",
    "schule_kita": "Schule & Kita",
    "jugend_bildung": "Jugend & Bildung",
    "umwelt_tiere": "Umwelt & Tiere",
    "politik": "Politik",
    "beruf": "Berufsleben",
    "kirche_religion": "Kirche & Religion",
    "justiz": "Justiz",
    "rettung_feuerwehr": "Rettung & Feuerwehr",
    "sonstiges": "Sonstiges",
}

ACTIVITY = {
    "begleiten_betreuen": "Begleiten und betreuen",
    "beraten": "Beraten",
    "unterrichten_vorlesen": "Unterrichten und vorlesen",
    "lernhilfe": "Beim Lernen helfen",
    "anleiten_gruppenleitung": "Gruppen leiten und anleiten",
    "sport_training": "Sport und Training",
    "musik_kunst": "Musik und Kunst",
    "kochen_verteilen": "Kochen und verteilen",
    "fahren_transport": "Fahren und transportieren",
    "handwerk_reparatur": "Handwerk und Reparatur",
    "garten_naturpflege": "Garten und Naturpflege",
    "tiere_versorgen": "Tiere versorgen",
    "organisieren_veranstalten": "Organisieren und veranstalten",
    "verwalten_buero": "Verwaltung und Büro",
    "finanzen_kasse": "Finanzen und Buchführung",
    "oeffentlichkeitsarbeit": "Öffentlichkeitsarbeit",
    "it_digital": "Computer und Digitales",
    "uebersetzen_dolmetschen": "Übersetzen und dolmetschen",
    "spenden_sammeln": "Spenden sammeln",
    "vorstand_leitung": "Vorstand und Leitung",
    "rettung_einsatz": "Rettung und Einsatz",
    "forschung_dokumentation": "Forschen und dokumentieren",
    "kasse_einlass": "Kasse und Einlass",
    "sonstiges": "Sonstiges",
}

AUDIENCE = {
    "kinder": "Kinder",
    "jugendliche": "Jugendliche",
    "erwachsene": "Erwachsene",
    "aeltere": "Ältere Menschen",
    "familien": "Familien",
    "behinderung": "Menschen mit Behinderung",
    "erkrankung": "Menschen mit Erkrankung",
    "migration": "Menschen mit Migrationsgeschichte",
    "gefluechtete": "Geflüchtete Menschen",
    "wohnungslos_armut": "Wohnungslose und von Armut betroffene Menschen",
    "sucht": "Menschen mit Suchterkrankung",
    "straffaelligkeit": "Straffällig gewordene Menschen",
    "tiere": "Tiere",
    "natur": "Natur",
    "alle": "Alle",
}

SUITABLE_FOR = {
    "einsteiger": "Neulinge im Ehrenamt",
    "berufstaetige": "Berufstätige",
    "schueler": "Schülerinnen und Schüler",
    "u14": "Kinder unter 14 Jahren",
    "u18": "Jugendliche unter 18 Jahren",
    "studierende": "Studierende",
    "senioren": "Seniorinnen und Senioren",
    "familien": "Familien",
    "menschen_mit_behinderung": "Menschen mit Behinderung",
    "wenig_deutsch": "Menschen, die wenig Deutsch sprechen",
    "gruppen": "Gruppen",
    "unternehmen": "Unternehmen",
}

MODE = {
    "vor_ort": "Vor Ort",
    "teilweise_online": "Teilweise online",
    "online": "Online",
    "beliebig_im_gebiet": "Überall im Gebiet",
}

WEEKDAY = {
    "mo": "Montag",
    "di": "Dienstag",
    "mi": "Mittwoch",
    "do": "Donnerstag",
    "fr": "Freitag",
    "sa": "Samstag",
    "so": "Sonntag",
}

DAYPART = {
    "morgens": "morgens (6–9 Uhr)",
    "vormittags": "vormittags (9–12 Uhr)",
    "mittags": "mittags (12–14 Uhr)",
    "nachmittags": "nachmittags (14–18 Uhr)",
    "abends": "abends (18–22 Uhr)",
    "nachts": "nachts (22–6 Uhr)",
}

PER = {"einmalig": "einmalig", "woche": "pro Woche", "monat": "pro Monat", "jahr": "pro Jahr"}

MINIMUM_DURATION = {
    "keine": "Keine",
    "1_monat": "1 Monat",
    "3_monate": "3 Monate",
    "6_monate": "6 Monate",
    "1_jahr": "1 Jahr",
    "laenger": "Länger als 1 Jahr",
}

GERMAN_LEVEL = {
    "nicht_noetig": "Nicht nötig",
    "a1": "A1 (einzelne Wörter und Sätze)",
    "a2": "A2 (einfache Gespräche)",
    "b1": "B1 (Gespräche im Alltag)",
    "b2": "B2 (fließend)",
    "c1": "C1 (sehr gut)",
    "unbekannt": "Nicht angegeben",
}

CLEARANCE = {
    "nein": "Nicht nötig",
    "einfach": "Einfaches Führungszeugnis",
    "erweitert": "Erweitertes Führungszeugnis (§ 30a BZRG)",
    "unbekannt": "Nicht angegeben",
}

CREDENTIAL = {
    "juleica": "Juleica (Jugendleiter-Card)",
    "erste_hilfe": "Erste-Hilfe-Kurs",
    "rettungsschwimmen": "Rettungsschwimmabzeichen",
    "hygienebelehrung": "Hygienebelehrung",
    "trainerlizenz": "Trainerlizenz",
    "fahrerlaubnis_b": "Führerschein Klasse B",
    "fahrerlaubnis_c": "Führerschein Klasse C",
    "personenbefoerderung": "Personenbeförderungsschein",
    "masernschutz": "Masernschutz",
}

ACCESSIBILITY = {
    "stufenlos": "Stufenlos erreichbar",
    "rollstuhl_wc": "Toilette für Rollstühle",
    "aufzug": "Aufzug",
    "leitsystem": "Leitsystem für blinde Menschen",
    "induktionsschleife": "Induktionsschleife",
    "gebaerdensprache": "Gebärdensprache",
    "leichte_sprache": "Leichte Sprache",
    "ruhiger_ort": "Ruhiger Ort",
    "assistenzhund": "Assistenzhund willkommen",
    "sitzend_moeglich": "Im Sitzen möglich",
    "barrierefrei_online": "Barrierefrei online",
    "nicht_barrierefrei": "Nicht barrierefrei",
    "unbekannt": "Nicht angegeben",
}

# What others say of access and none of ours can: it is shown, but it meets no need, and nobody chooses it in a form.
FOREIGN_ACCESSIBILITY = {"teilweise_rollstuhlgerecht": "Teilweise rollstuhlgerecht"}

COMPENSATION = {
    "keine": "Unentgeltlich",
    "auslagen": "Auslagen werden ersetzt",
    "ehrenamtspauschale": "Ehrenamtspauschale (§ 3 Nr. 26a EStG)",
    "uebungsleiterpauschale": "Übungsleiterpauschale (§ 3 Nr. 26 EStG)",
    "aufwandsentschaedigung": "Pauschale Aufwandsentschädigung (schließt die Ehrenamtskarte oft aus)",
}

INSURANCE = {
    "unfall_gesetzlich": "Gesetzliche Unfallversicherung",
    "unfall_landes": "Unfallversicherung des Landes",
    "haftpflicht_traeger": "Haftpflicht über die Organisation",
    "haftpflicht_land": "Haftpflicht über das Land",
    "dienstfahrt": "Dienstfahrten versichert",
    "unbekannt": "Nicht angegeben",
}

BENEFIT = {
    "einarbeitung": "Einarbeitung",
    "fortbildung": "Fortbildung",
    "supervision": "Supervision",
    "fahrtkosten": "Fahrtkosten werden erstattet",
    "verpflegung": "Verpflegung",
    "bescheinigung": "Bescheinigung",
    "kompetenznachweis": "Kompetenznachweis",
    "ehrenamtskarte_anrechenbar": "Zählt für die Ehrenamtskarte",
    "dankeschoen": "Dankeschön-Veranstaltungen",
    "ausstattung": "Ausstattung wird gestellt",
    "austauschtreffen": "Treffen zum Austausch",
}

STATUS = {
    "besetzt": "Besetzt",
    "pausiert": "Pausiert",
    "abgelaufen": "Abgelaufen",
    "abgesagt": "Abgesagt",
}

LEGAL_FORM = {
    "verein": "Verein",
    "ggmbh": "Gemeinnützige GmbH",
    "stiftung": "Stiftung",
    "kirche": "Kirche oder Religionsgemeinschaft",
    "koerperschaft": "Körperschaft des öffentlichen Rechts",
    "kommune": "Kommune",
    "initiative_ohne_rechtsform": "Initiative ohne Rechtsform",
    "unternehmen": "Unternehmen",
    "schule_kita": "Schule oder Kita",
    "freiwilligenagentur": "Freiwilligenagentur",
}

PUBLIC_BENEFIT = {
    "anerkannt": "Als gemeinnützig anerkannt",
    "beantragt": "Gemeinnützigkeit beantragt",
    "nein": "Nicht gemeinnützig",
    "unbekannt": "Nicht angegeben",
}

# What is said of an organisation, by the attribute that says it.
ORGANISATION = {
    "areas": "Bereiche",
    "legal_form": "Rechtsform",
    "public_benefit": "Gemeinnützigkeit",
    "opening_hours": "Öffnungszeiten",
}

DOCUMENT_KIND = {"opportunity": "Angebot", "event": "Termin", "post": "Beitrag"}

ALL: tuple[Mapping[str, str], ...] = (
    KIND, EVENT_KIND, AREA, AREA_SHORT, ACTIVITY, AUDIENCE, SUITABLE_FOR, MODE, WEEKDAY, DAYPART, PER,
    MINIMUM_DURATION, GERMAN_LEVEL, CLEARANCE, CREDENTIAL, ACCESSIBILITY, FOREIGN_ACCESSIBILITY,
    COMPENSATION, INSURANCE, BENEFIT, STATUS, DOCUMENT_KIND, LEGAL_FORM, PUBLIC_BENEFIT, ORGANISATION,
)  # fmt: skip


def label(labels: Mapping[str, str], slug: str) -> str:
    """Return the German label of a slug; one that nobody knows is made readable ("offene_tuer": "Offene tuer")."""
    return labels.get(slug) or humanise(slug)


def humanise(slug: str) -> str:
    """Make a foreign slug readable without guessing what it means."""
    words = slug.replace("_", " ").replace("-", " ").strip()
    return words[:1].upper() + words[1:]
