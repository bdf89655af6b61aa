"""What a visitor has brought: files of a tab, as long as the server runs.

A tab that changes its language, or is loaded anew, is the same tab, and has its files still. It is
known by a name that its browser keeps for it alone.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from functools import lru_cache

from cisim.show.page.partnership.arriving import Arriving
from cisim.show.page.partnership.upload import Reading, Upload

MOST_TABS = 8
"""Tabs whose files are there; of more the one that was longest ago is forgotten."""


@dataclass
class Uploads:
    """Files of one visitor; another view, or another language, does not lose them.

    figures : name and bytes of what was observed
    against : the scenario that is set against it, "" for none
    """

    now: Upload = field(default_factory=Upload)
    reading: Reading | None = None
    figures: tuple[str, bytes] | None = None
    against: str = ""
    arriving: Arriving = field(default_factory=Arriving)


@lru_cache(maxsize=MOST_TABS)
def uploads_of(tab: str) -> Uploads:
    """Return what was brought in a tab, nothing in one that is new."""
    return Uploads()
