"""A governance group chooses its backbone: who may become it, and by what it is chosen.

    S_k = (1 - consulted) sum_i mu_i tau_ik / sum_i mu_i + consulted credibility_k

over the members i of the group, which are the founders who take part, but for the one that would
be the backbone itself: nobody appoints itself. mu_i is what a member's representative may promise,
tau_ik its trust in the organisation that would house the backbone; in one that it does not know, or
that is new, it trusts as in strangers (trust_prior). What communities say, as far as they are
asked, is credibility. The most support is chosen, and of equals the one that is named first. Where
no member has a mandate communities alone decide; where nobody of the group is left, nobody is
chosen.

Source  NZ: the collaborative governance group, “often in consultation with other key community
        stakeholders, selects the backbone”, which “is not self-appointed” and needs “credibility
        with the communities most affected by inequities”; R21: limited mandates; that trust and
        mandates decide, and how they are weighed, is judgement
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING, Annotated, NamedTuple

from pydantic import BaseModel, ConfigDict, Field

from cisim.model.input_error import nearest, shown
from cisim.model.told import Sentences
from cisim.world.texts import Line

if TYPE_CHECKING:
    from cisim.model.agents import Organisation
    from cisim.model.model import CollectiveImpactModel

SAYS = Sentences(
    "choosing",
    holder="{field}[{at}].holder is {holder}, which is no organisation of this world.{near}",
    again="{field}[{at}].name is {name} again; allowed is each name once.",
)

Share = Annotated[float, Field(ge=0, le=1, json_schema_extra={"unit": "share"})]
LEVERS = ("credibility", "neutrality", "engagement", "start_up", "overhead")
"""What comes with a home, as the levers of a structure have it."""


class Candidate(BaseModel):
    """Who may become the backbone. What is left out stays as the structure says.

    holder : the organisation that would house it; left out, a new one, or one from elsewhere
    fte    : its staff; left out, as the event says
    """

    model_config = ConfigDict(frozen=True, extra="forbid", strict=True, allow_inf_nan=False)

    name: Annotated[Line, Field(min_length=1, max_length=60)]
    holder: Line | None = None
    fte: float | None = Field(default=None, ge=0, le=10_000, json_schema_extra={"unit": "FTE"})
    credibility: Share | None = None
    neutrality: Share | None = None
    engagement: Share | None = None
    start_up: float | None = Field(default=None, ge=0, le=120, json_schema_extra={"unit": "months"})
    overhead: float | None = Field(default=None, ge=0, le=0.95, json_schema_extra={"unit": "share"})


USUAL = (
    Candidate(name="A body that communities know", credibility=0.9, neutrality=0.7),
    Candidate(name="A large institution", credibility=0.4, neutrality=0.3),
    Candidate(name="A new structure", credibility=0.7, neutrality=0.9, start_up=9.0),
)
"""Whom a group chooses from where nobody is named: kinds of homes that NZ asks about; assumed."""


class Support(NamedTuple):
    """How far a candidate is wanted, 0..1: by the group, by communities, in all."""

    candidate: Candidate
    group: float
    communities: float
    total: float


class Decision(NamedTuple):
    """What a group decided in a month; chosen is None where nobody was left to decide."""

    month: int
    chosen: Candidate | None
    support: tuple[Support, ...]


def supports(
    model: CollectiveImpactModel, candidates: Sequence[Candidate], consulted: float
) -> tuple[Support, ...]:
    """Return how far each candidate is wanted, in their order; empty where there is no group."""
    from cisim.model.agents import Organisation

    group = [one for one in model.agents_by_type[Organisation] if one.founder and one.member]
    if not group:
        return ()
    found = []
    for candidate in candidates:
        said = candidate.credibility
        trusted = model.state.levers.credibility if said is None else said
        voters = [one for one in group if one.name != candidate.holder]
        mandates = sum(one.mandate for one in voters)
        wanted = 0.0
        if mandates > 0.0:
            wanted = sum(one.mandate * _trust(one, candidate) for one in voters) / mandates
        total = (1.0 - consulted) * wanted + consulted * trusted
        if mandates <= 0.0:
            total = trusted
        found.append(Support(candidate, wanted, trusted, total))
    return tuple(found)


def decide(
    model: CollectiveImpactModel, candidates: Sequence[Candidate], consulted: float
) -> Decision:
    """Return whom the group chooses."""
    found = supports(model, candidates, consulted)
    best = max(found, key=lambda one: one.total, default=None)  # of equals the first
    return Decision(model.month, None if best is None else best.candidate, found)


def _trust(voter: Organisation, candidate: Candidate) -> float:
    if candidate.holder is not None:
        for tie in voter.ties():
            if tie.other.name == candidate.holder:
                return tie.trust
    return voter.model.parameters.trust_prior


def misplaced(
    candidates: Sequence[Candidate], organisations: Sequence[str], field: str
) -> Iterator[str]:
    """Yield a sentence for each candidate whose holder is not of this world, or named twice."""
    known, seen = set(organisations), set[str]()
    for at, one in enumerate(candidates):
        if one.holder is not None and one.holder not in known:
            yield SAYS(
                "holder",
                field=field,
                at=at,
                holder=shown(one.holder),
                near=nearest(one.holder, organisations),
            )
        if one.name in seen:
            yield SAYS("again", field=field, at=at, name=shown(one.name))
        seen.add(one.name)
