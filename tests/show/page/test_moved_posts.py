"""Posts as the page moves them: what is kept, what the model lives, and what is said of it."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import pytest

from cisim import cli
from cisim.lab.bill import bill as billed
from cisim.lab.simulate import simulate
from cisim.lab.value import Prices
from cisim.model.input_error import InputError
from cisim.show.language.spoken import speaking
from cisim.show.nine import NINE
from cisim.show.page.address import link
from cisim.show.page.address.actions import act
from cisim.show.page.address.look import Look, plain_events, scenario_of
from cisim.show.page.address.posts import Draft, bars
from cisim.show.page.address.scenario_file import look_of, text_of
from cisim.show.page.views import backbones, posts
from cisim.show.page.views.bill import bill
from cisim.show.page.views.changes import between
from cisim.show.page.views.levers import values
from cisim.world.payers import SPONSORS
from cisim.world.structure import NEVER_ENDS

TOWN = Look(view="explore", world="one-town")
COUNTY = Look(view="explore", world="county")
HOSPITAL = Look(view="explore", world="one-town", scenario="hospital-programme")


def spans(look: Look) -> dict[tuple[str, str], tuple[int, int, float]]:
    """Return when each post is and how large, by where it is and who pays it."""
    found = bars(scenario_of(look))
    return {(one.where, one.payer): (one.start, one.end, one.number) for one in found}


def moved(look: Look, post: str, **what: Any) -> Look:
    return act(look, {"do": "post", "post": post, **what})


def paid(look: Look, futures: int = 3) -> dict[str, Any]:
    return simulate(scenario_of(look), futures, 1, by_region=True)


@pytest.mark.parametrize("name", ["national-and-regional", "regional-academic", *NINE[:1]])
def test_a_post_that_becomes_a_row_of_its_own_changes_not_one_bit(name: str) -> None:
    look = Look(view="explore", world="one-town", scenario=name)
    draft = Draft(scenario_of(look))
    for bar in draft.bars:
        draft.mine(bar)
    other = look.with_settings(draft.settings())
    assert all(bar.rows for bar in bars(scenario_of(other)))
    one, same = paid(look), paid(other)
    np.testing.assert_array_equal(one.values, same.values)
    np.testing.assert_array_equal(one.books, same.books)


@pytest.mark.parametrize(
    ("post", "what", "which", "expected"),
    [
        ("national_fte", {"start": 12}, ("national", "foundation"), (12, NEVER_ENDS, 0.8)),
        ("national_fte", {"end": 48}, ("national", "foundation"), (0, 48, 0.8)),
        ("national_fte", {"number": 2}, ("national", "foundation"), (0, NEVER_ENDS, 2.0)),
        ("national_fte", {"payer": "state"}, ("national", "state"), (0, NEVER_ENDS, 0.8)),
        ("regional", {"start": 6}, ("regional", "foundation"), (6, 60, 1.0)),
        ("regional", {"end": 84}, ("regional", "foundation"), (0, 84, 1.0)),
        ("regional", {"end": None}, ("regional", "foundation"), (0, NEVER_ENDS, 1.0)),
        ("regional", {"number": 1.5}, ("regional", "foundation"), (0, 60, 1.5)),
        ("regional", {"payer": "municipality"}, ("regional", "municipality"), (0, 60, 1.0)),
        ("sponsors_post", {"start": 60}, ("regional", SPONSORS), (60, NEVER_ENDS, 2.0)),
        ("sponsors_post", {"number": 1}, ("regional", SPONSORS), (0, NEVER_ENDS, 1.0)),
        ("sponsors_post", {"payer": "county"}, ("regional", "county"), (0, NEVER_ENDS, 2.0)),
    ],
)
def test_a_hand_moves_one_post_and_no_other(
    post: str, what: dict[str, Any], which: tuple[str, str], expected: tuple[int, int, float]
) -> None:
    before, new = spans(TOWN), moved(TOWN, post, **what)
    after = spans(new)
    assert after.pop(which) == pytest.approx(expected)
    old = next(key for key in before if key not in after)
    before.pop(old)
    assert after == before
    read, faults = link.read(link.write(new).partition("?")[2])
    assert (read, faults) == (new, [])
    opened = look_of(text_of(new), "mine.toml")
    assert spans(opened) == spans(new)
    assert scenario_of(opened).structure == scenario_of(new).structure


def test_a_post_that_is_back_where_it_was_is_no_change() -> None:
    there = moved(HOSPITAL, "posts[0]", end=48)
    assert there.own
    assert moved(there, "posts[0]", end=66).settings == ()


def test_what_comes_after_a_post_follows_its_end_and_becomes_one_of_its_own_when_moved() -> None:
    earlier = moved(HOSPITAL, "posts[0]", end=48)
    assert spans(earlier)["regional", SPONSORS][:2] == (48, NEVER_ENDS)
    ended = moved(earlier, "posts[0].after", end=100)
    assert spans(ended)["regional", SPONSORS][:2] == (48, 100)
    assert spans(ended)["regional", "Hospital"] == spans(earlier)["regional", "Hospital"]
    alone = act(HOSPITAL, {"do": "remove-post", "post": "posts[0]"})
    assert list(spans(alone)) == [("regional", SPONSORS)]


def test_regions_whose_posts_differ_in_size_stay_one_post() -> None:
    finland = Look(view="explore")
    other = moved(finland, "regional", payer="municipality", start=12)
    (bar,) = [bar for bar in bars(scenario_of(other)) if bar.payer == "municipality"]
    assert bar.regions == tuple(one.name for one in scenario_of(finland).world.regions)
    assert bar.sizes == (1.0, 0.5, 1.0, 0.5, 1.0)
    double = moved(other, bar.said, number=8)
    (bar,) = [bar for bar in bars(scenario_of(double)) if bar.payer == "municipality"]
    assert bar.sizes == (2.0, 1.0, 2.0, 1.0, 2.0)
    assert posts.much(bar) == "8 in all regions together"


def test_the_end_of_a_backbone_keeps_no_post_from_the_hand() -> None:
    closed = act(TOWN, {"do": "set", "name": "national_end", "value": 36})
    assert spans(closed)["national", "foundation"][:2] == (0, 36)
    longer = moved(closed, "national_fte", end=90)
    assert spans(longer)["national", "foundation"][:2] == (0, 90)
    national = paid(longer).books[:, :, -1]
    assert national[:, 6].sum() > 0.5  # the seventh year


def test_the_bill_follows_the_hand_year_by_year() -> None:
    new = moved(moved(TOWN, "national_fte", number=2), "national_fte", end=36)
    new = act(
        new,
        {"do": "add-post", "where": "regional", "region": "", "start": 24, "end": 48,
         "number": 1, "payer": "municipality"},
    )  # fmt: skip
    found = posts.years(paid(new))
    by_year = [[part["words"] for part in year["parts"]] for year in found["years"]]
    municipal = ["Municipality 1" in words for words in by_year]
    assert municipal == [False, False, True, True, *[False] * 6]
    foundation = [any(word.startswith("Foundation") for word in words) for words in by_year]
    assert foundation == [*[True] * 5, *[False] * 5]
    first = found["years"][0]
    assert first["words"].startswith("year 1, ")
    assert (first["start"], first["end"]) == (0, 12)
    assert all(sum(part["high"] for part in year["parts"]) <= 100.001 for year in found["years"])


def test_the_bill_of_what_a_hand_has_moved_is_that_of_the_saved_file(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    new = moved(TOWN, "national_fte", end=36, number=2, payer="state")
    new = moved(new, "sponsors_post", start=60)
    new = act(
        new,
        {"do": "add-post", "where": "academic", "region": "", "start": 24, "end": 60,
         "number": 0.5, "payer": "municipality"},
    )  # fmt: skip
    file = tmp_path / "moved.toml"
    file.write_text(text_of(new), encoding="utf-8")
    line = ["compare", str(file), "no-backbone", "--world", "one-town", "--replicates", "3",
            "--workers", "1", "--beliefs", "fixed", "--quiet", "--json"]  # fmt: skip
    assert cli.main(line) == 0
    rows = pd.DataFrame(json.loads(capsys.readouterr().out)["bill"])
    rows = rows[(rows["scenario"] != "no-backbone") & rows["external"] & (rows["fte_years"] > 0)]
    expected: dict[str, set[str]] = {}
    for (year, payer), its in rows.groupby(
        ["year", rows["payer"].where(rows["kind"] != "sponsor", SPONSORS)]
    ):
        words = f"{posts.payer_words(str(payer))} {float(its['fte_years'].sum()):.3g}"
        expected.setdefault(f"year {year}", set()).add(words)
    found = posts.years(paid(new))["years"]
    shown = {one["words"].partition(",")[0]: {part["words"] for part in one["parts"]}
             for one in found}  # fmt: skip
    assert shown == expected
    assert {"State 2", "Foundation 1"} <= shown["year 3"]
    assert "Municipality 0.5" in shown["year 3"]
    assert not any(word.startswith("State") for word in shown["year 4"])


@pytest.mark.parametrize(
    ("code", "written"), [("en", "60,000"), ("fi", "60 000"), ("sv", "60 000")]
)
def test_a_price_is_written_as_the_language_writes_it(code: str, written: str) -> None:
    with speaking(code):
        words = bill(TOWN, [paid(TOWN, 1)], Prices())["words"]
    assert written in words.replace("\N{NO-BREAK SPACE}", " ")


def test_a_dated_world_bills_calendar_years() -> None:
    found = posts.years(paid(COUNTY))
    assert found["years"][0]["words"].startswith("2026, ")
    assert found["years"][0]["end"] <= 12
    assert found["years"][-1]["end"] == scenario_of(COUNTY).months


def test_what_the_model_refuses_is_said_in_a_sentence_and_nothing_moves() -> None:
    with pytest.raises(InputError, match="by their rule at the same time"):
        moved(TOWN, "regional", payer=SPONSORS)
    with pytest.raises(InputError, match=r"sponsors pay regional posts only"):
        moved(TOWN, "national_fte", payer=SPONSORS)
    with pytest.raises(InputError, match="a post ends after it begins"):
        moved(HOSPITAL, "posts[0]", end=3)
    with pytest.raises(InputError):
        act(TOWN, {"do": "post", "post": "posts[7]", "end": 3})
    money = Look(view="explore", world="one-town", scenario="same-total")
    assert not posts.view(money)["groups"]
    assert "no posts here" in posts.view(money)["given"]


def test_levers_and_the_last_change_can_be_shown_of_what_only_rows_say() -> None:
    new = moved(TOWN, "regional", payer="municipality")
    assert set(values(new)["start"]) == {"regional_scale"}
    said = between(TOWN, new)
    assert "Regional backbone, 1, month 0 to month 60, Foundation → Regional backbone, 1" in said
    assert "month 60, Municipality" in said
    with speaking("fi"):
        assert "kuukausi 60, Kunta" in between(TOWN, new)


def test_posts_are_grouped_by_payer_each_with_those_who_could_pay() -> None:
    view = posts.view(moved(TOWN, "regional", payer="municipality"))
    assert [one["label"] for one in view["groups"]] == [
        "Foundation", "Municipality", "Sponsors, by their rule",
    ]  # fmt: skip
    assert len({one["place"] for one in view["groups"]}) == 3
    (row,) = view["groups"][1]["rows"]
    assert [name for name, _ in row["payers"]] == [
        "foundation", "municipality", SPONSORS, "county", "state",
    ]  # fmt: skip
    assert SPONSORS not in [name for name, _ in view["payers"]["national"]]


# --- the nine --------------------------------------------------------------------------------


def test_each_of_the_nine_drops_into_the_place_in_view_and_all_else_stays() -> None:
    look = act(TOWN, {"do": "set", "name": "effort_half", "value": 2})
    look = act(look, {"do": "add-event", "event": {"kind": "election", "month": 24}})
    look = act(look, {"do": "set", "name": "national_fte", "value": 9})
    look = act(look, {"do": "month", "month": 30})
    for name in NINE:
        new = act(look, {"do": "backbone", "scenario": name})
        there, shipped = scenario_of(new), scenario_of(Look(scenario=name))
        assert there.structure == shipped.structure
        assert there.world_name == "one-town"
        assert there.parameters.effort_half == 2
        assert [event["kind"] for event in plain_events(there)] == ["election"]
        assert new.month == 30
        assert [card["name"] for card in backbones.cards(new) if card["here"]] == [name]
    bare = act(TOWN, {"do": "backbone", "scenario": "health-board"})
    assert (bare.scenario, bare.world, bare.own) == ("health-board", "one-town", False)


@pytest.mark.parametrize("code", ["en", "fi", "sv"])
def test_each_of_the_nine_has_its_sentence_and_its_source(code: str) -> None:
    with speaking(code):
        cards = backbones.cards(TOWN)
    assert [one["name"] for one in cards] == list(NINE)
    assert all(one["story"].endswith(".") and len(one["story"]) < 140 for one in cards)
    assert all(one["source"].startswith(("V20", "K26")) for one in cards)
    assert len({one["title"] for one in cards}) == len(NINE)


# --- payers of one's own name ----------------------------------------------------------------

REGION = "Pohjois-Pohjanmaan hyvinvointialue"


def names_payer(look: Look, name: str = REGION, **what: Any) -> Look:
    given = {"kind": "county", "post": "", "share": 100, **what}
    return act(look, {"do": "add-payer", "name": name, **given})


def kept_and_filed(look: Look) -> None:
    """Hold that address and file keep it."""
    assert link.read(link.write(look).partition("?")[2]) == (look, [])
    opened = look_of(text_of(look), "mine.toml")
    assert scenario_of(opened).structure == scenario_of(look).structure
    assert plain_events(scenario_of(opened)) == plain_events(scenario_of(look))


def billed_to(look: Look) -> dict[str, float]:
    """Return the full-time years that each payer pays over all years."""
    table = billed(paid(look))
    return dict(table.groupby("payer")["fte_years"].sum())


def test_a_payer_of_ones_own_name_pays_its_share_and_the_bill_follows() -> None:
    new = names_payer(TOWN, post="regional", share=30)
    kept_and_filed(new)
    assert spans(new)["regional", REGION] == pytest.approx((0, 60, 0.3))
    assert spans(new)["regional", "foundation"] == pytest.approx((0, 60, 0.7))
    before, after = billed_to(TOWN), billed_to(new)
    assert after[REGION] == pytest.approx(1.5)
    assert after["foundation"] == pytest.approx(before["foundation"] - 1.5)
    words = posts.years(paid(new))["years"][0]["parts"]
    assert f"{REGION} 0.3" in [part["words"] for part in words]
    whole = names_payer(TOWN, post="national_fte")
    assert spans(whole)["national", REGION] == spans(TOWN)["national", "foundation"]
    assert f"Payers: none → {REGION}" in between(TOWN, names_payer(TOWN))


def test_what_comes_after_a_post_stays_where_another_pays_a_share_of_it() -> None:
    county = act(HOSPITAL, {"do": "post", "post": "posts[0].after", "payer": "county"})
    before = spans(county)["regional", "county"]
    (at,) = [one.said for one in bars(scenario_of(county)) if one.payer == "Hospital"]
    shared = names_payer(county, post=at, share=25)
    assert spans(shared)["regional", "county"] == before
    assert spans(shared)["regional", REGION][2] == pytest.approx(
        spans(county)["regional", "Hospital"][2] / 4
    )
    kept_and_filed(shared)


def test_a_payer_has_another_name_wherever_it_is_named() -> None:
    event = {"kind": "seed-money-ends", "month": 30, "payer": "County"}
    look = names_payer(TOWN, "County", post="regional")
    look = act(look, {"do": "add-event", "event": event})
    new = act(look, {"do": "rename-payer", "payer": "County", "name": REGION})
    assert spans(new)["regional", REGION] == spans(look)["regional", "County"]
    assert [one["payer"] for one in plain_events(scenario_of(new))] == [REGION]
    one, same = paid(look), paid(new)
    np.testing.assert_array_equal(one.values, same.values)
    kept_and_filed(new)
    itla = act(TOWN, {"do": "rename-payer", "payer": "foundation", "name": "ITLA"})
    assert spans(itla)["national", "ITLA"] == spans(TOWN)["national", "foundation"]
    kept_and_filed(itla)
    assert between(TOWN, itla) == "Payers: Foundation → ITLA"


def test_what_a_payer_paid_is_the_first_ones_when_it_is_removed() -> None:
    look = names_payer(names_payer(TOWN, post="regional"), "City", kind="foundation")
    assert spans(look)["national", "foundation"] == spans(TOWN)["national", "foundation"]
    rows = {one["name"]: one for one in posts.view(look)["paying"]}
    assert list(rows) == ["foundation", REGION, "City"]
    assert rows[REGION]["goes"] == "if removed, Foundation pays instead"
    assert [one["stays"] for one in rows.values()] == [True, False, False]
    gone = act(look, {"do": "remove-payer", "payer": REGION})
    assert spans(gone) == spans(TOWN)
    kept_and_filed(gone)
    alone = act(names_payer(TOWN), {"do": "remove-payer", "payer": REGION})
    assert alone.settings == ()


@pytest.mark.parametrize(
    ("message", "sentence"),
    [
        ({"name": " "}, "Name of the payer: It is blank."),
        ({"name": "x" * 61}, "Name of the payer: It has 61 characters; allowed are at most 60."),
        ({"name": "\N{ZERO WIDTH SPACE}"}, "Name of the payer: It has characters that nobody"),
        ({"name": "Foundation"}, "There is already a payer called 'Foundation'; allowed is a name"),
        ({"name": "sponsors"}, "There is already a payer called 'sponsors'"),
        ({"name": "sponsors: health"}, "There is already a payer called 'sponsors: health'"),
        ({"kind": "king"}, "'king': It is not known here."),
        ({"share": 0}, "Share, percent: Allowed is a number from 1 to 100."),
        ({"do": "remove-payer", "payer": "foundation"}, "Foundation pays whatever no other"),
        ({"do": "rename-payer", "payer": "Nobody", "name": "A"}, "There is no payer called"),
    ],
)
def test_a_wrong_name_or_share_is_one_sentence(message: dict[str, Any], sentence: str) -> None:
    given = {"do": "add-payer", "name": "City", "kind": "county", "post": "", "share": 50}
    with pytest.raises(InputError) as refused:
        act(TOWN, {**given, **message})
    assert str(refused.value).startswith(sentence)
    with speaking("fi"), pytest.raises(InputError) as told:
        act(TOWN, {**given, **message})
    assert str(told.value) != str(refused.value)
