"""What a signature may cover (RFC 9421, section 2): which components are taken, and what each says of a request.

Taken are header fields as they stand, as bytes (`;bs`), and those whose type is known as structured fields (`;sf`) or
one member of them (`;key`); of derived components those of a request. What is for responses (`;req`, `@status`) or
trailers (`;tr`) is refused, as is any other parameter.
"""

import base64
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any
from urllib.parse import parse_qsl, quote

import http_sf
from http_sf.types import ParamsType

from fediverse_ehrenamt.federation.evidence import Request
from fediverse_ehrenamt.kit import ids
from fediverse_ehrenamt.kit.errors import BadSignature

DIGEST = "content-digest"
_MOST_PARAMETERS = 1_000  # of a query
_QUERY_PARAM = "@query-param"
_FIELD_PARAMETERS = (frozenset({"sf"}), frozenset({"bs"}), frozenset({"key"}), frozenset({"sf", "key"}))
# Structured fields that are dictionaries (RFC 9421, 9530 and 9218); of others it is not known what they are.
_DICTIONARIES = frozenset(
    {
        *("signature", "signature-input", "accept-signature", "priority"),
        *(DIGEST, "repr-digest", "want-content-digest", "want-repr-digest"),
    }
)

# Section 2.2. The authority is our own setting: what the request says of itself is checked, never believed.
_DERIVED: Mapping[str, Callable[[Request], str]] = {
    "@method": lambda request: request.method,
    "@target-uri": lambda request: ids.origin(request.origin) + request.target,
    "@authority": lambda request: ids.host(request.origin),
    "@scheme": lambda request: ids.origin(request.origin).partition("://")[0],
    "@request-target": lambda request: request.target,
    "@path": lambda request: request.target.partition("?")[0],
    "@query": lambda request: "?" + request.target.partition("?")[2],
}
DERIVED = frozenset(_DERIVED)


@dataclass(frozen=True, slots=True)
class Component:
    """A name with its parameters, in their order; a flag is True."""

    name: str
    parameters: tuple[tuple[str, str | bool], ...] = ()

    @property
    def identifier(self) -> str:
        """How it is written in front of its value (section 2.5)."""
        if not self.parameters:
            return f'"{self.name}"'
        parameters: ParamsType = dict(self.parameters)
        return str(http_sf.ser((self.name, parameters)))


def read_component(item: object) -> Component:
    """Read one member of the list of what is covered; raises BadSignature for what is not taken."""
    match item:
        case (str() as name, dict() as parameters):
            if parameters:
                _check(name, parameters)
            return Component(name, tuple(parameters.items()))
    raise BadSignature("components must be strings")


def _check(name: str, parameters: Mapping[str, object]) -> None:
    if name == _QUERY_PARAM:
        taken = set(parameters) == {"name"} and type(parameters["name"]) is str
    elif name.startswith("@") or frozenset(parameters) not in _FIELD_PARAMETERS:
        taken = False
    else:
        flags = all(parameters.get(flag, True) is True for flag in ("sf", "bs"))
        taken = flags and type(parameters.get("key", "")) is str and ("bs" in parameters or name in _DICTIONARIES)
    if not taken:
        raise BadSignature(f"the component {name[:64]} is not taken with {', '.join(parameters)[:64]} here")


def line(component: Component, request: Request) -> bytes:
    """Return the line of a component in the text that was signed; raises BadSignature where it has no one value."""
    return component.identifier.encode("ascii") + b": " + _value(component, request)


def _value(component: Component, request: Request) -> bytes:
    name = component.name
    if name == _QUERY_PARAM and component.parameters:
        return _query_parameter(str(component.parameters[0][1]), request).encode("ascii")
    if name.startswith("@"):
        derived = _DERIVED.get(name)
        if derived is None:
            raise BadSignature(f"the component {name[:64]} is not known for a request")
        return derived(request).encode("ascii")
    if not component.parameters:
        return request.signed_value(name.encode("ascii"))
    return _field(name, dict(component.parameters), request)


def _field(name: str, parameters: Mapping[str, str | bool], request: Request) -> bytes:
    if "bs" in parameters:
        return b":" + base64.b64encode(request.signed_value(name.encode("ascii"))) + b":"
    members = dictionary(request, name)
    if "key" not in parameters:
        return str(http_sf.ser(members)).encode("ascii")
    key = parameters["key"]
    if key not in members:
        raise BadSignature(f"the {name} header has no member of the name that is signed")
    return str(http_sf.ser([members[str(key)]])).encode("ascii")


def dictionary(request: Request, name: str) -> dict[str, Any]:
    """Return a header that is a dictionary (RFC 9651); raises BadSignature where it is missing, or none."""
    try:
        parsed = http_sf.parse(
            request.signed_value(name.encode("ascii")), tltype="dictionary", on_duplicate_key=_refuse_duplicate
        )
    except ValueError as error:
        raise BadSignature(f"the {name} header is malformed") from error
    assert isinstance(parsed, dict), "that is what tltype asks for"
    return parsed


def _refuse_duplicate(key: str, context: str) -> None:
    raise BadSignature(f"the {context} key {key[:64]} stands there twice")


def _query_parameter(name: str, request: Request) -> str:
    """Return the one value of a parameter, both written as section 2.2.8 has it."""
    try:
        pairs = parse_qsl(
            request.target.partition("?")[2], keep_blank_values=True, max_num_fields=_MOST_PARAMETERS, separator="&"
        )
    except ValueError as error:
        raise BadSignature("there are too many parameters in the query") from error
    values = [_written(value) for given, value in pairs if _written(given) == name]
    if len(values) != 1:
        raise BadSignature("a signed query parameter must stand in the query once")
    return values[0]


def _written(text: str) -> str:
    """Return a text in the percent-encoding of WHATWG's application/x-www-form-urlencoded, a space as %20."""
    return quote(text, safe="*").replace("~", "%7E")
