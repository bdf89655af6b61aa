"""How fast the page answers, measured in a browser: `python experiments/page_figures.py`.

Takes some five minutes on a machine that does nothing else. Needs chromium and playwright. Writes
its part of results/page.md; with --pictures it only takes screenshots of every page in light, dark
and on a phone, into results/page/, and with --readme those that README shows, into docs/.
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
from contextlib import contextmanager, suppress
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
LISTED = "all => all.map(one => one.value)"
LOADS = 100
VIEWS = ("start", "explore", "compare", "about")
SHOWN = {"explore": "month=84", "compare": "month=120"}
"""Of README: views, and what of them."""
LOADED = (
    "view=explore&world=one-town", "view=explore", "view=compare&world=one-town", "view=compare",
    "view=start", "view=explore&scenario=missing-sponsor", "view=story&tell=three-structures",
    "view=studies", "view=own", "view=about",
)  # fmt: skip
"""What is loaded one after another, to see what a closed tab leaves behind."""
LEVERS = "[data-key=L]"
NEW = """async act => {
  const old = document.querySelector('.chart svg').id;
  const began = performance.now();
  act();
  return await new Promise(done => { const look = () => {
    const now = document.querySelector('.chart svg');
    if (now && now.id !== old) done(performance.now() - began);
    else if (performance.now() - began > 20000) done(NaN);
    else requestAnimationFrame(look) }; look() }) }"""
"""Milliseconds from what is done to the first new chart."""
MOVE = f"""async ([name, value]) => await ({NEW})(() => {{
  const knob = document.querySelector('#lever-' + name);
  knob.value = value;
  for (const kind of ['input', 'change']) knob.dispatchEvent(new Event(kind, {{bubbles: true}}));
}})"""
CHOOSE = f"""async name => await ({NEW})(() => {{
  const list = document.querySelector('select[data-next]');
  list.value = name;
  list.dispatchEvent(new Event('change', {{bubbles: true}}));
}})"""
ALL = """() => { const charts = [...document.querySelectorAll('.chart')];
  return charts.length && charts.every(one => !one.classList.contains('stale')
    && one.textContent.includes('· 200 futures')) }"""
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
    """Return the time that 95 of 100 stay below, in words; one that never came is said."""
    there = [one for one in times if one == one]
    late = len(times) - len(there)
    words = f"{np.quantile(there, 0.95):.0f} ms (median {np.median(there):.0f} ms)"
    return words + (f", {late} never" if late else "")


def opened(page: Page, address: str, query: str) -> None:
    """Go to Explore and open its levers, once all futures are there."""
    page.goto(f"{address}/?view=explore&{query}&version={__version__}")
    ready(page, 200)
    page.click(LEVERS)
    page.wait_for_selector("#lever-sponsor_link")
    page.wait_for_timeout(3000)


def answers(page: Page, moves: int, pause: int) -> list[float]:
    """Return how long the first new chart took after each time a slider was let go (ms).

    pause : milliseconds in between, as somebody looks
    """
    found = []
    for number in range(moves):
        value = round(0.05 * round(20 * (number + 0.37) / moves) + 0.01, 2)
        found.append(float(page.evaluate(MOVE, ["sponsor_link", value])))
        page.wait_for_timeout(pause)
    return found


def whole(page: Page, times: int) -> str:
    """Return how long all futures took after a slider was let go, in words."""
    found = []
    for number in range(times):
        page.wait_for_function(ALL, timeout=240_000)
        page.wait_for_timeout(1500)
        began = time.perf_counter()
        page.evaluate(MOVE, ["national_fte", 5 + number])
        page.wait_for_function(ALL, timeout=240_000)
        found.append(time.perf_counter() - began)
    return f"{np.median(found):.1f} s (longest of {times}: {max(found):.1f} s)"


def presets(page: Page, times: int) -> list[float]:
    """Return how long the first new chart took after another scenario was chosen (ms)."""
    listed = page.eval_on_selector_all("select[data-next] option", LISTED)
    here = page.eval_on_selector("select[data-next]", "one => one.value")
    found = []
    for name in [one for one in listed if one not in ("", here)][:times]:
        found.append(float(page.evaluate(CHOOSE, name)))
        page.wait_for_timeout(1500)
    return found


def played(page: Page, seconds: float) -> str:
    """Return how many pictures a second there are while it plays, and what each costs, in words."""
    page.click(".course .play")
    page.wait_for_timeout(2000)
    tool = page.context.new_cdp_session(page)
    tool.send("Performance.enable", {"timeDomain": "threadTicks"})

    def told() -> dict[str, float]:
        metrics = tool.send("Performance.getMetrics")["metrics"]
        return {one["name"]: one["value"] for one in metrics}

    before = told()
    rate = float(page.evaluate(FRAMES, seconds))
    after = told()
    page.click(".course .play")
    frames = rate * seconds
    spent = {name: 1000 * (after[name] - before[name]) / frames for name in before}
    return (
        f"{rate:.0f} fps; of the page's thread {spent['TaskDuration']:.0f} ms a picture, "
        f"{spent['ScriptDuration']:.0f} ms of it script, {spent['LayoutDuration']:.1f} ms layout"
    )


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
    rows.append(["Another preset to its chart, p95", p95(presets(page, moves)), "≤ 150 ms"])
    for name, query, pause, chart, all_of_them in (
        ("One town", "world=one-town&seed=3", 1200, "≤ 150 ms", "≤ 1.5 s"),
        ("Finland", "seed=3", 2000, "≤ 500 ms", "≤ 5 s"),
    ):
        opened(page, address, query)
        found = p95(answers(page, moves, pause))
        rows.append([f"Slider let go to the first new chart, {name}, p95", found, chart])
        rows.append([f"Slider let go to 200 futures, {name}", whole(page, 3), all_of_them])
    page.goto(f"{address}/?view=explore&seed=3&month=0&version={__version__}")
    page.wait_for_selector(".network-card canvas[data-month]")
    ready(page, 200)
    page.wait_for_timeout(3000)
    rows.append(["Playback, Finland", played(page, 3), "≥ 30 fps"])
    page.context.close()
    wide = enter(browser, address, viewport={"width": 1920, "height": 1080})
    wide.goto(f"{address}/?view=compare&month=0&version={__version__}")
    wide.wait_for_selector(".network-card canvas[data-month]")
    ready(wide, 200)
    wide.wait_for_timeout(5000)
    rows.append(["Playback, Compare, three of Finland at 1920", played(wide, 4), "≥ 30 fps"])
    wide.context.close()
    rows.append(["A slider let go, Finland, sent in all", sent(browser, address), "≤ 60 kB"])
    rows.append([f"{LOADS} pages loaded and closed", kept(browser, address, server), "≤ 150 MB"])
    return rows


def sent(browser: Browser, address: str) -> str:
    """Return what a slider that is let go sends on Finland, and how much of it is the network."""
    page = enter(browser, address)
    frames: list[int] = []

    def hear(socket: WebSocket) -> None:
        for way in ("framesent", "framereceived"):
            socket.on(way, lambda frame: frames.append(len(frame)))

    page.on("websocket", hear)
    opened(page, address, "seed=3")
    page.wait_for_timeout(3000)
    before = len(frames)
    page.evaluate(MOVE, ["national_fte", 8])
    page.wait_for_function(ALL, timeout=240_000)
    page.wait_for_timeout(6000)
    found = frames[before:]
    page.context.close()
    return f"{sum(found) / 1000:.0f} kB ({max(found) / 1000:.0f} kB the largest message)"


def kept(browser: Browser, address: str, server: psutil.Process) -> str:
    """Return how much more the server and its workers hold after many loads than after the first.

    A closed tab is forgotten after a minute, so the least of what is held within 70 seconds counts.
    """

    def look(number: int) -> None:
        query = LOADED[number % len(LOADED)]
        page = enter(browser, address)
        page.goto(f"{address}/?{query}&version={__version__}")
        page.wait_for_selector("main h1, main h2", timeout=240_000)
        if query.startswith(("view=explore", "view=compare")):
            page.wait_for_selector(".chart svg", timeout=240_000)
        page.context.close()

    def held() -> float:
        everybody = [server, *server.children(recursive=True)]
        return sum(one.memory_info().rss for one in everybody) / 1e6

    time.sleep(61)  # what was measured before is forgotten
    look(0)
    first = held()
    for number in range(1, LOADS):
        look(number)
    after = []
    for _ in range(14):
        after.append(held() - first)
        time.sleep(5)
    return f"{min(after):+.0f} MB, server and workers ({after[0]:+.0f} MB at once)"


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


class Machine:
    """On what it is measured, and what else that does from now on."""

    def __init__(self) -> None:
        """Begin."""
        self._then = self._spent()

    def told(self) -> str:
        """Return it in a sentence."""
        others, whole = np.subtract(self._spent(), self._then)
        return (
            f"{os.cpu_count()} processors, {platform.system()} {platform.machine()}, Python "
            f"{platform.python_version()}; meanwhile other programs took "
            f"{100 * max(0.0, others) / whole:.0f} % of the processors' time."
        )

    @staticmethod
    def _spent() -> tuple[float, float]:
        """Return the seconds of all processors since they began: what others took, and all."""
        times = psutil.cpu_times()
        idle = times.idle + getattr(times, "iowait", 0.0)
        me = psutil.Process()
        own = 0.0
        for one in (me, *me.children(recursive=True)):
            with suppress(psutil.NoSuchProcess):
                own += sum(one.cpu_times()[:4])  # those of its own that have ended, too
        whole = sum(times[:8])  # what guests take is in it already
        return whole - idle - own, whole


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


def shown(browser: Browser, address: str, folder: Path) -> None:
    """Write the screenshots that README shows: all futures are there, and it stands still."""
    page = enter(browser, address, viewport={"width": 1366, "height": 768})
    for view, more in SHOWN.items():
        page.goto(f"{address}/?view={view}&{more}&version={__version__}")
        page.wait_for_selector(".network-card canvas[data-month]")
        ready(page, 200)
        page.wait_for_timeout(8000)  # how sure it is comes last
        page.screenshot(path=folder / f"{view}.png")
    page.context.close()


def main() -> None:
    """Measure and write."""
    reader = argparse.ArgumentParser(description=__doc__)
    reader.add_argument("--moves", type=int, default=20, help="of a slider, and other scenarios")
    reader.add_argument("--pictures", action="store_true", help="only screenshots of every page")
    reader.add_argument("--readme", action="store_true", help="only the screenshots of README")
    given = reader.parse_args()
    chromium = os.environ.get("CHROMIUM", "/usr/bin/chromium")
    here = Machine()
    with sync_playwright() as playwright, served() as (address, server):
        browser = playwright.chromium.launch(executable_path=chromium, args=FLAGS)
        if given.pictures:
            pictures(browser, address, RESULTS / "page")
        if given.readme:
            shown(browser, address, RESULTS.parent / "docs")
        if not (given.pictures or given.readme):
            rows = measure(browser, address, server, given.moves)
            lines = [
                f"{here.told()} `python experiments/page_figures.py`.", "",
                "| what | measured | aim |", "| --- | --- | --- |",
                *("| " + " | ".join(row) + " |" for row in rows),
            ]  # fmt: skip
            put("page_figures.py", "\n".join(lines))
            print("\n".join(lines))
        browser.close()


if __name__ == "__main__":
    main()
