"""The page starts on the loopback only, or says what is missing and what to type."""

from __future__ import annotations

import socket
from pathlib import Path

import pytest

from cisim.model.input_error import InputError
from cisim.show.page.server import serve
from cisim.show.page.server import serve as server


def test_a_missing_package_is_named_with_the_line_to_type(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(server, "PACKAGES", ("no_such_package",))
    with pytest.raises(InputError, match=r"no_such_package.*pip install 'cisim\[page\]'"):
        serve.check_installed()


def test_a_missing_asset_is_named_with_the_line_to_type(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(server, "PACKAGES", ())
    monkeypatch.setattr(server, "asset_folder", lambda: tmp_path)
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
        monkeypatch.setattr(server, "PORT", port)
        other = serve._listen(None)
        assert other.getsockname()[1] != port
        other.close()


def test_a_port_that_is_none_is_refused() -> None:
    with pytest.raises(InputError, match="port 70000 cannot be used"):
        serve._listen(70_000)


def test_nothing_is_ever_fetched() -> None:
    with pytest.raises(FileNotFoundError):
        server._never("https://example.org/x.js")
