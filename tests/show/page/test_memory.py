"""A tab that is closed is forgotten, with all that hung on it."""

from __future__ import annotations

from typing import Any

import psutil
import pytest

from cisim.version import __version__

pytestmark = [pytest.mark.slow, pytest.mark.browser]

LOADS = 20
MOST_MB = 75
"""Above the first page: half of what a hundred loads may leave, since most of it is there early."""
TOWN = f"view=explore&world=one-town&version={__version__}"


def serving(port: int) -> psutil.Process:
    """Return the process that listens on a port."""
    for one in psutil.net_connections("tcp"):
        if one.status == psutil.CONN_LISTEN and one.laddr.port == port and one.pid:
            return psutil.Process(one.pid)
    raise AssertionError("nobody listens")


def megabytes(server: psutil.Process) -> float:
    """Return what a server and its processes hold."""
    everybody = [server, *server.children(recursive=True)]
    return float(sum(one.memory_info().rss for one in everybody)) / 1e6


def test_closed_tabs_leave_no_memory_behind(visitors: Any, address: str) -> None:
    server = serving(int(address.rpartition(":")[2]))

    def look() -> None:
        visitor = visitors()
        page = visitor.go(TOWN)
        visitor.ready(200)
        page.wait_for_selector(".network-card canvas[data-month]")
        page.goto("about:blank")
        visitor.context.close()

    for _ in range(3):  # what is loaded once, by the first ones
        look()
    first = megabytes(server)
    for _ in range(LOADS):
        look()
    for _ in range(60):  # a closed tab is forgotten after a minute
        if megabytes(server) - first <= MOST_MB:
            break
        psutil.Process().cpu_percent(interval=2)
    assert megabytes(server) - first <= MOST_MB
