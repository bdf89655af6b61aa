"""`python -m cisim` ends as the `cisim` command does, with its exit code."""

from __future__ import annotations

import subprocess
import sys

import pytest

from cisim import cli
from cisim.world.files import shipped


@pytest.mark.parametrize(
    ("line", "code"),
    [
        ("--version", 0),
        ("ui --port abc", 2),
        ("ui --port 70000", 2),
        ("run mising-sponsor", 2),
        ("run no-backbone --replicates none", 2),
    ],
)
def test_the_exit_code_is_that_of_the_command(line: str, code: int) -> None:
    done = subprocess.run(
        [sys.executable, "-m", "cisim", *line.split()],
        stdin=subprocess.DEVNULL,
        capture_output=True,
        text=True,
        timeout=120,
        check=False,
    )
    assert done.returncode == code
    assert "Traceback" not in done.stderr
    assert bool(done.stdout) == (code == 0)


ABORTS = """
import ctypes, sys

libc = ctypes.CDLL(None)
libc.on_exit(libc.abort, None)  # as a library's thread may, after Python has ended
from cisim.cli import start

sys.argv = ["cisim", *{line}]
start()
"""


@pytest.mark.skipif(sys.platform != "linux", reason="libc is found so on Linux")
@pytest.mark.parametrize(("line", "code"), [(["--version"], 0), (["run", "mising-sponsor"], 2)])
def test_what_a_library_does_after_the_end_changes_no_exit_code(line: list[str], code: int) -> None:
    script = ABORTS.format(line=line)
    done = subprocess.run(
        [sys.executable, "-c", script], capture_output=True, text=True, timeout=120, check=False
    )
    assert done.returncode == code
    assert done.stdout.startswith("cisim ") == (code == 0)


def test_a_world_that_is_run_is_called_what_it_is(capsys: pytest.CaptureFixture[str]) -> None:
    for path in shipped("worlds").values():
        assert cli.main(["run", str(path)]) == 2
        said = capsys.readouterr().err
        assert f"{path.name}: is a world, not a scenario" in said
        assert "--world" in said
