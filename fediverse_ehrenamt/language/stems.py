"""Stems: the inflected forms of a word become one. Snowball's algorithms, and what German needs beside them. Pure.

PyStemmer (BSD and MIT) is Snowball's own C code: 1 µs a word, where the pure Python of snowballstemmer needs 108 µs and
the index engine's German stemmer, called from here, 1.7 µs for the same stems.
"""

import re
import threading

import Stemmer

from fediverse_ehrenamt.language.folding import fold, undo_digraphs

GERMAN = "de"
# ISO 639 → Snowball's name. Languages that are not here (Ukrainian, Bulgarian, Kurdish …) are only folded.
_ALGORITHMS = {
    "en": "english", "tr": "turkish", "fr": "french", "es": "spanish", "it": "italian", "pt": "portuguese",
    "nl": "dutch", "pl": "polish", "ro": "romanian", "ru": "russian", "ar": "arabic", "fa": "persian", "el": "greek",
    "hu": "hungarian", "cs": "czech", "da": "danish", "fi": "finnish", "no": "norwegian", "nb": "norwegian",
    "sv": "swedish", "sr": "serbian", "lt": "lithuanian", "ca": "catalan", "hi": "hindi", "ta": "tamil",
}  # fmt: skip
LANGUAGES = frozenset(_ALGORITHMS)
_lock = threading.Lock()  # Snowball's working memory is not for two threads at once
_german = Stemmer.Stemmer("german", 0)
_others = {code: Stemmer.Stemmer(name, 0) for code, name in _ALGORITHMS.items()}

# Verbs and others that end as women's plurals do, and strangers that end as women do.
_VERBS = ("beginnen", "gewinnen", "spinnen", "entrinnen", "gerinnen", "besinnen", "entsinnen", "ersinnen", "rinnen")
_NO_WOMEN = frozenset([*_VERBS, "drinnen", "linnen", "zuruckgewinnen", "wiedergewinnen", "anspinnen", "neubeginnen"])
_NO_WOMAN = frozenset(["login", "mandarin", "glyzerin", "glycerin", "margarin", "interin", "konstantin", "valentin"])
_WOMAN = re.compile(
    r"(?:(?<=er)|(?<=ent)|(?<=ant)|(?<=ist)|(?<=kolleg)|(?<=pat)|(?<=log)|(?<=gog)|(?<=arzt)|(?<=walt)|(?<=kund)"
    r"|(?<=eur)|(?<=tor)|(?<=sor)|(?<=nior)|(?<=freund)|(?<=nachbar)|(?<=wirt)|(?<=beamt)|(?<=lots)|(?<=dat)|(?<=bot)"
    r"|(?<=koch)|(?<=mat)|(?<=zeug)|(?<=pilot)|(?<=held))in$"
)
_NO_PLURAL = ("los", "gas", "glas", "gras", "was", "das", "chaos", "atlas", "kosmos", "ethos", "mythos", "pathos")
_LONGEST_NO_WOMEN, _LONGEST_NO_WOMAN, _LONGEST_NO_PLURAL = 7, 4, 4  # letters
# An infinitive with "zu" in it: "vorzulesen", "mitzuhelfen", but neither "Aufzuchten" nor "Auszubildenden".
_WITH_TO = re.compile(
    r"^(ab|an|auf|aus|bei|durch|ein|fest|fort|frei|heim|her|hin|kennen|los|mit|nach|teil|um|unter|vor|vorbei|weg|weiter"
    r"|wieder|zu|zurecht|zuruck|zusammen)zu(?!cht|ck|g[^ehu]|gel|ger|ng|rn|[a-z]{3,}enden)(?=[a-z]{3,12}(?:en|ern|eln)$)"
)
# Words that Snowball would take for forms of others: "Trauer" of "trauen", "Näheres" of "nähen", "Kuchen" of "Küche".
APART = {
    **dict.fromkeys(("trauer", "trauern"), "trauer"),
    **dict.fromkeys(("kuchen", "kuchens"), "kuchen"),
    **dict.fromkeys(("nahe", "naher", "nahere", "naherem", "naheren", "naheres"), "nahe"),
    **dict.fromkeys(("burger", "burgers", "burgern", "burgerin", "burgerinnen"), "burger"),
    **dict.fromkeys(("bauer", "bauers", "bauern", "bauerin", "bauerinnen"), "bauer"),
    **dict.fromkeys(("messer", "messers", "messern"), "messer"),
    **dict.fromkeys(("wetter", "wetters"), "wetter"),
    **dict.fromkeys(("lager", "lagers", "lagern"), "lager"),
    **dict.fromkeys(("meister", "meisters", "meistern", "meisterin", "meisterinnen"), "meister"),
    **dict.fromkeys(("kammer", "kammern"), "kammer"),
    **dict.fromkeys(("kurs", "kurse", "kursen", "kurses"), "kurs"),
    **dict.fromkeys(("ostern", "oster"), "ostern"),
}
_SHORT_PLURALS = frozenset(["omas", "opas", "abos"])


def german(folded: str) -> str:
    """Return the stem of a folded German word; a woman's form ("Lesepatinnen") has that of the man's."""
    word = undo_digraphs(folded)
    if word in APART:
        return APART[word]
    if "zu" in word and word.endswith("n"):  # looking is a tenth of what the pattern takes
        word = _WITH_TO.sub(r"\1", word)
    if word.endswith("innen") and len(word) > _LONGEST_NO_WOMEN and word not in _NO_WOMEN:
        word = word[:-5]
    elif word.endswith("in") and len(word) > _LONGEST_NO_WOMAN and word not in _NO_WOMAN:
        word = _WOMAN.sub("", word)
    elif word.endswith("s") and (len(word) > _LONGEST_NO_PLURAL or word in _SHORT_PLURALS):
        word = _strip_plural(word)
    with _lock:
        stem: str = _german.stemWord(word)
    return stem


def _strip_plural(word: str) -> str:
    """Take the s of "Kitas", "Omas", "Fotos", "Handys", "Workshops", which Snowball leaves."""
    return word[:-1] if word[-2] in "aoyp" and not word.endswith(_NO_PLURAL) else word


def other(word: str, language: str) -> str:
    """Return the folded stem of a word as it is written in one of LANGUAGES."""
    with _lock:
        stem: str = _others[language].stemWord(word.lower())
    return fold(stem)
