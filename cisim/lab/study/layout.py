"""What the store of a study keeps of each run."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class Layout:
    """Which numbers of a run are kept.

    kind     : of its parts; a study that is extended by outcomes or months begins another
    outcomes : (O,) names
    months   : (M,)
    regions  : (G,) names, "overall" last
    """

    kind: str
    outcomes: tuple[str, ...]
    months: tuple[int, ...]
    regions: tuple[str, ...]

    @property
    def by_region(self) -> bool:
        """Return whether the regions are kept, too."""
        return len(self.regions) > 1

    @property
    def columns(self) -> dict[str, str]:
        """Return the columns of the store."""
        words = {"scenario": "string", "region": "string"}
        whole = {"who": "int64", "seed": "int64", "month": "int32"}
        return {**words, **whole, **dict.fromkeys(self.outcomes, "float64")}
