"""Levers of what partners sign, and of what their steering group spends its time on."""

from __future__ import annotations

from typing import Literal

from pydantic import BaseModel

from cisim.model.quantity import Evidence

Agreement = Literal["none", "letter-of-intent", "contract", "contract-with-exit-clause"]
AGREEMENT = Evidence(
    "R21",
    "'Formal agreements are sometimes a limitation. A letter of intent might be more effective'; "
    "'I recommend an exit clause so that partners can leave the partnership' (Continuous "
    "communication).",
    ("existence",),
)
Steering = Literal["none", "operational", "strategic", "both"]
STEERING = Evidence(
    "R21",
    "'The steering group has been very operational … which has resulted in great success'; 'The "
    "steering group should provide more strategic support'; interviewees want a balance (Mutually "
    "reinforcing activities).",
    ("existence",),
)


class Agreements(BaseModel):
    """What partners sign, and what the steering group spends its time on.

    agreement : nothing, a letter of intent, a contract, or one that partners may leave
    steering  : whether the steering group works on what is done, on mandates, on both, or neither
    """

    agreement: Agreement = "none"
    steering: Steering = "none"

    def agreements_in_numbers(self) -> dict[str, float]:
        """Return what the words of these levers are for the model."""
        signed = self.agreement.startswith("contract")
        return {
            "bond": 1.0 if signed else 0.5 * (self.agreement != "none"),
            "formal": float(signed),
            "exit_clause": float(self.agreement == "contract-with-exit-clause"),
            "operational": float(self.steering in ("operational", "both")),
            "strategic": float(self.steering in ("strategic", "both")),
        }
