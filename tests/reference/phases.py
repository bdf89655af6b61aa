"""Phases, re-design, what is shared with other regions, and innovation: written from the text.

Each region keeps a `Partnership`: which phase it is in, and what the levers make of that.
"""

from __future__ import annotations

from math import sqrt
from typing import Any

from .world import SECTORS, alignment

BEFORE, INITIATION, RUN, REDESIGN, DORMANT = range(5)


class Partnership:
    """The partnership of one region, from month 0 on."""

    def __init__(self, model: Any, region: Any) -> None:
        self.model, self.region = model, region
        self.phase = BEFORE
        self.age = 0  # months of the phase
        self.opening_fit = 0.0  # of agenda to need, when the phase began
        self.redesigned = 0
        self.quiet: int | None = None  # months without activity, once it has been active
        self.tried = 0.0

    # --- phases --------------------------------------------------------------------------------

    def _fit(self) -> float:
        children = fit = 0.0
        for c in self.region.communities:
            if c.agenda is not None:
                children += c.children
                fit += c.children * alignment(c.agenda, c.need, self.model.parameters.agree_scale)
        return fit / children if children else 0.0

    def _convergence(self) -> float:
        members = self.region.members

        def spread(vectors: list[Any]) -> float:
            means = [sum(one) / len(vectors) for one in zip(*vectors, strict=True)]
            return sum((x - m) ** 2 for v in vectors for x, m in zip(v, means, strict=True))

        if not members or spread([i.remit for i in members]) == 0.0:
            return 0.0
        now = spread([i.agenda for i in members]) / spread([i.remit for i in members])
        return max(0.0, 1.0 - sqrt(now))

    def turn(self) -> None:
        """The month is over: which phase is it now?"""
        p, region = self.model.parameters, self.region
        members = len(region.members)
        wide = members > 0.2 * region.eligible
        joint = sum(c.children * c.joint for c in region.communities) / region.children
        if wide and members >= 3 and joint > 0.01:
            self.quiet = 0
        elif self.quiet is not None:
            self.quiet += 1
        fit = self._fit()
        self.age += 1
        phase = self.phase
        if self.quiet is not None and self.quiet >= 6:
            phase = DORMANT
        elif (self.phase == BEFORE and members) or (self.phase == DORMANT and self.quiet == 0):
            phase = INITIATION
        elif self.phase == INITIATION:
            ready = wide and region.paid > 0.0 and self._convergence() * fit > 0.2
            if ready and self.age >= p.initiation_shortest:
                phase = RUN
            elif not members:
                phase = BEFORE
        elif self.phase == RUN:
            misfits = fit < self.opening_fit
            if self.age >= (p.run_shortest if misfits else p.run_longest):
                phase = REDESIGN
        elif self.phase == REDESIGN:
            better = fit > self.opening_fit
            if self.age >= (p.redesign_shortest if better else p.redesign_longest):
                phase = RUN
                self.redesigned += 1
        if phase != self.phase:
            self.phase, self.age, self.opening_fit = phase, 0, fit

    # --- what depends on them ------------------------------------------------------------------

    @property
    def redesigning(self) -> float:
        """How thoroughly it is designed anew this month."""
        thorough: float = self.model.structure.redesign
        return thorough if self.phase == REDESIGN else 0.0

    def to_need(self, i: Any) -> float:
        """How fast a member's aims move to need."""
        p, engaged = self.model.parameters, self.model.structure.engagement
        known = 1.0 - (1.0 - i.measurement) * (1.0 - engaged)
        usual: float = p.need_pull * engaged
        return usual + p.redesign_pull * self.redesigning * known

    def more_time(self, i: Any) -> float:
        """FTE that re-design, sharing and data ask of a member beside the rest."""
        p, s = self.model.parameters, self.model.structure
        time: float = p.redesign_meetings * self.redesigning * p.meeting_cost * i.meetings
        if i.far:
            time += p.sharing_time * s.replication * i.own_time
        if not i.local:
            time += p.steering_time * s.data_steering * i.own_time
        return time

    def found_again(self, i: Any) -> float:
        """The chance that a former member of a dormant partnership comes back."""
        if self.phase != DORMANT or not i.former:
            return 0.0
        there = [max(0.0, s.engagement) for s in self.region.sponsors if s.present]
        leaders = sum(there) / len(there) if there else 0.0
        p, s = self.model.parameters, self.model.structure
        asked: float = 1.0 - (1.0 - leaders) * (1.0 - i.own_benefit)
        return p.restart_rate * s.redesign * asked

    def shows(self) -> float:
        """The results that draw partners in other regions."""
        p = self.model.parameters
        factor = 1.0 + p.redesign_example if self.redesigned else 1.0
        return min(1.0, self.region.visible * factor)

    # --- innovation ----------------------------------------------------------------------------

    def widen(self) -> None:
        """Work out how wide what is tried is."""
        p, members = self.model.parameters, self.region.members
        self.tried = 0.0
        usual = [t.familiarity * t.alignment for i in members for t in i.near_members]
        if not self.model.structure.innovation or not usual:
            return
        counts = [sum(i.sector == sector for i in members) for sector in SECTORS]
        same = sum((count / len(members)) ** 2 for count in counts)
        evenness = (1.0 - same) / (1.0 - 1.0 / len(SECTORS))
        different = evenness * (1.0 - sum(usual) / len(usual))
        self.tried = different * (p.uncatalysed + (1.0 - p.uncatalysed) * self.region.NF)

    @property
    def bolder(self) -> float:
        """How many times as much an hour of joint work achieves."""
        p, s = self.model.parameters, self.model.structure
        return 1.0 + float(p.innovation_gain) * s.innovation * self.tried

    @property
    def like_minded(self) -> float:
        """What is left of agreement in its dialogues."""
        p, s = self.model.parameters, self.model.structure
        return 1.0 - float(p.innovation_friction) * s.innovation * self.tried


def seen_elsewhere(i: Any) -> float:
    """What a non-member has seen that partners it trusts achieve in other regions."""
    if not i.model.structure.replication:
        return 0.0
    unseen = 1.0
    for tie in i.far_members:
        unseen *= 1.0 - tie.trust * tie.other.region.partnership.shows()
    return 1.0 - unseen


def heeded(model: Any, region: Any) -> list[float]:
    """How many times each community counts where data steer the bodies' work."""
    steering = model.structure.data_steering
    if not steering:
        return [1.0] * len(region.communities)
    usual = sum(c.children * c.wellbeing for c in region.communities) / region.children
    span = model.parameters.steering_span
    return [
        max(0.0, 1.0 + steering * c.practice * (usual - c.wellbeing) / span)
        for c in region.communities
    ]


def paid_early(early: float, month: int, begin: int, end: int) -> float:
    """How many times its FTE a post is paid for: what five years cost stays the same."""
    length = min(end - begin, 60)
    since = month - begin
    if length <= 12 or since >= length:
        return 1.0
    return 1.0 - early if since >= 12 else 1.0 + early * (length - 12) / 12
