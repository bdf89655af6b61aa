"""First futures are begun as soon as somebody chooses: while the page is drawn anew, they run."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from contextlib import suppress

from cisim.model.input_error import InputError
from cisim.show.page.address.look import Look, compared_of, explored_of
from cisim.show.page.futures.engine import FULL, Ticket, engine, next_step
from cisim.world.scenario import Scenario

_RUN: dict[str, Callable[[Look], Sequence[Scenario]]] = {
    "explore": explored_of,
    "compare": compared_of,
}


class Ahead:
    """What one visitor has chosen last; another choice drops it."""

    def __init__(self) -> None:
        self._ticket: Ticket | None = None

    def ask(self, look: Look) -> None:
        """Wish for the first futures of a look. What is wrong with it is said where it is shown."""
        if self._ticket is not None:
            self._ticket.cancel()
            self._ticket = None
        run = _RUN.get(look.view)
        with suppress(InputError):
            if run is not None:
                scenarios = run(look)
                first = next_step(0, FULL, scenarios[0].world.organisation_count)
                self._ticket = engine().ask(scenarios, look.seed, first)
