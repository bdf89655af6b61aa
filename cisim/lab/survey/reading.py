"""Folders, files and sheets as tables; sizes are looked at first, and said where they are large."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Sequence
from pathlib import Path

from cisim.lab.survey.encodings import decode
from cisim.lab.survey.graphs import ENDINGS as NETWORKS
from cisim.lab.survey.graphs import network
from cisim.lab.survey.says import SAYS, of
from cisim.lab.survey.tables import Table, separated
from cisim.lab.survey.ucinet import dl, is_dl
from cisim.model.input_error import InputError, Problems, nearest, printable, shown

TEXTS = (".csv", ".tsv", ".tab", ".txt", ".dl")
WORKBOOKS = (".xlsx", ".xlsm", ".xls", ".ods")
LARGEST_FILE = 30_000_000
"""Bytes: some 400,000 ties as CSV. What is larger is refused before it is read."""
_WORTH_A_WORD = 3_000_000
MAPPING = "mapping.toml"


def files_in(given: Sequence[str]) -> tuple[list[Path], Path | None]:
    """Return the files to be read, of folders those that can be, and a mapping among them.

    Raises InputError if something is not there, or there is nothing to read.
    """
    problems = Problems()
    found: list[Path] = []
    mappings: list[Path] = []
    for text in given:
        path = Path(text)
        with problems.gathered():
            if _is_folder(path):
                here = readable(path)
                mappings += [one for one in [path / MAPPING] if one.exists()]
                if not here:
                    raise InputError(of(printable(text), SAYS("no_files", known=", ".join(KNOWN))))
                found += here
            elif path.name == MAPPING or path.suffix.lower() == ".toml":
                mappings.append(path)
            elif path.suffix.lower() in KNOWN:
                found.append(path)
            elif not path.suffix and not path.exists():
                raise InputError(of(printable(text), SAYS("gone")))
            else:
                near = nearest(path.suffix.lower(), KNOWN) if path.suffix else ""
                raise InputError(
                    of(
                        printable(text),
                        SAYS(
                            "ending",
                            suffix=shown(path.suffix),
                            known=", ".join(KNOWN),
                            near=near if "Did" in near else "",
                        ),
                    )
                )
    if len(mappings) > 1:
        named = ", ".join(printable(one) for one in mappings)
        problems.sentences.append(SAYS("mappings", files=named))
    problems.refuse()
    if len({path.name for path in found}) < len(found):
        twice = next(one for one in found if [p.name for p in found].count(one.name) > 1)
        raise InputError(of(printable(twice.name), SAYS("given_twice")))
    if not found:
        raise InputError(SAYS("nothing"))
    return found, mappings[0] if mappings else None


KNOWN = (*TEXTS, *WORKBOOKS, *NETWORKS)
"""The endings of files that can be read."""


def readable(folder: Path) -> list[Path]:
    """Return the files of a folder that can be read: none that is hidden or tells what is there."""
    return [
        one for one in sorted(folder.iterdir())
        if one.suffix.lower() in KNOWN and one.is_file() and not one.name.startswith(".")
        and one.stem.casefold() not in ("readme", "read me", "lue minut", "läs mig")
    ]  # fmt: skip


def _is_folder(path: Path) -> bool:
    try:
        return path.is_dir()
    except (OSError, ValueError):
        return False


def read(
    paths: Iterable[Path],
    encoding: str | None = None,
    say: Callable[[str], None] | None = None,
    headless: Iterable[str] = (),
) -> list[Table]:
    """Return the tables of files.

    encoding : of texts, where a mapping names it
    say      : told of large files before they are read
    headless : files whose first row has no headings, by name

    Raises InputError with all that cannot be read.
    """
    problems = Problems()
    tables: list[Table] = []
    for path in paths:
        with problems.gathered():
            data = _bytes(path, say)
            tables += tables_of(data, path, encoding, set(headless))
    problems.refuse()
    return tables


def tables_of(
    data: bytes, path: Path, encoding: str | None = None, headless: Collection[str] = ()
) -> list[Table]:
    """Return the tables in the bytes of a file; of its path only the name counts.

    Raises InputError if they cannot be read.
    """
    ending, name = path.suffix.lower(), path.name
    if ending in WORKBOOKS:
        from cisim.lab.survey.workbooks import sheets

        return sheets(data, name)
    if ending in NETWORKS:
        return network(data, name, ending, encoding)
    if data[:4] in (b"PK\x03\x04", b"\xd0\xcf\x11\xe0"):
        raise InputError(of(printable(path), SAYS("hidden_workbook")))
    text, said = decode(data, printable(name), encoding)
    if is_dl(text):
        return [dl(text, name, [said] if said else [])]
    return [separated(text, name, [said] if said else [], False if name in headless else None)]


def _bytes(path: Path, say: Callable[[str], None] | None) -> bytes:
    """Return what is in a file; raises InputError if it cannot be read or is too large."""
    where = printable(path)
    try:
        if path.is_dir():
            raise InputError(of(where, SAYS("a_folder")))
        if path.exists() and not path.is_file():
            raise InputError(of(where, SAYS("no_file")))
        size = path.stat().st_size
        with path.open("rb") as file:
            if size > LARGEST_FILE:
                raise InputError(of(where, SAYS("large", size=size, most=LARGEST_FILE)))
            if say is not None and size > _WORTH_A_WORD:
                say(SAYS("reading", file=where, size=size / 1000000.0))
            data = file.read(LARGEST_FILE + 1)
    except FileNotFoundError:
        raise InputError(of(where, SAYS("gone"))) from None
    except (OSError, ValueError) as error:
        if isinstance(error, InputError):
            raise
        reason = getattr(error, "strerror", None) or error
        raise InputError(of(where, SAYS("unread", reason=reason))) from None
    if len(data) > LARGEST_FILE:
        raise InputError(of(where, SAYS("endless", most=LARGEST_FILE)))
    if not data.strip():
        raise InputError(of(where, SAYS("no_table")))
    return data
