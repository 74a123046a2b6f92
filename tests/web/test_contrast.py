"""Colours: text has a contrast of 4.5 and borders of fields 3 to what is behind them, in both schemes (WCAG 2.2 AA)."""

import re

import pytest

from fediverse_ehrenamt.kit import resources

TEXT = [
    ("ink", "paper"), ("ink", "card"), ("ink", "tint"), ("ink", "hero"), ("soft", "paper"), ("soft", "card"),
    ("soft", "tint"), ("brand", "paper"), ("brand", "card"), ("brand", "tint"), ("brand-deep", "paper"),
    ("brand-deep", "card"), ("brand-deep", "tint"), ("on-brand", "brand"), ("on-brand", "brand-deep"), ("warm", "card"),
    ("warm", "paper"), ("offer-ink", "offer"), ("event-ink", "event"), ("post-ink", "post"), ("stale-ink", "stale"),
    ("wrong", "card"), ("paper", "ink"), ("brand", "hero"), ("brand-deep", "hero"),
]  # fmt: skip
PARTS = [
    ("edge", "card"),
    ("edge", "paper"),
    ("focus", "paper"),
    ("focus", "card"),
    ("focus", "hero"),
    ("wrong", "paper"),
]


def schemes() -> dict[str, dict[str, str]]:
    style = (resources.folder("static") / "css" / "ehrenamt.css").read_text(encoding="utf-8")
    light, dark = (dict(re.findall(r"--([\w-]+): (#[0-9a-f]{3,6});", block)) for block in style.split(":root {")[1:3])
    return {"light": light, "dark": light | dark}


def luminance(colour: str) -> float:
    """Relative luminance after WCAG 2.2."""
    digits = colour[1:] if len(colour) == 7 else "".join(digit * 2 for digit in colour[1:])
    channels = [int(digits[start : start + 2], 16) / 255 for start in (0, 2, 4)]
    linear = [channel / 12.92 if channel <= 0.04045 else ((channel + 0.055) / 1.055) ** 2.4 for channel in channels]
    return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]


def contrast(first: str, second: str) -> float:
    brighter, darker = sorted((luminance(first), luminance(second)), reverse=True)
    return (brighter + 0.05) / (darker + 0.05)


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_contrast(scheme: str) -> None:
    colours = schemes()[scheme]
    weak = [pair for pair in TEXT if contrast(colours[pair[0]], colours[pair[1]]) < 4.5]
    weak += [pair for pair in PARTS if contrast(colours[pair[0]], colours[pair[1]]) < 3]
    assert weak == []
    assert contrast("#fff", "#000000") == pytest.approx(21)
