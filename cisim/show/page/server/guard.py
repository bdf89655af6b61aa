"""Who is let in: this machine, under its own name, from its own page, with the key of a link.

A link has a token for one use. Whoever uses it gets a cookie with the key, which no script reads
and no other site's page can send. What is left of the link in a browser's history opens nothing.

Solara's server answers any Host and takes websockets from any Origin, so a page in another tab
could drive it. This stands in front of it.
"""

from __future__ import annotations

import hmac
import html
import json
import secrets
from collections.abc import Awaitable, Callable, Iterable, MutableMapping
from http.cookies import CookieError, SimpleCookie
from typing import Any
from urllib.parse import parse_qsl, quote, unquote_plus

Scope = MutableMapping[str, Any]
Receive = Callable[[], Awaitable[Any]]
Send = Callable[[Any], Awaitable[None]]
Application = Callable[[Scope, Receive, Send], Awaitable[None]]
Dress = Callable[[str, str | None], str]

TOKEN = "token"
_AS_IT_IS = "%!$&'()*+,;=:@/?[]{}|^`~-._\\"
"""What stays in a query beside letters and figures; a line never ends in it."""
_PROTECTED = [
    (b"referrer-policy", b"no-referrer"),
    (b"x-content-type-options", b"nosniff"),
    (b"x-frame-options", b"DENY"),
    (
        b"content-security-policy",
        (
            b"default-src 'self' data: blob: 'unsafe-inline' 'unsafe-eval'; "
            b"frame-ancestors 'none'; form-action 'self'; base-uri 'self'"
        ),
    ),
]


class Guard:
    """An ASGI application in front of another, which only lets requests of its own page pass.

    port  : it is served on; part of the hosts that are allowed and of the cookie's name
    key   : what the cookie carries
    dress : what is done to each HTML document on its way out, given the query it was asked with
    say   : the texts of the plain page for those who are not let in: title, then sentence
    used  : hears of each token that has let a browser in
    """

    def __init__(
        self,
        app: Application,
        port: int,
        key: str,
        dress: Dress,
        say: tuple[str, str],
        used: Callable[[str], None] = lambda token: None,
    ) -> None:
        self.app, self.key, self.dress, self.say, self.used = app, key, dress, say, used
        self.invited: set[str] = set()
        self.hosts = {f"127.0.0.1:{port}", f"localhost:{port}"}
        self.origins = {f"http://{host}" for host in self.hosts}
        self.cookie = f"cisim-{port}"

    def invite(self) -> str:
        """Return a new token, for one use."""
        token = secrets.token_urlsafe(24)
        self.invited.add(token)
        return token

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Pass a request on, or refuse it."""
        kind = scope["type"]
        if kind == "lifespan":
            await self.app(scope, receive, send)
        elif kind == "websocket":
            if self._at_home(scope, asks_for_origin=True) and self._has_cookie(scope):
                await self.app(scope, receive, send)
            else:
                await receive()
                await send({"type": "websocket.close", "code": 1008})
        elif not self._at_home(scope, asks_for_origin=scope["method"] not in ("GET", "HEAD")):
            await self._refuse(send)
        elif not scope["path"].isprintable():
            await _answer(send, 404, list(_PROTECTED), b"")
        elif self._has_cookie(scope):
            if _token(scope) is not None:
                self._use(scope)
                await _answer(send, 303, [(b"location", _place(scope).encode()), *_PROTECTED], b"")
            elif _is_unfinished(scope):
                await _answer(send, 400, list(_PROTECTED), b"")
            else:
                await self._serve(scope, receive, send)
        elif scope["method"] == "GET" and self._use(scope):
            await self._admit(scope, send)
        else:
            await self._refuse(send, again=_comes_from_elsewhere(scope))

    # who asks ----------------------------------------------------------------------------------

    def _at_home(self, scope: Scope, asks_for_origin: bool) -> bool:
        hosts, origins = _header(scope, b"host"), _header(scope, b"origin")
        if len(hosts) != 1 or hosts[0] not in self.hosts or len(origins) > 1:
            return False
        return origins[0] in self.origins if origins else not asks_for_origin

    def _has_cookie(self, scope: Scope) -> bool:
        for line in _header(scope, b"cookie"):
            try:
                found = SimpleCookie(line).get(self.cookie)
            except CookieError:
                continue
            if found is not None and _same(found.value, self.key):
                return True
        return False

    def _use(self, scope: Scope) -> bool:
        """Return whether the address has a token that was not used yet; now it is."""
        given = _token(scope)
        token = next((one for one in self.invited if given and _same(given, one)), None)
        if token is None:
            return False
        self.invited.discard(token)
        self.used(token)
        return True

    # answers -----------------------------------------------------------------------------------

    async def _admit(self, scope: Scope, send: Send) -> None:
        """Set the cookie and lead to the page, to the same address without the token.

        A page leads there, no redirect: the cookie is not sent on a way that began elsewhere.
        """
        there = _place(scope)
        value = f"{self.cookie}={self.key}; Path=/; HttpOnly; SameSite=Strict"
        headers = [(b"content-type", b"text/html; charset=utf-8"), (b"set-cookie", value.encode())]
        page = (
            f'<!doctype html><html lang="en"><meta charset="utf-8"><title>cisim</title>'
            f"<script>location.replace({_script(there)})</script><noscript>"
            f'<meta http-equiv="refresh" content="0;url={html.escape(there)}"></noscript></html>'
        )
        await _answer(send, 200, [*headers, *_PROTECTED], page.encode())

    async def _refuse(self, send: Send, again: bool = False) -> None:
        """Say who is let in; with `again` the browser asks once more, from here."""
        title, sentence = (html.escape(part) for part in self.say)
        script = "<script>location.replace(location.href)</script>" if again else ""
        page = (
            f'<!doctype html><html lang="en"><meta charset="utf-8"><title>{title}</title>{script}'
            f'<body style="font:18px/1.5 system-ui;max-width:40em;margin:4em auto;padding:0 1em">'
            f"<main><h1>{title}</h1><p>{sentence}</p></main></body></html>"
        )
        kind = (b"content-type", b"text/html; charset=utf-8")
        await _answer(send, 403, [kind, *_PROTECTED], page.encode())

    async def _serve(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Pass on; what comes back gets headers that keep it in, and HTML its dress."""
        begun: dict[str, Any] = {}
        body = bytearray()

        async def dressed(message: Any) -> None:
            if message["type"] == "http.response.start":
                message["headers"] = [*message.get("headers", []), *_PROTECTED]
                if _is_html(message["headers"]):
                    begun.update(message)
                    return
            elif begun and message["type"] == "http.response.body":
                body.extend(message.get("body", b""))
                if message.get("more_body"):
                    return
                query = scope.get("query_string", b"").decode("latin-1")
                whole = self.dress(body.decode("utf-8"), query).encode()
                kept = [
                    pair for pair in begun["headers"]
                    if pair[0].lower() not in (b"content-length", b"etag")
                ]  # fmt: skip
                begun["headers"] = [*kept, (b"content-length", str(len(whole)).encode())]
                await send(dict(begun))
                await send({"type": "http.response.body", "body": whole})
                return
            await send(message)

        # Text that is compressed could not be dressed; on one machine it saves nothing.
        plain = [pair for pair in scope["headers"] if pair[0] != b"accept-encoding"]
        await self.app({**scope, "headers": plain}, receive, dressed)


def _header(scope: Scope, name: bytes) -> list[str]:
    return [value.decode("latin-1") for key, value in scope["headers"] if key.lower() == name]


def _query(scope: Scope) -> list[tuple[str, str]]:
    return parse_qsl(scope.get("query_string", b"").decode("latin-1"), keep_blank_values=True)


def _token(scope: Scope) -> str | None:
    return dict(_query(scope)).get(TOKEN)


def _place(scope: Scope) -> str:
    """Return where a link leads, without its token: nowhere but to this page."""
    rest = _without_token(scope) if scope["path"] == "/" else ""
    return "/" + (f"?{rest}" if rest else "")


def _script(text: str) -> str:
    """Return a text as a script within a page may write it."""
    return json.dumps(text).replace("<", "\\u003c")


def _comes_from_elsewhere(scope: Scope) -> bool:
    """Return whether a link on another site was followed: then no cookie is sent along."""
    return (
        scope["method"] == "GET"
        and _header(scope, b"sec-fetch-site") == ["cross-site"]
        and _header(scope, b"sec-fetch-mode") == ["navigate"]
    )


def _without_token(scope: Scope) -> str:
    """Return the query as it came, so that the page sees what was damaged in it."""
    given = scope.get("query_string", b"").decode("latin-1")
    kept = [part for part in given.split("&") if _name(part) != TOKEN]
    return quote("&".join(kept), safe=_AS_IT_IS, encoding="latin-1")


def _name(part: str) -> str:
    return unquote_plus(part.partition("=")[0])


def _is_unfinished(scope: Scope) -> bool:
    """Return whether a page says that it closes, and not which one it is: Solara would fail."""
    names = {name for name, _ in _query(scope)}
    return scope["path"].startswith("/_solara/api/close/") and "session_id" not in names


def _is_html(headers: Iterable[tuple[bytes, bytes]]) -> bool:
    return any(key.lower() == b"content-type" and b"text/html" in value for key, value in headers)


def _same(one: str, other: str) -> bool:
    return hmac.compare_digest(one.encode(), other.encode())


async def _answer(send: Send, status: int, headers: list[tuple[bytes, bytes]], body: bytes) -> None:
    size = (b"content-length", str(len(body)).encode())
    fresh = (b"cache-control", b"no-store")
    await send(
        {"type": "http.response.start", "status": status, "headers": [*headers, size, fresh]}
    )
    await send({"type": "http.response.body", "body": body})
