"""What `pip install 'cisim[bridges]'` installs is what the bridges import beside cisim's own."""

from __future__ import annotations

import ast
import re
import subprocess
import sys
import tomllib
from pathlib import Path

import pytest

import cisim.bridges
from cisim.lab.extras import needed
from cisim.model.input_error import InputError

ROOT = Path(__file__).parents[2]
CALLED = {"ema_workbench": "ema-workbench"}
"""Packages by the module that is imported, where they differ."""


def imported() -> set[str]:
    """Return the libraries that a file of cisim.bridges names, as an import or as needed(…)."""
    found = set()
    for file in (ROOT / "cisim" / "bridges").glob("*.py"):
        for node in ast.walk(ast.parse(file.read_text(encoding="utf-8"))):
            if isinstance(node, ast.Import):
                found |= {one.name for one in node.names}
            elif isinstance(node, ast.ImportFrom):
                found.add(str(node.module))
            elif isinstance(node, ast.Call) and getattr(node.func, "id", "") == "needed":
                found.add(ast.literal_eval(node.args[0]))
                assert ast.literal_eval(node.args[1]) == "bridges"
    heads = {name.partition(".")[0] for name in found}
    return {CALLED.get(one, one) for one in heads - set(sys.stdlib_module_names) - {"cisim"}}


def test_the_extra_is_exactly_what_is_imported() -> None:
    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    core, extra = (
        {re.split(r"[<>=!~\[ ]", one)[0] for one in some}
        for some in (project["dependencies"], project["optional-dependencies"]["bridges"])
    )
    assert imported() - core == extra


def test_bridges_are_imported_without_the_tools() -> None:
    code = (
        "import sys; import cisim.bridges; "
        "print({'SALib', 'ema_workbench', 'xarray'} & set(sys.modules))"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "set()"


def test_without_a_tool_the_command_that_installs_it_is_told(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setitem(sys.modules, "SALib", None)
    with pytest.raises(InputError, match=r"SALib is not installed.*'cisim\[bridges\]'"):
        cisim.bridges.salib_problem("no-backbone")
    assert needed("xarray", "bridges").__name__ == "xarray"
