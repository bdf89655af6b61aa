"""Posts and payers in files: what they resolve to, and what is refused in one sentence."""

from __future__ import annotations

from typing import Any

import pytest

import cisim
from cisim.model.input_error import InputError
from cisim.world.posts_in_words import posts_in_words
from cisim.world.staffing import resolved_posts, staffing

TOWN = cisim.Scenario.load("no-backbone", world="one-town")
FINLAND = cisim.Scenario.load("no-backbone")
COUNTY = {"name": "County", "kind": "county"}
POST: dict[str, Any] = {"where": "regional", "fte": 1.0, "payer": "foundation"}


def with_posts(
    *posts: dict[str, Any], payers: Any = (COUNTY,), base: cisim.Scenario = FINLAND, **levers: Any
) -> cisim.Scenario:
    return base.with_(
        structure_changes={"posts": list(posts), "payers": list(payers), **levers},
    )


def refusal(*posts: dict[str, Any], **more: Any) -> str:
    with pytest.raises(InputError) as caught:
        with_posts(*posts, **more)
    return "\n".join(caught.value.sentences)


def rows(scenario: cisim.Scenario) -> list[dict[str, Any]]:
    return resolved_posts(scenario.world, scenario.structure)


def test_the_short_form_resolves_to_posts() -> None:
    both = cisim.Scenario.load("national-and-regional")
    told = rows(both)
    assert [row["from_field"] for row in told] == [
        "national_fte",
        *["regional"] * 5,
        *["sponsors_post"] * 5,
    ]
    assert told[0] | {"fte": 4.0, "from": 0, "until": None, "payer": "foundation"} == told[0]
    assert [row["fte"] for row in told[1:6]] == [1.0, 0.5, 1.0, 0.5, 1.0]
    assert {row["until"] for row in told[1:6]} == {60}
    assert all(row["cap"] == 2.0 and row["payer"] == "sponsors" for row in told[6:])
    words = posts_in_words(both)
    assert words[0] == (
        "national: 4 FTE, from month 0, to the end, paid by foundation (national_fte)"
    )
    assert "OmaHäme 1, Soite 0.5" in words[1]
    assert words[2].startswith("regional: at most 2 FTE in every region")


def test_what_ends_ends_unless_the_file_says_who_goes_on() -> None:
    (row,) = rows(with_posts(POST | {"region": "Soite", "until": 18}))
    assert (row["region"], row["from"], row["until"], row["payer"]) == (
        "Soite", 0, 18, "foundation",
    )  # fmt: skip


def test_a_takeover_begins_where_the_post_ends() -> None:
    after = {"takeover": "County", "share": 0.5}
    one, other = rows(with_posts(POST | {"region": "Soite", "until": 18, "after": after}))
    assert (one["until"], other["from"], other["fte"]) == (18, 18, 0.5)
    assert (other["payer"], other["after"]) == ("County", "posts[0]")


def test_a_post_without_region_is_one_in_every_region() -> None:
    assert len(rows(with_posts(POST | {"until": 3, "after": "sponsors", "cap": 1.0}))) == 10


def test_dates_are_months_of_the_world() -> None:
    world = TOWN.world.model_copy(update={"start": "2026-01"})
    dated = with_posts(POST | {"from": "2026-07", "until": "2027-07"}, base=TOWN.with_(world=world))
    (row,) = rows(dated)
    assert (row["from"], row["until"]) == (6, 18)
    assert "from July 2026, until July 2027" in posts_in_words(dated)[0]


def test_the_first_foundation_of_the_file_pays_the_short_form() -> None:
    names = {"name": "Itla", "kind": "foundation"}
    found = staffing(FINLAND.world, with_posts(payers=[COUNTY, names]).structure)
    assert [one.name for one in found.payers][4:] == ["Itla", "County"]


def test_what_a_structure_resolves_to_comes_back_from_a_manifest() -> None:
    after = {"takeover": "County", "share": 0.5, "from": 20}
    one = with_posts(POST | {"from": 2, "until": 18, "after": after})
    assert cisim.Scenario.from_resolved(one.resolved()) == one
    assert rows(cisim.Scenario.from_resolved(one.resolved())) == rows(one)


TAKEOVER = {"takeover": "County"}


@pytest.mark.parametrize(
    ("post", "words"),
    [
        ({"from": 12, "until": 12}, "until is 12, not after from (12)"),
        ({"from": 12, "until": 3}, "until is 3, not after from (12)"),
        ({"payer": ["foundation", "County"]}, "allowed is one payer's name"),
        ({"payer": "Nobody"}, "posts[0].payer is 'Nobody', and no payer is called so"),
        (
            {"until": 9, "after": {"takeover": "Nobody"}},
            "posts[0].after.takeover is 'Nobody', and no payer is called so",
        ),
        ({"after": TAKEOVER}, "until is missing"),
        ({"until": 9, "after": {"share": 0.5}}, "or a table with takeover = PAYER"),
        (
            {"until": 9, "after": TAKEOVER | {"from": 6}},
            "after.from is 6, before until (9), so two payers would pay one post",
        ),
        ({"until": 9, "after": TAKEOVER | {"from": 12, "until": 11}}, "after.until is 11"),
        ({"until": 9, "after": "sponsors"}, "cap is missing"),
        ({"cap": 1.0}, "cap belongs to"),
        ({"fte": None}, "fte is missing"),
        ({"payer": "sponsors", "cap": 1.0}, "leave it out"),
        ({"where": "national", "region": "Soite"}, "a national post has no region"),
        ({"where": "academic", "roles": {"futures": 1.0}}, "an academic partner has no roles"),
        ({"roles": {"futures": 1.0}}, "which is no regional role"),
        ({"roles": {"cross_sectoral": 0.7, "local_support": 0.7}}, "add up to 1.4"),
        ({"region": "Soitee"}, "which is not a region of the world. Did you mean Soite?"),
        ({"from": "2026-07"}, "but the world has no start"),
        ({"where": "local"}, "posts[0].where is 'local'"),
        ({"fte": -1.0}, "posts[0].fte is -1"),
        ({"payed": "County"}, "posts[0].payed is not a field. Did you mean payer?"),
    ],
)
def test_a_wrong_post_is_refused_with_its_row_and_field(post: dict[str, Any], words: str) -> None:
    given = {key: value for key, value in (POST | post).items() if value is not None}
    said = refusal(given)
    assert words in said
    assert "posts[0]" in said


@pytest.mark.parametrize(
    ("payer", "words"),
    [
        ({"name": "sponsors"}, "which means the rule by which sponsors pay"),
        ({"name": "sponsors: health"}, "as a sponsor without a name is called"),
        ({"budget": {"1": 10.0}}, "budget needs year_price"),
        ({"budget": {"next": 10.0}, "year_price": 1.0}, "is no year"),
        ({"kind": "organisation"}, "which must name it"),
        ({"kind": "sponsor"}, "which must name one of"),
        ({"kind": "bank"}, "payers[0].kind is 'bank'"),
        ({"region": "Nowhere"}, "payers[0].region is 'Nowhere'"),
        ({"position": [0.0, 1.0]}, "payers[0].position"),
        ({"name": "foundation"}, "payers[0].kind is county; allowed is foundation"),
    ],
)
def test_a_wrong_payer_is_refused_with_its_row_and_field(payer: dict[str, Any], words: str) -> None:
    assert words in refusal(payers=[COUNTY | payer])


def test_payers_have_one_name_each_and_pay_where_they_belong() -> None:
    assert "payers has 'County' twice" in refusal(payers=[COUNTY, COUNTY])
    own = COUNTY | {"region": "Soite"}
    assert "pays in 'Soite' only" in refusal(POST | {"payer": "County"}, payers=[own])
    assert rows(with_posts(POST | {"payer": "County", "region": "Soite"}, payers=[own]))


def test_sponsors_pay_one_post_at_a_time_by_their_rule() -> None:
    theirs = {"where": "regional", "payer": "sponsors", "cap": 1.0, "until": 20}
    said = refusal(POST | {"until": 9, "after": "sponsors", "cap": 1.0}, theirs)
    assert "both let sponsors pay a post in OmaHäme by their rule at the same time" in said


def test_a_year_before_the_start_is_refused() -> None:
    world = TOWN.world.model_copy(update={"start": "2026-07"})
    payer = COUNTY | {"budget": {"2025": 1.0}, "year_price": 1.0}
    said = refusal(payers=[payer], base=TOWN.with_(world=world))
    assert "names the year 2025, before the start; allowed is 2026 or later" in said


def test_every_wrong_post_is_told_at_once() -> None:
    said = refusal(POST | {"region": "A"}, POST | {"region": "B"}, POST | {"from": "2026-01"})
    assert all(f"posts[{at}]" in said for at in range(3))


def test_an_event_is_paid_by_somebody_who_is_there() -> None:
    starts = {"kind": "backbone-starts", "month": 3, "level": "regional", "fte": 1.0}
    assert with_posts().with_(events=[starts | {"payer": "County"}])
    with pytest.raises(InputError, match=r"events\[0\].payer is .Country., and no payer"):
        with_posts().with_(events=[starts | {"payer": "Country"}])
