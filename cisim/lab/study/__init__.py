"""Studies: what a sweep has kept, in memory or in a folder, and how it is read."""

from cisim.lab.study.study import InMemory, Kept, Study, mean_of

__all__ = ["InMemory", "Kept", "Study", "mean_of"]
