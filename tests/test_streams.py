"""Standard output and standard error that are closed, full or gone: one sentence, files whole."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

import cisim
from cisim.cli import progress, streams
from cisim.model.plain_text import escaped, is_plain
from cisim.show.language.spoken import speaking

FULL = Path("/dev/full")
RUN = ("run", "no-backbone", "--world", "one-town", "--months", "2", "--quiet")
needs_full = pytest.mark.skipif(not FULL.exists(), reason="there is no /dev/full")


def shell(line: str) -> subprocess.CompletedProcess[str]:
    """Run a line of a shell, in which `cisim` is this program."""
    program = f'{sys.executable} -c "import sys; from cisim.cli import main; sys.exit(main())"'
    return subprocess.run(
        ["sh", "-c", line.replace("cisim ", f"{program} ")],
        env={**os.environ, "PYTHONPATH": str(Path(cisim.__file__).parent.parent)},
        capture_output=True,
        text=True,
        check=False,
    )


def test_closed_standard_output_is_said_before_anything_runs(tmp_path: Path) -> None:
    done = shell(f"cisim {' '.join(RUN)} --out {tmp_path / 'out'} >&-")
    assert done.returncode == 2
    assert done.stderr.startswith("Standard output is closed, so nothing was run")
    assert done.stderr.count("\n") == 1
    assert not (tmp_path / "out").exists()


@needs_full
@pytest.mark.parametrize("line", [*("list parameters", "--help", "run --help"), " ".join(RUN)])
def test_full_standard_output_is_one_sentence(line: str) -> None:
    done = shell(f"cisim {line} >/dev/full")
    assert done.returncode == 2
    assert done.stderr == (
        "Standard output cannot be written (No space left on device); files that were asked for "
        "are whole.\n"
    )


@needs_full
def test_full_standard_output_leaves_the_files_whole(tmp_path: Path) -> None:
    done = shell(f"cisim {' '.join(RUN)} --out {tmp_path} >/dev/full")
    assert done.returncode == 2
    manifest = json.loads((tmp_path / "manifest.json").read_text("utf-8"))
    assert all((tmp_path / name).exists() for name in manifest["files"])


@needs_full
@pytest.mark.parametrize("lost", ["2>&-", "2>/dev/full"])
def test_lost_standard_error_changes_neither_answer_nor_code(lost: str) -> None:
    assert shell(f"cisim list worlds {lost}").stdout == shell("cisim list worlds").stdout
    wrong = shell(f"cisim list wrlds {lost}")
    assert (wrong.returncode, wrong.stdout) == (2, "")


def test_what_would_steer_a_terminal_is_written_out(capsys: pytest.CaptureFixture[str]) -> None:
    streams.show("a\x1b[2Jb\tc\nd\u202ee")
    streams.say("\x9bJ")
    out, err = capsys.readouterr()
    assert out == "a\\x1b[2Jb\tc\nd\\u202ee\n"
    assert err == "\\x9bJ\n"


@pytest.mark.parametrize("mark", ["\x1b", "\x00", "\x7f", "\x9b", "\u202e", "\u2066", "\u200f"])
def test_control_and_bidirectional_characters_are_not_plain(mark: str) -> None:
    assert not is_plain(f"a{mark}b", lines=True)
    assert escaped(f"a{mark}b").isprintable()


@pytest.mark.parametrize("text", ["Pohjois-Pohjanmaa", "90\u00a0%", "👨‍👩‍👧", "łódź"])
def test_texts_of_people_are_plain(text: str) -> None:
    assert is_plain(text)
    assert escaped(text) == text


def test_a_log_tells_now_and_then_how_far_a_job_is(capsys: pytest.CaptureFixture[str]) -> None:
    every = progress.EVERY
    moments = iter([0.0, 10.0, 10.0 + every, 11.0 + every, 1e6])
    advance = progress.lines(lambda: next(moments))
    advance(101, 109)  # a hundred are there from before: they say nothing about how fast it is
    assert capsys.readouterr().err == ""
    advance(102, 109)
    told = capsys.readouterr().err
    assert told == "102 of 109 runs are done, 2 a minute; about 3.5 min left.\n"
    advance(103, 109)
    assert capsys.readouterr().err == ""
    advance(109, 109)
    assert capsys.readouterr().err == "All 109 runs are done.\n"


@pytest.mark.parametrize(
    ("code", "told"),
    [
        (
            "fi",
            "Ajoista on valmiina 2/1 003, vauhti 3,49 ajoa minuutissa; jäljellä noin 4,8 tuntia.",
        ),
        ("sv", "2 av 1 003 körningar är klara, 3,49 per minut; ungefär 4,8 timmar kvar."),
    ],
)
def test_how_far_a_job_is_is_told_in_the_language_that_is_spoken(
    code: str, told: str, capsys: pytest.CaptureFixture[str]
) -> None:
    moments = iter([0.0, 0.0, 17.2 * 2])
    with speaking(code):
        advance = progress.lines(lambda: next(moments))
        advance(0, 1003)
        advance(2, 1003)
    assert capsys.readouterr().err.replace("\u00a0", " ") == f"{told}\n"


def test_a_log_says_nothing_of_a_short_job(capsys: pytest.CaptureFixture[str]) -> None:
    moments = iter([0.0, 1.0, 2.0, 3.0])
    advance = progress.lines(lambda: next(moments))
    for done in (0, 5, 9):
        advance(done, 9)
    assert capsys.readouterr().err == ""
