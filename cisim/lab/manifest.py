"""The manifest: where results come from, and what is needed to get the same bits again.

It names no machine, no user and no folder. Its key is a hash of what decides the bits, and is
carried by every table and chart.
"""

from __future__ import annotations

import hashlib
import json
import platform
import re
import shlex
from collections.abc import Iterable, Mapping, Sequence
from datetime import UTC, datetime
from functools import cache
from importlib.metadata import distributions
from pathlib import Path
from typing import Any

from cisim.lab.comparison import Comparison
from cisim.lab.ensemble import Ensemble
from cisim.lab.executors import processors
from cisim.lab.replicate import THROUGH
from cisim.model.sources import source_hash
from cisim.version import __version__
from cisim.world.notes import notes_of
from cisim.world.staffing import resolved_posts

MANIFEST = "manifest.json"
SIMULATE, COMPARE = "simulate", "compare"
"""By what a result was made."""
FORMAT = 3
_KEY_LENGTH = 12


def manifest_key(results: Comparison | Ensemble) -> str:
    """Return the key of results: the same for the same sources, scenarios, seeds and outcomes."""
    return short_key(_origin(listed(results)))


def short_key(origin: Mapping[str, Any]) -> str:
    """Return the key of what decides the bits of a result, 12 hexadecimal digits."""
    text = json.dumps(origin, sort_keys=True)
    return hashlib.sha256(text.encode()).hexdigest()[:_KEY_LENGTH]


def describe(
    results: Comparison | Ensemble,
    command: str | Sequence[str],
    *,
    started: datetime | None = None,
    finished: datetime | None = None,
    files: Mapping[str, str] | None = None,
    made: Mapping[str, Any] | None = None,
) -> dict[str, Any]:
    """Return the manifest: everything that is needed to get the same results again.

    made : what it takes beside scenarios, seeds and outcomes to write the same files again
    """
    ensembles = listed(results)
    return manifest_of(
        manifest_key(results),
        _origin(ensembles),
        command,
        made={**how_made(results), **(made or {})},
        asked={ensemble.name: ensemble.asked for ensemble in ensembles},
        incomplete=any(ensemble.incomplete for ensemble in ensembles),
        failed=[failure._asdict() for ensemble in ensembles for failure in ensemble.failed],
        notes=[
            *notes_of(ensemble.scenario for ensemble in ensembles),
            *(str(one) for ensemble in ensembles for one in ensemble.outside),
        ],
        posts={
            ensemble.name: resolved_posts(ensemble.scenario.world, ensemble.scenario.structure)
            for ensemble in ensembles
        },
        started=started,
        finished=finished,
        files=files,
    )


def manifest_of(
    key: str,
    origin: Mapping[str, Any],
    command: str | Sequence[str],
    *,
    asked: object,
    incomplete: bool,
    failed: Iterable[Mapping[str, Any]],
    notes: Sequence[str] = (),
    posts: Mapping[str, Sequence[Mapping[str, Any]]] | None = None,
    made: Mapping[str, Any] | None = None,
    started: datetime | None = None,
    finished: datetime | None = None,
    files: Mapping[str, str] | None = None,
) -> dict[str, Any]:
    """Return the manifest of any result.

    origin : what decides the bits
    made   : `by` what, and what else it takes to write the same files again
    asked  : how many runs were wanted of what `origin` says is finished
    failed : what is quarantined, each with its `reason`
    posts  : what levers and posts resolve to, by scenario
    notes  : what should be known about the scenarios, and what left its scale
    files  : digest of each file, SHA-256, by name
    """
    times = {
        name: moment.astimezone(UTC).isoformat(timespec="seconds")
        for name, moment in (("started", started), ("finished", finished))
        if moment is not None
    }
    if started is not None and finished is not None:
        times["seconds"] = f"{(finished - started).total_seconds():.1f}"
    return {
        "format": FORMAT,
        "key": key,
        "command": without_places(_words(command)),
        "decides": list(origin),
        **origin,
        "made": dict(made or {}),
        "lock": lock_hash(),
        "asked": asked,
        "incomplete": incomplete,
        "failed": [{**one, "reason": without_places(one["reason"])} for one in failed],
        "notes": list(notes),
        "posts": {name: list(rows) for name, rows in (posts or {}).items()},
        "times": {"written": datetime.now(UTC).isoformat(timespec="seconds"), **times},
        "host": {
            "python": platform.python_version(),
            "implementation": platform.python_implementation(),
            "system": platform.system(),
            "machine": platform.machine(),
            "processors": processors(),
        },
        "files": dict(files or {}),
    }


def how_made(results: Comparison | Ensemble) -> dict[str, Any]:
    """Return by what a result was made, and what its numbers alone do not tell."""
    from cisim.lab.store.keys import results_version  # with all that reads and writes Parquet

    if isinstance(results, Ensemble):
        return {"by": SIMULATE, "results": results_version(THROUGH)}
    precision = results.precision
    told = {} if precision is None else {"precision": precision._asdict()}
    return {"by": COMPARE, "results": results_version(THROUGH), **told}


def sources_of_results() -> dict[str, Any]:
    """Return the version and hashes of the sources, as a manifest has them."""
    return {
        "version": __version__,
        "sources": {"model": source_hash(), "package": package_hash()},
    }


def _origin(ensembles: Sequence[Ensemble]) -> dict[str, Any]:
    """Return what decides the bits of the results, as plain values."""
    first = ensembles[0]
    return {
        **sources_of_results(),
        "scenarios": [ensemble.scenario.resolved() for ensemble in ensembles],
        "seeds": {
            ensemble.name: {"first": ensemble.first_seed, "finished": ranges(ensemble.seeds)}
            for ensemble in ensembles
        },
        "outcomes": list(first.outcomes),
        "months": ranges(first.months),
        "regions": list(first.regions),
    }


def listed(results: Comparison | Ensemble) -> list[Ensemble]:
    """Return the ensembles of a result, in order."""
    return [results] if isinstance(results, Ensemble) else list(results.ensembles.values())


def ranges(numbers: Iterable[int]) -> list[list[int]]:
    """Return ascending numbers as ranges, both ends included: [[1, 100], [102, 102]]."""
    found: list[list[int]] = []
    for number in map(int, numbers):
        if found and number == found[-1][1] + 1:
            found[-1][1] = number
        else:
            found.append([number, number])
    return found


@cache
def package_hash() -> str:
    """Return a hash of all sources of the package, 16 hexadecimal digits."""
    digest = hashlib.sha256()
    here = Path(__file__).resolve().parent.parent
    for path in sorted(here.rglob("*.py"), key=lambda path: path.relative_to(here).as_posix()):
        digest.update(path.relative_to(here).as_posix().encode() + b"\0")
        digest.update(path.read_bytes() + b"\0")
    return digest.hexdigest()[:16]


@cache
def lock_hash() -> dict[str, str]:
    """Return a hash of the versions everything runs on, and of what it was taken.

    That is requirements.lock in a checkout, and else the list of what is installed.
    """
    checkout = Path(__file__).resolve().parent.parent.parent
    lock = checkout / "requirements.lock"
    if (checkout / "pyproject.toml").is_file() and lock.is_file():
        return {"of": lock.name, "hash": hashlib.sha256(lock.read_bytes()).hexdigest()[:16]}
    installed = {
        f"{re.sub(r'[-_.]+', '-', str(one.name)).lower()}=={one.version}" for one in distributions()
    }
    text = "\n".join(sorted(installed))
    return {"of": "installed", "hash": hashlib.sha256(text.encode()).hexdigest()[:16]}


_PLACE = re.compile(
    r"(?<![\w.)/\\-])(?:~[\w.-]*|\.{1,2}|[A-Za-z]:)?(?:[\\/][^\s\\/:;,\"'=]+)+[\\/]?"
)


def without_places(command: str | Sequence[str]) -> str:
    """Return a command or a sentence in which a path is only its last part.

    Paths within the working folder, which tell nothing about the machine, stay.
    """
    if isinstance(command, str):
        return _PLACE.sub(lambda found: _last(found[0]), command)
    return shlex.join(_word(word) for word in command)


def _words(command: str | Sequence[str]) -> str | Sequence[str]:
    try:
        return shlex.split(command) if isinstance(command, str) else command
    except ValueError:  # a quote without its end
        return command


def _word(word: str) -> str:
    option, equals, value = word.partition("=")
    if equals and option.startswith("-"):
        return f"{option}={_word(value)}"
    is_place = word.startswith(("/", "\\", "~")) or re.match(r"[A-Za-z]:[\\/]", word)
    climbs = ".." in re.split(r"[\\/]", word)
    return _last(word) if is_place or climbs else without_places(word)


def _last(place: str) -> str:
    parts = [part for part in re.split(r"[\\/]", place) if part not in ("", ".", "..")]
    return parts[-1] if parts and not parts[-1].startswith("~") else "."
