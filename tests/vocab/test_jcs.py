"""RFC 8785: the RFC's own examples, and JavaScript, whose way of writing numbers it prescribes, as a second opinion."""

import math
import random
import struct
import subprocess
from typing import Any

import orjson
import pytest
from hypothesis import given
from hypothesis import strategies as st

from fediverse_ehrenamt.kit.errors import Malformed
from fediverse_ehrenamt.vocab import jcs
from tests import servers

# RFC 8785, appendix B: the bits of a double, and how it is written.
NUMBERS = {
    "0000000000000000": "0",
    "8000000000000000": "0",
    "0000000000000001": "5e-324",
    "8000000000000001": "-5e-324",
    "7fefffffffffffff": "1.7976931348623157e+308",
    "ffefffffffffffff": "-1.7976931348623157e+308",
    "4340000000000000": "9007199254740992",
    "c340000000000000": "-9007199254740992",
    "4430000000000000": "295147905179352830000",
    "44b52d02c7e14af5": "9.999999999999997e+22",
    "44b52d02c7e14af6": "1e+23",
    "44b52d02c7e14af7": "1.0000000000000001e+23",
    "444b1ae4d6e2ef4e": "999999999999999700000",
    "444b1ae4d6e2ef4f": "999999999999999900000",
    "444b1ae4d6e2ef50": "1e+21",
    "3eb0c6f7a0b5ed8c": "9.999999999999997e-7",
    "3eb0c6f7a0b5ed8d": "0.000001",
    "41b3de4355555553": "333333333.3333332",
    "41b3de4355555554": "333333333.33333325",
    "41b3de4355555555": "333333333.3333333",
    "41b3de4355555556": "333333333.3333334",
    "41b3de4355555557": "333333333.33333343",
    "becbf647612f3696": "-0.0000033333333333333333",
    "43143ff3c1cb0959": "1424953923781206.2",
}
_JAVASCRIPT = """
const sorted = (value) =>
  Array.isArray(value) ? value.map(sorted)
  : value && typeof value === "object"
    ? new Map(Object.keys(value).sort().map((key) => [key, sorted(value[key])]))
    : value;
const text = (value) =>
  Array.isArray(value) ? `[${value.map(text)}]`
  : value instanceof Map ? `{${[...value].map(([key, inner]) => `${JSON.stringify(key)}:${text(inner)}`)}}`
  : JSON.stringify(value);
let input = "";
process.stdin.setEncoding("utf8");
for await (const part of process.stdin) input += part;
console.log(JSON.stringify(JSON.parse(input).map((one) => text(sorted(one)))));
"""
values = st.recursive(
    st.none() | st.booleans() | st.integers(-jcs.MAX_INTEGER, jcs.MAX_INTEGER) | st.floats(-1e6, 1e6) | st.text(),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.text(max_size=4), inner, max_size=4),
    max_leaves=12,
)


@pytest.mark.parametrize(("bits", "written"), NUMBERS.items())
def test_the_numbers_of_the_rfc(bits: str, written: str) -> None:
    (number,) = struct.unpack(">d", bytes.fromhex(bits))
    assert jcs.canonical([number]).decode() == f"[{written}]"


def test_the_examples_of_the_rfc() -> None:
    """§3.2.2 and §3.2.3."""
    sample = rb"""{
      "numbers": [333333333.33333329, 1E30, 4.50, 2e-3, 0.000000000000000000000000001],
      "string": "\u20ac$\u000F\u000aA'\u0042\u0022\u005c\\\"\/",
      "literals": [null, true, false]
    }"""
    written = rb"""{"literals":[null,true,false],"numbers":[333333333.3333333,1e+30,4.5,0.002,1e-27],"string":"""
    assert jcs.canonical(orjson.loads(sample)) == written + '"€$\\u000f\\nA\'B\\"\\\\\\\\\\"/"}'.encode()
    keys = ["\u20ac", "\r", "\ufb33", "1", "\U0001f600", "\u0080", "\u00f6"]
    in_order = ["\r", "1", "\u0080", "\u00f6", "\u20ac", "\U0001f600", "\ufb33"]
    assert list(orjson.loads(jcs.canonical(dict.fromkeys(keys, 1.0)))) == in_order


@pytest.mark.parametrize("written", ["51.0", "51", "5.1e1", "51.00"])
def test_a_coordinate_is_written_in_one_way(written: str) -> None:
    assert jcs.canonical(orjson.loads(f'{{"latitude": {written}}}')) == b'{"latitude":51}'


def _any(dice: random.Random) -> Any:
    kind = dice.randrange(6)
    if kind == 0:
        found: float = struct.unpack(">d", dice.randbytes(8))[0]
        return found if math.isfinite(found) else 0.5
    if kind == 1:
        return dice.choice([1, -1]) * dice.random() * 10 ** dice.randint(-9, 23)
    if kind == 2:
        return dice.randint(-jcs.MAX_INTEGER, jcs.MAX_INTEGER)
    letters = 'aZ019-_.:@\x00\x1f\x7f"\\/é\u2028\ud7ff\ue000\ufffd\U0001f33b\U0010ffff'
    if kind == 3:
        return "".join(dice.choices(letters, k=dice.randrange(6)))
    if kind == 4:
        return [_any(dice) for _ in range(dice.randrange(3))]
    return {"".join(dice.choices(letters, k=dice.randrange(4))): _any(dice) for _ in range(dice.randrange(5))}


def test_javascript_writes_the_same() -> None:
    dice = random.Random(8785)  # noqa: S311 - the same every time
    made = [_any(dice) for _ in range(4_000)]
    done = subprocess.run(
        [servers.node(), "--input-type=module", "-e", _JAVASCRIPT],
        input=orjson.dumps(made),
        capture_output=True,
        check=True,
        timeout=60,
    )
    theirs = orjson.loads(done.stdout)
    assert len(theirs) == len(made)
    differing = [
        (value, their) for value, their in zip(made, theirs, strict=True) if jcs.canonical(value) != their.encode()
    ]
    assert differing == []


@given(values)
def test_it_says_the_same_and_is_canonical_itself(value: Any) -> None:
    written = jcs.canonical(value)
    assert orjson.loads(written) == orjson.loads(orjson.dumps(value))
    assert jcs.canonical(orjson.loads(written)) == written


@pytest.mark.parametrize("number", [2**53, -(2**53), 2**64 - 1, math.inf, -math.inf, math.nan])
def test_numbers_that_programs_read_differently_have_no_form(number: float) -> None:
    for value in (number, [1.5, number], {"a": {"b": [number, 51.0]}}):
        with pytest.raises(Malformed, match="no canonical form"):
            jcs.canonical(value)


def test_the_largest_number_that_all_read_alike() -> None:
    assert jcs.canonical(jcs.MAX_INTEGER) == b"9007199254740991"


def test_the_bounds() -> None:
    deep: Any = 1
    for _ in range(jcs.MAX_DEPTH):
        deep = [deep]
    assert jcs.canonical(deep) == b"[" * jcs.MAX_DEPTH + b"1" + b"]" * jcs.MAX_DEPTH
    with pytest.raises(Malformed, match="deeper"):
        jcs.canonical([deep])
    jcs.canonical([0] * (jcs.MAX_VALUES - 1))
    with pytest.raises(Malformed, match="values"):
        jcs.canonical([0] * jcs.MAX_VALUES)
