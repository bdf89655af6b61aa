"""Why: what moved trust, a mandate or activity in one future, over a month or the year up to one.

The months are run again one process at a time. After each event and process the outcome is read as
it would be if the month ended with what is known by then; the difference is that process's part.
So the parts add up to the whole change. The activity of such a month is read from a copy of the
state on which time is shared out and used (contribute, act_together): the run itself goes on as if
nobody had looked.

A process that mixes what a leader would tell apart is taken apart by running it without one of its
causes (no backbone, no neutral host, no partners), with the same luck. Its causes are then let in
one by one, once in their order and once in the reverse, and a cause's part is the mean of both.
What backbones and lead organisations do together counts for each by its share of the hands.
"""

from __future__ import annotations

import math
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

import numpy as np

from cisim.model.arithmetic import exp
from cisim.model.luck import Luck
from cisim.model.model import CollectiveImpactModel
from cisim.model.outcomes import OUTCOMES
from cisim.model.parameters import Parameters
from cisim.model.processes.activity import act_together
from cisim.model.processes.agenda import converge_on_agenda
from cisim.model.processes.backbones import staff_backbones
from cisim.model.processes.contribution import contribute
from cisim.model.processes.learning import learn_and_measure
from cisim.model.processes.meetings import meet
from cisim.model.processes.membership import join_and_leave
from cisim.model.processes.people import change_representatives
from cisim.model.processes.roster import turn_roster
from cisim.model.processes.sponsors import engage_sponsors
from cisim.model.processes.trust import update_trust
from cisim.model.schedule import SCHEDULE, work
from cisim.model.state import PUBLIC, SPONSOR_KINDS, Flags, Floats, State
from cisim.show.charts.series import outcome_shown
from cisim.show.charts.words import Reading, span
from cisim.show.page.address.checks import OVERALL
from cisim.show.page.address.look import Look, branch_of
from cisim.show.page.words import say
from cisim.world.scenario import Scenario

MANDATES = ("mandate_public", "mandate_other")
ACTIVITY = ("joint_activity", "everyday_activity", "all_activity")
EXPLAINED = ("trust_eligible", *MANDATES, *ACTIVITY)
YEAR = 12
SPANS = (YEAR, 1)
"""Months that a change is explained over."""
MOST = 7
"""Rows that are shown; what is left is one more."""

_CAUSES: Mapping[Any, str] = {
    change_representatives: "people",
    staff_backbones: "lead_time",
    join_and_leave: "commitment",
    meet: "meeting_time",
}
"""What a process is called that needs no taking apart."""
_TOGETHER = {
    "everyday_kept": "everyday", "everyday_broken": "everyday",
    "own_kept": "own", "own_broken": "own",
    "arranged_kept": "arranged", "arranged_broken": "arranged", "host": "arranged",
    "led_kept": "led", "led_broken": "led", "host_led": "led",
    "licence": "own_mandates", "benefit": "own_mandates",
    **dict.fromkeys(SPONSOR_KINDS, "backing"),
}  # fmt: skip
"""Causes that are one for activity, which depends on more than trust and mandates do."""
_READ = {
    "trust_eligible": {"ties.kept", "ties.broken"},
    "mandate_public": {"orgs.mandate"},
    "mandate_other": {"orgs.mandate"},
}
"""Columns that an outcome depends on; activity depends on all that causes change."""


@dataclass(frozen=True)
class Step:
    """A cause, or several by their shares, and what it adds to columns ("table.column")."""

    names: Mapping[str, float]
    adds: Mapping[str, Floats]


def flows(
    scenario: Scenario, seed: int, outcome: str, region: str, month: int, months: int = YEAR
) -> tuple[int, dict[str, float]]:
    """Return the month it is counted from, and what moved the outcome since, by cause.

    months : how many at most are looked back
    """
    first = max(0, month - months)
    model = CollectiveImpactModel(scenario, seed).run(max(0, first - 1))
    names = [one.name for one in scenario.world.regions]
    found = follow(model, outcome, None if region == OVERALL else names.index(region), first, month)
    return first, {name: part for name, part in found.items() if abs(part) > 1e-9}


def follow(
    model: CollectiveImpactModel, outcome: str, row: int | None, first: int, month: int
) -> dict[str, float]:
    """Run a model on to a month; return what has moved the outcome since the month `first`.

    What is observed in a month is what its activity was; who joins and leaves at its end counts
    for the next. So the model comes at the month before `first`, or at the founding.
    """
    watch = _Watch(model, outcome, row)
    found: defaultdict[str, float] = defaultdict(float)
    if first == 0 and month > 0:
        found["founders"] = watch.level(model.state) - watch.observed()
    while model.month < month:
        now = model.month
        for event in model.scenario.events_at(now):
            before = watch.level(model.state)
            event.strike(model)
            if now >= first:
                kind = str(getattr(event, "kind", "event"))
                found[f"event.{kind}"] += watch.level(model.state) - before
        for process in SCHEDULE:
            last = now == month - 1 and process is turn_roster
            counts = not last and (now >= first or process is turn_roster)
            for name, part in watch.parts(process, Luck(model.seed, now), counts).items():
                found[name] += part
        model.month += 1
    return dict(found)


class _Watch:
    """Reads one outcome of a state, and lets the model's processes run while it is watched."""

    def __init__(self, model: CollectiveImpactModel, outcome: str, row: int | None) -> None:
        self.model, self.parameters, self.outcome = model, model.parameters, outcome
        state = model.state
        orgs, ties, communities = state.orgs, state.ties, state.communities
        here = np.ones(orgs.number.size, np.bool_) if row is None else orgs.region == row
        one = np.repeat(np.arange(orgs.number.size), np.diff(ties.start))
        kept = orgs.eligible & here
        self.ties = np.flatnonzero(kept[one] & kept[ties.other])
        public: Flags = orgs.sector < PUBLIC
        self.rows = np.flatnonzero(kept & (public == (outcome == "mandate_public")))
        inside = communities.region == row
        self.children = communities.children * (inside if row is not None else 1.0)
        self.recruited = np.zeros((orgs.region.max() + 1, 3))

    def level(self, state: State) -> float:
        """Return the outcome as it would be if the month ended with what is known now."""
        if self.outcome == "trust_eligible":
            at, ties, n0 = self.ties, state.ties, self.parameters.prior_weight
            kept, broken = ties.kept[at], ties.broken[at]
            return _mean((n0 * ties.prior[at] + kept) / (n0 + kept + broken))
        if self.outcome in MANDATES:
            return _mean(state.orgs.mandate[self.rows])
        state = _apart(
            state,
            orgs=("time_left", "joint_time", "everyday_time", "service_time", "joint_effort",
                  "everyday_effort"),
            communities=("delay", "baseline", "ordinary_service", "service", "joint", "everyday",
                         "input", "visible", "agenda", "has_agenda", "measured"),
            regions=("visible", "agenda", "has_agenda"),
        )  # fmt: skip
        luck = Luck(self.model.seed, self.model.month)
        for process in (contribute, act_together):
            self.run(process, state, luck)
        return self._activity(state)

    def observed(self) -> float:
        """Return the outcome as it was observed last."""
        if self.outcome in ACTIVITY:
            return self._activity(self.model.state)
        return self.level(self.model.state)

    def _activity(self, state: State) -> float:
        joint, everyday = state.communities.joint, state.communities.everyday
        acts = {"joint_activity": joint, "everyday_activity": everyday}
        return float(
            (self.children * acts.get(self.outcome, joint + everyday)).sum() / self.children.sum()
        )

    def run(
        self, process: Any, state: State, luck: Luck, parameters: Parameters | None = None
    ) -> None:
        """Run a process of the month on a state."""
        work((process,), state, parameters or self.parameters, luck)

    def parts(self, process: Any, luck: Luck, counts: bool) -> dict[str, float]:
        """Run a process on the model; return its parts by cause, none where it does not count."""
        state = self.model.state
        apart = {
            engage_sponsors: self._sponsors, update_trust: self._trust,
            converge_on_agenda: self._agenda, learn_and_measure: self._learning,
            turn_roster: self._roster,
        }.get(process)  # fmt: skip
        before = _columns(state, _CHANGED.get(process, ())) if apart else {}
        opening = self.level(state) if counts else 0.0
        planned = apart(luck) if apart and counts else None
        joined = state.regions.joined_self.copy(), state.regions.joined_recruited.copy()
        self.run(process, state, luck)
        if process is join_and_leave:
            self._note_joins(*joined)
        if not counts:
            return {}
        change = self.level(state) - opening
        if planned is None:
            return {_CAUSES.get(process, "rest"): change}
        found = self._along(before, self._asked(planned(before)))
        rest = change - sum(found.values())
        if abs(rest) > 1e-12:
            found["rest"] = rest
        return found

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
                names[_TOGETHER.get(name, name) if read is None else name] += share
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

    # what each process is taken apart into: what is needed of the state before it runs, and from
    # that and the columns before, the steps once it has run

    def _sponsors(self, luck: Luck) -> Any:
        state, p = self.model.state, self.parameters
        orgs = state.orgs
        public = orgs.sector < PUBLIC
        granted = _granted(state)

        def steps(before: Mapping[str, Any]) -> Iterable[Step]:
            mandate = before["orgs.mandate"]
            alone = (np.where(public, p.mandate_min, p.mandate_start) - mandate) / p.mandate_time
            rising = public & (alone > 0.0)
            alone[rising] *= p.loose_gain * state.regions.link[orgs.region[rising]]
            more = orgs.mandate - mandate - alone
            yield Step({"lapse": 1.0}, {"orgs.mandate": np.where(public, alone, 0.0)})
            yield Step(
                _backing(state, self.rows) if self.outcome in MANDATES else {"backing": 1.0},
                {"orgs.mandate": np.where(public, more, 0.0)},
            )
            yield Step({"licence": 1.0}, {"orgs.mandate": np.where(public, 0.0, alone)})
            yield Step({"benefit": 1.0}, {"orgs.mandate": np.where(public, 0.0, more)})
            grants = _granted(state) - granted
            paid = orgs.extra - before["orgs.extra"] - grants
            yield Step({"money": 1.0}, {"orgs.extra": paid})
            time = orgs.time - before["orgs.time"]
            yield Step({"grants": 1.0}, {"orgs.extra": grants, "orgs.time": time})

        return steps

    def _trust(self, luck: Luck) -> Any:
        state, p = self.model.state, self.parameters
        kind = state.meetings.kind[: state.meetings_count]
        staffed = _staffed(state)
        by_lead = p.facil_effect * state.regions.roles[:, 1] * (1.0 - staffed)
        none = np.zeros_like(by_lead)
        own, brokered, across, everyday = (
            self._experience(luck, kind == one, none) for one in range(4)
        )
        led = self._experience(luck, kind < 3, by_lead)
        hosted = self._experience(luck, kind < 3, state.regions.facilitation)
        orgs = state.orgs
        by_tie = np.repeat(staffed[orgs.region], np.diff(state.ties.start))
        fade = exp(-1.0 / p.trust_memory)

        def steps(before: Mapping[str, Any]) -> Iterable[Step]:
            kept, broken = before["ties.kept"], before["ties.broken"]
            yield Step(
                {"faded": 1.0},
                {"ties.kept": kept * fade - kept, "ties.broken": broken * fade - broken},
            )
            arranged = [by_tie * one + other for one, other in zip(brokered, across, strict=True)]
            by_leads = [(1.0 - by_tie) * one for one in brokered]
            for name, (more_kept, more_broken) in (
                ("everyday", everyday), ("own", own), ("arranged", arranged), ("led", by_leads),
            ):  # fmt: skip
                yield Step({f"{name}_kept": 1.0}, {"ties.kept": more_kept})
                yield Step({f"{name}_broken": 1.0}, {"ties.broken": more_broken})
            alone = [sum(parts) for parts in zip(own, brokered, across, strict=True)]
            for name, one, other in (("host_led", led, alone), ("host", hosted, led)):
                yield Step(
                    {name: 1.0},
                    {"ties.kept": one[0] - other[0], "ties.broken": one[1] - other[1]},
                )

        return steps

    def _experience(self, luck: Luck, chosen: Any, facilitation: Floats) -> tuple[Floats, Floats]:
        """Return kept and broken promises of some of the month's meetings, by tie, (A,) each."""
        state, rows = self.model.state, np.flatnonzero(chosen)
        meetings = {
            name: np.ascontiguousarray(getattr(state.meetings, name)[rows])
            for name in ("arc", "party", "kind", "dialogue", "theirs", "ours", "productive")
        }
        kept, broken = np.zeros_like(state.ties.kept), np.zeros_like(state.ties.broken)
        seen = replace(
            state,
            ties=replace(state.ties, kept=kept, broken=broken),
            regions=replace(state.regions, facilitation=facilitation),
            meetings=type(state.meetings)(**meetings),
            meetings_held=np.array([rows.size]),
        )
        self.run(update_trust, seen, luck)
        return kept, broken

    def _agenda(self, luck: Luck) -> Any:
        seen = _apart(
            self.model.state, orgs=("agenda",), communities=("need",), ties=("aligned",)
        )  # fmt: skip
        nobody = self.parameters.model_copy(update={"agenda_rate": 0.0})
        self.run(converge_on_agenda, seen, luck, nobody)
        alone, ties = seen.ties.aligned, self.model.state.ties

        def steps(before: Mapping[str, Any]) -> Iterable[Step]:
            yield Step({"pulls": 1.0}, {"ties.aligned": alone - before["ties.aligned"]})
            yield Step({"partners": 1.0}, {"ties.aligned": ties.aligned - alone})

        return steps

    def _learning(self, luck: Luck) -> Any:
        state, regions = self.model.state, self.model.state.regions
        lead = (1.0 - _staffed(state))[:, np.newaxis]
        learnt = []
        for roles in (np.zeros_like(regions.roles), regions.roles * lead):
            seen = _apart(state, orgs=("knowhow", "measurement"))
            none = {
                name: np.zeros_like(getattr(regions, name)) for name in ("direct", "reach")
            }  # fmt: skip
            seen = replace(seen, regions=replace(regions, roles=roles, **none))
            self.run(learn_and_measure, seen, luck)
            learnt.append(seen.orgs.knowhow)

        def steps(before: Mapping[str, Any]) -> Iterable[Step]:
            levels = [before["orgs.knowhow"], *learnt, state.orgs.knowhow]
            names = ("learnt", "taught_led", "taught")
            for name, one, other in zip(names, levels[1:], levels, strict=False):
                yield Step({name: 1.0}, {"orgs.knowhow": one - other})

        return steps

    def _roster(self, luck: Luck) -> Any:
        orgs = self.model.state.orgs
        leaving, joining = orgs.leaving.copy(), orgs.joining & ~orgs.leaving

        def steps(before: Mapping[str, Any]) -> Iterable[Step]:
            member = orgs.member.astype(float) - before["orgs.member"]
            commitment = orgs.commitment - before["orgs.commitment"]

            def of(there: Any) -> Mapping[str, Floats]:
                return {"orgs.member": member * there, "orgs.commitment": commitment * there}

            yield Step({"left": 1.0}, of(leaving))
            for r, counts in enumerate(self.recruited):
                if counts.sum() > 0.0:
                    shares = (counts / counts.sum()).tolist()
                    names = ("joined", "recruited", "recruited_led")
                    yield Step(
                        dict(zip(names, shares, strict=True)), of(joining & (orgs.region == r))
                    )

        return steps

    def _note_joins(self, joined_self: Floats, joined_recruited: Floats) -> None:
        """Note of each region's joiners how many come by themselves, for a backbone, for a lead."""
        state = self.model.state
        staffed = _staffed(state)
        recruited = state.regions.joined_recruited - joined_recruited
        by_self = state.regions.joined_self - joined_self
        self.recruited = np.stack([by_self, recruited * staffed, recruited * (1.0 - staffed)], 1)


_CHANGED: Mapping[Any, tuple[str, ...]] = {
    engage_sponsors: ("orgs.mandate", "orgs.extra", "orgs.time"),
    update_trust: ("ties.kept", "ties.broken"),
    converge_on_agenda: ("ties.aligned",),
    learn_and_measure: ("orgs.knowhow",),
    turn_roster: ("orgs.member", "orgs.commitment"),
}
"""Columns through which a process that is taken apart moves an outcome."""


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


def _apart(state: State, **tables: tuple[str, ...]) -> State:
    """Return a state that shares all columns but these, which are copies."""
    return replace(
        state,
        **{
            name: replace(
                getattr(state, name),
                **{column: getattr(getattr(state, name), column).copy() for column in columns},
            )
            for name, columns in tables.items()
        },
    )


def _staffed(state: State) -> Floats:
    """Return which share of each region's coordinating hands is paid staff, (R,)."""
    paid, lead = state.backbones.staff[1:], state.regions.lead_time
    hands = paid + lead
    share: Floats = np.divide(paid, hands, out=np.zeros_like(hands), where=hands > 0.0)
    return share


def _granted(state: State) -> Floats:
    """Return what grants pay of each organisation's joint work, FTE, (N,)."""
    orgs, regions = state.orgs, state.regions
    extra = np.bincount(orgs.region, orgs.extra, regions.grants.size)
    earmarked = state.levers.grant_joint * regions.grants
    share = np.divide(earmarked, extra, out=np.zeros_like(extra), where=extra > 0.0)
    paid: Floats = orgs.extra * np.minimum(1.0, share)[orgs.region]
    return paid


def _backing(state: State, rows: Any) -> dict[str, float]:
    """Return each kind of sponsor's share of what stands behind the mandates of organisations."""
    orgs, sponsors = state.orgs, state.sponsors
    local = (orgs.community[rows] >= 0).astype(int)
    weight = dict.fromkeys(SPONSOR_KINDS, 0.0)
    for s in range(sponsors.kind.size):
        here = orgs.region[rows] == sponsors.region[s]
        reach = sponsors.jurisdiction[s][orgs.sector[rows][here], local[here]]
        weight[SPONSOR_KINDS[sponsors.kind[s]]] += float(sponsors.engagement[s] * reach.sum())
    whole = sum(weight.values())
    if whole <= 0.0 or min(weight.values()) < 0.0:
        return {"backing": 1.0}
    return {name: value / whole for name, value in weight.items() if value}


# --- as the page shows it --------------------------------------------------------------------


@dataclass(frozen=True)
class Question:
    """What a visitor wants explained.

    outcome : one of EXPLAINED, "" for what fits the charts
    months  : over how many, one of SPANS
    branch  : on the branch, where there is one
    """

    outcome: str = ""
    months: int = YEAR
    branch: bool = False

    def after(self, message: Mapping[str, Any]) -> Question:
        """Return the question after what a visitor did; itself if that means nothing here."""
        what, value = message.get("do"), message.get("value")
        if what == "why-outcome" and value in EXPLAINED:
            return replace(self, outcome=str(value))
        if what == "why-months" and value in SPANS:
            return replace(self, months=int(str(value)))
        if what == "why-branch":
            return replace(self, branch=value is True)
        return self


def explained(question: Question, shown: str) -> str:
    """Return the outcome that is explained while the charts show one."""
    if question.outcome:
        return question.outcome
    if shown in EXPLAINED:
        return shown
    return "trust_eligible" if OUTCOMES[shown].group == "trust" else "joint_activity"


def choices(question: Question, look: Look) -> dict[str, Any]:
    """Return what can be chosen and what is, and why this is explained if the charts differ."""
    outcome = explained(question, look.outcome)
    there = branch_of(look) is not None
    note = ""
    if outcome != look.outcome and not question.outcome:
        wellbeing = OUTCOMES[look.outcome].group == "wellbeing"
        title, what = outcome_shown(look.outcome).title, say(f"why.of.{outcome}")
        note = say("why.follows" if wellbeing else "why.instead", outcome=title, what=what)
    return {
        "outcomes": [(name, _capital(say(f"why.of.{name}"))) for name in EXPLAINED],
        "outcome": outcome,
        "spans": [(months, say(f"why.over.{months}")) for months in SPANS],
        "months": question.months,
        "branch": (question.branch if there else None),
        "note": note,
    }


def view(
    scenario: Scenario, seed: int, outcome: str, region: str, month: int, months: int = YEAR
) -> dict[str, Any]:
    """Return what moved an outcome as the page shows it, the largest first.

    size : of a bar, -1 to 1
    """
    what = say(f"why.of.{outcome}") if region == OVERALL else say(
        "why.in", what=say(f"why.of.{outcome}"), region=region
    )  # fmt: skip
    first, found = flows(scenario, seed, outcome, region, month, months) if month else (0, {})
    if not found:
        key = "nothing" if month else "start"
        return {"words": [say(f"why.{key}", what=_capital(what))], "rows": []}
    total = sum(found.values())
    how = _written([*found.values(), total])
    parts = sorted(found.items(), key=lambda pair: -abs(pair[1]))
    told = [pair for pair in parts if how.signed(pair[1]).strip("0.,+−")]
    if len(told) > MOST + 1 or len(told) < len(parts):
        told = told[:MOST]
    rows = [(_label(name), part) for name, part in told]
    if len(told) < len(parts):
        left = parts[len(told) :]
        rest = sum(part for _, part in left)
        rows.append((say("why.others", count=len(left)), rest))
    largest = max(abs(part) for _, part in rows) or 1.0
    return {
        "words": [_sentence(what, total, first, month, how), *_most(told, how)],
        "origin": say("why.origin", seed=seed),
        "heads": [say("why.cause"), say("why.change", span=span(month - first))],
        "rows": [
            {"name": name, "value": how.signed(part), "size": part / largest}
            for name, part in rows
        ],
        "total": [say("why.total"), how.signed(total)],
    }  # fmt: skip


def _written(values: Sequence[float]) -> Reading:
    """Return how parts are written: as charts do, without powers of ten."""
    extent = max(max(values), 0.0) - min(min(values), 0.0)
    return Reading("", False, 0, min(7, max(2, 2 - math.floor(math.log10(extent / 0.3)))))


def _sentence(what: str, total: float, first: int, month: int, how: Reading) -> str:
    text = how.number(abs(total))
    key = "rose" if total > 0.0 else "fell"
    when = say("why.when.first", span=span(month))
    if first:
        when = say(f"why.when.{month - first}", month=month)
    if not text.strip("0.,"):
        return say("why.stayed", what=_capital(what), when=when)
    return say(f"why.{key}", what=_capital(what), change=text, when=when)


def _most(parts: Sequence[tuple[str, float]], how: Reading) -> list[str]:
    """Return a sentence each on the largest gain and the largest loss."""
    said = []
    for key, sign in (("gain", 1.0), ("loss", -1.0)):
        of_sign = [pair for pair in parts if pair[1] * sign > 0.0]
        if of_sign:
            name, part = of_sign[0]
            label = _label(name)
            label = label[:1].lower() + label[1:]
            said.append(say(f"why.{key}", cause=label, part=how.signed(part)))
    return said


def _label(name: str) -> str:
    head, dot, kind = name.partition(".")
    return say(f"why.{head}", event=say(f"event_kinds.{kind}")) if dot else say(f"why.{name}")


def _capital(text: str) -> str:
    return text[:1].upper() + text[1:]
