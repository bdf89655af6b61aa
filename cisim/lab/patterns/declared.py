"""The patterns, each declared once: what it says, who says so, and how it is tested.

A pattern is read from the runs of one set (runs.py) by pure functions, one for each criterion.
Criteria that *decide* carry a threshold, and a set passes where all of them hold; thresholds never
move to fit a result. The others are told beside them. Where a definition leaves room, `reading`
says what was taken. What an equation of the model puts there by itself is called built in.
"""

from __future__ import annotations

import math
from collections.abc import Callable
from dataclasses import dataclass
from typing import Literal

import numpy as np

from cisim.lab.patterns.runs import PRIOR_STEP, SHOCK_MONTH, Run, Runs
from cisim.lab.patterns.series import (
    correlation,
    in_years,
    largest_gain,
    largest_loss,
    month_of,
    month_of_rise,
    partial_correlation,
    ratio,
    relative,
)
from cisim.model.quantity import Support
from cisim.model.state import Floats

Sense = Literal[">", "<", ">=", "="]
BuiltIn = Literal["", "partly", "wholly"]


@dataclass(frozen=True)
class Criterion:
    """A number that a set of runs gives, and what it is held against.

    name      : within its pattern
    words     : what the number is
    function  : from the runs to the number; NaN where it is undefined, which passes nothing
    sense, threshold : how it passes; without a threshold it is only told
    decides   : whether the pattern's verdict depends on it
    """

    name: str
    words: str
    function: Callable[[Runs], float]
    sense: Sense = ">"
    threshold: float | None = None
    decides: bool = True

    @property
    def test(self) -> str:
        """Return the threshold in words, empty where there is none."""
        return "" if self.threshold is None else f"{self.sense} {self.threshold:g}"

    def passes(self, effects: Floats) -> Floats:
        """Return 1 where an effect passes, 0 where it does not or is undefined, (n,)."""
        if self.threshold is None:
            return np.full(effects.shape, np.nan)
        with np.errstate(invalid="ignore"):
            found = {
                ">": effects > self.threshold,
                "<": effects < self.threshold,
                ">=": effects >= self.threshold,
                "=": effects == self.threshold,
            }[self.sense]
        return found.astype(np.float64)


@dataclass(frozen=True)
class Pattern:
    """An observable regularity that the model must show without being told.

    source, supports : who says so, and whether that supports existence, sign or size
    needs    : the variants it is read from
    criteria : how it is tested; none where it is not
    reading  : what was taken where the definition leaves room
    built_in : whether an equation puts its sign there, and which one (`equation`)
    everywhere : it must hold in every single set, not in most
    """

    id: str
    words: str
    source: str
    supports: tuple[Support, ...]
    needs: tuple[str, ...] = ()
    criteria: tuple[Criterion, ...] = ()
    reading: str = ""
    built_in: BuiltIn = ""
    equation: str = ""
    everywhere: bool = False

    @property
    def deciding(self) -> tuple[Criterion, ...]:
        """Return the criteria that its verdict depends on."""
        return tuple(one for one in self.criteria if one.decides)

    def columns(self) -> list[str]:
        """Return the name of each criterion in tables: "P1.joint"."""
        return [f"{self.id}.{one.name}" for one in self.criteria]

    def effects(self, runs: Runs) -> list[float]:
        """Return the number of each criterion."""
        with np.errstate(divide="ignore", invalid="ignore"):
            return [float(one.function(runs)) for one in self.criteria]

    def passes(self, effects: Floats) -> Floats:
        """Return 1 where all deciding criteria pass, (n,); `effects` is (n, criteria)."""
        return np.min(
            [one.passes(effects[:, k]) for k, one in enumerate(self.criteria) if one.decides],
            axis=0,
        )


OUTCOMES_READ = (
    "wellbeing_gain",
    "joint_activity",
    "all_activity",
    "trust_eligible",
    "trust_active",
    "meetings_per_eligible",
    "gap_primary",
    "gap_secondary",
)
"""What is kept of runs other than those that keep everything."""

_W, _J = "wellbeing_gain", "joint_activity"


def _late(run: Run, outcome: str) -> float:
    return in_years(run[outcome], 9, 10)


def _late_ratio(one: str, other: str, outcome: str = _J) -> Callable[[Runs], float]:
    return lambda runs: ratio(_late(runs[one], outcome), _late(runs[other], outcome))


def _more(runs: Runs, one: str, other: str, outcome: str) -> float:
    return runs[one].end(outcome) - runs[other].end(outcome)


def _difference(one: str, other: str, outcome: str) -> Callable[[Runs], float]:
    return lambda runs: _more(runs, one, other, outcome)


# --- P2, P3 ----------------------------------------------------------------------------------


def _together(runs: Runs) -> float:
    alone = _more(runs, "national", "none", _W) + _more(runs, "regional", "none", _W)
    return ratio(_more(runs, "both", "none", _W), alone)


def _meetings(first: int, last: int) -> Callable[[Runs], float]:
    def share(runs: Runs) -> float:
        absent, loose = (
            in_years(runs[name]["meetings_per_eligible"], first, last)
            for name in ("absent", "both")
        )
        return ratio(absent, loose)

    return share


def _loose_to_integrated(runs: Runs) -> float:
    integrated = runs["integrated"].end(_W)
    return runs["both"].end(_W) / integrated if integrated > 0.0 else math.nan


# --- P4 --------------------------------------------------------------------------------------


def contact_and_relationship(runs: Runs, group: str) -> tuple[float, float]:
    """Return the correlation of backbone contact with collaboration in a group of organisations,
    and what share of it remains once relationships are controlled for.

    group : "eligible" or "member", a column of organisation_frame
    """
    people = runs["both"].organisations
    if people is None:
        return math.nan, math.nan
    some = people[people[group].to_numpy(bool)]
    if len(some) < 5:
        return math.nan, math.nan
    contact = some["backbone_months"].to_numpy(np.float64)
    relationship = np.nan_to_num(some["relationship"].to_numpy(np.float64))
    collaboration = some["joint_time"].to_numpy(np.float64) / some["own_time"].to_numpy(np.float64)
    plain = correlation(contact, collaboration)
    left = partial_correlation(contact, collaboration, relationship)
    return plain, left / plain if plain > 0.0 else math.nan


def _contact(group: str, place: int) -> Callable[[Runs], float]:
    return lambda runs: contact_and_relationship(runs, group)[place]


# --- P6, P10, P11, P12 -----------------------------------------------------------------------


def _loss_to_gain(runs: Runs) -> float:
    loss = largest_loss(runs["breach"]["trust_eligible"])
    return ratio(loss, largest_gain(runs["both"]["trust_eligible"]))


def _self_joined(run: Run, first: int, last: int) -> float:
    """Return the self-initiated share of the joins in some years, NaN if nobody joined."""
    own, recruited = (
        run[name][12 * last] - run[name][12 * (first - 1)]
        for name in ("joins_self", "joins_recruited")
    )
    joins = float(own + recruited)
    return float(own) / joins if joins > 0.0 else math.nan


def _half(runs: Runs, outcome: str) -> float:
    return month_of(runs["both"][outcome], 0.5)


def _agenda_and_trust(runs: Runs) -> float:
    months = [_half(runs, "alignment"), _half(runs, "trust_eligible")]
    return math.nan if any(map(math.isnan, months)) else max(months)


def _lag(first: str, then: str) -> Callable[[Runs], float]:
    return lambda runs: _half(runs, then) - _half(runs, first)


def _chain(runs: Runs) -> float:
    lags = [_lag(_J, "measured_results")(runs), _lag("measured_results", _W)(runs)]
    return math.nan if any(map(math.isnan, lags)) else min(lags)


def _shock_loss(outcome: str, last: int) -> Callable[[Runs], float]:
    """Return the function that gives what a shock costs with measurement over without it.

    It is the loss against the same future without the shock, from the month of the shock on; NaN
    where nothing is lost without measurement, as there is nothing to dampen.
    """
    months = slice(SHOCK_MONTH + 1, last + 1)

    def damped(runs: Runs) -> float:
        with_, without = (
            float((runs[calm][outcome] - runs[struck][outcome])[months].mean())
            for calm, struck in (("both", "wave"), ("unmeasured", "unmeasured-wave"))
        )
        return with_ / without if without > 0.0 else math.nan

    return damped


# --- Q2 --------------------------------------------------------------------------------------

ABOUT_STAFF = frozenset(
    {
        "regional_staff",
        "national_staff",
        "external_money",
        "external_money_total",
        "component_investment",
        "phase",
        "density_with_backbone",
        "degree_centralisation_with_backbone",
        "transitivity_with_backbone",
        "assortativity_with_backbone",
    }
)
"""Outcomes that count staff or its pay, or draw the backbone as a node."""


def differing(one: Run, other: Run, left_out: frozenset[str] = frozenset()) -> float:
    """Return how many outcomes differ between two runs in any bit of any month."""
    return float(
        sum(
            not np.array_equal(series, other[name], equal_nan=True)
            for name, series in one.series.items()
            if name not in left_out
        )
    )


# --- the patterns ----------------------------------------------------------------------------

_DECLARED = (
    Pattern(
        "P1",
        "Without a backbone collaboration achieves less than with one, against a fair baseline: "
        "bilateral collaboration and lead organisations exist",
        'PR, NZ: "one of the most frequent reasons why it fails"; no source has a comparison',
        ("existence", "sign"),
        ("none", "same-money", "both"),
        (
            Criterion(
                "joint",
                "joint activity in years 9-10, no backbone / national + regional",
                _late_ratio("none", "both"),
                "<",
                0.25,
            ),
            Criterion(
                "all",
                "joint and everyday activity in years 9-10, no backbone / national + regional",
                _late_ratio("none", "both", "all_activity"),
                "<",
                0.5,
            ),
            Criterion(
                "money",
                "joint activity in years 9-10, same money / national + regional",
                _late_ratio("same-money", "both"),
                "<",
                0.5,
            ),
        ),
        built_in="partly",
        equation="3.3-3.8: recruiting, brokering, facilitating and measuring are done by staff; "
        "without any, a lead organisation does it in part",
    ),
    Pattern(
        "P2",
        "National and regional backbones need each other",
        "K26 23/M",
        ("existence", "sign"),
        ("none", "national", "regional", "both"),
        (
            Criterion(
                "gain",
                "wellbeing at month 120 above no backbone: both / sum of each alone",
                _together,
                ">",
                1.1,
            ),
        ),
        reading="Gains are counted from no backbone. Where only both together gain anything the "
        "ratio is infinite and passes; where they gain nothing it is undefined and does not.",
        built_in="partly",
        equation="3.3: solo_quality, and local need that flows up (kappa)",
    ),
    Pattern(
        "P3",
        "A sponsor who is absent hollows a partnership out, integrated sponsors strengthen it",
        "K26; no timing in the source",
        ("existence",),
        ("both", "absent", "integrated"),
        (
            Criterion(
                "early",
                "meetings per eligible organisation, absent / loose sponsors, months 13-24",
                _meetings(2, 2),
                ">",
                0.8,
            ),
            Criterion(
                "late",
                "meetings per eligible organisation, absent / loose sponsors, months 109-120",
                _meetings(10, 10),
                "<",
                0.7,
            ),
            Criterion(
                "integrated",
                "wellbeing at month 120, loose / integrated sponsors",
                _loose_to_integrated,
                "<",
                0.95,
            ),
        ),
        reading="Loose / integrated is undefined where integrated sponsors gain nothing.",
        built_in="partly",
        equation="3.2: mandates lapse without engaged sponsors",
    ),
    Pattern(
        "P4",
        "Relationships carry what backbones achieve: contact predicts collaboration, but not once "
        "relationships are controlled for",
        "V20 (Gillam 2016: 126 stakeholders)",
        ("sign",),
        ("both",),
        (
            Criterion(
                "contact",
                "correlation of contact with collaboration, eligible organisations",
                _contact("eligible", 0),
                ">",
                0.1,
            ),
            Criterion(
                "left",
                "share of it that remains with relationships controlled, eligible organisations",
                _contact("eligible", 1),
                "<",
                0.5,
            ),
            Criterion(
                "contact_members",
                "correlation of contact with collaboration, members only",
                _contact("member", 0),
                ">",
                0.1,
                decides=False,
            ),
            Criterion(
                "left_members",
                "share of it that remains with relationships controlled, members only",
                _contact("member", 1),
                "<",
                0.5,
                decides=False,
            ),
        ),
        reading="At month 120: contact = months with a meeting that a backbone arranged; "
        "collaboration = joint time as a share of own time; relationship = mean of trust x "
        "familiarity over an organisation's ties; Pearson's correlation.",
    ),
    Pattern(
        "P5",
        "A history of collaboration helps",
        "V20 (Bunger 2010)",
        ("sign",),
        ("trusting", "distrusting"),
        (
            Criterion(
                "history",
                f"joint activity in years 9-10 at prior trust +{PRIOR_STEP} / -{PRIOR_STEP}",
                _late_ratio("trusting", "distrusting"),
                ">",
                1.05,
            ),
        ),
        built_in="wholly",
        equation="3.4, 3.5, 3.10: trust raises commitment, contact and the quality of joint work",
    ),
    Pattern(
        "P6",
        "Trust takes years and is lost faster than gained",
        "R21; Slovic 1993",
        ("existence", "sign"),
        ("both", "breach"),
        (
            Criterion(
                "months",
                "month by which trust has made 80 % of its rise",
                lambda runs: month_of_rise(runs["both"]["trust_eligible"], 0.8),
                ">=",
                36.0,
            ),
            Criterion(
                "loss",
                "largest yearly loss under broken promises / largest yearly gain",
                _loss_to_gain,
                ">",
                1.0,
            ),
        ),
        reading="Trust over all ties between eligible organisations; the gain from the run without "
        f"the breach; in month {SHOCK_MONTH} half of the members break one promise to everyone "
        "they know. Undefined where trust does not rise.",
        built_in="partly",
        equation="3.6: broken_weight (the loss)",
    ),
    Pattern(
        "P8",
        "Beneficiary engagement pays in wellbeing, less in early collaboration",
        "R21, for wellbeing only",
        ("sign",),
        ("engaged", "unengaged"),
        (
            Criterion(
                "wellbeing",
                "wellbeing at month 120, engagement .6 against 0, relative",
                lambda runs: relative(runs["engaged"].end(_W), runs["unengaged"].end(_W)),
                ">",
                0.0,
            ),
            Criterion(
                "later",
                "the same minus the relative effect on joint activity in year 2",
                lambda runs: (
                    relative(runs["engaged"].end(_W), runs["unengaged"].end(_W))
                    - relative(*(in_years(runs[n][_J], 2, 2) for n in ("engaged", "unengaged")))
                ),
                ">",
                0.0,
            ),
            Criterion(
                "early",
                "joint activity in year 2, engagement .6 against 0, relative",
                lambda runs: relative(
                    *(in_years(runs[name][_J], 2, 2) for name in ("engaged", "unengaged"))
                ),
                decides=False,
            ),
        ),
        reading="The definition has no threshold: a positive effect on wellbeing, larger than that "
        "on early joint activity. Undefined where there is no gain without engagement.",
    ),
    Pattern(
        "P9",
        "Complementary sectors beat the same number of one sector",
        "R21 hypothesis 2",
        ("sign",),
        ("both", "one-sector"),
        (
            Criterion(
                "ratio",
                "wellbeing at month 120, the world's sectors / as many organisations of one",
                lambda runs: ratio(runs["both"].end(_W), runs["one-sector"].end(_W)),
                ">",
                1.05,
            ),
        ),
        reading="The one sector is education. Infinite where only the mixture gains anything, "
        "undefined where neither does.",
        built_in="wholly",
        equation="3.10: ces_rho below 1",
    ),
    Pattern(
        "P10",
        "From being pushed to being asked",
        'K26 13/M ("more often, I get contacted with requests to hear more")',
        ("existence", "sign"),
        ("both",),
        (
            Criterion(
                "joins",
                "self-initiated share of joins, years 4-5 minus year 1",
                lambda runs: _self_joined(runs["both"], 4, 5) - _self_joined(runs["both"], 1, 1),
                ">",
                0.0,
            ),
            Criterion(
                "meetings",
                "own share of partnership meetings, year 5 / year 1",
                lambda runs: ratio(
                    in_years(runs["both"]["own_share"], 5, 5),
                    in_years(runs["both"]["own_share"], 1, 1),
                ),
                ">",
                1.1,
            ),
        ),
    ),
    Pattern(
        "P11",
        "Order of change: agenda and trust, activity, measured results, wellbeing",
        "R21; Lynn & Stachowiak 2018; neither orders all four",
        ("existence", "sign"),
        ("both",),
        (
            Criterion(
                "activity",
                "months from half of the change in agenda and trust to that in joint activity",
                lambda runs: _half(runs, _J) - _agenda_and_trust(runs),
                ">=",
                0.0,
            ),
            Criterion(
                "measured",
                "months from half of the change in joint activity to that in measured results",
                _lag(_J, "measured_results"),
                ">=",
                0.0,
            ),
            Criterion(
                "wellbeing",
                "months from half of the change in measured results to that in wellbeing",
                _lag("measured_results", _W),
                ">=",
                0.0,
            ),
            Criterion(
                "chain",
                "the shorter of the last two: activity, measured results, wellbeing in order",
                _chain,
                ">=",
                0.0,
                decides=False,
            ),
        ),
        reading="Half of the change from month 0 to month 120; agenda = alignment of members, "
        "trust = over all ties between eligible organisations, the later of the two; the same "
        "month is in order.",
        built_in="partly",
        equation="3.10: the chain of delays from activity to wellbeing",
    ),
    Pattern(
        "P12",
        "Turnover of people sets partnerships back, routines dampen it",
        "wider literature",
        ("sign",),
        ("restless", "steady", "both", "wave", "unmeasured", "unmeasured-wave"),
        (
            Criterion(
                "turnover",
                "joint activity in years 9-10 at turnover .03 / .005",
                _late_ratio("restless", "steady"),
                "<",
                0.95,
            ),
            Criterion(
                "shock",
                "trust that a shock costs active ties, with measurement / without",
                _shock_loss("trust_active", SHOCK_MONTH + 1),
                "<",
                0.95,
            ),
            Criterion(
                "shock_activity",
                "joint activity that a shock costs in the year after it, with / without",
                _shock_loss(_J, SHOCK_MONTH + 12),
                "<",
                0.95,
                decides=False,
            ),
        ),
        reading=f"The shock: half of the representatives change in month {SHOCK_MONTH}; the loss "
        "is that against the same future without it, of trust in the month after, where people "
        "are what was lost. Without measurement is measure_rate 0. Undefined where nothing is "
        "lost without measurement.",
        built_in="partly",
        equation="3.1: what remains of relations grows with measurement",
    ),
    Pattern(
        "P16",
        "Participation and gaps between communities: the partnership widens the primary gap",
        "V20 (a concern, no sign), K26 Table 1; the sign tested is that of a trial of the model",
        ("existence",),
        ("both", "none", "everybody", "engaged", "unengaged"),
        (
            Criterion(
                "primary",
                "primary gap at month 120, national + regional minus no backbone, points "
                "(negative is wider)",
                _difference("both", "none", "gap_primary"),
                "<",
                0.0,
            ),
            *(
                Criterion(
                    f"{name}_{which}",
                    f"{which} gap at month 120, {words}, points",
                    _difference(one, other, f"gap_{which}"),
                    decides=False,
                )
                for name, words, one, other in (
                    ("full", "full minus partial participation", "everybody", "both"),
                    ("engagement", "engagement .6 minus 0", "engaged", "unengaged"),
                )
                for which in ("primary", "secondary")
            ),
        ),
        reading="The source gives no sign and the definition no threshold, so only the direction "
        "of the whole partnership decides; the others are told. Undefined where a world has no "
        "deprived or no affluent community.",
    ),
    Pattern(
        "Q1",
        "The planners' question: national and regional backbones beat the same money given to "
        "organisations",
        "no source compares",
        (),
        ("both", "same-money", "none"),
        (
            Criterion(
                "difference",
                "wellbeing at month 120, national + regional minus same money, points",
                _difference("both", "same-money", _W),
                ">",
                0.0,
            ),
            Criterion(
                "clearly",
                "the same, by more than a quarter of a point",
                _difference("both", "same-money", _W),
                ">",
                0.25,
                decides=False,
            ),
            Criterion(
                "harm",
                "wellbeing at month 120, national + regional, below the ordinary world",
                lambda runs: runs["both"].end(_W),
                "<",
                0.0,
                decides=False,
            ),
            Criterion(
                "harm_of_backbones",
                "wellbeing at month 120, national + regional minus no backbone, below",
                _difference("both", "none", _W),
                "<",
                0.0,
                decides=False,
            ),
        ),
    ),
    Pattern(
        "Q2",
        "Null: a backbone whose roles do nothing has no effect; relabelled organisations give "
        "relabelled results",
        "a model must not know names",
        (),
        ("idle", "without", "both", "relabelled"),
        (
            Criterion(
                "idle",
                "outcomes that differ in any bit, backbones without roles against none",
                lambda runs: differing(runs["without"], runs["idle"], ABOUT_STAFF),
                "=",
                0.0,
            ),
            Criterion(
                "relabelled",
                "outcomes that differ in any bit, organisations in other rows",
                lambda runs: differing(runs["both"], runs["relabelled"]),
                "=",
                0.0,
            ),
        ),
        reading="Staff acts by its money, too: a lead organisation steps back (lead_share), those "
        "who pay pull (funder_pull), sponsors pay a coordinator first (core_post, backbone_share). "
        "These are off in both runs, and outcomes that count staff or its pay are left out.",
        everywhere=True,
    ),
)

PATTERNS: dict[str, Pattern] = {one.id: one for one in _DECLARED}
"""The patterns that are tested, by id. P7 and P13 to P15 do not exist."""

UNTESTED: dict[str, Pattern] = {
    one.id: one
    for one in (
        Pattern(
            "L1",
            "Demand for remedial services falls where the model runs, after a year or so, and "
            "rises where it does not",
            "Niemelä et al. 2019, for the timing; the size is a free scale of the model",
            ("existence", "sign"),
        ),
        Pattern(
            "L2",
            "Funnel: more sites see early changes than system changes than population changes",
            "self-reports of members of the Collective Impact Forum, 2018-19",
            ("existence", "sign", "size"),
        ),
        Pattern(
            "L3",
            "Most coalitions outlive their seed money; two thirds are alive four years on",
            "Feinberg, Bontempo & Greenberg 2008",
            ("existence", "sign", "size"),
        ),
        Pattern(
            "L4",
            "Two thirds are sustained; most of those that end do so for money or organisation",
            "ASPE/NORC 2012",
            ("existence", "sign", "size"),
        ),
        Pattern(
            "L5",
            "Density, centralisation and trust of a working network of 41 organisations",
            "McCullough et al. 2016",
            ("existence", "sign", "size"),
            built_in="partly",
            equation="who knows whom is generated",
        ),
        Pattern(
            "L6",
            "Shape of real interorganisational networks: transitive, reciprocal, disassortative",
            "published data sets",
            ("existence", "sign", "size"),
        ),
        Pattern(
            "L7",
            "Population outcomes lag by years and are small",
            "trial of Communities That Care",
            ("existence", "sign", "size"),
            built_in="partly",
            equation="3.10: the chain of delays from activity to wellbeing",
        ),
        Pattern(
            "L8",
            "A departure resets personal relations",
            "Casey Family Programs",
            ("existence",),
            built_in="partly",
            equation="3.1: relations are between persons",
        ),
        Pattern(
            "L9",
            "Losing funders is normal, about one in ten a year",
            "Northwestern Network for Nonprofit and Social Impact",
            ("existence", "sign", "size"),
            built_in="partly",
            equation="3.1: how often sponsors change",
        ),
    )
}
"""Patterns that the model is to be judged by and no test here does; the ODD names them."""
