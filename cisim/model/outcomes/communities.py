"""Each community as it stands now."""

from __future__ import annotations

from functools import partial

from cisim.model.outcomes.each import each
from cisim.model.parameters import Parameters
from cisim.model.state import Floats, State

_community = partial(each, "community")


@_community(title="Children", words="Children who live there.", unit="children")
def children(state: State, p: Parameters) -> Floats:
    return state.communities.children


@_community(title="Deprivation", form="level", words="How deprived it is: 0 not at all, 1 wholly.")
def deprivation(state: State, p: Parameters) -> Floats:
    return state.communities.deprivation


@_community(
    title="Children's wellbeing",
    form="points",
    better="higher",
    words="Children's wellbeing above that of the ordinary world.",
)
def wellbeing_gain(state: State, p: Parameters) -> Floats:
    there = state.communities
    start = p.wellbeing_base - p.wellbeing_deprivation * there.deprivation
    room = 1.0 + state.levers.headroom * ((p.headroom_base - start) / p.headroom_span - 1.0)
    return p.wb_max * room * (there.delay[:, 2] - there.baseline)


@_community(
    title="Joint activity",
    form="level",
    better="higher",
    words="Joint activity of the partnership, J.",
)
def joint_activity(state: State, p: Parameters) -> Floats:
    return state.communities.joint


@_community(
    title="Everyday activity", form="level", words="Activity that two organisations have together."
)
def everyday_activity(state: State, p: Parameters) -> Floats:
    return state.communities.everyday


@_community(
    title="Visible results",
    form="level",
    better="higher",
    words="Results of joint work that can be seen.",
)
def visible_results(state: State, p: Parameters) -> Floats:
    return state.communities.visible


@_community(
    title="Own services forgone",
    unit="FTE per 1000 children",
    better="lower",
    words="Time that its organisations' own services forgo for all work across organisations.",
)
def service_forgone(state: State, p: Parameters) -> Floats:
    return state.communities.service
