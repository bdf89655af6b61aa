"""The words of people's files: what headings and cells are called, in three languages."""

from __future__ import annotations

import tomllib
from collections.abc import Iterable, Mapping, Sequence
from functools import cache
from pathlib import Path
from typing import Any

from cisim.lab.survey.tables import Table, plain


@cache
def words() -> Mapping[str, Any]:
    """Return everything that words.toml says."""
    return tomllib.loads(Path(__file__).with_name("words.toml").read_text("utf-8"))


@cache
def missing() -> frozenset[str]:
    """Return the words for an answer that is missing, as `plain` writes them."""
    return frozenset(map(plain, words()["missing"]))


def is_missing(cell: str) -> bool:
    """Return whether a cell says that there is no answer; an empty one or a dash does."""
    return not cell or cell in ("-", "–", "—", ".", "..", "?", "*") or plain(cell) in missing()


@cache
def _meanings(group: str) -> Mapping[str, str]:
    return {plain(word): means for means, some in words()[group].items() for word in some}


def meaning(group: str, word: str) -> str | None:
    """Return what a word means: of `sectors` its sector, of `levels` its level; None if unknown."""
    return _meanings(group).get(plain(word))


@cache
def _truths() -> Mapping[str, bool]:
    return {plain(word): truth for truth in (False, True)
            for word in words()["yes" if truth else "no"]}  # fmt: skip


def truth(cell: str) -> bool | None:
    """Return whether a cell says yes or no, None if it says neither."""
    return _truths().get(plain(cell))


@cache
def none() -> frozenset[str]:
    """Return the words for nothing at all."""
    return frozenset(map(plain, words()["none"]))


@cache
def _order(kind: str) -> Mapping[str, int]:
    return {plain(word): at for at, some in enumerate(words()[kind]) for word in some}


def ordered(kind: str, cells: Iterable[str]) -> list[str | list[str]] | None:
    """Return the words of a column from the least to the most, None if one of them is unknown.

    kind : `contact` or `collaboration`; yes and no are known in all
    """
    different = sorted(dict.fromkeys(cells))
    if all(truth(one) is not None for one in different):
        order: Mapping[str, int] = {plain(one): int(bool(truth(one))) for one in different}
    elif kind in ("contact", "collaboration"):
        order = _order(kind)
    else:
        return None
    steps: dict[int, list[str]] = {}
    for one in different:
        place = order.get(plain(one))
        if place is None:
            return None
        steps.setdefault(place, []).append(one)
    return [some[0] if len(some) == 1 else some for _, some in sorted(steps.items())]


def role_of(name: str) -> str | None:
    """Return what a file or sheet of this name holds, None if its name does not tell."""
    stem = plain(name.rpartition("#")[2] if "#" in name else name.rpartition(".")[0] or name)
    for role, some in words()["tables"].items():
        if stem in map(plain, some):
            return str(role)
    parts = stem.split()
    found = [role for role, some in words()["tables"].items()
             if any(part in map(plain, some) for part in parts[-1:] + parts[:1])]  # fmt: skip
    return str(found[0]) if len(found) == 1 else None


def heading(table: Table, role: str, field: str, taken: Sequence[str] = ()) -> str | None:
    """Return the column whose heading is a word for a field, the likeliest word first."""
    columns = {plain(one): one for one in reversed(table.columns) if one not in taken}
    for word in words()["headings"][role][field]:
        if plain(word) in columns:
            return columns[plain(word)]
    return None
