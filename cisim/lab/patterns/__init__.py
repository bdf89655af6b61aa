"""Patterns that the model is held against: declared, run, judged.

runs.py says what is run, readings.py and series.py what is read from it, pattern.py what a pattern
is, declared.py which there are, verdict.py by what rules they are judged, validation.py does it,
at the defaults and over the plausible space.
"""

from cisim.lab.patterns.declared import PATTERNS
from cisim.lab.patterns.pattern import Criterion, Pattern
from cisim.lab.patterns.validation import Validation, validate

__all__ = ["PATTERNS", "Criterion", "Pattern", "Validation", "validate"]
