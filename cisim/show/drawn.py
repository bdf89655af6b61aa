"""Charts of finished results, as report and notebook alike draw them."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any, Literal

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from cisim.lab.comparison import Comparison
from cisim.lab.ensemble import OVERALL
from cisim.lab.manifest import manifest_key
from cisim.lab.study import Study
from cisim.model.input_error import InputError, nearest, shown
from cisim.model.state import Floats
from cisim.show import charts
from cisim.show.called import short_of, titles_of
from cisim.show.charts import Chart, Theme
from cisim.show.charts.paths import GAP
from cisim.show.charts.words import placed
from cisim.show.counted import after, plural
from cisim.show.language.facts import in_language
from cisim.show.language.spoken import ENGLISH, spoken
from cisim.show.language.texts import say
from cisim.show.scenario_in_words import dates
from cisim.world.calendar import UNDATED, Calendar

Kind = Literal["paths", "dots", "differences"]
KINDS: tuple[Kind, ...] = ("paths", "dots", "differences")
MOST_DRAWN = 20_000
"""Of a study so many futures of a scenario are drawn at most, at points spread evenly over it."""


@dataclass(frozen=True, eq=False)
class Drawn:
    """Results that can be drawn.

    names    : what people call the scenarios, by name and in order
    months   : (M,) int, those that can be drawn
    footer   : of every chart
    read     : an outcome in some months and a region, as scenario, replicate, month and a column
    calendar : how months are called
    events   : dates under the time axis, None where there are none
    phases   : of a region, in which the partnerships are; None where that is not known
    """

    names: Mapping[str, str]
    months: NDArray[np.int64]
    footer: str
    read: Callable[[str, list[int], str], pd.DataFrame]
    calendar: Calendar = UNDATED
    events: pd.DataFrame | None = None
    phases: Callable[[str], pd.DataFrame] | None = None
    _tables: dict[tuple[str, tuple[int, ...], str], pd.DataFrame] = field(default_factory=dict)

    @classmethod
    def of(cls, comparison: Comparison) -> Drawn:
        """Return a comparison, or one ensemble as a comparison, to be drawn.

        Raises InputError if no future was finished by every scenario.
        """
        chosen = {name: in_language(one.scenario) for name, one in comparison.ensembles.items()}
        futures = comparison.futures
        if not futures.size:
            raise InputError("plot: no future was finished by every scenario; nothing to draw.")
        first = next(iter(comparison.ensembles.values()))
        events = dates(list(chosen.values()))
        footer = charts.small_print(
            int(futures.size), int(futures[0]), manifest_key(comparison), comparison.failed_futures
        )  # fmt: skip

        def read(outcome: str, months: list[int], region: str) -> pd.DataFrame:
            values = {}
            for name, one in comparison.ensembles.items():
                found = [one.at(outcome, month, region) for month in months]
                values[name] = (one.replicates, np.stack(found, axis=-1))
            return _long(values, outcome, months)

        return cls(
            short_of(titles_of(chosen), chosen),
            first.months,
            footer,
            read,
            first.scenario.calendar,
            events if len(events) else None,
            lambda region: charts.phase_table(comparison.ensembles.values(), region),
        )

    @classmethod
    def of_study(cls, study: Study) -> Drawn:
        """Return a study to be drawn; a future is a point with a replicate.

        Of a large one an outcome is read month by month, and MOST_DRAWN of its futures are drawn.
        """
        points, each = len(study.design), study.replicates
        step = -(-points * each // MOST_DRAWN)
        some = np.arange(0, points, step)
        footer = charts.small_print(int(some.size) * each)
        if step > 1:
            every = ordinal(step) if spoken() == ENGLISH else f"{step}"
            many = plural(points * each, "future")
            footer = say("drawn.of", footer=footer, many=many, step=every)

        def read(outcome: str, months: list[int], region: str) -> pd.DataFrame:
            found = np.stack(
                [study.runs(outcome, month, region)[:, some] for month in months], axis=-1
            )  # (S, points, r, months)
            values = {}
            numbers = (some[:, None] * each + np.arange(each)).reshape(-1)
            for place, name in enumerate(study.scenarios):
                one = found[place].reshape(-1, len(months))
                there = np.isfinite(one).any(axis=1)
                values[name] = (numbers[there], one[there])
            return _long(values, outcome, months)

        return cls({name: name for name in study.scenarios}, study.months, footer, read)

    def chart(
        self,
        kind: Kind,
        outcome: str,
        *,
        width: int = 640,
        theme: Theme = "auto",
        goal: float | None = None,
        month: int | None = None,
        against: str | None = None,
        region: str = OVERALL,
        title: str | None = None,
    ) -> Chart:
        """Return a chart of an outcome.

        goal    : a level to mark, in the outcome's unit; not of differences
        month   : at which dots and differences are taken, by default the last
        against : what differences are from, by default the first

        Raises InputError for what was not kept, or an option that the kind has not.
        """
        if kind not in KINDS:
            near = nearest(kind, KINDS)
            raise InputError(f"kind is {shown(kind)}; allowed is one of {', '.join(KINDS)}.{near}")
        over_time, narrowing = kind == "paths", kind == "paths" and outcome == GAP
        for name, value, allowed in (
            ("goal", goal, kind != "differences" and not narrowing),
            ("month", month, not over_time),
            ("against", against, kind == "differences"),
        ):
            if value is not None and not allowed:
                raise InputError(f"{name} is {shown(value)}, and {kind} of {outcome} has none.")
        options: dict[str, Any] = {
            "names": self.names, "footer": self.footer, "calendar": self.calendar,
            "width": width, "theme": theme, "title": title,
            "where": "" if region == OVERALL else region,
        }  # fmt: skip
        if over_time:
            table = self._table(outcome, self.months.tolist(), region)
            if narrowing:
                return charts.gap(table, outcome, **options)
            phases = None if self.phases is None else self.phases(region)
            return charts.paths(
                table, outcome, goal=goal, events=self.events, phases=phases, **options
            )
        last = int(self.months[-1]) if month is None else month
        table = self._table(outcome, [last], region)
        if kind == "dots":
            return charts.dots(table, outcome, goal=goal, **options)
        base = next(iter(self.names)) if against is None else against
        if title is None and base in self.names:
            then = after(last, self.calendar)
            said = say("drawn.difference", base=self.names[base], then=then)
            options["title"] = placed(said, options["where"])
        return charts.differences(table, outcome, against=base, **options)

    def _table(self, outcome: str, months: list[int], region: str) -> pd.DataFrame:
        key = (outcome, tuple(months), region)
        if key not in self._tables:
            self._tables[key] = self.read(outcome, months, region)
        return self._tables[key]


def ordinal(number: int) -> str:
    """Return "2nd", "13th", "21st"."""
    last = "" if number % 100 in (11, 12, 13) else {1: "st", 2: "nd", 3: "rd"}.get(number % 10, "")
    return f"{number}{last or 'th'}"


def _long(
    values: Mapping[str, tuple[NDArray[np.int64], Floats]], outcome: str, months: list[int]
) -> pd.DataFrame:
    """Return an outcome as a tidy table.

    values : by scenario, (n,) numbers of the futures and (n, months) the outcome
    """
    tables = []
    for name, (futures, found) in values.items():
        frame = pd.DataFrame({outcome: found.reshape(-1)})
        frame.insert(0, "scenario", name)
        frame.insert(1, "replicate", np.repeat(futures, len(months)))
        frame.insert(2, "month", np.tile(np.array(months, np.int64), futures.size))
        tables.append(frame)
    return pd.concat(tables, ignore_index=True)
