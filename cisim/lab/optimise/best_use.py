"""The best use of a budget: `optimise` puts question, search and answer together."""

from __future__ import annotations

import math
import os
from collections.abc import Callable, Mapping, Sequence
from contextlib import suppress
from dataclasses import replace
from datetime import UTC, datetime
from typing import Any

import numpy as np

from cisim.lab.bill import FTE_COST
from cisim.lab.disk import Aside
from cisim.lab.executors import Executor, Progress, Say, executor_of, whole_number
from cisim.lab.manifest import manifest_of, short_key, sources_of_results
from cisim.lab.once_more import made
from cisim.lab.optimise.beliefs import POINTS, Beliefs
from cisim.lab.optimise.budget import CENT
from cisim.lab.optimise.found import (
    SAYS,
    Beside,
    Chosen,
    Optimised,
    Tried,
    Worth,
    between,
    in_words,
)
from cisim.lab.optimise.goals import SIGN, USUAL, Reached, best_rows, reach, spread
from cisim.lab.optimise.levers import Value, present, put
from cisim.lab.optimise.question import Question
from cisim.lab.optimise.runs import THROUGH, Runs
from cisim.lab.optimise.search import Candidate, search
from cisim.lab.optimise.written import has_own_world, scenario_text, world_text
from cisim.lab.results import (
    BELIEFS,
    CANDIDATES,
    CHOICES,
    FRONT,
    FRONT_BILL,
    PLACE,
    STRUCTURES,
    check_out,
    write_csv,
    write_result,
    write_table,
)
from cisim.lab.robust import _reference
from cisim.model.input_error import InputError
from cisim.model.state import Floats
from cisim.model.told import Named, Written
from cisim.world.notes import notes_of
from cisim.world.scenario import Scenario
from cisim.world.staffing import resolved_posts

BY = "optimise"
EVALUATIONS = 240
MOST_EVALUATIONS = 100_000
TOLD = 12
"""So many of the front are told again on unseen beliefs."""
_WITHOUT, _OWN = "without", "own"
"""Under these no backbone and the scenario as it is are run, whatever its name."""
_FAR = 1e12
"""The goals of a candidate that cannot be run; its budget is broken by as much."""

Draw = Callable[[Optimised, str], Mapping[str, str]]
"""Makes pictures, SVG by the name of their file, of what was found and its key."""


def optimise(
    scenario: Scenario | str | os.PathLike[str],
    budget: float | None = None,
    *,
    payers: Mapping[str, float] | None = None,
    vary: Mapping[str, object] | None = None,
    goals: str | Sequence[str] = USUAL,
    points: int | str | os.PathLike[str] | Beliefs = POINTS,
    unseen: int | None = None,
    beliefs: str | None = None,
    evaluations: int = EVALUATIONS,
    fte_cost: float = FTE_COST,
    payer: str | None = None,
    seed: int = 1,
    months: int | None = None,
    workers: int | None = None,
    executor: Executor | None = None,
    out: str | os.PathLike[str] | None = None,
    draw: Draw | None = None,
    translate: Callable[[str], str] = str,
    progress: Progress | None = None,
    say: Say | None = None,
    command: str | Sequence[str] | None = None,
) -> Optimised:
    """Search for the best uses of a yearly budget over what may be believed.

    budget      : money a year that all who pay posts, grants and local action pay at most
    payers      : money a year that single payers pay at most, by name; sponsors, too
    vary        : what is chosen, a range "0..4", "0..4/0.5" or words "a|b" by name, see
                  cisim.lab.optimise.levers; left out, posts and local action
    goals       : of effect, spent, cost, gap, harm
    points      : beliefs that the search sees, or a table of them
    unseen      : beliefs on which the front is told again
    beliefs     : where both are drawn from, see Scenario.believing; None is what the scenario
                  believes, else all that is plausible
    evaluations : candidates that are tried at most
    fte_cost    : of a full-time year where a payer says no price
    payer       : who pays a post that is added; left out, the only one of `payers`, else the
                  foundation
    executor    : where runs are done, in place of `workers`: see cisim.lab.executors
    out         : folder for tables, chart, files of the chosen structures, manifest, and what is
                  computed; a search that was broken off, or a longer one, continues there
    draw        : makes pictures that are written with it
    translate   : says titles and stories of the chosen structures in another language
    command     : how to get the same again, for the manifest

    Raises InputError if something given is wrong. After Ctrl-C what is finished comes back,
    `incomplete`.
    """
    started = datetime.now(UTC)
    question = Question(
        scenario, budget, payers=payers, vary=vary, goals=goals, points=points, unseen=unseen,
        beliefs=beliefs,
        fte_cost=fte_cost, payer=payer, seed=seed, months=months,
    )  # fmt: skip
    evaluations = whole_number("evaluations", evaluations, 1, MOST_EVALUATIONS)
    folder = None if out is None else check_out(out)
    if say is not None:
        for note in notes_of([question.scenario]):
            say(note)
    there = executor_of(workers, executor, say)
    drawn = question.beliefs
    expected = evaluations * len(drawn.seen) + (TOLD + len(question.levers) + 2) * len(drawn.unseen)
    with Runs(question.scenario, question.who, folder, there, expected, progress, say) as runs:
        found = _search(question, runs, evaluations)
    found = replace(
        found, failed=tuple(runs.failed.values()), incomplete=found.incomplete or runs.incomplete
    )
    if folder is None or not found.tried:
        return found
    origin = {
        **sources_of_results(),
        "scenarios": [question.scenario.resolved()],
        "budget": {"all": question.budget.total, "payers": dict(question.budget.payers)},
        "fte_cost": fte_cost,
        "payer": question.payer,
        "vary": {one.name: one.told for one in question.levers},
        "goals": list(question.goals),
        "beliefs": {
            "from": drawn.said,
            "seed": drawn.seed,
            "seen": len(drawn.seen),
            "unseen": len(drawn.unseen),
            "parameters": list(drawn.seen.names),
            "digest": drawn.digest,
        },
        "evaluations": len(found.tried),
        "told": [at + 1 for at in found.again],
    }
    key = short_key(origin)
    files = _structures(found, translate)

    def fill(aside: Aside) -> None:
        tables = {FRONT: found.table(), CANDIDATES: found.candidates()}
        if found.chosen:
            tables[CHOICES] = found.levers_table()
            tables[FRONT_BILL] = found.bills()
        for name, table in tables.items():
            with aside.file(name) as file:
                write_csv(file, table, key)
        with aside.file(BELIEFS) as file:
            write_table(file, drawn.table(), key)
        pictures = {} if draw is None or not found.again else draw(found, key)
        for name, text in {**files, **pictures}.items():
            aside.write(name, text)

    def manifest(digests: Mapping[str, str]) -> dict[str, Any]:
        return manifest_of(
            key,
            origin,
            command or "cisim.optimise, called from Python",
            made=made(BY, runs.parts.came, THROUGH),
            asked=evaluations,
            incomplete=found.incomplete,
            failed=[one._asdict() for one in found.failed],
            notes=notes_of([question.scenario]),
            posts={
                STRUCTURES[number - 1]: resolved_posts(
                    question.scenario.world, question.put(found.tried[one.at].values).structure
                )
                for number, one in enumerate(found.chosen, 1)
            },
            started=started,
            finished=datetime.now(UTC),
            files=digests,
        )

    return replace(found, manifest=write_result(folder, fill, manifest))


def _search(question: Question, runs: Runs, evaluations: int) -> Optimised:
    """Return what the search finds, and how it does on unseen beliefs."""
    seen, unseen = question.beliefs.seen, question.beliefs.unseen
    bare = Optimised(
        scenario=question.scenario,
        levers=question.levers,
        budget=question.budget,
        who=question.who,
        payer=question.payer,
        goals=question.goals,
        beliefs=question.beliefs,
        years=_years(question.scenario),
        evaluations=evaluations,
    )
    beside = {_WITHOUT: _reference([question.scenario])}
    if beside[_WITHOUT] is not question.scenario:
        beside[_OWN] = question.scenario
    base = _reach_all(question, runs, beside, seen, question.beliefs.seed, None)
    if base is None:
        return replace(bare, incomplete=True)
    reference = base[_WITHOUT]
    if reference[0] is None:
        return bare
    tried: list[Tried] = []
    known: dict[str, Reached | None] = {}

    def answer(candidates: Sequence[Candidate]) -> tuple[Floats, Floats] | None:
        made = [_made(question, one) for one in candidates]
        new: dict[str, Scenario] = {}
        keys: list[str | None] = []
        for one in made:
            keys.append(None if isinstance(one, str) else runs.key(one))
            if not isinstance(one, str) and keys[-1] not in known:
                new[str(keys[-1])] = one
        came = _reach_all(question, runs, new, seen, question.beliefs.seed, reference[1])
        if came is None:
            return None
        known.update({key: reached for key, (reached, _) in came.items()})
        values = np.full((len(candidates), len(question.goals)), _FAR)
        excess = np.full(len(candidates), _FAR)
        for at, (candidate, key) in enumerate(zip(candidates, keys, strict=True)):
            reached = None if key is None else known[key]
            why = str(made[at]) if key is None else "" if reached else SAYS("failed")
            tried.append(Tried(question.values(candidate), reached, why))
            if reached is not None:
                values[at] = _goals(question, reached)
                excess[at] = max(0.0, reached.excess - CENT)
        return values, excess

    whole = search(
        [one.size for one in question.levers],
        question.begin(),
        question.mend,
        answer,
        evaluations,
        len(question.goals),
        [bool(one.words) for one in question.levers],
        question.beliefs.seed,
    )
    keeping = [at for at, one in enumerate(tried) if one.keeps]
    reaches = [reached for one in tried if (reached := one.reached) is not None and one.keeps]
    goals = np.array([_goals(question, reached) for reached in reaches])
    rows = best_rows(goals, TOLD)
    front = [keeping[row] for row in rows]
    found = replace(
        bare, tried=tuple(tried), front=tuple(front), whole=whole,
        without=Beside(reference[0], None),
        own=Beside(base[_OWN][0], None) if _OWN in base else None,
    )  # fmt: skip
    if runs.incomplete:
        return replace(found, incomplete=True)
    told = [front[row] for row in spread(goals[rows], TOLD)] if front else []
    return _again(question, runs, found, told, beside, unseen)


def _goals(question: Question, reached: Reached) -> list[float]:
    """Return the goals of a candidate, less being better; one that is undefined is far off."""
    values = [SIGN[goal] * reached.goal(goal) for goal in question.goals]
    return [value if math.isfinite(value) else _FAR for value in values]


def _again(
    question: Question,
    runs: Runs,
    found: Optimised,
    told: Sequence[int],
    beside: Mapping[str, Scenario],
    unseen: Any,
) -> Optimised:
    """Return what was found with the front told again on unseen beliefs, and what is chosen."""
    seed = question.beliefs.unseen_seed
    base = _reach_all(question, runs, beside, unseen, seed, None)
    if base is None or base[_WITHOUT][0] is None:
        return replace(found, incomplete=base is None)
    reference = base[_WITHOUT][1]
    named = {f"{at}": question.put(found.tried[at].values) for at in told}
    came = _reach_all(question, runs, named, unseen, seed, reference)
    if came is None:
        return replace(found, incomplete=True)
    again = {int(name): reached for name, (reached, _) in came.items() if reached is not None}
    without, own = found.without, found.own
    found = replace(
        found,
        again=again,
        without=without and without._replace(unseen=base[_WITHOUT][0]),
        own=own and own._replace(unseen=base[_OWN][0]),
    )
    found = replace(found, chosen=tuple(_choose(found)))
    if found.best is None:
        return found
    return _worth(question, runs, found, found.best, unseen, seed, reference)


def _choose(found: Optimised) -> list[Chosen]:
    """Return at most five of the front: its ends and its knee.

    They are chosen by what the search saw, so that unseen beliefs are no part of the choice; which
    cannot be told from the first is seen from these.
    """
    able = [at for at in found.again if found.can_be_chosen(at)]
    if not able:
        return []
    seen = {at: reached for at in able if (reached := found.tried[at].reached) is not None}
    effect = {at: reached.goal("effect") for at, reached in seen.items()}
    spent = {at: float(round(reached.goal("spent"))) for at, reached in seen.items()}
    best = max(able, key=lambda at: (effect[at], -spent[at]))
    chosen = [Chosen(best, SAYS("most_effect"))]
    cheapest = found.cheapest_alike(best)
    chosen.append(Chosen(cheapest, SAYS("cheapest_alike")))
    paying = [at for at in able if spent[at] > CENT]
    if paying:
        least = min(paying, key=lambda at: (spent[at], -effect[at]))
        knee = _knee(least, best, paying, spent, effect)
        if knee is not None:
            chosen.append(Chosen(knee, SAYS("knee")))
        if "harm" in found.goals:
            chosen.append(Chosen(
                min(paying, key=lambda at: (seen[at].harm, -effect[at])), SAYS("least_harm")
            ))  # fmt: skip
        if "gap" in found.goals:
            chosen.append(Chosen(
                max(paying, key=lambda at: seen[at].goal("gap")), SAYS("narrowest")
            ))  # fmt: skip
        chosen.append(Chosen(least, SAYS("least_money")))
    first: dict[int, Chosen] = {}
    for one in chosen:
        first.setdefault(one.at, one)
    return list(first.values())[: len(STRUCTURES)]


def _knee(
    least: int, best: int, able: Sequence[int], spent: Mapping[int, float],
    effect: Mapping[int, float],
) -> int | None:  # fmt: skip
    """Return the one that lies farthest above the line between the ends; None if none does."""
    width, height = spent[best] - spent[least], effect[best] - effect[least]
    if not (width > 0.0 and height > 0.0):
        return None
    above = {
        at: (effect[at] - effect[least]) / height - (spent[at] - spent[least]) / width
        for at in able
        if spent[least] < spent[at] < spent[best]
    }
    knee = max(above, key=lambda at: above[at], default=None)
    return knee if knee is not None and above[knee] > 0.0 else None


def _worth(
    question: Question, runs: Runs, found: Optimised, best: int, unseen: Any, seed: int,
    reference: Floats,
) -> Optimised:  # fmt: skip
    """Return what was found with what each lever of the best does: without it, or at another end.

    A lever that is where the scenario has it, or at its low end, is put to the other end.
    """
    values = found.tried[best].values
    others: dict[int, tuple[Value, ...]] = {}
    made: dict[str, Scenario] = {}
    for at, lever in enumerate(question.levers):
        usual_place = lever.place(present(question.scenario, lever))
        here = lever.place(values[at])
        there = usual_place if here != usual_place else 0 if here else lever.size - 1
        new = (*values[:at], lever.value(there), *values[at + 1 :])
        with suppress(InputError):
            made[f"{at}"] = question.put(new)
            others[at] = new
    came = _reach_all(question, runs, made, unseen, seed, reference)
    if came is None:
        return replace(found, incomplete=True)
    mine = found.again[best]
    worth = []
    for at, new in others.items():
        reached = came[f"{at}"][0]
        if reached is None:
            continue
        away = mine.effect - reached.effect
        moves = bool(away.any()) or bool((mine.paid != reached.paid).any())
        worth.append(
            Worth(question.levers[at].name, values[at], new[at], *between(away), moves=moves)
        )
    return replace(found, worth=tuple(worth))


def _made(question: Question, candidate: Candidate) -> Scenario | str:
    """Return the scenario of a candidate, or why there is none."""
    try:
        return question.put(question.values(candidate))
    except InputError as error:
        return " ".join(str(error).split())


def _reach_all(
    question: Question,
    runs: Runs,
    scenarios: Mapping[str, Scenario],
    design: Any,
    seed: int,
    reference: Floats | None,
) -> dict[str, tuple[Reached | None, Floats]] | None:
    """Return what each scenario reaches, with the outcomes of its runs; None if it was stopped.

    reference : outcomes without a backbone; None takes those of what stands at _WITHOUT

    Where a run without a backbone has failed, that belief is left out of all.
    """
    by_key: dict[str, Scenario] = {}
    keys = {}
    for name, scenario in scenarios.items():
        keys[name] = runs.key(scenario)
        by_key.setdefault(keys[name], scenario)
    rows = runs.over(by_key, design, seed) if by_key else {}
    if rows is None:
        return None
    if reference is None:
        reference = runs.outcomes(rows[keys[_WITHOUT]])
    there = np.isfinite(reference[:, 0])
    found: dict[str, tuple[Reached | None, Floats]] = {}
    for name, key in keys.items():
        mine = runs.outcomes(rows[key])
        money = runs.money(rows[key])
        if not there.any() or not np.isfinite(mine[there, 0]).all():
            found[name] = (None, mine)
            continue
        found[name] = (
            reach(mine[there], reference[there], money[there], question.who, question.budget,
                  question.scenario.months),
            mine,
        )  # fmt: skip
    return found


def _years(scenario: Scenario) -> tuple[str, ...]:
    calendar = scenario.calendar
    first, last = calendar.year(0), calendar.year(scenario.months - 1)
    return tuple(
        str(calendar.year_label(max(0, calendar.first_month(year))))
        for year in range(first, last + 1)
    )


def _structures(found: Optimised, translate: Callable[[str], str]) -> dict[str, str]:
    """Return the files of the chosen structures, TOML by name."""
    files: dict[str, str] = {}
    for number, one in enumerate(found.chosen, 1):
        values = found.tried[one.at].values
        scenario = put(found.scenario, found.levers, values, found.payer)
        words = in_words(found.levers, values, found.payer, found.scenario)
        name = found.scenario.name
        scenario_title = translate(Named(found.scenario.title, "scenario_title", name))[:60]
        title = SAYS("title", scenario=scenario_title, why=one.why, number=number)
        what = translate(words)
        reached = found.again[one.at]
        story = SAYS(
            "story",
            what=f"{what[:1].upper()}{what[1:]}",
            why=one.why,
            points=Written(f"{reached.goal('effect'):.3g}"),
            money=reached.goal("spent"),
        )
        files[STRUCTURES[number - 1]] = scenario_text(
            scenario,
            translate(title),
            translate(story),
            [f"Written by cisim optimise; candidate {one.at + 1}."],
        )
    if found.chosen and has_own_world(found.scenario):
        files[PLACE] = world_text(found.scenario)
    return files
