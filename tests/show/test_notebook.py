"""What a notebook shows: a short text and the report's own picture, safe and bounded."""

from __future__ import annotations

import base64
import re
import subprocess
import sys
from collections.abc import Sequence
from dataclasses import replace
from html import unescape
from typing import Any

import numpy as np
import pytest

import cisim
from cisim.lab.design import Design
from cisim.lab.robust import robust
from cisim.lab.study import InMemory, Study
from cisim.model.input_error import InputError
from cisim.show import notebook
from cisim.show.charts import Chart
from cisim.show.drawn import MOST_DRAWN
from cisim.show.report import analysis_report, report
from tests.lab import made_up

NAMES = ("no-backbone", "national-and-regional")


@pytest.fixture(scope="module")
def comparison() -> cisim.Comparison:
    pair = [cisim.Scenario.load(name, world="one-town", months=24) for name in NAMES]
    return cisim.compare(pair, 12, workers=1, beliefs="fixed")


class Watched(InMemory):
    """Says what was read."""

    def runs(self, outcome: str, months: Sequence[int], region: str) -> Any:
        READ.append((outcome, tuple(months), region))
        return super().runs(outcome, months, region)


READ: list[tuple[str, tuple[int, ...], str]] = []


def study(points: int = 8, replicates: int = 2) -> Study:
    outcomes, months = ("member_share", "wellbeing_gain"), (12, 24)
    shape = (2, points, replicates, 2, 1, 2)
    values = np.sin(np.arange(np.prod(shape), dtype=float)).reshape(shape) / 2 + 0.5
    values[1, 0] = np.nan  # not finished
    design = Design(("effort_half",), np.linspace(0.5, 2.0, points)[:, None], 1)
    kept = Watched(outcomes, months, ("overall",), values)
    return Study(
        "mine", ("a", "b"), design, outcomes, np.array(months), ("overall",), replicates, kept
    )


def picture(html: str) -> str:
    """Return the SVG of a representation's image."""
    (found,) = re.findall(r'<img alt="[^"]+" [^>]*src="data:image/svg\+xml;base64,([^"]+)">', html)
    return base64.b64decode(found).decode("utf-8")


def test_plot_is_the_reports_chart_to_the_last_byte(comparison: cisim.Comparison) -> None:
    page = report(comparison, goals={"member_share": 0.5})
    for chart in (
        comparison.plot(),
        comparison.plot(width=390),
        comparison.plot(kind="differences"),
        comparison.plot(kind="dots"),
        comparison.plot("member_share", goal=0.5),
        comparison.plot("member_share", "dots", goal=0.5),
        comparison.plot("joint_activity"),
    ):
        assert isinstance(chart, Chart)
        assert chart.svg in page
        assert chart._repr_svg_() == chart.svg


def test_every_result_has_a_text_and_the_picture_that_plot_gives(
    comparison: cisim.Comparison,
) -> None:
    ensemble = comparison.ensembles["national-and-regional"]
    for result, said in (
        (ensemble.scenario, "world one-town (1 region, 6 communities, 30 organisations)"),
        (ensemble, "12 futures from seed 1, 2 years"),
        (comparison, "12 shared futures, 2 years"),
        (study(), "2 scenarios × 8 points × 2 replicates: a and b. Varied: effort_half."),
    ):
        html = result._repr_html_()
        assert said in html
        assert picture(html) == result.plot().svg
        assert len(html) < 300_000


def test_a_threshold_and_sampled_worlds_are_shown() -> None:
    town = [cisim.Scenario.load(name, world="one-town", months=6) for name in NAMES]
    found = cisim.threshold(
        town, "effort_half", until_order_turns=True, replicates=2, points=3, workers=1
    )
    html = found._repr_html_()
    assert "Where effort_half turns the answer" in html
    assert picture(html) == found.plot().svg
    worlds = robust(town, points=2, replicates=1, workers=1)
    html = worlds._repr_html_()
    assert "2 sampled worlds" in html
    assert "<td" in html
    with pytest.raises(InputError, match=r"table\(\)"):
        worlds.plot()


def test_a_budget_has_its_front_and_the_numbers_behind_it() -> None:
    town = cisim.Scenario.load("no-backbone", world="one-town", months=12)
    said: dict[str, Any] = {"vary": {"add.regional.fte": "0..1/0.5"}, "points": 3, "unseen": 3}
    found = cisim.optimise(town, 60_000, evaluations=3, workers=1, **said)
    html = found._repr_html_()
    assert "Best use of 60,000 a year" in html
    assert picture(html) == found.plot().svg
    table = found.table()
    for row in table[table["told"]].to_dict("records"):
        assert f"{row['spent']:,.0f}" in html
    assert found.plot(width=390).svg != found.plot().svg
    for given in ({"kind": "dots"}, {"outcome": "member_share"}, {"goal": 0.5}):
        with pytest.raises(InputError, match="plot"):
            found.plot(**given)
    untold = replace(found, again={}, front=(), chosen=(), incomplete=True)
    assert "<img" not in untold._repr_html_()
    assert "nothing on the front was told again" in untold._repr_html_()


def test_analyses_show_what_answers_most_and_each_by_its_name() -> None:
    made = made_up.study(made_up.box(80, 3), {"a": lambda x: x[:, 0], "b": lambda x: x[:, 1]})
    found = cisim.analyse(made, only=["correlation", "robustness"])
    assert repr(found) == (
        "<Answers of made-up: wellbeing_gain in month 120 by correlation, robustness>"
    )
    html = found._repr_html_()
    assert picture(html) == found.plot().svg == found.plot(kind="robustness").svg
    assert found.sentences()[0] in unescape(html)
    other = found.plot(kind="correlation", scenario="b")
    assert other.svg != found.plot(kind="correlation").svg
    assert other.svg in analysis_report(found)
    for given, words in (
        ({"outcome": "member_share"}, "these analyses are of wellbeing_gain"),
        ({"kind": "pawn"}, "kind is 'pawn'; allowed are correlation, robustness."),
        ({"scenario": "c"}, "these analyses of 'c' has no chart"),
        ({"goal": 1.0}, "allowed are scenario, theme, width."),
    ):
        with pytest.raises(InputError, match=re.escape(words)):
            found.plot(**given)


def test_as_text_each_is_one_short_line(comparison: cisim.Comparison) -> None:
    ensemble = comparison.ensembles["no-backbone"]
    assert repr(ensemble) == "<Ensemble no-backbone: 12 futures from seed 1>"
    assert repr(comparison) == "<Comparison no-backbone, national-and-regional: 12 shared futures>"
    assert repr(study()) == "<Study mine: a, b at 8 points × 2>"
    assert repr(ensemble.scenario) == "<Scenario no-backbone: none in one-town, 24 months>"
    assert repr(comparison.plot()) == "<Chart paths: Children's wellbeing>"


def test_the_numbers_are_those_of_the_tables(comparison: cisim.Comparison) -> None:
    html = comparison._repr_html_()
    row = comparison.paired("wellbeing_gain").iloc[0]
    assert f"{row['mean']:.3g}".replace("-", "−") in html
    ensemble = comparison.ensembles["no-backbone"]
    means = ensemble.summary(at=24, outcomes=["member_share"])
    assert f"{means['mean'].iloc[0]:.3g}" in ensemble._repr_html_()


def test_names_and_texts_with_markup_stay_text() -> None:
    evil = '<img src=x onerror="alert(1)"><script>alert(2)</script>'
    scenario = cisim.Scenario.load("no-backbone", world="one-town", months=3).with_(
        name="a<b>&c", title=evil
    )
    scenario = scenario.model_copy(update={"story": evil})
    ensemble = cisim.simulate(scenario, 2, workers=1, outcomes="wellbeing_gain")
    beside = scenario.with_(name="<i>other</i>", structure="regional")
    both = cisim.compare(
        [scenario, beside], 2, workers=1, outcomes="wellbeing_gain", beliefs="fixed"
    )
    named = replace(study(), name=evil, scenarios=("<b>x", '"><script>'))
    for result in (scenario, ensemble, both, named):
        html = result._repr_html_()
        tags = {one.lower() for one in re.findall(r"<\s*/?\s*([a-zA-Z]+)", html)}
        assert tags <= {"div", "p", "strong", "br", "table", "thead", "tbody", "tr", "th", "td",
                        "img"}  # fmt: skip
        assert re.findall(r"<img (\w+)=", html) == ["alt"]
        assert "<script" not in picture(html).lower()


def test_of_a_study_one_outcome_in_one_month_is_read_however_many_it_has() -> None:
    READ.clear()
    study()._repr_html_()
    assert READ == [("wellbeing_gain", (24,), "overall")]


def test_of_a_large_study_some_points_are_drawn_and_the_chart_says_so() -> None:
    large = study(points=MOST_DRAWN, replicates=3)
    chart = large.plot()
    assert "20,001 futures of 60,000 futures, at every 3rd point" in chart.svg
    assert len(large._repr_html_()) < 100_000
    assert "36 futures" not in chart.svg
    assert "16 futures" in study().plot().svg


def test_a_very_large_result_is_drawn_only_when_it_is_asked_for(
    comparison: cisim.Comparison, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(notebook, "MOST_VALUES", 100)
    html = comparison._repr_html_()
    assert "plot() draws it" in html
    assert "<img" not in html


def test_a_run_that_is_not_finished_is_not_drawn() -> None:
    assert study().plot().table["futures"].tolist() == [16, 14]
    paths = study().plot("member_share", "paths").table
    assert set(paths["scenario"]) == {"a", "b"}


def test_a_result_of_one_month_is_shown_by_its_end() -> None:
    scenario = cisim.Scenario.load("no-backbone", world="one-town", months=6)
    ensemble = cisim.simulate(scenario, 4, workers=1, outcomes=["member_share"], at=[6])
    assert ensemble.plot().kind == "dots"
    assert ensemble.plot().title.startswith("Organisations that take part")


def test_what_has_no_future_says_so(comparison: cisim.Comparison) -> None:
    one = comparison.ensembles["no-backbone"]
    empty = replace(one, replicates=one.replicates[:0], values=one.values[:0])
    assert "no future was finished" in empty._repr_html_()
    with pytest.raises(InputError, match="no future was finished"):
        empty.plot()


def test_both_themes_can_be_chosen_and_by_itself_it_follows_the_screen(
    comparison: cisim.Comparison,
) -> None:
    assert "prefers-color-scheme:dark" in comparison.plot().svg
    light, dark = (comparison.plot(theme=one).svg for one in ("light", "dark"))
    assert light != dark
    assert "prefers-color-scheme" not in light + dark


@pytest.mark.parametrize(
    ("given", "said"),
    [
        ({"outcome": "welbeing_gain"}, "Did you mean wellbeing_gain"),
        ({"kind": "pie"}, "kind is 'pie'; allowed is one of paths, dots, differences"),
        ({"goul": 1}, "plot has no option 'goul'; allowed are"),
        ({"kind": "differences", "goal": 1.0}, "goal is 1.0, and differences of wellbeing_gain"),
        ({"kind": "paths", "month": 3}, "month is 3, and paths of wellbeing_gain has none"),
        ({"kind": "dots", "month": 99}, "99"),
        ({"kind": "differences", "against": "nobody"}, "against is 'nobody'"),
        ({"region": "Nowhere"}, "region 'Nowhere' was not kept"),
        ({"theme": "blue"}, "theme is 'blue'"),
        ({"width": 3}, "width is 3"),
    ],
)
def test_what_is_not_allowed_is_told_in_one_sentence(
    comparison: cisim.Comparison, given: dict[str, Any], said: str
) -> None:
    with pytest.raises(InputError, match=re.escape(said)):
        comparison.plot(**given)


def test_a_scenario_has_one_chart(comparison: cisim.Comparison) -> None:
    scenario = comparison.ensembles["no-backbone"].scenario
    with pytest.raises(InputError, match="a scenario has one chart"):
        scenario.plot("wellbeing_gain")


def test_nothing_is_drawn_before_somebody_looks() -> None:
    """And whoever imports a part finds the picture as well: the package is imported first."""
    code = (
        "import sys\n"
        "from cisim.world.scenario import Scenario\n"
        "scenario = Scenario.load('no-backbone', world='one-town')\n"
        "assert not [one for one in sys.modules if one.startswith('cisim.show')]\n"
        "assert '<img' in scenario._repr_html_()\n"
    )
    subprocess.run([sys.executable, "-c", code], check=True)
