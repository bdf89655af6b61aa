"""A robust answer: who is best in how many sampled worlds, what harms, what decides."""

from __future__ import annotations

import json
import math
import random
from pathlib import Path

import numpy as np
import pandas as pd
import pytest
from pyarrow import parquet

from cisim.lab.design import Design, latin_hypercube
from cisim.lab.disk import digest_of
from cisim.lab.manifest import MANIFEST
from cisim.lab.robust import REFERENCE, Robust, _reference, robust
from cisim.model.input_error import InputError
from cisim.world.scenario import Scenario


def made_up(values: np.ndarray, reference: object, design: Design | None = None) -> Robust:
    n = values.shape[0]
    without = np.broadcast_to(np.asarray(reference, float).reshape(-1, 1), (n, 2))
    return Robust(
        names=tuple("abc"[: values.shape[1]]),
        outcome="wellbeing_gain",
        values=values,
        wellbeing=values,
        reference=without,
        design=latin_hypercube(n) if design is None else design,
        replicates=1,
        seed=1,
        asked=n,
    )


def test_best_lead_and_harm_by_hand() -> None:
    values = np.array([[1.0, 0.5], [0.8, 0.9], [-0.2, -0.3], [0.4, 0.4]])
    table = made_up(values, [0.1, 0.1, 0.1, 0.5]).table().set_index("scenario")
    a, b = table.loc["a"], table.loc["b"]
    assert (a["best"], b["best"], a["of"]) == (2, 1, 4)
    assert made_up(values, 0.1).tied == 1
    assert a["lead"] == pytest.approx(0.3)
    assert b["lead"] == pytest.approx(0.1)
    assert a["behind"] == pytest.approx(0.1)
    assert a["below_ordinary"] == 0.25
    assert (a["below_reference"], b["below_reference"]) == (0.5, 0.5)
    assert a["over_reference"] == pytest.approx(np.median([0.9, 0.7, -0.3, -0.1]))


def test_what_decides_is_named_with_its_evidence() -> None:
    design = latin_hypercube(120, seed=4)
    own_value = design.values[:, design.names.index("own_value")]
    middle = np.median(own_value)
    values = np.column_stack([middle - own_value, np.zeros(120)])
    found = made_up(values, 0.0, design)
    deciding = found.deciding()
    assert len(deciding) == 3
    first = deciding.iloc[0]
    assert first["parameter"] == "own_value"
    assert first["correlation"] == pytest.approx(-1.0)
    assert (first["best_low"], first["best_high"]) == (1.0, 0.0)
    assert first["clear"]
    assert deciding["correlation"].abs().iloc[1:].max() < 0.4  # chance
    assert first["source"] == "Kuklinski 2015"
    assert first["plausible_low"] < first["default"] < first["plausible_high"]
    assert any("own_value" in sentence for sentence in found.sentences())
    with pytest.raises(InputError, match="'x' is not one of a, b"):
        found.deciding("x")


def test_sentences_where_nothing_stands_out() -> None:
    values = np.column_stack([np.ones(30), np.zeros(30)])
    told = made_up(values, 0.0).sentences()
    assert "a is best in 30 of 30 sampled worlds, there by 1 points of 100 (median)" in told[0]
    assert told[-1] == "No single parameter stands out as deciding which is best."
    nothing = made_up(np.zeros((0, 2)), np.zeros(0), Design(("turnover",), np.zeros((0, 1)), 1))
    assert nothing.sentences() == ["No sampled world is finished, so nothing can be said."]


def test_the_reference_has_no_backbone_and_no_grants() -> None:
    both = Scenario.load("national-and-regional", world="one-town")
    none = Scenario.load("no-backbone", world="one-town")
    assert _reference([both, none]) is none
    event = {"kind": "backbone-ends", "month": 3, "level": "national"}
    chosen = {"kind": "backbone-chosen", "month": 4}
    turnover = {"kind": "turnover-wave", "month": 3}
    made = _reference([both.with_(events=[event, chosen, turnover])])
    assert made.name == REFERENCE
    assert [one.kind for one in made.events] == ["turnover-wave"]
    assert not made.structure.regional
    assert made.structure.national_fte == 0


def town(shipped: str, **changes: object) -> Scenario:
    return Scenario.load(shipped, world="one-town", months=24).with_(**changes)  # type: ignore[arg-type]


def test_scenarios_meet_the_same_worlds_and_work_continues(tmp_path: Path) -> None:
    given = [town("national-and-regional"), town("national-and-regional", name="twin")]
    found = robust(given, points=4, replicates=2, workers=1, out=tmp_path)
    assert found.worlds == found.asked == 4
    np.testing.assert_array_equal(found.values[:, 0], found.values[:, 1])
    assert found.tied == 4
    assert math.isnan(found.table()["lead"][0])
    told: list[str] = []
    again = robust(given, points=4, replicates=2, workers=1, out=tmp_path, say=told.append)
    assert told == ["8 of 8 are there from before."]
    np.testing.assert_array_equal(found.values, again.values)
    tidy = pd.read_parquet(tmp_path / "robust.parquet")
    assert list(tidy.columns) == ["scenario", "point", "wellbeing_gain"]
    assert len(tidy) == 3 * 4


def test_a_parameter_that_scenarios_set_is_not_sampled() -> None:
    given = [
        town("national-and-regional", parameters={"effort_half": 1.0}),
        town("no-backbone", parameters={"effort_half": 1.0}),
    ]
    found = robust(given, points=2, workers=1)
    assert "effort_half" not in found.design.names
    assert "own_value" in found.design.names
    np.testing.assert_array_equal(found.values[:, 1], found.reference[:, 0])


def test_what_cannot_be_compared_is_refused() -> None:
    with pytest.raises(InputError, match="allowed are two or more"):
        robust([town("no-backbone")])
    both = [town("no-backbone"), town("national-and-regional")]
    with pytest.raises(InputError, match="points is 0"):
        robust(both, points=0)
    with pytest.raises(InputError, match="is not an outcome"):
        robust(both, outcome="welbeing_gain")
    with pytest.raises(InputError, match="neither more nor less is better"):
        robust(both, outcome="phase")
    elsewhere = Scenario.load("national-and-regional", world="test-region", months=24)
    with pytest.raises(InputError, match="allowed is one world"):
        robust([both[0], elsewhere])


# --- on disk ---------------------------------------------------------------------------------


def both_towns() -> list[Scenario]:
    return [town("national-and-regional"), town("no-backbone")]


def test_a_robust_answer_has_a_manifest_from_which_it_can_be_run_again(tmp_path: Path) -> None:
    command = ["cisim", "compare", str(tmp_path / "mine.toml"), "--uncertain"]
    found = robust(
        both_towns(), points=3, replicates=2, workers=1, seed=9, out=tmp_path, command=command
    )
    manifest = json.loads((tmp_path / MANIFEST).read_text("utf-8"))
    assert manifest == found.manifest
    assert manifest["command"] == "cisim compare mine.toml --uncertain"
    assert set(manifest["sources"]) == {"model", "package"}
    assert manifest["seeds"] == {"first": 9, "finished": [[9, 14]]}
    assert (manifest["asked"], manifest["incomplete"], manifest["failed"]) == (6, False, [])
    assert manifest["design"]["parameters"] == list(found.design.names)
    assert Scenario.from_resolved(manifest["reference"]).name == "no-backbone"
    assert set(manifest["times"]) == {"started", "finished", "seconds", "written"}
    assert set(manifest["files"]) == {"robust.parquet", "designs.parquet"}
    for name, digest in manifest["files"].items():
        assert digest_of(tmp_path / name) == digest
        kept = parquet.read_schema(tmp_path / name).metadata[b"cisim"].decode()
        assert kept == manifest["key"]
    again = robust(
        [Scenario.from_resolved(one) for one in manifest["scenarios"]],
        points=manifest["points"],
        replicates=manifest["replicates"],
        seed=manifest["seeds"]["first"],
        outcome=manifest["outcomes"][0],
        workers=1,
    )
    assert again.manifest is None
    np.testing.assert_array_equal(again.values, found.values)
    np.testing.assert_array_equal(again.design.values, found.design.values)
    other = robust(both_towns(), points=3, replicates=2, workers=1, seed=10, out=tmp_path)
    assert other.manifest is not None
    assert other.manifest["key"] != manifest["key"]


def test_an_interrupted_robust_answer_says_which_futures_have_finished(tmp_path: Path) -> None:
    def stop(done: int, total: int) -> None:
        if done == 3:
            raise KeyboardInterrupt

    found = robust(both_towns(), points=4, replicates=2, workers=1, out=tmp_path, progress=stop)
    assert found.incomplete
    assert found.worlds == 1
    manifest = json.loads((tmp_path / MANIFEST).read_text("utf-8"))
    assert manifest["incomplete"]
    assert manifest["seeds"] == {"first": 1, "finished": [[1, 3]]}
    assert manifest["asked"] == 8
    whole = robust(both_towns(), points=4, replicates=2, workers=1, out=tmp_path)
    assert not whole.incomplete
    assert json.loads((tmp_path / MANIFEST).read_text("utf-8")) == whole.manifest


def test_damaged_parts_change_no_answer(tmp_path: Path) -> None:
    whole = robust(both_towns(), points=4, workers=1, out=tmp_path)
    (part,) = tmp_path.glob("parts/part-*.parquet")
    data = part.read_bytes()
    chance = random.Random(3)
    for _ in range(12):
        place = chance.randrange(8 * len(data))
        damaged = bytearray(data)
        damaged[place // 8] ^= 1 << place % 8
        part.write_bytes(damaged)
        told: list[str] = []
        found = robust(both_towns(), points=4, workers=1, out=tmp_path, say=told.append)
        assert told == [f"{part.name} is damaged; what it held is done again."]
        assert found.values.tobytes() == whole.values.tobytes()
        assert found.sentences() == whole.sentences()
        assert part.read_bytes() == data


def test_a_robust_answer_takes_the_place_of_an_earlier_result(tmp_path: Path) -> None:
    for name in ("series.parquet", "summary.csv", "network.svg", MANIFEST):
        (tmp_path / name).write_text("earlier")
    robust(both_towns(), points=1, workers=1, out=tmp_path)
    names = {path.name for path in tmp_path.iterdir()}
    assert names == {
        "parts", "robust.parquet", "designs.parquet", MANIFEST,
    }  # fmt: skip
