"""World + structure + seed -> state: the ODD initialisation, before the months of history.

Everything here that is drawn is drawn at month BUILDING, so every structure of one seed starts
from the same world. Everybody starts from the same levels of practice. What a structure sets is
written by `equip` alone, so that it can be set again in a state that has lived through history.
"""

from __future__ import annotations

from dataclasses import dataclass, fields
from typing import Any

import numpy as np
from numpy.typing import NDArray

from cisim.model.arithmetic import exp
from cisim.model.kernel import kernel
from cisim.model.luck import BUILDING, check_seed, normal, uniform, word
from cisim.model.parameters import Parameters
from cisim.model.processes.acquaintance import FIXED
from cisim.model.processes.roster import DRAWN, NAMED, NETWORK, NETWORK_OF
from cisim.model.relations import align
from cisim.model.state import (
    NATIONAL_ROLES,
    NEVER,
    SECTORS,
    Backbones,
    Communities,
    Flags,
    Floats,
    GivenMoney,
    Ints,
    Layout,
    Levers,
    Openings,
    Organisations,
    Practice,
    Regions,
    Sponsors,
    State,
    Ties,
    arrange,
    find_arcs,
    stand,
)
from cisim.model.surveyed import Surveyed
from cisim.world.acquaintance import could_meet, know, meet_once, renown_of, widened
from cisim.world.levers.partners import NamedChampions
from cisim.world.participation import (
    NamedCommunities,
    NamedFounders,
    NetworkFounders,
    SomeCommunities,
    Which,
    choose_communities,
)
from cisim.world.posts import BACKBONES
from cisim.world.sponsors import ordinary_mandates, seat_sponsors
from cisim.world.staffing import planned_staff, staffing
from cisim.world.structure import Structure
from cisim.world.world import World

_CHILDREN = word("children")
_DEPRIVATION = word("deprivation")
_PARTICIPATION = word("participation")
_PRIVATE = word("private")
_SECTOR_DIRECTION = word("sector-direction")
_REMIT = word("remit")
_REGIONAL_NEED = word("regional-need")
_NEED = word("need")
_SPONSOR_POSITION = word("sponsor-position")
_FOUNDATION_POSITION = word("foundation-position")
_NATIONAL_PRIORITY = word("national-priority")
_TRUST_PAIR = word("trust-pair")
_TRUST_OWN = word("trust-own")
_NOBODY: Ints = np.empty(0, np.int32)


@dataclass(frozen=True, eq=False)
class Plan:
    """What a world is like before any luck: one entry an organisation, a community or a region.

    Plans are kept with their worlds and never compared: equal worlds are equal in what they say.

    sector, community, region : (N,) int32, sector -1 where luck decides
    layout                    : who belongs where
    own_time                  : (N,) float, nan where it is drawn
    founder                   : (N,) bool, is said to found the partnership
    community_region          : (C,) int32
    children, deprivation     : (C,) float, nan where they are drawn
    participates              : (C,) int8, 1 takes part, 0 does not, -1 is drawn
    mean_children             : (R,) float, of those that are drawn
    known                     : (K, 2) int64, organisations that are said to know each other, in
                                the order of their numbers, the lower first
    known_trust               : (K,) float, their prior trust, nan where it is drawn
    known_strength            : (K, 2) float, what was surveyed of the first and of the second, nan
                                where nothing was
    """

    sector: Ints
    community: Ints
    region: Ints
    layout: Layout
    own_time: Floats
    founder: Flags
    community_region: Ints
    children: Floats
    deprivation: Floats
    participates: NDArray[np.int8]
    mean_children: Floats
    known: NDArray[np.int64]
    known_trust: Floats
    known_strength: Floats


def plan(world: World) -> Plan:
    """Return the plan of a world; worlds are frozen, so it is kept with them."""
    kept = world.__dict__.get("_plan")
    if kept is None:
        kept = world.__dict__["_plan"] = _plan(world)
    return kept


def _plan(world: World) -> Plan:
    sector, community, region = _placed(world)
    here = world.settled
    community_region = np.repeat(
        np.arange(len(here), dtype=np.int32), [one.communities for one in here]
    )
    places = community_region.size
    children, deprivation = np.full(places, np.nan), np.full(places, np.nan)
    participates = np.full(places, -1, np.int8)
    for settled in here:
        for number, one in enumerate(settled.named, start=settled.first):
            children[number] = _or_nan(one.children)
            deprivation[number] = _or_nan(one.deprivation)
            participates[number] = _yes_no(one.participates)
    drawn = np.full(sector.size - len(world.organisations), np.nan)
    founder = np.zeros(sector.size, np.bool_)
    founder[drawn.size :] = [bool(one.founder) for one in world.organisations]
    return Plan(
        sector,
        community,
        region,
        arrange(
            np.arange(sector.size, dtype=np.int32), region, community, community_region, len(here)
        ),
        np.concatenate([drawn, [_or_nan(one.own_time) for one in world.organisations]]),
        founder,
        community_region,
        children,
        deprivation,
        participates,
        np.array([one.mean_children for one in here]),
        *_known(world),
    )


def _placed(world: World) -> tuple[Ints, Ints, Ints]:
    """Return sector, community and region of every organisation: the drawn ones, then the named."""
    code = {name: place for place, name in enumerate(SECTORS)} | {"private-or-education": -1}
    locals_ = np.array([code[name] for name in world.locals], np.int32)
    bodies = np.array([code[name] for name in world.bodies], np.int32)
    sector, community, region = [], [], []
    for r, here in enumerate(world.settled):
        numbers = range(here.first, here.first + here.communities)
        towns = np.array([c for c in numbers if c not in world.named_locals], np.int32)
        desks = bodies if r not in world.named_bodies else bodies[:0]
        sector += [np.tile(locals_, towns.size), desks]
        community += [np.repeat(towns, locals_.size), np.full(desks.size, -1, np.int32)]
        region.append(np.full(towns.size * locals_.size + desks.size, r, np.int32))
    sector.append(np.array([code[one.sector] for one in world.organisations], np.int32))
    community.append(np.array([home.community for home in world.homes], np.int32))
    region.append(np.array([home.region for home in world.homes], np.int32))
    return np.concatenate(sector), np.concatenate(community), np.concatenate(region)


def _known(world: World) -> tuple[NDArray[np.int64], Floats, Floats]:
    """Return the pairs that the world's file names, their trust, and what was surveyed of them.

    They are put in order, the lower number first: what is sorted is found sooner.
    """
    if not world.ties:
        return np.empty((0, 2), np.int64), np.empty(0), np.empty((0, 2))
    number = {name: place for place, name in enumerate(world.organisation_names)}
    pairs = [[number[name] for name in tie.between] for tie in world.ties]
    trust = [_or_nan(tie.trust) for tie in world.ties]
    strength = [tie.strengths for tie in world.ties]
    ends, told = np.array(pairs, np.int64), np.array(strength)
    turned = ends[:, 0] > ends[:, 1]
    ends[turned], told[turned] = ends[turned, ::-1], told[turned, ::-1]
    order = np.lexsort((ends[:, 1], ends[:, 0]))
    return ends[order], np.array(trust)[order], told[order]


def _or_nan(value: float | None) -> float:
    return np.nan if value is None else value


def _yes_no(value: bool | None) -> int:
    return -1 if value is None else int(value)


@kernel
def settle(
    seed,
    community_start,
    mean_children,
    told_children,
    told_deprivation,
    participates,
    children,
    deprivation,
    need,
    spread_children,
    deprivation_mean,
    deprivation_sd,
    deprivation_low,
    deprivation_high,
    agenda_spread,
    need_regional,
    need_own,
):
    """Draw what is not told of communities, in place, (C,) each."""
    for r in range(mean_children.size):
        first = community_start[r]
        last = community_start[r + 1]
        total = 0.0
        drawn = 0
        for c in range(first, last):
            if np.isnan(told_children[c]):
                z = normal(seed, _CHILDREN, BUILDING, c, 0)
                children[c] = exp(spread_children * z)
                total += children[c]
                drawn += 1
        for c in range(first, last):
            if np.isnan(told_children[c]):
                children[c] = children[c] / (total / drawn) * mean_children[r]
            else:
                children[c] = told_children[c]
            deprivation[c] = told_deprivation[c]
            if np.isnan(deprivation[c]):
                z = normal(seed, _DEPRIVATION, BUILDING, c, 0)
                level = deprivation_mean + deprivation_sd * z
                deprivation[c] = min(deprivation_high, max(deprivation_low, level))
            for axis in range(3):
                shared = normal(seed, _REGIONAL_NEED, BUILDING, r, axis)
                own = normal(seed, _NEED, BUILDING, c, axis)
                need[c, axis] = agenda_spread * (need_regional * shared + need_own * own)


@kernel
def staff_organisations(
    seed,
    number,
    sector,
    community,
    children,
    own_time,
    remit,
    private_share,
    staff_time,
    reference_children,
    body_time,
    agenda_spread,
    remit_sector,
    remit_own,
):
    """Draw the organisations, in place, (N,) each."""
    directions = np.empty((6, 3))
    for s in range(6):
        length = 0.0
        for axis in range(3):
            directions[s, axis] = normal(seed, _SECTOR_DIRECTION, BUILDING, s, axis)
            length += directions[s, axis] * directions[s, axis]
        for axis in range(3):
            directions[s, axis] *= np.sqrt(3.0) / np.sqrt(length)
    for i in range(number.size):
        c = community[i]
        if sector[i] < 0:
            private = uniform(seed, _PRIVATE, BUILDING, c, 0) < private_share
            sector[i] = 5 if private else 0
        if c >= 0:
            own_time[i] = staff_time * np.sqrt(children[c] / reference_children)
        else:
            own_time[i] = body_time * staff_time
        for axis in range(3):
            own = normal(seed, _REMIT, BUILDING, number[i], axis)
            toward = directions[sector[i], axis]
            remit[i, axis] = agenda_spread * (remit_sector * toward + remit_own * own)


@kernel
def expect(
    seed,
    number,
    start,
    other,
    reverse,
    prior,
    trust_prior,
    trust_noise,
    trust_noise_pair,
    trust_noise_own,
    trust_floor,
    trust_ceiling,
):
    """Draw what each expects of those it knows before any meeting, in place, (A,)."""
    for i in range(number.size):
        for tie in range(start[i], start[i + 1]):
            j = other[tie]
            if number[j] < number[i]:
                continue
            pair = normal(seed, _TRUST_PAIR, BUILDING, number[i], number[j])
            ours = normal(seed, _TRUST_OWN, BUILDING, number[i], number[j])
            theirs = normal(seed, _TRUST_OWN, BUILDING, number[j], number[i])
            level = trust_prior + trust_noise * (trust_noise_pair * pair + trust_noise_own * ours)
            prior[tie] = min(trust_ceiling, max(trust_floor, level))
            level = trust_prior + trust_noise * (trust_noise_pair * pair + trust_noise_own * theirs)
            prior[reverse[tie]] = min(trust_ceiling, max(trust_floor, level))


@kernel
def draw_turns(seed, turns):
    """Draw what decides who takes part where chance does, the least first, in place, (C,)."""
    for c in range(turns.size):
        turns[c] = uniform(seed, _PARTICIPATION, BUILDING, c, 0)


@kernel
def place_sponsors(seed, number, position, stances, priority, agenda_spread):
    """Draw what sponsors, payers and national actors want, in place, (P, 3), (n, 3), (3,)."""
    for axis in range(3):
        priority[axis] = agenda_spread * normal(seed, _NATIONAL_PRIORITY, BUILDING, 0, axis)
        for q in range(stances.shape[0]):
            z = normal(seed, _FOUNDATION_POSITION, BUILDING, q, axis)
            stances[q, axis] = agenda_spread * z
        for s in range(number.size):
            z = normal(seed, _SPONSOR_POSITION, BUILDING, number[s], axis)
            position[s, axis] = agenda_spread * z


def build(world: World, structure: Structure, p: Parameters, seed: int) -> State:
    """Return the state at the first month of history; the same world for all structures.

    Raises InputError if the seed is negative or above 2**63 - 1.
    """
    seed = check_seed(seed)
    known = plan(world)
    size, places, regions_n = known.sector.size, known.community_region.size, len(world.regions)
    layout = known.layout

    communities = Communities(
        region=known.community_region.copy(),
        number=np.arange(places, dtype=np.int32),
        children=np.zeros(places),
        deprivation=np.zeros(places),
        participating=np.zeros(places, np.bool_),
        need=np.zeros((places, 3)),
        delay=np.zeros((places, 3)),
        baseline=np.zeros(places),
        ordinary_service=np.zeros(places),
        service=np.zeros(places),
        joint=np.zeros(places),
        everyday=np.zeros(places),
        input=np.zeros(places),
        visible=np.zeros(places),
        agenda=np.zeros((places, 3)),
        has_agenda=np.zeros(places, np.bool_),
        measured=np.zeros(places),
        trust=np.zeros(places),
    )
    settle(
        seed,
        layout.community_start,
        known.mean_children,
        known.children,
        known.deprivation,
        known.participates,
        communities.children,
        communities.deprivation,
        communities.need,
        world.children_spread,
        world.deprivation_mean,
        world.deprivation_sd,
        world.deprivation_low,
        world.deprivation_high,
        p.agenda_spread,
        p.need_regional,
        p.need_own,
    )
    orgs = Organisations(
        number=np.arange(size, dtype=np.int32),
        sector=known.sector.copy(),
        community=known.community.copy(),
        region=known.region.copy(),
        own_time=np.zeros(size),
        remit=np.zeros((size, 3)),
        eligible=np.zeros(size, np.bool_),
        member=np.zeros(size, np.bool_),
        commitment=np.zeros(size),
        mandate=np.zeros(size),
        agenda=np.zeros((size, 3)),
        knowhow=np.full(size, p.knowhow_start),
        measurement=np.full(size, p.measurement_start),
        time_left=np.ones(size),
        time=np.zeros(size),
        extra=np.zeros(size),
        benefit=np.zeros(size),
        led=np.zeros(size),
        leaving=np.zeros(size, np.bool_),
        joining=np.zeros(size, np.bool_),
        intention=np.zeros(size),
        met=np.zeros(size),
        joint_time=np.zeros(size),
        everyday_time=np.zeros(size),
        service_time=np.zeros(size),
        joint_effort=np.zeros(size),
        everyday_effort=np.zeros(size),
        contacts=np.zeros(size),
        self_started=np.zeros(size),
        founder=np.zeros(size, np.bool_),
        champion=np.zeros(size, np.bool_),
        opposed=np.zeros(size),
        volunteered=np.zeros(size),
        claimed=np.zeros(size),
        former=np.zeros(size, np.bool_),
        given=np.zeros(size),
    )
    staff_organisations(
        seed,
        orgs.number,
        orgs.sector,
        orgs.community,
        communities.children,
        orgs.own_time,
        orgs.remit,
        world.private_share,
        p.staff_time,
        p.reference_children,
        p.body_time,
        p.agenda_spread,
        p.remit_sector,
        p.remit_own,
    )
    orgs.mandate[:] = ordinary_mandates(orgs.sector, orgs.community, p)
    told = ~np.isnan(known.own_time)
    orgs.own_time[told] = known.own_time[told]
    orgs.agenda[:] = orgs.remit
    orgs.time[:] = orgs.own_time

    openings, ties = _acquaint(world, orgs, layout, p, seed)
    ties.first[:] = ties.prior
    align(ties.start, ties.other, ties.reverse, orgs.agenda, p.agree_scale, ties.aligned)
    paid = staffing(world, structure)
    state = State(
        orgs=orgs,
        ties=ties,
        openings=openings,
        communities=communities,
        regions=_regions(regions_n),
        backbones=_backbones(regions_n + 1),
        posts=paid.posts(),
        payers=paid.columns(regions_n),
        given=_given(len(paid.payers), regions_n),
        sponsors=_sponsors(regions_n),
        levers=_levers(),
        layout=Layout(*(getattr(layout, part.name).copy() for part in fields(Layout))),
        practice=Practice(np.zeros(2)),
    )
    equip(state, world, structure, p, seed)
    return state


def _acquaint(
    world: World, orgs: Organisations, layout: Layout, p: Parameters, seed: int
) -> tuple[Openings, Ties]:
    """Return who could meet, where ties form and lapse, and who knows whom."""
    known = plan(world)
    who = (seed, orgs.number, orgs.sector, orgs.community, orgs.region, layout)
    drawn = (int(world.body_ties), int(world.sector_ties), int(world.region_ties))
    if p.ties == FIXED:
        ties = _ties(*meet_once(*who, drawn, known.known, world.acquaintance != "given"))
        _expect(seed, orgs, known, p, ties)
        return _openings(np.zeros_like(ties.start), np.zeros_like(ties.near)), ties
    renown = renown_of(seed, orgs.number, p.renown_spread)
    wider = (
        widened(int(p.wider_ties), renown, p.renown_spread),
        widened(int(p.wider_region_ties), renown, p.renown_spread),
    )
    openings = _openings(*could_meet(*who, drawn, wider, known.known))
    _expect(seed, orgs, known, p, openings)
    told = find_arcs(known.known, orgs, openings)
    if world.acquaintance != "given":
        bodies = np.diff(layout.body_start)
        know(
            seed,
            orgs.number,
            orgs.sector,
            orgs.community,
            orgs.region,
            openings.start,
            openings.near,
            openings.other,
            openings.reverse,
            openings.tie,
            (np.diff(layout.region_start) - bodies).astype(np.float64),
            bodies.astype(np.float64),
            renown,
            p.known_near,
            p.known_sector,
            p.known_other,
            p.across_levels,
            p.renown_spread,
        )
    else:
        openings.open_from[:] = 0
    for there in (told, openings.reverse[told]):
        openings.tie[there] = openings.open_from[there] = 0
    met = openings.tie >= 0
    openings.since[met] = np.maximum(openings.open_from[met], -int(p.history_months))
    ties = _ties(*stand(openings))
    ties.prior[: ties.count] = openings.prior[met]
    return openings, ties


def _ties(start: Ints, near: Ints, other: Ints, reverse: Ints) -> Ties:
    return Ties(
        start,
        near,
        other,
        reverse,
        prior=np.zeros(other.size),
        kept=np.zeros(other.size),
        broken=np.zeros(other.size),
        last_met=np.full(other.size, NEVER, np.int32),
        last_brokered=np.full(other.size, NEVER, np.int32),
        aligned=np.zeros(other.size),
        first=np.zeros(other.size),
        damage=np.zeros(other.size),
    )


def _openings(start: Ints, near: Ints, other: Ints = _NOBODY, reverse: Ints = _NOBODY) -> Openings:
    return Openings(
        start,
        near,
        other,
        reverse,
        prior=np.zeros(other.size),
        open_from=np.full(other.size, NEVER, np.int32),
        tie=np.full(other.size, -1, np.int32),
        since=np.full(other.size, NEVER, np.int32),
    )


def _expect(
    seed: int, orgs: Organisations, known: Plan, p: Parameters, pairs: Ties | Openings
) -> None:
    """Write what each expects of others before any meeting, drawn or as the world's file says."""
    expect(
        seed,
        orgs.number,
        pairs.start,
        pairs.other,
        pairs.reverse,
        pairs.prior,
        p.trust_prior,
        p.trust_noise,
        p.trust_noise_pair,
        p.trust_noise_own,
        p.trust_floor,
        p.trust_ceiling,
    )
    told = ~np.isnan(known.known_trust)
    there = find_arcs(known.known[told], orgs, pairs)
    pairs.prior[there] = known.known_trust[told]
    pairs.prior[pairs.reverse[there]] = known.known_trust[told]


def equip(
    state: State,
    world: World,
    structure: Structure,
    p: Parameters,
    seed: int,
    paying: Structure | None = None,
) -> None:
    """Write everything that a structure sets, in place, whatever another one has set before.

    communities.participating; orgs.eligible, .founder, .champion;
    regions.fte, .grant_end; backbones.exists,
    .end; posts, payers and given, as new tables; sponsors but for who they are and their
    engagement; levers. What luck draws of it is drawn anew, with the world's seed.

    paying : the structure whose payers pay, where all money is that of another scenario
    """
    regions, backbones, sponsors, levers = (
        state.regions,
        state.backbones,
        state.sponsors,
        state.levers,
    )
    _let_take_part(state, world, structure, seed)
    _let_found(state, world, structure)
    places = [region.name for region in world.regions]
    found = staffing(world, structure)
    paid = found if paying is None else staffing(world, paying)
    state.posts = found.posts()
    state.payers = paid.columns(len(places))
    state.given = _given(len(paid.payers), len(places))
    stances = np.zeros((max(one.stance for one in paid.payers) + 1, 3))
    place_sponsors(
        seed,
        sponsors.number,
        sponsors.position,
        stances,
        levers.national_priority,
        p.agenda_spread,
    )
    for q, one in enumerate(paid.payers):
        if one.declared is not None and one.declared.position is not None:
            state.payers.position[q] = one.declared.position
        elif one.stance >= 0:
            state.payers.position[q] = stances[one.stance]
    seat_sponsors(sponsors, structure.sponsors, structure.sponsor_link, places, world.calendar, p)
    children = np.array([here.children for here in world.settled])
    sponsors.budget *= np.minimum(1.0, children / p.sponsor_children)[sponsors.region]
    regions.fte[:] = planned_staff(world, structure)
    regions.grant_end[:] = int(structure.seed_end)
    backbones.exists[:] = False
    backbones.exists[0] = structure.national_fte > 0
    backbones.exists[1:] = structure.regional
    for row in found.rows:
        if row.where in BACKBONES and row.said.startswith("posts"):
            backbones.exists[row.region + 1] = True
    backbones.end[0] = int(structure.national_end)
    backbones.end[1:] = int(structure.regional_end)
    for name in _LEVERS:
        setattr(levers, name, getattr(structure, name))
    for name, number in structure.in_numbers().items():
        setattr(levers, name, number)
    levers.grant_nat = structure.grant_nat * world.scale
    levers.given = 0.0
    if structure.same_money_as is not None:
        levers.given = 1.0
        levers.grant_joint = structure.same_money_use
    levers.year_begins = found.year_begins
    for place, name in enumerate(type(structure.national_roles).model_fields):
        levers.national_roles[place] = getattr(structure.national_roles, name)
    for place, name in enumerate(type(structure.regional_roles).model_fields):
        levers.regional_roles[place] = getattr(structure.regional_roles, name)


def _let_take_part(state: State, world: World, structure: Structure, seed: int) -> None:
    """Write which communities take part, and so which organisations may; bodies always may."""
    communities, orgs, chosen = state.communities, state.orgs, structure.participation
    takes_part = communities.participating
    if chosen == "all" or chosen == "none":
        takes_part[:] = chosen == "all"
    elif isinstance(chosen, NamedCommunities):
        named = set(chosen.names)
        takes_part[:] = [name in named for name in world.community_names]
    else:
        turns = np.zeros(takes_part.size)
        draw_turns(seed, turns)
        told = plan(world).participates.copy()
        number: dict[int, tuple[int, Which]] = {
            r: (here.participating, region.participation)
            for r, (region, here) in enumerate(zip(world.regions, world.settled, strict=True))
        }
        if isinstance(chosen, SomeCommunities):
            for r, region in enumerate(world.regions):
                if chosen.region in (None, region.name):
                    number[r] = (chosen.number, chosen.which)
                    told[communities.region == r] = -1
        takes_part[:] = choose_communities(
            number, communities.region, communities.children, turns, told
        )
    orgs.eligible[:] = (orgs.community < 0) | takes_part[orgs.community]
    if structure.left_out:
        absent = set(structure.left_out)
        there = np.array([name not in absent for name in world.organisation_names])
        orgs.eligible &= there[orgs.number]


def _let_found(state: State, world: World, structure: Structure) -> None:
    """Write who founds the partnership and opens doors, or how it is decided at month 0."""
    chosen, orgs, levers = structure.founders, state.orgs, state.levers
    orgs.founder[:] = False
    orgs.champion[:] = False
    if isinstance(structure.champion, NamedChampions):
        opens_doors = set(structure.champion.names)
        named_ones = np.array([name in opens_doors for name in world.organisation_names])
        orgs.champion[:] = named_ones[orgs.number]
    levers.founding, levers.founders = DRAWN, 0
    if chosen == "network":
        levers.founding = NETWORK
    elif isinstance(chosen, NetworkFounders):
        levers.founding = NETWORK if chosen.number is None else NETWORK_OF
        levers.founders = chosen.number or 0
    elif chosen == "none":
        levers.founding = NAMED
    elif isinstance(chosen, NamedFounders):
        levers.founding = NAMED
        named = set(chosen.names)
        founds = np.array([name in named for name in world.organisation_names])
        orgs.founder[:] = founds[orgs.number]
    elif chosen == "file" and world.says_who_founds:
        levers.founding = NAMED
        orgs.founder[:] = plan(world).founder[orgs.number]


def surveyed(world: World, state: State) -> Surveyed:
    """Return what the world's file says a survey found, for a state of that world."""
    known = plan(world)
    found = ~np.isnan(known.known_strength).all(axis=1)
    pairs, trust = known.known[found], known.known_trust[found]
    there = find_arcs(pairs, state.orgs, state.ties)
    return Surveyed(
        np.concatenate([there, state.ties.reverse[there]]),
        known.known_strength[found].T.ravel(),
        np.concatenate([trust, trust]),
    )


_LEVERS = tuple(
    part.name
    for part in fields(Levers)
    if part.name in Structure.model_fields and Structure.model_fields[part.name].annotation is float
)
"""Levers of one number, which the model reads as the structure says them."""


def _levers() -> Levers:
    blank: dict[str, Any] = {part.name: 0.0 for part in fields(Levers)}
    blank |= {"national_roles": np.zeros(5), "regional_roles": np.zeros(4)}
    blank["national_priority"] = np.zeros(3)
    return Levers(**blank)


def _given(payers: int, regions: int) -> GivenMoney:
    """Return room for no month of what another scenario pays."""
    return GivenMoney(np.zeros((0, payers, regions)), np.zeros((0, regions, 3)))


def _regions(size: int) -> Regions:
    blank: dict[str, Any] = {part.name: np.zeros(size) for part in fields(Regions)}
    blank |= {"payer": np.zeros((size, 3)), "agenda": np.zeros((size, 3))}
    blank |= {"roles": np.zeros((size, 4)), "national": np.zeros((size, 5))}
    blank |= {"direct": np.zeros((size, 5)), "reach": np.zeros((size, 3))}
    blank |= {"meetings": np.zeros((size, 4)), "has_agenda": np.zeros(size, np.bool_)}
    for name in ("grant_end", "pressure_end", "phase", "phase_months", "redesigns"):
        blank[name] = np.zeros(size, np.int32)
    blank["idle"] = np.full(size, -1, np.int32)
    return Regions(**blank)


def _backbones(size: int) -> Backbones:
    return Backbones(
        exists=np.zeros(size, np.bool_),
        end=np.zeros(size, np.int32),
        planned=np.zeros(size),
        cap=np.zeros(size),
        sponsored=np.zeros(size),
        roles=np.zeros((size, len(NATIONAL_ROLES))),
        staff=np.zeros(size),
        age=np.zeros(size),
        hands=np.zeros(size),
        knowhow=np.zeros(size),
    )


def _sponsors(regions: int) -> Sponsors:
    size = 4 * regions
    return Sponsors(
        number=np.arange(size, dtype=np.int32),
        region=np.repeat(np.arange(regions, dtype=np.int32), 4),
        kind=np.tile(np.arange(4, dtype=np.int32), regions),
        present=np.zeros(size, np.bool_),
        engagement=np.zeros(size),
        position=np.zeros((size, 3)),
        jurisdiction=np.zeros((size, 6, 2)),
        budget=np.zeros(size),
        cap=np.zeros(size),
        link=np.zeros(size),
        opening=np.zeros(size),
        first_election=np.zeros(size, np.int32),
        election_interval=np.zeros(size, np.int32),
    )
