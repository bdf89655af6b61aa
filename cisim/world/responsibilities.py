"""A backbone's six responsibilities and the roles that carry them; its five limits by name.

A structure may give shares of staff time by responsibility (NZ) instead of by role (K26); both at
once is refused. Each level of backbone divides its time so:

    responsibility                     national                    regional
    vision, w_v                        futures, bridge             information_broker
    activities, w_a                    implementation              cross_sectoral, local_support
    measurement, w_m                   evaluation, knowledge       knowledge_gatherer
    public_will, policy, funding, w_s  futures, bridge             information_broker

    futures = bridge = (w_v + w_s) / 2      evaluation = knowledge = w_m / 2
    cross_sectoral = local_support = w_a / 2        information_broker = w_v + w_s
    advocacy = w_s / (w_v + w_s)

Building public will, advancing policy and mobilising funding are done from the time of those who
speak to the outside, and the model does not tell them apart: all three make sponsors see more.
Where roles share a responsibility they share it evenly. What is not given out is administration.

Source  NZ Backbone Responsibilities (the six); K26 Table 3 (the roles); which role carries which
        is judgement, from what the two say that each does
"""

from __future__ import annotations

from typing import Any, Literal

from pydantic import BaseModel, ConfigDict, model_validator

from cisim.model.quantity import Evidence, quantity
from cisim.model.told import Sentences, several
from cisim.world.texts import SAYS as TEXTS

SAYS = Sentences("responsibilities", mean="Responsibilities mean {roles}; advocacy {advocacy:.3g}.")

Limit = Literal["agenda", "solutions", "funding", "self_appointed", "structure"]
LIMITS: dict[Limit, str] = {
    "agenda": "“does not set the group's agenda”",
    "solutions": "“does not drive or independently determine the solutions”",
    "funding": "“does not receive all of the funding for the initiative”",
    "self_appointed": "“is not self-appointed”",
    "structure": "has “the minimum amount of structure”",
}
"""What a backbone does, or does not, in the words of NZ."""


def _share(words: str, meaning: str) -> Any:
    return quantity(
        0,
        unit="share",
        bounds=(0, 1),
        constant=True,
        evidence=Evidence("NZ", words, ("existence",)),
        meaning=meaning,
        submodel="backbones",
    )


class Responsibilities(BaseModel):
    """How staff of both levels divide their time over the six responsibilities."""

    model_config = ConfigDict(frozen=True, extra="forbid", strict=True, allow_inf_nan=False)

    vision: float = _share(
        "1. Guide Vision and Strategy.", "Share of staff time that guides vision and strategy."
    )
    activities: float = _share(
        "2. Support Aligned Activities.", "Share of staff time that supports aligned activities."
    )
    measurement: float = _share(
        "3. Establish Shared Measurement Practices.",
        "Share of staff time that establishes shared measurement.",
    )
    public_will: float = _share(
        "4. Build Public Will.", "Share of staff time that builds public will."
    )
    policy: float = _share("5. Advance Policy.", "Share of staff time that advances policy.")
    funding: float = _share("6. Mobilise Funding.", "Share of staff time that mobilises funding.")

    @model_validator(mode="after")
    def _at_most_all_the_time(self) -> Responsibilities:
        total = sum(getattr(self, name) for name in type(self).model_fields)
        if total > 1 + 1e-9:
            raise ValueError(TEXTS("shares", total=total))
        return self

    @property
    def outward(self) -> float:
        """Return the share of time for public will, policy and funding."""
        return self.public_will + self.policy + self.funding

    @property
    def national(self) -> dict[str, float]:
        """Return the shares of national staff time by role."""
        spoken = (self.vision + self.outward) / 2.0
        return {
            "futures": spoken,
            "implementation": self.activities,
            "evaluation": self.measurement / 2.0,
            "bridge": spoken,
            "knowledge": self.measurement / 2.0,
        }

    @property
    def regional(self) -> dict[str, float]:
        """Return the shares of regional staff time by role."""
        return {
            "cross_sectoral": self.activities / 2.0,
            "local_support": self.activities / 2.0,
            "knowledge_gatherer": self.measurement,
            "information_broker": self.vision + self.outward,
        }

    @property
    def advocacy(self) -> float:
        """Return the share of outward roles' time that is for sponsors."""
        spoken = self.vision + self.outward
        return self.outward / spoken if spoken > 0.0 else 0.0

    @property
    def in_words(self) -> str:
        """Return what it resolves to, in a sentence."""
        levels = (("national", self.national), ("regional", self.regional))
        told = several((f"{level} {', '.join(_told(shares))}" for level, shares in levels), "; ")
        return SAYS("mean", roles=told, advocacy=self.advocacy)


def _told(shares: dict[str, float]) -> list[str]:
    return [f"{role} {share:.3g}" for role, share in shares.items()]
