"""Analyser: a text as the terms it is found by. One word gives up to three kinds of terms, from exact to near. Pure.

| term        | what it says                                                 | "Geflüchtetenhilfe"            |
|-------------|--------------------------------------------------------------|--------------------------------|
| `stem`      | this word, in some inflection                                | geflüchtetenhilf               |
| `~group`    | a word that means the same (`synonyms.txt`)                  | –                              |
| `-part`     | a known noun, alone or as a part; synonyms have one in common | -fluchtling -hilf              |
| `stem·en`   | the same word of another language (or script)                | –                              |

So "Hilfe für Geflüchtete", "Flüchtlingshilfe" and "Hilfe" have `-hilf` in common, and who asks for one of them can
still see the word itself first. Terms stand in the order of the words, the parts of a compound beside each other.
"""

from collections.abc import Callable, Iterable
from functools import lru_cache
from itertools import islice

from fediverse_ehrenamt.language import compounds, lexicon, stems
from fediverse_ehrenamt.language.compounds import Split
from fediverse_ehrenamt.language.folding import MAX_WORD, fold, is_latin, undo_digraphs, words

MAX_KEPT = 200_000  # chunks whose terms are remembered; some 250 bytes each
_FORGOTTEN = 20  # one of so many at once: a dict walks past what it lost at its beginning
_TAGS_KEPT = 1_024
GROUP, PART, FOREIGN = "~", "-", "·"
_CERTAIN = 7  # letters of a German noun that is one in a text of another language too
_VERB_ENDINGS, _SHORTEST_VERB = ("est", "st", "et", "t"), 4  # letters of a stem
# Nouns whose end looks like a verb's, and ends of such.
_NOUNS = frozenset(
    [
        "hundert",
        "bucht",
        "sucht",
        "sicht",
        "schacht",
        "spurt",
        "gefahrt",
        "glast",
        "flott",
        "herbert",
        "brandt",
        "baumert",
        "heldt",
    ]
)
_NOUN_ENDINGS = ("licht", "nest", "test", "rest", "ett", "ent", "ist", "ut", "fahrt", "schaft", "kert", "fert", "ernst")
_ALONE = {"mal": "mals", "nah": "nahe"}  # words that are parts of others by another meaning: "Malkurs", "Nähcafé"
# Verbs that a capital makes another word of: "Wer sucht Hilfe?" is about no addiction.
_WRITTEN_SMALL = {"sucht": "such", "unternehmen": "unternimmt"}
# What ends so is called after something, and seldom about it: who seeks horses wants no "Reitbahnviertel".
_PLACES = ("viertel", "siedlung", "vorstadt", "kiez", "strasse", "gasse", "allee")
_DEMONYMS = ("er", "ern", "erin", "erinnen")
_SCRIPTS = (
    ("\u0400", "\u0530", "ru"),
    ("\u0600", "\u0780", "ar"),
    ("\u0370", "\u0400", "el"),
    ("\u0900", "\u0980", "hi"),
)


class Memo(dict[str, str]):
    """What a function made of each word of a chunk, with blanks between; when it is full, it forgets the oldest.

    Who forgot all would make the frequent words anew each time, too: of 200,000 documents 1.6 times as many in all.
    """

    def __init__(self, make: Callable[[str], str]) -> None:
        super().__init__()
        self._make = make

    def __missing__(self, chunk: str) -> str:
        made = " ".join(filter(None, map(self._make, words(chunk))))
        if len(chunk) > MAX_WORD:
            return made
        if len(self) >= MAX_KEPT:
            for oldest in tuple(islice(self, MAX_KEPT // _FORGOTTEN)):
                self.pop(oldest, None)
        self[chunk] = chunk if made == chunk else made
        return made

    def join(self, chunks: Iterable[str]) -> str:
        return " ".join(map(self.__getitem__, chunks))


class Analyser:
    """Makes terms of words; `names` are folded words that are never split and have no parts (towns).

    Nor are those of quarters and streets.
    """

    def __init__(self, names: frozenset[str] = frozenset()) -> None:
        self._names = names - lexicon.synonyms().groups.keys()
        self._german = Memo(self._german_terms)
        self._whole = Memo(self.stem)
        self._foreign: dict[str, Memo] = {}

    def terms(self, chunks: Iterable[str], language: str = "") -> str:
        """Return the terms of what `folding.chunks` returns, with blanks between them.

        `language` is a BCP 47 tag, "" meaning German. Never raises, whatever the chunks.
        """
        return self._memo(language).join(chunks)

    def names(self, chunks: Iterable[str]) -> str:
        """Return the terms of a name that is about nothing ("Wasserloses Tal"): each word itself, whole."""
        return self._whole.join(chunks)

    def _memo(self, language: str) -> Memo:
        code = _code(language)
        if not code:
            return self._german
        if code not in self._foreign:
            self._foreign[code] = Memo(lambda word: self._foreign_terms(word, code))
        return self._foreign[code]

    def stem(self, word: str) -> str:
        """Return the first kind of term of a word, "" for what is none."""
        return _stem(fold(word[:MAX_WORD]))

    def part(self, word: str) -> str:
        """Return the third kind of term of a word itself, a known noun or one that has synonyms, else ""."""
        return _known_part(self.stem(word))

    def split(self, word: str) -> Split:
        """Return the parts of a compound as terms; towns and people from there are none."""
        return self._split(fold(word[:MAX_WORD]))

    def _split(self, folded: str) -> Split:
        if not folded.isascii() or folded.endswith(_PLACES) or self._is_name(folded):
            return compounds.NONE
        found = compounds.split(folded)
        bare = undo_digraphs(folded)
        if not found.parts and bare != folded:
            found = compounds.split(bare)
        return Split(tuple(map(_part, found.parts)), found.stranger) if found.parts else compounds.NONE

    def group(self, word: str) -> str:
        """Return the second kind of term of a word, "" where it has no synonyms."""
        return _group(self.stem(word))

    def _is_name(self, folded: str) -> bool:
        if folded in self._names:
            return True
        if not folded.endswith(_DEMONYMS):
            return False
        return any(folded.removesuffix(ending) in self._names for ending in _DEMONYMS if folded.endswith(ending))

    def _german_terms(self, word: str) -> str:
        folded = fold(word[:MAX_WORD])
        stem = _WRITTEN_SMALL.get(word) or _stem(folded)
        if not stem.isascii():
            return " ".join([stem, *scripts(word)])
        form = lexicon.synonyms().forms.get(word)
        if form:
            return f"{stem} {GROUP}{form} {PART}{form}"
        return " ".join(filter(None, [stem, _group(stem), _known_part(stem), *self._split(folded).parts]))

    def _foreign_terms(self, word: str, language: str) -> str:
        stem = self.stem(word)
        terms = [stem, f"{stems.other(word[:MAX_WORD], language)}{FOREIGN}{language}"]
        if not is_latin(stem):
            return " ".join([*terms, *(term for term in scripts(word) if not term.endswith(language))])
        split = self.split(word)
        if len(split.parts) > 1:
            return " ".join([*terms, *split.parts])
        part = self.part(word) if len(stem) >= _CERTAIN else ""
        return " ".join(filter(None, [*terms, part]))


@lru_cache(_TAGS_KEPT)
def _code(language: str) -> str:
    """Return the language of a BCP 47 tag, "" where it is to be read as German."""
    code = language.partition("-")[0].partition("_")[0].lower()
    return code if code in stems.LANGUAGES else ""


def scripts(word: str) -> list[str]:
    """Return the term of a word in the language that its script is mostly used for here, none for Latin letters."""
    return [
        f"{stems.other(word[:MAX_WORD], language)}{FOREIGN}{language}"
        for first, last, language in _SCRIPTS
        if first <= word[0] < last
    ]


def _stem(folded: str) -> str:
    if not folded.isascii():
        return folded
    if folded in _ALONE:
        return _ALONE[folded]
    stem = stems.german(folded)
    return _verb(folded, stem) if folded.endswith("t") else stem


def _verb(folded: str, stem: str) -> str:
    """Return the stem of what may be a verb ("begleitet", "betreust", "hilft") if it is a word that we know by that."""
    groups, parts = lexicon.synonyms().groups, lexicon.parts().stems
    if stem in groups or stem in parts or folded in _NOUNS or folded.endswith(_NOUN_ENDINGS):
        return stem
    for ending in _VERB_ENDINGS:
        root = stems.german(folded.removesuffix(ending)) if folded.endswith(ending) else ""
        if len(root) >= _SHORTEST_VERB and (root in groups or root in parts):
            return root
    return stem


def _group(stem: str) -> str:
    name = lexicon.synonyms().groups.get(stem)
    return f"{GROUP}{name}" if name else ""


def _known_part(stem: str) -> str:
    return _part(stem) if stem in lexicon.synonyms().groups or stem in lexicon.parts().stems else ""


def _part(stem: str) -> str:
    return PART + lexicon.synonyms().groups.get(stem, stem)
