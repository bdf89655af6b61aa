"""The address holds everything that is looked at, and says what it could not read."""

from __future__ import annotations

from base64 import b64encode
from typing import Any

import pytest

from cisim.model.input_error import InputError
from cisim.show.page.address import link
from cisim.show.page.address.actions import act
from cisim.show.page.address.look import Look, branch_of, compared_of, scenario_of
from cisim.show.page.address.scenario_file import look_of, text_of


def query(look: Look) -> str:
    return link.write(look).partition("?")[2]


def did(look: Look, *messages: dict[str, Any]) -> Look:
    for message in messages:
        look = act(look, message)
    return look


LEAVES = {"kind": "sponsor-leaves", "month": 60, "sponsor": "all"}
EXPLORING = Look(view="explore")


def coded(text: str) -> str:
    return b64encode(text.encode()).decode()


@pytest.mark.parametrize(
    "messages",
    [
        [],
        [{"do": "set", "name": "trust_memory", "value": 60}],
        [{"do": "set", "name": "sponsors", "value": ["health"]}],
        [{"do": "set", "name": "regional", "value": False}],
        [{"do": "set", "name": "national_roles.futures", "value": 0.1}],
        [{"do": "add-event", "event": LEAVES}, {"do": "move-event", "place": 0, "month": 24}],
        [{"do": "branch", "event": LEAVES}],
        [{"do": "world", "world": "one-town"}, {"do": "months", "months": 60}],
        [{"do": "outcome", "outcome": "member_share"}, {"do": "goal", "goal": 0.4}],
        [{"do": "region", "region": "Pirha"}, {"do": "month", "month": 12}],
        [{"do": "seed", "seed": 12}],
        [{"do": "build", "world": "one-town", "structure": "regional", "title": "A & B = ü"}],
        [{"do": "compare", "names": ["same-money", "mine"]}],
    ],
)
def test_every_look_comes_back_from_its_address(messages: list[dict[str, Any]]) -> None:
    look = did(EXPLORING, *messages)
    again, ignored = link.read(query(look))
    assert again == look
    assert not ignored


def test_the_default_has_the_shortest_address() -> None:
    assert link.write(Look()) == "/"
    assert link.read("") == link.read(None) == (Look(), [])


def test_a_setting_that_is_back_at_its_start_leaves_the_address() -> None:
    look = did(EXPLORING, {"do": "set", "name": "national_fte", "value": 9})
    assert look.settings == (("national_fte", 9.0),)
    assert did(look, {"do": "set", "name": "national_fte", "value": 4}) == EXPLORING


def test_events_that_are_taken_back_leave_the_address() -> None:
    look = did(EXPLORING, {"do": "add-event", "event": LEAVES}, {"do": "remove-event", "place": 0})
    assert look == EXPLORING


@pytest.mark.parametrize(
    ("damaged", "says"),
    [
        ("scenario=mising-sponsor", "Did you mean missing-sponsor?"),
        ("set=trust_memry:3", "Did you mean trust_memory?"),
        ("set=trust_memory:1e9", "allowed is a number from 1 to 600"),
        ("set=trust_memory:NaN", "cannot be read"),
        ("set=trust_memory:3&set=trust_memory:4", "set twice"),
        ("set=national_fte", "cannot be read"),
        ("seed=-1", "whole number"),
        ("seed=9999999999999999999999", "whole number"),
        ("month=900", "whole number"),
        ("month=130&months=120", "0 to 120"),
        ("event=%7B", "cannot be read"),
        ("event=%7B%22kind%22:%22party%22,%22month%22:3%7D", "event"),
        ("branch=%7B%22kind%22:%22election%22,%22month%22:500%7D", "allowed is 0 to 119"),
        ("outcome=welbeing_gain", "Did you mean wellbeing_gain?"),
        ("region=Uusimaa", "not known"),
        ("goal=1000", "Allowed is a number"),
        ("compare=no-backbone", "two or three"),
        ("compare=no-backbone,no-backbone", "two or three"),
        ("view=nowhere", "not known"),
        ("title=%00", "nobody can see"),
        ("title=a%E2%80%8Bb", "nobody can see"),
        ("title=%20", "blank"),
        ("world=", "blank"),
        ("title=%ff", "not UTF-8"),
        ("%ff=1", "not UTF-8"),
        ("story=" + "s" * 1001, "at most 1,000"),
        ("&".join(["a=1"] * 401), "more than 400 parts"),
        ("goal=1" + "0" * 400, "Allowed is a number"),
        ("set=trust_memory:1" + "0" * 400, "too large"),
        ("seed=0000000000000000000199", "whole number"),
        ("months=" + "0" * 20 + "9" * 5000, "whole number"),
        ("event=%7B%22kind%22:%22election%22,%22month%22:3,%22month%22:5%7D", "says 'month' twice"),
        ("set=national_roles:{}", "one by one, as in national_roles.futures:0.2"),
        ('set=national_roles:{"futures":0.1}', "one by one, as in national_roles.futures:0.2"),
        ("outcome=nothing&goal=0.4", "Its outcome was ignored"),
        ("colour=red", "not known"),
        ("version=0.0.1", "numbers may differ"),
        ("world=../../secret", "not known here"),
        ("x=" + "y" * 30_000, "longer than"),
    ],
)
def test_what_cannot_be_read_is_left_out_and_said(damaged: str, says: str) -> None:
    look, ignored = link.read(damaged)
    assert any(says in sentence for sentence in ignored), ignored
    scenario_of(look)
    if "set" not in damaged and "months" not in damaged:
        assert look == Look()


@pytest.mark.parametrize(
    ("query", "first"),
    [
        ("seed=3&seed=4", Look(seed=3)),
        ("view=about&view=explore", Look(view="about")),
        ("goal=0.2&goal=0.3", Look(goal=0.2)),
        ("month=3&month=4", Look(month=3)),
        ("outcome=member_share&outcome=wellbeing_gain", Look(outcome="member_share")),
        ("title=a&title=b", Look(title="a")),
        ("version=0.1.0&version=0.2.0", Look()),
        ("set=trust_memory:3&set=trust_memory:4", Look(settings=(("trust_memory", 3.0),))),
    ],
)
def test_of_two_the_first_counts_and_the_other_is_said(query: str, first: Look) -> None:
    look, ignored = link.read(query)
    assert look == first
    assert any("set twice" in sentence for sentence in ignored)


def test_many_faults_are_counted_and_none_breaks_a_line() -> None:
    _, ignored = link.read(
        "&".join(f"{key}=1" for key in ["%00", "%0A", *(f"x{n}" for n in range(98))])
    )
    assert len(ignored) == 9
    assert ignored[-1].startswith("92 more parts")
    assert all(sentence.isprintable() for sentence in ignored)
    _, ignored = link.read("&".join(f"x{n}=1" for n in range(9)))
    assert len(ignored) == 9
    assert not any("more parts" in sentence for sentence in ignored)


BRIDGE, FUTURES = "set=national_roles.bridge:0", "set=national_roles.futures:0.4"


@pytest.mark.parametrize("query", [f"{BRIDGE}&{FUTURES}", f"{FUTURES}&{BRIDGE}"])
def test_shares_are_read_together_in_any_order(query: str) -> None:
    look, ignored = link.read(query)
    assert not ignored
    assert dict(look.settings) == {"national_roles.bridge": 0, "national_roles.futures": 0.4}
    assert link.write(look).partition("?")[2].startswith(query)


def test_shares_that_are_changed_one_after_another_keep_their_place() -> None:
    look = EXPLORING
    for name, value in [("bridge", 0), ("knowledge", 0.1), ("futures", 0.35), ("bridge", 0.05)]:
        name = f"national_roles.{name}"
        look = did(look, {"do": "set", "name": name, "value": value})
        assert link.read(query(look)) == (look, [])
    assert [name for name, _ in look.settings] == [
        "national_roles.bridge", "national_roles.knowledge", "national_roles.futures",
    ]  # fmt: skip


def test_of_shares_that_do_not_hold_together_as_many_as_can_are_kept() -> None:
    evaluation = "set=national_roles.evaluation:0.3"
    look, ignored = link.read(f"{evaluation}&{FUTURES}&seed=4&{BRIDGE}&set=trust_memory:60")
    assert dict(look.settings) == {
        "national_roles.evaluation": 0.3, "national_roles.bridge": 0, "trust_memory": 60,
    }  # fmt: skip
    assert look.seed == 4
    assert len(ignored) == 1
    assert "national_roles.futures:0.4" in ignored[0]
    assert "add up to" in ignored[0]


def test_an_event_after_the_end_is_left_out_and_the_others_stay() -> None:
    events = [f"event=%7B%22kind%22:%22election%22,%22month%22:{month}%7D" for month in (60, 6)]
    look, ignored = link.read("&".join([*events, "months=24"]))
    assert look.months == 24
    assert [event["month"] for event in look.events or ()] == [6]
    assert len(ignored) == 1
    assert "allowed is 0 to 23" in ignored[0]


def test_one_share_is_not_taken_back_where_the_others_need_it() -> None:
    look, _ = link.read(f"view=explore&{BRIDGE}&{FUTURES}")
    with pytest.raises(InputError, match=r"add up to 1\.2"):
        act(look, {"do": "reset", "name": "national_roles.bridge"})
    back = did(
        look,
        {"do": "reset", "name": "national_roles.futures"},
        {"do": "reset", "name": "national_roles.bridge"},
    )
    assert back == EXPLORING


def test_what_no_link_can_hold_is_refused() -> None:
    look = EXPLORING
    said = ""
    for month in range(400):
        try:
            look = act(look, {"do": "add-event", "event": {**LEAVES, "month": month % 100}})
        except InputError as error:
            said = str(error)
            break
    assert "more than a link" in said
    again, ignored = link.read(query(look))
    assert (again, ignored) == (look, [])
    assert did(look, {"do": "remove-event", "place": 0}) != look
    assert did(look, {"do": "reset"}).events is None


def test_what_can_be_read_beside_it_still_holds() -> None:
    look, ignored = link.read("view=explore&set=trust_memory:60&set=nothing:1&seed=5")
    assert look == Look(view="explore", settings=(("trust_memory", 60.0),), seed=5)
    assert len(ignored) == 1


def test_a_branch_is_the_scenario_and_one_event_more() -> None:
    look = did(EXPLORING, {"do": "branch", "event": LEAVES})
    other = branch_of(look)
    assert other is not None
    assert len(other.events) == len(scenario_of(look).events) + 1
    kept = did(look, {"do": "keep-branch"})
    assert kept.branch is None
    assert scenario_of(kept).events == other.events
    assert look.month == scenario_of(look).months, "both paths are shown to their ends"
    dropped = did(look, {"do": "drop-branch"}, {"do": "month", "month": 0})
    assert dropped == EXPLORING


def test_a_shorter_horizon_drops_a_branch_that_no_longer_fits() -> None:
    look = did(EXPLORING, {"do": "branch", "event": LEAVES}, {"do": "months", "months": 36})
    assert look.branch is None


def test_what_is_compared_is_on_one_world() -> None:
    look = did(EXPLORING, {"do": "world", "world": "one-town"})
    assert {one.world_name for one in compared_of(look)} == {"one-town"}


@pytest.mark.parametrize(
    "message",
    [
        {"do": "fly"},
        {"do": "set", "name": "national_fte", "value": "many"},
        {"do": "set", "name": "national_fte", "value": -1},
        {"do": "set", "name": "no_such", "value": 1},
        {"do": "set", "value": 1},
        {"do": "go", "view": "nowhere"},
        {"do": "month", "month": 1000},
        {"do": "months", "months": 100_000},
        {"do": "remove-event", "place": 7},
        {"do": "add-event", "event": {"kind": "party", "month": 1}},
        {"do": "add-event", "event": None},
        {"do": "build", "world": "/etc/passwd", "structure": "none"},
        {"do": "open", "name": "x.toml", "base64": coded('title = "x"\nworld = "./secret.toml"')},
        {"do": "open", "name": "x.toml", "base64": "no base64"},
        {"do": "open", "name": "x.toml", "base64": None},
        {"do": "set", "name": "trust_memory", "value": 10**400},
        {"do": "set", "name": "national_roles", "value": {"futures": 0.1}},
        {"do": "set", "name": "national_roles.futures", "value": 0.3},
        {"do": "goal", "goal": 10**400},
        {"do": "months", "months": float("inf")},
        {"do": "months", "months": 36.5},
        {"do": "seed", "seed": True},
        {"do": "build", "world": "one-town", "structure": "none", "title": "a\u200bb"},
        {"do": "build", "world": "one-town", "structure": "none", "title": "a" * 201},
        {"do": "goal"},
        {"do": "compare", "names": ["mine"]},
        {},
    ],
)
def test_what_cannot_be_done_gets_a_sentence(message: dict[str, Any]) -> None:
    with pytest.raises(InputError) as error:
        act(EXPLORING, message)
    assert str(error.value).strip()


@pytest.mark.parametrize(("less", "more"), [("bridge", "futures"), ("futures", "bridge")])
def test_a_saved_scenario_opens_as_itself(less: str, more: str) -> None:
    look = did(
        Look(scenario="missing-sponsor"),
        {"do": "set", "name": "trust_memory", "value": 60},
        {"do": "set", "name": f"national_roles.{less}", "value": 0},
        {"do": "set", "name": f"national_roles.{more}", "value": 0.4},
        {"do": "add-event", "event": LEAVES},
        {"do": "months", "months": 96},
    )
    here = scenario_of(look)
    opened = scenario_of(look_of(text_of(look), "mine.toml"))
    same = {"name", "note"}
    assert opened.model_dump(exclude=same) == here.model_dump(exclude=same)


def test_a_scenario_is_named_for_people_when_it_is_changed() -> None:
    assert scenario_of(EXPLORING).title == "National and regional backbones"
    changed = did(EXPLORING, {"do": "set", "name": "national_fte", "value": 9})
    assert scenario_of(changed).title == "National and regional backbones, changed"
