"""A small file system of a test's own, as disks are that fill up or can only be read."""

from __future__ import annotations

import os
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest


@contextmanager
def mounted(place: Path, *options: str) -> Iterator[Path]:
    """Yield a small file system of its own."""
    place.mkdir()
    mount = ["mount", "-t", "tmpfs", "-o", ",".join(options), "tmpfs", str(place)]
    try:
        made = subprocess.run(mount, capture_output=True).returncode == 0
    except OSError:
        made = False
    if not made:
        pytest.skip("a file system cannot be mounted here")
    try:
        yield place
    finally:
        subprocess.run(["umount", str(place)], check=True)


def changed(place: Path, option: str) -> None:
    """Mount it once more with another option: "ro", "rw", "size=4m"."""
    subprocess.run(["mount", "-o", f"remount,{option}", str(place)], check=True)


def room(place: Path) -> int:
    """Return how many bytes are free."""
    said = os.statvfs(place)
    return said.f_bavail * said.f_frsize
