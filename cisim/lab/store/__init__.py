"""Where the results of many runs are kept: rows under keys, in parts that are whole or not there.

A run's key is a hash of everything that decides its bits (cisim.lab.store.keys), so that work that
was stopped goes on in any order, with any number of workers, on any machine. Parts are the truth;
nothing else has to be right for them to be read.
"""

from cisim.lab.store.keys import key_of
from cisim.lab.store.store import Store

__all__ = ["Store", "key_of"]
