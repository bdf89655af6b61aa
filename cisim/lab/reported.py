"""What a report says of the runs behind it, so that it can be verified alone.

It encloses the scenarios, and a hash of what each run has shown. It is sealed: its own digest, of
all its bytes with zeros where the digest stands, is in its head.
"""

from __future__ import annotations

import hashlib
import json
import re
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any, NamedTuple

import numpy as np

from cisim.lab.comparison import Comparison
from cisim.lab.ensemble import OVERALL, Ensemble
from cisim.lab.manifest import ranges
from cisim.model.input_error import InputError, printable
from cisim.model.state import Floats
from cisim.model.told import Sentences

SAYS = Sentences(
    "reported",
    gone="{path} is not there; allowed is a report of cisim.",
    unread="{path} cannot be read ({why}).",
    no_report=(
        "{path} is no report of cisim with a digest in its head; allowed is one that this "
        "version, or a later one, has written."
    ),
    changed="{path} is not what was written: its digest is another",
    no_runs="{path} encloses no runs that can be read.",
)

MOST_SEALED = 500
"""A report has the hashes of so many futures of each scenario."""
_LENGTH = 8
_ZEROS = "0" * 64
SEAL = f'<meta name="cisim-digest" content="{_ZEROS}">'
"""Stands in a page that is not sealed yet."""
_SEALED = re.compile(rb'<meta name="cisim-digest" content="([0-9a-f]{64})">')
_DATA = re.compile(rb'<script type="application/json" id="scenarios">(.*?)</script>', re.DOTALL)


def sealed(page: str) -> str:
    """Return a page with its digest in the place of the seal."""
    digest = hashlib.sha256(page.encode("utf-8", errors="replace")).hexdigest()
    return page.replace(SEAL, SEAL.replace(_ZEROS, digest), 1)


def run_hash(values: Floats) -> str:
    """Return the hash of what a run has shown, (months, outcomes)."""
    plain = np.where(np.isnan(values), np.nan, values)  # one NaN, whatever the machine's is
    return hashlib.sha256(np.ascontiguousarray(plain).tobytes()).hexdigest()[:_LENGTH]


def hashes_of(ensemble: Ensemble, outcomes: Sequence[str], most: int = MOST_SEALED) -> list[str]:
    """Return the hash of each replicate, over all regions, in every month kept."""
    columns = [ensemble.outcomes.index(name) for name in outcomes]
    where = ensemble.regions.index(OVERALL)
    return [run_hash(one[:, where][:, columns]) for one in ensemble.values[:most]]


def runs_of(comparison: Comparison, outcomes: Sequence[str]) -> dict[str, Any]:
    """Return what a report says of the runs of each scenario, as plain values."""
    return {
        name: {
            "seeds": ranges(one.seeds[:MOST_SEALED]),
            "hashes": "".join(hashes_of(one, outcomes)),
        }
        for name, one in comparison.ensembles.items()
    }


class Reported(NamedTuple):
    """What a report says.

    wrong     : what is wrong with its bytes, "" for nothing
    scenarios : resolved, as a manifest has them; none where they had no room
    outcomes  : that the hashes are of
    hashes    : of each run, by scenario and seed
    """

    key: str
    version: str
    wrong: str
    scenarios: tuple[Mapping[str, Any], ...]
    outcomes: tuple[str, ...]
    hashes: Mapping[str, Mapping[int, str]]


def read_report(path: Path) -> Reported:
    """Return what a report says of itself.

    Raises InputError if it is none, or one of a version that did not seal it.
    """
    try:
        data = path.read_bytes()
    except FileNotFoundError:
        raise InputError(SAYS("gone", path=printable(path))) from None
    except OSError as error:
        raise InputError(
            SAYS("unread", path=printable(path), why=error.strerror or error)
        ) from None
    seal = _SEALED.search(data[:8192])
    if seal is None:
        raise InputError(SAYS("no_report", path=printable(path)))
    plain = data[: seal.start(1)] + _ZEROS.encode() + data[seal.end(1) :]
    wrong = ""
    if hashlib.sha256(plain).hexdigest() != seal[1].decode():
        wrong = SAYS("changed", path=printable(path))
    found = _DATA.search(data)
    if found is None:
        return Reported("", "", wrong, (), (), {})
    try:
        said = json.loads(found[1])
        scenarios = tuple({**one, "world": said["world"]} for one in said["scenarios"])
        hashes = {}
        for name, one in said["runs"].items():
            seeds = [seed for low, high in one["seeds"] for seed in range(low, high + 1)]
            text = one["hashes"]
            each = [text[k : k + _LENGTH] for k in range(0, len(text), _LENGTH)]
            hashes[name] = dict(zip(seeds, each, strict=True))
        outcomes = tuple(said["outcomes"])
        return Reported(str(said["key"]), str(said["cisim"]), wrong, scenarios, outcomes, hashes)
    except (ValueError, KeyError, TypeError, AttributeError, RecursionError):
        raise InputError(SAYS("no_runs", path=printable(path))) from None
