"""Thresholds: at which value of one number does the answer turn?

One number is varied: a parameter, a lever, the month of an event (`varied`). At every value that is
tried all scenarios meet the same futures, so that what differs between two values is the number and
not luck. The range is looked at first and what is open is halved (`turning`); what is asked is a
goal (`goal`), or which scenario is best.

What was computed is kept under `out`, so a search that was broken off goes on from there.
"""

from __future__ import annotations

import math
import os
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from functools import cached_property
from typing import Any, NamedTuple

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from cisim.lab.again import expression_of
from cisim.lab.compare import check_comparable
from cisim.lab.disk import Aside
from cisim.lab.ensemble import LEVEL, mean_interval
from cisim.lab.executors import Executor, Progress, Say, executor_of, whole_number
from cisim.lab.goal import RIGHT, Goal, Order, Reached, order, reached, read_goal, read_outcome
from cisim.lab.manifest import manifest_of, ranges, short_key, sources_of_results
from cisim.lab.once_more import made
from cisim.lab.results import THRESHOLD, check_out, write_csv, write_result
from cisim.lab.resume import Called, Parts, Quarantined, continue_work, key_of
from cisim.lab.same_money import let_go, same_futures
from cisim.lab.simulate import believing, load_all
from cisim.lab.turning import Scale, Seen, Turn, Turns, rounds, search, turns
from cisim.lab.varied import Varied, find_varied
from cisim.model.input_error import InputError, shown
from cisim.model.limits import LARGEST_SEED, MOST_REPLICATES
from cisim.model.model import CollectiveImpactModel
from cisim.model.outcomes import Asked
from cisim.model.past import Pasts, side_by_side
from cisim.model.state import Floats
from cisim.model.told import Named, Sentences, Written, several
from cisim.world.calendar import Calendar
from cisim.world.called import month_called
from cisim.world.notes import notes_of
from cisim.world.pictured import Pictured
from cisim.world.policy import Function
from cisim.world.scenario import Scenario
from cisim.world.structure import NEVER_ENDS

SAYS = Sentences(
    "threshold",
    nothing="No future is finished, so nothing can be said.",
    less="{one} less {other}",
    never="Between {first} and {last}, {name} does not turn the answer: {everywhere}",
    often="Between {first} and {last}, {name} turns the answer {many} times.",
    doubt="Between {start} and {end} the answer goes to and fro, and {futures:,} futures cannot "
    "tell whether it turns.",
    best="{who} is best at every value that was tried",
    at_every="{who}: the goal is reached at every value that was tried ({among})",
    at_none="{who}: the goal is reached at no value that was tried ({among})",
    sure="{said}.",
    unsure="{said}, but {futures:,} futures cannot tell that at any of them.",
    unsure_at="{said}, which {futures:,} futures cannot tell at {low}.",
    unsure_near="{said}, which {futures:,} futures cannot tell between {low}.",
    unsure_between="{said}, which {futures:,} futures cannot tell between {low} and {high}.",
    shares="{low:.0f} to {high:.0f} % of futures",
    means="a mean of {low:.3g} to {high:.3g} {unit}",
    with_unit="{value} {unit}",
    order="Up to {name} = {here} {one} is best, beyond it {other} {doubt}.",
    order_whole="Up to {name} = {last} {one} is best, from {here} on {other} {doubt}.",
    **{"from": "{who}: the goal is reached from {name} = {here} on {doubt}."},
    upto="{who}: the goal is reached up to {name} = {here}, and not beyond {doubt}.",
    upto_whole="{who}: the goal is reached up to {name} = {last}, and from {here} on no more "
    "{doubt}.",
    nowhere="(but {futures:,} futures cannot tell that anywhere between {low} and {high})",
    no_low="({level:g} % interval up to {high}; {futures:,} futures do not tell from where)",
    no_high="({level:g} % interval from {low}; {futures:,} futures do not tell to where)",
    interval="({level:g} % interval {low} to {high})",
    times="That is {factor:.2g} times the {there} of now.",
    part="That is 1/{factor:.2g} of the {there} of now.",
    now="It is {there} now.",
    clopper="Clopper and Pearson's",
    student="Student's t",
    by_mean="Best is by the mean of {title}, {when}",
    goal="The goal: {goal}",
    of_luck="only luck differs between them, so it says nothing of the model's own doubt",
    of_belief="each future also believes something else of all other numbers",
    no_scenario="scenarios is nothing; allowed are one or more.",
    no_goal="--goal is missing; right would be --goal {right}, or with two or more scenarios "
    "--until-order-turns.",
    numbers="the range of {name} has {given}; allowed are numbers, and dates where a month is "
    "varied.",
    an_end="an end of the range",
    changes_nothing="--vary is {name}, which changes nothing in {scenarios}.",
    about="{what}. The interval holds the values that {futures:,} shared futures cannot rule out, "
    "by the {level:g} % interval at each ({how}); {doubt}. The "
    "range was first looked at in {points} values at equal distances: what turns and turns back "
    "between two of them is missed.",
    about_log="{what}. The interval holds the values that {futures:,} shared futures cannot rule "
    "out, by the {level:g} % interval at each ({how}); {doubt}. "
    "The range was first looked at in {points} values at equal factors: what turns and turns back "
    "between two of them is missed.",
)
POINTS = 9
"""So many values are looked at before anything is halved."""
MOST_POINTS = 1000
BY = "threshold"
"""What a manifest says that it was made by."""
WELLBEING = "wellbeing_gain"
THROUGH = ("cisim.lab.threshold", "cisim.lab.same_money")
"""The modules of the lab that decide the bits of a piece of work; see cisim.lab.store.keys."""


class Answer(NamedTuple):
    """Where the answer to one question turns.

    of     : the scenario, or the difference of two; "" for the order of all
    turns  : in the order of the number that is varied
    doubts : ranges in which it goes to and fro, and the futures cannot tell whether it turns
    seen   : what was found at each value, ascending
    """

    of: str
    turns: tuple[Turn, ...]
    doubts: tuple[tuple[float, float], ...]
    seen: Mapping[float, Seen]


@dataclass(frozen=True, eq=False)
class Threshold(Pictured):
    """Where an answer turns as one number is varied, and everything that was seen on the way.

    vary       : what is varied
    scale      : the range that was looked at
    scenarios  : (S,) as they were given
    goal       : what is asked; by order, the outcome that the order goes by
    by_order   : whether it is asked which scenario is best
    points     : so many values were looked at first
    values     : (V,) that were tried, ascending
    outcomes   : (V, S, n) the goal's outcome in every future
    seeds      : (n,) of the futures that are finished everywhere
    asked      : how many were wanted
    failed     : what is quarantined, with the line that does it again
    incomplete : whether it was stopped before the end
    manifest   : of what was written with it; None without a folder
    """

    vary: Varied
    scale: Scale
    scenarios: tuple[Scenario, ...]
    goal: Goal
    by_order: bool
    points: int
    values: Floats
    outcomes: Floats
    seeds: NDArray[np.int64]
    asked: int
    failed: tuple[Quarantined, ...] = ()
    incomplete: bool = False
    manifest: Mapping[str, Any] | None = None

    def __repr__(self) -> str:
        return f"<Threshold {self.vary.name}: {self.values.size} values, {self.futures:,} futures>"

    @property
    def names(self) -> tuple[str, ...]:
        """Return the scenarios' names."""
        return tuple(one.name for one in self.scenarios)

    @property
    def futures(self) -> int:
        """Return how many futures are finished everywhere."""
        return int(self.seeds.size)

    @property
    def month(self) -> int:
        """Return the month that is looked at."""
        return self.scenarios[0].months if self.goal.month is None else self.goal.month

    @property
    def calendar(self) -> Calendar:
        """Return how months are called."""
        return self.scenarios[0].calendar

    @property
    def present(self) -> float | None:
        """Return what is varied as the scenarios have it, None where they do not agree."""
        if self._is_believed:
            return None
        found = {value for one in self.scenarios if (value := self.vary.of(one)) is not None}
        return found.pop() if len(found) == 1 else None

    @property
    def _is_believed(self) -> bool:
        """Return whether each future would believe another value of what is varied."""
        return self.vary.kind == "parameter" and any(
            one.beliefs is not None and self.vary.name not in one.held for one in self.scenarios
        )

    @cached_property
    def answers(self) -> tuple[Answer, ...]:
        """Return where each answer turns: one a scenario, or one for a difference or the order."""
        found = []
        for of in _questions(self.goal, self.by_order, self.names):
            seen = {
                float(value): _seen(self.goal, of, self._at(v))
                for v, value in enumerate(self.values)
            }
            where = turns(seen) if len(seen) > 1 else Turns((), ())
            found.append(Answer(of, where.turns, where.doubts, seen))
        return tuple(found)

    def _at(self, place: int) -> dict[str, Floats]:
        """Return the outcome of each scenario at the value of a place, (n,)."""
        return dict(zip(self.names, self.outcomes[place], strict=True))

    def at(self, turn: Turn, of: str = "") -> float:
        """Return where a turn lies: the first whole number beyond it, or a place in between."""
        if self.scale.whole:
            return turn.first
        before, after = (self._open(value, turn, of) for value in (turn.last, turn.first))
        share = before / (before - after) if before != after else 0.5
        share = min(max(share, 0.0), 1.0) if math.isfinite(share) else 0.5
        here, there = self.scale.share(turn.last), self.scale.share(turn.first)
        low, high = self.scale.low, self.scale.high
        place = here + share * (there - here)
        return low * (high / low) ** place if self.scale.log else low + place * (high - low)

    def _open(self, value: float, turn: Turn, of: str) -> float:
        """Return how far the answer is from turning at a value; its sign turns with the answer."""
        values = self._at(list(self.values).index(value))
        if not self.by_order:
            return _reached(self.goal, of, values).estimate - self.goal.target
        one, other = values[str(turn.before)], values[str(turn.after)]
        return float(np.nanmean(one - other))

    def table(self, level: float = LEVEL) -> pd.DataFrame:
        """Return a row for each value and question.

        value          : of what is varied
        scenario       : or the difference of two
        n              : futures
        estimate       : share of them that reach the goal, or the mean
        low, high      : its interval
        holds          : whether the goal is reached; by order, whether this scenario is best
        sure           : whether the futures tell that
        mean           : of the outcome; the estimate, unless that is a share
        """
        rows = []
        asked = self.names if self.by_order else [answer.of for answer in self.answers]
        for v, value in enumerate(self.values):
            values = self._at(v)
            best = order(self.goal, values, level) if self.by_order else Order("", False)
            for of in asked:
                row: dict[str, Any] = {"value": float(value), "scenario": of}
                if self.by_order:
                    mean, low, high, *_ = (float(x) for x in mean_interval(values[of], level))
                    row |= {"n": self.futures, "estimate": mean, "low": low, "high": high}
                    row |= {"holds": best.best == of, "sure": best.sure, "mean": mean}
                else:
                    said = _reached(self.goal, of, values, level)._asdict()
                    row |= {key: said[key] for key in COLUMNS[2:]}
                rows.append(row)
        return pd.DataFrame(rows, columns=list(COLUMNS))

    def turning(self) -> pd.DataFrame:
        """Return a row for each turn.

        of            : the scenario, the difference of two, "" for the order
        at            : where it turns; of a whole number the first value beyond
        low, high     : its interval; low_open, high_open: whether that goes on beyond the range
        before, after : the answer on its two sides: whether the goal is reached, or who is best
        """
        rows = [
            {
                "of": answer.of,
                "at": self.at(turn, answer.of),
                "low": turn.low,
                "high": turn.high,
                "low_open": turn.open_low,
                "high_open": turn.open_high,
                "before": turn.before,
                "after": turn.after,
            }
            for answer in self.answers
            for turn in answer.turns
        ]
        return pd.DataFrame(rows, columns=list(TURNING))

    def value_words(self, value: float, width: float = 0.0) -> str:
        """Return a value as people read it, with the digits that a width of doubt leaves."""
        if self.vary.month:
            return month_called(self.calendar, value)
        if self.scale.whole:
            return Written(f"{value:.0f}")
        if not width > 0.0:
            return Written(f"{value:.4g}")
        return Written(f"{value:.{max(0, -math.floor(math.log10(width)))}f}")

    def sentences(self, titles: Mapping[str, str] | None = None) -> list[str]:
        """Return the answers in sentences, then what their intervals mean.

        titles : what people call the scenarios and what is varied, by name; left out, their names
        """
        if not self.futures or not self.values.size:
            return [SAYS("nothing")]
        called = dict(titles or {})
        told = []
        for answer in self.answers:
            told += self._told(answer, called)
        return [*told, self._about()]

    def _told(self, answer: Answer, called: Mapping[str, str]) -> list[str]:
        who = called.get(answer.of, answer.of)
        if self.goal.there:
            one, other = (called.get(name, name) for name in (self.goal.here, self.goal.there))
            who = SAYS("less", one=one, other=other)
        name = called.get(self.vary.name, self.vary.name)
        first, last = (self.value_words(end) for end in (self.scale.low, self.scale.high))
        told: list[str] = []
        if not answer.turns:
            everywhere = self._everywhere(answer, who, called)
            told.append(SAYS("never", first=first, last=last, name=name, everywhere=everywhere))
        if len(answer.turns) > 1:
            told.append(SAYS("often", first=first, last=last, name=name, many=len(answer.turns)))
        told += [self._turned(turn, answer.of, who, called) for turn in answer.turns]
        for doubt in answer.doubts:
            start, end = (self.value_words(value) for value in doubt)
            told.append(SAYS("doubt", start=start, end=end, futures=self.futures))
        return told

    def _everywhere(self, answer: Answer, who: str, names: Mapping[str, str]) -> str:
        state = answer.seen[self.scale.low].state
        unsure = [value for value, one in answer.seen.items() if not one.sure]
        if self.by_order:
            said = SAYS("best", who=names.get(str(state), str(state)))
        else:
            rows = self.table()
            among = self._range(rows[rows["scenario"] == answer.of]["estimate"])
            said = SAYS("at_every" if state is True else "at_none", who=who, among=among)
        if not unsure:
            return SAYS("sure", said=said)
        if len(unsure) == len(answer.seen):
            return SAYS("unsure", said=said, futures=self.futures)
        low, high = (self.value_words(end) for end in (min(unsure), max(unsure)))
        at = {"said": said, "futures": self.futures, "low": low, "high": high}
        if len(unsure) == 1:
            return SAYS("unsure_at", **at)
        return SAYS("unsure_between" if low != high else "unsure_near", **at)

    def _range(self, estimates: pd.Series) -> str:
        low, high = float(estimates.min()), float(estimates.max())
        if self.goal.share is not None:
            return SAYS("shares", low=100 * low, high=100 * high)
        return SAYS("means", low=low, high=high, unit=Named(self.goal.declared.unit, "units"))

    def _turned(self, turn: Turn, of: str, who: str, called: Mapping[str, str]) -> str:
        width = turn.first - turn.last
        name, at = called.get(self.vary.name, self.vary.name), self.at(turn, of)
        unit = self.vary.unit
        here, last = (self.value_words(value, width) for value in (at, turn.last))
        if unit not in ("", "–", "month", "share", "0..1"):
            here, last = (
                SAYS("with_unit", value=one, unit=Named(unit, "units")) for one in (here, last)
            )
        said = {"name": name, "here": here, "last": last, "doubt": self._interval(turn, width)}
        if self.by_order:
            one, other = (called.get(str(state), str(state)) for state in (turn.before, turn.after))
            text = SAYS(
                "order_whole" if self.scale.whole else "order", one=one, other=other, **said
            )
        elif turn.after is True:
            text = SAYS("from", who=who, **said)
        else:
            text = SAYS("upto_whole" if self.scale.whole else "upto", who=who, **said)
        away = self._away(at)
        return several([text, away], " ") if away else text

    def _interval(self, turn: Turn, width: float) -> str:
        low, high = self.value_words(turn.low, width), self.value_words(turn.high, width)
        name = {
            (True, True): "nowhere", (True, False): "no_low", (False, True): "no_high",
            (False, False): "interval",
        }[turn.open_low, turn.open_high]  # fmt: skip
        return SAYS(name, level=100 * LEVEL, low=low, high=high, futures=self.futures)

    def _away(self, at: float) -> str:
        """Return how far a turn is from the present value in a sentence, "" where that is moot."""
        now = self.vary.default if self.present is None else self.present
        if self._is_believed or now is None or now >= NEVER_ENDS:
            return ""
        there = self.value_words(now)
        if not (self.scale.log and now > 0.0):
            return SAYS("now", there=there)
        if at > now:
            return SAYS("times", factor=at / now, there=there)
        return SAYS("part", factor=now / at, there=there)

    def _about(self) -> str:
        when = month_called(self.calendar, self.month)
        how = SAYS("clopper" if self.goal.share is not None else "student")
        what = (
            SAYS(
                "by_mean",
                title=Named(self.goal.declared.title, "outcomes", self.goal.outcome),
                when=when,
            )
            if self.by_order
            else SAYS("goal", goal=self.goal.words(when))
        )
        believes = any(one.beliefs is not None for one in self.scenarios)
        return SAYS(
            "about_log" if self.scale.log else "about",
            what=what, futures=self.futures, level=100 * LEVEL, how=how, points=self.points,
            doubt=SAYS("of_belief" if believes else "of_luck"),
        )  # fmt: skip


COLUMNS = ("value", "scenario", "n", "estimate", "low", "high", "holds", "sure", "mean")
"""Of `Threshold.table`."""
TURNING = ("of", "at", "low", "high", "low_open", "high_open", "before", "after")
"""Of `Threshold.turning`."""

Draw = Callable[[Threshold, str], Mapping[str, str]]
"""Makes pictures, SVG by the name of their file, of what was found and its key."""


def threshold(
    scenarios: Iterable[Scenario | str | os.PathLike[str]] | Scenario | str,
    vary: str,
    *,
    goal: str | None = None,
    until_order_turns: bool = False,
    low: float | str | None = None,
    high: float | str | None = None,
    points: int = POINTS,
    replicates: int = 200,
    workers: int | None = None,
    executor: Executor | None = None,
    seed: int = 1,
    months: int | None = None,
    policy: str | Function | None = None,
    policy_parameters: Mapping[str, Any] | None = None,
    beliefs: str | None = None,
    out: str | os.PathLike[str] | None = None,
    draw: Draw | None = None,
    progress: Progress | None = None,
    say: Say | None = None,
    command: str | Sequence[str] | None = None,
) -> Threshold:
    """Search for the value of one number at which the answer turns; return all that was found.

    vary      : a parameter, a lever, or a number of an event: see cisim.lab.varied
    goal      : what must hold, as "wellbeing_gain >= 0.5 in 90%": see cisim.lab.goal
    until_order_turns : ask which scenario is best instead, by the mean of wellbeing_gain or of the
                outcome that `goal` names
    low, high : the range; None for the plausible range of a parameter, 0 to 1 of a share, the
                whole run of a month. A month may be a date, as "2027-07", where the world has
                them
    points    : values that are looked at before what is open is halved
    executor  : where it is done, in place of `workers`: see cisim.lab.executors
    policy    : what acts on the agents in every scenario, with its parameters
    beliefs   : what futures believe of all other numbers, see Scenario.believing; None is as for
                `cisim threshold`: what scenarios believe, else one value each
    out       : folder for the table, the manifest and what is computed; a search that was broken
                off continues there
    draw      : makes pictures that are written with it
    command   : how to get the same again, for the manifest

    Raises InputError if something given is wrong. Futures that fail are in `failed` and left out
    everywhere; after Ctrl-C what is finished comes back, `incomplete`.
    """
    started = datetime.now(UTC)
    loaded = tuple(
        believing(load_all(scenarios, months, policy, policy_parameters), beliefs, "fixed")
    )
    _check(loaded, until_order_turns)
    names = tuple(one.name for one in loaded)
    aim = _goal(goal, until_order_turns, loaded)
    varied = find_varied(vary, loaded)
    scale = varied.scale(*(_end(end, varied, loaded[0].calendar) for end in (low, high)))
    points = whole_number("points", points, 3, MOST_POINTS)
    replicates = whole_number("replicates", replicates, 2, MOST_REPLICATES)
    seed = whole_number("seed", seed, 0, LARGEST_SEED - replicates + 1)
    folder = None if out is None else check_out(out)
    tried = _Tried(loaded, varied, aim, seed, replicates, folder, progress, say)
    tried.expect(rounds(scale, points))
    first = scale.points(points)
    for value in first:
        tried.scenarios(value)  # what cannot be said to a scenario is told before anything is run
    put = [set(tried.scenarios(end)) for end in (first[0], first[-1])]
    if put[0] == put[1]:
        raise InputError(SAYS("changes_nothing", name=vary, scenarios=several(names)))
    if say is not None:
        for note in notes_of(loaded):  # not before it is sure that something runs
            say(note)
    tried.executor = executor_of(workers, executor, say)
    questions = _questions(aim, until_order_turns, names)

    def look(values: Sequence[float]) -> list[list[Seen]] | None:
        if not tried.run(values):
            return None
        return [[_seen(aim, of, tried.of(value)) for of in questions] for value in values]

    search(scale, look, points)
    values = tried.finished
    found = Threshold(
        vary=varied,
        scale=scale,
        scenarios=loaded,
        goal=aim,
        by_order=until_order_turns,
        points=len(first),
        values=np.array(values, np.float64),
        outcomes=np.array([[tried.of(value)[name] for name in names] for value in values]),
        seeds=np.flatnonzero(tried.whole) + seed,
        asked=replicates,
        failed=tuple(tried.failed.values()),
        incomplete=tried.incomplete,
    )
    if folder is None or not found.futures:
        return found
    origin = {
        **sources_of_results(),
        "scenarios": [one.resolved() for one in loaded],
        "vary": {"name": vary, "low": scale.low, "high": scale.high, "points": points},
        "goal": goal,
        "until_order_turns": until_order_turns,
        "values": [float(value) for value in values],
        "seeds": {"first": seed, "finished": ranges(found.seeds)},
        "outcomes": [aim.outcome],
        "month": found.month,
    }
    key = short_key(origin)

    def fill(aside: Aside) -> None:
        with aside.file(THRESHOLD) as file:
            write_csv(file, found.table().rename(columns={"value": vary}), key)
        for name, picture in ({} if draw is None else draw(found, key)).items():
            aside.write(name, picture)

    def manifest(files: Mapping[str, str]) -> dict[str, Any]:
        return manifest_of(
            key,
            origin,
            command or "cisim.threshold, called from Python",
            asked=replicates,
            made=made(BY, tried.came, THROUGH),
            incomplete=found.incomplete,
            failed=[one._asdict() for one in found.failed],
            notes=notes_of(loaded),
            started=started,
            finished=datetime.now(UTC),
            files=files,
        )

    return replace(found, manifest=write_result(folder, fill, manifest))


def at_values(
    scenarios: Iterable[Scenario | str | os.PathLike[str]], vary: str, values: Iterable[float]
) -> list[Scenario]:
    """Return the scenarios as they are at some values of what is varied, value by value.

    Raises InputError if something given is wrong.
    """
    loaded = tuple(load_all(scenarios))
    varied = find_varied(vary, loaded)
    put = ([varied.put(one, value) for one in loaded] for value in values)
    return [one for together in put for one in same_futures(together)]


def _check(scenarios: Sequence[Scenario], until_order_turns: bool) -> None:
    if len(scenarios) > 1 or until_order_turns:
        check_comparable(list(scenarios))
    if not scenarios:
        raise InputError(SAYS("no_scenario"))


def _end(given: float | str | None, varied: Varied, calendar: Calendar) -> float | None:
    """Return an end of the range; a date only where months are varied."""
    if not isinstance(given, str):
        return given
    if not varied.month:
        raise InputError(SAYS("numbers", name=varied.name, given=shown(given)))
    return float(calendar.parse(given, SAYS("an_end")))


def _goal(text: str | None, by_order: bool, scenarios: Sequence[Scenario]) -> Goal:
    names = [one.name for one in scenarios]
    horizon, calendar = scenarios[0].months, scenarios[0].calendar
    if by_order:
        return read_outcome(WELLBEING if text is None else text, horizon, calendar)
    if text is None:
        raise InputError(SAYS("no_goal", right=RIGHT))
    return read_goal(text, names, horizon, calendar)


def _questions(goal: Goal, by_order: bool, names: Sequence[str]) -> list[str]:
    """Return what is asked: of which scenario, which difference, or "" for the order."""
    if by_order:
        return [""]
    if goal.there:
        return [f"{goal.here} - {goal.there}"]
    return [goal.here] if goal.here else list(names)


def _reached(goal: Goal, of: str, values: Mapping[str, Floats], level: float = LEVEL) -> Reached:
    if goal.there:
        return reached(goal, values[goal.here] - values[goal.there], level)
    return reached(goal, values[of], level)


def _seen(goal: Goal, of: str, values: Mapping[str, Floats]) -> Seen:
    if of:
        found = _reached(goal, of, values)
        return Seen(found.holds, found.sure)
    return Seen(*order(goal, values))


# --- the runs --------------------------------------------------------------------------------


class _Work(NamedTuple):
    """What a worker needs to know; piece i is a future in which all scenarios are run."""

    scenarios: tuple[Scenario, ...]
    seed: int
    outcome: str
    month: int


def _future(work: _Work, piece: int) -> Floats:
    """Return the outcome of each scenario in one future, (S,)."""
    asked = Asked.of([work.outcome], [work.month])
    pasts = Pasts()
    found = np.empty(len(work.scenarios))
    for place, scenario in enumerate(work.scenarios):
        model = CollectiveImpactModel(scenario, work.seed + piece, pasts=pasts, observe=asked)
        model.run(work.month)
        found[place] = model.recorder.values([work.outcome])[work.outcome][-1, -1]
        let_go(model, work.scenarios)
    return found


class _Tried:
    """The runs so far: scenarios at values, each in all futures, and none twice.

    whole      : (n,) bool, futures that are finished wherever they were begun
    finished   : values that every scenario has finished, ascending
    failed     : what is quarantined, with the reason
    incomplete : whether it was stopped
    """

    executor: Executor | None = None

    def __init__(
        self,
        scenarios: Sequence[Scenario],
        varied: Varied,
        goal: Goal,
        seed: int,
        replicates: int,
        folder: Any,
        progress: Progress | None,
        say: Say | None,
    ) -> None:
        self.given, self.varied, self.goal = scenarios, varied, goal
        self.seed, self.replicates, self.folder = seed, replicates, folder
        self.progress, self.say = progress, say
        self.month = scenarios[0].months if goal.month is None else goal.month
        self.world = {id(one.world): key_of({"world": one.world.model_dump(mode="json")})
                      for one in scenarios}  # fmt: skip
        self.known: dict[str, Floats] = {}
        self.keys: dict[float, list[str]] = {}
        self.whole = np.ones(replicates, bool)
        self.finished: list[float] = []
        self.failed: dict[str, Quarantined] = {}
        self.came: list[dict[str, Any]] = []
        self.incomplete = False
        self.done = self.rounds_left = 0

    def expect(self, rounds: int) -> None:
        """Note how often the range will be looked at again, for whoever watches the progress."""
        self.rounds_left = rounds

    def scenarios(self, value: float) -> dict[str, Scenario]:
        """Return the scenarios in which what is varied has a value, by their key."""
        put = same_futures([self.varied.put(one, value) for one in self.given])
        keys = [self._key(one) for one in put]
        self.keys[value] = keys
        return dict(zip(keys, put, strict=True))

    def _key(self, scenario: Scenario) -> str:
        names = {"name", "title", "story", "note", "world", "world_name", "structure_name"}
        said = scenario.model_dump(mode="json", exclude=names)
        world = self.world[id(scenario.world)]
        return key_of({"world": world, "scenario": said, "held": scenario.held})

    def run(self, values: Sequence[float]) -> bool:
        """Run what is new at some values; return whether all of it came to its end."""
        new = {
            key: one
            for value in values
            for key, one in self.scenarios(value).items()
            if key not in self.known
        }
        ended = True
        if new:
            ended = self._run(new, values)
        if ended or not self.finished:
            self.finished = sorted({*self.finished, *values})
        return ended and bool(self.whole.any())

    def _run(self, new: Mapping[str, Scenario], values: Sequence[float]) -> bool:
        order_, _ = side_by_side(list(new.values()))
        keys = [list(new)[place] for place in order_]
        work = _Work(tuple(new[key] for key in keys), self.seed, self.goal.outcome, self.month)
        said = {"outcome": self.goal.outcome, "month": self.month, "runs": keys}
        batch = key_of(said, THROUGH)
        before, size = self.done, len(keys)
        after = self.rounds_left * 3 * self.replicates

        def tell(done: int, total: int) -> None:
            if self.progress is not None:
                self.progress(before + done * size, before + total * size + after)

        came = continue_work(
            _future,
            work,
            [key_of({"batch": batch, "seed": self.seed + k}) for k in range(self.replicates)],
            Parts(self.folder, [f"run {k}" for k in range(size)], self.say, self.came),
            called=self._called,
            executor=self.executor,
            progress=tell,
            say=self.say,
        )
        self.done += size * self.replicates
        self.rounds_left = max(0, self.rounds_left - 1)
        for k, reason in came.failed:
            which, seed = self._called(k)
            self.failed[which] = Quarantined(which, reason, self._line(seed, values))
        self.incomplete |= came.incomplete
        if came.incomplete and self.finished:
            return False  # what the values before have is kept whole
        self.whole &= came.finished
        self.known |= {key: came.rows[:, place] for place, key in enumerate(keys)}
        return not came.incomplete

    def _called(self, piece: int) -> Called:
        return Called(f"future {self.seed + piece}", self.seed + piece)

    def _line(self, seed: int, values: Sequence[float]) -> str:
        """Return the line that lives a future again at some values."""
        at = [int(value) if value.is_integer() else value for value in values]
        return (
            f"import cisim.lab.threshold; [cisim.CollectiveImpactModel(one, seed={seed})"
            f".run({self.month}) for one in cisim.lab.threshold.at_values("
            f"{expression_of(self.given)}, {self.varied.name!r}, {at})]"
        )

    def of(self, value: float) -> dict[str, Floats]:
        """Return the outcome of each scenario at a value, in futures that are whole, (n,)."""
        return {
            one.name: self.known[key][self.whole]
            for one, key in zip(self.given, self.keys[value], strict=True)
        }
