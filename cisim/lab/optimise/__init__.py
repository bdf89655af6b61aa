"""Best uses of a budget: levers and posts under what may be paid in a year, over beliefs.

levers    what may be chosen, over a grid
budget    what may be paid in a year, by all and by single payers
goals     what is wanted, and which candidates no other is better than
beliefs   a sample for the search, and one that it never sees
runs      scenarios over beliefs, each run once and kept
search    which candidates are tried
question  what is asked, read and checked
found     the front, told again, in tables and sentences
written   the chosen structures as files
file      the question as a file
best_use  question, search and answer together
"""

from cisim.lab.optimise.best_use import optimise
from cisim.lab.optimise.found import Optimised

__all__ = ["Optimised", "optimise"]
