"""The documents that derive from the code: the model's description (ODD) and its evidence.

Both are Markdown. What the code declares (numbers, levers, events, outcomes, equations, columns,
shipped files) is read from it; only what no declaration can say is written here.
"""

from cisim.show.documents.evidence import evidence
from cisim.show.documents.odd import odd
from cisim.show.documents.place import cases_of, evidence_of

__all__ = ["cases_of", "evidence", "evidence_of", "odd"]
