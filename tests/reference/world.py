"""Who exists and how the world is built: sections 1 and 2 of the description.

The world depends on the seed, the world's file and the parameters, never on the structure. All
draws have month BUILDING. The communities that take part are those with the smallest uniforms,
equals by lowest number. Whom an organisation knows is a sample that each of those it could know
enters in turn, the n-th with probability k/n, in the place of one of the k.
"""

from __future__ import annotations

from math import exp, sqrt
from typing import Any

import mesa

from cisim.model.luck import BUILDING, normal, uniform, word

Agenda = tuple[float, float, float]

SECTORS = ("education", "social", "health", "youth", "third", "private")
PUBLIC = frozenset(("education", "social", "health", "youth"))
SPONSOR_KINDS = ("health", "education", "political", "municipal")
OFFICIALS = frozenset(("health", "education"))

CHILDREN = word("children")
DEPRIVATION = word("deprivation")
PARTICIPATION = word("participation")
PRIVATE = word("private")
SECTOR_DIRECTION = word("sector-direction")
REMIT = word("remit")
REGIONAL_NEED = word("regional-need")
NEED = word("need")
SPONSOR_POSITION = word("sponsor-position")
BODY_TIES = word("body-ties")
SECTOR_TIES = word("sector-ties")
REGION_TIES = word("region-ties")
TRUST_PAIR = word("trust-pair")
TRUST_OWN = word("trust-own")


class Entity(mesa.Agent):
    """An agent whose unique id is its permanent number within its kind.

    It registers itself without `mesa.Agent.__init__`, whose class-wide counter would keep every
    model alive that ever created an agent.
    """

    def __init__(self, model: mesa.Model, number: int) -> None:
        self.model = model
        self.unique_id = number
        self.pos = None
        self.number = number
        model.register_agent(self)


class Tie:
    """What organisation i (`owner`) remembers of organisation j (`other`).

    kept and broken are in kept promises, trust, familiarity and alignment 0..1 and last_met
    and last_brokered a month or None. Trust and familiarity follow evidence, alignment follows the
    two agendas; they are kept here because a month uses them several times.
    """

    __slots__ = (
        "alignment",
        "back",
        "broken",
        "damage",
        "familiarity",
        "first",
        "kept",
        "last_brokered",
        "last_met",
        "other",
        "owner",
        "prior",
        "prior_promises",
        "prior_weight",
        "trust",
    )

    back: Tie

    def __init__(
        self, owner: Organisation, other: Organisation, prior: float, prior_weight: float
    ) -> None:
        self.owner = owner
        self.other = other
        self.prior = prior
        self.prior_weight = prior_weight
        self.prior_promises = prior_weight * prior
        self.kept = 0.0
        self.broken = 0.0
        self.damage = 0.0
        self.first = prior
        self.last_met: int | None = None
        self.last_brokered: int | None = None
        self.alignment = 1.0
        self.weigh_evidence()

    def weigh_evidence(self) -> None:
        """Bring trust and familiarity in line with the evidence."""
        evidence = self.kept + self.broken
        everything = self.prior_weight + evidence
        self.trust = (self.prior_promises + self.kept) / everything
        self.familiarity = evidence / everything

    def stand_at(self, trust: float) -> None:
        """Trust in two layers is what it is, whatever the evidence; that says who is known."""
        evidence = self.kept + self.broken
        self.prior = trust
        self.prior_promises = self.prior_weight * trust
        self.kept = trust * evidence
        self.broken = evidence - self.kept
        self.weigh_evidence()


class Organisation(Entity):
    """A municipality's school office, a county's social services, an association, a firm."""

    def __init__(
        self,
        model: mesa.Model,
        number: int,
        sector: str,
        region: Region,
        community: Community | None,
    ) -> None:
        super().__init__(model, number)
        p = model.parameters
        self.sector = sector
        self.sector_index = SECTORS.index(sector)
        self.public = sector in PUBLIC
        self.region = region
        self.community = community
        self.local = community is not None
        # ordinary time for work across organisations, FTE
        if community is not None:
            self.own_time = p.staff_time * sqrt(community.children / p.reference_children)
            self.eligible = community.participating
        else:
            self.own_time = p.body_time * p.staff_time
            self.eligible = True
        self.remit: Agenda = (0.0, 0.0, 0.0)
        self.jurisdictions: list[tuple[Sponsor, float]] = []
        self.opposed = 0.0  # O_i, how strongly hostile sponsors want it out

        self.ties: dict[int, Tie] = {}
        self.near: list[Tie] = []  # ties within the region, by number
        self.far: list[Tie] = []  # ties to other regions, by number
        self.near_members: list[Tie] = []  # those of them whose other end is a member
        self.far_members: list[Tie] = []

        self.member = False
        self.champion = False
        self.former = False  # has been a member and left
        self.given = 0.0  # share of its time, where cooperation is conditional
        self.commitment = 0.0
        self.mandate = p.mandate_start  # of public ones it is what sponsors leave them
        self.agenda: Agenda = (0.0, 0.0, 0.0)
        self.knowhow = p.knowhow_start
        self.measurement = p.measurement_start
        self.time_left = 1.0

        # this month
        self.time = self.own_time  # B_i
        self.added_time = 0.0  # Delta B_i
        self.extra = 0.0  # extra_i
        self.lead_time = 0.0  # lambda_i
        self.volunteered = 0.0  # w_i
        self.claimed = 0.0  # c_i
        self.own_benefit = 0.0  # V_i
        self.reliability = 0.0  # rho_i in partnership meetings
        self.meetings = 0
        self.joint_time = 0.0  # C_i
        self.bilateral_time = 0.0  # O_i
        self.service_time = 0.0  # v_i, forgone

        # since month 0
        self.contacts = 0
        self.last_contact: int | None = None
        self.own_started = 0


class Community(Entity):
    """A municipality or a neighbourhood with its children."""

    def __init__(
        self,
        model: mesa.Model,
        number: int,
        region: Region,
        children: float,
        deprivation: float,
        participating: bool,
    ) -> None:
        super().__init__(model, number)
        p = model.parameters
        self.region = region
        self.children = children
        self.deprivation = deprivation
        self.participating = participating
        self.locals: list[Organisation] = []
        self.need: Agenda = (0.0, 0.0, 0.0)
        self.start_wellbeing = p.wellbeing_base - p.wellbeing_deprivation * deprivation  # W0
        self.room = 1.0 + model.structure.headroom * (
            (p.headroom_base - self.start_wellbeing) / p.headroom_span - 1.0
        )
        self.d1 = self.d2 = self.d3 = 0.0
        self.baseline = 0.0  # b_c
        self.ordinary_service = 0.0  # v-bar_c, FTE per 1000 children
        self.inputs: list[float] = []  # of the last year of history
        self.services: list[float] = []
        self.joint = 0.0  # J_c
        self.everyday = 0.0  # J°_c
        self.fit = 0.0  # fit°_c
        self.visible = 0.0  # R_c
        self.practice = 0.0  # of measurement among local members
        self.trust = 0.0  # T_c, earned of the partnership
        self.agenda: Agenda | None = None  # x-bar_c
        self.service = 0.0  # v_c
        self.wellbeing = self.start_wellbeing


class Region(Entity):
    """A region with its backbone, its lead organisation and its four sponsors."""

    def __init__(self, model: mesa.Model, number: int, name: str, seed_fte: float) -> None:
        super().__init__(model, number)
        self.name = name
        self.seed_fte = seed_fte  # fte_r, by the structure
        self.communities: list[Community] = []
        self.bodies: list[Organisation] = []
        self.organisations: list[Organisation] = []
        self.sponsors: list[Sponsor] = []
        self.members: list[Organisation] = []
        self.children = 0.0
        self.eligible = 0  # organisations
        self.eligible_time = 0.0  # their B0, FTE

        self.staff = 0.0  # F_r
        self.age = 0  # months in a row with staff
        self.hands = 0.0  # FTE that acts
        self.volunteered = 0.0  # V_r
        self.claimed = 0.0
        self.knowhow = 0.0  # K_r
        self.lead_time = 0.0  # F^L_r
        self.visible = 0.0  # R_r
        self.included: list[float] = []  # by month
        self.empowered: list[float] = []  # by month
        self.agenda: Agenda | None = None  # x-bar_r
        self.advocacy = 0.0  # XA_r
        self.money = 0.0  # Y_r
        self.backbone_money = 0.0  # YB_r
        self.grants = 0.0
        self.paid = 0.0  # paid_r
        self.pull = 0.0  # M_r
        self.funders: Agenda = (0.0, 0.0, 0.0)  # xF_r
        self.EX = self.ES = self.EG = self.EI = 0.0
        self.NF = self.NE = self.NB = 0.0
        self.feed = 1.0  # kappa_r
        self.facilitation = 0.0  # fac_r
        self.measuring = 0.0  # the share of members' measuring that staff does
        self.joins_self = 0.0
        self.joins_recruited = 0.0
        self.leavers = 0
        # meetings started this month: own, brokered, cross-region, everyday
        self.started = [0, 0, 0, 0]


class Sponsor(Entity):
    """One of four kinds of sponsor in a region; one that is not present has engagement 0."""

    def __init__(self, model: mesa.Model, region: Region, kind: int) -> None:
        super().__init__(model, 4 * region.number + kind)
        self.region = region
        self.kind = SPONSOR_KINDS[kind]
        self.official = self.kind in OFFICIALS
        p, s = model.parameters, model.structure
        row = _row(s.sponsors, self.kind, region.name)
        given = row is not None and not isinstance(row, str)
        self.present = row is not None and (not given or row.present)
        self.link = s.sponsor_link if not given or row.link is None else row.link
        self.goodwill = p.sponsor_base * min(1.0, p.loose_gain * self.link)  # gamma
        self.opening = self.goodwill if not given or row.engagement is None else row.engagement
        self.purse = row.budget if given else 1.0  # times sponsor_budget
        self.cap = row.cap if given else None  # FTE
        self.own_jurisdiction = row.jurisdiction if given else None
        self.own_position = row.position if given else None
        self.elections = None if self.official else (p.election_first, p.election_interval)
        if given and row.elections == "none":
            self.elections = None
        elif given and row.elections is not None:
            first = row.elections.first
            if isinstance(first, str):
                first = _months_between(model.world.start, first)
            self.elections = (first, row.elections.every)
        self.engagement = 0.0
        self.position: Agenda = (0.0, 0.0, 0.0)
        self.budget = 0.0  # what it pays this month, FTE

    def stands_for_election(self, month: int) -> bool:
        """Return whether there is an election in a month at which it may be replaced."""
        if self.elections is None:
            return False
        first, every = self.elections
        return month >= first and (month - first) % every == 0


def _row(rows: Any, kind: str, place: str) -> Any:
    """Return the entry for a sponsor: its region's row, else that of all regions, else None."""
    own = general = None
    for row in rows:
        if (row if isinstance(row, str) else row.kind) != kind:
            continue
        if isinstance(row, str) or row.region is None:
            general = row
        elif row.region == place:
            own = row
    return general if own is None else own


def _months_between(start: str, date: str) -> int:
    """Return how many months lie between two dates, "2026-01" and "2027-07"."""
    (year, month), (later, then) = (map(int, one.split("-")) for one in (start, date))
    return 12 * (later - year) + then - month


def build_world(model: Any) -> None:
    """Give the model its regions, communities, organisations, sponsors and ties."""
    model.regions = []
    model.communities = []
    model.organisations = []
    model.sponsors = []
    for place in model.world.regions:
        _settle_region(model, place)
    for region, place in zip(model.regions, model.world.regions, strict=True):
        _people_region(model, region, place)
    _add_the_named(model)
    names = model.world.organisation_names
    for organisation in model.organisations:
        if names[organisation.number] in model.structure.left_out:
            organisation.eligible = False
    for region in model.regions:
        _count_eligible(region)
    _give_remits(model)
    _give_needs(model)
    _give_sponsors(model)
    _acquaint(model)


def alignment(u: Agenda, w: Agenda, agree_scale: float) -> float:
    """Return A(u, w), 0..1."""
    a = u[0] - w[0]
    b = u[1] - w[1]
    c = u[2] - w[2]
    return exp(-(a * a + b * b + c * c) / (2.0 * agree_scale * agree_scale))


def _three_normals(seed: int, word: int, number: int) -> Agenda:
    return (
        normal(seed, word, BUILDING, number, 0),
        normal(seed, word, BUILDING, number, 1),
        normal(seed, word, BUILDING, number, 2),
    )


def _settle_region(model: Any, place: Any) -> None:
    """Add one region with its communities."""
    world, structure, seed = model.world, model.structure, model.luck_seed
    seed_fte = place.seed_fte if structure.regional_fte is None else structure.regional_fte
    region = Region(model, len(model.regions), place.name, seed_fte * structure.regional_scale)
    model.regions.append(region)

    first = len(model.communities)
    named = [one for one in world.communities if one.region == place.name]
    if named:
        told = dict(enumerate(named, start=first))
        numbers = range(first, first + len(named))
    else:
        told = {}
        numbers = range(first, first + place.communities)

    children = {c: one.children for c, one in told.items() if one.children is not None}
    drawn = [c for c in numbers if c not in children]
    sizes = [exp(world.children_spread * normal(seed, CHILDREN, BUILDING, c, 0)) for c in drawn]
    for c, size in zip(drawn, sizes, strict=True):
        children[c] = size / (sum(sizes) / len(sizes)) * place.mean_children

    participating = _participating(model, place, children, told)

    for number in numbers:
        deprivation = told[number].deprivation if number in told else None
        if deprivation is None:
            deprivation = min(
                max(
                    world.deprivation_mean
                    + world.deprivation_sd * normal(seed, DEPRIVATION, BUILDING, number, 0),
                    world.deprivation_low,
                ),
                world.deprivation_high,
            )
        community = Community(
            model, number, region, children[number], deprivation, number in participating
        )
        model.communities.append(community)
        region.communities.append(community)
        region.children += children[number]


def _people_region(model: Any, region: Region, place: Any) -> None:
    """Add the organisations that are drawn: where none is named."""
    world, seed = model.world, model.luck_seed
    named_in = {one.community for one in world.organisations if one.community is not None}
    called = [one.name for one in world.communities if one.region == place.name]
    for at, community in enumerate(region.communities):
        name = called[at] if called else f"{place.name}/{at + 1}"
        for entry in world.locals if name not in named_in else []:
            sector = entry
            if entry == "private-or-education":
                private = uniform(seed, PRIVATE, BUILDING, community.number, 0) < (
                    world.private_share
                )
                sector = "private" if private else "education"
            _add(model, sector, region, community)
    for sector in [] if _named_bodies(world, place) else world.bodies:
        _add(model, sector, region, None)


def _named_bodies(world: Any, place: Any) -> list[Any]:
    """The regional organisations that are named in a region."""
    only = len(world.regions) == 1
    return [
        one
        for one in world.organisations
        if one.community is None and (one.region == place.name or (one.region is None and only))
    ]


def _add_the_named(model: Any) -> None:
    """Add the organisations that are named, in the order of the file."""
    world = model.world
    called = {}
    for region, place in zip(model.regions, world.regions, strict=True):
        names = [one.name for one in world.communities if one.region == place.name]
        if not names:
            names = [f"{place.name}/{k + 1}" for k in range(len(region.communities))]
        called.update(zip(names, region.communities, strict=True))
    for one in world.organisations:
        if one.community is not None:
            community = called[one.community]
            region = community.region
        else:
            community = None
            (region,) = (
                region
                for region, place in zip(model.regions, world.regions, strict=True)
                if one in _named_bodies(world, place)
            )
        added = _add(model, one.sector, region, community)
        if one.own_time is not None:
            added.own_time = added.time = one.own_time


def _add(model: Any, sector: str, region: Region, community: Community | None) -> Organisation:
    added = Organisation(model, len(model.organisations), sector, region, community)
    model.organisations.append(added)
    region.organisations.append(added)
    if community is None:
        region.bodies.append(added)
    else:
        community.locals.append(added)
    return added


def _count_eligible(region: Region) -> None:
    for organisation in region.organisations:
        if organisation.eligible:
            region.eligible += 1
            region.eligible_time += organisation.own_time


def _participating(
    model: Any, place: Any, children: dict[int, float], told: dict[int, Any]
) -> set[int]:
    """Return which communities of a region take part, by what the structure or the world says."""
    chosen = model.structure.participation
    if chosen == "all":
        return set(children)
    if chosen == "none":
        return set()
    if hasattr(chosen, "names"):
        names = [one.name for one in told.values()]
        if not names:
            names = [f"{place.name}/{k + 1}" for k in range(len(children))]
        return {c for c, name in zip(sorted(children), names, strict=True) if name in chosen.names}
    joining: set[int] = set()
    undecided = set(children)
    if hasattr(chosen, "number") and chosen.region in (None, place.name):
        many, which = chosen.number, chosen.which
    else:  # those that say so come first, those that stay away never
        joining = {c for c, one in told.items() if one.participates is True}
        undecided -= joining | {c for c, one in told.items() if one.participates is False}
        which = place.participation
        many = len(joining) + len(undecided)
        if place.participating is not None:
            many = place.participating
    if which == "random":
        seed = model.luck_seed
        in_turn = sorted(undecided, key=lambda c: (uniform(seed, PARTICIPATION, BUILDING, c, 0), c))
    else:
        sign = -1.0 if which == "largest" else 1.0
        in_turn = sorted(undecided, key=lambda c: (sign * children[c], c))
    return joining | set(in_turn[: many - len(joining)])


def _give_remits(model: Any) -> None:
    """a_i = spread (.8 u_sector + .6 z_i), u_sector a direction of length sqrt(3)."""
    p, seed = model.parameters, model.luck_seed
    directions = []
    for index in range(len(SECTORS)):
        x, y, z = _three_normals(seed, SECTOR_DIRECTION, index)
        scale = sqrt(3.0) / sqrt(x * x + y * y + z * z)
        directions.append((x * scale, y * scale, z * scale))
    for organisation in model.organisations:
        u = directions[organisation.sector_index]
        z = _three_normals(seed, REMIT, organisation.number)
        organisation.remit = tuple(
            p.agenda_spread * (p.remit_sector * u[axis] + p.remit_own * z[axis])
            for axis in range(3)
        )
        organisation.agenda = organisation.remit


def _give_needs(model: Any) -> None:
    """x*_c = spread (.7 z_r + .5 z_c)."""
    p, seed = model.parameters, model.luck_seed
    for region in model.regions:
        shared = _three_normals(seed, REGIONAL_NEED, region.number)
        for community in region.communities:
            z = _three_normals(seed, NEED, community.number)
            community.need = tuple(
                p.agenda_spread * (p.need_regional * shared[axis] + p.need_own * z[axis])
                for axis in range(3)
            )


def _give_sponsors(model: Any) -> None:
    """Four sponsors a region with position and jurisdiction."""
    p, seed = model.parameters, model.luck_seed
    for region in model.regions:
        for kind in range(len(SPONSOR_KINDS)):
            sponsor = Sponsor(model, region, kind)
            x, y, z = _three_normals(seed, SPONSOR_POSITION, sponsor.number)
            sponsor.position = (p.agenda_spread * x, p.agenda_spread * y, p.agenda_spread * z)
            if sponsor.own_position is not None:
                sponsor.position = tuple(sponsor.own_position)
            region.sponsors.append(sponsor)
            model.sponsors.append(sponsor)
        for organisation in region.organisations:
            for sponsor in region.sponsors:
                own = sponsor.own_jurisdiction
                if own is None:
                    weight = _jurisdiction(p, sponsor.kind, organisation)
                else:
                    weight = _own_jurisdiction(own, organisation)
                if weight > 0.0:
                    organisation.jurisdictions.append((sponsor, weight))
            # in history sponsors are loosely linked and see nothing
            if organisation.sector in PUBLIC:
                goodwill = p.sponsor_base * min(1.0, 0.5 * p.loose_gain)
                without = 1.0
                for kind in SPONSOR_KINDS:
                    without *= 1.0 - goodwill * _jurisdiction(p, kind, organisation)
                organisation.mandate = p.mandate_min + (1.0 - p.mandate_min) * (1.0 - without)


def _jurisdiction(p: Any, kind: str, organisation: Organisation) -> float:
    """J_pi: public sponsors have a say over public organisations only."""
    sector = organisation.sector
    if sector not in PUBLIC:
        return 0.0
    if kind == "health":
        regional = not organisation.local and sector in ("social", "health")
        return p.jurisdiction_health if regional else 0.0
    if kind == "education":
        return p.jurisdiction_education if sector in ("education", "youth") else 0.0
    if kind == "political":
        return p.jurisdiction_political
    return p.jurisdiction_municipal if organisation.local else 0.0


def _own_jurisdiction(own: Any, organisation: Organisation) -> float:
    """J_pi where the structure gives it: by sector, for local organisations, bodies, or both."""
    level = "local" if organisation.local else "regional"
    if organisation.sector not in PUBLIC or own.level not in ("both", level):
        return 0.0
    return float(getattr(own, organisation.sector))


def _acquaint(model: Any) -> None:
    """Tie the organisations: an undirected set of pairs, then two directed ties for each."""
    world, p, seed = model.world, model.parameters, model.luck_seed
    pairs: set[tuple[int, int]] = set()

    def connect(i: Organisation, others: list[Organisation]) -> None:
        for j in others:
            pairs.add((i.number, j.number) if i.number < j.number else (j.number, i.number))

    def choose(word: int, i: Organisation, others: list[Organisation], k: int) -> None:
        """Let those that could be chosen come by in the order of their numbers and keep k."""
        k = int(k)
        kept = others[:k]
        entered, nobody = 0, 1.0
        lot = uniform(seed, word, BUILDING, i.number, 0)
        for n, j in enumerate(others[k:], start=k + 1):
            nobody *= (n - k) / n  # the chance that nobody has entered since the last one
            if nobody < lot:
                leaves = uniform(seed, word, BUILDING, i.number, 2 * entered + 1)
                kept[int(k * leaves)] = j
                entered, nobody = entered + 1, 1.0
                lot = uniform(seed, word, BUILDING, i.number, 2 * entered)
        connect(i, kept)

    of_sector: dict[str, list[Organisation]] = {sector: [] for sector in SECTORS}
    for organisation in model.organisations:
        of_sector[organisation.sector].append(organisation)

    everywhere = world.acquaintance != "given" or p.ties == 1
    for i in model.organisations if everywhere else []:
        if i.community is not None:
            connect(i, [j for j in i.community.locals if j is not i])
            choose(BODY_TIES, i, i.region.bodies, world.body_ties)
            colleagues = [
                j
                for j in of_sector[i.sector]
                if j.local and j.region is i.region and j.community is not i.community
            ]
            choose(SECTOR_TIES, i, colleagues, world.sector_ties)
        else:
            connect(i, [j for j in i.region.bodies if j is not i])
        strangers = [j for j in of_sector[i.sector] if j.region is not i.region]
        choose(REGION_TIES, i, strangers, world.region_ties)

    number = {name: place for place, name in enumerate(world.organisation_names)}
    told = {}
    for tie in world.ties:
        low, high = sorted(number[name] for name in tie.between)
        pairs.add((low, high))
        if tie.trust is not None:
            told[low, high] = told[high, low] = tie.trust

    def prior(i: int, j: int) -> float:
        if (i, j) in told:
            return told[i, j]
        pair = normal(seed, TRUST_PAIR, BUILDING, min(i, j), max(i, j))
        own = normal(seed, TRUST_OWN, BUILDING, i, j)
        trust = p.trust_prior + p.trust_noise * (
            p.trust_noise_pair * pair + p.trust_noise_own * own
        )
        return min(max(trust, p.trust_floor), p.trust_ceiling)

    model.first_trust = prior
    if p.ties == 1:  # they form and lapse
        from .acquaintance import WIDER, WIDER_REGION, Openings, widened

        for i in model.organisations:
            here = [j for j in i.region.organisations if j is not i]
            choose(WIDER, i, here, widened(i, model, p.wider_ties))
            elsewhere = [j for j in model.organisations if j.region is not i.region]
            choose(WIDER_REGION, i, elsewhere, widened(i, model, p.wider_region_ties))
        named = {tuple(sorted(number[name] for name in tie.between)) for tie in world.ties}
        model.openings = Openings(model, pairs, named)
        for one in model.openings.all:
            if one.known:
                model.openings.tie(one)
        model.openings.arrange()
        return

    model.pairs = []  # one tie of each pair
    for low, high in sorted(pairs):
        i, j = model.organisations[low], model.organisations[high]
        there = Tie(i, j, prior(low, high), p.prior_weight)
        back = Tie(j, i, prior(high, low), p.prior_weight)
        there.back, back.back = back, there
        i.ties[high], j.ties[low] = there, back
        model.pairs.append(there)

    model.ties = []
    for i in model.organisations:
        in_order = [i.ties[number] for number in sorted(i.ties)]
        i.near = [tie for tie in in_order if tie.other.region is i.region]
        i.far = [tie for tie in in_order if tie.other.region is not i.region]
        i.ties = {tie.other.number: tie for tie in i.near + i.far}
        model.ties += i.near + i.far
