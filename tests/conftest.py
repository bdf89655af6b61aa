"""What every test shares: how examples are searched for, and kernels that are compiled once."""

from __future__ import annotations

import os
import sys
from collections.abc import Iterator

import pytest
from hypothesis import settings

# The first call of a kernel compiles it, so a deadline says nothing. In CI the same examples
# are tried each time: a commit is green or red by its own doing.
settings.register_profile("here", deadline=None)
settings.register_profile("ci", deadline=None, derandomize=True, print_blob=True)
settings.load_profile("ci" if os.environ.get("CI") else "here")


@pytest.hookimpl(tryfirst=True)
def pytest_sessionstart(session: pytest.Session) -> None:
    """Compile the kernels before pytest-xdist starts its workers, which then find them cached."""
    is_worker = hasattr(session.config, "workerinput")
    if is_worker or session.config.option.collectonly:
        return
    try:
        from cisim.lab.warm import warm
    except ImportError:
        return  # the tests that import it say what is wrong
    warm()


@pytest.hookimpl(tryfirst=True)  # before they are chosen by their marks
def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Mark what drives a browser as such, and as slow: it runs by itself, beside no other test.

    Playwright keeps an event loop running in its worker, in which no later test can start its own.
    """
    for item in items:
        asks = "playwright" in getattr(item, "fixturenames", ())
        if asks or item.get_closest_marker("browser"):
            item.add_marker("browser")
            item.add_marker("slow")


@pytest.fixture(autouse=True)
def speak_english_again() -> Iterator[None]:
    """A command that speaks another language in this process leaves it to the next test."""
    yield
    spoken = sys.modules.get("cisim.show.language.spoken")
    if spoken is not None:
        spoken.speak(spoken.ENGLISH)
