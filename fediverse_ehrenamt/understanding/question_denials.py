"""What somebody does not want, in everyday questions: "ohne Kinder", "keine Lust auf Sport", "ohne Noten"."""

from collections.abc import Iterator

from fediverse_ehrenamt.kit.sentences import sentence
from fediverse_ehrenamt.language import lexicon
from fediverse_ehrenamt.language.questions import DENYING
from fediverse_ehrenamt.understanding.asking import Asked, Part
from fediverse_ehrenamt.understanding.question_lexicon import AUDIENCES, BEFORE_AUDIENCE, PEOPLE, STOP_WORDS, UNWANTED
from fediverse_ehrenamt.understanding.question_people import rows
from fediverse_ehrenamt.vocab import labels

_OF_NOUNS = frozenset(["ohne", "kein", "keine", "keinen", "keinem", "keiner", "keen", "keene", "koa", "koane", "kei"])
_BETWEEN = frozenset(
    ["gern", "gerne", "so", "unbedingt", "wirklich", "lieber", "gut", "lust", "bock", "interesse", "auf", "an"]
)
_LIKING = frozenset(["lust", "bock", "interesse"])
_OWN = frozenset(["habe", "hab", "haben", "hatte", "paar", "paare", "frau", "frauen", "mann"])
_FIXED = frozenset(["alter", "arbeit", "grenzen", "heimat", "obdach", "wohnung", "zuhause"])  # "Radeln ohne Alter"
_PEOPLE = AUDIENCES.keys() | PEOPLE | {"schuler", "schulern"}
_MOST_BETWEEN = 3
_SURE = 0.9
_ANIMALS = frozenset(["hund", "hunde", "hunden", "katze", "katzen", "pferd", "pferde", "pferden"])
_STEM = 4  # letters by which one of them is known
_ANIMAL_STEMS = ("hund", "katz", "pferd", "pony", "vogel", "tier", "igel", "kanin")


def wanted_not(asked: Asked) -> Iterator[Part]:
    """Find the people and areas that somebody does not want: they are left out, and the page says so."""
    for at in range(len(asked.words)):
        if asked.key(at) in DENYING and not _tells_of_people(asked, at):
            behind = _behind(asked, at)
            if _is_other_animal(asked, behind):
                yield _unfiltered(asked, at, behind)
                continue
            for slug, span in (*_areas(asked, at, behind), *rows(asked, at, behind)):
                label = sentence("ohne: %(what)s", what=sentence((labels.AUDIENCE | labels.AREA)[slug]))
                yield Part((("ohne", slug),), label, (span,), _SURE)


def things(asked: Asked) -> Iterator[Part]:
    """Find the things that somebody does without: to search for them would find what is not wanted.

    Nothing can be left out for them, which the label says. "Menschen ohne Wohnung" are others, and "ohne Verpflichtung"
    is a wish by itself.
    """
    for at in range(len(asked.words)):
        if asked.key(at) in _OF_NOUNS and asked.key(at + 1) in _LIKING:
            behind = _behind(asked, at)
            if asked.key(behind) and _is_thing(asked.key(behind)):
                yield _unfiltered(asked, at, behind)
            continue
        is_said = asked.key(at) in _OF_NOUNS and _is_thing(asked.key(at + 1)) and not _is_phrase(asked, at)
        if is_said and not (at and asked.words[at - 1].key in _PEOPLE):
            yield _unfiltered(asked, at, at + 1 + _is_described(asked, at + 1))


def _unfiltered(asked: Asked, start: int, at: int) -> Part:
    """Return what is not wanted, denied from `start` up to `at`, where no filter leaves it out."""
    is_described = asked.key(start) in _OF_NOUNS and asked.key(start + 1) not in _LIKING
    named = asked.words[start + 1 if is_described else at]
    label = sentence(
        "nicht: %(what)s (danach wird nicht gefiltert)", what=asked.text[named.start : asked.words[at].end]
    )
    return Part((), label, (asked.take(start, at + 1),), _SURE, denied=True)


def _is_other_animal(asked: Asked, at: int) -> bool:
    """Say whether an animal is not wanted where another is: "keine Katzen, nur Hunde" are animals all the same."""
    return asked.key(at) in _ANIMALS and any(
        word.key.startswith(_ANIMAL_STEMS) and not word.key.startswith(asked.key(at)[:_STEM]) for word in asked.words
    )


def _tells_of_people(asked: Asked, at: int) -> bool:
    """Say whether no wish is denied: "Paare ohne Kinder", "wir haben keine Kinder"."""
    return bool(at) and asked.words[at - 1].key in _PEOPLE | _OWN


def _behind(asked: Asked, at: int) -> int:
    """Return where the words begin that may say what is not wanted: behind "nicht so gern mit"."""
    behind = at + 1
    while asked.key(behind) in _BETWEEN and behind - at <= _MOST_BETWEEN:
        behind += 1
    return behind + (asked.key(behind) in BEFORE_AUDIENCE)


def _areas(asked: Asked, start: int, behind: int) -> Iterator[tuple[str, tuple[int, int]]]:
    slug = UNWANTED.get(asked.key(behind))
    if slug:
        yield slug, asked.take(start, behind + 1)


def _is_thing(key: str) -> bool:
    return key.isalpha() and key not in _FIXED | STOP_WORDS | lexicon.stop_words() | lexicon.faint_words()


def _is_described(asked: Asked, at: int) -> bool:
    """Say whether a word describes the thing behind it: "keine langen Wege"."""
    behind = asked.key(at + 1)
    small = asked.text[asked.words[at].start].islower()
    return small and behind.isalpha() and asked.text[asked.words[at + 1].start].isupper()


def _is_phrase(asked: Asked, at: int) -> bool:
    pair = asked.text[asked.words[at].start : asked.words[at + 1].end]
    return lexicon.stems(pair) in lexicon.synonyms().wider
