"""Where what ships is: worlds, structures, scenarios, cases, stories; how a file is read with care.

A scenario runs on any world. A case is a scenario of one place: its regions, dates and payers are
named there.

A file is text of at most ten megabytes; whatever is wrong with it is said in one sentence that
names it. The shipped configs are inside the wheel, or beside the package in a checkout.
"""

from __future__ import annotations

import os
import re
import tomllib
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cache
from itertools import count
from pathlib import Path
from typing import Any, Literal, TypeVar

from pydantic import BaseModel, ValidationError

from cisim.model.faults import SAYS as FAULTS
from cisim.model.faults import sentences
from cisim.model.input_error import InputError, nearest, printable, shown
from cisim.model.told import Sentences

M = TypeVar("M", bound=BaseModel)
Kind = Literal["worlds", "structures", "scenarios", "cases", "stories", "functions"]
ONE: dict[Kind, str] = {
    "worlds": "world", "structures": "structure", "scenarios": "scenario", "cases": "case",
    "stories": "story", "functions": "table of functions",
}  # fmt: skip
"""What one of a kind is called."""
SAYS = Sentences(
    "files",
    worlds="a world",
    structures="a structure",
    scenarios="a scenario",
    cases="a case",
    stories="a story",
    functions="a table of functions",
    lead="{where}: ",
    not_shipped="{lead}{given} is not {one} or the path of a .toml file.{near} (cisim list {kind})",
    nothing="{given} is not a file or a shipped name.{near} (cisim list)",
    folder="{where}: is a folder; allowed is a .toml file.",
    large="{where}: has {size:,} bytes; allowed are at most {most:,} bytes.",
    endless="{where}: has more than {most:,} bytes; allowed are at most {most:,} bytes.",
    gone="{where}: there is no such file.",
    not_utf8="{where}: byte {byte} is not UTF-8 text; save it as UTF-8.",
    unread="{where}: cannot be read ({reason}).",
    empty="{where}: is empty; allowed is a TOML file with at least a title.",
    deep="{where}: is nested more than {most} deep; allowed is less.",
    not_toml="{where}: is not TOML: {fault}{cure}.",
    too_deep="{where}: is not TOML that can be read; it is too deep or large.",
    unreadable="{where}: is not TOML that can be read: {fault}.",
    straight='; allowed are straight quotation marks, as "text"',
    point="; allowed is a number with a point, as 0.5",
    every="; every one of a list begins with {key}",
    twice="; {key} is set twice",
    closed='; allowed is a text that ends with " on its line',
)
TOML = Sentences(
    "toml",
    at="{fault} (at line {line}, column {column})",
    at_end="{fault} (at end of document)",
    value="Invalid value",
    statement="Invalid statement",
    rest="Expected newline or end of document after a statement",
    again="Cannot overwrite a value",
    declared="Cannot declare {key} twice",
    equals="Expected '=' after a key in a key/value pair",
    key="Invalid initial character for a key part",
    array="Unclosed array",
    inline="Unclosed inline table",
    table="Expected ']' at the end of a table declaration",
    tables="Expected ']]' at the end of an array declaration",
    escape="Unescaped '\\' in a string",
    text="Unterminated string",
    date="Invalid date or datetime",
)
"""What Python's reader of TOML says of a file, as far as people meet it."""
LARGEST_FILE = 10_000_000
LEFT_OUT = "left out"
"""In the context of a check: what a thing lacks that is checked without what is wrong in it."""
_DEEPEST = 40
# Texts and comments; one that is not closed goes on to the end, so that reading stays linear.
_QUOTED = re.compile(
    r'"""(?:[^"\\]|\\.|"(?!""))*(?:"""|\\?\Z)'
    r"|'''(?:[^']|'(?!''))*(?:'''|\Z)"
    r'|"(?:[^"\\\n]|\\.)*(?:"|\\?$)'
    r"|'[^'\n]*(?:'|$)"
    r"|#[^\n]*",
    re.DOTALL | re.MULTILINE,
)
_DOTTED = re.compile(rf"(?:\.[^.=,\n]*){{{_DEEPEST}}}")


@cache
def configs() -> Path:
    """Return the folder of shipped configs."""
    package = Path(__file__).resolve().parent.parent
    for folder in (package / "configs", package.parent / "configs"):
        if (folder / "scenarios").is_dir():
            return folder
    raise InputError(f"{package}: the shipped configs are missing; install cisim again.")


@cache
def shipped(kind: Kind) -> dict[str, Path]:
    """Return the shipped files of a kind by name, in alphabetical order."""
    found = {path.stem: path for path in (configs() / kind).glob("*.toml")}
    return dict(sorted(found.items()))


def find(kind: Kind, name_or_path: str | os.PathLike[str], where: str = "") -> Path:
    """Return the file that a name or a path means; a case is a scenario, too.

    Raises InputError, with the nearest name, if there is none.
    """
    given = os.fspath(name_or_path)
    known = shipped(kind)
    if kind == "scenarios":
        known = {**shipped("cases"), **known}
    if given in known:
        return known[given]
    if is_path(given):
        return Path(given)
    raise InputError(
        SAYS(
            "not_shipped",
            lead=SAYS("lead", where=where) if where else "",
            given=shown(given),
            one=SAYS(kind),
            near=nearest(given, known),
            kind=kind,
        )
    )


def is_path(given: str) -> bool:
    """Return whether a user who gives this means a file, not a name."""
    return given.endswith(".toml") or os.sep in given or (os.altsep or os.sep) in given


def name_of(path: Path) -> str:
    """Return the name that a file gives to what is in it: letters that cannot be shown, or that
    are no UTF-8 and could not be written into a result, are escaped."""
    return "".join(one if one.isprintable() else repr(one)[1:-1] for one in path.stem)


def exists(path: Path) -> bool:
    """Return whether there is something at a path, whatever the path is like."""
    try:
        return path.exists()
    except (OSError, ValueError):  # a name too long, or with a null in it
        return False


def read_text(path: Path) -> str:
    """Return a file's text.

    Raises InputError if it cannot be read, is too large, or is not UTF-8.
    """
    where = printable(path)
    try:
        if path.is_dir():
            raise InputError(SAYS("folder", where=where))
        size = path.stat().st_size
        with path.open("rb") as file:
            text = file.read(LARGEST_FILE + 1)  # what is no ordinary file may never end
        if len(text) > LARGEST_FILE:
            if size > LARGEST_FILE:
                raise InputError(SAYS("large", where=where, size=size, most=LARGEST_FILE))
            raise InputError(SAYS("endless", where=where, most=LARGEST_FILE))
        return text.decode("utf-8-sig")
    except InputError:
        raise
    except FileNotFoundError:
        raise InputError(SAYS("gone", where=where)) from None
    except UnicodeDecodeError as error:
        raise InputError(SAYS("not_utf8", where=where, byte=error.start)) from None
    except (OSError, ValueError) as error:
        reason = getattr(error, "strerror", None) or error
        raise InputError(SAYS("unread", where=where, reason=str(reason))) from None


def parse(text: str, where: str) -> dict[str, Any]:
    """Return what a TOML text says.

    Raises InputError, with line and column where known, if it is not TOML or nested too deeply.
    """
    if not text.strip():
        raise InputError(SAYS("empty", where=where))
    # tomllib recurses on brackets, and a key of 4,000 dots takes it a second, of 8,000 five.
    if _depth(text) > _DEEPEST:
        raise InputError(SAYS("deep", where=where, most=_DEEPEST))
    try:
        return tomllib.loads(text)
    except tomllib.TOMLDecodeError as error:
        fault = " ".join(str(error).rstrip(".").split())
        cure = _cured(text, fault)
        raise InputError(SAYS("not_toml", where=where, fault=_said(fault), cure=cure)) from None
    except (RecursionError, OverflowError, MemoryError):
        raise InputError(SAYS("too_deep", where=where)) from None
    except ValueError as error:  # a whole number of thousands of digits
        fault = " ".join(str(error).split()).partition(";")[0]
        raise InputError(SAYS("unreadable", where=where, fault=fault)) from None


_AT = re.compile(r"(.+) \(at (?:line (\d+), column (\d+)|end of document)\)")


def _said(fault: str) -> str:
    """Return what Python's reader says, as a text that other languages have where they do."""
    found = _AT.fullmatch(fault)
    if found is None:
        return fault
    twice = re.fullmatch(r"Cannot declare (.+) twice", found[1])
    known = (TOML(name) for name in TOML.names if name not in ("at", "at_end", "declared"))
    what = next((one for one in known if one == found[1]), found[1])
    if twice is not None:
        what = TOML("declared", key=twice[1])
    if found[2] is None:
        return TOML("at_end", fault=what)
    return TOML("at", fault=what, line=int(found[2]), column=int(found[3]))


def _cured(text: str, fault: str) -> str:
    """Return what is allowed where a line has one of the slips that people make, "" elsewhere."""
    found, lines = re.search(r"at line (\d+)", fault), text.splitlines()
    if found is None or not 0 < int(found[1]) <= len(lines):
        return ""
    line = lines[int(found[1]) - 1]
    if re.search(r"=\s*[\[{]*\s*[\u201c\u201d\u201e\u2018\u2019]", line):
        return SAYS("straight")
    if re.search(r"=\s*-?\d+,\d", line):
        return SAYS("point")
    if "Cannot" in fault and line.lstrip().startswith("[["):
        return SAYS("every", key=printable(line.strip()[:80]))
    if "Cannot" in fault and "=" in line:
        return SAYS("twice", key=printable(line.partition("=")[0].strip()[:80]))
    if line.count('"') % 2:
        return SAYS("closed")
    return ""


def _depth(text: str) -> int:
    """Return how deep brackets are nested, or more than the deepest for a key of many dots."""
    bare = _QUOTED.sub("_", text)
    if _DOTTED.search(bare):
        return _DEEPEST + 1
    depth = deepest = 0
    for found in re.finditer(r"[\[\]{}]", bare):
        depth = depth + 1 if found[0] in "[{" else max(0, depth - 1)
        deepest = max(deepest, depth)
        if deepest > _DEEPEST:
            break
    return deepest


def checked(model: type[M], given: Any, where: str, *, under: str = "", hint: str = "") -> M:
    """Return `given` as a `model`.

    Raises InputError with a sentence for each fault: file, field, value, what is allowed, nearest
    name.
    """
    if not isinstance(given, dict):
        raise InputError(
            FAULTS(
                "wrong",
                where=where,
                field=under or FAULTS("whole"),
                value=shown(given),
                allowed=FAULTS("table"),
                near="",
                hint="",
            )
        )
    try:
        return model.model_validate(given)
    except ValidationError as error:
        said = sentences(error, where, model, under=under, hint=hint)
        rest = _right_part(model, given, error)
    try:
        if rest is not None:  # what a class checks as a whole it checks of right fields
            model.model_validate(rest[0], context={LEFT_OUT: rest[1]})
    except ValidationError as error:
        said += sentences(error, where, model, under=under, hint=hint)
    raise InputError(*dict.fromkeys(said))


@dataclass(frozen=True)
class LeftOut:
    """What is wrong in a file, and left out where the rest of it is checked as a whole.

    members : of each list those that are wrong, by their place in it; of other fields nothing
    """

    members: Mapping[str, Mapping[int, Any]]

    def rows(self, name: str) -> Iterator[int]:
        """Yield the place in the file of each member of a list that is left."""
        wrong = self.members.get(name, {})
        return (at for at in count() if at not in wrong)

    def names(self, name: str) -> list[str]:
        """Return the names of a list's members that are wrong, as far as they have one."""
        wrong = self.members.get(name, {}).values()
        named = (one.get("name") for one in wrong if isinstance(one, Mapping))
        return [one for one in named if isinstance(one, str)]


NOTHING_LEFT_OUT = LeftOut({})


def _right_part(
    model: type[BaseModel], given: dict[str, Any], error: ValidationError
) -> tuple[dict[str, Any], LeftOut] | None:
    """Return what was given without what is wrong in it, None if then nothing is left to check.

    Of a list the wrong members are left out.
    """
    wrong: dict[str, set[int] | None] = {}
    for details in error.errors(include_url=False, include_input=False):
        if not details["loc"]:
            return None
        name, *member = details["loc"]
        if name not in given:
            return None
        at = member[0] if member and isinstance(given[str(name)], list) else None
        some = wrong.setdefault(str(name), set())
        wrong[str(name)] = some | {at} if some is not None and isinstance(at, int) else None
    rest = {name: value for name, value in given.items() if wrong.get(name, ()) is not None}
    for name, members in wrong.items():
        required = name in model.model_fields and model.model_fields[name].is_required()
        if members is not None:
            rest[name] = [one for at, one in enumerate(given[name]) if at not in members]
            if required and not rest[name]:
                return None
        elif required:
            return None
    return rest, LeftOut(
        {name: {at: given[name][at] for at in some or ()} for name, some in wrong.items()}
    )
