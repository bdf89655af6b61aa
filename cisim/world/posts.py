"""Posts: `[[posts]]` of a structure, a row for each. Nobody is paid by nobody.

    [[posts]]
    where = "regional"                      # "national", "regional" or "academic"
    region = "North"                        # left out: every region has one
    fte = 1.0
    from = "2027-01"                        # a month, or a date where the world has a start
    until = "2028-07"                       # from then on there is none
    payer = "foundation"
    after = { takeover = "County", share = 0.5 }

What ends ends, unless `after` says who goes on: a payer that takes over a share from then on, or
sponsors by their rule, with at most `cap` FTE. A post that is theirs from the beginning has
`payer = "sponsors"` and a cap instead of fte. An academic partner's time goes half to evaluation
and half to knowledge; all others divide theirs by `roles`, or as the structure says. What a
backbone pays members for joint work has `where = "local-action"`; that is money, and no staff.
"""

from __future__ import annotations

from typing import Annotated, Any, Literal

from pydantic import BaseModel, ConfigDict, Field, field_validator, model_validator

from cisim.model.input_error import nearest, shown
from cisim.model.state import NATIONAL_ROLES, REGIONAL_ROLES
from cisim.model.told import Sentences
from cisim.world.calendar import When
from cisim.world.payers import SPONSORS, PayerName
from cisim.world.texts import Line

SAYS = Sentences(
    "posts",
    one_payer="allowed is one payer's name; a post of two payers is two posts, each with its part "
    "of fte",
    after='allowed is "nothing", "sponsors", or a table with takeover = PAYER',
    national="a national post has no region; leave region out",
    academic="an academic partner has no roles: half evaluation, half knowledge",
    local_action="local action is money to members, who have no roles of a backbone",
    role="roles has {role}, which is no {where} role.{near}",
    roles="the shares of roles add up to {total:.3g}; allowed is at most 1",
    regional="sponsors pay regional posts only; name another payer",
    cap="cap is missing: the FTE that sponsors pay at most",
    no_cap='cap belongs to payer = "sponsors" or after = "sponsors"',
    no_fte='with payer = "sponsors" fte follows from their rule; leave it out',
    both='payer and after are both "sponsors"; a later until says the same',
    fte="fte is missing; it must be a number from 0 to 10000 (FTE)",
    takeover="a takeover of what sponsors pay is a post of its own",
    by_sponsors='a takeover by sponsors is after = "sponsors", with a cap',
    until="until is missing: after says what comes when the post ends",
    order="until is {until}, not after from ({start}); a post ends after it begins",
    two="after.from is {start}, before until ({until}), so two payers would pay one post; allowed "
    "is {until} or later",
    after_order="after.until is {until}, not after the takeover begins ({start})",
)
Where = Literal["national", "regional", "academic", "local-action"]
BACKBONES = ("national", "regional")
MOST_POSTS = 500
ROLES: dict[str, tuple[str, ...]] = {"national": NATIONAL_ROLES, "regional": REGIONAL_ROLES}
Fte = Annotated[float, Field(ge=0, le=10_000, json_schema_extra={"unit": "FTE"})]
Cap = Annotated[float, Field(gt=0, le=10_000, json_schema_extra={"unit": "FTE"})]


def _one_payer(given: Any) -> Any:
    if isinstance(given, list | dict):
        raise ValueError(SAYS("one_payer"))
    return given


class Takeover(BaseModel):
    """Who goes on where a post ends, and with how much of it.

    from_, until : left out, from the end of the post on, and for good
    """

    model_config = ConfigDict(
        frozen=True, extra="forbid", strict=True, allow_inf_nan=False, populate_by_name=True
    )

    takeover: PayerName
    share: float = Field(default=1.0, gt=0, le=100, json_schema_extra={"unit": "share"})
    from_: When | None = Field(default=None, alias="from")
    until: When | None = None

    @field_validator("takeover", mode="before")
    @classmethod
    def _named(cls, given: Any) -> Any:
        return _one_payer(given)


class Post(BaseModel):
    """A post: where, how much, from when until when, and who pays it.

    region : of all but a national one; left out, every region has one
    fte    : staff, or paid joint work, in each place; left out where sponsors pay by their rule
    roles  : shares of its time by role, where they differ from the structure's
    from_, until : first month, and month from which it is no more; left out, from month 0 on
    after  : what comes when it ends
    cap    : FTE that sponsors pay at most by their rule
    """

    model_config = ConfigDict(
        frozen=True, extra="forbid", strict=True, allow_inf_nan=False, populate_by_name=True
    )

    name: Annotated[Line, Field(max_length=60)] = ""
    where: Where
    region: Line | None = None
    fte: Fte | None = None
    roles: dict[str, Annotated[float, Field(ge=0, le=1)]] | None = None
    from_: When = Field(default=0, alias="from")
    until: When | None = None
    payer: PayerName
    after: Literal["nothing", "sponsors"] | Takeover = "nothing"
    cap: Cap | None = None

    @field_validator("after", mode="before")
    @classmethod
    def _who_goes_on(cls, given: Any) -> Any:
        if isinstance(given, dict) and "takeover" not in given:
            raise ValueError(SAYS("after"))
        return given

    @field_validator("payer", mode="before")
    @classmethod
    def _one(cls, given: Any) -> Any:
        return _one_payer(given)

    @model_validator(mode="after")
    def _holds_together(self) -> Post:
        if self.region is not None and self.where == "national":
            raise ValueError(SAYS("national"))
        self._check_roles()
        self._check_sponsors()
        self._check_order()
        return self

    def _check_roles(self) -> None:
        if self.roles is None:
            return
        if self.where == "academic":
            raise ValueError(SAYS("academic"))
        if self.where == "local-action":
            raise ValueError(SAYS("local_action"))
        known = ROLES[self.where]
        for role in self.roles:
            if role not in known:
                raise ValueError(
                    SAYS("role", role=shown(role), where=self.where, near=nearest(role, known))
                )
        total = sum(self.roles.values())
        if total > 1 + 1e-9:
            raise ValueError(SAYS("roles", total=total))

    def _check_sponsors(self) -> None:
        theirs = self.payer == SPONSORS
        if theirs or self.after == "sponsors":
            if self.where != "regional":
                raise ValueError(SAYS("regional"))
            if self.cap is None:
                raise ValueError(SAYS("cap"))
        elif self.cap is not None:
            raise ValueError(SAYS("no_cap"))
        if theirs and self.fte is not None:
            raise ValueError(SAYS("no_fte"))
        if theirs and self.after == "sponsors":
            raise ValueError(SAYS("both"))
        if not theirs and self.fte is None:
            raise ValueError(SAYS("fte"))
        if isinstance(self.after, Takeover):
            if theirs:
                raise ValueError(SAYS("takeover"))
            if self.after.takeover == SPONSORS:
                raise ValueError(SAYS("by_sponsors"))
        if self.after != "nothing" and self.until is None:
            raise ValueError(SAYS("until"))

    def _check_order(self) -> None:
        """Compare what can be compared without a calendar; the rest waits for the world."""
        if _before(self.until, self.from_):
            raise ValueError(SAYS("order", until=self.until, start=self.from_))
        if isinstance(self.after, Takeover):
            start = self.until if self.after.from_ is None else self.after.from_
            if self.until is not None and start != self.until and _before(start, self.until):
                raise ValueError(SAYS("two", start=start, until=self.until))
            if start is not None and _before(self.after.until, start):
                raise ValueError(SAYS("after_order", until=self.after.until, start=start))


def _before(end: int | str | None, start: int | str | None) -> bool:
    """Return whether an end is surely not after a start; both are months, or both are dates."""
    if isinstance(end, int) and isinstance(start, int):
        return end <= start
    if isinstance(end, str) and isinstance(start, str):
        return end <= start  # "2027-07": as text they stand in the order of time
    return False
