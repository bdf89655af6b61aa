"""A structure: what can be chosen. Backbones, sponsors, who pays, and how staff time is divided.

Levers carry no uncertainty: they are what is decided, not what is believed, and are never swept
together with parameters. National staff and national grants are given for five regions; a world
scales them (World.national_scale). A structure without any lever set is a world without backbones.

Whoever is paid is paid by somebody. `[[posts]]` are rows of their own (posts.py), paid by
`[[payers]]` (payers.py). The levers of staff are the short form of posts that a foundation pays;
staffing.py says what they resolve to. What ends ends: sponsors pay a regional post only where a
row, or the lever `sponsors_post`, says so and how much at most.

A month may be given as a date, "2027-07". It waits until a world says when it starts: `counted`.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Annotated, Any, get_args

from pydantic import (
    BaseModel,
    ConfigDict,
    Field,
    ModelWrapValidatorHandler,
    PrivateAttr,
    model_validator,
)

from cisim.model.input_error import ObjectionsError, Problems, shown
from cisim.model.quantity import Evidence, declarations, quantity
from cisim.model.state import NATIONAL_ROLES, REGIONAL_ROLES, SponsorKind
from cisim.model.told import Sentences
from cisim.world.calendar import Calendar, is_date
from cisim.world.functions import Functions, usual
from cisim.world.levers.agreements import Agreements
from cisim.world.levers.components import Components
from cisim.world.levers.flows import Flows
from cisim.world.levers.governance import Governance
from cisim.world.levers.home import Home
from cisim.world.levers.innovation import Innovation
from cisim.world.levers.partners import Partners
from cisim.world.levers.phases import Phases
from cisim.world.names import Reference
from cisim.world.participation import Founders, Participation
from cisim.world.payers import FOUNDATION, NAMED_PAYERS, SPONSORS, Payer
from cisim.world.posts import MOST_POSTS, Post, Takeover
from cisim.world.responsibilities import Limit, Responsibilities
from cisim.world.sponsors import SponsorGiven, twice
from cisim.world.texts import SAYS as TEXTS
from cisim.world.texts import Line, Lines

SAYS = Sentences(
    "structures",
    both_shares="responsibilities divide staff time, as does {other}; allowed is one of them",
    payer_twice="payers has {name} twice; allowed is each name once",
    sponsors_twice="payers has two sponsors of the kind {kind}; allowed is one of each kind",
    foundation=(
        "payers[{at}].kind is {kind}; allowed is foundation, as its name is that of the one "
        "that pays the levers"
    ),
    no_payer=(
        "posts[{at}].{field} is {name}, and no payer is called so; allowed is one of "
        "{names}, or a [[payers]] of that name"
    ),
    a_sponsor=(
        "posts[{at}].{field} is {name}, a sponsor, and sponsors pay by their rule only; "
        'allowed is "{sponsors}" with a cap'
    ),
    every_region="every region",
    elsewhere=(
        "posts[{at}].{field} is {name}, which pays in {region} only, but the post is in {place}"
    ),
    all_money="gives all the money that there is, and {names} would add to it",
    same_money="same_money_as {words}; allowed is one or the other",
)

NEVER_ENDS = 100_000
_K26_STAFF = Evidence(
    "K26",
    "The national backbone consists of four members for five regions; development workers in the "
    "four first regions were paid at 50% working time during 2020-2026.",
    ("existence", "size"),
)


def _chosen(words: str, source: str = "judgement") -> Evidence:
    return Evidence(source, words, () if source == "judgement" else ("existence",))


def _share(role: str, default: float, evidence: Evidence) -> float:
    return quantity(
        default,
        unit="share",
        bounds=(0, 1),
        constant=True,
        evidence=evidence,
        meaning=f"The share of staff time for the {role}.",
        submodel="backbones",
    )


_FIVE = Evidence("K26", "Five roles of a national backbone (Table 3).", ("existence",))
_FOUR = Evidence("K26", "Four roles of a regional backbone (Table 3).", ("existence",))


class _Roles(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid", strict=True, allow_inf_nan=False)

    @model_validator(mode="after")
    def _at_most_all_the_time(self) -> _Roles:
        total = sum(getattr(self, name) for name in type(self).model_fields)
        if total > 1 + 1e-9:
            raise ValueError(TEXTS("shares", total=total))
        return self


class NationalRoles(_Roles):
    """How national staff divide their time; what is not given out is administration."""

    futures: float = _share("futures thinker", 0.2, _FIVE)
    implementation: float = _share("implementation supporter", 0.2, _FIVE)
    evaluation: float = _share("evaluator", 0.2, _FIVE)
    bridge: float = _share("bridge builder", 0.2, _FIVE)
    knowledge: float = _share("knowledge broker", 0.2, _FIVE)


class RegionalRoles(_Roles):
    """How regional staff divide their time; what is not given out is administration."""

    cross_sectoral: float = _share("cross-sectoral player", 0.25, _FOUR)
    local_support: float = _share("local support", 0.25, _FOUR)
    knowledge_gatherer: float = _share("local knowledge gatherer", 0.25, _FOUR)
    information_broker: float = _share("information broker", 0.25, _FOUR)


assert tuple(NationalRoles.model_fields) == NATIONAL_ROLES
assert tuple(RegionalRoles.model_fields) == REGIONAL_ROLES


class Structure(Components, Flows, Home, Governance, Partners, Agreements, Phases, Innovation):
    """What is chosen; read from configs/structures/NAME.toml.

    regional     : whether regions have a backbone of their own
    regional_fte : its staff in every region; left out, each region's planned seed_fte
    sponsors     : which leaders are there: kinds by name, or a row for each that is not as usual
    participation : which communities take part: file, all, none, a number, or names
    founders     : who founds the partnership: file, drawn, none, names, or a network
    left_out     : organisations that may not take part though their community does
    selection    : whom recruiters ask: open (anybody), usual-suspects, or complementary
    champion     : who opens doors: none, best-trusted (of each region's founders), or names
    agreement    : none, letter-of-intent, contract, or contract-with-exit-clause
    steering     : what the steering group works on: none, operational, strategic, or both
    posts        : posts beside those of the levers
    payers       : who pays posts, beside the foundation and sponsors
    same_money_as : a scenario, by name or file: what its payers pay in the same future goes to
                   organisations, in the same region and month, and nothing else is paid
    functions    : who carries which function of leadership: a table, by name, path or in place
    responsibilities : staff time by the six responsibilities, in place of role shares and advocacy
    allow        : limits of a backbone that are crossed on purpose, see limits.py
    """

    model_config = ConfigDict(frozen=True, extra="forbid", strict=True, allow_inf_nan=False)

    title: Annotated[Line, Field(max_length=200)] = ""
    source: Lines = ""

    national_fte: float = quantity(
        0,
        unit="FTE for five regions",
        bounds=(0, 10_000),
        constant=True,
        evidence=_K26_STAFF,
        meaning="Staff of the national backbone, given for five regions.",
        submodel="backbones",
    )
    national_start: float = quantity(
        0,
        unit="month",
        bounds=(0, NEVER_ENDS),
        whole=True,
        dated=True,
        constant=True,
        evidence=_chosen("Chosen."),
        meaning="The month in which the national backbone starts.",
        submodel="backbones",
    )
    national_end: float = quantity(
        NEVER_ENDS,
        unit="month",
        bounds=(0, NEVER_ENDS),
        whole=True,
        dated=True,
        constant=True,
        evidence=_chosen("Chosen."),
        meaning="The month from which there is no national backbone any more.",
        submodel="backbones",
    )
    regional: bool = False
    regional_fte: float | None = Field(
        default=None, ge=0, le=10_000, json_schema_extra={"unit": "FTE a region"}
    )
    regional_scale: float = quantity(
        1,
        unit="–",
        bounds=(0, 1000),
        constant=True,
        evidence=_chosen("Chosen; the staff that it multiplies belongs to the world's file."),
        meaning="What the planned regional staff is multiplied by.",
        submodel="backbones",
    )
    regional_start: float = quantity(
        0,
        unit="month",
        bounds=(0, NEVER_ENDS),
        whole=True,
        dated=True,
        constant=True,
        evidence=_chosen("Chosen."),
        meaning="The month in which regional backbones start.",
        submodel="backbones",
    )
    regional_end: float = quantity(
        NEVER_ENDS,
        unit="month",
        bounds=(0, NEVER_ENDS),
        whole=True,
        dated=True,
        constant=True,
        evidence=_chosen("Chosen."),
        meaning="The month from which there are no regional backbones any more.",
        submodel="backbones",
    )
    seed_end: float = quantity(
        60,
        unit="month",
        bounds=(0, NEVER_ENDS),
        whole=True,
        dated=True,
        constant=True,
        evidence=Evidence(
            "K26",
            "The foundation funds development workers in the four first regions during 2020-2026.",
            ("existence", "size"),
        ),
        meaning="The month in which seed money for regional staff, or grants in its place, ends.",
        submodel="sponsors",
    )
    academic_fte: float = quantity(
        0,
        unit="FTE a region",
        bounds=(0, 1000),
        constant=True,
        evidence=_chosen(
            "The most common backbone structure is a programme of a university hospital or "
            "department; staff size is not given.",
            "V20",
        ),
        meaning="An academic partner in every region, for evaluation and knowledge.",
        submodel="backbones",
    )
    national_roles: NationalRoles = NationalRoles()
    regional_roles: RegionalRoles = RegionalRoles()
    sponsors: list[SponsorGiven] = Field(default=list(get_args(SponsorKind)), max_length=100_000)
    sponsor_link: float = quantity(
        0.5,
        unit="0..1",
        bounds=(0, 1),
        constant=True,
        evidence=Evidence(
            "K26",
            "Sponsors 'may only be loosely or unofficially connected' (the default, .5) and should "
            "be integrated more closely (1). That they are absent (0) is a counterfactual of ours.",
            ("existence", "sign"),
        ),
        meaning="How closely sponsors are tied to the backbone: 1 integrated, .5 loose, 0 absent.",
        submodel="sponsors",
    )
    neutrality: float = quantity(
        0.5,
        unit="0..1",
        bounds=(0, 1),
        constant=True,
        evidence=_chosen("ITLA emerges as a neutral external actor; size not given.", "K26"),
        meaning="How far the host keeps those who pay from setting the agenda.",
        submodel="agenda",
    )
    credibility: float = quantity(
        0.7,
        unit="0..1",
        bounds=(0, 1),
        constant=True,
        evidence=_chosen(
            "Backbones need credibility with the communities most affected by inequities. "
            "Staff that reflect them (“diversity”) are a way to it, so the two are one lever.",
            "NZ",
        ),
        meaning="How far communities that are worst off trust the partnership.",
        submodel="activity",
    )
    advocacy: float = quantity(
        0.2,
        unit="share",
        bounds=(0, 1),
        constant=True,
        evidence=_chosen(
            "Build public will, advance policy, mobilise funding. In the model all three do one "
            "thing: sponsors see more. It gives no mandate, as only sponsors do, and it does "
            "nothing to the public.",
            "NZ",
        ),
        meaning="The share of futures, bridge and broker time that makes sponsors see more.",
        submodel="backbones",
    )
    engagement: float = quantity(
        0.3,
        unit="0..1",
        bounds=(0, 1),
        constant=True,
        evidence=_chosen("Beneficiary engagement is a component of its own.", "R21"),
        meaning="How far those concerned take part in deciding and doing.",
        submodel="agenda",
    )
    backbone_share: float = quantity(
        0.4,
        unit="share",
        bounds=(0, 1),
        constant=True,
        evidence=_chosen("A backbone does not receive all of the funding.", "NZ"),
        meaning="The share of sponsors' money that pays the regional coordinator.",
        submodel="sponsors",
    )
    sponsors_post: float = quantity(
        0,
        unit="FTE a region",
        bounds=(0, 10_000),
        constant=True,
        evidence=Evidence(
            "K26",
            "Regions after the first four finance their work from their own budgets, and a region "
            "usually has one to two development workers (Introduction, Research data). 2 is the "
            "most that such a region has; that sponsors follow a rule is judgement.",
            ("existence", "size"),
        ),
        meaning="The most that sponsors pay of a regional backbone's staff by their rule; 0 is no "
        "such post.",
        submodel="sponsors",
    )
    grant_nat: float = quantity(
        0,
        unit="FTE for five regions",
        bounds=(0, 10_000),
        constant=True,
        evidence=_chosen("The comparison with planned posts as money; no source makes it."),
        meaning="Grants to eligible organisations in place of a national backbone.",
        submodel="sponsors",
    )
    grant_reg: float = quantity(
        0,
        unit="times the planned regional staff",
        bounds=(0, 1000),
        constant=True,
        evidence=_chosen("The comparison with planned posts as money; no source makes it."),
        meaning="Grants to eligible organisations in place of regional staff, while it lasts.",
        submodel="sponsors",
    )
    grant_joint: float = quantity(
        0,
        unit="share",
        bounds=(0, 1),
        constant=True,
        evidence=_chosen("Chosen."),
        meaning="The share of grants that is earmarked to members' joint work.",
        submodel="sponsors",
    )
    same_money_as: Annotated[Line, Field(min_length=1, max_length=1000)] | None = None
    same_money_use: float = quantity(
        0,
        unit="share",
        bounds=(0, 1),
        constant=True,
        evidence=_chosen("Chosen; 0 is time of their own, 1 is joint work only."),
        meaning="With same_money_as, the share of the money that is earmarked to members' joint "
        "work.",
        submodel="sponsors",
    )
    headroom: float = quantity(
        0,
        unit="0..1",
        bounds=(0, 1),
        constant=True,
        evidence=_chosen("Equal headroom unless chosen otherwise."),
        meaning="How much more room for better there is where wellbeing is lower.",
        submodel="activity",
    )
    posts: list[Post] = Field(default=[], max_length=MOST_POSTS)
    payers: list[Payer] = Field(default=[], max_length=NAMED_PAYERS)

    participation: Participation = "file"
    founders: Founders = "file"
    left_out: list[Reference] = Field(default=[], max_length=1_000_000)
    functions: Functions = Field(default_factory=usual)
    responsibilities: Responsibilities | None = None
    allow: list[Limit] = Field(default=[], max_length=5)

    _dates: dict[str, str] = PrivateAttr(default_factory=dict)

    @model_validator(mode="wrap")
    @classmethod
    def _dates_wait(cls, given: Any, handler: ModelWrapValidatorHandler[Structure]) -> Structure:
        if not isinstance(given, Mapping):
            return handler(given)
        dates = {name: given[name] for name in MONTHS if is_date(given.get(name))}
        found = handler({name: value for name, value in given.items() if name not in dates})
        if dates:
            found._dates = dates
        return found

    def counted(self, calendar: Calendar, lead: str) -> Structure:
        """Return it with its dates as months of a calendar.

        lead : what stands before a lever's name in a sentence: "my.toml: structure_changes."

        Raises InputError, a sentence for each date that is no month of this calendar.
        """
        if not self._dates:
            return self
        wrong, months = Problems(), {}
        for name, date in self._dates.items():
            with wrong.gathered():
                months[name] = float(calendar.parse(date, f"{lead}{name}"))
        wrong.refuse()
        found = self.model_copy(update=months)
        found._dates = {}
        return found

    @model_validator(mode="after")
    def _holds_together(self) -> Structure:
        found = list(dict.fromkeys(twice(self.sponsors)))
        found += [*self._payers_hold(), *self._posts_are_paid(), *self._pays_nothing_else()]
        found += self._responsible_for()
        if found:
            raise ObjectionsError(*found)
        return self

    def _responsible_for(self) -> list[str]:
        """Resolve responsibilities into roles; say what else divides the same time."""
        given = self.responsibilities
        if given is None:
            return []
        meant = {
            "national_roles": NationalRoles(**given.national),
            "regional_roles": RegionalRoles(**given.regional),
            "advocacy": given.advocacy,
        }
        both = [name for name, value in meant.items()
                if name in self.model_fields_set and getattr(self, name) != value]  # fmt: skip
        if both:
            other = ", ".join(both)
            return [SAYS("both_shares", other=other)]
        for name, value in meant.items():  # they follow, and are not what was set
            self.__dict__[name] = value
            self.__pydantic_fields_set__.discard(name)
        return []

    def _payers_hold(self) -> list[str]:
        """Say which payers are named twice, and what their kind forbids."""
        found: list[str] = []
        names = [payer.name for payer in self.payers]
        twice = {name for name in names if names.count(name) > 1}
        found += [SAYS("payer_twice", name=shown(name)) for name in
                  dict.fromkeys(names) if name in twice]  # fmt: skip
        kinds = [payer.sponsor for payer in self.payers if payer.sponsor is not None]
        found += [SAYS("sponsors_twice", kind=kind) for
                  kind in dict.fromkeys(kinds) if kinds.count(kind) > 1]  # fmt: skip
        found += [
            SAYS("foundation", at=at, kind=payer.kind)
            for at, payer in enumerate(self.payers)
            if payer.name == FOUNDATION and payer.kind != FOUNDATION
        ]
        return found

    def _posts_are_paid(self) -> list[str]:
        """Say which posts have a payer that nobody is."""
        known = {payer.name: payer for payer in self.payers}
        named_one = any(payer.kind == FOUNDATION for payer in self.payers)
        allowed = [*([] if named_one else [FOUNDATION]), *known, SPONSORS]
        found: list[str] = []
        for at, post in enumerate(self.posts):
            named = [("payer", post.payer)]
            if isinstance(post.after, Takeover):
                named.append(("after.takeover", post.after.takeover))
            for field, name in named:
                payer = known.get(name)
                if name not in allowed:
                    found.append(
                        SAYS(
                            "no_payer",
                            at=at,
                            field=field,
                            name=shown(name),
                            names=", ".join(allowed),
                        )
                    )
                elif payer is None:
                    continue
                elif payer.kind == "sponsor":
                    found.append(
                        SAYS("a_sponsor", at=at, field=field, name=shown(name), sponsors=SPONSORS)
                    )
                elif payer.region is not None and post.region != payer.region:
                    place = SAYS("every_region") if post.region is None else shown(post.region)
                    found.append(
                        SAYS(
                            "elsewhere",
                            at=at,
                            field=field,
                            name=shown(name),
                            region=shown(payer.region),
                            place=place,
                        )
                    )
        return found

    def _pays_nothing_else(self) -> list[str]:
        """Say what else is paid where all money is that of another scenario."""
        if self.same_money_as is None:
            return []
        others = {
            "national_fte": self.national_fte,
            "regional": self.regional,
            "academic_fte": self.academic_fte,
            "grant_nat": self.grant_nat,
            "grant_reg": self.grant_reg,
            "sponsors_post": self.sponsors_post,
            "local_action": self.local_action,
            "posts": self.posts,
        }
        paid = [name for name, value in others.items() if value]
        if not paid:
            return []
        words = SAYS("all_money", names=", ".join(paid))
        return [SAYS("same_money", words=words)]

    def in_numbers(self) -> dict[str, float]:
        """Return what is chosen in words, as the numbers that the model takes."""
        return self.partners_in_numbers() | self.agreements_in_numbers()

    @property
    def pays(self) -> bool:
        """Return whether it pays anybody: staff, grants, or what another scenario pays."""
        levers = (self.national_fte, self.academic_fte, self.grant_nat, self.grant_reg)
        return any((*levers, self.local_action, self.regional, self.posts, self.same_money_as))


MONTHS = tuple(name for name, one in declarations(Structure).items() if one.dated)
"""The levers that say when something is; a file may give them as dates."""


LEVERS = tuple(name for name in Structure.model_fields if name not in ("title", "source"))
"""Every lever of a structure by name, those that are no numbers among them."""
