"""The chart of tiles: who gains and who loses, community by community."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pandas as pd
import pytest

import cisim
from cisim.model.input_error import InputError
from cisim.show.charts import tiles
from cisim.show.report import KEPT, report
from tests.show.test_charts import NASTY, assert_reads_well, everything


def made_up(many: int, regions: int = 1, n: int = 20, lose: bool = False) -> pd.DataFrame:
    place = np.arange(many)
    rows = []
    for s, name in enumerate(("one", "other")):
        mean = (0.5 + s) * np.cos(place * (3.0 / many)) if lose else 0.1 + s + 0.01 * place
        rows.append(
            pd.DataFrame(
                {
                    "scenario": name,
                    "against": "none",
                    "region": [f"Region {k * regions // many}" for k in place],
                    "community": [f"Region {k * regions // many}/Place {k}" for k in place],
                    "children": 500.0 + place,
                    "deprivation": (place + 1.0) / (many + 1.0),
                    "n": n,
                    "value": mean,
                    "mean": mean,
                    "low": mean - 0.1,
                    "high": mean + 0.1,
                    "gains": np.where(mean > 0, n - 2, 1),
                    "loses": np.where(mean > 0, 2, n - 1),
                    "equal": 0,
                }
            )
        )
    return pd.concat(rows, ignore_index=True)


TABLES = {
    "one": made_up(1),
    "named": made_up(14, lose=True),
    "named regions": made_up(40, regions=5),
    "many": made_up(300, regions=5, lose=True),
    "nasty": made_up(3).assign(community=[NASTY, "a" * 300, "短い名前"] * 2, region=NASTY),
    "flat": made_up(5).assign(mean=0.0, low=0.0, high=0.0),
}


@pytest.mark.parametrize("width", [320, 390, 640, 900])
@pytest.mark.parametrize("kind", TABLES)
def test_tiles_read_well_at_every_width(kind: str, width: int) -> None:
    chart = tiles(TABLES[kind], width=width, when="after 10 years", footer="cisim")
    assert_reads_well(chart)
    assert chart.svg == tiles(TABLES[kind], width=width, when="after 10 years", footer="cisim").svg


def test_a_tile_holds_name_gain_and_count_and_one_that_loses_has_a_broken_edge() -> None:
    chart = tiles(made_up(14, lose=True), names={"none": "No", "one": "First", "other": "Second"})
    words = everything(chart)
    assert chart.title == "Children's wellbeing: who gains over No"
    for said in ("Place 0", "+0.50", "18 of 20", "1 of 20", "First", "Second"):
        assert said in words
    losing = int((made_up(14, lose=True)["mean"] < 0).sum())
    assert losing
    assert chart.svg.count('stroke-dasharray="4 3"') == losing


def test_a_title_that_does_not_fit_leaves_out_over_whom_and_the_notes_are_whole() -> None:
    names = {"none": "A structure of which the name is long", "one": "First", "other": "Second"}
    wide = tiles(made_up(14), names=names, when="in January 2036", width=900)
    narrow = tiles(made_up(14), names=names, when="in January 2036", width=390)
    assert wide.title.endswith("who gains over A structure of which the name is long")
    assert narrow.title == "Children's wellbeing, in January 2036: who gains"
    assert "…" not in everything(narrow).replace("Place 1…", "")
    assert "a broken edge and a minus: it loses." in " ".join(everything(narrow).split())


def test_many_tiles_are_small_and_say_their_range_by_region() -> None:
    words = everything(tiles(made_up(300, regions=5)))
    assert "Place 7" not in words
    assert "Region 4: " in words


def test_the_table_and_the_summary_name_who_gains_most_and_least() -> None:
    chart = tiles(made_up(14, lose=True))
    assert "most Region 0/Place 0 (+0.50" in chart.summary
    assert "The less deprived half gains" in chart.summary
    assert list(chart.table.columns) == [
        "scenario", "community", "children", "deprivation", "mean", "low", "high", "gains",
        "loses", "n",
    ]  # fmt: skip
    assert len(chart.table) == 28


def test_a_table_that_is_none_is_refused() -> None:
    with pytest.raises(InputError, match="no column deprivation"):
        tiles(made_up(3).drop(columns="deprivation"))
    with pytest.raises(InputError, match="has no rows"):
        tiles(made_up(3).iloc[:0])


def test_a_report_shows_its_communities_where_the_comparison_has_kept_them() -> None:
    pair = [
        cisim.Scenario.load(name, world="one-town", months=12)
        for name in ("no-backbone", "national-and-regional")
    ]
    result = cisim.compare(pair, 3, 1, outcomes=KEPT, by_community=True)
    page = report(result)
    assert "who gains over" in page
    assert "1 of 6 by deprivation" in page
    plain = {name: replace(one, communities=None) for name, one in result.ensembles.items()}
    assert "by deprivation" not in report(replace(result, ensembles=plain))
