"""The page starts on the loopback only, or says what is missing and what to type."""

from __future__ import annotations

import asyncio
import os
import socket
import stat
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest

from cisim.model import cache
from cisim.model.input_error import InputError
from cisim.show.language.facts import in_language
from cisim.show.language.spoken import speaking
from cisim.show.language.texts import say
from cisim.show.page.futures import first_pictures, prepare
from cisim.show.page.futures.engine import Engine, News
from cisim.show.page.server import connection, key, serve


def test_a_missing_package_is_named_with_the_line_to_type(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(serve, "PACKAGES", ("no_such_package",))
    with pytest.raises(InputError, match=r"no_such_package.*pip install 'cisim\[page\]'"):
        serve.check_installed()


def test_a_missing_asset_is_named_with_the_line_to_type(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(serve, "PACKAGES", ())
    monkeypatch.setattr(serve, "asset_folder", lambda: tmp_path)
    with pytest.raises(InputError, match=r"solara-assets.*pip install 'cisim\[page\]'"):
        serve.check_installed()


def test_it_listens_on_the_loopback_only() -> None:
    listening = serve._listen(0)
    try:
        assert listening.getsockname()[0] == "127.0.0.1"
    finally:
        listening.close()


def test_a_port_that_is_taken_is_said_and_without_one_another_is_found(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        port = taken.getsockname()[1]
        with pytest.raises(InputError, match=f"port {port} cannot be used"):
            serve._listen(port)
        monkeypatch.setattr(serve, "PORT", port)
        other = serve._listen(None)
        assert other.getsockname()[1] != port
        other.close()


def test_two_that_start_at_once_do_not_share_a_port() -> None:
    first = serve._listen(0)
    try:
        with pytest.raises(InputError, match="cannot be used"):
            serve._listen(first.getsockname()[1])
    finally:
        first.close()


def test_a_port_that_is_none_is_refused() -> None:
    with pytest.raises(InputError, match="port 70000 cannot be used"):
        serve._listen(70_000)


def test_nothing_is_ever_fetched() -> None:
    with pytest.raises(FileNotFoundError):
        serve._never("https://example.org/x.js")


# what lets in -------------------------------------------------------------------------------


@pytest.fixture
def state(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setattr(key, "folder", lambda: tmp_path / "state")
    return tmp_path / "state"


def test_the_key_outlasts_the_server_and_only_its_user_reads_it(state: Path) -> None:
    old = os.umask(0)
    try:
        first = key.kept_key()
    finally:
        os.umask(old)
    assert key.kept_key() == first
    assert len(first) >= 43
    assert stat.S_IMODE((state / "page.key").stat().st_mode) == 0o600
    assert stat.S_IMODE(state.stat().st_mode) == 0o700


@pytest.mark.parametrize("spoiled", ["read by others", "cut short", "not text"])
def test_a_key_that_is_no_secret_any_more_is_replaced(state: Path, spoiled: str) -> None:
    first, path = key.kept_key(), state / "page.key"
    if spoiled == "read by others":
        path.chmod(0o640)
    else:
        path.write_bytes(b"short" if spoiled == "cut short" else b"\xff" * 60)
    assert key.kept_key() != first
    assert stat.S_IMODE(path.stat().st_mode) == 0o600


def test_a_key_that_cannot_be_kept_is_new_at_each_start(state: Path) -> None:
    state.write_text("in the way of the folder")
    assert key.kept_key() != key.kept_key()


class Stopped(Exception):
    pass


def started(monkeypatch: pytest.MonkeyPatch, port: int | None, **given: Any) -> list[str]:
    """Return what a server says that is started and stopped at once."""
    import uvicorn

    said: list[str] = []

    async def nothing(*_: Any, **__: Any) -> None:
        return None

    def run(server: Any, sockets: Any) -> None:
        asyncio.run(server.startup(sockets))

    monkeypatch.setattr(uvicorn.Server, "startup", nothing)
    monkeypatch.setattr(uvicorn.Server, "run", run)
    monkeypatch.setattr(serve, "make_missing", lambda engine, line: None)
    monkeypatch.setattr(Engine, "begin", lambda engine, workers: None)
    serve.serve(port, say_line=said.append, **given)
    return said


def test_a_browser_is_started_with_a_file_that_only_its_user_reads(
    state: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    opened: list[tuple[str, int, str]] = []
    there = threading.Event()

    def browse(url: str) -> None:
        path = Path(url.removeprefix("file://"))
        opened.append((url, stat.S_IMODE(path.stat().st_mode), path.read_text()))
        there.set()

    class Now(threading.Thread):
        def start(self) -> None:
            self.run()

    monkeypatch.setattr(serve.webbrowser, "open", browse)
    monkeypatch.setattr(serve, "threading", SimpleNamespace(Thread=Now))
    said = started(monkeypatch, 0)
    assert there.wait(20)
    url, mode, text = opened[0]
    assert url.startswith("file:///")
    assert "token" not in url
    assert mode == 0o600
    assert "token=" in text
    on_terminal = next(line for line in said if "token=" in line).partition("token=")[2]
    assert on_terminal not in text
    assert not list(state.glob("open-*"))


def test_another_port_than_the_usual_one_is_said(
    state: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        port = taken.getsockname()[1]
        monkeypatch.setattr(serve, "PORT", port)
        said = started(monkeypatch, None, open_browser=False)
    assert said[0].startswith(f"Port {port} is in use; the page is at port ")
    asked = started(monkeypatch, 0, open_browser=False)
    assert not any("in use" in line for line in asked)


def test_what_to_type_starts_the_page_as_it_was(monkeypatch: pytest.MonkeyPatch) -> None:
    assert serve.command(serve.PORT) == "cisim ui"
    monkeypatch.setattr(serve, "usual", lambda: "fi")
    typed = serve.command(8877, "", "our own.toml", "results")
    assert typed == (
        "cisim ui --room --port 8877 --story 'our own.toml' --studies results --language fi"
    )
    assert serve.command(8877, "10.0.0.2").startswith("cisim ui --room --port 8877 --room-at 10.")


# requests that never end --------------------------------------------------------------------


@contextmanager
def listening() -> Iterator[int]:
    """Serve one plain answer from another thread; give the port."""
    import uvicorn

    async def answer(scope: Any, receive: Any, send: Any) -> None:
        if scope["type"] == "http":
            while (await receive()).get("more_body"):
                pass
            await send({"type": "http.response.start", "status": 200, "headers": []})
            await send({"type": "http.response.body", "body": b"whole"})

    config = uvicorn.Config(answer, log_level="error", http=connection.Connection, lifespan="off")
    server = uvicorn.Server(config)
    here = serve._listen(0)
    thread = threading.Thread(target=server.run, args=([here],), daemon=True)
    thread.start()
    try:
        yield here.getsockname()[1]
    finally:
        server.should_exit = True
        thread.join(20)


@pytest.mark.parametrize(
    "half",
    [
        b"",
        b"GET / HTTP/1.1\r\nHost: x\r\n",
        b"POST / HTTP/1.1\r\nHost: x\r\nContent-Length: 9\r\n\r\nabc",
        b"GET / HTTP/1.1\r\nHost: x\r\n\r\nGET / HTTP/1.1\r\n",
    ],
)
def test_a_request_that_is_not_whole_in_time_is_closed(
    half: bytes, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(connection, "PATIENCE", 0.2)
    with listening() as port, socket.create_connection(("127.0.0.1", port), timeout=60) as asking:
        asking.sendall(half)
        answered = b""
        while piece := asking.recv(1000):
            answered += piece
        assert answered.count(b"whole") == half.count(b"\r\n\r\nGET")


def test_a_request_that_comes_in_pieces_is_answered() -> None:
    with listening() as port, socket.create_connection(("127.0.0.1", port), timeout=60) as asking:
        for piece in (b"GET / HT", b"TP/1.1\r\nHost: x\r\nConnection: close\r", b"\n\r\n"):
            asking.sendall(piece)
        answered = b""
        while more := asking.recv(1000):
            answered += more
    assert b"whole" in answered


# the first start ----------------------------------------------------------------------------


def test_what_is_prepared_is_said_and_counted(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    class Asked(Engine):
        def ask(self, scenarios: Any, seed: Any, asked: Any = 0, tell: Any = None, **_: Any) -> Any:
            tell(News((), 8, 20, False))
            tell(News((), 20, 20, True))

    monkeypatch.setattr(first_pictures, "folder", lambda: tmp_path / "page-x")
    said: list[str] = []
    assert prepare.make_missing(Asked(), said.append).is_set()
    many = len(first_pictures.scenarios())
    title = first_pictures.scenarios()[-1].title
    assert f"first futures of {many} scenarios" in said[-many - 1]
    assert said[-1] == f"{many} of {many} ready: {title}."
    monkeypatch.setattr(prepare, "load", lambda key, scenario: scenario)
    assert prepare.make_missing(Asked(), said.append).is_set()
    assert said[-1].startswith(f"{many} of {many} ready")


def test_that_the_model_is_compiled_first_is_said(monkeypatch: pytest.MonkeyPatch) -> None:
    class Asked(Engine):
        def ask(self, *_: Any, **__: Any) -> Any:
            return None

    monkeypatch.setattr(prepare, "load", lambda key, scenario: None)
    monkeypatch.setattr(prepare, "forget_old", lambda: None)
    for there, sentence in ((False, "Compiling the model"), (True, "Preparing")):
        said: list[str] = []
        monkeypatch.setattr(cache, "_told", False)
        monkeypatch.setattr(prepare, "is_compiled", lambda there=there: there)
        assert not prepare.make_missing(Asked(), said.append).is_set()
        assert said[0].startswith(sentence)
        assert cache._told != there, "who compiles says it no second time, in English"


def test_what_is_prepared_is_said_in_the_language_that_is_asked_for(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    class Asked(Engine):
        def ask(self, scenarios: Any, seed: Any, asked: Any = 0, tell: Any = None, **_: Any) -> Any:
            tell(News((), 20, 20, True))

    monkeypatch.setattr(first_pictures, "folder", lambda: tmp_path / "page-x")
    monkeypatch.setattr(prepare, "is_compiled", lambda: False)
    for code in ("fi", "sv"):
        monkeypatch.setattr(cache, "_told", False)
        said: list[str] = []
        with speaking(code):
            prepare.make_missing(Asked(), said.append)
            here = first_pictures.scenarios()[-1]
            assert said[0] == f"{say('status.compiling')} ..."
            assert in_language(here).title in said[-1]
        assert here.title not in said[-1]
