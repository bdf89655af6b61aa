"""Answers that are made of pieces come back, are made again and verified, of whatever kind."""

from __future__ import annotations

import json
import shutil
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any, NamedTuple

import numpy as np
import pandas as pd
import pytest
from pyarrow import parquet

import cisim
from cisim.cli.program import main
from cisim.lab import rerun, results, same_files
from cisim.lab.disk import digest_of
from cisim.lab.manifest import MANIFEST
from cisim.lab.patterns import validate
from cisim.lab.rivals import rivals
from cisim.lab.robust import robust
from cisim.lab.shapley import shapley
from cisim.model.input_error import InputError
from cisim.world.scenario import Scenario

Call = Callable[..., tuple[int, str, str]]


def town(name: str, **changes: Any) -> Scenario:
    return Scenario.load(name, world="one-town", months=12, **changes)


def both() -> list[Scenario]:
    return [town("no-backbone"), town("national-and-regional")]


def believed(file: Path) -> Path:
    """Write three points of what is believed."""
    file.write_text("effort_half,trust_memory\n0.4,40\n0.5,50\n0.7,60\n")
    return file


class Kind(NamedTuple):
    """How one is made, what it shows, where a number of it stands."""

    make: Callable[..., Any]
    shown: Callable[[Any], list[Any]]
    table: str
    column: str


KINDS: Mapping[str, Kind] = {
    "robust": Kind(
        lambda **how: robust(both(), 3, 2, outcome="member_share", **how),
        lambda found: [found.table(), found.deciding(), found.values, found.wellbeing,
                       found.reference, found.design.values, found.design.names,
                       found.sentences(), found.asked, found.replicates, found.seed],
        results.ROBUST,
        "member_share",
    ),
    "rivals": Kind(
        lambda **how: rivals(
            both(), 2, seed=2, outcome="member_share",
            tried=[("trust_theory", "layers"), ("production_theory", "weakest-link")], **how),
        lambda found: [found.table(), found.each(), found.values, found.theories, found.sentence(),
                       found.futures, found.believed],
        results.RIVALS,
        "member_share",
    ),
    "threshold": Kind(
        lambda **how: cisim.threshold(both(), "effort_half", goal="member_share >= 0.38",
                                      points=3, replicates=3, **how),
        lambda found: [found.table(), found.turning(), found.outcomes, found.values, found.seeds,
                       found.sentences(), found.vary, found.scale, found.asked],
        results.THRESHOLD,
        "mean",
    ),
    "track": Kind(
        lambda **how: cisim.track(
            town("national-and-regional"),
            [{"outcome": "members", "month": 3, "value": 8, "error": 2}],
            against=town("no-backbone"), replicates=3, most=5, effective=4, **how),
        lambda found: [found.forecast(), found.fit(), found.beliefs(), found.watch(),
                       found.beside(), found.weights_table(), found.values, found.seeds,
                       found.sentences(), found.asked, found.figures, found.watching],
        results.TRACKED_OUTCOMES,
        "mean",
    ),
    "validate": Kind(
        lambda **how: validate(replicates=2, points=2, world="one-town", patterns=["P5", "P10"],
                               **how),
        lambda found: [found.table(), found.markdown(), found.defaults, found.space,
                       found.design.values, found.patterns],
        results.EFFECTS,
        "P5.history",
    ),
    "validate-ensemble": Kind(
        lambda out, **how: validate(replicates=1, world="one-town", patterns=["P5"], out=out,
                                    ensemble=believed(out.parent / "mine.csv"), **how),
        lambda found: [found.table(), found.markdown(), found.defaults, found.space,
                       found.design.values, found.patterns, found.ensemble],
        results.EFFECTS,
        "P5.history",
    ),
    "optimise": Kind(
        lambda **how: cisim.optimise(town("no-backbone"), 60_000, points=2, unseen=3,
                                     vary={"add.regional.fte": "0..1/0.5"}, evaluations=3, **how),
        lambda found: [found.table(), found.candidates(), found.levers_table(), found.bills(),
                       found.sentences(), found.beliefs.table(), found.front, found.chosen],
        results.FRONT,
        "effect",
    ),
    "attribute": Kind(
        lambda **how: shapley(town("national-and-regional"), "levels", replicates=3, **how),
        lambda found: [found.table(), found.beyond(), found.seeds, found.runs,
                       *found.worths.values(), *found.wholes.values(), *found.together.values()],
        results.ATTRIBUTION,
        "mean",
    ),
}  # fmt: skip


@pytest.fixture(params=KINDS)
def kind(request: pytest.FixtureRequest) -> Kind:
    return KINDS[request.param]


@pytest.fixture
def call(capsys: pytest.CaptureFixture[str]) -> Call:
    def run(*arguments: str) -> tuple[int, str, str]:
        code = main(list(arguments))
        return code, *capsys.readouterr()

    return run


def assert_same(kind: Kind, one: Any, other: Any) -> None:
    assert type(one) is type(other)
    for here, there in zip(kind.shown(one), kind.shown(other), strict=True):
        if isinstance(here, pd.DataFrame):
            pd.testing.assert_frame_equal(here, there, check_exact=True)
        elif isinstance(here, np.ndarray):
            assert here.tobytes() == there.tobytes()
        else:
            assert here == there
    assert one.failed == other.failed
    assert one.incomplete == other.incomplete
    assert getattr(one, "manifest", None) == getattr(other, "manifest", None)


def with_digests(folder: Path) -> None:
    """Write the digests of the files as they are into the manifest, as a forger would."""
    said = json.loads((folder / MANIFEST).read_text("utf-8"))
    said["files"] = {name: digest_of(folder / name) for name in said["files"]}
    (folder / MANIFEST).write_text(json.dumps(said), "utf-8")


def forge(path: Path, column: str) -> None:
    """Change the last bit of the first number that is one."""
    if path.suffix == ".csv":
        table = pd.read_csv(path)
        row = int(table[column].first_valid_index())
        table.loc[row, column] = np.nextafter(table.loc[row, column], np.inf)
        table.to_csv(path, index=False)
        return
    whole = parquet.read_table(path)
    place = whole.column_names.index(column)
    numbers = whole[column].to_numpy().copy()
    row = int(np.flatnonzero(np.isfinite(numbers))[0])
    numbers[row] = np.nextafter(numbers[row], np.inf)
    parquet.write_table(whole.set_column(place, whole.field(place), [numbers]), path)


def test_it_comes_back_is_made_again_and_is_verified(
    kind: Kind, tmp_path: Path, call: Call
) -> None:
    made = kind.make(workers=1, out=tmp_path / "made")
    moved = (tmp_path / "made").rename(tmp_path / "moved")
    assert_same(kind, cisim.load(moved), made)
    again = tmp_path / "again"
    code, said, _ = call("rerun", str(moved / MANIFEST), "--out", str(again), "--workers", "1")
    assert (code, "All files are the same." in said) == (0, True), said
    assert said.count(": same") == len(json.loads((moved / MANIFEST).read_text())["files"])
    code, said, err = call("rerun", str(moved), "--out", str(again), "--workers", "1")
    assert code == 0
    assert "there" in err  # from before
    code, said, _ = call("verify", str(moved), "--sample", "all", "--workers", "1")
    assert (code, "Not the same" in said) == (0, False), said
    runs = said.rpartition(" files, ")[2].split()
    assert runs[0] == runs[2] != "0"
    table = pd.read_csv if kind.table.endswith(".csv") else pd.read_parquet
    assert len(table(again / kind.table))


def test_a_forged_number_is_found_in_a_part_and_in_a_table(
    kind: Kind, tmp_path: Path, call: Call
) -> None:
    kind.make(workers=1, out=tmp_path / "made")
    copy = Path(shutil.copytree(tmp_path / "made", tmp_path / "copy"))
    part = sorted((copy / "parts").glob("part-*.parquet"))[0]
    forge(part, "value")
    code, said, _ = call("verify", str(copy), "--sample", "0")
    assert code == 1
    assert "its bytes are not those of its name" in said
    part.rename(part.with_name(f"part-{digest_of(part)}.parquet"))
    code, said, _ = call("verify", str(copy), "--sample", "all", "--workers", "1")
    assert code == 1
    # One run may serve two candidates: then it is told of both, in the same words.
    (wrong,) = {line for line in said.splitlines() if "and a run gives" in line}
    assert "is kept, and a run gives" in wrong
    forge(tmp_path / "made" / kind.table, kind.column)
    with pytest.raises(InputError, match="is not what was written"):
        cisim.load(tmp_path / "made")
    with_digests(tmp_path / "made")
    code, said, _ = call("verify", str(tmp_path / "made"), "--sample", "0")
    assert code == 1
    assert f"{kind.table} is not what the numbers of its result give" in said


@pytest.mark.parametrize(
    ("name", "done"),
    [("robust", 4), ("rivals", 3), ("rivals", 1), ("threshold", 6), ("threshold", 20),
     ("validate", 1), ("validate", 3), ("validate-ensemble", 2), ("optimise", 9),
     ("optimise", 12), ("attribute", 20)],
)  # fmt: skip
def test_what_was_interrupted_comes_back_and_is_made_again_as_far_as_it_had_come(
    name: str, tmp_path: Path, done: int
) -> None:
    def stop(so_far: int, _: int) -> None:
        if so_far >= done:
            raise KeyboardInterrupt

    kind = KINDS[name]
    made = kind.make(workers=1, out=tmp_path / "made", progress=stop)
    assert made.incomplete
    assert_same(kind, cisim.load(tmp_path / "made"), made)
    found = rerun.rerun(tmp_path / "made", tmp_path / "again", 1)
    assert found is not None
    assert set(found.files.values()) == {same_files.SAME}
    assert found.notes == ("It was interrupted, so what had been finished then was made again.",)
    assert cisim.load(tmp_path / "again").incomplete
    assert main(["verify", str(tmp_path / "made"), "--sample", "all", "--quiet"]) == 0


def test_what_had_failed_then_is_told_as_then(
    kind: Kind, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    run = cisim.CollectiveImpactModel.run

    def unlucky(self: Any, *given: Any) -> Any:
        if self.seed in (2, 71_001, 1_071_001):
            raise ZeroDivisionError("of /tmp/secret/file")
        return run(self, *given)

    monkeypatch.setattr(cisim.CollectiveImpactModel, "run", unlucky)
    made = kind.make(workers=1, out=tmp_path / "made")
    monkeypatch.undo()
    assert made.failed
    back = cisim.load(tmp_path / "made")
    assert len(back.failed) == len(made.failed)
    assert [frame.to_json() for frame in frames(kind, back)] == [
        frame.to_json() for frame in frames(kind, made)
    ]
    assert "secret" not in (tmp_path / "made" / MANIFEST).read_text()
    found = rerun.rerun(tmp_path / "made", None, 1)
    assert found is not None
    assert found.same, found.files


def frames(kind: Kind, found: Any) -> list[pd.DataFrame]:
    return [one for one in kind.shown(found) if isinstance(one, pd.DataFrame)]


def test_a_folder_without_its_parts_says_what_it_lacks(
    kind: Kind, tmp_path: Path, call: Call
) -> None:
    kind.make(workers=1, out=tmp_path / "made")
    shutil.rmtree(tmp_path / "made" / "parts")
    with pytest.raises(InputError, match=r"parts has no rows of .* cisim rerun makes it again"):
        cisim.load(tmp_path / "made")
    code, said, _ = call("verify", str(tmp_path / "made"))
    assert code == 1
    assert "parts has no rows of" in said


def test_another_version_is_read_by_the_keys_under_which_it_was_kept(
    kind: Kind, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    from cisim.lab.store import keys

    kept = keys.results_version
    made = kind.make(workers=1, out=tmp_path / "made")
    other = {"": "0" * 16, "more": "1" * 16}
    monkeypatch.setattr(keys, "results_version", lambda through=(): other["more" * bool(through)])
    assert kept() != keys.results_version()
    assert_same(kind, cisim.load(tmp_path / "made"), made)
