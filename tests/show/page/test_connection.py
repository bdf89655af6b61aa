"""A tab bears what happens to it: a lost connection, sleep, a reload too early, a second tab."""

from __future__ import annotations

import os
import signal
import time
from collections.abc import Iterator
from typing import Any

import psutil
import pytest

from cisim.version import __version__
from tests.show.page.conftest import Visitor, serving

pytestmark = [pytest.mark.slow, pytest.mark.browser]

TOWN = f"view=explore&world=one-town&month=48&version={__version__}"
FINLAND = f"view=explore&set=trust_memory:61&version={__version__}"
SOCKETS = """const Socket = WebSocket; window.sockets = [];
  WebSocket = class extends Socket {
    constructor(...given) { super(...given); window.sockets.push(this) } }"""
HELD = """const Socket = WebSocket; window.held = null;
  WebSocket = class extends Socket {
    send(data) {
      if (window.held) window.held.push(() => super.send(data)); else super.send(data) } }"""
"""A page that can hold back what it sends, as where the server is slow."""
LET_GO = "() => { const held = window.held; window.held = null; held.forEach((one) => one()) }"
SEEK = "month => dispatchEvent(new CustomEvent('cisim-seek', { detail: { month } }))"
LOSE = "() => window.sockets.forEach((one) => one.close())"
FORGETS = 4
"""Seconds after which this server forgets a tab that is gone; usually it is a minute."""


@pytest.fixture(scope="module")
def forgetful(chromium: str, tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """Serve the page by a server that forgets a closed tab soon; return its address."""
    with serving(tmp_path_factory.mktemp("data"), forgets=FORGETS) as found:
        yield found


def server_of(address: str) -> psutil.Process:
    port = int(address.rpartition(":")[2])
    for one in psutil.net_connections("tcp"):
        if one.status == psutil.CONN_LISTEN and one.laddr.port == port and one.pid:
            return psutil.Process(one.pid)
    raise AssertionError("nobody listens")


def prepared(visitor: Visitor, query: str = TOWN) -> Any:
    """Open a page whose connection can be lost, with its levers open; return it."""
    visitor.context.add_init_script(SOCKETS)
    page = visitor.go(query)
    visitor.ready(1)
    page.locator("[data-key=L]").click()
    page.wait_for_selector("#lever-national_fte")
    page.evaluate("() => { window.mark = 1 }")
    return page


def set_lever(page: Any, value: int) -> None:
    if page.query_selector("#lever-national_fte") is None:
        page.locator("[data-key=L]").click()
    page.locator("#lever-national_fte").evaluate(
        "(e, value) => { e.value = value; for (const kind of ['input', 'change'])"
        " e.dispatchEvent(new Event(kind, {bubbles: true})) }",
        value,
    )
    page.wait_for_url(f"**set=national_fte:{value}**")


def end(visitor: Visitor) -> None:
    """Close a window; a browser says itself that its connection was lost, no script must fail."""
    visitor.context.close()
    assert not [fault for fault in visitor.faults if fault.startswith("script")]


def test_a_connection_that_is_lost_for_a_moment_loses_nothing(browser: Any, address: str) -> None:
    visitor = Visitor(browser, address)
    page = prepared(visitor)
    set_lever(page, 7)
    before = page.url
    page.evaluate(LOSE)
    # What is sent in between never arrives, so the page is loaded anew and shows all of it.
    page.wait_for_function("() => window.mark === undefined && document.querySelector('main h1')")
    visitor.ready(200)
    assert page.url == before
    page.wait_for_selector("#lever-national_fte")  # its levers are still open
    set_lever(page, 9)
    visitor.ready(1)
    end(visitor)


def test_a_network_that_is_gone_for_longer_than_a_tab_is_remembered_brings_it_back(
    browser: Any, forgetful: str
) -> None:
    visitor = Visitor(browser, forgetful)
    page = prepared(visitor)
    set_lever(page, 7)
    before = page.url
    visitor.context.set_offline(True)
    page.evaluate(LOSE)
    page.locator("#away").get_by_text("cisim ui").wait_for()
    page.wait_for_timeout(1000 * (FORGETS + 3))
    visitor.context.set_offline(False)
    page.locator("#away").wait_for(state="detached")
    visitor.ready(1)
    assert page.url == before
    set_lever(page, 9)
    visitor.ready(1)
    end(visitor)


def test_a_page_that_was_frozen_goes_on(browser: Any, forgetful: str) -> None:
    visitor = Visitor(browser, forgetful)
    page = prepared(visitor)
    asleep = page.context.new_cdp_session(page)
    asleep.send("Page.setWebLifecycleState", {"state": "frozen"})
    time.sleep(FORGETS + 2)
    asleep.send("Page.setWebLifecycleState", {"state": "active"})
    page.locator("#away").wait_for(state="detached")
    set_lever(page, 6)
    visitor.ready(1)
    assert page.evaluate("window.mark") == 1
    visitor.context.close()
    assert not visitor.faults


def test_a_server_that_stood_still_goes_on_where_it_was(browser: Any, forgetful: str) -> None:
    visitor = Visitor(browser, forgetful)
    page = prepared(visitor)
    server = server_of(forgetful)
    everybody = [server, *server.children(recursive=True)]
    for one in everybody:
        os.kill(one.pid, signal.SIGSTOP)
    page.locator("#lever-national_fte").evaluate(
        "e => { e.value = 8; for (const kind of ['input', 'change'])"
        " e.dispatchEvent(new Event(kind, {bubbles: true})) }"
    )
    time.sleep(45)  # longer than a server waits for an answer to its ping
    for one in everybody:
        os.kill(one.pid, signal.SIGCONT)
    page.wait_for_url("**set=national_fte:8**")
    page.locator("#away").wait_for(state="detached")
    visitor.ready(1)
    set_lever(page, 6)
    visitor.ready(1)
    end(visitor)


def test_a_reload_while_futures_are_run_ends_with_all_of_them(visitor: Visitor) -> None:
    page = visitor.go(FINLAND)
    for _ in range(3):
        page.wait_for_timeout(400)
        page.reload()
        page.wait_for_selector("main h1")
    before = page.url
    visitor.ready(200)
    assert page.url == before
    assert "trust_memory:61" in before


def test_two_tabs_of_one_visitor_keep_their_own(visitor: Visitor, address: str) -> None:
    page = prepared(visitor)
    other = visitor.context.new_page()
    other.set_default_timeout(120_000)
    other.goto(f"{address}/?{TOWN}&language=fi")
    other.locator("[data-key=L]").click()
    other.wait_for_selector("#lever-national_fte")
    set_lever(page, 7)
    set_lever(other, 2)
    for one, value in ((page, "7"), (other, "2")):
        assert one.locator("#lever-national_fte").input_value() == value
        one.reload()
        one.wait_for_selector("#lever-national_fte")
        assert one.locator("#lever-national_fte").input_value() == value
    assert page.locator("html").get_attribute("lang") == "en"
    assert other.locator("html").get_attribute("lang") == "fi"
    other.close()
    set_lever(page, 5)
    visitor.ready(1)


def test_a_tab_whose_server_is_slow_gets_nothing_of_another_tab(browser: Any, address: str) -> None:
    visitor = Visitor(browser, address)
    visitor.context.add_init_script(HELD)
    town = "view=explore&world=one-town&seed={}&month=48&version=" + __version__
    page = visitor.go(town.format(3))
    page.wait_for_selector(".network-card canvas[data-month]")
    before = page.url
    page.evaluate("() => { window.held = [] }")
    page.evaluate(SEEK, 30)
    other = visitor.context.new_page()
    other.set_default_timeout(120_000)
    other.goto(f"{address}/?language=fi&{town.format(4)}")
    other.wait_for_selector(".network-card canvas[data-month]")
    other.evaluate(SEEK, 90)
    other.wait_for_url("**month=90**")
    beside = other.url
    assert page.url == before  # what was done here is not in the address yet
    page.evaluate(LET_GO)
    page.wait_for_url("**month=30**")
    assert page.url == before.replace("month=48", "month=30")
    assert other.url == beside
    for one, address_of in ((page, page.url), (other, beside)):
        one.reload()
        one.wait_for_selector(".network-card canvas[data-month]")
        assert one.url == address_of
    end(visitor)


def test_what_is_done_in_a_part_that_is_closed_already_is_no_error(visitor: Visitor) -> None:
    page = visitor.go(TOWN)
    page.wait_for_selector(".network-card canvas[data-month]")
    # As the server does, which tells what stands there instead only afterwards.
    closed = page.evaluate(
        "async () => { for (const one of Object.values(solara.debug.widgetManager()._models)) {"
        " const model = await one;"
        " if (model.get('films')) { model._handle_comm_closed({}); return true } } }"
    )
    assert closed
    page.evaluate(SEEK, 30)
    page.wait_for_function("document.getElementById('month').value === '30'")


def test_a_connection_that_is_lost_before_anything_is_shown_brings_the_page(
    browser: Any, address: str
) -> None:
    visitor = Visitor(browser, address)
    page = visitor.page
    page.context.add_init_script(SOCKETS)
    opened = "() => window.sockets && window.sockets.some((one) => one.readyState === 1)"
    for wait in (0, 300, 600, 1200):
        page.goto(f"{address}/?{TOWN}&seed={wait}", wait_until="commit")
        page.wait_for_function(opened)
        page.wait_for_timeout(wait)
        page.evaluate(LOSE)
        page.wait_for_selector("main h1")
    visitor.ready(1)
    end(visitor)
