"""Reads JSON as it stands in pages: with comments, a comma too many, and line breaks within texts."""

import json
import re

import orjson

# A text comes first, so that nothing within one counts; one that is never closed reaches to the end.
_TEXT = r'"(?:[^"\\]|\\.)*"?'
_COMMENTS = re.compile(_TEXT + r"|/\*.{0,5000}?\*/|<!--.{0,5000}?-->|//[^\n]*|<!\[CDATA\[|\]\]>", re.DOTALL)
_TOO_MANY = re.compile(_TEXT + r"|,(?=\s{0,1000}[\]}])|;(?=\s{0,1000}\Z)", re.DOTALL)
_LONGEST = 2_000_000  # characters that are mended


def loads(text: str) -> object:
    """Return the values of a JSON text; raises `orjson.JSONDecodeError`, with the line, where it is too broken."""
    try:
        return orjson.loads(text)
    except orjson.JSONDecodeError:
        if len(text) > _LONGEST:
            raise
        try:
            return json.loads(_TOO_MANY.sub(_kept, _COMMENTS.sub(_kept, text)), strict=False)
        except (ValueError, RecursionError):
            pass
        raise


def _kept(piece: re.Match[str]) -> str:
    """Return a text as it stands; of all else only its lines, so that a fault names the right one."""
    return piece[0] if piece[0].startswith('"') else "\n" * piece[0].count("\n")
