"""Phones of a room: one vote each, on one question, and nothing else within their reach."""

from __future__ import annotations

import asyncio
import http.client
import re
import threading
from collections.abc import Iterator
from datetime import date
from typing import Any

import pytest

from cisim.model.input_error import InputError
from cisim.show.language.spoken import speaking
from cisim.show.page import room as rooms
from cisim.show.page.room import Room, drawn
from cisim.show.page.server import phones, serve
from cisim.show.page.server.phones import Phones

PLACE, CODE = "192.168.1.20:4000", "abcdefghjk"
LINK = f"http://{PLACE}/{CODE}"


def ask(app: Phones, method: str = "GET", path: str = f"/{CODE}", **more: Any) -> tuple[int, str]:
    """Return status and body of a request of a phone."""
    headers = {"host": PLACE, "origin": f"http://{PLACE}", **more.get("headers", {})}
    scope = {
        "type": more.get("kind", "http"), "method": method, "path": path,
        "client": (more.get("phone", "192.168.1.31"), 5555),
        "headers": [(k.encode(), v.encode()) for k, v in headers.items() if v is not None],
    }  # fmt: skip
    sent: list[Any] = []

    async def receive() -> Any:
        return {"type": "http.request", "body": more.get("body", b"")}

    async def send(message: Any) -> None:
        sent.append(message)

    asyncio.run(app(scope, receive, send))
    return sent[0].get("status", sent[0].get("code")), sent[-1].get("body", b"").decode()


def vote(app: Phones, choice: str, question: int = 1, **more: Any) -> int:
    return ask(app, "POST", body=f"question={question}&choice={choice}".encode(), **more)[0]


@pytest.fixture
def app() -> Phones:
    return Phones(Room(LINK), PLACE, CODE)


def test_a_phone_has_one_vote_and_may_change_it_until_the_vote_is_closed(app: Phones) -> None:
    app.room.ask("What happens to trust?")
    assert "What happens to trust?" in ask(app)[1]
    assert vote(app, "up") == 303
    assert 'value="up" aria-pressed="true"' in ask(app)[1]
    vote(app, "down")
    vote(app, "down", phone="192.168.1.32")
    assert app.room.counts.votes == {"up": 0, "same": 0, "down": 2}
    app.room.close()
    vote(app, "up")
    assert app.room.counts.votes == {"up": 0, "same": 0, "down": 2}
    assert "<button" not in ask(app)[1]


def test_a_vote_on_the_question_before_does_not_count(app: Phones) -> None:
    app.room.ask("One")
    vote(app, "up")
    app.room.ask("Another")
    assert app.room.counts.total == 0
    vote(app, "up", question=1)
    vote(app, "sideways", question=2)
    assert app.room.counts.total == 0
    assert "One" not in ask(app)[1]


def test_without_the_link_nothing_is_there(app: Phones) -> None:
    app.room.ask("One")
    for path in ("/", "/abcdefghjx", f"/{CODE}/", f"/{CODE}/../", "/jupyter", "/_solara/api"):
        assert ask(app, path=path) == (404, "")
    for host in ("127.0.0.1:4000", "localhost:4000", "evil.example", None):
        assert ask(app, headers={"host": host}) == (404, "")
    for origin in ("http://evil.example", "null", None):
        assert vote(app, "up", headers={"origin": origin}) == 403
    for method in ("PUT", "DELETE", "OPTIONS"):
        assert ask(app, method)[0] == 405
    assert ask(app, kind="websocket")[0] == 1008
    assert app.room.counts.total == 0


@pytest.mark.parametrize(
    "body",
    [b"", b"choice=up", b"question=1", b"question=-1&choice=up", b"question=1e9&choice=up",
     b"\xff\xfe", b"&".join([b"a=1"] * 40), b"question=" + b"9" * 150 + b"&choice=up"],
)  # fmt: skip
def test_what_is_no_vote_counts_for_nothing(app: Phones, body: bytes) -> None:
    app.room.ask("One")
    assert ask(app, "POST", body=body)[0] == 303
    assert app.room.counts.total == 0


def test_a_large_vote_and_too_many_requests_are_refused(
    app: Phones, monkeypatch: pytest.MonkeyPatch
) -> None:
    app.room.ask("One")
    assert ask(app, "POST", body=b"x" * (phones.MOST_BODY + 1))[0] == 413
    for _ in range(phones.MOST_REQUESTS - 1):
        assert ask(app)[0] == 200
    assert ask(app)[0] == 429
    assert ask(app, phone="192.168.1.99")[0] == 200
    monkeypatch.setattr(phones, "MOST_KNOWN", 3)
    for number in range(9):
        ask(app, phone=f"192.168.1.{number}")
    assert len(app._asked) == 3
    monkeypatch.setattr(rooms, "MOST_PHONES", 2)
    for number in range(50, 55):
        vote(app, "same", phone=f"192.168.1.{number}")
    assert app.room.counts.total == 2


def test_a_question_is_asked_in_the_language_of_the_one_who_asks(app: Phones) -> None:
    with speaking("fi"):
        app.room.ask("<b>Luottamus & tulos</b>")
    page = ask(app)[1]
    assert '<html lang="fi">' in page
    assert "Se nousee" in page
    assert "&lt;b&gt;Luottamus &amp; tulos&lt;/b&gt;" in page
    assert "<script" not in page


@pytest.mark.parametrize("question", ["", "   ", "x" * 301])
def test_a_question_has_words(app: Phones, question: str) -> None:
    with pytest.raises(InputError, match=r"The question has .* allowed is 1 to 300\."):
        app.room.ask(question)


def test_who_listens_hears_of_each_vote_until_they_leave(app: Phones) -> None:
    heard: list[int] = []
    leave = app.room.listen(lambda counts: heard.append(counts.total))
    app.room.ask("One")
    vote(app, "up")
    leave()
    vote(app, "up", phone="192.168.1.40")
    assert heard == [0, 1]


def test_votes_of_many_at_once_are_all_counted() -> None:
    here = Room(LINK)
    here.ask("One")

    def many(first: int) -> None:
        for number in range(100):
            here.vote(f"{first}.{number}", 1, "up")

    threads = [threading.Thread(target=many, args=(first,)) for first in range(4)]
    for one in threads:
        one.start()
    for one in threads:
        one.join()
    assert here.counts.total == 400


def test_a_qr_code_is_one_picture_without_an_address_elsewhere() -> None:
    svg = drawn(LINK)
    assert svg.startswith("<svg viewBox=")
    assert "width" not in svg.partition(">")[0]  # it grows to the place that it is given
    assert "http" not in svg


@pytest.fixture
def served() -> Iterator[str]:
    said: list[str] = []
    code = phones.code_of("a-key", date(2026, 11, 28))
    stop = serve.invite_phones(phones.listen("127.0.0.1"), code, said.append)
    here = rooms.room()
    assert here is not None
    assert here.link in said[0]
    yield here.link
    stop()
    rooms.close_room()


def test_phones_find_a_page_that_was_started_again_on_the_same_day(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    today, tomorrow = date(2026, 11, 28), date(2026, 11, 29)
    code = phones.code_of("a-key", today)
    assert re.fullmatch("[a-z2-9]{10}", code)
    assert phones.code_of("a-key", today) == code
    others = {phones.code_of("a-key", tomorrow), phones.code_of("another", today)}
    assert len(others - {code}) == 2
    with phones.listen("127.0.0.1") as there:
        free = there.getsockname()[1]
    monkeypatch.setattr(phones, "PORT", free)
    with phones.listen("127.0.0.1") as once:
        assert once.getsockname()[1] == free
        with phones.listen("127.0.0.1") as beside:
            assert beside.getsockname()[1] != free
    with phones.listen("127.0.0.1") as again:
        assert again.getsockname()[1] == free


def test_a_phone_votes_over_the_network(served: str) -> None:
    here = rooms.room()
    assert here is not None
    here.ask("One")
    place, _, code = served.removeprefix("http://").partition("/")
    for _ in range(100):
        phone = http.client.HTTPConnection(place, timeout=10)
        try:
            phone.request("GET", f"/{code}")
            break
        except ConnectionRefusedError:
            continue
    answer = phone.getresponse()
    assert answer.status == 200
    policy = answer.headers["content-security-policy"]
    assert policy.startswith("default-src 'none'")
    assert answer.headers["cache-control"] == "no-store"
    assert b"One" in answer.read()
    headers = {"origin": f"http://{place}", "content-type": "application/x-www-form-urlencoded"}
    phone.request("POST", f"/{code}", "question=1&choice=same", headers)
    answer = phone.getresponse()
    assert (answer.status, answer.read()) == (303, b"")
    assert here.counts.votes["same"] == 1
    phone.request(
        "POST", f"/{code}", "question=1&choice=up", {**headers, "x-forwarded-for": "192.168.1.77"}
    )
    phone.getresponse().read()
    assert here.counts.votes == {"up": 1, "same": 0, "down": 0}


@pytest.mark.slow
@pytest.mark.browser
def test_two_phones_vote_in_a_browser_and_by_hand(browser: Any, served: str) -> None:
    here = rooms.room()
    assert here is not None
    window = browser.new_context(viewport={"width": 390, "height": 780}, is_mobile=True)
    page = window.new_page()
    faults: list[str] = []
    page.on("response", lambda one: one.status >= 400 and faults.append(f"{one.status} {one.url}"))
    page.goto(served)
    assert "The question comes soon" in page.inner_text("main")
    here.ask("What happens to trust?")
    page.locator("h1", has_text="What happens to trust?").wait_for()  # without a touch
    for words, votes in (("It rises", (1, 0)), ("It falls", (0, 1))):
        page.get_by_role("button", name=words).click()
        page.locator("button[aria-pressed=true]", has_text=words).wait_for()
        assert (here.counts.votes["up"], here.counts.votes["down"]) == votes
    assert page.evaluate("document.documentElement.scrollWidth") <= 390
    place, _, code = served.removeprefix("http://").partition("/")
    other = http.client.HTTPConnection(place, timeout=10, source_address=("127.0.0.2", 0))
    other.request("POST", f"/{code}", "question=1&choice=up", {"origin": f"http://{place}"})
    assert other.getresponse().status == 303
    assert here.close().votes == {"up": 1, "same": 0, "down": 1}
    page.get_by_text("The vote is closed").wait_for()
    assert not faults
    window.close()


def test_an_address_that_is_not_this_machines_is_one_sentence() -> None:
    with pytest.raises(InputError, match=r"--room: 203\.0\.113\.9 cannot be used"):
        phones.listen("203.0.113.9")


def test_without_a_network_it_says_what_to_type(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(phones, "NOWHERE", ("127.0.0.1", 9))
    with pytest.raises(InputError, match=r"on no local network.*--room-at"):
        phones.own_address()


def test_a_page_without_a_room_has_none() -> None:
    assert rooms.room() is None
