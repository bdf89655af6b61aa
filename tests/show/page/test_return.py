"""A tab outlives its server: it says what to type, keeps what was set, and comes back."""

from __future__ import annotations

import os
import re
import signal
import socket
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from cisim.version import __version__

pytestmark = [pytest.mark.slow, pytest.mark.browser]

SERVE = "import sys; from cisim.show.page import serve; serve(int(sys.argv[1]), open_browser=False)"
SET = f"view=explore&world=one-town&set=national_fte:7&month=48&version={__version__}"


class Server:
    """A server that is started and stopped, at one port, with one user's folder."""

    def __init__(self, folder: Path) -> None:
        with socket.socket() as free:
            free.bind(("127.0.0.1", 0))
            self.port = free.getsockname()[1]
        self.folder = folder
        self.process: subprocess.Popen[str] | None = None

    def start(self) -> str:
        """Start it; return the link that it says."""
        self.process = subprocess.Popen(
            [sys.executable, "-c", SERVE, str(self.port)],
            env={**os.environ, "XDG_STATE_HOME": str(self.folder)},
            stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL, stderr=subprocess.PIPE, text=True,
            start_new_session=True,
        )  # fmt: skip
        return self.next_link()

    def next_link(self) -> str:
        """Return the next link that it says."""
        assert self.process is not None
        assert self.process.stderr is not None
        for line in self.process.stderr:
            found = re.search(r"http://\S+", line)
            if found:
                return found[0]
        raise AssertionError("it ended")

    def stop(self) -> None:
        """Stop it and its processes, in the midst of what they do."""
        if self.process is not None and self.process.poll() is None:
            os.killpg(self.process.pid, signal.SIGKILL)
            self.process.wait(60)


@pytest.fixture
def server(chromium: str, tmp_path: Path) -> Iterator[Server]:
    one = Server(tmp_path)
    yield one
    one.stop()


def test_a_tab_whose_server_stops_says_what_to_type_and_comes_back(
    browser: Any, server: Server
) -> None:
    context = browser.new_context()
    page = context.new_page()
    page.set_default_timeout(120_000)
    page.goto(f"{server.start()}&{SET}")
    levers = page.locator("button[aria-expanded]").get_by_text("Levers", exact=True)
    levers.click()
    page.wait_for_selector("#lever-national_fte")
    before = page.url
    assert "national_fte:7" in before
    assert "token" not in before
    server.stop()
    page.locator("#away").get_by_text("The page is not running").wait_for()
    shown = page.locator("#away").inner_text()
    assert f"cisim ui --port {server.port}" in shown
    assert "comes back by itself" in shown
    assert page.locator(".v-progress-circular:visible").count() == 0
    server.start()
    page.locator("#away").wait_for(state="detached")
    page.wait_for_selector("#lever-national_fte")  # what was open still is
    assert page.url == before
    assert page.locator("#lever-national_fte").input_value() == "7"
    context.close()


def test_a_tab_that_the_server_does_not_know_any_more_says_so(browser: Any, server: Server) -> None:
    context = browser.new_context()
    page = context.new_page()
    page.set_default_timeout(120_000)
    page.goto(f"{server.start()}&view=about")
    page.wait_for_selector("main h1")
    server.stop()
    (server.folder / "cisim" / "page.key").unlink()
    server.start()
    page.locator("#away").get_by_text("Open the newest link").wait_for()
    context.close()


def test_a_link_is_used_once_and_the_next_one_is_said(browser: Any, server: Server) -> None:
    link = server.start()
    first, second = browser.new_context(), browser.new_context()
    page = first.new_page()
    page.goto(link)
    page.wait_for_selector("main h1")
    assert page.evaluate("document.cookie.includes('cisim')") is False
    assert first.cookies()[0]["sameSite"] == "Strict"
    other = second.new_page()
    answer = other.goto(link)
    assert answer.status == 403
    assert "newest link" in other.locator("main").inner_text()
    again = server.next_link()
    assert again != link
    other.goto(again)
    other.wait_for_selector("nav")
    first.close()
    second.close()


def test_a_file_opens_the_page_and_so_does_a_link_on_another_site(
    browser: Any, server: Server, tmp_path: Path
) -> None:
    file = tmp_path / "open.html"
    link = server.start()
    file.write_text(f'<meta http-equiv="refresh" content="0;url={link}">')
    context = browser.new_context()
    page = context.new_page()
    page.goto(file.as_uri())
    page.wait_for_selector("nav")
    assert "token" not in page.url
    elsewhere = context.new_page()
    elsewhere.goto("data:text/html,<title>elsewhere</title>")
    elsewhere.set_content(f'<a href="http://127.0.0.1:{server.port}/?view=about">there</a>')
    elsewhere.click("a")
    elsewhere.wait_for_selector("nav")
    assert elsewhere.locator("h1").count() == 1
    context.close()
