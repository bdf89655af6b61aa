"""The patterns, each declared once: what it says, who says so, and how it is tested.

A pattern is read from the runs of one set (runs.py) by pure functions, one for each criterion;
those that follow from published figures stand in published.py.
Criteria that *decide* carry a threshold, and a set passes where all of them hold; thresholds never
move to fit a result. The others are told beside them. Where a definition leaves room, `reading`
says what was taken. What an equation of the model puts there by itself is called built in.
"""

from __future__ import annotations

from cisim.lab.patterns.pattern import Criterion, Pattern
from cisim.lab.patterns.published import PUBLISHED
from cisim.lab.patterns.readings import (
    ABOUT_STAFF,
    JOINT,
    WELLBEING,
    agenda_and_trust,
    chain,
    contact,
    difference,
    differing,
    lag,
    late_ratio,
    loose_to_integrated,
    loss_to_gain,
    meetings,
    month_of_half,
    self_joined,
    shock_loss,
    together,
)
from cisim.lab.patterns.runs import PRIOR_STEP, SHOCK_MONTH
from cisim.lab.patterns.series import in_years, month_of_rise, ratio, relative

_DECLARED = (
    Pattern(
        "P1",
        "Without a backbone collaboration achieves less than with one, against a fair baseline: "
        "bilateral collaboration and lead organisations exist",
        'PR, NZ: "one of the most frequent reasons why it fails"; no source has a comparison',
        ("existence", "sign"),
        ("none", "same-total", "both"),
        (
            Criterion(
                "joint",
                "joint activity in years 9-10, no backbone / national + regional",
                late_ratio("none", "both"),
                "<",
                0.25,
            ),
            Criterion(
                "all",
                "joint and everyday activity in years 9-10, no backbone / national + regional",
                late_ratio("none", "both", "all_activity"),
                "<",
                0.5,
            ),
            Criterion(
                "money",
                "joint activity in years 9-10, all the same money / national + regional",
                late_ratio("same-total", "both"),
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
                together,
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
                meetings(2, 2),
                ">",
                0.8,
            ),
            Criterion(
                "late",
                "meetings per eligible organisation, absent / loose sponsors, months 109-120",
                meetings(10, 10),
                "<",
                0.7,
            ),
            Criterion(
                "integrated",
                "wellbeing at month 120, loose / integrated sponsors",
                loose_to_integrated,
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
                contact("eligible", 0),
                ">",
                0.1,
            ),
            Criterion(
                "left",
                "share of it that remains with relationships controlled, eligible organisations",
                contact("eligible", 1),
                "<",
                0.5,
            ),
            Criterion(
                "contact_members",
                "correlation of contact with collaboration, members only",
                contact("member", 0),
                ">",
                0.1,
                decides=False,
            ),
            Criterion(
                "left_members",
                "share of it that remains with relationships controlled, members only",
                contact("member", 1),
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
                late_ratio("trusting", "distrusting"),
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
                loss_to_gain,
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
                lambda runs: relative(
                    runs["engaged"].end(WELLBEING), runs["unengaged"].end(WELLBEING)
                ),
                ">",
                0.0,
            ),
            Criterion(
                "later",
                "the same minus the relative effect on joint activity in year 2",
                lambda runs: (
                    relative(runs["engaged"].end(WELLBEING), runs["unengaged"].end(WELLBEING))
                    - relative(*(in_years(runs[n][JOINT], 2, 2) for n in ("engaged", "unengaged")))
                ),
                ">",
                0.0,
            ),
            Criterion(
                "early",
                "joint activity in year 2, engagement .6 against 0, relative",
                lambda runs: relative(
                    *(in_years(runs[name][JOINT], 2, 2) for name in ("engaged", "unengaged"))
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
                lambda runs: ratio(runs["both"].end(WELLBEING), runs["one-sector"].end(WELLBEING)),
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
                lambda runs: self_joined(runs["both"], 4, 5) - self_joined(runs["both"], 1, 1),
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
                lambda runs: month_of_half(runs, JOINT) - agenda_and_trust(runs),
                ">=",
                0.0,
            ),
            Criterion(
                "measured",
                "months from half of the change in joint activity to that in measured results",
                lag(JOINT, "measured_results"),
                ">=",
                0.0,
            ),
            Criterion(
                "wellbeing",
                "months from half of the change in measured results to that in wellbeing",
                lag("measured_results", WELLBEING),
                ">=",
                0.0,
            ),
            Criterion(
                "chain",
                "the shorter of the last two: activity, measured results, wellbeing in order",
                chain,
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
                late_ratio("restless", "steady"),
                "<",
                0.95,
            ),
            Criterion(
                "shock",
                "trust that a shock costs active ties, with measurement / without",
                shock_loss("trust_active", SHOCK_MONTH + 1),
                "<",
                0.95,
            ),
            Criterion(
                "shock_activity",
                "joint activity that a shock costs in the year after it, with / without",
                shock_loss(JOINT, SHOCK_MONTH + 12),
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
                difference("both", "none", "gap_primary"),
                "<",
                0.0,
            ),
            *(
                Criterion(
                    f"{name}_{which}",
                    f"{which} gap at month 120, {words}, points",
                    difference(one, other, f"gap_{which}"),
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
        "The planners' question: national and regional backbones beat all that is paid for them, "
        "given to organisations",
        "no source compares",
        (),
        ("both", "same-total", "none"),
        (
            Criterion(
                "difference",
                "wellbeing at month 120, national + regional minus all the same money, points",
                difference("both", "same-total", WELLBEING),
                ">",
                0.0,
            ),
            Criterion(
                "clearly",
                "the same, by more than a quarter of a point",
                difference("both", "same-total", WELLBEING),
                ">",
                0.25,
                decides=False,
            ),
            Criterion(
                "harm",
                "wellbeing at month 120, national + regional, below the ordinary world",
                lambda runs: runs["both"].end(WELLBEING),
                "<",
                0.0,
                decides=False,
            ),
            Criterion(
                "harm_of_backbones",
                "wellbeing at month 120, national + regional minus no backbone, below",
                difference("both", "none", WELLBEING),
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

PATTERNS: dict[str, Pattern] = {one.id: one for one in (*_DECLARED, *PUBLISHED)}
"""The patterns that are tested, by id. P7 and P13 to P15 do not exist."""
