"""What a notebook shows of a result: a short text, a few numbers and one picture.

The picture is an image by itself, so that its style and its ids meet no others in the page; what
people have written (names, titles, stories) is escaped. What is read is bounded: of a study one
outcome in one month.
"""

from __future__ import annotations

import base64
import inspect
from collections.abc import Callable, Iterable, Mapping, Sequence
from typing import Any, cast

import numpy as np
from markupsafe import Markup, escape

from cisim.lab.analyses import Answers
from cisim.lab.comparison import Comparison
from cisim.lab.ensemble import Ensemble
from cisim.lab.optimise import Optimised
from cisim.lab.robust import Robust
from cisim.lab.study import Study
from cisim.lab.threshold import Threshold
from cisim.model.input_error import InputError, shown
from cisim.model.outcomes import OUTCOMES, find_outcome
from cisim.show import charts
from cisim.show.analysed import ANALYSES, charts_of, first_sentences
from cisim.show.called import short_of, titles_of
from cisim.show.charts import Chart
from cisim.show.charts.words import listed
from cisim.show.counted import lasting, plural
from cisim.show.drawn import Drawn, Kind
from cisim.show.scenario_in_words import dates
from cisim.world.scenario import Scenario

MAIN = "wellbeing_gain"
LONGEST = 400
"""Of a text so many characters are shown."""
MOST_NAMES = 8
"""So many names are listed; of more it is said how many there are."""
MOST_VALUES = 5_000_000
"""Results of one outcome with more numbers than that are shown without a picture; `plot` draws."""

Shown = Scenario | Ensemble | Comparison | Study | Threshold | Robust | Optimised | Answers


def html(result: Shown) -> str:
    """Return a result for a notebook, as HTML that is safe to stand in a page."""
    parts = [Markup("<p><strong>{}</strong><br>{}</p>").format(*_said(result))]
    rows = list(_numbers(result))
    if rows:
        parts.append(_table(rows))
    parts.append(_picture(result))
    body = Markup("").join(parts)
    return str(Markup('<div class="cisim" style="max-width:660px">{}</div>').format(body))


def plot(result: Shown, outcome: str | None, kind: str | None, **options: Any) -> Chart:
    """Return a chart of a result; see cisim.world.pictured.Pictured.plot.

    Raises InputError for an outcome, a kind or an option that is not allowed.
    """
    if isinstance(result, Scenario | Threshold | Optimised):
        what, draw = next(one for of, one in _ONE_CHART.items() if isinstance(result, of))
        if outcome is not None or kind is not None:
            raise InputError(f"plot: {what} has one chart; allowed are no outcome and no kind.")
        return _with(draw, result, options)
    if isinstance(result, Answers):
        if outcome is not None:
            raise InputError(f"plot: these analyses are of {result.outcome}; allowed is a kind.")
        return _with(_answer, result, options, kind)
    if isinstance(result, Robust):
        raise InputError("plot: sampled worlds have no chart; allowed is table() of them.")
    name = _main(result.outcomes if not isinstance(result, Comparison) else _kept(result))
    drawn = _drawn(result)
    chosen = cast(Kind, kind or _kind(result, drawn))
    return _with(drawn.chart, chosen, options, name if outcome is None else outcome)


def _with(draw: Any, first: Any, options: dict[str, Any], *more: Any) -> Chart:
    """Return what is drawn; an option that it has not is told."""
    takes = [
        name
        for name, one in inspect.signature(draw).parameters.items()
        if one.kind is one.KEYWORD_ONLY
    ]
    for name in options:
        if name not in takes:
            raise InputError(f"plot has no option {shown(name)}; allowed are {', '.join(takes)}.")
    return cast(Chart, draw(first, *more, **options))


def _drawn(result: Ensemble | Comparison | Study) -> Drawn:
    if isinstance(result, Study):
        return Drawn.of_study(result)
    return Drawn.of(Comparison({result.name: result}) if isinstance(result, Ensemble) else result)


def _kind(result: Ensemble | Comparison | Study, drawn: Drawn) -> Kind:
    return "dots" if isinstance(result, Study) or drawn.months.size < 2 else "paths"


def _kept(comparison: Comparison) -> tuple[str, ...]:
    return next(iter(comparison.ensembles.values())).outcomes


def _main(outcomes: Sequence[str]) -> str:
    return MAIN if MAIN in outcomes else outcomes[0]


def _dates(scenario: Scenario, *, theme: Any = "auto", width: int = 640) -> Chart:
    return charts.strip(
        dates([scenario]),
        scenario.months,
        theme=theme,
        width=width,
        footer=charts.small_print(),
        calendar=scenario.calendar,
    )


def _curve(threshold: Threshold, *, theme: Any = "auto", width: int = 640) -> Chart:
    chosen = {one.name: one for one in threshold.scenarios}
    names = short_of(titles_of(chosen), chosen)
    seed = int(threshold.seeds[0]) if threshold.futures else None
    footer = charts.small_print(threshold.futures, seed, failed=len(threshold.failed))
    return charts.threshold(threshold, names=names, theme=theme, width=width, footer=footer)


def _front(
    found: Optimised, *, title: str | None = None, theme: Any = "auto", width: int = 640
) -> Chart:
    if not found.again:
        raise InputError("plot: nothing on the front was told again, so there is no chart.")
    key = None if found.manifest is None else str(found.manifest["key"])
    footer = charts.small_print(len(found.beliefs.unseen), found.beliefs.seed, key)
    return charts.front(found, title=title, theme=theme, width=width, footer=footer)


def _answer(
    answers: Answers,
    kind: str | None,
    *,
    scenario: str | None = None,
    theme: Any = "auto",
    width: int = 640,
) -> Chart:
    """Return the first chart of an analysis, by default of the one that answers most."""
    made = list(dict.fromkeys(one.analysis for one in answers.answers))
    if kind is not None and kind not in made:
        raise InputError(f"plot: kind is {shown(kind)}; allowed are {', '.join(made)}.")
    names = [name for name in ANALYSES if name == kind or (kind is None and name in made)]
    footer = charts.small_print(key=answers.key)
    for name in names:
        for one in answers.answers:
            if one.analysis == name and scenario in (None, one.scenario):
                for chart in charts_of(one, answers, footer=footer, theme=theme, width=width):
                    return chart
    of = "" if scenario is None else f" of {shown(scenario)}"
    what = f"{kind}{of}" if kind else f"these analyses{of}"
    raise InputError(f"plot: {what} has no chart; allowed is table() of it.")


_ONE_CHART: Mapping[type, tuple[str, Callable[..., Chart]]] = {
    Scenario: ("a scenario", _dates),
    Threshold: ("a threshold", _curve),
    Optimised: ("an optimised budget", _front),
}
"""What has a chart that needs no outcome and no kind."""


# --- words -----------------------------------------------------------------------------------


def _said(result: Shown) -> tuple[str, Markup]:
    """Return a heading, and what it is, in a few sentences."""
    if isinstance(result, Scenario):
        return _of_scenario(result)
    if isinstance(result, Ensemble):
        heading, first = result.scenario.title, f"{result.name}: "
        first += f"{plural(len(result.replicates), 'future')} from seed {result.first_seed}"
        first += f", {lasting(result.scenario.months, result.scenario.calendar)}"
        first += f"; {plural(len(result.outcomes), 'outcome')} kept."
        lacking = [_lacking(len(result.failed), result.incomplete, result.asked)]
    elif isinstance(result, Comparison):
        chosen = next(iter(result.ensembles.values())).scenario
        heading = "Comparison of " + plural(len(result.names), "scenario")
        first = f"{_some(result.names)}: {plural(int(result.futures.size), 'shared future')}"
        first += f", {lasting(chosen.months, chosen.calendar)}."
        asked = max(one.asked for one in result.ensembles.values())
        lacking = [_lacking(len(result.failed), result.incomplete, asked)]
    elif isinstance(result, Study):
        heading = f"Study {result.name}"
        first = (
            f"{plural(len(result.scenarios), 'scenario')} × {plural(len(result.design), 'point')} "
            f"× {plural(result.replicates, 'replicate')}: {_some(result.scenarios)}. Varied: "
            f"{_some(result.design.names)}. Kept: {_some(result.outcomes)}, in "
            f"{plural(len(result.months), 'month')}."
        )
        lacking = [_lacking(len(result.failed), result.incomplete)]
    elif isinstance(result, Threshold):
        heading = f"Where {result.vary.name} turns the answer"
        first = " ".join(result.sentences())
        lacking = [_lacking(len(result.failed), result.incomplete)]
    elif isinstance(result, Optimised):
        heading = f"Best use of {result.limits()}"
        first = " ".join(result.sentences())
        lacking = [_lacking(len(result.failed), result.incomplete)]
    elif isinstance(result, Answers):
        heading = f"Analyses of {result.study.name}"
        first = f"{result.words}, {plural(len(result.study.design), 'point')}. "
        first += " ".join(first_sentences(result))
        lacking = [_lacking(len(result.study.failed), result.study.incomplete)]
    else:
        heading = "Over everything that may be believed"
        first = (
            f"{_some(result.names)} in {plural(result.worlds, 'sampled world')}, by "
            f"{OUTCOMES[result.outcome].title}."
        )
        lacking = [_lacking(len(result.failed), result.incomplete)]
    return heading, escape(" ".join([first, *lacking]).strip())


def _of_scenario(scenario: Scenario) -> tuple[str, Markup]:
    world, structure = scenario.world_name, scenario.structure_name
    regions = len(scenario.world.regions)
    places = plural(len(scenario.world.community_names), "community")
    people = plural(len(scenario.world.organisation_names), "organisation")
    said = [
        f"{scenario.name}: world {world} ({plural(regions, 'region')}, {places}, {people}),",
        f"structure {structure}, {lasting(scenario.months, scenario.calendar)}.",
    ]
    if scenario.policy is not None:
        said.append(f"Under the policy {scenario.policy.name}.")
    story = " ".join(scenario.story.split())
    if len(story) > LONGEST:
        story = f"{story[: LONGEST - 1]}…"
    both = [escape(" ".join(said)), escape(story)] if story else [escape(" ".join(said))]
    return scenario.title, Markup("<br>").join(both)


def _some(names: Sequence[str]) -> str:
    few = list(names[:MOST_NAMES])
    more = len(names) - len(few)
    return listed(few) if not more else f"{', '.join(few)} and {more} more"


def _lacking(failed: int, incomplete: bool, asked: int | None = None) -> str:
    """Return what is not there: runs that failed, and that it was stopped."""
    said = [f"{plural(failed, 'run')} failed."] if failed else []
    if incomplete:
        of = "" if asked is None else f" (of {asked:,} that were asked for)"
        said.append(f"Not all runs are finished{of}.")
    return " ".join(said)


# --- numbers ---------------------------------------------------------------------------------


def _numbers(result: Shown) -> Iterable[Sequence[str]]:
    """Yield the rows of a small table, its heads first."""
    if isinstance(result, Ensemble) and len(result.replicates):
        headline = [name for name in result.outcomes if OUTCOMES[name].headline]
        names = headline or [_main(result.outcomes)]
        table = result.summary(at=int(result.months[-1]), outcomes=names)
        table = table[table["region"] == "overall"]
        yield "outcome", "mean", "90 % interval", "nine in ten futures"
        for row in table.to_dict("records"):
            name = str(row["outcome"])
            between = f"{_number(row['q05'])} to {_number(row['q95'])}"
            yield _titled(name), _number(row["mean"]), _interval(row), between
    elif isinstance(result, Comparison) and result.futures.size:
        name = _main(_kept(result))
        at = int(next(iter(result.ensembles.values())).months[-1])
        table = result.table(at=at, outcomes=[name])
        apart = {row["scenario"]: row for row in result.paired(name, at=at).to_dict("records")}
        yield _titled(name), "mean", "90 % interval", f"difference from {result.names[0]}"
        for row in table[table["region"] == "overall"].to_dict("records"):
            other = apart.get(row["scenario"])
            said = "" if other is None else f"{_number(other['mean'])} ({_interval(other)})"
            yield str(row["scenario"]), _number(row["mean"]), _interval(row), said
    elif isinstance(result, Optimised) and result.again:
        yield "on beliefs that the search never saw", "spent a year", "effect", "90 % interval"
        table = result.table()
        for row in table[table["told"]].to_dict("records"):
            file = f"{row['who']} (file {row['file']})" if row["file"] else str(row["who"])
            yield file, f"{row['spent']:,.0f}", _number(row["effect"]), _interval(row)
    elif isinstance(result, Robust) and result.worlds:
        yield "scenario", "best in", "below no backbone in"
        for row in result.table().to_dict("records"):
            best = f"{row['best'] / row['of']:.0%}" if row["of"] else "–"
            yield str(row["scenario"]), best, f"{row['below_reference']:.0%}"


def _titled(name: str) -> str:
    one = find_outcome(name)
    return f"{one.title} ({one.unit})"


def _interval(row: Any) -> str:
    return f"{_number(row['low'])} to {_number(row['high'])}"


def _number(value: float) -> str:
    return "–" if not np.isfinite(value) else f"{value:.3g}".replace("-", "\N{MINUS SIGN}")


def _table(rows: Sequence[Sequence[str]]) -> Markup:
    heads, *body = rows
    head = Markup("").join(Markup("<th>{}</th>").format(one) for one in heads)
    cell = Markup("<td style='{}'>{}</td>")
    lines = [
        Markup("<tr>{}</tr>").format(
            Markup("").join(
                cell.format("text-align:right;white-space:nowrap" if at else "text-align:left", one)
                for at, one in enumerate(row)
            )
        )
        for row in body
    ]
    return Markup("<table><thead><tr>{}</tr></thead><tbody>{}</tbody></table>").format(
        head, Markup("").join(lines)
    )


def _picture(result: Shown) -> Markup:
    """Return the chart as an image, or in a sentence why there is none."""
    if isinstance(result, Robust):
        return Markup("")
    if isinstance(result, Ensemble | Comparison) and _size(result) > MOST_VALUES:
        return Markup("<p>There is much of it: plot() draws it.</p>")
    try:
        chart = plot(result, None, None)
    except InputError as error:
        return Markup("<p>{}</p>").format(error)
    image = base64.b64encode(chart.svg.encode("utf-8")).decode("ascii")
    tag = Markup('<img alt="{}" style="max-width:100%" src="data:image/svg+xml;base64,{}">')
    return tag.format(chart.summary, image)


def _size(result: Ensemble | Comparison) -> int:
    many = [result] if isinstance(result, Ensemble) else list(result.ensembles.values())
    return sum(one.values.shape[0] * one.values.shape[1] for one in many)
