"""A comparison as one file that can be read, printed and passed on by itself.

In a planner's order: the question, what differs, what follows, charts, what it costs and where it
breaks even, what it hangs on, what it cannot say, how to run it again. Nothing is loaded from
anywhere, nothing is run: numbers come from finished comparisons, and the same ones give the same
bytes. A number in a sentence is the text of the table's cell.
"""

from __future__ import annotations

import json
import math
import os
import shlex
import tempfile
from collections.abc import Iterable, Mapping, Sequence
from contextlib import suppress
from functools import cache
from importlib.resources import files
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
from jinja2 import Environment, StrictUndefined
from markupsafe import Markup

import cisim
from cisim.lab.compare import Comparison, check_goals
from cisim.lab.simulate import LEVEL, OVERALL
from cisim.lab.store import manifest_key, replacing, without_places
from cisim.lab.value import EXCLUSION_SEK, ITEMS, NEEDED, Prices, break_even, children_in, costs
from cisim.model.inputs import InputError, shown
from cisim.model.model import CollectiveImpactModel
from cisim.model.outcomes import find_outcome
from cisim.model.parameters import SOURCES, Parameters, declarations
from cisim.show import charts
from cisim.show.charts import Chart
from cisim.show.charts.ink import DARK, LIGHT, SERIES_DARK, SERIES_LIGHT, marker, place
from cisim.show.charts.series import outcome_shown
from cisim.show.charts.words import listed, plural, span
from cisim.show.choices import dates, defaults, events_of, grade, in_words, meaning, said_by
from cisim.show.findings import (
    Effect,
    ahead,
    even_value,
    even_words,
    exclusions,
    fte,
    minus,
    money,
    outcome_effect,
    per_children,
    rounded,
    say,
    signed_fte,
    social_return,
)
from cisim.show.findings import span as between
from cisim.show.tables import number
from cisim.world.scenario import Scenario

MAIN = "wellbeing_gain"
"""The outcome that the report is about."""
EFFORT_HALF = (0.5, 1.0, 3.0)
"""The values of effort_half that stand beside each other."""
LEVELS: dict[str, tuple[str, ...]] = {
    "Children": (MAIN, "gap_primary"),
    "Partners": ("member_share", "trust_eligible", "joint_activity", "service_forgone"),
    "Society": ("service_demand",),
}
"""Outcomes in the table, on the three levels of R21: individual, partner, society."""
KEPT = tuple(dict.fromkeys([*NEEDED, *(name for names in LEVELS.values() for name in names)]))
"""Outcomes that a comparison must have kept for a report, beside those with a goal."""
WEAKEST = ("own_value", "effort_half", "wb_max")
TOP = (*WEAKEST, "solo_quality", "lead_share", "ces_rho", "reach_gap", "wb_delay", "turnover")
"""Parameters whose evidence is always shown: what decides results first."""
ALWAYS = ("V20", "K26", "R21")
"""Sources whose authors' stake is always told."""
WIDTH, PHONE = 640, 390
FEW = 20
"""With fewer futures than this the report warns."""
LARGEST_DATA = 400_000
"""Scenarios are enclosed in full up to this many characters."""
_MARK = '<meta name="generator" content="cisim">'

TITLES = {
    "wellbeing_gain": "Children's wellbeing",
    "gap_primary": "Gap between deprived and affluent communities",
    "trust_eligible": "Trust between organisations",
    "service_demand": "Demand for remedial services",
}
"""What outcomes are called here; others as on charts."""
_DIRECTIONS = {"higher": "higher is better", "lower": "lower is better", "": ""}

LIMITS = tuple(
    " ".join(limit.split())
    for limit in (
        """
        No source compares places with collective impact to places without. Nothing here is
        evidence that a structure works; it is what would follow if the assumptions held.
        """,
        """
        About half of what results vary by, over all that may be believed, rests on one
        ratio that no source measures: what an hour of own service is worth against an hour
        of joint work.
        """,
        """
        At effort_half 0.5 a joint hour is some six times as effective as in the best
        evaluated programme of the kind (Communities That Care). That is why 1 and 3 stand
        beside it.
        """,
        """
        Some things come out because they were put in, wholly or in part: that national and
        regional backbones complement each other, that absent sponsors are felt late, that a
        history of collaboration helps, that trust is lost faster than gained, that sectors
        complement each other, that wellbeing lags behind activity, and that turnover sets
        back. They are assumptions, not findings.
        """,
        """
        In this model a partnership widens the gap between deprived and affluent
        communities, unless engaging those concerned and being credible to them carry it
        further.
        """,
        """
        Neutrality of the host and the pull of funders hardly matter in this model. Take no
        claim about them from it, in either direction.
        """,
        """
        Whether a national backbone alone beats regional ones alone is not settled: it
        depends on what is believed.
        """,
        """
        Wellbeing is an index that stands still by itself: no trend, no crisis, no other
        programme. Its points are not those of a survey.
        """,
        """
        The intervals say what luck does. They do not say how wrong the assumptions may be,
        which is more.
        """,
        """
        Money is counted without discounting and at one price for every working year. What a
        lasting exclusion costs is one company's figure of 2021 for Sweden.
        """,
    )
)
"""What users must be told, after model.md section 9."""


def report(
    comparison: Comparison,
    *,
    goals: Mapping[str, object] | None = None,
    fte_cost: float = 60_000.0,
    currency: str = "EUR",
    sek: float = 11.0,
    prevented: float | None = None,
    effort_half: Mapping[float, Comparison] | None = None,
    networks: Sequence[tuple[Chart, Chart]] = (),
    question: str | None = None,
    command: str | Sequence[str] | None = None,
    written: str | None = None,
) -> str:
    """Return a comparison as one HTML page.

    goals         : outcome -> value that is aimed at
    fte_cost, currency, sek, prevented : see cisim.lab.value.Prices
    effort_half   : the same comparison at other values of that parameter, see
                    cisim.lab.compare.rowvalues; without it the page says how to get it
    networks      : charts of who works with whom, for a page and for a phone: `network_charts`
    question      : what was asked; made from the scenarios if None
    command       : what gives the same page again; worked out if None, where it can be
    written       : a date, in words

    Raises InputError for a goal that can never be, a price that is none, fewer than two scenarios,
    or a comparison that has not kept the outcomes of KEPT in every month.
    """
    if len(comparison.names) < 2:
        raise InputError(
            f"report: the comparison has only {', '.join(comparison.names) or 'nothing'}; allowed "
            f"are two or more scenarios."
        )
    aims = check_goals(goals or {})
    first = next(iter(comparison.ensembles.values()))
    for name in (*KEPT, *aims):
        if name not in first.outcomes:
            raise InputError(
                f"report: the comparison has not kept {name}; keep it in outcomes, or leave "
                f"outcomes out to keep all."
            )
    if not comparison.futures.size:
        raise InputError("report: no future was finished by every scenario; nothing to report.")
    prices = Prices(fte_cost, currency, sek, prevented)
    page = _Page(comparison, aims, prices, dict(effort_half or {}))
    return _template().render(
        mark=Markup(_MARK),
        style=Markup(_colours()),
        question=question or page.question(),
        about=page.about(written),
        warnings=page.warnings(),
        scenarios=page.scenarios(),
        differing=page.differing(),
        alike=page.alike(),
        findings=page.findings(),
        overall=page.overall(),
        scale=page.scale(),
        figures=page.figures(),
        networks=[_figure(*both) for both in networks],
        effects=page.effects(),
        regions=page.regions(),
        pairing=page.pairing(),
        costs=page.costs(),
        breaking_even=page.breaking_even(),
        prices=page.priced(),
        weakest=page.weakest(),
        halves=page.halves(),
        assumptions=page.assumptions(),
        sources=page.sources(),
        limits=LIMITS,
        again=page.again(command),
        data=Markup(page.data()),
        level=f"{LEVEL * 100:g} %",
        horizon=span(page.months),
        base=page.titles[page.base],
    )


def network_charts(
    comparison: Comparison, region: int = 0, months: Iterable[int] | None = None
) -> list[tuple[Chart, Chart]]:
    """Return who works with whom in one region, in the first future: of the first scenario and of
    the one that leaves children best off among the others, each for a page and for a phone.

    This runs the two once more, with the seed that the futures begin with.
    """
    titles = _titles(comparison)
    base = comparison.names[0]
    means = {name: _mean(comparison, name) for name in comparison.names[1:]}
    best = max(means, key=lambda name: means[name])
    made = []
    seed = int(comparison.futures[0])
    for name in (base, best):
        scenario = comparison.ensembles[name].scenario
        model = CollectiveImpactModel(scenario, seed=seed)
        when = sorted({0, scenario.months // 2, scenario.months}) if months is None else months
        where = scenario.world.regions[region].name
        tables = charts.network_tables(model, region, when)
        title = f"Who works with whom in {where}: {titles[name]}"
        footer = charts.small_print(1, seed, manifest_key(comparison))
        wide, narrow = (
            charts.network(*tables, title=title, width=width, footer=footer)
            for width in (WIDTH, PHONE)
        )
        made.append((wide, narrow))
    return made


# --- the file --------------------------------------------------------------------------------


def check_report(path: str | os.PathLike[str]) -> Path:
    """Return the file that a report may be written to; called before anything is run.

    What is needed is tried and undone, so nothing is left behind.

    Raises InputError, naming `path`, if it is a folder, is in use for something else, or cannot be
    written.
    """
    file = Path(path)
    made: list[Path] = []
    try:
        if not str(path).strip() or not file.name:
            raise InputError(f"report is {shown(str(path))}; allowed is the name of a file.")
        if file.is_dir():
            raise InputError(
                f"report is {file}, a folder; allowed is a file, as in {file / 'report.html'}."
            )
        if file.exists():
            _check_ours(file)
        with suppress(FileNotFoundError):
            file.stat()  # a name that can never be is an error already
        for part in reversed(file.parents):
            if not part.exists():
                part.mkdir()
                made.append(part)
        with tempfile.TemporaryFile(dir=file.parent):
            pass
    except (OSError, ValueError) as error:
        if isinstance(error, InputError):
            raise
        raise InputError(_unwritable(file, error)) from None
    finally:
        for part in reversed(made):
            with suppress(OSError):  # somebody else has put something there
                part.rmdir()
    return file


def write_report(path: str | os.PathLike[str], page: str) -> Path:
    """Write a page that `report` returned, whole or not at all; return the file.

    Raises InputError as `check_report` does.
    """
    file = check_report(path)
    try:
        file.parent.mkdir(parents=True, exist_ok=True)
        with replacing(file) as out:
            out.write(page.encode("utf-8", errors="replace"))
    except OSError as error:
        raise InputError(_unwritable(file, error)) from None
    return file


def _check_ours(file: Path) -> None:
    """Raise InputError if something else than an earlier report is there."""
    if not os.access(file, os.W_OK):
        raise InputError(f"report is {file}, which is write-protected; allowed is another name.")
    with file.open("rb") as there:
        head = there.read(4096)
    if head and _MARK.encode() not in head:
        raise InputError(
            f"report is {file}, which is in use and is no report of cisim; allowed is a new name, "
            f"or an earlier report."
        )


def _unwritable(file: Path, error: Exception) -> str:
    reason = getattr(error, "strerror", None) or error
    return f"report is {file}, which cannot be written ({reason}); allowed is a place of yours."


# --- what is on the page ---------------------------------------------------------------------


class _Page:
    """The parts of the page, in its order."""

    def __init__(
        self,
        comparison: Comparison,
        goals: dict[str, float],
        prices: Prices,
        halves: dict[float, Comparison],
    ) -> None:
        self.comparison, self.goals, self.price, self.by_half = comparison, goals, prices, halves
        self.base, *self.others = comparison.names
        self.chosen = {name: one.scenario for name, one in comparison.ensembles.items()}
        self.months = self.chosen[self.base].months
        self.world = self.chosen[self.base].world
        self.titles = _titles(comparison)
        self.futures = int(comparison.futures.size)
        self.after = span(self.months)
        self.key = manifest_key(comparison)
        self.children = children_in(self.world)
        names = dict.fromkeys([name for level in LEVELS.values() for name in level] + list(goals))
        self.effect: dict[str, Effect] = {name: outcome_effect(comparison, name) for name in names}
        self.breaks = {one.scenario: one for one in break_even(comparison, prices)}
        found = costs(comparison).to_dict("records")
        self.cost = {(row["scenario"], row["item"]): row for row in found}

    # the question

    def question(self) -> str:
        others = listed([f"“{self.titles[name]}”" for name in self.others])
        verb = "does" if len(self.others) == 1 else "do"
        return (
            f"What {verb} {others} change for children's wellbeing, compared with "
            f"“{self.titles[self.base]}”?"
        )

    def about(self, written: str | None) -> list[tuple[str, str]]:
        world = self.world
        communities = sum(region.communities for region in world.regions)
        joining = sum(region.participating for region in world.regions)
        place = (
            f"{world.title}: {plural(len(world.regions), 'region')}, "
            f"{plural(communities, 'community', 'communities')} of which {joining:,} take part, "
            f"{world.organisations:,} organisations, about {rounded(self.children):,.0f} children"
        )
        rows = [
            ("Place", place),
            ("Time", f"{self.after}, month by month"),
            ("Futures", f"{self.futures:,}, the same for every scenario (seeds {self._seeds()})"),
            ("Made with", f"cisim {cisim.__version__}, manifest key {self.key}"),
        ]
        return rows + ([("Date", written)] if written else [])

    def _seeds(self) -> str:
        seeds = self.comparison.futures
        if seeds[-1] - seeds[0] + 1 == seeds.size:
            return f"{seeds[0]} to {seeds[-1]}" if seeds.size > 1 else f"{seeds[0]}"
        return f"{seeds.size:,} of {seeds[0]} to {seeds[-1]}"

    def warnings(self) -> list[str]:
        said = []
        if self.futures < FEW:
            said.append(
                f"{plural(self.futures, 'future')} only: too few to rely on. Ask for more with "
                f"--replicates."
            )
        asked = max(one.asked for one in self.comparison.ensembles.values())
        if self.comparison.incomplete:
            said.append(
                f"The runs were stopped: {self.futures:,} of {asked:,} futures were finished by "
                f"every scenario, and only those are compared."
            )
        if self.comparison.failed:
            count = len(self.comparison.failed)
            said.append(
                f"{plural(count, 'run')} failed and {'is' if count == 1 else 'are'} left out, with "
                f"the same future of the other scenarios where differences are formed."
            )
        precision = self.comparison.precision
        if precision is not None and not precision.met:
            said.append(precision.words)
        return said

    def scenarios(self) -> list[dict[str, Any]]:
        return [
            {
                "chip": chip(at),
                "title": self.titles[name],
                "story": scenario.story,
                "note": scenario.note,
                "base": name == self.base,
            }
            for at, (name, scenario) in enumerate(self.chosen.items())
        ]

    # what differs

    def differing(self) -> dict[str, Any]:
        said = {name: said_by(scenario) for name, scenario in self.chosen.items()}
        rows = []
        for key in said[self.base]:
            values = [said[name][key] for name in said]
            if any(value != values[0] for value in values):
                rows.append(
                    {
                        "name": key,
                        "meaning": meaning(key),
                        "values": [in_words(key, value) for value in values],
                    }
                )
        events = [events_of(scenario) for scenario in self.chosen.values()]
        if any(one != events[0] for one in events):
            rows.append({"name": "events", "meaning": "What happens when.", "values": events})
        return {"heads": list(self.titles.values()), "rows": rows}

    def alike(self) -> str:
        """Return what is set in all scenarios alike, away from the defaults."""
        said = [said_by(scenario) for scenario in self.chosen.values()]
        default = defaults()
        same = [
            f"{key} = {in_words(key, value)}"
            for key, value in said[0].items()
            if all(other[key] == value for other in said) and value != default[key]
        ]
        return "; ".join(same)

    # what follows

    def overall(self) -> list[Markup]:
        """Return who is ahead, and the goals."""
        said = []
        order = sorted(self.chosen, key=lambda name: -_mean(self.comparison, name))
        best, second = order[0], order[1]
        if len(order) > 2 or best == self.base:
            line = say(
                "Children are best off with *{}*; next comes {}.",
                self.titles[best],
                self.titles[second],
            )
            if self.base != second:
                effect = outcome_effect(self.comparison, MAIN, against=second)
                pair = effect.cells[best]
                line += say(
                    " Between these two: {}, on average {} {} ({}).",
                    pair.verdict,
                    pair.apart,
                    effect.apart_unit,
                    pair.between,
                )
            said.append(line)
        for name, goal in self.goals.items():
            said.append(self._goal(name, goal))
        harmed = [
            f"{count} of {plural(n, 'future')} with {self.titles[name]}"
            for name in self.chosen
            for count, n in [self._below(name)]
            if count
        ]
        if harmed:
            said.append(
                say("Children end up worse off than in the ordinary world in {}.", listed(harmed))
            )
        return said

    def _below(self, name: str) -> tuple[int, int]:
        values = self.comparison.ensembles[name].at(MAIN)
        values = values[np.isfinite(values)]
        return int((values < 0).sum()), int(values.size)

    def _goal(self, name: str, goal: float) -> Markup:
        effect = self.effect[name]
        lower = effect.what.better == "lower"
        counts = []
        for scenario, ensemble in self.comparison.ensembles.items():
            values = ensemble.at(name)
            values = values[np.isfinite(values)]
            reached = int((values <= goal if lower else values >= goal).sum())
            counts.append(
                f"{reached} of {plural(values.size, 'future')} with {self.titles[scenario]}"
            )
        unit = "%" if effect.what.percent else effect.what.unit
        return say(
            "*Goal:* {} of at {} {} {}, after {}, is reached in {}.",
            TITLES.get(name, outcome_shown(name).title),
            "most" if lower else "least",
            f"{goal * effect.what.factor:.6g}",
            unit,
            self.after,
            listed(counts),
        )

    def findings(self) -> list[dict[str, Any]]:
        """Return what follows for each scenario against the first, by heading."""
        return [
            {
                "chip": chip(at),
                "title": self.titles[name],
                "said": [
                    ("Effect", self._effect_said(name)),
                    ("Gap", self._gap_said(name)),
                    ("Cost", self._cost_said(name)),
                    ("Pays", self._pays_said(name)),
                    self._turns_said(name),
                ],
            }
            for at, name in enumerate(self.others, start=1)
        ]

    def _effect_said(self, name: str) -> Markup:
        effect, base = self.effect[MAIN], self.titles[self.base]
        cell = effect.cells[name]
        difference = f"{cell.apart} {effect.apart_unit} ({cell.between})"
        if cell.distinct:
            return say(
                "After {} children's wellbeing is *{}* than with {}, on average {}.",
                self.after,
                cell.count,
                base,
                difference,
            )
        if cell.says_something:
            return say(
                "After {} children's wellbeing *{}* from that with {}: {}, on average {}.",
                self.after,
                cell.verdict,
                base,
                cell.count,
                difference,
            )
        return say("Children's wellbeing after {}, beside {}: {}.", self.after, base, cell.verdict)

    def _gap_said(self, name: str) -> Markup:
        effect = self.effect["gap_primary"]
        cell = effect.cells[name]
        if not cell.distinct:
            return say("Between deprived and affluent communities: {}.", cell.verdict)
        return say(
            "Between deprived and affluent communities it is {}: {}, on average {} {} ({}).",
            "narrower" if cell.better else "wider",
            cell.count,
            cell.apart,
            effect.apart_unit,
            cell.between,
        )

    def _cost_said(self, name: str) -> Markup:
        parts = []
        for item, words in (("external", "external money"), ("own", "own services")):
            more = self.cost[name, item]["more"]
            word = "more" if more >= 0 else "less"
            parts.append(f"{fte(abs(more))} FTE-years {word} of {words} ({self._money(abs(more))})")
        return say("Over {} it takes {}.", self.after, listed(parts))

    def _pays_said(self, name: str) -> Markup:
        cell, needed = self.effect[MAIN].cells[name], self.breaks[name].exclusions
        gains, loses = cell.distinct and cell.better, cell.distinct and not cell.better
        if needed[0] > 0 and gains:
            return say(
                "If it prevents at least {} lasting exclusions among the {} children.",
                exclusions(needed),
                f"{rounded(self.children):,.0f}",
            )
        cost = "It costs more" if needed[0] > 0 else "Taken together it costs no more"
        children = "gain" if gains else "lose by it" if loses else "are not shown to gain"
        return say("{}, and children {}.", cost, children)

    def _turns_said(self, name: str) -> tuple[str, Markup]:
        """Return at which worth of own services the effect turns round, with its heading."""
        found, cell = self.breaks[name].own_value, self.effect[MAIN].cells[name]
        heading = "Holds if" if cell.distinct and cell.better else "Turns if"
        if found.side in ("below", "above"):
            holds = heading == "Holds if"
            return heading, say(
                "{}full-time year of own services for 1,000 children is worth {} than {} points "
                "of wellbeing. {} was assumed, and nobody has measured it.",
                "A " if holds else "Children are better off with it if a ",
                "less" if found.side == "below" else "more",
                even_value(found),
                f"{self.chosen[name].parameters.own_value:g}",
            )
        if found.side == "always":
            return heading, say("Joint work works as assumed. It takes no time from own services.")
        if found.side == "never":
            return heading, say("Never: children lose by it, whatever own services are worth.")
        return heading, say("Luck alone could turn it round; more futures would tell.")

    def scale(self) -> str:
        p = self.chosen[self.base].parameters
        return (
            f"For scale: wellbeing is an index from 0 to 100, and a community without deprivation "
            f"starts {p.wellbeing_deprivation:g} points above a wholly deprived one. Gains are "
            f"counted from the ordinary world, in which organisations go on as before. FTE means "
            f"full-time equivalent, one person's working time."
        )

    # charts

    def figures(self) -> list[dict[str, Any]]:
        outcomes = dict.fromkeys(
            [MAIN, "gap_primary", "joint_activity", "member_share", *self.goals]
        )
        table = self._series(outcomes)
        footer = charts.small_print(self.futures, int(self.comparison.futures[0]), self.key)
        events = dates(list(self.chosen.values()))
        shared: dict[str, Any] = {"names": self.titles, "footer": footer}
        when: dict[str, Any] = {"events": events if len(events) else None, **shared}
        goal = self.goals.get
        title = "Children's wellbeing"
        asked: list[tuple[Any, dict[str, Any]]] = [
            (charts.paths, {"outcome": MAIN, "goal": goal(MAIN), "title": title, **when}),
            (charts.differences, {"outcome": MAIN, "against": self.base,
             "title": f"{title} after {self.after}: difference from {self.titles[self.base]}",
             **shared}),
            (charts.dots, {"outcome": MAIN, "goal": goal(MAIN),
             "title": f"{title} after {self.after}", **shared}),
        ]  # fmt: skip
        for name in self.goals:
            if name != MAIN:
                asked.append((charts.dots, {"outcome": name, "goal": goal(name), **shared}))
        if np.isfinite(table["gap_primary"]).any():
            asked.append((charts.gap, {"outcome": "gap_primary", **shared}))
        for name in ("joint_activity", "member_share"):
            asked.append((charts.paths, {"outcome": name, "goal": goal(name), **when}))
        figures = []
        for draw, options in asked:
            outcome = options.pop("outcome")
            wide, narrow = (draw(table, outcome, width=w, **options) for w in (WIDTH, PHONE))
            figures.append(_figure(wide, narrow))
        return figures

    def _series(self, outcomes: Iterable[str]) -> pd.DataFrame:
        names = list(outcomes)
        tables = []
        for name, one in self.comparison.ensembles.items():
            region, columns = one.regions.index(OVERALL), [one.outcomes.index(o) for o in names]
            values = one.values[:, :, region][..., columns]
            frame = pd.DataFrame(values.reshape(-1, len(names)), columns=names)
            frame.insert(0, "scenario", name)
            frame.insert(1, "replicate", np.repeat(one.replicates, one.months.size))
            frame.insert(2, "month", np.tile(one.months, one.replicates.size))
            tables.append(frame)
        return pd.concat(tables, ignore_index=True)

    # effect, cost and break-even

    def effects(self) -> list[dict[str, Any]]:
        levels = {
            **LEVELS,
            "Goals": tuple(n for n in self.goals if n not in sum(LEVELS.values(), ())),
        }
        groups = []
        for level, names in levels.items():
            rows = []
            for name in names:
                effect = self.effect[name]
                parts = (effect.unit.replace("0..1", "0 to 1"), _DIRECTIONS[effect.what.better])
                rows.append(
                    {
                        "name": name,
                        "title": TITLES.get(name, outcome_shown(name).title),
                        "words": find_outcome(name).words,
                        "unit": ", ".join(part for part in parts if part),
                        "cells": [effect.cells[scenario] for scenario in self.chosen],
                    }
                )
            if rows:
                groups.append({"level": level, "rows": rows})
        return groups

    def regions(self) -> dict[str, Any] | None:
        """Return the main differences by region, where regions were kept."""
        first = self.comparison.ensembles[self.base]
        if len(first.regions) == 1:
            return None
        rows = []
        for region in first.regions[:-1]:
            effect = outcome_effect(self.comparison, MAIN, region=region)
            rows.append({"name": region, "cells": [effect.cells[name] for name in self.others]})
        return {"heads": [self.titles[name] for name in self.others], "rows": rows}

    def pairing(self) -> str:
        """Return what sharing futures has saved of the differences' variance, whatever it is."""
        cells = self.effect[MAIN].cells
        parts = [
            f"{minus(number(100 * cells[name].saved, 0))}\u00a0% for {self.titles[name]}"
            for name in self.others
            if math.isfinite(cells[name].saved)
        ]
        if not parts:
            return ""
        return (
            f"Sharing luck between scenarios has reduced the variance of the differences in "
            f"children's wellbeing by {listed(parts)}; 0 % would be no gain over independent runs."
        )

    def costs(self) -> dict[str, Any]:
        rows = []
        for item, words in ITEMS.items():
            cells = []
            for name in self.chosen:
                row = self.cost[name, item]
                more = "" if math.isnan(row["more"]) else signed_fte(row["more"])
                cells.append(
                    {
                        "mean": fte(row["mean"]),
                        "between": between(fte(row["low"]), fte(row["high"])),
                        "more": more,
                        "money": self._money(row["mean"]),
                    }
                )
            part = item in ("sponsors", "meetings")
            rows.append({"words": words, "part": part, "cells": cells})
        return {"heads": list(self.titles.values()), "rows": rows}

    def breaking_even(self) -> dict[str, Any]:
        found = [self.breaks[name] for name in self.others]
        each = money(self.price.exclusion, self.price.currency)
        linked = (
            f"Value by cost, both as differences, if one point of wellbeing prevents "
            f"{self.price.prevented or 0:g} lasting exclusions among 1,000 children, as entered."
        )
        rows = {
            f"Lasting exclusions to prevent: how many pay for all costs, at {each} each.": [
                exclusions(one.exclusions) for one in found
            ],
            "The same, of 100,000 children.": [
                per_children(one.exclusions, self.children) for one in found
            ],
            "Lasting exclusions that pay for the external money alone.": [
                exclusions(one.external) for one in found
            ],
            "Worth of own services at which children are as well off as without: own_value, points "
            "of wellbeing for a full-time year and 1,000 children.": [
                even_words(one.own_value) for one in found
            ],
            "The same as π = own_value × effort_half / wb_max.": [
                even_words(one.pi_even) for one in found
            ],
            "The same π if the external money had paid for own services instead.": [
                even_words(one.pi_money) for one in found
            ],
        }
        if self.price.prevented is not None:
            rows[f"Social return. {linked}"] = [social_return(one) for one in found]
        return {"heads": [self.titles[name] for name in self.others], "rows": rows.items()}

    def priced(self) -> str:
        price = self.price
        text = (
            f"A full-time year is priced at {price.currency} {price.fte_cost:,.0f}, whoever works "
            f"it. A lasting exclusion costs SEK {EXCLUSION_SEK / 1e6:g} million (R21), which is "
            f"{money(price.exclusion, price.currency)} at SEK {price.sek:g} for one "
            f"{price.currency}; that rate and the price of a year are set by whoever runs this, "
            f"they are no quotation of a day."
        )
        if price.prevented is None:
            text += (
                " A social return as a ratio is not shown: nothing measured says how many lasting "
                "exclusions a point of wellbeing prevents. Whoever can say it enters it."
            )
        return text

    def _money(self, fte_years: float) -> str:
        return money(fte_years * self.price.fte_cost, self.price.currency)

    # what it hangs on

    def weakest(self) -> list[Markup]:
        p = self.chosen[self.base].parameters
        declared = declarations(Parameters)
        plausible = [declared[name].plausible or (math.nan, math.nan) for name in WEAKEST]
        (own_low, own_high), (half_low, half_high), (most_low, most_high) = plausible
        pi = p.own_value * p.effort_half / p.wb_max
        return [
            say(
                "*The weakest assumption is what an hour of own service is worth against a joint "
                "hour.* The model holds it in one ratio, π = own_value × effort_half / wb_max = "
                "{} × {} / {} = {}. No source measures it; within what may be believed of the "
                "three it reaches from {} to {}. The break-even table says where the answer turns.",
                f"{p.own_value:g}", f"{p.effort_half:g}", f"{p.wb_max:g}", f"{pi:.3g}",
                f"{own_low * half_low / most_high:.2g}", f"{own_high * half_high / most_low:.2g}",
            ),
            say(
                "effort_half is the joint time that gives half of what joint work could ever give: "
                "{} FTE for 1,000 children here. The best evaluated programme of the kind points "
                "to 3, so the same comparison was run at {}.",
                f"{p.effort_half:g}", listed([f"{value:g}" for value in sorted(self.by_half)]),
            ),
        ]  # fmt: skip

    def halves(self) -> dict[str, Any] | None:
        """Return the comparison at other values of effort_half, None if there is none."""
        columns = [
            self._half(value, one)
            for value, one in sorted(self.by_half.items())
            if one.names == self.comparison.names and one.futures.size and _has_costs(one)
        ]
        if not columns:
            return None
        return {
            "heads": columns,
            "rows": [
                {"title": self.titles[name], "cells": [column["cells"][at] for column in columns]}
                for at, name in enumerate(self.others)
            ],
            "said": self._halves_said(columns),
        }

    def _half(self, value: float, one: Comparison) -> dict[str, Any]:
        """Return a column: the comparison at one value of effort_half."""
        effect = outcome_effect(one, MAIN)
        breaks = {found.scenario: found.own_value for found in break_even(one, self.price)}
        order = sorted(self.chosen, key=lambda name: -_mean(one, name))
        lead = outcome_effect(one, MAIN, against=order[1]).cells[order[0]]
        return {
            "value": f"{value:g}",
            "own": all(s.parameters.effort_half == value for s in self.chosen.values()),
            "futures": int(one.futures.size),
            "best": order[0] if lead.distinct else "",
            "first": order[:2],
            "cells": [
                {"cell": effect.cells[name], "even": ahead(breaks[name])} for name in self.others
            ],
        }

    def _halves_said(self, columns: list[dict[str, Any]]) -> list[str]:
        """Return who is best at which value, how the largest difference shrinks, who loses."""
        found: dict[str, list[str]] = {}
        for column in columns:
            if column["best"]:
                who = f"best off with {self.titles[column['best']]}"
            else:
                one, other = (self.titles[name] for name in column["first"])
                who = f"as well off with {one} as with {other}, as far as can be told,"
            found.setdefault(who, []).append(column["value"])
        parts = [f"{who} at effort_half {listed(values)}" for who, values in found.items()]
        said = [f"Children are {listed(parts)}."]
        first, last = columns[0], columns[-1]
        for row, name in enumerate(self.others):
            here, there = first["cells"][row]["cell"], last["cells"][row]["cell"]
            if first["best"] == name and first is not last:
                said.append(
                    f"The difference of {self.titles[name]} from {self.titles[self.base]} goes "
                    f"from {here.apart} points at {first['value']} to {there.apart} at "
                    f"{last['value']}."
                )
            for column in columns:
                cell = column["cells"][row]["cell"]
                if not cell.distinct:
                    said.append(
                        f"At {column['value']}, {self.titles[name]} beside "
                        f"{self.titles[self.base]}: {cell.verdict}."
                    )
                elif not cell.better:
                    said.append(
                        f"At {column['value']} children are worse off with {self.titles[name]} "
                        f"than with {self.titles[self.base]}: {cell.count}."
                    )
        return said

    def _changed(self) -> list[str]:
        """Return the parameters that some scenario changes from its default."""
        known = Parameters.model_fields
        return [
            name for name in known
            if any(name in scenario.differs for scenario in self.chosen.values())
        ]  # fmt: skip

    def assumptions(self) -> list[dict[str, str]]:
        declared = declarations(Parameters)
        changed = self._changed()
        rows = []
        for name in dict.fromkeys([*WEAKEST, *changed, *TOP]):
            one = declared[name]
            values = {f"{getattr(s.parameters, name):g}": None for s in self.chosen.values()}
            used = " or ".join(values)
            if name in changed:
                used += f" (default {one.default:g})"
            plausible = "–" if one.plausible is None else "{:g} to {:g}".format(*one.plausible)
            rows.append(
                {
                    "name": name,
                    "meaning": one.meaning,
                    "unit": "" if one.unit == "–" else one.unit,
                    "used": used,
                    "plausible": plausible,
                    "grade": grade(one),
                    "evidence": one.evidence.words,
                }
            )
        return rows

    def sources(self) -> list[dict[str, str]]:
        declared = declarations(Parameters)
        named = {declared[row["name"]].evidence.source for row in self.assumptions()}
        named |= {*ALWAYS}
        return [
            {"name": name, "reference": one.reference, "stake": one.stake, "read": one.read}
            for name, one in SOURCES.items()
            if name in named
        ]

    # how to run it again

    def again(self, command: str | Sequence[str] | None) -> dict[str, Any]:
        words = _command_words(command) if command is not None else self._worked_out()
        if not words:
            return {"command": "", "variants": []}
        line = without_places(words)
        taken = " ".join(words)
        p = self.chosen[self.base].parameters
        variants = [
            ("Joint work takes twice the time", f"--set effort_half={2 * p.effort_half:g}"),
            ("Own services are worth twice as much", f"--set own_value={2 * p.own_value:g}"),
            ("A shorter view", f"--months {max(1, self.months // 2)}"),
            ("Other luck", f"--seed {int(self.comparison.futures[-1]) + 1}"),
        ]
        shown_ = [
            {"words": words, "command": f"{line} {more}"}
            for words, more in variants
            if "=" not in more or more.split(" ")[1].split("=")[0] + "=" not in taken
        ]
        return {"command": line, "variants": shown_}

    def _worked_out(self) -> list[str]:
        """Return a command that gives the same, [] if these scenarios are not to be had so."""
        first = self.comparison.ensembles[self.base]
        words = ["cisim", "compare", *self.comparison.names]
        options: dict[str, Any] = {}
        shipped = _loaded(self.comparison.names, {})
        if not shipped:
            return []
        if any(one.world_name != self.chosen[one.name].world_name for one in shipped):
            options["world"] = self.chosen[self.base].world_name
        if any(one.months != self.months for one in shipped):
            options["months"] = self.months
        if [*_loaded(self.comparison.names, options)] != [*self.chosen.values()]:
            return []
        for name, value in options.items():
            words += [f"--{name}", str(value)]
        words += ["--replicates", str(first.asked), "--seed", str(first.first_seed)]
        words += ["--report", "report.html"]
        for name, goal in self.goals.items():
            words += ["--goal", f"{name}={goal:g}"]
        if self.price.fte_cost != Prices().fte_cost:
            words += ["--fte-cost", f"{self.price.fte_cost:g}"]
        return words

    def data(self) -> str:
        """Return what was run as JSON that may stand in HTML, "" if it is too long."""
        told = [
            {key: value for key, value in scenario.resolved().items() if key != "world"}
            for scenario in self.chosen.values()
        ]
        value = {
            "cisim": cisim.__version__,
            "key": self.key,
            "seeds": [int(self.comparison.futures[0]), int(self.comparison.futures[-1])],
            "goals": self.goals,
            "world": self.chosen[self.base].resolved()["world"],
            "scenarios": told,
        }
        text = json.dumps(value, ensure_ascii=True, separators=(",", ":"))
        text = text.replace("<", "\\u003c").replace(">", "\\u003e").replace("&", "\\u0026")
        return text if len(text) <= LARGEST_DATA else ""


def _titles(comparison: Comparison) -> dict[str, str]:
    """Return what people call each scenario: its title, or its name where two share a title."""
    titles = {
        name: " ".join(one.scenario.title.split()) or name
        for name, one in comparison.ensembles.items()
    }
    if len(set(titles.values())) < len(titles):
        return {name: name for name in titles}
    return titles


def _mean(comparison: Comparison, name: str) -> float:
    """Return the mean of the main outcome over shared futures, -inf where there is none."""
    ensemble = comparison.ensembles[name]
    values = ensemble.at(MAIN)[np.isin(ensemble.seeds, comparison.futures)]
    values = values[np.isfinite(values)]
    return float(values.mean()) if values.size else -math.inf


def _has_costs(comparison: Comparison) -> bool:
    """Return whether everything was kept that costs and break-even are made of."""
    return all(
        set(NEEDED) <= set(one.outcomes) and one.months.size == one.scenario.months + 1
        for one in comparison.ensembles.values()
    )


def _loaded(names: Sequence[str], options: Mapping[str, Any]) -> list[Scenario]:
    """Return shipped scenarios of those names, [] if one of them is none."""
    from cisim.world.files import shipped

    if not set(names) <= set(shipped("scenarios")):
        return []
    try:
        return [Scenario.load(name, **options) for name in names]
    except InputError:
        return []


def _command_words(command: str | Sequence[str]) -> list[str]:
    if not isinstance(command, str):
        return list(command)
    try:
        return shlex.split(command)
    except ValueError:  # a quote without its end
        return [command]


# --- markup ----------------------------------------------------------------------------------


def _figure(wide: Chart, narrow: Chart) -> dict[str, Any]:
    table = wide.table
    body = [[_plain(value) for value in row] for row in table.itertuples(index=False)]
    return {
        "title": wide.title,
        "wide": Markup(wide.svg),
        "narrow": Markup(narrow.svg),
        "summary": wide.summary,
        "heads": [str(column).replace("_", " ") for column in table.columns],
        "rows": body,
    }


def _plain(value: Any) -> str:
    if isinstance(value, bool | np.bool_):
        return "yes" if value else "no"
    if isinstance(value, float | np.floating):
        return "–" if not math.isfinite(value) else f"{value:.4g}".replace("-", "−")
    return str(value)


def chip(number_: int) -> Markup:
    """Return the marker of a scenario, as in the charts, for the text."""
    return Markup(
        f'<svg class="chip" width="14" height="14" viewBox="0 0 14 14" aria-hidden="true">'
        f'<path class="m{place(number_)}" d="{marker(number_, 7, 7, 5)}"/></svg>'
    )


def _colours() -> str:
    def rules(colours: Mapping[str, str], places: Sequence[str]) -> str:
        uses = "".join(f"--{use}:{colour};" for use, colour in colours.items())
        return f":root{{{uses}}}" + "".join(
            f".m{at}{{fill:{colour}}}" for at, colour in enumerate(places)
        )

    dark = rules(DARK, SERIES_DARK)
    light = rules(LIGHT, SERIES_LIGHT)
    return f"{light}@media screen and (prefers-color-scheme:dark){{{dark}}}"


@cache
def _template() -> Any:
    environment = Environment(
        autoescape=True, undefined=StrictUndefined, trim_blocks=True, lstrip_blocks=True
    )
    text = files("cisim.show").joinpath("report.html.jinja").read_text(encoding="utf-8")
    return environment.from_string(text)
