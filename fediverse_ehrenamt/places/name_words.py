"""Words in names of places that make no difference, and what people write short or in another language."""

import re

# "Frankfurt am Main", "Frankfurt/Main" and "Frankfurt a. M." differ in these only.
LINKS = frozenset(["a", "am", "an", "auf", "b", "bei", "d", "dem", "den", "der", "i", "im", "in", "ob", "v", "vor"])
LINKS |= {"ot", "ortsteil", "stadtteil", "stadtbezirk"}  # "Hagen OT Haspe"
COUNTRY = frozenset(["deutschland", "germany"])
TITLES = frozenset(["gemeinde", "hansestadt", "kreis", "landeshauptstadt", "landkreis", "markt", "stadt"])
# First words that alone name no place: "Bad Foobar" is not the largest of all places called "Bad something".
NO_NAMES = TITLES | {"alt", "alte", "bad", "gross", "hohe", "hohen", "klein", "neu", "neue", "ober", "sankt", "unter"}
# Names that guests from abroad write.
EXONYMS = {"munich": "munchen", "cologne": "koln", "nuremberg": "nurnberg", "hanover": "hannover"}
# What people write short; each is a whole word, or two that come first.
SHORT_FORMS = {
    "ffm": "frankfurt main",
    "ffo": "frankfurt oder",
    "hh": "hamburg",
    "hb": "bremen",
    "ddorf": "dusseldorf",
    "mgladbach": "monchengladbach",
    "klautern": "kaiserslautern",
    "gap": "garmisch partenkirchen",
    "berg gladbach": "bergisch gladbach",
    "hann munden": "hannoversch munden",
    "kgs wusterhausen": "konigs wusterhausen",
    "schwab gmund": "schwabisch gmund",
    "schwab hall": "schwabisch hall",
    "vs schwenningen": "villingen schwenningen",
    "vs villingen": "villingen schwenningen",
    "wittenberg lutherstadt": "wittenberg",
    "lutherstadt wittenberg": "wittenberg",
    "lutherstadt eisleben": "eisleben",
}
REGIONS = {"NW": "nrw", "MV": "meckpomm"}
# "Neustadt an der Orla" is a Neustadt; "Burg Stargard" is hardly called Burg.
SURNAMED = re.compile(r"\S+ (?:\(|an |am |auf |bei |im |in |ob |vor )")
