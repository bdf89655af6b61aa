"""Two-mode data, who sits in which group, as ties between those who sit together.

shared   groups that two share / the most that any two share
small    sum over shared groups of 1 / (members - 1), over the most of any two (Newman 2001)
any      1 for all who share a group
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping
from itertools import combinations
from typing import Literal

from cisim.lab.survey.says import SAYS, of
from cisim.model.input_error import InputError

MOST_PAIRS = 300_000
Rule = Literal["shared", "small", "any"]


def together(
    groups: Mapping[str, Iterable[int]], rule: Rule, where: str
) -> dict[tuple[int, int], float]:
    """Return the strength of the tie of each pair that sits together, the lower number first.

    Raises InputError if groups are so large that they make too many pairs.
    """
    members = {name: sorted(set(some)) for name, some in groups.items()}
    many = sum(len(some) * (len(some) - 1) // 2 for some in members.values())
    if many > MOST_PAIRS:
        largest = max(members, key=lambda name: len(members[name]))
        raise InputError(
            of(
                where,
                SAYS(
                    "group_pairs",
                    count=many,
                    most=MOST_PAIRS,
                    largest=largest,
                    members=len(members[largest]),
                ),
            )
        )
    shared: defaultdict[tuple[int, int], float] = defaultdict(float)
    for some in members.values():
        share = 1.0 / (len(some) - 1) if rule == "small" and len(some) > 1 else 1.0
        for pair in combinations(some, 2):
            shared[pair] += share
    most = max(shared.values(), default=1.0)
    return {pair: 1.0 if rule == "any" else value / most for pair, value in shared.items()}
