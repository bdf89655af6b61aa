"""Organisations, backbones, sponsors and communities as Mesa agents.

An agent looks and acts through its row of the state and owns nothing: reading an attribute reads a
column, setting one writes it, so that Mesa's AgentSet and DataCollector, events, and users' own
policies all speak of the numbers the kernels work on. What is set between months is what the next
month starts from.
"""

from __future__ import annotations

import math
from collections.abc import Iterator, Mapping
from typing import Any, NamedTuple, Protocol

import mesa
import numpy as np

from cisim.model.input_error import shown
from cisim.model.parameters import Parameters
from cisim.model.processes.membership import commit_one
from cisim.model.processes.people import change_representative
from cisim.model.relations import align_one
from cisim.model.state import (
    NATIONAL_ROLES,
    NO_CAP,
    PUBLIC,
    REGIONAL_ROLES,
    SECTORS,
    SPONSOR_KINDS,
    State,
)


class Names(Protocol):
    """What rows are called; a scenario knows."""

    def region_name(self, row: int) -> str: ...
    def community_name(self, row: int) -> str: ...
    def organisation_name(self, number: int) -> str: ...


class Run(Protocol):
    """What an agent needs of the run that it belongs to; see cisim.model.model."""

    state: State
    parameters: Parameters
    month: int

    @property
    def scenario(self) -> Names: ...
    @property
    def agents_by_type(self) -> Mapping[type, Any]: ...
    def organisation(self, row: int) -> Organisation: ...
    def register_agent(self, agent: Row) -> None: ...


class column:
    """An attribute that is an agent's entry of one column of the state.

    place  : "table.column"; the row is the agent's
    bounds : what may be written, None for what can only be read
    """

    def __init__(
        self, place: str, unit: str, bounds: tuple[float, float] | None = None, doc: str = ""
    ) -> None:
        self.table, self.column = place.split(".")
        self.unit, self.bounds = unit, bounds
        self.__doc__ = f"{doc} ({unit})"

    def __set_name__(self, owner: type, name: str) -> None:
        self.name = name

    def __get__(self, agent: Any, owner: type | None = None) -> Any:
        if agent is None:
            return self
        value = getattr(getattr(agent.model.state, self.table), self.column)[agent.row]
        return tuple(value.tolist()) if getattr(value, "ndim", 0) else value.item()

    def __set__(self, agent: Any, value: Any) -> None:
        kind = type(agent).__name__
        if self.bounds is None:
            raise AttributeError(f"{kind}.{self.name} can only be read")
        low, high = self.bounds
        given = np.asarray(value, dtype=float)
        rows = getattr(getattr(agent.model.state, self.table), self.column)
        if given.shape != rows[agent.row].shape:
            wanted = "three numbers" if rows[agent.row].shape else "one number"
            raise ValueError(f"{kind}.{self.name} is {shown(value)}; allowed is {wanted}")
        if not (np.isfinite(given).all() and (given >= low).all() and (given <= high).all()):
            raise ValueError(
                f"{kind}.{self.name} is {shown(value)}; allowed is {low:g} to {high:g} "
                f"({self.unit})"
            )
        rows[agent.row] = given


class Tie(NamedTuple):
    """One organisation's view of a neighbour: trust and familiarity, 0..1 each."""

    other: Organisation
    trust: float
    familiarity: float


class Row(mesa.Agent):
    """A handle on one row of the state."""

    model: Run

    def __init__(self, model: Run, row: int, unique_id: int) -> None:
        # Mesa's own __init__ keeps every model alive through a counter on the class.
        self.model = model
        self.unique_id = unique_id
        self.pos = None
        self.row = row
        model.register_agent(self)

    def __repr__(self) -> str:
        return f"<{type(self).__name__} {self.name}>"

    @property
    def name(self) -> str:
        """Return what people call it."""
        return f"{type(self).__name__} {self.row}"


class Organisation(Row):
    """A municipality's school office, a county's social services, an association ..."""

    commitment = column("orgs.commitment", "0..1", (0, 1), "k, will to take part")
    mandate = column("orgs.mandate", "0..1", (0, 1), "what its representative may promise")
    resources = column("orgs.own_time", "FTE", (1e-9, 1e6), "own time for joint and everyday work")
    knowhow = column("orgs.knowhow", "0..1", (0, 1), "know-how of working together")
    measurement = column("orgs.measurement", "0..1", (0, 1), "practice of shared measurement")
    time_left = column("orgs.time_left", "share of own time", (0, 1), "what is not yet used")
    _agenda = column("orgs.agenda", "agenda units", (-1e3, 1e3))
    remit = column("orgs.remit", "agenda units", (-1e3, 1e3), "what its own duties ask for")
    number = column("orgs.number", "number", None, "permanent number, the address of its luck")
    member = column("orgs.member", "yes or no", None, "whether it takes part")
    founder = column("orgs.founder", "yes or no", None, "whether it is among the founders")
    meetings = column("orgs.met", "meetings a month", None, "started and received, all kinds")
    joint_time = column("orgs.joint_time", "FTE", None, "joint work this month")
    everyday_time = column("orgs.everyday_time", "FTE", None, "bilateral work this month")
    service_time = column("orgs.service_time", "FTE", None, "own services forgone this month")
    contacts = column("orgs.contacts", "months", None, "with a meeting a backbone arranged")
    self_started = column("orgs.self_started", "meetings", None, "own ones since month 0")
    champion = column("orgs.champion", "yes or no", None, "whether its person opens doors")
    region = column("orgs.region", "row", None, "row of its region")
    community = column("orgs.community", "row", None, "row of its community, -1 for a body")

    @property
    def name(self) -> str:
        """Return its name in the world's file, else where it is: "Pohde/3/education"."""
        return self.model.scenario.organisation_name(self.number)

    @property
    def sector(self) -> str:
        """Return its sector, one of cisim.model.state.SECTORS."""
        return SECTORS[self.model.state.orgs.sector[self.row]]

    @property
    def agenda(self) -> tuple[float, float, float]:
        """Return what it works for (agenda units, three axes); can be set."""
        a, b, c = self.model.state.orgs.agenda[self.row].tolist()
        return a, b, c

    @agenda.setter
    def agenda(self, value: tuple[float, float, float]) -> None:
        self._agenda = value
        ties, agenda = self.model.state.ties, self.model.state.orgs.agenda
        scale = self.model.parameters.agree_scale
        align_one(self.row, ties.start, ties.other, ties.reverse, agenda, scale, ties.aligned)

    @property
    def public(self) -> bool:
        """Return whether it is a public organisation."""
        return bool(self.model.state.orgs.sector[self.row] < PUBLIC)

    @property
    def eligible(self) -> bool:
        """Return whether it may take part in the partnership; can be set."""
        return bool(self.model.state.orgs.eligible[self.row])

    @eligible.setter
    def eligible(self, value: bool) -> None:
        self.model.state.orgs.eligible[self.row] = bool(value)
        if not value:
            self.leave()

    def _arcs(self) -> slice:
        start = self.model.state.ties.start
        return slice(int(start[self.row]), int(start[self.row + 1]))

    @property
    def trust(self) -> float:
        """Return its mean trust in those it knows, nan if it knows nobody (0..1).

        Setting it makes all its ties start anew from that trust: prior and evidence are reset.
        """
        ties, arcs = self.model.state.ties, self._arcs()
        n0 = self.model.parameters.prior_weight
        kept, broken = ties.kept[arcs], ties.broken[arcs]
        if not kept.size:
            return math.nan
        return float(np.mean((n0 * ties.prior[arcs] + kept) / (n0 + kept + broken)))

    @trust.setter
    def trust(self, value: float) -> None:
        if not 0 <= value <= 1:
            raise ValueError(f"Organisation.trust is {shown(value)}; allowed is 0 to 1")
        ties, arcs = self.model.state.ties, self._arcs()
        ties.prior[arcs] = ties.first[arcs] = value
        ties.kept[arcs] = 0.0
        ties.broken[arcs] = 0.0
        ties.damage[arcs] = 0.0

    @property
    def standing(self) -> float:
        """Return how many in its region know and trust it: sum of familiarity times trust."""
        ties, n0 = self.model.state.ties, self.model.parameters.prior_weight
        back = ties.reverse[int(ties.start[self.row]) : int(ties.near[self.row])]
        seen = ties.kept[back] + ties.broken[back]
        trusted = n0 * ties.prior[back] + ties.kept[back]
        return float(np.sum(trusted * seen / (n0 + seen) ** 2))

    def ties(self) -> Iterator[Tie]:
        """Yield its view of every neighbour."""
        ties, n0 = self.model.state.ties, self.model.parameters.prior_weight
        arcs = self._arcs()
        for arc in range(arcs.start, arcs.stop):
            seen = float(ties.kept[arc] + ties.broken[arc])
            tau = (n0 * float(ties.prior[arc]) + float(ties.kept[arc])) / (n0 + seen)
            yield Tie(self.model.organisation(int(ties.other[arc])), tau, seen / (n0 + seen))

    def join(self, commitment: float | None = None) -> None:
        """Become a member at once, as committed as its reasons have it, if nothing else is said.

        Raises ValueError if it is not eligible.
        """
        if not self.eligible:
            raise ValueError(f"{self.name} is not eligible and cannot join")
        if commitment is None:
            commit_one(self.model.state, self.model.parameters, self.row)
        else:
            self.commitment = commitment
        self.model.state.orgs.member[self.row] = True

    def leave(self) -> None:
        """Stop being a member at once; its ties remain."""
        self.model.state.orgs.member[self.row] = False
        self.model.state.orgs.commitment[self.row] = 0.0

    def change_representative(self) -> None:
        """Let a new person represent it: personal relations and half the know-how go."""
        change_representative(self.model.state, self.model.parameters, self.row)

    def break_promises(self, times: float = 1.0) -> None:
        """Break `times` promises to everyone it knows; they remember it as broken_weight each."""
        if not 0 <= times <= 1e6:
            raise ValueError(f"times is {shown(times)}; allowed is 0 to 1,000,000")
        ties, arcs = self.model.state.ties, self._arcs()
        ties.broken[ties.reverse[arcs]] += times * self.model.parameters.broken_weight


class Community(Row):
    """A municipality or neighbourhood with its children."""

    children = column("communities.children", "children", None, "n")
    deprivation = column("communities.deprivation", "0..1", None, "d")
    participating = column("communities.participating", "yes or no", None)
    need = column("communities.need", "agenda units", (-1e3, 1e3), "what children need")
    joint_activity = column("communities.joint", "0..1", None, "J, of the partnership")
    everyday_activity = column("communities.everyday", "0..1", None, "J of bilateral work")
    visible_results = column("communities.visible", "0..1", None, "R")
    trust = column("communities.trust", "0..1", (0, 1), "T, earned of the partnership")
    service_forgone = column("communities.service", "FTE per 1000 children", None)
    region = column("communities.region", "row", None, "row of its region")

    @property
    def name(self) -> str:
        """Return its name in the world's file, else region and number: "Pohde/3"."""
        return self.model.scenario.community_name(self.row)

    @property
    def wellbeing_gain(self) -> float:
        """Return the points of wellbeing above those of the ordinary world."""
        communities, p = self.model.state.communities, self.model.parameters
        start = p.wellbeing_base - p.wellbeing_deprivation * self.deprivation
        room = (p.headroom_base - start) / p.headroom_span - 1.0
        headroom = 1.0 + self.model.state.levers.headroom * room
        reached = float(communities.delay[self.row, 2] - communities.baseline[self.row])
        return p.wb_max * headroom * reached

    @property
    def wellbeing(self) -> float:
        """Return the wellbeing index (points of 100)."""
        p = self.model.parameters
        return p.wellbeing_base - p.wellbeing_deprivation * self.deprivation + self.wellbeing_gain


class Backbone(Row):
    """Paid support behind the scenes: the national backbone, or a region's. It gives no mandate.

    `resources`, `start` and `seed_end` are those of its own post, the one that levers and events
    set; posts of the file are beside it.
    """

    staff = column("backbones.staff", "FTE", (0, 1e6), "staff now")
    resources = column("posts.fte", "FTE", (0, 1e6), "staff of its own post")
    start = column("posts.start", "month", (0, 100_000), "first month of its own post")
    seed_end = column("posts.end", "month", (0, 100_000), "month the money for its own post ends")
    end = column("backbones.end", "month", (0, 100_000), "month it closes, whatever its posts")
    knowhow = column("backbones.knowhow", "0..1", (0, 1), "K, what it has learnt")

    @property
    def national(self) -> bool:
        """Return whether this is the national backbone."""
        return self.row == 0

    @property
    def region(self) -> int:
        """Return the row of its region, -1 for the national one."""
        return self.row - 1

    @property
    def name(self) -> str:
        """Return "national backbone", or the region's name with "backbone"."""
        if self.national:
            return "national backbone"
        return f"{self.model.scenario.region_name(self.region)} backbone"

    @property
    def mandate(self) -> float:
        """Return 0: a backbone supports and cannot promise for anybody (K26, NZ)."""
        return 0.0

    @property
    def trust(self) -> float:
        """Return members' mean trust in each other where it works, nan if there are none (0..1)."""
        members = [
            organisation
            for organisation in self.model.agents_by_type[Organisation]
            if organisation.member and (self.national or organisation.region == self.region)
        ]
        levels = [
            tie.trust
            for one in members
            for tie in one.ties()
            if tie.other.member and (self.national or tie.other.region == self.region)
        ]
        return float(np.mean(levels)) if levels else math.nan

    @property
    def roles(self) -> dict[str, float]:
        """Return the coverage of each of its roles, 0..1 (national: mean over regions)."""
        regions = self.model.state.regions
        if self.national:
            return dict(zip(NATIONAL_ROLES, regions.national.mean(axis=0).tolist(), strict=True))
        return dict(zip(REGIONAL_ROLES, regions.roles[self.region].tolist(), strict=True))

    def wait(self, month: int) -> None:
        """Let no post of it, whoever pays, start before a month."""
        posts = self.model.state.posts
        mine = posts.backbone == self.row
        posts.start[mine] = np.maximum(posts.start[mine], month)

    def close(self) -> None:
        """Close from this month on."""
        self.end = self.model.month


class Sponsor(Row):
    """A leader outside the backbone who legitimises, resources and secures continuity."""

    engagement = column("sponsors.engagement", "-1..1", (-1, 1), "g; negative is hostile")
    mandate = column("sponsors.engagement", "-1..1", (-1, 1), "what it gives its organisations")
    position = column("sponsors.position", "agenda units", (-1e3, 1e3), "what it wants")
    budget = column("sponsors.budget", "times sponsor_budget", (0, 1e6), "at full engagement")
    cap = column("sponsors.cap", "FTE", (0, NO_CAP), "pays at most so much")
    link = column("sponsors.link", "0..1", (0, 1), "how closely it is tied to the backbone")
    present = column("sponsors.present", "yes or no", None, "whether it is there")
    region = column("sponsors.region", "row", None, "row of its region")

    @property
    def kind(self) -> str:
        """Return health, education, political or municipal."""
        return SPONSOR_KINDS[self.model.state.sponsors.kind[self.row]]

    @property
    def name(self) -> str:
        """Return the region's name and the kind of sponsor."""
        return f"{self.model.scenario.region_name(self.region)} {self.kind} sponsor"

    @property
    def trust(self) -> float:
        """Return how far it believes in the partnership by what it sees, 0..1."""
        return math.sqrt(self.link) * float(self.model.state.regions.shown[self.region])

    @property
    def resources(self) -> float:
        """Return what it pays at its present engagement (FTE)."""
        p = self.model.parameters
        above = max(0.0, self.engagement - p.sponsor_base)
        paid: float = p.sponsor_budget * self.budget * above / (1.0 - p.sponsor_base)
        return min(self.cap, paid)

    def leave(self) -> None:
        """Go, and take engagement along: mandates lapse from here on."""
        self.model.state.sponsors.present[self.row] = False
        self.model.state.sponsors.engagement[self.row] = 0.0

    def arrive(self) -> None:
        """Come (back) with the goodwill of a newcomer."""
        p = self.model.parameters
        goodwill = p.sponsor_base * min(1.0, p.loose_gain * self.link)
        self.model.state.sponsors.present[self.row] = True
        self.model.state.sponsors.engagement[self.row] = goodwill
