"""What is compiled, where it is kept, and when it is compiled again."""

from __future__ import annotations

import hashlib
import os
import shutil
import signal
import subprocess
import sys
import time
from pathlib import Path

import numpy as np
import pytest
from numba.core.caching import NullCache

from cisim.model.arithmetic import logistic
from cisim.model.cache import COMPILING
from cisim.model.kernel import KERNELS, LINKING, PLAIN, kernel
from cisim.model.model import CollectiveImpactModel
from cisim.model.sources import code_hash
from cisim.world.scenario import Scenario

ROOT = Path(__file__).resolve().parents[2]


def python(
    code: str, *, cache: Path | None = None, root: Path = ROOT, strict: bool = False, **env: str
) -> str:
    """Run code in a process of its own and return what it printed.

    strict : have root keep to what files permit, as other users must
    """
    settings = {**os.environ, "PYTHONPATH": str(root), **env}
    settings.pop("CISIM_TEMPORARY_KERNELS", None)
    if cache is not None:
        settings["CISIM_CACHE"] = str(cache)
    command = [sys.executable, "-c", code]
    if strict and os.geteuid() == 0:
        override = "-dac_override,-dac_read_search"
        command = ["setpriv", f"--bounding-set={override}", f"--inh-caps={override}", *command]
    done = subprocess.run(command, env=settings, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
    return done.stdout + done.stderr


# --- the hash of the code --------------------------------------------------------------------

CODE = '''"""What it is."""
import math

LIMIT = 3  # a comment


class Box:
    """A box."""

    def size(self) -> float:
        """Return how large it is."""
        return math.sqrt(LIMIT)
'''


@pytest.mark.parametrize(
    "other",
    [
        CODE.replace("# a comment", "# another, longer comment"),
        CODE.replace("import math", "\n\n\nimport math"),
        CODE.replace('"""Return how large it is."""\n', "# without\n"),
        CODE.replace('    """A box."""\n\n', ""),
        CODE.replace('"""What it is."""', '"""Something else."""'),
        CODE.replace("math.sqrt(LIMIT)", "(math.sqrt(\n            LIMIT))"),
    ],
)
def test_comments_docstrings_and_layout_leave_the_hash(other: str) -> None:
    assert other != CODE
    assert code_hash([("a.py", other.encode())]) == code_hash([("a.py", CODE.encode())])


@pytest.mark.parametrize(
    "other",
    [
        CODE.replace("LIMIT = 3", "LIMIT = 4"),
        CODE.replace("LIMIT = 3", "LIMIT = 3.0"),
        CODE.replace("math.sqrt(LIMIT)", "-math.sqrt(LIMIT)"),
        CODE.replace("LIMIT = 3", 'LIMIT = 3\n"""What the limit is."""\nLIMIT = "3"'),
    ],
)
def test_other_code_has_another_hash(other: str) -> None:
    assert code_hash([("a.py", other.encode())]) != code_hash([("a.py", CODE.encode())])
    assert code_hash([("b.py", CODE.encode())]) != code_hash([("a.py", CODE.encode())])


# --- what is compiled ------------------------------------------------------------------------


@kernel
def _half(x):  # type: ignore[no-untyped-def]
    return x * 0.5


@kernel
def _made(n):  # type: ignore[no-untyped-def]
    return np.linspace(1.0, 2.0, n)


@kernel
def _passed(n):  # type: ignore[no-untyped-def]
    return _made(n)


@kernel
def _filled(n):  # type: ignore[no-untyped-def]
    values = _passed(n)
    for i in range(n):
        values[i] += _half(np.float64(i))
    return values


@kernel
def _total(n, first):  # type: ignore[no-untyped-def]
    total = 0.0
    for i in range(n):
        total += _half(float(i + first))
    values = _filled(n)
    return total + values[0] + values.sum()


def test_a_called_kernel_is_one_part_of_its_caller_whatever_constant_it_is_given() -> None:
    compiled = kernel(_total.py_func)  # type: ignore[attr-defined]
    compiled._cache = NullCache()  # compiled here, whatever earlier tests have kept
    numbers = np.array([3], np.int32)
    total = compiled(3, numbers[0])
    assert len(_half.parts) == 1
    assert not _half.overloads
    assert len(_filled.parts) == 1
    assert not _filled.overloads
    assert total == _total.py_func(3, 3)  # type: ignore[attr-defined]


def test_what_a_kernel_allocates_is_given_back() -> None:
    from numba.core.runtime import _nrt_python, rtsys

    _nrt_python.memsys_enable_stats()

    _total(3, np.int32(0))
    before = rtsys.get_allocation_stats()
    for _ in range(100):
        _total(3, np.int32(0))
    after = rtsys.get_allocation_stats()
    assert after.alloc - before.alloc == after.free - before.free
    assert after.alloc - before.alloc >= 100


def test_a_run_gives_back_what_it_allocates() -> None:
    from numba.core.runtime import _nrt_python, rtsys

    _nrt_python.memsys_enable_stats()

    scenario = Scenario.load("national-and-regional", world="one-town", months=3)
    CollectiveImpactModel(scenario).run()
    before = rtsys.get_allocation_stats()
    CollectiveImpactModel(scenario).run()
    import gc

    gc.collect()
    after = rtsys.get_allocation_stats()
    assert after.alloc - before.alloc == after.free - before.free


RUN = """
import hashlib
from cisim.model.model import CollectiveImpactModel
from cisim.world.scenario import Scenario
scenario = Scenario.load("national-and-regional", world="one-town", months=2)
model = CollectiveImpactModel(scenario, seed=1).run()
print(hashlib.sha256(model.recorder.table.tobytes()).hexdigest())
"""


def test_without_compiling_the_numbers_are_the_same() -> None:
    scenario = Scenario.load("national-and-regional", world="one-town", months=2)
    table = CollectiveImpactModel(scenario, seed=1).run().recorder.table
    here = hashlib.sha256(table.tobytes()).hexdigest()
    assert python("import sys\nsys.warnoptions\n" + RUN, NUMBA_DISABLE_JIT="1") == f"{here}\n"


def test_without_compiling_nothing_is_said_to_be_compiled() -> None:
    code = "from cisim.lab.warm import warm\nwarm(print)"
    assert python(code, NUMBA_DISABLE_JIT="1") == ""


# --- where it is kept ------------------------------------------------------------------------

WHOLE = """
from cisim.lab.warm import warm
from cisim.model.cache import is_compiled
from cisim.model.kernel import KERNELS
from cisim.model.model import CollectiveImpactModel
from cisim.world.scenario import Scenario
warm(print)
assert is_compiled()
event = {"kind": "turnover-wave", "month": 2, "share": 0.5, "region": 0}
for world in ("one-town", "finland"):
    for name in ("missing-sponsor", "national-and-regional"):
        model = CollectiveImpactModel(Scenario.load(name).with_(world=world, months=4)).run()
        model.outcomes(by_region=True)
print(sum(sum(one.stats.cache_misses.values()) for one in KERNELS.values()))
"""


def test_once_compiled_every_run_finds_all_it_needs() -> None:
    assert python(WHOLE) == "0\n"


@pytest.fixture(scope="module")
def kept(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A cache with all compiled code of the model, copied from where the tests keep it."""
    code = """
import sys
from cisim.model.cache import place
print(place().folders[0])
"""
    folder = Path(python(code).strip())
    copy = tmp_path_factory.mktemp("cache") / "kept"
    copy.mkdir()
    shutil.copytree(folder, copy / folder.name)
    return copy


WARM = """
import sys
from cisim.lab.warm import warm
from cisim.model.kernel import KERNELS
warm(print, always=True)
print(sum(sum(one.stats.cache_misses.values()) for one in KERNELS.values()))
"""


def test_a_second_checkout_with_other_comments_finds_what_is_kept(
    kept: Path, tmp_path: Path
) -> None:
    shutil.copytree(ROOT / "cisim", tmp_path / "cisim", ignore=shutil.ignore_patterns("__pyc*"))
    shutil.copytree(ROOT / "configs", tmp_path / "configs")
    for part in ("model/schedule.py", "model/processes/trust.py", "world/build.py"):
        path = tmp_path / "cisim" / part
        text = path.read_text("utf-8")
        text = text.replace("\n\n\n@kernel\n", "\n\n\n# A remark.\n# Another.\n@kernel\n")
        path.write_text("# First.\n" + text, "utf-8")
    assert python(WARM, cache=kept, root=tmp_path) == "0\n"


def test_a_cache_that_cannot_be_written_is_read(kept: Path) -> None:
    (folder,) = kept.glob("kernels-*")
    folder.chmod(0o555)
    kept.chmod(0o555)
    try:
        assert python(WARM, cache=kept, strict=True) == "0\n"
    finally:
        kept.chmod(0o755)
        folder.chmod(0o755)


def test_what_is_half_there_is_not_said_to_be_compiled(kept: Path, tmp_path: Path) -> None:
    asked = "from cisim.model.cache import is_compiled\nprint(is_compiled())"
    copy = tmp_path / "cache"
    shutil.copytree(kept, copy)
    assert python(asked, cache=copy) == "True\n"
    (months,) = copy.glob("kernels-*/cisim.model.month.run_months-*")
    months.rename(tmp_path / "away")
    assert python(asked, cache=copy) == "False\n"
    (tmp_path / "away").rename(months)
    assert python(asked, cache=copy) == "True\n"
    (note,) = copy.glob("kernels-*/complete-*")
    note.unlink()  # as an interrupted compilation leaves it
    assert python(asked, cache=copy) == "False\n"


def test_a_damaged_file_is_compiled_again(kept: Path, tmp_path: Path) -> None:
    copy = tmp_path / "cache"
    shutil.copytree(kept, copy)
    (small,) = copy.glob("kernels-*/cisim.model.relations.align_one-*")
    content = bytearray(small.read_bytes())
    content[len(content) // 2] ^= 1
    small.write_bytes(content)
    assert python(WARM, cache=copy) == "1\n"
    assert python(WARM, cache=copy) == "0\n"


UNKEPT = """
import os, subprocess, sys
from cisim.model.cache import not_kept, place
import numpy as np
from cisim.model.relations import align_one
from cisim.model.kernel import kernel
print(not_kept())
@kernel
def double(x):
    return x * 2.0
double(1.0)
print(len(os.listdir(place().folders[-1])))
child = "from cisim.model.cache import place; print(place().folders[-1])"
said = subprocess.run([sys.executable, "-c", child], capture_output=True, text=True).stdout
print(said.strip() == str(place().folders[-1]), place().folders[-1])
"""


def test_where_nothing_can_be_kept_a_sentence_says_so_and_children_share(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("no folder")
    said, count, shared = python(UNKEPT, cache=tmp_path / "file").splitlines()
    assert "CISIM_CACHE" in said
    assert str(tmp_path / "file") in said
    assert said.endswith(".")
    assert count == "1"
    same, folder = shared.split(" ", 1)
    assert same == "True"
    assert not Path(folder).exists()  # it goes with the process that made it


PLAIN_RUN = """
from cisim.model.model import CollectiveImpactModel
from cisim.world.scenario import Scenario
CollectiveImpactModel(Scenario.load("national-and-regional", world="one-town", months=2)).run()
"""


def test_a_run_from_python_says_that_it_compiles_once(kept: Path, tmp_path: Path) -> None:
    copy = tmp_path / "cache"
    shutil.copytree(kept, copy)
    assert python(PLAIN_RUN, cache=copy) == ""
    (one,) = copy.glob("kernels-*/cisim.world.build.expect-*")
    one.unlink()
    assert python(PLAIN_RUN, cache=copy) == f"{COMPILING}\n"
    assert python(PLAIN_RUN, cache=copy) == ""


# --- where numba is another ------------------------------------------------------------------

OTHER_VERSION = "import numba\nnumba.__version__ = '0.99.0'\n"
OTHER_INSIDES = "import numba.core.codegen as inside\ndel inside.CPUCodeLibrary\n"
BY_NUMBA_ALONE = """
from cisim.model.kernel import LINKING
from cisim.model.arithmetic import logistic
assert LINKING is None
print(repr(logistic(0.3)), *logistic.stats.cache_misses.values())
"""


@pytest.mark.parametrize("other", [OTHER_VERSION, OTHER_INSIDES])
def test_another_numba_compiles_and_keeps_alone(other: str, tmp_path: Path) -> None:
    code = other + BY_NUMBA_ALONE
    said = repr(logistic(0.3))
    assert python(code, cache=tmp_path) == f"{said} 1\n"
    assert python(code, cache=tmp_path) == f"{said}\n"


@pytest.mark.slow
def test_a_run_by_numba_alone_gives_the_same_numbers(tmp_path: Path) -> None:
    scenario = Scenario.load("national-and-regional", world="one-town", months=2)
    table = CollectiveImpactModel(scenario, seed=1).run().recorder.table
    here = hashlib.sha256(table.tobytes()).hexdigest()
    warmed = "from cisim.lab.warm import warm\nwarm(print)\n"
    asked = "from cisim.model.cache import is_compiled\nprint(is_compiled())\n"
    said = python(OTHER_VERSION + warmed + asked + RUN, cache=tmp_path)
    assert said == f"{COMPILING}\nTrue\n{here}\n"
    assert python(OTHER_VERSION + warmed + RUN, cache=tmp_path) == f"{here}\n"


def test_numba_is_one_whose_insides_were_tried() -> None:
    assert LINKING is not None or PLAIN


@pytest.mark.slow
def test_an_interrupted_compilation_is_announced_again(kept: Path, tmp_path: Path) -> None:
    code = "from cisim.lab.warm import main\nmain()"
    cache = tmp_path / "cache"
    shutil.copytree(kept, cache)
    first, later = (
        next(cache.glob(f"kernels-*/cisim.{name}-*"))
        for name in ("world.build.settle", "model.outcomes.sums.observe")
    )
    for path in (first, later, *cache.glob("kernels-*/complete-*")):
        path.unlink()
    env = {**os.environ, "CISIM_CACHE": str(cache), "PYTHONPATH": str(ROOT)}
    with subprocess.Popen([sys.executable, "-c", code], env=env, stderr=subprocess.PIPE) as killed:
        while not first.exists():
            assert killed.poll() is None
            time.sleep(0.02)
        killed.send_signal(signal.SIGKILL)
    assert not later.exists()
    assert python(code, cache=cache) == f"{COMPILING}\n"
    assert later.exists()
    assert python(code, cache=cache) == ""


def test_every_kernel_is_listed_once() -> None:
    assert f"{__name__}._total" in KERNELS
