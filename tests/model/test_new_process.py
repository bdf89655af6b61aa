"""What it takes to add a submodel: one file, and its line in the schedule."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from pathlib import Path

import cisim
from cisim.world.files import configs

FATIGUE = '''"""Fatigue: whoever takes part tires.

    k -= fatigue_rate k

Source  judgement
"""

from __future__ import annotations

from cisim.model.kernel import kernel
from cisim.model.process import process
from cisim.model.quantity import Submodel, judged, quantity


class Fatigue(Submodel):
    """People tire."""

    fatigue_rate: float = quantity(
        0.0,
        unit="1/month",
        bounds=(0, 1),
        plausible=(0, 0.1),
        evidence=judged("Made up for a test."),
        meaning="How fast commitment fades by itself.",
    )


@kernel
def fade(member, commitment, fatigue_rate):
    """Let commitment fade, in place, (N,)."""
    for i in range(member.size):
        if member[i]:
            commitment[i] *= 1.0 - fatigue_rate


@process(fade, reads="orgs.member", writes="orgs.commitment")
def wear_out() -> None:
    """Let members tire."""
'''

TRIED = """
import numpy as np
import cisim
from cisim.lab.design import latin_hypercube
from cisim.model.model import CollectiveImpactModel
from cisim.model.parameters import SUBMODELS, Parameters
from cisim.show.documents import evidence, odd
from cisim.show.page.views.levers import assumptions

print(cisim.__file__)
scenario = cisim.Scenario.load("missing-sponsor", world="one-town", months=3)
scenario = scenario.with_(parameters={"history_months": 12, "fatigue_rate": 0.5})
whole = CollectiveImpactModel(scenario, 1).run()
stepped = CollectiveImpactModel(scenario, 1)
for _ in range(3):
    stepped.step()
usual = CollectiveImpactModel(scenario.with_(parameters={"fatigue_rate": 0.0}), 1).run()
assert whole.outcomes().equals(stepped.outcomes())
assert (whole.outcomes().commitment.iloc[1:] < usual.outcomes().commitment.iloc[1:]).all()

told, known = odd(), evidence()
assert "`wear_out`" in told and "| `fatigue_rate` | 0 " in told
assert "**Writes:** orgs.commitment" in told
assert "### Fatigue" in known and "| `fatigue_rate` | 0 " in known
assert ("fatigue-1", "People tire", ("fatigue_rate",)) in assumptions()
assert SUBMODELS["fatigue"] == "People tire"
assert "fatigue_rate" in latin_hypercube(4, seed=1).names
found = cisim.attribute(scenario, "joint_activity", 1, 3)
assert "wear_out" in set(found.process), found
"""


def test_a_submodel_is_one_file_and_a_line_in_the_schedule(tmp_path: Path) -> None:
    """It acts in run and step, and is in ODD, evidence, list, sliders, plausible space and Why.

    Without compiling, which takes too long here; the compiled month is the same source.
    """
    package = tmp_path / "cisim"
    shutil.copytree(Path(cisim.__file__).parent, package)
    shutil.copytree(configs(), tmp_path / "configs", dirs_exist_ok=True)
    (package / "model" / "processes" / "fatigue.py").write_text(FATIGUE, encoding="utf-8")
    schedule = package / "model" / "schedule.py"
    text = schedule.read_text(encoding="utf-8")
    text = text.replace(
        "from cisim.model.processes.learning",
        "from cisim.model.processes.fatigue import wear_out\nfrom cisim.model.processes.learning",
    )
    before, mark, month = text.partition("SCHEDULE: tuple[Process, ...] = (")
    month = month.replace("    meet,", "    wear_out,\n    meet,", 1)
    schedule.write_text(before + mark + month, encoding="utf-8")

    def run(*arguments: str) -> str:
        done = subprocess.run(
            [sys.executable, *arguments],
            env={**os.environ, "PYTHONPATH": str(tmp_path), "NUMBA_DISABLE_JIT": "1"},
            cwd=tmp_path,
            capture_output=True,
            text=True,
            check=False,
        )
        assert done.returncode == 0, done.stderr
        return done.stdout

    assert str(tmp_path) in run("-c", TRIED)
    assert "fatigue_rate" in run("-m", "cisim", "list", "parameters")
    town = ("-m", "cisim", "run", "missing-sponsor", "--world", "one-town", "--months", "2")
    town += ("--json", "--set", "history_months=12", "--set")
    assert run(*town, "fatigue_rate=0.5") != run(*town, "fatigue_rate=0")
