"""The patterns that the model is to be judged by, and its limits: what no declaration can say."""

from __future__ import annotations

from typing import NamedTuple


class Pattern(NamedTuple):
    """A regularity that can be observed, and what stands behind it.

    built_in : "yes", "partly" or "no": whether an equation puts its sign there
    """

    key: str
    words: str
    source: str
    built_in: str


class Said(NamedTuple):
    """A point, and what there is to say of it."""

    point: str
    words: str


PATTERNS: tuple[Pattern, ...] = (
    Pattern(
        "P1",
        "Without a backbone collaboration achieves less, against organisations that collaborate "
        "bilaterally and may lead",
        "PR, NZ (existence, sign)",
        "partly",
    ),
    Pattern(
        "P2",
        "National and regional backbones achieve more together than both apart",
        "K26 23/M (existence, sign)",
        "partly",
    ),
    Pattern(
        "P3",
        "Absent sponsors hollow a partnership out in the long run, integrated ones strengthen it",
        "K26 (existence; no timing)",
        "partly",
    ),
    Pattern(
        "P4",
        "Contact with a backbone predicts collaboration, but hardly so once relationships are "
        "controlled for",
        "V20, Gillam 2016 (sign)",
        "no",
    ),
    Pattern("P5", "A history of collaboration helps", "V20, Bunger 2010 (sign)", "yes"),
    Pattern(
        "P6",
        "Trust takes years, and is lost faster than it is gained",
        "R21; Slovic 1993 (sign)",
        "partly",
    ),
    Pattern(
        "P8",
        "Engaging beneficiaries pays in wellbeing, less in early collaboration",
        "R21 (sign, for wellbeing only)",
        "no",
    ),
    Pattern(
        "P9",
        "Complementary sectors beat the same number of organisations of one",
        "R21 hypothesis 2 (sign)",
        "yes",
    ),
    Pattern(
        "P10",
        "From being pushed to being asked: joins become self-initiated",
        "K26 13/M (sign)",
        "no",
    ),
    Pattern(
        "P11",
        "Order of change: agenda and trust, activity, measured results, wellbeing",
        "R21; Lynn & Stachowiak 2018 (sign)",
        "partly",
    ),
    Pattern(
        "P12",
        "Turnover of people sets partnerships back, routines dampen it",
        "wider literature (sign)",
        "partly",
    ),
    Pattern(
        "P16",
        "Who takes part matters for gaps between communities",
        "V20, K26 Table 1 (existence, no sign)",
        "no",
    ),
    Pattern(
        "L1",
        "Demand for remedial services falls where the model runs, after a year or so",
        "Niemelä et al. 2019 (timing; the size is a free scale)",
        "no",
    ),
    Pattern(
        "L2",
        "Funnel: more sites see early changes than system changes than population changes",
        "Collective Impact Forum members' self-reports, 2018-19 (size)",
        "no",
    ),
    Pattern(
        "L3",
        "Most coalitions outlive their seed money; two thirds are alive four years on",
        "Feinberg, Bontempo & Greenberg 2008 (size)",
        "no",
    ),
    Pattern(
        "L4",
        "Two thirds are sustained; most of those that end do so for money or organisation",
        "ASPE/NORC 2012 (size)",
        "no",
    ),
    Pattern(
        "L5",
        "Density, centralisation and trust of a working network of 41 organisations",
        "McCullough et al. 2016 (size)",
        "partly",
    ),
    Pattern(
        "L6",
        "Shape of real interorganisational networks: transitive, reciprocal, disassortative",
        "published data sets (size)",
        "no",
    ),
    Pattern(
        "L7",
        "Population outcomes lag by years and are small",
        "trial of Communities That Care (size)",
        "partly",
    ),
    Pattern(
        "L8", "A departure resets personal relations", "Casey Family Programs (existence)", "partly"
    ),
    Pattern("L9", "Losing funders is normal, about one in ten a year", "NNSI (size)", "partly"),
    Pattern(
        "Q1",
        "Whether national and regional backbones beat the same money given to organisations",
        "a question, not an observation",
        "no",
    ),
    Pattern(
        "Q2",
        "Null: a backbone whose roles do nothing, or other numbers on the same organisations, "
        "change nothing",
        "logic",
        "must hold",
    ),
)
"""In the order of the list that the work started from; P7 and P13 to P15 were dropped there."""

LIMITS: tuple[Said, ...] = (
    Said(
        "No source compares.",
        "No document that the model rests on compares places with collective impact to places "
        "without it. All comparisons here are the model's own.",
    ),
    Said(
        "One ratio that nobody has measured decides half.",
        "In trials over the whole plausible space about half of the variation of results went "
        "back to π = own_value · effort_half / wb_max: what an hour of own services is worth "
        "against an hour of joint work. At its default {pi} joint work pays; where π is large a "
        "partnership does harm, as its time is missing elsewhere. Nobody knows π.",
    ),
    Said(
        "The default is generous.",
        "With effort_half at {effort_half} an hour of joint work is still some six times as "
        "effective as in the best evaluated coalition programme (Kuklinski 2015, our conversion). "
        "Never show a result without 1 and 3 beside it.",
    ),
    Said(
        "Some results are built in.",
        "An equation puts them there, wholly or in part, so they are assumptions and not "
        "findings: that the two levels of backbone need each other (solo_quality and the flows), "
        "that missing sponsors tell late (mandates lapse slowly), that history helps, that trust "
        "is lost faster than gained, that sectors complement each other (ces_rho), that effects "
        "come in a chain with delays, that turnover hurts.",
    ),
    Said(
        "The partnership widens the gap.",
        "Reach falls with deprivation, so affluent communities gain more unless engagement and "
        "credibility are high. The primary gap is therefore shown beside every gain.",
    ),
    Said(
        "No claim about neutrality or funders' pull.",
        "Both are in the model and hardly move its results. That says nothing about the world.",
    ),
    Said(
        "National only against regional only is not settled.",
        "Which of the two does better depends on parameters that nobody has measured.",
    ),
    Said(
        "Wellbeing is an index.",
        "It has no unit that anybody surveys, no trend of its own, and nothing but the work of "
        "these organisations moves it. Only differences mean anything.",
    ),
    Said(
        "Shared futures help little.",
        "Structures with one seed meet the same luck, but once their memberships differ most of "
        "it strikes different people. Say how much narrower the interval became; do not assume it.",
    ),
    Said(
        "Those who wrote the sources have a stake.",
        "V20 and K26 have authors at the Finnish foundation that runs the national backbone, R21 "
        "was written by a partner of the partnerships that it describes, NZ and PR introduce the "
        "approach. The evidence page says so for each source.",
    ),
)
"""What users must be told; {names} are filled with defaults."""
