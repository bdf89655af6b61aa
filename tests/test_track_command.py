"""`cisim track`: what is printed, written and refused, and how it goes on."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from cisim.cli.program import main
from cisim.world.beliefs import differing_beliefs

Call = Callable[..., tuple[int, str, str]]
LINE = ("track", "regional-only", "--world", "one-town", "--months", "9", "--replicates", "12",
        "--most", "12", "--effective", "5", "--workers", "1")  # fmt: skip


@pytest.fixture
def call(capsys: pytest.CaptureFixture[str]) -> Call:
    def run(*arguments: str) -> tuple[int, str, str]:
        code = main(list(arguments))
        return code, *capsys.readouterr()

    return run


@pytest.fixture
def seen(tmp_path: Path) -> str:
    file = tmp_path / "seen.csv"
    file.write_text("outcome;month;value;error\nmembers;3;9,5;4\nTrust as a survey measures it;3;"
                    "70 %;10 %\n")  # fmt: skip
    return str(file)


def test_it_is_said_whether_it_fits_and_what_is_to_come(
    call: Call, seen: str, tmp_path: Path
) -> None:
    out, report = tmp_path / "out", tmp_path / "report.html"
    code, said, _ = call(*LINE, "--observed", seen, "--out", str(out), "--report", str(report))
    assert code == 0
    assert "Regional backbones only, on One town: 2 figures up to month 3" in said
    assert "- The model fits: " in said
    assert "12 futures count as " in said
    for heading in ("What was observed", "What is to come"):
        assert f"\n{heading}" in said
    assert "What is now to come cannot be told: too few futures count." in said
    assert "What is believed of the model" not in said
    assert "Report: " in said
    tables = {
        f"track-{name}.csv" for name in ("figures", "outcomes", "beliefs", "watch", "weights")
    }
    assert tables | {"track-members.svg", "track-watch.svg", "manifest.json"} <= {
        path.name for path in out.iterdir()
    }
    code, printed, err = call(*LINE, "--observed", seen, "--out", str(out), "--json")
    assert code == 0
    assert "12 of 12 are there from before." in err
    found: dict[str, Any] = json.loads(printed)
    assert found["fits"] is True
    assert found["figures"][0]["value"] == 9.5
    assert found["figures"][1]["outcome"] == "trust_survey"
    assert found["figures"][1]["error"] == pytest.approx(0.1)
    assert found["told"][0] in " ".join(said.split()) or "The model fits" in found["told"][0]
    assert f"key {found['key']}" in report.read_text("utf-8")
    assert call("rerun", str(out), "--quiet")[0] == 0


@pytest.mark.parametrize(
    ("more", "words"),
    [
        (("--observed", "none.csv"), "none.csv: there is no such file"),
        (("--observed", "SEEN", "--tolerance", "-1"), "--tolerance"),
        (("--observed", "SEEN", "--seed", "-1"), "--seed"),
        (("--observed", "SEEN", "--watch", "gain"), "gain"),
        (("--observed", "SEEN", "--months", "2"), "row 2, column month: is '3'"),
        (("--observed", "SEEN", "--months", "3"), "so nothing is to come"),
        (("--observed", "SEEN", "--report", "."), "report is '.'; allowed is the name of a file"),
        (("--observed", "SEEN", "--beliefs", "some"), "beliefs is 'some'"),
        ((), "--observed"),
    ],
)  # fmt: skip
def test_what_cannot_be_asked_is_told_in_one_sentence(
    more: tuple[str, ...], words: str, call: Call, seen: str
) -> None:
    line = [one for one in LINE if not ("--months" in more and one in ("--months", "9"))]
    code, out, err = call(*line, *(seen if one == "SEEN" else one for one in more))
    assert (code, out) == (2, "")
    assert words in err


def test_ctrl_c_keeps_what_is_finished(
    call: Call, seen: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    from cisim.lab.tracking import driver

    future = driver.future

    def stop(work: Any, piece: int) -> Any:
        if piece == 4:
            raise KeyboardInterrupt
        return future(work, piece)

    line = (*LINE, "--observed", seen, "--out", str(tmp_path / "out"))
    with monkeypatch.context() as patch:
        patch.setattr(driver, "future", stop)
        code, out, err = call(*line, "--report", str(tmp_path / "r.html"))
    assert code == 130
    assert "Interrupted after 4 futures; the same command goes on from there" in err
    assert "4 futures count as " in out
    assert not (tmp_path / "r.html").exists()
    code, _, err = call(*line)
    assert code == 0
    assert "4 of 12 are there from before." in err


def test_a_future_that_fails_comes_with_the_line_that_does_it_again(
    call: Call, seen: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    from cisim.lab.tracking import driver

    future = driver.future

    def fail(work: Any, piece: int) -> Any:
        if piece == 2:
            raise ValueError("no luck")
        return future(work, piece)

    monkeypatch.setattr(driver, "future", fail)
    code, out, err = call(*LINE, "--observed", seen)
    assert code == 3
    assert "11 futures count as " in out
    assert "the first is future 3 (ValueError: no luck)" in err
    line = err.split("To see it again: ")[1].strip()
    assert "seed=3" in line
    assert f"believing('{differing_beliefs()}')" in line
    exec(compile(line, "again", "exec"), {})
