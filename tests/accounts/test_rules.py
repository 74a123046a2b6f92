"""Who may do what, and what a path, a device and a session are: the rules alone."""

from datetime import UTC, datetime, timedelta

import pytest

from fediverse_ehrenamt.accounts import rules
from fediverse_ehrenamt.accounts.rules import Grant, Permission, Role, Visitor
from tests.accounts.house import FIREFOX

HERE, THERE = "https://hagen.example/ap/actor/buecherei", "https://hagen.example/ap/actor/thw"
# Written down a second time, in other words: o operator, c coordinator, m moderator, w owner, e editor.
MATRIX = {
    "manage people": "o", "operate": "o", "edit the instance": "oc", "manage sources": "oc", "block": "om",
    "moderate": "ocm", "approve organisations": "oc", "review duplicates": "oc", "review offers": "c",
    "follow up enquiries": "c", "see statistics": "oc", "see the log": "ocm", "edit offers": "cwe",
    "answer enquiries": "cwe", "answer messages": "cwe", "edit the organisation": "cw", "manage colleagues": "cw",
}  # fmt: skip
LETTERS = {Role.OPERATOR: "o", Role.COORDINATOR: "c", Role.MODERATOR: "m", Role.OWNER: "w", Role.EDITOR: "e"}


def grant(role: Role, organisation: str = HERE) -> Grant:
    return Grant(role, organisation if role in rules.OF_ORGANISATION else "")


@pytest.mark.parametrize("permission", Permission)
def test_every_role_may_what_the_matrix_says_and_no_more(permission: Permission) -> None:
    place = HERE if permission in rules.IN_ORGANISATION else ""
    allowed = {letter for role, letter in LETTERS.items() if rules.may([grant(role)], permission, place)}
    assert allowed == set(MATRIX[permission])
    assert not rules.may([], permission, place)
    if place:
        elsewhere = {letter for role, letter in LETTERS.items() if rules.may([grant(role)], permission, THERE)}
        assert elsewhere == set(MATRIX[permission]) - {"w", "e"}, "who works there has no say elsewhere"


def test_a_permission_is_asked_for_with_its_organisation_or_without() -> None:
    everything = [Grant(Role.OPERATOR), Grant(Role.COORDINATOR), Grant(Role.OWNER, HERE)]
    with pytest.raises(ValueError, match="which organisation"):
        rules.may(everything, Permission.EDIT_OFFERS)
    with pytest.raises(ValueError, match="buecherei"):
        rules.may(everything, Permission.MODERATE, HERE)


@pytest.mark.parametrize(("role", "organisation"), [(Role.OWNER, ""), (Role.OPERATOR, HERE)])
def test_a_role_is_of_the_instance_or_of_an_organisation(role: Role, organisation: str) -> None:
    with pytest.raises(ValueError, match=role):
        Grant(role, organisation)


def test_who_acts_for_an_organisation_that_is_not_theirs_is_known() -> None:
    assert rules.on_behalf([Grant(Role.COORDINATOR), Grant(Role.OWNER, THERE)], HERE)
    assert not rules.on_behalf([Grant(Role.COORDINATOR), Grant(Role.EDITOR, HERE)], HERE)


def test_menus_know_where_somebody_works() -> None:
    visitor = Visitor("1", "Anna", "a@b.de", "de", (Grant(Role.EDITOR, HERE), Grant(Role.OWNER, THERE)), "s")
    assert visitor.organisations == (HERE, THERE)
    assert not visitor.for_instance
    assert visitor.may(Permission.EDIT_OFFERS, HERE)
    assert Visitor("1", "Anna", "a@b.de", "de", (Grant(Role.MODERATOR),), "s").for_instance


@pytest.mark.parametrize("path", ["/", "/verwaltung?seite=2", "/angebote/x-y"])
def test_a_path_of_ours_is_gone_on_to(path: str) -> None:
    assert rules.local(path) == path


@pytest.mark.parametrize(
    "path",
    ["", "https://evil.example/", "//evil.example", "/\\evil.example", "/a\\b", "javascript:alert(1)", "/a\r\nX: y",
     "/\t/evil.example", "/" + "a" * 500, "/ü"],
)  # fmt: skip
def test_nothing_else_is(path: str) -> None:
    assert rules.local(path) == rules.START


@pytest.mark.parametrize(
    ("agent", "expected"),
    [
        (FIREFOX, ("Firefox", "Linux")),
        ("Mozilla/5.0 (Windows NT 10.0) AppleWebKit/537.36 Chrome/140.0 Safari/537.36 Edg/140.0", ("Edge", "Windows")),
        ("Mozilla/5.0 (Linux; Android 15) AppleWebKit/537.36 Chrome/140 Mobile Safari/537.36", ("Chrome", "Android")),
        ("Mozilla/5.0 (iPhone; CPU iPhone OS 18_0 like Mac OS X) Version/18.0 Safari/604.1", ("Safari", "iPhone")),
        ("curl/8.0", ("", "")),
        ("", ("", "")),
    ],
)
def test_devices_have_the_names_that_people_know(agent: str, expected: tuple[str, str]) -> None:
    assert rules.device(agent) == expected


def test_a_session_slides_but_not_for_ever() -> None:
    begun = datetime(2026, 1, 1, tzinfo=UTC)
    assert rules.session_until(begun, begun) == begun + timedelta(days=30)
    assert rules.session_until(begun, begun + timedelta(days=29)) == begun + timedelta(days=59)
    assert rules.session_until(begun, begun + timedelta(days=170)) == begun + timedelta(days=180)
