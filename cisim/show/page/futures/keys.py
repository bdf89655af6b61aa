"""What decides a future, hashed: the model, how a world is built, what is set, the seed."""

from __future__ import annotations

import hashlib
import json

from cisim.model.sources import source_hash
from cisim.show.page.outcomes import PICTURES, Wanted
from cisim.world.scenario import Scenario


def cache_key(scenario: Scenario, seed: int, wanted: Wanted = PICTURES) -> str:
    """Return what decides a scenario's futures, hashed: not its name, title or story."""
    said = scenario.resolved()
    for name in ("name", "title", "short", "story", "note", "world_name", "structure_name"):
        said.pop(name)
    text = json.dumps([source_hash(), said, seed, wanted], sort_keys=True)
    return hashlib.sha256(text.encode()).hexdigest()[:24]
