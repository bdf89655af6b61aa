"""The report of the analyses of a study: the answer first, then each with charts and numbers."""

from __future__ import annotations

import math
from collections.abc import Sequence
from typing import Any

import pandas as pd
from markupsafe import Markup

from cisim.lab.analyses import Answer, Answers, Discovery, Learning, Ranking
from cisim.lab.analyses.says import PERCENT
from cisim.lab.analyses.surrogate import KINDS
from cisim.lab.manifest import without_places
from cisim.show import charts
from cisim.show.analysed import ANALYSES, charts_of, first_sentences, title_of
from cisim.show.language.facts import (
    OUTCOMES,
    column_words,
    fact,
    source_in_words,
    supports_in_words,
    unit_in_words,
)
from cisim.show.language.forms import localised, percent
from cisim.show.language.texts import say
from cisim.show.report.file import MARK
from cisim.show.report.markup import colours, figure, template
from cisim.show.told import told
from cisim.version import __version__

WIDTH, PHONE = 640, 390
LISTED = 400
"""Points of a box that are written out."""
ROWS = 8
"""Parameters of a table in the text; files have all."""


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
    for name in ANALYSES:
        mine = [one for one in answers.answers if one.analysis == name]
        if mine:
            parts = [_part(one, answers, footer) for one in mine]
            title, words = title_of(name), say(f"analysed.words.{name}")
            sections.append({"name": name, "title": title, "words": words, "parts": parts})
    outcome = OUTCOMES[answers.outcome]
    about = {
        "study": study.name,
        "scenarios": ", ".join(study.scenarios),
        "points": say("analysed.points_kind", n=len(study.design), kind=study.design.kind),
        "replicates": say("analysed.at_most", n=study.replicates),
        "outcome": f"{told(answers.words)} ({outcome.unit})",
        "key": key,
        "made": f"cisim {__version__}",
    }
    if written:
        about["date"] = written
    return str(
        template("analyses.html.jinja").render(
            mark=Markup(MARK),
            style=Markup(colours()),
            title=say("analysed.title", outcome=outcome.title),
            about=about,
            first=first_sentences(answers),
            warnings=_warnings(answers),
            sections=sections,
            left_out=[(name, told(why)) for name, why in answers.left_out],
            traced=_traced(answers, key),
            command=_command(command),
            boxes=_boxes(answers),
        )
    )


def _warnings(answers: Answers) -> list[str]:
    study, said = answers.study, []
    if study.incomplete:
        said.append(say("analysed.unfinished"))
    if study.failed:
        said.append(say("analysed.failed", n=len(study.failed)))
    if study.replicates < 2:
        said.append(say("analysed.one_future"))
    return said


def _part(one: Answer, answers: Answers, footer: str) -> dict[str, Any]:
    wide, narrow = (charts_of(one, answers, width=width, footer=footer) for width in (WIDTH, PHONE))
    return {
        "scenario": _heading(one, answers),
        "sentences": [told(said) for said in one.found.sentences()],
        "figures": [figure(*both) for both in zip(wide, narrow, strict=True)],
        "table": _table(one),
    }


def _heading(one: Answer, answers: Answers) -> str:
    if not one.scenario:
        return ""
    if not answers.against:
        return one.scenario
    return say("analysed.beside", scenario=one.scenario, against=answers.against)


def _table(one: Answer) -> dict[str, Any] | None:
    """Return the numbers that no chart has, with the evidence behind each parameter."""
    if isinstance(one.found, Ranking):
        table = one.found.table()
        table = table[table["clear"]].groupby("scenario", sort=False).head(ROWS)
        rows = [
            [
                row.parameter,
                row.scenario,
                localised(f"{row.correlation:+.2f}"),
                percent(row.best_low),
                percent(row.best_high),
                _range(row),
                _evidence(row),
            ]
            for row in table.itertuples(index=False)
        ]
        heads = ["parameter", "scenario", "lead", "best_low", "best_high", "plausible", "evidence"]
        return _titled("ranking_caption", heads, rows) if rows else None
    if isinstance(one.found, Learning):
        rows = [
            [
                _with_meaning(row.parameter, row.meaning),
                say("analysed.worth", worth=row.worth, low=row.worth_low, high=row.worth_high),
                say("charts.yes" if row.clear else "charts.no"),
                _range(row),
                _evidence(row),
            ]
            for row in one.found.table().head(ROWS).itertuples(index=False)
        ]
        heads = ["parameter", "worth", "clear", "plausible", "evidence"]
        unit = OUTCOMES[one.found.choice.outcome].unit
        return _titled("learning_caption", heads, rows, unit=unit, level=PERCENT)
    if one.analysis in ("surrogate", "pairs"):
        about = ["outcome", "month", "region", "against"]
        table = one.found.table().drop(columns=about, errors="ignore")
        if one.analysis == "pairs":
            table = table[table["clear"]].drop(columns="scenario").head(ROWS)
            if table.empty:
                return None
        return {
            "caption": say("analysed.as_numbers", scenario=one.scenario),
            "heads": [column_words(str(name)) for name in table.columns],
            "rows": [
                [_cell(str(name), value) for name, value in zip(table.columns, row, strict=True)]
                for row in table.itertuples(index=False)
            ],
        }
    return None


def _titled(
    caption: str, heads: Sequence[str], rows: Sequence[Sequence[str]], **given: object
) -> dict[str, Any]:
    return {
        "caption": say(f"analysed.{caption}", **given),
        "heads": [say(f"analysed.heads.{head}") for head in heads],
        "rows": rows,
    }


def _with_meaning(name: str, english: str) -> str:
    return f"{name}: {fact('meanings', name, english)}" if english else name


def _evidence(row: Any) -> str:
    return f"{source_in_words(row.source)}: {supports_in_words(row.supports)}"


def _cell(name: str, value: Any) -> str:
    if name == "source":
        return source_in_words(str(value))
    if name == "supports":
        return supports_in_words(str(value))
    if name == "unit":
        return unit_in_words(str(value))
    if name == "kind":
        return told(KINDS.get(str(value), str(value)))
    return _plain(value)


def _range(row: Any) -> str:
    if math.isnan(row.plausible_low) or row.plausible_low == row.plausible_high:
        return "–"
    return say("charts.box_between", low=row.plausible_low, high=row.plausible_high)


def _plain(value: Any) -> str:
    if isinstance(value, float):
        return "–" if math.isnan(value) else localised(f"{value:.3g}").replace("-", "−")
    if isinstance(value, bool):
        return say("charts.yes" if value else "charts.no")
    return "–" if pd.isna(value) else str(value)


def _traced(answers: Answers, key: str) -> list[str]:
    study = answers.study
    said = [
        say("analysed.traced_study", study=study.name, study_key=answers.study_key, key=key),
        say("analysed.traced_points", outcome=answers.outcome),
    ]
    if study.folder is not None:
        said.append(say("analysed.traced_again"))
    return said


def _boxes(answers: Answers) -> list[dict[str, str]]:
    found = []
    for one in answers.answers:
        if not isinstance(one.found, Discovery):
            continue
        for number, box in enumerate(one.found.boxes, 1):
            points = ", ".join(map(str, box.points[:LISTED].tolist()))
            more = len(box.points) - LISTED
            words = say(
                "analysed.box_points",
                number=number,
                scenario=one.scenario,
                method=told(one.found.method_called),
                n=len(box.points),
            )
            if more > 0:
                points = say("analysed.points_more", points=points, n=more)
            found.append({"words": words, "points": f"{points}."})
    return found


def _command(command: str | Sequence[str] | None) -> str:
    if command is None:
        return ""
    return without_places(command.split() if isinstance(command, str) else list(command))
