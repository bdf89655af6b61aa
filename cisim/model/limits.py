"""How far numbers go that several parts of the program bound alike."""

LARGEST_SEED = 2**63 - 1
MOST_MONTHS = 12_000
"""A horizon of a thousand years."""
MOST_REPLICATES = 10_000_000
"""Runs of one scenario in one ensemble."""
