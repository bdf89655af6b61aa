"""How a saved run's scenario is read: whoever knows scenarios says so, as imports go down.

It stands apart from the model, so that a place can be read without Mesa.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

_reader: Callable[[dict[str, Any]], Any] | None = None


def scenarios_are_read_by(reader: Callable[[dict[str, Any]], Any]) -> None:
    """Say how a saved run's scenario is read; cisim.world.scenario does."""
    global _reader
    _reader = reader


def read_scenario(said: dict[str, Any]) -> Any:
    """Return the scenario that a saved run says it has, a cisim.Scenario."""
    if _reader is None:  # pragma: no cover - `import cisim` sets it
        raise RuntimeError("import cisim before loading a run")
    return _reader(said)
