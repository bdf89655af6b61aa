"""Analyses of a study: what its numbers say about a question, by kept libraries.

Each is a function of a `Study`, with a result that has `.table()` and `.sentences()`; `analyse`
makes all that a study allows.

    sobol        which share of the variance a parameter makes    a Saltelli design
    pairs        which share two make only together               a Saltelli design with pairs
    morris       how large its effects are, from few runs          a Morris design
    pawn         how far it moves the whole distribution           any sample
    correlation  which way it moves the outcome                    any design
    ranking      which parameters decide which scenario is best    a sample, two scenarios
    robustness   best, regret, good enough, harm, as shares        a sample, two scenarios
    learning     what it is worth to learn a parameter             a sample, two scenarios
    prim, tree   where a scenario fails, in boxes                  a sample
    surrogate    a stand-in for the model, with its honest error   a sample
"""

from cisim.lab.analyses.boxes import Discovery
from cisim.lab.analyses.correlation import Correlation, correlation
from cisim.lab.analyses.learning import Learning, learning
from cisim.lab.analyses.morris import Morris, morris
from cisim.lab.analyses.pairs import Pairs, pairs
from cisim.lab.analyses.pawn import Pawn, pawn
from cisim.lab.analyses.prim import prim
from cisim.lab.analyses.question import Question
from cisim.lab.analyses.ranking import Ranking, ranking
from cisim.lab.analyses.robustness import Robustness, robustness
from cisim.lab.analyses.sobol import Sobol, sobol
from cisim.lab.analyses.surrogate import Surrogate, surrogate
from cisim.lab.analyses.together import Answer, Answers, analyse
from cisim.lab.analyses.tree import tree

__all__ = [
    "Answer",
    "Answers",
    "Correlation",
    "Discovery",
    "Learning",
    "Morris",
    "Pairs",
    "Pawn",
    "Question",
    "Ranking",
    "Robustness",
    "Sobol",
    "Surrogate",
    "analyse",
    "correlation",
    "learning",
    "morris",
    "pairs",
    "pawn",
    "prim",
    "ranking",
    "robustness",
    "sobol",
    "surrogate",
    "tree",
]
