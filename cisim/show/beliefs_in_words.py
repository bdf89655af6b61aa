"""What futures differ in, and what an answer then hangs on, in sentences."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence

from cisim.lab.allowed import better_in
from cisim.lab.comparison import Comparison
from cisim.lab.hanging import FEWEST, LEADING, MAIN, Along, along, asked_of, hangs_on
from cisim.model.input_error import InputError, printable
from cisim.show.charts.words import listed
from cisim.show.language import forms
from cisim.show.language.forms import percent
from cisim.show.language.texts import say
from cisim.show.told import told
from cisim.world.beliefs import Believed, FromEnsembles, differing_beliefs
from cisim.world.joint_points import MEMBERS, POINTS, SHIPPING, JointPoints, read_making

TEXTS = {"self-reported": "self_reported", "evaluated": "evaluated"}
"""What the texts of the ensembles that ship are called."""


def differ_in_words(comparison: Comparison) -> str:
    """Return what the futures of a comparison differ in: luck alone, or what they believe, too."""
    held = next(iter(comparison.ensembles.values())).scenario.beliefs
    return futures_in_words(held, int(comparison.futures.size))


def futures_in_words(held: Believed | None, many: int) -> str:
    """Return what so many futures with these beliefs differ in."""
    if held is None:
        return say("beliefs.fixed", n=many, option=differing_beliefs())
    if not isinstance(held, FromEnsembles):
        return say("beliefs.plausible", n=many)
    points = forms.listed([ensemble_in_words(one) for one in held.ensembles])
    name = "beliefs.in_turns" if len(held.ensembles) > 1 else "beliefs.ensemble"
    return say(name, n=many, points=points)


def ensemble_in_words(one: JointPoints) -> str:
    """Return how many points an ensemble has, what they meet, and whether that is a first look."""
    if one.source in TEXTS:
        points = say(f"beliefs.{TEXTS[one.source]}", n=one.size)
    else:
        points = say("beliefs.own", n=one.size, name=printable(one.name))
    try:
        made = read_making(one.source)
        fresh = made["fresh"]["pass"]
        each, waves, wanted = (int(made[name]) for name in ("points", "waves", "members"))
    except (InputError, KeyError, TypeError, ValueError):  # a table, or it is not there any more
        return points
    if each < POINTS or wanted < MEMBERS:
        return say("beliefs.quick_making", points=points, fresh=fresh, waves=waves, each=each)
    return say("beliefs.whole_making", points=points, fresh=fresh)


def called_in_short(one: JointPoints) -> str:
    """Return what an ensemble is called at the head of a column; one of somebody's own by name."""
    return say(f"beliefs.short_{TEXTS[one.source]}") if one.source in TEXTS else one.name


def allowed_in_words(
    comparison: Comparison, scenario: str, against: str, names: Mapping[str, str] | None = None
) -> str:
    """Return how often a scenario is better by each of the two ensembles that ship; "" where
    futures do not take from both.

    names : what people call the scenarios, by name
    """
    found = better_in(comparison, scenario, against)
    if [name for name, _, _ in found] != [*SHIPPING]:
        return ""
    (_, first, first_of), (_, second, second_of) = found
    who, other = ((names or {}).get(name, name) for name in (scenario, against))
    return say(
        "beliefs.both", who=who, other=other, first=first, first_of=first_of, second=second,
        second_of=second_of,
    )  # fmt: skip


def hangs_in_words(comparison: Comparison, names: Mapping[str, str] | None = None) -> list[str]:
    """Return what futures differ in, and, where beliefs do, what decides which of the first two is
    better, and where the order turns.

    names : what people call scenarios, parameters and the outcome, by name
    """
    said = [differ_in_words(comparison)]
    pair = asked_of(comparison)
    if pair is None:
        return said
    known = names or {}
    called = {name: known.get(name, name) for name in comparison.names}
    best, second = pair
    table = hangs_on(comparison, best, second, many=LEADING)
    clear = table[table["clear"]]
    found = comparison.differences(MAIN, best, second)
    better, many = int((found.values > 0.0).sum()), int(found.values.size)
    lead = say(
        "beliefs.lead", outcome=known.get(MAIN, MAIN), best=called[best], second=called[second],
        better=better, n=many,
    )  # fmt: skip
    beside = [one for one in [allowed_in_words(comparison, best, second, called)] if one]
    if many < FEWEST:
        return [*said, say("beliefs.too_few", lead=lead), *beside]
    if better in (0, many):
        return [*said, say("beliefs.whatever", lead=lead), *beside]
    if not len(clear):
        return [*said, say("beliefs.no_belief", lead=lead), *beside]
    parts = [
        say(
            "beliefs.deciding", parameter=known.get(name, name), low=percent(row["best_low"]),
            high=percent(row["best_high"]),
        )
        for name, row in zip(clear["parameter"].astype(str), clear.to_dict("records"), strict=True)
    ]  # fmt: skip
    said += [say("beliefs.hangs", lead=lead, parts=listed(parts)), *beside]
    first = str(clear.iloc[0]["parameter"])
    said.append(told(along(comparison, first, best, second).said(known)))
    return said


def turns_in_words(axes: Sequence[Along], names: Mapping[str, str]) -> list[str]:
    """Return where the order turns along each of several beliefs, in one sentence if one serves."""
    sides = {one.sides(names) for one in axes if math.isfinite(one.turn)}
    turned = all(math.isfinite(one.turn) for one in axes)
    if len(axes) < 2 or len(sides) != 1 or not turned:
        return [told(one.said(names)) for one in axes]
    ((low, high),) = sides
    places = [
        say(
            "beliefs.turn", name=one.over.name, turn=one.turn, low=one.low, high=one.high,
            above=one.above, n=int(one.values.size),
        )
        for one in axes
    ]  # fmt: skip
    return [say("beliefs.turns", places=listed(places), low=low, high=high)]
