"""What the model is, as one number: a hash of its code, without comments and docstrings."""

from __future__ import annotations

import ast
import hashlib
import os
from collections.abc import Iterator
from contextlib import suppress
from functools import cache
from pathlib import Path

from platformdirs import user_cache_path

ROOMS = ("model", "world")
"""The folders of cisim that decide a run's numbers; compiled code is only found there."""


def cache_base() -> Path:
    """Return where cisim keeps what can be made again: CISIM_CACHE, or the user's cache folder."""
    named = os.environ.get("CISIM_CACHE")
    return Path(named) if named else user_cache_path("cisim")


@cache
def source_hash() -> str:
    """Return a hash of the code under model/ and world/, 16 hexadecimal digits.

    Comments, docstrings, line numbers, formatting and Python's version do not change it. As
    reading all code takes half a second, what came out is kept under a hash of the plain bytes.
    """
    files = list(_files())
    plain = hashlib.sha256()
    for name, text in files:
        plain.update(f"{name}\0{len(text)}\0".encode() + text)
    note = cache_base() / f"sources-{plain.hexdigest()[:16]}"
    with suppress(OSError, ValueError):
        known = note.read_text("ascii")
        if len(known) == 16 and int(known, 16) >= 0:
            return known
    found = code_hash(files)
    with suppress(OSError):
        note.parent.mkdir(parents=True, exist_ok=True)
        write_whole(note, found.encode())
    return found


def write_whole(path: Path, content: bytes) -> None:
    """Write a file of the cache so that nobody ever reads half of it."""
    partial = path.with_name(f"{path.name}.{os.getpid()}.part")
    try:
        partial.write_bytes(content)
        partial.replace(path)
    except OSError:
        with suppress(OSError):
            partial.unlink()
        raise


def _files() -> Iterator[tuple[str, bytes]]:
    package = Path(__file__).resolve().parent.parent
    for room in ROOMS:
        for path in sorted((package / room).rglob("*.py")):
            yield path.relative_to(package).as_posix(), path.read_bytes()


def code_hash(files: list[tuple[str, bytes]]) -> str:
    """Return a hash of sources, given as name and text, that only their code decides."""
    digest = hashlib.sha256()
    for name, text in files:
        digest.update(f"{name}\0{_said(ast.parse(text))}\0".encode("utf-8", "surrogatepass"))
    return digest.hexdigest()[:16]


def _said(node: object) -> str:
    """Return what a syntax tree says, the same under every version of Python."""
    if isinstance(node, list):
        return f"[{','.join(map(_said, node))}]"
    if not isinstance(node, ast.AST):
        return repr(node)
    parts = []
    for field in node._fields:
        value = getattr(node, field, None)
        if field == "body" and isinstance(node, _WITH_DOCSTRING) and ast.get_docstring(node, False):
            value = value[1:]  # type: ignore[index]
        if value is not None and value != [] and field not in ("kind", "type_comment"):
            parts.append(f"{field}={_said(value)}")
    return f"{type(node).__name__}({','.join(parts)})"


_WITH_DOCSTRING = (ast.Module, ast.ClassDef, ast.FunctionDef, ast.AsyncFunctionDef)
