"""Tokens in links: bound to secret, purpose, subject and time; forged ones never pass."""

from datetime import UTC, datetime

import pytest

from fediverse_ehrenamt.kit import tokens
from fediverse_ehrenamt.kit.tokens import WrongToken

SECRET = "ein-geheimnis-mit-mehr-als-zweiunddreissig-zeichen"
UNTIL = datetime(2027, 1, 21, 12, 0, 0, 999_999, tzinfo=UTC)
SUBJECT = "https://hagen.example/ap/object/1"


def test_a_token_says_until_when_it_counts() -> None:
    token = tokens.sign(SECRET, "confirm", SUBJECT, UNTIL)
    assert tokens.check(SECRET, token, "confirm", SUBJECT) == UNTIL.replace(microsecond=0)
    assert tokens.check(SECRET, token.upper(), "confirm", SUBJECT) == UNTIL.replace(microsecond=0)
    assert token.isalnum()
    assert len(token) == 34


def test_no_change_passes() -> None:
    token = tokens.sign(SECRET, "confirm", SUBJECT, UNTIL)
    other = "b" if token[-2] != "b" else "c"
    changed = [token[:place] + ("0" if token[place] != "0" else "1") + token[place + 1 :] for place in range(8)]
    for wrong in [
        *changed,
        token[:-2] + other + token[-1],
        token[:-1],
        token + "a",
        "",
        "ü" * 34,
        token[8:] + token[:8],
    ]:
        with pytest.raises(WrongToken):
            tokens.check(SECRET, wrong, "confirm", SUBJECT)


def test_nothing_is_signed_without_a_secret() -> None:
    with pytest.raises(ValueError, match="no secret"):
        tokens.sign("", "confirm", SUBJECT, UNTIL)
    with pytest.raises(WrongToken):
        tokens.check("", tokens.sign(SECRET, "confirm", SUBJECT, UNTIL), "confirm", SUBJECT)


@pytest.mark.parametrize(
    ("secret", "purpose", "subject"),
    [
        (SECRET + "x", "confirm", SUBJECT),
        (SECRET, "close", SUBJECT),
        (SECRET, "confirm", SUBJECT + "2"),
        (SECRET, "confir", "m" + SUBJECT),
    ],
)
def test_it_counts_for_one_thing(secret: str, purpose: str, subject: str) -> None:
    token = tokens.sign(SECRET, "confirm", SUBJECT, UNTIL)
    with pytest.raises(WrongToken):
        tokens.check(secret, token, purpose, subject)
