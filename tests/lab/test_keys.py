"""Keys of runs: what decides the bits decides the key, and nothing else does."""

from __future__ import annotations

import inspect
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import pytest

import cisim.lab
from cisim.lab import replicate, robust, threshold
from cisim.lab.calibration import measured
from cisim.lab.calibration.runs import MEASURED
from cisim.lab.design import latin_hypercube
from cisim.lab.indicators import INDICATORS
from cisim.lab.optimise import future, runs
from cisim.lab.patterns import PATTERNS, validation
from cisim.lab.store import key_of, keys
from cisim.lab.store.keys import Known, packed, results_version
from cisim.model.outcomes import OUTCOMES
from cisim.model.past import Pasts
from cisim.world.scenario import Scenario


def test_a_key_depends_on_what_the_work_starts_from_and_on_the_code() -> None:
    assert key_of({"a": 1, "b": 2}) == key_of({"b": 2, "a": 1})
    different = {
        key_of({"a": 1}),
        key_of({"a": 2}),
        key_of({"a": 1.5}),
        key_of({"a": "\udce9"}),  # of a name of a file that is no text
        key_of({"a": 1}, ["cisim.lab.same_money"]),
        key_of({"a": 1}, ["cisim.lab.robust"]),
    }
    assert len(different) == 6
    assert all(len(key) == keys.LENGTH and int(key, 16) >= 0 for key in different)


def test_a_comment_in_the_lab_throws_no_study_away_and_a_rule_does(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.syspath_prepend(tmp_path)
    module = tmp_path / "decides_bits.py"

    def version(text: str) -> str:
        module.write_text(text)
        results_version.cache_clear()
        return results_version(("decides_bits",))

    before = version("def f(x):\n    return 2 * x\n")
    assert version('"""Why."""\ndef f(x):  # twice\n\n    return 2*x\n') == before
    assert version("def f(x):\n    return 3 * x\n") != before
    results_version.cache_clear()
    with pytest.raises(ValueError, match="no module no_such_module"):
        results_version(("no_such_module",))


def town(name: str = "national-and-regional") -> Scenario:
    return Scenario.load(name, world="one-town", months=24)


def robust_piece() -> Any:
    pair = (town(), town("no-backbone"))
    work = robust._Work(pair, latin_hypercube(2, 1), 1, 1, "joint_activity")
    return robust.THROUGH, lambda: robust._world(work, 0)


def threshold_piece() -> Any:
    work = threshold._Work((town(), town("no-backbone")), 1, "joint_activity", 24)
    return threshold.THROUGH, lambda: threshold._future(work, 0)


def validation_piece() -> Any:
    scenario = Scenario.load("national-and-regional", world="one-town", months=120)
    work = validation._Work(scenario, latin_hypercube(2, 1), 1, 1, tuple(PATTERNS))
    return validation.THROUGH, lambda: validation._set(work, 0)


def replicate_piece() -> Any:
    kept = replicate.Kept(tuple(OUTCOMES), (12, 24), each=("community", "organisation"))
    work = replicate.Work((town(),), (0,), None, 1, kept, False)
    return replicate.THROUGH, lambda: replicate.run_replicate(work, 0)


def optimised_piece() -> Any:
    scenario = town()
    payers = tuple(one.name for one in scenario.payers)
    work = future.Work((scenario,), latin_hypercube(2, 1), 1, payers, Pasts())
    return runs.THROUGH, lambda: future.run(work, 0)


def outcomes_piece() -> Any:
    reader = measured.Outcomes(town(), (measured.Reading("members", 12),))
    work = measured.Work((reader,), ({"effort_half": 1.0},), (1,))
    return (MEASURED, *reader.through), lambda: measured.measure(work, 0)


def indicators_piece() -> Any:
    reader = measured.Indicated(tuple(INDICATORS), 2, 2)
    work = measured.Work((reader,), ({"effort_half": 1.0},), (1,))
    return (MEASURED, *reader.through), lambda: measured.measure(work, 0)


PIECES = [
    robust_piece, threshold_piece, validation_piece, replicate_piece, optimised_piece,
    outcomes_piece, indicators_piece,
]  # fmt: skip


@pytest.mark.parametrize("piece", PIECES)
def test_the_lab_that_a_piece_of_work_goes_through_is_in_its_key(
    piece: Callable[[], Any],
) -> None:
    through, call = piece()
    lab = Path(inspect.getfile(cisim.lab)).parent
    seen: set[str] = set()

    def watch(frame: Any, event: str, _: object) -> None:
        if event == "call":
            seen.add(frame.f_code.co_filename)

    sys.setprofile(watch)
    try:
        call()
    finally:
        sys.setprofile(None)
    gone = {
        ".".join(("cisim", "lab", *Path(name).relative_to(lab).with_suffix("").parts))
        for name in seen
        if Path(name).is_relative_to(lab)
    }
    # The points of a design are in the key themselves, as the parameters of the run.
    assert gone - {"cisim.lab.design"} == set(through)


def test_keys_are_known_however_they_came() -> None:
    chance = np.random.default_rng(1)
    raw = [chance.bytes(12) for _ in range(12_000)] + [b"\0" * 12, b"\1" + b"\0" * 11]
    texts = [one.hex() for one in raw]
    known = Known(np.sort(packed(texts[:2000])))
    for one in raw[2000:9000] + raw[-2:]:
        assert one not in known
        known.add(one)
        assert one in known
    assert len(known) == 9002
    assert known.has(packed(texts)).tolist() == [True] * 9000 + [False] * 3000 + [True] * 2
    assert [one in known for one in raw[8990:9010]] == [True] * 10 + [False] * 10
    for wrong in ("", "12", "x" * 24, "é" * 24, "0" * 25):
        with pytest.raises(ValueError, match=r"key|hex"):
            packed([wrong])
