"""Who could meet, who knows whom at the beginning, who comes to know whom, and who is forgotten.

Only where ties form and lapse. An opening is an unordered pair that could meet; it has a tie in
both directions as long as the two know each other, and none otherwise.
"""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from math import exp
from typing import Any

from cisim.model.luck import BUILDING, block, normal, uniform, word

from .world import Organisation, Tie, alignment

KNOWN = word("known")
CLOSURE = word("closure")
INTRODUCTION = word("introduction")
SIDE_BY_SIDE = word("side-by-side")
FORGETTING = word("forgetting")
WIDER = word("wider-ties")
WIDER_REGION = word("wider-region-ties")
RENOWN = word("renown")


def renown(i: Organisation, model: Any) -> float:
    """How well an organisation is known, the middle one 1: h."""
    z = normal(model.luck_seed, RENOWN, BUILDING, i.number, 0)
    return exp(model.parameters.renown_spread * z)


def widened(i: Organisation, model: Any, usual: float) -> int:
    """How many more it could meet: more than usual where its renown is above the mean."""
    mean = exp(model.parameters.renown_spread**2 / 2)
    return int(usual * max(1.0, renown(i, model) / mean) + 0.5)


@dataclass
class Opening:
    """Two that could meet, the one of the lower number first."""

    low: Organisation
    high: Organisation
    told: bool  # the world's file says that they know each other
    settled: bool  # history changes nothing of it
    known: bool = False
    since: int = 0

    def other(self, one: Organisation) -> Organisation:
        return self.high if one is self.low else self.low

    @property
    def across_levels(self) -> bool:
        return self.low.local is not self.high.local

    @property
    def near(self) -> bool:
        return self.low.region is self.high.region

    @property
    def one_place(self) -> bool:
        return self.near and self.low.community is self.high.community


class Openings:
    """All of a model."""

    def __init__(self, model: Any, pairs: set[tuple[int, int]], told: set[tuple[int, int]]) -> None:
        self.model = model
        given = model.world.acquaintance == "given"
        every = model.organisations
        self.all = [
            Opening(every[low], every[high], (low, high) in told, given or (low, high) in told)
            for low, high in sorted(pairs | told)
        ]
        self.of: dict[int, list[Opening]] = {i.number: [] for i in every}
        for one in self.all:
            self.of[one.low.number].append(one)
            self.of[one.high.number].append(one)
        for number, mine in self.of.items():
            i = every[number]
            mine.sort(key=lambda one: (not one.near, one.other(i).number))
        self._know_at_first()

    def _know_at_first(self) -> None:
        model, p = self.model, self.model.parameters
        begins = -int(p.history_months)
        if model.world.acquaintance == "given":
            probability = dict.fromkeys(map(id, self.all), 0.0)
        else:
            probability = self._probabilities()
        for one in self.all:
            lot = uniform(model.luck_seed, KNOWN, BUILDING, one.low.number, one.high.number)
            one.known = one.told or lot < probability[id(one)]
            one.since = 0 if one.settled else begins

    def _probabilities(self) -> dict[int, float]:
        """Of each pair that it knows each other at first: its kind's share, by both renowns."""
        p = self.model.parameters
        kinds: dict[Any, list[Opening]] = {}
        for one in self.all:
            kinds.setdefault(self._kind(one), []).append(one)
        share = {"near": p.known_near, "sector": p.known_sector, "other": p.known_other}
        found = {}
        known = {i.number: renown(i, self.model) for i in self.model.organisations}
        for (region, kind), mine in kinds.items():
            wanted = share.get(kind)
            if wanted is None:  # across levels: so many times the density of all other pairs
                alike = {name: len(kinds.get((region, name), ())) for name in share}
                level = Counter(i.local for i in region.organisations)
                pairs = sum(n * (n - 1) / 2 for n in level.values())
                density = sum(share[name] * n for name, n in alike.items()) / max(1, pairs)
                ties = p.across_levels * density * level[True] * level[False]
                wanted = ties / len(mine)
            weights = [known[one.low.number] * known[one.high.number] for one in mine]
            for one, probability in zip(mine, _evened(weights, wanted), strict=True):
                found[id(one)] = probability
        return found

    @staticmethod
    def _kind(one: Opening) -> tuple[Any, str]:
        if one.near and one.across_levels:
            return one.low.region, "across"
        if one.one_place:
            return one.low.region, "near"
        return (
            one.low.region if one.near else None,
            "sector" if one.low.sector == one.high.sector else "other",
        )

    # --- a month ---------------------------------------------------------------------------------

    def turn(self) -> None:
        """Let a month's meetings, introductions and work make acquaintances; forget some."""
        p = self.model.parameters
        for i in self.model.organisations:
            i.standing = (1 + len(i.ties)) ** p.popularity
            taken = p.tie_time * len(i.ties)
            i.room = 1.0 if p.tie_time == 0 else 1 - taken / i.time if taken < i.time else 0.0
        new = self._through_partners() + self._introduced() + self._side_by_side()
        old = self._forgotten()
        changed = {id(one): one for one in new + old}.values()
        for one in changed:
            one.known = not one.known
            one.since = self.model.month
            self.tie(one) if one.known else self._untie(one)
        if changed:
            self.arrange()

    def _strangers(self, i: Organisation) -> list[Opening]:
        history = self.model.month < 0
        return [one for one in self.of[i.number] if not one.known and not (history and one.settled)]

    def _through_partners(self) -> list[Opening]:
        model, found = self.model, []
        rate = model.parameters.closure_rate
        well = {id(meeting) for meeting in model.went_well}
        often: Counter[tuple[int, int]] = Counter()
        for meeting in model.meetings_held:
            tie, kind = meeting[0], meeting[1]
            i, j = tie.owner, tie.other
            place = 1000 * kind + often[i.number, kind]
            often[i.number, kind] += 1
            if id(meeting) not in well:
                continue
            draws = block(model.luck_seed, CLOSURE, model.month, i.number, place)
            for one, partner, happens, whom in ((i, j, *draws[:2]), (j, i, *draws[2:])):
                if happens < rate * one.room:
                    common = [
                        o for o in self._strangers(one) if o.other(one).number in partner.ties
                    ]
                    found += _one_of(common, one, whom)
        return found

    def _introduced(self) -> list[Opening]:
        model, p, found = self.model, self.model.parameters, []
        for i in model.organisations:
            if not i.member:
                continue
            region = i.region
            seed, month = model.luck_seed, model.month
            brokered, whom, across, whom_across = block(seed, INTRODUCTION, month, i.number, 0)
            gathered, upward, whom_upward, _ = block(seed, INTRODUCTION, month, i.number, 1)
            members = [one for one in self._strangers(i) if one.other(i).member]
            here = [one for one in members if one.near]
            if brokered < p.introduction_rate * region.EX * i.room:
                others = [
                    one for one in here
                    if one.across_levels or one.low.sector != one.high.sector
                ]  # fmt: skip
                found += _one_of(others if others and gathered < region.EG else here, i, whom)
            if across < p.bridge_rate * model.bridge * i.room:
                found += _one_of([one for one in members if not one.near], i, whom_across)
            if upward < p.bridge_rate * region.NB * i.room:
                found += _one_of([one for one in here if one.across_levels], i, whom_upward)
        return found

    def _side_by_side(self) -> list[Opening]:
        model, p, found = self.model, self.model.parameters, []
        for one in self.all:
            low, high = one.low, one.high
            settled = one.settled and model.month < 0
            if one.known or settled or not one.near or not (one.one_place or one.across_levels):
                continue
            work = []
            for i, other in ((low, high), (high, low)):
                share = 1.0
                if not i.local and other.local:
                    share = other.community.children / i.region.children
                work.append(share * i.joint_time if i.member else 0.0)
            meets = 0.0 if one.across_levels else p.encounter_rate
            probability = 1.0 - (1.0 - meets) * exp(-p.side_by_side * min(work))
            probability *= low.room * high.room
            lot = uniform(model.luck_seed, SIDE_BY_SIDE, model.month, low.number, high.number)
            if lot < probability:
                found.append(one)
        return found

    def _forgotten(self) -> list[Opening]:
        model, p, found = self.model, self.model.parameters, []
        for one in self.all:
            if not one.known or (one.settled and model.month < 0):
                continue
            tie = one.low.ties[one.high.number]
            last = one.since if tie.last_met is None else max(one.since, tie.last_met)
            if model.month - last < p.forget_after:
                continue
            unfamiliar = (1.0 - tie.familiarity) * (1.0 - tie.back.familiarity)
            numbers = one.low.number, one.high.number
            lot = uniform(model.luck_seed, FORGETTING, model.month, *numbers)
            heard_of = max(1.0, renown(one.low, model)) * max(1.0, renown(one.high, model))
            if lot < unfamiliar / heard_of / p.forget_time:
                found.append(one)
        return found

    # --- who knows whom --------------------------------------------------------------------------

    def tie(self, one: Opening) -> None:
        """Give an opening its two ties."""
        model, low, high = self.model, one.low, one.high
        weight = model.parameters.prior_weight
        there = Tie(low, high, model.first_trust(low.number, high.number), weight)
        back = Tie(high, low, model.first_trust(high.number, low.number), weight)
        there.back, back.back = back, there
        near = alignment(low.agenda, high.agenda, model.parameters.agree_scale)
        there.alignment = back.alignment = near
        low.ties[high.number], high.ties[low.number] = there, back

    def _untie(self, one: Opening) -> None:
        del one.low.ties[one.high.number], one.high.ties[one.low.number]

    def arrange(self) -> None:
        """Bring all lists of ties up to date."""
        model = self.model
        model.ties = []
        for i in model.organisations:
            in_order = [i.ties[number] for number in sorted(i.ties)]
            i.near = [tie for tie in in_order if tie.other.region is i.region]
            i.far = [tie for tie in in_order if tie.other.region is not i.region]
            i.ties = {tie.other.number: tie for tie in i.near + i.far}
            i.near_members = [tie for tie in i.near if tie.other.member]
            i.far_members = [tie for tie in i.far if tie.other.member]
            model.ties += i.near + i.far
        model.pairs = [tie for tie in model.ties if tie.owner.number < tie.other.number]

    def together(self, region: Any) -> float:
        """Return the share of a region's organisations in the largest connected group."""
        left, largest = set(region.organisations), 0
        while left:
            group, front = set(), [left.pop()]
            while front:
                i = front.pop()
                group.add(i)
                front += [tie.other for tie in i.near if tie.other in left]
                left -= {tie.other for tie in i.near}
            largest = max(largest, len(group))
        return largest / len(region.organisations)


def _one_of(openings: list[Opening], of: Organisation, lot: float) -> list[Opening]:
    """Return one of them, each as often as whom it leads to has standing; none without room."""
    left = lot * sum(one.other(of).standing for one in openings)
    for one in openings:
        whom = one.other(of)
        if left < whom.standing:
            return [one] if left < whom.standing * whom.room else []
        left -= whom.standing
    return []


def _evened(weights: list[float], share: float) -> list[float]:
    """Probabilities whose odds are in proportion to weights, and whose mean is the share."""
    if share <= 0.0 or share >= 1.0 or len(set(weights)) == 1:
        return [share] * len(weights)
    low, high = -300.0, 300.0  # of the logarithm of what all weights are taken times
    for _ in range(200):
        middle = (low + high) / 2
        odds = [exp(middle) * one for one in weights]
        if sum(one / (1 + one) for one in odds) < share * len(odds):
            low = middle
        else:
            high = middle
    return [one / (1 + one) for one in odds]
