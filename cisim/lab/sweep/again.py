"""One point in one future once more, here and alone: to look into what failed, or how it came."""

from __future__ import annotations

import numpy as np
import pandas as pd

from cisim.lab.executors import whole_number
from cisim.lab.sweep.experiment import Experiment
from cisim.lab.sweep.piece import Work, run_one


def run_again(experiment: Experiment, point: int, replicate: int) -> pd.DataFrame:
    """Return a row for each scenario, month and region; see Experiment.again."""
    point = whole_number("point", point, 0, experiment.plan.size - 1)
    replicate = whole_number("replicate", replicate, 0, experiment.most_replicates - 1)
    design = experiment.plan.build()
    work = Work(
        experiment.scenarios,
        experiment.plan.space,
        design.values,
        experiment.most_replicates,
        experiment.seed,
        experiment.outcomes,
        experiment.months,
        experiment.by_region,
    )
    scenarios, _ = work.at(point)
    frames = []
    for s, scenario in enumerate(scenarios):
        values = run_one(work, scenarios, s, replicate, None)
        months, regions, outcomes = values.shape
        frame = pd.DataFrame(values.reshape(-1, outcomes), columns=list(experiment.outcomes))
        frame.insert(0, "scenario", scenario.name)
        frame.insert(1, "point", point)
        frame.insert(2, "replicate", replicate)
        frame.insert(3, "month", np.repeat(experiment.months, regions))
        frame.insert(4, "region", list(experiment.regions) * months)
        frames.append(frame)
    return pd.concat(frames, ignore_index=True)
