"""What helpers must bring and what they get, read from a description: age, clearance, licence, German, expenses.

Only what is said of helpers counts: "Kinder ab 6 Jahren" are not, "Helfer ab 16 Jahren" are. What is merely welcome
("Führerschein von Vorteil") or only perhaps needed asks for nothing. All patterns are our own.
"""

import re
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass

from fediverse_ehrenamt.understanding import prose
from fediverse_ehrenamt.understanding.prose import Statement

_YOUNGEST, _OLDEST, _OF_AGE = 12, 27, 18  # years that organisations set as the least age of helpers
_STATED, _SAID, _LIKELY = 0.9, 0.8, 0.6
_I = re.IGNORECASE
_ONE_VALUE = ("minimum_age", "german_level", "clearance", "compensation", "mode")


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
_OPTIONAL = re.compile(
    r"von vorteil|vorteilhaft|wünschenswert|hilfreich|optional|nicht zwingend|\bgern|\bgg?f\b|gegebenenfalls|evtl|"
    r"eventuell|\bje nach\b|nicht unbedingt|ideal(?:er)?weise|praktisch|schön wäre|\bsofern\b|\bfalls\b|\bwenn\b|"
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
    r"\bpat(?:e|en|in|innen)\b|begleiter|betreuer|(?-i:\bSie\b|\bIhr\b)|\bdu\b|geeignet|einsatz|voraussetzung|"
    r"anforderung|profil|bringen|mitbring|tätigkeit|wir suchen",
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
_OF_FULL_AGE = re.compile(r"volljährig(?!e\w* (?:menschen|personen|kinder))", _I)


def _age(words: str, said: str) -> Iterator[Condition]:
    if match := _LEAST_AGE.search(words):
        if not re.search(r"der (?:kinder|teilnehm|jugendlichen|schüler)", words, _I):
            yield from _of_years(int(match[1]), _STATED)
    elif match := (
        _ALTER_AB.match(words) or _only_age(words, said) or _BEGINS_WITH_AGE.match(said) or _HELPERS_FROM.search(words)
    ):
        yield from _of_years(int(next(filter(None, match.groups()))), _LIKELY)
    elif match := _AGED.search(words) or _AGE_WITHIN.search(words) or _AGE_ALONE.search(words):
        if _HELPERS.search(words) and not _is_of_others(words, match):
            yield from _of_years(int(next(filter(None, match.groups()))), _SAID)
    elif (
        _OF_FULL_AGE.search(words) and _HELPERS.search(words) and not (_OPTIONAL.search(words) or DENIED.search(words))
    ):
        yield Condition("minimum_age", _OF_AGE, _SAID)


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
        yield Condition("clearance", "nein", _SAID)
    elif not _OPTIONAL.search(words) and not DENIED.search(words[: match.start()]):
        more = match["more"] or match["short"] or _OF_CHILDREN.search(words, match.start())
        yield Condition("clearance", "erweitert" if more else "einfach", _SAID if more else _LIKELY)


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


def _credentials(words: str, said: str) -> Iterator[Condition]:
    """Read papers where a statement asks for them, or names them under "Voraussetzungen"."""
    if _OPTIONAL.search(words) or DENIED.search(words) or not _ASKED.search(words):
        return
    for slug, pattern in _CREDENTIALS:
        text = _LORRY.sub("", said) if slug == "fahrerlaubnis_b" else said
        if pattern.search(text):
            yield Condition("credentials", slug, _SAID)


# --- German -----------------------------------------------------------------------------------------------------------
_NO_GERMAN = re.compile(
    r"(?:keine?|ohne|wenig) (?:\w+ ){0,2}deutsch(?:kenntnisse)?\b|deutschkenntnisse (?:\w+ ){0,3}(?:nicht|keine) |"
    r"auch ohne deutsch|deutsch (?:\w+ )?ist (?:kein muss|nicht (?:nötig|notwendig))",
    _I,
)
_LITTLE_GERMAN = re.compile(
    r"(?:\bwenig|\bkaum|noch nicht (?:so )?(?:gut|viel)|nicht so gut) (?:\w+ ){0,2}deutsch|deutsch (?:erst|noch) lern",
    _I,
)
_WELCOME = re.compile(r"willkommen|gern gesehen|\bgern\w? auch\b|\bauch (?:für|helfer|menschen|leute|personen)\b", _I)
_LEVEL = re.compile(
    r"(?:deutsch|sprach)\w*\W+(?:\w+\W+){0,4}?(?P<after>[abc][12])\b|\b(?P<before>[abc][12])\W{0,3}(?:\w+\W+){0,2}deutsch",
    _I,
)
_WITHIN = r"\w*\W+(?:\w+\W+){0,2}deutsch"
_HOW_WELL = (
    ("c1", re.compile(rf"(?:sehr gut|ausgezeichnet|perfekt|verhandlungssicher|hervorragend){_WITHIN}", _I)),
    ("b2", re.compile(rf"(?:\bgut|fließend|sicher){_WITHIN}|deutsch (?:\w+ )?(?:fließend|gut)\b", _I)),
    ("a2", re.compile(rf"(?:grund|basis|einfach|etwas|ein wenig){_WITHIN}", _I)),
)
_LANGUAGE = re.compile(r"deutsch|sprachniveau", _I)
_GERMAN_ALONE = re.compile(
    r"(?:sehr )?(?:gute|sichere|fließende|solide|ausreichende) (?:\w+ )?deutsch|"
    r".{0,40}\bdeutsch (?:ab|mind\.|mindestens) [abc][12]\b",
    _I,
)
_PLAIN_GERMAN = re.compile(r"deutschkenntnisse|deutsche sprachkenntnisse|kenntnisse der deutschen sprache", _I)
_TAUGHT = re.compile(r"unterricht|kurs|nachhilfe|übe[nr]\b|vermittel|förder|beibring|für menschen, die", _I)
_LEARNERS = re.compile(
    r"\bzugang zu|lern|unterricht|kurs|verbesser|nachhilfe|übe[nr]|fehlend|gering|mangel|vermittel|förder", _I
)


def _german(words: str, _said: str) -> Iterator[Condition]:
    if not _LANGUAGE.search(words) or _LEARNERS.search(words):
        return
    if _NO_GERMAN.search(words):
        if re.search(
            r"nötig|notwendig|erforderlich|vorausge|kein muss|brauch|reich|genüg|auch ohne|zwingend", words, _I
        ):
            yield Condition("german_level", "nicht_noetig", _SAID)
        return
    asked = _ASKED.search(words) or _GERMAN_ALONE.match(words)
    if _OPTIONAL.search(words) or DENIED.search(words) or not asked:
        return
    if match := _LEVEL.search(words):
        level = (match["after"] or match["before"]).lower()
        yield Condition("german_level", "c1" if level == "c2" else level, _STATED)
    elif level := next((level for level, pattern in _HOW_WELL if pattern.search(words)), ""):
        yield Condition("german_level", level, _LIKELY)
    elif _PLAIN_GERMAN.search(words):
        yield Condition("german_level", "b1", _LIKELY)


def _learners(words: str, _said: str) -> Iterator[Condition]:
    """Read that those are welcome who still learn German."""
    if _LITTLE_GERMAN.search(words) and _WELCOME.search(words) and not _TAUGHT.search(words):
        yield Condition("german_level", "a1", _LIKELY)
        yield Condition("suitable_for", "wenig_deutsch", _LIKELY)


# --- what helpers get -------------------------------------------------------------------------------------------------
_FARES = r"(?:fahrt?kosten|reisekosten|fahrgeld|kosten für (?:bus|bahn|öpnv))"
_TRAINING = r"(?:fortbildung|weiterbildung|schulung)"
_PROOF = r"(?:bescheinigung|bestätigung|nachweis|zertifikat|zeugnis)"
_BENEFITS = tuple(
    (slug, sure, re.compile(pattern, _I))
    for slug, sure, pattern in (
        ("fahrtkosten", _SAID, rf"{_FARES}(?:erstattung|zuschuss|ersatz|übernahme|pauschale)"),
        ("fahrtkosten", _SAID, rf"{_FARES}\b.{{0,60}}(?:erstatt|übernommen|übernehm|ersetz|bezahl|vergüt|trag)"),
        ("fahrtkosten", _SAID, rf"(?:erstatt|übernahme|übernehm|ersatz)\w*\b.{{0,30}}{_FARES}"),
        ("einarbeitung", _SAID, r"\beinarbeitung|\b(?:sie werden|du wirst) (?:\w+ ){0,3}eingearbeitet"),
        ("einarbeitung", _SAID, r"wir arbeiten (?:sie|dich) (?:\w+ )?ein\b"),
        ("fortbildung", _LIKELY, rf"(?:kostenlos|kostenfrei|regelmäßig)\w{{0,2}} (?:\w+ ){{0,2}}{_TRAINING}"),
        ("fortbildung", _LIKELY, rf"fortbildungs(?:möglichkeit|angebot)|(?:bieten|leistungen)\b.{{0,60}}{_TRAINING}"),
        ("supervision", _SAID, r"(?<!ohne )\bsupervision\b"),
        (
            "bescheinigung",
            _LIKELY,
            rf"{_PROOF} (?:über|für) (?:ihr|dein|das)\w{{0,2}} (?:ehrenamt|engagement|tätigkeit|einsatz)",
        ),
        ("bescheinigung", _LIKELY, r"engagementnachweis"),
        ("austauschtreffen", _LIKELY, r"austauschtreffen|erfahrungsaustausch|treffen zum austausch"),
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
_LIABILITY = re.compile(r"haftpflicht", _I)
_REFUNDED = r"auslagen(?:ersatz|erstattung|pauschale)|auslagen\b.{0,40}(?:erstatt|ersetz|übernommen)"
_PAID = tuple(
    (slug, re.compile(pattern, _I))
    for slug, pattern in (
        ("uebungsleiterpauschale", r"übungsleiter(?:innen)?-?pauschale"),
        ("ehrenamtspauschale", r"ehrenamtspauschale"),
        ("aufwandsentschaedigung", r"aufwandsentschädigung|aufwandspauschale|^(?:leistungen: )?vergütung: \d"),
        ("auslagen", _REFUNDED),
    )
)


def _benefits(words: str, said: str) -> Iterator[Condition]:
    if DENIED.search(words):
        return
    listed = bool(_GIVEN.search(words[: len(words) - len(said)]))
    for slug, pattern in (*(_LISTED if listed else ()), *_PROVIDED):
        if pattern.search(said):
            yield Condition("benefits", slug, _SAID if listed else _LIKELY)
    if listed and _LIABILITY.search(said):
        yield Condition("insurance", "haftpflicht_traeger", _LIKELY)
    yield from (Condition("benefits", slug, sure) for slug, sure, pattern in _BENEFITS if pattern.search(words))
    if paid := next((slug for slug, pattern in _PAID if pattern.search(words)), ""):
        yield Condition("compensation", paid, _LIKELY if _OPTIONAL.search(words) else _SAID)


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
    r"\bhol|abhol|abgehol|hinaus|weg\b|umzieh|umzug|auszieh|ausgezog|entfernt|mitbring|gebracht|fern", _I
)
_PARTLY = re.compile(
    r"\bauch\b|möglich|\bmögl\.|\bod\.|\bkann\b|\bkönnen\b|\boder\b|teilweise|teils|manch|zum teil|wahlweise|überwieg|"
    r"\büberw\.|größtenteils|weitgehend|hauptsächlich|\bvieles\b|\bmeist",
    _I,
)
_WHOLLY = re.compile(r"\bkomplett\b|\bvollständig\b|ausschließlich|\bganz\b(?! (?:wie|nach))|\bnur\b", _I)


def _where(words: str, _said: str) -> Iterator[Condition]:
    """Read that help can be given from home, all or some of it."""
    match = _FROM_HOME.search(words)
    if match and not (DENIED.search(words) or _LEAVES_HOME.search(words)):
        partly = _PARTLY.search(words) and not _WHOLLY.search(words)
        yield Condition("mode", "teilweise_online" if partly else "online", _LIKELY)


# --- all of them ------------------------------------------------------------------------------------------------------
# A statement that holds none of the signs is not looked at more closely: most say nothing of the kind.
_READERS: tuple[tuple[Callable[[str, str], Iterator[Condition]], tuple[str, ...]], ...] = (
    (_age, ("alter", "jahr", "volljähr", " j.", "+", "mind", "über", "ab ", "zwischen")),
    (_clearance, ("führungszeugnis", "fz")),
    (_credentials, ("führerschein", "fahrerlaubnis", "fs ", "erste", "personenbeförd", "p-schein", "masern",
                    "belehrung", "gesundheitszeugnis", "§", "juleica", "jugendleiter", "rettungsschwimm", "drsa",
                    "lizenz", "übungsleiter")),
    (_german, ("deutsch", "sprachniveau")),
    (_learners, ("deutsch",)),
    (_benefits, ("fahrtkosten", "fahrkosten", "fahrgeld", "arbeit", "bildung", "schulung", "supervision", "austausch",
                 "nachweis", "zertifikat", "zeugnis", "scheinigung", "bestätigung", "pauschale", "schädigung",
                 "auslagen", "leistung", "bieten", "vergütung", "kosten für", "gesorgt",
                 "vorteil", "rahmenbed", "verpfleg", "essen", "getränke", "kost ")),
    (_where, ("home", "zu hause", "zuhause", "daheim", "eigenen", "heimisch", "überall", "remote", "digital",
              "online", "per video", "per zoom", "per skype")),
)  # fmt: skip
