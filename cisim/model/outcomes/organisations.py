"""Each organisation as it stands now, and what its ties say of it."""

from __future__ import annotations

from collections.abc import Sequence
from functools import partial
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from cisim.model.kernel import kernel
from cisim.model.outcomes.declared import ratio
from cisim.model.outcomes.each import each
from cisim.model.parameters import Parameters
from cisim.model.state import SECTORS, Floats, Ints, State

if TYPE_CHECKING:
    import pandas as pd


@kernel
def relate_each(start, near, other, member, prior, kept, broken, prior_weight, out):
    """Write, (N, 5): mean trust, mean trust x familiarity, both in the region only, and ties."""
    for i in range(member.size):
        out[i, :] = 0.0
        for tie in range(start[i], start[i + 1]):
            weight = prior_weight + kept[tie] + broken[tie]
            tau = (prior_weight * prior[tie] + kept[tie]) / weight
            depth = tau * (kept[tie] + broken[tie]) / weight
            out[i, 0] += tau
            out[i, 1] += depth
            out[i, 4] += 1.0
            if tie < near[i]:
                out[i, 2] += 1.0
                if member[other[tie]]:
                    out[i, 3] += 1.0


def organisation_frame(
    state: State, p: Parameters, region_names: Sequence[str] | None = None
) -> pd.DataFrame:
    """Return a row for each organisation, by permanent number, as it stands now.

    backbone_months are months since 0 with a meeting that a backbone arranged, self_started
    meetings since then; relationship is the mean of trust x familiarity over its ties, trust the
    mean of trust. Community is -1 for a regional body.
    """
    import pandas as pd

    orgs, ties, order = state.orgs, state.ties, state.layout.order
    related = np.empty((orgs.number.size, 5))
    relate_each(
        ties.start,
        ties.near,
        ties.other,
        orgs.member,
        ties.prior,
        ties.kept,
        ties.broken,
        p.prior_weight,
        related,
    )
    sectors = np.array(SECTORS)
    region: Ints | list[str] = orgs.region[order]
    if region_names is not None:
        region = [region_names[r] for r in orgs.region[order]]
    columns = {
        "number": orgs.number[order],
        "region": region,
        "community": orgs.community[order],
        "sector": sectors[orgs.sector[order]],
        "eligible": orgs.eligible[order],
        "member": orgs.member[order],
        "own_time": orgs.own_time[order],
        "ties": related[order, 4].astype(np.int64),
        "ties_in_region": related[order, 2].astype(np.int64),
        "members_around": related[order, 3].astype(np.int64),
        "trust": ratio(related[order, 0], related[order, 4]),
        "relationship": ratio(related[order, 1], related[order, 4]),
        "backbone_months": orgs.contacts[order],
        "self_started": orgs.self_started[order],
        "commitment": orgs.commitment[order],
        "mandate": orgs.mandate[order],
        "knowhow": orgs.knowhow[order],
        "measurement": orgs.measurement[order],
        "time_left": orgs.time_left[order],
        "benefit": orgs.benefit[order],
        "met": orgs.met[order],
        "joint_time": orgs.joint_time[order],
        "everyday_time": orgs.everyday_time[order],
        "service_time": orgs.service_time[order],
        "joint_effort": orgs.joint_effort[order],
    }
    return pd.DataFrame(columns)


# --- what an ensemble keeps of each of them


_organisation = partial(each, "organisation")


@_organisation(
    title="Months of membership", words="Months at whose end it is a member.", unit="months",
    added=True,
)  # fmt: skip
def member_months(state: State, p: Parameters) -> Floats:
    return state.orgs.member.astype(np.float64)


@_organisation(title="Member", form="yes or no", words="Whether it is a member.")
def member(state: State, p: Parameters) -> Floats:
    return state.orgs.member.astype(np.float64)


@_organisation(title="Commitment", form="level", words="Its will to take part.")
def commitment(state: State, p: Parameters) -> Floats:
    return state.orgs.commitment


@_organisation(
    title="Trust that it gives", form="level",
    words="Mean of its trust in those it knows; undefined where it knows nobody.",
)  # fmt: skip
def trust_given(state: State, p: Parameters) -> Floats:
    owner = np.repeat(np.arange(state.orgs.number.size), np.diff(state.ties.start))
    return _mean_trust(state, p, owner)


@_organisation(
    title="Trust that it gets", form="level",
    words="Mean trust in it of those who know it; undefined where nobody does.",
)  # fmt: skip
def trust_received(state: State, p: Parameters) -> Floats:
    return _mean_trust(state, p, state.ties.other[: state.ties.count])


@_organisation(
    title="Time in joint work", unit="FTE-years", added=True,
    words="Time that it has given to joint work since month 0, paid time included.",
)  # fmt: skip
def joint_time(state: State, p: Parameters) -> Floats:
    return state.orgs.joint_time / 12.0


@_organisation(
    title="Own services forgone", unit="FTE-years", added=True,
    words="Time that its own services have forgone for all work across organisations.",
)  # fmt: skip
def service_time(state: State, p: Parameters) -> Floats:
    return state.orgs.service_time / 12.0


@_organisation(
    title="Effort in joint work", unit="FTE-years, weighted", added=True,
    words="Time that it has given to joint work since month 0, weighted by its know-how.",
)  # fmt: skip
def joint_effort(state: State, p: Parameters) -> Floats:
    return state.orgs.joint_effort / 12.0


def _mean_trust(state: State, p: Parameters, whose: NDArray[Any]) -> Floats:
    """Return the mean trust of the ties of each organisation, (N,), where tie a is `whose[a]`'s."""
    ties, n = state.ties, state.orgs.number.size
    held = slice(ties.count)
    seen = p.prior_weight + ties.kept[held] + ties.broken[held]
    trust = (p.prior_weight * ties.prior[held] + ties.kept[held]) / seen
    total, count = np.zeros(n), np.zeros(n)
    total[:] = np.bincount(whose, weights=trust, minlength=n)
    count[:] = np.bincount(whose, minlength=n)
    return ratio(total, count)
