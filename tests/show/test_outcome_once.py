"""An outcome is one declaration, a chart one function: whatever shows them follows."""

from __future__ import annotations

import io
import json
import subprocess
import sys
from typing import Any

import numpy as np
import pandas as pd
import pytest

from cisim.lab.simulate import simulate
from cisim.model.outcomes import FORMS, GROUPS, OUTCOMES
from cisim.show.charts import Chart, Numbers
from cisim.show.charts.frame import Sheet
from cisim.show.charts.series import ends, outcome_shown, series
from cisim.show.page.address.look import Look, explored_of
from cisim.show.page.outcomes import KEPT, SHOWN, STRIP
from cisim.show.page.views import explore, pictures

ADDED = """
import json
from cisim.model.outcomes import outcome

@outcome(
    title="Members that meet",
    form="percent",
    better="higher",
    group="membership",
    goal=0.4,
    menu=True,
    words="Share of members that met another member within twelve months.",
)
def members_that_meet(seen):
    return seen.connected / seen.members

import typer.testing
from cisim.cli import app
from cisim.lab.simulate import simulate
from cisim.show import charts
from cisim.show.documents import odd
from cisim.show.page.address.look import Look, explored_of
from cisim.show.page.views import explore
from cisim.world.scenario import Scenario

look = Look(view="explore", world="one-town", months=12, outcome="members_that_meet")
town = simulate(Scenario.load("national-and-regional", world="one-town", months=12), 4, 1)
page = explore.frame(look)
picture = explore.picture(look, [town])
listed = typer.testing.CliRunner().invoke(app, ["list", "outcomes", "--json"])
print(json.dumps({
    "menu": [name for _, group in page["outcomes"] for name, title in group
             if title == "Members that meet"],
    "goal": page["usual"], "unit": page["unit"],
    "titles": [chart["title"] for chart in picture["charts"]],
    "captions": [chart["caption"] for chart in picture["charts"]],
    "odd": "`members_that_meet` | Members that meet" in odd(),
    "column": "members_that_meet" in town.series,
    "listed": [one["title"] for one in json.loads(listed.stdout)["outcomes"]
               if one["name"] == "members_that_meet"],
}))
"""


def test_an_outcome_that_is_declared_is_everywhere() -> None:
    run = subprocess.run([sys.executable, "-c", ADDED], capture_output=True, text=True, check=False)
    assert run.returncode == 0, run.stderr[-2000:]
    found = json.loads(run.stdout.splitlines()[-1])
    assert found["menu"] == ["members_that_meet"]
    assert (found["goal"], found["unit"]) == (0.4, "")
    assert all(title.startswith("Members that meet") for title in found["titles"])
    assert all(caption.endswith("(%)") for caption in found["captions"])
    assert found["odd"]
    assert found["column"]
    assert found["listed"] == ["Members that meet"]


def test_titles_are_short_and_each_outcomes_own() -> None:
    titles = [one.title for one in OUTCOMES.values()]
    assert len(set(titles)) == len(titles)
    for name, one in OUTCOMES.items():
        assert 3 < len(one.title) <= 60, name
        assert one.title[0].isupper(), name
        assert not one.title.endswith("."), name
        assert one.words.endswith("."), name
        assert "_" not in one.title, name


def test_what_people_are_offered_can_be() -> None:
    assert set(SHOWN) == {name for name, one in OUTCOMES.items() if one.menu} | set(STRIP)
    assert set(SHOWN) <= set(KEPT)
    first = [name for name in SHOWN if OUTCOMES[name].headline]
    assert list(SHOWN[: len(first)]) == first
    for name, one in OUTCOMES.items():
        assert one.form in FORMS, name
        assert one.group in GROUPS, name
        assert one.unit, name
        if one.goal is not None:
            assert one.menu, name
            assert one.bounds[0] <= one.goal <= one.bounds[1], name
        assert one.menu or not one.headline, name


def lines(table: pd.DataFrame, outcome: str, *, month: float, where: str, width: int) -> Chart:
    """Return a chart of the tests: the middle of each scenario in words."""
    what = outcome_shown(outcome)
    data = series(table, what, None)
    _, values = ends(data, month)
    middles = np.nanmedian(values, axis=1)
    sheet = Sheet(f"{what.title} in short, {where}", what.words, "light", width)
    for name, middle in zip(data.names, middles, strict=True):
        sheet.write(f"{name}: {middle:.1f}", 14.0, "ink")
    numbers = Numbers(
        pd.DataFrame({"scenario": data.names, "middle": middles}),
        what.unit,
        ("middle",),
        factor=what.factor,
        named={"middle": "q50"},
    )
    said = f"{sheet.title}: {', '.join(data.names)}."
    return sheet.finish("lines", numbers, notes=[], footer="", summary=said, series=1)


def test_a_chart_is_on_the_page_when_it_is_named_there(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(explore, "EXPLORE", (*pictures.EXPLORE, lines))
    look = Look(
        view="explore", world="one-town", months=12, outcome="member_share", region="Town", month=6
    )
    town = simulate(explored_of(look)[0], 4, 1, outcomes=KEPT, by_region=True)
    shown: dict[str, Any] = explore.picture(look, [town], pictures.PHONE)["charts"][-1]
    assert shown["title"] == "Organisations that take part in short, Town"
    assert shown["caption"].endswith("(%)")
    assert (shown["kind"], "axis" in shown) == ("lines", False)
    filed = pd.read_csv(io.StringIO(shown["csv"]()))
    assert filed["q50"].item() == pytest.approx(np.median(town.at("member_share", 6, "Town")))
    assert shown["rows"][0][1] == f"{100 * filed['q50'].item():.2f}"
    assert shown["file"].endswith(f"-member-share-town-lines-{explore.Origin.of([town]).key}")
