"""What is observed at the end of a month: lists by month of one value a region, then overall.

    member_share            members / eligible organisations
    own_meetings, brokered_meetings, cross_region_meetings
                            started this month, for each member of this month (before changes)
    everyday_meetings       started this month, for each organisation
    trust                   mean over ties between eligible organisations, of a region where both
                            ends lie in it
    commitment, knowhow, measurement
                            means over members
    public_mandate, other_mandate
                            means over eligible organisations
    joint, everyday         J and J°, child-weighted over all communities
    wellbeing_gain          W - W0 in points, child-weighted over all communities
    service_time            forgone, FTE per 1000 children
    inclusion               g F / (g F + effort_half children / 1000), F members' joint time and g
                            engagement times credibility, mean of six months, child-weighted over
                            regions
    empowerment             g times the fit of joint work's agenda to need, child-weighted where
                            there is joint work; mean of six months, child-weighted over regions
    gap                     gain of deprived minus gain of affluent communities, child-weighted;
                            nan where one group is empty

A mean over nothing is 0. Values at index 0 are those after the founding; meetings, joint and
everyday activity and service time are then those of the last month of history.
"""

from __future__ import annotations

from collections.abc import Iterable
from math import nan
from typing import Any

from .world import alignment

KINDS = ("own_meetings", "brokered_meetings", "cross_region_meetings", "everyday_meetings")


def observe(model: Any) -> None:
    """Append this month's outcomes to `model.outcomes`."""
    regions = model.regions
    everywhere = _Sums()
    by_region = [_Sums() for _ in regions]
    if not model.outcomes:
        model.members_meeting = [0] * len(regions)
        model.tie_groups = _eligible_ties(model)
    for region, sums in zip(regions, by_region, strict=True):
        _count(model, region, sums)
        everywhere.add(sums)
    columns = [*by_region, everywhere]
    members_meeting = [*model.members_meeting, sum(model.members_meeting)]
    model.members_meeting = [len(region.members) for region in regions]

    record: dict[str, list[float]] = {}
    record["member_share"] = [_ratio(s.members, s.eligible) for s in columns]
    for kind, name in enumerate(KINDS[:3]):
        record[name] = [
            _ratio(s.started[kind], m) for s, m in zip(columns, members_meeting, strict=True)
        ]
    record[KINDS[3]] = [_ratio(s.started[3], s.organisations) for s in columns]
    record["trust"] = _mean_trust(model)
    record["commitment"] = [_ratio(s.commitment, s.members) for s in columns]
    record["public_mandate"] = [_ratio(s.public_mandate, s.public) for s in columns]
    record["other_mandate"] = [_ratio(s.other_mandate, s.eligible - s.public) for s in columns]
    record["knowhow"] = [_ratio(s.knowhow, s.members) for s in columns]
    record["measurement"] = [_ratio(s.measurement, s.members) for s in columns]
    record["joint"] = [_ratio(s.joint, s.children) for s in columns]
    record["everyday"] = [_ratio(s.everyday, s.children) for s in columns]
    record["wellbeing_gain"] = [_ratio(s.gain, s.children) for s in columns]
    record["service_time"] = [_ratio(s.service, s.children) for s in columns]
    record["gap"] = [
        s.deprived_gain / s.deprived - s.affluent_gain / s.affluent
        if s.deprived and s.affluent
        else nan
        for s in columns
    ]
    record["inclusion"], record["empowerment"] = _fast(model)
    for name, values in record.items():
        model.outcomes.setdefault(name, []).append(values)


def _fast(model: Any) -> tuple[list[float], list[float]]:
    """Note how far those concerned take part and move things; return the means of six months."""
    s, p = model.structure, model.parameters
    found: list[float] = []
    moved: list[float] = []
    whole = all_moved = children = 0.0
    for region in model.regions:
        earned = _sum(c.children * c.trust for c in region.communities) / region.children
        believed = (1.0 - s.earned_trust) * s.credibility + s.earned_trust * earned
        time = s.engagement * believed * _sum(i.joint_time for i in region.members)
        region.included.append(_ratio(time, time + p.effort_half * region.children / 1000.0))
        working = [c for c in region.communities if c.agenda is not None]
        fit = _sum(c.children * alignment(c.agenda, c.need, p.agree_scale) for c in working)
        theirs = _ratio(fit, _sum(c.children for c in working))
        region.empowered.append(s.engagement * believed * theirs if region.members else 0.0)
        found.append(_sum(region.included[-6:]) / 6.0)
        moved.append(_sum(region.empowered[-6:]) / 6.0)
        whole += region.children * found[-1]
        all_moved += region.children * moved[-1]
        children += region.children
    return [*found, whole / children], [*moved, all_moved / children]


class _Sums:
    """Sums over a region, or over all of them."""

    def __init__(self) -> None:
        self.organisations = self.members = self.eligible = self.public = 0
        self.started = [0, 0, 0, 0]
        self.commitment = self.knowhow = self.measurement = 0.0
        self.public_mandate = self.other_mandate = 0.0
        self.children = self.joint = self.everyday = self.gain = self.service = 0.0
        self.deprived = self.deprived_gain = self.affluent = self.affluent_gain = 0.0

    def add(self, other: _Sums) -> None:
        """Add another region's sums to these."""
        for name, value in vars(other).items():
            mine = getattr(self, name)
            if name == "started":
                self.started = [a + b for a, b in zip(mine, value, strict=True)]
            else:
                setattr(self, name, mine + value)


def _count(model: Any, region: Any, sums: _Sums) -> None:
    p = model.parameters
    sums.organisations = len(region.organisations)
    sums.members = len(region.members)
    sums.eligible = region.eligible
    sums.started = region.started
    for i in region.members:
        sums.commitment += i.commitment
        sums.knowhow += i.knowhow
        sums.measurement += i.measurement
    for i in region.organisations:
        if i.eligible:
            if i.public:
                sums.public += 1
                sums.public_mandate += i.mandate
            else:
                sums.other_mandate += i.mandate
    for community in region.communities:
        n = community.children
        gain = community.wellbeing - community.start_wellbeing
        sums.children += n
        sums.joint += n * community.joint
        sums.everyday += n * community.everyday
        sums.gain += n * gain
        sums.service += n * community.service
        if community.deprivation > p.gap_deprived:
            sums.deprived += n
            sums.deprived_gain += n * gain
        elif community.deprivation < p.gap_affluent:
            sums.affluent += n
            sums.affluent_gain += n * gain


def _eligible_ties(model: Any) -> list[list[Any]]:
    """Return the ties between eligible organisations, within each region and in all."""
    ties = [tie for tie in model.ties if tie.owner.eligible and tie.other.eligible]
    groups: list[list[Any]] = [[] for _ in model.regions]
    for tie in ties:
        if tie.owner.region is tie.other.region:
            groups[tie.owner.region.number].append(tie)
    return [*groups, [tie for tie in ties if tie.owner.region is not tie.other.region]]


def _mean_trust(model: Any) -> list[float]:
    sums = [_sum(tie.trust for tie in group) for group in model.tie_groups]
    counts = [len(group) for group in model.tie_groups]
    means = [_ratio(total, count) for total, count in zip(sums[:-1], counts[:-1], strict=True)]
    return [*means, _ratio(_sum(sums), sum(counts))]


def _sum(values: Iterable[float]) -> float:
    total = 0.0
    for value in values:
        total += value
    return total


def _ratio(total: float, count: float) -> float:
    return total / count if count else 0.0
