"""A connection that does not say what it wants is closed.

uvicorn closes one that is idle after an answer, and waits for ever for the rest of a request.
"""

from __future__ import annotations

import asyncio
from typing import Any

from uvicorn.protocols.http.h11_impl import H11Protocol

PATIENCE = 10.0
"""Seconds for a whole request, from the connection or from the answer before it."""


class Connection(H11Protocol):
    """Reads requests, each of which has to be whole in time."""

    _ends: asyncio.TimerHandle | None = None

    def connection_made(self, transport: asyncio.Transport) -> None:  # type: ignore[override]
        """Begin to wait for a request."""
        super().connection_made(transport)
        self._wait()

    def connection_lost(self, exc: Exception | None) -> None:
        """Wait no more."""
        self._rest()
        super().connection_lost(exc)

    def data_received(self, data: bytes) -> None:
        """Wait for the rest of a request, or no more once it is whole."""
        super().data_received(data)
        if not self._is_half_open():
            self._rest()
        elif self._ends is None:
            self._wait()

    def on_response_complete(self) -> None:
        """Begin to wait for the next request."""
        super().on_response_complete()
        self._rest()
        self._wait()

    def _is_half_open(self) -> bool:
        """Return whether a request is not there, or not all of it."""
        cycle: Any = self.cycle
        return cycle is None or cycle.response_complete or bool(cycle.more_body)

    def _wait(self) -> None:
        self._ends = self.loop.call_later(PATIENCE, self._close_half_open)

    def _rest(self) -> None:
        if self._ends is not None:
            self._ends.cancel()
            self._ends = None

    def _close_half_open(self) -> None:
        self._ends = None
        mine = self.transport.get_protocol() is self  # not of a websocket by now
        if mine and self._is_half_open() and not self.transport.is_closing():
            self.transport.close()
