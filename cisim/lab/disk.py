"""Files that are whole or not there, one writer at a time in a folder.

A file is written beside its place, made safe on the disk and then moved there. The files of a
result move together: those of the earlier one are put aside first, and come back if anything goes
wrong before the last new one has its place. Whoever writes into a folder holds its lock, so what a
writer that was killed has left is seen as such by the next one: it is undone and thrown away.
"""

from __future__ import annotations

import errno
import hashlib
import io
import json
import os
import shutil
import tempfile
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from functools import cache
from pathlib import Path
from typing import IO, Any

from cisim.model.input_error import InputError, printable
from cisim.model.told import Sentences

SAYS = Sentences(
    "disk",
    broken_link=(
        "{option} is {path}, and {part} is a link to {target}, which is not there; allowed is a "
        "place that is."
    ),
    unwritten=(
        "out is {folder}, which cannot be written ({why}); allowed is a folder of yours with "
        "room in it."
    ),
    changed="{name} was changed at the same time by another run",
    another="another run has been writing there for {minutes:.0f} minutes",
)

LOCK = ".cisim.lock"
PATIENCE = 600.0
"""Seconds that a writer waits for another one."""
TRIES = 100
"""How often a folder is tried that others make and undo at the same time."""
_PREFIX, _SUFFIX = ".cisim-", ".part"
_NEW, _EARLIER, _NAMES = "new", "earlier", "names.json"


def is_ours(name: str) -> bool:
    """Return whether a file of this name is there only while somebody writes."""
    return name == LOCK or (name.startswith(_PREFIX) and name.endswith((_SUFFIX, ".lock")))


# --- one file --------------------------------------------------------------------------------


def check_links(path: Path, what: str) -> None:
    """Raise InputError, naming `what`, if a link on the way to a file or folder leads nowhere."""
    for part in [*reversed(path.parents), path]:
        if part.is_symlink() and not part.exists():
            raise InputError(
                SAYS(
                    "broken_link",
                    option=what,
                    path=printable(path),
                    part=printable(part),
                    target=printable(part.readlink()),
                )
            )


@contextmanager
def replacing(path: Path) -> Iterator[IO[bytes]]:
    """Open a file that takes the place of `path` once it is whole and safe on the disk.

    Raises TimeoutError if somebody else writes into its folder and does not end.
    """
    with _beside(path.parent) as (file, partial):
        yield file
        _settle(file)
        partial.replace(path)


class Named:
    """A file that gets its name from the hash of its bytes.

    path : where it is, once it is whole
    """

    def __init__(self, file: IO[bytes]) -> None:
        self.file = _Hashed(file)
        self.path: Path | None = None


@contextmanager
def naming(folder: Path, name: Callable[[str], str]) -> Iterator[Named]:
    """Open a file that appears in a folder once it is whole and safe on the disk.

    name : returns its name, given the SHA-256 of its bytes

    Raises TimeoutError if somebody else writes into the folder and does not end.
    """
    with _beside(folder) as (file, partial):
        named = Named(file)
        yield named
        _settle(file)
        path = folder / name(named.file.hash.hexdigest())
        partial.replace(path)
        named.path = path


@contextmanager
def _beside(folder: Path) -> Iterator[tuple[IO[bytes], Path]]:
    """Yield a new file in a folder, and where it is; it goes if it has not been moved."""
    with locked(folder) as alone:
        if alone:
            sweep(folder)
        handle, name = tempfile.mkstemp(prefix=_PREFIX, suffix=_SUFFIX, dir=folder)
        partial = Path(name)
        try:
            with os.fdopen(handle, "wb") as file:
                yield file, partial
        except BaseException:
            partial.unlink(missing_ok=True)
            raise
        _sync(folder)


def make_folder(folder: Path) -> None:
    """Make a folder, and those on the way to it, so that they outlast a power cut, too."""
    for one in [*reversed(folder.parents), folder]:
        if not one.is_dir():
            one.mkdir(exist_ok=True)
            _sync(one.parent)


def try_folder(folder: Path) -> None:
    """Try whether a file can be written into a folder, there or not, and undo what that takes.

    Raises OSError or ValueError if it cannot.
    """
    for left in reversed(range(TRIES)):
        try:
            _try_once(folder)
        except (FileNotFoundError, FileExistsError):  # another run tries the same, and undoes it
            if not left:
                raise
        else:
            return


def _try_once(folder: Path) -> None:
    made: list[Path] = []
    try:
        for part in [*reversed(folder.parents), folder]:
            if not part.exists():
                part.mkdir()
                made.append(part)
        with tempfile.TemporaryFile(dir=folder):
            pass
    finally:
        for part in reversed(made):
            with suppress(OSError):  # somebody else has put something there
                part.rmdir()


def write_text(path: Path, text: str) -> None:
    """Write a text in UTF-8, whole or not at all."""
    with replacing(path) as file:
        file.write(encoded(text))


def encoded(text: str) -> bytes:
    """Return a text in UTF-8; what a name of a file has that is no UTF-8 is escaped."""
    return text.encode("utf-8", "backslashreplace")


def unwritable(folder: Path, error: OSError) -> InputError:
    """Return the sentence for a user whose results cannot be written into a folder."""
    return InputError(SAYS("unwritten", folder=printable(folder), why=error.strerror or error))


def digest_of(path: Path) -> str:
    """Return the SHA-256 of a file, in hexadecimal digits."""
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


# --- files that belong together --------------------------------------------------------------


class Aside:
    """Where the files of a result wait until all of them are whole.

    digests : SHA-256 of the bytes that were written, by name, in the order of writing
    gone    : names of an earlier result's files that go, whether or not a new one takes the place
    """

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.digests: dict[str, str] = {}
        self.gone: set[str] = set()

    @contextmanager
    def file(self, name: str) -> Iterator[IO[bytes]]:
        """Open a new file of the result."""
        with (self.folder / name).open("xb") as file:
            hashed = _Hashed(file)
            yield hashed  # type: ignore[misc]
            _settle(file)
        self.digests[name] = hashed.hash.hexdigest()

    def write(self, name: str, text: str) -> None:
        """Write a new file of the result that is a text, in UTF-8."""
        with self.file(name) as file:
            file.write(encoded(text))


class _Hashed(io.RawIOBase):
    """A file that is only written to, and the hash of what was."""

    def __init__(self, file: IO[bytes]) -> None:
        self._file = file
        self.hash = hashlib.sha256()
        self.size = 0

    def writable(self) -> bool:
        return True

    def write(self, data: Any) -> int:
        size = self._file.write(data)
        self.hash.update(data)
        self.size += size
        return size

    def tell(self) -> int:
        return self._file.tell()


@contextmanager
def replacing_all(folder: Path, last: str) -> Iterator[Aside]:
    """Yield a place for new files; together they take theirs in `folder`, or none does.

    last : the file that is written, and moved, last: without it a result is not finished

    Raises TimeoutError if somebody else writes into the folder and does not end, and OSError if
    what is there in the end is not what was written.
    """
    with locked(folder) as alone:
        if alone:
            sweep(folder)
        place = Path(tempfile.mkdtemp(prefix=_PREFIX, suffix=_SUFFIX, dir=folder))
        try:
            (place / _NEW).mkdir()
            aside = Aside(place / _NEW)
            yield aside
            _exchange(folder, place, aside, last)
        except BaseException:
            _put_back(folder, place)  # if even that fails, the next writer does it
            shutil.rmtree(place, ignore_errors=True)
            raise
        shutil.rmtree(place, ignore_errors=True)
        _check(folder, aside.digests)


def _exchange(folder: Path, place: Path, aside: Aside, last: str) -> None:
    """Put the earlier files aside, then the new ones in their places, `last` last."""
    names = [*(name for name in aside.digests if name != last), last]
    with (place / _NAMES).open("xb") as file:
        file.write(json.dumps(names).encode())
        _settle(file)
    _sync(aside.folder)
    earlier = place / _EARLIER
    earlier.mkdir()
    _sync(place)
    for name in [last, *sorted({*names, *aside.gone} - {last})]:
        if _is_folder(folder / name):
            raise IsADirectoryError(errno.EISDIR, f"{name} is a folder", str(folder / name))
        with suppress(FileNotFoundError):
            (folder / name).replace(earlier / name)
    for name in names:
        (aside.folder / name).replace(folder / name)
    _sync(folder)


def _put_back(folder: Path, place: Path) -> None:
    """Undo an exchange that did not come to its end; one that did is left as it is.

    Stopped at any point it can be done again.
    """
    new, earlier = place / _NEW, place / _EARLIER
    if not (_is_folder(earlier) and _is_folder(new)):
        return
    names = [name for name in json.loads((place / _NAMES).read_text()) if _is_plain(name)]
    if not names or not _exists(new / names[-1]):
        return
    for name in names:
        if not _exists(new / name):
            with suppress(FileNotFoundError):
                (folder / name).replace(new / name)
    for path in sorted(earlier.iterdir(), key=lambda path: path.name == names[-1]):
        path.replace(folder / path.name)
    _sync(folder)


def _check(folder: Path, digests: dict[str, str]) -> None:
    """Raise OSError if a file is not what was written: a lock is only as good as its disk."""
    for name, digest in digests.items():
        with suppress(FileNotFoundError):
            if digest_of(folder / name) == digest:
                continue
        raise OSError(errno.EBUSY, SAYS("changed", name=name))


def _is_folder(path: Path) -> bool:
    return path.is_dir() and not path.is_symlink()


def _exists(path: Path) -> bool:
    return os.path.lexists(path)


def _is_plain(name: object) -> bool:
    return isinstance(name, str) and name not in ("", ".", "..") and Path(name).name == name


# --- one writer at a time --------------------------------------------------------------------


@contextmanager
def locked(folder: Path) -> Iterator[bool]:
    """Hold the lock of a folder, waiting for whoever holds it; yield whether it can be had.

    Some file systems know no locks, and in a folder of many users it may be another one's file.
    The lock ends with the process, however that ends.

    Raises TimeoutError if another writer does not end within PATIENCE.
    """
    from filelock import FileLock, Timeout

    path = folder / LOCK
    lock = FileLock(path, timeout=PATIENCE)
    try:
        lock.acquire()
    except Timeout:
        said = SAYS("another", minutes=PATIENCE / 60)
        raise TimeoutError(errno.ETIMEDOUT, said) from None
    except OSError:
        yield False
        return
    try:
        yield True
    finally:
        # Thrown away while it is held: who waits for it sees that and makes a new one.
        with suppress(OSError):
            path.unlink()
        lock.release()


def sweep(folder: Path) -> None:
    """Undo and throw away what writers that are no more have left; the folder's lock is held."""
    for path in sorted(folder.glob(f"{_PREFIX}*{_SUFFIX}")):
        with suppress(OSError, ValueError):  # another user's, or nothing that was left by one of us
            if _is_folder(path):
                _put_back(folder, path)
                shutil.rmtree(path)
            else:
                path.unlink()


def _settle(file: IO[bytes]) -> None:
    """Make a file last, with the rights that the user's other files have."""
    file.flush()
    os.fsync(file.fileno())
    with suppress(AttributeError):  # Windows has no such rights
        os.fchmod(file.fileno(), 0o666 & ~_umask())


@cache
def _umask() -> int:
    """Return the user's mask; it can only be read by setting it."""
    mask = os.umask(0o022)
    os.umask(mask)
    return mask


def _sync(folder: Path) -> None:
    """Make a rename last; not every system lets a folder be opened for that."""
    try:
        handle = os.open(folder, os.O_RDONLY)
    except OSError:
        return
    try:
        with suppress(OSError):
            os.fsync(handle)
    finally:
        os.close(handle)
