"""A file that is opened is the look it describes, or one sentence with its name."""

from __future__ import annotations

from base64 import b64encode
from typing import Any

import pytest

from cisim.model.input_error import InputError
from cisim.show.page.address import link
from cisim.show.page.address.actions import act
from cisim.show.page.address.look import Look, scenario_of
from cisim.show.page.address.scenario_file import look_of, text_in, text_of
from cisim.show.page.views.explore import frame
from cisim.world.files import LARGEST_FILE, shipped

HEAD = 'title = "x"\nworld = "one-town"\n'


def opened(given: str | bytes, **more: Any) -> Look:
    data = given.encode() if isinstance(given, str) else given
    message = {"do": "open", "name": "my.toml", "base64": b64encode(data).decode(), **more}
    return act(Look(view="explore", seed=7), message)


def shipped_text(kind: Any, name: str) -> str:
    return shipped(kind)[name].read_text(encoding="utf-8")


@pytest.mark.parametrize(
    ("given", "says"),
    [
        ("", "is empty"),
        (b"\0" * 900_000, "is not TOML"),
        ('title = "Hyvinkää"'.encode("latin-1"), "byte 15 is not UTF-8 text; save it as UTF-8"),
        (HEAD.encode("utf-16"), "byte 0 is not UTF-8"),
        (b"x" * (LARGEST_FILE + 1), "larger than 1,000,000 bytes"),
        ('title = "  "\nworld = "one-town"', "title: It is blank"),
        ('title = "a\\u0007b"', "title: It has characters that nobody can see"),
        ('title = "a\u200bb"', "title: It has characters that nobody can see"),
        (HEAD + 'story = "a\\u202Eb"', "story: It has characters that nobody can see"),
        (HEAD + f'story = "{"s" * 1500}"', "story: It has 1,500 characters"),
        (HEAD + f'note = "{"s" * 1500}"', "note: It has 1,500 characters"),
        (HEAD + 'title = "y"\n', "title is set a second time in line 3"),
        (HEAD + "[parameters]\ntrust_memory = 1979-05-27", "trust_memory is 1979-05-27; allowed"),
        (HEAD + f"[parameters]\ntrust_memory = 1{'0' * 400}", "parameters.trust_memory is 1000"),
        (HEAD + "[structure_changes.national_roles]\nfutures = 0.9", "add up to 1.7"),
        (HEAD + "[structure_changes.national_roles]\nfuture = 0.1", "Did you mean futures"),
        (HEAD + "[structure_changes]\nnational_fte = -1", "structure_changes.national_fte is -1"),
        (HEAD + '[structure_changes]\ntitle = "x"', "structure_changes.title: It is not known"),
        (HEAD + '[[events]]\nkind = "election"\nmonth = 3\n' * 395, "more than a link"),
        (HEAD + '[[events]]\nkind = "election"\nmonth = 3\n' * 450, "more than a link"),
        (shipped_text("worlds", "one-town"), "is a world, not a scenario"),
        (shipped_text("structures", "regional"), "is a structure, not a scenario"),
    ],
)
def test_a_wrong_file_gets_a_sentence_with_its_name(given: str | bytes, says: str) -> None:
    with pytest.raises(InputError) as error:
        opened(given)
    said = str(error.value)
    assert said.startswith("my.toml: ")
    assert says in said
    assert said.count("my.toml") == 1
    assert said.isprintable()
    assert "datetime" not in said


def test_bytes_that_a_browser_could_not_read_are_said() -> None:
    for wrong in (None, "no base64!"):
        with pytest.raises(InputError, match=r"my.toml: the browser could not read it"):
            text_in(wrong, "my.toml")


def test_a_mark_at_the_start_and_lines_of_windows_are_no_fault() -> None:
    look = opened(b"\xef\xbb\xbf" + HEAD.replace("\n", "\r\n").encode())
    assert (look.title, look.world, look.seed) == ("x", "one-town", 7)


@pytest.mark.parametrize("order", ["bridge = 0.0\nfutures = 0.4", "futures = 0.4\nbridge = 0.0"])
def test_shares_are_opened_together(order: str) -> None:
    look = opened(f'{HEAD}structure = "national"\n[structure_changes.national_roles]\n{order}')
    assert dict(look.settings) == {"national_roles.bridge": 0, "national_roles.futures": 0.4}
    assert link.read(link.write(look).partition("?")[2]) == (look, [])


def test_a_note_is_kept_on_the_way() -> None:
    look = opened(HEAD + 'note = "Do not quote these numbers."')
    again, ignored = link.read(link.write(look).partition("?")[2])
    assert not ignored
    assert scenario_of(again).note == "Do not quote these numbers."
    assert look_of(text_of(scenario_of(again)), "x").note == scenario_of(again).note
    assert act(look, {"do": "reset"}).note == look.note


def test_a_saved_file_has_the_name_of_what_is_in_it() -> None:
    named = opened('title = "Kärkihanke & Co: 2026"\nworld = "one-town"')
    assert frame(named)["fileName"] == "karkihanke-co-2026.toml"
    nameless = opened('title = "漢字"\nworld = "one-town"')
    assert frame(nameless)["fileName"] == "mine.toml"
