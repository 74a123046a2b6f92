"""The evaluations themselves: that they would notice what they look for."""

import pytest

from fediverse_ehrenamt.matching import gates
from tests.evaluation import exposure
from tests.evaluation import gates as evaluation


def test_gates_have_no_violations() -> None:
    figures = evaluation.run(40)
    assert figures["gates_pairs"] > 3000
    assert figures["gates_violations"] == 0


@pytest.mark.parametrize("reason", [gate.reason for gate in gates.GATES])
def test_a_gate_that_is_open_is_noticed(reason: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(gates, "GATES", tuple(gate for gate in gates.GATES if gate.reason != reason))
    figures = evaluation.run(40)
    assert figures["gates_violations"] > 0


def test_a_gate_that_hides_too_much_is_noticed(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(gates, "_CLEARANCES", frozenset({"einfach", "erweitert", "unbekannt"}))
    assert evaluation.run(40)["gates_hidden_without_reason"] > 0


def test_gini() -> None:
    assert exposure.gini([3, 3, 3, 3]) == 0
    assert exposure.gini([0, 0, 0, 8]) == 0.75
    assert exposure.gini([1, 3]) == pytest.approx(0.25)
    assert exposure.gini([0, 0]) == 0


@pytest.mark.unmeasured
def test_exposure_is_the_same_each_time_and_spreads() -> None:
    figures = exposure.run(40)
    assert figures == exposure.run(40)
    assert figures["exposure_gini"] < figures["exposure_gini_without_penalty"], "the penalty spreads offers"
    limited, free = figures["exposure_gini_organisations"], figures["exposure_gini_organisations_without_limit"]
    assert limited < free, "the limit spreads organisations"
    assert figures["exposure_mean_score"] > figures["exposure_mean_score_without_both"] - 3, "at a small price"
