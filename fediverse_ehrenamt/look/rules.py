"""Which colours can be read: contrast after WCAG 2.2 (§ 1.4.3), on every background that the style sheet has. Pure."""

import re
from dataclasses import dataclass

from fediverse_ehrenamt.kit.errors import Problem
from fediverse_ehrenamt.kit.sentences import sentence

LEAST = 4.5  # of text (AA)
LIGHT, DARK = SCHEMES = ("light", "dark")
BACKGROUNDS = {
    LIGHT: {"paper": "#fbf7f1", "card": "#ffffff", "tint": "#f3ebdf", "hero": "#f8e3d0"},
    DARK: {"paper": "#1b1917", "card": "#272421", "tint": "#302b26", "hero": "#33291f"},
}
"""What the accent stands on, or what stands on it; a test holds them against `ehrenamt.css`."""
USUAL = "#0b5d5a"
"""The accent where none was chosen; a test holds it against `ehrenamt.css`."""
TAGLINE = 120  # characters
HASHTAG = 50
_TOWARDS = {LIGHT: (0, 0, 0), DARK: (255, 255, 255)}
_DEEPER = 0.28  # how far the colour under a pointer is from the accent, towards black or white
_STEPS = 256
_HEX = re.compile(r"#(?:[0-9a-f]{3}|[0-9a-f]{6})")
_TAG = re.compile(r"\w*[^\W\d_]\w*")
_LINEAR_BELOW, _LINEAR = 0.04045, 12.92
_OFFSET, _SCALE, _GAMMA = 0.055, 1.055, 2.4
_WEIGHTS = (0.2126, 0.7152, 0.0722)
_FLARE = 0.05

Channels = tuple[int, int, int]


@dataclass(frozen=True, slots=True)
class Accent:
    """The accent as it is used in both schemes, each a colour "#rrggbb"."""

    light: str
    dark: str


def read_colour(text: str) -> str:
    """Return a colour as "#rrggbb", "" where it is none."""
    colour = text.strip().lower()
    if not _HEX.fullmatch(colour):
        return ""
    return colour if len(colour) == len("#rrggbb") else "#" + "".join(digit * 2 for digit in colour[1:])


def contrast(first: str, second: str) -> float:
    """Return the contrast of two colours, 1 to 21."""
    darker, brighter = sorted((_luminance(_channels(first)), _luminance(_channels(second))))
    return (brighter + _FLARE) / (darker + _FLARE)


def weakest(colour: str, scheme: str) -> float:
    """Return the least contrast that a colour has to what it stands on."""
    return min(contrast(colour, background) for background in BACKGROUNDS[scheme].values())


def nearest(colour: str, scheme: str) -> str:
    """Return the colour itself if it can be read, else the first that can on its way to black or to white."""
    shades = (_mixed(colour, scheme, step / _STEPS) for step in range(_STEPS + 1))
    return next(shade for shade in shades if weakest(shade, scheme) >= LEAST)


def problem(field: str, typed: str, scheme: str) -> Problem | None:
    """Say why a colour cannot be the accent of a scheme, and which would do."""
    colour = read_colour(typed)
    if not colour:
        return Problem(field, sentence("„%(typed)s“ ist keine Farbe; richtig wäre zum Beispiel #7a3b00", typed=typed))
    ratio = weakest(colour, scheme)
    if ratio >= LEAST:
        return None
    said = {"colour": colour, "ratio": _german(ratio), "nearest": nearest(colour, scheme)}
    if scheme == LIGHT:
        message = sentence(
            "%(colour)s hat vor hellen Flächen nur einen Kontrast von %(ratio)s:1; nötig sind 4,5:1. Am nächsten "
            "liegt %(nearest)s",
            **said,
        )
    else:
        message = sentence(
            "%(colour)s hat vor dunklen Flächen nur einen Kontrast von %(ratio)s:1; nötig sind 4,5:1. Am nächsten "
            "liegt %(nearest)s",
            **said,
        )
    return Problem(field, message)


def accent(light: str, dark: str) -> Accent:
    """Return the accent for both schemes; for the dark one, where none was chosen, a lighter shade of the other."""
    return Accent(read_colour(light), read_colour(dark) or nearest(read_colour(light), DARK))


def style(chosen: Accent) -> str:
    """Return the style sheet that puts the accent in the place of the usual one, in screens of both schemes."""
    light, dark, ink = chosen.light, chosen.dark, BACKGROUNDS[DARK]["paper"]
    return (
        f":root{{--brand:{light};--brand-deep:{_mixed(light, LIGHT, _DEEPER)};--on-brand:#ffffff}}\n"
        "@media screen and (prefers-color-scheme:dark){"
        f":root{{--brand:{dark};--brand-deep:{_mixed(dark, DARK, _DEEPER)};--on-brand:{ink}}}}}\n"
    )


def wrong_words(tagline: str, hashtag: str) -> list[Problem]:
    """Say what is wrong with a tagline and a hashtag, either of which may be empty."""
    found = []
    if len(tagline) > TAGLINE:
        numbers = {"number": len(tagline), "most": TAGLINE}
        message = sentence("hat %(number)s Zeichen; höchstens %(most)s passen in eine Zeile", **numbers)
        found.append(Problem("tagline", message))
    if hashtag and not (_TAG.fullmatch(hashtag) and len(hashtag) <= HASHTAG):
        message = sentence(
            "„%(hashtag)s“ ist kein Hashtag; richtig wäre ein Wort aus Buchstaben und Ziffern, höchstens 50, zum "
            "Beispiel EhrenamtHagen",
            hashtag=hashtag,
        )
        found.append(Problem("hashtag", message))
    return found


def _german(ratio: float) -> str:
    # Rounded down: what just fails must not read as if it passed.
    return f"{int(ratio * 100) / 100:.2f}".replace(".", ",")


def _mixed(colour: str, scheme: str, part: float) -> str:
    """Return a colour on its way to black (light scheme) or to white (dark); `part` is 0 to 1."""
    pairs = zip(_channels(colour), _TOWARDS[scheme], strict=True)
    return "#" + "".join(f"{round(channel + (end - channel) * part):02x}" for channel, end in pairs)


def _channels(colour: str) -> Channels:
    red, green, blue = (int(colour[start : start + 2], 16) for start in (1, 3, 5))
    return red, green, blue


def _luminance(channels: Channels) -> float:
    """Return the relative luminance, 0 to 1 (WCAG 2.2, "relative luminance")."""
    return sum(weight * _linear(channel / 255) for weight, channel in zip(_WEIGHTS, channels, strict=True))


def _linear(channel: float) -> float:
    return channel / _LINEAR if channel <= _LINEAR_BELOW else ((channel + _OFFSET) / _SCALE) ** _GAMMA
