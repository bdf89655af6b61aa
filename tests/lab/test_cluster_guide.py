"""What docs/cluster.md tells people to submit is tried, with a stand-in for SLURM's commands."""

from __future__ import annotations

import os
import re
import shutil
import signal
import subprocess
import sys
from contextlib import suppress
from pathlib import Path
from typing import Any

import pytest

from cisim.lab.study import Study
from cisim.lab.sweep import Experiment

pytest.importorskip("dask_jobqueue")
ROOT = Path(__file__).resolve().parents[2]
GUIDE = (ROOT / "docs" / "cluster.md").read_text("utf-8")
STUDY = """
title = "Is it so?"
claim = "It is."
scenarios = ["no-backbone", "national-and-regional"]
world = "one-town"
months = 3
replicates = 2
outcomes = ["member_share"]
[design]
kind = "sobol"
points = 4
[design.vary]
effort_half = {}
"""
SRUN = """#!/bin/bash
for task in 1 2; do "$@" & done
wait
"""


def fenced(kind: str) -> list[str]:
    return re.findall(rf"^```{kind}\n(.*?)^```$", GUIDE, re.MULTILINE | re.DOTALL)


@pytest.fixture
def node(tmp_path: Path) -> dict[str, str]:
    """Return the environment of a node whose home has cisim, and where srun starts two tasks."""
    commands = tmp_path / "cisim" / "bin"
    commands.mkdir(parents=True)
    cisim = f'#!/bin/bash\nexec "{sys.executable}" -m cisim "$@"\n'
    dask = f'#!/bin/bash\nexec "{sys.executable}" -m dask "$@"\n'
    for name, text in (("cisim", cisim), ("dask", dask), ("srun", SRUN), ("hostname", "")):
        (commands / name).write_text(text or "#!/bin/bash\necho 127.0.0.1\n")
        (commands / name).chmod(0o755)
    (commands / "activate").write_text(f'PATH="{commands}:$PATH"\n')
    (tmp_path / "study.toml").write_text(STUDY)
    cache = {} if "CISIM_CACHE" in os.environ else {"XDG_CACHE_HOME": _cache()}
    return {
        **os.environ,
        **cache,
        "HOME": str(tmp_path),
        "PYTHONPATH": str(ROOT),
        "TMPDIR": str(tmp_path),
    }


def _cache() -> str:
    return os.environ.get("XDG_CACHE_HOME", str(Path.home() / ".cache"))


def submit(script: str, folder: Path, node: dict[str, str], **more: str) -> str:
    """Run a job script as SLURM's node does; end what it leaves, as SLURM does."""
    (folder / "job.sbatch").write_text(script)
    with (
        (folder / "said").open("w") as said,
        subprocess.Popen(
            ["bash", "job.sbatch"],
            cwd=folder,
            env={**node, **more},
            stdout=subprocess.PIPE,
            stderr=said,
            text=True,
            start_new_session=True,
        ) as job,
    ):
        try:
            assert job.wait(timeout=300) == 0, (folder / "said").read_text()
        finally:
            with suppress(ProcessLookupError):  # nothing is left
                os.killpg(job.pid, signal.SIGKILL)
        assert job.stdout is not None
        return job.stdout.read()


@pytest.mark.slow
def test_the_job_script_runs_a_sweep_on_a_scheduler_and_two_tasks(
    node: dict[str, str], tmp_path: Path
) -> None:
    one_job, _ = fenced("bash")
    submit(one_job, tmp_path, node, SLURM_JOB_ID=str(os.getpid()))
    there = Study.load(tmp_path / "results" / "study")
    here = Experiment.load(tmp_path / "study.toml").run(executor=None, workers=1)
    assert there.at("member_share").tobytes() == here.at("member_share").tobytes()


@pytest.mark.slow
def test_an_array_of_jobs_does_the_shares_of_a_sweep(node: dict[str, str], tmp_path: Path) -> None:
    _, array = fenced("bash")
    for task in ("1", "2", "3"):
        submit(array, tmp_path, node, SLURM_ARRAY_TASK_ID=task, SLURM_ARRAY_TASK_MAX="3")
    line = [sys.executable, "-m", "cisim", "sweep", "study.toml", "--out", "results/study"]
    done = subprocess.run(line, cwd=tmp_path, env=node, capture_output=True, text=True, check=True)
    assert "are there from before" in done.stderr
    there = Study.load(tmp_path / "results" / "study")
    here = Experiment.load(tmp_path / "study.toml").run(workers=1)
    assert there.at("member_share").tobytes() == here.at("member_share").tobytes()


@pytest.mark.parametrize("script", fenced("bash"))
def test_a_job_script_can_be_read(script: str) -> None:
    bash = shutil.which("bash")
    assert bash
    assert subprocess.run([bash, "-n"], input=script, text=True, check=False).returncode == 0


def test_the_examples_in_python_run_and_submit_jobs_of_one_thread_a_worker() -> None:
    told: dict[str, Any] = {}
    for block in fenced("python"):
        exec(compile(block, "docs/cluster.md", "exec"), told)
    assert told["comparison"].futures.size == 4
    options = {"interface": "lo", "scheduler_options": {"dashboard": False}}
    with told["of_project"]("project_1", "small", **options) as slurm:
        script = slurm.job_script()
    for words in ("#SBATCH -A project_1", "#SBATCH -p small", "--nthreads 1", "--nworkers 40"):
        assert words in script
    assert ". ~/cisim/bin/activate" in script.splitlines()
