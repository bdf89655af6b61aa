"""A tab that is closed is forgotten, with all that hung on it."""

from __future__ import annotations

from typing import Any

import psutil
import pytest

from cisim.version import __version__

pytestmark = [pytest.mark.slow, pytest.mark.browser]

LOADS = 24
MOST_MB = 150
"""Above the first page; most of what a hundred loads leave is there early: it is what is kept for
the next who asks, and that is bounded."""
LOADED = (
    "view=explore&world=one-town", "view=explore", "view=compare&world=one-town", "view=compare",
    "view=story&tell=three-structures", "view=start", "view=explore&scenario=missing-sponsor",
    "view=own",
)  # fmt: skip


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

    def look(query: str) -> None:
        visitor = visitors()
        page = visitor.go(f"{query}&version={__version__}")
        if query.startswith(("view=explore", "view=compare")):
            visitor.ready(200)
            page.wait_for_selector(".network-card canvas[data-month]")
        page.goto("about:blank")
        visitor.context.close()

    look(LOADED[0])
    first = megabytes(server)
    for number in range(1, LOADS):
        look(LOADED[number % len(LOADED)])
    for _ in range(60):  # a closed tab is forgotten after a minute
        if megabytes(server) - first <= MOST_MB:
            break
        psutil.Process().cpu_percent(interval=2)
    assert megabytes(server) - first <= MOST_MB
