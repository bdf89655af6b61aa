"""What is made aside reaches its page, whatever went wrong with what was made before."""

from __future__ import annotations

import threading

import pytest

from cisim.show.page import background
from cisim.show.page.background import Mailbox


def test_a_letter_that_cannot_be_taken_keeps_nobody_from_the_next(
    monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    monkeypatch.setattr(background, "LINGER", 0.0)
    mailbox, taken, tried = Mailbox(), threading.Event(), threading.Event()

    def take(letter: str) -> None:
        tried.set()
        if letter == "bad":
            raise ValueError("a picture that fails")
        taken.set()

    hand = threading.Thread(target=mailbox.hand_on, args=(take,), daemon=True)
    hand.start()
    mailbox.put("bad")
    assert tried.wait(60)
    mailbox.put("good")
    assert taken.wait(60)
    mailbox.close()
    hand.join(60)
    assert not hand.is_alive()
    assert "a picture that fails" in caplog.text
