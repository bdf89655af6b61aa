"""The seven components as one profile: as they were, and in the report."""

from __future__ import annotations

import pandas as pd
import pytest

from cisim.lab.compare import compare
from cisim.model.input_error import InputError
from cisim.show.charts import LEVELS, profile, profile_table
from cisim.show.report import KEPT, report
from cisim.world.levers.components import COMPONENTS
from cisim.world.scenario import Scenario


@pytest.mark.parametrize("width", [340, 640])
def test_the_report_has_the_profile_with_the_levels_of_the_runs(width: int) -> None:
    scenarios = [
        Scenario.load(name).with_(world="test-region", months=24)
        for name in ("no-backbone", "regional-only")
    ]
    found = compare(scenarios, 2, 1, outcomes=[*KEPT, *LEVELS])
    table = profile_table(found.ensembles.values())
    assert list(dict.fromkeys(table["component"])) == list(COMPONENTS)
    mine = table[(table["scenario"] == "regional-only") & (table["year"] == 2)]
    level = mine.set_index("component")["level"]
    mean = found.ensembles["regional-only"].summary(at=24, outcomes=["component_backbone"])["mean"]
    assert level["backbone_support"] == pytest.approx(mean.iloc[0])
    chart = profile(table, names={"regional-only": "Mine"}, width=width)
    assert f"Mine, at the end: common agenda {level['common_agenda']:.2f}" in chart.summary
    assert chart.title in report(found)
    assert chart.title not in report(compare(scenarios, 2, 1, outcomes=KEPT))


def test_a_table_that_is_none_is_refused() -> None:
    with pytest.raises(InputError, match="no column component"):
        profile(pd.DataFrame({"scenario": ["a"], "year": [0], "level": [0.5]}))
