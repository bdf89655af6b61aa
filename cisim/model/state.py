"""The entities as columns: what a run knows at one moment, and nothing else.

Sizes: N organisations, A arcs (directed ties), C communities, R regions, B = R + 1 backbones
(row 0 is the national one), P sponsors, Z posts, Q payers, T months of given money. Columns are
contiguous and are only ever written in place, so that an agent, a kernel and a saved file always
speak of the same numbers; posts, payers and given money are tables that a structure replaces as a
whole. Levels are 0..1 unless a unit is given. Processes read and write here; they share nothing
else.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field, fields, is_dataclass
from functools import cache
from typing import Annotated, Any, Literal, NamedTuple, get_args, get_type_hints

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float64]
Ints = NDArray[np.int32]
Flags = NDArray[np.bool_]


class Span(NamedTuple):
    """What the numbers of a column cannot leave, in any run."""

    low: float
    high: float


LARGEST = 1e12
"""No number of a run that can go on is as large."""
Shares = Annotated[Floats, Span(0.0, 1.0)]
Engagements = Annotated[Floats, Span(-1.0, 1.0)]
Signed = Annotated[Floats, Span(-LARGEST, LARGEST)]
Positive = Annotated[Floats, Span(float(np.nextafter(0.0, 1.0)), LARGEST)]
NOT_NEGATIVE = Span(0.0, LARGEST)
"""Floats that say nothing else."""
Given = Annotated[Ints, "given"]
"""Who is who and who could know whom: scenario and seed decide it, and no month changes it."""
Acquainted = Annotated[Ints, "acquainted"]
"""Who knows whom: as given where ties are fixed, else it follows from the openings."""

SECTORS = ("education", "social", "health", "youth", "third", "private")
PUBLIC = 4
"""The first four sectors are public."""
SponsorKind = Literal["health", "education", "political", "municipal"]
SPONSOR_KINDS: tuple[str, ...] = get_args(SponsorKind)
NATIONAL_ROLES = ("futures", "implementation", "evaluation", "bridge", "knowledge")
REGIONAL_ROLES = ("cross_sectoral", "local_support", "knowledge_gatherer", "information_broker")
MOST_PAYERS = 400
"""So many may pay at most: sponsors by kind, the foundation of the short form, and others."""
FOUNDATION = len(SPONSOR_KINDS)
"""The row of the payer of the short form; those before it are sponsors by kind."""
PHASES = ("before", "initiation", "run", "re-design", "dormant")
"""Phases of a region's partnership, by their number."""
BEFORE, INITIATION, RUN, REDESIGN, DORMANT = range(len(PHASES))
MEETING_KINDS = ("own", "brokered", "cross-region", "everyday")
NEVER = -10_000
"""The month of something that has not happened."""
NO_CAP = 1e9
"""FTE that a sponsor without a cap pays at most."""


@dataclass(slots=True)
class Organisations:
    """One row each.

    number      : (N,) int32   permanent number, the address of its luck
    sector      : (N,) int32   place in SECTORS
    community   : (N,) int32   row of its community, -1 for a regional body
    region      : (N,) int32   row of its region
    own_time    : (N,) float   FTE for work across organisations, without grants
    remit       : (N, 3)       what its own duties ask for, agenda units
    eligible    : (N,) bool    may take part in the partnership
    member      : (N,) bool    takes part
    commitment  : (N,) float   k
    mandate     : (N,) float   what its representative may promise
    agenda      : (N, 3)       what it works for, agenda units
    knowhow     : (N,) float   h, know-how of working together
    measurement : (N,) float   s, practice of shared measurement
    time_left   : (N,) float   l, share of its time that is not yet used
    time        : (N,) float   B, FTE this month with grants
    extra       : (N,) float   FTE of joint work that sponsors and grants pay this month
    benefit     : (N,) float   V, visible results as far as they lie within its remit
    led         : (N,) float   FTE of its own time it gives to coordinating
    leaving     : (N,) bool    leaves at the end of the month
    joining     : (N,) bool    joins at the end of the month
    intention   : (N,) float   k*, the commitment it is heading for
    met         : (N,) float   meetings this month, started and received, all kinds
    joint_time  : (N,) float   C, FTE in joint work
    everyday_time : (N,) float  O, FTE in bilateral work
    service_time  : (N,) float  v, own services forgone, FTE
    joint_effort  : (N,) float  y
    everyday_effort : (N,) float  y of bilateral work
    contacts    : (N,) float   months with a meeting that a backbone arranged
    self_started: (N,) float   own meetings started since month 0
    founder     : (N,) bool    founds the partnership where structure or world name the founders
    champion    : (N,) bool    its representative is a champion, who asks others to join
    opposed     : (N,) float   how strongly hostile sponsors want it out of the partnership, 0..1
    volunteered : (N,) float   FTE of its own time that it volunteers for the backbone's work
    claimed     : (N,) float   FTE of its own time that national actors and governance claim
    former      : (N,) bool    has been a member and left
    given       : (N,) float   share of its time that it gave, or would give, to joint work; 0 where
                  contribution is no conditional cooperation
    """

    number: Given
    sector: Given
    community: Given
    region: Given
    own_time: Positive
    remit: Signed
    eligible: Flags
    member: Flags
    commitment: Shares
    mandate: Shares
    agenda: Signed
    knowhow: Shares
    measurement: Shares
    time_left: Shares
    time: Positive
    extra: Floats
    benefit: Floats
    led: Floats
    leaving: Flags
    joining: Flags
    intention: Floats
    met: Floats
    joint_time: Floats
    everyday_time: Floats
    service_time: Signed
    joint_effort: Floats
    everyday_effort: Floats
    contacts: Floats
    self_started: Floats
    founder: Flags
    champion: Flags
    opposed: Shares
    volunteered: Floats
    claimed: Floats
    former: Flags
    given: Shares


@dataclass(slots=True)
class Ties:
    """Directed acquaintances, grouped by organisation (CSR).

    Within an organisation those of its own region come first; each part is in the order of the
    neighbour's permanent number. Where ties form and lapse there are as many rows as openings, of
    which the first `count` hold; each of the others is its own reverse, and 0 or never in all else.

    start    : (N+1,) int32  first row of each organisation
    near     : (N,) int32    end of the rows that stay within the region
    other    : (A,) int32    the organisation at the far end
    reverse  : (A,) int32    the row of the same tie seen from there
    prior    : (A,) float    trust before any meeting
    kept     : (A,) float    remembered kept promises, in meetings
    broken   : (A,) float    remembered broken promises, weighted
    last_met : (A,) int32    month of the last meeting of any kind
    last_brokered : (A,) int32  month of the last meeting that a backbone arranged
    aligned  : (A,) float    how far both agendas agree; follows from them, kept as it is dear
    first    : (A,) float    first trust, to which a new representative returns in the two layers
    damage   : (A,) float    reputation damage, of trust in two layers; 0 with any other theory
    """

    start: Acquainted
    near: Acquainted
    other: Acquainted
    reverse: Acquainted
    prior: Shares
    kept: Floats
    broken: Floats
    last_met: Ints
    last_brokered: Ints
    aligned: Floats
    first: Shares
    damage: Shares

    @property
    def count(self) -> int:
        """Return how many rows hold."""
        return int(self.start[-1])


@dataclass(slots=True)
class Openings:
    """Who could meet, where ties form and lapse; without rows where they are fixed.

    In the order of ties, of which those are some.

    start, near, other, reverse : as of ties
    prior     : (O,) float  trust before any meeting
    open_from : (O,) int32  month from which the two may come to know, or forget, each other
    tie       : (O,) int32  row of their tie, -1 as long as they are strangers
    since     : (O,) int32  month in which they came to know each other
    """

    start: Given
    near: Given
    other: Given
    reverse: Given
    prior: Shares
    open_from: Given
    tie: Annotated[Ints, "rows"]
    since: Ints


@dataclass(slots=True)
class Communities:
    """Municipalities or neighbourhoods, those of a region side by side.

    region, number : (C,) int32
    children    : (C,) float   n_c
    deprivation : (C,) float   d_c
    participating : (C,) bool
    need        : (C, 3)       x*, agenda units
    delay       : (C, 3)       D1, D2, D3: what joint activity has set in motion
    baseline    : (C,) float   mean input of the last year of history
    ordinary_service : (C,) float  mean service time of that year, FTE per 1000 children
    service     : (C,) float   own services forgone this month, FTE per 1000 children
    joint       : (C,) float   J, joint activity of the partnership
    everyday    : (C,) float   J of bilateral work
    input       : (C,) float   what of both reaches children
    visible     : (C,) float   R, results that can be seen
    agenda      : (C, 3)       effort-weighted agenda of the joint work
    has_agenda  : (C,) bool    whether there was any joint work
    measured    : (C,) float   mean measurement of local members
    trust       : (C,) float   what is believed of the partnership, from what has been seen of it
    """

    region: Given
    number: Given
    children: Floats
    deprivation: Shares
    participating: Flags
    need: Signed
    delay: Signed
    baseline: Signed
    ordinary_service: Signed
    service: Signed
    joint: Floats
    everyday: Floats
    input: Signed
    visible: Floats
    agenda: Signed
    has_agenda: Flags
    measured: Floats
    trust: Shares


@dataclass(slots=True)
class Regions:
    """What is known of a region this month.

    visible     : (R,) float   child-weighted visible results of participating communities
    shown       : (R,) float   what there is for its sponsors to see
    advocacy    : (R,) float   reach of the work on public will, policy and funding
    money       : (R,) float   FTE its sponsors pay
    grants      : (R,) float   FTE of grants to organisations
    paid        : (R,) float   FTE of all external money
    pull        : (R,) float   M, weight of those who pay
    payer       : (R, 3)       money-weighted position of those who pay
    lead_time   : (R,) float   FTE of coordinating by a lead organisation
    roles       : (R, 4)       coverage of the four regional roles
    national    : (R, 5)       national supply that reaches the region, by role
    direct      : (R, 5)       national roles that reach a member without a regional backbone
    upward      : (R,) float   kappa, how well local need is known nationally
    reach       : (R, 3)       futures work, evaluation and bridges that arrive
    facilitation: (R,) float   share of breaches that a neutral host prevents
    agenda      : (R, 3)       effort-weighted agenda of the bodies' joint work
    has_agenda  : (R,) bool
    meetings    : (R, 4)       meetings by kind this month, counted at each party
    joined_self, joined_recruited, left : (R,) float  since month 0
    academic    : (R,) float   FTE of an academic partner
    action      : (R,) float   FTE that backbones pay members for joint work
    volunteered : (R,) float   FTE that members volunteer for the backbone's work
    claimed     : (R,) float   FTE that national actors and governance claim of organisations
    pressure    : (R,) float   national pressure of an event, 0..1
    pressure_end: (R,) int32   month in which that is over
    fte         : (R,) float   planned staff, also the measure of grants in its place (lever)
    grant_end   : (R,) int32   month in which grants in place of seed money end (lever)
    measuring   : (R,) float   share of the members' measuring that regional staff does
    phase       : (R,) int32   place in PHASES
    phase_months : (R,) int32  how long that has lasted
    phase_fit   : (R,) float   how well joint work fitted children's need when the phase began
    redesigns   : (R,) int32   re-designs that are completed
    idle        : (R,) int32   months without activity since it was active, -1 before it ever was
    tried       : (R,) float   how wide what is tried is, 0 where no structure asks for innovation
    formed, lapsed : (R,) float  ties that formed and lapsed this month; half of one to elsewhere
    together    : (R,) float   share of its organisations in the largest group that ties connect
    """

    visible: Floats
    shown: Floats
    advocacy: Floats
    money: Floats
    grants: Floats
    paid: Floats
    pull: Floats
    payer: Signed
    lead_time: Floats
    roles: Floats
    national: Floats
    direct: Floats
    upward: Floats
    reach: Floats
    facilitation: Floats
    agenda: Signed
    has_agenda: Flags
    meetings: Floats
    joined_self: Floats
    joined_recruited: Floats
    left: Floats
    academic: Floats
    action: Floats
    volunteered: Floats
    claimed: Floats
    pressure: Shares
    pressure_end: Ints
    fte: Floats
    grant_end: Ints
    measuring: Floats
    phase: Ints
    phase_months: Ints
    phase_fit: Shares
    redesigns: Ints
    idle: Ints
    tried: Shares
    formed: Floats
    lapsed: Floats
    together: Shares


@dataclass(slots=True)
class Backbones:
    """Row 0 is the national backbone, row r + 1 that of region r.

    exists  : (B,) bool
    end     : (B,) int32   month it closes, whatever its posts
    planned : (B,) float   FTE of its posts this month, but for what sponsors pay by their rule
    cap     : (B,) float   FTE that sponsors may pay by their rule this month
    sponsored : (B,) float FTE that they pay so
    roles   : (B, 5) float shares of its staff's time (regional: the first four)
    staff   : (B,) float   FTE now
    age     : (B,) float   months in a row that it has had staff
    hands   : (B,) float   FTE of what acts: its staff in their home, and volunteers
    knowhow : (B,) float   K, what the regional backbone has learnt
    """

    exists: Flags
    end: Ints
    planned: Floats
    cap: Floats
    sponsored: Floats
    roles: Floats
    staff: Floats
    age: Floats
    hands: Floats
    knowhow: Shares


@dataclass(slots=True)
class Posts:
    """Who is paid, row by row. The first B rows are the backbones' own, which levers and events
    set; those of academic partners, of sponsors by their rule, of local action, and of the file
    follow.

    backbone : (Z,) int32  row of the backbone, of an academic partner that of its region
    academic : (Z,) bool   an academic partner, who is no staff of the backbone
    action   : (Z,) bool   money to members for joint work, which is no staff either
    fte      : (Z,) float
    start, end : (Z,) int32  first month, and month from which it is no more
    follows  : (Z,) int32  the post at whose end it starts, -1 for none
    payer    : (Z,) int32
    cap      : (Z,) float  FTE that sponsors pay at most by their rule, 0 for posts of a fixed size
    own_roles : (Z,) bool  whether its shares of time are its own, not the structure's
    roles    : (Z, 5) float
    paid     : (Z,) float  FTE paid this month
    """

    backbone: Given
    academic: Flags
    action: Flags
    fte: Floats
    start: Ints
    end: Ints
    follows: Given
    payer: Ints
    cap: Floats
    own_roles: Flags
    roles: Floats
    paid: Floats


@dataclass(slots=True)
class Payers:
    """Who pays: the four kinds of sponsors, the foundation of the short form, then the file's.

    position : (Q, 3) float  what it wants, agenda units; of sponsors each has its own instead
    limited  : (Q,) bool     whether it has a budget
    budget   : (Q, Y) float  FTE-months that it can pay for in each year from the first on
    spent    : (Q,) float    FTE-months that it has paid for this year
    paid     : (Q, R) float  FTE it pays in each region this month
    """

    position: Signed
    limited: Flags
    budget: Floats
    spent: Floats
    paid: Floats


@dataclass(slots=True)
class GivenMoney:
    """What the payers of another scenario pay in the same future; no month where there is none.

    paid     : (T, Q, R) float  FTE by month
    position : (T, R, 3) float  money-weighted mean of what they want
    """

    paid: Floats
    position: Signed


@dataclass(slots=True)
class Sponsors:
    """Leaders outside the backbone: four kinds a region.

    number, region, kind : (P,) int32
    present      : (P,) bool
    engagement   : (P,) float      g
    position     : (P, 3)          what it wants, agenda units
    jurisdiction : (P, 6, 2)       by sector, and regional body (0) or local organisation (1)
    budget       : (P,) float      FTE at full engagement, as a multiple of sponsor_budget
    cap          : (P,) float      FTE that it pays at most
    link         : (P,) float      how closely it is tied to the backbone
    opening      : (P,) float      g at month 0
    first_election, election_interval : (P,) int32  months; an interval of 0 is no election
    """

    number: Given
    region: Given
    kind: Given
    present: Flags
    engagement: Engagements
    position: Signed
    jurisdiction: Floats
    budget: Floats
    cap: Floats
    link: Shares
    opening: Engagements
    first_election: Ints
    election_interval: Ints


@dataclass(slots=True)
class Layout:
    """Who belongs where, in the order of permanent numbers, so that sums have one order.

    order           : (N,) int32    rows by number
    region_start    : (R+1,) int32  where each region's rows begin in region_rows
    region_rows     : (N,) int32    organisations by region
    local_start     : (C+1,) int32  where each community's rows begin in local_rows
    local_rows      : int32         local organisations by community
    body_start      : (R+1,) int32  where each region's rows begin in body_rows
    body_rows       : int32         regional bodies by region
    community_start : (R+1,) int32  first community of each region
    """

    order: Given
    region_start: Given
    region_rows: Given
    local_start: Given
    local_rows: Given
    body_start: Given
    body_rows: Given
    community_start: Given


@dataclass(slots=True)
class Meetings:
    """This month's meetings, in the order of their initiators; only the first `count` rows hold.

    arc      : int32   the tie, seen from the initiator
    party    : int32   the initiator
    kind     : int32   place in MEETING_KINDS
    dialogue, theirs, ours : float  draws: the dialogue, the partner's and the own promise
    productive : bool
    """

    arc: Ints
    party: Ints
    kind: Ints
    dialogue: Floats
    theirs: Floats
    ours: Floats
    productive: Flags

    @classmethod
    def with_room(cls, rows: int) -> Meetings:
        """Return room for `rows` meetings."""
        return cls(
            arc=np.zeros(rows, np.int32),
            party=np.zeros(rows, np.int32),
            kind=np.zeros(rows, np.int32),
            dialogue=np.zeros(rows),
            theirs=np.zeros(rows),
            ours=np.zeros(rows),
            productive=np.zeros(rows, np.bool_),
        )


@dataclass(slots=True)
class Levers:
    """What the structure sets once for all regions; see cisim.world.structure for each.

    national_roles : (5,), regional_roles : (4,) shares of staff time
    national_priority : (3,) what national actors press for, agenda units
    common_agenda, shared_measurement, reinforcing_activities, communication, backbone_support,
    investment     : how far each component is there, 1 as far as the partnership makes it
    year_begins    : months of the first budget year that lie before month 0
    given          : 1 where all money is that of another scenario, else 0
    selection      : whom recruiters ask, a number of processes/membership.py
    champion       : who is a champion, a number of processes/roster.py
    bond           : how much partners have signed: 1 a contract, .5 a letter of intent, else 0
    formal, exit_clause, operational, strategic : 1 or 0, what is signed and how it is steered
    founding       : who founds it, a number of processes/roster.py
    founders       : how many a network has in each region, where the structure says so
    """

    neutrality: float
    credibility: float
    earned_trust: float
    advocacy: float
    engagement: float
    backbone_share: float
    grant_nat: float
    grant_reg: float
    grant_joint: float
    headroom: float
    start_up: float
    overhead: float
    volunteers: float
    volunteer_value: float
    national_pressure: float
    vertical_governance: float
    staff_shortage: float
    selection: float
    seats: float
    value_distance: float
    scope: float
    shared_credit: float
    champion: float
    bond: float
    formal: float
    exit_clause: float
    operational: float
    strategic: float
    founding: float
    founders: float
    year_begins: float
    given: float
    flow_horizon: float
    flow_guidance: float
    flow_evaluation: float
    flow_peers: float
    flow_knowledge: float
    flow_need: float
    flow_overview: float
    redesign: float
    replication: float
    early_money: float
    innovation: float
    data_steering: float
    national_roles: Floats
    regional_roles: Floats
    national_priority: Signed
    common_agenda: float
    shared_measurement: float
    reinforcing_activities: float
    communication: float
    backbone_support: float
    investment: float
    accountability: float
    measurement_time: float
    measurement_staff: float

    def __setattr__(self, name: str, value: Any) -> None:
        # A kernel is compiled for floats; a whole number that is set would compile it again.
        object.__setattr__(self, name, value if isinstance(value, np.ndarray) else float(value))


@dataclass(slots=True)
class Practice:
    """The best regions' practice at the end of last month, which a bridge builder carries.

    best : (2,) highest regional mean of members' know-how and of their measurement
    """

    best: Floats


@dataclass(slots=True)
class State:
    """Everything a run knows at one moment.

    meetings_held : (1,) int  how many rows of `meetings` hold; more than there are where the month
                    waits for room
    """

    orgs: Organisations
    ties: Ties
    openings: Openings
    communities: Communities
    regions: Regions
    backbones: Backbones
    posts: Posts
    payers: Payers
    given: GivenMoney
    sponsors: Sponsors
    levers: Levers
    layout: Layout
    practice: Practice
    meetings: Meetings = field(default_factory=lambda: Meetings.with_room(0))
    meetings_held: NDArray[np.int64] = field(default_factory=lambda: np.zeros(1, np.int64))

    @property
    def meetings_count(self) -> int:
        """Return how many meetings there are this month."""
        return int(self.meetings_held[0])

    def make_room(self) -> bool:
        """Return whether there were more meetings than rows for them, and so are more rows now."""
        if self.meetings_count <= self.meetings.arc.size:
            return False
        self.meetings = Meetings.with_room(4 * self.meetings_count)  # history begins with few
        return True

    def copy(self) -> State:
        """Return the same numbers in columns of their own."""
        tables: dict[str, Any] = {
            name: type(table)(*(_copied(getattr(table, part.name)) for part in fields(table)))
            for name, table in self.tables()
        }
        return State(**tables, meetings_held=self.meetings_held.copy())

    def tables(self) -> Iterator[tuple[str, Any]]:
        """Yield each table of columns under its name."""
        for part in fields(self):
            value = getattr(self, part.name)
            if is_dataclass(value):
                yield part.name, value

    def columns(self) -> Iterator[tuple[str, np.ndarray | float | int]]:
        """Yield every column as ("table.column", value)."""
        for name, table in self.tables():
            for part in fields(table):
                yield f"{name}.{part.name}", getattr(table, part.name)
        yield "meetings_count", self.meetings_count

    @property
    def sizes(self) -> dict[str, int]:
        """Return N, A, C, R, B, P, Z, Q."""
        return {
            "N": self.orgs.number.size,
            "A": self.ties.other.size,
            "C": self.communities.number.size,
            "R": self.regions.visible.size,
            "B": self.backbones.staff.size,
            "P": self.sponsors.number.size,
            "Z": self.posts.fte.size,
            "Q": self.payers.limited.size,
        }


def _copied(column: Any) -> Any:
    return column.copy() if isinstance(column, np.ndarray) else column


@cache
def column_names() -> tuple[str, ...]:
    """Return every column as "table.column", and what stands in no table by its name."""
    found: list[str] = []
    for name, kind in get_type_hints(State).items():
        parts = [f"{name}.{part.name}" for part in fields(kind)] if is_dataclass(kind) else [name]
        found += parts
    return tuple(found)


@cache
def column_kinds() -> dict[str, Span | str | None]:
    """Return for every "table.column" its span, "given", or None where its type says enough."""
    return {
        f"{name}.{part}": next(iter(getattr(hint, "__metadata__", ())), None)
        for name, kind in get_type_hints(State).items()
        if is_dataclass(kind)
        for part, hint in get_type_hints(kind, include_extras=True).items()
    }


def arrange(
    orgs_number: Ints, region: Ints, community: Ints, community_region: Ints, regions: int
) -> Layout:
    """Return the layout for organisations in any order of rows."""
    order = np.argsort(orgs_number, kind="stable").astype(np.int32)
    by_region = order[np.argsort(region[order], kind="stable")]
    locals_ = order[community[order] >= 0]
    locals_ = locals_[np.argsort(community[locals_], kind="stable")]
    bodies = by_region[community[by_region] < 0]
    return Layout(
        order=order,
        region_start=_starts(region[by_region], regions),
        region_rows=by_region,
        local_start=_starts(community[locals_], community_region.size),
        local_rows=locals_,
        body_start=_starts(region[bodies], regions),
        body_rows=bodies,
        community_start=_starts(community_region, regions),
    )


def find_arcs(
    pairs: NDArray[np.int64], orgs: Organisations, ties: Ties | Openings
) -> NDArray[np.int64]:
    """Return the arc from the first to the second of each pair that is tied, (K,).

    pairs : (K, 2) permanent numbers
    """
    rows = orgs.number.size
    order = np.argsort(orgs.number, kind="stable")
    place = np.empty(rows, np.int64)
    place[order] = np.arange(rows)
    owner = np.repeat(np.arange(rows), np.diff(ties.start))
    other = ties.other[: owner.size]
    key = _arc_key(owner, other, orgs.region, place)  # as `link` has sorted them
    row = np.empty(int(orgs.number.max(initial=0)) + 1, np.int64)
    row[orgs.number] = np.arange(rows)
    ends = row[pairs]
    return np.searchsorted(key, _arc_key(ends[:, 0], ends[:, 1], orgs.region, place))


def _arc_key(
    from_: NDArray[np.int64], to: NDArray[Any], region: Ints, place: NDArray[np.int64]
) -> NDArray[np.int64]:
    """Return what arcs are sorted by: who, whether to another region, to whom."""
    far = (region[from_] != region[to]).astype(np.int64)
    return (from_ * 2 + far) * place.size + place[to]


def _starts(group: Ints, groups: int) -> Ints:
    """Return (groups+1,) where each group begins in a column that is sorted by group."""
    return np.searchsorted(group, np.arange(groups + 1)).astype(np.int32)


def link(
    low: NDArray[np.int64], high: NDArray[np.int64], number: Ints, region: Ints
) -> tuple[Ints, Ints, Ints, Ints]:
    """Return start, near, other, reverse of the ties between rows `low` and `high`, (M,) each."""
    rows = number.size
    from_ = np.concatenate([low, high])
    to = np.concatenate([high, low])
    place = np.empty(rows, np.int64)
    place[np.argsort(number, kind="stable")] = np.arange(rows)
    key = _arc_key(from_, to, region, place)
    sorting = np.argsort(key, kind="stable")
    rank = np.empty(sorting.size, np.int64)
    rank[sorting] = np.arange(sorting.size)
    half = low.size
    mirrored = np.concatenate([np.arange(half, 2 * half), np.arange(half)])
    start = np.searchsorted(from_[sorting], np.arange(rows + 1)).astype(np.int32)
    near = np.searchsorted(key[sorting], (np.arange(rows) * 2 + 1) * rows).astype(np.int32)
    return (
        start,
        near,
        to[sorting].astype(np.int32),
        rank[mirrored][sorting].astype(np.int32),
    )


def stand(openings: Openings) -> tuple[Ints, Ints, Ints, Ints]:
    """Return start, near, other, reverse of the ties of those who know each other.

    Acquaintances have a `tie` of 0 or more, which is written anew: the row.
    """
    known = openings.tie >= 0
    before = np.concatenate([[0], np.cumsum(known)])
    openings.tie[:] = np.where(known, before[:-1], -1)
    count = int(before[-1])
    other = np.zeros(known.size, np.int32)
    reverse = np.arange(known.size, dtype=np.int32)
    other[:count] = openings.other[known]
    reverse[:count] = openings.tie[openings.reverse[known]]
    start = before[openings.start].astype(np.int32)
    near = before[openings.near].astype(np.int32)
    return start, near, other, reverse
