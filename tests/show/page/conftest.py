"""A served page, and a browser that fails the test for what must never happen.

The browser is Debian's Chromium, headless. Any request to another address, any answer of 400 or
more, and any script error fails the test in which it happened.
"""

from __future__ import annotations

import os
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest

KEY = "a-key-for-tests"
SERVE = """
import sys
from cisim.show.page import serve
from cisim.show.page.server import serve as served
forgets, studies = sys.argv[3], (sys.argv[4:] or [None])[0]
served._SETTINGS["SOLARA_KERNEL_CULL_TIMEOUT"] = forgets
serve(int(sys.argv[1]), open_browser=False, key=sys.argv[2], studies=studies)
"""


@pytest.fixture
def no_run(monkeypatch: pytest.MonkeyPatch) -> None:
    """Let every run of the page's engine fail."""

    def fails(*_: object, **__: object) -> None:
        raise FloatingPointError("too much")

    monkeypatch.setattr("cisim.show.page.futures.engine.run_ensembles", fails)


@pytest.fixture(scope="session")
def key() -> str:
    """Return the key that the served page asks for."""
    return KEY


@pytest.fixture(scope="session")
def address(chromium: str, tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """Serve the page in a process of its own; return its address."""
    with serving(tmp_path_factory.mktemp("data")) as found:
        yield found


@contextmanager
def serving(data: Path, *more: str, forgets: int = 60) -> Iterator[str]:
    """Serve the page in a process of its own; yield its address.

    data    : where it keeps places of one's own
    more    : the folder of results that it shows
    forgets : seconds after which it forgets a tab that is gone
    """
    for package in ("solara", "playwright", "axe_playwright_python"):
        pytest.importorskip(package, reason="needs pip install 'cisim[page,test]'")
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    process = subprocess.Popen(
        [sys.executable, "-c", SERVE, str(port), KEY, f"{forgets}s", *more],
        stdin=subprocess.DEVNULL,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.PIPE,
        text=True,
        env={**os.environ, "XDG_DATA_HOME": str(data)},
    )
    for _ in range(600):
        with socket.socket() as one:
            if one.connect_ex(("127.0.0.1", port)) == 0:
                break
        if process.poll() is not None:
            pytest.fail(f"the server ended: {process.stderr.read() if process.stderr else ''}")
        time.sleep(0.1)
    try:
        yield f"http://127.0.0.1:{port}"
    finally:
        process.terminate()
        try:
            process.wait(10)
        except subprocess.TimeoutExpired:
            process.kill()


def cookie(address: str, key: str = KEY) -> Any:
    """Return the cookie of a browser that was let in."""
    name = f"cisim-{address.rpartition(':')[2]}"
    return {"name": name, "value": key, "url": address, "httpOnly": True, "sameSite": "Strict"}


class Visitor:
    """One visitor with a window of their own, and what has gone wrong in it."""

    def __init__(self, browser: Any, address: str, **window: Any) -> None:
        self.address = address
        self.context = browser.new_context(
            **{"viewport": {"width": 1440, "height": 900}, "accept_downloads": True, **window}
        )
        self.context.add_cookies([cookie(address)])
        self.page = self.context.new_page()
        self.page.set_default_timeout(120_000)
        self.faults: list[str] = []
        self.page.on("pageerror", lambda error: self.faults.append(f"script: {error}"))
        self.page.on("console", self._heard)
        self.page.on("request", self._asked)
        self.page.on("response", self._answered)
        self.page.goto(address)

    def _heard(self, message: Any) -> None:
        if message.type == "error":
            self.faults.append(f"console: {message.text}")

    def _asked(self, request: Any) -> None:
        if not request.url.startswith((self.address, "data:", "blob:")):
            self.faults.append(f"outside: {request.url}")

    def _answered(self, response: Any) -> None:
        if response.status >= 400:
            self.faults.append(f"{response.status}: {response.url}")

    def go(self, query: str) -> Any:
        """Open an address and wait for its page."""
        self.page.goto(f"{self.address}/?{query}")
        self.page.wait_for_selector("main h1")
        return self.page

    def ready(self, futures: int = 1) -> None:
        """Wait until there are so many futures and a chart."""
        self.page.wait_for_function(
            "n => { const found = [...document.querySelectorAll('[role=status]')]"
            ".map(e => e.textContent.match(/^\\s*(\\d+)( of \\d+)? futures/)).find(m => m);"
            "const charts = [...document.querySelectorAll('.chart')];"
            "return found && Number(found[1]) >= n && charts.length && charts.every(one => "
            "!one.classList.contains('stale') && one.querySelector('svg') && "
            "one.textContent.includes('· ' + found[1] + ' future')) }",
            arg=futures,
        )


@pytest.fixture
def visitors(browser: Any, address: str) -> Iterator[Any]:
    """Return a function that lets a visitor in; afterwards nothing must have gone wrong."""
    there: list[Visitor] = []

    def enter(**window: Any) -> Visitor:
        there.append(Visitor(browser, address, **window))
        return there[-1]

    yield enter
    faults = [fault for one in there for fault in one.faults]
    for one in there:
        one.context.close()
    assert not faults


@pytest.fixture
def visitor(visitors: Any) -> Visitor:
    """Return one visitor."""
    found: Visitor = visitors()
    return found
