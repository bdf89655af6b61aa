"""The folder of a sweep, as it is written and gone on with; see cisim.lab.study.folder."""

from __future__ import annotations

import io
import json
import os
from collections.abc import Mapping, Sequence
from contextlib import suppress
from pathlib import Path
from typing import Any

import tomli_w

from cisim.lab.design import Design
from cisim.lab.designs import Plan
from cisim.lab.disk import digest_of, is_ours, replacing, unwritable, write_text
from cisim.lab.ensemble import Failure
from cisim.lab.factors import STRUCTURE, Factor, Space
from cisim.lab.manifest import MANIFEST
from cisim.lab.results import DESIGNS, check_out, csv_line
from cisim.lab.study.folder import (
    ABOUT,
    EXPERIMENT,
    FAILED,
    FILES,
    HASH,
    SCENARIOS,
    kept_in,
    read_design,
    read_manifest,
)
from cisim.lab.study.layout import Layout
from cisim.lab.sweep.experiment import Experiment, ExperimentFile
from cisim.lab.sweep.identity import Identities
from cisim.lab.varied import find_varied
from cisim.model.input_error import InputError, nearest, printable, shown
from cisim.model.sources import source_hash
from cisim.model.told import Sentences, behind
from cisim.version import __version__
from cisim.world.files import checked, parse, read_text
from cisim.world.policy import Function
from cisim.world.scenario import Scenario

SAYS = Sentences(
    "sweep_folder",
    foreign=(
        "out is {name}, in which {foreign} is not of a sweep; allowed is a new folder, an empty "
        "one, or one of this sweep."
    ),
    other_study=(
        "out is {name}, which holds the sweep {there}; allowed for {study} is another folder."
    ),
    other_version=(
        "{folder} holds a sweep of another version of the model (cisim {version}, {made_by}; here "
        "{here}, {hash}); allowed is that version, or another folder."
    ),
    policy=(
        "{folder} ran under the policy {policy}; code is only run if it is named: --policy {named}"
    ),
    no_folder="{place} is not a folder; allowed is one of a sweep.",
    no_sweep="{place} holds no sweep; allowed is a folder of one.",
    no_scenario="scenario {name} was not kept.{near}",
    point="point is {point}; allowed is a number from 0 to {most}.",
    no_scenarios="{path} holds no scenarios of a sweep ({why}).",
)

RUNS = "runs"


def layout_of(experiment: Experiment, folder: Path | None) -> Layout:
    """Return what is kept of each run: what is asked for, and what the folder keeps already."""
    months = tuple(experiment.months.tolist())
    asked = Layout(RUNS, experiment.outcomes, months, experiment.regions)
    before = None if folder is None else kept_in(read_manifest(folder))
    if before is None:
        return asked
    horizon = experiment.scenarios[0].months
    here = {month for month in before.months if month <= horizon}
    outcomes = (*before.outcomes, *(o for o in asked.outcomes if o not in before.outcomes))
    together = sorted({*here, *months})
    regions = before.regions if len(before.regions) > len(asked.regions) else asked.regions
    same = (before.outcomes, before.months, before.regions) == (outcomes, tuple(together), regions)
    number = int(before.kind.partition("-")[2] or 1)
    kind = before.kind if same else f"{RUNS}-{number + 1}"
    return Layout(kind, outcomes, tuple(together), regions)


# --- before anything is run ------------------------------------------------------------------


def check_folder(out: str | os.PathLike[str], experiment: Experiment) -> Path:
    """Return the folder that a study may be written to, or gone on with.

    Raises InputError if it cannot be written, or holds something else.
    """
    folder = check_out(out)
    name = printable(folder)
    if not folder.is_dir():
        return folder
    manifest = read_manifest(folder)
    if manifest is None:
        known = {*FILES, MANIFEST, "parts"}
        foreign = sorted(
            one.name
            for one in folder.iterdir()
            if one.name not in known and not is_ours(one.name) and not one.name.endswith(".lock")
        )
        if foreign:
            raise InputError(SAYS("foreign", name=name, foreign=shown(foreign[0])))
        return folder
    if manifest["study"] != experiment.name:
        raise InputError(
            SAYS(
                "other_study",
                name=name,
                there=shown(manifest["study"]),
                study=shown(experiment.name),
            )
        )
    check_version(folder, manifest)
    return folder


def check_version(folder: Path, manifest: Mapping[str, Any]) -> None:
    """Raise InputError if a sweep was made by another version of the model."""
    made_by = manifest["sources"]["model"]
    if made_by != source_hash():
        raise InputError(
            SAYS(
                "other_version",
                folder=printable(folder),
                version=manifest["version"],
                here=__version__,
                made_by=made_by,
                hash=source_hash(),
            )
        )


def write_setting(
    folder: Path, experiment: Experiment, design: Design, who: Identities, key: str
) -> dict[str, str]:
    """Write what is known before anything is run; return the digest of each file.

    Raises InputError if the folder cannot be written.
    """
    try:
        folder.mkdir(parents=True, exist_ok=True)
        write_text(folder / EXPERIMENT, tomli_w.dumps(_said(experiment)))
        write_text(folder / SCENARIOS, json.dumps(_scenarios(experiment), ensure_ascii=False))
        with replacing(folder / DESIGNS) as file:
            _write_design(file, experiment, design, who, key)
    except OSError as error:
        raise unwritable(folder, error) from None
    return {name: digest_of(folder / name) for name in (EXPERIMENT, SCENARIOS, DESIGNS)}


def _said(experiment: Experiment) -> dict[str, Any]:
    """Return an experiment as its file would say it."""
    said = experiment.file.model_dump(exclude_none=True, exclude_defaults=True)
    said["design"] = said.get("design") or {"kind": "table", "file": DESIGNS}
    policy = experiment.scenarios[0].policy
    if policy is not None:
        said["policy"] = policy.function
    return said


def _scenarios(experiment: Experiment) -> dict[str, Any]:
    """Return the scenarios as plain values, each world once."""
    worlds: list[Any] = []

    def of(scenario: Scenario) -> dict[str, Any]:
        said = scenario.resolved()
        if said["world"] not in worlds:
            worlds.append(said["world"])
        return said | {"world": worlds.index(said["world"])}

    structures = {}
    for one in experiment.plan.space.factors:
        if one.structures:
            plain = experiment.scenarios[0].model_copy(update={"policy": None})
            for name, structure in zip(one.range.choices, one.structures, strict=True):
                structures[name] = of(plain.with_(structure=structure))
    found = {one.name: of(one) for one in experiment.scenarios}
    return {"scenarios": found, "structures": structures, "worlds": worlds}


def _write_design(
    file: Any, experiment: Experiment, design: Design, who: Identities, key: str
) -> None:
    import pyarrow as pa
    from pyarrow import parquet

    plan = experiment.plan
    frame = design.table()
    for s, scenario in enumerate(experiment.scenarios):
        frame[f"{HASH}{scenario.name}"] = who.names[s].astype(str)
    table = pa.Table.from_pandas(frame, preserve_index=False)
    about = {
        "kind": design.kind,
        "seed": design.seed,
        "levels": plan.levels,
        "base": plan.base,
        "keeps": plan.space.keeps,
        "ranges": [one._asdict() for one in design.ranges],
        "scenarios": [one.name for one in experiment.scenarios],
    }
    notes = {**(table.schema.metadata or {}), ABOUT: json.dumps(about), b"cisim": key}
    parquet.write_table(
        table.replace_schema_metadata(notes), file, compression="zstd", write_page_checksum=True
    )


def write_failed(folder: Path, failed: Sequence[Failure]) -> None:
    """Write what is quarantined, or throw away an earlier list.

    Raises InputError if the folder cannot be written.
    """
    try:
        if not failed:
            with suppress(FileNotFoundError):
                (folder / FAILED).unlink()
            return
        text = io.BytesIO()
        text.write(csv_line(Failure._fields))
        for one in failed:
            text.write(csv_line(one))
        write_text(folder / FAILED, text.getvalue().decode())
    except OSError as error:
        raise unwritable(folder, error) from None


# --- back ------------------------------------------------------------------------------------


def named_policy(folder: Path, policies: Sequence[str]) -> str | None:
    """Return the policy under which a study ran, None if there is none.

    policies : "module:function" of those that may be run: code that a file names is not run unless
               it is named here, too

    Raises InputError if it is not among them.
    """
    ran = parse(read_text(folder / EXPERIMENT), EXPERIMENT).get("policy")
    if ran is not None and ran not in policies:
        raise InputError(
            SAYS("policy", folder=printable(folder), policy=shown(ran), named=printable(str(ran)))
        )
    return ran


def load_experiment(
    folder: str | os.PathLike[str], policy: str | Function | None = None, **changes: Any
) -> Experiment:
    """Return the experiment of a study's folder, as it was resolved; it keeps what is kept there.

    policy  : in place of the one that the file names
    changes : of what the file says about replicates, outcomes and months kept

    Raises InputError if the folder is no study's, or of another version.
    """
    place = Path(folder)
    if not place.is_dir():
        raise InputError(SAYS("no_folder", place=printable(place)))
    manifest = read_manifest(place)
    if manifest is None or not (place / EXPERIMENT).exists():
        raise InputError(SAYS("no_sweep", place=printable(place)))
    check_version(place, manifest)
    where = EXPERIMENT
    said = parse(read_text(place / EXPERIMENT), where)
    layout = kept_in(manifest)
    if layout is not None:
        said["outcomes"], said["at"] = list(layout.outcomes), list(layout.months)
        said["by_region"] = layout.by_region
    said |= {name: value for name, value in changes.items() if value is not None}
    design, about, _ = read_design(place)
    scenarios, structures = _read_scenarios(place, policy or said.get("policy"))
    space = _space(design, about, scenarios, structures)
    plan = Plan(
        design.kind, space, len(design), design.seed, about["levels"], about["base"], design.values
    )
    file = checked(ExperimentFile, said, where)
    return Experiment.of(file, where, str(manifest["study"]), scenarios, plan)


def scenarios_in(folder: Path) -> list[Scenario]:
    """Return the scenarios of a study, to be looked at: no policy is run.

    Raises InputError if the folder has none, or is damaged.
    """
    return _read_scenarios(folder, None, to_read=True)[0]


def scenario_at(folder: Path, name: str, point: int) -> Scenario:
    """Return a scenario of a study as it is at a point of its design, whatever version ran it.

    It is to be looked at: a policy under which it ran is not run.

    Raises InputError if the folder has no such scenario or point, or is damaged.
    """
    design, about, _ = read_design(folder)
    scenarios, structures = _read_scenarios(folder, None, to_read=True)
    names = [one.name for one in scenarios]
    if name not in names:
        raise InputError(SAYS("no_scenario", name=shown(name), near=nearest(name, names)))
    if not 0 <= point < len(design):
        raise InputError(SAYS("point", point=point, most=len(design) - 1))
    space = _space(design, about, scenarios, structures)
    return space.scenarios(scenarios, design.values[point].tolist())[names.index(name)]


def _space(
    design: Design,
    about: Mapping[str, Any],
    scenarios: Sequence[Scenario],
    structures: Mapping[str, Any],
) -> Space:
    """Return what a study varies."""
    factors = []
    for one in design.ranges:
        if one.name == STRUCTURE:
            given = tuple(structures[name] for name in one.choices)
            factors.append(Factor(one, structures=given))
        else:
            varied = None if one.choices else find_varied(one.name, scenarios)
            factors.append(Factor(one, varied))
    return Space(tuple(factors), bool(about["keeps"]))


def _read_scenarios(
    folder: Path, policy: str | Function | None, *, to_read: bool = False
) -> tuple[list[Scenario], dict[str, Any]]:
    path = folder / SCENARIOS
    try:
        said = json.loads(path.read_bytes())
        worlds = said["worlds"]

        def of(values: Mapping[str, Any], policy: str | Function | None) -> Scenario:
            resolved = {**values, "world": worlds[values["world"]]}
            return Scenario.from_resolved(resolved, policy, to_read=to_read)

        scenarios = [of(one, policy) for one in said["scenarios"].values()]
        structures = {name: of(one, None).structure for name, one in said["structures"].items()}
    except (OSError, KeyError, TypeError, IndexError, AttributeError, ValueError) as error:
        if isinstance(error, InputError):
            raise InputError(behind(f"{SCENARIOS}: ", str(error))) from None
        raise InputError(SAYS("no_scenarios", path=printable(path), why=error)) from None
    return scenarios, structures
