"""Dated events: what happens to a partnership from outside, or is done to it.

An event acts through the agents, before the schedule of its month, so it does what a user's own
policy could do. Each kind is one class, and that is all; its `kind` is its name in files.

Agents are imported where an event strikes: a place and its files are read without Mesa.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from functools import reduce
from operator import or_
from typing import TYPE_CHECKING, Annotated, Any, ClassVar, Literal, get_args

import numpy as np
from pydantic import BaseModel, ConfigDict, Field

from cisim.model.limits import MOST_MONTHS
from cisim.model.luck import uniform, word
from cisim.model.quantity import EXACTLY
from cisim.model.state import FOUNDATION, SECTORS, SPONSOR_KINDS, SponsorKind
from cisim.world import choosing
from cisim.world.choosing import USUAL, Candidate
from cisim.world.sponsors import jurisdictions
from cisim.world.structure import NEVER_ENDS
from cisim.world.texts import Line

if TYPE_CHECKING:
    from cisim.model.agents import Organisation, Sponsor
    from cisim.model.model import CollectiveImpactModel

SponsorKinds = Literal["all", SponsorKind]
Share = Annotated[float, Field(ge=0, le=1, json_schema_extra={"unit": "share"})]
Fte = Annotated[float, Field(ge=0, le=10_000, json_schema_extra={"unit": "FTE"})]


EVENTS: dict[str, type[Dated]] = {}
"""Every kind of event by its name in files: each class below adds itself."""


class Dated(BaseModel):
    """What every event has: its month, and the region it happens in (all if left out)."""

    model_config = ConfigDict(frozen=True, extra="forbid", strict=True, allow_inf_nan=False)
    words: ClassVar[str]
    if TYPE_CHECKING:
        kind: str

    month: int = Field(ge=0, le=MOST_MONTHS, json_schema_extra={"unit": "month"})
    region: str | None = None

    @classmethod
    def __pydantic_init_subclass__(cls, **more: Any) -> None:
        (kind,) = get_args(cls.model_fields["kind"].annotation)
        if kind in EVENTS:
            raise ValueError(f"the event {kind} is declared twice")
        EVENTS[kind] = cls

    def rows(self, model: CollectiveImpactModel) -> set[int]:
        """Return the rows of the regions it happens in."""
        names = [model.scenario.region_name(r) for r in range(model.state.regions.visible.size)]
        return {r for r, name in enumerate(names) if self.region in (None, name)}

    def struck(
        self, model: CollectiveImpactModel, name: str, share: float
    ) -> Iterator[Organisation]:
        """Yield the organisations of its regions that it strikes by chance."""
        from cisim.model.agents import Organisation

        address, rows = word(name), self.rows(model)
        for organisation in model.agents_by_type[Organisation]:
            if organisation.region in rows and (
                uniform(model.seed, address, model.month, organisation.number, 0) < share
            ):
                yield organisation

    def strike(self, model: CollectiveImpactModel) -> None:
        """Do what it does, to the agents of a running model."""
        raise NotImplementedError


class Election(Dated):
    """The majority changes: political and municipal sponsors are replaced."""

    words = "The majority changes; political and municipal sponsors start anew."
    kind: Literal["election"]

    def strike(self, model: CollectiveImpactModel) -> None:
        for sponsor in _sponsors(model, self.rows(model), "all"):
            if sponsor.kind in ("political", "municipal") and sponsor.present:
                sponsor.arrive()


class Reform(Dated):
    """A reform: some representatives change, and every mandate is halved towards its least."""

    words = "Services are reorganised; people change, and mandates are halved."
    kind: Literal["reform"]
    share: Share = 0.5

    def strike(self, model: CollectiveImpactModel) -> None:
        from cisim.model.agents import Organisation

        least, rows = model.parameters.mandate_min, self.rows(model)
        for organisation in self.struck(model, "reform", self.share):
            organisation.change_representative()
        for organisation in model.agents_by_type[Organisation]:
            if organisation.region in rows:
                organisation.mandate = least + (organisation.mandate - least) / 2.0


class ServicesMove(Dated):
    """Health and social services move from municipalities to the region.

    From then on municipal sponsors give no mandate to them, and the region's own leaders do as is
    usual for their kind. K26: the reform of 2023 moved them to wellbeing services counties.
    """

    words = "Health and social services move from municipalities to the region's leaders."
    kind: Literal["services-move"]

    def strike(self, model: CollectiveImpactModel) -> None:
        usual, reach = jurisdictions(model.parameters), model.state.sponsors.jurisdiction
        moved = [SECTORS.index("health"), SECTORS.index("social")]
        for sponsor in _sponsors(model, self.rows(model), "all"):
            if sponsor.kind == "municipal":
                reach[sponsor.row, moved] = 0.0
            elif sponsor.kind in ("health", "political"):
                kind = SPONSOR_KINDS.index(sponsor.kind)
                reach[sponsor.row, moved] = usual[kind, moved]


class SeedMoneyEnds(Dated):
    """What a foundation pays for regional staff, local action or grants ends in this month.

    payer : whose money it is; left out, that of every foundation
    """

    words = "The money that started it ends; who goes on is what the posts say."
    kind: Literal["seed-money-ends"]
    payer: Line | None = None

    def strike(self, model: CollectiveImpactModel) -> None:
        posts, rows = model.state.posts, self.rows(model)
        whose = set(model.scenario.paying(self.payer))
        for at in range(posts.fte.size):
            regional = posts.backbone[at] > 0 and not posts.academic[at] and not posts.cap[at] > 0.0
            if regional and posts.payer[at] in whose and posts.backbone[at] - 1 in rows:
                posts.end[at] = min(posts.end[at], model.month)
        if FOUNDATION in whose:
            ends = model.state.regions.grant_end
            for row in rows:
                ends[row] = min(ends[row], model.month)


class SponsorLeaves(Dated):
    """Sponsors go and take their engagement along."""

    words = "A sponsor goes; mandates lapse and money stops."
    kind: Literal["sponsor-leaves"]
    sponsor: SponsorKinds = "all"

    def strike(self, model: CollectiveImpactModel) -> None:
        for sponsor in _sponsors(model, self.rows(model), self.sponsor):
            sponsor.leave()


class SponsorArrives(Dated):
    """Sponsors come, or come back, with the goodwill of newcomers."""

    words = "A sponsor comes, or comes back, with a newcomer's goodwill."
    kind: Literal["sponsor-arrives"]
    sponsor: SponsorKinds = "all"
    link: Share | None = None

    def strike(self, model: CollectiveImpactModel) -> None:
        for sponsor in _sponsors(model, self.rows(model), self.sponsor):
            if self.link is not None:
                sponsor.link = self.link
            if not sponsor.present or sponsor.engagement == 0.0:
                sponsor.arrive()


class BackboneStarts(Dated):
    """A backbone starts, national or in regions, with a post of `fte` that is paid until it ends.

    payer : who pays it; left out, the foundation
    """

    words = "A backbone starts its work."
    kind: Literal["backbone-starts"]
    level: Literal["national", "regional"]
    fte: Fte
    payer: Line | None = None

    def strike(self, model: CollectiveImpactModel) -> None:
        for region in [None] if self.level == "national" else sorted(self.rows(model)):
            _start(model, region, self.fte, self.payer)


class BackboneEnds(Dated):
    """A backbone closes, national or in regions."""

    words = "A backbone closes."
    kind: Literal["backbone-ends"]
    level: Literal["national", "regional"]

    def strike(self, model: CollectiveImpactModel) -> None:
        from cisim.model.agents import Backbone

        rows = self.rows(model)
        for backbone in model.agents_by_type[Backbone]:
            if backbone.national == (self.level == "national") and (
                backbone.national or backbone.region in rows
            ):
                backbone.close()


class BackboneChosen(Dated):
    """Those who founded the partnership choose who is to be the backbone of every region.

    fte        : its staff, paid from this month on for good, unless a candidate has its own
    payer      : who pays it; left out, the foundation
    consulted  : how much communities' word counts, against that of the group
    candidates : who may be chosen; left out, kinds of homes that NZ asks about
    """

    words = "The governance group chooses the backbone, by whom its members and communities trust."
    kind: Literal["backbone-chosen"]
    region: None = None
    fte: Fte = 1.0
    payer: Line | None = None
    consulted: Share = 0.5
    candidates: list[Candidate] = Field(default=list(USUAL), min_length=1, max_length=50)

    def strike(self, model: CollectiveImpactModel) -> None:
        decision = choosing.decide(model, self.candidates, self.consulted)
        model.decisions.append(decision)
        chosen = decision.chosen
        if chosen is None:
            return
        for lever in choosing.LEVERS:
            value = getattr(chosen, lever)
            if value is not None:
                setattr(model.state.levers, lever, value)
        for region in sorted(self.rows(model)):
            _start(model, region, self.fte if chosen.fte is None else chosen.fte, self.payer)


class CommunitiesEnter(Dated):
    """Communities that did not take part may do so from now on, with their organisations.

    community : which one; left out, so many of each region that it happens in
    number    : how many, if not all
    which     : the largest by children first, or the smallest; equals by their number
    """

    words = "Communities that did not take part may do so from now on."
    kind: Literal["communities-enter"]
    community: Line | None = None
    number: Annotated[float, EXACTLY] | None = Field(
        default=None, ge=1, le=10_000, multiple_of=1, json_schema_extra={"unit": "communities"}
    )
    which: Literal["largest", "smallest"] = "largest"

    def strike(self, model: CollectiveImpactModel) -> None:
        from cisim.model.agents import Community, Organisation

        sign = -1.0 if self.which == "largest" else 1.0
        entering: set[int] = set()
        for row in self.rows(model):
            outside = [
                one
                for one in model.agents_by_type[Community]
                if one.region == row
                and not one.participating
                and self.community in (None, one.name)
            ]
            outside.sort(key=lambda one: (sign * one.children, one.row))
            many = len(outside) if self.number is None else int(self.number)
            entering |= {one.row for one in outside[:many]}
        for row in entering:
            model.state.communities.participating[row] = True
        for organisation in model.agents_by_type[Organisation]:
            if organisation.community in entering and model.scenario.may_take_part(
                organisation.number
            ):
                organisation.eligible = True


class LargeEvent(Dated):
    """Members meet in a large event: it takes time of that month, and they take new heart.

    share : of members who come
    heart : how far the commitment of those who come rises towards all that there can be
    time  : the share of what they have left in that month that it takes
    """

    words = "Members come together in a large event; it takes time and gives momentum."
    kind: Literal["large-event"]
    share: Share = 0.5
    heart: Share = 0.3
    time: Share = 0.2

    def strike(self, model: CollectiveImpactModel) -> None:
        for organisation in self.struck(model, "large-event", self.share):
            if organisation.member:
                organisation.commitment += self.heart * (1.0 - organisation.commitment)
                organisation.time_left *= 1.0 - self.time


class TurnoverWave(Dated):
    """A share of representatives changes at once."""

    words = "Many people leave at once; personal relations go with them."
    kind: Literal["turnover-wave"]
    share: Share = 0.5

    def strike(self, model: CollectiveImpactModel) -> None:
        for organisation in self.struck(model, "turnover-wave", self.share):
            organisation.change_representative()


class NationalPressure(Dated):
    """National actors step in: they claim time, mandates and agendas for a priority of their own.

    months   : how long it lasts
    pressure : how strong it is; where the structure has a stronger one, that holds
    """

    words = "National actors claim time, mandates and agendas for a priority of their own."
    kind: Literal["national-pressure"]
    months: Annotated[float, EXACTLY] = Field(
        default=24.0, ge=1, le=MOST_MONTHS, multiple_of=1, json_schema_extra={"unit": "months"}
    )
    pressure: Share = 0.5

    def strike(self, model: CollectiveImpactModel) -> None:
        regions = model.state.regions
        for row in self.rows(model):
            regions.pressure[row] = self.pressure
            regions.pressure_end[row] = model.month + int(self.months)


class BreachOfPromises(Dated):
    """A share of members breaks `promises` promises to everyone they know."""

    words = "Members let everyone they know down."
    kind: Literal["breach-of-promises"]
    share: Share = 0.5
    promises: float = Field(default=1.0, ge=0, le=1000, json_schema_extra={"unit": "promises"})

    def strike(self, model: CollectiveImpactModel) -> None:
        for organisation in self.struck(model, "breach-of-promises", self.share):
            if organisation.member:
                organisation.break_promises(self.promises)


class ChampionLeaves(Dated):
    """The champion leaves; where there is none, the person whom most know and trust."""

    words = "The person whom most know and trust leaves; what was personal goes along."
    kind: Literal["champion-leaves"]

    def strike(self, model: CollectiveImpactModel) -> None:
        from cisim.model.agents import Organisation

        for row in sorted(self.rows(model)):
            here = [
                one
                for one in model.agents_by_type[Organisation]
                if one.region == row and (one.member or one.champion)
            ]
            leaving = [one for one in here if one.champion]
            if here and not leaving:
                leaving = [max(here, key=lambda one: (one.standing, -one.number))]
            for organisation in leaving:
                organisation.change_representative()


class PayerChangesAgenda(Dated):
    """Those who pay want something else: so far away from what children need.

    payer : whose wishes change; left out, those of every foundation
    away  : how much further from the need of the communities that take part; below 0, closer to it
    """

    words = "Those who pay want something else, further from what children need, or closer to it."
    kind: Literal["payer-changes-agenda"]
    region: None = None
    payer: Line | None = None
    away: float = Field(default=1.0, ge=-100, le=100, json_schema_extra={"unit": "agenda units"})

    def strike(self, model: CollectiveImpactModel) -> None:
        communities, position = model.state.communities, model.state.payers.position
        children = communities.children * communities.participating
        if not children.any():
            children = communities.children
        # Not by @: a library for matrices adds in another order on another processor.
        need = (children[:, np.newaxis] * communities.need).sum(axis=0) / children.sum()
        for row in model.scenario.paying(self.payer):
            way = position[row] - need
            far = float(np.sqrt((way * way).sum()))
            if far > 0.0:
                position[row] = need + way * (max(0.0, far + self.away) / far)


if TYPE_CHECKING:
    Event = Dated
else:
    Event = Annotated[reduce(or_, EVENTS.values()), Field(discriminator="kind")]


def _sponsors(model: CollectiveImpactModel, rows: set[int], kind: str) -> Iterable[Sponsor]:
    from cisim.model.agents import Sponsor

    for sponsor in model.agents_by_type[Sponsor]:
        if sponsor.region in rows and kind in ("all", sponsor.kind):
            yield sponsor


def _start(model: CollectiveImpactModel, region: int | None, fte: float, payer: str | None) -> None:
    """Let a backbone start now, with a post of its own that is paid until it is ended."""
    posts = model.state.posts
    backbone = model.backbone(region)
    backbone.start = model.month
    backbone.end = backbone.seed_end = NEVER_ENDS
    backbone.resources = fte
    posts.payer[backbone.row] = FOUNDATION if payer is None else model.scenario.paying(payer)[0]
    if region is not None:  # where sponsors pay by their rule, they do so from now on, too
        theirs = (posts.backbone == backbone.row) & (posts.cap > 0.0) & (posts.follows < 0)
        posts.start[theirs] = np.minimum(posts.start[theirs], model.month)
        posts.end[theirs] = NEVER_ENDS
