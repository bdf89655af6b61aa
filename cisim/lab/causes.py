"""What moves trust, mandates and activity: the causes by name, and how a process is taken apart.

A process that mixes what a leader would tell apart is run without one of its causes (no backbone,
no neutral host, no partners), with the same luck. What backbones and lead organisations do together
counts for each by its share of the hands.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, replace
from typing import Any

import numpy as np

from cisim.model.arithmetic import exp
from cisim.model.luck import Luck
from cisim.model.month import work
from cisim.model.parameters import Parameters
from cisim.model.processes.agenda import converge_on_agenda
from cisim.model.processes.backbones import staff_backbones
from cisim.model.processes.learning import learn_and_measure
from cisim.model.processes.meetings import meet
from cisim.model.processes.membership import join_and_leave
from cisim.model.processes.people import change_representatives
from cisim.model.processes.roster import turn_roster
from cisim.model.processes.sponsors import engage_sponsors
from cisim.model.processes.trust import update_trust
from cisim.model.state import PUBLIC, SPONSOR_KINDS, Floats, State

CAUSES: Mapping[str, str] = {
    "faded": "Experience that fades",
    "people": "Representatives who were replaced",
    "everyday_kept": "Promises kept in everyday work",
    "everyday_broken": "Promises broken and conflicts in everyday work",
    "own_kept": "Promises kept in meetings that members arranged themselves",
    "own_broken": "Promises broken and conflicts in meetings that members arranged themselves",
    "arranged_kept": "Promises kept in meetings that backbones arranged",
    "arranged_broken": "Promises broken and conflicts in meetings that backbones arranged",
    "led_kept": "Promises kept in meetings that a lead organisation arranged",
    "led_broken": "Promises broken and conflicts in meetings that a lead organisation arranged",
    "host": "Conflicts and breaches that backbones prevented as neutral hosts",
    "host_led": "Conflicts and breaches that a lead organisation prevented as host",
    "lapse": "Mandates that lapse unless somebody stands behind them",
    "backing": "Sponsors who stand behind mandates",
    "health": "Directors of health and social services stand behind them",
    "education": "Directors of education and youth stand behind them",
    "political": "Political leaders of the region stand behind them",
    "municipal": "Municipal leaders stand behind them",
    "licence": "Own executives hold the licence near its start",
    "benefit": "Own benefit that executives see",
    "own_mandates": "Mandates that own executives give",
    "money": "Sponsors' money for joint work",
    "grants": "Grants",
    "lead_time": "Time that a lead organisation gives to coordinating",
    "meeting_time": "Time that meetings take",
    "commitment": "Members' commitment, which follows trust, results and load",
    "everyday": "Trust and familiarity from everyday work",
    "own": "Trust and familiarity from meetings that members arranged themselves",
    "arranged": "Trust and familiarity from meetings that backbones arranged or hosted",
    "led": "Trust and familiarity from meetings that a lead organisation arranged or hosted",
    "partners": "Partners whose agendas come closer in meetings",
    "pulls": "Own duties, payers and children's needs that pull at agendas",
    "learnt": "Know-how from partners, less what is forgotten",
    "taught": "Know-how from backbones",
    "taught_led": "Know-how from a lead organisation",
    "founders": "Organisations that founded the partnership",
    "policy": "What the policy did to the agents",
    "joined": "Newcomers who joined by themselves, strangers at first",
    "recruited": "Newcomers whom backbones recruited, strangers at first",
    "recruited_led": "Newcomers whom a lead organisation recruited, strangers at first",
    "left": "Organisations that left",
    "rest": "All else",
}
"""What the causes are called. Beside them: "event.KIND", and "process.NAME" for a process that is
not taken apart and has no name of its own here."""

NAMED: Mapping[Any, str] = {
    change_representatives: "people",
    staff_backbones: "lead_time",
    join_and_leave: "commitment",
    meet: "meeting_time",
}
"""What a process is called that needs no taking apart."""
TOGETHER = {
    "everyday_kept": "everyday", "everyday_broken": "everyday",
    "own_kept": "own", "own_broken": "own",
    "arranged_kept": "arranged", "arranged_broken": "arranged", "host": "arranged",
    "led_kept": "led", "led_broken": "led", "host_led": "led",
    "licence": "own_mandates", "benefit": "own_mandates",
    **dict.fromkeys(SPONSOR_KINDS, "backing"),
}  # fmt: skip
"""Causes that are one for activity, which depends on more than trust and mandates do."""


@dataclass(frozen=True)
class Step:
    """A cause, or several by their shares, and what it adds to columns ("table.column")."""

    names: Mapping[str, float]
    adds: Mapping[str, Floats]


@dataclass(frozen=True)
class Moment:
    """The state before a process runs, and what taking it apart needs beside it.

    rows      : organisations whose mandates are explained, None where they are not
    recruited : (R, 3) joiners by themselves, for a backbone, for a lead organisation
    """

    state: State
    parameters: Parameters
    luck: Luck
    rows: Any
    recruited: Floats

    def run(self, process: Any, state: State, parameters: Parameters | None = None) -> None:
        """Run a process of the month on a state, with this month's luck."""
        work((process,), state, parameters or self.parameters, self.luck)


Steps = Callable[[Mapping[str, Any]], Iterable[Step]]
"""From the columns before a process ran to its steps, once it has run."""


def cause_words(cause: str) -> str:
    """Return what a cause is called: from CAUSES, or by the name of its event or process."""
    kind, dot, name = cause.partition(".")
    if not dot:
        return CAUSES[cause]
    said = name.replace("_", " ").replace("-", " ")
    return f"Event: {said}" if kind == "event" else said[:1].upper() + said[1:]


def joiners(state: State, before: tuple[Floats, Floats]) -> Floats:
    """Return each region's joiners by themselves, for a backbone and for a lead, (R, 3).

    before : joined_self and joined_recruited before they joined
    """
    staffed = _staffed(state)
    by_self = state.regions.joined_self - before[0]
    recruited = state.regions.joined_recruited - before[1]
    return np.stack([by_self, recruited * staffed, recruited * (1.0 - staffed)], 1)


def sponsors(moment: Moment) -> Steps:
    """Take apart what sponsors do: mandates that lapse or are backed, licences, money, grants."""
    state, p = moment.state, moment.parameters
    orgs = state.orgs
    public = orgs.sector < PUBLIC
    granted = _granted(state)

    def steps(before: Mapping[str, Any]) -> Iterable[Step]:
        mandate = before["orgs.mandate"]
        alone = (np.where(public, p.mandate_min, p.mandate_start) - mandate) / p.mandate_time
        more = orgs.mandate - mandate - alone
        yield Step({"lapse": 1.0}, {"orgs.mandate": np.where(public, alone, 0.0)})
        yield Step(
            _backing(state, moment.rows) if moment.rows is not None else {"backing": 1.0},
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


def trust(moment: Moment) -> Steps:
    """Take apart experience: what fades, and promises by who arranged or hosted the meeting."""
    state, p = moment.state, moment.parameters
    if p.trust_theory > 0.0:  # in two layers promises do not add up
        return lambda before: ()
    kind = state.meetings.kind[: state.meetings_count]
    staffed = _staffed(state)
    by_lead = p.facil_effect * state.regions.roles[:, 1] * (1.0 - staffed)
    none = np.zeros_like(by_lead)
    own, brokered, across, everyday = (_experience(moment, kind == one, none) for one in range(4))
    led = _experience(moment, kind < 3, by_lead)
    hosted = _experience(moment, kind < 3, state.regions.facilitation)
    orgs = state.orgs
    by_tie = np.zeros(state.ties.other.size)  # 0 in rows that nobody has
    by_tie[: state.ties.count] = np.repeat(staffed[orgs.region], np.diff(state.ties.start))
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


def _experience(moment: Moment, chosen: Any, facilitation: Floats) -> tuple[Floats, Floats]:
    """Return kept and broken promises of some of the month's meetings, by tie, (A,) each."""
    state, rows = moment.state, np.flatnonzero(chosen)
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
    moment.run(update_trust, seen)
    return kept, broken


def agenda(moment: Moment) -> Steps:
    """Take apart agendas: what pulls at them, and partners."""
    seen = apart(moment.state, converge_on_agenda.writes)
    nobody = moment.parameters.model_copy(update={"agenda_rate": 0.0})
    moment.run(converge_on_agenda, seen, nobody)
    alone, ties = seen.ties.aligned, moment.state.ties

    def steps(before: Mapping[str, Any]) -> Iterable[Step]:
        yield Step({"pulls": 1.0}, {"ties.aligned": alone - before["ties.aligned"]})
        yield Step({"partners": 1.0}, {"ties.aligned": ties.aligned - alone})

    return steps


def learning(moment: Moment) -> Steps:
    """Take apart know-how: from partners, from a lead organisation, from backbones."""
    state, regions = moment.state, moment.state.regions
    lead = (1.0 - _staffed(state))[:, np.newaxis]
    learnt = []
    for roles in (np.zeros_like(regions.roles), regions.roles * lead):
        seen = apart(state, learn_and_measure.writes)
        none = {
            name: np.zeros_like(getattr(regions, name)) for name in ("direct", "reach")
        }  # fmt: skip
        seen = replace(seen, regions=replace(regions, roles=roles, **none))
        moment.run(learn_and_measure, seen)
        learnt.append(seen.orgs.knowhow)

    def steps(before: Mapping[str, Any]) -> Iterable[Step]:
        levels = [before["orgs.knowhow"], *learnt, state.orgs.knowhow]
        names = ("learnt", "taught_led", "taught")
        for name, one, other in zip(names, levels[1:], levels, strict=False):
            yield Step({name: 1.0}, {"orgs.knowhow": one - other})

    return steps


def roster(moment: Moment) -> Steps:
    """Take apart the roster: who left, and who came by themselves or was recruited."""
    orgs = moment.state.orgs
    leaving, joining = orgs.leaving.copy(), orgs.joining & ~orgs.leaving

    def steps(before: Mapping[str, Any]) -> Iterable[Step]:
        member = orgs.member.astype(float) - before["orgs.member"]
        commitment = orgs.commitment - before["orgs.commitment"]

        def of(there: Any) -> Mapping[str, Floats]:
            return {"orgs.member": member * there, "orgs.commitment": commitment * there}

        yield Step({"left": 1.0}, of(leaving))
        for r, counts in enumerate(moment.recruited):
            if counts.sum() > 0.0:
                shares = (counts / counts.sum()).tolist()
                names = ("joined", "recruited", "recruited_led")
                yield Step(dict(zip(names, shares, strict=True)), of(joining & (orgs.region == r)))

    return steps


def apart(state: State, columns: Iterable[str]) -> State:
    """Return a state that shares all columns but these ("table.column"), which are copies."""
    copies: dict[str, dict[str, Any]] = {}
    for name in columns:
        table, column = name.split(".")
        copies.setdefault(table, {})[column] = getattr(getattr(state, table), column).copy()
    return replace(
        state, **{table: replace(getattr(state, table), **some) for table, some in copies.items()}
    )


def _staffed(state: State) -> Floats:
    """Return which share of each region's coordinating hands is paid staff, (R,)."""
    paid = state.levers.backbone_support * state.backbones.hands[1:]
    lead = state.regions.lead_time
    hands = paid + lead
    share: Floats = np.divide(paid, hands, out=np.zeros_like(hands), where=hands > 0.0)
    return share


def _granted(state: State) -> Floats:
    """Return what grants pay of each organisation's joint work, FTE, (N,)."""
    orgs, regions = state.orgs, state.regions
    extra = np.bincount(orgs.region, orgs.extra, regions.grants.size)
    earmarked = state.levers.grant_joint * regions.grants + regions.action
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


APART: Mapping[Any, tuple[tuple[str, ...], Callable[[Moment], Steps]]] = {
    engage_sponsors: (("orgs.mandate", "orgs.extra", "orgs.time"), sponsors),
    update_trust: (("ties.kept", "ties.broken"), trust),
    converge_on_agenda: (("ties.aligned",), agenda),
    learn_and_measure: (("orgs.knowhow",), learning),
    turn_roster: (("orgs.member", "orgs.commitment"), roster),
}
"""Processes that are taken apart: the columns through which they move an outcome, and how."""
