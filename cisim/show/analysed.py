"""Charts of what the analyses of a study have found, for files and for the report."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from cisim.lab.analyses import Answer, Answers, Discovery
from cisim.lab.results import MOST_CHARTS
from cisim.show import charts
from cisim.show.charts import Chart
from cisim.show.language.forms import localised
from cisim.show.language.texts import say
from cisim.show.told import told

ANALYSES = (
    "robustness", "ranking", "learning", "prim", "tree", "sobol", "pairs", "morris", "pawn",
    "correlation", "surrogate",
)  # fmt: skip
"""The analyses in the order in which a reader needs them."""


def title_of(analysis: str) -> str:
    """Return what an analysis answers."""
    return say(f"analysed.titles.{analysis}")


_COLUMNS: Mapping[str, str] = {
    "sobol": "total",
    "morris": "effect",
    "pawn": "pawn",
    "correlation": "correlation",
}


def first_sentences(answers: Answers, most: int = 5) -> list[str]:
    """Return the first sentence of the analyses that answer most, each once."""
    said = []
    for name in ANALYSES:
        mine = [one for one in answers.answers if one.analysis == name]
        if mine and name not in ("surrogate", "tree"):
            many = 2 if name == "prim" else 1
            said += [told(sentence) for sentence in mine[0].found.sentences()[:many]]
    return list(dict.fromkeys(said))[:most]


def charts_of(one: Answer, answers: Answers, **options: Any) -> list[Chart]:
    """Return the charts of an answer; none where there is nothing to draw.

    options : theme, width, footer of a chart
    """
    found, title = one.found, title_of(one.analysis)
    if one.scenario:
        title = f"{title}: {one.scenario}"
    if isinstance(found, Discovery):
        table = found.table()
        if table.empty:
            return []
        return [charts.boxes(table, title=title, under=told(found.fails.words), **options)]
    if one.analysis == "robustness":
        return _robust(found.table(), title, answers, options)
    if one.analysis == "learning":
        note = say("analysed.worth_note")
        return [
            charts.indices(
                found.table(), "worth", title=title, unit=_unit(answers), note=note, **options
            )
        ]
    column = _COLUMNS.get(one.analysis)
    table = found.table()
    if one.analysis == "pairs" and table["together"].notna().any():
        both = zip(table["parameter"], table["other"], strict=True)
        table["pair"] = [say("analysed.pair", one=one, other=other) for one, other in both]
        under = told(found.question.words)
        return [charts.indices(table, "together", title=title, under=under, of="pair", **options)]
    if column is None or not table[column].notna().any():
        return []
    unit = _unit(answers) if one.analysis == "morris" else ""
    under = told(found.question.words)
    extra: dict[str, Any] = {}
    if one.analysis == "sobol":
        extra = {"second": "first", "second_words": say("analysed.alone")}
    made = [charts.indices(table, column, title=title, under=under, unit=unit, **extra, **options)]
    by_month = found.by_month()
    if by_month["month"].nunique() > 1:
        over = say("analysed.over_time", title=title)
        made.append(
            charts.indices_by_month(
                by_month, column, title=over, under=told(found.question.what), unit=unit, **options
            )
        )
    return made


def chart_files(answers: Answers, key: str) -> dict[str, str]:
    """Return the charts by file name: one for each analysis and scenario, and one over time."""
    files: dict[str, str] = {}
    count: dict[str, int] = {}
    for one in answers.answers:
        drawn = charts_of(one, answers, footer=charts.small_print(key=key))
        count[one.analysis] = number = count.get(one.analysis, 0) + 1
        if number > MOST_CHARTS:
            continue
        # Robustness has several charts of all scenarios; all others one, and one over time.
        for at, chart in enumerate(drawn):
            if one.analysis == "robustness":
                name = f"{one.analysis}-{at + 1}"
            else:
                name = f"{one.analysis}{'-by-month' if at else ''}-{number}"
            files[f"{name}.svg"] = chart.svg
    return files


def _robust(table: Any, title: str, answers: Answers, options: dict[str, Any]) -> list[Chart]:
    said = {
        "best": say("analysed.shares.best"),
        "satisfies": say("analysed.shares.satisfies", threshold=_threshold(answers)),
        "harms": say("analysed.shares.harms"),
        "regret": say("analysed.shares.regret"),
    }
    made = []
    for column, words in said.items():
        if column not in table.columns:
            continue
        rows = table[table[column].notna()].sort_values(column, ascending=False, kind="stable")
        if rows.empty:
            continue
        share = column != "regret"
        made.append(
            charts.indices(
                rows,
                column,
                title=f"{title}: {words}",
                of="scenario",
                percent=share,
                unit="" if share else _unit(answers),
                **options,
            )
        )
    return made


def _unit(answers: Answers) -> str:
    from cisim.show.charts.series import outcome_shown

    shown = outcome_shown(answers.outcome)
    # Tables have the outcome's own unit, which is not the shown one where that is percent.
    return shown.unit if shown.factor == 1.0 else ""


def _threshold(answers: Answers) -> str:
    return "" if answers.threshold is None else localised(f"{answers.threshold:g}")
