"""Analyses of a study: what its numbers say about a question, by kept libraries.

Each is a function of a `Study`, with a result that has `.table()` and `.sentences()`.

    sobol        which share of the variance a parameter makes    a Saltelli design
    morris       how large its effects are, from few runs          a Morris design
    pawn         how far it moves the whole distribution           any sample
    correlation  which way it moves the outcome                    any design
    ranking      which parameters decide which scenario is best    a sample, two scenarios
    robustness   best, regret, good enough, harm, as shares        a sample, two scenarios
    learning     what it is worth to learn a parameter             a sample, two scenarios
"""

from cisim.lab.analyses.correlation import Correlation, correlation
from cisim.lab.analyses.learning import Learning, learning
from cisim.lab.analyses.morris import Morris, morris
from cisim.lab.analyses.pawn import Pawn, pawn
from cisim.lab.analyses.question import Question
from cisim.lab.analyses.ranking import Ranking, ranking
from cisim.lab.analyses.robustness import Robustness, robustness
from cisim.lab.analyses.sobol import Sobol, sobol

__all__ = [
    "Correlation",
    "Learning",
    "Morris",
    "Pawn",
    "Question",
    "Ranking",
    "Robustness",
    "Sobol",
    "correlation",
    "learning",
    "morris",
    "pawn",
    "ranking",
    "robustness",
    "sobol",
]
