"""Studies: results below one folder, and what each of them says; maps, robustness, fronts, tables.

Nothing is run here. What a result lacks, or has damaged, is one sentence in its place.
"""

from __future__ import annotations

import base64
import csv
import html
import io
import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from functools import lru_cache
from typing import Any

import numpy as np
import pandas as pd

from cisim.lab.analyses import ranking, robustness
from cisim.lab.cells import SCENARIO, sides_of
from cisim.lab.load import load
from cisim.lab.manifest import MANIFEST
from cisim.lab.optimise import Optimised
from cisim.lab.results import STRUCTURES, csv_line
from cisim.lab.shelf import Result
from cisim.lab.study import Study
from cisim.lab.study.folder import SWEEP, load_study
from cisim.lab.sweep.folder import scenarios_in
from cisim.lab.written import Written
from cisim.model.input_error import InputError
from cisim.model.sources import source_hash
from cisim.show import charts
from cisim.show.charts import Chart
from cisim.show.charts.frame import small_print
from cisim.show.charts.heat import levels as level_words
from cisim.show.charts.series import outcome_shown
from cisim.show.charts.words import Reading
from cisim.show.counted import day, label
from cisim.show.language.facts import column_words, fact, in_language, source_in_words
from cisim.show.language.forms import percent
from cisim.show.page.address.cell import map_of, map_sides
from cisim.show.page.address.checks import plainly
from cisim.show.page.address.studied import Studied
from cisim.show.page.results_root import asked_shelf, shelf
from cisim.show.page.views import levers
from cisim.show.page.views.pictures import file_name, month_words, shown_cell, shown_rows
from cisim.show.page.words import part, say
from cisim.show.told import told
from cisim.world.calendar import UNDATED, Calendar
from cisim.world.scenario import Scenario

OPTIMISE = "optimise"
MOST_ROWS, MOST_PICTURES = 200, 12
"""Rows of a table and pictures of a result that are shown; a file has all rows."""
LARGEST_PICTURE, LARGEST_TABLE = 1_000_000, 20_000_000
"""Bytes."""
_TITLE = re.compile(r"<title[^>]*>([^<]*)</title>")
DECIDING = 5
"""Parameters that are told of each scenario."""


# --- the list --------------------------------------------------------------------------------


def listing() -> dict[str, Any]:
    """Return the results that there are, and what is said where there are none."""
    place = shelf()
    if place is None:
        return {"words": say("studies.none"), "results": []}
    found = place.results()
    key = "studies.here" if found else "studies.empty"
    return {
        "words": say(key, root=str(place.root)),
        "results": [_listed(one) for one in found],
    }


def _listed(one: Result) -> dict[str, Any]:
    why = plainly(one.why)
    if one.state == "unfinished":
        about = one.about
        counted = "there" in about and "asked" in about
        why = (
            say("studies.stopped", there=about["there"], asked=about["asked"])
            if counted
            else say("studies.unfinished" if one.by else "studies.no_manifest")
        )
    return {
        "name": one.name,
        "title": str(one.about.get("title") or one.name),
        "kind": kind_in_words(one.by),
        "about": about_in_words(one.about),
        "why": why if one.state != "damaged" else say("studies.damaged", why=why),
        "opens": bool(one.by),
    }


def kind_in_words(by: str) -> str:
    """Return what a result is, by what made it."""
    known: Mapping[str, str] = part("studies.kinds")
    return known.get(by, by)


def about_in_words(about: Mapping[str, Any]) -> str:
    """Return how large a result is, and when it was made."""
    said = []
    if about.get("scenarios"):
        said.append(say("studies.scenarios", n=len(about["scenarios"])))
    if about.get("points"):
        said.append(say("studies.points", n=int(about["points"])))
    if about.get("asked"):
        said.append(say("studies.runs", n=int(about["asked"])))
    if about.get("written"):
        said.append(_day(str(about["written"])))
    if about.get("version"):
        said.append(f"cisim {about['version']}")
    return " · ".join(said)


def _day(written: str) -> str:
    """Return the day of a time in words; of a manifest that somebody has changed, what stands."""
    try:
        return day(datetime.fromisoformat(written))
    except ValueError:
        return written[:10]


# --- one result ------------------------------------------------------------------------------


@dataclass(frozen=True, eq=False)
class Opened:
    """A result that is open.

    study     : of a sweep, None of another kind; found: of a search
    scenarios : of a sweep
    """

    written: Written
    study: Study | None = None
    found: Optimised | None = None
    scenarios: tuple[Scenario, ...] = ()
    calendar: Calendar = UNDATED

    @property
    def key(self) -> str:
        """Return the key of its manifest."""
        return self.written.key

    @property
    def names(self) -> dict[str, str]:
        """Return what people call its scenarios, in the language that is spoken."""
        return {one.name: in_language(one).title for one in self.scenarios}


def opened(folder: str) -> Opened:
    """Return the result of a folder.

    Raises InputError if there is none, or it is damaged or not below the root.
    """
    place = asked_shelf()
    where = place.folder(folder)
    file = where / MANIFEST
    stamp = file.stat().st_mtime_ns if file.exists() else 0
    return _opened(str(place.root), folder, stamp)


@lru_cache(maxsize=8)
def _opened(root: str, folder: str, stamp: int) -> Opened:
    written = asked_shelf().open(folder)
    if written.by == SWEEP:
        scenarios = tuple(scenarios_in(written.folder))
        study = load_study(written.folder)
        return Opened(written, study, scenarios=scenarios, calendar=scenarios[0].calendar)
    if written.by == OPTIMISE:
        found = load(written.folder)
        return Opened(written, found=found, calendar=found.scenario.calendar)
    return Opened(written)


def head(one: Opened) -> dict[str, Any]:
    """Return what a result is: title, kind, size, and the command that made it."""
    said = one.written.manifest
    result = asked_shelf().result(one.written.folder)
    about = result.about if result else {}
    why = [_listed(result)["why"]] if result and result.state != "whole" else []
    made_of = said.get("sources")
    if isinstance(made_of, Mapping) and made_of.get("model") != source_hash():
        why.append(say("studies.older"))
    return {
        "title": str(about.get("title") or one.written.folder.name),
        "kind": kind_in_words(one.written.by),
        "about": about_in_words(about),
        "command": str(said.get("command", "")),
        "why": " ".join(why),
    }


# --- a sweep ---------------------------------------------------------------------------------


def choices(one: Opened, given: Studied) -> dict[str, Any]:
    """Return what can be asked of a study, and what is."""
    study = one.study
    assert study is not None
    known = list(sides_of(study))
    sides = [(name, called(name)) for name in known]
    chosen = map_sides(study, given)
    named = [(name, _name(one, name)) for name in study.scenarios]
    outcome = given.outcome if given.outcome in study.outcomes else _outcome(study)
    month = given.month if given.month in study.months.tolist() else int(study.months[-1])
    scenario = given.scenario if given.scenario in study.scenarios else ""
    return {
        "sides": sides,
        "across": chosen[0],
        "upward": chosen[1],
        "scenarios": named,
        "scenario": scenario or next(n for n in study.scenarios if n != given.against),
        "of_all": SCENARIO in chosen,
        "against": given.against,
        "outcomes": [(name, outcome_shown(name).title) for name in study.outcomes],
        "outcome": outcome,
        "months": [(int(m), month_words(int(m), one.calendar)) for m in study.months.tolist()],
        "month": month,
        "good": given.good,
        "unit": outcome_shown(outcome).unit,
    }


def called(name: str) -> str:
    """Return what people call what is varied."""
    if name == SCENARIO:
        return say("studies.scenario")
    return levers.label_of(name)


def _name(one: Opened, scenario: str) -> str:
    return one.names.get(scenario, scenario)


def _outcome(study: Study) -> str:
    main = "wellbeing_gain"
    return main if main in study.outcomes else study.outcomes[0]


def picture(one: Opened, given: Studied, width: int = 640) -> dict[str, Any]:
    """Return the map that is asked for, as a chart's frame takes it, and what can be opened of it.

    width : of the chart (px)

    Raises InputError for what was not kept.
    """
    study = one.study
    assert study is not None
    found = map_of(study, given)
    question = found.question
    names = one.names
    for side in (found.across, found.upward):
        names[side.name] = called(side.name)
        for word in side.words:
            if side.name != SCENARIO:
                names[word] = _word(side.name, word)
    when = label(one.calendar, question.month)
    whose = "" if SCENARIO in (found.across.name, found.upward.name) else _name(
        one, question.scenario
    )  # fmt: skip
    under = " · ".join(
        part
        for part in (
            whose,
            say("studies.less", against=_name(one, question.against)) if question.against else "",
            when,
        )
        if part
    )
    chart = charts.heat(
        found,
        names=names,
        title=outcome_shown(question.outcome).title,
        under=under,
        theme="light",
        width=width,
        footer=small_print(study.replicates, key=one.key),
    )
    name = file_name(study.name, question.outcome, found.across.name, found.upward.name)
    ends = [
        (at, f"{called(side.name)} {words}")
        for side in (found.across, found.upward)
        for at, words in enumerate(level_words(side, names))
    ]
    many = len(found.across)
    return {
        "chart": _card(chart, f"{name}-{one.key}", _csv(found.table(), one)),
        "across": ends[:many],
        "upward": ends[many:],
    }


def _word(name: str, word: str) -> str:
    if name == "structure":
        return fact("structure_title", word, word)
    return word


def _card(chart: Chart, file: str, text: str) -> dict[str, Any]:
    """Return a chart as its frame takes it; the columns of a map are in words already."""
    table, unit = chart.numbers.shown, chart.numbers.unit
    return {
        "kind": chart.kind,
        "name": file,
        "title": chart.title,
        "caption": f"{chart.title} ({unit})" if unit else chart.title,
        "summary": chart.summary,
        "svg": chart.svg,
        "file": file,
        "heads": [
            str(column) if chart.kind == "heat" else column_words(str(column))
            for column in table.columns
        ],
        "numeric": [bool(pd.api.types.is_numeric_dtype(table[column])) for column in table],
        "rows": shown_rows(chart.numbers),
        "csv": text,
    }


def _csv(table: pd.DataFrame, one: Opened) -> str:
    """Return a table as CSV; each row says what it was made from."""
    heads = [str(column) for column in table.columns]
    lines = [csv_line([*heads, "study", "manifest_key"])]
    name = one.study.name if one.study is not None else one.written.folder.name
    for row in table.astype(object).where(table.notna(), None).to_numpy().tolist():
        lines.append(csv_line(["" if cell is None else cell for cell in [*row, name, one.key]]))
    return b"".join(lines).decode()


def robust(one: Opened, given: Studied, width: int = 640) -> dict[str, Any]:
    """Return how robust each scenario is over all that is varied: a table, and a chart of regret.

    Raises InputError where that cannot be told.
    """
    study = one.study
    assert study is not None
    _check_choice(study, given)
    outcome = given.outcome or _outcome(study)
    what = outcome_shown(outcome)
    good = None if given.good is None else given.good / what.factor
    found = robustness(
        study, outcome, against=given.against or None, threshold=good, month=given.month
    )
    table = found.table().sort_values("regret", kind="stable").reset_index(drop=True)
    regret = table["regret"].to_numpy(np.float64) * what.factor
    how = Reading.of(0.0, float(regret.max(initial=0.0)) or 1.0, "", False)
    columns = [column for column in ("best", "satisfies", "harms") if column in table]
    heads = [say("studies.scenario"), *(say(f"studies.heads.{c}") for c in columns)]
    heads.append(say("studies.heads.regret", unit=what.apart) if what.apart else
                 say("studies.heads.regret_plain"))  # fmt: skip
    rows = []
    for at, row in enumerate(table.to_dict("records")):
        cells = [_share(row, column) for column in columns]
        ends = [float(row[end]) * what.factor for end in ("regret_low", "regret_high")]
        said = f"{how.number(float(regret[at]))} ({how.between(*ends)})"
        rows.append([_name(one, str(row["scenario"])), *cells, said])
    first = table.iloc[0]
    drawn = charts.indices(
        table.assign(
            regret=regret,
            regret_low=table["regret_low"] * what.factor,
            regret_high=table["regret_high"] * what.factor,
        ),
        "regret",
        title=say("studies.regret"),
        under=say("studies.regret_under"),
        of="scenario",
        unit=what.apart,
        names=one.names,
        theme="light",
        width=width,
        footer=small_print(study.replicates, key=one.key),
    )
    chart = _card(drawn, f"{file_name(study.name, outcome, 'regret')}-{one.key}", _csv(table, one))
    chart["heads"] = [say("studies.scenario"), say("studies.regret"), *_ends()]
    return {
        "words": say(
            "studies.robust_words",
            name=_name(one, str(first["scenario"])),
            n=int(first["points"]),
            best=percent(float(first["best"])),
        ),
        "table": {"caption": say("studies.robust"), "heads": heads, "rows": rows},
        "chart": chart,
    }


def _ends() -> list[str]:
    return [say("studies.heads.low"), say("studies.heads.high")]


def _check_choice(study: Study, given: Studied) -> None:
    """Raise InputError, in the language of the page, where nothing can be chosen from."""
    if len(study.scenarios) < 2:
        raise InputError(say("studies.one_scenario"))
    if not outcome_shown(given.outcome or _outcome(study)).better:
        raise InputError(say("studies.no_better"))


def _share(row: Mapping[Any, Any], name: str) -> str:
    value = float(row[name])
    if not np.isfinite(value):
        return "–"
    ends = [percent(float(row[f"{name}_{end}"])) for end in ("low", "high")]
    return f"{percent(value)} ({say('charts.between', low=ends[0], high=ends[1])})"


def deciding(one: Opened, given: Studied) -> dict[str, Any]:
    """Return what decides which scenario is best, with what is known of each.

    Raises InputError where that cannot be told.
    """
    study = one.study
    assert study is not None
    _check_choice(study, given)
    found = ranking(study, given.outcome or _outcome(study), month=given.month)
    table = found.table()
    clear = table[table["clear"]]
    rows = []
    for name in study.scenarios:
        for row in clear[clear["scenario"] == name].head(DECIDING).to_dict("records"):
            head, _, choice = str(row["parameter"]).partition("=")
            rows.append(
                {
                    "scenario": _name(one, name),
                    "parameter": called(head) + (f": {_word(head, choice)}" if choice else ""),
                    "name": head,
                    "meaning": fact("meanings", head, str(row["meaning"])),
                    "low": percent(float(row["best_low"])),
                    "high": percent(float(row["best_high"])),
                    "source": source_in_words(str(row["source"])),
                    "evidence": str(row["evidence"]),
                }
            )
    words = say("studies.decides_words") if rows else say("studies.decides_nothing")
    return {"words": words, "rows": rows, "csv": _csv(table, one),
            "file": f"{file_name(study.name, 'deciding')}-{one.key}"}  # fmt: skip


# --- a search --------------------------------------------------------------------------------


def front(one: Opened, width: int = 640) -> dict[str, Any]:
    """Return the front of a search, what it says, and the structures that were chosen."""
    found = one.found
    assert found is not None
    chosen = [
        {"file": name, "words": told(found.words(each.at))}
        for name, each in zip(STRUCTURES, found.chosen, strict=False)
        if name in one.written.files
    ]
    said = [told(one) for one in found.sentences()]
    if not found.table()["told"].any():
        return {"chart": None, "words": said, "chosen": chosen}
    chart = charts.front(found, theme="light", width=width, footer=small_print(key=one.key))
    name = file_name(one.written.folder.name, "front")
    card = _card(chart, f"{name}-{one.key}", _csv(found.table(), one))
    return {"chart": card, "words": said, "chosen": chosen}


# --- any other result ------------------------------------------------------------------------


def tables(one: Opened) -> list[dict[str, Any]]:
    """Return the tables of a result, each file that is there and as it was written.

    One that is missing or changed is told in its place.
    """
    found = []
    for name in one.written.files:
        if not name.endswith(".csv"):
            continue
        try:
            found.append(_table(one, name))
        except InputError as error:
            missing = not (one.written.folder / name).exists()
            words = say("studies.missing", file=name) if missing else plainly(str(error))
            found.append({"name": name, "fault": words, "heads": [], "rows": []})
    return found


def _table(one: Opened, name: str) -> dict[str, Any]:
    path = one.written.file(name)
    if path.stat().st_size > LARGEST_TABLE:
        raise InputError(say("studies.large", file=name))
    text = path.read_text(encoding="utf-8-sig", errors="replace")
    rows = list(csv.reader(io.StringIO(text)))
    heads, body = (rows[0], rows[1:]) if rows else ([], [])
    cut = body[:MOST_ROWS]
    return {
        "name": name,
        "fault": "",
        "heads": heads,
        "rows": [[_cell(cell) for cell in row] for row in cut],
        "more": say("studies.more_rows", n=len(body), shown=len(cut)) if len(body) > len(cut)
        else "",
        "csv": text,
    }  # fmt: skip


def _cell(text: str) -> str:
    try:
        return shown_cell(float(text))
    except ValueError:
        return text


def pictures(one: Opened) -> list[dict[str, str]]:
    """Return the charts of a result, as pictures in which no script runs."""
    found = []
    for name in one.written.files:
        path = one.written.folder / name
        fits = path.exists() and path.stat().st_size <= LARGEST_PICTURE
        if not name.endswith(".svg") or not fits or one.written.changed(name):
            continue
        data = path.read_bytes()
        link = f"data:image/svg+xml;base64,{base64.b64encode(data).decode()}"
        title = _TITLE.search(data.decode("utf-8", "replace"))
        called = html.unescape(title[1]) if title else name
        found.append({"name": name, "title": called, "link": link})
        if len(found) == MOST_PICTURES:
            break
    return found
