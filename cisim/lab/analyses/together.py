"""All analyses that a study allows, with what it does not allow and why."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Callable, Iterable, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, NamedTuple

import numpy as np
import pandas as pd

from cisim.lab.analyses.boxes import Discovery
from cisim.lab.analyses.correlation import correlation
from cisim.lab.analyses.learning import learning
from cisim.lab.analyses.morris import morris
from cisim.lab.analyses.pairs import pairs
from cisim.lab.analyses.pawn import pawn
from cisim.lab.analyses.prim import prim
from cisim.lab.analyses.question import Question, main_outcome
from cisim.lab.analyses.ranking import ranking
from cisim.lab.analyses.robustness import robustness
from cisim.lab.analyses.says import SAYS
from cisim.lab.analyses.sobol import sobol
from cisim.lab.analyses.surrogate import surrogate
from cisim.lab.analyses.tree import tree
from cisim.lab.disk import Aside
from cisim.lab.ensemble import OVERALL
from cisim.lab.manifest import MANIFEST, manifest_of, short_key, sources_of_results
from cisim.lab.results import ANALYSES, POINTS, check_out, write_csv, write_result, write_table
from cisim.lab.study import Study
from cisim.model.input_error import InputError, nearest, printable, shown
from cisim.model.outcomes import find_outcome
from cisim.model.told import Named
from cisim.version import __version__
from cisim.world.pictured import Pictured

OF_ALL: Mapping[str, Callable[..., Any]] = {
    "ranking": ranking,
    "robustness": robustness,
    "learning": learning,
}
"""Those that set all scenarios beside each other; the others are of one at a time."""
OF_ONE: Mapping[str, Callable[..., Any]] = {
    "sobol": sobol,
    "pairs": pairs,
    "morris": morris,
    "pawn": pawn,
    "correlation": correlation,
    "prim": prim,
    "tree": tree,
    "surrogate": surrogate,
}
BY = "analyse"
"""Of what a manifest says that this made."""
WITH_THRESHOLD = ("robustness", "prim", "tree")
"""Those that take a threshold."""
LEVELS_TOO = ("ranking", "learning")
"""Those that another scenario to be compared with changes nothing in."""


class Answer(NamedTuple):
    """What an analysis has found, of one scenario, or of all where that is ""."""

    analysis: str
    scenario: str
    found: Any


@dataclass(frozen=True, eq=False)
class Answers(Pictured):
    """What the analyses of a study have found.

    outcome, against, threshold, month, region : what was asked
    answers  : in the order of ANALYSES
    left_out : analyses that the study does not allow, with the reason
    study_key : of the study's manifest, of its numbers where it has none
    origin   : what decides every number, as plain values
    manifest : of what was written with it; None without a folder
    """

    study: Study
    outcome: str
    against: str | None
    threshold: float | None
    month: int
    region: str
    answers: tuple[Answer, ...]
    left_out: tuple[tuple[str, str], ...]
    study_key: str
    origin: Mapping[str, Any]
    manifest: Mapping[str, Any] | None = None

    def __repr__(self) -> str:
        """Return it in one line."""
        made = list(dict.fromkeys(one.analysis for one in self.answers))
        return f"<Answers of {self.study.name}: {self.words} by {', '.join(made)}>"

    @property
    def key(self) -> str:
        """Return the key that files and page carry: a hash of what decides every number."""
        return short_key(self.origin)

    def tables(self) -> dict[str, pd.DataFrame]:
        """Return the table of each analysis, by name; those over time end with "-by-month"."""
        found: dict[str, list[pd.DataFrame]] = {}
        for one in self.answers:
            table = one.found.table()
            if isinstance(one.found, Discovery) and not len(table):
                found.setdefault(one.analysis, [])
                continue
            found.setdefault(one.analysis, []).append(table)
            if hasattr(one.found, "by_month") and len(self.study.months) > 1:
                found.setdefault(f"{one.analysis}-by-month", []).append(one.found.by_month())
        return {
            name: pd.concat(tables, ignore_index=True) for name, tables in found.items() if tables
        }

    def points(self) -> pd.DataFrame:
        """Return a row for each point: what every number comes from.

        A column for each scenario has the mean outcome, one the replicates that are finished; a
        column for each box says which points lie within it.
        """
        study = self.study
        frame = study.design.table()[["point"]]
        runs = study.runs(self.outcome, self.month, self.region)
        means = study.at(self.outcome, self.month, self.region)
        for s, name in enumerate(study.scenarios):
            frame[f"{self.outcome} of {name}"] = means[s]
            frame[f"replicates of {name}"] = np.isfinite(runs[s]).sum(axis=1)
        for one in self.answers:
            if isinstance(one.found, Discovery):
                for number, box in enumerate(one.found.boxes, 1):
                    inside = np.isin(frame["point"], box.points)
                    frame[f"{one.analysis} box {number} of {one.scenario}"] = inside
        return frame

    def sentences(self) -> list[str]:
        """Return everything that was found in words, each sentence once."""
        told = [sentence for one in self.answers for sentence in one.found.sentences()]
        return list(dict.fromkeys(told))

    @property
    def words(self) -> str:
        """Return what was asked: "wellbeing_gain in month 120, against no-backbone"."""
        what = SAYS("in_month", what=self.outcome, month=self.month)
        if self.region != OVERALL:
            what = SAYS("in_region", what=what, region=Named(self.region, "places"))
        return SAYS("against", what=what, against=self.against) if self.against else what


def analyse(
    study: Study,
    outcome: str | None = None,
    *,
    against: str | None = None,
    threshold: float | None = None,
    month: int | None = None,
    region: str = OVERALL,
    only: Iterable[str] | None = None,
    out: str | Path | None = None,
    draw: Callable[[Answers, str], Mapping[str, str]] | None = None,
    say: Callable[[str], None] | None = None,
    command: str | Sequence[str] | None = None,
) -> Answers:
    """Make the analyses that a study allows; return what they have found.

    outcome   : left out, wellbeing_gain or the first that was kept
    against   : analyse differences from this scenario, and harm as being worse than it
    threshold : the level that is good enough, and below which a scenario fails
    only      : names of analyses; what was named and cannot be made is refused
    out       : folder for tables, charts and a manifest
    draw      : returns charts by file name, given the answers and the manifest's key
    say       : is told what is being made, and of what was named that it is
    command   : how to get the same again, for the manifest

    Raises InputError for what was not kept, a name that is no analysis, one that cannot be made,
    or if none can.
    """
    started = datetime.now(UTC)
    names = _named(only)
    folder = None if out is None else _folder(out, study)
    if month is not None:
        study.runs(outcome or main_outcome(study), month, region)
    asked = Question.of(study, outcome, against=against, month=month, region=region)
    _check_used(names, against, threshold)
    answers: list[Answer] = []
    left_out: dict[str, str] = {}
    scenarios = [name for name in study.scenarios if name != against]
    for name in names:
        whom = [""] if name in OF_ALL else scenarios
        for scenario in whom:
            if say is not None and only is None:
                say(f"{name}{f' of {scenario}' if scenario else ''} …")
            options = _options(name, scenario, against, threshold)
            try:
                answer = {**OF_ALL, **OF_ONE}[name](
                    study, asked.outcome, **options, month=asked.month, region=region
                )
            except InputError as error:
                if only is not None:
                    raise
                left_out.setdefault(name, error.sentences[0])
                continue
            answers.append(Answer(name, scenario, answer))
    if say is not None and only is not None:
        # Not before: a refusal comes alone.
        say(f"Made: {', '.join(names)}.")
    if not answers:
        raise InputError(
            f"{study.name} allows no analysis: {next(iter(left_out.values()), 'it is empty.')}"
        )
    found = Answers(
        study,
        asked.outcome,
        against,
        threshold,
        asked.month,
        region,
        tuple(answers),
        tuple(left_out.items()),
        key_of_study(study),
        {},
    )
    found = replace(found, origin=_origin(found, names))
    if folder is None:
        return found
    return replace(found, manifest=_write(found, folder, draw, command, started))


def key_of_study(study: Study) -> str:
    """Return the key of a study's manifest, of its numbers where it is in memory only."""
    if study.folder is not None and (study.folder / MANIFEST).is_file():
        said = json.loads((study.folder / MANIFEST).read_text(encoding="utf-8"))
        if isinstance(said, dict) and isinstance(said.get("key"), str):
            return str(said["key"])
    return short_key(
        {
            "study": study.name,
            "scenarios": list(study.scenarios),
            "points": study.design.table().to_json(),
            "outcomes": [
                study.runs(name, int(month)).tolist()
                for name in study.outcomes
                for month in study.months
            ],
        }
    )


def _named(only: Iterable[str] | None) -> tuple[str, ...]:
    if only is None:
        return ANALYSES
    wanted = [only] if isinstance(only, str) else list(only)
    for name in wanted:
        if name not in ANALYSES:
            near = nearest(name, ANALYSES) or f" Allowed are {', '.join(ANALYSES)}."
            raise InputError(f"only has {shown(name)}, which is no analysis.{near}")
    if not wanted:
        raise InputError(f"only names nothing; allowed are {', '.join(ANALYSES)}.")
    return tuple(name for name in ANALYSES if name in wanted)


def _check_used(names: tuple[str, ...], against: str | None, threshold: float | None) -> None:
    """Raise InputError for what would change nothing in the analyses that are made."""
    if threshold is not None and not set(names) & set(WITH_THRESHOLD):
        raise InputError(
            f"threshold would change nothing here; it is for {', '.join(WITH_THRESHOLD)}."
        )
    if against is not None and not set(names) - set(LEVELS_TOO):
        raise InputError(f"against would change nothing here; {' and '.join(names)} have all.")


def _options(
    name: str, scenario: str, against: str | None, threshold: float | None
) -> dict[str, Any]:
    options: dict[str, Any] = {}
    if name in OF_ONE:
        options["scenario"] = scenario
    if name in WITH_THRESHOLD and threshold is not None:
        options["threshold"] = threshold
    # Where a level says what failing is, being worse than another does not.
    by_level = name in ("prim", "tree") and threshold is not None
    if against is not None and name not in LEVELS_TOO and not by_level:
        options["against"] = against
    return options


def _folder(out: str | Path, study: Study) -> Path:
    folder = check_out(out)
    if study.folder is not None and folder.resolve() == study.folder.resolve():
        raise InputError(
            f"out is {printable(folder)}, which holds the study itself; allowed is another folder."
        )
    return folder


def _origin(found: Answers, names: tuple[str, ...]) -> dict[str, Any]:
    """Return what decides every number: sources, libraries, the study's numbers, the question."""
    from importlib.metadata import PackageNotFoundError, version

    libraries = {}
    for name in ("SALib", "scikit-learn", "ema-workbench"):
        with suppress(PackageNotFoundError):
            libraries[name] = version(name)
    study = found.study
    numbers = np.ascontiguousarray(study.runs(found.outcome, found.month, found.region))
    return {
        **sources_of_results(),
        "study": {
            "name": study.name,
            "key": found.study_key,
            "scenarios": list(study.scenarios),
            "numbers": hashlib.sha256(numbers.tobytes()).hexdigest()[:16],
        },
        "asked_of": {
            "outcome": found.outcome,
            "against": found.against,
            "threshold": found.threshold,
            "month": found.month,
            "region": found.region,
            "analyses": list(names),
        },
        "libraries": libraries,
    }


def _write(
    found: Answers,
    folder: Path,
    draw: Callable[[Answers, str], Mapping[str, str]] | None,
    command: str | Sequence[str] | None,
    started: datetime,
) -> dict[str, Any]:
    """Write tables, charts and manifest; return the manifest."""
    study, key, origin = found.study, found.key, found.origin

    def fill(aside: Aside) -> None:
        for name, table in found.tables().items():
            with aside.file(f"{name}.csv") as file:
                write_csv(file, table, key)
        with aside.file(POINTS) as file:
            write_table(file, found.points(), key)
        for name, svg in sorted((draw(found, key) if draw is not None else {}).items()):
            aside.write(name, svg)

    def manifest(files: Mapping[str, str]) -> dict[str, Any]:
        return manifest_of(
            key,
            origin,
            command or f"cisim.lab.analyses.analyse, called from Python, cisim {__version__}",
            asked=len(study.design) * len(study.scenarios) * study.replicates,
            incomplete=study.incomplete,
            failed=[one._asdict() for one in study.failed],
            notes=[f"{name}: {why}" for name, why in found.left_out]
            + [f"unit of {found.outcome}: {find_outcome(found.outcome).unit}"],
            made={"by": BY},
            started=started,
            finished=datetime.now(UTC),
            files=files,
        )

    return write_result(folder, fill, manifest)
