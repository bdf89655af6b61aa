"""The search: which candidates are tried, generation by generation.

Where the grid of all that is chosen is no larger than the evaluations that are asked for, every
candidate is tried. Else NSGA-II (Deb et al. 2002, IEEE Trans. Evol. Comput. 6:182) over whole
numbers and words, from pymoo; candidates that break the budget come after all that keep it. It
starts with what is there, with nothing, and with all money on one lever at a time.

What is asked for next depends on the seed and on what was answered, and not on how many evaluations
are wanted, so a longer search begins like a shorter one. A candidate is asked for once.
"""

from __future__ import annotations

import itertools
import math
from collections.abc import Callable, Sequence
from typing import Any

import numpy as np

from cisim.lab.extras import needed
from cisim.model.luck import uniform, word
from cisim.model.state import Floats

Candidate = tuple[int, ...]
"""A place on the grid of each lever."""
Answer = Callable[[Sequence[Candidate]], tuple[Floats, Floats] | None]
"""Returns goals, (n, G), less being better, and by how much the budget is broken, (n,), at most 0
where it is kept; None to stop."""
LEAST = 24
"""Candidates of a generation, or twice the levers."""
BARREN = 10
"""After so many generations, and so many pairings in one, without a new candidate, it ends."""


def search(
    sizes: Sequence[int],
    first: Sequence[Candidate],
    mend: Callable[[Candidate], Candidate],
    answer: Answer,
    evaluations: int,
    goals: int,
    words: Sequence[bool],
    seed: int,
) -> bool:
    """Try candidates until so many were tried; return whether that was every one there is.

    sizes : how many values each lever has
    first : candidates to begin with
    mend  : makes a candidate cheaper that costs too much
    words : which levers are words, without an order

    Raises InputError if pymoo is not installed.
    """
    if math.prod(sizes) <= evaluations:
        whole = list(itertools.product(*(range(size) for size in sizes)))
        parts = (whole[at : at + LEAST] for at in range(0, len(whole), LEAST))
        return all(answer(part) is not None for part in parts)
    several = max(LEAST, 2 * len(sizes))
    algorithm, fresh = _nsga2(sizes, words, mend, _begin(sizes, first, mend, several, seed), goals,
                              seed)  # fmt: skip
    told = needed("pymoo.problems.static", "optimise").StaticProblem
    known: dict[Candidate, tuple[Floats, float]] = {}
    barren = 0
    while len(known) < evaluations and barren < BARREN:
        infills = algorithm.ask()
        if infills is None or not len(infills):
            break
        asked = [fresh(one.X) for one in infills]
        new = list(dict.fromkeys(one for one in asked if one not in known))
        barren = 0 if new else barren + 1
        new = new[: evaluations - len(known)]
        if new:
            found = answer(new)
            if found is None:
                return False
            known |= {one: (row, float(over)) for one, row, over in zip(new, *found, strict=True)}
        if any(one not in known for one in asked):
            break  # the last generation is a part of one
        values = np.array([known[one][0] for one in asked])
        excess = np.array([[known[one][1]] for one in asked])
        algorithm.evaluator.eval(told(algorithm.problem, F=values, G=excess), infills)
        algorithm.tell(infills=infills)
    return False


def _begin(
    sizes: Sequence[int],
    first: Sequence[Candidate],
    mend: Callable[[Candidate], Candidate],
    several: int,
    seed: int,
) -> list[Candidate]:
    """Return the first generation: what is given, and candidates by chance, mended."""
    found = dict.fromkeys(mend(one) for one in first)
    for number in range(100 * several):
        if len(found) >= several:
            break
        address = word("optimise begins")
        drawn = tuple(
            min(size - 1, int(uniform(seed, address, 0, number, at) * size))
            for at, size in enumerate(sizes)
        )
        found[mend(drawn)] = None
    return list(found)[:several]


def _nsga2(
    sizes: Sequence[int],
    words: Sequence[bool],
    mend: Callable[[Candidate], Candidate],
    begin: Sequence[Candidate],
    goals: int,
    seed: int,
) -> tuple[Any, Callable[[Any], Candidate]]:
    """Return the algorithm, ready to be asked, and what reads its candidates."""
    mixed = needed("pymoo.core.mixed", "optimise")
    variables = needed("pymoo.core.variable", "optimise")
    nsga2 = needed("pymoo.algorithms.moo.nsga2", "optimise")
    tournament = needed("pymoo.operators.selection.tournament", "optimise").TournamentSelection
    problem_class = needed("pymoo.core.problem", "optimise").Problem
    repair_class = needed("pymoo.core.repair", "optimise").Repair
    population = needed("pymoo.core.population", "optimise").Population
    names = [f"{at}" for at in range(len(sizes))]

    def read(given: Any) -> Candidate:
        return tuple(
            min(size - 1, max(0, round(float(given[name]))))
            for name, size in zip(names, sizes, strict=True)
        )

    def written(one: Candidate) -> dict[str, int]:
        return dict(zip(names, one, strict=True))

    class Mended(repair_class):  # type: ignore[misc, valid-type]
        def _do(self, problem: Any, given: Any, **more: Any) -> Any:
            whole = np.empty(len(given), object)
            whole[:] = [written(mend(read(one))) for one in given]
            return whole

    kinds = {
        name: variables.Choice(options=list(range(size)))
        if chosen
        else variables.Integer(bounds=(0, size - 1))
        for name, size, chosen in zip(names, sizes, words, strict=True)
    }
    alike = mixed.MixedVariableDuplicateElimination()
    algorithm = mixed.MixedVariableGA(
        pop_size=len(begin),
        sampling=population.new(X=[written(one) for one in begin]),
        mating=mixed.MixedVariableMating(
            selection=tournament(func_comp=nsga2.binary_tournament),
            repair=Mended(),
            n_max_iterations=BARREN,
            eliminate_duplicates=alike,
        ),
        eliminate_duplicates=alike,
        advance_after_initial_infill=True,
        survival=nsga2.RankAndCrowding(),
    )
    algorithm.tournament_type = "comp_by_dom_and_crowding"
    problem = problem_class(vars=kinds, n_obj=goals, n_ieq_constr=1)
    algorithm.setup(problem, termination=("n_gen", 1_000_000_000), seed=seed, verbose=False)
    return algorithm, read
