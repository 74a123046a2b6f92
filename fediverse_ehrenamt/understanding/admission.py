"""Who can get in and for how much, read from a description: steps, lifts, sign language; free of charge or the price.

Only what is said of the place or the event counts: "barrierefreies Wohnen" is a topic, "kostenlose Parkplätze" are no
free event. What holds but partly ("teilweise barrierefrei") is left to the words. All patterns are our own.
"""

import re
from collections.abc import Iterable, Iterator
from typing import Final

from fediverse_ehrenamt.understanding.conditions import Condition
from fediverse_ehrenamt.understanding.prose import Statement

FREE: Final = "kostenlos"
"""The cost of what is free, as `EventDetails.cost` has it."""

_SAID = 0.8
_I = re.IGNORECASE
_FEW_WORDS = 5  # of a statement that is about nothing else
_LONGEST_COST = 120  # characters
_MOST_COSTS = 2  # statements
_SIGNS = ("barriere", "rolli", "rollstuhl", "stufen", "behinderten", "wc", "toilette", "aufzug", "fahrstuhl", "lift",
          "leitsystem", "induktion", "höranlage", "höranlagen", "gebärden", "dgs", "leichter sprache", "hunde",
          "ebenerdig", "treppe")  # fmt: skip

# --- getting in -------------------------------------------------------------------------------------------------------
_PARTLY = re.compile(
    r"teilweise|bedingt|eingeschränkt|größtenteils|weitgehend|weitest|überwiegend|auf anfrage|geplant", _I
)
_OPEN = (
    r"(?:barriere(?:frei|arm)|(?:rollstuhl|rolli)(?:gerecht|geeignet|zugänglich|tauglich)|stufen(?:los|frei)|ebenerdig)"
)
_SPACE = (
    r"(?:zugang|zugänglich|eingang|erreichbar|veranstaltung|räum|raum|saal|haus\b|gebäude|ort\b|café|büro|treff|halle|"
    r"kirche|bücherei|bibliothek|zentrum|museum|theater|gelände|platz\b|weg\b|lokal|gaststätte|angebot\b|kurs\b|alles)"
)
_WITHOUT_STEPS = re.compile(
    rf"\b{_OPEN}\w{{0,2}}\b.{{0,40}}{_SPACE}|{_SPACE}.{{0,60}}\b{_OPEN}\b|\b(?:ist|sind|alles)\b.{{0,30}}\b{_OPEN}\b",
    _I,
)
_ALONE = re.compile(rf"\W*{_OPEN}\w{{0,2}}\W*", _I)
_BARRED = re.compile(
    rf"\b(?:nicht|leider nicht|noch nicht|kein\w*)\s(?:\w+\s)?{_OPEN}|"
    rf"\b{_OPEN}\w{{0,2}}(?:\s\w+)?\s?[:=?]\s?(?:leider\s)?(?:nein|nicht)\b|"
    r"\bnur über (?:eine |die )?(?:steile |enge )?treppen?\b",
    _I,
)
_LIFT = r"(?:aufzug|fahrstuhl|lift)"
_AIDS = tuple(
    (slug, re.compile(pattern, _I))
    for slug, pattern in (
        ("rollstuhl_wc", r"(?:behinderten|rollstuhl|rolli)\W?(?:wc|toilette)"),
        ("rollstuhl_wc", r"(?:barrierefrei|rollstuhlgerecht|behindertengerecht)\w{0,2} (?:wc|toilette|sanitär)"),
        ("aufzug", rf"\b{_LIFT}\b.{{0,30}}(?:vorhanden|erreichbar|im haus|gibt)|{_LIFT}\W{{0,3}}$"),
        ("aufzug", rf"(?:mit|per|über|hat|verfügt über)\W(?:\w+ )?{_LIFT}\b"),
        ("leitsystem", r"blindenleitsystem|leitsystem für blinde"),
        ("induktionsschleife", r"induktions(?:schleife|anlage)|induktive höranlage|\bhöranlage\b|\bhörschleife\b"),
        ("gebaerdensprache", r"gebärden(?:sprach)?\W?dolmetsch|in gebärden übersetzt|\bDGS\b"),
        ("gebaerdensprache", r"(?:in|mit) (?:\w+ )?gebärdensprache\b(?!\W+lernen)"),
        ("leichte_sprache", r"(?<!texte )(?<!text )\bin leichter sprache\b"),
        ("assistenzhund", r"(?:assistenz|blindenführ)hunde?\b.{0,30}(?:willkommen|erlaubt|gestattet)"),
    )
)
_NO_BEHIND = re.compile(r"^\w*\s?[:=?]\s?(?:nein|nicht|keine?r?)\b", _I)
_NO = re.compile(r"\b(?:kein\w*|ohne|nicht)\s(?:\w+\s)?$", _I)
_TOPIC = re.compile(r"\b(?:kurs|lernen|einsatz für|thema|vortrag|wohnen|wohnung|beratung zu)\b", _I)
_HEADING = re.compile(r"barrierefrei|zugänglich|rollstuhl", _I)
_BEFORE_BRACKET = re.compile(r"[^\s(]{1,6}(?=\s?\()")  # "nein (Treppe)"
_CLAUSE = re.compile(r"[,;()]|\baber\b|\bjedoch\b", _I)
_OF_TOILET = re.compile(r"\bWC|toilette", _I)
_AFFIRMED, _DENIED = (
    frozenset({"ja", "j", "x", "✓", "yes", "true", "1", "vorhanden"}),
    frozenset({"nein", "n", "no", "false", "0"}),
)


def accessibility(said: Iterable[Statement]) -> tuple[Condition, ...]:
    """Return what statements say of getting in, as slugs; nothing where they contradict each other."""
    found = {slug: Condition("accessibility", slug, _SAID) for one in said for slug in _aids(one)}
    if "nicht_barrierefrei" in found and "stufenlos" in found:
        del found["nicht_barrierefrei"], found["stufenlos"]
    return tuple(found.values())


def answer(words: str) -> bool | None:
    """Say what a field that asks for yes or no was answered, None where it says more than that."""
    bare = words.strip(" .!").lower()
    return True if bare in _AFFIRMED else False if bare in _DENIED else None


def _aids(one: Statement) -> Iterator[str]:
    lowered = f"{one.heading} {one.text}".lower()
    if not any(sign in lowered for sign in _SIGNS):
        return
    said = _BEFORE_BRACKET.match(one.text)
    if _HEADING.search(one.heading) and (yes := answer(said[0] if said else one.text)) is not None:
        yield "stufenlos" if yes else "nicht_barrierefrei"
        return
    if _PARTLY.search(one.text):
        return
    clauses = [clause for clause in _CLAUSE.split(one.text) if clause.strip()]
    if any(_BARRED.search(clause) and not _OF_TOILET.search(clause) for clause in clauses):
        yield "nicht_barrierefrei"
        return
    for slug, pattern in _AIDS:
        match = pattern.search(one.text)
        if match and not (_NO.search(one.text[: match.start()]) or _NO_BEHIND.match(one.text[match.end() :])):
            yield slug
    if not _TOPIC.search(one.text) and (any(map(_ALONE.fullmatch, clauses)) or _WITHOUT_STEPS.search(one.text)):
        yield "stufenlos"


# --- what it costs ----------------------------------------------------------------------------------------------------
_AMOUNT = re.compile(r"\d{1,4}(?:[.,](?:\d{1,2}|-{1,2}|–))?\s?(?:€|euro\b|eur\b)|(?:€|eur)\s?\d{1,4}(?:[.,]\d{2})?", _I)
_LABEL = re.compile(
    r"eintritt|\bkosten|preis|gebühr|beitrag|ticket|\bkarten?\b|\bVVK\b|\bAK\b|abendkasse|vorverkauf|startgeld|"
    r"\bpro (?:person|kind|familie|teilnehm)|\bp\. ?P\.|umlage|teilnahme",
    _I,
)
_NO_PRICE = re.compile(
    r"spenden(?:ziel|summe|stand)|erlös|aufwandsentschädigung|im wert von|preisgeld|dotiert|förder|gewinn|honorar|"
    r"mitgliedsbeitrag|jahresbeitrag|bezuschusst|\bbis zu\b|stundenlohn|verdien",
    _I,
)
_CHARGED = r"(?:kosten(?:los|frei)|gebührenfrei|unentgeltlich|gratis|umsonst|frei)"
_WHAT = r"(?:eintritt|teilnahme|veranstaltung|besuch|kurs|workshop|führung|vortrag|konzert|angebot|treffen|seminar)"
_FREE = re.compile(
    rf"\b(?:der |die |das )?{_WHAT}\b(?:\W+\w+){{0,2}}?\W+{_CHARGED}\b(?! zugänglich)|"
    rf"\b(?:freie[rn]?|kosten(?:lose|freie|freien|losen)|unentgeltliche)[rs]? (?:\w+ )?{_WHAT}|"
    r"\bkostet nichts\b|\bkeine (?:teilnahme|kurs|eintritts)?gebühr(?:en)?\b|"
    rf"\b(?:ist|sind)\b(?:\W+\w+){{0,3}}?\W+(?:kosten(?:los|frei)|gebührenfrei|unentgeltlich)\b",
    _I,
)
_FREE_ALONE = re.compile(
    rf"\W*(?:(?:eintritt|kosten|preis|teilnahme|gebühr)\w*\W+)?(?:{_CHARGED}|keine|0(?:[.,]00?)?\s?(?:€|euro)?)\W*", _I
)
_FOR_SOME = re.compile(
    r"(?:frei|kosten(?:los|frei))\w?\W+(?:\w+\W+)?für (?!alle\b)|"
    r"\b(?:kinder|mitglieder|jugendliche|begleitperson\w*)\b|bis \d+ jahre",
    _I,
)
_OF_ELSE = re.compile(r"park|verpfleg|getränk|essen|imbiss|kaffee|leih|\bwlan|material|anreise|bus\b|shuttle", _I)
_DONATION = re.compile(r"spende|\bhut\b", _I)


def cost(said: Iterable[Statement]) -> str:
    """Return what statements say of the price: `FREE`, with the donation that is asked for, or their words, or ""."""
    prices: dict[str, None] = {}
    free = donation = False
    for one in said:
        words = f"{one.heading}: {one.text}" if one.heading else one.text
        if _AMOUNT.search(one.text) and _is_price(words, one.text):
            prices[_price(one.text)] = None
        elif _is_free(words):
            free = True
            donation = donation or bool(_DONATION.search(words))
        elif _DONATION.search(words) and re.search(r"erbeten|willkommen|gebeten|freuen", words, _I):
            donation = True
    if prices:
        return "; ".join(list(prices)[:_MOST_COSTS])
    return "" if not free else f"{FREE}, Spende willkommen" if donation else FREE


def settled(words: str) -> str:
    """Return what stands in a field for the price; of what is free, `FREE`."""
    bare = " ".join(words.split())
    return FREE if bare and (_FREE_ALONE.fullmatch(bare) or bare.lower() == "nein") else bare


def _is_free(words: str) -> bool:
    if _OF_ELSE.search(words) and not re.search(r"eintritt|teilnahme", words, _I):
        return False
    if _FREE_ALONE.fullmatch(words):
        return True
    return bool(_FREE.search(words)) and not _FOR_SOME.search(words)


def _is_price(words: str, text: str) -> bool:
    if _NO_PRICE.search(words):
        return False
    if _LABEL.search(words):
        return True
    return not _OF_ELSE.search(words) and len(_AMOUNT.sub("", text).split()) <= _FEW_WORDS


def _price(text: str) -> str:
    """Return the words of a price: all of a short statement, of a long one from shortly before its first amount on."""
    bare = re.sub(
        r"^\W*(?:eintritt|kosten|preise?|eintrittspreise?)\s?:?\s+(?=\d|€|ab\b|VVK|AK)", "", text.strip(), flags=_I
    )
    if len(bare) > _LONGEST_COST:
        amounts = list(_AMOUNT.finditer(bare))
        begin = max(0, amounts[0].start() - _LONGEST_COST // 3)
        begin = bare.find(" ", begin) + 1 if begin else 0
        bare = bare[begin : max(amounts[0].end(), begin + _LONGEST_COST)]
        bare = bare.rsplit(" ", 1)[0] if bare[-1].isalnum() else bare
    return bare.strip(" .,;:-–|")
