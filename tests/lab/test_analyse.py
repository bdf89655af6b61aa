"""All analyses that a study allows, together: what is left out and why, what is written."""

from __future__ import annotations

import json
import sys
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import pytest

import cisim
from cisim.lab.analyses import Answers, analyse
from cisim.lab.results import ANALYSES
from cisim.lab.study import InMemory, Study
from cisim.model.input_error import InputError
from tests.lab import made_up
from tests.lab.made_up import NAMES, box, study


def three(x: np.ndarray) -> np.ndarray:
    return np.where((x[:, 0] > 0.6) & (x[:, 1] < 0.5), -1.0, 1.0) + 0.1 * x[:, 2]


TWO = {"plain": lambda x: 0.8 - x[:, 0], "backbone": three}
QUICK = ("correlation", "ranking", "robustness", "tree")


def made(**options: Any) -> Study:
    return study(box(150, 4), TWO, **options)


@pytest.fixture(scope="module")
def whole() -> Answers:
    return analyse(made(noise=0.1, replicates=2), against="plain")


def test_what_the_design_allows_is_made_and_the_rest_is_left_out_with_the_reason(
    whole: Answers,
) -> None:
    assert [one.analysis for one in whole.answers] == [
        name for name in ANALYSES if name not in ("sobol", "pairs", "morris")
    ]
    assert dict(whole.left_out).keys() == {"sobol", "pairs", "morris"}
    assert 'allowed is kind = "saltelli"' in dict(whole.left_out)["sobol"]
    assert {one.scenario for one in whole.answers} == {"", "backbone"}
    assert set(whole.tables()) >= {"pawn", "pawn-by-month", "prim", "learning"}


def test_every_table_begins_with_what_it_is_about(whole: Answers) -> None:
    for name, table in whole.tables().items():
        assert table.columns[:2].tolist() == ["outcome", "scenario"], name
        assert {"month", "region"} <= set(table.columns), name
        assert len(table), name


def test_points_have_what_every_number_comes_from(whole: Answers) -> None:
    points = whole.points()
    x = whole.study.design.values
    np.testing.assert_allclose(
        points["wellbeing_gain of backbone"], whole.study.at("wellbeing_gain")[1]
    )
    assert (points["replicates of plain"] == 2).all()
    box_of = points.filter(like="prim box 1")
    assert box_of.shape[1] == 1
    inside = box_of.iloc[:, 0].to_numpy()
    assert x[inside, 0].min() > x[~inside, 0].min()
    assert points["point"].tolist() == list(range(150))


def test_several_scenarios_are_each_analysed_by_themselves() -> None:
    found = analyse(made(), only=["correlation"])
    assert [one.scenario for one in found.answers] == ["plain", "backbone"]
    assert set(found.tables()["correlation"]["scenario"]) == {"plain", "backbone"}


def test_a_threshold_says_what_failing_is_also_beside_another_scenario() -> None:
    found = analyse(made(), against="plain", threshold=0.5, only=["robustness", "tree"])
    table = found.tables()["robustness"]
    assert (table["threshold"] == 0.5).all()
    said = " ".join(found.sentences())
    assert "is below 0.5 in month 120" in said
    assert "it is worse than plain" in said


@pytest.mark.parametrize(
    ("options", "said"),
    [
        ({"only": ["sobol"]}, "Sobol' indices need"),
        ({"only": ["sobl"]}, "'sobl', which is no analysis. Did you mean sobol"),
        ({"only": []}, "only names nothing"),
        ({"only": ["pawn"], "threshold": 0.5}, "threshold would change nothing here"),
        ({"only": ["ranking"], "against": "plain"}, "against would change nothing here"),
        ({"against": "nobody"}, "'nobody' is no scenario of made-up"),
        ({"month": 7}, "month is 7, which was not kept"),
        ({"outcome": "gap_primary"}, "gap_primary was not kept"),
        ({"region": "North"}, "region 'North' was not kept"),
    ],
)
def test_what_cannot_be_answered_is_refused_in_one_sentence(options: Any, said: str) -> None:
    with pytest.raises(InputError, match=said):
        analyse(made(), **options)


def test_a_study_that_allows_nothing_says_why() -> None:
    with pytest.raises(InputError, match=r"made-up allows no analysis: .*\."):
        analyse(study(box(1, 4), TWO))


def test_a_missing_library_is_told_and_the_rest_is_made(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in list(sys.modules):
        if name.partition(".")[0] == "SALib":
            monkeypatch.delitem(sys.modules, name)
    monkeypatch.setitem(sys.modules, "SALib", None)
    found = analyse(made(), only=("correlation",))
    assert found.answers
    with pytest.raises(InputError, match=r"SALib is not installed.*'cisim\[analysis\]'"):
        analyse(made(), only=("pawn",))


def test_tables_points_charts_and_manifest_are_written_under_one_key(tmp_path: Path) -> None:
    from cisim.show.analysed import chart_files

    one = made(noise=0.1, replicates=2)
    found = analyse(
        one, only=QUICK, out=tmp_path / "a", draw=chart_files, command="cisim analyse a"
    )
    names = {path.name for path in (tmp_path / "a").iterdir()}
    assert {"correlation.csv", "correlation-by-month.csv", "points.parquet", "manifest.json",
            "correlation-1.svg", "correlation-2.svg", "robustness-1.svg"} <= names  # fmt: skip
    manifest = json.loads((tmp_path / "a" / "manifest.json").read_text())
    assert manifest["key"] == found.key
    assert manifest["made"] == {"by": "analyse"}
    assert manifest["study"]["key"] == found.study_key
    table = pd.read_csv(tmp_path / "a" / "correlation.csv")
    assert (table["manifest"] == found.key).all()
    assert found.key in (tmp_path / "a" / "correlation-1.svg").read_text()
    assert set(manifest["files"]) == names - {"manifest.json"}
    # A later one throws away what it has not.
    analyse(one, only=["ranking"], out=tmp_path / "a")
    left = {path.name for path in (tmp_path / "a").iterdir()}
    assert left == {"ranking.csv", "points.parquet", "manifest.json"}


def test_the_key_is_that_of_the_numbers_and_of_what_was_asked() -> None:
    first = analyse(made(), only=["ranking"])
    assert first.key == analyse(made(), only=["ranking"]).key
    assert first.key != analyse(made(), only=["ranking"], month=60).key
    other = made()
    kept = other.kept
    assert isinstance(kept, InMemory)
    kept.values[0, 0] += 1e-9
    assert first.key != analyse(other, only=["ranking"]).key


def test_a_study_is_never_written_over(tmp_path: Path) -> None:
    (tmp_path / "manifest.json").write_text('{"key": "abc"}')
    one = replace(made(), folder=tmp_path)
    assert analyse(one, only=["ranking"]).study_key == "abc"
    with pytest.raises(InputError, match="which holds the study itself"):
        analyse(one, only=["ranking"], out=tmp_path)


def test_a_saltelli_and_a_morris_study_have_theirs() -> None:
    salt = analyse(study(made_up.saltelli(32, 4, 0.0, 1.0), TWO), only=["sobol"])
    assert salt.tables()["sobol"]["parameter"].nunique() == 4
    with pytest.raises(InputError, match="pairs = true"):
        analyse(salt.study, only=["pairs"])
    both = cisim.analyse(study(made_up.saltelli(32, 4, 0.0, 1.0, True), TWO),
                         only=["sobol", "pairs"])  # fmt: skip
    assert both.tables()["pairs"].groupby("scenario").size().tolist() == [6, 6]
    assert "clear" in both.tables()["pairs"]
    found = analyse(study(made_up.morris(8, 4, 0.0, 1.0), TWO))
    assert {one.analysis for one in found.answers} == {"morris", "correlation"}
    assert "hang together" in dict(found.left_out)["robustness"]
    assert NAMES[0] in " ".join(found.sentences())
