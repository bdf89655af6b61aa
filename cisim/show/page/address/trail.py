"""The addresses one visitor has come along."""

from __future__ import annotations

from dataclasses import dataclass, field

from cisim.show.page.address import link
from cisim.show.page.address.look import Look, decides


@dataclass
class Trail:
    """The addresses one visitor has come along, for undo, redo and replay.

    soft : an address that takes the place of the present one
    """

    addresses: list[str] = field(default_factory=list)
    at: int = -1
    soft: str = ""

    def arrive(self, here: str) -> None:
        """Note where the visitor is now: a step on, or one that was there before."""
        if 0 <= self.at < len(self.addresses) and self.addresses[self.at] == here:
            return
        if here == self.soft and self.at >= 0:
            self.addresses[self.at] = here
            return
        for step in (-1, 1):
            place = self.at + step
            if 0 <= place < len(self.addresses) and self.addresses[place] == here:
                self.at = place
                return
        del self.addresses[self.at + 1 :]
        self.addresses.append(here)
        self.at = len(self.addresses) - 1

    @property
    def before(self) -> bool:
        """Return whether there is an address to go back to."""
        return self.at > 0

    def last_other(self, look: Look) -> Look | None:
        """Return what was explored before the last change of the scenario, None if nothing was."""
        for path in reversed(self.addresses[: max(self.at, 0)]):
            past, _ = link.read(path)
            if past.view == "explore" and decides(past) != decides(look):
                return past
        return None

    @property
    def after(self) -> bool:
        """Return whether there is an address to go forward to."""
        return self.at + 1 < len(self.addresses)
