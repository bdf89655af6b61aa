"""Patterns that the model is held against: declared, run, judged.

runs.py says what is run, declared.py what is read from it, verdict.py by what rules it is judged,
validation.py does it all, at the defaults and over the plausible space.
"""

from cisim.lab.patterns.declared import PATTERNS, Criterion, Pattern
from cisim.lab.patterns.validation import Validation, validate

__all__ = ["PATTERNS", "Criterion", "Pattern", "Validation", "validate"]
