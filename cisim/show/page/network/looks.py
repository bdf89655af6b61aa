"""How the network looks: what the ends of its colours mean, and its inks."""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType

from cisim.show.charts.ink import DARK, LIGHT

SCALES: Mapping[str, tuple[float, float]] = MappingProxyType(
    {
        "trust": (0.4, 0.6),
        "mandate": (0.15, 0.7),
        "commitment": (0.0, 1.0),
        "engagement": (0.0, 0.6),
    }
)
"""What the two ends of the colours mean: fixed, so that films can be compared."""

COLOURS: Mapping[str, Mapping[str, str]] = MappingProxyType(
    {
        "light": {
            **LIGHT,
            "own": "#08756f",
            "brokered": "#c2257f",
            "everyday": "#7d8792",
            "bad": "#c02716",
        },
        "dark": {
            **DARK,
            "own": "#41cbbb",
            "brokered": "#ff70b6",
            "everyday": "#7a8590",
            "bad": "#ff8f7d",
        },
    }
)
