"""One month of the model: section 3 of the description, one method for each of 3.1 to 3.10.

Visible results, time left and joint agendas are last month's until a section computes them anew.
In history (months before 0) nobody is a member and there is neither money nor staff, so the same
methods run what the description marks [H].
"""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Callable
from math import exp, sqrt, tanh
from typing import Any

import mesa

from cisim.model.luck import BUILDING, block, normal, uniform, word

from .dated import strike
from .money import Money
from .outcomes import observe
from .phases import Partnership, heeded, seen_elsewhere
from .world import (
    SECTORS,
    Agenda,
    Community,
    Organisation,
    Region,
    Sponsor,
    Tie,
    alignment,
    build_world,
)

FOUNDING = word("founding")
TURNOVER = word("turnover")
ELECTION = word("election")
OFFICIAL = word("official")
LEAVE = word("leave")
JOIN = word("join")
OCCURRENCE = word("occurrence")
MEETING = word("meeting")
NEED_DRIFT = word("need-drift")
NATIONAL_PRIORITY = word("national-priority")

OWN, BROKERED, CROSS_REGION, EVERYDAY = range(4)
OFFSET = (0, 1000, 2000, 3000)

LAST_YEAR = 12


def _quantile(ordered: list[float], share: float) -> float:
    """The value at a share of all values in order, straight between neighbours."""
    if len(ordered) == 1:
        return ordered[0]
    place = share * (len(ordered) - 1)
    below = min(int(place), len(ordered) - 2)
    return ordered[below] + (place - below) * (ordered[below + 1] - ordered[below])


class ReferenceModel(mesa.Model):
    """Organisations around children, month by month; built, it stands at month 0.

    history_hook(model) is called after each month of history; `month` is then the month to come.
    money_of is the model, one month ahead, whose payers' money organisations are given.
    """

    regions: list[Region]
    communities: list[Community]
    organisations: list[Organisation]
    sponsors: list[Sponsor]
    pairs: list[Tie]
    ties: list[Tie]

    def __init__(
        self,
        world: Any,
        structure: Any,
        parameters: Any,
        seed: int,
        history_hook: Callable[[ReferenceModel], None] | None = None,
        money_of: ReferenceModel | None = None,
    ) -> None:
        super().__init__(seed=seed)
        self.world = world
        self.structure = structure
        self.parameters = parameters
        self.luck_seed = seed
        self.money_of = money_of
        self.pressures: list[Any] = []  # events of national pressure
        self.dated: list[Any] = []  # other events, see dated.py
        self.founding: set[int] = set()  # numbers of those who founded it
        self.backbone_posts: dict[int, Any] = {}  # of a chosen backbone, by region
        self.chosen: str | None = None  # the backbone, where a group has chosen it
        self.month = 0
        self.meetings_held: list[tuple[Tie, int, float, float, float]] = []
        self.productive: list[tuple[Tie, int]] = []
        self.went_well: list[Any] = []  # those of meetings_held that were productive
        self.openings: Any = None  # of acquaintance.py, where ties form and lapse
        self.leaving: list[Organisation] = []
        self.joining: list[tuple[Organisation, float]] = []
        self.members: list[Organisation] = []
        self.best_knowhow = 0.0  # h-bar_max
        self.best_measurement = 0.0  # s-bar_max
        self.bridge = 0.0  # ED_bridge
        self.national_implementation = 0.0  # ED_implementation
        self.national_knowledge = 0.0  # ED_knowledge
        self.outcomes: dict[str, list[list[float]]] = {}
        build_world(self)
        self._keep_constants()
        self._live_through_history(history_hook)
        self._stand_as_surveyed()
        self._found()
        for region in self.regions:
            region.partnership.turn()
        observe(self)

    def step(self) -> None:
        """Run one month."""
        for event in self.dated:
            if event.month == self.month:
                strike(self, event)
        self.strike_events()
        self.engage_sponsors()
        self.staff_backbones()
        self.commit()
        for region in self.regions:
            region.partnership.widen()
        self.meet()
        self.build_trust()
        self.press_from_above()
        self.converge()
        self.learn()
        self.spend_time()
        self.act_together()
        self.acquaint()
        self.change_membership()
        for region in self.regions:
            region.partnership.turn()
        self.month += 1
        observe(self)

    def run(self, months: int) -> None:
        """Run a number of months."""
        for _ in range(months):
            self.step()

    def acquaint(self) -> None:
        """Strangers come to know each other and acquaintances are forgotten, where they do."""
        if self.openings is not None:
            self.openings.turn()

    # --- before month 0 ------------------------------------------------------------------------

    def _keep_constants(self) -> None:
        """Work out once what no month changes."""
        p, s = self.parameters, self.structure
        regions = len(self.regions)
        scale = self.world.national_scale
        if scale is None:
            scale = regions / 5
        self.money = Money(self)
        self.national_age = 0
        self.priority = tuple(
            p.agenda_spread * normal(self.luck_seed, NATIONAL_PRIORITY, BUILDING, 0, axis)
            for axis in range(3)
        )
        for region in self.regions:
            region.partnership = Partnership(self, region)
        self.national_grant = s.grant_nat * scale
        self.eligible = [i for i in self.organisations if i.eligible]
        self.eligible_time = sum(region.eligible_time for region in self.regions)
        self.memory = exp(-1.0 / p.trust_memory)
        self.ces_weights = [
            (p.private_weight if sector == "private" else p.sector_weight) ** (1.0 - p.ces_rho)
            for sector in SECTORS
        ]
        self.pair_scale = 2.0 ** (1.0 / p.ces_rho - 1.0) * p.sector_weight ** (
            (1.0 - p.ces_rho) / p.ces_rho
        )
        for tie in self.pairs:
            near = alignment(tie.owner.agenda, tie.other.agenda, p.agree_scale)
            tie.alignment = tie.back.alignment = near
        named = getattr(s.champion, "names", [])
        for i in self.organisations:
            i.champion = self.world.organisation_names[i.number] in named

    def _live_through_history(self, hook: Callable[[ReferenceModel], None] | None) -> None:
        """Everyday collaboration only, until the ties are stationary."""
        for month in range(-int(self.parameters.history_months), 0):
            self.month = month
            self.strike_events()
            self.meet()
            self.build_trust()
            self.converge()
            self.learn()
            self.spend_time()
            if month >= -LAST_YEAR:  # nobody looks back further
                self.act_together()
            self.acquaint()
            self.month = month + 1
            if hook is not None:
                hook(self)

    def _stand_as_surveyed(self) -> None:
        """Surveyed ties stand among all ties of the ordinary world where their strength says."""
        p = self.parameters
        number = {name: place for place, name in enumerate(self.world.organisation_names)}
        trusted = sorted(tie.trust for tie in self.ties)
        familiar = sorted(tie.familiarity for tie in self.ties)
        found = []
        for one in self.world.ties:
            if one.strength is None:
                continue
            both = one.strength if isinstance(one.strength, list) else [one.strength] * 2
            first, second = (self.organisations[number[name]] for name in one.between)
            found.append((first.ties[second.number], both[0], one.trust))
            found.append((second.ties[first.number], both[1], one.trust))
        for tie, strength, first_trust in found:
            if strength == "unknown":
                continue
            trust, known = _quantile(trusted, strength), _quantile(familiar, strength)
            evidence = p.prior_weight * known / (1.0 - known)
            everything = p.prior_weight + evidence
            low = (trust * everything - evidence) / p.prior_weight
            high = trust * everything / p.prior_weight
            prior = p.trust_prior if first_trust is None else first_trust
            tie.prior = min(max(min(max(prior, low), high), 0.0), 1.0)
            tie.first = tie.prior
            tie.prior_promises = p.prior_weight * tie.prior
            tie.kept = min(max(trust * everything - tie.prior_promises, 0.0), evidence)
            tie.broken = evidence - tie.kept
            tie.weigh_evidence()
            if strength > 0.0:
                tie.last_met = tie.back.last_met = -1
        if not found:
            return
        self.month = -1
        without = [community.inputs[-1] for community in self.communities]
        self.act_together()
        for community, before in zip(self.communities, without, strict=True):
            community.services.pop()
            change = community.inputs.pop() - before
            mean = sum(community.inputs) / len(community.inputs)
            change = max(change, -mean)
            community.inputs = [value + change for value in community.inputs]

    def _found(self) -> None:
        """The ordinary world is the baseline; a coalition of founders starts the partnership."""
        p = self.parameters
        self.month = 0
        for community in self.communities:
            if community.inputs:
                community.baseline = sum(community.inputs) / len(community.inputs)
                community.ordinary_service = sum(community.services) / len(community.services)
            community.d1 = community.d2 = community.d3 = community.baseline
        for sponsor in self.sponsors:
            if sponsor.present:
                sponsor.engagement = sponsor.opening
        self.money.pay(0)
        for region in self.regions:
            region.staff = region.planned
        for region in self.regions:
            for i in self._founders(region):
                i.member = True
                self.founding.add(i.number)
        self._share_values()
        self._list_members({i.number for i in self.organisations})
        for region in self.regions:
            for i in region.members:
                i.commitment = self._reasons(i)
            # nobody has worked yet; staff that is there leaves less to lead
            offers = {
                i: min(i.commitment, i.mandate) * i.time_left * i.time for i in region.members
            }
            if offers:
                lead = max(offers, key=lambda i: (offers[i], -i.number))
                staff = region.staff * self.structure.backbone_support
                lead.lead_time = max(0.0, p.lead_share * offers[lead] - staff)
                region.lead_time = lead.lead_time
        self._choose_champions()
        for i in self.organisations:
            i.own_started = i.contacts = 0

    def _reasons(self, i: Organisation) -> float:
        """k* of a founder: no results, no work on the future yet, and the load of history."""
        p = self.parameters
        weights = trusted = 0.0
        for tie in i.near_members:
            weights += tie.familiarity + p.explore
            trusted += (tie.familiarity + p.explore) * tie.trust
        trust = trusted / weights if weights > 0.0 else p.trust_prior
        reasons = p.commit_base + p.w_trust * (trust - 0.5)
        reasons -= p.w_efficacy * p.impatience + p.w_load * (1.0 - i.time_left)
        return 1.0 / (1.0 + exp(-reasons))

    @property
    def _operational(self) -> float:
        return 1.0 if self.structure.steering in ("operational", "both") else 0.0

    @property
    def _contract(self) -> bool:
        return self.structure.agreement.startswith("contract")

    def _share_values(self) -> None:
        """Partners stand closer to the middle of their region's remits, or further from it."""
        p, s = self.parameters, self.structure
        times = s.value_distance * s.scope
        if times == 1.0:
            return
        for region in self.regions:
            partners = [i for i in region.organisations if i.eligible]
            for axis in range(3):
                middle = sum(i.remit[axis] for i in partners) / max(1, len(partners))
                for i in partners:
                    for name in ("remit", "agenda"):
                        vector = list(getattr(i, name))
                        vector[axis] = middle + times * (vector[axis] - middle)
                        setattr(i, name, tuple(vector))
        for tie in self.pairs:
            near = alignment(tie.owner.agenda, tie.other.agenda, p.agree_scale)
            tie.alignment = tie.back.alignment = near

    def _choose_champions(self) -> None:
        """Of each region the founder whom most know and trust is one, where none is named."""
        chosen = self.structure.champion
        if chosen != "best-trusted":
            return
        for region in self.regions:
            best = [
                (sum(tie.back.trust * tie.back.familiarity for tie in i.near), -i.number, i)
                for i in region.organisations if i.member and i.near
            ]  # fmt: skip
            if best:
                max(best, key=lambda one: one[:2])[2].champion = True

    def _founders(self, region: Region) -> list[Organisation]:
        """Those who found the partnership in a region: by chance, by name, or a network."""
        p, seed, chosen = self.parameters, self.luck_seed, self.structure.founders
        eligible = [i for i in region.organisations if i.eligible]
        if hasattr(chosen, "names"):
            names = self.world.organisation_names
            return [i for i in eligible if names[i.number] in chosen.names]
        if chosen == "none":
            return []
        said = {one.name: one.founder for one in self.world.organisations}
        if chosen == "file" and any(founds is not None for founds in said.values()):
            names = self.world.organisation_names
            return [i for i in eligible if said.get(names[i.number])]
        drawn = []
        for i in eligible:
            probability = p.init_member_share * (1.0 if i.local else p.body_founder_factor)
            if uniform(seed, FOUNDING, 0, i.number, 0) < probability:
                drawn.append(i)
        if chosen in ("file", "drawn"):
            return drawn
        number = None if chosen == "network" else chosen.number
        wanted = len(drawn) if number is None else number

        def closeness(i: Organisation, j: Organisation) -> float:
            tie = i.ties.get(j.number)
            if tie is None:
                return 0.0
            back = tie.back
            return (tie.familiarity * tie.trust + back.familiarity * back.trust) / 2.0

        pairs = [
            (closeness(i, j), -i.number, i)
            for i in eligible for j in eligible if i is not j and closeness(i, j) > 0.0
        ]  # fmt: skip
        if not pairs or not wanted:
            return []
        group = [max(pairs, key=lambda pair: pair[:2])[2]]
        while len(group) < wanted:
            others = [
                (sum(closeness(i, j) for j in group), -i.number, i)
                for i in eligible if i not in group
            ]  # fmt: skip
            close, _, best = max(others, key=lambda one: one[:2], default=(0.0, 0, group[0]))
            if close <= 0.0:
                break
            group.append(best)
        return group

    # --- 3.1 -----------------------------------------------------------------------------------

    def strike_events(self) -> None:
        """3.1 Events: representatives change, elections come, officials leave."""
        p, seed, month = self.parameters, self.luck_seed, self.month
        turnover, lasts = p.turnover, p.inst_base
        if month >= 0 and self.structure.agreement != "none":
            kept = p.agreement_lasts / (1.0 if self._contract else 2.0)
            lasts = 1.0 - (1.0 - lasts) * (1.0 - kept)
        for i in self.organisations:
            if uniform(seed, TURNOVER, month, i.number, 0) < turnover:
                i.champion = i.champion and month < 0
                io = lasts + (1.0 - lasts) * i.measurement
                for tie in i.ties.values():
                    back = tie.back
                    if p.trust_theory > 0:
                        for one in (tie, back):
                            one.damage *= io
                            one.stand_at(one.first + io * (one.trust - one.first))
                    tie.kept *= io
                    tie.broken *= io
                    back.kept *= io
                    back.broken *= io
                    tie.weigh_evidence()
                    back.weigh_evidence()
                i.knowhow *= p.turnover_memory
        if month < 0:
            return
        for region in self.regions:
            changes = uniform(seed, ELECTION, month, region.number, 0) < p.election_change
            for sponsor in region.sponsors:
                if sponsor.present and changes and sponsor.stands_for_election(month):
                    sponsor.engagement = sponsor.goodwill
        for sponsor in self.sponsors:
            if (
                sponsor.official
                and sponsor.present
                and uniform(seed, OFFICIAL, month, sponsor.number, 0) < 1.0 / p.official_tenure
            ):
                sponsor.engagement = sponsor.goodwill

    # --- 3.2 -----------------------------------------------------------------------------------

    def engage_sponsors(self) -> None:
        """3.2 Sponsors, money, mandates, and the same money where organisations get it."""
        p, s, month = self.parameters, self.structure, self.month
        base = p.sponsor_base
        seed_lasts = 0 <= month < s.seed_end
        self.money.pay(month)

        for region in self.regions:
            commitment = 0.0
            for i in region.members:
                commitment += i.commitment
            committed = commitment / region.eligible if region.eligible else 0.0  # L_r
            open_sight = min(1.0, (region.visible + committed) / 2.0)
            shown = open_sight + p.advocacy_effect * region.advocacy * (1.0 - open_sight)
            shown -= shown * (1.0 - s.communication) / 2.0  # untold, half of it is seen
            region.money = 0.0
            for sponsor in region.sponsors:
                if not sponsor.present:
                    continue
                seen = sqrt(sponsor.link) * shown
                target = sponsor.goodwill + (1.0 - base) * p.sponsor_response * seen
                change = (target - sponsor.engagement) / p.sponsor_time
                if change > 0.0:
                    change *= p.loose_gain * sponsor.link
                sponsor.engagement += change
                full = p.sponsor_budget * sponsor.purse  # FTE when fully engaged
                full *= min(1.0, region.children / p.sponsor_children)
                sponsor.budget = full * max(0.0, sponsor.engagement - base) / (1.0 - base)
                if sponsor.cap is not None:
                    sponsor.budget = min(sponsor.budget, sponsor.cap)
                sponsor.budget *= s.investment
                region.money += sponsor.budget
            region.backbone_money = 0.0
            if region.sponsors_cap > 0.0:
                region.backbone_money = min(
                    region.money,
                    max(s.backbone_share * region.money, p.core_post),
                    region.sponsors_cap,
                )
            by_sponsors = region.money
            if self.money_of is not None:  # all that another's payers pay, and nothing else
                by_sponsors = 0.0
                there = self.money_of.regions[region.number]
                region.money = s.investment * there.money

            # the same money: own-time part for all eligible, joint part for the members
            national = self.national_grant / self.eligible_time if self.eligible_time else 0.0
            regional = 0.0
            if seed_lasts and region.eligible_time:
                regional = s.grant_reg * region.seed_fte / region.eligible_time
            grant_rate = (national + regional) * s.investment
            grant = grant_rate * region.eligible_time
            own_rate = (1.0 - s.grant_joint) * grant_rate
            joint_grant = s.grant_joint * grant if region.members else 0.0
            region.grants = (1.0 - s.grant_joint) * grant + joint_grant
            if self.money_of is not None:
                grant = region.grants = s.investment * there.paid
                joint_grant = s.same_money_use * grant if region.members else 0.0
                own_rate = (grant - joint_grant) / region.eligible_time
            if region.members:
                joint_grant += region.action
            elif region.eligible_time:
                own_rate += region.action / region.eligible_time
            for i in region.organisations:
                i.added_time = own_rate * i.own_time if i.eligible else 0.0
                i.time = i.own_time + i.added_time
            members_time = 0.0
            for i in region.members:
                members_time += i.time
            for i in region.members:
                i.extra = (
                    (by_sponsors - region.backbone_money + joint_grant) * i.time / members_time
                )

        for i in self.organisations:
            i.own_benefit = self._own_benefit(i)
            if i.public:
                unlicensed = unopposed = 1.0
                behind = []
                for sponsor, jurisdiction in i.jurisdictions:
                    unlicensed *= 1.0 - sponsor.engagement * jurisdiction
                    unopposed *= 1.0 - max(0.0, -sponsor.engagement) * jurisdiction
                    if sponsor.engagement > 0.0:
                        behind.append(sponsor.link)
                i.opposed = 1.0 - unopposed
                rising = p.loose_gain * max(behind) if behind else 1.0
                licence = 1.0 - unlicensed
                if licence > 0.0 and self.structure.steering in ("strategic", "both"):
                    licence *= 1.0 + p.steering_mandate * (1.0 - licence)
                target = p.mandate_min + (1.0 - p.mandate_min) * licence
                change = (max(0.0, target) - i.mandate) / p.mandate_time
                i.mandate += change * rising if change > 0.0 else change
            else:
                target = (
                    p.mandate_start + (1.0 - p.mandate_start) * p.sponsor_response * i.own_benefit
                )
                i.mandate += (max(0.0, target) - i.mandate) / p.mandate_time

    def _own_benefit(self, i: Organisation) -> float:
        """V_i: results count less where they lie off the own remit."""
        if not i.eligible:
            return 0.0
        place = i.region if i.community is None else i.community
        if place.visible == 0.0:
            return 0.0
        p = self.parameters
        fit = 1.0
        if place.agenda is not None:
            fit = alignment(place.agenda, i.remit, p.agree_scale * self.structure.scope)
        weight = p.own_weight * (1.0 - self.structure.shared_credit * i.region.EI)
        return place.visible * (1.0 - weight + weight * fit)

    # --- 3.3 -----------------------------------------------------------------------------------

    def staff_backbones(self) -> None:
        """3.3 Backbones: staff, lead organisations, what the roles cover, and who pays pulls."""
        p, s = self.parameters, self.structure
        alpha, q0, sl = s.advocacy, p.solo_quality, p.solo_learning
        if s.responsibilities is not None:
            w = s.responsibilities
            outside = w.public_will + w.policy + w.funding
            alpha = outside / (outside + w.vision) if outside else 0.0
        count = len(self.regions)
        found = 1.0 - s.staff_shortage * (1.0 - s.vertical_governance)
        staff = 0.0  # N, as far as it acts
        if self.national_age >= s.start_up:
            staff = self.national_staff * (1.0 - s.overhead) * found * s.backbone_support
        self.national_age = self.national_age + 1 if self.national_staff > 0.0 else 0
        national = self.money.roles("national", None)
        # what works for regions, not for sponsors and the public, by role
        share = dict(national)
        for role in ("futures", "bridge"):
            share[role] *= 1.0 - alpha
        members = len(self.members)

        # a structure may cut what a national role does for regions
        passes = {"futures": s.flow_horizon, "implementation": s.flow_guidance,
                  "evaluation": s.flow_evaluation, "bridge": s.flow_peers,
                  "knowledge": s.flow_knowledge}  # fmt: skip

        def supply(role: str, academic: float) -> float:
            work = passes[role] * staff * share[role] / count
            return 1.0 - exp(-(work + academic) / p.need_region)

        def direct(role: str) -> float:
            return _covered(staff * share[role], p.national_reach_cost * p.need_member * members)

        en_futures = supply("futures", 0.0)
        en_implementation = supply("implementation", 0.0)
        en_bridge = supply("bridge", 0.0)
        ed_futures = direct("futures")
        ed_implementation = self.national_implementation = direct("implementation")
        ed_evaluation = direct("evaluation")
        ed_bridge = self.bridge = direct("bridge")
        self.national_knowledge = direct("knowledge")

        national_advocacy = staff * (national["futures"] + national["bridge"]) / count

        for region in self.regions:
            academic = region.academic * s.backbone_support
            en_evaluation = supply("evaluation", 0.5 * academic)
            en_knowledge = supply("knowledge", 0.5 * academic)
            roles = self.money.roles("regional", region.number)
            broker = roles["information_broker"] * (1.0 - alpha)
            target = region.planned + region.backbone_money
            if target > region.staff:
                region.staff += (target - region.staff) / p.hiring_time
            else:
                region.staff = target

            region.hands = 0.0
            if region.age >= s.start_up:
                region.hands = region.staff * (1.0 - s.overhead) * found
            region.age = region.age + 1 if region.staff > 0.0 else 0
            offers = {
                i: min(i.commitment, i.mandate) * i.time_left * i.time for i in region.members
            }
            offered = sum(offers.values())
            region.volunteered = min(s.volunteers, offered)
            for i in region.organisations:
                i.volunteered = 0.0
                if i.member and offered > 0.0:
                    i.volunteered = region.volunteered * offers[i] / offered
            region.hands += s.volunteer_value * region.volunteered

            # of its support, staff gives the time that it spends on members' measuring
            support = region.hands * s.backbone_support
            work = 0.0
            for i in region.members:
                work += s.measurement_time * i.measurement * i.own_time
            region.measuring = 0.0
            if work > 0.0:
                region.measuring = min(s.measurement_staff, support / work)
                support -= region.measuring * work

            # lead organisation: paid staff crowds it out, lack of staff calls it in
            region.lead_time = 0.0
            lead: Organisation | None = None
            most = -1.0
            for i in region.members:
                i.lead_time = 0.0
                effort = min(i.commitment, i.mandate) * i.time_left * i.time
                if effort > most:
                    lead, most = i, effort
            if lead is not None:
                lead.lead_time = max(0.0, p.lead_share * most - support)
                region.lead_time = lead.lead_time

            workers = support + region.lead_time
            quality = 0.0
            if workers > 0.0:
                quality = (
                    (q0 + (1.0 - q0) * en_implementation) * support + q0 * region.lead_time
                ) / workers

            full = p.need_member * len(region.members)  # FTE for each role
            region.EX = quality * _covered(workers * roles["cross_sectoral"], full)
            region.ES = es = quality * _covered(workers * roles["local_support"], full)
            region.EG = eg = quality * _covered(workers * roles["knowledge_gatherer"], full)
            region.EI = ei = s.communication * quality * _covered(workers * broker, full)
            region.feed = feed = q0 + (1.0 - q0) * s.flow_need * eg  # kappa_r
            overview = q0 + (1.0 - q0) * s.flow_overview * eg
            region.advocacy = 1.0 - exp(
                -alpha * (support * roles["information_broker"] + national_advocacy) / p.need_region
            )
            evaluated = overview * en_evaluation * ei
            region.NF = 1.0 - (1.0 - ed_futures) * (1.0 - en_futures * ei) * (1.0 - sl * ei)
            region.NE = 1.0 - (1.0 - overview * ed_evaluation) * (1.0 - evaluated) * (1.0 - sl * eg)
            region.NB = 1.0 - (1.0 - ed_bridge) * (1.0 - en_bridge * ei)
            if workers > 0.0:
                region.knowhow += (
                    p.know_rate * (en_knowledge * feed + sl * eg) * (1.0 - region.knowhow)
                )
                region.knowhow = min(region.knowhow, 1.0) * (1.0 - p.routine_decay)
            else:
                region.knowhow = 0.0

            # who pays pulls; the neutral host softens as far as it reaches
            reach = 1.0 - (1.0 - es) * (1.0 - ed_implementation)
            region.facilitation = p.facil_effect * reach
            foundation = next(iter(self.money.payers))
            region.paid_by[foundation] += 0.0 if self.money_of else region.grants
            region.paid = sum(region.paid_by.values()) + region.money
            if self.money_of is not None:
                region.paid = region.grants
            members_time = 0.0
            for i in region.members:
                members_time += i.time
            if region.paid > 0.0:
                region.pull = (
                    region.paid / (region.paid + members_time) * (1.0 - s.neutrality * reach)
                )
                x = y = z = 0.0
                for payer in self.money.payers.values():
                    much = region.paid_by[payer.name]
                    x += much * payer.position[0]
                    y += much * payer.position[1]
                    z += much * payer.position[2]
                for sponsor in region.sponsors:
                    if sponsor.present:
                        budget, position = sponsor.budget, sponsor.position
                        x += budget * position[0]
                        y += budget * position[1]
                        z += budget * position[2]
                region.funders = (x / region.paid, y / region.paid, z / region.paid)
                if self.money_of is not None:
                    region.funders = self.money_of.regions[region.number].funders
            else:
                region.pull = 0.0
                region.funders = (0.0, 0.0, 0.0)

    # --- 3.4 -----------------------------------------------------------------------------------

    def commit(self) -> None:
        """3.4 Commitment, leaving, joining; membership itself changes after 3.10."""
        p, s, seed, month = self.parameters, self.structure, self.luck_seed, self.month
        explore = p.explore
        heard_of = p.contagion_rate * (1.0 - (1.0 - self.structure.communication) / 2.0)
        leave_rate, hurdle = p.leave_rate, 1.0
        if s.agreement == "contract":
            leave_rate *= 1.0 - p.agreement_binds
            hurdle = 1.0 - p.agreement_hurdle
        elif s.agreement == "letter-of-intent":
            leave_rate *= 1.0 - p.agreement_binds / 2.0
        elif s.agreement == "contract-with-exit-clause":
            leave_rate *= 1.0 + p.agreement_binds
        self.leaving = leaving = []
        self.joining = joining = []
        for region in self.regions:
            load_here = 0.0
            for i in region.members:
                load_here += 1.0 - i.time_left
            if region.members:
                load_here /= len(region.members)
            horizon = p.impatience * (1.0 - region.NF)
            asked = p.recruit_rate * region.EX
            others = [i for i in region.organisations if i.eligible and not i.member]
            looked_for = {i.number: self._looked_for(i) for i in others}
            full = s.seats < 1.0 and len(region.members) >= s.seats * region.eligible
            for i in region.organisations:
                if not i.eligible:
                    continue
                weights = trusted = 0.0
                for tie in i.near_members:
                    weight = tie.familiarity + explore
                    weights += weight
                    trusted += weight * tie.trust
                trust = trusted / weights if weights > 0.0 else p.trust_prior
                load = 1.0 - i.time_left if i.member else load_here
                wish = 1.0 / (
                    1.0
                    + exp(
                        -(
                            p.commit_base
                            + p.w_trust * (trust - 0.5)
                            + p.w_efficacy * (i.own_benefit - horizon)
                            - p.w_load * load
                        )
                    )
                )
                if i.member:
                    i.commitment += (wish - i.commitment) / p.commitment_time
                    doubt = 1.0 - i.commitment
                    stays = (1.0 - leave_rate * doubt * doubt) * (1.0 - p.recall_rate * i.opposed)
                    if uniform(seed, LEAVE, month, i.number, 0) < 1.0 - stays:
                        leaving.append(i)
                    continue
                unmoved = 1.0
                if region.members:
                    place = region if i.community is None else i.community
                    share = len(i.near_members) / len(i.ties) if i.ties else 0.0
                    unmoved = (1.0 - trust * share) * (1.0 - place.visible)
                unmoved *= 1.0 - self.structure.replication * seen_elsewhere(i)
                drawn = heard_of * (1.0 - unmoved)  # jS
                for tie in i.near_members:
                    if tie.other.champion:
                        drawn = 1.0 - (1.0 - drawn) * (1.0 - p.champion_rate * tie.trust)
                again = region.partnership.found_again(i)
                drawn = 1.0 - (1.0 - drawn) * (1.0 - again)
                mean = sum(looked_for.values()) / len(looked_for)
                recruited = min(1.0, asked * looked_for[i.number] / mean)  # jR
                chance = 2.0 * wish * hurdle * (1.0 - (1.0 - recruited) * (1.0 - drawn))
                if full:
                    continue
                if uniform(seed, JOIN, month, i.number, 0) < chance:
                    joining.append((i, wish))
                    region.joins_self += drawn / (drawn + recruited)
                    region.joins_recruited += recruited / (drawn + recruited)

    def _looked_for(self, i: Organisation) -> float:
        """How much recruiters look for an organisation, beside the others of its region."""
        p, selection = self.parameters, self.structure.selection
        if selection == "open":
            return 1.0
        if selection == "usual-suspects":
            return p.explore + sum(tie.trust * tie.familiarity for tie in i.near_members)

        def lacks(community: Community) -> bool:
            here = [*community.locals, *i.region.bodies]
            return not any(j.member and j.sector == i.sector for j in here)

        if i.community is not None:
            return 1.0 if lacks(i.community) else p.explore
        if any(j.member and j.sector == i.sector for j in i.region.bodies):
            return p.explore
        there = [c for c in i.region.communities if c.participating]
        if not there:
            return 1.0
        without = sum(c.children for c in there if lacks(c)) / sum(c.children for c in there)
        return p.explore + (1.0 - p.explore) * without

    # --- 3.5 -----------------------------------------------------------------------------------

    def meet(self) -> None:
        """3.5 Meetings: own, brokered, across regions, and everyone's everyday meetings."""
        p, seed, month = self.parameters, self.luck_seed, self.month
        follow_min, meetings_max = p.follow_min, p.meetings_max
        everyday_meetings = p.everyday_meetings
        most = 1.0 / max(p.meeting_cost, 0.001)
        self.meetings_held = []
        for region in self.regions:
            region.started = [0, 0, 0, 0]
        for i in self.organisations:
            i.meetings = 0
        for i in self.organisations:
            number = i.number
            if i.member:
                willing = i.commitment * i.mandate * i.time_left
                i.reliability = follow_min + (1.0 - follow_min) * willing ** (1.0 / 3.0)
                # what is measured is seen: part of what would be broken is kept
                held = self.structure.accountability * i.measurement
                i.reliability = 1.0 - (1.0 - held) * (1.0 - i.reliability)
                u_own, u_brokered, u_gatherer, u_cross = block(seed, OCCURRENCE, month, number, 0)
                own = int(min(most, meetings_max * i.commitment * i.time_left + u_own))
                if own:
                    self._meet_by_weight(i, i.near_members + i.far_members, own, OWN)
                region = i.region
                if u_brokered < region.EX and i.near_members:
                    self._meet_through_the_backbone(i, u_gatherer < region.EG)
                if u_cross < self.bridge and i.far_members:
                    draws = block(seed, MEETING, month, number, OFFSET[CROSS_REGION])
                    tie = i.far_members[int(draws[0] * len(i.far_members))]
                    self._hold(tie, CROSS_REGION, draws)
            wanted = everyday_meetings * i.time_left * i.time / i.own_time
            everyday = int(min(most, wanted + block(seed, OCCURRENCE, month, number, 1)[0]))
            if everyday:
                self._meet_by_weight(i, i.near + i.far, everyday, EVERYDAY)

    def _meet_by_weight(self, i: Organisation, ties: list[Tie], count: int, kind: int) -> None:
        """Meet `count` partners in proportion to (trust familiarity + explore) alignment."""
        explore = self.parameters.explore
        total = 0.0
        running = []
        for tie in ties:
            total += (tie.trust * tie.familiarity + explore) * tie.alignment
            running.append(total)
        if total <= 0.0:
            return
        first = OFFSET[kind]
        for k in range(first, first + count):
            draws = block(self.luck_seed, MEETING, self.month, i.number, k)
            self._hold(ties[bisect_right(running, draws[0] * total)], kind, draws)

    def _meet_through_the_backbone(self, i: Organisation, by_local_knowledge: bool) -> None:
        """Meet the least familiar member of another sector, or any member of the region."""
        draws = block(self.luck_seed, MEETING, self.month, i.number, OFFSET[BROKERED])
        chosen: Tie | None = None
        if by_local_knowledge:
            for tie in i.near_members:
                if tie.other.sector_index != i.sector_index and (
                    chosen is None or tie.familiarity < chosen.familiarity
                ):
                    chosen = tie
        if chosen is None:
            chosen = i.near_members[int(draws[0] * len(i.near_members))]
        self._hold(chosen, BROKERED, draws)

    def _hold(self, tie: Tie, kind: int, draws: tuple[float, float, float, float]) -> None:
        """Note a meeting that tie.owner starts."""
        i, j, month = tie.owner, tie.other, self.month
        i.meetings += 1
        j.meetings += 1
        tie.last_met = tie.back.last_met = month
        i.region.started[kind] += 1
        if kind == OWN:
            i.own_started += 1
        elif kind != EVERYDAY:
            tie.last_brokered = tie.back.last_brokered = month
            for end in (i, j):
                if end.last_contact != month:
                    end.last_contact = month
                    end.contacts += 1
        self.meetings_held.append((tie, kind, draws[1], draws[2], draws[3]))

    # --- 3.6 -----------------------------------------------------------------------------------

    def build_trust(self) -> None:
        """3.6 Trust: dialogues are productive or not, promises are kept or broken."""
        p = self.parameters
        broken_weight, conflict_cost = p.broken_weight, p.conflict_cost
        follow_min = p.follow_min
        everyday_gain = p.everyday_reliability - follow_min
        self.productive = productive = []
        evidence: list[tuple[Tie, float, float]] = []
        signals: dict[int, float] = {}

        def spoke(tie: Tie, promises: float) -> None:
            signals[id(tie)] = signals.get(id(tie), 0.0) + promises

        self.went_well = []
        for meeting in self.meetings_held:
            tie, kind, u_dialogue, u_other, u_own = meeting
            i, j = tie.owner, tie.other
            if kind == EVERYDAY:
                facilitation = 0.0
                promise_i = follow_min + everyday_gain * i.time_left
                promise_j = follow_min + everyday_gain * j.time_left
            else:
                facilitation = i.region.facilitation
                lapses = (1.0 - facilitation) * (1.0 - self._operational * p.steering_follow)
                promise_i = 1.0 - (1.0 - i.reliability) * lapses
                promise_j = 1.0 - (1.0 - j.reliability) * lapses
            agreement = tie.alignment
            if kind != EVERYDAY:
                agreement *= i.region.partnership.like_minded
            if u_dialogue < agreement + (1.0 - agreement) * facilitation:
                productive.append((tie, kind))
                spoke(tie, 1.0 if u_other < promise_j else -1.0)
                spoke(tie.back, 1.0 if u_own < promise_i else -1.0)
                self.went_well.append(meeting)
                if u_other < promise_j:
                    evidence.append((tie, 1.0, 0.0))
                else:
                    evidence.append((tie, 0.0, broken_weight))
                if u_own < promise_i:
                    evidence.append((tie.back, 1.0, 0.0))
                else:
                    evidence.append((tie.back, 0.0, broken_weight))
            else:
                spoke(tie, -conflict_cost)
                spoke(tie.back, -conflict_cost)
                evidence.append((tie, 0.0, conflict_cost))
                evidence.append((tie.back, 0.0, conflict_cost))

        memory, weight = self.memory, p.prior_weight
        opening = [tie.trust for tie in self.ties] if p.trust_theory > 0 else []
        for tie in self.ties:
            tie.kept = kept = tie.kept * memory
            tie.broken = broken = tie.broken * memory
            remembered = kept + broken
            everything = weight + remembered
            tie.trust = (tie.prior_promises + kept) / everything
            tie.familiarity = remembered / everything
        for tie, kept, broken in evidence:
            tie.kept += kept
            tie.broken += broken
            tie.weigh_evidence()
        if p.trust_theory > 0:
            for tie, trust in zip(self.ties, opening, strict=True):
                self._step_in_layers(tie, trust, signals.get(id(tie), 0.0))

    def _step_in_layers(self, tie: Tie, trust: float, promises: float) -> None:
        """Pant and Yu's step: immediate trust T and reputation damage R."""
        p = self.parameters
        s, damage = tanh(p.layers_signal * promises), tie.damage
        if s > 0.0:
            ceiling = 1.0 - damage
            room = max(0.0, ceiling - trust) if p.trust_theory == 2 else (1.0 - trust) * ceiling
            trust += p.layers_gain * s * room
            tie.damage -= p.layers_heal * damage
        elif s < 0.0:
            trust += p.layers_loss * s * trust * (1.0 + p.layers_amplify * p.layers_dependence)
            tie.damage += p.layers_hurt * -s * (1.0 - damage)
        else:
            tie.damage -= p.layers_heal * damage
        tie.stand_at(min(1.0, max(0.0, trust)))

    # --- what comes from above ------------------------------------------------------------------

    def press_from_above(self) -> None:
        """National actors claim time, mandates and agendas; governance across levels shields."""
        p, s = self.parameters, self.structure
        for region in self.regions:
            felt = s.national_pressure
            for event in self.pressures:
                if event.region in (None, region.name):
                    over = event.month + event.months
                    if event.month <= self.month < over:
                        felt = max(felt, event.pressure)
            felt *= 1.0 - s.vertical_governance
            region.claimed = 0.0
            for i in region.organisations:
                if not i.public:
                    continue
                share = p.pressure_time * felt
                if i.member:
                    share += p.governance_time * s.vertical_governance
                i.claimed = share * i.own_time
                region.claimed += i.claimed
                i.mandate -= p.pressure_mandate * felt * i.mandate / p.mandate_time
                i.agenda = tuple(
                    x + p.pressure_pull * felt * (aim - x)
                    for x, aim in zip(i.agenda, self.priority, strict=True)
                )

    # --- 3.7 -----------------------------------------------------------------------------------

    def converge(self) -> None:
        """3.7 Agenda: partners, the own remit, funders and need pull; need drifts."""
        p = self.parameters
        kpi_pull = p.kpi_pull
        stubborn = p.influence_pace * (1.0 - p.susceptibility)
        pulls: dict[int, list[tuple[float, Agenda]]] = {}
        if p.agenda_theory == 1:
            pulls = self._listened_to()
        elif p.agenda_theory == 2:
            pulls = self._near_enough()
        for tie, kind in self.productive if p.agenda_theory == 0 else []:
            i, j = tie.owner, tie.other
            rate = p.agenda_rate
            if kind != EVERYDAY:
                rate *= self.structure.common_agenda
            pulls.setdefault(i.number, []).append((rate * tie.trust, j.agenda))
            pulls.setdefault(j.number, []).append((rate * tie.back.trust, i.agenda))
        for region in self.regions:
            mean_need = _mean_need(region) if region.members else None
            for i in region.organisations:
                x = i.agenda
                mine = pulls.get(i.number, [])
                if i.member:
                    if p.agenda_theory == 1:
                        mine.append((stubborn, i.remit))
                    else:
                        mine.append((kpi_pull * (1.0 - i.mandate / 2.0), i.remit))
                    mine.append((p.funder_pull * region.pull, region.funders))
                    need = mean_need if i.community is None else i.community.need
                    if need is not None:
                        mine.append((region.partnership.to_need(i), need))
                else:
                    mine.append((stubborn if p.agenda_theory == 1 else kpi_pull, i.remit))
                total = a = b = c = 0.0
                for strength, target in mine:
                    total += strength
                    a += strength * (target[0] - x[0])
                    b += strength * (target[1] - x[1])
                    c += strength * (target[2] - x[2])
                if total > 1.0:
                    a /= total
                    b /= total
                    c /= total
                i.agenda = (x[0] + a, x[1] + b, x[2] + c)

        if self.month >= 0:
            seed, month, drift = self.luck_seed, self.month, p.need_drift
            for community in self.communities:
                x = community.need
                number = community.number
                community.need = (
                    x[0] + drift * normal(seed, NEED_DRIFT, month, number, 0),
                    x[1] + drift * normal(seed, NEED_DRIFT, month, number, 1),
                    x[2] + drift * normal(seed, NEED_DRIFT, month, number, 2),
                )

        spread = 2.0 * p.agree_scale * p.agree_scale
        for tie in self.pairs:
            x = tie.owner.agenda
            y = tie.other.agenda
            a = x[0] - y[0]
            b = x[1] - y[1]
            c = x[2] - y[2]
            tie.alignment = tie.back.alignment = exp(-(a * a + b * b + c * c) / spread)

    def _listened_to(self) -> dict[int, list[tuple[float, Agenda]]]:
        """Friedkin and Johnsen: the mean of all whom one knows, by trust and familiarity."""
        p, found = self.parameters, {}
        for i in self.organisations:
            weights = []
            for tie in i.ties.values():
                weight = tie.trust * tie.familiarity
                if i.member and tie.other.member:
                    weight *= self.structure.common_agenda
                weights.append((weight, tie.other.agenda))
            total = sum(weight for weight, _ in weights)
            if total > 0.0:
                mean = tuple(sum(w * x[axis] for w, x in weights) / total for axis in range(3))
                found[i.number] = [(p.influence_pace * p.susceptibility, mean)]
        return found

    def _near_enough(self) -> dict[int, list[tuple[float, Agenda]]]:
        """Deffuant and others: in any meeting, whose aims are near enough move to each other."""
        p, found = self.parameters, {}
        for tie, kind, *_ in self.meetings_held:
            i, j = tie.owner, tie.other
            apart = sqrt(sum((x - y) ** 2 for x, y in zip(i.agenda, j.agenda, strict=True)))
            if apart < p.confidence_bound:
                rate = p.agenda_rate
                if kind != EVERYDAY:
                    rate *= self.structure.common_agenda
                found.setdefault(i.number, []).append((rate, j.agenda))
                found.setdefault(j.number, []).append((rate, i.agenda))
        return found

    # --- 3.8 -----------------------------------------------------------------------------------

    def learn(self) -> None:
        """3.8 Learning and measurement: from peers, the backbones and the best region."""
        p = self.parameters
        peers, carried = p.meeting_learning, p.bridge_learning
        know_rate, decay, floor = p.know_rate, p.routine_decay, p.knowhow_start
        knowhow_pulls: dict[int, list[tuple[float, float]]] = {}
        measurement_pulls: dict[int, list[tuple[float, float]]] = {}
        for there, _ in self.productive:
            both_members = there.owner.member and there.other.member
            for tie in (there, there.back):
                i, j = tie.owner, tie.other
                if j.knowhow > i.knowhow:
                    pull = (peers * tie.trust, j.knowhow)
                    knowhow_pulls.setdefault(i.number, []).append(pull)
                if both_members and j.measurement > i.measurement:
                    pull = (peers * tie.trust, j.measurement)
                    measurement_pulls.setdefault(i.number, []).append(pull)
        for i in self.members:
            region = i.region
            mine = measurement_pulls.setdefault(i.number, [])
            mine.append((p.measure_rate * region.NE * i.commitment * i.mandate, 1.0))
            if self.best_measurement > i.measurement:
                mine.append((carried * region.NB, self.best_measurement))
            taught = 1.0 - (1.0 - region.knowhow * region.EI) * (
                1.0 - region.feed * self.national_knowledge
            )
            mine = knowhow_pulls.setdefault(i.number, [])
            mine.append((know_rate * taught, 1.0))
            if self.best_knowhow > i.knowhow:
                mine.append((carried * region.NB, self.best_knowhow))

        for i in self.organisations:
            if i.number in knowhow_pulls:
                i.knowhow = _pulled(i.knowhow, knowhow_pulls[i.number])
            if i.number in measurement_pulls:
                taken_up = _pulled(i.measurement, measurement_pulls[i.number]) - i.measurement
                i.measurement += self.structure.shared_measurement * taken_up
            i.knowhow = min(max(i.knowhow - decay * (i.knowhow - floor), 0.0), 1.0)
            i.measurement = min(max(i.measurement - decay * i.measurement, 0.0), 1.0)

    # --- 3.9 -----------------------------------------------------------------------------------

    def spend_time(self) -> None:
        """3.9 Time and contribution: what meetings leave goes into joint and bilateral work."""
        p = self.parameters
        engagement_share = p.engagement_time * self.structure.engagement
        meeting_cost, load_time, everyday_share = p.meeting_cost, p.load_time, p.everyday_share
        steering = p.steering_meetings * self._operational
        if self.structure.steering in ("strategic", "both"):
            steering += p.strategic_meetings
        conditional = p.contribution_theory == 1
        gave = {i.number: i.given for i in self.organisations}
        for i in self.organisations:
            time = i.time
            spent = meeting_cost * i.meetings
            if i.member:
                spent += engagement_share * i.own_time + i.lead_time + i.volunteered
                own_part = self.structure.measurement_time * (1.0 - i.region.measuring)
                spent += own_part * i.measurement * i.own_time
                spent += meeting_cost * steering
                spent += i.region.partnership.more_time(i)
            available = time - i.claimed - spent
            if available < 0.0:
                available = 0.0
            i.time_left += (available / time - i.time_left) / load_time
            partnership = 0.0
            if i.member:
                willing = i.commitment
                if conditional:
                    others = [
                        gave[j.number] for j in i.region.organisations if j.member and j is not i
                    ] or [gave[i.number]]
                    mean = sum(others) / len(others)
                    willing = p.conditional_base + p.conditional_slope * mean
                    i.given = min(willing, i.mandate)
                partnership = available * min(willing, i.mandate)
                i.joint_time = partnership + i.extra * i.commitment
            else:
                i.joint_time = 0.0
                i.given = p.conditional_start if conditional else 0.0
            i.bilateral_time = everyday_share * (available - partnership) if i.near else 0.0
            i.service_time = spent + partnership + i.bilateral_time - i.added_time

    # --- 3.10 ----------------------------------------------------------------------------------

    def act_together(self) -> None:
        """3.10 Joint activity, results, wellbeing."""
        for region in self.regions:
            self._act_in(region)
        if self.month >= 0:
            self._bring_results()
        elif self.month >= -LAST_YEAR:
            for community in self.communities:
                community.inputs.append(self._input(community))
                community.services.append(community.service)

    def _act_in(self, region: Region) -> None:
        """J_c, J°_c, joint agendas, fit and service time of a region's communities."""
        p = self.parameters
        idle, rho = p.idle_productivity, p.ces_rho
        spread = 2.0 * p.agree_scale * p.agree_scale
        ces_weights = self.ces_weights

        # the bodies' effort, to be spread over the communities
        body_effort = [0.0] * len(SECTORS)
        body_total = body_quality = 0.0
        body_x = body_y = body_z = 0.0
        body_everyday = body_everyday_quality = body_service = 0.0
        for i in region.bodies:
            productivity = idle + (1.0 - idle) * i.knowhow
            effort = i.bilateral_time * productivity
            body_everyday += effort
            body_everyday_quality += effort * _everyday_quality(i)
            body_service += i.service_time
            if i.member:
                effort = i.joint_time * productivity * region.partnership.bolder
                body_effort[i.sector_index] += effort
                body_total += effort
                body_quality += effort * _joint_quality(i)
                x = i.agenda
                body_x += effort * x[0]
                body_y += effort * x[1]
                body_z += effort * x[2]
        region.agenda = None
        if body_total > 0.0:
            region.agenda = (body_x / body_total, body_y / body_total, body_z / body_total)

        # where a community has no local member the bodies' partnership effort only spills over
        weights = []
        for community, heed in zip(region.communities, heeded(self, region), strict=True):
            for i in community.locals:
                if i.member:
                    weights.append(heed * community.children)
                    break
            else:
                weights.append(heed * p.spillover * community.children)
        all_weights = sum(weights)
        if all_weights <= 0.0:
            weights = [community.children for community in region.communities]
            all_weights = region.children

        for community, weight in zip(region.communities, weights, strict=True):
            share = weight / all_weights
            everyday_share = community.children / region.children
            need = community.need
            effort_by_sector = [share * effort for effort in body_effort]
            total = quality = 0.0
            sum_x, sum_y, sum_z = share * body_x, share * body_y, share * body_z
            everyday = everyday_quality = fit = service = 0.0
            for i in community.locals:
                productivity = idle + (1.0 - idle) * i.knowhow
                x = i.agenda
                effort = i.bilateral_time * productivity
                everyday += effort
                everyday_quality += effort * _everyday_quality(i)
                a = x[0] - need[0]
                b = x[1] - need[1]
                c = x[2] - need[2]
                fit += effort * exp(-(a * a + b * b + c * c) / spread)
                service += i.service_time
                if i.member:
                    effort = i.joint_time * productivity * region.partnership.bolder
                    effort_by_sector[i.sector_index] += effort
                    total += effort
                    quality += effort * _joint_quality(i)
                    sum_x += effort * x[0]
                    sum_y += effort * x[1]
                    sum_z += effort * x[2]
            community.fit = fit / everyday if everyday > 0.0 else 0.0
            # local members carry the quality; without their effort the member bodies do
            if total > 0.0:
                quality /= total
            elif body_total > 0.0:
                quality = body_quality / body_total
            total += share * body_total
            community.agenda = None
            if total > 0.0:
                community.agenda = (sum_x / total, sum_y / total, sum_z / total)
            everyday_quality += everyday_share * body_everyday_quality
            everyday += everyday_share * body_everyday
            if everyday > 0.0:
                everyday_quality /= everyday

            joint = 0.0  # U_c
            if total > 0.0:
                for effort, ces_weight in zip(effort_by_sector, ces_weights, strict=True):
                    if effort > 0.0:
                        joint += ces_weight * effort**rho
                joint = joint ** (1.0 / rho)
                adds = self.structure.reinforcing_activities
                if adds < 1.0:  # each sector's work for itself
                    apart = 0.0
                    for effort, ces_weight in zip(effort_by_sector, ces_weights, strict=True):
                        apart += (ces_weight * effort**rho) ** (1.0 / rho)
                    joint = adds * joint + (1.0 - adds) * apart
            usual = self.pair_scale * everyday  # U°_c
            if p.production_theory > 0:
                joint = self._made_by(effort_by_sector, community)
                if p.production_theory == 1:
                    usual = everyday
            scale = joint + usual + p.effort_half * community.children / 1000.0
            community.joint = quality * joint / scale
            community.everyday = everyday_quality * usual / scale
            community.service = (service + everyday_share * body_service) / (
                community.children / 1000.0
            )

    def _made_by(self, efforts: list[float], community: Community) -> float:
        """U_c where sectors add up (1), or the weakest of those that are needed decides (2)."""
        p = self.parameters
        if p.production_theory == 1:
            joint = sum(efforts)
        else:
            there = [*community.locals, *community.region.bodies]
            needed = {i.sector_index for i in there if i.eligible}
            weights = {
                s: p.private_weight if SECTORS[s] == "private" else p.sector_weight for s in needed
            }
            joint = 0.0
            if needed:
                joint = min(efforts[s] / weights[s] for s in needed) * sum(weights.values())
        apart = 0.0
        for effort, ces_weight in zip(efforts, self.ces_weights, strict=True):
            apart += (ces_weight * effort**p.ces_rho) ** (1.0 / p.ces_rho)
        without = min(joint, apart)
        adds = self.structure.reinforcing_activities
        return adds * joint + (1.0 - adds) * without

    def _input(self, community: Community) -> float:
        """What reaches children: off the need, or in deprived places, it is less."""
        p, s = self.parameters, self.structure
        gap = p.reach_gap * community.deprivation
        believed = (1.0 - s.earned_trust) * s.credibility + s.earned_trust * community.trust
        reached = community.everyday * community.fit * (1.0 - gap)
        if community.agenda is not None:
            reached += (
                community.joint
                * alignment(community.agenda, community.need, p.agree_scale)
                * (1.0 - gap * (1.0 - s.engagement * believed))
            )
        return reached

    def _earn_trust(self, community: Community) -> None:
        """Communities believe first what is said, then what they saw."""
        if not self.structure.earned_trust:
            return
        if self.month == 0:
            community.trust = self.structure.credibility
        else:
            seen = community.visible  # of last month
            community.trust += (seen - community.trust) / self.parameters.trust_earning

    def _bring_results(self) -> None:
        """The delay stages, wellbeing, and what of it can be seen."""
        p = self.parameters
        speed = 3.0 / max(3.0, p.wb_delay)
        forgone = p.own_value / p.wb_max
        for region in self.regions:
            voice = p.visibility_unbroadcast + (1.0 - p.visibility_unbroadcast) * region.EI
            seen = participating = 0.0
            for community in region.communities:
                c = community
                self._earn_trust(c)
                c.d1 += speed * (self._input(c) - c.d1)
                c.d2 += speed * (c.d1 - forgone * (c.service - c.ordinary_service) - c.d2)
                c.d3 += speed * (c.d2 - c.d3)
                c.wellbeing = c.start_wellbeing + p.wb_max * c.room * (c.d3 - c.baseline)
                change = (c.d1 + c.d2) / 2.0 - c.baseline  # X_c
                measured = members = 0.0
                for i in c.locals:
                    if i.member:
                        measured += i.measurement
                        members += 1.0
                if members:
                    measured /= members
                c.practice = measured
                shown = c.joint * voice + p.visibility_measured * measured * change
                c.visible = 1.0 - exp(-p.visibility * shown) if shown > 0.0 else 0.0
                if c.participating:
                    seen += c.children * c.visible
                    participating += c.children
            region.visible = seen / participating if participating > 0.0 else 0.0

    # --- the end of the month ------------------------------------------------------------------

    def change_membership(self) -> None:
        """Leavers lose their commitment, joiners start with what made them join."""
        for i in self.leaving:
            i.member = False
            i.commitment = 0.0
            i.extra = i.lead_time = i.volunteered = 0.0
            i.former = True
            i.region.leavers += 1
        for i, wish in self.joining:
            i.member = True
            i.commitment = wish
        changed = {i.number for i in self.leaving} | {i.number for i, _ in self.joining}
        self._list_members(changed)
        # the best region's members, for the bridge builder
        self.best_knowhow = self.best_measurement = 0.0
        for region in self.regions:
            if region.members:
                knowhow = measurement = 0.0
                for i in region.members:
                    knowhow += i.knowhow
                    measurement += i.measurement
                count = len(region.members)
                self.best_knowhow = max(self.best_knowhow, knowhow / count)
                self.best_measurement = max(self.best_measurement, measurement / count)

    def _list_members(self, changed: set[int]) -> None:
        """Bring the lists of members, and of neighbours who are members, up to date."""
        if not changed:
            return
        for region in self.regions:
            region.members = [i for i in region.organisations if i.member]
        self.members = [i for i in self.organisations if i.member]
        touched = {j for number in changed for j in self.organisations[number].ties}
        for number in touched:
            i = self.organisations[number]
            i.near_members = [tie for tie in i.near if tie.other.member]
            i.far_members = [tie for tie in i.far if tie.other.member]


def _covered(work: float, need: float) -> float:
    """Return the coverage of a need (FTE); with nobody to cover, 1 with staff and 0 without."""
    if need > 0.0:
        return 1.0 - exp(-work / need)
    return 1.0 if work > 0.0 else 0.0


def _mean_need(region: Region) -> Agenda | None:
    """Return the child-weighted mean need of a region's participating communities, if any."""
    children = a = b = c = 0.0
    for community in region.communities:
        if community.participating:
            n, need = community.children, community.need
            children += n
            a += n * need[0]
            b += n * need[1]
            c += n * need[2]
    if children == 0.0:
        return None
    return (a / children, b / children, c / children)


def _pulled(value: float, pulls: list[tuple[float, float]]) -> float:
    """Return a level after all pulls on it, which together move it at most all the way."""
    total = change = 0.0
    for strength, target in pulls:
        total += strength
        change += strength * (target - value)
    return value + (change / total if total > 1.0 else change)


def _joint_quality(i: Organisation) -> float:
    """Q_i: mean of trust familiarity alignment over member neighbours in the region."""
    if not i.near_members:
        return 0.0
    worth = 0.0
    for tie in i.near_members:
        worth += tie.trust * tie.familiarity * tie.alignment
    return worth / len(i.near_members)


def _everyday_quality(i: Organisation) -> float:
    """Q°_i: the same over all neighbours in the region, weighted by familiarity."""
    worth = weights = 0.0
    for tie in i.near:
        familiarity = tie.familiarity
        weights += familiarity
        worth += familiarity * familiarity * tie.trust * tie.alignment
    return worth / weights if weights > 0.0 else 0.0
