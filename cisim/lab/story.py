"""A story with its figures: each state is met in the same futures, and questions get answers."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import NamedTuple

import numpy as np

from cisim.lab.ensemble import OVERALL, Ensemble, Interval, mean_interval
from cisim.lab.executors import Progress, Say
from cisim.lab.simulate import run_ensembles
from cisim.model.input_error import InputError
from cisim.model.state import Floats
from cisim.world.scenario import Scenario
from cisim.world.story import Answer, Held, State, Story, Told

FUTURES = 20


class Found(NamedTuple):
    """The answer to a question.

    difference : of the state that is asked about from that of the step, over futures
    agree      : share of the futures that go the same way
    """

    answer: Answer
    difference: Interval
    agree: float


@dataclass(frozen=True)
class Shown:
    """A step with what runs have shown: what is looked at, the text's figures, the answer.

    figures : by placeholder as it is written
    """

    told: Told
    looked: Interval
    figures: dict[str, float]
    found: Found


class Course(NamedTuple):
    """An outcome over time: months (K,), values (futures, K)."""

    months: tuple[int, ...]
    values: Floats


@dataclass(frozen=True)
class ToldStory:
    """A story that has been run in so many futures, from a seed on.

    ensembles : of each of `story_scenarios`, in every month if that was asked for
    """

    story: Story
    futures: int
    seed: int
    steps: tuple[Shown, ...]
    ensembles: tuple[Ensemble, ...] = ()

    def course(self, state: State, outcome: str, region: str | None = None) -> Course:
        """Return how an outcome came to a state, in every month that was kept up to it."""
        ensemble = self.ensembles[story_scenarios(self.story).index(state.scenario)]
        months = [int(month) for month in ensemble.months if month <= state.month]
        each = [ensemble.at(outcome, month, region or OVERALL) for month in months]
        return Course(tuple(months), np.column_stack(each))


def tell(
    story: Story,
    replicates: int = FUTURES,
    workers: int | None = None,
    seed: int = 1,
    *,
    every_month: bool = False,
    progress: Progress | None = None,
    say: Say | None = None,
) -> ToldStory | None:
    """Return a story with its figures; None if it was interrupted.

    Every scenario of it is run once a future, up to the last month that is looked at.

    every_month : whether what lies between the months that are looked at is kept, too

    Raises InputError if what is looked at is defined in no future, or a run fails.
    """
    months = None if every_month else sorted({state.month for state in story.states})
    ensembles = run_ensembles(
        as_run(story),
        replicates,
        workers,
        seed,
        outcomes=looked_at(story),
        by_region=True,
        at=months,
        progress=progress,
        say=say,
    )
    if any(one.incomplete for one in ensembles):
        return None
    return told_by(story, ensembles, replicates, seed)


def looked_at(story: Story) -> tuple[str, ...]:
    """Return the outcomes that a story shows and tells, each once."""
    every = [
        name
        for told in story.steps
        for name in (told.step.look.outcome, *(held.outcome for held in told.held))
    ]
    return tuple(dict.fromkeys(every))


def told_by(story: Story, ensembles: Sequence[Ensemble], futures: int, seed: int) -> ToldStory:
    """Return a story with the figures of ensembles that were run for it.

    ensembles : of each scenario of `as_run`, whole, by region, with all that is `looked_at`

    Raises InputError if what is looked at is defined in no future, or a run has failed.
    """
    for one in ensembles:
        for failure in one.failed:
            raise InputError(
                f"{story.name}: {failure.scenario} failed in the future {failure.seed} "
                f"({' '.join(failure.reason.split()).rstrip('.')})."
            )

    def values(state: State, outcome: str, region: str | None) -> Floats:
        ensemble: Ensemble = ensembles[story_scenarios(story).index(state.scenario)]
        return ensemble.at(outcome, state.month, region or OVERALL)

    steps = []
    before: Told | None = None
    for told in story.steps:
        look = told.step.look
        here = values(told.here, look.outcome, look.region)
        there = values(told.then, look.outcome, look.region)
        figures = {held.written: _figure(held, told, before, values) for held in told.held}
        looked = _interval(here, told, look.outcome)
        steps.append(Shown(told, looked, figures, _found(told, here, there)))
        before = told
    return ToldStory(story, futures, seed, tuple(steps), tuple(ensembles))


def story_scenarios(story: Story) -> list[Scenario]:
    """Return the scenarios of a story, each once."""
    every = [state.scenario for state in story.states]
    return [one for at, one in enumerate(every) if one not in every[:at]]


def as_run(story: Story) -> list[Scenario]:
    """Return its scenarios as they are run: up to the last month that is looked at."""
    last = max(1, *(state.month for state in story.states))
    return [
        one.with_(events=[event for event in one.events if event.month < last], months=last)
        for one in story_scenarios(story)
    ]


def _figure(
    held: Held,
    told: Told,
    before: Told | None,
    values: Callable[[State, str, str | None], Floats],
) -> float:
    """Return what a placeholder stands for: the mean over the futures in which it is defined."""
    now = values(told.here, held.outcome, held.region)
    if held.how and before is not None:
        earlier = values(before.here, held.outcome, held.region)
        now = earlier if held.how == "before" else now - earlier
    return float(_interval(now, told, held.outcome).mean)


def _interval(values: Floats, told: Told, outcome: str) -> Interval:
    found = mean_interval(values)
    if not found.n:
        raise InputError(
            f"{told.step.title}: {outcome} is defined in no future there; look at another outcome."
        )
    return found


def _found(told: Told, here: Floats, there: Floats) -> Found:
    """Return the answer: the way that the mean goes, and how many futures go the same way."""
    within = told.step.predict.within
    apart = there - here
    difference = _interval(apart, told, told.step.look.outcome)
    ways = np.where(np.abs(apart) <= within, 0, np.sign(apart))[np.isfinite(apart)]
    mean = float(difference.mean)
    way = 0 if abs(mean) <= within else 1 if mean > 0 else -1
    answers: dict[int, Answer] = {1: "up", 0: "same", -1: "down"}
    return Found(answers[way], difference, float((ways == way).mean()))
