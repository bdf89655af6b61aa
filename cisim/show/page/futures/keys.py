"""What decides a future, hashed: the model, how a world is built, what is set, the seed."""

from __future__ import annotations

import hashlib
import json
from functools import cache
from pathlib import Path

from cisim.model.kernel import source_hash
from cisim.show.page.outcomes import KEPT
from cisim.world.scenario import Scenario


@cache
def sources() -> str:
    """Return a hash of everything that decides a future: the model and how a world is built."""
    digest = hashlib.sha256(source_hash().encode())
    here = Path(__file__).resolve().parents[3] / "world"
    for path in sorted(here.glob("*.py")):
        digest.update(path.read_bytes())
    return digest.hexdigest()[:16]


def cache_key(scenario: Scenario, seed: int) -> str:
    """Return what decides a scenario's futures, hashed: not its name, title or story."""
    said = scenario.resolved()
    for name in ("name", "title", "story", "note", "world_name", "structure_name"):
        said.pop(name)
    text = json.dumps([sources(), said, seed, KEPT], sort_keys=True)
    return hashlib.sha256(text.encode()).hexdigest()[:24]
