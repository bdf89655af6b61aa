"""A script that is no package, as a module: those of experiments/ and docs/."""

from __future__ import annotations

import importlib.util
import sys
from pathlib import Path
from types import ModuleType

ROOT = Path(__file__).resolve().parents[1]


def load_script(path: str) -> ModuleType:
    """Return the script of a path from the project's root; its classes find their module, too.

    It finds scripts beside it, as it does where it is run.
    """
    file = ROOT / path
    name = f"script_{file.stem}"
    spec = importlib.util.spec_from_file_location(name, file)
    assert spec is not None, f"there is no {path}"
    assert spec.loader is not None
    module = sys.modules[name] = importlib.util.module_from_spec(spec)
    sys.path.append(str(file.parent))
    try:
        spec.loader.exec_module(module)
    finally:
        sys.path.remove(str(file.parent))
    return module
