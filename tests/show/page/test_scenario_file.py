"""A file that is opened is the look it describes, or one sentence with its name."""

from __future__ import annotations

from base64 import b64encode
from contextlib import suppress
from dataclasses import fields, replace
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from cisim.model.input_error import InputError
from cisim.show.language.spoken import speaking
from cisim.show.page.address import link
from cisim.show.page.address.actions import act
from cisim.show.page.address.look import Look, branch_of, scenario_of, setting
from cisim.show.page.address.scenario_file import LARGEST, look_of, text_in, text_of
from cisim.show.page.futures.keys import cache_key
from cisim.show.page.outcomes import SHOWN
from cisim.show.page.views.explore import frame
from cisim.show.page.views.levers import board
from cisim.world.files import shipped

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
        (b"x" * (LARGEST + 1), "larger than 1,000,000 bytes"),
        ('title = "  "\nworld = "one-town"', "title: It is blank"),
        ('title = "a\\u0007b"', "title is 'a\\x07b'; allowed is text without control characters"),
        ('title = "a\u200bb"', "title is 'a\\u200bb'; allowed is text without control characters"),
        (
            HEAD + 'story = "a\\u202Eb"',
            "story is 'a\\u202eb'; allowed is text without control characters",
        ),
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
        (shipped_text("stories", "backby"), "is a story, not a scenario. Start the page with it:"),
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
    assert look_of(text_of(again), "x").note == scenario_of(again).note
    assert act(look, {"do": "reset"}).note == look.note


def test_a_short_name_is_kept_in_the_file_and_on_the_way() -> None:
    look = opened(HEAD + 'short = "Brief"\n')
    assert scenario_of(look).short == "Brief"
    assert 'short = "Brief"' in text_of(look)
    assert look_of(text_of(look), "again.toml").short == "Brief"
    assert scenario_of(link.read(link.write(look))[0]).short == "Brief"
    started = Look(scenario="same-total")
    assert scenario_of(started).short
    assert look_of(text_of(started), "a.toml").short == scenario_of(started).short
    assert not scenario_of(Look(scenario="same-total", title="Another")).short


def test_a_saved_file_has_the_name_of_what_is_in_it() -> None:
    named = opened('title = "Kärkihanke & Co: 2026"\nworld = "one-town"')
    assert frame(named)["fileName"] == "karkihanke-co-2026.toml"
    nameless = opened('title = "漢字"\nworld = "one-town"')
    assert frame(nameless)["fileName"] == "mine.toml"


LEAVES = {"kind": "sponsor-leaves", "month": 36}
SET = [
    {"do": "add-event", "event": LEAVES},
    {"do": "add-event", "event": {"kind": "backbone-ends", "month": 9, "level": "regional"}},
    {"do": "branch", "event": {"kind": "reform", "month": 30}},
    {"do": "branch", "event": {**LEAVES, "region": "Town"}},
    {"do": "months", "months": 84},
    {"do": "world", "world": "one-town"},
    {"do": "seed", "seed": 5},
    {"do": "outcome", "outcome": "trust_eligible"},
    {"do": "region", "region": "Town"},
    {"do": "goal", "goal": 0.25},
    {"do": "month", "month": 40},
    {"do": "compare", "names": ["missing-sponsor", "mine"]},
    {"do": "set", "name": "regional", "value": False},
    {"do": "set", "name": "regional_fte", "value": 2},
    {"do": "set", "name": "sponsors", "value": []},
    {"do": "compare-snapshots", "names": ["Then", "Now"],
     "links": ["/?world=one-town", "/?world=one-town&set=national_fte:9&months=60"]},
]  # fmt: skip


def steps() -> list[Any]:
    """Return each thing that a visitor can set, one at a time, every lever and belief included."""
    here = scenario_of(Look())
    groups = [*board()["levers"], *board()["assumptions"]]
    controls = [one for group in groups for one in group["controls"] if one["kind"] == "number"]
    named = {one["name"]: one for one in controls if one["name"] != "regional_fte"}
    moved = []
    for name, one in named.items():
        now, least, most = setting(here, name), one["least"], one["most"]
        step = max(one["step"], 1e-3) if one["step"] >= 1 else 0.01
        value = now + step if now + step <= most and "roles" not in name else now - step
        moved.append({"do": "set", "name": name, "value": max(least, value)})
    return [*SET, *moved]


@pytest.mark.parametrize("step", steps(), ids=lambda step: step.get("name", step["do"]))
def test_a_file_keeps_all_that_the_address_keeps(step: Any) -> None:
    start = Look(view="explore", scenario="missing-sponsor", world="one-town")
    look = act(start, step)
    if step["do"] == "set" and step["name"] not in dict(look.settings):
        pytest.skip("it cannot be moved here")
    data = b64encode(text_of(look).encode()).decode()
    visitor = Look(view="explore", seed=77, outcome="load")
    again = act(visitor, {"do": "open", "name": "mine.toml", "base64": data})
    beside = ("seed", "outcome", "region", "goal", "month", "compared", "snapshots", "branch")
    assert {name: getattr(again, name) for name in beside} == {
        name: getattr(look, name) for name in beside
    }
    assert decided(again) == decided(look)
    branch = branch_of(look)
    if branch is not None:
        assert cache_key(branch_of(again), 1) == cache_key(branch, 1)  # type: ignore[arg-type]


def decided(look: Look) -> Any:
    here = scenario_of(look)
    return cache_key(here, look.seed), here.story, here.title, here.months


OF_WHO_READS = {"view", "language"}
"""What an address keeps of whoever has it open, which a file does not take to somebody else."""
OF_THE_SCENARIO = {
    "scenario", "world", "structure", "title", "short", "story", "note", "settings", "events",
    "months",
}  # fmt: skip
"""What a file says as a scenario; `decided` compares what comes of it."""
TEXT = st.text(st.characters(codec="utf-8", exclude_categories=("C", "Z")), min_size=1, max_size=9)


@st.composite
def looks(draw: st.DrawFn) -> Look:
    """Draw what a visitor can have set: one thing after another, refused ones left out."""
    start = draw(st.sampled_from(["missing-sponsor", "national-and-regional", "no-backbone"]))
    look = Look(view="explore", scenario=start, world=draw(st.sampled_from(["", "one-town"])))
    month, share = st.integers(1, 120), st.floats(0, 1)
    event = st.fixed_dictionaries(
        {"kind": st.sampled_from(["sponsor-leaves", "reform", "backbone-ends", "backbone-starts"]),
         "month": month},
        optional={"region": st.sampled_from(["Town", "OmaHäme"]), "level": st.just("regional"),
                  "fte": st.floats(0, 9), "link": share},
    )  # fmt: skip
    number = st.one_of(share, st.integers(0, 90), st.floats(0, 90))
    names = st.sampled_from([step["name"] for step in steps() if step["do"] == "set"])
    there = st.one_of(
        st.fixed_dictionaries({"do": st.just("set"), "name": names, "value": number}),
        st.fixed_dictionaries({"do": st.sampled_from(["add-event", "branch"]), "event": event}),
        st.fixed_dictionaries({"do": st.just("remove-event"), "place": st.integers(0, 3)}),
        st.fixed_dictionaries({"do": st.just("months"), "months": st.integers(12, 300)}),
        st.fixed_dictionaries({"do": st.just("month"), "month": month}),
        st.fixed_dictionaries({"do": st.just("goal"), "goal": st.floats(-1, 100)}),
        st.fixed_dictionaries({"do": st.just("seed"), "seed": st.integers(0, 2**53)}),
        st.fixed_dictionaries({"do": st.just("outcome"), "outcome": st.sampled_from(SHOWN)}),
        st.sampled_from(SET),
    )
    for step in draw(st.lists(there, min_size=1, max_size=6)):
        with suppress(InputError):
            look = act(look, step)
    texts = draw(st.dictionaries(st.sampled_from(["title", "story", "note"]), TEXT))
    return replace(look, **texts)  # type: ignore[arg-type]


@given(looks())
@settings(max_examples=60, deadline=None)
def test_a_file_and_the_address_keep_the_same_whatever_is_set(look: Look) -> None:
    linked, ignored = link.read(link.write(look).partition("?")[2])
    assert not ignored
    data = b64encode(text_of(look).encode()).decode()
    visitor = Look(view="explore", seed=77, outcome="load", months=40)
    filed = act(visitor, {"do": "open", "name": "mine.toml", "base64": data})
    for one in (linked, filed):
        assert decided(one) == decided(look)
        branches = [branch_of(each) for each in (one, look)]
        assert len({None if each is None else cache_key(each, 1) for each in branches}) == 1
        for field in fields(Look):
            if field.name not in OF_WHO_READS | OF_THE_SCENARIO:
                assert getattr(one, field.name) == getattr(look, field.name), field.name
    note, story = scenario_of(look).note, scenario_of(look).story
    assert (scenario_of(filed).note, scenario_of(filed).story) == (note, story)


def test_events_that_were_all_removed_stay_removed() -> None:
    start = act(Look(view="explore", world="one-town"), {"do": "add-event", "event": LEAVES})
    look = act(start, {"do": "remove-event", "place": 0})
    assert not scenario_of(look_of(text_of(look), "x")).events


@pytest.mark.parametrize(
    ("line", "says"),
    [
        ('branch={"kind":"reform","month":500}', "line 1: branch"),
        ("branch=nothing", "line 1: branch"),
        ("month=900", "line 1: month"),
        ("set=trust_memory:60", "line 1: set"),
        ("outcome=%ff", "line 1: outcome"),
    ],
)
def test_what_the_first_line_cannot_say_is_one_sentence(line: str, says: str) -> None:
    with pytest.raises(InputError, match=f"^my.toml: {says}"):
        opened(f"# On the page: {line}\n{HEAD}")


def test_what_a_file_is_instead_is_said_in_the_language() -> None:
    with speaking("fi"), pytest.raises(InputError, match="tämä on maailma eikä skenaario"):
        look_of(shipped_text("worlds", "one-town"), "x.toml")
