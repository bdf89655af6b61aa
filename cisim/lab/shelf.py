"""Results that lie below one folder: what each is, and none that lies elsewhere.

Somebody may name any folder, as in a link. So a name is looked for below the root only, part by
part, and no link on the disk is followed, be it to a folder or to a file of a result.
"""

from __future__ import annotations

import os
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Literal, NamedTuple

from cisim.lab.manifest import MANIFEST
from cisim.lab.results import PARTS, result_files
from cisim.lab.study.folder import EXPERIMENT, FILES
from cisim.lab.written import LARGEST_MANIFEST, Written, read_manifest
from cisim.model.input_error import InputError, printable, shown

DEEPEST = 5
"""Folders below each other that are looked into."""
MOST = 300
"""Results that are listed."""
_SEEN = 20_000
"""Entries of folders that are looked at."""

State = Literal["whole", "unfinished", "damaged"]


class Result(NamedTuple):
    """A result that lies below the root.

    name   : of its folder, from the root on, with "/"; "." for the root itself
    state  : unfinished has no manifest yet, or not all runs; damaged has one that cannot be read
    by     : what it was made by, "" where that is not known
    about  : of its manifest what says what it is: `title`, `scenarios`, `points`, `asked`, `there`,
             `written`, `version`; what a kind does not say is not in it
    why    : the sentence of what is damaged
    """

    name: str
    state: State
    by: str = ""
    about: Mapping[str, Any] = {}
    why: str = ""


@dataclass(frozen=True)
class Shelf:
    """A folder, and the results below it."""

    root: Path

    @classmethod
    def of(cls, root: str | os.PathLike[str]) -> Shelf:
        """Return the shelf of a folder.

        Raises InputError if it is none.
        """
        place = Path(root)
        if not place.is_dir():
            what = "a file" if place.exists() else "not there"
            raise InputError(
                f"--studies is {printable(place)}, which is {what}; allowed is a folder with "
                f"results in it."
            )
        return cls(place.resolve())

    def results(self) -> list[Result]:
        """Return the results below the root, by name; at most MOST."""
        found = []
        for folder in self._folders():
            one = self.result(folder)
            if one is not None:
                found.append(one)
            if len(found) == MOST:
                break
        return sorted(found, key=lambda one: one.name)

    def folder(self, name: str) -> Path:
        """Return the folder of a name.

        Raises InputError if it is not below the root, or if a link on the disk is in it.
        """
        place = self.root
        for part in [] if name == "." else name.split("/"):
            plain = part not in ("", ".", "..") and Path(part).name == part and "\0" not in part
            place = place / part if plain else place
            if not plain or place.is_symlink():
                raise InputError(
                    f"{shown(name)} is no folder below the one that is looked at; allowed is one "
                    f"that lies in it, and no link."
                )
        try:
            if not place.is_dir():
                raise InputError(f"{shown(name)} is not there; allowed is a folder of a result.")
            link = next((one for one in _below(place) if one.is_symlink()), None)
        except OSError as error:
            raise InputError(f"{shown(name)} cannot be read ({error.strerror}).") from None
        if link is not None:
            raise InputError(
                f"{shown(name)} holds {printable(link.name)}, a link to another place, and so is "
                f"not opened; allowed are files."
            )
        return place

    def open(self, name: str) -> Written:
        """Return the result of a name; its numbers stay on the disk.

        Raises InputError if there is none, or it is damaged or not below the root.
        """
        folder = self.folder(name)
        if not (folder / MANIFEST).exists():
            raise InputError(f"{shown(name)} has no {MANIFEST}: it is not finished.")
        return read_manifest(folder)

    def _folders(self) -> Iterator[Path]:
        waiting, seen = [(self.root, 0)], 0
        while waiting:
            folder, depth = waiting.pop(0)
            yield folder
            if depth == DEEPEST:
                continue
            try:
                with os.scandir(folder) as entries:
                    inside = []
                    for one in entries:
                        seen += 1
                        if one.is_dir(follow_symlinks=False) and _may_hold(one.name):
                            inside.append(Path(one.path))
            except OSError:
                continue
            if seen <= _SEEN:
                waiting += [(one, depth + 1) for one in sorted(inside)]

    def result(self, folder: Path) -> Result | None:
        """Return what a folder below the root holds, None where that is no result."""
        name = "." if folder == self.root else folder.relative_to(self.root).as_posix()
        file = folder / MANIFEST
        try:
            if not file.exists() and not file.is_symlink():
                begun = name != "." and any((folder / one).exists() for one in _of_results())
                return Result(name, "unfinished") if begun else None
            if file.is_symlink():
                return Result(name, "damaged", why=f"{MANIFEST} is a link to another place.")
            if file.stat().st_size > LARGEST_MANIFEST:
                return Result(name, "damaged", why=f"{MANIFEST} is too large.")
            written = read_manifest(folder)
        except InputError as error:
            why = str(error).replace(f"{printable(folder)}{os.sep}", "")
            return Result(name, "damaged", why=why)
        except OSError:
            return None
        said = written.manifest
        state: State = "unfinished" if said.get("incomplete") else "whole"
        return Result(name, state, written.by, _about(said))


def _may_hold(name: str) -> bool:
    return not name.startswith(".") and name != PARTS


def _of_results() -> set[str]:
    """Return names of files that only a result has, with or without its manifest."""
    return {EXPERIMENT, *FILES, *result_files()}


def _below(folder: Path) -> Iterator[Path]:
    for base, folders, files in os.walk(folder, followlinks=False):
        for one in (*folders, *files):
            yield Path(base) / one


def _about(said: Mapping[str, Any]) -> dict[str, Any]:
    """Return what a manifest says of what it is, as plain values."""
    study = said.get("study")
    design = said.get("design")
    runs = said.get("runs")
    found: dict[str, Any] = {"version": str(said.get("version", ""))}
    title = said.get("title") or (study.get("name") if isinstance(study, dict) else study)
    if isinstance(title, str):
        found["title"] = title
    given = study.get("scenarios") if isinstance(study, dict) else said.get("scenarios")
    if isinstance(given, list):
        names = [one.get("name") if isinstance(one, dict) else one for one in given]
        found["scenarios"] = [one for one in names if isinstance(one, str)]
    if isinstance(design, dict) and isinstance(design.get("points"), int):
        found["points"] = design["points"]
    if isinstance(runs, dict):
        found |= {k: runs[k] for k in ("asked", "there") if isinstance(runs.get(k), int)}
    elif isinstance(said.get("asked"), dict):
        found["asked"] = sum(one for one in said["asked"].values() if isinstance(one, int))
    elif isinstance(said.get("asked"), int):
        found["asked"] = said["asked"]
    times = said.get("times")
    if isinstance(times, dict):
        found["written"] = str(times.get("written", ""))
    return found
