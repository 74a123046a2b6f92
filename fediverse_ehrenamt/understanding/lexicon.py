"""The words of times, folded (`marks.fold`): word or phrase → the mark it makes. All lists are our own.

Tags: D days, P dayparts, X both in one word; N digits, V a value; H hours, h the letter, M minutes, U Uhr; W week,
m month, Y year, T day, E one time of many; w "wöchentlich" and the like; x "mal", z "zweimal"; o ordinal, j jeder,
a alle; F fortnightly; f flexible, g fixed; S school holidays, s school time; n not; q at least, Q at most; c about;
v between, A from, u at; O month name; e once; r "für"; | and, or; - to; p per; i words that say nothing; k what is
counted and no time; t a quarter; l what is closed; y in turns; b a training, whose
hours are not those of the task; I when an office can be reached, whose hours are not those of the task either.
"""

from fediverse_ehrenamt.understanding.marks import Mark, fold
from fediverse_ehrenamt.vocab.labels import DAYPART, WEEKDAY

DAYS = tuple(WEEKDAY)
PARTS = tuple(DAYPART)
WORKDAYS, WEEKEND = DAYS[:5], DAYS[5:]
WAKING = PARTS[:5]  # what a day without a daypart stands for
DAYTIME = PARTS[1:4]
WEEKLY = "wochentlich"
SHORTEST_TYPO = 6  # letters of a word that may be misspelt

_DAY_NAMES = {day: fold(name) for day, name in WEEKDAY.items()} | {"sa ": "sonnabend"}
_PART_FORMS = {
    "morgens": "morgens fruhmorgens morgenstunden",
    "vormittags": "vormittag vormittags vormittage vormittagen vormittagsstunden vorm vormittagszeit",
    "mittags": "mittag mittags mittagszeit mittagsstunden mittagszeiten",
    "nachmittags": "nachmittag nachmittags nachmittage nachmittagen nachmittagsstunden nachm nachmittagszeit"
    " spatnachmittag spatnachmittags nachmittagsbereich",
    "abends": "abend abends abende abenden abendstunden abendzeit feierabend vorabend abenddienst abenddienste"
    " abendtermin abendtermine abendveranstaltungen abendbereich spatabends",
    "nachts": "nacht nachts nachte nachten nachtdienst nachtdienste nachtschicht nachtschichten nachtstunden",
}
_WORDS: dict[str, str] = {
    "H": "std st stdn stunde stunden stunden studen stundn stdt zeitstunden stundchen",
    "h": "h",
    "M": "min minute minuten mins",
    "U": "uhr uhrzeit",
    "W": "woche wochen wo wch",
    "m": "monat monate monats monaten mon mt mte",
    "t": "quartal vierteljahr",
    "Y": "jahr jahre jahres jahren schuljahr schuljahres kalenderjahr",
    "T": "tag tage tagen tages tg tgn",
    "E": "einsatz einsatze einsatzen einsatzes termin treffen schicht schichten dienste diensten"
    " besuch beratung beratungen mal dienst veranstaltung gruppentreffen gruppe",
    "x": "x mal",
    "j": "jede jeden jeder jedes jedem jd jed",
    "y": "abwechselnd wechselweise alternierend",
    "a": "alle aller",
    "F": "vierzehntagig vierzehntaglich zweiwochentlich zweiwochig vierzehntagl",
    "f": "flexibel flexible flexibler flexiblen flexibles flexibilitat individuell variabel variable"
        " jederzeit vereinbarungssache absprachesache zeitunabhangig zeiteinteilung zeitgestaltung",
    "S": "ferien schulferien ferienzeit ferienzeiten sommerferien osterferien herbstferien winterferien"
        " weihnachtsferien pfingstferien",
    "s": "schulzeit schulzeiten schultag schultage schultagen schultags unterrichtszeit unterrichtszeiten",
    "n": "nicht nich ned net nit keen keene koa kein keine keinen keiner ausser ohne ausgenommen ausserhalb niemals"
        " nie",
    "l": "geschlossen frei dienstfrei ruhetag",
    "q": "mind mindestens wenigstens minimum minimal mindesteinsatz mindestdauer mindestzeit",
    "Q": "max maximal hochstens maximum",
    "c": "ca circa zirka etwa rund ungefahr zka",
    "v": "von zwischen zw",
    "A": "ab nach",
    "u": "um gegen gg",
    "e": "einmalig einmalige einmaliger einmaliges",
    "r": "fur uber dauer",
    "|": "und oder u o sowie bzw beziehungsweise od & +",
    "-": "bis - – — ‒ − ‑",
    "p": "pro per je in im die der a à p jeweils jew",
    "k": "person personen kind kinder kindern jugendliche jugendlichen helfer euro eur € % klasse klassen platze"
        " km meter teilnehmer teilnehmende menschen senioren bewohner familien km² m² jahrige jahrigen prozent"
        " liter kg termine terminen proben",
    "b": "kurs kurse schulung schulungen fortbildung ausbildung qualifizierung lehrgang basiskurs grundkurs"
        " einfuhrungskurs vorbereitungskurs seminar",
    "I": "erreichbar erreichen burozeiten geschaftszeiten sprechzeiten sprechzeit telefonzeiten",
    "i": "am an den dem des das auch gern gerne bevorzugt vorzugsweise moglichst immer meist meistens jeweiligen"
        " nur eher liebsten besonders ein eines einem einen evtl eventuell ggf teilweise oft haufig uberwiegend"
        " vorwiegend hier es ist geht leider moglich ihr ihre noch auf zur zu sind regelmassig gegebenenfalls"
        " insbesondere so zeitaufwand zeitbedarf zeitumfang aufwand betragt genugt reicht zeitraum zeit fruhen"
        " spaten fruher spater idealerweise aktuell derzeit zurzeit momentan",
}  # fmt: skip
_UNITS = {
    "wochentlich": "woche", "wochentliche": "woche", "wochentlicher": "woche", "wochentliches": "woche",
    "wochentlichen": "woche", "monatlichen": "monat",
    "monatliche": "monat", "monatlicher": "monat", "monatliches": "monat", "jahrliche": "jahr", "jahrlicher": "jahr",
    "wochentl": "woche", "wochtl": "woche", "wchtl": "woche", "wochtlich": "woche",
    "wtl": "woche", "monatlich": "monat", "monatl": "monat", "mtl": "monat", "jahrlich": "jahr", "jahrl": "jahr",
    "quartalsweise": "quartal", "vierteljahrlich": "quartal", "woch": "woche", "wochn": "woche",
    "zweimonatlich": "zweimonat", "halbjahrlich": "halbjahr",
}  # fmt: skip
_PER_UNITS = {"W": "woche", "m": "monat", "Y": "jahr", "T": "tag", "E": "mal", "t": "quartal"}
_HOURS_PER = {
    "wochenstunden": "woche", "wochenstunde": "woche", "wochenstd": "woche", "monatsstunden": "monat",
    "jahresstunden": "jahr",
}  # fmt: skip
_NUMBERS = {
    1: "ein eine einen einem einer eines eins", 2: "zwei beiden zweien", 3: "drei", 4: "vier", 5: "funf",
    6: "sechs", 7: "sieben", 8: "acht", 9: "neun", 10: "zehn", 11: "elf", 12: "zwolf", 14: "vierzehn", 15: "funfzehn",
    20: "zwanzig",     13: "dreizehn", 16: "sechzehn", 17: "siebzehn", 18: "achtzehn", 19: "neunzehn", 30: "dreissig",
    1.5: "eineinhalb anderthalb einundeinhalb", 2.5: "zweieinhalb zweiundeinhalb", 3.5: "dreieinhalb",
    0.5: "halbe halbes halben ½", 0.75: "dreiviertel ¾", 0.25: "viertel ¼",
}  # fmt: skip
_TIMES_A = {1: "einmal", 2: "zweimal", 3: "dreimal", 4: "viermal", 5: "funfmal"}
_ORDINALS = {
    1: "erste ersten erster erstes", 2: "zweite zweiten zweiter zweites", 3: "dritte dritten dritter",
    4: "vierte vierten vierter", -1: "letzte letzten letzter letztes",
}  # fmt: skip
_MONTHS = (
    "januar jan", "februar feb", "marz mrz", "april apr", "mai", "juni", "juli", "august aug", "september sept sep",
    "oktober okt", "november nov", "dezember dez",
)  # fmt: skip
_DAY_GROUPS: dict[tuple[str, ...], str] = {
    WORKDAYS: "werktags wochentags werktag wochentag werktage werktagen wochentage wochentagen"
    " werktaglich arbeitstagen",
    WEEKEND: "wochenende wochenenden wochenends wochenend wochende we wochenenddienst wochenenddienste"
    " wochenendeinsatz wochenendeinsatze wochenendtermine",
    DAYS: "taglich tagl tgl alltaglich ganzwochig",
    ("so",): "sonn sonnt",  # "sonn- und feiertags"
    ("mo",): "mont",
    ("mi",): "mittw",
    ("do",): "donn donnerst",
    ("fr",): "freit",
    ("sa",): "samst",
}

# Longest first where one begins another; keys are words as `marks.pieces` splits them.
_PHRASES: dict[str, str] = {
    "f": "nach absprache|nach eigenen moglichkeiten|nach ihren zeitlichen moglichkeiten"
        "|individuell abgestimmt|wie es passt|wann es passt|wie es ihnen passt|wann es ihnen passt"
        "|wann es dir passt|wann immer es|wenn es ihnen passt|wenn es dir passt|wie es dir passt"
        "|termine machen sie|wird abgestimmt|werden abgestimmt|werden gemeinsam geplant"
        "|werden gemeinsam abgestimmt|nach zeit und lust|nach lust und zeit"
        "|nach vereinbarung|nach telefonischer absprache|nach telefonischer vereinbarung"
        "|nach verabredung|in absprache|n . v .|n . a .|n . v"
        "|nach abspr|n . abspr|n . absprache|nach vereinb|n . vereinb|n . vereinbarung|n . rucksprache"
        "|nach rucksprache|in abstimmung|nach abstimmung|frei wahlbar|frei einteilbar|freie einteilung"
        "|einteilung frei|einteilung ist frei|frei einteilen|frei bestimmbar|frei gestaltbar|selbst bestimmen"
        "|selbst einteilen|zeitlich ungebunden|zeitlich unabhangig|zeitlich frei|zu jeder zeit|zeit ist egal"
        "|zeit egal|individuelle absprache|individueller absprache|individueller vereinbarung"
        "|individuelle zeiten|individuelle einsatzzeiten|individuelle termine"
        "|individuell vereinbart|individuell abgesprochen|individuell vereinbar|wird abgesprochen"
        "|werden abgesprochen|wird vereinbart|werden vereinbart|nach ihren wunschen|nach wunsch"
        "|nach verfugbarkeit|je nach verfugbarkeit"
        "|nach ihren moglichkeiten|nach ihren eigenen moglichkeiten|und eigenen moglichkeiten"
        "|je nach moglichkeit|so oft sie mochten"
        "|so oft du mochtest|so oft sie wollen|so oft du willst|so oft wie moglich|wann immer sie"
        "|wie sie zeit haben|wenn sie zeit haben|wenn du zeit hast|wann sie mochten|wann du mochtest"
        "|gemeinsam festgelegt|gemeinsam vereinbart|gemeinsam abgestimmt|gemeinsam abgesprochen"
        "|legen wir gemeinsam fest|stimmen wir mit ihnen ab|stimmen wir ab"
        "|sprechen wir mit ihnen ab|sprechen wir ab|sprechen wir gemeinsam ab|stimmen wir gemeinsam ab"
        "|vereinbaren wir gemeinsam|vereinbaren wir mit ihnen"
        "|noch zu vereinbaren|sind zu vereinbaren|zeiten zu vereinbaren|wann und wie lange|wann und wie oft"
        "|wann und wie viel|wie oft und wann|bestimmen sie selbst|bestimmst du selbst|entscheiden sie selbst"
        "|entscheidest du selbst|wahlen sie selbst|wahlst du selbst"
        "|teilen sie selbst ein|teilen sie sich selbst ein|teilst du selbst ein|teilst du dir selbst ein"
        "|zeitlich nicht festgelegt|zeitlich nicht gebunden|so viel zeit wie sie|so viel zeit , wie sie"
        "|soviel zeit wie sie|soviel zeit , wie sie"
        "|absprache|vereinbarung|absprechbar|vereinbar|verhandelbar",
    "g": "feste zeiten|fester zeit|festen zeiten|feste termine|festen terminen|fester termin|feste zeit"
        "|festen termine|feste uhrzeiten|festen uhrzeiten|feste arbeitszeiten|feste einsatzzeiten|feste zeitfenster"
        "|zeiten sind fest|feste tage|festen tagen|feste wochentage|feste zeiteinteilung|zeitgebunden"
        "|zeitlich gebunden|terminlich gebunden|termingebunden|zeitlich festgelegt|zeiten sind vorgegeben"
        "|zeiten vorgegeben",
    "Q": "bis zu|weniger als|unter|nicht mehr als|nicht langer als",
    "q": "mehr als|nicht unter|nicht weniger als|nicht kurzer als",
    "A": "nicht vor|fruhestens ab|fruhestens um|beginnend um|beginn|fruhestens",
    "B": "vor|spatestens|spatestens um",
    "i": "nicht nur|nicht unbedingt|nicht zwingend|nicht notwendigerweise|guten morgen|guten tag|guten abend"
        "|gute nacht|am liebsten|nach der einarbeitung|genannten wochentage|genannten tage",
    "c": "in der regel",
    "v": "in der zeit von|in der zeit zwischen",
    "y": "im wechsel|in wechselnden|im wochentlichen wechsel|wochenweise wechselnd",
    "u": "gg .",
    "|": "u .|o .|bzw .|od .",
    "p": "in der|im|am|pro|je|in einer|in einem|i . d .|in d .|i .|p .|eines|des",
}  # fmt: skip
_DAY_PHRASES: dict[tuple[str, ...], str] = {
    ("so",): "sonn - und feiertags|sonn - und feiertagen|sonn - u . feiertags|sonn - u . feiertagen",
    WORKDAYS: "unter der woche|innerhalb der woche|an werktagen|an wochentagen|jeden werktag|jedem werktag"
        "|jeden wochentag|jedem wochentag",
    DAYS: "jeden tag|an allen tagen|alle tage|jedem tag|sieben tage die woche|7 tage die woche|alle wochentage"
        "|an allen wochentagen",
}  # fmt: skip
_PART_PHRASES: dict[tuple[str, ...], str] = {
    DAYTIME: "ganztagig|ganztags|ganzt|tagsuber|ganzer tag|ganzen tag|ganztagige|ganztagiger|uber tag",
    ("abends",): "nach feierabend|nach der arbeit|am abend|am fruhen abend",
    ("mittags",): "uber mittag|zur mittagszeit",
    ("morgens",): "am morgen|am fruhen morgen|in der fruh|in der fruhe|in den morgenstunden",
    PARTS[:3]: "fruhdienst|fruhschicht|fruhschichten|fruhdienste",
    PARTS[3:5]: "spatdienst|spatschicht|spatschichten|spatdienste",
}
_PER_PHRASES = (
    ("uber das jahr", "L", "jahr"), ("ubers jahr", "L", "jahr"), ("aufs jahr", "L", "jahr"),
    ("i . m .", "L", "monat"), ("i . m", "L", "monat"), ("1 / 4 - jahrlich", "w", "quartal"),
    ("1 / 4 jahrlich", "w", "quartal"), ("1 / 2 - jahrlich", "w", "halbjahr"), ("1 / 2 jahrlich", "w", "halbjahr"),
)  # fmt: skip
_ELIDED = {
    "vor": ("vormittags",),
    "nach": ("nachmittags",),
    "fruh": PARTS[:3],
    "spat": PARTS[3:5],
    "nacht": ("nachts",),
}


# Spelt like days and dayparts or nearly so, and no times: "Montage" is more often work than Mondays.
OTHER_WORDS = frozenset(["montage", "montagen", "vormittagssonne", "nachmittagskaffee", "mittagstisch", "mittagessen"])


def _word_table() -> dict[str, Mark]:
    table: dict[str, Mark] = {}
    for tag, words in _WORDS.items():
        unit = _PER_UNITS.get(tag, "")
        table |= {word: Mark(tag=tag, start=0, end=0, key=word, unit=unit) for word in words.split()}
    table |= {word: Mark(tag="w", start=0, end=0, unit=unit) for word, unit in _UNITS.items()}
    table |= {word: Mark(tag="G", start=0, end=0, unit=unit) for word, unit in _HOURS_PER.items()}
    for number, words in _NUMBERS.items():
        table |= {word: Mark(tag="V", start=0, end=0, key=word, low=number, high=number) for word in words.split()}
    for number, word in _TIMES_A.items():
        table[word] = Mark(tag="z", start=0, end=0, low=number, high=number)
    for number, words in _ORDINALS.items():
        table |= {word: Mark(tag="o", start=0, end=0, low=number) for word in words.split()}
    for number, words in enumerate(_MONTHS, start=1):
        table |= {word: Mark(tag="O", start=0, end=0, low=number) for word in words.split()}
    for hours, stems in _NUMBERS.items():
        stem = stems.split()[0] + "stundig"
        table |= {stem + end: Mark(tag="K", start=0, end=0, low=hours, high=hours) for end in ("", "e", "er", "en")}
    return {fold(word): mark for word, mark in (table | _day_table()).items() if word not in OTHER_WORDS}


def _day_table() -> dict[str, Mark]:
    table: dict[str, Mark] = {}
    parts = {form: part for part, forms in _PART_FORMS.items() for form in forms.split()}
    table |= {form: Mark(tag="P", start=0, end=0, key=form, parts=(part,)) for form, part in parts.items()}
    parts |= {"morgen": "morgens", "fruh": "morgens"}
    for days, words in _DAY_GROUPS.items():
        table |= {word: Mark(tag="D", start=0, end=0, key=word, days=days) for word in words.split()}
    for day, name in _DAY_NAMES.items():
        for ending in ("", "s", "e", "en"):
            table[name + ending] = Mark(tag="D", start=0, end=0, key=name, days=(day.strip(),))
        for form, part in parts.items():
            for link in ("", "s"):
                table[name + link + form] = Mark(tag="X", start=0, end=0, days=(day.strip(),), parts=(part,))
    for form, part in parts.items():
        table["wochenend" + form] = Mark(tag="X", start=0, end=0, days=WEEKEND, parts=(part,))
    return table | {day: Mark(tag="D", start=0, end=0, key=day, days=(day,)) for day in DAYS}


def _key(phrase: str) -> tuple[str, ...]:
    return tuple(map(fold, phrase.split()))


def _phrase_table() -> dict[tuple[str, ...], Mark]:
    table: dict[tuple[str, ...], Mark] = {}
    for tag, phrases in _PHRASES.items():
        table |= {_key(phrase): Mark(tag=tag, start=0, end=0, key=phrase) for phrase in phrases.split("|")}
    for days, phrases in _DAY_PHRASES.items():
        table |= {_key(phrase): Mark(tag="D", start=0, end=0, days=days) for phrase in phrases.split("|")}
    for parts, phrases in _PART_PHRASES.items():
        table |= {_key(phrase): Mark(tag="P", start=0, end=0, parts=parts) for phrase in phrases.split("|")}
    for phrase in ("rund um die uhr", "tag und nacht", "24 stunden am tag"):
        table[_key(phrase)] = Mark(tag="X", start=0, end=0, days=DAYS, parts=PARTS)
    for phrase, tag, unit in _PER_PHRASES:
        table[_key(phrase)] = Mark(tag=tag, start=0, end=0, unit=unit)
    return table


WORDS = _word_table()
PHRASES = _phrase_table()
LONGEST_PHRASE = max(map(len, PHRASES))
ELIDED = {word: Mark(tag="P", start=0, end=0, parts=parts) for word, parts in _ELIDED.items()}

# Words that people misspell.
SPELLED = tuple(
    word
    for word, mark in WORDS.items()
    if (mark.tag in "DPXw" and len(word) > SHORTEST_TYPO and not word.endswith(("stunden", "zeit", "en")))
    or word in ("montag", "flexibel")
)
