"""Results below one folder are found with what they are; nothing elsewhere can be opened."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from cisim.lab.manifest import FORMAT, MANIFEST, short_key
from cisim.lab.shelf import Shelf
from cisim.model.input_error import InputError


def result(folder: Path, **also: object) -> Path:
    """Write the manifest of a result, as small as there can be one."""
    decides = {"version": "1", "study": "staff", "scenarios": ["a", "b"]}
    said = {
        "format": FORMAT, "key": short_key(decides), "decides": list(decides), **decides,
        "made": {"by": "sweep"}, "files": {}, "sources": {}, "failed": [], "incomplete": False,
        "design": {"points": 12}, "runs": {"asked": 24, "there": 24}, **also,
    }  # fmt: skip
    folder.mkdir(parents=True, exist_ok=True)
    (folder / MANIFEST).write_text(json.dumps(said), "utf-8")
    return folder


@pytest.fixture
def root(tmp_path: Path) -> Path:
    """Return a folder with results in it, and one beside it."""
    result(tmp_path / "outside")
    inside = tmp_path / "inside"
    result(inside / "whole")
    result(inside / "deep" / "er", incomplete=True, runs={"asked": 24, "there": 9})
    result(inside / "changed", study="another")
    (inside / "begun").mkdir()
    (inside / "begun" / "designs.parquet").touch()
    (inside / "nothing").mkdir()
    (inside / "linked").symlink_to(tmp_path / "outside")
    held = result(inside / "holds")
    (held / "designs.parquet").symlink_to(tmp_path / "outside" / MANIFEST)
    return inside


def test_results_are_listed_with_what_they_are(root: Path) -> None:
    found = {one.name: one for one in Shelf.of(root).results()}
    assert set(found) == {"whole", "deep/er", "changed", "begun", "holds"}
    assert found["whole"].state == "whole"
    assert found["whole"].about["points"] == 12
    assert found["whole"].about["scenarios"] == ["a", "b"]
    assert found["deep/er"].state == found["begun"].state == "unfinished"
    assert (found["deep/er"].about["there"], found["deep/er"].about["asked"]) == (9, 24)
    assert found["changed"].state == "damaged"
    assert "was changed" in found["changed"].why


def test_the_root_itself_can_be_a_result(root: Path) -> None:
    assert [one.name for one in Shelf.of(root / "whole").results()] == ["."]
    assert Shelf.of(root / "whole").open(".").by == "sweep"


def test_what_lies_below_opens(root: Path) -> None:
    shelf = Shelf.of(root)
    assert shelf.open("whole").manifest["study"] == "staff"
    assert shelf.folder("deep/er") == root / "deep" / "er"


@pytest.mark.parametrize(
    "name",
    [
        "..", "../outside", "deep/../../outside", "whole/..", "/", "//", "", ".//whole", "./whole",
        "linked", "linked/.", "whole/", "a\0b", "C:/x", "holds",
    ],
)  # fmt: skip
def test_nothing_outside_opens(root: Path, name: str) -> None:
    with pytest.raises(InputError) as told:
        Shelf.of(root).open(name)
    assert str(told.value).count(". ") == 0  # one sentence


def test_no_absolute_path_opens(root: Path) -> None:
    for name in (str(root / "whole"), str(root.parent / "outside")):
        with pytest.raises(InputError, match="is no folder below"):
            Shelf.of(root).open(name)


def test_what_is_not_finished_or_not_there_is_said(root: Path) -> None:
    with pytest.raises(InputError, match="not finished"):
        Shelf.of(root).open("begun")
    with pytest.raises(InputError, match="not there"):
        Shelf.of(root).open("gone")
    with pytest.raises(InputError, match="was changed"):
        Shelf.of(root).open("changed")


def test_a_manifest_that_is_a_link_is_not_read(root: Path) -> None:
    (root / "begun" / MANIFEST).symlink_to(root.parent / "outside" / MANIFEST)
    (one,) = (one for one in Shelf.of(root).results() if one.name == "begun")
    assert one.state == "damaged"
    with pytest.raises(InputError, match="a link to another place"):
        Shelf.of(root).open("begun")


def test_a_root_that_is_none_is_refused(root: Path) -> None:
    for place in (root / "gone", root / "whole" / MANIFEST):
        with pytest.raises(InputError, match="--studies is"):
            Shelf.of(place)
