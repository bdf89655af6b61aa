"""Levers of who is asked to take part, what partners share, and who opens doors for them."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Annotated, Any, Literal, get_args

from pydantic import BaseModel, ConfigDict, Discriminator, Field, Tag

from cisim.model.processes.roster import BEST_TRUSTED, NO_CHAMPION
from cisim.model.processes.roster import NAMED_CHAMPIONS as NAMED
from cisim.model.quantity import Evidence, quantity
from cisim.world.names import Reference
from cisim.world.participation import unknown
from cisim.world.world import World

Selection = Literal["open", "usual-suspects", "complementary"]
SELECTION = Evidence(
    "V20",
    'Initiatives \'have relied more on "the usual suspects" rather than on "out-of-the-box '
    "partisans\"' (The role of CI-initiatives); R21 holds different sectors with complementary "
    "capabilities important (hypothesis 2).",
    ("existence",),
)
CHAMPION = Evidence(
    "V20",
    "'An influential champion', a recognised expert in the field, was 'a key person to help bring "
    "the required partners together' (Landry 2020).",
    ("existence", "sign"),
)


class NamedChampions(BaseModel):
    """These organisations' representatives are champions, while they are members."""

    model_config = ConfigDict(frozen=True, extra="forbid", strict=True, allow_inf_nan=False)

    names: list[Reference] = Field(min_length=1, max_length=1_000_000)


def _form(given: Any) -> str:
    return "word" if isinstance(given, str) else "names"


Champion = Annotated[
    Annotated[Literal["none", "best-trusted"], Tag("word")]
    | Annotated[NamedChampions, Tag("names")],
    Discriminator(_form),
]
"""Who opens doors: nobody, in each region the founder whom most know and trust, or these."""


def wrong_champions(champion: Any, world: World, where: str) -> Iterator[str]:
    """Yield a sentence for each named champion (a Champion) that is nobody in this world."""
    if isinstance(champion, NamedChampions):
        field = f"{where}: champion"
        yield from unknown(champion.names, world.organisation_names, field, "organisation")


class Partners(BaseModel):
    """Whom recruiters ask, what partners share, and who opens doors.

    selection : whom recruiters ask: anybody, whom members know and trust, or who is lacking
    champion  : whether a person whom partners trust asks others to join
    """

    selection: Selection = "open"
    champion: Champion = "none"
    seats: float = quantity(
        1,
        unit="share",
        bounds=(0, 1),
        constant=True,
        evidence=Evidence(
            "R21",
            "'The number of actors in the partnership naturally increases the complexity in "
            "forming a common agenda to fit all' (Common agenda). How many to take is chosen.",
            ("existence",),
        ),
        meaning="The share of eligible organisations that a region takes in; 1 is whoever wants "
        "to.",
        submodel="membership",
    )
    value_distance: float = quantity(
        1,
        unit="times",
        bounds=(0, 3),
        constant=True,
        evidence=Evidence(
            "R21",
            "'Agreeing on common values is the most important success factor' (Common agenda); "
            "'starting off with the same set of core values' (Mutually reinforcing activities). "
            "How far values can be chosen or agreed on is judgement.",
            ("existence", "sign"),
        ),
        meaning="How far apart partners' aims and remits lie when it is founded, against what the "
        "world draws: less is shared values.",
        submodel="roster",
    )
    scope: float = quantity(
        1,
        unit="times",
        bounds=(0.3, 3),
        constant=True,
        evidence=Evidence(
            "R21",
            "'Trying to address too many challenges at the same time' makes it harder to agree, "
            "and a 'too detailed agenda' does not fit the needs of all partners (Common agenda). "
            "The sizes are judgement.",
            ("existence", "sign"),
        ),
        meaning="How much the agenda takes up: a wider one is harder to agree on, and has "
        "something for more partners.",
        submodel="roster",
    )
    shared_credit: float = quantity(
        0,
        unit="0..1",
        bounds=(0, 1),
        constant=True,
        evidence=Evidence(
            "NZ",
            "'By supporting the work of members, highlighting their successes, and authentically "
            "attributing or sharing credit with partners, backbones foster shared leadership.' "
            "The size is judgement.",
            ("existence", "sign"),
        ),
        meaning="How far the information broker lets partners see common results as their own.",
        submodel="sponsors",
    )

    def partners_in_numbers(self) -> dict[str, float]:
        """Return what the words of these levers are for the model."""
        champion: int = NAMED
        if isinstance(self.champion, str):
            champion = NO_CHAMPION if self.champion == "none" else BEST_TRUSTED
        return {"selection": get_args(Selection).index(self.selection), "champion": champion}
