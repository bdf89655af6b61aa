"""Names that may mean one organisation: asked about, never merged.

Two names are alike if they are the same without capitals, accents, signs, spaces, small words and
marks of a legal form ("Espoon 4H ry", "Espoon 4H-yhdistys r.y."  are not, "Espoon 4H" and
"ESPOON 4-H ry" are), if they have the same words in another order, or if one long word of theirs
differs by one letter. Numbers and short words tell names apart: "School 1" and "School 2" are two.
"""

from __future__ import annotations

import unicodedata
from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from itertools import combinations

_SMALL = frozenset(
    [
        "ry",
        "rf",
        "r",
        "y",
        "oy",
        "ab",
        "oyj",
        "ltd",
        "inc",
        "llc",
        "plc",
        "gmbh",
        "as",
        "the",
        "of",
        "and",
        "ja",
        "och",
        "&",
        "in",
        "for",
    ]
)
_SHORTEST_WORD = 5
_SHORTEST_NAME = 7
_MOST_NAMES = 200_000


def alike(names: Sequence[str]) -> Iterator[tuple[str, str]]:
    """Yield the pairs of different names that may mean one thing, in the order of the names."""
    seen: set[tuple[int, int]] = set()
    words = [_words(name) for name in names[:_MOST_NAMES]]
    groups: defaultdict[tuple[str, str], list[int]] = defaultdict(list)
    for at, some in enumerate(words):
        together = "".join(some)
        if together:
            groups["letters", together].append(at)
            groups["words", " ".join(sorted(some))].append(at)
            for less in _one_less(together):
                groups["near", less].append(at)
    for (why, _), members in groups.items():
        if len(members) < 2 or len(members) > 200:
            continue
        for one, other in combinations(dict.fromkeys(members), 2):
            if why != "near" or _nearly(words[one], words[other]):
                seen.add((one, other))
    for one, other in sorted(seen):
        yield names[one], names[other]


def _words(name: str) -> list[str]:
    apart = unicodedata.normalize("NFKD", name.casefold())
    letters = "".join(
        one if one.isalnum() else " " for one in apart if not unicodedata.combining(one)
    )
    some = letters.split()
    return [word for word in some if word not in _SMALL] or some


def _one_less(together: str) -> Iterable[str]:
    """Return a name and it without each of its letters: names that share one are near."""
    if len(together) < _SHORTEST_NAME or len(together) > 120:
        return ()
    less = {together[:at] + together[at + 1 :] for at in range(len(together))}
    return (together, *less)


def _nearly(ours: list[str], theirs: list[str]) -> bool:
    """Return whether one long word without numbers differs, or words are parted differently."""
    if "".join(ours) == "".join(theirs):
        return True
    if len(ours) != len(theirs):
        return False
    differing = [(a, b) for a, b in zip(ours, theirs, strict=True) if a != b]
    return len(differing) == 1 and all(
        len(word) >= _SHORTEST_WORD and word.isalpha() for word in differing[0]
    )
