"""Compile the model: `python -m cisim.lab.warm`, once for each change of its sources."""

from __future__ import annotations

import gc
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager

from cisim.model.cache import is_compiled, not_kept, note_complete, tell_compiling


def warm(say: Callable[[str], None] | None = None, *, always: bool = False) -> None:
    """Compile every kernel with a tiny run unless that was done before; say so as it begins.

    say    : None leaves it to standard error, where it is said unless `tell_compiling(None)` was
    always : run even if compiled kernels are there, so that this process has loaded them
    """
    compiled = is_compiled()
    if compiled and not always:
        return
    if not compiled and say is not None:
        tell_compiling(say)
    with _without_collecting():
        _use_everything()
    note_complete()
    if say is not None and (lost := not_kept()):
        say(lost)


def _use_everything() -> None:
    from cisim.model.model import CollectiveImpactModel  # takes half a second, and brings Mesa
    from cisim.model.outcomes import organisation_frame
    from cisim.world.scenario import Scenario

    scenario = Scenario.load("national-and-regional", world="one-town", months=2)
    scenario.set({"ties": "forming"}).build(1)  # who could meet is drawn by kernels of its own
    model = CollectiveImpactModel(scenario, seed=1).run()
    model.outcomes()
    organisation_frame(model.state, model.parameters)
    organisation = model.organisation(0)
    organisation.agenda = organisation.agenda


@contextmanager
def _without_collecting() -> Iterator[None]:
    """Keep Python from looking for garbage: a compiler makes little and is slowed by a tenth."""
    was = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if was:
            gc.enable()


def main() -> None:
    """Compile with a word on standard error."""
    warm(lambda sentence: print(sentence, file=sys.stderr))


if __name__ == "__main__":
    main()
