"""A world or structure as a TOML file: a row a line, so that people can read and change it."""

from __future__ import annotations

import json
import os
from collections.abc import Iterable, Mapping
from functools import cache
from pathlib import Path
from typing import Any

from cisim.lab.disk import check_links, write_text
from cisim.lab.survey.says import SAYS
from cisim.model.input_error import InputError, printable

MARK = "# Written by cisim import"


def as_toml(given: Mapping[str, Any], head: Iterable[str] = ()) -> str:
    """Return tables as TOML; lists of tables have a line for each."""
    lines = [f"{MARK}.", *(f"# {line}" for line in head)]
    for key, value in given.items():
        if value is None or value == []:
            continue
        if isinstance(value, list) and isinstance(value[0], dict):
            lines += [f"\n{key} = [", *(f"    {_value(one)}," for one in value), "]"]
        elif isinstance(value, str) and "\n" in value:
            body = value.replace("\\", "\\\\").replace('"""', '\\"\\"\\"')
            lines.append(f'{key} = """\n{body}"""')
        else:
            lines.append(f"{key} = {_value(value)}")
    return "\n".join(lines) + "\n"


def _value(value: Any) -> str:
    if isinstance(value, str):
        return _quoted(value).replace("\x7f", "\\u007f")
    if isinstance(value, dict):
        return "{ " + ", ".join(f"{_key(k)} = {_value(v)}" for k, v in value.items()) + " }"
    if isinstance(value, list):
        return f"[{', '.join(map(_value, value))}]"
    if isinstance(value, bool):
        return "true" if value else "false"
    return repr(value)


_quoted = json.JSONEncoder(ensure_ascii=False).encode
"""`json.dumps` would make an encoder for each of the many strings of a file."""


@cache
def _key(key: str) -> str:
    bare = key.isascii() and key.replace("_", "").replace("-", "").isalnum()
    return key if bare else _value(key)


def check_place(given: str, option: str) -> Path:
    """Return the path of a TOML file that may be written: it is new, or was written so before.

    Raises InputError otherwise.
    """
    path = Path(given)
    try:
        if path.suffix != ".toml":
            raise InputError(SAYS("not_toml", option=option, given=printable(given)))
        check_links(path, option)
        if path.is_dir():
            raise InputError(SAYS("is_folder", option=option, given=printable(given)))
        if path.exists():
            with path.open("rb") as file:
                if not file.read(len(MARK)) == MARK.encode():
                    raise InputError(SAYS("not_ours", option=option, given=printable(given)))
        above = next(part for part in path.absolute().parents if part.exists())
        if not above.is_dir() or not os.access(above, os.W_OK):
            raise InputError(SAYS("no_place", option=option, given=printable(given)))
    except (OSError, ValueError) as error:
        if isinstance(error, InputError):
            raise
        reason = getattr(error, "strerror", None) or error
        raise InputError(
            SAYS("unusable", option=option, given=printable(given), reason=reason)
        ) from None
    return path


def write(path: Path, text: str, option: str) -> None:
    """Write a text, whole or not at all; raises InputError if that cannot be."""
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        write_text(path, text)
    except OSError as error:
        raise InputError(
            SAYS("unwritten", option=option, path=printable(path), reason=error.strerror or error)
        ) from None
