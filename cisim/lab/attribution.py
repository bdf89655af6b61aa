"""Attribution: what moved trust, a mandate or activity between two months of one future.

The months are run again one process at a time. After each event and process the outcome is read as
it would be if the month ended with what is known by then; the difference is that process's part.
So the parts add up to the whole change, and a process that is new in the schedule has its own. The
activity of such a month is read from a copy of the state on which time is shared out and used
(contribute, act_together): the run itself goes on as if nobody had looked.

A process that mixes what a leader would tell apart is taken apart into its causes (causes.py). They
are let in one by one, once in their order and once in the reverse, and a cause's part is the mean
of both.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from typing import Any

import numpy as np
import pandas as pd

from cisim.lab.causes import APART, NAMED, TOGETHER, Moment, Step, apart, cause_words, joiners
from cisim.lab.ensemble import OVERALL
from cisim.lab.executors import whole_number
from cisim.model.input_error import InputError, shown
from cisim.model.luck import Luck
from cisim.model.model import CollectiveImpactModel
from cisim.model.month import work
from cisim.model.outcomes import NOTHING, find_outcome
from cisim.model.processes.activity import act_together
from cisim.model.processes.contribution import contribute
from cisim.model.processes.membership import join_and_leave
from cisim.model.schedule import SCHEDULE
from cisim.model.state import PUBLIC, Flags, Floats, State
from cisim.world.scenario import Scenario

MANDATES = ("mandate_public", "mandate_other")
ACTIVITY = ("joint_activity", "everyday_activity", "all_activity")
EXPLAINED = ("trust_eligible", *MANDATES, *ACTIVITY)
"""The outcomes that can be taken apart; others follow from these, or are too far from them."""
SMALLEST = 1e-9
"""Smaller parts are rounding."""

ACTING = (contribute, act_together)
"""The processes that share out and use time: they make a month's activity."""
_ACTED = tuple(dict.fromkeys(column for one in ACTING for column in one.writes))
"""Columns that they write."""

_READ = {
    "trust_eligible": {"ties.kept", "ties.broken"},
    "mandate_public": {"orgs.mandate"},
    "mandate_other": {"orgs.mandate"},
}
"""Columns that an outcome depends on; activity depends on all that causes change."""


def attribute(
    scenario: Scenario,
    outcome: str,
    since: int,
    until: int,
    *,
    seed: int = 1,
    region: str = OVERALL,
) -> pd.DataFrame:
    """Return what moved an outcome from the end of one month to that of another, by cause.

    outcome : one of EXPLAINED
    region  : a region's name, or "overall"

    One row a cause, the largest part first: scenario, seed, region, outcome, since, until; process
    ("events", "policies", "found" for the founding, or one of the schedule), cause, words (what it
    is called) and part, in the outcome's unit. The parts add up to the change that a run with this
    seed shows, to rounding; those below SMALLEST are left out.

    Raises InputError for an outcome that is not in EXPLAINED, an unknown region, and months that
    are not in order within the scenario.
    """
    if find_outcome(outcome).name not in EXPLAINED:
        raise InputError(
            f"attribute: outcome is {outcome}; allowed is one of {', '.join(EXPLAINED)}."
        )
    regions = [one.name for one in scenario.world.regions]
    if region != OVERALL and region not in regions:
        raise InputError(
            f"attribute: region is {shown(region)}; allowed is {OVERALL} or one of "
            f"{', '.join(regions)}."
        )
    since = whole_number("since", since, 0, scenario.months)
    until = whole_number("until", until, since, scenario.months)
    model = CollectiveImpactModel(scenario, seed, observe=NOTHING).run(max(0, since - 1))
    row = None if region == OVERALL else regions.index(region)
    parts = [
        (process, cause, part)
        for (process, cause), part in follow(model, outcome, row, since, until).items()
        if abs(part) > SMALLEST
    ]
    parts.sort(key=lambda one: -abs(one[2]))
    told = pd.DataFrame(
        [(process, cause, cause_words(cause), part) for process, cause, part in parts],
        columns=["process", "cause", "words", "part"],
    ).astype({"part": np.float64})
    about = {
        "scenario": scenario.name, "seed": seed, "region": region, "outcome": outcome,
        "since": since, "until": until,
    }  # fmt: skip
    for place, (name, value) in enumerate(about.items()):
        told.insert(place, name, value)
    return told


def follow(
    model: CollectiveImpactModel, outcome: str, row: int | None, since: int, until: int
) -> dict[tuple[str, str], float]:
    """Run a model on to a month; return what has moved the outcome since another, by process and
    cause.

    row : of the region, None for all

    Activity is observed as it was in a month: what processes do after it (members join and leave)
    counts for the next. So the model comes at the month before `since`, or at the founding.
    """
    watch = _Watch(model, outcome, row)
    found: defaultdict[tuple[str, str], float] = defaultdict(float)
    at_start = watch.seen(model.state)
    if since == 0 and until > 0:
        found["found", "founders"] = watch.level(model.state) - at_start
    while model.month < until:
        now = model.month
        if now == since:
            at_start = watch.seen(model.state)
        for event in model.scenario.events_at(now):
            before = watch.level(model.state)
            event.strike(model)
            if now >= since:
                kind = str(getattr(event, "kind", "event"))
                found["events", f"event.{kind}"] += watch.level(model.state) - before
        for policy in model.policies:
            before = watch.level(model.state)
            policy(model)
            if now >= since:
                found["policies", "policy"] += watch.level(model.state) - before
        for process in SCHEDULE:
            this, next_ = now >= since, now < until - 1
            for name, part in watch.parts(process, Luck(model.seed, now), this, next_).items():
                found[process.name, name] += part
        model.month += 1
    rest = watch.seen(model.state) - at_start - sum(found.values())
    if until > since and abs(rest) > SMALLEST:
        found["", "rest"] += rest
    return dict(found)


class _Watch:
    """Reads one outcome of a state, and lets the model's processes run while it is watched."""

    def __init__(self, model: CollectiveImpactModel, outcome: str, row: int | None) -> None:
        self.model, self.parameters, self.outcome = model, model.parameters, outcome
        state = model.state
        orgs, communities = state.orgs, state.communities
        here = np.ones(orgs.number.size, np.bool_) if row is None else orgs.region == row
        self.asked = orgs.eligible & here
        public: Flags = orgs.sector < PUBLIC
        self.rows = np.flatnonzero(self.asked & (public == (outcome == "mandate_public")))
        inside = communities.region == row
        self.children = communities.children * (inside if row is not None else 1.0)
        self.recruited = np.zeros((orgs.region.max() + 1, 3))

    def level(self, state: State) -> float:
        """Return the outcome as it would be if the month ended with what is known now."""
        return self._ended(state, ACTING) if self.outcome in ACTIVITY else self.seen(state)

    def seen(self, state: State) -> float:
        """Return the outcome as it is observed in a state."""
        if self.outcome in ACTIVITY:
            joint, everyday = state.communities.joint, state.communities.everyday
            acts = {"joint_activity": joint, "everyday_activity": everyday}
            acted = acts.get(self.outcome, joint + everyday)
            return float((self.children * acted).sum() / self.children.sum())
        if self.outcome in MANDATES:
            return _mean(state.orgs.mandate[self.rows])
        ties, n0 = state.ties, self.parameters.prior_weight
        one = np.repeat(np.arange(self.asked.size), np.diff(ties.start))  # who knows whom now
        at = np.flatnonzero(self.asked[one] & self.asked[ties.other[: one.size]])
        kept, broken = ties.kept[at], ties.broken[at]
        return _mean((n0 * ties.prior[at] + kept) / (n0 + kept + broken))

    def _ended(self, state: State, acting: Iterable[Any]) -> float:
        """Return the activity after some of ACTING have run on a copy."""
        state = apart(state, _ACTED)
        luck = Luck(self.model.seed, self.model.month)
        for process in acting:
            work((process,), state, self.parameters, luck)
        return self.seen(state)

    def parts(self, process: Any, luck: Luck, this: bool, next_: bool) -> dict[str, float]:
        """Run a process on the model; return its parts by cause.

        this, next_ : whether the change up to this month counts, and that from this to the next

        Activity is over once ACTING have run. What a process does after them (or between them) to
        this month's activity counts for this one, and is gone in the next; what it does to the
        activity that would follow counts for the next.
        """
        state = self.model.state
        late = self.outcome in ACTIVITY and _is_late(process)
        planned_for = next_ if late else this
        apart = APART.get(process)
        columns, take = apart if apart else ((), None)
        before = _columns(state, columns)
        opening = self.level(state) if planned_for else 0.0
        planned = take(self._moment(luck)) if take and planned_for else None
        acted = self._so_far(process) if late else 0.0
        joined = state.regions.joined_self.copy(), state.regions.joined_recruited.copy()
        work((process,), state, self.parameters, luck)
        if process is join_and_leave:
            self.recruited = joiners(state, joined)
        named = NAMED.get(process, f"process.{process.name}")
        found: defaultdict[str, float] = defaultdict(float)
        if late:
            acted = self._so_far(process) - acted
            found[named] += acted * (this - next_)
        if planned_for:
            change = self.level(state) - opening
            steps = self._along(before, self._asked(planned(before))) if planned else {}
            for name, part in steps.items():
                found[name] += part
            rest = change - sum(steps.values())
            if planned is None:
                found[named] += rest
            elif abs(rest) > 1e-12:
                found["rest"] += rest
        return found

    def _moment(self, luck: Luck) -> Moment:
        rows = self.rows if self.outcome in MANDATES else None
        return Moment(self.model.state, self.parameters, luck, rows, self.recruited)

    def _so_far(self, process: Any) -> float:
        """Return this month's activity as what has run up to a late process makes it."""
        left = [one for one in ACTING if SCHEDULE.index(one) > SCHEDULE.index(process)]
        return self._ended(self.model.state, left) if left else self.seen(self.model.state)

    def _asked(self, steps: Iterable[Step]) -> list[Step]:
        """Return the steps that can move the outcome, those of one name for it as one."""
        read = _READ.get(self.outcome)
        found: dict[tuple[str, ...], Step] = {}
        for step in steps:
            adds = {
                name: values
                for name, values in step.adds.items()
                if (read is None or name in read) and np.any(values)
            }
            if not adds:
                continue
            names: defaultdict[str, float] = defaultdict(float)
            for name, share in step.names.items():
                names[TOGETHER.get(name, name) if read is None else name] += share
            key = tuple(names) if len(names) == 1 else (*names, str(len(found)))
            if key in found:
                held = dict(found[key].adds)
                for name, values in adds.items():
                    held[name] = held[name] + values if name in held else values
                adds = held
            found[key] = Step(names, adds)
        return list(found.values())

    def _along(self, before: Mapping[str, Any], steps: Sequence[Step]) -> dict[str, float]:
        """Let the steps in one by one, in their order and in reverse; return their mean parts."""
        found: defaultdict[str, float] = defaultdict(float)
        for order in (steps, steps[::-1]):
            columns = {name: values.astype(float) for name, values in before.items()}
            level = self.level(_with(self.model.state, before, columns))
            for step in order:
                for name, values in step.adds.items():
                    columns[name] = columns[name] + values
                after = self.level(_with(self.model.state, before, columns))
                for name, share in step.names.items():
                    found[name] += share * (after - level) / 2.0
                level = after
        return dict(found)


def _is_late(process: Any) -> bool:
    """Return whether a process runs when time has been shared out already."""
    return process not in ACTING and SCHEDULE.index(process) > SCHEDULE.index(contribute)


def _mean(values: Floats) -> float:
    return float(values.mean()) if values.size else 0.0


def _columns(state: State, names: Iterable[str]) -> dict[str, Any]:
    """Return copies of columns ("table.column")."""
    found = {}
    for name in names:
        table, column = name.split(".")
        found[name] = getattr(getattr(state, table), column).copy()
    return found


def _with(state: State, types: Mapping[str, Any], columns: Mapping[str, Floats]) -> State:
    """Return a state that shares all columns but these, which are as in `columns`."""
    tables: defaultdict[str, dict[str, Any]] = defaultdict(dict)
    for name, values in columns.items():
        table, column = name.split(".")
        flags = types[name].dtype == np.bool_
        tables[table][column] = values > 0.5 if flags else values.copy()
    return replace(
        state, **{name: replace(getattr(state, name), **some) for name, some in tables.items()}
    )
