"""How fast the page answers, measured in a browser: `python experiments/page_figures.py`.

Needs chromium and playwright. Writes results/page.md, with screenshots of every page in light, dark
and on a phone beside it in results/page/.
"""

from __future__ import annotations

import argparse
import os
import platform
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import IO, Any

import numpy as np
import psutil
from playwright.sync_api import Browser, Page, WebSocket, sync_playwright

from cisim.version import __version__

RESULTS = Path(__file__).resolve().parents[1] / "results"
HEADING = "# The page, measured in a browser"
KEY = "figures"
FLAGS = ["--no-sandbox", "--disable-gpu", "--disable-background-networking"]
SERVE = """
import sys
from cisim.show.page import serve
serve(int(sys.argv[1]), False, key=sys.argv[2])
"""
HERE = "national-and-regional"
LISTED = "all => all.map(one => [one.textContent.trim(), one.value])"
LOADS = 100
VIEWS = ("start", "explore", "compare", "about")
MOVE = """async value => {
  const old = document.querySelector('.chart svg').id;
  const knob = document.querySelector('#lever-sponsor_link');
  const began = performance.now();
  knob.value = value;
  knob.dispatchEvent(new Event('input', {bubbles: true}));
  return await new Promise(done => { const look = () => {
    const now = document.querySelector('.chart svg');
    if (now && now.id !== old) done(performance.now() - began);
    else if (performance.now() - began > 20000) done(NaN);
    else requestAnimationFrame(look) }; look() }) }"""
CHOOSE = """async ([title, name]) => {
  const old = document.querySelector('.chart svg').id;
  const list = document.querySelector('.ways select');
  const began = performance.now();
  list.value = name;
  list.dispatchEvent(new Event('change', {bubbles: true}));
  return await new Promise(done => { const look = () => {
    const now = document.querySelector('.chart svg');
    if (now && now.id !== old && document.querySelector('h1').textContent.trim() === title)
      done(performance.now() - began);
    else if (performance.now() - began > 20000) done(NaN);
    else requestAnimationFrame(look) }; look() }) }"""
FRAMES = """async seconds => { let frames = 0; const began = performance.now();
  return await new Promise(done => { const next = () => { frames += 1;
    const past = performance.now() - began;
    if (past > 1000 * seconds) done(1000 * frames / past);
    else requestAnimationFrame(next) }; requestAnimationFrame(next) }) }"""


@contextmanager
def served(said: IO[str] | None = None) -> Iterator[tuple[str, psutil.Process]]:
    """Serve the page in a process of its own; give its address and the process.

    said : where it says what it says; None for the terminal
    """
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    process = subprocess.Popen([sys.executable, "-c", SERVE, str(port), KEY], stderr=said)
    while True:
        with socket.socket() as one:
            if one.connect_ex(("127.0.0.1", port)) == 0:
                break
        time.sleep(0.1)
    try:
        time.sleep(3)
        yield f"http://127.0.0.1:{port}", psutil.Process(process.pid)
    finally:
        process.terminate()
        process.wait()


def enter(browser: Browser, address: str, **window: Any) -> Page:
    """Open a window of its own with the key."""
    context = browser.new_context(**{"viewport": {"width": 1440, "height": 900}, **window})
    name = f"cisim-{address.rpartition(':')[2]}"
    context.add_cookies([{"name": name, "value": KEY, "url": address}])
    page = context.new_page()
    page.goto(address)
    return page


def ready(page: Page, futures: int) -> None:
    """Wait until the charts show so many futures."""
    charts = "[...document.querySelectorAll('.chart')]"
    shown = f"one.textContent.includes('· {futures} futures')"
    words = f"() => {charts}.length && {charts}.every(one => {shown})"
    page.wait_for_function(words, timeout=240_000)


def p95(times: list[float]) -> str:
    """Return the time that 95 of 100 stay below, in words."""
    return f"{np.quantile(times, 0.95):.0f} ms (median {np.median(times):.0f} ms)"


def answers(page: Page, address: str, query: str, moves: int) -> list[float]:
    """Return how long the chart took after each move of a slider (ms)."""
    page.goto(f"{address}/?{query}")
    ready(page, 200)
    page.wait_for_timeout(3000)
    found = []
    for number in range(moves):
        share = (number + 0.37) / moves
        found.append(float(page.evaluate(MOVE, round(0.05 * round(20 * share) + 0.01, 2))))
        page.wait_for_timeout(1200)
    return [one for one in found if one == one]


def measure(browser: Browser, address: str, server: psutil.Process, moves: int) -> list[list[str]]:
    """Return the rows of the table: what, measured, aim."""
    rows = []
    began = time.perf_counter()
    page = enter(browser, address)
    page.wait_for_selector("main h1")
    rows.append(["First page", f"{time.perf_counter() - began:.1f} s", "≤ 3 s"])
    page.goto("about:blank")
    began = time.perf_counter()
    page.goto(f"{address}/?view=explore&version={__version__}")
    page.wait_for_selector(".chart svg")
    rows.append(["First preset, page and chart", f"{time.perf_counter() - began:.2f} s", "≤ 3 s"])
    ready(page, 200)
    chosen = [one for one in page.eval_on_selector_all(".ways option", LISTED) if one[1] != HERE]
    found = []
    for one in chosen:
        found.append(float(page.evaluate(CHOOSE, one)))
        page.wait_for_timeout(3000)
    rows.append(["Another preset to its chart, p95", p95(found), "≤ 150 ms"])
    for name, query, aim in (
        ("One town", f"view=explore&world=one-town&seed=3&version={__version__}", "≤ 150 ms"),
        ("Finland", f"view=explore&seed=3&version={__version__}", "≤ 700 ms"),
    ):
        page.goto("about:blank")
        began = time.perf_counter()
        page.goto(f"{address}/?{query}")
        ready(page, 200)
        most = "≤ 2 s" if name == "One town" else "≤ 12 s"
        rows.append(
            [f"200 futures, {name}, page included", f"{time.perf_counter() - began:.1f} s", most]
        )
        rows.append(
            [f"Slider to chart, {name}, p95", p95(answers(page, address, query, moves)), aim]
        )
    page.goto(f"{address}/?view=explore&seed=3&month=0&version={__version__}")
    page.wait_for_selector(".network-card canvas")
    ready(page, 200)
    page.wait_for_timeout(6000)
    page.get_by_role("button", name="Play", exact=True).click()
    rows.append(["Playback, Finland", f"{page.evaluate(FRAMES, 3):.0f} fps", "≥ 30 fps"])
    before = server.memory_info().rss
    others = [enter(browser, address) for _ in range(19)]
    for other in others:
        other.goto(f"{address}/?view=explore&seed=3&version={__version__}")
        other.wait_for_selector(".chart svg", timeout=120_000)
    more = (server.memory_info().rss - before) / 1e6
    rows.append(["20 sessions above one, server", f"{more:.0f} MB", "≤ 60 MB"])
    for other in others:
        other.context.close()
    rows.append(["A slider let go, Finland, sent in all", sent(browser, address), "≤ 60 kB"])
    rows.append([f"{LOADS} loads of a page, server", kept(browser, address, server), "≤ 150 MB"])
    return rows


def sent(browser: Browser, address: str) -> str:
    """Return what a slider that is let go sends on Finland, and how much of it is the network."""
    page = enter(browser, address)
    frames: list[int] = []

    def hear(socket: WebSocket) -> None:
        for way in ("framesent", "framereceived"):
            socket.on(way, lambda frame: frames.append(len(frame)))

    page.on("websocket", hear)
    page.goto(f"{address}/?view=explore&seed=3&version={__version__}")
    ready(page, 200)
    page.wait_for_selector(".network-card canvas[data-month]")
    page.wait_for_timeout(8000)
    before = len(frames)
    page.evaluate(MOVE, 0.81)
    page.wait_for_timeout(15_000)
    found = frames[before:]
    page.context.close()
    return f"{sum(found) / 1000:.0f} kB ({max(found) / 1000:.0f} kB the largest message)"


def kept(browser: Browser, address: str, server: psutil.Process) -> str:
    """Return how much more the server and its workers hold after many loads than after the first.

    A closed tab is forgotten after a minute, so the least of the two minutes after them counts.
    """

    def look() -> None:
        page = enter(browser, address)
        page.goto(f"{address}/?view=explore&world=one-town&version={__version__}")
        ready(page, 200)
        page.context.close()

    def held() -> float:
        everybody = [server, *server.children(recursive=True)]
        return sum(one.memory_info().rss for one in everybody) / 1e6

    look()
    first = held()
    for _ in range(LOADS):
        look()
    after = []
    for _ in range(24):
        after.append(held() - first)
        time.sleep(5)
    return f"{min(after):.0f} MB above the first ({after[0]:.0f} MB at once)"


def put(name: str, text: str) -> None:
    """Put a text between the marks of that name in results/page.md; behind all else if it is new.

    name : of the script that has measured it
    """
    path = RESULTS / "page.md"
    before = path.read_text(encoding="utf-8") if path.exists() else ""
    first, last = f"<!-- {name} -->\n", f"\n<!-- /{name} -->\n"
    if first not in before:
        before = f"{before}\n{first}{last}" if before else f"{HEADING}\n\n{first}{last}"
    head, rest = before.split(first)
    path.write_text(f"{head}{first}{text}{last}{rest.split(last)[1]}", encoding="utf-8")


def machine() -> str:
    """Return on what it was measured, in a sentence."""
    return (
        f"{os.cpu_count()} processors, {platform.system()} {platform.machine()}, "
        f"Python {platform.python_version()}"
    )


def pictures(browser: Browser, address: str, folder: Path) -> None:
    """Write a screenshot of every page in light, dark and on a phone."""
    folder.mkdir(parents=True, exist_ok=True)
    looks: dict[str, dict[str, Any]] = {
        "light": {},
        "dark": {"color_scheme": "dark"},
        "phone": {"viewport": {"width": 390, "height": 844}},
    }
    for name, window in looks.items():
        page = enter(browser, address, **window)
        for view in VIEWS:
            page.goto(f"{address}/?view={view}&version={__version__}")
            page.wait_for_selector("main h1")
            if view in ("explore", "compare"):
                ready(page, 200)
                page.wait_for_timeout(2500)
            page.screenshot(path=folder / f"{view}-{name}.png", full_page=True)
        page.context.close()


def main() -> None:
    """Measure and write."""
    reader = argparse.ArgumentParser(description=__doc__)
    reader.add_argument("--moves", type=int, default=20, help="moves of a slider")
    reader.add_argument("--pictures-only", action="store_true")
    given = reader.parse_args()
    chromium = os.environ.get("CHROMIUM", "/usr/bin/chromium")
    with sync_playwright() as playwright, served() as (address, server):
        browser = playwright.chromium.launch(executable_path=chromium, args=FLAGS)
        if not given.pictures_only:
            rows = measure(browser, address, server, given.moves)
            lines = [
                f"{machine()}; `python experiments/page_figures.py`.", "",
                "| what | measured | aim |", "| --- | --- | --- |",
                *("| " + " | ".join(row) + " |" for row in rows),
            ]  # fmt: skip
            put("page_figures.py", "\n".join(lines))
            print("\n".join(lines))
        pictures(browser, address, RESULTS / "page")
        browser.close()


if __name__ == "__main__":
    main()
