"""What is made aside reaches its page, whatever went wrong with what was made before."""

from __future__ import annotations

import threading
from collections.abc import Callable
from typing import Any

import pytest

from cisim.model.input_error import InputError
from cisim.show.language.spoken import speaking
from cisim.show.page import background
from cisim.show.page.background import Mailbox, use_made, use_mailbox
from cisim.show.page.in_turn import in_turn


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


@pytest.fixture
def shown(monkeypatch: pytest.MonkeyPatch) -> Callable[..., Any]:
    """Return a function that shows what is made, with all that was shown of it."""
    solara = pytest.importorskip("solara")
    monkeypatch.setattr(background, "LINGER", 0.0)
    monkeypatch.setattr(background, "PATIENCE", 0.0)

    def show(make: Callable[[str], Any], *wishes: str) -> list[Any]:
        heard: list[Any] = []
        news = threading.Semaphore(0)

        @solara.component
        def Shown(wish: str) -> None:
            made = use_made(lambda: make(wish), wish)
            if made is not None and (not heard or heard[-1] is not made):
                heard.append(made)
                news.release()
            solara.Text("" if made is None else str(made))

        _, context = solara.render(Shown(wishes[0]), handle_error=False)
        for place, wish in enumerate(wishes):
            if place:
                context.render(Shown(wish))
            assert news.acquire(timeout=60)
        context.close()
        return heard

    return show


@pytest.mark.parametrize(
    ("error", "told"),
    [
        (ValueError("no picture"), "The model could not run this (ValueError: no picture)."),
        (InputError("This cannot be drawn. (cisim list outcomes)"), "This cannot be drawn."),
    ],
)
def test_what_cannot_be_made_is_told_and_what_was_made_before_stays(
    shown: Callable[..., Any], error: Exception, told: str
) -> None:
    def make(wish: str) -> str:
        if wish == "bad":
            raise error
        return f"picture of {wish}"

    with speaking("en"):
        first, second, third = shown(make, "good", "bad", "other")
    assert (first.wish, first.value, first.fault) == ("good", "picture of good", "")
    assert (second.wish, second.value) == ("bad", "picture of good")
    assert second.fault.startswith(told)
    assert (third.wish, third.value, third.fault) == ("other", "picture of other", "")


def test_two_quick_choices_both_count_while_something_from_the_background_is_drawn(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    solara = pytest.importorskip("solara")
    monkeypatch.setattr(background, "LINGER", 0.0)
    drawing, go_on = threading.Event(), threading.Event()
    there: dict[str, Any] = {}

    @solara.component
    def Counted() -> None:
        count, set_count = solara.use_state(0)
        letter, set_letter = solara.use_state("")
        there["mailbox"] = use_mailbox(set_letter)
        there["choose"] = in_turn(lambda: set_count(count + 1))
        there["count"] = count
        if letter and not go_on.is_set():
            drawing.set()
            go_on.wait(60)
        solara.Text(f"{count} {letter}")

    def choose_twice() -> None:
        for _ in range(2):
            there["choose"]()

    _, context = solara.render(Counted(), handle_error=False)
    there["mailbox"].put("a picture")
    assert drawing.wait(60)
    visitor = threading.Thread(target=choose_twice)
    visitor.start()
    visitor.join(0.5)  # done by now, or waiting for its turn
    go_on.set()
    visitor.join(60)
    assert there["count"] == 2
    context.close()
