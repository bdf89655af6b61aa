"""The report of the analyses of a study: the answer first, then each with charts and numbers."""

from __future__ import annotations

import math
from collections.abc import Sequence
from typing import Any

import pandas as pd
from markupsafe import Markup

from cisim.lab.analyses import Answer, Answers, Discovery, Learning, Ranking
from cisim.lab.analyses.intervals import LEVEL_WORDS
from cisim.lab.manifest import without_places
from cisim.model.outcomes import find_outcome
from cisim.show import charts
from cisim.show.analysed import TITLES, charts_of, first_sentences
from cisim.show.counted import plural
from cisim.show.report.file import MARK
from cisim.show.report.markup import colours, figure, template
from cisim.version import __version__

WIDTH, PHONE = 640, 390
LISTED = 400
"""Points of a box that are written out."""
ROWS = 8
"""Parameters of a table in the text; files have all."""
WORDS = {
    "robustness": "Over the whole space of points: how often each is best, what it leaves behind "
    "the best (regret), how often it is good enough, and how often it harms.",
    "ranking": "Not what lifts or lowers all scenarios alike, but what decides between them: the "
    "rank correlation of a parameter with the lead of a scenario over the best of the others.",
    "learning": "How much better the choice would be if one number were known before choosing.",
    "prim": "Boxes of a few parameters, peeled out of half of the points and told by the others.",
    "tree": "The space parted step by step, in one half of the points, and told by the other.",
    "sobol": "Shares of the variance: a total counts what a parameter does with others, too.",
    "pairs": "Shares of the variance that two parameters make only together, beside each alone.",
    "morris": "The mean size of what happens as a parameter goes through its whole range.",
    "pawn": "How far the distribution of the outcome moves as a parameter is held in a slice.",
    "correlation": "Whether more of a parameter goes with more or with less of the outcome.",
    "surrogate": "A quick stand-in for the model, with its error at points it has not seen.",
}


def analysis_report(
    answers: Answers,
    *,
    command: str | Sequence[str] | None = None,
    written: str | None = None,
) -> str:
    """Return what the analyses of a study have found as one HTML page.

    command : what gives the same page again
    written : a date, in words; without one the same answers give the same bytes
    """
    study = answers.study
    key = answers.key
    footer = charts.small_print(key=key)
    sections = []
    for name, title in TITLES.items():
        mine = [one for one in answers.answers if one.analysis == name]
        if mine:
            parts = [_part(one, answers, footer) for one in mine]
            sections.append({"name": name, "title": title, "words": WORDS[name], "parts": parts})
    outcome = find_outcome(answers.outcome)
    about = [
        ("Study", study.name),
        ("Scenarios", ", ".join(study.scenarios)),
        ("Points", f"{len(study.design):,} of kind {study.design.kind}"),
        ("Replicates", f"{study.replicates} at most"),
        ("Outcome", f"{answers.words} ({outcome.unit})"),
        ("Key", key),
        ("Made with", f"cisim {__version__}"),
        *([("Date", written)] if written else []),
    ]
    return str(
        template("analyses.html.jinja").render(
            mark=Markup(MARK),
            style=Markup(colours()),
            title=f"{outcome.title}: what decides, what is robust, where it fails",
            about=about,
            first=first_sentences(answers),
            warnings=_warnings(answers),
            sections=sections,
            left_out=answers.left_out,
            traced=_traced(answers, key),
            command=_command(command),
            boxes=_boxes(answers),
        )
    )


def _warnings(answers: Answers) -> list[str]:
    study, said = answers.study, []
    if study.incomplete:
        said.append("the study is not finished; what is missing may change every number.")
    if study.failed:
        said.append(
            f"{plural(len(study.failed), 'run')} failed and stand nowhere in these numbers."
        )
    if study.replicates < 2:
        said.append(
            "every point has one future only, so luck is in every number and cannot be told apart."
        )
    return said


def _part(one: Answer, answers: Answers, footer: str) -> dict[str, Any]:
    wide, narrow = (charts_of(one, answers, width=width, footer=footer) for width in (WIDTH, PHONE))
    return {
        "scenario": _heading(one, answers),
        "sentences": one.found.sentences(),
        "figures": [figure(*both) for both in zip(wide, narrow, strict=True)],
        "table": _table(one),
    }


def _heading(one: Answer, answers: Answers) -> str:
    if not one.scenario:
        return ""
    return f"{one.scenario}, beside {answers.against}" if answers.against else one.scenario


def _table(one: Answer) -> dict[str, Any] | None:
    """Return the numbers that no chart has, with the evidence behind each parameter."""
    if isinstance(one.found, Ranking):
        table = one.found.table()
        table = table[table["clear"]].groupby("scenario", sort=False).head(ROWS)
        rows = [
            [
                row.parameter,
                row.scenario,
                f"{row.correlation:+.2f}".replace("-", "−"),
                f"{row.best_low:.0%}",
                f"{row.best_high:.0%}",
                _range(row),
                f"{row.source}: {row.supports}",
            ]
            for row in table.itertuples(index=False)
        ]
        heads = ["Parameter", "Scenario", "Correlation with its lead", "Best in lowest third",
                 "Best in highest third", "Plausible", "Evidence supports"]  # fmt: skip
        caption = "Parameters that clearly decide whether a scenario is best."
        return {"caption": caption, "heads": heads, "rows": rows} if rows else None
    if isinstance(one.found, Learning):
        rows = [
            [
                f"{row.parameter}: {row.meaning}" if row.meaning else row.parameter,
                f"{row.worth:.2g} ({row.worth_low:.2g} to {row.worth_high:.2g})",
                "yes" if row.clear else "no",
                _range(row),
                f"{row.source}: {row.supports}",
            ]
            for row in one.found.table().head(ROWS).itertuples(index=False)
        ]
        heads = ["Parameter", "Worth", "More than chance", "Plausible", "Evidence supports"]

        unit = find_outcome(one.found.choice.outcome).unit
        caption = f"What learning a parameter is worth, {unit}, with its {LEVEL_WORDS} interval."
        return {"caption": caption, "heads": heads, "rows": rows}
    if one.analysis in ("surrogate", "pairs"):
        about = ["outcome", "month", "region", "against"]
        table = one.found.table().drop(columns=about, errors="ignore")
        if one.analysis == "pairs":
            table = table[table["clear"]].drop(columns="scenario").head(ROWS)
            if table.empty:
                return None
        return {
            "caption": f"The same as numbers: {one.scenario}.",
            "heads": [str(name).replace("_", " ") for name in table.columns],
            "rows": [[_plain(value) for value in row] for row in table.itertuples(index=False)],
        }
    return None


def _range(row: Any) -> str:
    if math.isnan(row.plausible_low) or row.plausible_low == row.plausible_high:
        return "–"
    return f"{row.plausible_low:.3g} to {row.plausible_high:.3g}"


def _plain(value: Any) -> str:
    if isinstance(value, float):
        return "–" if math.isnan(value) else f"{value:.3g}".replace("-", "−")
    if isinstance(value, bool):
        return "yes" if value else "no"
    return "–" if pd.isna(value) else str(value)


def _traced(answers: Answers, key: str) -> list[str]:
    study = answers.study
    said = [
        " ".join(
            [
                f"The study {study.name} has the key {answers.study_key}; its manifest says which",
                "sources, scenarios and seeds that stands for. This page, and the files that",
                f"--out writes beside it, have the key {key}.",
            ]
        ),
        " ".join(
            [
                f"Every number is worked out from {answers.outcome} at the points of the study:",
                "--out writes points.parquet, a row a point. A point's number is that of",
                "designs.parquet of the study, where its parameters stand, and the hash of each",
                "scenario there, from which the keys of its runs follow.",
            ]
        ),
    ]
    if study.folder is not None:
        said.append(
            "One point again, to the last bit: cisim sweep --resume, with the folder of the study, "
            "--point with its number, and --replicate."
        )
    return said


def _boxes(answers: Answers) -> list[dict[str, str]]:
    found = []
    for one in answers.answers:
        if not isinstance(one.found, Discovery):
            continue
        for number, box in enumerate(one.found.boxes, 1):
            listed = ", ".join(map(str, box.points[:LISTED].tolist()))
            more = len(box.points) - LISTED
            found.append(
                {
                    "words": f"box {number} of {one.scenario}, by {one.found.method} "
                    f"({plural(len(box.points), 'point')})",
                    "points": f"{listed}{f' and {more} more' if more > 0 else ''}.",
                }
            )
    return found


def _command(command: str | Sequence[str] | None) -> str:
    if command is None:
        return ""
    return without_places(command.split() if isinstance(command, str) else list(command))
