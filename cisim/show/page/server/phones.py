"""Where phones vote: a page with nothing but the question, on the local network, by a link.

It is served at an address and port of its own, by an application that knows nothing else: no page
of cisim, no file, no scenario is behind it. It takes one short form, from its own page only.
"""

from __future__ import annotations

import hmac
import html
import os
import socket
import threading
import time
from collections import OrderedDict
from collections.abc import Callable
from datetime import date
from typing import Any
from urllib.parse import parse_qs

from cisim.model.input_error import InputError
from cisim.show.language.spoken import speaking, usual
from cisim.show.page.room import Counts, Room
from cisim.show.page.server.guard import Receive, Scope, Send
from cisim.show.page.words import say

MOST_BODY = 200
"""Bytes of a vote."""
EVERY, MOST_REQUESTS, MOST_OF_ALL = 10.0, 30, 3_000
"""In so many seconds at most so many requests of one phone, and of all."""
MOST_KNOWN = 2_000
"""Addresses whose requests are counted."""
MOST_AT_ONCE, MOST_HEAD = 300, 8_192
"""Connections that are open at once, and bytes of what stands before a vote."""
AGAIN = 5
"""Seconds after which a phone looks whether there is another question."""
PORT = 8780
"""Where phones vote, so that they find a page that was started again."""
NOWHERE = ("192.0.2.1", 9)
"""An address that is kept for documents: nothing is sent to it, a route is only looked up."""

_HEADERS = [
    (b"content-type", b"text/html; charset=utf-8"),
    (b"cache-control", b"no-store"),
    (b"referrer-policy", b"same-origin"),
    (b"x-content-type-options", b"nosniff"),
    (b"x-frame-options", b"DENY"),
    (
        b"content-security-policy",
        (
            b"default-src 'none'; style-src 'unsafe-inline'; form-action 'self'; "
            b"base-uri 'none'; frame-ancestors 'none'"
        ),
    ),
]
_STYLE = (
    ":root{color-scheme:light dark}body{font:20px/1.45 system-ui,sans-serif;max-width:32em;"
    "margin:8vh auto;padding:0 1em;overflow-wrap:anywhere;hyphens:auto}h1{font-size:1.3em}"
    "form{display:grid;gap:.7em}"
    "button{font:inherit;padding:1em;border:2px solid currentColor;border-radius:.5em;"
    "background:none;color:inherit;text-align:left}button[aria-pressed=true]{font-weight:700;"
    "border-width:4px}"
)


class Phones:
    """An ASGI application: the question of a room, and the votes of phones.

    place : host and port under which it is reached, as a browser writes them
    code  : the path of its one page; who does not know it finds nothing
    """

    def __init__(self, room: Room, place: str, code: str) -> None:
        self.room, self.place, self.path = room, place, f"/{code}"
        self._asked: OrderedDict[str, list[float]] = OrderedDict()
        self._all: list[float] = []

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer a request."""
        if scope["type"] == "websocket":
            await receive()
            await send({"type": "websocket.close", "code": 1008})
            return
        phone = str((scope.get("client") or ("",))[0])
        method, headers = scope["method"], _headers(scope)
        if not phone or self._too_often(phone):
            await _answer(send, 429)
        elif headers.get("host") != self.place or scope["path"] != self.path:
            await _answer(send, 404)
        elif method in ("GET", "HEAD"):
            await _answer(send, 200, self._page(phone))
        elif method != "POST":
            await _answer(send, 405)
        elif headers.get("origin") != f"http://{self.place}":
            await _answer(send, 403)
        else:
            body = await _body(receive)
            if body is None:
                await _answer(send, 413)
                return
            number, choice = _vote(body)
            self.room.vote(phone, number, choice)
            await _answer(send, 303, extra=[(b"location", self.path.encode())])

    def _too_often(self, phone: str) -> bool:
        """Note a request; return whether there were too many of late."""
        now = time.monotonic()
        self._all = [one for one in self._all if now - one < EVERY]
        mine = [one for one in self._asked.pop(phone, []) if now - one < EVERY]
        if len(mine) < MOST_REQUESTS and len(self._all) < MOST_OF_ALL:
            mine.append(now)
            self._all.append(now)
            refused = False
        else:
            refused = True
        self._asked[phone] = mine
        while len(self._asked) > MOST_KNOWN:
            self._asked.popitem(last=False)
        return refused

    def _page(self, phone: str) -> str:
        counts = self.room.counts
        with speaking(counts.language or usual()):
            return _document(counts, self.room.voted(phone))


def _document(counts: Counts, chosen: str) -> str:
    """Return the page of a phone."""
    title = html.escape(say("room.phone_title"))
    if not counts.is_open:
        words = html.escape(say("room.closed" if counts.number else "room.waiting"))
        inside = f"<h1>{title}</h1><p>{words}</p>"
    else:
        buttons = "".join(
            f'<button name="choice" value="{html.escape(name)}" '
            f'aria-pressed="{"true" if name == chosen else "false"}">{html.escape(words)}</button>'
            for name, words in counts.choices.items()
        )
        said = html.escape(say("room.voted" if chosen else "room.vote"))
        inside = (
            f"<h1>{html.escape(counts.question)}</h1><p role=status>{said}</p>"
            f'<form method="post"><input type="hidden" name="question" value="{counts.number}">'
            f"{buttons}</form>"
        )
    refresh = "" if counts.is_open and not chosen else _REFRESH
    return (
        f'<!doctype html><html lang="{counts.language or usual()}"><meta charset="utf-8">'
        f'<meta name="viewport" content="width=device-width,initial-scale=1">{refresh}'
        f"<title>{title}</title><style>{_STYLE}</style><main>{inside}</main></html>"
    )


_REFRESH = f'<meta http-equiv="refresh" content="{AGAIN}">'


def code_of(key: str, day: date) -> str:
    """Return the secret part of a link: short enough to be typed, too long to be guessed.

    It is the same all day, so that phones find a page that was started again; nobody can tell it
    who has not the key of the page.
    """
    letters = "abcdefghjkmnpqrstuvwxyz23456789"  # none that looks like another
    drawn = int.from_bytes(hmac.digest(key.encode(), f"phones {day}".encode(), "sha256"), "big")
    return "".join(letters[drawn // len(letters) ** k % len(letters)] for k in range(10))


def own_address() -> str:
    """Return this machine's address on the local network.

    Raises InputError, one sentence, if it is on none.
    """
    found = ""
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as asking:
        try:
            asking.connect(NOWHERE)
            found = str(asking.getsockname()[0])
        except OSError:
            found = ""
    if not found or found.startswith("127."):
        raise InputError(say("room.no_network"))
    return found


def listen(address: str) -> socket.socket:
    """Return a socket at an address of this machine, and at no other; at PORT if that is free.

    Raises InputError, one sentence, if that is none.
    """
    for port in (PORT, 0):
        listening = socket.socket(socket.AF_INET, socket.SOCK_STREAM)
        if os.name != "nt":
            listening.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            listening.bind((address, port))
            listening.listen()
        except OSError as error:
            listening.close()
            if not port:
                reason = error.strerror or str(error)
                raise InputError(say("room.no_address", address=address, reason=reason)) from None
            continue
        return listening
    raise AssertionError("there is always a last one")


def serve_phones(room: Room, listening: socket.socket, code: str) -> Callable[[], None]:
    """Serve a room at a socket, in a thread of its own; return what stops it."""
    import uvicorn

    from cisim.show.page.server.connection import Connection

    address, port = listening.getsockname()
    config = uvicorn.Config(
        Phones(room, f"{address}:{port}", code), log_level="error", access_log=False,
        loop="asyncio", lifespan="off", ws="none", http=Connection, server_header=False,
        proxy_headers=False, timeout_graceful_shutdown=1, limit_concurrency=MOST_AT_ONCE,
        h11_max_incomplete_event_size=MOST_HEAD,
    )  # fmt: skip
    server = uvicorn.Server(config)
    serving = threading.Thread(
        target=server.run, args=([listening],), name="cisim-phones", daemon=True
    )
    serving.start()

    def stop() -> None:
        server.should_exit = True
        serving.join(3)

    return stop


def _headers(scope: Scope) -> dict[str, str]:
    """Return the headers that are there once; one that is there twice is not believed."""
    found: dict[str, list[str]] = {}
    for name, value in scope["headers"]:
        found.setdefault(name.decode("latin-1").lower(), []).append(value.decode("latin-1"))
    return {name: values[0] for name, values in found.items() if len(values) == 1}


async def _body(receive: Receive) -> bytes | None:
    """Return the body of a request; None if it is larger than any vote."""
    body = bytearray()
    while True:
        message: Any = await receive()
        if message["type"] != "http.request":
            return None
        body.extend(message.get("body", b""))
        if len(body) > MOST_BODY:
            return None
        if not message.get("more_body"):
            return bytes(body)


def _vote(body: bytes) -> tuple[int, str]:
    """Return the question and the choice that a form names; 0 and "" where it names none."""
    try:
        form = parse_qs(body.decode("latin-1"), max_num_fields=4)
    except ValueError:  # more fields than a vote has
        return 0, ""
    number = form.get("question", [""])[0]
    known = number.isascii() and number.isdigit() and len(number) < 9
    return (int(number) if known else 0), form.get("choice", [""])[0]


async def _answer(
    send: Send, status: int, page: str = "", extra: list[tuple[bytes, bytes]] | None = None
) -> None:
    body = page.encode()
    headers = [*_HEADERS, *(extra or []), (b"content-length", str(len(body)).encode())]
    await send({"type": "http.response.start", "status": status, "headers": headers})
    await send({"type": "http.response.body", "body": body})
