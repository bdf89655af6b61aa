"""Learning, against sums by hand: who learns from whom, how much, and never beyond it."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest

from cisim.model.parameters import Parameters
from cisim.model.process import arguments
from cisim.model.processes.learning import learn, learn_and_measure

P = Parameters(
    meeting_learning=0.4, bridge_learning=0.5, measure_rate=0.6, know_rate=0.8, routine_decay=0.0
)


def learned(
    knowhow: list[float],
    measurement: list[float],
    meetings: list[tuple[int, int]] | None = None,
    *,
    p: Parameters = P,
    **given: Any,
) -> tuple[list[float], list[float]]:
    """Return know-how and measurement a month later.

    All organisations are members of one region and know each other; the meetings are of pairs, of
    which the first has asked.
    """
    size = len(knowhow)
    pairs = [(i, j) for i in range(size) for j in range(size) if i != j]
    held = meetings or []
    state: dict[str, Any] = {
        "meetings_held": np.array([len(held)]),
        "meetings_arc": np.array([pairs.index(pair) for pair in held], np.int32),
        "meetings_party": np.array([i for i, _ in held], np.int32),
        "meetings_productive": np.ones(len(held), bool),
        "member": np.ones(size, bool),
        "region": np.zeros(size, np.int32),
        "commitment": np.ones(size),
        "mandate": np.ones(size),
        "knowhow": np.array(knowhow),
        "measurement": np.array(measurement),
        "other": np.array([j for _, j in pairs], np.int32),
        "reverse": np.array([pairs.index((j, i)) for i, j in pairs], np.int32),
        "prior": np.full(len(pairs), 0.5),
        "kept": np.zeros(len(pairs)),
        "broken": np.zeros(len(pairs)),
        "roles": np.zeros((1, 5)),
        "direct": np.zeros((1, 5)),
        "upward": np.zeros(1),
        "reach": np.zeros((1, 5)),
        "backbones_knowhow": np.zeros(2),
        "best": np.zeros(2),
        "shared_measurement": 1.0,
        **given,
    }
    wanted = arguments(learn)
    assert set(state) <= set(wanted)
    learn(*(state[name] if name in state else getattr(p, name) for name in wanted))
    return state["knowhow"].tolist(), state["measurement"].tolist()


def by_backbone(**shares: float) -> dict[str, Any]:
    """Return what a backbone does: broker, knowledge from above, evaluator, bridge builder."""
    roles, direct, reach = np.zeros((1, 5)), np.zeros((1, 5)), np.zeros((1, 5))
    roles[0, 3] = shares.get("broker", 0.0)
    direct[0, 4] = shares.get("direct", 0.0)
    reach[0, 1], reach[0, 2] = shares.get("evaluator", 0.0), shares.get("bridge", 0.0)
    return {
        "roles": roles,
        "direct": direct,
        "reach": reach,
        "upward": np.array([shares.get("upward", 0.0)]),
        "backbones_knowhow": np.array([0.0, shares.get("knows", 0.0)]),
        "best": np.array([shares.get("best_knowhow", 0.0), shares.get("best_measurement", 0.0)]),
    }


def test_without_meetings_and_backbones_nobody_learns() -> None:
    assert learned([0.2, 0.7], [0.1, 0.6]) == ([0.2, 0.7], [0.1, 0.6])


def test_a_backbone_teaches_its_share_of_what_is_not_known() -> None:
    taught = 0.8 * (1 - (1 - 0.5 * 0.9) * (1 - 0.3 * 0.4))
    knowhow, measurement = learned(
        [0.2], [0.3], **by_backbone(knows=0.5, broker=0.9, upward=0.3, direct=0.4)
    )
    assert knowhow == pytest.approx([0.2 + taught * 0.8])
    assert measurement == [0.3]
    evaluated = 0.6 * 0.5 * 0.7 * 0.9
    _, measurement = learned(
        [0.2], [0.3], commitment=np.array([0.7]), mandate=np.array([0.9]),
        **by_backbone(evaluator=0.5),
    )  # fmt: skip
    assert measurement == pytest.approx([0.3 + evaluated * 0.7])


def test_what_is_carried_from_the_best_region_is_a_share_of_the_distance() -> None:
    given = by_backbone(bridge=0.6, best_knowhow=0.9, best_measurement=0.5)
    knowhow, measurement = learned([0.2, 0.95], [0.3, 0.6], **given)
    assert knowhow == pytest.approx([0.2 + 0.3 * 0.7, 0.95])
    assert measurement == pytest.approx([0.3 + 0.3 * 0.2, 0.6])


def test_gains_whose_weights_exceed_one_are_divided_by_their_sum() -> None:
    p = P.model_copy(update={"know_rate": 0.9, "measure_rate": 0.8, "bridge_learning": 0.7})
    given = by_backbone(
        knows=1.0, broker=1.0, evaluator=1.0, bridge=1.0, best_knowhow=0.9, best_measurement=0.5
    )
    knowhow, measurement = learned([0.2], [0.3], p=p, **given)
    assert knowhow == pytest.approx([0.2 + (0.9 * 0.8 + 0.7 * 0.7) / (0.9 + 0.7)])
    assert measurement == pytest.approx([0.3 + (0.8 * 0.7 + 0.7 * 0.2) / (0.8 + 0.7)])
    ahead = by_backbone(knows=1.0, broker=1.0, evaluator=1.0, bridge=1.0)
    knowhow, measurement = learned([0.2], [0.3], p=p, **ahead)  # nothing is carried, nor weighs
    assert knowhow == pytest.approx([0.2 + 0.9 * 0.8])
    assert measurement == pytest.approx([0.3 + 0.8 * 0.7])


def test_of_two_who_meet_the_one_who_knows_less_learns_as_far_as_it_trusts() -> None:
    trusts = {"prior": np.array([0.25, 0.75])}  # 0 of 1, 1 of 0
    knowhow, measurement = learned([0.2, 0.7], [0.6, 0.1], [(0, 1)], **trusts)
    assert knowhow == pytest.approx([0.2 + 0.4 * 0.25 * 0.5, 0.7])
    assert measurement == pytest.approx([0.6, 0.1 + 0.4 * 0.75 * 0.5])
    assert learned([0.2, 0.7], [0.6, 0.1], [(1, 0)], **trusts) == (
        pytest.approx(knowhow), pytest.approx(measurement),
    )  # fmt: skip


def test_meetings_whose_weights_exceed_one_bring_nobody_beyond_what_the_other_knows() -> None:
    knowhow, measurement = learned([0.2, 0.7], [0.6, 0.1], [(0, 1)] * 6, prior=np.ones(2))
    assert knowhow == pytest.approx([0.7, 0.7])
    assert measurement == pytest.approx([0.6, 0.6])
    knowhow, measurement = learned([0.7, 0.2], [0.1, 0.6], [(0, 1)] * 6, prior=np.ones(2))
    assert knowhow == pytest.approx([0.7, 0.7])
    assert measurement == pytest.approx([0.6, 0.6])
    knowhow, _ = learned([0.2, 0.7], [0.0, 0.0], [(0, 1)] * 2, prior=np.ones(2))
    assert knowhow == pytest.approx([0.2 + 2 * 0.4 * 0.5, 0.7])


def test_a_meeting_without_result_teaches_nothing_and_outsiders_measure_nothing() -> None:
    held = {"meetings_productive": np.array([False, True])}
    knowhow, measurement = learned([0.2, 0.7], [0.6, 0.1], [(0, 1)] * 2, **held)
    assert knowhow == pytest.approx([0.2 + 0.4 * 0.5 * 0.5, 0.7])
    assert measurement == pytest.approx([0.6, 0.1 + 0.4 * 0.5 * 0.5])
    for member in ([True, False], [False, True]):
        given = by_backbone(knows=1.0, broker=1.0, evaluator=1.0)
        knowhow, measurement = learned(
            [0.2, 0.7], [0.6, 0.1], [(0, 1)], member=np.array(member), prior=np.ones(2), **given
        )
        inside = member.index(True)
        before = [0.2, 0.7][inside]
        met = 0.4 * 0.5 if inside == 0 else 0.0
        weight = 0.8 + (0.4 if inside == 0 else 0.0)
        gained = (met + 0.8 * (1 - before)) / max(1.0, weight)
        assert knowhow[inside] == pytest.approx(before + gained)
        assert knowhow[1 - inside] == pytest.approx([0.2 + 0.4 * 0.5, 0.7][1 - inside])
        assert measurement[1 - inside] == [0.6, 0.1][1 - inside]


def test_a_meeting_of_equals_teaches_nothing_and_weighs_nothing() -> None:
    given = by_backbone(knows=1.0, broker=1.0, evaluator=1.0)
    knowhow, measurement = learned(
        [0.2, 0.2], [0.3, 0.3], [(0, 1), (1, 0)] * 2, prior=np.ones(2), **given
    )
    assert knowhow == pytest.approx([0.2 + 0.8 * 0.8] * 2)
    assert measurement == pytest.approx([0.3 + 0.6 * 0.7] * 2)


def test_what_is_not_used_decays_from_what_was_learned() -> None:
    p = P.model_copy(update={"routine_decay": 0.1, "knowhow_start": 0.3})
    knowhow, measurement = learned([0.2, 0.7], [0.5, 0.1], p=p)
    assert knowhow == pytest.approx([0.2 + 0.1 * 0.1, 0.7 - 0.1 * 0.4])
    assert measurement == pytest.approx([0.45, 0.09])


def test_levels_end_at_nothing_and_one() -> None:
    p = P.model_copy(update={"routine_decay": 5.0, "knowhow_start": 0.7})
    knowhow, measurement = learned([1.0, 0.0], [0.5, 0.0], p=p)
    assert knowhow == [0.0, 1.0]
    assert measurement == [0.0, 0.0]


def test_the_process_runs_this_kernel() -> None:
    assert learn_and_measure.bound.kernel is learn
