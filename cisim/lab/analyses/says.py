"""What the analyses say: every sentence of theirs, in English.

Sentences that say why an analysis cannot be made of a study stand here, too: a report lists them.
"""

from __future__ import annotations

from collections.abc import Mapping

from cisim.lab.ensemble import LEVEL
from cisim.model.told import Named, Sentences, several

PERCENT = 100 * LEVEL
"""Of points whose samples an interval holds."""

SAYS = Sentences(
    "analyses",
    # What is analysed.
    of="{outcome} of {scenario}",
    of_less="{outcome} of {scenario} less that of {against}",
    in_region="{what} in {region}",
    in_month="{what} in month {month}",
    against="{what}, against {against}",
    # Indices.
    first_sobol="Sobol' first indices ({level:g} %)",
    total_sobol="Sobol' total indices ({level:g} %)",
    effects="elementary effects ({unit}, {level:g} %)",
    pawn="PAWN indices ({level:g} %)",
    rank_correlation="rank correlation ({level:g} %)",
    still="{what} does not vary, so nothing moves it.",
    none_stands_out="By {measure}, no single parameter stands out in {what}.",
    hangs="By {measure}, {what} hangs most on {parameters}.",
    hangs_more={
        "one": "By {measure}, {what} hangs most on {parameters}; {n} more is clear.",
        "other": "By {measure}, {what} hangs most on {parameters}; {n} more are clear.",
    },
    parameter="{name} ({value:.2f}, {low:.2f} to {high:.2f})",
    pair="{name} with {other} ({value:.2f}, {low:.2f} to {high:.2f})",
    alone="By themselves the parameters make {share:.0%} of its variance; the rest is what they do "
    "together, and luck.",
    blocks="{missing} of {of} blocks of points are not whole.",
    trajectories="{missing} of {of} trajectories are not whole.",
    luck_effect="Luck alone gives a mean |effect| of {floor:.2g} {unit}; what is not above that "
    "may be nothing.",
    dummies="A parameter that does nothing would stay below {floor:.2f} (95 % of the largest of "
    "{many} dummies).",
    one_replicate="Every point has one replicate, so what luck adds cannot be told from what "
    "interactions do.",
    luck="Luck makes {share:.0%} of the variance between points.",
    pairs_still="{what} does not vary, so no two parameters make it.",
    no_pair="By second-order Sobol' indices ({level:g} %), no two parameters stand out together in "
    "{what}.",
    pairs="By second-order Sobol' indices ({level:g} %), what two parameters make only together in "
    "{what} is most for {pairs}.",
    pairs_more={
        "one": "By second-order Sobol' indices ({level:g} %), what two parameters make only "
        "together in {what} is most for {pairs}; {n} more is clear.",
        "other": "By second-order Sobol' indices ({level:g} %), what two parameters make only "
        "together in {what} is most for {pairs}; {n} more are clear.",
    },
    # Which scenario is best.
    best="{scenario} is best at {best} of {points} points",
    best_sure="{scenario} is best at {best} of {points} points (whichever way luck goes at "
    "{sure:.0%})",
    regret="its regret is {regret:.2g} {unit} on average ({low:.2g} to {high:.2g})",
    at_least="{outcome} is at least {threshold:g} at {share}",
    at_most="{outcome} is at most {threshold:g} at {share}",
    worse="it is worse than {against} at {share}",
    below_ordinary="wellbeing falls below the ordinary world at {share}",
    robust="{parts}.",
    share="{share:.0%} ({low:.0%} to {high:.0%})",
    tied="At {many} points nobody is strictly best.",
    unfinished="{missing} of {of} points are not finished by all.",
    brackets="In brackets: {level:g} % intervals for the sample of points.",
    never_best="{scenario} is best at no point.",
    no_single="Whether {scenario} is best (in {often:.0%} of points) hangs on no single parameter "
    "clearly.",
    decides="Whether {scenario} is best (in {often:.0%} of points) hangs most on {parameters}.",
    deciding="{parameter} (best in {low:.0%} of its lowest third, {high:.0%} of its highest; "
    "evidence: {source}, which supports {supports})",
    now="Without learning anything one would choose {now}; to know everything first is worth "
    "{worth:.2g} {unit} ({low:.2g} to {high:.2g}).",
    now_at_least="Without learning anything one would choose {now}; to know everything first is "
    "worth {worth:.2g} {unit} ({low:.2g} to {high:.2g}, at least {least:.2g} of which is not "
    "luck).",
    learn="Most is to be had from learning {parameters}.",
    learning="{parameter}, {worth:.2g} {unit} ({low:.2g} to {high:.2g}; evidence now: {source}, "
    "which supports {supports})",
    none_to_learn="No single parameter is clearly worth learning: chance alone gives up to "
    "{floor:.2g} {unit}.",
    # Where it fails.
    is_worse="{outcome} of {scenario} is worse than that of {against} in month {month}",
    is_below="{outcome} of {scenario} is below {threshold:g} in month {month}",
    is_above="{outcome} of {scenario} is above {threshold:g} in month {month}",
    is_harm="Wellbeing under {scenario} falls below the ordinary world in month {month}",
    fails_at="{fails} at {count} of {of} points ({share:.0%}).",
    fails_nowhere="{fails} at {count} of {of} points: it fails nowhere.",
    fails_everywhere="{fails} at {count} of {of} points: it fails everywhere.",
    too_few="{fails} at {count} of {of} points: too few of one kind to find what tells them apart.",
    by_prim="PRIM",
    by_tree="a tree",
    no_box="By {method} no box was found: of {tried} tested none is more than chance, so where it "
    "fails cannot be told by a few parameters.",
    no_box_tested="By {method} no box was found: none was worth a test as more than chance, so "
    "where it fails cannot be told by a few parameters.",
    box="By {method}: where {where} it fails at {dense} of points, beside {base:.0%} of all; that "
    "covers {cover} of its failures.",
    half_told="Told by the half of the points that was not searched; in brackets {level:g} % "
    "intervals.",
    is_choice="{name} is {choices}",
    is_at_most="{name} is at most {high}",
    is_at_least="{name} is at least {low}",
    is_between="{name} is {low} to {high}",
    # A surrogate.
    surrogate="A surrogate ({kind}) of {what} is off by {error:.2g} {unit} at points that it has "
    "not seen (root mean square, {folds} folds of {points} points); the plain mean is off by "
    "{plain:.2g}.",
    process="Gaussian process",
    trees="boosted trees",
    surrogate_luck="Luck alone is {luck:.2g} {unit}: no surrogate gets below that.",
    surrogate_useless="It is no better than the plain mean, so it should not be used.",
    # Why an analysis cannot be made.
    same_points="Every point of the design is the same, so nothing can be told apart.",
    needs_saltelli="Sobol' indices need the points of a Saltelli design, and these are of kind "
    '{kind}; allowed is kind = "saltelli".',
    needs_morris="Elementary effects need the trajectories of a Morris design, and these points "
    'are of kind {kind}; allowed is kind = "morris".',
    hang_together="Points of a Morris design hang together, so no share of the space can be told "
    'from them; allowed is another kind, as "latin-hypercube".',
    single_point="The design has a single point, so no share of the space can be told.",
    one_scenario="{study} has one scenario only, {scenario}, so there is nothing to choose from.",
    share_needs="A share of the space needs {fewest} points that every scenario has finished, and "
    "there are {there}; allowed is a larger design.",
    sobol_needs="Sobol' indices need {fewest} whole blocks of {step} points, and {whole} of {of} "
    "are whole; allowed is a larger design.",
    morris_needs="Elementary effects need {fewest} whole trajectories of {step} points, and "
    "{whole} of {of} are whole; allowed is a larger design.",
    morris_steps="Steps of a Morris design are all of one size, and these are {low:.3g} to "
    "{high:.3g} of a range; allowed is the design as it was made.",
    pawn_needs="PAWN needs {fewest} points, {slices} slices of {each}, and {there} are finished; "
    "allowed is a larger design.",
    pairs_need="Second-order Sobol' indices need a Saltelli design with the rows for pairs of two "
    "parameters or more, and these points have none; allowed is pairs = true in [design].",
    correlation_needs="Rank correlation needs {fewest} points, and {there} are finished; allowed "
    "is a larger design.",
    learning_needs="The value of learning needs {fewest} points that every scenario has finished, "
    "and there are {there}; allowed is a larger design.",
    surrogate_needs="A surrogate needs {fewest} points, and {there} are finished; allowed is a "
    "larger design.",
    nothing_to_stand_for="{what} does not vary, so there is nothing to stand in for.",
    no_better="outcome is {outcome}, of which neither more nor less is better.",
    failing_unsaid="What failing is of {outcome} is not said; allowed is a threshold, or a "
    "scenario that it is worse than.",
)


def evidence(source: str, supports: str) -> dict[str, str]:
    """Return what is known of a parameter as sentences fill it in."""
    return {
        "source": Named(source, "sources"),
        "supports": several(Named(one, "supports") for one in supports.split(", ")),
    }


def share(row: Mapping[str, float], name: str) -> str:
    """Return a share with its interval, of the columns of that name."""
    return SAYS("share", share=row[name], low=row[f"{name}_low"], high=row[f"{name}_high"])
