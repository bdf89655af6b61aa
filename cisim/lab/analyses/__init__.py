"""Analyses of a study: what its numbers say about a question, by kept libraries.

Each is a function of a `Study`, with a result that has `.table()` and `.sentences()`.

    sobol        which share of the variance a parameter makes    a Saltelli design
    morris       how large its effects are, from few runs          a Morris design
    pawn         how far it moves the whole distribution           any sample
    correlation  which way it moves the outcome                    any design
"""

from cisim.lab.analyses.correlation import Correlation, correlation
from cisim.lab.analyses.morris import Morris, morris
from cisim.lab.analyses.pawn import Pawn, pawn
from cisim.lab.analyses.question import Question
from cisim.lab.analyses.sobol import Sobol, sobol

__all__ = [
    "Correlation",
    "Morris",
    "Pawn",
    "Question",
    "Sobol",
    "correlation",
    "morris",
    "pawn",
    "sobol",
]
