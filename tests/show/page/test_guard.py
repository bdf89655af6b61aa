"""Only this machine, under its own name, from its own page, with the token."""

from __future__ import annotations

import asyncio
from typing import Any

import pytest

from cisim.show.page.server.document import dress
from cisim.show.page.server.guard import Guard

HOME = "127.0.0.1:8765"
COOKIE = "cisim-8765=secret"
used: list[str] = []


def shout(document: str, query: str | None) -> str:
    """Return the document as if it had been dressed."""
    return document.upper()


async def inner(scope: Any, receive: Any, send: Any) -> None:
    if scope["type"] == "websocket":
        await send({"type": "websocket.accept"})
        return
    headers = [(b"content-type", b"text/html"), (b"content-length", b"6")]
    await send({"type": "http.response.start", "status": 200, "headers": headers})
    await send({"type": "http.response.body", "body": b"<ht", "more_body": True})
    await send({"type": "http.response.body", "body": b"ml>"})


def asked(
    kind: str = "http", method: str = "GET", query: str = "", path: str = "/", **headers: str
) -> list[Any]:
    """Return what the guard answers to a request; "once" lets in, once."""
    sent: list[Any] = []
    used.clear()
    scope = {
        "type": kind,
        "method": method,
        "path": path,
        "query_string": query.encode(),
        "headers": [(name.encode(), value.encode()) for name, value in headers.items()],
    }

    async def receive() -> Any:
        return {"type": f"{kind}.connect"}

    async def send(message: Any) -> None:
        sent.append(message)

    guard = Guard(inner, 8765, "secret", shout, ("Closed", "Not <you>."), used.append)
    guard.invited.add("once")
    asyncio.run(guard(scope, receive, send))
    return sent


def status(**given: Any) -> int:
    return int(asked(**given)[0]["status"])


def test_without_the_token_everything_is_refused_with_one_plain_page() -> None:
    for query in ("", "token=wrong", "token=secret", "token=", "view=about"):
        sent = asked(query=query, host=HOME)
        assert sent[0]["status"] == 403
        assert b"Not &lt;you&gt;." in sent[1]["body"]


def test_the_link_sets_a_cookie_and_leads_to_the_address_without_the_token() -> None:
    sent = asked(query="token=once&view=about", host=HOME)
    headers = dict(sent[0]["headers"])
    assert sent[0]["status"] == 200
    assert b'location.replace("/?view=about")' in sent[1]["body"]
    assert headers[b"set-cookie"] == b"cisim-8765=secret; Path=/; HttpOnly; SameSite=Strict"
    assert used == ["once"]


def test_a_link_lets_in_one_browser_once() -> None:
    guard = Guard(inner, 8765, "secret", shout, ("Closed", "Not you."))
    token, other = guard.invite(), guard.invite()
    assert token != other
    scope = {
        "type": "http", "path": "/", "headers": [(b"host", HOME.encode())],
        "query_string": f"token={token}".encode(),
    }  # fmt: skip

    def ask(method: str) -> Any:
        sent: list[Any] = []

        async def send(message: Any) -> None:
            sent.append(message)

        asyncio.run(guard({**scope, "method": method}, inner, send))  # type: ignore[arg-type]
        return sent[0]["status"]

    assert [ask("HEAD"), ask("GET"), ask("GET")] == [403, 200, 403]
    assert guard.invited == {other}


def test_who_comes_over_a_link_on_another_site_asks_once_more_from_here() -> None:
    elsewhere = {"sec-fetch-site": "cross-site", "sec-fetch-mode": "navigate", "host": HOME}
    assert b"<script>" in asked(query="view=about", **elsewhere)[1]["body"]
    here = {**elsewhere, "sec-fetch-site": "same-origin"}
    assert b"<script>" not in asked(query="view=about", **here)[1]["body"]


def test_what_is_damaged_in_a_link_reaches_the_page_as_it_is() -> None:
    query = 'title=%ff+a&tok%65n=once&set=a:{"b":1}&&x=\xe9'
    assert (
        b'"/?title=%ff+a&set=a:{%22b%22:1}&&x=%C3%A9"' in asked(query=query, host=HOME)[1]["body"]
    )
    there = dict(asked(query=query, host=HOME, cookie=COOKIE)[0]["headers"])[b"location"]
    assert there == b"/?title=%ff+a&set=a:{%22b%22:1}&&x=%C3%A9"


@pytest.mark.parametrize(
    "path", ["/\ufffd/evil.invalid/x", "//evil.invalid", "/\\evil.invalid", "/é"]
)
@pytest.mark.parametrize("cookie", ["", COOKIE])
def test_the_link_never_leads_to_another_place(path: str, cookie: str) -> None:
    for token in ("once", "wrong"):
        sent = asked(query=f"token={token}&view=about", path=path, host=HOME, cookie=cookie)
        if sent[0]["status"] == 303:
            assert dict(sent[0]["headers"])[b"location"] == b"/"
        elif sent[0]["status"] == 200:
            assert b'location.replace("/")' in sent[1]["body"]
        else:
            assert sent[0]["status"] == 403
            assert (token, cookie) == ("wrong", "")


@pytest.mark.parametrize("path", ["/\0", "/a\nb", "/\r", "/_solara/\x7f"])
def test_a_path_with_control_characters_is_not_found(path: str) -> None:
    assert status(path=path, host=HOME, cookie=COOKIE) == 404
    assert status(path=path, host=HOME, cookie=COOKIE, query="token=once") == 404


def test_a_page_that_closes_says_which_one_it_is() -> None:
    given = {"method": "POST", "host": HOME, "cookie": COOKIE, "origin": f"http://{HOME}"}
    path = "/_solara/api/close/some-kernel"
    assert status(path=path, **given) == 400
    assert status(path=path, query="session_id=", **given) == 200


def test_with_the_cookie_the_page_is_served_in_its_dress() -> None:
    sent = asked(host=HOME, cookie=COOKIE)
    assert sent[0]["status"] == 200
    assert sent[1]["body"] == b"<HTML>"
    assert dict(sent[0]["headers"])[b"x-frame-options"] == b"DENY"


@pytest.mark.parametrize(
    "host", ["evil.example", "evil.example:8765", "127.0.0.1", "127.0.0.1:80", "", "[::1]:8765"]
)
def test_a_foreign_host_is_refused_even_with_the_cookie(host: str) -> None:
    assert status(host=host, cookie=COOKIE) == 403


@pytest.mark.parametrize("origin", ["http://evil.example", "null", "https://127.0.0.1:8765", ""])
def test_a_foreign_origin_is_refused(origin: str) -> None:
    assert status(host=HOME, cookie=COOKIE, origin=origin) == 403
    closed = asked(kind="websocket", host=HOME, cookie=COOKIE, origin=origin)
    assert closed == [{"type": "websocket.close", "code": 1008}]


def test_a_websocket_needs_origin_host_and_cookie() -> None:
    good = {"host": HOME, "cookie": COOKIE, "origin": f"http://{HOME}"}
    assert asked(kind="websocket", **good) == [{"type": "websocket.accept"}]
    for missing in good:
        rest = {name: value for name, value in good.items() if name != missing}
        assert asked(kind="websocket", **rest)[0]["type"] == "websocket.close"


def test_changing_requests_need_an_origin() -> None:
    assert status(method="POST", host=HOME, cookie=COOKIE) == 403
    assert status(method="POST", host=HOME, cookie=COOKIE, origin=f"http://{HOME}") == 200


def test_the_document_has_a_language_a_title_and_may_be_zoomed() -> None:
    dressed = dress(
        '<html><head><title>x</title><meta name="viewport" content="user-scalable=no"></head>',
        command="cisim ui",
    )
    assert '<html lang="en">' in dressed
    assert "user-scalable" not in dressed
    assert "cisim" in dressed
    assert "http" not in dressed.replace("http-equiv", "")
