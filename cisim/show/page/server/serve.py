"""Start the page: on this machine only, with one link, without a word to the outside."""

from __future__ import annotations

import ctypes
import importlib.util
import os
import shlex
import socket
import sys
import threading
import warnings
import webbrowser
from collections.abc import Callable
from contextlib import suppress
from datetime import UTC, datetime
from functools import partial
from pathlib import Path

from cisim.model.input_error import InputError
from cisim.show.language.spoken import ENGLISH, usual
from cisim.show.page import shelf
from cisim.show.page.address.link import write
from cisim.show.page.address.look import Look
from cisim.show.page.futures.engine import engine
from cisim.show.page.futures.prepare import make_missing
from cisim.show.page.results_root import open_shelf
from cisim.show.page.room import close_room, open_room
from cisim.show.page.server.document import dress
from cisim.show.page.server.guard import Guard
from cisim.show.page.server.key import kept_key, opened, opening
from cisim.show.page.server.phones import code_of, listen, own_address, serve_phones
from cisim.show.page.words import say
from cisim.world.story import Story

HOST = "127.0.0.1"
PORT = 8765
_M_ARENA_MAX, _M_MMAP_THRESHOLD = -8, -3
"""glibc's names in its mallopt: of the number of arenas, and of what is large."""
_LARGE = 1_000_000
"""Bytes from which on what is freed goes back to the system at once."""
PACKAGES = ("solara", "ipyvue", "ipyvuetify", "uvicorn", "segno")
ASSETS = (
    "@widgetti/solara-vuetify-app@10.1.1/dist/solara-vuetify-app8.min.js",
    "@widgetti/solara-vuetify-app@10.1.1/dist/main8.css",
    "@widgetti/solara-vuetify-app@10.1.1/dist/fonts.css",
    "font-awesome@4.5.0/css/font-awesome.min.css",
    "requirejs@2.3.6/require.js",
)
"""What the first page loads, from solara-assets."""
_SETTINGS = {
    "SOLARA_APP": "cisim.show.page.app",
    "SOLARA_TELEMETRY_MIXPANEL_ENABLE": "false",
    "SOLARA_MODE": "production",
    "SOLARA_ASSETS_PROXY": "true",
    "SOLARA_KERNEL_CULL_TIMEOUT": "1m",  # of a tab that is closed; one that comes back loads anew
    "SOLARA_THEME_FORCE_REFRESH": "true",
    "SOLARA_THEME_SHOW_BANNER": "false",
    "SOLARA_SESSION_HTTP_ONLY": "true",
}


def serve(
    port: int | None = None,
    open_browser: bool = True,
    *,
    key: str | None = None,
    workers: int | None = None,
    say_line: Callable[[str], None] | None = None,
    room_at: str | None = None,
    story: str | None = None,
    studies: str | None = None,
) -> None:
    """Serve the page until Ctrl-C; say the link that opens it.

    port    : of this machine; None for 8765, or a free one where that is taken
    key     : what the cookie of a browser carries that was let in; None for the user's own
    workers : processes that run futures; None for all processors
    room_at : the address on the local network under which phones vote, "" for this machine's own;
              None for no room: then nothing can be reached from the network
    story   : the story that the page opens with, a shipped one's name or a file; None for none
    studies : the folder of the results that are shown, and none elsewhere; None for those that ship

    Raises InputError, with the line to type, if something that the page needs is missing.
    """
    open_shelf(studies)
    line = say_line or (lambda text: print(text, file=sys.stderr, flush=True))
    check_installed()
    begins = "" if story is None else opened_with(Story.load(story))
    with_phones = None if room_at is None else listen(room_at or own_address())
    asked, listening = port, _listen(port)
    port = int(listening.getsockname()[1])
    if asked is None and port != PORT:
        line(say("server.busy", port=PORT, other=port))

    import uvicorn

    from cisim.show.page.server.connection import Connection

    _share_memory()

    said = ""  # the token of the link on the terminal

    def link(token: str) -> str:
        return f"http://{HOST}:{port}/?token={token}{begins}"

    def say_link(words: str) -> None:
        nonlocal said
        said = guard.invite()
        line(say(words, link=link(said)))

    def used(token: str) -> None:
        if token == said:
            say_link("server.again")

    def open_it() -> None:
        # Not the link itself: others on this machine can read what a browser was started with.
        with suppress(OSError):
            webbrowser.open(opening(port, link(guard.invite())).as_uri())

    secret = key or kept_key()
    guard = application(port, secret, command(port, room_at, story, studies), used)

    class Server(uvicorn.Server):
        async def startup(self, sockets: list[socket.socket] | None = None) -> None:
            await super().startup(sockets)
            engine().begin(workers)
            say_link("server.link")
            line(say("server.stop"))
            if open_browser:
                threading.Thread(target=open_it, daemon=True).start()
            if with_phones is not None:
                invite_phones(with_phones, code_of(secret, datetime.now(UTC).date()), line)
            make_missing(engine(), line)

    config = uvicorn.Config(
        guard, log_level="error", access_log=False, loop="asyncio", timeout_graceful_shutdown=1,
        ws_max_size=4_000_000, server_header=False, http=Connection,
    )  # fmt: skip
    try:
        Server(config).run([listening])
    finally:
        close_room()
        engine().close()
        with suppress(OSError):
            opened(port).unlink(missing_ok=True)


def opened_with(story: Story) -> str:
    """Put a story on the shelf; return the part of a link that opens it."""
    shelf.put(story)
    return "&" + write(Look(view="story", told=story.name)).partition("?")[2]


def invite_phones(
    listening: socket.socket, code: str, line: Callable[[str], None]
) -> Callable[[], None]:
    """Open the room at a socket and say the link of phones; return what stops serving them."""
    address, port = listening.getsockname()
    here = open_room(f"http://{address}:{port}/{code}")
    stop = serve_phones(here, listening, code)
    line(say("room.link", link=here.link))
    return stop


def check_installed() -> None:
    """Raise InputError, with the line to type, if a package or a file of the page is missing."""
    for name in PACKAGES:
        if importlib.util.find_spec(name) is None:
            raise InputError(say("server.missing", what=name))
    folder = asset_folder()
    for name in ASSETS:
        if not (folder / name).is_file():
            raise InputError(say("server.missing", what=f"{name.split('@1')[0]} (solara-assets)"))


def asset_folder() -> Path:
    """Return the folder into which solara-assets puts its files."""
    base = os.environ.get("SOLARA_ASSETS_PROXY_CACHE_DIR")
    return Path(base) if base else Path(sys.prefix) / "share" / "solara" / "cdn"


def application(port: int, key: str, typed: str, used: Callable[[str], None]) -> Guard:
    """Return the whole page as an ASGI application behind its guard; see there.

    typed : what starts it again
    """
    os.environ.update(_SETTINGS)
    # Solara would like to be embedded in other pages; this one must not be.
    warnings.filterwarnings("ignore", "Cookies with samesite=none", UserWarning)
    import solara.server.settings
    from solara.server import cdn_helper, starlette, telemetry

    solara.server.settings.telemetry.mixpanel_enable = False
    solara.server.settings.main.base_url = f"http://{HOST}:{port}/"
    solara.server.settings.main.root_path = ""
    solara.server.settings.theme.title = say("page.title")
    telemetry.track = _nothing
    cdn_helper.fetch_from_cdn = _never
    refusal = (say("server.refused_title"), say("server.refused"))
    return Guard(starlette.app, port, key, partial(dress, command=typed), refusal, used)


def command(
    port: int, room_at: str | None = None, story: str | None = None, studies: str | None = None
) -> str:
    """Return what to type to have the page at this port as it was started, and in its language."""
    given = {
        "--port": None if port == PORT else str(port),
        "--story": story,
        "--room-at": room_at or None,
        "--studies": studies,
        "--language": None if usual() == ENGLISH else usual(),
    }
    words = ["cisim", "ui", *([] if room_at is None else ["--room"])]
    words += [word for name, value in given.items() if value is not None for word in (name, value)]
    return shlex.join(words)


def _share_memory() -> None:
    """Keep what a thread has used for the next one: a visitor has several, for hours.

    Arrow's own pool holds some 8 MB for every thread that made a table, and the C library of Linux
    an arena for each; two arenas are enough for what runs at once. It also takes for small what is
    as large as anything that was ever freed, up to 32 MB, and then keeps it: with an ensemble after
    another that is several hundred MB in an hour.
    """
    import pyarrow

    pyarrow.set_memory_pool(pyarrow.system_memory_pool())
    with suppress(OSError, AttributeError, TypeError):  # another C library
        library = ctypes.CDLL(None)
        library.mallopt(_M_ARENA_MAX, 2)
        library.mallopt(_M_MMAP_THRESHOLD, _LARGE)


def _nothing(*_: object, **__: object) -> None:
    """Tell nobody anything."""


def _never(url: str) -> bytes:
    """Fetch nothing: a file that is not on this machine is missing."""
    raise FileNotFoundError(url)


def _listen(port: int | None) -> socket.socket:
    """Return a socket that is bound to the loopback, and to nothing else.

    Raises InputError if the port is taken or is none.
    """
    wanted = [PORT, 0] if port is None else [port]
    for number in wanted:
        listening = socket.socket(socket.AF_INET, socket.SOCK_STREAM)
        if os.name != "nt":
            listening.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            listening.bind((HOST, number))
            listening.listen()  # now: two that are only bound can share a port
        except (OSError, OverflowError) as error:
            listening.close()
            if number == wanted[-1]:
                reason = getattr(error, "strerror", None) or error
                raise InputError(say("server.port", port=number, reason=reason)) from None
            continue
        return listening
    raise AssertionError("there is always a last one")
