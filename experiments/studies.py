"""Run the experiments that ship and write what came of them: results/NAME.md.

    python experiments/studies.py                       all of them
    python experiments/studies.py funding-split         one
    python experiments/studies.py --out FOLDER          where the runs are kept; else results/

A study that is there from before is gone on with. A reference holds the digest of all numbers of
its study, so that whoever runs the same file again can compare.
"""

from __future__ import annotations

import sys
from collections.abc import Iterable
from pathlib import Path
from typing import NamedTuple

import numpy as np
import typer

import cisim
from cisim.lab.ensemble import LEVEL, mean_interval
from cisim.lab.study import Study

HERE = Path(__file__).resolve().parent
RESULTS = HERE.parent / "results"
MOST_ROWS = 30
"""A study of so few points is told point by point."""


class Told(NamedTuple):
    """How the answer of an experiment is told.

    only    : analyses whose sentences are told; none where each point is
    against : the scenario from which the others are told apart
    lead    : a sentence before the numbers
    """

    only: tuple[str, ...] = ()
    against: str | None = None
    lead: str = ""


ANSWERS = {
    "structures-under-uncertainty": Told(("robustness", "ranking")),
    "sponsor-continuity": Told(lead="All sponsors go in one month and come back in another; in "
                               "the first scenario they stay, in the last nobody is there. The "
                               "claim was written after a first run: expected was that an early "
                               "gap costs more than a late one, and it costs less."),
    "backbone-staffing": Told(lead="FTE at the national level and in each of five regions. The "
                              "claim was written after a first run: expected was that people in "
                              "the regions are worth more than as many at the national level, and "
                              "they are worth less."),
    "funding-split": Told(lead="Nine posts at each point, at three strengths of joint work. The "
                          "claim was written after a first run: expected was that the posts are "
                          "worth more in the regions than at the national level, and they are "
                          "worth less."),
}  # fmt: skip


def page(name: str, study: Study, experiment: cisim.Experiment) -> str:
    """Return the reference of a finished study, as Markdown."""
    told = ANSWERS[name]
    lines = [
        f"# {experiment.title}",
        "",
        f"Claim: {experiment.claim}",
        "",
        (
            f"`experiments/{name}.toml`: {experiment.in_words}. Made with cisim "
            f"{cisim.__version__} by `python experiments/studies.py {name}`; the digest of all its "
            f"numbers is `{study.digest()}`."
        ),
        "",
    ]
    if told.lead:
        lines += [told.lead, ""]
    lines += by_point(study) if len(study.design) <= MOST_ROWS else in_words(study, told)
    return "\n".join(lines) + "\n"


def by_point(study: Study) -> list[str]:
    """Return a table: a row for each point, wellbeing gain of each scenario with its interval."""
    names, scenarios = study.design.names, study.scenarios
    found = mean_interval(np.moveaxis(study.runs("wellbeing_gain"), 2, 0), LEVEL)
    heads = [*names, *(f"{one}: wellbeing gain, {LEVEL:.0%} interval" for one in scenarios)]
    lines = [f"| {' | '.join(heads)} |", f"|{'---|' * len(heads)}"]
    for point, values in enumerate(study.design.values):
        cells = [f"{value:g}" for value in values]
        cells += [
            f"{found.mean[s, point]:.3f} ({found.low[s, point]:.3f} to {found.high[s, point]:.3f})"
            for s in range(len(scenarios))
        ]
        lines.append(f"| {' | '.join(cells)} |")
    futures = study.replicates
    lines += ["", f"Points of 100 in the last month, means over {futures} futures that all share."]
    return lines


def in_words(study: Study, told: Told) -> list[str]:
    """Return what the analyses say."""
    from cisim.lab.analyses.together import analyse

    answers = analyse(study, "wellbeing_gain", only=told.only, against=told.against)
    return [*(f"- {sentence}" for sentence in answers.sentences()), "", f"Of {answers.words}."]


def main(names: Iterable[str], out: Path, workers: int | None) -> int:
    """Run experiments and write their references."""
    wrong = sorted(set(names) - ANSWERS.keys())
    if wrong:
        print(f"{', '.join(wrong)}: no experiment; there is {', '.join(ANSWERS)}.", file=sys.stderr)
        return 2
    for name in names or ANSWERS:
        experiment = cisim.Experiment.load(HERE / f"{name}.toml")
        study = experiment.run(out=out / name, workers=workers, say=print)
        if study.incomplete or study.failed:
            print(f"{name} is not finished.", file=sys.stderr)
            return 3
        path = RESULTS / f"{name}.md"
        path.write_text(page(name, study, experiment), encoding="utf-8")
        print(f"{path.relative_to(HERE.parent)}: written")
    return 0


def command(
    names: list[str] = typer.Argument(None),  # noqa: B008
    out: Path = typer.Option(RESULTS),  # noqa: B008
    workers: int | None = None,
) -> None:
    """Run the experiments that ship and write what came of them."""
    raise typer.Exit(main(names or [], out, workers))


if __name__ == "__main__":
    typer.run(command)
