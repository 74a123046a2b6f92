"""What helpers must bring and what they get, read from a description: age, clearance, licence, expenses.

Only what is said of helpers counts: "Kinder ab 6 Jahren" are not, "Helfer ab 16 Jahren" are. What is merely welcome
("Führerschein von Vorteil") or only perhaps needed asks for nothing. All patterns are our own.
"""

import re
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass

from fediverse_ehrenamt.understanding import prose
from fediverse_ehrenamt.understanding.prose import Statement

_YOUNGEST, _OLDEST, _OF_AGE = 12, 27, 18  # years that organisations set as the least age of helpers
STATED, SAID, LIKELY = 0.9, 0.8, 0.6
"""How sure a condition is that is named by its word, said, or most likely meant."""
_I = re.IGNORECASE
_ONE_VALUE = ("minimum_age", "clearance", "compensation", "mode")


@dataclass(frozen=True, slots=True)
class Condition:
    """A field of OpportunityDetails, its value (a slug, for minimum_age years), and how sure that is (0 to 1)."""

    field: str
    value: str | int
    sure: float


# --- what a statement is about ----------------------------------------------------------------------------------------
_ASKED = re.compile(
    r"voraussetzung|anforderung|\bvoraus\b|vorausgesetzt|erforderlich|\berf\.|notwendig|\bnotw\.|nötig|benötig|\bbrauch|vorlieg|vorleg|"
    r"vorzuleg|vorweis|einreich|verlang|pflicht|\bmuss|müssen|soll|mitbring|bringen|bringst|\bhaben\b|\bhat\b|\bhast\b|"
    r"verfüg|besitz|\bbitten\b|wünschen|erwart|gesucht|suchen|mindest|\bmind\.|profil|zwingend|wichtig|sprechen|"
    r"sprichst|reich(?:t|en)\b|genüg|\bmit\b|\bsind\b|\bbist\b|beantrag",
    _I,
)
OPTIONAL = re.compile(
    r"von vorteil|vorteilhaft|wünschenswert|hilfreich|optional|nicht zwingend|\bgern|\bgg?f\b|gegebenenfalls|evtl|"
    r"eventuell|\bje nach\b|nicht unbedingt|ideal(?:er)?weise|praktisch|"
    r"(?:schön|gut|toll|super|prima|ideal|klasse|perfekt) wären?\b|"
    r"wären? (?:\w+ )?(?:schön|gut|toll|super|prima|ideal|klasse|perfekt)|um ?so besser|\bsofern\b|\bfalls\b|\bwenn\b|"
    r"\bkönn(?:en|te)\b.{0,40}\b(?:erwerben|machen|ablegen)|\bplus\b|muss nicht|müssen nicht|brauchen sie nicht|"
    r"auch ohne|\boder\b.{0,20}(?:rad\b|bus\b|bahn\b|öpnv|roller)",
    _I,
)
DENIED = re.compile(r"\bkeine?[nrs]?\b|\bnicht\b(?! älter)|\bohne\b|\bweder\b", _I)
_OF_OTHERS = re.compile(
    r"\bkind|jugendlich|\bsenior|schüler|mädchen|\bjung(?:e|en|s)\b|\bbaby|bewohner|klient|teilnehm|besucher|\bgäste|"
    r"patient|geflüchtet|flüchtling|migrant|menschen|familie|eltern|erwachsene|personen|gruppe|\bhunde?\b|tiere|"
    r"angebote?\b.{0,30}\bfür\b|lernen|unterricht|nachhilfe",
    _I,
)
_HELPERS = re.compile(
    r"\bhelfer|\bhelfende|ehrenamtlich|freiwillig|mitmach|mithelf|mitarbeit|engagier|interessier|bewerber|"
    r"\bpat(?:e|en|in|innen)\b|begleiter|betreuer|(?-i:\bSie\b|\bIhr\b)|\bdu\b|\b(?:müsst|solltet|könnt) ihr\b|"
    r"\bihr (?:müsst|solltet|seid)\b|geeignet|einsatz|voraussetzung|anforderung|profil|bringen|mitbring|tätigkeit|"
    r"wir suchen",
    _I,
)


def read(said: Iterable[Statement]) -> tuple[Condition, ...]:
    """Return what statements ask of helpers and give them; of one field with several values that clash, none."""
    found = list(_all(list(said)))
    clash = {field for field in _ONE_VALUE if len({one.value for one in found if one.field == field}) > 1}
    best: dict[tuple[str, str | int], Condition] = {}
    for one in found:
        known = best.get((one.field, one.value))
        if one.field not in clash and (known is None or known.sure < one.sure):
            best[one.field, one.value] = one
    return tuple(best.values())


def _all(said: Sequence[Statement]) -> Iterator[Condition]:
    whole = "\n".join(f"{one.heading}\n{one.text}" for one in said).lower()
    readers = [(reader, signs) for reader, signs in _READERS if any(sign in whole for sign in signs)]
    for statement in prose.items(said) if readers else ():
        words = f"{statement.heading}: {statement.text}" if statement.heading else statement.text
        lowered = words.lower()
        for reader, signs in readers:
            if any(sign in lowered for sign in signs):
                yield from reader(words, statement.text)


# --- age --------------------------------------------------------------------------------------------------------------
_LEAST_AGE = re.compile(r"mindestalter\b\D{0,25}(\d{1,2})\b(?! ?(?:uhr|std|stunden|€|euro))", _I)
_AGED = re.compile(
    r"(?<!seit )\b(?:ab|über|mind(?:estens|\.)?|älter als)\s(?:dem\s)?(?:vollendeten\s)?(\d{1,2})\.?\s?"
    r"(?:jahren?\b|lebensjahr|j\.)(?!\s*(?:erfahrung|beruf|lang|zeit|in |dabei|führer|mit))",
    _I,
)
_AGE_ALONE = re.compile(r"\b(?:mind(?:estens|\.)|über)\s(1[2-9]|2\d)\s(?:sein|alt)\b|\b(1[68])\s?\+", _I)
_AGE_WITHIN = re.compile(
    r"\bzwischen (1[2-9]|2\d) und \d{2} jahren?\b|"
    r"\b(?:sie sind|sind sie|ihr seid|du bist|bist du) (?:zwischen|zw\.) (1[2-9]|2\d) und \d{2}\b(?! ?uhr)",
    _I,
)
# "Betreuer*innen ab 18, …" says it of them without "Jahre"; a clock time stands behind no people.
_HELPERS_FROM = re.compile(
    r"\b(?:helfer|betreuer|begleiter|teamer|leiter|trainer|freiwillige|ehrenamtliche|mitarbeiter|ordner)"
    r"\w{0,5}(?:[*:_/(-]{1,2}in(?:nen)?\)?)?\s(?:bitte\s)?ab\s(18|2\d)\b"
    r"(?!\s?(?:uhr|h\b|[:.]\d|-|–|bis|€|euro|std|stunden))|"
    r"\bab\s(18)\s(?:wg\.|wegen)\s(?:\w+\s)?jugendschutz",
    _I,
)
_BEGINS_WITH_AGE = re.compile(r"\W{0,3}ab\s(18|2\d)\s?(?:jahren?\b|j\.)(?=\W*(?:$|[,;(]))", _I)
# Nothing but an age, or an age as one of several things that are asked for: "erw. Führungszeugnis, ab 21".
_ONLY_AGE = re.compile(
    r"\W*(?:(?:alter\W{1,3})?(?:ab|mind(?:estens|\.)?)\s|alter\W{1,3}(?=\d{2}\s?(?:-|–|bis)))(\d{2})\.?\s?"
    r"(?:(?:-|–|bis)\s?\d{2}\s?)?(?:jahren?|j\.?)?\W*",
    _I,
)
_IS_ASKED = re.compile(r"voraussetzung|anforderung|profil|mitbringen", _I)
_ALTER_AB = re.compile(r"alter: (?:(?:ab|mind\.|mindestens|über) (18|2\d)\b|(18|2\d)\s?(?:-|–|bis)\s?\d)", _I)
_OF_FULL_AGE = re.compile(r"(?<!\bab )(?<!zur )volljährig(?!e\w* (?:menschen|personen|kinder))", _I)


def _age(words: str, said: str) -> Iterator[Condition]:
    if match := _LEAST_AGE.search(words):
        if not re.search(r"der (?:kinder|teilnehm|jugendlichen|schüler)", words, _I):
            yield from _of_years(int(match[1]), STATED)
    elif match := (
        _ALTER_AB.match(words) or _only_age(words, said) or _BEGINS_WITH_AGE.match(said) or _HELPERS_FROM.search(words)
    ):
        yield from _of_years(int(next(filter(None, match.groups()))), LIKELY)
    elif match := _AGED.search(words) or _AGE_WITHIN.search(words) or _AGE_ALONE.search(words):
        if _HELPERS.search(words) and not _is_of_others(words, match):
            yield from _of_years(int(next(filter(None, match.groups()))), SAID)
    elif _OF_FULL_AGE.search(words) and _HELPERS.search(words) and not (OPTIONAL.search(words) or DENIED.search(words)):
        yield Condition("minimum_age", _OF_AGE, SAID)


def _only_age(words: str, said: str) -> "re.Match[str] | None":
    asked = bool(_IS_ASKED.search(words[: len(words) - len(said)]))
    parts = re.split(r"[,;]", said) if asked else [said]
    return next(filter(None, map(_ONLY_AGE.fullmatch, parts)), None)


def _is_of_others(words: str, match: "re.Match[str]") -> bool:
    """Say whether people are named just before or behind an age: "für Kinder ab 12 Jahren"."""
    before, behind = words[max(0, match.start() - 30) : match.start()], words[match.end() : match.end() + 30]
    return bool(_OF_OTHERS.search(before) or _OF_OTHERS.search(behind))


def _of_years(years: int, sure: float) -> Iterator[Condition]:
    if _YOUNGEST <= years <= _OLDEST:
        yield Condition("minimum_age", years, sure)


# --- papers -----------------------------------------------------------------------------------------------------------
_CERTIFICATE = re.compile(
    r"(?:\b(?P<more>erweiterte[ns]?|erw\.)\W{0,3}(?:\w+\W+){0,2})?(?:führungszeugnis|(?-i:\bFZ\b))|(?P<short>(?-i:\beFZ\b))",
    _I,
)
_OF_CHILDREN = re.compile(r"§\s?30\s?a\b", _I)  # of the BZRG: the paragraph of the extended one
_NO_CERTIFICATE = re.compile(
    r"\b(?:kein|ohne)\w{0,2} (?:\w+ ){0,2}führungszeugnis|führungszeugnis\w{0,3} (?:\w+ ){0,3}nicht"
    r" (?:nötig|notwendig|erforderlich|gebraucht|verlangt)",
    _I,
)


def _clearance(words: str, _said: str) -> Iterator[Condition]:
    match = _CERTIFICATE.search(words)
    if match is None:
        return
    if _NO_CERTIFICATE.search(words):
        yield Condition("clearance", "nein", SAID)
    elif not OPTIONAL.search(words) and not DENIED.search(words[: match.start()]):
        more = match["more"] or match["short"] or _OF_CHILDREN.search(words, match.start())
        yield Condition("clearance", "erweitert" if more else "einfach", SAID if more else LIKELY)


_DRIVING = r"(?:(?:führerschein|fahrerlaubnis)\w{0,3}|\b(?-i:FS)(?= ?(?:kl|\(?(?-i:[BC])\b)))"
_CREDENTIALS = tuple(
    (slug, re.compile(pattern, _I))
    for slug, pattern in (
        (
            "fahrerlaubnis_c",
            rf"{_DRIVING}(?: der)? ?\(?(?:kl(?:assen?|\.)? ?)?(?-i:C1?E?)\b|(?:lkw|lastwagen)-?{_DRIVING}",
        ),
        (
            "fahrerlaubnis_b",
            rf"(?:pkw|auto)?-?{_DRIVING}(?! ?(?:der )?\(?(?:kl(?:assen?|\.)? ?)?(?-i:[CDAMLT]\d?E?)\b)",
        ),
        ("personenbefoerderung", r"personenbeförderung(?:s?schein|serlaubnis)|p-schein"),
        ("masernschutz", r"masern-?(?:schutz|impf|immun)\w*"),
        (
            "hygienebelehrung",
            r"(?:hygiene|infektionsschutz)belehrung|belehrung\b.{0,25}infektion|gesundheitszeugnis|§\s?43 ifsg",
        ),
        (
            "erste_hilfe",
            r"erste[- ]hilfe-?(?:kurs|schein|nachweis|ausbildung|bescheinigung)|erste[- ]hilfe nicht älter",
        ),
        ("juleica", r"\bjuleica\b|jugendleiter-?card"),
        ("rettungsschwimmen", r"rettungsschwimm(?:abzeichen|schein|er-?abzeichen)|\bdrsa\b"),
        ("trainerlizenz", r"(?:trainer|übungsleiter)-?(?:lizenz|schein)|\b[ABC]-lizenz"),
    )
)
_LORRY = re.compile(rf"\b(?:lkw|lastwagen)-?{_DRIVING}", _I)
# What helpers can get there is nothing that they must bring: "der Erwerb der Juleica ist kostenlos".
_GAINED = re.compile(
    r"\b(?:erwerb|erwerben|erlangen|machen|absolvieren)\b|kosten für|\b(?:bieten|finanzieren|übernehmen) wir\b|\bwir "
    r"(?:bieten|finanzieren|übernehmen)\b|ausgebildet",
    _I,
)
_BEFORE = re.compile(r"voraus|erforderlich|notwendig|nötig|pflicht|\bmuss\b|müssen|benötig|brauch|vorlieg|vorleg", _I)


def _credentials(words: str, said: str) -> Iterator[Condition]:
    """Read papers where a statement asks for them, or names them under "Voraussetzungen"."""
    if OPTIONAL.search(words) or DENIED.search(words) or not _ASKED.search(words):
        return
    if _GAINED.search(words) and not _BEFORE.search(words):
        return
    for slug, pattern in _CREDENTIALS:
        text = _LORRY.sub("", said) if slug == "fahrerlaubnis_b" else said
        if pattern.search(text):
            yield Condition("credentials", slug, SAID)


# --- what helpers get -------------------------------------------------------------------------------------------------
_FARES = r"(?:fahrt?kosten|reisekosten|fahrgeld|kosten für (?:bus|bahn|öpnv))"
_TRAINING = r"(?:fortbildung|weiterbildung|schulung)"
_PROOF = r"(?:bescheinigung|bestätigung|nachweis|zertifikat|zeugnis)"
_BENEFITS = tuple(
    (slug, sure, re.compile(pattern, _I))
    for slug, sure, pattern in (
        ("fahrtkosten", SAID, rf"{_FARES}(?:erstattung|zuschuss|ersatz|übernahme|pauschale)"),
        ("fahrtkosten", SAID, rf"{_FARES}\b.{{0,60}}(?:erstatt|übernommen|übernehm|ersetz|bezahl|vergüt|trag)"),
        ("fahrtkosten", SAID, rf"(?:erstatt|übernahme|übernehm|ersatz)\w*\b.{{0,30}}{_FARES}"),
        ("einarbeitung", SAID, r"\beinarbeitung|\b(?:sie werden|du wirst) (?:\w+ ){0,3}eingearbeitet"),
        ("einarbeitung", SAID, r"wir arbeiten (?:sie|dich) (?:\w+ )?ein\b"),
        ("fortbildung", LIKELY, rf"(?:kostenlos|kostenfrei|regelmäßig)\w{{0,2}} (?:\w+ ){{0,2}}{_TRAINING}"),
        ("fortbildung", LIKELY, rf"fortbildungs(?:möglichkeit|angebot)|(?:bieten|leistungen)\b.{{0,60}}{_TRAINING}"),
        ("supervision", SAID, r"(?<!ohne )\bsupervision\b"),
        (
            "bescheinigung",
            LIKELY,
            rf"{_PROOF} (?:über|für) (?:ihr|dein|das)\w{{0,2}} (?:ehrenamt|engagement|tätigkeit|einsatz)",
        ),
        ("bescheinigung", LIKELY, r"engagementnachweis"),
        ("austauschtreffen", LIKELY, r"austauschtreffen|erfahrungsaustausch|treffen zum austausch"),
    )
)
# Under "Leistungen" and the like, where a word alone says it.
_LISTED = tuple(
    (slug, re.compile(pattern, _I))
    for slug, pattern in (
        ("fahrtkosten", _FARES),
        ("verpflegung", r"verpflegung|(?:mittag|früh|abend)\w{0,5}essen|frühstück|getränke|kaffee|\bkost\b|imbiss"),
        ("einarbeitung", r"einarbeitung|einführung|einweisung"),
        ("ausstattung", r"(?:arbeits|dienst|schutz)(?:kleidung|jacke)|dienst(?:wagen|handy)"),
        ("fortbildung", rf"{_TRAINING}|ausbildung|qualifizierung|grundkurs|vorbereitungskurs"),
        ("supervision", r"supervision|praxisbegleitung"),
        ("bescheinigung", rf"(?<!führungs)(?<!gesundheits){_PROOF}"),
        ("austauschtreffen", r"austausch|(?:team|helfer|gruppen)treffen"),
    )
)
_GIVEN = re.compile(r"leistung|bieten|vorteil|rahmenbedingung", _I)
_PROVIDED = tuple(
    (slug, re.compile(pattern, _I))
    for slug, pattern in (
        (
            "verpflegung",
            (
                r"\bkost und logis\b|für (?:\w+ ){0,2}(?:verpflegung|essen|getränke|leibliche wohl)\b.{0,30}gesorgt|"
                r"(?:verpflegung|mittagessen|getränke)\b.{0,25}(?:frei\b|gestellt|kostenlos|inklusive)"
            ),
        ),
        (
            "bescheinigung",
            rf"(?<!führungs)(?<!gesundheits){_PROOF}\b(?:\W+\w+){{0,3}}\W+(?:möglich|auf wunsch|ausgestellt)",
        ),
        ("fortbildung", rf"{_TRAINING}\b(?:\W+\w+){{0,3}}\W+(?:bezahlt|kostenlos|kostenfrei|inklusive)"),
    )
)
_OF_A_GROUP = re.compile(
    r"teilnehmer|selbsthilfe|betroffen|angehörig|\bklön|\beltern", _I
)  # who talk to each other there
_LIABILITY = re.compile(r"haftpflicht", _I)
_REFUNDED = r"auslagen(?:ersatz|erstattung|pauschale)|auslagen\b.{0,40}(?:erstatt|ersetz|übernommen)"
_PAID = tuple(
    (slug, re.compile(pattern, _I))
    for slug, pattern in (
        ("uebungsleiterpauschale", r"übungsleiter(?:innen)?-?pauschale"),
        ("ehrenamtspauschale", r"ehrenamtspauschale"),
        (
            "aufwandsentschaedigung",
            r"(?<!gegen eine einmalige )aufwandsentschädigung|aufwandspauschale|^(?:leistungen: )?vergütung: \d",
        ),
        ("auslagen", _REFUNDED),
    )
)


def _benefits(words: str, said: str) -> Iterator[Condition]:
    if DENIED.search(words):
        return
    listed = bool(_GIVEN.search(words[: len(words) - len(said)]))
    for slug, pattern in (*(_LISTED if listed else ()), *_PROVIDED):
        if pattern.search(said):
            yield Condition("benefits", slug, SAID if listed else LIKELY)
    if listed and _LIABILITY.search(said):
        yield Condition("insurance", "haftpflicht_traeger", LIKELY)
    for slug, sure, pattern in _BENEFITS:
        if pattern.search(words) and not (slug == "austauschtreffen" and _OF_A_GROUP.search(words)):
            yield Condition("benefits", slug, sure)
    if paid := next((slug for slug, pattern in _PAID if pattern.search(words)), ""):
        yield Condition("compensation", paid, LIKELY if OPTIONAL.search(words) else SAID)


# --- from where -------------------------------------------------------------------------------------------------------
_FROM_HOME = re.compile(
    r"\bhome-?\s?office|\b(?:von|vom|v\.) (?:zu ?hause|daheim|eigenen schreibtisch)\b(?: aus)?|"
    r"\b(?:zu ?hause|daheim) (?:am|vom|an ihrem|am eigenen) (?:pc|computer|rechner|laptop|telefon|schreibtisch)|"
    r"\b(?:am|an ihrem|mit dem|vom) (?:eigenen|heimischen) (?:pc|computer|rechner|laptop|schreibtisch|sofa)|"
    r"\bvon überall\b|\bremote\b|\b(?:oder|od\.) (?:daheim|zu ?hause|digital|online)\b|"
    r"\bper (?:video|zoom|skype)\w*",
    _I,
)
_LEAVES_HOME = re.compile(
    r"hospiz|krankenh|klinik|pflegeheim|altenheim|patient|\bhol|abhol|abzuhol|abgehol|\bnehmen\b.{1,60}\bmit\b|"
    r"\bmitnehm|mitzunehm|hinaus|weg\b|umzieh|umzug|auszieh|ausgezog|entfernt|mitbring|gebracht|fern",
    _I,
)
_PARTLY = re.compile(
    r"\bauch\b|möglich|\bmögl\.|\bod\.|\bkann\b|\bkönnen\b|\boder\b|teilweise|teils|manch|zum teil|wahlweise|überwieg|"
    r"\büberw\.|größtenteils|weitgehend|hauptsächlich|\bvieles\b|\bmeist|\bmischung\b|\bbüro\b|\bvor ort\b|\btreffen\b|"
    r"\bg[eg]?gf\b|gelegentlich",
    _I,
)
_WHOLLY = re.compile(r"\bkomplett\b|\bvollständig\b|ausschließlich|\bganz\b(?! (?:wie|nach))|\bnur\b", _I)


def _where(words: str, _said: str) -> Iterator[Condition]:
    """Read that help can be given from home, all or some of it."""
    match = _FROM_HOME.search(words)
    if match and not (DENIED.search(words) or _LEAVES_HOME.search(words)):
        partly = _PARTLY.search(words) and not _WHOLLY.search(words)
        yield Condition("mode", "teilweise_online" if partly else "online", LIKELY)


# --- all of them ------------------------------------------------------------------------------------------------------
# A statement that holds none of the signs is not looked at more closely: most say nothing of the kind.
_READERS: tuple[tuple[Callable[[str, str], Iterator[Condition]], tuple[str, ...]], ...] = (
    (_age, ("alter", "jahr", "volljähr", " j.", "+", "mind", "über", "ab ", "zwischen")),
    (_clearance, ("führungszeugnis", "fz")),
    (_credentials, ("führerschein", "fahrerlaubnis", "fs ", "erste", "personenbeförd", "p-schein", "masern",
                    "belehrung", "gesundheitszeugnis", "§", "juleica", "jugendleiter", "rettungsschwimm", "drsa",
                    "lizenz", "übungsleiter")),
    (_benefits, ("fahrtkosten", "fahrkosten", "fahrgeld", "arbeit", "bildung", "schulung", "supervision", "austausch",
                 "nachweis", "zertifikat", "zeugnis", "scheinigung", "bestätigung", "pauschale", "schädigung",
                 "auslagen", "leistung", "bieten", "vergütung", "kosten für", "gesorgt",
                 "vorteil", "rahmenbed", "verpfleg", "essen", "getränke", "kost ")),
    (_where, ("home", "zu hause", "zuhause", "daheim", "eigenen", "heimisch", "überall", "remote", "digital",
              "online", "per video", "per zoom", "per skype")),
)  # fmt: skip
